"""Make what is derived from the knowledge files: `python -m leukon.knowledge.build`.

Reads and checks the files, then writes schema/*.json and manifest.json (both committed; a test fails
when they are stale) and compiled.msgpack (not committed; for the wheel and for fast starts).
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from leukon.errors import KnowledgeError
from leukon.knowledge import schema
from leukon.knowledge.loader import load
from leukon.knowledge.pack import SHIPPED, Manifest, digests, write_compiled


def build(folder: Path = SHIPPED) -> None:
    """Write schemas, manifest and compiled pack of `folder`. Raises KnowledgeError before anything is written."""
    knowledge = load(folder)
    schema.write(folder / "schema")
    (folder / "manifest.json").write_bytes(manifest(folder, knowledge.version, knowledge.sha256))
    write_compiled(folder / "compiled.msgpack", knowledge)


def manifest(folder: Path, version: str, digest: str) -> bytes:
    """The text of manifest.json for the files as they are."""
    made = Manifest(version=version, sha256=digest, files=digests(folder))
    return msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n"


if __name__ == "__main__":
    try:
        build()
    except KnowledgeError as error:
        sys.exit(str(error))
