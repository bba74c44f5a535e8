-- generated from ../grade.sql by tools/translate.py: do not edit

-- table: lower_grades
SELECT
  p.row,
  p.subject,
  p.sample,
  p.low,
  p.high,
  p.issues,
  COALESCE(p.lln, s.value) AS lln,
  p.uln,
  g.band,
  g.term,
  g.direction,
  g.grade,
  g.grade_beyond,
  g.bound_to,
  g.status
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
  p.row,
  g.term,
  g.grade,
  g.grade_beyond,
  g.bound_to
FROM placed AS p
JOIN grade_bands AS g
  ON g.analyte = p.analyte
  AND g.age_band = p.age_band
  AND g.low <= p.high
  AND g.high >= p.high
JOIN editions AS e
  ON e.edition = g.edition
WHERE
  p.low <> p.high AND g.status = 'certain'

-- table: precise_grades
SELECT
  p.row,
  g.term,
  MIN(
    CASE
      WHEN g.grade_beyond IS NULL
      THEN g.grade
      WHEN p.lln IS NULL
      THEN g.grade
      WHEN p.precision_high >= p.lln
      THEN g.grade
      ELSE g.grade_beyond
    END
  ) AS mildest,
  MAX(
    CASE
      WHEN g.grade_beyond IS NULL
      THEN g.grade
      WHEN p.lln IS NULL
      THEN g.grade_beyond
      WHEN p.precision_low < p.lln
      THEN g.grade_beyond
      ELSE g.grade
    END
  ) AS severest
FROM placed AS p
JOIN grade_bands AS g
  ON g.analyte = p.analyte
  AND g.age_band = p.age_band
  AND g.low <= p.precision_high
  AND g.high >= p.precision_low
JOIN editions AS e
  ON e.edition = g.edition
WHERE
  NOT p.precision_low IS NULL AND g.status = 'certain' AND g.direction = 'low'
GROUP BY
  p.row,
  g.term

-- table: ends
SELECT
  a.row,
  a.subject,
  a.sample,
  a.band,
  a.direction,
  a.status,
  a.bound_to,
  a.low,
  a.high,
  a.lln,
  a.issues,
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
    WHEN u.bound_to = 'lln' AND a.lln IS NULL AND a.bound_to = 'lln'
    THEN u.grade_beyond
    WHEN u.bound_to = 'lln' AND a.high < a.lln
    THEN u.grade_beyond
    WHEN u.bound_to = 'uln' AND (
      a.uln IS NULL OR a.high > a.uln
    )
    THEN u.grade_beyond
    ELSE u.grade
  END AS grade_at_high,
  p.mildest AS precise_mildest,
  p.severest AS precise_severest
FROM lower_grades AS a
LEFT JOIN upper_grades AS u
  ON u.row = a.row AND u.term = a.term AND a.low <> a.high
LEFT JOIN precise_grades AS p
  ON p.row = a.row AND p.term = a.term

-- table: spans
SELECT
  e.row,
  e.subject,
  e.sample,
  e.band,
  e.direction,
  e.status,
  e.bound_to,
  e.low,
  e.high,
  e.lln,
  e.issues,
  e.precise_mildest,
  e.precise_severest,
  CASE
    WHEN e.grade_at_low < e.grade_at_high
    THEN e.grade_at_low
    ELSE e.grade_at_high
  END AS mildest,
  CASE
    WHEN e.grade_at_low > e.grade_at_high
    THEN e.grade_at_low
    ELSE e.grade_at_high
  END AS severest
FROM ends AS e

-- table: verdicts
SELECT
  s.row,
  s.subject,
  s.sample,
  s.band,
  s.direction,
  s.low,
  s.high,
  s.lln,
  CASE WHEN s.mildest = s.severest THEN s.mildest END AS grade,
  COALESCE(s.precise_mildest, s.mildest) AS grade_low,
  COALESCE(s.precise_severest, s.severest) AS grade_high,
  CASE
    WHEN s.status <> 'certain'
    THEN s.status
    WHEN s.mildest <> s.severest AND s.low <> s.high
    THEN 'censored'
    WHEN s.mildest <> s.severest
    THEN 'lln-missing'
    WHEN s.precise_mildest <> s.precise_severest
    THEN 'imprecise'
    ELSE 'certain'
  END AS grade_status,
  s.issues + CASE
    WHEN s.status = 'certain'
    AND s.mildest <> s.severest
    AND s.bound_to = 'lln'
    AND s.lln IS NULL
    THEN c.lln_missing
    ELSE 0
  END + CASE
    WHEN s.status = 'certain'
    AND s.direction = 'low'
    AND s.bound_to = ''
    AND s.mildest > 0
    AND s.low >= s.lln
    THEN c.grade_within_range
    ELSE 0
  END + CASE
    WHEN s.status = 'certain'
    AND s.mildest = s.severest
    AND s.precise_mildest <> s.precise_severest
    THEN c.imprecise
    ELSE 0
  END AS issues
FROM spans AS s
CROSS JOIN codes AS c

-- table: graded
SELECT
  v.row,
  v.subject,
  v.sample,
  g.analyte,
  g.edition,
  g.term_id,
  v.direction,
  v.low,
  v.high,
  v.lln,
  g.rule_id,
  v.grade,
  v.grade_low,
  v.grade_high,
  v.grade_status,
  v.issues
FROM verdicts AS v
JOIN grade_words AS g
  ON g.band = v.band
