"""Measures leukon against a hand-written query on the same data, and writes docs/performance.md.

    python bench/run.py                  10 million rows, 5 runs each
    python bench/run.py --rows 1000000 --runs 3

Each measurement is a process of its own; the two sides take turns, so that a change of the machine's
speed meets both. What counts is the ratio of the medians in one run; seconds are of this machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from generate import generate, generate_drugs  # noqa: E402

TARGET = HERE.parent / "docs" / "performance.md"

BOUND = "1600MB"
"""What leukon gives DuckDB: with the rest of the process at most 2 GiB, the bound of the target."""

LEUKON = """
import leukon as lk
lk.assess_files(["{source}"], out="{out}", scales=["CTCAE@5.0", "CTCAE@6.0"], drugs=["{drugs}"])
"""
HAND = """
import duckdb, pathlib
out = pathlib.Path("{out}")
out.mkdir(exist_ok=True)
con = duckdb.connect()
con.execute("SET threads = 2")
if "{memory}":
    con.execute("SET memory_limit = '{memory}'")
    con.execute("SET temp_directory = '{out}'")
for name in ("hand.sql", "hand-reasons.sql"):
    con.execute(pathlib.Path("{here}", name).read_text().format(source="{source}", drugs="{drugs}", out=out))
"""
SCAN = """
import duckdb
duckdb.connect().execute("SELECT count(value), count(unit), count(low), max(collected) FROM '{source}'").fetchall()
"""
REQUEST = """
import json, statistics, time
import leukon as lk
names = ("WBC", "NEUT", "LYMPH", "MONO", "EOS")
values = ("3.6", "1.2", "1.4", "0.3", "0.1")
rows = [
    {{"id": f"o{{m}}{{n}}", "code": {{"text": n}}, "value": v, "unit": "10*9/L", "low": "1.0",
      "collected": f"2026-{{1 + m // 28:02}}-{{1 + m % 28:02}}T08:00:00Z"}}
    for m in range({results} // 5) for n, v in zip(names, values)
]
known = [c for c in lk.load_knowledge().causes.values() if c.role == "active" and c.lowers]
drugs = [{{"text": c.name["en"], "start": "2025-12-01"}} for c in known if c.type == "drug"][:{drugs}]
conditions = [{{"text": c.name["en"], "start": "2025-06-01"}} for c in known if c.type == "condition"][:{conditions}]
request = {{"subject": {{"id": "p1", "sex": "female", "age_years": "56"}}, "observations": rows,
            "medications": drugs, "conditions": conditions}}
lk.assess(request)
times = []
for _ in range({count}):
    start = time.perf_counter()
    lk.assess(request).to_json()
    times.append((time.perf_counter() - start) * 1000)
times.sort()
print(json.dumps([statistics.median(times), times[int(len(times) * 0.99)]]))
"""
REQUESTS = {"20 results": (20, 0, 0), "200 results, 30 drugs, 20 conditions": (200, 30, 20)}
"""What is asked: numbers of results, drugs and conditions."""


class Run(NamedTuple):
    """One process: wall and CPU seconds, peak memory in MB, what it printed."""

    wall: float
    cpu: float
    peak: float
    printed: str


def measure(code: str, *command: str) -> Run:
    """Run Python code (or a command) as a process of its own."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as printed:
        child = subprocess.Popen(command or (sys.executable, "-c", code), stdout=printed)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"a measured process ended with {child.returncode}")
        printed.seek(0)
        return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed.read())


def quiet(limit: float = 0.5, patience: int = 60) -> float:
    """Wait until the machine has little else to do; return the load at the end of the wait."""
    for _ in range(patience):
        if os.getloadavg()[0] < limit:
            break
        time.sleep(1)
    return os.getloadavg()[0]


def spread(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--keep", type=Path, help="folder for the data, kept and reused")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="leukon-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    source, drugs = folder / f"rows-{options.rows}.parquet", folder / f"drugs-{2 * options.rows}.parquet"
    if not source.exists():
        generate(source, options.rows)
    if not drugs.exists():
        generate_drugs(drugs, 2 * options.rows, people=max(1, options.rows // 50))
    load = quiet()
    runs: dict[str, list[Run]] = {"scan": [], "hand": [], "bounded": [], "leukon": []}
    failed: set[str] = set()
    codes = {"scan": SCAN, "hand": HAND, "bounded": HAND, "leukon": LEUKON}
    for _ in range(options.runs):
        for name, code in codes.items():
            out = folder / f"out-{name}"
            shutil.rmtree(out, ignore_errors=True)
            memory = BOUND if name == "bounded" else ""
            if name in failed:
                continue
            try:
                runs[name].append(measure(code.format(source=source, drugs=drugs, out=out, here=HERE, memory=memory)))
            except SystemExit:
                if name != "bounded":
                    raise
                failed.add(name)  # out of memory: said in the table
    requests = {}
    for name, (results, taken, had) in REQUESTS.items():
        asked = REQUEST.format(count=options.requests, results=results, drugs=taken, conditions=had)
        requests[name] = tuple(json.loads(measure(asked).printed))
    import_ = [measure("import leukon").wall for _ in range(options.runs)]
    bare = [measure("pass").wall for _ in range(options.runs)]
    help_ = [measure("", sys.executable, "-m", "leukon", "--help").wall for _ in range(options.runs)]
    ratios = {
        name: [a.wall / b.wall for a, b in zip(runs["leukon"], runs[name], strict=True)]
        for name in ("bounded", "hand")
        if name not in failed
    }
    write(options, load, runs, ratios, requests, (import_, bare, help_))
    if not options.keep:
        shutil.rmtree(folder, ignore_errors=True)


def write(
    options: argparse.Namespace,
    load: float,
    runs: dict[str, list[Run]],
    ratios: dict[str, list[float]],
    requests: dict[str, tuple[float, float]],
    starts: tuple[list[float], list[float], list[float]],
) -> None:
    lines = [
        "# Performance",
        "",
        "Made by `python3 dev.py bench`; the data generator and the comparator are in `bench/`. Seconds are of one",
        "machine on one day; the ratios are what to compare. "
        f"{os.cpu_count()} cores, Python {platform.python_version()}, {options.rows:,} rows, "
        f"{options.runs} runs each in turn, load before the start {load:.2f}"
        + (" (quiet)." if load < 0.5 else " (**not quiet**)."),
        "",
        f"## Files: {options.rows:,} results and {2 * options.rows:,} drug records in Parquet, all stages, tables out",
        "",
        "| work | wall s: median (min to max) | CPU s | peak MB |",
        "|---|---|---|---|",
    ]
    titles = {
        "scan": "bare scan of the columns",
        "hand": "hand-written DuckDB query, all the memory there is",
        "bounded": f"hand-written DuckDB query, memory_limit {BOUND}",
        "leukon": "leukon",
    }
    for name, title in titles.items():
        if not runs[name]:
            lines.append(f"| {title} | out of memory | | |")
            continue
        wall, cpu = spread([r.wall for r in runs[name]]), statistics.median(r.cpu for r in runs[name])
        lines.append(f"| {title} | {wall} | {cpu:.1f} | {max(r.peak for r in runs[name]):.0f} |")
    middle = {name: f"**{statistics.median(r):.2f}** ({min(r):.2f} to {max(r):.2f})" for name, r in ratios.items()}
    beyond = statistics.median(starts[0]) - statistics.median(starts[1])
    lines += [
        "",
        "leukon / hand-written within the same memory: "
        + middle.get("bounded", "it does not fit")
        + f"; with all memory: {middle['hand']}.",
        "Targets: at most 3, and at most 2048 MB.",
        "",
        "The work: two scales, verdicts, episodes by two rules and the candidate drugs of every run of low counts. The",
        "hand-written query has every limit and window typed into its text and knows adults only: no ages, pregnancy,",
        "Duffy type, newborns, manual differentials, pairing doubts, conditions, monitoring, clues, sources, reasons.",
        "",
        "## One request to the finished Assessment",
        "",
        "| request | median ms | 99th percentile ms | target |",
        "|---|---|---|---|",
        *(
            f"| {name} | {median:.1f} | {tail:.1f} | {target} |"
            for (name, (median, tail)), target in zip(requests.items(), ("20", "40"), strict=True)
        ),
        "",
        f"Measured over {options.requests} requests after the first; targets are for the 99th percentile.",
        "",
        "## Start",
        "",
        "| command | wall s: median (min to max) | target |",
        "|---|---|---|",
        f"| `import leukon`, beyond an empty Python | {beyond:.3f} | 0.25 |",
        f"| `leukon --help`, whole process | {spread(starts[2])} | 0.5 |",
        "",
    ]
    TARGET.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
