"""`leukon limits`: the public table of lower limits: who draws the line where."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leukon.cli import options
from leukon.errors import UsageError

if TYPE_CHECKING:
    from leukon.knowledge.model import Knowledge
    from leukon.write.limits import Who

FORMATS = ("text", "csv", "json", "svg", "html")
STAGES = ["no", "unknown", "yes", "trimester-1", "trimester-2", "trimester-3"]


@click.command(
    epilog="""\b
Examples:
  leukon limits --analyte WBC --value 3.6
  leukon limits --analyte neutrophils --age 2 --sex female
  leukon limits --analyte NEUT --age "14 d" --format json
  leukon limits --format csv > limits.csv
  leukon limits --analyte WBC --value 3.6 --format html > limits.html
"""
)
@click.option(
    "--analyte", "analytes", multiple=True, metavar="NAME", help="Only this one, by any name or code (repeatable)."
)
@click.option(
    "--question", "questions", multiple=True, metavar="NAME", help="Only this one, such as neutropenia (repeatable)."
)
@click.option("--age", metavar="AGE", help="For this age: 40 (years), `14 d`, `6 mo`, `30 h`.")
@click.option("--sex", type=click.Choice(["female", "male", "unknown"]), default="unknown")
@click.option("--pregnant", type=click.Choice(STAGES), default="unknown")
@click.option("--duffy", type=click.Choice(["null", "non-null", "unknown"]), default="unknown")
@click.option("--value", metavar="NUMBER", default="", help="Say which call this number low (x10^9/L; one analyte).")
@click.option("--upper", is_flag=True, help="Upper limits too.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@options.language
@options.knowledge
@options.over
def limits(
    analytes: tuple[str, ...],
    questions: tuple[str, ...],
    age: str | None,
    sex: str,
    pregnant: str,
    duffy: str,
    value: str,
    upper: bool,
    form: str,
    lang: str,
    folder: Path | None,
    over: Path | None,
) -> None:
    """Show every published lower limit: who draws the line where, for whom, since when.

    Without a person the whole table; with one only what applies, or would if more were known.
    """
    from leukon.write import limits as table

    knowledge = options.load(folder, over)
    chosen = [analyte(knowledge, name) for name in analytes]
    value = number(value, chosen)
    who = person(age, sex, pregnant, duffy)
    found = table.rows(
        knowledge, analytes=chosen, questions=asked(knowledge, questions), who=who, value=value, language=lang
    )
    found = [row for row in found if row.bound == "lower" or upper or questions]
    if form == "csv":
        click.echo(table.as_csv(found), nl=False)
    elif form == "json":
        click.echo(table.as_json(found, knowledge), nl=False)
    elif form == "html":
        click.echo(table.as_html(found, knowledge, language=lang, value=value), nl=False)
    elif form == "svg":
        if len({row.question for row in found}) != 1:
            raise UsageError("--format svg draws one question", hint="add --question leukopenia, or use --format html")
        click.echo(table.as_svg(found, knowledge, language=lang, value=value))
    else:
        click.echo(table.as_text(found, knowledge, language=lang, value=value), nl=False)


def analyte(knowledge: Knowledge, name: str) -> str:
    """The id of an analyte by any name of it."""
    from leukon.knowledge.names import find_analyte

    found = find_analyte(knowledge, name)
    if found is None:
        raise UsageError(f"no analyte is known as {name!r}", expected="one of " + ", ".join(knowledge.analytes))
    return found.analyte


def asked(knowledge: Knowledge, questions: tuple[str, ...]) -> list[str]:
    known = {limit.question for limit in knowledge.limits.values()}
    for question in questions:
        if question not in known:
            raise UsageError(f"there is no question {question!r}", expected="one of " + ", ".join(sorted(known)))
    return list(questions)


def number(text: str, analytes: list[str]) -> str:
    """A number with a point or a comma, as one with a point. It needs one analyte to be compared with."""
    if not text:
        return ""
    if not re.fullmatch(r"\d{1,9}([.,]\d{1,9})?", text.strip()):
        raise UsageError(f"--value {text!r} is not a number", expected="--value 3.6")
    if len(set(analytes)) != 1:
        raise UsageError("--value needs to know of what", expected="--analyte WBC --value 3.6")
    return text.strip().replace(",", ".")


def person(age: str | None, sex: str, pregnant: str, duffy: str) -> Who:
    """For whom the table is asked."""
    from leukon.read.people import NO_AGE, read_age_text
    from leukon.write.limits import Who

    if age is None:
        return Who(sex=sex, pregnancy=pregnant, duffy=duffy)
    read = read_age_text(age, "years")
    if read == NO_AGE or read.low_h is None:
        raise UsageError(f"--age {age!r} is not an age", expected="40 (years), `14 d`, `6 mo` or `30 h`")
    return Who(read.low_h, read.high_h, bool(read.exact), sex, pregnant, duffy)
