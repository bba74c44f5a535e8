"""The number line in characters, for terminals and for reading aloud."""

from __future__ import annotations

from leukon.report.assessment import NumberLine
from leukon.report.phrases import Phrases
from leukon.write.axis import Axis, label

BAND, BARE, MARK, OTHER, OUTER = "━", "─", "▼", "┴", "┷"


def number_line(line: NumberLine, words: Phrases, width: int = 76) -> list[str]:
    """Three rows: the value above its mark, the axis with the one interval on it, the labels. Then a legend."""
    shown = [float(e.value) for e in line.elsewhere if e.voting]
    ends = [float(end) for end in (line.low, line.high) if end]
    band = line.interval
    edges = [float(end) for end in ((band.low, band.high) if band is not None else ()) if end]
    axis = Axis.over(shown, [*ends, *edges], width - 1)
    cells = [BARE] * width
    if band is not None and edges:
        first = round(axis.at(float(band.low))) if band.low else 0
        last = round(axis.at(float(band.high))) if band.high else width - 1
        cells[first : last + 1] = [BAND] * (last + 1 - first)
    for value in shown:
        place = round(axis.at(value))
        cells[place] = OUTER if cells[place] in (BAND, OUTER) else OTHER
    return [*_markers(line, axis, words, width), "".join(cells), _labels(axis, words, width), *legend(line, words)]


def _markers(line: NumberLine, axis: Axis, words: Phrases, width: int) -> list[str]:
    text = words.span(line.value)
    if line.low == line.high:
        place = round(axis.at(float(line.low)))
        marks = " " * place + MARK
    else:
        first = round(axis.at(float(line.low or 0)))
        last = round(axis.at(float(line.high))) if line.high else width - 1
        place = (first + last) // 2
        marks = " " * first + MARK * max(1, last + 1 - first)
    start = min(max(0, place - len(text) // 2), width - len(text))
    return [" " * start + text, marks]


def _labels(axis: Axis, words: Phrases, width: int) -> str:
    row = [" "] * (width + 8)
    for tick in axis.ticks(gap=4):
        text = words.number(label(tick))
        start = max(0, round(axis.at(tick)) - len(text) // 2)
        row[start : start + len(text)] = text
    return "".join(row).rstrip()


def legend(line: NumberLine, words: Phrases) -> list[str]:
    """What the signs mean, and the named points of the line."""
    parts = []
    if line.interval is not None:
        parts.append(f"{BAND * 2} {words(f'label.band.{line.interval_origin}')} {span(line, words)}")
    n = sum(len(e.limits) for e in line.elsewhere if e.voting and not at_band(line, e.value))
    if n:
        parts.append(f"{OTHER} {elsewhere(n, line, words)}")
    rows = [" · ".join(parts)] if parts else []
    if line.anchors and words.audience != "plain":
        named = [f"{anchor.word} <{words.number(anchor.value)}" for anchor in line.anchors]
        rows.append(" · ".join(named))
    return rows


def at_band(line: NumberLine, value: str) -> bool:
    return line.interval is not None and line.interval.low == value


def elsewhere(n: int, line: NumberLine, words: Phrases) -> str:
    """How many published limits stand beside the interval, or on the bare line."""
    key = "label.elsewhere" if line.interval is not None else "label.lines"
    return words(f"{key}.one") if n == 1 else words(key, n=n)


def span(line: NumberLine, words: Phrases) -> str:
    """The interval in words: "4.0–11.0" or "≥ 1.5"."""
    return words.ends(line.interval.low, line.interval.high) if line.interval is not None else ""


def capital(text: str) -> str:
    """With a capital letter at the start; a name such as qSOFA stays as it is."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Text that ends as a sentence does."""
    return text if not text or text.endswith((".", "!", "?", ".)")) else f"{text}."
