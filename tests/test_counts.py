"""Number text and unit text to whole base units: the tables of cases, the properties, and the fuzz.

The tables in `tests/cases/` are for reading and correcting: one line, one text, and what it must be read as.
"""

from __future__ import annotations

import csv
import os
import random
import re
import struct
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leukon.counts import (
    Interval,
    Number,
    Range,
    Rules,
    Units,
    Unreadable,
    fold_name,
    fold_unit,
    read_count,
    read_limits,
    read_number,
    read_numbers,
    read_range,
    show,
    show_span,
)
from leukon.counts.intervals import LARGEST

if TYPE_CHECKING:
    from leukon.knowledge.model import Knowledge

CASES = Path(__file__).parent / "cases"
FUZZ = int(os.environ.get("LEUKON_FUZZ", "100000"))
G = 10**9
SHOWN = {"count": (G, "10*9/L"), "percent": (10**4, "%"), "ratio": (10**4, "%")}
SHOWN |= {"mass": (10**4, "g/dL"), "volume": (10**3, "fL")}
CODES = {"RESULT_NOT_NUMERIC", "VALUE_MISSING", "NUMBER_AMBIGUOUS", "IMPLAUSIBLE"}
CODES |= {"UNIT_MISSING", "UNIT_AMBIGUOUS", "UNIT_UNKNOWN"}
ANALYTES: tuple[tuple[str, str], ...] = (
    ("WBC", "count"),
    ("NEUT", "count"),
    ("NEUT", "percent"),
    ("PLT", "count"),
    ("NRBC", "ratio"),
)
ANALYTES += (("HGB", "mass"), ("MCV", "volume"), ("LYMPH", ""))


def table(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def line(row: dict[str, str]) -> str:
    return " ".join(filter(None, row.values()))[:60]


@pytest.fixture(scope="session")
def units(knowledge: Knowledge) -> Units:
    return Units(knowledge.units)


@pytest.fixture(scope="session")
def rules(knowledge: Knowledge) -> Rules:
    return Rules.of(knowledge.settings)


Read = Callable[..., Interval | Unreadable]


@pytest.fixture(scope="session")
def read(units: Units, rules: Rules) -> Read:
    """`read_count` with the shipped units and settings: read(value, unit, analyte, quantity, locale)."""

    def call(
        value: str, unit: str, analyte: str = "WBC", quantity: str = "count", locale: str = "", infer: bool = False
    ) -> Interval | Unreadable:
        return read_count(
            value,
            unit,
            units=units,
            rules=rules,
            analyte=analyte,
            analyte_quantity=quantity,
            locale=locale,
            infer_unit=infer,
        )

    return call


# --- tables of cases ---------------------------------------------------------------------------


@pytest.mark.parametrize("row", table("numbers.csv"), ids=line)
def test_number(row: dict[str, str]) -> None:
    found = read_numbers(row["text"], row["locale"])
    if isinstance(found, Unreadable):
        assert found.code == row["reading"]
        return
    assert [number.text for number in found] == row["reading"].split(" | ")
    assert {number.flag for number in found} == {row["flag"]}
    one = read_number(row["text"], row["locale"])
    assert one == found[0] if len(found) == 1 else isinstance(one, Unreadable) and one.code == "NUMBER_AMBIGUOUS"


@pytest.mark.parametrize("row", table("results.csv"), ids=line)
def test_result(row: dict[str, str], read: Read, rules: Rules) -> None:
    found = read(row["value"], row["unit"], row["analyte"], row["quantity"], row["locale"], row["infer"] == "yes")
    if isinstance(found, Unreadable):
        got = found.code
    else:
        factor, unit = SHOWN[found.quantity]
        got = f"{show_span(found.low, found.high, factor, open_end=rules.open_end(found.quantity))} {unit}"
    assert (got, sorted(found.issues)) == (row["expect"], sorted(row["issues"].split()))


@pytest.mark.parametrize("row", table("spellings.csv"), ids=line)
def test_spelling(row: dict[str, str], read: Read) -> None:
    """Every spelling that interfaces.md section 3 names, and its relatives in another handwriting."""
    found = read("7", row["spelling"])
    assert isinstance(found, Interval), found
    assert found.low == found.high == 7 * Fraction(row["factor"]) * G


@pytest.mark.parametrize("row", table("ranges.csv"), ids=line)
def test_range(row: dict[str, str], units: Units, rules: Rules) -> None:
    found = read_range(row["text"], row["unit"], units=units, rules=rules, analyte=row["analyte"], locale=row["locale"])
    expected = [int(Fraction(row[end]) * G) if row[end] else None for end in ("low", "high")]
    assert ([found.low, found.high], list(found.issues)) == (expected, row["issues"].split())


# --- the readings that a refusal shows ---------------------------------------------------------


def test_refusals_show_the_readings(read: Read) -> None:
    def refused(*arguments: str) -> Unreadable:
        found = read(*arguments)
        assert isinstance(found, Unreadable)
        return found

    dangerous = refused("100", "")
    assert (dangerous.readings, dangerous.note) == (("100 10*9/L", "100 /uL"), "low-reading")
    assert dangerous.low == 100_000_000, "SF-6: the lower reading is 0.1 x10^9/L"
    assert refused("3.6", "").readings == ("3.6 10*9/L",)
    assert refused("3600", "").readings == ("3600 /uL",), "B02: what the page asks to confirm"
    assert refused("12.000", "/mm3").readings == ("12.000 /mm3", "12000 /mm3")
    assert refused("3,6", "mil/mm3").readings == ("3.6 10*3/mm3", "3.6 10*6/mm3")
    assert refused("400", "CMM", "NEUT").low == 400_000_000
    assert refused("3.6", "g/L").note == "other-kind"
    assert refused("-3.6", "10*9/L").note == "negative"


def test_two_columns_of_limits(units: Units, rules: Rules) -> None:
    def limits(low: str, high: str, unit: str = "10*9/L", locale: str = "") -> Range:
        return read_limits(low, high, unit, units=units, rules=rules, analyte="WBC", locale=locale)

    assert limits("4.0", "11.0") == Range(4 * G, 11 * G, (), "count")
    assert limits("4,0", "") == Range(4 * G, None, (), "count")
    assert limits("", "11.0") == Range(None, 11 * G, (), "count")
    assert limits("", " ") == Range()
    assert limits("4.000", "11.000", "/mm3", "pt") == Range(4 * G, 11 * G, (), "count")
    assert limits("4.000", "11.000", "/mm3") == Range(4 * G, 11 * G, ("NUMBER_INFERRED",), "count")
    assert limits("11", "4") == Range(11 * G, None, ("RANGE_INVALID",), "count")
    assert limits("0", "0").issues == limits("see note", "11").issues == limits("4", "11", "ng/mL").issues
    assert limits("0", "0").issues == ("RANGE_INVALID",)


# --- the table of units ------------------------------------------------------------------------


def test_every_spelling_agrees_with_its_ucum_unit(knowledge: Knowledge) -> None:
    """A second opinion on each factor: the power of ten and the volume that its UCUM unit names."""
    litres = {"L": 1, "dL": 10, "mL": 10**3, "uL": 10**6, "mm3": 10**6, "nL": 10**9}
    for unit in knowledge.units:
        if unit.quantity != "count":
            continue
        parts = re.fullmatch(r"(?:10\*(\d+))?(?:\.?\{[a-z]+\})?/(\w+)", unit.ucum)
        assert parts, unit.ucum
        assert Fraction(unit.num, unit.den) == 10 ** int(parts[1] or 0) * litres[parts[2]], unit.spelling


def test_every_unit_is_found_by_its_ucum_spelling(knowledge: Knowledge, units: Units) -> None:
    """`Interval.unit` can be handed back to read the reference range."""
    kinds = frozenset({"count", "percent", "fraction", "ratio", "mass", "volume"})
    for unit in knowledge.units:
        if unit.num and unit.quantity != "refused":
            kind = kinds - {"mass"} if unit.quantity == "count" else frozenset({unit.quantity})
            found = units.find(unit.ucum, kind, "")
            assert not isinstance(found, str), unit.ucum
            assert (found.quantity, found.num, found.den) == (unit.quantity, unit.num, unit.den), unit.spelling


def test_one_spelling_has_one_meaning(knowledge: Knowledge) -> None:
    """Folding never merges two meanings, but for g/L (grams) and G/L (giga), which the analyte and a capital part."""
    meanings: dict[tuple[str, str], set[tuple[str, int, int]]] = {}
    for unit in knowledge.units:
        for locale in unit.locales or ("en", "pt", "es", "de", ""):
            key = (fold_unit(unit.spelling), locale)
            meanings.setdefault(key, set()).add((unit.quantity, unit.num, unit.den))
    assert {key for (key, _), found in meanings.items() if len(found) > 1} == {"g/l"}


def test_every_issue_of_a_unit_is_known(knowledge: Knowledge) -> None:
    assert {unit.issue for unit in knowledge.units} - {""} <= set(knowledge.issues)
    for unit in knowledge.units:
        assert unit.num or unit.quantity == "refused"
        assert not unit.min_value or Decimal(unit.min_value) > 0


def test_folding_twice_is_folding_once(knowledge: Knowledge) -> None:
    for text in [unit.spelling for unit in knowledge.units] + [row["spelling"] for row in table("spellings.csv")]:
        assert fold_unit(fold_unit(text)) == fold_unit(text)


def test_names_fold() -> None:
    assert fold_name("Neutrófilos (%)") == "neutrofilos%" == fold_name("NEUTROFILOS %")
    assert fold_name("White Blood-Cell  count") == "whitebloodcellcount"


# --- properties --------------------------------------------------------------------------------

WHOLE = st.builds(lambda digits, zeros: digits * 10**zeros, st.integers(0, 9_999_999), st.integers(0, 5))
"""Counts of up to seven figures: nine can spell a 32-bit float of a shorter number, and are read as that."""
LOCALES = st.sampled_from(["en", "pt"])


@given(cells=WHOLE, locale=LOCALES, spelled=st.sampled_from([("10*9/L", G), ("/uL", 10**6), ("10*6/L", 10**6)]))
def test_what_is_shown_reads_back(cells: int, locale: str, spelled: tuple[str, int], read: Read) -> None:
    unit, factor = spelled
    found = read(show(cells, factor, locale), unit, "WBC", "count", locale)
    assert isinstance(found, Interval)
    assert (found.low, found.high, found.issues) == (cells, cells, ())


@given(data=st.data(), cells=WHOLE, locale=LOCALES)
def test_the_unit_never_changes_the_cells(
    data: st.DataObject, cells: int, locale: str, knowledge: Knowledge, read: Read
) -> None:
    usable = [u for u in knowledge.units if u.quantity == "count" and u.num and (not u.locales or locale in u.locales)]
    unit = data.draw(st.sampled_from(usable))
    text = show(cells * unit.den, unit.num, locale)
    found = read(text, unit.spelling, "WBC", "count", locale)
    if isinstance(found, Unreadable):
        assert found.note == "short-unit"
        assert Decimal(text.replace(",", ".")) < Decimal(unit.min_value)
    else:
        assert (found.low, found.high) == (cells, cells)


@given(cells=st.integers(1, 10**11), sign=st.sampled_from([("<", ">="), ("<=", ">"), ("less than ", "at least ")]))
def test_below_and_not_below_meet(cells: int, sign: tuple[str, str], read: Read) -> None:
    """`<x` and `>=x` leave no gap and no overlap, and so do `<=x` and `>x`."""
    below, above = (read(s + show(cells, G), "10*9/L", "WBC", "count", "en") for s in sign)
    assert isinstance(below, Interval)
    assert isinstance(above, Interval)
    assert below.low == 0
    assert below.high + 1 == above.low
    assert below.issues == above.issues == ("CENSORED",)


@given(cells=st.integers(1, 10**11), locale=LOCALES)
def test_spans_read_back(cells: int, locale: str, read: Read, rules: Rules) -> None:
    for low, high in ((0, cells), (cells, rules.open_end_cells), (cells, cells)):
        text = show_span(low, high, G, locale, rules.open_end_cells)
        found = read(text, "10*9/L", "WBC", "count", locale)
        assert isinstance(found, Interval)
        assert (found.low, found.high) == (low, high)


@given(mantissa=st.integers(1, 999_999), places=st.integers(1, 6))
def test_floats_are_read_as_their_shortest_decimal(mantissa: int, places: int) -> None:
    meant = Decimal(mantissa).scaleb(-places)
    widened = struct.unpack("<f", struct.pack("<f", float(meant)))[0]
    for text in (repr(widened), f"{widened:.17g}", f"{float(meant):.17g}", f"{widened:.8g}"):
        if "e" in text:
            continue
        found = read_number(text, "en")
        assert isinstance(found, Number)
        assert found.low == found.high == meant, text


@given(text=st.from_regex(r"[<>]?=?[0-9]{1,3}([.,][0-9]{1,3}){0,2}", fullmatch=True), locale=LOCALES)
def test_handwriting_does_not_matter(text: str, locale: str) -> None:
    plain = read_numbers(text, locale)
    wide = text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789<>=.,"})
    assert read_numbers(f"  {text} ", locale) == plain == read_numbers(wide, locale)


@given(low=st.integers(1, 10**10), more=st.integers(1, 10**10), joint=st.sampled_from(["-", " – ", " to ", " a "]))
def test_ranges_read_back(low: int, more: int, joint: str, units: Units, rules: Rules) -> None:
    for locale in ("en", "pt"):
        text = show(low, G, locale) + joint + show(low + more, G, locale)
        found = read_range(text, "10*9/L", units=units, rules=rules, analyte="WBC", locale=locale)
        assert (found.low, found.high, found.issues) == (low, low + more, ())


# --- fuzz --------------------------------------------------------------------------------------

PIECES = (
    *"0123456789" * 3, *"..,,  '-+<>=*%/()[]LHA^xe", "\u00a0", "\u2009", "−", "–", "≤", "≥", "µ", "³", "⁹", "３", "．",
    "٣", "½", "\u0336", "\x00", "\ufeff", "\n", "😀", "mm3", "uL", "mil/mm³", "x10", "10*9/L", "10^3/uL", "K/uL", "G/L",
    "g/dL", "CMM", "/100 WBC", "1", "NaN", "inf", "e400", "E3", "less than ", "menor que ", "até ", " a ", " to ",
    "clot", "grumos", "see note", "0.00", "---", "000", "3.600", "1,234", "0.64999998",
)  # fmt: skip


def sound(found: Interval | Unreadable, issues: set[str]) -> bool:
    """An outcome that is declared: an interval in bounds, or a code."""
    if not set(found.issues) <= issues:
        return False
    if isinstance(found, Unreadable):
        return found.code in CODES and (found.low is None or found.low >= 0)
    whole = 10**6 if found.quantity == "percent" else LARGEST
    return found.quantity in SHOWN and 0 <= found.low <= found.high <= whole


def test_any_text_has_a_declared_outcome(read: Read, units: Units, rules: Rules, knowledge: Knowledge) -> None:
    """LEUKON_FUZZ texts (100,000) from the pieces that number text is made of; the seed is fixed."""
    chance = random.Random(20261120)
    issues = set(knowledge.issues)
    spellings = [unit.spelling for unit in knowledge.units] + ["", "", "10*9/L", "/mm3"]
    for _ in range(FUZZ):
        value = "".join(chance.choices(PIECES, k=chance.randint(0, 9)))
        unit = chance.choice(spellings) if chance.random() < 0.8 else value[: chance.randint(0, 9)]
        analyte, quantity = chance.choice(ANALYTES)
        locale = chance.choice(("", "en", "pt", "es", "de"))
        found = read(value, unit, analyte, quantity, locale, chance.random() < 0.5)
        assert sound(found, issues), (value, unit, analyte, quantity, locale, found)
        limits = read_range(
            value, unit, units=units, rules=rules, analyte=analyte, analyte_quantity=quantity, locale=locale
        )
        assert set(limits.issues) <= issues
        assert limits.low is None or limits.high is None or 0 <= limits.low < limits.high <= LARGEST, (value, limits)


@settings(max_examples=300)
@given(value=st.text(max_size=250), unit=st.text(max_size=100), locale=st.sampled_from(["", "en", "pt", "xx"]))
def test_any_unicode_has_a_declared_outcome(
    value: str, unit: str, locale: str, read: Read, knowledge: Knowledge
) -> None:
    for analyte, quantity in ANALYTES:
        assert sound(read(value, unit, analyte, quantity, locale, True), set(knowledge.issues))
        assert sound(read(f"3.6{value}", "10*9/L", analyte, quantity, locale), set(knowledge.issues))


@pytest.mark.parametrize(
    "text", ["1" * 10**6, "1 " * 10**5, "1," * 99, "no " * 66, "(" * 200, "l " * 100, "1.1" * 66 + "e", "a" * 10**6]
)
def test_long_and_nasty_texts_end(text: str, read: Read, units: Units, rules: Rules) -> None:
    """A reading that took exponential time would not end."""
    read(text, "10*9/L")
    read(text, "")
    read("3.6", text)
    read_range(text, "10*9/L", units=units, rules=rules)
