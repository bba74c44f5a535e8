-- generated from ../select.sql by tools/translate.py: do not edit

-- table: persons
SELECT
  p.subject,
  p.birth_low_s,
  p.birth_high_s,
  p.birth_exact,
  p.death_s,
  p.sex,
  x.context
FROM people AS p
JOIN contexts AS x
  ON x.sex = p.sex AND x.pregnancy = p.pregnancy AND x.duffy = p.duffy

-- table: aged
SELECT
  r.*,
  p.sex,
  p.context,
  CASE
    WHEN NOT r.age_low_h IS NULL
    THEN r.age_low_h
    WHEN p.birth_low_s IS NULL OR r.time_basis <> 'absolute'
    THEN NULL
    WHEN p.birth_exact = 1
    THEN (
      (
        r.collected_s - p.birth_high_s + 432000000000
      ) / NULLIF(3600, 0)
    ) - 120000000
    ELSE (
      (
        (
          r.collected_s + 432000000000
        ) / NULLIF(86400, 0)
      ) - (
        (
          p.birth_high_s + 432000000000
        ) / NULLIF(86400, 0)
      )
    ) * 24 + 12
  END AS low_h,
  CASE
    WHEN NOT r.age_high_h IS NULL
    THEN r.age_high_h
    WHEN p.birth_low_s IS NULL OR r.time_basis <> 'absolute'
    THEN NULL
    WHEN p.birth_exact = 1
    THEN (
      (
        r.collected_s - p.birth_low_s + 432000000000
      ) / NULLIF(3600, 0)
    ) - 120000000
    ELSE (
      (
        (
          r.collected_s + 432000000000
        ) / NULLIF(86400, 0)
      ) - (
        (
          p.birth_low_s + 432000000000
        ) / NULLIF(86400, 0)
      )
    ) * 24 + 12
  END AS high_h,
  CASE WHEN NOT r.age_low_h IS NULL THEN r.age_exact ELSE p.birth_exact END AS in_hours,
  CASE
    WHEN p.death_s IS NULL OR r.time_basis <> 'absolute' OR r.collected_s <= p.death_s
    THEN 0
    ELSE 1
  END AS after_death,
  CASE r.time_precision
    WHEN 'day'
    THEN 24
    WHEN 'month'
    THEN 744
    WHEN 'year'
    THEN 8784
    ELSE 0
  END AS slack_h
FROM results AS r
JOIN persons AS p
  ON p.subject = r.subject

-- table: judged
SELECT
  a.row,
  a.subject,
  a.sample,
  a.sample_exact,
  a.analyte,
  a.quantity,
  a.method,
  a.sub_id,
  a.cells_counted,
  a.low,
  a.high,
  a.status,
  a.issued_s,
  a.context,
  a.door_field,
  CASE
    WHEN a.time_basis <> 'none'
    AND (
      (
        a.issues / NULLIF(c.date_sentinel, 0)
      )
    ) % 2 = 0
    THEN a.collected_s
  END AS at_s,
  a.low_h,
  a.high_h,
  CASE
    WHEN a.low_h IS NULL
    THEN NULL
    WHEN a.in_hours = 1 AND a.low_h >= 0 AND a.low_h < k.newborn_h
    THEN -(
      a.low_h + 1
    )
    WHEN a.low_h < 0
    THEN 0
    WHEN (
      a.low_h / NULLIF(6, 0)
    ) > k.last_age_key
    THEN k.last_age_key
    ELSE (
      a.low_h / NULLIF(6, 0)
    )
  END AS youngest,
  CASE
    WHEN a.high_h IS NULL
    THEN NULL
    WHEN a.in_hours = 1 AND a.high_h >= 0 AND a.high_h < k.newborn_h
    THEN -(
      a.high_h + 1
    )
    WHEN a.high_h < 0
    THEN 0
    WHEN (
      a.high_h / NULLIF(6, 0)
    ) > k.last_age_key
    THEN k.last_age_key
    ELSE (
      a.high_h / NULLIF(6, 0)
    )
  END AS oldest,
  CASE
    WHEN NOT a.door_code IS NULL
    THEN a.door_code
    WHEN a.specimen = 'other'
    THEN 'SPECIMEN_NOT_BLOOD'
    WHEN a.status = 'retracted'
    THEN 'RETRACTED'
    WHEN a.status IN ('not-obtained', 'cancelled')
    THEN 'RESULT_NOT_OBTAINED'
    WHEN a.status = 'pending'
    THEN 'RESULT_PENDING'
    WHEN a.status = 'unknown'
    THEN 'STATUS_UNKNOWN'
    WHEN a.status = 'preliminary' AND o.use_preliminary = 0
    THEN 'PRELIMINARY'
    WHEN a.after_death = 1 OR a.high_h + a.slack_h < 0
    THEN 'DATE_IMPOSSIBLE'
    WHEN NOT o.as_of_s IS NULL
    AND a.time_basis = 'absolute'
    AND a.collected_s > o.as_of_s + k.future_s
    THEN 'FUTURE_DATE'
    WHEN a.quantity IN ('count', 'mass', 'volume')
    AND a.lln > 0
    AND NOT a.uln IS NULL
    AND a.low > a.uln
    AND a.low >= a.lln * k.unit_slip_low
    AND a.low <= a.uln * k.unit_slip_high
    THEN 'UNIT_RANGE_MISMATCH'
    WHEN a.quantity IN ('count', 'mass', 'volume') AND a.low >= b.high
    THEN 'IMPLAUSIBLE'
    WHEN a.quantity IN ('count', 'mass', 'volume')
    AND a.low = a.high
    AND a.high > 0
    AND a.high < b.low
    THEN 'IMPLAUSIBLE'
  END AS code,
  CASE WHEN a.quantity = b.dimension THEN 1 ELSE 0 END AS is_level,
  CASE
    WHEN a.quantity = b.dimension AND a.lln >= b.lln_low AND a.lln <= b.lln_high
    THEN a.lln
  END AS lln,
  CASE
    WHEN a.quantity = b.dimension AND (
      a.uln > a.lln OR a.lln IS NULL
    )
    THEN a.uln
  END AS uln,
  a.issues + CASE
    WHEN a.quantity = b.dimension
    AND (
      a.lln < b.lln_low OR a.lln > b.lln_high
    )
    AND (
      (
        a.issues / NULLIF(c.range_invalid, 0)
      )
    ) % 2 = 0
    THEN c.range_invalid
    ELSE 0
  END + CASE WHEN a.status = 'preliminary' THEN c.preliminary ELSE 0 END + CASE
    WHEN NOT o.as_of_s IS NULL AND a.time_basis = 'absolute' AND a.collected_s > o.as_of_s
    THEN c.future_date
    ELSE 0
  END + CASE
    WHEN a.analyte = 'WBC' AND a.quantity = 'count' AND a.high = 0
    THEN c.implausible_zero
    ELSE 0
  END + CASE
    WHEN a.quantity = 'count'
    AND (
      (
        a.high > 0 AND a.high < b.flag_low
      ) OR a.low > b.flag_high
    )
    THEN c.extreme
    ELSE 0
  END + CASE
    WHEN a.flag = 'normal' AND (
      a.high < a.lln OR a.low > a.uln
    )
    THEN c.flag_contradicts
    WHEN a.flag = 'low' AND a.low >= a.lln
    THEN c.flag_contradicts
    WHEN a.flag = 'high' AND a.high <= a.uln
    THEN c.flag_contradicts
    ELSE 0
  END + CASE
    WHEN a.low_h IS NULL AND (
      (
        a.issues / NULLIF(c.age_unknown, 0)
      )
    ) % 2 = 0
    THEN c.age_unknown
    ELSE 0
  END + CASE
    WHEN a.sex = 'unknown' AND (
      (
        a.issues / NULLIF(c.sex_unknown, 0)
      )
    ) % 2 = 0
    THEN c.sex_unknown
    ELSE 0
  END AS issues
FROM aged AS a
CROSS JOIN options AS o
CROSS JOIN constants AS k
CROSS JOIN codes AS c
LEFT JOIN plausible AS b
  ON b.analyte = a.analyte

-- table: repeated
SELECT
  sample,
  analyte,
  quantity,
  sub_id
FROM judged
WHERE
  code IS NULL OR code = 'RETRACTED'
GROUP BY
  sample,
  analyte,
  quantity,
  sub_id
HAVING
  COUNT(*) > 1

-- table: ranked
SELECT
  j.row,
  j.sample,
  j.analyte,
  j.quantity,
  j.sub_id,
  j.low,
  j.high,
  j.status,
  j.issued_s,
  j.sample_exact,
  m.rank,
  ROW_NUMBER() OVER (
    PARTITION BY j.sample, j.analyte, j.quantity, j.sub_id
    ORDER BY m.rank ASC NULLS FIRST, CASE WHEN j.issued_s IS NULL THEN 1 ELSE 0 END ASC NULLS FIRST, -j.issued_s ASC NULLS FIRST, CASE j.status
      WHEN 'retracted'
      THEN 0
      WHEN 'corrected'
      THEN 1
      WHEN 'final'
      THEN 2
      ELSE 3
    END ASC NULLS FIRST, j.row ASC NULLS FIRST
  ) AS place
FROM judged AS j
JOIN repeated AS k
  ON k.sample = j.sample
  AND k.analyte = j.analyte
  AND k.quantity = j.quantity
  AND k.sub_id = j.sub_id
JOIN method_ranks AS m
  ON m.analyte = j.analyte AND m.method = j.method
WHERE
  j.code IS NULL OR j.code = 'RETRACTED'

-- table: rivals
SELECT
  r.row,
  CASE
    WHEN f.status = 'retracted'
    THEN 'RETRACTED'
    WHEN r.place = 1
    THEN NULL
    WHEN r.rank <> f.rank
    THEN 'METHOD_NOT_PREFERRED'
    WHEN r.status = 'preliminary' AND f.status <> 'preliminary'
    THEN 'SUPERSEDED'
    WHEN r.issued_s < f.issued_s
    THEN 'SUPERSEDED'
    WHEN f.status = 'corrected' AND r.status = 'final'
    THEN 'SUPERSEDED'
    WHEN r.low = f.low AND r.high = f.high
    THEN 'DUPLICATE'
  END AS code,
  CASE
    WHEN f.status <> 'retracted'
    AND r.place > 1
    AND r.rank = f.rank
    AND r.low = f.low
    AND r.high = f.high
    AND r.status = f.status
    AND (
      r.issued_s = f.issued_s OR r.issued_s IS NULL OR f.issued_s IS NULL
    )
    THEN f.row
  END AS duplicate_of,
  CASE
    WHEN f.status <> 'retracted'
    AND r.place > 1
    AND r.rank = f.rank
    AND r.sample_exact = 1
    AND (
      r.low <> f.low OR r.high <> f.high
    )
    AND r.status = f.status
    AND (
      r.issued_s = f.issued_s OR r.issued_s IS NULL OR f.issued_s IS NULL
    )
    THEN f.row
  END AS conflict_with,
  CASE
    WHEN f.status <> 'retracted'
    AND r.place > 1
    AND r.rank <> f.rank
    AND r.status <> 'retracted'
    AND r.quantity = 'count'
    AND (
      r.low > f.high + k.methods_differ_cells
      OR f.low > r.high + k.methods_differ_cells
      OR r.low * 100 > f.high * (
        100 + k.methods_differ_percent
      )
      OR f.low * 100 > r.high * (
        100 + k.methods_differ_percent
      )
    )
    THEN f.row
  END AS differs_from
FROM ranked AS r
JOIN ranked AS f
  ON f.sample = r.sample
  AND f.analyte = r.analyte
  AND f.quantity = r.quantity
  AND f.sub_id = r.sub_id
  AND f.place = 1
CROSS JOIN constants AS k

-- table: marks
SELECT
  row,
  MAX(duplicate) AS duplicate,
  MAX(conflicting) AS conflicting,
  MAX(methods) AS methods
FROM (
  SELECT
    duplicate_of AS row,
    1 AS duplicate,
    0 AS conflicting,
    0 AS methods
  FROM rivals
  WHERE
    NOT duplicate_of IS NULL
  UNION ALL
  SELECT
    conflict_with AS row,
    0 AS duplicate,
    1 AS conflicting,
    0 AS methods
  FROM rivals
  WHERE
    NOT conflict_with IS NULL
  UNION ALL
  SELECT
    row,
    0 AS duplicate,
    1 AS conflicting,
    0 AS methods
  FROM rivals
  WHERE
    NOT conflict_with IS NULL
  UNION ALL
  SELECT
    differs_from AS row,
    0 AS duplicate,
    0 AS conflicting,
    1 AS methods
  FROM rivals
  WHERE
    NOT differs_from IS NULL
) AS m
GROUP BY
  row

-- table: kept
SELECT
  j.row,
  j.subject,
  j.sample,
  j.analyte,
  j.quantity,
  j.method,
  j.cells_counted,
  j.low,
  j.high,
  j.lln,
  j.uln,
  j.is_level,
  j.context,
  j.youngest,
  j.oldest,
  j.at_s,
  j.issues + CASE
    WHEN m.duplicate = 1 AND (
      (
        j.issues / NULLIF(c.duplicate, 0)
      )
    ) % 2 = 0
    THEN c.duplicate
    ELSE 0
  END + CASE WHEN m.conflicting = 1 THEN c.conflicting_results ELSE 0 END + CASE WHEN m.methods = 1 THEN c.methods_differ ELSE 0 END AS issues
FROM judged AS j
CROSS JOIN codes AS c
LEFT JOIN rivals AS r
  ON r.row = j.row
LEFT JOIN marks AS m
  ON m.row = j.row
WHERE
  j.code IS NULL AND r.code IS NULL

-- table: samples
SELECT
  sample,
  MIN(subject) AS subject,
  MIN(at_s) AS at_s,
  MAX(
    CASE
      WHEN analyte IN ('WBC', 'NEUT', 'SEG', 'BAND', 'GRAN', 'LYMPH', 'MONO', 'EOS', 'BASO')
      THEN 1
      ELSE 0
    END
  ) AS has_white,
  MIN(CASE WHEN analyte = 'WBC' AND quantity = 'count' THEN row END) AS wbc_row,
  MIN(CASE WHEN analyte = 'WBC' AND quantity = 'count' THEN low END) AS wbc_low,
  MAX(CASE WHEN analyte = 'WBC' AND quantity = 'count' THEN high END) AS wbc_high,
  CASE
    WHEN COUNT(CASE WHEN analyte = 'WBC' AND quantity = 'count' THEN low END) = 0
    THEN 0
    WHEN MIN(CASE WHEN analyte = 'WBC' AND quantity = 'count' THEN low END) = MAX(CASE WHEN analyte = 'WBC' AND quantity = 'count' THEN low END)
    THEN 1
    ELSE 2
  END AS n_wbc,
  MAX(
    CASE
      WHEN (
        k.analyte = 'BLAST' AND k.low > 0
      )
      OR (
        (
          k.issues / NULLIF(c.blast_flag, 0)
        )
      ) % 2 = 1
      THEN 1
      ELSE 0
    END
  ) AS has_blasts,
  MAX(CASE WHEN analyte = 'NRBC' AND quantity IN ('percent', 'ratio') THEN low END) AS nrbc_ppm,
  CAST(SUM(
    CASE
      WHEN quantity = 'percent'
      AND analyte IN ('NEUT', 'SEG', 'BAND', 'LYMPH', 'MONO', 'EOS', 'BASO')
      THEN low
      ELSE 0
    END
  ) AS BIGINT) AS diff_ppm,
  CAST(SUM(
    CASE
      WHEN quantity = 'percent'
      AND NOT analyte IN ('NEUT', 'SEG', 'BAND', 'LYMPH', 'MONO', 'EOS', 'BASO', 'NRBC')
      THEN low
      ELSE 0
    END
  ) AS BIGINT) AS other_ppm,
  CAST(SUM(
    CASE WHEN quantity = 'percent' AND analyte IN ('SEG', 'BAND') THEN low ELSE 0 END
  ) AS BIGINT) AS parts_ppm,
  MAX(CASE WHEN quantity = 'percent' AND analyte = 'NEUT' THEN 1 ELSE 0 END) AS has_neut_share,
  MAX(
    CASE
      WHEN quantity = 'percent' AND analyte IN ('NEUT', 'SEG', 'BAND')
      THEN 1
      ELSE 0
    END
  ) + MAX(CASE WHEN quantity = 'percent' AND analyte = 'LYMPH' THEN 1 ELSE 0 END) + MAX(CASE WHEN quantity = 'percent' AND analyte = 'MONO' THEN 1 ELSE 0 END) + MAX(CASE WHEN quantity = 'percent' AND analyte = 'EOS' THEN 1 ELSE 0 END) + MAX(CASE WHEN quantity = 'percent' AND analyte = 'BASO' THEN 1 ELSE 0 END) AS n_shares
FROM kept AS k
CROSS JOIN codes AS c
GROUP BY
  sample

-- table: clotted
SELECT DISTINCT
  j.sample
FROM judged AS j
CROSS JOIN codes AS c
WHERE
  NOT j.code IS NULL
  AND (
    (
      j.issues / NULLIF(c.artefact_possible, 0)
    )
  ) % 2 = 1

-- table: changed_ranges
SELECT
  subject,
  analyte
FROM judged
WHERE
  NOT lln IS NULL AND code IS NULL
GROUP BY
  subject,
  analyte
HAVING
  MIN(lln) <> MAX(lln)

-- table: stale_people
SELECT
  r.subject
FROM results AS r
CROSS JOIN options AS o
CROSS JOIN constants AS k
WHERE
  NOT o.as_of_s IS NULL AND r.time_basis = 'absolute' AND r.door_code IS NULL
GROUP BY
  r.subject
HAVING
  MAX(r.collected_s) < MIN(o.as_of_s - k.stale_s)

-- table: checked
SELECT
  u.row,
  u.subject,
  u.sample,
  u.analyte,
  u.quantity,
  u.method,
  u.cells_counted,
  u.lln,
  u.uln,
  u.is_level,
  u.context,
  u.youngest,
  u.oldest,
  u.n_wbc,
  u.nrbc_ppm,
  CASE
    WHEN u.quantity = 'percent' AND u.n_shares > 1 AND u.all_ppm = 0 AND u.wbc_low > 0
    THEN 'DIFF_ALL_ZERO'
    WHEN u.is_above = 1 AND u.low >= u.keep_below
    THEN CASE
      WHEN u.high <= u.percent_as_count_cells
      THEN 'PERCENT_AS_COUNT'
      ELSE 'IMPLAUSIBLE'
    END
    WHEN u.analyte = 'WBC'
    AND u.quantity = 'count'
    AND u.method = 'uncorrected'
    AND u.nrbc_ppm >= u.nrbc_from_ppm
    THEN 'SUPERSEDED'
  END AS code,
  CASE
    WHEN u.is_fraction = 1
    THEN u.low * 100
    WHEN u.is_above = 1 AND u.low < u.keep_below
    THEN 0
    ELSE u.low
  END AS low,
  CASE
    WHEN u.is_fraction = 1
    THEN u.high * 100
    WHEN u.is_above = 1 AND u.low < u.keep_below
    THEN u.wbc_high
    ELSE u.high
  END AS high,
  u.issues + CASE WHEN u.is_fraction = 1 THEN c.fraction_as_percent ELSE 0 END + CASE
    WHEN u.quantity = 'percent'
    AND u.n_shares > 3
    AND u.is_fraction = 0
    AND (
      u.diff_ppm > u.diff_sum_high_ppm OR u.all_ppm < u.diff_sum_low_ppm
    )
    THEN c.diff_sum
    ELSE 0
  END + CASE
    WHEN u.lineage = 1 AND u.quantity = 'count' AND u.n_wbc = 1 AND u.low > u.wbc_high
    THEN c.count_above_wbc
    ELSE 0
  END + CASE
    WHEN u.analyte = 'WBC'
    AND NOT u.method IN ('corrected', 'uncorrected')
    AND u.nrbc_ppm >= u.nrbc_from_ppm
    THEN c.nrbc_present
    ELSE 0
  END + CASE
    WHEN NOT d.sample IS NULL
    AND (
      (
        u.issues / NULLIF(c.artefact_possible, 0)
      )
    ) % 2 = 0
    THEN c.artefact_possible
    ELSE 0
  END + CASE WHEN u.analyte = 'GRAN' THEN c.gran_not_anc ELSE 0 END + CASE
    WHEN u.has_blasts = 1
    AND u.analyte IN ('NEUT', 'SEG', 'BAND', 'GRAN')
    AND u.method <> 'manual'
    THEN c.anc_beside_blasts
    ELSE 0
  END + CASE
    WHEN NOT r.subject IS NULL AND NOT u.lln IS NULL
    THEN c.range_changed
    ELSE 0
  END + CASE WHEN NOT s.subject IS NULL THEN c.stale ELSE 0 END AS issues
FROM (
  SELECT
    k.*,
    b.lineage,
    b.keep_below,
    s.has_blasts,
    s.wbc_low,
    s.wbc_high,
    s.n_wbc,
    s.nrbc_ppm,
    s.n_shares,
    s.diff_ppm - CASE WHEN s.has_neut_share = 1 THEN s.parts_ppm ELSE 0 END AS diff_ppm,
    s.diff_ppm + s.other_ppm AS all_ppm,
    o.diff_sum_low_ppm,
    o.diff_sum_high_ppm,
    o.nrbc_from_ppm,
    o.above_wbc_cells,
    o.above_wbc_percent,
    o.percent_as_count_cells,
    CASE
      WHEN b.lineage = 1
      AND k.quantity = 'count'
      AND s.n_wbc = 1
      AND k.low > s.wbc_high + o.above_wbc_cells
      AND k.low * 100 > s.wbc_high * (
        100 + o.above_wbc_percent
      )
      THEN 1
      ELSE 0
    END AS is_above,
    CASE
      WHEN k.quantity = 'percent'
      AND k.analyte <> 'NRBC'
      AND s.n_shares > 1
      AND s.diff_ppm + s.other_ppm >= o.fraction_sum_low_ppm
      AND s.diff_ppm + s.other_ppm <= o.fraction_sum_high_ppm
      THEN 1
      ELSE 0
    END AS is_fraction
  FROM kept AS k
  JOIN samples AS s
    ON s.sample = k.sample
  CROSS JOIN constants AS o
  LEFT JOIN plausible AS b
    ON b.analyte = k.analyte
) AS u
CROSS JOIN codes AS c
LEFT JOIN clotted AS d
  ON d.sample = u.sample
LEFT JOIN changed_ranges AS r
  ON r.subject = u.subject AND r.analyte = u.analyte
LEFT JOIN stale_people AS s
  ON s.subject = u.subject

-- table: usable
SELECT
  row,
  subject,
  sample,
  analyte,
  quantity,
  method,
  cells_counted,
  low,
  high,
  lln,
  uln,
  is_level,
  context,
  youngest,
  oldest,
  n_wbc,
  nrbc_ppm,
  issues
FROM checked
WHERE
  code IS NULL

-- table: excluded_rows
SELECT
  row,
  code,
  door_field AS field
FROM judged
WHERE
  NOT code IS NULL
UNION ALL
SELECT
  j.row,
  r.code,
  'value' AS field
FROM judged AS j
JOIN rivals AS r
  ON r.row = j.row
WHERE
  j.code IS NULL AND NOT r.code IS NULL
UNION ALL
SELECT
  row,
  code,
  'value' AS field
FROM checked
WHERE
  NOT code IS NULL
