"""Pages that repeat the code are current, and the README names only what exists."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from leukon.cli import cli


def test_generated_pages_are_current(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "docs are current\n", done.stdout + done.stderr


def test_links_between_pages_lead_somewhere(root: Path) -> None:
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(root)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken


def test_documented_commands_and_options_exist(root: Path) -> None:
    """Every `leukon <command> --option` of the pages is one that the program knows."""
    for page in [root / "README.md", *(root / "docs").glob("*.md")]:
        for line in re.findall(r"^\s*(?:\$ )?leukon (.+)$", page.read_text("utf-8"), re.M):
            words = line.split()
            if words[0] in cli.commands:
                known = {
                    name for option in cli.commands[words[0]].params for name in (*option.opts, *option.secondary_opts)
                }
                asked = {word.split("=")[0] for word in words if word.startswith("--") and len(word) > 2}
                assert asked <= known | {"--help"}, f"{page.name}: leukon {line}"
