"""The nodes of a map file: what stands there, and every problem noted with its line."""

from __future__ import annotations

from collections.abc import Mapping as Items

from leukon.knowledge.strict import Mapping, Node, Problems, Scalar, Sequence
from leukon.read.headers import is_unit
from leukon.read.readings import Readings

PARTS = {
    "columns": "columns: {subject_id: ..., value: ...}",
    "analytes": "analytes: [{column: ..., test: ..., unit: ...}]",
    "items": "items: {column: ..., tests: {code: test}}",
    "units": "units: {WBC: 10*3/uL}",
    "people": "people: {file: ..., key: ..., columns: {sex: ...}}",
    "birth_from": "birth_from: {age: ..., year: ...}",
    "time": "time: {offset: minutes}",
    "rows": "rows: {keep: {column: [value]}}",
    "drugs": "drugs: {columns: {subject_id: ..., name: ...}}",
    "conditions": "conditions: {columns: {subject_id: ..., name: ...}}",
    "vitals": "vitals: {columns: {subject_id: ..., name: ..., value: ...}}",
}
"""Parts of a map that have parts themselves, and how each is written."""


class Nodes:
    """Looks into the tree of one map. `readings` knows tests and units; without it their names are not checked."""

    def __init__(self, file: str, problems: Problems, readings: Readings | None) -> None:
        self.file, self.problems, self.readings = file, problems, readings

    def keys(self, node: Node | None) -> list[str]:
        return list(node.items) if isinstance(node, Mapping) else []

    def text(self, node: Node | None, key: str) -> str:
        inner = node.items.get(key) if isinstance(node, Mapping) else None
        return "" if not isinstance(inner, Scalar) or inner.nothing else inner.text

    def texts(self, node: Node | None) -> tuple[str, ...]:
        if isinstance(node, Scalar):
            return (node.text,)
        return tuple(item.text for item in node.items if isinstance(item, Scalar)) if isinstance(node, Sequence) else ()

    def at(self, node: Node | None, key: str = "") -> str:
        """Where a key of a mapping stands, or the node itself."""
        if isinstance(node, Mapping) and key in node.keys_at:
            return node.keys_at[key]
        return node.at if node is not None and node.at else f"{self.file}:1"

    def shapes(self, tree: Mapping) -> None:
        """Notes the parts that hold a single word, or a list, where keys belong."""
        for part in PARTS:
            node = tree.items.get(part)
            if node is None or isinstance(node, Sequence if part == "analytes" else Mapping):
                continue
            if not (isinstance(node, Scalar) and node.nothing):
                self.problems.add(self.at(tree, part), f"{part} is not of this shape", expected=PARTS[part])

    def understood(self, node: Node | None) -> None:
        """Notes a test or unit of a mapping that leukon does not know."""
        for key, check in (("test", self.is_test), ("unit", self.is_unit)):
            if said := self.text(node, key):
                check(said, self.at(node, key))

    def is_test(self, said: str, at: str) -> None:
        if self.readings is not None and self.readings.test(said).analyte is None:
            names = self.readings.knowledge.analytes
            self.problems.add(
                at,
                f"no test is known as {said!r}",
                expected=f"a name or code of {', '.join(names)}",
                given=said.upper(),
                known=tuple(names),
            )

    def is_unit(self, said: str, at: str) -> None:
        if self.readings is not None and said and not is_unit(said, self.readings):
            self.problems.add(at, f"no unit is known as {said!r}", expected="for example 10*9/L, K/uL, /uL, % or g/dL")

    def known(self, node: Node | None, keys: Items[str, object] | tuple[str, ...]) -> None:
        """Notes every key of a mapping that is not one of `keys`."""
        for key in self.keys(node):
            if key not in keys:
                assert isinstance(node, Mapping)
                self.problems.add(
                    node.keys_at[key], f"unknown key {key!r}", expected=", ".join(keys), given=key, known=tuple(keys)
                )

    def one_of(self, node: Node | None, key: str, said: str, allowed: tuple[str, ...]) -> None:
        if said not in allowed:
            self.problems.add(
                self.at(node, key),
                f"{key}: {said!r}",
                expected=" | ".join(filter(None, allowed)),
                given=said,
                known=allowed,
            )
