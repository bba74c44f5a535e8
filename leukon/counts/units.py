"""The spellings of a unit, and what each means.

Laboratories write the unit of a white count in more than a hundred ways; UCUM libraries misread many of them
(K/uL as kelvin). So the meaning comes from `knowledge/units.csv` and only the handwriting is folded here:
case, spaces, "x", "cells", superscripts, both mu, the ways of writing an exponent and a cubic millimetre.

    Units(rows).find("×10³/µL", COUNT, "en")   the row of 10^3/ul
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Protocol

from leukon.counts.text import clean, unaccent


class Unit(Protocol):
    """A row of units.csv: base = value * num / den (cells/L, ppm, mg/L, aL). `leukon.knowledge.model.Unit` is one.

    `locales`: languages in which the spelling has this meaning (() = all). `issue`: raised whenever it is used.
    `min_value`: the least number that may stand before a truncated spelling ("" = any). quantity "refused" or
    num 0: a unit that is known and not usable; `issue` is the reason.
    """

    @property
    def spelling(self) -> str: ...
    @property
    def quantity(self) -> str: ...
    @property
    def ucum(self) -> str: ...
    @property
    def num(self) -> int: ...
    @property
    def den(self) -> int: ...
    @property
    def locales(self) -> tuple[str, ...]: ...
    @property
    def issue(self) -> str: ...
    @property
    def min_value(self) -> str: ...


COUNT: Final = frozenset({"count"})
SHARE: Final = frozenset({"percent", "fraction", "ratio"})
CELL: Final = COUNT | SHARE
MASS: Final = frozenset({"mass"})
VOLUME: Final = frozenset({"volume"})
ANY: Final = CELL | MASS | VOLUME | {"refused"}

LONGEST: Final = 80  # characters; a longer text is a comment, not a unit

_NONE = frozenset({"", "-", "--", ".", "?", "na", "n/a", "none", "null", "nan", "nounit", "nounits", "unknown"})

_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
_STEPS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        # words, while the spaces are still there
        (r"\b(?:per|por)\b", "/"),
        (r"\bcubic millimet(?:er|re)s?|\bmilimetros? cubicos?", "mm3"),
        (r"\bmicrolit(?:er|re)s?\b|\bmicrolitros?\b|\bmcl\b", "ul"),
        (r"\blit(?:er|re|ro)s?\b", "l"),
        (r"(?<![\d.])10 +\(?(?=\d)", "10^"),  # 10 3, 10 (3): the space says that the 3 is an exponent
        (r"[\s{}\[\]]+", ""),
        # volumes
        (r"mm(?:\^3|\*{1,2}3|\^?-3|cu)|cu\.?mm|(?<=.)cmm", "mm3"),
        (r"[./]l\^?-1$", "/l"),
        (r"\.(?=mm3$)", "/"),
        # powers of ten: 10*3, 10^3, 10E3, 10X3, 10(3), 10'3, 10~u~3, 1E03, 1000/; a leading x says "times"
        (r"(?<![\d.])10(?:\*\*|\^\(|~u~|[*^'~x(]|e)\+?0*(\d+)\)?", r"10^\1"),
        (r"(?<![\d.])1e\+?0*(\d+)(?=/)", r"10^\1"),
        (r"(?<![\d.,])1[.,]?000(?=/)", "10^3"),
        (r"^[x*.]+(?=10)", ""),
        # the cells that are counted
        (r"'(?=wbc)|[.*](?=wbc)", ""),
        (r"(?<=/100)(?:leukocytes?|leucocytes?|leucocitos?)", "wbc"),
        (r"[.*]?(?:cell{1,2}s?|cels?|celulas?|wbcs?|leu[ck]ocytes?|leucocitos?|#)\.?(?=/)", ""),
        (r"\.(?=/)", ""),
        (r"^1/(?!100)", "/"),
    )
)


@lru_cache(maxsize=4096)
def fold_unit(text: str) -> str:
    """One spelling for all that differ in handwriting: `x10³ cells/µL` and `10E3/MCL` are `10^3/ul`. Idempotent."""
    text = _RAISED.sub(lambda run: "^" + run[0].translate(_SUPERSCRIPT), text)
    text = unaccent(clean(text.replace("×", "x").replace("∗", "*").replace("ˆ", "^").replace("·", ".")))
    text = text.replace("μ", "u")
    for pattern, put in _STEPS:
        text = pattern.sub(put, text)
    return text


class Units:
    """The rows of units.csv, ready to be looked up. Build it once and keep it."""

    def __init__(self, rows: Iterable[Unit]) -> None:
        self._rows: dict[str, list[Unit]] = {}
        self._known: dict[tuple[str, frozenset[str], str], Unit | str] = {}
        for row in rows:
            alike = self._rows.setdefault(fold_unit(row.spelling), [])
            if not any(_meaning(row) == _meaning(other) for other in alike):
                alike.append(row)

    def find(self, text: str, kinds: frozenset[str], locale: str = "") -> Unit | str:
        """The unit that `text` says for a result that may be of `kinds`, or the code of why there is none.

        UNIT_MISSING (none stated), UNIT_UNKNOWN (no such unit, or not one for this analyte), UNIT_AMBIGUOUS
        (its meaning depends on a language that is not known, or it is refused).
        """
        if len(text) > LONGEST:
            return "UNIT_UNKNOWN"
        key = (text, kinds, locale[:2].lower())
        found = self._known.get(key)
        if found is None:
            if len(self._known) > 10_000:
                self._known.clear()
            found = self._known[key] = self._look_up(*key)
        return found

    def meanings(self, text: str, kinds: frozenset[str]) -> list[Unit]:
        """Every meaning of a spelling in any language, for showing the readings of a refused one."""
        return [row for row in self._alike(text) if row.quantity in kinds]

    def _look_up(self, text: str, kinds: frozenset[str], language: str) -> Unit | str:
        rows = self._alike(text)
        if not rows and fold_unit(text) in _NONE:
            return "UNIT_MISSING"
        spoken = [row for row in rows if not row.locales or language in row.locales]
        usable = [row for row in spoken if row.quantity in kinds and row.num]
        if usable and "mass" not in kinds and any(row.quantity == "mass" for row in rows) and text.strip()[0].islower():
            return "UNIT_UNKNOWN"  # on a cell count G/L is giga and g/L grams: a capital tells them apart
        if usable:
            return usable[0]
        if any(row.quantity == "refused" or not row.num for row in spoken):
            return next(row.issue for row in spoken if row.quantity == "refused" or not row.num)
        if not spoken and any(row.quantity in kinds for row in rows):
            return "UNIT_AMBIGUOUS"
        return "UNIT_UNKNOWN"

    def _alike(self, text: str) -> list[Unit]:
        """The rows of a spelling. A cubic millimetre is a microlitre: whichever of the two the table has."""
        if len(text) > LONGEST:
            return []
        folded = fold_unit(text)
        other = folded.replace("mm3", "ul") if "mm3" in folded else folded.replace("ul", "mm3")
        return self._rows.get(folded) or self._rows.get(other) or []


def _meaning(row: Unit) -> tuple[object, ...]:
    return (row.quantity, row.num, row.den, row.locales, row.issue, row.min_value)
