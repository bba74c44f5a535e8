"""The public table of limits: who draws the line where, as text, CSV, JSON, a picture or a page."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from io import StringIO
from typing import NamedTuple

import msgspec

from leukon.knowledge.model import Knowledge, Limit
from leukon.knowledge.strata import applies
from leukon.report.phrases import UNIT_SIGNS, Phrases, decimal
from leukon.write.axis import Axis, Even, label
from leukon.write.line import capital
from leukon.write.svg import drawing, tag, text

HOURS = {"years": 8766, "months": 731, "days": 24, "hours": 1}
"""Largest unit first; an age is shown in the largest that divides it (a month of 730.5 h is rounded up)."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that a spreadsheet would run gets an apostrophe in front."""

AXIS = 30
WIDE = 3
"""Lines that span more than this many folds are drawn on the stretched axis."""


class Who(NamedTuple):
    """For whom the table is asked; nothing known = the whole table."""

    age_low_h: int | None = None
    age_high_h: int | None = None
    age_exact: bool = False
    sex: str = "unknown"
    pregnancy: str = "unknown"
    duffy: str = "unknown"

    @property
    def anybody(self) -> bool:
        return self == Who()


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One limit. `says` answers about the value asked for: low | not-low | high | not-high."""

    id: str
    question: str
    analyte: str
    bound: str
    value: str
    unit: str
    population: str
    who: str
    sex: str
    age: str
    pregnancy: list[str]
    duffy: str
    kind: str
    role: str
    applies: str
    year: str
    strength: str
    sources: list[str]
    evidence: str
    review: str
    says: str = ""
    condition: str = ""
    primary: str = ""
    claim: str = ""
    place: str = ""


def rows(
    knowledge: Knowledge,
    *,
    analytes: Sequence[str] = (),
    questions: Sequence[str] = (),
    who: Who | None = None,
    value: str = "",
    language: str = "en",
) -> list[Row]:
    """The limits of some analytes or questions (none = all), lowest first within a question.

    `who`: leaves out what does not apply to that person. `value`: a canonical decimal in the analyte's display unit
    ("3.6"); each limit then says whether it calls it low.
    """
    asked, words = who or Who(), Phrases(knowledge, language, "clinician")
    found = []
    for limit in knowledge.limits.values():
        if (
            limit.role == "inactive" or limit.kind == "severity"
        ):  # not lines between low and not low; see `leukon explain`
            continue
        if (analytes and limit.analyte not in analytes) or (questions and limit.question not in questions):
            continue
        fits = applies(limit, **asked._asdict(), newborn_h=knowledge.settings.get("newborn_h", 0))
        if asked.anybody or fits != "no":
            found.append((limit, "" if asked.anybody else fits))
    found.sort(key=lambda pair: (pair[0].question, pair[0].value, pair[0].id))
    return [_row(limit, fits, knowledge, words, value) for limit, fits in found]


def _row(limit: Limit, fits: str, knowledge: Knowledge, words: Phrases, value: str) -> Row:
    analyte = knowledge.analytes[limit.analyte]
    source = knowledge.sources.get(limit.sources[0]) if limit.sources else None
    population = words.of(limit.population)
    named = source.publisher if source is not None and limit.kind == "definition" else population
    return Row(
        id=limit.id,
        question=limit.question,
        analyte=limit.analyte,
        bound=limit.bound,
        value=decimal(limit.value, analyte.display_factor),
        unit=analyte.display_unit,
        population=population,
        who=named or limit.id,
        sex=limit.sex,
        age=age_text(limit, words),
        pregnancy=list(limit.pregnancy),
        duffy=limit.duffy,
        kind=limit.kind,
        role=limit.role,
        applies=fits,
        year=limit.year,
        strength=limit.strength,
        sources=list(limit.sources),
        evidence=limit.evidence,
        review=limit.review.status,
        says=_says(limit, value, analyte.display_factor) if value else "",
        condition=words.of(limit.condition),
        primary=words.of(limit.primary),
        claim=limit.claim,
        place=limit.place,
    )


def _says(limit: Limit, value: str, factor: int) -> str:
    base = Decimal(value) * factor
    if limit.bound == "lower":
        return "low" if base < limit.value else "not-low"
    return "high" if base > limit.value else "not-high"


def age_text(limit: Limit, words: Phrases) -> str:
    """The ages a limit is for: "≥ 18 y", "14 d – 6 mo", "" when none is stated."""
    low, high = limit.age_low_h, limit.age_high_h
    if low is None and high is None:
        return ""
    if high is None:
        return f"≥ {_age(low or 0, words)}" if low else ""
    return f"{_age(low, words)} – {_age(high, words)}" if low else f"< {_age(high, words)}"


def _age(hours: int, words: Phrases) -> str:
    for unit, size in HOURS.items():
        n = -(-hours // size) if unit != "months" else round(hours / 730.5)
        exact = hours % size == 0 if unit != "months" else 0 <= hours - n * 730.5 < 1
        if n and exact:
            return words(f"explain.{unit}", n=n)
    return words("explain.hours", n=hours)


# --- text ----------------------------------------------------------------------------------------


def as_text(
    found: Sequence[Row], knowledge: Knowledge, *, language: str = "en", value: str = "", width: int = 100
) -> str:
    """The table with a small picture in it: a dot at each limit, a bar at the value, one axis for each question."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    words = Phrases(knowledge, language, "clinician")
    if not found:
        return words("label.no-limits") + "\n"
    page = StringIO()
    console = Console(file=page, width=max(80, width), no_color=True, highlight=False, markup=False, emoji=False)
    for group in groups(found):
        console.print(Text(title(group, knowledge, words)))
        if value:
            console.print(Text(verdict(group, value, words)))
        axis = _axis(group, value, AXIS - 1)
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
        for column in ("picture", "limit", "says", "who"):
            table.add_column(justify="right" if column == "limit" else "left", no_wrap=column != "who", overflow="fold")
        for row in group:
            said = words(f"label.says.{row.says}") if row.says in ("low", "not-low") else ""
            faint = "" if row.role == "votes" else f" [{words(f'label.role.{row.role}')}]"
            faint += f" [{words('label.applies.conditional')}]" if row.applies == "conditional" else ""
            extra = "; ".join(part for part in (row.age, _sex(row, words), row.year) if part and part != "n.d.")
            told = f"{row.who}{f' ({extra})' if extra else ''}{faint} {', '.join(row.sources)}"
            table.add_row(Text(_strip(row, axis, value)), Text(words.number(row.value)), Text(said), Text(told))
        console.print(table)
        console.print()
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


def _sex(row: Row, words: Phrases) -> str:
    return words(f"sex.{row.sex}") if row.sex in ("female", "male") else ""


def _strip(row: Row, axis: Axis | Even, value: str) -> str:
    cells = ["·"] * AXIS
    if value:
        cells[round(axis.at(float(value)))] = "│"
    cells[round(axis.at(float(row.value)))] = "●" if row.role == "votes" else "○"
    return "".join(cells)


def _axis(group: Sequence[Row], value: str, length: float) -> Axis | Even:
    """Even where the lines lie close together, stretched at the low end where they span several folds."""
    held = [*(float(row.value) for row in group), *([float(value)] if value else [])] or [1.0]
    return Even(held, length) if max(held) <= WIDE * min(held) else Axis.over((), held, length)


def groups(found: Iterable[Row]) -> list[list[Row]]:
    """Rows by question, in order."""
    by_question: dict[str, list[Row]] = {}
    for row in found:
        by_question.setdefault(row.question, []).append(row)
    return list(by_question.values())


def title(group: Sequence[Row], knowledge: Knowledge, words: Phrases) -> str:
    first = group[0]
    name = words.of(knowledge.analytes[first.analyte].name)
    unit = UNIT_SIGNS.get(first.unit, first.unit)
    asked = words(f"question.{first.question}") if words.has(f"question.{first.question}") else first.question
    return f"{capital(asked)}: {name}, {unit}, {words(f'label.bound.{first.bound}')} …"


def verdict(group: Sequence[Row], value: str, words: Phrases) -> str:
    """How many of the limits that vote call the value low (or high)."""
    voting = [row for row in group if row.role in ("votes", "site") and row.applies != "conditional"]
    hits = sum(row.says in ("low", "high") for row in voting)
    key = "label.marker" if group[0].bound == "lower" else "label.marker-high"
    key += "" if group[0].applies else "-table"
    return words(key, value=words.number(value), n_low=hits, n_all=len(voting))


# --- data ----------------------------------------------------------------------------------------


def as_json(found: Sequence[Row], knowledge: Knowledge) -> bytes:
    """`{"schema": "leukon.limits/1", "knowledge": {...}, "limits": [...]}`, keys sorted."""
    pack = {"version": knowledge.version, "sha256": knowledge.sha256}
    whole = {"schema": "leukon.limits/1", "knowledge": pack, "limits": list(found)}
    return msgspec.json.format(msgspec.json.encode(whole, order="sorted"), indent=1) + b"\n"


def as_csv(found: Sequence[Row]) -> str:
    """One line for each limit, lists separated by spaces, inert in spreadsheets."""
    page = StringIO()
    writer = csv.writer(page, lineterminator="\n")
    writer.writerow(Row.__struct_fields__)
    for row in found:
        cells = (getattr(row, name) for name in Row.__struct_fields__)
        writer.writerow(_inert(" ".join(cell) if isinstance(cell, list) else cell) for cell in cells)
    return page.getvalue()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


# --- picture -------------------------------------------------------------------------------------


def as_svg(
    found: Sequence[Row],
    knowledge: Knowledge,
    *,
    language: str = "en",
    value: str = "",
    alone: bool = True,
    key: str = "limits",
) -> str:
    """Who draws the line where, for one question: a row for each source, dots on one axis, a bar at the value."""
    words = Phrases(knowledge, language, "clinician")
    left, width, step, top = 380, 900, 20.0, 52.0
    group = list(found)
    axis = _axis(group, value, width - left - 30)
    height = round(top + step * len(group) + 34)
    bottom = top + step * len(group)
    parts = []
    for tick in axis.ticks(gap=32):
        at = left + axis.at(tick)
        parts.append(tag("line", x1=at, x2=at, y1=top - 8, y2=bottom, cls="rowline"))
        parts.append(text(at, bottom + 16, words.number(label(tick))))
    for place, row in enumerate(group):
        parts.append(_line(row, left, left + axis.at(float(row.value)), top + step * place + 10, words))
    if value:
        at = left + axis.at(float(value))
        parts.append(tag("line", x1=at, x2=at, y1=top - 14, y2=bottom, cls="stem"))
        parts.append(text(at, top - 20, words.number(value), "value"))
    unit = UNIT_SIGNS.get(group[0].unit, group[0].unit) if group else ""
    name = title(group, knowledge, words) if group else words("label.no-limits")
    described = "label.limits-desc-value" if value else "label.limits-desc"
    told = words(described, n=len(group), unit=unit, value=words.number(value))
    return drawing(width, height, name, told, "".join(parts), alone=alone, key=key)


def _line(row: Row, left: int, at: float, y: float, words: Phrases) -> str:
    year = row.year if row.year[:1].isdigit() and row.year[:4] not in row.who else ""
    who = row.who if len(row.who) <= 44 else row.who[:43] + "…"
    votes = row.role in ("votes", "site") and row.applies != "conditional"
    hit = row.says in ("low", "high")
    parts = [
        text(left - 52, y + 4, f"{who} {year}".strip(), "strong" if votes else None, "end"),
        text(left - 12, y + 4, words.number(row.value), "strong" if votes else None, "end"),
        tag("line", x1=left, x2=at, y1=y, y2=y, cls="tick"),
        tag("circle", cx=at, cy=y, r=4, cls="dot-open" if not votes else "point-low" if hit else "dot"),
    ]
    return "".join(parts)


def as_html(found: Sequence[Row], knowledge: Knowledge, *, language: str = "en", value: str = "") -> str:
    """A self-contained page: for each question the picture and, beside it always, the table."""
    from leukon.write.html import page_style, style_hash

    words = Phrases(knowledge, language, "clinician")
    parts = []
    for place, group in enumerate(groups(found)):
        parts.append(tag("h2", escape(title(group, knowledge, words))))
        if value:
            parts.append(tag("p", escape(verdict(group, value, words))))
        picture = as_svg(group, knowledge, language=language, value=value, alone=False, key=f"limits{place}")
        parts.append(tag("figure", picture))
        parts.append(tag("details", tag("summary", escape(words("label.limits-table"))) + _table(group, words)))
    body = "".join(parts) or tag("p", escape(words("label.no-limits")))
    style = page_style()
    policy = f"default-src 'none'; style-src 'sha256-{style_hash(style)}'; base-uri 'none'; form-action 'none'"
    head = (
        '<meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        + tag("title", escape(f"leukon · {words('label.pages')}"))
        + f"<style>{style}</style>"
    )
    versions = f"leukon · {words('label.pages')} · {knowledge.version} · {knowledge.sha256[:12]}"
    top = tag("p", escape(versions), cls="meta") + tag("h1", escape(words("label.pages")))
    page = f'<html lang="{words("lang")}"><head>{head}</head><body class="wide">{top}{body}</body></html>'
    return f"<!doctype html>\n{page}\n"


def _table(group: Sequence[Row], words: Phrases) -> str:
    names = ("limit", "who", "population", "year", "strength", "source")
    head = "".join(tag("th", escape(words(f"label.{name}")), scope="col") for name in names)
    lines = []
    for row in group:
        extra = "; ".join(part for part in (row.population, row.age, _sex(row, words), row.condition) if part)
        cells = (
            words.number(row.value),
            row.who,
            extra,
            row.year,
            words(f"strength.{row.strength}"),
            " ".join(row.sources),
        )
        body = "".join(
            tag("td", escape(cell) or "–", cls="n" if not place else None) for place, cell in enumerate(cells)
        )
        lines.append(tag("tr", body, cls=None if row.role == "votes" else "faint"))
    return tag("div", tag("table", tag("thead", tag("tr", head)) + tag("tbody", "".join(lines))), cls="scroll")
