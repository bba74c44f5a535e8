-- generated from ../explain.sql by tools/translate.py: do not edit

-- table: runs
SELECT
  e.subject,
  e.episode,
  e.analyte,
  e.onset_row,
  e.onset_s,
  e.nadir_s,
  e.last_s,
  e.n_values
FROM episodes AS e
JOIN tracks AS t
  ON t.rule = e.rule AND t.analyte = e.analyte AND t.kind = 'first-limit'
WHERE
  e.explains = 1
UNION ALL
SELECT
  e.subject,
  e.episode,
  e.analyte,
  e.onset_row,
  e.onset_s,
  e.nadir_s,
  e.last_s,
  e.n_values
FROM episodes AS e
JOIN tracks AS t
  ON t.rule = e.rule AND t.analyte = e.analyte AND t.kind = 'verdict'
LEFT JOIN (
  SELECT DISTINCT
    a.episode
  FROM episodes AS a
  JOIN tracks AS u
    ON u.rule = a.rule AND u.analyte = a.analyte AND u.kind = 'verdict'
  JOIN episodes AS c
    ON c.subject = a.subject
    AND c.analyte = a.analyte
    AND c.onset_s >= a.onset_s
    AND c.onset_s <= a.last_s
  JOIN tracks AS v
    ON v.rule = c.rule AND v.analyte = c.analyte AND v.kind = 'first-limit'
) AS x
  ON x.episode = e.episode
WHERE
  e.explains = 1 AND x.episode IS NULL

-- table: anchors
SELECT
  e.subject,
  e.episode,
  e.analyte,
  e.onset_row AS row,
  e.onset_s,
  e.nadir_s,
  e.last_s,
  e.n_values,
  CASE WHEN m.onset_s = e.onset_s THEN 1 ELSE 0 END AS newest,
  CASE WHEN b.previous_is_low = 0 THEN b.previous_s END AS well_s
FROM runs AS e
JOIN (
  SELECT
    subject,
    analyte,
    MAX(onset_s) AS onset_s
  FROM runs
  GROUP BY
    subject,
    analyte
) AS m
  ON m.subject = e.subject AND m.analyte = e.analyte
JOIN beside_previous AS b
  ON b.subject = e.subject AND b.analyte = e.analyte AND b.row = e.onset_row
UNION ALL
SELECT
  f.subject,
  CAST(NULL AS BIGINT),
  f.analyte,
  f.row,
  CAST(NULL AS BIGINT),
  CAST(NULL AS BIGINT),
  CAST(NULL AS BIGINT),
  1,
  1,
  CAST(NULL AS BIGINT)
FROM found AS f
JOIN followed AS q
  ON q.question = f.question AND q.explained = 1
JOIN samples AS s
  ON s.sample = f.sample
WHERE
  s.at_s IS NULL AND NOT f.low IS NULL AND f.state IN ('low-by-all', 'low-by-some')

-- table: records
SELECT
  d.row,
  d.subject,
  d.cause,
  d.start_s,
  d.stop_s,
  MAX(COALESCE(d.stop_s, d.start_s)) OVER (
    PARTITION BY d.subject, d.cause
    ORDER BY d.start_s ASC, d.row ASC
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ) AS before_s,
  MAX(CASE WHEN d.stop_s IS NULL THEN 1 ELSE 0 END) OVER (
    PARTITION BY d.subject, d.cause
    ORDER BY d.start_s ASC, d.row ASC
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ) AS open_before
FROM drugs AS d
JOIN causes AS c
  ON c.cause = d.cause AND c.active = 1
WHERE
  d.status = 'taken'

-- table: numbered_records
SELECT
  r.row,
  r.subject,
  r.cause,
  r.start_s,
  r.stop_s,
  CAST(SUM(
    CASE
      WHEN r.start_s - r.before_s > k.new_course_s AND r.open_before = 0
      THEN 1
      ELSE 0
    END
  ) OVER (
    PARTITION BY r.subject, r.cause
    ORDER BY r.start_s ASC, r.row ASC
    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  ) AS BIGINT) AS course
FROM records AS r
CROSS JOIN constants AS k

-- table: taken
SELECT
  t.row,
  t.subject,
  t.cause,
  t.start_s,
  t.stop_s,
  c.lowers,
  c.has_window,
  c.from_s,
  c.to_s,
  c.after_s,
  c.closes,
  ROW_NUMBER() OVER (
    PARTITION BY t.subject
    ORDER BY CASE WHEN t.start_s IS NULL THEN 1 ELSE 0 END ASC, -t.start_s ASC, t.cause ASC, t.row ASC
  ) AS recency
FROM (
  SELECT
    subject,
    cause,
    course,
    MAX(row) AS row,
    MIN(start_s) AS start_s,
    CASE WHEN COUNT(stop_s) = COUNT(*) THEN MAX(stop_s) END AS stop_s
  FROM numbered_records
  GROUP BY
    subject,
    cause,
    course
) AS t
JOIN causes AS c
  ON c.cause = t.cause

-- table: unrecognised
SELECT DISTINCT
  d.subject
FROM drugs AS d
LEFT JOIN causes AS c
  ON c.cause = d.cause
WHERE
  d.status = 'taken' AND (
    d.cause IS NULL OR c.active = 0
  )

-- table: had
SELECT
  u.*,
  ROW_NUMBER() OVER (
    PARTITION BY u.subject
    ORDER BY CASE WHEN u.start_s IS NULL THEN 1 ELSE 0 END ASC, -u.start_s ASC, u.cause ASC, u.row ASC
  ) AS recency
FROM (
  SELECT
    h.row,
    h.subject,
    h.cause,
    h.start_s,
    h.end_s,
    h.status,
    c.lowers
  FROM conditions AS h
  JOIN causes AS c
    ON c.cause = h.cause AND c.active = 1
  WHERE
    h.status IN ('present', 'resolved')
  UNION ALL
  SELECT
    CAST(NULL AS BIGINT),
    p.subject,
    x.cause,
    CAST(NULL AS BIGINT),
    CAST(NULL AS BIGINT),
    CASE x.about WHEN 'duffy' THEN 'lifelong' ELSE 'present' END,
    c.lowers
  FROM people AS p
  JOIN person_causes AS x
    ON (
      x.about = 'pregnancy' AND NOT p.pregnancy IN ('no', 'unknown')
    )
    OR (
      x.about = 'duffy' AND p.duffy = 'null'
    )
  JOIN causes AS c
    ON c.cause = x.cause AND c.active = 1
) AS u

-- table: drug_times
SELECT
  a.subject,
  a.analyte,
  a.row,
  t.cause,
  t.recency,
  a.onset_s,
  a.last_s,
  t.start_s,
  a.newest,
  CASE WHEN a.onset_s - t.stop_s > k.ended_s THEN 1 ELSE 0 END AS long_ended,
  CASE
    WHEN a.onset_s IS NULL OR (
      t.start_s IS NULL AND t.stop_s IS NULL
    )
    THEN 25
    WHEN t.start_s > a.onset_s
    THEN 90
    WHEN t.stop_s < a.onset_s
    AND a.onset_s - t.stop_s <= t.after_s
    AND COALESCE(a.onset_s - t.start_s >= t.from_s, TRUE)
    THEN 12
    WHEN t.stop_s < a.onset_s AND t.closes = 1 AND a.well_s >= t.stop_s + t.after_s
    THEN 31
    WHEN t.stop_s < a.onset_s AND NOT t.after_s IS NULL
    THEN 21
    WHEN t.stop_s < a.onset_s
    THEN 26
    WHEN t.has_window = 0 OR t.start_s IS NULL
    THEN 22
    WHEN a.onset_s - t.start_s < t.from_s OR a.onset_s - t.start_s > t.to_s
    THEN 21
    ELSE 11
  END AS at_onset,
  CASE
    WHEN a.nadir_s IS NULL OR (
      t.start_s IS NULL AND t.stop_s IS NULL
    )
    THEN 25
    WHEN t.start_s > a.nadir_s
    THEN 90
    WHEN t.stop_s < a.nadir_s
    AND a.nadir_s - t.stop_s <= t.after_s
    AND COALESCE(a.nadir_s - t.start_s >= t.from_s, TRUE)
    THEN 12
    WHEN t.stop_s < a.nadir_s AND t.closes = 1 AND a.well_s >= t.stop_s + t.after_s
    THEN 31
    WHEN t.stop_s < a.nadir_s AND NOT t.after_s IS NULL
    THEN 21
    WHEN t.stop_s < a.nadir_s
    THEN 26
    WHEN t.has_window = 0 OR t.start_s IS NULL
    THEN 22
    WHEN a.nadir_s - t.start_s < t.from_s OR a.nadir_s - t.start_s > t.to_s
    THEN 21
    ELSE 11
  END AS at_nadir
FROM anchors AS a
CROSS JOIN constants AS k
JOIN taken AS t
  ON t.subject = a.subject AND t.lowers = 1

-- table: drug_fits
SELECT
  b.subject,
  b.analyte,
  b.row,
  b.cause,
  MIN(b.fit * 1000000000000 + b.recency) AS pick
FROM (
  SELECT
    d.subject,
    d.analyte,
    d.row,
    d.cause,
    d.recency,
    d.newest,
    d.long_ended,
    CASE
      WHEN d.at_onset = 90 AND d.start_s > d.last_s
      THEN 32
      WHEN d.at_onset = 90
      THEN 27
      WHEN d.at_nadir < d.at_onset
      THEN d.at_nadir
      ELSE d.at_onset
    END AS fit
  FROM drug_times AS d
) AS b
WHERE
  b.newest = 1 OR NOT (
    b.fit = 32 OR (
      b.fit = 26 AND b.long_ended = 1
    )
  )
GROUP BY
  b.subject,
  b.analyte,
  b.row,
  b.cause

-- table: condition_fits
SELECT
  b.subject,
  b.analyte,
  b.row,
  b.cause,
  MIN(b.fit * 1000000000000 + b.recency) AS pick
FROM (
  SELECT
    a.subject,
    a.analyte,
    a.row,
    h.cause,
    h.recency,
    CASE
      WHEN h.status = 'lifelong'
      THEN 13
      WHEN h.start_s > a.last_s OR h.start_s > a.onset_s
      THEN 24
      WHEN h.end_s < a.onset_s
      THEN 26
      WHEN h.start_s IS NULL AND h.end_s IS NULL AND h.status = 'present' AND a.newest = 1
      THEN 13
      WHEN a.onset_s IS NULL OR (
        h.start_s IS NULL AND h.end_s IS NULL
      )
      THEN 25
      WHEN h.status = 'resolved' AND h.end_s IS NULL
      THEN 26
      ELSE 13
    END AS fit
  FROM anchors AS a
  JOIN had AS h
    ON h.subject = a.subject AND h.lowers = 1
  WHERE
    a.newest = 1 OR NOT h.row IS NULL OR h.status = 'lifelong'
) AS b
GROUP BY
  b.subject,
  b.analyte,
  b.row,
  b.cause

-- table: now
SELECT
  p.subject,
  n.sample,
  n.row,
  n.at_s,
  CASE
    WHEN NOT o.as_of_s IS NULL AND (
      NOT n.at_s IS NULL OR n.sample IS NULL
    )
    THEN o.as_of_s
    ELSE n.at_s
  END AS now_s
FROM people AS p
CROSS JOIN options AS o
LEFT JOIN (
  SELECT
    j.subject,
    j.sample,
    j.row,
    j.at_s,
    ROW_NUMBER() OVER (
      PARTITION BY j.subject
      ORDER BY CASE WHEN j.at_s IS NULL THEN 1 ELSE 0 END ASC, -j.at_s ASC, j.row ASC
    ) AS place
  FROM kept AS j
) AS n
  ON n.subject = p.subject AND n.place = 1

-- table: hidden_by
SELECT
  h.subject,
  h.row,
  h.cause,
  h.analyte,
  h.kind,
  MIN(h.fit * 1000000000000 + h.recency) AS pick
FROM (
  SELECT
    n.subject,
    n.row,
    x.cause,
    x.analyte,
    'drug' AS kind,
    d.recency,
    CASE
      WHEN n.now_s IS NULL OR (
        d.start_s IS NULL AND d.stop_s IS NULL
      )
      THEN 25
      WHEN d.start_s > n.now_s
      THEN 90
      WHEN d.stop_s < n.at_s AND n.at_s - d.stop_s <= COALESCE(d.after_s, 0)
      THEN 12
      WHEN d.stop_s < n.at_s AND n.at_s - d.stop_s <= k.hides_s
      THEN 26
      WHEN d.stop_s < n.at_s
      THEN 90
      ELSE 13
    END AS fit
  FROM now AS n
  CROSS JOIN constants AS k
  JOIN taken AS d
    ON d.subject = n.subject
  JOIN cause_hides AS x
    ON x.cause = d.cause
  UNION ALL
  SELECT
    n.subject,
    n.row,
    x.cause,
    x.analyte,
    'condition' AS kind,
    h.recency,
    CASE
      WHEN h.start_s > n.now_s OR h.status = 'resolved'
      THEN 90
      WHEN h.end_s < n.at_s AND n.at_s - h.end_s <= k.hides_s
      THEN 26
      WHEN h.end_s < n.at_s
      THEN 90
      ELSE 13
    END
  FROM now AS n
  CROSS JOIN constants AS k
  JOIN had AS h
    ON h.subject = n.subject
  JOIN cause_hides AS x
    ON x.cause = h.cause
) AS h
WHERE
  h.fit < 90
GROUP BY
  h.subject,
  h.row,
  h.cause,
  h.analyte,
  h.kind

-- table: candidates
SELECT
  f.subject,
  a.episode,
  f.row,
  f.analyte,
  f.cause,
  f.kind,
  f.is_drug,
  f.pick DIV 1000000000000 AS fit_code,
  COALESCE(d.row, h.row) AS about,
  COALESCE(d.start_s, h.start_s) AS start_s,
  COALESCE(d.stop_s, h.end_s) AS stop_s,
  l.fits AS lineage,
  COALESCE(a.newest, 1) AS newest,
  a.onset_s
FROM (
  SELECT
    subject,
    analyte,
    row,
    cause,
    pick,
    'drug' AS kind,
    1 AS is_drug
  FROM drug_fits
  UNION ALL
  SELECT
    subject,
    analyte,
    row,
    cause,
    pick,
    'condition',
    0
  FROM condition_fits
  UNION ALL
  SELECT
    subject,
    analyte,
    row,
    cause,
    pick,
    'hides',
    CASE WHEN kind = 'drug' THEN 1 ELSE 0 END
  FROM hidden_by
) AS f
LEFT JOIN anchors AS a
  ON a.subject = f.subject
  AND a.analyte = f.analyte
  AND a.row = f.row
  AND f.kind <> 'hides'
LEFT JOIN taken AS d
  ON f.is_drug = 1 AND d.subject = f.subject AND d.recency = f.pick % 1000000000000
LEFT JOIN had AS h
  ON f.is_drug = 0 AND h.subject = f.subject AND h.recency = f.pick % 1000000000000
LEFT JOIN cause_lines AS l
  ON l.cause = f.cause AND l.analyte = f.analyte AND f.kind <> 'hides'

-- table: newest_whites
SELECT
  c.subject,
  MAX(s.at_s) AS at_s
FROM counts AS c
JOIN samples AS s
  ON s.sample = c.sample
WHERE
  c.analyte = 'WBC'
GROUP BY
  c.subject

-- table: last_levels
SELECT
  r.subject,
  r.sample,
  r.analyte,
  r.row,
  r.low,
  r.high,
  r.at_s,
  r.is_span
FROM (
  SELECT
    p.subject,
    p.sample,
    p.analyte,
    p.row,
    p.low,
    p.high,
    s.at_s,
    CASE WHEN p.low = p.high THEN 0 ELSE 1 END AS is_span,
    ROW_NUMBER() OVER (
      PARTITION BY p.subject, p.analyte, CASE WHEN p.low = p.high THEN 0 ELSE 1 END
      ORDER BY CASE WHEN s.at_s IS NULL THEN 0 ELSE 1 END ASC, -s.at_s ASC, p.low ASC, p.row ASC
    ) AS place
  FROM counts AS p
  JOIN samples AS s
    ON s.sample = p.sample
  LEFT JOIN newest_whites AS w
    ON w.subject = p.subject
  WHERE
    p.rule_id IS NULL
    OR NOT p.rule_id IN ('anc.bound-wbc', 'count.bound-wbc')
    OR w.at_s IS NULL
    OR s.at_s >= w.at_s
) AS r
WHERE
  r.place = 1

-- table: newest_levels
SELECT
  r.subject,
  r.analyte,
  r.row,
  r.low,
  r.high,
  r.at_s,
  MAX(CASE WHEN NOT e.edition IS NULL THEN v.grade_low END) AS severity
FROM last_levels AS r
LEFT JOIN last_levels AS o
  ON o.subject = r.subject AND o.analyte = r.analyte AND o.is_span <> r.is_span
LEFT JOIN verdicts AS v
  ON v.row = r.row AND v.sample = r.sample
LEFT JOIN grade_words AS g
  ON g.band = v.band AND g.analyte = r.analyte
LEFT JOIN severity_editions AS e
  ON e.edition = g.edition
WHERE
  o.row IS NULL
  OR r.at_s IS NULL
  OR (
    NOT o.at_s IS NULL AND r.at_s > o.at_s
  )
  OR (
    r.at_s = o.at_s AND r.is_span = 0
  )
  OR (
    r.is_span = 0 AND o.low <= r.low AND o.high >= r.low
  )
GROUP BY
  r.subject,
  r.analyte,
  r.row,
  r.low,
  r.high,
  r.at_s

-- table: measured
SELECT
  subject,
  analyte AS measure,
  low,
  high,
  CAST(NULL AS BIGINT) AS ago_s
FROM newest_levels
UNION ALL
SELECT
  v.subject,
  v.measure,
  v.low,
  v.high,
  CASE WHEN v.measured_s <= n.now_s THEN n.now_s - v.measured_s END
FROM vitals AS v
JOIN now AS n
  ON n.subject = v.subject
WHERE
  NOT v.low IS NULL
UNION ALL
SELECT
  subject,
  'age',
  MAX(low_h),
  MAX(high_h),
  CAST(NULL AS BIGINT)
FROM judged
WHERE
  low_h >= 0 AND code IS NULL
GROUP BY
  subject
UNION ALL
SELECT
  n.subject,
  u.analyte,
  u.low,
  u.high,
  CAST(NULL AS BIGINT)
FROM now AS n
JOIN usable AS u
  ON u.sample = n.sample
WHERE
  u.analyte = 'PROMY' OR (
    u.analyte = 'BLAST' AND u.is_level = 0
  )

-- table: last_answers
SELECT
  r.subject,
  r.question,
  r.state,
  r.finding_id,
  r.at_s,
  r.place
FROM (
  SELECT
    f.subject,
    f.question,
    f.state,
    f.finding_id,
    s.at_s,
    ROW_NUMBER() OVER (
      PARTITION BY f.subject, f.question
      ORDER BY CASE WHEN s.at_s IS NULL THEN 0 ELSE 1 END ASC, -s.at_s ASC, -f.sample ASC, f.row ASC
    ) AS place
  FROM found AS f
  JOIN sign_questions AS q
    ON q.question = f.question
  JOIN samples AS s
    ON s.sample = f.sample
  WHERE
    NOT f.row IS NULL
) AS r
WHERE
  r.place < 3

-- table: newest_answers
SELECT
  a.subject,
  a.question,
  a.state,
  a.finding_id,
  a.at_s,
  b.state AS previous_state
FROM last_answers AS a
LEFT JOIN last_answers AS b
  ON b.subject = a.subject AND b.question = a.question AND b.place = 2
WHERE
  a.place = 1

-- table: now_issues
SELECT
  n.subject,
  j.issues
FROM now AS n
JOIN judged AS j
  ON j.sample = n.sample
UNION ALL
SELECT
  n.subject,
  u.issues
FROM now AS n
JOIN usable AS u
  ON u.sample = n.sample

-- table: stated_signs
SELECT
  v.subject,
  v.sign,
  v.answer AS state
FROM vitals AS v
JOIN now AS n
  ON n.subject = v.subject
LEFT JOIN sign_spans AS w
  ON w.sign = v.sign
WHERE
  NOT v.sign IS NULL
  AND NOT v.answer IS NULL
  AND (
    w.within_s IS NULL
    OR v.measured_s IS NULL
    OR n.now_s IS NULL
    OR n.now_s - v.measured_s <= w.within_s
  )

-- table: measure_states
SELECT
  m.subject,
  m.sign,
  CASE WHEN MAX(m.answer) = 2 THEN 1 WHEN MAX(m.answer) = 0 THEN 0 END AS state
FROM (
  SELECT
    d.subject,
    s.sign,
    CASE
      WHEN d.low >= s.unsure_low AND d.high <= s.unsure_high
      THEN 1
      WHEN (
        s.low IS NULL OR d.low >= s.low
      )
      AND (
        s.high IS NULL OR d.high <= s.high
      )
      THEN 2
      WHEN d.high < s.low OR d.low > s.high
      THEN 0
      ELSE 1
    END AS answer
  FROM measured AS d
  JOIN measure_signs AS s
    ON s.measure = d.measure
  WHERE
    d.ago_s IS NULL OR s.within_s IS NULL OR d.ago_s <= s.within_s
) AS m
GROUP BY
  m.subject,
  m.sign

-- table: condition_states
SELECT
  h.subject,
  s.sign,
  MAX(CASE WHEN h.status = 'present' THEN 1 ELSE 0 END) AS state
FROM (
  SELECT
    subject,
    cause,
    status
  FROM conditions
  WHERE
    status IN ('present', 'absent')
  UNION ALL
  SELECT
    subject,
    cause,
    status
  FROM had
  WHERE
    row IS NULL
) AS h
JOIN condition_signs AS s
  ON s.cause = h.cause
GROUP BY
  h.subject,
  s.sign

-- table: drug_states
SELECT
  x.subject,
  x.sign,
  MAX(x.state) AS state
FROM (
  SELECT
    t.subject,
    s.sign,
    1 AS state
  FROM taken AS t
  JOIN drug_signs AS s
    ON s.cause = t.cause
  JOIN now AS n
    ON n.subject = t.subject
  WHERE
    (
      n.now_s IS NULL OR t.start_s IS NULL OR t.start_s <= n.now_s
    )
    AND (
      t.stop_s IS NULL
      OR n.now_s IS NULL
      OR n.now_s - t.stop_s <= COALESCE(s.within_s, t.after_s, 0)
    )
  UNION ALL
  SELECT
    c.subject,
    s.sign,
    0
  FROM covered AS c
  CROSS JOIN (
    SELECT DISTINCT
      sign
    FROM drug_signs
  ) AS s
  LEFT JOIN unrecognised AS u
    ON u.subject = c.subject
  WHERE
    c.drugs = 1 AND u.subject IS NULL
) AS x
GROUP BY
  x.subject,
  x.sign

-- table: finding_states
SELECT
  a.subject,
  s.sign,
  MAX(
    CASE
      WHEN s.finding_id = a.finding_id OR s.state = a.state
      THEN 1
      WHEN a.state = 'cannot-tell'
      THEN NULL
      ELSE 0
    END
  ) AS state
FROM newest_answers AS a
JOIN finding_signs AS s
  ON s.question = a.question
GROUP BY
  a.subject,
  s.sign

-- table: issue_states
SELECT
  i.subject,
  s.sign,
  MAX((
    i.issues DIV s.bit
  ) % 2) AS state
FROM now_issues AS i
CROSS JOIN issue_signs AS s
GROUP BY
  i.subject,
  s.sign

-- table: trend_states
SELECT
  t.subject,
  s.sign,
  MAX(
    CASE WHEN s.trend = t.trend THEN 1 WHEN t.trend = 'cannot-tell' THEN NULL ELSE 0 END
  ) AS state
FROM trends AS t
JOIN trend_signs AS s
  ON s.analyte = t.analyte
GROUP BY
  t.subject,
  s.sign

-- table: chain_states
SELECT
  subject,
  'culprit-drug' AS name,
  1 AS state
FROM candidates
WHERE
  kind = 'drug'
  AND newest = 1
  AND fit_code < 30
  AND (
    lineage IS NULL OR lineage = 1
  )
UNION ALL
SELECT
  c.subject,
  'culprit-drug',
  0
FROM covered AS c
LEFT JOIN unrecognised AS u
  ON u.subject = c.subject
WHERE
  c.drugs = 1 AND u.subject IS NULL
UNION ALL
SELECT
  subject,
  'culprit-condition',
  1
FROM candidates
WHERE
  kind = 'condition'
  AND newest = 1
  AND fit_code < 30
  AND NOT about IS NULL
  AND (
    lineage IS NULL OR lineage = 1
  )
UNION ALL
SELECT
  subject,
  'culprit-condition',
  0
FROM people
UNION ALL
SELECT
  subject,
  'drug-unrecognised',
  1
FROM unrecognised
UNION ALL
SELECT
  subject,
  'drug-unrecognised',
  0
FROM people
UNION ALL
SELECT
  subject,
  'anc-known',
  1
FROM newest_levels
WHERE
  analyte = 'NEUT' AND low = high
UNION ALL
SELECT
  subject,
  'anc-known',
  0
FROM people
UNION ALL
SELECT
  x.subject,
  'pancytopenia-new',
  1
FROM (
  SELECT
    subject,
    MIN(at_s) AS first_s,
    MAX(at_s) AS last_s,
    MAX(CASE WHEN question IN ('leukopenia', 'neutropenia') THEN 1 ELSE 0 END) AS white,
    MAX(CASE WHEN question = 'anaemia' THEN 1 ELSE 0 END) AS red,
    MAX(CASE WHEN question = 'thrombocytopenia' THEN 1 ELSE 0 END) AS plates,
    MAX(CASE WHEN previous_state IN ('low-by-all', 'low-by-some') THEN 1 ELSE 0 END) AS known
  FROM newest_answers
  WHERE
    state IN ('low-by-all', 'low-by-some')
    AND question IN ('leukopenia', 'neutropenia', 'anaemia', 'thrombocytopenia')
  GROUP BY
    subject
) AS x
CROSS JOIN constants AS k
WHERE
  x.white = 1
  AND x.red = 1
  AND x.plates = 1
  AND x.known = 0
  AND (
    x.first_s IS NULL OR x.last_s - x.first_s <= k.lines_s
  )
UNION ALL
SELECT
  subject,
  'culprit-drug-found',
  1
FROM candidates
WHERE
  kind = 'drug'
  AND newest = 1
  AND fit_code < 30
  AND (
    lineage IS NULL OR lineage = 1
  )
UNION ALL
SELECT
  subject,
  'culprit-drug-found',
  0
FROM people
UNION ALL
SELECT
  f.subject,
  'fever-found',
  MAX(f.state)
FROM (
  SELECT
    subject,
    sign,
    state
  FROM measure_states
  UNION ALL
  SELECT
    subject,
    sign,
    state
  FROM stated_signs
) AS f
JOIN sign_names AS s
  ON s.sign = f.sign AND s.name IN ('temp-38.0', 'fever-stated')
GROUP BY
  f.subject
UNION ALL
SELECT
  subject,
  'fever-found',
  0
FROM people
UNION ALL
SELECT
  f.subject,
  'fever-any',
  f.state
FROM (
  SELECT
    subject,
    sign,
    state
  FROM measure_states
  UNION ALL
  SELECT
    subject,
    sign,
    state
  FROM stated_signs
) AS f
JOIN sign_names AS s
  ON s.sign = f.sign AND s.name IN ('temp-38.0', 'fever-stated')
UNION ALL
SELECT
  subject,
  'hiding-cause',
  1
FROM candidates
WHERE
  kind = 'hides'
UNION ALL
SELECT
  subject,
  'hiding-cause',
  0
FROM covered
WHERE
  drugs = 1 AND conditions = 1
UNION ALL
SELECT
  subject,
  'all-lines-fell',
  MIN(fell)
FROM changes
WHERE
  analyte IN ('WBC', 'HGB', 'PLT') AND NOT fell IS NULL
GROUP BY
  subject
HAVING
  COUNT(*) = 3 OR MIN(fell) = 0
UNION ALL
SELECT
  l.subject,
  'new-anc-under-0.5',
  CASE
    WHEN l.severity >= k.severe_grade
    AND (
      c.previous_row IS NULL
      OR c.previous_severity IS NULL
      OR c.previous_severity < k.severe_grade
    )
    THEN 1
    ELSE 0
  END
FROM newest_levels AS l
CROSS JOIN constants AS k
LEFT JOIN changes AS c
  ON c.subject = l.subject AND c.analyte = l.analyte AND c.row = l.row
WHERE
  l.analyte = 'NEUT' AND NOT l.severity IS NULL
UNION ALL
SELECT
  l.subject,
  'stale-severe',
  CASE
    WHEN l.severity >= k.severe_grade AND n.now_s - l.at_s > k.stale_s
    THEN 1
    ELSE 0
  END
FROM newest_levels AS l
CROSS JOIN constants AS k
JOIN now AS n
  ON n.subject = l.subject
WHERE
  l.analyte = 'NEUT' AND NOT l.severity IS NULL
UNION ALL
SELECT
  subject,
  'pancytopenia-new',
  CASE
    WHEN state IN ('yes-by-all', 'yes-by-some')
    AND (
      previous_state IS NULL OR NOT previous_state IN ('yes-by-all', 'yes-by-some')
    )
    THEN 1
    WHEN state IN ('no', 'yes-by-all', 'yes-by-some')
    THEN 0
  END
FROM newest_answers
WHERE
  question = 'pancytopenia'
UNION ALL
SELECT
  a.subject,
  'other-line-low',
  CASE
    WHEN a.state IN ('low-by-all', 'low-by-some')
    THEN 1
    WHEN o.state = 'not-low'
    THEN 0
  END
FROM newest_answers AS a
LEFT JOIN newest_answers AS o
  ON o.subject = a.subject
  AND o.question <> a.question
  AND o.question IN ('anaemia', 'thrombocytopenia')
WHERE
  a.question IN ('anaemia', 'thrombocytopenia')
  AND (
    a.state IN ('low-by-all', 'low-by-some') OR a.state = 'not-low'
  )
UNION ALL
SELECT
  c.subject,
  'fell-since-not-low',
  CASE
    WHEN c.under_usual = 0
    THEN 0
    WHEN c.high * 100 < b.low * (
      100 - k.trend_percent
    )
    THEN 1
    WHEN NOT b.low IS NULL
    THEN 0
  END
FROM changes AS c
CROSS JOIN constants AS k
LEFT JOIN last_not_low AS b
  ON b.subject = c.subject AND b.analyte = c.analyte
WHERE
  c.analyte = 'NEUT' AND c.is_low = 1
UNION ALL
SELECT
  subject,
  'repeat-done',
  MAX(CASE WHEN n_values > 1 THEN 1 ELSE 0 END)
FROM anchors
WHERE
  newest = 1
GROUP BY
  subject
UNION ALL
SELECT
  subject,
  'repeat-done',
  1
FROM changes
WHERE
  is_low = 1 AND previous_is_low = 1
UNION ALL
SELECT
  p.subject,
  'neut-not-seen-falling',
  CASE WHEN t.trend IN ('new', 'falling') THEN 0 ELSE 1 END
FROM people AS p
LEFT JOIN trends AS t
  ON t.subject = p.subject AND t.analyte = 'NEUT'
UNION ALL
SELECT
  subject,
  'own-usual-level',
  CASE WHEN under_usual = 0 THEN 1 WHEN under_usual = 1 THEN 0 END
FROM changes
WHERE
  analyte = 'NEUT'
UNION ALL
SELECT
  subject,
  'duffy-typed',
  CASE WHEN duffy = 'unknown' THEN 0 ELSE 1 END
FROM people
UNION ALL
SELECT
  subject,
  'duffy-null',
  CASE duffy WHEN 'null' THEN 1 WHEN 'non-null' THEN 0 END
FROM people
UNION ALL
SELECT
  subject,
  'duffy-non-null',
  CASE duffy WHEN 'null' THEN 0 WHEN 'non-null' THEN 1 END
FROM people
UNION ALL
SELECT
  subject,
  'pregnant',
  CASE WHEN pregnancy = 'no' THEN 0 WHEN pregnancy <> 'unknown' THEN 1 END
FROM people
UNION ALL
SELECT
  subject,
  'female',
  CASE sex WHEN 'female' THEN 1 WHEN 'male' THEN 0 END
FROM people

-- table: person_signs
SELECT
  x.subject,
  x.sign,
  MAX(x.state) AS state
FROM (
  SELECT
    subject,
    sign,
    state
  FROM stated_signs
  UNION ALL
  SELECT
    subject,
    sign,
    state
  FROM measure_states
  UNION ALL
  SELECT
    subject,
    sign,
    state
  FROM condition_states
  UNION ALL
  SELECT
    subject,
    sign,
    state
  FROM drug_states
  UNION ALL
  SELECT
    subject,
    sign,
    state
  FROM finding_states
  UNION ALL
  SELECT
    subject,
    sign,
    state
  FROM issue_states
  UNION ALL
  SELECT
    subject,
    sign,
    state
  FROM trend_states
  UNION ALL
  SELECT
    c.subject,
    s.sign,
    c.state
  FROM chain_states AS c
  JOIN chain_signs AS s
    ON s.name = c.name
) AS x
WHERE
  NOT x.state IS NULL
GROUP BY
  x.subject,
  x.sign

-- table: clue_sets
SELECT
  c.subject,
  c.cause,
  CAST(SUM(CASE WHEN p.state = 1 THEN u.bit ELSE 0 END) AS BIGINT) AS clues_present,
  CAST(SUM(CASE WHEN p.state IS NULL THEN u.bit ELSE 0 END) AS BIGINT) AS clues_missing
FROM (
  SELECT DISTINCT
    subject,
    cause
  FROM candidates
  WHERE
    newest = 1 AND kind <> 'hides'
) AS c
JOIN cause_clues AS u
  ON u.cause = c.cause
LEFT JOIN person_signs AS p
  ON p.subject = c.subject AND p.sign = u.sign
GROUP BY
  c.subject,
  c.cause

-- table: explained
SELECT
  x.subject,
  x.episode,
  x.row,
  x.analyte,
  x.cause,
  x.kind,
  x.is_drug,
  x.about,
  x.start_s,
  x.stop_s,
  t.rule_id AS fit,
  t.fits,
  x.days,
  CASE WHEN x.kind = 'hides' THEN 1 ELSE x.lineage END AS lineage,
  x.newest,
  CASE WHEN x.kind <> 'hides' AND x.newest = 1 THEN COALESCE(u.clues_present, 0) END AS clues_present,
  CASE WHEN x.kind <> 'hides' AND x.newest = 1 THEN COALESCE(u.clues_missing, 0) END AS clues_missing,
  ROW_NUMBER() OVER (
    PARTITION BY x.subject, x.analyte, x.row, CASE WHEN x.kind = 'hides' THEN 1 ELSE 0 END
    ORDER BY t.place ASC, CASE x.lineage WHEN 1 THEN 0 WHEN 0 THEN 2 ELSE 1 END ASC, k.evidence_rank ASC, CASE WHEN x.start_s IS NULL THEN 1 ELSE 0 END ASC, -x.start_s ASC, x.cause ASC, x.row ASC
  ) AS place
FROM (
  SELECT
    c.*,
    CASE
      WHEN c.start_s <= c.onset_s
      THEN (
        c.onset_s + 432000000000
      ) DIV 86400 - (
        c.start_s + 432000000000
      ) DIV 86400
    END AS days
  FROM candidates AS c
) AS x
JOIN causes AS k
  ON k.cause = x.cause
JOIN timing_codes AS t
  ON t.code = x.fit_code
LEFT JOIN clue_sets AS u
  ON u.subject = x.subject AND u.cause = x.cause
LEFT JOIN (
  SELECT DISTINCT
    p.subject
  FROM person_signs AS p
  JOIN constitution_blocks AS g
    ON g.sign = p.sign AND p.state = 1
) AS z
  ON z.subject = x.subject
LEFT JOIN person_causes AS q
  ON q.about = 'duffy' AND q.cause = x.cause
WHERE
  q.cause IS NULL OR z.subject IS NULL OR x.newest = 0

-- table: alternatives
SELECT
  n.subject,
  r.kind,
  r.rule,
  r.alternative,
  CASE
    WHEN MIN(CASE WHEN p.state IS NULL THEN 1 WHEN p.state = r.wanted THEN 2 ELSE 0 END) = 2
    THEN 1
    WHEN MIN(CASE WHEN p.state IS NULL THEN 1 WHEN p.state = r.wanted THEN 2 ELSE 0 END) = 0
    THEN 0
  END AS state
FROM now AS n
CROSS JOIN rule_signs AS r
LEFT JOIN person_signs AS p
  ON p.subject = n.subject AND p.sign = r.sign
GROUP BY
  n.subject,
  r.kind,
  r.rule,
  r.alternative

-- table: decided
SELECT
  a.subject,
  a.kind,
  a.rule,
  CASE WHEN MAX(a.state) = 1 THEN 1 WHEN COUNT(a.state) = COUNT(*) THEN 0 END AS state
FROM alternatives AS a
GROUP BY
  a.subject,
  a.kind,
  a.rule

-- table: rule_states
SELECT
  subject,
  rule,
  state
FROM decided
WHERE
  kind = 'rule'

-- table: score_options
SELECT
  n.subject,
  o.score,
  o.item,
  o.option,
  o.points,
  CASE
    WHEN MIN(CASE WHEN p.state IS NULL THEN 1 WHEN p.state = o.wanted THEN 2 ELSE 0 END) = 2
    THEN 1
    WHEN MIN(CASE WHEN p.state IS NULL THEN 1 WHEN p.state = o.wanted THEN 2 ELSE 0 END) = 0
    THEN 0
  END AS state
FROM now AS n
CROSS JOIN score_signs AS o
LEFT JOIN person_signs AS p
  ON p.subject = n.subject AND p.sign = o.sign
GROUP BY
  n.subject,
  o.score,
  o.item,
  o.option,
  o.points

-- table: score_items
SELECT
  i.subject,
  i.score,
  i.item,
  CASE
    WHEN NOT i.first_yes IS NULL
    THEN i.first_yes
    WHEN i.unknown = 0 AND NOT w.points IS NULL
    THEN 0
  END AS option,
  CASE WHEN NOT i.first_yes IS NULL THEN o.points WHEN i.unknown = 0 THEN w.points END AS points
FROM (
  SELECT
    subject,
    score,
    item,
    MIN(CASE WHEN state = 1 THEN option END) AS first_yes,
    COUNT(CASE WHEN state IS NULL THEN 1 END) AS unknown
  FROM score_options
  GROUP BY
    subject,
    score,
    item
) AS i
LEFT JOIN score_options AS o
  ON o.subject = i.subject
  AND o.score = i.score
  AND o.item = i.item
  AND o.option = i.first_yes
LEFT JOIN score_otherwise AS w
  ON w.score = i.score AND w.item = i.item

-- table: score_states
SELECT
  i.subject,
  i.score,
  MAX(d.state) AS applies,
  CASE WHEN COUNT(i.points) = COUNT(*) THEN CAST(SUM(i.points) AS BIGINT) END AS total,
  COUNT(*) - COUNT(i.points) AS missing
FROM score_items AS i
LEFT JOIN decided AS d
  ON d.subject = i.subject AND d.kind = 'score' AND d.rule = i.score
GROUP BY
  i.subject,
  i.score

-- table: not_meant
SELECT
  m.subject,
  m.programme
FROM (
  SELECT
    h.subject,
    x.programme
  FROM had AS h
  JOIN programme_unless AS x
    ON x.cause = h.cause AND h.status = 'present'
  UNION ALL
  SELECT
    t.subject,
    x.programme
  FROM taken AS t
  JOIN programme_unless AS x
    ON x.cause = t.cause
  UNION ALL
  SELECT
    a.subject,
    g.programme
  FROM measured AS a
  CROSS JOIN constants AS k
  JOIN programmes AS g
    ON g.adults = 1
  WHERE
    a.measure = 'age' AND a.high < k.adult_h
) AS m
GROUP BY
  m.subject,
  m.programme

-- table: courses
SELECT
  t.subject,
  g.programme,
  t.cause,
  MAX(t.row) AS about,
  MAX(t.start_s) AS start_s,
  CASE WHEN COUNT(t.stop_s) = COUNT(*) THEN MAX(t.stop_s) END AS stop_s
FROM taken AS t
CROSS JOIN constants AS k
JOIN programmes AS g
  ON g.cause = t.cause
JOIN people AS p
  ON p.subject = t.subject
JOIN now AS n
  ON n.subject = t.subject
LEFT JOIN not_meant AS m
  ON m.subject = t.subject AND m.programme = g.programme
LEFT JOIN (
  SELECT DISTINCT
    q.subject
  FROM person_signs AS q
  JOIN sign_names AS s
    ON s.sign = q.sign
  WHERE
    q.state = 1
    AND s.name IN ('neut-falling', 'neut-new', 'fell-since-not-low', 'other-line-low')
) AS f
  ON f.subject = t.subject
WHERE
  m.subject IS NULL
  AND (
    (
      g.population = 'general'
      AND (
        p.duffy <> 'null' OR g.has_ben = 0 OR NOT f.subject IS NULL
      )
    )
    OR (
      g.population = 'ben' AND p.duffy = 'null'
    )
  )
  AND (
    n.now_s IS NULL OR t.start_s IS NULL OR t.start_s <= n.now_s
  )
  AND (
    t.stop_s IS NULL
    OR n.now_s IS NULL
    OR n.now_s - t.stop_s <= COALESCE(g.after_s, 0) + k.course_s
  )
GROUP BY
  t.subject,
  g.programme,
  t.cause

-- table: stood
SELECT
  c.subject,
  c.programme,
  c.cause,
  r.rung,
  r.severity,
  l.row,
  l.at_s,
  CASE WHEN l.low < l.high THEN 1 ELSE 0 END AS bound
FROM courses AS c
JOIN newest_levels AS l
  ON l.subject = c.subject
JOIN rungs AS r
  ON r.programme = c.programme
  AND r.analyte = l.analyte
  AND r.low <= l.low
  AND r.high >= l.low
UNION ALL
SELECT
  c.subject,
  c.programme,
  c.cause,
  r.rung,
  r.severity,
  s.row,
  s.at_s,
  CASE WHEN s.low < s.high THEN 1 ELSE 0 END
FROM courses AS c
JOIN series AS s
  ON s.subject = c.subject AND s.at_s >= c.start_s
JOIN rungs AS r
  ON r.programme = c.programme
  AND r.analyte = s.analyte
  AND r.low <= s.low
  AND r.high >= s.low
  AND r.lasting = 1

-- table: stands
SELECT
  q.subject,
  q.programme,
  q.cause,
  q.rung,
  q.row,
  q.at_s,
  q.bound
FROM (
  SELECT
    s.*,
    ROW_NUMBER() OVER (
      PARTITION BY s.subject, s.programme, s.cause
      ORDER BY -s.severity ASC, s.bound ASC, s.rung ASC, -s.at_s ASC, s.row ASC
    ) AS place
  FROM stood AS s
) AS q
WHERE
  q.place = 1

-- table: counted
SELECT
  c.subject,
  c.programme,
  c.cause,
  MAX(l.at_s) AS at_s,
  MAX(CASE WHEN NOT g.programme IS NULL THEN 1 ELSE 0 END) AS ladder
FROM courses AS c
LEFT JOIN (
  SELECT DISTINCT
    programme,
    analyte
  FROM rungs
) AS g
  ON g.programme = c.programme
LEFT JOIN newest_levels AS l
  ON l.subject = c.subject AND l.analyte = g.analyte
GROUP BY
  c.subject,
  c.programme,
  c.cause

-- table: due_dates
SELECT
  c.subject,
  c.programme,
  c.cause,
  CASE
    WHEN t.ladder = 1 AND t.at_s IS NULL
    THEN c.start_s
    WHEN r.repeat_s IS NULL AND r.acts = 1
    THEN NULL
    WHEN r.repeat_s < u.every_s OR u.every_s IS NULL
    THEN COALESCE(t.at_s, n.at_s) + r.repeat_s
    ELSE COALESCE(t.at_s, n.at_s) + u.every_s
  END AS due_s
FROM courses AS c
JOIN now AS n
  ON n.subject = c.subject
JOIN counted AS t
  ON t.subject = c.subject AND t.programme = c.programme AND t.cause = c.cause
LEFT JOIN stands AS s
  ON s.subject = c.subject AND s.programme = c.programme AND s.cause = c.cause
LEFT JOIN rungs AS r
  ON r.programme = c.programme AND r.rung = s.rung
LEFT JOIN dues AS u
  ON u.programme = c.programme
  AND COALESCE(t.at_s, n.at_s) - c.start_s >= u.from_s
  AND COALESCE(t.at_s, n.at_s) - c.start_s < u.to_s

-- table: monitored
SELECT
  c.subject,
  c.programme,
  c.cause,
  c.about,
  r.analyte,
  s.row,
  r.rung,
  s.bound,
  c.start_s,
  c.stop_s,
  d.due_s,
  CASE
    WHEN o.as_of_s IS NULL OR d.due_s IS NULL
    THEN NULL
    WHEN d.due_s < o.as_of_s
    THEN 1
    ELSE 0
  END AS overdue
FROM courses AS c
CROSS JOIN options AS o
JOIN due_dates AS d
  ON d.subject = c.subject AND d.programme = c.programme AND d.cause = c.cause
LEFT JOIN stands AS s
  ON s.subject = c.subject AND s.programme = c.programme AND s.cause = c.cause
LEFT JOIN rungs AS r
  ON r.programme = c.programme AND r.rung = s.rung
