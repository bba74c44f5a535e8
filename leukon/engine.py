"""Runs the chain: the same statements on SQLite (one request) and DuckDB (files).

The rules are in rules/*.sql, one file a stage, as named SELECTs; an engine only turns each
name into a table. SQLite reads the golden translation in rules/sqlite/. Below about two
thousand rows SQLite is faster, above DuckDB.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

from leukon import tables
from leukon.errors import UsageError
from leukon.knowledge.compile import Compiled, compiled
from leukon.knowledge.reason_tables import run_tables
from leukon.tables import Row, Rows

if TYPE_CHECKING:
    import duckdb

    from leukon.knowledge.model import Knowledge
    from leukon.read.door import Inputs

STAGES = ("select", "derive", "limit", "grade", "find", "follow", "explain")
"""The order of the chain. `export` follows only where tables are written."""

ANSWERS = (
    "usable", "counts", "graded", "found", "excluded_rows", "trends", "episodes", "explained", "person_signs",
    "rule_states", "score_items", "score_states", "monitored",
)  # fmt: skip
"""What the chain answers; everything else is on the way."""

MARK = "-- table: "
READS = re.compile(r"\b(?:FROM|JOIN) (\w+)\b")
GATHERS = re.compile(r"\b(?:JOIN|GROUP BY|DISTINCT|UNION|OVER)\b")
"""Statements that do more than filter one table: worth keeping when more than one reads them."""


class Params(NamedTuple):
    """What a run is asked.

    Editions by id (`CTCAE@5.0`), the date of assessment, whether preliminary results count, jurisdictions whose
    monitoring programmes hold (none: all of them, each named), episode rules (none: those always run; `low-by-any` is
    run always) and named local pathways on top of the floor.
    """

    editions: tuple[str, ...]
    as_of_s: int | None = None
    use_preliminary: bool = True
    jurisdictions: tuple[str, ...] = ()
    episode_rules: tuple[str, ...] = ()
    pathways: tuple[str, ...] = ()


EXPORT: tuple[str, ...] = ()
"""Asked of `plan`: no answer as such, but the tables that are written."""
HELD = frozenset(("ended", "drug_fits"))
"""Kept as tables though one statement reads them: joined in one go, their hash tables would not fit the memory."""

Outputs = dict[str, list[dict[str, Any]]]
Progress = Callable[[str], None]


@cache
def statements(stage: str, dialect: str = "") -> tuple[tuple[str, str], ...]:
    """(table name, SELECT) of each section of a stage, in order; dialect "" is DuckDB's own text."""
    folder = files("leukon") / "rules"
    path = (folder / dialect if dialect else folder) / f"{stage}.sql"
    sections = path.read_text(encoding="utf-8").split(MARK)[1:]
    return tuple((head.strip(), body.strip()) for head, _, body in (s.partition("\n") for s in sections))


@cache
def plan(wanted: tuple[str, ...]) -> tuple[tuple[str, str, bool, tuple[str, ...]], ...]:
    """How DuckDB runs the chain: (name, SELECT, keep as a table?, names nobody reads after it).

    A name that only one later statement reads, or that only filters one table, is a view, so that
    DuckDB pipelines through it; the others are tables and are dropped after their last reader.
    `wanted` are the names that are asked for, kept as tables; EXPORT: the `out_..` names, as views, so that they are
    written as they are made. What nothing wanted rests on is left out.
    """
    stages = STAGES if wanted else (*STAGES, "export")
    chain = _needed([pair for stage in stages for pair in statements(stage)], wanted)
    names = [name for name, _ in chain]
    readers = {
        name: [i for i, (_, sql) in enumerate(chain) if re.search(rf"\b(?:FROM|JOIN) {name}\b", sql)] for name in names
    }
    outputs = {name for name in names if name.startswith("out_")}
    kept = set(wanted)
    tables_ = {name for name, sql in chain if name in kept | HELD or (len(readers[name]) > 1 and GATHERS.search(sql))}

    def final_reader(name: str) -> int:
        """The last statement that reads a name, through the views that stand on it; never for an output."""
        if name in outputs:
            return len(chain)
        return max(
            (i if names[i] in tables_ else final_reader(names[i]) for i in readers[name]), default=names.index(name)
        )

    ends = {name: final_reader(name) for name in tables_ - kept}
    return tuple(
        (name, sql, name in tables_, tuple(n for n, end in ends.items() if end == i))
        for i, (name, sql) in enumerate(chain)
    )


def _needed(chain: list[tuple[str, str]], wanted: tuple[str, ...]) -> list[tuple[str, str]]:
    """The statements that the wanted names rest on (EXPORT: every `out_..`)."""
    needed = set(wanted)
    for name, sql in reversed(chain):
        if name in needed or (not wanted and name.startswith("out_")):
            needed |= {name, *READS.findall(sql)}
    return [pair for pair in chain if pair[0] in needed]


def editions_to_run(knowledge: Knowledge, asked: Iterable[str]) -> list[str]:
    """The asked editions, checked, and those that are always computed."""
    wanted = list(dict.fromkeys(asked))
    unknown = [edition for edition in wanted if edition not in knowledge.editions]
    if unknown:
        raise UsageError(
            f"there is no scale {unknown[0]!r}", expected="one of " + ", ".join(sorted(knowledge.editions))
        )
    return [*wanted, *(e.id for e in knowledge.editions.values() if e.always and e.id not in wanted)]


def _run_tables(knowledge: Knowledge, params: Params) -> dict[str, Rows]:
    """The small tables that change with every run: the same object for the same choices."""
    chosen = (params.editions, params.jurisdictions, params.episode_rules, params.pathways)
    key = (knowledge.sha256, *chosen)
    if key not in _chosen:
        while len(_chosen) >= KEPT_CHOICES:
            _chosen.pop(next(iter(_chosen)))
        _chosen[key] = _choose(knowledge, params)
    options = Rows(("as_of_s", "use_preliminary"), ("int", "int"), [(params.as_of_s, int(params.use_preliminary))])
    return {"options": options, **_chosen[key]}


KEPT_CHOICES = 32
_chosen: dict[tuple[object, ...], dict[str, Rows]] = {}


def _choose(knowledge: Knowledge, params: Params) -> dict[str, Rows]:
    followed = (knowledge.episode_rules[rule].edition for rule in params.episode_rules)
    wanted = editions_to_run(knowledge, (*params.editions, *(edition for edition in followed if edition)))
    held = [knowledge.editions[edition] for edition in wanted]
    return {
        "editions": Rows(
            ("edition", "scale", "version"), ("text", "text", "text"), [(e.id, e.scale, e.version) for e in held]
        ),
        **run_tables(knowledge, params.jurisdictions, params.episode_rules, params.pathways),
    }


# --- SQLite: one request -----------------------------------------------------------------------

_local = threading.local()

INDEXES = (
    "CREATE INDEX i_age ON age_keys (age_key, age_band)",
    "CREATE INDEX i_span ON age_spans (first_band, last_band, age_band)",
    "CREATE INDEX i_context ON contexts (sex, pregnancy, duffy, context)",
    "CREATE INDEX i_stratum ON strata (age_band, context)",
    "CREATE INDEX i_limit ON limit_bands (question, stratum, low)",
    "CREATE INDEX i_grade ON grade_bands (analyte, age_band, edition, low)",
    "CREATE INDEX i_term ON grade_bands (term, age_band, low)",
    "CREATE INDEX i_words ON grade_words (band)",
    "CREATE INDEX i_place ON strata (place)",
    "CREATE INDEX i_plausible ON plausible (analyte)",
    "CREATE INDEX i_method ON method_ranks (analyte, method)",
    "CREATE INDEX i_question ON questions (analyte)",
    "CREATE INDEX i_precision ON precision (cells, seen)",
    "CREATE INDEX i_site ON site_limits (question, stratum)",
)


class _Sqlite:
    """One in-memory database with the knowledge loaded; its stage tables are emptied and refilled per request."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.con = sqlite3.connect(":memory:", isolation_level=None, cached_statements=512)
        self.con.execute("PRAGMA journal_mode = OFF")
        self.con.execute("PRAGMA synchronous = OFF")
        self.con.execute("PRAGMA temp_store = MEMORY")
        for name, rows in {**compiled(knowledge).tables, **_run_tables(knowledge, Params(()))}.items():
            self._create(name, rows.names, rows.kinds)
            self._fill(name, len(rows.names), rows.rows)
        for table in tables.INPUTS:
            self._create(table.name, table.names, [column.kind for column in table.columns])
        for index in INDEXES:
            self.con.execute(index)
        self.con.execute("ANALYZE")
        self.chain = [pair for stage in STAGES for pair in statements(stage, "sqlite")]
        self._chains: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        self._read = {name for _, sql in self.chain for name in READS.findall(sql)}
        self._filled: dict[str, Rows] = {}
        for name, sql in self.chain:
            self.con.execute(f"CREATE TABLE {name} AS {sql}")

    def _create(self, name: str, columns: Sequence[str], kinds: Sequence[str]) -> None:
        types = {"int": "INTEGER", "text": "TEXT"}
        spelled = ", ".join(f"{column} {types[kind]}" for column, kind in zip(columns, kinds, strict=True))
        self.con.execute(f"CREATE TABLE {name} ({spelled})")

    def _fill(self, name: str, width: int, rows: Sequence[Row]) -> None:
        if rows:
            self.con.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * width)})", rows)

    def run(self, inputs: Inputs, run_tables: dict[str, Rows], wanted: tuple[str, ...]) -> Outputs:
        self.con.execute("BEGIN")
        try:
            for name, rows in run_tables.items():
                if self._filled.get(name) is not rows:
                    self.con.execute(f"DELETE FROM {name}")
                    self._fill(name, len(rows.names), rows.rows)
                    self._filled[name] = rows
            for table in tables.INPUTS:
                if table.name not in self._read:  # words of the input, for the report only
                    continue
                self.con.execute(f"DELETE FROM {table.name}")
                self._fill(table.name, len(table.columns), getattr(inputs, table.name))
            for name, sql in self._chain(wanted):
                self.con.execute(f"DELETE FROM {name}")
                self.con.execute(f"INSERT INTO {name} {sql}")
            answer = {name: self._rows(name) for name in wanted}
        finally:
            self.con.execute("COMMIT")
        return answer

    def _chain(self, wanted: tuple[str, ...]) -> list[tuple[str, str]]:
        if wanted not in self._chains:
            self._chains[wanted] = _needed(self.chain, wanted)
        return self._chains[wanted]

    def _rows(self, name: str) -> list[dict[str, Any]]:
        cursor = self.con.execute(f"SELECT * FROM {name}")
        names = tuple(column[0] for column in cursor.description)
        return [dict(zip(names, row)) for row in cursor.fetchall()]  # noqa: B905 - a tenth of the time of a request


def run(
    inputs: Inputs,
    knowledge: Knowledge,
    params: Params,
    *,
    engine: str = "sqlite",
    wanted: tuple[str, ...] = ANSWERS,
) -> Outputs:
    """Run the chain over one request's tables and return its answers as rows with integer keys.

    `wanted`: the answers asked for; what they do not rest on is left out. `engine` is `sqlite` (default) or `duckdb`;
    both give equal rows. Row order carries no meaning.
    """
    if engine == "duckdb":
        return _run_small_duckdb(inputs, knowledge, params, wanted)
    held: dict[str, _Sqlite] = getattr(_local, "held", {})
    if knowledge.sha256 not in held:
        held = {knowledge.sha256: _Sqlite(knowledge)}
        _local.held = held
    return held[knowledge.sha256].run(inputs, _run_tables(knowledge, params), wanted)


# --- DuckDB: files -----------------------------------------------------------------------------


def load_knowledge_tables(con: duckdb.DuckDBPyConnection, knowledge: Knowledge) -> Compiled:
    """Create the compiled knowledge tables in a DuckDB connection, once per connection."""
    held = compiled(knowledge)
    for name, rows in held.tables.items():
        create_table(con, name, rows)
    return held


def create_table(con: duckdb.DuckDBPyConnection, name: str, rows: Rows) -> None:
    """Create a small table from Python rows (one appender, never executemany)."""
    types = {"int": "BIGINT", "text": "TEXT"}
    spelled = ", ".join(f'"{column}" {types[kind]}' for column, kind in zip(rows.names, rows.kinds, strict=True))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({spelled})")
    if rows.rows:
        appender = con.appender(name)
        appender.append_rows(rows.rows)
        appender.flush()


def run_duckdb(
    con: duckdb.DuckDBPyConnection,
    knowledge: Knowledge,
    params: Params,
    *,
    wanted: tuple[str, ...] = EXPORT,
    progress: Progress | None = None,
) -> None:
    """Run the chain inside a connection that already holds people, results, source_rows and usual.

    Leaves what is wanted as tables, or with EXPORT the views `out_values`, `out_grades`, `out_findings`, ... in the
    shape of leukon/tables.py, which hold until the next run in this connection. Knowledge tables must be loaded first.
    """
    for name, rows in _run_tables(knowledge, params).items():
        create_table(con, name, rows)
    chain = plan(wanted)
    for name, _, keep, _ in chain:
        con.execute(f"DROP {'TABLE' if keep else 'VIEW'} IF EXISTS {name}")
    for name, sql, keep, done in chain:
        con.execute(f"CREATE TEMP {'TABLE' if keep else 'VIEW'} {name} AS {sql}")
        for unread in done:
            con.execute(f"DROP TABLE {unread}")
        if progress:
            progress(name)


def _run_small_duckdb(inputs: Inputs, knowledge: Knowledge, params: Params, wanted: tuple[str, ...]) -> Outputs:
    import duckdb

    con = duckdb.connect(":memory:")
    try:
        load_knowledge_tables(con, knowledge)
        for table in tables.INPUTS:
            kinds = tuple(column.kind for column in table.columns)
            create_table(con, table.name, Rows(table.names, kinds, getattr(inputs, table.name)))
        run_duckdb(con, knowledge, params, wanted=wanted)
        return {name: list(_duckdb_rows(con, name)) for name in wanted}
    finally:
        con.close()


def _duckdb_rows(con: duckdb.DuckDBPyConnection, name: str) -> Iterator[dict[str, Any]]:
    cursor = con.execute(f"SELECT * FROM {name}")
    names = [column[0] for column in cursor.description]
    for row in cursor.fetchall():
        yield dict(zip(names, row, strict=True))
