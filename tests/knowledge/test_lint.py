"""Each lint against a pack that breaks it, and the shipped pack against all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from leukon.knowledge import check, lint, load_knowledge

Spoil = Callable[[str, str, str], Path]

LIMITS, SCALE = "limits/leukopenia.yaml", "scales/test.yaml"
BROKEN = [
    ("claims.yaml", "sources: [BOOK], str", "sources: [], str", "claim c-1 has no source"),
    (LIMITS, "sources: [BOOK]", "sources: []", "limit lim.wbc.book has no source"),
    (LIMITS, "sources: [BOOK]", "sources: [HEARSAY]", "decides and rests on recalled sources only"),
    (LIMITS, "evidence: seen", "evidence: recalled", "lim.wbc.book is recalled; expected role: inactive"),
    (LIMITS, "claim: c-1", "claim: c-2", "votes, but c-2 is contradicted by c-1"),
    (LIMITS, "    sex: male\n    age: {from: 14 d, to: 3 mo}", "    primary: {en: a, pt: b}", "are both primary"),
    (LIMITS, "role: votes", "role: claim", "lim.wbc.book is primary; expected role: votes"),
    (LIMITS, "primary: {en", "condition: {en: birth weight, pt: peso}\n    primary: {en", "is primary and needs"),
    (LIMITS, "status: submitted", "status: approved", "is approved by nobody"),
    (SCALE, "from: 2.0, below: 3.0", "from: 2.1, below: 3.0", "a gap between test.wbc.g2@1.0 and test.wbc.g3@1.0"),
    (SCALE, "from: 2.0, below: 3.0", "from: 1.9, below: 3.0", "an overlap between test.wbc.g2@1.0 and"),
    (SCALE, "from: 3.0, to: lln", "from: 2.9, to: lln", "an overlap between test.wbc.g1@1.0 and"),
    (SCALE, "{grade: 3, below: 2.0", "{grade: 3, from: 1.0, below: 2.0", "the most severe grade test.wbc.g3@1.0 has"),
    (SCALE, "{grade: 3, below: 2.0", "{grade: 1, below: 2.0", "expected grades in order, mildest first"),
    (SCALE, "direction: low", "direction: high", "bound to the lower limit of a high term"),
    (SCALE, "<LLN - 3000/mm3", "<LLN - 3500/mm3", "prints 3500; expected an end of its machine value"),
    (SCALE, "<LLN - 3.0 x 10e9/L", "<LLN - 3.5 x 10e9/L", "prints 3.5"),
    (SCALE, "2.0-2.999", "2.0-2.99", None),
    (SCALE, "2.0-2.999", "2.0-2.989", "prints 2.989"),
    (SCALE, "2.0-2.999", "<3.0", "expected its lower end 2 10*9/L in it"),
    ("findings.yaml", "urgency: routine, claims: [c-1]", "urgency: routine, claims: []", "is routine without a claim"),
    ("claims.yaml", "reference, evidence: seen", "reference, evidence: recalled", "rests on recalled c-1"),
    ("issues.yaml", "bit: 7, ", "", "LLN_MISSING is flagged and has no bit"),
    ("issues.yaml", "severity: excluded", "severity: excluded, bit: 7", "UNMAPPED and LLN_MISSING share bit 7"),
    ("issues.yaml", "bit: 7", "bit: 63", "bit 63 of LLN_MISSING; expected 0 to 62"),
    ("units.csv", "10*9/L,count", "/uL,count", "the spelling '/uL' stands twice"),
    ("sources.yaml", ', aside: "kept for the test"', "", "nothing rests on source HEARSAY"),
    ("sources.yaml", "evidence: seen}", "evidence: seen, aside: no}", "source BOOK is set aside and used"),
    ("findings.yaml", "leukopenia.not-low,", "leukopenia.notlow,", "leukopenia has no finding leukopenia.not-low"),
    ("findings.yaml", "question: leukopenia", "question: neutropenia", "which no limit asks"),
    ("texts/pt.yaml", "low:", "lows:", "texts/pt.yaml:1: the key 'low' is missing"),
    ("texts/pt.yaml", "{limit}", "{value}", "'low' has placeholders ['value']; expected ['limit']"),
    ("analytes.yaml", "{en: [leukocytes]", "{en: [Neutrophils]", "'neutrophils' means NEUT and WBC"),
    ("analytes.yaml", "en: [neut share]", "en: [neutrophils]", "is both a name and a percentage of NEUT"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "said"), BROKEN, ids=[f"{n}:{new}"[:60] for n, _, new, _ in BROKEN])
def test_a_broken_pack(spoil: Spoil, name: str, old: str, new: str, said: str | None) -> None:
    found = [problem for problem in check(spoil(name, old, new)) if "no case" not in problem]
    if said is None:
        assert found == []
    else:
        assert any(said in problem for problem in found), found


def test_the_sound_pack_lacks_only_cases(pack: Path) -> None:
    assert all("no case" in problem for problem in check(pack))


def test_two_primaries_for_different_people_are_fine(spoil: Spoil) -> None:
    pack = spoil(
        "limits/leukopenia.yaml",
        "    sex: male\n",
        "    sex: male\n    primary: {en: for infants, pt: para lactentes}\n",
    )
    assert not any("primary" in problem for problem in check(pack))


def test_a_site_overlay_is_checked_on_the_shipped_pack(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("kind: settings\nitems: [{id: nowhere, value: 1}]\n", "utf-8")
    assert any("unknown setting 'nowhere'" in problem for problem in check(tmp_path))


def test_the_shipped_pack() -> None:
    assert check() == []


def test_nothing_shipped_is_approved() -> None:
    knowledge = load_knowledge()
    for items in (knowledge.claims, knowledge.limits, knowledge.editions):
        assert {item.review.status for item in items.values()} <= {"submitted", "under_review"}


def test_every_lint_is_listed() -> None:
    assert len({*lint.MEANING, *lint.ORDER}) == len(lint.MEANING) + len(lint.ORDER)
