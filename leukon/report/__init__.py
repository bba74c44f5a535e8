"""Ids and knowledge become an Assessment, with its words, in a language, for an audience."""

from leukon.read.door import Inputs
from leukon.report.assembly import build, build_all
from leukon.report.assessment import Assessment
from leukon.report.person import Outputs

__all__ = ["Assessment", "Inputs", "Outputs", "build", "build_all"]
