"""The shipped monitoring programmes: every rung at its edges, every calendar, and what they rest on."""

from __future__ import annotations

import csv
import os
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from leukon.knowledge import Knowledge
from leukon.knowledge.reasons import Programme, Rung

ROOT = Path(__file__).resolve().parents[2]
DRUGS = Path(os.environ.get("LEUKON_CLINICAL") or ROOT.parent / "shared" / "clinical") / "drugs.csv"
URGENCIES = ("none", "routine", "soon", "same-day", "emergency-if-symptoms", "emergency")

STATES = {
    ("clozapine-us", "NEUT"): "1.501 usual, 1.5 usual, 1.499 mild, 1.001 mild, 1.0 mild, 0.999 moderate, "
    "0.501 moderate, 0.5 moderate, 0.499 severe, 0 severe, 1.296 mild",
    ("clozapine-us-ben", "NEUT"): "1.001 usual, 1.0 usual, 0.999 low, 0.501 low, 0.5 low, 0.499 severe, 0 severe",
    ("clozapine-eu-2025", "NEUT"): "1.501 green, 1.5 green, 1.499 amber, 1.001 amber, 1.0 amber, 0.999 red, 0 red",
    ("clozapine-eu-2025-ben", "NEUT"): "1.001 green, 1.0 green, 0.999 amber, 0.501 amber, 0.5 amber, 0.499 red",
    ("clozapine-uk", "NEUT"): "2.001 green, 2.0 green, 1.999 amber, 1.501 amber, 1.5 amber, 1.499 red, 1.296 red",
    ("clozapine-uk", "WBC"): "3.501 green, 3.5 green, 3.499 amber, 3.001 amber, 3.0 amber, 2.999 red, 0 red",
    ("deferiprone-us", "NEUT"): "1.501 usual, 1.5 usual, 1.499 neutropenia, 0.501 neutropenia, 0.5 neutropenia, "
    "0.499 agranulocytosis, 0 agranulocytosis",
    ("deferiprone-eu", "NEUT"): "1.501 usual, 1.5 usual, 1.499 neutropenia, 0.5 neutropenia, 0.499 agranulocytosis",
    ("carbimazole-uk-sussex", "NEUT"): "2.001 may-continue, 2.0 repeat, 1.999 repeat, 1.001 repeat, 1.0 repeat, "
    "0.999 stop, 0 stop",
    ("thionamides-endobible", "NEUT"): "1.501 usual, 1.5 usual, 1.499 close, 1.001 close, 1.0 close, 0.999 stop",
    ("ticlopidine-us", "NEUT"): "1.201 usual, 1.2 usual, 1.199 neutropenia, 0.451 neutropenia, 0.45 neutropenia, "
    "0.449 severe, 0 severe",
    ("leflunomide-uk", "NEUT"): "1.601 usual, 1.6 usual, 1.599 act, 0.501 act, 0.5 act, 0.499 act-severe",
    ("leflunomide-uk", "WBC"): "3.501 usual, 3.5 usual, 3.499 act",
    ("leflunomide-uk", "PLT"): "140.001 usual, 140 usual, 139.999 act",
    ("sulfasalazine-uk", "NEUT"): "1.601 usual, 1.6 usual, 1.599 act, 0.501 act, 0.5 act, 0.499 act-severe",
    ("sulfasalazine-uk", "WBC"): "3.501 usual, 3.5 usual, 3.499 act",
    ("sulfasalazine-uk", "PLT"): "140.001 usual, 140 usual, 139.999 act",
    ("thiopurines-uk-gastroenterology", "NEUT"): "2.001 usual, 2.0 usual, 1.999 act, 1.001 act, 1.0 act, 0.999 act-now",
    ("thiopurines-uk-gastroenterology", "WBC"): "3.501 usual, 3.5 usual, 3.499 act",
    ("thiopurines-uk-rheumatology", "NEUT"): "2.001 usual, 2.0 usual, 1.999 act, 1.001 act, 1.0 act, 0.999 act-now",
    ("thiopurines-uk-rheumatology", "WBC"): "3.501 usual, 3.5 usual, 3.499 act",
    ("ganciclovir-us", "NEUT"): "1.001 usual, 1.0 usual, 0.999 closer, 0.501 closer, 0.5 closer, 0.499 not-to-begin",
    ("ganciclovir-us", "PLT"): "25.001 usual, 25 usual, 24.999 not-to-begin",
    ("ganciclovir-us", "HGB"): "8.01 usual, 8 usual, 7.99 not-to-begin",
    ("peginterferon-alfa-2a-us", "NEUT"): "0.751 usual, 0.75 usual, 0.749 reduce, 0.501 reduce, 0.5 reduce, 0.499 stop",
    ("peginterferon-alfa-2b-us", "WBC"): "1.501 usual, 1.5 usual, 1.499 reduce, 1.001 reduce, 1.0 reduce, 0.999 stop",
    ("mycophenolate-us", "NEUT"): "1.301 usual, 1.3 usual, 1.299 reduce, 0.501 reduce, 0.5 reduce, 0.499 reduce-severe",
}
"""Programme and analyte to counts (x10^9/L, haemoglobin in g/dL) and the state they must have, from the fact base."""

CALENDARS: dict[str, tuple[tuple[int, int | None, int], ...]] = {
    "clozapine-us": ((0, 182, 7), (182, 365, 14), (365, None, 30)),
    "clozapine-us-ben": ((0, 182, 7), (182, 365, 14), (365, None, 30)),
    "clozapine-eu-2025": ((0, 126, 7), (126, 364, 30), (364, 728, 84), (728, None, 365)),
    "clozapine-eu-2025-ben": ((0, 126, 7), (126, 364, 30), (364, 728, 84), (728, None, 365)),
    "clozapine-uk": ((0, 126, 7), (126, 364, 14), (364, None, 28)),
    "clozapine-uk-ben": (),
    "deferiprone-us": ((0, None, 7),),
    "deferiprone-eu": ((0, 364, 7),),
    "carbimazole-uk": (),
    "carbimazole-uk-sussex": (),
    "thionamides-endobible": (),
    "thionamides-ata-2016": (),
    "ticlopidine-us": ((0, 90, 14),),
    "ticlopidine-us-stop": (),
    "leflunomide-uk": ((0, 42, 14), (42, 133, 30), (133, None, 84)),
    "sulfasalazine-uk": ((0, 42, 14), (42, 133, 30), (133, 365, 84)),
    "methotrexate-uk": ((0, 42, 7), (42, 364, 30)),
    "bsr-2017-limits": (),
    "thiopurines-uk-gastroenterology": ((0, 28, 14), (28, 84, 28), (84, None, 91)),
    "thiopurines-uk-rheumatology": ((0, 42, 14), (42, None, 30)),
    "azathioprine-uk-older": ((0, 28, 7), (28, None, 91)),
    "ganciclovir-us": (),
    "peginterferon-alfa-2a-us": (),
    "peginterferon-alfa-2b-us": (),
    "interferon-beta-eu": ((0, 30, 30), (30, 365, 91), (365, None, 182)),
    "carbamazepine-us": (),
    "mycophenolate-us": ((0, 30, 7), (30, 90, 15), (90, 365, 30)),
}
REPEATS = {
    ("clozapine-us", "mild"): 1,
    ("clozapine-us", "moderate"): 1,
    ("clozapine-us", "severe"): 1,
    ("clozapine-us-ben", "low"): 1,
    ("clozapine-us-ben", "severe"): 1,
    ("clozapine-eu-2025", "amber"): 30,
    ("clozapine-eu-2025", "red"): 7,
    ("clozapine-eu-2025-ben", "amber"): 30,
    ("clozapine-eu-2025-ben", "red"): 7,
    ("clozapine-uk", "amber"): 3,
    ("clozapine-uk", "red"): 1,
    ("deferiprone-us", "neutropenia"): 1,
    ("deferiprone-us", "agranulocytosis"): 1,
    ("deferiprone-eu", "neutropenia"): 1,
    ("deferiprone-eu", "agranulocytosis"): 1,
    ("carbimazole-uk-sussex", "repeat"): 1,
    ("carbimazole-uk-sussex", "stop"): 1,
}
AFTER = {
    "clozapine-eu-2025": 28,
    "clozapine-eu-2025-ben": 28,
    "clozapine-uk": 28,
    "ticlopidine-us": 14,
}
LASTING = {
    ("clozapine-us", "NEUT", "severe"),
    ("clozapine-us-ben", "NEUT", "severe"),
    ("clozapine-eu-2025", "NEUT", "red"),
    ("clozapine-eu-2025-ben", "NEUT", "red"),
    ("clozapine-uk", "NEUT", "red"),
    ("clozapine-uk", "WBC", "red"),
    ("deferiprone-us", "NEUT", "agranulocytosis"),
    ("deferiprone-eu", "NEUT", "agranulocytosis"),
    ("carbimazole-uk-sussex", "NEUT", "stop"),
}
"""States that a better count does not lift: stop for good, or not again unless the benefit outweighs the risk."""

NOT_FOR_LEUKAEMIA = {
    "methotrexate-uk",
    "thiopurines-uk-gastroenterology",
    "thiopurines-uk-rheumatology",
    "azathioprine-uk-older",
}
INACTIVE = {"clozapine-uk-ben", "ticlopidine-us-stop", "bsr-2017-limits"}


def active(knowledge: Knowledge) -> list[Programme]:
    return [programme for programme in knowledge.programmes.values() if programme.role == "active"]


def rungs(programme: Programme, analyte: str) -> list[Rung]:
    """From the deepest up."""
    return sorted((r for r in programme.ladder if r.analyte == analyte), key=lambda rung: rung.low or 0)


def at(knowledge: Knowledge, programme: str, analyte: str, value: str) -> Rung:
    whole = int(Decimal(value) * knowledge.analytes[analyte].display_factor)
    (found,) = [
        rung
        for rung in rungs(knowledge.programmes[programme], analyte)
        if (rung.low is None or rung.low <= whole) and (rung.high is None or whole <= rung.high)
    ]
    return found


@pytest.mark.parametrize(("programme", "analyte"), [*STATES])
def test_each_rung_under_on_and_over_its_edge(knowledge: Knowledge, programme: str, analyte: str) -> None:
    wanted = [pair.split() for pair in STATES[programme, analyte].split(", ")]
    assert [[value, at(knowledge, programme, analyte, value).state] for value, _ in wanted] == wanted


def test_every_ladder_stands_in_the_table(knowledge: Knowledge) -> None:
    ladders = {(p.id, rung.analyte) for p in knowledge.programmes.values() for rung in p.ladder}
    assert ladders == set(STATES)


@pytest.mark.parametrize(("programme", "analyte"), [*STATES])
def test_ladders_have_no_gap_and_no_end(knowledge: Knowledge, programme: str, analyte: str) -> None:
    ladder = rungs(knowledge.programmes[programme], analyte)
    assert ladder[0].low == 0
    assert ladder[-1].high is None
    for lower, upper in pairwise(ladder):
        assert lower.high is not None
        assert upper.low == lower.high + 1


@pytest.mark.parametrize(("programme", "analyte"), [*STATES])
def test_a_deeper_count_is_never_milder(knowledge: Knowledge, programme: str, analyte: str) -> None:
    ladder = rungs(knowledge.programmes[programme], analyte)
    assert [rung.severity for rung in ladder] == sorted((rung.severity for rung in ladder), reverse=True)
    urgencies = [URGENCIES.index(rung.urgency) for rung in ladder]
    assert urgencies == sorted(urgencies, reverse=True)
    assert ladder[-1].severity == 0
    assert ladder[-1].urgency == "none"


def test_severe_neutropenia_is_same_day_in_every_programme(knowledge: Knowledge) -> None:
    for programme, analyte in STATES:
        if analyte == "NEUT":
            rung = at(knowledge, programme, analyte, "0.499")
            assert URGENCIES.index(rung.urgency) >= URGENCIES.index("same-day"), programme


def test_an_anc_of_1296_on_clozapine_is_same_day_in_the_us_and_the_uk(knowledge: Knowledge) -> None:
    assert at(knowledge, "clozapine-us", "NEUT", "1.296").urgency == "same-day"
    assert at(knowledge, "clozapine-us", "NEUT", "1.296").repeat_days == 1
    assert at(knowledge, "clozapine-uk", "NEUT", "1.296").state == "red"
    assert at(knowledge, "clozapine-uk", "NEUT", "1.296").urgency == "same-day"
    assert at(knowledge, "clozapine-uk", "WBC", "3.6").state == "green"


def test_calendars(knowledge: Knowledge) -> None:
    held = {
        p.id: tuple((d.from_days, d.to_days, d.every_days) for d in p.schedule) for p in knowledge.programmes.values()
    }
    assert held == CALENDARS


def test_calendars_have_no_gap(knowledge: Knowledge) -> None:
    for programme in knowledge.programmes.values():
        for earlier, later in pairwise(programme.schedule):
            assert earlier.to_days == later.from_days, programme.id
            assert later.every_days > earlier.every_days, programme.id


def test_repeats_and_counts_after_the_last_dose(knowledge: Knowledge) -> None:
    held = {
        (p.id, rung.state): rung.repeat_days
        for p in knowledge.programmes.values()
        for rung in p.ladder
        if rung.repeat_days is not None
    }
    assert held == REPEATS
    assert {p.id: p.after_days for p in knowledge.programmes.values() if p.after_days is not None} == AFTER


def test_states_that_last(knowledge: Knowledge) -> None:
    held = {(p.id, r.analyte, r.state) for p in knowledge.programmes.values() for r in p.ladder if r.lasting}
    assert held == LASTING
    for programme, analyte, state in LASTING:
        (rung,) = [r for r in rungs(knowledge.programmes[programme], analyte) if r.state == state]
        assert rung.low == 0, (programme, state)  # the deepest one alone
        assert rung.urgency == "same-day"


def test_programmes_for_joints_and_gut_are_not_meant_beside_leukaemia_or_in_children(knowledge: Knowledge) -> None:
    assert {p.id for p in knowledge.programmes.values() if p.adults} == NOT_FOR_LEUKAEMIA
    assert {p.id for p in knowledge.programmes.values() if p.unless} == NOT_FOR_LEUKAEMIA
    for id_ in NOT_FOR_LEUKAEMIA:
        programme = knowledge.programmes[id_]
        assert {"all", "aml", "acute_leukaemia", "nhl", "hodgkin", "vincristine"} <= set(programme.unless)
        assert not set(programme.unless) & set(programme.causes)
        assert set(programme.unless) <= set(knowledge.causes)


def test_where_a_state_asks_to_continue_it_says_while_it_is_taken(knowledge: Knowledge) -> None:
    """It is shown to people too who have stopped."""
    for programme in active(knowledge):
        for rung in programme.ladder:
            if "continue" in rung.action["en"]:
                assert "while it is taken" in rung.action["en"], (programme.id, rung.state)
                assert "é tomada" in rung.action["pt"] or "em uso" in rung.action["pt"], (programme.id, rung.state)


def test_what_was_not_read_is_inactive(knowledge: Knowledge) -> None:
    assert {p.id for p in knowledge.programmes.values() if p.role == "inactive"} == INACTIVE
    for programme in knowledge.programmes.values():
        evidence = {knowledge.claims[key].evidence for key in programme.claims}
        assert evidence == ({"recalled"} if programme.id in INACTIVE else {"seen"}), programme.id
        if programme.role == "inactive":
            assert not programme.ladder
            assert programme.why_inactive["en"]
            assert programme.why_inactive["pt"]


def test_every_rung_and_note_rests_on_a_claim_that_was_seen(knowledge: Knowledge) -> None:
    for programme in active(knowledge):
        keys = {key for rung in programme.ladder for key in rung.claims} | set(programme.notes)
        assert all(rung.claims for rung in programme.ladder), programme.id
        assert {knowledge.claims[key].evidence for key in keys} <= {"seen"}, programme.id


def test_only_the_us_and_the_eu_have_bands_for_benign_ethnic_neutropenia(knowledge: Knowledge) -> None:
    assert {p.id for p in active(knowledge) if p.population == "ben"} == {"clozapine-us-ben", "clozapine-eu-2025-ben"}


def test_both_languages_say_everything(knowledge: Knowledge) -> None:
    for programme in knowledge.programmes.values():
        texts = [programme.name, *(rung.name for rung in programme.ladder), *(r.action for r in programme.ladder)]
        assert all(text["en"] and text["pt"] for text in texts), programme.id
        assert bool(programme.unverified["en"]) == bool(programme.unverified["pt"])


def test_an_action_says_whose_it_is(knowledge: Knowledge) -> None:
    """Never an order of ours: the sentence begins with who says so."""
    starts = ("The US ", "The EU ", "The UK ", "UK advice", "This local pathway", "This reference", "The texts read")
    for programme in active(knowledge):
        for rung in programme.ladder:
            assert rung.action["en"].startswith(starts), (programme.id, rung.state)


def test_pages_of_one_local_service_say_so(knowledge: Knowledge) -> None:
    for id_ in ("clozapine-uk", "carbimazole-uk-sussex"):
        assert "one local service" in knowledge.programmes[id_].name["en"]
        assert "um serviço local" in knowledge.programmes[id_].name["pt"]


@pytest.mark.skipif(not DRUGS.is_file(), reason="the fact base is not at hand")
def test_drugs_are_those_of_the_fact_base(knowledge: Knowledge) -> None:
    with DRUGS.open(encoding="utf-8", newline="") as file:
        drugs = {row["drug_id"] for row in csv.DictReader(file)}
    assert {cause for p in knowledge.programmes.values() for cause in p.causes} <= drugs
