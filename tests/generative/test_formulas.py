"""Every value inside the ranges gives a result inside the bounds; every input moves the result one way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialrun.vocabulary.formulas import FORMULAS, Formula, Input


def _values(needed: Input) -> st.SearchStrategy[float]:
    return st.floats(max(needed.low, 0.01), min(needed.high, 5_000.0))


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.id)
@given(data=st.data())
def test_corners_hold_all_results_between_them(formula: Formula, data: st.DataObject) -> None:
    ranges, inside = {}, {}
    for needed in formula.inputs:
        low, middle, high = sorted(data.draw(st.tuples(*[_values(needed)] * 3), label=needed.name))
        ranges[needed.name], inside[needed.name] = (low, high), middle
    sex = data.draw(st.sampled_from(["female", "male"]))
    bounds, result = formula.between(ranges), formula.value(inside, sex)
    assert bounds is not None
    assert result is not None
    assert bounds[0] * (1 - 1e-12) <= result <= bounds[1] * (1 + 1e-12)


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.id)
@given(data=st.data())
def test_directions_are_as_stated(formula: Formula, data: st.DataObject) -> None:
    values = {needed.name: data.draw(_values(needed), label=needed.name) for needed in formula.inputs}
    moved = data.draw(st.sampled_from(formula.inputs))
    larger = {**values, moved.name: data.draw(_values(moved).filter(lambda value: value >= values[moved.name]))}
    before, after = formula.value(values, "female"), formula.value(larger, "female")
    assert before is not None
    assert after is not None
    assert (after - before) * moved.direction >= -1e-12 * max(abs(before), abs(after))
