-- The comparator: what a good analyst writes by hand in DuckDB for the same work on the same file, with every limit
-- typed into the text: reject unreadable rows, drop duplicates, convert units, compute ANC from percent, grade CTCAE
-- 5.0 and 6.0, say by whose limit each count is low, and write the same columns. No ages, no pregnancy, no newborns,
-- no manual differentials, no sources, no explanation of why.
CREATE TEMP TABLE parsed AS
SELECT
    *,
    starts_with(value, '<') AS censored,
    (try_cast(replace(value, '<', '') AS DECIMAL(28, 4)) * CASE unit
        WHEN '10*9/L' THEN 1000000000 WHEN 'K/uL' THEN 1000000000 WHEN '/uL' THEN 1000000 WHEN '%' THEN 10000 END
    )::BIGINT AS number,
    (low::DECIMAL(28, 4) * CASE unit WHEN '/uL' THEN 1000000 ELSE 1000000000 END)::BIGINT AS lln,
    CASE test WHEN '6690-2' THEN 'WBC' WHEN '751-8' THEN 'NEUT' WHEN '770-8' THEN 'NEUT' WHEN '731-0' THEN 'LYMPH'
        WHEN '777-3' THEN 'PLT' END AS analyte,
    row_number() OVER (
        PARTITION BY subject_id, collected, test
        ORDER BY CASE status WHEN 'corrected' THEN 0 ELSE 1 END, result_id
    ) AS place
FROM read_parquet('{source}');

COPY (
    SELECT 'bench.parquet' AS input, NULL::BIGINT AS row, 'value' AS field,
        CASE WHEN unit IS NULL THEN 'UNIT_MISSING' WHEN number IS NULL THEN 'RESULT_NOT_NUMERIC' ELSE 'DUPLICATE' END
        AS code,
        test || ' = ' || value || ' ' || coalesce(unit, '') AS text, subject_id, result_id
    FROM parsed WHERE number IS NULL OR unit IS NULL OR place > 1
) TO '{out}/excluded.parquet' (FORMAT parquet);

CREATE TEMP TABLE used AS
SELECT subject_id, result_id, collected, analyte, value, unit, lln,
    CASE WHEN censored THEN 0 ELSE number END AS low_end,
    CASE WHEN censored THEN number - 1 ELSE number END AS high_end
FROM parsed WHERE number IS NOT NULL AND unit IS NOT NULL AND place = 1;

CREATE TEMP TABLE counts AS
SELECT subject_id, result_id, collected, analyte, value, unit, lln, low_end, high_end, 'reported' AS origin,
    NULL::VARCHAR AS rule_id
FROM used WHERE unit <> '%'
UNION ALL
SELECT p.subject_id, p.result_id, p.collected, 'NEUT', p.value, p.unit, NULL,
    (w.low_end * p.low_end + 500000) // 1000000, (w.high_end * p.high_end + 500000) // 1000000, 'derived',
    'anc.from-percent'
FROM used AS p JOIN used AS w
    ON w.subject_id = p.subject_id AND w.collected = p.collected AND w.analyte = 'WBC' AND p.unit = '%';

COPY (
    SELECT subject_id, result_id, collected::VARCHAR AS collected, analyte, value AS value_text, unit,
        low_end AS low_cells_per_l, high_end AS high_cells_per_l, NULL::BIGINT AS low_ppm, NULL::BIGINT AS high_ppm,
        NULL::BIGINT AS low, NULL::BIGINT AS high, 'cells/L' AS base_unit,
        NULL::BIGINT AS precision_low_cells_per_l, NULL::BIGINT AS precision_high_cells_per_l, origin, rule_id,
        0::BIGINT AS issues
    FROM counts
    UNION ALL
    SELECT subject_id, result_id, collected::VARCHAR, analyte, value, unit, NULL, NULL, low_end, high_end, NULL, NULL,
        'ppm', NULL, NULL, 'reported', NULL, 0
    FROM used WHERE unit = '%'
) TO '{out}/values.parquet' (FORMAT parquet);

CREATE TEMP MACRO wbc_grade(v, lln) AS CASE WHEN v < 1000000000 THEN 4 WHEN v < 2000000000 THEN 3
    WHEN v < 3000000000 THEN 2 WHEN lln IS NULL THEN NULL WHEN v < lln THEN 1 ELSE 0 END;
CREATE TEMP MACRO neut_grade_5(v, lln) AS CASE WHEN v < 500000000 THEN 4 WHEN v < 1000000000 THEN 3
    WHEN v < 1500000000 THEN 2 WHEN lln IS NULL THEN NULL WHEN v < lln THEN 1 ELSE 0 END;
CREATE TEMP MACRO neut_grade_6(v) AS CASE WHEN v < 100000000 THEN 4 WHEN v < 500000000 THEN 3
    WHEN v < 1000000000 THEN 2 WHEN v < 1500000000 THEN 1 ELSE 0 END;
CREATE TEMP MACRO lymph_grade(v, lln) AS CASE WHEN v < 200000000 THEN 4 WHEN v < 500000000 THEN 3
    WHEN v < 800000000 THEN 2 WHEN lln IS NULL THEN NULL WHEN v < lln THEN 1 ELSE 0 END;
CREATE TEMP MACRO lymph_high(v) AS CASE WHEN v > 20000000000 THEN 3 WHEN v > 4000000000 THEN 2 ELSE 0 END;
CREATE TEMP MACRO leukocytosis(v) AS CASE WHEN v > 100000000000 THEN 3 ELSE 0 END;
CREATE TEMP MACRO severity(v) AS CASE WHEN v < 100000000 THEN 4 WHEN v < 500000000 THEN 3 WHEN v < 1000000000 THEN 2
    WHEN v < 1500000000 THEN 1 ELSE 0 END;

COPY (
    WITH ends AS (
        SELECT *, t.scale, t.version, t.term,
            CASE t.rule
                WHEN 'wbc' THEN wbc_grade(low_end, lln) WHEN 'n5' THEN neut_grade_5(low_end, lln)
                WHEN 'n6' THEN neut_grade_6(low_end) WHEN 'l5' THEN lymph_grade(low_end, lln)
                WHEN 'lh' THEN lymph_high(low_end) WHEN 'wh' THEN leukocytosis(low_end) WHEN 's' THEN severity(low_end)
            END AS at_low,
            CASE t.rule
                WHEN 'wbc' THEN wbc_grade(high_end, lln) WHEN 'n5' THEN neut_grade_5(high_end, lln)
                WHEN 'n6' THEN neut_grade_6(high_end) WHEN 'l5' THEN lymph_grade(high_end, lln)
                WHEN 'lh' THEN lymph_high(high_end) WHEN 'wh' THEN leukocytosis(high_end)
                WHEN 's' THEN severity(high_end)
            END AS at_high
        FROM counts JOIN (VALUES
            ('WBC', 'CTCAE', '5.0', 'White blood cell decreased', 'wbc'), ('WBC', 'CTCAE', '6.0', 'White blood cell decreased', 'wbc'),
            ('WBC', 'CTCAE', '5.0', 'Leukocytosis', 'wh'), ('WBC', 'CTCAE', '6.0', 'Leukocytosis', 'wh'),
            ('NEUT', 'CTCAE', '5.0', 'Neutrophil count decreased', 'n5'), ('NEUT', 'CTCAE', '6.0', 'Neutrophil count decreased', 'n6'),
            ('NEUT', 'CTCAE', '5.0', 'Febrile neutropenia', ''), ('NEUT', 'CTCAE', '6.0', 'Febrile neutropenia', ''),
            ('NEUT', 'CTCAE', '6.0', 'Neutrophil count increased', ''), ('NEUT', 'CLINICAL-SEVERITY', 'consensus', 'Neutropenia', 's'),
            ('LYMPH', 'CTCAE', '5.0', 'Lymphocyte count decreased', 'l5'), ('LYMPH', 'CTCAE', '6.0', 'Lymphocyte count decreased', ''),
            ('LYMPH', 'CTCAE', '6.0', 'Lymphopenia', ''),
            ('LYMPH', 'CTCAE', '5.0', 'Lymphocyte count increased', 'lh'), ('LYMPH', 'CTCAE', '6.0', 'Lymphocyte count increased', 'lh')
        ) AS t (analyte, scale, version, term, rule) USING (analyte)
    )
    SELECT subject_id, result_id, collected::VARCHAR AS collected, analyte, scale, version, term,
        CASE WHEN at_low = at_high THEN at_low END AS grade, least(at_low, at_high) AS grade_low,
        greatest(at_low, at_high) AS grade_high,
        CASE WHEN rule = '' THEN 'not-applicable' WHEN at_low IS NULL OR at_high IS NULL THEN 'lln-missing'
            WHEN at_low <> at_high THEN 'censored' ELSE 'certain' END AS grade_status,
        lln AS lln_cells_per_l, scale || '.' || analyte || '.g' || at_low AS rule_id, 0::BIGINT AS issues
    FROM ends
) TO '{out}/grades.parquet' (FORMAT parquet);

COPY (
    SELECT subject_id, collected::VARCHAR AS collected, analyte, question,
        CASE
            WHEN votes_low = votes THEN question || '-by-all' WHEN votes_low > 0 THEN question || '-by-some'
            WHEN votes = 0 THEN 'cannot-tell' ELSE 'not-low' END AS state,
        question || '.' || severity(high_end) AS finding_id, result_id,
        lln AS primary_limit_cells_per_l, CASE WHEN lln IS NOT NULL THEN 'laboratory' END AS primary_limit_origin,
        votes_low::BIGINT AS band_id, 0::BIGINT AS issues
    FROM (
        SELECT *, CASE analyte WHEN 'WBC' THEN 'leukopenia' WHEN 'NEUT' THEN 'neutropenia' WHEN 'LYMPH' THEN 'lymphopenia'
                ELSE 'thrombocytopenia' END AS question,
            CASE WHEN lln IS NULL THEN 0 ELSE 1 END
            + CASE analyte WHEN 'WBC' THEN 7 WHEN 'NEUT' THEN 7 WHEN 'LYMPH' THEN 6 ELSE 0 END AS votes,
            CASE WHEN high_end < lln THEN 1 ELSE 0 END
            + CASE analyte
                WHEN 'WBC' THEN (high_end < 4500000000)::INT + (high_end < 4000000000)::INT + (high_end < 3600000000)::INT
                    + (high_end < 3530000000)::INT + (high_end < 3500000000)::INT + (high_end < 3100000000)::INT
                    + (high_end < 3000000000)::INT
                WHEN 'NEUT' THEN (high_end < 2500000000)::INT + (high_end < 2000000000)::INT + (high_end < 1900000000)::INT
                    + (high_end < 1830000000)::INT + (high_end < 1800000000)::INT + (high_end < 1500000000)::INT
                    + (high_end < 1470000000)::INT
                WHEN 'LYMPH' THEN (high_end < 1500000000)::INT + (high_end < 1200000000)::INT + (high_end < 1000000000)::INT
                    + (high_end < 900000000)::INT + (high_end < 875000000)::INT + (high_end < 650000000)::INT
                ELSE 0 END AS votes_low
        FROM counts
    )
    UNION ALL
    SELECT subject_id, collected::VARCHAR, 'WBC', 'leukocytosis',
        CASE WHEN low_end > 11000000000 THEN 'high-by-all' ELSE 'not-high' END, 'leukocytosis', result_id, NULL, NULL,
        0::BIGINT, 0::BIGINT
    FROM counts WHERE analyte = 'WBC'
    UNION ALL
    SELECT subject_id, collected::VARCHAR, 'NEUT', 'agranulocytosis',
        CASE WHEN high_end < 200000000 THEN 'yes-by-all' WHEN high_end < 500000000 THEN 'yes-by-some' ELSE 'no' END,
        'agranulocytosis', result_id, NULL, NULL, 0::BIGINT, 0::BIGINT
    FROM counts WHERE analyte = 'NEUT'
) TO '{out}/findings.parquet' (FORMAT parquet);
