"""Drugs, conditions and vital signs of files of any size, in DuckDB: the same readings as `beside_rows`.

Each different name, status, value and half of a time is read once in Python (`records`, `times`) and joined back as
integers. What grows with the rows is one narrow table for each kind of record (`door_drugs`, ...); `drugs`,
`conditions`, `vitals` and `mentions` are views.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leukon.read.interned import Dictionary, as_written, fill, is_number
from leukon.read.mentions import KINDS, NAMES, NO_NAME
from leukon.read.raw import NO_PERSON
from leukon.read.records import NOT_PRESENT, NOT_TAKEN, TURNED, UNMATCHED, Records
from leukon.read.timecolumn import YEARS, TimeColumn, trimmed
from leukon.tables import COVERED, MENTIONS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

    from leukon.knowledge.model import Knowledge

MOST_NEAR = 1000
"""Unknown names for which nearly equal ones are looked up: comparing spellings is slow."""
LISTS = {"drug": (NOT_TAKEN, "EXPOSURE_NOT_TAKEN"), "condition": (NOT_PRESENT, "CONDITION_NOT_PRESENT")}


def load_beside(con: Connection, raws: dict[str, str], knowledge: Knowledge, locale: str = "") -> None:
    """Makes the tables beside the counts from raw rows: `raws` is {"drugs": table or view, ...} of what was sent.

    The door has been through the results before: `people`, `results` and `rejects` are there. A raw table has `row`,
    `input`, `line` and any of the fields of `mentions.Mention`; times may keep their types.
    """
    records = Records(knowledge, locale)
    made = [_Kind(con, table, raw, records) for table, raw in raws.items()]
    for one in made:
        one.run()
    _mentions(con, made)
    if "drugs" in raws or "conditions" in raws:
        con.execute("DELETE FROM main.covered")
        told = {
            table: f"SELECT DISTINCT subject FROM main.door_{table}" for table in COVERED.names[1:] if table in raws
        }
        parts = ", ".join(
            f"CAST(p.subject IN ({told[table]}) AS BIGINT)" if table in told else "0" for table in COVERED.names[1:]
        )
        anybody = " UNION ".join(told.values())
        con.execute(
            f"INSERT INTO main.covered SELECT p.subject, {parts} FROM main.people AS p WHERE p.subject IN ({anybody})"
        )


def _mentions(con: Connection, made: list[_Kind]) -> None:
    _drop(con, "mentions")
    con.execute(f"CREATE VIEW main.mentions AS {' UNION ALL '.join(one.mentions() for one in made)}")
    _drop(con, "mention_ids")
    con.execute(f"CREATE VIEW main.mention_ids AS {' UNION ALL '.join(one.ids() for one in made)}")


def _drop(con: Connection, name: str) -> None:
    """Takes away the empty table (or the view of an earlier call) of that name."""
    found = con.execute(
        "SELECT table_type FROM information_schema.tables WHERE table_schema = 'main' AND table_name = ?", [name]
    ).fetchall()
    for (kind,) in found:
        con.execute(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} main.{name}")


class _Kind:
    """One kind of records: its raw rows, and the dictionaries of what is written in them."""

    def __init__(self, con: Connection, table: str, raw: str, records: Records) -> None:
        self.con, self.table, self.raw, self.records = con, table, f"main.{raw}", records
        self.kind = KINDS[table]
        self.types = {name: str(kind) for name, kind, *_ in con.execute(f"DESCRIBE {self.raw}").fetchall()}

    def has(self, field: str) -> bool:
        return field in self.types

    def text(self, field: str) -> str:
        return trimmed(f"r.{field}") if self.has(field) else "NULL::VARCHAR"

    def run(self) -> None:
        self._people()
        if self.kind == "vital":
            self._vitals()
        else:
            self._names()
            self._statuses()
        self._rows()
        if self.kind != "vital":
            self._near()
        _drop(self.con, self.table)
        getattr(self, f"_view_{self.kind}")()
        self._rejects()

    def _dictionary(self, name: str, *fields: str) -> Dictionary:
        keys = {field: f"r.{field}" for field in fields}
        return Dictionary(self.con, f"door_{self.kind}_{name}", keys, f"FROM {self.raw} AS r", self.has)

    # --- each different text, read once -----------------------------------------------------------------

    def _people(self) -> None:
        """`door_<kind>_person`: every spelling of an id, and the person of the results that it is."""
        sent = "CAST(r.subject_id AS VARCHAR)" if self.has("subject_id") else "NULL::VARCHAR"
        self.person = f"main.door_{self.kind}_person"
        self.same = f"p.sent IS NOT DISTINCT FROM {sent}"
        self.con.execute(
            f"CREATE OR REPLACE TABLE {self.person} AS SELECT k.sent, {trimmed('k.sent')} AS said, p.subject"
            f" FROM (SELECT DISTINCT {sent} AS sent FROM {self.raw} AS r) AS k"
            f" LEFT JOIN main.people AS p ON p.subject_id = {trimmed('k.sent')}"
        )

    def _names(self) -> None:
        self.name = self._dictionary("name", *NAMES)
        means, causes = [], []
        for id_, cells in self.name.combinations():
            named = self.records.named(self.kind, cells, near=False)
            means.append((id_, named.shown or None, bool(named.causes), None))
            causes += [(id_, cause) for cause in named.causes]
        fill(self.con, self.name.name, "id INTEGER, shown VARCHAR, known BOOLEAN, near VARCHAR", means)
        fill(self.con, f"{self.name.name}_cause", "id INTEGER, cause INTEGER", causes)

    def _near(self) -> None:
        """What the most frequent unknown names are spelled like."""
        names = self.name.name
        often = self.con.execute(
            f"SELECT d.name FROM main.door_{self.table} AS d JOIN main.{names} AS n ON n.id = d.name WHERE NOT n.known"
            f" GROUP BY d.name, n.shown ORDER BY count(*) DESC, n.shown LIMIT {MOST_NEAR}"
        ).fetchall()
        wanted = {id_ for (id_,) in often}
        near = [(id_, self.records.near(self.kind, cells)) for id_, cells in self.name.combinations() if id_ in wanted]
        fill(self.con, f"{names}_near", "id INTEGER, near VARCHAR", [row for row in near if row[1]])
        self.con.execute(f"UPDATE {names} SET near = s.near FROM {names}_near AS s WHERE s.id = {names}.id")

    def _statuses(self) -> None:
        read = self.records.drug_status if self.kind == "drug" else self.records.condition_status
        self.status = self._dictionary("status", "status")
        self.status.read("status VARCHAR, ongoing TINYINT", lambda _, cells: read(cells[0]))

    def _vitals(self) -> None:
        typed = is_number(self.types.get("value", ""))
        self.name = self._dictionary("value", "name", "text", "value", "unit")
        self.name.read(
            "measure VARCHAR, sign INTEGER, low BIGINT, high BIGINT, answer TINYINT, shown VARCHAR, code VARCHAR,"
            " near VARCHAR",
            lambda _, c: _none(self.records.vital(c[0] if (c[0] or "").strip() else c[1], c[2], c[3], typed)),
        )

    # --- one narrow table ---------------------------------------------------------------------------------

    def _rows(self) -> None:
        """`door_<table>`: the rows of known people that name something, on the scale of their results."""
        relative = self._relative()
        locale = self.records.locale
        source = f"FROM {self.raw} AS r"
        start = TimeColumn(self.con, source, "start", self.types, locale)
        stop = TimeColumn(self.con, source, "stop", self.types, locale)
        said = f"{self.text('time_unit')} IS NOT NULL" if self.has("time_unit") else "false"
        same = f"({said}) = (d.subject IS NOT NULL)" if relative else f"NOT ({said})"
        join = f"LEFT JOIN {relative} AS d ON d.subject = p.subject" if relative else ""
        columns = {
            "row": "CAST(r.row AS INTEGER)",
            "subject": "CAST(p.subject AS INTEGER)",
            "name": self.name.id,
            "start_s": f"CASE WHEN {same} AND {start.precision} <> {YEARS} THEN {start.seconds} END",
        }
        if self.kind != "vital":
            columns |= {
                "stop_s": f"CASE WHEN {same} AND {stop.precision} <> {YEARS} THEN {stop.last_s} END",
                "status": self.status.id,
                "ended": f"{self.text('stop')} IS NOT NULL",
            }
        joins = [self.name.join, *([self.status.join] if self.kind != "vital" else []), *start.joins, *stop.joins]
        names = self.name.name
        chosen = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
        with as_written(self.con):
            self.con.execute(
                f"CREATE OR REPLACE TABLE main.door_{self.table} AS SELECT {chosen} {source}"
                f" JOIN {self.person} AS p ON {self.same} {join} {' '.join(filter(None, joins))}"
                f" JOIN {names} ON {names}.id = {self.name.id}"
                f" WHERE p.subject IS NOT NULL AND {names}.shown IS NOT NULL"
            )
        for field in ("start", "stop"):
            for half in ("day", "clock"):
                for what in (f"door_{field}_{half}", f"door_{field}_{half}_keys"):
                    self.con.execute(f"DROP TABLE IF EXISTS main.{what}")

    def _relative(self) -> str:
        """A table of the people whose results count time from a start of their own; "" when there are none."""
        told = [name for name, *_ in self.con.execute("DESCRIBE main.results").fetchall()]
        assert "time_basis" in told
        self.con.execute(
            "CREATE OR REPLACE TABLE main.door_relative AS"
            " SELECT DISTINCT subject FROM main.results WHERE time_basis = 'relative'"
        )
        count = self.con.execute("SELECT count(*) FROM main.door_relative").fetchall()[0][0]
        return "main.door_relative" if count else ""

    # --- what the chain sees --------------------------------------------------------------------------------

    def _view_drug(self) -> None:
        ongoing = "CASE WHEN d.ended THEN 0 ELSE s.ongoing END"
        self._view(f"{STOP} AS stop_s, s.status, CAST({ongoing} AS BIGINT) AS ongoing")

    def _view_condition(self) -> None:
        self._view(f"{STOP} AS end_s, s.status")

    def _view(self, rest: str) -> None:
        names = f"main.{self.name.name}"
        self.con.execute(
            f"CREATE VIEW main.{self.table} AS"
            " SELECT CAST(d.row AS BIGINT) AS row, CAST(d.subject AS BIGINT) AS subject,"
            f" CAST(c.cause AS BIGINT) AS cause, d.start_s, {rest} FROM main.door_{self.table} AS d"
            f" LEFT JOIN {names}_cause AS c ON c.id = d.name JOIN main.{self.status.name} AS s ON s.id = d.status"
        )

    def _view_vital(self) -> None:
        chosen = "v.measure, CAST(v.sign AS BIGINT) AS sign, v.low, v.high, CAST(v.answer AS BIGINT) AS answer"
        self.con.execute(
            "CREATE VIEW main.vitals AS SELECT CAST(d.row AS BIGINT) AS row, CAST(d.subject AS BIGINT) AS subject,"
            f" {chosen}, d.start_s AS measured_s"
            f" FROM main.door_vitals AS d JOIN main.{self.name.name} AS v ON v.id = d.name"
        )

    def mentions(self) -> str:
        """SQL for the rows of `mentions` of this kind; nobody pays for them until they are asked for."""
        code, joins = "n.code", f"{self._main(self.name)} JOIN main.{self.name.name} AS n ON n.id = {self.name.id}"
        if self.kind != "vital":
            joins += f" {self._main(self.status)} JOIN main.{self.status.name} AS s ON s.id = {self.status.id}"
            listed, reason = LISTS[self.kind]
            words = ", ".join(f"'{word}'" for word in listed)
            joins += f" LEFT JOIN main.door_{self.table} AS d ON d.row = r.row"
            code = (
                f"CASE WHEN s.status IN ({words}) THEN '{reason}' WHEN NOT n.known THEN '{UNMATCHED[self.kind]}'"
                f" WHEN d.stop_s < d.start_s THEN '{TURNED}' END"
            )
        line = "r.line" if self.has("line") else "NULL"
        columns = {
            "kind": f"'{self.kind}'",
            "row": "CAST(r.row AS BIGINT)",
            "input": "r.input",
            "line": f"CAST({line} AS BIGINT)",
            "mention_id": self._id(),
            "named": "n.shown",
            "start": self.text("start"),
            "stop": self.text("stop"),
            "dose": self._dose(),
            "status": self.text("status"),
            "code": f"CASE WHEN p.subject IS NULL THEN 'SUBJECT_UNKNOWN' ELSE {code} END",
            "near": "CASE WHEN p.subject IS NOT NULL THEN n.near END",
        }
        assert tuple(columns) == MENTIONS.names
        return (
            f"SELECT {', '.join(f'{sql} AS {name}' for name, sql in columns.items())} FROM {self.raw} AS r {joins}"
            f" JOIN {self.person} AS p ON {self.same} WHERE n.shown IS NOT NULL AND p.said IS NOT NULL"
        )

    def ids(self) -> str:
        """SQL for kind, row and the input's own id, without looking anything up."""
        key = f"'{self.kind}' AS kind, CAST(r.row AS BIGINT) AS row"
        return f"SELECT {key}, {self._id()} AS mention_id FROM {self.raw} AS r"

    def _id(self) -> str:
        line = "coalesce(r.line, r.row)" if self.has("line") else "r.row"
        return f"coalesce({self.text('mention_id')}, r.input || '#' || {line})"

    def _main(self, dictionary: Dictionary) -> str:
        """The join of a dictionary as it may stand in a view that is read under another schema."""
        return dictionary.join.replace(f"JOIN {dictionary.name}_keys", f"JOIN main.{dictionary.name}_keys", 1)

    def _dose(self) -> str:
        first, second = ("value", "unit") if self.kind == "vital" else ("dose", "dose_unit")
        return f"nullif(concat_ws(' ', {self.text(first)}, {self.text(second)}), '')"

    def _rejects(self) -> None:
        """Rows that name nobody or nothing, behind those of the results."""
        subject, names = "p.said", self.name
        blank = (
            f"SELECT 1 FROM {self.person} WHERE said IS NULL UNION ALL SELECT 1 FROM {names.name} WHERE shown IS NULL"
        )
        if not self.con.execute(blank).fetchall():
            return
        self.con.execute(
            f"""
            INSERT INTO main.rejects
            SELECT r.input, {"r.line" if self.has("line") else "NULL"},
                CASE WHEN {subject} IS NULL THEN 'subject_id' ELSE 'name' END,
                CASE WHEN {subject} IS NULL THEN 'SUBJECT_MISSING' ELSE 'NAME_MISSING' END,
                CASE WHEN {subject} IS NULL THEN '{NO_PERSON}' ELSE '{NO_NAME[self.kind]}' END
            FROM {self.raw} AS r {names.join} JOIN {names.name} AS n ON n.id = {names.id}
            JOIN {self.person} AS p ON {self.same}
            WHERE {subject} IS NULL OR n.shown IS NULL ORDER BY r.row
            """
        )


STOP = "CASE WHEN d.stop_s < d.start_s THEN NULL ELSE d.stop_s END"
"""An end before the beginning says nothing about the end."""


def _none(read: tuple[object, ...]) -> tuple[object, ...]:
    """A reading with no name as NULL."""
    return tuple(None if cell == "" else cell for cell in read)
