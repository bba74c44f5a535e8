"""What every statement of the knowledge carries: its words in both languages, its strength and its review."""

from __future__ import annotations

from typing import Literal

import msgspec

Text = dict[str, str]
"""A text in both languages: {"en": ..., "pt": ...}."""

Strength = Literal["laboratory", "guideline", "label", "consensus", "research", "reference", "computed"]


class Review(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who looked at it. Nothing ships as approved: nobody here is a clinician."""

    status: Literal["submitted", "under_review", "approved"]
    by: tuple[str, ...] = ()
    checked: str = ""
