"""The same analyte over time: points, the laboratory's limits as steps, and the gaps that nobody should read across.

Behind them the grade bands of one chosen scale (hatched), above them the spans of episodes.
"""

from __future__ import annotations

from collections.abc import Callable

from leukon.report.assessment import Assessment, Value
from leukon.report.phrases import UNIT_SIGNS, Phrases
from leukon.report.reasons import Episode
from leukon.write import bands
from leukon.write.axis import label
from leukon.write.dates import DAY, stamp, ticks
from leukon.write.svg import drawing, tag, text

GAP_DAYS = 90
"""A longer gap breaks the line (interfaces.md 9): nothing is known of what lies between."""

WIDTH, HEIGHT = 480, 206
LEFT, RIGHT, TOP, BOTTOM = 34, 92, 24, 28
"""Right of the plot stand the newest value and the words of the grade bands; above it the spans of episodes."""

LANE = 10.0
"""Height at which the spans of episodes are drawn."""

TICK_ROOM = 74.0
"""A short date nearer than this to an end of the axis would run into the whole date there."""


class Series:
    """One analyte's points in order of time, and those that another result replaced."""

    def __init__(self, analyte: str, name: str, unit: str) -> None:
        self.analyte, self.name, self.unit = analyte, name, unit
        self.points: list[Value] = []
        self.replaced: list[tuple[int, float]] = []
        self.line: float | None = None
        """The limit that comes first where the laboratory sent none: the site's, the person's own, a published one."""

    def long_name(self, assessment: Assessment) -> str:
        """The analyte's name as the verdict says it."""
        return next((x.name for x in assessment.verdict.analytes if x.analyte == self.analyte), self.name)


def days(one: Series, words: Phrases) -> list[str]:
    """The day of each point as shown; with the time of day where several share it."""
    short = [words.day(p.collected).split(" ")[0] for p in one.points]
    return [words.day(p.collected) if short.count(day) > 1 else day for p, day in zip(one.points, short, strict=True)]


def series(assessment: Assessment) -> list[Series]:
    """Every count with at least two times, the headline's analyte first, then in the verdict's order."""
    order = [assessment.verdict.headline_analyte, *(x.analyte for x in assessment.verdict.analytes)]
    found: dict[str, Series] = {}
    for value in assessment.values:
        if value.collected_s is None or value.unit == "%" or not _number(value) or "DATE_SENTINEL" in value.issues:
            continue
        held = found.setdefault(value.analyte, Series(value.analyte, value.name, value.unit))
        held.points.append(value)
    for out in assessment.excluded:
        if out.code == "SUPERSEDED" and out.analyte in found and out.collected_s is not None:
            shown = out.value.lstrip("<>=").split(" ")[0]
            if shown and out.unit == found[out.analyte].unit:
                found[out.analyte].replaced.append((out.collected_s, float(shown)))
    for lineage in assessment.verdict.analytes:
        first = lineage.primary_limit
        if lineage.analyte in found and first is not None and first.origin != "laboratory":
            found[lineage.analyte].line = float(first.value)
    several = [s for s in found.values() if len({p.collected_s for p in s.points}) > 1]
    for one in several:
        one.points.sort(key=lambda v: (v.collected_s or 0, v.id))
    return sorted(several, key=lambda s: order.index(s.analyte) if s.analyte in order else len(order))


def _number(value: Value) -> float | None:
    """Where a point stands: its value, or the known end of a span."""
    shown = value.value.lstrip("<>=").split(" to ")[-1]
    try:
        return float(shown)
    except ValueError:
        return None


def chart(
    one: Series,
    words: Phrases,
    span: tuple[int, int],
    *,
    key: str,
    alone: bool = False,
    hatched: bands.Hatched | None = None,
    episodes: list[Episode] | None = None,
) -> str:
    """One small chart; `span` is the common time axis in seconds, so that charts can be compared.

    `hatched`: the grade bands of one scale; `episodes`: those of one rule about this analyte.
    """
    numbers = [_number(p) or 0.0 for p in one.points] + [n for _, n in one.replaced]
    limits = [float(e) for p in one.points if p.interval for e in (p.interval.low, p.interval.high) if e]
    lows = [float(p.interval.low) for p in one.points if p.interval and p.interval.low]
    line = [one.line] if one.line is not None else []
    top = _top(max([*numbers, *lows, *line, *(x for x in limits if x <= 2 * max(numbers))]))
    first, last = span
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(seconds: float) -> float:
        return LEFT + wide * (seconds - first) / max(1, last - first)

    def y(value: float) -> float:
        return TOP + high * (1 - min(value, top) / top)

    relative = one.points[0].time_basis == "relative"
    body = _reference(one, x, y, top, last)
    if hatched is not None:
        body += bands.draw(hatched, _steps(one, last), x, y, top, (LEFT, WIDTH - RIGHT), key)
    body += _axes(one, words, x, y, top, span) + _path(one, x, y)
    body += "".join(_span(episode, x, span) for episode in episodes or ())
    body += "".join(_cross(x(s), y(n)) for s, n in one.replaced)
    body += "".join(_point(p, x(p.collected_s or 0), y(_number(p) or 0.0)) for p in one.points)
    body += _last_label(one, words, x, y)
    unit = UNIT_SIGNS.get(one.unit, one.unit)
    told = "; ".join(
        [f"{stamp(p.collected_s or 0, words, relative=relative)} {words.span(p.value)}" for p in one.points]
        + [_span_told(episode, words, relative=relative) for episode in episodes or ()]
    )
    return drawing(WIDTH, HEIGHT, f"{one.name}, {unit}", told, body, key=key, alone=alone)


def _top(highest: float) -> float:
    power = 1.0
    while power * 10 <= highest:
        power *= 10
    while power > highest and highest > 0:
        power /= 10
    steps = (1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12)
    return next((power * step for step in steps if power * step >= highest * 1.05), power * 12) or 1.0


def _reference(one: Series, x: Callable[[float], float], y: Callable[[float], float], top: float, last: int) -> str:
    """The laboratory's interval as a grey band with its lower edge drawn; it steps where the laboratory changed it."""
    parts: list[str] = []
    edge: list[str] = []
    for start, until, low, high in _steps(one, last):
        a = x(start)
        b = max(x(until), a + 6)
        ceiling, floor = y(min(high, top)) if high else y(top), y(low or 0)
        parts.append(tag("rect", x=a, y=ceiling, width=b - a, height=max(0.0, floor - ceiling), cls="grey"))
        if low:
            edge.append(f"{'L' if edge else 'M'}{a:.1f} {floor:.1f}L{b:.1f} {floor:.1f}")
    if one.line is not None and not edge:
        at = y(one.line)
        parts.append(tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=at, y2=at, cls="limit published"))
    return "".join(parts) + (tag("path", d="".join(edge), cls="limit") if edge else "")


def _steps(one: Series, last: int) -> list[tuple[int, int, float, float]]:
    """(from, to, low, high) of each stretch in which the laboratory's interval stayed the same; 0 = no such end."""
    found: list[tuple[int, int, float, float]] = []
    for point in one.points:
        if point.interval is None:
            continue
        low, high, at = float(point.interval.low or 0), float(point.interval.high or 0), point.collected_s or 0
        if found and found[-1][2:] == (low, high):
            continue
        if found:
            found[-1] = (found[-1][0], at, *found[-1][2:])
        found.append((at, last, low, high))
    return found


def _axes(
    one: Series,
    words: Phrases,
    x: Callable[[float], float],
    y: Callable[[float], float],
    top: float,
    span: tuple[int, int],
) -> str:
    parts = [tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y(0), y2=y(0), cls="axis")]
    for value in (0.0, top / 2, top):
        parts.append(text(LEFT - 6, y(value) + 4, words.number(label(value)), anchor="end"))
        parts.append(tag("line", x1=LEFT - 3, x2=LEFT, y1=y(value), y2=y(value), cls="tick"))
    parts.append(axis_labels(span, x, y(0), words, relative=one.points[0].time_basis == "relative"))
    return "".join(parts)


def axis_labels(
    span: tuple[int, int], x: Callable[[float], float], base: float, words: Phrases, *, relative: bool
) -> str:
    """Whole dates at both ends of a time axis, short ones between where there is room."""
    parts = []
    for seconds, anchor in zip(span, ("start", "end"), strict=True):
        parts.append(tag("line", x1=x(seconds), x2=x(seconds), y1=base, y2=base + 4, cls="tick"))
        parts.append(text(x(seconds), base + 20, stamp(seconds, words, relative=relative), anchor=anchor))
    for seconds, short in ticks(span, words, relative=relative):
        at = x(seconds)
        parts.append(tag("line", x1=at, x2=at, y1=base, y2=base + 4, cls="tick"))
        if at - x(span[0]) > TICK_ROOM + 18 and x(span[1]) - at > TICK_ROOM + 18:
            parts.append(text(at, base + 20, short))
    return "".join(parts)


def _span(episode: Episode, x: Callable[[float], float], span: tuple[int, int]) -> str:
    """One episode as a line with end marks; an arrow where no end is known, no mark where a gap cut it off."""
    if episode.onset_s is None:
        return ""
    first, last = span
    ended = episode.end_reason in ("recovered", "padded") and episode.end_s is not None
    left, right = x(max(episode.onset_s, first)), x(min(last if episode.end_s is None else episode.end_s, last))
    right = max(right, left + 3)
    parts = [tag("line", x1=left, x2=right, y1=LANE, y2=LANE, cls="episode")]
    parts.append(tag("line", x1=left, x2=left, y1=LANE - 4, y2=LANE + 4, cls="episode"))
    if ended:
        parts.append(tag("line", x1=right, x2=right, y1=LANE - 4, y2=LANE + 4, cls="episode"))
    elif episode.end_reason == "censored":
        parts.append(tag("path", d=f"M{right:.1f} {LANE - 4.5:.1f}v9l7 -4.5z", cls="arrow"))
    return "".join(parts)


def _span_told(episode: Episode, words: Phrases, *, relative: bool) -> str:
    if episode.onset_s is None:
        return ""
    open_ = episode.end_reason == "censored" or episode.end_s is None
    end = words("page.chart.told.open") if open_ else stamp(episode.end_s or 0, words, relative=relative)
    return words("page.chart.told.episode", start=stamp(episode.onset_s, words, relative=relative), end=end)


def _path(one: Series, x: Callable[[float], float], y: Callable[[float], float]) -> str:
    path, before = [], None
    for point in one.points:
        at = point.collected_s or 0
        joined = before is not None and at - before <= GAP_DAYS * DAY
        path.append(f"{'L' if joined else 'M'}{x(at):.1f} {y(_number(point) or 0.0):.1f}")
        before = at
    return tag("path", d="".join(path), cls="path")


def _point(point: Value, x: float, y: float) -> str:
    if point.value.startswith("<"):
        return tag("path", d=f"M{x - 4:.1f} {y - 3:.1f}h8l-4 7z", cls="point")
    if point.value.startswith(">"):
        return tag("path", d=f"M{x - 4:.1f} {y + 3:.1f}h8l-4 -7z", cls="point")
    return tag("circle", cx=x, cy=y, r=3.5, cls="hollow" if point.derived is not None else "point")


def _last_label(one: Series, words: Phrases, x: Callable[[float], float], y: Callable[[float], float]) -> str:
    point = one.points[-1]
    return text(x(point.collected_s or 0) + 7, y(_number(point) or 0.0) + 4, words.span(point.value), "strong", "start")


def _cross(x: float, y: float) -> str:
    return tag("path", d=f"M{x - 3.5:.1f} {y - 3.5:.1f}l7 7m0 -7l-7 7", cls="cross")


def common_span(all_series: list[Series]) -> tuple[int, int]:
    """First and last second over all series."""
    times = [p.collected_s or 0 for one in all_series for p in one.points]
    return min(times), max(times)
