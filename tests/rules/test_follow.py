"""Trends, episodes and timing: each rule under, on and over its edge, on both engines."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leukon import engine
from leukon.assess.answering import prepare
from leukon.assess.request import read_request
from leukon.knowledge import load_knowledge
from leukon.knowledge.keys import cause_keys, episode_rule_keys

KNOWLEDGE = load_knowledge()
START = date(2026, 1, 1)
Rows = list[dict[str, Any]]


def day(number: int) -> str:
    return (START + timedelta(days=number)).isoformat()


def run(
    counts: list[tuple[int, str]],
    drugs: list[dict[str, str]] | None = None,
    *,
    test: str = "NEUT",
    rules: tuple[str, ...] = (),
    on: str = "sqlite",
    **more: Any,
) -> dict[str, Rows]:
    """The chain's answers to some counts of one adult by day, and drugs."""
    request = {
        "subject": {"id": "p", "sex": "female", "age_years": "50"},
        "observations": [
            {"id": f"o{n}", "test": test, "value": value, "unit": "10*9/L", "collected": day(at)}
            for n, (at, value) in enumerate(counts)
        ],
        "episode_rules": list(rules),
        **({"medications": drugs} if drugs is not None else {}),
        **more,
    }
    ready = prepare(read_request(request), KNOWLEDGE)
    return engine.run(ready.inputs, KNOWLEDGE, ready.params, engine=on)


def episodes(out: dict[str, Rows], rule: str) -> list[tuple[int, int, str, int]]:
    """(onset day, end day, end reason, counts) of each episode of one rule."""
    key = episode_rule_keys(KNOWLEDGE)[rule]
    first = int((START - date(1970, 1, 1)).total_seconds())
    return sorted(
        ((e["onset_s"] - first) // 86400, (e["end_s"] - first) // 86400, e["end_reason"], e["n_values"])
        for e in out["episodes"]
        if e["rule"] == key
    )


EPISODES = [
    ("one low count", [(0, "1.4")], [(0, 0, "censored", 1)]),
    ("on the line is out", [(0, "1.5")], []),
    ("just under is in", [(0, "1.499")], [(0, 0, "censored", 1)]),
    ("a true zero counts", [(0, "0")], [(0, 0, "censored", 1)]),
    ("one recovery is not enough", [(0, "1.0"), (7, "2.0"), (14, "1.0")], [(0, 14, "censored", 3)]),
    ("two recoveries end it at the first", [(0, "1.0"), (7, "2.0"), (14, "2.0")], [(0, 7, "recovered", 2)]),
    (
        "two recoveries, then a second episode",
        [(0, "1.0"), (7, "2.0"), (14, "2.0"), (21, "1.0")],
        [(0, 7, "recovered", 2), (21, 21, "censored", 1)],
    ),
    ("42 days without a count are no gap", [(0, "1.0"), (42, "1.0")], [(0, 42, "censored", 2)]),
    ("43 days cut it off", [(0, "1.0"), (43, "1.0")], [(0, 0, "gap", 1), (43, 43, "censored", 1)]),
    ("a recovery after the gap is none", [(0, "1.0"), (50, "2.0"), (57, "2.0")], [(0, 0, "gap", 1)]),
    ("one recovery before the gap", [(0, "1.0"), (7, "2.0"), (60, "2.0")], [(0, 7, "gap", 2)]),
    ("never low", [(0, "2.0"), (7, "3.0")], []),
    ("no counts", [], []),
]


@pytest.mark.parametrize("on", ("sqlite", "duckdb"))
@pytest.mark.parametrize(("name", "counts", "expected"), EPISODES, ids=[name for name, *_ in EPISODES])
def test_episodes_by_threshold(name: str, counts: list[tuple[int, str]], expected: list[Any], on: str) -> None:
    assert episodes(run(counts, on=on), "anc-1.5") == expected


@pytest.mark.parametrize(
    ("rule", "value", "inside"),
    [
        ("ctcae-5.0-grade-3", "0.999", True), ("ctcae-5.0-grade-3", "1.0", False), ("ctcae-5.0-grade-4", "0.499", True),
        ("ctcae-5.0-grade-4", "0.5", False), ("ctcae-6.0-grade-3", "0.499", True), ("ctcae-6.0-grade-3", "0.5", False),
        ("anc-0.5", "0.499", True), ("anc-0.5", "0.5", False), ("anc-1.0", "0.999", True), ("anc-1.0", "1.0", False),
    ],
)  # fmt: skip
def test_the_line_of_each_rule(rule: str, value: str, inside: bool) -> None:
    assert bool(episodes(run([(0, value)], rules=(rule,)), rule)) is inside


def test_chosen_rules_replace_the_usual_ones_but_not_the_one_that_explanations_need() -> None:
    ids = {key: id_ for id_, key in episode_rule_keys(KNOWLEDGE).items()}
    out = run([(0, "0.4")], rules=("anc-0.5",))
    assert {ids[e["rule"]] for e in out["episodes"]} == {"anc-0.5", "low-by-any", "low-by-first-limit"}


def test_nadir_and_depth() -> None:
    (episode,) = (
        e
        for e in run([(0, "1.2"), (3, "0.08"), (5, "0.9")])["episodes"]
        if e["rule"] == episode_rule_keys(KNOWLEDGE)["anc-1.5"]
    )
    assert (episode["nadir"], episode["worst_grade"], episode["duration_days"]) == (80_000_000, 4, 5)


TRENDS = [
    ("one low count", [(0, "1.2")], "first"),
    ("not low before", [(0, "3.0"), (7, "1.2")], "new"),
    ("about as before", [(0, "1.2"), (7, "1.1")], "stable"),
    ("down by just over a quarter", [(0, "1.2"), (7, "0.89")], "falling"),
    ("down by exactly a quarter", [(0, "1.2"), (7, "0.9")], "stable"),
    ("up by just over a quarter", [(0, "0.8"), (7, "1.01")], "recovering"),
    ("low before, not now", [(0, "1.2"), (7, "8.0")], "recovering"),
    ("never low", [(0, "8.0"), (7, "7.0")], "not-low"),
    (
        "slowly down from the own level",
        [(0, "1.4"), (60, "1.4"), (120, "1.3"), (180, "1.02"), (190, "0.95")],
        "falling",
    ),
]


@pytest.mark.parametrize("on", ("sqlite", "duckdb"))
@pytest.mark.parametrize(("name", "counts", "trend"), TRENDS, ids=[name for name, *_ in TRENDS])
def test_trends(name: str, counts: list[tuple[int, str]], trend: str, on: str) -> None:
    (found,) = (t for t in run(counts, on=on)["trends"] if t["analyte"] == "NEUT")
    assert found["trend"] == trend


def test_own_usual_level_needs_three_counts_over_three_months() -> None:
    def usual(*days: int) -> int | None:
        (found,) = run([*((at, "1.3") for at in days), (days[-1] + 5, "1.3")])["trends"]
        level: int | None = found["usual_low"]
        return level

    assert usual(0, 90) is None
    assert usual(0, 40, 89) is None
    assert usual(0, 40, 90) == 1_300_000_000


def test_a_count_without_time_takes_no_part_and_is_still_explained() -> None:
    request = {
        "observations": [{"test": "NEUT", "value": "0.4", "unit": "10*9/L"}],
        "medications": [{"text": "clozapine", "start": "2025-01-01"}],
    }
    ready = prepare(read_request(request), KNOWLEDGE)
    out = engine.run(ready.inputs, KNOWLEDGE, ready.params)
    assert out["trends"] == [] and out["episodes"] == []
    assert {x["fit"] for x in out["explained"] if x["kind"] == "drug"} == {"timing.no-dates"}


def drug(text: str, start: int | None = None, stop: int | None = None, status: str = "") -> dict[str, str]:
    found = {"text": text, "status": status}
    found |= {} if start is None else {"start": day(start)}
    return found | ({} if stop is None else {"stop": day(stop)})


LOW = [(100, "0.4"), (110, "0.3")]
TIMING = [
    ("metamizole stopped eight days before", drug("metamizole", 88, 92, "stopped"), "timing.after-last-dose"),
    ("metamizole stopped ten days before", drug("metamizole", 80, 90, "completed"), "timing.after-last-dose"),
    ("metamizole stopped eleven days before", drug("metamizole", 80, 89, "completed"), "timing.outside-read-times"),
    ("thiamazole on day 19 of a first course and day 29", drug("thiamazole", 81), "timing.within-window"),
    ("thiamazole on day 99 and later", drug("thiamazole", 1), "timing.outside-read-times"),
    ("carboplatin given 18 days before", drug("carboplatin", 82, 82), "timing.ended-no-window"),
    ("carboplatin going on", drug("carboplatin", 82), "timing.no-window"),
    ("clozapine going on", drug("clozapine", 52), "timing.within-window"),
    ("begun between the first and the lowest count", drug("clozapine", 105), "timing.first-low-before"),
    ("begun after the last low count", drug("clozapine", 111), "timing.started-after"),
    ("no dates", drug("clozapine"), "timing.no-dates"),
]


@pytest.mark.parametrize("on", ("sqlite", "duckdb"))
@pytest.mark.parametrize(("name", "taken", "rule"), TIMING, ids=[name for name, *_ in TIMING])
def test_timing_of_drugs(name: str, taken: dict[str, str], rule: str, on: str) -> None:
    out = run(LOW, [taken], on=on)
    assert {x["fit"] for x in out["explained"] if x["kind"] == "drug" and x["analyte"] == "NEUT"} == {rule}


def test_an_ended_risk_speaks_against_a_drug_only_beside_a_later_count_that_was_not_low() -> None:
    def fit(*earlier: tuple[int, str]) -> set[str]:
        out = run([*earlier, *LOW], [drug("metamizole", 60, 70, "completed")])
        return {x["fit"] for x in out["explained"] if x["kind"] == "drug"}

    assert fit((80, "3.0")) == {"timing.outside-read-times"}  # within the ten days: the fall may have begun then
    assert fit((81, "3.0")) == {"timing.closed"}


@pytest.mark.parametrize("status", ("entered-in-error", "draft", "not-taken", "refuted"))
def test_what_was_never_taken_is_no_exposure(status: str) -> None:
    assert not [x for x in run(LOW, [drug("clozapine", 50, status=status)])["explained"] if x["kind"] == "drug"]


def test_of_several_records_the_one_that_fits_best_counts() -> None:
    out = run(LOW, [drug("metamizole", 10, 20, "stopped"), drug("metamizole", 90, 95, "stopped")])
    (found,) = (x for x in out["explained"] if x["kind"] == "drug" and x["analyte"] == "NEUT")
    assert (found["fit"], found["about"]) == ("timing.after-last-dose", 2)


def test_what_raises_counts_is_said_beside_normal_ones() -> None:
    out = run([(100, "5.0")], [drug("prednisone", 90)])
    keys = {key: id_ for id_, key in cause_keys(KNOWLEDGE).items()}
    assert [(keys[x["cause"]], x["kind"]) for x in out["explained"]] == [("prednisone", "hides")]


VALUES = st.sampled_from(("0", "0.09", "0.3", "0.9", "1.49", "1.5", "2.4", "3.0", "8.0"))
SERIES = st.lists(st.tuples(st.integers(0, 400), VALUES), min_size=1, max_size=12, unique_by=lambda pair: pair[0])


@given(SERIES)
def test_episodes_cover_every_low_count_once(counts: list[tuple[int, str]]) -> None:
    out = run(counts)
    spans = episodes(out, "anc-1.5")
    for at, value in counts:
        inside = sum(first <= at <= last for first, last, *_ in spans)
        assert inside <= 1 if float(value) >= 1.5 else inside == 1
    assert all(first <= last for first, last, *_ in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


@given(SERIES, st.randoms(use_true_random=False))
def test_row_order_does_not_matter(counts: list[tuple[int, str]], random: Any) -> None:
    shuffled = list(counts)
    random.shuffle(shuffled)
    taken = [drug("clozapine", 30), drug("metamizole", 50, 60, "stopped")]
    one, two = run(counts, taken), run(shuffled, taken)
    assert episodes(one, "anc-1.5") == episodes(two, "anc-1.5")

    def told(out: dict[str, Rows]) -> list[Any]:
        return sorted((x["cause"], x["analyte"], x["fit"], str(x["days"]), x["place"]) for x in out["explained"])

    assert told(one) == told(two)
