"""The report as text, HTML and JSON: inert, self-contained, stable, and the same facts in each."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from leukon.assess import assess
from leukon.report.assessment import Assessment
from leukon.write import html, serial, svg, text
from leukon.write import json as json_form
from leukon.write.axis import Axis, Even
from leukon.write.view import View

EVIL = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "[red]x[/red]",
    "=cmd()",
    "\x1b[31mred",
]

SERIES = [
    ("2026-01-05T08:00Z", "WBC", "6.1", "4.0", "11.0"),
    ("2026-01-05T08:00Z", "NEUT", "3.4", "2.0", "7.5"),
    ("2026-01-20T08:00Z", "WBC", "3.1", "4.0", "11.0"),
    ("2026-01-20T08:00Z", "NEUT", "1.2", "2.0", "7.5"),
    ("2026-02-01T08:00Z", "WBC", "2.2", "3.5", "10.0"),
    ("2026-02-01T08:00Z", "NEUT", "<0.5", "1.8", "7.5"),
    ("2026-07-01T08:00Z", "WBC", "5.0", "3.5", "10.0"),
    ("2026-07-01T08:00Z", "NEUT", "45", "", ""),
]


@pytest.fixture(scope="module")
def series() -> Assessment:
    found = [
        {"code": n, "value": v, "unit": "%" if v == "45" else "10*9/L", "low": lo, "high": hi, "collected": t}
        for t, n, v, lo, hi in SERIES
    ]
    return assess({"subject": {"sex": "female", "age_years": 56}, "observations": found})


def bare(**more: Any) -> Assessment:
    return assess({"observations": [{"code": "WBC", "value": "3.6", "unit": "10*9/L"}], **more})


class Tags(HTMLParser):
    """Every tag with its attributes, and whether each opened tag is closed."""

    VOID = frozenset(("meta", "line", "rect", "circle", "path", "stop", "br", "img", "link"))

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


# --- HTML ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize("audience", ["clinician", "plain"])
def test_the_page_stands_alone(language: str, audience: str) -> None:
    page = html.render(bare(language=language, audience=audience))
    tags = Tags(page).tags
    names = {name for name, _ in tags}
    assert not names & {"script", "link", "img", "iframe", "object", "form", "base"}
    assert not any(key.startswith("on") or key in ("style", "src", "href") for _, a in tags for key in a)
    assert not re.search(r"url\((?!#)", page)
    assert "@import" not in page
    assert f'lang="{"pt-BR" if language == "pt" else "en"}"' in page


def test_the_policy_of_the_page_allows_its_own_style_and_nothing_else() -> None:
    page = html.render(bare())
    style = re.search(r"<style>(.*?)</style>", page, re.S)
    assert style is not None
    assert f"'sha256-{html.style_hash(style[1])}'" in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize("evil", EVIL)
def test_whatever_came_in_is_inert(evil: str) -> None:
    a = assess(
        {
            "subject": {"id": evil},
            "observations": [
                {"id": evil, "code": {"text": "WBC"}, "value": "3.6", "unit": "10*9/L", "collected": evil},
                {"code": {"text": evil}, "value": evil, "unit": evil},
            ],
        }
    )
    page = html.render(a)
    Tags(page)
    assert "<script" not in page and "<img" not in page and "onerror=alert(1)>" not in page
    assert "49" not in re.sub(r"49\d|\d49|\.49|sha256-[^']*|[0-9a-f]{12,}", "", page) or "{{7*7}}" not in evil
    plain = text.render(a)
    assert "\x1b" not in plain
    assert json.loads(json_form.render(a))["subject"] == a.subject


def test_every_drawing_is_named_and_described(series: Assessment) -> None:
    page = html.render(series)
    drawings = re.findall(r"<svg.*?</svg>", page, re.S)
    assert len(drawings) == 4  # the number line twice: for wide and for small screens
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for drawing in drawings:
        root = ElementTree.fromstring(drawing)
        assert root.get("role") == "img"
        named = str(root.get("aria-labelledby")).split()
        told = {e.get("id"): e.text for e in root.iter() if e.get("id") in named}
        assert len(told) == 2 and all(told.values())


def test_no_two_bands_on_one_line(series: Assessment) -> None:
    for line in series.verdict.number_lines:
        drawn = svg.number_line(line, View(series, None).words)
        assert drawn.count('class="band"') == (1 if line.interval is not None else 0)


def test_no_red_and_green() -> None:
    colours = set(re.findall(r"#([0-9a-f]{3,6})\b", svg.STYLE))
    for colour in colours:
        wide = colour if len(colour) == 6 else "".join(c * 2 for c in colour)
        red, green, blue = (int(wide[i : i + 2], 16) for i in (0, 2, 4))
        assert not (red > 1.5 * max(green, blue) or green > 1.5 * max(red, blue)), colour


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        wide = colour if len(colour) == 6 else "".join(c * 2 for c in colour)
        parts = [int(wide[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_is_readable_in_light_dark_and_print() -> None:
    """WCAG AA: 4.5 for text on the page, and for the accent."""
    for block in re.findall(r":root\{([^}]*)\}", svg.STYLE):
        colour = dict(re.findall(r"--([a-z-]+):#([0-9a-f]+)", block))
        for name in ("ink", "soft", "accent"):
            assert contrast(colour[name], colour["paper"]) >= 4.5, (name, block)


# --- serial charts -----------------------------------------------------------------------------------


def test_a_series_breaks_at_gaps_and_steps_with_the_laboratory(series: Assessment) -> None:
    every = serial.series(series)
    assert [one.analyte for one in every] == [series.verdict.headline_analyte, "WBC"]
    white = next(one for one in every if one.analyte == "WBC")
    drawn = serial.chart(white, View(series, None).words, serial.common_span(every), key="x")
    path = re.search(r'<path d="([^"]*)" class="path"', drawn)
    assert path is not None
    assert (path[1].count("M"), path[1].count("L")) == (2, 2)  # 150 days lie between February and July
    assert drawn.count('class="grey"') == 2  # 4.0-11.0, then 3.5-10.0


def test_a_series_marks_computed_and_censored_points(series: Assessment) -> None:
    neutrophils = next(one for one in serial.series(series) if one.analyte == "NEUT")
    words = View(series, None).words
    drawn = serial.chart(neutrophils, words, serial.common_span([neutrophils]), key="x")
    assert drawn.count('class="hollow"') == 1
    assert len(re.findall(r'd="M[^"]*h8l-4 7z"', drawn)) == 1


def test_one_time_is_no_series() -> None:
    assert serial.series(bare()) == []
    assert 'class="serial"' not in html.render(bare())


# --- text ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 80, 120])
def test_text_keeps_its_width(series: Assessment, width: int) -> None:
    for a in (series, bare(language="pt"), bare(audience="plain")):
        assert max(map(len, text.render(a, width=width).splitlines())) <= width


def test_text_has_colour_only_when_asked(series: Assessment) -> None:
    assert "\x1b[" not in text.render(series)
    assert "\x1b[" in text.render(series, color=True)
    bare_text = re.sub(r"\x1b\[[0-9;]*m", "", text.render(series, color=True))
    assert "\n".join(line.rstrip() for line in bare_text.splitlines()) + "\n" == text.render(series)


def test_a_bare_count_shows_who_draws_the_line_where() -> None:
    page = text.render(bare())
    assert re.search(r"^ *4\.0 +low +.*Merck|Merck", page, re.M)
    assert "UK Biobank" in page and "3.53" in page
    assert "low by some" in page
    assert "3.6" in page.split("▼")[0]


def test_every_report_carries_its_versions_and_intended_use(series: Assessment) -> None:
    for page in (text.render(series), html.render(series)):
        flat = " ".join(page.split())
        assert series.assessment_id in flat
        assert series.knowledge.sha256[:12] in flat
        assert "not a diagnosis" in flat


def test_excluded_values_are_shown_with_their_reason() -> None:
    a = assess({"observations": [{"code": "WBC", "value": "see note", "unit": "10*9/L"}]})
    for page in (text.render(a), html.render(a)):
        assert "see note" in page and "RESULT_NOT_NUMERIC" in page and "observations[0]" in page


# --- JSON ----------------------------------------------------------------------------------------------


def test_json_has_sorted_keys_and_no_floats(series: Assessment) -> None:
    def walk(node: Any) -> None:
        assert not isinstance(node, float)
        if isinstance(node, dict):
            assert list(node) == sorted(node)
            for inner in node.values():
                walk(inner)
        elif isinstance(node, list):
            for inner in node:
                walk(inner)

    walk(json.loads(json_form.render(series)))
    assert json.loads(json_form.render(series, indent=2)) == json.loads(json_form.render(series))
    assert b"\n" not in json_form.render(series)


# --- axes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("top", [0.4, 1.0, 3.6, 11.0, 20.0, 150.0, 450.0])
def test_an_axis_rises_and_labels_itself(top: float) -> None:
    axis = Axis.over([top], [top], 600)
    places = [axis.at(axis.top * n / 50) for n in range(51)]
    assert places == sorted(places) and places[0] == 0 and round(places[-1]) == 600
    ticks = axis.ticks(30)
    assert all(axis.at(b) - axis.at(a) >= 29.9 for a, b in pairwise(ticks))
    assert len(ticks) >= 5


def test_an_even_axis_holds_its_values() -> None:
    axis = Even([3.0, 4.5], 300)
    assert 0 < axis.at(3.0) < axis.at(4.5) < 300
    assert axis.ticks(30)[0] >= axis.low
    assert Even([4.0], 300).at(4.0) == 150
