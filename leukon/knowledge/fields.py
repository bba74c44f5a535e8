"""The kinds of field that a knowledge file is made of.

Each field does two things from one declaration: it *reads* a node (noting every problem) and it *prints*
the JSON Schema that editors use. So what an editor accepts and what the loader accepts cannot drift apart.
A field that cannot be read returns BROKEN; the item around it is then dropped, after all its other
fields have been checked too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any, Final

from leukon.knowledge.strict import Mapping, Node, Problems, Scalar, Sequence

Schema = dict[str, Any]


class _Broken:
    def __repr__(self) -> str:
        return "BROKEN"


BROKEN: Final = _Broken()
"""What a field returns when its node cannot be read; the problem is in `problems`."""

HOURS: Final = {"h": Decimal(1), "d": Decimal(24), "mo": Decimal("730.5"), "y": Decimal(8766)}
"""Hours in the units of age: a year of 365.25 days, a month a twelfth of it."""

LANGUAGES: Final = ("en", "pt")


@dataclass(frozen=True)
class Field:
    """Base of all. `about` is shown by editors."""

    about: str = ""

    def read(self, node: Node, problems: Problems) -> Any:
        raise NotImplementedError

    def schema(self) -> Schema:
        raise NotImplementedError

    def described(self) -> Schema:
        """The schema with its explanation."""
        return {"description": self.about, **self.schema()} if self.about else self.schema()

    def scalar(self, node: Node, problems: Problems, expected: str) -> str | None:
        """The text of a scalar that is not nothing; else the problem is noted and None returned."""
        if isinstance(node, Scalar) and not node.nothing:
            return node.text
        problems.add(node.at, "nothing here" if isinstance(node, Scalar) else _shape(node), expected=expected)
        return None


def _shape(node: Node) -> str:
    return "a list" if isinstance(node, Sequence) else "a map" if isinstance(node, Mapping) else repr(node.text)


@dataclass(frozen=True)
class Line(Field):
    """One text, not empty. `pattern` must match the whole of it; `meaning` says so in words."""

    pattern: str = ""
    meaning: str = "a text"

    def read(self, node: Node, problems: Problems) -> Any:
        text = self.scalar(node, problems, self.meaning)
        if text is None:
            return BROKEN
        if not text.strip():
            problems.add(node.at, "an empty text", expected=self.meaning)
            return BROKEN
        if self.pattern and not re.fullmatch(self.pattern, text):
            problems.add(node.at, f"{text!r}", expected=self.meaning)
            return BROKEN
        return text

    def schema(self) -> Schema:
        schema: Schema = {"type": ["string", "number"], "minLength": 1}
        return schema | ({"pattern": f"^(?:{self.pattern})$"} if self.pattern else {})


@dataclass(frozen=True)
class Note(Field):
    """One text that may be empty."""

    def read(self, node: Node, problems: Problems) -> Any:
        if isinstance(node, Scalar):
            return "" if node.nothing else node.text
        problems.add(node.at, _shape(node), expected="a text, or nothing")
        return BROKEN

    def schema(self) -> Schema:
        return {"type": ["string", "number", "null"]}


@dataclass(frozen=True)
class Choice(Field):
    """One of a few words."""

    words: tuple[str, ...] = ()

    def read(self, node: Node, problems: Problems) -> Any:
        expected = "one of " + ", ".join(self.words)
        text = self.scalar(node, problems, expected)
        if text is None:
            return BROKEN
        if text in self.words:
            return text
        problems.add(node.at, f"{text!r}", expected=expected, given=text, known=self.words)
        return BROKEN

    def schema(self) -> Schema:
        return {"enum": list(self.words)}


@dataclass(frozen=True)
class YesNo(Choice):
    """The words yes and no (never true, false, on, off)."""

    words: tuple[str, ...] = ("yes", "no")

    def read(self, node: Node, problems: Problems) -> Any:
        word = super().read(node, problems)
        return word if word is BROKEN else word == "yes"


@dataclass(frozen=True)
class Number(Field):
    """A decimal number read from its text; not negative. `whole`: an integer."""

    whole: bool = False

    def read(self, node: Node, problems: Problems) -> Any:
        expected = "a whole number" if self.whole else "a decimal number with a point"
        text = self.scalar(node, problems, expected)
        if text is None:
            return BROKEN
        if not re.fullmatch(r"\d+" if self.whole else r"\d+(\.\d+)?", text, re.ASCII):
            problems.add(node.at, f"{text!r}", expected=expected)
            return BROKEN
        return int(text) if self.whole else Decimal(text)

    def schema(self) -> Schema:
        kind = "integer" if self.whole else "number"
        return {"type": [kind, "string"], "minimum": 0, "pattern": r"^\d+$" if self.whole else r"^\d+(\.\d+)?$"}


@dataclass(frozen=True)
class Age(Field):
    """An age such as `18 y`, `3 mo`, `14 d`, `72 h`, in whole hours (rounded up); nothing = no bound."""

    PATTERN = r"(\d+(?:\.\d+)?) ?(h|d|mo|y)"

    def read(self, node: Node, problems: Problems) -> Any:
        if isinstance(node, Scalar):
            if node.nothing:
                return None
            if match := re.fullmatch(self.PATTERN, node.text, re.ASCII):
                return ceil(Decimal(match[1]) * HOURS[match[2]])
        problems.add(node.at, _shape(node), expected="an age such as 18 y, 3 mo, 14 d or 72 h, or null")
        return BROKEN

    def schema(self) -> Schema:
        return {"type": ["string", "null"], "pattern": f"^{self.PATTERN}$"}


@dataclass(frozen=True)
class Many(Field):
    """A list. `least` entries at least."""

    of: Field = Line()
    least: int = 0

    def read(self, node: Node, problems: Problems) -> Any:
        if not isinstance(node, Sequence):
            problems.add(node.at, _shape(node), expected="a list")
            return BROKEN
        if len(node.items) < self.least:
            problems.add(node.at, f"a list of {len(node.items)}", expected=f"at least {self.least}")
            return BROKEN
        read = tuple(self.of.read(item, problems) for item in node.items)
        return BROKEN if BROKEN in read else read

    def schema(self) -> Schema:
        return {"type": "array", "items": self.of.described()} | ({"minItems": self.least} if self.least else {})


@dataclass(frozen=True)
class Either(Field):
    """One shape or another, told apart by `first_if` looking at the node."""

    first: Field = Line()
    second: Field = Line()
    first_if: Callable[[Node], bool] = lambda node: isinstance(node, Scalar)

    def read(self, node: Node, problems: Problems) -> Any:
        return (self.first if self.first_if(node) else self.second).read(node, problems)

    def schema(self) -> Schema:
        return {"anyOf": [self.first.described(), self.second.described()]}


@dataclass(frozen=True)
class Key:
    """One key of a record: its field, and what stands there when the key is left out."""

    field: Field
    default: Any = BROKEN

    @property
    def required(self) -> bool:
        return self.default is BROKEN


@dataclass(frozen=True)
class Record(Field):
    """A map with exactly these keys. Reads to a dict that also holds `at` when `placed`."""

    keys: MappingOf[str, Key] = None  # type: ignore[assignment]
    placed: bool = True

    def read(self, node: Node, problems: Problems) -> Any:
        if not isinstance(node, Mapping):
            problems.add(node.at, _shape(node), expected=f"a map with {', '.join(self.keys)}")
            return BROKEN
        for key in node.items:
            if key not in self.keys:
                expected = f"only {', '.join(self.keys)}"
                problems.add(
                    node.keys_at[key], f"unknown key {key!r}", expected=expected, given=key, known=[*self.keys]
                )
        read: dict[str, Any] = {}
        for key, declared in self.keys.items():
            if key in node.items:
                read[key] = declared.field.read(node.items[key], problems)
            elif declared.required:
                problems.add(node.at, f"the key {key!r} is missing", expected=declared.field.about)
                read[key] = BROKEN
            else:
                read[key] = declared.default
        if any(value is BROKEN for value in read.values()):
            return BROKEN
        return read | {"at": node.at} if self.placed else read

    def schema(self) -> Schema:
        return {
            "type": "object",
            "additionalProperties": False,
            "required": [key for key, declared in self.keys.items() if declared.required],
            "properties": {key: declared.field.described() for key, declared in self.keys.items()},
        }


@dataclass(frozen=True)
class Table(Field):
    """A map from free keys to one kind of value."""

    of: Field = Line()
    key: str = ".+"

    def read(self, node: Node, problems: Problems) -> Any:
        if not isinstance(node, Mapping):
            problems.add(node.at, _shape(node), expected="a map")
            return BROKEN
        for key, at in node.keys_at.items():
            if not re.fullmatch(self.key, key):
                problems.add(at, f"the key {key!r}", expected=f"a key like {self.key}")
        read = {key: self.of.read(value, problems) for key, value in node.items.items()}
        return BROKEN if any(value is BROKEN for value in read.values()) else read

    def schema(self) -> Schema:
        return {
            "type": "object",
            "propertyNames": {"pattern": f"^{self.key}$"},
            "additionalProperties": self.of.described(),
        }


def both(of: Field, about: str = "") -> Record:
    """A map with both languages, each required."""
    return Record(about, {language: Key(of) for language in LANGUAGES}, placed=False)


def opt(field: Field, default: Any = "") -> Key:
    """A key that may be left out."""
    return Key(field, default)
