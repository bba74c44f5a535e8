"""Map files: what the columns of a file are, said in YAML and never in code.

```yaml
kind: map
title: NHANES blood counts          # free text
files: [nhanes_cbc_*.csv*]          # which files of a folder hold results (all that fit, when left out)
shape: wide                         # wide: a column for each analyte; long: one result a line
locale: pt                          # how numbers and dates are written, when it is not left open
columns:                            # field of leukon: column of the file
  subject_id: SEQN
  sex: {column: RIAGENDR, codes: {1: male, 2: female}}
  collected: {column: day, also: clock}      # two columns, joined with a space
  specimen: {text: blood}                    # the same for every row
analytes:                           # wide only
  - {column: LBXWBCSI, test: WBC, unit: 10*3/uL, low: LLN_COLUMN, high: ULN_COLUMN}
unit_row: yes                       # wide only: the line after the header holds units
items:                              # long only: what the codes of a column are
  column: itemid
  tests: {51301: WBC, 51256: NEUT %, 51128: {test: WBC, specimen: ascites, unit: /uL}}
  others: drop                      # rows of codes that are not listed: drop, or keep (they end as UNMAPPED)
  names: {file: d_labitems.csv*, key: itemid, columns: {test: label, specimen: fluid}}
units: {WBC: 10*3/uL}               # where a row has none
people:                             # one line a person, in a file beside the input; may be missing
  file: patients.csv*
  key: subject_id
  columns: {sex: gender, birth_date: dob, death_date: dod}
birth_from: {age: anchor_age, year: anchor_year, in: people}
deidentified_age_over: 89           # older people's births were moved: their age is "over 89", never impossible
time: {offset: minutes}             # from an unknown start: minutes, hours, days, or clock (HH:MM)
rows: {keep: {EVID: [0]}, drop: {CMT: [9]}}
fill_down: [PATIENT_ID]             # an empty cell means: as in the line above
drugs:                              # files given as --drugs; conditions: and vitals: likewise
  files: [prescriptions.csv*]
  columns: {subject_id: subject_id, name: drug, start: starttime, stop: stoptime}   # fields: mentions.FIELDS
  names: {file: d_icd.csv*, key: icd_code, also: icd_version, columns: {name: long_title}}
  visits: {file: admissions.csv*, key: hadm_id, columns: {start: admittime}}
  time: {offset: minutes}
  rows: {drop: {dose: [0]}}
```
"""

from __future__ import annotations

from pathlib import Path

from leukon.errors import InputError, UsageError
from leukon.knowledge.strict import Mapping, Node, Problems, Scalar, Sequence, read_yaml
from leukon.read.mapnodes import Nodes
from leukon.read.mentions import FIELDS as BESIDE
from leukon.read.mentions import NAMES
from leukon.read.plan import BirthYear, Cell, Item, Plan, Side
from leukon.read.raw import FIELDS
from leukon.read.readings import Readings
from leukon.read.times import RELATIVE

KEYS = (
    "kind", "title", "files", "shape", "locale", "columns", "analytes", "unit_row", "items", "units", "people",
    "birth_from", "deidentified_age_over", "time", "rows", "fill_down", *BESIDE,
)  # fmt: skip
BESIDE_KEYS = ("files", "columns", "names", "visits", "time", "rows", "fill_down")
ANALYTE_KEYS = ("column", "test", "unit", "unit_column", "low", "high", "range_text", "flag", "specimen", "method")
OFFSETS = (*RELATIVE, "clock")
COLUMN_FIELDS = tuple(field for field in FIELDS if field not in ("time_unit", "sample_row"))


def find_map(spelled: str | Path) -> Path:
    """The map file: a path, or the name of one that comes with leukon (`nhanes`). UsageError when there is none."""
    path = Path(spelled)
    if path.is_file():
        return path
    here = Path(__file__).resolve().parent.parent
    folders = [here / "examples" / "maps", here.parent / "examples" / "maps"]
    shipped = {file.stem: file for folder in folders for file in sorted(folder.glob("*.yaml"))}
    if str(spelled) in shipped:
        return shipped[str(spelled)]
    raise UsageError(
        "no such map file", where=str(spelled), expected=f"a YAML file, or one of {', '.join(sorted(shipped))}"
    )


def read_map(path: Path, readings: Readings | None = None) -> Plan:
    """The plan of a map file. UsageError names every problem with its line."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"the map cannot be read: {error}", where=path.name, expected="a YAML file in UTF-8"
        ) from error
    return parse_map(text, path.name, readings)


def parse_map(text: str, file: str, readings: Readings | None = None) -> Plan:
    """The plan that a map says. With `readings` its names of tests and units are checked too."""
    problems = Problems()
    tree = read_yaml(text, file, problems)
    plan = _Reader(file, problems, readings).plan(tree) if isinstance(tree, Mapping) else None
    if tree is not None and plan is None:
        problems.add(f"{file}:1", "the map is not a list of keys", expected=", ".join(KEYS))
    if problems.found or plan is None:
        listed = "\n  ".join(problems.found)
        raise UsageError(f"the map file has problems:\n  {listed}", where=file, hint="correct the lines named above")
    return plan


class _Reader(Nodes):
    """Reads the tree of one map, noting every problem."""

    def plan(self, tree: Mapping) -> Plan:
        self.known(tree, KEYS)
        self.shapes(tree)
        if self.text(tree, "kind") != "map":
            self.problems.add(tree.at or f"{self.file}:1", "this is not a map", expected="kind: map")
        shape = self.text(tree, "shape") or ("wide" if "analytes" in tree.items else "long")
        self.one_of(tree, "shape", shape, ("long", "wide"))
        self.one_of(tree, "locale", self.text(tree, "locale"), ("", "en", "pt"))
        fields = self.cells(tree.items.get("columns"), COLUMN_FIELDS)
        if "subject_id" not in fields:
            self.problems.add(
                self.at(tree, "columns"), "no column names the person", expected="columns: {subject_id: ...}"
            )
        born = self.birth_year(tree.items.get("birth_from"))
        people, told = self.side(tree.items.get("people"), "people", fields.get("subject_id", Cell()).column)
        if people is not None and born is not None and born.side:
            people = people._replace(columns=(*people.columns, born.age, born.year))
        items = tree.items.get("items")
        listed = self.items(items)
        names, named = self.side(
            items.items.get("names") if isinstance(items, Mapping) else None, "names", self.text(items, "column")
        )
        if "test" in named:
            named["mapped_test"] = named.pop("test")
        cells = self.analytes(tree.items.get("analytes"))
        if shape == "wide" and not cells:
            self.problems.add(
                self.at(tree, "analytes"), "a wide map names no analyte", expected="analytes: [{column, test, unit}]"
            )
        if shape == "long" and "value" not in fields:
            self.problems.add(self.at(tree, "columns"), "no column holds the value", expected="columns: {value: ...}")
        if shape == "long" and not ("test" in fields or listed or named):
            self.problems.add(
                self.at(tree, "columns"), "nothing names the test", expected="columns: {test: ...} or items"
            )
        item_column = self.text(items, "column")
        if item_column and "test" not in fields:
            fields["test"] = Cell(item_column)
        others = self.text(items, "others") or "keep"
        self.one_of(items, "others", others, ("keep", "drop"))
        over = self.text(tree, "deidentified_age_over")
        if over and not over.isdecimal():
            self.problems.add(self.at(tree, "deidentified_age_over"), f"{over!r} is no whole number", expected="years")
        self.one_of(tree, "unit_row", self.text(tree, "unit_row"), ("", "yes", "no"))
        rows = tree.items.get("rows")
        self.known(rows, ("keep", "drop"))
        return Plan(
            shape=shape,
            fields={**fields, **told, **named},
            cells=tuple(cells),
            files=self.texts(tree.items.get("files")),
            fill_down=self.texts(tree.items.get("fill_down")),
            keep=self.filters(rows, "keep"),
            drop=self.filters(rows, "drop"),
            people=people,
            names=names,
            item_column=item_column,
            items=tuple(listed),
            only_listed=others == "drop",
            units=self.units(tree.items.get("units")),
            time_unit=self.offset(tree.items.get("time")),
            birth_year=born,
            deidentified_age_over=int(over) if over.isdecimal() else None,
            unit_row=self.text(tree, "unit_row") == "yes",
            locale=self.text(tree, "locale"),
            beside={table: self.beside(tree.items[table], table) for table in BESIDE if table in tree.items},
        )

    def beside(self, tree: Node, table: str) -> Plan:
        """The plan of a file of drugs, conditions or vitals."""
        self.known(tree, BESIDE_KEYS)
        parts = tree.items if isinstance(tree, Mapping) else {}
        fields = self.cells(parts.get("columns"), BESIDE[table])
        names, named = self.side(parts.get("names"), "names", "", BESIDE[table])
        visits, visited = self.side(parts.get("visits"), "people", "", BESIDE[table])
        for field in ("subject_id", *(("value",) if table == "vitals" else ())):
            if field not in fields:
                self.problems.add(
                    self.at(tree, "columns"), f"no column for {field}", expected=f"columns: {{{field}: ...}}"
                )
        if not any(field in {**fields, **named} for field in NAMES):
            self.problems.add(self.at(tree, "columns"), "nothing names what it is", expected="columns: {name: ...}")
        return Plan(
            shape="long",
            fields={**fields, **named, **visited},
            files=self.texts(parts.get("files")),
            names=names,
            people=visits,
            keep=self.filters(parts.get("rows"), "keep"),
            drop=self.filters(parts.get("rows"), "drop"),
            fill_down=self.texts(parts.get("fill_down")),
            time_unit=self.offset(parts.get("time")),
        )

    # --- parts --------------------------------------------------------------------------------------

    def cells(self, node: Node | None, known: tuple[str, ...], side: str = "") -> dict[str, Cell]:
        self.known(node, known)
        found = {}
        for field in self.keys(node):
            assert isinstance(node, Mapping)
            inner = node.items[field]
            if isinstance(inner, Scalar):
                found[field] = Cell(inner.text, side=side)
                continue
            self.known(inner, ("column", "also", "text", "codes"))
            codes = inner.items.get("codes") if isinstance(inner, Mapping) else None
            coded = tuple((sent, self.text(codes, sent)) for sent in self.keys(codes))
            cell = Cell(self.text(inner, "column"), self.text(inner, "text"), coded, self.text(inner, "also"), side)
            if bool(cell.column) == bool(cell.text):
                self.problems.add(self.at(inner), f"{field} says no column", expected="a column, or one fixed text")
            found[field] = cell if cell.column else cell._replace(side="")
        return found

    def analytes(self, node: Node | None) -> list[dict[str, Cell]]:
        made = []
        for item in node.items if isinstance(node, Sequence) else []:
            self.known(item, ANALYTE_KEYS)
            column, test = self.text(item, "column"), self.text(item, "test")
            if not column or not test:
                self.problems.add(
                    self.at(item), "an analyte without column or test", expected="{column: ..., test: ...}"
                )
                continue
            self.understood(item)
            cells = {"test": Cell(text=column), "mapped_test": Cell(text=test), "value": Cell(column)}
            cells |= {key: Cell(text=said) for key in ("unit", "specimen", "method") if (said := self.text(item, key))}
            cells |= {
                key: Cell(said) for key in ("low", "high", "range_text", "flag") if (said := self.text(item, key))
            }
            if said := self.text(item, "unit_column"):
                cells["unit"] = Cell(said)
            made.append(cells)
        return made

    def items(self, node: Node | None) -> list[Item]:
        self.known(node, ("column", "tests", "others", "names"))
        tests = node.items.get("tests") if isinstance(node, Mapping) else None
        found = []
        for sent in self.keys(tests):
            assert isinstance(tests, Mapping)
            inner = tests.items[sent]
            if isinstance(inner, Scalar):
                self.is_test(inner.text, tests.keys_at[sent])
                found.append(Item(sent, inner.text))
            else:
                self.understood(inner)
                self.known(inner, ("test", "unit", "specimen", "method"))
                found.append(Item(sent, *(self.text(inner, key) for key in ("test", "unit", "specimen", "method"))))
        if node is not None and not self.text(node, "column"):
            self.problems.add(self.at(node), "the items name no column", expected="column: ...")
        return found

    def side(
        self, node: Node | None, side: str, on: str, known: tuple[str, ...] = COLUMN_FIELDS
    ) -> tuple[Side | None, dict[str, Cell]]:
        if node is None:
            return None, {}
        self.known(node, ("file", "key", "on", "also", "columns"))
        file, key = self.text(node, "file"), self.text(node, "key")
        told = self.cells(node.items.get("columns") if isinstance(node, Mapping) else None, known, side)
        if not file or not key:
            self.problems.add(
                self.at(node), f"{side} without file or key", expected="{file: ..., key: ..., columns: ...}"
            )
        columns = [column for cell in told.values() for column in (cell.column, cell.also) if column]
        also = self.text(node, "also")
        return Side(file, key, self.text(node, "on") or on or key, tuple(columns), also), told

    def birth_year(self, node: Node | None) -> BirthYear | None:
        if node is None:
            return None
        self.known(node, ("age", "year", "in"))
        side = self.text(node, "in")
        self.one_of(node, "in", side, ("", "people"))
        return BirthYear(self.text(node, "age"), self.text(node, "year"), side)

    def offset(self, node: Node | None) -> str:
        if node is None:
            return ""
        self.known(node, ("offset",))
        unit = self.text(node, "offset")
        self.one_of(node, "offset", unit, OFFSETS)
        return unit

    def units(self, node: Node | None) -> dict[str, str]:
        found = {}
        for test in self.keys(node):
            found[test] = self.text(node, test)
            self.is_test(test, self.at(node, test))
            self.is_unit(found[test], self.at(node, test))
        return found

    def filters(self, node: Node | None, key: str) -> dict[str, tuple[str, ...]]:
        inner = node.items.get(key) if isinstance(node, Mapping) else None
        return {column: self.texts(inner.items[column]) for column in self.keys(inner) if isinstance(inner, Mapping)}
