"""`leukon check`: do the knowledge files hold together, and do their own cases still come out as written?"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sized
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leukon.cli import options
from leukon.cli.printer import WIDEST
from leukon.errors import KnowledgeError, UsageError

if TYPE_CHECKING:
    from leukon.assess.answering import Engine

ENGINES: tuple[Engine, ...] = ("sqlite", "duckdb")


@click.command(
    epilog="""\b
Examples:
  leukon check                  the knowledge that is installed
  leukon check our-knowledge    a folder of knowledge files, or a site's own limits
  leukon check --coverage       what is in use, what is not, and why
  leukon check --coverage --format json
"""
)
@click.argument("folder", required=False, type=options.PATH, metavar="[DIR]")
@click.option("--coverage", is_flag=True, help="Print what the knowledge carries and what not, and why; check nothing.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="With --coverage.")
@options.language
def check(folder: Path | None, coverage: bool, form: str, lang: str) -> None:
    """Check knowledge files: every lint, and every case on both engines. Exit code 5 when something is wrong."""
    if coverage:
        show_coverage(folder, form, lang)
        return
    if form != "text":
        raise UsageError("--format belongs to --coverage", hint="add --coverage, or leave --format out")
    from leukon import knowledge
    from leukon.answers import answers
    from leukon.assess import assess
    from leukon.knowledge import cases, pack, vignettes
    from leukon.report.phrases import Phrases

    if folder is not None and folder.is_dir() and not any(folder.rglob("*.yaml")):
        raise KnowledgeError([f"{folder.name}: holds no knowledge files; expected limits, settings or sources (.yaml)"])
    problems = knowledge.check(folder)
    if problems:
        raise KnowledgeError(problems)
    whole = folder is None or pack.whole(folder)
    held = knowledge.load_knowledge(folder) if whole else knowledge.load_knowledge(over=folder)
    beside = folder if folder is not None and whole else pack.SHIPPED
    for engine in ENGINES:
        wrong = cases.run_together(held, partial(answers, engine=engine), beside)
        problems += [f"{line} ({engine})" for line in wrong]
    told = vignettes.read(beside) if whole else []
    if told:
        problems += vignettes.unsourced(told, held)
        problems += vignettes.run(held, lambda request, by: assess(request, knowledge=by).to_dict(), beside)
    if problems:
        raise KnowledgeError(problems)
    kinds: tuple[Sized, ...] = (
        held.sources, held.claims, held.analytes, held.limits, held.editions, held.findings, held.causes, held.signs,
        held.rules, held.scores, held.programmes, held.episode_rules, held.topics, held.seeds,
    )  # fmt: skip
    items = sum(len(kind) for kind in kinds)
    say = Phrases(held, lang, "clinician")
    count = len(cases.read(beside))
    click.echo(
        say("cli.checked", items=items, cases=count, stories=len(told), version=held.version, sha=held.sha256[:12])
    )


def show_coverage(folder: Path | None, form: str, lang: str) -> None:
    """Print what became of the facts that the knowledge was made from."""
    from leukon import knowledge
    from leukon.knowledge import facts, pack
    from leukon.report.phrases import Phrases
    from leukon.write import coverage

    own = folder is not None and pack.whole(folder)
    held = knowledge.load_knowledge(folder) if own else knowledge.load_knowledge(over=folder)
    spoken = held if "coverage.title" in held.texts.get(lang, {}) else knowledge.load_knowledge()
    words = Phrases(spoken, lang, "clinician")
    found = facts.coverage(held, lang, folder if own and folder is not None else pack.SHIPPED)
    if form == "json":
        click.echo(json.dumps(facts.as_json(found, held), ensure_ascii=False, indent=2))
        return
    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    width = min(shutil.get_terminal_size((100, 24)).columns, WIDEST)
    click.echo(coverage.as_text(found, held, words, width=width, color=color), nl=False)
