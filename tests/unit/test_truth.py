"""Kleene's tables, written out; and that no other answer than his is given for longer lists."""

from __future__ import annotations

from itertools import product

import pytest

from trialrun.criteria.truth import Truth, agreed, all_of, any_of, at_least, opposite

T, F, U = True, False, None
TRUTHS: tuple[Truth, ...] = (T, F, U)

AND = {
    (T, T): T, (T, F): F, (T, U): U,
    (F, T): F, (F, F): F, (F, U): F,
    (U, T): U, (U, F): F, (U, U): U,
}  # fmt: skip
OR = {
    (T, T): T, (T, F): T, (T, U): T,
    (F, T): T, (F, F): F, (F, U): U,
    (U, T): T, (U, F): U, (U, U): U,
}  # fmt: skip
NOT = {T: F, F: T, U: U}


@pytest.mark.parametrize("pair", AND)
def test_and(pair: tuple[Truth, Truth]) -> None:
    assert all_of(pair) is AND[pair]


@pytest.mark.parametrize("pair", OR)
def test_or(pair: tuple[Truth, Truth]) -> None:
    assert any_of(pair) is OR[pair]


@pytest.mark.parametrize("truth", NOT)
def test_not(truth: Truth) -> None:
    assert opposite(truth) is NOT[truth]


def test_of_nothing() -> None:
    assert (all_of(()), any_of(()), agreed(())) == (T, F, U)


def filled(truths: tuple[Truth, ...]) -> list[tuple[Truth, ...]]:
    """Every way in which the unknown ones may turn out."""
    return list(product(*((T, F) if truth is U else (truth,) for truth in truths)))


@pytest.mark.parametrize("truths", [row for length in range(5) for row in product(TRUTHS, repeat=length)])
def test_known_where_every_outcome_agrees(truths: tuple[Truth, ...]) -> None:
    outcomes = filled(truths)
    for said, meant in ((all_of(truths), all), (any_of(truths), any)):
        possible = {meant(outcome) for outcome in outcomes}
        assert said is (possible.pop() if len(possible) == 1 else U)
    for number in range(len(truths) + 1):
        possible = {sum(map(bool, outcome)) >= number for outcome in outcomes}
        assert at_least(number, truths) is (possible.pop() if len(possible) == 1 else U)


@pytest.mark.parametrize(
    ("truths", "common"),
    [((T,), T), ((F, F), F), ((T, F), U), ((T, U), U), ((U, U), U), ((U,), U)],
)
def test_agreed_is_what_all_cases_say(truths: tuple[Truth, ...], common: Truth) -> None:
    assert agreed(truths) is common
