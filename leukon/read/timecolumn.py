"""A column of times in SQL: timestamps by their epoch, texts in two halves that `times` reads once each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from leukon.read.interned import Dictionary
from leukon.read.times import DAY, EXACT, PRECISIONS, SENTINELS, read_clock, read_day

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

BLANK = len(PRECISIONS)
"""How SQL calls the precision of a half that was not given."""
BAD, DAYS, YEARS = (PRECISIONS.index(word) for word in ("none", "day", "year"))
EXACTS = ", ".join(str(PRECISIONS.index(word)) for word in PRECISIONS if word in EXACT)
WHITE = " || ".join(f"chr({mark})" for mark in (32, 9, 13, 10, 160))
"""What is taken off both ends of a text: blanks, tabs, line ends and the blank that does not break."""


def trimmed(sql: str) -> str:
    """SQL for the text of a value without the blanks around it; NULL when nothing is left."""
    return f"nullif(trim(CAST({sql} AS VARCHAR), {WHITE}), '')"


class TimeColumn:
    """SQL for one column of times of the rows `r`.

    `seconds`, `last_s` (last second of what was stated), `precision` (place in `times.PRECISIONS`) and `sentinel` are
    expressions that hold once `joins` stand in the FROM clause. `seconds` is NULL where there is no legible time.
    """

    def __init__(self, con: Connection, source: str, field: str, types: dict[str, str], locale: str) -> None:
        kind = types.get(field, "")
        self.seconds, self.last_s, self.precision, self.sentinel = "NULL::BIGINT", "NULL::BIGINT", "0", "false"
        self.joins: list[str] = []
        self.present = field in types
        if kind == "DATE" or kind.startswith("TIMESTAMP"):
            self._typed(f"r.{field}", kind)
        elif self.present:
            self._text(con, source, field, "r.time_unit" if "time_unit" in types else "", locale)

    def _typed(self, column: str, kind: str) -> None:
        self.seconds = f"CAST(epoch(date_trunc('second', {column})) AS BIGINT)"
        self.last_s = f"{self.seconds} + {DAY - 1}" if kind == "DATE" else self.seconds
        precision = DAYS if kind == "DATE" else PRECISIONS.index("second")
        self.precision = f"CASE WHEN {column} IS NULL THEN 0 ELSE {precision} END"
        midnights = ", ".join(str(day * DAY) for day in SENTINELS)
        self.sentinel = f"coalesce({self.seconds} IN ({midnights}), false)"

    def _text(self, con: Connection, source: str, field: str, unit: str, locale: str) -> None:
        whole = f"CAST(r.{field} AS VARCHAR)"
        cut = f"least(nullif(strpos(substr({whole}, 9), 'T'), 0), nullif(strpos(substr({whole}, 9), ' '), 0))"
        offset = f"coalesce(trim({unit}), '') <> ''" if unit else "false"
        usual = f"substr({whole}, 11, 1) IN ('T', ' ')"
        head = (
            f"CASE WHEN {offset} THEN {whole} WHEN {usual} THEN left({whole}, 10)"
            f" WHEN {cut} IS NULL THEN {whole} ELSE left({whole}, 7 + {cut}) END"
        )
        tail = (
            f"CASE WHEN {offset} THEN NULL WHEN {usual} THEN substr({whole}, 12)"
            f" WHEN {cut} IS NULL THEN NULL ELSE substr({whole}, 9 + {cut}) END"
        )
        always: Callable[[str], bool] = lambda key: key != "time_unit" or bool(unit)  # noqa: E731
        days = Dictionary(con, f"door_{field}_day", {"day": head, "time_unit": unit}, source, always)
        days.read(
            "seconds BIGINT, last_s BIGINT, precision TINYINT, sentinel BOOLEAN",
            lambda _, cells: _half(read_day(cells[0] or "", (cells[1] or "").strip(), locale)),
        )
        clocks = Dictionary(con, f"door_{field}_clock", {"clock": tail}, source, always)
        clocks.read(
            "seconds BIGINT, precision TINYINT",
            lambda _, cells: _half(read_clock(cells[0] or "")),
        )
        d, c = days.name, clocks.name
        self.joins = [days.join, f"JOIN {d} ON {d}.id = {days.id}", clocks.join, f"JOIN {c} ON {c}.id = {clocks.id}"]
        legible = (
            f"{d}.precision NOT IN ({BAD}, {BLANK}) AND {c}.precision <> {BAD}"
            f" AND ({c}.precision = {BLANK} OR {d}.precision IN ({DAYS}, {YEARS}))"
        )
        alone = f"{c}.precision = {BLANK}"
        self.seconds = f"CASE WHEN {legible} THEN {d}.seconds + {c}.seconds END"
        self.last_s = (
            f"CASE WHEN NOT ({legible}) THEN NULL WHEN {alone} OR {d}.precision = {YEARS} THEN {d}.last_s"
            f" ELSE {d}.seconds + {c}.seconds END"
        )
        self.precision = (
            f"CASE WHEN NOT ({legible}) THEN 0 WHEN {alone} OR {d}.precision = {YEARS} THEN {d}.precision"
            f" ELSE {c}.precision END"
        )
        self.sentinel = f"{legible} AND {d}.sentinel AND {c}.seconds = 0"


def _half(half: tuple[object, ...]) -> tuple[object, ...]:
    """A half of a time with its precision as the number that SQL uses."""
    named = dict(zip(half._fields, half, strict=True))  # type: ignore[attr-defined]
    named["precision"] = PRECISIONS.index(str(named["precision"])) if named["precision"] else BLANK
    return tuple(named.values())
