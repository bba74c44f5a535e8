"""A wide table: one sample a line, a column for each analyte, the unit in the header or in a second header line."""

from __future__ import annotations

from collections.abc import Mapping

from leukon.read.headers import AnalyteColumn, find_analytes, find_fields, is_unit
from leukon.read.plan import Cell, Plan
from leukon.read.readings import Readings

NOT_WIDE = frozenset({"test", "value", "unit", "low", "high", "range_text", "comparator"})
"""Fields of one result; in a wide table they have no column of their own."""


def plan_wide(header: tuple[str, ...], first: tuple[str, ...], readings: Readings) -> Plan | None:
    """The plan of a wide table, None when no column is named after an analyte. `first`: the line after the header."""
    fields = {name: cell for name, cell in find_fields(header).items() if name not in NOT_WIDE}
    taken = {column for cell in fields.values() for column in (cell.column, cell.also)}
    columns = find_analytes(header, readings, taken)
    values = [column for column in columns if not column.part]
    if not values:
        return None
    row = dict(zip(header, first, strict=False))
    unit_row = is_unit_row([row.get(column.column, "") for column in values], readings)
    parts = {(_kind(column, readings), column.part): column.column for column in columns if column.part}
    cells = tuple(_cells(column, row if unit_row else {}, parts, readings) for column in values)
    used = taken | {column.column for column in columns}
    unused = tuple(column for column in header if column not in used)
    return Plan("wide", fields, cells, unit_row=unit_row, unused=unused)


def is_unit_row(cells: list[str], readings: Readings) -> bool:
    """Whether a line holds the units of its columns: no numbers, and at least half of what stands there is a unit."""
    texts = [text for cell in cells if (text := unit_text(cell))]
    numbers = [text for text in texts if text.replace(".", "", 1).replace(",", "", 1).isdigit()]
    units = [text for text in texts if is_unit(text, readings)]
    return bool(texts) and not numbers and 2 * len(units) >= len(texts)


def unit_text(cell: str) -> str:
    """A cell of a line of units, without the brackets around it: `(10^9/L)` is `10^9/L`."""
    text = cell.strip()
    return text[1:-1].strip() if text[:1] + text[-1:] in ("()", "[]") else text


def _kind(column: AnalyteColumn, readings: Readings) -> tuple[str | None, str | None]:
    return readings.test(column.test)[:2]


def _cells(
    column: AnalyteColumn,
    units: Mapping[str, str],
    parts: Mapping[tuple[tuple[str | None, str | None], str], str],
    readings: Readings,
) -> dict[str, Cell]:
    cells = {"test": Cell(text=column.column), "mapped_test": Cell(text=column.test), "value": Cell(column.column)}
    if unit := column.unit or unit_text(units.get(column.column, "")):
        cells["unit"] = Cell(text=unit)
    for part in ("low", "high", "unit"):
        if other := parts.get((_kind(column, readings), part)):
            cells[part] = Cell(other)
    return cells
