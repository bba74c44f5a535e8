"""The coverage of the facts as text: how many, in which states, why some are not in use, and every row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO

from leukon.knowledge.facts import Coverage, reason
from leukon.knowledge.model import Knowledge
from leukon.report.phrases import Phrases


def as_text(found: Coverage, knowledge: Knowledge, words: Phrases, *, width: int = 100, color: bool = False) -> str:
    """Tables one below the other; on a terminal with bold headings."""
    from rich.console import Console

    page = StringIO()
    console = Console(
        file=page, width=max(80, width), force_terminal=color, no_color=not color, highlight=False, markup=False,
        emoji=False,
    )  # fmt: skip
    console.print(words("coverage.title", version=knowledge.version, sha=knowledge.sha256[:12]), style="bold")
    _table(
        console,
        [words(f"coverage.{key}") for key in ("part", "total", "states", "have")],
        [
            (
                words(f"coverage.part.{part.name}"),
                str(part.total),
                _counted(part.states, words),
                _counted(part.have, words),
            )
            for part in found.parts
        ],
    )
    console.print(words("coverage.not-in-use"), style="bold")
    _table(
        console,
        [words(f"coverage.{key}") for key in ("part", "total", "why")],
        [
            (words(f"coverage.part.{part.name}"), str(number), why)
            for part in found.parts
            for why, number in part.reasons.items()
            if number > 1 or part.name != "seeds"
        ],
    )
    console.print(words("coverage.aside"), style="bold")
    for part in found.parts:
        sides = [side for side in found.aside if side.part == part.name != "rows"]
        if sides:
            _table(
                console,
                [words(f"coverage.part.{part.name}"), "", *(words(f"coverage.{key}") for key in ("state", "why"))],
                [(side.id, side.named, _word(side.state, words), side.why) for side in sides],
            )
    console.print(words("coverage.rows"), style="bold")
    _table(
        console,
        [words(f"coverage.{key}") for key in ("row", "state", "carried-by", "why")],
        [
            (
                row.row,
                _word(row.state, words),
                " ".join(row.carried_by),
                reason(knowledge, words.language, row.why),
            )
            for row in found.rows
        ],
    )
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


def _counted(counts: dict[str, int], words: Phrases) -> str:
    return ", ".join(f"{number} {_word(name, words)}" for name, number in counts.items())


def _word(name: str, words: Phrases) -> str:
    """A state, flag or kind in words; as it stands in the files where a folder uses one of its own."""
    key = f"coverage.word.{name}"
    return words(key) if words.has(key) else name


def _table(console: object, heads: Sequence[str], rows: Iterable[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    assert isinstance(console, Console)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="")
    for place, head in enumerate(heads):
        table.add_column(head, no_wrap=place == 0, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)
    console.print()
