"""From a name or code on a report to an analyte: LOINC, CDISC, ids, names and synonyms in en and pt.

Names are compared folded (case, accents, spaces and punctuation gone). A mark of share (`%`, `percent`,
`/leukocytes`) says that the column holds a percentage; a mark of count (`#`, `abs`) or of method
(`manual`, `automated`) is taken off before the name is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from leukon.counts import fold_name
from leukon.knowledge.model import Analyte, Knowledge


class Found(NamedTuple):
    """An analyte, what is measured of it (count | percent | ratio | mass | volume | presence), and how."""

    analyte: str
    quantity: str
    method: str


SHARE = re.compile(
    r"%|\b(?:pct|perc|percent|percentage|percentual|porcentagem|porcentual|relativ[oa]s?|relative)\b"
    r"|/ ?(?:100 )?(?:leukocytes|leucocytes|leucocitos|leucócitos|wbcs?)\b",
    re.I,
)
COUNT = re.compile(r"#|\b(?:abs|absolute|absolut[oa]s?|count|contagem|nu?mero|número)\b\.?", re.I)
METHODS = {
    "manual": re.compile(r"\bmanual(?:mente)?\b", re.I),
    "automated": re.compile(r"\b(?:auto|automated|automatic|automatizad[oa]|automátic[oa]|automatic[oa])\b", re.I),
    "corrected": re.compile(r"\b(?:corrected|corrigid[oa]s?)\b", re.I),
}
JOIN = re.compile(r"\b(?:of|the|de|dos|das|do|da|total|totais)\b", re.I)
"""Small words around a mark and the name: "percentage of neutrophils", "total leukocyte count"."""


class Index(NamedTuple):
    """Look-ups of one knowledge: codes, folded long names of codes, folded names, folded names of percentages."""

    codes: dict[str, Found]
    long_names: dict[str, Found]
    names: dict[str, Analyte]
    shares: dict[str, Analyte]


_INDEXES: dict[str, Index] = {}


def find_analyte(knowledge: Knowledge, text: str) -> Found | None:
    """The analyte that a test code or name means; None when leukon does not know it."""
    index = _INDEXES.get(knowledge.sha256)
    if index is None:
        _INDEXES.clear()
        index = _INDEXES[knowledge.sha256] = _index(knowledge)
    return _find(index, text)


def _find(index: Index, text: str) -> Found | None:
    text = text.strip()
    if found := index.codes.get(text.upper()):
        return found
    if found := index.long_names.get(_key(text)):
        return found
    name, method = text.replace("_", " "), "unknown"
    for word, pattern in METHODS.items():
        name, taken = pattern.subn(" ", name)
        method = word if taken else method
    for spelled in dict.fromkeys((text, name)):
        if analyte := index.shares.get(_key(spelled)):
            return Found(analyte.id, share_of(analyte), method)
        if analyte := index.names.get(_key(spelled)):
            return Found(analyte.id, whole_of(analyte), method)
    bare, shares = SHARE.subn(" ", name)
    if shares and (analyte := _named(index, bare)):
        return Found(analyte.id, share_of(analyte), method)
    bare, counts = COUNT.subn(" ", name)
    if counts and not shares and (analyte := _named(index, bare)):
        return Found(analyte.id, whole_of(analyte), method)
    return None


def _named(index: Index, text: str) -> Analyte | None:
    """The analyte of a name once its marks are gone; a second mark and joining words are taken off too."""
    for spelled in (text, JOIN.sub(" ", text), JOIN.sub(" ", COUNT.sub(" ", text))):
        if analyte := index.names.get(_key(spelled)):
            return analyte
    return None


@cache
def _key(text: str) -> str:
    """Folded; a percent sign stays as a word, since it changes the meaning."""
    return fold_name(text.replace("%", " pct "))


def share_of(analyte: Analyte) -> str:
    """What a share of this analyte is: percent, or ratio where its codes count it per 100 leukocytes."""
    quantities = {code.quantity for code in (*analyte.loinc, *analyte.cdisc)}
    return "ratio" if "ratio" in quantities and "percent" not in quantities else "percent"


def whole_of(analyte: Analyte) -> str:
    """What a plain name of this analyte measures."""
    return analyte.dimension


def _index(knowledge: Knowledge) -> Index:
    index = Index({}, {}, {}, {})
    for analyte in knowledge.analytes.values():
        for code in (*analyte.loinc, *analyte.cdisc):
            found = Found(analyte.id, code.quantity, code.method)
            index.codes.setdefault(code.code.upper(), found)
            if code.name:
                index.long_names.setdefault(_key(code.name), found)
        index.codes.setdefault(analyte.id.upper(), Found(analyte.id, whole_of(analyte), "unknown"))
    for analyte in knowledge.analytes.values():
        for name in _plain_names(analyte):
            index.names.setdefault(_key(name), analyte)
        for name in _share_names(analyte):
            index.shares.setdefault(_key(name), analyte)
    return index


def _plain_names(analyte: Analyte) -> Iterator[str]:
    yield analyte.id
    yield from analyte.name.values()
    yield from analyte.short.values()
    for names in analyte.synonyms.values():
        yield from names


def _share_names(analyte: Analyte) -> Iterator[str]:
    for names in analyte.percent_synonyms.values():
        yield from names


def clashes(knowledge: Knowledge) -> Iterator[str]:
    """Names and codes that two analytes claim, or that are both a count and a percentage."""
    owners: dict[str, str] = {}
    for analyte in knowledge.analytes.values():
        whole = {_key(name) for name in _plain_names(analyte)}
        share = {_key(name) for name in _share_names(analyte)}
        for name in sorted(whole & share):
            yield f"{analyte.at}: {name!r} is both a name and a percentage of {analyte.id}; expected one"
        codes = {code.code.upper() for code in (*analyte.loinc, *analyte.cdisc)}
        for claimed in (
            *sorted(f"name {name!r}" for name in whole | share),
            *sorted(f"code {code!r}" for code in codes),
        ):
            if owners.setdefault(claimed, analyte.id) != analyte.id:
                yield f"{analyte.at}: {claimed} means {analyte.id} and {owners[claimed]}; expected one analyte"
