"""Bad inputs B01-B63: what each must get, in every channel that can carry it (a request, a CSV file).

One table; `rows` are spoken in the columns of a long file, and the request is made from the same words.
`used` maps an analyte to the value that must have been read, in x10^9/L.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import leukon as lk


class Seen(NamedTuple):
    """What a channel answered, reduced to what the table speaks about."""

    excluded: list[str]
    issues: set[str]
    values: dict[str, str]
    grades: dict[tuple[str, str], tuple[str | None, str, tuple[str, ...]]]
    states: dict[str, str]
    findings: dict[str, str]
    text: str


class Case(NamedTuple):
    rows: list[dict[str, str]]
    excluded: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    used: dict[str, str] = {}
    grades: dict[tuple[str, str], tuple[str | None, str]] = {}
    possible: dict[tuple[str, str], tuple[str, ...]] = {}
    states: dict[str, str] = {}
    findings: dict[str, str] = {}
    options: dict[str, Any] = {}
    channels: tuple[str, ...] = ("request", "csv")
    error: str = ""


GIGA = "10*9/L"
NEUT, WBC, LYMPH = "Neutrophil count decreased", "White blood cell decreased", "Lymphocyte count decreased"
V5, V6 = "CTCAE@5.0", "CTCAE@6.0"


def row(test: str, value: str, unit: str = GIGA, **more: str) -> dict[str, str]:
    return {"test": test, "value": value, "unit": unit, **more}


ADULT = {"sex": "female", "age_years": "56"}
NOON = "2026-11-19T12:00:00Z"

CASES: dict[str, list[Case]] = {
    "B01": [
        Case([row("WBC", "3.6", "")], excluded=("UNIT_MISSING",), states={"leukopenia": "cannot-tell"}),
        Case([row("WBC", "3.6", "")], issues=("UNIT_INFERRED",), used={"WBC": "3.6"}, options={"infer_units": True}),
    ],
    "B02": [
        Case([row("WBC", "3600", "")], issues=("UNIT_INFERRED",), used={"WBC": "3.6"}, options={"infer_units": True})
    ],
    "B03": [
        Case([row("WBC", "100", "")], excluded=("UNIT_AMBIGUOUS",), options={"infer_units": True}),
        Case([row("WBC", "100", "")], excluded=("UNIT_AMBIGUOUS",)),
    ],
    "B04": [Case([row("WBC", "3600")], excluded=("IMPLAUSIBLE",))],
    "B05": [Case([row("WBC", "3.6", "/uL")], excluded=("IMPLAUSIBLE",))],
    "B06": [Case([row("WBC", "3600", "/uL", low="4.0", high="11.0")], excluded=("UNIT_RANGE_MISMATCH",))],
    "B07": [Case([row("WBC", "3.6", "cells/mL")], excluded=("IMPLAUSIBLE",))],
    "B08": [
        Case([row("WBC", "3.6", unit)], used={"WBC": "3.6"}, absent=("UNIT_UNUSUAL",))
        for unit in ("K/uL", "x10E3/uL", "THOU/MCL", "10^3/µL", "10^3/μL", "G/L", "/nl")
    ],
    "B09": [
        Case([row("WBC", "3,6", "mil/mm3")], used={"WBC": "3.6"}, options={"locale": "pt"}),
        Case([row("WBC", "3.6", "mil/mm3")], excluded=("UNIT_AMBIGUOUS",), options={"locale": "en"}),
        Case([row("WBC", "3.6", "mil/mm3")], excluded=("UNIT_AMBIGUOUS",)),
    ],
    "B10": [
        Case([row("WBC", "3.600", "/mm3")], used={"WBC": "3.6"}, options={"locale": "pt"}, absent=("NUMBER_INFERRED",))
    ],
    "B11": [Case([row("WBC", "3.600", "/mm3")], used={"WBC": "3.6"}, issues=("NUMBER_INFERRED",))],
    "B12": [Case([row("WBC", "1.200", "10*3/uL")], used={"WBC": "1.2"}, issues=("NUMBER_INFERRED",))],
    "B13": [Case([row("WBC", "3,6")], used={"WBC": "3.6"})],
    "B14": [
        Case(
            [row("NEUT", "<0.1")],
            issues=("CENSORED",),
            grades={(V5, NEUT): ("4", "certain"), (V6, NEUT): ("4", "certain")},
            findings={"neutropenia": "neutropenia.profound"},
        )
    ],
    "B15": [
        Case(
            [row("NEUT", "<1.0")],
            issues=("CENSORED",),
            grades={(V5, NEUT): (None, "censored")},
            possible={(V5, NEUT): ("3", "4")},
        )
    ],
    "B16": [
        Case([row("WBC", ">100")], issues=("CENSORED",), findings={"leukocytosis": "leukocytosis.hyper"}),
        Case([row("NEUT", ">=1.5")], issues=("CENSORED",)),
        Case([row("NEUT", "≤0,2")], issues=("CENSORED",), grades={(V5, NEUT): ("4", "certain")}),
    ],
    "B17": [
        *(Case([row("WBC", text)], excluded=("RESULT_NOT_NUMERIC",)) for text in ("see note", "QNS", "pending", "---")),
        Case(
            [row("NEUT", "clotted"), row("WBC", "2.0")], excluded=("RESULT_NOT_NUMERIC",), issues=("ARTEFACT_POSSIBLE",)
        ),
        Case([row("NEUT", "hemolyzed")], excluded=("RESULT_NOT_NUMERIC",)),
    ],
    "B18": [
        Case([row("WBC", "3.6 L")], used={"WBC": "3.6"}),
        Case([row("WBC", "2.1*")], used={"WBC": "2.1"}),
        Case([row("WBC", "1.9 (L)")], used={"WBC": "1.9"}),
    ],
    "B19": [
        Case([row("WBC", "0")], issues=("IMPLAUSIBLE_ZERO",), used={"WBC": "0"}),
        Case([row("NEUT", "0.0")], absent=("IMPLAUSIBLE_ZERO",), findings={"neutropenia": "neutropenia.profound"}),
    ],
    "B20": [
        *(Case([row("WBC", text)], excluded=("*",)) for text in ("-3.6", "NaN", "Infinity", "1e400")),
        Case([row("WBC", "1 000", "/uL")], used={"WBC": "1.0"}),
        Case([row("WBC", "３.６")], used={"WBC": "3.6"}),
    ],
    "B21": [
        Case(
            [
                row("WBC", "3.6", collected=NOON, result_id="a", **ADULT),
                row("WBC", "12", collected=NOON, result_id="b", **ADULT),
            ],
            issues=("CONFLICTING_RESULTS",),
            states={"leukopenia": "cannot-tell"},
        ),
        Case(
            [
                row("WBC", "2.1", collected=NOON, result_id="a", **ADULT),
                row("WBC", "2.2", collected=NOON, result_id="b", **ADULT),
            ],
            issues=("CONFLICTING_RESULTS",),
            states={"leukopenia": "low-by-all"},
        ),
    ],
    "B22": [
        Case([row("WBC", "0.4", status="entered-in-error")], excluded=("RETRACTED",)),
        Case(
            [
                row("WBC", "0.4", sample_id="s", collected=NOON),
                row("WBC", "0.4", sample_id="s", status="D", collected=NOON),
            ],
            excluded=("RETRACTED", "RETRACTED"),
        ),
    ],
    "B23": [
        Case(
            [
                row("WBC", "3.6", sample_id="s", collected=NOON),
                row("WBC", "6.3", sample_id="s", status="corrected", collected=NOON),
            ],
            excluded=("SUPERSEDED",),
            used={"WBC": "6.3"},
        )
    ],
    "B24": [
        Case(
            [
                row("WBC", "6.3", sample_id="s", status="C", collected=NOON),
                row("WBC", "3.6", sample_id="s", status="F", collected=NOON),
            ],
            excluded=("SUPERSEDED",),
            used={"WBC": "6.3"},
        )
    ],
    "B25": [Case([row("WBC", "3.6", status="preliminary")], issues=("PRELIMINARY",), used={"WBC": "3.6"})],
    "B26": [Case([row("WBC", "3.6", status="")], issues=("STATUS_ASSUMED_FINAL",), used={"WBC": "3.6"})],
    "B27": [
        Case([row("WBC", "3.6", status="X")], excluded=("RESULT_NOT_OBTAINED",)),
        Case([row("WBC", "3.6", status="cancelled")], excluded=("RESULT_NOT_OBTAINED",)),
    ],
    "B28": [
        Case(
            [row("WBC", "3.6", collected=NOON, sample_id="s"), row("WBC", "3.6", collected=NOON, sample_id="s")],
            excluded=("DUPLICATE",),
            used={"WBC": "3.6"},
        )
    ],
    "B30": [
        Case(
            [row("WBC", "5.0", collected=NOON), row("NEUT", "55", collected=NOON)],
            excluded=("PERCENT_AS_COUNT",),
            used={"WBC": "5.0"},
        )
    ],
    "B31": [
        Case(
            [
                row("WBC", "4.0", collected=NOON),
                row("NEUT", "1.0", collected=NOON),
                row("NEUT", "50", "%", collected=NOON),
            ],
            issues=("DIFF_INCONSISTENT",),
            used={"NEUT": "1.0"},
        )
    ],
    "B32": [
        Case(
            [
                row("WBC", "4.0", collected=NOON),
                row("neutrophils", "0.55", "%", collected=NOON),
                row("lymphocytes", "0.35", "%", collected=NOON),
                row("monocytes", "0.10", "%", collected=NOON),
            ],
            issues=("FRACTION_AS_PERCENT",),
            used={"NEUT": "2.2"},
        )
    ],
    "B33": [
        Case(
            [row("WBC", "4.0", collected=NOON)]
            + [
                row(t, v, "%", collected=NOON)
                for t, v in zip(("neutrophils", "lymphocytes", "monocytes", "eosinophils"), parts, strict=True)
            ],
            issues=("DIFF_SUM",),
        )
        for parts in (("30", "20", "5", "5"), ("80", "50", "5", "5"))
    ],
    "B34": [
        Case(
            [row("WBC", "6.0", collected=NOON)]
            + [
                row(t, "0", "%", collected=NOON)
                for t in ("neutrophils", "lymphocytes", "monocytes", "eosinophils", "basophils")
            ],
            excluded=("DIFF_ALL_ZERO",) * 5,
            states={"neutropenia": "cannot-tell"},
        )
    ],
    "B35": [
        Case(
            [row("WBC", "4.0", collected=NOON), row("segmented neutrophils", "30", "%", collected=NOON)],
            issues=("ANC_PARTIAL",),
        )
    ],
    "B36": [
        Case([row("granulocytes", "3.0", **ADULT)], issues=("GRAN_NOT_ANC",), states={"neutropenia": "cannot-tell"}),
        Case(
            [row("granulocytes", "0.4", **ADULT)],
            issues=("GRAN_NOT_ANC",),
            findings={"neutropenia": "neutropenia.severe"},
        ),
    ],
    "B37": [
        Case(
            [
                row("WBC", "5.0", collected=NOON, method="uncorrected"),
                row("WBC", "3.9", collected=NOON, method="corrected"),
            ],
            excluded=("METHOD_NOT_PREFERRED",),
            used={"WBC": "3.9"},
        )
    ],
    "B38": [
        Case(
            [row("WBC", "3.5")],
            issues=("LLN_MISSING",),
            grades={(V5, WBC): (None, "lln-missing")},
            possible={(V5, WBC): ("0", "1")},
        )
    ],
    "B39": [Case([row("WBC", "2.5")], grades={(V5, WBC): ("2", "certain")})],
    "B40": [
        Case(
            [row("WBC", "3.5", low="0.00", high="0.00")],
            issues=("RANGE_INVALID",),
            grades={(V5, WBC): (None, "lln-missing")},
        ),
        Case([row("WBC", "3.5", low="11", high="4")], issues=("RANGE_INVALID",)),
    ],
    "B41": [
        Case([row("WBC", "3.5", low="4.0", high="11", range_sex="male", **ADULT)], issues=("RANGE_NOT_APPLICABLE",))
    ],
    "B42": [Case([row("WBC", "3.5", low="4.0", high="11", flag="N")], issues=("FLAG_CONTRADICTS",))],
    "B43": [
        Case(
            [row("WBC", "2.8", low="2.5", high="8", **ADULT)],
            issues=("GRADE_WITHIN_RANGE",),
            grades={(V5, WBC): ("2", "certain")},
            states={"leukopenia": "low-by-some"},
        )
    ],
    "B44": [
        Case(
            [
                row("WBC", "3.6", low="4.0", high="11", collected="2026-01-01"),
                row("WBC", "3.7", low="3.5", high="10", collected="2026-02-01"),
            ],
            issues=("RANGE_CHANGED",),
        )
    ],
    "B45": [
        Case(
            [row("WBC", "3.6", collected="2026-11-25T00:00:00Z")],
            excluded=("FUTURE_DATE",),
            options={"as_of": "2026-11-20T12:00:00Z"},
        ),
        Case(
            [row("WBC", "3.6", collected="2026-11-21T00:00:00Z")],
            issues=("FUTURE_DATE",),
            options={"as_of": "2026-11-20T12:00:00Z"},
        ),
    ],
    "B46": [
        Case([row("WBC", "3.6", collected=day)], issues=("DATE_SENTINEL",))
        for day in ("1900-01-01", "1970-01-01 00:00")
    ],
    "B47": [
        Case([row("WBC", "3.6", collected="2020-01-01", birth_date="2021-01-01")], excluded=("*",), channels=("csv",)),
        Case([row("WBC", "3.6", collected="2020-01-03", death_date="2020-01-01")], excluded=("DATE_IMPOSSIBLE",)),
        Case([row("WBC", "3.6", collected="2020-01-01T10:00:00", death_date="2020-01-01")], used={"WBC": "3.6"}),
    ],
    "B48": [
        Case([row("WBC", "3.6", collected=text)], issues=("DATE_PARTIAL",), used={"WBC": "3.6"})
        for text in ("2026-11-19", "2026-11")
    ],
    "B50": [
        Case(
            [row("WBC", "3.6", subject_id="p1"), row("WBC", "4.6", subject_id="p2")],
            error="SUBJECT_CONFLICT",
            channels=("request",),
        )
    ],
    "B52": [
        Case(
            [row("EOS", "0.1", age_years="3", low="0.02", high="0.5")],
            issues=("AGE_NOT_COVERED",),
            states={"eosinopenia": "not-low"},
        )
    ],
    "B53": [
        Case(
            [row("NEUT", "1.3", age_days="2")],
            grades={("DAIDS@2.1", "Absolute Neutrophil Count (ANC), Low"): ("1", "certain")},
            states={"neutropenia": "cannot-tell"},
            issues=("NEWBORN_CHART_NEEDED",),
        )
    ],
    "B54": [Case([row("NEUT", "1.2")], issues=("AGE_UNKNOWN",), states={"neutropenia": "low-by-all"})],
    "B55": [
        Case([row("WBC", "3.6", age_years="130")], error="DEMOGRAPHICS_IMPOSSIBLE", channels=("request",)),
        Case([row("WBC", "3.6", age_years="130")], excluded=("DEMOGRAPHICS_IMPOSSIBLE",), channels=("csv",)),
    ],
    "B56": [Case([row("WBC", "3.6", age_years="30", sex="other")], issues=("SEX_UNKNOWN",), used={"WBC": "3.6"})],
    "B57": [
        Case([row("WBC", "5.0", age_years="30", sex="female", pregnant="yes")], states={"leukopenia": "low-by-all"}),
        Case([row("EOS", "0.1", age_years="30", sex="female", pregnant="yes")], issues=("NOT_COVERED",)),
    ],
    "B58": [
        Case([row("WBC", "3.6", specimen=specimen)], excluded=("SPECIMEN_NOT_BLOOD",))
        for specimen in ("CSF", "urine", "pleural fluid")
    ],
    "B59": [Case([row("770-8", "2.1", "10*3/uL")], issues=("CODE_UNIT_CONFLICT",), used={"NEUT": "2.1"})],
    "B60": [Case([row("9999-9", "2.1"), row("WBC", "3.6")], excluded=("UNMAPPED",), used={"WBC": "3.6"})],
    "B62": [Case([row("LYMPH", "0.4")], grades={(V6, LYMPH): (None, "term-not-in-version")}, options={"scales": [V6]})],
    "B63": [Case([row("WBC", "3.6")], options={"scales": ["CTCAE"]}, error="SCALE_VERSION_REQUIRED")],
}


# --- the two channels ---------------------------------------------------------------------------

PERSON = ("sex", "birth_date", "death_date", "age_years", "age_days", "pregnant")
OBSERVATION = (
    "value",
    "unit",
    "low",
    "high",
    "status",
    "collected",
    "issued",
    "specimen",
    "method",
    "sample_id",
    "range_sex",
)


def as_request(case: Case) -> dict[str, Any]:
    subject: dict[str, Any] = {"id": case.rows[0].get("subject_id", "p1")}
    observations = []
    for position, cells in enumerate(case.rows, start=1):
        subject |= {name: cells[name] for name in PERSON if cells.get(name)}
        code = (
            {"system": "http://loinc.org", "code": cells["test"]}
            if cells["test"][:1].isdigit()
            else {"text": cells["test"]}
        )
        made: dict[str, Any] = {"id": cells.get("result_id", f"o{position}"), "code": code}
        made |= {name: cells[name] for name in OBSERVATION if cells.get(name)}
        if cells.get("flag"):
            made["flags"] = [cells["flag"]]
        if "subject_id" in cells:
            made["subject"] = cells["subject_id"]
        observations.append(made)
    return {"subject": subject, "observations": observations, **case.options}


def by_request(case: Case, folder: Path) -> Seen:
    return seen(lk.assess(as_request(case)))


def by_csv(case: Case, folder: Path) -> Seen:
    path = folder / "rows.csv"
    names = list(dict.fromkeys(name for cells in case.rows for name in ("subject_id", *cells)))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows({"subject_id": "p1", **cells} for cells in case.rows)
    (only,) = lk.assess_files([path], **case.options)
    return seen(only)


def seen(answer: lk.Assessment) -> Seen:
    lineages = answer.verdict.analytes
    return Seen(
        excluded=sorted(e.code for e in answer.excluded),
        issues={issue.code for issue in answer.issues} | {code for value in answer.values for code in value.issues},
        values={value.analyte: value.value for value in answer.values if value.unit != "%"},
        grades={
            (f"{g.scale}@{g.version}", g.term): (g.grade, g.grade_status, tuple(g.grade_possible))
            for g in answer.grades
        },
        states={one.question: one.state for one in lineages} | {q.question: q.state for q in answer.verdict.questions},
        findings={one.question: one.finding for one in lineages}
        | {q.question: q.finding for q in answer.verdict.questions},
        text=answer.to_json().decode(),
    )


CHANNELS: dict[str, Callable[[Case, Path], Seen]] = {"request": by_request, "csv": by_csv}


def check(case: Case, channel: str, folder: Path) -> None:
    if case.error:
        with pytest.raises(lk.LeukonError) as raised:
            CHANNELS[channel](case, folder)
        assert raised.value.code == case.error
        return
    got = CHANNELS[channel](case, folder)
    if case.excluded == ("*",):
        assert len(got.excluded) == len(case.rows), got.excluded
    else:
        assert got.excluded == sorted(case.excluded)
    assert set(case.issues) <= got.issues
    assert not set(case.absent) & got.issues
    assert {a: got.values.get(a) for a in case.used} == case.used
    assert {key: got.grades[key][:2] for key in case.grades} == case.grades
    assert {key: got.grades[key][2] for key in case.possible} == case.possible
    assert {q: got.states.get(q) for q in case.states} == case.states
    assert {q: got.findings.get(q) for q in case.findings} == case.findings


def _named(cases: list[Case]) -> Callable[..., None]:
    pairs = [(case, channel) for case in cases for channel in case.channels]
    ids = [f"{channel}-{cases.index(case) + 1}" for case, channel in pairs]

    @pytest.mark.parametrize(("case", "channel"), pairs, ids=ids)
    def test(case: Case, channel: str, tmp_path: Path) -> None:
        check(case, channel, tmp_path)

    return test


for number, cases_of_number in CASES.items():
    globals()[f"test_bad_{number}"] = _named(cases_of_number)


# --- those that need a text of their own ----------------------------------------------------------


def test_bad_B13_unquoted_decimal_comma_shifts_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "shift.csv"
    path.write_text("subject_id,test,value,unit\np1,WBC,3.6,10*9/L\np1,NEUT,1,8,10*9/L\n", encoding="utf-8")
    summary = json.loads(lk.assess_files([path], out=tmp_path / "out").read_text())
    rejects = (tmp_path / "out" / "rejects.parquet").read_bytes()
    assert b"ROW_SHAPE" in rejects
    assert summary["rejected"] == 1 and summary["results_in"] == 2


def test_bad_B49_an_old_result_says_its_age() -> None:
    answer = lk.assess(
        {
            "subject": {"id": "p1"},
            "as_of": "2026-11-20T00:00:00Z",
            "observations": [
                {"id": "o", "code": {"text": "NEUT"}, "value": "0.3", "unit": GIGA, "collected": "2026-01-02"}
            ],
        }
    )
    assert "STALE" in {issue.code for issue in answer.issues}
    assert "0.3" in answer.verdict.headline


def test_bad_B51_same_person_two_ids_is_never_merged(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("subject_id,test,value,unit\np1,WBC,3.6,10*9/L\nP1 ,WBC,3.6,10*9/L\n", encoding="utf-8")
    assert len(lk.assess_files([path])) == 2


def test_bad_B61_lymphocytes_under_the_cd4_term(tmp_path: Path) -> None:
    answer = lk.assess(
        {
            "observations": [
                {"id": "o", "code": {"system": "http://loinc.org", "code": "24467-3"}, "value": "0.4", "unit": GIGA}
            ]
        }
    )
    assert not any(g.analyte == "LYMPH" for g in answer.grades)
