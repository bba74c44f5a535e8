"""Cases that a haematologist would try first: a calm word over an alarm, a limit for somebody else, a span."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

import leukon as lk
from leukon.report.assessment import Assessment, Lineage

READERS = list(product(("en", "pt"), ("clinician", "plain")))
ADULT = {"age_years": "45", "sex": "female", "pregnant": "no"}
INFANT = {"sex": "male"}
SITE = """kind: limits
review: {status: submitted, by: [], checked: 2026-11-20}
items:
  - id: lim.site.neut
    question: neutropenia
    analyte: NEUT
    bound: lower
    value: 1.0
    unit: 10*9/L
    kind: site
    role: votes
    population: {en: "our adults", pt: "nossos adultos"}
    age: {from: 18 y, to: null}
    year: 2026
    sources: [UKRI20]
    strength: laboratory
    evidence: seen
"""


def ask(person: dict[str, Any], *rows: tuple[Any, ...], **more: Any) -> Assessment:
    """A row is (test, value[, {field: value}]); all of one sample unless `collected` says otherwise."""
    observations = []
    for place, (test, value, *rest) in enumerate(rows):
        given = {"id": f"o{place}", "test": test, "value": value, "unit": "10*9/L", "collected": "2026-11-19T08:00:00Z"}
        observations.append(given | (rest[0] if rest else {}))
    return lk.assess({"subject": person, "observations": observations, **more})


def lineage(answer: Assessment, analyte: str) -> Lineage:
    return next(one for one in answer.verdict.analytes if one.analyte == analyte)


def question(answer: Assessment, name: str) -> Any:
    return next(one for one in answer.verdict.questions if one.question == name)


def first_words(answer: Assessment) -> str:
    return " ".join((answer.verdict.headline, *answer.verdict.also))


# --- an interval for somebody else (SF-11) ---------------------------------------------------------


@pytest.mark.parametrize("age", [{"age_months": str(n)} for n in range(24)] + [{"birth_date": "2026-11"}])
def test_an_adult_interval_never_clears_an_infant(age: dict[str, str]) -> None:
    answer = ask(INFANT | age, ("LYMPH", "1.4", {"low": "1.0", "high": "4.0"}))
    assert lineage(answer, "LYMPH").state in ("low-by-some", "cannot-tell")


def test_a_year_of_birth_is_a_span_of_ages() -> None:
    person = INFANT | {"birth_date": "2026"}
    answer = ask(person, ("WBC", "5", {"low": "4", "high": "11"}), ("NEUT", "1.8", {"low": "1.5", "high": "8"}))
    assert lineage(answer, "WBC").state == "cannot-tell"
    assert lineage(answer, "NEUT").state == "cannot-tell"


def test_an_exact_age_without_a_published_limit_still_uses_the_laboratory() -> None:
    answer = ask(INFANT | {"age_years": "12"}, ("WBC", "5", {"low": "4", "high": "11"}))
    assert lineage(answer, "WBC").state == "not-low"
    assert "AGE_NOT_COVERED" in {issue.code for issue in answer.issues}


def test_under_every_published_limit_is_said_beside_a_laboratory_that_disagrees() -> None:
    answer = ask(ADULT | {"pregnant": "yes"}, ("WBC", "5.0", {"low": "4.0", "high": "11"}))
    assert "every published limit" in answer.verdict.headline


def test_one_published_limit_that_agrees_with_the_laboratory_is_counted() -> None:
    mono = ask({"age_years": "40", "sex": "male"}, ("MONO", "0.165", {"low": "0.1", "high": "1.0"}))
    assert len([i for i in lineage(mono, "MONO").not_low_by if i != "lim.lab"]) == 1
    assert "every published limit" not in mono.verdict.headline


def test_the_limit_of_the_site_is_not_counted_among_the_published(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(SITE, encoding="utf-8")
    site = lk.load_knowledge(over=tmp_path)
    person = {"age_years": "40", "sex": "male"}
    rows = [{"test": "NEUT", "value": "0.9", "unit": "10*9/L"}]
    answer = lk.assess({"subject": person, "observations": rows}, knowledge=site)
    primary = lineage(answer, "NEUT").primary_limit
    assert primary is not None and primary.origin == "site"
    assert "(1.47 to 2.5)" in answer.verdict.headline
    child = lk.assess({"subject": {"age_years": "4", "sex": "male"}, "observations": rows}, knowledge=site)
    assert "lim.site.neut" not in lineage(child, "NEUT").low_by


# --- alarms that something calmer could hide ---------------------------------------------------------


@pytest.mark.parametrize(("language", "audience"), READERS)
def test_of_two_finals_the_alarming_one_is_in_the_headline(language: str, audience: str) -> None:
    answer = ask(ADULT, ("NEUT", "0.4"), ("NEUT", "1.6"), language=language, audience=audience)
    assert lineage(answer, "NEUT").state == "cannot-tell"
    assert answer.verdict.urgency.level == "emergency-if-symptoms"
    assert ("0.4" if language == "en" else "0,4") in answer.verdict.headline


@pytest.mark.parametrize(("language", "audience"), READERS)
def test_a_less_urgent_finding_stands_beneath_the_headline(language: str, audience: str) -> None:
    over = ask(ADULT, ("WBC", "120"), ("NEUT", "0.3"), language=language, audience=audience)
    assert over.verdict.headline_analyte == "NEUT"
    assert question(over, "leukocytosis").name.lower()[:12] in first_words(over).lower()
    all_low = ask(
        ADULT, ("WBC", "0.3"), ("HGB", "7", {"unit": "g/dL"}), ("PLT", "20"), language=language, audience=audience
    )
    assert question(all_low, "pancytopenia").name[:12].lower() in first_words(all_low).lower()


@pytest.mark.parametrize(("language", "audience"), READERS)
def test_a_bound_says_that_it_may_be_severe(language: str, audience: str) -> None:
    half = "0.5" if language == "en" else "0,5"
    for rows in ([("WBC", "1.0")], [("WBC", "5"), ("GRAN", "1.2")], [("WBC", "5"), ("BAND", "4", {"unit": "%"})]):
        note = lineage(ask(ADULT, *rows, language=language, audience=audience), "NEUT").note
        assert half in note
        assert "anc." not in note
    assert half not in lineage(ask(ADULT, ("NEUT", "0.9"), language=language, audience=audience), "NEUT").note


def test_a_later_bound_does_not_hide_an_earlier_severe_count() -> None:
    old = ("NEUT", "0.4", {"collected": "2026-10-01"})
    for later in ([("WBC", "1.8")], [("WBC", "5"), ("BAND", "4", {"unit": "%"})], [("WBC", "5")]):
        assert ask(ADULT, old, *later).verdict.urgency.level == "emergency-if-symptoms"
    for recovered in ("2.6", ">1.4"):
        assert ask(ADULT, old, ("NEUT", recovered)).verdict.urgency.level in ("none", "routine")


# --- spans and definitions ----------------------------------------------------------------------------


def test_pancytopenia_of_a_span_is_not_decided_by_one_of_its_ends() -> None:
    rest = (("HGB", "9", {"unit": "g/dL"}), ("PLT", "80"))
    assert question(ask(ADULT, ("WBC", "1.9"), *rest), "pancytopenia").state == "cannot-tell"  # ANC up to 1.9
    assert question(ask(ADULT, ("WBC", "1.7"), *rest), "pancytopenia").state == "yes-by-some"  # ANC under 1.8 for sure
    limits = [{"low": low} for low in ("4.0", "12", "150")]
    span = ask(
        ADULT, ("WBC", "<4.5", limits[0]), ("HGB", "11", limits[1] | {"unit": "g/dL"}), ("PLT", "120", limits[2])
    )
    assert question(span, "pancytopenia").state == "cannot-tell"


def test_a_usual_level_is_no_definition_of_agranulocytosis() -> None:
    usual = {"usual_level": {"analyte": "NEUT", "kind": "range", "low": "1.0"}}
    answer = ask(ADULT | usual, ("NEUT", "1.3"))
    assert question(answer, "agranulocytosis").state == "no"
    primary = lineage(answer, "NEUT").primary_limit
    assert primary is not None and primary.origin == "usual-level"


@pytest.mark.parametrize("person", [{"age_days": "20"}, {"age_months": "6"}, {"age_years": "45"}])
def test_no_grade_zero_of_neutropenia(person: dict[str, str]) -> None:
    answer = ask(person, ("NEUT", "1.6"), ("WBC", "5"))
    assert not [g for g in answer.grades if g.scale == "CLINICAL-SEVERITY"]


# --- company ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "audience"), READERS)
def test_platelets_and_haemoglobin_are_never_called_routine(language: str, audience: str) -> None:
    answer = ask(
        ADULT, ("PLT", "5", {"low": "150"}), ("HGB", "4", {"low": "12", "unit": "g/dL"}),
        language=language, audience=audience,
    )  # fmt: skip
    assert answer.verdict.urgency.level == "none"
    assert lineage(answer, "PLT").note
    assert lineage(answer, "HGB").note in answer.verdict.also


@pytest.mark.parametrize(("language", "audience"), READERS)
def test_medicines_that_are_not_judged_stand_beside_the_urgency(language: str, audience: str) -> None:
    rows = (("WBC", "3.6"), ("NEUT", "36", {"unit": "%"}))
    sent = [{"id": "m1", "text": "clozapine"}]
    more = first_words(ask(ADULT, *rows, medications=sent, language=language, audience=audience))
    assert more != first_words(ask(ADULT, *rows, language=language, audience=audience))


# --- red flags and cells that mislead ------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "audience"), READERS)
def test_blasts_are_a_red_flag_beside_any_count(language: str, audience: str) -> None:
    percent = {"unit": "%"}
    answer = ask(ADULT, ("WBC", "6"), ("NEUT", "2.6"), ("BLAST", "30", percent), language=language, audience=audience)
    assert answer.verdict.urgency.level == "same-day"
    assert "c-sf-3" in answer.claims
    assert "blast" in answer.verdict.headline.lower()
    assert answer.verdict.also[0].startswith("Neutr")
    severe = ask(ADULT, ("NEUT", "0.3"), ("BLAST", "30", percent), language=language, audience=audience)
    assert severe.verdict.urgency.level == "emergency-if-symptoms"
    assert "blast" in severe.verdict.also[0].lower()
    none = ask(ADULT, ("WBC", "6"), ("NEUT", "2.6"), ("BLAST", "0", percent), language=language, audience=audience)
    assert none.verdict.urgency.level == "none"


@pytest.mark.parametrize(("language", "audience"), READERS)
def test_nucleated_red_cells_are_said_beside_a_white_count(language: str, audience: str) -> None:
    nrbc = ("NRBC", "100", {"unit": "/100 WBC"})
    answer = ask(ADULT, ("WBC", "6"), nrbc, language=language, audience=audience)
    assert lineage(answer, "WBC").note in answer.verdict.also
    assert lineage(answer, "WBC").note


def test_few_basophils_are_no_headline() -> None:
    answer = ask(ADULT, ("WBC", "6"), ("NEUT", "3.3"), ("BASO", "0"), ("EOS", "0"), ("BAND", "0"))
    assert answer.verdict.headline_analyte in ("NEUT", "WBC")
    assert answer.verdict.urgency.level == "none"
    assert lineage(answer, "BASO").state == "low-by-some"
