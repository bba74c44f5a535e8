"""One request, one Assessment.

A request that cannot be answered at all raises RequestError with the place at fault; data problems
of single results never do: they are excluded values with a reason.
"""

import sys
from types import ModuleType

from leukon.assess.answering import Engine, Ready, Tables, answer, assess, assess_all, prepare
from leukon.assess.request import CBC, Request, read_request

__all__ = [
    "CBC",
    "Engine",
    "Ready",
    "Request",
    "Tables",
    "answer",
    "assess",
    "assess_all",
    "prepare",
    "read_request",
]


class _Callable(ModuleType):
    """Python binds an imported submodule to its package, so `leukon.assess` may be this module and not the function
    of the same name. Calling the one is calling the other, so that `lk.assess(...)` works in every order of imports."""

    __call__ = staticmethod(assess)


sys.modules[__name__].__class__ = _Callable
