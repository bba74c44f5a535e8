"""The one sentence at the top: about the most urgent cell type, calm only where nothing is graded (SF-7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from leukon.report.assessment import Answer, LimitRef, Lineage, Value
from leukon.report.phrases import Phrases
from leukon.report.pick import rank
from leukon.report.reasons import Monitoring

LOW = ("low-by-all", "low-by-some")
WORDED = ("routine", "none")
"""Findings of these levels need no name in the headline: the sentence itself says it."""

MINOR = ("EOS", "BASO", "BAND")
"""Few of these is usual, and many intervals start at 0 (c-d-44, c-d-45): never a headline over other cell types."""


def order(lineages: list[Lineage]) -> list[Lineage]:
    """Most urgent first; among equals one graded moderate or worse, a low one, neutrophils, the white count (SF-7)."""
    first = {"NEUT": 0, "WBC": 1}
    places = {lineage.analyte: place for place, lineage in enumerate(lineages, start=2)}

    def key(lineage: Lineage) -> tuple[int, int, int, int]:
        low = lineage.state in LOW and lineage.analyte not in MINOR
        standing = 0 if low else 1 if lineage.value else 2 if lineage.reason != "NOT_REPORTED" else 3
        serious = 0 if lineage.serious and lineage.analyte not in MINOR else 1
        return (-rank(lineage.urgency), serious, standing, first.get(lineage.analyte, places[lineage.analyte]))

    return sorted(lineages, key=key)


class Alarm(NamedTuple):
    """What holds beside the counts and is more urgent than they: its name, and what the plain audience is told."""

    name: str
    text: str


class Headline(NamedTuple):
    """The sentence at the top, the analyte it is about, and what must stand right beneath it."""

    text: str
    analyte: str
    also: list[str]


def headline(
    lineages: list[Lineage],
    answers: list[Answer],
    limits: dict[str, LimitRef],
    values: list[Value],
    words: Phrases,
    why: Callable[[str], str],
    *,
    unit_alarm: str = "",
    blasts: str = "",
    aged: bool = False,
    alarm: Alarm | None = None,
    programmes: Sequence[Monitoring] = (),
    hides: Sequence[tuple[str, str]] = (),
    earlier: str = "",
) -> Headline:
    """What the report says first. `why` says a reason code in words.

    `alarm`: the rule that is more urgent than every count by itself; `programmes`: monitoring programmes.
    `hides`: (analyte, name) of what raises counts and is in use or present, said where that count is not plainly low.
    `earlier`: what to say of a severe count shortly before a better one.
    `blasts`: what to say of blasts that were reported (SF-3, SF-4).
    `unit_alarm`: what to say of a count without unit that could be dangerous in one reading (SF-6).
    `aged`: a date of assessment was stated, so an older count says how old it is (B49).
    """
    ordered, plain = order(lineages), words.audience == "plain"
    if not ordered or (not ordered[0].value and ordered[0].reason == "NOT_REPORTED"):
        told = (alarm.text if plain else f"{_capital(alarm.name)}.") if alarm is not None else ""
        return Headline(unit_alarm or blasts or told or words("headline.nothing"), "", [])
    first = ordered[0]
    urgent = [a for a in answers if a.urgency not in WORDED]
    urgent.sort(key=lambda answer: -rank(answer.urgency))
    if plain:  # a plain finding is a whole sentence with its own advice: said once for each cell type
        urgent = [a for a in urgent if a.analyte != first.analyte or rank(a.urgency) > rank(first.urgency)]
    main = sentence(first, limits, values, words, why)
    also = [a.name if plain else words("headline.also", name=a.name) for a in urgent if a.name != first.finding_name]
    also += [first.note] if first.note else []
    also += dict.fromkeys(one.text for one in programmes if one.urgency not in WORDED)
    days = next((v.age_days for v in values if v.id == first.observation), None)
    if aged and days:
        also.append(words("note.age", n=days) if days > 1 else words("note.age.one"))
    if urgent and rank(urgent[0].urgency) > rank(first.urgency):
        over = _over(urgent[0], lineages, limits, values, words)
        if over:  # a white count over all bounds: that it is not low is no news
            main = over
            also = also[1:]
        else:  # pancytopenia
            main = f"{main} {urgent[0].name}" if plain else f"{_capital(urgent[0].name)}. {main}"
            also = also[1:]
    white = next((x for x in lineages if x.analyte == "WBC"), None)
    if white is not None and white is not first and white.value:
        also.append(words(f"headline.white.{_white_key(first, white)}", value=_amount(white, values, words)))
        also += [white.note] if white.note else []
    hidden = _hidden(lineages, hides)
    if hidden:
        also.insert(0, words("headline.hides", names=", ".join(hidden)))
    if earlier:
        also.insert(0, earlier)
    if alarm is not None:
        main, also = (main, [alarm.text, *also]) if plain else (f"{_capital(alarm.name)}. {main}", also)
    if blasts and rank(first.urgency) < rank("same-day"):
        main, also = blasts, [main, *also]
    elif blasts:
        also.insert(0, blasts)
    if unit_alarm:
        return Headline(unit_alarm, first.analyte, [main, *also] if first.value else [])
    return Headline(main, first.analyte, also)


def _hidden(lineages: list[Lineage], hides: Sequence[tuple[str, str]]) -> list[str]:
    """Names of what can hide a low count, each once: of counts that are there and not plainly low."""
    calm = {x.analyte for x in lineages if x.value and x.state != "low-by-all" and not x.serious}
    return list(dict.fromkeys(_capital(name) for analyte, name in hides if analyte in calm))


def _over(
    answer: Answer, lineages: list[Lineage], limits: dict[str, LimitRef], values: list[Value], words: Phrases
) -> str:
    """A count that is high: the sentence about it; "" for other answers."""
    lineage = next((x for x in lineages if x.analyte == answer.analyte and x.value), None)
    if lineage is None or not answer.state.startswith("high"):
        return ""
    over = [limits[i] for i in answer.by if i in limits]
    amount = _amount(lineage, values, words)
    text = words("headline.high", name=_capital(lineage.name), value=amount, values=_values(over, words))
    return f"{text} {answer.name}" if words.audience == "plain" else f"{_capital(answer.name)}. {text}"


def sentence(
    lineage: Lineage, limits: dict[str, LimitRef], values: list[Value], words: Phrases, why: Callable[[str], str]
) -> str:
    """What one cell type's answer is, in words: number first, then whose line, then (when it is allowed) the others."""
    if lineage.state == "cannot-tell":
        text = words("headline.cannot-tell", name=_capital(lineage.name), reason=why(lineage.reason)).strip()
        if lineage.urgency in WORDED or not lineage.value:
            return text
        text = f"{text} {words('headline.one-says', value=_amount(lineage, values, words))}"
        plain = words.audience == "plain" or not lineage.finding_name
        return text if plain else f"{_capital(lineage.finding_name)}. {text}"
    published = {i: limit for i, limit in limits.items() if limit.role != "site"}
    low = [published[i] for i in lineage.low_by if i in published]
    inside = [published[i] for i in lineage.not_low_by if i in published]
    primary = lineage.primary_limit
    line = ""
    if primary is not None:
        who = limits[primary.limit].who if primary.limit in limits else ""
        line = words(f"line.{primary.origin}", who=who, value=words.number(primary.value))
    serious = lineage.serious
    own_low = primary is not None and primary.limit in lineage.low_by
    key = _key(lineage, own_low, has_line=primary is not None, low=low, inside=inside, serious=serious)
    text = words(
        f"headline.{key}",
        name=_capital(lineage.name),
        value=_amount(lineage, values, words),
        line=line,
        n_low=len(low),
        n_inside=len(inside),
        n_all=len(low) + len(inside),
        low_values=_values(low, words),
        inside_values=_values(inside, words),
        lowest=words.number(low[0].value) if low else "",
        highest=words.number((inside or low)[-1].value) if inside or low else "",
    )
    if lineage.urgency not in WORDED and lineage.finding_name and words.audience != "plain":
        text = f"{_capital(lineage.finding_name)}. {text}"
    return text


def _key(
    lineage: Lineage, own_low: bool, *, has_line: bool, low: list[LimitRef], inside: list[LimitRef], serious: bool
) -> str:
    own = has_line and lineage.primary_limit is not None and lineage.primary_limit.origin != "knowledge"
    if lineage.state == "not-low":
        return "not-low.line" if own else "not-low"
    if lineage.state == "low-by-all":
        if not low:
            return "low-by-all.only-line"
        return "low-by-all.line" if own else "low-by-all"
    if serious:
        return "serious.line" if own_low else "serious" if low else "serious.line"
    if has_line and not own_low:
        return "low-by-some.line-not-low" if inside else "low-by-some.line-not-low.rest-low"
    if has_line:
        return "low-by-some.line-low"
    return "low-by-some"


def _values(limits: list[LimitRef], words: Phrases) -> str:
    """The distinct values of some limits: "3.5", "3.0 and 3.5" or "3.0 to 3.6"."""
    distinct = list(dict.fromkeys(limit.value for limit in limits))
    if len(distinct) < 3:
        return f" {words('and')} ".join(map(words.number, distinct))
    return f"{words.number(distinct[0])} {words('to')} {words.number(distinct[-1])}"


def _amount(lineage: Lineage, values: list[Value], words: Phrases) -> str:
    """The value with its unit, and per microlitre where that is how people know it."""
    unit = next((v.unit for v in values if v.id == lineage.observation), "10*9/L")
    main, other = words.quantity(lineage.value, unit), words.per_microlitre(lineage.value, unit)
    return f"{main} ({other})" if other else main


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _white_key(first: Lineage, white: Lineage) -> str:
    """SF-7 holds here too: of a count that a scale grades, nobody is told that only some limits call it low."""
    if white.state in LOW and white.serious:
        return "serious"
    if white.state != "not-low":
        return white.state
    return "calm" if first.state == "not-low" else "not-low" if first.urgency in WORDED else "not-low-serious"
