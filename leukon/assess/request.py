"""What may be asked, and how strictly it is read: JSON, a dict or a CBC become one checked Request."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import isfinite
from typing import Any, Literal

import msgspec

from leukon.errors import RequestError
from leukon.report.assessment import UNNAMED

MOST_BYTES = 32_000_000
MOST_OBSERVATIONS = 20_000
DEEPEST = 12
LONGEST = 10_000
"""Bounds of one request (engineering, not clinical): beyond them it is refused before any work is done."""


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

    id: str = UNNAMED
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


class Medication(_Strict):
    """One drug record; it may be named by text, a brand, an RxNorm or an ATC code."""

    id: str = ""
    code: Coding | str = ""
    text: str = ""
    start: str = ""
    stop: str = ""
    dose: str = ""
    status: str = ""


class Condition(_Strict):
    """One condition record; it may be named by text, an ICD-10-CM or a SNOMED CT code."""

    id: str = ""
    code: Coding | str = ""
    text: str = ""
    start: str = ""
    end: str = ""
    status: str = ""


class Vital(_Strict, kw_only=True):
    """One measurement (`temperature`, 38.6, `Cel`) or one sign stated as yes or no (`unwell`, yes)."""

    id: str = ""
    kind: str
    value: str
    unit: str = ""
    measured: str = ""


class Request(_Strict):
    """Everything that can be asked about one person (interfaces.md section 2)."""

    observations: list[Observation]
    subject: Subject = msgspec.field(default_factory=Subject)
    as_of: str = ""
    audience: Literal["clinician", "plain"] = "clinician"
    language: Literal["en", "pt"] = "en"
    scales: list[str] = []
    medications: list[Medication] | None = None
    conditions: list[Condition] | None = None
    vitals: list[Vital] = []
    jurisdictions: list[str] = []
    episode_rules: list[str] = []
    pathways: list[str] = []
    locale: Literal["", "en", "pt"] = ""
    infer_units: Literal["", "yes", "no"] = ""
    use_preliminary: Literal["", "yes", "no"] = ""


Number = str | int | float | Decimal


class CBC(msgspec.Struct, kw_only=True):
    """A blood count as one would say it: `CBC(wbc=3.6, unit="10*9/L", age_years=56, sex="female")`.

    Counts share `unit`; there is no default, a count without unit is not used. `neut_percent` and the like are
    percent of the white cells. `hgb` is in g/dL unless `hgb_unit` says otherwise. `intervals` are the
    laboratory's own, by name: `{"wbc": ("4.0", "11.0")}`. `drugs` and `conditions` are names or codes (an empty list
    says that there are none); `temperature` is in degrees Celsius unless `temperature_unit` says otherwise.
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
    subject: str = UNNAMED
    sex: str = ""
    age_years: Number | None = None
    pregnant: str = ""
    duffy: str = ""
    language: Literal["en", "pt"] = "en"
    audience: Literal["clinician", "plain"] = "clinician"
    scales: Sequence[str] = ()
    drugs: Sequence[str | Mapping[str, Any]] | None = None
    conditions: Sequence[str | Mapping[str, Any]] | None = None
    temperature: Number | None = None
    temperature_unit: str = "Cel"

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
        beside: dict[str, Any] = {}
        for key, named in (("medications", self.drugs), ("conditions", self.conditions)):
            if named is not None:
                beside[key] = [{"text": one} if isinstance(one, str) else dict(one) for one in named]
        if self.temperature is not None:
            beside["vitals"] = [{"kind": "temperature", "value": self.temperature, "unit": self.temperature_unit}]
        return {
            **beside,
            "subject": subject,
            "observations": found,
            "language": self.language,
            "audience": self.audience,
            "scales": list(self.scales),
        }


def read_request(request: Mapping[str, Any] | CBC | bytes | str) -> Request:
    """A checked request. RequestError BAD_REQUEST names the place: `observations[3].value`."""
    if isinstance(request, CBC):
        request = request.request()
    elif isinstance(request, bytes | str):
        request = read_json(request)
    if not isinstance(request, Mapping):
        raise bad("the request is not an object", "", "an object with `observations`")
    plain = _texts(dict(request), "", 0)
    try:
        asked = msgspec.convert(plain, Request)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        raise bad(what, where.strip("`.")) from None
    if len(asked.observations) > MOST_OBSERVATIONS:
        raise bad(f"{len(asked.observations)} observations", "observations", f"at most {MOST_OBSERVATIONS}")
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
        raise bad(f"{len(text)} bytes", "", f"at most {MOST_BYTES}")
    try:
        return json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant, parse_float=str, parse_int=str)
    except RecursionError:
        raise bad("nested too deeply", "", f"at most {DEEPEST} levels") from None
    except UnicodeDecodeError as error:
        raise bad(f"not UTF-8 text (byte {error.start})", "") from None
    except json.JSONDecodeError as error:
        raise bad(f"not JSON: {error.msg}", f"line {error.lineno}, column {error.colno}") from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise bad(f"the key {key[:80]!r} stands twice in one object", "", "each key once")
        found[key] = value
    return found


def _constant(name: str) -> Any:
    raise bad(f"{name} is not a JSON number", "", "a number, or text in quotes")


def bad(what: str, where: str, expected: str = "") -> RequestError:
    """A BAD_REQUEST at a place of the request."""
    return RequestError(what, where=where, expected=expected, code="BAD_REQUEST")


def _texts(value: Any, where: str, depth: int) -> Any:
    """The same tree with every leaf as text: numbers by their own digits, null left out; anything else is refused."""
    if isinstance(value, str):
        if len(value) > LONGEST:
            raise bad(f"a text of {len(value)} characters", where, f"at most {LONGEST}")
        return value.encode("utf-8", "replace").decode() if not value.isascii() else value
    if depth > DEEPEST:
        raise bad("nested too deeply", where, f"at most {DEEPEST} levels")
    if isinstance(value, Mapping):
        found = {}
        for key, inner in value.items():
            if not isinstance(key, str):
                raise bad(f"the key {key!r} is not text", where)
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
    raise bad(f"{type(value).__name__} {str(value)[:40]!r} is neither text nor a finite number", where)
