"""The person as text: sex, birth, death, age, pregnancy, Duffy typing. Three answers each: yes, no, unknown."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from leukon.read.times import read_time
from leukon.read.words import tokens, words

YEAR_H, DAY_H = 8766, 24
MONTH_H = Decimal("730.5")
"""Hours of a year, a month (rounded up to whole hours) and a day: the same as in the knowledge files."""
OLDEST_Y = 130
"""From this age in years on, an age is not possible (B55). An engineering bound, not a clinical one."""
STAGES = ((2, "weeks-0-2"), (5, "weeks-3-5"), (7, "weeks-6-7"), (40, "weeks-8-40"))
"""Up to which week of gestation a stage of `tables.PEOPLE` goes. Trimesters are only ever stated, not computed."""


class Age(NamedTuple):
    """An age in whole hours, from lowest to highest possible. `impossible`: a number, but no age of a human being."""

    low_h: int | None
    high_h: int | None
    exact: int
    impossible: bool = False


class Birth(NamedTuple):
    """Earliest and latest second of birth; a full date has both at its midnight. `exact`: known to the minute."""

    low_s: int | None
    high_s: int | None
    exact: int


NO_BIRTH = Birth(None, None, 0)
NO_AGE = Age(None, None, 0)
IMPOSSIBLE_AGE = Age(None, None, 0, True)
_OPEN_END = re.compile(
    r"^(?:(?P<over>>|over|above|older than|mais de|acima de)|(?P<from>>=|≥|at least|a partir de))\s*(?P<a>\d+)"
    r"|^(?P<b>\d+)\s*(?:\+|and over|and older|and above|or over|or older|ou mais|e mais|or more)",
    re.I,
)
_NUMBER = re.compile(r"^(\d+(?:[.,]\d+)?)\s*(.*)$")
UNITS = {
    "years": ("", "y", "yr", "yrs", "year", "years", "a", "ano", "anos"),
    "months": ("mo", "mos", "month", "months", "m", "mes", "meses"),
    "weeks": ("w", "wk", "wks", "week", "weeks", "semana", "semanas", "sem"),
    "days": ("d", "day", "days", "dia", "dias"),
    "hours": ("h", "hr", "hrs", "hour", "hours", "hora", "horas"),
}
_UNIT = {word: unit for unit, spelled in UNITS.items() for word in spelled}


@lru_cache(maxsize=1024)
def read_age(years: str | None, months: str | None, days: str | None, hours: str | None) -> Age:
    """The finest age that was stated. 56 years is [56 y, 57 y): completed years; `> 89` is open towards the old."""
    for text, unit in ((hours, "hours"), (days, "days"), (months, "months"), (years, "years")):
        if text and text.strip():
            age = read_age_text(text, unit)
            if age != NO_AGE:
                return age
    return NO_AGE


def read_age_text(text: str, unit: str) -> Age:
    """One age; a unit in the text itself (`14 d`) wins over `unit`. NO_AGE when it is no number."""
    text = text.strip()
    if found := _OPEN_END.match(text):
        edge = int(found["a"] or found["b"]) + (1 if found["over"] else 0)
        low = _span(Decimal(edge), Decimal(edge + 1), unit)[0]
        return IMPOSSIBLE_AGE if low >= OLDEST_Y * YEAR_H else Age(low, OLDEST_Y * YEAR_H - 1, 0)
    found = _NUMBER.match(text)
    if not found:
        return IMPOSSIBLE_AGE if re.match(r"^[-−]\s*\d", text) else NO_AGE
    unit = _UNIT.get(tokens(found[2]).strip(), "") if found[2] else unit
    if not unit:
        return NO_AGE
    try:
        number = Decimal(found[1].replace(",", ".")).normalize()
    except InvalidOperation:
        return NO_AGE
    step = Decimal(1).scaleb(min(0, int(number.as_tuple().exponent)))
    low, high = _span(number, number + step, unit)
    if low >= OLDEST_Y * YEAR_H:
        return IMPOSSIBLE_AGE
    return Age(low, high, 1 if unit == "hours" else 0)


def _span(low: Decimal, high: Decimal, unit: str) -> tuple[int, int]:
    """[low, high) of a unit as the first and last whole hour in it."""
    if unit == "weeks":
        low, high, unit = low * 7, high * 7, "days"
    hours = {"years": Decimal(YEAR_H), "months": MONTH_H, "days": Decimal(DAY_H), "hours": Decimal(1)}[unit]
    first = int((low * hours).to_integral_value(rounding="ROUND_CEILING"))
    return first, max(first, int((high * hours).to_integral_value(rounding="ROUND_CEILING")) - 1)


@lru_cache(maxsize=1024)
def read_birth(text: str | None, locale: str = "") -> Birth:
    """A birth date, full, partial (1970-03, 1970) or with a time; two dates with a slash are the ends of a span."""
    if not text or not text.strip():
        return NO_BIRTH
    first, slash, last = text.partition("/")
    if slash and "-" in first and "-" in last:
        low, high = read_birth(first, locale), read_birth(last, locale)
        return Birth(low.low_s, high.high_s, 0) if None not in (low.low_s, high.high_s) else NO_BIRTH
    time = read_time(text, "", locale)
    if time.seconds is None or time.last_s is None:
        return NO_BIRTH
    if time.precision in ("second", "minute"):
        midnight = time.seconds % 86_400 == 0  # a date written by a program that knows no date without a time
        return Birth(time.seconds, time.seconds, 0 if midnight else 1)
    if time.precision in ("day", "hour"):
        return Birth(time.seconds, time.seconds, 0)
    return Birth(time.seconds, time.last_s - 86_399, 0)


@lru_cache(maxsize=1024)
def read_death(text: str | None, locale: str = "") -> int | None:
    """Last second of the day (month, year) of death; None when nothing legible was given."""
    time = read_time(text, "", locale)
    if time.last_s is None:
        return None
    return time.last_s if time.precision in ("day", "month", "year") else time.last_s - time.last_s % 86_400 + 86_399


def read_sex(text: str | None) -> str:
    """female | male | unknown."""
    return words().meaning("sex", text) or "unknown"


@lru_cache(maxsize=1024)
def read_pregnancy(text: str | None, weeks: str | None) -> str:
    """no | unknown | yes | trimester-1..3 | weeks-..: the finest that was stated. Weeks alone mean pregnant."""
    stated = words().meaning("pregnancy", text) or "unknown"
    if stated == "no" or not weeks or not weeks.strip():
        return stated
    found = _NUMBER.match(weeks.strip())
    if not found or stated.startswith("trimester"):
        return stated
    week = int(Decimal(found[1].replace(",", ".")))
    return next((stage for last, stage in STAGES if week <= last), "yes")


def read_duffy(text: str | None) -> str:
    """null | non-null | unknown: a typing result, never inferred."""
    return words().meaning("duffy", text) or "unknown"
