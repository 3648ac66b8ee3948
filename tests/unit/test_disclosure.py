"""What is passed on hides small groups, and whatever they could be worked out from."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialrun.errors import InputError
from trialrun.screening.disclosure import Cell, Sum, cells_of, laws, shared, small_sums
from trialrun.screening.funnel import Asked, Counting, Funnel
from trialrun.screening.screened import Screened
from trialrun.screening.verdicts import Standing, standing_of

Person = tuple[tuple[bool | None, ...], bool]


def funnel_of(people: Iterable[Person], excludes: tuple[bool, ...]) -> Funnel:
    counting = Counting([Asked(f"C{number}", kind, "…") for number, kind in enumerate(excludes)])
    for number, (truths, dead) in enumerate(people):
        standing = Standing.EXCLUDED if dead else standing_of(zip(excludes, truths, strict=True))
        counting.add(Screened(str(number), standing, truths, (), dead))
    return counting.funnel()


def rank(rows: Iterable[Sum], cells: list[Cell]) -> int:
    """Rank of some sums, by exact elimination."""
    pivots: list[tuple[int, list[Fraction]]] = []
    for one in rows:
        row = [Fraction(one.get(cell, 0)) for cell in cells]
        for lead, pivot in pivots:
            factor = row[lead] / pivot[lead]
            row = [value - factor * other for value, other in zip(row, pivot, strict=True)]
        lead = next((place for place, value in enumerate(row) if value), -1)
        if lead >= 0:
            pivots.append((lead, row))
    return len(pivots)


MANY: tuple[Person, ...] = (((True, False), False),) * 40


def test_what_is_large_is_shown_whole() -> None:
    told = shared(funnel_of((*MANY, *(((False, False), False),) * 20), (False, True)))
    assert told.hidden == 0
    assert (told.get("C0", "not_met"), told.get("C0", "remaining")) == (20, 40)


def test_a_small_count_takes_a_second_one_with_it() -> None:
    told = shared(funnel_of((*MANY, *(((None, False), False),) * 2), (False, True)))
    assert told.get("C0", "unknown") is None
    assert told.get("C0", "met") is None  # 42 people less 40 would be the 2
    assert told.get("C0", "not_met") == 0
    assert told.get("", "eligible") is None or told.get("", "persons") is None


def test_a_small_step_of_the_funnel_cannot_be_taken() -> None:
    people = (*MANY, *(((True, True), False),) * 3, *(((False, False), False),) * 30)
    told = shared(funnel_of(people, (False, True)))
    assert told.get("C0", "remaining") is None or told.get("C1", "remaining") is None


def test_fewer_than_five_people_are_not_passed_on() -> None:
    with pytest.raises(InputError, match="4 people are too few"):
        shared(funnel_of(MANY[:4], (False, True)))


TRUTHS = st.sampled_from([True, True, True, False, None])


@st.composite
def funnels(draw: st.DrawFn) -> Funnel:
    excludes = tuple(draw(st.lists(st.booleans(), min_size=1, max_size=4)))
    person = st.tuples(st.tuples(*(TRUTHS for _ in excludes)), st.integers(0, 19).map(lambda dice: dice == 0))
    kinds = draw(st.lists(st.tuples(person, st.sampled_from([1, 2, 4, 5, 30])), min_size=1, max_size=6))
    return funnel_of([one for one, times in kinds for _ in range(times)], excludes)


@settings(max_examples=60)
@given(funnels())
def test_no_small_group_follows_from_what_is_shown(funnel: Funnel) -> None:
    values = cells_of(funnel)
    if funnel.persons < 5:
        return
    told = shared(funnel).cells
    cells = list(values)
    known: list[Sum] = [*laws(funnel), *({cell: 1} for cell in cells if told[cell] is not None)]
    for law in laws(funnel):
        assert sum(times * values[cell] for cell, times in law.items()) == 0
    base = rank(known, cells)
    for people in small_sums(funnel, values):
        assert rank([*known, people], cells) > base, people
    for cell, value in told.items():
        assert value is None or value == values[cell]
        assert value is None or not 0 < value < 5
