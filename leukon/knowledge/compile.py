"""Knowledge → the tables that the chain joins.

Nothing is decided here that the files do not say: ages, sexes, pregnancies and Duffy types
are cut into groups (strata) within which the same limits apply, and every question's number
line into bands within which the same limits agree. A band's id then says who calls a count
low and who does not; a grade is likewise a look-up in `grade_bands`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from leukon.knowledge.model import Edition, Knowledge, Limit, Term

HIGHEST = 4_000_000_000_000_000_000
"""Stands for "no upper end" in the integer tables."""

SEXES = ("female", "male", "unknown")
PREGNANCIES = (
    "no",
    "unknown",
    "yes",
    "trimester-1",
    "trimester-2",
    "trimester-3",
    "weeks-0-2",
    "weeks-3-5",
    "weeks-6-7",
    "weeks-8-40",
)
DUFFY = ("null", "non-null", "unknown")
AGE_UNKNOWN, AGE_UNCLEAR = 0, -1
HOURS_PER_DAY = 24
HOURS_PER_KEY = 6
"""Ages are looked up in quarters of a day: a year is 8766 hours, so its quarters are whole keys."""

COMBINED_QUESTION = "pancytopenia"
"""The one question about several lines at once; its limits come in sets (one set = one claim)."""

SEVERITY_WORDS = ("mild", "moderate", "severe", "profound")
"""Words of the always-on severity scale, by grade; `<question>.<word>` is the finding."""

METHOD_ORDER = {
    True: ("corrected", "manual", "automated", "unknown", "estimate", "uncorrected"),
    False: ("corrected", "automated", "unknown", "manual", "estimate", "uncorrected"),
}
"""Which method of one sample is preferred: manual for the differential, automated for the rest."""

STATE_WORDS = {
    "low": ("low-by-all", "low-by-some", "not-low"),
    "high": ("high-by-all", "high-by-some", "not-high"),
    "set": ("yes-by-all", "yes-by-some", "no"),
}


Row = tuple[int | str | None, ...]


class Rows(NamedTuple):
    """A compiled table: column names, one kind per column ("int" | "text"), rows."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: list[Row]


class AgeBand(NamedTuple):
    """Half-open hours [low_h, high_h); `exact`: the age is known to the hour."""

    id: int
    low_h: int
    high_h: int
    exact: bool


class Compiled(NamedTuple):
    """`tables` for the engine, and the look-ups that the report unfolds ids with."""

    tables: dict[str, Rows]
    band_lists: dict[int, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]
    band_rows: dict[int, tuple[str, int, int, int]]
    term_of: dict[str, tuple[Edition, Term]]


def applies(
    limit: Limit,
    *,
    age_low_h: int | None = None,
    age_high_h: int | None = None,
    age_exact: bool = False,
    sex: str = "unknown",
    pregnancy: str = "unknown",
    duffy: str = "unknown",
    newborn_h: int = 0,
) -> str:
    """Say whether a published limit fits a person: `yes`, `no` or `conditional` (something is not known).

    Ages are closed hours age_low_h..age_high_h. An unknown age takes adult limits and limits
    without an upper age; limits for one sex need the sex; a general population does not include
    pregnancy (safety.md SF-11).
    """
    if age_low_h is None or age_high_h is None:
        age = "yes" if limit.age_high_h is None else "conditional"
    else:
        age = _age_applies(limit, age_low_h, age_high_h + 1, age_exact, newborn_h)
    return _all_of(age, _context_applies(limit, sex, pregnancy, duffy))


def _all_of(*answers: str) -> str:
    return "no" if "no" in answers else "conditional" if "conditional" in answers else "yes"


def _bound(age_h: int | None, otherwise: int) -> int:
    """An age bound as compared: one in months falls inside a day and moves to that day's end."""
    if age_h is None:
        return otherwise
    return age_h if age_h < 4 * HOURS_PER_DAY or age_h % HOURS_PER_KEY == 0 else -(-age_h // HOURS_PER_DAY) * HOURS_PER_DAY


def _age_applies(limit: Limit, low_h: int, high_h: int, exact: bool, newborn_h: int) -> str:
    start, end = _bound(limit.age_low_h, 0), _bound(limit.age_high_h, HIGHEST)
    if high_h <= start or low_h >= end:
        return "no"
    if limit.exact_age and not exact and low_h < newborn_h:
        return "conditional"
    return "yes" if start <= low_h and high_h <= end else "conditional"


def _context_applies(limit: Limit, sex: str, pregnancy: str, duffy: str) -> str:
    if limit.condition:
        return "conditional"
    answers = []
    if limit.sex != "any":
        answers.append("yes" if sex == limit.sex else "conditional" if sex == "unknown" else "no")
    pregnant = sex != "male" and pregnancy not in ("no", "unknown")
    if "any" in limit.pregnancy:
        answers.append("yes")
    elif "not-stated" in limit.pregnancy or "no" in limit.pregnancy:
        answers.append("no" if pregnant else "yes")
    elif pregnant:
        answers.append("yes" if pregnancy in limit.pregnancy else "no")
    else:
        answers.append("conditional" if sex != "male" and pregnancy == "unknown" else "no")
    if limit.duffy != "any":
        answers.append("yes" if duffy == limit.duffy else "conditional" if duffy == "unknown" else "no")
    return _all_of(*answers)


@lru_cache(maxsize=8)
def _compiled(key: str, holder: _Holder) -> Compiled:
    return _compile(holder.knowledge)


class _Holder:
    """Lets the cache be keyed by content hash while holding the unhashable knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def __hash__(self) -> int:
        return hash(self.knowledge.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder) and other.knowledge.sha256 == self.knowledge.sha256


def compiled(knowledge: Knowledge) -> Compiled:
    """Compile once per content hash."""
    return _compiled(knowledge.sha256, _Holder(knowledge))


def _compile(knowledge: Knowledge) -> Compiled:
    published = [
        limit
        for limit in knowledge.limits.values()
        if limit.role == "votes" and limit.kind in ("interval", "definition") and limit.question != COMBINED_QUESTION
    ]
    site = [limit for limit in knowledge.limits.values() if limit.kind == "site"]
    ages = _age_bands(knowledge, [*published, *site])
    contexts = _contexts()
    strata, contents = _strata(published, site, ages, contexts, knowledge)
    limit_bands, band_lists, band_rows = _limit_bands(published, contents)
    grade_bands, grade_words = _grade_bands(knowledge, ages)
    tables = {
        "codes": _codes(knowledge),
        "constants": _constants(knowledge, ages),
        "plausible": _plausible(knowledge),
        "method_ranks": _method_ranks(knowledge),
        "questions": _questions(knowledge, [*published, *site]),
        "age_keys": _age_keys(ages, knowledge.settings["newborn_h"]),
        "age_spans": _age_spans(ages),
        "contexts": _context_rows(contexts),
        "strata": strata,
        "limit_bands": limit_bands,
        "site_limits": _site_limits(site, contents, len(published)),
        "severe_limits": _severe_limits(knowledge),
        "combined_sets": _combined_sets(knowledge),
        "grade_bands": grade_bands,
        "grade_words": grade_words,
        "grade_findings": _grade_findings(knowledge),
        "precision": _precision(),
    }
    term_of = {
        f"{edition.id}|{term.id}": (edition, term) for edition in knowledge.editions.values() for term in edition.terms
    }
    return Compiled(tables, band_lists, band_rows, term_of)


# --- people: ages and contexts ------------------------------------------------------------------


def _age_bands(knowledge: Knowledge, limits: Iterable[Limit]) -> list[AgeBand]:
    """Elementary ages; newborn ages once in days (inexact) and once in hours (exact); neighbours joined for spans."""
    newborn, adult = knowledge.settings["newborn_h"], knowledge.settings["adult_h"]
    cuts = {0, newborn, adult}
    bounded = [(limit.age_low_h, limit.age_high_h) for limit in limits]
    bounded += [(t.age_low_h, t.age_high_h) for e in knowledge.editions.values() for t in e.terms]
    for low, high in bounded:
        cuts.update(_bound(age, 0) for age in (low, high) if age is not None)
    later = [*sorted(cut for cut in cuts if cut >= newborn), HIGHEST]
    days = [(day, day + HOURS_PER_DAY, False) for day in range(0, newborn, HOURS_PER_DAY)]
    elementary = days + [(low, high, False) for low, high in pairwise(later)]
    joined = [(a[0], b[1], False) for a, b in pairwise(elementary)]
    year = next((cut for cut in sorted(cuts) if cut >= 8766), HIGHEST)
    joined.append((0, year, False))
    early = [*sorted(cut for cut in cuts if cut <= newborn)]
    hours = [(low, high, True) for low, high in pairwise(early)]
    return [AgeBand(index, *band) for index, band in enumerate([*elementary, *hours, *joined], start=1)]


def _age_keys(ages: Sequence[AgeBand], newborn_h: int) -> Rows:
    """Quarter of a day → band (ages beyond the last cut share the last key); -(hour + 1) → band for exact newborn hours."""
    rows: list[Row] = []
    last = _last_key(ages)
    for age in _elementary(ages):
        first, end = age.low_h // HOURS_PER_KEY, min(age.high_h // HOURS_PER_KEY, last + 1)
        rows += [(key, age.id) for key in range(first, end)]
    for hour in range(newborn_h):
        rows.append((-(hour + 1), next(a.id for a in ages if a.exact and a.low_h <= hour < a.high_h)))
    return Rows(("age_key", "age_band"), ("int", "int"), rows)


def _elementary(ages: Sequence[AgeBand]) -> list[AgeBand]:
    """The bands in days of life that tile all ages: everything before the first exact (hourly) band."""
    first_exact = next(index for index, age in enumerate(ages) if age.exact)
    return list(ages[:first_exact])


def _last_key(ages: Sequence[AgeBand]) -> int:
    return max(a.low_h for a in _elementary(ages)) // HOURS_PER_KEY + 1


def _age_spans(ages: Sequence[AgeBand]) -> Rows:
    """(band of the lowest age, band of the highest age) → band; pairs without a row are unclear."""
    elementary = _elementary(ages)
    spans: dict[tuple[int, int], int] = {(a.id, a.id): a.id for a in ages}
    by_ends = {(a.low_h, a.high_h): a.id for a in ages if not a.exact}
    for i, first in enumerate(elementary):
        for last in elementary[i + 1 :]:
            merged = by_ends.get((first.low_h, last.high_h))
            if merged is not None:
                spans[first.id, last.id] = merged
    rows: list[Row] = [(a, b, c) for (a, b), c in spans.items()]
    return Rows(("first_band", "last_band", "age_band"), ("int", "int", "int"), rows)


def _contexts() -> list[tuple[int, str, str, str]]:
    combos = [(s, p, d) for s in SEXES for p in PREGNANCIES for d in DUFFY]
    return [(index, *combo) for index, combo in enumerate(combos, start=1)]


def _context_rows(contexts: Sequence[tuple[int, str, str, str]]) -> Rows:
    rows: list[Row] = [(s, p, d, c) for c, s, p, d in contexts]
    return Rows(("sex", "pregnancy", "duffy", "context"), ("text", "text", "text", "int"), rows)


class Stratum(NamedTuple):
    """One group of people for whom the same limits vote. Positions into the list of limits."""

    id: int
    votes: tuple[int, ...]
    conditional: tuple[int, ...]
    site: tuple[int, ...]
    duffy_null: bool


def _strata(
    published: list[Limit],
    site: list[Limit],
    ages: Sequence[AgeBand],
    contexts: Sequence[tuple[int, str, str, str]],
    knowledge: Knowledge,
) -> tuple[Rows, list[Stratum]]:
    everyone = [*published, *site]
    newborn, adult = knowledge.settings["newborn_h"], knowledge.settings["adult_h"]

    def masks(answers: Iterable[str]) -> tuple[int, int]:
        yes = maybe = 0
        for bit, answer in enumerate(answers):
            yes |= (answer == "yes") << bit
            maybe |= (answer != "no") << bit
        return yes, maybe

    age_masks = {
        a.id: masks(_age_applies(limit, a.low_h, a.high_h, a.exact, newborn) for limit in everyone) for a in ages
    }
    age_masks[AGE_UNKNOWN] = masks("yes" if limit.age_high_h is None else "conditional" for limit in everyone)
    age_masks[AGE_UNCLEAR] = masks(
        "yes" if limit.age_high_h is None and limit.age_low_h is None else "conditional" for limit in everyone
    )
    spans = {a.id: (a.low_h, a.high_h) for a in ages}
    context_masks = {c: masks(_context_applies(limit, s, p, d) for limit in everyone) for c, s, p, d in contexts}
    seen: dict[tuple[int, int, bool], Stratum] = {}
    rows: list[Row] = []
    for age_id, (age_yes, age_maybe) in age_masks.items():
        low_h, high_h = spans.get(age_id, (adult, HIGHEST))
        for context, sex, pregnancy, duffy in contexts:
            yes = age_yes & context_masks[context][0]
            maybe = age_maybe & context_masks[context][1] & ~yes
            key = (yes, maybe, duffy == "null")
            if key not in seen:
                voting = [i for i in range(len(everyone)) if yes >> i & 1]
                seen[key] = Stratum(
                    len(seen) + 1,
                    tuple(i for i in voting if i < len(published)),
                    tuple(i for i in range(len(published)) if maybe >> i & 1),
                    tuple(i for i in voting if i >= len(published)),
                    duffy == "null",
                )
            pregnant = sex != "male" and pregnancy not in ("no", "unknown")
            rows.append(
                (
                    len(rows) + 1,
                    age_id,
                    context,
                    seen[key].id,
                    int(high_h <= newborn),
                    int(low_h < adult or age_id == AGE_UNCLEAR),
                    int(pregnant),
                    int(duffy == "null"),
                )
            )
    names = ("place", "age_band", "context", "stratum", "newborn", "child", "pregnant", "duffy_null")
    return Rows(names, ("int",) * len(names), rows), list(seen.values())


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
            maybe = tuple(published[i].id for i in members if i in maybe_here)
            primary = next((v for v in votes if v.primary and _is_primary(v, stratum)), None)
            # a lower limit starts a new band at its value, an upper limit just above it
            cuts = sorted({v.value if v.bound == "lower" else v.value + 1 for v in votes} | {0})
            for low, after in pairwise([*cuts, HIGHEST + 1]):
                hit = tuple(v.id for v in votes if _calls(v, low))
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


# --- scales ------------------------------------------------------------------------------------


def _grade_bands(knowledge: Knowledge, ages: Sequence[AgeBand]) -> tuple[Rows, Rows]:
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
    analyte_of = {(e.id, t.id): t.analyte for e in knowledge.editions.values() for t in e.terms}
    spelled: list[Row] = [(band, e, analyte_of[e, t], t, rule_id) for (e, t, rule_id), band in words.items()]
    names_of_words = ("band", "edition", "analyte", "term_id", "rule_id")
    return Rows(names, kinds, rows), Rows(names_of_words, ("int", "text", "text", "text", "text"), spelled)


Tile = tuple[int, int, str | None, int | None, int | None, str, str]


def _no_grade(status: str) -> Tile:
    return (0, HIGHEST, None, None, None, "", status)


def _term_fits(term: Term, low_h: int | None, high_h: int | None) -> bool:
    if term.age_low_h is None and term.age_high_h is None:
        return True
    if low_h is None or high_h is None:
        return False
    start, end = _bound(term.age_low_h, 0), _bound(term.age_high_h, HIGHEST)
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


def _grade_findings(knowledge: Knowledge) -> Rows:
    """Always-on severity words: (edition, analyte, grade) → finding."""
    rows: list[Row] = []
    for edition in knowledge.editions.values():
        if edition.always:
            for grade, word in enumerate(SEVERITY_WORDS, start=1):
                rows.append((edition.id, "neutropenia", grade, f"neutropenia.{word}"))
    return Rows(("edition", "question", "grade", "finding_id"), ("text", "text", "int", "text"), rows)


# --- codes, constants, precision -----------------------------------------------------------------


def _codes(knowledge: Knowledge) -> Rows:
    """One row, one column per flag: its bit. A set of issues is the sum of its bits."""
    flags = [(i.code.lower(), 1 << i.bit) for i in knowledge.issues.values() if i.bit is not None]
    return Rows(tuple(n for n, _ in flags), ("int",) * len(flags), [tuple(bit for _, bit in flags)])


def _constants(knowledge: Knowledge, ages: Sequence[AgeBand]) -> Rows:
    """One row of engineering settings, and the last key that age_keys knows."""
    settings = {**knowledge.settings, "last_age_key": _last_key(ages)}
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
