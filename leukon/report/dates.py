"""Seconds of the chain as days that people read: ISO dates where times are absolute, else days of the person's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from leukon.report.phrases import Phrases

SECONDS_PER_DAY = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day_of(seconds: int | None, basis: str, words: Phrases) -> str:
    """`2026-11-28` on the absolute scale, "day 7" on a person's own; "" when not known or out of every calendar."""
    if seconds is None:
        return ""
    if basis != "absolute":
        return words("date.day", n=seconds // SECONDS_PER_DAY)
    try:
        return (_EPOCH + timedelta(seconds=seconds)).date().isoformat()
    except OverflowError:
        return ""


def days_between(earlier: int | None, later: int | None) -> int | None:
    """Days of the calendar from one time to a later one; negative where it is earlier; None when one is not known."""
    if earlier is None or later is None:
        return None
    days = later // SECONDS_PER_DAY - earlier // SECONDS_PER_DAY
    return days if later >= earlier else min(days, -1)


def counted(key: str, days: int, words: Phrases, **values: str) -> str:
    """A phrase about a number of days: `key.zero`, `key.one`, else `key` with {n}. `values`: other placeholders."""
    if days in (0, 1):
        return words(f"{key}.one" if days else f"{key}.zero", **values)
    return words(key, n=days, **values)
