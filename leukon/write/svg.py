"""Drawings as SVG text: the pieces, their style, and the number line.

Every drawing has role=img, a title and a description, uses no style attribute and no script, and tells
nothing by colour alone. Colours come from the classes of `STYLE`, which a page includes once and a
drawing that stands alone carries with it.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from leukon.report.assessment import NumberLine
from leukon.report.phrases import UNIT_SIGNS, Phrases
from leukon.write.axis import Axis, label
from leukon.write.line import at_band, capital, elsewhere, span

STYLE = """
:root{--paper:#fff;--ink:#1c1d1f;--soft:#5d6166;--rule:#c9ccd0;--wash:#eef0f2;--accent:#1d4f91;--accent-wash:#dbe6f4}
@media (prefers-color-scheme:dark){:root{--paper:#15171a;--ink:#e8e9eb;--soft:#a3a8ae;--rule:#43484e;--wash:#22262b;\
--accent:#8db8f0;--accent-wash:#233a57}}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--rule:#bbb;--wash:#f0f0f0;--accent:#1d4f91;\
--accent-wash:#dbe6f4}}
svg text{font-family:inherit;font-size:12px;fill:var(--soft);font-variant-numeric:tabular-nums}
svg .value{font-size:16px;font-weight:600;fill:var(--ink)}
svg .strong{fill:var(--ink)}
svg .accent{fill:var(--accent)}
svg .axis{stroke:var(--rule);stroke-width:1;fill:none}
svg .tick{stroke:var(--rule);stroke-width:1}
svg .band{fill:var(--accent-wash);stroke:none}
svg .edge{stroke:var(--accent);stroke-width:2;fill:none}
svg .fade0{stop-color:var(--ink);stop-opacity:.16}
svg .fade1{stop-color:var(--ink);stop-opacity:0}
svg .dot{fill:var(--soft)}
svg .dot-open{fill:none;stroke:var(--soft);stroke-width:1}
svg .point-low{fill:var(--accent)}
svg .mark{fill:var(--ink);stroke:var(--paper);stroke-width:1.5}
svg .stem{stroke:var(--ink);stroke-width:1.5}
svg .span{fill:var(--ink);opacity:.85}
svg .grey{fill:var(--wash)}
svg .limit{stroke:var(--accent);stroke-width:1.25;fill:none}
svg .published{stroke-dasharray:5 4}
svg .path{stroke:var(--ink);stroke-width:1.25;fill:none}
svg .point{fill:var(--ink);stroke:var(--paper);stroke-width:1}
svg .hollow{fill:var(--paper);stroke:var(--ink);stroke-width:1.5}
svg .cross{stroke:var(--soft);stroke-width:1.5;fill:none}
svg .small{font-size:10.5px}
svg .hatch{stroke:var(--soft);stroke-width:.7;opacity:.55}
svg .episode{stroke:var(--ink);stroke-width:1.75;fill:none}
svg .arrow{fill:var(--ink)}
svg .drug{fill:var(--soft)}
svg .condition{fill:var(--paper);stroke:var(--soft);stroke-width:1.25}
svg .upright{stroke:var(--soft);stroke-width:1;stroke-dasharray:1 3}
svg .rowline{stroke:var(--wash);stroke-width:1}
"""

DOT, TALLEST = 6.0, 4
"""Distance of dots in a stack, and the dots that are drawn at most (the words say the number)."""

Place = Callable[[float], float]
"""A count's place on the page."""


def tag(name: str, body: str = "", **attributes: object) -> str:
    """One element; `cls` is class, an underscore is a hyphen, numbers are cut to two decimals, all is escaped."""
    spelled = "".join(
        f' {"class" if key == "cls" else key.replace("_", "-")}="{escape(_spell(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{spelled}>{body}</{name}>" if body else f"<{name}{spelled}/>"


def _spell(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def text(x: float, y: float, words: str, cls: str | None = None, anchor: str = "middle") -> str:
    return tag("text", escape(words), x=float(x), y=float(y), cls=cls, text_anchor=anchor)


def drawing(
    width: int, height: int, title: str, description: str, body: str, *, alone: bool = False, key: str = ""
) -> str:
    """A whole drawing. `key` makes its ids stable and unique on a page; `alone` gives it its own style and size."""
    name = key or "d"
    return tag(
        "svg",
        tag("title", escape(title), id=f"{name}-t")
        + tag("desc", escape(description), id=f"{name}-d")
        + (tag("style", STYLE) if alone else "")
        + body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_labelledby=f"{name}-t {name}-d",
        font_family="system-ui, sans-serif" if alone else None,
        width=width if alone else None,
        height=height if alone else None,
    )


def number_line(line: NumberLine, words: Phrases, *, key: str = "line", alone: bool = False, width: int = 720) -> str:
    """One value on its axis: the one interval that fits as a band, everybody else's lines as dots beneath."""
    left, right = 24, 24
    voting = [e for e in line.elsewhere if e.voting]
    shown = [float(e.value) for e in voting]
    ends = [float(end) for end in (line.low, line.high) if end]
    edges = [float(end) for end in ((line.interval.low, line.interval.high) if line.interval else ()) if end]
    axis = Axis.over(shown, [*ends, *edges], width - left - right)
    base = 72.0

    def x(value: float) -> float:
        return left + axis.at(value)

    parts = [_band(line, words, x, base, width - right, key)]
    parts.append(tag("line", x1=left, x2=width - right, y1=base, y2=base, cls="axis"))
    for tick in axis.ticks(gap=30):
        parts.append(tag("line", x1=x(tick), x2=x(tick), y1=base, y2=base + 5, cls="tick"))
        parts.append(text(x(tick), base + 19, words.number(label(tick))))
    named = words.audience != "plain" and bool(line.anchors)
    if named:
        parts.append(_anchors(line, x, base + 40))
    dots = base + (58 if named else 36)
    parts.append(_dots(line, words, x, dots, left, right, width))
    parts.append(_marker(line, words, x, base, left, width - right))
    unit = UNIT_SIGNS.get(line.unit, line.unit)
    title = f"{line.name}: {words.span(line.value)} {unit}"
    tall = _stack(line)
    height = round(dots + DOT * tall + 20 if tall else dots)
    return drawing(width, height, title, describe(line, words), "".join(parts), alone=alone, key=key)


def describe(line: NumberLine, words: Phrases) -> str:
    """The drawing in words, for those who do not see it."""
    band = "label.no-band" if line.interval is None else f"label.band.{line.interval_origin}"
    parts = [words(band) if line.interval is None else f"{capital(words(band))}: {span(line, words)}."]
    elsewhere_ = [
        words.number(e.value) + (f" ({len(e.limits)})" if len(e.limits) > 1 else "")
        for e in line.elsewhere
        if e.voting and not at_band(line, e.value)
    ]
    if elsewhere_:
        n = sum(len(e.limits) for e in line.elsewhere if e.voting and not at_band(line, e.value))
        parts.append(f"{elsewhere(n, line, words)}: {'; '.join(elsewhere_)}.")
    return " ".join(parts)


def _band(line: NumberLine, words: Phrases, x: Place, base: float, end: float, key: str) -> str:
    if line.interval is None:
        return ""
    low, high = line.interval.low, line.interval.high
    first, last = x(float(low)) if low else x(0.0), x(float(high)) if high else end
    parts = []
    if low:
        stops = tag("stop", offset="0", cls="fade0") + tag("stop", offset="1", cls="fade1")
        parts.append(tag("defs", tag("linearGradient", stops, id=f"{key}-fade")))
        parts.append(
            tag("rect", x=x(0.0), y=base - 12, width=max(0.0, first - x(0.0)), height=12, fill=f"url(#{key}-fade)")
        )
    parts.append(tag("rect", x=first, y=base - 12, width=max(1.0, last - first), height=12, cls="band"))
    for value in (low, high):
        if value:
            parts.append(tag("line", x1=x(float(value)), x2=x(float(value)), y1=base - 16, y2=base, cls="edge"))
    told = f"{words(f'label.band.{line.interval_origin}')} {span(line, words)}"
    middle = (first + last) / 2
    half = len(told) * 3.2
    middle = min(max(middle, x(0.0) + half), end - half)
    parts.append(text(middle, base - 24, told, "accent"))
    return "".join(parts)


def _anchors(line: NumberLine, x: Place, y: float) -> str:
    """The severity words between their edges, where there is room for them; the exact edges stand in the legend."""
    parts, before = [], x(0.0)
    for anchor in line.anchors:
        edge = x(float(anchor.value))
        parts.append(tag("line", x1=edge, x2=edge, y1=y - 10, y2=y + 3, cls="tick"))
        if edge - before > 6.6 * len(anchor.word):
            parts.append(text((before + edge) / 2, y, anchor.word))
        before = edge
    return "".join(parts)


def _stack(line: NumberLine) -> int:
    """How many dots the highest stack of other people's lines holds."""
    others = (len(e.limits) for e in line.elsewhere if e.voting and not at_band(line, e.value))
    return min(max(others, default=0), TALLEST)


def _dots(line: NumberLine, words: Phrases, x: Place, top: float, left: int, right: int, width: int) -> str:
    others = [e for e in line.elsewhere if e.voting and not at_band(line, e.value)]
    if not others:
        return ""
    parts = []
    for place in others:
        for nth in range(min(len(place.limits), TALLEST)):
            parts.append(tag("circle", cx=x(float(place.value)), cy=top + nth * DOT, r=2.2, cls="dot"))
    n = sum(len(place.limits) for place in others)
    told = words("label.lines.one") if n == 1 else words("label.lines", n=n)
    centre = sum(x(float(p.value)) for p in others) / len(others)
    half = len(told) * 3.2
    parts.append(text(min(max(centre, left + half), width - right - half), top + DOT * _stack(line) + 12, told))
    return "".join(parts)


def _marker(line: NumberLine, words: Phrases, x: Place, base: float, start: float, end: float) -> str:
    told = words.span(line.value)
    if line.low == line.high:
        at = x(float(line.low))
        mark = tag("line", x1=at, x2=at, y1=26.0, y2=base + 4, cls="stem") + tag(
            "circle", cx=at, cy=base - 6, r=5, cls="mark"
        )
    else:
        first = x(float(line.low or 0))
        last = x(float(line.high)) if line.high else end
        at = (first + last) / 2
        mark = tag("rect", x=first, y=base - 9, width=max(2.0, last - first), height=6, rx=3, cls="span")
        mark += tag("line", x1=at, x2=at, y1=26.0, y2=base - 9, cls="stem")
    half = len(told) * 5.0
    return mark + text(min(max(at, start + half - 20), end - half + 20), 20, told, "value")
