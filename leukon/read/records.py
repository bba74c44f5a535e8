"""What the cells of a drug, condition or vital record mean: one meaning for both drivers (`beside_rows`, `beside`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from leukon.counts.numbers import Number, Unreadable, read_numbers
from leukon.counts.text import fold_name
from leukon.knowledge.cause_names import find_causes, near_causes
from leukon.knowledge.keys import cause_keys, sign_keys
from leukon.knowledge.near import near_names
from leukon.read.words import words

if TYPE_CHECKING:
    from leukon.knowledge.model import Knowledge
    from leukon.knowledge.reasons import Measure, Sign, VitalUnit

Cells = tuple[str | None, ...]
NOT_TAKEN = ("not-taken", "refuted", "draft", "entered-in-error")
NOT_PRESENT = ("absent", "refuted", "entered-in-error")
NUMBERED = {"fever": "temperature", "febre": "temperature"}
"""Signs beside which a number is a measurement: `fever 38.6`."""
SAYS_FEVER = {"temperature": "fever-stated"}
"""Measures whose value may be a word instead (`febrile`), and the sign that it states."""
AFEBRILE = frozenset(["afebrile", "afebril", "apyrexial", "apiretico", "apiretica", "semfebre", "nofever"])
SEVERAL = re.compile(r"[,;|]")
WITH_UNIT = re.compile(r"(.*\d)\s*([°º˚]?\s*[^\W\d_][^\d]*|[°º˚%])")
"""A number with its unit behind it: `38,6 °C`."""
SPELLED_OUT = {"celsius": "cel", "centigrade": "cel", "grauscelsius": "cel", "degcelsius": "cel", "graus": "cel"}
SPELLED_OUT |= {"fahrenheit": "f", "degfahrenheit": "f", "grausfahrenheit": "f"}
TURNED = "STOP_BEFORE_START"
UNMATCHED = {"drug": "DRUG_UNMATCHED", "condition": "CONDITION_UNMATCHED"}


class Named(NamedTuple):
    """What a record is about: keys of causes, the text that `mentions` shows ("" when no name was sent), what it is
    spelled like where nothing is known by that name."""

    causes: tuple[int, ...]
    shown: str
    near: str | None


class Status(NamedTuple):
    """The status of a record in the words of `tables`; `ongoing` 1 said to go on, 0 said to be over, None not said."""

    status: str
    ongoing: int | None


class Vital(NamedTuple):
    """A measurement or sign: `code` says why it is not used, `near` what it is spelled like or what was expected."""

    measure: str | None
    sign: int | None
    low: int | None
    high: int | None
    answer: int | None
    shown: str
    code: str | None
    near: str | None


class Records:
    """The readings of one run: knowledge and how numbers are written."""

    def __init__(self, knowledge: Knowledge, locale: str = "") -> None:
        self.knowledge, self.locale = knowledge, locale
        self.words = words()
        self.causes, self.signs = cause_keys(knowledge), sign_keys(knowledge)
        self.kinds = _kinds(knowledge)
        self.unknown: dict[str, str | None] = {}

    # --- drugs and conditions -------------------------------------------------------------------------

    def named(self, kind: str, cells: Cells, near: bool = True) -> Named:
        """The causes of a record: all that its names and codes mean. `cells` in the order of `mentions.NAMES`."""
        name, text, code, system, rxnorm, atc, icd10cm, snomed, version, other = (
            (cell or "").strip() for cell in cells
        )
        lookups = [(rxnorm, "rxnorm"), (atc, "atc"), (snomed, "snomed"), (code, system)]
        if not version or version.startswith("10"):
            lookups += [(part.strip(), "icd10cm") for part in SEVERAL.split(icd10cm)]
        lookups += [(name, ""), (text, "")]
        found = [cause for said, of in lookups if said for cause in find_causes(self.knowledge, said, of, kind)]
        shown = next((said for said in (name, text, code, rxnorm, atc, icd10cm, snomed, other) if said), "")
        keys = tuple(dict.fromkeys(self.causes[cause] for cause in found))
        return Named(keys, shown, self.near(kind, cells) if near and shown and not keys else None)

    def near(self, kind: str, cells: Cells) -> str | None:
        """What the names of an unknown record are spelled like."""
        found = [close for said in cells[:2] if said for close in near_causes(self.knowledge, said.strip(), kind)]
        return "; ".join(dict.fromkeys(found)) or None

    def drug_status(self, text: str | None) -> Status:
        """A word that is not known says nothing: the drug counts as taken."""
        said = self.words.meaning("drug_status", text.strip()) if text and text.strip() else "active"
        if said in ("active", "ended"):
            return Status("taken", int(said == "active"))
        return Status(said or "taken", None)

    def condition_status(self, text: str | None) -> Status:
        said = self.words.meaning("condition_status", text.strip()) if text and text.strip() else "present"
        return Status(said or "present", None)

    def not_used(self, kind: str, named: Named, status: str, turned: bool = False) -> str | None:
        """The reason code of a drug or condition that is not used, or whose end is not (`turned`: before its start)."""
        if kind == "drug" and status in NOT_TAKEN:
            return "EXPOSURE_NOT_TAKEN"
        if kind == "condition" and status in NOT_PRESENT:
            return "CONDITION_NOT_PRESENT"
        if not named.causes:
            return UNMATCHED[kind]
        return TURNED if turned else None

    def knows(self, name: str) -> bool:
        """Whether a name is that of a measure or a sign."""
        return fold_name(name) in self.kinds

    # --- vital signs ----------------------------------------------------------------------------------

    def vital(self, name: str | None, value: str | None, unit: str | None, typed: bool = False) -> Vital:
        """One measurement or sign. `typed`: the value comes from a column of numbers (its point is a decimal point)."""
        said, text, of = ((cell or "").strip() for cell in (name, value, unit))
        about = self.kinds.get(fold_name(said))
        if about is None:
            if said not in self.unknown:
                near = near_names(said, {shown: shown for _, shown in self.kinds.values()})
                self.unknown[said] = "; ".join(near) or None
            return Vital(None, None, None, None, None, said, "VITAL_UNMATCHED", self.unknown[said])
        what = about[0]
        sign = what if isinstance(what, str) else None
        held = self.knowledge.signs.get(sign) if sign else None
        if held is not None:
            answer = self.words.meaning("answer", text) if text else None
            if answer:
                return Vital(None, self.signs[held.id], None, None, int(answer == "yes"), said, None, None)
        measure = self._measure(what, held) or self.knowledge.measures.get(NUMBERED.get(fold_name(said), ""))
        if measure is None:
            return Vital(None, self.signs.get(sign or ""), None, None, None, said, "VITAL_NOT_LEGIBLE", "yes; no")
        if (stated := self._fever(measure, text)) is not None:
            return Vital(None, self.signs[SAYS_FEVER[measure.id]], None, None, stated, said, None, None)
        read = read_measure(measure, text, of, "en" if typed else self.locale)
        if isinstance(read, str):
            expected = f"yes; no; {read}" if held is not None else read
            return Vital(measure.id, None, None, None, None, said, "VITAL_NOT_LEGIBLE", expected)
        return Vital(measure.id, None, *read, None, said, None, None)

    def _fever(self, measure: Measure, text: str) -> int | None:
        """1 and 0: the value of a temperature says in a word that there is, or is no, fever."""
        sign = SAYS_FEVER.get(measure.id, "")
        if sign not in self.signs or not text:
            return None
        if fold_name(text) in AFEBRILE:
            return 0
        return 1 if self.kinds.get(fold_name(text), ("",))[0] == sign else None

    def _measure(self, what: str | Measure, sign: Sign | None) -> Measure | None:
        """The measure that a number beside this name is of: `fever 38.6` is a temperature."""
        if sign is not None:
            return self.knowledge.measures.get(sign.measure) if sign.source == "measure" else None
        return None if isinstance(what, str) else what


def read_measure(measure: Measure, text: str, unit: str, locale: str = "") -> tuple[int, int] | str:
    """A value in whole base units, lowest and highest it can be; else what was expected instead.

    Without a unit the one in which the number is plausible is taken, when there is but one meaning.
    """
    if (behind := WITH_UNIT.fullmatch(text)) and (own := _units(measure, behind[2])):
        if unit and {_scale(one) for one in own} != {_scale(one) for one in _units(measure, unit)}:
            return f"{_expected(measure)}; {behind[1]} {own[0].spelling}"  # `101.5 F`, said to be Celsius
        text, unit = behind[1], own[0].spelling
    units = _units(measure, unit) if unit else measure.units
    if not units:
        return "; ".join(one.spelling for one in measure.units)
    numbers = read_numbers(text, locale)
    counted = () if isinstance(numbers, Unreadable) else numbers
    found = _spans(measure, counted, units)
    if len(found) == 1:
        return found.pop()
    others = [one for one in measure.units if unit and _scale(one) != _scale(units[0])]
    other = next((one.spelling for one in others if _spans(measure, counted, [one])), "")
    return f"{_expected(measure)}; {text} {other}" if other else _expected(measure)


def _units(measure: Measure, unit: str) -> list[VitalUnit]:
    return [one for one in measure.units if fold_unit(one.spelling) == fold_unit(unit)]


def _scale(unit: VitalUnit) -> tuple[object, ...]:
    """What makes two spellings one unit."""
    return unit.num, unit.den, unit.offset


def _spans(measure: Measure, numbers: Iterable[Number], units: Sequence[VitalUnit]) -> set[tuple[int, int]]:
    """What the numbers can be in these units, where that is plausible."""
    return {span for number in numbers for one in units if (span := _span(measure, number, one)) is not None}


def fold_unit(unit: str) -> str:
    """A unit without case, blanks and degree signs: `° C` is `c`."""
    folded = re.sub(r"[\s°º˚.]", "", unit.casefold())
    return SPELLED_OUT.get(folded, folded)


def _span(measure: Measure, number: Number, unit: VitalUnit) -> tuple[int, int] | None:
    low, high = base(number.low, unit), None if number.high is None else base(number.high, unit)
    if not measure.low <= (low if number.high is None else high or 0) <= measure.high:
        return None
    if number.high is None:
        return low + number.low_open, max(measure.high, low + number.low_open)
    if number.low == number.high:
        return low, low
    return min(measure.low, (high or 0) - number.high_open), (high or 0) - number.high_open


def base(value: Decimal, unit: VitalUnit) -> int:
    """A number in whole base units, rounded where it is between two."""
    return round((Fraction(value) + unit.offset) * Fraction(unit.num, unit.den))


def _expected(measure: Measure) -> str:
    first = measure.units[0]
    ends = [float(Fraction(end * first.den, first.num) - first.offset) for end in (measure.low, measure.high)]
    return f"{ends[0]:g} - {ends[1]:g} {first.spelling}"


_KINDS: dict[str, dict[str, tuple[str | Measure, str]]] = {}


def _kinds(knowledge: Knowledge) -> dict[str, tuple[str | Measure, str]]:
    """Folded name → (the measure, or the id of the sign; the name as written). Measures come first."""
    held = _KINDS.get(knowledge.sha256)
    if held is None:
        if len(_KINDS) >= 4:
            _KINDS.clear()
        held = _KINDS[knowledge.sha256] = {}
        for measure in knowledge.measures.values():
            for name in (measure.id, *measure.loinc, *_names(measure)):
                held.setdefault(fold_name(name), (measure, name))
        for sign in knowledge.signs.values():
            for name in (sign.id, *_names(sign)):
                held.setdefault(fold_name(name), (sign.id, name))
    return held


def _names(about: Measure | Sign) -> list[str]:
    return [*about.name.values(), *(name for names in about.synonyms.values() for name in names)]
