-- generated from ../export.sql by tools/translate.py: do not edit

-- table: out_values
SELECT
  p.subject_id,
  t.result_id,
  t.collected,
  v.analyte,
  t.value_text,
  t.unit,
  CASE WHEN v.quantity = 'count' THEN v.low END AS low_cells_per_l,
  CASE WHEN v.quantity = 'count' THEN v.high END AS high_cells_per_l,
  CASE WHEN v.quantity IN ('percent', 'ratio') THEN v.low END AS low_ppm,
  CASE WHEN v.quantity IN ('percent', 'ratio') THEN v.high END AS high_ppm,
  CASE WHEN v.quantity IN ('mass', 'volume') THEN v.low END AS low,
  CASE WHEN v.quantity IN ('mass', 'volume') THEN v.high END AS high,
  CASE v.quantity
    WHEN 'count'
    THEN 'cells/L'
    WHEN 'percent'
    THEN 'ppm'
    WHEN 'ratio'
    THEN 'ppm'
    WHEN 'mass'
    THEN 'mg/L'
    ELSE 'aL'
  END AS base_unit,
  v.precision_low AS precision_low_cells_per_l,
  v.precision_high AS precision_high_cells_per_l,
  CASE WHEN v.rule_id IS NULL THEN 'reported' ELSE 'derived' END AS origin,
  v.rule_id,
  v.issues
FROM (
  SELECT
    u.row,
    u.subject,
    u.analyte,
    u.quantity,
    u.low,
    u.high,
    u.issues,
    CAST(NULL AS TEXT) AS rule_id,
    CAST(NULL AS INTEGER) AS precision_low,
    CAST(NULL AS INTEGER) AS precision_high
  FROM usable AS u
  WHERE
    u.is_level = 0
  UNION ALL
  SELECT
    c.row,
    c.subject,
    c.analyte,
    b.dimension,
    c.low,
    c.high,
    c.issues,
    c.rule_id,
    c.precision_low,
    c.precision_high
  FROM counts AS c
  JOIN plausible AS b
    ON b.analyte = c.analyte
) AS v
JOIN people AS p
  ON p.subject = v.subject
JOIN source_rows AS t
  ON t.row = v.row

-- table: out_grades
SELECT
  p.subject_id,
  t.result_id,
  t.collected,
  w.analyte,
  w.scale,
  w.version,
  w.term,
  v.grade,
  v.grade_low,
  v.grade_high,
  v.grade_status,
  CASE WHEN w.is_count = 1 THEN v.lln END AS lln_cells_per_l,
  w.rule_id,
  v.issues
FROM verdicts AS v
JOIN grade_words AS w
  ON w.band = v.band
JOIN people AS p
  ON p.subject = v.subject
JOIN source_rows AS t
  ON t.row = v.row

-- table: sample_times
SELECT
  k.sample,
  MIN(t.collected) AS collected
FROM missing_questions AS k
JOIN results AS r
  ON r.sample = k.sample
JOIN source_rows AS t
  ON t.row = r.row
GROUP BY
  k.sample

-- table: out_findings
SELECT
  p.subject_id,
  COALESCE(t.collected, s.collected) AS collected,
  f.analyte,
  f.question,
  f.state,
  f.finding_id,
  t.result_id,
  CASE WHEN b.dimension = 'count' THEN f.primary_limit END AS primary_limit_cells_per_l,
  f.primary_origin AS primary_limit_origin,
  f.band_id,
  f.issues
FROM found AS f
JOIN people AS p
  ON p.subject = f.subject
LEFT JOIN sample_times AS s
  ON s.sample = f.sample
JOIN plausible AS b
  ON b.analyte = f.analyte
LEFT JOIN source_rows AS t
  ON t.row = f.row

-- table: out_excluded
SELECT
  t.input,
  t.line AS row,
  x.field,
  x.code,
  t.test || ' = ' || t.value_text || ' ' || COALESCE(t.unit, '') AS text,
  p.subject_id,
  t.result_id
FROM excluded_rows AS x
JOIN source_rows AS t
  ON t.row = x.row
JOIN results AS r
  ON r.row = x.row
JOIN people AS p
  ON p.subject = r.subject

-- table: out_episodes
SELECT
  p.subject_id,
  '' AS episode_id,
  '' AS analyte,
  '' AS rule_id,
  CAST(NULL AS INTEGER) AS threshold_cells_per_l,
  '' AS onset,
  '' AS nadir_result_id,
  0 AS nadir_cells_per_l,
  '' AS nadir_at,
  '' AS "end",
  '' AS end_reason,
  0 AS duration_days,
  0 AS n_values,
  CAST(NULL AS INTEGER) AS worst_grade
FROM people AS p
WHERE
  p.subject < 0

-- table: out_explanations
SELECT
  p.subject_id,
  '' AS episode_id,
  '' AS collected,
  '' AS analyte,
  '' AS cause_id,
  '' AS kind,
  '' AS about,
  '' AS timing,
  '' AS timing_rule,
  0 AS days,
  '' AS mechanism,
  '' AS lineage_fits,
  '' AS evidence_level,
  '' AS says_guideline,
  '' AS says_label,
  '' AS says_research,
  '' AS says_reference,
  0 AS clues_present,
  0 AS clues_missing,
  '' AS next_check,
  0 AS place
FROM people AS p
WHERE
  p.subject < 0

-- table: out_monitoring
SELECT
  p.subject_id,
  '' AS rule_id,
  '' AS jurisdiction,
  '' AS cause_id,
  '' AS about,
  '' AS state,
  '' AS decided_by,
  '' AS result_id,
  '' AS collected,
  '' AS action,
  '' AS urgency,
  0 AS due_s,
  0 AS overdue
FROM people AS p
WHERE
  p.subject < 0
