"""What the text and the HTML report both show of time, reasons, risk and next steps: rows and sentences, no layout.

The plain audience gets words to ask with, and neither an action nor a score. Candidates: see candidates.py.
"""

from __future__ import annotations

from typing import NamedTuple

from leukon.report.assessment import Assessment
from leukon.report.part import URGENCIES
from leukon.report.reasons import (
    Bar,
    Check,
    Definition,
    Episode,
    Flag,
    Guidance,
    Modifier,
    Monitoring,
    Score,
    Unused,
)
from leukon.write.line import capital, sentence
from leukon.write.view import View
from leukon.write.words import signs

MOST = 8
"""Episodes in the first table; the others stand in a second one that can be opened."""


class EpisodeRow(NamedTuple):
    name: str
    rule: str
    onset: str
    nadir: str
    end: str
    days: str
    counts: str
    worst: str


class PseudoRow(NamedTuple):
    name: str
    state: str
    told: str


class Due(NamedTuple):
    """One programme of monitoring, in words."""

    name: str
    about: str
    state: str
    action: str
    due: str
    notes: list[str]


class Reasons:
    """The parts of one Assessment about time, reasons, risk and next steps, ready to be laid out."""

    def __init__(self, view: View) -> None:
        self.view, self.a, self.words, self.plain = view, view.a, view.words, view.plain
        self._said: set[str] = set()
        self._values = {value.id: value.value for value in self.a.values}
        self._names = {lineage.analyte: lineage.name for lineage in self.a.verdict.analytes}

    def _date(self, at: str) -> str:
        """The day alone, without the time of day."""
        return self.words.day(at).split(" ")[0] if at[4:5] == "-" else self.words.day(at)

    # --- red flags and time --------------------------------------------------------------------------

    def flags(self) -> list[Flag]:
        """Flags that hold; plain readers read only what the headline has not said."""
        held = [flag for flag in self.a.risk.flags if flag.state == "yes"]
        if self.plain and held:  # "today" beside "now" would only confuse
            most = max(URGENCIES.index(flag.urgency) for flag in held)
            held = [flag for flag in held if URGENCIES.index(flag.urgency) == most]
        return [flag for flag in held if flag.text not in self.a.verdict.also] if self.plain else held

    def open_flags(self) -> list[str]:
        """Flags that what is known half fulfils, with what would tell; for plain readers the safety net says it."""
        return [] if self.plain else [self._needing(f.name, f.needs) for f in self.a.risk.flags if f.state == "unknown"]

    def flag(self, flag: Flag) -> str:
        """What a flag says; a statement that stood before it on the page is not said again."""
        pathway = f" ({self.words('page.pathway', name=flag.pathway)})" if flag.pathway and not self.plain else ""
        return f"{self._once(flag.text, flag.claims)}{pathway}"

    def history(self) -> list[str]:
        """A sentence for each cell type; what is not low is left out where something is."""
        low = [one for one in self.a.history if one.trend != "not-low"] or self.a.history
        return [f"{capital(self._names.get(one.analyte, one.name))}: {one.text}" for one in low if one.text]

    def episodes(self) -> tuple[list[EpisodeRow], list[EpisodeRow]]:
        """The newest episodes by the first rule of each cell type; then older ones and those by further rules."""
        main = main_rules(self.a)
        first = [e for e in self.a.episodes if main[e.analyte] == e.rule]
        more = [*first[MOST:], *(e for e in self.a.episodes if main[e.analyte] != e.rule)]
        return [self._episode(e) for e in first[:MOST]], [self._episode(e) for e in more]

    def episode_texts(self) -> list[str]:
        """For plain readers: a sentence for each episode of the first rule."""
        main = main_rules(self.a)
        first = [e for e in self.a.episodes if main[e.analyte] == e.rule]
        return [f"{capital(self._names.get(e.analyte, e.name))}: {e.text}" for e in first[:MOST]]

    def _episode(self, e: Episode) -> EpisodeRow:
        day = self._date
        value = self.words.span(self._values.get(e.nadir_observation, e.nadir_value))
        nadir = self.words("page.episode.nadir.at", value=value, day=day(e.nadir))
        worst = " ".join(
            [str(e.worst_grade)] * (e.worst_grade is not None) + [f"({e.worst_word})"] * bool(e.worst_word)
        )
        return EpisodeRow(
            capital(e.name),
            e.rule_text,
            day(e.onset),
            nadir if e.nadir else value,
            self.words(f"page.end.{e.end_reason}", day=day(e.end)).strip(" ,"),
            "–" if e.duration_days is None else str(e.duration_days),
            str(e.n_values),
            worst or "–",
        )

    # --- medicines and conditions on the time axis -------------------------------------------------------

    def bars(self) -> list[tuple[str, str, str, str]]:
        """(name, start, stop, note) of every medicine and condition with a time: the table beside the drawing."""
        dated = [bar for bar in self.a.bars if bar.start_s is not None or bar.stop_s is not None]
        return [self._bar(bar) for bar in sorted(dated, key=oldest)]

    def _bar(self, bar: Bar) -> tuple[str, str, str, str]:
        day, unknown = self._date, self.words("page.bars.unknown")
        stop = day(bar.stopped) or (self.words("page.bars.ongoing") if bar.ongoing else unknown)
        return capital(bar.label), day(bar.started) or unknown, stop, bar.note

    # --- may the number mislead ------------------------------------------------------------------------

    def pseudo(self) -> list[PseudoRow]:
        found = []
        for one in self.a.verdict.pseudo:
            needs = "" if self.plain else self._needed(one.needs)
            told = " ".join(
                part for part in (sentence(capital(one.note)), f"{capital(needs)}." if needs else "") if part
            )
            found.append(PseudoRow(capital(one.name), self.words(f"pseudo-state.{one.state}"), told))
        return found

    # --- risk and monitoring -----------------------------------------------------------------------------

    def definitions(self) -> list[tuple[str, list[Definition]]]:
        """Definitions side by side, by what they define. Plain readers read what follows from them, not who differs."""
        groups: dict[str, list[Definition]] = {}
        for one in self.a.risk.definitions:
            if not self.plain:
                groups.setdefault(one.family, []).append(one)
        return [(self._family(family), held) for family, held in groups.items()]

    def _family(self, family: str) -> str:
        key = f"page.family.{family}"
        return self.words(key) if self.words.has(key) else capital(family)

    def definition(self, one: Definition) -> str:
        return self._once(one.text, one.claims)

    def needs(self, one: Definition | Guidance) -> str:
        """What would tell, where it cannot be told."""
        state = one.state if isinstance(one, Definition) else one.applies
        return self._needed(one.needs) if state == "unknown" else ""

    def scores(self) -> list[Score]:
        """Scores that apply or may apply. Not for plain readers: a total calms or alarms without its meaning."""
        return [] if self.plain else [score for score in self.a.risk.scores if score.applies != "no"]

    def scores_not_for(self) -> str:
        names = [score.name for score in self.a.risk.scores if score.applies == "no"]
        return self.words("page.score.not-for", names=", ".join(names)) if names and not self.plain else ""

    def score(self, score: Score) -> str:
        """The total with its band, and what the score says of itself."""
        total = "" if score.value is None else f"{score.value}" + (f" ({score.band})" if score.band else "")
        head = f"{self.words('page.score.total')}: {total}." if total and total not in score.text else ""
        return signs(" ".join(part for part in (head, score.text) if part))

    def monitoring(self) -> list[Due]:
        """Each programme; for plain readers each sentence once, with the earliest day."""
        if not self.plain:
            return [self._due(one) for one in self.a.monitoring]
        by_day = sorted(self.a.monitoring, key=lambda one: (one.due_s is None, one.due_s or 0))
        return list({due.name: due for due in map(self._due, reversed(by_day))}.values())

    def _due(self, one: Monitoring) -> Due:
        day = self.words.day(one.due)
        due = self.words("page.monitoring.overdue", day=day) if one.overdue == "yes" and day else day
        if self.plain:
            told = one.text or self.words(
                "page.monitoring.ask", name=one.name, jurisdiction=one.jurisdiction, drug=one.label or one.cause
            )
            return Due(signs(told), "", "", "", self.words("page.monitoring.due-text", day=due) if due else "", [])
        dated = self.words("page.monitoring.dated", day=self.words.day(one.dated)) if one.dated else ""
        key = f"page.population.{one.population}"
        population = self.words(key) if self.words.has(key) else "" if one.population == "general" else one.population
        about = " · ".join(dict.fromkeys(part for part in (one.label, one.jurisdiction, population, dated) if part))
        unverified = self.words("page.monitoring.unverified", text=one.unverified) if one.unverified else ""
        notes = [part for part in (unverified, *one.notes) if part]
        name = self._names.get(one.decided_by, one.decided_by)
        state = " ".join(part for part in (one.state_name or one.state, f"({name})" if name else "") if part)
        return Due(one.name, about, signs(state), signs(one.action), due or "–", [signs(note) for note in notes])

    # --- next steps ------------------------------------------------------------------------------------

    def checks(self) -> list[Check]:
        """What to check; plain readers read what is still open."""
        return [check for check in self.a.checks if not (self.plain and check.already_done)]

    def check(self, check: Check) -> tuple[str, str]:
        """What to check, and why with the sources (not for plain readers)."""
        if self.plain:
            return signs(sentence(capital(check.text))), ""
        because = self.words("page.because", what="; ".join(check.because)) if check.because else ""
        cited = ", ".join(self.view.sources_of(check.why))
        return signs(capital(check.text)), signs(" · ".join(part for part in (because, cited) if part))

    def guidance(self) -> tuple[list[Guidance], list[Guidance]]:
        """What applies, and (for clinicians) what would apply if more were known."""
        yes = [one for one in self.a.guidance if one.applies == "yes"]
        return yes, [] if self.plain else [one for one in self.a.guidance if one.applies == "unknown"]

    def guide(self, one: Guidance) -> tuple[str, str]:
        """What a source says, and why it is said here (not for plain readers)."""
        because = self.words("page.because", what="; ".join(one.because)) if one.because else ""
        about = " · ".join(part for part in (one.body, because, self.needs(one)) if part)
        return signs(one.text), one.body if self.plain else signs(about)

    def modifiers(self) -> list[Modifier]:
        return [one for one in self.a.modifiers if one.state == "yes"]

    def other_modifiers(self) -> str:
        names = [] if self.plain else [one.name for one in self.a.modifiers if one.state == "unknown"]
        return self.words("page.modifiers.others", names=", ".join(names)) if names else ""

    def unused(self) -> list[str]:
        return [self._unused(one) for one in self.a.unused]

    def _unused(self, one: Unused) -> str:
        near = self.words("page.near", names=", ".join(one.near)) if one.near else ""
        told = " ".join(part for part in (one.text, f"{capital(near)}." if near else "") if part)
        code = f" [{one.code}]" if one.code and not self.plain else ""
        return self.words("page.note", name=one.named or one.id, text=told) + code

    def _needed(self, needs: list[str]) -> str:
        return signs(self.words("page.needs", what="; ".join(needs))) if needs else ""

    def _needing(self, text: str, needs: list[str]) -> str:
        return signs(f"{text} ({self._needed(needs)})" if needs else text)

    def _once(self, text: str, claims: list[str]) -> str:
        """Statements that stand beside several flags or definitions are said with the first; never nothing is left."""
        left = text
        for claim in claims:
            told = self.a.claims[claim].text if claim in self.a.claims else ""
            if told and told in self._said:
                left = " ".join(left.replace(told, " ").split())
            elif told and told in text:
                self._said.add(told)
        return signs(left or text)


def oldest(bar: Bar) -> tuple[bool, int, int]:
    """Unknown starts first, then by start and stop: the order of the drawing and of its table."""
    return bar.start_s is not None, bar.start_s or 0, bar.stop_s or 0


def main_rules(assessment: Assessment) -> dict[str, str]:
    """Analyte → the rule whose episodes come first: the one that the chart draws."""
    found: dict[str, str] = {}
    for episode in assessment.episodes:
        found.setdefault(episode.analyte, episode.rule)
    return found


def first_rule(assessment: Assessment, analyte: str) -> list[Episode]:
    """The episodes of one cell type by its first rule."""
    main = main_rules(assessment)
    return [e for e in assessment.episodes if e.analyte == analyte and e.rule == main[analyte]]
