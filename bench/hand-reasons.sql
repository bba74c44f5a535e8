-- The comparator for episodes and explanations, run after hand.sql in the same connection: runs of low counts by two
-- rules, and which of twenty drugs, with their windows typed into the text, may lie behind each. No conditions, clues,
-- monitoring, signs, codes, spelling, sources, or reasons why a drug is not a candidate.
CREATE TEMP TABLE marks AS
SELECT 'low-by-any' AS rule, subject_id, analyte, result_id, collected, high_end,
    CASE WHEN high_end < greatest(coalesce(lln, 0), CASE analyte WHEN 'WBC' THEN 4500000000 WHEN 'NEUT' THEN 2500000000
        ELSE 1500000000 END) THEN 1 ELSE 0 END AS inside
FROM counts WHERE analyte IN ('WBC', 'NEUT', 'LYMPH')
UNION ALL
SELECT 'anc-1.5', subject_id, analyte, result_id, collected, high_end, CASE WHEN high_end < 1500000000 THEN 1 ELSE 0 END
FROM counts WHERE analyte = 'NEUT' AND (high_end < 1500000000 OR low_end >= 1500000000);

CREATE TEMP TABLE steps AS
SELECT *, sum(inside) OVER w AS ins, sum(1 - inside) OVER w AS outs, sum(gap) OVER w AS gaps, row_number() OVER w AS step
FROM (
    SELECT *, CASE WHEN collected - lag(collected) OVER (PARTITION BY rule, analyte, subject_id ORDER BY collected, result_id)
        > INTERVAL 42 DAY THEN 1 ELSE 0 END AS gap
    FROM marks
)
WINDOW w AS (PARTITION BY rule, analyte, subject_id ORDER BY collected, result_id ROWS UNBOUNDED PRECEDING);

CREATE TEMP TABLE spells AS
SELECT rule, analyte, subject_id, number, min(collected) AS onset, max(collected) AS last_low, max(ins) AS ins,
    max(gaps) AS gaps, min(step) AS first_step, max(step) AS last_step, min(high_end) AS nadir,
    arg_min(result_id, high_end) AS nadir_result_id, arg_min(collected, high_end) AS nadir_at,
    number = max(number) OVER (PARTITION BY rule, analyte, subject_id) AS newest
FROM (
    SELECT *, sum(begins) OVER (PARTITION BY rule, analyte, subject_id ORDER BY step ROWS UNBOUNDED PRECEDING) AS number
    FROM (
        SELECT *, CASE WHEN outs - lag(outs) OVER w < 2 AND gaps = lag(gaps) OVER w THEN 0 ELSE 1 END AS begins
        FROM steps WHERE inside = 1
        WINDOW w AS (PARTITION BY rule, analyte, subject_id ORDER BY step)
    )
)
GROUP BY rule, analyte, subject_id, number;

COPY (
    SELECT s.subject_id, s.subject_id || '/' || s.analyte || '/' || s.rule || '/' || s.number AS episode_id, s.analyte,
        s.rule AS rule_id, CASE s.rule WHEN 'anc-1.5' THEN 1500000000 END AS threshold_cells_per_l,
        s.onset::VARCHAR AS onset, s.nadir_result_id, s.nadir AS nadir_cells_per_l, s.nadir_at::VARCHAR AS nadir_at,
        CASE WHEN r.n >= 2 THEN r.first_at ELSE coalesce(r.last_at, s.last_low) END::VARCHAR AS "end",
        CASE WHEN r.n >= 2 THEN 'recovered' WHEN g.gaps > s.gaps THEN 'gap' ELSE 'censored' END AS end_reason,
        date_diff('day', s.onset, CASE WHEN r.n >= 2 THEN r.first_at ELSE coalesce(r.last_at, s.last_low) END)
        AS duration_days,
        s.last_step - s.first_step + 1 + coalesce(r.n, 0) AS n_values,
        CASE WHEN s.analyte = 'NEUT' THEN severity(s.nadir) END AS worst_grade
    FROM spells AS s
    JOIN (SELECT rule, analyte, subject_id, max(gaps) AS gaps FROM steps GROUP BY ALL) AS g
        USING (rule, analyte, subject_id)
    LEFT JOIN (
        SELECT rule, analyte, subject_id, ins, gaps, count(*) AS n, min(collected) AS first_at, max(collected) AS last_at
        FROM steps WHERE inside = 0 GROUP BY ALL
    ) AS r ON r.rule = s.rule AND r.analyte = s.analyte AND r.subject_id = s.subject_id AND r.ins = s.ins
        AND r.gaps = s.gaps
) TO '{out}/episodes.parquet' (FORMAT parquet);

CREATE TEMP TABLE exposures AS
SELECT d.subject_id, d.drug_id, c.cause, c.lowers, c.first_day, c.last_day, c.after_days, c.evidence,
    d.start::TIMESTAMP AS start, d.stop::TIMESTAMP + INTERVAL '86399' SECOND AS stop
FROM read_parquet('{drugs}') AS d
JOIN (VALUES
    ('clozapine', 'clozapine', 'NEUT', NULL, NULL, NULL, 1), ('methimazole 10 mg tablet', 'thiamazole', 'NEUT', 20, 98, 31, 1),
    ('sulfasalazine', 'sulfasalazine', 'NEUT', NULL, 168, NULL, 1), ('Vancomycin HCl 1 g IV', 'vancomycin', 'NEUT', 8, NULL, NULL, 1),
    ('linezolid', 'linezolid', 'ANY', 14, NULL, NULL, 1), ('valproate sodium', 'valproate', 'ANY', 2, 730, NULL, 1),
    ('carbamazepine', 'carbamazepine', 'NEUT', NULL, NULL, NULL, 1), ('methotrexate', 'methotrexate', 'ANY', NULL, NULL, NULL, 1),
    ('azathioprine', 'azathioprine', 'ANY', NULL, NULL, NULL, 1), ('mycophenolate mofetil', 'mycophenolate', 'ANY', 31, 180, NULL, 1),
    ('ganciclovir', 'ganciclovir', 'NEUT', 1, 14, 5, 1), ('rituximab', 'rituximab', 'NEUT', NULL, NULL, 120, 1),
    ('cyclophosphamide', 'cyclophosphamide', 'NEUT', NULL, NULL, NULL, 2), ('carboplatin', 'carboplatin', 'NEUT', NULL, NULL, NULL, 2),
    ('paclitaxel', 'paclitaxel', 'NEUT', NULL, NULL, NULL, 2), ('prednisone', 'prednisone', 'LYMPH', NULL, NULL, 1, 2),
    ('dexamethasone', 'dexamethasone', 'LYMPH', NULL, NULL, 1, 2), ('fingolimod', 'fingolimod', 'LYMPH', 1, NULL, 60, 1),
    ('cefepime', 'cefepime', 'NEUT', 10, NULL, 7, 1)
) AS c (drug, cause, lowers, first_day, last_day, after_days, evidence) USING (drug)
WHERE d.status <> 'entered-in-error';

COPY (
    SELECT *, row_number() OVER (PARTITION BY subject_id, analyte, collected ORDER BY timing_rule, lineage_fits DESC, cause_id) AS place
    FROM (
        SELECT s.subject_id, s.subject_id || '/' || s.analyte || '/low-by-any/' || s.number AS episode_id,
            s.onset::VARCHAR AS collected, s.analyte, x.cause AS cause_id, 'drug' AS kind, min(x.drug_id) AS about,
            CASE WHEN min(x.fit) < 20 THEN 'yes' WHEN min(x.fit) < 30 THEN 'unknown' ELSE 'no' END AS timing,
            min(x.fit)::VARCHAR AS timing_rule, max(date_diff('day', x.start, s.onset)) AS days,
            CASE any_value(x.lowers) WHEN 'ANY' THEN 'yes' WHEN s.analyte THEN 'yes' ELSE CASE s.analyte WHEN 'WBC'
                THEN 'unknown' ELSE 'no' END END AS lineage_fits,
            any_value(x.evidence) AS evidence_level
        FROM spells AS s
        JOIN (
            SELECT s.subject_id, s.analyte, s.number, e.cause, e.drug_id, e.start, e.lowers, e.evidence,
                CASE
                    WHEN e.start > s.last_low THEN 32
                    WHEN e.start > s.onset THEN 23
                    WHEN e.stop < s.onset AND date_diff('day', e.stop, s.onset) <= e.after_days THEN 12
                    WHEN e.stop < s.onset AND e.after_days IS NOT NULL THEN 21
                    WHEN e.stop < s.onset THEN 26
                    WHEN e.first_day IS NULL AND e.last_day IS NULL THEN 22
                    WHEN date_diff('day', e.start, s.onset) BETWEEN coalesce(e.first_day, 0) AND coalesce(e.last_day, 99999)
                        OR date_diff('day', e.start, s.nadir_at) BETWEEN coalesce(e.first_day, 0) AND coalesce(e.last_day, 99999)
                        THEN 11
                    ELSE 21
                END AS fit,
                date_diff('day', e.stop, s.onset) > 365 AS long_ended, s.newest
            FROM spells AS s JOIN exposures AS e ON e.subject_id = s.subject_id WHERE s.rule = 'low-by-any'
        ) AS x ON x.subject_id = s.subject_id AND x.analyte = s.analyte AND x.number = s.number
        WHERE s.rule = 'low-by-any' AND (x.newest OR NOT (x.fit = 32 OR (x.fit = 26 AND x.long_ended)))
        GROUP BY s.subject_id, s.analyte, s.number, s.onset, x.cause
    )
) TO '{out}/explanations.parquet' (FORMAT parquet);
