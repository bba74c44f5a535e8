-- DERIVE: counts that were not reported but follow from what was. Reported beats derived: a derived count exists
-- only where the sample has no usable reported count of that cell type. Each carries its rule and its main input.

-- table: reported
-- Every reported level (a count, or haemoglobin and the like). Shares of the differential are not levels.
SELECT row, subject, sample, analyte, low, high, lln, uln, issues, context, youngest, oldest
FROM usable
WHERE is_level = 1

-- table: whites
-- The white count that shares are multiplied with, one per sample. When it is said to hold nucleated red cells, then
-- WBC x 100 / (100 + nRBC per 100 WBC) (A-07), once.
SELECT
    w.sample, MIN(w.row) AS row,
    MIN(CASE WHEN w.code = 'SUPERSEDED' THEN w.low * 1000000 // (1000000 + w.nrbc_ppm) ELSE w.low END) AS low,
    MAX(CASE WHEN w.code = 'SUPERSEDED' THEN w.high * 1000000 // (1000000 + w.nrbc_ppm) ELSE w.high END) AS high,
    MAX(CASE WHEN w.code = 'SUPERSEDED' THEN 1 ELSE 0 END) AS is_corrected
FROM checked AS w
WHERE w.analyte = 'WBC' AND w.quantity = 'count' AND w.n_wbc = 1 AND (w.code IS NULL OR w.code = 'SUPERSEDED')
GROUP BY w.sample

-- table: shares
-- Shares of the leukocytes beside one white count: the count they stand for, and its exact binomial limits where
-- 100, 200 or 400 cells were counted (A-05). A product is rounded half up to a whole cell.
SELECT
    u.row, u.sample, u.analyte,
    (w.low * u.low + 500000) // 1000000 AS low,
    (w.high * u.high + 500000) // 1000000 AS high,
    (w.low * p.low_ppm + 500000) // 1000000 AS precision_low,
    (w.high * p.high_ppm + 500000) // 1000000 AS precision_high
FROM usable AS u
JOIN whites AS w ON w.sample = u.sample
LEFT JOIN precision AS p
    ON p.cells = u.cells_counted AND u.low = u.high AND p.seen = (u.low * u.cells_counted + 500000) // 1000000
WHERE u.quantity = 'percent' AND u.low <= 1000000 AND u.analyte <> 'NRBC'

-- table: neutrophil_parts
-- Segmented and band neutrophils of one sample, as counts and as shares, and granulocytes.
SELECT
    x.sample,
    CAST(SUM(CASE WHEN x.analyte IN ('SEG', 'BAND') AND x.is_share = 0 THEN x.low END) AS BIGINT) AS count_low,
    CAST(SUM(CASE WHEN x.analyte IN ('SEG', 'BAND') AND x.is_share = 0 THEN x.high END) AS BIGINT) AS count_high,
    MIN(CASE WHEN x.analyte IN ('SEG', 'BAND') AND x.is_share = 0 THEN x.row END) AS count_row,
    COUNT(CASE WHEN x.analyte IN ('SEG', 'BAND') AND x.is_share = 0 THEN 1 END) AS n_counts,
    CAST(SUM(CASE WHEN x.analyte IN ('SEG', 'BAND') AND x.is_share = 1 THEN x.low END) AS BIGINT) AS share_low,
    CAST(SUM(CASE WHEN x.analyte IN ('SEG', 'BAND') AND x.is_share = 1 THEN x.high END) AS BIGINT) AS share_high,
    MIN(CASE WHEN x.analyte IN ('SEG', 'BAND') AND x.is_share = 1 THEN x.row END) AS share_row,
    COUNT(CASE WHEN x.analyte IN ('SEG', 'BAND') AND x.is_share = 1 THEN 1 END) AS n_shares,
    MAX(CASE WHEN x.analyte = 'SEG' AND x.is_share = 0 THEN 1 ELSE 0 END) AS has_seg_count,
    MAX(CASE WHEN x.analyte = 'SEG' AND x.is_share = 1 THEN 1 ELSE 0 END) AS has_seg_share,
    MAX(CASE WHEN x.analyte = 'GRAN' THEN x.high END) AS gran_high,
    MIN(CASE WHEN x.analyte = 'GRAN' THEN x.row END) AS gran_row
FROM (
    SELECT sample, row, analyte, 0 AS is_share, low, high FROM reported WHERE analyte IN ('SEG', 'BAND', 'GRAN')
    UNION ALL
    SELECT sample, row, analyte, 1 AS is_share, low, high FROM shares WHERE analyte IN ('SEG', 'BAND', 'GRAN')
) AS x
GROUP BY x.sample

-- table: has_count
-- Which cell types of which samples were reported as counts (these beat everything below).
SELECT DISTINCT sample, analyte
FROM reported
WHERE analyte IN ('NEUT', 'LYMPH', 'MONO', 'EOS', 'BASO', 'IG', 'BLAST', 'SEG', 'BAND')

-- table: from_shares
-- When only its share was reported, then the count is white count x share.
SELECT
    s.row, s.sample, s.analyte, MIN(s.low) AS low, MAX(s.high) AS high,
    MIN(s.precision_low) AS precision_low, MAX(s.precision_high) AS precision_high,
    CASE WHEN s.analyte = 'NEUT' THEN 'anc.from-percent' ELSE 'count.from-percent' END AS rule_id,
    0 AS partial
FROM shares AS s
LEFT JOIN has_count AS h ON h.sample = s.sample AND h.analyte = s.analyte
WHERE h.sample IS NULL AND s.analyte IN ('NEUT', 'LYMPH', 'MONO', 'EOS', 'BASO', 'IG', 'BLAST')
GROUP BY s.row, s.sample, s.analyte

-- table: from_parts
-- When neither neutrophils nor their share were reported, then segmented + bands (A-01): counts before shares.
-- Segmented alone stand for all, as a part (ANC_PARTIAL); bands alone are only a lower bound, up to the white count.
-- A share of bands is never added to a share of all neutrophils.
SELECT
    CASE WHEN p.n_counts > 0 THEN p.count_row ELSE p.share_row END AS row,
    p.sample, 'NEUT' AS analyte,
    CASE WHEN p.n_counts > 0 THEN p.count_low ELSE p.share_low END AS low,
    CASE
        WHEN p.n_counts > 0 AND p.has_seg_count = 1 THEN p.count_high
        WHEN p.n_counts = 0 AND p.has_seg_share = 1 THEN p.share_high
        WHEN w.high >= p.count_high OR (p.n_counts = 0 AND w.high >= p.share_high) THEN w.high
        ELSE o.open_end_cells
    END AS high,
    CASE
        WHEN p.n_counts > 0 AND p.has_seg_count = 1 THEN 'anc.segs-plus-bands'
        WHEN p.n_counts = 0 AND p.has_seg_share = 1 THEN 'anc.segs-plus-bands-percent'
        ELSE 'anc.bound-bands'
    END AS rule_id,
    CASE WHEN p.n_counts > 1 OR (p.n_counts = 0 AND p.n_shares > 1) THEN 0 ELSE 1 END AS partial
FROM neutrophil_parts AS p
CROSS JOIN constants AS o
LEFT JOIN whites AS w ON w.sample = p.sample
LEFT JOIN has_count AS h ON h.sample = p.sample AND h.analyte = 'NEUT'
LEFT JOIN from_shares AS f ON f.sample = p.sample AND f.analyte = 'NEUT'
WHERE h.sample IS NULL AND f.sample IS NULL AND (p.n_counts > 0 OR p.n_shares > 0)

-- table: known_lineages
-- Counts known so far, for what is left over of the white count.
SELECT sample, analyte, MAX(low) AS low
FROM (
    SELECT sample, analyte, low FROM reported WHERE analyte IN ('NEUT', 'LYMPH', 'MONO', 'EOS', 'BASO')
    UNION ALL
    SELECT sample, analyte, low FROM from_shares WHERE analyte IN ('NEUT', 'LYMPH', 'MONO', 'EOS', 'BASO')
    UNION ALL
    SELECT sample, analyte, low FROM from_parts
) AS k
GROUP BY sample, analyte

-- table: left_over
-- When the other four cell types were reported and neutrophils in no form, then what they leave of the white count
-- is an upper bound of the neutrophils (younger cells are in it too), with one reporting step of slack.
SELECT w.row, w.sample,
    CASE WHEN w.high > k.others THEN w.high - k.others ELSE 0 END + o.above_wbc_cells AS high
FROM whites AS w
JOIN (
    SELECT
        sample, CAST(SUM(CASE WHEN analyte <> 'NEUT' THEN low ELSE 0 END) AS BIGINT) AS others,
        COUNT(CASE WHEN analyte <> 'NEUT' THEN 1 END) AS n_others, COUNT(CASE WHEN analyte = 'NEUT' THEN 1 END) AS n_neut
    FROM known_lineages
    GROUP BY sample
) AS k ON k.sample = w.sample
CROSS JOIN constants AS o
WHERE k.n_others = 4 AND k.n_neut = 0

-- table: bounds
-- When a cell type was not reported in any form, then the white count is its upper bound (SF-4); the bound is
-- written where it says something: under `bound_below` of that cell type. Granulocytes and left-overs bound lower.
SELECT w.row, w.sample, b.analyte, 0 AS low,
    CASE
        WHEN b.analyte = 'NEUT' AND g.gran_high <= w.high THEN g.gran_high
        WHEN b.analyte = 'NEUT' AND l.high <= w.high THEN l.high
        ELSE w.high
    END AS high,
    CASE
        WHEN b.analyte = 'NEUT' AND g.gran_high <= w.high THEN 'anc.bound-granulocytes'
        WHEN b.analyte = 'NEUT' AND l.high <= w.high THEN 'anc.bound-left-over'
        WHEN b.analyte = 'NEUT' THEN 'anc.bound-wbc'
        ELSE 'count.bound-wbc'
    END AS rule_id
FROM whites AS w
JOIN plausible AS b ON b.bound_below > 0
LEFT JOIN known_lineages AS k ON k.sample = w.sample AND k.analyte = b.analyte
LEFT JOIN neutrophil_parts AS g ON g.sample = w.sample AND g.gran_row IS NOT NULL
LEFT JOIN left_over AS l ON l.sample = w.sample
WHERE k.sample IS NULL
    AND (w.high < b.bound_below OR (b.analyte = 'NEUT' AND (g.gran_row IS NOT NULL OR l.sample IS NOT NULL)))

-- table: gran_bounds
-- The same for a granulocyte count without any white count.
SELECT g.gran_row AS row, g.sample, 'NEUT' AS analyte, 0 AS low, g.gran_high AS high, 'anc.bound-granulocytes' AS rule_id
FROM neutrophil_parts AS g
LEFT JOIN whites AS w ON w.sample = g.sample
LEFT JOIN known_lineages AS k ON k.sample = g.sample AND k.analyte = 'NEUT'
WHERE g.gran_row IS NOT NULL AND w.sample IS NULL AND k.sample IS NULL

-- table: derived
SELECT
    d.row, u.subject, d.sample, d.analyte, d.low, d.high, d.precision_low, d.precision_high, d.lln, d.uln, d.rule_id,
    u.context, u.youngest, u.oldest,
    CASE WHEN d.is_bound = 1 THEN 0 ELSE u.issues END
    + c.anc_derived
    + CASE WHEN d.partial = 1 THEN c.anc_partial ELSE 0 END
    + CASE WHEN d.rule_id IN ('anc.bound-wbc', 'count.bound-wbc') THEN c.bound_only ELSE 0 END
    + CASE WHEN d.rule_id = 'anc.bound-granulocytes' THEN c.gran_not_anc ELSE 0 END
    + CASE WHEN d.rule_id = 'anc.bound-left-over' THEN c.residual ELSE 0 END AS issues
FROM (
    SELECT row, sample, analyte, low, high, precision_low, precision_high, CAST(NULL AS BIGINT) AS lln,
        CAST(NULL AS BIGINT) AS uln, rule_id, partial, 0 AS is_bound FROM from_shares
    UNION ALL
    SELECT row, sample, analyte, low, high, NULL, NULL, NULL, NULL, rule_id, partial, 0 FROM from_parts
    UNION ALL
    SELECT row, sample, analyte, low, high, NULL, NULL, NULL, NULL, rule_id, 0, 1 FROM bounds
    UNION ALL
    SELECT row, sample, analyte, low, high, NULL, NULL, NULL, NULL, rule_id, 0, 1 FROM gran_bounds
    UNION ALL
    SELECT w.row, w.sample, 'WBC', w.low, w.high, NULL, NULL, k.lln, k.uln, 'wbc.nrbc-corrected', 0, 0
    FROM whites AS w
    JOIN checked AS k ON k.row = w.row
    WHERE w.is_corrected = 1
) AS d
JOIN checked AS u ON u.row = d.row
CROSS JOIN codes AS c

-- table: computed_beside
-- When a count was reported and its share gives clearly another one, then the reported one is used and both are shown.
SELECT r.row, MIN(s.row) AS other_row
FROM reported AS r
JOIN shares AS s ON s.sample = r.sample AND s.analyte = r.analyte
CROSS JOIN constants AS o
WHERE r.analyte IN ('NEUT', 'LYMPH', 'MONO', 'EOS', 'BASO', 'IG', 'BLAST')
    AND (
        (s.low > r.high + o.inconsistent_cells AND s.low * 100 > r.high * (100 + o.inconsistent_percent))
        OR (r.low > s.high + o.inconsistent_cells AND r.low * 100 > s.high * (100 + o.inconsistent_percent))
    )
GROUP BY r.row

-- table: unpaired
-- When shares stand beside two white counts of one date, then they cannot be paired with one of them.
SELECT DISTINCT sample
FROM usable
WHERE quantity = 'percent' AND n_wbc > 1

-- table: counts
-- Every level to be judged: the reported and the derived.
SELECT
    r.row, r.subject, r.sample, r.analyte, r.low, r.high,
    CAST(NULL AS BIGINT) AS precision_low, CAST(NULL AS BIGINT) AS precision_high, r.lln, r.uln,
    CAST(NULL AS TEXT) AS rule_id, r.context, r.youngest, r.oldest,
    r.issues
    + CASE WHEN d.row IS NOT NULL THEN c.diff_inconsistent ELSE 0 END
    + CASE WHEN p.sample IS NOT NULL AND r.analyte = 'WBC' THEN c.pairing_unclear ELSE 0 END AS issues
FROM reported AS r
CROSS JOIN codes AS c
LEFT JOIN computed_beside AS d ON d.row = r.row
LEFT JOIN unpaired AS p ON p.sample = r.sample
UNION ALL
SELECT row, subject, sample, analyte, low, high, precision_low, precision_high, lln, uln, rule_id,
    context, youngest, oldest, issues
FROM derived
