"""One request, one Assessment.

A request that cannot be answered at all raises RequestError with the place at fault; data problems
of single results never do: they are excluded values with a reason.
"""

from leukon.assess.answering import answer, assess, assess_all
from leukon.assess.request import CBC, Request, read_request

__all__ = ["CBC", "Request", "answer", "assess", "assess_all", "read_request"]
