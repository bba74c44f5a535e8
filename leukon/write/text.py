"""The readable report: plain text for a terminal, a pipe or a file."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from leukon.knowledge.model import Knowledge
from leukon.report.assessment import UNNAMED, Assessment
from leukon.write.line import BAND, capital, number_line
from leukon.write.text_reasons import ReasonPages
from leukon.write.view import DisagreementView, View
from leukon.write.words import inert, signs

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDTH, NARROWEST = 80, 60
ACCENT = "cyan"


def render(
    assessment: Assessment, *, knowledge: Knowledge | None = None, width: int = WIDTH, color: bool = False
) -> str:
    """The report as text of at most `width` columns; `color` adds terminal colour (the caller respects NO_COLOR)."""
    from rich.console import Console

    page = StringIO()
    console = Console(
        file=page,
        width=max(width, NARROWEST),
        force_terminal=color,
        no_color=not color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        soft_wrap=False,
    )
    Report(View(assessment, knowledge), console).write()
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


class Report:
    """One Assessment on one console, section by section, in the order in which it is read."""

    def __init__(self, view: View, console: Console) -> None:
        self.view, self.a, self.words, self.plain, self.console = view, view.a, view.words, view.plain, console

    def write(self) -> None:
        """The sections in the order in which they are read; plain readers get the safety net early."""
        reasons = ReasonPages(self)
        self.answer()
        reasons.flags()
        if self.plain:
            self.safety()
        self.counts()
        reasons.time()
        self.other_results()
        reasons.could()
        reasons.pseudo()
        reasons.risk()
        reasons.monitoring()
        reasons.next()
        self.listed("label.ask", self.a.ask)
        if not self.plain:
            self.safety()
        reasons.modifiers()
        self.listed("label.missing", [f"{capital(missing.what)}: {missing.effect}" for missing in self.a.missing])
        self.listed("label.would-change", [capital(text) for text in self.a.would_change])
        self.limits()
        self.grades()
        self.listed("label.questions", self.view.questions())
        reasons.unused()
        self.listed("label.excluded", self.view.excluded())
        if not self.plain:
            self.listed("label.issues", self.view.notes())
        self.sources()
        self.foot()

    # --- pieces --------------------------------------------------------------------------------

    def line(self, text: str = "", style: str = "") -> None:
        from rich.text import Text

        self.console.print(Text(inert(text), style=style))

    def heading(self, key: str) -> None:
        self.line()
        self.line(self.words(key).upper(), f"bold {ACCENT}")

    def listed(self, key: str, texts: list[str], sign: str = "·") -> None:
        """A section that is a list, left out when there is nothing in it."""
        if texts:
            self.heading(key)
            self.items(texts, sign)

    def items(self, texts: list[str], sign: str = "·") -> None:
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 1))
        for text in texts:
            table.add_row(Text(sign), Text(inert(text)))
        if texts:
            self.console.print(table)

    def table(self, columns: dict[str, str]) -> Table:
        """An unruled table; `columns` are key (of the labels, or whole) → "right", "narrow" (never wrapped) or ""."""
        from rich.table import Table

        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for key, side in columns.items():
            title, whole = self.words(key if "." in key else f"label.{key}"), side in ("right", "narrow")
            table.add_column(title, justify="right" if side == "right" else "left", no_wrap=whole, overflow="fold")
        return table

    def row(self, table: Table, *cells: str, style: str = "") -> None:
        from rich.text import Text

        table.add_row(*(Text(inert(cell), style=style) for cell in cells))

    # --- sections ------------------------------------------------------------------------------

    def answer(self) -> None:
        parts = [f"leukon · {self.words('label.assessment')}"]
        if self.a.subject != UNNAMED:
            parts.append(f"{self.words('label.person')} {self.a.subject}")
        if self.a.as_of:
            parts.append(f"{self.words('label.as-of')} {self.words.day(self.a.as_of)}")
        self.line(" · ".join(parts), "dim")
        self.line()
        self.line(signs(self.a.verdict.headline), "bold")
        for text in self.a.verdict.also:
            self.line(signs(text))
        level = self.a.verdict.urgency
        label = "" if self.plain else f"{capital(self.words(f'urgency.label.{level.level}'))}. "
        self.line()
        self.line(f"{self.words('label.urgency')}: {label}{level.text}")
        if self.view.picture is not None:
            self.line()
            for text in number_line(self.view.picture, self.words, self.console.width - 4):
                self.line(text, ACCENT if BAND in text else "")

    def counts(self) -> None:
        rows = self.view.counts()
        if not rows:
            return
        self.heading("label.counts")
        table = self.table({"count": "", "value": "right", "as-sent": "", "interval": "narrow", "state": ""})
        for row in rows:
            style = "" if row.lineage.value else "dim"
            interval = self.view.interval(row.interval)
            self.row(table, capital(row.lineage.name), row.amount, row.sent, interval, row.state, style=style)
        self.console.print(table)
        self.items(self.view.remarks())

    def other_results(self) -> None:
        rest = self.view.others()
        if not rest:
            return
        self.heading("label.other-results")
        table = self.table({"date": "narrow", "count": "", "value": "right", "as-sent": "", "interval": "narrow"})
        for value in rest:
            amount = self.words.quantity(value.value, value.unit)
            day, interval = self.words.day(value.collected), self.view.interval(value.interval)
            self.row(table, day, value.name, amount, self.view.sent(value), interval)
        self.console.print(table)

    def limits(self) -> None:
        found = self.view.disagreements()
        if found:
            self.heading("label.disagreements" if self.plain else "label.limits")
            for place, disagreement in enumerate(found):
                if place:
                    self.line()
                self._disagreement(disagreement)

    def _disagreement(self, disagreement: DisagreementView) -> None:
        self.line(f"{capital(disagreement.question)}. {disagreement.note}".strip())
        table = self.table({"limit": "right", "says": "narrow", "who": ""})
        for row in disagreement.positions:
            says = self.words(f"label.says.{row.says}")
            style = "dim" if row.says == "no-vote" else ""
            self.row(table, self.words.number(row.value), says, row.who, style=style)
        self.console.print(table)
        if disagreement.open:
            self.line(disagreement.open_note, "dim")

    def grades(self) -> None:
        rows = self.view.grades()
        if self.plain and not rows:
            return
        self.heading("label.grades")
        if rows:
            table = self.table({"scale": "", "term": "", "value": "right", "grade": "narrow", "why": ""})
            for row in rows:
                self.row(table, *row)
            self.console.print(table)
        else:
            self.line(self.words("label.no-grades"))
        if not self.a.scales and not self.plain:
            self.line(self.words("label.no-default"), "dim")

    def safety(self) -> None:
        self.listed("label.safety", self.a.safety_net_text, sign="!")

    def sources(self) -> None:
        self.listed("label.sources", [text if self.plain else f"{text} [{id_}]" for text, id_ in self.view.sources()])
        if self.view.review():
            self.line(self.view.review(), "dim")

    def foot(self) -> None:
        self.line()
        self.line(self.a.intended_use_text)
        self.line(self.view.versions(), "dim")
