"""One meaning, two drivers: the same rows give the same tables in plain Python and in DuckDB."""

from __future__ import annotations

import dataclasses
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leukon import tables
from leukon.knowledge.model import Knowledge
from leukon.read import door
from leukon.read.raw import Raw
from leukon.read.readings import Options

WORDS: dict[str, list[str | None]] = {
    "subject_id": ["p1", "p1", "p2", " p2 ", "", None],
    "collected": [
        "2026-11-19",
        "2026-11-19 08:00",
        "2026-11-19T08:00:00-03:00",
        "2026-11",
        "03/04/2026 10:00",
        "x",
        None,
    ]
    + ["19/11/2026", "1970-01-01", "1900-01-01 00:00", "20261119080000-0300", "1969-12-31 23:59:58", "2026"],
    "issued": ["2026-11-19 10:12", None],
    "test": ["6690-2", "WBC", "neutrophils %", "neutrófilos", "WBC, CSF", "Glucose", "", None],
    "mapped_test": [None, None, "NEUT"],
    "value": [
        "3.6",
        "3,6",
        "3.600",
        "<0.1",
        "3.6 L",
        "36",
        "0.55",
        "clotted",
        "pending",
        "-1",
        "3600",
        "1 000",
        "",
        None,
    ],
    "comparator": [None, "<", ">=", "="],
    "unit": ["10*9/L", "10*3/uL", "/mm3", "%", "mil/mm3", "mmol/L", "", None],
    "low": ["4.0", "4000", "11", None, ""],
    "high": ["11.0", "11000", "4", None],
    "range_text": ["4.0-11.0", "4,0 a 11,0", "< 0.41", "see note", None],
    "range_sex": ["F", "M", None],
    "range_age_low": ["18", "14 d", None],
    "range_age_high": ["12", "120", None],
    "sex": ["F", "male", "?", None],
    "birth_date": ["1970-03-02", "1970", "2025-11-01 10:20", "1700-01-01", "2030-01-01", "2026-11-19", None],
    "death_date": ["2026-11-20", "2026", None],
    "age_years": ["56", "> 89", "130", "2.5", None],
    "age_months": ["41.0", None],
    "pregnant": ["yes", "no", None],
    "gestation_weeks": ["10", "6", None],
    "duffy": ["Fy(a-b-)", "non-null", None],
    "species": ["Homo sapiens", "RAT", None],
    "usual_low": ["1.2", "900", None],
    "status": ["final", "C", "P", "W", "zzz", "", None],
    "specimen": ["Blood", "pleural fluid", "SP12", None],
    "method": ["manual", "automated count", "?", None],
    "flag": ["L", "HH", "N", "*", "H~N", None],
    "sample_id": ["s1", "s2", None],
    "sub_id": ["1", None],
    "sample_row": ["7", "8", None],
    "cells_counted": ["100", "200.0", "no", None],
}
OPTIONS = [
    Options(),
    Options(locale="pt", infer_units=True),
    Options(locale="en", units={"wbc": "10*3/uL", "neutrophils %": "%"}, deidentified_age_over=89),
]


@st.composite
def batches(draw: st.DrawFn) -> tuple[list[Raw], list[str], Options]:
    """Some rows, of which only some columns exist, and how to read them."""
    fields = draw(st.lists(st.sampled_from(sorted(WORDS)), unique=True)) + ["subject_id", "test", "value"]
    row = st.fixed_dictionaries({field: st.sampled_from(WORDS[field]) for field in set(fields)})
    rows = draw(st.lists(row, max_size=12))
    relative = draw(st.sampled_from([None, None, "days", "clock"]))
    more: dict[str, Any] = {"time_unit": relative} if relative else {}
    raws = [Raw(input="file.csv", line=place, **cells, **more) for place, cells in enumerate(rows, 2)]
    return raws, sorted({*fields, *more}), draw(st.sampled_from(OPTIONS))


def from_duckdb(rows: list[Raw], fields: list[str], knowledge: Knowledge, options: Options) -> door.Inputs:
    """What the other driver makes of the same rows."""
    with duckdb.connect() as con:
        columns = ", ".join(f"{field} VARCHAR" for field in fields)
        con.execute(f"CREATE TABLE raw (row BIGINT, input VARCHAR, line BIGINT, {columns})")
        if rows:
            appender = con.appender("raw")
            appender.append_rows(
                [(n, raw.input, raw.line, *[getattr(raw, field) for field in fields]) for n, raw in enumerate(rows, 1)]
            )
            appender.flush()
        door.from_relation(con, "raw", knowledge, options)
        made = door.Inputs()
        for table in (*tables.INPUTS, tables.REJECTS):
            found = con.execute(f"SELECT {', '.join(table.names)} FROM {table.name}").fetchall()
            setattr(made, table.name, found)
        accepted = {row[0] for row in made.results}
        made.source_rows = [row for row in made.source_rows if row[0] in accepted]
    return made


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches())
def test_python_and_duckdb_agree(knowledge: Knowledge, batch: tuple[list[Raw], list[str], Options]) -> None:
    rows, fields, options = batch
    left = door.from_rows(rows, knowledge, options)
    right = from_duckdb(rows, fields, knowledge, options)
    for name in (field.name for field in dataclasses.fields(door.Inputs)):
        assert sorted(getattr(left, name), key=repr) == sorted(getattr(right, name), key=repr), name


@pytest.mark.parametrize("table", tables.INPUTS, ids=lambda table: table.name)
def test_nothing_in_gives_full_schema(knowledge: Knowledge, table: tables.Table) -> None:
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE raw (row BIGINT, input VARCHAR, line BIGINT, subject_id VARCHAR, test VARCHAR, value VARCHAR)"
        )
        door.from_relation(con, "raw", knowledge, Options())
        described = con.execute(f"DESCRIBE {table.name}").fetchall()
    assert [name for name, *_ in described] == list(table.names)
    kinds = {"BIGINT": "int", "VARCHAR": "text"}
    assert [kinds[kind] for _, kind, *_ in described] == [column.kind for column in table.columns]
    assert not getattr(door.from_rows([], knowledge), table.name)
