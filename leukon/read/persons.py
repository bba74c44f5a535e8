"""One person from all the rows that name it, and the age of a result. What two rows say differently is not known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from leukon.read.people import (
    NO_AGE,
    NO_BIRTH,
    OLDEST_Y,
    YEAR_H,
    Age,
    read_birth,
    read_death,
    read_duffy,
    read_pregnancy,
    read_sex,
)
from leukon.read.raw import Raw
from leukon.read.readings import Audience, Options
from leukon.read.times import DAY, Time

T = TypeVar("T")

HOUR_S = 3600
OLDEST_S = OLDEST_Y * YEAR_H * HOUR_S


class Person(NamedTuple):
    """A row of `tables.PEOPLE`, then two remarks: `impossible`, born after all dated results; `hidden`, born centuries
    too early on purpose, so that only "over 89" is known of the age."""

    subject: int
    subject_id: str
    sex: str
    pregnancy: str
    duffy: str
    birth_low_s: int | None
    birth_high_s: int | None
    birth_exact: int
    death_s: int | None
    impossible: bool = False
    hidden: bool = False


class Ages(NamedTuple):
    """The age of one result: `stated` by the input (or hidden), `known` from anything, and whether it is impossible."""

    stated: Age
    known: Age
    impossible: bool


def read_person(subject: int, subject_id: str, rows: Iterable[tuple[Raw, Time]], options: Options) -> Person:
    """Puts together what the rows of one person say about it."""
    own = list(rows)
    births = {read_birth(raw.birth_date, options.locale) for raw, _ in own}
    birth = _only(birth for birth in births if birth.low_s is not None) or NO_BIRTH
    deaths = {read_death(raw.death_date, options.locale) for raw, _ in own}
    last = max((time.last_s for _, time in own if time.basis == "absolute" and time.last_s is not None), default=None)
    impossible = hidden = False
    if birth.low_s is not None and birth.high_s is not None and last is not None:
        impossible = birth.low_s > last
        hidden = options.deidentified_age_over is not None and last - birth.high_s >= OLDEST_S
    return Person(
        subject,
        subject_id,
        _only({read_sex(raw.sex) for raw, _ in own} - {"unknown"}) or "unknown",
        _only({read_pregnancy(raw.pregnant, raw.gestation_weeks) for raw, _ in own} - {"unknown"}) or "unknown",
        _only({read_duffy(raw.duffy) for raw, _ in own} - {"unknown"}) or "unknown",
        None if hidden else birth.low_s,
        None if hidden else birth.high_s,
        0 if hidden else birth.exact,
        _only(death for death in deaths if death is not None),
        impossible,
        hidden,
    )


def _only(said: Iterable[T]) -> T | None:
    """The one thing that was said, None when nothing or several things were."""
    found = set(said)
    return found.pop() if len(found) == 1 else None


def ages(stated: Age, person: Person, time: Time, options: Options) -> Ages:
    """The age of one result. A stated one goes before the birth date; what is hidden on purpose is never impossible."""
    if stated.impossible:
        return Ages(NO_AGE, NO_AGE, True)
    if stated.low_h is not None:
        return Ages(stated, stated, person.impossible)
    over = options.deidentified_age_over
    veiled = Age((over + 1) * YEAR_H, OLDEST_Y * YEAR_H - 1, 0) if over is not None else NO_AGE
    if person.hidden:
        return Ages(veiled, veiled, False)
    born = _born(person, time)
    if born.low_h is None or born.high_h is None:
        return Ages(NO_AGE, NO_AGE, person.impossible)
    if over is not None and born.low_h >= (over + 1) * YEAR_H:
        return Ages(veiled, veiled, False)
    return Ages(NO_AGE, born, person.impossible or born.low_h >= OLDEST_Y * YEAR_H)


def _born(person: Person, time: Time) -> Age:
    """Hours from birth to collection, in whole days (the chain says the same in `rules/select.sql`)."""
    if time.basis != "absolute" or time.seconds is None or time.last_s is None:
        return NO_AGE
    if person.birth_low_s is None or person.birth_high_s is None:
        return NO_AGE
    low = (time.seconds // DAY - person.birth_high_s // DAY) * 24
    high = (time.last_s // DAY - person.birth_low_s // DAY) * 24
    return Age(low, high, 0)


def for_others(person: Person, known: Age, meant: Audience) -> bool:
    """Whether an interval is meant for another sex or age than this person's (B41); what is unknown is no reason."""
    if "unknown" not in (meant.sex, person.sex) and meant.sex != person.sex:
        return True
    if known.low_h is None or known.high_h is None:
        return False
    too_young = meant.from_h is not None and known.high_h < meant.from_h
    return too_young or (meant.to_h is not None and known.low_h > meant.to_h)
