"""Knowledge → the tables that the chain joins.

Nothing is decided here that the files do not say: ages, sexes, pregnancies and Duffy types
are cut into groups (strata) within which the same limits apply, and every question's number
line into bands within which the same limits agree. A band's id then says who calls a count
low and who does not; a grade is likewise a look-up in `grade_bands`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from leukon.knowledge import tiles
from leukon.knowledge.model import Edition, Knowledge, Limit, Term
from leukon.knowledge.reason_tables import reason_tables
from leukon.knowledge.strata import (
    HIGHEST,
    AgeBand,
    Stratum,
    age_bands,
    age_keys,
    age_spans,
    all_contexts,
    context_rows,
    last_key,
    stratify,
)
from leukon.tables import Row, Rows

COMBINED_QUESTION = "pancytopenia"
"""The one question about several lines at once; its limits come in sets (one set = one claim)."""

METHOD_ORDER = {
    True: ("corrected", "manual", "automated", "unknown", "estimate", "uncorrected"),
    False: ("corrected", "automated", "unknown", "manual", "estimate", "uncorrected"),
}
"""Which method of one sample is preferred: manual for the differential, automated for the rest."""

KEPT = 8
"""How many compiled versions of the knowledge (sites lay their own limits over ours) are held at once."""

STATE_WORDS = {
    "low": ("low-by-all", "low-by-some", "not-low"),
    "high": ("high-by-all", "high-by-some", "not-high"),
    "set": ("yes-by-all", "yes-by-some", "no"),
}


class Compiled(NamedTuple):
    """`tables` for the engine, and the look-ups that the report unfolds ids with."""

    tables: dict[str, Rows]
    band_lists: dict[int, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]
    band_rows: dict[int, tuple[str, int, int, int]]
    term_of: dict[str, tuple[Edition, Term]]


_held: dict[str, Compiled] = {}


def compiled(knowledge: Knowledge) -> Compiled:
    """Compile once per content hash."""
    if knowledge.sha256 not in _held:
        while len(_held) >= KEPT:
            _held.pop(next(iter(_held)))
        _held[knowledge.sha256] = _compile(knowledge)
    return _held[knowledge.sha256]


def _compile(knowledge: Knowledge) -> Compiled:
    published = [
        limit
        for limit in knowledge.limits.values()
        if limit.role == "votes" and limit.kind in ("interval", "definition") and limit.question != COMBINED_QUESTION
    ]
    site = [limit for limit in knowledge.limits.values() if limit.kind == "site"]
    ages = age_bands(knowledge, [*published, *site])
    contexts = all_contexts()
    strata, contents = stratify(published, site, ages, contexts, knowledge)
    limit_bands, band_lists, band_rows = _limit_bands(published, contents)
    grade_bands, grade_words = tiles.grade_bands(knowledge, ages)
    tables = {
        "codes": _codes(knowledge),
        "constants": _constants(knowledge, ages),
        "plausible": _plausible(knowledge),
        "method_ranks": _method_ranks(knowledge),
        "questions": _questions(knowledge, [*published, *site]),
        "age_keys": age_keys(ages, knowledge.settings["newborn_h"]),
        "age_spans": age_spans(ages),
        "contexts": context_rows(contexts),
        "strata": strata,
        "limit_bands": limit_bands,
        "site_limits": _site_limits(site, contents, len(published)),
        "severe_limits": _severe_limits(knowledge),
        "combined_sets": _combined_sets(knowledge),
        "grade_bands": grade_bands,
        "grade_words": grade_words,
        "grade_findings": tiles.grade_findings(knowledge),
        "precision": _precision(),
        **reason_tables(knowledge),
    }
    term_of = {
        f"{edition.id}|{term.id}": (edition, term) for edition in knowledge.editions.values() for term in edition.terms
    }
    return Compiled(tables, band_lists, band_rows, term_of)


# --- limits ------------------------------------------------------------------------------------


def _limit_bands(
    published: list[Limit], strata: list[Stratum]
) -> tuple[
    Rows, dict[int, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]], dict[int, tuple[str, int, int, int]]
]:
    rows: list[Row] = []
    lists: dict[int, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {}
    places: dict[int, tuple[str, int, int, int]] = {}
    by_question: dict[str, list[int]] = {}
    for index, limit in enumerate(published):
        by_question.setdefault(limit.question, []).append(index)
    for stratum in strata:
        votes_here, maybe_here = set(stratum.votes), set(stratum.conditional)
        for question, members in by_question.items():
            votes = [published[i] for i in members if i in votes_here]
            lows = [published[i] for i in members if i in stratum.lows]
            maybe = tuple(published[i].id for i in members if i in maybe_here)
            primary = next((v for v in votes if v.primary and _is_primary(v, stratum)), None)
            # a lower limit starts a new band at its value, an upper limit just above it
            cuts = sorted({v.value if v.bound == "lower" else v.value + 1 for v in (*votes, *lows)} | {0})
            for low, after in pairwise([*cuts, HIGHEST + 1]):
                hit = tuple(v.id for v in (*votes, *lows) if _calls(v, low))
                miss = tuple(v.id for v in votes if not _calls(v, low))
                band = len(rows) + 1
                lists[band], places[band] = (hit, miss, maybe), (question, stratum.id, low, after - 1)
                rows.append(
                    (
                        question,
                        stratum.id,
                        low,
                        after - 1,
                        band,
                        len(hit),
                        len(miss),
                        primary.value if primary else None,
                    )
                )
    names = ("question", "stratum", "low", "high", "band_id", "n_hit", "n_miss", "primary_limit")
    return Rows(names, ("text", *("int",) * 7), rows), lists, places


def _calls(limit: Limit, count: int) -> bool:
    return count < limit.value if limit.bound == "lower" else count > limit.value


def _is_primary(limit: Limit, stratum: Stratum) -> bool:
    """A limit for people in general does not come first for somebody known to be Duffy-null."""
    return not (stratum.duffy_null and limit.duffy == "any" and limit.question == "neutropenia")


def _site_limits(site: list[Limit], strata: list[Stratum], first: int) -> Rows:
    """The site's own limit per question and stratum; the stricter one where several fit.

    `first` is the position of the first site limit in the strata's joint list.
    """
    rows: list[Row] = []
    for stratum in strata:
        best: dict[str, Limit] = {}
        for position in stratum.site:
            limit = site[position - first]
            held = best.get(limit.question)
            stricter = held is None or (
                limit.value > held.value if limit.bound == "lower" else limit.value < held.value
            )
            if stricter:
                best[limit.question] = limit
        rows += [(question, stratum.id, limit.value) for question, limit in best.items()]
    return Rows(("question", "stratum", "value"), ("text", "int", "int"), rows)


def _severe_limits(knowledge: Knowledge) -> Rows:
    """Limits of kind severity: beyond them a question has a finding of its own, named by the limit's id."""
    rows: list[Row] = []
    for limit in knowledge.limits.values():
        if limit.kind == "severity" and limit.role == "votes":
            rows.append((limit.question, limit.bound, limit.value, f"{limit.question}.{limit.id.rsplit('.', 1)[-1]}"))
    return Rows(("question", "bound", "value", "finding_id"), ("text", "text", "int", "text"), rows)


def _combined_sets(knowledge: Knowledge) -> Rows:
    """Numeric definitions of pancytopenia: one row per set and line."""
    rows: list[Row] = []
    for limit in knowledge.limits.values():
        if limit.question == COMBINED_QUESTION and limit.role == "votes":
            rows.append((limit.claim or limit.id, limit.analyte, limit.sex, limit.value))
    return Rows(("set_id", "analyte", "sex", "value"), ("text", "text", "text", "int"), rows)


def _questions(knowledge: Knowledge, limits: list[Limit]) -> Rows:
    direction = {limit.question: ("high" if limit.bound == "upper" else "low", limit.analyte) for limit in limits}
    rows: list[Row] = []
    for question, (way, analyte) in sorted(direction.items()):
        words = STATE_WORDS["set" if question == "agranulocytosis" else way]
        own = 0 if question == "agranulocytosis" else 1
        rows.append((question, analyte, way, own, *words))
    names = ("question", "analyte", "direction", "uses_laboratory", "word_all", "word_some", "word_none")
    return Rows(names, ("text", "text", "text", "int", "text", "text", "text"), rows)


# --- codes, constants, precision -----------------------------------------------------------------


def _codes(knowledge: Knowledge) -> Rows:
    """One row, one column per flag: its bit. A set of issues is the sum of its bits."""
    flags = [(i.code.lower(), 1 << i.bit) for i in knowledge.issues.values() if i.bit is not None]
    return Rows(tuple(n for n, _ in flags), ("int",) * len(flags), [tuple(bit for _, bit in flags)])


def _constants(knowledge: Knowledge, ages: Sequence[AgeBand]) -> Rows:
    """One row of engineering settings, and the last key that age_keys knows."""
    settings = {**knowledge.settings, "last_age_key": last_key(ages)}
    return Rows(tuple(settings), ("int",) * len(settings), [tuple(settings.values())])


def _plausible(knowledge: Knowledge) -> Rows:
    def filled(value: int | None, otherwise: int) -> int:
        return otherwise if value is None else value

    rows: list[Row] = [
        (
            p.analyte,
            filled(p.low, 0),
            filled(p.high, HIGHEST),
            filled(p.flag_low, 0),
            filled(p.flag_high, HIGHEST),
            filled(p.lln_low, 0),
            filled(p.lln_high, HIGHEST),
            filled(p.keep_below, 0),
            filled(p.bound_below, 0),
            int(knowledge.analytes[p.analyte].lineage),
            knowledge.analytes[p.analyte].dimension,
        )
        for p in knowledge.plausible.values()
    ]
    names = (
        "analyte", "low", "high", "flag_low", "flag_high", "lln_low", "lln_high",
        "keep_below", "bound_below", "lineage", "dimension",
    )  # fmt: skip
    return Rows(names, ("text", *("int",) * 9, "text"), rows)


def _method_ranks(knowledge: Knowledge) -> Rows:
    rows: list[Row] = []
    for analyte in knowledge.analytes.values():
        order = METHOD_ORDER[analyte.lineage]
        # an automated count and one of unknown method are peers: a difference between them is a conflict
        ranks = {method: rank for rank, method in enumerate(order)}
        ranks["unknown"] = ranks["automated"]
        rows += [(analyte.id, method, rank) for method, rank in ranks.items()]
    return Rows(("analyte", "method", "rank"), ("text", "text", "int"), rows)


def _precision() -> Rows:
    """Exact 95 % limits of a manual differential in ppm, by cells counted and cells seen (precision.csv)."""
    text = (files("leukon") / "knowledge" / "precision.csv").read_text(encoding="utf-8")
    names, *lines = [line for line in text.splitlines() if not line.startswith("#")]
    rows: list[Row] = [tuple(int(cell) for cell in line.split(",")) for line in lines]
    return Rows(tuple(names.split(",")), ("int",) * 4, rows)
