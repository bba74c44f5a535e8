"""The records of one request beside its counts: drugs, conditions, vital signs, in plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from leukon.read.mentions import KINDS, NO_NAME, Mention
from leukon.read.raw import NO_PERSON
from leukon.read.records import Records
from leukon.read.times import Time, read_time

if TYPE_CHECKING:
    from leukon.knowledge.model import Knowledge
    from leukon.read.door import Inputs


def add_beside(
    made: Inputs,
    knowledge: Knowledge,
    *,
    drugs: Iterable[Mention] | None = None,
    conditions: Iterable[Mention] | None = None,
    vitals: Iterable[Mention] | None = None,
    locale: str = "",
) -> None:
    """Fills `drugs`, `conditions`, `vitals`, `mentions` and `covered` of tables that already hold people and results.

    None: not sent. Records of people without results are mentioned and not used.
    """
    _Adding(made, knowledge, locale).run({"drugs": drugs, "conditions": conditions, "vitals": vitals})


class _Adding:
    def __init__(self, made: Inputs, knowledge: Knowledge, locale: str) -> None:
        self.made, self.locale, self.records = made, locale, Records(knowledge, locale)
        self.people = {str(person[1]): int(person[0]) for person in made.people}
        self.relative = {result[1] for result in made.results if result[5] == "relative"}

    def run(self, sent: dict[str, Iterable[Mention] | None]) -> None:
        for table, mentions in sent.items():
            for row, mention in enumerate(mentions or (), 1):
                self._add(table, row, mention)
        drugs, conditions = sent["drugs"] is not None, sent["conditions"] is not None
        if drugs or conditions:
            self.made.covered += [(subject, int(drugs), int(conditions)) for subject in self.people.values()]

    def _add(self, table: str, row: int, mention: Mention) -> None:
        kind = KINDS[table]
        named = self.records.named(kind, mention[4:14]) if kind != "vital" else None
        vital = self.records.vital(mention.name or mention.text, mention.value, mention.unit) if named is None else None
        shown = named.shown if named is not None else vital.shown if vital is not None else ""
        if not _text(mention.subject_id) or not shown:
            missing = ("name", "NAME_MISSING", NO_NAME[kind])
            if not _text(mention.subject_id):
                missing = ("subject_id", "SUBJECT_MISSING", NO_PERSON)
            self.made.rejects.append((mention.input, mention.line, *missing))
            return
        subject = self.people.get(_text(mention.subject_id) or "")
        start, stop = self._time(mention.start, mention, subject), self._time(mention.stop, mention, subject)
        code, near = None, None
        if vital is not None:
            code, near = vital.code, vital.near
            if subject is not None:
                self.made.vitals.append((row, subject, *vital[:5], start.seconds))
        elif named is not None:
            read = self.records.drug_status if kind == "drug" else self.records.condition_status
            status = read(mention.status)
            first, last = start.seconds, stop.last_s
            turned = first is not None and last is not None and last < first
            last = None if turned else last  # an end before the beginning says nothing about the end
            code, near = self.records.not_used(kind, named, status.status, turned), named.near
            ends: tuple[int | str | None, ...] = (first, last, status.status)
            if kind == "drug":
                ends = (*ends, 0 if _text(mention.stop) else status.ongoing)
            if subject is not None:
                into = self.made.drugs if kind == "drug" else self.made.conditions
                into += [(row, subject, cause, *ends) for cause in named.causes or (None,)]
        self._mention(kind, row, mention, shown, "SUBJECT_UNKNOWN" if subject is None else code, near)

    def _time(self, text: str | None, mention: Mention, subject: int | None) -> Time:
        """A time on the scale of the person's results. On another scale it is none, nor where only the year is certain:
        06/11/2026 without a locale must not date a drug before a count."""
        time = read_time(text, mention.time_unit, self.locale)
        basis = "relative" if subject in self.relative else "absolute"
        return time if time.basis == basis and time.precision != "year" else time._replace(seconds=None, last_s=None)

    def _mention(self, kind: str, row: int, said: Mention, shown: str, code: str | None, near: str | None) -> None:
        """A row of `tables.MENTIONS`."""
        self.made.mentions.append(
            (
                kind,
                row,
                said.input,
                said.line,
                _text(said.mention_id) or f"{said.input}#{said.line or row}",
                shown,
                _text(said.start),
                _text(said.stop),
                joined(said.value, said.unit) if kind == "vital" else _text(said.dose),
                _text(said.status),
                code,
                near if code != "SUBJECT_UNKNOWN" else None,
            )
        )


def _text(cell: str | None) -> str | None:
    return (cell or "").strip() or None


def joined(*cells: str | None) -> str | None:
    """The cells that say something, with a space between them."""
    return " ".join(text for cell in cells if (text := _text(cell))) or None
