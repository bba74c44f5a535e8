"""Each different text of a column is read once, in Python, and joined back as integers: so millions of rows are cheap.

A `Dictionary` holds the different combinations of some columns (`<name>_keys`: id and texts) and what each of them
means (`<name>`: id and readings).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

Cells = tuple[str | None, ...]
BATCH = 50_000
FEW = "INTEGER"
NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
FRACTIONS = ("FLOAT", "DOUBLE", "DECIMAL")


class Dictionary:
    """The different combinations of the columns `keys` (those of them that exist) and what they mean.

    `where` narrows the rows. With no column at hand there is one combination, of nothing, with id 1.
    """

    def __init__(
        self, con: Connection, name: str, keys: Mapping[str, str], source: str, have: Callable[[str], bool]
    ) -> None:
        self.con, self.name = con, name
        self.names = tuple(keys)
        self.keys = {key: sql for key, sql in keys.items() if have(key)}
        chosen = ", ".join(f"{sql} AS {key}" for key, sql in self.keys.items())
        inner = f"SELECT DISTINCT {chosen} {source}" if self.keys else "SELECT 1 AS nothing"
        con.execute(
            f"CREATE OR REPLACE TABLE {name}_keys AS SELECT row_number() OVER ()::{FEW} AS id, * FROM ({inner})"
        )

    @property
    def id(self) -> str:
        """SQL for the id of a row once `join` stands in the FROM clause."""
        return f"{self.name}_keys.id" if self.keys else f"1::{FEW}"

    @property
    def join(self) -> str:
        """The join that gives each row its id; nothing when there is one combination only."""
        if not self.keys:
            return ""
        same = " AND ".join(f"{self.name}_keys.{key} IS NOT DISTINCT FROM {sql}" for key, sql in self.keys.items())
        return f"LEFT JOIN {self.name}_keys ON {same}"

    def combinations(self) -> Iterator[tuple[int, Cells]]:
        """(id, texts in the order of `keys`); a column that does not exist is None in all of them."""
        chosen = ", ".join(f"CAST({key} AS VARCHAR)" if key in self.keys else "NULL" for key in self.names)
        cursor = self.con.execute(f"SELECT id, {chosen} FROM {self.name}_keys ORDER BY id")
        while batch := cursor.fetchmany(BATCH):
            for id_, *cells in batch:
                yield id_, tuple(cells)

    def read(self, columns: str, meaning: Callable[[int, Cells], Sequence[Any]]) -> None:
        """Fills the table `<name>` (id, `columns`) with what each combination means."""
        fill(
            self.con,
            self.name,
            f"id {FEW}, {columns}",
            [(id_, *meaning(id_, cells)) for id_, cells in self.combinations()],
        )


def fill(con: Connection, name: str, columns: str, rows: Sequence[Sequence[Any]]) -> None:
    """A table of the run from Python rows."""
    con.execute(f"CREATE OR REPLACE TABLE {name} ({columns})")
    appender = con.appender(name)
    for start in range(0, len(rows), BATCH):
        appender.append_rows(rows[start : start + BATCH])
        appender.flush()


@contextmanager
def as_written(con: Connection) -> Iterator[None]:
    """Within the block joins run in the order of the text: rows stream past small tables.

    Left to itself DuckDB takes the dictionaries for the larger side and builds hash tables of all rows.
    """
    con.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    try:
        yield
    finally:
        con.execute("RESET disabled_optimizers")


def is_number(kind: str) -> bool:
    """Whether a DuckDB type is a number: its text is then written with a decimal point, whatever the locale."""
    return kind.split("(")[0] in (*NUMBERS, *FRACTIONS)
