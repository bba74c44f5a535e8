"""The shipped scales against the fact base, row for row (where the fact base is at hand)."""

from __future__ import annotations

import csv
import os
from decimal import Decimal
from pathlib import Path

import pytest

from leukon.knowledge import Band, Edition, Knowledge, Term

ROOT = Path(__file__).resolve().parents[2]
SCALES = {
    "NCI_CTCAE": "CTCAE",
    "DAIDS": "DAIDS",
    "WHO": "WHO",
    "FDA_VACCINE": "FDA-VACCINE",
    "DMID_PEDIATRIC": "DMID-PED",
    "IWCLL": "IWCLL",
    "CLINICAL_SEVERITY": "CLINICAL-SEVERITY",
}
VERSIONS = {"1.0 (2004, clarified 2009)": "1.0", "1979/1981": "1979"}
ANALYTES = {"ANC": "NEUT", "ALC": "LYMPH", "AGC": "GRAN", "AEC": "EOS", "WBC": "WBC"}
GRADES = {"mild": 1, "moderate": 2, "severe": 3, "profound": 4}
AGE_OF = {
    ">5 y and not HIV infected": ">5 y",
    "healthy adults and adolescents": "healthy adults and adolescents",
    "CLL trial patients": "CLL trial patients",
    ">1 y (Duffy non-null)": ">1 y (Duffy non-null) for mild and moderate",
    "any": "",
}
UNTIL_PROFOUND = 10**8
"""The fact base prints severe as below 0.5 and profound as below 0.1; here severe ends where profound begins."""


def facts() -> list[dict[str, str]]:
    folder = Path(os.environ.get("LEUKON_CLINICAL") or ROOT.parent / "shared" / "clinical")
    if not (folder / "grades.csv").is_file():
        return []
    with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


FACTS = facts()


def label(row: dict[str, str]) -> str:
    return f"{row['scheme']} {row['version'][:4]} {row['term']} {row['age_band']} g{row['grade']}"


def edition_of(knowledge: Knowledge, row: dict[str, str]) -> Edition:
    return knowledge.editions[f"{SCALES[row['scheme']]}@{VERSIONS.get(row['version'], row['version'])}"]


def grade_of(row: dict[str, str]) -> int:
    return GRADES.get(row["grade"]) or int(row["grade"])


def terms_of(knowledge: Knowledge, row: dict[str, str]) -> list[Term]:
    edition = edition_of(knowledge, row)
    same = [
        t for t in edition.terms if t.name == row["term"] and t.analyte == ANALYTES[row["analyte"]] and not t.missing
    ]
    if edition.always:
        return same if row["age_band"] == "any" else same[:1]
    return [t for t in same if t.age_printed == AGE_OF.get(row["age_band"], row["age_band"])]


def band_of(term: Term, row: dict[str, str]) -> Band:
    (band,) = [band for band in term.bands if band.grade == grade_of(row)]
    return band


def ends(row: dict[str, str]) -> tuple[int | None, int | None]:
    """The closed whole ends that a row of the fact base states."""
    low = int(Decimal(row["lower_bound"]) * 10**9) if row["lower_bound"] else None
    high = int(Decimal(row["upper_bound"]) * 10**9) if row["upper_bound"] else None
    if low is not None and row["lower_inclusive"] != "true":
        low += 1
    if high is not None and row["upper_inclusive"] != "true":
        high -= 1
    return low, high


@pytest.mark.skipif(not FACTS, reason="the fact base (clinical/grades.csv) is not at hand")
class TestRowForRow:
    @pytest.mark.parametrize("row", FACTS, ids=label)
    def test_a_row(self, knowledge: Knowledge, row: dict[str, str]) -> None:
        assert row["seen"] == "seen"
        terms = terms_of(knowledge, row)
        assert terms, f"no term for {label(row)}"
        for term in terms:
            band = band_of(term, row)
            low, high = ends(row)
            if edition_of(knowledge, row).always and band.grade == 3:
                low = UNTIL_PROFOUND
            assert (band.low, band.high) == (low, high)
            assert term.direction == row["direction"]
            assert band.upto_lln == (row["relative_to"] == "upper=LLN")
            assert band.above_uln == row["relative_to"].startswith("lower=ULN")
            assert bool(band.needs) == (row["relative_to"] not in ("absolute", "upper=LLN"))
            assert set(row["source_key"].split(";")) <= {*term.sources}

    def test_nothing_is_added(self, knowledge: Knowledge) -> None:
        told = {
            (edition_of(knowledge, row).id, term.id, grade_of(row))
            for row in FACTS
            for term in terms_of(knowledge, row)
        }
        held = {(e.id, t.id, b.grade) for e in knowledge.editions.values() for t in e.terms for b in t.bands}
        assert held == told


def test_the_same_count_in_two_editions(knowledge: Knowledge) -> None:
    """ANC 0.8 is grade 3 in CTCAE 5.0 and grade 2 in 6.0."""

    def grade(edition: str, count: int) -> list[int]:
        (term,) = [term for term in knowledge.editions[edition].terms if term.id == "ctcae.neut"]
        return [b.grade for b in term.bands if (b.low or 0) <= count and (b.high is None or count <= b.high)]

    assert grade("CTCAE@5.0", 800_000_000) == [3]
    assert grade("CTCAE@6.0", 800_000_000) == [2]


def test_all_editions_are_there(knowledge: Knowledge) -> None:
    assert {*knowledge.editions} == {
        "CTCAE@4.03",
        "CTCAE@5.0",
        "CTCAE@6.0",
        "DAIDS@1.0",
        "DAIDS@2.1",
        "WHO@1979",
        "FDA-VACCINE@2007",
        "DMID-PED@2007",
        "IWCLL@2008",
        "CLINICAL-SEVERITY@consensus",
    }
    assert [edition.id for edition in knowledge.editions.values() if edition.always] == ["CLINICAL-SEVERITY@consensus"]


def test_severe_and_profound_need_no_age(knowledge: Knowledge) -> None:
    """SF-1: the last term of the severity words takes everybody, and holds severe and profound."""
    last = knowledge.editions["CLINICAL-SEVERITY@consensus"].terms[-1]
    assert (last.age_low_h, last.age_high_h) == (None, None)
    assert [band.grade for band in last.bands] == [3, 4]


def test_removed_term_is_said(knowledge: Knowledge) -> None:
    (term,) = [term for term in knowledge.editions["CTCAE@6.0"].terms if term.id == "ctcae.lymph"]
    assert term.missing["en"] and term.missing["pt"]
    assert term.bands == ()
