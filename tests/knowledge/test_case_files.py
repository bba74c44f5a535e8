"""The cases beside the knowledge: their format, their reach, and what both engines answer to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leukon.errors import KnowledgeError
from leukon.knowledge import Knowledge, cases, load_knowledge
from leukon.knowledge.cases import Case
from leukon.knowledge.coverage import lines, uncovered
from leukon.knowledge.pack import SHIPPED

CASES = cases.read()

GOOD = """\
kind: cases
items:
  - name: "WBC 2.999 is grade 2"
    given: {person: {sex: female, age_years: 40}, results: [{test: WBC, value: 2.999, unit: 10*9/L, low: 4.0}]}
    expect: {grades: {TEST@1.0: {test.wbc: 2}}, states: {leukopenia: low-by-all}}
"""


def test_shipped_cases_come_out_on_sqlite(knowledge: Knowledge) -> None:
    from leukon.assess import answer

    assert cases.run(knowledge, answer) == []


def test_shipped_cases_come_out_on_duckdb(knowledge: Knowledge) -> None:
    from leukon.answers import answers

    assert cases.run_together(knowledge, answers) == []


def test_each_case_has_a_sentence_of_its_own() -> None:
    by_file: dict[str, list[str]] = {}
    for case in CASES:
        by_file.setdefault(case.at.split(":")[0], []).append(case.name)
    for file, names in by_file.items():
        assert len(names) == len({*names}), file


def test_cases_reach_every_line(knowledge: Knowledge) -> None:
    assert uncovered(knowledge, SHIPPED) == []


@pytest.mark.parametrize(
    ("scale", "edition", "vectors"),
    [
        ("ctcae.neut", "CTCAE@5.0", {"1.600": 1, "1.5": 1, "1.499": 2, "1.0": 2, "0.999": 3, "0.5": 3, "0.499": 4}),
        ("ctcae.neut", "CTCAE@6.0", {"1.5": 0, "1.499": 1, "1.0": 1, "0.999": 2, "0.5": 2, "0.499": 3, "0.099": 4}),
        ("daids.neut", "DAIDS@2.1", {"1.0": 1, "0.999": 1, "0.5": 3, "0.400": 3, "0.4": 3, "0.099": 4}),
        ("fda.neut", "FDA-VACCINE@2007", {"2.0": 1, "1.5": 1, "1.499": 2, "0.499": 4}),
        ("ctcae.wbc", "CTCAE@6.0", {"3.9": 1, "3.0": 1, "2.999": 2, "2.0": 2, "1.0": 3, "0.99": 4}),
        ("daids.lymph", "DAIDS@2.1", {"0.9": 0, "0.64": 1, "0.65": 0, "0.5": 2, "0.2": 4, "0.19": 4}),
        ("who.gran", "WHO@1979", {"2.0": 0, "1.600": 1, "1.499": 2, "0.999": 3, "0.499": 4}),
    ],
)
def test_vectors_of_the_fact_sheet_are_among_them(scale: str, edition: str, vectors: dict[str, int]) -> None:
    """A sample of rules.md 1.3, so that a case cannot be corrected to fit a wrong scale unnoticed."""
    told = {
        case.results[0]["value"]: case.expect["grades"].get(edition, {}).get(scale)
        for case in CASES
        if case.person == {"sex": "female", "age_years": "40"} and scale in case.expect["grades"].get(edition, {})
        and ("low" in case.results[0] or not scale.startswith("ctcae")) and case.results[0]["unit"] == "10*9/L"
    }  # fmt: skip
    assert {value: told.get(value) for value in vectors if value in told} == {
        v: g for v, g in vectors.items() if v in told
    }
    assert len(told.keys() & vectors.keys()) >= len(vectors) - 1


class TestFormat:
    def read(self, folder: Path, text: str) -> list[Case]:
        (folder / "test.cases.yaml").write_text(text, "utf-8")
        return cases.read(folder)

    def test_a_case(self, tmp_path: Path) -> None:
        (case,) = self.read(tmp_path, GOOD)
        assert case.at == "test.cases.yaml:3"
        assert case.editions == ["TEST@1.0"]
        assert cases.request(case) == {
            "subject": {"id": "case", "sex": "female", "age_years": "40"},
            "observations": [{"id": "o1", "code": {"text": "WBC"}, "value": "2.999", "unit": "10*9/L", "low": "4.0"}],
            "scales": ["TEST@1.0"],
        }

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("kind: cases", "kind: case", "test.cases.yaml:1: 'case'; expected one of cases; did you mean 'cases'?"),
            ("sex:", "sexx:", "unknown key 'sexx'"),
            ("test: WBC, ", "", "the key 'test' is missing"),
            ("{test.wbc: 2}", "{test.wbc: two}", "'two'; expected a whole number"),
            ("TEST@1.0", "TEST", "the key 'TEST'; expected a key like"),
            ("states:", "stats:", "did you mean 'states'?"),
            ("items:", "item:", "no cases"),
        ],
    )
    def test_what_is_refused(self, tmp_path: Path, old: str, new: str, said: str) -> None:
        with pytest.raises(KnowledgeError) as caught:
            self.read(tmp_path, GOOD.replace(old, new, 1))
        assert any(said in problem for problem in caught.value.problems), caught.value.problems


def answering(**tables: list[dict[str, Any]]) -> Callable[..., Any]:
    held = {name: tables.get(name, []) for name in ("values", "grades", "findings", "excluded")}
    return lambda request, knowledge: held


GRADED = {"edition": "TEST@1.0", "term_id": "test.wbc", "grade": 2, "grade_low": 2, "grade_high": 2, "issues": 0}
FOUND = {"question": "leukopenia", "state": "low-by-all", "finding_id": "x", "band_id": None, "issues": 1 << 7}


class TestComparing:
    def failures(self, pack: Path, expect: str, **tables: list[dict[str, Any]]) -> list[str]:
        text = GOOD[: GOOD.index("    expect:")] + f"    expect: {expect}\n"
        (pack / "test.cases.yaml").write_text(text, "utf-8")
        return cases.run(load_knowledge(pack), answering(**tables), pack)

    @pytest.mark.parametrize(
        "expect",
        [
            "{grades: {TEST@1.0: {test.wbc: 2}}}",
            "{statuses: {TEST@1.0: {test.wbc: certain}}}",
            "{possible: {TEST@1.0: {test.wbc: [2]}}}",
            "{states: {leukopenia: low-by-all}}",
            "{findings: {leukopenia: x}}",
            "{issues: [LLN_MISSING]}",
            "{excluded: [UNMAPPED]}",
        ],
    )
    def test_right_and_wrong(self, pack: Path, expect: str) -> None:
        grade = {**GRADED, "grade_status": "certain"}
        tables: dict[str, list[dict[str, Any]]] = {
            "grades": [grade],
            "findings": [FOUND],
            "excluded": [{"code": "UNMAPPED"}],
        }
        assert self.failures(pack, expect, **tables) == []
        (failure,) = self.failures(pack, expect)
        assert failure.startswith("test.cases.yaml:3: WBC 2.999 is grade 2: ")
        assert "expected" in failure

    def test_what_must_not_be_raised(self, pack: Path) -> None:
        assert self.failures(pack, "{no_issues: [LLN_MISSING]}") == []
        assert len(self.failures(pack, "{no_issues: [LLN_MISSING]}", findings=[FOUND])) == 1

    def test_none_means_no_grade(self, pack: Path) -> None:
        expect = "{grades: {TEST@1.0: {test.wbc: none}}}"
        none = {**GRADED, "grade": None, "grade_status": "lln-missing"}
        assert self.failures(pack, expect, grades=[none]) == []
        assert len(self.failures(pack, expect, grades=[{**GRADED, "grade_status": "certain"}])) == 1


class TestReach:
    def missing(self, pack: Path, text: str = GOOD) -> list[str]:
        (pack / "test.cases.yaml").write_text(text, "utf-8")
        return uncovered(load_knowledge(pack), pack)

    def test_lines_of_a_term(self, pack: Path) -> None:
        (edition,) = load_knowledge(pack).editions.values()
        assert lines(edition.terms[0]) == [2 * 10**9, 3 * 10**9]

    @pytest.mark.parametrize(
        "said",
        [
            "no case on, over 3 of TEST@1.0 test.wbc",
            "no case under, on, over 2 of TEST@1.0 test.wbc",
            "no case under, on, over lim.wbc.book",
            "no case under, on, over lim.wbc.micro",
            "no case of leukopenia expects cannot-tell",
            "no case of leukopenia in another unit than 10*9/L",
            "no case of TEST@1.0 is censored",
            "no case of TEST@1.0 test.wbc lacks the lower limit",
        ],
    )
    def test_what_is_missing_is_said(self, pack: Path, said: str) -> None:
        assert any(said in problem for problem in self.missing(pack))

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("TEST@1.0", "TEST@2.0", "names 'TEST@2.0', which is no edition"),
            ("test.wbc: 2", "test.wb: 2", "names 'test.wb', which is no edition or term"),
            ("states: {leukopenia: low-by-all}", "low_by: {leukopenia: [lim.x]}", "unknown limit 'lim.x'"),
            ("states: {leukopenia: low-by-all}", "findings: {leukopenia: x}", "unknown finding 'x'"),
            ("states: {leukopenia: low-by-all}", "issues: [NOPE]", "unknown code 'NOPE'"),
        ],
    )
    def test_names_of_nothing(self, pack: Path, old: str, new: str, said: str) -> None:
        assert any(said in problem for problem in self.missing(pack, GOOD.replace(old, new)))
