"""What became of the facts that this knowledge was made from: in use, held but deciding nothing, or left out, and why.

`rows.csv` lists the rows of the fact sheet that the knowledge was written from: `row` (G grading, D definitions,
A arithmetic, R intervals, F fever, C treatment, M monitoring, W work-up, P pseudo-leukopenia), `flag` (S: its text was
read; R: recalled), `carried_by` (ids in this knowledge, divided by spaces), `state` (active | inactive | not-carried)
and `why` (a text `coverage.why.<why>`; empty for a row that decides something).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from leukon.knowledge.model import Knowledge
from leukon.knowledge.pack import SHIPPED
from leukon.knowledge.reasons import Programme, Rule, Score
from leukon.knowledge.strict import Problems, read_csv

FILE = "rows.csv"
COLUMNS = ("row", "flag", "carried_by", "state", "why")
STATES = ("active", "inactive", "not-carried")
CODES = ("rxnorm", "atc", "icd10cm", "snomed")
Tool = Rule | Score | Programme


class Row(NamedTuple):
    """One row of the fact sheet and what carries it."""

    row: str
    flag: str
    carried_by: tuple[str, ...]
    state: str
    why: str


class Part(NamedTuple):
    """One kind of fact: how many, in which states, what they have, and why some decide nothing (reason → how many)."""

    name: str
    total: int
    states: dict[str, int]
    have: dict[str, int]
    reasons: dict[str, int]


class Aside(NamedTuple):
    """One fact that decides nothing, or not as it was stated: its id, what it says, how it stands and why."""

    part: str
    id: str
    named: str
    state: str
    why: str


class Coverage(NamedTuple):
    """All parts, every fact that was set aside, and the rows of the fact sheet."""

    parts: tuple[Part, ...]
    aside: tuple[Aside, ...]
    rows: tuple[Row, ...]


def rows(folder: Path = SHIPPED) -> tuple[Row, ...]:
    """The rows of `rows.csv` of a folder, in its order; none where there is no such file."""
    file = folder / FILE
    if not file.is_file():
        return ()
    read = read_csv(file.read_text("utf-8"), FILE, COLUMNS, Problems())
    return tuple(Row(r["row"], r["flag"], tuple(r["carried_by"].split()), r["state"], r["why"]) for _, r in read)


def kinds(knowledge: Knowledge) -> dict[str, str]:
    """Every id of the knowledge to what kind of thing it is. Where two kinds share an id the first of them counts."""
    held: dict[str, Iterable[str]] = {
        "drug": [cause.id for cause in knowledge.causes.values() if cause.type == "drug"],
        "condition": [cause.id for cause in knowledge.causes.values() if cause.type == "condition"],
        "topic": knowledge.topics,
        "analyte": knowledge.analytes,
        "question": {finding.question for finding in knowledge.findings.values()},
        "finding": knowledge.findings,
        "claim": knowledge.claims,
        "limit": knowledge.limits,
        "edition": knowledge.editions,
        "term": [term.id for edition in knowledge.editions.values() for term in edition.terms],
        "sign": knowledge.signs,
        "measure": knowledge.measures,
        "rule": knowledge.rules,
        "score": knowledge.scores,
        "programme": knowledge.programmes,
        "episode-rule": knowledge.episode_rules,
        "issue": knowledge.issues,
    }
    known: dict[str, str] = {}
    for kind, ids in held.items():
        for id_ in ids:
            known.setdefault(id_, kind)
    return known


def coverage(knowledge: Knowledge, language: str, folder: Path = SHIPPED) -> Coverage:
    """What became of seed items, drugs, conditions, rules and rows; reasons in `language`."""
    listed = rows(folder)
    sides = (
        *_seeds_aside(knowledge, language),
        *_causes_aside(knowledge, language),
        *_tools_aside(knowledge, language),
        *(
            Aside("rows", r.row, " ".join(r.carried_by), r.state, reason(knowledge, language, r.why))
            for r in listed
            if r.why
        ),
    )
    why: dict[str, Counter[str]] = {}
    for side in sides:
        if side.state not in ("active", "ok"):
            why.setdefault(side.part, Counter())[side.why] += 1
    parts = [_seeds(knowledge), *(_causes(knowledge, type_) for type_ in ("drug", "condition"))]
    for name, tools in _tools(knowledge).items():
        parts.append(Part(name, len(tools), _states(tool.role for tool in tools), {}, {}))
    parts.append(Part("rows", len(listed), _states(row.state for row in listed), {}, {}))
    return Coverage(
        tuple(part._replace(reasons=dict(why.get(part.name, Counter()).most_common())) for part in parts),
        sides,
        listed,
    )


def reason(knowledge: Knowledge, language: str, why: str) -> str:
    """The text of a reason of rows.csv; the reason itself where a folder uses one of its own."""
    return knowledge.texts.get(language, {}).get(f"coverage.why.{why}", why)


def as_json(found: Coverage, knowledge: Knowledge) -> dict[str, Any]:
    """The coverage as plain data."""
    return {
        "version": knowledge.version,
        "sha256": knowledge.sha256,
        "parts": [part._asdict() for part in found.parts],
        "aside": [side._asdict() for side in found.aside],
        "seeds": [
            {"id": item.id, "named": item.named, "ends": item.ends, "flag": item.flag}
            for item in knowledge.seeds.values()
        ],
        "rows": [row._asdict() for row in found.rows],
    }


def _states(states: Iterable[str]) -> dict[str, int]:
    return dict(Counter(states).most_common())


# --- the parts ------------------------------------------------------------------------------------


def _seeds(knowledge: Knowledge) -> Part:
    """Each item of the founding documents by how its statement stands, and at what kind of entry it ends."""
    known = kinds(knowledge)
    items = knowledge.seeds.values()
    ends = Counter(known.get(item.ends[0], "unknown") for item in items)
    return Part("seeds", len(items), _states(item.flag for item in items), dict(ends.most_common()), {})


def _causes(knowledge: Knowledge, type_: str) -> Part:
    held = [cause for cause in knowledge.causes.values() if cause.type == type_]
    have = {key: sum(1 for cause in held if getattr(cause, key)) for key in CODES}
    have["window"] = sum(1 for cause in held if cause.window is not None)
    return Part(
        f"{type_}s", len(held), _states(cause.role for cause in held), {key: n for key, n in have.items() if n}, {}
    )


def _tools(knowledge: Knowledge) -> dict[str, tuple[Tool, ...]]:
    return {
        "rules": tuple(knowledge.rules.values()),
        "scores": tuple(knowledge.scores.values()),
        "programmes": tuple(knowledge.programmes.values()),
    }


# --- what was set aside ---------------------------------------------------------------------------


def _seeds_aside(knowledge: Knowledge, language: str) -> Iterator[Aside]:
    for item in knowledge.seeds.values():
        if item.flag != "ok":
            yield Aside("seeds", item.id, item.named, item.flag, item.reason[language])


def _causes_aside(knowledge: Knowledge, language: str) -> Iterator[Aside]:
    for cause in knowledge.causes.values():
        if cause.role != "active":
            words = knowledge.texts.get(language, {})
            why = cause.why_inactive[language] or words.get(f"coverage.role.{cause.role}", cause.role)
            yield Aside(f"{cause.type}s", cause.id, cause.name[language], cause.role, why)


def _tools_aside(knowledge: Knowledge, language: str) -> Iterator[Aside]:
    for part, tools in _tools(knowledge).items():
        for tool in tools:
            if tool.role != "active":
                yield Aside(part, tool.id, tool.name[language], tool.role, tool.why_inactive[language])
