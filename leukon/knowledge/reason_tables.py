"""Causes, signs, rules, scores, programmes and episode rules → the tables that `follow` and `explain` join.

Nothing is decided here that the files do not say. Ids become whole numbers (keys.py), days seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from leukon.knowledge.keys import (
    cause_keys,
    episode_rule_keys,
    numbered,
    programme_keys,
    rule_keys,
    score_keys,
    sign_keys,
)
from leukon.knowledge.model import Knowledge
from leukon.knowledge.reasons import Alternative, Cause, EpisodeRule, Programme, Window
from leukon.knowledge.strata import HIGHEST
from leukon.tables import Row, Rows

DAY: Final = 86400
FOLLOWED: Final = {
    "leukopenia": 1, "neutropenia": 1, "lymphopenia": 1, "anaemia": 0, "thrombocytopenia": 0,
}  # fmt: skip
"""Questions whose counts are followed over time; 1 where low ones are explained."""

CHAIN_QUESTIONS: Final = ("pancytopenia", "leukopenia", "neutropenia", "anaemia", "thrombocytopenia")
"""Questions whose newest answers go into signs of source chain."""

EXPLAINED: Final = ("low-by-any", "low-by-first-limit")
"""The episode rules whose episodes explanations are about; they are run always."""

EVIDENCE_ORDER: Final = (
    "quantified", "listed", "case_reports", "weak_or_confounded", "disputed", "seed_only", "not_a_cause", "finding",
    "recalled",
)  # fmt: skip
"""Order in which candidates of equal timing and cell type are printed."""

TIMING: Final = {
    11: ("within-window", 1),
    12: ("after-last-dose", 1),
    13: ("present", 1),
    21: ("outside-read-times", None),
    22: ("no-window", None),
    24: ("recorded-after", None),
    25: ("no-dates", None),
    26: ("ended-no-window", None),
    27: ("first-low-before", None),
    31: ("closed", 0),
    32: ("started-after", 0),
}
"""Codes of explain.sql: the rule of exposure (safety.md section 2) and whether the timing fits. Smaller fits better."""

SAYERS: Final = ("guideline", "label", "research", "reference")


def reason_tables(knowledge: Knowledge) -> dict[str, Rows]:
    """The tables that hold for every run."""
    causes, signs = cause_keys(knowledge), sign_keys(knowledge)
    return {
        "followed": _rows("question explained", "ti", FOLLOWED.items()),
        "severity_editions": _rows("edition", "t", ((e.id,) for e in knowledge.editions.values() if e.always)),
        "timing_codes": _rows(
            "code rule_id fits place", "itii",
            ((code, f"timing.{name}", fits, code // 10) for code, (name, fits) in TIMING.items()),
        ),
        "causes": _causes(knowledge, causes),
        "cause_lines": _rows("cause analyte fits", "iti", _lines(knowledge, causes)),
        "cause_hides": _rows("cause analyte", "it", _hides(knowledge, causes)),
        "cause_clues": _rows("cause sign bit", "iii", _clues(knowledge, causes, signs)),
        "cause_words": _cause_words(knowledge, causes),
        "person_causes": _rows("about cause", "ti", _person_causes(causes)),
        "sign_spans": _rows(
            "sign within_s", "ii",
            ((signs[s.id], s.within_h * 3600) for s in knowledge.signs.values() if s.within_h is not None),
        ),
        "measure_signs": _rows(
            "sign measure low high unsure_low unsure_high within_s", "itiiiii",
            (
                (signs[s.id], s.measure, s.low, s.high, s.unsure_low, s.unsure_high, _hours(s.within_h))
                for s in knowledge.signs.values()
                if s.source == "measure"
            ),
        ),
        "condition_signs": _rows("sign cause", "ii", _sign_causes(knowledge, "condition", causes, signs)),
        "drug_signs": _rows(
            "sign cause within_s", "iii",
            (
                (signs[s.id], causes[cause], _hours(s.within_h))
                for s in knowledge.signs.values()
                if s.source == "drug"
                for cause in s.causes
                if cause in causes
            ),
        ),
        "finding_signs": _rows("sign question state finding_id", "ittt", _finding_signs(knowledge, signs)),
        "sign_questions": _rows(
            "question", "t",
            ((q,) for q in sorted({str(row[1]) for row in _finding_signs(knowledge, signs)} | set(CHAIN_QUESTIONS))),
        ),
        "issue_signs": _rows("sign bit", "ii", _issue_signs(knowledge, signs)),
        "trend_signs": _rows(
            "sign analyte trend", "itt",
            (
                (signs[s.id], analyte, trend)
                for s in knowledge.signs.values()
                if s.source == "trend"
                for analyte in s.analytes
                for trend in s.trends
            ),
        ),
        "sign_names": _rows("sign name", "it", ((key, id_) for id_, key in signs.items())),
        "chain_signs": _rows(
            "sign name", "it", ((signs[s.id], s.id) for s in knowledge.signs.values() if s.source == "chain")
        ),
        "score_signs": _rows("score item option points sign wanted", "iiiiii", _score_signs(knowledge, signs)),
        "score_otherwise": _rows(
            "score item points", "iii",
            (
                (score_keys(knowledge)[score.id], place, item.otherwise)
                for score in knowledge.scores.values()
                if score.role == "active"
                for place, item in enumerate(score.items, 1)
                if item.otherwise is not None
            ),
        ),
        "rungs": _rows(
            "programme analyte low high rung severity repeat_s lasting acts", "itiiiiiii", _rungs(knowledge)
        ),
        "dues": _rows("programme from_s to_s every_s", "iiii", _dues(knowledge)),
        "programme_unless": _rows(
            "programme cause", "ii",
            (
                (key, causes[cause])
                for id_, key in programme_keys(knowledge).items()
                for cause in knowledge.programmes[id_].unless
                if cause in causes
            ),
        ),
        "constitution_blocks": _rows("sign", "i", _blocks(knowledge, signs)),
        "programme_words": _programme_words(knowledge, causes),
        "rung_words": _rung_words(knowledge),
        "episode_rule_words": _rows(
            "rule rule_id", "it", ((key, id_) for id_, key in episode_rule_keys(knowledge).items())
        ),
    }  # fmt: skip


def run_tables(
    knowledge: Knowledge, jurisdictions: Sequence[str], episode_rules: Sequence[str], pathways: Sequence[str]
) -> dict[str, Rows]:
    """The tables that depend on what a run was asked (`engine.Params`)."""
    return {
        "tracks": _tracks(knowledge, episode_rules),
        "programmes": _programmes(knowledge, jurisdictions, pathways),
        "rule_signs": _rows("kind rule alternative sign wanted", "tiiii", _rule_signs(knowledge, pathways)),
    }


def _rows(names: str, kinds: str, rows: Iterable[Row]) -> Rows:
    """A small table: column names, `i` (whole number) or `t` (text) for each, its rows."""
    words = {"i": "int", "t": "text"}
    return Rows(tuple(names.split()), tuple(words[kind] for kind in kinds), [tuple(row) for row in rows])


def _hours(hours: int | None) -> int | None:
    return None if hours is None else hours * 3600


def _days(days: int | None, slack: int = 0) -> int | None:
    return None if days is None else days * DAY + slack


# --- causes ------------------------------------------------------------------------------------


def _causes(knowledge: Knowledge, keys: dict[str, int]) -> Rows:
    names = "cause active is_drug lowers has_window from_s to_s after_s closes evidence_rank"
    none = Window(from_days=None, to_days=None, after_days=None, closes=False, sources=(), place="")
    rows: list[Row] = []
    for cause in knowledge.causes.values():
        window = cause.window or none
        rows.append(
            (
                keys[cause.id],
                int(cause.role == "active"),
                int(cause.type == "drug"),
                int(bool(cause.lowers)),
                int(cause.window is not None),
                _days(window.from_days),
                _days(window.to_days, DAY - 1),  # the whole of the last day
                _days(window.after_days),
                int(window.closes),
                EVIDENCE_ORDER.index(cause.evidence_level),
            )
        )
    return _rows(names, "i" * 10, rows)


def _lines(knowledge: Knowledge, keys: dict[str, int]) -> Iterator[Row]:
    """Does the low cell type fit the cause?"""
    for cause in knowledge.causes.values():
        for analyte in ("WBC", "NEUT", "LYMPH"):
            yield keys[cause.id], analyte, _fits(cause, analyte)


def _fits(cause: Cause, analyte: str) -> int | None:
    """That a source names one cell type does not say that another stays.

    No is said of what a cause raises, and of neutrophils beside drugs of lymphocytes only (causes.md 3.3).
    """
    if {"ANY", "WBC", analyte} & set(cause.lowers):
        return 1
    of_lymphocytes = cause.type == "drug" and cause.lowers == ("LYMPH",)
    return 0 if analyte in cause.raises or (analyte == "NEUT" and of_lymphocytes) else None


def _hides(knowledge: Knowledge, keys: dict[str, int]) -> Iterator[Row]:
    """The cell type that a cause raises first of all."""
    order = ("NEUT", "WBC", "LYMPH")
    for cause in knowledge.causes.values():
        raised = [analyte for analyte in order if analyte in cause.raises]
        if cause.raises and cause.role == "active":
            yield keys[cause.id], (raised or ["WBC"])[0]


def _clues(knowledge: Knowledge, causes: dict[str, int], signs: dict[str, int]) -> Iterator[Row]:
    for cause in knowledge.causes.values():
        for clue in cause.clues:
            sign = knowledge.signs.get(clue)
            if sign is not None and sign.bit is not None:
                yield causes[cause.id], signs[clue], 1 << sign.bit


def says(cause: Cause, knowledge: Knowledge) -> dict[str, str]:
    """What each kind of source says about this cause: yes | no | does not say (no such source was read).

    A label or guideline that asks for counts on a drug says so too: the claims of its monitoring programmes.
    """
    found = dict.fromkeys(SAYERS, "does not say")
    for claim in (c for p in knowledge.programmes.values() if cause.id in p.causes for c in p.claims):
        strength = knowledge.claims[claim].strength if claim in knowledge.claims else ""
        if strength in ("guideline", "label") and knowledge.claims[claim].evidence == "seen":
            found[strength] = "yes"
    for fact in cause.facts:
        if fact.evidence == "seen" and fact.strength in found and fact.about in ("link", "frequency", "onset"):
            found[fact.strength] = "yes"
    return found | cause.says


def _cause_words(knowledge: Knowledge, keys: dict[str, int]) -> Rows:
    names = "cause cause_id mechanism evidence_level says_guideline says_label says_research says_reference next_check"
    rows: list[Row] = []
    for cause in knowledge.causes.values():
        next_check = next((f"{cause.id}.next" for fact in cause.facts if fact.about == "next"), None)
        said = says(cause, knowledge)
        rows.append(
            (keys[cause.id], cause.id, cause.mechanism, cause.evidence_level, *(said[s] for s in SAYERS), next_check)
        )
    return _rows(names, "itttttttt", rows)


def _person_causes(keys: dict[str, int]) -> Iterator[Row]:
    for about, cause in (("pregnancy", "pregnancy"), ("duffy", "duffy_null")):
        if cause in keys:
            yield about, keys[cause]


# --- signs, rules, scores ------------------------------------------------------------------------


def _sign_causes(knowledge: Knowledge, source: str, causes: dict[str, int], signs: dict[str, int]) -> Iterator[Row]:
    for sign in knowledge.signs.values():
        if sign.source == source:
            yield from ((signs[sign.id], causes[cause]) for cause in sign.causes if cause in causes)


def _finding_signs(knowledge: Knowledge, signs: dict[str, int]) -> Iterator[Row]:
    """`question.word` is a finding id, `question/state` a state."""
    for sign in knowledge.signs.values():
        for name in sign.findings if sign.source == "finding" else ():
            question, is_state, state = name.partition("/")
            if is_state:
                yield signs[sign.id], question, state, None
            else:
                yield signs[sign.id], name.partition(".")[0], None, name


def _blocks(knowledge: Knowledge, signs: dict[str, int]) -> Iterator[Row]:
    """Signs beside which a constitutional explanation is not offered (SF-10): each alone is enough."""
    rule = knowledge.rules.get("pseudo.constitutional-blocked")
    for alternative in rule.when if rule else ():
        if len(alternative) == 1 and alternative[0][1] and alternative[0][0] in signs:
            yield (signs[alternative[0][0]],)


def _issue_signs(knowledge: Knowledge, signs: dict[str, int]) -> Iterator[Row]:
    for sign in knowledge.signs.values():
        for code in sign.codes if sign.source == "issue" else ():
            issue = knowledge.issues.get(code)
            if issue is not None and issue.bit is not None:
                yield signs[sign.id], 1 << issue.bit


def _rule_signs(knowledge: Knowledge, pathways: Sequence[str]) -> Iterator[Row]:
    signs, rules, scores = sign_keys(knowledge), rule_keys(knowledge), score_keys(knowledge)
    for rule in knowledge.rules.values():
        if rule.role == "active" and (not rule.pathway or rule.pathway in pathways):
            yield from (("rule", rules[rule.id], *row) for row in _alternatives(rule.when, signs))
    for score in knowledge.scores.values():
        if score.role == "active":
            yield from (("score", scores[score.id], *row) for row in _alternatives(score.applies, signs))


def _alternatives(when: Sequence[Alternative], signs: dict[str, int]) -> Iterator[tuple[int, int, int]]:
    for place, alternative in enumerate(when, 1):
        for sign, wanted in alternative:
            if sign in signs:
                yield place, signs[sign], int(wanted)


def _score_signs(knowledge: Knowledge, signs: dict[str, int]) -> Iterator[Row]:
    keys = score_keys(knowledge)
    for score in knowledge.scores.values():
        for place, item in enumerate(score.items, 1) if score.role == "active" else ():
            for number, option in enumerate(item.options, 1):
                for sign, wanted in option.when:
                    if sign in signs:
                        yield keys[score.id], place, number, option.points, signs[sign], int(wanted)


# --- programmes ----------------------------------------------------------------------------------


def _programmes(knowledge: Knowledge, jurisdictions: Sequence[str], pathways: Sequence[str]) -> Rows:
    """Programmes of the chosen jurisdictions (none chosen: of all), one row per drug."""
    chosen = [p for p in knowledge.programmes.values() if _is_chosen(p, jurisdictions, pathways)]
    ben = {(p.jurisdiction, cause) for p in chosen if p.population == "ben" for cause in p.causes}
    programmes, causes = programme_keys(knowledge), cause_keys(knowledge)
    rows: list[Row] = [
        (
            programmes[p.id],
            causes[cause],
            p.population,
            int((p.jurisdiction, cause) in ben),
            _days(p.after_days),
            int(p.adults),
        )
        for p in chosen
        for cause in p.causes
        if cause in causes
    ]
    return _rows("programme cause population has_ben after_s adults", "iitiii", rows)


def _is_chosen(programme: Programme, jurisdictions: Sequence[str], pathways: Sequence[str]) -> bool:
    if programme.role != "active" or (programme.pathway and programme.pathway not in pathways):
        return False
    return not jurisdictions or programme.jurisdiction in (*jurisdictions, "any")


def _rungs(knowledge: Knowledge) -> Iterator[Row]:
    keys = programme_keys(knowledge)
    for programme in knowledge.programmes.values():
        for place, rung in enumerate(programme.ladder, 1):
            low, high = rung.low or 0, HIGHEST if rung.high is None else rung.high
            acts = int(rung.urgency not in ("none", "routine"))
            repeat = _days(rung.repeat_days)
            yield keys[programme.id], rung.analyte, low, high, place, rung.severity, repeat, int(rung.lasting), acts


def _dues(knowledge: Knowledge) -> Iterator[Row]:
    keys = programme_keys(knowledge)
    for programme in knowledge.programmes.values():
        for due in programme.schedule:
            to_s = HIGHEST if due.to_days is None else due.to_days * DAY
            yield keys[programme.id], due.from_days * DAY, to_s, due.every_days * DAY


def _programme_words(knowledge: Knowledge, causes: dict[str, int]) -> Rows:
    keys = programme_keys(knowledge)
    rows: list[Row] = [(keys[p.id], p.id, p.jurisdiction) for p in knowledge.programmes.values()]
    return _rows("programme rule_id jurisdiction", "itt", rows)


def _rung_words(knowledge: Knowledge) -> Rows:
    keys = programme_keys(knowledge)
    rows: list[Row] = [
        (keys[p.id], place, rung.state, f"{p.id}.{rung.analyte}.{rung.state}", rung.urgency)
        for p in knowledge.programmes.values()
        for place, rung in enumerate(p.ladder, 1)
    ]
    return _rows("programme rung state action urgency", "iittt", rows)


# --- episode rules -------------------------------------------------------------------------------


def _tracks(knowledge: Knowledge, asked: Sequence[str]) -> Rows:
    """One row per episode rule and cell type that is run: those asked for, else those run always, and low-by-any."""
    keys = episode_rule_keys(knowledge)
    chosen = [
        r for r in knowledge.episode_rules.values() if (r.id in asked if asked else r.always) or r.id in EXPLAINED
    ]
    tracks = numbered(f"{rule.id} {analyte}" for rule in knowledge.episode_rules.values() for analyte in rule.analytes)
    names = (
        "track rule analyte kind threshold recover_low recover_high edition term grade recoveries gap_s pad_s era_s"
        " zero explains"
    )
    rows = [_track(rule, analyte, tracks, keys) for rule in chosen for analyte in rule.analytes]
    return _rows(names, "iittiiittiiiiiii", rows)


def _track(rule: EpisodeRule, analyte: str, tracks: dict[str, int], keys: dict[str, int]) -> Row:
    return (
        tracks[f"{rule.id} {analyte}"],
        keys[rule.id],
        analyte,
        rule.kind,
        rule.threshold,
        rule.recover_low,
        rule.recover_high,
        rule.edition,
        rule.term,
        rule.grade,
        rule.recoveries,
        _days(rule.gap_days),
        _days(rule.pad_days),
        _days(rule.era_days),
        int(rule.zero),
        int(rule.id in EXPLAINED),
    )
