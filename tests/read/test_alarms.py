"""What must not be lost when a cell is read: blood that is blood, final that is final, blasts however they are said."""

from __future__ import annotations

import pytest

from leukon.knowledge.model import Knowledge
from leukon.read import Options
from leukon.read.blasts import tells_blasts
from leukon.read.readings import Readings


@pytest.fixture
def readings(knowledge: Knowledge) -> Readings:
    return Readings(knowledge, Options())


@pytest.mark.parametrize(
    "text",
    [
        "capillary", "capillary blood", "sangue capilar", "capilar", "fingerstick", "finger stick", "heel stick",
        "cord blood", "sangue de cordão",
    ],
)  # fmt: skip
def test_blood_by_its_word(readings: Readings, text: str) -> None:
    assert readings.specimen(text) == "blood"


@pytest.mark.parametrize("text", ["CSF", "spinal cord fluid", "blood-stained pleural fluid", "medula óssea"])
def test_what_is_no_blood(readings: Readings, text: str) -> None:
    assert readings.specimen(text) == "other"


@pytest.mark.parametrize(
    "text", ["Final results", "conferido", "assinado", "verified", "Liberado", "validado", "CONFERIDO"]
)
def test_final_by_its_word(readings: Readings, text: str) -> None:
    assert readings.context(text, None, None, None, None, None).status == "final"


@pytest.mark.parametrize("unit", ["/100{WBCs}", "/100 WBCs", "/100{WBC}", "/100 WBC"])
def test_nucleated_red_cells_per_hundred(readings: Readings, unit: str) -> None:
    read = readings.value("12", None, unit, readings.test("NRBC"))
    assert (read.quantity, read.code) == ("ratio", None) and read.low == 120_000


@pytest.mark.parametrize(
    "flag",
    [
        "Blasts?", "Blast suspect flag", "blasts present", "BLAST", "suspected blasts", "blastos suspeitos",
        "suspeita de blastos", "WBC Blast?;Left shift", "Linfoblastos", "H~Blasts?",
    ],
)  # fmt: skip
def test_a_flag_that_tells_blasts(readings: Readings, flag: str) -> None:
    assert tells_blasts(flag)
    assert readings.context("final", None, None, flag, None, None).status_issues & readings.bit("BLAST_FLAG")


@pytest.mark.parametrize(
    "flag", ["No blasts", "blasts absent", "sem blastos", "Blasts: 0", "erythroblasts", "H", "", None]
)
def test_a_flag_that_tells_none(readings: Readings, flag: str | None) -> None:
    assert not readings.context("final", None, None, flag, None, None).status_issues & readings.bit("BLAST_FLAG")


@pytest.mark.parametrize(
    "value", ["presentes", "occasional", "few", "1+", "++", "seen", "suspected", "suspeitos", "raros", "Present", "?"]
)
def test_blasts_in_words(readings: Readings, value: str) -> None:
    read = readings.value(value, None, "", readings.test("Blasts"))
    assert (read.quantity, read.low, read.code) == ("presence", 1, None)


@pytest.mark.parametrize("value", ["3", "0.5", "12", "1-3"])
def test_blasts_without_a_unit_are_an_alarm(readings: Readings, value: str) -> None:
    read = readings.value(value, None, "", readings.test("Blasts"))
    assert (read.quantity, read.low, read.code) == ("presence", 1, None)
    assert read.issues & readings.bit("UNIT_INFERRED")


@pytest.mark.parametrize("value", ["0", "0.0", "<1"])
def test_no_blasts_without_a_unit_stay_unread(readings: Readings, value: str) -> None:
    assert readings.value(value, None, "", readings.test("Blasts")).code is not None
