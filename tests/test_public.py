"""The public names: what the list says (in order: ruff) is what there is, and looking at it is fast."""

from __future__ import annotations

import subprocess
import sys

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
