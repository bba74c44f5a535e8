"""The vignettes beside the knowledge: their format, their reach, and what every reader is answered."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import leukon as lk
from leukon.errors import KnowledgeError
from leukon.knowledge import Knowledge, vignettes
from leukon.knowledge.outcomes import facts, failures
from leukon.knowledge.vignettes import READERS, Vignette

VIGNETTES = vignettes.read()
TIMING = (
    "within-window", "after-last-dose", "present", "outside-read-times", "no-window", "ended-no-window",
    "first-low-before", "no-dates", "recorded-after", "closed", "started-after",
)  # fmt: skip

GOOD = """\
kind: vignettes
items:
  - name: test
    story: "One count."
    origin: {kind: constructed, sources: [BOOK], place: "page 1"}
    given: {observations: [{test: NEUT, value: 0.3, unit: G/L}]}
    expect: {findings: {neutropenia: neutropenia.severe}, urgency: emergency}
"""


def assessed(
    one: Vignette, knowledge: Knowledge, language: str, audience: str, engine: Any = "sqlite"
) -> dict[str, Any]:
    request = vignettes.request(one, language, audience)
    return lk.assess(request, knowledge=knowledge, engine=engine).to_dict()


@pytest.mark.parametrize("one", VIGNETTES, ids=lambda one: one.name)
def test_a_vignette_comes_out_for_every_reader(knowledge: Knowledge, one: Vignette) -> None:
    wrong = []
    seen = {}
    for language, audience in READERS:
        answer = assessed(one, knowledge, language, audience)
        wrong += [f"{language}, {audience}: {what}" for what in failures(one.expect, answer, audience)]
        seen[language, audience] = facts(answer)
    assert not wrong, "\n".join([one.at, *wrong])
    for audience in ("clinician", "plain"):
        assert seen["en", audience] == seen["pt", audience]
    for key in ("urgency", "headline", "findings", "flags", "monitoring", "episodes"):
        assert seen["en", "plain"][key] == seen["en", "clinician"][key], key


@pytest.mark.slow
@pytest.mark.parametrize("one", VIGNETTES, ids=lambda one: one.name)
def test_a_vignette_comes_out_on_the_other_engine(knowledge: Knowledge, one: Vignette) -> None:
    assert failures(one.expect, assessed(one, knowledge, "en", "clinician", "duckdb")) == []


def test_there_are_enough_and_each_has_a_source(knowledge: Knowledge) -> None:
    assert len(VIGNETTES) >= 60
    assert len([one for one in VIGNETTES if one.origin["kind"] == "published"]) >= 12
    assert vignettes.unsourced(VIGNETTES, knowledge) == []


def test_they_name_only_what_there_is(knowledge: Knowledge) -> None:
    known: dict[str, dict[str, Any]] = {
        "explanations": knowledge.causes, "no_explanations": knowledge.causes, "flags": knowledge.rules,
        "no_flags": knowledge.rules, "definitions": knowledge.rules, "not_met": knowledge.rules,
        "guidance": knowledge.rules, "checks": knowledge.rules, "modifiers": knowledge.rules,
        "scores": knowledge.scores, "monitoring": knowledge.programmes, "no_monitoring": knowledge.programmes,
    }  # fmt: skip
    wrong = []
    for one in VIGNETTES:
        for key, ids in known.items():
            named = [told["cause"] if isinstance(told, dict) else told for told in one.expect[key]]
            wrong += [f"{one.at}: {key}: {id_}" for id_ in named if id_ not in ids]
        wrong += [
            f"{one.at}: {told['rule']}"
            for told in one.expect["episodes"]
            if told["rule"] not in knowledge.episode_rules
        ]
        for vital in one.given["vitals"]:
            if vital["value"] in ("yes", "no") and vital["kind"] not in knowledge.signs:
                wrong.append(f"{one.at}: no sign {vital['kind']}")
    assert wrong == []


def told(key: str) -> Iterator[Any]:
    for one in VIGNETTES:
        yield from one.expect[key].items() if isinstance(one.expect[key], dict) else one.expect[key]


def test_they_reach_every_timing_rule() -> None:
    reached = {explained["rule"] for explained in told("explanations")}
    assert {f"timing.{rule}" for rule in TIMING} <= reached


def test_they_reach_every_monitoring_programme(knowledge: Knowledge) -> None:
    reached = {programme for programme, _ in told("monitoring")}
    active = {one.id for one in knowledge.programmes.values() if one.role == "active"}
    assert active - reached - {"clozapine-uk-ben", "thiopurines-uk-rheumatology", "carbimazole-uk"} == set()


def test_they_reach_every_definition_of_febrile_neutropenia_both_ways(knowledge: Knowledge) -> None:
    reached = set(told("definitions"))
    active = [r.id for r in knowledge.rules.values() if r.family == "febrile-neutropenia" and r.role == "active"]
    for body in active:
        assert {(body, "yes"), (body, "no")} <= reached, body


def test_they_reach_the_three_meanings_of_pseudo_leukopenia() -> None:
    reached = set(told("pseudo"))
    assert {("artefact", state) for state in ("supported", "possible", "unlikely")} <= reached
    assert ("redistribution", "supported") in reached
    assert {("constitutional", state) for state in ("supported", "unlikely")} <= reached


def test_they_reach_every_red_flag_of_the_floor(knowledge: Knowledge) -> None:
    reached = set(told("flags"))
    floor = {rule.id for rule in knowledge.rules.values() if rule.family == "red-flag" and not rule.pathway}
    assert floor - reached == set()


def test_scores_are_whole_and_with_a_gap() -> None:
    reached = dict(told("scores"))
    assert {"mascc", "cisne", "talcott"} <= reached.keys()
    values = {(score, value) for score, value in told("scores")}
    for score in ("mascc", "cisne"):
        assert (score, "missing") in values
        assert any(value.isdigit() for name, value in values if name == score)


def test_the_page_of_worked_cases_is_current(root: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, "docs/worked_cases.py", "--check"]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, encoding="utf-8")
    assert done.stdout == "docs are current\n", done.stdout + done.stderr


class TestFormat:
    def read(self, folder: Path, text: str = GOOD) -> list[Vignette]:
        (folder / "test.vignettes.yaml").write_text(text, "utf-8")
        return vignettes.read(folder)

    def test_a_vignette(self, tmp_path: Path) -> None:
        (one,) = self.read(tmp_path)
        assert (one.at, one.name) == ("test.vignettes.yaml:3", "test")
        assert vignettes.request(one, "pt", "plain") == {
            "subject": {"id": "test"},
            "observations": [{"test": "NEUT", "value": "0.3", "unit": "G/L"}],
            "vitals": [], "jurisdictions": [], "episode_rules": [], "pathways": [],
            "scales": [], "language": "pt", "audience": "plain",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("kind: vignettes", "kind: cases", "expected one of vignettes"),
            ("story:", "text:", "unknown key 'text'"),
            ("urgency: emergency", "urgency: at once", "'at once'; expected one of"),
            ("{test: NEUT, ", "{", "the key 'test' is missing"),
            ("items:", "item:", "no vignettes"),
        ],
    )
    def test_what_is_refused(self, tmp_path: Path, old: str, new: str, said: str) -> None:
        with pytest.raises(KnowledgeError) as caught:
            self.read(tmp_path, GOOD.replace(old, new, 1))
        assert any(said in problem for problem in caught.value.problems), caught.value.problems

    def test_a_name_is_taken_once(self, tmp_path: Path) -> None:
        with pytest.raises(KnowledgeError, match="the name 'test' is taken"):
            self.read(tmp_path, GOOD + GOOD[GOOD.index("  - name") :])

    def test_no_source_is_said(self, tmp_path: Path, knowledge: Knowledge) -> None:
        assert vignettes.unsourced(self.read(tmp_path), knowledge) == [
            "test.vignettes.yaml:3: test: unknown source 'BOOK'"
        ]
        (problem,) = vignettes.unsourced(self.read(tmp_path, GOOD.replace("[BOOK]", "[]")), knowledge)
        assert "constructed from no source" in problem

    def test_right_and_wrong(self, tmp_path: Path, knowledge: Knowledge) -> None:
        def answer(request: dict[str, Any], known: Knowledge) -> dict[str, Any]:
            return lk.assess(request, knowledge=known).to_dict()

        self.read(tmp_path)
        lines = vignettes.run(knowledge, answer, tmp_path)
        assert len(lines) == len(READERS)
        assert lines[0] == (
            "test.vignettes.yaml:3: test (en, clinician): urgency: emergency-if-symptoms; expected emergency"
        )
        self.read(tmp_path, GOOD.replace("urgency: emergency", "urgency: emergency-if-symptoms"))
        assert vignettes.run(knowledge, answer, tmp_path) == []


ANSWER = {
    "verdict": {
        "analytes": [{"question": "neutropenia", "state": "low-by-all", "finding": "f"}], "questions": [],
        "pseudo": [{"kind": "artefact", "state": "possible"}], "urgency": {"level": "soon"}, "headline_analyte": "NEUT",
    },
    "values": [{"id": "o1", "analyte": "NEUT", "value": "1", "used": True}],
    "grades": [{"scale": "S", "version": "1", "term": "t", "grade": "2", "observation": "o1"}],
    "explanations": [
        {
            "cause": cause, "kind": "drug", "about": "m1", "analyte": "NEUT", "lineage_fits": "yes", "place": place,
            "evidence_level": "listed", "timing": {"fits": "yes", "rule": "timing.present"},
            "clues_present": [{"sign": "rash"}],
        }
        for place, cause in enumerate(("a", "b"), 1)
    ],
    "risk": {
        "flags": [{"id": "rf", "state": "yes"}], "definitions": [{"id": "d", "state": "yes"}],
        "scores": [{"id": "s", "applies": "yes", "value": 3}],
    },
    "monitoring": [{"programme": "p", "state": "red", "due": "2026-01-01"}],
    "history": [{"analyte": "NEUT", "trend": "new", "usual": {"value": "2"}}],
    "episodes": [{"rule": "r", "analyte": "NEUT", "nadir": "2026-01-01", "nadir_value": "0.1", "onset": "x"}],
    "checks": [{"id": "c", "already_done": True}],
    "guidance": [{"id": "g", "applies": "yes"}],
    "modifiers": [{"id": "m", "state": "no"}],
    "unused": [{"id": "u", "code": "DRUG_UNMATCHED"}],
    "excluded": [{"code": "UNMAPPED"}],
    "issues": [{"code": "STALE"}],
}  # fmt: skip


EXPLAINED = dict.fromkeys(("kind", "timing", "timing_not", "rule", "analyte", "lineage", "level", "about", "days"))
EXPLAINED |= {"clues": (), "open_clues": ()}


@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [
        ("states", {"neutropenia": "low-by-all"}, {"neutropenia": "not-low"}),
        ("findings", {"neutropenia": "f"}, {"neutropenia": "g"}),
        ("values", {"NEUT": "1"}, {"NEUT": "2"}),
        ("grades", {"S@1": {"t": "2"}}, {"S@1": {"t": "3"}}),
        ("urgency", "soon", "routine"),
        ("urgency_at_least", "routine", "same-day"),
        ("urgency_at_most", "same-day", "routine"),
        ("headline_analyte", "NEUT", "WBC"),
        ("explanations", [{**EXPLAINED, "cause": "a", "timing": "yes"}], [{**EXPLAINED, "cause": "c"}]),
        (
            "explanations",
            [{**EXPLAINED, "cause": "a", "clues": ("rash",)}],
            [{**EXPLAINED, "cause": "a", "timing": "no"}],
        ),
        ("explanations", [{**EXPLAINED, "cause": "b"}], [{**EXPLAINED, "cause": "b", "timing_not": "yes"}]),
        ("no_explanations", ["c"], ["a"]),
        ("order", [["a", "b"]], [["b", "a"]]),
        ("pseudo", {"artefact": "possible"}, {"artefact": "supported"}),
        ("pseudo_not", {"artefact": "supported"}, {"artefact": "possible"}),
        ("flags", ["rf"], ["other"]),
        ("no_flags", ["other"], ["rf"]),
        ("definitions", {"d": "yes"}, {"d": "unknown"}),
        ("not_met", ["e"], ["d"]),
        ("scores", {"s": "3"}, {"s": "missing"}),
        ("monitoring", {"p": {"state": "red", "overdue": "unknown"}}, {"p": {"state": "green"}}),
        ("monitoring", {"p": {}}, {"q": {}}),
        ("no_monitoring", ["q"], ["p"]),
        ("history", {"NEUT": "new"}, {"NEUT": "stable"}),
        ("usual", {"NEUT": "2"}, {"NEUT": "3"}),
        ("episodes", [{"rule": "r", "nadir": "0.1"}], [{"rule": "r", "nadir": "0.2"}]),
        ("episode_counts", {"r/NEUT": 1}, {"r/NEUT": 2}),
        ("checks", {"c": "done"}, {"c": "open"}),
        ("guidance", {"g": "yes"}, {"g": "no"}),
        ("modifiers", {"m": "no"}, {"m": "yes"}),
        ("unused", {"u": "DRUG_UNMATCHED"}, {"u": "EXPOSURE_NOT_TAKEN"}),
        ("excluded", ["UNMAPPED"], ["RETRACTED"]),
        ("issues", ["STALE"], ["AGE_UNKNOWN"]),
        ("no_issues", ["AGE_UNKNOWN"], ["STALE"]),
    ],
)
def test_each_key_can_be_right_and_wrong(key: str, right: Any, wrong: Any) -> None:
    assert failures({key: right}, ANSWER) == []
    (line,) = failures({key: wrong}, ANSWER)
    assert line.startswith(f"{key}: ")


def test_the_plain_audience_is_not_asked_for_treatment() -> None:
    assert failures({"guidance": {"g": "no"}}, ANSWER, "plain") == []
    clue = {**EXPLAINED, "cause": "a", "clues": ("fever",)}
    assert failures({"explanations": [clue]}, ANSWER, "plain") == []
    assert len(failures({"explanations": [clue]}, ANSWER)) == 1
