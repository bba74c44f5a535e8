"""The words a writer needs, from the same knowledge that the Assessment was made from."""

from __future__ import annotations

from leukon.knowledge.model import Knowledge
from leukon.report.assessment import Assessment, LimitRef
from leukon.report.phrases import Phrases


def words_of(assessment: Assessment, knowledge: Knowledge | None) -> Phrases:
    """Phrases in the language and for the audience of an Assessment (shipped knowledge unless another is given)."""
    return Phrases(knowledge or shipped(), assessment.language, assessment.audience)


def shipped() -> Knowledge:
    from leukon.knowledge import load_knowledge

    return load_knowledge()


def date(collected: str, words: Phrases) -> str:
    """A collection time as sent; calendar dates in Portuguese as dd/mm/aaaa. Nothing is parsed that is not ISO."""
    day, _, time = collected.replace("T", " ").partition(" ")
    parts = day.split("-")
    if words.language == "pt" and len(parts) == 3 and all(p.isdigit() for p in parts) and len(parts[0]) == 4:
        day = "/".join(reversed(parts))
    return f"{day} {time[:5]}".strip()


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
