"""A plan and a file to rows of `Raw` in SQL: the columns as they are, people and item names joined beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from leukon.read.interned import is_number
from leukon.read.parquet import quoted
from leukon.read.plan import Cell, Item, Plan, Side
from leukon.read.table import Head
from leukon.read.timecolumn import trimmed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

AS_THEY_ARE = frozenset({"value", "low", "high", "usual_low", "collected", "issued", "start", "stop"})
"""Fields that keep the type of their column; all others become text."""


def code(sql: str) -> str:
    """SQL for a code as maps write it: without blanks, and `1.0` is `1`."""
    return f"regexp_replace(trim(CAST({sql} AS VARCHAR)), '\\.0+$', '')"


class Sheet:
    """One file under one plan. `sides` are the tables of people and item names that were found beside it."""

    def __init__(self, head: Head, plan: Plan, table: str, sides: Mapping[str, tuple[str, Head]]) -> None:
        self.head, self.plan, self.table, self.sides = head, plan, table, sides

    @property
    def is_plain(self) -> bool:
        """Whether the rows are the file's own columns and nothing else (then they need not be written down again)."""
        plan = self.plan
        joined = plan.fill_down or plan.keep or plan.drop or plan.items or self.sides
        return not (joined or self.head.place.fleeting)

    def select(self, base: int) -> str:
        """SQL for the rows of `Raw` with `row` counted from `base` + 1; see `width` for how many a line takes."""
        fields = dict(self.plan.fields)
        if self.plan.time_unit:
            fields["time_unit"] = Cell(text=self.plan.time_unit)
        if not self.plan.cells:
            return self._select(fields, base, 0)
        fields["sample_row"] = Cell(text="")
        return " UNION ALL BY NAME ".join(
            self._select({**fields, **cells}, base, place) for place, cells in enumerate(self.plan.cells)
        )

    @property
    def width(self) -> int:
        """How many rows one line can give."""
        return max(1, len(self.plan.cells))

    def _select(self, fields: Mapping[str, Cell], base: int, place: int) -> str:
        columns = {field: self._field(field, cell) for field, cell in fields.items()}
        columns |= self._item_columns() | self._birth_columns()
        row = f"{base} + f.n * {self.width} + {place + 1}"
        if self.plan.cells:
            columns["sample_row"] = "CAST(f.line AS VARCHAR)"
            line = f"{quoted(self.head.place.name)} || '#' || f.line"
            own_id = f"coalesce({columns['result_id']}, {line})" if "result_id" in columns else line
            columns["result_id"] = f"{own_id} || {quoted(':' + fields['test'].text)}"
        chosen = ", ".join(f"{sql} AS {field}" for field, sql in columns.items() if sql != "NULL")
        own = f"{row} AS row, {quoted(self.head.place.name)} AS input, f.line AS line"
        sql = f"SELECT {own}, {chosen} FROM {self._from()}"
        conditions = self._conditions()
        if self.plan.cells:
            value = self._sql(fields["value"])
            conditions.append(f"{trimmed(value)} IS NOT NULL")
            if is_number(self._type(fields["value"])):
                conditions.append(f"NOT isnan(CAST({value} AS DOUBLE))")
        return sql + (f" WHERE {' AND '.join(conditions)}" if conditions else "")

    # --- columns ------------------------------------------------------------------------------------

    def _place(self, column: str, side: str = "") -> tuple[str, str] | None:
        """SQL and type of a column of the file or of a side; None where the side or its column is not there."""
        if side and side not in self.sides:
            return None
        head = self.sides[side][1] if side else self.head
        at = head.index(column)
        return None if at is None else (f"{side or 'f'}.c{at}", head.types[at])

    def _type(self, cell: Cell) -> str:
        found = self._place(cell.column, cell.side)
        return found[1] if found and not cell.codes and not cell.also else "VARCHAR"

    def _sql(self, cell: Cell) -> str:
        """SQL for a cell, with the type of its column."""
        if not cell.column:
            return quoted(cell.text)
        found = self._place(cell.column, cell.side)
        if found is None:
            return "NULL"
        sql = found[0]
        if cell.codes:
            cases = " ".join(f"WHEN {quoted(sent)} THEN {quoted(meant)}" for sent, meant in cell.codes)
            sql = f"CASE {code(sql)} {cases} ELSE CAST({sql} AS VARCHAR) END"
        if cell.also and (second := self._place(cell.also, cell.side)):
            sql = f"concat_ws(' ', {trimmed(sql)}, {trimmed(second[0])})"
        return sql

    def _field(self, field: str, cell: Cell) -> str:
        sql = self._sql(cell)
        if sql == "NULL" or field in AS_THEY_ARE or not cell.column:
            return sql
        kind = self._type(cell)
        if kind in ("FLOAT", "DOUBLE"):  # an id or code that a program kept as a number: 62161.0 is 62161
            return code(sql)
        return sql if kind == "VARCHAR" else f"CAST({sql} AS VARCHAR)"

    def _item_columns(self) -> dict[str, str]:
        """What the item list says of a row: its test, and specimen, unit and method where given."""
        if not self.plan.items:
            return {}
        own = self.plan.fields
        columns = {"mapped_test": "i.test"}
        if "mapped_test" in own:
            columns["mapped_test"] = f"coalesce(i.test, {self._field('mapped_test', own['mapped_test'])})"
        for field in ("unit", "specimen", "method"):
            if any(getattr(item, field) for item in self.plan.items):
                sent = self._field(field, own[field]) if field in own else "NULL"
                columns[field] = f"coalesce(i.{field}, {sent})"
        return columns

    def _birth_columns(self) -> dict[str, str]:
        """Birth as a span of two years, from an age and the calendar year in which the person had it."""
        about = self.plan.birth_year
        if about is None:
            return {}
        age, year = self._place(about.age, about.side), self._place(about.year, about.side)
        if age is None or year is None:
            return {}
        born = f"(TRY_CAST({year[0]} AS INTEGER) - TRY_CAST({age[0]} AS INTEGER))"
        span = f"({born} - 1) || '-01-01/' || {born} || '-12-31'"
        over = self.plan.deidentified_age_over
        if over is None:
            return {"birth_date": span}
        veiled = f"TRY_CAST({age[0]} AS INTEGER) > {over}"
        return {
            "birth_date": f"CASE WHEN NOT {veiled} THEN {span} END",
            "age_years": f"CASE WHEN {veiled} THEN '> {over}' END",
        }

    # --- rows ---------------------------------------------------------------------------------------

    def _from(self) -> str:
        sql = f"main.{self.table} AS f"
        if self.plan.fill_down:
            filled = ", ".join(
                f"last_value(nullif(trim({at}), '') IGNORE NULLS) OVER (ORDER BY n ROWS UNBOUNDED PRECEDING) AS {at}"
                for at in (f"c{self.head.index(column)}" for column in self.plan.fill_down)
            )
            sql = f"(SELECT * REPLACE ({filled}) FROM main.{self.table}) AS f"
        for name, side in (("people", self.plan.people), ("names", self.plan.names)):
            if side is not None and name in self.sides:
                table, head = self.sides[name]
                key = code(f"s.c{head.index(side.key)}")
                same = f"{code(f'{name}.c{head.index(side.key)}')} = {code(self._own(side.on))}"
                if side.also and (at := head.index(side.also)) is not None:
                    key += f", {code(f's.c{at}')}"
                    same += f" AND {code(f'{name}.c{at}')} = {code(self._own(side.also))}"
                first = f"(SELECT DISTINCT ON ({key}) * FROM main.{table} AS s ORDER BY {key}, s.n)"
                sql += f" LEFT JOIN {first} AS {name} ON {same}"
        if self.plan.items:
            how = "JOIN" if self.plan.only_listed else "LEFT JOIN"
            sql += f" {how} main.{self.table}_items AS i ON i.code = {code(self._own(self.plan.item_column))}"
        return sql

    def _own(self, column: str) -> str:
        """SQL for a column of the file itself."""
        found = self._place(column)
        return found[0] if found else "NULL"

    def _conditions(self) -> list[str]:
        conditions = []
        for column, wanted in self.plan.keep.items():
            conditions.append(self._listed(column, wanted))
        for column, unwanted in self.plan.drop.items():
            conditions.append(f"NOT coalesce({self._listed(column, unwanted)}, false)")
        return conditions

    def _listed(self, column: str, values: tuple[str, ...]) -> str:
        return f"{code(self._own(column))} IN ({', '.join(quoted(value) for value in values)})"

    def write_items(self, con: Connection) -> None:
        """The item list as a table beside the file's own."""
        columns = ", ".join(f"{name} VARCHAR" for name in Item._fields)
        con.execute(f"CREATE TABLE main.{self.table}_items ({columns})")
        appender = con.appender(f"{self.table}_items")
        appender.append_rows([tuple(text or None for text in item) for item in self.plan.items])
        appender.flush()


def side_columns(side: Side, head: Head) -> set[int]:
    """The places of the columns that a side file is needed for."""
    found = {head.index(column) for column in (side.key, side.also, *side.columns) if column}
    return {place for place in found if place is not None}
