"""The shipped causes against the fact base, row for row (where the fact base is at hand), and what holds of each."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from leukon.counts import fold_name
from leukon.knowledge import Knowledge
from leukon.knowledge.cause_names import find_causes
from leukon.knowledge.reasons import Cause

ROOT = Path(__file__).resolve().parents[2]
LINEAGES = {
    "neutrophil": ({"NEUT"}, set()),
    "lymphocyte": ({"LYMPH"}, set()),
    "all": ({"WBC"}, set()),
    "pancytopenia": ({"ANY"}, set()),
    "neutrophil;lymphocyte": ({"NEUT", "LYMPH"}, set()),
    "neutrophil and lymphocyte": ({"NEUT", "LYMPH"}, set()),
    "lymphocyte (neutrophil raised)": ({"LYMPH"}, {"NEUT", "WBC"}),
    "neutrophil (raised)": (set(), {"NEUT", "WBC"}),
    "lymphocyte (raised)": (set(), {"LYMPH", "WBC"}),
}
CYTOTOXICS = "Expected effect, regimen-dependent"
CORRECTED = {"cladribine", "alemtuzumab", "everolimus", "radium_223"}
"""Corrections of the safety page: neutrophils and lymphocytes."""


def facts(name: str) -> list[dict[str, str]]:
    folder = Path(os.environ.get("LEUKON_CLINICAL") or ROOT.parent / "shared" / "clinical")
    if not (folder / name).is_file():
        return []
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


RAISES_TOO = {"ibrutinib": {"LYMPH", "WBC"}}
"""Read since: the lymphocytes that it moves into the blood can hide low neutrophils."""
LIMITS = {"sex"}
"""Not a cause of a change in one person: it says which limits fit."""

DRUGS, CONDITIONS = facts("drugs.csv"), facts("conditions.csv")


def codes(row: dict[str, str], *columns: str) -> list[str]:
    return [code.strip() for column in columns for code in row[column].replace("|", ";").split(";") if code.strip()]


def names(cause: Cause) -> set[str]:
    spelled = [*cause.name.values(), *(name for names in cause.synonyms.values() for name in names)]
    return {fold_name(name) for name in spelled}


def of_type(knowledge: Knowledge, kind: str) -> list[Cause]:
    return [cause for cause in knowledge.causes.values() if cause.type == kind]


@pytest.mark.skipif(not DRUGS, reason="no fact base here")
@pytest.mark.parametrize("row", DRUGS, ids=lambda row: row["drug_id"])
def test_a_drug_stands_as_in_the_fact_base(knowledge: Knowledge, row: dict[str, str]) -> None:
    cause = knowledge.causes[row["drug_id"]]
    assert cause.type == "drug"
    assert cause.role == ("active" if row["link_status"] == "seen" else "inactive")
    assert (cause.evidence, cause.evidence_level) == (row["link_status"], row["evidence_level"])
    assert list(cause.rxnorm) == codes(row, "rxnorm_rxcui")
    assert list(cause.atc) == codes(row, "atc", "atc_previous")
    assert (cause.mechanism, cause.mechanism_evidence) == (row["mechanism_class"], row["mechanism_status"])
    lowers, raises = LINEAGES[row["lineage"]]
    assert set(cause.lowers) == lowers
    assert set(cause.raises) == raises | RAISES_TOO.get(cause.id, set())
    assert cause.review.status == "submitted"


@pytest.mark.skipif(not DRUGS, reason="no fact base here")
def test_a_figure_that_was_not_read_is_not_shown(knowledge: Knowledge) -> None:
    columns = {"frequency": "incidence_status", "onset": "latency_status", "recovery": "recovery_status"}
    for row in DRUGS:
        for fact in knowledge.causes[row["drug_id"]].facts:
            if fact.about in columns:
                assert row[columns[fact.about]] == "seen", (row["drug_id"], fact.about)
            if fact.evidence == "recalled":
                assert fact.about in ("next", "clues"), (row["drug_id"], fact.about)


@pytest.mark.skipif(not DRUGS, reason="no fact base here")
def test_no_expected_cytotoxic_has_a_window(knowledge: Knowledge) -> None:
    cytotoxics = [row["drug_id"] for row in DRUGS if row["incidence"] == CYTOTOXICS]
    assert len(cytotoxics) > 25
    assert [key for key in cytotoxics if knowledge.causes[key].window] == []


@pytest.mark.skipif(not DRUGS, reason="no fact base here")
def test_a_window_rests_on_times_that_were_read(knowledge: Knowledge) -> None:
    for row in DRUGS:
        if knowledge.causes[row["drug_id"]].window:
            assert "seen" in (row["latency_status"], row["recovery_status"]), row["drug_id"]


@pytest.mark.skipif(not CONDITIONS, reason="no fact base here")
@pytest.mark.parametrize("row", CONDITIONS, ids=lambda row: row["condition_id"])
def test_a_condition_stands_as_in_the_fact_base(knowledge: Knowledge, row: dict[str, str]) -> None:
    cause = knowledge.causes[row["condition_id"]]
    assert cause.type == "condition"
    assert cause.role != "active" or cause.evidence == "seen"  # a link that was read, in the fact base or since
    offered = row["evidence_level"] not in ("finding", "not_a_cause", "seed_only") and row["condition_id"] not in LIMITS
    if row["link_status"] == "seen" and offered:
        assert cause.role == "active"
    assert set(cause.icd10cm) <= set(codes(row, "icd10cm_match_prefixes"))
    others = [code for other in knowledge.causes.values() if other.id != cause.id for code in other.icd10cm]
    for code in set(codes(row, "icd10cm_match_prefixes")) - set(cause.icd10cm):  # only if it means another cause
        assert any(other.startswith(code) for other in others), code
    assert set(cause.snomed) == set(codes(row, "snomed"))


def test_corrections_of_the_safety_page(knowledge: Knowledge) -> None:
    for key in CORRECTED:
        assert set(knowledge.causes[key].lowers) == {"NEUT", "LYMPH"}, key
    assert knowledge.causes["belimumab"].lowers == ("WBC",)
    for key in ("filgrastim", "pegfilgrastim"):
        cause = knowledge.causes[key]
        assert (cause.role, cause.lowers, cause.mechanism) == ("active", (), "increased_production_release")
    text = {fact.about: fact.text for fact in knowledge.causes["metamizole"].facts}["frequency"]
    assert "per million inhabitants" in text["en"]
    assert "1 in 1,439 prescriptions" in text["en"]
    assert "1 em 1.439" in text["pt"]


def test_only_metamizole_has_a_window_that_closes(knowledge: Knowledge) -> None:
    closed = [cause.id for cause in knowledge.causes.values() if cause.window and cause.window.closes]
    assert closed == ["metamizole"]


def test_every_window_has_a_source_that_was_read(knowledge: Knowledge) -> None:
    for cause in knowledge.causes.values():
        if cause.window:
            assert cause.window.place, cause.id
            assert {knowledge.sources[key].evidence for key in cause.window.sources} == {"seen"}, cause.id


REGIMENS = {
    "R-CHOP": {"rituximab", "cyclophosphamide", "doxorubicin", "vincristine", "prednisone"},
    "RCHOP": {"rituximab", "cyclophosphamide", "doxorubicin", "vincristine", "prednisone"},
    "CHOP": {"cyclophosphamide", "doxorubicin", "vincristine", "prednisone"},
    "ABVD": {"doxorubicin", "bleomycin", "vinblastine", "dacarbazine"},
    "FOLFOX": {"fluorouracil", "oxaliplatin"},
    "mFOLFOX6": {"fluorouracil", "oxaliplatin"},
    "FOLFOX6": {"fluorouracil", "oxaliplatin"},
    "FOLFOX4": {"fluorouracil", "oxaliplatin"},
    "FOLFIRI": {"fluorouracil", "irinotecan"},
    "AC-T": {"doxorubicin", "cyclophosphamide", "paclitaxel"},
}
"""The name of a regimen means each of its drugs (those that are causes)."""


@pytest.mark.parametrize("name", REGIMENS)
def test_a_regimen_means_its_drugs(knowledge: Knowledge, name: str) -> None:
    assert set(find_causes(knowledge, name, kind="drug")) == REGIMENS[name]
    bearers = {cause.id for cause in knowledge.causes.values() if fold_name(name) in names(cause)}
    assert bearers == REGIMENS[name]


def test_a_lymphoma_may_lower_every_line(knowledge: Knowledge) -> None:
    assert knowledge.causes["nhl"].lowers == ("ANY",)


def test_every_name_belongs_to_one_cause(knowledge: Knowledge) -> None:
    owners: dict[str, str] = {}
    regimens = {fold_name(name) for name in REGIMENS}
    twice = [
        (name, cause.id, owners[name])
        for cause in knowledge.causes.values()
        for name in sorted(names(cause) - regimens)
        if owners.setdefault(name, cause.id) != cause.id
    ]
    assert twice == []


def test_every_code_of_a_drug_belongs_to_one_drug(knowledge: Knowledge) -> None:
    owners: dict[tuple[str, str], str] = {}
    twice = [
        (code, cause.id, owners[code])
        for cause in of_type(knowledge, "drug")
        for code in [*(("rxnorm", code) for code in cause.rxnorm), *(("atc", code) for code in cause.atc)]
        if owners.setdefault(code, cause.id) != cause.id
    ]
    assert twice == []


def test_every_cause_speaks_both_languages_and_names_its_sources(knowledge: Knowledge) -> None:
    for cause in knowledge.causes.values():
        words = [cause.name, cause.group, *(fact.text for fact in cause.facts)]
        words += [cause.why_inactive] if cause.role == "inactive" else []
        assert all(text["en"] and text["pt"] for text in words), cause.id
        for fact in cause.facts:
            read = {knowledge.sources[key].evidence for key in fact.sources}
            assert fact.evidence == "recalled" or "seen" in read, (cause.id, fact.about)
        assert len({fact.about for fact in cause.facts}) == len(cause.facts), cause.id
        assert set(cause.parts) <= set(knowledge.causes), cause.id


def test_an_active_cause_lowers_or_raises_something(knowledge: Knowledge) -> None:
    for cause in of_type(knowledge, "drug"):
        assert cause.lowers or cause.raises, cause.id
        assert cause.role != "active" or "link" in {fact.about for fact in cause.facts}, cause.id
