"""The sections of the readable report about time, reasons, risk and next steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leukon.report.reasons import Flag, Guidance, Score
from leukon.write.candidates import KINDS, Candidate, Candidates
from leukon.write.line import capital
from leukon.write.reasons import EpisodeRow, Reasons
from leukon.write.words import signs

if TYPE_CHECKING:
    from leukon.write.text import Report


class ReasonPages:
    """Section by section, on the console of one report."""

    def __init__(self, report: Report) -> None:
        self.report, self.words, self.plain = report, report.words, report.plain
        self.reasons, self.candidates = Reasons(report.view), Candidates(report.view)

    def flags(self) -> None:
        shown = self.reasons.flags()
        if shown:
            self.report.heading("page.flags")
            self.report.items([self._flag(flag) for flag in shown], "!")

    def _flag(self, flag: Flag) -> str:
        told = self.reasons.flag(flag)
        if self.plain:
            return told
        return f"{capital(signs(flag.name))} [{self.words(f'urgency.label.{flag.urgency}')}]. {told}"

    def time(self) -> None:
        history, bars = self.reasons.history(), self.reasons.bars()
        first, more = self.reasons.episodes()
        if not (history or first or bars):
            return
        self.report.heading("page.time")
        self.report.items(history)
        if bars:
            table = self.report.table({"page.bars.name": "", "page.bars.start": "narrow", "page.bars.stop": "narrow"})
            for name, start, stop, note in bars:
                self.report.row(table, f"{name} {note}".strip(), start, stop)
            self.report.line()
            self.report.console.print(table)
        if first:
            self.report.line()
            self.report.line(self.words("page.episodes"), "bold")
            if self.plain:
                self.report.items(self.reasons.episode_texts())
                return
            self._episodes([*first, *more])

    def _episodes(self, rows: list[EpisodeRow]) -> None:
        """By rule, so that a row keeps to the width of a terminal."""
        for rule in dict.fromkeys(row.rule for row in rows):
            self.report.line(rule, "dim")
            table = self.report.table(
                {
                    "count": "",
                    "page.episode.onset": "",
                    "page.episode.nadir": "",
                    "page.episode.end": "",
                    "page.episode.days": "right",
                    "page.episode.worst": "",
                }
            )
            for row in (row for row in rows if row.rule == rule):
                self.report.row(table, row.name, row.onset, row.nadir, row.end, row.days, row.worst)
            self.report.console.print(table)

    def could(self) -> None:
        shown, late, hides = self.candidates.shown(), self.candidates.not_in_time(), self.candidates.hides()
        self.report.heading("page.could")
        if not shown:
            self.report.line(self.candidates.nothing())
        elif self.plain:
            self.report.line(self.words("page.could.intro"))
            self.report.items([signs(one.text) for one in shown])
        else:
            for one in shown:
                self._candidate(one)
        if shown and self.candidates.order():
            self.report.line(self.candidates.order(), "dim")
        if late and not self.plain:
            self._part("page.could.not-in-time")
            self.report.items(late)
        if hides:
            self._part("page.could.hides")
            self.report.line(self.words("page.could.hides.intro"))
            if self.plain:
                self.report.items([signs(one.text) for one in hides])
            else:
                for one in hides:
                    self._candidate(one)

    def _part(self, key: str) -> None:
        self.report.line()
        self.report.line(self.words(key), "bold")

    def _candidate(self, one: Candidate) -> None:
        about = f" · {one.about}" if one.about else ""
        self.report.line(f"{one.label} ({one.kind}{about})", "bold")
        timing = []
        for line in one.timing:
            who = f"{capital(line.who)}: " if line.who else ""
            word = f"{self.words('page.could.timing')}: {who}{line.word}. " if line.word else ""
            timing.append(f"{word}{line.text}")
        says = [
            f"{self.words(f'page.could.{kind}')} {cell.word}"
            + (f" [{', '.join(cell.sources)}]" if cell.sources else "")
            for kind, cell in zip(KINDS, one.cells, strict=True)
        ]
        facts = [f"{label}: {text}" for label, text in one.facts]
        self.report.items([part for part in (*timing, "; ".join(says), one.text, " ".join(facts)) if part])

    def pseudo(self) -> None:
        rows = self.reasons.pseudo()
        if rows:
            self.report.heading("page.pseudo")
            self.report.items([f"{row.name}: {row.state}. {row.told}".strip() for row in rows])

    def risk(self) -> None:
        groups, scores, others = self.reasons.definitions(), self.reasons.scores(), self.reasons.scores_not_for()
        still_open = [capital(text) for text in self.reasons.open_flags()]
        if not (still_open or groups or scores or others):
            return
        self.report.heading("page.risk")
        if still_open:
            self.report.line(self.words("page.flags-open"), "bold")
            self.report.items(still_open, "?")
        for family, held in groups:
            self.report.line(family, "bold")
            table = self.report.table({"page.risk.body": "", "page.risk.holds": "", "page.risk.text": ""})
            for one in held:
                name = one.body if one.name in ("", one.body) else f"{one.body}: {one.name}"
                told = " ".join(part for part in (self.reasons.definition(one), self.reasons.needs(one)) if part)
                self.report.row(table, signs(name), self.words(f"page.answer.{one.state}"), told)
            self.report.console.print(table)
        for score in scores:
            self._score(score)
        if others:
            self.report.line(others, "dim")

    def _score(self, score: Score) -> None:
        self.report.line()
        self.report.line(capital(score.name), "bold")
        self.report.line(self.reasons.score(score))
        if score.population:
            self.report.line(signs(capital(score.population)), "dim")
        self.report.items(score.warnings, "!")
        table = self.report.table({"page.score.item": "", "page.score.answer": "", "page.score.points": "right"})
        for item in score.items:
            points = "–" if item.points is None else str(item.points)
            self.report.row(table, capital(signs(item.name)), signs(item.answer), points)
        self.report.console.print(table)

    def monitoring(self) -> None:
        rows = self.reasons.monitoring()
        if not rows:
            return
        self.report.heading("page.monitoring")
        if self.plain:
            self.report.items([f"{row.name} {row.due}".strip() for row in rows])
            return
        for row in rows:
            self.report.line(row.name, "bold")
            self.report.line(row.about, "dim")
            told = {"state": capital(row.state), "action": row.action, "due": row.due}
            found = [f"{self.words(f'page.monitoring.{key}')}: {text}" for key, text in told.items() if text]
            self.report.items([*found, *row.notes])

    def next(self) -> None:
        done, still = self.words("page.check.done"), self.words("page.check.open-sign")
        guidance, still_open = self.reasons.guidance()
        checks = self.reasons.checks()
        if not (checks or guidance or still_open):
            return
        self.report.heading("page.next")
        for check in checks:
            sign = self.words("page.check.done-sign") if check.already_done else still
            told, why = self.reasons.check(check)
            about = f" [{why}]" if why else ""
            self.report.items([told + (f" ({done})" if check.already_done else "") + about], sign)
        for key, held in (("page.guidance", guidance), ("page.guidance.unknown", still_open)):
            if held:
                self._part(key)
                self.report.items([self._guide(one) for one in held])

    def _guide(self, one: Guidance) -> str:
        named = f"{one.name}. " if one.name and not self.plain else ""
        told, about = self.reasons.guide(one)
        return f"{capital(signs(named))}{told}" + (f" [{about}]" if about else "")

    def modifiers(self) -> None:
        shown, others = self.reasons.modifiers(), self.reasons.other_modifiers()
        if shown or others:
            self.report.heading("page.modifiers")
            self.report.items([f"{capital(one.name)}: {signs(one.text)}" for one in shown])
            if others:
                self.report.line(others, "dim")

    def unused(self) -> None:
        self.report.listed("page.unused", self.reasons.unused())
