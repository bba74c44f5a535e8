"""The chain stays inside the portable SQL subset, and its translations are current."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

ROOT = Path(__file__).parents[2]
RULES = ROOT / "leukon" / "rules"
STAGES = sorted(RULES.glob("*.sql"))

spec = importlib.util.spec_from_file_location("translate", ROOT / "tools" / "translate.py")
assert spec and spec.loader
translate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(translate)

ALLOWED_FUNCTIONS = (
    exp.Case,
    exp.If,
    exp.Coalesce,
    exp.Cast,
    exp.Min,
    exp.Max,
    exp.Sum,
    exp.Count,
    exp.RowNumber,
    exp.Lag,
)
REFUSED = (
    exp.Div, exp.Qualify, exp.Filter, exp.IgnoreNulls, exp.Array, exp.Struct, exp.Lambda, exp.RegexpLike, exp.Like,
    exp.Anonymous, exp.Median, exp.PercentileCont, exp.With, exp.Limit, exp.Unnest,
)  # fmt: skip
SECTIONS = [
    (path.stem, name, body) for path in STAGES for name, body in translate.statements(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("stage", "name", "body"), SECTIONS, ids=[f"{s}.{n}" for s, n, _ in SECTIONS])
def test_statement_is_portable(stage: str, name: str, body: str) -> None:
    tree = sqlglot.parse_one(body, read="duckdb")
    for node in tree.walk():
        assert not isinstance(node, REFUSED), f"{stage}.{name}: {node.sql('duckdb')}"
        if isinstance(node, exp.Func) and not isinstance(node, (exp.And, exp.Or)):
            assert isinstance(node, ALLOWED_FUNCTIONS), f"{stage}.{name}: {node.sql('duckdb')}"
        if isinstance(node, exp.Window):
            assert node.args.get("order"), f"{stage}.{name}: a window without an order"
            last = node.args["order"].expressions[-1].this
            assert last.name == "row", f"{stage}.{name}: the window's order does not end in the integer tie-breaker"
            for key in node.args["order"].expressions:
                assert key.args.get("nulls_first"), f"{stage}.{name}: say NULLS FIRST: {key.sql('duckdb')}"
        if isinstance(node, exp.Literal) and not node.is_string:
            assert "." not in node.this, f"{stage}.{name}: decimals do not belong in the chain: {node}"


@pytest.mark.parametrize("name", [n for _, n, _ in SECTIONS])
def test_every_statement_says_what_it_is(name: str) -> None:
    assert sum(1 for _, other, _ in SECTIONS if other == name) == 1, "a table is made in one place only"


@pytest.mark.parametrize("dialect", translate.DIALECTS)
@pytest.mark.parametrize("path", STAGES, ids=lambda p: p.stem)
def test_golden_translations_are_current(path: Path, dialect: str) -> None:
    golden = RULES / dialect / path.name
    assert golden.read_text(encoding="utf-8") == translate.translated(path, dialect), "run tools/translate.py"


@pytest.mark.parametrize("dialect", ("bigquery", "trino", "databricks"))
def test_other_dialects_parse_back(dialect: str) -> None:
    for stage, name, body in SECTIONS:
        tree = sqlglot.parse_one(body, read="duckdb")
        text = tree.sql(dialect, unsupported_level=sqlglot.ErrorLevel.RAISE)
        assert sqlglot.parse_one(text, read=dialect) is not None, f"{stage}.{name}"
