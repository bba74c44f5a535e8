"""Parquet files, read where they are: columns keep their types, rows their place in the file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from leukon.errors import InputError
from leukon.read.interned import is_number

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

MAGIC = b"PAR1"


def quoted(text: str) -> str:
    """A SQL string."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """A SQL identifier."""
    return '"' + text.replace('"', '""') + '"'


def pattern(path: Path) -> str:
    """A path as DuckDB wants it, which reads a name as a pattern: `*`, `?` and `[` stand for themselves."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def describe(con: Connection, path: Path, shown: str) -> tuple[dict[str, str], int]:
    """The columns of a file with their types, and its number of rows. InputError when it is not whole."""
    import duckdb

    source = f"read_parquet({quoted(pattern(path))})"
    try:
        described = con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        rows = con.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0]
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"not a readable Parquet file: {reason}", where=shown, expected="a whole Parquet file", hint="send it again"
        ) from error
    return {str(column): kept_kind(str(kind)) for column, kind, *_ in described}, int(rows)


def kept_kind(kind: str) -> str:
    """Numbers, dates and times keep their type; lists, structures and everything else are read as their text."""
    single = not kind.endswith("]") and (is_number(kind) or kind == "DATE" or kind.startswith("TIMESTAMP"))
    return kind if single else "VARCHAR"


def view(con: Connection, table: str, path: Path, columns: dict[str, str]) -> None:
    """A view (n, line, c0, c1, ...) of a file. A 32-bit float becomes the number that its shortest text says."""
    chosen = "".join(
        f", CAST(CAST({name(column)} AS VARCHAR) AS DOUBLE) AS c{place}"
        if kind == "FLOAT"
        else f", CAST({name(column)} AS VARCHAR) AS c{place}"
        if kind == "VARCHAR"
        else f", {name(column)} AS c{place}"
        for place, (column, kind) in enumerate(columns.items())
    )
    con.execute(
        f"CREATE VIEW main.{table} AS SELECT file_row_number AS n, file_row_number + 1 AS line{chosen}"
        f" FROM read_parquet({quoted(pattern(path))}, file_row_number = true)"
    )
