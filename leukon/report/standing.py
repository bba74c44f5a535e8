"""What is so, is not so, or is unknown about one person: the chain's signs and rules, by their ids."""

from __future__ import annotations

from collections.abc import Iterable

from leukon.knowledge.reasons import Alternative, Rule, Sign
from leukon.report.catalog import Catalog
from leukon.report.part import Answer3
from leukon.report.person import Person
from leukon.report.phrases import Phrases

STATES: dict[int | None, Answer3] = {1: "yes", 0: "no", None: "unknown"}
"""The chain's 1, 0 and null as words."""

FOR_ALL = frozenset(("red-flag",))
"""Families that no audience is spared."""


class Standing:
    """Signs and rules of one person. A sign that the chain did not answer is unknown; a rule then took no part."""

    def __init__(self, person: Person, catalog: Catalog, words: Phrases) -> None:
        self.catalog, self.words = catalog, words
        signs, rules = catalog.signs, catalog.rules
        self.signs = {signs[row["sign"]].id: row["state"] for row in person.rows("person_signs")}
        self.rules = {rules[row["rule"]].id: row["state"] for row in person.rows("rule_states")}

    def family(self, family: str) -> list[tuple[Rule, Answer3]]:
        """The rules of a family that the chain answered and this audience sees, in the order of the page."""
        return [
            (rule, STATES[self.rules[rule.id]])
            for rule in self.catalog.families.get(family, ())
            if rule.id in self.rules and (family in FOR_ALL or rule.audience in ("both", self.words.audience))
        ]

    def fired(self) -> list[Rule]:
        """Every rule of any family that holds, whoever reads: what the urgency looks at (SF-2)."""
        rules = self.catalog.knowledge.rules
        return [rules[id_] for id_, state in sorted(self.rules.items()) if state == 1]

    def name(self, sign: Sign) -> str:
        """A sign as this audience calls it."""
        return (self.words.of(sign.plain) if self.words.audience == "plain" else "") or self.words.of(sign.name)

    def names(self, ids: Iterable[str]) -> list[str]:
        held = self.catalog.knowledge.signs
        return list(dict.fromkeys(self.name(held[sign]) for sign in ids if sign in held))

    def because(self, rule: Rule) -> list[str]:
        """Names of the signs of the first alternative that holds (of those that must be so)."""
        for signs in rule.when:
            if all(self.signs.get(sign) == int(wanted) for sign, wanted in signs):
                return self.names(sign for sign, wanted in signs if wanted)
        return []

    def behind(self, rule: Rule) -> frozenset[str]:
        """Cell types that the signs of the alternatives that hold are about."""
        holds = [signs for signs in rule.when if all(self.signs.get(s) == int(wanted) for s, wanted in signs)]
        about = self.catalog.sign_analytes
        return frozenset(a for signs in holds for sign, wanted in signs if wanted for a in about.get(sign, ()))

    def needs(self, alternatives: Iterable[Alternative]) -> list[str]:
        """Names of the unknown signs in the alternatives that may still hold: of those that lack least."""
        lacking = [[s for s, _ in signs if self.signs.get(s) is None] for signs in alternatives if self._open(signs)]
        least = min((len(signs) for signs in lacking if signs), default=0)
        return self.names(sign for signs in lacking if len(signs) == least for sign in signs)

    def half(self, rule: Rule) -> bool:
        """Whether what is known already half fulfils an alternative that may still hold."""
        return any(
            self._open(signs) and any(wanted and self.signs.get(sign) == 1 for sign, wanted in signs)
            for signs in rule.when
        )

    def half_needs(self, rule: Rule) -> list[str]:
        """As `needs`, of those alternatives only that are half fulfilled."""
        return self.needs(
            signs for signs in rule.when if any(wanted and self.signs.get(sign) == 1 for sign, wanted in signs)
        )

    def _open(self, signs: Alternative) -> bool:
        return all(self.signs.get(sign) in (None, int(wanted)) for sign, wanted in signs)

    def text(self, rule: Rule) -> str:
        """What a rule says: its own words, else those of its claims; for the plain audience only its plain words."""
        if self.words.audience == "plain":
            return self.words.of(rule.plain)
        claims = self.catalog.knowledge.claims
        return self.words.of(rule.text) or " ".join(self.words.of(claims[c].text) for c in rule.claims if c in claims)

    def short(self, rule: Rule) -> str:
        """The same in brief: its own words, else its name."""
        if self.words.audience == "plain":
            return self.words.of(rule.plain)
        return self.words.of(rule.text) or self.words.of(rule.name)
