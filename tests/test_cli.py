"""The command line as a user meets it: what is printed, where, and with which exit code."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from leukon import tables
from leukon.knowledge.model import Knowledge
from leukon.typed import read

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def leukon(root: Path, tmp_path: Path) -> Run:
    """`leukon(...)` runs the command in an empty folder."""

    def run(*arguments: object, stdin: str = "", limit: int | None = None) -> subprocess.CompletedProcess[str]:
        def small_disk() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit or 0, limit or 0))

        return subprocess.run(
            [sys.executable, "-m", "leukon", *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(root), "COLUMNS": "80"},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            preexec_fn=small_disk if limit else None,
        )

    return run


@pytest.fixture
def many(root: Path) -> Path:
    return root / "examples" / "many.csv"


def rows(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect() as con:
        return con.execute(f"SELECT * FROM '{path}'").fetchall()


# --- one person ---------------------------------------------------------------------------------


def test_typed_count_is_low_by_some_and_shows_who_draws_the_line(leukon: Run) -> None:
    done = leukon("assess", "WBC 3.6", "--format", "json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["verdict"]["state"]) == (0, "low-by-some")
    assert "We read this as: WBC 3.6 ×10⁹/L = 3,600 per µL" in done.stderr.replace("White blood cells", "WBC")
    text = leukon("assess", "WBC 3.6").stdout
    assert "EVERY LIMIT THAT APPLIES" in text
    assert "not a diagnosis" in text


@pytest.mark.parametrize(
    "typed",
    ["WBC 3.6 10*9/L", "wbc = 3600 /uL", "leucócitos: 3,6 10*9/L", "WBC 3.6 10*9/L; age 56; sex female", "WBC 3.6"],
)
def test_spellings_of_one_typed_count_agree(leukon: Run, typed: str) -> None:
    told = json.loads(leukon("assess", typed, "--format", "json").stdout)
    assert [value["value"] for value in told["values"]] == ["3.6"]


def test_typed_differential_and_interval(leukon: Run) -> None:
    done = leukon("assess", "WBC 3.6 10*9/L (4.0-11.0); NEUT 36 %; mystery 7", "--format", "json")
    neutrophils = next(v for v in json.loads(done.stdout)["values"] if v["analyte"] == "NEUT" and v["unit"] != "%")
    assert neutrophils["value"] == "1.296"
    assert "Not read: mystery 7" in done.stderr


@pytest.mark.parametrize(
    ("typed", "age"),
    [("age 56", "56"), ("age: 2 months", "2 months"), ("idade 14 dias", "14 dias"), ("age >89", ">89")],
)
def test_a_typed_age_keeps_its_unit(knowledge: Knowledge, typed: str, age: str) -> None:
    assert read(f"WBC 3.6; {typed}", knowledge).request["subject"] == {"age_years": age}
    assert read("WBC 3.6; age 5 fortnights", knowledge).unread == ["age 5 fortnights"]


def test_demo_prints_a_report_in_both_languages(leukon: Run) -> None:
    assert "example-1" in leukon("demo").stdout
    assert "leucócitos" in leukon("demo", "--lang", "pt").stdout.casefold()


def test_request_file_and_standard_input_agree(leukon: Run, root: Path) -> None:
    path = root / "examples" / "request.json"
    from_file = leukon("assess", path, "--format", "json")
    from_stdin = leukon("assess", "-", "--format", "json", stdin=path.read_text("utf-8"))
    assert from_file.returncode == 0
    assert from_file.stdout == from_stdin.stdout
    assert json.loads(from_file.stdout)["verdict"]["headline_analyte"] == "NEUT"


def test_options_of_the_command_come_before_those_of_a_request(leukon: Run, root: Path) -> None:
    path = root / "examples" / "request.json"
    assert "Neutrófilos" in leukon("assess", path, "--lang", "pt").stdout
    asked = {**json.loads(path.read_text("utf-8")), "language": "pt"}
    spoken = leukon("assess", "-", stdin="\ufeff\n" + json.dumps(asked))
    assert "Neutrófilos" in spoken.stdout, spoken.stderr
    assert "Neutrophils" in leukon("assess", "-", "--lang", "en", stdin=json.dumps(asked)).stdout


def test_a_wrong_request_is_named_with_its_line(leukon: Run, tmp_path: Path) -> None:
    good = '{"observations": [{"code": "WBC", "value": "3.6", "unit": "10*9/L"}]}'
    (tmp_path / "two.ndjson").write_text(f"{good}\n{good.replace('value', 'valu')}\n")
    (tmp_path / "list.json").write_text("[1]")
    done = leukon("assess", "two.ndjson", "--format", "json")
    assert (done.returncode, len(done.stdout.splitlines())) == (4, 1)  # the other lines are answered all the same
    assert "two.ndjson:2, observations[0]" in done.stderr
    done = leukon("assess", "list.json")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "list.json: the request is not an object" in done.stderr


def test_html_is_one_page(leukon: Run, root: Path) -> None:
    page = leukon("assess", root / "examples" / "one.csv", "--format", "html").stdout
    assert page.lower().startswith("<!doctype html>")
    assert "<svg" in page
    assert "http://" not in page.replace("http://www.w3.org", "")


# --- many people --------------------------------------------------------------------------------


def test_many_people_without_out_get_a_summary_and_a_hint(leukon: Run, many: Path) -> None:
    done = leukon("assess", many)
    assert done.returncode == 0
    assert "14 results = 12 used + 2 excluded + 0 rejected, of 8 people" in done.stdout
    assert "--out" in done.stderr
    assert "kind: map" in done.stderr


def test_many_people_as_json_are_one_object_a_line(leukon: Run, many: Path) -> None:
    lines = leukon("assess", many, "--format", "json").stdout.splitlines()
    assert [json.loads(line)["subject"] for line in lines] == [f"ex-0{n}" for n in range(1, 9)]


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_tables_have_the_documented_columns(leukon: Run, many: Path, tmp_path: Path, form: str) -> None:
    assert leukon("assess", many, "--out", "out", "--tables", form).returncode == 0
    names = {f"{table.name}.{form}" for table in tables.OUTPUTS} | {"summary.json"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names
    with duckdb.connect() as con:
        for table in tables.OUTPUTS:
            told = con.execute(f"DESCRIBE SELECT * FROM '{tmp_path}/out/{table.name}.{form}'").fetchall()
            assert tuple(column[0] for column in told) == table.names
            if form == "parquet":
                kinds = {"int": "BIGINT", "text": "VARCHAR"}
                assert [column[1] for column in told] == [kinds[column.kind] for column in table.columns]


MESSY = """subject_id,collected,test,value,unit,status,specimen
p,2026-01-01T08:00,WBC,3.6,K/uL,preliminary,
p,2026-01-02T08:00,WBC,3.6,K/uL,entered-in-error,
p,2026-01-03T08:00,WBC,3.6,K/uL,final,CSF
p,2026-01-03T08:00,mystery,3.6,K/uL,final,
p,2026-01-03T09:00,WBC,3600,10*9/L,final,
q,,NEUT,<0.1,K/uL,,
q,,HGB,12,g/dL,,
q,,WBC,,K/uL,,
,,WBC,3.6,K/uL,,
q,,WBC
"""


def test_only_documented_columns_are_ever_empty(leukon: Run, tmp_path: Path) -> None:
    (tmp_path / "messy.csv").write_text(MESSY)
    assert leukon("assess", "messy.csv", "--out", "out").returncode == 4
    for table in tables.OUTPUTS:
        for column, *cells in zip(table.columns, *rows(tmp_path / "out" / f"{table.name}.parquet"), strict=True):
            if not column.null or column.null.startswith("never"):
                assert None not in cells, f"{table.name}.{column.name}"
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert [summary[key] for key in ("results_in", "used", "excluded", "rejected")] == [10, 3, 4, 3]


def test_the_clock_of_the_machine_changes_nothing(tmp_path: Path, root: Path) -> None:
    """A zoned time in a Parquet file is written as text: the same in every time zone."""
    path = tmp_path / "zoned.parquet"
    with duckdb.connect() as con:
        select = "SELECT 'p' AS subject_id, 'WBC' AS test, 3.6 AS value, 'K/uL' AS unit,"
        con.execute(f"COPY ({select} TIMESTAMPTZ '2026-01-01 08:00+00' AS collected) TO '{path}' (FORMAT parquet)")
    run = "import sys, leukon as lk; lk.assess_files(sys.argv[1], out=sys.argv[2])"
    for zone in ("UTC", "America/Sao_Paulo"):
        env = {**os.environ, "PYTHONPATH": str(root), "TZ": zone}
        subprocess.run([sys.executable, "-c", run, str(path), str(tmp_path / zone[:3])], env=env, check=True)
    assert rows(tmp_path / "UTC" / "values.parquet") == rows(tmp_path / "Ame" / "values.parquet")


def test_summary_accounts_for_every_result(leukon: Run, many: Path, tmp_path: Path) -> None:
    leukon("assess", many, "--out", "out")
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert summary["results_in"] == summary["used"] + summary["excluded"] + summary["rejected"] == 14
    assert summary["excluded_by_code"] == {"RESULT_NOT_NUMERIC": 1, "UNIT_AMBIGUOUS": 1}
    assert len(rows(tmp_path / "out" / "excluded.parquet")) == summary["excluded"]
    reported = [row for row in rows(tmp_path / "out" / "values.parquet") if "reported" in row]
    assert len(reported) == summary["used"]
    assert summary["patients"]["below"]["WBC"]["4"] == 4
    assert len(summary["knowledge"]["sha256"]) == 64


def test_same_input_same_bytes_also_in_buckets(many: Path, tmp_path: Path) -> None:
    import leukon as lk

    paths = [lk.assess_files(many, out=tmp_path / f"{n}", bucket_rows=n) for n in (1_000_000, 3)]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    for table in tables.OUTPUTS:
        one, other = (rows(path.parent / f"{table.name}.parquet") for path in paths)
        assert sorted(map(repr, one)) == sorted(map(repr, other)), table.name
        assert len(list((tmp_path / "3").glob(f"{table.name}*"))) == 1


def test_without_out_python_gets_one_assessment_per_person(many: Path) -> None:
    import leukon as lk

    found = lk.assess_files(many, scales=["CTCAE@5.0"])
    assert [assessment.subject for assessment in found] == [f"ex-0{n}" for n in range(1, 9)]
    assert {grade.scale for grade in found[1].grades} <= {"CTCAE", "CLINICAL-SEVERITY"}


def test_scales_choose_the_grades(leukon: Run, many: Path, tmp_path: Path) -> None:
    leukon("assess", many, "--out", "out", "--scale", "CTCAE|6.0")
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert summary["scales"] == ["CTCAE@6.0"]
    assert set(summary["grades"]) == {"CTCAE@6.0", "CLINICAL-SEVERITY@consensus"}


def test_rejected_rows_exit_4_and_the_report_is_written(leukon: Run, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("subject_id,test,value,unit\np1,WBC,3.6,10*9/L\n,WBC,3.1,10*9/L\np1,NEUT,1,9,x\n")
    done = leukon("assess", "in.csv", "--out", "out")
    assert done.returncode == 4
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert summary["rejected_by_code"] == {"ROW_SHAPE": 1, "SUBJECT_MISSING": 1}


def test_empty_input_gives_empty_tables_of_full_shape(leukon: Run, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("subject_id,test,value,unit\n")
    assert leukon("assess", "in.csv", "--out", "out").returncode == 0
    for table in tables.OUTPUTS:
        assert rows(tmp_path / "out" / f"{table.name}.parquet") == []


def test_text_of_the_input_cannot_become_a_formula(leukon: Run, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('subject_id,test,value,unit\n"=cmd()",WBC,3.6,10*9/L\n@x,+y,-1,10*9/L\n')
    leukon("assess", "in.csv", "--out", "out", "--tables", "csv")
    for path in (tmp_path / "out").glob("*.csv"):
        for line in path.read_text("utf-8").splitlines():
            cells = [cell.strip('"') for cell in line.split(",")]
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells), line


# --- what can go wrong --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["assess", "WBC 3.6", "--scale", "CTCAE"], 2, "SCALE_VERSION_REQUIRED"),
        (["assess", "WBC 3.6", "--scale", "CTCEA@5.0"], 2, "did you mean CTCAE@5.0"),
        (["assess", "nothing.csv"], 3, "no such file"),
        (["assess", "WBC 3.6", "--as-of", "soon"], 2, "not a date"),
        (["assess", "WBC 3.6", "--lang", "de"], 2, "--lang"),
        (["assess"], 2, "Missing argument"),
        (["explain", "ctcae.neut.g9@5.0"], 3, "did you mean ctcae.neut"),
        (["limits", "--analyte", "unobtainium"], 2, "no analyte"),
        (["limits", "--value", "3.6"], 2, "--analyte"),
        (["check", "."], 5, "holds no knowledge files"),
        (["check", "no-such-folder"], 5, "no such file or folder"),
    ],
)
def test_errors_are_messages_with_their_exit_code(leukon: Run, arguments: list[str], code: int, says: str) -> None:
    done = leukon(*arguments)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_folder_of_somebody_else_is_left_alone(leukon: Run, many: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.docx").write_text("years of work")
    done = leukon("assess", many, "--out", "out")
    assert done.returncode == 3
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.docx"]


def test_our_own_folder_is_replaced(leukon: Run, many: Path, tmp_path: Path) -> None:
    assert leukon("assess", many, "--out", "out", "--tables", "csv").returncode == 0
    assert leukon("assess", many, "--out", "out").returncode == 0
    assert (tmp_path / "out" / "values.parquet").exists()
    assert not (tmp_path / "out" / "values.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("limit", [1_000, 4_000])
def test_a_full_disk_leaves_nothing_half_written(leukon: Run, many: Path, tmp_path: Path, limit: int) -> None:
    """The disk is simulated by a limit on the size of a file."""
    done = leukon("assess", many, "--out", "out", limit=limit)
    assert done.returncode == 3, done.stderr
    assert "OUTPUT" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is where not even root can write")
def test_a_folder_that_cannot_be_written_is_a_message(leukon: Run, many: Path) -> None:
    done = leukon("assess", many, "--out", "/proc/out")
    assert (done.returncode, "Traceback" in done.stderr) == (3, False)
    assert "cannot write the results" in done.stderr


def test_out_in_the_place_of_a_file_is_a_message(leukon: Run, many: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert leukon("assess", many, "--out", "file").returncode == 3
    assert leukon("assess", many, "--out", "file/out").returncode == 3


# --- looking things up --------------------------------------------------------------------------


def test_every_id_of_a_report_can_be_explained(leukon: Run) -> None:
    told = json.loads(leukon("assess", "NEUT 0.4 10*9/L", "--format", "json").stdout)
    ids = [told["grades"][0]["rule"], *list(told["limits"])[:1], *list(told["sources"])[:1], *list(told["claims"])[:1]]
    for id_ in [*ids, "neutropenia.severe", "CTCAE@5.0", "NEUT", "UNIT_AMBIGUOUS"]:
        done = leukon("explain", id_)
        assert done.returncode == 0, id_
        assert done.stdout.startswith(id_)


def test_every_page_has_words_in_both_languages(knowledge: object) -> None:
    from leukon.explain import Explainer

    for language in ("en", "pt"):
        pages = Explainer(knowledge, language).pages  # type: ignore[arg-type]
        assert all(page.title for page in pages.values())


def test_explain_by_words_lists_or_opens(leukon: Run) -> None:
    assert leukon("explain", "neutrófilos").stdout.startswith("NEUT")
    assert "CTCAE@5.0" in leukon("explain", "criterios comuns", "--lang", "pt").stdout
    assert len(leukon("explain", "mayo").stdout.splitlines()) > 1


def test_limits_in_every_format(leukon: Run) -> None:
    text = leukon("limits", "--analyte", "WBC", "--value", "3.6", "--age", "40").stdout
    assert "4.0" in text or " 4 " in text
    told = json.loads(leukon("limits", "--analyte", "WBC", "--value", "3.6", "--format", "json").stdout)
    assert {row["says"] for row in told["limits"] if row["bound"] == "lower"} == {"low", "not-low"}
    assert leukon("limits", "--format", "csv").stdout.startswith("id,question,analyte")
    assert leukon("limits", "--analyte", "WBC", "--format", "svg").stdout.startswith("<svg")
    assert leukon("limits", "--analyte", "WBC", "--format", "html").stdout.lower().startswith("<!doctype html>")


@pytest.mark.parametrize("command", ["assess", "explain", "limits", "check", "demo"])
def test_help_of_every_command(leukon: Run, command: str) -> None:
    done = leukon(command, "--help")
    assert done.returncode == 0
    assert "--lang" in done.stdout
