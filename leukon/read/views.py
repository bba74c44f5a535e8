"""`results` and `source_rows` as views: integers of `door_rows` looked up in what each different text means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leukon.read.people import OLDEST_Y, YEAR_H
from leukon.read.timecolumn import EXACTS
from leukon.read.times import DAY, PRECISIONS
from leukon.tables import RESULTS, SOURCE_ROWS

if TYPE_CHECKING:
    from leukon.read.relation import Load

FLOOR = 432_000_000_000
"""Added before a division, so that seconds before 1970 are divided as the others are (rules/select.sql)."""


def results(load: Load) -> str:
    """SQL of the view `results`."""
    age = _Ages(load)
    lln, uln, range_issues = _limits(load, age)
    code, field = _reason(age)
    precision = load.ref("precision")
    named = " ".join(f"WHEN {place} THEN '{word}'" for place, word in enumerate(PRECISIONS))
    columns = {
        "row": "d.row",
        "subject": "d.subject::BIGINT",
        "sample": "d.sample",
        "sample_exact": "d.sample_exact::BIGINT",
        "collected_s": load.ref("collected_s") + "::BIGINT",
        "time_basis": f"CASE WHEN {load.ref('collected_s')} IS NULL THEN 'none' WHEN {load.ref('relative')}"
        " THEN 'relative' ELSE 'absolute' END",
        "time_precision": f"CASE {precision} {named} END",
        "issued_s": load.ref("issued_s") + "::BIGINT",
        "analyte": "t.analyte",
        "quantity": "v.quantity",
        "method": "coalesce(nullif(c.method, ''), t.method)",
        "sub_id": "u.sub_id",
        "cells_counted": "c.cells_counted",
        "low": "v.low",
        "high": "v.high",
        "lln": lln,
        "uln": uln,
        "status": "c.status",
        "specimen": "CASE WHEN 'other' IN (c.specimen, t.specimen) THEN 'other'"
        " WHEN 'blood' IN (c.specimen, t.specimen) THEN 'blood' ELSE 'unknown' END",
        "flag": "coalesce(c.flag, v.flag)",
        "age_low_h": age.stated_low,
        "age_high_h": age.stated_high,
        "age_exact": "CASE WHEN a.low_h IS NOT NULL THEN a.exact ELSE 0 END",
        "door_code": code,
        "door_field": field,
        "issues": f"coalesce(v.issues, 0) | {range_issues} | c.status_issues | {_time_issues(load)}",
    }
    chosen = ",\n".join(f"{columns[name]} AS {name}" for name in RESULTS.names)
    same = f"g.test = d.test AND g.unit_id = v.unit_id AND g.limits = {load.ref('limits')}"
    return f"""
        SELECT {chosen}
        FROM main.door_rows AS d
        JOIN main.door_test AS t ON t.id = d.test
        LEFT JOIN main.door_value AS v ON v.id = d.value
        JOIN main.door_context AS c ON c.id = {load.ref("context")}
        JOIN main.door_age AS a ON a.id = {load.ref("age")}
        JOIN main.door_meant AS m ON m.id = {load.ref("meant")}
        JOIN main.door_sub AS u ON u.id = {load.ref("sub")}
        {"JOIN main.door_people AS p ON p.subject = d.subject" if load.knows_people else ""}
        {f"LEFT JOIN main.door_range AS g ON {same}" if load.has_ranges else ""}
        """


def sources(load: Load) -> str:
    """SQL of the view `source_rows`: every row of the input, refused ones too, word for word."""
    low, high = load.cell("low"), load.cell("high")
    columns = {
        "row": "r.row",
        "input": "r.input",
        "line": "r.line",
        "result_id": f"coalesce({load.cell('result_id')}, r.input || '#' || coalesce(r.line, r.row))",
        "collected": load.cell("collected"),
        "test": f"coalesce({load.cell('test')}, {load.cell('mapped_test')}, '')",
        "value_text": f"coalesce({load.cell('value')}, '')",
        "unit": load.cell("unit"),
        "range_text": f"coalesce({load.cell('range_text')}, {low} || '-' || {high}, '>=' || {low}, '<=' || {high})",
    }
    chosen = ",\n".join(f"{columns[name]} AS {name}" for name in SOURCE_ROWS.names)
    return f"SELECT {chosen} FROM {load.raw} AS r"


class _Ages:
    """SQL for the age of a result (`persons.ages` says the same in Python)."""

    def __init__(self, load: Load) -> None:
        over = load.readings.options.deidentified_age_over
        born_low = born_high = "NULL::BIGINT"
        hidden = impossible = "false"
        if load.has("birth_date"):
            hidden, impossible = "p.hidden", "p.impossible"
            absolute = f"NOT {load.ref('relative')}"
            born_low = f"CASE WHEN {absolute} THEN {_days(load.ref('collected_s'), 'p.birth_high_s')} END"
            born_high = f"CASE WHEN {absolute} THEN {_days(load.ref('last_s'), 'p.birth_low_s')} END"
            if over is not None:
                hidden = f"({hidden} OR coalesce({born_low} >= {(over + 1) * YEAR_H}, false))"
        veil_low, veil_high = ((over or 0) + 1) * YEAR_H, OLDEST_Y * YEAR_H - 1
        self.stated_low = (
            f"CASE WHEN a.low_h IS NOT NULL THEN a.low_h WHEN {hidden} AND NOT a.impossible THEN {veil_low} END"
        )
        self.stated_high = (
            f"CASE WHEN a.low_h IS NOT NULL THEN a.high_h WHEN {hidden} AND NOT a.impossible THEN {veil_high} END"
        )
        self.known_low = f"CASE WHEN NOT a.impossible THEN coalesce({self.stated_low}, {born_low}) END"
        self.known_high = f"CASE WHEN NOT a.impossible THEN coalesce({self.stated_high}, {born_high}) END"
        self.impossible = (
            f"(a.impossible OR CASE WHEN a.low_h IS NOT NULL THEN {impossible} WHEN {hidden} THEN false"
            f" ELSE {impossible} OR coalesce({born_low} >= {OLDEST_Y * YEAR_H}, false) END)"
        )


def _days(later: str, earlier: str) -> str:
    """Hours between two times, in whole days."""
    return f"(({later} + {FLOOR}) // {DAY} - ({earlier} + {FLOOR}) // {DAY}) * 24"


def _reason(age: _Ages) -> tuple[str, str]:
    """SQL for `door_code` and `door_field`."""
    fluid = "v.code IS NOT NULL AND 'other' IN (c.specimen, t.specimen)"
    code = (
        f"CASE WHEN v.id IS NULL THEN 'UNMAPPED' WHEN c.human = 0 THEN 'NOT_HUMAN' WHEN {fluid}"
        f" THEN 'SPECIMEN_NOT_BLOOD' WHEN {age.impossible} THEN 'DEMOGRAPHICS_IMPOSSIBLE' ELSE v.code END"
    )
    field = (
        f"CASE WHEN v.id IS NULL THEN 'test' WHEN c.human = 0 THEN 'species' WHEN {fluid} THEN 'specimen'"
        f" WHEN {age.impossible} THEN CASE WHEN a.impossible THEN 'age' ELSE 'birth_date' END ELSE v.field END"
    )
    return code, field


def _limits(load: Load, age: _Ages) -> tuple[str, str, str]:
    """SQL for the laboratory's limits; those of another sex or age are left out and marked (B41)."""
    if not load.has_ranges:
        return "NULL::BIGINT", "NULL::BIGINT", "0"
    if not load.meant.keys:
        return "g.lln", "g.uln", "coalesce(g.issues, 0)"
    sex = "p.sex" if load.knows_people else "'unknown'"
    others = (
        f"((m.sex <> 'unknown' AND {sex} <> 'unknown' AND m.sex <> {sex})"
        f" OR coalesce({age.known_high} < m.from_h, false) OR coalesce({age.known_low} > m.to_h, false))"
    )
    marked = f"CASE WHEN g.lln IS NULL AND g.uln IS NULL THEN coalesce(g.issues, 0) WHEN {others} THEN"
    bit = load.readings.bit("RANGE_NOT_APPLICABLE")
    return (
        f"CASE WHEN NOT {others} THEN g.lln END",
        f"CASE WHEN NOT {others} THEN g.uln END",
        f"{marked} {bit} ELSE g.issues END",
    )


def _time_issues(load: Load) -> str:
    """SQL for what is to be said about the time of a result (`door.time_codes`)."""
    bit = load.readings.bit
    if not load.has("collected"):
        return str(bit("TIME_MISSING"))
    coarse = f"CASE WHEN {load.ref('precision')} IN ({EXACTS}) THEN 0 ELSE {bit('DATE_PARTIAL')} END"
    filler = f"CASE WHEN {load.ref('sentinel')} THEN {bit('DATE_SENTINEL')} ELSE 0 END"
    return f"CASE WHEN {load.ref('collected_s')} IS NULL THEN {bit('TIME_MISSING')} ELSE {coarse} | {filler} END"
