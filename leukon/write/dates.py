"""Round moments on a time axis, and how they are written beside full dates at its ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from leukon.report.phrases import Phrases

DAY = 86_400
MOST = 5
"""Ticks between the two ends, at most."""

DAYS, MONTHS = (1, 2, 5, 7, 14), (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)


def stamp(seconds: int, words: Phrases, *, relative: bool) -> str:
    """A whole date, or the day since the person's own start."""
    if relative:
        return f"+{seconds // DAY} d"
    day = _moment(seconds)
    if day is None:
        return ""
    return f"{day.day:02}/{day.month:02}/{day.year:04}" if words.language == "pt" else day.isoformat()


def ticks(span: tuple[int, int], words: Phrases, *, relative: bool) -> list[tuple[int, str]]:
    """(seconds, short label) of round moments inside the span: days, the first of a month, or years."""
    first, last = span
    length = max(1, last - first) / DAY
    if relative:
        step = next((s for s in (*DAYS, 30, 60, 90, 180, 365, 730, 1825, 3650) if length / s <= MOST + 1), 36500)
        start = (first // DAY // step + 1) * step
        return [(d * DAY, f"+{d} d") for d in range(start, last // DAY, step)]
    begin, end = _moment(first), _moment(last)
    if begin is None or end is None:
        return []
    for step in DAYS:
        if length / step <= MOST + 1:
            days = [begin + timedelta(days=step * n) for n in range(1, int(length / step) + 1)]
            return [(_seconds(d), _day(d, words)) for d in days if _seconds(d) < last]
    step = next((s for s in MONTHS if length / (30.44 * s) <= MOST + 1), MONTHS[-1])
    months = range((begin.year * 12 + begin.month - 1) // step * step + step, end.year * 12 + end.month, step)
    return [(_seconds(date(m // 12, m % 12 + 1, 1)), _month(m // 12, m % 12 + 1, step, words)) for m in months]


def _moment(seconds: int) -> date | None:
    try:
        return datetime.fromtimestamp(seconds, UTC).date()
    except (OverflowError, ValueError, OSError):
        return None


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _day(day: date, words: Phrases) -> str:
    return f"{day.day:02}/{day.month:02}" if words.language == "pt" else f"{day.month:02}-{day.day:02}"


def _month(year: int, month: int, step: int, words: Phrases) -> str:
    if step % 12 == 0:
        return f"{year}"
    return f"{month:02}/{year}" if words.language == "pt" else f"{year}-{month:02}"
