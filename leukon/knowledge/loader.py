"""Reads a folder of knowledge files into `Knowledge`, and lays a site's own files over it.

Every problem of every file is collected before anything is raised, each as
`file:line: what; expected ...; did you mean ...`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from leukon.errors import KnowledgeError
from leukon.knowledge import entries, kinds
from leukon.knowledge.fields import BROKEN
from leukon.knowledge.model import Knowledge
from leukon.knowledge.pack import OVERLAY, content_hash, digests, knowledge_files
from leukon.knowledge.strict import Mapping, Problems, Sequence, read_csv, read_yaml

UNIT_COLUMNS = ("spelling", "quantity", "ucum", "num", "den", "locales", "issue", "min_value", "source", "evidence")


@dataclass(slots=True)
class Raw:
    """What the files say, field by field, before any meaning: kind -> items, language -> texts, unit rows."""

    items: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {kind: [] for kind in kinds.KINDS})
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    units: list[tuple[str, dict[str, str]]] = field(default_factory=list)


def load(path: Path) -> Knowledge:
    """The knowledge of one folder. Raises KnowledgeError with all problems of all files."""
    problems = Problems()
    knowledge = build(path, problems)
    raise_for(problems)
    return knowledge


def build(path: Path, problems: Problems) -> Knowledge:
    """As `load`, but notes the problems and returns what could be read."""
    return understand(read(path, problems, tuple(kinds.KINDS)), path, problems)


def understand(raw: Raw, path: Path, problems: Problems) -> Knowledge:
    """What the raw items mean, with the lints that every pack must pass."""
    from leukon.knowledge.lint import meaning

    if not raw.units and not any(raw.items.values()):
        problems.add(str(path), "no knowledge files here", expected="a folder with sources.yaml, analytes.yaml, ...")
    knowledge = entries.knowledge(raw.items, raw.units, raw.texts, content_hash(digests(path)), problems)
    problems.found.extend(meaning(knowledge))
    return knowledge


def overlay(base: Knowledge, path: Path) -> Knowledge:
    """A site's limits, settings and sources laid over `base`: the same id replaces, a new one adds.

    The limits must say `kind: site`, so that no site limit passes for a published one. Raises KnowledgeError.
    """
    problems = Problems()
    knowledge = lay(base, path, problems)
    raise_for(problems)
    return knowledge


def lay(base: Knowledge, path: Path, problems: Problems) -> Knowledge:
    """As `overlay`, but notes the problems and returns what could be read."""
    from leukon.knowledge.lint import meaning

    if not path.exists():
        problems.add(str(path), "there is no such file or folder", expected="limits, settings or sources of a site")
        return base
    raw = read(path, problems, OVERLAY)
    for item in raw.items["limits"]:
        if item["kind"] != "site":
            problems.add(item["at"], f"{item['id']} is of kind {item['kind']}", expected="kind: site in a site's file")
    sources = base.sources | entries.sources(raw.items["sources"], problems)
    limits = base.limits | entries.limits(raw.items["limits"], base.analytes, base.units, problems)
    version, settings = entries.settings(raw.items["settings"], problems, known=base.settings)
    laid = msgspec.structs.replace(
        base,
        version=version or base.version,
        sha256=sha256(f"{base.sha256} {content_hash(digests(path))}".encode()).hexdigest(),
        sources=sources,
        limits=limits,
        settings=base.settings | settings,
    )
    problems.found.extend(meaning(laid))
    return laid


def raise_for(problems: Problems) -> None:
    """Raise KnowledgeError with every problem, each said once."""
    if problems.found:
        raise KnowledgeError(list(dict.fromkeys(problems.found)))


def read(path: Path, problems: Problems, allowed: Iterable[str]) -> Raw:
    """All files of a folder (or one file) as raw items; `allowed` are the kinds that may stand there."""
    raw = Raw()
    allowed = tuple(allowed)
    for name, file in knowledge_files(path).items():
        try:
            text = file.read_bytes().decode("utf-8-sig")
        except (UnicodeDecodeError, OSError) as error:
            problems.add(f"{name}:1", f"cannot be read: {error}", expected="UTF-8 text")
            continue
        if name.endswith(".csv"):
            if name == "units.csv":
                raw.units = read_csv(text, name, UNIT_COLUMNS, problems)
            continue
        _read_file(text, name, raw, allowed, problems)
    return raw


def _read_file(text: str, name: str, raw: Raw, allowed: tuple[str, ...], problems: Problems) -> None:
    node = read_yaml(text, name, problems)
    if not isinstance(node, Mapping):
        if node is not None:
            problems.add(node.at, "not a map", expected="`kind:` and items")
        return
    kind = kinds.kind_of(node)
    if kind == "texts" and "analytes" in allowed:
        _read_texts(node, name, raw, problems)
        return
    if kind not in allowed:
        expected = "kind: " + ", ".join(allowed)
        problems.add(node.keys_at.get("kind", node.at), f"kind {kind!r}", expected=expected, given=kind, known=allowed)
        return
    rows = kinds.rows_of(kind)
    top = Mapping({key: value for key, value in node.items.items() if key != rows}, node.keys_at, node.at)
    head = kinds.head_of(kind).read(top, problems)
    review = None if head is BROKEN else head["review"]
    listed = node.items.get(rows)
    if not isinstance(listed, Sequence) or not listed.items:
        problems.add(listed.at if listed else node.at, f"no {rows}", expected=f"`{rows}:` and at least one entry")
        return
    for entry in listed.items:
        item = kinds.KINDS[kind].read(entry, problems)
        if item is BROKEN:
            continue
        if "review" in kinds.KINDS[kind].keys and item["review"] is None:
            item["review"] = review
            if review is None:
                problems.add(item["at"], "no review state", expected="`review:` here or at the top of the file")
                continue
        item |= {} if head is BROKEN else {key: head[key] for key in head if key not in ("kind", "review", "at")}
        raw.items[kind].append(item)


def _read_texts(node: Mapping, name: str, raw: Raw, problems: Problems) -> None:
    """texts/en.yaml, texts/reasons/en.yaml, ...: `kind: texts` and then one key per text."""
    language = Path(name).stem
    body = Mapping({key: value for key, value in node.items.items() if key != "kind"}, node.keys_at, node.at)
    texts = kinds.TEXTS.read(body, problems)
    if texts is BROKEN:
        return
    held = raw.texts.setdefault(language, {})
    for key in held.keys() & texts.keys():
        problems.add(node.keys_at[key], f"the text {key!r} stands twice", expected="each key in one file")
    held.update(texts)
