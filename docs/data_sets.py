"""Writes data-sets.md: what leukon makes of each public data set that a map is shipped for.

python docs/data_sets.py [--check]      the sets lie in $LEUKON_DATA, else in ../shared/data
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

from leukon.cohort import Cohort

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("LEUKON_DATA") or ROOT.parent / "shared" / "data")
PAGE = ROOT / "docs" / "data-sets.md"
COMMAND = re.compile(r"leukon assess \.\./shared/data/(\S+) --map (\w+).*")
SHOWN = (("WBC", "4"), ("NEUT", "1.5"), ("NEUT", "1"), ("NEUT", "0.5"))
"""Which lines of the summary the table shows (the summary has them all)."""

HEAD = """<!-- made by docs/data_sets.py: run it again when a rule or a map changes -->

# Public data sets

One map file each, no code. The sets are not part of this repository: their origin and licence are named in the maps,
and rows of those under the Open Database License stay out of it. `../shared/data` is where they lie beside a checkout.

A person counts as *ever below* when the highest value that a count can be is below the line; in brackets: counts of
the person's own, without those where only the white count says that it must be so. Where a set sends no unit or no
differential, that is what the numbers of excluded results and of people show.

| set | results in | used | excluded | rejected | people | WBC < 4 | ANC < 1.5 | ANC < 1.0 | ANC < 0.5 |
|---|---|---|---|---|---|---|---|---|---|
"""


def page() -> str:
    """The whole page, from a run over every set."""
    rows, parts = [], []
    for path in sorted((ROOT / "examples" / "maps").glob("*.yaml")):
        found = COMMAND.search(path.read_text("utf-8"))
        if found is None:
            raise SystemExit(f"{path.name}: no command in its comment")
        with Cohort(DATA / found[1], map=path) as cohort:
            summary = cohort.summary()
        rows.append(row(path.stem, summary))
        parts.append(
            part(path.stem, f"leukon assess ../shared/data/{found[1]} --map {found[2]} --out {found[2]}", summary)
        )
    return HEAD + "\n".join(rows) + "\n\n" + "\n".join(parts)


def row(name: str, summary: dict[str, Any]) -> str:
    people = summary["patients"]
    cells = [f"{summary[key]:,}" for key in ("results_in", "used", "excluded", "rejected")] + [f"{people['n']:,}"]
    for analyte, line in SHOWN:
        certain = people["below"].get(analyte, {}).get(line)
        counted = people["below_counted"].get(analyte, {}).get(line)
        cells.append("–" if certain is None else f"{certain:,}" + (f" ({counted:,})" if counted != certain else ""))
    return f"| [{name}](#{name}) | " + " | ".join(cells) + " |"


def part(name: str, command: str, summary: dict[str, Any]) -> str:
    """One set: its command, why results were not used, and the answers."""
    lines = [f"## {name}\n", "```", command, "```\n"]
    for key in ("excluded", "rejected"):
        if told := summary[f"{key}_by_code"]:
            lines.append(f"{key.capitalize()}: " + ", ".join(f"`{code}` {n:,}" for code, n in told.items()) + ".\n")
    lines += ["| question | answers |", "|---|---|"]
    for question, states in summary["findings"].items():
        lines.append(f"| {question} | " + ", ".join(f"{state} {n:,}" for state, n in states.items()) + " |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    made = page()
    if "--check" in sys.argv:
        current = PAGE.exists() and PAGE.read_text("utf-8") == made
        print("docs are current" if current else "docs/data-sets.md is out of date: run python docs/data_sets.py")
        sys.exit(0 if current else 1)
    PAGE.write_text(made, "utf-8")
