"""`leukon explain`: everything that the founding documents name is found, and what it says is in the knowledge."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from leukon.cli.explain import as_text
from leukon.cli.explain import explain as command
from leukon.errors import InputError
from leukon.explain import Explainer
from leukon.knowledge import Knowledge, load_knowledge
from leukon.knowledge.reasons import SeedItem

SHARED = Path(__file__).resolve().parents[2] / "shared" / "clinical"
KNOWLEDGE = load_knowledge()
SEEDS = list(KNOWLEDGE.seeds.values())


@pytest.fixture(scope="module")
def explainers() -> dict[str, Explainer]:
    return {language: Explainer(KNOWLEDGE, language) for language in ("en", "pt")}


def shared(name: str) -> list[dict[str, str]]:
    """A table of the fact base; the tests that walk it are skipped where it does not stand beside the checkout."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def things(knowledge: Knowledge) -> set[str]:
    held = (knowledge.causes, knowledge.topics, knowledge.analytes, knowledge.findings, knowledge.limits)
    return {id_ for kind in held for id_ in kind} | set(knowledge.claims)


# --- the founding items -----------------------------------------------------------------------------


def test_every_item_of_the_fact_base_ships_word_for_word() -> None:
    rows = shared("seed_items.csv")
    told = [(row["item_id"], row["seed"], row["language"], row["item_as_named"], row["flag"]) for row in rows]
    assert told == [(seed.id, seed.seed, seed.language, seed.named, seed.flag) for seed in SEEDS]


def test_there_are_312_items() -> None:
    assert len(SEEDS) == 312


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.id)
def test_an_item_ends_at_something_known_or_says_why_not(seed: SeedItem) -> None:
    assert set(seed.ends) <= things(KNOWLEDGE), "ends at something that does not exist"
    if seed.flag == "ok":
        assert any(end not in KNOWLEDGE.claims for end in seed.ends)
    else:
        assert seed.reason["en"], "flagged without a reason"
        assert seed.reason["pt"], "flagged without a reason in Portuguese"


def test_a_contradicted_item_ends_at_a_contradicted_claim() -> None:
    for seed in SEEDS:
        held = [KNOWLEDGE.claims[end] for end in seed.ends if end in KNOWLEDGE.claims]
        if seed.flag in ("wrong", "overstated", "direction", "outdated", "inconsistent", "oversimplified"):
            assert any(claim.contradicted_by for claim in held), seed.id


def test_every_mapping_of_the_fact_base_is_kept() -> None:
    for row in shared("seed_items.csv"):
        wanted = {id_ for id_ in row["maps_to"].split(";") if id_}
        assert wanted <= set(KNOWLEDGE.seeds[row["item_id"]].ends), row["item_id"]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.id)
def test_every_item_is_explained_in_its_language(seed: SeedItem, explainers: dict[str, Explainer]) -> None:
    explainer = explainers[seed.language]
    pages = explainer.find(seed.named)
    assert pages
    named = {page.id for page in pages}
    assert named & {seed.id, *seed.ends} or any(named & {other.id, *other.ends} for other in alike(seed)), named


def alike(seed: SeedItem) -> Iterator[SeedItem]:
    """Items of other documents with the same words."""
    return (other for other in SEEDS if other.named.casefold() == seed.named.casefold())


# --- words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "language", "id_"),
    [
        ("Doença de Calazar", "pt", "visceral_leishmaniasis"),
        ("doenca de calazar", "pt", "visceral_leishmaniasis"),
        ("kala-azar", "en", "visceral_leishmaniasis"),
        ("KALA AZAR", "pt", "visceral_leishmaniasis"),
        ("hiperesplenismo", "pt", "hypersplenism"),
        ("hiperesplenismo", "en", "hypersplenism"),
        ("Mofetil", "pt", "mycophenolate"),
        ("N05AH02", "en", "clozapine"),
        ("clozapine 100 mg tablet", "en", "clozapine"),
        ("B55.0", "en", "visceral_leishmaniasis"),
        ("neutrófilos", "pt", "NEUT"),
        ("S000-062", "pt", "S000-062"),
        ("anc.from-percent", "en", "anc.from-percent"),
        ("anc-under-0.5", "en", "anc-under-0.5"),
    ],
)
def test_words_names_and_codes_find_their_page(
    words: str, language: str, id_: str, explainers: dict[str, Explainer]
) -> None:
    assert explainers[language].find(words)[0].id == id_


@pytest.mark.parametrize(
    ("held", "kind"),
    [
        ("causes", "cause"), ("rules", "rule"), ("scores", "score"), ("programmes", "programme"), ("signs", "sign"),
        ("episode_rules", "episode-rule"), ("topics", "topic"), ("seeds", "seed"), ("measures", "measure"),
    ],
)  # fmt: skip
def test_everything_with_an_id_has_a_page_in_both_languages(
    held: str, kind: str, explainers: dict[str, Explainer]
) -> None:
    for id_ in getattr(KNOWLEDGE, held):
        for explainer in explainers.values():
            page = next(page for page in explainer.find(id_) if page.kind == kind)
            assert page.title
            assert all(label and value for label, value in page.facts), id_


def test_a_cause_shows_what_was_read(explainers: dict[str, Explainer]) -> None:
    text = as_text(explainers["en"], explainers["en"].find("cushing_steroid")[0])
    assert "lowers: lymphocytes" in text
    assert "raises: neutrophils" in text
    assert "FAUCI74" in text
    assert "S000-028" in text
    assert "raise neutrophils" in text


def test_every_mechanism_has_a_name() -> None:
    named = {id_.removeprefix("mechanism.").replace("-", "_") for id_ in KNOWLEDGE.topics}
    assert {cause.mechanism for cause in KNOWLEDGE.causes.values()} <= named | {"mixed", "unknown"}


def test_an_inactive_cause_says_why(explainers: dict[str, Explainer]) -> None:
    for cause in KNOWLEDGE.causes.values():
        if cause.role == "inactive":
            page = next(page for page in explainers["pt"].find(cause.id) if page.kind == "cause")
            assert cause.why_inactive["pt"] in dict(page.facts).values()


# --- the command -------------------------------------------------------------------------------------


def run(*arguments: str) -> str:
    return CliRunner().invoke(command, arguments, catch_exceptions=False).output


def test_the_command_prints_the_page_of_an_item() -> None:
    assert run("Doença de Calazar", "--lang", "pt").startswith("visceral_leishmaniasis")
    assert "S000-062" in run("S000-062", "--lang", "pt", "--format", "json")


def test_every_item_exits_0_in_its_language(explainers: dict[str, Explainer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leukon.explain.Explainer", lambda _, language, __: explainers[language])
    monkeypatch.setattr(Explainer, "cases", lambda *_: [])
    for seed in SEEDS:
        done = CliRunner().invoke(command, ["--lang", seed.language, "--", seed.named])
        assert done.exit_code == 0, seed.named
        assert done.output.strip()


@pytest.mark.parametrize("words", ["aspartame", "clozapyne", "neutropenea"])
def test_an_unknown_word_exits_3_with_near_matches(words: str) -> None:
    with pytest.raises(InputError) as told:
        run(words)
    assert told.value.exit_code == 3
    assert told.value.hint.startswith("did you mean")


def test_misspelt_words_are_offered_their_name(explainers: dict[str, Explainer]) -> None:
    assert "clozapine" in [name.casefold() for name in explainers["en"].near("clozapyne")]
    assert "neutropenia" in [name.casefold() for name in explainers["en"].near("neutropenea")]
    assert "hiperesplenismo" in explainers["pt"].near("iperesplenismo")


def test_one_answer_takes_well_under_a_second() -> None:
    started = time.perf_counter()
    Explainer(KNOWLEDGE, "en").find("kala-azar")
    assert time.perf_counter() - started < 1


# --- conditions ------------------------------------------------------------------------------------


def test_every_condition_of_the_fact_base_is_a_cause_and_only_read_links_are_active() -> None:
    for row in shared("conditions.csv"):
        cause = KNOWLEDGE.causes[row["condition_id"]]
        assert cause.type == "condition"
        if row["evidence_level"] == "finding":
            assert cause.role == "finding"
        if cause.role == "active":
            assert cause.evidence == "seen"
            linked = [fact for fact in cause.facts if fact.about == "link"]
            assert linked[0].evidence == "seen"
            assert set(linked[0].sources) - {"GEN-HAEM", "SEED000", "SEED001", "SEED002", "SEED003", "SEED004"}
        elif row["link_status"] == "seen":
            assert row["evidence_level"] in ("finding", "seed_only", "not_a_cause") or cause.id == "sex"


def test_safety_corrections_of_conditions() -> None:
    causes = KNOWLEDGE.causes
    assert causes["whim"].mechanism != "redistribution"
    assert "D73.0" in causes["spleen_disorder"].icd10cm_not
    assert causes["all"].role == "active"
    assert "BMJBP-PAN" in causes["all"].facts[0].sources
    assert "kill" in KNOWLEDGE.claims["alcohol.note"].text["en"]
    assert "APL-HK21" in KNOWLEDGE.claims["apl.frequency"].sources
    assert not KNOWLEDGE.claims["ain.next"].text["en"].lower().startswith("follow")
    for cause in ("pregnancy", "surgery", "stress", "inflammation", "tobacco_smoking", "exercise", "cushing_steroid"):
        assert "NEUT" in causes[cause].raises, cause
        assert causes[cause].role == "active", cause
