"""One file as a table in DuckDB, whatever its format: `(n, line, c0, c1, ...)`, a column for each of the header.

A text file is read twice: its head to see what it is, then whole, only the columns that are needed.
"""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from leukon.errors import InputError
from leukon.read import csv, parquet
from leukon.read.plaincsv import count_plain, fill_plain

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

STDIN = "stdin"


@dataclass(frozen=True)
class Place:
    """A file to read: its path, the name to call it by (the last part of the path), and whether it vanishes soon."""

    path: Path
    name: str
    fleeting: bool = False


@dataclass(frozen=True)
class Head:
    """What a file looks like: its header, the types of its columns, the line after the header."""

    place: Place
    header: tuple[str, ...]
    types: tuple[str, ...]
    first: tuple[str, ...]
    dialect: csv.Dialect | None
    rows: int

    def index(self, column: str) -> int | None:
        """The place of a column, by its name without regard to case; None when there is none."""
        folded = " ".join(column.split()).lower()
        return next((place for place, name in enumerate(self.header) if name.lower() == folded), None)


@contextmanager
def spooled(stream: BinaryIO, name: str = STDIN) -> Iterator[Place]:
    """Standard input or any other stream as a file that vanishes at the end."""
    with tempfile.NamedTemporaryFile(prefix="leukon-") as file:
        shutil.copyfileobj(stream, file)
        file.flush()
        yield Place(Path(file.name), name, fleeting=True)


@contextmanager
def unpacked(place: Place) -> Iterator[Place]:
    """The file itself; a packed Parquet file, which cannot be read in one go, as an unpacked one."""
    with place.path.open("rb") as file:
        if file.read(2) == csv.GZIP:
            file.seek(0)
            with gzip.GzipFile(fileobj=file) as stream:
                if _begins(stream) == parquet.MAGIC:
                    stream.seek(0)
                    with spooled(stream, place.name) as plain:  # type: ignore[arg-type]
                        yield plain
                    return
    yield place


def _begins(stream: gzip.GzipFile) -> bytes:
    try:
        return stream.read(4)
    except (OSError, EOFError, zlib.error):
        return b""  # broken: said when it is read


def look(con: Connection, place: Place) -> Head:
    """Reads the head of a file. InputError when it is neither Parquet nor a text table."""
    try:
        with place.path.open("rb") as stream:
            magic = stream.read(4)
            if magic == parquet.MAGIC:
                columns, rows = parquet.describe(con, place.path, place.name)
                return Head(place, tuple(columns), tuple(columns.values()), (), None, rows)
            stream.seek(0)
            head = list(islice(csv.lines(stream, place.name), csv.SNIFFED_LINES))
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror or error}", where=place.name, expected="a file that may be read"
        ) from error
    dialect = csv.sniff(head, place.name)
    first = next(csv.rows(head, dialect, place.name, []), (0, []))[1]
    return Head(place, dialect.header, ("VARCHAR",) * len(dialect.header), tuple(first), dialect, 0)


def load(con: Connection, head: Head, table: str, wanted: set[int], rejects: list[csv.Reject], skip: int = 0) -> int:
    """Makes `table` with the `wanted` columns (Parquet: a view of all); returns how many lines it has.

    Lines that cannot be read go to `rejects`. `skip`: lines after the header that hold no data (units).
    """
    if head.dialect is None:
        parquet.view(con, table, head.place.path, dict(zip(head.header, head.types, strict=True)))
        return head.rows
    lines = count_plain(head.place.path, head.dialect)
    if lines is not None and lines >= skip and fill_plain(con, table, head.place.path, head.dialect, wanted, skip):
        return lines - skip
    with head.place.path.open("rb") as stream:
        source = csv.rows(csv.lines(stream, head.place.name), head.dialect, head.place.name, rejects)
        return csv.fill(con, table, islice(source, skip, None), sorted(wanted))
