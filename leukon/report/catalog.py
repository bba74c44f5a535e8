"""From the chain's keys back to causes, signs, rules, scores, programmes and episode rules; made once per knowledge."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TypeVar, cast

from leukon.knowledge.keys import (
    cause_keys,
    episode_rule_keys,
    programme_keys,
    rule_keys,
    score_keys,
    sign_keys,
)
from leukon.knowledge.model import Knowledge
from leukon.knowledge.reason_tables import says
from leukon.knowledge.reasons import Cause, EpisodeRule, Programme, Rule, Score, Sign
from leukon.report.reasons import Says

T = TypeVar("T")


class Catalog:
    """key → item, and what of a cause is the same in every report."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._says: dict[str, dict[str, Says]] = {}
        self._claims: dict[str, tuple[str, ...]] = {}

    @cached_property
    def causes(self) -> dict[int, Cause]:
        return _by_key(cause_keys(self.knowledge), self.knowledge.causes)

    @cached_property
    def signs(self) -> dict[int, Sign]:
        return _by_key(sign_keys(self.knowledge), self.knowledge.signs)

    @cached_property
    def rules(self) -> dict[int, Rule]:
        return _by_key(rule_keys(self.knowledge), self.knowledge.rules)

    @cached_property
    def scores(self) -> dict[int, Score]:
        return _by_key(score_keys(self.knowledge), self.knowledge.scores)

    @cached_property
    def programmes(self) -> dict[int, Programme]:
        return _by_key(programme_keys(self.knowledge), self.knowledge.programmes)

    @cached_property
    def episode_rules(self) -> dict[int, EpisodeRule]:
        return _by_key(episode_rule_keys(self.knowledge), self.knowledge.episode_rules)

    @cached_property
    def families(self) -> dict[str, tuple[Rule, ...]]:
        """Family → its active rules, in the order of the page (weight, then id)."""
        found: dict[str, list[Rule]] = {}
        for rule in self.knowledge.rules.values():
            if rule.role == "active":
                found.setdefault(rule.family, []).append(rule)
        return {family: tuple(sorted(held, key=lambda r: (r.weight, r.id))) for family, held in found.items()}

    @cached_property
    def sign_analytes(self) -> dict[str, frozenset[str]]:
        """Sign id → cell types that it is about (a flag that rests on it makes these urgent)."""
        analytes = {limit.question: limit.analyte for limit in self.knowledge.limits.values()}
        found = {}
        for sign in self.knowledge.signs.values():
            about = {sign.measure, *sign.analytes}
            about |= {analytes.get(finding.replace("/", ".").partition(".")[0], "") for finding in sign.findings}
            found[sign.id] = frozenset(about & set(self.knowledge.analytes))
        return found

    def says(self, cause: Cause) -> dict[str, Says]:
        """What each kind of source says."""
        if cause.id not in self._says:
            self._says[cause.id] = {kind: cast("Says", said) for kind, said in says(cause, self.knowledge).items()}
        return self._says[cause.id]

    def claims(self, cause: Cause) -> tuple[str, ...]:
        """Claims of a cause that were read in a source, and what to check next, which is shown as it stands."""
        if cause.id not in self._claims:
            facts = (f for f in cause.facts if f.evidence == "seen" or f.about == "next")
            self._claims[cause.id] = tuple(dict.fromkeys(f"{cause.id}.{fact.about}" for fact in facts))
        return self._claims[cause.id]

    def clues(self, cause: Cause, bits: int | None) -> list[Sign]:
        """The signs of a set of clues, in the order in which the cause names them."""
        if not bits:
            return []
        signs = (self.knowledge.signs[clue] for clue in cause.clues if clue in self.knowledge.signs)
        return [sign for sign in signs if sign.bit is not None and bits >> sign.bit & 1]


def _by_key(keys: Mapping[str, int], items: Mapping[str, T]) -> dict[int, T]:
    return {key: items[id_] for id_, key in keys.items()}
