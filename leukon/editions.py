"""Which editions of the grading scales are asked for: `CTCAE@5.0`, or as FHIR spells it, `CTCAE|5.0`."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from leukon.errors import UsageError

if TYPE_CHECKING:
    from leukon.knowledge.model import Knowledge

SCALE_VERSION_REQUIRED = "SCALE_VERSION_REQUIRED"


def resolve(knowledge: Knowledge, spelled: Iterable[str]) -> tuple[str, ...]:
    """Ids of the editions asked for, in that order; every edition when none is asked for.

    UsageError SCALE_VERSION_REQUIRED for a scale without its version (editions differ, so there is no
    default), UsageError with the nearest spellings for one that does not exist.
    """
    asked = [_one(knowledge, text) for text in spelled]
    return tuple(dict.fromkeys(asked)) or tuple(sorted(knowledge.editions))


def _one(knowledge: Knowledge, text: str) -> str:
    by_fold = {edition.casefold(): edition for edition in knowledge.editions}
    wanted = text.strip().replace("|", "@").replace(" ", "").casefold()
    if wanted in by_fold:
        return by_fold[wanted]
    of_scale = sorted(
        id_ for id_, edition in knowledge.editions.items() if edition.scale.casefold() == wanted.split("@")[0]
    )
    if of_scale and "@" not in wanted:
        raise UsageError(
            f"the scale {text!r} has several editions that grade differently: say which",
            expected=" or ".join(of_scale),
            code=SCALE_VERSION_REQUIRED,
        )
    near = of_scale or [by_fold[key] for key in get_close_matches(wanted, by_fold, 3, 0.4)]
    raise UsageError(
        f"there is no scale {text!r}",
        expected="one of " + ", ".join(sorted(knowledge.editions)),
        hint=f"did you mean {' or '.join(near)}?" if near else "",
        code="SCALE_UNKNOWN" if "@" in wanted else SCALE_VERSION_REQUIRED,
    )
