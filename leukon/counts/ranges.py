"""The laboratory's own reference interval, as text or as two numbers, in whole base units.

    read_range("4.000 a 11.000", "/mm3", locale="pt", ...)   Range(4000000000, 11000000000)
    read_range("< 0.41", "10*9/L", ...)                      Range(None, 410000000)

interfaces.md section 3 "Reference-range text"; `0.00-0.00` is an analyser's filler and no interval.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from leukon.counts.intervals import LARGEST, Rules, kinds_of, plausible, scaled, split
from leukon.counts.numbers import LONGEST, Number, Unreadable, read_numbers
from leukon.counts.text import clean
from leukon.counts.units import Unit, Units


class Range(NamedTuple):
    """A reference interval in whole base units; None = that end was not given or cannot be used."""

    low: int | None = None
    high: int | None = None
    issues: tuple[str, ...] = ()
    quantity: str = ""


_INVALID = Range(issues=("RANGE_INVALID",))
_DIGITS = r"(?:\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)*|[.,]\d+)"
_BETWEEN = re.compile(
    rf"({_DIGITS}) ?(?:-|to|through|at[eé]|and|bis|und|hasta|a|à|e|y|~|\.\.+) ?({_DIGITS})(.*)", re.IGNORECASE
)
_BEFORE = re.compile(r"^(?:[^\d<>=]*:)? ?[\[(]? ?(?:(?:de|from|entre|between|von|desde|zwischen) )?", re.IGNORECASE)


def read_range(
    text: str,
    unit: str,
    *,
    units: Units,
    rules: Rules,
    analyte_quantity: str = "",
    analyte: str = "",
    locale: str = "",
) -> Range:
    """The interval as one text: `4.0-11.0`, `4,0 a 11,0`, `4300 to 10800`, `>= 1.5`, `[1.5 - 7.7]`, `150-450 mil/mm³`.

    `unit`: that of the result, best `Interval.unit`; a unit inside the text goes before it. Words without a digit
    are no interval and no issue; what has digits and cannot be an interval is RANGE_INVALID.
    """
    if len(text) > LONGEST:
        return _INVALID
    cleaned = clean(text)
    if not any(c.isdigit() for c in cleaned):
        return Range()
    kinds = kinds_of(analyte, analyte_quantity)
    cleaned = _BEFORE.sub("", cleaned)
    if match := _BETWEEN.fullmatch(cleaned):
        first, second, tail = match.groups()
        inner = units.find(_bare(tail), kinds, locale)
        found = units.find(unit, kinds, locale) if inner == "UNIT_MISSING" else inner
        return _limits(read_numbers(first, locale), read_numbers(second, locale), found, rules, analyte)
    cleaned = cleaned.rstrip(" )]")
    numbers = read_numbers(cleaned, locale)
    if isinstance(numbers, Unreadable):
        apart = split(cleaned, "", units, kinds, locale)
        if not isinstance(apart, tuple) or isinstance(apart, Unreadable):
            return _INVALID
        numbers, unit = read_numbers(apart[0], locale), apart[1]
    if isinstance(numbers, Unreadable) or "CENSORED" not in numbers[0].issues:
        return _INVALID
    found = units.find(unit, kinds, locale)
    if numbers[0].high is None:
        return _limits(numbers, None, found, rules, analyte)
    return _limits(None, numbers, found, rules, analyte)


def read_limits(
    low: str,
    high: str,
    unit: str,
    *,
    units: Units,
    rules: Rules,
    analyte_quantity: str = "",
    analyte: str = "",
    locale: str = "",
) -> Range:
    """The interval as two numbers, either of which may be empty, in the unit of the result."""
    found = units.find(unit, kinds_of(analyte, analyte_quantity), locale)
    first, second = (read_numbers(text, locale) if text.strip() else None for text in (low, high))
    return _limits(first, second, found, rules, analyte)


def _limits(
    low: tuple[Number, ...] | Unreadable | None,
    high: tuple[Number, ...] | Unreadable | None,
    unit: Unit | str,
    rules: Rules,
    analyte: str,
) -> Range:
    """Both ends take the same kind of reading: 4.000 a 11.000 is 4-11 or 4000-11000, never 4-11000."""
    if low is None and high is None:
        return Range()
    if isinstance(unit, str) or isinstance(low, Unreadable) or isinstance(high, Unreadable):
        return _INVALID
    pairs = [(_reading(low, i), _reading(high, i)) for i in (0, 1)]
    issues: tuple[str, ...] = ()
    if len(low or ()) > 1 or len(high or ()) > 1:
        fitting = [pair for pair in pairs if _fits(pair, unit, rules, analyte)]
        if len(fitting) > 1:
            return _INVALID
        pairs, issues = fitting or pairs, ("NUMBER_INFERRED",)
    first, second = (None if end is None else scaled(end, unit) for end in pairs[0])
    if (first, second) == (0, 0) or max(first or 0, second or 0) > LARGEST:
        return _INVALID
    if first is not None and second is not None and first >= second:
        return Range(first, None, (*issues, "RANGE_INVALID"), unit.quantity)
    return Range(first, second, issues, unit.quantity)


def _bare(tail: str) -> str:
    """What follows the numbers, without the brackets around it or the one that closes the whole."""
    tail = tail.strip(" ]")
    if tail.startswith("(") and tail.endswith(")"):
        return tail[1:-1]
    return tail if "(" in tail else tail.rstrip(" )")


def _reading(numbers: tuple[Number, ...] | None, which: int) -> Number | None:
    return numbers[which % len(numbers)] if numbers else None


def _fits(pair: tuple[Number | None, Number | None], unit: Unit, rules: Rules, analyte: str) -> bool:
    low, high = pair
    if low is not None and high is not None and low.stated >= high.stated:
        return False
    return all(end is None or not end.stated or plausible(end, unit, rules, analyte) for end in pair)
