"""The shipped pack: its manifest is current, an altered one is refused, the compiled one says the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from leukon.errors import KnowledgeError
from leukon.knowledge import build, pack
from leukon.knowledge.loader import load


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped files, built, in a folder of their own."""
    folder = tmp_path / "copy"
    shutil.copytree(pack.SHIPPED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "*.msgpack"))
    build.build(folder)
    return folder


def test_the_manifest_is_current() -> None:
    knowledge = load(pack.SHIPPED)
    made = build.manifest(pack.SHIPPED, knowledge.version, knowledge.sha256)
    assert (pack.SHIPPED / "manifest.json").read_bytes() == made, "run `python -m leukon.knowledge.build`"


def test_compiled_is_equal(copy: Path) -> None:
    read = load(copy)
    assert pack.read_compiled(copy / "compiled.msgpack", read.sha256) == read
    assert pack.shipped(copy) == read


def test_without_the_compiled_pack_the_files_are_read(copy: Path) -> None:
    (copy / "compiled.msgpack").unlink()
    assert pack.shipped(copy).sha256 == load(copy).sha256


@pytest.mark.parametrize("damage", ["cut", "changed", "other"])
def test_a_damaged_compiled_pack_is_not_used(copy: Path, damage: str) -> None:
    file = copy / "compiled.msgpack"
    data = file.read_bytes()
    file.write_bytes({"cut": data[:-1], "changed": data[:-1] + bytes([data[-1] ^ 1]), "other": b""}[damage])
    assert pack.read_compiled(file, load(copy).sha256) is None


class TestB72:
    """A knowledge pack altered on disk: refuse to start."""

    def refused(self, folder: Path) -> list[str]:
        with pytest.raises(KnowledgeError) as caught:
            pack.shipped(folder)
        assert caught.value.exit_code == 5
        return caught.value.problems

    def test_an_altered_file(self, copy: Path) -> None:
        file = copy / "scales" / "ctcae.yaml"
        file.write_text(file.read_text("utf-8").replace("below: 1.5", "below: 1.4", 1), "utf-8")
        assert "scales/ctcae.yaml:1: altered since it was checked" in self.refused(copy)[0]

    def test_a_missing_file(self, copy: Path) -> None:
        (copy / "scales" / "who.yaml").unlink()
        assert "scales/who.yaml:1: missing" in self.refused(copy)[0]

    def test_an_added_file(self, copy: Path) -> None:
        (copy / "limits" / "more.yaml").write_text("kind: limits\n", "utf-8")
        assert "limits/more.yaml:1: not in the manifest" in self.refused(copy)[0]

    def test_a_manifest_that_is_none(self, copy: Path) -> None:
        (copy / "manifest.json").write_text("{}", "utf-8")
        assert "manifest.json:" in self.refused(copy)[0]

    def test_a_manifest_of_another_pack(self, copy: Path) -> None:
        file = copy / "manifest.json"
        file.write_text(file.read_text("utf-8").replace('"sha256": "', '"sha256": "0', 1), "utf-8")
        assert "its sha256 is not that of its files" in self.refused(copy)[0]

    def test_cases_and_vignettes_are_no_part_of_it(self, copy: Path) -> None:
        (copy / "limits" / "ours.cases.yaml").write_text("kind: cases\n", "utf-8")
        (copy / "limits" / "ours.vignettes.yaml").write_text("kind: vignettes\n", "utf-8")
        pack.shipped(copy)


def test_a_broken_pack_is_not_built(copy: Path) -> None:
    before = (copy / "manifest.json").read_bytes()
    file = copy / "scales" / "who.yaml"
    file.write_text(file.read_text("utf-8").replace("below: 1.0", "below: 0.9", 1), "utf-8")
    with pytest.raises(KnowledgeError):
        build.build(copy)
    assert (copy / "manifest.json").read_bytes() == before
