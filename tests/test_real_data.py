"""Whole flows on real data: every shipped map, with the headline counts that each set's own README states.

The READMEs count people ever below a line; a bound (a count known only to be at most something) is not in their
numbers, so `below_counted` is compared. Each number here is from the README of the set, not from a run.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import leukon as lk

MAPS = Path(__file__).parents[1] / "examples" / "maps"

pytestmark = pytest.mark.data

# set, map, {analyte: {line: people ever below}}
PEOPLE = [
    ("nhanes_cbc/nhanes_cbc_2011-2012.csv.gz", "nhanes", {"WBC": {"4": 296}, "NEUT": {"1.5": 218, "0.5": 6}}),
    ("nhanes_cbc/nhanes_cbc_2013-2014.csv.gz", "nhanes", {"WBC": {"4": 230}, "NEUT": {"1.5": 169, "0.5": 1}}),
    ("nhanes_cbc/nhanes_cbc_2015-2016.csv.gz", "nhanes", {"WBC": {"4": 175}, "NEUT": {"1.5": 147, "0.5": 1}}),
    ("mimic3_demo", "mimic3", {"WBC": {"4": 10}, "NEUT": {"1.5": 4, "0.5": 3}}),
    ("mimic4_demo_csv", "mimic4", {"WBC": {"4": 10}, "NEUT": {"1.5": 3, "0.5": 1}}),
    ("eicu_demo/lab_subset.csv.gz", "eicu", {"WBC": {"4": 10}, "NEUT": {"1.5": 1, "0.5": 1}}),
    ("eicu_demo/cbc_hourly.csv.gz", "eicu_hourly", {"WBC": {"4": 67}, "NEUT": {"1.5": 20, "0.5": 8}}),
    ("jost2020_all_maintenance", "jost2020", {"NEUT": {"1.5": 73, "0.5": 35}}),
    ("covid_wuhan_2020", "covid_wuhan", {"WBC": {"4": 72}, "NEUT": {"1.5": 14, "0.5": 1}}),
    ("physionet2012_icu", "physionet2012", {"WBC": {"4": 203}}),
]

# set, map, {excluded code: how many}; what the set's README warns of ends there
EXCLUDED = [
    ("mimic3_demo", "mimic3", {"SPECIMEN_NOT_BLOOD": 134}),
    ("eicu_demo/lab_subset.csv.gz", "eicu", {"SPECIMEN_NOT_BLOOD": 7, "DUPLICATE": 6}),
    ("covid_wuhan_2020", "covid_wuhan", {"IMPLAUSIBLE": 3}),
]

# set, map, ANC values as the README counts them, and those under 1.5 (1.0, 0.5) in per cent, as it prints them
SHARES = [
    ("nhanes_cbc/nhanes_cbc_2011-2012.csv.gz", "nhanes", 7944, {"1.5": "2.7", "1": "0.5", "0.5": "0.1"}),
    ("jost2020_all_maintenance", "jost2020", 3800, {"1.5": "31.0", "1": "10.4", "0.5": "2.1"}),
    ("eicu_demo/cbc_hourly.csv.gz", "eicu_hourly", 1665, {"1.5": "2.3", "1": "1.8", "0.5": "0.8"}),
]

Run = Callable[[str, str], dict[str, Any]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Run:
    """The summary of one set, made once."""
    made: dict[tuple[str, str], dict[str, Any]] = {}

    def summary(where: str, map_: str) -> dict[str, Any]:
        if (where, map_) not in made:
            out = tmp_path_factory.mktemp("out") / "tables"
            path = lk.assess_files([data / where], map=MAPS / f"{map_}.yaml", out=out, scales=["CTCAE@5.0"])
            made[where, map_] = json.loads(Path(path).read_text("utf-8"))
        return made[where, map_]

    return summary


@pytest.mark.parametrize(("where", "map_", "expected"), PEOPLE, ids=[p[0].split("/")[-1] for p in PEOPLE])
def test_people_ever_below_agree_with_the_readme(run: Run, where: str, map_: str, expected: Any) -> None:
    below = run(where, map_)["patients"]["below_counted"]
    assert {a: {line: below[a][line] for line in lines} for a, lines in expected.items()} == expected


@pytest.mark.parametrize(("where", "map_", "expected"), EXCLUDED, ids=[p[0].split("/")[0] for p in EXCLUDED])
def test_traps_end_in_excluded(run: Run, where: str, map_: str, expected: dict[str, int]) -> None:
    codes = run(where, map_)["excluded_by_code"]
    assert {code: codes.get(code) for code in expected} == expected


@pytest.mark.parametrize(("where", "map_", "total", "expected"), SHARES, ids=[p[0].split("/")[-1] for p in SHARES])
def test_shares_agree_with_the_readme(run: Run, where: str, map_: str, total: int, expected: dict[str, str]) -> None:
    below = run(where, map_)["values_below_counted"]["NEUT"]
    assert {line: f"{100 * below[line] / total:.1f}" for line in expected} == expected


@pytest.mark.parametrize(("where", "map_", "_"), PEOPLE, ids=[p[0].split("/")[-1] for p in PEOPLE])
def test_every_result_is_accounted_for(run: Run, where: str, map_: str, _: Any) -> None:
    summary = run(where, map_)
    assert summary["results_in"] == summary["used"] + summary["excluded"] + summary["rejected"]
    assert sum(summary["excluded_by_code"].values()) == summary["excluded"]


def test_charted_copies_end_as_duplicates(run: Run, data: Path) -> None:
    """MIMIC-IV: every white count that nurses charted is a copy of a laboratory result of the same time."""
    import duckdb

    folder = data / "mimic4_demo_csv"
    copies = """
        SELECT count(*) FROM read_csv(?) AS c WHERE c.itemid = 220546 AND EXISTS (
            SELECT 1 FROM read_csv(?) AS l WHERE l.subject_id = c.subject_id AND l.itemid = 51301
                AND l.charttime = c.charttime AND l.valuenum = c.valuenum)"""
    paths = [str(folder / "icu_charted_cbc.csv.gz"), str(folder / "labevents_reconstructed.csv.gz")]
    assert duckdb.connect().execute(copies, paths).fetchall() == [(451,)]
    summary = run("mimic4_demo_csv", "mimic4")
    assert summary["values"]["WBC"] == {"reported": 1651}
    assert summary["excluded_by_code"]["DUPLICATE"] >= 451


def test_rats_are_not_graded(data: Path, tmp_path: Path) -> None:
    path = lk.assess_files([data / "send_rat_lb"], out=tmp_path / "out")
    summary = json.loads(Path(path).read_text("utf-8"))
    assert summary["excluded_by_code"].get("NOT_HUMAN", 0) > 0
    assert summary["used"] == 0
    assert summary["grades"] == {}
