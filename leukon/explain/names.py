"""From words to things: every name in both languages, folded, and what an unknown word is spelled like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from leukon.counts.text import fold_name
from leukon.knowledge.model import Knowledge

NEAR, LIKE, LOOSE = 5, 0.7, 0.5
"""How many near names are offered, from which likeness on, and from which when none is that near."""
LONGEST = 80
"""Letters of a word that are compared; near names of anything longer would be chance."""


class Known(NamedTuple):
    """One thing that has a page."""

    kind: str
    id: str


class Names:
    """All names of one knowledge: causes, analytes and topics come first, then seed items, then what decides."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._seeds = knowledge.seeds
        self.first: dict[str, list[Known]] = {}
        self.items: dict[str, list[Known]] = {}
        self.rest: dict[str, list[Known]] = {}
        self.spelled: dict[str, str] = {}
        for level, kind, id_, names in _named(knowledge):
            held = (self.first, self.items, self.rest)[level]
            for name in names:
                self._add(held, name, Known(kind, id_))

    def find(self, words: str) -> list[Known]:
        """Things that are called exactly so, whatever the case, accents and punctuation.

        An item of a founding document is one of them where it means something else by the same words.
        """
        key = fold_name(words)
        named = self.first.get(key, [])
        ids = {known.id for known in named}
        items = [known for known in self.items.get(key, []) if not ids & {*self._seeds[known.id].ends}]
        return [*named, *items] or self.rest.get(key, [])

    def near(self, words: str) -> list[str]:
        """Names spelled nearly so, best first."""
        key = fold_name(words)[:LONGEST]
        hits = get_close_matches(key, self.spelled, NEAR, LIKE) or get_close_matches(key, self.spelled, NEAR, LOOSE)
        return list(dict.fromkeys(self.spelled[hit] for hit in hits))

    def _add(self, held: dict[str, list[Known]], name: str, known: Known) -> None:
        key = fold_name(name)
        if not key:
            return
        found = held.setdefault(key, [])
        if known not in found:
            found.append(known)
        if len(key) <= LONGEST and not key.isdigit():
            self.spelled.setdefault(key, name)


def _named(knowledge: Knowledge) -> Iterator[tuple[int, str, str, list[str]]]:
    """(level, kind, id, names) of everything that people call by a name."""
    for cause in knowledge.causes.values():
        codes = (*cause.rxnorm, *cause.atc, *cause.icd10cm, *cause.snomed)
        names = [*_both(cause.name, cause.synonyms), *codes, cause.id]
        yield 0, "cause", cause.id, [*names, *_pieces(names)]
    for topic in knowledge.topics.values():
        yield 0, "topic", topic.id, _both(topic.name, topic.synonyms)
    for analyte in knowledge.analytes.values():
        names = _both(analyte.name, analyte.synonyms)
        yield 0, "analyte", analyte.id, [*names, *analyte.short.values(), *(code.code for code in analyte.loinc)]
    for kind, held in (("rule", knowledge.rules), ("score", knowledge.scores), ("programme", knowledge.programmes)):
        for id_, thing in held.items():
            yield 2, kind, id_, [*thing.name.values()]
    for id_, rule in knowledge.episode_rules.items():
        yield 2, "episode-rule", id_, [*rule.name.values()]
    for kind, told in (("sign", knowledge.signs), ("measure", knowledge.measures)):
        for id_, known in told.items():
            yield 2, kind, id_, _both(known.name, known.synonyms)
    for seed in knowledge.seeds.values():
        yield 1, "seed", seed.id, [seed.named, *_pieces([seed.named])]


def _both(name: Mapping[str, str], synonyms: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [*name.values(), *(other for names in synonyms.values() for other in names)]


def _pieces(names: list[str]) -> list[str]:
    """What stands before a bracket and between slashes: `A / B (C)` is also called A and B."""
    bare = [name.partition(" (")[0] for name in names]
    return [piece.strip() for name in bare for piece in name.split(" / ")]
