"""What leukon knows about one thing: a scale, grade, limit, finding, analyte, source, claim or issue code.

Found by its id, or by words. A page is only a look-up: every line of it stands in the knowledge files.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from leukon.counts.text import unaccent
from leukon.knowledge.names import find_analyte
from leukon.report.phrases import Phrases, decimal

if TYPE_CHECKING:
    from leukon.knowledge.cases import Case
    from leukon.knowledge.model import Analyte, Band, Claim, Edition, Finding, Issue, Knowledge, Limit, Source, Term


class Page(NamedTuple):
    """One thing. `facts` are (label, value); `claims` are ids; `place` is the file and line that say so."""

    id: str
    kind: str
    title: str
    facts: list[tuple[str, str]]
    claims: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    review: str = ""
    place: str = ""


class Explainer:
    """Pages of one knowledge in one language."""

    def __init__(self, knowledge: Knowledge, language: str, folder: Path | None = None) -> None:
        self.knowledge, self.folder = knowledge, folder
        self.say = Phrases(knowledge, language, "clinician")
        self.pages = {page.id: page for page in self._all()}

    def find(self, words: str) -> list[Page]:
        """The page with this id, else that of the analyte so named, else all whose id or title has every word."""
        wanted = words.strip().replace("|", "@").casefold()
        for id_, page in self.pages.items():
            if id_.casefold() == wanted:
                return [page]
        if found := find_analyte(self.knowledge, words):
            return [self.pages[found.analyte]]
        parts = unaccent(wanted).split()
        texts = {id_: unaccent(f"{id_} {page.title}") for id_, page in self.pages.items()}
        return [self.pages[id_] for id_, text in texts.items() if parts and all(part in text for part in parts)]

    def near(self, words: str) -> list[str]:
        """Ids that are spelled nearly so."""
        folded = {id_.casefold(): id_ for id_ in self.pages}
        return [folded[key] for key in get_close_matches(words.strip().casefold(), folded, 5, 0.5)]

    def cases(self, page: Page) -> list[str]:
        """Names of the cases that test it, with their places."""
        from leukon.knowledge import cases, pack

        held = cases.read(self.folder or pack.SHIPPED)
        return [f"{case.name} ({case.at})" for case in held if _tests(case, page)]

    def _all(self) -> Iterator[Page]:
        held = self.knowledge
        yield from map(self._analyte, held.analytes.values())
        for edition in held.editions.values():
            yield self._edition(edition)
            for term in edition.terms:
                yield self._term(edition, term)
                yield from (self._band(edition, term, band) for band in term.bands)
        yield from map(self._limit, held.limits.values())
        yield from map(self._finding, held.findings.values())
        yield from map(self._claim, held.claims.values())
        yield from map(self._source, held.sources.values())
        yield from map(self._issue, held.issues.values())

    def _fact(self, label: str, value: str) -> tuple[str, str]:
        return self.say(f"explain.{label}"), value

    def _facts(self, **values: str) -> list[tuple[str, str]]:
        return [self._fact(label, value) for label, value in values.items() if value]

    def _show(self, value: int | None, analyte: str) -> str:
        if value is None:
            return ""
        held = self.knowledge.analytes[analyte]
        return self.say.quantity(decimal(value, held.display_factor), held.display_unit)

    def _ages(self, low_h: int | None, high_h: int | None) -> str:
        if low_h is None and high_h is None:
            return ""
        ends = ("" if low_h is None else f">= {self._age(low_h)}", "" if high_h is None else f"< {self._age(high_h)}")
        return ", ".join(end for end in ends if end)

    def _age(self, hours: int) -> str:
        """Hours in the largest unit that is exact enough to be what the source printed."""
        for unit, size in (("years", 8766), ("months", 730.5), ("days", 24)):
            count = hours / size
            if count >= 1 and abs(hours - round(count) * size) < 1:
                return self.say(f"explain.{unit}", n=round(count))
        return self.say("explain.hours", n=hours)

    def _analyte(self, analyte: Analyte) -> Page:
        names = [name for names in analyte.synonyms.values() for name in names]
        facts = self._facts(
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

    def _edition(self, edition: Edition) -> Page:
        facts = self._facts(
            population=self.say.of(edition.population),
            year=edition.year,
            evidence=edition.evidence,
            note=self.say.of(edition.notes),
        )
        terms = tuple(f"{term.id}@{edition.version}" for term in edition.terms)
        title = self.say.of(edition.title)
        review = edition.review.status
        return Page(edition.id, "scale", title, facts, (), edition.sources, terms, review, edition.at)

    def _term(self, edition: Edition, term: Term) -> Page:
        facts = self._facts(
            scale=edition.id,
            analyte=term.analyte,
            age=term.age_printed or self._ages(term.age_low_h, term.age_high_h),
            condition=self.say.of(term.condition),
            missing=self.say.of(term.missing),
        )
        facts += [(f"{self.say('explain.grade')} {band.grade}", band.printed) for band in term.bands]
        bands = tuple(band.id for band in term.bands)
        id_, review = f"{term.id}@{edition.version}", edition.review.status
        return Page(id_, "term", term.name, facts, (), term.sources, bands, review, term.at)

    def _band(self, edition: Edition, term: Term, band: Band) -> Page:
        facts = self._facts(
            scale=edition.id,
            term=term.name,
            printed=band.printed,
            at_least=self._show(band.low, term.analyte),
            under=self._show(None if band.high is None else band.high + 1, term.analyte),
            to_lln=self.say("explain.yes") if band.upto_lln else "",
            above_uln=self.say("explain.yes") if band.above_uln else "",
            needs=self.say.of(band.needs),
            age=term.age_printed or self._ages(term.age_low_h, term.age_high_h),
        )
        title = f"{term.name}, {self.say('explain.grade')} {band.grade} ({edition.id})"
        related, review = (f"{term.id}@{edition.version}",), edition.review.status
        return Page(band.id, "grade", title, facts, (), term.sources, related, review, band.at)

    def _limit(self, limit: Limit) -> Page:
        facts = self._facts(
            analyte=limit.analyte,
            line=f"{'<' if limit.bound == 'lower' else '>'} {self._show(limit.value, limit.analyte)}",
            population=self.say.of(limit.population),
            sex="" if limit.sex == "any" else self.say(f"sex.{limit.sex}"),
            age=self._ages(limit.age_low_h, limit.age_high_h),
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

    def _finding(self, finding: Finding) -> Page:
        facts = self._facts(
            question=finding.question,
            urgency=self.say(f"urgency.label.{finding.urgency}"),
            plain=self.say.of(finding.plain),
        )
        return Page(finding.id, "finding", self.say.of(finding.name), facts, finding.claims, place=finding.at)

    def _claim(self, claim: Claim) -> Page:
        facts = self._facts(
            strength=self.say(f"strength.{claim.strength}"),
            evidence=claim.evidence,
            place=claim.place,
            contradicted=", ".join(claim.contradicted_by),
        )
        title, review = self.say.of(claim.text), claim.review.status
        return Page(claim.id, "claim", title, facts, (), claim.sources, claim.contradicted_by, review, claim.at)

    def _source(self, source: Source) -> Page:
        facts = self._facts(
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

    def _issue(self, issue: Issue) -> Page:
        facts = self._facts(severity=issue.severity, do=self.say.of(issue.what_to_do))
        return Page(issue.code, "issue", self.say.of(issue.text), facts, place=issue.at)


def _tests(case: Case, page: Page) -> bool:
    """Whether a case expects something of this thing."""
    expect = case.expect
    if page.kind == "scale":
        return page.id in case.editions
    if page.kind in ("term", "grade"):
        term, _, version = page.id.partition("@")
        term, _, grade = term.rpartition(".g") if page.kind == "grade" else (term, "", "")
        graded = [(e, t, g) for e, terms in expect["grades"].items() for t, g in terms.items()]
        return any(e.endswith(f"@{version}") and t == term and grade in ("", str(g)) for e, t, g in graded)
    if page.kind == "limit":
        return any(page.id in limits for key in ("low_by", "not_low_by") for limits in expect[key].values())
    if page.kind == "finding":
        question, _, state = page.id.partition(".")
        return page.id in expect["findings"].values() or expect["states"].get(question) == state
    if page.kind == "issue":
        return page.id in (*expect["excluded"], *expect["issues"])
    return False
