"""Next steps: checks, guidance by sources, what would change the answer, and what moves counts besides.

Information, never an order: the plain audience sees only rules that have plain words.
"""

from __future__ import annotations

from leukon.knowledge.reasons import Rule
from leukon.report.phrases import Phrases
from leukon.report.reasons import Check, Guidance, Modifier
from leukon.report.standing import Standing


def checks(standing: Standing) -> list[Check]:
    """Next steps whose rule holds, done or not. What is unknown does not ask for a check."""
    return [
        Check(
            id=rule.id,
            text=text,
            why=list(rule.claims),
            already_done=any(standing.signs.get(sign) == 1 for sign in rule.done),
            because=standing.because(rule),
        )
        for rule, state in standing.family("check")
        if state == "yes" and (text := standing.short(rule))
    ]


def guidance(standing: Standing, words: Phrases) -> list[Guidance]:
    """What bodies say about a situation like this one: what applies, then what would if more were known."""
    found = [
        Guidance(
            id=rule.id,
            body=rule.body,
            name=words.of(rule.name),
            text=text,
            applies=state,
            because=standing.because(rule),
            claims=list(rule.claims),
            needs=standing.half_needs(rule) if state == "unknown" else [],
        )
        for rule, state in standing.family("guidance")
        if (state == "yes" or (state == "unknown" and standing.half(rule))) and (text := standing.text(rule))
    ]
    return sorted(found, key=lambda one: one.applies != "yes")


def modifiers(standing: Standing, words: Phrases) -> list[Modifier]:
    """What is natural and moves counts: what holds first, then what is not known. What does not hold is left out."""
    found = [
        Modifier(
            id=rule.id,
            state=state,
            name=words.of(rule.name),
            text=standing.text(rule) or words("modifier.no-size"),
            claims=list(rule.claims),
        )
        for rule, state in standing.family("modifier")
        if state != "no"
    ]
    return sorted(found, key=lambda one: one.state != "yes")


def changes(standing: Standing) -> list[tuple[str, Rule]]:
    """What rules say would change this answer, beside what is missing (see missing.py)."""
    rules = [rule for rule, state in standing.family("would-change") if state == "yes"]
    return [(text, rule) for rule in rules if (text := standing.short(rule))]
