"""The real data sets through their maps: as many legible counts as each set's README says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Open = Callable[..., Any]

pytestmark = pytest.mark.data


@pytest.mark.parametrize(
    ("source", "map", "counts"),
    [
        ("nhanes_cbc/nhanes_cbc_2011-2012.csv.gz", "nhanes", {"WBC": 7953, "NEUT": 7944}),
        ("nhanes_cbc/nhanes_cbc_2013-2014.csv.gz", "nhanes", {"WBC": 8544, "NEUT": 8519}),
        ("nhanes_cbc/nhanes_cbc_2015-2016.csv.gz", "nhanes", {"WBC": 8117, "NEUT": 8116}),
        ("mimic3_demo", "mimic3", {"WBC": 860, "GRAN": 71}),
        ("mimic4_demo_csv/labevents_reconstructed.csv.gz", "mimic4", {"WBC": 1651, "NEUT": 371}),
        ("mimic4_demo_csv/icu_charted_cbc.csv.gz", "mimic4", {"WBC": 451, "PLT": 466}),
        ("eicu_demo", "eicu", {"WBC": 573}),
        ("eicu_demo", "eicu_hourly", {"WBC": 3097, "PLT": 3041}),
        ("jost2020_all_maintenance", "jost2020", {"NEUT": 3800}),
        ("covid_wuhan_2020", "covid_wuhan", {"WBC": 766, "NEUT": 650}),
        ("physionet2012_icu", "physionet2012", {"WBC": 9086}),
    ],
)
def test_counts_are_those_of_the_readme(
    data: Path, opened: Open, source: str, map: str, counts: dict[str, int]
) -> None:
    got = opened(data / source, map=map)
    assert {analyte: got.legible(analyte) for analyte in counts} == counts
    codes = Counter(code for _, _, _, code in got.rejects)
    assert set(codes) <= {"VALUE_MISSING"}
    in_all = got.sql(f"SELECT count(*) FROM {got.raw.table}")[0][0]
    assert in_all == got.sql("SELECT count(*) FROM results")[0][0] + codes.total()


def test_nhanes_people(data: Path, opened: Open) -> None:
    """2.7 % of the counts are below 1.5; 80 means 80 and over; months of the young; pregnancy; no race anywhere."""
    got = opened(data / "nhanes_cbc/nhanes_cbc_2011-2012.csv.gz", map="nhanes")
    below = got.sql("SELECT count(*) FROM results WHERE analyte = 'NEUT' AND quantity = 'count' AND high < 1500000000")
    assert below == [(218,)]
    assert got.sql("SELECT count(*) FROM people WHERE sex = 'unknown'") == [(0,)]
    assert got.sql("SELECT DISTINCT pregnancy FROM people ORDER BY 1") == [("no",), ("unknown",), ("yes",)]
    assert got.sql("SELECT max(age_high_h) > 100 * 8766, min(age_low_h) < 2 * 8766 FROM results") == [(True, True)]
    one_each = "SELECT count(DISTINCT sample), count(DISTINCT subject), min(sample_exact) FROM results"
    assert got.sql(one_each) == [(7953, 7953, 1)]


def test_mimic3_fluids_and_hidden_ages(data: Path, opened: Open) -> None:
    """White cells of urine, ascites, CSF and other fluids are there, and not of blood; 300-year-olds are over 89."""
    got = opened(data / "mimic3_demo", map="mimic3")
    assert got.sql("SELECT count(*) FROM results WHERE analyte = 'WBC' AND specimen = 'other'") == [(134,)]
    assert got.sql("SELECT count(*) FROM results WHERE door_code = 'DEMOGRAPHICS_IMPOSSIBLE'") == [(0,)]
    hidden = "SELECT count(*) FROM people WHERE birth_low_s IS NULL"
    assert got.sql(hidden)[0][0] > 0
    assert got.sql("SELECT DISTINCT age_low_h FROM results WHERE age_low_h IS NOT NULL") == [(90 * 8766,)]
    assert got.sql("SELECT count(*) FROM results WHERE analyte = 'GRAN' AND low = 910000000") != [(0,)]  # 910 #/uL


def test_mimic4_birth_is_a_span(data: Path, opened: Open) -> None:
    got = opened(data / "mimic4_demo_csv", map="mimic4")
    days = "SELECT DISTINCT (birth_high_s - birth_low_s) // 86400 AS days FROM people WHERE birth_low_s IS NOT NULL"
    assert got.sql(f"{days} ORDER BY days") == [(729,), (730,)]
    assert got.sql("SELECT sex, count(*) FROM people WHERE sex = 'unknown' GROUP BY 1") == []


def test_eicu_has_offsets_and_no_dates(data: Path, opened: Open) -> None:
    got = opened(data / "eicu_demo", map="eicu")
    assert got.sql("SELECT DISTINCT time_basis FROM results") == [("relative",)]
    assert got.sql("SELECT min(collected_s) < 0 FROM results") == [(True,)]
    assert got.sql("SELECT count(*) > 0 FROM results WHERE specimen = 'other'") == [(True,)]


def test_wuhan_carries_the_person_forward(data: Path, opened: Open) -> None:
    got = opened(data / "covid_wuhan_2020", map="covid_wuhan")
    assert got.sql("SELECT count(*) > 200 FROM people") == [(True,)]
    assert got.rejects == []
    # several lines of one minute are one sample
    assert got.sql("SELECT count(DISTINCT sample) <= count(DISTINCT (subject, collected_s)) FROM results") == [(True,)]


def test_rats_are_not_human(data: Path, opened: Open) -> None:
    """SEND names the species in DM beside LB: nothing of the set is used."""
    for source in (data / "send_rat_lb", data / "send_rat_lb" / "lb.csv.gz"):
        got = opened(source)
        assert got.sql("SELECT DISTINCT door_code FROM results ORDER BY 1") == [("NOT_HUMAN",), ("UNMAPPED",)]
        assert got.sql("SELECT count(*) FROM results WHERE analyte = 'NEUT' AND door_code = 'NOT_HUMAN'") == [(120,)]
