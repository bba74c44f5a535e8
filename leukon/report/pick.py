"""Which of a person's samples answers each question: the newest, and never a calm one over a hidden alarm."""

from __future__ import annotations

import msgspec

from leukon.report.index import Index
from leukon.report.part import URGENCIES, Urgency
from leukon.report.person import Person, Row

SETTLED = frozenset(("RETRACTED", "SUPERSEDED", "DUPLICATE", "METHOD_NOT_PREFERRED", "UNMAPPED"))
"""Reasons that leave nothing open: another result stands in the place of the one not used."""

CALM = frozenset(("not-low", "not-high", "no"))

CONTEXT = frozenset(
    ("AGE_UNKNOWN", "SEX_UNKNOWN", "LLN_MISSING", "NO_PRIMARY_LIMIT", "ANC_DERIVED", "STATUS_ASSUMED_FINAL",
     "ROUNDED", "DUPLICATE", "RANGE_CHANGED", "DATE_PARTIAL", "TIME_MISSING", "NUMBER_INFERRED", "UNIT_INFERRED")
)  # fmt: skip
"""Codes that describe an answer and are never why there is none."""


CONFLICT = "CONFLICTING_RESULTS"


class Picked(msgspec.Struct):
    """The answer to one question. `row` is the chain's finding (None: nothing was sent for it).

    `newer`: codes of later results of the same analyte that could not be used.
    `older`: the value is from a sample before the person's newest one.
    """

    question: str
    analyte: str
    row: Row | None
    state: str
    finding: str
    urgency: Urgency
    reason: str = ""
    newer: tuple[str, ...] = ()
    older: bool = False

    @property
    def has_value(self) -> bool:
        return self.row is not None and self.row.get("low") is not None

    @property
    def codes(self) -> int:
        return int(self.row.get("issues") or 0) if self.row is not None else 0


def rank(urgency: Urgency) -> int:
    return URGENCIES.index(urgency)


def picks(person: Person, index: Index) -> dict[str, Picked]:
    """Question → its answer, for every question the chain answered and every lineage."""
    when: dict[int, int | None] = {}
    for result in person.results.values():
        held = when.get(result["sample"])
        when[result["sample"]] = result["collected_s"] if held is None else held
    newest = max((when[v["sample"]] or 0 for v in person.values if when.get(v["sample"]) is not None), default=None)
    outdated = _outdated(person, when)
    by_question: dict[str, list[Row]] = {}
    for row in person.findings:
        by_question.setdefault(str(row["question"]), []).append(row)
    asked = {question: analyte for analyte, question in index.lineages.items()}
    asked.update({question: str(rows[0]["analyte"]) for question, rows in by_question.items()})
    return {
        question: _pick(question, analyte, by_question.get(question, []), person, index, when, newest, outdated)
        for question, analyte in asked.items()
    }


def _pick(
    question: str,
    analyte: str,
    rows: list[Row],
    person: Person,
    index: Index,
    when: dict[int, int | None],
    newest: int | None,
    outdated: frozenset[tuple[int, str]],
) -> Picked:
    told = [row for row in rows if row.get("low") is not None or row["state"] != "cannot-tell"]
    told = [row for row in told if (row["row"], analyte) not in outdated]
    timed = [row for row in told if when.get(row["sample"]) is not None]
    untimed = [row for row in told if when.get(row["sample"]) is None]
    candidates = untimed + _newest(timed, when)
    failed = _failed(analyte, person)
    if not candidates:
        row = max(rows, key=lambda r: (when.get(r["sample"]) or 0, r["sample"])) if rows else None
        code = failed[-1][1] if failed else _reason(row, index)
        return _picked(question, analyte, row, index, reason=code)
    row = max(
        candidates,
        key=lambda r: (rank(_urgency(r, index)), r["state"] not in CALM, when.get(r["sample"]) or 0, r["sample"]),
    )
    at = when.get(row["sample"])
    newer = tuple(dict.fromkeys(code for seconds, code in failed if at is not None and (seconds or 0) > at))
    older = at is not None and newest is not None and at < newest
    if newer and row["state"] in CALM:  # an old calm count does not answer for a newer one that cannot be read
        return Picked(question, analyte, None, "cannot-tell", f"{question}.cannot-tell", "none", newer[-1], newer)
    reason = ""
    if row["state"] == "cannot-tell":
        reason = CONFLICT if _differ(row, analyte, person) else _reason(row, index)
    return _picked(question, analyte, row, index, reason=reason, newer=newer, older=older)


def _differ(row: Row, analyte: str, person: Person) -> bool:
    """Whether this sample has several reported counts of this cell type that are not the same."""
    same = [v for v in person.values if v["sample"] == row["sample"] and v["analyte"] == analyte]
    counts = {(v["low"], v["high"]) for v in same if v["origin"] == "reported" and v["quantity"] != "percent"}
    return len(counts) > 1


def _outdated(person: Person, when: dict[int, int | None]) -> frozenset[tuple[int, str]]:
    """(row, analyte) of what only an older white count leaves for its parts, where a newer white count is there."""
    whites = [when.get(v["sample"]) or 0 for v in person.values if v["analyte"] == "WBC"]
    newest = max(whites, default=0)
    return frozenset(
        (v["row"], v["analyte"])
        for v in person.values
        if str(v.get("rule_id") or "").endswith(".bound-wbc")
        and (at := when.get(v["sample"])) is not None
        and newest > at
    )


def _newest(timed: list[Row], when: dict[int, int | None]) -> list[Row]:
    """The newest answer; where it is only a span (a bound), also the newest exact count that the span does not exclude.

    So a white count alone or bands alone never hide the alarm of an earlier neutrophil count (SF-9).
    """
    if not timed:
        return []
    ordered = sorted(timed, key=lambda r: (when[r["sample"]] or 0, r["sample"]), reverse=True)
    first = ordered[0]
    if first.get("low") is None or first["low"] == first["high"]:
        return [first]
    exact = next((r for r in ordered if r.get("low") is not None and r["low"] == r["high"]), None)
    return [first, exact] if exact is not None and first["low"] <= exact["low"] else [first]


def _picked(
    question: str,
    analyte: str,
    row: Row | None,
    index: Index,
    *,
    reason: str = "",
    newer: tuple[str, ...] = (),
    older: bool = False,
) -> Picked:
    state = str(row["state"]) if row is not None else "cannot-tell"
    finding = str(row["finding_id"]) if row is not None and row.get("finding_id") else f"{question}.{state}"
    urgency = _urgency(row, index) if row is not None else "none"
    return Picked(question, analyte, row, state, finding, urgency, reason, newer, older)


def _urgency(row: Row, index: Index) -> Urgency:
    finding = index.knowledge.findings.get(str(row.get("finding_id")))
    return finding.urgency if finding is not None else "none"


def _failed(analyte: str, person: Person) -> list[tuple[int | None, str]]:
    """(time, code) of this analyte's results that could not be used and left the question open, oldest first."""
    found = [
        (person.results[row["row"]].get("collected_s"), str(row["code"]))
        for row in person.excluded
        if row["code"] not in SETTLED and person.results.get(row["row"], {}).get("analyte") == analyte
    ]
    return sorted(found, key=lambda pair: pair[0] or 0)


def _reason(row: Row | None, index: Index) -> str:
    """The code that says best why there is no answer."""
    codes = [code for code in index.codes(int(row.get("issues") or 0)) if code not in CONTEXT] if row else []
    if "NOT_REPORTED" in codes and len(codes) > 1:
        codes.remove("NOT_REPORTED")
    return codes[0] if codes else "NOT_REPORTED" if row is None or row.get("low") is None else "NO_LIMIT"
