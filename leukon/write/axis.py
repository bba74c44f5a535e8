"""The axis of counts: stretched where it matters (below 2), log-like above, and labelled at round numbers."""

from __future__ import annotations

from collections.abc import Iterable
from math import floor, log, log10

STRETCH = 40
"""The axis is near linear up to a fortieth of its length, logarithmic beyond (0.5 on a line up to 20)."""

ROOM = 2.5
"""An axis reaches this far beyond the highest lower limit, so that the line does not stand at its end."""


class Axis:
    """Maps counts from 0 to `top` on positions from 0 to `length`."""

    def __init__(self, top: float, length: float) -> None:
        self.top, self.length = top, length
        self._soft = top / STRETCH
        self._all = log(1 + top / self._soft)

    @classmethod
    def over(cls, lines: Iterable[float], others: Iterable[float], length: float) -> Axis:
        """An axis for lines that call something low, and for other values (the count, an upper limit) to be shown."""
        highest = max(ROOM * max(lines, default=0.0), 1.1 * max(others, default=0.0)) or 10.0
        step = 10 ** floor(log10(highest))
        top = next(step * factor for factor in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * factor >= highest - 1e-12)
        return cls(top, length)

    def at(self, value: float) -> float:
        inside = min(max(value, 0.0), self.top)
        return self.length * log(1 + inside / self._soft) / self._all

    def ticks(self, gap: float) -> list[float]:
        """Round numbers at least `gap` apart: the ends first, then the roundest."""
        kept = [0.0, self.top]
        for value in self._candidates():
            if all(abs(self.at(value) - self.at(other)) >= gap for other in kept):
                kept.append(value)
        return sorted(kept)

    def _candidates(self) -> list[float]:
        step = 10.0 ** floor(log10(self.top))
        found: list[float] = []
        for digits in ((1, 2, 5), (3, 4), (1.5, 7, 8, 6, 9, 2.5)):
            for power in (step, step / 10, step / 100):
                found += [round(digit * power, 6) for digit in digits]
        return [value for value in found if 0 < value < self.top]


class Even:
    """An evenly divided axis around some values, for comparing lines with each other."""

    def __init__(self, values: Iterable[float], length: float) -> None:
        held = list(values)
        low, high = min(held), max(held)
        room = (high - low) * 0.08 or high * 0.2 or 1.0
        self.low, self.high, self.length = max(0.0, low - room), high + room, length

    def at(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        return self.length * (inside - self.low) / (self.high - self.low)

    def ticks(self, gap: float) -> list[float]:
        """Multiples of the smallest round step that keeps them `gap` apart."""
        power = 10.0 ** floor(log10(self.high - self.low)) / 100
        steps = (power * ten * digit for ten in (1, 10, 100, 1000) for digit in (1, 2, 5))
        step = next(s for s in steps if self.length * s / (self.high - self.low) >= gap)
        first, last = -(-self.low // step), self.high // step
        return [round(n * step, 6) for n in range(int(first), int(last) + 1)]


def label(value: float) -> str:
    """A tick as a canonical decimal string."""
    return f"{value:g}"
