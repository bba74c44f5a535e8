"""Whole base units back to decimal text: exact, never rounded."""

from __future__ import annotations

from leukon.counts.numbers import decimal_mark


def show(cells: int, factor: int, lang: str = "en") -> str:
    """`cells` divided by `factor` (a power of ten) as the shortest exact decimal, with the decimal mark of `lang`.

    show(3_600_000_000, 10**9, "pt") is `3,6`; show(3_600_000_000, 10**6) is `3600`. No grouping of thousands: the
    text reads back as the same value (`read_count` with the same locale).
    """
    places = len(str(factor)) - 1
    if factor != 10**places:
        raise ValueError(f"factor is {factor}, not a power of ten")
    sign = "-" if cells < 0 else ""
    whole, part = divmod(abs(cells), factor)
    fraction = f"{part:0{places}d}".rstrip("0") if part else ""
    return f"{sign}{whole}" + (f"{decimal_mark(lang) or '.'}{fraction}" if fraction else "")


def show_span(low: int, high: int, factor: int, lang: str = "en", open_end: int | None = None) -> str:
    """A closed interval as a person writes it: `3.6`, `<0.1`, `>100`, `0.5-1.2` (en dash).

    Of `<0.1` and `≤0.099999999`, which are the same for whole cells, the shorter is shown. `open_end`: the high end
    that stands for "no end" (`Rules.open_end`).
    """
    if low == high:
        return show(low, factor, lang)
    if high == open_end:
        return _shorter(">", show(low - 1, factor, lang), "≥", show(low, factor, lang))
    if low == 0:
        return _shorter("<", show(high + 1, factor, lang), "≤", show(high, factor, lang))
    return f"{show(low, factor, lang)}–{show(high, factor, lang)}"


def _shorter(open_sign: str, open_text: str, closed_sign: str, closed_text: str) -> str:
    return open_sign + open_text if len(open_text) <= len(closed_text) else closed_sign + closed_text
