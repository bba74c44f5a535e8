"""The grade bands of one chosen scale behind a chart, hatched: the deeper the band, the denser the lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from leukon.knowledge.model import Edition, Knowledge, Term
from leukon.report.assessment import Assessment
from leukon.report.phrases import Phrases, decimal
from leukon.write.svg import tag, text

SPACING = (11, 8, 5.5, 3.5)
"""Distance of the hatching's lines, from the mildest band to the deepest."""

WORDS = 88.0
"""Where the words of the bands end, right of the plot."""

LABEL_ROOM = 10.0
"""A band lower than this on the page gets no word beside it (the caption names every band)."""

Place = Callable[[float], float]
Step = tuple[int, int, float, float]


class Hatch(NamedTuple):
    """One band: [low, high) in display units, "" = open; `lln`: it ends at the laboratory's lower limit."""

    low: str
    high: str
    lln: bool
    word: str


class Hatched(NamedTuple):
    """The bands of one term of one edition, mildest first."""

    scale: str
    term: str
    bands: list[Hatch]


def hatched(assessment: Assessment, knowledge: Knowledge, words: Phrases, analyte: str) -> Hatched | None:
    """The first scale that was asked for and grades this count by a number; none asked: the severity words.

    None when no such scale has this count, or when age decides which of several terms is meant.
    """
    asked = [knowledge.editions[scale] for scale in assessment.scales if scale in knowledge.editions]
    shown = asked or [edition for edition in knowledge.editions.values() if edition.always]
    for edition in shown:
        found = _term(assessment, edition, analyte)
        if found is not None:
            return _bands(assessment, knowledge, words, edition, found)
    return None


def _term(assessment: Assessment, edition: Edition, analyte: str) -> Term | None:
    graded = {
        grade.term for grade in assessment.grades if (grade.scale, grade.version) == (edition.scale, edition.version)
    }
    rules = {grade.rule for grade in assessment.grades if grade.rule}
    terms = [t for t in edition.terms if t.analyte == analyte and t.direction == "low" and t.name in graded and t.bands]
    fitting = [t for t in terms if any(band.id in rules for band in t.bands)]
    return (fitting or terms)[0] if len(fitting or terms) == 1 else None


def _bands(
    assessment: Assessment, knowledge: Knowledge, words: Phrases, edition: Edition, term: Term
) -> Hatched | None:
    factor = knowledge.analytes[term.analyte].display_factor
    named = {
        g.grade: g.word
        for g in assessment.grades
        if g.word and (g.scale, g.version) == (edition.scale, edition.version)
    }
    lines = {line.analyte: line.anchors for line in assessment.verdict.number_lines}
    anchors = {anchor.value: anchor.word for anchor in lines.get(term.analyte, [])} if edition.always else {}
    found = []
    for band in sorted(term.bands, key=lambda b: b.grade):
        if not band.grade or band.needs or band.above_uln or (band.high is None and not band.upto_lln):
            continue
        low = decimal(band.low, factor) if band.low else "0"
        high = decimal(band.high + 1, factor) if band.high is not None else ""
        word = anchors.get(high) or named.get(str(band.grade)) or words("page.chart.grade", n=band.grade)
        found.append(Hatch(low, high, band.upto_lln, word))
    scale = edition.title.get(assessment.language, "") if edition.always else f"{edition.scale} {edition.version}"
    return Hatched(scale, "" if edition.always else term.name, found) if found else None


def legend(one: Hatched, words: Phrases) -> str:
    """The bands in words: "mild 1.0–1.5, moderate 0.5–1.0"."""
    told = []
    for band in one.bands:
        high = words.number(band.high) if band.high else words("page.chart.lln")
        low = "0" if band.low == "0" else words.number(band.low)
        told.append(f"{band.word} <{high}" if low == "0" else f"{band.word} {low}{between(band, words)}{high}")
    return words(
        "page.chart.hatched", scale=", ".join(part for part in (one.scale, one.term) if part), bands="; ".join(told)
    )


def between(band: Hatch, words: Phrases) -> str:
    """Two numbers have a dash between them, a number and a word do not."""
    return "–" if band.high else f" {words('to')} "


def draw(one: Hatched, steps: list[Step], x: Place, y: Place, top: float, ends: tuple[float, float], key: str) -> str:
    """Patterns and bands. `steps` are the laboratory's limits over time, where a band ends at them."""
    parts, patterns = [], []
    for rank, band in enumerate(one.bands):
        size = SPACING[min(rank + max(0, len(SPACING) - len(one.bands)), len(SPACING) - 1)]
        name = f"{key}-h{rank}"
        patterns.append(_pattern(name, size))
        low = min(float(band.low), top)
        highest = low
        for left, right, edge in _pieces(band, steps, x, ends):
            high = min(edge, top)
            if high > low and right > left:
                parts.append(
                    tag("rect", x=left, y=y(high), width=right - left, height=y(low) - y(high), fill=f"url(#{name})")
                )
                parts.append(tag("line", x1=left, x2=right, y1=y(high), y2=y(high), cls="hatch"))
                highest = high
        if y(low) - y(highest) >= LABEL_ROOM:
            parts.append(text(ends[1] + WORDS, (y(low) + y(highest)) / 2 + 4, band.word, "small", "end"))
    return tag("defs", "".join(patterns)) + "".join(parts)


def _pattern(name: str, size: float) -> str:
    line = tag("line", x1=0, x2=0, y1=0, y2=size, cls="hatch")
    return tag(
        "pattern",
        line,
        id=name,
        width=size,
        height=size,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


def _pieces(band: Hatch, steps: list[Step], x: Place, ends: tuple[float, float]) -> list[tuple[float, float, float]]:
    """(left, right, upper edge) of a band: one piece, or a piece for each stretch of the laboratory's limit."""
    if band.high:
        return [(*ends, float(band.high))]
    return [(x(start), x(end), edge) for start, end, edge, _ in steps if edge]
