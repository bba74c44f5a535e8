"""What became of the facts: the list of rows against the knowledge, and against the fact base where it is at hand."""

from __future__ import annotations

import csv
import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from leukon.cli.check import check
from leukon.knowledge import Knowledge, facts

ROOT = Path(__file__).resolve().parents[2]
CLINICAL = Path(os.environ.get("LEUKON_CLINICAL") or ROOT.parent / "shared" / "clinical")
AT_HAND = pytest.mark.skipif(not (CLINICAL / "rules.md").is_file(), reason="the fact base is not at hand")
LETTERS = "GDARFCMWP"


def table(name: str) -> list[dict[str, str]]:
    with (CLINICAL / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@AT_HAND
def test_rows_are_those_of_the_fact_base() -> None:
    """Every id that the fact sheet gives a row or a sentence to."""
    named = re.findall(rf"\b([{LETTERS}]-\d\d)\b", (CLINICAL / "rules.md").read_text("utf-8"))
    assert [row.row for row in facts.rows()] == sorted(set(named))


@AT_HAND
def test_flags_are_those_of_the_fact_base() -> None:
    lines = (CLINICAL / "rules.md").read_text("utf-8").splitlines()
    cells = [line.strip().strip("|").split("|") for line in lines if re.match(rf"\| [{LETTERS}]-\d\d \|", line)]
    flags = {row[0].strip(): row[-1].strip() for row in cells}
    assert {row.row: row.flag for row in facts.rows() if row.row in flags} == flags


@AT_HAND
def test_seed_items_drugs_and_conditions_are_all_carried(knowledge: Knowledge) -> None:
    """Each of them is an entry of its own: none is left out silently (more of them may be known)."""
    held = {"drug": set[str](), "condition": set[str]()}
    for cause in knowledge.causes.values():
        held[cause.type].add(cause.id)
    assert {row["drug_id"] for row in table("drugs.csv")} <= held["drug"]
    assert {row["condition_id"] for row in table("conditions.csv")} <= held["condition"]
    assert {row["item_id"] for row in table("seed_items.csv")} == set(knowledge.seeds)


def test_each_row_stands_once_in_a_known_state() -> None:
    rows = facts.rows()
    assert len({row.row for row in rows}) == len(rows)
    assert {row.state for row in rows} <= set(facts.STATES)


def test_what_carries_a_row_exists(knowledge: Knowledge) -> None:
    known = facts.kinds(knowledge)
    assert [(row.row, id_) for row in facts.rows() for id_ in row.carried_by if id_ not in known] == []


def test_only_rows_that_are_not_carried_name_nothing() -> None:
    for row in facts.rows():
        assert bool(row.carried_by) == (row.state != "not-carried"), row.row
        assert bool(row.why) or row.state == "active", row.row


def test_no_recalled_row_is_active(knowledge: Knowledge) -> None:
    for row in facts.rows():
        if row.flag == "R":
            assert row.state != "active", row.row
        claims = [knowledge.claims[id_] for id_ in row.carried_by if id_ in knowledge.claims]
        if row.state == "active" and claims:
            assert any(claim.evidence == "seen" for claim in claims), row.row


def test_a_row_that_decides_has_a_carrier_in_use(knowledge: Knowledge) -> None:
    """A row without a reason is carried by more than a sentence, and not only by what is inactive."""
    kinds = facts.kinds(knowledge)
    held = {**knowledge.rules, **knowledge.scores, **knowledge.programmes}
    for row in facts.rows():
        if row.state == "active" and not row.why:
            carriers = [id_ for id_ in row.carried_by if kinds[id_] != "claim"]
            assert any(getattr(held.get(id_), "role", "active") == "active" for id_ in carriers), row.row


@pytest.mark.parametrize("language", ["en", "pt"])
def test_every_reason_and_state_has_words(knowledge: Knowledge, language: str) -> None:
    reasons = {row.why for row in facts.rows() if row.why}
    prefix = "coverage.why."
    assert {key.removeprefix(prefix) for key in knowledge.texts[language] if key.startswith(prefix)} == reasons
    found = facts.coverage(knowledge, language)
    words = {state for part in found.parts for state in (*part.states, *part.have)}
    assert {word for word in words if f"coverage.word.{word}" not in knowledge.texts[language]} == set()
    assert [side for side in found.aside if not side.why.strip()] == []


def test_parts_add_up(knowledge: Knowledge) -> None:
    parts = {part.name: part for part in facts.coverage(knowledge, "en").parts}
    assert sum(parts[name].total for name in ("drugs", "conditions")) == len(knowledge.causes)
    for part in parts.values():
        assert sum(part.states.values()) == part.total, part.name
        idle = part.total - part.states.get("active", 0) - part.states.get("ok", 0)
        assert sum(part.reasons.values()) == idle, part.name


@pytest.mark.parametrize("language", ["en", "pt"])
def test_coverage_is_printed(knowledge: Knowledge, language: str) -> None:
    ran = CliRunner().invoke(check, ["--coverage", "--lang", language])
    assert ran.exit_code == 0, ran.output
    for row in facts.rows():
        assert f"\n{row.row} " in ran.output
    assert all(cause.id in ran.output for cause in knowledge.causes.values() if cause.role == "inactive")
    assert "\x1b" not in ran.output


def test_coverage_as_json(knowledge: Knowledge) -> None:
    ran = CliRunner().invoke(check, ["--coverage", "--format", "json"])
    assert ran.exit_code == 0, ran.output
    read = json.loads(ran.stdout)
    assert [row["row"] for row in read["rows"]] == [row.row for row in facts.rows()]
    assert {part["name"] for part in read["parts"]} == {
        "seeds", "drugs", "conditions", "rules", "scores", "programmes", "rows",
    }  # fmt: skip
    assert [item["id"] for item in read["seeds"]] == [*knowledge.seeds]
    assert read["sha256"] == knowledge.sha256


def test_a_format_without_coverage_is_refused() -> None:
    ran = CliRunner().invoke(check, ["--format", "json"])
    assert ran.exception is not None
    assert "--coverage" in str(ran.exception)


def test_a_folder_without_the_list_has_no_rows(tmp_path: Path) -> None:
    assert facts.rows(tmp_path) == ()


def test_coverage_of_no_folder_is_refused(tmp_path: Path) -> None:
    ran = CliRunner().invoke(check, [str(tmp_path / "nowhere"), "--coverage"])
    assert ran.exit_code != 0
