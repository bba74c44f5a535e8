"""Words in one language for one audience, looked up by key; and numbers as people write them."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from leukon.knowledge.model import Analyte, Knowledge
from leukon.knowledge.review import Text

MARKS = {"<": "under", "<=": "at-most", ">": "over", ">=": "at-least"}

UNIT_SIGNS = {"10*9/L": "×10⁹/L"}
"""UCUM writes 10*9/L; people read ×10⁹/L."""


class Phrases:
    """Texts of one language. Where the audience is `plain`, a key with `.plain` behind it comes first.

    A key that does not exist raises KeyError: both catalogues hold the same keys (a lint checks it).
    """

    def __init__(self, knowledge: Knowledge, language: str, audience: str) -> None:
        self.language, self.audience = language, audience
        self._texts = knowledge.texts[language]
        self._plain = audience == "plain"

    def __call__(self, key: str, /, **values: object) -> str:
        text = self._texts.get(f"{key}.plain") if self._plain else None
        if text is None:
            text = self._texts[key]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        return key in self._texts

    def of(self, text: Text) -> str:
        """The half of a bilingual text that is in this language."""
        return text.get(self.language) or text.get("en") or ""

    def series(self, prefix: str) -> list[str]:
        """`prefix.1`, `prefix.2`, ... as a list, each in the audience's words."""
        found: list[str] = []
        while f"{prefix}.{len(found) + 1}" in self._texts:
            found.append(self(f"{prefix}.{len(found) + 1}"))
        return found

    def number(self, canonical: str) -> str:
        """A canonical decimal string (with a point) as it is written in this language."""
        return canonical.replace(".", ",") if self.language == "pt" else canonical

    def numbers(self, canonical: list[str]) -> str:
        """Several numbers; a semicolon divides them where the comma is the decimal mark."""
        return ("; " if self.language == "pt" else ", ").join(map(self.number, canonical))

    def span(self, value: str) -> str:
        """A value of the Assessment ("3.6", "<0.1", "0.2 to 0.4") in this language; "at most 0.4" in plain words."""
        low, to, high = value.partition(" to ")
        if to:
            return f"{self.number(low)} {self('to')} {self.number(high)}"
        mark = value[: len(value) - len(value.lstrip("<>="))]
        number = self.number(value[len(mark) :])
        return self(f"value.{MARKS[mark]}", value=number) if mark else number

    def day(self, collected: str) -> str:
        """A collection time as sent; calendar dates in Portuguese as dd/mm/aaaa. Nothing is parsed that is not ISO."""
        day, _, time = collected.replace("T", " ").partition(" ")
        parts = day.split("-")
        if self.language == "pt" and len(parts) == 3 and all(p.isdigit() for p in parts) and len(parts[0]) == 4:
            day = "/".join(reversed(parts))
        return f"{day} {time[:5]}".strip()

    def ends(self, low: str, high: str) -> str:
        """An interval with both ends to the same decimals: "4.0–11.0", "≥ 1.5", "≤ 11"."""
        if low and high:
            places = max(len(low.partition(".")[2]), len(high.partition(".")[2]))
            low, high = (f"{Decimal(end):.{places}f}" for end in (low, high))
            return f"{self.number(low)}–{self.number(high)}"
        return f"≥ {self.number(low)}" if low else f"≤ {self.number(high)}" if high else ""

    def quantity(self, value: str, unit: str) -> str:
        sign = UNIT_SIGNS.get(unit, unit)
        return f"{self.span(value)} {sign}".strip()

    def per_microlitre(self, value: str, unit: str) -> str:
        """The same count per microlitre, as Brazilian reports and older ones print it; "" where it does not apply."""
        low, to, _ = value.partition(" to ")
        if unit != "10*9/L" or to or not low[:1].isdigit():
            return ""
        per = Decimal(low) * 1000
        if per != per.to_integral_value():
            return ""
        digits = f"{int(per):,}"
        return f"{digits.replace(',', '.')}/mm³" if self.language == "pt" else f"{digits} per µL"


def shown(low: int | None, high: int | None, analyte: Analyte | None, *, top: int | None = None) -> str:
    """A closed interval of base units as a canonical text: "3.6", "<0.1", "<=0.1", ">100" or "0.2 to 0.4".

    `top`: the largest value that the reader can say (an interval that ends there has no upper end).
    Of the open and the closed spelling the shorter is shown: [0, 99 999 999] cells/L is "<0.1".
    """
    factor = analyte.display_factor if analyte is not None else 1
    if low is None or high is None:
        return ""
    if low == high:
        return decimal(low, factor)
    if low == 0:
        return min(f"<={decimal(high, factor)}", f"<{decimal(high + 1, factor)}", key=len)
    if top is not None and high >= top:
        return min(f">={decimal(low, factor)}", f">{decimal(low - 1, factor)}", key=len)
    return f"{decimal(low, factor)} to {decimal(high, factor)}"


@lru_cache(maxsize=4096)
def decimal(base: int, factor: int) -> str:
    """Whole base units divided by the display factor (a power of ten), exactly; shortest text, but 4.0 and not 4."""
    whole, rest = divmod(base, factor)
    if not rest:
        return f"{whole}.0" if factor > 1 and 0 < whole < 10 else str(whole)
    return f"{whole}.{str(rest).zfill(len(str(factor)) - 1).rstrip('0')}"
