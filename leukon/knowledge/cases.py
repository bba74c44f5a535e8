"""Cases beside what they test: `scales/ctcae.cases.yaml` holds the cases of `scales/ctcae.yaml`.

A case is a sentence, what is given (a person, results) and what is expected. No Python in them, so that a
clinician can correct them and any engine can run them. This module reads them, turns each into a request,
and compares the answer; the engine is handed in by the caller (`leukon check`, the tests), since knowledge
stands below the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from leukon.errors import KnowledgeError
from leukon.knowledge.fields import BROKEN, Choice, Either, Key, Line, Many, Note, Number, Record, Table, YesNo, opt
from leukon.knowledge.model import Knowledge
from leukon.knowledge.pack import CASES, SHIPPED
from leukon.knowledge.shapes import DATE, ID
from leukon.knowledge.strict import Mapping as Map
from leukon.knowledge.strict import Problems, Scalar, read_yaml
from leukon.knowledge.strict import Sequence as Items

Tables = Mapping[str, Sequence[Mapping[str, Any]]]
"""What the chain answers to one request: rows by table (values, grades, findings, excluded)."""

Answer = Callable[[dict[str, Any], Knowledge], Tables]
"""Runs one request (see `request`) on some engine."""

Answers = Callable[[list[dict[str, Any]], Knowledge], Sequence[Tables]]
"""Runs many requests at once; one answer each, in order."""

EDITION: Final = r"[A-Z][A-Z-]*@[A-Za-z0-9.]+"
PERSON: Final = Record(
    "the person, as in a request",
    {
        key: opt(Note(about), None)
        for key, about in {
            "sex": "female, male, unknown",
            "birth_date": "day or moment of birth",
            "age_years": "age at collection",
            "age_months": "age at collection",
            "age_days": "age at collection",
            "age_hours": "age at collection",
            "pregnant": "yes, no, unknown",
            "gestation_weeks": "weeks of pregnancy",
            "trimester": "1, 2, 3",
            "duffy": "null, non-null, unknown",
        }.items()
    },
    placed=False,
)
RESULT: Final = Record(
    "one result, as in a request",
    {"test": Key(Line("code or name of the test")), "value": Key(Note("number text as sent"))}
    | {
        key: opt(Note(about), None)
        for key, about in {
            "unit": "unit as sent",
            "low": "the laboratory's lower limit",
            "high": "the laboratory's upper limit",
            "range_text": "its interval as text",
            "comparator": "<, <=, >, >=",
            "collected": "time of collection",
            "status": "final, preliminary, ...",
            "specimen": "blood, ...",
            "method": "automated, manual, ...",
            "flag": "the laboratory's flag",
            "sample_id": "sample",
            "cells_counted": "cells of a manual differential",
        }.items()
    },
    placed=False,
)
GRADE: Final = Either(
    "a grade, or none",
    Choice("", ("none",)),
    Number(whole=True),
    lambda node: isinstance(node, Scalar) and node.text == "none",
)


def _by_term(of: Any, about: str) -> Table:
    return Table(about, Table("by term", of, ID.pattern), EDITION)


STATUSES: Final = (
    "certain", "lln-missing", "censored", "imprecise", "term-not-in-version", "out-of-age-range", "not-applicable",
)  # fmt: skip
EXPECT: Final = Record(
    "what must come out",
    {
        "grades": opt(_by_term(GRADE, "grade by edition and term"), {}),
        "statuses": opt(_by_term(Choice("", STATUSES), "grade status by edition and term"), {}),
        "possible": opt(_by_term(Many("", Number(whole=True), 1), "possible grades by edition and term"), {}),
        "states": opt(Table("state by question", Line(), ID.pattern), {}),
        "findings": opt(Table("finding id by question", Line(), ID.pattern), {}),
        "low_by": opt(
            Table("published limits that must call it low (or high), by question", Many("", ID), ID.pattern), {}
        ),
        "not_low_by": opt(Table("limits that must not, by question", Many("", ID), ID.pattern), {}),
        "excluded": opt(Many("codes of excluded results", Line()), ()),
        "issues": opt(Many("codes that must be raised", Line()), ()),
        "no_issues": opt(Many("codes that must not be raised", Line()), ()),
    },
    placed=False,
)
CASE: Final = Record(
    "one case",
    {
        "name": Key(Line("a sentence")),
        "given": Key(
            Record(
                "",
                {
                    "person": opt(PERSON, {}),
                    "as_of": opt(Note("day of judgement"), None),
                    "infer_units": opt(YesNo(""), False),
                    "results": Key(Many("", RESULT)),
                },
                placed=False,
            )
        ),
        "expect": Key(EXPECT),
    },
)
FILE: Final = Record(
    "cases of leukon",
    {
        "kind": Key(Choice("what this file holds", ("cases",))),
        "checked": opt(DATE),
        "items": Key(Many("cases", CASE, 1)),
    },
    placed=False,
)
HEAD: Final = Record("", {key: FILE.keys[key] for key in ("kind", "checked")}, placed=False)


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One case as read; `at` is its place."""

    name: str
    person: dict[str, str]
    results: tuple[dict[str, str], ...]
    as_of: str
    infer_units: bool
    expect: dict[str, Any]
    at: str

    @property
    def editions(self) -> list[str]:
        """The editions that the case expects something of."""
        asked = [edition for key in ("grades", "statuses", "possible") for edition in self.expect[key]]
        return list(dict.fromkeys(asked))

    @property
    def questions(self) -> set[str]:
        """The questions that the case expects an answer to."""
        return {question for key in ("states", "findings", "low_by", "not_low_by") for question in self.expect[key]}


def read(folder: Path = SHIPPED) -> list[Case]:
    """Every case below `folder`, in order of file. Raises KnowledgeError with every problem at once."""
    problems = Problems()
    cases = list(collect(folder, problems))
    if problems.found:
        raise KnowledgeError(problems.found)
    return cases


def collect(folder: Path, problems: Problems) -> Iterable[Case]:
    """As `read`, but notes the problems and yields the cases that could be read."""
    for file in sorted(folder.rglob(f"*{CASES}")):
        name = file.relative_to(folder).as_posix()
        node = read_yaml(file.read_text("utf-8"), name, problems)
        listed = node.items.get("items") if isinstance(node, Map) else None
        if not isinstance(node, Map) or not isinstance(listed, Items):
            problems.add(f"{name}:1", "no cases", expected="kind: cases and items:")
            continue
        head = {key: value for key, value in node.items.items() if key != "items"}
        HEAD.read(Map(head, node.keys_at, node.at), problems)
        for entry in listed.items:
            item = CASE.read(entry, problems)
            if item is not BROKEN:
                yield _case(item)


def _case(item: dict[str, Any]) -> Case:
    given = item["given"]
    return Case(
        name=item["name"],
        person={key: value for key, value in given["person"].items() if value is not None},
        results=tuple({key: text for key, text in result.items() if text is not None} for result in given["results"]),
        as_of=given["as_of"] or "",
        infer_units=given["infer_units"],
        expect=item["expect"],
        at=item["at"],
    )


def request(case: Case) -> dict[str, Any]:
    """The case as a request of `leukon.assess` (interfaces.md section 2)."""
    observations = []
    for position, result in enumerate(case.results, start=1):
        sent = {key: text for key, text in result.items() if key != "test"}
        observations.append({"id": f"o{position}", "code": {"text": result["test"]}, **sent})
    made: dict[str, Any] = {
        "subject": {"id": "case", **case.person},
        "observations": observations,
        "scales": case.editions,
    }
    if case.as_of:
        made["as_of"] = case.as_of
    if case.infer_units:
        made["infer_units"] = "yes"
    return made


def run(knowledge: Knowledge, answer: Answer, folder: Path = SHIPPED) -> list[str]:
    """Run every case below `folder`; one line per failure, `file:line: name: what came; expected what`."""
    return run_together(knowledge, lambda requests, known: [answer(one, known) for one in requests], folder)


def run_together(knowledge: Knowledge, answers: Answers, folder: Path = SHIPPED) -> list[str]:
    """As `run`, with all requests put at once."""
    held = read(folder)
    given = answers([request(case) for case in held], knowledge)
    pairs = zip(held, given, strict=True)
    return [f"{case.at}: {case.name}: {what}" for case, came in pairs for what in failures(case, came, knowledge)]


def failures(case: Case, tables: Tables, knowledge: Knowledge) -> list[str]:
    """What one case gets wrong; [] = right."""
    return [*_grades(case, tables), *_findings(case, tables, knowledge), *_codes(case, tables, knowledge)]


def _grades(case: Case, tables: Tables) -> Iterable[str]:
    for edition in case.editions:
        terms = {term: None for key in ("grades", "statuses", "possible") for term in case.expect[key].get(edition, {})}
        for term in terms:
            rows = [row for row in tables["grades"] if row["edition"] == edition and row["term_id"] == term]
            grade = case.expect["grades"].get(edition, {}).get(term)
            status = case.expect["statuses"].get(edition, {}).get(term)
            possible = case.expect["possible"].get(edition, {}).get(term)
            came = {
                "grade": {row["grade"] for row in rows},
                "status": {row["grade_status"] for row in rows},
                "possible grades": {(row["grade_low"], row["grade_high"]) for row in rows},
            }
            wanted = {
                "grade": grade if grade is None else {None if grade == "none" else grade},
                "status": status and {status},
                "possible grades": possible and {(min(possible), max(possible))},
            }
            for what, expected in wanted.items():
                if expected is not None and came[what] != expected:
                    yield f"{edition} {term}: {what} {_listed(came[what])}; expected {_listed(expected)}"


def _listed(values: Iterable[Any]) -> str:
    return ", ".join(sorted(map(str, values))) or "nothing"


def _findings(case: Case, tables: Tables, knowledge: Knowledge) -> Iterable[str]:
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in tables["findings"]:
        rows.setdefault(row["question"], []).append(row)
    for key, column in (("states", "state"), ("findings", "finding_id")):
        for question, expected in case.expect[key].items():
            came = {row[column] for row in rows.get(question, [])}
            if came != {expected}:
                yield f"{question}: {_listed(came)}; expected {expected}"
    if not case.expect["low_by"] and not case.expect["not_low_by"]:
        return
    from leukon.knowledge.compile import compiled

    lists = compiled(knowledge).band_lists
    for position, key in enumerate(("low_by", "not_low_by")):
        for question, limits in case.expect[key].items():
            bands = [lists.get(row["band_id"], ((), (), ())) for row in rows.get(question, [])]
            for limit in limits:
                if not bands or any(limit not in band[position] for band in bands):
                    yield f"{question}: {limit} is not among {key}; expected it there"


def _codes(case: Case, tables: Tables, knowledge: Knowledge) -> Iterable[str]:
    excluded = {row["code"] for row in tables["excluded"]}
    for code in case.expect["excluded"]:
        if code not in excluded:
            yield f"excluded: {_listed(excluded)}; expected {code}"
    bits = 0
    for name in ("values", "grades", "findings"):
        for row in tables[name]:
            bits |= row["issues"]
    raised = {issue.code for issue in knowledge.issues.values() if issue.bit is not None and bits >> issue.bit & 1}
    for code in case.expect["issues"]:
        if code not in raised:
            yield f"issues: {_listed(raised)}; expected {code}"
    for code in case.expect["no_issues"]:
        if code in raised:
            yield f"issues: {code} was raised; expected it not to be"
