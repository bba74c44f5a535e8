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
  CASE WHEN v.quantity IN ('mass', 'volume', 'presence') THEN v.low END AS low,
  CASE WHEN v.quantity IN ('mass', 'volume', 'presence') THEN v.high END AS high,
  CASE v.quantity
    WHEN 'count'
    THEN 'cells/L'
    WHEN 'percent'
    THEN 'ppm'
    WHEN 'ratio'
    THEN 'ppm'
    WHEN 'mass'
    THEN 'mg/L'
    WHEN 'presence'
    THEN 'presence'
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
    CAST(NULL AS BIGINT) AS precision_low,
    CAST(NULL AS BIGINT) AS precision_high
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

-- table: row_words
SELECT
  r.row,
  MIN(t.result_id) AS result_id,
  MIN(t.collected) AS collected
FROM (
  SELECT
    onset_row AS row
  FROM episodes
  UNION ALL
  SELECT
    nadir_row
  FROM episodes
  UNION ALL
  SELECT
    end_row
  FROM episodes
  UNION ALL
  SELECT
    row
  FROM explained
  UNION ALL
  SELECT
    row
  FROM monitored
  WHERE
    NOT row IS NULL
) AS r
JOIN source_rows AS t
  ON t.row = r.row
GROUP BY
  r.row

-- table: episode_ids
SELECT
  e.*,
  p.subject_id,
  w.rule_id,
  p.subject_id || '/' || e.analyte || '/' || w.rule_id || '/' || CAST(e.number AS TEXT) AS episode_id
FROM episodes AS e
JOIN people AS p
  ON p.subject = e.subject
JOIN episode_rule_words AS w
  ON w.rule = e.rule

-- table: out_episodes
SELECT
  e.subject_id,
  e.episode_id,
  e.analyte,
  e.rule_id,
  e.threshold AS threshold_cells_per_l,
  o.collected AS onset,
  n.result_id AS nadir_result_id,
  e.nadir AS nadir_cells_per_l,
  n.collected AS nadir_at,
  z.collected AS "end",
  e.end_reason,
  e.duration_days,
  e.n_values,
  e.worst_grade
FROM episode_ids AS e
JOIN row_words AS o
  ON o.row = e.onset_row
JOIN row_words AS n
  ON n.row = e.nadir_row
JOIN row_words AS z
  ON z.row = e.end_row

-- table: mention_words
SELECT
  m.kind,
  m.row,
  m.mention_id
FROM mention_ids AS m
JOIN (
  SELECT
    CASE WHEN x.is_drug = 1 THEN 'drug' ELSE 'condition' END AS kind,
    x.about AS row
  FROM explained AS x
  WHERE
    NOT x.about IS NULL
  UNION
  SELECT
    'drug',
    about
  FROM monitored
) AS n
  ON n.kind = m.kind AND n.row = m.row

-- table: out_explanations
SELECT
  p.subject_id,
  e.episode_id,
  t.collected,
  x.analyte,
  w.cause_id,
  x.kind,
  COALESCE(m.mention_id, w.cause_id) AS about,
  CASE x.fits WHEN 1 THEN 'yes' WHEN 0 THEN 'no' ELSE 'unknown' END AS timing,
  x.fit AS timing_rule,
  x.days,
  w.mechanism,
  CASE x.lineage WHEN 1 THEN 'yes' WHEN 0 THEN 'no' ELSE 'unknown' END AS lineage_fits,
  w.evidence_level,
  w.says_guideline,
  w.says_label,
  w.says_research,
  w.says_reference,
  x.clues_present,
  x.clues_missing,
  w.next_check,
  x.place
FROM explained AS x
JOIN people AS p
  ON p.subject = x.subject
JOIN cause_words AS w
  ON w.cause = x.cause
LEFT JOIN row_words AS t
  ON t.row = x.row
LEFT JOIN episode_ids AS e
  ON e.episode = x.episode
LEFT JOIN mention_words AS m
  ON m.row = x.about
  AND m.kind = CASE WHEN x.is_drug = 1 THEN 'drug' ELSE 'condition' END

-- table: out_monitoring
SELECT
  p.subject_id,
  g.rule_id,
  g.jurisdiction,
  w.cause_id,
  COALESCE(m.mention_id, w.cause_id) AS about,
  r.state,
  d.analyte AS decided_by,
  t.result_id,
  t.collected,
  r.action,
  COALESCE(r.urgency, 'none') AS urgency,
  d.due_s,
  d.overdue
FROM monitored AS d
JOIN people AS p
  ON p.subject = d.subject
JOIN programme_words AS g
  ON g.programme = d.programme
JOIN cause_words AS w
  ON w.cause = d.cause
LEFT JOIN rung_words AS r
  ON r.programme = d.programme AND r.rung = d.rung
LEFT JOIN row_words AS t
  ON t.row = d.row
LEFT JOIN mention_words AS m
  ON m.row = d.about AND m.kind = 'drug'
