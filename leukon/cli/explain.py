"""`leukon explain`: what leukon knows about one thing, and who says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leukon.cli import options
from leukon.errors import InputError

if TYPE_CHECKING:
    from leukon.explain import Explainer, Page

MANY = 30
"""Pages that are listed at most when words fit several."""


@click.command(
    epilog="""\b
Examples:
  leukon explain CTCAE@5.0
  leukon explain ctcae.neut.g2@5.0
  leukon explain neutrophils
  leukon explain clozapine
  leukon explain "Doença de Calazar" --lang pt
  leukon explain UNIT_AMBIGUOUS --lang pt
"""
)
@click.argument("words", nargs=-1, required=True, metavar="ID-OR-WORDS")
@options.language
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@options.knowledge
@options.over
def explain(words: tuple[str, ...], lang: str, form: str, folder: Path | None, over: Path | None) -> None:
    """Explain a drug, condition, rule, score, sign, symptom, scale, limit, finding, analyte, source, claim or code.

    Shows its facts, the claims and sources behind them, the state of their review, and the cases that test it.
    """
    from leukon.explain import Explainer

    explainer = Explainer(options.load(folder, over), lang, folder)
    asked = " ".join(words)
    pages = explainer.find(asked)
    if not pages:
        near = explainer.near(asked)
        raise InputError(
            f"nothing is known as {asked!r}",
            hint=f"did you mean {', '.join(near)}?" if near else "try a word of its name, or an id of a report",
            code="UNKNOWN_ID",
        )
    if form == "json":
        click.echo(json.dumps([as_dict(explainer, page) for page in pages], indent=1, ensure_ascii=False))
    elif len(pages) == 1:
        click.echo(as_text(explainer, pages[0]))
    else:
        for page in pages[:MANY]:
            click.echo(f"{page.id:32} {page.title}")
        if len(pages) > MANY:
            click.echo(explainer.say("explain.more", n=len(pages) - MANY))


def as_text(explainer: Explainer, page: Page) -> str:
    """One page as lines of text."""
    say, held = explainer.say, explainer.knowledge
    lines = [f"{page.id}  ({say(f'explain.kind.{page.kind}')})", page.title, ""]
    lines += [f"  {label}: {value}" for label, value in page.facts]
    if page.review:
        lines.append(f"  {say('explain.review')}: {page.review}")
    if page.place:
        lines.append(f"  {say('explain.file')}: {page.place}")
    for id_ in page.claims:
        if claim := held.claims.get(id_):
            state = f"{say(f'strength.{claim.strength}')}, {say(f'explain.{claim.evidence}')}, {claim.review.status}"
            lines += ["", f"{say('explain.claim')} {id_} [{state}]", f"  {say.of(claim.text)}"]
            if claim.place:
                lines.append(f"  {say('explain.place')}: {claim.place}")
            if claim.contradicted_by:
                lines.append(f"  {say('explain.contradicted')}: {', '.join(claim.contradicted_by)}")
            lines += [f"  {source(explainer, id_)}" for id_ in claim.sources]
    if page.sources:
        lines += ["", say("explain.sources"), *(f"  {source(explainer, id_)}" for id_ in page.sources)]
    if page.related:
        lines += ["", say("explain.related")]
        lines += [f"  {id_:32} {explainer.pages[id_].title}" for id_ in page.related if id_ in explainer.pages]
    if cases := explainer.cases(page):
        lines += ["", say("explain.cases"), *(f"  {case}" for case in cases)]
    return "\n".join(lines)


def source(explainer: Explainer, id_: str) -> str:
    held = explainer.knowledge.sources.get(id_)
    parts = (held.title, held.publisher, held.year, held.locator) if held else ()
    return f"{id_}: " + ". ".join(part.rstrip(".") for part in parts if part)


def as_dict(explainer: Explainer, page: Page) -> dict[str, object]:
    """One page for programs; keys in English whatever the language."""
    made: dict[str, object] = page._asdict()
    made["facts"] = dict(page.facts)
    made["cases"] = explainer.cases(page)
    return made
