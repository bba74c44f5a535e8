"""Ids and knowledge become an Assessment. Nothing is computed here that the chain did not decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from leukon import __version__
from leukon.knowledge.model import Knowledge
from leukon.read.door import Inputs
from leukon.report.advice import changes, checks, guidance, modifiers
from leukon.report.assessment import (
    SCHEMA,
    Assessment,
    Audience,
    LimitRef,
    Lineage,
    Made,
    Pack,
    Verdict,
)
from leukon.report.citations import claim_ids, claims_of, limits_of, sources_of
from leukon.report.earlier import earlier_severe
from leukon.report.explanations import bars, explanations, unused
from leukon.report.grades import grades, worst
from leukon.report.headline import headline, order
from leukon.report.history import episodes, histories
from leukon.report.identity import identity
from leukon.report.index import Index, index_of
from leukon.report.issues import issues, names_of_rows
from leukon.report.lines import disagreement, number_line
from leukon.report.missing import missing, would_change
from leukon.report.monitoring import monitoring
from leukon.report.part import Urgency
from leukon.report.person import Outputs, Person, people
from leukon.report.phrases import Phrases
from leukon.report.pick import Picked, picks
from leukon.report.pseudo import pseudo
from leukon.report.reasons import Check
from leukon.report.risk import risk
from leukon.report.standing import Standing
from leukon.report.urgency import alarm, raised, raises, urgency
from leukon.report.values import excluded, reason, values
from leukon.report.verdict import answers, lineages, near_boundaries

INTENDED_USE = "iu-1"
REPEAT = "c-w-10"
"""The claim behind "repeat the count with a film and differential"."""

SEVERE_SIGN = "anc-under-0.5"
OPEN = ("STATUS_UNKNOWN", "PRELIMINARY", "RESULT_PENDING", "FUTURE_DATE", "DATE_IMPOSSIBLE", "UNIT_RANGE_MISMATCH")
"""Reasons for not using a result that leave open whether its value is true."""

UNIT_ALARM: tuple[Urgency, str] = ("same-day", "c-sf-6")
"""A white count without unit of which one reading is an alarm needs checking today (SF-6)."""

BLAST_ALARM: tuple[Urgency, str] = ("same-day", "c-sf-3")
"""Blasts in the blood are a red flag whatever the counts are (SF-3)."""


def build(
    inputs: Inputs,
    outputs: Outputs,
    knowledge: Knowledge,
    *,
    language: str = "en",
    audience: Audience = "clinician",
    as_of: str | None = None,
    as_of_s: int | None = None,
    scales: Sequence[str] = (),
    asked: Sequence[Sequence[str]] = (),
) -> Assessment:
    """The Assessment of the one person of a run. ValueError when there is not exactly one.

    `as_of` is the date of assessment as text and `as_of_s` the same in epoch seconds; without them it is the person's
    latest collection. `scales`: editions asked for as `CTCAE@5.0`; none = every one that fits. `asked`: what else was
    asked of the chain (jurisdictions, episode rules, pathways): part of the identity.
    """
    every = list(
        build_all(
            inputs, outputs, knowledge, language=language, audience=audience, as_of=as_of, as_of_s=as_of_s,
            scales=scales, asked=asked,
        )
    )  # fmt: skip
    if len(every) != 1:
        raise ValueError(f"{len(every)} people in this run; use build_all for several")
    return every[0]


def build_all(
    inputs: Inputs,
    outputs: Outputs,
    knowledge: Knowledge,
    *,
    language: str = "en",
    audience: Audience = "clinician",
    as_of: str | None = None,
    as_of_s: int | None = None,
    scales: Sequence[str] = (),
    asked: Sequence[Sequence[str]] = (),
) -> Iterator[Assessment]:
    """One Assessment per person, in input order. Parameters as for `build`."""
    index, words = index_of(knowledge), Phrases(knowledge, language, audience)
    also = tuple(tuple(sorted(part)) for part in asked)
    for person in people(inputs, outputs, index.dimensions):
        yield _assessment(person, index, words, as_of, as_of_s, tuple(scales), also)


def _assessment(
    person: Person,
    index: Index,
    words: Phrases,
    as_of: str | None,
    as_of_s: int | None,
    scales: tuple[str, ...],
    asked: tuple[tuple[str, ...], ...],
) -> Assessment:
    knowledge = index.knowledge
    as_of_text, seconds = (as_of, as_of_s) if as_of else _latest(person)
    shown, names = values(person, index, words, seconds)
    standing = Standing(person, index.catalog, words)
    picked = picks(person, index)
    cells = lineages(picked, person, index, words, names, worst(person, index))
    further = answers(picked, index, words, person, names)
    differ = [d for x in cells if (d := disagreement(picked[x.question], person, index, words)) is not None]
    limits = limits_of(cells, further, differ, index, words.language)
    danger = risk(person, picked, standing, index, words)
    programmes = monitoring(person, index, words, names, dated=as_of is not None)
    fired = standing.fired()
    cells = raised(cells, raises(fired, programmes, cells, standing), words)
    unitless = _unread_alarm(person, index, words)
    blasts = next((v for v in shown if v.analyte == "BLAST" and v.value.strip("<>=0. ")), None)
    at_least = BLAST_ALARM if blasts else UNIT_ALARM if unitless else None
    level = urgency(picked, fired, programmes, index, words, at_least=at_least)
    codes = {c for v in shown for c in v.issues} | {c for p in picked.values() for c in index.codes(p.codes)}
    open_ = missing(person, cells, shown, standing, words, codes)
    episodes_, numbers, episode_claims = episodes(person, index, words, names)
    candidates = explanations(person, standing, index, words, numbers)
    top = headline(
        cells,
        further,
        limits,
        shown,
        words,
        partial(reason, index=index, words=words),
        unit_alarm=unitless,
        blasts=words("headline.blasts", value=words.quantity(blasts.value, blasts.unit)) if blasts else "",
        aged=as_of is not None,
        alarm=alarm(fired, picked, standing, words, said=BLAST_ALARM[0] if blasts else "none"),
        programmes=programmes,
        hides=[(one.analyte, one.label) for one in candidates if one.kind == "hides"],
        earlier=earlier_severe(person, picked, index, words),
    )
    net = index.safety_net[words.audience]
    steps = checks(standing) if standing.rules else _checks(picked, index, words)
    advised, natural = guidance(standing, words), modifiers(standing, words)
    misleading, changing = pseudo(standing, words), changes(standing)
    graded = grades(person, index, words, names, scales)
    cited: list[Iterable[str]] = [net, _finding_claims(picked, index), episode_claims]
    cited += [step.why for step in steps]
    cited += [rule.claims for _, rule in changing]
    for parts in (
        danger.flags,
        danger.definitions,
        danger.scores,
        programmes,
        advised,
        natural,
        misleading,
        candidates,
    ):
        cited += [one.claims for one in parts]
    named = dict.fromkeys(claim for claims in cited for claim in claims)
    positions = [] if words.audience == "plain" else differ
    claims = claims_of(claim_ids(level, positions, named), index, words.language)
    told = claims
    if words.audience == "plain":  # the documents of what is told: how urgent, when to get help, what could be related
        spoken = [level.claims, net, *(one.claims for one in candidates), *(step.why for step in steps)]
        told = {claim: claims[claim] for ids in spoken for claim in ids if claim in claims}
    editions = dict.fromkeys(f"{grade.scale}@{grade.version}" for grade in graded)
    white = next((x for x in cells if x.analyte == "WBC"), None)
    pictures = [number_line(x, picked[x.question], shown, index, words) for x in order(cells)]
    return Assessment(
        schema=SCHEMA,
        engine=Made(name="leukon", version=__version__),
        knowledge=Pack(version=knowledge.version, sha256=knowledge.sha256),
        assessment_id=identity(person, words, as_of_text, scales, asked, knowledge),
        subject=person.subject,
        as_of=as_of_text,
        language=words.language,
        audience=words.audience,  # type: ignore[arg-type]
        scales=list(scales),
        values=shown,
        excluded=excluded(person, index, words),
        verdict=Verdict(
            state=white.state if white is not None else "cannot-tell",
            headline=top.text,
            headline_analyte=top.analyte,
            also=top.also,
            analytes=cells,
            questions=further,
            pseudo=misleading,
            urgency=level,
            near_boundary=near_boundaries(picked, index),
            number_lines=[picture for picture in pictures if picture is not None],
        ),
        grades=graded,
        history=histories(person, shown, index, words, names),
        episodes=episodes_,
        explanations=candidates,
        unused=unused(person, index, words),
        bars=bars(person, index, words),
        risk=danger,
        monitoring=programmes,
        modifiers=natural,
        checks=steps,
        guidance=advised,
        disagreements=differ,
        missing=open_,
        would_change=would_change(cells, shown, open_, changing, words),
        issues=issues(person, shown, picked, index, words, names_of_rows(person), scales),
        claims=claims,
        limits=limits,
        sources=sources_of(_shown(limits, cells, top.analyte, words), told, editions, index),
        safety_net=list(net),
        safety_net_text=[claims[claim].text for claim in net],
        ask=words.series("ask") if words.audience == "plain" else [],
        intended_use=INTENDED_USE,
        intended_use_text=words("intended-use"),
    )


def _shown(limits: dict[str, LimitRef], cells: list[Lineage], about: str, words: Phrases) -> dict[str, LimitRef]:
    """The limits whose documents are listed: all; for the plain audience those that speak about the main counts."""
    if words.audience != "plain":
        return limits
    main = [x for x in cells if x.analyte in (about, "WBC", "NEUT")]
    ids = dict.fromkeys(i for x in main for i in (*x.low_by, *x.not_low_by))
    return {i: limits[i] for i in ids if i in limits}


def _latest(person: Person) -> tuple[str | None, int | None]:
    """The person's latest collection among usable values: as sent, and in seconds."""
    timed = [(seconds, v["row"]) for v in person.values if (seconds := person.time(v["row"])) is not None]
    if not timed:
        return None, None
    seconds, row = max(timed)
    return str(person.source(row).get("collected") or "") or None, seconds


def _unread_alarm(person: Person, index: Index, words: Phrases) -> str:
    """A white or neutrophil count that could not be used and that, as it stands or in one reading of its missing unit
    (SF-6), would be severe: in words, "" when there is none."""
    severe = index.knowledge.signs[SEVERE_SIGN].high
    factor = index.knowledge.analytes["NEUT"].display_factor
    for row in person.excluded:
        result, source, code = person.results.get(row["row"], {}), person.source(row["row"]), str(row["code"])
        if result.get("analyte") not in ("WBC", "NEUT") or severe is None:
            continue
        value = " ".join(str(part) for part in (source.get("value_text"), source.get("unit")) if part)
        if code == "UNIT_AMBIGUOUS":
            return words("headline.unit-alarm", value=value)
        number = re.match(r"\s*<?=?\s*(\d+(?:[.,]\d+)?)", str(source.get("value_text") or ""))
        bare = code == "UNIT_MISSING" and number and Decimal(number[1].replace(",", ".")) * factor <= severe
        legible = result.get("high") is not None and result.get("quantity") == "count" and result["high"] <= severe
        if bare or (legible and code in OPEN):
            return words("headline.unread-alarm", value=value, reason=reason(code, index, words).rstrip("."))
    return ""


def _checks(picked: dict[str, Picked], index: Index, words: Phrases) -> list[Check]:
    low = any(p.state in ("low-by-all", "low-by-some") for p in picked.values())
    if not low or REPEAT not in index.knowledge.claims:
        return []
    return [Check(id="k1", text=words("check.repeat"), why=[REPEAT], already_done=False)]


def _finding_claims(picked: dict[str, Picked], index: Index) -> list[str]:
    findings = (index.knowledge.findings.get(p.finding) for p in picked.values() if p.urgency != "none")
    return [claim for finding in findings if finding is not None for claim in finding.claims]
