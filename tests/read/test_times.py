"""Times as text: precision kept, nothing filled in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from leukon.read.people import read_age, read_birth, read_death, read_pregnancy
from leukon.read.times import halves, read_time


def at(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("text", "seconds", "precision"),
    [
        ("2026-11-19", at(2026, 11, 19), "day"),
        ("2026/11/19", at(2026, 11, 19), "day"),
        ("2026-11", at(2026, 11, 1), "month"),
        ("2026", at(2026, 1, 1), "year"),
        ("2026-11-19T08:00:00-03:00", at(2026, 11, 19, 11), "second"),
        ("2026-11-19 08:00", at(2026, 11, 19, 8), "minute"),
        ("2026-11-19 08:00:00.987", at(2026, 11, 19, 8), "second"),
        ("2026-11-19T08:00Z", at(2026, 11, 19, 8), "minute"),
        ("19/11/2026", at(2026, 11, 19), "day"),
        ("19.11.2026 08h30", at(2026, 11, 19, 8, 30), "minute"),
        ("19-Nov-2026 3:05 PM", at(2026, 11, 19, 15, 5), "minute"),
        ("20261119080000-0300", at(2026, 11, 19, 11), "second"),
        ("1969-12-31 23:59:58", -2, "second"),
        ("2026-11-19 24:00", at(2026, 11, 20), "minute"),
    ],
)
def test_calendar(text: str, seconds: int, precision: str) -> None:
    time = read_time(text)
    assert (time.seconds, time.precision, time.basis) == (seconds, precision, "absolute")


@pytest.mark.parametrize(
    "text", ["", None, "x", "2026-13-01", "2026-02-30", "2026-11 08:00", "2026-11-19 25:00", "12:30"]
)
def test_no_time(text: str | None) -> None:
    assert read_time(text).seconds is None
    assert read_time(text).basis == "none"


def test_day_or_month_first() -> None:
    """Where both orders are possible the locale decides; without one only the year is certain."""
    assert read_time("03/04/2026", locale="pt").seconds == at(2026, 4, 3)
    assert read_time("03/04/2026", locale="en").seconds == at(2026, 3, 4)
    assert read_time("03/04/2026").precision == "year"
    assert read_time("03/03/2026").precision == "day"
    assert read_time("03/04/2026").seconds != read_time("05/06/2026").seconds


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [("-225", "minutes", -13500), ("4.4167", "days", 381602), ("1,5", "hours", 5400), ("47:59", "clock", 172740)],
)
def test_offsets(text: str, unit: str, seconds: int) -> None:
    time = read_time(text, unit)
    assert (time.seconds, time.basis) == (seconds, "relative")


@pytest.mark.parametrize("text", ["1900-01-01", "1970-01-01", "1970-01-01 00:00", "1900-01-01T00:00:00"])
def test_sentinels(text: str) -> None:
    assert read_time(text).sentinel


def test_a_day_of_1970_is_a_day() -> None:
    assert not read_time("1970-01-01 05:00").sentinel
    assert not read_time("1970-01-02").sentinel


def test_halves() -> None:
    assert halves("2026-11-19T08:00:00-03:00") == ("2026-11-19", "08:00:00-03:00")
    assert halves("1/1/2026 08:00 ") == ("1/1/2026", "08:00")
    assert halves("9 Nov 2026 8:05") == ("9 Nov 2026", "8:05")
    assert halves("2026-11") == ("2026-11", "")


@pytest.mark.parametrize(
    ("ages", "low", "high"),
    [
        (("56", None, None, None), 56 * 8766, 57 * 8766 - 1),
        (("62.0", None, None, None), 62 * 8766, 63 * 8766 - 1),
        (("> 89", None, None, None), 90 * 8766, 130 * 8766 - 1),
        (("over 89", None, None, None), 90 * 8766, 130 * 8766 - 1),
        (("80 and over", None, None, None), 80 * 8766, 130 * 8766 - 1),
        (("80+", None, None, None), 80 * 8766, 130 * 8766 - 1),
        (("2", "41.0", None, None), 29951, 30680),
        ((None, None, "2", None), 48, 71),
        ((None, None, None, "30"), 30, 30),
        (("14 d", None, None, None), 14 * 24, 15 * 24 - 1),
        (("3 meses", None, None, None), 2192, 2921),
        (("", None, None, None), None, None),
        (("adult", None, None, None), None, None),
    ],
)
def test_ages(ages: tuple[str | None, ...], low: int | None, high: int | None) -> None:
    age = read_age(*ages)
    assert (age.low_h, age.high_h) == (low, high)


@pytest.mark.parametrize("text", ["130", "> 150", "-1", "999"])
def test_impossible_ages(text: str) -> None:
    assert read_age(text, None, None, None).impossible


def test_birth_and_death() -> None:
    assert read_birth("1970-03-02")[:2] == (at(1970, 3, 2), at(1970, 3, 2))
    assert read_birth("1970-03")[:2] == (at(1970, 3, 1), at(1970, 3, 31))
    assert read_birth("2062-01-01/2063-12-31")[:2] == (at(2062, 1, 1), at(2063, 12, 31))
    assert read_birth("2026-11-01 10:20").exact == 1
    assert read_birth("2026-11-01 00:00:00").exact == 0  # a date from a program that knows none without a time
    assert read_death("2026-11-20") == at(2026, 11, 21) - 1
    assert read_death("2026-11-20 10:00") == at(2026, 11, 21) - 1


def test_weeks_of_pregnancy() -> None:
    assert read_pregnancy("yes", "10") == "weeks-8-40"
    assert read_pregnancy(None, "6.5") == "weeks-6-7"
    assert read_pregnancy("no", "10") == "no"
    assert read_pregnancy("second trimester", "20") == "trimester-2"
