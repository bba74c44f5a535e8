"""The verdict: each cell type and each further question, answered once, with who says so."""

from __future__ import annotations

from typing import cast

from leukon.knowledge.model import Finding
from leukon.knowledge.tiles import SEVERITY_WORDS
from leukon.report.assessment import Answer, Lineage, NearBoundary, PrimaryLimit, State
from leukon.report.index import LABORATORY, USUAL, Index, Sides
from leukon.report.person import Person, Row
from leukon.report.phrases import Phrases
from leukon.report.pick import Picked
from leukon.report.values import Names, key_of, reason, text_of

SERIOUS_GRADE = 2
"""SF-7: from this grade on any scale, nobody is told that some limits include the count."""

SERIOUS_NEUTROPHILS = 1_000_000_000
"""SF-7: the same of neutrophils under 1.0 x10^9/L, graded or not."""

SEVERE = SEVERITY_WORDS.index("severe") + 1


def says(row: Row | None, index: Index) -> tuple[list[str], list[str], list[str]]:
    """Ids of the limits that call the value low (or high), do not, and cannot say; those of this person first.

    The chain's band is that of the lower end; of a censored count only what holds for both ends is said.
    """
    if row is None:
        return [], [], []
    hit, miss, maybe = index.band(row.get("band_id"))
    if row["low"] != row["high"]:
        hit, miss, maybe = _both_ends(row, (*hit, *miss), maybe, index)
    low: list[str] = []
    not_low: list[str] = []
    cannot: list[str] = []
    site = [limit.id for limit in index.lines.get(str(row["question"]), ()) if limit.kind == "site"]
    own = (
        (LABORATORY, row.get("laboratory"), "laboratory"),
        (site[0] if site else "lim.site", row.get("site"), "site"),
        (USUAL, row.get("usual"), "usual-level"),
    )
    for limit, vote, origin in own:
        if vote is not None:
            (low if vote else not_low).append(limit)
        elif row.get("primary_origin") == origin:
            cannot.append(limit)
    return [*low, *hit], [*not_low, *miss], [*cannot, *maybe]


def _both_ends(row: Row, voting: tuple[str, ...], maybe: tuple[str, ...], index: Index) -> Sides:
    hit: list[str] = []
    miss: list[str] = []
    unsure: list[str] = []
    for name in voting:
        limit = index.knowledge.limits[name]
        lower = limit.bound == "lower"
        at_low = row["low"] < limit.value if lower else row["low"] > limit.value
        at_high = row["high"] < limit.value if lower else row["high"] > limit.value
        (hit if at_low and at_high else unsure if at_low or at_high else miss).append(name)
    return tuple(hit), tuple(miss), (*unsure, *maybe)


def lineages(
    picked: dict[str, Picked],
    person: Person,
    index: Index,
    words: Phrases,
    names: Names,
    worst: dict[tuple[int, str], int],
) -> list[Lineage]:
    """Every cell type, the white count first; those never reported say so."""
    found = []
    for analyte, question in index.lineages.items():
        pick = picked[question]
        if pick.row is None and analyte not in index.always_listed and not pick.newer:
            continue
        if not pick.has_value and pick.reason == "NOT_REPORTED" and analyte not in index.always_listed:
            continue
        found.append(_lineage(pick, person, index, words, names, worst))
    return found


def _lineage(
    pick: Picked, person: Person, index: Index, words: Phrases, names: Names, worst: dict[tuple[int, str], int]
) -> Lineage:
    held = index.analyte(pick.analyte)
    low, not_low, cannot = says(pick.row, index)
    decided = deciding(pick, person)
    value, row = "", pick.row
    if row is not None and pick.has_value:
        value = text_of(
            {"quantity": index.dimensions.get(pick.analyte, "count"), **row, "analyte": pick.analyte}, index
        )[0]
    finding = index.knowledge.findings.get(pick.finding)
    grade = worst.get((row["row"], pick.analyte)) if row is not None and value else None
    collected = str(person.source(row["row"]).get("collected") or "") if row is not None and value else ""
    return Lineage(
        analyte=pick.analyte,
        name=words.of(held.name if held is not None else {"en": pick.analyte}),
        question=pick.question,
        state=cast("State", pick.state),
        low_by=low,
        not_low_by=not_low,
        cannot_say=cannot,
        value=value,
        observation=names.get(key_of(decided), "") if decided is not None and value else "",
        collected=collected,
        finding=pick.finding,
        finding_name=_finding_name(pick, finding, grade, index, words),
        urgency=pick.urgency,
        primary_limit=_primary(pick, index, words, [*low, *not_low]),
        worst_grade=grade,
        serious=_serious(pick, grade),
        note=_note(pick, decided, collected, words, index),
        reason=pick.reason,
    )


def _serious(pick: Picked, grade: int | None) -> bool:
    under = pick.row is not None and pick.has_value and pick.row["low"] < SERIOUS_NEUTROPHILS
    return (grade or 0) >= SERIOUS_GRADE or (under and pick.analyte == "NEUT")


def _finding_name(pick: Picked, finding: Finding | None, grade: int | None, index: Index, words: Phrases) -> str:
    """The finding in words; of a count that a scale grades, not that some limits include it (SF-7).

    Where only a span is known, the word is that of its mild end: it says "at least", and what it may be.
    """
    if pick.state == "low-by-some" and pick.finding.endswith(".low-by-some") and _serious(pick, grade):
        return words(f"question.{pick.question}")
    if finding is None:
        return ""
    if words.audience == "plain":
        return words.of(finding.plain)
    name, row = words.of(finding.name), pick.row
    severity = int((row or {}).get("severity") or 0)
    if row is None or not severity or row["low"] == row["high"]:
        return name
    edges = index.anchors.get(pick.analyte, ())
    worst = next((word for edge, word, _ in edges if row["low"] < edge), "")
    if not worst or worst == SEVERITY_WORDS[severity - 1]:
        return name
    return words("finding.at-least", name=name, word=words(f"severity.{worst}"))


def deciding(pick: Picked, person: Person) -> Row | None:
    """The value that decided (the reported one where a reported and a derived one share a row)."""
    if pick.row is None:
        return None
    rows = [v for v in person.values if v["row"] == pick.row["row"] and v["analyte"] == pick.analyte]
    return next(
        (v for v in rows if v["origin"] == "reported" and v["quantity"] != "percent"), rows[-1] if rows else None
    )


def _note(pick: Picked, value: Row | None, collected: str, words: Phrases, index: Index) -> str:
    notes = []
    if pick.state in ("low-by-all", "low-by-some") and words.has(f"note.low.{pick.question}"):
        notes.append(words(f"note.low.{pick.question}"))
    row, edges = pick.row or {}, index.anchors.get(pick.analyte, ())
    edge = next((edge for edge, word, _ in edges if word == SEVERITY_WORDS[SEVERE - 1]), None)
    if edge is not None and pick.has_value and row["low"] < edge <= row["high"]:
        notes.append(words("note.may-be-severe", value=words.number(index.show(edge, pick.analyte))))
    if value is not None and value["origin"] == "derived":
        key = f"rule.{value['rule_id']}"
        notes.append(words("note.derived", rule=words(key) if words.has(key) else value["rule_id"]))
    if value is not None and "NRBC_PRESENT" in index.codes(value.get("issues") or 0):
        notes.append(words("note.nrbc"))
    if pick.older:
        notes.append(words("note.older", day=words.day(collected)))
    elif value is not None and "STALE" in index.codes(value.get("issues") or 0):
        notes.append(words("note.stale", day=words.day(collected)))
    if pick.newer:
        notes.append(words("note.newer", reason=reason(pick.newer[-1], index, words)))
    return " ".join(notes)


def _primary(pick: Picked, index: Index, words: Phrases, ids: list[str]) -> PrimaryLimit | None:
    if pick.row is None or pick.row.get("primary_limit") is None or not pick.row.get("primary_origin"):
        return None
    base, origin = int(pick.row["primary_limit"]), str(pick.row["primary_origin"])
    limits = index.knowledge.limits
    if origin == "laboratory":
        limit = LABORATORY
    elif origin == "usual-level":
        limit = USUAL
    else:
        fits = [i for i in ids if i in limits and limits[i].value == base and (limits[i].primary or origin == "site")]
        limit = fits[0] if fits else ""
    return PrimaryLimit(
        value=index.show(base, pick.analyte),
        origin=cast("PrimaryLimit", origin),  # type: ignore[arg-type]
        limit=limit,
        reason=words(f"primary.{origin}"),
    )


def answers(picked: dict[str, Picked], index: Index, words: Phrases, person: Person, names: Names) -> list[Answer]:
    """Questions beside "is this cell type low?", in the order of their names."""
    lineage_questions = set(index.lineages.values())
    found = []
    for question in sorted(set(picked) - lineage_questions):
        pick = picked[question]
        finding = index.knowledge.findings.get(pick.finding)
        low, not_low, _ = says(pick.row, index)
        decided = deciding(pick, person)
        found.append(
            Answer(
                question=question,
                state=pick.state,
                finding=pick.finding,
                name=words.of(finding.plain if words.audience == "plain" else finding.name) if finding else "",
                analyte=pick.analyte,
                observation=names.get(key_of(decided), "") if decided is not None else "",
                urgency=pick.urgency,
                by=low,
                not_by=not_low,
                reason=pick.reason,
            )
        )
    return found


def near_boundaries(picked: dict[str, Picked], index: Index) -> list[NearBoundary]:
    """Lines that an exact value lies within a few percent of (a setting): the first limit and the severity edges."""
    percent = index.knowledge.settings.get("near_boundary_percent", 0)
    found = []
    for analyte, question in index.lineages.items():
        row = picked[question].row
        if row is None or row.get("low") is None or row["low"] != row["high"]:
            continue
        lines: dict[int, list[str]] = {}
        low, not_low, _ = says(row, index)
        if row.get("primary_limit") is not None:
            lines[int(row["primary_limit"])] = [str(row["primary_origin"])]
        else:
            for limit in (*low, *not_low):
                if limit in index.knowledge.limits:
                    lines.setdefault(index.knowledge.limits[limit].value, []).append(limit)
            nearest = min(lines, key=lambda v: abs(v - row["low"]), default=None)
            lines = {nearest: lines[nearest]} if nearest is not None else {}
        for edge, word, _claims in index.anchors.get(analyte, ()):
            lines.setdefault(edge, []).append(word)
        for line in sorted(lines):
            if abs(row["low"] - line) * 100 <= percent * line:
                found.append(NearBoundary(analyte=analyte, boundary=index.show(line, analyte), by=lines[line]))
    return found
