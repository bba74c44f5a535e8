"""The house: a floor imports downwards only, and no room grows too large."""

from __future__ import annotations

import ast
import warnings
from pathlib import Path

import pytest

HOUSE = (
    ("errors",),
    ("counts", "folder", "tables"),
    ("knowledge",),
    ("editions", "read", "rules"),
    ("engine", "typed"),
    ("report", "summary"),
    ("assess", "export"),
    ("answers", "cohort", "explain"),
    ("write",),
    ("cli", "listen", "web"),
)
FLOORS = {name: floor for floor, names in enumerate(HOUSE) for name in names}
PACKAGE = Path(__file__).resolve().parent.parent / "leukon"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem[:2] != "__")
SOFT, HARD = 300, 500


def room(dotted: str) -> str:
    return dotted.split(".")[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_downwards(path: Path) -> None:
    own = room(path.relative_to(PACKAGE).parts[0])
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            other = room(name.removeprefix("leukon.")) if name.startswith("leukon.") else own
            assert other == own or FLOORS[other] < FLOORS[own], f"line {node.lineno}: {own} imports {other}"  # type: ignore[attr-defined]
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"line {node.lineno}: say the whole name"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_rooms_stay_small(path: Path) -> None:
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= HARD, f"{lines} lines; {HARD} is the most"
    if lines > SOFT:
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            warnings.warn(f"{path.name} has {lines} lines; {SOFT} is the aim", stacklevel=1)
