"""The parts of an Assessment about time, reasons, risk and next steps."""

from __future__ import annotations

from typing import Literal

from leukon.report.part import Answer3, Part, Urgency

Says = Literal["yes", "no", "does not say"]


class UsualLevel(Part, frozen=True, kw_only=True):
    """A person's own usual level of one cell type: stated by the input, or the middle of their own earlier counts."""

    value: str
    origin: Literal["stated", "own-counts"]
    n_values: int = 0
    days: int | None = None


class History(Part, frozen=True, kw_only=True):
    """How one cell type stands against this person's own earlier counts, and the rule that says so.

    `observation` and `previous` are ids of values, `days` lie between them.
    """

    analyte: str
    name: str
    trend: Literal["first", "new", "stable", "falling", "recovering", "not-low", "cannot-tell"]
    rule: str
    text: str
    observation: str = ""
    previous: str = ""
    days: int | None = None
    usual: UsualLevel | None = None


class Episode(Part, frozen=True, kw_only=True):
    """One episode of low counts by one named rule. Times are as sent; `*_s` are seconds for pictures."""

    id: str
    analyte: str
    name: str
    rule: str
    rule_text: str
    onset: str
    nadir: str
    nadir_value: str
    nadir_observation: str
    end: str
    end_reason: Literal["recovered", "gap", "padded", "censored"]
    text: str
    n_values: int
    duration_days: int | None = None
    worst_grade: int | None = None
    worst_word: str = ""
    threshold: str = ""
    onset_s: int | None = None
    nadir_s: int | None = None
    end_s: int | None = None


class Timing(Part, frozen=True, kw_only=True):
    """Whether the times of a drug or condition fit the low count, by which rule, and what the source's window says."""

    fits: Answer3
    rule: str
    text: str
    started: str = ""
    stopped: str = ""
    days: int | None = None
    window: str = ""


class Clue(Part, frozen=True, kw_only=True):
    """One sign that speaks for a cause."""

    sign: str
    name: str


class Explanation(Part, frozen=True, kw_only=True):
    """One candidate explanation: never a probability, never the only one. `claims`: every statement behind it.

    `about` is the input's own id of the record, `named` what the record calls it. `kind` hides: it raises counts, so
    that a low one can look normal. `says`: what each kind of source says.
    """

    id: str
    kind: Literal["drug", "condition", "hides"]
    cause: str
    label: str
    about: str
    named: str = ""
    analyte: str
    place: int
    timing: Timing
    mechanism: str
    lineage_fits: Answer3
    evidence_level: str
    evidence_text: str
    says: dict[str, Says]
    text: str
    claims: list[str]
    episode: str = ""
    frequency: str = ""
    clues_present: list[Clue] = []
    clues_missing: list[Clue] = []
    next_check: str = ""


class Bar(Part, frozen=True, kw_only=True):
    """One drug or condition of the input beneath the chart over time: seconds as in `collected_s`, None = not known.

    `cause`: the id it was recognised as ("" = not recognised). `ongoing`: no stop is known and none is implied.
    `started`, `stopped`: as sent, for the table. Only those with at least one time can be drawn.
    """

    kind: Literal["drug", "condition"]
    id: str
    label: str
    cause: str = ""
    start_s: int | None = None
    stop_s: int | None = None
    ongoing: bool = False
    started: str = ""
    stopped: str = ""
    note: str = ""


class Unused(Part, frozen=True, kw_only=True):
    """One drug, condition or measurement of the input that took no part, why, and what was perhaps meant."""

    kind: Literal["drug", "condition", "vital"]
    id: str
    named: str
    code: str
    text: str
    near: list[str] = []


class Flag(Part, frozen=True, kw_only=True):
    """One red flag that holds, or (state unknown) that what is known already half fulfils."""

    id: str
    state: Answer3
    name: str
    text: str
    urgency: Urgency
    claims: list[str]
    needs: list[str] = []
    pathway: str = ""


class Definition(Part, frozen=True, kw_only=True):
    """One body's definition (of febrile neutropenia, of outpatient treatment): does it hold for what is known?"""

    id: str
    family: str
    body: str
    state: Answer3
    name: str
    text: str
    claims: list[str]
    needs: list[str] = []


class ScoreItem(Part, frozen=True, kw_only=True):
    """One item of a score: its points, or what is missing."""

    name: str
    answer: str
    points: int | None = None


class Score(Part, frozen=True, kw_only=True):
    """A score with every item; without one of them there is no value: `text` says "cannot tell: missing X".

    `warnings` are sentences that belong beside every value; their claims are in `claims`.
    """

    id: str
    name: str
    population: str
    applies: Answer3
    items: list[ScoreItem]
    text: str
    claims: list[str]
    warnings: list[str]
    value: int | None = None
    band: str = ""
    missing: list[str] = []


class Risk(Part, frozen=True, kw_only=True):
    """How dangerous it may be: flags, named definitions, scores."""

    flags: list[Flag]
    definitions: list[Definition]
    scores: list[Score]


class Monitoring(Part, frozen=True, kw_only=True):
    """Where this person stands in one monitoring programme of one jurisdiction, dated, with what was not verified.

    `state` is the id of the ladder's rung (`cannot-tell` without a usable count), `state_name` its words; `decided_by`
    is the analyte, `observation` the value. `population`: "" for everybody, `ben` for people typed Duffy-null.
    """

    programme: str
    name: str
    jurisdiction: str
    cause: str
    label: str
    dated: str
    state: str
    action: str
    urgency: Urgency
    claims: list[str]
    population: str = ""
    unverified: str = ""
    observation: str = ""
    decided_by: str = ""
    state_name: str = ""
    due: str = ""
    due_s: int | None = None
    overdue: Answer3 = "unknown"
    notes: list[str] = []
    text: str = ""


class Check(Part, frozen=True, kw_only=True):
    """A next step that a claim supports, why, and whether it is already done (unknown: nothing sent says so)."""

    id: str
    text: str
    why: list[str]
    already_done: bool
    because: list[str] = []


class Guidance(Part, frozen=True, kw_only=True):
    """What one body says about a situation like this one. Information, never an order."""

    id: str
    body: str
    name: str = ""
    text: str
    applies: Answer3
    because: list[str]
    claims: list[str]
    needs: list[str] = []


class Modifier(Part, frozen=True, kw_only=True):
    """Something natural that moves counts, with the published size of the effect, or "size not published"."""

    id: str
    state: Answer3
    name: str
    text: str
    claims: list[str]
