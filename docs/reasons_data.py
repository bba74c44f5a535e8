"""Writes reasons-on-real-data.md: episodes and explanations of public data sets that hold drugs.

python docs/reasons_data.py [--check]      the sets lie in $LEUKON_DATA, else in ../shared/data
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from leukon.cohort import Cohort
from leukon.knowledge import load_knowledge

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("LEUKON_DATA") or ROOT.parent / "shared" / "data")
PAGE = ROOT / "docs" / "reasons-on-real-data.md"
MOST = 12
"""How many causes a table shows: those of the most people."""
WATCHED = (
    "azacitidine", "busulfan", "chemotherapy", "cyclophosphamide", "cytarabine", "daunorubicin", "decitabine",
    "doxorubicin", "etoposide", "filgrastim", "fludarabine", "hydroxycarbamide", "lenalidomide", "mercaptopurine",
    "methotrexate", "pegfilgrastim", "rituximab", "valproate",
)  # fmt: skip


class Set(NamedTuple):
    """One data set: its results, map, and the files beside them."""

    name: str
    results: str
    map: str
    drugs: str
    conditions: str
    about: str


SETS = (
    Set(
        "Jost 2020", "jost2020_all_maintenance/anc.csv.gz", "jost2020",
        "jost2020_all_maintenance/dosing_6mp.csv.gz", "",
        "75 children with leukaemia in maintenance, neutrophils and every dose of mercaptopurine (CC BY 4.0).",
    ),
    Set(
        "MIMIC-III demo", "mimic3_demo/labevents.csv.gz", "mimic3", "mimic3_demo/prescriptions.csv.gz",
        "mimic3_demo/diagnoses_icd.csv.gz", "Intensive care; prescriptions by day, ICD-9 diagnoses (ODbL 1.0).",
    ),
    Set(
        "MIMIC-IV demo", "mimic4_demo_csv", "mimic4", "mimic4_demo_csv/prescriptions.csv.gz",
        "mimic4_demo_csv/diagnoses_icd.csv.gz", "Hospital and intensive care; prescriptions, ICD codes (ODbL 1.0).",
    ),
    Set(
        "eICU demo", "eicu_demo/lab_subset.csv.gz", "eicu", "eicu_demo/medication.csv.gz", "eicu_demo/diagnosis.csv.gz",
        "Intensive care of many hospitals; orders with cancellations, diagnoses as text (ODbL 1.0).",
    ),
)  # fmt: skip

HEAD = """<!-- made by docs/reasons_data.py: run it again when a rule or a map changes -->

# Episodes and reasons on real data

What `leukon assess` makes of public data sets that hold drugs beside the counts. Only sums stand here: rows of the sets
under the Open Database License stay out of this repository. No table says what the cause was: it counts what the
records hold, and how the times of that fit the low counts. Durations are in days; counts in x10^9/L.

* An *episode* follows the rule named; explanations are looked for per episode of `low-by-first-limit`, else of
  `low-by-any`.
* *fits*: taken within the time that a source read, or there at the count. *cannot tell*: taken, and no source read says
  when it lowers counts, or the times leave it open. *does not fit*: begun after the last low count, or the source says
  that the risk has ended. What no source was read for is never called *does not fit*.
* An empty list is an answer too: nobody in it has a drug or condition on record that is known to lower the line.
"""

TIMES = {"yes": "fits", "unknown": "cannot tell", "no": "does not fit"}


def page() -> str:
    """The whole page, from a run over every set."""
    return HEAD + "\n".join(part(one) for one in SETS)


def part(one: Set) -> str:
    """One set: its command, its episodes, its explanations."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "tables"
        beside: dict[str, Any] = {"drugs": [DATA / one.drugs]} | (
            {"conditions": [DATA / one.conditions]} if one.conditions else {}
        )
        with Cohort(DATA / one.results, map=ROOT / "examples" / "maps" / f"{one.map}.yaml", **beside) as cohort:
            mentions = cohort.summary()["mentions"]
            cohort.write(out)
        con = duckdb.connect()
        for table in ("episodes", "explanations"):
            con.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{out / table}.parquet')")
        command = f"leukon assess ../shared/data/{one.results} --map examples/maps/{one.map}.yaml \\\n"
        command += f"  --drugs ../shared/data/{one.drugs}"
        command += f" \\\n  --conditions ../shared/data/{one.conditions}" if one.conditions else ""
        parts = [f"\n## {one.name}\n", one.about + "\n", f"```\n{command} --out {one.map}\n```\n", records(mentions)]
        parts += ["", episodes(con), "", people(con), "", causes(con)]
        if told := causes(con, f"cause_id IN {WATCHED}", 40):
            parts += ["\nMedicines against cancer, growth factors and valproate, one by one:\n", told]
        return "\n".join(parts) + "\n"


def records(mentions: dict[str, dict[str, int]]) -> str:
    """What became of the records of drugs and conditions."""
    rows = [(kind, code, f"{n:,}") for kind, codes in mentions.items() for code, n in codes.items()]
    return table(("records", "what became of them", "n"), rows)


def episodes(con: duckdb.DuckDBPyConnection) -> str:
    """Number, durations and ends of the episodes by rule and cell type."""
    rows = con.execute(
        """SELECT rule_id, analyte, count(*), count(DISTINCT subject_id), median(duration_days),
            quantile_disc(duration_days, 0.9), max(duration_days), median(nadir_cells_per_l / 1e9),
            count(*) FILTER (end_reason = 'recovered'), count(*) FILTER (end_reason = 'gap'),
            count(*) FILTER (end_reason = 'censored')
        FROM episodes GROUP BY 1, 2 ORDER BY 1, 2"""
    ).fetchall()
    return table(
        ("rule", "cells", "episodes", "people", "median days", "90th percentile", "longest", "median nadir",
         "recovered", "cut off by a gap", "counts end"),
        [(*row[:4], f"{row[4]:.0f}", *row[5:7], f"{row[7]:.2f}", *row[8:]) for row in rows],
    )  # fmt: skip


def people(con: duckdb.DuckDBPyConnection) -> str:
    """How many people with low counts have a candidate, by cell type."""
    rows = con.execute(
        """SELECT analyte, count(DISTINCT e.subject_id), count(DISTINCT x.subject_id),
            count(DISTINCT CASE WHEN x.timing = 'yes' THEN x.subject_id END)
        FROM episodes AS e LEFT JOIN explanations AS x USING (subject_id, analyte)
        WHERE e.rule_id = 'low-by-any' AND (x.kind IS NULL OR x.kind <> 'hides') GROUP BY 1 ORDER BY 1"""
    ).fetchall()
    return table(("cells", "people ever low", "with a candidate", "with one whose time fits"), rows)


def causes(con: duckdb.DuckDBPyConnection, which: str = "true", most: int = MOST) -> str:
    """The causes of the most people, with how their times fit; "" when there are none."""
    names = {id_: cause.name["en"] for id_, cause in load_knowledge().causes.items()}
    rows = con.execute(
        f"""SELECT cause_id, kind, count(DISTINCT subject_id),
            {", ".join(f"count(DISTINCT CASE WHEN timing = '{fits}' THEN subject_id END)" for fits in TIMES)}
        FROM explanations WHERE {which} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT {most}"""
    ).fetchall()
    if not rows:
        return ""
    heads = ("cause", "kind", "people", *(f"{word}, people" for word in TIMES.values()))
    return table(heads, [(names.get(row[0], row[0]), *row[1:]) for row in rows])


def table(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """A Markdown table."""
    listed = [[str(cell) for cell in row] for row in rows]
    names = [*heads]
    return "\n".join(f"| {' | '.join(row)} |" for row in (names, ["---"] * len(names), *listed))


if __name__ == "__main__":
    made = page()
    if "--check" in sys.argv:
        current = PAGE.exists() and PAGE.read_text("utf-8") == made
        print("docs are current" if current else "out of date: run python docs/reasons_data.py")
        sys.exit(0 if current else 1)
    PAGE.write_text(made, "utf-8")
