"""Time, reasons, risk and next steps in the Assessment: what the chain answered, in words, for both audiences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from leukon import engine, report
from leukon.assess import assess, prepare, read_request
from leukon.knowledge.model import Knowledge
from leukon.report.assessment import Assessment
from leukon.report.dates import day_of, days_between
from leukon.report.part import URGENCIES
from leukon.report.phrases import Phrases
from leukon.write import html, text

READERS = tuple(product(("en", "pt"), ("clinician", "plain")))
INCLUDES = re.compile(r"some limits|some lines|inside|not under the other|would not call|alguns limites|algumas linhas")
DAY = 86_400

Told = tuple[str, str, str]
"""(test, value in 10*9/L, day of collection)."""


def ask(*counts: Told, person: dict[str, Any] | None = None, **given: Any) -> Assessment:
    """`given` are fields of the request."""
    observations = [{"code": c, "value": v, "unit": "10*9/L", "collected": day} for c, v, day in counts]
    return assess({"subject": {"age_years": "40", **(person or {})}, "observations": observations, **given})


def everyone(*counts: Told, **given: Any) -> Iterator[Assessment]:
    for language, audience in READERS:
        yield ask(*counts, language=language, audience=audience, **given)


def fever(degrees: str) -> list[dict[str, str]]:
    return [{"kind": "temperature", "value": degrees, "unit": "Cel"}]


def drug(name: str, start: str = "", stop: str = "", **more: str) -> dict[str, str]:
    return {"text": name, "start": start, "stop": stop, **more}


# --- urgency and headline (SF-2, SF-3, SF-7) -----------------------------------------------------------


@pytest.mark.parametrize("person", [{"age_months": "2"}, {"age_years": "5"}, {"age_years": "80"}, {"duffy": "null"}])
def test_a_severe_count_with_fever_is_an_emergency_for_everybody(person: dict[str, str]) -> None:
    person = {"age_years": ""} | person if "age_months" in person else person
    for a in everyone(("NEUT", "0.2", "2026-03-01"), person=person, vitals=fever("38.6")):
        assert a.verdict.urgency.level == "emergency"
        assert "rf.fever-severe" in a.verdict.urgency.findings
        assert set(a.verdict.urgency.claims) <= set(a.claims)
        assert a.verdict.headline_analyte == "NEUT"
        if a.audience == "plain":
            said = " ".join((a.verdict.urgency.text, *a.verdict.also))
            assert re.search(r"this is an emergency|é uma emergência", said, re.I)
            assert re.search(r"get emergency|procure a emergência", said, re.I)


def test_unwell_without_fever_is_one_too() -> None:
    for a in everyone(("NEUT", "0.3", "2026-03-01"), vitals=[*fever("36.9"), {"kind": "unwell", "value": "yes"}]):
        assert a.verdict.urgency.level == "emergency"


def test_without_fever_it_stays_conditional() -> None:
    a = ask(("NEUT", "0.3", "2026-03-01"), vitals=fever("36.8"))
    assert a.verdict.urgency.level == "emergency-if-symptoms"


@pytest.mark.parametrize("duffy", ["unknown", "null"])
def test_clozapine_makes_a_mildly_low_count_the_headline(duffy: str) -> None:
    """WBC 3.6 with neutrophils 1.296 on clozapine."""
    counts = (("WBC", "3.6", "2026-03-01"), ("NEUT", "1.296", "2026-03-01"))
    for a in everyone(*counts, medications=[drug("clozapine", "2026-01-12")], person={"duffy": duffy}):
        assert a.verdict.headline_analyte == "NEUT"
        assert URGENCIES.index(a.verdict.urgency.level) >= URGENCIES.index("same-day")
        assert set(a.verdict.urgency.findings) & {"clozapine-uk", "clozapine-us", "clozapine-us-ben"}
        neutrophils = next(x for x in a.verdict.analytes if x.analyte == "NEUT")
        assert neutrophils.serious and neutrophils.urgency == a.verdict.urgency.level
        assert not INCLUDES.search(a.verdict.headline + neutrophils.finding_name + neutrophils.note)


def test_a_programme_alone_takes_the_softness_away() -> None:
    """Neutrophils 1.7 are low by some limits and red or amber nowhere but in a programme."""
    calm = ask(("NEUT", "1.7", "2026-03-01"), medications=[])
    watched = ask(("NEUT", "1.7", "2026-03-01"), medications=[drug("clozapine", "2026-01-12")], jurisdictions=["UK"])
    assert "is not under the published limit" in calm.verdict.headline
    assert "is not under" not in watched.verdict.headline and not INCLUDES.search(watched.verdict.headline)
    assert watched.verdict.headline_analyte == "NEUT"
    assert watched.verdict.analytes[1].serious and not calm.verdict.analytes[1].serious
    assert URGENCIES.index(watched.verdict.urgency.level) > URGENCIES.index(calm.verdict.urgency.level)


def test_the_urgency_does_not_depend_on_the_reader() -> None:
    for value, degrees in product(("0.3", "0.8", "1.2"), ("36.5", "38.6")):
        levels = {a.verdict.urgency.level for a in everyone(("NEUT", value, "2026-03-01"), vitals=fever(degrees))}
        assert len(levels) == 1


def test_an_artefact_lowers_nothing() -> None:
    plain = ask(("NEUT", "0.3", "2026-03-01"), vitals=fever("38.6"))
    clot = [{"kind": "recount-normal", "value": "yes"}, {"kind": "clumps-on-film", "value": "yes"}]
    doubted = ask(("NEUT", "0.3", "2026-03-01"), vitals=[*fever("38.6"), *clot])
    assert doubted.verdict.urgency.level == plain.verdict.urgency.level == "emergency"
    artefact = doubted.verdict.pseudo[0]
    assert (artefact.kind, artefact.state) == ("artefact", "supported")
    assert "No alarm is lowered" in artefact.note


# --- over time -----------------------------------------------------------------------------------------


def test_a_new_low_count_says_so() -> None:
    for a in everyone(("NEUT", "4.0", "2026-01-01"), ("NEUT", "1.2", "2026-03-01")):
        history = next(h for h in a.history if h.analyte == "NEUT")
        assert (history.trend, history.rule, history.days) == ("new", "trend.new", 59)
        assert (history.observation, history.previous) == ("o2", "o1")
        assert re.search(r"59 (days after|dias depois)", history.text)


def test_duffy_null_never_explains_a_falling_count() -> None:
    counts = (("NEUT", "1.4", "2026-01-01"), ("NEUT", "0.9", "2026-03-01"))
    for a in everyone(*counts, person={"duffy": "null"}):
        history = next(h for h in a.history if h.analyte == "NEUT")
        assert history.trend == "falling"
        assert re.search(r"does not explain|não explica", history.text)
        assert next(p for p in a.verdict.pseudo if p.kind == "constitutional").state not in ("possible", "supported")


def test_a_usual_level_is_said_with_its_counts() -> None:
    counts = [("NEUT", "1.3", f"20{year}-01-01") for year in range(18, 26)]
    a = ask(*counts)
    history = next(h for h in a.history if h.analyte == "NEUT")
    assert history.trend == "stable"
    if history.usual is not None:  # how many counts over how long is a setting
        assert (history.usual.value, history.usual.origin) == ("1.3", "own-counts")
        assert "1.3" in history.text and str(history.usual.n_values) in history.text


def test_episodes_tell_onset_nadir_and_end_as_sent() -> None:
    values = (("1.2", "01-01"), ("0.0", "01-08"), ("2.5", "01-15"), ("2.6", "01-22"))
    a = ask(*(("NEUT", value, f"2026-{day}") for value, day in values))
    episode = next(e for e in a.episodes if e.rule == "anc-1.5")
    assert (episode.onset, episode.nadir, episode.end) == ("2026-01-01", "2026-01-08", "2026-01-15")
    assert (episode.nadir_value, episode.end_reason, episode.duration_days) == ("0", "recovered", 14)
    assert episode.worst_word == "profound"
    assert "then recovered" in episode.text
    assert any(x.episode for x in ask(("NEUT", "1.2", "2026-01-01"), medications=[drug("clozapine")]).explanations)


# --- explanations --------------------------------------------------------------------------------------


def timing(name: str, start: str, stop: str = "", **more: str) -> tuple[str, str]:
    a = ask(("NEUT", "0.7", "2026-03-20"), medications=[drug(name, start, stop, **more)])
    found = [x for x in a.explanations if x.kind == "drug" and x.analyte == "NEUT"]
    assert found, (name, a.unused)
    return found[0].timing.fits, found[0].timing.rule


def test_most_culprits_are_stopped_before_the_count_falls() -> None:
    """safety.md section 2: the window after the last dose belongs to the exposure; stopped and completed count."""
    assert timing("metamizole", "2026-03-08", "2026-03-12", status="stopped")[0] == "yes"
    assert timing("carboplatin", "2026-03-02", "2026-03-02", status="completed")[0] != "no"


def test_what_began_after_the_last_low_count_stands_last() -> None:
    drugs = [drug("clozapine", "2026-04-01"), drug("carbimazole", "2026-02-01")]
    for a in everyone(("NEUT", "0.7", "2026-03-20"), medications=drugs):
        order = [x.cause for x in a.explanations if x.analyte == "NEUT" and x.kind == "drug"]
        late = next(x for x in a.explanations if x.cause == "clozapine")
        assert order[-1] == "clozapine"
        assert (late.timing.fits, late.timing.rule) == ("no", "timing.started-after")
        assert re.search(r"after the (count|number)|depois d[ao] (contagem|número)", late.text)


def test_one_that_began_after_the_first_low_count_stays_open() -> None:
    a = ask(
        ("NEUT", "1.4", "2026-03-01"),
        ("NEUT", "0.6", "2026-03-20"),
        medications=[drug("clozapine", "2026-03-05")],
    )
    found = next(x for x in a.explanations if x.analyte == "NEUT")
    assert (found.timing.fits, found.timing.rule) == ("unknown", "timing.first-low-before")
    assert "4 days after the count of 2026-03-01" in found.text
    assert "15 days before the lowest count, of 2026-03-20" in found.text


def test_each_explanation_stands_on_claims_and_says_who_says_what(knowledge: Knowledge) -> None:
    a = ask(("NEUT", "0.7", "2026-03-20"), medications=[drug("clozapine", "2026-02-01")], conditions=[{"text": "HIV"}])
    assert {x.kind for x in a.explanations} >= {"drug", "condition"}
    for one in a.explanations:
        assert set(one.says) == {"guideline", "label", "research", "reference"}
        assert one.claims and set(one.claims) <= set(a.claims)
        facts = {f"{one.cause}.{f.about}": f for f in knowledge.causes[one.cause].facts}
        assert all(facts[claim].evidence == "seen" or claim.endswith(".next") for claim in one.claims)
        recalled = f"{one.cause}.next" in facts and facts[f"{one.cause}.next"].evidence == "recalled"
        assert ("not verified" in one.next_check) == recalled


def test_what_raises_counts_is_shown_as_hiding() -> None:
    for a in everyone(("NEUT", "2.5", "2026-03-20"), medications=[drug("prednisone", "2026-03-01")]):
        hides = [x for x in a.explanations if x.kind == "hides"]
        assert hides and all(
            re.search(r"can hide a low count|look higher|pode esconder|parecer maior", x.text) for x in hides
        )


NEVER = re.compile(r"\bstop|\bpare\b|suspend|\d\s?%|probab|likely|prováve", re.I)


def test_the_plain_audience_reads_names_and_what_to_ask() -> None:
    drugs = [drug("clozapine", "2026-02-01"), drug("metamizole", "2026-03-08"), drug("prednisone", "2026-03-01")]
    for language in ("en", "pt"):
        a = ask(("NEUT", "0.7", "2026-03-20"), medications=drugs, language=language, audience="plain")
        for one in a.explanations:
            assert not NEVER.search(one.text + one.timing.text + one.evidence_text)
            assert not (one.frequency or one.next_check or one.timing.window)
        for watched in a.monitoring:
            assert not (watched.action or watched.notes)
            assert not NEVER.search(watched.text)


def test_what_was_not_used_is_listed_with_what_was_perhaps_meant() -> None:
    drugs = [drug("clozapin"), drug("clozapine", status="not-taken"), drug("carbimazole", "2026-02-01")]
    for a in everyone(("NEUT", "0.7", "2026-03-20"), medications=drugs):
        assert [(u.code, u.named) for u in a.unused] == [
            ("DRUG_UNMATCHED", "clozapin"),
            ("EXPOSURE_NOT_TAKEN", "clozapine"),
        ]
        assert "clozapine" in a.unused[0].near
        assert "clozapine" not in {x.cause for x in a.explanations}
        assert [bar.cause for bar in a.bars if bar.cause] == ["carbimazole"]


# --- risk ----------------------------------------------------------------------------------------------


def test_definitions_differ_and_are_shown_side_by_side() -> None:
    for a in everyone(("NEUT", "0.3", "2026-03-20"), vitals=fever("38.3")):
        states = {d.id: d.state for d in a.risk.definitions if d.family == "febrile-neutropenia"}
        assert len(states) >= 4 and len(set(states.values())) > 1


def test_definitions_of_fever_are_silent_where_neutrophils_are_not_that_low() -> None:
    a = ask(("NEUT", "1.2", "2026-03-20"), vitals=fever("38.6"))
    assert not [d for d in a.risk.definitions if d.family in ("febrile-neutropenia", "outpatient")]
    assert not a.risk.scores


def test_a_score_without_an_item_has_no_value() -> None:
    for a in everyone(("NEUT", "0.3", "2026-03-20"), vitals=fever("38.6"), conditions=[{"text": "breast cancer"}]):
        for score in a.risk.scores:
            if score.missing:
                assert score.value is None and not score.band
                assert re.search(r"annot tell: missing|ão é possível dizer: falta", score.text)
                assert score.missing[0] in score.text
                assert [i.name for i in score.items if i.points is None] == score.missing
            assert score.text


def test_a_flag_that_may_still_hold_is_no_alarm() -> None:
    a = ask(("NEUT", "1.2", "2026-03-20"))
    assert all(flag.state == "unknown" and flag.needs for flag in a.risk.flags)
    assert a.verdict.urgency.level == "routine"


# --- monitoring, next steps ----------------------------------------------------------------------------


def test_a_due_date_is_a_date_and_overdue_needs_a_date_of_assessment() -> None:
    drugs = [drug("clozapine", "2026-01-12")]
    undated = ask(("NEUT", "3.0", "2026-03-01"), medications=drugs, jurisdictions=["US"])
    late = ask(("NEUT", "3.0", "2026-03-01"), medications=drugs, jurisdictions=["US"], as_of="2026-05-01")
    (us,) = undated.monitoring
    assert (us.state, us.decided_by, us.due, us.overdue) == ("usual", "NEUT", "2026-03-08", "unknown")
    assert us.dated and us.unverified and us.state_name
    assert late.monitoring[0].overdue == "yes"


def test_a_check_that_was_made_is_marked() -> None:
    once = {c.id: c.already_done for c in ask(("NEUT", "1.2", "2026-03-01")).checks}
    twice = {c.id: c for c in ask(("NEUT", "1.2", "2026-03-01"), ("NEUT", "1.2", "2026-03-20")).checks}
    assert once["check.repeat"] is False
    assert twice["check.repeat"].already_done
    assert twice["check.repeat"].because


def test_the_plain_audience_gets_no_guidance_without_plain_words(knowledge: Knowledge) -> None:
    a = ask(("NEUT", "0.3", "2026-03-20"), vitals=fever("38.6"), audience="plain")
    assert all(knowledge.rules[one.id].plain["en"] == one.text for one in a.guidance)
    assert all(knowledge.rules[one.id].audience != "clinician" for one in a.guidance)


def test_what_was_sent_is_not_missing() -> None:
    def missing(**given: Any) -> set[str]:
        return {m.id for m in ask(("NEUT", "1.2", "2026-03-20"), **given).missing}

    asked = {"medicines", "conditions", "temperature"}
    assert asked <= missing()
    assert not asked & missing(medications=[], conditions=[], vitals=fever("36.8"))
    assert "symptoms" in missing(vitals=fever("36.8"))
    unwell = [*fever("36.8"), {"kind": "unwell", "value": "no"}]
    assert not {"symptoms", "temperature"} & missing(vitals=unwell)


# --- the whole -----------------------------------------------------------------------------------------

FULL: dict[str, Any] = {
    "medications": [drug("clozapine", "2026-02-01"), drug("prednisone", "2026-03-01"), drug("xyz")],
    "conditions": [{"text": "HIV"}, {"text": "lupus"}],
    "vitals": fever("38.6"),
}


def cited(a: Assessment) -> set[str]:
    found = [*a.verdict.urgency.claims, *(claim for check in a.checks for claim in check.why)]
    for risks in (a.risk.flags, a.risk.definitions, a.risk.scores, a.monitoring):
        found += [claim for part in risks for claim in part.claims]
    for parts in (a.modifiers, a.guidance, a.explanations, a.verdict.pseudo):
        found += [claim for part in parts for claim in part.claims]
    return set(found)


def test_whatever_is_cited_is_there_and_the_tree_round_trips() -> None:
    for a in everyone(("NEUT", "0.3", "2026-03-20"), ("WBC", "1.1", "2026-03-20"), **FULL):
        assert cited(a) <= set(a.claims)
        assert Assessment.from_json(a.to_json()) == a
        assert text.render(a) and html.render(a)


def test_the_identity_knows_what_was_sent_and_forgets_the_order() -> None:
    counts = (("NEUT", "0.3", "2026-03-20"),)
    one = ask(*counts, **FULL)
    turned = FULL | {"medications": FULL["medications"][::-1]}
    assert ask(*counts, **FULL).to_json() == one.to_json()
    assert ask(*counts, **FULL).assessment_id == one.assessment_id
    ids = {one.assessment_id, ask(*counts).assessment_id, ask(*counts, medications=[]).assessment_id}
    ids |= {ask(*counts, **(FULL | {"vitals": fever("36.6")})).assessment_id}
    assert len(ids) == 4
    named = [m | {"id": f"m-{m['text']}"} for m in turned["medications"]]
    assert (
        ask(*counts, **(FULL | {"medications": named})).assessment_id
        == ask(*counts, **(FULL | {"medications": named[::-1]})).assessment_id
    )


def test_what_else_was_asked_is_part_of_the_identity(knowledge: Knowledge) -> None:
    ready = prepare(read_request({"observations": [{"code": "WBC", "value": "3", "unit": "10*9/L"}]}), knowledge)
    outputs = engine.run(ready.inputs, knowledge, ready.params)
    ids = {
        report.build(ready.inputs, outputs, knowledge, asked=asked).assessment_id
        for asked in ((), (("US",), (), ()), (("UK",), (), ()), (("UK",), (), ("x",)))
    }
    assert len(ids) == 4


def test_a_run_without_the_later_stages_is_still_a_report(knowledge: Knowledge) -> None:
    ready = prepare(read_request({"observations": [{"code": "WBC", "value": "3", "unit": "10*9/L"}]}), knowledge)
    outputs = engine.run(ready.inputs, knowledge, ready.params)
    early = {name: outputs[name] for name in ("usable", "counts", "graded", "found", "excluded_rows")}
    a = report.build(ready.inputs, early, knowledge)
    assert not (a.history or a.episodes or a.explanations or a.risk.flags or a.monitoring)
    assert [check.id for check in a.checks] == ["k1"]
    assert {p.state for p in a.verdict.pseudo} == {"not-assessed"}


def test_a_person_without_any_count_still_gets_a_report() -> None:
    """What raises counts is known, and there is none to hide: nothing breaks, nothing is said of times."""
    for a in everyone(person={"sex": "female", "pregnant": "yes"}, medications=[drug("prednisone", "2026-03-01")]):
        assert not a.values and not a.episodes
        assert all(x.kind == "hides" for x in a.explanations)
        assert Assessment.from_json(a.to_json()) == a


def test_days_on_both_scales(knowledge: Knowledge) -> None:
    words = Phrases(knowledge, "en", "clinician")
    assert day_of(1_772_323_200, "absolute", words) == "2026-03-01"
    assert day_of(7 * DAY + 5, "relative", words) == "day 7"
    assert day_of(None, "absolute", words) == day_of(10**15, "absolute", words) == ""
    assert (days_between(0, 3 * DAY), days_between(5, 0), days_between(None, 0)) == (3, -1, None)


def test_every_rule_of_time_has_its_words(knowledge: Knowledge) -> None:
    timings = {"within-window", "after-last-dose", "present", "outside-read-times", "no-window", "ended-no-window",
               "first-low-before", "recorded-after", "no-dates", "closed", "started-after"}  # fmt: skip
    trends = {"first", "new", "stable", "falling", "recovering", "not-low", "cannot-tell"}
    for language, audience in READERS:
        words = Phrases(knowledge, language, audience)
        assert all(words(f"timing.{one}") for one in timings)
        assert all(words(f"trend.{one}") and words(f"trend-word.{one}") for one in trends)
        assert words("explanations.order")
        assert all(words(f"evidence.{cause.evidence_level}") for cause in knowledge.causes.values())
