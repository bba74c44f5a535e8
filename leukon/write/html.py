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
from leukon.write import bands, bars, serial, svg
from leukon.write.candidates import KINDS, Candidates
from leukon.write.line import capital
from leukon.write.reasons import Reasons, first_rule
from leukon.write.view import View
from leukon.write.words import inert, signs

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
    reasons, could = Reasons(view), Candidates(view)
    shown_bars = bars.drawn(assessment)
    span = bars.widen(serial.common_span(every), shown_bars) if every else bars.around(assessment, shown_bars)
    first_episodes, more_episodes = reasons.episodes()
    guidance, open_guidance = reasons.guidance()
    in_charts = {id(point) for one in every for point in one.points}
    filters = {
        "number": words.number,
        "span": words.span,
        "day": words.day,
        "cap": capital,
        "signs": signs,
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
        r=reasons,
        flags=reasons.flags(),
        open_flags=reasons.open_flags(),
        history=reasons.history(),
        charts=_charts(every, view, span),
        strip=bars.strip(assessment, shown_bars, words, span) if span is not None else "",
        bars=reasons.bars(),
        upright=words(bars.uprights(assessment)[1]),
        episodes=first_episodes,
        more_episodes=more_episodes,
        episode_texts=reasons.episode_texts(),
        kinds=KINDS,
        candidates=could.shown(),
        not_in_time=could.not_in_time(),
        hides=could.hides(),
        nothing=could.nothing(),
        order=could.order(),
        definitions=reasons.definitions(),
        scores=reasons.scores(),
        scores_not_for=reasons.scores_not_for(),
        monitoring=reasons.monitoring(),
        checks=reasons.checks(),
        guidance=guidance,
        open_guidance=open_guidance,
        modifiers=reasons.modifiers(),
        other_modifiers=reasons.other_modifiers(),
        unused=reasons.unused(),
        others=[value for value in view.others() if id(value) not in in_charts],
        disagreements=view.disagreements(),
        grades=view.grades(),
        questions=view.questions(),
        pseudo=reasons.pseudo(),
        excluded=view.excluded(),
        notes=view.notes(),
        review=view.review(),
        versions=view.versions(),
    )
    return inert(made).replace(" ×10⁹/L", "\u00a0×10⁹/L")


def _charts(every: list[serial.Series], view: View, span: tuple[int, int] | None) -> list[dict[str, Any]]:
    return [_chart(one, view, span, f"chart{place}") for place, one in enumerate(every)] if span is not None else []


def _chart(one: serial.Series, view: View, span: tuple[int, int], key: str) -> dict[str, Any]:
    hatched = bands.hatched(view.a, view.knowledge, view.words, one.analyte)
    episodes = first_rule(view.a, one.analyte)
    return {
        "name": f"{capital(one.long_name(view.a))}, {UNIT_SIGNS.get(one.unit, one.unit)}",
        "svg": serial.chart(one, view.words, span, key=key, hatched=hatched, episodes=episodes),
        "legend": bands.legend(hatched, view.words) if hatched is not None else "",
        "rule": episodes[0].rule_text if episodes else "",
        "points": one.points,
        "days": serial.days(one, view.words),
    }


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
    for name_ in ("number", "span", "day", "cap", "signs"):
        environment.filters[name_] = str
    return environment.get_template(name)
