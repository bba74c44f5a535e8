"""The safety vignettes, each by name and for every reader; the floor where drugs, conditions and signs join in.

The floor of counts alone is in test_safety_floor.py. Here stands what the history, the record of drugs and conditions,
and the signs of a person must not calm: each test names the rule of the safety page that it holds.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leukon as lk
from leukon.report.part import URGENCIES
from leukon.write import text

READERS = list(product(("en", "pt"), ("clinician", "plain")))
DAY = "2026-11-19"
AGES: list[dict[str, str]] = [
    {},
    {"age_hours": "6"},
    {"age_days": "49"},
    {"age_years": "3"},
    {"age_years": "56", "sex": "female"},
    {"age_years": "88", "sex": "male"},
    {"age_years": "30", "sex": "female", "pregnant": "yes"},
]
DUFFY = ("null", "non-null", "unknown")

readers = pytest.mark.parametrize(("language", "audience"), READERS, ids=["-".join(r) for r in READERS])


def count(test: str, value: str, day: str = DAY, unit: str = "10*9/L", **more: str) -> dict[str, str]:
    return {"test": test, "value": value, "unit": unit, "collected": day, **more}


def ask(language: str, audience: str, *counts: dict[str, str], **more: Any) -> lk.Assessment:
    """One person; `more`: person, medications, conditions, vitals, as_of."""
    request: dict[str, Any] = {
        "subject": {"id": "p1", **more.pop("person", {})},
        "observations": list(counts),
        "as_of": DAY,
        "language": language,
        "audience": audience,
    }
    return lk.assess(request | more)


def degrees(value: str) -> dict[str, str]:
    return {"kind": "temperature", "value": value, "unit": "Cel", "measured": DAY}


def said(sign: str, value: str = "yes") -> dict[str, str]:
    return {"kind": sign, "value": value}


def level(answer: lk.Assessment) -> int:
    return URGENCIES.index(answer.verdict.urgency.level)


def finding(answer: lk.Assessment, analyte: str = "NEUT") -> str:
    return next(one.finding for one in answer.verdict.analytes if one.analyte == analyte)


def state(answer: lk.Assessment, analyte: str) -> str:
    return next(one.state for one in answer.verdict.analytes if one.analyte == analyte)


def timing(answer: lk.Assessment, cause: str) -> set[tuple[str, str]]:
    return {(one.timing.fits, one.timing.rule) for one in answer.explanations if one.cause == cause}


def flags(answer: lk.Assessment) -> set[str]:
    return {flag.id for flag in answer.risk.flags if flag.state == "yes"}


def pseudo(answer: lk.Assessment, kind: str) -> str:
    return next(one.state for one in answer.verdict.pseudo if one.kind == kind)


# --- The safety vignettes of the issue, in its order ---------------------------------------------


@readers
@pytest.mark.parametrize("duffy", DUFFY)
@pytest.mark.parametrize("person", AGES, ids=lambda p: "-".join(p.values()) or "unknown")
def test_anc_0_2_with_38_6_is_an_emergency_at_any_age_and_duffy_state(
    language: str, audience: str, person: dict[str, str], duffy: str
) -> None:
    answer = ask(language, audience, count("NEUT", "0.2"), person={**person, "duffy": duffy}, vitals=[degrees("38.6")])
    assert answer.verdict.urgency.level == "emergency"
    assert answer.verdict.headline_analyte == "NEUT"


@readers
def test_anc_0_3_in_a_duffy_null_adult_is_severe(language: str, audience: str) -> None:
    answer = ask(language, audience, count("NEUT", "0.3"), person={"age_years": "40", "sex": "male", "duffy": "null"})
    assert finding(answer) == "neutropenia.severe"
    assert answer.verdict.urgency.level == "emergency-if-symptoms"
    assert pseudo(answer, "constitutional") not in ("supported", "possible")


@readers
def test_wbc_0_4_without_differential_is_severe_for_certain(language: str, audience: str) -> None:
    answer = ask(language, audience, count("WBC", "0.4"))
    assert finding(answer) == "neutropenia.severe"
    assert answer.verdict.headline_analyte == "NEUT"
    assert answer.verdict.urgency.level == "emergency-if-symptoms"


@readers
def test_anc_0_12_beside_a_rounded_wbc_of_0_1_is_kept(language: str, audience: str) -> None:
    answer = ask(language, audience, count("WBC", "0.1"), count("NEUT", "0.12"))
    assert answer.excluded == []
    assert finding(answer) == "neutropenia.severe"


@readers
def test_wbc_3_6_with_anc_1_296_on_clozapine_headlines_the_anc(language: str, audience: str) -> None:
    drugs = [{"id": "m1", "text": "clozapine", "start": "2026-10-02", "status": "active"}]
    answer = ask(
        language, audience, count("WBC", "3.6", low="4.0"), count("770-8", "36", unit="%"),
        person={"sex": "female", "birth_date": "1970-03-02"}, medications=drugs,
    )  # fmt: skip
    assert "1.296" in [value.value for value in answer.values if value.analyte == "NEUT"]
    assert answer.verdict.headline_analyte == "NEUT"
    assert answer.verdict.urgency.level == "same-day"
    assert {one.cause for one in answer.explanations} >= {"clozapine"}


@readers
def test_metamizole_stopped_eight_days_before_is_exposure(language: str, audience: str) -> None:
    drugs = [{"text": "metamizole", "start": "2026-11-05", "stop": "2026-11-11", "status": "stopped"}]
    answer = ask(language, audience, count("NEUT", "0.3"), medications=drugs, conditions=[])
    assert timing(answer, "metamizole") == {("yes", "timing.after-last-dose")}


@readers
@pytest.mark.parametrize("days", [1, 7, 14, 18, 21, 28, 42])
def test_carboplatin_given_18_days_before_never_reads_timing_no(language: str, audience: str, days: int) -> None:
    day = f"2026-{'10' if days > 18 else '11'}-{(50 - days) if days > 18 else (19 - days):02d}"
    drugs = [{"text": "carboplatin", "start": day, "stop": day, "status": "completed"}]
    answer = ask(language, audience, count("NEUT", "0.6"), medications=drugs)
    assert timing(answer, "carboplatin")
    assert {fits for fits, _ in timing(answer, "carboplatin")} <= {"yes", "unknown"}


@readers
def test_adult_interval_on_a_three_month_old_with_lymphocytes_1_4_is_not_not_low(language: str, audience: str) -> None:
    answer = ask(language, audience, count("LYMPH", "1.4", low="1.0", high="4.0"), person={"age_days": "92"})
    assert state(answer, "LYMPH") == "low-by-some"


@readers
def test_anc_1_2_at_six_hours_is_cannot_tell_newborn_chart_needed(language: str, audience: str) -> None:
    answer = ask(language, audience, count("NEUT", "1.2"), person={"age_hours": "6"})
    assert state(answer, "NEUT") == "cannot-tell"
    assert "NEWBORN_CHART_NEEDED" in {issue.code for issue in answer.issues}


@readers
def test_blasts_on_the_film_with_no_pathway_chosen_raise_the_floor(language: str, audience: str) -> None:
    calm = ask(language, audience, count("WBC", "3.6"))
    answer = ask(language, audience, count("WBC", "3.6"), count("BLAST", "3", unit="%"))
    assert "rf.blasts" in flags(answer)
    assert level(answer) >= URGENCIES.index("same-day") > level(calm)


@readers
def test_a_stale_anc_0_3_is_shown(language: str, audience: str) -> None:
    answer = ask(language, audience, count("NEUT", "0.3", "2026-03-01"))
    assert "rf.stale-severe" in flags(answer)
    assert level(answer) >= URGENCIES.index("emergency-if-symptoms")
    assert "0.3" in text.render(answer).replace("0,3", "0.3")


@readers
@pytest.mark.parametrize("more", ["falling", "second line"])
def test_duffy_null_never_explains_a_falling_count_or_a_second_low_line(
    language: str, audience: str, more: str
) -> None:
    person = {"age_years": "40", "sex": "male", "duffy": "null"}
    if more == "falling":
        counts = [count("NEUT", "1.4", "2025-11-01"), count("NEUT", "1.4", "2026-06-01"), count("NEUT", "0.8")]
    else:
        counts = [count("NEUT", "1.4", "2026-06-01"), count("NEUT", "1.4"), count("PLT", "60", low="150")]
    answer = ask(language, audience, *counts, person=person, medications=[], conditions=[])
    assert pseudo(answer, "constitutional") not in ("supported", "possible")


ARTEFACTS: list[tuple[dict[str, str], ...]] = [
    (said("clumps-on-film"),),
    (said("recount-normal"),),
    (said("sample-old"), said("clot-in-tube"), said("drawn-near-infusion")),
    (said("channels-differ"), said("cold-agglutinin-pattern")),
]


@readers
@pytest.mark.parametrize("notes", ARTEFACTS, ids=lambda notes: notes[0]["kind"])
def test_an_artefact_note_never_lowers_any_of_these(
    language: str, audience: str, notes: tuple[dict[str, str], ...]
) -> None:
    for counts, vitals in (
        ([count("NEUT", "0.2")], [degrees("38.6")]),
        ([count("NEUT", "0.3")], []),
        ([count("WBC", "0.4")], []),
        ([count("WBC", "0.1"), count("NEUT", "0.12")], []),
        ([count("WBC", "3.6"), count("BLAST", "3", unit="%")], []),
        ([count("NEUT", "0.3", "2026-03-01")], []),
    ):
        clear = ask(language, audience, *counts, vitals=vitals)
        noted = ask(language, audience, *counts, vitals=[*vitals, *notes])
        assert level(noted) >= level(clear)
        assert finding(noted) == finding(clear)


# --- The floor, rule by rule, where more than counts is known -------------------------------------


@readers
@pytest.mark.parametrize("person", AGES, ids=lambda p: "-".join(p.values()) or "unknown")
def test_sf_1_drugs_and_conditions_change_no_word_of_severe(
    language: str, audience: str, person: dict[str, str]
) -> None:
    answer = ask(
        language, audience, count("NEUT", "0.3"), person=person,
        medications=[{"text": "prednisone", "start": "2026-10-01", "status": "active"}], conditions=[{"text": "lupus"}],
    )  # fmt: skip
    assert finding(answer) == "neutropenia.severe"


SYMPTOMS = ("unwell", "shivering", "confused", "breathless", "sore-throat", "mouth-ulcers", "temp-low")


@readers
@pytest.mark.parametrize("vital", [degrees("38.0"), degrees("41"), *map(said, SYMPTOMS)], ids=lambda v: v["kind"])
def test_sf_2_severe_with_fever_or_unwell_is_an_emergency(language: str, audience: str, vital: dict[str, str]) -> None:
    assert ask(language, audience, count("NEUT", "0.49"), vitals=[vital]).verdict.urgency.level == "emergency"
    assert ask(language, audience, count("WBC", "0.4"), vitals=[vital]).verdict.urgency.level == "emergency"


@readers
@pytest.mark.parametrize(
    ("anc", "vitals"),
    [
        ("0.5", [degrees("38.1")]),
        ("0.9", [degrees("38.4")]),
        ("0.9", [said("temp-38.0-over-one-hour")]),
        ("0.9", [degrees("38.1"), said("before-nadir")]),
        ("0.5", [degrees("38.3"), said("anc-expected-under-0.5")]),
    ],
)
def test_sf_2_any_definition_that_is_met_is_an_emergency(
    language: str, audience: str, anc: str, vitals: list[dict[str, str]]
) -> None:
    assert ask(language, audience, count("NEUT", anc), vitals=vitals).verdict.urgency.level == "emergency"


LINES = (count("HGB", "8.0", unit="g/dL"), count("PLT", "40"))
NORMAL = (
    count("WBC", "6", "2025-11-01"),
    count("HGB", "14.5", "2025-11-01", "g/dL", low="12"),
    count("PLT", "250", "2025-11-01", low="150"),
)
FLOOR: list[tuple[str, list[dict[str, str]], list[dict[str, str]]]] = [
    ("rf.blasts", [count("WBC", "5"), count("BLAST", "1", unit="%")], []),
    ("rf.promyelocytes", [count("WBC", "1.5")], [said("abnormal-promyelocytes")]),
    ("rf.new-severe", [count("NEUT", "4", "2026-05-01"), count("NEUT", "0.4")], []),
    ("rf.new-severe", [count("NEUT", "0.4")], []),
    ("rf.new-pancytopenia", [*NORMAL, count("WBC", "2.0"), *LINES], []),
    ("rf.new-pancytopenia", [count("WBC", "2.0"), *LINES], []),
    ("rf.bleeding", [count("WBC", "2.0")], [said("bleeding")]),
    ("rf.bleeding", [count("NEUT", "0.9")], [said("coagulopathy")]),
    ("rf.bleeding", [count("WBC", "2.0")], [{"kind": "fibrinogen", "value": "1.2", "unit": "g/L"}]),
    ("rf.schistocytes", [count("WBC", "5"), count("PLT", "22", low="150")], [said("schistocytes")]),
    ("rf.schistocytes", [count("WBC", "5"), count("PLT", "22")], [said("schistocytes")]),
    ("rf.hlh", [count("WBC", "2.0"), *LINES], [degrees("39"), said("big-spleen")]),
    ("rf.hlh", [count("WBC", "2.0"), *LINES], [degrees("39"), said("ferritin-very-high")]),
    ("rf.leukoerythroblastic", [count("WBC", "5")], [said("leukoerythroblastic-film")]),
    ("rf.hyperleukocytosis", [count("WBC", "101")], []),
]


@readers
@pytest.mark.parametrize(("flag", "counts", "vitals"), FLOOR, ids=[f"{n}-{one[0]}" for n, one in enumerate(FLOOR)])
def test_sf_3_the_floor_is_evaluated_from_whatever_is_known(
    language: str, audience: str, flag: str, counts: list[dict[str, str]], vitals: list[dict[str, str]]
) -> None:
    answer = ask(language, audience, *counts, vitals=vitals)
    assert flag in flags(answer)
    assert level(answer) >= URGENCIES.index("same-day")


@readers
@pytest.mark.parametrize("pathway", ["SA-HEALTH", "NHS-LOTHIAN", "NHS-BORDERS", "DEVON", "PAPER-GP"])
def test_sf_3_a_local_pathway_adds_and_never_removes(language: str, audience: str, pathway: str) -> None:
    for counts in (
        [count("NEUT", "0.4")],
        [count("WBC", "3.6"), count("BLAST", "3", unit="%")],
        [count("NEUT", "1.2")],
    ):
        alone = ask(language, audience, *counts)
        beside = ask(language, audience, *counts, pathways=[pathway])
        assert level(beside) >= level(alone)
        assert flags(beside) >= flags(alone)


@readers
def test_sf_4_a_neutrophil_count_beside_a_blast_flag_is_marked(language: str, audience: str) -> None:
    answer = ask(language, audience, count("WBC", "3.4"), count("NEUT", "1.6"), count("BLAST", "8", unit="%"))
    assert "rf.blasts" in flags(answer)
    assert any("BLAST" in issue.code for issue in answer.issues)


@readers
def test_sf_7_the_headline_is_the_drug_monitored_lineage(language: str, audience: str) -> None:
    drugs = [{"text": "clozapine", "start": "2026-10-02", "status": "active"}]
    answer = ask(language, audience, count("WBC", "5.0"), count("NEUT", "1.4"), medications=drugs)
    assert answer.verdict.headline_analyte == "NEUT"


@readers
def test_sf_8_the_safety_net_is_there_with_and_without_drugs(language: str, audience: str) -> None:
    for drugs in (None, [], [{"text": "clozapine"}], [{"text": "aspartame"}]):
        answer = ask(language, audience, count("NEUT", "1.2"), medications=drugs)
        assert answer.safety_net_text


@readers
def test_sf_9_an_old_severe_count_is_silent_only_after_a_later_one(language: str, audience: str) -> None:
    alone = ask(language, audience, count("NEUT", "0.3", "2026-03-01"))
    repeated = ask(language, audience, count("NEUT", "0.3", "2026-03-01"), count("NEUT", "3.0"))
    assert "rf.stale-severe" in flags(alone)
    assert "rf.stale-severe" not in flags(repeated)


BLOCKS: list[dict[str, Any]] = [
    {"vitals": [degrees("38.4")]},
    {"vitals": [said("fever-stated")]},
    {"medications": [{"text": "carbimazole", "start": "2026-10-10", "status": "active"}]},
    {"person": {"duffy": "unknown"}},
    {"person": {"duffy": "non-null"}},
]


@readers
@pytest.mark.parametrize("more", BLOCKS, ids=["fever", "stated", "drug", "untyped", "non-null"])
def test_sf_10_a_constitutional_count_is_not_supported_then(language: str, audience: str, more: dict[str, Any]) -> None:
    person = {"age_years": "40", "sex": "male", "duffy": "null"} | more.get("person", {})
    counts = [count("NEUT", "1.3", f"{year}-11-01") for year in (2022, 2023, 2024, 2025)]
    answer = ask(language, audience, *counts, count("NEUT", "1.3"), **{**more, "person": person})
    assert pseudo(answer, "constitutional") != "supported"


@readers
def test_sf_11_a_pregnant_woman_is_not_cleared_by_another_interval(language: str, audience: str) -> None:
    person = {"age_years": "30", "sex": "female", "pregnant": "yes", "gestation_weeks": "20"}
    answer = ask(language, audience, count("NEUT", "2.5", low="1.8", high="7.5"), person=person, medications=[])
    assert state(answer, "NEUT") != "not-low"


# --- Nothing that is added lowers an urgency ------------------------------------------------------

DRUGS = (
    "clozapine", "metamizole", "prednisone", "filgrastim", "carboplatin", "natalizumab", "aspartame", "carbimazole",
    "methotrexate", "rituximab", "amoxicillin",
)  # fmt: skip
CONDITIONS = ("lupus", "HIV", "hypersplenism", "cirrhosis", "pregnancy", "cyclic neutropenia", "dengue", "migraine")
STATED = (
    "clumps-on-film", "sample-old", "clot-in-tube", "drawn-near-infusion", "channels-differ", "cold-agglutinin-pattern",
    "film-agrees", "recount-normal", "infection-onset", "during-dialysis", "feels-well", "own-usual-level",
    "unwell", "sore-throat", "bleeding", "big-spleen", "schistocytes", "film-done", "repeated-infections",
)  # fmt: skip
days = st.sampled_from(["2025-06-01", "2026-05-01", "2026-10-10", "2026-11-10", "2026-11-18", ""])
COUNTS = st.lists(
    st.builds(
        count,
        st.sampled_from(["NEUT", "WBC", "LYMPH"]),
        st.sampled_from(["0", "0.05", "0.3", "0.5", "0.9", "1.2", "1.6", "2.4", "3.6", "5.0", "9.0"]),
        st.sampled_from(["2025-11-01", "2026-08-01", "2026-11-12", DAY]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: (one["test"], one["collected"]),
)
BASE = st.fixed_dictionaries(
    {
        "person": st.sampled_from(AGES),
        "vitals": st.lists(
            st.sampled_from([degrees("36.5"), degrees("38.0"), degrees("38.7"), said("unwell")]), max_size=2
        ),
    }
)
DRUG = st.builds(
    lambda text, start, status: {"text": text, "start": start, "status": status},
    st.sampled_from(DRUGS),
    days,
    st.sampled_from(["active", "stopped", "completed", "not-taken", ""]),
)
CONDITION = st.builds(lambda text, start: {"text": text, "start": start}, st.sampled_from(CONDITIONS), days)


def asked(counts: list[dict[str, str]], base: dict[str, Any], **more: Any) -> int:
    language, audience = more.pop("reader", ("en", "clinician"))
    return level(ask(language, audience, *counts, **{**base, **more}))


@settings(max_examples=60, deadline=None)
@given(COUNTS, BASE, st.lists(DRUG, max_size=3), st.lists(CONDITION, max_size=2))
def test_drugs_and_conditions_never_lower_the_urgency(counts: Any, base: Any, drugs: Any, conditions: Any) -> None:
    alone = asked(counts, base)
    assert asked(counts, base, medications=drugs, conditions=conditions) >= alone
    assert asked(counts, base, medications=[], conditions=[]) >= alone


@settings(max_examples=60, deadline=None)
@given(COUNTS, BASE, st.lists(st.sampled_from(STATED), max_size=4, unique=True))
def test_notes_and_signs_never_lower_the_urgency(counts: Any, base: Any, signs: Any) -> None:
    more = [*base["vitals"], *(said(sign) for sign in signs)]
    assert asked(counts, base, vitals=more) >= asked(counts, base)


@settings(max_examples=60, deadline=None)
@given(COUNTS, BASE, st.sampled_from(DUFFY), st.sampled_from(READERS))
def test_duffy_audience_and_language_never_lower_the_urgency(counts: Any, base: Any, duffy: str, reader: Any) -> None:
    severe = any(one["test"] == "NEUT" and float(one["value"]) < 1.0 for one in counts)
    alone = asked(counts, base)
    assert asked(counts, base, reader=reader) == alone
    typed = asked(counts, base, person={**base["person"], "duffy": duffy})
    assert typed >= alone if severe else typed >= min(alone, URGENCIES.index("routine"))


@settings(max_examples=60, deadline=None)
@given(COUNTS, BASE, st.sampled_from(["flag", "status", "method"]))
def test_flags_of_the_laboratory_never_lower_the_urgency(counts: Any, base: Any, kind: str) -> None:
    marks = {"flag": {"flag": "*"}, "status": {"status": "preliminary"}, "method": {"method": "automated"}}[kind]
    assert asked([{**one, **marks} for one in counts], base) >= asked(counts, base)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["NEUT", "WBC"]), st.lists(st.integers(0, 90), min_size=1, max_size=4), BASE, st.data())
def test_a_lower_later_count_never_lowers_the_urgency(test: str, values: list[int], base: Any, data: Any) -> None:
    lower = data.draw(st.integers(0, values[-1]))
    counts = [count(test, f"{value / 10:.1f}", f"2026-10-{place + 1:02d}") for place, value in enumerate(values)]
    later = count(test, f"{lower / 10:.1f}")
    assert asked([*counts, later], base) >= asked(counts, base)
