"""Long and wide tables in English and Portuguese, Parquet with types, and the map that was guessed."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from leukon.errors import UsageError
from leukon.knowledge.model import Knowledge
from leukon.read import Options
from leukon.read.guess import guessed_map_text
from leukon.read.headers import find_analytes
from leukon.read.long import plan_long
from leukon.read.mapfile import parse_map
from leukon.read.readings import Readings
from leukon.read.wide import plan_wide

Open = Callable[..., Any]
Written = Callable[..., Path]
G = 1_000_000_000


@pytest.fixture
def readings(knowledge: Knowledge) -> Readings:
    return Readings(knowledge, Options())


@pytest.mark.parametrize(
    ("header", "test", "unit"),
    [
        ("WBC", "WBC", ""),
        ("WBC (10^9/L)", "WBC", "10^9/L"),
        ("wbc [x10³/µL]", "WBC", "x10³/µL"),
        ("neutrophils(%)", "NEUT %", "%"),
        ("(%)lymphocyte", "LYMPH %", "%"),
        ("basophil count(#)", "BASO", ""),
        ("neut_pct", "NEUT %", "%"),
        ("ANC_G_PER_L", "NEUT", "G PER L"),
        ("Leucócitos (/mm³)", "WBC", "/mm³"),
        ("neutrofilos", "NEUT", ""),
        ("Hemoglobina (g/dL)", "HGB", "g/dL"),
        ("White blood cell count", "WBC", ""),
        ("wbc, 10*3/uL", "WBC", "10*3/uL"),
    ],
)
def test_headers_of_wide_files(readings: Readings, header: str, test: str, unit: str) -> None:
    found = find_analytes((header,), readings, set())
    assert len(found) == 1
    read, wanted = readings.test(found[0].test), readings.test(test)
    assert (read.analyte, read.quantity) == (wanted.analyte, wanted.quantity)
    assert (found[0].unit or readings.default_unit(read)) == unit


@pytest.mark.parametrize("header", ["Weight (kg)", "glucose", "SEQN", "notes", "Red blood cell count", "Hematocrit"])
def test_headers_that_are_no_analyte(readings: Readings, header: str) -> None:
    assert find_analytes((header,), readings, set()) == []


def test_wide_with_ranges_sex_age_and_units_in_the_header(opened: Open, written: Written) -> None:
    text = (
        "Patient ID,Sex,Age,Date,WBC (10^9/L),WBC low,WBC high,ANC (/uL),Lymphocytes (%)\n"
        "7,F,56,2026-11-19,3.6,4.0,11.0,1800,\n"
        "7,F,56,2026-11-19,3.8,,,1900,30\n"
    )
    got = opened(written("wide.csv", text))
    assert got.results("analyte, quantity, low, lln, result_id") == [
        ("WBC", "count", 3_600_000_000, 4 * G, "wide.csv#2:WBC (10^9/L)"),
        ("NEUT", "count", 1_800_000_000, None, "wide.csv#2:ANC (/uL)"),
        ("WBC", "count", 3_800_000_000, None, "wide.csv#3:WBC (10^9/L)"),
        ("NEUT", "count", 1_900_000_000, None, "wide.csv#3:ANC (/uL)"),
        ("LYMPH", "percent", 300_000, None, "wide.csv#3:Lymphocytes (%)"),
    ]
    # the cells of one line are one sample, also when two lines have the same date
    assert got.sql("SELECT count(DISTINCT sample), min(sample_exact) FROM results") == [(2, 1)]
    assert got.sql("SELECT sex FROM people") == [("female",)]
    assert got.sql("SELECT DISTINCT age_low_h FROM results") == [(56 * 8766,)]


def test_wide_with_a_line_of_units_in_portuguese(opened: Open, written: Written) -> None:
    text = "paciente;sexo;data;leucócitos;neutrófilos;linfócitos\n;;;mil/mm³;/mm³;%\np1;M;19/11/2026;3,6;1.800;30\n"
    got = opened(written("larga.csv", text), locale="pt")
    assert got.results("analyte, quantity, low, line") == [
        ("WBC", "count", 3_600_000_000, 3),
        ("NEUT", "count", 1_800_000_000, 3),
        ("LYMPH", "percent", 300_000, 3),
    ]


def test_a_line_of_units_in_brackets(opened: Open, written: Written) -> None:
    got = opened(written("wide.csv", "subject_id,WBC,NEUT\n,(10^9/L),[%]\np,3.6,36\n"))
    assert got.results("analyte, quantity, low") == [("WBC", "count", 3_600_000_000), ("NEUT", "percent", 360_000)]


@pytest.mark.parametrize(("units", "said"), [({"xyz": "K/uL"}, "'xyz'"), ({"wbc": "quux"}, "'quux'")])
def test_a_unit_of_the_call_must_be_known(opened: Open, written: Written, units: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as raised:
        opened(written("plain.csv", "id_patient,wbc\np1,3.6\n"), units=units)
    assert said in str(raised.value)


def test_units_of_the_call(opened: Open, written: Written) -> None:
    path = written("plain.csv", "id_patient,wbc,anc,plt\np1,3.6,1800,150\n")
    bare = opened(path)
    assert {code for (code,) in bare.results("door_code")} == {"UNIT_MISSING"}
    told = opened(path, units={"wbc": "10*3/uL", "ANC": "/uL", "plt": "K/uL"})
    assert told.results() == [("WBC", 3_600_000_000), ("NEUT", 1_800_000_000), ("PLT", 150 * G)]


def test_units_inferred_for_the_whole_sample(opened: Open, written: Written) -> None:
    """Cell types take the unit of the white count, and only when they fit into it."""
    path = written("plain.csv", "subject_id,wbc,lymph,mono\np1,3.6,1.2,0.3\np2,3600,1200,300\np3,3.6,1200,0.3\n")
    got = opened(path, infer_units=True)
    assert got.results("subject, analyte, low, door_code") == [
        (1, "WBC", 3_600_000_000, None), (1, "LYMPH", 1_200_000_000, None), (1, "MONO", 300_000_000, None),
        (2, "WBC", 3_600_000_000, None), (2, "LYMPH", 1_200_000_000, None), (2, "MONO", 300_000_000, None),
        (3, "WBC", 3_600_000_000, None), (3, "LYMPH", None, "UNIT_MISSING"), (3, "MONO", None, "UNIT_MISSING"),
    ]  # fmt: skip


def parquet(path: Path, select: str) -> Path:
    with duckdb.connect() as con:
        con.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


def test_parquet_with_types(opened: Open, tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "typed.parquet",
        "SELECT * FROM (VALUES (62161.0::DOUBLE, TIMESTAMP '2026-11-19 08:00:00.5', 'WBC', 3.625::DOUBLE, '10*9/L',"
        " 4.0::DOUBLE, DATE '1970-03-02'), (62161.0, TIMESTAMP '1969-12-31 23:59:58', 'NEUT', 'nan'::DOUBLE, '10*9/L',"
        " NULL, DATE '1970-03-02')) AS t(subject_id, collected, test, value, unit, low, birth_date)",
    )
    got = opened(path)
    assert got.results("subject, analyte, low, lln, collected_s, time_precision, line") == [
        (1, "WBC", 3_625_000_000, 4 * G, 1_795_075_200, "second", 1)
    ]
    assert got.sql("SELECT subject_id, birth_low_s // 86400 FROM people") == [("62161", 60)]
    assert got.rejects == [("typed.parquet", 2, "value", "VALUE_MISSING")]
    assert got.results("value_text, collected") == [("3.625", "2026-11-19 08:00:00.5")]


@pytest.mark.parametrize(
    ("kind", "shown"), [("FLOAT", 650_000_000), ("DOUBLE", 650_000_000), ("DECIMAL(6,3)", 650_000_000)]
)
def test_parquet_numbers_are_read_as_their_shortest_text(opened: Open, tmp_path: Path, kind: str, shown: int) -> None:
    path = parquet(
        tmp_path / "n.parquet", f"SELECT 'p' AS subject_id, 'NEUT' AS test, 0.65::{kind} AS value, '10*9/L' AS unit"
    )
    assert opened(path).results() == [("NEUT", shown)]


def test_parquet_of_other_types_is_text(opened: Open, tmp_path: Path) -> None:
    path = parquet(tmp_path / "odd.parquet", "SELECT 1 AS subject_id, [3.6] AS wbc, {'a': 1} AS plt")
    got = opened(path, units={"wbc": "K/uL", "plt": "K/uL"})
    assert got.results("analyte, door_code") == [("WBC", "RESULT_NOT_NUMERIC"), ("PLT", "RESULT_NOT_NUMERIC")]


def test_wide_parquet_packed_and_empty(opened: Open, tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "w.parquet", 'SELECT 7 AS patient, 3.6::DOUBLE AS "WBC (K/uL)", NULL::DOUBLE AS "PLT (K/uL)"'
    )
    packed = tmp_path / "w2.parquet.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    for source in (path, packed):
        assert opened(source).results() == [("WBC", 3_600_000_000)]
    empty = parquet(
        tmp_path / "e.parquet", "SELECT 'p' AS subject_id, 'WBC' AS test, 3.6 AS value, '10*9/L' AS unit LIMIT 0"
    )
    assert opened(empty).results() == []


LONG_HEADER = ("paciente", "exame", "resultado", "unidade", "data", "hora", "strange")
WIDE_HEADER = ("subject_id", "WBC (10^9/L)", "neut_pct", "wbc low", "sex")


def test_the_guessed_map_says_the_same_as_the_headers(readings: Readings) -> None:
    long, wide = plan_long(LONG_HEADER), plan_wide(WIDE_HEADER, (), readings)
    assert long is not None and wide is not None
    for plan in (long, wide):
        again = parse_map(guessed_map_text(plan), "guessed.yaml")
        assert (again.shape, again.fields, again.cells) == (plan.shape, plan.fields, plan.cells)
    assert "strange" in guessed_map_text(long)
    assert long.fields["collected"].also == "hora"


def test_guesses_are_kept_for_each_file(opened: Open, written: Written) -> None:
    got = opened(written("a.csv", "subject_id,test,value,unit\np1,WBC,3.6,10*9/L\n"))
    assert got.raw.guesses["a.csv"].startswith("kind: map\nshape: long\n")
