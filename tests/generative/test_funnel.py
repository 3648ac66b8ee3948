"""The funnel and the candidates against what their words say, counted slowly from the people themselves."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from trialrun.criteria.truth import Truth
from trialrun.screening.candidates import candidates
from trialrun.screening.funnel import Asked, Counting, Funnel
from trialrun.screening.screened import Need, Screened
from trialrun.screening.verdicts import Standing

NEEDS = [Need(who, what) for who in ("the investigator", "the laboratory") for what in ("a", "b")]


@dataclass(frozen=True)
class Drawn:
    """Criteria, and people who were screened against them."""

    criteria: tuple[Asked, ...]
    people: tuple[Screened, ...]


@st.composite
def crowds(draw: st.DrawFn) -> Drawn:
    sides = draw(st.lists(st.booleans(), min_size=1, max_size=5))
    criteria = tuple(Asked(f"C{place}", excludes, "says") for place, excludes in enumerate(sides, 1))
    people = draw(st.lists(_person(criteria), max_size=8))
    return Drawn(criteria, tuple(people))


@st.composite
def _person(draw: st.DrawFn, criteria: tuple[Asked, ...]) -> Screened:
    # Mostly in favour, or hardly anybody would stay in to the end.
    truths = tuple(
        draw(st.sampled_from([not one.excludes, not one.excludes, not one.excludes, None, one.excludes]))
        for one in criteria
    )
    deceased = draw(st.integers(0, 9)) == 0
    standing = Standing.EXCLUDED if deceased else stands(criteria, truths)
    unknown = tuple(one.id for one, truth in zip(criteria, truths, strict=True) if truth is None)
    needs = draw(st.lists(st.sampled_from(NEEDS), min_size=1, unique=True)) if standing is Standing.POSSIBLE else []
    name = draw(st.sampled_from(["1", "2", "10", "a", "b"]))
    return Screened(name, standing, truths, tuple((need, unknown) for need in needs), deceased)


# --- what the words say -------------------------------------------------------------------------------------------------


def against(one: Asked, truth: Truth) -> bool:
    return truth is not None and truth == one.excludes


def stands(criteria: tuple[Asked, ...], truths: tuple[Truth, ...]) -> Standing:
    if any(against(one, truth) for one, truth in zip(criteria, truths, strict=True)):
        return Standing.EXCLUDED
    return Standing.POSSIBLE if None in truths else Standing.ELIGIBLE


def without(drawn: Drawn, person: Screened, place: int) -> Standing:
    """Where a person would stand were there no such criterion."""
    rest = drawn.criteria[:place] + drawn.criteria[place + 1 :]
    return stands(rest, person.truths[:place] + person.truths[place + 1 :])


def counted(drawn: Drawn) -> Funnel:
    counting = Counting(drawn.criteria)
    for person in drawn.people:
        counting.add(person)
    return counting.funnel()


@given(crowds())
def test_where_people_stand(drawn: Drawn) -> None:
    found = counted(drawn)
    standings = [one.standing for one in drawn.people]
    assert (found.eligible, found.possible, found.excluded) == tuple(
        standings.count(one) for one in (Standing.ELIGIBLE, Standing.POSSIBLE, Standing.EXCLUDED)
    )
    assert (found.persons, found.deceased) == (len(standings), sum(one.deceased for one in drawn.people))


@given(crowds())
def test_each_row_counts_everybody(drawn: Drawn) -> None:
    for place, row in enumerate(counted(drawn).rows):
        truths = [one.truths[place] for one in drawn.people]
        assert (row.met, row.not_met, row.unknown) == (truths.count(True), truths.count(False), truths.count(None))
        assert row.against == sum(against(drawn.criteria[place], truth) for truth in truths)


@given(crowds())
def test_who_remains_and_who_is_sure(drawn: Drawn) -> None:
    alive = [one for one in drawn.people if not one.deceased]
    for place, row in enumerate(counted(drawn).rows):
        upto = drawn.criteria[: place + 1]
        reached = [stands(upto, one.truths[: place + 1]) for one in alive]
        assert row.remaining == len(reached) - reached.count(Standing.EXCLUDED)
        assert row.sure == reached.count(Standing.ELIGIBLE)


@given(crowds())
def test_what_a_criterion_costs(drawn: Drawn) -> None:
    """Those it alone excludes are those who would not be excluded without it."""
    for place, row in enumerate(counted(drawn).rows):
        gained = [
            without(drawn, one, place) for one in drawn.people if not one.deceased and one.standing is Standing.EXCLUDED
        ]
        assert row.would_join == gained.count(Standing.ELIGIBLE)
        assert row.would_stay == gained.count(Standing.POSSIBLE)
        assert row.alone == row.would_join + row.would_stay


@given(crowds())
def test_who_waits_for_what_and_what_settles(drawn: Drawn) -> None:
    found = counted(drawn)
    asked = [[need for need, _ in one.needs] for one in drawn.people if one.standing is Standing.POSSIBLE]
    assert {one.need: (one.waiting, one.settles) for one in found.levers} == {
        need: (sum(need in one for one in asked), sum(one == [need] for one in asked))
        for need in {need for one in asked for need in one}
    }
    whom = [{need.who for need in one} for one in asked]
    assert {one.need.who: (one.waiting, one.settles) for one in found.suppliers} == {
        who: (sum(who in one for one in whom), sum(one == {who} for one in whom))
        for who in {who for one in whom for who in one}
    }
    for levers in (found.levers, found.suppliers):
        assert list(levers) == sorted(levers, key=lambda one: (-one.settles, -one.waiting))


@given(crowds())
def test_the_nearest_candidate_comes_first(drawn: Drawn) -> None:
    names = tuple(one.id for one in drawn.criteria)
    found = candidates(drawn.people, names)
    assert len(found) == sum(one.standing is not Standing.EXCLUDED for one in drawn.people)
    assert [len(one.unknown) for one in found] == sorted(len(one.unknown) for one in found)
    assert all((one.standing is Standing.ELIGIBLE) == (not one.unknown) for one in found)
    assert {(one.person, one.unknown) for one in found} == {
        (one.person, tuple(name for name, truth in zip(names, one.truths, strict=True) if truth is None))
        for one in drawn.people
        if one.standing is not Standing.EXCLUDED
    }


@given(crowds(), st.data())
def test_the_order_of_people_changes_nothing(drawn: Drawn, data: st.DataObject) -> None:
    people = tuple(data.draw(st.permutations(drawn.people)))
    assert counted(Drawn(drawn.criteria, people)) == counted(drawn)
