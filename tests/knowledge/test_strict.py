"""The strict readers: every scalar is text, every refusal names file and line."""

from __future__ import annotations

import pytest

from leukon.knowledge.strict import Mapping, Problems, Scalar, Sequence, read_csv, read_yaml


def problems_of(text: str) -> list[str]:
    problems = Problems()
    read_yaml(text, "f.yaml", problems)
    return problems.found


@pytest.mark.parametrize("word", ["no", "yes", "on", "true", "1.10", "1e3", "0x10", "012", "2026-11-20", "12:30:00"])
def test_every_scalar_is_text(word: str) -> None:
    node = read_yaml(f"a: {word}\n", "f.yaml", Problems())
    assert isinstance(node, Mapping)
    assert node.items["a"] == Scalar(word, True, "f.yaml:1")


@pytest.mark.parametrize(
    ("word", "nothing"), [("", True), ("null", True), ("~", True), ('""', False), ('"null"', False), ("none", False)]
)
def test_nothing_is_only_a_plain_empty_text(word: str, nothing: bool) -> None:
    node = read_yaml(f"a: {word}\n", "f.yaml", Problems())
    assert isinstance(node, Mapping)
    inner = node.items["a"]
    assert isinstance(inner, Scalar)
    assert inner.nothing is nothing


def test_nodes_know_their_lines() -> None:
    node = read_yaml("a:\n  - x\n  -\n    b: y\n", "f.yaml", Problems())
    assert isinstance(node, Mapping)
    listed = node.items["a"]
    assert isinstance(listed, Sequence)
    assert [item.at for item in listed.items] == ["f.yaml:2", "f.yaml:4"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "f.yaml:3: the key 'a' stands twice (first at f.yaml:1)"),
        ("a: &x 1\nb: *x\n", "f.yaml:1: an anchor or alias"),
        ("a: !!int 1\n", "f.yaml:1: a tag"),
        ("a: !python/object:os.system x\n", "f.yaml:1: a tag"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2: a second document"),
        ("? [a]\n: 1\n", "f.yaml:1: a key that is not a text"),
        ("a: [1\n", "f.yaml:2: not YAML"),
        ("a: 1\n\tb: 2\n", "f.yaml:2: not YAML"),
        ("", "f.yaml:1: the file is empty"),
        ("a: \x00\n", "f.yaml:1: not YAML"),
    ],
)
def test_refusals_name_their_place(text: str, said: str) -> None:
    found = problems_of(text)
    assert len(found) == 1
    assert found[0].startswith(said)


def test_csv_is_strict() -> None:
    problems = Problems()
    rows = read_csv('a,b\n1,"x, y"\n1,2,3\n\n', "f.csv", ("a", "b"), problems)
    assert rows == [("f.csv:2", {"a": "1", "b": "x, y"})]
    assert problems.found == ["f.csv:3: 3 cells; expected 2 (a,b)", "f.csv:4: 0 cells; expected 2 (a,b)"]


def test_csv_header_must_be_exact() -> None:
    problems = Problems()
    assert read_csv("b,a\n1,2\n", "f.csv", ("a", "b"), problems) == []
    assert problems.found == ["f.csv:1: the header is b,a; expected a,b"]
