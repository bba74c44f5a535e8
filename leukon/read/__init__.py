"""Every way in. Readers yield raw rows of text; `door` is the only place that turns them into the input tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leukon.read.raw import Raw
from leukon.read.readings import Options

if TYPE_CHECKING:
    from leukon.read.inputs import open_inputs

__all__ = ["Options", "Raw", "open_inputs"]


def __getattr__(name: str) -> Any:
    if name == "open_inputs":  # the readers of files, which a single request does not need
        from leukon.read.inputs import open_inputs

        return open_inputs
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
