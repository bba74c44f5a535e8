"""What became of each cell type over time: its trend, the person's own usual level, and episodes of low counts."""

from __future__ import annotations

from typing import cast

from leukon.knowledge.tiles import SEVERITY_WORDS
from leukon.report.assessment import Value
from leukon.report.dates import SECONDS_PER_DAY, counted, day_of
from leukon.report.index import Index
from leukon.report.person import Person, Row
from leukon.report.phrases import Phrases
from leukon.report.reasons import Episode, History, UsualLevel
from leukon.report.values import Names, text_of

ALONE = ("censored", "gap")
"""Ends of an episode of one count that is said in fewer words."""

DAYS_PER_YEAR = 365
"""For words only: from two years on a span is said in years."""

ORIGINS = ("derived", "reported")
"""A count is derived only where none was reported; the reported row is then its share."""


def id_of(names: Names, row: int | None, analyte: str) -> str:
    """Id of the value of an analyte in a row of the chain ("" when there is none)."""
    if row is None:
        return ""
    return next((name for origin in ORIGINS if (name := names.get((row, analyte, origin)))), "")


def histories(person: Person, values: list[Value], index: Index, words: Phrases, names: Names) -> list[History]:
    """How each cell type stands against the person's own earlier counts, the white count first."""
    held = {value.id: value for value in values}
    places = {analyte: place for place, analyte in enumerate(index.lineages)}
    rows = sorted(person.rows("trends"), key=lambda r: (places.get(r["analyte"], len(places)), r["analyte"]))
    return [_history(row, person, held, index, words, names) for row in rows]


def _history(row: Row, person: Person, held: dict[str, Value], index: Index, words: Phrases, names: Names) -> History:
    analyte = str(row["analyte"])
    trend, now, before = str(row["trend"]), id_of(names, row["row"], analyte), ""
    if row["previous_row"] is not None:
        before = id_of(names, row["previous_row"], analyte)
    days = None if row["seconds"] is None else int(row["seconds"]) // SECONDS_PER_DAY
    about = index.analyte(analyte)
    name = words.of(about.plain if words.audience == "plain" else about.short) if about is not None else analyte
    usual = _usual(row, analyte, index)
    sentences = [_change(trend, held.get(now), held.get(before), days, words), words(f"trend.{trend}")]
    if usual is not None and about is not None:
        sentences.append(_usual_text(usual, about.display_unit, words))
    if trend == "falling" and person.about.get("duffy") == "null":  # SF-10
        sentences.append(words("history.duffy"))
    return History(
        analyte=analyte,
        name=name,
        trend=cast("History", trend),  # type: ignore[arg-type]
        rule=str(row["rule"]),
        text=" ".join(sentence for sentence in sentences if sentence),
        observation=now,
        previous=before,
        days=days,
        usual=usual,
    )


def _change(trend: str, now: Value | None, before: Value | None, days: int | None, words: Phrases) -> str:
    """ "2.1 ×10⁹/L, 14 days after 3.9 ×10⁹/L: falling." """
    if now is None:
        return ""
    value, word = words.quantity(now.value, now.unit), words(f"trend-word.{trend}")
    if before is None or days is None:
        return words("history.alone", value=value, word=word)
    after = counted("history.after", days, words)
    earlier = words.quantity(before.value, before.unit)
    return words("history.change", value=value, after=after, before=earlier, word=word)


def _usual(row: Row, analyte: str, index: Index) -> UsualLevel | None:
    if row["usual_low"] is None:
        return None
    stated, span = bool(row["usual_stated"]), row["usual_s"]
    return UsualLevel(
        value=index.show(row["usual_low"], analyte),
        origin="stated" if stated else "own-counts",
        n_values=0 if stated else int(row["usual_n"] or 0),
        days=None if stated or span is None else int(span) // SECONDS_PER_DAY,
    )


def _usual_text(usual: UsualLevel, unit: str, words: Phrases) -> str:
    value = words.quantity(usual.value, unit)
    if usual.origin == "stated":
        return words("history.usual.stated", value=value)
    days = usual.days or 0
    years = days // DAYS_PER_YEAR
    span = words("history.years", n=years) if years > 1 else words("history.days", n=days)
    return words("history.usual.own", value=value, n=usual.n_values, span=span)


def episodes(
    person: Person, index: Index, words: Phrases, names: Names
) -> tuple[list[Episode], dict[int, str], list[str]]:
    """Episodes, newest first; the chain's number of each → its id; and ids of the claims behind their rules."""
    found, ids, claims = [], {}, dict[str, None]()
    rows = person.rows("episodes")
    counts = {(v["row"], v["analyte"]): v for v in person.values if v.get("quantity") in ("count", None)}
    for row in sorted(rows, key=lambda r: (-r["onset_s"], str(r["analyte"]), r["rule"], r["number"])):
        rule = index.catalog.episode_rules[row["rule"]]
        episode = _episode(row, f"{row['analyte']}/{rule.id}/{row['number']}", person, index, words, names, counts)
        ids[row["episode"]] = episode.id
        claims |= dict.fromkeys(rule.claims)
        found.append(episode)
    return found, ids, list(claims)


def _episode(
    row: Row,
    id_: str,
    person: Person,
    index: Index,
    words: Phrases,
    names: Names,
    counts: dict[tuple[int, str], Row],
) -> Episode:
    analyte, rule = str(row["analyte"]), index.catalog.episode_rules[row["rule"]]
    about = index.analyte(analyte)
    unit = about.display_unit if about is not None else ""
    onset, nadir = person.collected(row["onset_row"]), person.collected(row["nadir_row"])
    reason, grade = str(row["end_reason"]), row["worst_grade"]
    padded = day_of(row["end_s"], person.basis, words) if reason == "padded" else ""
    end = padded or person.collected(row["end_row"]) or day_of(row["end_s"], person.basis, words)
    lowest = counts.get((row["nadir_row"], analyte))
    value = text_of(lowest, index)[0] if lowest is not None else index.show(row["nadir"], analyte)
    word = words(f"severity.{SEVERITY_WORDS[grade - 1]}") if grade and grade <= len(SEVERITY_WORDS) else ""
    days = row["duration_days"]
    text = words(
        f"episode.single.{reason}" if row["n_values"] == 1 and reason in ALONE else f"episode.{reason}",
        onset=words.day(onset),
        end=words.day(end),
        days=counted("episode.days", days, words) if days is not None else "",
        value=words.quantity(value, unit),
        day=words.day(nadir),
    )
    return Episode(
        id=id_,
        analyte=analyte,
        name=words.of(about.short) if about is not None else analyte,
        rule=rule.id,
        rule_text=words.of(rule.name),
        onset=onset,
        nadir=nadir,
        nadir_value=value,
        nadir_observation=id_of(names, row["nadir_row"], analyte),
        end=end,
        end_reason=cast("Episode", reason),  # type: ignore[arg-type]
        text=text,
        n_values=row["n_values"],
        duration_days=days,
        worst_grade=grade,
        worst_word=word,
        threshold=index.show(row["threshold"], analyte),
        onset_s=row["onset_s"],
        nadir_s=row["nadir_s"],
        end_s=row["end_s"],
    )
