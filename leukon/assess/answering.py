"""One request → one Assessment.

request → rows of text → door → engine (SQLite) → report
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from leukon import engine as chain
from leukon import report
from leukon.assess import beside
from leukon.assess.choices import Choices, choose
from leukon.assess.request import CBC, Coding, Observation, Request, UsualLevel, bad, read_request
from leukon.editions import resolve
from leukon.errors import RequestError, UsageError
from leukon.read import door
from leukon.read.raw import Raw
from leukon.read.readings import Options, Readings
from leukon.read.times import read_time
from leukon.report.assessment import UNNAMED, Assessment

if TYPE_CHECKING:
    from leukon.knowledge.model import Knowledge

Engine = Literal["sqlite", "duckdb"]
Tables = dict[str, list[dict[str, Any]]]


def assess(
    request: Mapping[str, Any] | CBC | bytes | str, *, knowledge: Knowledge | None = None, engine: Engine = "sqlite"
) -> Assessment:
    """Assess one person's blood counts.

    `request` is JSON (text or bytes), the same as a dict, or a `CBC`. `knowledge`: None = shipped. Raises
    RequestError (SUBJECT_CONFLICT, SCALE_VERSION_REQUIRED, DEMOGRAPHICS_IMPOSSIBLE, BAD_REQUEST) with the place.
    """
    held = knowledge or _shipped()
    asked = read_request(request)
    ready = prepare(asked, held)
    outputs = chain.run(ready.inputs, held, ready.params, engine=engine)
    _possible(outputs)
    return report.build(
        ready.inputs,
        outputs,
        held,
        language=asked.language,
        audience=asked.audience,
        as_of=asked.as_of or None,
        as_of_s=ready.params.as_of_s,
        scales=ready.scales,
        asked=(ready.params.jurisdictions, ready.params.episode_rules, ready.params.pathways),
    )


def answer(
    request: Mapping[str, Any] | CBC | bytes | str, knowledge: Knowledge | None = None, *, engine: Engine = "sqlite"
) -> Tables:
    """What the chain alone answers to a request, as rows with their ids: values, grades, findings, excluded."""
    held = knowledge or _shipped()
    ready = prepare(read_request(request), held)
    outputs = chain.run(ready.inputs, held, ready.params, engine=engine)
    return {
        "values": [row for row in outputs["usable"] if not row["is_level"]] + outputs["counts"],
        "grades": outputs["graded"],
        "findings": outputs["found"],
        "excluded": outputs["excluded_rows"],
    }


def assess_all(
    inputs: door.Inputs,
    *,
    knowledge: Knowledge | None = None,
    language: str = "en",
    audience: Literal["clinician", "plain"] = "clinician",
    as_of: str | None = None,
    scales: Sequence[str] = (),
    use_preliminary: bool = True,
    choices: Choices | None = None,
    engine: Engine = "sqlite",
) -> Iterator[Assessment]:
    """One Assessment per person of the input tables, in input order (for a few hundred people; else use a cohort)."""
    held = knowledge or _shipped()
    seconds = _as_of(as_of or "", "")
    params = chain.Params(tuple(sorted(held.editions)), seconds, use_preliminary, *(choices or Choices()))
    outputs = chain.run(inputs, held, params, engine=engine)
    chosen = resolve(held, scales) if scales else ()
    yield from report.build_all(
        inputs,
        outputs,
        held,
        language=language,
        audience=audience,
        as_of=as_of,
        as_of_s=seconds,
        scales=chosen,
        asked=(params.jurisdictions, params.episode_rules, params.pathways),
    )


class Ready(NamedTuple):
    """A request as the chain takes it."""

    inputs: door.Inputs
    params: chain.Params
    scales: tuple[str, ...]


def prepare(asked: Request, knowledge: Knowledge) -> Ready:
    """The input tables, parameters and asked editions of a request. RequestError for scales and dates that are not."""
    scales = _scales(asked.scales, knowledge)
    options = Options(locale=asked.locale, infer_units=asked.infer_units == "yes")
    inputs = door.from_rows(
        (_raw(asked, place, one, knowledge) for place, one in enumerate(asked.observations)), knowledge, options
    )
    if not inputs.people:
        inputs.people.append(_nobody(asked, knowledge, options))
    _usual(asked.subject.usual_level, inputs, knowledge, options)
    beside.add(asked, inputs, knowledge)
    params = chain.Params(
        tuple(sorted(knowledge.editions)),
        _as_of(asked.as_of, asked.locale),
        asked.use_preliminary != "no",
        *_choices(asked, knowledge),
    )
    return Ready(inputs, params, scales)


def _scales(spelled: list[str], knowledge: Knowledge) -> tuple[str, ...]:
    try:
        return resolve(knowledge, spelled) if spelled else ()
    except UsageError as error:
        code = error.code if error.code == "SCALE_VERSION_REQUIRED" else "BAD_REQUEST"
        raise RequestError(error.what, where="scales", expected=error.expected, hint=error.hint, code=code) from None


def _choices(asked: Request, knowledge: Knowledge) -> Choices:
    try:
        return choose(knowledge, asked.jurisdictions, asked.episode_rules, asked.pathways)
    except UsageError as error:
        raise RequestError(
            error.what, where=error.where, expected=error.expected, hint=error.hint, code="BAD_REQUEST"
        ) from None


def _as_of(text: str, locale: str) -> int | None:
    """The last second of the stated day or time (a whole day is over at its end)."""
    if not text:
        return None
    time = read_time(text, "", locale)
    if time.basis != "absolute":
        raise bad(f"{text[:40]!r} is not a date or time", "as_of", "2026-11-20 or 2026-11-20T12:00:00Z")
    return time.last_s


def _raw(asked: Request, place: int, one: Observation, knowledge: Knowledge) -> Raw:
    person = asked.subject
    code = one.code if isinstance(one.code, Coding) else Coding(text=one.code)
    return Raw(
        input="request",
        line=place,
        result_id=one.id or f"o{place + 1}",
        subject_id=person.id or UNNAMED,
        collected=one.collected,
        issued=one.issued,
        test=_test((code.code, code.text, code.display, one.test), knowledge),
        value=one.value,
        comparator=one.comparator,
        unit=one.unit,
        low=one.low,
        high=one.high,
        range_text=one.range_text,
        range_sex=one.range_sex,
        range_age_low=one.range_age_low,
        range_age_high=one.range_age_high,
        sex=person.sex,
        birth_date=person.birth_date,
        death_date=person.death_date,
        age_years=person.age_years,
        age_months=person.age_months,
        age_days=person.age_days,
        age_hours=person.age_hours,
        pregnant=person.pregnant or (f"trimester-{person.trimester}" if person.trimester else ""),
        gestation_weeks=person.gestation_weeks,
        duffy=person.duffy,
        species=person.species,
        status=one.status,
        specimen=one.specimen,
        method=one.method,
        flag=one.flag or " ".join(one.flags),
        sample_id=one.sample_id,
        sub_id=one.sub_id,
        cells_counted=one.cells_counted,
    )


def _test(names: tuple[str, ...], knowledge: Knowledge) -> str:
    """The first of an observation's code and names that leukon knows, else the first that is there."""
    given = [name for name in names if name.strip()]
    if len(given) > 1:
        from leukon.knowledge.names import find_analyte

        return next((name for name in given if find_analyte(knowledge, name) is not None), given[0])
    return given[0] if given else ""


def _nobody(asked: Request, knowledge: Knowledge, options: Options) -> tuple[Any, ...]:
    """The person of a request without one usable row: the answer is still about somebody."""
    row = _raw(asked, 0, Observation(test="WBC", value="1", unit="10*9/L"), knowledge)
    return door.from_rows([row], knowledge, options).people[0]


def _usual(level: UsualLevel | None, inputs: door.Inputs, knowledge: Knowledge, options: Options) -> None:
    """A stated usual level becomes a row of its own, whatever the unit of the results."""
    if level is None or not level.low or level.kind == "unknown":
        return
    readings = Readings(knowledge, options)
    test = readings.test(level.analyte)
    value = readings.value(level.low, None, level.unit, test)
    if test.analyte is None or value.low is None or value.quantity != "count":
        raise bad(f"{level.analyte} {level.low} {level.unit} is no count", "subject.usual_level")
    inputs.usual.append((inputs.people[0][0], test.analyte, value.low))


def _possible(outputs: Tables) -> None:
    if any(row["code"] == "DEMOGRAPHICS_IMPOSSIBLE" for row in outputs["excluded_rows"]):
        raise RequestError(
            "the age or birth date is not possible for these results",
            where="subject",
            expected="an age of at most 130 years, and a birth before the results",
            code="DEMOGRAPHICS_IMPOSSIBLE",
        )


def _shipped() -> Knowledge:
    from leukon.knowledge import load_knowledge

    return load_knowledge()
