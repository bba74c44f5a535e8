"""Blasts in the words of a laboratory: flags of an analyser (`Blasts?`), and numbers without a unit."""

from __future__ import annotations

import re

from leukon.counts.text import clean, unaccent
from leukon.knowledge.negation import denied

BLASTS = re.compile(r"(?:myelo|mielo|lympho|linfo|mono)?blast(?:o?s|o|ic|ic[ao]s)?")
"""The word in a flag; erythroblasts and megaloblasts are other cells."""
NO_BLASTS = re.compile(r"\bblast\w*\W*(?:0(?:[.,]0+)?\s*%?|neg|-)\s*$")
SUSPECTED = re.compile(r"\b(?:suspected|suspeita de|screening|screen for|triagem|rastreio|risk of|risco de)\b")
"""Words that deny a diagnosis but raise an alarm."""
_WORD = re.compile(r"[a-z0-9]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def tells_blasts(flag: str | None) -> bool:
    """Whether the flag of a result says that blasts are, or may be, in the sample; a denied word says nothing."""
    if not flag or "blast" not in flag.lower():
        return False
    said = SUSPECTED.sub("seen", unaccent(clean(flag)))
    if NO_BLASTS.search(said):
        return False
    no = denied(said)
    return any(BLASTS.fullmatch(word) and at not in no for at, word in enumerate(_WORD.findall(said)))


def above_zero(text: str) -> bool:
    """Whether the first number of a text is above zero; a limit (`<1`) may be zero."""
    found = None if text.startswith(("<", "≤")) else _NUMBER.search(text)
    return found is not None and bool(found.group().strip("0.,"))
