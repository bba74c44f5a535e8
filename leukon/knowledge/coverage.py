"""Whether the cases reach every limit and every grade: under, on and over, unknown, another unit, another edition.

It reads what the cases give and which answers they expect; it runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from leukon.counts import fold_unit
from leukon.knowledge.cases import Case, collect
from leukon.knowledge.fields import HOURS
from leukon.knowledge.model import Analyte, Edition, Knowledge, Limit, Term
from leukon.knowledge.names import find_analyte
from leukon.knowledge.strata import applies
from leukon.knowledge.strict import Problems

NEAR = Fraction(1, 10)
"""A case counts as just under or just over when it is within a tenth of the line."""


class Given(NamedTuple):
    """One exact count that a case gives."""

    case: Case
    analyte: str
    value: Fraction
    unit: str
    limited: bool


def uncovered(knowledge: Knowledge, folder: Path) -> list[str]:
    """What no case below `folder` reaches, one line each; problems of the case files come first."""
    problems = Problems()
    cases = list(collect(folder, problems))
    given = [count for case in cases for count in _given(case, knowledge)]
    problems.found.extend(_unknown_names(knowledge, cases))
    problems.found.extend(_limits(knowledge, given))
    problems.found.extend(_questions(knowledge, cases, given))
    for edition in knowledge.editions.values():
        problems.found.extend(_terms(knowledge, edition, given))
        problems.found.extend(_edition(knowledge, edition, cases))
    return problems.found


def _given(case: Case, knowledge: Knowledge) -> Iterator[Given]:
    for result in case.results:
        found = find_analyte(knowledge, result["test"])
        analyte = knowledge.analytes.get(found.analyte) if found else None
        if analyte is None or "comparator" in result:
            continue
        unit = result.get("unit", "")
        factor = _factor(unit, analyte, knowledge)
        try:
            value = Fraction(Decimal(result["value"].replace(",", ".")))
        except InvalidOperation:
            continue
        if factor is not None:
            yield Given(case, analyte.id, value * factor, unit, "low" in result or "range_text" in result)


def _factor(unit: str, analyte: Analyte, knowledge: Knowledge) -> Fraction | None:
    if unit == analyte.display_unit:
        return Fraction(analyte.display_factor)
    folded = fold_unit(unit)
    for spelled in knowledge.units:
        if (
            spelled.quantity == analyte.dimension
            and spelled.num
            and folded in (spelled.spelling, fold_unit(spelled.spelling))
        ):
            return Fraction(spelled.num, spelled.den)
    return None


def _sides(values: Iterable[Fraction], line: int) -> list[str]:
    """Which of under, on, over is missing. Nothing is under zero."""
    values = list(values)
    if line == 0:
        reached = {"on": 0 in values, "over": any(value > 0 for value in values)}
    else:
        near = line * NEAR
        reached = {
            "under": any(line - near <= value < line for value in values),
            "on": line in values,
            "over": any(line < value <= line + near for value in values),
        }
    return [side for side, there in reached.items() if not there]


def _limits(knowledge: Knowledge, given: list[Given]) -> Iterator[str]:
    for limit in knowledge.limits.values():
        if limit.role != "votes" or limit.condition or limit.kind not in ("interval", "definition"):
            continue
        values = [
            count.value
            for count in given
            if count.analyte == limit.analyte and limit.question in count.case.questions and _fits(limit, count.case)
        ]
        if missing := _sides(values, limit.value):
            where = f"{limit.at}: no case {', '.join(missing)} {limit.id}"
            yield f"{where}; expected one {limit.question} case each near {limit.display}"


def _fits(limit: Limit, case: Case) -> bool:
    hours = age_hours(case.person)
    pregnancy = _pregnancy(case.person)
    return (
        applies(
            limit,
            age_low_h=hours,
            age_high_h=hours,
            age_exact="age_hours" in case.person,
            sex=case.person.get("sex", "unknown"),
            pregnancy=pregnancy,
            duffy=case.person.get("duffy", "unknown"),
        )
        == "yes"
    )


def age_hours(person: dict[str, str]) -> int | None:
    """The age that a case states, in hours."""
    for key, unit in (("age_years", "y"), ("age_months", "mo"), ("age_days", "d"), ("age_hours", "h")):
        if key in person:
            return int(Decimal(person[key]) * HOURS[unit])
    return None


def _pregnancy(person: dict[str, str]) -> str:
    if weeks := person.get("gestation_weeks"):
        number = int(Decimal(weeks))
        return "weeks-0-2" if number < 3 else "weeks-3-5" if number < 6 else "weeks-6-7" if number < 8 else "weeks-8-40"
    if trimester := person.get("trimester"):
        return f"trimester-{trimester}"
    return person.get("pregnant", "unknown")


def _questions(knowledge: Knowledge, cases: list[Case], given: list[Given]) -> Iterator[str]:
    first = {limit.question: limit for limit in reversed([*knowledge.limits.values()]) if limit.role == "votes"}
    for question, limit in first.items():
        expected = {case.expect["states"].get(question) for case in cases}
        if "cannot-tell" not in expected:
            yield f"{limit.at}: no case of {question} expects cannot-tell; expected one with an unknown"
        display = knowledge.analytes[limit.analyte].display_unit if limit.analyte in knowledge.analytes else ""
        units = {count.unit for count in given if count.analyte == limit.analyte and question in count.case.questions}
        if units <= {display}:
            yield f"{limit.at}: no case of {question} in another unit than {display}"


def _terms(knowledge: Knowledge, edition: Edition, given: list[Given]) -> Iterator[str]:
    for term in edition.terms:
        values = [
            count.value
            for count in given
            if count.analyte == term.analyte and any(term.id in told.get(edition.id, {}) for told in _told(count.case))
        ]
        for line in lines(term):
            if missing := _sides(values, line):
                shown = f"{line / knowledge.analytes[term.analyte].display_factor:g}"
                yield f"{term.at}: no case {', '.join(missing)} {shown} of {edition.id} {term.id}; expected one each"


def _told(case: Case) -> tuple[dict[str, dict[str, object]], ...]:
    return case.expect["grades"], case.expect["statuses"], case.expect["possible"]


def lines(term: Term) -> list[int]:
    """The numbers at which the grade of a term changes, as printed (an open end is one whole unit beside its print)."""
    found: set[int] = set()
    for band in term.bands:
        if not band.needs:
            found.update(max((low, low - 1), key=_roundness) for low in [band.low] if low)
            found.update(max((high, high + 1), key=_roundness) for high in [band.high] if high is not None)
    return sorted(found)


def _roundness(number: int) -> int:
    text = str(number)
    return len(text) - len(text.rstrip("0"))


def _edition(knowledge: Knowledge, edition: Edition, cases: list[Case]) -> Iterator[str]:
    told = [case for case in cases if edition.id in case.editions]
    statuses = {(term, status) for case in told for term, status in case.expect["statuses"].get(edition.id, {}).items()}
    if not any(status == "censored" for _, status in statuses):
        yield f"{edition.at}: no case of {edition.id} is censored; expected one such as <0.1"
    for term in edition.terms:
        where = f"no case of {edition.id} {term.id}"
        if any(band.upto_lln for band in term.bands if not band.needs) and (term.id, "lln-missing") not in statuses:
            yield f"{term.at}: {where} lacks the lower limit; expected status lln-missing"
        if term.missing and (term.id, "term-not-in-version") not in statuses:
            yield f"{term.at}: {where}; expected status term-not-in-version"
    aged = [term for term in edition.terms if term.age_low_h or term.age_high_h]
    if aged and not edition.always and not any(status == "out-of-age-range" for _, status in statuses):
        yield f"{aged[0].at}: no case of {edition.id} is out of age; expected status out-of-age-range"
    others = {other.id for other in knowledge.editions.values() if other.scale == edition.scale} - {edition.id}
    if others and not any(others & set(case.editions) for case in told):
        yield f"{edition.at}: no case compares {edition.id} with another edition; expected one that names both"


def _unknown_names(knowledge: Knowledge, cases: list[Case]) -> Iterator[str]:
    """Editions, terms, limits and codes that a case names and that do not exist."""
    for case in cases:
        for told in _told(case):
            for name, terms in told.items():
                edition = knowledge.editions.get(name)
                known = {term.id for term in edition.terms} if edition else set()
                unknown = [name] if edition is None else [term for term in terms if term not in known]
                yield from (f"{case.at}: the case names {word!r}, which is no edition or term" for word in unknown)
        for key in ("low_by", "not_low_by"):
            for limits in case.expect[key].values():
                yield from (f"{case.at}: unknown limit {name!r}" for name in limits if name not in knowledge.limits)
        for finding in case.expect["findings"].values():
            if finding not in knowledge.findings:
                yield f"{case.at}: unknown finding {finding!r}"
        for code in (*case.expect["excluded"], *case.expect["issues"], *case.expect["no_issues"]):
            if code not in knowledge.issues:
                yield f"{case.at}: unknown code {code!r}"
