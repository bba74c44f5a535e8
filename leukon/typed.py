"""Counts as a person types them: `WBC 3.6`, `WBC=3.6 10*9/L; NEUT=36 %`, `leucócitos 3.600 /mm3 (4.000-11.000)`.

Each piece is a name, a number, and perhaps a unit and the laboratory's interval in brackets; `age 56` and
`sex female` may stand among them, and `drug clozapine since 2026-10-02`, `condition lupus`, `temp 38.6 C`, `unwell`.
Nothing is read from a position: a piece whose name is not known is not read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from leukon.counts import fold_name
from leukon.knowledge.names import find_analyte
from leukon.read.people import NO_AGE, read_age_text, read_sex
from leukon.read.records import Records

if TYPE_CHECKING:
    from leukon.knowledge.model import Knowledge

PIECES = re.compile(r"[;\n]+|,(?=\s)")
"""What divides two pieces; a comma only when a space follows, since 3,6 is a number."""
PIECE = re.compile(
    r"""^\s*(?P<test>[^\d\s=:<>≤≥][^=:<>≤≥]*?) (?:\s*[=:]\s*|\s+|(?=[<>≤≥]))
        (?P<value>(?:[<>≤≥]=?\s*)?[-+]?\d[\d.,]*) \s*
        (?P<unit>[^()\[\]]*?) \s*
        (?:[(\[]\s*(?P<range>[^()\[\]]*?)\s*[)\]])? \s*$""",
    re.VERBOSE,
)
SEX = re.compile(r"^\s*sexo?\b[\s:=]*", re.IGNORECASE)
AGE = ("age", "idade", "aged")
NAMED = re.compile(
    r"""^\s*(?:(?P<medications>drug|drugs|medicine|medication|takes|taking|on|medicamento|rem[eé]dio|f[aá]rmaco|toma|usa)
        |(?P<conditions>condition|diagnosis|disease|has|condi[cç][aã]o|doen[cç]a|diagn[oó]stico|tem))\b[\s:=]+
        (?P<text>.+?)
        (?:\s+(?:since|from|start(?:ed)?|desde|in[ií]cio)[\s:]+(?P<start>\S+))?
        (?:\s+(?:until|till|to|stop(?:ped)?|ended|at[eé]|parou|fim)[\s:]+(?P<stop>\S+))?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
"""A drug or a condition with its days."""
STATED = re.compile(r"^\s*(?P<kind>.+?)(?:\s*[=:]\s*|\s+)(?P<value>yes|no|sim|n[aã]o)\s*$", re.IGNORECASE)


class Typed(NamedTuple):
    """A request made of typed text, and the pieces that could not be read. `counts` is how many could."""

    request: dict[str, Any]
    counts: int
    unread: list[str]


def read(text: str, knowledge: Knowledge) -> Typed:
    """Typed counts as a request of `leukon.assess`, units taken from the size of the number where none was typed."""
    subject: dict[str, Any] = {}
    observations: list[dict[str, Any]] = []
    unread: list[str] = []
    beside: dict[str, list[dict[str, str]]] = {}
    records = Records(knowledge)
    for piece in filter(str.strip, PIECES.split(text)):
        found = PIECE.match(piece)
        if found and fold_name(found["test"]) in AGE and (age := _age(found)):
            subject["age_years"] = age
        elif (sex := read_sex(SEX.sub("", piece))) != "unknown":
            subject["sex"] = sex
        elif found and find_analyte(knowledge, found["test"]):
            observations.append(_observation(found, len(observations) + 1))
        elif (named := NAMED.match(piece)) and records.knows(named["text"]):  # `has fever` is a sign, no condition
            beside.setdefault("vitals", []).append({"kind": named["text"], "value": "yes"})
        elif named and any(mark.isalpha() for mark in named["text"]):
            which = "medications" if named["medications"] else "conditions"
            beside.setdefault(which, []).append(_named(named, which))
        elif vital := _vital(piece, found, records):
            beside.setdefault("vitals", []).append(vital)
        else:
            unread.append(piece.strip())
    request = {"subject": subject, "observations": observations, "infer_units": True, **beside}
    return Typed(request, len(observations), unread)


def _age(found: re.Match[str]) -> str:
    """An age with its unit (`2 months`), years when there is none; "" when it is no age."""
    age = f"{found['value']} {found['unit']}".strip()
    return "" if read_age_text(age, "years") == NO_AGE else age


def _named(found: re.Match[str], which: str) -> dict[str, str]:
    """A drug or condition as a record of a request."""
    stop = "stop" if which == "medications" else "end"
    days = {"start": found["start"], stop: found["stop"]}
    return {"text": found["text"].strip(), **{key: day for key, day in days.items() if day}}


def _vital(piece: str, found: re.Match[str] | None, records: Records) -> dict[str, str] | None:
    """A measurement (`temp 38.6 C`) or a sign (`unwell`, `unwell no`) by a name that is known."""
    if found is not None and records.vital(found["test"], found["value"], found["unit"]).code is None:
        return {"kind": found["test"], "value": found["value"], "unit": found["unit"]}
    stated = STATED.match(piece)
    if stated is not None and records.knows(stated["kind"]):
        return {"kind": stated["kind"], "value": stated["value"]}
    return {"kind": piece.strip(), "value": "yes"} if records.knows(piece) else None


def _observation(found: re.Match[str], position: int) -> dict[str, Any]:
    made = {"id": f"typed-{position}", "code": {"text": found["test"]}, "value": found["value"]}
    made |= {"unit": found["unit"]} if found["unit"] else {}
    made |= {"range_text": found["range"]} if found["range"] else {}
    return made
