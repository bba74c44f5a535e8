"""`leukon check`: do the knowledge files hold together, and do their own cases still come out as written?"""

from __future__ import annotations

from collections.abc import Sized
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leukon.cli import options
from leukon.errors import KnowledgeError

if TYPE_CHECKING:
    from leukon.assess.answering import Engine

ENGINES: tuple[Engine, ...] = ("sqlite", "duckdb")


@click.command(
    epilog="""\b
Examples:
  leukon check                  the knowledge that is installed
  leukon check our-knowledge    a folder of knowledge files, or a site's own limits
"""
)
@click.argument("folder", required=False, type=options.PATH, metavar="[DIR]")
@options.language
def check(folder: Path | None, lang: str) -> None:
    """Check knowledge files: every lint, and every case on both engines. Exit code 5 when something is wrong."""
    from leukon import knowledge
    from leukon.answers import answers
    from leukon.knowledge import cases, pack
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
    if problems:
        raise KnowledgeError(problems)
    kinds: tuple[Sized, ...] = (held.sources, held.claims, held.analytes, held.limits, held.editions, held.findings)
    items = sum(len(kind) for kind in kinds)
    say = Phrases(held, lang, "clinician")
    count = len(cases.read(beside))
    click.echo(say("cli.checked", items=items, cases=count, version=held.version, sha=held.sha256[:12]))
