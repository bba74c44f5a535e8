"""Files read through the door, and what came out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from leukon.knowledge.model import Knowledge
from leukon.read import Options, open_inputs
from leukon.read.door import from_relation
from leukon.read.inputs import RawSet


class Opened:
    """Some files behind the door: `sql` asks the input tables."""

    def __init__(self, con: duckdb.DuckDBPyConnection, raw: RawSet) -> None:
        self.con, self.raw = con, raw

    def sql(self, query: str) -> list[tuple[Any, ...]]:
        return self.con.execute(query).fetchall()

    def results(self, columns: str = "analyte, low") -> list[tuple[Any, ...]]:
        return self.sql(f"SELECT {columns} FROM results JOIN source_rows USING (row) ORDER BY row")

    def legible(self, analyte: str, quantity: str = "count") -> int:
        where = f"analyte = '{analyte}' AND quantity = '{quantity}' AND door_code IS NULL"
        return int(self.sql(f"SELECT count(*) FROM results WHERE {where} AND specimen <> 'other'")[0][0])

    @property
    def rejects(self) -> list[tuple[Any, ...]]:
        return self.sql("SELECT input, row, field, code FROM rejects")


Open = Callable[..., Opened]


@pytest.fixture
def opened(knowledge: Knowledge) -> Iterator[Open]:
    """`opened(path, map=..., locale=...)`: files, streams or folders behind the door."""
    connections = []

    def through(*paths: Any, map: Any = None, **options: Any) -> Opened:
        con = duckdb.connect(config={"autoinstall_known_extensions": "false"})
        connections.append(con)
        raw = open_inputs(con, paths, knowledge, Options(**options), map=map)
        from_relation(con, raw.table, knowledge, raw.options)
        return Opened(con, raw)

    yield through
    for con in connections:
        con.close()


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """`written("a.csv", text)`: a file to read."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return write
