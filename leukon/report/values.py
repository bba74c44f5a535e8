"""Values used and values not used, as the report shows them."""

from __future__ import annotations

from decimal import Decimal

from leukon.report.assessment import AsSent, Derived, Excluded, Interval, Value
from leukon.report.index import Index
from leukon.report.person import Person, Row
from leukon.report.phrases import Phrases, decimal, shown

SECONDS_PER_DAY = 86_400
PPM_PER_PERCENT = 10_000

PARTS = {
    "anc.from-percent": ("WBC",),
    "count.from-percent": ("WBC",),
    "anc.segs-plus-bands": ("SEG", "BAND"),
    "anc.segs-plus-bands-percent": ("WBC", "SEG", "BAND"),
    "wbc.nrbc-corrected": ("WBC", "NRBC"),
}
"""Analytes that a rule takes beside its main input."""

Names = dict[tuple[int, str, str], str]
"""(row, analyte, origin) of the chain → id of the value in the Assessment."""


def text_of(row: Row, index: Index, *, prefix: str = "") -> tuple[str, str]:
    """A row's value and unit as shown: a count in its display unit, a share in percent."""
    low, high = row.get(f"{prefix}low"), row.get(f"{prefix}high")
    if row.get("quantity") in ("percent", "ratio"):
        if low is None or high is None:
            return "", "%"
        if low == high:
            return _percent(low), "%"
        if low == 0:
            return min(f"<={_percent(high)}", f"<{_percent(high + 1)}", key=len), "%"
        return f"{_percent(low)} to {_percent(high)}", "%"
    analyte = index.analyte(str(row.get("analyte")))
    if row.get("quantity") == "presence":
        return decimal(low or 0, 1), ""
    return shown(low, high, analyte, top=index.top), analyte.display_unit if analyte is not None else ""


def _percent(ppm: int) -> str:
    return decimal(ppm, PPM_PER_PERCENT).removesuffix(".0")


def values(person: Person, index: Index, words: Phrases, as_of_s: int | None) -> tuple[list[Value], Names]:
    """Every usable value in input order, derived ones after the reported ones of their sample."""
    names: Names = {}
    taken = {str(source["result_id"]) for source in person.sources.values()}
    ordered = sorted(person.values, key=lambda row: _place(row, person))
    derived = 0
    for row in ordered:
        if row["origin"] == "derived":
            derived += 1
            while f"d{derived}" in taken:
                derived += 1
            names[key_of(row)] = f"d{derived}"
        else:
            names[key_of(row)] = str(person.source(row["row"]).get("result_id", row["row"]))
    return [_value(row, person, index, words, names, as_of_s) for row in ordered], names


def _place(row: Row, person: Person) -> tuple[int, int, int, int, str]:
    collected = person.time(row["row"])
    return (
        int(collected is not None),
        collected or 0,
        int(row["origin"] == "derived"),
        row["row"] or 0,
        str(row["analyte"]),
    )


def key_of(row: Row) -> tuple[int, str, str]:
    """What tells one value of the chain from another."""
    return (row["row"], str(row["analyte"]), str(row["origin"]))


def _value(row: Row, person: Person, index: Index, words: Phrases, names: Names, as_of_s: int | None) -> Value:
    source, result = person.source(row["row"]), person.results.get(row["row"], {})
    value, unit = text_of(row, index)
    span = row["low"] != row["high"]
    is_share = row.get("quantity") in ("percent", "ratio")
    precise = row.get("precision_low") is not None
    analyte = str(row["analyte"])
    held = index.analyte(analyte)
    reported = row["origin"] == "reported"
    basis = str(result.get("time_basis") or "")
    collected_s = person.time(row["row"])
    old = as_of_s is not None and collected_s is not None and basis == "absolute"
    return Value(
        id=names[key_of(row)],
        analyte=analyte,
        name=words.of((held.name if is_share else held.short) if held is not None else {"en": analyte}),
        value=value,
        unit=unit,
        used=True,
        status=str(result.get("status") or "") if reported else "",
        low=index.show(row["low"], analyte) if span and not is_share else "",
        high=index.show(row["high"], analyte) if span and not is_share and row["high"] < index.top else "",
        precision=Interval(
            low=index.show(row["precision_low"], analyte), high=index.show(row.get("precision_high"), analyte)
        )
        if precise
        else None,
        as_sent=AsSent(
            value=str(source.get("value_text") or ""),
            unit=str(source.get("unit") or ""),
            test=str(source.get("test") or ""),
        )
        if reported
        else None,
        derived=None if reported else Derived(rule=str(row["rule_id"]), inputs=_inputs(row, person)),
        interval=_interval(row, index, analyte),
        collected=str(source.get("collected") or ""),
        collected_s=collected_s,
        time_basis=basis if collected_s is not None else "",
        age_days=(as_of_s - collected_s) // SECONDS_PER_DAY
        if old and as_of_s is not None and collected_s is not None
        else None,
        issues=list(index.codes(row.get("issues") or 0)),
    )


def _inputs(row: Row, person: Person) -> list[str]:
    """Ids of the results of this sample that the rule used; the chain keeps the main one (`row`)."""
    used = PARTS.get(str(row["rule_id"]), ())
    same = [r for r in person.results.values() if r["sample"] == row["sample"] and r["door_code"] is None]
    rows = [r["row"] for r in same if r["analyte"] in used or r["row"] == row["row"]]
    return [str(person.source(r).get("result_id", r)) for r in rows]


def _interval(row: Row, index: Index, analyte: str) -> Interval | None:
    low, high = row.get("lln"), row.get("uln")
    if low is None and high is None:
        return None
    ends = [index.show(end, analyte) for end in (low, high)]
    places = max(len(end.partition(".")[2]) for end in ends)  # 4.0 and 11.0, as reports print them
    return Interval(
        **dict(zip(("low", "high"), (f"{Decimal(end):.{places}f}" if end else "" for end in ends), strict=True))
    )


def excluded(person: Person, index: Index, words: Phrases) -> list[Excluded]:
    """Every result that was read and not used, in input order, then rows that could not be read at all."""
    found = [
        _excluded(row, person, index, words) for row in sorted(person.excluded, key=lambda r: (r["row"], r["code"]))
    ]
    for reject in person.rejects:
        found.append(
            Excluded(
                id="",
                code=str(reject["code"]),
                path=str(reject["input"]) + (f"#{reject['row']}" if reject["row"] is not None else ""),
                text=reason(str(reject["code"]), index, words),
                as_sent=AsSent(value=str(reject["text"] or "")),
            )
        )
    return found


def _excluded(row: Row, person: Person, index: Index, words: Phrases) -> Excluded:
    source, result = person.source(row["row"]), person.results.get(row["row"], {})
    code = str(row["code"])
    value, unit = text_of(result, index) if result.get("analyte") else ("", "")
    issue = index.knowledge.issues.get(code)
    return Excluded(
        id=str(source.get("result_id", "")),
        code=code,
        path=person.path(row["row"]),
        text=reason(code, index, words),
        as_sent=AsSent(
            value=str(source.get("value_text") or ""),
            unit=str(source.get("unit") or ""),
            test=str(source.get("test") or ""),
        ),
        analyte=str(result.get("analyte") or ""),
        what_to_do=words.of(issue.what_to_do) if issue is not None else "",
        value=value,
        unit=unit if value else "",
        collected=str(source.get("collected") or ""),
        collected_s=result.get("collected_s"),
    )


def reason(code: str, index: Index, words: Phrases) -> str:
    """An issue code in words; the plain audience has its own for the few whose usual words alarm."""
    if words.audience == "plain" and words.has(f"issue.{code}.plain"):
        return words(f"issue.{code}.plain")
    issue = index.knowledge.issues.get(code)
    return words.of(issue.text) if issue is not None else code
