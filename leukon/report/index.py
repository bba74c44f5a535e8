"""Look-ups that are made once per knowledge, so that one report only reads dictionaries."""

from __future__ import annotations

from functools import cached_property, lru_cache

from leukon.knowledge.compile import COMBINED_QUESTION, compiled
from leukon.knowledge.model import Analyte, Band, Claim, Edition, Knowledge, Limit, Source, Term
from leukon.knowledge.tiles import SEVERITY_WORDS
from leukon.report.assessment import ClaimRef, LimitRef, SourceRef
from leukon.report.catalog import Catalog
from leukon.report.phrases import decimal

LABORATORY, USUAL = "lim.lab", "lim.usual"
"""Ids in `low_by` and `not_low_by` for the two lines that come with a person, not from the knowledge."""

SAFETY_NET = "c-net-"
"""Claims of the safety net are called `c-net-<audience>-...`; they print at every level, reviewed or not (SF-8)."""


Sides = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
"""Ids of limits: low by, not low by, cannot say."""


class Index:
    """Everything the report looks up by id, for one knowledge."""

    top = 10**12

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.catalog = Catalog(knowledge)
        self._lists = compiled(knowledge).band_lists
        self._bands: dict[int, Sides] = {}
        self.bits = tuple((1 << issue.bit, issue.code) for issue in knowledge.issues.values() if issue.bit is not None)
        self.steps: dict[str, tuple[Edition, Term, Band]] = {
            band.id: (edition, term, band)
            for edition in knowledge.editions.values()
            for term in edition.terms
            for band in term.bands
        }
        self.dimensions = {analyte.id: analyte.dimension for analyte in knowledge.analytes.values()}
        self.terms = compiled(knowledge).term_of
        self._codes: dict[int, tuple[str, ...]] = {}
        self._limits: dict[str, dict[str, LimitRef]] = {}
        self._claims: dict[str, dict[str, ClaimRef]] = {}

    def band(self, band_id: int | None) -> Sides:
        """Ids of the published limits that call a count of this band low, do not, and cannot say; lowest line first."""
        if not band_id:
            return ((), (), ())
        held = self._bands.get(band_id)
        if held is None:
            limits = self.knowledge.limits
            hit, miss, maybe = (
                tuple(sorted(ids, key=lambda i: (limits[i].value, i))) for ids in self._lists.get(band_id, ((), (), ()))
            )
            held = self._bands[band_id] = (hit, miss, maybe)
        return held

    def codes(self, issues: int) -> tuple[str, ...]:
        """The codes in a set of issues (a sum of bits)."""
        found = self._codes.get(issues)
        if found is None:
            found = self._codes[issues] = tuple(code for bit, code in self.bits if issues & bit)
        return found

    @cached_property
    def lineages(self) -> dict[str, str]:
        """Analyte → its question "is it low?", white count first, cell types in the order of the analytes file."""
        asked: dict[str, str] = {}
        for limit in self.knowledge.limits.values():
            held = asked.get(limit.analyte)
            if limit.bound == "lower" and limit.kind in ("interval", "definition", "site"):
                if limit.question in (COMBINED_QUESTION, "agranulocytosis") and held is not None:
                    continue
                if held is None or held in (COMBINED_QUESTION, "agranulocytosis"):
                    asked[limit.analyte] = limit.question
        order = ["WBC", "NEUT", *(a for a in self.knowledge.analytes if a not in ("WBC", "NEUT"))]
        return {analyte: asked[analyte] for analyte in order if analyte in asked}

    @cached_property
    def always_listed(self) -> frozenset[str]:
        """The white count and every cell type of the common differential; others appear when they have a value."""
        common = ("NEUT", "LYMPH", "MONO", "EOS", "BASO")
        return frozenset(a for a in ("WBC", *common) if a in self.lineages)

    @cached_property
    def lines(self) -> dict[str, tuple[Limit, ...]]:
        """Question → its limits, lowest first, inactive ones left out."""
        found: dict[str, list[Limit]] = {}
        for limit in self.knowledge.limits.values():
            if limit.role != "inactive":
                found.setdefault(limit.question, []).append(limit)
        return {question: tuple(sorted(limits, key=lambda x: (x.value, x.id))) for question, limits in found.items()}

    @cached_property
    def anchors(self) -> dict[str, tuple[tuple[int, str, tuple[str, ...]], ...]]:
        """Analyte → (edge in base units, severity word below it, claims) of the scale that is always computed.

        The terms for people in general come first; a term for one age group only adds edges they lack.
        """
        found: dict[str, dict[int, tuple[str, tuple[str, ...]]]] = {}
        for edition in self.knowledge.editions.values():
            for term in edition.terms if edition.always else ():
                for band in term.bands:
                    if term.direction == "low" and band.high is not None and band.grade <= len(SEVERITY_WORDS):
                        word = SEVERITY_WORDS[band.grade - 1]
                        question = self.lineages.get(term.analyte, "")
                        finding = self.knowledge.findings.get(f"{question}.{word}")
                        edges = found.setdefault(term.analyte, {})
                        edges.setdefault(band.high + 1, (word, finding.claims if finding else ()))
        return {analyte: tuple((e, *edges[e]) for e in sorted(edges)) for analyte, edges in found.items()}

    @cached_property
    def safety_net(self) -> dict[str, tuple[str, ...]]:
        """Audience → ids of its safety net, in the order of the claims file."""
        claims = self.knowledge.claims
        return {
            audience: tuple(claim for claim in claims if claim.startswith(f"{SAFETY_NET}{audience}-"))
            for audience in ("clinician", "plain")
        }

    def analyte(self, analyte: str) -> Analyte | None:
        return self.knowledge.analytes.get(analyte)

    def show(self, base: int | None, analyte: str) -> str:
        """Base units → canonical decimal in the analyte's display unit ("" for None)."""
        held = self.analyte(analyte)
        return "" if base is None else decimal(base, held.display_factor if held is not None else 1)

    def source(self, source_id: str) -> SourceRef | None:
        held = self.knowledge.sources.get(source_id)
        return None if held is None else source_ref(held)

    def claim(self, claim_id: str, language: str) -> ClaimRef | None:
        """One claim in one language with its sources inline (None when there is no such claim)."""
        cache = self._claims.setdefault(language, {})
        if claim_id not in cache:
            claim = self.knowledge.claims.get(claim_id)
            if claim is None:
                return None
            cache[claim_id] = _claim_ref(claim, self.knowledge.sources, language)
        return cache[claim_id]

    def limit(self, limit_id: str, language: str) -> LimitRef | None:
        """One published or site limit in one language (None for the laboratory's and the person's own)."""
        cache = self._limits.setdefault(language, {})
        if limit_id not in cache:
            limit = self.knowledge.limits.get(limit_id)
            if limit is None:
                return None
            cache[limit_id] = self._limit_ref(limit, language)
        return cache[limit_id]

    def _limit_ref(self, limit: Limit, language: str) -> LimitRef:
        held = self.analyte(limit.analyte)
        return LimitRef(
            analyte=limit.analyte,
            value=self.show(limit.value, limit.analyte),
            unit=held.display_unit if held is not None else "",
            bound=limit.bound,
            role="site" if limit.kind == "site" else limit.role,
            population=limit.population.get(language) or limit.population.get("en", ""),
            year=limit.year,
            strength=limit.strength,
            who=self._who(limit, language),
            sources=list(limit.sources),
            condition=limit.condition.get(language, ""),
            claim=limit.claim,
            primary=limit.primary.get(language, ""),
        )

    def _who(self, limit: Limit, language: str) -> str:
        """Intervals are named by the people they were measured in, definitions by who states them."""
        population = limit.population.get(language) or limit.population.get("en", "")
        source = self.knowledge.sources.get(limit.sources[0]) if limit.sources else None
        if limit.kind == "definition" and source is not None:
            return source.publisher
        return population or (source.publisher if source is not None else limit.id)


def source_ref(source: Source) -> SourceRef:
    return SourceRef(
        id=source.id,
        title=source.title,
        publisher=source.publisher,
        date=source.year,
        locator=source.locator,
        type=source.type,
    )


def _claim_ref(claim: Claim, sources: dict[str, Source], language: str) -> ClaimRef:
    refs = [source_ref(sources[source]) for source in claim.sources if source in sources]
    first = refs[0] if refs else SourceRef(id="", title="", publisher="", date="", locator="", type="")
    return ClaimRef(
        text=claim.text.get(language) or claim.text.get("en", ""),
        strength=claim.strength,
        source=first,
        further_sources=refs[1:],
        review=claim.review.status,
        evidence=claim.evidence,
        place=claim.place,
        contradicted_by=list(claim.contradicted_by),
    )


@lru_cache(maxsize=4)
def _cached(held: _Held) -> Index:
    return Index(held.knowledge)


class _Held:
    """Lets the cache go by the content hash of knowledge, which is not hashable itself."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def __hash__(self) -> int:
        return hash(self.knowledge.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.knowledge.sha256 == self.knowledge.sha256


def index_of(knowledge: Knowledge) -> Index:
    """The Index of this knowledge, made once per content hash."""
    return _cached(_Held(knowledge))
