"""The shape of every table, in one place.

Three families, in the order of the data:

* **inputs**: what readers and requests become, before any rule (`PEOPLE`, `RESULTS`, `DRUGS`, ...);
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

DRUGS = _table(
    "drugs",
    "one drug record, once for each cause that its name or code means (once without a cause when nobody knows it)",
    ("row", "int", "number of the drug record within this run, 1.. in input order"),
    ("subject", "int", "key into people"),
    ("cause", "int", "key of the cause (leukon.knowledge.keys.cause_keys)", "the name is not known"),
    ("start_s", "int", "first second of the stated start, on the scale of collected_s", "not given, or not on that scale"),
    ("stop_s", "int", "last second of the stated end", "not given, or still taken"),
    ("status", "text", "taken (active, stopped, completed, on hold, unknown) | not-taken | refuted | draft | entered-in-error"),
    ("ongoing", "int", "1 when said to be taken still (active without an end), 0 when ended", "not said"),
)

CONDITIONS = _table(
    "conditions",
    "one condition record, once for each cause that its name or code means",
    ("row", "int", "number of the condition record within this run"),
    ("subject", "int", "key into people"),
    ("cause", "int", "key of the cause", "the name is not known"),
    ("start_s", "int", "first second of the stated onset", "not given"),
    ("end_s", "int", "last second of the stated end", "not given, or still there"),
    ("status", "text", "present (active, resolved with dates, unknown) | resolved | absent (stated not to be there) | refuted | entered-in-error"),
)

VITALS = _table(
    "vitals",
    "one measurement that is no blood count, or one sign stated as yes or no",
    ("row", "int", "number of the record within this run"),
    ("subject", "int", "key into people"),
    ("measure", "text", "measure id", "a sign (then `sign`), or not known"),
    ("sign", "int", "key of the sign (leukon.knowledge.keys.sign_keys)", "a measure, or not known"),
    ("low", "int", "lowest value it can be, base unit of the measure", "a sign, or not legible"),
    ("high", "int", "highest value it can be", "a sign, or not legible"),
    ("answer", "int", "1 yes, 0 no", "a measure, or not legible"),
    ("measured_s", "int", "when, on the scale of collected_s", "not given: it is about now"),
)

MENTIONS = _table(
    "mentions",
    "where a drug, condition or vital record came from, word for word (joined back by `kind` and `row`)",
    ("kind", "text", "drug | condition | vital"),
    ("row", "int", "number of the record within its kind"),
    ("input", "text", "file name or `request`"),
    ("line", "int", "line in the file, or position in the request", "not known"),
    ("mention_id", "text", "the input's own id, else input#line"),
    ("named", "text", "name or code as sent"),
    ("start", "text", "start (vitals: time) as sent", "not given"),
    ("stop", "text", "end as sent", "not given"),
    ("dose", "text", "dose (vitals: value and unit) as sent", "not given"),
    ("status", "text", "status as sent", "not given"),
    ("code", "text", "why it is not used: DRUG_UNMATCHED | CONDITION_UNMATCHED | VITAL_UNMATCHED | EXPOSURE_NOT_TAKEN | CONDITION_NOT_PRESENT | VITAL_NOT_LEGIBLE | SUBJECT_UNKNOWN", "used"),
    ("near", "text", "names of causes that are spelled nearly so, separated by `; `", "none, or matched"),
)

COVERED = _table(
    "covered",
    "what was sent about one person besides counts: without it, absence of a drug means nothing (a file says nothing "
    "about people who do not stand in it)",
    ("subject", "int", "key into people"),
    ("drugs", "int", "1 when a list of drugs was sent for this person (an empty one in a request counts)"),
    ("conditions", "int", "1 when a list of conditions was sent"),
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
    ("base_unit", "text", "cells/L | ppm | mg/L | aL | presence (1 seen, 0 not seen)"),
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

EPISODES = _table(
    "episodes",
    "one episode of low counts of one cell type of one person, by one rule",
    ("subject_id", "text", "the input's own id"),
    ("episode_id", "text", "subject, analyte, rule and number, made unique within the run"),
    ("analyte", "text", "analyte id"),
    ("rule_id", "text", "episode rule: see `leukon explain RULE`"),
    ("threshold_cells_per_l", "int", "count under which the rule calls it an episode", "the rule is over verdicts or grades"),
    ("onset", "text", "collection time of the first low count, as sent"),
    ("nadir_result_id", "text", "the lowest count"),
    ("nadir_cells_per_l", "int", "its value; of a censored count the highest it can be"),
    ("nadir_at", "text", "its collection time, as sent"),
    ("end", "text", "collection time of the first count of the recovery; else of the last count seen; of a padded episode that of its last low count"),
    ("end_reason", "text", "recovered | gap | padded | censored (the counts end here)"),
    ("duration_days", "int", "whole days from onset to end, padding included"),
    ("n_values", "int", "counts from onset to end that are in or out by the rule"),
    ("worst_grade", "int", "highest certain grade on the severity words (1 mild .. 4 profound; 0 none)", "not a cell type with severity words"),
)

EXPLANATIONS = _table(
    "explanations",
    "one candidate explanation of one run of low counts (or one cause that can hide a low count); never a diagnosis",
    ("subject_id", "text", "the input's own id"),
    ("episode_id", "text", "episode of the rule `low-by-first-limit`, else `low-by-any`, that it is about", "a result without time, or kind hides"),
    ("collected", "text", "collection time of the first low count (kind hides: of the newest count)", "no time given"),
    ("analyte", "text", "analyte id of the low count"),
    ("cause_id", "text", "cause: see `leukon explain CAUSE`"),
    ("kind", "text", "drug | condition | hides (raises counts and can hide a low one)"),
    ("about", "text", "the input's own id or word for the drug or condition"),
    ("timing", "text", "yes | no | unknown"),
    ("timing_rule", "text", "rule that says so"),
    ("days", "int", "days of the calendar from the start of the course (or condition) to the first low count", "no dates, begun after that count, or kind hides"),
    ("mechanism", "text", "mechanism class"),
    ("lineage_fits", "text", "yes | no | unknown"),
    ("evidence_level", "text", "quantified | listed | case_reports | weak_or_confounded | disputed | seed_only"),
    ("says_guideline", "text", "yes | no | does not say"),
    ("says_label", "text", "yes | no | does not say"),
    ("says_research", "text", "yes | no | does not say"),
    ("says_reference", "text", "yes | no | does not say"),
    ("clues_present", "int", "set of signs: see sign_sets", "not the person's newest low counts"),
    ("clues_missing", "int", "set of signs not known", "not the person's newest low counts"),
    ("next_check", "text", "id of the claim with what to check next", "none"),
    ("place", "int", "place in the printed order within one episode, 1.. (see `explain explanations.order`)"),
)

MONITORING = _table(
    "monitoring",
    "where one person stands in one monitoring programme of a drug that is or was taken",
    ("subject_id", "text", "the input's own id"),
    ("rule_id", "text", "programme: see `leukon explain PROGRAMME`"),
    ("jurisdiction", "text", "US | EU | UK | any"),
    ("cause_id", "text", "the drug"),
    ("about", "text", "the input's own id or word for the drug"),
    ("state", "text", "state of the programme's ladder", "no usable count, or the programme has no ladder"),
    ("decided_by", "text", "analyte id of the count that set the state", "no usable count"),
    ("result_id", "text", "of that count", "no usable count"),
    ("collected", "text", "its collection time, as sent", "no time"),
    ("action", "text", "id of the rung, whose words and claims are looked up", "no usable count"),
    ("urgency", "text", "none | routine | soon | same-day | emergency-if-symptoms | emergency"),
    ("due_s", "int", "when the next count is due, epoch seconds or seconds from the person's own start", "no schedule was read, or no count"),
    ("overdue", "int", "1 when due before the date of assessment, 0 when not", "no due date"),
)

UNUSED = _table(
    "unused",
    "one drug, condition or vital record that took no part; names that nobody knows once each, with how often",
    ("kind", "text", "drug | condition | vital"),
    ("input", "text", "file name or `request`"),
    ("row", "int", "line in the file", "a name that nobody knows: see n"),
    ("mention_id", "text", "the input's own id, else input#line", "a name that nobody knows"),
    ("named", "text", "name or code as sent"),
    ("code", "text", "DRUG_UNMATCHED | CONDITION_UNMATCHED | VITAL_UNMATCHED | EXPOSURE_NOT_TAKEN | CONDITION_NOT_PRESENT | VITAL_NOT_LEGIBLE | SUBJECT_UNKNOWN"),
    ("near", "text", "names that are spelled nearly so, or what was expected", "none"),
    ("n", "int", "records that this row stands for"),
)

SIGN_SETS = _table(
    "sign_sets",
    "one sign in one set (a set is the sum of the bits of its signs)",
    ("signs", "int", "id of the set, as in explanations"),
    ("sign", "text", "sign id"),
)

INPUTS = (PEOPLE, RESULTS, SOURCE_ROWS, USUAL, DRUGS, CONDITIONS, VITALS, MENTIONS, COVERED)
OUTPUTS = (
    VALUES, GRADES, FINDINGS, EPISODES, EXPLANATIONS, MONITORING, BANDS, EXCLUDED, REJECTS, UNUSED, ISSUE_SETS, SIGN_SETS,
)  # fmt: skip
