"""What is not known, what that does to the answer, and what would change it."""

from __future__ import annotations

from leukon.knowledge.reasons import Rule
from leukon.report.assessment import Lineage, Missing, Value
from leukon.report.person import Person
from leukon.report.phrases import Phrases
from leukon.report.standing import Standing

LOW = ("low-by-all", "low-by-some")
TEMPERATURE, UNWELL = "temperature", "unwell"
"""Ids of the measure and of the sign that tell whether a low count is an emergency."""

SENT = {"medicines": "drugs", "conditions": "conditions"}
"""What is missing → its column in `covered`: an empty list that was sent is not missing."""

SAME = {"duffy": "change.typing"}
"""What would change the answer → the rule that says the same under another name."""

UNIT_CODES = ("UNIT_MISSING", "UNIT_AMBIGUOUS", "UNIT_UNKNOWN", "UNIT_RANGE_MISMATCH")


def missing(
    person: Person, lineages: list[Lineage], values: list[Value], standing: Standing, words: Phrases, codes: set[str]
) -> list[Missing]:
    """Everything that the answer had to do without, in the order in which it matters."""
    return [
        Missing(id=key, what=words(f"missing.{key}.what"), effect=words(f"missing.{key}.effect"))
        for key in _keys(person, lineages, values, standing, codes)
    ]


def _keys(
    person: Person, lineages: list[Lineage], values: list[Value], standing: Standing, codes: set[str]
) -> list[str]:
    by_analyte = {lineage.analyte: lineage for lineage in lineages}
    low = [lineage for lineage in lineages if lineage.state in LOW]
    calm = [lineage for lineage in low if lineage.urgency in ("none", "routine")]
    neutrophils, white = by_analyte.get("NEUT"), by_analyte.get("WBC")
    deciding = {lineage.observation for lineage in (neutrophils, white) if lineage is not None}
    keys = []
    if any(excluded["code"] in UNIT_CODES for excluded in person.excluded):
        keys.append("unit")
    if white is None or not white.value:
        keys.append("white-count")
    if neutrophils is None or not neutrophils.value:
        keys.append("differential")
    if any(v.interval is None for v in values if v.id in deciding):
        keys.append("interval")
    if "AGE_UNKNOWN" in codes:
        keys.append("age")
    if str(person.about.get("sex") or "unknown") == "unknown":
        keys.append("sex")
    if str(person.about.get("sex")) == "female" and person.about.get("pregnancy") == "unknown":
        keys.append("pregnancy")
    if len({v.collected_s for v in values if v.collected_s is not None}) < 2:
        keys.append("earlier")
    if values and all(v.collected_s is None for v in values):
        keys.append("time")
    if low:
        if not any(vital["measure"] == TEMPERATURE for vital in person.vitals):
            keys.append("temperature")
        elif standing.signs.get(UNWELL) is None:
            keys.append("symptoms")
        if person.about.get("duffy") == "unknown" and any(x.analyte in ("WBC", "NEUT") for x in calm) and low == calm:
            keys.append("duffy")
    keys += [key for key, table in SENT.items() if not person.covered.get(table)]
    return keys


def would_change(
    lineages: list[Lineage],
    values: list[Value],
    known_missing: list[Missing],
    rules: list[tuple[str, Rule]],
    words: Phrases,
) -> list[str]:
    """What could turn the answer: only things that are open for this person. `rules`: those that hold, in words; one
    that says what stands here already is not said twice."""
    open_ = {missing.id for missing in known_missing}
    low = [lineage for lineage in lineages if lineage.state in LOW]
    differ = [lineage for lineage in lineages if lineage.state == "low-by-some"]
    keys = []
    deciding = {lineage.observation for lineage in lineages}
    if any(v.derived is not None and v.analyte == "NEUT" and v.id in deciding for v in values):
        keys.append("measured")
    for key in ("unit", "differential"):
        if key in open_:
            keys.append(key)
    if "interval" in open_ and (differ or any(x.state == "not-low" for x in lineages)):
        keys.append("interval")
    for key in ("age", "pregnancy"):
        if key in open_:
            keys.append(key)
    if low and "earlier" in open_:
        keys.append("earlier")
    if low:
        keys.append("repeat")
    if low and "duffy" in open_:
        keys.append("duffy")
    said = {f"change.{key}" for key in keys} | {SAME[key] for key in keys if key in SAME}
    texts = [words(f"change.{key}") for key in keys]
    return list(dict.fromkeys([*texts, *(text for text, rule in rules if rule.id not in said)]))
