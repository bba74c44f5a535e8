"""What a run may be asked besides scales: jurisdictions, episode rules, local pathways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from leukon.errors import UsageError
from leukon.knowledge.near import near_names

if TYPE_CHECKING:
    from leukon.knowledge.model import Knowledge

JURISDICTIONS = ("US", "EU", "UK")


class Choices(NamedTuple):
    """The choices of one run, checked. Empty: all jurisdictions, the episode rules always run, no pathway."""

    jurisdictions: tuple[str, ...] = ()
    episode_rules: tuple[str, ...] = ()
    pathways: tuple[str, ...] = ()


def choose(
    knowledge: Knowledge,
    jurisdictions: Iterable[str] = (),
    episode_rules: Iterable[str] = (),
    pathways: Iterable[str] = (),
) -> Choices:
    """Checked choices. UsageError with the nearest spellings for one that does not exist; `where` says which."""
    known = sorted({rule.pathway for rule in knowledge.rules.values() if rule.pathway})
    return Choices(
        _each(jurisdictions, JURISDICTIONS, "jurisdictions", "jurisdiction"),
        _each(episode_rules, sorted(knowledge.episode_rules), "episode_rules", "episode rule"),
        _each(pathways, known, "pathways", "pathway"),
    )


def _each(asked: Iterable[str], known: Sequence[str], where: str, what: str) -> tuple[str, ...]:
    by_fold = {name.casefold(): name for name in known}
    found = []
    for text in asked:
        name = by_fold.get(text.strip().casefold())
        if name is None:
            near = near_names(text, {one: one for one in known})
            raise UsageError(
                f"there is no {what} {text!r}",
                where=where,
                expected=f"one of {', '.join(known)}" if known else f"none: the knowledge holds no {what}",
                hint=f"did you mean {' or '.join(near)}?" if near else "",
            )
        found.append(name)
    return tuple(dict.fromkeys(found))
