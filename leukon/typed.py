"""Counts as a person types them: `WBC 3.6`, `WBC=3.6 10*9/L; NEUT=36 %`, `leucócitos 3.600 /mm3 (4.000-11.000)`.

Each piece is a name, a number, and perhaps a unit and the laboratory's interval in brackets; `age 56` and
`sex female` may stand among them. Nothing is read from a position: a piece whose name is not known is not read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from leukon.counts import fold_name
from leukon.knowledge.names import find_analyte
from leukon.read.people import NO_AGE, read_age_text, read_sex

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
    for piece in filter(str.strip, PIECES.split(text)):
        found = PIECE.match(piece)
        if found and fold_name(found["test"]) in AGE and (age := _age(found)):
            subject["age_years"] = age
        elif (sex := read_sex(SEX.sub("", piece))) != "unknown":
            subject["sex"] = sex
        elif found and find_analyte(knowledge, found["test"]):
            observations.append(_observation(found, len(observations) + 1))
        else:
            unread.append(piece.strip())
    request = {"subject": subject, "observations": observations, "infer_units": True}
    return Typed(request, len(observations), unread)


def _age(found: re.Match[str]) -> str:
    """An age with its unit (`2 months`), years when there is none; "" when it is no age."""
    age = f"{found['value']} {found['unit']}".strip()
    return "" if read_age_text(age, "years") == NO_AGE else age


def _observation(found: re.Match[str], position: int) -> dict[str, Any]:
    made = {"id": f"typed-{position}", "code": {"text": found["test"]}, "value": found["value"]}
    made |= {"unit": found["unit"]} if found["unit"] else {}
    made |= {"range_text": found["range"]} if found["range"] else {}
    return made
