"""Which words of a text are denied: `no evidence of malaria`, `family history of lupus`, `dengue descartada`.

A word of denial reaches to the next comma (a history: beyond it), semicolon, `with`, `but` (pt: `com`, `mas`).
Words are counted as `cause_names` counts them, so that both speak of the same places.
"""

from __future__ import annotations

import re

from leukon.counts.text import clean, unaccent

BEFORE = (
    "family history of", "history of", "screening", "screen for", "screening for", "without", "not", "rule out",
    "r o", "ruled out", "negative for", "absence of", "denies", "suspected", "vaccination", "immunization",
    "immunisation", "contact with", "encounter for immunization", "risk of", "risk for", "free of", "evaluation for",
    "fear of",
    "historia familiar de", "historico familiar de", "antecedente familiar de", "antecedentes familiares de",
    "historia de", "historico de", "historia pregressa de", "antecedente de", "antecedentes de", "sem", "nao", "nega",
    "negativo para", "ausencia de", "descartar", "descartada", "excluir", "rastreamento", "rastreio", "triagem",
    "suspeita de", "vacinacao", "contato com", "risco de",
)  # fmt: skip
"""What denies the words after it."""
AFTER = (
    "ruled out", "excluded", "negative", "not found", "not present", "absent", "screening", "vaccine", "vaccination",
    "descartado", "descartada", "excluido", "excluida", "afastado", "afastada", "negativo", "negativa", "ausente",
)  # fmt: skip
"""What denies the words before it."""
FIRST = ("no",)
"""Denies only where it begins a part: in Portuguese `no` means `in the`."""
BOUNDS = frozenset(("with", "but", "com", "mas", "due", "porem", "secondary"))
FAR = ("history", "historia", "historico", "antecedente", "antecedentes", "vaccination", "vacinacao", "screening")
"""Words of denials that commas do not end."""
_TOKEN = re.compile(r"[a-z0-9]+|[,;.:|]")


def denied(text: str) -> frozenset[int]:
    """The places (0..) of the words that the text denies."""
    found: set[int] = set()
    folded = unaccent(clean(text))
    far = any(word in folded for word in FAR)
    for part in _parts(folded.replace(",", " ") if far else folded):
        words = [word for _, word in part]
        for at in range(len(part)):
            if any(_is(words, at, phrase) for phrase in BEFORE) or (at == 0 and words[0] in FIRST):
                found.update(place for place, _ in part[at:])
            if any(_is(words, at, phrase) for phrase in AFTER):
                found.update(place for place, _ in part[:at])
    return frozenset(found)


def _is(words: list[str], at: int, phrase: str) -> bool:
    wanted = phrase.split()
    return words[at : at + len(wanted)] == wanted


def _parts(text: str) -> list[list[tuple[int, str]]]:
    """The words of a folded text with their places, cut where a denial ends."""
    parts: list[list[tuple[int, str]]] = [[]]
    place = 0
    for token in _TOKEN.findall(text):
        if not token[0].isalnum():
            parts.append([])
            continue
        if token in BOUNDS and parts[-1]:
            parts.append([])
        parts[-1].append((place, token))
        place += 1
    return [part for part in parts if part]
