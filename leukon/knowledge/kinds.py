"""What stands in each kind of knowledge file: the one declaration behind the loader and the JSON Schemas."""

from __future__ import annotations

from typing import Final

from leukon.knowledge.fields import (
    Age,
    Choice,
    Either,
    Field,
    Key,
    Line,
    Many,
    Note,
    Number,
    Record,
    Table,
    YesNo,
    both,
    opt,
)
from leukon.knowledge.reason_kinds import HEADS, REASON_KINDS
from leukon.knowledge.shapes import (
    EVIDENCE,
    ID,
    NO_SYNONYMS,
    NO_WORDS,
    QUANTITY,
    REVIEW,
    SOURCES,
    STRENGTH,
    SYNONYMS,
    WORDS,
)
from leukon.knowledge.strata import PREGNANCY_WORDS
from leukon.knowledge.strict import Mapping, Node, Scalar

ANY: Final = Choice("no condition", ("any",))
SPAN: Final = Record(
    "half-open: from is included, to is not",
    {"from": opt(Age("first age"), None), "to": opt(Age("first age no more included"), None)},
    placed=False,
)
AGES: Final = Either("`any`, or {from, to}", ANY, SPAN)
PREGNANCY: Final = Either(
    "not-stated (a general population), no, any, or the pregnancies it is for",
    Choice("", ("not-stated", "no", "any")),
    Many("", Choice("", PREGNANCY_WORDS), 1),
)

SOURCE: Final = Record(
    "a document",
    {
        "id": Key(ID),
        "type": Key(Line("guideline, research, label, reference, ...")),
        "title": Key(Line("title")),
        "publisher": opt(Note("authors or publisher")),
        "year": opt(Note("year, or n.d.")),
        "locator": opt(Note("DOI, address or place")),
        "evidence": Key(EVIDENCE),
        "aside": opt(Note("why it is kept although nothing rests on it")),
    },
)
CLAIM: Final = Record(
    "one sourced statement",
    {
        "id": Key(ID),
        "text": Key(WORDS),
        "sources": Key(SOURCES),
        "place": opt(Note("page, section or row")),
        "strength": Key(STRENGTH),
        "evidence": Key(EVIDENCE),
        "contradicted_by": opt(Many("ids of the claims that say otherwise; then it decides nothing", ID), ()),
        "review": opt(REVIEW, None),
    },
)
CODES: Final = Many(
    "codes",
    Record(
        "",
        {
            "code": Key(Line("the code")),
            "name": opt(Note("its long name")),
            "quantity": Key(QUANTITY),
            "method": opt(Note("automated, manual, ..."), "unknown"),
        },
        placed=False,
    ),
)
ANALYTE: Final = Record(
    "one thing that a laboratory measures",
    {
        "id": Key(ID),
        "dimension": Key(Choice("", ("count", "mass", "volume"))),
        "base_unit": Key(Choice("the unit of whole numbers inside", ("cells/L", "mg/L", "aL"))),
        "display_unit": Key(Line("the unit people read")),
        "display_factor": Key(Number("base units in one display unit", whole=True)),
        "name": Key(WORDS),
        "short": Key(WORDS),
        "plain": Key(WORDS),
        "synonyms": opt(SYNONYMS, NO_SYNONYMS),
        "percent_synonyms": opt(SYNONYMS, NO_SYNONYMS),
        "loinc": opt(CODES, ()),
        "cdisc": opt(CODES, ()),
        "lineage": opt(YesNo("a white cell line of its own"), False),
    },
)
LIMIT: Final = Record(
    "where somebody draws the line",
    {
        "id": Key(ID),
        "question": Key(Line("the question it answers", r"[a-z][a-z-]*", "a question such as neutropenia")),
        "analyte": Key(ID),
        "bound": opt(Choice("lower: low below it; upper: high above it", ("lower", "upper")), "lower"),
        "value": Key(Number("the limit in `unit`")),
        "unit": Key(Line("the analyte's display or base unit, or a UCUM unit of units.csv")),
        "kind": Key(Choice("", ("interval", "definition", "severity", "site"))),
        "role": Key(
            Choice("votes; claim: shown, never decides; inactive: not evidenced", ("votes", "claim", "inactive"))
        ),
        "population": Key(WORDS),
        "sex": opt(Choice("", ("any", "female", "male")), "any"),
        "age": opt(AGES, "any"),
        "exact_age": opt(YesNo("stated in hours of life"), False),
        "pregnancy": opt(PREGNANCY, "not-stated"),
        "duffy": opt(Choice("", ("any", "null", "non-null")), "any"),
        "condition": opt(both(Line(), "anything else that must hold; then it never votes"), None),
        "primary": opt(both(Line(), "why it comes first; at most one per question and population"), None),
        "year": opt(Note("year")),
        "sources": Key(SOURCES),
        "place": opt(Note("page, section or row")),
        "strength": Key(STRENGTH),
        "evidence": Key(EVIDENCE),
        "claim": opt(Note("id of the claim in words")),
        "review": opt(REVIEW, None),
    },
)


def _is_word(word: str) -> Field:
    return Either(
        f"a number in the analyte's display unit, or `{word}`: the laboratory's own limit",
        Choice("", (word,)),
        Number(),
        lambda node: isinstance(node, Scalar) and node.text.isalpha(),
    )


BAND: Final = Record(
    "one grade: the machine value beside the printed words",
    {
        "grade": Key(Number("grade", whole=True)),
        "from": opt(Number("first value, included"), None),
        "to": opt(_is_word("lln"), None),
        "below": opt(Number("upper end, not included"), None),
        "above": opt(_is_word("uln"), None),
        "needs": opt(both(Line(), "a clinical condition that a count cannot show; then never computed"), None),
        "printed": opt(Note("as printed; its numbers must equal the machine value")),
    },
)
TERM: Final = Record(
    "one term of one edition for one age group",
    {
        "id": Key(ID),
        "name": Key(Line("the scale's own term")),
        "analyte": Key(ID),
        "direction": Key(Choice("", ("low", "high"))),
        "age": opt(AGES, "any"),
        "age_printed": opt(Note("age as printed")),
        "condition": opt(both(Line(), "what else must hold"), None),
        "sources": opt(SOURCES, ()),
        "place": opt(Note("row of the fact sheet")),
        "bands": opt(Many("grades, mildest first", BAND, 1), ()),
        "missing": opt(both(Line(), "why this edition has no such term"), None),
    },
)
EDITION: Final = Record(
    "one edition of the scale",
    {
        "version": Key(Line("the edition", r"[A-Za-z0-9.]+", "an edition such as 5.0")),
        "title": Key(WORDS),
        "population": Key(WORDS),
        "year": Key(Line("year")),
        "always": opt(YesNo("graded whether asked or not"), False),
        "sources": Key(Many("ids of sources", ID, 1)),
        "notes": opt(WORDS, NO_WORDS),
        "evidence": Key(EVIDENCE),
        "review": opt(REVIEW, None),
        "terms": Key(Many("terms", TERM, 1)),
    },
)
FINDING: Final = Record(
    "what an answer means",
    {
        "id": Key(ID),
        "question": Key(ID),
        "name": Key(WORDS),
        "plain": Key(WORDS),
        "urgency": Key(Choice("", ("none", "routine", "soon", "same-day", "emergency-if-symptoms", "emergency"))),
        "claims": Key(Many("ids of claims", ID)),
    },
)
ISSUE: Final = Record(
    "a reason code",
    {
        "code": Key(Line("code", r"[A-Z][A-Z0-9_]*", "a code such as LLN_MISSING")),
        "severity": Key(Choice("", ("rejected", "excluded", "flagged", "info"))),
        "bit": opt(Number("place in a set of issues, never reused", whole=True), None),
        "text": Key(WORDS),
        "what_to_do": opt(WORDS, NO_WORDS),
    },
)
PLAUSIBLE: Final = Record(
    "engineering bounds of one analyte",
    {
        "analyte": Key(ID),
        "unit": Key(Line("unit of the numbers")),
        **{key: opt(Number(), None) for key in ("low", "high", "flag_low", "flag_high", "keep_below", "bound_below")},
        "lln": opt(Many("lowest and highest plausible lower limit", Number(), 2), None),
    },
)
SETTING: Final = Record("a setting", {"id": Key(ID), "value": Key(Number("a whole number; version: year.month"))})

KINDS: Final[dict[str, Record]] = {
    "sources": SOURCE,
    "claims": CLAIM,
    "analytes": ANALYTE,
    "limits": LIMIT,
    "scale": EDITION,
    "findings": FINDING,
    "issues": ISSUE,
    "plausibility": PLAUSIBLE,
    "settings": SETTING,
    **REASON_KINDS,
}
"""Kind of file to the shape of one of its items."""


def rows_of(kind: str) -> str:
    """The key under which a file of this kind lists its items."""
    return "editions" if kind == "scale" else "items"


def head_of(kind: str) -> Record:
    """What stands above the items."""
    keys = {"kind": Key(Choice("what this file holds", (kind,))), "review": opt(REVIEW, None), **HEADS.get(kind, {})}
    if kind == "scale":
        keys["scale"] = Key(Line("name of the scale", r"[A-Z][A-Z-]*", "a name such as CTCAE or FDA-VACCINE"))
    return Record(f"{kind} of leukon", keys)


def file_of(kind: str) -> Record:
    """The shape of a whole file."""
    rows = {rows_of(kind): Key(Many("one entry, one item with all its facts", KINDS[kind], 1))}
    return Record(f"{kind} of leukon", {**head_of(kind).keys, **rows})


def kind_of(node: Node) -> str:
    """The kind that a file says it is; '' when it does not say."""
    if isinstance(node, Mapping) and isinstance(kind := node.items.get("kind"), Scalar):
        return kind.text
    return ""


TEXTS: Final = Table("words of the product by key", Line(), r"[a-z0-9][A-Za-z0-9._-]*")
