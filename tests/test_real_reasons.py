"""Episodes and explanations on real data: children on daily mercaptopurine, and three sets from intensive care.

What a set holds is read from its files here, without leukon: the episodes are counted again in plain Python, and the
drugs looked up by their own words. Numbers of a run stand in docs/reasons-on-real-data.md.
"""

from __future__ import annotations

import csv
import gzip
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from leukon import engine
from leukon.cohort import Cohort
from leukon.knowledge import Knowledge

MAPS = Path(__file__).parents[1] / "examples" / "maps"
LOW = 1.5
GAP = 42
RECOVERIES = 2

pytestmark = pytest.mark.data

SETS: dict[str, tuple[str, str, dict[str, str]]] = {
    "jost": (
        "jost2020_all_maintenance/anc.csv.gz",
        "jost2020",
        {"drugs": "jost2020_all_maintenance/dosing_6mp.csv.gz"},
    ),
    "mimic3": (
        "mimic3_demo/labevents.csv.gz",
        "mimic3",
        {"drugs": "mimic3_demo/prescriptions.csv.gz", "conditions": "mimic3_demo/diagnoses_icd.csv.gz"},
    ),
    "mimic4": (
        "mimic4_demo_csv",
        "mimic4",
        {"drugs": "mimic4_demo_csv/prescriptions.csv.gz", "conditions": "mimic4_demo_csv/diagnoses_icd.csv.gz"},
    ),
    "eicu": (
        "eicu_demo/lab_subset.csv.gz",
        "eicu",
        {"drugs": "eicu_demo/medication.csv.gz", "conditions": "eicu_demo/diagnosis.csv.gz"},
    ),
}

Row = dict[str, Any]
Query = Callable[[str, str], list[tuple[Any, ...]]]


def cohort(data: Path, name: str) -> Cohort:
    where, map_, beside = SETS[name]
    conditions = [data / beside["conditions"]] if "conditions" in beside else []
    return Cohort(data / where, map=MAPS / f"{map_}.yaml", drugs=[data / beside["drugs"]], conditions=conditions)


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Query:
    """A question to the tables of one set, which are written once: `{table}` stands for each of them."""
    written: dict[str, Path] = {}
    con = duckdb.connect()

    def ask(name: str, sql: str) -> list[tuple[Any, ...]]:
        if name not in written:
            written[name] = tmp_path_factory.mktemp(name) / "tables"
            with cohort(data, name) as run:
                run.write(written[name])
        tables = {table: f"'{written[name] / table}.parquet'" for table in ("episodes", "explanations", "values")}
        return con.execute(sql.format(**tables)).fetchall()

    return ask


def lines(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain_episodes(counts: list[tuple[float, float]]) -> list[tuple[float, float, float]]:
    """(onset day, nadir, end day) of the rule anc-1.5: two counts in a row end it, 42 days without one cut it off."""
    found: list[tuple[float, float, float]] = []
    onset: float | None = None
    nadir, out, seen, first_out = 0.0, 0, 0.0, 0.0
    for day, value in counts:
        if onset is not None and day - seen > GAP:
            found.append((onset, nadir, seen))
            onset = None
        seen = day
        if value < LOW:
            nadir = min(value, nadir) if onset is not None else value
            onset = day if onset is None else onset
            out = 0
        elif onset is not None:
            first_out = day if out == 0 else first_out
            out += 1
            if out == RECOVERIES:
                found.append((onset, nadir, first_out))
                onset = None
                out = 0
    return [*found, (onset, nadir, seen)] if onset is not None else found


@pytest.fixture(scope="module")
def children(data: Path) -> dict[str, list[tuple[float, float]]]:
    """Counts of each child by day, as the file has them."""
    found: dict[str, list[tuple[float, float]]] = {}
    for row in lines(data / "jost2020_all_maintenance" / "anc.csv.gz"):
        found.setdefault(row["ID"], []).append((float(row["TIME_DAYS"]), float(row["ANC_G_PER_L"])))
    return {child: sorted(counts) for child, counts in found.items()}


class TestChildrenOnMercaptopurine:
    def test_episodes_are_those_counted_by_hand(self, query: Query, children: dict[str, Any]) -> None:
        came = query(
            "jost",
            """SELECT subject_id, cast(onset AS DOUBLE), nadir_cells_per_l / 1e9, duration_days
            FROM {episodes} WHERE rule_id = 'anc-1.5' ORDER BY ALL""",
        )
        expected = sorted(
            (child, onset, nadir, int(end - onset + 1e-6))
            for child, counts in children.items()
            for onset, nadir, end in plain_episodes(counts)
        )
        assert len(came) == len(expected)
        assert [(c, round(o, 3), round(n, 3)) for c, o, n, _ in came] == [
            (c, round(o, 3), round(n, 3)) for c, o, n, _ in expected
        ]
        assert all(abs(a[3] - b[3]) <= 1 for a, b in zip(came, expected, strict=True))

    def test_who_was_ever_low_has_an_episode(self, query: Query, children: dict[str, Any]) -> None:
        low = {child for child, counts in children.items() if any(value < LOW for _, value in counts)}
        assert len(children) == 75
        assert len(low) == 73  # as the README of the set says
        came = query("jost", "SELECT DISTINCT subject_id FROM {episodes} WHERE rule_id = 'anc-1.5'")
        assert {child for (child,) in came} == low

    def test_a_true_zero_is_a_nadir(self, query: Query, children: dict[str, Any]) -> None:
        zero = {child for child, counts in children.items() if any(value == 0 for _, value in counts)}
        came = query("jost", "SELECT DISTINCT subject_id FROM {episodes} WHERE nadir_cells_per_l = 0")
        assert {child for (child,) in came} == zero and zero

    def test_every_episode_names_the_thiopurine_with_its_timing(self, query: Query) -> None:
        without = query(
            "jost",
            """SELECT subject_id, onset FROM {episodes} AS e WHERE rule_id = 'low-by-first-limit' AND NOT EXISTS (
            SELECT 1 FROM {explanations} AS x WHERE x.episode_id = e.episode_id AND x.cause_id = 'mercaptopurine'
            AND x.kind = 'drug' AND x.timing IN ('yes', 'unknown') AND x.lineage_fits = 'yes')""",
        )
        undosed = {row for row in without if not self.dosed_before(row)}
        assert set(without) <= undosed

    def dosed_before(self, row: tuple[str, str]) -> bool:
        return float(row[1]) > self.first[row[0]]

    def test_a_child_dosed_before_is_not_said_to_have_begun_after(self, query: Query) -> None:
        wrong = query(
            "jost",
            """SELECT x.subject_id, x.collected FROM {explanations} AS x
            WHERE x.timing_rule IN ('timing.first-low-before', 'timing.started-after')""",
        )
        assert [row for row in wrong if self.dosed_before(row)] == []

    @pytest.fixture(autouse=True)
    def doses(self, data: Path) -> None:
        """The first day with a dose, by child."""
        self.first: dict[str, float] = {}
        for row in lines(data / "jost2020_all_maintenance" / "dosing_6mp.csv.gz"):
            if float(row["AMT_6MP"]) > 0:
                day = float(row["TIME_DAYS"])
                self.first[row["ID"]] = min(day, self.first.get(row["ID"], day))


FOUND = [
    ("mimic3", "10102", "hydroxycarbamide", "drug"),
    ("mimic3", "41914", "tacrolimus", "drug"),
    ("mimic4", "10035631", "cytarabine", "drug"),
    ("mimic4", "10035631", "methotrexate", "drug"),
    ("mimic4", "10035631", "busulfan", "drug"),
    ("mimic4", "10035631", "fludarabine", "drug"),
    ("mimic4", "10035631", "etoposide", "drug"),
    ("mimic4", "10035631", "chemotherapy", "condition"),
    ("mimic4", "10035631", "filgrastim", "hides"),
    ("mimic4", "10003400", "lenalidomide", "drug"),
    ("mimic4", "10014354", "valproate", "drug"),
    ("mimic4", "10038999", "valproate", "drug"),
]
"""Chemotherapy, G-CSF and valproate in the records of people with low counts: set, patient, cause, kind."""


@pytest.mark.parametrize(("name", "patient", "cause", "kind"), FOUND, ids=[f"{one[0]}-{one[2]}" for one in FOUND])
def test_chemotherapy_growth_factor_and_valproate_are_found(
    query: Query, name: str, patient: str, cause: str, kind: str
) -> None:
    came = query(name, f"SELECT kind FROM {{explanations}} WHERE subject_id = '{patient}' AND cause_id = '{cause}'")
    assert (kind,) in came


@pytest.mark.parametrize("name", ["mimic3", "mimic4", "eicu"])
def test_a_low_count_without_explanation_has_nothing_that_could_explain_it(
    query: Query, data: Path, knowledge: Knowledge, name: str
) -> None:
    """The list of somebody with low counts is empty only where no drug or condition of theirs was known, or in time."""
    empty = query(
        name,
        """SELECT DISTINCT subject_id FROM {episodes} AS e WHERE rule_id = 'low-by-first-limit' AND NOT EXISTS (
        SELECT 1 FROM {explanations} AS x WHERE x.subject_id = e.subject_id)""",
    )
    with cohort(data, name) as run:
        inputs = run._inputs(1, run.people)
    from leukon.knowledge.keys import cause_keys

    causes = {key: knowledge.causes[id_] for id_, key in cause_keys(knowledge).items()}
    people = {row[0]: row[1] for row in inputs.people}
    known: dict[str, set[str]] = {}
    for row in [*inputs.drugs, *inputs.conditions]:
        cause = causes.get(row[2]) if isinstance(row[2], int) else None
        if cause is not None and cause.role == "active" and cause.lowers:
            known.setdefault(str(people[row[1]]), set()).add(cause.id)
    lines_low = query(name, "SELECT DISTINCT subject_id, analyte FROM {episodes} WHERE rule_id = 'low-by-any'")
    for (person,) in empty:
        low = {analyte for patient, analyte in lines_low if patient == person}
        could = {id_ for id_ in known.get(person, set()) if {*knowledge.causes[id_].lowers} & {*low, "ANY", "WBC"}}
        assert could == set(), f"{person}: {could}"


def test_intensive_care_drugs_are_read_with_their_orders(query: Query, data: Path) -> None:
    with cohort(data, "eicu") as run:
        mentions = run.summary()["mentions"]
    assert mentions["drug"]["used"] > 0
    assert mentions["drug"]["EXPOSURE_NOT_TAKEN"] > 0  # cancelled orders
    came = {cause for (cause,) in query("eicu", "SELECT DISTINCT cause_id FROM {explanations}")}
    assert came >= {"vancomycin", "piperacillin_tazobactam", "methylprednisolone"}


def test_the_page_about_them_is_current(root: Path, data: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(root), "LEUKON_DATA": str(data)}
    command = [sys.executable, "docs/reasons_data.py", "--check"]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, encoding="utf-8")
    assert done.stdout == "docs are current\n", done.stdout + done.stderr


ANSWERS = ("trends", "episodes", "explained", "person_signs", "rule_states", "score_states", "monitored")


@pytest.mark.slow
@pytest.mark.parametrize("name", SETS)
def test_both_engines_answer_the_same(data: Path, knowledge: Knowledge, name: str) -> None:
    with cohort(data, name) as run:
        inputs = run._inputs(1, run.people)
        params = run.params
    came = [engine.run(inputs, knowledge, params, engine=one) for one in ("sqlite", "duckdb")]
    for table in ANSWERS:
        first, second = (sorted(map(str, answer[table])) for answer in came)
        assert first == second, table
