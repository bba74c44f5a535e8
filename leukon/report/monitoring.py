"""Where a person stands in the monitoring programmes of the drugs that are or were taken.

The plain audience learns that there are rules and whom to show the number, never what to take or to leave.
"""

from __future__ import annotations

from leukon.knowledge.reasons import Programme, Rung
from leukon.report.dates import day_of
from leukon.report.history import id_of
from leukon.report.index import Index
from leukon.report.part import Answer3, Urgency
from leukon.report.person import Person, Row
from leukon.report.phrases import Phrases
from leukon.report.pick import rank
from leukon.report.reasons import Monitoring
from leukon.report.standing import STATES
from leukon.report.values import Names

CANNOT_TELL = "cannot-tell"


def monitoring(person: Person, index: Index, words: Phrases, names: Names, *, dated: bool) -> list[Monitoring]:
    """Every programme that holds, the most urgent first. `dated`: a date of assessment was stated (else overdue is
    unknown: no clock is read)."""
    found = [_one(row, person, index, words, names, dated) for row in person.rows("monitored")]
    return sorted(found, key=lambda one: (-rank(one.urgency), one.programme, one.cause))


def _one(row: Row, person: Person, index: Index, words: Phrases, names: Names, dated: bool) -> Monitoring:
    programme = index.catalog.programmes[row["programme"]]
    cause = index.catalog.causes[row["cause"]]
    rung = programme.ladder[row["rung"] - 1] if row["rung"] else None
    plain, claims = words.audience == "plain", index.knowledge.claims
    due = day_of(row["due_s"], person.basis, words)
    label, name = words.of(cause.name), words.of(programme.name)
    action = words.of(rung.action) if rung is not None and not plain else ""
    since = _since(row, rung, person, words)
    uncounted = rung is None and bool(programme.ladder)
    if not plain:
        action = f"{action} {words('monitoring.lasting', day=since)}" if since else action
        action = words("monitoring.uncounted") if uncounted else action
    overdue: Answer3 = STATES[row["overdue"]] if dated else "unknown"
    urgency: Urgency = rung.urgency if rung is not None else "none"
    state_name = words.of(rung.name) if rung is not None else words("state.cannot-tell")
    if row.get("bound"):
        key = "monitoring.bound" if _uncounted(row, person) else "monitoring.bound.other"
        state_name = words(key, state=state_name)
        action = words("monitoring.if-so", action=action) if action else ""
    if plain:
        key = "lasting" if since else "today" if rank(urgency) >= rank("same-day") else "rules"
        text = words(f"monitoring.{'uncounted' if uncounted else key}", label=label, day=since)
    else:
        text = words("monitoring.text", name=name, state=state_name, action=action).strip()
    return Monitoring(
        programme=programme.id,
        name=name,
        jurisdiction=programme.jurisdiction,
        cause=cause.id,
        label=label,
        dated=programme.dated,
        state=rung.state if rung is not None else CANNOT_TELL,
        state_name=state_name,
        action=action,
        urgency=urgency,
        claims=_claims(programme, rung),
        population=programme.population if programme.population != "general" else "",
        unverified=words.of(programme.unverified),
        observation=id_of(names, row["row"], str(row["analyte"])) if row["analyte"] else "",
        decided_by=str(row["analyte"] or ""),
        due=due,
        due_s=row["due_s"] if due else None,
        overdue=overdue,
        notes=[] if plain else [words.of(claims[claim].text) for claim in programme.notes if claim in claims],
        text=text,
    )


def _since(row: Row, rung: Rung | None, person: Person, words: Phrases) -> str:
    """The day of the count from which a state lasts, where a later one would stand better; "" otherwise."""
    at = person.time(row["row"]) if rung is not None and rung.lasting else None
    if at is None:
        return ""
    times = (person.time(value["row"]) for value in person.values if value["analyte"] == row["analyte"])
    return words.day(person.collected(row["row"])) if any(time is not None and time > at for time in times) else ""


def _uncounted(row: Row, person: Person) -> bool:
    """Whether the neutrophils behind a state are only what other counts leave for them."""
    return row["analyte"] == "NEUT" and any(
        value["row"] == row["row"] and value["analyte"] == "NEUT" and value["origin"] == "derived"
        for value in person.values
    )


def _claims(programme: Programme, rung: Rung | None) -> list[str]:
    own = rung.claims if rung is not None else ()
    return list(dict.fromkeys((*own, *programme.claims, *programme.notes)))
