"""The claims, limits and sources that one Assessment refers to, so that it can be read on its own."""

from __future__ import annotations

from collections.abc import Iterable

from leukon.report.assessment import Answer, ClaimRef, Disagreement, LimitRef, Lineage, SourceRef, UrgencyLevel
from leukon.report.index import Index


def limits_of(
    lineages: list[Lineage], answers: list[Answer], disagreements: list[Disagreement], index: Index, language: str
) -> dict[str, LimitRef]:
    """Every limit named by a lineage, an answer or a disagreement."""
    ids: dict[str, None] = {}
    for lineage in lineages:
        ids |= dict.fromkeys((*lineage.low_by, *lineage.not_low_by, *lineage.cannot_say))
    for answer in answers:
        ids |= dict.fromkeys((*answer.by, *answer.not_by))
    for disagreement in disagreements:
        for position in disagreement.positions:
            ids |= dict.fromkeys(position.limits)
    found = ((limit, index.limit(limit, language)) for limit in ids)
    return {limit: ref for limit, ref in found if ref is not None}


def claims_of(ids: Iterable[str], index: Index, language: str) -> dict[str, ClaimRef]:
    """These claims, and those that contradict them."""
    found: dict[str, ClaimRef] = {}
    waiting = list(dict.fromkeys(ids))
    while waiting:
        claim = waiting.pop()
        ref = index.claim(claim, language) if claim not in found else None
        if ref is not None:
            found[claim] = ref
            waiting.extend(c for c in ref.contradicted_by if c not in found)
    return found


def claim_ids(urgency: UrgencyLevel, disagreements: list[Disagreement], others: Iterable[str]) -> list[str]:
    """Claims behind the urgency, the positions on a line, and whatever else is named."""
    ids = [*urgency.claims, *others]
    for disagreement in disagreements:
        for position in disagreement.positions:
            ids.extend(claim for claim in position.claims if claim != "lab")
    return list(dict.fromkeys(ids))


def sources_of(
    limits: dict[str, LimitRef], claims: dict[str, ClaimRef], editions: Iterable[str], index: Index
) -> dict[str, SourceRef]:
    """Every document behind the limits, the claims and the scales shown."""
    ids = [s for limit in limits.values() for s in limit.sources]
    for claim in claims.values():
        ids.extend(ref.id for ref in (claim.source, *claim.further_sources))
    for edition in editions:
        held = index.knowledge.editions.get(edition)
        ids.extend(held.sources if held is not None else ())
    found = ((source, index.source(source)) for source in dict.fromkeys(ids))
    return {source: ref for source, ref in found if ref is not None}
