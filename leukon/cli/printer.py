"""What `leukon assess` puts on the screen: a report, one report a line, or a summary."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leukon.errors import UsageError
from leukon.report.phrases import Phrases

if TYPE_CHECKING:
    from leukon.cohort import Cohort, Progress
    from leukon.knowledge.model import Knowledge
    from leukon.read.inputs import RawSet
    from leukon.report import Assessment

WIDEST = 110
SHOWN_CODES = 12


class Printer:
    """Prints in one language, for one audience, in one format. Reports go to stdout, remarks to stderr."""

    def __init__(self, knowledge: Knowledge, language: str, audience: str, form: str) -> None:
        self.knowledge, self.form = knowledge, form
        self.say = Phrases(knowledge, language, audience)

    def reports(self, assessments: Iterable[Assessment]) -> None:
        """One report as asked; several as one line of JSON each, or as text one after the other."""
        for position, assessment in enumerate(assessments):
            if self.form == "json":
                self._bytes(assessment.to_json() + b"\n")
            elif self.form == "html":
                from leukon.write import html

                self._bytes(html.render(assessment, knowledge=self.knowledge).encode())
            else:
                from leukon.write import text

                color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
                width = min(shutil.get_terminal_size((80, 24)).columns, WIDEST)
                page = text.render(assessment, knowledge=self.knowledge, width=width, color=color)
                click.echo(("\n" if position else "") + page, nl=False)

    def people(self, cohort: Cohort) -> None:
        """One person: the report. Many: one line of JSON each, or a summary and a hint."""
        if self.form == "html" and cohort.people != 1:
            raise UsageError(
                f"--format html shows one person; here are {cohort.people}", hint="use --format json or --out DIR"
            )
        if cohort.people == 1 or self.form == "json":
            self.reports(cohort.assessments())
        else:
            self.summary(cohort.summary())
            self.remark(self.say("cli.many", n=cohort.people))

    def written(self, path: Path) -> None:
        """After tables were written: the summary, and where everything is."""
        if self.form == "json":
            self._bytes(path.read_bytes())
        else:
            self.summary(json.loads(path.read_bytes()))
        files = ", ".join(sorted(entry.name for entry in path.parent.iterdir()))
        self.remark(self.say("cli.written", out=str(path.parent), files=files))

    def summary(self, summary: dict[str, Any]) -> None:
        """The summary in a few lines; all of it stands in summary.json."""
        click.echo(
            self.say("summary.results", people=summary["patients"]["n"], **{key: summary[key] for key in RESULTS})
        )
        for what in ("excluded", "rejected"):
            if found := summary[f"{what}_by_code"]:
                click.echo(self.say(f"summary.{what}", codes=listed(found)))
        for kind, codes in summary.get("mentions", {}).items():
            if codes:
                click.echo(self.say("summary.mentions", kind=self.say(f"summary.kind.{kind}"), codes=listed(codes)))
        if refused := summary.get("mentions_rejected"):
            click.echo(self.say("summary.mentions-rejected", codes=listed(refused)))
        people = summary["patients"]
        below = {
            analyte: "   ".join(
                f"< {self.say.number(line)}: {n}"
                + (f" ({counted})" if (counted := people["below_counted"][analyte][line]) != n else "")
                for line, n in lines.items()
                if n
            )
            for analyte, lines in people["below"].items()
        }
        self._block("summary.below", {analyte: text for analyte, text in below.items() if text})
        if people["below"] != people["below_counted"]:
            click.echo(f"  {self.say('summary.counted')}")
        self._block("summary.answers", {question: listed(states) for question, states in summary["findings"].items()})

    def _block(self, heading: str, lines: dict[str, str]) -> None:
        if lines:
            click.echo("\n" + self.say(heading))
        for name, text in lines.items():
            click.echo(f"  {name:20} {text}")

    def read(self, raw: RawSet) -> None:
        """What was left aside, and the map that was guessed, so that it can be corrected and kept."""
        for note in raw.notes:
            self.remark(note)
        for name, text in raw.guesses.items():
            self.remark(self.say("cli.guessed-map", name=name) + "\n" + text)

    def read_as(self, assessment: Assessment, unread: list[str]) -> None:
        """How typed counts were read, in both usual units, and what was not read."""
        for value in assessment.values:
            if value.derived is None:
                what = f"{value.name} {self.say.quantity(value.value, value.unit)}"
                small = self.say.per_microlitre(value.value, value.unit)
                if small:
                    what = self.say("cli.per-microlitre", what=what, small=small)
                self.remark(self.say("cli.read-as", what=what))
        for piece in unread:
            self.remark(self.say("cli.not-read", what=piece))

    def remark(self, text: str) -> None:
        click.echo(text, err=True)

    def _bytes(self, data: bytes) -> None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


RESULTS = ("results_in", "used", "excluded", "rejected")


def listed(counts: dict[str, int]) -> str:
    """The largest numbers first; equal ones by name."""
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {n}" for name, n in most[:SHOWN_CODES]) + (", ..." if len(most) > SHOWN_CODES else "")


@contextmanager
def progress() -> Iterator[Progress | None]:
    """A progress bar on a terminal; nothing anywhere else."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def told(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield told
