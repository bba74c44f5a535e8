"""What the knowledge about time, reasons, risk and next steps must satisfy beyond its shape (checked at every load).

Like the lints of lint.py: each takes the knowledge and yields `file:line: what; expected ...`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from itertools import pairwise
from typing import Final

from leukon.counts import fold_name
from leukon.knowledge.model import Knowledge
from leukon.knowledge.reasons import (
    Alternative,
    Cause,
    EpisodeRule,
    Item,
    Level,
    Measure,
    Programme,
    Rule,
    Rung,
    Score,
    Sign,
    Topic,
)

HIGHEST_BIT: Final = 61
ANY: Final = "ANY"
TRENDS: Final = ("first", "new", "stable", "falling", "recovering", "not-low", "cannot-tell")
PSEUDO: Final = tuple(
    f"{kind}/{state}"
    for kind in ("artefact", "redistribution", "constitutional")
    for state in ("supported", "possible", "unlikely", "not-assessed")
)


def problems(knowledge: Knowledge) -> Iterator[str]:
    """Every problem of causes, signs, rules, scores, programmes, episode rules, topics and seeds."""
    for lint in LINTS:
        yield from lint(knowledge)


# --- every id that is named exists ----------------------------------------------------------------

Named = tuple[str, str, str]
"""Where it stands, what kind of thing it names, and the id."""


def references(knowledge: Knowledge) -> Iterator[str]:
    """Every cause, sign, claim, source, analyte, issue, finding and edition that is named exists."""
    held = _held(knowledge)
    for at, what, given in _named(knowledge):
        if given not in held[what]:
            near = get_close_matches(given, [*held[what]], n=1)
            yield f"{at}: unknown {what} {given!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def _held(knowledge: Knowledge) -> dict[str, set[str]]:
    answers = {f"{id_.partition('.')[0]}/{id_.partition('.')[2]}" for id_ in knowledge.findings}
    analytes = {*knowledge.analytes, ANY}
    things = {*knowledge.causes, *knowledge.topics, *knowledge.findings, *knowledge.claims, *analytes}
    things |= {*knowledge.signs, *knowledge.rules, *knowledge.scores, *knowledge.limits, *knowledge.editions}
    things |= {*knowledge.programmes, *knowledge.episode_rules, *knowledge.measures, *knowledge.issues}
    things |= {finding.question for finding in knowledge.findings.values()}
    return {
        "cause": {*knowledge.causes},
        "sign": {*knowledge.signs},
        "claim": {*knowledge.claims},
        "source": {*knowledge.sources},
        "analyte": analytes,
        "issue": {*knowledge.issues},
        "finding": {*knowledge.findings, *answers},
        "edition": {"", *knowledge.editions},
        "trend": {*TRENDS},
        "entry": things,
    }


def _named(knowledge: Knowledge) -> Iterator[Named]:
    yield from _of_causes(knowledge)
    for sign in knowledge.signs.values():
        for what, given in (
            ("cause", sign.causes), ("finding", sign.findings), ("issue", sign.codes),
            ("analyte", sign.analytes), ("trend", sign.trends), ("claim", sign.claims),
        ):  # fmt: skip
            yield from ((sign.at, what, key) for key in given)
    for rule in knowledge.rules.values():
        yield from ((rule.at, "sign", key) for key in [*_signs(rule.when), *rule.done])
        yield from ((rule.at, "claim", key) for key in rule.claims)
    for score in knowledge.scores.values():
        yield from _of_score(score)
    for programme in knowledge.programmes.values():
        yield from ((programme.at, "cause", key) for key in programme.causes)
        yield from ((programme.at, "claim", key) for key in [*programme.claims, *programme.notes])
        for rung in programme.ladder:
            yield from ((rung.at, "claim", key) for key in rung.claims)
            yield rung.at, "analyte", rung.analyte
    for rule_ in knowledge.episode_rules.values():
        yield from ((rule_.at, "analyte", key) for key in rule_.analytes)
        yield from ((rule_.at, "claim", key) for key in rule_.claims)
        yield rule_.at, "edition", rule_.edition
    for topic in knowledge.topics.values():
        yield from ((topic.at, "claim", key) for key in topic.claims)
        yield from ((topic.at, "entry", key) for key in topic.related)
    for seed in knowledge.seeds.values():
        yield from ((seed.at, "entry", key) for key in seed.ends)


def _of_causes(knowledge: Knowledge) -> Iterator[Named]:
    for cause in knowledge.causes.values():
        sources = [key for fact in cause.facts for key in fact.sources]
        sources += cause.window.sources if cause.window else ()
        for what, given in (
            ("cause", cause.parts), ("sign", cause.clues), ("analyte", cause.lowers), ("analyte", cause.raises),
            ("source", sources),
        ):  # fmt: skip
            yield from ((cause.at, what, key) for key in given)


def _of_score(score: Score) -> Iterator[Named]:
    claims = [*score.claims, *score.warnings, *(key for band in score.bands for key in band.claims)]
    yield from ((score.at, "claim", key) for key in claims)
    yield from ((score.at, "sign", key) for key in _signs(score.applies))
    for item in score.items:
        yield from ((item.at, "sign", key) for key in _signs(option.when for option in item.options))


def _signs(alternatives: Iterable[Alternative]) -> list[str]:
    return [sign for alternative in alternatives for sign, _ in alternative]


# --- what decides rests on something that was read --------------------------------------------------


def claimed(knowledge: Knowledge) -> Iterator[str]:
    """What is active rests on a claim whose text was read; so does every urgency above none."""
    active: list[tuple[str, str, tuple[str, ...], Level]] = []
    active += [(r.at, r.id, r.claims, r.urgency) for r in knowledge.rules.values() if r.role == "active"]
    active += [(s.at, s.id, s.claims, "none") for s in knowledge.scores.values() if s.role == "active"]
    for programme in knowledge.programmes.values():
        if programme.role == "active":
            active.append((programme.at, programme.id, programme.claims, "none"))
            active += [(r.at, f"{programme.id} {r.state}", r.claims, r.urgency) for r in programme.ladder]
    for at, what, claims, urgency in active:
        known = [knowledge.claims[key] for key in claims if key in knowledge.claims]
        if not known:
            level = f" and {urgency}" if urgency != "none" else ""
            yield f"{at}: {what} is active{level} without a claim; expected one, or role: inactive"
        elif all(claim.evidence == "recalled" for claim in known):
            yield f"{at}: {what} is active and rests on recalled claims only; expected one that was read"
    entries: list[Rule | Score | Programme | Cause] = [*knowledge.rules.values(), *knowledge.scores.values()]
    for entry in [*entries, *knowledge.programmes.values(), *knowledge.causes.values()]:
        if entry.role == "inactive" and not all(entry.why_inactive.get(language) for language in ("en", "pt")):
            yield f"{entry.at}: {entry.id} is inactive without a reason; expected `why_inactive:` in both languages"


def recalled_causes(knowledge: Knowledge) -> Iterator[str]:
    """A cause whose link is recalled is never offered."""
    for cause in knowledge.causes.values():
        if cause.role == "active" and cause.evidence == "recalled":
            yield f"{cause.at}: cause {cause.id} is active and recalled; expected role: inactive"


def families(knowledge: Knowledge) -> Iterator[str]:
    """Pseudo rules give a known answer and no urgency; the floor has an urgency; what all may read has plain words."""
    for rule in knowledge.rules.values():
        if rule.family == "pseudo" and (rule.gives not in PSEUDO or rule.urgency != "none"):
            yield f"{rule.at}: {rule.id} gives {rule.gives!r} ({rule.urgency}); expected kind/state and no urgency"
        if rule.family != "pseudo" and rule.gives:
            yield f"{rule.at}: {rule.id} gives {rule.gives!r}; expected it in family pseudo only"
        if rule.family == "red-flag" and rule.role == "active" and not rule.pathway:
            yield from _floor(rule)
        for_all = rule.family in ("check", "guidance") and rule.role == "active" and rule.audience != "clinician"
        if for_all and not all(rule.plain.get(language) for language in ("en", "pt")):
            yield f"{rule.at}: {rule.id} has no plain words; expected them, or audience: clinician"
        if rule.family == "guidance" and not rule.body:
            yield f"{rule.at}: guidance {rule.id} is said by nobody; expected `body:`"


def _floor(rule: Rule) -> Iterator[str]:
    if rule.audience != "both" or not all(rule.plain.get(language) for language in ("en", "pt")):
        yield f"{rule.at}: {rule.id} is part of the floor; expected both audiences and plain words"
    if rule.urgency in ("none", "routine", "soon"):
        yield f"{rule.at}: {rule.id} is part of the floor and {rule.urgency}; expected same-day or more"


# --- numbers -----------------------------------------------------------------------------------------


def bits(knowledge: Knowledge) -> Iterator[str]:
    """No two signs share a bit, each is under 62, and every clue has one."""
    taken: dict[int, str] = {}
    for sign in knowledge.signs.values():
        if sign.bit is None:
            continue
        if sign.bit in taken:
            yield f"{sign.at}: {sign.id} and {taken[sign.bit]} share bit {sign.bit}"
        if sign.bit > HIGHEST_BIT:
            yield f"{sign.at}: bit {sign.bit} of {sign.id}; expected 0 to {HIGHEST_BIT}"
        taken[sign.bit] = sign.id
    for cause in knowledge.causes.values():
        for clue in cause.clues:
            if clue in knowledge.signs and knowledge.signs[clue].bit is None:
                yield f"{cause.at}: clue {clue} of {cause.id} has no bit; expected `bit:` at the sign"


def vital_names(knowledge: Knowledge) -> Iterator[str]:
    """A name of a sign or measure means one of them: a file of vital signs names them by word."""
    taken: dict[str, str] = {}
    named: list[Measure | Sign] = [*knowledge.measures.values(), *knowledge.signs.values()]
    for about in named:
        names = [about.id, *about.name.values(), *(name for names in about.synonyms.values() for name in names)]
        for name in dict.fromkeys(fold_name(name) for name in names):
            if taken.setdefault(name, about.id) != about.id:
                yield f"{about.at}: {about.id} and {taken[name]} are both called {name!r}; expected one of them"


def spans(knowledge: Knowledge) -> Iterator[str]:
    """A measured sign has an end; no other sign has one."""
    for sign in knowledge.signs.values():
        ends = (sign.low, sign.high)
        if sign.source == "measure" and ends == (None, None):
            yield f"{sign.at}: {sign.id} is measured without a limit; expected from, to, above or below"
        if sign.source != "measure" and (sign.measure or ends != (None, None)):
            yield f"{sign.at}: {sign.id} has a limit and is {sign.source}; expected source: measure"
        if None not in ends and ends[0] > ends[1]:  # type: ignore[operator]
            yield f"{sign.at}: {sign.id} lies between {ends[0]} and {ends[1]}; expected the smaller end first"


def bands(knowledge: Knowledge) -> Iterator[str]:
    """The bands of a score name every total that can be reached, each once."""
    for score in knowledge.scores.values():
        for total in sorted(totals(score.items)):
            fits = [band for band in score.bands if band.low <= total <= band.high]
            if len(fits) != 1:
                yield f"{score.at}: {len(fits)} bands of {score.id} hold a total of {total}; expected one"


def totals(items: Iterable[Item]) -> set[int]:
    """Every sum that the items of a score can reach."""
    reached = {0}
    for item in items:
        points = {option.points for option in item.options}
        points |= {item.otherwise} if item.otherwise is not None else set()
        reached = {total + more for total in reached for more in points}
    return reached


def ladders(knowledge: Knowledge) -> Iterator[str]:
    """The rungs of a ladder leave no gap and do not overlap, analyte by analyte; a schedule likewise."""
    for programme in knowledge.programmes.values():
        for analyte in dict.fromkeys(rung.analyte for rung in programme.ladder):
            rungs = [rung for rung in programme.ladder if rung.analyte == analyte]
            yield from _ladder(rungs, f"{programme.id} {analyte}")
        for one, other in pairwise(programme.schedule):
            if one.to_days != other.from_days:
                found = f"{one.to_days} to {other.from_days} days"
                yield f"{programme.at}: the schedule of {programme.id} has a gap or overlap at {found}"
        if programme.schedule and programme.schedule[0].from_days != 0:
            yield f"{programme.at}: the schedule of {programme.id} does not begin at day 0"


def _ladder(rungs: list[Rung], what: str) -> Iterator[str]:
    ordered = sorted(rungs, key=lambda rung: -1 if rung.low is None else rung.low)
    if ordered[0].low not in (None, 0):
        yield f"{ordered[0].at}: the ladder of {what} has no lowest rung; expected one without `from`"
    if ordered[-1].high is not None:
        yield f"{ordered[-1].at}: the ladder of {what} has no highest rung; expected one without `below`"
    for one, other in pairwise(ordered):
        if one.high is None or other.low is None or one.high + 1 != other.low:
            yield f"{other.at}: the ladder of {what} has a gap or overlap between {one.state} and {other.state}"


def reviewed(knowledge: Knowledge) -> Iterator[str]:
    """Approved needs a name."""
    entries: list[Cause | Rule | Score | Programme | EpisodeRule | Topic] = [*knowledge.causes.values()]
    entries += [*knowledge.rules.values(), *knowledge.scores.values(), *knowledge.programmes.values()]
    for entry in [*entries, *knowledge.episode_rules.values(), *knowledge.topics.values()]:
        if entry.review.status == "approved" and not entry.review.by:
            yield f"{entry.at}: {entry.id} is approved by nobody; expected `by:` with a name, or status: submitted"


LINTS: Final[tuple[Callable[[Knowledge], Iterator[str]], ...]] = (
    references,
    claimed,
    recalled_causes,
    families,
    bits,
    vital_names,
    spans,
    bands,
    ladders,
    reviewed,
)
