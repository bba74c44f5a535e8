"""Options that several commands share, and how their text is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from leukon.errors import UsageError

PATH = click.Path(path_type=Path)

language = click.option("--lang", type=click.Choice(["en", "pt"]), default="en", show_default=True, help="Language.")
knowledge = click.option("--knowledge", "folder", type=PATH, metavar="DIR", help="Knowledge files instead of ours.")
over = click.option(
    "--over", type=PATH, metavar="PATH", help="A site's own limits and settings, laid over the knowledge."
)

drugs = click.option(
    "--drugs", type=PATH, multiple=True, metavar="FILE", help="What was taken: subject_id, drug, start, stop, status."
)
conditions = click.option(
    "--conditions", type=PATH, multiple=True, metavar="FILE", help="What is there: subject_id, condition, start, end."
)
vitals = click.option(
    "--vitals", type=PATH, multiple=True, metavar="FILE", help="Temperature and signs: subject_id, kind, value, unit."
)
jurisdiction = click.option(
    "--jurisdiction", "jurisdictions", multiple=True, metavar="US|EU|UK", help="Whose monitoring programmes hold."
)
episode_rule = click.option(
    "--episode-rule", "episode_rules", multiple=True, metavar="RULE", help="How episodes are told (repeatable)."
)
pathway = click.option(
    "--pathway", "pathways", multiple=True, metavar="NAME", help="A local pathway on top of the floor (repeatable)."
)


def pairs(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """`wbc=10*3/uL` as {"wbc": "10*3/uL"}."""
    made: dict[str, str] = {}
    for text in given:
        name, equals, unit = text.partition("=")
        if not equals or not name.strip() or not unit.strip():
            raise UsageError(f"--unit {text!r} is not a column and its unit", expected="--unit wbc=10*3/uL")
        made[name.strip()] = unit.strip()
    return made


def load(folder: Path | None, over: Path | None) -> Any:
    """The knowledge that was asked for."""
    from leukon.knowledge import load_knowledge

    return load_knowledge(folder, over=over)
