"""Writes what repeats the program: tables.md, cli.md, and the example in the README.

python docs/generate.py          writes them
python docs/generate.py --check  says which are out of date (a test does the same)
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

import leukon
from leukon import tables
from leukon.cli import cli
from leukon.typed import read
from leukon.write.text import render

ROOT = Path(__file__).resolve().parent.parent
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


def readme() -> str:
    """README.md with the example as the program prints it today, shortened."""
    text = (ROOT / "README.md").read_text("utf-8")
    command = '$ leukon assess "WBC 3.6"\n'
    before, _, rest = text.partition(command)
    after = rest[rest.index("```") :]
    knowledge = leukon.load_knowledge()
    typed = read("WBC 3.6", knowledge)
    report = render(leukon.assess(typed.request), knowledge=knowledge)
    head, _, tail = report.partition("\nCOUNTS\n")
    limits = tail[tail.index("EVERY LIMIT") : tail.index("\nGRADES\n")]
    return f"{before}{command}{head}\n...\n\n{limits}\n...\n{after}"


PAGES = {"docs/tables.md": table_page, "docs/cli.md": command_page, "README.md": readme}


def main() -> int:
    made = {ROOT / name: page() for name, page in PAGES.items()}
    stale = {path: text for path, text in made.items() if not path.exists() or path.read_text("utf-8") != text}
    if "--check" in sys.argv:
        told = [f"{path.relative_to(ROOT)} is out of date: run python docs/generate.py" for path in stale]
        print("\n".join(told) or "docs are current")
        return len(stale)
    for path, text in stale.items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
