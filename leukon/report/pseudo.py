"""May the number mislead? The three meanings of pseudo-leukopenia, each answered by rules of its own.

An answer never lowers anything: neither a grade nor an urgency looks at it (SF-10 and the rules decide what may be
said, the urgency is the maximum of what fires).
"""

from __future__ import annotations

from typing import Final, Literal

from leukon.knowledge.reasons import Rule
from leukon.report.assessment import Pseudo
from leukon.report.part import Answer3
from leukon.report.phrases import Phrases
from leukon.report.standing import Standing

Kind = Literal["artefact", "redistribution", "constitutional"]
State = Literal["possible", "supported", "unlikely", "not-assessed"]

KINDS: Final[tuple[Kind, ...]] = ("artefact", "redistribution", "constitutional")
STRONGEST: Final[tuple[State, ...]] = ("supported", "possible", "unlikely", "not-assessed")
"""The strongest answer of which a rule holds is given; where none holds, it was not assessed."""

BLOCKED: Final = "-blocked"
"""A rule so called forbids the answer of its kind whatever else holds."""


def pseudo(standing: Standing, words: Phrases) -> list[Pseudo]:
    """The three answers, in their order."""
    rules = standing.family("pseudo")
    return [_answer(kind, rules, standing, words) for kind in KINDS]


def _answer(kind: Kind, rules: list[tuple[Rule, Answer3]], standing: Standing, words: Phrases) -> Pseudo:
    own = [(rule, state) for rule, state in rules if rule.gives.partition("/")[0] == kind]
    hold: dict[str, list[Rule]] = {}
    for rule, state in own:
        if state == "yes":
            hold.setdefault(rule.gives.partition("/")[2], []).append(rule)
    blocked = [rule for rule in hold.get("not-assessed", ()) if rule.id.endswith(BLOCKED)]  # SF-10: wins over all
    found: State = "not-assessed" if blocked else next((s for s in STRONGEST if s in hold), "not-assessed")
    decided = blocked or hold.get(found, [])
    unknown = [rule for rule, state in own if state == "unknown"]
    open_ = [signs for rule in unknown if rule.gives.partition("/")[2] in STRONGEST[:2] for signs in rule.when]
    notes = [text for rule in decided if (text := standing.short(rule))]
    if kind == "artefact" and found in ("supported", "possible"):
        notes.append(words("pseudo.artefact.note"))
    return Pseudo(
        kind=kind,
        state=found,
        name=words(f"pseudo.{kind}"),
        needs=standing.needs(open_),
        note=" ".join(dict.fromkeys(notes)),
        claims=list(dict.fromkeys(claim for rule in decided for claim in rule.claims)),
    )
