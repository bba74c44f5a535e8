"""How the columns of a file become the fields of `Raw`: found from its headers (`long`, `wide`) or said by a map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Cell(NamedTuple):
    """Where a field comes from: a column (`also`: a second one, put behind it with a space), or a fixed text.

    `codes`: what the values of the column stand for; others stay as they are. `side`: the column is not in the file
    itself but in the file of `people` or of item `names` beside it.
    """

    column: str = ""
    text: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    also: str = ""
    side: str = ""


class Item(NamedTuple):
    """What one code of an item column is. A unit given here replaces the one that was sent."""

    code: str
    test: str
    unit: str = ""
    specimen: str = ""
    method: str = ""


class Side(NamedTuple):
    """Another file beside the input: its rows are found by `key` = our column `on`. It may be missing.

    `also`: a second column of both files that must agree (`icd_version` beside `icd_code`).
    """

    file: str
    key: str
    on: str
    columns: tuple[str, ...]
    also: str = ""


class BirthYear(NamedTuple):
    """Columns with an age and the calendar year in which the person had it."""

    age: str
    year: str
    side: str


@dataclass(frozen=True)
class Plan:
    """The whole of it. `cells` (wide): for each analyte column the fields that differ; empty in a long file."""

    shape: str
    fields: Mapping[str, Cell]
    cells: tuple[Mapping[str, Cell], ...] = ()
    files: tuple[str, ...] = ()
    fill_down: tuple[str, ...] = ()
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    drop: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    people: Side | None = None
    names: Side | None = None
    item_column: str = ""
    items: tuple[Item, ...] = ()
    only_listed: bool = False
    units: Mapping[str, str] = field(default_factory=dict)
    time_unit: str = ""
    birth_year: BirthYear | None = None
    deidentified_age_over: int | None = None
    unit_row: bool = False
    locale: str = ""
    unused: tuple[str, ...] = ()
    """Columns that nothing was found for (said in the guessed map)."""
    beside: Mapping[str, Plan] = field(default_factory=dict)
    """Plans of files of drugs, conditions and vitals, by input table."""

    def columns(self) -> Iterator[str]:
        """Every column of the file itself that is needed."""
        for cells in (self.fields, *self.cells):
            for cell in cells.values():
                if cell.column and not cell.side:
                    yield from filter(None, (cell.column, cell.also))
        yield from (*self.fill_down, *self.keep, *self.drop, *filter(None, [self.item_column]))
        for side in (self.people, self.names):
            if side is not None:
                yield from filter(None, (side.on, side.also))
        if self.birth_year is not None and not self.birth_year.side:
            yield from (self.birth_year.age, self.birth_year.year)
