"""Makes the benchmark's data: long Parquet files of blood counts, the same for the same seed.

Mixed units, censored values, percentages beside counts, several laboratories with their own
intervals, duplicates and corrected results. Run `python bench/generate.py --rows 10000000 OUT.parquet`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

# hash() of a label and the row number is the only source of chance: no state, any order, any size.
SQL = """
COPY (
    WITH draws AS (
        SELECT
            range AS n,
            range // {per_sample} AS sample,
            range % {per_sample} AS place,
            (hash('person' || (range // {per_sample})::VARCHAR || {seed}) % {people})::BIGINT AS person,
            (hash('level' || (range // {per_sample})::VARCHAR || {seed}) % 100000) / 100000.0 AS level,
            (hash('part' || range::VARCHAR || {seed}) % 100000) / 100000.0 AS part,
            hash('kind' || range::VARCHAR || {seed}) % 1000 AS kind
        FROM range({rows})
    ),
    shaped AS (
        SELECT
            *,
            (hash('lab' || person::VARCHAR) % 4)::INTEGER AS lab,
            0.4 + 14 * level * level AS wbc
        FROM draws
    ),
    counted AS (
        SELECT
            *,
            CASE place WHEN 0 THEN wbc WHEN 1 THEN wbc * (0.25 + 0.5 * part) WHEN 2 THEN wbc * (0.1 + 0.3 * part)
                ELSE 20 + 400 * part END AS giga
        FROM shaped
    )
    SELECT
        'p' || lpad(person::VARCHAR, 8, '0') AS subject_id,
        'r' || n::VARCHAR AS result_id,
        TIMESTAMP '2020-01-01' + to_hours((hash('time' || sample::VARCHAR) % 35000)::INTEGER) AS collected,
        CASE place WHEN 0 THEN '6690-2' WHEN 1 THEN CASE WHEN lab = 3 THEN '770-8' ELSE '751-8' END
            WHEN 2 THEN '731-0' ELSE '777-3' END AS test,
        CASE
            WHEN kind < 4 THEN 'see note'
            WHEN place = 1 AND lab = 3 THEN round(25 + 50 * part, 1)::VARCHAR
            WHEN kind < 20 AND place < 3 THEN '<' || round(giga, 1)::VARCHAR
            WHEN lab = 1 THEN round(giga * 1000)::BIGINT::VARCHAR
            ELSE round(giga, 2)::VARCHAR
        END AS value,
        CASE
            WHEN kind BETWEEN 4 AND 7 THEN NULL
            WHEN place = 1 AND lab = 3 THEN '%'
            WHEN kind < 20 AND place < 3 THEN '10*9/L'
            WHEN lab = 1 THEN '/uL' WHEN lab = 2 THEN 'K/uL' ELSE '10*9/L'
        END AS unit,
        CASE WHEN lab = 0 OR (lab = 3 AND place = 1) THEN NULL ELSE
            CASE place WHEN 0 THEN 4.0 WHEN 1 THEN 1.8 WHEN 2 THEN 1.0 ELSE 150 END
            * CASE WHEN lab = 1 THEN 1000 ELSE 1 END
        END::DECIMAL(12, 1)::VARCHAR AS low,
        CASE WHEN kind BETWEEN 20 AND 29 THEN 'corrected' ELSE 'final' END AS status,
        CASE WHEN person % 2 = 0 THEN 'F' ELSE 'M' END AS sex,
        (18 + person % 70)::BIGINT AS age_years
    FROM counted
    LEFT JOIN (VALUES (0), (1)) AS twice (copy) ON twice.copy = 0 OR kind BETWEEN 30 AND 39
    ORDER BY n, copy
) TO '{target}' (FORMAT parquet, COMPRESSION zstd)
"""


def generate(target: Path, rows: int, *, people: int = 0, seed: int = 1) -> None:
    """Write `rows` results of `people` persons (default: 50 results each), four results a sample."""
    con = duckdb.connect()
    con.execute("SET preserve_insertion_order = true")
    con.execute(
        SQL.format(per_sample=4, rows=rows, people=people or max(1, rows // 50), seed=f"'{seed}'", target=target)
    )
    con.close()


KNOWN = (
    "clozapine", "methimazole 10 mg tablet", "sulfasalazine", "Vancomycin HCl 1 g IV", "linezolid", "valproate sodium",
    "carbamazepine", "methotrexate", "azathioprine", "mycophenolate mofetil", "ganciclovir", "rituximab",
    "cyclophosphamide", "carboplatin", "paclitaxel", "prednisone", "dexamethasone", "filgrastim", "fingolimod",
    "cefepime",
)  # fmt: skip
"""Drugs that lower or raise counts; hand-reasons.sql has their windows typed into its text."""
OTHER = (
    "sodium chloride 0.9% flush", "potassium chloride", "insulin glargine", "heparin", "furosemide", "metoprolol",
    "lisinopril", "atorvastatin", "ondansetron", "senna", "docusate", "morphine", "oxycodone", "metformin",
    "levothyroxine", "albuterol", "magnesium sulfate", "calcium gluconate", "dextrose 5%", "lactulose", "bisacodyl",
    "melatonin", "gabapentin", "nystatin", "tamsulosin", "warfarin", "amlodipine", "rosuvastatin", "cholecalciferol",
    "ferrous sulfate", "nicotine patch", "acetylcysteine", "lidocaine", "simethicone", "polyethylene glycol",
    "artificial tears", "saline nasal spray", "multivitamin", "thiamine", "glucagon",
)  # fmt: skip
DRUGS = """
COPY (
    SELECT
        'p' || lpad(person::VARCHAR, 8, '0') AS subject_id,
        'd' || n::VARCHAR AS drug_id,
        names[
            1 + (hash('drug' || person::VARCHAR || (n // {people} % {kinds})::VARCHAR || {seed}) % len(names))::INTEGER
        ] AS drug,
        begun AS start,
        begun + (1 + hash('days' || n::VARCHAR || {seed}) % 60)::INTEGER AS stop,
        CASE WHEN hash('status' || n::VARCHAR) % 100 = 0 THEN 'entered-in-error' ELSE 'completed' END AS status
    FROM (
        SELECT
            range AS n, range % {people} AS person, {names} AS names,
            DATE '2020-01-01' + (hash('begun' || range::VARCHAR || {seed}) % 1460)::INTEGER AS begun
        FROM range({rows})
    )
) TO '{target}' (FORMAT parquet, COMPRESSION zstd)
"""


def generate_drugs(target: Path, rows: int, *, people: int, kinds: int = 12, seed: int = 1) -> None:
    """Write `rows` drug records: each person takes `kinds` drugs again and again, a third of them known to leukon."""
    names = "[" + ", ".join(f"'{name}'" for name in (*KNOWN, *OTHER)) + "]"
    con = duckdb.connect()
    con.execute(DRUGS.format(rows=rows, people=people, kinds=kinds, names=names, seed=f"'{seed}'", target=target))
    con.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", type=Path)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    generate(options.target, options.rows, people=options.people, seed=options.seed)
