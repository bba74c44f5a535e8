"""Text tables: bytes of any encoding, separator and quoting, to rows of a DuckDB table, with every line accounted for.

    sniff(stream)   which separator, which header, which encoding
    fill(con, ...)  every record into a table `(line, c0, c1, ...)`, every unreadable one into the rejects

Python's csv module reads the fields. Records are put together here first, so that one stray quote spoils one line and
not the rest of the file.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from leukon.errors import InputError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

SEPARATORS = ",;\t|"
SNIFFED_LINES = 50
LONGEST_LINE = 1 << 20
"""Characters of one line; the rest of a longer one is not looked at (the line is rejected)."""
MOST_LINES = 200
"""Lines that one quoted field may span before its opening quote counts as a slip."""
BATCH = 50_000
GZIP = b"\x1f\x8b"
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
"""Signs that no header has; printed, they could command the terminal."""

Record = tuple[int, str]
"""First line (1-based) and text of one record."""
Reject = tuple[str, int | None, str, str, str]
"""input, line, field, code, text: a row of `tables.REJECTS`."""


@dataclass(frozen=True)
class Dialect:
    """How a text table is written: its separator, and the header with its line."""

    separator: str
    header: tuple[str, ...]
    header_line: int


def open_bytes(stream: BinaryIO) -> io.BufferedReader:
    """The stream itself, unpacked when it is gzip (told by its first bytes, not by its name)."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(_Raw(stream), 1 << 16)
    if buffered.peek(2)[:2] == GZIP:
        return io.BufferedReader(gzip.GzipFile(fileobj=buffered), 1 << 16)
    return buffered


class _Raw(io.RawIOBase):
    """Any object with `read` as a raw stream, so that its first bytes can be looked at."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self.stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def lines(stream: BinaryIO, name: str) -> Iterator[str]:
    """Decoded lines with their ends. UTF-8 and UTF-16 with or without a mark; a line that is not UTF-8 is Latin-1.

    NUL bytes are dropped. InputError when packed data is broken or a line has no end within reason.
    """
    try:
        buffered = open_bytes(stream)
        encoding, mark = _encoding(buffered.peek(4096)[:4096])
        buffered.read(mark)
        errors = "surrogateescape" if encoding == "utf-8" else "replace"
        text = io.TextIOWrapper(buffered, encoding=encoding, errors=errors, newline="")
        try:
            for line in _bounded(text.readline):
                yield line if line.isascii() or encoding != "utf-8" else _mend(line)
        finally:
            with suppress(ValueError):
                text.detach()  # the stream is closed by whoever opened it
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(
            f"the packed data is broken: {error}", where=name, expected="a whole .gz file", hint="send the file again"
        ) from error


def _bounded(readline: Callable[[int], str]) -> Iterator[str]:
    """Lines; of one longer than LONGEST_LINE only the beginning (then without a line end, which `records` rejects)."""
    while line := readline(LONGEST_LINE):
        if len(line) < LONGEST_LINE or line.endswith("\n"):
            yield line.replace("\0", "") if "\0" in line else line
            continue
        while (rest := readline(LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
            pass
        yield line


def _encoding(head: bytes) -> tuple[str, int]:
    """The encoding and the length of its mark. UTF-16 without a mark shows as a zero beside nearly every letter."""
    for mark, encoding in BOMS:
        if head.startswith(mark):
            return encoding, len(mark)
    for encoding, zeros, letters in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if len(head) >= 16 and not letters.count(0) and zeros.count(0) * 4 > len(zeros) * 3:
            return encoding, 0
    return "utf-8", 0


def _mend(line: str) -> str:
    """A line with bytes that are not UTF-8 is read as Windows Latin-1, whatever the other lines are."""
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return line.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return line


def records(source: Iterable[str]) -> Iterator[Record]:
    """Lines put together to records: while quotes are open, the next line belongs to the same one.

    A quote that nothing closes within MOST_LINES is a slip: its line stands alone, and the others are read again.
    """
    pending: deque[Record] = deque()
    numbered = iter(enumerate(source, 1))
    while True:
        first = pending.popleft() if pending else next(numbered, None)
        if first is None:
            return
        number, text = first
        if not text.count('"') & 1:
            yield first
            continue
        taken: list[Record] = []
        while len(taken) < MOST_LINES and sum(len(part) for _, part in taken[-1:]) < LONGEST_LINE:
            more = pending.popleft() if pending else next(numbered, None)
            if more is None:
                break
            taken.append(more)
            if more[1].count('"') & 1:
                break
        if taken and taken[-1][1].count('"') & 1:
            yield number, text + "".join(part for _, part in taken)
            continue
        pending.extendleft(reversed(taken))
        yield first


def split(record: str, separator: str) -> list[str] | str:
    """The fields of one record, or what is wrong with it."""
    if len(record) >= LONGEST_LINE and not record.endswith(("\n", "\r")):
        return f"a line of more than {LONGEST_LINE} characters"
    if '"' not in record:
        return record.rstrip("\r\n").split(separator)
    try:
        fields = next(csv.reader([record], delimiter=separator, strict=True), [])
    except csv.Error:
        if "\n" in record.rstrip("\r\n"):  # two slips that glued lines together, not one field of several lines
            return "a quote that nothing closes"
        try:
            reader = csv.reader([record], delimiter=separator)
            fields = next(reader, [])
        except csv.Error as error:
            return str(error)
        if record.count('"') & 1:
            return "a quote that nothing closes"
    return fields


def sniff(head: list[str], name: str) -> Dialect:
    """Separator and header from the first lines. InputError when they are no table."""
    found = [record for record in records(head) if record[1].strip("\r\n")]
    if not found:
        raise InputError("the file is empty", where=name, expected="a header and at least one line")
    best = max(SEPARATORS, key=lambda separator: _fit(found, separator))
    if _fit(found, best) == (0, 0):
        raise InputError(
            "this is not a table: no separator was found",
            where=name,
            expected="columns separated by , ; tab or |, their names in the first line",
            hint="take out any title above the names of the columns",
        )
    line, text = found[0]
    if text.lower().startswith("sep=") and len(found) > 1:  # a hint that Excel writes
        best, (line, text) = text.strip()[4:] or best, found[1]
    if _CONTROLS.search(text):
        raise InputError("this is not a table: it holds no text", where=name, expected="a header in its first line")
    fields = split(text, best)
    if isinstance(fields, str):
        raise InputError(f"the header cannot be read: {fields}", where=f"{name}:{line}")
    return Dialect(best, header(fields), line)


def _fit(found: list[Record], separator: str) -> tuple[int, int]:
    """How well a separator fits: records with as many fields as the first, then that number of fields."""
    shapes = [len(fields) for _, text in found if not isinstance(fields := split(text, separator), str)]
    if not shapes or shapes[0] < 2:
        return (0, 0)
    return (sum(shape == shapes[0] for shape in shapes), shapes[0])


def header(fields: list[str]) -> tuple[str, ...]:
    """Column names, trimmed and made different: the second `wbc` is `wbc (2)`, one without a name is `column 3`."""
    seen: dict[str, int] = {}
    names = []
    for place, field in enumerate(fields, 1):
        name = " ".join(field.replace("\ufeff", "").split()) or f"column {place}"
        seen[name.lower()] = count = seen.get(name.lower(), 0) + 1
        names.append(name if count == 1 else f"{name} ({count})")
    return tuple(names)


def rows(source: Iterable[str], dialect: Dialect, name: str, rejects: list[Reject]) -> Iterator[tuple[int, list[str]]]:
    """(line, fields) of every record after the header; those of another shape become rejects, blank lines nothing.

    More fields than the header are only refused when one of them holds something.
    """
    width, separator = len(dialect.header), dialect.separator
    for line, text in records(source):
        if line <= dialect.header_line or not text.strip():
            continue
        fields = split(text, separator)
        if not isinstance(fields, str) and len(fields) != width:
            if len(fields) > width and not any(field.strip() for field in fields[width:]):
                fields = fields[:width]
            else:
                fields = f"{len(fields)} fields, the header has {width}"
        if isinstance(fields, str):
            if "\n" in text.rstrip("\r\n"):
                yield from _again(text, line, dialect, name, rejects, fields)
            else:
                rejects.append((name, line, "", "ROW_SHAPE", fields))
            continue
        if any(field.strip() for field in fields):
            yield line, fields


def _again(
    text: str, line: int, dialect: Dialect, name: str, rejects: list[Reject], why: str
) -> Iterator[tuple[int, list[str]]]:
    """Lines that a stray quote had glued together, each read for itself."""
    width = len(dialect.header)
    for number, part in enumerate(_LINES.findall(text), line):
        fields = split(part, dialect.separator)
        if part.count('"') & 1:
            fields = why
        elif not isinstance(fields, str) and len(fields) != width:
            fields = f"{len(fields)} fields, the header has {width}"
        if not isinstance(fields, str):
            yield number, fields
        elif part.strip():
            rejects.append((name, number, "", "ROW_SHAPE", fields))


def fill(con: Connection, table: str, numbered: Iterable[tuple[int, list[str]]], wanted: list[int]) -> int:
    """Writes the `wanted` fields of each record into a new table (n, line, c<place>...); returns how many there are."""
    columns = "".join(f", c{place} VARCHAR" for place in wanted)
    con.execute(f"CREATE TABLE main.{table} (n BIGINT, line BIGINT{columns})")
    appender = con.appender(table)
    batch: list[tuple[object, ...]] = []
    n = 0
    for n, (line, fields) in enumerate(numbered, 1):
        batch.append((n - 1, line, *[fields[place] or None for place in wanted]))
        if len(batch) >= BATCH:
            appender.append_rows(batch)
            appender.flush()
            batch.clear()
    appender.append_rows(batch)
    appender.flush()
    return n
