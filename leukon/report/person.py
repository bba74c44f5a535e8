"""One person's rows out of a run: the inputs word for word, and what the chain answered about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from leukon.read.door import Inputs
from leukon.tables import (
    CONDITIONS,
    COVERED,
    DRUGS,
    MENTIONS,
    PEOPLE,
    REJECTS,
    RESULTS,
    SOURCE_ROWS,
    USUAL,
    VITALS,
    Table,
)

Row = dict[str, Any]
Outputs = Mapping[str, Sequence[Row]]
"""What the chain answers (`engine.ANSWERS`), keyed by row and subject. Tables of the stages follow and explain may be
absent: then nothing is said about them."""

FOLLOWED = (
    "trends", "episodes", "explained", "person_signs", "rule_states", "score_items", "score_states", "monitored",
)  # fmt: skip
"""Answers of the stages follow and explain; each row has its person in `subject`."""

MENTIONED = {"drug": "drugs", "condition": "conditions", "vital": "vitals"}
"""Kind of a mention → the input table that it stands in."""


_PEOPLE, _RESULTS, _SOURCES = PEOPLE.names, RESULTS.names, SOURCE_ROWS.names


class Person(msgspec.Struct):
    """Everything of one person. Dictionaries are keyed by the chain's own row numbers."""

    key: int
    about: Row
    results: dict[int, Row]
    sources: dict[int, Row]
    usual: list[Row]
    rejects: list[Row]
    values: list[Row] = msgspec.field(default_factory=list)
    grades: list[Row] = msgspec.field(default_factory=list)
    findings: list[Row] = msgspec.field(default_factory=list)
    excluded: list[Row] = msgspec.field(default_factory=list)
    drugs: list[Row] = msgspec.field(default_factory=list)
    conditions: list[Row] = msgspec.field(default_factory=list)
    vitals: list[Row] = msgspec.field(default_factory=list)
    mentions: dict[tuple[str, int], Row] = msgspec.field(default_factory=dict)
    covered: Row = msgspec.field(default_factory=dict)
    followed: dict[str, list[Row]] = msgspec.field(default_factory=dict)

    @property
    def subject(self) -> str:
        return str(self.about["subject_id"])

    def time(self, row: int | None) -> int | None:
        """When a result was collected, in seconds (None also where there is no result)."""
        if row is None:
            return None
        seconds: int | None = self.results[row]["collected_s"]
        return seconds

    @property
    def basis(self) -> str:
        """absolute | relative | none: the scale of this person's seconds."""
        return next((r["time_basis"] for r in self.results.values() if r["collected_s"] is not None), "none")

    def rows(self, name: str) -> list[Row]:
        """This person's rows of one answer of the stages follow and explain."""
        return self.followed.get(name, [])

    def collected(self, row: int | None) -> str:
        """A collection time as sent ("" when none was)."""
        return "" if row is None else str(self.source(row).get("collected") or "")

    def source(self, row: int) -> Row:
        return self.sources.get(row, {})

    def path(self, row: int) -> str:
        """Where a result stands in the input: `observations[3]` of a request, else file#line."""
        source = self.source(row)
        line = source.get("line")
        if source.get("input") == "request":
            return f"observations[{line}]"
        return f"{source.get('input', '')}#{line}" if line is not None else str(source.get("input", ""))


def people(inputs: Inputs, outputs: Outputs, dimensions: Mapping[str, str]) -> Iterator[Person]:
    """Every person of the run, in input order, with the rows of both sides; one pass over each table.

    `dimensions`: analyte → count | mass | volume, the quantity of what the chain calls a count.
    """
    found: dict[int, Person] = {}
    for values in inputs.people:
        about = dict(zip(_PEOPLE, values, strict=True))
        key = about["subject"]
        found[key] = Person(key=key, about=about, results={}, sources={}, usual=[], rejects=[])
    owner: dict[int, Person] = {}
    for values in inputs.results:
        result = dict(zip(_RESULTS, values, strict=True))
        person = found[result["subject"]]
        owner[result["row"]] = person
        person.results[result["row"]] = result
    for values in inputs.source_rows:
        source = dict(zip(_SOURCES, values, strict=True))
        if source["row"] in owner:
            owner[source["row"]].sources[source["row"]] = source
    for values in inputs.usual:
        usual = dict(zip(USUAL.names, values, strict=True))
        found[usual["subject"]].usual.append(usual)
    if len(found) == 1:  # a rejected row names nobody; in a request it can only be about the one person
        (only,) = found.values()
        only.rejects.extend(dict(zip(REJECTS.names, values, strict=True)) for values in inputs.rejects)
    _mentioned(inputs, found)
    for name in FOLLOWED:
        for row in outputs.get(name, ()):
            found[row["subject"]].followed.setdefault(name, []).append(row)
    for row in outputs["usable"]:
        if not row["is_level"]:  # levels come again, as counts
            owner[row["row"]].values.append({**row, "origin": "reported"})
    origins: dict[tuple[int, str], str] = {}
    for row in outputs["counts"]:
        origin = origins[row["row"], row["analyte"]] = "derived" if row["rule_id"] else "reported"
        owner[row["row"]].values.append({**row, "origin": origin, "quantity": dimensions.get(row["analyte"], "count")})
    for row in outputs["graded"]:
        owner[row["row"]].grades.append({**row, "origin": origins[row["row"], row["analyte"]]})
    for row in outputs["found"]:
        found[row["subject"]].findings.append(row)
    for row in outputs["excluded_rows"]:
        owner[row["row"]].excluded.append(row)
    yield from found.values()


def _mentioned(inputs: Inputs, found: dict[int, Person]) -> None:
    """Drugs, conditions and vitals with their own words, and what was sent at all."""
    owner: dict[tuple[str, int], Person] = {}
    tables: tuple[tuple[str, Table, Sequence[tuple[Any, ...]]], ...] = (
        ("drug", DRUGS, inputs.drugs),
        ("condition", CONDITIONS, inputs.conditions),
        ("vital", VITALS, inputs.vitals),
    )
    for kind, table, rows in tables:
        for values in rows:
            row = dict(zip(table.names, values, strict=True))
            person = found.get(row["subject"])
            if person is not None:
                owner[kind, row["row"]] = person
                getattr(person, MENTIONED[kind]).append(row)
    only = next(iter(found.values())) if len(found) == 1 else None  # then it can only be about the one person
    for values in inputs.mentions:
        mention = dict(zip(MENTIONS.names, values, strict=True))
        person = owner.get((mention["kind"], mention["row"]), only)
        if person is not None:
            person.mentions[mention["kind"], mention["row"]] = mention
    for values in inputs.covered:
        covered = dict(zip(COVERED.names, values, strict=True))
        if covered["subject"] in found:
            found[covered["subject"]].covered = covered
