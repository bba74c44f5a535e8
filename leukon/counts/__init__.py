"""Laboratory text to whole base units, and back: numbers, units, intervals, reference ranges.

Floor 1: knows no file and no rule. The units and the numbers of the decisions come in as arguments
(`Units`, `Rules`), read from `knowledge/units.csv` and `knowledge/settings.yaml`.
"""

from leukon.counts.intervals import Interval, Rules, read_count
from leukon.counts.numbers import Number, Unreadable, read_number, read_numbers
from leukon.counts.ranges import Range, read_limits, read_range
from leukon.counts.text import fold_name
from leukon.counts.units import Unit, Units, fold_unit
from leukon.counts.words import show, show_span

__all__ = [
    "Interval",
    "Number",
    "Range",
    "Rules",
    "Unit",
    "Units",
    "Unreadable",
    "fold_name",
    "fold_unit",
    "read_count",
    "read_limits",
    "read_number",
    "read_numbers",
    "read_range",
    "show",
    "show_span",
]
