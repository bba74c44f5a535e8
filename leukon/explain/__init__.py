"""What leukon knows about one thing: a drug, condition, rule, score, scale, limit, finding, claim, seed item, ...

Found by its id, or by words. A page is only a look-up: every line of it stands in the knowledge files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from leukon.counts.text import unaccent
from leukon.explain.causes import CausePages
from leukon.explain.counts import CountPages
from leukon.explain.names import Known, Names
from leukon.explain.page import Page
from leukon.explain.reasons import ReasonPages
from leukon.knowledge.names import find_analyte
from leukon.report.phrases import Phrases

if TYPE_CHECKING:
    from leukon.knowledge.cases import Case
    from leukon.knowledge.model import Knowledge

__all__ = ["Explainer", "Page"]

Maker = Callable[[], Page]
NEAR = 5
CHAIN = ("rule.", "timing.", "trend.", "explanations.order")
"""Texts that stand for rules of the chain itself: anc.from-percent, timing.within-window, explanations.order."""


class LazyPages(Mapping[str, Page]):
    """Id → page; each page is written when it is asked for."""

    def __init__(self, makers: Mapping[str, Maker]) -> None:
        self._makers = makers
        self._made: dict[str, Page] = {}

    def __getitem__(self, id_: str) -> Page:
        if id_ not in self._made:
            self._made[id_] = self._makers[id_]()
        return self._made[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


class Explainer:
    """Pages of one knowledge in one language."""

    def __init__(self, knowledge: Knowledge, language: str, folder: Path | None = None) -> None:
        self.knowledge, self.folder = knowledge, folder
        self.say = Phrases(knowledge, language, "clinician")
        self._of = {Known(kind, id_): make for kind, id_, make in self._makers()}
        firsts: dict[str, Maker] = {}
        for known, make in self._of.items():
            firsts.setdefault(known.id, make)
        self.pages: Mapping[str, Page] = LazyPages(firsts)

    @cached_property
    def names(self) -> Names:
        return Names(self.knowledge)

    def find(self, words: str) -> list[Page]:
        """The pages with this id, else what is so named, else the analyte or causes meant, else what has every word."""
        wanted = words.strip().replace("|", "@").casefold()
        if found := [make() for known, make in self._of.items() if known.id.casefold() == wanted]:
            return found
        if named := self.names.find(words):
            return [self._of[known]() for known in named]
        if meant := find_analyte(self.knowledge, words):
            return [self.pages[meant.analyte]]
        if causes := self._causes(words):
            return causes
        parts = unaccent(wanted).split()
        return [page for page in self.pages.values() if parts and self._holds(page, parts)]

    def near(self, words: str) -> list[str]:
        """Names and ids that are spelled nearly so."""
        folded = {id_.casefold(): id_ for id_ in self.pages}
        ids = [folded[key] for key in get_close_matches(words.strip().casefold(), folded, NEAR, 0.7)]
        return list(dict.fromkeys([*ids, *self.names.near(words)]))[:NEAR]

    def cases(self, page: Page) -> list[str]:
        """Names of the cases that test it, with their places."""
        from leukon.knowledge import cases, pack

        held = cases.read(self.folder or pack.SHIPPED)
        return [f"{case.name} ({case.at})" for case in held if _tests(case, page)]

    def _causes(self, words: str) -> list[Page]:
        """Causes that stand within a longer text: `clozapine 100 mg tablet`."""
        from leukon.knowledge.cause_names import find_causes

        return [self._of[Known("cause", id_)]() for id_ in find_causes(self.knowledge, words)]

    def _holds(self, page: Page, parts: list[str]) -> bool:
        names: list[str] = []
        if page.kind == "cause":
            names = [name for held in self.knowledge.causes[page.id].synonyms.values() for name in held]
        text = unaccent(" ".join([page.id, page.title, *names]))
        return all(part in text for part in parts)

    def _makers(self) -> Iterator[tuple[str, str, Maker]]:
        held = self.knowledge
        count, cause, reason = CountPages(held, self.say), CausePages(held, self.say), ReasonPages(held, self.say)
        for id_, analyte in held.analytes.items():
            yield "analyte", id_, partial(count.analyte, analyte)
        for id_, drug in held.causes.items():
            yield "cause", id_, partial(cause.cause, drug)
        for edition in held.editions.values():
            yield "scale", edition.id, partial(count.edition, edition)
            for term in edition.terms:
                yield "term", f"{term.id}@{edition.version}", partial(count.term, edition, term)
                for band in term.bands:
                    yield "grade", band.id, partial(count.band, edition, term, band)
        kinds: tuple[tuple[str, Mapping[str, object], Callable[..., Page]], ...] = (
            ("limit", held.limits, count.limit),
            ("finding", held.findings, count.finding),
            ("topic", held.topics, reason.topic),
            ("rule", held.rules, reason.rule),
            ("score", held.scores, reason.score),
            ("programme", held.programmes, reason.programme),
            ("episode-rule", held.episode_rules, reason.episode_rule),
            ("sign", held.signs, reason.sign),
            ("measure", held.measures, reason.measure),
            ("seed", held.seeds, reason.seed),
            ("claim", held.claims, count.claim),
            ("source", held.sources, count.source),
            ("issue", held.issues, count.issue),
        )
        for kind, things, make in kinds:
            for id_, thing in things.items():
                yield kind, id_, partial(make, thing)
        for programme in held.programmes.values():
            for rung in programme.ladder:
                id_ = f"{programme.id}.{rung.analyte}.{rung.state}"
                yield "rung", id_, partial(reason.rung, id_, programme, rung)
        for key, text in held.texts[self.say.language].items():
            if key.startswith(CHAIN) and not key.endswith(".plain"):
                id_ = key.removeprefix("rule.")
                yield "chain", id_, partial(reason.text, id_, text)


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
