"""The JSON Schemas for editors: current, and of one meaning with the loader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from leukon.knowledge import schema
from leukon.knowledge.pack import SHIPPED
from leukon.knowledge.strict import Mapping, Node, Problems, Scalar, read_yaml

FILES = sorted(SHIPPED.rglob("*.yaml"))


def plain(node: Node | None) -> Any:
    """A tree as JSON values; every scalar is a text, as the loader sees it."""
    if isinstance(node, Scalar):
        return None if node.nothing else node.text
    if isinstance(node, Mapping):
        return {key: plain(value) for key, value in node.items.items()}
    return [] if node is None else [plain(item) for item in node.items]


def test_the_committed_schemas_are_current() -> None:
    held = {path.name: path.read_text("utf-8") for path in (SHIPPED / "schema").glob("*.json")}
    assert held == schema.render(), "run `python -m leukon.knowledge.build`"


@pytest.mark.parametrize("name", sorted(schema.render()))
def test_each_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema.schemas()[name.removesuffix(".json")])


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(SHIPPED)) for path in FILES])
def test_shipped_files_pass_their_schema(path: Path) -> None:
    tree = plain(read_yaml(path.read_text("utf-8"), path.name, Problems()))
    jsonschema.Draft202012Validator(schema.schemas()[tree["kind"]]).validate(tree)


def test_a_schema_refuses_what_the_loader_refuses() -> None:
    validator = jsonschema.Draft202012Validator(schema.schemas()["settings"])
    assert validator.is_valid({"kind": "settings", "items": [{"id": "a", "value": 3}]})
    assert not validator.is_valid({"kind": "settings", "items": [{"id": "a", "valu": 3}]})
    assert not validator.is_valid({"kind": "settings", "items": [{"id": "a", "value": "x"}]})
    assert not validator.is_valid({"kind": "limits", "items": [{"id": "a", "value": 3}]})
