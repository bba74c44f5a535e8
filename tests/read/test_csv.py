"""Text tables of any kind: encodings, separators, quotes, broken lines; every line accounted for."""

from __future__ import annotations

import gzip
import io
import os
import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from leukon.errors import InputError
from leukon.read import csv
from leukon.read.plaincsv import count_plain, fill_plain

Open = Callable[..., Any]
Written = Callable[..., Path]
FUZZ = int(os.environ.get("LEUKON_FUZZ", "100000"))
LONG = "subject_id,test,value,unit\np1,WBC,3.6,10*9/L\np1,NEUT,1.8,10*9/L\n"
READ = [("WBC", 3_600_000_000), ("NEUT", 1_800_000_000)]


@pytest.mark.parametrize(
    "content",
    [
        LONG,
        LONG.replace("\n", "\r\n"),
        LONG.replace("\n", "\r"),
        LONG.replace(",", ";"),
        LONG.replace(",", ";").replace("3.6", "3,6").replace("1.8", "1,8"),
        LONG.replace(",", "\t"),
        LONG.replace(",", "|"),
        LONG.replace("3.6", '"3,6"').replace("1.8", '"1,8"'),
        "sep=;\n" + LONG.replace(",", ";"),
        "\n\n" + LONG + "\n,,,\n",
        LONG.encode("utf-8-sig"),
        LONG.encode("utf-16"),
        b"\xfe\xff" + LONG.encode("utf-16-be"),
        LONG.encode("utf-16-le"),
        LONG.replace("WBC", "W\0BC"),
        gzip.compress(LONG.encode()),
        LONG.replace("p1,WBC", 'p1,"WBC"')
        .replace("unit\n", "unit,note\n")
        .replace("L\n", 'L,"two\nlines, one cell"\n'),
        "paciente;exame;resultado;unidade\np1;leucócitos;3,6;mil/mm³\np1;neutrófilos;1,8;mil/mm³\n",
        "paciente;exame;resultado;unidade\np1;leucócitos;3.600;/mm³\np1;neutrófilos;1.800;/mm³\n".encode("latin-1"),
        LONG.replace(",unit", ",unit,,").replace("L\n", "L,,,,\n"),
    ],
    ids=range(20),
)
def test_one_table_in_twenty_spellings(opened: Open, written: Written, content: str | bytes) -> None:
    got = opened(written("counts.csv", content), locale="pt" if "paciente" in str(content) else "")
    assert got.results() == READ
    assert got.rejects == []


def test_streams_and_folders(opened: Open, written: Written, tmp_path: Path) -> None:
    written("a.csv", LONG)
    written("b.csv.gz", gzip.compress(LONG.replace("p1", "p2").encode()))
    written("notes.txt", "nothing here\n")
    got = opened(tmp_path)
    assert got.sql("SELECT count(*) FROM people") == [(2,)]
    assert [note for note in got.raw.notes if "notes.txt" in note]
    assert got.sql("SELECT input, line FROM source_rows ORDER BY row") == [
        ("a.csv", 2), ("a.csv", 3), ("b.csv.gz", 2), ("b.csv.gz", 3),
    ]  # fmt: skip
    assert opened(io.BytesIO(LONG.encode())).results() == READ


def test_a_named_pipe_is_read_once(opened: Open, tmp_path: Path) -> None:
    """`leukon assess <(zcat a.gz)`: a pipe gives its bytes only once."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=("subject_id,WBC (K/uL)\np,3.6\n",), daemon=True)
    writer.start()
    assert opened(pipe).results() == [("WBC", 3_600_000_000)]


def test_two_files_of_one_name_stay_apart_and_one_file_twice_is_read_once(
    opened: Open, written: Written, tmp_path: Path
) -> None:
    text = "subject_id,WBC (K/uL)\n{},3.6\n"
    for ward, person in (("a", "p1"), ("b", "p2")):
        (tmp_path / ward).mkdir()
        (tmp_path / ward / "x.csv").write_text(text.format(person))
    got = opened(tmp_path, tmp_path / "a" / "x.csv")
    assert got.results("input, result_id") == [
        ("x.csv", "x.csv#2:WBC (K/uL)"),
        ("b/x.csv", "b/x.csv#2:WBC (K/uL)"),
    ]
    assert got.raw.notes == ["x.csv: named twice, read once"]


def test_unquoted_decimal_comma_is_refused_with_its_line(opened: Open, written: Written) -> None:
    got = opened(written("shift.csv", "subject_id,test,value,unit\np1,WBC,3.6,10*9/L\np1,NEUT,1,8,10*9/L\n"))
    assert got.results() == READ[:1]
    assert got.rejects == [("shift.csv", 3, "", "ROW_SHAPE")]


def test_one_stray_quote_spoils_one_line(opened: Open, written: Written) -> None:
    rows = "".join(f"p{n},WBC,3.6,10*9/L\n" for n in range(500))
    got = opened(written("quote.csv", LONG + 'p1,"MONO,0.4,10*9/L\n' + rows))
    assert got.rejects == [("quote.csv", 4, "", "ROW_SHAPE")]
    assert got.sql("SELECT count(*) FROM results") == [(502,)]


def test_two_stray_quotes_spoil_two_lines(opened: Open, written: Written) -> None:
    text = LONG + 'p1,5" MONO,0.4,10*9/L\n' + LONG.split("\n", 1)[1] + 'p1,5" EOS,0.4,10*9/L\np1,BASO,0,10*9/L\n'
    got = opened(written("quote.csv", text))
    assert got.rejects == [("quote.csv", 4, "", "ROW_SHAPE"), ("quote.csv", 7, "", "ROW_SHAPE")]
    assert got.sql("SELECT count(*) FROM results") == [(5,)]


def test_stray_quotes_in_one_column_swallow_no_line(opened: Open, written: Written) -> None:
    lines = ["subject_id,test,value,unit", 'p,WBC,"q,K/uL', "q,WBC,3.6,K/uL", "r,WBC,3.6,K/uL", 's,WBC,"q,K/uL']
    got = opened(written("a.csv", "\n".join(lines)))
    assert got.results("line") == [(3,), (4,)]
    assert [(line, code) for _, line, _, code in got.rejects] == [(2, "ROW_SHAPE"), (5, "ROW_SHAPE")]


def test_a_huge_field_is_one_reject(opened: Open, written: Written) -> None:
    got = opened(written("huge.csv", LONG + "p1,WBC," + "9" * 3_000_000 + ",10*9/L\n" + "p2,WBC,4.0,10*9/L\n"))
    assert got.rejects == [("huge.csv", 4, "", "ROW_SHAPE")]
    assert got.sql("SELECT count(*) FROM results") == [(3,)]


def test_rows_without_person_test_or_value(opened: Open, written: Written) -> None:
    got = opened(written("holes.csv", LONG + ",WBC,3.6,10*9/L\np1,,3.6,10*9/L\np1,WBC,,10*9/L\np1,Glucose,,mg/dL\n"))
    assert got.rejects == [
        ("holes.csv", 4, "subject_id", "SUBJECT_MISSING"),
        ("holes.csv", 5, "test", "TEST_MISSING"),
        ("holes.csv", 6, "value", "VALUE_MISSING"),
    ]
    assert got.sql("SELECT door_code FROM results WHERE door_code IS NOT NULL") == [("UNMAPPED",)]


def test_two_columns_of_one_name(opened: Open, written: Written) -> None:
    """Long: the first counts. Wide: both are results."""
    long = opened(written("long.csv", "subject_id,test,value,value,unit\np1,WBC,3.6,9.9,10*9/L\n"))
    assert long.results() == READ[:1]
    wide = opened(written("wide.csv", "subject_id,WBC (10*9/L),WBC (10*9/L)\np1,3.6,3.7\n"))
    assert wide.results() == [("WBC", 3_600_000_000), ("WBC", 3_700_000_000)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("a single column\n1\n", "no separator"),
        ("a,b,c\n1,2,3\n", "no column is named"),
        ("test,value,unit\nWBC,3.6,10*9/L\n", "no column names the person"),
        (gzip.compress(LONG.encode())[:-12], "packed data is broken"),
        (b"PAR1 and then nothing", "Parquet"),
    ],
    ids=["empty", "blank", "one column", "strange", "nobody", "cut off", "no Parquet"],
)
def test_files_that_are_no_table(opened: Open, written: Written, content: str | bytes, said: str) -> None:
    with pytest.raises(InputError) as raised:
        opened(written("file.csv", content))
    assert said in str(raised.value)
    assert "/" not in raised.value.where


def test_missing_file(opened: Open, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        opened(tmp_path / "none.csv")


def test_markup_and_formulas_stay_text(opened: Open, written: Written) -> None:
    got = opened(written("names.csv", LONG + "=cmd()|' /C calc'!A0,WBC,<script>1</script>,10*9/L\n"))
    assert got.results("value_text, door_code")[-1] == ("<script>1</script>", "RESULT_NOT_NUMERIC")


def test_fuzz_every_line_is_accounted_for() -> None:
    """LEUKON_FUZZ texts from the pieces that tables are made of: no crash, each line is data, blank or rejected."""
    pieces = [*'p1,;"\t|', "\n", "\n", "\r\n", "\r", '""', "WBC", "3,6", " ", "é", "\0", "x" * 40, "\u2028", "\x0b"]
    chance = random.Random(20261120)
    for _ in range(FUZZ):
        text = "a,b,c\n" + "".join(chance.choices(pieces, k=chance.randrange(1, 40)))
        lines = list(csv.lines(io.BytesIO(text.encode("utf-8")), "x"))
        assert "".join(lines) == text.replace("\0", "")
        records = list(csv.records(lines))
        assert "".join(part for _, part in sorted(records)) == "".join(lines)
        rejects: list[csv.Reject] = []
        dialect = csv.Dialect(",", ("a", "b", "c"), 1)
        seen = {line for line, _ in csv.rows(lines, dialect, "x", rejects)} | {line or 0 for _, line, *_ in rejects}
        for number, part in records:
            if number > 1 and part.strip(' \t\r\n,\x0b\u2028"'):
                assert any(number <= line < number + max(1, len(part.splitlines())) for line in seen), (text, number)


def test_the_short_way_says_the_same(tmp_path: Path) -> None:
    """Where a file is plain, DuckDB's reader gives the table that ours gives; where it is not, it is not asked."""
    pieces = ["a", "7", ",", ",", ",", "\n", "\n", "\r\n", " ", "é", "'", ";", "#", "NULL", '"', "\\", "\t", "\r"]
    chance, plain, path = random.Random(7), 0, tmp_path / "x.csv"
    dialect = csv.Dialect(",", ("a", "b", "c"), 1)
    for turn in range(1500):
        lines = ["".join(chance.choices(pieces, k=chance.randrange(8))) for _ in range(chance.randrange(5))]
        if turn % 2:  # half of them are likely to be plain
            fields = [piece for piece in pieces if piece not in (",", "\n", "\r\n", '"', "\r")]
            lines = [",".join(chance.choice(fields) for _ in "abc") for _ in range(chance.randrange(5))]
        end = chance.choice(["\n", "\r\n"])
        path.write_bytes(("a,b,c" + end + end.join(lines)).encode())
        count = count_plain(path, dialect)
        if count is None:
            continue
        plain += 1
        with duckdb.connect() as con:
            assert fill_plain(con, "fast", path, dialect, {0, 1, 2}, 0)
            rejects: list[csv.Reject] = []
            source = csv.rows(csv.lines(io.BytesIO(path.read_bytes()), "x"), dialect, "x", rejects)
            assert csv.fill(con, "slow", source, [0, 1, 2]) == count
            tables = [con.execute(f"SELECT * FROM {name} ORDER BY n").fetchall() for name in ("fast", "slow")]
        assert tables[0] == tables[1]
        assert rejects == []
    assert plain > 300


def test_fuzz_bytes_never_crash(knowledge: Any) -> None:
    chance = random.Random(68)
    for _ in range(FUZZ // 10):
        data = bytes(chance.choices(range(256), k=chance.randrange(0, 60)))
        for lead in (b"", b"\xff\xfe", b"\x1f\x8b", b"a,b\n"):
            try:
                lines = list(csv.lines(io.BytesIO(lead + data), "x"))
                dialect = csv.sniff(lines, "x")
                list(csv.rows(lines, dialect, "x", []))
            except InputError:
                pass
