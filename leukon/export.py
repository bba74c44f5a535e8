"""The tables of a run as files: exactly one for each table of `leukon.tables`, whatever the number of buckets."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from leukon import tables
from leukon.engine import create_table
from leukon.knowledge.compile import compiled
from leukon.knowledge.strata import HIGHEST
from leukon.summary import codes, rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

    from leukon.knowledge.model import Knowledge

FORMATS = {"parquet": "FORMAT parquet, COMPRESSION zstd", "csv": "FORMAT csv, HEADER"}
PART = "FORMAT parquet, COMPRESSION snappy"
"""Parts of a table of several buckets are read once more and then gone: quick to write matters, not small."""
PARTS = ".parts"
FORMULA = "'=', '+', '-', '@', chr(9), chr(13)"
"""First characters that a spreadsheet would take for a formula."""
WHOLE_RUN = {
    "bands": "run_bands",
    "rejects": "main.rejects",
    "issue_sets": "run_issue_sets",
    "sign_sets": "run_sign_sets",
    "unused": "run_unused",
}
"""Tables that are written once for the run, and where they lie; the others grow bucket by bucket."""
UNUSED = """
SELECT kind, input, line AS row, mention_id, named, code, near, 1 AS n
FROM main.mentions
WHERE code IS NOT NULL AND NOT ends_with(code, '_UNMATCHED')
UNION ALL
SELECT kind, input, NULL, NULL, named, code, near, count(*)
FROM main.mentions
WHERE ends_with(code, '_UNMATCHED')
GROUP BY kind, input, named, code, near
"""
GROWING = tuple(table for table in tables.OUTPUTS if table.name not in WHOLE_RUN)


class Export:
    """Writes into `folder`: `keep` after each bucket, `finish` at the end. `several`: there will be more than one."""

    def __init__(self, con: Connection, knowledge: Knowledge, folder: Path, form: str, *, several: bool) -> None:
        self.con, self.knowledge, self.folder, self.form = con, knowledge, folder, form
        self.part = PART if several else FORMATS["parquet"]
        self.buckets = 0
        self.issues: set[int] = set()
        self.bands: set[int] = set()
        self.signs: set[int] = set()

    def keep(self) -> None:
        """Writes the rows that the chain left in `out_*`; afterwards `out_*` reads them from the files."""
        for table in GROWING:
            (self.folder / PARTS / table.name).mkdir(parents=True, exist_ok=True)
            path = self._part(table, f"{self.buckets:06}")
            self._copy(f"out_{table.name}", table, path, "parquet", self.part)
            # what counts the rows below reads the file instead of making them a second time
            view = f"CREATE OR REPLACE TEMP VIEW out_{table.name} AS SELECT * FROM read_parquet({quoted(path)})"
            self.con.execute(view)
        self.buckets += 1
        for name in ("values", "grades", "findings"):
            self.issues.update(issues for (issues,) in rows(self.con, f"SELECT DISTINCT issues FROM out_{name}"))
        for name in ("clues_present", "clues_missing"):
            found = rows(self.con, f"SELECT DISTINCT {name} FROM out_explanations WHERE {name} IS NOT NULL")
            self.signs.update(signs for (signs,) in found)
        used = rows(self.con, "SELECT DISTINCT band_id FROM out_findings WHERE band_id IS NOT NULL")
        self.bands.update(band for (band,) in used)

    def finish(self, progress: Callable[[str, int, int], None]) -> None:
        """Joins the buckets' files, in the order of the buckets, and writes what their ids mean beside them."""
        self._create("run_bands", tables.BANDS, self._bands())
        self._create("run_issue_sets", tables.ISSUE_SETS, self._issue_sets())
        self._create("run_sign_sets", tables.SIGN_SETS, self._sign_sets())
        self.con.execute(f"CREATE OR REPLACE TEMP VIEW run_unused AS {UNUSED}")
        for done, table in enumerate(tables.OUTPUTS):
            progress("writing", done, len(tables.OUTPUTS))
            path = self.folder / f"{table.name}.{self.form}"
            if table.name in WHOLE_RUN:
                self._copy(WHOLE_RUN[table.name], table, path, self.form)
            elif self.form == "parquet" and self.buckets == 1:
                self._part(table, "000000").rename(path)
            else:
                self._copy(f"read_parquet({quoted(self._part(table, '*'))})", table, path, self.form)
        shutil.rmtree(self.folder / PARTS)
        progress("writing", len(tables.OUTPUTS), len(tables.OUTPUTS))

    def _part(self, table: tables.Table, name: str) -> Path:
        return self.folder / PARTS / table.name / f"{name}.parquet"

    def _create(self, name: str, table: tables.Table, made: list[tables.Row]) -> None:
        create_table(self.con, name, tables.Rows(table.names, tuple(column.kind for column in table.columns), made))

    def _copy(self, source: str, table: tables.Table, path: Path, form: str, written: str = "") -> None:
        """Writes rows with the documented columns and kinds; in CSV no text starts like a formula."""
        columns = ", ".join(spelled(column, form) for column in table.columns)
        self.con.execute(f"COPY (SELECT {columns} FROM {source}) TO {quoted(path)} ({written or FORMATS[form]})")

    def _bands(self) -> list[tables.Row]:
        """The bands that some finding names: who calls a count in it low, and who does not."""
        held = compiled(self.knowledge)
        analytes = {limit.question: limit.analyte for limit in self.knowledge.limits.values()}
        made: list[tables.Row] = []
        for band in sorted(self.bands):
            question, stratum, low, high = held.band_rows[band]
            lists = (" ".join(ids) for ids in held.band_lists[band])
            made.append((band, analytes[question], question, stratum, low, None if high >= HIGHEST else high, *lists))
        return made

    def _issue_sets(self) -> list[tables.Row]:
        return [(issues, code) for issues in sorted(self.issues) for code in codes(self.knowledge, issues)]

    def _sign_sets(self) -> list[tables.Row]:
        bits = sorted((1 << sign.bit, sign.id) for sign in self.knowledge.signs.values() if sign.bit is not None)
        return [(signs, sign) for signs in sorted(self.signs) for bit, sign in bits if signs & bit]


def spelled(column: tables.Column, form: str) -> str:
    """One column as SQL: its documented kind, and no formula in CSV."""
    name = f'"{column.name}"'
    if column.kind == "int":
        return f"CAST({name} AS BIGINT) AS {name}"
    if form == "csv":
        return f"CASE WHEN left({name}, 1) IN ({FORMULA}) THEN '''' || {name} ELSE {name} END AS {name}"
    return f"CAST({name} AS VARCHAR) AS {name}"


def quoted(text: object) -> str:
    """A SQL string."""
    return "'" + str(text).replace("'", "''") + "'"
