"""From what the files say about time, reasons, risk and next steps to frozen structs in whole base units."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

from leukon.knowledge.model import Analyte, Claim
from leukon.knowledge.reasons import (
    Alternative,
    Cause,
    Due,
    EpisodeRule,
    Fact,
    Item,
    Measure,
    Option,
    Programme,
    Rule,
    Rung,
    Score,
    ScoreBand,
    SeedItem,
    Sign,
    Topic,
    VitalUnit,
    Window,
)
from leukon.knowledge.review import Review
from leukon.knowledge.strict import Problems, by_id

Entry = dict[str, Any]
NOT = "not "


class Reasons(NamedTuple):
    """Everything about time, reasons, risk and next steps, by id, in the order of the files."""

    causes: dict[str, Cause]
    measures: dict[str, Measure]
    signs: dict[str, Sign]
    rules: dict[str, Rule]
    scores: dict[str, Score]
    programmes: dict[str, Programme]
    episode_rules: dict[str, EpisodeRule]
    topics: dict[str, Topic]
    seeds: dict[str, SeedItem]


def reasons(items: dict[str, list[Entry]], analytes: dict[str, Analyte], problems: Problems) -> Reasons:
    """All items of the kinds of reason_kinds.py."""
    measures = by_id(items["measures"], lambda e: _measure(e, problems), problems)
    scale = _Scale(analytes, measures, problems)
    return Reasons(
        causes=by_id(items["causes"], _cause, problems),
        measures=measures,
        signs=by_id(items["signs"], lambda e: _sign(e, scale), problems),
        rules=by_id(items["rules"], _rule, problems),
        scores=by_id(items["scores"], _score, problems),
        programmes=by_id(items["monitoring"], lambda e: _programme(e, scale), problems),
        episode_rules=by_id(items["episodes"], lambda e: _episode_rule(e, scale), problems),
        topics=by_id(items["topics"], lambda e: Topic(**(e | _review(e))), problems),
        seeds=by_id(items["seeds"], lambda e: SeedItem(**e), problems),
    )


def claims_of_causes(causes: Iterable[Cause]) -> dict[str, Claim]:
    """Each fact of a cause as the claim `<cause>.<about>`."""
    return {
        f"{cause.id}.{fact.about}": Claim(
            id=f"{cause.id}.{fact.about}",
            text=fact.text,
            sources=fact.sources,
            place=fact.place,
            strength=fact.strength,
            evidence=fact.evidence,
            contradicted_by=(),
            review=cause.review,
            at=cause.at,
        )
        for cause in causes
        for fact in cause.facts
    }


def _review(entry: Entry) -> Entry:
    return {"review": Review(**entry["review"])}


def _cause(entry: Entry) -> Cause:
    window = Window(**entry["window"]) if entry["window"] else None
    facts = tuple(Fact(**fact) for fact in entry["facts"])
    return Cause(**(entry | _review(entry) | {"window": window, "facts": facts}))


def _measure(entry: Entry, problems: Problems) -> Measure:
    units = tuple(
        VitalUnit(spelling=u["spelling"], num=u["num"], den=u["den"], offset=-u["minus"]) for u in entry["units"]
    )
    low, high = (_base(Decimal(end), units[0]) for end in entry.pop("plausible"))
    return Measure(**(entry | {"units": units, "low": int(low), "high": int(high)}))


def _base(value: Decimal, unit: VitalUnit) -> Fraction:
    return (Fraction(value) + unit.offset) * Fraction(unit.num, unit.den)


class _Scale:
    """Turns decimals of a sign, rung or episode rule into whole base units."""

    def __init__(self, analytes: dict[str, Analyte], measures: dict[str, Measure], problems: Problems) -> None:
        self.analytes, self.measures, self.problems = analytes, measures, problems

    def whole(self, number: Decimal | None, of: str, at: str, unit: str = "") -> int | None:
        """`number` in the display unit of an analyte, or in `unit` (else the first) of a measure."""
        if number is None:
            return None
        if (analyte := self.analytes.get(of)) is not None:
            value = Fraction(number) * analyte.display_factor
        elif (measure := self.measures.get(of)) is not None:
            spelled = {u.spelling: u for u in measure.units}
            if unit and unit not in spelled:
                self.problems.add(at, f"unit {unit!r} of {of}", given=unit, known=[*spelled])
                return None
            value = _base(number, spelled.get(unit, measure.units[0]))
            value = Fraction(ceil(value)) if measure.base_unit == "h" else value  # ages as in fields.Age
        else:
            known = [*self.analytes, *self.measures]
            self.problems.add(at, f"unknown measure or analyte {of!r}", given=of, known=known)
            return None
        if value.denominator != 1:
            self.problems.add(at, f"{number} is no whole number of base units of {of}", expected="fewer decimals")
        return int(value)

    def span(self, entry: Entry, of: str) -> tuple[int | None, int | None]:
        """Closed ends of `from`, `to` (included), `above`, `below` (not included)."""
        unit, at = entry.get("unit", ""), entry["at"]
        low, high = self.whole(entry.get("from"), of, at, unit), self.whole(entry.get("to"), of, at, unit)
        over, under = self.whole(entry.get("above"), of, at, unit), self.whole(entry.get("below"), of, at, unit)
        return (over + 1 if over is not None else low), (under - 1 if under is not None else high)


def _sign(entry: Entry, scale: _Scale) -> Sign:
    at, of, unit = entry["at"], entry["measure"], entry["unit"]
    low = high = unsure_low = unsure_high = None
    if of:
        low, high = scale.span(entry, of)
        unsure_low = scale.whole(entry["unsure_from"], of, at, unit)
        unsure_high = scale.whole(entry["unsure_to"], of, at, unit)
    ends = ("from", "to", "below", "above", "unsure_from", "unsure_to", "unit")
    facts = {key: value for key, value in entry.items() if key not in ends}
    return Sign(**facts, low=low, high=high, unsure_low=unsure_low, unsure_high=unsure_high)


def _alternative(signs: Iterable[str]) -> Alternative:
    return tuple((text.removeprefix(NOT).strip(), not text.startswith(NOT)) for text in signs)


def _rule(entry: Entry) -> Rule:
    when = tuple(_alternative(signs) for signs in entry["when"])
    return Rule(**(entry | _review(entry) | {"when": when}))


def _score(entry: Entry) -> Score:
    items = tuple(
        Item(
            id=item["id"],
            name=item["name"],
            options=tuple(
                Option(name=o["name"], when=_alternative(o["when"]), points=o["points"]) for o in item["options"]
            ),
            otherwise=item["otherwise"],
            at=item["at"],
        )
        for item in entry["items"]
    )
    bands = tuple(ScoreBand(low=b["from"], high=b["to"], name=b["name"], claims=b["claims"]) for b in entry["bands"])
    applies = tuple(_alternative(signs) for signs in entry["applies"])
    return Score(**(entry | _review(entry) | {"items": items, "bands": bands, "applies": applies}))


def _programme(entry: Entry, scale: _Scale) -> Programme:
    ladder = []
    for rung in entry["ladder"]:
        low, high = scale.span(rung, rung["analyte"])
        facts = {key: value for key, value in rung.items() if key not in ("from", "below")}
        ladder.append(Rung(**facts, low=low, high=high))
    schedule = tuple(Due(**due) for due in entry["schedule"])
    return Programme(**(entry | _review(entry) | {"ladder": tuple(ladder), "schedule": schedule}))


def _episode_rule(entry: Entry, scale: _Scale) -> EpisodeRule:
    of, at = entry["analytes"][0], entry["at"]
    whole = {key: scale.whole(entry.pop(key), of, at) for key in ("threshold", "recover_from", "recover_to")}
    return EpisodeRule(
        **(entry | _review(entry)),
        threshold=whole["threshold"],
        recover_low=whole["recover_from"] if whole["recover_from"] is not None else whole["threshold"],
        recover_high=whole["recover_to"],
    )
