"""Many requests, one run of the chain: how the cases of the knowledge are put to DuckDB.

DuckDB takes a fifth of a second for any one request, and hardly longer for a thousand. So the input tables
of all requests are laid into one, each with keys of its own, and the answers are taken apart again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from leukon import engine as chain
from leukon import tables
from leukon.assess import read_request
from leukon.assess.answering import Engine, Ready, Tables, prepare
from leukon.read import door

if TYPE_CHECKING:
    from leukon.knowledge.model import Knowledge

KEYS = ("row", "subject", "sample")
ROOM = 100_000
"""Keys set aside for each request: more than the observations that one may hold."""

NAMES = {"usable": "values", "counts": "values", "graded": "grades", "found": "findings", "excluded_rows": "excluded"}


def answers(requests: Iterable[Mapping[str, Any]], knowledge: Knowledge, *, engine: Engine = "duckdb") -> list[Tables]:
    """What the chain answers to each request, in order: the rows of `leukon.assess.answer`, up to their keys."""
    ready = [prepare(read_request(request), knowledge) for request in requests]
    answered: list[Tables] = [{name: [] for name in NAMES.values()} for _ in ready]
    alike: dict[chain.Params, list[int]] = {}
    for place, one in enumerate(ready):
        alike.setdefault(one.params, []).append(place)
    for params, places in alike.items():
        outputs = chain.run(_laid(ready, places), knowledge, params, engine=engine, wanted=tuple(NAMES))
        for name, table in NAMES.items():
            for row in outputs[name]:
                if not row.get("is_level"):
                    answered[_place(row)][table].append(row)
    return answered


def _laid(ready: list[Ready], places: Iterable[int]) -> door.Inputs:
    """The input tables of several requests as one: key + place * ROOM."""
    laid = door.Inputs()
    for table in tables.INPUTS:
        keyed = [position for position, name in enumerate(table.names) if name in KEYS]
        for place in places:
            getattr(laid, table.name).extend(_moved(getattr(ready[place].inputs, table.name), keyed, place * ROOM))
    return laid


def _moved(rows: Iterable[tuple[Any, ...]], keyed: list[int], by: int) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        yield tuple(cell + by if position in keyed and cell is not None else cell for position, cell in enumerate(row))


def _place(row: Mapping[str, Any]) -> int:
    return int(next(row[key] for key in KEYS if row.get(key) is not None)) // ROOM
