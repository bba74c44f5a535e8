"""The Assessment: what leukon answers about one person, as one tree that round-trips to JSON.

Numbers are decimal strings with a point, whatever the language; words are in `language`. Fields that
may be absent are left out of the JSON when empty (they have a default here); lists are always there.
Nothing in it depends on a clock. The shape is the published contract `leukon.assessment/1`.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from leukon.report.part import Part, Urgency
from leukon.report.reasons import (
    Bar,
    Check,
    Episode,
    Explanation,
    Guidance,
    History,
    Modifier,
    Monitoring,
    Risk,
    Unused,
)

SCHEMA = "leukon.assessment/1"
UNNAMED = "person"
"""The subject of a request that names nobody."""

State = Literal["low-by-all", "low-by-some", "not-low", "cannot-tell"]
Audience = Literal["clinician", "plain"]


class Made(Part, frozen=True, kw_only=True):
    """The program that answered."""

    name: str
    version: str


class Pack(Part, frozen=True, kw_only=True):
    """The knowledge it answered from."""

    version: str
    sha256: str


class AsSent(Part, frozen=True, kw_only=True):
    """What stood in the input, word for word. It is data: escape it, never interpret it."""

    value: str
    unit: str = ""
    test: str = ""


class Interval(Part, frozen=True, kw_only=True):
    """The laboratory's own interval as sent with one value, in the value's display unit."""

    low: str = ""
    high: str = ""


class Derived(Part, frozen=True, kw_only=True):
    """How a value was computed: the rule and the ids of the values it came from."""

    rule: str
    inputs: list[str]


class Value(Part, frozen=True, kw_only=True):
    """One usable value. `value` reads "3.6", "<0.1", ">100" or "0.2 to 0.4"; `low`/`high` only when it is a span.

    `precision` is the exact 95 % interval of a counted differential; it never decides anything.
    `collected_s` are epoch seconds, or seconds from the person's own start (`time_basis` relative).
    """

    id: str
    analyte: str
    name: str
    value: str
    unit: str
    used: bool
    status: str = ""
    low: str = ""
    high: str = ""
    precision: Interval | None = None
    as_sent: AsSent | None = None
    derived: Derived | None = None
    interval: Interval | None = None
    collected: str = ""
    collected_s: int | None = None
    time_basis: str = ""
    age_days: int | None = None
    issues: list[str] = []


class Excluded(Part, frozen=True, kw_only=True):
    """One result that was read and not used, with the reason and, where it could be read, its value."""

    id: str
    code: str
    path: str
    text: str
    as_sent: AsSent
    analyte: str = ""
    what_to_do: str = ""
    value: str = ""
    unit: str = ""
    collected: str = ""
    collected_s: int | None = None


class PrimaryLimit(Part, frozen=True, kw_only=True):
    """The limit that comes first for a value, and why it does."""

    value: str
    origin: Literal["laboratory", "site", "usual-level", "knowledge"]
    limit: str = ""
    reason: str = ""


class Lineage(Part, frozen=True, kw_only=True):
    """The answer about one cell type. `low_by`, `not_low_by`, `cannot_say` are ids (see `limits`); `lim.lab` is the
    laboratory's own limit sent with this value, `lim.usual` the person's own usual level. `serious`: a scale, a
    monitoring programme or a red flag calls it so, and nobody is told that some limits include it (SF-7)."""

    analyte: str
    name: str
    question: str
    state: State
    low_by: list[str]
    not_low_by: list[str]
    cannot_say: list[str] = []
    value: str = ""
    observation: str = ""
    collected: str = ""
    finding: str = ""
    finding_name: str = ""
    urgency: Urgency
    primary_limit: PrimaryLimit | None = None
    worst_grade: int | None = None
    serious: bool = False
    note: str = ""
    reason: str = ""


class Answer(Part, frozen=True, kw_only=True):
    """The answer to one more question: leukocytosis, agranulocytosis, pancytopenia."""

    question: str
    state: str
    finding: str
    name: str
    analyte: str = ""
    observation: str = ""
    urgency: Urgency
    by: list[str] = []
    not_by: list[str] = []
    reason: str = ""


class Pseudo(Part, frozen=True, kw_only=True):
    """One of the three meanings of pseudo-leukopenia, and what it would need to be judged."""

    kind: Literal["artefact", "redistribution", "constitutional"]
    state: Literal["possible", "supported", "unlikely", "not-assessed"]
    name: str
    needs: list[str] = []
    note: str = ""
    claims: list[str] = []


class UrgencyLevel(Part, frozen=True, kw_only=True):
    """The highest urgency of all rules that fired, what set it (ids of findings, rules, programmes) and its claims."""

    level: Urgency
    claims: list[str]
    findings: list[str]
    text: str


class NearBoundary(Part, frozen=True, kw_only=True):
    """A value so close to a line that a repeat could fall on its other side."""

    analyte: str
    boundary: str
    by: list[str] = []


class Anchor(Part, frozen=True, kw_only=True):
    """A named point of the number line, from the severity scale that is always computed."""

    value: str
    word: str
    claims: list[str] = []


class Elsewhere(Part, frozen=True, kw_only=True):
    """Published lines at one place of the number line."""

    value: str
    limits: list[str]
    voting: bool = True


class NumberLine(Part, frozen=True, kw_only=True):
    """What a picture of one value shows: the one interval that fits, and where others draw the line."""

    analyte: str
    name: str
    unit: str
    observation: str
    value: str
    low: str
    high: str
    elsewhere: list[Elsewhere]
    anchors: list[Anchor]
    interval: Interval | None = None
    interval_origin: str = ""


class Verdict(Part, frozen=True, kw_only=True):
    """`state` answers "leukopenia?" and is that of the white count; the headline is about the most urgent cell type.
    `also` is what must be read with it, in order."""

    state: State
    headline: str
    headline_analyte: str
    also: list[str]
    analytes: list[Lineage]
    questions: list[Answer]
    pseudo: list[Pseudo]
    urgency: UrgencyLevel
    near_boundary: list[NearBoundary]
    number_lines: list[NumberLine]


class Grade(Part, frozen=True, kw_only=True):
    """One value on one term of one edition. `grade` is absent when it cannot be told; see `grade_status`."""

    observation: str
    analyte: str
    scale: str
    version: str
    term: str
    grade_status: str
    grade: str | None = None
    grade_possible: list[str] = []
    rule: str = ""
    printed: str = ""
    lln: str = ""
    word: str = ""
    note: str = ""


class Position(Part, frozen=True, kw_only=True):
    """One place where sources draw the line. `says` is its answer about this value; `no-vote` marks statements that
    are contradicted, obsolete or advisory: they are shown and never decide."""

    value: str
    says: Literal["low", "not-low", "cannot-say", "no-vote"]
    claims: list[str]
    limits: list[str]
    years: str = ""
    strengths: list[str] = []
    populations: list[str] = []


class Disagreement(Part, frozen=True, kw_only=True):
    """One question on which sources differ, lowest line first."""

    analyte: str
    question: str
    positions: list[Position]
    changes_verdict: bool


class Missing(Part, frozen=True, kw_only=True):
    """Something not known, and what that means for the answer."""

    what: str
    effect: str
    id: str


class Issue(Part, frozen=True, kw_only=True):
    """A reason code raised about this input, where, and what it does to the answer."""

    code: str
    severity: Literal["rejected", "excluded", "flagged", "info"]
    path: str
    effect: str
    what_to_do: str = ""


class SourceRef(Part, frozen=True, kw_only=True):
    """A document."""

    id: str
    title: str
    publisher: str
    date: str
    locator: str
    type: str


class ClaimRef(Part, frozen=True, kw_only=True):
    """One sourced statement as it stands in the knowledge, with the state of its review shown as it is."""

    text: str
    strength: str
    source: SourceRef
    review: str
    evidence: str
    place: str = ""
    further_sources: list[SourceRef] = []
    contradicted_by: list[str] = []


class LimitRef(Part, frozen=True, kw_only=True):
    """One limit that applies (or would, if more were known): who draws the line, for whom."""

    analyte: str
    value: str
    unit: str
    bound: str
    role: str
    population: str
    year: str
    strength: str
    who: str
    sources: list[str]
    condition: str = ""
    claim: str = ""
    primary: str = ""


class Assessment(Part, frozen=True, kw_only=True):
    """All that leukon says about one person's blood counts."""

    schema: str
    engine: Made
    knowledge: Pack
    assessment_id: str
    subject: str
    as_of: str | None
    language: str
    audience: Audience
    scales: list[str]
    values: list[Value]
    excluded: list[Excluded]
    verdict: Verdict
    grades: list[Grade]
    history: list[History] = []
    episodes: list[Episode] = []
    explanations: list[Explanation]
    unused: list[Unused] = []
    bars: list[Bar] = []
    risk: Risk
    monitoring: list[Monitoring] = []
    modifiers: list[Modifier] = []
    checks: list[Check]
    guidance: list[Guidance]
    disagreements: list[Disagreement]
    missing: list[Missing]
    would_change: list[str]
    issues: list[Issue]
    claims: dict[str, ClaimRef]
    limits: dict[str, LimitRef]
    sources: dict[str, SourceRef]
    safety_net: list[str]
    safety_net_text: list[str]
    ask: list[str]
    intended_use: str
    intended_use_text: str

    def to_json(self) -> bytes:
        """UTF-8 JSON, keys sorted, no spaces: the same Assessment always gives the same bytes."""
        return msgspec.json.encode(self, order="sorted")

    def to_dict(self) -> dict[str, Any]:
        """The same tree as plain dicts, lists and strings."""
        built: dict[str, Any] = msgspec.to_builtins(self)
        return built

    @classmethod
    def from_json(cls, data: bytes | str) -> Assessment:
        """Read back what `to_json` wrote; raises msgspec.ValidationError with a path when it is something else."""
        return msgspec.json.decode(data, type=cls)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Assessment:
        """Read back what `to_dict` gave."""
        return msgspec.convert(data, cls)
