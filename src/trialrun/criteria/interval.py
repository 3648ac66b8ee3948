"""Numbers known only within bounds: a year of birth, a result of `<5`, a dose nobody stated.

Two numbers count as equal when they agree to nine significant digits, so that a conversion of units, or three times
0.1, cannot decide who joins a trial.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, isfinite

from trialrun.criteria.truth import Truth

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from low to high; an open edge does not belong to it.

    Raises:
        ValueError: an edge that is no number, or edges the wrong way round.
    """

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"no number lies between {self.low} and {self.high}")

    @property
    def is_exact(self) -> bool:
        """Whether it is one number."""
        return self.low == self.high and isfinite(self.low)

    def mapped(self, function: Callable[[float], float]) -> Interval:
        """The interval under a rising function."""
        return Interval(function(self.low), function(self.high), self.low_open, self.high_open)

    def minus(self, other: Interval) -> Interval:
        """All differences."""
        return Interval(
            self.low - other.high,
            self.high - other.low,
            self.low_open or other.high_open,
            self.high_open or other.low_open,
        )

    def plus(self, other: Interval) -> Interval:
        """All sums."""
        return Interval(
            self.low + other.low,
            self.high + other.high,
            self.low_open or other.low_open,
            self.high_open or other.high_open,
        )

    def times(self, factor: float) -> Interval:
        """All products with a number of zero or more."""
        if factor == 0:
            return exactly(0.0)
        return self.mapped(lambda edge: edge * factor)

    def __str__(self) -> str:
        return self._told(lambda value: f"{value:g}")

    def in_short(self) -> str:
        """The words for what was computed: with three digits, as clinicians write it."""
        return self._told(three_digits)

    def _told(self, number: Callable[[float], str]) -> str:
        if self.is_exact:
            return number(self.low)
        if self.low == -inf:
            return f"{'<' if self.high_open else '<='} {number(self.high)}" if self.high != inf else "any"
        if self.high == inf:
            return f"{'>' if self.low_open else '>='} {number(self.low)}"
        return f"{number(self.low)} to {number(self.high)}"


UNBOUNDED = Interval(-inf, inf)
NOT_NEGATIVE = Interval(0.0, inf)
ABOVE_ZERO = Interval(0.0, inf, low_open=True)


def three_digits(value: float) -> str:
    """A number with three significant digits; whole above a thousand."""
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def exactly(value: float) -> Interval:
    """One number."""
    return Interval(value, value)


def censored(value: float, comparator: str) -> Interval:
    """What a result says that carries a sign: `<5` is anything below 5."""
    match comparator:
        case "<":
            return Interval(-inf, value, high_open=True)
        case "<=":
            return Interval(-inf, value)
        case ">":
            return Interval(value, inf, low_open=True)
        case ">=":
            return Interval(value, inf)
        case _:
            return exactly(value)


def hull(intervals: Sequence[Interval]) -> Interval:
    """The smallest interval that holds them all."""
    low = min(intervals, key=lambda item: (item.low, item.low_open))
    high = max(intervals, key=lambda item: (item.high, not item.high_open))
    return Interval(low.low, high.high, low.low_open, high.high_open)


def is_above(left: Interval, right: Interval) -> Truth:
    """Whether left > right for every choice of numbers, for none, or it depends."""
    if _exceeds(left.low, right.high) or (
        _same(left.low, right.high) and isfinite(left.low) and (left.low_open or right.high_open)
    ):
        return True
    return None if _exceeds(left.high, right.low) else False


def is_at_least(left: Interval, right: Interval) -> Truth:
    """Whether left >= right for every choice of numbers, for none, or it depends."""
    below = is_above(right, left)
    return None if below is None else not below


def is_equal(left: Interval, right: Interval) -> Truth:
    """Whether left = right for every choice of numbers, for none, or it depends."""
    if left.is_exact and right.is_exact:
        return _same(left.low, right.low)
    if is_above(left, right) is True or is_above(right, left) is True:
        return False
    return None


def _same(left: float, right: float) -> bool:
    """Whether two edges are one number; "no bound" equals nothing but itself."""
    if left == right:
        return True
    largest = max(abs(left), abs(right))
    return largest < inf and abs(left - right) <= TOLERANCE * largest


def _exceeds(left: float, right: float) -> bool:
    return left > right and not _same(left, right)
