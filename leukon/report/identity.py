"""The identity of an Assessment: the same question to the same knowledge has the same id."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from leukon import __version__
from leukon.knowledge.model import Knowledge
from leukon.report.missing import SENT
from leukon.report.person import MENTIONED, Person, Row
from leukon.report.phrases import Phrases


def identity(
    person: Person,
    words: Phrases,
    as_of: str | None,
    scales: tuple[str, ...],
    also: tuple[tuple[str, ...], ...],
    knowledge: Knowledge,
) -> str:
    """Hash of what was asked and what it was answered from: the run's own keys and the order of rows take no part."""
    rows = [_words_of(result, person.source(key)) for key, result in person.results.items()]
    for kind, table in MENTIONED.items():
        rows += [_words_of(row, person.mentions.get((kind, row["row"]), {})) for row in getattr(person, table)]
    rows += [_words_of({}, m) for m in person.mentions.values() if m["code"]]
    about = {name: value for name, value in person.about.items() if name != "subject"}
    usual = sorted((u["analyte"], u["low"]) for u in person.usual)
    covered = [person.covered.get(name) for name in SENT.values()]
    asked = [
        about,
        usual,
        sorted(rows),
        [r["text"] for r in person.rejects],
        words.language,
        words.audience,
        as_of,
        scales,
        covered,
        also,
    ]
    whole = msgspec.json.encode([asked, knowledge.sha256, __version__], order="sorted")
    return "a-" + sha256(whole).hexdigest()[:32]


def _words_of(row: Row, source: Row) -> str:
    """One row of the input and its own words as text, without the keys and places of this run."""
    fields = {name: value for name, value in row.items() if name not in ("row", "subject", "sample")}
    own = {name: value for name, value in source.items() if name not in ("row", "input", "line")}
    return msgspec.json.encode([fields, own], order="sorted").decode()
