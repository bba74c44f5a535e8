"""Writes worked-cases.md: three vignettes, what leukon answers, and pictures of their pages.

python docs/worked_cases.py [--check]        the page
python docs/worked_cases.py --pictures       also case-*.png, with the browser named in $CHROMIUM (or found as chromium)
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import leukon
from leukon.knowledge import vignettes
from leukon.write import html, text

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "worked-cases.md"


class Case(NamedTuple):
    """One worked case: the vignette, its reader, the part of the picture, and what to look at."""

    vignette: str
    language: str
    audience: str
    title: str
    size: tuple[int, int]
    look: str


CASES = (
    Case(
        "clozapine-with-valproate", "en", "clinician", "A white count of 3.6 that is not the point", (1000, 1500),
        """The white count is under the laboratory's limit, and that is not the headline: 36 percent of 3.6 is 1.296,
and on clozapine that is a count to review the same day. Both drugs are named, in the order of a printed rule and never
as a probability; each monitoring programme speaks for its own place only, because no jurisdiction was chosen.""",
    ),
    Case(
        "one-cycle-of-chemotherapy", "en", "clinician", "One cycle of chemotherapy", (1000, 1720),
        """The last count is inside the laboratory's interval. It is shown with what may lift it: a growth factor that
ended three days before. The episode has an onset, a lowest day and no end yet, since one count above the line is not
two in a row. For docetaxel no source was read that gives the days, so its time is *unknown* and never *no*.""",
    ),
    Case(
        "metamizole-stopped-eight-days-ago", "pt", "plain", "For the person, in Portuguese", (1000, 1500),
        """The same engine and the same facts for somebody who is not a clinician: the drug was stopped eight days
before and is still named, since the risk lasts about ten days after the last dose. No treatment and no drug to stop
stands here, and when to seek help stands before everything else.""",
    ),
)  # fmt: skip

HEAD = """<!-- made by docs/worked_cases.py: run it again when an answer changes -->

# Three worked cases

Made-up people from `leukon/knowledge/vignettes/`, where each stands with its source and with what must be answered
about it. leukon is not a medical device: see [intended use](../INTENDED_USE.md).
"""


def assessed(case: Case) -> tuple[vignettes.Vignette, leukon.Assessment]:
    """The vignette of a case and what is answered to its reader."""
    held = next(one for one in vignettes.read() if one.name == case.vignette)
    return held, leukon.assess(vignettes.request(held, case.language, case.audience))


def page() -> str:
    """The whole page."""
    return HEAD + "".join(part(case) for case in CASES)


def part(case: Case) -> str:
    """One case: story, request, picture, answer."""
    held, answer = assessed(case)
    asked = vignettes.request(held, case.language, case.audience)
    sent = {key: value for key, value in asked.items() if value not in ([], {})}
    told = text.render(answer, width=110).rstrip()
    return f"""
## {case.title}

{held.story} ({held.origin["kind"]}: {held.origin["place"]})

{case.look}

![{case.title}: the page that leukon makes]({picture(case)})

<details><summary>What was asked</summary>

```json
{json.dumps(sent, indent=1, ensure_ascii=False)}
```

</details>

<details><summary>The same as text</summary>

```text
{told}
```

</details>
"""


def picture(case: Case) -> str:
    """The file name of a case's picture."""
    return f"case-{case.vignette}.png"


def draw(case: Case, browser: str, folder: Path) -> None:
    """The upper part of the page as the browser shows it. CalledProcessError when the browser fails."""
    file = folder / "page.html"
    file.write_text(html.render(assessed(case)[1]), "utf-8")
    width, height = case.size
    options: list[Any] = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    options += [f"--user-data-dir={folder / 'profile'}", f"--window-size={width},{height}"]
    options += [f"--screenshot={ROOT / 'docs' / picture(case)}", file.as_uri()]
    subprocess.run([browser, *options], check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    made = page()
    if "--check" in sys.argv:
        current = PAGE.exists() and PAGE.read_text("utf-8") == made
        print("docs are current" if current else "out of date: run python docs/worked_cases.py --pictures")
        sys.exit(0 if current else 1)
    PAGE.write_text(made, "utf-8")
    if "--pictures" in sys.argv:
        found = os.environ.get("CHROMIUM") or shutil.which("chromium")
        if not found:
            raise SystemExit("no browser: set CHROMIUM")
        for one in CASES:
            with tempfile.TemporaryDirectory() as scratch:
                draw(one, found, Path(scratch))
