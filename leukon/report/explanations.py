"""Candidate explanations, in the chain's order, and what was sent and took no part.

Never a probability, never "the cause". The plain audience reads names and what to ask, nothing to take or to leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from leukon.knowledge.reasons import Cause, Window
from leukon.report.dates import counted, day_of, days_between
from leukon.report.index import Index
from leukon.report.person import Person, Row
from leukon.report.phrases import Phrases
from leukon.report.reasons import Bar, Clue, Explanation, Timing, Unused
from leukon.report.standing import STATES, Standing
from leukon.report.values import reason

RECORDS = {"drug": ("start_s", "stop_s"), "condition": ("start_s", "end_s")}
LATER = "timing.first-low-before"
"""Begun after the first low count: then the lowest one matters."""

BLOCK, BLOCKED = "pseudo.constitutional-blocked", "duffy_null"
"""The rule that forbids a low level by birth as an explanation, and the cause that is not offered while it holds."""

BY_NAME = ("recalled", "seed_only")
"""Levels of evidence of causes of which nothing was read: known by name only."""

UNUSED = frozenset(("EXPOSURE_NOT_TAKEN", "CONDITION_NOT_PRESENT", "SUBJECT_UNKNOWN"))
"""Codes of records that say nothing about what a person took or had: no bar beneath the chart."""


def explanations(
    person: Person, standing: Standing, index: Index, words: Phrases, episodes: Mapping[int, str]
) -> list[Explanation]:
    """Every candidate: those of the newest low counts first, then in the printed order; what can hide one last."""
    records = _records(person)
    first = {"NEUT": 0, "WBC": 1}
    places = {analyte: first.get(analyte, place) for place, analyte in enumerate(index.lineages, 2)}

    def key(row: Row) -> tuple[Any, ...]:
        time = person.time(row["row"])
        newest = -int(row["newest"] or 0)
        return (
            row["kind"] == "hides", newest, -(time or 0) if not newest else 0, places.get(row["analyte"], len(places)),
            row["row"] or 0, row["place"], row["cause"],
        )  # fmt: skip

    made = _Maker(person, standing, index, words, episodes, records)
    blocked = BLOCKED if standing.rules.get(BLOCK) == 1 else ""
    rows = [row for row in person.rows("explained") if index.catalog.causes[row["cause"]].id != blocked]
    return [made.one(f"e{n}", row) for n, row in enumerate(sorted(rows, key=key), 1)]


def _records(person: Person) -> dict[tuple[str, int, int], Row]:
    """(drug | condition, row, cause) → the record."""
    found = {("drug", row["row"], row["cause"]): row for row in person.drugs}
    return found | {("condition", row["row"], row["cause"]): row for row in person.conditions}


class _Maker:
    """Makes one explanation after the other; what depends on the cause alone is made once."""

    def __init__(
        self,
        person: Person,
        standing: Standing,
        index: Index,
        words: Phrases,
        episodes: Mapping[int, str],
        records: dict[tuple[str, int, int], Row],
    ) -> None:
        self.person, self.standing, self.index, self.words = person, standing, index, words
        self.episodes, self.records = episodes, records
        self.plain = words.audience == "plain"
        self.lowest = {e["episode"]: (e["nadir_row"], e["nadir_s"]) for e in person.rows("episodes")}
        self.fixed: dict[str, dict[str, Any]] = {}

    def one(self, id_: str, row: Row) -> Explanation:
        cause, words = self.index.catalog.causes[row["cause"]], self.words
        kind, analyte = str(row["kind"]), str(row["analyte"])
        mention = self.person.mentions.get((sort_of(row), row["about"] or 0), {})
        timing = self._timing(row, cause, mention)
        present = self.index.catalog.clues(cause, row["clues_present"])
        missing = self.index.catalog.clues(cause, row["clues_missing"])
        fixed = self._fixed(cause)
        name = self._analyte(analyte)
        key = "hides" if kind == "hides" else "no" if timing.fits == "no" else kind
        return Explanation(
            id=id_,
            kind=cast("Explanation", kind),  # type: ignore[arg-type]
            about=str(mention.get("mention_id") or words("explanation.of-person")),
            named=str(mention.get("named") or ""),
            analyte=analyte,
            place=row["place"],
            timing=timing,
            lineage_fits=STATES[row["lineage"]],
            text=_sentence(words(f"explanation.{key}", label=fixed["label"], timing=timing.text, name=name)),
            episode=self.episodes.get(row["episode"], "") if row["episode"] is not None else "",
            clues_present=[Clue(sign=s.id, name=self.standing.name(s)) for s in present],
            clues_missing=[Clue(sign=s.id, name=self.standing.name(s)) for s in missing],
            **fixed,
        )

    def _fixed(self, cause: Cause) -> dict[str, Any]:
        """What is the same for every low count: names, evidence, sources."""
        if cause.id not in self.fixed:
            words, catalog = self.words, self.index.catalog
            facts = {fact.about: fact for fact in cause.facts}
            often, next_ = facts.get("frequency"), facts.get("next")
            next_text = ""
            if next_ is not None and not self.plain:
                text = words.of(next_.text)
                next_text = text if next_.evidence == "seen" else words("explanation.unverified", text=text)
            claims = catalog.claims(cause)
            self.fixed[cause.id] = {
                "cause": cause.id,
                "label": words.of(cause.name),
                "mechanism": cause.mechanism,
                "evidence_level": cause.evidence_level,
                "evidence_text": words(f"evidence.{cause.evidence_level}"),
                "says": catalog.says(cause),
                "claims": [c for c in claims if not self.plain or c.endswith(".link")],
                "frequency": "" if often is None or self.plain or often.evidence != "seen" else words.of(often.text),
                "next_check": next_text,
            }
        return self.fixed[cause.id]

    def _analyte(self, analyte: str) -> str:
        held = self.index.analyte(analyte)
        if held is None:
            return analyte
        return self.words.of(held.plain if self.plain else held.short)

    def _timing(self, row: Row, cause: Cause, mention: Row) -> Timing:
        """When it was taken or there, beside the count; and the rule that says whether that fits."""
        words, rule = self.words, str(row["fit"])
        start, stop = RECORDS[sort_of(row)]
        record = self.records.get((sort_of(row), row["about"] or 0, row["cause"]), {})
        at, day = self.person.time(row["row"]), words.day(self.person.collected(row["row"]))
        first, last = row.get("start_s", record.get(start)), row.get("stop_s", record.get(stop))
        begun, ended = days_between(first, at), days_between(last, at)
        parts = []
        if begun is not None:
            key = f"when.{sort_of(row)}" if begun >= 0 else f"when.{sort_of(row)}.after"
            parts.append(counted(key, abs(begun), words, day=day))
        if ended is not None and ended > 0:
            parts.append(counted(f"when.{sort_of(row)}.ended", ended, words, day=day))
        if rule == LATER and row["episode"] in self.lowest:
            nadir_row, nadir_s = self.lowest[row["episode"]]
            before = days_between(first, nadir_s)
            if before is not None and before >= 0:
                lowest = words.day(self.person.collected(nadir_row))
                parts.append(counted("when.lowest", before, words, day=lowest))
        hides = f"{rule}.hides"
        parts.append(words(hides if row["kind"] == "hides" and words.has(hides) else rule))
        window = "" if self.plain or cause.window is None else window_text(cause.window, words)
        return Timing(
            fits=STATES[row["fits"]],
            rule=rule,
            text="; ".join(parts),
            started=self._day(first, record.get(start), mention.get("start")),
            stopped=self._day(last, record.get(stop), mention.get("stop")),
            days=row["days"],
            window=window,
        )

    def _day(self, seconds: int | None, sent_s: int | None, sent: str | None) -> str:
        """The day as sent; of a course of several records, that of its first or last."""
        if seconds is None or seconds == sent_s:
            return str(sent or "")
        return day_of(seconds, self.person.basis, self.words)


def sort_of(row: Row) -> str:
    """Which kind of record stands behind a candidate: `chemotherapy` may come as a drug or as a condition."""
    return "drug" if row["is_drug"] else "condition"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def window_text(window: Window, words: Phrases) -> str:
    """When a drug can lower counts, as far as a source was read."""
    low, high, after = window.from_days, window.to_days, window.after_days
    parts = []
    if low is not None and high is not None:
        parts.append(words("window.between", low=low, high=high))
    elif high is not None:
        parts.append(words("window.up-to", n=high))
    elif low is not None:
        parts.append(words("window.from", n=low))
    else:
        parts.append(words("window.any"))
    if after is not None:
        parts.append(counted("window.after", after, words))
    if window.closes:
        parts.append(words("window.closes"))
    return "; ".join(parts)


def unused(person: Person, index: Index, words: Phrases) -> list[Unused]:
    """Drugs, conditions and measurements that were sent and took no part, in the order in which they were sent."""
    found, inactive = [], _inactive(person, index)
    for (kind, row), mention in sorted(person.mentions.items()):
        cause = inactive.get((kind, row))
        if cause is not None and not mention["code"]:
            key = "unused.inactive" if cause.evidence_level in BY_NAME else "unused.no-cause"
            found.append(
                Unused(
                    kind=cast("Unused", kind),  # type: ignore[arg-type]
                    id=str(mention["mention_id"] or ""),
                    named=str(mention["named"] or words.of(cause.name)),
                    code="",
                    text=words(key, why=words.of(cause.why_inactive)).strip(),
                )
            )
        if not mention["code"]:
            continue
        found.append(
            Unused(
                kind=cast("Unused", kind),  # type: ignore[arg-type]
                id=str(mention["mention_id"] or ""),
                named=str(mention["named"] or ""),
                code=str(mention["code"]),
                text=reason(str(mention["code"]), index, words),
                near=[name for name in str(mention["near"] or "").split("; ") if name],
            )
        )
    return found


def _inactive(person: Person, index: Index) -> dict[tuple[str, int], Cause]:
    """(drug | condition, row) → its cause, of records of which no cause takes part: known, and never an explanation."""
    causes = index.catalog.causes
    held: dict[tuple[str, int], list[Cause]] = {}
    for kind, rows in (("drug", person.drugs), ("condition", person.conditions)):
        for row in rows:
            if row["cause"] is not None and row["status"] in ("taken", "present", "resolved"):
                held.setdefault((kind, row["row"]), []).append(causes[row["cause"]])
    return {key: own[0] for key, own in held.items() if all(cause.role == "inactive" for cause in own)}


def bars(person: Person, index: Index, words: Phrases) -> list[Bar]:
    """Drugs and conditions beneath the chart over time: one bar for each record that counts, oldest first."""
    found: dict[tuple[str, int], Bar] = {}
    for kind, rows in (("drug", person.drugs), ("condition", person.conditions)):
        start, stop = RECORDS[kind]
        for row in rows:
            mention = person.mentions.get((kind, row["row"]), {})
            if mention.get("code") in UNUSED or row["status"] not in ("taken", "present", "resolved"):
                continue
            cause = index.catalog.causes.get(row["cause"]) if row["cause"] is not None else None
            bar = found.get((kind, row["row"]))
            named = str(mention.get("named") or "")
            found[kind, row["row"]] = Bar(
                kind=cast("Bar", kind),  # type: ignore[arg-type]
                id=str(mention.get("mention_id") or f"{kind}-{row['row']}"),
                label=named if bar is not None and named else words.of(cause.name) if cause is not None else named,
                cause=bar.cause if bar is not None else cause.id if cause is not None else "",
                start_s=row[start],
                stop_s=row[stop],
                ongoing=row[stop] is None and row.get("ongoing") != 0 and row["status"] != "resolved",
                started=str(mention.get("start") or ""),
                stopped=str(mention.get("stop") or ""),
            )
    return sorted(found.values(), key=lambda bar: (bar.kind != "drug", bar.start_s is None, bar.start_s or 0, bar.id))
