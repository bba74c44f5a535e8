"""Puts the compiled knowledge into the wheel, so that leukon starts fast. Broken knowledge builds no wheel."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileKnowledge(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from leukon.knowledge.loader import load
        from leukon.knowledge.pack import SHIPPED, digests, verify, write_compiled

        verify(SHIPPED, digests(SHIPPED))
        compiled = SHIPPED / "compiled.msgpack"
        write_compiled(compiled, load(SHIPPED))
        build_data["artifacts"].append(f"/{compiled.relative_to(Path(self.root)).as_posix()}")
