-- generated from ../grade.sql by tools/translate.py: do not edit

-- table: lower_grades
SELECT
  p.row,
  p.subject,
  p.sample,
  p.analyte,
  p.rule_id AS derived_by,
  p.low,
  p.high,
  p.precision_low,
  p.precision_high,
  p.issues,
  COALESCE(p.lln, s.value) AS lln,
  p.uln,
  p.age_band,
  g.edition,
  g.term_id,
  g.direction,
  g.rule_id,
  g.grade,
  g.grade_beyond,
  g.bound_to,
  g.status,
  g.high AS band_high
FROM placed AS p
JOIN grade_bands AS g
  ON g.analyte = p.analyte
  AND g.age_band = p.age_band
  AND g.low <= p.low
  AND g.high >= p.low
JOIN editions AS e
  ON e.edition = g.edition
LEFT JOIN questions AS q
  ON q.analyte = p.analyte AND q.direction = 'low' AND q.uses_laboratory = 1
LEFT JOIN site_limits AS s
  ON s.question = q.question AND s.stratum = p.stratum

-- table: upper_grades
SELECT
  a.row,
  a.term_id,
  a.edition,
  g.rule_id,
  g.grade,
  g.grade_beyond,
  g.bound_to
FROM lower_grades AS a
JOIN grade_bands AS g
  ON g.edition = a.edition
  AND g.term_id = a.term_id
  AND g.age_band = a.age_band
  AND g.low <= a.high
  AND g.high >= a.high
WHERE
  a.high > a.band_high AND a.status = 'certain'

-- table: precise_grades
SELECT
  a.row,
  a.term_id,
  a.edition,
  MIN(
    CASE
      WHEN g.grade_beyond IS NULL
      THEN g.grade
      WHEN a.lln IS NULL
      THEN g.grade
      WHEN a.precision_high >= a.lln
      THEN g.grade
      ELSE g.grade_beyond
    END
  ) AS mildest,
  MAX(
    CASE
      WHEN g.grade_beyond IS NULL
      THEN g.grade
      WHEN a.lln IS NULL
      THEN g.grade_beyond
      WHEN a.precision_low < a.lln
      THEN g.grade_beyond
      ELSE g.grade
    END
  ) AS severest
FROM lower_grades AS a
JOIN grade_bands AS g
  ON g.edition = a.edition
  AND g.term_id = a.term_id
  AND g.age_band = a.age_band
  AND g.low <= a.precision_high
  AND g.high >= a.precision_low
WHERE
  NOT a.precision_low IS NULL AND a.status = 'certain' AND a.direction = 'low'
GROUP BY
  a.row,
  a.term_id,
  a.edition

-- table: ends
SELECT
  a.*,
  CASE
    WHEN a.bound_to = ''
    THEN a.grade
    WHEN a.bound_to = 'lln' AND a.lln IS NULL
    THEN a.grade
    WHEN a.bound_to = 'uln' AND a.uln IS NULL
    THEN a.grade
    WHEN a.bound_to = 'lln' AND a.low < a.lln
    THEN a.grade_beyond
    WHEN a.bound_to = 'uln' AND a.low > a.uln
    THEN a.grade_beyond
    ELSE a.grade
  END AS grade_at_low,
  CASE
    WHEN u.row IS NULL AND a.bound_to = ''
    THEN a.grade
    WHEN u.row IS NULL AND a.bound_to = 'lln' AND a.lln IS NULL
    THEN a.grade_beyond
    WHEN u.row IS NULL AND a.bound_to = 'uln' AND a.uln IS NULL
    THEN a.grade_beyond
    WHEN u.row IS NULL AND a.bound_to = 'lln' AND a.high < a.lln
    THEN a.grade_beyond
    WHEN u.row IS NULL AND a.bound_to = 'uln' AND a.high > a.uln
    THEN a.grade_beyond
    WHEN u.row IS NULL
    THEN a.grade
    WHEN u.bound_to = 'lln' AND a.high < a.lln
    THEN u.grade_beyond
    WHEN u.bound_to = 'uln' AND (
      a.uln IS NULL OR a.high > a.uln
    )
    THEN u.grade_beyond
    ELSE u.grade
  END AS grade_at_high,
  CASE
    WHEN COALESCE(u.bound_to, a.bound_to) = 'lln' AND a.lln IS NULL
    THEN 1
    WHEN COALESCE(u.bound_to, a.bound_to) = 'uln' AND a.uln IS NULL
    THEN 1
    ELSE 0
  END AS limit_missing
FROM lower_grades AS a
LEFT JOIN upper_grades AS u
  ON u.row = a.row AND u.edition = a.edition AND u.term_id = a.term_id

-- table: graded
SELECT
  e.row,
  e.subject,
  e.sample,
  e.analyte,
  e.derived_by,
  e.edition,
  e.term_id,
  e.direction,
  e.low,
  e.high,
  e.lln,
  CASE WHEN e.status = 'certain' THEN e.rule_id END AS rule_id,
  CASE WHEN e.status = 'certain' AND e.mildest = e.severest THEN e.mildest END AS grade,
  CASE WHEN e.status = 'certain' THEN COALESCE(p.mildest, e.mildest) END AS grade_low,
  CASE WHEN e.status = 'certain' THEN COALESCE(p.severest, e.severest) END AS grade_high,
  CASE
    WHEN e.status <> 'certain'
    THEN e.status
    WHEN e.mildest <> e.severest AND e.low <> e.high
    THEN 'censored'
    WHEN e.mildest <> e.severest
    THEN 'lln-missing'
    WHEN p.mildest <> p.severest
    THEN 'imprecise'
    ELSE 'certain'
  END AS grade_status,
  e.issues + CASE
    WHEN e.status = 'certain' AND e.limit_missing = 1 AND e.mildest <> e.severest
    THEN c.lln_missing
    ELSE 0
  END + CASE
    WHEN e.status = 'certain'
    AND e.direction = 'low'
    AND e.bound_to = ''
    AND e.mildest > 0
    AND e.low >= e.lln
    THEN c.grade_within_range
    ELSE 0
  END + CASE
    WHEN e.status = 'certain' AND e.mildest = e.severest AND p.mildest <> p.severest
    THEN c.imprecise
    ELSE 0
  END AS issues
FROM (
  SELECT
    x.*,
    CASE
      WHEN x.grade_at_low < x.grade_at_high
      THEN x.grade_at_low
      ELSE x.grade_at_high
    END AS mildest,
    CASE
      WHEN x.grade_at_low > x.grade_at_high
      THEN x.grade_at_low
      ELSE x.grade_at_high
    END AS severest
  FROM ends AS x
) AS e
CROSS JOIN codes AS c
LEFT JOIN precise_grades AS p
  ON p.row = e.row AND p.edition = e.edition AND p.term_id = e.term_id
