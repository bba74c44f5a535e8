"""Pages of what follows from counts and reasons: rules, signs, scores, programmes, episode rules, topics, items."""

from __future__ import annotations

from leukon.explain.page import Page, Pages
from leukon.knowledge.reasons import Due, EpisodeRule, Measure, Programme, Rule, Rung, Score, SeedItem, Sign, Topic


class ReasonPages(Pages):
    def rule(self, rule: Rule) -> Page:
        facts = self.facts(
            family=rule.family,
            when=self.alternatives(rule.when),
            urgency="" if rule.urgency == "none" else self.say(f"urgency.label.{rule.urgency}"),
            text=self.say.of(rule.text),
            plain=self.say.of(rule.plain),
            body=rule.body,
            pathway=rule.pathway,
            gives=rule.gives,
            done=", ".join(map(self.title, rule.done)),
            part=self.say(f"explain.part.{rule.role}"),
            why_inactive=self.say.of(rule.why_inactive),
        )
        signs = tuple(dict.fromkeys(sign for signs in rule.when for sign, _ in signs))
        title, review = self.say.of(rule.name), rule.review.status
        return Page(rule.id, "rule", title, facts, rule.claims, related=signs, review=review, place=rule.at)

    def sign(self, sign: Sign) -> Page:
        held = self.knowledge
        value = self.span(sign.low, sign.high, sign.measure) if sign.measure else ""
        facts = self.facts(
            comes=self.say(f"explain.sign.{sign.source}"),
            value=f"{self._measure(sign.measure)} {value}".strip() if sign.measure else "",
            unsure=self.span(sign.unsure_low, sign.unsure_high, sign.measure) if sign.measure else "",
            within="" if sign.within_h is None else self.say("explain.hours", n=sign.within_h),
            causes=", ".join(map(self.title, sign.causes)),
            findings=", ".join((*sign.findings, *sign.codes)),
            trends=", ".join((*sign.analytes, *sign.trends)),
            ask=self.say.of(sign.ask),
            plain=self.say.of(sign.plain),
            names=", ".join(dict.fromkeys(name for names in sign.synonyms.values() for name in names)),
        )
        rules = (
            id_ for id_, rule in held.rules.items() if any(sign.id == of for signs in rule.when for of, _ in signs)
        )
        related = tuple(dict.fromkeys((*sign.causes, *rules)))
        return Page(sign.id, "sign", self.say.of(sign.name), facts, sign.claims, related=related, place=sign.at)

    def measure(self, measure: Measure) -> Page:
        names = [name for names in measure.synonyms.values() for name in names]
        facts = self.facts(
            unit=", ".join(unit.spelling for unit in measure.units),
            names=", ".join(dict.fromkeys(names)),
            loinc=", ".join(measure.loinc),
        )
        signs = tuple(id_ for id_, sign in self.knowledge.signs.items() if sign.measure == measure.id)
        return Page(measure.id, "measure", self.say.of(measure.name), facts, related=signs, place=measure.at)

    def score(self, score: Score) -> Page:
        facts = self.facts(
            population=self.say.of(score.population),
            when=self.alternatives(score.applies),
            part=self.say(f"explain.part.{score.role}"),
            why_inactive=self.say.of(score.why_inactive),
        )
        for item in score.items:
            told = [f"{self.say.of(option.name)}: {option.points}" for option in item.options]
            if item.otherwise is not None:
                told.append(f"{self.say('explain.otherwise')}: {item.otherwise}")
            facts.append((self.say.of(item.name), "; ".join(told)))
        facts += [
            (self.say("explain.band", low=band.low, high=band.high), self.say.of(band.name)) for band in score.bands
        ]
        claims = (*score.claims, *score.warnings, *(claim for band in score.bands for claim in band.claims))
        title, review = self.say.of(score.name), score.review.status
        return Page(score.id, "score", title, facts, tuple(dict.fromkeys(claims)), review=review, place=score.at)

    def programme(self, programme: Programme) -> Page:
        facts = self.facts(
            causes=", ".join(map(self.title, programme.causes)),
            jurisdiction=programme.jurisdiction,
            population="" if programme.population == "general" else self.say("explain.population.ben"),
            dated=programme.dated,
            unverified=self.say.of(programme.unverified),
            part=self.say(f"explain.part.{programme.role}"),
            why_inactive=self.say.of(programme.why_inactive),
        )
        facts += self.facts(schedule="; ".join(map(self._due, programme.schedule)))
        if programme.after_days is not None:
            facts.append(self.fact("after", self.say("explain.days", n=programme.after_days)))
        facts += [(self._rung(rung), self.say.of(rung.action)) for rung in programme.ladder]
        claims = (*programme.claims, *programme.notes, *(claim for rung in programme.ladder for claim in rung.claims))
        title, review = self.say.of(programme.name), programme.review.status
        kept = tuple(dict.fromkeys(claims))
        return Page(programme.id, "programme", title, facts, kept, (), programme.causes, review, programme.at)

    def rung(self, id_: str, programme: Programme, rung: Rung) -> Page:
        """One state of a programme's ladder, as the column `action` of `monitoring` names it."""
        facts = [(self._rung(rung), self.say.of(rung.action))]
        facts += self.facts(urgency=self.say(f"urgency.label.{rung.urgency}"), dated=programme.dated)
        title = f"{self.say.of(programme.name)}: {self.say.of(rung.name)}"
        return Page(id_, "rung", title, facts, rung.claims, (), (programme.id,), programme.review.status, rung.at)

    def episode_rule(self, rule: EpisodeRule) -> Page:
        analyte = rule.analytes[0]
        days = {key: getattr(rule, f"{key}_days") for key in ("gap", "pad", "era")}
        facts = self.facts(
            analyte=", ".join(rule.analytes),
            in_when="" if rule.threshold is None else f"< {self.show(rule.threshold, analyte)}",
            out_when=self.span(rule.recover_low, rule.recover_high, analyte),
            scale=rule.edition,
            grade="" if rule.grade is None else f">= {rule.grade}",
            recoveries=str(rule.recoveries),
            **{key: self.say("explain.days", n=n) for key, n in days.items() if n is not None},
            ours=self.yes(rule.ours),
            text=self.say.of(rule.text),
        )
        title, review = self.say.of(rule.name), rule.review.status
        return Page(rule.id, "episode-rule", title, facts, rule.claims, review=review, place=rule.at)

    def topic(self, topic: Topic) -> Page:
        facts = self.facts(
            kind=self.say(f"explain.topic.{topic.kind}"),
            plain=self.say.of(topic.plain),
            names=", ".join(dict.fromkeys(name for names in topic.synonyms.values() for name in names)),
            named=self.named(topic.id),
        )
        title, review = self.say.of(topic.name), topic.review.status
        return Page(topic.id, "topic", title, facts, topic.claims, (), topic.related, review, topic.at)

    def seed(self, seed: SeedItem) -> Page:
        """An item of a founding document: as named there, how the statement stands and why, and where it ends."""
        facts = self.facts(
            document=self.say(f"explain.document.{seed.seed}"),
            concept=seed.concept,
            stands=self.say("explain.stands.ok" if seed.flag == "ok" else f"explain.flag.{seed.flag}"),
            why=self.say.of(seed.reason),
        )
        claims = tuple(end for end in seed.ends if end in self.knowledge.claims)
        ends = tuple(end for end in seed.ends if end not in claims)
        return Page(seed.id, "seed", seed.named, facts, claims, related=ends, place=seed.at)

    def text(self, key: str, text: str) -> Page:
        """A rule of the chain whose only knowledge is its text: `timing.within-window`, `anc.from-percent`."""
        return Page(key, "chain", text, [])

    def _due(self, due: Due) -> str:
        key = "explain.due" if due.to_days is None else "explain.due.to"
        return self.say(key, low=due.from_days, high=due.to_days, every=due.every_days)

    def _rung(self, rung: Rung) -> str:
        return f"{rung.analyte} {self.span(rung.low, rung.high, rung.analyte)} ({self.say.of(rung.name)})"

    def _measure(self, id_: str) -> str:
        held = self.knowledge.analytes.get(id_) or self.knowledge.measures.get(id_)
        return self.say.of(held.name) if held is not None else id_
