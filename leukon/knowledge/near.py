"""What a text is spelled like: suggestions for a person to choose from, never used by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from leukon.counts.text import fold_name

MOST, LIKE = 3, 0.75
LONGEST = 60


def near_names(text: str, known: Mapping[str, str]) -> list[str]:
    """Values of `known` whose key is spelled nearly like `text`, best first; at most MOST."""
    if not text or len(text) > LONGEST:
        return []
    folded = {fold_name(name): meant for name, meant in known.items()}
    return list(dict.fromkeys(folded[hit] for hit in get_close_matches(fold_name(text), folded, MOST, LIKE)))
