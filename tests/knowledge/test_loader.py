"""Files to structs: what a sound pack says, and how a broken one is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from leukon.errors import KnowledgeError
from leukon.knowledge import load_knowledge
from leukon.knowledge.model import Band

Spoil = Callable[[str, str, str], Path]


def problems_of(path: Path, over: Path | None = None) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(path, over=over)
    assert caught.value.exit_code == 5
    return caught.value.problems


def test_a_sound_pack(pack: Path) -> None:
    knowledge = load_knowledge(pack)
    assert knowledge.version == "2026.10"
    assert knowledge.settings == {"adult_h": 157788}
    assert len(knowledge.sha256) == 64
    limit = knowledge.limits["lim.wbc.book"]
    assert (limit.value, limit.display, limit.age_low_h, limit.age_high_h) == (4 * 10**9, "4.0", 18 * 8766, None)
    assert (limit.sex, limit.pregnancy, limit.exact_age, limit.bound) == ("any", ("not-stated",), False, "lower")
    micro = knowledge.limits["lim.wbc.micro"]
    assert (micro.value, micro.display) == (3_500_000_000, "3.5")
    assert (micro.age_low_h, micro.age_high_h) == (14 * 24, 2192), "three months are 2191.5 h, rounded up"
    assert micro.at == "limits/leukopenia.yaml:18"
    assert knowledge.analytes["WBC"].lineage
    assert knowledge.plausible["WBC"].low == 10**7
    assert knowledge.texts["pt"]["low"] == "abaixo de {limit}"


def test_bands_are_closed_whole_numbers(pack: Path) -> None:
    (edition,) = load_knowledge(pack).editions.values()
    assert edition.id == "TEST@1.0"
    (term,) = edition.terms
    assert [(band.id, band.low, band.high, band.upto_lln) for band in term.bands] == [
        ("test.wbc.g1@1.0", 3 * 10**9, None, True),
        ("test.wbc.g2@1.0", 2 * 10**9, 3 * 10**9 - 1, False),
        ("test.wbc.g3@1.0", None, 2 * 10**9 - 1, False),
    ]


@pytest.mark.parametrize(
    ("ends", "low", "high"),
    [
        ("above: 4.0, to: 20.0", 4 * 10**9 + 1, 20 * 10**9),
        ("from: 4.0, below: 20.0", 4 * 10**9, 20 * 10**9 - 1),
        ("above: 4.0", 4 * 10**9 + 1, None),
    ],
)
def test_open_and_closed_ends(spoil: Spoil, ends: str, low: int, high: int | None) -> None:
    pack = spoil("scales/test.yaml", "direction: low", "direction: high")
    text = (pack / "scales/test.yaml").read_text("utf-8")
    head = text[: text.index("          - {grade: 1")]
    last = "" if high is None else f"          - {{grade: 2, above: {'20.0' if 'to' in ends else '19.999999999'}}}\n"
    (pack / "scales/test.yaml").write_text(f"{head}          - {{grade: 1, {ends}}}\n{last}", "utf-8")
    (edition,) = load_knowledge(pack).editions.values()
    band: Band = edition.terms[0].bands[0]
    assert (band.low, band.high) == (low, high)


LIMITS, SCALE = "limits/leukopenia.yaml", "scales/test.yaml"
BROKEN = [
    (LIMITS, "sex: male", "sex: mal", "limits/leukopenia.yaml:26: 'mal'; expected one of any, fem"),
    (LIMITS, "sex: male", "sexx: male", "did you mean 'sex'?"),
    (LIMITS, "value: 4.0", "value: 4,0", "limits/leukopenia.yaml:7: '4,0'; expected a decimal"),
    (LIMITS, "value: 4.0", "value: 0.0000000001", "is not a whole number of cells/L"),
    (LIMITS, "unit: /uL", "unit: /ul", "did you mean '/uL'?"),
    (LIMITS, "    unit: /uL\n", "", "the key 'unit' is missing"),
    (LIMITS, "from: 14 d, to: 3 mo", "from: 14 d, to: 14 d", "the age starts where it has ended"),
    (LIMITS, "from: 14 d", "from: two weeks", "'two weeks'; expected an age such as 18 y"),
    (LIMITS, "sources: [BOOK]", "sources: [BOK]", "unknown source 'BOK'; did you mean 'BOOK'?"),
    (LIMITS, "claim: c-1", "claim: c-9", "unknown claim 'c-9'"),
    (LIMITS, "analyte: WBC", "analyte: WBCC", "unknown analyte 'WBCC'; did you mean 'WBC'?"),
    (LIMITS, "id: lim.wbc.micro", "id: lim.wbc.book", "stands twice (first at limits/leukopenia.yaml:4)"),
    (LIMITS, "kind: limits", "kind: limit", "kind 'limit'; expected kind: sources"),
    (LIMITS, "review: {status: submitted, by: [], checked: 2026-11-20}\n", "", "no review state"),
    (LIMITS, "population: {en: men, pt: homens}", "population: {en: men}", "the key 'pt' is missing"),
    ("claims.yaml", "pt: \"abaixo de 4,0\"", "pt: \"\"", "claims.yaml:4: an empty text"),
    ("claims.yaml", "contradicted_by: [c-1]", "contradicted_by: [c-3]", "unknown claim 'c-3'"),
    ("analytes.yaml", "lineage: yes", "lineage: true", "'true'; expected one of yes, no"),
    ("analytes.yaml", "display_factor: 1000000000", "display_factor: 1e9", "'1e9'; expected a whole number"),
    (SCALE, "to: lln", "to: uln", "'uln'; expected one of lln"),
    (SCALE, "from: 2.0, below: 3.0", "from: 2.0, below: 3.0, to: 3.0", "two ends on one side"),
    (SCALE, "scale: TEST", "scale: test", "'test'; expected a name such as CTCAE"),
    ("issues.yaml", "bit: 7", "bit: x", "issues.yaml:3: 'x'; expected a whole number"),
    ("settings.yaml", "value: 157788", "value: 1577.88", "settings.yaml:4: adult_h is 1577.88; expected a whole"),
    ("settings.yaml", "  - {id: version, value: 2026.10}\n", "", "no item with id version"),
    ("plausibility.yaml", "lln: [0.5, 30]", "lln: [0.5, 30, 40]", "lln has 3 numbers"),
    ("texts/en.yaml", 'low: "below {limit}"', "low:", "texts/en.yaml:2: nothing here"),
    ("units.csv", "/uL,count", "/uL,counts", "units.csv:2: quantity 'counts'; expected one of count"),
    ("units.csv", "1000000,1,", "1000000,0,", "units.csv:2: num '1000000', den '0'"),
    ("units.csv", "spelling,quantity", "quantity,spelling", "units.csv:1: the header is quantity,spelling"),
    ("findings.yaml", "claims: [c-1]", "claims: [c-7]", "unknown claim 'c-7'"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "said"), BROKEN, ids=[f"{name}:{new}"[:60] for name, _, new, _ in BROKEN]
)
def test_what_is_refused(spoil: Spoil, name: str, old: str, new: str, said: str) -> None:
    found = problems_of(spoil(name, old, new))
    assert any(said in problem for problem in found), found


def test_all_problems_at_once(spoil: Spoil) -> None:
    spoil("limits/leukopenia.yaml", "sex: male", "sex: mal")
    spoil("claims.yaml", "evidence: seen", "evidence: sen")
    found = problems_of(spoil("settings.yaml", "157788", "x"))
    assert len({problem.split(":")[0] for problem in found}) >= 3


def test_no_folder_no_answer(tmp_path: Path) -> None:
    assert "no knowledge files here" in problems_of(tmp_path)[0]


SITE = """\
kind: limits
review: {status: submitted, by: [], checked: 2026-11-20}
items:
  - id: lim.wbc.ours
    question: leukopenia
    analyte: WBC
    value: 3.9
    unit: 10*9/L
    kind: site
    role: votes
    population: {en: our adults, pt: nossos adultos}
    age: {from: 18 y}
    sources: []
    strength: laboratory
    evidence: seen
"""


class TestOverlay:
    """A hospital lays its own limits over ours, with the same checks."""

    def test_a_new_id_adds(self, pack: Path, tmp_path: Path) -> None:
        (tmp_path / "ours.yaml").write_text(SITE, "utf-8")
        base, laid = load_knowledge(pack), load_knowledge(pack, over=tmp_path / "ours.yaml")
        assert laid.limits["lim.wbc.ours"].value == 3_900_000_000
        assert base.limits.keys() < laid.limits.keys()
        assert base.sha256 != laid.sha256

    def test_the_same_id_replaces(self, pack: Path, tmp_path: Path) -> None:
        (tmp_path / "ours.yaml").write_text(SITE.replace("lim.wbc.ours", "lim.wbc.book"), "utf-8")
        limit = load_knowledge(pack, over=tmp_path / "ours.yaml").limits["lim.wbc.book"]
        assert (limit.kind, limit.display) == ("site", "3.9")

    def test_settings_of_known_names_only(self, pack: Path, tmp_path: Path) -> None:
        ours = tmp_path / "site"
        ours.mkdir()
        (ours / "settings.yaml").write_text("kind: settings\nitems: [{id: adult_h, value: 140256}]\n", "utf-8")
        assert load_knowledge(pack, over=ours).settings["adult_h"] == 140256
        (ours / "settings.yaml").write_text("kind: settings\nitems: [{id: adult, value: 1}]\n", "utf-8")
        assert "unknown setting 'adult'; did you mean 'adult_h'?" in problems_of(pack, ours)[0]

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("kind: site", "kind: definition", "expected kind: site in a site's file"),
            ("kind: limits", "kind: claims", "kind 'claims'; expected kind: limits, settings, sources"),
            ("sources: []", "sources: [OUR-BOOK]", "unknown source 'OUR-BOOK'"),
            ("role: votes", "role: votes\n    primary: {en: ours, pt: nossa}", "are both primary for the same people"),
        ],
    )
    def test_the_same_checks(self, pack: Path, tmp_path: Path, old: str, new: str, said: str) -> None:
        (tmp_path / "ours.yaml").write_text(SITE.replace(old, new), "utf-8")
        assert any(said in problem for problem in problems_of(pack, tmp_path / "ours.yaml"))

    def test_a_missing_overlay_is_a_problem(self, pack: Path, tmp_path: Path) -> None:
        assert "there is no such file" in problems_of(pack, tmp_path / "nowhere")[0]
