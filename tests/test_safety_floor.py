"""The safety floor: what nothing lowers, each rule by its name in the design's safety page, for every reader.

Every case is put in both languages and to both audiences.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

import leukon as lk
from leukon.report.part import URGENCIES
from leukon.write import text

GIGA = "10*9/L"
READERS = list(product(("en", "pt"), ("clinician", "plain")))
AGES: list[dict[str, str]] = [
    {},
    {"age_hours": "6"},
    {"age_days": "2"},
    {"age_days": "20"},
    {"age_years": "3"},
    {"age_years": "56", "sex": "female"},
    {"age_years": "40", "sex": "male", "duffy": "null"},
    {"age_years": "30", "sex": "female", "pregnant": "yes"},
]
CALMING = ("and not under the other", "lines differ", "e não dos outros", "linhas publicadas diferem", "inside")

pytestmark = pytest.mark.parametrize(("language", "audience"), READERS, ids=["-".join(r) for r in READERS])


def ask(language: str, audience: str, person: dict[str, str], *rows: tuple[str, ...], **more: Any) -> lk.Assessment:
    """One sample; a row is (test, value[, unit[, the laboratory's lower limit]])."""
    observations = []
    for position, (test, value, *rest) in enumerate(rows):
        made: dict[str, Any] = {"id": f"o{position}", "code": {"text": test}, "value": value, "collected": "2026-11-19"}
        made |= {"unit": rest[0] if rest else GIGA} if not rest or rest[0] else {}
        made |= {"low": rest[1]} if len(rest) > 1 else {}
        observations.append(made)
    subject = {"id": "p1", **person}
    return lk.assess(
        {"subject": subject, "observations": observations, "language": language, "audience": audience, **more}
    )


def lineage(answer: lk.Assessment, analyte: str) -> Any:
    return next(one for one in answer.verdict.analytes if one.analyte == analyte)


@pytest.mark.parametrize("person", AGES, ids=lambda p: "-".join(p.values()) or "unknown")
def test_sf_1_severe_and_profound_at_every_age(language: str, audience: str, person: dict[str, str]) -> None:
    for value, finding in (("0.499", "severe"), ("0.1", "severe"), ("0.099", "profound"), ("0", "profound")):
        answer = ask(language, audience, person, ("NEUT", value, GIGA, "0.05"))
        assert lineage(answer, "NEUT").finding == f"neutropenia.{finding}"
        assert answer.verdict.urgency.level == "emergency-if-symptoms"
    assert lineage(ask(language, audience, person, ("NEUT", "0.5")), "NEUT").finding != "neutropenia.severe"


def test_sf_4_the_white_count_bounds_every_lineage(language: str, audience: str) -> None:
    answer = ask(language, audience, {}, ("WBC", "0.4"))
    assert lineage(answer, "NEUT").finding == "neutropenia.severe"
    assert answer.verdict.headline_analyte == "NEUT"
    assert lineage(ask(language, audience, {}, ("WBC", "6.0")), "NEUT").state == "cannot-tell"


def test_sf_5_a_low_count_is_not_discarded_for_rounding(language: str, audience: str) -> None:
    answer = ask(language, audience, {}, ("WBC", "0.1"), ("NEUT", "0.12"))
    assert answer.excluded == []
    assert lineage(answer, "NEUT").finding == "neutropenia.severe"


def test_sf_6_a_count_without_unit_that_may_be_dangerously_low(language: str, audience: str) -> None:
    for value in ("30.1", "100", "999"):
        answer = ask(language, audience, {}, ("WBC", value, ""), infer_units=True)
        assert [one.code for one in answer.excluded] == ["UNIT_AMBIGUOUS"]
        assert answer.grades == []
        assert URGENCIES.index(answer.verdict.urgency.level) >= URGENCIES.index("same-day")
        told = text.render(answer)
        assert ("today" if language == "en" else "hoje") in told


def test_sf_7_the_headline_is_the_most_urgent_lineage(language: str, audience: str) -> None:
    answer = ask(language, audience, {}, ("WBC", "4.5"), ("NEUT", "0.4"))
    assert answer.verdict.headline_analyte == "NEUT"
    assert answer.verdict.state in ("low-by-some", "not-low")


@pytest.mark.parametrize(
    "rows", [(("NEUT", "0.9", GIGA, "0.8"),), (("WBC", "2.8", GIGA, "2.5"),), (("NEUT", "1.4", GIGA, "1.2"),)]
)
def test_sf_7_nothing_calms_what_a_scale_grades_two(language: str, audience: str, rows: Any) -> None:
    answer = ask(language, audience, {"age_years": "40", "sex": "male", "duffy": "null"}, *rows)
    assert not any(words in answer.verdict.headline.lower() for words in CALMING)
    differing = ask(language, audience, {}, ("WBC", "3.6"))
    assert any(words in differing.verdict.headline.lower() for words in CALMING)


@pytest.mark.parametrize(
    "rows", [(("WBC", "7.0"),), (("NEUT", "0.05"),), (("WBC", "3.6"),), (("WBC", "see note"),), ()]
)
def test_sf_8_the_safety_net_is_always_there(language: str, audience: str, rows: Any) -> None:
    answer = ask(language, audience, {}, *rows)
    assert answer.safety_net and answer.safety_net_text
    told = " ".join(text.render(answer, width=10_000).split())
    for sentence in answer.safety_net_text:
        assert " ".join(sentence.split()) in told


def test_sf_11_an_interval_for_others_cannot_clear_a_count(language: str, audience: str) -> None:
    infant = ask(language, audience, {"age_days": "92"}, ("LYMPH", "1.4", GIGA, "1.0"))
    assert lineage(infant, "LYMPH").state == "low-by-some"
    pregnant = ask(
        language, audience, {"sex": "female", "age_years": "30", "pregnant": "yes"}, ("NEUT", "2.5", GIGA, "1.8")
    )
    assert lineage(pregnant, "NEUT").state == "low-by-some"
    newborn = ask(language, audience, {"age_hours": "6"}, ("NEUT", "2.0", GIGA, "1.8"))
    assert lineage(newborn, "NEUT").state == "cannot-tell"


def test_the_newborn_needs_a_chart_of_its_own(language: str, audience: str) -> None:
    answer = ask(language, audience, {"age_hours": "6"}, ("NEUT", "1.2"))
    assert lineage(answer, "NEUT").state == "cannot-tell"
    assert "NEWBORN_CHART_NEEDED" in {issue.code for issue in answer.issues}


def test_an_artefact_note_lowers_nothing(language: str, audience: str) -> None:
    clear = ask(language, audience, {}, ("NEUT", "0.3"))
    noted = ask(language, audience, {}, ("NEUT", "0.3"), ("PLT", "clumped"))
    assert noted.verdict.urgency.level == clear.verdict.urgency.level
    assert lineage(noted, "NEUT").finding == lineage(clear, "NEUT").finding
    assert next(p.state for p in noted.verdict.pseudo if p.kind == "artefact") == "possible"
