"""Bounds: what is open-ended is never on one side of a limit by its width alone."""

from __future__ import annotations

from math import inf

import pytest

from trialrun.criteria.interval import ABOVE_ZERO, Interval, censored, exactly, is_above, is_at_least, is_equal


@pytest.mark.parametrize("unbounded", [ABOVE_ZERO, Interval(0.0, inf), censored(5.0, ">"), censored(5.0, ">=")])
def test_an_amount_nobody_stated_is_neither_above_a_limit_nor_not(unbounded: Interval) -> None:
    limit = exactly(10.0)
    answers = [is_above(unbounded, limit), is_at_least(unbounded, limit), is_above(limit, unbounded)]
    assert [*answers, is_at_least(limit, unbounded), is_equal(unbounded, limit)] == [None] * 5


def test_a_censored_result_on_the_far_side_of_a_limit_is_decided() -> None:
    assert is_above(censored(10.0, ">"), exactly(10.0)) is True
    assert is_above(censored(10.0, ">="), exactly(10.0)) is None
    assert is_at_least(censored(10.0, ">="), exactly(10.0)) is True
    assert is_above(censored(10.0, "<="), exactly(10.0)) is False
    assert is_at_least(censored(10.0, "<"), exactly(10.0)) is False


def test_the_last_digit_of_a_float_decides_nothing() -> None:
    assert is_above(exactly(0.1 + 0.2), exactly(0.3)) is False
    assert is_at_least(exactly(3 * 0.1), exactly(0.3)) is True
    assert is_equal(exactly(0.1 + 0.2), exactly(0.3)) is True
