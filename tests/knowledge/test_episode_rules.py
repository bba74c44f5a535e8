"""The shipped episode rules, field by field."""

from __future__ import annotations

import pytest

from leukon.knowledge import Knowledge
from leukon.knowledge.coverage import lines

BILLION = 10**9
LINES = ("WBC", "NEUT", "LYMPH")

THRESHOLDS: dict[str, tuple[str, str, int, int | None, int | None, int | None, bool]] = {
    # analyte, threshold, recoveries, gap, pad, era, zero counts
    "anc-1.5": ("NEUT", "1.5", 2, 42, None, None, True),
    "anc-1.0": ("NEUT", "1.0", 2, 42, None, None, True),
    "anc-0.5": ("NEUT", "0.5", 2, 42, None, None, True),
    "alc-1.0": ("LYMPH", "1.0", 2, 42, None, None, True),
    "ohdsi-213": ("NEUT", "1.5", 1, None, 21, 386, True),
    "ohdsi-213-as-published": ("NEUT", "1.5", 1, None, 21, 386, False),
    "ohdsi-693": ("NEUT", "1.5", 1, None, 0, 1, True),
    "ohdsi-693-as-published": ("NEUT", "1.5", 1, None, 0, 1, False),
}
VERDICTS = {"low-by-any": (2, 42), "leukon-episode-1": (2, 90)}
GRADES = {
    "ctcae-5.0-grade-2": ("CTCAE@5.0", 2, "1.5"),
    "ctcae-5.0-grade-3": ("CTCAE@5.0", 3, "1.0"),
    "ctcae-5.0-grade-4": ("CTCAE@5.0", 4, "0.5"),
    "ctcae-6.0-grade-2": ("CTCAE@6.0", 2, "1.0"),
    "ctcae-6.0-grade-3": ("CTCAE@6.0", 3, "0.5"),
    "ctcae-6.0-grade-4": ("CTCAE@6.0", 4, "0.1"),
}


def test_the_rules_that_exist(knowledge: Knowledge) -> None:
    assert set(knowledge.episode_rules) == {*THRESHOLDS, *VERDICTS, *GRADES, "low-by-first-limit"}


def test_three_rules_always_run(knowledge: Knowledge) -> None:
    always = {rule.id for rule in knowledge.episode_rules.values() if rule.always}
    assert always == {"anc-1.5", "low-by-any", "low-by-first-limit"}


def test_the_rule_under_the_limit_that_comes_first(knowledge: Knowledge) -> None:
    rule = knowledge.episode_rules["low-by-first-limit"]
    assert (rule.kind, rule.analytes) == ("first-limit", ("WBC", "NEUT", "LYMPH"))
    assert (rule.recoveries, rule.gap_days) == (2, 42)


@pytest.mark.parametrize("id_", [*THRESHOLDS])
def test_threshold_rules(knowledge: Knowledge, id_: str) -> None:
    rule = knowledge.episode_rules[id_]
    analyte, threshold, *times, zero = THRESHOLDS[id_]
    assert (rule.kind, rule.analytes) == ("threshold", (analyte,))
    assert rule.threshold == int(float(threshold) * BILLION)
    assert [rule.recoveries, rule.gap_days, rule.pad_days, rule.era_days] == times
    assert rule.zero is zero


@pytest.mark.parametrize("id_", [*THRESHOLDS])
def test_a_count_that_is_out(knowledge: Knowledge, id_: str) -> None:
    """Ours: any count not under the threshold. The public cohorts: a count from 4 to 8.25."""
    rule = knowledge.episode_rules[id_]
    if id_.startswith("ohdsi"):
        assert (rule.recover_low, rule.recover_high) == (4 * BILLION, 8_250_000_000)
    else:
        assert (rule.recover_low, rule.recover_high) == (rule.threshold, None)


@pytest.mark.parametrize("id_", [*VERDICTS])
def test_verdict_rules(knowledge: Knowledge, id_: str) -> None:
    rule = knowledge.episode_rules[id_]
    assert (rule.kind, rule.analytes) == ("verdict", LINES)
    assert (rule.recoveries, rule.gap_days) == VERDICTS[id_]
    assert (rule.threshold, rule.grade, rule.pad_days, rule.era_days) == (None, None, None, None)


@pytest.mark.parametrize("id_", [*GRADES])
def test_grade_rules_name_a_line_of_their_edition(knowledge: Knowledge, id_: str) -> None:
    rule = knowledge.episode_rules[id_]
    edition, grade, under = GRADES[id_]
    assert (rule.kind, rule.edition, rule.term, rule.grade) == ("grade", edition, "ctcae.neut", grade)
    (term,) = [term for term in knowledge.editions[edition].terms if term.id == rule.term]
    assert rule.analytes == (term.analyte,)
    (band,) = [band for band in term.bands if band.grade == grade and not band.needs]
    assert band.high == int(float(under) * BILLION) - 1
    assert band.high + 1 in lines(term)
    assert f"under {under} " in rule.text["en"]
    assert f"abaixo de {under.replace('.', ',')} " in rule.text["pt"]


def test_only_the_variants_as_published_leave_a_true_zero_out(knowledge: Knowledge) -> None:
    left_out = {rule.id for rule in knowledge.episode_rules.values() if not rule.zero}
    assert left_out == {id_ for id_ in knowledge.episode_rules if id_.endswith("as-published")}


def test_ours_or_sourced(knowledge: Knowledge) -> None:
    for rule in knowledge.episode_rules.values():
        assert rule.ours or rule.claims, rule.id
        assert all(knowledge.claims[key].evidence == "seen" for key in rule.claims), rule.id


def test_what_was_changed_is_said(knowledge: Knowledge) -> None:
    """Both languages say what is kept, changed and not kept of a public definition, and what is leukon's own."""
    for rule in knowledge.episode_rules.values():
        assert ("leukon's own" in rule.text["en"]) is rule.ours, rule.id
        assert ("próprio leukon" in rule.text["pt"]) is rule.ours, rule.id
    assert "Not kept:" in knowledge.episode_rules["ohdsi-213"].text["en"]
