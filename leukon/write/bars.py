"""Medicines and conditions beneath the charts, on the same time axis: filled a medicine, an outline a condition.

An end that is not known, or lies outside of the drawing, is an arrow. Upright lines are the days of the counts.
"""

from __future__ import annotations

from leukon.report.assessment import Assessment
from leukon.report.phrases import Phrases
from leukon.report.reasons import Bar
from leukon.write.dates import DAY, stamp
from leukon.write.line import capital
from leukon.write.reasons import oldest
from leukon.write.serial import LEFT, RIGHT, WIDTH, axis_labels
from leukon.write.svg import Place, drawing, tag, text

ROW, TOP, FOOT = 27, 8, 26
THICK = 7.0
MOST, MOST_LINES = 12, 15
"""Names and upright lines that are drawn; the table beside the drawing holds all."""

LETTERS = 46
"""Letters of a name that are drawn; the table holds the whole."""

Lane = list[Bar]
"""The bars of one name, one beside the other."""

AHEAD = 30 * DAY
"""An axis is widened to the left for what began before the first count: half of the counts' own span, at least this."""


def drawn(assessment: Assessment) -> list[Lane]:
    """The lanes of the drawing: candidates that fit or may fit first, then others that were recognised; by start."""
    lanes: list[Lane] = []
    for bar in sorted(assessment.bars, key=oldest):
        if bar.start_s is not None or bar.stop_s is not None:
            fitting = next((lane for lane in lanes if _follows(bar, lane[-1])), None)
            lanes.append([bar]) if fitting is None else fitting.append(bar)
    named = {e.cause for e in assessment.explanations if e.timing.fits != "no"}
    order = sorted(lanes, key=lambda lane: (lane[0].cause not in named, not lane[0].cause))[:MOST]
    return sorted(order, key=lambda lane: min(map(oldest, lane)))


def _follows(bar: Bar, last: Bar) -> bool:
    """Whether a bar is of the same name and begins after the other has ended, so that none hides the other."""
    same = (bar.kind, bar.label) == (last.kind, last.label)
    return same and last.stop_s is not None and bar.start_s is not None and bar.start_s > last.stop_s


def widen(span: tuple[int, int], lanes: list[Lane]) -> tuple[int, int]:
    """The counts' span and, within reason, the starts and stops of the bars."""
    first, last = span
    room = max((last - first) // 2, AHEAD)
    ends = [end for lane in lanes for bar in lane for end in (bar.start_s, bar.stop_s) if end is not None]
    near = [end for end in ends if first - room <= end <= last + room // 4]
    return min([first, *near]), max([last, *near])


def moments(assessment: Assessment) -> list[int]:
    """The times of all counts."""
    return sorted({value.collected_s for value in assessment.values if value.collected_s is not None})


def uprights(assessment: Assessment) -> tuple[list[int], str]:
    """The times that are drawn through all bars, and the key of what they are: counts, or of many the low onsets."""
    times = moments(assessment)
    if len(times) <= MOST_LINES:
        return times, "page.bars.lines"
    onsets = {e.onset_s for e in assessment.episodes if e.onset_s is not None}
    return sorted(onsets)[:MOST_LINES], "page.bars.onsets"


def around(assessment: Assessment, lanes: list[Lane]) -> tuple[int, int] | None:
    """The axis where no chart gives one: around a single count. None without a time or without bars."""
    times = moments(assessment)
    if not times or not lanes:
        return None
    return widen((times[0], times[-1]), lanes) if len(times) > 1 else widen((times[0] - AHEAD, times[0]), lanes)


def strip(
    assessment: Assessment, lanes: list[Lane], words: Phrases, span: tuple[int, int], *, key: str = "bars"
) -> str:
    """The whole drawing; "" without bars. `span` is the axis shared with the charts."""
    if not lanes:
        return ""
    relative = any(value.time_basis == "relative" for value in assessment.values)
    first, last = span
    wide, bottom = WIDTH - LEFT - RIGHT, TOP + ROW * len(lanes)

    def x(seconds: float) -> float:
        return LEFT + wide * (min(max(seconds, first), last) - first) / max(1, last - first)

    lines, _ = uprights(assessment)
    parts = [tag("line", x1=x(s), x2=x(s), y1=TOP, y2=bottom, cls="upright") for s in lines]
    for place, lane in enumerate(lanes):
        parts.append(_lane(lane, TOP + ROW * place, x, span))
    parts.append(tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=bottom, y2=bottom, cls="axis"))
    parts.append(axis_labels(span, x, bottom, words, relative=relative))
    told = "; ".join(_told(bar, words, relative=relative) for lane in lanes for bar in lane)
    return drawing(WIDTH, bottom + FOOT, words("page.bars"), told, "".join(parts), key=key)


def _told(bar: Bar, words: Phrases, *, relative: bool) -> str:
    start, stop = (
        words("page.bars.unknown") if end is None else stamp(end, words, relative=relative)
        for end in (bar.start_s, bar.stop_s)
    )
    return words("page.bars.told", name=capital(bar.label), start=start, stop=stop)


def _lane(lane: Lane, top: float, x: Place, span: tuple[int, int]) -> str:
    """One name with its bars beneath it."""
    y = top + 15
    first = min(lane, key=oldest)
    left = x(span[0] if first.start_s is None else first.start_s)
    name = capital(first.label)
    name = name if len(name) <= LETTERS else f"{name[: LETTERS - 1].rstrip()}…"
    over = left + 6.3 * len(name) > WIDTH
    shown = text(WIDTH - 2 if over else left, y - 4, name, "strong", "end" if over else "start")
    return "".join(_bar(bar, y, x, span) for bar in lane) + shown


def _bar(bar: Bar, y: float, x: Place, span: tuple[int, int]) -> str:
    first, last = span
    start, stop = bar.start_s, bar.stop_s
    left = x(first if start is None else start)
    right = max(x(last if stop is None else stop), left + 4)
    kind = "drug" if bar.kind == "drug" else "condition"
    parts = [tag("rect", x=left, y=y, width=right - left, height=THICK, rx=1, cls=kind)]
    if start is None or start < first:
        parts.append(tag("path", d=f"M{left - 1:.1f} {y - 2:.1f}v11l-7 -5.5z", cls="arrow"))
    if stop is None or stop > last:
        parts.append(tag("path", d=f"M{right + 1:.1f} {y - 2:.1f}v11l7 -5.5z", cls="arrow"))
    return "".join(parts)
