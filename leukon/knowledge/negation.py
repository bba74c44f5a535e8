"""Which words of a text are denied: `no evidence of malaria`, `family history of lupus`, `dengue descartada`.

A word of denial reaches to the next comma (a history: beyond it), semicolon, `with`, `but` (pt: `com`, `mas`).
Words are counted as `cause_names` counts them, so that both speak of the same places. Of a medicine other words deny:
an allergy to it, that it was never taken; that it was taken long ago does not.
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
BEFORE_DRUG = (
    "without", "not taking", "not take", "not on", "not using", "never took", "never taken", "never used", "never had",
    "never on", "denies", "denied", "allergy to", "allergies to", "allergic to", "allergy", "allergies",
    "allergic reaction to", "hypersensitivity to", "intolerance to", "intolerant to", "intolerance", "contraindicated",
    "declined", "declines", "refused", "refuses", "no use of",
    "sem", "nao toma", "nao tomou", "nao usa", "nao usou", "nao faz uso", "nao fez uso", "nunca tomou", "nunca usou",
    "nunca fez uso", "nega", "negou", "alergia a", "alergia ao", "alergias a", "alergico a", "alergica a",
    "alergico ao", "alergica ao", "alergia", "alergias", "hipersensibilidade a", "hipersensibilidade ao",
    "intolerancia a", "intolerancia ao", "intolerante a", "intolerante ao", "intolerancia", "contraindicado",
    "contraindicada", "contra indicado", "contra indicada", "recusou", "recusa", "ausencia de",
)  # fmt: skip
"""What says of the medicine after it that it is not taken."""
AFTER_DRUG = (
    "never taken", "not taken", "never used", "not used", "never started", "not started", "not given", "never given",
    "declined", "refused", "contraindicated", "allergy", "allergic", "hypersensitivity", "intolerance",
    "nunca tomado", "nunca tomada", "nunca tomou", "nao tomado", "nao tomada", "nao tomou", "nunca usou",
    "nunca usado", "nao usou", "nao usado", "nao iniciado", "nao iniciada", "recusado", "recusada", "recusou",
    "contraindicado", "contraindicada", "alergia", "alergico", "alergica", "hipersensibilidade", "intolerancia",
)  # fmt: skip
"""What says it of the medicine before it."""
PURPOSE = frozenset(("for", "against", "para", "contra", "por", "seasonal", "skin", "if", "se"))
"""Before an allergy: what the medicine is taken for."""
KEPT_ON = ("stop", "discontinu", "interr", "miss", "suspen", "parar", "paus", "chang", "alter")
"""How the word begins after which a denial speaks of the end of a medicine: `without stopping clozapine`."""
BETWEEN = frozenset(("recent", "current", "prior", "previous", "known", "use", "of", "or", "nor", "uso", "ou", "nem"))
"""Words over which `no` reaches to the next word."""
FIRST = ("no",)
"""Denies only where it begins a part: in Portuguese `no` means `in the`."""
BOUNDS = frozenset(("with", "but", "com", "mas", "due", "porem", "secondary"))
FAR = ("history", "historia", "historico", "antecedente", "antecedentes", "vaccination", "vacinacao", "screening")
"""Words of denials that commas do not end."""
_TOKEN = re.compile(r"[a-z0-9]+|[,;.:|]")


def denied(text: str, drug: bool = False) -> frozenset[int]:
    """The places (0..) of the words that the text denies. `drug`: it names a medicine, else a condition.

    A part that is a denial and nothing more speaks of the part before it: `malaria: negative`.
    """
    found: set[int] = set()
    folded = unaccent(clean(text))
    befores, afters = (BEFORE_DRUG, AFTER_DRUG) if drug else (BEFORE, AFTER)
    if drug:
        folded = folded.replace(":", " ")
    elif any(word in folded for word in FAR):
        folded = folded.replace(",", " ")
    last: list[tuple[int, str]] = []
    for part in _parts(folded):
        words = [word for _, word in part]
        for at in range(len(part)):
            if drug and at and words[at - 1] in PURPOSE:
                continue
            first = at == 0 and words[0] in FIRST
            if first and drug:
                found.update(part[near][0] for near in _nearest(words))
            elif first or any(_is(words, at, phrase) and not _goes_on(words, at, phrase) for phrase in befores):
                found.update(place for place, _ in part[at:])
            if any(_is(words, at, phrase) for phrase in afters) and not (drug and at and words[at - 1] in ("of", "de")):
                found.update(place for place, _ in part[:at])
        if " ".join(words) in afters:
            found.update(place for place, _ in last)
        last = part
    return frozenset(found)


def _nearest(words: list[str]) -> list[int]:
    """What a `no` at the beginning reaches: the next word (in Portuguese it may mean `in the`), and that after `or`."""
    reached = []
    for at in range(1, len(words)):
        reached.append(at)
        if words[at] not in BETWEEN and (at + 1 == len(words) or words[at + 1] not in BETWEEN):
            break
    return reached


def _goes_on(words: list[str], at: int, phrase: str) -> bool:
    """Whether what is denied is the end of the medicine."""
    after = at + len(phrase.split())
    return after < len(words) and words[after].startswith(KEPT_ON)


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
