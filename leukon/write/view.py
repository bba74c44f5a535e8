"""What the text and the HTML report both show of an Assessment, said once: rows and sentences, no layout."""

from __future__ import annotations

from typing import NamedTuple

from leukon.knowledge.model import Knowledge
from leukon.report.assessment import Assessment, Disagreement, Grade, Interval, Lineage, NumberLine, Position, Value
from leukon.report.phrases import Phrases
from leukon.write.line import capital
from leukon.write.words import all_who, shipped

LOW = ("low-by-all", "low-by-some")


class CountRow(NamedTuple):
    """One line of the table of counts."""

    lineage: Lineage
    amount: str
    sent: str
    interval: Interval | None
    state: str
    low: bool


class GradeRow(NamedTuple):
    """One line of the table of grades; editions that agree share it."""

    scale: str
    term: str
    value: str
    grade: str
    why: str


class PositionRow(NamedTuple):
    value: str
    says: str
    who: str


class DisagreementView(NamedTuple):
    """One question: the lines that speak, and those that depend on something not known."""

    question: str
    note: str
    positions: list[PositionRow]
    open: list[PositionRow]
    open_note: str


class View:
    """One Assessment in the words of its language, ready to be laid out."""

    def __init__(self, assessment: Assessment, knowledge: Knowledge | None) -> None:
        self.a = assessment
        self.knowledge = knowledge or shipped()
        self.words = Phrases(self.knowledge, assessment.language, assessment.audience)
        self.plain = assessment.audience == "plain"
        self._values = {value.id: value for value in assessment.values}
        self._lineages = {lineage.analyte: lineage for lineage in assessment.verdict.analytes}

    @property
    def picture(self) -> NumberLine | None:
        """The number line of what the headline is about."""
        lines = self.a.verdict.number_lines
        return next((p for p in lines if p.analyte == self.a.verdict.headline_analyte), lines[0] if lines else None)

    def counts(self) -> list[CountRow]:
        shown = [x for x in self.a.verdict.analytes if x.value or not self.plain]
        return [self._count(lineage) for lineage in shown]

    def _count(self, lineage: Lineage) -> CountRow:
        value = self._values.get(lineage.observation)
        if value is None:
            return CountRow(lineage, "–", "", None, self.state(lineage), False)
        amount = self.words.quantity(lineage.value, value.unit)
        return CountRow(lineage, amount, self.sent(value), value.interval, self.state(lineage), lineage.state in LOW)

    def sent(self, value: Value) -> str:
        """As the laboratory wrote it, or how it was computed."""
        if value.as_sent is not None:
            return f"{value.as_sent.value} {value.as_sent.unit}".strip()
        return self.words("label.derived") if value.derived is not None else ""

    def interval(self, interval: Interval | None) -> str:
        return (self.words.ends(interval.low, interval.high) if interval is not None else "") or "–"

    def state(self, lineage: Lineage) -> str:
        text = self.words("state.low" if lineage.state in LOW and self.serious(lineage) else f"state.{lineage.state}")
        named = lineage.urgency not in ("none", "routine") and lineage.finding_name and not self.plain
        return f"{text}: {lineage.finding_name}" if named else text

    def serious(self, lineage: Lineage | None) -> bool:
        """Whether some scale grades the count: then no word on which limits include it (SF-7)."""
        return lineage is not None and lineage.serious

    def remarks(self) -> list[str]:
        """Notes on single counts, and lines they stand close to."""
        others = [x for x in self.a.verdict.analytes if x.note and x.analyte != self.a.verdict.headline_analyte]
        found = [f"{capital(x.name)}: {x.note}" for x in others]
        for near in self.a.verdict.near_boundary:
            name = self._lineages[near.analyte].name if near.analyte in self._lineages else near.analyte
            found.append(self.words("label.near", analyte=capital(name), value=self.words.number(near.boundary)))
        return found

    def others(self) -> list[Value]:
        """Values that no answer rests on: earlier ones, shares, further analytes."""
        decided = {lineage.observation for lineage in self.a.verdict.analytes}
        return [value for value in self.a.values if value.id not in decided]

    def disagreements(self) -> list[DisagreementView]:
        found = self.a.disagreements
        if self.plain:
            found = [d for d in found if d.analyte in (self.a.verdict.headline_analyte, "WBC", "NEUT")]
        return [self._disagreement(d) for d in found]

    def _disagreement(self, d: Disagreement) -> DisagreementView:
        lineage = self._lineages.get(d.analyte)
        told = any(position.says in ("low", "not-low") for position in d.positions)
        key = "note.serious" if self.serious(lineage) else "label.same-verdict" if told else "label.no-verdict"
        note = self.words("label.changes-verdict" if d.changes_verdict and not self.serious(lineage) else key)
        open_ = [p for p in d.positions if p.says == "cannot-say"]
        n = sum(len(p.limits) for p in open_)
        values = self.words.numbers(list(dict.fromkeys(p.value for p in open_)))
        return DisagreementView(
            question=d.question,
            note=note,
            positions=[self._position(p) for p in d.positions if p.says != "cannot-say"],
            open=[self._position(p) for p in open_],
            open_note=self.words("label.open-limits" if n != 1 else "label.open-limits.one", n=n, values=values),
        )

    def _position(self, position: Position) -> PositionRow:
        return PositionRow(position.value, position.says, all_who(position.limits, self.a.limits, self.words))

    def grades(self) -> list[GradeRow]:
        """Grades of the values that answer; grade 0 is left out where no scale was asked for."""
        current = {lineage.observation for lineage in self.a.verdict.analytes}
        graded = self.a.grades
        if not self.a.scales:
            graded = [g for g in graded if g.observation in current and g.grade != "0"]
        return [self._grade(grade, versions) for grade, versions in alike(graded)]

    def _grade(self, grade: Grade, versions: list[str]) -> GradeRow:
        value = self._values.get(grade.observation)
        shown = grade.grade if grade.grade is not None else "?" if grade.grade_possible else "–"
        return GradeRow(
            scale=f"{grade.scale} {', '.join(versions)}",
            term=grade.term,
            value=self.words.span(value.value) if value is not None else "",
            grade=shown,
            why=self._why(grade),
        )

    def _why(self, grade: Grade) -> str:
        certain = grade.grade_status == "certain"
        parts = [grade.word or grade.printed if certain else self.words(f"label.status.{grade.grade_status}")]
        if grade.grade_possible:
            ends = dict.fromkeys((grade.grade_possible[0], grade.grade_possible[-1]))
            parts.append(self.words("label.possible", grades="–".join(ends)))
        return "; ".join(part for part in (*parts, grade.note) if part)

    def questions(self) -> list[str]:
        shown = [q for q in self.a.verdict.questions if not (self.plain and q.state == "cannot-tell")]
        return [capital(q.name) if q.name else f"{q.question}: {self.words(f'state.{q.state}')}" for q in shown]

    def excluded(self) -> list[str]:
        found = []
        for value in self.a.excluded:
            sent = " ".join(part for part in (value.as_sent.test, value.as_sent.value, value.as_sent.unit) if part)
            advice = f" {value.what_to_do}" if value.what_to_do else ""
            place = "" if self.plain else f" [{value.code}, {value.path}]"
            found.append(f"{sent}: {value.text}{advice}{place}")
        return found

    def notes(self) -> list[str]:
        """Issues about what was used, each code once with the places it stands at."""
        places: dict[str, list[str]] = {}
        for issue in self.a.issues:
            if issue.severity != "excluded":
                places.setdefault(issue.code, []).append(issue.path)
        effects = {issue.code: issue.effect for issue in self.a.issues}
        return [f"{effects[code]} [{code}: {few(paths)}]" for code, paths in places.items()]

    def sources_of(self, claims: list[str]) -> list[str]:
        refs = [self.a.claims[c] for c in claims if c in self.a.claims]
        return list(dict.fromkeys(ref.id for claim in refs for ref in (claim.source, *claim.further_sources)))

    def sources(self) -> list[tuple[str, str]]:
        """(citation, id) of every document behind what is said."""
        found = []
        for ref in self.a.sources.values():
            parts = [ref.title, ref.publisher + ("" if ref.date in ("", "n.d.") else f", {ref.date}")]
            found.append((" ".join(f"{part.strip().rstrip('.')}." for part in parts if part.strip()), ref.id))
        return found

    def review(self) -> str:
        states = dict.fromkeys(claim.review for claim in self.a.claims.values())
        told = ", ".join(self.words(f"label.review.{state}") for state in states)
        return self.words("label.review", states=told) if states else ""

    def versions(self) -> str:
        return self.words(
            "label.versions",
            engine=self.a.engine.version,
            knowledge=self.a.knowledge.version,
            sha=self.a.knowledge.sha256[:12],
            id=self.a.assessment_id,
        )


def alike(grades: list[Grade]) -> list[tuple[Grade, list[str]]]:
    """Grades that editions of one scale give alike, with their versions side by side."""
    found: dict[tuple[object, ...], tuple[Grade, list[str]]] = {}
    for grade in grades:
        possible = tuple(grade.grade_possible)
        key = (grade.observation, grade.scale, grade.term, grade.grade, grade.grade_status, possible, grade.note)
        found.setdefault(key, (grade, []))[1].append(grade.version)
    return list(found.values())


def few(paths: list[str]) -> str:
    """The first places of an issue, and how many more there are."""
    return ", ".join(paths[:4]) + (f", +{len(paths) - 4}" if len(paths) > 4 else "")
