-- generated from ../limit.sql by tools/translate.py: do not edit

-- table: placed
SELECT
  a.row,
  a.subject,
  a.sample,
  a.analyte,
  a.low,
  a.high,
  a.precision_low,
  a.precision_high,
  a.lln,
  a.uln,
  a.issues,
  a.age_band,
  a.spans_ages,
  s.place,
  s.stratum
FROM (
  SELECT
    c.row,
    c.subject,
    c.sample,
    c.analyte,
    c.low,
    c.high,
    c.precision_low,
    c.precision_high,
    c.lln,
    c.uln,
    c.issues,
    c.context,
    CASE WHEN f.age_band <> l.age_band THEN 1 ELSE 0 END AS spans_ages,
    CASE
      WHEN c.youngest IS NULL
      THEN 0
      WHEN g.age_band IS NULL
      THEN -1
      ELSE g.age_band
    END AS age_band
  FROM counts AS c
  LEFT JOIN age_keys AS f
    ON f.age_key = c.youngest
  LEFT JOIN age_keys AS l
    ON l.age_key = c.oldest
  LEFT JOIN age_spans AS g
    ON g.first_band = f.age_band AND g.last_band = l.age_band
) AS a
JOIN strata AS s
  ON s.age_band = a.age_band AND s.context = a.context

-- table: asked
SELECT
  p.row,
  p.subject,
  p.sample,
  p.analyte,
  p.low,
  p.high,
  p.lln,
  p.uln,
  p.issues,
  p.place,
  p.stratum,
  p.spans_ages,
  q.question,
  q.direction,
  q.uses_laboratory
FROM placed AS p
JOIN questions AS q
  ON q.analyte = p.analyte

-- table: lower_ends
SELECT
  a.*,
  b.band_id,
  b.n_hit,
  b.n_miss,
  b.primary_limit
FROM asked AS a
LEFT JOIN limit_bands AS b
  ON b.question = a.question
  AND b.stratum = a.stratum
  AND b.low <= a.low
  AND b.high >= a.low

-- table: upper_ends
SELECT
  a.row,
  a.question,
  b.n_hit,
  b.n_miss
FROM asked AS a
JOIN limit_bands AS b
  ON b.question = a.question
  AND b.stratum = a.stratum
  AND b.low <= a.high
  AND b.high >= a.high
WHERE
  a.low <> a.high

-- table: votes
SELECT
  a.row,
  a.subject,
  a.sample,
  a.analyte,
  a.low,
  a.high,
  a.issues,
  a.question,
  a.direction,
  a.place,
  a.band_id,
  a.spans_ages,
  a.primary_limit,
  a.lln,
  a.uln,
  s.value AS site_limit,
  CASE WHEN a.uses_laboratory = 1 AND a.direction = 'low' THEN w.low END AS usual_limit,
  CASE WHEN a.direction = 'low' THEN COALESCE(u.n_hit, a.n_hit) ELSE a.n_hit END AS n_hit,
  CASE WHEN a.direction = 'low' THEN a.n_miss ELSE COALESCE(u.n_miss, a.n_miss) END AS n_miss,
  a.n_hit + a.n_miss AS n_published,
  CASE
    WHEN a.uses_laboratory = 0
    THEN NULL
    WHEN a.direction = 'low' AND a.high < a.lln
    THEN 1
    WHEN a.direction = 'low' AND a.low >= a.lln
    THEN 0
    WHEN a.direction = 'high' AND a.low > a.uln
    THEN 1
    WHEN a.direction = 'high' AND a.high <= a.uln
    THEN 0
  END AS laboratory,
  CASE
    WHEN a.uses_laboratory = 0
    THEN 0
    WHEN a.direction = 'low' AND NOT a.lln IS NULL
    THEN 1
    WHEN a.direction = 'high' AND NOT a.uln IS NULL
    THEN 1
    ELSE 0
  END AS has_laboratory,
  CASE
    WHEN a.direction = 'low' AND a.high < s.value
    THEN 1
    WHEN a.direction = 'low' AND a.low >= s.value
    THEN 0
    WHEN a.direction = 'high' AND a.low > s.value
    THEN 1
    WHEN a.direction = 'high' AND a.high <= s.value
    THEN 0
  END AS site,
  CASE
    WHEN a.direction = 'high' OR a.uses_laboratory = 0
    THEN NULL
    WHEN a.high < w.low
    THEN 1
    WHEN a.low >= w.low
    THEN 0
  END AS usual
FROM lower_ends AS a
LEFT JOIN upper_ends AS u
  ON u.row = a.row AND u.question = a.question
LEFT JOIN site_limits AS s
  ON s.question = a.question AND s.stratum = a.stratum
LEFT JOIN usual AS w
  ON w.subject = a.subject AND w.analyte = a.analyte

-- table: limited
SELECT
  v.*,
  v.n_hit + COALESCE(v.laboratory, 0) + COALESCE(v.site, 0) + COALESCE(v.usual, 0) AS yes,
  v.n_miss + CASE WHEN v.laboratory = 0 THEN 1 ELSE 0 END + CASE WHEN v.site = 0 THEN 1 ELSE 0 END + CASE WHEN v.usual = 0 THEN 1 ELSE 0 END AS no,
  v.n_published - v.n_hit - v.n_miss + CASE WHEN v.has_laboratory = 1 AND v.laboratory IS NULL THEN 1 ELSE 0 END + CASE WHEN NOT v.site_limit IS NULL AND v.site IS NULL THEN 1 ELSE 0 END + CASE WHEN NOT v.usual_limit IS NULL AND v.usual IS NULL THEN 1 ELSE 0 END AS unsure,
  CASE
    WHEN v.has_laboratory = 1 AND v.direction = 'low'
    THEN v.lln
    WHEN v.has_laboratory = 1
    THEN v.uln
    WHEN NOT v.site_limit IS NULL
    THEN v.site_limit
    WHEN NOT v.usual_limit IS NULL
    THEN v.usual_limit
    ELSE v.primary_limit
  END AS first_limit,
  CASE
    WHEN v.has_laboratory = 1
    THEN 'laboratory'
    WHEN NOT v.site_limit IS NULL
    THEN 'site'
    WHEN NOT v.usual_limit IS NULL
    THEN 'usual-level'
    WHEN NOT v.primary_limit IS NULL
    THEN 'knowledge'
  END AS first_origin
FROM votes AS v
