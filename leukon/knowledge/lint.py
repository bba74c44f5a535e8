"""What a knowledge folder must satisfy beyond its shape.

`MEANING` is checked at every load: a pack that breaks one of these could answer wrongly, so it is refused.
`ORDER` is checked by `leukon check`: a pack that breaks one of these is untidy or incomplete, not unsafe.
Each lint takes the knowledge and yields `file:line: what; expected ...`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import combinations
from pathlib import Path

from leukon.knowledge import reason_lint
from leukon.knowledge.bands import gaps, misprints
from leukon.knowledge.kinds import KINDS
from leukon.knowledge.model import Claim, Edition, Knowledge, Limit
from leukon.knowledge.pack import SHIPPED, whole
from leukon.knowledge.strata import PREGNANCY_WORDS
from leukon.knowledge.strict import Problems

Lint = Callable[[Knowledge], Iterator[str]]


def meaning(knowledge: Knowledge) -> list[str]:
    """Every problem that makes a pack unsafe to answer from."""
    return [problem for lint in MEANING for problem in lint(knowledge)]


def order(knowledge: Knowledge) -> list[str]:
    """Every problem of tidiness and completeness."""
    return [problem for lint in ORDER for problem in lint(knowledge)]


def check(path: Path | None = None) -> list[str]:
    """Lint a knowledge folder (None: the shipped one), or a site's overlay on the shipped one; [] = all well.

    The cases themselves are run by `cases.run`, which needs an engine.
    """
    from leukon.knowledge import load_knowledge
    from leukon.knowledge.coverage import uncovered
    from leukon.knowledge.loader import lay, read, understand

    problems = Problems()
    folder = path or SHIPPED
    if path is not None and not whole(path):
        lay(load_knowledge(), path, problems)
        return list(dict.fromkeys(problems.found))
    raw = read(folder, problems, tuple(KINDS))
    knowledge = understand(raw, folder, problems)
    aside = {item["id"]: item["at"] for item in raw.items["sources"] if item["aside"]}
    problems.found.extend(sources_used(knowledge, aside))
    problems.found.extend(order(knowledge))
    problems.found.extend(uncovered(knowledge, folder))
    return list(dict.fromkeys(problems.found))


def _unknown(at: str, what: str, given: str, known: Iterable[str]) -> str:
    near = get_close_matches(given, [*known], n=1)
    return f"{at}: unknown {what} {given!r}" + (f"; did you mean {near[0]!r}?" if near else "")


# --- meaning: refused at load ---------------------------------------------------------------------


def references(knowledge: Knowledge) -> Iterator[str]:
    """Every id that is named exists."""
    named: list[tuple[str, str, str]] = []
    sources, claims, analytes = knowledge.sources, knowledge.claims, knowledge.analytes
    for claim in claims.values():
        named += [(claim.at, "source", key) for key in claim.sources]
        named += [(claim.at, "claim", key) for key in claim.contradicted_by]
    for limit in knowledge.limits.values():
        named += [(limit.at, "source", key) for key in limit.sources]
        named += [(limit.at, "claim", limit.claim)] * bool(limit.claim)
        named += [(limit.at, "analyte", limit.analyte)]
    for edition in knowledge.editions.values():
        named += [(edition.at, "source", key) for key in edition.sources]
        for term in edition.terms:
            named += [(term.at, "source", key) for key in term.sources]
    for finding in knowledge.findings.values():
        named += [(finding.at, "claim", key) for key in finding.claims]
    held: dict[str, Iterable[str]] = {"source": sources, "claim": claims, "analyte": analytes}
    for at, what, given in named:
        if given not in held[what]:
            yield _unknown(at, what, given, held[what])


def sourced(knowledge: Knowledge) -> Iterator[str]:
    """Every claim, limit and edition names a source; what decides names one whose text was read."""
    for claim in knowledge.claims.values():
        if not claim.sources:
            yield f"{claim.at}: claim {claim.id} has no source"
    for limit in knowledge.limits.values():
        if not limit.sources and limit.kind != "site":
            yield f"{limit.at}: limit {limit.id} has no source"
    deciding = [(lim.at, lim.id, lim.sources) for lim in knowledge.limits.values() if _published(lim)]
    deciding += [(e.at, e.id, e.sources) for e in knowledge.editions.values()]
    for at, what, keys in deciding:
        known = [knowledge.sources[key] for key in keys if key in knowledge.sources]
        if known and not any(source.evidence == "seen" for source in known):
            yield f"{at}: {what} decides and rests on recalled sources only; expected one that was seen"


def _published(limit: Limit) -> bool:
    return limit.role == "votes" and limit.kind != "site"


def recalled_never_active(knowledge: Knowledge) -> Iterator[str]:
    """A recalled row is no rule."""
    for limit in knowledge.limits.values():
        if limit.evidence == "recalled" and limit.role != "inactive":
            yield f"{limit.at}: limit {limit.id} is recalled; expected role: inactive"
    for edition in knowledge.editions.values():
        if edition.evidence == "recalled":
            yield f"{edition.at}: edition {edition.id} is recalled; expected it to be left out"
    for finding in knowledge.findings.values():
        for key in finding.claims:
            if key in knowledge.claims and knowledge.claims[key].evidence == "recalled":
                yield f"{finding.at}: finding {finding.id} rests on recalled {key}; expected a claim that was seen"


def contradicted_never_decides(knowledge: Knowledge) -> Iterator[str]:
    """A limit whose claim is contradicted by another claim does not vote."""
    for limit in knowledge.limits.values():
        claim = knowledge.claims.get(limit.claim)
        if claim and claim.contradicted_by and limit.role == "votes":
            by = ", ".join(claim.contradicted_by)
            yield f"{limit.at}: limit {limit.id} votes, but {claim.id} is contradicted by {by}; expected role: claim"


def one_primary(knowledge: Knowledge) -> Iterator[str]:
    """At most one published limit comes first for the same question and people."""
    primaries = [limit for limit in knowledge.limits.values() if limit.primary]
    for limit in primaries:
        if limit.role != "votes":
            yield f"{limit.at}: limit {limit.id} is primary; expected role: votes"
    for one, other in combinations(primaries, 2):
        if one.question == other.question and one.analyte == other.analyte and overlap(one, other):
            yield f"{other.at}: {other.id} and {one.id} ({one.at}) are both primary for the same people; expected one"


def overlap(one: Limit, other: Limit) -> bool:
    """Whether some person fits both limits."""
    return (
        (one.age_low_h or 0) < (other.age_high_h or 10**9)
        and (other.age_low_h or 0) < (one.age_high_h or 10**9)
        and ("any" in (one.sex, other.sex) or one.sex == other.sex)
        and ("any" in (one.duffy, other.duffy) or one.duffy == other.duffy)
        and ("any" in (*one.pregnancy, *other.pregnancy) or bool(_pregnancies(one) & _pregnancies(other)))
        and one.condition == other.condition
    )


def _pregnancies(limit: Limit) -> set[str]:
    """A general population does not include pregnancy (safety.md SF-11)."""
    if "any" in limit.pregnancy:
        return {"no", *PREGNANCY_WORDS}
    return {"no" if word == "not-stated" else word for word in limit.pregnancy}


def bands(knowledge: Knowledge) -> Iterator[str]:
    """Grades of a term are in order, without gap or overlap, and print what they compute."""
    for edition in knowledge.editions.values():
        for term in edition.terms:
            yield from gaps(term)
            if term.analyte in knowledge.analytes:
                yield from misprints(term, knowledge.analytes[term.analyte])


def reviewed(knowledge: Knowledge) -> Iterator[str]:
    """Approved needs a name."""
    items: list[Claim | Limit | Edition] = [*knowledge.claims.values(), *knowledge.limits.values()]
    for item in [*items, *knowledge.editions.values()]:
        if item.review.status == "approved" and not item.review.by:
            yield f"{item.at}: {item.id} is approved by nobody; expected `by:` with a name, or status: submitted"


def urgency_claimed(knowledge: Knowledge) -> Iterator[str]:
    """Every urgency above none rests on a claim."""
    for finding in knowledge.findings.values():
        if finding.urgency != "none" and not finding.claims:
            yield f"{finding.at}: finding {finding.id} is {finding.urgency} without a claim"


def issue_bits(knowledge: Knowledge) -> Iterator[str]:
    """No two issues share a bit; a flag has one; a set of them fits a 64-bit integer."""
    taken: dict[int, str] = {}
    for issue in knowledge.issues.values():
        if issue.bit is None:
            if issue.severity == "flagged":
                yield f"{issue.at}: {issue.code} is {issue.severity} and has no bit"
        elif issue.bit in taken:
            yield f"{issue.at}: {issue.code} and {taken[issue.bit]} share bit {issue.bit}"
        elif issue.bit > 62:
            yield f"{issue.at}: bit {issue.bit} of {issue.code}; expected 0 to 62"
        else:
            taken[issue.bit] = issue.code


def spellings(knowledge: Knowledge) -> Iterator[str]:
    """One spelling of a unit has one meaning per language."""
    seen: dict[tuple[str, str, str], str] = {}
    for unit in knowledge.units:
        for locale in unit.locales or ("",):
            key = (unit.spelling, unit.quantity, locale)
            if key in seen:
                yield f"{unit.at}: the spelling {unit.spelling!r} stands twice (first at {seen[key]})"
            seen[key] = unit.at


# --- order: reported by `leukon check` --------------------------------------------------------------


def sources_used(knowledge: Knowledge, aside: Mapping[str, str]) -> Iterator[str]:
    """Every source is the source of something, or says why it was set aside (`aside`: id -> place)."""
    used = {key for claim in knowledge.claims.values() for key in claim.sources}
    used |= {key for limit in knowledge.limits.values() for key in limit.sources}
    for edition in knowledge.editions.values():
        used.update(edition.sources, *(term.sources for term in edition.terms))
    for source in knowledge.sources.values():
        if source.id not in used and source.id not in aside:
            expected = "a claim, limit or scale that names it, or `aside:` with the reason"
            yield f"{source.at}: nothing rests on source {source.id}; expected {expected}"
        elif source.id in used and source.id in aside:
            yield f"{source.at}: source {source.id} is set aside and used; expected one of the two"


STATES = {
    "leukocytosis": ("high-by-all", "high-by-some", "not-high", "cannot-tell"),
    "agranulocytosis": ("yes-by-all", "yes-by-some", "no", "cannot-tell"),
    "pancytopenia": ("yes-by-all", "yes-by-some", "no", "cannot-tell"),
}
LOW_STATES = ("low-by-all", "low-by-some", "not-low", "cannot-tell")


def findings_complete(knowledge: Knowledge) -> Iterator[str]:
    """Every question that a limit answers has a finding for each of its states."""
    asked = {limit.question: limit for limit in reversed([*knowledge.limits.values()]) if limit.role == "votes"}
    for question, limit in asked.items():
        words = [*STATES.get(question, LOW_STATES)]
        words += [
            other.id.rsplit(".", 1)[-1]
            for other in knowledge.limits.values()
            if other.question == question and other.kind == "severity"
        ]
        for word in words:
            if f"{question}.{word}" not in knowledge.findings:
                yield f"{limit.at}: question {question} has no finding {question}.{word}; expected it in findings.yaml"
    for finding in knowledge.findings.values():
        if finding.question not in asked and asked:
            yield f"{finding.at}: finding {finding.id} answers {finding.question!r}, which no limit asks"


def texts_agree(knowledge: Knowledge) -> Iterator[str]:
    """Both languages have the same keys, and each text the same placeholders."""
    if not knowledge.texts:
        return
    english, portuguese = (knowledge.texts.get(language, {}) for language in ("en", "pt"))
    for key in sorted(english.keys() ^ portuguese.keys()):
        missing = "pt" if key in english else "en"
        yield f"texts/{missing}.yaml:1: the key {key!r} is missing; expected the keys of the other language"
    for key in sorted(english.keys() & portuguese.keys()):
        holes = [sorted(set(re.findall(r"{(\w+)", text))) for text in (english[key], portuguese[key])]
        if holes[0] != holes[1]:
            yield f"texts/pt.yaml:1: {key!r} has placeholders {holes[1]}; expected {holes[0]} as in en"


def names_unique(knowledge: Knowledge) -> Iterator[str]:
    """No name, synonym or code of an analyte belongs to another one too."""
    from leukon.knowledge.names import clashes

    yield from clashes(knowledge)


def conditions_never_vote(knowledge: Knowledge) -> Iterator[str]:
    """A limit that needs something leukon cannot know is listed and does not come first."""
    for limit in knowledge.limits.values():
        if limit.condition and limit.primary:
            yield f"{limit.at}: limit {limit.id} is primary and needs {limit.condition!r}; expected no condition"


MEANING: tuple[Lint, ...] = (
    references,
    sourced,
    recalled_never_active,
    contradicted_never_decides,
    one_primary,
    conditions_never_vote,
    bands,
    reviewed,
    urgency_claimed,
    issue_bits,
    spellings,
    reason_lint.problems,
)
ORDER: tuple[Lint, ...] = (findings_complete, texts_agree, names_unique)
