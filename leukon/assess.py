"""One request → one Assessment.

    request (JSON, a dict or a CBC) → rows of text → door → engine (SQLite) → report

A request that cannot be answered at all raises RequestError with the place at fault; data problems
of single results never do: they are excluded values with a reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from leukon import engine as chain
from leukon import report
from leukon.editions import resolve
from leukon.errors import RequestError, UsageError
from leukon.read import door
from leukon.read.raw import Raw
from leukon.read.readings import Options, Readings
from leukon.read.times import read_time
from leukon.report.assessment import Assessment

if TYPE_CHECKING:
    from leukon.knowledge.model import Knowledge

MOST_BYTES = 32_000_000
MOST_OBSERVATIONS = 20_000
DEEPEST = 12
LONGEST = 10_000
"""Bounds of one request (engineering, not clinical): beyond them it is refused before any work is done."""

Engine = Literal["sqlite", "duckdb"]
Tables = dict[str, list[dict[str, Any]]]


class _Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Every leaf is text: numbers have been turned into their own digits before."""


class UsualLevel(_Strict):
    """The person's own usual level; `kind` unknown means that none is stated."""

    analyte: str
    kind: str = ""
    low: str = ""
    unit: str = "10*9/L"


class Subject(_Strict):
    """The one person of a request."""

    id: str = "person"
    sex: str = ""
    birth_date: str = ""
    death_date: str = ""
    age_years: str = ""
    age_months: str = ""
    age_days: str = ""
    age_hours: str = ""
    pregnant: str = ""
    trimester: str = ""
    gestation_weeks: str = ""
    duffy: str = ""
    species: str = ""
    usual_level: UsualLevel | None = None


class Coding(_Strict):
    """What was measured: a code in a system, or just its name."""

    system: str = ""
    code: str = ""
    text: str = ""
    display: str = ""


class Observation(_Strict):
    """One result as the laboratory sent it."""

    id: str = ""
    subject: str = ""
    code: Coding | str = ""
    test: str = ""
    value: str = ""
    comparator: str = ""
    unit: str = ""
    low: str = ""
    high: str = ""
    range_text: str = ""
    range_sex: str = ""
    range_age_low: str = ""
    range_age_high: str = ""
    status: str = ""
    collected: str = ""
    issued: str = ""
    flags: list[str] = []
    flag: str = ""
    specimen: str = ""
    method: str = ""
    sample_id: str = ""
    sub_id: str = ""
    cells_counted: str = ""


class Request(_Strict):
    """Everything that can be asked about one person (interfaces.md section 2)."""

    observations: list[Observation]
    subject: Subject = msgspec.field(default_factory=Subject)
    as_of: str = ""
    audience: Literal["clinician", "plain"] = "clinician"
    language: Literal["en", "pt"] = "en"
    scales: list[str] = []
    medications: list[dict[str, Any]] = []
    conditions: list[dict[str, Any]] = []
    locale: Literal["", "en", "pt"] = ""
    infer_units: Literal["", "yes", "no"] = ""
    use_preliminary: Literal["", "yes", "no"] = ""


Number = str | int | float | Decimal


class CBC(msgspec.Struct, kw_only=True):
    """A blood count as one would say it: `CBC(wbc=3.6, unit="10*9/L", age_years=56, sex="female")`.

    Counts share `unit`; there is no default, a count without unit is not used. `neut_percent` and the like are
    percent of the white cells. `hgb` is in g/dL unless `hgb_unit` says otherwise. `intervals` are the
    laboratory's own, by name: `{"wbc": ("4.0", "11.0")}`.
    """

    wbc: Number | None = None
    neut: Number | None = None
    lymph: Number | None = None
    mono: Number | None = None
    eos: Number | None = None
    baso: Number | None = None
    plt: Number | None = None
    hgb: Number | None = None
    neut_percent: Number | None = None
    lymph_percent: Number | None = None
    mono_percent: Number | None = None
    eos_percent: Number | None = None
    baso_percent: Number | None = None
    seg_percent: Number | None = None
    band_percent: Number | None = None
    unit: str = ""
    hgb_unit: str = "g/dL"
    intervals: Mapping[str, tuple[Number | None, Number | None]] = {}
    collected: str = ""
    subject: str = "person"
    sex: str = ""
    age_years: Number | None = None
    pregnant: str = ""
    duffy: str = ""
    language: Literal["en", "pt"] = "en"
    audience: Literal["clinician", "plain"] = "clinician"
    scales: Sequence[str] = ()

    def request(self) -> dict[str, Any]:
        """The same as a request."""
        found = []
        for name in self.__struct_fields__[:15]:
            value = getattr(self, name)
            if value is None:
                continue
            test, percent, _ = name.partition("_percent")
            one = {"id": name, "test": test.upper(), "value": value}
            one["unit"] = "%" if percent else self.hgb_unit if name == "hgb" else self.unit
            low, high = self.intervals.get(name, (None, None))
            one |= {key: end for key, end in (("low", low), ("high", high)) if end is not None}
            found.append(one | ({"collected": self.collected} if self.collected else {}))
        subject = {"id": self.subject, "sex": self.sex, "pregnant": self.pregnant, "duffy": self.duffy}
        if self.age_years is not None:
            subject["age_years"] = self.age_years  # type: ignore[assignment]
        return {
            "subject": subject,
            "observations": found,
            "language": self.language,
            "audience": self.audience,
            "scales": list(self.scales),
        }


def assess(
    request: Mapping[str, Any] | CBC | bytes | str, *, knowledge: Knowledge | None = None, engine: Engine = "sqlite"
) -> Assessment:
    """Assess one person's blood counts.

    `request` is JSON (text or bytes), the same as a dict, or a `CBC`. `knowledge`: None = shipped. Raises
    RequestError (SUBJECT_CONFLICT, SCALE_VERSION_REQUIRED, DEMOGRAPHICS_IMPOSSIBLE, BAD_REQUEST) with the place.
    """
    held = knowledge or _shipped()
    asked = read_request(request)
    ready = _prepare(asked, held)
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
        drugs_sent=bool(asked.medications or asked.conditions),
    )


def answer(
    request: Mapping[str, Any] | CBC | bytes | str, knowledge: Knowledge | None = None, *, engine: Engine = "sqlite"
) -> Tables:
    """What the chain alone answers to a request, as rows with their ids: values, grades, findings, excluded."""
    held = knowledge or _shipped()
    ready = _prepare(read_request(request), held)
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
    engine: Engine = "sqlite",
) -> Iterator[Assessment]:
    """One Assessment per person of the input tables, in input order (for a few hundred people; else use a cohort)."""
    held = knowledge or _shipped()
    seconds = _as_of(as_of or "", "")
    params = chain.Params(tuple(sorted(held.editions)), seconds, use_preliminary)
    outputs = chain.run(inputs, held, params, engine=engine)
    chosen = resolve(held, scales) if scales else ()
    yield from report.build_all(
        inputs, outputs, held, language=language, audience=audience, as_of=as_of, as_of_s=seconds, scales=chosen
    )


# --- reading a request ---------------------------------------------------------------------------


def read_request(request: Mapping[str, Any] | CBC | bytes | str) -> Request:
    """A checked request. RequestError BAD_REQUEST names the place: `observations[3].value`."""
    if isinstance(request, CBC):
        request = request.request()
    elif isinstance(request, bytes | str):
        request = read_json(request)
    if not isinstance(request, Mapping):
        raise _bad("the request is not an object", "", "an object with `observations`")
    plain = _texts(dict(request), "", 0)
    try:
        asked = msgspec.convert(plain, Request)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        raise _bad(what, where.strip("`.")) from None
    if len(asked.observations) > MOST_OBSERVATIONS:
        raise _bad(f"{len(asked.observations)} observations", "observations", f"at most {MOST_OBSERVATIONS}")
    for place, observation in enumerate(asked.observations):
        if observation.subject and observation.subject != asked.subject.id:
            raise RequestError(
                "the request is about more than one person",
                where=f"observations[{place}].subject",
                expected="every observation about the subject of the request",
                hint="send one request per person",
                code="SUBJECT_CONFLICT",
            )
    return asked


def read_json(text: bytes | str) -> Any:
    """JSON read strictly: no duplicate keys, no NaN or Infinity, bounded size and depth, numbers kept as written."""
    if len(text) > MOST_BYTES:
        raise _bad(f"{len(text)} bytes", "", f"at most {MOST_BYTES}")
    try:
        return json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant, parse_float=str, parse_int=str)
    except RecursionError:
        raise _bad("nested too deeply", "", f"at most {DEEPEST} levels") from None
    except UnicodeDecodeError as error:
        raise _bad(f"not UTF-8 text (byte {error.start})", "") from None
    except json.JSONDecodeError as error:
        raise _bad(f"not JSON: {error.msg}", f"line {error.lineno}, column {error.colno}") from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _bad(f"the key {key[:80]!r} stands twice in one object", "", "each key once")
        found[key] = value
    return found


def _constant(name: str) -> Any:
    raise _bad(f"{name} is not a JSON number", "", "a number, or text in quotes")


def _bad(what: str, where: str, expected: str = "") -> RequestError:
    return RequestError(what, where=where, expected=expected, code="BAD_REQUEST")


def _texts(value: Any, where: str, depth: int) -> Any:
    """The same tree with every leaf as text: numbers by their own digits, null left out; anything else is refused."""
    if isinstance(value, str):
        if len(value) > LONGEST:
            raise _bad(f"a text of {len(value)} characters", where, f"at most {LONGEST}")
        return value.encode("utf-8", "replace").decode() if not value.isascii() else value
    if depth > DEEPEST:
        raise _bad("nested too deeply", where, f"at most {DEEPEST} levels")
    if isinstance(value, Mapping):
        found = {}
        for key, inner in value.items():
            if not isinstance(key, str):
                raise _bad(f"the key {key!r} is not text", where)
            if inner is not None:
                found[key] = _texts(inner, f"{where}.{key}" if where else key, depth + 1)
        return found
    if isinstance(value, list | tuple):
        return [_texts(inner, f"{where}[{place}]", depth + 1) for place, inner in enumerate(value)]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and isfinite(value):
        return repr(value)
    if isinstance(value, Decimal) and value.is_finite():
        return str(value)
    raise _bad(f"{type(value).__name__} {str(value)[:40]!r} is neither text nor a finite number", where)


# --- from a request to the chain -----------------------------------------------------------------


class Ready(NamedTuple):
    """A request as the chain takes it."""

    inputs: door.Inputs
    params: chain.Params
    scales: tuple[str, ...]


def _prepare(asked: Request, knowledge: Knowledge) -> Ready:
    scales = _scales(asked.scales, knowledge)
    options = Options(locale=asked.locale, infer_units=asked.infer_units == "yes")
    inputs = door.from_rows((_raw(asked, place, one, knowledge) for place, one in enumerate(asked.observations)), knowledge, options)
    if not inputs.people:
        inputs.people.append(_nobody(asked, knowledge, options))
    _usual(asked.subject.usual_level, inputs, knowledge, options)
    params = chain.Params(
        tuple(sorted(knowledge.editions)), _as_of(asked.as_of, asked.locale), asked.use_preliminary != "no"
    )
    return Ready(inputs, params, scales)


def _scales(spelled: list[str], knowledge: Knowledge) -> tuple[str, ...]:
    try:
        return resolve(knowledge, spelled) if spelled else ()
    except UsageError as error:
        code = error.code if error.code == "SCALE_VERSION_REQUIRED" else "BAD_REQUEST"
        raise RequestError(error.what, where="scales", expected=error.expected, hint=error.hint, code=code) from None


def _as_of(text: str, locale: str) -> int | None:
    """The last second of the stated day or time (a whole day is over at its end)."""
    if not text:
        return None
    time = read_time(text, "", locale)
    if time.basis != "absolute":
        raise _bad(f"{text[:40]!r} is not a date or time", "as_of", "2026-11-20 or 2026-11-20T12:00:00Z")
    return time.last_s


def _raw(asked: Request, place: int, one: Observation, knowledge: Knowledge) -> Raw:
    person = asked.subject
    code = one.code if isinstance(one.code, Coding) else Coding(text=one.code)
    return Raw(
        input="request",
        line=place,
        result_id=one.id or f"o{place + 1}",
        subject_id=person.id or "person",
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
        raise _bad(f"{level.analyte} {level.low} {level.unit} is no count", "subject.usual_level")
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
