"""Map files: strict, said in YAML, every problem at once; and the ones that come with leukon."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leukon.errors import InputError, UsageError
from leukon.knowledge.model import Knowledge
from leukon.read import Options
from leukon.read.mapfile import find_map, parse_map, read_map
from leukon.read.readings import Readings

Open = Callable[..., Any]
Written = Callable[..., Path]
G = 1_000_000_000
SHIPPED = sorted((Path(__file__).resolve().parents[2] / "examples" / "maps").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_maps_name_known_tests_and_a_command(path: Path, knowledge: Knowledge) -> None:
    plan = read_map(find_map(path.stem))
    readings = Readings(knowledge, Options())
    names = [item.test for item in plan.items] + [cells["mapped_test"].text for cells in plan.cells]
    assert [name for name in names if readings.test(name).analyte is None] == []
    assert f"--map {path.stem} " in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind: map\ncolumns: {subject_id: a, value: b, test: c}\nshap: long", "did you mean 'shape'"),
        ("kind: map\ncolumns: {subject: a, value: b, test: c}", "unknown key 'subject'"),
        ("kind: map\ncolumns: {value: b, test: c}", "no column names the person"),
        ("kind: map\ncolumns: {subject_id: a, test: c}", "no column holds the value"),
        ("kind: map\ncolumns: {subject_id: a, value: b}", "nothing names the test"),
        ("kind: map\nshape: wide\ncolumns: {subject_id: a}", "names no analyte"),
        ("kind: map\ncolumns: {subject_id: a, value: b, test: c}\ntime: {offset: weeks}", "offset: 'weeks'"),
        ("kind: limits\ncolumns: {subject_id: a, value: b, test: c}", "not a map"),
        ("kind: map\ncolumns: {subject_id: a, value: b, test: c}\nfiles: [*.csv", "not YAML"),
        ("kind: map\nkind: map\ncolumns: {subject_id: a, value: b, test: c}", "stands twice"),
        ("- a\n- b", "not a list of keys"),
    ],
)
def test_problems_are_named(text: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_map(text, "site.yaml")
    assert said in str(raised.value)
    assert "site.yaml" in str(raised.value)


MISTAKEN = """kind: map
shape: wide
locale: fr
columns: {subject_id: p}
analytes:
  - {column: A, test: WBCC, unit: 10*3/uL}
  - {column: B, test: WBC, unit: foo/bar}
unit_row: maybe
deidentified_age_over: old
people: someone
units: {MCVV: fL}
"""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (3, "locale: 'fr'; expected en | pt"),
        (6, "no test is known as 'WBCC'"),
        (7, "no unit is known as 'foo/bar'"),
        (8, "unit_row: 'maybe'; expected yes | no"),
        (9, "'old' is no whole number"),
        (10, "people is not of this shape"),
        (11, "did you mean 'MCV'?"),
    ],
)
def test_problems_carry_their_line(knowledge: Knowledge, line: int, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_map(MISTAKEN, "site.yaml", Readings(knowledge, Options()))
    assert any(
        text.strip().startswith(f"site.yaml:{line}: ") and said in text for text in str(raised.value).split("\n")
    )


def test_a_map_may_leave_the_units_to_the_line_of_units(opened: Open, written: Written) -> None:
    path = written("wide.csv", "p,w,n\n,(/uL),%\n1,3600,36\n")
    text = "kind: map\nshape: wide\ncolumns: {subject_id: p}\nunit_row: yes\n"
    text += "analytes: [{column: w, test: WBC}, {column: n, test: NEUT}]"
    got = opened(path, map=written("m.yaml", text))
    assert got.results("analyte, quantity, low") == [("WBC", "count", 3_600_000_000), ("NEUT", "percent", 360_000)]


def test_unknown_map() -> None:
    with pytest.raises(UsageError) as raised:
        find_map("nahnes")
    assert "nhanes" in str(raised.value)


def test_a_map_with_everything(opened: Open, written: Written, tmp_path: Path) -> None:
    written(
        "events.csv",
        "pid,item,at,res,u,keep\n1,10,90,3.6,K/uL,y\n,11,90,50,%,y\n2,12,-5,400,/uL,y\n2,99,0,1,x,y\n2,10,0,1,K/uL,n\n",
    )
    written("people.csv", "pid,g,yr,a\n1,1.0,2100,60\n1,2.0,2100,60\n2,2,2100,91\n")
    written("items.csv", "item,name,fluid\n12,white cells,Urine\n")
    map_text = """
kind: map
files: [events*]
columns:
  subject_id: pid
  collected: at
  value: res
  unit: u
time: {offset: minutes}
fill_down: [pid]
rows: {keep: {keep: ["y"]}}
items:
  column: item
  others: drop
  tests: {10: WBC, 11: NEUT %, 12: {test: WBC}}
  names: {file: items.csv, key: item, columns: {specimen: fluid}}
people:
  file: people.csv
  key: pid
  columns: {sex: {column: g, codes: {1: male, 2: female}}}
birth_from: {age: a, year: yr, in: people}
deidentified_age_over: 89
"""
    path = written("site.yaml", map_text)
    got = opened(tmp_path, map=path)
    assert got.results("subject, analyte, low, specimen, collected_s, line, test") == [
        (1, "WBC", 3_600_000_000, "unknown", 5400, 2, "10"),
        (1, "NEUT", 500_000, "unknown", 5400, 3, "11"),
        (2, "WBC", 400_000_000, "other", -300, 4, "12"),
    ]
    assert got.sql("SELECT subject_id, sex, birth_low_s IS NOT NULL FROM people ORDER BY subject") == [
        ("1", "male", True),
        ("2", "female", False),
    ]
    assert got.sql("SELECT DISTINCT subject, age_low_h FROM results ORDER BY subject") == [(1, None), (2, 90 * 8766)]


def test_second_files_may_be_missing(opened: Open, written: Written) -> None:
    people = "people: {file: who.csv, key: p, columns: {sex: s}}"
    path = written("events.csv", "p,t,v,u\n1,WBC,3.6,K/uL\n")
    text = f"kind: map\ncolumns: {{subject_id: p, test: t, value: v, unit: u}}\n{people}"
    got = opened(path, map=written("m.yaml", text))
    assert got.results() == [("WBC", 3_600_000_000)]
    assert any("who.csv" in note for note in got.raw.notes)


def test_a_map_that_does_not_fit_the_file(opened: Open, written: Written) -> None:
    path = written("events.csv", "p,t,v\n1,WBC,3.6\n")
    with pytest.raises(InputError) as raised:
        opened(path, map=written("m.yaml", "kind: map\ncolumns: {subject_id: p, test: t, value: v, unit: einheit}"))
    assert "einheit" in str(raised.value)
    with pytest.raises(InputError) as raised:
        opened(path, map=written("n.yaml", "kind: map\ncolumns: {subject_id: pp, test: t, value: v}"))
    assert "did you mean p?" in str(raised.value)
