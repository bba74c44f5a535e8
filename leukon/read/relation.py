"""The door for files: the same readings as `door.from_rows`, over a DuckDB relation of any size.

Each different text is read once in Python (`interned`) and joined back as integers; there is no second reader of
numbers, units or times in SQL. What grows with the rows is one narrow table of integers (`door_rows`); `results` and
`source_rows` are views over it, so that ten million rows fit beside the chain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leukon.read.grouping import people, rejects, samples, usual
from leukon.read.inherit import inherit_all
from leukon.read.interned import Dictionary, as_written, fill, is_number
from leukon.read.people import read_age, read_birth, read_death, read_duffy, read_pregnancy, read_sex
from leukon.read.raw import FIELDS
from leukon.read.readings import Readings, Test
from leukon.read.timecolumn import TimeColumn, trimmed
from leukon.read.views import results, sources
from leukon.tables import CONDITIONS, COVERED, DRUGS, MENTIONS, VITALS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection


def load(con: Connection, raw: str, readings: Readings) -> None:
    """Makes `people`, `results`, `source_rows`, `usual` and `rejects` in `con` from the rows of `raw`.

    `raw` is a table or view with `row` (1.. in input order), `line`, `input` and any of the fields of `Raw`. Numbers
    and timestamps may keep their types. Rows already in a table `rejects` stay there. `results` and `source_rows`
    are views over `raw` and tables whose names begin with `door_`.
    """
    Load(con, raw, readings).run()


class Load:
    """One run of the door over one relation; what it has learnt so far."""

    def __init__(self, con: Connection, raw: str, readings: Readings) -> None:
        self.con, self.raw, self.readings = con, f"main.{raw}", readings
        described = con.execute(f"DESCRIBE {self.raw}").fetchall()
        self.types = {name: str(kind) for name, kind, *_ in described if name in (*FIELDS, "input", "line", "row")}

    def has(self, *fields: str) -> bool:
        return any(field in self.types for field in fields)

    def cell(self, field: str) -> str:
        """SQL for the text of a field, without the blanks around it; NULL when it was not given."""
        return trimmed(f"r.{field}") if self.has(field) else "NULL::VARCHAR"

    def sent(self, field: str) -> str:
        """SQL for a field as it was sent."""
        return f"r.{field}" if self.has(field) else "NULL::VARCHAR"

    def run(self) -> None:
        self._tests()
        self._values()
        self._contexts()
        self.collected = self._time("collected")
        self.issued = self._time("issued")
        self._locate()
        people(self)
        samples(self)
        if self.readings.options.infer_units:
            inherit_all(self)
        self._ranges()
        usual(self)
        rejects(self)
        nothing_beside(self.con)
        self.con.execute(f"CREATE OR REPLACE VIEW main.results AS {results(self)}")
        self.con.execute(f"CREATE OR REPLACE VIEW main.source_rows AS {sources(self)}")

    def _time(self, field: str) -> TimeColumn:
        return TimeColumn(self.con, f"FROM {self.raw} AS r", field, self.types, self.readings.options.locale)

    def _dictionary(self, name: str, *fields: str, source: str = "") -> Dictionary:
        keys = {field: f"r.{field}" for field in fields}
        return Dictionary(self.con, f"door_{name}", keys, source or f"FROM {self.raw} AS r", self.has)

    # --- each different text, read once -----------------------------------------------------------

    def _tests(self) -> None:
        readings = self.readings
        self.test = self._dictionary("test", "test", "mapped_test")
        self.tests: dict[int, Test] = {
            id_: readings.test(text, mapped) for id_, (text, mapped) in self.test.combinations()
        }
        blank = {id_: not any((cell or "").strip() for cell in cells) for id_, cells in self.test.combinations()}
        fill(
            self.con,
            "door_test",
            "id INTEGER, analyte VARCHAR, quantity VARCHAR, method VARCHAR, specimen VARCHAR, blank TINYINT",
            [(id_, *test[:4], int(blank[id_])) for id_, test in self.tests.items()],
        )

    def _values(self) -> None:
        typed = is_number(self.types.get("value", ""))
        keys = {"test_id": self.test.id, **{field: f"r.{field}" for field in ("value", "comparator", "unit")}}
        known = ", ".join(str(id_) for id_, test in self.tests.items() if test.analyte is not None) or "NULL"
        source = f"FROM {self.raw} AS r {self.test.join} WHERE {self.test.id} IN ({known})"
        self.value = Dictionary(
            self.con, "door_value", keys, source, lambda field: field == "test_id" or self.has(field)
        )
        self.units: dict[str, int] = {}
        rows = []
        for id_, (test_id, value, comparator, unit) in self.value.combinations():
            read = self.readings.value(value, comparator, unit, self.tests[int(test_id or 0)], typed)
            rows.append((id_, *read[:-1], self.units.setdefault(read.unit, len(self.units) + 1)))
        fill(
            self.con,
            "door_value",
            "id INTEGER, quantity VARCHAR, low BIGINT, high BIGINT, code VARCHAR, field VARCHAR, flag VARCHAR,"
            " issues BIGINT, unit_id INTEGER",
            rows,
        )

    def _contexts(self) -> None:
        readings, locale = self.readings, self.readings.options.locale
        self.context = self._dictionary("context", "status", "specimen", "method", "flag", "cells_counted", "species")
        self.context.read(
            "status VARCHAR, status_issues BIGINT, specimen VARCHAR, method VARCHAR, flag VARCHAR,"
            " cells_counted BIGINT, human TINYINT",
            lambda _, cells: readings.context(*cells),
        )
        self.age = self._dictionary("age", "age_years", "age_months", "age_days", "age_hours")
        self.age.read(
            "low_h BIGINT, high_h BIGINT, exact BIGINT, impossible BOOLEAN", lambda _, cells: read_age(*cells)
        )
        self.meant = self._dictionary("meant", "range_sex", "range_age_low", "range_age_high")
        self.meant.read("sex VARCHAR, from_h BIGINT, to_h BIGINT", lambda _, cells: readings.audience(*cells))
        self.limits = self._dictionary("limits", "low", "high", "range_text")
        self.sub = self._dictionary("sub", "sub_id")
        self.sub.read("sub_id VARCHAR", lambda _, cells: ((cells[0] or "").strip(),))
        self.person = self._dictionary(
            "person", "sex", "birth_date", "death_date", "pregnant", "gestation_weeks", "duffy"
        )
        self.person.read(
            "sex VARCHAR, birth_low_s BIGINT, birth_high_s BIGINT, birth_exact BIGINT, death_s BIGINT,"
            " pregnancy VARCHAR, duffy VARCHAR",
            lambda _, cells: _about_person(*cells, locale=locale),
        )
        self.parts = [self.context, self.age, self.meant, self.limits, self.sub, self.person]

    # --- one narrow table of integers ---------------------------------------------------------------

    def _subjects(self) -> None:
        """`door_subject`: each person once; `door_subject_keys`: every spelling of an id (` p1 ` is `p1`)."""
        told = f"SELECT DISTINCT {self.sent('subject_id')} AS sent FROM {self.raw} AS r"
        self.con.execute(
            "CREATE OR REPLACE TABLE door_subject_keys AS"
            " SELECT dense_rank() OVER (ORDER BY subject_id)::INTEGER AS id, sent, subject_id"
            f" FROM (SELECT sent, {trimmed('sent')} AS subject_id FROM ({told}) AS t) AS k"
        )
        self.con.execute(
            "CREATE OR REPLACE TABLE door_subject AS SELECT DISTINCT id, subject_id FROM door_subject_keys"
        )

    def _locate(self) -> None:
        """`door_located`: each row as ids; `refused` is the reason of the rows that are no results."""
        self._subjects()
        own = {part.name.removeprefix("door_"): part.id for part in self.parts if part.keys}
        columns = {
            "row": "r.row",
            "person_no": "s.id",
            "test": self.test.id,
            "value": self.value.id,
            **own,
        }
        if self.has("collected"):
            time = self.collected
            columns |= {"collected_s": time.seconds, "last_s": time.last_s}
            columns |= {"precision": f"CAST({time.precision} AS TINYINT)", "sentinel": time.sentinel}
        if self.has("collected") and self.has("time_unit"):
            columns["relative"] = f"{self.cell('time_unit')} IS NOT NULL"
        if self.has("issued"):
            columns["issued_s"] = self.issued.seconds
        if self.has("sample_id"):
            columns["sample_id"] = self.cell("sample_id")
        if self.has("sample_row"):
            columns["sample_row"] = f"r.input || '#' || {self.cell('sample_row')}"
        columns["refused"] = (
            "CASE WHEN s.subject_id IS NULL THEN 'SUBJECT_MISSING' WHEN door_test.blank = 1 THEN 'TEST_MISSING'"
            " WHEN door_value.code = 'VALUE_MISSING' THEN 'VALUE_MISSING' END"
        )
        joins = [part.join for part in self.parts] + self.collected.joins + self.issued.joins
        chosen = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
        with as_written(self.con):
            self.con.execute(
                f"CREATE OR REPLACE TABLE door_located AS SELECT {chosen}"
                f" FROM {self.raw} AS r"
                f" JOIN door_subject_keys AS s ON s.sent IS NOT DISTINCT FROM {self.sent('subject_id')}"
                f" {self.test.join} JOIN door_test ON door_test.id = {self.test.id}"
                f" {self.value.join} LEFT JOIN door_value ON door_value.id = {self.value.id}"
                f" {' '.join(join for join in joins if join)}"
            )
        self.order = tuple(columns)
        self.knows_people = bool(self.person.keys)
        self.columns = set(columns)

    def ref(self, column: str, table: str = "d") -> str:
        """A column of `door_located`, or what it would say where the input has no such column."""
        if column in self.columns:
            return f"{table}.{column}"
        return {"precision": "0", "sentinel": "false", "relative": "false"}.get(
            column, "NULL" if column.endswith(("_s", "_id", "_row")) else "1"
        )

    def _ranges(self) -> None:
        """`door_range`: the laboratory's intervals by test, unit that the value was read in, and their text."""
        typed = is_number(self.types.get("low", "")) or is_number(self.types.get("high", ""))
        names = {id_: unit for unit, id_ in self.units.items()}
        texts = dict(self.limits.combinations())
        found = self.con.execute(
            f"SELECT DISTINCT d.test, v.unit_id, {self.ref('limits')} FROM door_rows AS d"
            f" JOIN door_value AS v ON v.id = d.value"
        ).fetchall()
        rows = []
        for test, unit, limits in found:
            low, high, text = texts[limits]
            read = self.readings.range(low, high, text, names[unit], self.tests[test], typed)
            if read != (None, None, 0):
                rows.append((test, unit, limits, *read))
        fill(
            self.con,
            "door_range",
            "test INTEGER, unit_id INTEGER, limits INTEGER, lln BIGINT, uln BIGINT, issues BIGINT",
            rows,
        )
        self.has_ranges = bool(rows)


def _about_person(
    sex: str | None,
    birth_date: str | None,
    death_date: str | None,
    pregnant: str | None,
    weeks: str | None,
    duffy: str | None,
    *,
    locale: str,
) -> tuple[Any, ...]:
    birth = read_birth(birth_date, locale)
    pregnancy = read_pregnancy(pregnant, weeks)
    return (read_sex(sex), *birth, read_death(death_date, locale), pregnancy, read_duffy(duffy))


def nothing_beside(con: Connection) -> None:
    """Empty tables of drugs, conditions and vitals, for a run that was sent none."""
    for table in (DRUGS, CONDITIONS, VITALS, MENTIONS, COVERED):
        kinds = {"int": "BIGINT", "text": "VARCHAR"}
        columns = ", ".join(f"{column.name} {kinds[column.kind]}" for column in table.columns)
        con.execute(f"CREATE TABLE IF NOT EXISTS main.{table.name} ({columns})")
    con.execute("CREATE TABLE IF NOT EXISTS main.mention_ids (kind VARCHAR, row BIGINT, mention_id VARCHAR)")
