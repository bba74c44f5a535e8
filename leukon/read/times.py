"""Times as text: dates, date-times with or without a zone, partial dates, offsets from an unknown start.

A time is read in two halves, the day and the clock, because a file of ten million rows has few different days and
few different clocks. What a text does not say is never filled in: the precision is kept, a date stays a date.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

EPOCH = date(1970, 1, 1).toordinal()
DAY = 86_400
SENTINELS = (date(1900, 1, 1).toordinal() - EPOCH, 0)
"""Fillers of laboratory systems (B46): midnight of these days (from 1970) is no time of collection."""
PRECISIONS = ("none", "second", "minute", "hour", "day", "month", "year")
"""Every precision; its place in this list is how SQL calls it."""
EXACT = frozenset({"second", "minute", "hour"})
"""Precisions that tell a time of day, so that equal times mean the same sample."""
RELATIVE = {"minutes": 60, "hours": 3600, "days": DAY}
"""Units of an offset from a person's own start, in seconds."""
MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10}
MONTHS |= {"nov": 11, "dec": 12}
MONTHS |= {"fev": 2, "abr": 4, "mai": 5, "ago": 8, "set": 9, "out": 10, "dez": 12}


class Day(NamedTuple):
    """The first half of a time: seconds from 1970 (or from the start) to its beginning, and how fine it is.

    `precision` none: not a date; blank: nothing was given. `last_s` is the last second of what was stated.
    """

    seconds: int
    last_s: int
    precision: str
    sentinel: bool = False


class Clock(NamedTuple):
    """The second half: seconds to add. `precision` blank: no clock was given; none: not legible."""

    seconds: int
    precision: str


NO_DAY, BAD_DAY = Day(0, 0, ""), Day(0, 0, "none")
NO_CLOCK, BAD_CLOCK = Clock(0, ""), Clock(0, "none")


class Time(NamedTuple):
    """A whole time. `basis` absolute | relative | none; `seconds` and `last_s` None when there is no (legible) time."""

    seconds: int | None
    last_s: int | None
    basis: str
    precision: str
    sentinel: bool


NO_TIME = Time(None, None, "none", "none", False)

_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
_NAMED = re.compile(r"^(\d{1,2})[- /.]?([A-Za-z]{3})[a-z]*[- /.]?(\d{4})$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:\.\d*)?([+-]\d{4})?$")
_CLOCK = re.compile(
    r"^(\d{1,2})[:hH](\d{2})?(?::(\d{2}))?(?:[.,]\d+)?\s*([AaPp][Mm])?\s*(Z|z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?$"
)
_OFFSET_CLOCK = re.compile(r"^(-?)(\d+):(\d{2})(?::(\d{2}))?$")


def halves(text: str) -> tuple[str, str]:
    """A time cut into day and clock: ("2026-11-19", "08:00:00-03:00").

    Cut at the eleventh mark where it is T or a blank, else at the first T or blank from the ninth on. `timecolumn` cuts
    in SQL in the same way.
    """
    if text[10:11] in ("T", " "):
        return text[:10], text[11:].strip()
    cut = min((at for at in (text.find("T", 8), text.find(" ", 8)) if at > 0), default=len(text))
    return text[:cut], text[cut + 1 :].strip()


def read_day(text: str, unit: str = "", locale: str = "") -> Day:
    """The day half, or the whole of an offset when `unit` says minutes, hours, days or clock."""
    text = text.strip()
    if not text:
        return NO_DAY
    if unit:
        return _read_offset(text, unit)
    if found := _ISO.match(text):
        return _calendar(*found.groups())
    if found := _DAY_FIRST.match(text):
        return _day_or_month_first(*found.groups(), locale=locale)
    if (found := _NAMED.match(text)) and found[2].lower() in MONTHS:
        return _calendar(found[3], str(MONTHS[found[2].lower()]), found[1])
    if found := _COMPACT.match(text):
        return _read_compact(*found.groups())
    return BAD_DAY


def read_clock(text: str) -> Clock:
    """The clock half: hours and minutes, seconds if stated (finer is cut off), shifted to UTC when a zone is stated."""
    text = text.strip()
    if not text:
        return NO_CLOCK
    found = _CLOCK.match(text)
    if not found or (found[2] is None and ":" in text):
        return BAD_CLOCK
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            return BAD_CLOCK
        hour = hour % 12 + (12 if found[4].lower() == "pm" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return BAD_CLOCK
    shift = _zone(found[5])
    if shift is None:
        return BAD_CLOCK
    precision = "second" if found[3] else "minute" if found[2] else "hour"
    return Clock(hour * 3600 + minute * 60 + min(second, 59) - shift, precision)


@lru_cache(maxsize=4096)
def read_time(text: str | None, unit: str | None = "", locale: str = "") -> Time:
    """A whole time; a text that is no time stays as text elsewhere and is none here."""
    unit = (unit or "").strip()
    if not text or not text.strip():
        return NO_TIME
    if unit:
        return join(read_day(text, unit, locale), NO_CLOCK, unit)
    day, clock = halves(text)
    return join(read_day(day, "", locale), read_clock(clock), "")


def join(day: Day, clock: Clock, unit: str | None = "") -> Time:
    """Both halves together (`timecolumn` says the same in SQL)."""
    if not day.precision or "none" in (day.precision, clock.precision):
        return NO_TIME
    basis = "relative" if unit else "absolute"
    if not clock.precision:
        return Time(day.seconds, day.last_s, basis, day.precision, day.sentinel)
    seconds = day.seconds + clock.seconds
    if day.precision == "year":
        return Time(seconds, day.last_s, basis, "year", False)
    if day.precision != "day":
        return NO_TIME
    return Time(seconds, seconds, basis, clock.precision, day.sentinel and clock.seconds == 0)


def _calendar(year: str, month: str | None, day: str | None) -> Day:
    try:
        if month is None:
            first, last, precision = date(int(year), 1, 1), date(int(year), 12, 31), "year"
        elif day is None:
            first = date(int(year), int(month), 1)
            last, precision = first.replace(day=monthrange(first.year, first.month)[1]), "month"
        else:
            first = last = date(int(year), int(month), int(day))
            precision = "day"
    except ValueError:
        return BAD_DAY
    start = (first.toordinal() - EPOCH) * DAY
    end = (last.toordinal() - EPOCH) * DAY + DAY - 1
    return Day(start, end, precision, precision == "day" and start // DAY in SENTINELS)


def _day_or_month_first(first: str, second: str, year: str, *, locale: str) -> Day:
    """03/04/2026: with a locale, its order (pt: day first; en: month first); without, only where one order is possible.

    Both orders possible and no locale: only the year is certain. The earlier reading keeps different texts apart.
    """
    day_first, month_first = _calendar(year, second, first), _calendar(year, first, second)
    if locale == "pt":
        return day_first
    if locale == "en" or first == second:
        return month_first
    if day_first is BAD_DAY or month_first is BAD_DAY:
        return month_first if day_first is BAD_DAY else day_first
    return Day(min(day_first.seconds, month_first.seconds), max(day_first.last_s, month_first.last_s), "year")


def _read_compact(*parts: str | None) -> Day:
    """20261119, 202611190800, 20261119080000-0300 (HL7, CDA); 2026 is a year, 202611 a month."""
    year, month, day, hour, minute, second, zone = parts
    found = _calendar(year or "", month, day)
    if hour is None or found is BAD_DAY:
        return found
    clock = read_clock(f"{hour}:{minute or '00'}" + (f":{second}" if second else "") + (zone or ""))
    if clock is BAD_CLOCK:
        return BAD_DAY
    seconds = found.seconds + clock.seconds
    precision = "second" if second else "minute" if minute else "hour"
    return Day(seconds, seconds, precision, found.sentinel and clock.seconds == 0)


def _read_offset(text: str, unit: str) -> Day:
    """An offset from the start: `4.4167` days is cut to the whole second; a clock may exceed 24 hours (47:59)."""
    if unit == "clock":
        found = _OFFSET_CLOCK.match(text)
        if not found or int(found[3]) > 59 or int(found[4] or 0) > 59:
            return BAD_DAY
        seconds = int(found[2]) * 3600 + int(found[3]) * 60 + int(found[4] or 0)
        seconds = -seconds if found[1] else seconds
        return Day(seconds, seconds, "second" if found[4] else "minute")
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return BAD_DAY
    if unit not in RELATIVE or not number.is_finite() or abs(number) > 10**9:
        return BAD_DAY
    seconds = int((number * RELATIVE[unit]).to_integral_value(rounding="ROUND_FLOOR"))
    whole = number == number.to_integral_value()
    if unit == "days" and whole:
        return Day(seconds, seconds + DAY - 1, "day")
    return Day(seconds, seconds, "hour" if unit == "hours" and whole else "minute")


def _zone(text: str | None) -> int | None:
    """Seconds east of UTC; 0 when no zone is stated (the clock is then the place's own)."""
    if not text or text[0] not in "+-":
        return 0
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if hours > 15 or minutes > 59:
        return None
    return (hours * 3600 + minutes * 60) * (-1 if text[0] == "-" else 1)
