"""What a vignette expects, compared with an Assessment: facts by id, never prose.

Every function takes the expectation of one key and the Assessment as plain dicts (`Assessment.to_dict`, which leaves
out what is empty) and yields what is wrong, in words. Nothing here knows a language or an audience.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

Assessed = Mapping[str, Any]
Wrong = Iterator[str]

URGENCY: Final = ("none", "routine", "soon", "same-day", "emergency-if-symptoms", "emergency")
TREATMENT: Final = frozenset(("guidance",))
"""Keys of what the plain audience is not told; nor is it told the clues of a cause."""


def failures(expect: Mapping[str, Any], assessed: Assessed, audience: str = "clinician") -> list[str]:
    """What of an expectation did not come; [] = all of it did."""
    asked = {key: wanted for key, wanted in expect.items() if wanted not in (None, (), {})}
    if audience == "plain":
        asked = {key: wanted for key, wanted in asked.items() if key not in TREATMENT}
        if "explanations" in asked:
            asked["explanations"] = [{**one, "clues": (), "open_clues": ()} for one in asked["explanations"]]
    return [f"{key}: {what}" for key, wanted in asked.items() for what in CHECKS[key](wanted, assessed)]


def _listed(values: Iterable[Any]) -> str:
    return ", ".join(sorted({str(value) for value in values})) or "nothing"


def _same(wanted: Mapping[str, Any], came: Mapping[str, Any], missing: str = "nothing") -> Wrong:
    for key, value in wanted.items():
        if came.get(key, missing) != value:
            yield f"{key}: {came.get(key, missing)}; expected {value}"


def _among(wanted: Iterable[str], came: Iterable[str]) -> Wrong:
    held = {*came}
    for one in wanted:
        if one not in held:
            yield f"{one} is not among {_listed(held)}"


def _not_among(wanted: Iterable[str], came: Iterable[str]) -> Wrong:
    for one in sorted({*wanted} & {*came}):
        yield f"{one} came; expected it not to"


def _verdict(assessed: Assessed, column: str) -> dict[str, str]:
    """question -> what the newest sample answers."""
    rows = [*assessed["verdict"]["analytes"], *assessed["verdict"]["questions"]]
    return {row["question"]: row.get(column, "") for row in rows}


def _newest(assessed: Assessed) -> dict[str, Mapping[str, Any]]:
    """analyte -> its newest used value."""
    used = [value for value in assessed["values"] if value["used"]]
    return {value["analyte"]: value for value in sorted(used, key=lambda one: one.get("collected_s") or 0)}


def _grades(wanted: Mapping[str, Mapping[str, str]], assessed: Assessed) -> Wrong:
    newest = {value["id"] for value in _newest(assessed).values()}
    for edition, terms in wanted.items():
        rows = [one for one in assessed["grades"] if f"{one['scale']}@{one['version']}" == edition]
        for term, grade in terms.items():
            came = {one.get("grade", "none") for one in rows if one["term"] == term and one["observation"] in newest}
            if came != {grade}:
                yield f"{edition} {term}: {_listed(came)}; expected {grade}"


def _urgency(fits: Callable[[int, int], bool], words: str) -> Callable[[str, Assessed], Wrong]:
    def check(wanted: str, assessed: Assessed) -> Wrong:
        came = assessed["verdict"]["urgency"]["level"]
        if not fits(URGENCY.index(came), URGENCY.index(wanted)):
            yield f"{came}; expected {words}{wanted}"

    return check


def _explained(row: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """What of one expected explanation is otherwise in one row."""
    came = {
        "kind": row["kind"],
        "timing": row["timing"]["fits"],
        "rule": row["timing"]["rule"],
        "analyte": row["analyte"],
        "lineage": row["lineage_fits"],
        "level": row["evidence_level"],
        "about": row["about"],
        "days": row["timing"].get("days"),
    }
    wrong = [f"{key} {came[key]} (expected {wanted[key]})" for key in came if wanted[key] not in (None, came[key])]
    if row["timing"]["fits"] == wanted["timing_not"]:
        wrong.append(f"timing {wanted['timing_not']} (expected not)")
    for key, part in (("clues", "clues_present"), ("open_clues", "clues_missing")):
        held = {clue["sign"] for clue in row.get(part, [])}
        wrong += [f"{key} without {sign}" for sign in wanted[key] if sign not in held]
    return wrong


def _explanations(wanted: Sequence[Mapping[str, Any]], assessed: Assessed) -> Wrong:
    for one in wanted:
        rows = [row for row in assessed["explanations"] if row["cause"] == one["cause"]]
        found = [_explained(row, one) for row in rows]
        if not rows:
            yield f"{one['cause']} is not among {_listed(row['cause'] for row in assessed['explanations'])}"
        elif [] not in found:
            yield f"{one['cause']}: " + "; or ".join(", ".join(wrong) for wrong in found)


def _order(wanted: Sequence[Sequence[str]], assessed: Assessed) -> Wrong:
    places: dict[str, int] = {}
    for row in assessed["explanations"]:
        places[row["cause"]] = min(row["place"], places.get(row["cause"], row["place"]))
    for causes in wanted:
        came = [places.get(cause, 0) for cause in causes]
        if 0 in came or came != sorted(came) or len({*came}) < len(came):
            yield f"{', '.join(causes)}: places {came}; expected in this order"


def _scores(wanted: Mapping[str, str], assessed: Assessed) -> Wrong:
    came = {}
    for score in assessed["risk"]["scores"]:
        value = "missing" if score.get("value") is None else str(score["value"])
        came[score["id"]] = value if score["applies"] != "no" else "does-not-apply"
    yield from _same(wanted, came, "does-not-apply")


def _records(wanted: Mapping[str, Any], row: Mapping[str, Any], columns: Mapping[str, str]) -> list[str]:
    pairs = {key: row.get(columns.get(key, key)) for key, value in wanted.items() if value is not None}
    return [f"{key} {came} (expected {wanted[key]})" for key, came in pairs.items() if str(came) != str(wanted[key])]


def _monitoring(wanted: Mapping[str, Mapping[str, Any]], assessed: Assessed) -> Wrong:
    held = assessed.get("monitoring", [])
    for programme, told in wanted.items():
        rows = [row for row in held if row["programme"] == programme]
        if not rows:
            yield f"{programme} is not among {_listed(row['programme'] for row in held)}"
        found = [_records(told, {"overdue": "unknown", **row}, {}) for row in rows]
        if rows and [] not in found:
            yield f"{programme}: " + "; or ".join(", ".join(wrong) for wrong in found)


EPISODE: Final = {
    "nadir": "nadir_value",
    "nadir_at": "nadir",
    "days": "duration_days",
    "values": "n_values",
}
"""Expected key -> field of an episode, where they differ."""


def _episodes(wanted: Sequence[Mapping[str, Any]], assessed: Assessed) -> Wrong:
    for one in wanted:
        found = [_records(one, row, EPISODE) for row in assessed.get("episodes", [])]
        if [] not in found:
            closest = min(found, key=len, default=["no episodes"])
            yield f"{one.get('rule') or ''} {one.get('analyte') or ''}: " + ", ".join(closest)


def _counted(wanted: Mapping[str, int], assessed: Assessed) -> Wrong:
    came: dict[str, int] = dict.fromkeys(wanted, 0)
    for row in assessed.get("episodes", []):
        key = f"{row['rule']}/{row['analyte']}"
        came[key] = came.get(key, 0) + 1
    yield from _same(wanted, came)


def _flags(assessed: Assessed) -> set[str]:
    return {flag["id"] for flag in assessed["risk"]["flags"] if flag["state"] == "yes"}


def _one(column: str) -> Callable[[str, Assessed], Wrong]:
    def check(wanted: str, assessed: Assessed) -> Wrong:
        if assessed["verdict"][column] != wanted:
            yield f"{assessed['verdict'][column]}; expected {wanted}"

    return check


def _states(part: str, key: str = "id", column: str = "state") -> Callable[[Mapping[str, str], Assessed], Wrong]:
    """A check of a list of parts with one word each."""

    def check(wanted: Mapping[str, str], assessed: Assessed) -> Wrong:
        held: Any = assessed
        for name in part.split("."):
            held = held.get(name, [])
        yield from _same(wanted, {row[key]: row[column] for row in held})

    return check


def _codes(assessed: Assessed) -> set[str]:
    return {issue["code"] for issue in assessed["issues"]}


CHECKS: Final[dict[str, Callable[[Any, Assessed], Wrong]]] = {
    "states": lambda wanted, came: _same(wanted, _verdict(came, "state")),
    "findings": lambda wanted, came: _same(wanted, _verdict(came, "finding")),
    "values": lambda wanted, came: _same(wanted, {key: one["value"] for key, one in _newest(came).items()}),
    "grades": _grades,
    "urgency": _urgency(lambda came, wanted: came == wanted, ""),
    "urgency_at_least": _urgency(lambda came, wanted: came >= wanted, "at least "),
    "urgency_at_most": _urgency(lambda came, wanted: came <= wanted, "at most "),
    "headline_analyte": _one("headline_analyte"),
    "explanations": _explanations,
    "no_explanations": lambda wanted, came: _not_among(wanted, (row["cause"] for row in came["explanations"])),
    "order": _order,
    "pseudo": _states("verdict.pseudo", "kind"),
    "pseudo_not": lambda wanted, came: _not_among(
        (f"{kind}/{state}" for kind, state in wanted.items()),
        (f"{one['kind']}/{one['state']}" for one in came["verdict"]["pseudo"]),
    ),
    "flags": lambda wanted, came: _among(wanted, _flags(came)),
    "no_flags": lambda wanted, came: _not_among(wanted, _flags(came)),
    "definitions": _states("risk.definitions"),
    "not_met": lambda wanted, came: _not_among(
        wanted, (one["id"] for one in came["risk"]["definitions"] if one["state"] == "yes")
    ),
    "scores": _scores,
    "monitoring": _monitoring,
    "no_monitoring": lambda wanted, came: _not_among(wanted, (row["programme"] for row in came.get("monitoring", []))),
    "history": _states("history", "analyte", "trend"),
    "usual": lambda wanted, came: _same(
        wanted, {row["analyte"]: row["usual"]["value"] for row in came.get("history", []) if row.get("usual")}
    ),
    "episodes": _episodes,
    "episode_counts": _counted,
    "checks": lambda wanted, came: _same(
        wanted, {row["id"]: "done" if row["already_done"] else "open" for row in came["checks"]}
    ),
    "guidance": _states("guidance", column="applies"),
    "modifiers": _states("modifiers"),
    "unused": _states("unused", column="code"),
    "excluded": lambda wanted, came: _among(wanted, (row["code"] for row in came["excluded"])),
    "issues": lambda wanted, came: _among(wanted, _codes(came)),
    "no_issues": lambda wanted, came: _not_among(wanted, _codes(came)),
}
"""Key of an expectation -> its check."""


def facts(assessed: Assessed) -> dict[str, Any]:
    """The ids and states of an Assessment, whatever the words: equal in every language."""
    explained = [
        (r["place"], r["cause"], r["kind"], r["timing"]["fits"], r["analyte"]) for r in assessed["explanations"]
    ]
    return {
        "states": _verdict(assessed, "state"),
        "findings": _verdict(assessed, "finding"),
        "urgency": assessed["verdict"]["urgency"]["level"],
        "headline": assessed["verdict"]["headline_analyte"],
        "pseudo": {one["kind"]: one["state"] for one in assessed["verdict"]["pseudo"]},
        "explanations": sorted(explained),
        "flags": sorted((one["id"], one["state"]) for one in assessed["risk"]["flags"]),
        "definitions": sorted((one["id"], one["state"]) for one in assessed["risk"]["definitions"]),
        "scores": sorted((one["id"], one.get("value") or 0) for one in assessed["risk"]["scores"]),
        "monitoring": sorted(
            (one["programme"], one["state"], one.get("due", "")) for one in assessed.get("monitoring", [])
        ),
        "history": {one["analyte"]: one["trend"] for one in assessed.get("history", [])},
        "episodes": sorted((one["rule"], one["analyte"], one["onset"]) for one in assessed.get("episodes", [])),
        "checks": sorted((one["id"], one["already_done"]) for one in assessed["checks"]),
        "issues": sorted(_codes(assessed)),
    }
