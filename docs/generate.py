"""Writes the pages that repeat what the code already says: tables.md and cli.md.

python docs/generate.py          writes them
python docs/generate.py --check  says which are out of date (a test does the same)
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from leukon import tables
from leukon.cli import cli

HERE = Path(__file__).resolve().parent
BANNER = "<!-- made by docs/generate.py: correct the code, then run it again -->\n"


def table_page() -> str:
    """docs/tables.md: every table, every column."""
    lines = [BANNER, "# Tables\n", *(tables.__doc__ or "").strip().splitlines()[2:], ""]
    for title, family in (("Written by `--out`", tables.OUTPUTS), ("What readers become", tables.INPUTS)):
        lines.append(f"## {title}\n")
        for table in family:
            lines += [f"### {table.name}\n", f"One row is {table.row}.\n"]
            lines += ["| column | kind | meaning | empty when |", "|---|---|---|---|"]
            lines += [
                f"| `{c.name}` | {c.kind} | {cell(c.meaning)} | {cell(c.null) or 'never'} |" for c in table.columns
            ]
            lines.append("")
    return "\n".join(lines)


def cell(text: str) -> str:
    return text.replace("|", "\\|").removeprefix("never; ")


def command_page() -> str:
    """docs/cli.md: the help of every command, word for word."""
    lines = [BANNER, "# Command line\n"]
    for name in ("", *sorted(cli.commands)):
        command = cli.commands[name] if name else cli
        words = f"leukon {name}".strip()
        with click.Context(cli, info_name="leukon", max_content_width=100, terminal_width=100) as top:
            context = click.Context(command, parent=top, info_name=name, terminal_width=100) if name else top
            text = command.get_help(context).rstrip()
        lines += [f"## `{words}`\n", "```", *(line.rstrip() for line in text.splitlines()), "```\n"]
    return "\n".join(lines)


PAGES = {"tables.md": table_page, "cli.md": command_page}


def main() -> int:
    stale = [
        name for name, page in PAGES.items() if not (HERE / name).exists() or (HERE / name).read_text("utf-8") != page()
    ]
    if "--check" in sys.argv:
        print(
            "\n".join(f"docs/{name} is out of date: run python docs/generate.py" for name in stale)
            or "docs are current"
        )
        return len(stale)
    for name in stale:
        (HERE / name).write_text(PAGES[name](), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
