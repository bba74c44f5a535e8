"""A severe count shortly before a better one: said beside the headline, so that the samples are checked."""

from __future__ import annotations

from leukon.knowledge.tiles import SEVERITY_WORDS
from leukon.report.dates import SECONDS_PER_DAY
from leukon.report.index import Index
from leukon.report.person import Person
from leukon.report.phrases import Phrases
from leukon.report.pick import Picked

ANALYTE, SEVERE = "NEUT", SEVERITY_WORDS.index("severe")


def earlier_severe(person: Person, picked: dict[str, Picked], index: Index, words: Phrases) -> str:
    """What to say of the deepest severe neutrophil count of the days before (a setting); "" when there is none, or
    when the count that answers is severe itself."""
    pick = picked.get(index.lineages.get(ANALYTE, ""))
    edges = [edge for edge, word, _ in index.anchors.get(ANALYTE, ()) if word == SEVERITY_WORDS[SEVERE]]
    if pick is None or pick.row is None or not pick.has_value or not edges or pick.row["low"] < edges[0]:
        return ""
    at = person.time(pick.row["row"])
    days = index.knowledge.settings.get("recent_days", 0)
    found = [
        (value["high"], value["row"])
        for value in person.values
        if value["analyte"] == ANALYTE and value["quantity"] == "count" and value["high"] < edges[0]
        and at is not None and (then := person.time(value["row"])) is not None
        and 0 < at - then <= days * SECONDS_PER_DAY
    ]  # fmt: skip
    if not found:
        return ""
    count, row = min(found)
    day = words.day(person.collected(row))
    return words("headline.earlier-severe", value=words.number(index.show(count, ANALYTE)), day=day)
