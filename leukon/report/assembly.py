"""Ids and knowledge become an Assessment. Nothing is computed here that the chain did not decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import sha256

import msgspec

from leukon import __version__
from leukon.knowledge.model import Knowledge
from leukon.read.door import Inputs
from leukon.report.assessment import (
    SCHEMA,
    Assessment,
    Audience,
    Issue,
    LimitRef,
    Lineage,
    Made,
    Pack,
    Value,
    Verdict,
)
from leukon.report.citations import claim_ids, claims_of, limits_of, sources_of
from leukon.report.grades import grade_codes, grades, worst
from leukon.report.headline import headline, order
from leukon.report.index import Index, index_of
from leukon.report.lines import disagreement, number_line
from leukon.report.missing import missing, would_change
from leukon.report.part import Urgency
from leukon.report.person import Outputs, Person, people
from leukon.report.phrases import Phrases
from leukon.report.pick import Picked, picks
from leukon.report.reasons import Check, Risk
from leukon.report.values import excluded, reason, values
from leukon.report.verdict import answers, lineages, near_boundaries, pseudo, urgency

INTENDED_USE = "iu-1"
REPEAT = "c-w-10"
"""The claim behind "repeat the count with a film and differential"."""

UNIT_ALARM: tuple[Urgency, str] = ("same-day", "c-sf-6")
"""A white count without unit of which one reading is an alarm needs checking today (SF-6)."""

BLAST_ALARM: tuple[Urgency, str] = ("same-day", "c-sf-3")
"""Blasts in the blood are a red flag whatever the counts are (SF-3)."""

PERSON_CODES = frozenset(("AGE_UNKNOWN", "SEX_UNKNOWN", "AGE_NOT_COVERED", "NOT_COVERED", "NEWBORN_CHART_NEEDED"))


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
    drugs_sent: bool = False,
) -> Assessment:
    """The Assessment of the one person of a run. ValueError when there is not exactly one.

    `as_of` is the date of assessment as text and `as_of_s` the same in epoch seconds; without them it is the person's
    latest collection. `scales`: editions asked for as `CTCAE@5.0`; none = every one that fits. `drugs_sent`: the
    request named medicines (which this version does not judge).
    """
    every = list(
        build_all(
            inputs, outputs, knowledge, language=language, audience=audience, as_of=as_of, as_of_s=as_of_s,
            scales=scales, drugs_sent=drugs_sent,
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
    drugs_sent: bool = False,
) -> Iterator[Assessment]:
    """One Assessment per person, in input order. Parameters as for `build`."""
    index, words = index_of(knowledge), Phrases(knowledge, language, audience)
    for person in people(inputs, outputs, index.dimensions):
        yield _assessment(person, index, words, as_of, as_of_s, tuple(scales), drugs_sent)


def _assessment(
    person: Person,
    index: Index,
    words: Phrases,
    as_of: str | None,
    as_of_s: int | None,
    scales: tuple[str, ...],
    drugs_sent: bool,
) -> Assessment:
    knowledge = index.knowledge
    as_of_text, seconds = (as_of, as_of_s) if as_of else _latest(person)
    shown, names = values(person, index, words, seconds)
    unused = excluded(person, index, words)
    picked = picks(person, index)
    cells = lineages(picked, person, index, words, names, worst(person, index))
    further = answers(picked, index, words, person, names)
    differ = [d for x in cells if (d := disagreement(picked[x.question], person, index, words)) is not None]
    limits = limits_of(cells, further, differ, index, words.language)
    alarm = _unit_alarm(person)
    blasts = next((v for v in shown if v.analyte == "BLAST" and v.value.strip("<>=0. ")), None)
    level = urgency(picked, index, words, at_least=BLAST_ALARM if blasts else UNIT_ALARM if alarm else None)
    codes = {c for v in shown for c in v.issues} | {c for p in picked.values() for c in index.codes(p.codes)}
    open_ = missing(person, cells, shown, words, drugs_sent=drugs_sent, codes=codes)
    top = headline(
        cells,
        further,
        limits,
        shown,
        words,
        partial(reason, index=index, words=words),
        unit_alarm=words("headline.unit-alarm", value=alarm) if alarm else "",
        blasts=words("headline.blasts", value=words.quantity(blasts.value, blasts.unit)) if blasts else "",
        aged=as_of is not None,
        unjudged=drugs_sent,
    )
    net = index.safety_net[words.audience]
    checks = _checks(picked, index, words)
    graded = grades(person, index, words, names, scales)
    named = [*net, *(claim for check in checks for claim in check.why), *_finding_claims(picked, index)]
    positions = [] if words.audience == "plain" else differ
    claims = claims_of(claim_ids(level, positions, named), index, words.language)
    editions = dict.fromkeys(f"{grade.scale}@{grade.version}" for grade in graded)
    white = next((x for x in cells if x.analyte == "WBC"), None)
    pictures = [number_line(x, picked[x.question], shown, index, words) for x in order(cells)]
    return Assessment(
        schema=SCHEMA,
        engine=Made(name="leukon", version=__version__),
        knowledge=Pack(version=knowledge.version, sha256=knowledge.sha256),
        assessment_id=_identity(person, words, as_of_text, scales, knowledge),
        subject=person.subject,
        as_of=as_of_text,
        language=words.language,
        audience=words.audience,  # type: ignore[arg-type]
        scales=list(scales),
        values=shown,
        excluded=unused,
        verdict=Verdict(
            state=white.state if white is not None else "cannot-tell",
            headline=top.text,
            headline_analyte=top.analyte,
            also=top.also,
            analytes=cells,
            questions=further,
            pseudo=pseudo(picked, person, index, words),
            urgency=level,
            near_boundary=near_boundaries(picked, index),
            number_lines=[picture for picture in pictures if picture is not None],
        ),
        grades=graded,
        explanations=[],
        risk=Risk(flags=[], definitions=[], scores=[]),
        checks=checks,
        guidance=[],
        disagreements=differ,
        missing=open_,
        would_change=would_change(cells, shown, open_, words),
        issues=_issues(person, shown, picked, index, words, names_of_rows(person), scales),
        claims=claims,
        limits=limits,
        sources=sources_of(_shown(limits, cells, top.analyte, words), claims, editions, index),
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


def _unit_alarm(person: Person) -> str:
    """SF-6: a white or neutrophil count without unit of which one reading is a thousandfold smaller, as sent."""
    for row in person.excluded:
        result, source = person.results.get(row["row"], {}), person.source(row["row"])
        if row["code"] == "UNIT_AMBIGUOUS" and result.get("analyte") in ("WBC", "NEUT"):
            return " ".join(str(part) for part in (source.get("value_text"), source.get("unit")) if part)
    return ""


def _checks(picked: dict[str, Picked], index: Index, words: Phrases) -> list[Check]:
    low = any(p.state in ("low-by-all", "low-by-some") for p in picked.values())
    if not low or REPEAT not in index.knowledge.claims:
        return []
    return [Check(id="k1", text=words("check.repeat"), why=[REPEAT], already_done=False)]


def _finding_claims(picked: dict[str, Picked], index: Index) -> list[str]:
    findings = (index.knowledge.findings.get(p.finding) for p in picked.values() if p.urgency != "none")
    return [claim for finding in findings if finding is not None for claim in finding.claims]


def names_of_rows(person: Person) -> dict[str, str]:
    """Id of a reported value → where it stands in the input."""
    return {str(source["result_id"]): person.path(row) for row, source in person.sources.items()}


def _issues(
    person: Person,
    shown: list[Value],
    picked: dict[str, Picked],
    index: Index,
    words: Phrases,
    paths: dict[str, str],
    scales: tuple[str, ...],
) -> list[Issue]:
    """Every code raised, once for each place: results first, then answers, then the person."""
    raised: dict[tuple[str, str], None] = {}
    for value in shown:
        for code in value.issues:
            path = paths.get(value.id, f"derived.{value.id}") if value.derived is None else f"values.{value.id}"
            raised["subject" if code in PERSON_CODES else path, code] = None
    for number, code in grade_codes(person, index, scales):
        raised.setdefault((person.path(number), code), None)
    held = {code for _, code in raised}
    for row in person.excluded:
        raised[person.path(row["row"]), str(row["code"])] = None
    for pick in picked.values():
        for code in index.codes(pick.codes):
            if code in PERSON_CODES:
                raised["subject", code] = None
            elif code not in held and (code != "NOT_REPORTED" or pick.analyte in index.always_listed):
                raised[f"verdict.{pick.analyte}", code] = None
    found = []
    for path, code in raised:
        issue = index.knowledge.issues.get(code)
        if issue is not None:
            what = words.of(issue.what_to_do) if issue.what_to_do else ""
            found.append(
                Issue(code=code, severity=issue.severity, path=path, effect=reason(code, index, words), what_to_do=what)
            )
    return found


def _identity(person: Person, words: Phrases, as_of: str | None, scales: tuple[str, ...], knowledge: Knowledge) -> str:
    """Hash of what was asked and what it was answered from: the run's own keys and the order of rows take no part."""
    rows = []
    for key, result in person.results.items():
        fields = {name: value for name, value in result.items() if name not in ("row", "subject", "sample")}
        source = {name: value for name, value in person.source(key).items() if name not in ("row", "input", "line")}
        rows.append(msgspec.json.encode([fields, source], order="sorted").decode())
    about = {name: value for name, value in person.about.items() if name != "subject"}
    usual = sorted((u["analyte"], u["low"]) for u in person.usual)
    asked = [
        about,
        usual,
        sorted(rows),
        [r["text"] for r in person.rejects],
        words.language,
        words.audience,
        as_of,
        scales,
    ]
    whole = msgspec.json.encode([asked, knowledge.sha256, __version__], order="sorted")
    return "a-" + sha256(whole).hexdigest()[:32]
