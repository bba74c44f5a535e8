"""Drugs, conditions and vital signs: what they mean, and that requests and files say the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leukon import tables, typed
from leukon.assess import CBC
from leukon.assess.answering import prepare
from leukon.assess.request import read_request
from leukon.cohort import Cohort
from leukon.errors import InputError, RequestError, UsageError
from leukon.knowledge.cause_names import clashes, find_causes, near_causes
from leukon.knowledge.keys import cause_keys, sign_keys
from leukon.knowledge.model import Knowledge
from leukon.read import Options, door
from leukon.read.beside import load_beside
from leukon.read.beside_files import open_beside
from leukon.read.beside_rows import add_beside
from leukon.read.inputs import open_inputs
from leukon.read.mentions import Mention
from leukon.read.raw import Raw

COUNT = {"code": {"text": "WBC"}, "value": "3.6", "unit": "10*9/L", "collected": "2026-11-19"}
DAY = 86_400


def made(knowledge: Knowledge, **more: Any) -> door.Inputs:
    """The input tables of a request with one count."""
    return prepare(read_request({"observations": [COUNT], **more}), knowledge).inputs


def drug_of(knowledge: Knowledge, inputs: door.Inputs) -> list[str | None]:
    names = {key: cause for cause, key in cause_keys(knowledge).items()}
    return [names.get(row[2]) for row in (*inputs.drugs, *inputs.conditions)]


# --- names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("clozapine 100 mg tablet", "clozapine"),
        ("Clozapina", "clozapine"),
        ("Vancomycin 1 g IV Premix", "vancomycin"),
        ("NEUPOGEN 300mcg/0.5ml syr", "filgrastim"),
        ("Filgrastim-sndz", "filgrastim"),
        ("prednisONE", "prednisone"),
        ("mycophenolate sodium", "mycophenolate"),
        ("micofenolato de mofetila 500 mg", "mycophenolate"),
        ("cloridrato de clorpromazina", "chlorpromazine"),
        ("Divalproex (DELayed Release)", "valproate"),
        ("Dipirona 500 mg comprimido", "metamizole"),
        ("2626", "clozapine"),
        ("N05AH02", "clozapine"),
        ("n05ah02", "clozapine"),
        ("Anador", "metamizole"),
        ("Anador PRT", "paracetamol"),
        ("BUSCOPAN COMPOSTO gotas", "metamizole"),
        ("Magnopyrol", "metamizole"),
        ("Nolotil 575 mg", "metamizole"),
        ("Novaminsulfon", "metamizole"),
        ("Analgin", "metamizole"),
        ("Doralgina", "metamizole"),
        ("PTU 100MG", "propylthiouracil"),
        ("ptu 50 mg", "propylthiouracil"),
        ("Neo-Mercazole", "carbimazole"),
        ("Propil", "propylthiouracil"),
        ("Infectrin F", "cotrimoxazole"),
        ("Assepium", "cotrimoxazole"),
        ("co-trimoxazol", "cotrimoxazole"),
        ("sulfameth/trimethoprim 800/160", "cotrimoxazole"),
        ("MTX 15 MG", "methotrexate"),
        ("Metrexato", "methotrexate"),
        ("6-MP 50 mg", "mercaptopurine"),
        ("6MP", "mercaptopurine"),
        ("Puri-Nethol", "mercaptopurine"),
        ("Azulfin", "sulfasalazine"),
        ("Salazopyrin EN", "sulfasalazine"),
        ("Sandimmun", "ciclosporin"),
        ("Mofetil", "mycophenolate"),
        ("AZT", "zidovudine"),
        ("Combivir", "zidovudine"),
        ("Biovir", "zidovudine"),
        ("Tazocin 4.5 g", "piperacillin_tazobactam"),
        ("Benzetacil", "beta_lactams"),
        ("Cymevene", "ganciclovir"),
        ("Taxol", "paclitaxel"),
        ("Endoxan", "cyclophosphamide"),
        ("Genuxal", "cyclophosphamide"),
        ("Glivec", "imatinib"),
        ("Mavenclad", "cladribine"),
        ("Betaferon", "interferon_beta_1b"),
        ("Pinazan", "clozapine"),
        ("Depakine", "valproate"),
        ("Hidantal", "phenytoin"),
        ("Amplictil", "chlorpromazine"),
        ("Granulokine", "filgrastim"),
        ("Meticorten", "prednisone"),
        ("Predsim", "prednisone"),
        ("Vancocin", "vancomycin"),
        ("R-CHOP cycle 2", "rituximab"),
        ("chemotherapy", "chemotherapy"),
        ("quimioterapia, ciclo 3", "chemotherapy"),
        ("prednisone for allergy", "prednisone"),
        ("prednisona para alergia", "prednisone"),
        ("do not stop clozapine", "clozapine"),
        ("não suspender clozapina", "clozapine"),
        ("clozapine stopped in 2020", "clozapine"),
        ("no momento clozapina", "clozapine"),
        ("Dipirona gotas sem açúcar", "metamizole"),
        ("no methotrexate; clozapine 100 mg", "clozapine"),
    ],
)
def test_drug_names(knowledge: Knowledge, text: str, cause: str) -> None:
    assert cause in find_causes(knowledge, text, kind="drug")


@pytest.mark.parametrize(
    "text", ["clozapin", "clozapines", "methotrexat", "pegclozapine", "", "  ", "0.9% Sodium Chloride"]
)
def test_misspelt_and_other_drugs_mean_nothing(knowledge: Knowledge, text: str) -> None:
    assert find_causes(knowledge, text, kind="drug") == ()


@pytest.mark.parametrize(
    "text",
    [
        "no clozapine", "no clozapine or dipyrone", "clozapine - never taken", "clozapina: não tomou",
        "nunca tomou clozapina", "sem clozapina", "nega uso de clozapina", "never took clozapine",
        "allergy to dipyrone", "Allergies: dipyrone",
        "alergia a dipirona", "alergia à dipirona", "história de alergia a dipirona", "dipyrone allergy",
        "sem quimioterapia", "no chemotherapy",
    ],
)  # fmt: skip
def test_denied_drugs_are_no_exposure(knowledge: Knowledge, text: str) -> None:
    assert find_causes(knowledge, text, kind="drug") == ()
    inputs = made(knowledge, medications=[{"text": text}])
    assert drug_of(knowledge, inputs) == [None]
    assert inputs.mentions[0][-2] == "DRUG_UNMATCHED"


def test_a_denied_drug_is_still_named(knowledge: Knowledge) -> None:
    inputs = made(knowledge, medications=[{"text": "allergy to dipyrone"}])
    assert "dipyrone" in inputs.mentions[0][-1]


def test_a_class_of_drugs_means_each_of_them(knowledge: Knowledge) -> None:
    assert {"cisplatin", "carboplatin", "oxaliplatin"} <= set(find_causes(knowledge, "L01XA", "atc", "drug"))
    assert find_causes(knowledge, "L01", "atc", "drug") == ()  # a hundred medicines: nothing is named


def test_misspelt_drugs_are_suggested_only(knowledge: Knowledge) -> None:
    assert "clozapine" in near_causes(knowledge, "clozapin", "drug")
    assert "vancomycin" in near_causes(knowledge, "vancomicyn 1 g", "drug")
    inputs = made(knowledge, medications=[{"text": "clozapin"}])
    assert drug_of(knowledge, inputs) == [None]
    assert inputs.mentions[0][-2] == "DRUG_UNMATCHED" and "clozapine" in inputs.mentions[0][-1]


def test_no_name_means_two_causes(knowledge: Knowledge) -> None:
    assert not list(clashes(knowledge.causes.values()))


def test_a_combination_means_each_part(knowledge: Knowledge) -> None:
    found = find_causes(knowledge, "Azathioprine 50 mg + Allopurinol 100 mg", kind="drug")
    assert {"azathioprine", "allopurinol"} <= set(found)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Acute myeloid leukemia, without mention of having achieved remission", "aml"),
        ("Acute myeloid leukaemia", "aml"),
        ("lupus eritematoso sistêmico", "sle"),
        ("M32.1", "sle"),
        ("M321", "sle"),
        ("55464009", "sle"),
        ("Non-Hodgkin lymphoma, unspecified", "nhl"),
        ("calazar", "visceral_leishmaniasis"),
        ("Hepatitis B without hepatic coma", "hbv"),
    ],
)
def test_condition_names(knowledge: Knowledge, text: str, cause: str) -> None:
    assert cause in find_causes(knowledge, text, kind="condition")


@pytest.mark.parametrize(
    "text",
    [
        "malaria: negative",
        "dengue, descartada",
        "Family history of lupus erythematosus",
        "Screening for malaria",
        "no malaria",
        "negative for malaria",
        "dengue descartada",
        "história familiar de lúpus",
        "sem malária",
        "rule out dengue",
        "Need for vaccination against dengue",
        "stress fracture",
        "difficulty to dress",
        "for all of these",
    ],
)
def test_denied_conditions_mean_nothing(knowledge: Knowledge, text: str) -> None:
    assert find_causes(knowledge, text, kind="condition") == ()


def test_non_hodgkin_is_not_hodgkin(knowledge: Knowledge) -> None:
    assert "hodgkin" not in find_causes(knowledge, "Non-Hodgkin lymphoma, unspecified", kind="condition")


def test_codes_of_other_systems_are_not_looked_up(knowledge: Knowledge) -> None:
    assert find_causes(knowledge, "2626", "http://snomed.info/sct", "drug") == ()
    assert find_causes(knowledge, "2626", "http://www.nlm.nih.gov/research/umls/rxnorm", "drug") == ("clozapine",)
    assert find_causes(knowledge, "2626", "http://example.org/own", "drug") == ()


# --- records of a request ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "status", "ongoing"),
    [
        ("", "taken", 1),
        ("active", "taken", 1),
        ("em uso", "taken", 1),
        ("stopped", "taken", 0),
        ("completed", "taken", 0),
        ("on-hold", "taken", None),
        ("unknown", "taken", None),
        ("a word of nobody", "taken", None),
        ("not-taken", "not-taken", None),
        ("não tomado", "not-taken", None),
        ("cancelled", "not-taken", None),
        ("draft", "draft", None),
        ("intended", "draft", None),
        ("planejado", "draft", None),
        ("entered-in-error", "entered-in-error", None),
        ("refuted", "refuted", None),
    ],
)
def test_status_of_a_drug(knowledge: Knowledge, said: str, status: str, ongoing: int | None) -> None:
    inputs = made(knowledge, medications=[{"text": "clozapine", "status": said}])
    assert inputs.drugs[0][5:] == (status, ongoing)
    assert inputs.mentions[0][-2] == (None if status == "taken" else "EXPOSURE_NOT_TAKEN")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("", "present"),
        ("active", "present"),
        ("resolved", "resolved"),
        ("em remissão", "resolved"),
        ("inactive", "resolved"),
        ("absent", "absent"),
        ("não", "absent"),
        ("refuted", "refuted"),
        ("entered in error", "entered-in-error"),
    ],
)
def test_status_of_a_condition(knowledge: Knowledge, said: str, status: str) -> None:
    inputs = made(knowledge, conditions=[{"text": "lupus", "status": said}])
    assert inputs.conditions[0][-1] == status
    assert inputs.mentions[0][-2] == (None if status in ("present", "resolved") else "CONDITION_NOT_PRESENT")


@pytest.mark.parametrize(
    ("start", "stop", "span", "ongoing"),
    [
        ("2026-10", "2026-10", (1790812800, 1793491199), 0),
        ("2026-10-02", "2026-10-02", (1790899200, 1790899200 + DAY - 1), 0),
        ("2026-10-02 08:00", "", (1790899200 + 8 * 3600, None), 1),
        ("2026-10-02", "2026-09-01", (1790899200, None), 0),
        ("some day", "", (None, None), 1),
    ],
)
def test_days_of_a_drug(
    knowledge: Knowledge, start: str, stop: str, span: tuple[int | None, int | None], ongoing: int
) -> None:
    inputs = made(knowledge, medications=[{"text": "clozapine", "start": start, "stop": stop}])
    assert inputs.drugs[0][3:5] == span
    assert inputs.drugs[0][6] == ongoing


@pytest.mark.parametrize(
    ("kind", "value", "unit", "base"),
    [
        ("temperature", "38.6", "Cel", (38600, 38600)),
        ("temperatura", "38,6", "°C", (38600, 38600)),
        ("8310-5", "38.6", "", (38600, 38600)),
        ("temp", "100.4", "F", (38000, 38000)),
        ("temp", "101.3", "", (38500, 38500)),
        ("temp", ">38.0", "C", (38001, 45000)),
        ("fever", "38.6", "", (38600, 38600)),
    ],
)
def test_measurements(knowledge: Knowledge, kind: str, value: str, unit: str, base: tuple[int, int]) -> None:
    inputs = made(knowledge, vitals=[{"kind": kind, "value": value, "unit": unit}])
    assert inputs.vitals[0][2] == "temperature" and inputs.vitals[0][4:6] == base
    assert inputs.mentions[0][-2] is None


@pytest.mark.parametrize(
    ("value", "answer"),
    [("yes", 1), ("sim", 1), ("true", 1), (True, 1), ("1", 1), ("present", 1), ("no", 0), ("não", 0), (False, 0)],
)
def test_signs(knowledge: Knowledge, value: str, answer: int) -> None:
    inputs = made(knowledge, vitals=[{"kind": "unwell", "value": value}])
    assert inputs.vitals[0][3] == sign_keys(knowledge)["unwell"]
    assert inputs.vitals[0][6] == answer


@pytest.mark.parametrize(
    ("kind", "value", "unit", "code"),
    [
        ("temperature", "386", "Cel", "VITAL_NOT_LEGIBLE"),
        ("temperature", "38.6", "K", "VITAL_NOT_LEGIBLE"),
        ("temperature", "high", "", "VITAL_NOT_LEGIBLE"),
        ("unwell", "maybe", "", "VITAL_NOT_LEGIBLE"),
        ("temprature", "38.6", "Cel", "VITAL_UNMATCHED"),
    ],
)
def test_vitals_that_are_not_used_say_why(knowledge: Knowledge, kind: str, value: str, unit: str, code: str) -> None:
    inputs = made(knowledge, vitals=[{"kind": kind, "value": value, "unit": unit}])
    assert inputs.mentions[0][-2] == code and inputs.mentions[0][-1]
    assert inputs.vitals[0][4:7] == (None, None, None)


@pytest.mark.parametrize(
    ("text", "locale", "dated"),
    [
        ("06/11/2026", "", False),
        ("06/11/2026", "pt", True),
        ("31/10/2026", "", True),
        ("2026", "", False),
        ("2026-11", "", True),
    ],
)
def test_a_day_that_may_be_a_month_dates_no_drug(knowledge: Knowledge, text: str, locale: str, dated: bool) -> None:
    inputs = made(knowledge, medications=[{"text": "clozapine", "start": text}], locale=locale)
    assert (inputs.drugs[0][3] is not None) is dated


def test_a_file_says_nothing_of_people_who_do_not_stand_in_it(knowledge: Knowledge) -> None:
    """Ids that do not match, or an empty file, are no proof that nothing was taken."""
    rows = [Raw(input="a", subject_id=subject, test="WBC", value="3.0", unit="10*9/L") for subject in ("7", "8")]
    sent = {"drugs": [Mention(subject_id="007", name="clozapine"), Mention(subject_id="8", name="clozapine")]}
    fields = {"drugs": ["subject_id", "name"]}
    assert from_files(rows, sent, fields, knowledge, Options()).covered == [(2, 1, 0)]


def test_covered_says_what_was_sent(knowledge: Knowledge) -> None:
    assert made(knowledge).covered == []
    assert made(knowledge, medications=[]).covered == [(1, 1, 0)]
    assert made(knowledge, medications=[], conditions=[]).covered == [(1, 1, 1)]
    assert made(knowledge, conditions=[{"text": "lupus"}]).covered == [(1, 0, 1)]


@pytest.mark.parametrize("wrong", [{"jurisdictions": ["BR"]}, {"episode_rules": ["low-by-anyy"]}, {"pathways": ["x"]}])
def test_unknown_choices_are_refused(knowledge: Knowledge, wrong: dict[str, list[str]]) -> None:
    with pytest.raises(RequestError) as caught:
        made(knowledge, **wrong)
    assert caught.value.where == next(iter(wrong)) and caught.value.code == "BAD_REQUEST"


def test_a_misspelt_episode_rule_is_suggested(knowledge: Knowledge) -> None:
    rule = sorted(knowledge.episode_rules)[0]
    with pytest.raises(RequestError, match="no episode rule") as caught:
        made(knowledge, episode_rules=[rule + "x"])
    assert rule in caught.value.hint


def test_typed_drugs_and_signs(knowledge: Knowledge) -> None:
    text = "WBC 3.6; ANC 1.296; drug clozapine since 2026-10-02; temp 38.6; condition lupus; unwell; shivering no"
    read = typed.read(text, knowledge)
    assert read.counts == 2 and not read.unread
    assert read.request["medications"] == [{"text": "clozapine", "start": "2026-10-02"}]
    assert read.request["conditions"] == [{"text": "lupus"}]
    assert [(one["kind"], one["value"]) for one in read.request["vitals"]] == [
        ("temp", "38.6"),
        ("unwell", "yes"),
        ("shivering", "no"),
    ]
    assert typed.read("WBC 3.6; has fever", knowledge).request["vitals"] == [{"kind": "fever", "value": "yes"}]
    assert typed.read("WBC 3.6; on 2026", knowledge).unread == ["on 2026"]
    pt = typed.read("WBC 3,6; remédio dipirona desde 01/10/2026 até 03/10/2026; doença lúpus", knowledge)
    assert pt.request["medications"] == [{"text": "dipirona", "start": "01/10/2026", "stop": "03/10/2026"}]


def test_cbc_with_drugs(knowledge: Knowledge) -> None:
    cbc = CBC(wbc=3.6, unit="10*9/L", drugs=["clozapine"], conditions=[], temperature=38.6)
    inputs = prepare(read_request(cbc), knowledge).inputs
    assert drug_of(knowledge, inputs) == ["clozapine"]
    assert inputs.vitals[0][4] == 38600 and inputs.covered == [(1, 1, 1)]


# --- both doors -------------------------------------------------------------------------------------

WORDS: dict[str, list[str | None]] = {
    "subject_id": ["p1", " p1 ", "p2", "p9", "", None],
    "mention_id": ["m1", None],
    "name": [
        "clozapine 100 mg",
        "Dipirona",
        "clozapin",
        "lupus",
        "no malaria",
        "temperature",
        "unwell",
        "temprature",
        "fever",
        "M32.1",
        "",
        None,
    ],
    "text": ["metamizol", None],
    "code": ["2626", "N05AH02", "55464009", None],
    "rxnorm": ["2626", "1", None],
    "atc": ["N05AH02", None],
    "icd10cm": ["M32.1, 401.9", "D70", "E8889", None],
    "snomed": ["55464009", None],
    "code_version": ["9", "10", None],
    "other_code": ["28803", None],
    "start": ["2026-10-02", "2026-10", "2026-10-02 08:00", "03/04/2026", "x", "", None],
    "stop": ["2026-10-04", "2026-09", "2026-10-02T08:00:00-03:00", "y", None],
    "dose": ["100 mg", None],
    "status": ["active", "stopped", "draft", "absent", "zzz", "", None],
    "value": ["38.6", "38,6", "101.3", ">38", "386", "yes", "não", "?", "", None],
    "unit": ["Cel", "F", "K", "", None],
}
OPTIONS = [Options(), Options(locale="pt"), Options(locale="en")]


@st.composite
def batches(draw: st.DrawFn) -> tuple[dict[str, list[Mention]], dict[str, list[str]], Options, str]:
    """Some records of each kind, of which only some columns exist."""
    unit = draw(st.sampled_from(["", "", "days"]))
    sent, fields = {}, {}
    for table in draw(st.lists(st.sampled_from(["drugs", "conditions", "vitals"]), unique=True, min_size=1)):
        chosen = sorted({*draw(st.lists(st.sampled_from(sorted(WORDS)), unique=True)), "subject_id", "name", "value"})
        row = st.fixed_dictionaries({field: st.sampled_from(WORDS[field]) for field in chosen})
        rows = draw(st.lists(row, max_size=6))
        more: dict[str, Any] = {"time_unit": unit} if draw(st.booleans()) and unit else {}
        sent[table] = [Mention(input="b.csv", line=place, **cells, **more) for place, cells in enumerate(rows, 2)]
        fields[table] = sorted({*chosen, *more})
    return sent, fields, draw(st.sampled_from(OPTIONS)), unit


def counts(unit: str) -> list[Raw]:
    told = {"time_unit": unit} if unit else {}
    return [
        Raw("a.csv", 2, subject_id="p1", test="WBC", value="3", unit="10*9/L", collected="4" if unit else None, **told),
        Raw("a.csv", 3, subject_id="p2", test="WBC", value="3", unit="10*9/L", collected="2026-10-09"),
    ]


def from_files(
    rows: list[Raw],
    sent: dict[str, list[Mention]],
    fields: dict[str, list[str]],
    knowledge: Knowledge,
    options: Options,
) -> door.Inputs:
    """What the door for files makes of the same rows."""
    told = ("subject_id", "test", "value", "unit", "collected", "time_unit")
    with duckdb.connect() as con:
        columns = ", ".join(f"{field} VARCHAR" for field in told)
        con.execute(f"CREATE TABLE raw (row BIGINT, input VARCHAR, line BIGINT, {columns})")
        for n, raw in enumerate(rows, 1):
            con.execute(
                f"INSERT INTO raw VALUES (?, ?, ?, {', '.join('?' * len(told))})",
                [n, raw.input, raw.line, *[getattr(raw, field) for field in told]],
            )
        door.from_relation(con, "raw", knowledge, options)
        for table, mentions in sent.items():
            columns = ", ".join(f"{field} VARCHAR" for field in fields[table])
            con.execute(f"CREATE TABLE own_{table} (row BIGINT, input VARCHAR, line BIGINT, {columns})")
            if mentions:
                appender = con.appender(f"own_{table}")
                appender.append_rows(
                    [
                        (n, one.input, one.line, *[getattr(one, field) for field in fields[table]])
                        for n, one in enumerate(mentions, 1)
                    ]
                )
                appender.flush()
        load_beside(con, {table: f"own_{table}" for table in sent}, knowledge, options.locale)
        found = door.Inputs()
        for shape in (*tables.INPUTS, tables.REJECTS):
            answer = con.execute(f"SELECT {', '.join(shape.names)} FROM {shape.name}").fetchall()
            setattr(found, shape.name, answer)
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches())
def test_both_doors_say_the_same(
    knowledge: Knowledge, batch: tuple[dict[str, list[Mention]], dict[str, list[str]], Options, str]
) -> None:
    sent, fields, options, unit = batch
    rows = counts(unit)
    left = door.from_rows(rows, knowledge, options)
    add_beside(left, knowledge, **sent, locale=options.locale)
    right = from_files(rows, sent, fields, knowledge, options)
    for name in (field.name for field in dataclasses.fields(door.Inputs)):
        if name != "covered":
            assert sorted(getattr(left, name), key=repr) == sorted(getattr(right, name), key=repr), name
    asked = {subject: told for subject, *told in left.covered}
    for subject, *told in right.covered:  # files speak of the people they name, a request of its one person
        assert all(there <= said for there, said in zip(told, asked[subject], strict=True))


@pytest.mark.parametrize("table", [tables.DRUGS, tables.CONDITIONS, tables.VITALS, tables.MENTIONS, tables.COVERED])
def test_files_give_the_full_schema(knowledge: Knowledge, table: tables.Table) -> None:
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE raw (row BIGINT, input VARCHAR, line BIGINT, subject_id VARCHAR, test VARCHAR, value VARCHAR)"
        )
        door.from_relation(con, "raw", knowledge, Options())
        names = {"drugs": "name", "conditions": "name", "vitals": "value"}
        for name, column in names.items():
            con.execute(f"CREATE TABLE own_{name} (row BIGINT, input VARCHAR, line BIGINT, {column} VARCHAR)")
        load_beside(con, {name: f"own_{name}" for name in names}, knowledge)
        described = con.execute(f"DESCRIBE {table.name}").fetchall()
    kinds = {"BIGINT": "int", "VARCHAR": "text"}
    assert [(name, kinds[kind]) for name, kind, *_ in described] == [(c.name, c.kind) for c in table.columns]


# --- files ------------------------------------------------------------------------------------------

RESULTS = "subject_id,collected,test,value,unit\na,2026-11-19,WBC,3.6,10*9/L\nb,2026-11-19,WBC,2.1,10*9/L\n"


def test_files_of_each_kind(knowledge: Knowledge, written: Callable[..., Path]) -> None:
    drugs = "subject_id,drug,rxnorm,start,stop,status\na,,2626,2026-10-02,,active\nb,clozapin,,2026-10-02,,\n"
    drugs += "c,clozapine,,,,\n,clozapine,,,,\na,,,2026-10-02,,\n"
    more = "paciente;medicamento;inicio\nb;Dipirona 500 mg;01/11/2026\n"
    conditions = "subject_id,condition,icd10cm,start,end,status\na,,M32.1,2020,,\nb,lupus,,2020,2021,resolved\n"
    vitals = "subject_id,measured,kind,value,unit\na,2026-11-19 08:00,temperature,38.6,Cel\na,,unwell,yes,\n"
    with Cohort(
        written("results.csv", RESULTS),
        drugs=[written("drugs.csv", drugs), written("mais.csv", more)],
        conditions=written("conditions.csv", conditions),
        vitals=written("vitals.csv", vitals),
        locale="pt",
        knowledge=knowledge,
    ) as cohort:
        keys = cause_keys(knowledge)
        rows = cohort.con.execute("SELECT row, subject, cause FROM drugs ORDER BY row").fetchall()
        assert rows == [(1, 1, keys["clozapine"]), (2, 2, None), (6, 2, keys["metamizole"])]
        codes = cohort.con.execute("SELECT named, code FROM mentions WHERE kind = 'drug' ORDER BY row").fetchall()
        assert codes == [
            ("2626", None),
            ("clozapin", "DRUG_UNMATCHED"),
            ("clozapine", "SUBJECT_UNKNOWN"),
            ("Dipirona 500 mg", None),
        ]
        assert cohort.con.execute("SELECT input, row, code FROM rejects ORDER BY row").fetchall() == [
            ("drugs.csv", 5, "SUBJECT_MISSING"),
            ("drugs.csv", 6, "NAME_MISSING"),
        ]
        told = cohort.con.execute("SELECT subject, drugs, conditions FROM covered ORDER BY subject").fetchall()
        assert told[0] == (1, 1, 1) and told[1][:2] == (2, 1)  # a file says nothing of people who do not stand in it
        assert cohort.con.execute("SELECT count(*) FROM vitals").fetchall() == [(2,)]
        inputs = cohort._inputs(1, 1)
        assert [row[0] for row in inputs.drugs] == [1] and len(inputs.vitals) == 2 and inputs.covered == [(1, 1, 1)]
        assert [row[:2] for row in inputs.mentions] == [("condition", 1), ("drug", 1), ("vital", 1), ("vital", 2)]


def test_summary_counts_records(knowledge: Knowledge, written: Callable[..., Path]) -> None:
    drugs = written("drugs.csv", "subject_id,drug,status\na,clozapine,\na,clozapin,\nb,clozapine,not-taken\n,x,\n")
    with Cohort(written("results.csv", RESULTS), drugs=drugs, knowledge=knowledge) as cohort:
        summary = cohort.summary()
    assert summary["mentions"] == {"drug": {"DRUG_UNMATCHED": 1, "EXPOSURE_NOT_TAKEN": 1, "used": 1}}
    assert summary["mentions_rejected"] == {"SUBJECT_MISSING": 1} and summary["rejected"] == 0
    assert summary["unmatched"]["drug"][0]["named"] == "clozapin"
    assert "clozapine" in summary["unmatched"]["drug"][0]["near"]


def test_buckets_hold_their_own_records(knowledge: Knowledge, written: Callable[..., Path]) -> None:
    drugs = written("drugs.csv", "subject_id,drug,start\na,clozapine,2026-10-02\nb,metamizole,2026-11-10\n")
    paths = {"drugs": drugs, "knowledge": knowledge}
    with Cohort(written("results.csv", RESULTS), **paths) as whole:  # type: ignore[arg-type]
        expected = whole.summary()
    with Cohort(written("results.csv", RESULTS), bucket_rows=1, **paths) as cut:  # type: ignore[arg-type]
        assert cut.summary() == expected


def test_a_file_without_names_is_refused(knowledge: Knowledge, written: Callable[..., Path]) -> None:
    file = written("drugs.csv", "subject_id,start\na,2026-10-02\n")
    with (
        pytest.raises(InputError, match="no column names the drug"),
        Cohort(written("results.csv", RESULTS), drugs=file, knowledge=knowledge),
    ):
        pass
    with pytest.raises(UsageError, match="no episode rule"):
        Cohort(written("results.csv", RESULTS), episode_rules=["nobody"], knowledge=knowledge)


def through(knowledge: Knowledge, folder: Path, name: str, *sent: str) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    raw = open_inputs(con, [folder], knowledge, Options(), map=name)
    door.from_relation(con, raw.table, knowledge, raw.options)
    open_beside(con, {table: [folder] for table in sent}, knowledge, raw.options, map=name)
    return con


def people_with(con: duckdb.DuckDBPyConnection, knowledge: Knowledge, table: str) -> dict[str, int]:
    names = {key: cause for cause, key in cause_keys(knowledge).items()}
    sql = f"SELECT cause, count(DISTINCT subject) FROM {table} WHERE cause IS NOT NULL GROUP BY 1"
    return {names[cause]: n for cause, n in con.execute(sql).fetchall()}


def test_mimic4_drugs_and_codes(knowledge: Knowledge, data: Path) -> None:
    with through(knowledge, data / "mimic4_demo_csv", "mimic4", "drugs", "conditions") as con:
        drugs = people_with(con, knowledge, "drugs")
        assert {"filgrastim", "valproate", "cytarabine", "fludarabine", "methotrexate", "decitabine"} <= set(drugs)
        assert "aml" in people_with(con, knowledge, "conditions")
        assert con.execute("SELECT count(*) FROM mentions").fetchall() == [(10502 + 2924,)]
        # an ICD-9 code is never read as one of ICD-10-CM
        nine = "SELECT count(*) FROM mentions WHERE kind = 'condition' AND code IS NULL AND named SIMILAR TO '[0-9]+'"
        assert con.execute(nine).fetchall() == [(0,)]


def test_mimic3_titles_of_icd9(knowledge: Knowledge, data: Path) -> None:
    with through(knowledge, data / "mimic3_demo", "mimic3", "drugs", "conditions") as con:
        assert {"hydroxycarbamide", "carbamazepine", "vancomycin"} <= set(people_with(con, knowledge, "drugs"))
        assert {"sepsis", "cirrhosis", "myeloma"} <= set(people_with(con, knowledge, "conditions"))
        started = "SELECT count(*) FROM conditions WHERE cause IS NOT NULL AND start_s IS NULL"
        assert con.execute(started).fetchall() == [(0,)]


def test_eicu_offsets(knowledge: Knowledge, data: Path) -> None:
    with through(knowledge, data / "eicu_demo", "eicu", "drugs", "conditions") as con:
        assert people_with(con, knowledge, "drugs")["vancomycin"] > 1
        cancelled = "SELECT count(*) FROM drugs WHERE status = 'not-taken' AND cause IS NOT NULL"
        assert con.execute(cancelled).fetchall()[0][0] > 0
        assert con.execute("SELECT count(*) FROM drugs WHERE start_s IS NOT NULL").fetchall()[0][0] > 1000


def test_jost_doses(knowledge: Knowledge, data: Path) -> None:
    with through(knowledge, data / "jost2020_all_maintenance", "jost2020", "drugs") as con:
        assert people_with(con, knowledge, "drugs") == {"mercaptopurine": 75}
        assert con.execute("SELECT count(*) FROM drugs WHERE start_s = stop_s").fetchall()[0][0] > 30000


def test_the_examples(knowledge: Knowledge, root: Path) -> None:
    here = root / "examples"
    more: dict[str, Any] = {table: here / f"{table}.csv" for table in ("drugs", "conditions", "vitals")}
    with Cohort(here / "many.csv", knowledge=knowledge, **more) as cohort:
        assert set(people_with(cohort.con, knowledge, "drugs")) == {
            "clozapine",
            "metamizole",
            "filgrastim",
            "carbamazepine",
        }
        codes = cohort.con.execute(
            "SELECT kind, code FROM mentions WHERE code IS NOT NULL ORDER BY kind, row"
        ).fetchall()
        assert codes == [
            ("condition", "CONDITION_NOT_PRESENT"),
            ("drug", "DRUG_UNMATCHED"),
            ("drug", "EXPOSURE_NOT_TAKEN"),
        ]
        assert len(list(cohort.assessments())) == cohort.people


@pytest.mark.parametrize("option", [["--episode-rule", "nobody"], ["--jurisdiction", "BR"], ["--pathway", "nobody"]])
def test_unknown_choices_on_the_command_line(root: Path, option: list[str]) -> None:
    from leukon.cli import main

    with pytest.raises(SystemExit) as caught:
        main(["assess", str(root / "examples" / "many.csv"), *option])
    assert caught.value.code == 2


# --- what a review of safety asked for -----------------------------------------------------------------


@pytest.mark.parametrize(
    "status", ["never-taken", "never taken", "not taken", "did not take", "não tomou", "nunca tomou"]
)
def test_never_taken(knowledge: Knowledge, status: str) -> None:
    inputs = made(knowledge, medications=[{"text": "clozapine", "status": status}])
    assert inputs.mentions[0][-2] == "EXPOSURE_NOT_TAKEN"


@pytest.mark.parametrize("kind", ["medications", "conditions"])
def test_an_end_before_the_beginning_is_said(knowledge: Knowledge, kind: str) -> None:
    end = {"medications": "stop", "conditions": "end"}[kind]
    text = {"medications": "clozapine", "conditions": "lupus"}[kind]
    inputs = made(knowledge, **{kind: [{"text": text, "start": "2026-10-02", end: "2026-09-01"}]})
    assert inputs.mentions[0][-2] == "STOP_BEFORE_START"
    (row,) = inputs.drugs or inputs.conditions
    assert row[2] is not None and row[4] is None


@pytest.mark.parametrize(
    ("value", "unit", "base"),
    [
        ("38.6 C", "", 38_600), ("38,6 °C", "", 38_600), ("38.6 C", "Cel", 38_600), ("101.5 F", "", 38_611),
        ("101.5°F", "", 38_611), ("38,6 graus", "", 38_600),
    ],
)  # fmt: skip
def test_a_unit_behind_the_number(knowledge: Knowledge, value: str, unit: str, base: int) -> None:
    inputs = made(knowledge, vitals=[{"kind": "temperature", "value": value, "unit": unit}])
    assert inputs.vitals[0][4] == base and inputs.mentions[0][-2] is None


@pytest.mark.parametrize(("value", "unit", "near"), [("101.5", "Cel", "101.5 [degF]"), ("101.5 F", "Cel", "101.5 F")])
def test_fahrenheit_said_to_be_celsius_is_named(knowledge: Knowledge, value: str, unit: str, near: str) -> None:
    inputs = made(knowledge, vitals=[{"kind": "temperature", "value": value, "unit": unit}])
    assert inputs.mentions[0][-2] == "VITAL_NOT_LEGIBLE" and near in inputs.mentions[0][-1]


@pytest.mark.parametrize(
    ("value", "answer"), [("febril", 1), ("febrile", 1), ("fever", 1), ("afebril", 0), ("afebrile", 0)]
)
def test_fever_in_a_word(knowledge: Knowledge, value: str, answer: int) -> None:
    inputs = made(knowledge, vitals=[{"kind": "temperature", "value": value}])
    assert inputs.vitals[0][3] == sign_keys(knowledge)["fever-stated"] and inputs.vitals[0][6] == answer


def test_chemotherapy_in_a_list_of_drugs_is_an_exposure(knowledge: Knowledge) -> None:
    inputs = made(knowledge, medications=[{"text": "quimioterapia", "start": "2026-11-08"}])
    assert drug_of(knowledge, inputs) == ["chemotherapy"] and not inputs.conditions
    assert inputs.mentions[0][-2] is None
