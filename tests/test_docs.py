"""Pages that repeat the code are current, and the README names only what exists."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from leukon.cli import cli


def script(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(root), **environment}
    return subprocess.run([sys.executable, *arguments], cwd=root, env=env, capture_output=True, encoding="utf-8")


def test_generated_pages_are_current(root: Path) -> None:
    done = script(root, "docs/generate.py", "--check")
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


@pytest.mark.data
def test_page_of_data_sets_is_current(root: Path, data: Path) -> None:
    done = script(root, "docs/data_sets.py", "--check", LEUKON_DATA=str(data))
    assert done.stdout == "docs are current\n", done.stdout + done.stderr
