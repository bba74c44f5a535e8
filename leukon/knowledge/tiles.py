"""Scales → `grade_bands`: every term's number line, tiled without a gap for every age."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from leukon.knowledge.model import Knowledge, Term
from leukon.knowledge.strata import AGE_UNCLEAR, AGE_UNKNOWN, HIGHEST, AgeBand, bound
from leukon.tables import Row, Rows

SEVERITY_WORDS = ("mild", "moderate", "severe", "profound")
"""Words of the always-on severity scale, by grade; `<question>.<word>` is the finding."""


def grade_bands(knowledge: Knowledge, ages: Sequence[AgeBand]) -> tuple[Rows, Rows]:
    """Every term's number line, tiled without a gap for every age band; and the words of each band.

    `grade` holds in [low, high]; `grade_beyond` instead of it when the value is below the
    laboratory's lower limit (`bound_to` lln) or above its upper one (uln). A row with a
    `status` other than `certain` has no grade. `term` numbers an edition's term, `band` its tile.
    """
    rows: list[Row] = []
    words: dict[tuple[str, str, str | None], int] = {}
    every_age = [*[(a.id, a.low_h, a.high_h) for a in ages], (AGE_UNKNOWN, None, None), (AGE_UNCLEAR, None, None)]
    number = 0
    for edition in knowledge.editions.values():
        by_term: dict[tuple[str, str, str], list[Term]] = {}
        for term in edition.terms:
            by_term.setdefault((term.name, term.analyte, term.direction), []).append(term)
        for (_, analyte, direction), terms in by_term.items():
            number += 1
            tiled = {term.id: _tiles(term) for term in terms}
            for age_band, low_h, high_h in every_age:
                if age_band == AGE_UNKNOWN and edition.always:
                    # the severity words assume an adult, so that an unknown age never quiets an alarm
                    low_h, high_h = knowledge.settings["adult_h"], HIGHEST
                fitting = [t for t in terms if _term_fits(t, low_h, high_h)]
                term = fitting[0] if fitting else terms[0]
                for low, high, rule_id, *answer in tiled[term.id] if fitting else [_no_grade("out-of-age-range")]:
                    band = words.setdefault((edition.id, term.id, rule_id), len(words) + 1)
                    rows.append((edition.id, number, analyte, direction, age_band, low, high, band, *answer))
    names = (
        "edition", "term", "analyte", "direction", "age_band",
        "low", "high", "band", "grade", "grade_beyond", "bound_to", "status",
    )  # fmt: skip
    kinds = ("text", "int", "text", "text", "int", "int", "int", "int", "int", "int", "text", "text")
    return Rows(names, kinds, rows), _grade_words(knowledge, words)


def _grade_words(knowledge: Knowledge, bands: dict[tuple[str, str, str | None], int]) -> Rows:
    """What the number of a band stands for; `is_count` says that its values are cells per litre."""
    rows: list[Row] = []
    for (edition_id, term_id, rule_id), band in bands.items():
        edition = knowledge.editions[edition_id]
        term = next(t for t in edition.terms if t.id == term_id)
        is_count = int(knowledge.analytes[term.analyte].dimension == "count")
        words = (edition.scale, edition.version, term.name, term.analyte, is_count, rule_id)
        rows.append((band, edition_id, term_id, *words))
    names = ("band", "edition", "term_id", "scale", "version", "term", "analyte", "is_count", "rule_id")
    return Rows(names, ("int", "text", "text", "text", "text", "text", "text", "int", "text"), rows)


Tile = tuple[int, int, str | None, int | None, int | None, str, str]


def _no_grade(status: str) -> Tile:
    return (0, HIGHEST, None, None, None, "", status)


def _term_fits(term: Term, low_h: int | None, high_h: int | None) -> bool:
    if term.age_low_h is None and term.age_high_h is None:
        return True
    if low_h is None or high_h is None:
        return False
    start, end = bound(term.age_low_h, 0), bound(term.age_high_h, HIGHEST)
    return start <= low_h and high_h <= end


def _tiles(term: Term) -> list[Tile]:
    if term.missing:
        return [_no_grade("term-not-in-version")]
    computed = [band for band in term.bands if not band.needs]
    if not computed:
        return [_no_grade("not-applicable")]
    cuts = {0}
    for band in computed:
        cuts.update(([band.low] if band.low is not None else []) + ([band.high + 1] if band.high is not None else []))
    tiles: list[Tile] = []
    for low, after in pairwise([*sorted(cuts), HIGHEST + 1]):
        inside = [b for b in computed if (b.low or 0) <= low and (b.high is None or low <= b.high)]
        fixed = next((b for b in inside if not b.upto_lln and not b.above_uln), None)
        bound = next((b for b in inside if b.upto_lln or b.above_uln), None)
        if fixed is not None:
            tiles.append((low, after - 1, fixed.id, fixed.grade, None, "", "certain"))
        elif bound is not None:
            to = "lln" if bound.upto_lln else "uln"
            tiles.append((low, after - 1, bound.id, 0, bound.grade, to, "certain"))
        else:
            tiles.append((low, after - 1, None, 0, None, "", "certain"))
    return tiles


def grade_findings(knowledge: Knowledge) -> Rows:
    """Always-on severity words: (edition, analyte, grade) → finding."""
    rows: list[Row] = []
    for edition in knowledge.editions.values():
        if edition.always:
            for grade, word in enumerate(SEVERITY_WORDS, start=1):
                rows.append((edition.id, "neutropenia", grade, f"neutropenia.{word}"))
    return Rows(("edition", "question", "grade", "finding_id"), ("text", "text", "int", "text"), rows)
