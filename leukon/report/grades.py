"""Grades as the report shows them; and the worst grade of each value on any scale, asked for or not."""

from __future__ import annotations

from collections.abc import Sequence

from leukon.knowledge.tiles import SEVERITY_WORDS
from leukon.report.assessment import Grade
from leukon.report.index import Index
from leukon.report.person import Person, Row
from leukon.report.phrases import Phrases
from leukon.report.values import Names

FITS = frozenset(("certain", "lln-missing", "censored", "imprecise"))
"""Statuses of a term that is for this value and person."""


def worst(person: Person, index: Index) -> dict[tuple[int, str], int]:
    """(row, analyte) → the most severe grade that any edition gives or may give for a low count (SF-7)."""
    found: dict[tuple[int, str], int] = {}
    for row in person.grades:
        term = index.terms.get(f"{row['edition']}|{row['term_id']}")
        if term is None or term[1].direction != "low":
            continue
        grade = row["grade"] if row.get("grade") is not None else row.get("grade_high")
        if grade is not None:
            key = (row["row"], str(row["analyte"]))
            found[key] = max(found.get(key, 0), int(grade))
    return found


def grade_codes(person: Person, index: Index, scales: Sequence[str]) -> list[tuple[int, str]]:
    """(row, code) of what grading itself raised on the scales shown, such as a missing lower limit; each once."""
    raised: dict[tuple[int, int], None] = {}
    for row in person.grades:
        if row["grade_status"] in FITS and (not scales or row["edition"] in scales):
            raised[row["row"], int(row["issues"] or 0)] = None
    own = {v["row"]: 0 for v in person.values}
    for value in person.values:
        own[value["row"]] |= int(value.get("issues") or 0)
    found = ((row, code) for row, issues in raised for code in index.codes(issues & ~own.get(row, 0)))
    return list(dict.fromkeys(found))


def grades(person: Person, index: Index, words: Phrases, names: Names, scales: Sequence[str]) -> list[Grade]:
    """Grades on the scales asked for; without any, on every scale that fits, and none of them is the default."""
    found: list[Grade] = []
    if words.audience == "plain" and not scales:
        return found  # trial grades are not for care (H24): the plain audience sees them only when it asks
    for row in sorted(person.grades, key=lambda r: (r["row"], str(r["analyte"]), str(r["edition"]), str(r["term_id"]))):
        edition = index.knowledge.editions.get(str(row["edition"]))
        if edition is None:
            continue
        asked = edition.id in scales or edition.always
        if (scales and not asked) or (not scales and row["grade_status"] not in FITS):
            continue
        if edition.always and (row["grade_status"] not in FITS or row.get("grade") == 0):
            continue  # the severity words begin at mild, and for an infant at severe: no source prints a grade 0
        found.append(_grade(row, index, words, names))
    return found


def _grade(row: Row, index: Index, words: Phrases, names: Names) -> Grade:
    edition, term = index.terms[f"{row['edition']}|{row['term_id']}"]
    analyte = str(row["analyte"])
    grade, low, high = row.get("grade"), row.get("grade_low"), row.get("grade_high")
    several = low is not None and high is not None and low != high
    step = index.steps.get(str(row.get("band_id") or row.get("rule_id") or ""))
    return Grade(
        observation=names.get((row["row"], analyte, str(row["origin"])), ""),
        analyte=analyte,
        scale=edition.scale,
        version=edition.version,
        term=term.name,
        grade_status=str(row["grade_status"]),
        grade=str(grade) if grade is not None else None,
        grade_possible=[str(g) for g in range(int(low), int(high) + 1)]
        if several and low is not None and high is not None
        else [],
        rule=step[2].id if step is not None else "",
        printed=step[2].printed if step is not None else "",
        lln=index.show(row.get("lln"), analyte),
        word=words(f"severity.{SEVERITY_WORDS[int(grade) - 1]}")
        if edition.always and grade is not None and 0 < int(grade) <= len(SEVERITY_WORDS)
        else "",
        note=words.of(term.missing) if term.missing else "",
    )
