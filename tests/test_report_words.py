"""Words that could calm or mislead: what was not used, what lasts, what is only possible."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from leukon.assess import assess
from leukon.knowledge.model import Knowledge
from leukon.report.assessment import Assessment
from leukon.write import html
from leukon.write.candidates import Candidates
from leukon.write.view import View

DAY = "2026-03-20"
READERS = tuple(product(("en", "pt"), ("clinician", "plain")))
NOTHING = re.compile(r"^(Nothing that was sent|Nothing in what was given|Nada do que foi)")


def ask(*counts: tuple[str, str, str], person: dict[str, Any] | None = None, **given: Any) -> Assessment:
    observations = [{"code": c, "value": v, "unit": "10*9/L", "collected": day} for c, v, day in counts]
    return assess({"subject": {"age_years": "40", **(person or {})}, "observations": observations, **given})


def everyone(*counts: tuple[str, str, str], **given: Any) -> Iterator[Assessment]:
    for language, audience in READERS:
        yield ask(*counts, language=language, audience=audience, **given)


def nothing(a: Assessment) -> str:
    return Candidates(View(a, None)).nothing()


# --- why there is no candidate ----------------------------------------------------------------------------


def test_with_everything_sent_and_nothing_known_it_says_so() -> None:
    for a in everyone(("NEUT", "0.7", DAY), medications=[], conditions=[]):
        assert NOTHING.match(nothing(a))


def test_a_medicine_that_was_not_recognised_is_named() -> None:
    for a in everyone(("NEUT", "0.7", DAY), medications=[{"text": "clozapin"}], conditions=[]):
        told = nothing(a)
        assert not NOTHING.match(told)
        assert "clozapin" in told
        assert told in html.render(a)


def test_a_medicine_whose_times_do_not_fit_is_named() -> None:
    for a in everyone(
        ("NEUT", "0.7", DAY), medications=[{"text": "carbimazole", "start": "2026-03-25"}], conditions=[]
    ):
        assert {e.timing.fits for e in a.explanations} == {"no"}
        assert not NOTHING.match(nothing(a))
        assert re.search("carbima[zs]ol", nothing(a))


def test_what_is_known_by_name_only_is_listed_and_said(knowledge: Knowledge) -> None:
    by_name = [c for c in knowledge.causes.values() if c.role == "inactive" and c.evidence_level == "recalled"]
    name = next(c.name["en"] for c in by_name if c.type == "drug")
    for a in everyone(("NEUT", "0.7", DAY), medications=[{"text": name}], conditions=[]):
        assert not a.explanations
        assert [(one.named, one.code) for one in a.unused] == [(name, "")]
        assert a.unused[0].text in nothing(a)
        assert not NOTHING.match(nothing(a))


def test_only_what_could_be_judged_is_called_not_low() -> None:
    for a in everyone(("WBC", "7.0", DAY), ("NEUT", "abc", DAY)):
        assert re.search("could be judged|pôde ser avaliad", nothing(a))
    for a in everyone(("WBC", "7.0", DAY), ("NEUT", "4.0", DAY)):
        assert not re.search("could be judged|pôde ser avaliad", nothing(a))


# --- states of monitoring programmes -----------------------------------------------------------------------

CLOZAPINE = [{"text": "clozapine", "start": "2026-01-01"}]


def test_a_state_that_lasts_says_from_which_count() -> None:
    for a in everyone(("NEUT", "0.8", "2026-02-20"), ("NEUT", "2.8", DAY), medications=CLOZAPINE, jurisdictions=["EU"]):
        (one,) = a.monitoring
        assert (one.state, one.urgency) == ("red", "same-day")
        assert re.search("2026-02-20|20/02/2026", one.text)
        assert one.text in a.verdict.also


def test_a_state_of_the_newest_count_does_not_speak_of_an_earlier_one() -> None:
    for a in everyone(("NEUT", "2.8", "2026-02-20"), ("NEUT", "0.8", DAY), medications=CLOZAPINE, jurisdictions=["EU"]):
        (one,) = a.monitoring
        assert one.state == "red"
        assert not re.search("stays in force|continua valendo|still matters|ainda importa", one.text)


def test_a_state_from_a_white_count_alone_is_only_possible() -> None:
    for language in ("en", "pt"):
        a = ask(("WBC", "1.2", DAY), medications=CLOZAPINE, jurisdictions=["EU"], language=language)
        (one,) = a.monitoring
        assert re.match("possible|possível", one.state_name)
        assert re.search("not counted|não foram contados", one.state_name)
        assert re.match("If so|Se for assim", one.action)


def test_without_a_count_of_the_ladder_it_says_so() -> None:
    for a in everyone(("WBC", "7.0", DAY), medications=CLOZAPINE, jurisdictions=["EU"]):
        (one,) = a.monitoring
        assert one.state == "cannot-tell"
        assert re.search("No count here|No number here|Nenhuma contagem|Não há aqui um número", one.text)


# --- a low level by birth ----------------------------------------------------------------------------------


def test_a_low_level_by_birth_is_not_offered_where_it_is_ruled_out() -> None:
    given = {"person": {"duffy": "null"}, "conditions": [{"text": "Duffy-null"}], "medications": []}
    for a in everyone(("NEUT", "1.4", "2025-03-20"), ("NEUT", "0.3", DAY), **given):
        assert "duffy_null" not in {e.cause for e in a.explanations}


# --- own words -----------------------------------------------------------------------------------------------


def test_our_own_paper_is_no_laboratory_report(knowledge: Knowledge) -> None:
    """`laudo` is what a laboratory writes; ours is a `relatório`."""
    assert not [key for key, text in knowledge.texts["pt"].items() if "laudo" in text]
    ours = [claim.text["pt"] for key, claim in knowledge.claims.items() if key.startswith(("c-net-", "c-sf-"))]
    assert not [text for text in ours if re.search(r"\b(est|tod|um)[eao]? laudo", text)]


@pytest.mark.parametrize(("language", "today", "now"), [("en", "today", "now"), ("pt", "hoje", "agora")])
def test_an_emergency_is_now_and_not_today(knowledge: Knowledge, language: str, today: str, now: str) -> None:
    text = knowledge.texts[language]["urgency.emergency.plain"]
    assert today not in text
    assert now in text


def test_a_sore_throat_beside_very_low_neutrophils_does_not_wait(knowledge: Knowledge) -> None:
    text = knowledge.claims["c-net-plain-throat"].text
    assert text["en"].endswith("get medical help now.")
    assert text["pt"].endswith("procure atendimento agora.")


# --- beside the headline ---------------------------------------------------------------------------------------


def test_what_can_hide_a_low_count_stands_beneath_the_headline() -> None:
    drugs = [{"text": "prednisone", "start": "2026-03-01"}]
    for a in everyone(("NEUT", "4.0", DAY), medications=drugs):
        assert re.search("Predniso", a.verdict.also[0])
    for a in everyone(("NEUT", "0.7", DAY), medications=drugs):
        assert not any("Predniso" in text for text in a.verdict.also)


def test_a_severe_count_just_before_a_better_one_is_said() -> None:
    for a in everyone(("NEUT", "0.3", "2026-03-19"), ("NEUT", "2.1", DAY)):
        assert re.search(r"0[.,]3", a.verdict.also[0])
        assert re.search("samples|amostras", a.verdict.also[0])
    for earlier, count in (("2026-03-01", "0.3"), ("2026-03-19", "0.6")):
        for a in everyone(("NEUT", count, earlier), ("NEUT", "2.1", DAY)):
            assert not any(re.search("samples|amostras", text) for text in a.verdict.also)


def test_two_results_of_one_time_are_a_conflict_and_no_lack_of_limits() -> None:
    a = ask(("NEUT", "2.5", DAY), ("NEUT", "1.0", DAY))
    assert next(x.reason for x in a.verdict.analytes if x.analyte == "NEUT") == "CONFLICTING_RESULTS"


def test_a_share_under_one_percent_is_shown_as_sent() -> None:
    row = {"code": "BLAST", "value": "<1", "unit": "%", "collected": DAY}
    a = assess({"subject": {"age_years": "40"}, "observations": [row]})
    assert "<1 %" in a.verdict.headline
