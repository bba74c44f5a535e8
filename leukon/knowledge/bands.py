"""The number line of one term: grades in order, no gap, no overlap, and print equal to machine value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from leukon.knowledge.model import Analyte, Band, Term

PRINTED_UNITS: dict[str, Fraction] = {
    r"/ ?(?:mm3|uL|cumm)\b": Fraction(10**6),
    r"x? ?10(?:\^|\*|e|E)9 ?/ ?L\b": Fraction(10**9),
}
"""Units inside printed wordings, and cells per litre in one of them."""


def gaps(term: Term) -> Iterator[str]:
    """Problems in the order of the grades that a count alone can decide."""
    counted = [band for band in term.bands if not band.needs]
    for band in counted:
        if band.low is None and band.high is None and not band.upto_lln and not band.above_uln:
            yield f"{band.at}: {band.id} has no numbers; expected from, to, below, above, or needs"
        if band.low is not None and band.high is not None and band.low > band.high:
            yield f"{band.at}: {band.id} ends below its start"
    for band in term.bands:
        if not band.needs and band.upto_lln and term.direction != "low":
            yield f"{band.at}: {band.id} is bound to the lower limit of a high term"
        if band.above_uln and term.direction != "high":
            yield f"{band.at}: {band.id} is bound to the upper limit of a low term"
    for mild, severe in pairwise(counted):
        if severe.grade <= mild.grade:
            yield f"{severe.at}: {severe.id} stands after {mild.id}; expected grades in order, mildest first"
        elif severe.upto_lln or severe.above_uln:
            yield f"{severe.at}: {severe.id} is bound to the laboratory's limit; expected only of the mildest grade"
        elif _joint(mild, severe, term.direction) is None:
            yield f"{severe.at}: {severe.id} and {mild.id} have an open end between them; expected both ends stated"
        elif step := _joint(mild, severe, term.direction):
            what = "a gap" if step > 0 else "an overlap"
            yield f"{severe.at}: {what} between {mild.id} and {severe.id}; expected one to begin where the other ends"
    if counted and (counted[-1].low if term.direction == "low" else counted[-1].high) is not None:
        yield f"{counted[-1].at}: the most severe grade {counted[-1].id} has an end; expected none"


def _joint(mild: Band, severe: Band, direction: str) -> int | None:
    """Whole base units between two neighbours: 0 = they touch, above = a gap, below = an overlap."""
    upper, lower = (mild, severe) if direction == "low" else (severe, mild)
    if upper.low is None or lower.high is None:
        return None
    return upper.low - lower.high - 1


def misprints(term: Term, analyte: Analyte) -> Iterator[str]:
    """Every printed number is an end of the machine value, and every end is printed."""
    for band in term.bands:
        if not re.search(r"\d", band.printed):
            continue
        for part in band.printed.split(";"):
            numbers = printed_numbers(part, analyte)
            for text, value, step in numbers:
                if not (_is_low(band, value) or _is_high(band, value, step)):
                    yield f"{band.at}: {band.id} prints {text}; expected an end of its machine value"
            where = f"{band.at}: {band.id} prints {part.strip()!r}"
            if band.low is not None and not any(_is_low(band, value) for _, value, _ in numbers):
                yield f"{where}; expected its lower end {_shown(band.low, analyte)} in it"
            if band.high is not None and not any(_is_high(band, value, step) for _, value, step in numbers):
                yield f"{where}; expected its upper end {_shown(band.high, analyte)} in it"


def _is_low(band: Band, value: Fraction) -> bool:
    """`from x` and `above x` both print x."""
    return band.low is not None and value in (band.low, band.low - 1)


def _is_high(band: Band, value: Fraction, step: Fraction) -> bool:
    """`to x` and `below x` both print x; `below 2.0` may also print its last step, 1.999."""
    return band.high is not None and (value in (band.high, band.high + 1) or value + step == band.high + 1)


def _shown(whole: int, analyte: Analyte) -> str:
    return f"{whole / analyte.display_factor:.6g} {analyte.display_unit}"


def printed_numbers(text: str, analyte: Analyte) -> list[tuple[str, Fraction, Fraction]]:
    """(as printed, base units, base units of one step of its last decimal) of each number in a wording.

    "1.5 - 1.999" closes at 1.999 what the machine closes below 2.0: one printed step further.
    """
    factor = Fraction(analyte.display_factor)
    for pattern, cells in PRINTED_UNITS.items():
        text, replaced = re.subn(pattern, " ", text)
        if replaced:
            factor = cells
    found = []
    for match in re.finditer(r"\d[\d,]*(?:\.\d+)?", text):
        digits = match[0].replace(",", "")
        decimals = len(digits.partition(".")[2])
        found.append((match[0], Fraction(digits) * factor, Fraction(1, 10**decimals) * factor))
    return found
