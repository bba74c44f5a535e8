"""JSON: the Assessment itself, keys sorted, the same bytes for the same answer."""

from __future__ import annotations

from leukon.report.assessment import Assessment


def render(assessment: Assessment, *, indent: int = 0) -> bytes:
    """UTF-8 bytes with sorted keys. `indent` > 0 spreads it over lines for people; 0 is one line (NDJSON)."""
    data = assessment.to_json()
    if not indent:
        return data
    import msgspec

    return msgspec.json.format(data, indent=indent)
