"""Strict YAML and CSV: every scalar is text, every node knows its file and line, nothing is guessed.

PyYAML reads `no` as False, `1.10` as 1.1 and keeps the last of two equal keys in silence. Here the event
stream of PyYAML becomes a small tree of `Scalar`, `Mapping` and `Sequence`; what a text means is decided
by the declaration of its field (see fields.py). Anchors, aliases, tags, several documents, duplicate and
non-text keys are refused. Problems are collected as `file:line: what; expected ...`, never raised.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Sequence as Items
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeVar

T = TypeVar("T")

NOTHING = frozenset({"", "null", "~"})


@dataclass(frozen=True, slots=True)
class Scalar:
    """One text. `plain`: written without quotes; a plain empty text, `null` or `~` is nothing at all."""

    text: str
    plain: bool
    at: str

    @property
    def nothing(self) -> bool:
        return self.plain and self.text in NOTHING


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in file order; `keys_at` says where each key stands."""

    items: dict[str, Node] = field(default_factory=dict)
    keys_at: dict[str, str] = field(default_factory=dict)
    at: str = ""


@dataclass(frozen=True, slots=True)
class Sequence:
    items: list[Node] = field(default_factory=list)
    at: str = ""


Node = Scalar | Mapping | Sequence


@dataclass(slots=True)
class Problems:
    """Everything found wrong so far, in the order of reading."""

    found: list[str] = field(default_factory=list)

    def add(self, at: str, what: str, *, expected: str = "", given: str = "", known: Items[str] = ()) -> None:
        """Note one problem; `given` and `known` yield the suggestion, when something known looks like it."""
        parts = [f"{at}: {what}"]
        if expected:
            parts.append(f"expected {expected}")
        near = get_close_matches(given, known, n=1, cutoff=0.6) if given else []
        if near and near[0] != given:
            parts.append(f"did you mean {near[0]!r}?")
        self.found.append("; ".join(parts))


class _Refused(Exception):
    """The file cannot be read further; the problem has been noted."""


def _loader() -> Any:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str, file: str, problems: Problems) -> Node | None:
    """The tree of one YAML document; None when it cannot be read (the problem is noted)."""
    import yaml

    try:
        tree = _Tree(yaml.parse(text, Loader=_loader()), file, problems)
        return tree.document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        problems.add(f"{file}:{line}", f"not YAML: {what}")
    except _Refused:
        pass
    return None


class _Tree:
    """Builds nodes from PyYAML's events (its own composer would resolve aliases and tags in silence)."""

    def __init__(self, events: Iterator[Any], file: str, problems: Problems) -> None:
        self.events, self.file, self.problems = events, file, problems

    def document(self) -> Node | None:
        node: Node | None = None
        for event in self.events:
            name = type(event).__name__
            if name in ("StreamStartEvent", "StreamEndEvent", "DocumentEndEvent"):
                continue
            if name == "DocumentStartEvent":
                if node is not None:
                    self.refuse(event, "a second document in the file", "one document")
                continue
            node = self.node(event)
        if node is None:
            self.problems.add(f"{self.file}:1", "the file is empty", expected="`kind:` and items")
        return node

    def node(self, event: Any) -> Node:
        name = type(event).__name__
        if name == "AliasEvent" or getattr(event, "anchor", None):
            self.refuse(event, "an anchor or alias (& or *)", "the text itself, written out")
        if getattr(event, "tag", None):
            self.refuse(event, f"a tag ({event.tag})", "plain text")
        at = self.at(event)
        if name == "ScalarEvent":
            return Scalar(event.value, not event.style, at)
        if name == "SequenceStartEvent":
            sequence = Sequence(at=at)
            while type(inner := next(self.events)).__name__ != "SequenceEndEvent":
                sequence.items.append(self.node(inner))
            return sequence
        mapping = Mapping(at=at)
        while type(inner := next(self.events)).__name__ != "MappingEndEvent":
            key, value = self.node(inner), self.node(next(self.events))
            if not isinstance(key, Scalar):
                self.problems.add(key.at, "a key that is not a text", expected="a plain word")
            elif key.text in mapping.items:
                self.problems.add(key.at, f"the key {key.text!r} stands twice (first at {mapping.keys_at[key.text]})")
            else:
                mapping.items[key.text], mapping.keys_at[key.text] = value, key.at
        return mapping

    def at(self, event: Any) -> str:
        return f"{self.file}:{event.start_mark.line + 1}"

    def refuse(self, event: Any, what: str, expected: str) -> None:
        self.problems.add(self.at(event), what, expected=expected)
        raise _Refused


def read_csv(text: str, file: str, columns: Items[str], problems: Problems) -> list[tuple[str, dict[str, str]]]:
    """Rows as (file:line, {column: text}). The header must be exactly `columns`, every row as long as it."""
    rows: list[tuple[str, dict[str, str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if tuple(header) != tuple(columns):
            problems.add(f"{file}:1", f"the header is {','.join(header)}", expected=",".join(columns))
            return rows
        for cells in reader:
            at = f"{file}:{reader.line_num}"
            if len(cells) != len(columns):
                problems.add(at, f"{len(cells)} cells", expected=f"{len(columns)} ({','.join(columns)})")
                continue
            rows.append((at, dict(zip(columns, (cell.strip() for cell in cells), strict=True))))
    except csv.Error as error:
        problems.add(f"{file}:{reader.line_num}", f"not CSV: {error}")
    return rows


def by_id(
    items: Iterable[dict[str, Any]], make: Callable[[dict[str, Any]], T | None], problems: Problems, key: str = "id"
) -> dict[str, T]:
    """Structs by id; an id that stands twice is a problem."""
    made: dict[str, T] = {}
    first: dict[str, str] = {}
    for item in items:
        if item[key] in first:
            problems.add(item["at"], f"the id {item[key]!r} stands twice (first at {first[item[key]]})")
            continue
        first[item[key]] = item["at"]
        if (struct := make(item)) is not None:
            made[item[key]] = struct
    return made
