"""What the header of a column says: a field of `Raw`, or an analyte with its unit (`WBC (10^9/L)`, `neut_pct`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from leukon.counts.units import CELL, MASS, VOLUME
from leukon.read.plan import Cell
from leukon.read.readings import Readings
from leukon.read.words import fold_header, words

KINDS = (CELL, MASS, VOLUME)
_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
CLOCKS = {"date": "time", "data": "hora", "collectiondate": "collectiontime", "sampledate": "sampletime"}
CLOCKS |= {"datadacoleta": "horadacoleta", "datacoleta": "horacoleta"}
"""A column of days and its column of clocks."""


class AnalyteColumn(NamedTuple):
    """A column that holds values of one analyte. `part`: "" the value, or low | high | unit of another column."""

    column: str
    test: str
    unit: str
    part: str = ""


def find_fields(header: tuple[str, ...]) -> dict[str, Cell]:
    """The fields that columns are named after. Of two names for one field the one listed first in words.yaml wins."""
    cells = _named(header, words().columns)
    if "collected" in cells:
        clock = CLOCKS.get(fold_header(cells["collected"].column), "")
        also = next((column for column in header if clock and fold_header(column) == clock), "")
        cells["collected"] = cells["collected"]._replace(also=also)
    return cells


def find_beside(header: tuple[str, ...], table: str) -> dict[str, Cell]:
    """The fields of a file of drugs, conditions or vitals that columns are named after.

    Of two columns of names (CMDECOD and CMTRT) the second is `text`.
    """
    known = words().beside[table]
    cells = _named(header, known)
    named = [column for column in header if known.get(fold_header(column), ("",))[0] == "name"]
    others = sorted((known[fold_header(one)][1], one) for one in named if one != cells["name"].column)
    if others and table != "vitals":
        cells["text"] = Cell(column=others[0][1])
    return cells


def _named(header: tuple[str, ...], known: Mapping[str, tuple[str, int]]) -> dict[str, Cell]:
    best: dict[str, tuple[int, str]] = {}
    for column in header:
        if hit := known.get(fold_header(column)):
            field, rank = hit
            if field not in best or rank < best[field][0]:
                best[field] = (rank, column)
    return {field: Cell(column=column) for field, (_, column) in best.items()}


def find_analytes(header: tuple[str, ...], readings: Readings, taken: set[str]) -> list[AnalyteColumn]:
    """The columns that are named after an analyte, with the unit that the name carries."""
    found = []
    for column in header:
        if column not in taken and (hit := _read(column, readings)):
            found.append(hit)
    return found


def is_unit(text: str, readings: Readings) -> bool:
    """Whether a text is a unit of anything that leukon reads."""
    return bool(text.strip()) and any(
        not isinstance(readings.units.find(text, kinds, readings.options.locale), str)
        or bool(readings.units.meanings(text, kinds))
        for kinds in KINDS
    )


def _read(column: str, readings: Readings) -> AnalyteColumn | None:
    name = re.sub(r" \(\d+\)$", "", column)  # `wbc (2)`, the second of two columns of that name
    unit = ""
    for inner in _BRACKET.findall(name):
        if inner.strip() == "%":
            name, unit = name.replace(f"({inner})", " % ").replace(f"[{inner}]", " % "), "%"
        elif is_unit(inner, readings):
            name, unit = name.replace(f"({inner})", " ").replace(f"[{inner}]", " "), inner.strip()
    plain = " ".join(name.replace("_", " ").split())
    if readings.test(plain).analyte is not None:
        return AnalyteColumn(column, plain, unit)
    for cut in (match.start() for match in re.finditer(r"[ ,;:/-]", plain)):
        left, right = plain[:cut].strip(" ,;:-"), plain[cut + 1 :].strip(" ,;:-")
        if readings.test(left).analyte is None:
            continue
        if part := words().limits.get(fold_header(right)):
            return AnalyteColumn(column, left, unit, part)
        if not unit and is_unit(right, readings):
            return AnalyteColumn(column, left, right)
    return None
