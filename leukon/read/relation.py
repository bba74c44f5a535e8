"""The door for files: the same readings as `door.from_rows`, over a DuckDB relation of any size.

Each different text is read once in Python (`interned`) and joined back as integers; there is no second reader of
numbers, units or times in SQL. What grows with the rows is one narrow table of integers (`door_rows`); `results` and
`source_rows` are views over it, so that ten million rows fit beside the chain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leukon.read.interned import Dictionary, fill, is_number
from leukon.read.people import read_age, read_birth, read_death, read_duffy, read_pregnancy, read_sex
from leukon.read.persons import OLDEST_S
from leukon.read.raw import FIELDS, NO_PERSON, NO_TEST, NO_VALUE
from leukon.read.readings import Readings, Test
from leukon.read.timecolumn import EXACTS, TimeColumn, trimmed
from leukon.read.views import results, sources
from leukon.tables import PEOPLE, REJECTS

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

    def run(self) -> None:
        self._tests()
        self._values()
        self._contexts()
        self.collected = self._time("collected")
        self.issued = self._time("issued")
        self._locate()
        self._ranges()
        self._people()
        self._samples()
        self._usual()
        self._rejects()
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
            [(id_, *test, int(blank[id_])) for id_, test in self.tests.items()],
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

    def _locate(self) -> None:
        """`door_located`: each row as ids; `refused` is the reason of the rows that are no results."""
        self.con.execute(
            f"CREATE OR REPLACE TABLE door_subject AS SELECT row_number() OVER ()::INTEGER AS id, subject_id FROM"
            f" (SELECT DISTINCT {self.cell('subject_id')} AS subject_id FROM {self.raw} AS r)"
        )
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
        self.con.execute(
            f"CREATE OR REPLACE TABLE door_located AS SELECT {', '.join(f'{sql} AS {name}' for name, sql in columns.items())}"
            f" FROM {self.raw} AS r"
            f" JOIN door_subject AS s ON s.subject_id IS NOT DISTINCT FROM {self.cell('subject_id')}"
            f" {self.test.join} JOIN door_test ON door_test.id = {self.test.id}"
            f" {self.value.join} LEFT JOIN door_value ON door_value.id = {self.value.id}"
            f" {' '.join(join for join in joins if join)}"
        )
        self.order = tuple(columns)
        self.columns = set(columns)

    def ref(self, column: str, table: str = "d") -> str:
        """A column of `door_located`, or what it would say where the input has no such column."""
        if column in self.columns:
            return f"{table}.{column}"
        return {"precision": "0", "sentinel": "false", "relative": "false"}.get(
            column, "NULL" if column.endswith(("_s", "_id", "_row")) else "1"
        )

    def _ranges(self) -> None:
        """`door_range`: the laboratory's intervals by test, unit that the value was read in, and text of the interval."""
        typed = is_number(self.types.get("low", "")) or is_number(self.types.get("high", ""))
        names = {id_: unit for unit, id_ in self.units.items()}
        texts = dict(self.limits.combinations())
        found = self.con.execute(
            f"SELECT DISTINCT d.test, v.unit_id, {self.ref('limits')} FROM door_located AS d"
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
        self.knows_people = bool(self.person.keys)

    def _people(self) -> None:
        """`people`, and in `door_people` two marks of each: born after all dated results, birth hidden on purpose."""
        told = (
            ("nullif(p.sex, 'unknown')", "sex"),
            ("nullif(p.pregnancy, 'unknown')", "pregnancy"),
            ("nullif(p.duffy, 'unknown')", "duffy"),
            ("p.birth_low_s", "birth_low_s"),
            ("p.birth_high_s", "birth_high_s"),
            ("CASE WHEN p.birth_low_s IS NOT NULL THEN p.birth_exact END", "birth_exact"),
            ("p.death_s", "death_s"),
        )
        last = f"max(CASE WHEN NOT {self.ref('relative')} THEN {self.ref('last_s')} END)::BIGINT"
        over = self.readings.options.deidentified_age_over is not None
        self.con.execute(
            f"""
            CREATE OR REPLACE TABLE door_people AS
            WITH said AS (
                SELECT d.person_no, min(d.row) AS first, {last if self.has("birth_date") else "NULL::BIGINT"} AS last,
                    {", ".join(f"min({sql}) AS {name}_a, max({sql}) AS {name}_b" for sql, name in told)}
                FROM door_located AS d JOIN door_person AS p ON p.id = {self.ref("person")}
                WHERE d.refused IS NULL GROUP BY d.person_no
            ),
            agreed AS (
                SELECT *, birth_low_s_a = birth_low_s_b AND birth_high_s_a = birth_high_s_b
                    AND birth_exact_a = birth_exact_b AS born
                FROM said
            ),
            marked AS (
                SELECT *, coalesce(born AND birth_low_s_a > last, false) AS impossible,
                    {over} AND coalesce(born AND last - birth_high_s_a >= {OLDEST_S}, false) AS hidden
                FROM agreed
            )
            SELECT row_number() OVER (ORDER BY first) AS subject, s.subject_id,
                coalesce(CASE WHEN sex_a = sex_b THEN sex_a END, 'unknown') AS sex,
                coalesce(CASE WHEN pregnancy_a = pregnancy_b THEN pregnancy_a END, 'unknown') AS pregnancy,
                coalesce(CASE WHEN duffy_a = duffy_b THEN duffy_a END, 'unknown') AS duffy,
                CASE WHEN born AND NOT hidden THEN birth_low_s_a END AS birth_low_s,
                CASE WHEN born AND NOT hidden THEN birth_high_s_a END AS birth_high_s,
                CASE WHEN born AND NOT hidden THEN birth_exact_a ELSE 0 END AS birth_exact,
                CASE WHEN death_s_a = death_s_b THEN death_s_a END AS death_s,
                impossible, hidden, m.person_no
            FROM marked AS m JOIN door_subject AS s ON s.id = m.person_no
            """
        )
        self.con.execute(
            f"CREATE OR REPLACE TABLE people AS SELECT {', '.join(PEOPLE.names)} FROM door_people ORDER BY subject"
        )

    def _samples(self) -> None:
        """`door_rows`: the rows that are results, with subject and sample (named by its first row)."""
        by_id, by_row = "sample_id" in self.columns, "sample_row" in self.columns
        how = f"CASE WHEN {self.ref('precision')} IN ({EXACTS}) THEN 1"
        how = (f"CASE WHEN d.sample_id IS NOT NULL THEN 0 {how[5:]}" if by_id else how) + (
            " WHEN d.sample_row IS NOT NULL THEN 2" if by_row else ""
        )
        how = f"{how} ELSE 3 + {self.ref('precision')} END"
        mark = "NULL::VARCHAR"
        if by_id or by_row:
            mark = f"CASE {how} WHEN 0 THEN {self.ref('sample_id')} WHEN 2 THEN {self.ref('sample_row')} END"
        keys = {"person_no": "d.person_no", "how": how, "mark": mark}
        keys["time"] = f"CASE WHEN {how} NOT IN (0, 2) THEN {self.ref('collected_s')} END"
        self.con.execute(
            f"CREATE OR REPLACE TABLE door_sample AS SELECT {', '.join(f'{sql} AS {name}' for name, sql in keys.items())},"
            " min(d.row) AS sample FROM door_located AS d WHERE d.refused IS NULL GROUP BY ALL"
        )
        same = " AND ".join(
            f"k.{name} IS NOT DISTINCT FROM {sql}" for name, sql in keys.items() if sql != mark or by_id or by_row
        )
        kept = [name for name in self.order if name not in ("person_no", "refused", "sample_id", "sample_row")]
        self.con.execute(
            f"CREATE OR REPLACE TABLE door_rows AS SELECT {', '.join('d.' + name for name in kept)}, p.subject::INTEGER AS"
            " subject, k.sample, CASE WHEN k.how < 3 THEN 1 ELSE 0 END::TINYINT AS sample_exact"
            f" FROM door_located AS d JOIN door_people AS p ON p.person_no = d.person_no"
            f" JOIN door_sample AS k ON {same} WHERE d.refused IS NULL"
        )
        self.con.execute("DROP TABLE door_sample")

    def _usual(self) -> None:
        """`usual`: the lowest usual level that a person's rows state, by analyte."""
        columns = "subject BIGINT, analyte VARCHAR, low BIGINT"
        self.con.execute(f"CREATE OR REPLACE TABLE usual ({columns})")
        if not self.has("usual_low"):
            return
        keys = {"test_id": self.test.id, "usual_low": "r.usual_low", "unit": "r.unit"}
        source = f"FROM {self.raw} AS r {self.test.join} WHERE {self.cell('usual_low')} IS NOT NULL"
        levels = Dictionary(self.con, "door_usual", keys, source, lambda key: key == "test_id" or self.has(key))
        typed = is_number(self.types["usual_low"])

        def level(_: int, cells: tuple[str | None, ...]) -> tuple[str | None, int | None]:
            test = self.tests[int(cells[0] or 0)]
            read = self.readings.value(cells[1], None, cells[2], test, typed)
            return test.analyte, read.low if read.quantity == "count" else None

        levels.read("analyte VARCHAR, low BIGINT", level)
        self.con.execute(
            f"INSERT INTO usual SELECT d.subject, u.analyte, min(u.low) FROM {self.raw} AS r {self.test.join} {levels.join}"
            f" JOIN door_usual AS u ON u.id = {levels.id} JOIN door_rows AS d ON d.row = r.row"
            " WHERE u.low IS NOT NULL GROUP BY d.subject, u.analyte ORDER BY d.subject, u.analyte"
        )

    def _rejects(self) -> None:
        """Appends to `rejects` the rows that are no results, in their order; then the wide table is not needed any more."""
        create_rejects(self.con)
        test = f"coalesce({self.cell('test')}, {self.cell('mapped_test')})"
        self.con.execute(
            f"""
            INSERT INTO rejects
            SELECT r.input, r.line,
                CASE d.refused WHEN 'SUBJECT_MISSING' THEN 'subject_id' WHEN 'TEST_MISSING' THEN 'test' ELSE 'value' END,
                d.refused,
                CASE d.refused WHEN 'SUBJECT_MISSING' THEN '{NO_PERSON}' WHEN 'TEST_MISSING' THEN '{NO_TEST}'
                    ELSE '{NO_VALUE} ' || {test} END
            FROM door_located AS d JOIN {self.raw} AS r ON r.row = d.row WHERE d.refused IS NOT NULL ORDER BY d.row
            """
        )
        self.con.execute("DROP TABLE door_located")


def create_rejects(con: Connection) -> None:
    """An empty table `rejects`, unless there is one."""
    columns = ", ".join(f"{c.name} {'BIGINT' if c.kind == 'int' else 'VARCHAR'}" for c in REJECTS.columns)
    con.execute(f"CREATE TABLE IF NOT EXISTS rejects ({columns})")


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
