"""Knowledge: the files a clinician can correct, and their loader.

from leukon.knowledge import check, load_knowledge

knowledge = load_knowledge()                      # what is shipped, read once
knowledge = load_knowledge(over=Path("our-laboratory"))   # a site's own limits laid over it
problems = check()                                # lints; [] = all well
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from leukon.knowledge.model import (
    Analyte,
    Band,
    Claim,
    Edition,
    Finding,
    Issue,
    Knowledge,
    Limit,
    Plausible,
    Source,
    Term,
    Unit,
)

__all__ = [
    "Analyte",
    "Band",
    "Claim",
    "Edition",
    "Finding",
    "Issue",
    "Knowledge",
    "Limit",
    "Plausible",
    "Source",
    "Term",
    "Unit",
    "check",
    "load_knowledge",
]


def load_knowledge(path: Path | str | None = None, *, over: Path | str | None = None) -> Knowledge:
    """The knowledge of a folder; None: the shipped one, which is read once per process.

    `over`: a folder or file of a site's limits, settings and sources, laid over it: the same id
    replaces, a new id adds; its limits say `kind: site`. Raises KnowledgeError with every problem at once,
    also when the shipped files were altered on disk.
    """
    if path is None:
        base = _shipped()
    else:
        from leukon.knowledge.loader import load

        base = load(Path(path))
    if over is None:
        return base
    from leukon.knowledge.loader import overlay

    return overlay(base, Path(over))


@cache
def _shipped() -> Knowledge:
    from leukon.knowledge.pack import shipped

    return shipped()


def check(path: Path | str | None = None) -> list[str]:
    """Lint a knowledge folder or a site's overlay (None: the shipped folder); [] = all well. Runs no cases."""
    from leukon.knowledge import lint

    return lint.check(None if path is None else Path(path))
