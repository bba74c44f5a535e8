"""`summary.json`: what went in, what came out, and where every result ended.

Counts are added up bucket by bucket from the tables that the chain left in a connection. A person
is in one bucket only, so numbers of people add up too. A value is *below* a line when the highest
count that it can be is below it; the lines are those of the knowledge, none is written here. `below_counted` leaves
out values that are only known to be at most the white count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from leukon.counts import show
from leukon.errors import LeukonError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection as Connection

    from leukon.knowledge.model import Knowledge

SCHEMA = "leukon.summary/1"

BELOW = """
SELECT v.analyte, l.cells_per_l, sum(v.n), sum(v.people)
FROM (
    SELECT analyte, high_cells_per_l AS high, count(*) AS n, 0 AS people
    FROM {values} GROUP BY 1, 2
    UNION ALL
    SELECT analyte, high, 0, count(*)
    FROM (SELECT analyte, subject_id, min(high_cells_per_l) AS high FROM {values} GROUP BY 1, 2) AS lowest
    GROUP BY 1, 2
) AS v
JOIN (SELECT unnest(?::TEXT[]) AS analyte, unnest(?::BIGINT[]) AS cells_per_l) AS l
  ON l.analyte = v.analyte AND v.high < l.cells_per_l
GROUP BY 1, 2
"""
VALUES = "(SELECT * FROM out_values WHERE high_cells_per_l IS NOT NULL{counted})"
BOUNDS = ("BOUND_ONLY", "RESIDUAL")
"""Issues of a value that is only at most the white count, or what others leave of it: below a line, and not counted."""

REASONS = {
    "episodes": "SELECT rule_id, end_reason, count(*) FROM out_episodes GROUP BY 1, 2",
    "explanations": "SELECT kind, cause_id, count(DISTINCT subject_id) FROM out_explanations GROUP BY 1, 2",
    "monitoring": (
        "SELECT rule_id, coalesce(state, 'cannot tell'), count(DISTINCT subject_id) FROM out_monitoring GROUP BY 1, 2"
    ),
}
"""Part of summary.json → its counts: episodes by rule and end, people by cause, people by programme and state."""

UNMATCHED = """
SELECT kind, named, near, n
FROM (
    SELECT kind, named, near, count(*) AS n,
        row_number() OVER (PARTITION BY kind ORDER BY count(*) DESC, named) AS place
    FROM mentions WHERE code LIKE '%UNMATCHED' GROUP BY kind, named, near
) AS t
WHERE place <= 50 ORDER BY kind, place
"""
"""The names that nobody knew, the most frequent ones first, with what they are spelled like."""


class Summary:
    """Adds up one run. `results_in` = `used` + `excluded` + `rejected` always; `add` refuses anything else."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.results = self.people = 0
        self.counts: dict[str, Counter[tuple[Any, ...]]] = {}
        self.lines = lines(knowledge)
        self.unmatched: list[tuple[Any, ...]] = []
        bits = [knowledge.issues[code].bit for code in BOUNDS]
        self._bounds = sum(1 << bit for bit in bits if bit is not None)

    def add(self, con: Connection) -> None:
        """Adds the people and results of one bucket, from the input tables and `out_*` tables in `con`."""
        results, people = rows(con, "SELECT (SELECT count(*) FROM results), (SELECT count(*) FROM people)")[0]
        before = self.used + self.excluded
        self._count(con, "values", "SELECT analyte, origin, count(*) FROM out_values GROUP BY 1, 2")
        self._count(con, "excluded", "SELECT code, count(*) FROM out_excluded GROUP BY 1")
        self._count(con, "findings", "SELECT question, state, count(*) FROM out_findings GROUP BY 1, 2")
        self._count(con, "finding_ids", "SELECT finding_id, count(*) FROM out_findings GROUP BY 1")
        self._count(
            con,
            "grades",
            "SELECT scale || '@' || version, term, grade_status, grade, count(*) FROM out_grades GROUP BY 1, 2, 3, 4",
        )
        for name, sql in REASONS.items():
            self._count(con, name, sql)
        for table in ("values", "grades", "findings"):
            self._count(con, f"{table} issues", f"SELECT issues, count(*) FROM out_{table} GROUP BY 1")
        pairs = [(analyte, cells) for analyte, edges in self.lines.items() for cells in edges]
        for name, counted in (("below", ""), ("below_counted", f" AND issues & {self._bounds} = 0")):
            sql = BELOW.format(values=VALUES.format(counted=counted))
            below = self.counts.setdefault(name, Counter())
            for analyte, cells, values, persons in rows(con, sql, [[a for a, _ in pairs], [c for _, c in pairs]]):
                below[analyte, cells, "values"] += values
                below[analyte, cells, "people"] += persons
        self.results += results
        self.people += people
        if self.used + self.excluded - before != results:
            raise LeukonError(
                f"{results} results went in, {self.used + self.excluded - before} came out",
                hint="this is a fault of leukon: please report it; do not use the result",
                code="ACCOUNTING",
            )

    def add_rejects(self, con: Connection, beside: Iterable[str] = ()) -> None:
        """Adds the rows that were no results at all (table `rejects`); files `beside` are counted apart."""
        sql = "SELECT code, count(*) FROM rejects WHERE {}list_contains(?::VARCHAR[], input) GROUP BY 1"
        for name, which in (("rejected", "NOT "), ("rejected beside", "")):
            counter = self.counts.setdefault(name, Counter())
            counter.update({(code,): n for code, n in rows(con, sql.format(which), [list(beside)])})

    def add_mentions(self, con: Connection) -> None:
        """Adds how the records of drugs, conditions and vital signs were used (view `mentions`)."""
        self._count(con, "mentions", "SELECT kind, coalesce(code, 'used'), count(*) FROM mentions GROUP BY 1, 2")
        self.unmatched = rows(con, UNMATCHED)

    @property
    def used(self) -> int:
        return sum(n for (_, origin), n in self.counts.get("values", Counter()).items() if origin == "reported")

    @property
    def excluded(self) -> int:
        return self.counts.get("excluded", Counter()).total()

    @property
    def rejected(self) -> int:
        return self.counts.get("rejected", Counter()).total()

    def as_dict(self, about: Mapping[str, Any]) -> dict[str, Any]:
        """The content of summary.json; `about` names inputs, scales and versions. No clock: same input, same bytes."""
        count = self.counts
        return {
            "schema": SCHEMA,
            **about,
            "results_in": self.results + self.rejected,
            "used": self.used,
            "excluded": self.excluded,
            "rejected": self.rejected,
            "excluded_by_code": tree(count.get("excluded", Counter())),
            "rejected_by_code": tree(count.get("rejected", Counter())),
            "issues_by_code": self._codes("values issues"),
            "grade_issues_by_code": self._codes("grades issues"),
            "finding_issues_by_code": self._codes("findings issues"),
            "values": tree(count.get("values", Counter())),
            "patients": {
                "n": self.people,
                "below": self._below("below", "people"),
                "below_counted": self._below("below_counted", "people"),
            },
            "values_below": self._below("below", "values"),
            "values_below_counted": self._below("below_counted", "values"),
            "findings": tree(count.get("findings", Counter())),
            "findings_by_id": tree(count.get("finding_ids", Counter())),
            "grades": tree(count.get("grades", Counter())),
            **{name: tree(count[name]) for name in REASONS if count.get(name)},
            **self._beside(),
        }

    def _beside(self) -> dict[str, Any]:
        """What became of the records beside the counts; nothing where none were sent."""
        if "mentions" not in self.counts:
            return {}
        listed: dict[str, list[dict[str, Any]]] = {}
        for kind, named, near, n in self.unmatched:
            one = {"named": named, "rows": n} | ({"near": near.split("; ")} if near else {})
            listed.setdefault(kind, []).append(one)
        return {
            "mentions": tree(self.counts["mentions"]),
            "mentions_rejected": tree(self.counts["rejected beside"]),
            "unmatched": listed,
        }

    def _count(self, con: Connection, name: str, sql: str) -> None:
        counter = self.counts.setdefault(name, Counter())
        for *key, n in rows(con, sql):
            counter[tuple(key)] += n

    def _codes(self, name: str) -> dict[str, int]:
        found: Counter[tuple[Any, ...]] = Counter()
        for (issues,), n in self.counts.get(name, Counter()).items():
            for code in codes(self.knowledge, issues):
                found[(code,)] += n
        return tree(found)

    def _below(self, name: str, what: str) -> dict[str, dict[str, int]]:
        found = self.counts.get(name, Counter())
        return {
            analyte: {
                show(cells, self.knowledge.analytes[analyte].display_factor, "en"): found[analyte, cells, what]
                for cells in edges
            }
            for analyte, edges in self.lines.items()
            if any(analyte == key[0] for key in self.counts.get("values", Counter()))
        }


def lines(knowledge: Knowledge) -> dict[str, list[int]]:
    """Where the knowledge defines lower lines, in cells per litre, by analyte: voting definitions and always-on grades.

    Intervals that were measured in one group of people are not among them: they answer for that group only.
    """
    found: dict[str, set[int]] = {}
    for limit in knowledge.limits.values():
        if limit.bound == "lower" and limit.role == "votes" and limit.kind == "definition" and limit.value > 0:
            found.setdefault(limit.analyte, set()).add(limit.value)
    for edition in knowledge.editions.values():
        for term in edition.terms if edition.always else ():
            ends = {band.high + 1 for band in term.bands if band.high is not None}
            found.setdefault(term.analyte, set()).update(ends if term.direction == "low" else ())
    counted = {id_: analyte for id_, analyte in knowledge.analytes.items() if analyte.dimension == "count"}
    return {analyte: sorted(found[analyte]) for analyte in counted if found.get(analyte)}


def codes(knowledge: Knowledge, issues: int) -> list[str]:
    """The codes in one set of issues, in the order of their bits."""
    bits = sorted((issue.bit, code) for code, issue in knowledge.issues.items() if issue.bit is not None)
    return [code for bit, code in bits if issues >> bit & 1]


def tree(counter: Mapping[tuple[Any, ...], int]) -> dict[str, Any]:
    """{("a", "b"): 1} as {"a": {"b": 1}}, keys sorted; an absent last key is written as "none"."""
    made: dict[str, Any] = {}
    for key, n in sorted(counter.items(), key=lambda item: [(part is not None, str(part)) for part in item[0]]):
        branch = made
        for part in key[:-1]:
            branch = branch.setdefault(str(part), {})
        last = "none" if key[-1] is None else str(key[-1])
        branch[last] = branch.get(last, 0) + n
    return made


def rows(con: Connection, sql: str, parameters: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    return con.execute(sql, list(parameters)).fetchall()
