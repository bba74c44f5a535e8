"""`leukon limits`: the public table of lower limits: who draws the line where."""

from __future__ import annotations

import click


@click.command()
def limits() -> None:
    """Who draws the line where."""
