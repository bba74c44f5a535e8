"""Open engine for low white blood cell counts.

import leukon as lk

assessment = lk.assess({"observations": [{"code": {"text": "WBC"}, "value": "3.6", "unit": "10*9/L"}]})

The public names, sorted, and nothing else. They are looked up on first use, so that the
import itself stays fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "CBC",
    "Assessment",
    "InputError",
    "Knowledge",
    "KnowledgeError",
    "LeukonError",
    "OutputError",
    "RequestError",
    "UsageError",
    "__version__",
    "assess",
    "assess_files",
    "load_knowledge",
]

_HOME = {
    "Assessment": "leukon.report",
    "CBC": "leukon.assess",
    "InputError": "leukon.errors",
    "Knowledge": "leukon.knowledge.model",
    "KnowledgeError": "leukon.errors",
    "LeukonError": "leukon.errors",
    "OutputError": "leukon.errors",
    "RequestError": "leukon.errors",
    "UsageError": "leukon.errors",
    "assess": "leukon.assess",
    "assess_files": "leukon.cohort",
    "load_knowledge": "leukon.knowledge",
}

if TYPE_CHECKING:
    from leukon.assess import CBC, assess
    from leukon.cohort import assess_files
    from leukon.errors import InputError, KnowledgeError, LeukonError, OutputError, RequestError, UsageError
    from leukon.knowledge import load_knowledge
    from leukon.knowledge.model import Knowledge
    from leukon.report import Assessment


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'leukon' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
