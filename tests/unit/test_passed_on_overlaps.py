"""What may be passed on gives away no small group by two counts of which one lies inside the other."""

from __future__ import annotations

from hypothesis import given, settings

from tests.generative.test_funnel import Drawn, counted, crowds
from trialrun.criteria.truth import Truth
from trialrun.screening.disclosure import SMALLEST, Shared, shared
from trialrun.screening.funnel import Asked, Counting
from trialrun.screening.screened import Screened
from trialrun.screening.verdicts import Standing, standing_of

AGE, DRUG = Asked("I1", False, "adult"), Asked("E1", True, "drug")


def people(number: int, age: Truth, drug: Truth, *, deceased: bool = False) -> list[Screened]:
    """So many people of whom this is known."""
    standing = Standing.EXCLUDED if deceased else standing_of(((False, age), (True, drug)))
    return [Screened("", standing, (age, drug), (), deceased)] * number


def passed_on(*groups: list[Screened]) -> Shared:
    counting = Counting([AGE, DRUG])
    for one in (one for group in groups for one in group):
        counting.add(one)
    return shared(counting.funnel())


def worked_out(told: Shared, **times: int) -> int | None:
    """A sum of cells, written `I1_remaining=-1`, `_persons=1`; None where one of them is hidden."""
    values = [(told.get(*name.split("_", 1)), count) for name, count in times.items()]
    return None if any(value is None for value, _ in values) else sum((value or 0) * count for value, count in values)


def test_the_one_who_is_dead_is_not_what_is_lost_and_not_against_the_first_row() -> None:
    told = passed_on(people(20, False, False), people(60, True, False), people(1, True, False, deceased=True))
    assert worked_out(told, _persons=1, I1_remaining=-1, I1_not_met=-1) is None


def test_the_three_whom_two_criteria_exclude_are_not_what_is_against_and_not_lost() -> None:
    told = passed_on(people(20, False, False), people(60, True, False), people(10, True, True), people(3, False, True))
    assert worked_out(told, E1_met=1, I1_remaining=-1, E1_remaining=1) is None


def test_large_groups_are_shown() -> None:
    told = passed_on(people(20, False, False), people(60, True, False), people(10, True, True), people(9, False, True))
    assert told.hidden == 0
    assert worked_out(told, E1_met=1, I1_remaining=-1, E1_remaining=1) == 9


@settings(max_examples=100)
@given(crowds())
def test_no_two_counts_of_one_row_differ_by_a_small_group(drawn: Drawn) -> None:
    several = Drawn(drawn.criteria, drawn.people * 3)
    if len(several.people) < SMALLEST:
        return
    told = shared(counted(several))
    before = told.get("", "persons")
    for one in several.criteria:
        against = told.get(one.id, "met" if one.excludes else "not_met")
        after, alone = told.get(one.id, "remaining"), told.get(one.id, "alone")
        if None not in (before, after, against):
            assert abs((against or 0) - (before or 0) + (after or 0)) not in range(1, SMALLEST)
        if None not in (against, alone):
            assert (against or 0) - (alone or 0) not in range(1, SMALLEST)
        before = after
