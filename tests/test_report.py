"""The safety floor in the report, and its words: what is said, what is never said, in both languages and audiences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from leukon.assess import assess
from leukon.knowledge.model import Knowledge
from leukon.report.assessment import Assessment, Lineage
from leukon.report.part import URGENCIES
from leukon.report.phrases import Phrases, decimal, shown
from leukon.write import html, text

LANGUAGES = ("en", "pt")
AUDIENCES = ("clinician", "plain")
TOP = ("language", "audience", "scales", "as_of", "medications", "conditions", "vitals")
INCLUDES = re.compile(r"some limits|some lines|inside|not under the other|would not call|alguns limites|algumas linhas")
"""What SF-7 forbids of a graded count: that some limits include it."""


def ask(*results: tuple[Any, ...], **given: Any) -> Assessment:
    """("WBC", "3.6") or ("NEUT", "36", {"unit": "%"}) ...; `given` are fields of the subject or of the request."""
    observations = []
    for name, value, *more in results:
        extra: dict[str, Any] = more[0] if more else {}
        observations.append({"code": name, "value": value, "unit": "10*9/L", **extra})
    top = {k: given.pop(k) for k in TOP if k in given}
    return assess({"subject": given, "observations": observations, **top})


def lineage(assessment: Assessment, analyte: str) -> Lineage:
    return next(x for x in assessment.verdict.analytes if x.analyte == analyte)


def everywhere(*results: tuple[Any, ...], **given: Any) -> Iterator[Assessment]:
    for language, audience in product(LANGUAGES, AUDIENCES):
        yield ask(*results, language=language, audience=audience, **given)


# --- the headline (SF-7) ---------------------------------------------------------------------------


def test_the_headline_is_about_the_most_urgent_cell_type() -> None:
    for a in everywhere(("WBC", "4.5"), ("NEUT", "0.4")):
        assert a.verdict.state == "not-low"
        assert a.verdict.headline_analyte == "NEUT"
        assert a.verdict.urgency.level == "emergency-if-symptoms"
        assert a.verdict.number_lines[0].analyte == "NEUT"


def test_among_equals_neutrophils_come_first() -> None:
    a = ask(("WBC", "3.6"), ("NEUT", "1.3"), ("LYMPH", "0.9"))
    assert a.verdict.headline_analyte == "NEUT"


@pytest.mark.parametrize("value", ["0.05", "0.4", "0.9", "1.2", "1.49"])
@pytest.mark.parametrize("duffy", ["unknown", "null"])
@pytest.mark.parametrize("low", [None, "0.8"])
def test_a_graded_count_is_never_softened_by_those_who_include_it(value: str, duffy: str, low: str | None) -> None:
    interval = {"low": low, "high": "5.0"} if low else {}
    for a in everywhere(("NEUT", value, interval), duffy=duffy, age_years="40"):
        neutrophils = lineage(a, "NEUT")
        assert (neutrophils.worst_grade or 0) >= 2
        said = [a.verdict.headline, *a.verdict.also, neutrophils.finding_name]
        page = text.render(a)
        assert not any(INCLUDES.search(sentence) for sentence in said), said
        assert not re.search(r"^Neutr.*(by some|por alguns)", page, re.M | re.I)


def test_a_mildly_low_count_may_say_who_includes_it() -> None:
    a = ask(("WBC", "3.6", {"low": "4.0", "high": "11.0"}), sex="female", age_years="56")
    assert "inside 7 of the" in a.verdict.headline or re.search(r"inside \d+ of the \d+", a.verdict.headline)
    assert "this laboratory's limit (4.0)" in a.verdict.headline


def test_a_white_count_of_two_says_low_and_not_low_by_some() -> None:
    for a in everywhere(("WBC", "2.8", {"low": "2.5", "high": "8.0"}), ("NEUT", "0.4")):
        assert lineage(a, "WBC").state == "low-by-some"
        assert not any(INCLUDES.search(sentence) for sentence in a.verdict.also)


def test_a_count_over_all_bounds_is_said_first() -> None:
    a = ask(("WBC", "150"))
    assert a.verdict.urgency.level == "same-day"
    assert a.verdict.headline.startswith("Hyperleukocytosis.")


def test_white_count_alone_bounds_the_neutrophils() -> None:
    """SF-4: WBC 0.4 without a differential is severe neutropenia for certain."""
    for a in everywhere(("WBC", "0.4")):
        assert a.verdict.headline_analyte == "NEUT"
        assert a.verdict.urgency.level == "emergency-if-symptoms"
    assert ask(("WBC", "0.4")).verdict.headline.startswith("Severe neutropenia at least, possibly profound.")


def test_a_span_says_at_least() -> None:
    assert ask(("NEUT", "<1.0")).verdict.headline.startswith("Moderate neutropenia at least, possibly profound.")
    assert ask(("NEUT", "<0.1")).verdict.headline.startswith("Profound neutropenia.")


# --- units that could hide an alarm (SF-6) -----------------------------------------------------------


@pytest.mark.parametrize("value", ["31", "100", "400", "999"])
def test_a_white_count_without_unit_says_that_one_reading_is_dangerous(value: str) -> None:
    for a in everywhere(("WBC", value, {"unit": ""})):
        assert not a.grades
        assert not a.values
        assert a.verdict.urgency.level == "same-day"
        assert a.verdict.urgency.claims == ["c-sf-6"]
        assert value in a.verdict.headline
        assert re.search(r"today|hoje", a.verdict.headline)


def test_the_alarm_does_not_hide_what_can_be_judged() -> None:
    a = ask(("WBC", "100", {"unit": ""}), ("NEUT", "0.3"))
    assert a.verdict.urgency.level == "emergency-if-symptoms"
    assert any("0.3" in sentence for sentence in a.verdict.also)


# --- which sample answers (SF-9) ---------------------------------------------------------------------

OLD, NEW = {"collected": "2025-01-01T08:00Z"}, {"collected": "2026-02-01T08:00Z"}


def test_an_old_alarm_without_a_later_count_is_still_shown() -> None:
    a = ask(("NEUT", "0.3", OLD), ("WBC", "5.0", NEW))
    assert lineage(a, "NEUT").value == "0.3"
    assert a.verdict.headline_analyte == "NEUT"
    assert any("2025-01-01" in sentence and "no later count" in sentence for sentence in a.verdict.also)


def test_a_later_count_takes_its_place() -> None:
    a = ask(("NEUT", "0.3", OLD), ("NEUT", "2.6", NEW))
    assert lineage(a, "NEUT").value == "2.6"
    assert a.verdict.urgency.level == "none"


def test_an_old_calm_count_does_not_answer_for_a_newer_one_that_cannot_be_read() -> None:
    a = ask(("NEUT", "3.0", OLD), ("NEUT", "clotted", NEW))
    assert lineage(a, "NEUT").state == "cannot-tell"
    assert lineage(a, "NEUT").reason == "RESULT_NOT_NUMERIC"
    low = ask(("NEUT", "0.3", OLD), ("NEUT", "clotted", NEW))
    assert lineage(low, "NEUT").value == "0.3"
    assert "newer result" in lineage(low, "NEUT").note


def test_a_count_without_time_is_not_hidden_by_one_with() -> None:
    a = ask(("NEUT", "0.3"), ("NEUT", "3.0", NEW))
    assert lineage(a, "NEUT").value == "0.3"


# --- safety net, urgency, claims ---------------------------------------------------------------------


@pytest.mark.parametrize("results", [(), (("WBC", "7.0"),), (("NEUT", "0.2"),), (("WBC", "see note"),)])
def test_the_safety_net_prints_at_every_level(results: tuple[tuple[str, str], ...]) -> None:
    for a in everywhere(*results):
        assert len(a.safety_net) == len(a.safety_net_text) >= 5
        assert all(claim in a.claims for claim in a.safety_net)
        page = " ".join(text.render(a).split())
        assert all(" ".join(sentence.split())[:40] in page for sentence in a.safety_net_text)
        assert html.render(a).count('class="net"') == 1


def test_the_safety_net_does_not_wait_for_a_review(knowledge: Knowledge) -> None:
    states = {knowledge.claims[claim].review.status for claim in ask().safety_net}
    assert states == {"submitted"}


def test_every_urgency_above_none_has_a_claim() -> None:
    for value in ("0.05", "0.3", "0.7", "1.2", "1.6", "3.0"):
        level = ask(("NEUT", value)).verdict.urgency
        assert level.level in URGENCIES
        assert bool(level.claims) == (level.level != "none")


def test_lower_counts_are_never_less_urgent() -> None:
    values = [f"{n / 20:.2f}" for n in range(80)]
    levels = [URGENCIES.index(ask(("NEUT", value)).verdict.urgency.level) for value in values]
    assert levels == sorted(levels, reverse=True)


def test_whatever_is_cited_is_there() -> None:
    a = ask(("WBC", "2.2"), ("NEUT", "0.6"), ("LYMPH", "0.7"), sex="male", age_years="60")
    cited = [*a.verdict.urgency.claims, *a.safety_net, *(c for check in a.checks for c in check.why)]
    cited += [c for d in a.disagreements for p in d.positions for c in p.claims if c != "lab"]
    assert set(cited) <= set(a.claims)
    limits = {i for x in a.verdict.analytes for i in (*x.low_by, *x.not_low_by, *x.cannot_say)} - {"lim.lab"}
    assert limits <= set(a.limits)
    assert {s for limit in a.limits.values() for s in limit.sources} <= set(a.sources)
    assert all(claim.source.title and claim.review and claim.strength for claim in a.claims.values())


def test_a_contradicted_statement_is_shown_and_does_not_count() -> None:
    """Neutropenia "below 500": shown among the positions, never a vote."""
    a = ask(("NEUT", "0.6"), age_years="50")
    positions = next(d.positions for d in a.disagreements if d.analyte == "NEUT")
    seed = next(p for p in positions if p.value == "0.5" and p.says == "no-vote")
    assert seed.claims and not set(seed.limits) & {*lineage(a, "NEUT").low_by, *lineage(a, "NEUT").not_low_by}
    assert a.claims[seed.claims[0]].contradicted_by


# --- what is missing ---------------------------------------------------------------------------------


def test_what_is_missing_is_only_what_is_missing() -> None:
    bare = {m.id for m in ask(("WBC", "3.6")).missing}
    assert {
        "differential",
        "interval",
        "age",
        "sex",
        "earlier",
        "time",
        "temperature",
        "medicines",
        "conditions",
    } <= bare
    known = ask(
        ("WBC", "3.6", NEW | {"low": "4.0", "high": "11.0"}),
        ("NEUT", "2.6", NEW | {"low": "2.0", "high": "7.5"}),
        ("WBC", "4.2", OLD),
        sex="male",
        age_years="50",
        duffy="non-null",
        medications=[],
        conditions=[],
        vitals=[{"kind": "temperature", "value": "36.8", "unit": "Cel"}],
    )
    assert {m.id for m in known.missing} == {"symptoms"}


OTHERS = (("HGB", "14", NEW | {"unit": "g/dL", "low": "12"}), ("PLT", "250", NEW | {"low": "150"}))
"""The other blood lines, in their intervals."""


def test_constitution_explains_nothing_without_typing_or_when_severe() -> None:
    """SF-10. Another line that cannot be judged stands in the way too."""

    def state(*results: tuple[Any, ...], **given: Any) -> str:
        kinds = {p.kind: p.state for p in ask(*results, age_years="40", sex="female", **given).verdict.pseudo}
        assert set(kinds) == {"artefact", "redistribution", "constitutional"}
        return kinds["constitutional"]

    assert state(("NEUT", "1.3", NEW), *OTHERS) == "not-assessed"
    assert state(("NEUT", "1.3", NEW), *OTHERS, duffy="null") == "possible"
    assert state(("NEUT", "1.3", NEW), duffy="null") == "not-assessed"
    assert state(("NEUT", "0.4", NEW), *OTHERS, duffy="null") == "not-assessed"
    assert state(("NEUT", "1.3", NEW), OTHERS[0], ("PLT", "40", NEW | {"low": "150"}), duffy="null") == "not-assessed"
    assert state(("NEUT", "3.0", NEW), *OTHERS, duffy="null") == "not-assessed"


def test_low_even_for_duffy_null_says_so() -> None:
    """SF-10: 0.5 to 1.0 is low even then, and the note says it."""
    for a in everywhere(("NEUT", "0.9", NEW), *OTHERS, duffy="null", age_years="40", sex="female"):
        answer = next(p for p in a.verdict.pseudo if p.kind == "constitutional")
        assert answer.state != "supported"
        assert re.search(r"low even|baix[ao] mesmo", answer.note)


def test_a_clotted_sample_makes_an_artefact_possible() -> None:
    artefact = ask(("WBC", "2.0"), ("PLT", "clumps")).verdict.pseudo[0]
    assert (artefact.kind, artefact.state) == ("artefact", "possible")


# --- words ---------------------------------------------------------------------------------------------


def test_both_languages_hold_the_same_texts(knowledge: Knowledge) -> None:
    en, pt = knowledge.texts["en"], knowledge.texts["pt"]
    assert set(en) == set(pt)
    fields = re.compile(r"\{(\w+)\}")
    assert [key for key in en if set(fields.findall(en[key])) != set(fields.findall(pt[key]))] == []


PLAIN_NEVER = re.compile(
    r"\babnormal|\bdangerous|don't worry|fight|battle|anormal|perigos|não se preocupe|lutar|"
    r"antibiotic|filgrastim|transfusion|chemotherapy|antibiótico|transfusão|quimioterapia",
    re.I,
)


def test_plain_texts_keep_their_tone(knowledge: Knowledge) -> None:
    for language in LANGUAGES:
        texts = knowledge.texts[language]
        plain = [value for key, value in texts.items() if key.endswith(".plain") or key.startswith("ask.")]
        plain += [finding.plain[language] for finding in knowledge.findings.values()]
        plain += [claim.text[language] for key, claim in knowledge.claims.items() if key.startswith("c-net-plain")]
        assert [value for value in plain if PLAIN_NEVER.search(value)] == []


@pytest.mark.parametrize("results", [(("WBC", "100", {"unit": ""}),), (("NEUT", "0.3"),), (("WBC", "see note"),)])
def test_a_plain_report_keeps_its_tone(results: tuple[Any, ...]) -> None:
    for language in LANGUAGES:
        a = ask(*results, language=language, audience="plain")
        assert not PLAIN_NEVER.search(text.render(a))
        assert a.ask and not a.grades


def test_the_strong_phrase() -> None:
    assert "needs medical help today" in ask(("NEUT", "0.3"), audience="plain").verdict.urgency.text
    portuguese = ask(("NEUT", "0.3"), audience="plain", language="pt").verdict.urgency.text
    assert "precisa de atendimento médico hoje" in portuguese


def test_portuguese_writes_numbers_as_brazil_does() -> None:
    headline = ask(("WBC", "3.6"), language="pt").verdict.headline
    assert "3,6 ×10⁹/L (3.600/mm³)" in headline


def test_a_key_that_is_missing_is_an_error(knowledge: Knowledge) -> None:
    with pytest.raises(KeyError):
        Phrases(knowledge, "en", "plain")("no.such.key")


@pytest.mark.parametrize(
    ("base", "factor", "expected"),
    [
        (3_600_000_000, 10**9, "3.6"),
        (4_000_000_000, 10**9, "4.0"),
        (11_000_000_000, 10**9, "11"),
        (0, 10**9, "0"),
        (1, 10**9, "0.000000001"),
        (1_296_000_000, 10**9, "1.296"),
        (132_000, 10**4, "13.2"),
        (7, 1, "7"),
    ],
)
def test_decimals(base: int, factor: int, expected: str) -> None:
    assert decimal(base, factor) == expected


def test_spans_are_written_as_the_laboratory_would(knowledge: Knowledge) -> None:
    neutrophils = knowledge.analytes["NEUT"]
    assert shown(0, 99_999_999, neutrophils) == "<0.1"
    assert shown(0, 100_000_000, neutrophils) == "<=0.1"
    assert shown(100_000_000_001, 10**12, neutrophils, top=10**12) == ">100"
    assert shown(200_000_000, 400_000_000, neutrophils) == "0.2 to 0.4"


def test_a_stated_date_of_assessment_says_how_old_the_count_is() -> None:
    """B49: the age stands beside the headline; without a stated date nothing is old."""
    a = ask(("NEUT", "0.3", OLD), as_of="2026-02-01T08:00:00Z")
    assert any("396 days before" in sentence for sentence in a.verdict.also)
    assert not any("days before" in sentence for sentence in ask(("NEUT", "0.3", OLD)).verdict.also)


def test_what_grading_raised_is_among_the_issues() -> None:
    assert "LLN_MISSING" in {i.code for i in ask(("WBC", "3.6")).issues}
    within = ask(("WBC", "2.8", {"low": "2.5", "high": "8.0"}), scales=["CTCAE@5.0"])
    assert "GRADE_WITHIN_RANGE" in {i.code for i in within.issues}


def test_an_upper_bound_is_written_as_one() -> None:
    assert "at most 0.4" in ask(("WBC", "0.4"), audience="plain").verdict.headline
    assert "≤0.4" in ask(("WBC", "0.4")).verdict.headline
