"""The words a writer needs, from the same knowledge that the Assessment was made from."""

from __future__ import annotations

from leukon.knowledge.model import Knowledge
from leukon.report.assessment import LimitRef
from leukon.report.phrases import Phrases

CONTROLS = dict.fromkeys((*range(32), *range(127, 160), *range(8234, 8239), *range(8294, 8298)), "�")
CONTROLS |= {ord("\n"): "\n", ord("\t"): " "}
"""Characters that a terminal or browser would obey (escapes, text direction): shown as a sign, never passed on."""


def signs(text: str) -> str:
    """Statements write 10 to the ninth in plain letters; people read a sign. Never used on what the input sent."""
    return text.replace("x10^9/L", "×10⁹/L")


def inert(text: str) -> str:
    """Text with every control character made visible and harmless."""
    return text.translate(CONTROLS)


def shipped() -> Knowledge:
    from leukon.knowledge import load_knowledge

    return load_knowledge()


def who(limit_id: str, limits: dict[str, LimitRef], words: Phrases) -> str:
    """Who draws a line: the laboratory, the person's own level, or a source with its year."""
    if limit_id not in limits:
        return words("label.usual") if limit_id == "lim.usual" else words("label.lab")
    limit = limits[limit_id]
    year = f" ({limit.year})" if limit.year[:1].isdigit() and limit.year[:4] not in limit.who else ""
    return f"{limit.who}{year}"


def all_who(ids: list[str], limits: dict[str, LimitRef], words: Phrases) -> str:
    """Everybody who draws one line, each once."""
    return "; ".join(dict.fromkeys(who(limit, limits, words) for limit in ids))
