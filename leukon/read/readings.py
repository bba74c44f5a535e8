"""What one cell means. Every reading is a plain function of texts, used row by row for a request and once per
different text for a file of millions (`door`, `relation`): one meaning, two drivers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from leukon.counts import Interval, Rules, Units, read_count, read_limits, read_range
from leukon.knowledge.names import SHARE, find_analyte
from leukon.read.blasts import above_zero, tells_blasts
from leukon.read.people import read_age_text
from leukon.read.words import tokens, words

if TYPE_CHECKING:
    from leukon.knowledge.model import Knowledge


T = TypeVar("T")


@dataclass(frozen=True)
class Options:
    """How to read what the input leaves open.

    `locale`: en | pt | "" (unknown), how numbers and dates are written. `infer_units`: take the unit from the size of
    the number where none was sent. `units`: {analyte id: unit} where none was sent. `deidentified_age_over`: ages over
    this many years are hidden in the data (births moved by centuries): then an age is "over 89", never impossible.
    """

    locale: str = ""
    infer_units: bool = False
    units: Mapping[str, str] = field(default_factory=dict)
    deidentified_age_over: int | None = None


class Test(NamedTuple):
    """What a test name or code is: analyte None means that leukon does not know it. `specimen` and `unit` blank: the
    name says neither (`neutrophils %` says its unit)."""

    analyte: str | None
    quantity: str | None
    method: str
    specimen: str
    unit: str = ""


class Value(NamedTuple):
    """A legible value in whole base units, or the code of why not. `unit`: the one it was read in."""

    quantity: str | None
    low: int | None
    high: int | None
    code: str | None
    field: str | None
    flag: str | None
    issues: int
    unit: str


class Range(NamedTuple):
    """The laboratory's own interval in whole base units."""

    lln: int | None
    uln: int | None
    issues: int


class Audience(NamedTuple):
    """For whom an interval is meant: sex (unknown: any) and ages in hours, both ends included; None = no bound."""

    sex: str
    from_h: int | None
    to_h: int | None


class Context(NamedTuple):
    """What else was said about a result. `status_issues`: bits of its status and its flag; specimen "" and method "":
    as the test's code says."""

    status: str
    status_issues: int
    specimen: str
    method: str
    flag: str | None
    cells_counted: int | None
    human: int


UNKNOWN_TEST = Test(None, None, "unknown", "")
FIELD_OF = {"UNIT_MISSING": "unit", "UNIT_UNKNOWN": "unit", "UNIT_AMBIGUOUS": "unit"}


JOINTS = (" in ", " of ", " na ", " no ", " em ", " body ", " s ")
"""What is left between a name and its specimen: WBC('s) in (body) fluid."""
KEPT_TESTS = 10_000
"""Test names that are remembered; more than that are read again."""


class Kept:
    """What follows from the knowledge alone, kept between requests."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.units = Units(knowledge.units)
        self.rules = Rules.of(knowledge.settings)
        self.bits = {code: 1 << issue.bit for code, issue in knowledge.issues.items() if issue.bit is not None}
        self.tests: dict[str, Test] = {}


_KEPT: dict[str, Kept] = {}


def kept(knowledge: Knowledge) -> Kept:
    """The one of this knowledge (of the last few that were used)."""
    found = _KEPT.get(knowledge.sha256)
    if found is None:
        if len(_KEPT) >= 4:
            _KEPT.clear()
        found = _KEPT[knowledge.sha256] = Kept(knowledge)
    return found


class Readings:
    """The readings of one run: knowledge and options, with everything that is looked up often at hand."""

    def __init__(self, knowledge: Knowledge, options: Options) -> None:
        self.knowledge, self.options = knowledge, options
        self.words = words()
        own = kept(knowledge)
        self.units, self.rules, self.bits, self._tests = own.units, own.rules, own.bits, own.tests
        self.default_units = {self._analyte(name): unit for name, unit in options.units.items()}
        self._once: dict[tuple[object, ...], object] = {}

    def once(self, ask: Callable[..., T], *texts: object) -> T:
        """What `ask` says of these texts: within one run each different text is read once."""
        key = (ask.__name__, *texts)
        if key not in self._once:
            self._once[key] = ask(*texts)
        return cast("T", self._once[key])

    def _analyte(self, name: str) -> tuple[str, str]:
        found = find_analyte(self.knowledge, name)
        return (found[0], found[1]) if found else (name, "")

    def bit(self, *codes: str) -> int:
        """The set of these issue codes; codes without a bit are reasons for exclusion and leave none."""
        issues = 0
        for code in codes:
            issues |= self.bits.get(code, 0)
        return issues

    def test(self, text: str | None, mapped: str | None = None) -> Test:
        """A LOINC or CDISC code, or a name in English or Portuguese. Words of a specimen in the name are taken off:
        `WBC, CSF` is a white count, not of blood."""
        name = (mapped or text or "").strip()
        found = self._tests.get(name)
        if found is None:
            if len(self._tests) >= KEPT_TESTS:
                self._tests.clear()
            found = self._tests[name] = self._read_test(name) if name else UNKNOWN_TEST
        return found

    def _read_test(self, name: str) -> Test:
        specimen = self.specimen(name)
        if hit := find_analyte(self.knowledge, name):
            percent = hit[1] == "percent" and SHARE.search(name.replace("_", " "))
            return Test(hit[0], hit[1], hit[2], specimen, "%" if percent else "")
        if specimen:
            bare = tokens(name)
            for word in (*(word for word, _ in self.words.specimens), *JOINTS):
                bare = bare.replace(word, " ")
            if bare.strip() and (hit := find_analyte(self.knowledge, bare.strip())):
                return Test(hit[0], hit[1], hit[2], specimen)
        return UNKNOWN_TEST

    def specimen(self, text: str | None) -> str:
        """blood | other, or "" when the text says neither. Every word of `other` outweighs `blood`."""
        if not text or not text.strip():
            return ""
        said, found = tokens(text), ""
        for word, meaning in self.words.specimens:
            if word in said:
                if meaning == "other":
                    return "other"
                found = meaning
        return found

    def value(
        self, text: str | None, comparator: str | None, unit: str | None, test: Test, typed: bool = False
    ) -> Value:
        """One value. `typed`: it comes from a column of numbers, so its point is a decimal point."""
        sent, said = (text or "").strip(), (unit or "").strip()
        if test.analyte is None or test.quantity is None:
            return Value(None, None, None, "UNMAPPED", "test", None, 0, "")
        if not sent or (typed and sent.lower() == "nan"):
            return Value(test.quantity, None, None, "VALUE_MISSING", "value", None, 0, said)
        if test.analyte == "BLAST" and (seen := self.words.meaning("seen", sent)):  # a red flag, whatever its number
            return Value("presence", *((1, 1) if seen == "yes" else (0, 0)), None, None, None, 0, "")
        sign = self.words.meaning("comparator", comparator)
        if sign and sign != "=" and sent[0].isdigit():
            sent = sign + sent
        said = said or self.default_unit(test)
        read = read_count(
            sent,
            said,
            units=self.units,
            rules=self.rules,
            analyte=test.analyte,
            analyte_quantity=test.quantity,
            locale="en" if typed else self.options.locale,
            infer_unit=self.options.infer_units,
        )
        if test.analyte == "BLAST" and not isinstance(read, Interval) and not said and above_zero(sent):
            return Value("presence", 1, 1, None, None, None, self.bit("UNIT_INFERRED"), "")  # an alarm in any unit
        if isinstance(read, Interval):
            flag = self.flag(read.flag)
            return Value(
                read.quantity, read.low, read.high, None, None, flag, self.bit(*read.issues), read.unit or said
            )
        return Value(
            test.quantity, None, None, read.code, FIELD_OF.get(read.code, "value"), None, self.bit(*read.issues), said
        )

    def default_unit(self, test: Test) -> str:
        """The unit of this test where the input gives none: as the options say, else as its own name says."""
        if test.analyte is None:
            return ""
        return self.default_units.get((test.analyte, test.quantity or ""), test.unit)

    def is_lineage(self, test: Test) -> bool:
        """Whether a test counts one kind of white cell."""
        about = self.knowledge.analytes.get(test.analyte or "")
        return about is not None and about.lineage and test.quantity == "count"

    def inferred(self, text: str | None, comparator: str | None, unit: str, test: Test, typed: bool = False) -> Value:
        """A value read in a unit that was not sent with it."""
        read = self.value(text, comparator, unit, test, typed)
        return read._replace(issues=read.issues | self.bit("UNIT_INFERRED")) if read.code is None else read

    def range(
        self, low: str | None, high: str | None, text: str | None, unit: str, test: Test, typed: bool = False
    ) -> Range:
        """The laboratory's interval, in the unit that the value was read in; two columns win over one text."""
        if test.analyte is None or test.quantity is None:
            return Range(None, None, 0)
        about = {"units": self.units, "rules": self.rules, "analyte": test.analyte, "analyte_quantity": test.quantity}
        ends = [end if end and not (typed and end.lower() == "nan") else "" for end in (low, high)]
        if any(end.strip() for end in ends):
            locale = "en" if typed else self.options.locale
            read = read_limits(ends[0], ends[1], unit, locale=locale, **about)  # type: ignore[arg-type]
        elif text and text.strip():
            read = read_range(text, unit, locale=self.options.locale, **about)  # type: ignore[arg-type]
        else:
            return Range(None, None, 0)
        return Range(read.low, read.high, self.bit(*read.issues))

    def context(
        self,
        status: str | None,
        specimen: str | None,
        method: str | None,
        flag: str | None,
        cells_counted: str | None,
        species: str | None,
    ) -> Context:
        """Status, specimen, method, flag, cells counted and species of one result."""
        said = self.words.meaning("status", status)
        assumed = not status or not status.strip()
        counted = (cells_counted or "").strip().removesuffix(".0")
        return Context(
            status="final" if assumed else said or "unknown",
            status_issues=self.bit(
                "STATUS_ASSUMED_FINAL" if assumed else "", "BLAST_FLAG" if tells_blasts(flag) else ""
            ),
            specimen=self.specimen(specimen),
            method=self.method(method),
            flag=self.flag(flag),
            cells_counted=int(counted) if counted.isdecimal() and 0 < int(counted) < 10**6 else None,
            human=int(not species or not species.strip() or self.words.meaning("species", species) == "human"),
        )

    def method(self, text: str | None) -> str:
        """automated | manual | estimate | corrected | uncorrected, or "" when the text says none of them."""
        return self.words.meaning("method", text) or ""

    def flag(self, text: str | None) -> str | None:
        """low | normal | high | other; None when no flag was sent. Of several (`H~N`) the first that is known."""
        if not text or not text.strip():
            return None
        for part in text.replace("~", " ").replace(";", " ").split() or [text]:
            if said := self.words.meaning("flag", part):
                return said
        return self.words.meaning("flag", text) or "other"

    def audience(self, sex: str | None, age_low: str | None, age_high: str | None) -> Audience:
        """For whom an interval is meant; the ends of the age range are years when they name no unit."""
        said = self.words.meaning("sex", sex) or "unknown"
        return Audience(
            said, read_age_text(age_low or "", "years").low_h, read_age_text(age_high or "", "years").high_h
        )
