"""Files of drugs, conditions and vital signs to raw relations, and on through the door (`beside`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from leukon.errors import InputError
from leukon.read import csv
from leukon.read.beside import load_beside
from leukon.read.headers import find_beside
from leukon.read.inputs import Source, matches, nearly
from leukon.read.mapfile import find_map, read_map
from leukon.read.mentions import NAMES
from leukon.read.plan import Plan, Side
from leukon.read.readings import Options
from leukon.read.sheet import Sheet, side_columns
from leukon.read.table import Head, Place, load, look, spooled, unpacked

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

    from leukon.knowledge.model import Knowledge

EXPECTED = {
    "drugs": "for example subject_id, drug, rxnorm, atc, start, stop, dose, status",
    "conditions": "for example subject_id, condition, icd10cm, snomed, start, end, status",
    "vitals": "for example subject_id, measured, kind, value, unit",
}


@dataclass
class BesideSet:
    """What was read: the files, and notes on what was left aside and why."""

    inputs: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def open_beside(
    con: Connection,
    sent: Mapping[str, Iterable[Source] | None],
    knowledge: Knowledge,
    options: Options | None = None,
    *,
    map: str | Path | None = None,
    taken: Iterable[str] = (),
) -> BesideSet:
    """Opens files of `sent` ({"drugs": paths, "conditions": paths, "vitals": paths}) after `door.from_relation`.

    None or no path: not sent. Files are CSV or Parquet (also .gz), a folder holds those that the map names. Raises
    InputError for a file without a person or a name, UsageError for a wrong map. Without any file nothing is done.
    `taken`: names of files that were read before, so that each name is of one file.
    """
    return _Opening(con, knowledge, options or Options(), map, set(taken)).run(sent)


class _Opening:
    def __init__(
        self, con: Connection, knowledge: Knowledge, options: Options, map: str | Path | None, taken: set[str]
    ) -> None:
        self.con, self.knowledge, self.options, self.taken = con, knowledge, options, taken
        whole = read_map(find_map(map)) if map is not None else None
        self.plans: Mapping[str, Plan] = whole.beside if whole is not None else {}
        if whole is not None and not options.locale:
            self.options = replace(options, locale=whole.locale)
        self.made = BesideSet()
        self.rejects: list[csv.Reject] = []
        self.tables = 0

    def run(self, sent: Mapping[str, Iterable[Source] | None]) -> BesideSet:
        raws = {}
        with ExitStack() as closing:
            for table, paths in sent.items():
                selects: list[str] = []
                rows = 0
                for path in paths or ():
                    for place in self._places(path, table, closing):
                        select, count = self._read(place, table, rows, closing)
                        selects.append(select)
                        rows += count
                if selects:
                    raws[table] = f"beside_{table}"
                    whole = " UNION ALL BY NAME ".join(selects)
                    self.con.execute(f"CREATE OR REPLACE VIEW main.{raws[table]} AS {whole}")
            if raws:
                self._append_rejects()
                load_beside(self.con, raws, self.knowledge, self.options.locale)
        return self.made

    def _append_rejects(self) -> None:
        appender = self.con.appender("rejects")
        appender.append_rows(self.rejects)
        appender.flush()

    def _places(self, path: Source, table: str, closing: ExitStack) -> list[Place]:
        if not isinstance(path, str | Path):
            return [closing.enter_context(spooled(_binary(path)))]
        path = Path(path)
        if path.is_file():
            return [Place(path, path.name)]
        if not path.exists():
            raise InputError("no such file or folder", where=path.name, expected="a file that exists")
        plan = self.plans.get(table)
        found = [
            Place(file, file.name)
            for file in sorted(path.rglob("*"))
            if file.is_file() and plan is not None and matches(file.name, plan.files)
        ]
        if not found:
            raise InputError(f"no file of {table} in this folder", where=path.name, expected="name the file itself")
        return found

    def _read(self, place: Place, table: str, base: int, closing: ExitStack) -> tuple[str, int]:
        """SQL for the rows of one file, numbered from `base` + 1, and how many there are."""
        place = self._named(place)
        head = look(self.con, closing.enter_context(unpacked(place)))
        plan = self.plans.get(table) or self._guess(head, table)
        missing = sorted({column for column in plan.columns() if head.index(column) is None})
        if missing:
            raise InputError(
                f"has no column {', '.join(missing)}",
                where=place.name,
                expected=f"the columns that the map names under {table}",
                hint=nearly(missing, head.header),
            )
        sides = self._sides(place, plan)
        name = self._name()
        wanted = {at for column in plan.columns() if (at := head.index(column)) is not None}
        lines = load(self.con, head, name, wanted, self.rejects)
        sheet = Sheet(head, plan, name, sides)
        select = sheet.select(base)
        if not sheet.is_plain:
            written = self._name()
            self.con.execute(f"CREATE TABLE main.{written} AS {select}")
            self.con.execute(f"DROP {'TABLE' if head.dialect else 'VIEW'} main.{name}")
            select = f"SELECT * FROM main.{written}"
        self.made.inputs.append(place.name)
        return select, lines

    def _named(self, place: Place) -> Place:
        """A file by a name that no other file has."""
        name, count = place.name, 1
        if name in self.taken and not place.fleeting and place.path.parent.name:
            name = f"{place.path.parent.name}/{name}"
        while name in self.taken:
            count += 1
            name = f"{place.name} ({count})"
        self.taken.add(name)
        return replace(place, name=name)

    def _guess(self, head: Head, table: str) -> Plan:
        fields = find_beside(head.header, table)
        if "subject_id" not in fields or not any(name in fields for name in NAMES):
            what = "the person" if "subject_id" not in fields else f"the {table.removesuffix('s')}"
            raise InputError(
                f"no column names {what}",
                where=head.place.name,
                expected=EXPECTED[table],
                hint=f"say in a map (--map) under `{table}:` what these columns are: {', '.join(head.header[:40])}",
            )
        if table == "vitals" and "value" not in fields:
            raise InputError("no column holds the value", where=head.place.name, expected=EXPECTED[table])
        taken = {cell.column for cell in fields.values()}
        unused = tuple(column for column in head.header if column not in taken)
        if unused:
            self.made.notes.append(f"{head.place.name}: not used: {', '.join(unused[:20])}")
        return Plan("long", fields)

    def _sides(self, place: Place, plan: Plan) -> dict[str, tuple[str, Head]]:
        """The tables of names and visits that the map says and that are there."""
        found = {}
        for what, side in (("names", plan.names), ("people", plan.people)):
            if side is not None and (held := self._side(place, side, {"people": "visits"}.get(what, what))):
                found[what] = held
        return found

    def _side(self, place: Place, side: Side, what: str) -> tuple[str, Head] | None:
        beside = [file for file in place.path.parent.iterdir() if file.is_file() and matches(file.name, (side.file,))]
        if not beside:
            self.made.notes.append(f"{place.name}: no {side.file} beside it; read without {what}")
            return None
        file = sorted(beside)[0]
        head = look(self.con, Place(file, file.name))
        if head.index(side.key) is None:
            self.made.notes.append(f"{file.name}: has no column {side.key}; {place.name} is read without it")
            return None
        name = self._name()
        load(self.con, head, name, side_columns(side, head), self.rejects)
        self.made.notes.append(f"{place.name}: {what} from {file.name}")
        return name, head

    def _name(self) -> str:
        self.tables += 1
        return f"beside_{self.tables}"


def _binary(source: Source) -> BinaryIO:
    assert not isinstance(source, str | Path)
    return source
