"""One self-contained page: no script, no outside asset, everything from the input escaped, ready to print."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from leukon.knowledge.model import Knowledge
from leukon.report.assessment import UNNAMED, Assessment
from leukon.report.phrases import UNIT_SIGNS
from leukon.write import serial, svg
from leukon.write.line import capital
from leukon.write.view import View
from leukon.write.words import inert

NARROW = 380
"""Width in which the number line is drawn a second time, for small screens."""

if TYPE_CHECKING:
    from jinja2 import Template


def render(assessment: Assessment, *, knowledge: Knowledge | None = None) -> str:
    """The report as one HTML document (a string; write it as UTF-8)."""
    view = View(assessment, knowledge)
    words, level = view.words, assessment.verdict.urgency
    picture = view.picture
    every = serial.series(assessment)
    in_charts = {id(point) for one in every for point in one.points}
    filters = {
        "number": words.number,
        "span": words.span,
        "day": words.day,
        "cap": capital,
    }
    page = _template("report.html")
    page.environment.filters.update(filters)
    made = page.render(
        a=assessment,
        view=view,
        w=words,
        plain=view.plain,
        unnamed=UNNAMED,
        style=page_style(),
        style_hash=style_hash(page_style()),
        level=level,
        picture=svg.number_line(picture, words) if picture is not None else "",
        narrow=svg.number_line(picture, words, key="narrow", width=NARROW) if picture is not None else "",
        picture_words=f"{capital(picture.name)}. {svg.describe(picture, words)}" if picture is not None else "",
        counts=view.counts(),
        remarks=view.remarks(),
        charts=_charts(every, view),
        others=[value for value in view.others() if id(value) not in in_charts],
        disagreements=view.disagreements(),
        grades=view.grades(),
        questions=view.questions(),
        pseudo=view.pseudo(),
        excluded=view.excluded(),
        notes=view.notes(),
        review=view.review(),
        versions=view.versions(),
    )
    return inert(made).replace(" ×10⁹/L", "\u00a0×10⁹/L")


def _charts(every: list[serial.Series], view: View) -> list[dict[str, Any]]:
    if not every:
        return []
    span = serial.common_span(every)
    return [
        {
            "name": f"{capital(one.long_name(view.a))}, {UNIT_SIGNS.get(one.unit, one.unit)}",
            "svg": serial.chart(one, view.words, span, key=f"chart{place}"),
            "points": one.points,
            "days": serial.days(one, view.words),
        }
        for place, one in enumerate(every)
    ]


@cache
def page_style() -> str:
    """The whole style of a page: drawings and layout."""
    text = (files("leukon.write") / "templates" / "report.css").read_text(encoding="utf-8")
    return svg.STYLE.strip() + "\n" + text.strip() + "\n"


def style_hash(style: str) -> str:
    """What a Content-Security-Policy calls this style by."""
    return b64encode(sha256(style.encode()).digest()).decode()


def _template(name: str) -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("leukon.write"), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    environment.policies["ext.i18n.trimmed"] = True
    for name_ in ("number", "span", "day", "cap"):
        environment.filters[name_] = str
    return environment.get_template(name)
