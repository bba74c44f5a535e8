"""The invariants of the design that hold for every blood count, searched with Hypothesis."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import leukon as lk
from leukon.report.part import URGENCIES

GIGA = "10*9/L"
UNITS = {
    GIGA: 1, "10^9/L": 1, "K/uL": 1, "x10E3/µL": 1, "G/L": 1, "10*3/mm3": 1, "/nL": 1,
    "/uL": 1000, "cells/mm3": 1000, "10*6/L": 1000,
}  # fmt: skip
LINEAGES = ("WBC", "NEUT", "LYMPH", "MONO", "EOS", "BASO")
PEOPLE = (
    {},
    {"sex": "female", "age_years": "56"},
    {"sex": "male", "age_years": "3"},
    {"age_days": "2"},
    {"sex": "female", "age_years": "30", "pregnant": "yes"},
    {"sex": "male", "age_years": "40", "duffy": "null"},
)
ORDER = {"low-by-all": 2, "low-by-some": 1, "cannot-tell": 1, "not-low": 0}

milli = st.integers(0, 12_000)
"""Counts in thousandths of 10*9/L, so that every unit can spell them exactly."""


def observation(name: str, thousandths: int, unit: str = GIGA, **more: Any) -> dict[str, Any]:
    text = str(thousandths) if UNITS[unit] == 1000 else f"{thousandths // 1000}.{thousandths % 1000:03d}"
    return {"id": f"{name}-{more.get('collected', '')}", "code": {"text": name}, "value": text, "unit": unit, **more}


def ask(person: dict[str, str], *observations: dict[str, Any], **options: Any) -> lk.Assessment:
    return lk.assess({"subject": {"id": "p1", **person}, "observations": list(observations), "locale": "en", **options})


def judged(answer: lk.Assessment) -> Any:
    """What was judged, without the words that quote how it was sent."""
    verdict = answer.verdict
    return (
        [(one.question, one.state, one.finding, one.low_by, one.not_low_by) for one in verdict.analytes],
        [(one.question, one.state) for one in verdict.questions],
        sorted((g.analyte, g.scale, g.version, g.term, g.grade or "", g.grade_status) for g in answer.grades),
        verdict.urgency.level,
        verdict.headline,
    )


@settings(max_examples=80, deadline=None, derandomize=True)
@given(person=st.sampled_from(PEOPLE), name=st.sampled_from(LINEAGES), count=milli, unit=st.sampled_from(sorted(UNITS)))
def test_the_spelling_of_a_unit_never_changes_a_verdict(
    person: dict[str, str], name: str, count: int, unit: str
) -> None:
    if name == "WBC" and 0 < count < 10:
        count = 10
    assert judged(ask(person, observation(name, count))) == judged(ask(person, observation(name, count, unit)))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    person=st.sampled_from(PEOPLE),
    counts=st.lists(
        st.tuples(st.sampled_from(LINEAGES), milli, st.integers(1, 3)),
        min_size=1,
        max_size=10,
        unique_by=lambda c: (c[0], c[2]),
    ),
    seed=st.integers(0, 99),
)
def test_row_order_never_changes_a_verdict(person: dict[str, str], counts: list[Any], seed: int) -> None:
    rows = [observation(name, value, collected=f"2026-0{month}-01T08:00:00Z") for name, value, month in counts]
    shuffled = rows[:]
    random.Random(seed).shuffle(shuffled)
    assert judged(ask(person, *rows)) == judged(ask(person, *shuffled))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(
    person=st.sampled_from(PEOPLE),
    name=st.sampled_from(LINEAGES),
    a=milli,
    b=milli,
    lln=st.sampled_from(("", "1.0", "4.0")),
)
def test_lower_counts_never_get_a_milder_grade_or_a_lower_urgency(
    person: dict[str, str], name: str, a: int, b: int, lln: str
) -> None:
    low, high = sorted((a, b))
    if name == "WBC":
        low, high = max(low, 10), max(high, 10)
    more = {"low": lln} if lln else {}
    lower, higher = (ask(person, observation(name, count, **more)) for count in (low, high))
    worse = {(g.scale, g.version, g.term): max(g.grade_possible or [g.grade or "0"]) for g in lower.grades}
    for grade in higher.grades:
        if "increase" in grade.term.lower() or "cytosis" in grade.term.lower() or "philia" in grade.term.lower():
            continue
        key = (grade.scale, grade.version, grade.term)
        if key in worse:
            assert worse[key] >= max(grade.grade_possible or [grade.grade or "0"])
    if higher.verdict.urgency.findings and all("cytosis" not in f for f in higher.verdict.urgency.findings):
        assert URGENCIES.index(lower.verdict.urgency.level) >= URGENCIES.index(higher.verdict.urgency.level)
    states = {one.question: one.state for one in lower.verdict.analytes}
    for one in higher.verdict.analytes:
        if one.analyte == name:
            assert ORDER[states[one.question]] >= ORDER[one.state]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(person=st.sampled_from(PEOPLE), counts=st.lists(st.tuples(st.sampled_from(LINEAGES), milli), max_size=6))
def test_the_same_request_gives_the_same_bytes(person: dict[str, str], counts: list[Any]) -> None:
    rows = [observation(name, value, collected="2026-01-01") for name, value in counts]
    first, second = ask(person, *rows).to_json(), ask(person, *rows).to_json()
    assert first == second
    assert lk.Assessment.from_json(first).to_json() == first


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    drop=st.sets(st.sampled_from(("unit", "collected", "low", "status", "age")), min_size=1),
    name=st.sampled_from(LINEAGES),
    count=milli,
)
def test_what_is_missing_never_turns_into_normal(drop: set[str], name: str, count: int) -> None:
    row = observation(name, count, low="1.0", collected="2026-01-01", status="final")
    row = {key: value for key, value in row.items() if key not in drop}
    person = {} if "age" in drop else {"age_years": "40", "sex": "male"}
    answer = ask(person, row)
    if "unit" in drop:
        assert not [v for v in answer.values if v.used]
        assert all(one.state == "cannot-tell" for one in answer.verdict.analytes)
        assert not [g for g in answer.grades if g.grade == "0"]
    for grade in answer.grades:
        assert not (grade.grade == "0" and grade.grade_status != "certain")


def test_race_is_not_an_input() -> None:
    try:
        ask({"race": "any"}, observation("WBC", 3600))
    except lk.RequestError as error:
        assert "race" in str(error)
    else:
        raise AssertionError("a request with a race must be refused")


def test_every_result_of_a_request_is_used_or_excluded() -> None:
    rows = [
        observation("WBC", 3600),
        {**observation("NEUT", 1000), "id": "n", "unit": ""},
        {**observation("ferritin", 9), "id": "f"},
    ]
    answer = ask({}, *rows)
    reported = [v.id for v in answer.values if v.derived is None]
    assert sorted(reported + [e.id for e in answer.excluded]) == sorted(row["id"] for row in rows)
