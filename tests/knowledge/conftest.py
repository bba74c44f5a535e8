"""A small sound pack in a temporary folder, for tests that break one thing of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

FILES = {
    "sources.yaml": """\
kind: sources
items:
  - {id: BOOK, type: reference, title: A book, publisher: Somebody, year: 2021, locator: "", evidence: seen}
  - {id: HEARSAY, type: reference, title: Not read, evidence: recalled, aside: "kept for the test"}
""",
    "claims.yaml": """\
kind: claims
review: {status: submitted, by: [], checked: 2026-11-20}
items:
  - {id: c-1, text: {en: below 4.0, pt: "abaixo de 4,0"}, sources: [BOOK], strength: reference, evidence: seen}
  - id: c-2
    text: {en: below 0.5, pt: "abaixo de 0,5"}
    sources: [BOOK]
    strength: reference
    evidence: seen
    contradicted_by: [c-1]
""",
    "analytes.yaml": """\
kind: analytes
items:
  - id: WBC
    dimension: count
    base_unit: cells/L
    display_unit: 10*9/L
    display_factor: 1000000000
    name: {en: white blood cells, pt: leucócitos}
    short: {en: WBC, pt: leucócitos}
    plain: {en: white blood cells, pt: glóbulos brancos}
    synonyms: {en: [leukocytes], pt: [leucócitos totais]}
    lineage: yes
  - id: NEUT
    dimension: count
    base_unit: cells/L
    display_unit: 10*9/L
    display_factor: 1000000000
    name: {en: neutrophils, pt: neutrófilos}
    short: {en: ANC, pt: neutrófilos}
    plain: {en: neutrophils, pt: neutrófilos}
    percent_synonyms: {en: [neut share], pt: [porção de neutrófilos]}
    loinc: [{code: 751-8, name: Neutrophils by Automated count, quantity: count, method: automated}]
    cdisc: [{code: NEUTLE, name: Neutrophils/Leukocytes, quantity: percent}]
    lineage: yes
""",
    "limits/leukopenia.yaml": """\
kind: limits
review: {status: submitted, by: [], checked: 2026-11-20}
items:
  - id: lim.wbc.book
    question: leukopenia
    analyte: WBC
    value: 4.0
    unit: 10*9/L
    kind: definition
    role: votes
    population: {en: adults, pt: adultos}
    age: {from: 18 y, to: null}
    primary: {en: the only one, pt: o único}
    sources: [BOOK]
    strength: reference
    evidence: seen
    claim: c-1
  - id: lim.wbc.micro
    question: leukopenia
    analyte: WBC
    value: 3500
    unit: /uL
    kind: interval
    role: votes
    population: {en: men, pt: homens}
    sex: male
    age: {from: 14 d, to: 3 mo}
    sources: [BOOK]
    strength: research
    evidence: seen
""",
    "scales/test.yaml": """\
kind: scale
scale: TEST
review: {status: submitted, by: [], checked: 2026-11-20}
editions:
  - version: 1.0
    title: {en: A scale, pt: Uma escala}
    population: {en: all, pt: todos}
    year: 2020
    sources: [BOOK]
    evidence: seen
    terms:
      - id: test.wbc
        name: White cells
        analyte: WBC
        direction: low
        bands:
          - {grade: 1, from: 3.0, to: lln, printed: "<LLN - 3000/mm3; <LLN - 3.0 x 10e9/L"}
          - {grade: 2, from: 2.0, below: 3.0, printed: "2.0-2.999"}
          - {grade: 3, below: 2.0, printed: "<2.0"}
""",
    "findings.yaml": "kind: findings\nitems:\n"
    + "".join(
        f"  - {{id: leukopenia.{state}, question: leukopenia, name: {{en: a, pt: b}}, plain: {{en: a, pt: b}}, "
        f"urgency: {urgency}, claims: {claims}}}\n"
        for state, urgency, claims in (
            ("low-by-all", "routine", "[c-1]"),
            ("low-by-some", "routine", "[c-1]"),
            ("not-low", "none", "[]"),
            ("cannot-tell", "none", "[]"),
        )
    ),
    "issues.yaml": """\
kind: issues
items:
  - {code: LLN_MISSING, severity: flagged, bit: 7, text: {en: no limit, pt: sem limite}}
  - {code: UNMAPPED, severity: excluded, text: {en: not known, pt: desconhecido}}
""",
    "settings.yaml": "kind: settings\nitems:\n  - {id: version, value: 2026.10}\n  - {id: adult_h, value: 157788}\n",
    "plausibility.yaml": "kind: plausibility\nitems:\n  - {analyte: WBC, unit: 10*9/L, low: 0.01, lln: [0.5, 30]}\n",
    "texts/en.yaml": 'kind: texts\nlow: "below {limit}"\n',
    "texts/pt.yaml": 'kind: texts\nlow: "abaixo de {limit}"\n',
    "units.csv": "spelling,quantity,ucum,num,den,locales,issue,min_value,source,evidence\n"
    "/uL,count,/uL,1000000,1,,,,BOOK,seen\n10*9/L,count,10*9/L,1000000000,1,,,,BOOK,seen\n",
}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A folder with a sound pack."""
    for name, text in FILES.items():
        file = tmp_path / "pack" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return tmp_path / "pack"


@pytest.fixture
def spoil(pack: Path) -> Callable[[str, str, str], Path]:
    """Replaces one text in one file of the sound pack (it must occur) and gives the pack."""

    def change(name: str, old: str, new: str) -> Path:
        text = (pack / name).read_text("utf-8")
        assert old in text, f"{old!r} is not in {name}"
        (pack / name).write_text(text.replace(old, new, 1), "utf-8")
        return pack

    return change
