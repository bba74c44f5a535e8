"""Pages of what judges one count: analytes, scales and their grades, limits, findings, claims, sources, issue codes."""

from __future__ import annotations

from leukon.explain.page import Page, Pages
from leukon.knowledge.model import Analyte, Band, Claim, Edition, Finding, Issue, Limit, Source, Term


class CountPages(Pages):
    """One method per kind of thing."""

    def analyte(self, analyte: Analyte) -> Page:
        names = [name for names in analyte.synonyms.values() for name in names]
        facts = self.facts(
            unit=analyte.display_unit,
            names=", ".join(dict.fromkeys(names)),
            loinc=", ".join(f"{code.code} {code.name}" for code in analyte.loinc),
            cdisc=", ".join(code.code for code in analyte.cdisc),
        )
        limits = tuple(id_ for id_, limit in self.knowledge.limits.items() if limit.analyte == analyte.id)
        terms = (
            f"{t.id}@{e.version}" for e in self.knowledge.editions.values() for t in e.terms if t.analyte == analyte.id
        )
        return Page(
            analyte.id, "analyte", self.say.of(analyte.name), facts, related=(*limits, *terms), place=analyte.at
        )

    def edition(self, edition: Edition) -> Page:
        facts = self.facts(
            population=self.say.of(edition.population),
            year=edition.year,
            evidence=edition.evidence,
            note=self.say.of(edition.notes),
        )
        terms = tuple(f"{term.id}@{edition.version}" for term in edition.terms)
        title = self.say.of(edition.title)
        review = edition.review.status
        return Page(edition.id, "scale", title, facts, (), edition.sources, terms, review, edition.at)

    def term(self, edition: Edition, term: Term) -> Page:
        facts = self.facts(
            scale=edition.id,
            analyte=term.analyte,
            age=term.age_printed or self.ages(term.age_low_h, term.age_high_h),
            condition=self.say.of(term.condition),
            missing=self.say.of(term.missing),
        )
        facts += [(f"{self.say('explain.grade')} {band.grade}", band.printed) for band in term.bands]
        bands = tuple(band.id for band in term.bands)
        id_, review = f"{term.id}@{edition.version}", edition.review.status
        return Page(id_, "term", term.name, facts, (), term.sources, bands, review, term.at)

    def band(self, edition: Edition, term: Term, band: Band) -> Page:
        facts = self.facts(
            scale=edition.id,
            term=term.name,
            printed=band.printed,
            at_least=self.show(band.low, term.analyte),
            under=self.show(None if band.high is None else band.high + 1, term.analyte),
            to_lln=self.yes(band.upto_lln),
            above_uln=self.yes(band.above_uln),
            needs=self.say.of(band.needs),
            age=term.age_printed or self.ages(term.age_low_h, term.age_high_h),
        )
        title = f"{term.name}, {self.say('explain.grade')} {band.grade} ({edition.id})"
        related, review = (f"{term.id}@{edition.version}",), edition.review.status
        return Page(band.id, "grade", title, facts, (), term.sources, related, review, band.at)

    def limit(self, limit: Limit) -> Page:
        facts = self.facts(
            analyte=limit.analyte,
            line=f"{'<' if limit.bound == 'lower' else '>'} {self.show(limit.value, limit.analyte)}",
            population=self.say.of(limit.population),
            sex="" if limit.sex == "any" else self.say(f"sex.{limit.sex}"),
            age=self.ages(limit.age_low_h, limit.age_high_h),
            pregnancy="" if limit.pregnancy == ("not-stated",) else ", ".join(limit.pregnancy),
            duffy="" if limit.duffy == "any" else limit.duffy,
            condition=self.say.of(limit.condition),
            role=self.say(f"label.role.{limit.role}"),
            primary=self.say.of(limit.primary),
            year=limit.year,
            strength=self.say(f"strength.{limit.strength}"),
            evidence=limit.evidence,
            place=limit.place,
        )
        title = f"{self.say.of(self.knowledge.analytes[limit.analyte].name)}: {self.say.of(limit.population)}"
        claims = (limit.claim,) if limit.claim else ()
        return Page(limit.id, "limit", title, facts, claims, limit.sources, (), limit.review.status, limit.at)

    def finding(self, finding: Finding) -> Page:
        facts = self.facts(
            question=finding.question,
            urgency=self.say(f"urgency.label.{finding.urgency}"),
            plain=self.say.of(finding.plain),
        )
        return Page(finding.id, "finding", self.say.of(finding.name), facts, finding.claims, place=finding.at)

    def claim(self, claim: Claim) -> Page:
        facts = self.facts(
            strength=self.say(f"strength.{claim.strength}"),
            evidence=claim.evidence,
            place=claim.place,
            contradicted=", ".join(claim.contradicted_by),
        )
        title, review = self.say.of(claim.text), claim.review.status
        return Page(claim.id, "claim", title, facts, (), claim.sources, claim.contradicted_by, review, claim.at)

    def source(self, source: Source) -> Page:
        facts = self.facts(
            publisher=source.publisher,
            year=source.year,
            kind=source.type,
            locator=source.locator,
            evidence=source.evidence,
        )
        held = self.knowledge
        used = [id_ for id_, limit in held.limits.items() if source.id in limit.sources]
        used += [id_ for id_, edition in held.editions.items() if source.id in edition.sources]
        used += [id_ for id_, claim in held.claims.items() if source.id in claim.sources]
        return Page(source.id, "source", source.title, facts, related=tuple(used), place=source.at)

    def issue(self, issue: Issue) -> Page:
        facts = self.facts(severity=issue.severity, do=self.say.of(issue.what_to_do))
        return Page(issue.code, "issue", self.say.of(issue.text), facts, place=issue.at)
