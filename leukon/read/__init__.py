"""Every way in. Readers yield raw rows of text; `door` is the only place that turns them into the input tables."""

from leukon.read.raw import Raw
from leukon.read.readings import Options

__all__ = ["Options", "Raw", "open_inputs"]


def __getattr__(name: str) -> object:
    if name == "open_inputs":
        from leukon.read.inputs import open_inputs

        return open_inputs
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
