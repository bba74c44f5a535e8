"""What every part of an Assessment is, and the words that several parts share."""

from __future__ import annotations

from typing import Literal

import msgspec

Urgency = Literal["none", "routine", "soon", "same-day", "emergency-if-symptoms", "emergency"]
Answer3 = Literal["yes", "no", "unknown"]
"""Three-valued: what is not known is never no."""

URGENCIES: tuple[Urgency, ...] = ("none", "routine", "soon", "same-day", "emergency-if-symptoms", "emergency")
"""From calm to alarm: the level of an Assessment is the maximum of everything that fires (SF-2)."""


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Base of every part: immutable, and silent about fields that are empty."""
