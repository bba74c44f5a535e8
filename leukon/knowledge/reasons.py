"""What the knowledge holds about time, reasons, risk and next steps: the structs of `follow` and `explain`.

Durations are whole days or seconds, measures whole base units (see `measures.yaml`). Everything
that a person can have, take, show or be asked is one *sign*: yes, no or unknown. Rules, scores
and clues are written over signs; no threshold stands anywhere but in a sign.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from leukon.knowledge.review import Review, Strength, Text

Evidence = Literal["seen", "recalled"]
Level = Literal["none", "routine", "soon", "same-day", "emergency-if-symptoms", "emergency"]


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One statement about a cause; it becomes the claim `<cause id>.<about>` of the knowledge."""

    about: Literal["link", "frequency", "onset", "recovery", "clues", "next", "note"]
    text: Text
    sources: tuple[str, ...]
    strength: Strength
    evidence: Evidence
    place: str = ""


class Window(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """When a drug can lower a count, as far as a source was read. Absent: no window, so timing stays unknown.

    `from_days`..`to_days` after the first dose (None: no such end was read); `after_days`: up to so many days after the
    last dose. `closes`: the source says that the risk ends there, so that later counts do not fit.
    """

    from_days: int | None
    to_days: int | None
    after_days: int | None
    closes: bool
    sources: tuple[str, ...]
    place: str


class Cause(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A drug or a condition that lowers counts, or raises them and can hide a low one.

    `role`: `active` is used; `inactive` is found and explained but never offered as an explanation, with the reason in
    `why_inactive`; `finding` is a name for the low count itself (never its own cause).
    `lowers`, `raises`: analyte ids, or ANY: one line or more, so that no lineage speaks against it.
    `icd10cm` are prefixes, `icd10cm_not` what they do not mean. `parts`: for a class or a mixture, the causes in it.
    `says`: what each kind of source says where it is not read off the sources of the facts (yes | no).
    `clues`: ids of signs that speak for it when they are there.
    """

    id: str
    type: Literal["drug", "condition"]
    group: Text
    name: Text
    synonyms: dict[str, tuple[str, ...]]
    rxnorm: tuple[str, ...]
    atc: tuple[str, ...]
    icd10cm: tuple[str, ...]
    icd10cm_not: tuple[str, ...]
    snomed: tuple[str, ...]
    parts: tuple[str, ...]
    lowers: tuple[str, ...]
    raises: tuple[str, ...]
    mechanism: str
    mechanism_evidence: Evidence
    pattern: str
    evidence_level: Literal[
        "quantified", "listed", "case_reports", "weak_or_confounded", "disputed", "seed_only", "not_a_cause",
        "finding", "recalled",
    ]  # fmt: skip
    evidence: Evidence
    role: Literal["active", "inactive", "finding"]
    why_inactive: Text
    window: Window | None
    facts: tuple[Fact, ...]
    says: dict[str, str]
    clues: tuple[str, ...]
    review: Review
    at: str


class VitalUnit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One spelling of a unit of a measure: base = (value + offset) * num / den (offset -32 for Fahrenheit)."""

    spelling: str
    num: int
    den: int
    offset: int = 0


class Measure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that is measured and is not a blood cell count: temperature, systolic pressure, ferritin, ...

    `base_unit` is the unit of whole numbers inside; the first of `units` is the unit shown.
    """

    id: str
    name: Text
    synonyms: dict[str, tuple[str, ...]]
    loinc: tuple[str, ...]
    base_unit: str
    units: tuple[VitalUnit, ...]
    low: int
    high: int
    at: str


class Sign(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that is so, is not so, or is unknown, about one person now.

    `source` says where it comes from; every sign may also be stated by the input (yes | no), by id or synonym.

    * `measure`: yes when `measure` (a measure or analyte id) lies in [low, high] (closed, base units; None = open),
      unknown within [unsure_low, unsure_high], no elsewhere. Vitals count for `within_h` hours before now.
    * `condition`: yes when one of `causes` is present, no only when it is stated to be absent.
    * `drug`: yes when one of `causes` was taken within `within_h` hours before now (its window, where None).
    * `finding`: yes when the newest answer is one of `findings` (finding ids, or `question/state`).
    * `issue`: yes when the newest sample carries one of `codes`.
    * `trend`: yes when the neutrophils or any line of `analytes` has one of `trends` (see rules/follow.sql).
    * `chain`: computed by a statement of rules/explain.sql under this id.
    * `stated`: only ever told by the input.

    `bit`: place in a set of clues (0..61), for signs that are clues of a cause; never reused.
    """

    id: str
    name: Text
    plain: Text
    ask: Text
    synonyms: dict[str, tuple[str, ...]]
    source: Literal["measure", "condition", "drug", "finding", "issue", "trend", "chain", "stated"]
    measure: str
    low: int | None
    high: int | None
    unsure_low: int | None
    unsure_high: int | None
    within_h: int | None
    causes: tuple[str, ...]
    findings: tuple[str, ...]
    codes: tuple[str, ...]
    analytes: tuple[str, ...]
    trends: tuple[str, ...]
    bit: int | None
    claims: tuple[str, ...]
    at: str


Alternative = tuple[tuple[str, bool], ...]
"""Signs that must all be so (True) or not so (False)."""


class Rule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What follows when one of the alternatives of `when` holds. Unknown while none holds and one still may.

    `family`: red-flag | febrile-neutropenia | outpatient | definition | pseudo | check | guidance | would-change.
    `pathway`: "" is always on; else only where the user chose that named local pathway.
    `gives`: for family pseudo `<kind>/<state>`; for check and guidance "" . `body`: who says it (shown).
    `done`: signs of which one means that a check is already done. `weight`: order on the page, smaller first.
    `audience`: who sees it. The text is a claim's, unless `text` says it in words of our own beside its claims.
    """

    id: str
    family: str
    when: tuple[Alternative, ...]
    urgency: Level
    name: Text
    text: Text
    plain: Text
    body: str
    pathway: str
    gives: str
    done: tuple[str, ...]
    weight: int
    audience: Literal["both", "clinician", "plain"]
    role: Literal["active", "inactive"]
    why_inactive: Text
    claims: tuple[str, ...]
    review: Review
    at: str


class Option(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One answer of a score's item: its points when all signs of `when` hold."""

    name: Text
    when: Alternative
    points: int


class Item(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One item of a score: the first option that holds; unknown when none holds and one still may; `otherwise` else."""

    id: str
    name: Text
    options: tuple[Option, ...]
    otherwise: int | None
    at: str


class ScoreBand(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a total from `low` to `high` (closed) is called."""

    low: int
    high: int
    name: Text
    claims: tuple[str, ...]


class Score(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A published score. `applies`: when it may be used at all (alternatives over signs)."""

    id: str
    name: Text
    population: Text
    applies: tuple[Alternative, ...]
    items: tuple[Item, ...]
    bands: tuple[ScoreBand, ...]
    warnings: tuple[str, ...]
    role: Literal["active", "inactive"]
    why_inactive: Text
    claims: tuple[str, ...]
    review: Review
    at: str


class Due(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How often to count while `from_days` to `to_days` (half-open, None = no end) since the drug was begun."""

    from_days: int
    to_days: int | None
    every_days: int


class Rung(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One state of a programme's ladder: a count in [low, high] (closed, base units; None = open).

    `repeat_days`: the next count that this state asks for (None: the schedule's, where the state asks for nothing).
    `severity` orders states: the highest of all analytes is the state of the person. `lasting`: once a count of this
    course stood here the state stays in force, also when later counts are better (stop for good, red).
    """

    state: str
    severity: int
    analyte: str
    low: int | None
    high: int | None
    name: Text
    action: Text
    repeat_days: int | None
    lasting: bool
    urgency: Level
    claims: tuple[str, ...]
    at: str


class Programme(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One rule for the counts of people who take a drug, in one jurisdiction; `pathway`: only where it was chosen.

    `population`: general, or `ben` for people typed Duffy-null. `dated`: the date of the text; `unverified`: what of it
    was not read. `after_days`: counts go on so long after the last dose. `unless`: ids of causes (conditions that are
    present, drugs that are taken) beside which the programme is not meant; `adults`: it is not meant under 18 years.
    """

    id: str
    causes: tuple[str, ...]
    jurisdiction: str
    population: Literal["general", "ben"]
    name: Text
    dated: str
    unverified: Text
    schedule: tuple[Due, ...]
    after_days: int | None
    unless: tuple[str, ...]
    adults: bool
    pathway: str
    ladder: tuple[Rung, ...]
    notes: tuple[str, ...]
    role: Literal["active", "inactive"]
    why_inactive: Text
    claims: tuple[str, ...]
    review: Review
    at: str


class EpisodeRule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """When an episode begins and ends.

    `kind`: `threshold` (a count under `threshold`), `grade` (grade of `term` in `edition` at least `grade`), `verdict`
    (some limit calls it low) or `first-limit` (it is under the limit that comes first). Out again: a count in
    [`recover_low`, `recover_high`] (threshold rules; by default one not under the threshold), else a count that is not
    in. `recoveries`: so many counts out in a row end it; `gap_days`: so many days without any count cut it off;
    `pad_days`: it ends so long after the last low count at the latest; `era_days`: low counts up to so many days apart
    are one episode whatever lies between (None: not so). `zero`: whether a true zero counts. `always`: run unless other
    rules were chosen. `ours`: not from a source.
    """

    id: str
    analytes: tuple[str, ...]
    kind: Literal["threshold", "grade", "verdict", "first-limit"]
    threshold: int | None
    recover_low: int | None
    recover_high: int | None
    edition: str
    term: str
    grade: int | None
    recoveries: int
    gap_days: int | None
    pad_days: int | None
    era_days: int | None
    zero: bool
    always: bool
    ours: bool
    name: Text
    text: Text
    claims: tuple[str, ...]
    review: Review
    at: str


class Topic(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A word that people ask about and that is no cause, analyte or limit: a symptom, cell, test, treatment, ..."""

    id: str
    kind: str
    name: Text
    synonyms: dict[str, tuple[str, ...]]
    plain: Text
    related: tuple[str, ...]
    claims: tuple[str, ...]
    review: Review
    at: str


class SeedItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One item that a founding document names, and where it ends: ids of causes, topics, findings, claims, analytes.

    `flag` other than ok says how the statement stands (wrong, weak, outdated, ...), `reason` why.
    """

    id: str
    seed: str
    language: str
    named: str
    concept: str
    kind: str
    ends: tuple[str, ...]
    flag: str
    reason: Text
    at: str
