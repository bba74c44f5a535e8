"""With `infer_units`: a cell type without a unit takes that of the white count of its sample, if the sum then fits.

interfaces.md section 3. The white count must be one count in one unit; the five cell types of the differential, read in
that unit, may exceed it by no more than rounding does (`above_wbc_..` of the settings). Else all stay UNIT_MISSING.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from leukon.read.interned import is_number
from leukon.read.readings import Readings, Test, Value

if TYPE_CHECKING:
    from leukon.read.relation import Load

WBC = "WBC"
PARTS = {"NEUT": "NEUT", "SEG": "NEUT", "BAND": "NEUT", "LYMPH": "LYMPH", "MONO": "MONO", "EOS": "EOS", "BASO": "BASO"}
"""Which cell types add up to the white count; neutrophils in two parts are added unless their sum was sent."""


def inherit(results: Sequence[tuple[Test, str | None, str | None, Value]], readings: Readings) -> list[Value]:
    """The values of one sample, from its tests, value texts, comparators and values so far."""
    values = [value for *_, value in results]
    white = {
        (value.low, value.high, value.unit)
        for test, _, _, value in results
        if test.analyte == WBC and value.quantity == "count" and value.code is None
    }
    if len(white) != 1:
        return values
    _, high, unit = white.pop()
    again = list(values)
    for place, (test, text, comparator, value) in enumerate(results):
        if value.code == "UNIT_MISSING" and readings.is_lineage(test):
            again[place] = readings.inferred(text, comparator, unit, test)
    lows: dict[str, int] = {}
    for (test, *_), value in zip(results, again, strict=True):
        if value.code is None and value.quantity == "count" and value.low is not None and test.analyte in PARTS:
            lows[test.analyte] = max(value.low, lows.get(test.analyte, 0))
    neutrophils = lows.get("NEUT", lows.get("SEG", 0) + lows.get("BAND", 0))
    total = neutrophils + sum(low for analyte, low in lows.items() if PARTS[analyte] != "NEUT")
    return again if high is not None and _fits(total, high, readings) else values


def _fits(total: int, white: int, readings: Readings) -> bool:
    settings = readings.knowledge.settings
    by_share = total * 100 <= white * (100 + settings["above_wbc_percent"])
    return by_share or total <= white + settings["above_wbc_cells"]


def inherit_all(load: Load) -> None:
    """The same for every sample of `door_rows`: values that change get new ids in `door_value`."""
    readings, con = load.readings, load.con
    lineages = ", ".join(str(id_) for id_, test in load.tests.items() if readings.is_lineage(test)) or "NULL"
    con.execute(
        f"""
        CREATE OR REPLACE TABLE door_white AS
        SELECT d.sample, min(v.high) AS high, min(v.unit_id) AS unit_id
        FROM door_rows AS d JOIN door_value AS v ON v.id = d.value JOIN door_test AS t ON t.id = d.test
        WHERE t.analyte = '{WBC}' AND v.quantity = 'count' AND v.code IS NULL
        GROUP BY d.sample
        HAVING min(v.low) = max(v.low) AND min(v.high) = max(v.high) AND min(v.unit_id) = max(v.unit_id)
        """
    )
    con.execute(
        f"""
        CREATE OR REPLACE TABLE door_unitless AS
        SELECT d.row, d.sample, d.value, w.unit_id
        FROM door_rows AS d JOIN door_value AS v ON v.id = d.value JOIN door_white AS w ON w.sample = d.sample
        WHERE v.code = 'UNIT_MISSING' AND d.test IN ({lineages})
        """
    )
    typed = is_number(load.types.get("value", ""))
    units = {id_: unit for unit, id_ in load.units.items()}
    cells = dict(load.value.combinations())
    free = con.execute("SELECT coalesce(max(id), 0) FROM door_value").fetchall()[0][0]
    again = con.execute("SELECT DISTINCT value, unit_id FROM door_unitless ORDER BY value, unit_id").fetchall()
    appender = con.appender("door_value")
    con.execute("CREATE OR REPLACE TABLE door_again (value INTEGER, unit_id INTEGER, id INTEGER)")
    places = con.appender("door_again")
    for id_, (value, unit_id) in enumerate(again, free + 1):
        test_id, text, comparator, _ = cells[value]
        read = readings.inferred(text, comparator, units[unit_id], load.tests[int(test_id or 0)], typed)
        unit_read = load.units.setdefault(read.unit, len(load.units) + 1)
        appender.append_row(id_, *read[:-1], unit_read)
        places.append_row(value, unit_id, id_)
    appender.flush()
    places.flush()
    part = " ".join(f"WHEN '{analyte}' THEN '{part}'" for analyte, part in PARTS.items())
    settings = readings.knowledge.settings
    con.execute(
        f"""
        CREATE OR REPLACE TABLE door_fitting AS
        WITH new AS (
            SELECT d.sample, d.test, coalesce(a.id, d.value) AS value
            FROM door_rows AS d
            LEFT JOIN door_unitless AS u ON u.row = d.row
            LEFT JOIN door_again AS a ON a.value = u.value AND a.unit_id = u.unit_id
            WHERE d.sample IN (SELECT sample FROM door_unitless)
        ),
        lows AS (
            SELECT n.sample, t.analyte, max(v.low) AS low
            FROM new AS n JOIN door_test AS t ON t.id = n.test JOIN door_value AS v ON v.id = n.value
            WHERE v.code IS NULL AND v.quantity = 'count' AND CASE t.analyte {part} END IS NOT NULL
            GROUP BY n.sample, t.analyte
        ),
        totals AS (
            SELECT sample, coalesce(max(CASE WHEN analyte = 'NEUT' THEN low END),
                    coalesce(sum(CASE WHEN analyte IN ('SEG', 'BAND') THEN low END), 0))
                + coalesce(sum(CASE WHEN CASE analyte {part} END <> 'NEUT' THEN low END), 0) AS total
            FROM lows GROUP BY sample
        )
        SELECT w.sample FROM door_white AS w LEFT JOIN totals AS s ON s.sample = w.sample
        WHERE coalesce(s.total, 0) * 100 <= w.high * {100 + settings["above_wbc_percent"]}
            OR coalesce(s.total, 0) <= w.high + {settings["above_wbc_cells"]}
        """
    )
    con.execute(
        """
        UPDATE door_rows SET value = a.id
        FROM door_unitless AS u JOIN door_again AS a ON a.value = u.value AND a.unit_id = u.unit_id
        WHERE door_rows.row = u.row AND u.sample IN (SELECT sample FROM door_fitting)
        """
    )
    for table in ("white", "unitless", "again", "fitting"):
        con.execute(f"DROP TABLE door_{table}")
