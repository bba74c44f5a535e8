"""What several tests need: the real data, the knowledge, both engines."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from leukon.knowledge.model import Knowledge

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="also slow tests; without the real data sets it is a failure")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves slow tests out by name (the end of the run lists them) unless all are asked for."""
    for item in items:
        if item.get_closest_marker("slow") and not config.getoption("--all"):
            item.add_marker(pytest.mark.skip(reason="slow: run with --all"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def data(pytestconfig: pytest.Config) -> Path:
    """The folder of the real data sets: $LEUKON_DATA, else ../shared/data. Skips where there is none."""
    folder = Path(os.environ.get("LEUKON_DATA") or ROOT.parent / "shared" / "data")
    if not (folder / "README.md").is_file():
        left_out = pytest.fail if pytestconfig.getoption("--all") else pytest.skip
        left_out(f"no real data sets in {folder} (set LEUKON_DATA)")
    return folder


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The shipped knowledge, loaded once."""
    from leukon.knowledge import load_knowledge

    return load_knowledge()


@pytest.fixture(params=["sqlite", "duckdb"])
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each engine in turn: no test of a rule runs on only one of them."""
    yield request.param
