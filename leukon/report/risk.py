"""How dangerous it may be: red flags, named definitions, scores. The chain decided each; here they get their words."""

from __future__ import annotations

from leukon.knowledge.reasons import Score as Known
from leukon.report.index import Index
from leukon.report.person import Person, Row
from leukon.report.phrases import Phrases
from leukon.report.pick import Picked
from leukon.report.reasons import Definition, Flag, Risk, Score, ScoreItem
from leukon.report.standing import STATES, Standing

FEBRILE = ("febrile-neutropenia", "outpatient")
"""Families that are shown only where the newest neutrophil count can be under their common line."""

LINE = 1_000_000_000
"""1.0 x10^9/L: every definition of febrile neutropenia lies at or under it, so above it none can hold."""


def risk(person: Person, picked: dict[str, Picked], standing: Standing, index: Index, words: Phrases) -> Risk:
    """Flags that hold or are half fulfilled; definitions and scores where neutrophils can be that low."""
    low = _can_be_low(picked, index)
    return Risk(
        flags=flags(standing, words),
        definitions=_definitions(standing, words, low),
        scores=_scores(person, standing, index, words) if low else [],
    )


def _can_be_low(picked: dict[str, Picked], index: Index) -> bool:
    pick = picked.get(index.lineages.get("NEUT", ""))
    return pick is not None and pick.row is not None and pick.has_value and pick.row["low"] < LINE


def flags(standing: Standing, words: Phrases) -> list[Flag]:
    """Red flags that hold, the most urgent first as the page orders them; then those that may still hold."""
    found = [
        Flag(
            id=rule.id,
            state=state,
            name=words.of(rule.name),
            text=standing.text(rule) or words.of(rule.name),
            urgency=rule.urgency,
            claims=list(rule.claims),
            needs=standing.half_needs(rule) if state == "unknown" else [],
            pathway=rule.pathway,
        )
        for rule, state in standing.family("red-flag")
        if state == "yes" or (state == "unknown" and standing.half(rule))
    ]
    return sorted(found, key=lambda flag: flag.state != "yes")


def _definitions(standing: Standing, words: Phrases, low: bool) -> list[Definition]:
    """Each body's definition beside the others: yes, no, or what it needs. Of other definitions not the noes."""
    found = []
    for family in (*FEBRILE, "definition"):
        for rule, state in standing.family(family):
            shown = state == "yes" or (low if family in FEBRILE else state == "unknown" and standing.half(rule))
            if shown:
                found.append(
                    Definition(
                        id=rule.id,
                        family=family,
                        body=rule.body,
                        state=state,
                        name=words.of(rule.name),
                        text=standing.text(rule) or words.of(rule.name),
                        claims=list(rule.claims),
                        needs=standing.needs(rule.when) if state == "unknown" else [],
                    )
                )
    return found


def _scores(person: Person, standing: Standing, index: Index, words: Phrases) -> list[Score]:
    """Scores that apply or may; those that are not used say why."""
    items: dict[int, dict[int, Row]] = {}
    for row in person.rows("score_items"):
        items.setdefault(row["score"], {})[row["item"]] = row
    found = []
    known = index.catalog.scores
    for row in sorted(person.rows("score_states"), key=lambda r: known[r["score"]].id):
        score = known[row["score"]]
        if row["applies"] != 0 and score.role == "active":
            found.append(_score(score, row, items.get(row["score"], {}), standing, index, words))
    return found + [_unused(score, words) for score in known.values() if score.role == "inactive"]


def _score(score: Known, row: Row, answers: dict[int, Row], standing: Standing, index: Index, words: Phrases) -> Score:
    items, missing = [], []
    for place, item in enumerate(score.items, 1):
        given = answers.get(place, {})
        option, points = given.get("option"), given.get("points")
        name = words.of(item.name)
        if option is None or points is None:
            answer, points = words("score.unknown"), None
            missing.append(name)
        else:
            answer = words.of(item.options[option - 1].name) if option else words("score.otherwise")
        items.append(ScoreItem(name=name, answer=answer, points=points))
    total = row["total"] if not missing else None
    band = next((b for b in score.bands if total is not None and b.low <= total <= b.high), None)
    text = (
        words("score.missing", missing=", ".join(missing))
        if total is None
        else words("score.value", value=total, band=words.of(band.name))
        if band is not None
        else words("score.total", value=total)
    )
    if row["applies"] is None:
        needs = standing.needs(score.applies)
        text = f"{text} {words('score.unsure', needs=', '.join(needs))}" if needs else text
    known = index.knowledge.claims
    claims = [*score.claims, *(band.claims if band is not None else ()), *score.warnings]
    return Score(
        id=score.id,
        name=words.of(score.name),
        population=words.of(score.population),
        applies=STATES[row["applies"]],
        items=items,
        text=text,
        claims=list(dict.fromkeys(claims)),
        warnings=[words.of(known[claim].text) for claim in score.warnings if claim in known],
        value=total,
        band=words.of(band.name) if band is not None else "",
        missing=missing,
    )


def _unused(score: Known, words: Phrases) -> Score:
    """A score whose text was not read: named, never computed."""
    return Score(
        id=score.id,
        name=words.of(score.name),
        population=words.of(score.population),
        applies="unknown",
        items=[],
        text=words("score.inactive", why=words.of(score.why_inactive)),
        claims=list(score.claims),
        warnings=[],
    )
