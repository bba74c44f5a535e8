"""Every rule on both engines: equal rows for random blood counts, in any order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leukon import engine, tables
from leukon.knowledge import load_knowledge
from leukon.knowledge.keys import cause_keys, sign_keys
from leukon.knowledge.model import Knowledge
from leukon.read.door import Inputs
from leukon.tables import Rows

GIGA = 1_000_000_000
ANALYTES = ("WBC", "NEUT", "LYMPH", "MONO", "EOS", "BASO", "SEG", "BAND", "GRAN", "NRBC", "HGB", "PLT", "BLAST")


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def duck(knowledge: Knowledge) -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect(":memory:")
    engine.load_knowledge_tables(con, knowledge)
    yield con
    con.close()


def boundaries(knowledge: Knowledge) -> list[int]:
    """Every number that anybody draws a line at, with its neighbours: where two engines would differ first."""
    values = {limit.value for limit in knowledge.limits.values()}
    for edition in knowledge.editions.values():
        for term in edition.terms:
            for band in term.bands:
                values.update(v for v in (band.low, band.high) if v is not None)
    return sorted({v + d for v in values for d in (-1, 0, 1) if v + d >= 0})


LINES = boundaries(load_knowledge())


AGES = (None, (0, 0), (5, 5), (13, 13), (80, 80), (24, 47), (700, 760), (8766, 17531), (350640, 359405))


@st.composite
def results(draw: st.DrawFn) -> dict[str, Any]:
    quantity = draw(st.sampled_from(("count", "count", "percent")))
    analyte = draw(st.sampled_from(ANALYTES))
    if analyte == "HGB":
        quantity = "mass"
    if quantity == "percent":
        low = draw(st.integers(0, 1_000_000))
        high = low
    else:
        low = draw(st.one_of(st.sampled_from(LINES), st.integers(0, 12 * GIGA), st.integers(0, 1200 * GIGA)))
        high = draw(st.sampled_from((low, low, low, low + GIGA // 10, 1000 * GIGA)))
        high = max(low, high)
    lln = draw(st.one_of(st.none(), st.sampled_from((GIGA, 3 * GIGA // 2, 18 * GIGA // 10, 4 * GIGA, 40))))
    age = draw(st.sampled_from(AGES))
    return {
        "subject": draw(st.integers(1, 2)),
        "sample": draw(st.integers(1, 3)),
        "sample_exact": draw(st.sampled_from((1, 1, 0))),
        "collected_s": draw(st.sampled_from((None, 0, 86_400, 1_700_000_000))),
        "time_basis": "absolute",
        "time_precision": draw(st.sampled_from(("second", "day", "month"))),
        "issued_s": draw(st.sampled_from((None, 10, 20))),
        "analyte": analyte,
        "quantity": quantity,
        "method": draw(st.sampled_from(("unknown", "automated", "manual", "estimate", "corrected", "uncorrected"))),
        "sub_id": "",
        "cells_counted": draw(st.sampled_from((None, 100, 200, 400, 50))),
        "low": low,
        "high": high,
        "lln": lln,
        "uln": draw(st.sampled_from((None, 11 * GIGA, 50))),
        "status": draw(st.sampled_from(("final", "final", "corrected", "preliminary", "retracted", "pending"))),
        "specimen": draw(st.sampled_from(("blood", "unknown", "other"))),
        "flag": draw(st.sampled_from((None, "low", "normal", "high"))),
        "age_low_h": age[0] if age else None,
        "age_high_h": age[1] if age else None,
        "age_exact": int(age is not None and age[0] == age[1]),
        "door_code": draw(st.sampled_from((None, None, None, "UNIT_MISSING"))),
        "door_field": None,
        "issues": 0,
    }


@st.composite
def people(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    rows = []
    for subject in (1, 2):
        birth = draw(st.sampled_from((None, 0, 86_400 * 3, -800_000_000)))
        rows.append(
            (
                subject,
                f"p{subject}",
                draw(st.sampled_from(("female", "male", "unknown"))),
                draw(st.sampled_from(("no", "unknown", "yes", "trimester-2", "weeks-3-5"))),
                draw(st.sampled_from(("null", "non-null", "unknown"))),
                birth,
                birth,
                draw(st.sampled_from((0, 1))),
                draw(st.sampled_from((None, 1_600_000_000))),
            )
        )
    return rows


TIMES = (None, 0, 43_200, 86_400 * 20, 1_600_000_000, 1_699_500_000, 1_700_000_100)


CAUSES = sorted(cause_keys(load_knowledge()).values())
SIGNS = sorted(sign_keys(load_knowledge()).values())
MEASURES = [(m.id, v) for m in load_knowledge().measures.values() for v in (m.low, (m.low + m.high) // 2)]


@st.composite
def beside(draw: st.DrawFn) -> dict[str, list[tuple[Any, ...]]]:
    """Drugs, conditions and vitals of the two people, of any cause, measure and sign, at any time."""
    causes = st.sampled_from(CAUSES)
    subject, time = st.sampled_from((1, 2)), st.sampled_from(TIMES)
    taken = st.sampled_from(("taken", "taken", "taken", "not-taken", "entered-in-error"))
    there = st.sampled_from(("present", "present", "resolved", "absent", "refuted"))
    drugs = draw(st.lists(st.tuples(subject, causes, time, time, taken, st.sampled_from((None, 0, 1))), max_size=12))
    conditions = draw(st.lists(st.tuples(subject, causes, time, time, there), max_size=8))
    measured = st.sampled_from(MEASURES)
    vitals = draw(st.lists(st.tuples(subject, measured, time), max_size=6))
    stated = draw(st.lists(st.tuples(subject, st.sampled_from(SIGNS), st.sampled_from((0, 1)), time)))
    return {
        "drugs": [(n, *row) for n, row in enumerate(drugs, 1)],
        "conditions": [(n, *row) for n, row in enumerate(conditions, 1)],
        "vitals": [(n, s, m, None, v, v, None, at) for n, (s, (m, v), at) in enumerate(vitals, 1)]
        + [(100 + n, s, None, sign, None, None, answer, at) for n, (s, sign, answer, at) in enumerate(stated, 1)],
        "covered": draw(st.sampled_from(([], [(1, 1, 1)], [(1, 1, 0), (2, 0, 1)]))),
    }


def inputs(
    persons: list[tuple[Any, ...]],
    drawn: list[dict[str, Any]],
    usual: list[tuple[Any, ...]],
    more: dict[str, list[tuple[Any, ...]]],
) -> Inputs:
    rows = []
    for number, result in enumerate(drawn, start=1):
        cells = {"row": number, **result}
        # a sample belongs to one person
        cells["sample"] = cells["subject"] * 10 + cells["sample"]
        rows.append(tuple(cells[name] for name in tables.RESULTS.names))
    source = [(n, "request", n, f"r{n}", None, "x", "x", None, None) for n in range(1, len(rows) + 1)]
    return Inputs(persons, rows, source, usual, **more)


def plain(outputs: engine.Outputs) -> dict[str, list[str]]:
    return {name: sorted(str(sorted(row.items())) for row in rows) for name, rows in outputs.items()}


def on_duckdb(con: duckdb.DuckDBPyConnection, given_: Inputs, knowledge: Knowledge, params: engine.Params) -> Any:
    for table in tables.INPUTS:
        kinds = tuple(column.kind for column in table.columns)
        engine.create_table(con, table.name, Rows(table.names, kinds, getattr(given_, table.name)))
    engine.run_duckdb(con, knowledge, params, wanted=engine.ANSWERS)
    return {name: list(engine._duckdb_rows(con, name)) for name in engine.ANSWERS}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(
    persons=people(),
    drawn=st.lists(results(), max_size=14),
    usual=st.sampled_from(([], [(1, "NEUT", 1_200_000_000)])),
    as_of=st.sampled_from((None, 1_700_000_000 - 90_000, 1_700_000_000 - 10)),
    preliminary=st.booleans(),
    more=beside(),
    rules=st.sampled_from(((), ("ohdsi-213", "ctcae-5.0-grade-3"))),
)
def test_sqlite_and_duckdb_give_equal_rows(
    duck: duckdb.DuckDBPyConnection,
    knowledge: Knowledge,
    persons: Any,
    drawn: Any,
    usual: Any,
    as_of: Any,
    preliminary: Any,
    more: Any,
    rules: Any,
) -> None:
    params = engine.Params(tuple(knowledge.editions), as_of, preliminary, episode_rules=rules)
    given_ = inputs(persons, drawn, usual, more)
    ours = engine.run(given_, knowledge, params)
    assert plain(ours) == plain(on_duckdb(duck, given_, knowledge, params))
    # every result is used or excluded, never both, never lost
    used = {r["row"] for r in ours["usable"]}
    excluded = [r["row"] for r in ours["excluded_rows"]]
    assert len(excluded) == len(set(excluded))
    assert used | set(excluded) == {row[0] for row in given_.results}
    assert not used & set(excluded)
    # a candidate stands once for each run of low counts, in a place of its own
    places = [(x["subject"], x["analyte"], x["row"], x["kind"] == "hides", x["place"]) for x in ours["explained"]]
    assert len(places) == len(set(places))
    signs = [(x["subject"], x["sign"]) for x in ours["person_signs"]]
    assert len(signs) == len(set(signs))
    # exactly one outcome per question
    answers = [(r["sample"], r["question"]) for r in ours["found"]]
    assert len(answers) == len(set(answers))


def test_no_rows_give_full_empty_tables(duck: duckdb.DuckDBPyConnection, knowledge: Knowledge) -> None:
    params = engine.Params(("CTCAE@5.0",))
    empty = Inputs([], [], [], [])
    assert all(rows == [] for rows in engine.run(empty, knowledge, params).values())
    on_duckdb(duck, empty, knowledge, params)
    assert [c[0] for c in duck.execute("SELECT * FROM graded").description][:3] == ["row", "subject", "sample"]
