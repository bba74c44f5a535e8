-- FOLLOW: what became of each cell type of each person over time. Counts without a time take no part.

-- table: series
-- One count per sample and cell type that is followed, with its time, with whether some limit calls it low, and
-- whether it is under the limit that comes first.
SELECT
    f.subject, f.sample, f.analyte, f.row, f.low, f.high, f.severity, s.at_s,
    CASE WHEN f.high < f.primary_limit THEN 1 WHEN f.low >= f.primary_limit THEN 0 END AS is_clear,
    CASE WHEN f.state IN ('low-by-all', 'low-by-some') THEN 1 WHEN f.state = 'not-low' THEN 0 END AS is_low
FROM found AS f
JOIN followed AS q ON q.question = f.question
JOIN samples AS s ON s.sample = f.sample
WHERE f.low IS NOT NULL AND s.at_s IS NOT NULL

-- table: beside_previous
-- Each count beside the one before it.
SELECT
    s.*,
    LAG(s.row) OVER (PARTITION BY s.subject, s.analyte ORDER BY s.at_s ASC NULLS FIRST, s.row ASC NULLS FIRST) AS previous_row,
    LAG(s.low) OVER (PARTITION BY s.subject, s.analyte ORDER BY s.at_s ASC NULLS FIRST, s.row ASC NULLS FIRST) AS previous_low,
    LAG(s.high) OVER (PARTITION BY s.subject, s.analyte ORDER BY s.at_s ASC NULLS FIRST, s.row ASC NULLS FIRST)
    AS previous_high,
    LAG(s.at_s) OVER (PARTITION BY s.subject, s.analyte ORDER BY s.at_s ASC NULLS FIRST, s.row ASC NULLS FIRST) AS previous_s,
    LAG(s.is_low) OVER (PARTITION BY s.subject, s.analyte ORDER BY s.at_s ASC NULLS FIRST, s.row ASC NULLS FIRST)
    AS previous_is_low,
    LAG(s.severity) OVER (PARTITION BY s.subject, s.analyte ORDER BY s.at_s ASC NULLS FIRST, s.row ASC NULLS FIRST)
    AS previous_severity,
    ROW_NUMBER() OVER (PARTITION BY s.subject, s.analyte ORDER BY -s.at_s ASC NULLS FIRST, -s.row ASC NULLS FIRST, s.row ASC NULLS FIRST)
    AS age_rank
FROM series AS s

-- table: own_counts
-- A person's earlier counts of one cell type by size, to find the middle one.
SELECT
    p.subject, p.analyte, p.low, p.at_s,
    ROW_NUMBER() OVER (PARTITION BY p.subject, p.analyte ORDER BY p.low ASC NULLS FIRST, p.row ASC NULLS FIRST) AS place
FROM beside_previous AS p
WHERE p.age_rank > 1 AND p.low = p.high

-- table: own_span
-- When there are enough earlier counts over a long enough time, then their middle is the person's own usual level.
SELECT o.subject, o.analyte, COUNT(*) AS n, MAX(o.at_s) - MIN(o.at_s) AS span_s
FROM own_counts AS o
CROSS JOIN constants AS k
GROUP BY o.subject, o.analyte
HAVING COUNT(*) >= MIN(k.usual_counts) AND MAX(o.at_s) - MIN(o.at_s) >= MIN(k.usual_span_s)

-- table: own_levels
-- A level stated by the input comes before the one computed.
SELECT
    x.subject, x.analyte, MAX(x.stated) AS stated,
    MIN(CASE WHEN x.stated = 1 THEN x.level END) AS stated_level, MIN(CASE WHEN x.stated = 0 THEN x.level END) AS middle,
    MAX(x.n) AS n, MAX(x.span_s) AS span_s
FROM (
    SELECT u.subject, u.analyte, 1 AS stated, u.low AS level, 0 AS n, CAST(NULL AS BIGINT) AS span_s FROM usual AS u
    UNION ALL
    SELECT o.subject, o.analyte, 0, o.low, w.n, w.span_s
    FROM own_counts AS o
    JOIN own_span AS w ON w.subject = o.subject AND w.analyte = o.analyte AND o.place = (w.n + 1) // 2
) AS x
GROUP BY x.subject, x.analyte

-- table: changes
-- The newest count of each cell type: did it fall, or rise, by more than the setting against the one before it, or
-- against the person's own usual level? 1 = yes, 0 = no, null = cannot be told.
SELECT
    p.subject, p.analyte, p.row, p.sample, p.at_s, p.low, p.high, p.is_low, p.severity, p.previous_row, p.previous_s,
    p.previous_is_low, p.previous_severity, p.previous_low,
    COALESCE(l.stated_level, l.middle) AS usual_level, COALESCE(l.stated, 0) AS usual_stated, l.n AS usual_n,
    l.span_s AS usual_span_s,
    CASE
        WHEN p.previous_row IS NULL THEN NULL
        WHEN p.high * 100 < p.previous_low * (100 - k.trend_percent) THEN 1
        WHEN p.low * 100 >= p.previous_high * (100 - k.trend_percent) THEN 0
    END AS fell,
    CASE
        WHEN p.previous_row IS NULL THEN NULL
        WHEN p.low * 100 > p.previous_high * (100 + k.trend_percent) THEN 1
        WHEN p.high * 100 <= p.previous_low * (100 + k.trend_percent) THEN 0
    END AS rose,
    CASE
        WHEN p.high * 100 < COALESCE(l.stated_level, l.middle) * (100 - k.trend_percent) THEN 1
        WHEN COALESCE(l.stated_level, l.middle) IS NOT NULL THEN 0
    END AS under_usual
FROM beside_previous AS p
CROSS JOIN constants AS k
LEFT JOIN own_levels AS l ON l.subject = p.subject AND l.analyte = p.analyte
WHERE p.age_rank = 1

-- table: last_not_low
-- The newest neutrophil count that no limit calls low: what a low one is a fall from, where no own level is known.
SELECT n.subject, n.analyte, n.low
FROM (
    SELECT
        s.subject, s.analyte, s.low,
        ROW_NUMBER() OVER (PARTITION BY s.subject ORDER BY -s.at_s ASC NULLS FIRST, -s.row ASC NULLS FIRST, s.row ASC NULLS FIRST)
        AS place
    FROM series AS s
    WHERE s.analyte = 'NEUT' AND s.is_low = 0
) AS n
WHERE n.place = 1

-- table: trends
-- When low now and not low before: new. When clearly lower than before, or than the own usual level: falling. When
-- clearly higher than before, or low before and not now: recovering. When low before and now and neither: stable.
SELECT
    c.subject, c.analyte, c.row, c.trend, 'trend.' || c.trend AS rule, c.previous_row, c.at_s - c.previous_s AS seconds,
    c.usual_level AS usual_low, c.usual_n, c.usual_span_s AS usual_s, c.usual_stated
FROM (
    SELECT
        d.*,
        CASE
            WHEN d.is_low IS NULL THEN 'cannot-tell'
            WHEN d.is_low = 0 AND d.previous_is_low = 1 THEN 'recovering'
            WHEN d.is_low = 0 THEN 'not-low'
            WHEN d.previous_row IS NULL AND d.under_usual = 1 THEN 'falling'
            WHEN d.previous_row IS NULL THEN 'first'
            WHEN d.previous_is_low = 0 THEN 'new'
            WHEN d.fell = 1 OR d.under_usual = 1 THEN 'falling'
            WHEN d.rose = 1 THEN 'recovering'
            WHEN d.fell = 0 AND d.rose = 0 THEN 'stable'
            ELSE 'cannot-tell'
        END AS trend
    FROM changes AS d
) AS c

-- table: episode_marks
-- Each count under each episode rule that is run: 1 = in, 0 = out, counts that are neither take no part.
SELECT
    t.track, s.subject, s.row, s.at_s, s.high, s.severity,
    CASE
        WHEN s.high < t.threshold AND (t.zero = 1 OR s.high > 0) THEN 1
        WHEN s.low >= t.recover_low AND (t.recover_high IS NULL OR s.high <= t.recover_high) THEN 0
    END AS inside
FROM series AS s
JOIN tracks AS t ON t.analyte = s.analyte AND t.kind = 'threshold'
UNION ALL
SELECT t.track, s.subject, s.row, s.at_s, s.high, s.severity, s.is_low AS inside
FROM series AS s
JOIN tracks AS t ON t.analyte = s.analyte AND t.kind = 'verdict'
UNION ALL
SELECT t.track, s.subject, s.row, s.at_s, s.high, s.severity, s.is_clear AS inside
FROM series AS s
JOIN tracks AS t ON t.analyte = s.analyte AND t.kind = 'first-limit'
UNION ALL
SELECT
    t.track, s.subject, s.row, s.at_s, s.high, s.severity,
    CASE WHEN v.grade_low >= t.grade THEN 1 WHEN v.grade_high < t.grade THEN 0 END AS inside
FROM series AS s
JOIN tracks AS t ON t.analyte = s.analyte AND t.kind = 'grade'
JOIN verdicts AS v ON v.row = s.row AND v.sample = s.sample
JOIN grade_words AS w ON w.band = v.band AND w.edition = t.edition AND w.term_id = t.term AND w.analyte = s.analyte

-- table: episode_gaps
-- Times without any count that are longer than the rule allows.
SELECT
    m.track, m.subject, m.row, m.at_s, m.high, m.severity, m.inside,
    LAG(m.at_s) OVER (PARTITION BY m.track, m.subject ORDER BY m.at_s ASC NULLS FIRST, m.row ASC NULLS FIRST) AS previous_s
FROM episode_marks AS m
WHERE m.inside IS NOT NULL

-- table: episode_steps
-- Running numbers: the place of each count, how many were in, how many out, and how many gaps lie before it.
SELECT
    g.track, g.subject, g.row, g.at_s, g.high, g.severity, g.inside,
    ROW_NUMBER() OVER (PARTITION BY g.track, g.subject ORDER BY g.at_s ASC NULLS FIRST, g.row ASC NULLS FIRST) AS step,
    CAST(SUM(g.inside) OVER (
        PARTITION BY g.track, g.subject ORDER BY g.at_s ASC NULLS FIRST, g.row ASC NULLS FIRST
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS ins,
    CAST(SUM(1 - g.inside) OVER (
        PARTITION BY g.track, g.subject ORDER BY g.at_s ASC NULLS FIRST, g.row ASC NULLS FIRST
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS outs,
    CAST(SUM(CASE WHEN g.at_s - g.previous_s > t.gap_s THEN 1 ELSE 0 END) OVER (
        PARTITION BY g.track, g.subject ORDER BY g.at_s ASC NULLS FIRST, g.row ASC NULLS FIRST
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS gaps
FROM episode_gaps AS g
JOIN tracks AS t ON t.track = g.track

-- table: lows
-- When enough counts were out since the last low one, or a gap lies between, or the era is over, then a low count
-- begins an episode.
SELECT
    b.*,
    CASE
        WHEN b.before_s IS NULL THEN 1
        WHEN t.era_s IS NOT NULL AND b.at_s - b.before_s > t.era_s THEN 1
        WHEN t.era_s IS NOT NULL THEN 0
        WHEN b.outs - b.before_outs >= t.recoveries OR b.gaps > b.before_gaps THEN 1
        ELSE 0
    END AS begins
FROM (
    SELECT
        e.*,
        LAG(e.outs) OVER (PARTITION BY e.track, e.subject ORDER BY e.at_s ASC NULLS FIRST, e.row ASC NULLS FIRST) AS before_outs,
        LAG(e.gaps) OVER (PARTITION BY e.track, e.subject ORDER BY e.at_s ASC NULLS FIRST, e.row ASC NULLS FIRST) AS before_gaps,
        LAG(e.at_s) OVER (PARTITION BY e.track, e.subject ORDER BY e.at_s ASC NULLS FIRST, e.row ASC NULLS FIRST) AS before_s
    FROM episode_steps AS e
    WHERE e.inside = 1
) AS b
JOIN tracks AS t ON t.track = b.track

-- table: numbered
SELECT
    w.*,
    CAST(SUM(w.begins) OVER (
        PARTITION BY w.track, w.subject ORDER BY w.at_s ASC NULLS FIRST, w.row ASC NULLS FIRST
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS BIGINT) AS number
FROM lows AS w

-- table: spells
-- One row per episode so far: from its first to its last low count. The lowest count (of a censored one its upper end)
-- and its step share one number.
SELECT
    n.track, n.subject, n.number,
    MIN(CASE WHEN n.begins = 1 THEN n.row END) AS onset_row, MIN(n.at_s) AS onset_s, MIN(n.step) AS first_step,
    MAX(n.step) AS last_step, MAX(n.at_s) AS last_s, MAX(n.ins) AS ins, MAX(n.gaps) AS gaps,
    MIN(n.high * 1000000 + n.step) AS nadir_key, MAX(n.severity) AS worst_grade
FROM numbered AS n
GROUP BY n.track, n.subject, n.number

-- table: recoveries
-- The counts that are out directly after the last low count of an episode and before any gap.
SELECT
    s.track, s.subject, s.number, COUNT(*) AS n, MIN(e.at_s) AS first_s, MAX(e.at_s) AS last_s, MIN(e.step) AS first_step,
    MAX(e.step) AS last_step
FROM spells AS s
JOIN episode_steps AS e ON e.track = s.track AND e.subject = s.subject AND e.ins = s.ins AND e.gaps = s.gaps
WHERE e.inside = 0
GROUP BY s.track, s.subject, s.number

-- table: last_gaps
SELECT track, subject, MAX(gaps) AS gaps FROM episode_steps GROUP BY track, subject

-- table: ended
-- Enough counts out: recovered, at the first of them. A time without counts: cut off by the gap, at the last count seen.
-- The rule's own padding: at its end. Else the counts end here: censored.
SELECT
    s.*, t.analyte, t.rule, t.threshold, t.explains,
    CASE
        WHEN r.n >= t.recoveries AND (t.pad_s IS NULL OR r.first_s <= s.last_s + t.pad_s) THEN 'recovered'
        WHEN t.pad_s IS NOT NULL THEN 'padded'
        WHEN g.gaps > s.gaps THEN 'gap'
        ELSE 'censored'
    END AS end_reason,
    CASE
        WHEN r.n >= t.recoveries AND (t.pad_s IS NULL OR r.first_s <= s.last_s + t.pad_s) THEN r.first_s
        WHEN t.pad_s IS NOT NULL THEN s.last_s + t.pad_s
        ELSE COALESCE(r.last_s, s.last_s)
    END AS end_s,
    CASE
        WHEN r.n >= t.recoveries AND (t.pad_s IS NULL OR r.first_s <= s.last_s + t.pad_s) THEN r.first_step
        WHEN t.pad_s IS NOT NULL THEN s.last_step
        ELSE COALESCE(r.last_step, s.last_step)
    END AS end_step
FROM spells AS s
JOIN tracks AS t ON t.track = s.track
JOIN last_gaps AS g ON g.track = s.track AND g.subject = s.subject
LEFT JOIN recoveries AS r ON r.track = s.track AND r.subject = s.subject AND r.number = s.number

-- table: episodes
SELECT
    x.subject, x.track * 1000000000000 + x.onset_row AS episode,
    x.number, x.analyte, x.rule, x.onset_row, x.onset_s, x.row AS nadir_row, x.nadir_s, x.nadir, x.last_s, x.end_row,
    x.end_s, x.end_reason, (x.end_s - x.onset_s) // 86400 AS duration_days, x.end_step - x.first_step + 1 AS n_values,
    x.worst_grade, x.threshold, x.explains
FROM (
    SELECT d.*, n.row, n.at_s AS nadir_s, n.high AS nadir, z.row AS end_row
    FROM ended AS d
    JOIN episode_steps AS n ON n.track = d.track AND n.subject = d.subject AND n.step = d.nadir_key % 1000000
    JOIN episode_steps AS z ON z.track = d.track AND z.subject = d.subject AND z.step = d.end_step
) AS x
