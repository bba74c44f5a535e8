"""The cases can fail: a line moved by one cell per litre makes at least one of them wrong.

Every voting limit and every edge of every computed grade is moved, one at a time (`--all`); a few of them in each run.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import msgspec
import pytest

from leukon.answers import answers
from leukon.knowledge import cases, load_knowledge
from leukon.knowledge.model import Band, Edition, Knowledge, Term

KNOWLEDGE = load_knowledge()
CASES = cases.read(cases.SHIPPED)
REQUESTS = [cases.request(case) for case in CASES]


def moved(name: str, **changes: object) -> Knowledge:
    """The knowledge with something changed, under a hash of its own."""
    return msgspec.structs.replace(KNOWLEDGE, sha256=f"moved {name}", **changes)


def moved_limit(id_: str) -> Knowledge:
    limit = KNOWLEDGE.limits[id_]
    step = 1 if limit.bound == "lower" else -1
    other = msgspec.structs.replace(limit, value=limit.value + step)
    return moved(id_, limits={**KNOWLEDGE.limits, id_: other})


def moved_band(edition: Edition, term: Term, band: Band) -> Knowledge:
    """The lower edge one cell up, or without one the upper edge one cell down."""
    ends = {"low": band.low + 1} if band.low else {"high": (band.high or 0) - 1}
    bands = tuple(msgspec.structs.replace(b, **ends) if b is band else b for b in term.bands)
    other = msgspec.structs.replace(term, bands=bands)
    terms = tuple(other if t is term else t for t in edition.terms)
    changed = msgspec.structs.replace(edition, terms=terms)
    return moved(band.id, editions={**KNOWLEDGE.editions, edition.id: changed})


def limits() -> list[str]:
    """Limits that decide something. A limit of zero never calls anything low, and one with a condition never votes."""
    kinds = ("interval", "definition", "severity")
    return [
        x.id for x in KNOWLEDGE.limits.values() if x.role == "votes" and x.kind in kinds and x.value and not x.condition
    ]


def bands() -> Iterator[tuple[Edition, Term, Band]]:
    for edition in KNOWLEDGE.editions.values():
        for term in edition.terms:
            for band in term.bands:
                if band.grade and not band.needs and (band.low or band.high is not None):
                    yield edition, term, band


def wrong(knowledge: Knowledge) -> list[str]:
    given = answers(REQUESTS, knowledge, engine="duckdb")
    pairs = zip(CASES, given, strict=True)
    return [f"{case.name}: {what}" for case, came in pairs for what in cases.failures(case, came, knowledge)]


ALL_LIMITS, ALL_BANDS = limits(), list(bands())
SOME_LIMITS = random.Random(1).sample(ALL_LIMITS, 4)
SOME_BANDS = random.Random(1).sample(ALL_BANDS, 4)


def test_unmoved_knowledge_has_no_wrong_case() -> None:
    assert wrong(moved("nothing")) == []


@pytest.mark.parametrize("id_", SOME_LIMITS)
def test_a_moved_limit_is_seen(id_: str) -> None:
    assert wrong(moved_limit(id_))


@pytest.mark.parametrize("place", SOME_BANDS, ids=lambda p: p[2].id)
def test_a_moved_grade_is_seen(place: tuple[Edition, Term, Band]) -> None:
    assert wrong(moved_band(*place))


@pytest.mark.slow
def test_every_moved_line_is_seen() -> None:
    unseen = [id_ for id_ in ALL_LIMITS if not wrong(moved_limit(id_))]
    unseen += [place[2].id for place in ALL_BANDS if not wrong(moved_band(*place))]
    assert unseen == []
