"""Vignettes: narrative cases of whole people, and what leukon must answer about each.

A case beside a scale (cases.py) tests one line; a vignette tests an answer: history, reasons, risk, monitoring, next
steps. It states facts by id, never prose, and must come out the same for every reader: both languages, both audiences.
No Python in them, so that a clinician can correct them. This module reads them, turns each into a request, and
compares the Assessment; the engine is handed in by the caller, since knowledge stands below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Any, Final

import msgspec

from leukon.errors import KnowledgeError
from leukon.knowledge.cases import EDITION
from leukon.knowledge.fields import BROKEN, Choice, Field, Key, Line, Many, Note, Number, Record, Table, opt
from leukon.knowledge.model import Knowledge
from leukon.knowledge.outcomes import URGENCY, Assessed, failures
from leukon.knowledge.pack import SHIPPED, VIGNETTES
from leukon.knowledge.shapes import DATE, ID
from leukon.knowledge.strict import Mapping as Map
from leukon.knowledge.strict import Problems, read_yaml
from leukon.knowledge.strict import Sequence as Items

Answer = Callable[[dict[str, Any], Knowledge], Assessed]
"""Assesses one request; gives the Assessment as plain dicts and lists (`Assessment.to_dict`)."""

READERS: Final = tuple(product(("en", "pt"), ("clinician", "plain")))
"""Everybody that a vignette is read to: (language, audience)."""

ANSWER: Final = Choice("", ("yes", "no", "unknown"))
IDS: Final = Many("ids", ID)
WORD: Final = Note("as in a request")


def _texts(*keys: str) -> dict[str, Key]:
    return {key: opt(WORD, None) for key in keys}


SUBJECT: Final = Record(
    "the person, as in a request",
    _texts("sex", "birth_date", "death_date", "age_years", "age_months", "age_days", "age_hours")
    | _texts("pregnant", "trimester", "gestation_weeks", "duffy")
    | {"usual_level": opt(Record("", _texts("analyte", "kind", "low", "unit"), placed=False), None)},
    placed=False,
)
OBSERVATION: Final = Record(
    "one result, as in a request",
    {"test": Key(Line("name or code of the test")), "value": Key(Note("number text as sent"))}
    | _texts("id", "unit", "low", "high", "range_text", "collected", "issued", "status", "flag", "method")
    | _texts("sample_id", "specimen", "cells_counted", "comparator"),
    placed=False,
)
MEDICATION: Final = Record(
    "one drug", {"text": Key(Line("name"))} | _texts("id", "start", "stop", "dose", "status"), False
)
CONDITION: Final = Record("one condition", {"text": Key(Line("name"))} | _texts("id", "start", "end", "status"), False)
VITAL: Final = Record(
    "one measurement or sign",
    {"kind": Key(Line("measure or sign")), "value": Key(Line("number, yes or no"))} | _texts("id", "unit", "measured"),
    placed=False,
)
GIVEN: Final = Record(
    "the request",
    {
        "subject": opt(SUBJECT, {}),
        "as_of": opt(Note("day of judgement"), None),
        "observations": Key(Many("", OBSERVATION)),
        "medications": opt(Many("drugs; left out: no list was sent", MEDICATION), None),
        "conditions": opt(Many("conditions; left out: no list was sent", CONDITION), None),
        "vitals": opt(Many("", VITAL), ()),
        **{key: opt(Many("ids", Line()), ()) for key in ("jurisdictions", "episode_rules", "pathways")},
        **_texts("locale", "infer_units"),
    },
    placed=False,
)


def _some(**keys: Field) -> Record:
    """A record of which any keys may be told; the others are not compared."""
    return Record("", {key: opt(field, None) for key, field in keys.items()}, placed=False)


EXPLAINED: Final = Record(
    "one explanation that must be there, with what must be true of it",
    {
        "cause": Key(ID),
        "kind": opt(Choice("", ("drug", "condition", "hides")), None),
        "timing": opt(ANSWER, None),
        "timing_not": opt(ANSWER, None),
        "rule": opt(ID, None),
        "analyte": opt(ID, None),
        "lineage": opt(ANSWER, None),
        "level": opt(ID, None),
        "about": opt(Line("id of the record"), None),
        "days": opt(Number(whole=True), None),
        "clues": opt(Many("signs present", ID), ()),
        "open_clues": opt(Many("signs not known", ID), ()),
    },
    placed=False,
)
EPISODE: Final = _some(
    rule=ID, analyte=ID, onset=Line(), nadir=Line(), nadir_at=Line(), end=Line(), end_reason=ID,
    days=Number(whole=True), values=Number(whole=True), worst_grade=Number(whole=True),
)  # fmt: skip
MONITORED: Final = _some(state=ID, due=Line(), overdue=ANSWER, decided_by=ID, urgency=Choice("", URGENCY))
GRADED: Final = Line("", r"[0-4]|none", "0..4 or none")
SCORED: Final = Line("", r"\d+|missing|does-not-apply", "a whole number, missing or does-not-apply")
BY_ID: Final = ID.pattern

EXPECT: Final = Record(
    "what must come out for every reader; what is not named is not compared",
    {
        "states": opt(Table("state by question", Line(), BY_ID), {}),
        "findings": opt(Table("finding by question", ID, BY_ID), {}),
        "values": opt(Table("newest value by analyte", Line(), BY_ID), {}),
        "grades": opt(Table("grade by edition and term", Table("", GRADED), EDITION), {}),
        "urgency": opt(Choice("exactly", URGENCY), None),
        "urgency_at_least": opt(Choice("or more", URGENCY), None),
        "urgency_at_most": opt(Choice("or less", URGENCY), None),
        "headline_analyte": opt(ID, None),
        "explanations": opt(Many("", EXPLAINED), ()),
        "no_explanations": opt(IDS, ()),
        "order": opt(Many("the first before the second, and so on", Many("causes", ID, 2)), ()),
        "pseudo": opt(Table("state by kind", ID, BY_ID), {}),
        "pseudo_not": opt(Table("a state that must not be, by kind", ID, BY_ID), {}),
        "flags": opt(Many("red flags that hold", ID), ()),
        "no_flags": opt(Many("red flags that do not hold (no, or not known)", ID), ()),
        "definitions": opt(Table("answer by definition", ANSWER, BY_ID), {}),
        "not_met": opt(Many("definitions that are not met (no, or not known)", ID), ()),
        "scores": opt(Table("value by score", SCORED, BY_ID), {}),
        "monitoring": opt(Table("by programme", MONITORED, BY_ID), {}),
        "no_monitoring": opt(IDS, ()),
        "history": opt(Table("trend by analyte", ID, BY_ID), {}),
        "usual": opt(Table("own usual level by analyte", Line(), BY_ID), {}),
        "episodes": opt(Many("", EPISODE), ()),
        "episode_counts": opt(Table("number of episodes by RULE/ANALYTE", Number(whole=True), r"[^/]+/[A-Z]+"), {}),
        "checks": opt(Table("check", Choice("", ("open", "done")), BY_ID), {}),
        "guidance": opt(Table("answer by guidance, told to clinicians", ANSWER, BY_ID), {}),
        "modifiers": opt(Table("answer by modifier", ANSWER, BY_ID), {}),
        "unused": opt(Table("code by id of the record", ID, BY_ID), {}),
        "excluded": opt(Many("codes of excluded results", Line()), ()),
        "issues": opt(Many("codes that must be raised", Line()), ()),
        "no_issues": opt(Many("codes that must not be raised", Line()), ()),
    },
    placed=False,
)  # fmt: skip
ORIGIN: Final = Record(
    "where it comes from",
    {
        "kind": Key(Choice("", ("constructed", "published"))),
        "sources": opt(Many("ids of sources of the knowledge", ID), ()),
        "place": Key(Line("row, table or page; of a published case also the document")),
    },
    placed=False,
)
VIGNETTE: Final = Record(
    "one vignette",
    {"name": Key(ID), "story": Key(Line("the case in words")), "origin": Key(ORIGIN), "given": Key(GIVEN)}
    | {"expect": Key(EXPECT)},
)
FILE: Final = Record(
    "vignettes of leukon",
    {
        "kind": Key(Choice("what this file holds", ("vignettes",))),
        "checked": opt(DATE),
        "items": Key(Many("vignettes", VIGNETTE, 1)),
    },
    placed=False,
)
HEAD: Final = Record("", {key: FILE.keys[key] for key in ("kind", "checked")}, placed=False)


class Vignette(msgspec.Struct, frozen=True, kw_only=True):
    """One vignette as read; `at` is its place. Keys that were left out are None or empty."""

    name: str
    story: str
    origin: dict[str, Any]
    given: dict[str, Any]
    expect: dict[str, Any]
    at: str


def read(folder: Path = SHIPPED) -> list[Vignette]:
    """Every vignette below `folder`, in order of file. Raises KnowledgeError with every problem at once."""
    problems = Problems()
    found = list(_collect(folder, problems))
    names: dict[str, str] = {}
    for one in found:
        if one.name in names:
            problems.add(one.at, f"the name {one.name!r} is taken at {names[one.name]}", expected="a name of its own")
        names.setdefault(one.name, one.at)
    if problems.found:
        raise KnowledgeError(problems.found)
    return found


def _collect(folder: Path, problems: Problems) -> Iterator[Vignette]:
    for file in sorted(folder.rglob(f"*{VIGNETTES}")):
        name = file.relative_to(folder).as_posix()
        node = read_yaml(file.read_text("utf-8"), name, problems)
        listed = node.items.get("items") if isinstance(node, Map) else None
        if not isinstance(node, Map) or not isinstance(listed, Items):
            problems.add(f"{name}:1", "no vignettes", expected="kind: vignettes and items:")
            continue
        head = {key: value for key, value in node.items.items() if key != "items"}
        HEAD.read(Map(head, node.keys_at, node.at), problems)
        for entry in listed.items:
            item = VIGNETTE.read(entry, problems)
            if item is not BROKEN:
                yield Vignette(**item)


def request(vignette: Vignette, language: str = "en", audience: str = "clinician") -> dict[str, Any]:
    """The vignette as a request of `leukon.assess` for one reader."""
    sent: dict[str, Any] = _told(vignette.given)
    sent["subject"] = {"id": vignette.name, **sent.get("subject", {})}
    return sent | {"scales": list(vignette.expect["grades"]), "language": language, "audience": audience}


def _told(node: Any) -> Any:
    """The same tree without what was not told."""
    if isinstance(node, dict):
        return {key: _told(value) for key, value in node.items() if value is not None}
    return [_told(one) for one in node] if isinstance(node, tuple) else node


def run(knowledge: Knowledge, answer: Answer, folder: Path = SHIPPED) -> list[str]:
    """Run every vignette below `folder` for every reader; one line per failure."""
    return [
        f"{one.at}: {one.name} ({language}, {audience}): {what}"
        for one in read(folder)
        for language, audience in READERS
        for what in failures(one.expect, answer(request(one, language, audience), knowledge), audience)
    ]


def unsourced(vignettes: Iterable[Vignette], knowledge: Knowledge) -> list[str]:
    """Lines about vignettes that name a source which is none, or are constructed from none."""
    found = []
    for one in vignettes:
        wrong = [f"unknown source {source!r}" for source in one.origin["sources"] if source not in knowledge.sources]
        if one.origin["kind"] == "constructed" and not one.origin["sources"]:
            wrong.append("constructed from no source")
        found += [f"{one.at}: {one.name}: {what}" for what in wrong]
    return found
