"""The words that inputs use (`words.yaml`): column names, sexes, statuses, specimens, in English and Portuguese."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

from leukon.errors import KnowledgeError
from leukon.knowledge.strict import Mapping, Node, Problems, Scalar, Sequence, read_yaml

FILE = Path(__file__).with_name("words.yaml")
LISTS = ("sex", "pregnancy", "duffy", "status", "specimen", "method", "flag", "comparator", "species", "drug_status",
         "condition_status", "answer", "seen")  # fmt: skip
"""Lists in which a word stands for one meaning; `columns` and `limits` are about headers."""
BESIDE = {"drugs": "drug_columns", "conditions": "condition_columns", "vitals": "vital_columns"}
"""Input table beside the counts → the list of its column names."""


class Words(NamedTuple):
    """`meanings[list][folded word]` is the meaning; `limits` likewise for folded column names.

    `columns[folded column name]` is the field and how late in its list the name stands; `beside` the same for each
    table of `BESIDE`. `specimens`: the words of specimens with a blank at both ends, longest first, and their meaning.
    """

    meanings: dict[str, dict[str, str]]
    columns: dict[str, tuple[str, int]]
    limits: dict[str, str]
    specimens: tuple[tuple[str, str], ...]
    beside: dict[str, dict[str, tuple[str, int]]]

    def meaning(self, of: str, text: str | None) -> str | None:
        """What a cell of the list `of` means; None when the word is not known or nothing was given."""
        return self.meanings[of].get(fold(text)) if text else None


@cache
def words() -> Words:
    """The shipped words, read once. KnowledgeError names every problem of the file."""
    problems = Problems()
    tree = read_yaml(FILE.read_text("utf-8"), FILE.name, problems)
    lists = tree.items if isinstance(tree, Mapping) else {}
    read = {
        name: _meanings(lists.get(name), f"{FILE.name}: {name}", problems)
        for name in (*LISTS, "columns", "limits", *BESIDE.values())
    }
    extra = sorted(set(lists) - set(read) - {"kind"})
    if extra:
        problems.add(FILE.name, f"unknown lists {', '.join(extra)}", expected=", ".join(LISTS))
    if problems.found:
        raise KnowledgeError(problems.found)
    columns = _ranked(read.pop("columns"))
    beside = {table: _ranked(read.pop(name)) for table, name in BESIDE.items()}
    limits = {fold_header(word): field for word, field in read.pop("limits").items()}
    listed = lists["specimen"].items.items() if isinstance(lists["specimen"], Mapping) else ()
    specimens = {tokens(word): meaning for meaning, texts in listed for word in _texts(texts)}
    return Words(read, columns, limits, tuple(sorted(specimens.items(), key=lambda item: -len(item[0]))), beside)


def _ranked(names: dict[str, str]) -> dict[str, tuple[str, int]]:
    return {fold_header(word): (field, rank) for rank, (word, field) in enumerate(names.items())}


def _meanings(node: Node | None, at: str, problems: Problems) -> dict[str, str]:
    """{folded word: meaning}; a word with two meanings is a problem."""
    found: dict[str, str] = {}
    if not isinstance(node, Mapping):
        problems.add(at, "the list is missing", expected="{meaning: [words]}")
        return found
    for meaning, texts in node.items.items():
        for text in (meaning, *_texts(texts)):
            other = found.setdefault(fold(text), meaning)
            if other != meaning:
                problems.add(at, f"{text!r} means {other} and {meaning}", expected="one meaning")
    return found


def _texts(node: Node | None) -> list[str]:
    return [item.text for item in node.items if isinstance(item, Scalar)] if isinstance(node, Sequence) else []


def fold(text: str) -> str:
    """A word of a cell without case, accents, spaces and underscores; signs stay: `fy(a-b-)` is not `fy(a+b+)`."""
    return re.sub(r"[\s_]+", "", _plain(text))


def fold_header(text: str) -> str:
    """A column name without case, accents and anything that is neither letter nor digit."""
    return re.sub(r"[^a-z0-9]+", "", _plain(text))


def tokens(text: str) -> str:
    """The words of a text, folded, with one space around each: ` pleural fluid `."""
    return f" {' '.join(re.findall(r'[a-z0-9]+', _plain(text)))} "


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(mark for mark in split if not unicodedata.combining(mark))
