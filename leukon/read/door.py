"""The door: rows of text become people, results, source rows, usual levels and rejects. Nobody else reads text.

    from_rows(rows, knowledge, options)            one request, in plain Python
    from_relation(con, "raw", knowledge, options)  files of any size, in DuckDB, each different text read once

Both say the same of the same rows. Every row ends in `results` (with a `door_code` where it cannot be used) or in
`rejects`. The door sets the bits of STATUS_ASSUMED_FINAL, TIME_MISSING, DATE_PARTIAL, DATE_SENTINEL,
RANGE_NOT_APPLICABLE and those that come with a number or unit; all others are raised by the chain.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from leukon.read.inherit import inherit
from leukon.read.people import Age, read_age
from leukon.read.persons import Person, ages, for_others, read_person
from leukon.read.raw import NO_PERSON, NO_TEST, NO_VALUE, Raw, blank
from leukon.read.readings import Options, Readings, Test, Value
from leukon.read.times import EXACT, Time, read_time

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

    from leukon.knowledge.model import Knowledge

Row = tuple[Any, ...]


@dataclass
class Inputs:
    """The input tables of the chain as tuples, in the column order of `leukon.tables`."""

    people: list[Row] = field(default_factory=list)
    results: list[Row] = field(default_factory=list)
    source_rows: list[Row] = field(default_factory=list)
    usual: list[Row] = field(default_factory=list)
    drugs: list[Row] = field(default_factory=list)
    conditions: list[Row] = field(default_factory=list)
    vitals: list[Row] = field(default_factory=list)
    mentions: list[Row] = field(default_factory=list)
    covered: list[Row] = field(default_factory=list)
    rejects: list[Row] = field(default_factory=list)


class Read(NamedTuple):
    """One row with its cells read; the person has not been looked at yet."""

    row: int
    raw: Raw
    test: Test
    value: Value
    time: Time
    age: Age


def from_rows(rows: Iterable[Raw], knowledge: Knowledge, options: Options | None = None) -> Inputs:
    """The input tables of a few rows (one request). Rows are numbered 1.. as they come, rejected ones included."""
    readings = Readings(knowledge, options or Options())
    made = Inputs()
    by_person: dict[str, list[Read]] = {}
    for number, raw in enumerate(rows, 1):
        read = _read(number, raw, readings)
        if reason := refusal(raw, read.value):
            made.rejects.append((raw.input, raw.line, *reason))
        else:
            by_person.setdefault(text(raw.subject_id), []).append(read)
    for subject, (subject_id, own) in enumerate(by_person.items(), 1):
        person = read_person(subject, subject_id, ((read.raw, read.time) for read in own), readings.options)
        made.people.append(person[:-2])
        samples: dict[Row, int] = {}
        for read in _with_units(own, readings):
            key, exact = sample_of(read)
            made.results.append(_result(read, person, samples.setdefault(key, read.row), exact, readings))
            made.source_rows.append(_source(read))
        made.usual.extend((subject, analyte, low) for analyte, low in sorted(_usual(own, readings).items()))
    made.results.sort()
    made.source_rows.sort()
    return made


def from_relation(con: Connection, raw: str, knowledge: Knowledge, options: Options | None = None) -> None:
    """Makes the input tables in `con` from the table or view `raw` (see `leukon.read.relation.load`)."""
    from leukon.read.relation import load

    load(con, raw, Readings(knowledge, options or Options()))


def text(cell: str | None) -> str:
    """A cell without the blanks around it; "" when nothing was given."""
    return (cell or "").strip()


def refusal(raw: Raw, value: Value) -> tuple[str, str, str] | None:
    """Why a row is no result at all (field, code, text), or None. A test that is not known is a result, not used."""
    if blank(raw.subject_id):
        return "subject_id", "SUBJECT_MISSING", NO_PERSON
    if blank(raw.mapped_test) and blank(raw.test):
        return "test", "TEST_MISSING", NO_TEST
    if value.code == "VALUE_MISSING":
        return "value", "VALUE_MISSING", f"{NO_VALUE} {text(raw.test) or text(raw.mapped_test)}"
    return None


def sample_of(read: Read) -> tuple[Row, int]:
    """What groups the results of one sample of one person, and 1 when that is certain (not a date alone)."""
    raw, time = read.raw, read.time
    if not blank(raw.sample_id):
        return ("id", text(raw.sample_id)), 1
    if time.precision in EXACT:
        return ("time", time.seconds), 1
    if not blank(raw.sample_row):
        return ("row", raw.input, raw.sample_row), 1
    return (time.precision, time.seconds), 0


def _read(number: int, raw: Raw, readings: Readings) -> Read:
    test = readings.test(raw.test, raw.mapped_test)
    return Read(
        row=number,
        raw=raw,
        test=test,
        value=readings.once(readings.value, raw.value, raw.comparator, raw.unit, test),
        time=readings.once(read_time, raw.collected, raw.time_unit, readings.options.locale),
        age=readings.once(read_age, raw.age_years, raw.age_months, raw.age_days, raw.age_hours),
    )


def _with_units(own: list[Read], readings: Readings) -> list[Read]:
    """The rows of one person; with `infer_units`, cell types without a unit take that of the white count."""
    if not readings.options.infer_units:
        return own
    samples: dict[Row, list[Read]] = {}
    for read in own:
        samples.setdefault(sample_of(read)[0], []).append(read)
    known: list[Read] = []
    for sample in samples.values():
        told = [(read.test, read.raw.value, read.raw.comparator, read.value) for read in sample]
        values = inherit(told, readings)
        known += [read._replace(value=value) for read, value in zip(sample, values, strict=True)]
    return sorted(known, key=lambda read: read.row)


def _result(read: Read, person: Person, sample: int, exact: int, readings: Readings) -> Row:
    """A row of `tables.RESULTS`."""
    raw, test, value, time = read.raw, read.test, read.value, read.time
    said = readings.once(
        readings.context, raw.status, raw.specimen, raw.method, raw.flag, raw.cells_counted, raw.species
    )
    age = ages(read.age, person, time, readings.options)
    lln, uln, range_issues = readings.once(readings.range, raw.low, raw.high, raw.range_text, value.unit, test)
    if lln is not None or uln is not None:
        meant = readings.once(readings.audience, raw.range_sex, raw.range_age_low, raw.range_age_high)
        if for_others(person, age.known, meant):
            lln, uln, range_issues = None, None, readings.bit("RANGE_NOT_APPLICABLE")
    specimens = (said.specimen, test.specimen)
    code, at = value.code, value.field
    if code == "UNMAPPED":
        pass
    elif not said.human:
        code, at = "NOT_HUMAN", "species"
    elif code is not None and "other" in specimens:  # `0-2 /HPF` of a urine: the specimen is what is wrong with it
        code, at = "SPECIMEN_NOT_BLOOD", "specimen"
    elif age.impossible:
        code, at = "DEMOGRAPHICS_IMPOSSIBLE", "age" if read.age.impossible else "birth_date"
    issued = readings.once(read_time, raw.issued, raw.time_unit, readings.options.locale)
    return (
        read.row,
        person.subject,
        sample,
        exact,
        time.seconds,
        time.basis,
        time.precision,
        issued.seconds,
        test.analyte,
        value.quantity,
        said.method or test.method,
        text(raw.sub_id),
        said.cells_counted,
        value.low,
        value.high,
        lln,
        uln,
        said.status,
        "other" if "other" in specimens else "blood" if "blood" in specimens else "unknown",
        said.flag or value.flag,
        age.stated.low_h,
        age.stated.high_h,
        age.stated.exact,
        code,
        at,
        value.issues | range_issues | said.status_issues | readings.bit(*time_codes(time)),
    )


def time_codes(time: Time) -> tuple[str, ...]:
    """What is to be said about the time of a result."""
    if time.basis == "none":
        return ("TIME_MISSING",)
    coarse = () if time.precision in EXACT else ("DATE_PARTIAL",)
    return (*coarse, "DATE_SENTINEL") if time.sentinel else coarse


def _usual(own: list[Read], readings: Readings) -> dict[str, int]:
    """The lowest usual level that the rows of one person state, by analyte."""
    levels: dict[str, int] = {}
    for read in own:
        if blank(read.raw.usual_low) or read.test.analyte is None:
            continue
        level = readings.value(read.raw.usual_low, None, read.raw.unit, read.test)
        if level.low is not None and level.quantity == "count":
            levels[read.test.analyte] = min(level.low, levels.get(read.test.analyte, level.low))
    return levels


def _source(read: Read) -> Row:
    """A row of `tables.SOURCE_ROWS`: everything word for word."""
    raw = read.raw
    return (
        read.row,
        raw.input,
        raw.line,
        text(raw.result_id) or f"{raw.input}#{raw.line or read.row}",
        text(raw.collected) or None,
        text(raw.test) or text(raw.mapped_test),
        text(raw.value),
        text(raw.unit) or None,
        text(raw.range_text) or range_text(text(raw.low), text(raw.high)),
    )


def range_text(low: str, high: str) -> str | None:
    """An interval sent as two numbers, as one text."""
    if low and high:
        return f"{low}-{high}"
    return f">={low}" if low else f"<={high}" if high else None
