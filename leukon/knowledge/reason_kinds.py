"""What stands in each kind of knowledge file about time, reasons, risk and next steps (structs: reasons.py)."""

from __future__ import annotations

from typing import Final

from leukon.knowledge.fields import Choice, Key, Line, Many, Note, Number, Record, Table, YesNo, both, opt
from leukon.knowledge.shapes import EVIDENCE, ID, NO_SYNONYMS, NO_WORDS, REVIEW, SOURCES, STRENGTH, SYNONYMS, WORDS

CLAIMS: Final = Many("ids of claims", ID)
TEXTS: Final = Many("", Line())
LEVEL: Final = Choice("", ("none", "routine", "soon", "same-day", "emergency-if-symptoms", "emergency"))
ROLE: Final = Choice("active: used; inactive: shown, never decides", ("active", "inactive"))
WHEN: Final = Many("alternatives, each a list of signs that must all be so; `not x`: must not be so", TEXTS, 1)
DAYS: Final = Number("whole days", whole=True)
INACTIVE: Final = {"role": opt(ROLE, "active"), "why_inactive": opt(WORDS, NO_WORDS)}

FACT: Final = Record(
    "one statement, which becomes the claim `<cause>.<about>`",
    {
        "about": Key(Choice("", ("link", "frequency", "onset", "recovery", "clues", "next", "note"))),
        "text": Key(WORDS),
        "sources": Key(SOURCES),
        "strength": Key(STRENGTH),
        "evidence": Key(EVIDENCE),
        "place": opt(Note("page, section or row")),
    },
    placed=False,
)
WINDOW: Final = Record(
    "when it can lower a count, as far as a source was read",
    {
        "from_days": opt(DAYS, None),
        "to_days": opt(DAYS, None),
        "after_days": opt(DAYS, None),
        "closes": opt(YesNo("the source says that the risk ends there"), False),
        "sources": Key(Many("", ID, 1)),
        "place": Key(Line("what was read, in short")),
    },
    placed=False,
)
LINES: Final = Many("analyte ids, or ANY: one line or more", ID)
CAUSE: Final = Record(
    "a drug or a condition",
    {
        "id": Key(ID),
        "group": Key(WORDS),
        "name": Key(WORDS),
        "synonyms": opt(SYNONYMS, NO_SYNONYMS),
        **{key: opt(Many("codes", Line()), ()) for key in ("rxnorm", "atc", "icd10cm", "icd10cm_not", "snomed")},
        "parts": opt(Many("ids of causes", ID), ()),
        "lowers": opt(LINES, ()),
        "raises": opt(LINES, ()),
        "mechanism": Key(ID),
        "mechanism_evidence": Key(EVIDENCE),
        "pattern": opt(Note("idiosyncratic, dose_dependent, expected, ...")),
        "evidence_level": Key(
            Choice(
                "",
                ("quantified", "listed", "case_reports", "weak_or_confounded", "disputed", "seed_only", "not_a_cause",
                 "finding", "recalled"),
            )
        ),
        "evidence": Key(EVIDENCE),
        "role": Key(Choice("", ("active", "inactive", "finding"))),
        "why_inactive": opt(WORDS, NO_WORDS),
        "window": opt(WINDOW, None),
        "facts": opt(Many("", FACT), ()),
        "says": opt(Table("", Choice("", ("yes", "no")), r"guideline|label|research|reference"), {}),
        "clues": opt(Many("ids of signs", ID), ()),
        "review": opt(REVIEW, None),
    },
)  # fmt: skip
MEASURE: Final = Record(
    "something measured that is no blood count",
    {
        "id": Key(ID),
        "name": Key(WORDS),
        "synonyms": opt(SYNONYMS, NO_SYNONYMS),
        "loinc": opt(Many("", Line()), ()),
        "base_unit": Key(Line("the unit of whole numbers inside")),
        "units": Key(
            Many(
                "the first is the unit shown; base = (value - minus) * num / den",
                Record(
                    "",
                    {
                        "spelling": Key(Line()),
                        "num": Key(Number(whole=True)),
                        "den": opt(Number(whole=True), 1),
                        "minus": opt(Number(whole=True), 0),
                    },
                    placed=False,
                ),
                1,
            )
        ),
        "plausible": Key(Many("lowest and highest, in the first unit", Number(), 2)),
    },
)
SIGN: Final = Record(
    "something that is so, is not so, or is unknown",
    {
        "id": Key(ID),
        "name": Key(WORDS),
        "plain": opt(WORDS, NO_WORDS),
        "ask": opt(both(Line(), "how to ask for it"), NO_WORDS),
        "synonyms": opt(SYNONYMS, NO_SYNONYMS),
        "source": Key(
            Choice("", ("measure", "condition", "drug", "finding", "issue", "trend", "chain", "stated"))
        ),
        "measure": opt(Note("measure or analyte id")),
        "unit": opt(Note("unit of the numbers, where not the first of the measure")),
        **{key: opt(Number(), None) for key in ("from", "to", "below", "above", "unsure_from", "unsure_to")},
        "within_h": opt(Number("hours before now", whole=True), None),
        **{key: opt(Many("", Line()), ()) for key in ("causes", "findings", "codes", "analytes", "trends")},
        "bit": opt(Number("place in a set of clues, never reused", whole=True), None),
        "claims": opt(CLAIMS, ()),
    },
)  # fmt: skip
RULE: Final = Record(
    "what follows when one of its alternatives holds",
    {
        "id": Key(ID),
        "when": Key(WHEN),
        "urgency": opt(LEVEL, "none"),
        "name": Key(WORDS),
        "text": opt(WORDS, NO_WORDS),
        "plain": opt(WORDS, NO_WORDS),
        "body": opt(Note("who says it")),
        "pathway": opt(Note("named local pathway; nothing: always")),
        "gives": opt(Note("pseudo: kind/state")),
        "done": opt(Many("signs", ID), ()),
        "weight": opt(Number(whole=True), 50),
        "audience": opt(Choice("", ("both", "clinician", "plain")), "both"),
        **INACTIVE,
        "claims": Key(CLAIMS),
        "review": opt(REVIEW, None),
    },
)
SCORE: Final = Record(
    "a published score",
    {
        "id": Key(ID),
        "name": Key(WORDS),
        "population": Key(WORDS),
        "applies": Key(WHEN),
        "items": Key(
            Many(
                "",
                Record(
                    "one item",
                    {
                        "id": Key(ID),
                        "name": Key(WORDS),
                        "options": Key(
                            Many(
                                "the first that holds",
                                Record(
                                    "",
                                    {"name": Key(WORDS), "when": Key(TEXTS), "points": Key(Number(whole=True))},
                                    placed=False,
                                ),
                                1,
                            )
                        ),
                        "otherwise": opt(Number("points when no option holds", whole=True), None),
                    },
                ),
                1,
            )
        ),
        "bands": Key(
            Many(
                "",
                Record(
                    "",
                    {
                        "from": Key(Number(whole=True)),
                        "to": Key(Number(whole=True)),
                        "name": Key(WORDS),
                        "claims": opt(CLAIMS, ()),
                    },
                    placed=False,
                ),
                1,
            )
        ),
        "warnings": opt(Many("claims printed beside every value", ID), ()),
        **INACTIVE,
        "claims": Key(CLAIMS),
        "review": opt(REVIEW, None),
    },
)
RUNG: Final = Record(
    "one state of the ladder",
    {
        "state": Key(ID),
        "severity": Key(Number("the highest of all analytes is the state", whole=True)),
        "analyte": Key(ID),
        "from": opt(Number("included"), None),
        "below": opt(Number("not included"), None),
        "name": Key(WORDS),
        "action": Key(WORDS),
        "repeat_days": opt(DAYS, None),
        "lasting": opt(YesNo("stays in force though later counts are better"), False),
        "urgency": opt(LEVEL, "none"),
        "claims": Key(CLAIMS),
    },
)
PROGRAMME: Final = Record(
    "one monitoring rule of one jurisdiction",
    {
        "id": Key(ID),
        "causes": Key(Many("ids of drugs", ID, 1)),
        "jurisdiction": Key(Choice("", ("US", "EU", "UK", "any"))),
        "population": opt(Choice("", ("general", "ben")), "general"),
        "name": Key(WORDS),
        "dated": Key(Line("date of the text")),
        "unverified": opt(WORDS, NO_WORDS),
        "schedule": opt(
            Many(
                "",
                Record("", {"from_days": Key(DAYS), "to_days": opt(DAYS, None), "every_days": Key(DAYS)}, placed=False),
            ),
            (),
        ),
        "after_days": opt(DAYS, None),
        "unless": opt(Many("causes beside which it is not meant", ID), ()),
        "adults": opt(YesNo("not meant under 18 years"), False),
        "pathway": opt(Note("named local pathway; nothing: for everybody of the jurisdiction")),
        "ladder": opt(Many("", RUNG), ()),
        "notes": opt(CLAIMS, ()),
        **INACTIVE,
        "claims": Key(CLAIMS),
        "review": opt(REVIEW, None),
    },
)
EPISODE_RULE: Final = Record(
    "when an episode begins and ends",
    {
        "id": Key(ID),
        "analytes": Key(Many("", ID, 1)),
        "kind": Key(Choice("", ("threshold", "grade", "verdict", "first-limit"))),
        **{
            key: opt(Number("in the analyte's display unit"), None)
            for key in ("threshold", "recover_from", "recover_to")
        },
        "edition": opt(Note("SCALE@VERSION")),
        "term": opt(Note("term of the edition")),
        "grade": opt(Number(whole=True), None),
        "recoveries": Key(Number("counts out in a row that end it", whole=True)),
        **{key: opt(DAYS, None) for key in ("gap_days", "pad_days", "era_days")},
        "zero": opt(YesNo("a true zero counts"), True),
        "always": opt(YesNo("run unless other rules were chosen"), False),
        "ours": opt(YesNo("not from a source"), False),
        "name": Key(WORDS),
        "text": Key(WORDS),
        "claims": opt(CLAIMS, ()),
        "review": opt(REVIEW, None),
    },
)
TOPIC: Final = Record(
    "a word that people ask about",
    {
        "id": Key(ID),
        "kind": Key(ID),
        "name": Key(WORDS),
        "synonyms": opt(SYNONYMS, NO_SYNONYMS),
        "plain": opt(WORDS, NO_WORDS),
        "related": opt(Many("ids", Line()), ()),
        "claims": opt(CLAIMS, ()),
        "review": opt(REVIEW, None),
    },
)
SEED: Final = Record(
    "one item that a founding document names",
    {
        "id": Key(ID),
        "language": Key(Choice("", ("en", "pt"))),
        "named": Key(Line("word for word")),
        "concept": Key(Line()),
        "kind": Key(ID),
        "ends": Key(Many("ids of what it ends at", Line(), 1)),
        "flag": opt(ID, "ok"),
        "reason": opt(WORDS, NO_WORDS),
    },
)

REASON_KINDS: Final[dict[str, Record]] = {
    "causes": CAUSE,
    "measures": MEASURE,
    "signs": SIGN,
    "rules": RULE,
    "scores": SCORE,
    "monitoring": PROGRAMME,
    "episodes": EPISODE_RULE,
    "topics": TOPIC,
    "seeds": SEED,
}
"""Kind of file to the shape of one of its items."""

HEADS: Final[dict[str, dict[str, Key]]] = {
    "causes": {"type": Key(Choice("", ("drug", "condition")))},
    "rules": {
        "family": Key(
            Choice(
                "",
                ("red-flag", "febrile-neutropenia", "outpatient", "definition", "pseudo", "modifier", "check",
                 "guidance", "would-change"),
            )
        )
    },
    "seeds": {"seed": Key(Choice("the founding document", ("000", "001", "002", "003", "004")))},
}  # fmt: skip
"""What stands above the items of a file beside its kind; it is true of each of them."""
