#!/usr/bin/env python3
"""Two commands for a fresh clone, with nothing but Python 3.11 or newer.

    python3 dev.py demo           makes .venv, installs leukon, prints a report on an example
    python3 dev.py test [--all]   the tests, ending with the names of those left out; --all: none is
    python3 dev.py check          lints and cases of the knowledge files
    python3 dev.py bench          the speed table of docs/performance.md

Anything after the command is handed on. The system's Python is never touched.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PIP = [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def run(*command: object) -> int:
    return subprocess.run([str(part) for part in command], cwd=ROOT).returncode


def must(*command: object) -> None:
    if run(*command):
        sys.exit(f"dev.py: this failed: {' '.join(map(str, command))}")


def make_venv() -> list[str]:
    """A virtual environment; returns the pip command for it (pip from outside where Debian left ensurepip out)."""
    if not PYTHON.exists():
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True).returncode
        if made != 0 and run(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV):
            sys.exit("dev.py: this Python cannot make a virtual environment; install python3-venv")
    inside = [str(PYTHON), "-m", "pip"]
    for pip in (inside, PIP):
        if subprocess.run([*pip, "--version"], capture_output=True).returncode == 0:
            return pip
    sys.exit("dev.py: no pip; install python3-venv or python3-pip")


def install(extra: str) -> None:
    """Installs leukon and one extra, unless that was done for this very pyproject.toml."""
    stamp = VENV / f".leukon{extra or '[]'}"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    print("dev.py: installing into .venv (once for each pyproject.toml)", file=sys.stderr)
    must(*make_venv(), "install", "--quiet", "--disable-pip-version-check", "--editable", f"{ROOT}{extra}")
    stamp.write_text(wanted)


def main(command: str = "--help", *rest: str) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 (this file is what an older Python meets first)
        sys.exit(f"dev.py: leukon needs Python 3.11 or newer, this is {sys.version.split()[0]}")
    if command in ("demo", "check"):
        install("")
        return run(PYTHON, "-m", "leukon", command, *rest)
    if command == "test":
        install("[dev]")
        return run(PYTHON, "-m", "pytest", *rest)
    if command == "bench":
        install("[dev]")
        return run(PYTHON, ROOT / "bench" / "run.py", *rest)
    print(__doc__.strip())
    return 0 if command in ("--help", "-h") else 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
