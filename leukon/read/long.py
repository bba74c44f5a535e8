"""A long table: one result a line, told by a column for the test and one for the value."""

from __future__ import annotations

from leukon.read.headers import find_fields
from leukon.read.plan import Cell, Plan, Side
from leukon.read.words import fold_header

DM_FIELDS = {
    "sex": ("SEX", ""),
    "birth_date": ("BRTHDTC", ""),
    "age_years": ("AGE", "AGEU"),
    "species": ("SPECIES", ""),
}
"""Columns of the CDISC demographics domain that are about the person; AGE is read in the unit that AGEU says."""


def plan_long(header: tuple[str, ...]) -> Plan | None:
    """The plan of a long table, None when the header is not one. CDISC LB finds its people in `dm` beside it."""
    fields = find_fields(header)
    if not {"test", "value"} <= set(fields):
        return None
    taken = {column for cell in fields.values() for column in (cell.column, cell.also)}
    unused = tuple(column for column in header if column not in taken)
    own = {fold_header(column): column for column in header}
    if {"usubjid", "lbtestcd"} <= set(own):
        columns = tuple(column for pair in DM_FIELDS.values() for column in pair if column)
        people = Side("dm.*", "USUBJID", own["usubjid"], columns)
        told = {name: Cell(column, also=also, side="people") for name, (column, also) in DM_FIELDS.items()}
        return Plan("long", fields | told, people=people, unused=unused)
    return Plan("long", fields, unused=unused)
