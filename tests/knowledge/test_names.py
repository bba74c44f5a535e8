"""Names and codes on reports to analytes, on the shipped knowledge."""

from __future__ import annotations

import pytest

from leukon.knowledge import Knowledge
from leukon.knowledge.names import clashes, find_analyte

FOUND = [
    ("WBC", "WBC", "count", "unknown"),
    ("wbc", "WBC", "count", "unknown"),
    ("Leucócitos", "WBC", "count", "unknown"),
    ("LEUCOCITOS", "WBC", "count", "unknown"),
    ("White blood cells", "WBC", "count", "unknown"),
    ("total leukocytes count", "WBC", "count", "unknown"),
    ("WBC corrected", "WBC", "count", "corrected"),
    ("6690-2", "WBC", "count", "automated"),
    ("751-8", "NEUT", "count", "automated"),
    ("770-8", "NEUT", "percent", "automated"),
    ("ANC", "NEUT", "count", "unknown"),
    ("Absolute neutrophil count", "NEUT", "count", "unknown"),
    ("neutrophil_count", "NEUT", "count", "unknown"),
    ("NEUT", "NEUT", "count", "unknown"),
    ("NEUTLE", "NEUT", "percent", "unknown"),
    ("NEUT%", "NEUT", "percent", "unknown"),
    ("% neutrophils", "NEUT", "percent", "unknown"),
    ("Neutrófilos (%)", "NEUT", "percent", "unknown"),
    ("Neutrófilos percentual", "NEUT", "percent", "unknown"),
    ("percentage of neutrophils", "NEUT", "percent", "unknown"),
    ("Neutrophils/100 leukocytes in Blood", "NEUT", "percent", "unknown"),
    ("Neutrophils manual count", "NEUT", "count", "manual"),
    ("LYMPH_PCT", "LYMPH", "percent", "unknown"),
    ("lymphocytes_abs", "LYMPH", "count", "unknown"),
    ("Lymphocytes #", "LYMPH", "count", "unknown"),
    ("Segmentados", "SEG", "count", "unknown"),
    ("Bastonetes %", "BAND", "percent", "unknown"),
    ("NRBC/100 WBC", "NRBC", "ratio", "unknown"),
    ("Hemoglobina", "HGB", "mass", "unknown"),
    ("MCV", "MCV", "volume", "unknown"),
    ("plaquetas", "PLT", "count", "unknown"),
]


@pytest.mark.parametrize(("text", "analyte", "quantity", "method"), FOUND, ids=[row[0] for row in FOUND])
def test_found(knowledge: Knowledge, text: str, analyte: str, quantity: str, method: str) -> None:
    assert find_analyte(knowledge, text) == (analyte, quantity, method)


@pytest.mark.parametrize(
    "text", ["", " ", "%", "glucose", "sódio", "count", "percent", "99999-9", "manual", "WBC glucose"]
)
def test_not_found(knowledge: Knowledge, text: str) -> None:
    assert find_analyte(knowledge, text) is None


def test_handwriting_does_not_matter(knowledge: Knowledge) -> None:
    spelled = ["Neutrófilos", "neutrofilos", "NEUTRÓFILOS", " neutrófilos ", "Neutrófilos:", "neutro filos"]
    assert {find_analyte(knowledge, text) for text in spelled} == {("NEUT", "count", "unknown")}


def test_every_name_and_code_finds_its_analyte(knowledge: Knowledge) -> None:
    for analyte in knowledge.analytes.values():
        names = [analyte.id, *analyte.name.values(), *(n for held in analyte.synonyms.values() for n in held)]
        for name in names:
            found = find_analyte(knowledge, name)
            assert found and found.analyte == analyte.id, name
        for name in (n for held in analyte.percent_synonyms.values() for n in held):
            found = find_analyte(knowledge, name)
            assert found and (found.analyte, found.quantity) in {(analyte.id, "percent"), (analyte.id, "ratio")}, name
        for code in (*analyte.loinc, *analyte.cdisc):
            found = find_analyte(knowledge, code.code)
            assert found == (analyte.id, code.quantity, code.method), code.code


def test_no_name_means_two_analytes(knowledge: Knowledge) -> None:
    assert list(clashes(knowledge)) == []
