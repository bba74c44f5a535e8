"""Shapes that several kinds of knowledge file share."""

from __future__ import annotations

from typing import Final

from leukon.knowledge.fields import Choice, Key, Line, Many, Record, both, opt

ID: Final = Line("id, never reused", r"[A-Za-z0-9][A-Za-z0-9.+_-]*", "an id of letters, digits, . _ + -")
WORDS: Final = both(Line(), "the text in both languages")
NO_WORDS: Final = {"en": "", "pt": ""}
EVIDENCE: Final = Choice("seen: its text was read; recalled: it was not, so it decides nothing", ("seen", "recalled"))
STRENGTH: Final = Choice(
    "what kind of voice says so",
    ("laboratory", "guideline", "label", "consensus", "research", "reference", "computed"),
)
QUANTITY: Final = Choice("what is measured", ("count", "percent", "ratio", "mass", "volume", "presence"))
SOURCES: Final = Many("ids of sources", ID)
DATE: Final = Line("day of the last check", r"\d{4}-\d{2}-\d{2}", "a day such as 2026-11-20")
REVIEW: Final = Record(
    "who looked at it; nothing ships as approved",
    {
        "status": Key(Choice("", ("submitted", "under_review", "approved"))),
        "by": opt(Many("names", Line()), ()),
        "checked": Key(DATE),
    },
    placed=False,
)
SYNONYMS: Final = both(Many("", Line()), "names per language; matched without case, accents and punctuation")
NO_SYNONYMS: Final = {"en": (), "pt": ()}
