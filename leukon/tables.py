"""The shape of every table, in one place.

Three families, in the order of the data:

* **inputs**: what readers and requests become, before any rule (`PEOPLE`, `RESULTS`, `USUAL`);
* **outputs**: what the chain answers and `--out` writes (`VALUES`, `GRADES`, `FINDINGS`, `BANDS`, ...);
* **rejects and excluded**: what was not used, each row with its reason.

Counts are whole cells per litre, percentages whole parts per million of the leukocytes,
haemoglobin and MCHC milligrams per litre, MCV attolitres. A value is a closed interval
`low..high`; an exact one has low = high. Times are whole seconds, ages whole hours.
`null?` says whether a column may be empty, and what empty means.
"""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """One column: `kind` is "int" (64-bit) or "text"; `null` says what an empty cell means ("" = never empty)."""

    name: str
    kind: str
    meaning: str
    null: str = ""


class Table(NamedTuple):
    """A table: its name, its columns in order, and one sentence that says what a row is."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


Row = tuple[int | str | None, ...]


class Rows(NamedTuple):
    """A small table held in Python: column names, a kind per column ("int" | "text"), rows."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: list[Row]


def _table(name: str, row: str, *columns: tuple[str, ...]) -> Table:
    return Table(name, row, tuple(Column(*column) for column in columns))


# --- inputs -----------------------------------------------------------------------------------

PEOPLE = _table(
    "people",
    "one person",
    ("subject", "int", "key of the person within this run, 1.."),
    ("subject_id", "text", "the input's own id"),
    ("sex", "text", "female | male | unknown"),
    ("pregnancy", "text", "no | unknown | yes | trimester-1..3 | weeks-0-2 | weeks-3-5 | weeks-6-7 | weeks-8-40"),
    ("duffy", "text", "null | non-null | unknown (a typing result, never inferred)"),
    ("birth_low_s", "int", "earliest second of birth, epoch seconds (may be negative)", "birth not known"),
    ("birth_high_s", "int", "latest second of birth; a full date has low = high = its midnight", "birth not known"),
    ("birth_exact", "int", "1 when the time of birth is known to the minute, else 0"),
    ("death_s", "int", "last second of the day of death", "not known to have died"),
)

RESULTS = _table(
    "results",
    "one result of the input that was legible (rows with `door_code` go to `excluded`)",
    ("row", "int", "number of the result within this run, 1.. in input order"),
    ("subject", "int", "key into people"),
    ("sample", "int", "key of the group of results that may be paired (same sample id, else same person and collected)"),
    ("sample_exact", "int", "1 when grouped by a sample id or by a time of day, 0 when by date only or by no time"),
    ("collected_s", "int", "start of the stated collection time: epoch seconds, or seconds from the person's own start", "no time given"),
    ("time_basis", "text", "absolute | relative | none"),
    ("time_precision", "text", "second | minute | hour | day | month | year | none"),
    ("issued_s", "int", "when the laboratory issued it", "not given"),
    ("analyte", "text", "analyte id", "not mapped (then door_code is UNMAPPED)"),
    ("quantity", "text", "count | percent | ratio | mass | volume | presence; percent in ppm of leukocytes, ratio in ppm of leukocytes (nRBC)", "not mapped"),
    ("method", "text", "automated | manual | estimate | corrected | uncorrected | unknown"),
    ("sub_id", "text", "sub-identifier of the result within its sample; '' when none"),
    ("cells_counted", "int", "cells counted by hand in the differential", "not given"),
    ("low", "int", "lowest value it can be, base unit", "not legible"),
    ("high", "int", "highest value it can be, base unit", "not legible"),
    ("lln", "int", "the laboratory's own lower limit, base unit", "not sent, invalid, or not for this person"),
    ("uln", "int", "the laboratory's own upper limit, base unit", "not sent, invalid, or not for this person"),
    ("status", "text", "final | corrected | preliminary | retracted | not-obtained | pending | cancelled | unknown"),
    ("specimen", "text", "blood | other | unknown"),
    ("flag", "text", "the laboratory's flag reduced to low | normal | high | other", "no flag"),
    ("age_low_h", "int", "lowest possible age at collection in hours, when the input states an age", "age not stated (birth may be)"),
    ("age_high_h", "int", "highest possible age at collection in hours, when the input states an age", "age not stated"),
    ("age_exact", "int", "1 when the stated age is known to the hour"),
    ("door_code", "text", "reason why the reader could not use it", "legible"),
    ("door_field", "text", "the field at fault", "legible"),
    ("issues", "int", "sum of the bits of the issue codes raised so far"),
)

SOURCE_ROWS = _table(
    "source_rows",
    "where a result came from, word for word (joined back by `row`)",
    ("row", "int", "number of the result within this run"),
    ("input", "text", "file name or `request`"),
    ("line", "int", "line or row in the file (1-based, header counted), or position in the request", "not known"),
    ("result_id", "text", "the input's own id, else input#line (input#line:column in wide files)"),
    ("collected", "text", "collection time as sent", "not given"),
    ("test", "text", "test name or code as sent"),
    ("value_text", "text", "value as sent"),
    ("unit", "text", "unit as sent", "not given"),
    ("range_text", "text", "reference range as sent", "not given"),
)

USUAL = _table(
    "usual",
    "a person's own usual level of one analyte, as stated by the input",
    ("subject", "int", "key into people"),
    ("analyte", "text", "analyte id"),
    ("low", "int", "lower end of the usual level, base unit"),
)

# --- outputs ----------------------------------------------------------------------------------

VALUES = _table(
    "values",
    "one usable value, reported or derived",
    ("subject_id", "text", "the input's own id"),
    ("result_id", "text", "the input's own id or file#row; for a derived value that of its main input"),
    ("collected", "text", "as sent", "no time given"),
    ("analyte", "text", "analyte id"),
    ("value_text", "text", "as sent; for a derived value that of its main input"),
    ("unit", "text", "as sent", "not given (then an issue says how it was read)"),
    ("low_cells_per_l", "int", "lowest count it can be, whole cells per litre", "not a cell count"),
    ("high_cells_per_l", "int", "highest count it can be", "not a cell count"),
    ("low_ppm", "int", "lowest share of the leukocytes, parts per million", "not a share"),
    ("high_ppm", "int", "highest share of the leukocytes", "not a share"),
    ("low", "int", "lowest value in the base unit of what is neither count nor share (mg/L, aL)", "a count or a share"),
    ("high", "int", "highest value in that base unit", "a count or a share"),
    ("base_unit", "text", "cells/L | ppm | mg/L | aL"),
    ("precision_low_cells_per_l", "int", "lower exact 95 % limit of a manual differential", "not a counted differential"),
    ("precision_high_cells_per_l", "int", "upper exact 95 % limit of a manual differential", "not a counted differential"),
    ("origin", "text", "reported | derived"),
    ("rule_id", "text", "rule that derived it", "reported"),
    ("issues", "int", "set of issue codes: see issue_sets", "never; 0 is the empty set"),
)

GRADES = _table(
    "grades",
    "one value on one term of one edition of a scale",
    ("subject_id", "text", "the input's own id"),
    ("result_id", "text", "of the value graded"),
    ("collected", "text", "as sent", "no time given"),
    ("analyte", "text", "analyte id"),
    ("scale", "text", "CTCAE | DAIDS | WHO | FDA-VACCINE | DMID-PED | IWCLL | CLINICAL-SEVERITY"),
    ("version", "text", "edition of the scale"),
    ("term", "text", "the scale's own term"),
    ("grade", "int", "grade of the value", "cannot be told or not defined: see grade_status"),
    ("grade_low", "int", "mildest grade that it can be", "not defined"),
    ("grade_high", "int", "most severe grade that it can be", "not defined"),
    ("grade_status", "text", "certain | lln-missing | censored | imprecise | term-not-in-version | out-of-age-range | not-applicable"),
    ("lln_cells_per_l", "int", "lower limit used for grades that are bound to it (the laboratory's own, else the site's)", "none at hand, or not a count"),
    ("rule_id", "text", "band of the scale that decided", "not graded"),
    ("issues", "int", "set of issue codes"),
)

FINDINGS = _table(
    "findings",
    "the one answer to one question about one sample",
    ("subject_id", "text", "the input's own id"),
    ("collected", "text", "as sent", "no time given"),
    ("analyte", "text", "analyte id that the question is about"),
    ("question", "text", "leukopenia | neutropenia | lymphopenia | ... | agranulocytosis | pancytopenia | leukocytosis"),
    ("state", "text", "low-by-all | low-by-some | not-low | cannot-tell; for leukocytosis high-by-..; for pancytopenia and agranulocytosis yes-by-.. / no"),
    ("finding_id", "text", "id of the finding: words, severity, urgency and sources are looked up from it"),
    ("result_id", "text", "of the value that decided", "no value"),
    ("primary_limit_cells_per_l", "int", "the limit that comes first for this value", "none (NO_PRIMARY_LIMIT), or not a count"),
    ("primary_limit_origin", "text", "laboratory | site | usual-level | knowledge", "none"),
    ("band_id", "int", "which published limits call it low and which do not: see bands", "no value"),
    ("issues", "int", "set of issue codes"),
)

BANDS = _table(
    "bands",
    "one stretch of the number line of one question in one stratum",
    ("band_id", "int", "id"),
    ("analyte", "text", "analyte id"),
    ("question", "text", "question"),
    ("stratum", "int", "age, sex, pregnancy and Duffy group for which the same limits apply"),
    ("low_cells_per_l", "int", "first count of the band"),
    ("high_cells_per_l", "int", "last count of the band", "no upper end"),
    ("low_by", "text", "ids of the limits that call it low (or high), separated by spaces"),
    ("not_low_by", "text", "ids of the limits that do not"),
    ("cannot_say", "text", "ids of the limits that depend on something not known here"),
)

EXCLUDED = _table(
    "excluded",
    "one result that was read and not used",
    ("input", "text", "file name or `request`"),
    ("row", "int", "line in the file", "not known"),
    ("field", "text", "field at fault", "the result as a whole: its code says why"),
    ("code", "text", "reason"),
    ("text", "text", "what was there, what was expected"),
    ("subject_id", "text", "the input's own id", "not legible"),
    ("result_id", "text", "the input's own id or file#row"),
)

REJECTS = _table(
    "rejects",
    "one input row that could not be read as a result at all",
    ("input", "text", "file name or `request`"),
    ("row", "int", "line in the file", "not known"),
    ("field", "text", "field at fault"),
    ("code", "text", "reason"),
    ("text", "text", "what was there, what was expected"),
)

ISSUE_SETS = _table(
    "issue_sets",
    "one issue code in one set (a set is the sum of the bits of its codes)",
    ("issues", "int", "id of the set, as in values, grades and findings"),
    ("code", "text", "issue code"),
)

INPUTS = (PEOPLE, RESULTS, SOURCE_ROWS, USUAL)
OUTPUTS = (VALUES, GRADES, FINDINGS, BANDS, EXCLUDED, REJECTS, ISSUE_SETS)
