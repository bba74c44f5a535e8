"""`leukon assess`: one person → a report, many → tables and a summary."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from leukon.cli import options
from leukon.errors import InputError, RequestError, UsageError

if TYPE_CHECKING:
    from leukon.cli.printer import Printer
    from leukon.knowledge.model import Knowledge
    from leukon.report.assessment import Assessment

SOME_REJECTED = 4
STDIN = "-"

EPILOG = """\b
Examples:
  leukon assess "WBC 3.6"
  leukon assess "WBC 3.6 10*9/L (4.0-11.0); NEUT 36 %; age 56; sex female" --audience plain
  leukon assess results.csv --scale CTCAE@5.0 --scale CTCAE@6.0
  leukon assess results.csv --out results --tables csv
  leukon assess labevents.csv.gz --map mimic4 --out results
  leukon assess "WBC 3.6; ANC 1.296; drug clozapine since 2026-10-02; temp 38.6 C; condition lupus"
  leukon assess results.csv --drugs drugs.csv --conditions conditions.csv --vitals vitals.csv --jurisdiction EU
  leukon assess mimic4 --map mimic4 --drugs mimic4 --conditions mimic4 --out results
  leukon assess report.csv --locale pt --lang pt --format html > report.html
  cat results.csv | leukon assess - --format json

\b
INPUT is a CSV or Parquet file (also .gz), a folder of them, a request in JSON, `-` for
standard input, or counts as typed. One person without --out gives a report; many people
give a summary, or tables with --out. Exit code 4: some rows were rejected.
"""


@click.command(epilog=EPILOG)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "--scale", "scales", multiple=True, metavar="SCALE@VERSION", help="Grade on this edition only (repeatable)."
)
@options.language
@click.option("--audience", type=click.Choice(["clinician", "plain"]), default="clinician", show_default=True)
@click.option("--as-of", metavar="DATE", help="Judge from this date or time (else: the latest collection).")
@click.option("--format", "form", type=click.Choice(["text", "json", "html"]), default="text", show_default=True)
@click.option("--out", type=options.PATH, metavar="DIR", help="Write tables and summary.json into this folder.")
@click.option("--tables", type=click.Choice(["parquet", "csv"]), default="parquet", show_default=True)
@click.option("--infer-units", is_flag=True, help="Where no unit is sent, take it from the size of the number.")
@click.option("--locale", type=click.Choice(["en", "pt"]), default=None, help="How numbers are written (3.6 or 3,6).")
@click.option("--map", "map_", metavar="FILE", help="A map of the columns; a name such as `nhanes` is one of ours.")
@click.option(
    "--unit", "units", multiple=True, callback=options.pairs, metavar="COLUMN=UNIT", help="wbc=10*3/uL (repeatable)."
)
@click.option("--use-preliminary/--final-only", default=True, show_default=True, help="Judge preliminary results too.")
@options.drugs
@options.conditions
@options.vitals
@options.jurisdiction
@options.episode_rule
@options.pathway
@options.knowledge
@options.over
def assess(
    inputs: tuple[str, ...],
    scales: tuple[str, ...],
    lang: str,
    audience: str,
    as_of: str | None,
    form: str,
    out: Path | None,
    tables: str,
    infer_units: bool,
    locale: str | None,
    map_: str | None,
    units: dict[str, str],
    use_preliminary: bool,
    drugs: tuple[Path, ...],
    conditions: tuple[Path, ...],
    vitals: tuple[Path, ...],
    jurisdictions: tuple[str, ...],
    episode_rules: tuple[str, ...],
    pathways: tuple[str, ...],
    folder: Path | None,
    over: Path | None,
) -> int:
    """Judge blood counts: which are low and by whose line, graded, with sources."""
    from leukon.cli.printer import Printer

    knowledge = options.load(folder, over)
    printer = Printer(knowledge, lang, audience, form)
    asked: dict[str, Any] = {"scales": list(scales), "language": lang, "audience": audience, "as_of": as_of}
    asked |= {"locale": locale or "", "infer_units": infer_units, "use_preliminary": use_preliminary}
    asked |= {"jurisdictions": jurisdictions, "episode_rules": episode_rules, "pathways": pathways}
    beside = {"drugs": drugs, "conditions": conditions, "vitals": vitals}
    kind = kind_of(inputs)
    if kind != "files" and any(beside.values()):
        raise UsageError(
            "--drugs, --conditions and --vitals are for files", hint='as typed: "WBC 3.6; drug clozapine; temp 38.6 C"'
        )
    if kind != "files" and (out is not None or map_ is not None or units):
        raise UsageError("--out, --map and --unit are for files", hint="put the counts into a CSV file")
    if kind == "typed":
        return typed(" ; ".join(inputs), knowledge, printer, stated(asked))
    if kind == "requests":
        return requests(inputs, knowledge, printer, stated(asked))
    return files(inputs, printer, out, tables, {"map": map_, "units": units, "knowledge": knowledge, **asked, **beside})


def kind_of(inputs: tuple[str, ...]) -> str:
    """files | requests (JSON) | typed: told by the names, and for standard input by how it begins."""
    if all(text.endswith((".json", ".ndjson")) for text in inputs):
        return "requests"
    if inputs == (STDIN,):
        return "requests" if begins_request() else "files"
    there = [text == STDIN or Path(text).exists() for text in inputs]
    if not any(there) and all(looks_typed(text) for text in inputs):
        return "typed"
    for text, exists in zip(inputs, there, strict=True):
        if not exists:
            raise InputError("there is no such file or folder", where=text, hint='counts are typed as "WBC 3.6 10*9/L"')
    return "files"


def begins_request() -> bool:
    """Whether standard input begins like a JSON object; it stays there to be read."""
    stream = sys.stdin.buffer
    begin = stream.peek(64)[:64] if isinstance(stream, BufferedReader) else b""
    return begin.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")


def looks_typed(text: str) -> bool:
    """Whether words that name no file can be counts: a name, then a number."""
    from leukon.typed import PIECE, PIECES

    return any(PIECE.match(piece) for piece in PIECES.split(text))


def files(inputs: tuple[str, ...], printer: Printer, out: Path | None, form: str, settings: dict[str, Any]) -> int:
    """Files of results: a report, a summary, or tables."""
    from leukon.cli.printer import progress
    from leukon.cohort import Cohort

    paths = [sys.stdin.buffer if text == STDIN else Path(text) for text in inputs]
    with progress() as told, Cohort(paths, beside=out, progress=told, **settings) as cohort:
        printer.read(cohort.raw)
        if out is None:
            printer.people(cohort)
        else:
            printer.written(cohort.write(out, form))
        return SOME_REJECTED if cohort.rejected else 0


def stated(asked: dict[str, Any]) -> dict[str, Any]:
    """What was said on the command line; an option left at its default says nothing against a request."""
    source = click.get_current_context().get_parameter_source
    own = {"language": "lang"}
    return {key: value for key, value in asked.items() if source(own.get(key, key)) is ParameterSource.COMMANDLINE}


def requests(inputs: tuple[str, ...], knowledge: Knowledge, printer: Printer, asked: dict[str, Any]) -> int:
    """Requests in JSON, one per file or one per line; what the command line says comes before what a request says."""
    given = [sys.stdin.buffer.read() if text == STDIN else read_bytes(Path(text)) for text in inputs]
    made = [request for data, name in zip(given, inputs, strict=True) for request in parse(data, name)]
    if len(made) == 1:
        printer.reports([answered(made[0][1], made[0][0], knowledge, asked)])
        return 0
    if printer.form == "html":
        raise UsageError(f"--format html shows one person; here are {len(made)}", hint="use --format json")
    refused: list[RequestError] = []
    printer.reports(answers_of(made, knowledge, asked, refused))
    for error in refused:
        printer.remark(str(error))
    return SOME_REJECTED if refused else 0


def answers_of(
    made: list[tuple[str, Any]], knowledge: Knowledge, asked: dict[str, Any], refused: list[RequestError]
) -> Iterator[Assessment]:
    """The answers to several requests; those that are refused are noted, and stop nobody else's."""
    for where, request in made:
        try:
            yield answered(request, where, knowledge, asked)
        except RequestError as error:
            refused.append(error)


def answered(request: Any, where: str, knowledge: Knowledge, asked: dict[str, Any]) -> Assessment:
    """The answer to one request; an error says which of them it is."""
    from leukon.assess import assess as answer

    try:
        return answer({**request, **asked} if isinstance(request, dict) else request, knowledge=knowledge)
    except RequestError as error:
        raise at(error, where) from None


def typed(text: str, knowledge: Knowledge, printer: Printer, asked: dict[str, Any]) -> int:
    """Counts as typed on the command line."""
    from leukon.assess import assess as answer
    from leukon.typed import read

    found = read(text, knowledge)
    if not found.counts:
        raise InputError(f"there is no file {text!r}, and no count is read in it", hint='type it as "WBC 3.6 10*9/L"')
    assessment = answer({**found.request, **asked}, knowledge=knowledge)
    printer.read_as(assessment, found.unread)
    printer.reports([assessment])
    return 0


def examples() -> Path:
    """The folder of examples: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    return next(folder for folder in (package / "examples", package.parent / "examples") if folder.is_dir())


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from error


def parse(data: bytes, name: str) -> list[tuple[str, Any]]:
    """One JSON object, or one a line (NDJSON), each with its file, and its line where there are several."""
    from leukon.assess.request import read_json

    lines = [(number, line) for number, line in enumerate(data.splitlines(), 1) if line.strip()]
    several = len(lines) > 1 and all(
        line.lstrip().startswith(b"{") and line.rstrip().endswith(b"}") for _, line in lines
    )
    made = []
    for number, text in lines if several else [(0, data)]:
        where = f"{name}:{number}" if number else name
        try:
            made.append((where, read_json(text)))
        except RequestError as error:
            raise at(error, where) from None
    return made


def at(error: RequestError, where: str) -> RequestError:
    """The same error, with the file before the place in it."""
    error.where = ", ".join(part for part in (where, error.where) if part)
    return error


@click.command(
    epilog="""\b
Examples:
  leukon demo
  leukon demo --lang pt --audience plain
"""
)
@options.language
@click.option("--audience", type=click.Choice(["clinician", "plain"]), default="clinician", show_default=True)
def demo(lang: str, audience: str) -> int:
    """Print the report on an example person (three counts of one year)."""
    from leukon.cli.printer import Printer

    knowledge = options.load(None, None)
    printer = Printer(knowledge, lang, audience, "text")
    return files(
        (str(examples() / "one.csv"),),
        printer,
        None,
        "",
        {"language": lang, "audience": audience, "knowledge": knowledge, "map": None},
    )
