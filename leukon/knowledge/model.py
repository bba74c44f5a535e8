"""What the knowledge files hold, once read and checked.

Everything is frozen. Counts are already whole cells per litre (other analytes: their base
unit), ages whole hours. Every item knows the file and line it came from, so that any
statement of the product can be opened at its place.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from leukon.knowledge.reasons import (
    Cause,
    EpisodeRule,
    Measure,
    Programme,
    Rule,
    Score,
    SeedItem,
    Sign,
    Topic,
)
from leukon.knowledge.review import Review, Strength, Text

Question = str


class Source(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A document. `evidence`: `seen` when its text was read, `recalled` when it was not."""

    id: str
    type: str
    title: str
    publisher: str
    year: str
    locator: str
    evidence: Literal["seen", "recalled"]
    at: str


class Claim(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One sourced statement. `contradicted_by` names the claims that say otherwise; such a claim decides nothing."""

    id: str
    text: Text
    sources: tuple[str, ...]
    place: str
    strength: Strength
    evidence: Literal["seen", "recalled"]
    contradicted_by: tuple[str, ...]
    review: Review
    at: str


class Code(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One code of an analyte: LOINC code or CDISC LBTESTCD."""

    code: str
    name: str
    quantity: Literal["count", "percent", "ratio", "mass", "volume", "presence"]
    method: str = "unknown"


class Analyte(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One thing that a laboratory measures. `question` is the cytopenia asked of it ("" = none)."""

    id: str
    dimension: Literal["count", "mass", "volume"]
    base_unit: str
    display_unit: str
    display_factor: int
    name: Text
    short: Text
    plain: Text
    synonyms: dict[str, tuple[str, ...]]
    percent_synonyms: dict[str, tuple[str, ...]]
    loinc: tuple[Code, ...]
    cdisc: tuple[Code, ...]
    lineage: bool
    at: str


class Unit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One spelling of a unit, folded. base = value * num / den.

    `locales` restricts a spelling to languages in which it has this meaning (() = any); `issue`
    is raised when it is used. num = 0 marks a unit that is recognised and refused (`issue` says why).
    """

    spelling: str
    quantity: Literal["count", "percent", "fraction", "ratio", "mass", "volume", "refused"]
    ucum: str
    num: int
    den: int
    locales: tuple[str, ...]
    issue: str
    min_value: str
    at: str


class Limit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where somebody draws the line. lower: low if count < value; upper: high if count > value.

    `role`: `votes` takes part in verdicts, `claim` is shown and never decides (contradicted,
    obsolete or advisory), `inactive` is not evidenced well enough to be shown as a limit.
    Ages are half-open hours [age_low_h, age_high_h); None = no bound stated on that side.
    `exact_age`: stated in hours of life, so it needs an age known to the hour.
    `pregnancy`: ("not-stated",) for a general population, ("no",) for stated non-pregnant, ("any",) where
    pregnancy makes no difference, else the pregnancy states it is for. `condition`: anything else that must
    hold and that leukon cannot know (for example a birth weight): then it never votes, only listed.
    """

    id: str
    question: Question
    analyte: str
    bound: Literal["lower", "upper"]
    value: int
    display: str
    kind: Literal["interval", "definition", "severity", "site"]
    role: Literal["votes", "claim", "inactive"]
    population: Text
    sex: Literal["any", "female", "male"]
    age_low_h: int | None
    age_high_h: int | None
    exact_age: bool
    pregnancy: tuple[str, ...]
    duffy: Literal["any", "null", "non-null"]
    condition: Text
    primary: Text
    year: str
    sources: tuple[str, ...]
    place: str
    strength: Strength
    evidence: Literal["seen", "recalled"]
    claim: str
    review: Review
    at: str


class Band(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One grade of one term: printed words and machine value side by side.

    Closed interval [low, high] in whole base units; None = open. `upto_lln`: the grade holds up
    to (not including) the laboratory's lower limit. `above_uln`: it holds above the upper limit.
    `needs`: a clinical condition that a count alone cannot show (then it is never computed).
    """

    id: str
    grade: int
    low: int | None
    high: int | None
    upto_lln: bool
    above_uln: bool
    needs: Text
    printed: str
    at: str


class Term(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One term of one edition for one age group. `missing` says why an edition has no such term."""

    id: str
    name: str
    analyte: str
    direction: Literal["low", "high"]
    age_low_h: int | None
    age_high_h: int | None
    age_printed: str
    condition: Text
    bands: tuple[Band, ...]
    missing: Text
    sources: tuple[str, ...]
    place: str
    at: str


class Edition(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One edition of a grading scale, spelled `SCALE@VERSION`. Grades never compare across editions.

    `always`: computed for every count whether asked or not (the clinical severity words).
    """

    id: str
    scale: str
    version: str
    title: Text
    population: Text
    year: str
    always: bool
    terms: tuple[Term, ...]
    sources: tuple[str, ...]
    notes: Text
    evidence: Literal["seen", "recalled"]
    review: Review
    at: str


class Finding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a question's answer means: words, urgency and the claims behind both."""

    id: str
    question: Question
    name: Text
    plain: Text
    urgency: Literal["none", "routine", "soon", "same-day", "emergency-if-symptoms", "emergency"]
    claims: tuple[str, ...]
    at: str


class Issue(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A reason code. `bit` is its place in a set of issues (None: only ever a reason for exclusion)."""

    code: str
    severity: Literal["rejected", "excluded", "flagged", "info"]
    bit: int | None
    text: Text
    what_to_do: Text
    at: str


class Plausible(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Engineering bounds of one analyte in base units (not clinical statements; DESIGN).

    Below `low` (and above zero) or from `high` on a value is excluded; below `flag_low` or above
    `flag_high` it is used and flagged; `lln_low`..`lln_high` is what a laboratory's lower limit can be;
    `keep_below`: a count under it is never discarded for exceeding the WBC (SF-5);
    `bound_below`: where the WBC alone bounds this lineage under this value, the bound is a value (SF-4).
    """

    analyte: str
    low: int | None
    high: int | None
    flag_low: int | None
    flag_high: int | None
    lln_low: int | None
    lln_high: int | None
    keep_below: int | None
    bound_below: int | None
    at: str


class Knowledge(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """All knowledge of one version. `tables` is what the chain joins (see compile.py)."""

    version: str
    sha256: str
    sources: dict[str, Source]
    claims: dict[str, Claim]
    analytes: dict[str, Analyte]
    units: tuple[Unit, ...]
    limits: dict[str, Limit]
    editions: dict[str, Edition]
    findings: dict[str, Finding]
    issues: dict[str, Issue]
    plausible: dict[str, Plausible]
    settings: dict[str, int]
    texts: dict[str, dict[str, str]]
    causes: dict[str, Cause]
    measures: dict[str, Measure]
    signs: dict[str, Sign]
    rules: dict[str, Rule]
    scores: dict[str, Score]
    programmes: dict[str, Programme]
    episode_rules: dict[str, EpisodeRule]
    topics: dict[str, Topic]
    seeds: dict[str, SeedItem]
