"""One page of what is known about one thing, and the look-ups that every kind of page needs."""

from __future__ import annotations

from typing import NamedTuple

from leukon.knowledge.model import Knowledge
from leukon.knowledge.reasons import Alternative
from leukon.report.phrases import Phrases, decimal

DAYS_PER_H = 24


class Page(NamedTuple):
    """One thing. `facts` are (label, value); `claims` are ids; `place` is the file and line that say so."""

    id: str
    kind: str
    title: str
    facts: list[tuple[str, str]]
    claims: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    review: str = ""
    place: str = ""


class Pages:
    """What all makers of pages share: the knowledge, the words of one language, and how numbers are shown."""

    def __init__(self, knowledge: Knowledge, say: Phrases) -> None:
        self.knowledge, self.say = knowledge, say

    def fact(self, label: str, value: str) -> tuple[str, str]:
        return self.say(f"explain.{label}"), value

    def facts(self, **values: str) -> list[tuple[str, str]]:
        """(label, value) of all that are not empty, in the order given."""
        return [self.fact(label, value) for label, value in values.items() if value]

    def yes(self, said: bool) -> str:
        return self.say("explain.yes") if said else ""

    def show(self, value: int | None, analyte: str) -> str:
        """A whole number of base units with the unit that people read."""
        if value is None:
            return ""
        held = self.knowledge.analytes[analyte]
        return self.say.quantity(decimal(value, held.display_factor), held.display_unit)

    def span(self, low: int | None, high: int | None, of: str) -> str:
        """A closed interval of base units of an analyte or a measure, with its unit: `>= 0.5`, `< 1.0`."""
        if of in self.knowledge.analytes:
            held = self.knowledge.analytes[of]
            factor, unit = held.display_factor, held.display_unit
        else:
            return self._measured(low, high, of)
        ends = [f">= {self.say.number(decimal(low, factor))}"] if low is not None else []
        if high is not None and high % 10 == 9:
            ends.append(f"< {self.say.number(decimal(high + 1, factor))}")
        elif high is not None:
            ends.append(f"<= {self.say.number(decimal(high, factor))}")
        return f"{self._and(ends)} {self.say.quantity('', unit)}".strip() if ends else ""

    def _measured(self, low: int | None, high: int | None, of: str) -> str:
        unit = self.knowledge.measures[of].units[0]
        ends = []
        for mark, end in ((">=", low), ("<=", high)):
            if end is not None:
                shown = end * unit.den / unit.num - unit.offset
                ends.append(f"{mark} {self.say.number(f'{shown:g}')}")
        return f"{self._and(ends)} {unit.spelling}".strip() if ends else ""

    def _and(self, ends: list[str]) -> str:
        return f" {self.say('explain.and')} ".join(ends)

    def ages(self, low_h: int | None, high_h: int | None) -> str:
        if low_h is None and high_h is None:
            return ""
        ends = ("" if low_h is None else f">= {self.age(low_h)}", "" if high_h is None else f"< {self.age(high_h)}")
        return ", ".join(end for end in ends if end)

    def age(self, hours: int) -> str:
        """Hours in the largest unit that is exact enough to be what the source printed."""
        for unit, size in (("years", 8766), ("months", 730.5), ("days", DAYS_PER_H)):
            count = hours / size
            if count >= 1 and abs(hours - round(count) * size) < 1:
                return self.say(f"explain.{unit}", n=round(count))
        return self.say("explain.hours", n=hours)

    def title(self, id_: str) -> str:
        """The name of anything that has an id, in this language; the id itself when it has none."""
        held = self.knowledge
        for known in (held.causes, held.topics, held.signs, held.rules, held.scores, held.analytes, held.findings):
            if (found := known.get(id_)) is not None:
                return self.say.of(found.name)
        return self.say.of(held.claims[id_].text) if id_ in held.claims else id_

    def named(self, id_: str) -> str:
        """The items of founding documents that end here, each with why its statement does not stand as it is."""
        told = []
        for seed in self.knowledge.seeds.values():
            if id_ in seed.ends:
                why = self.say.of(seed.reason) if seed.flag != "ok" else ""
                told.append(f"{seed.id} ({why})" if why else seed.id)
        return ", ".join(told)

    def alternatives(self, when: tuple[Alternative, ...]) -> str:
        """`a and b; or c and not d`, by the names of the signs."""
        sets = []
        for signs in when:
            names = [self.title(sign) if so else f"{self.say('explain.not')} {self.title(sign)}" for sign, so in signs]
            sets.append(self._and(names))
        return f"; {self.say('explain.or')} ".join(sets)
