"""How urgent it is: the maximum of everything that fires (SF-2), and which cell types it makes urgent (SF-7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from leukon.knowledge.reasons import Rule
from leukon.report.assessment import Lineage, UrgencyLevel
from leukon.report.headline import LOW, Alarm
from leukon.report.index import Index
from leukon.report.part import Urgency
from leukon.report.phrases import Phrases
from leukon.report.pick import Picked, rank
from leukon.report.reasons import Monitoring
from leukon.report.standing import Standing


def raised(cells: list[Lineage], by: Mapping[str, Urgency], words: Phrases) -> list[Lineage]:
    """Cell types with the urgency that programmes and red flags give them (analyte → level), where that is higher.

    From then on nobody is told that some limits include such a count (SF-7).
    """
    return [_raised(x, by[x.analyte], words) if x.value and x.analyte in by else x for x in cells]


def _raised(lineage: Lineage, level: Urgency, words: Phrases) -> Lineage:
    if rank(level) < rank("soon"):
        return lineage
    name = words(f"question.{lineage.question}") if lineage.finding.endswith(".low-by-some") else lineage.finding_name
    higher = level if rank(level) > rank(lineage.urgency) else lineage.urgency
    return msgspec.structs.replace(lineage, urgency=higher, serious=True, finding_name=name)


def urgency(
    picked: dict[str, Picked],
    rules: Iterable[Rule],
    programmes: Iterable[Monitoring],
    index: Index,
    words: Phrases,
    *,
    at_least: tuple[Urgency, str] | None = None,
) -> UrgencyLevel:
    """The maximum over all findings, rules that hold and monitoring programmes (SF-2), with the claims of those that
    reach it. Nothing lowers it.

    `at_least`: a level and its claim that hold whatever else is found.
    """
    findings = index.knowledge.findings
    fired: list[tuple[str, Urgency, Sequence[str]]] = [
        (pick.finding, pick.urgency, findings[pick.finding].claims if pick.finding in findings else ())
        for pick in picked.values()
    ]
    fired += [(rule.id, rule.urgency, rule.claims) for rule in rules]
    fired += [(one.programme, one.urgency, _rung_claims(one, index)) for one in programmes]
    level: Urgency = max((u for _, u, _ in fired), key=rank, default="none")
    if at_least is not None and rank(at_least[0]) > rank(level):
        return UrgencyLevel(level=at_least[0], claims=[at_least[1]], findings=[], text=words(f"urgency.{at_least[0]}"))
    top = [(id_, claims) for id_, u, claims in fired if u == level and level != "none"]
    return UrgencyLevel(
        level=level,
        claims=list(dict.fromkeys(claim for _, claims in top for claim in claims)),
        findings=list(dict.fromkeys(id_ for id_, _ in top)),
        text=words(f"urgency.{level}"),
    )


def _rung_claims(one: Monitoring, index: Index) -> list[str]:
    """The claims of the state alone, not of the whole programme."""
    ladder = index.knowledge.programmes[one.programme].ladder
    rungs = (rung for rung in ladder if rung.state == one.state and rung.analyte == one.decided_by)
    return [claim for rung in rungs for claim in rung.claims]


def alarm(
    fired: list[Rule], picked: dict[str, Picked], standing: Standing, words: Phrases, *, said: Urgency = "none"
) -> Alarm | None:
    """The most urgent rule that holds, where it is more urgent than every count by itself; red flags first.

    `said`: the level of what the headline says already (blasts).
    """
    if not fired:
        return None
    first = min(fired, key=lambda rule: (-rank(rule.urgency), rule.family != "red-flag", rule.weight, rule.id))
    if rank(first.urgency) <= max((rank(said), *(rank(p.urgency) for p in picked.values()))):
        return None
    return Alarm(words.of(first.name), standing.text(first) or words(f"urgency.{first.urgency}"))


def raises(
    fired: list[Rule], programmes: list[Monitoring], cells: list[Lineage], standing: Standing
) -> dict[str, Urgency]:
    """Analyte → the highest level that a programme decided by it, or a rule about its low count, gives it."""
    low = {cell.analyte for cell in cells if cell.state in LOW}
    given: list[tuple[str, Urgency]] = [(one.decided_by, one.urgency) for one in programmes]
    given += [(analyte, rule.urgency) for rule in fired for analyte in standing.behind(rule) & low]
    found: dict[str, Urgency] = {}
    for analyte, level in given:
        if rank(level) > rank(found.get(analyte, "none")):
            found[analyte] = level
    return found
