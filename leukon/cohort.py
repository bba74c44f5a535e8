"""Files in, files out: many people, bounded memory.

    read.open_inputs → door.from_relation → engine.run_duckdb, one bucket of people at a time → a folder

One connection holds the run. Its tables may be larger than memory (DuckDB moves them to a
temporary folder beside the output), and the chain sees one bucket of people at a time.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self, cast, overload

from leukon import __version__, tables
from leukon.assess.choices import choose
from leukon.editions import resolve
from leukon.engine import Params, load_knowledge_tables, run_duckdb
from leukon.errors import UsageError
from leukon.export import FORMATS, Export, quoted
from leukon.folder import SUMMARY, cannot_write, whole
from leukon.read import Options
from leukon.read.door import Inputs, from_relation
from leukon.read.mentions import KINDS
from leukon.read.times import read_time
from leukon.summary import Summary, rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

    from leukon.knowledge.model import Knowledge
    from leukon.report.assessment import Assessment, Audience

Input = str | Path | BinaryIO
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

BUCKET_ROWS = 2_600_000
"""Results that the chain sees at a time: about a gigabyte of intermediate tables."""
RECORDS_PER_RESULT = 4
"""So many drug or condition records take as much room as one result."""
MEMORY = "1600MB"
"""What DuckDB may hold before it moves tables to disk; Python and the buffers of Parquet come on top."""
PEOPLE_AT_A_TIME = 500


@overload
def assess_files(paths: Input | Sequence[Input], *, out: str | Path, tables: str = ..., **options: Any) -> Path: ...
@overload
def assess_files(paths: Input | Sequence[Input], *, out: None = None, **options: Any) -> list[Assessment]: ...
def assess_files(
    paths: Input | Sequence[Input], *, out: str | Path | None = None, tables: str = "parquet", **options: Any
) -> Path | list[Assessment]:
    """Assess every person in some files.

    With `out`: writes the tables of `leukon.tables` and `summary.json` into that folder and returns
    the path of the summary. Without: one Assessment per person, for files of a few hundred people.
    `options` are those of `Cohort`. UsageError, InputError, KnowledgeError, OutputError.
    """
    with Cohort(paths, beside=out, **options) as cohort:
        return list(cohort.assessments()) if out is None else cohort.write(out, tables)


class Cohort:
    """Some files, read and ready to be judged. Use it in a `with` block.

    `scales`: editions spelled `CTCAE@5.0` (none: all of them). `as_of`: the date or time to judge from (none: each
    person's latest collection). `map`: a map file for columns that are not plain. `units`: the unit of a
    column or analyte, as `{"wbc": "10*3/uL"}`. `infer_units`: take the unit from the size of the number where none
    is sent. `locale`: en | pt, how numbers are written. `beside`: the folder near which temporary files may lie.
    `drugs`, `conditions`, `vitals`: files of what was taken, is there and was measured (none: nothing is said about
    them). `jurisdictions`: US | EU | UK, whose monitoring programmes hold (none: all). `episode_rules`: ids of rules of
    the knowledge (none: those always run). `pathways`: named local pathways on top of the floor.
    """

    def __init__(
        self,
        paths: Input | Sequence[Input],
        *,
        scales: Iterable[str] = (),
        language: str = "en",
        audience: Audience = "clinician",
        as_of: str | None = None,
        map: str | Path | None = None,
        locale: str = "",
        infer_units: bool = False,
        units: Mapping[str, str] | None = None,
        use_preliminary: bool = True,
        drugs: Input | Sequence[Input] = (),
        conditions: Input | Sequence[Input] = (),
        vitals: Input | Sequence[Input] = (),
        jurisdictions: Iterable[str] = (),
        episode_rules: Iterable[str] = (),
        pathways: Iterable[str] = (),
        knowledge: Knowledge | None = None,
        beside: str | Path | None = None,
        bucket_rows: int = BUCKET_ROWS,
        progress: Progress | None = None,
    ) -> None:
        from leukon.knowledge import load_knowledge

        self.paths = listed(paths)
        self.sent = {"drugs": listed(drugs), "conditions": listed(conditions), "vitals": listed(vitals)}
        self.knowledge = knowledge or load_knowledge()
        self.scales = list(scales)
        self.choices = choose(self.knowledge, jurisdictions, episode_rules, pathways)
        self.params = Params(
            resolve(self.knowledge, self.scales), seconds(as_of, locale), use_preliminary, *self.choices
        )
        self.language, self.audience, self.as_of = language, audience, as_of
        self.map, self.options = map, Options(locale=locale, infer_units=infer_units, units=dict(units or {}))
        self.bucket_rows = bucket_rows
        self.progress = progress or (lambda what, done, total: None)
        self.beside = Path(beside).absolute() if beside is not None else None
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self._closing.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def _open(self) -> None:
        import duckdb

        from leukon.read.beside_files import open_beside
        from leukon.read.inputs import open_inputs

        self.progress("reading", 0, 1)
        self.con: Connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
        self._closing.callback(self.con.close)
        self.con.execute(f"SET memory_limit = '{MEMORY}'")
        self.con.execute("SET TimeZone = 'UTC'")  # the text of a zoned time does not depend on the machine
        self.con.execute(f"SET temp_directory = {quoted(self._temporary())}")
        self.raw = open_inputs(self.con, self.paths, self.knowledge, self.options, map=self.map)
        from_relation(self.con, self.raw.table, self.knowledge, self.raw.options)
        self.beside_results = open_beside(
            self.con, self.sent, self.knowledge, self.raw.options, map=self.map, taken=self.raw.inputs
        )
        self.raw.notes += self.beside_results.notes
        load_knowledge_tables(self.con, self.knowledge)
        counted = ", ".join(
            f"(SELECT count(*) FROM {name})" for name in ("people", "results", "rejects", "drugs", "conditions")
        )
        self.people, self.results, self.rejected, *records = rows(self.con, f"SELECT {counted}")[0]
        self.work: int = self.results + sum(records) // RECORDS_PER_RESULT
        self.progress("reading", 1, 1)

    @property
    def buckets(self) -> int:
        """How many buckets of people the run is judged in."""
        return max(1, -(-self.work // self.bucket_rows))

    def _temporary(self) -> Path:
        """A folder for what does not fit into memory, on the disk of the output, gone at the end."""
        near = next((folder for folder in self.beside.parents if folder.is_dir()), None) if self.beside else None
        try:
            folder = Path(tempfile.mkdtemp(prefix=".leukon.", dir=near))
        except OSError as error:
            raise cannot_write(self.beside or Path(tempfile.gettempdir()), error) from error
        self._closing.callback(shutil.rmtree, folder, ignore_errors=True)
        return folder

    # --- many people ------------------------------------------------------------------------------

    def write(self, out: str | Path, form: str = "parquet") -> Path:
        """Writes every table and the summary into the folder `out`, whole or not at all; returns the summary's path."""
        import duckdb

        out = Path(out)
        if form not in FORMATS:
            raise UsageError(f"no tables of the kind {form!r}", expected=" or ".join(FORMATS))
        names = [f"{table.name}.{kind}" for table in tables.OUTPUTS for kind in FORMATS]
        try:
            with whole(out, [*names, SUMMARY]) as part:
                export = Export(self.con, self.knowledge, part, form, several=self.buckets > 1)
                summary = self._judge(export)
                (part / SUMMARY).write_text(as_json(summary), "utf-8")
        except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise cannot_write(out, error) from error
        return out / SUMMARY

    def summary(self) -> dict[str, Any]:
        """What `write` puts into summary.json, without writing anything."""
        return self._judge(None)

    def _judge(self, export: Export | None) -> dict[str, Any]:
        """Runs the chain over one bucket after the other; counts and keeps what it answers."""
        summary = Summary(self.knowledge)
        summary.add_rejects(self.con, self.beside_results.inputs)
        if self.beside_results.inputs:
            summary.add_mentions(self.con)
        total = self.buckets
        for bucket in range(total):
            self.progress("judging", bucket, total)
            with self._bucket(bucket, total):
                run_duckdb(self.con, self.knowledge, self.params)
                if export is not None:
                    export.keep()
                summary.add(self.con)
        self.progress("judging", total, total)
        if export is not None:
            export.finish(self.progress)
        return summary.as_dict(self._about())

    @contextmanager
    def _bucket(self, bucket: int, total: int) -> Iterator[None]:
        """Within the block the input tables hold the people of one bucket only."""
        if total == 1:
            yield
            return
        self.con.execute("CREATE SCHEMA bucket")
        try:
            mine = f"subject % {total} = {bucket}"
            for table in ("people", "results", "usual", "drugs", "conditions", "vitals", "covered"):
                self.con.execute(f"CREATE TABLE bucket.{table} AS SELECT * FROM main.{table} WHERE {mine}")
            self.con.execute(
                "CREATE TABLE bucket.source_rows AS SELECT * FROM main.source_rows AS s "
                "WHERE EXISTS (SELECT 1 FROM bucket.results AS r WHERE r.row = s.row)"
            )
            for view in ("mentions", "mention_ids"):
                self.con.execute(f"CREATE VIEW bucket.{view} AS SELECT * FROM main.{view}")
            self.con.execute("SET schema = 'bucket'")
            yield
        finally:
            self.con.execute("SET schema = 'main'")
            self.con.execute("DROP SCHEMA bucket CASCADE")

    def _about(self) -> dict[str, Any]:
        """What summary.json says about the run itself."""
        return {
            "engine": {"name": "leukon", "version": __version__},
            "knowledge": {"version": self.knowledge.version, "sha256": self.knowledge.sha256},
            "intended_use": self.knowledge.texts[self.language]["intended-use"],
            "inputs": [*self.raw.inputs, *self.beside_results.inputs],
            "scales": list(self.params.editions),
            **{name: list(chosen) for name, chosen in self.choices._asdict().items() if chosen},
            "as_of": self.as_of,
        }

    # --- one person at a time ---------------------------------------------------------------------

    def assessments(self) -> Iterator[Assessment]:
        """One Assessment per person, in input order."""
        from leukon.assess import assess_all

        for first in range(1, self.people + 1, PEOPLE_AT_A_TIME):
            yield from assess_all(
                self._inputs(first, first + PEOPLE_AT_A_TIME - 1),
                knowledge=self.knowledge,
                language=self.language,
                audience=self.audience,
                as_of=self.as_of,
                scales=self.scales,
                use_preliminary=self.params.use_preliminary,
                choices=self.choices,
            )

    def _inputs(self, first: int, last: int) -> Inputs:
        """The input tables of some people. A rejected row names nobody: it is shown where there is but one person."""
        mine = f"subject BETWEEN {first} AND {last}"
        sources = f"JOIN results AS r ON r.row = s.row WHERE r.{mine} ORDER BY s.row"
        return Inputs(
            people=self._rows(tables.PEOPLE, f"people WHERE {mine} ORDER BY subject"),
            results=self._rows(tables.RESULTS, f"results WHERE {mine} ORDER BY row"),
            source_rows=self._rows(tables.SOURCE_ROWS, f"source_rows AS s {sources}", "s."),
            usual=self._rows(tables.USUAL, f"usual WHERE {mine} ORDER BY subject, analyte"),
            drugs=self._rows(tables.DRUGS, f"drugs WHERE {mine} ORDER BY row, cause"),
            conditions=self._rows(tables.CONDITIONS, f"conditions WHERE {mine} ORDER BY row, cause"),
            vitals=self._rows(tables.VITALS, f"vitals WHERE {mine} ORDER BY row"),
            mentions=self._mentions(mine),
            covered=self._rows(tables.COVERED, f"covered WHERE {mine} ORDER BY subject"),
            rejects=self._rows(tables.REJECTS, "rejects ORDER BY input, row") if self.people == 1 else [],
        )

    def _mentions(self, mine: str) -> list[tuple[Any, ...]]:
        """The mentions of some people, those of nobody left out."""
        own = " UNION ALL ".join(
            f"SELECT DISTINCT '{kind}' AS kind, row FROM {table} WHERE {mine}" for table, kind in KINDS.items()
        )
        return self._rows(tables.MENTIONS, f"mentions AS s JOIN ({own}) AS o USING (kind, row) ORDER BY kind, row")

    def _rows(self, table: tables.Table, source: str, prefix: str = "") -> list[tuple[Any, ...]]:
        return rows(self.con, f"SELECT {', '.join(prefix + name for name in table.names)} FROM {source}")


def listed(paths: Input | Sequence[Input]) -> list[Input]:
    """One path or several as a list."""
    return list(paths) if isinstance(paths, list | tuple) else [cast("Input", paths)]


def seconds(as_of: str | None, locale: str) -> int | None:
    """A date or time as its last second (a whole day is over at its end)."""
    if not as_of:
        return None
    time = read_time(as_of, "", locale)
    if time.basis != "absolute":
        raise UsageError(f"{as_of!r} is not a date or time", expected="2026-11-20 or 2026-11-20T12:00:00Z")
    return time.last_s


def as_json(summary: Mapping[str, Any]) -> str:
    return json.dumps(summary, indent=1, ensure_ascii=False) + "\n"
