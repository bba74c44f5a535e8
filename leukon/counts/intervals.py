"""Number text and unit text to closed intervals of whole base units, and back to words.

The base unit is that of the quantity the *unit* says: count cells/L, percent and ratio parts per million of the
leukocytes, mass mg/L, volume aL. Exact integer arithmetic throughout; no float is ever compared.

    read_count("3,6", "mil/mm³", locale="pt", ...)   Interval(3600000000, 3600000000, quantity="count")
    read_count("<0.1", "10*9/L", ...)                Interval(0, 99999999, issues=("CENSORED",))
    show(3_600_000_000, 10**9, "pt")                 3,6

Decisions follow DESIGN section 10 "Numbers" and interfaces.md section 3; the numbers in them come in as `Rules`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from leukon.counts.numbers import LONGEST, Number, Unreadable, read_numbers
from leukon.counts.text import clean
from leukon.counts.units import ANY, CELL, COUNT, MASS, SHARE, VOLUME, Unit, Units

LARGEST: Final = 10**15  # whole base units; what is larger is no blood count and could overflow 64 bits in a product
WHOLE_PPM: Final = 10**6

PER_LITRE: Final = "10*9/L"
PER_MICROLITRE: Final = "/uL"

_WITH_POWER = re.compile(r"(.*?\d)(?: ?[x×*] ?| )((?:10 ?[\^*'~(x]|10e|1e\d|1000\b|10 \d).*)", re.IGNORECASE)
_WITH_UNIT = re.compile(r"(.*?\d) ?([%/#{a-zµμ].*)", re.IGNORECASE)

_NEVER_SHARE = frozenset({"WBC", "PLT", "CD4"})  # a percentage of these is not one of the leukocytes
_RATIO = frozenset({"NRBC"})  # stands beside the leukocytes, not among them: it may exceed 100 per 100
_INFERABLE = frozenset({"WBC", "NEUT"})  # interfaces.md 3: "WBC/ANC up to 30 means 10*9/L"


class Rules(NamedTuple):
    """The numbers these decisions need, by the same names in knowledge/settings.yaml. All whole numbers.

    `reading_low..`, `reading_high..`: when one text has two readings, one is plausible from low up to (not
    including) high, in base units; platelets have bounds of their own. `no_unit_up_to`: without a unit a white count
    up to this is 10*9/L; `no_unit_per_ul_from`: from this on it is cells/uL. `open_end..`: the last value of `>100`.
    """

    reading_low_cells: int
    reading_high_cells: int
    reading_low_cells_plt: int
    reading_high_cells_plt: int
    reading_low_mg_l: int
    reading_high_mg_l: int
    reading_low_al: int
    reading_high_al: int
    no_unit_up_to: int
    no_unit_per_ul_from: int
    open_end_cells: int
    open_end_ppm: int
    open_end_mg_l: int
    open_end_al: int

    @classmethod
    def of(cls, settings: Mapping[str, int]) -> Rules:
        """Taken from the settings of the knowledge."""
        return cls(*(settings[name] for name in cls._fields))

    def window(self, quantity: str, analyte: str) -> tuple[int, int]:
        """From where up to (not including) where a reading of this quantity is plausible."""
        if quantity == "count":
            if analyte == "PLT":
                return self.reading_low_cells_plt, self.reading_high_cells_plt
            return self.reading_low_cells, self.reading_high_cells
        if quantity == "mass":
            return self.reading_low_mg_l, self.reading_high_mg_l
        if quantity == "volume":
            return self.reading_low_al, self.reading_high_al
        return 0, WHOLE_PPM + 1

    def open_end(self, quantity: str) -> int:
        """Where `>100` ends."""
        ends = {"count": self.open_end_cells, "mass": self.open_end_mg_l, "volume": self.open_end_al}
        return ends.get(quantity, self.open_end_ppm)


class Interval(NamedTuple):
    """What a result can be: whole base units `low`..`high`, both included (equal when exact).

    `quantity`: count | percent | ratio | mass | volume, as the unit says. `unit`: the UCUM unit it was read in
    (stated or inferred); read its reference range in the same. `flag`: a mark beside the number, in capitals.
    """

    low: int
    high: int
    issues: tuple[str, ...] = ()
    quantity: str = "count"
    unit: str = ""
    flag: str = ""


def read_count(
    value: str,
    unit: str,
    *,
    units: Units,
    rules: Rules,
    analyte_quantity: str = "",
    analyte: str = "",
    locale: str = "",
    infer_unit: bool = False,
) -> Interval | Unreadable:
    """One result as sent, to whole base units, or the reason why not.

    `value` may carry a comparator, a flag and (where `unit` is empty or the same) its unit. `analyte_quantity` is
    what the test's code says: percent and ratio against a count unit raise CODE_UNIT_CONFLICT, and the unit wins;
    "" or "count" accept a share as well. `locale` is "" when unknown; numbers from typed columns are "en".
    """
    kinds = kinds_of(analyte, analyte_quantity)
    numbers: tuple[Number, ...] | Unreadable = read_numbers(value, locale)
    if isinstance(numbers, Unreadable) and numbers.note == "text":
        apart = split(value, unit, units, kinds, locale)
        if isinstance(apart, Unreadable):
            return apart
        if apart:
            unit, numbers = apart[1], read_numbers(apart[0], locale)
    if isinstance(numbers, Unreadable):
        return numbers
    found = units.find(unit, kinds, locale)
    if found == "UNIT_MISSING":
        return _without_unit(numbers, units, rules, analyte_quantity, analyte, infer_unit)
    if isinstance(found, str):
        return _refused(found, numbers[0], unit, units, kinds)
    number = _choose(numbers, found, rules, analyte)
    if isinstance(number, Unreadable):
        return number
    if found.min_value and number.stated < Decimal(found.min_value):
        return Unreadable("UNIT_AMBIGUOUS", (_words(number, found),), "short-unit", low=scaled(number, found))
    issues: tuple[str, ...] = (found.issue,) if found.issue else ()
    if analyte_quantity in ("percent", "ratio") and found.quantity == "count":
        issues += ("CODE_UNIT_CONFLICT",)
    return _interval(number, found, rules, analyte, issues)


def _without_unit(
    numbers: tuple[Number, ...], units: Units, rules: Rules, analyte_quantity: str, analyte: str, infer_unit: bool
) -> Interval | Unreadable:
    """No unit was sent. The smaller of two readings serves: 3.600 as 3.6 10*9/L is the same as 3600 /uL."""
    number = numbers[0]._replace(issues=(*numbers[0].issues, "NUMBER_INFERRED")) if len(numbers) > 1 else numbers[0]
    if analyte_quantity in ("percent", "ratio"):
        likely = "%"
    elif analyte in _INFERABLE and analyte_quantity in ("", "count"):
        likely = PER_LITRE if number.stated <= rules.no_unit_up_to else PER_MICROLITRE
    else:
        return Unreadable("UNIT_MISSING", note="no-unit")
    unit = units.find(likely, kinds_of(analyte, analyte_quantity))
    if isinstance(unit, str):
        return Unreadable("UNIT_MISSING", note="no-unit")
    if likely == PER_MICROLITRE and number.stated < rules.no_unit_per_ul_from:
        texts = (f"{number.text} {PER_LITRE}", f"{number.text} {PER_MICROLITRE}")
        return Unreadable("UNIT_AMBIGUOUS", texts, "low-reading", low=scaled(number, unit))
    if not infer_unit:
        return Unreadable("UNIT_MISSING", (_words(number, unit),), "no-unit", low=scaled(number, unit))
    return _interval(number, unit, rules, analyte, ("UNIT_INFERRED",))


def _refused(code: str, number: Number, unit: str, units: Units, kinds: frozenset[str]) -> Unreadable:
    """The unit is not known, not one for this analyte, or means different things to different people."""
    if code == "UNIT_UNKNOWN":
        return Unreadable(code, note="other-kind" if units.meanings(unit, ANY - {"refused"}) else "")
    rows = units.meanings(unit, kinds | {"refused"})
    low = min((scaled(number, row) for row in rows if row.num), default=None)
    return Unreadable(code, tuple(dict.fromkeys(_words(number, row) for row in rows)), low=low)


def _choose(numbers: tuple[Number, ...], unit: Unit, rules: Rules, analyte: str) -> Number | Unreadable:
    """The reading to use: the only plausible one, else the smaller; two plausible ones are refused (B11, B12)."""
    if len(numbers) == 1:
        return numbers[0]
    fitting = [number for number in numbers if plausible(number, unit, rules, analyte)]
    if len(fitting) > 1:
        texts = tuple(_words(number, unit) for number in numbers)
        return Unreadable("NUMBER_AMBIGUOUS", texts, low=scaled(numbers[0], unit))
    chosen = fitting[0] if fitting else numbers[0]
    return chosen._replace(issues=(*chosen.issues, "NUMBER_INFERRED"))


def _interval(number: Number, unit: Unit, rules: Rules, analyte: str, issues: tuple[str, ...]) -> Interval | Unreadable:
    quantity = unit.quantity if unit.quantity not in SHARE else "ratio" if analyte in _RATIO else "percent"
    top, bottom = _ratio(number.stated, unit)
    floor, rest = divmod(top, bottom)
    ceiling = floor + bool(rest)
    if number.high is None:
        low = floor + 1 if number.low_open else ceiling
        end = rules.open_end(quantity)
        high = end if low <= end else LARGEST
    elif "CENSORED" in number.issues:
        low, high = 0, ceiling - 1 if number.high_open else floor
    else:
        low = high = scaled(number, unit)
        issues += ("ROUNDED",) if rest else ()
    if quantity == "percent":
        if low > WHOLE_PPM:
            return Unreadable("IMPLAUSIBLE", (_words(number, unit),), "above-whole")
        high = min(high, WHOLE_PPM)
    if max(low, high) > LARGEST:
        return Unreadable("IMPLAUSIBLE", (_words(number, unit),), "too-large")
    return Interval(low, high, number.issues + issues, quantity, unit.ucum, number.flag)


def kinds_of(analyte: str, analyte_quantity: str) -> frozenset[str]:
    """What kinds of unit an analyte can have."""
    if analyte_quantity == "mass":
        return MASS
    if analyte_quantity == "volume":
        return VOLUME
    return COUNT if analyte in _NEVER_SHARE else CELL


def scaled(number: Number, unit: Unit) -> int:
    """The number as written, in whole base units, rounded half up."""
    top, bottom = _ratio(number.stated, unit)
    return (2 * top + bottom) // (2 * bottom)


def plausible(number: Number, unit: Unit, rules: Rules, analyte: str) -> bool:
    """Whether this may be the meant reading of a text that has two."""
    low, high = rules.window(unit.quantity, analyte)
    return low <= scaled(number, unit) < high


def split(
    value: str, unit: str, units: Units, kinds: frozenset[str], locale: str
) -> tuple[str, str] | Unreadable | None:
    """A text that carries its unit, apart: `3,6 mil/mm³`, `36%`, `3.6 x10^9/L`. None when it does not.

    A unit stated beside it must mean the same, or complete it (`3.6 x10^3` with `/uL`); else there are two units.
    """
    text = clean(value) if len(value) <= LONGEST else ""
    match = _WITH_POWER.fullmatch(text) or _WITH_UNIT.fullmatch(text)
    if match is None:
        return None
    number, tail = match.groups()
    if not units.meanings(tail, ANY):
        return None
    outer = units.find(unit, kinds, locale)
    if outer == "UNIT_MISSING":
        return number, tail
    if isinstance(outer, str):
        return number, unit
    if unit.startswith("/") and not isinstance(units.find(tail + unit, kinds, locale), str):
        return number, tail + unit
    inner = units.find(tail, kinds, locale)
    if not isinstance(inner, str) and (inner.quantity, inner.num, inner.den) == (outer.quantity, outer.num, outer.den):
        return number, unit
    stated = dict.fromkeys(row.ucum for row in (*units.meanings(tail, ANY), outer))
    return Unreadable("UNIT_AMBIGUOUS", tuple(f"{number} {ucum}" for ucum in stated), "two-units")


def _ratio(value: Decimal, unit: Unit) -> tuple[int, int]:
    top, bottom = value.as_integer_ratio()
    return top * unit.num, bottom * unit.den


def _words(number: Number, unit: Unit) -> str:
    return f"{number.text} {unit.ucum}"
