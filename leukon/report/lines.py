"""The number line of each cell type, and where sources draw the line elsewhere."""

from __future__ import annotations

from leukon.report.assessment import (
    Anchor,
    Disagreement,
    Elsewhere,
    Interval,
    Lineage,
    NumberLine,
    Position,
    Value,
)
from leukon.report.index import LABORATORY, Index
from leukon.report.person import Person
from leukon.report.phrases import Phrases
from leukon.report.pick import Picked
from leukon.report.verdict import says


def number_line(lineage: Lineage, pick: Picked, values: list[Value], index: Index, words: Phrases) -> NumberLine | None:
    """One value on its line, with the laboratory's interval, else the one limit that comes first; never two."""
    row = pick.row
    if row is None or not lineage.value or row.get("low") is None:
        return None
    value = next((v for v in values if v.id == lineage.observation), None)
    interval, origin = None, ""
    if value is not None and value.interval is not None:
        interval, origin = value.interval, "laboratory"
    elif lineage.primary_limit is not None:
        interval, origin = Interval(low=lineage.primary_limit.value), lineage.primary_limit.origin
    held = index.analyte(lineage.analyte)
    places: dict[int, list[str]] = {}
    maybe: dict[int, list[str]] = {}
    limits = index.knowledge.limits
    for limit in (*lineage.low_by, *lineage.not_low_by):
        if limit in limits:
            places.setdefault(limits[limit].value, []).append(limit)
    for limit in lineage.cannot_say:
        if limit in limits:
            maybe.setdefault(limits[limit].value, []).append(limit)
    return NumberLine(
        analyte=lineage.analyte,
        name=lineage.name,
        unit=held.display_unit if held is not None else "",
        observation=lineage.observation,
        value=lineage.value,
        low=index.show(row["low"], lineage.analyte),
        high=index.show(row["high"], lineage.analyte) if row["high"] < index.top else "",
        elsewhere=[Elsewhere(value=index.show(v, lineage.analyte), limits=places[v]) for v in sorted(places)]
        + [Elsewhere(value=index.show(v, lineage.analyte), limits=maybe[v], voting=False) for v in sorted(maybe)],
        anchors=[
            Anchor(value=index.show(edge, lineage.analyte), word=words(f"severity.{word}"), claims=list(claims))
            for edge, word, claims in index.anchors.get(lineage.analyte, ())
        ],
        interval=interval,
        interval_origin=origin,
    )


def disagreement(pick: Picked, person: Person, index: Index, words: Phrases) -> Disagreement | None:
    """Every place where a source draws this line for this person, lowest first; None when they all agree on one.

    Statements that are contradicted or obsolete stand among them (`no-vote`) and never decide.
    """
    row = pick.row
    if row is None or row.get("low") is None:
        return None
    low, not_low, cannot = says(row, index)
    laboratory = next(
        (v["lln"] for v in person.values if v["row"] == row["row"] and v["analyte"] == pick.analyte), None
    )
    answers = dict.fromkeys(cannot, "cannot-say") | dict.fromkeys(not_low, "not-low") | dict.fromkeys(low, "low")
    limits = index.knowledge.limits
    places: dict[tuple[int, str], list[str]] = {}
    for limit, answer in answers.items():
        if limit in limits:
            places.setdefault((limits[limit].value, answer), []).append(limit)
        elif limit == LABORATORY and laboratory is not None:
            places.setdefault((int(laboratory), answer), []).append(limit)
    for held in index.lines.get(pick.question, ()):
        if held.role == "claim" and held.bound == "lower" and held.kind != "severity":
            places.setdefault((held.value, "no-vote"), []).append(held.id)
    if len({value for value, _ in places}) < 2:
        return None
    positions = [
        _position(value, says_, ids, index, pick.analyte, words) for (value, says_), ids in sorted(places.items())
    ]
    return Disagreement(
        analyte=pick.analyte,
        question=words(
            "disagreement.question", name=_name(pick.analyte, index, words), group=_group(person, index, words)
        ),
        positions=positions,
        changes_verdict=bool(low and not_low),
    )


def _name(analyte: str, index: Index, words: Phrases) -> str:
    held = index.analyte(analyte)
    return words.of(held.name) if held is not None else analyte


def _group(person: Person, index: Index, words: Phrases) -> str:
    sex = str(person.about.get("sex") or "unknown")
    return words(f"sex.{sex}")


def _position(base: int, answer: str, ids: list[str], index: Index, analyte: str, words: Phrases) -> Position:
    held = [index.knowledge.limits[i] for i in ids if i in index.knowledge.limits]
    years = sorted({limit.year for limit in held if limit.year[:1].isdigit()})
    return Position(
        value=index.show(base, analyte),
        says=answer,  # type: ignore[arg-type]
        claims=list(
            dict.fromkeys([limit.claim for limit in held if limit.claim] + (["lab"] if len(held) < len(ids) else []))
        ),
        limits=ids,
        years="–".join(dict.fromkeys((years[0][:4], years[-1][-4:]))) if years else "",
        strengths=list(dict.fromkeys(limit.strength for limit in held)),
        populations=list(dict.fromkeys(words.of(limit.population) for limit in held if limit.population)),
    )
