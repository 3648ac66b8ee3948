"""What is passed on is rounded, leaves the dead out, and gives away no small group, whoever works how hard on it."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from itertools import combinations, pairwise, product

import numpy as np
import pytest
from numpy.typing import NDArray

from trialrun.errors import InputError
from trialrun.screening.disclosure import (
    COLUMNS,
    ELIGIBLE,
    PERSONS,
    Cell,
    Counts,
    leaves_enough,
    never_above_zero,
    shared,
)
from trialrun.screening.funnel import Asked, Counting, Funnel
from trialrun.screening.screened import Screened
from trialrun.screening.verdicts import standing_of

Answers = tuple[bool | None, ...]
Numbers = NDArray[np.int64]


def funnel_of(people: Iterable[Answers], excludes: tuple[bool, ...]) -> Funnel:
    """The funnel of living people."""
    counting = Counting([Asked(f"C{number}", kind, "…") for number, kind in enumerate(excludes)])
    for number, truths in enumerate(people):
        standing = standing_of(zip(excludes, truths, strict=True))
        counting.add(Screened(str(number), standing, truths))
    return counting.funnel()


def test_every_count_is_rounded_down_also_nobody() -> None:
    people = ((True, False),) * 40 + ((False, False),) * 19 + ((True, None),) * 7
    told = shared(funnel_of(people, (False, True)))
    assert told.base == 10
    assert told.cells == {
        ("", "persons"): 60,
        ("", "eligible"): 40,
        ("C0", "remaining"): 40,
        ("C0", "against"): 10,
        ("C0", "unknown"): 0,
        ("C1", "remaining"): 40,
        ("C1", "against"): 0,
        ("C1", "unknown"): 0,
    }


def test_what_would_pin_a_count_is_rounded_more() -> None:
    # 90 people, of whom nine are lost at each of ten criteria. In tens the rows fall by ten each while "under 10" are
    # against each: it can only be nine, everywhere.
    people = [tuple(place != lost for place in range(10)) for lost in range(10) for _ in range(9)]
    told = shared(funnel_of(people, (False,) * 10))
    assert told.base > 10
    in_tens = {
        PERSONS: 90,
        ELIGIBLE: 0,
        **{(f"C{n}", name): (80 - 10 * n) * (name == "remaining") for n in range(9) for name in COLUMNS},
    }
    assert not leaves_enough(in_tens, 10, 5)


@pytest.mark.parametrize("number", [0, 4, 9])
def test_few_people_are_not_passed_on(number: int) -> None:
    with pytest.raises(InputError, match="too few people"):
        shared(funnel_of([(True, False)] * number, (False, True)))


def test_a_long_protocol_takes_no_time() -> None:
    draw = random.Random(1)
    excludes = tuple(place >= 30 for place in range(60))
    people = [tuple(draw.choices([not one, None, one], [80, 12, 8])[0] for one in excludes) for _ in range(100)]
    funnel = funnel_of(people, excludes)
    began = time.perf_counter()
    shared(funnel)
    assert time.perf_counter() - began < 1


# --- nothing follows: all crowds that agree with a page are made, and all groups of people counted in each ---------------

LEAST = 2
"""In place of five, so that all crowds can be made: a group of one person is small, and counts are rounded to fours."""

EXCLUDES = (False, True, False)


def kinds_of(width: int, verdicts: tuple[bool | None, ...]) -> list[Answers]:
    """All kinds of people there can be."""
    return list(product(verdicts, repeat=width))


def crowds_of(kinds: int, most: int) -> Numbers:
    """Every number of people of each kind, up to so many people: crowds x kinds."""
    found = []
    for number in range(most + 1):
        for bars in combinations(range(number + kinds - 1), kinds - 1):
            edges = (-1, *bars, number + kinds - 1)
            found.append([after - before - 1 for before, after in pairwise(edges)])
    return np.array(found)


def in_cells(kinds: list[Answers], excludes: tuple[bool, ...]) -> dict[Cell, list[int]]:
    """How often a person of each kind is in each count, counted by the funnel itself."""
    found: dict[Cell, list[int]] = {}
    for kind in kinds:
        funnel = funnel_of([kind], excludes)
        found.setdefault(PERSONS, []).append(funnel.persons)
        found.setdefault(ELIGIBLE, []).append(funnel.eligible)
        for row in funnel.rows:
            for name in COLUMNS:
                found.setdefault((row.criterion.id, name), []).append(getattr(row, name))
    return found


def pages_of(counts: Numbers, cells: list[Cell]) -> Numbers:
    """What is shown of each crowd, the base first and -1 where nothing is: crowds x (1 + cells). As `shared` does it."""
    pages = np.full((len(counts), 1 + len(cells)), -1)
    base = 2 * LEAST
    while base <= counts[:, 0].max():
        rounded = counts - counts % base
        different, which = np.unique(rounded, axis=0, return_inverse=True)
        good = np.array([leaves_enough(dict(zip(cells, one.tolist(), strict=True)), base, LEAST) for one in different])
        now = (pages[:, 0] < 0) & good[which.reshape(-1)] & (counts[:, 0] >= base)
        pages[now] = np.column_stack([np.full(now.sum(), base), rounded[now]])
        base *= 2
    return pages


def groups_of(kinds: int) -> Numbers:
    """Groups of people, each made of some kinds: kinds x groups. All of them, or a thousand where there are too many."""
    if kinds <= 9:
        return np.array(list(product((0, 1), repeat=kinds))).T
    return np.random.default_rng(1).integers(0, 2, (kinds, 1000))


@pytest.mark.parametrize(
    ("width", "verdicts", "most"),
    [(1, (True, False, None), 31), (2, (True, False, None), 11), (2, (True, False), 19), (3, (True, False), 11)],
)
def test_no_small_group_is_the_same_in_all_crowds_that_agree_with_a_page(
    width: int, verdicts: tuple[bool | None, ...], most: int
) -> None:
    kinds = kinds_of(width, verdicts)
    crowds = crowds_of(len(kinds), most)
    membership = in_cells(kinds, EXCLUDES[:width])
    cells = list(membership)
    pages = pages_of(crowds @ np.array(list(membership.values())).T, cells)
    # Crowds beyond the largest are not made: a page is judged only where all that agree with it are.
    whole = (pages[:, 0] > 0) & (pages[:, 1] + pages[:, 0] - 1 <= most)
    crowds, pages = crowds[whole], pages[whole]
    _, which = np.unique(pages, axis=0, return_inverse=True)
    order = np.argsort(which.reshape(-1), kind="stable")
    starts = np.flatnonzero(np.diff(which.reshape(-1)[order], prepend=-1))
    assert len(starts) > 2
    for some in np.array_split(groups_of(len(kinds)), 8, axis=1):
        people = crowds[order] @ some
        least, largest = np.minimum.reduceat(people, starts), np.maximum.reduceat(people, starts)
        assert not ((least == largest) & (least > 0) & (least < LEAST)).any()


def test_what_joins_counts_holds_for_every_kind_of_person() -> None:
    kinds = kinds_of(3, (True, False, None))
    membership = in_cells(kinds, EXCLUDES)
    for rule in never_above_zero(list(membership)):
        assert all(sum(sign * membership[cell][place] for cell, sign in rule) <= 0 for place in range(len(kinds)))


def test_what_joins_counts_is_all_that_does() -> None:
    """Every set of numbers that agrees with the rules is the one of some crowd."""
    kinds = kinds_of(2, (True, False, None))
    membership = in_cells(kinds, EXCLUDES[:2])
    cells = list(membership)
    rules = list(never_above_zero(cells))
    crowds = crowds_of(len(kinds), 3)
    real = {tuple(one) for one in (crowds @ np.array(list(membership.values())).T).tolist()}
    agreeing = {
        one for one in product(range(4), repeat=len(cells)) if _agrees(dict(zip(cells, one, strict=True)), rules)
    }
    assert agreeing == real


def _agrees(counts: Counts, rules: Iterable[Iterable[tuple[Cell, int]]]) -> bool:
    return all(sum(sign * counts[cell] for cell, sign in rule) <= 0 for rule in rules)
