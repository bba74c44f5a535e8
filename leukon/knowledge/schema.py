"""JSON Schema of each kind of knowledge file, for editors: printed from the declaration that the loader reads with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from leukon.knowledge import cases, kinds, vignettes
from leukon.knowledge.fields import Key, Line, Record

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """Kind of file -> JSON Schema of the whole file."""
    shapes = {kind: kinds.file_of(kind) for kind in kinds.KINDS}
    shapes["cases"] = cases.FILE
    shapes["vignettes"] = vignettes.FILE
    printed = {
        kind: {"$schema": DRAFT, "title": f"leukon {kind}", **shape.described()} for kind, shape in shapes.items()
    }
    texts = Record("words of the product, by key", {"kind": Key(Line("", "texts", "texts"))}).described()
    texts["additionalProperties"] = kinds.TEXTS.of.described()
    return printed | {"texts": {"$schema": DRAFT, "title": "leukon texts", **texts}}


def render() -> dict[str, str]:
    """File name -> text, as committed under schema/."""
    return {f"{kind}.json": json.dumps(schema, indent=1, sort_keys=True) + "\n" for kind, schema in schemas().items()}


def write(folder: Path) -> None:
    """Write every schema into `folder`."""
    folder.mkdir(exist_ok=True)
    for name, text in render().items():
        (folder / name).write_text(text, "utf-8")
