"""One result as the input wrote it: text, and nothing decided yet.

Every reader yields these rows, whatever its format; `door` is the only place that reads them.
"""

from __future__ import annotations

from typing import NamedTuple


class Raw(NamedTuple):
    """One result in the words of its input. None and blank text both mean: not given.

    `mapped_test` is what a map file says the test is; it wins over `test`, which stays as sent.
    `time_unit` says that `collected` and `issued` are offsets from an unknown start, in `minutes`, `hours`,
    `days` or as `clock` (HH:MM); empty: calendar dates. `sample_row` groups the cells of one line of a wide file
    that has neither sample id nor time of day. `range_*` say for whom the laboratory's interval is meant.
    `usual_low` is the lower end of the person's own usual level, in the unit of the value.
    """

    input: str = "request"
    line: int | None = None
    result_id: str | None = None
    subject_id: str | None = None
    collected: str | None = None
    issued: str | None = None
    time_unit: str | None = None
    test: str | None = None
    mapped_test: str | None = None
    value: str | None = None
    comparator: str | None = None
    unit: str | None = None
    low: str | None = None
    high: str | None = None
    range_text: str | None = None
    range_sex: str | None = None
    range_age_low: str | None = None
    range_age_high: str | None = None
    sex: str | None = None
    birth_date: str | None = None
    death_date: str | None = None
    age_years: str | None = None
    age_months: str | None = None
    age_days: str | None = None
    age_hours: str | None = None
    pregnant: str | None = None
    gestation_weeks: str | None = None
    duffy: str | None = None
    species: str | None = None
    usual_low: str | None = None
    status: str | None = None
    specimen: str | None = None
    method: str | None = None
    flag: str | None = None
    sample_id: str | None = None
    sub_id: str | None = None
    sample_row: str | None = None
    cells_counted: str | None = None


FIELDS: tuple[str, ...] = Raw._fields[2:]
"""Every field that a column of a file can fill."""

PERSON_FIELDS = frozenset({"sex", "birth_date", "death_date", "pregnant", "gestation_weeks", "duffy", "species"})
"""Fields that are about the person, not about one result."""


def blank(text: str | None) -> bool:
    """Whether a field was not given."""
    return text is None or not text.strip()


NO_PERSON, NO_TEST, NO_VALUE = "no person is named", "no test is named", "no value for"
"""What the rejects say of a row that is no result."""
