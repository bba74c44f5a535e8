"""The short way for text tables that hold no surprise: DuckDB's own reader, where it is sure to say the same as ours.

A file is plain when every line is UTF-8, has as many separators as the header and something between them, and when
there is no quote, no NUL, no stray carriage return, no blank and no endless line. Then each line is one record, and its
number is its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leukon.read.csv import GZIP, LONGEST_LINE, Dialect, open_bytes
from leukon.read.parquet import pattern, quoted

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection as Connection

CHUNK = 1 << 22


def count_plain(path: Path, dialect: Dialect) -> int | None:
    """How many data lines a plain file has; None when it is not plain. Reads it once, in pieces."""
    if dialect.header_line != 1:
        return None
    separator = dialect.separator.encode()
    nothing = separator + b" \t\r"
    width, ends = len(dialect.header) - 1, b"\n"

    def plain(lines: list[bytes]) -> bool:
        return all(
            line.count(separator) == width and line.strip(nothing) and len(line) <= LONGEST_LINE for line in lines
        )

    rest, seen = b"", 0
    with path.open("rb") as file, open_bytes(file) as stream:
        while chunk := stream.read(CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            if not seen and lines and lines[0].endswith(b"\r"):
                ends = b"\r\n"
            text = b"\n".join(lines)
            if b'"' in chunk or b"\0" in chunk or len(rest) > LONGEST_LINE or not plain(lines):
                return None
            if text.count(b"\r") != (len(lines) if ends == b"\r\n" else 0) or not _is_text(text):
                return None
            seen += len(lines)
    if rest and (not plain([rest]) or b"\r" in rest or not _is_text(rest)):
        return None
    return max(0, seen + bool(rest) - 1)


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def fill_plain(con: Connection, table: str, path: Path, dialect: Dialect, wanted: set[int], skip: int) -> bool:
    """Makes the table that `csv.fill` would make; False when DuckDB will not after all (then there is none).

    `skip`: lines after the header that hold no data.
    """
    import duckdb

    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    before = dialect.header_line + skip
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(dialect.header)))
    options = (
        f"auto_detect = false, header = false, skip = {before}, delim = {quoted(dialect.separator)}, quote = '',"
        f" escape = '', nullstr = '', strict_mode = true, max_line_size = {2 * LONGEST_LINE},"
        f" compression = '{'gzip' if packed else 'none'}', columns = {{{columns}}}"
    )
    chosen = "".join(f", c{place}" for place in sorted(wanted))
    rows = f"SELECT row_number() OVER () - 1 AS n, * FROM read_csv({quoted(pattern(path))}, {options})"
    try:
        con.execute(f"CREATE TABLE main.{table} AS SELECT n, n + {before + 1} AS line{chosen} FROM ({rows}) AS t")
    except duckdb.InvalidInputException:
        return False
    return True
