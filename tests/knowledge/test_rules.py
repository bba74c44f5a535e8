"""Signs, rules and scores as data: every limit from under, on and over it; the definitions at their edges; the totals.

The reading here is independent of the chain: numbers as one would write them against the numbers of the sources.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from leukon.assess import assess
from leukon.knowledge import load_knowledge, reason_lint
from leukon.knowledge.model import Knowledge
from leukon.knowledge.reasons import Alternative, Rule, Sign

State = bool | None

# sign, unit as written, no, edge, edge's answer (None: unresolved), yes
LIMITS = (
    ("anc-under-0.1", "", "0.101", "0.1", False, "0.099"),
    ("anc-under-0.2", "", "0.21", "0.2", False, "0.19"),
    ("anc-under-0.5", "", "0.501", "0.5", False, "0.499"),
    ("anc-at-most-0.5", "", "0.501", "0.5", True, "0.499"),
    ("anc-under-1.0", "", "1.001", "1.0", False, "0.999"),
    ("anc-under-1.5", "", "1.501", "1.5", False, "1.499"),
    ("anc-under-1.8", "", "1.81", "1.8", False, "1.79"),
    ("anc-under-2.0", "", "2.01", "2.0", False, "1.99"),
    ("anc-under-2.188", "", "2.189", "2.188", False, "2.187"),
    ("anc-over-10", "", "9.99", "10.0", False, "10.01"),
    ("wbc-under-4.0", "", "4.01", "4.0", False, "3.99"),
    ("wbc-over-100", "", "99.9", "100", False, "100.1"),
    ("alc-under-1.0", "", "1.01", "1.0", False, "0.99"),
    ("alc-under-0.5", "", "0.51", "0.5", False, "0.49"),
    ("monocytes-under-0.2", "", "0.21", "0.2", False, "0.19"),
    ("hgb-under-10", "", "10.1", "10", False, "9.9"),
    ("hgb-under-11.5", "", "11.6", "11.5", False, "11.4"),
    ("hgb-under-13.5", "", "13.6", "13.5", False, "13.4"),
    ("plt-under-20", "", "21", "20", False, "19"),
    ("plt-under-50", "", "51", "50", False, "49"),
    ("plt-under-100", "", "101", "100", False, "99"),
    ("plt-under-150", "", "151", "150", False, "149"),
    ("blasts", "", "0", "0", False, "0.001"),
    ("promyelocytes", "", "0", "0", False, "0.001"),
    ("temp-38.0", "Cel", "37.9", "38.0", True, "38.1"),
    ("temp-over-38.0", "Cel", "37.9", "38.0", False, "38.1"),
    ("temp-38.3", "Cel", "38.2", "38.3", True, "38.4"),
    ("temp-over-38.3", "Cel", "38.2", "38.3", False, "38.4"),
    ("temp-38.5", "Cel", "38.4", "38.5", True, "38.6"),
    ("temp-38.0", "F", "100.3", "100.4", True, "100.5"),
    ("hypotension", "mmHg", "91", "90", None, "89"),
    ("systolic-at-most-100", "mmHg", "101", "100", True, "99"),
    ("respiratory-rate-22", "/min", "21", "22", True, "23"),
    ("lactate-over-2", "mmol/L", "1.9", "2.0", False, "2.1"),
    ("glucose-121", "mg/dL", "120", "121", True, "122"),
    ("glucose-121", "mmol/L", "6.6", "6.7", True, "6.8"),
    ("glucose-250", "mg/dL", "249", "250", True, "251"),
    ("glucose-250", "mmol/L", "13.8", "13.9", True, "14.0"),
    ("fibrinogen-low", "g/L", "1.6", "1.5", False, "1.4"),
    ("fibrinogen-low", "mg/dL", "160", "150", False, "140"),
    ("age-under-60", "y", "61", "60", False, "59"),
    ("age-65", "y", "64", "65", True, "66"),
    ("child", "y", "19", "18", False, "17"),
    ("infant", "y", "2", "1", False, "0"),
    ("under-3-months", "d", "92", "91", True, "90"),
)
PRESENT_AT_ALL = {"differential-done", "ferritin-done", "temperature-known", "lactate-known"}
"""Measured at all, whatever the value."""


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


def base(knowledge: Knowledge, sign: Sign, value: str, unit: str) -> Fraction:
    if sign.measure in knowledge.analytes:
        return Fraction(value) * knowledge.analytes[sign.measure].display_factor
    units = {one.spelling: one for one in knowledge.measures[sign.measure].units}
    one = units[unit]
    return (Fraction(value) + one.offset) * Fraction(one.num, one.den)


def measured(knowledge: Knowledge, sign: Sign, value: str, unit: str) -> State:
    """What a sign says of one exact number."""
    number = base(knowledge, sign, value, unit)
    if sign.unsure_low is not None and sign.unsure_low <= number <= (sign.unsure_high or 0):
        return None
    return (sign.low is None or number >= sign.low) and (sign.high is None or number <= sign.high)


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: f"{row[0]} {row[1]}".strip())
def test_limit(knowledge: Knowledge, row: tuple[str, str, str, str, State, str]) -> None:
    id_, unit, no, edge, at_edge, yes = row
    sign = knowledge.signs[id_]
    assert measured(knowledge, sign, no, unit) is False
    assert measured(knowledge, sign, edge, unit) is at_edge
    assert measured(knowledge, sign, yes, unit) is True


def test_every_measured_sign_has_a_case(knowledge: Knowledge) -> None:
    signs = {sign.id for sign in knowledge.signs.values() if sign.source == "measure"}
    assert signs - PRESENT_AT_ALL == {row[0] for row in LIMITS}


def test_a_fever_counts_for_three_days(knowledge: Knowledge) -> None:
    assert {knowledge.signs[id_].within_h for id_ in ("temp-38.0", "temp-over-38.3", "fever-stated", "unwell")} == {72}


# --- rules over signs ---------------------------------------------------------------------------------


def both(states: Iterable[State]) -> State:
    """All of them: no when one is not so, unknown when one is unknown, else yes."""
    found = list(states)
    return False if False in found else None if None in found else True


def holds(when: Iterable[Alternative], signs: dict[str, bool]) -> State:
    """Any of the alternatives; a sign that is not given is unknown."""
    answers = [both(None if s not in signs else signs[s] is wanted for s, wanted in one) for one in when]
    return True if True in answers else None if None in answers else False


def count_and_heat(knowledge: Knowledge, anc: str, celsius: str) -> dict[str, bool]:
    """All signs of a neutrophil count and one temperature reading; what can only be stated is denied."""
    signs = knowledge.signs.values()
    found = {s.id: False for s in signs if s.source == "stated"}
    for sign in signs:
        if sign.measure in ("NEUT", "temperature"):
            state = measured(knowledge, sign, anc if sign.measure == "NEUT" else celsius, "Cel")
            assert state is not None
            found[sign.id] = state
    return found


# neutrophils, one temperature: who calls it febrile neutropenia (fact sheet, F-01 to F-05)
EDGES = (
    ("0.499", "38.0", ""),
    ("0.499", "38.1", "nice seom"),
    ("0.499", "38.3", "idsa nice seom"),
    ("0.499", "38.4", "idsa esmo nice ctcae seom"),
    ("0.5", "38.1", "nice"),
    ("0.5", "38.4", "nice ctcae"),
    ("0.501", "38.3", ""),
    ("0.501", "38.4", "ctcae"),
    ("0.999", "38.4", "ctcae"),
    ("1.0", "39.5", ""),
    ("0.1", "37.9", ""),
)
BODIES = {
    "idsa": "fn.idsa-2010",
    "esmo": "fn.esmo-2016",
    "nice": "fn.nice-cg151",
    "ctcae": "fn.ctcae",
    "seom": "fn.seom-2018",
}


@pytest.mark.parametrize(("anc", "celsius", "bodies"), EDGES)
def test_febrile_neutropenia_at_its_edges(knowledge: Knowledge, anc: str, celsius: str, bodies: str) -> None:
    signs = count_and_heat(knowledge, anc, celsius)
    found = [body for body, id_ in BODIES.items() if holds(knowledge.rules[id_].when, signs)]
    assert found == bodies.split()


def test_what_is_stated_widens_the_definitions(knowledge: Knowledge) -> None:
    rules = knowledge.rules
    heat = count_and_heat(knowledge, "0.8", "38.3")
    assert holds(rules["fn.idsa-2010"].when, heat | {"anc-expected-under-0.5": True}) is True
    assert holds(rules["fn.esmo-2016"].when, heat | {"anc-expected-under-0.5": True}) is False
    assert holds(rules["fn.seom-2018"].when, heat | {"before-nadir": True}) is True
    hour = count_and_heat(knowledge, "0.3", "38.0")
    assert holds(rules["fn.idsa-2010"].when, hour | {"temp-38.0-one-hour": True}) is True
    assert holds(rules["fn.ctcae"].when, hour | {"temp-38.0-one-hour": True}) is False
    assert holds(rules["fn.ctcae"].when, hour | {"temp-38.0-over-one-hour": True}) is True
    assert holds(rules["fn.nice-cg151"].when, count_and_heat(knowledge, "0.5", "35.0") | {"sepsis-signs": True}) is True


@pytest.mark.parametrize(("anc", "celsius"), [*product(("0.0", "0.1", "0.499"), ("38.0", "38.3", "40.0"))])
def test_fever_with_a_severe_count_is_an_emergency(knowledge: Knowledge, anc: str, celsius: str) -> None:
    signs = count_and_heat(knowledge, anc, celsius)
    assert holds(knowledge.rules["rf.fever-severe"].when, signs) is True
    assert knowledge.rules["rf.fever-severe"].urgency == "emergency"


def test_any_definition_of_febrile_neutropenia_is_an_emergency(knowledge: Knowledge) -> None:
    rules = [r for r in knowledge.rules.values() if r.family == "febrile-neutropenia" and r.role == "active"]
    assert len(rules) == len(BODIES)
    assert {rule.urgency for rule in rules} == {"emergency"}


@pytest.mark.parametrize(
    "sign",
    ["unwell", "shivering", "confused", "breathless", "temp-low", "sepsis-signs", "shock", "infection-signs",
     "sore-throat", "mouth-ulcers", "fever-stated"],
)  # fmt: skip
def test_illness_without_a_temperature_is_an_emergency(knowledge: Knowledge, sign: str) -> None:
    signs = count_and_heat(knowledge, "0.4", "36.5") | {sign: True}
    fired = [r.urgency for r in floor(knowledge).values() if holds(r.when, signs)]
    assert "emergency" in fired


@pytest.mark.parametrize(("anc", "celsius", "bodies"), EDGES)
def test_the_chain_agrees(knowledge: Knowledge, anc: str, celsius: str, bodies: str) -> None:
    """The same table through the whole chain; what can only be stated is denied."""
    stated = ("temp-38.0-one-hour", "temp-38.0-over-one-hour", "temp-over-38.0-two-hours", "sepsis-signs",
              "anc-expected-under-0.5", "before-nadir")  # fmt: skip
    answer = assess(
        {
            "observations": [{"test": "NEUT", "value": anc, "unit": "10*9/L", "collected": "2026-11-19T08:00"}],
            "vitals": [
                {"kind": "temperature", "value": celsius, "unit": "Cel", "measured": "2026-11-18T20:00"},
                *({"kind": sign, "value": "no"} for sign in stated),
            ],
            "as_of": "2026-11-19",
        },
        knowledge=knowledge,
    ).to_dict()
    held = {one["id"] for one in answer["risk"]["definitions"] if one["state"] == "yes"}
    assert held & {*BODIES.values()} == {BODIES[body] for body in bodies.split()}
    if bodies:
        assert answer["verdict"]["urgency"]["level"] == "emergency"


@pytest.mark.parametrize(("years", "points"), [("18", 2), ("47", 2), ("59", 2), ("60", 0), ("72", 0), ("95", 0)])
def test_the_chain_knows_the_age_of_adults(knowledge: Knowledge, years: str, points: int) -> None:
    answer = assess(
        {
            "subject": {"age_years": years},
            "observations": [{"test": "NEUT", "value": "0.3", "unit": "10*9/L", "collected": "2026-11-19"}],
            "vitals": [{"kind": "temperature", "value": "38.6", "unit": "Cel"}],
            "as_of": "2026-11-19",
        },
        knowledge=knowledge,
    ).to_dict()
    mascc = next(score for score in answer["risk"]["scores"] if score["id"] == "mascc")
    assert mascc["items"][-1]["points"] == points


# --- the floor (SF-2, SF-3, SF-9): what each asks for at least ------------------------------------------

FLOOR = (
    ({"blasts": True}, "same-day"),
    ({"abnormal-promyelocytes": True}, "emergency"),
    ({"apl-suspected": True}, "emergency"),
    ({"new-anc-under-0.5": True}, "emergency-if-symptoms"),
    ({"anc-under-0.5": True}, "emergency-if-symptoms"),
    ({"stale-severe": True}, "emergency-if-symptoms"),
    ({"pancytopenia-new": True}, "same-day"),
    ({"wbc-low": True, "bleeding": True}, "same-day"),
    ({"neut-low": True, "coagulopathy": True}, "same-day"),
    ({"low-platelets": True, "fibrinogen-low": True}, "same-day"),
    ({"schistocytes": True, "low-platelets": True}, "emergency-if-symptoms"),
    ({"temp-38.0": True, "neut-low": True, "other-line-low": True, "big-spleen": True}, "same-day"),
    ({"fever-stated": True, "low-haemoglobin": True, "low-platelets": True, "ferritin-very-high": True}, "same-day"),
    ({"leukoerythroblastic-film": True}, "same-day"),
    ({"wbc-over-100": True}, "same-day"),
    ({"under-3-months": True, "temp-38.0": True}, "emergency"),
    ({"under-3-months": True, "fever-stated": True}, "emergency"),
    ({"neut-low": True, "sepsis-signs": True}, "emergency"),
    ({"wbc-low": True, "shock": True}, "emergency"),
    ({"anc-under-1.0": True, "confused": True}, "emergency"),
    ({"anc-under-1.0": True, "temp-38.0": True}, "same-day"),
    ({"anc-under-1.0": True, "mouth-ulcers": True}, "same-day"),
    ({"anc-at-most-0.5": True, "temp-38.0": True}, "emergency"),
    ({"wbc-low": True, "anc-known": False, "unwell": True}, "same-day"),
    ({"on-antithyroid": True, "anc-known": False, "sore-throat": True}, "same-day"),
    ({"on-chemotherapy": True, "anc-known": False, "unwell": True}, "emergency"),
    ({"apl-known": True}, "emergency"),
    ({"promyelocytes": True, "wbc-low": True}, "emergency"),
    ({"promyelocytes": True, "low-platelets": True}, "emergency"),
    ({"anc-under-1.0": True, "hgb-under-10": True, "plt-under-100": True, "repeat-done": False}, "same-day"),
    ({"fever-stated": True, "anc-under-1.0": True, "plt-under-100": True, "big-spleen": True}, "same-day"),
    ({"temp-38.0": True, "neut-low": True, "hgb-under-10": True, "ferritin-very-high": True}, "same-day"),
    ({"anc-under-0.5": True, "low-haemoglobin": True}, "emergency-if-symptoms"),
    ({"anc-under-0.5": True, "big-nodes": True}, "emergency-if-symptoms"),
)  # fmt: skip
ORDER = ("none", "routine", "soon", "same-day", "emergency-if-symptoms", "emergency")


def floor(knowledge: Knowledge) -> dict[str, Rule]:
    rules = knowledge.rules.values()
    return {r.id: r for r in rules if r.family == "red-flag" and not r.pathway and r.role == "active"}


@pytest.mark.parametrize(("signs", "least"), FLOOR)
def test_floor(knowledge: Knowledge, signs: dict[str, bool], least: str) -> None:
    fired = [rule.urgency for rule in floor(knowledge).values() if holds(rule.when, signs)]
    assert fired, "nothing fires"
    assert max(map(ORDER.index, fired)) >= ORDER.index(least)


def test_nothing_known_lowers_the_floor(knowledge: Knowledge) -> None:
    """No alternative of the floor asks that something is not so: no Duffy state, artefact or age can switch it off.

    Two say only that the count is new, or that there is none: where they do not hold, rules of the count itself speak.
    """
    denied = [(r.id, s) for r in floor(knowledge).values() for one in r.when for s, wanted in one if not wanted]
    assert {sign for _, sign in denied} == {"repeat-done", "anc-known"}
    assert {id_ for id_, _ in denied} == {"rf.new-pancytopenia", "rf.chemotherapy-unknown", "rf.count-unknown"}


def test_named_pathways_are_never_global(knowledge: Knowledge) -> None:
    local = [rule for rule in knowledge.rules.values() if rule.id.startswith("path.")]
    assert local
    assert all(rule.pathway for rule in local)
    assert not [r.id for r in knowledge.rules.values() if r.pathway and not r.id.startswith("path.")]


# --- may the number mislead? ---------------------------------------------------------------------------

CALM = {
    "duffy-null": True, "duffy-non-null": False, "duffy-typed": True, "neut-low": True, "anc-under-1.0": False,
    "anc-under-0.5": False, "neut-stable": True, "neut-new": False, "neut-falling": False,
    "neut-not-seen-falling": True, "fell-since-not-low": False, "other-line-low": False, "culprit-drug": False,
    "culprit-drug-found": False, "fever-found": False, "temp-38.0": False, "fever-stated": False,
    "repeated-infections": False, "immune-compromise": False, "own-usual-level": False, "culprit-condition": False,
    "drug-unrecognised": False, "lymph-low": False,
}  # fmt: skip


def constitutional(knowledge: Knowledge, signs: dict[str, bool]) -> set[str]:
    own = [r for r in knowledge.rules.values() if r.gives.startswith("constitutional/")]
    return {rule.gives.partition("/")[2] for rule in own if holds(rule.when, signs)}


def test_constitution_supported_and_possible(knowledge: Knowledge) -> None:
    assert constitutional(knowledge, CALM) == {"supported", "possible"}
    unknown = {
        key: CALM[key] for key in CALM if key not in ("culprit-drug", "temp-38.0", "fever-stated", "neut-stable")
    }
    assert constitutional(knowledge, unknown) == {"possible"}
    assert constitutional(knowledge, CALM | {"duffy-null": False, "duffy-typed": False}) == {"not-assessed"}
    assert constitutional(knowledge, CALM | {"anc-under-1.0": True}) == {"possible"}


BLOCKS = (
    {"anc-under-0.5": True, "anc-under-1.0": True},
    {"neut-falling": True, "neut-not-seen-falling": False, "neut-stable": False},
    {"neut-new": True, "neut-not-seen-falling": False, "neut-stable": False, "fell-since-not-low": True},
    {"other-line-low": True},
    {"culprit-drug": True, "culprit-drug-found": True},
    {"culprit-condition": True},
    {"temp-38.0": True, "fever-found": True},
    {"fever-stated": True, "fever-found": True},
)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: next(iter(block)))
@pytest.mark.parametrize("own", [{}, {"own-usual-level": True}, {"duffy-null": False, "own-usual-level": True}])
def test_what_blocks_constitution(knowledge: Knowledge, block: dict[str, bool], own: dict[str, bool]) -> None:
    assert constitutional(knowledge, CALM | own | block) <= {"not-assessed"}


def test_another_line_that_cannot_be_judged_blocks_too(knowledge: Knowledge) -> None:
    unknown = {key: CALM[key] for key in CALM if key != "other-line-low"}
    assert not constitutional(knowledge, unknown) & {"supported", "possible"}


# --- scores ---------------------------------------------------------------------------------------------


def total(knowledge: Knowledge, score: str, signs: dict[str, bool]) -> int | None:
    """The sum, or None when an item is missing."""
    points: list[int | None] = []
    for item in knowledge.scores[score].items:
        answers = [(holds([option.when], signs), option.points) for option in item.options]
        first = next((worth for state, worth in answers if state), None)
        unknown = any(state is None for state, _ in answers)
        points.append(first if first is not None or unknown else item.otherwise)
    return None if None in points else sum(one for one in points if one is not None)


BEST = {
    "burden-mild": True, "hypotension": False, "copd": False, "solid-tumour": True, "dehydration-iv": False,
    "outpatient-at-onset": True, "age-under-60": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "points"),
    [
        ({}, 26),
        ({"burden-mild": False, "burden-moderate": True}, 24),
        ({"burden-mild": False, "burden-severe": True}, 21),
        ({"hypotension": True}, 21),
        ({"copd": True}, 22),
        ({"solid-tumour": False, "previous-fungal-infection": False}, 26),
        ({"solid-tumour": False, "previous-fungal-infection": True}, 22),
        ({"dehydration-iv": True}, 23),
        ({"outpatient-at-onset": False}, 23),
        ({"age-under-60": False}, 24),
    ],
)
def test_mascc(knowledge: Knowledge, change: dict[str, bool], points: int) -> None:
    answers = BEST | {"burden-moderate": False, "burden-severe": False} | change
    assert total(knowledge, "mascc", answers) == points


@pytest.mark.parametrize("missing", BEST)
def test_mascc_cannot_tell_without_an_item(knowledge: Knowledge, missing: str) -> None:
    assert total(knowledge, "mascc", {key: BEST[key] for key in BEST if key != missing}) is None


NONE = dict.fromkeys(
    ("ecog-2", "glucose-121", "glucose-250", "diabetes", "on-glucocorticoid", "copd", "cardiovascular-disease",
     "mucositis-2", "monocytes-under-0.2"), False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "points"),
    [
        ({}, 0),
        ({"ecog-2": True}, 2),
        ({"glucose-121": True}, 2),
        ({"glucose-121": True, "diabetes": True}, 0),
        ({"glucose-121": True, "on-glucocorticoid": True}, 0),
        ({"glucose-121": True, "glucose-250": True, "diabetes": True}, 2),
        ({"copd": True}, 1),
        ({"cardiovascular-disease": True}, 1),
        ({"mucositis-2": True}, 1),
        ({"monocytes-under-0.2": True}, 1),
        (dict.fromkeys(NONE, True), 8),
    ],
)
def test_cisne(knowledge: Knowledge, change: dict[str, bool], points: int) -> None:
    assert total(knowledge, "cisne", NONE | change) == points


def test_cisne_needs_to_know_of_diabetes_between_its_two_glucose_limits(knowledge: Knowledge) -> None:
    unknown = {key: NONE[key] for key in NONE if key != "diabetes"}
    assert total(knowledge, "cisne", unknown | {"glucose-121": True}) is None
    assert total(knowledge, "cisne", unknown) == 0


@pytest.mark.parametrize(
    ("outpatient", "illness", "uncontrolled", "group"),
    [
        (False, False, False, 1),
        (True, True, False, 2),
        (True, True, True, 2),
        (True, False, True, 3),
        (True, False, False, 4),
    ],
)
def test_talcott(knowledge: Knowledge, outpatient: bool, illness: bool, uncontrolled: bool, group: int) -> None:
    signs = {"outpatient-at-onset": outpatient, "serious-comorbidity": illness, "uncontrolled-cancer": uncontrolled}
    assert total(knowledge, "talcott", signs) == group


@pytest.mark.parametrize(
    ("breaths", "pressure", "mind", "points"), [(False, False, False, 0), (True, True, False, 2), (True, True, True, 3)]
)
def test_qsofa(knowledge: Knowledge, breaths: bool, pressure: bool, mind: bool, points: int) -> None:
    signs = {"respiratory-rate-22": breaths, "systolic-at-most-100": pressure, "confused": mind}
    assert total(knowledge, "qsofa", signs) == points


def test_reachable_totals(knowledge: Knowledge) -> None:
    ends = {score.id: reason_lint.totals(score.items) for score in knowledge.scores.values()}
    assert {id_: (min(found), max(found)) for id_, found in ends.items()} == {
        "mascc": (0, 26), "cisne": (0, 8), "talcott": (1, 4), "qsofa": (0, 3),
    }  # fmt: skip
    low_risk = [band for band in knowledge.scores["mascc"].bands if band.low == 21]
    assert [band.high for band in low_risk] == [26]
    assert knowledge.scores["mascc"].warnings == ("c-f-11",)


# --- through the chain ------------------------------------------------------------------------------------

DAY = "2026-11-19"
NO_FEVER = {"kind": "temperature", "value": "36.6", "unit": "Cel", "measured": DAY}
FEVER = {"kind": "temperature", "value": "38.0", "unit": "Cel", "measured": DAY}


def count(test: str, value: str, unit: str = "10*9/L", day: str = DAY, **more: str) -> dict[str, str]:
    return {"test": test, "value": value, "unit": unit, "collected": day, **more}


def said(sign: str, value: str = "yes") -> dict[str, str]:
    return {"kind": sign, "value": value}


def ask(knowledge: Knowledge, *counts: dict[str, str], **more: Any) -> dict[str, Any]:
    request: dict[str, Any] = {"subject": {"age_years": "40"}, "observations": [*counts], "as_of": DAY}
    return assess(request | more, knowledge=knowledge).to_dict()


def level(answer: dict[str, Any]) -> str:
    return str(answer["verdict"]["urgency"]["level"])


def flags(answer: dict[str, Any]) -> set[str]:
    return {one["id"] for one in answer["risk"]["flags"] if one["state"] == "yes"}


@pytest.mark.parametrize("value", ["0.5", "0.7", "0.99"])
@pytest.mark.parametrize("sign", ["sepsis-signs", "shock", "shivering", "confused", "breathless", "temp-low"])
def test_signs_of_sepsis_under_one(knowledge: Knowledge, value: str, sign: str) -> None:
    assert level(ask(knowledge, count("NEUT", value), vitals=[NO_FEVER, said(sign)])) == "emergency"


@pytest.mark.parametrize("sign", ["sepsis-signs", "shock"])
def test_signs_of_sepsis_with_any_low_count(knowledge: Knowledge, sign: str) -> None:
    assert level(ask(knowledge, count("NEUT", "1.3", low="1.8"), vitals=[said(sign)])) == "emergency"


@pytest.mark.parametrize("value", ["0.6", "0.99"])
@pytest.mark.parametrize("vital", [FEVER, *map(said, ("fever-stated", "unwell", "sore-throat", "mouth-ulcers"))])
def test_illness_under_one_is_seen_the_same_day(knowledge: Knowledge, value: str, vital: dict[str, str]) -> None:
    answer = ask(knowledge, count("NEUT", value), vitals=[vital])
    assert "rf.unwell-moderate" in flags(answer)
    assert ORDER.index(level(answer)) >= ORDER.index("same-day")


@pytest.mark.parametrize("vital", [FEVER, said("fever-stated")])
def test_fever_with_exactly_one_half(knowledge: Knowledge, vital: dict[str, str]) -> None:
    assert level(ask(knowledge, count("NEUT", "0.5"), vitals=[vital])) == "emergency"


@pytest.mark.parametrize(
    "vital",
    [
        {"kind": "systolic", "value": "88", "unit": "mmHg", "measured": DAY},
        {"kind": "systolic", "value": "100", "unit": "mmHg", "measured": DAY},
        {"kind": "respiratory-rate", "value": "22", "unit": "/min", "measured": DAY},
        {"kind": "lactate", "value": "2.4", "unit": "mmol/L", "measured": DAY},
    ],
)
def test_measured_illness_with_a_severe_count(knowledge: Knowledge, vital: dict[str, str]) -> None:
    answer = ask(knowledge, count("NEUT", "0.4"), vitals=[NO_FEVER, vital])
    assert "rf.unwell-severe" in flags(answer)
    assert level(answer) == "emergency"


@pytest.mark.parametrize("vital", [FEVER, *map(said, ("fever-stated", "unwell", "sore-throat"))])
def test_a_low_white_count_without_neutrophils(knowledge: Knowledge, vital: dict[str, str]) -> None:
    low = count("WBC", "2.4", low="4.0")
    answer = ask(knowledge, low, vitals=[vital])
    assert "rf.count-unknown" in flags(answer)
    assert ORDER.index(level(answer)) >= ORDER.index("same-day")
    counted = ask(knowledge, low, count("NEUT", "1.7", low="1.5"), vitals=[vital])
    assert not flags(counted) & {"rf.count-unknown", "rf.chemotherapy-unknown"}


@pytest.mark.parametrize("drug", ["clozapine", "carbimazole", "methimazole", "propylthiouracil"])
def test_a_medicine_that_asks_for_a_count_at_fever(knowledge: Knowledge, drug: str) -> None:
    taken = [{"text": drug, "start": "2026-10-01", "status": "active"}]
    answer = ask(knowledge, count("WBC", "6.0", low="4.0"), medications=taken, vitals=[said("sore-throat")])
    assert "rf.count-unknown" in flags(answer)
    assert ORDER.index(level(answer)) >= ORDER.index("same-day")
    assert "check.count-at-fever" in {one["id"] for one in answer["checks"]}


@pytest.mark.parametrize("vital", [FEVER, *map(said, ("fever-stated", "unwell", "confused"))])
def test_chemotherapy_and_no_neutrophils(knowledge: Knowledge, vital: dict[str, str]) -> None:
    taken = [{"text": "docetaxel", "start": "2026-11-10", "stop": "2026-11-10", "status": "completed"}]
    answer = ask(knowledge, count("WBC", "6.0", low="4.0"), medications=taken, vitals=[vital])
    assert "rf.chemotherapy-unknown" in flags(answer)
    assert level(answer) == "emergency"


def test_acute_promyelocytic_leukaemia(knowledge: Knowledge) -> None:
    known = [{"text": "acute promyelocytic leukaemia", "start": "2026-11-18"}]
    answer = ask(knowledge, count("WBC", "6.0", low="4.0"), conditions=known)
    assert "rf.promyelocytes" in flags(answer)
    assert level(answer) == "emergency"
    for low in (count("WBC", "2.0", low="4.0"), count("PLT", "60", low="150")):
        assert level(ask(knowledge, low, count("PROMY", "0.3"))) == "emergency"


@pytest.mark.parametrize("vital", [FEVER, said("fever-stated")])
@pytest.mark.parametrize("value", ["0.4", "5.0"])
def test_fever_under_three_months(knowledge: Knowledge, vital: dict[str, str], value: str) -> None:
    answer = ask(knowledge, count("NEUT", value), subject={"age_days": "60"}, vitals=[vital])
    assert "rf.infant-fever" in flags(answer)
    assert level(answer) == "emergency"


def test_three_lines_without_a_white_count(knowledge: Knowledge) -> None:
    lines = (count("NEUT", "0.8"), count("HGB", "8.1", "g/dL"), count("PLT", "61"))
    answer = ask(knowledge, *lines)
    assert "rf.new-pancytopenia" in flags(answer)
    heat = ask(knowledge, *lines[::2], vitals=[FEVER, said("big-spleen")])
    assert "rf.hlh" in flags(heat)


def test_broken_red_cells_with_low_platelets(knowledge: Knowledge) -> None:
    answer = ask(knowledge, count("PLT", "30"), count("WBC", "6.0", low="4.0"), vitals=[said("schistocytes")])
    assert level(answer) == "emergency-if-symptoms"


@pytest.mark.parametrize("score", ["mascc", "talcott"])
def test_scores_are_for_people_with_cancer(knowledge: Knowledge, score: str) -> None:
    def applies(**more: Any) -> str:
        answer = ask(knowledge, count("NEUT", "0.3"), vitals=[FEVER], **more)
        return next((str(s["applies"]) for s in answer["risk"]["scores"] if s["id"] == score), "no")

    assert applies() == "unknown"
    assert applies(medications=[{"text": "docetaxel", "start": "2026-11-10", "status": "active"}]) == "yes"
    assert applies(conditions=[{"text": "malignant neoplasm", "start": "2026-01-10"}]) == "yes"


def test_treatment_outside_hospital_is_not_cleared_where_a_definition_holds(knowledge: Knowledge) -> None:
    heat = {"kind": "temperature", "value": "38.5", "unit": "Cel", "measured": DAY}
    answer = ask(knowledge, count("NEUT", "0.8"), vitals=[heat])
    states = {one["id"]: one["state"] for one in answer["risk"]["definitions"]}
    assert states["fn.ctcae"] == "yes"
    assert states.get("out.not-candidate", "unknown") == "unknown"
    low = ask(knowledge, count("NEUT", "0.8"), vitals=[heat, said("confused")])
    assert {one["id"]: one["state"] for one in low["risk"]["definitions"]}["out.not-candidate"] == "yes"


@pytest.mark.parametrize(("drug", "shown"), [("docetaxel", True), ("hydroxyurea", False), ("cladribine", False)])
def test_growth_factors_are_for_chemotherapy_in_cycles(knowledge: Knowledge, drug: str, shown: bool) -> None:
    taken = [{"text": drug, "start": "2026-11-10", "status": "active"}]
    answer = ask(knowledge, count("NEUT", "0.8"), medications=taken, vitals=[NO_FEVER])
    told = {one["id"]: one for one in answer["guidance"] if one["applies"] == "yes"}
    assert ({"guide.gcsf-primary", "guide.pegfilgrastim", "guide.filgrastim-chemotherapy"} <= told.keys()) is shown
    if shown:
        assert "not read" in told["guide.pegfilgrastim"]["text"]


def test_definitions_say_what_their_body_says(knowledge: Knowledge) -> None:
    named = [r for r in knowledge.rules.values() if r.body and r.family == "febrile-neutropenia"]
    assert named
    assert not [rule.id for rule in named if any(claim.startswith("c-sf-") for claim in rule.claims)]


DUFFY = [
    *(count("NEUT", value, day=day) for value, day in (("1.35", "2023-11-01"), ("1.4", "2024-11-10"), ("1.36", DAY))),
    count("HGB", "14.8", "g/dL", low="13.5"), count("PLT", "230", low="150"), count("LYMPH", "2.0", low="1.0"),
]  # fmt: skip
OWN = {"subject": {"age_years": "40", "sex": "male", "duffy": "null"}, "medications": [], "conditions": []}
WELL = [NO_FEVER, said("repeated-infections", "no"), said("immune-compromise", "no")]


def own(knowledge: Knowledge, counts: list[dict[str, str]] = DUFFY, **more: Any) -> str:
    answer = ask(knowledge, *counts, **(OWN | {"vitals": WELL} | more))
    return next(str(one["state"]) for one in answer["verdict"]["pseudo"] if one["kind"] == "constitutional")


def test_constitution_through_the_chain(knowledge: Knowledge) -> None:
    assert own(knowledge) == "supported"
    assert own(knowledge, medications=[{"text": "zzyzxol", "start": "2026-10-01"}]) == "possible"


@pytest.mark.parametrize(
    "about",
    ["malignant neoplasm", "HIV", "acute myeloid leukaemia", "myelodysplastic syndrome", "hairy cell leukaemia",
     "non-Hodgkin lymphoma", "lupus", "hypersplenism"],
)  # fmt: skip
def test_conditions_block_constitution(knowledge: Knowledge, about: str) -> None:
    assert own(knowledge, conditions=[{"text": about, "start": "2020-01-01"}]) == "not-assessed"


@pytest.mark.parametrize("sign", ["big-spleen", "blasts", "immune-compromise", "repeated-infections"])
def test_signs_block_constitution(knowledge: Knowledge, sign: str) -> None:
    vitals = [one for one in WELL if one["kind"] != sign]
    assert own(knowledge, vitals=[*vitals, said(sign)]) == "not-assessed"


def test_low_lymphocytes_block_constitution(knowledge: Knowledge) -> None:
    assert own(knowledge, [*DUFFY[:-1], count("LYMPH", "0.6", low="1.0")]) == "not-assessed"


@pytest.mark.parametrize("value", ["0.3", "0.8"])
def test_margination_is_not_offered_for_a_very_low_count(knowledge: Knowledge, value: str) -> None:
    vitals = [said("feels-well"), said("repeated-infections", "no")]
    answer = ask(knowledge, count("NEUT", value), vitals=vitals)
    assert next(one["state"] for one in answer["verdict"]["pseudo"] if one["kind"] == "redistribution") != "possible"


def test_a_measured_ferritin_is_asked_about(knowledge: Knowledge) -> None:
    ferritin = {"kind": "ferritin", "value": "9000", "unit": "ug/L", "measured": DAY}
    counts = (count("NEUT", "0.8"), count("PLT", "60"))
    answer = ask(knowledge, *counts, vitals=[FEVER, ferritin])
    assert "ferritin" in str(answer["would_change"])


# --- words ---------------------------------------------------------------------------------------------

NEVER = ("abnormal", "dangerous", "don't worry", "anormal", "perigos", "não se preocupe")


def test_plain_words(knowledge: Knowledge) -> None:
    """Plain texts calm and alarm nobody by adjective and name no treatment."""
    texts = [(r.id, text) for r in knowledge.rules.values() for text in r.plain.values() if text]
    treatment = ("antibiotic", "antibiótico", "filgrastim", "g-csf", "fluoroquin")
    assert not [(id_, word) for id_, text in texts for word in (*NEVER, *treatment) if word in text.casefold()]
    told = [r for r in knowledge.rules.values() if r.id.startswith(("guide.", "out.", "check."))]
    treated = [rule for rule in told if rule.role == "active" and not rule.plain["en"]]
    assert {rule.audience for rule in treated} == {"clinician"}


def test_signs_know_what_people_type(knowledge: Knowledge) -> None:
    typed = {name: s.id for s in knowledge.signs.values() for names in s.synonyms.values() for name in names}
    wanted = {
        "febre": "fever-stated", "fever": "fever-stated", "mal-estar": "unwell", "feels ill": "unwell",
        "calafrios": "shivering", "falta de ar": None, "aftas": "mouth-ulcers", "esplenomegalia": "big-spleen",
        "dpoc": "copd", "confuso": "confused",
    }  # fmt: skip
    assert {name: typed.get(name) for name in wanted} == wanted
    assert knowledge.signs["breathless"].name["pt"] == "falta de ar"


def test_every_lint_of_the_reasons_is_silent(knowledge: Knowledge) -> None:
    assert list(reason_lint.problems(knowledge)) == []
