"""Files, folders and streams to one relation of raw rows: what each file is, and what is left aside and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from leukon.errors import InputError, UsageError
from leukon.read import csv
from leukon.read.grouping import create_rejects
from leukon.read.guess import guessed_map_text
from leukon.read.headers import is_unit
from leukon.read.long import plan_long
from leukon.read.mapfile import find_map, read_map
from leukon.read.plan import Cell, Plan, Side
from leukon.read.readings import Options, Readings
from leukon.read.sheet import Sheet, side_columns
from leukon.read.table import Head, Place, load, look, spooled, unpacked
from leukon.read.wide import plan_wide, unit_text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

    from leukon.knowledge.model import Knowledge

Source = str | Path | BinaryIO
RAW = "raw"


@dataclass
class RawSet:
    """Raw rows in `con`: the table or view `table` (see `relation.load`), the lines refused so far in `rejects`.

    `options` are those of the call with what the map adds; give them to `door.from_relation`. `inputs` are the files
    that were read, `notes` what was left aside and why, `guesses` the map that was found for each file without one.
    """

    table: str
    options: Options
    inputs: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    guesses: dict[str, str] = field(default_factory=dict)


def open_inputs(
    con: Connection,
    paths: Iterable[Source],
    knowledge: Knowledge,
    options: Options | None = None,
    *,
    map: str | Path | None = None,
) -> RawSet:
    """Opens files (CSV, Parquet, either packed as .gz), folders, `-` or binary streams as one relation `raw` in `con`.

    `map` is a map file or the name of a shipped one; without it the headers decide. Raises InputError for a file that
    is none of these or whose columns say nothing (with the map that was guessed), UsageError for a wrong map.
    """
    return _Opening(con, knowledge, options or Options(), map).run(list(paths))


class _Opening:
    def __init__(self, con: Connection, knowledge: Knowledge, options: Options, map: str | Path | None) -> None:
        self.con = con
        self.readings = Readings(knowledge, options)
        check_units(options.units, self.readings)
        self.map = read_map(find_map(map), self.readings) if map is not None else None
        if self.map is not None:
            options = replace(
                options,
                locale=options.locale or self.map.locale,
                units={**self.map.units, **options.units},
                deidentified_age_over=self.map.deidentified_age_over,
            )
        self.readings = Readings(knowledge, options)
        self.made = RawSet(RAW, options)
        self.rejects: list[csv.Reject] = []
        self.selects: list[str] = []
        self.rows = 0
        self.tables = 0
        self.seen: set[Path] = set()

    def run(self, paths: list[Source]) -> RawSet:
        create_rejects(self.con)
        with ExitStack() as closing:
            for path in paths:
                for place, asked in self._places(path, closing):
                    self._open(place, asked, closing)
        if not self.selects:
            raise InputError(
                "none of the files is a table of blood counts",
                expected="a column for the person, and columns for tests and values or one for each analyte",
                hint="\n  ".join(self.made.notes) or "name the columns in a map file (--map)",
            )
        self.con.execute(f"CREATE OR REPLACE VIEW main.{RAW} AS {' UNION ALL BY NAME '.join(self.selects)}")
        appender = self.con.appender("rejects")
        appender.append_rows(self.rejects)
        appender.flush()
        return self.made

    def _places(self, path: Source, closing: ExitStack) -> Iterator[tuple[Place, bool]]:
        """Files to read, and whether each was asked for by its own name."""
        if not isinstance(path, str | Path):
            yield closing.enter_context(spooled(path)), True
            return
        if str(path) == "-":
            import sys

            yield closing.enter_context(spooled(sys.stdin.buffer)), True
            return
        path = Path(path)
        if not path.is_dir():
            if not path.exists():
                raise InputError("no such file or folder", where=str(path.name), expected="a file that exists")
            if path.is_file():
                yield Place(path, path.name), True
            else:  # a pipe gives its bytes only once, and a file is read twice
                yield closing.enter_context(spooled(closing.enter_context(path.open("rb")), path.name)), True
            return
        for file in sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith(".")):
            yield Place(file, file.name), False

    def _open(self, place: Place, asked: bool, closing: ExitStack) -> None:
        """One file: read when it is what the map or its headers say, else left aside (a folder) or refused (a file)."""
        if not asked and self.map is not None and self.map.files and not matches(place.name, self.map.files):
            return
        if place.path.resolve() in self.seen:
            self.made.notes.append(f"{place.name}: named twice, read once")
            return
        self.seen.add(place.path.resolve())
        place = self._named(place)
        try:
            head = look(self.con, closing.enter_context(unpacked(place)))
            plan = with_unit_row(self.map, head) if self.map else self._find_plan(head)
            self._check(head, plan)
        except InputError as error:
            if asked:
                raise
            self.made.notes.append(f"{place.name}: left aside, {error.what}")
            return
        self._read(head, plan)

    def _named(self, place: Place) -> Place:
        """A file by a name that no file before it has: of two `results.csv` the second is `ward/results.csv`."""
        name, folder = place.name, place.path.parent.name
        if name in self.made.inputs and not place.fleeting and folder:
            name = f"{folder}/{name}"
        count = 1
        while name in self.made.inputs:
            count += 1
            name = f"{place.name} ({count})"
        return replace(place, name=name)

    def _find_plan(self, head: Head) -> Plan:
        plan = plan_long(head.header) or plan_wide(head.header, head.first, self.readings)
        if plan is None:
            raise InputError(
                "no column is named after a test, a value or an analyte",
                where=head.place.name,
                expected="for example subject_id, test, value, unit; or subject_id, WBC (10*9/L), neutrophils (%)",
                hint=f"say in a map file (--map) what these columns are: {', '.join(head.header[:40])}",
            )
        if "subject_id" not in plan.fields:
            raise InputError(
                "no column names the person",
                where=head.place.name,
                expected="a column such as subject_id, patient_id or paciente",
                hint="add it, or say in a map file (--map) which it is; this is what was understood:\n"
                + guessed_map_text(plan),
            )
        self.made.guesses[head.place.name] = guessed_map_text(plan)
        return plan

    def _check(self, head: Head, plan: Plan) -> None:
        missing = sorted({column for column in plan.columns() if head.index(column) is None})
        if missing:
            shown = ", ".join(head.header[:60])
            raise InputError(
                f"has no column {', '.join(missing)}",
                where=head.place.name,
                expected="the columns that the map names",
                hint=" ".join(filter(None, [nearly(missing, head.header), f"its columns are: {shown}"])),
            )

    def _read(self, head: Head, plan: Plan) -> None:
        sides = {}
        for name, side in (("people", plan.people), ("names", plan.names)):
            if side is not None and (found := self._side(head.place, side, name)):
                sides[name] = found
        table = self._name()
        sheet = Sheet(head, plan, table, sides)
        wanted = {place for column in plan.columns() if (place := head.index(column)) is not None}
        lines = load(self.con, head, table, wanted, self.rejects, skip=int(plan.unit_row))
        if plan.items:
            sheet.write_items(self.con)
        select = sheet.select(self.rows)
        if not sheet.is_plain:
            written = self._name()
            self.con.execute(f"CREATE TABLE main.{written} AS {select}")
            self.con.execute(f"DROP {'TABLE' if head.dialect else 'VIEW'} main.{table}")
            select = f"SELECT * FROM main.{written}"
        self.selects.append(select)
        self.rows += lines * sheet.width
        self.made.inputs.append(head.place.name)

    def _side(self, place: Place, side: Side, name: str) -> tuple[str, Head] | None:
        """A second file beside the input, as a table; None with a note when it is not there or not as said."""
        found = sorted(
            file for file in place.path.parent.iterdir() if file.is_file() and matches(file.name, (side.file,))
        )
        if not found:
            self.made.notes.append(f"{place.name}: no {side.file} beside it; read without {name}")
            return None
        head = look(self.con, Place(found[0], found[0].name))
        if head.index(side.key) is None:
            self.made.notes.append(f"{head.place.name}: has no column {side.key}; {place.name} is read without it")
            return None
        table = self._name()
        load(self.con, head, table, side_columns(side, head), self.rejects)
        self.made.notes.append(f"{place.name}: {name} from {head.place.name}")
        return table, head

    def _name(self) -> str:
        self.tables += 1
        return f"raw_{self.tables}"


def with_unit_row(plan: Plan, head: Head) -> Plan:
    """A map that says `unit_row`: columns without a unit in the map take theirs from the line after the header."""
    if not plan.unit_row:
        return plan
    said = {name.lower(): unit_text(unit) for name, unit in zip(head.header, head.first, strict=False)}
    cells = []
    for own in plan.cells:
        unit = said.get(" ".join(own["value"].column.split()).lower(), "")
        cells.append({**own, "unit": Cell(text=unit)} if unit and "unit" not in own else own)
    return replace(plan, cells=tuple(cells))


def nearly(missing: Iterable[str], header: tuple[str, ...]) -> str:
    """What was perhaps meant by columns that are not there."""
    names = {name.lower(): name for name in header}
    near = [names[hit] for name in missing for hit in get_close_matches(name.lower(), names, 1)]
    return f"did you mean {', '.join(near)}?" if near else ""


def check_units(units: Mapping[str, str], readings: Readings) -> None:
    """UsageError for a unit of the call (`--unit wbc=10*3/uL`) whose test or unit leukon does not know."""
    for name, unit in units.items():
        if readings.test(name).analyte is None:
            raise UsageError(
                f"no test is known as {name!r}",
                where="--unit",
                expected=f"a name or code of {', '.join(readings.knowledge.analytes)}",
                hint="for a column of another name, say its test and unit in a map file (--map)",
            )
        if not is_unit(unit, readings):
            raise UsageError(
                f"no unit is known as {unit!r}", where="--unit", expected="for example 10*9/L, K/uL, /uL, % or g/dL"
            )


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a file name fits one of the patterns, without regard to case."""
    return any(fnmatch(name.lower(), pattern.lower()) for pattern in patterns)
