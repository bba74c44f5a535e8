"""Letters and signs as they come, to plain ones: before numbers, units and names are compared."""

from __future__ import annotations

import re
import unicodedata

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_FOLD = _DASHES | {
    ord("≤"): "<=", ord("≦"): "<=", ord("⩽"): "<=", ord("≥"): ">=", ord("≧"): ">=", ord("⩾"): ">=",
    ord("’"): "'", ord("‘"): "'", ord("`"): "'", ord("´"): "'", ord("·"): ".", ord("٫"): ".", ord("٬"): ",",
}  # fmt: skip
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def clean(text: str) -> str:
    """Full-width and other digits, odd spaces, dashes and comparators to plain ASCII; case and letters stay."""
    if not text.isascii():
        text = _UNSEEN.sub("", text).translate(_FOLD)
        text = "".join(f"^{c}" if unicodedata.category(c) == "No" else c for c in text)  # 3.6² is not 3.62
        text = unicodedata.normalize("NFKC", text).translate(_FOLD)
        text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    return " ".join(text.split())


def unaccent(text: str) -> str:
    """Small letters without accents: `Células` is `celulas`."""
    text = text.casefold()
    if text.isascii():
        return text
    # An overlay (class 1) turns a sign into its opposite, or strikes a digit out: it stays, and nothing matches.
    return "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.combining(c) <= 1)


def fold_name(text: str) -> str:
    """A name for comparing: small letters and digits only, and `%`. `Neutrófilos (%)` is `neutrofilos%`."""
    return "".join(c for c in unaccent(clean(text)) if c.isalnum() or c == "%")
