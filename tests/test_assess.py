"""One request in, one Assessment out: what is refused, what is answered, and that it is always the same."""

from __future__ import annotations

import json
from typing import Any

import pytest

import leukon as lk
from leukon.assess import CBC, assess, assess_all, read_request
from leukon.assess.request import DEEPEST, MOST_OBSERVATIONS
from leukon.read import door
from leukon.read.raw import Raw
from leukon.report.assessment import Assessment

WHITE = {"code": {"text": "WBC"}, "value": "3.6", "unit": "10*9/L"}

EXAMPLE: dict[str, Any] = {
    "subject": {
        "id": "p1",
        "sex": "female",
        "birth_date": "1970-03-02",
        "pregnant": "no",
        "usual_level": {"analyte": "NEUT", "kind": "unknown"},
    },
    "as_of": "2026-11-20T12:00:00Z",
    "audience": "clinician",
    "language": "en",
    "scales": ["CTCAE|5.0", "CTCAE|6.0"],
    "observations": [
        {
            "id": "o1",
            "code": {"system": "http://loinc.org", "code": "6690-2"},
            "value": "3.6",
            "unit": "10*3/uL",
            "low": "4.0",
            "high": "11.0",
            "status": "final",
            "collected": "2026-11-19T08:00:00-03:00",
            "issued": "2026-11-19T10:12:00-03:00",
            "flags": ["L"],
        },
        {
            "id": "o2",
            "code": {"system": "http://loinc.org", "code": "770-8"},
            "value": "36",
            "unit": "%",
            "status": "final",
            "collected": "2026-11-19T08:00:00-03:00",
        },
    ],
    "medications": [{"id": "m1", "text": "clozapine", "start": "2026-10-02", "status": "active"}],
    "conditions": [],
}
"""The request of interfaces.md section 2."""


def grades(assessment: Assessment) -> dict[tuple[str, str, str], str | None]:
    return {(g.observation, f"{g.scale}@{g.version}", g.term): g.grade for g in assessment.grades}


def test_the_example_of_the_contract() -> None:
    a = assess(EXAMPLE)
    assert (a.schema, a.subject, a.as_of) == ("leukon.assessment/1", "p1", "2026-11-20T12:00:00Z")
    assert [(v.id, v.analyte, v.value, v.unit, v.age_days) for v in a.values] == [
        ("o1", "WBC", "3.6", "10*9/L", 1),
        ("o2", "NEUT", "36", "%", 1),
        ("d1", "NEUT", "1.296", "10*9/L", 1),
    ]
    derived = a.values[2].derived
    assert derived is not None
    assert (derived.rule, derived.inputs) == ("anc.from-percent", ["o1", "o2"])
    assert a.verdict.state == "low-by-some"
    assert a.verdict.headline_analyte == "NEUT"
    white = a.verdict.analytes[0]
    assert white.primary_limit is not None
    assert (white.analyte, white.primary_limit.value, white.primary_limit.origin) == ("WBC", "4.0", "laboratory")
    assert "lim.lab" in white.low_by and "lim.wbc.uk-biobank" in white.not_low_by
    found = grades(a)
    assert found["o1", "CTCAE@5.0", "White blood cell decreased"] == "1"
    assert found["d1", "CTCAE@5.0", "Neutrophil count decreased"] == "2"
    assert found["d1", "CTCAE@6.0", "Neutrophil count decreased"] == "1"
    missing = {m.id for m in a.missing}
    assert {"earlier", "temperature"} <= missing
    assert not {"medicines", "conditions"} & missing
    assert [d.changes_verdict for d in a.disagreements if d.analyte == "WBC"] == [True]


def test_it_round_trips_and_is_the_same_every_time() -> None:
    first = assess(json.dumps(EXAMPLE))
    assert assess(EXAMPLE).to_json() == first.to_json() == assess(json.dumps(EXAMPLE).encode()).to_json()
    assert Assessment.from_json(first.to_json()) == first
    assert Assessment.from_dict(first.to_dict()) == first
    told = json.loads(first.to_json())
    assert json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == first.to_json()


def test_its_id_tells_requests_apart_and_forgets_the_order() -> None:
    one = assess(EXAMPLE).assessment_id
    turned = EXAMPLE | {"observations": EXAMPLE["observations"][::-1]}
    assert assess(turned).assessment_id == one
    assert assess(EXAMPLE | {"language": "pt"}).assessment_id != one
    changed = [EXAMPLE["observations"][0] | {"value": "3.5"}, EXAMPLE["observations"][1]]
    assert assess(EXAMPLE | {"observations": changed}).assessment_id != one


def test_both_engines_say_the_same() -> None:
    assert assess(EXAMPLE, engine="duckdb").to_json() == assess(EXAMPLE).to_json()


def test_a_bare_count_names_who_draws_the_line_where() -> None:
    """WBC 3.6 typed without a range: low by some, and by whom."""
    a = assess(CBC(wbc=3.6, unit="10*9/L"))
    assert a.verdict.state == "low-by-some"
    white = a.verdict.analytes[0]
    assert white.primary_limit is None
    assert "lim.wbc.merck" in white.low_by and "lim.wbc.uk-biobank" in white.not_low_by
    assert {a.limits[i].value for i in white.low_by} == {"4.0", "4.5"}
    assert all(a.limits[i].sources and a.limits[i].who for i in (*white.low_by, *white.not_low_by))
    assert all(s in a.sources for i in white.low_by for s in a.limits[i].sources)
    assert "NO_PRIMARY_LIMIT" in {issue.code for issue in a.issues}


def test_all_lineages_are_listed_always() -> None:
    listed = ["WBC", "NEUT", "LYMPH", "MONO", "EOS", "BASO"]
    for request in ({"observations": []}, {"observations": [WHITE]}, EXAMPLE):
        analytes = assess(request).verdict.analytes
        assert [x.analyte for x in analytes][:6] == listed
        assert all(x.state == "cannot-tell" and x.reason for x in analytes if not x.value)


def test_without_as_of_the_latest_collection_counts() -> None:
    assert assess({k: v for k, v in EXAMPLE.items() if k != "as_of"}).as_of == "2026-11-19T08:00:00-03:00"
    assert assess({"observations": [WHITE]}).as_of is None


def test_a_scale_not_asked_for_is_shown_and_none_is_the_default() -> None:
    shown = {f"{g.scale}@{g.version}" for g in assess({"observations": [WHITE]}).grades}
    assert {"CTCAE@4.03", "CTCAE@5.0", "CTCAE@6.0", "WHO@1979"} <= shown
    asked = {f"{g.scale}@{g.version}" for g in assess({"observations": [WHITE], "scales": ["WHO@1979"]}).grades}
    assert asked == {"WHO@1979"}


def test_asked_scales_do_not_change_the_verdict() -> None:
    """SF-7 looks at every edition, also at those that nobody asked for."""
    every, one = assess(EXAMPLE | {"scales": []}), assess(EXAMPLE | {"scales": ["WHO@1979"]})
    assert every.verdict == one.verdict


def test_numbers_keep_their_own_digits() -> None:
    """A JSON number is text to us: 0.1 + 0.2 is never seen."""
    request = '{"observations": [{"code": "ANC", "value": 1.499, "unit": "10*9/L", "low": 2.0}]}'
    assert grades(assess(request))["o1", "CTCAE@5.0", "Neutrophil count decreased"] == "2"
    assert assess(CBC(neut=0.1 + 0.2, unit="10*9/L")).values[0].value == "0.3"


@pytest.mark.parametrize(
    ("request_", "code", "where"),
    [
        ('{"observations": [], "observations": []}', "BAD_REQUEST", ""),
        ('{"observations": [{"value": NaN}]}', "BAD_REQUEST", ""),
        ('{"observations": [{"value": -Infinity}]}', "BAD_REQUEST", ""),
        ("[" * 20_000, "BAD_REQUEST", ""),
        ("{" * 3, "BAD_REQUEST", "line 1"),
        (b"\xff\xfe", "BAD_REQUEST", ""),
        ("[]", "BAD_REQUEST", ""),
        ("{}", "BAD_REQUEST", ""),
        ({"observations": [{"valu": "1"}]}, "BAD_REQUEST", "observations[0]"),
        ({"observations": [{"value": ["1"]}]}, "BAD_REQUEST", "observations[0].value"),
        ({"observations": [{"value": float("nan")}]}, "BAD_REQUEST", "observations[0].value"),
        ({"observations": [{"value": object()}]}, "BAD_REQUEST", "observations[0].value"),
        ({"observations": [{1: "x"}]}, "BAD_REQUEST", "observations[0]"),
        ({"observations": [], "language": "xx"}, "BAD_REQUEST", "language"),
        ({"observations": [], "audience": "patient"}, "BAD_REQUEST", "audience"),
        ({"observations": [], "as_of": "soon"}, "BAD_REQUEST", "as_of"),
        ({"observations": [], "scales": ["CTCAE"]}, "SCALE_VERSION_REQUIRED", "scales"),
        ({"observations": [], "scales": ["CTCAE@9"]}, "BAD_REQUEST", "scales"),
        (
            {"subject": {"id": "a"}, "observations": [WHITE | {"subject": "b"}]},
            "SUBJECT_CONFLICT",
            "observations[0].subject",
        ),
        ({"subject": {"age_years": 131}, "observations": [WHITE]}, "DEMOGRAPHICS_IMPOSSIBLE", "subject"),
        (
            {"subject": {"birth_date": "2020-01-01"}, "observations": [WHITE | {"collected": "2019-06-01"}]},
            "",
            "",
        ),
    ],
)
def test_what_cannot_be_answered_says_where(request_: Any, code: str, where: str) -> None:
    if not code:  # a birth after the result excludes the value, or refuses the request; it never judges
        try:
            assert not assess(request_).values
        except lk.RequestError as error:
            assert error.code == "DEMOGRAPHICS_IMPOSSIBLE"
        return
    with pytest.raises(lk.RequestError) as caught:
        assess(request_)
    assert caught.value.code == code
    assert caught.value.where.startswith(where)


def test_size_and_depth_are_bounded() -> None:
    deep: Any = "x"
    for _ in range(DEEPEST + 2):
        deep = [deep]
    with pytest.raises(lk.RequestError, match="deeply"):
        assess({"observations": deep})
    with pytest.raises(lk.RequestError, match="observations"):
        read_request({"observations": [{}] * (MOST_OBSERVATIONS + 1)})


def test_a_stated_usual_level_is_a_limit_of_its_own() -> None:
    subject = {"usual_level": {"analyte": "NEUT", "kind": "stated", "low": "0.9"}, "age_years": 40}
    a = assess({"subject": subject, "observations": [{"code": "ANC", "value": "1.3", "unit": "10*9/L"}]})
    neutrophils = next(x for x in a.verdict.analytes if x.analyte == "NEUT")
    assert "lim.usual" in neutrophils.not_low_by
    assert neutrophils.primary_limit is not None
    assert (neutrophils.primary_limit.origin, neutrophils.primary_limit.value) == ("usual-level", "0.9")


def test_a_code_that_is_not_known_falls_back_to_the_name() -> None:
    local = {"code": {"system": "urn:local", "code": "123", "text": "Leucócitos"}, "value": "3.6", "unit": "10*9/L"}
    assert assess({"observations": [local]}).values[0].analyte == "WBC"


def test_several_people_come_back_in_their_order() -> None:
    rows = [
        Raw(line=n, subject_id=s, test="WBC", value=v, unit="10*9/L")
        for n, (s, v) in enumerate([("b", "3.6"), ("a", "8.0"), ("b", "3.7")])
    ]
    inputs = door.from_rows(rows, _knowledge())
    found = list(assess_all(inputs))
    assert [(a.subject, len(a.values)) for a in found] == [("b", 2), ("a", 1)]


def _knowledge() -> Any:
    return lk.load_knowledge()


def test_the_function_is_callable_whatever_was_imported_first() -> None:
    import leukon.assess as module

    assert callable(module)
    assert module({"observations": [WHITE]}).verdict.state == "low-by-some"
    assert lk.assess({"observations": [WHITE]}).verdict.state == "low-by-some"
