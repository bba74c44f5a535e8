"""Whole numbers that stand for ids within the chain: the place of an id among all of its kind, from 1."""

from __future__ import annotations

from collections.abc import Iterable

from leukon.knowledge.model import Knowledge


def numbered(ids: Iterable[str]) -> dict[str, int]:
    """id → key. The same knowledge always gives the same keys; they never leave a run."""
    return {id_: place for place, id_ in enumerate(sorted(ids), 1)}


def cause_keys(knowledge: Knowledge) -> dict[str, int]:
    """Cause id → its key in `drugs`, `conditions` and the chain."""
    return numbered(knowledge.causes)


def sign_keys(knowledge: Knowledge) -> dict[str, int]:
    """Sign id → its key in `vitals` and the chain."""
    return numbered(knowledge.signs)


def rule_keys(knowledge: Knowledge) -> dict[str, int]:
    """Rule id → its key in the chain."""
    return numbered(knowledge.rules)


def score_keys(knowledge: Knowledge) -> dict[str, int]:
    """Score id → its key in the chain."""
    return numbered(knowledge.scores)


def programme_keys(knowledge: Knowledge) -> dict[str, int]:
    """Monitoring programme id → its key in the chain."""
    return numbered(knowledge.programmes)


def episode_rule_keys(knowledge: Knowledge) -> dict[str, int]:
    """Episode rule id → its key in the chain."""
    return numbered(knowledge.episode_rules)
