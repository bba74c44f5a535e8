"""From what a file says to what it means: items become frozen structs in whole base units and whole hours."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from leukon.knowledge.model import (
    Analyte,
    Band,
    Claim,
    Code,
    Edition,
    Finding,
    Issue,
    Knowledge,
    Limit,
    Plausible,
    Source,
    Term,
    Unit,
)
from leukon.knowledge.reason_entries import claims_of_causes, reasons
from leukon.knowledge.review import Review
from leukon.knowledge.strict import Problems, by_id

Item = dict[str, Any]

QUANTITIES = ("count", "percent", "fraction", "ratio", "mass", "volume", "refused")


def knowledge(
    items: dict[str, list[Item]],
    unit_rows: list[tuple[str, dict[str, str]]],
    texts: dict[str, dict[str, str]],
    digest: str,
    problems: Problems,
) -> Knowledge:
    """All items as one Knowledge; `digest` is its content hash."""
    spelled = units(unit_rows, problems)
    known = analytes(items["analytes"], problems)
    version, numbers = settings(items["settings"], problems)
    if not version:
        problems.add("settings.yaml:1", "no item with id version", expected="{id: version, value: 2026.11}")
    why = reasons(items, known, problems)
    stated = by_id(items["claims"], _claim, problems)
    return Knowledge(
        version=version,
        sha256=digest,
        sources=sources(items["sources"], problems),
        claims=stated | claims_of_causes(why.causes.values()),
        analytes=known,
        units=spelled,
        limits=limits(items["limits"], known, spelled, problems),
        editions=editions(items["scale"], known, problems),
        findings=by_id(items["findings"], lambda item: Finding(**item), problems),
        issues=by_id(items["issues"], lambda item: Issue(**item), problems, "code"),
        plausible=plausible(items["plausibility"], known, spelled, problems),
        settings=numbers,
        texts=texts,
        **why._asdict(),
    )


def _review(item: Item) -> Review:
    return Review(**item["review"])


def sources(items: Iterable[Item], problems: Problems) -> dict[str, Source]:
    """`aside` is for the lints only: it says why a source stands here although nothing rests on it."""
    return by_id(items, lambda item: Source(**{key: item[key] for key in item if key != "aside"}), problems)


def _claim(item: Item) -> Claim:
    return Claim(**{**item, "review": _review(item)})


def analytes(items: Iterable[Item], problems: Problems) -> dict[str, Analyte]:
    def make(item: Item) -> Analyte:
        codes = {kind: tuple(Code(**code) for code in item[kind]) for kind in ("loinc", "cdisc")}
        return Analyte(**{**item, **codes})

    return by_id(items, make, problems)


def units(rows: Iterable[tuple[str, dict[str, str]]], problems: Problems) -> tuple[Unit, ...]:
    """The rows of units.csv. num = 0 marks a spelling that is recognised and refused."""
    made: list[Unit] = []
    for at, row in rows:
        if row["quantity"] not in QUANTITIES:
            expected = "one of " + ", ".join(QUANTITIES)
            problems.add(
                at, f"quantity {row['quantity']!r}", expected=expected, given=row["quantity"], known=QUANTITIES
            )
            continue
        if not (row["num"].isdecimal() and row["den"].isdecimal() and int(row["den"])):
            problems.add(at, f"num {row['num']!r}, den {row['den']!r}", expected="whole numbers, den above 0")
            continue
        if row["evidence"] not in ("seen", "recalled"):
            problems.add(at, f"evidence {row['evidence']!r}", expected="seen or recalled")
        made.append(
            Unit(
                spelling=row["spelling"],
                quantity=row["quantity"],  # type: ignore[arg-type]
                ucum=row["ucum"],
                num=int(row["num"]),
                den=int(row["den"]),
                locales=tuple(row["locales"].replace(";", " ").split()),
                issue=row["issue"],
                min_value=row["min_value"],
                at=at,
            )
        )
    return tuple(made)


class _Measure:
    """Turns decimals in a stated unit into whole base units of an analyte."""

    def __init__(self, known: dict[str, Analyte], spelled: tuple[Unit, ...], problems: Problems) -> None:
        self.known, self.problems = known, problems
        self.by_ucum = {(unit.quantity, unit.ucum): Fraction(unit.num, unit.den) for unit in spelled if unit.num}

    def analyte(self, item: Item) -> Analyte | None:
        analyte = self.known.get(item["analyte"])
        if analyte is None:
            given = item["analyte"]
            self.problems.add(item["at"], f"unknown analyte {given!r}", given=given, known=[*self.known])
        return analyte

    def factor(self, unit: str, analyte: Analyte, at: str) -> Fraction | None:
        if unit == analyte.display_unit:
            return Fraction(analyte.display_factor)
        if unit == analyte.base_unit:
            return Fraction(1)
        factor = self.by_ucum.get((analyte.dimension, unit))
        if factor is None:
            known = [analyte.display_unit, analyte.base_unit]
            known += [ucum for quantity, ucum in self.by_ucum if quantity == analyte.dimension]
            expected = f"{analyte.display_unit}, {analyte.base_unit} or a UCUM {analyte.dimension} unit of units.csv"
            self.problems.add(at, f"unit {unit!r} for {analyte.id}", expected=expected, given=unit, known=known)
        return factor

    def whole(self, number: Decimal | None, factor: Fraction, analyte: Analyte, at: str) -> int | None:
        if number is None:
            return None
        value = Fraction(number) * factor
        if value.denominator != 1:
            self.problems.add(at, f"{number} is not a whole number of {analyte.base_unit}", expected="fewer decimals")
        return int(value)


def limits(
    items: Iterable[Item], known: dict[str, Analyte], spelled: tuple[Unit, ...], problems: Problems
) -> dict[str, Limit]:
    measure = _Measure(known, spelled, problems)

    def make(item: Item) -> Limit | None:
        analyte = measure.analyte(item)
        factor = measure.factor(item["unit"], analyte, item["at"]) if analyte else None
        if analyte is None or factor is None:
            return None
        value = measure.whole(item["value"], factor, analyte, item["at"]) or 0
        stated = item["unit"] == analyte.display_unit
        facts = {key: item[key] for key in item if key not in ("unit", "age")}
        facts |= _ages(item, problems)
        facts["value"] = value
        facts["display"] = str(item["value"]) if stated else plain(Fraction(value, analyte.display_factor))
        facts["pregnancy"] = (item["pregnancy"],) if isinstance(item["pregnancy"], str) else item["pregnancy"]
        facts["condition"] = item["condition"] or {}
        facts["primary"] = item["primary"] or {}
        facts["review"] = _review(item)
        return Limit(**facts)

    return by_id(items, make, problems)


def _ages(item: Item, problems: Problems) -> dict[str, int | None]:
    span = {"from": None, "to": None} if item["age"] == "any" else item["age"]
    low, high = span["from"], span["to"]
    if low is not None and high is not None and low >= high:
        problems.add(item["at"], "the age starts where it has ended", expected="from below to")
    return {"age_low_h": low, "age_high_h": high}


def plain(value: Fraction) -> str:
    """A fraction as the shortest decimal text (it is one by construction)."""
    text = format(Decimal(value.numerator) / Decimal(value.denominator), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def editions(items: Iterable[Item], known: dict[str, Analyte], problems: Problems) -> dict[str, Edition]:
    measure = _Measure(known, (), problems)

    def make(item: Item) -> Edition:
        terms = by_id(item["terms"], lambda term: _term(term, item, measure), problems)
        return Edition(**{**item, "terms": tuple(terms.values()), "review": _review(item)})

    return by_id([{**item, "id": f"{item['scale']}@{item['version']}"} for item in items], make, problems)


def _term(item: Item, edition: Item, measure: _Measure) -> Term | None:
    analyte = measure.analyte(item)
    if analyte is None:
        return None
    if bool(item["bands"]) == (item["missing"] is not None):
        measure.problems.add(item["at"], f"{item['id']}", expected="either bands or missing (why there are none)")
    facts = {key: item[key] for key in item if key != "age"} | _ages(item, measure.problems)
    facts["bands"] = tuple(_band(band, item["id"], edition["version"], analyte, measure) for band in item["bands"])
    facts["missing"] = item["missing"] or {}
    facts["condition"] = item["condition"] or {}
    facts["sources"] = item["sources"] or edition["sources"]
    return Term(**facts)


def _band(item: Item, term: str, version: str, analyte: Analyte, measure: _Measure) -> Band:
    """`from` and `to` are included, `below` and `above` are not; lln and uln are the laboratory's own limits."""
    at, factor = item["at"], Fraction(analyte.display_factor)
    upto_lln, above_uln = item["to"] == "lln", item["above"] == "uln"
    first = measure.whole(item["from"], factor, analyte, at)
    over = measure.whole(None if above_uln else item["above"], factor, analyte, at)
    last = measure.whole(None if upto_lln else item["to"], factor, analyte, at)
    under = measure.whole(item["below"], factor, analyte, at)
    if (first is not None) + (item["above"] is not None) > 1 or (item["to"] is not None) + (under is not None) > 1:
        measure.problems.add(at, "two ends on one side", expected="one of from, above; and one of to, below")
    return Band(
        id=f"{term}.g{item['grade']}@{version}",
        grade=item["grade"],
        low=over + 1 if over is not None else first,
        high=under - 1 if under is not None else last,
        upto_lln=upto_lln,
        above_uln=above_uln,
        needs=item["needs"] or {},
        printed=item["printed"],
        at=at,
    )


def plausible(
    items: Iterable[Item], known: dict[str, Analyte], spelled: tuple[Unit, ...], problems: Problems
) -> dict[str, Plausible]:
    measure = _Measure(known, spelled, problems)
    ends = ("low", "high", "flag_low", "flag_high", "keep_below", "bound_below")

    def make(item: Item) -> Plausible | None:
        analyte = measure.analyte(item)
        factor = measure.factor(item["unit"], analyte, item["at"]) if analyte else None
        if analyte is None or factor is None:
            return None
        lln = item["lln"] or (None, None)
        if len(lln) != 2:
            problems.add(item["at"], f"lln has {len(lln)} numbers", expected="[lowest, highest]")
            return None
        numbers = {key: item[key] for key in ends} | {"lln_low": lln[0], "lln_high": lln[1]}
        whole = {key: measure.whole(number, factor, analyte, item["at"]) for key, number in numbers.items()}
        return Plausible(analyte=analyte.id, at=item["at"], **whole)

    return by_id(items, make, problems, "analyte")


def settings(
    items: Iterable[Item], problems: Problems, known: dict[str, int] | None = None
) -> tuple[str, dict[str, int]]:
    """The version ("" when not stated) and the whole numbers by id; `known`: only these ids may be set."""
    stated = by_id(items, lambda item: item, problems)
    version = stated.pop("version", None)
    numbers: dict[str, int] = {}
    for name, item in stated.items():
        if known is not None and name not in known:
            problems.add(item["at"], f"unknown setting {name!r}", given=name, known=[*known])
        elif item["value"] != int(item["value"]):
            problems.add(item["at"], f"{name} is {item['value']}", expected="a whole number")
        else:
            numbers[name] = int(item["value"])
    return str(version["value"]) if version else "", numbers
