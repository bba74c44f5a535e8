"""The public names: what the list says (in order: ruff) is what there is, and looking at it is fast."""

from __future__ import annotations

import subprocess
import sys
import time

import leukon


def test_names_resolve() -> None:
    assert len(set(leukon.__all__)) == len(leukon.__all__)
    for name in leukon.__all__:
        assert getattr(leukon, name) is not None
    assert dir(leukon) == sorted(leukon.__all__)


def test_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(leukon, "guess")


def test_import_loads_nothing_heavy() -> None:
    heavy = ("duckdb", "jinja2", "rich", "yaml", "click")
    code = f"import sys, leukon; print([name for name in {heavy!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_import_and_help_are_quick() -> None:
    """`import leukon` at most 0.25 s, `leukon --help` at most 0.5 s, over an interpreter that does nothing."""
    bare = best_of(["-c", "pass"])
    assert best_of(["-c", "import leukon"]) - bare <= 0.25
    assert best_of(["-m", "leukon", "--help"]) - bare <= 0.5


def best_of(arguments: list[str], times: int = 3) -> float:
    """Shortest wall time in seconds of `times` runs: the best run is the one least disturbed by other work."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
        seconds.append(time.perf_counter() - start)
    return min(seconds)
