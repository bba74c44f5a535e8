"""Who a limit is for: ages, sexes, pregnancies and Duffy types, cut into groups for whom the same limits apply.

A stratum is such a group. Ages are half-open hours; a newborn's first days are known either in
days (a date of birth) or in hours of life, and only the latter fit limits stated in hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from leukon.knowledge.model import Knowledge, Limit
from leukon.tables import Row, Rows

HIGHEST = 4_000_000_000_000_000_000
"""Stands for "no upper end" in the integer tables."""

SEXES = ("female", "male", "unknown")
PREGNANCY_WORDS = (
    "yes",
    "trimester-1",
    "trimester-2",
    "trimester-3",
    "weeks-0-2",
    "weeks-3-5",
    "weeks-6-7",
    "weeks-8-40",
)
PREGNANCIES = ("no", "unknown", *PREGNANCY_WORDS)
DUFFY = ("null", "non-null", "unknown")
AGE_UNKNOWN, AGE_UNCLEAR = 0, -1
HOURS_PER_DAY = 24
HOURS_PER_KEY = 6
"""Ages are looked up in quarters of a day: a year is 8766 hours, so its quarters are whole keys."""


class AgeBand(NamedTuple):
    """Half-open hours [low_h, high_h); `exact`: the age is known to the hour."""

    id: int
    low_h: int
    high_h: int
    exact: bool


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


def bound(age_h: int | None, otherwise: int) -> int:
    """An age bound as compared: one in months falls inside a day and moves to that day's end."""
    if age_h is None:
        return otherwise
    return (
        age_h if age_h < 4 * HOURS_PER_DAY or age_h % HOURS_PER_KEY == 0 else -(-age_h // HOURS_PER_DAY) * HOURS_PER_DAY
    )


def _age_applies(limit: Limit, low_h: int, high_h: int, exact: bool, newborn_h: int) -> str:
    start, end = bound(limit.age_low_h, 0), bound(limit.age_high_h, HIGHEST)
    if high_h <= start or low_h >= end:
        return "no"
    if limit.exact_age and not exact and low_h < newborn_h:
        return "conditional"
    return "yes" if start <= low_h and high_h <= end else "conditional"


RAISED = ("neutropenia",)
"""Questions about counts that pregnancy raises (R-20): what is low for people in general is low then too (SF-11)."""


def _pregnant(sex: str, pregnancy: str) -> bool:
    return sex != "male" and pregnancy not in ("no", "unknown")


def _context_applies(limit: Limit, sex: str, pregnancy: str, duffy: str) -> str:
    if limit.condition:
        return "conditional"
    answers = []
    if limit.sex != "any":
        answers.append("yes" if sex == limit.sex else "conditional" if sex == "unknown" else "no")
    pregnant = _pregnant(sex, pregnancy)
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


def age_bands(knowledge: Knowledge, limits: Iterable[Limit]) -> list[AgeBand]:
    """Elementary ages; newborn ages once in days (inexact) and once in hours (exact); neighbours joined for spans."""
    newborn, adult = knowledge.settings["newborn_h"], knowledge.settings["adult_h"]
    cuts = {0, newborn, adult}
    bounded = [(limit.age_low_h, limit.age_high_h) for limit in limits]
    bounded += [(t.age_low_h, t.age_high_h) for e in knowledge.editions.values() for t in e.terms]
    for low, high in bounded:
        cuts.update(bound(age, 0) for age in (low, high) if age is not None)
    later = [*sorted(cut for cut in cuts if cut >= newborn), HIGHEST]
    days = [(day, day + HOURS_PER_DAY, False) for day in range(0, newborn, HOURS_PER_DAY)]
    elementary = days + [(low, high, False) for low, high in pairwise(later)]
    joined = [(a[0], b[1], False) for a, b in pairwise(elementary)]
    # an age in months can touch three: a month is longer than the days between two cuts
    joined += [(a[0], b[1], False) for a, b in zip(elementary, elementary[2:], strict=False)]
    year = next((cut for cut in sorted(cuts) if cut >= 8766), HIGHEST)
    joined.append((0, year, False))
    early = [*sorted(cut for cut in cuts if cut <= newborn)]
    hours = [(low, high, True) for low, high in pairwise(early)]
    return [AgeBand(index, *band) for index, band in enumerate([*elementary, *hours, *joined], start=1)]


def age_keys(ages: Sequence[AgeBand], newborn_h: int) -> Rows:
    """Quarter of a day → band, the last key for all later ages; -(hour + 1) → band for a newborn's exact hours."""
    rows: list[Row] = []
    last = last_key(ages)
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


def last_key(ages: Sequence[AgeBand]) -> int:
    return max(a.low_h for a in _elementary(ages)) // HOURS_PER_KEY + 1


def age_spans(ages: Sequence[AgeBand]) -> Rows:
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


def all_contexts() -> list[tuple[int, str, str, str]]:
    combos = [(s, p, d) for s in SEXES for p in PREGNANCIES for d in DUFFY]
    return [(index, *combo) for index, combo in enumerate(combos, start=1)]


def context_rows(contexts: Sequence[tuple[int, str, str, str]]) -> Rows:
    rows: list[Row] = [(s, p, d, c) for c, s, p, d in contexts]
    return Rows(("sex", "pregnancy", "duffy", "context"), ("text", "text", "text", "int"), rows)


class Stratum(NamedTuple):
    """One group of people for whom the same limits vote. Positions into the list of limits."""

    id: int
    votes: tuple[int, ...]
    conditional: tuple[int, ...]
    site: tuple[int, ...]
    duffy_null: bool
    lows: tuple[int, ...] = ()
    """Limits that may call a count low and never say that it is not: those of people in general, in pregnancy."""


def stratify(
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
    low_masks = {
        c: masks(
            _context_applies(limit, s, "no", d) if limit.question in RAISED and _pregnant(s, p) else "no"
            for limit in published
        )[0]
        for c, s, p, d in contexts
    }
    seen: dict[tuple[int, int, int, bool], Stratum] = {}
    rows: list[Row] = []
    for age_id, (age_yes, age_maybe) in age_masks.items():
        low_h, high_h = spans.get(age_id, (adult, HIGHEST))
        for context, sex, pregnancy, duffy in contexts:
            yes = age_yes & context_masks[context][0]
            maybe = age_maybe & context_masks[context][1] & ~yes
            lows = age_yes & low_masks[context] & ~yes
            key = (yes, maybe, lows, duffy == "null")
            if key not in seen:
                voting = [i for i in range(len(everyone)) if yes >> i & 1]
                seen[key] = Stratum(
                    len(seen) + 1,
                    tuple(i for i in voting if i < len(published)),
                    tuple(i for i in range(len(published)) if maybe >> i & 1),
                    tuple(i for i in voting if i >= len(published)),
                    duffy == "null",
                    tuple(i for i in range(len(published)) if lows >> i & 1),
                )
            rows.append(
                (
                    len(rows) + 1,
                    age_id,
                    context,
                    seen[key].id,
                    int(high_h <= newborn),
                    int(low_h < adult or age_id == AGE_UNCLEAR),
                    int(_pregnant(sex, pregnancy)),
                    int(duffy == "null"),
                )
            )
    names = ("place", "age_band", "context", "stratum", "newborn", "child", "pregnant", "duffy_null")
    return Rows(names, ("int",) * len(names), rows), list(seen.values())
