"""Pages of drugs and conditions: what they lower, how firm that is, when, and what was read."""

from __future__ import annotations

from leukon.explain.page import Page, Pages
from leukon.knowledge.reason_tables import says
from leukon.knowledge.reasons import Cause, Window


class CausePages(Pages):
    def cause(self, cause: Cause) -> Page:
        held, say = self.knowledge, self.say
        names = [name for names in cause.synonyms.values() for name in names]
        other = next(iter(set(cause.name.values()) - {say.of(cause.name)}), "")
        facts = self.facts(
            kind=say(f"explain.type.{cause.type}"),
            group=say.of(cause.group),
            names=", ".join(dict.fromkeys([other, *names] if other else names)),
            rxnorm=", ".join(cause.rxnorm),
            atc=", ".join(cause.atc),
            icd10cm=", ".join(cause.icd10cm),
            icd10cm_not=", ".join(cause.icd10cm_not),
            snomed=", ".join(cause.snomed),
            parts=", ".join(map(self.title, cause.parts)),
            part=say(f"explain.cause.{cause.role}"),
            why_inactive=say.of(cause.why_inactive),
            lowers=self.lines(cause.lowers),
            raises=self.lines(cause.raises),
            mechanism=self.mechanism(cause),
            pattern=cause.pattern.replace("_", " "),
            level=say(f"explain.level.{cause.evidence_level}"),
            window=self.window(cause.window) if cause.type == "drug" else "",
            clues=", ".join(map(self.title, cause.clues)),
            says=self.says(cause),
            named=self.named(cause.id),
        )
        programmes = tuple(id_ for id_, held_by in held.programmes.items() if cause.id in held_by.causes)
        signs = tuple(id_ for id_, sign in held.signs.items() if cause.id in sign.causes)
        topics = tuple(id_ for id_, topic in held.topics.items() if cause.id in topic.related)
        claims = tuple(f"{cause.id}.{fact.about}" for fact in cause.facts)
        window = cause.window.sources if cause.window else ()
        related = (*programmes, *cause.parts, *topics, *signs)
        review = cause.review.status
        return Page(cause.id, "cause", say.of(cause.name), facts, claims, window, related, review, cause.at)

    def lines(self, ids: tuple[str, ...]) -> str:
        return ", ".join(self.say("explain.any-line") if id_ == "ANY" else self.title(id_) for id_ in ids)

    def window(self, window: Window | None) -> str:
        """When it can lower a count, in days, and the page that says so."""
        if window is None:
            return self.say("explain.window.none")
        parts = []
        if window.from_days is not None or window.to_days is not None:
            low, high = window.from_days or 0, window.to_days
            key = "explain.window.from" if high is None else "explain.window.between"
            parts.append(self.say(key, low=low, high=high))
        if window.after_days is not None:
            parts.append(self.say("explain.window.after", days=window.after_days))
        if window.closes:
            parts.append(self.say("explain.window.closes"))
        return "; ".join([*parts, window.place]) + f" [{', '.join(window.sources)}]"

    def says(self, cause: Cause) -> str:
        """What each kind of source says; nothing for what no such source could say."""
        if cause.role == "finding" or cause.evidence_level in ("not_a_cause", "seed_only"):
            return ""
        told = ((kind, said.replace(" ", "-")) for kind, said in says(cause, self.knowledge).items())
        return ", ".join(f"{self.say(f'strength.{kind}')}: {self.say(f'explain.says.{said}')}" for kind, said in told)

    def mechanism(self, cause: Cause) -> str:
        """How it does so, and whether that was read."""
        if cause.mechanism == "unknown":
            return "" if cause.role == "finding" else self.say("explain.mechanism.unknown")
        topic = self.knowledge.topics.get(f"mechanism.{cause.mechanism.replace('_', '-')}")
        name = self.say.of(topic.name) if topic else self.say("explain.mechanism.mixed")
        return f"{name} ({self.say(f'explain.{cause.mechanism_evidence}')})"
