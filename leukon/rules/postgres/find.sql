-- generated from ../find.sql by tools/translate.py: do not edit

-- table: severity
SELECT
  v.row,
  f.question,
  MAX(f.grade) AS grade,
  MAX(f.finding_id) AS finding_id
FROM verdicts AS v
JOIN grade_words AS g
  ON g.band = v.band
JOIN grade_findings AS f
  ON f.edition = g.edition AND f.grade = v.grade_low
GROUP BY
  v.row,
  f.question

-- table: pregnancies
SELECT
  c.subject
FROM conditions AS c
JOIN person_causes AS x
  ON x.about = 'pregnancy' AND x.cause = c.cause
JOIN people AS p
  ON p.subject = c.subject AND p.pregnancy = 'unknown' AND p.sex <> 'male'
JOIN samples AS s
  ON s.subject = c.subject
CROSS JOIN constants AS k
WHERE
  c.status = 'present' AND c.end_s IS NULL
GROUP BY
  c.subject
HAVING
  COUNT(c.start_s) = 0
  OR COUNT(s.at_s) = 0
  OR MAX(s.at_s) - MAX(c.start_s) <= MIN(k.pregnancy_s)

-- table: answers
SELECT
  l.row,
  l.subject,
  l.sample,
  l.analyte,
  l.question,
  l.direction,
  l.low,
  l.high,
  l.first_limit,
  l.first_origin,
  l.band_id,
  l.laboratory,
  l.site,
  l.usual,
  s.duffy_null,
  v.grade AS severity,
  v.finding_id AS severity_finding,
  CASE
    WHEN l.yes > 0 AND l.no = 0 AND l.unsure = 0
    THEN q.word_all
    WHEN l.yes > 0
    THEN q.word_some
    WHEN l.unsure > 0
    THEN 'cannot-tell'
    WHEN s.newborn = 1 AND l.n_published = 0 AND l.direction = 'low'
    THEN 'cannot-tell'
    WHEN l.spans_ages = 1 AND s.child = 1 AND l.n_published = 0 AND l.direction = 'low'
    THEN 'cannot-tell'
    WHEN NOT g.subject IS NULL AND l.direction = 'low'
    THEN 'cannot-tell'
    WHEN l.no > 0
    THEN q.word_none
    ELSE 'cannot-tell'
  END AS state,
  l.issues + CASE
    WHEN NOT g.subject IS NULL AND l.direction = 'low' AND l.yes = 0 AND s.pregnant = 0
    THEN c.not_covered
    ELSE 0
  END + CASE
    WHEN l.first_limit IS NULL AND q.uses_laboratory = 1 AND l.yes + l.no + l.unsure > 0
    THEN c.no_primary_limit
    ELSE 0
  END + CASE
    WHEN s.newborn = 1 AND l.n_published = 0 AND l.direction = 'low' AND l.yes = 0
    THEN c.newborn_chart_needed
    ELSE 0
  END + CASE WHEN s.newborn = 0 AND l.yes + l.no + l.unsure = 0 THEN c.no_limit ELSE 0 END + CASE
    WHEN s.newborn = 0 AND s.child = 1 AND l.n_published = 0 AND l.direction = 'low'
    THEN c.age_not_covered
    ELSE 0
  END + CASE
    WHEN s.pregnant = 1 AND l.n_published = 0 AND l.direction = 'low'
    THEN c.not_covered
    ELSE 0
  END + CASE
    WHEN (
      s.child = 1 OR s.pregnant = 1
    )
    AND l.laboratory = 0
    AND l.direction = 'low'
    AND l.n_hit > 0
    THEN c.range_not_for_age
    ELSE 0
  END AS issues
FROM limited AS l
JOIN questions AS q
  ON q.question = l.question
JOIN strata AS s
  ON s.place = l.place
CROSS JOIN codes AS c
LEFT JOIN severity AS v
  ON v.row = l.row AND v.question = l.question
LEFT JOIN pregnancies AS g
  ON g.subject = l.subject

-- table: ranked_answers
SELECT
  a.*,
  ROW_NUMBER() OVER (
    PARTITION BY a.sample, a.question
    ORDER BY CASE WHEN a.direction = 'low' THEN a.low ELSE -a.high END ASC NULLS FIRST, a.row ASC NULLS FIRST
  ) AS place
FROM answers AS a
JOIN (
  SELECT
    sample,
    question
  FROM answers
  GROUP BY
    sample,
    question
  HAVING
    COUNT(*) > 1
) AS d
  ON d.sample = a.sample AND d.question = a.question

-- table: agreed
SELECT
  sample,
  question,
  MIN(state) AS least,
  MAX(state) AS most
FROM ranked_answers
GROUP BY
  sample,
  question

-- table: missing_questions
SELECT
  s.sample,
  s.subject,
  q.analyte,
  q.question
FROM samples AS s
JOIN questions AS q
  ON q.question IN ('leukopenia', 'neutropenia', 'lymphopenia')
LEFT JOIN answers AS a
  ON a.sample = s.sample AND a.question = q.question
WHERE
  a.sample IS NULL AND s.has_white = 1

-- table: lines
SELECT
  p.sample,
  MIN(p.subject) AS subject,
  MIN(p.row) AS row,
  MIN(CASE WHEN p.analyte = 'HGB' THEN p.low END) AS hgb_low,
  MAX(CASE WHEN p.analyte = 'HGB' THEN p.high END) AS hgb_high,
  MIN(CASE WHEN p.analyte = 'PLT' THEN p.low END) AS plt_low,
  MAX(CASE WHEN p.analyte = 'PLT' THEN p.high END) AS plt_high,
  MIN(CASE WHEN p.analyte = 'WBC' THEN p.low END) AS wbc_low,
  MAX(CASE WHEN p.analyte = 'WBC' THEN p.high END) AS wbc_high,
  MIN(CASE WHEN p.analyte = 'NEUT' THEN p.low END) AS neut_low,
  MAX(CASE WHEN p.analyte = 'NEUT' THEN p.high END) AS neut_high,
  MAX(CASE WHEN p.analyte = 'HGB' THEN p.lln END) AS hgb_lln,
  MAX(CASE WHEN p.analyte = 'PLT' THEN p.lln END) AS plt_lln,
  MAX(CASE WHEN p.analyte = 'WBC' THEN p.lln END) AS wbc_lln,
  MAX(CASE WHEN p.analyte = 'NEUT' THEN p.lln END) AS neut_lln
FROM placed AS p
WHERE
  p.analyte IN ('HGB', 'PLT', 'WBC', 'NEUT')
GROUP BY
  p.sample
HAVING
  MAX(CASE WHEN p.analyte = 'HGB' THEN 1 ELSE 0 END) + MAX(CASE WHEN p.analyte = 'PLT' THEN 1 ELSE 0 END) + MAX(CASE WHEN p.analyte IN ('WBC', 'NEUT') THEN 1 ELSE 0 END) = 3

-- table: set_verdicts
SELECT
  l.sample,
  'laboratory' AS set_id,
  CASE
    WHEN l.hgb_low >= l.hgb_lln OR l.plt_low >= l.plt_lln
    THEN 0
    WHEN NOT l.wbc_low IS NULL AND l.wbc_low >= l.wbc_lln
    THEN 0
    WHEN l.wbc_low IS NULL AND l.neut_low >= l.neut_lln
    THEN 0
    WHEN l.hgb_high < l.hgb_lln AND l.plt_high < l.plt_lln AND l.wbc_high < l.wbc_lln
    THEN 1
    WHEN l.hgb_high < l.hgb_lln
    AND l.plt_high < l.plt_lln
    AND l.wbc_low IS NULL
    AND l.neut_high < l.neut_lln
    THEN 1
  END AS verdict
FROM lines AS l
UNION ALL
SELECT
  v.sample,
  v.set_id,
  CASE WHEN MIN(v.is_low) = 0 THEN 0 WHEN COUNT(v.is_low) = COUNT(*) THEN 1 END AS verdict
FROM (
  SELECT
    u.sample,
    u.set_id,
    u.analyte,
    CASE
      WHEN MIN(u.is_low) = MAX(u.is_low) AND COUNT(u.is_low) = COUNT(*)
      THEN MIN(u.is_low)
    END AS is_low
  FROM (
    SELECT
      l.sample,
      d.set_id,
      d.analyte,
      CASE
        WHEN d.analyte = 'HGB' AND l.hgb_high < d.value
        THEN 1
        WHEN d.analyte = 'HGB' AND l.hgb_low >= d.value
        THEN 0
        WHEN d.analyte = 'PLT' AND l.plt_high < d.value
        THEN 1
        WHEN d.analyte = 'PLT' AND l.plt_low >= d.value
        THEN 0
        WHEN d.analyte = 'WBC' AND l.wbc_high < d.value
        THEN 1
        WHEN d.analyte = 'WBC' AND l.wbc_low >= d.value
        THEN 0
        WHEN d.analyte = 'NEUT' AND l.neut_high < d.value
        THEN 1
        WHEN d.analyte = 'NEUT' AND l.neut_low >= d.value
        THEN 0
      END AS is_low
    FROM lines AS l
    JOIN persons AS p
      ON p.subject = l.subject
    JOIN combined_sets AS d
      ON d.sex = 'any' OR d.sex = p.sex OR p.sex = 'unknown'
  ) AS u
  GROUP BY
    u.sample,
    u.set_id,
    u.analyte
) AS v
GROUP BY
  v.sample,
  v.set_id

-- table: combined
SELECT
  l.sample,
  l.subject,
  l.row,
  CASE
    WHEN COUNT(v.verdict) = 0
    THEN 'cannot-tell'
    WHEN MIN(v.verdict) = 1 AND COUNT(v.verdict) = COUNT(*)
    THEN 'yes-by-all'
    WHEN MAX(v.verdict) = 1
    THEN 'yes-by-some'
    WHEN COUNT(v.verdict) = COUNT(*)
    THEN 'no'
    ELSE 'cannot-tell'
  END AS state
FROM lines AS l
JOIN set_verdicts AS v
  ON v.sample = l.sample
GROUP BY
  l.sample,
  l.subject,
  l.row

-- table: found
SELECT
  a.subject,
  a.sample,
  a.analyte,
  a.question,
  a.row,
  CASE
    WHEN NOT g.sample IS NULL AND g.least <> g.most
    THEN 'cannot-tell'
    ELSE a.state
  END AS state,
  CASE
    WHEN a.severity > 2
    THEN a.severity_finding
    WHEN a.severity > 0 AND a.duffy_null = 0 AND a.state IN ('low-by-all', 'low-by-some')
    THEN a.severity_finding
    WHEN NOT x.finding_id IS NULL
    THEN x.finding_id
    WHEN NOT g.sample IS NULL AND g.least <> g.most
    THEN a.question || '.cannot-tell'
    ELSE a.question || '.' || a.state
  END AS finding_id,
  a.first_limit AS primary_limit,
  a.first_origin AS primary_origin,
  a.band_id,
  a.laboratory,
  a.site,
  a.usual,
  a.low,
  a.high,
  a.severity,
  a.issues
FROM answers AS a
LEFT JOIN ranked_answers AS r
  ON r.row = a.row AND r.question = a.question
LEFT JOIN agreed AS g
  ON g.sample = a.sample AND g.question = a.question
LEFT JOIN severe_limits AS x
  ON x.question = a.question
  AND (
    (
      x.bound = 'upper' AND a.low > x.value
    )
    OR (
      x.bound = 'lower' AND a.high < x.value
    )
  )
WHERE
  r.place IS NULL OR r.place = 1
UNION ALL
SELECT
  m.subject,
  m.sample,
  m.analyte,
  m.question,
  NULL,
  'cannot-tell',
  m.question || '.cannot-tell',
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  c.not_reported
FROM missing_questions AS m
CROSS JOIN codes AS c
UNION ALL
SELECT
  b.subject,
  b.sample,
  'WBC',
  'pancytopenia',
  b.row,
  b.state,
  'pancytopenia.' || b.state,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  0
FROM combined AS b
