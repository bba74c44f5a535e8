"""The reason codes that this input raised, each with its place."""

from __future__ import annotations

from leukon.report.assessment import Issue, Value
from leukon.report.grades import grade_codes
from leukon.report.index import Index
from leukon.report.person import Person
from leukon.report.phrases import Phrases
from leukon.report.pick import Picked
from leukon.report.values import reason

PERSON_CODES = frozenset(("AGE_UNKNOWN", "SEX_UNKNOWN", "AGE_NOT_COVERED", "NOT_COVERED", "NEWBORN_CHART_NEEDED"))


def names_of_rows(person: Person) -> dict[str, str]:
    """Id of a reported value → where it stands in the input."""
    return {str(source["result_id"]): person.path(row) for row, source in person.sources.items()}


def issues(
    person: Person,
    shown: list[Value],
    picked: dict[str, Picked],
    index: Index,
    words: Phrases,
    paths: dict[str, str],
    scales: tuple[str, ...],
) -> list[Issue]:
    """Every code raised, once for each place: results first, then answers, then the person."""
    raised: dict[tuple[str, str], None] = {}
    for value in shown:
        for code in value.issues:
            path = paths.get(value.id, f"derived.{value.id}") if value.derived is None else f"values.{value.id}"
            raised["subject" if code in PERSON_CODES else path, code] = None
    for number, code in grade_codes(person, index, scales):
        raised.setdefault((person.path(number), code), None)
    held = {code for _, code in raised}
    for row in person.excluded:
        raised[person.path(row["row"]), str(row["code"])] = None
    for pick in picked.values():
        for code in index.codes(pick.codes):
            if code in PERSON_CODES:
                raised["subject", code] = None
            elif code not in held and (code != "NOT_REPORTED" or pick.analyte in index.always_listed):
                raised[f"verdict.{pick.analyte}", code] = None
    found = []
    for path, code in raised:
        issue = index.knowledge.issues.get(code)
        if issue is not None:
            what = words.of(issue.what_to_do) if issue.what_to_do else ""
            found.append(
                Issue(code=code, severity=issue.severity, path=path, effect=reason(code, index, words), what_to_do=what)
            )
    return found
