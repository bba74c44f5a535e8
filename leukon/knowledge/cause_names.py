"""From a drug or condition as somebody wrote it to causes: names, brands, RxNorm, ATC, ICD-10-CM, SNOMED CT.

Text is compared by whole words: case, accents and punctuation are folded, British and American spellings are one,
salts, doses and forms around a name do not matter. The longest name wins where two share words. A text may mean several
causes (a combination product). Misspelt text means nothing: `near_causes` only says what it is spelled like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from leukon.counts.text import clean, unaccent
from leukon.knowledge.model import Knowledge
from leukon.knowledge.negation import denied
from leukon.knowledge.reasons import Cause

SALTS = frozenset(
    [
        "acetate", "axetil", "besylate", "bromide", "calcium", "chloride", "citrate", "dihydrate", "hcl",
        "hydrochloride", "hyclate", "maleate", "mesylate", "mofetil", "monohydrate", "phosphate", "potassium", "sodium",
        "succinate", "sulfate", "sulphate", "tartrate", "tosylate", "acetato", "besilato", "brometo", "calcio",
        "cloreto", "cloridrato", "citrato", "fosfato", "maleato", "mesilato", "mofetila", "potassica", "potassico",
        "sodica", "sodico", "succinato", "sulfato", "tartarato", "de",
    ]
)  # fmt: skip
"""Words of a drug's salt or ester that its name may or may not carry."""
ENGLISH = frozenset(["all", "age", "ain", "ra", "was", "cin", "sex", "aids", "early"])
"""Short names that are plain words too: read only where they are the whole text."""
PLAIN = frozenset(["dress"])
"""Longer ones, read inside a text only in capitals."""
SPELLED_SHORT = frozenset(["azt", "mtx", "ptu"])
"""Short names of drugs that are no plain words: read inside a text however they are written."""
NOT_INSIDE = frozenset(["gold"])
"""Drugs whose name is part of too many other products (Gold Bond): read only where they are the whole text."""
LONG_WORD, SHORT_WORD, CODED = 5, 4, 3
"""Letters from which a single word may stand for a cause inside a longer text; shorter ones are abbreviations."""
CLASS = 4
"""Letters and digits from which a part of an ATC code means every medicine beneath it: L01X, L01XA."""
TREATMENTS = frozenset(["chemotherapy"])
"""Conditions that a list of medicines may name: the treatment instead of its drugs."""
NEAR, MOST_NEAR, MOST_WORDS, LONGEST_NEAR = 0.8, 3, 8, 80
ALIKE = str.maketrans("kqzfyjxh", "ccspigs ")
SYSTEMS = {"rxnorm": "rxnorm", "atc": "atc", "whocc": "atc", "icd10": "icd10cm", "icd-10": "icd10cm"}
SYSTEMS |= {"snomed": "snomed", "sct": "snomed"}
ATC = re.compile(r"^[A-Z]\d{2}(?:[A-Z](?:[A-Z](?:\d{2})?)?)?$")
ICD = re.compile(r"^[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?$")
_WORD = re.compile(r"[a-z0-9]+")
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]")

Words = tuple[str, ...]


class Index(NamedTuple):
    """Look-ups of one knowledge and one type of cause. `names`: folded words → ids of causes; `spelled` and
    `heard` (by first sound): for hints."""

    codes: dict[str, dict[str, tuple[str, ...]]]
    icd: tuple[tuple[str, str, bool], ...]
    names: dict[Words, tuple[str, ...]]
    inside: frozenset[Words]
    capitals: frozenset[Words]
    longest: int
    spelled: dict[str, str]
    heard: dict[str, list[str]]


_INDEXES: dict[tuple[str, str], Index] = {}


def find_causes(knowledge: Knowledge, text: str, system: str = "", kind: str = "") -> tuple[str, ...]:
    """Ids of the causes that a name or code means, in the order they stand in the text; () when none is known.

    `system` is a name or URL (RxNorm, ATC, ICD-10-CM, SNOMED CT); without it codes are known by their shape. `kind` is
    drug or condition, "" for both. What the text denies ("without", "family history of", "allergy to") is not meant.
    A medicine may also be a treatment without the names of its drugs (`TREATMENTS`).
    """
    text = text.strip()
    if not text:
        return ()
    kinds = (kind,) if kind else ("drug", "condition")
    of = system_of(system)
    found = dict.fromkeys(cause for one in kinds for cause in _find(index(knowledge, one), text, of, one == "drug"))
    if kind == "drug" and not found:
        named = _find(index(knowledge, "condition"), text, of, drug=True)
        found = dict.fromkeys(cause for cause in named if cause in TREATMENTS)
    return tuple(found)


def near_causes(knowledge: Knowledge, text: str, kind: str = "") -> list[str]:
    """Names that are spelled nearly like an unmatched text, best first. They are suggestions and are never used."""
    said = _words(text)
    whole = " ".join(said)
    words = [word for word in said[:MOST_WORDS] if len(word) >= LONG_WORD and not word.isdigit()]
    found = []
    for one in (kind,) if kind else ("drug", "condition"):
        held = index(knowledge, one)
        hits = _close(held, whole, MOST_NEAR) if len(whole) <= LONGEST_NEAR else []
        hits += [hit for word in words if word != whole for hit in _close(held, word, 2)]
        found += [held.spelled[hit] for hit in hits]
    return list(dict.fromkeys(found))[:MOST_NEAR]


def _close(held: Index, text: str, most: int) -> list[str]:
    """Names spelled like a text, among those of about its length that sound the same at the beginning."""
    room = 2 + len(text) // 5
    names = [name for name in held.heard.get(_sound(text), ()) if abs(len(name) - len(text)) <= room]
    return get_close_matches(text, names, most, NEAR)


def _sound(text: str) -> str:
    """The first letter, one for letters that are mistaken for each other."""
    return text[:1].translate(ALIKE)


def system_of(system: str) -> str:
    """rxnorm | atc | icd10cm | snomed, "" when the system is not named, `other` when it is one we do not know."""
    if not system.strip():
        return ""
    folded = system.lower()
    return next((name for mark, name in SYSTEMS.items() if mark in folded), "other")


def index(knowledge: Knowledge, kind: str) -> Index:
    """The look-ups of one type of cause, made once for each knowledge."""
    held = _INDEXES.get((knowledge.sha256, kind))
    if held is None:
        if len(_INDEXES) >= 8:
            _INDEXES.clear()
        causes = [cause for cause in knowledge.causes.values() if cause.type == kind]
        held = _INDEXES[knowledge.sha256, kind] = _index(causes)
    return held


def _find(held: Index, text: str, system: str, drug: bool) -> Iterator[str]:
    if system == "other":
        return
    code = text.upper()
    for name in ("rxnorm", "atc", "snomed"):
        if system in ("", name) and (found := held.codes[name].get(code)):
            yield from found
            return
    if system in ("", "atc") and ATC.match(code):
        for known, causes in held.codes["atc"].items():
            if code.startswith(known) or (len(code) >= CLASS and known.startswith(code)):
                yield from causes
    if system in ("", "icd10cm") and ICD.match(code) and (found := tuple(_by_icd(held, code.replace(".", "")))):
        yield from found
        return
    if not system:
        yield from _by_name(held, text, drug)


def _by_icd(held: Index, code: str) -> Iterator[str]:
    against = {cause for prefix, cause, means in held.icd if not means and code.startswith(prefix)}
    yield from (
        cause for prefix, cause, means in held.icd if means and code.startswith(prefix) and cause not in against
    )


def _by_name(held: Index, text: str, drug: bool) -> Iterator[str]:
    said = _words(text)
    if found := held.names.get(said):
        yield from found
        return
    capitals = frozenset(_words(" ".join(re.findall(r"\b[A-Z][A-Z0-9]+\b", text)))) if text != text.upper() else ()
    no = denied(text, drug)
    place = 0
    while place < len(said):
        for length in range(min(held.longest, len(said) - place), 0, -1):
            piece = said[place : place + length]
            found = held.names.get(piece)
            if found and (piece in held.inside or (piece in held.capitals and piece[0] in capitals)):
                if place not in no:
                    yield from found
                place += length - 1
                break
        place += 1


# --- names ------------------------------------------------------------------------------------------


def _index(causes: list[Cause]) -> Index:
    codes: dict[str, dict[str, list[str]]] = {"rxnorm": {}, "atc": {}, "snomed": {}}
    icd: list[tuple[str, str, bool]] = []
    names: dict[Words, list[str]] = {}
    inside, capitals = set(), set()
    spelled: dict[str, str] = {}
    for cause in causes:
        for system, known in codes.items():
            for code in getattr(cause, system):
                known.setdefault(code.upper(), []).append(cause.id)
        icd += [(code.replace(".", "").upper(), cause.id, True) for code in cause.icd10cm]
        icd += [(code.replace(".", "").upper(), cause.id, False) for code in cause.icd10cm_not]
        for name, own in (*_names(cause), (cause.id, False)):
            words = _words(name.replace("_", " "))
            if not words:
                continue
            if cause.id not in names.setdefault(words, []):
                names[words].append(cause.id)
            if own:
                spelled.setdefault(" ".join(words), name)
            if name == cause.id and cause.type == "condition" and not own:
                continue  # the id of a condition may be a plainer word than its names (`transplant`): read alone only
            if _stands_inside(words, cause):
                inside.add(words)
            elif (len(words) == 1 or cause.type == "drug") and name.isupper() and _is_short(words):
                capitals.add(words)
    heard: dict[str, list[str]] = {}
    for name in spelled:
        heard.setdefault(_sound(name), []).append(name)
    return Index(
        codes={name: {code: tuple(ids) for code, ids in known.items()} for name, known in codes.items()},
        icd=tuple(icd),
        names={words: tuple(ids) for words, ids in names.items()},
        inside=frozenset(inside),
        capitals=frozenset(capitals),
        longest=max(map(len, names), default=0),
        spelled=spelled,
        heard=heard,
    )


def _stands_inside(words: Words, cause: Cause) -> bool:
    """Whether a name may be found within a longer text.

    A single word of a condition without any code (`stress`, `growth`, `sex`) is too plain a word for that.
    """
    letters = sum(map(len, words))
    if cause.type == "drug":
        coded = letters >= CODED and any(mark.isdigit() for word in words for mark in word)
        if len(words) > 1:  # R-CHOP and 6-MP too
            return coded or letters >= 2 * SHORT_WORD - 1 or max(map(len, words)) >= SHORT_WORD
        return (letters >= SHORT_WORD or coded or words[0] in SPELLED_SHORT) and words[0] not in NOT_INSIDE
    if len(words) > 1:
        return letters >= 2 * SHORT_WORD - 1
    return len(words[0]) >= LONG_WORD and bool(cause.icd10cm or cause.snomed) and words[0] not in PLAIN


def _is_short(words: Words) -> bool:
    """Whether a name in capitals may be read inside a text where it stands in capitals."""
    return sum(map(len, words)) >= CODED and words[0] not in ENGLISH


def _names(cause: Cause) -> Iterator[tuple[str, bool]]:
    """Every name of a cause, and whether it is as written (then it may be suggested)."""
    every: list[str] = [*cause.name.values()]
    for synonyms in cause.synonyms.values():
        every += synonyms
    for name in every:
        plain = _BRACKET.sub("", name).strip()
        yield name, True
        if plain and plain != name:
            yield plain, True
        for part in re.split(r"\s+/\s+", plain) if " / " in plain else ():
            yield part.strip(), True
        bare = without_salts(_words(plain)) if cause.type == "drug" else ()
        if bare and bare != _words(plain):
            yield " ".join(bare), False


def without_salts(words: Words) -> Words:
    """The words of a drug without those of its salt; () when no word that could be a name is left."""
    bare = tuple(word for word in words if word not in SALTS)
    return bare if any(len(word) >= LONG_WORD for word in bare) else ()


@lru_cache(maxsize=4096)
def _words(text: str) -> Words:
    """The folded words of a text: `Leucémie aiguë (AML)` is leucemie aigue aml; haem, tumour and hem, tumor are one."""
    return tuple(_word(word) for word in _WORD.findall(unaccent(clean(text))))


def _word(word: str) -> str:
    return word.replace("ae", "e").replace("oe", "e").replace("our", "or") if len(word) > SHORT_WORD else word


def clashes(causes: Iterable[Cause]) -> Iterator[str]:
    """Names that two causes of one type share without one being part of the other (a combination shares on purpose)."""
    owners: dict[tuple[str, Words], Cause] = {}
    for cause in causes:
        for name in cause.name.values():
            other = owners.setdefault((cause.type, _words(name)), cause)
            if other.id != cause.id and cause.id not in other.parts and other.id not in cause.parts:
                yield f"{cause.at}: the name {name!r} means {other.id} and {cause.id}; expected one cause"
