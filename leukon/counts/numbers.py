"""The text of a number, as laboratories write it, to exact decimals.

One text gives one number, two numbers (`3.600` is 3.6 or 3600 where nobody says which mark is
the decimal one), or a reason why it is none. No unit, no plausibility: `counts` decides those.

    read_number("3,6 L", "pt")   Number(3.6, 3.6, flag="L")
    read_number("<0.1")          Number(0, 0.1, high_open=True)
    read_numbers("3.600")        (3.6, 3600)

The grammar is interfaces.md section 3 "Number text"; B10-B20 of its section 8 are its tests.
"""

from __future__ import annotations

import re
import struct
from decimal import Context, Decimal
from typing import NamedTuple

from leukon.counts.text import clean, unaccent


class Number(NamedTuple):
    """A number or, with a comparator, a span: `<0.1` is low 0, high 0.1 open. high None = no upper end.

    `flag` is a mark such as L, H or * that stood beside the number, in capitals.
    """

    low: Decimal
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False
    flag: str = ""
    issues: tuple[str, ...] = ()

    @property
    def stated(self) -> Decimal:
        """The number that was written."""
        return self.low if self.high is None else self.high

    @property
    def text(self) -> str:
        """Comparator and number in plain ASCII with a decimal point, for showing a reading."""
        if self.low == self.high:
            return f"{self.stated:f}"
        if self.high is None:
            return f">{'' if self.low_open else '='}{self.stated:f}"
        return f"<{'' if self.high_open else '='}{self.stated:f}"


class Unreadable(NamedTuple):
    """Why a text is not a usable value.

    `code`: RESULT_NOT_NUMERIC, VALUE_MISSING, NUMBER_AMBIGUOUS, IMPLAUSIBLE or a UNIT_ code.
    `readings`: what it could have meant. `note`: which kind of `code` it is, one of
    text | negative | too-large | above-whole | no-unit | low-reading | short-unit | two-units | other-kind | "".
    `issues`: what the text tells all the same (a clot: ARTEFACT_POSSIBLE).
    `low`: the lowest of the readings in whole base units, so that a dangerous one can be pointed out (SF-6).
    """

    code: str
    readings: tuple[str, ...] = ()
    note: str = ""
    issues: tuple[str, ...] = ()
    low: int | None = None


LONGEST = 200  # characters; a longer text is a comment, not a number
MOST_DIGITS = 40
LARGEST_EXPONENT = 30

POINT = frozenset({"en", "ja", "zh"})
COMMA = frozenset({"pt", "es", "de", "fr", "it", "nl", "ru"})

_LESS = (
    "less than|lower than|fewer than|smaller than|below|under|menor (?:do )?que|menor a|menos (?:do )?que|menos de|"
    "inferior a|abaixo de|por debajo de|kleiner als|weniger als|unter"
)
_AT_MOST = (
    "(?:less|lower) than or equal to|at most|up to|not? more than|menor ou igual (?:a|que)|inferior ou igual a|"
    "menor o igual (?:a|que)|inferior o igual a|no maximo|ate|como maximo|hasta|kleiner (?:oder )?gleich|hochstens|bis"
)
_MORE = (
    "greater than|higher than|more than|above|over|maior (?:do )?que|mais (?:do )?que|mais de|superior a|acima de|"
    "mayor que|mayor a|mas de|por encima de|grosser als|mehr als|uber"
)
_AT_LEAST = (
    "(?:greater|more|higher) than or equal to|at least|not? less than|maior ou igual (?:a|que)|superior ou igual a|"
    "mayor o igual (?:a|que)|superior o igual a|no minimo|pelo menos|como minimo|grosser (?:oder )?gleich|mindestens"
)
_COMPARATORS = {
    "<=": re.compile(rf"<=|=<|(?:{_AT_MOST})\b"),
    ">=": re.compile(rf">=|=>|(?:{_AT_LEAST})\b"),
    "<": re.compile(rf"<|(?:{_LESS})\b"),
    ">": re.compile(rf">|(?:{_MORE})\b"),
    "": re.compile("="),
}
_FLAG = r"(?:ll?|hh?|aa?|n|b|low|high|baixo|alto|abnormal|normal|critical|↓{1,2}|↑{1,2})"
_MARKED = rf"[\[(]?\s*(?:[*!]{{1,3}}\s*{_FLAG}?|{_FLAG}\s*[*!]{{0,3}})\s*[\])]?"
_LEAD = re.compile(rf"({_MARKED})(?<![a-z])\s*(?=[\d<>=.,])|({_MARKED})\s+(?=[\d<>=.,])")
_BODY = re.compile(rf"([+-]?)\s*([\d.,][\d.,' ]*?)(e[+-]?\d{{1,6}})?\s*({_MARKED})?")
_PLAIN = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")
_POINTED = re.compile(r"[0-9]{1,4}\.[0-9]{3}")

_CLOT = re.compile(
    r"(no|not|without|free of|sem|nao|ausencia de|sin|kein\w*|ohne|nicht)?\s*(?:\w+\s+)?"
    r"\b(?:micro)?(?:clot|clump|coagul(?:os?|ad[oa]s?|ated|a|um)\b|grumo|aggregat|agregad|agglutinat|aglutina|geronnen|gerinnsel|verklump)"
)

_WIDE = Context(prec=80)
_TWELVE = Context(prec=12)
_NEAR = Decimal("1e-12")


def decimal_mark(locale: str) -> str:
    """`.` or `,` as the language of `locale` (`pt`, `pt-BR`) writes it, "" when it is not known."""
    language = locale[:2].lower()
    return "." if language in POINT else "," if language in COMMA else ""


def read_number(text: str, locale: str = "") -> Number | Unreadable:
    """The one number that `text` can be; NUMBER_AMBIGUOUS with both readings when there are two."""
    found = read_numbers(text, locale)
    if isinstance(found, Unreadable):
        return found
    if len(found) == 1:
        return found[0]
    return Unreadable("NUMBER_AMBIGUOUS", tuple(number.text for number in found))


def read_numbers(text: str, locale: str = "") -> tuple[Number, ...] | Unreadable:
    """Every number that `text` can be (one, or two with the smaller first), or why it is none."""
    if _PLAIN.fullmatch(text) or (_POINTED.fullmatch(text) and decimal_mark(locale) == "."):
        value = Decimal(text)
        return (Number(value, value),)
    if len(text) > LONGEST:
        return _no_number(text[:LONGEST])
    folded = unaccent(clean(text))
    if not folded:
        return Unreadable("VALUE_MISSING")

    rest, flag, comparator = folded, "", ""
    if lead := _LEAD.match(rest):
        flag, rest = lead[0], rest[lead.end() :]
    for sign, pattern in _COMPARATORS.items():
        if match := pattern.match(rest):
            comparator, rest = sign, rest[match.end() :].lstrip()
            break
    body = _BODY.fullmatch(rest)
    if body is None:
        return _no_number(folded)
    minus, digits, exponent, trail = body.groups()
    texts = _decimals(digits.strip(), "," if exponent and "," in digits else "." if exponent else decimal_mark(locale))
    if not texts:
        return _no_number(folded)
    if minus == "-" or (comparator == "<" and not any(c in "123456789" for c in digits)):
        return Unreadable("IMPLAUSIBLE", (folded,), "negative")
    if exponent and abs(int(exponent[1:])) > LARGEST_EXPONENT:
        return Unreadable("IMPLAUSIBLE", (folded,), "too-large")
    flag = re.sub(r"[^\w*!↓↑]", "", trail or flag).upper()
    return tuple(_span(_shortest(Decimal(text + (exponent or ""))), comparator, flag) for text in texts)


def _decimals(digits: str, mark: str) -> tuple[str, ...]:
    """The plain decimal texts that `digits` (with points, commas, spaces) can be; () when it is badly formed."""
    if sum(c.isdigit() for c in digits) > MOST_DIGITS:
        return ()
    if digits.isdigit():
        return (digits,)
    for group in " '":
        if group in digits:
            return _grouped(digits, group, "." if "." in digits else ",")
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        last = max(digits, key=lambda c: digits.rfind(c) if c in ".," else -1)
        return _grouped(digits, "." if last == "," else ",", last)
    if points + commas > 1:
        return _grouped(digits, "." if points else ",", "")
    used = "." if points else ","
    whole, _, part = digits.partition(used)
    if not part:
        return (whole,) if whole and used == "." else ()
    pointed = f"{whole or 0}.{part}"
    if len(part) != 3 or not 1 <= len(whole) <= 3 or whole[0] == "0" or mark == used:
        return (pointed,)  # too few or too many digits for thousands, or the language says it
    return (whole + part,) if mark else (pointed, whole + part)


def _grouped(digits: str, group: str, mark: str) -> tuple[str, ...]:
    """`1.234.567,8` with group `.` and mark `,`. Groups of three, or the Indian 1,05,600."""
    whole, found, part = digits.partition(mark) if mark else (digits, "", "")
    if found and not part.isdigit():
        return ()
    first, *others = whole.split(group)
    if not (first.isdigit() and len(first) <= 3 and first[0] != "0" and others and all(o.isdigit() for o in others)):
        return ()
    indian = group == "," and len(first) <= 2 and len(others) > 1 and all(len(o) == 2 for o in others[:-1])
    if len(others[-1]) != 3 or not (indian or all(len(o) == 3 for o in others)):
        return ()
    return (whole.replace(group, "") + (f".{part}" if part else ""),)


def _span(value: Decimal, comparator: str, flag: str) -> Number:
    if comparator.startswith("<"):
        return Number(Decimal(0), value, False, comparator == "<", flag, ("CENSORED",))
    if comparator.startswith(">"):
        return Number(value, None, comparator == ">", False, flag, ("CENSORED",))
    return Number(value, value, False, False, flag)


def _shortest(value: Decimal) -> Decimal:
    """The short decimal behind a binary float's long one: 0.64999998 is 0.65, 3.5999999999999996 is 3.6.

    Only for texts of eight digits or more with a fraction, and only when `value` is what a float32 of
    the short decimal prints to that many places, or differs from it by 1e-12 at most (DESIGN, Numbers).
    """
    _, digits, exponent = value.as_tuple()
    if len(digits) < 8 or not isinstance(exponent, int) or exponent >= 0:
        return value
    single = _float32(float(value))
    for places in range(1, 7):  # what six digits cannot say, a float32 need not hold
        short = f"{single:.{places}g}"
        if single and _float32(float(short)) == single:
            if Decimal(single).quantize(Decimal((0, (1,), exponent)), context=_WIDE) == value:
                return Decimal(short)
            break
    if len(digits) >= 15:
        near = _TWELVE.plus(value)
        if abs(near - value) <= value * _NEAR:
            return near.normalize()
    return value


def _float32(value: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return 0.0


def _no_number(folded: str) -> Unreadable:
    """A result in words, dashes or stars. Words for clots and clumps hint at an artefact (B17), unless denied."""
    hints = any(not match[1] for match in _CLOT.finditer(unaccent(folded)))
    return Unreadable("RESULT_NOT_NUMERIC", note="text", issues=("ARTEFACT_POSSIBLE",) if hints else ())
