"""Translates the chain (leukon/rules/*.sql, DuckDB's spelling) into the other dialects' golden text.

Run it with `python tools/translate.py` after changing a rule and review the difference of
leukon/rules/<dialect>/; a test fails while they are out of date. sqlglot is a development
dependency only and pinned, because its minor releases change the text.
"""

from __future__ import annotations

from pathlib import Path

import sqlglot
from sqlglot import exp

RULES = Path(__file__).parent.parent / "leukon" / "rules"
DIALECTS = ("sqlite", "postgres", "spark")
PLAIN_DIVISION = ("sqlite", "postgres")
"""Dialects in which dividing two integers gives an integer."""

MARK = "-- table: "
BANNER = "-- generated from ../{name} by tools/translate.py: do not edit\n"


def statements(text: str) -> list[tuple[str, str]]:
    """(table name, SELECT) of each section of a rule file."""
    sections = text.split(MARK)[1:]
    return [(head, body.strip()) for head, _, body in (section.partition("\n") for section in sections)]


def translated(path: Path, dialect: str) -> str:
    """The golden text of one rule file in one dialect."""
    parts = [BANNER.format(name=path.name)]
    for name, body in statements(path.read_text(encoding="utf-8")):
        tree = sqlglot.parse_one(body, read="duckdb")
        if dialect in PLAIN_DIVISION:
            tree = tree.transform(_plain_division)
        sql = tree.sql(dialect, pretty=True, comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE)
        parts.append(f"{MARK}{name}\n{sql}\n")
    return "\n".join(parts)


def _plain_division(node: exp.Expression) -> exp.Expression:
    """`//` as the dialect's own division of integers: sqlglot's detour over REAL is not exact."""
    if isinstance(node, exp.IntDiv):
        return exp.Paren(this=exp.Div(this=node.this, expression=node.expression, typed=True, safe=True))
    return node


def main() -> None:
    for dialect in DIALECTS:
        folder = RULES / dialect
        folder.mkdir(exist_ok=True)
        for path in sorted(RULES.glob("*.sql")):
            (folder / path.name).write_text(translated(path, dialect), encoding="utf-8")


if __name__ == "__main__":
    main()
