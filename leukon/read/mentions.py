"""One record of a drug, a condition or a vital sign as the input wrote it: text, and nothing decided yet."""

from __future__ import annotations

from typing import NamedTuple


class Mention(NamedTuple):
    """One record in the words of its input. None and blank text both mean: not given.

    `name` is the drug, the condition, or the kind of measurement; `text` a second name beside it. `code` is of an
    unnamed system (or of `system`); `rxnorm`, `atc`, `icd10cm` and `snomed` are of those. A `code_version` that does
    not begin with 10 says that `icd10cm` is of another edition: it is shown, never looked up. `other_code` is only
    ever shown. `start` is the onset, or when it was measured.
    """

    input: str = "request"
    line: int | None = None
    mention_id: str | None = None
    subject_id: str | None = None
    name: str | None = None
    text: str | None = None
    code: str | None = None
    system: str | None = None
    rxnorm: str | None = None
    atc: str | None = None
    icd10cm: str | None = None
    snomed: str | None = None
    code_version: str | None = None
    other_code: str | None = None
    start: str | None = None
    stop: str | None = None
    time_unit: str | None = None
    dose: str | None = None
    status: str | None = None
    value: str | None = None
    unit: str | None = None


NAMES = ("name", "text", "code", "system", "rxnorm", "atc", "icd10cm", "snomed", "code_version", "other_code")
"""Fields that say what a record is about."""

KINDS = {"drugs": "drug", "conditions": "condition", "vitals": "vital"}
"""Input table → how `mentions` calls its rows."""

FIELDS: dict[str, tuple[str, ...]] = {
    "drugs": (
        "subject_id", "mention_id", "name", "text", "rxnorm", "atc", "code", "other_code", "start", "stop", "dose",
        "dose_unit", "status",
    ),
    "conditions": (
        "subject_id", "mention_id", "name", "text", "icd10cm", "snomed", "code", "code_version", "other_code", "start",
        "stop", "status",
    ),
    "vitals": ("subject_id", "mention_id", "name", "text", "start", "value", "unit"),
}  # fmt: skip
"""Input table → the fields that a column of a file can fill."""

NO_NAME = {"drug": "no drug is named", "condition": "no condition is named", "vital": "no measurement is named"}
"""What the rejects say of a row without a name."""
