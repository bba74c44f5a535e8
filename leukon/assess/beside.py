"""The drugs, conditions and vital signs of a request as records for the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leukon.assess.request import Coding, Condition, Medication, Request, Vital
from leukon.read.beside_rows import add_beside
from leukon.read.mentions import Mention
from leukon.report.assessment import UNNAMED

if TYPE_CHECKING:
    from leukon.knowledge.model import Knowledge
    from leukon.read.door import Inputs


def add(asked: Request, inputs: Inputs, knowledge: Knowledge) -> None:
    """Fills the tables beside the counts. A list that was not sent stays unsaid; an empty one says "none"."""
    if asked.medications is None and asked.conditions is None and not asked.vitals:
        return
    subject = asked.subject.id or UNNAMED
    drugs, conditions = asked.medications, asked.conditions
    add_beside(
        inputs,
        knowledge,
        drugs=None if drugs is None else [_named(one, place, subject) for place, one in enumerate(drugs, 1)],
        conditions=(
            None if conditions is None else [_named(one, place, subject) for place, one in enumerate(conditions, 1)]
        ),
        vitals=[_vital(one, place, subject) for place, one in enumerate(asked.vitals, 1)],
        locale=asked.locale,
    )


def _named(one: Medication | Condition, place: int, subject: str) -> Mention:
    code = one.code if isinstance(one.code, Coding) else Coding(text=one.code)
    drug = isinstance(one, Medication)
    return Mention(
        line=place,
        mention_id=one.id or f"{'m' if drug else 'c'}{place}",
        subject_id=subject,
        name=one.text or code.text or code.display,
        text=(code.text or code.display) if one.text else code.display if code.text else "",
        code=code.code,
        system=code.system,
        start=one.start,
        stop=one.stop if isinstance(one, Medication) else one.end,
        dose=one.dose if isinstance(one, Medication) else None,
        status=one.status,
    )


def _vital(one: Vital, place: int, subject: str) -> Mention:
    return Mention(
        line=place,
        mention_id=one.id or f"v{place}",
        subject_id=subject,
        name=one.kind,
        start=one.measured,
        value=one.value,
        unit=one.unit,
    )
