"""Numbers known only within bounds: edges that belong and edges that do not, nine digits, and no bound at all."""

from __future__ import annotations

from math import inf, nan

import pytest

from trialrun.criteria.interval import (
    ABOVE_ZERO,
    NOT_NEGATIVE,
    UNBOUNDED,
    Interval,
    censored,
    exactly,
    hull,
    is_above,
    is_at_least,
    is_equal,
)
from trialrun.criteria.truth import Truth

T, F, U = True, False, None
FIVE = exactly(5.0)
BELOW_5, UP_TO_5 = censored(5.0, "<"), censored(5.0, "<=")
ABOVE_5, FROM_5 = censored(5.0, ">"), censored(5.0, ">=")
TO_5 = Interval(3.0, 5.0)
TO_OPEN_5 = Interval(3.0, 5.0, high_open=True)
FROM_OPEN_5 = Interval(5.0, 7.0, low_open=True)
AROUND_5 = Interval(4.0, 6.0)

# left, right, left > right, left >= right, left = right
TABLE: list[tuple[Interval, Interval, Truth, Truth, Truth]] = [
    (FIVE, FIVE, F, T, T),
    (exactly(6.0), FIVE, T, T, F),
    (exactly(4.0), FIVE, F, F, F),
    (exactly(-5.0), FIVE, F, F, F),
    (exactly(0.0), exactly(-0.0), F, T, T),
    # closed edges
    (TO_5, FIVE, F, U, U),
    (FIVE, TO_5, U, T, U),
    (UP_TO_5, FIVE, F, U, U),
    (FROM_5, FIVE, U, T, U),
    (AROUND_5, FIVE, U, U, U),
    # open edges
    (TO_OPEN_5, FIVE, F, F, F),
    (FIVE, TO_OPEN_5, T, T, F),
    (FROM_OPEN_5, FIVE, T, T, F),
    (FIVE, FROM_OPEN_5, F, F, F),
    (BELOW_5, FIVE, F, F, F),
    (ABOVE_5, FIVE, T, T, F),
    (TO_OPEN_5, FROM_OPEN_5, F, F, F),
    (FROM_OPEN_5, TO_OPEN_5, T, T, F),
    # no bound on a side is not infinity: it may be more than any limit
    (ABOVE_5, exactly(10.0), U, U, U),
    (ABOVE_5, exactly(1e300), U, U, U),
    (exactly(10.0), ABOVE_5, U, U, U),
    (BELOW_5, exactly(-1e300), U, U, U),
    (ABOVE_ZERO, exactly(10.0), U, U, U),
    (ABOVE_ZERO, exactly(0.0), T, T, F),
    (NOT_NEGATIVE, exactly(0.0), U, T, U),
    (ABOVE_ZERO, ABOVE_ZERO, U, U, U),
    (UNBOUNDED, FIVE, U, U, U),
    (UNBOUNDED, UNBOUNDED, U, U, U),
    (ABOVE_5, BELOW_5, T, T, F),
    (BELOW_5, ABOVE_5, F, F, F),
    # nine digits
    (exactly(0.1 * 3), exactly(0.3), F, T, T),
    (exactly(1_000_000_000.0), exactly(1_000_000_000.4), F, T, T),
    (exactly(1.000000002), exactly(1.0), T, T, F),
    (exactly(1.0), exactly(1.000000002), F, F, F),
    (exactly(1e-300), exactly(0.0), T, T, F),
    (Interval(3.0, 0.1 * 3 * 10), exactly(3.0), F, T, U),
]


@pytest.mark.parametrize(("left", "right", "above", "from_it", "same"), TABLE)
def test_comparisons(left: Interval, right: Interval, above: Truth, from_it: Truth, same: Truth) -> None:
    assert (is_above(left, right), is_at_least(left, right), is_equal(left, right)) == (above, from_it, same)


@pytest.mark.parametrize(("left", "right", "above", "from_it", "same"), TABLE)
def test_the_other_way_round(left: Interval, right: Interval, above: Truth, from_it: Truth, same: Truth) -> None:
    assert is_at_least(right, left) is (None if above is None else not above)
    assert is_above(right, left) is (None if from_it is None else not from_it)
    assert is_equal(right, left) is same


@pytest.mark.parametrize(
    ("low", "high", "low_open", "high_open"),
    [(2.0, 1.0, False, False), (nan, 1.0, False, False), (1.0, nan, False, False)],
)
def test_no_number_in_it(low: float, high: float, low_open: bool, high_open: bool) -> None:
    with pytest.raises(ValueError, match="no number lies between"):
        Interval(low, high, low_open, high_open)


def test_sums_differences_products() -> None:
    assert TO_OPEN_5.plus(exactly(1.0)) == Interval(4.0, 6.0, high_open=True)
    assert TO_OPEN_5.minus(FROM_OPEN_5) == Interval(-4.0, 0.0, high_open=True)
    assert FIVE.minus(TO_OPEN_5) == Interval(0.0, 2.0, low_open=True)
    assert ABOVE_5.times(2.0) == Interval(10.0, inf, low_open=True)
    assert ABOVE_5.times(0.0) == exactly(0.0)
    assert UNBOUNDED.minus(UNBOUNDED) == UNBOUNDED


def test_hull_keeps_an_edge_that_belongs_to_any() -> None:
    assert hull([TO_OPEN_5, TO_5]) == TO_5
    assert hull([TO_OPEN_5, FROM_OPEN_5]) == Interval(3.0, 7.0)
    assert hull([ABOVE_5, BELOW_5]) == UNBOUNDED


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (FIVE, "5"),
        (BELOW_5, "< 5"),
        (UP_TO_5, "<= 5"),
        (ABOVE_5, "> 5"),
        (FROM_5, ">= 5"),
        (UNBOUNDED, "any"),
        (TO_5, "3 to 5"),
    ],
)
def test_in_words(interval: Interval, words: str) -> None:
    assert str(interval) == words
