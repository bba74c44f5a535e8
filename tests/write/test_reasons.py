"""Time, reasons, risk and next steps as text and HTML: each part is shown, inert, and to the right people."""

from __future__ import annotations

import re
from typing import Any, Literal
from xml.etree import ElementTree

import msgspec
import pytest
from test_report_forms import EVIL, SERIES, Tags

from leukon.assess import assess
from leukon.report.assessment import Assessment, Pseudo
from leukon.report.reasons import (
    Bar,
    Check,
    Clue,
    Definition,
    Episode,
    Explanation,
    Flag,
    Guidance,
    History,
    Modifier,
    Monitoring,
    Risk,
    Score,
    ScoreItem,
    Timing,
    Unused,
    UsualLevel,
)
from leukon.write import bands, bars, html, serial, text
from leukon.write.candidates import Candidates
from leukon.write.reasons import Reasons
from leukon.write.view import View

DAY = 86_400
FIRST = 1_767_600_000
"""2026-01-05T08:00Z, the first count of the series."""

BOTH = [("en", "clinician"), ("en", "plain"), ("pt", "clinician"), ("pt", "plain")]


def base(**more: Any) -> Assessment:
    found = [
        {"code": n, "value": v, "unit": "%" if v == "45" else "10*9/L", "low": lo, "high": hi, "collected": t}
        for t, n, v, lo, hi in SERIES
    ]
    return assess({"subject": {"sex": "female", "age_years": 56}, "observations": found, **more})


def explanation(name: str = "Clozapine", **more: Any) -> Explanation:
    fields: dict[str, Any] = {
        "id": "x1",
        "kind": "drug",
        "cause": name.lower(),
        "label": name,
        "about": f"{name} 200 mg",
        "analyte": "NEUT",
        "episode": "e1",
        "place": 1,
        "timing": Timing(
            fits="yes",
            rule="timing.within-window",
            text=f"TIMING-{name}: taken for 15 days at the first low count.",
            started="2026-01-05",
            days=15,
            window="first 18 weeks",
        ),
        "mechanism": "reduced_production",
        "lineage_fits": "yes",
        "evidence_level": "listed",
        "evidence_text": f"EVIDENCE-{name}",
        "says": {"guideline": "no", "label": "yes", "research": "does not say", "reference": "does not say"},
        "text": f"TEXT-{name}: {name}",
        "claims": ["c-w-10"],
        "frequency": f"FREQUENCY-{name}",
        "clues_present": [Clue(sign="sore-throat", name=f"CLUE-{name}")],
        "clues_missing": [Clue(sign="film-done", name=f"UNKNOWN-{name}")],
        "next_check": f"NEXT-{name}",
    }
    return Explanation(**fields | more)


def reasons() -> dict[str, Any]:
    """One of everything, by hand: what stands in capitals must be found on the page."""
    late = Timing(fits="no", rule="timing.started-after", text="TIMING-LATE: begun after the last low count.")
    unsure = Timing(fits="unknown", rule="timing.no-window", text="TIMING-UNSURE: no source says when.")
    return {
        "history": [
            History(
                analyte="NEUT",
                name="neutrophils",
                trend="falling",
                rule="trend.falling",
                text="HISTORY-TEXT",
                usual=UsualLevel(value="3.37", origin="own-counts", n_values=4, days=200),
            )
        ],
        "episodes": [
            Episode(
                id="e1",
                analyte="NEUT",
                name="neutrophils",
                rule="low-by-any",
                rule_text="RULE-ONE",
                onset="2026-01-20T08:00Z",
                nadir="2026-02-01T08:00Z",
                nadir_value="<0.5",
                nadir_observation="o6",
                end="2026-02-01T08:00Z",
                end_reason="gap",
                text="EPISODE-TEXT",
                n_values=2,
                duration_days=12,
                worst_grade=4,
                worst_word="WORSTWORD",
                onset_s=FIRST + 15 * DAY,
                nadir_s=FIRST + 27 * DAY,
                end_s=FIRST + 27 * DAY,
            ),
            Episode(
                id="e2",
                analyte="NEUT",
                name="neutrophils",
                rule="anc-1.5",
                rule_text="RULE-TWO",
                onset="2026-01-20T08:00Z",
                nadir="2026-02-01T08:00Z",
                nadir_value="<0.5",
                nadir_observation="o6",
                end="",
                end_reason="censored",
                text="EPISODE-OTHER",
                n_values=2,
                onset_s=FIRST + 15 * DAY,
            ),
        ],
        "explanations": [
            explanation(),
            explanation("Metamizole", place=2, timing=unsure),
            explanation("Ibuprofen", place=3, timing=late),
            explanation("Prednisone", kind="hides", episode=""),
        ],
        "unused": [
            Unused(
                kind="drug", id="m9", named="UNUSED-DRUG", code="DRUG_UNKNOWN", text="UNUSED-TEXT", near=["NEARNAME"]
            )
        ],
        "bars": [
            Bar(
                kind="drug",
                id="m1",
                label="Clozapine",
                cause="clozapine",
                start_s=FIRST,
                ongoing=True,
                started="2026-01-05",
            ),
            Bar(
                kind="drug",
                id="m2",
                label="Metamizole",
                cause="metamizole",
                start_s=FIRST + 10 * DAY,
                stop_s=FIRST + 14 * DAY,
                started="2026-01-15",
                stopped="2026-01-19",
            ),
            Bar(kind="condition", id="k1", label="BARCONDITION", start_s=FIRST - 900 * DAY, started="2023-07"),
        ],
        "risk": Risk(
            flags=[
                Flag(id="f1", state="yes", name="FLAGNAME", text="FLAG-TEXT", urgency="emergency", claims=[]),
                Flag(
                    id="f2",
                    state="unknown",
                    name="FLAGOPEN",
                    text="",
                    urgency="emergency",
                    claims=[],
                    needs=["FLAGNEED"],
                ),
            ],
            definitions=[
                Definition(
                    id="d1",
                    family="febrile-neutropenia",
                    body="BODYYES",
                    state="yes",
                    name="",
                    text="DEFINITION-YES",
                    claims=[],
                ),
                Definition(
                    id="d2",
                    family="febrile-neutropenia",
                    body="BODYOPEN",
                    state="unknown",
                    name="",
                    text="DEFINITION-OPEN",
                    claims=[],
                    needs=["DEFNEED"],
                ),
            ],
            scores=[
                Score(
                    id="s1",
                    name="SCOREONE",
                    population="SCOREPEOPLE",
                    applies="yes",
                    value=21,
                    band="SCOREBAND",
                    items=[ScoreItem(name="SCOREITEM", answer="SCOREANSWER", points=5)],
                    text="",
                    claims=[],
                    warnings=["SCOREWARNING"],
                ),
                Score(
                    id="s2",
                    name="SCORETWO",
                    population="",
                    applies="unknown",
                    missing=["x"],
                    items=[ScoreItem(name="ITEMOPEN", answer="", points=None)],
                    text="SCORE-CANNOT",
                    claims=[],
                    warnings=[],
                ),
                Score(
                    id="s3", name="SCORETHREE", population="", applies="no", items=[], text="", claims=[], warnings=[]
                ),
            ],
        ),
        "monitoring": [
            Monitoring(
                programme="p1",
                name="PROGRAMME",
                jurisdiction="JURISDICTION",
                cause="clozapine",
                label="Clozapine",
                dated="2025-09-08",
                state="PROGRAMSTATE",
                action="ACTION: stop the drug",
                urgency="same-day",
                claims=[],
                unverified="UNVERIFIED",
                notes=["PROGRAMNOTE"],
                due="2026-02-02",
                overdue="yes",
            )
        ],
        "checks": [
            Check(id="k1", text="CHECK-OPEN", why=["c-w-10"], already_done=False, because=["CHECKBECAUSE"]),
            Check(id="k2", text="CHECK-DONE", why=[], already_done=True),
        ],
        "guidance": [
            Guidance(id="g1", body="GUIDEBODY", text="GUIDE-TEXT", applies="yes", because=["GUIDEBECAUSE"], claims=[]),
            Guidance(
                id="g2",
                body="OPENBODY",
                text="GUIDE-OPEN",
                applies="unknown",
                because=[],
                claims=[],
                needs=["GUIDENEED"],
            ),
        ],
        "modifiers": [
            Modifier(id="m1", state="yes", name="MODIFIER", text="MODIFIER-TEXT", claims=[]),
            Modifier(id="m2", state="unknown", name="MODIFIEROPEN", text="", claims=[]),
        ],
    }


def sample(language: str = "en", audience: str = "clinician", **more: Any) -> Assessment:
    return msgspec.structs.replace(base(language=language, audience=audience), **reasons() | more)


def pages(a: Assessment) -> list[str]:
    return [html.render(a), " ".join(text.render(a).split())]


EVERYBODY = [
    "HISTORY-TEXT",
    "Clozapine",
    "Prednisone",
    "UNUSED-DRUG",
    "UNUSED-TEXT",
    "NEARNAME",
    "BARCONDITION",
    "FLAG-TEXT",
    "PROGRAMME",
    "JURISDICTION",
    "CHECK-OPEN",
    "GUIDEBODY",
    "GUIDE-TEXT",
    "MODIFIER",
    "MODIFIER-TEXT",
]
CLINICIAN = [
    "CHECK-DONE",
    "BODYYES",
    "DEFINITION-YES",
    "MODIFIEROPEN",
    "FLAGNAME",
    "FLAGOPEN",
    "FLAGNEED",
    "TIMING-Clozapine",
    "TIMING-UNSURE",
    "RULE-ONE",
    "RULE-TWO",
    "WORSTWORD",
    "TEXT-Clozapine",
    "EVIDENCE-Clozapine",
    "FREQUENCY-Clozapine",
    "CLUE-Clozapine",
    "UNKNOWN-Clozapine",
    "NEXT-Clozapine",
    "TIMING-LATE",
    "BODYOPEN",
    "DEFINITION-OPEN",
    "DEFNEED",
    "SCOREONE",
    "SCOREPEOPLE",
    "SCOREBAND",
    "SCOREITEM",
    "SCOREANSWER",
    "SCOREWARNING",
    "SCORETWO",
    "ITEMOPEN",
    "SCORE-CANNOT",
    "SCORETHREE",
    "PROGRAMSTATE",
    "ACTION:",
    "UNVERIFIED",
    "PROGRAMNOTE",
    "CHECKBECAUSE",
    "GUIDEBECAUSE",
    "GUIDE-OPEN",
    "GUIDENEED",
    "DRUG_UNKNOWN",
]


@pytest.mark.parametrize(("language", "audience"), BOTH)
def test_every_part_is_shown(language: str, audience: str) -> None:
    expected = [*EVERYBODY, *(CLINICIAN if audience == "clinician" else ["EPISODE-TEXT"])]
    for page in pages(sample(language, audience)):
        assert [word for word in expected if word not in page] == []


@pytest.mark.parametrize("language", ["en", "pt"])
def test_plain_readers_get_no_action_no_score_and_no_treatment(language: str) -> None:
    for page in pages(sample(language, "plain")):
        assert "ACTION" not in page and "SCOREONE" not in page and "NEXT-" not in page
    knowledge = View(sample(language, "plain"), None).knowledge
    own = {key: told for key, told in knowledge.texts[language].items() if key.startswith("page.")}
    said = [told for key, told in own.items() if key.endswith(".plain") or f"{key}.plain" not in own]
    for told in said:
        forbidden = re.search(
            r"\b(treat|antibiotic|stop taking|tratamento|antibi|pare de|abnormal|dangerous)", told, re.I
        )
        assert forbidden is None, told


@pytest.mark.parametrize(("language", "audience"), BOTH)
def test_the_page_stays_one_sound_page(language: str, audience: str) -> None:
    page = html.render(sample(language, audience))
    tags = Tags(page).tags
    assert not {name for name, _ in tags} & {"script", "link", "img", "iframe", "form"}
    assert not any(key.startswith("on") or key in ("style", "src", "href") for _, a in tags for key in a)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(ids)
    for drawing in re.findall(r"<svg.*?</svg>", page, re.S):
        root = ElementTree.fromstring(drawing)
        named = str(root.get("aria-labelledby")).split()
        told = {e.get("id"): e.text for e in root.iter() if e.get("id") in named}
        assert root.get("role") == "img" and len(told) == 2 and all(told.values())


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("audience", ["clinician", "plain"])
def test_names_of_drugs_are_inert(evil: str, audience: str) -> None:
    a = sample(
        "en",
        audience,
        explanations=[explanation(evil), explanation("Prednisone", kind="hides", about=evil)],
        bars=[Bar(kind="drug", id=evil, label=evil, start_s=FIRST, started=evil, stopped=evil, note=evil)],
        unused=[Unused(kind="drug", id=evil, named=evil, code="DRUG_UNKNOWN", text=evil, near=[evil])],
        checks=[Check(id="k", text=evil, why=[], already_done=False, because=[evil])],
    )
    page = html.render(a)
    Tags(page)
    assert "<script" not in page and "<img" not in page and "onerror=alert(1)>" not in page
    assert "\x1b" not in text.render(a)


@pytest.mark.parametrize(("language", "audience"), BOTH)
@pytest.mark.parametrize("width", [60, 80])
def test_text_keeps_its_width(language: str, audience: str, width: int) -> None:
    assert max(map(len, text.render(sample(language, audience), width=width).splitlines())) <= width


def test_sections_stand_in_the_order_in_which_they_are_read() -> None:
    for page in pages(sample()):
        page = page.casefold().split("</style>")[-1]
        order = "flagname history-text timing-clozapine redistribution bodyyes unverified check-open modifier-text"
        places = [page.index(word) for word in order.split()]
        assert places == sorted(places)


# --- candidates --------------------------------------------------------------------------------------------


def test_only_the_newest_low_counts_have_their_timing_in_full() -> None:
    old = msgspec.structs.replace(reasons()["episodes"][0], id="e0", onset_s=FIRST - 400 * DAY, end_s=FIRST - 390 * DAY)
    a = sample(episodes=[*reasons()["episodes"], old], explanations=[explanation(), explanation(id="x2", episode="e0")])
    (one,) = Candidates(View(a, None)).shown()
    assert [line.fits for line in one.timing] == ["yes", ""]
    assert one.timing[1].text == "Earlier low counts: fits 1, cannot tell 0, does not fit 0."


def test_each_cause_stands_once_with_what_each_kind_of_source_says() -> None:
    a = sample(explanations=[explanation(), explanation(analyte="WBC", id="x2", episode="e9", place=1)])
    (one,) = Candidates(View(a, None)).shown()
    assert [cell.word for cell in one.cells] == ["says yes", "says no", "does not say", "does not say"]
    assert one.cells[1].sources == ["BORDERS-NEUT", "LOTHIAN-NEUT"] and one.cells[2].sources == []
    assert len(one.timing) == 1


def test_timing_that_differs_between_counts_names_the_count() -> None:
    other = Timing(fits="no", rule="timing.started-after", text="begun later")
    a = sample(explanations=[explanation(), explanation(analyte="WBC", id="x2", timing=other)])
    (one,) = Candidates(View(a, None)).shown()
    assert [(line.fits, bool(line.who)) for line in one.timing] == [("yes", True), ("no", True)]


def test_no_candidate_is_no_silence() -> None:
    low = [{"code": "WBC", "value": "1.6", "unit": "10*9/L"}]
    for language, audience in BOTH:
        a = assess({"observations": low, "language": language, "audience": audience})
        a = msgspec.structs.replace(a, explanations=[], bars=[])
        told = Candidates(View(a, None)).nothing()
        assert told in html.render(a) and len(told) > 20
    calm = assess({"observations": [{"code": "WBC", "value": "7.0", "unit": "10*9/L"}]})
    assert "low" in Candidates(View(calm, None)).nothing()


def test_no_percentage_stands_beside_a_candidate() -> None:
    page = html.render(sample())
    table = page[page.index('class="could"') : page.index("</table>", page.index('class="could"'))]
    assert "%" not in table


def test_the_three_answers_always_stand_there() -> None:
    kinds: tuple[Literal["artefact", "redistribution", "constitutional"], ...] = (
        "artefact",
        "redistribution",
        "constitutional",
    )
    three = [Pseudo(kind=kind, state="not-assessed", name=f"NAME-{kind}", needs=["film"]) for kind in kinds]
    a = sample()
    a = msgspec.structs.replace(a, verdict=msgspec.structs.replace(a.verdict, pseudo=three))
    for page in pages(a):
        assert all(f"NAME-{one.kind}" in page for one in three)


# --- charts --------------------------------------------------------------------------------------------------


def neutrophils(a: Assessment, **more: Any) -> str:
    every = serial.series(a)
    one = next(s for s in every if s.analyte == "NEUT")
    return serial.chart(one, View(a, None).words, serial.common_span(every), key="x", **more)


def hatched(a: Assessment) -> bands.Hatched | None:
    view = View(a, None)
    return bands.hatched(a, view.knowledge, view.words, "NEUT")


def test_grade_bands_of_one_scale_are_hatched() -> None:
    a = sample()
    severity = hatched(a)
    assert severity is not None
    assert [(b.low, b.high, b.word) for b in severity.bands] == [
        ("1.0", "1.5", "mild"), ("0.5", "1.0", "moderate"), ("0.1", "0.5", "severe"), ("0", "0.1", "profound"),
    ]  # fmt: skip
    drawn = neutrophils(a, hatched=severity)
    assert drawn.count("<pattern") == 4 and drawn.count('fill="url(#x-h') == 4
    assert "mild" in bands.legend(severity, View(a, None).words)


def test_the_scale_that_was_asked_for_is_the_one_shown() -> None:
    a = msgspec.structs.replace(base(scales=["CTCAE@5.0", "CTCAE@6.0"]), **reasons())
    shown = hatched(a)
    assert shown is not None and shown.scale == "CTCAE 5.0"
    assert shown.bands[0].lln and shown.bands[0].high == ""
    assert neutrophils(a, hatched=shown).count('fill="url(#x-h0)"') == 2  # the laboratory's limit steps once


def test_episodes_are_spans_with_ends_that_mean_something() -> None:
    a = sample()
    gap, open_ = a.episodes
    ended = msgspec.structs.replace(gap, end_reason="recovered")
    assert neutrophils(a, episodes=[ended]).count('class="episode"') == 3
    assert neutrophils(a, episodes=[gap]).count('class="episode"') == 2
    drawn = neutrophils(a, episodes=[open_])
    assert drawn.count('class="episode"') == 2 and drawn.count('class="arrow"') == 1
    assert "open" in drawn[: drawn.index("</desc>")]


def test_bars_have_shapes_and_a_table_twin() -> None:
    a = sample()
    view = View(a, None)
    shown = bars.drawn(a)
    span = bars.widen(serial.common_span(serial.series(a)), shown)
    drawn = bars.strip(a, shown, view.words, span)
    assert drawn.count('class="drug"') == 2 and drawn.count('class="condition"') == 1
    assert drawn.count('class="arrow"') == 3  # clozapine goes on; the condition began long before and goes on
    page = html.render(a)
    for name, start, stop, _ in Reasons(view).bars():
        assert name in page and start in page and stop in page
    assert page.count('class="serial"') == 3


def test_records_of_one_name_share_a_lane_unless_one_would_hide_the_other() -> None:
    cycles = [Bar(kind="drug", id=f"c{n}", label="Docetaxel", start_s=FIRST + n, stop_s=FIRST + n) for n in (0, DAY)]
    long = Bar(kind="drug", id="m1", label="Metamizole", start_s=FIRST)
    short = Bar(kind="drug", id="m2", label="Metamizole", start_s=FIRST + DAY, stop_s=FIRST + 2 * DAY)
    assert sorted(len(lane) for lane in bars.drawn(sample(bars=[*cycles, long, short]))) == [1, 1, 2]


def test_a_single_count_has_its_medicines_beneath() -> None:
    a = assess({"observations": [{"code": "WBC", "value": "1.6", "unit": "10*9/L", "collected": "2026-01-20T08:00Z"}]})
    when = a.values[0].collected_s
    assert when is not None
    bar = Bar(kind="drug", id="m", label="Metamizole", start_s=when - 12 * DAY, stop_s=when - 8 * DAY)
    a = msgspec.structs.replace(a, bars=[bar])
    assert 'class="drug"' in html.render(a)
    assert 'class="drug"' not in html.render(msgspec.structs.replace(a, bars=[]))


def test_json_holds_all_of_it() -> None:
    a = sample()
    assert Assessment.from_json(a.to_json()) == a
