"""The public table of limits: the same rows as text, CSV, JSON and picture."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from xml.etree import ElementTree

import pytest

from leukon.knowledge.model import Knowledge
from leukon.write import limits
from leukon.write.limits import Who

YEAR = 8766


def white(knowledge: Knowledge, **more: object) -> list[limits.Row]:
    return limits.rows(knowledge, analytes=["WBC"], questions=["leukopenia"], **more)  # type: ignore[arg-type]


def test_it_says_of_a_value_who_calls_it_low(knowledge: Knowledge) -> None:
    says = {row.id: row.says for row in white(knowledge, value="3.6")}
    assert says["lim.wbc.merck"] == "low"
    assert says["lim.wbc.wakeman"] == "not-low"  # 3.6 is not under 3.6
    assert says["lim.wbc.uk-biobank"] == "not-low"
    assert {row.says for row in white(knowledge)} == {""}


def test_it_leaves_out_what_is_for_others(knowledge: Knowledge) -> None:
    woman = Who(56 * YEAR, 57 * YEAR - 1, sex="female", pregnancy="no", duffy="non-null")
    ids = {row.id for row in white(knowledge, who=woman)}
    assert "lim.wbc.merck" in ids
    assert not any("pregnant-" in i or "newborn" in i or "hibbs" in i for i in ids)
    assert {row.applies for row in white(knowledge, who=woman)} <= {"yes", "conditional"}
    assert len(white(knowledge)) > len(ids)


def test_every_row_is_whole(knowledge: Knowledge) -> None:
    for row in limits.rows(knowledge):
        assert row.who and row.sources and row.year and row.strength and row.unit and row.value
        assert row.role in ("votes", "claim", "site")


def test_csv_is_a_table_and_inert(knowledge: Knowledge) -> None:
    found = limits.rows(knowledge)
    table = list(csv.DictReader(StringIO(limits.as_csv(found))))
    assert [line["id"] for line in table] == [row.id for row in found]
    assert not any(cell.startswith(("=", "+", "@")) for line in table for cell in line.values())


def test_json_names_its_knowledge(knowledge: Knowledge) -> None:
    told = json.loads(limits.as_json(white(knowledge), knowledge))
    assert told["schema"] == "leukon.limits/1"
    assert told["knowledge"] == {"version": knowledge.version, "sha256": knowledge.sha256}
    assert len(told["limits"]) == len(white(knowledge))


@pytest.mark.parametrize("language", ["en", "pt"])
def test_the_picture_holds_every_row(knowledge: Knowledge, language: str) -> None:
    found = white(knowledge, value="3.6", language=language)
    root = ElementTree.fromstring(limits.as_svg(found, knowledge, language=language, value="3.6"))
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{space}circle")) == len(found)
    assert root.find(f"{space}style") is not None
    assert len(root.findall(f"{space}line[@class='stem']")) == 1
    ElementTree.fromstring(limits.as_svg([], knowledge))


def test_the_picture_puts_lower_lines_further_left(knowledge: Knowledge) -> None:
    found = white(knowledge)
    root = ElementTree.fromstring(limits.as_svg(found, knowledge))
    places = [float(str(c.get("cx"))) for c in root.findall("{http://www.w3.org/2000/svg}circle")]
    assert places == sorted(places)


@pytest.mark.parametrize("language", ["en", "pt"])
def test_text_holds_every_row(knowledge: Knowledge, language: str) -> None:
    found = white(knowledge, value="3.6", language=language)
    page = limits.as_text(found, knowledge, language=language, value="3.6")
    assert len(re.findall("[●○]", page)) == len(found)
    assert ("3,6" if language == "pt" else "3.6") in page
    assert max(map(len, page.splitlines())) <= 100
    assert limits.as_text([], knowledge, language=language).strip()


def test_the_page_holds_a_table_beside_each_picture(knowledge: Knowledge) -> None:
    page = limits.as_html(limits.rows(knowledge, analytes=["WBC", "NEUT"]), knowledge)
    assert page.count("<svg") == page.count("<table") >= 3
    assert "<script" not in page
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_ages_are_said_as_people_say_them(knowledge: Knowledge) -> None:
    ages = {row.id: row.age for row in limits.rows(knowledge)}
    assert ages["lim.wbc.merck"] == "≥ 18 y"
    assert all(re.fullmatch(r"|[≥<] \d+ (y|mo|d|h)|\d+ (y|mo|d|h) – \d+ (y|mo|d|h)", age) for age in ages.values())
