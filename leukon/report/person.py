"""One person's rows out of a run: the inputs word for word, and what the chain answered about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from leukon.read.door import Inputs
from leukon.tables import PEOPLE, REJECTS, RESULTS, SOURCE_ROWS, USUAL

Row = dict[str, Any]
Outputs = Mapping[str, Sequence[Row]]
"""What the chain answers (`engine.ANSWERS`): usable, counts, graded, found, excluded_rows, keyed by row and subject."""


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

    @property
    def subject(self) -> str:
        return str(self.about["subject_id"])

    def time(self, row: int) -> int | None:
        """When a result was collected, in seconds."""
        seconds: int | None = self.results[row]["collected_s"]
        return seconds

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
