"""What could explain a low count, as rows: each cause once, in the printed order, never a probability.

The order is that of the text `explanations.order`, which stands beneath the table. The table has one column for each
kind of source: says yes, says no, does not say. The plain audience gets names to ask about.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from leukon.report.explanations import BLOCKED
from leukon.report.pick import SETTLED
from leukon.report.reasons import Episode, Explanation
from leukon.write.line import capital, sentence
from leukon.write.view import View
from leukon.write.words import signs

KINDS = ("label", "guideline", "research", "reference")
"""The columns of the table of candidates: what each kind of source says."""

STRENGTHS = {"consensus": "guideline"}
"""Strengths of claims that stand in the column of another one."""


UNREAD = {"DRUG_UNMATCHED": "page.could.unread.drug", "CONDITION_UNMATCHED": "page.could.unread.condition"}
"""Codes of names that were not recognised → what is said of them where there is no candidate."""

LOW = ("low-by-all", "low-by-some")
FITS = ("yes", "unknown", "no")
LEVELS = ("quantified", "listed", "case_reports", "weak_or_confounded", "disputed", "seed_only")
"""The parts of the printed order; what is equal in all of them keeps the chain's order."""


class TimingLine(NamedTuple):
    """Whether the times fit, and about which count where there are several."""

    who: str
    fits: str
    word: str
    text: str


class Cell(NamedTuple):
    """What one kind of source says, and the ids of those sources."""

    word: str
    key: str
    sources: list[str]


class Candidate(NamedTuple):
    """One cause with all that is known about it; never a probability. `facts` are (label, text)."""

    label: str
    kind: str
    about: str
    timing: list[TimingLine]
    cells: list[Cell]
    facts: list[tuple[str, str]]
    text: str


class Candidates:
    """The explanations of one Assessment, ready to be laid out."""

    def __init__(self, view: View) -> None:
        self.a, self.words, self.plain = view.a, view.words, view.plain
        self._causes = view.knowledge.causes
        self._names = {lineage.analyte: lineage.name for lineage in self.a.verdict.analytes}
        self._episodes = {episode.id: episode for episode in self.a.episodes}
        about = {e.episode for e in self.a.explanations}  # other episode rules may begin elsewhere
        own = [episode for episode in self.a.episodes if episode.id in about]
        self._latest = {episode.analyte: episode.onset_s or 0 for episode in sorted(own, key=_onset)}

    def shown(self) -> list[Candidate]:
        """What fits in time or may fit, each cause once; plain readers get no columns."""
        return [self._candidate(group) for group in self._groups() if any(e.timing.fits != "no" for e in group)]

    def not_in_time(self) -> list[str]:
        """What was named and does not fit in time; for plain readers `nothing` says it."""
        return [
            self.words("page.note", name=capital(group[0].label), text=sentence(group[0].timing.text))
            for group in self._late()
            if not self.plain
        ]

    def _late(self) -> list[list[Explanation]]:
        return [group for group in self._groups() if all(e.timing.fits == "no" for e in group)]

    def hides(self) -> list[Candidate]:
        return [self._candidate(group) for group in self._groups(hides=True)]

    def nothing(self) -> str:
        """Why there is no candidate: nothing low, nothing sent, nothing that fits in time, nothing known."""
        if not any(lineage.state in LOW for lineage in self.a.verdict.analytes if lineage.value):
            return self._calm()
        late = ", ".join(group[0].label for group in self._late())
        told = [self.words("page.could.times", names=late)] if late else []
        elsewhere = ", ".join(self._elsewhere())
        told += [self.words("page.could.elsewhere", names=elsewhere)] if elsewhere else []
        told += [self.words(UNREAD[one.code], name=one.named or one.id) for one in self.a.unused if one.code in UNREAD]
        told += [
            self.words("page.note", name=capital(one.named), text=one.text) for one in self.a.unused if not one.code
        ]
        missing = {one.id for one in self.a.missing} & {"medicines", "conditions"}
        if not told and len(missing) == 2:
            return self.words("page.could.not-sent")
        first = self.words("page.could.none-used" if told else "page.could.none")
        return " ".join([first, *told, *(self.words(f"page.could.no-{key}") for key in sorted(missing))])

    def _elsewhere(self) -> list[str]:
        """Names of what was sent and can lower counts, and is no explanation of these ones."""
        used = {one.cause for one in self.a.explanations} | {BLOCKED}
        causes = ((bar.label, self._causes.get(bar.cause)) for bar in self.a.bars if bar.cause not in used)
        held = [label for label, cause in causes if cause is not None and cause.role == "active" and cause.lowers]
        return list(dict.fromkeys(held))

    def _calm(self) -> str:
        """Nothing is low: of all that was sent, or only of what could be judged."""
        cells = self.a.verdict.analytes
        if not any(cell.state == "not-low" for cell in cells if cell.value):
            return self.words("page.could.unjudged")
        open_ = any(cell.state == "cannot-tell" and cell.reason not in ("", "NOT_REPORTED") for cell in cells)
        unread = any(one.code not in SETTLED for one in self.a.excluded)
        return self.words("page.could.some-unread" if open_ or unread else "page.could.not-low")

    def order(self) -> str:
        """The rule by which candidates are ordered, in words, as the knowledge prints it."""
        key = "explanations.order"
        return self.words(key) if self.words.has(key) else ""

    def _groups(self, *, hides: bool = False) -> list[list[Explanation]]:
        """Explanations of the same cause together, in the printed order of the best of each."""

        def rank(e: Explanation) -> tuple[bool, int, int, int]:
            return not self._newest(e), FITS.index(e.timing.fits), FITS.index(e.lineage_fits), _level(e)

        groups: dict[str, list[Explanation]] = {}
        for e in sorted(self.a.explanations, key=rank):
            if (e.kind == "hides") == hides:
                groups.setdefault(e.cause, []).append(e)
        return list(groups.values())

    def _candidate(self, group: list[Explanation]) -> Candidate:
        first = group[0]
        called = (e.named or e.about for e in group)
        abouts = dict.fromkeys(name for name in called if name and name.casefold() != first.label.casefold())
        return Candidate(
            label=capital(first.label),
            kind=self.words(f"page.could.kind.{first.kind}"),
            about=self.words("page.could.sent-as", about=", ".join(abouts)) if abouts and not self.plain else "",
            timing=self._timing(group),
            cells=[] if self.plain else [self._cell(first, kind) for kind in KINDS],
            facts=[] if self.plain else self._facts(first),
            text=first.text if self.plain or first.timing.text not in first.text else "",
        )

    def _timing(self, group: list[Explanation]) -> list[TimingLine]:
        """Each different answer about the newest low counts, and of earlier ones how often the times fit."""
        newest = [e for e in group if self._newest(e)] or group[:1]
        held: dict[tuple[str, str], list[str]] = {}
        for e in newest:
            text = signs(sentence(capital(e.timing.text)))
            held.setdefault((e.timing.fits, text), []).append(self._names.get(e.analyte, e.analyte))
        lines = [
            TimingLine(
                ", ".join(dict.fromkeys(who)) if len(held) > 1 else "", fits, self.words(f"page.fits.{fits}"), text
            )
            for (fits, text), who in held.items()
        ]
        earlier = Counter(e.timing.fits for e in group if e not in newest)
        if earlier:
            told = self.words("page.could.earlier", **{fits: earlier[fits] for fits in FITS})  # type: ignore[index]
            lines.append(TimingLine("", "", "", told))
        return lines

    def _newest(self, e: Explanation) -> bool:
        """Whether it is about the newest low counts of its cell type, or about no time at all."""
        episode = self._episodes.get(e.episode)
        return episode is None or (episode.onset_s or 0) >= self._latest[episode.analyte]

    def _cell(self, e: Explanation, kind: str) -> Cell:
        key = e.says.get(kind, "does not say")
        claims = (self.a.claims[claim] for claim in e.claims if claim in self.a.claims)
        of_kind = [claim for claim in claims if STRENGTHS.get(claim.strength, claim.strength) == kind]
        refs = dict.fromkeys(ref.id for claim in of_kind for ref in (claim.source, *claim.further_sources))
        return Cell(self.words(f"page.says.{key.replace(' ', '-')}"), key, list(refs) if key != "does not say" else [])

    def _facts(self, e: Explanation) -> list[tuple[str, str]]:
        word = f"page.mechanism.{e.mechanism}"
        found = {
            "speaks": "; ".join(clue.name for clue in e.clues_present),
            "not-known": "; ".join(clue.name for clue in e.clues_missing),
            "window": e.timing.window,
            "lineage": self.words(f"page.fits.{e.lineage_fits}"),
            "mechanism": self.words(word) if self.words.has(word) else e.mechanism,
            "evidence": e.evidence_text,
            "frequency": e.frequency,
            "next": e.next_check,
        }
        return [(self.words(f"page.could.{key}"), signs(sentence(text))) for key, text in found.items() if text]


def _onset(episode: Episode) -> int:
    return episode.onset_s or 0


def _level(e: Explanation) -> int:
    return LEVELS.index(e.evidence_level) if e.evidence_level in LEVELS else len(LEVELS)
