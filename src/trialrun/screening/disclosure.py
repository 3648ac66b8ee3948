"""A funnel that is safe to pass on: no group of one to four people can be read from it or worked out.

Counts below five are hidden, and then as many others as it takes that no small count follows from what is shown: the
third part of a whole, the step from one row of the funnel to another, the people who remain and are not sure. What
follows is decided by linear algebra: a count is known when it is a combination of shown counts and of the sums that hold
in every funnel. Zero is shown; it is nobody's count. Terms: primary and complementary suppression, Hundepool et al.,
Statistical Disclosure Control (2012), chapter 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from trialrun.errors import InputError

if TYPE_CHECKING:
    from trialrun.screening.funnel import Funnel

SMALLEST = 5
"""The smallest number of people that is shown."""

Cell: TypeAlias = tuple[str, str]
"""A count: the criterion's id (empty for the whole) and its name: `("E9", "met")`, `("", "eligible")`."""
Sum: TypeAlias = Mapping[Cell, int]
"""Counts added and taken away: a number of people that somebody may work out."""

PERSONS: Cell = ("", "persons")
WHOLE = ("eligible", "possible", "excluded")
PARTS = ("met", "not_met", "unknown")
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Shared:
    """The counts of a funnel that may be passed on.

    Args:
        cells: Every count by its cell; None = hidden.
    """

    cells: Mapping[Cell, int | None]

    def get(self, criterion: str, name: str) -> int | None:
        """A count, or None where it is hidden."""
        return self.cells[(criterion, name)]

    @property
    def hidden(self) -> int:
        """How many counts are hidden."""
        return sum(value is None for value in self.cells.values())


def shared(funnel: Funnel) -> Shared:
    """The counts that may be passed on.

    Raises:
        InputError: there are fewer than five people.
    """
    if funnel.persons < SMALLEST:
        raise InputError(
            f"{funnel.persons} people are too few: every count would name somebody",
            hint="A version to pass on needs at least 5.",
        )
    values = cells_of(funnel)
    audit = _Audit(values, tuple(laws(funnel)), tuple(small_sums(funnel, values)))
    shown = audit.safe({cell for cell, value in values.items() if not 0 < value < SMALLEST})
    return Shared({cell: value if cell in shown else None for cell, value in values.items()})


def cells_of(funnel: Funnel) -> dict[Cell, int]:
    """Every count of a funnel."""
    values = {PERSONS: funnel.persons, **{("", name): getattr(funnel, name) for name in WHOLE}}
    for row in funnel.rows:
        for name in (*PARTS, "remaining", "sure", "alone"):
            values[(row.criterion.id, name)] = getattr(row, name)
    return values


def laws(funnel: Funnel) -> Iterator[Sum]:
    """The sums that are 0 in every funnel, so that a hidden count follows from the others."""
    yield {PERSONS: -1, **{("", name): 1 for name in WHOLE}}
    for row in funnel.rows:
        yield {PERSONS: -1, **{(row.criterion.id, name): 1 for name in PARTS}}
    if not funnel.rows:
        return
    first, last = funnel.rows[0].criterion, funnel.rows[-1].criterion
    yield {(last.id, "remaining"): 1, ("", "eligible"): -1, ("", "possible"): -1}
    yield {(last.id, "sure"): 1, ("", "eligible"): -1}
    if not funnel.deceased:  # the dead leave before the first row, whatever it says of them
        against, passing = ("met", "not_met") if first.excludes else ("not_met", "met")
        yield {(first.id, "remaining"): 1, PERSONS: -1, (first.id, against): 1}
        yield {(first.id, "sure"): 1, (first.id, passing): -1}


def small_sums(funnel: Funnel, values: Mapping[Cell, int]) -> Iterator[Sum]:
    """The numbers of people between one and four that nobody may work out."""
    for people in _groups(funnel):
        if 0 < sum(times * values[cell] for cell, times in people.items()) < SMALLEST:
            yield people


def _groups(funnel: Funnel) -> Iterator[Sum]:
    """Every number of people that a reader may think of: counts, parts of a whole, steps, who is not sure."""
    wholes = [[("", name) for name in WHOLE], *([(row.criterion.id, name) for name in PARTS] for row in funnel.rows)]
    for whole in wholes:
        for size in (1, 2):
            yield from (dict.fromkeys(some, 1) for some in combinations(whole, size))
    names = [row.criterion.id for row in funnel.rows]
    for column in ("remaining", "sure"):
        chain = [PERSONS, *((name, column) for name in names)]
        yield from ({cell: 1} for cell in chain)
        yield from ({earlier: 1, later: -1} for earlier, later in combinations(chain, 2))
    for place, name in enumerate(names):
        yield {(name, "alone"): 1}
        yield {(name, "remaining"): 1, (name, "sure"): -1}
        yield from _overlaps(funnel, place, chain=[PERSONS, *((one, "remaining") for one in names)])
    yield {("", "excluded"): 1, **{(name, "alone"): -1 for name in names}}


def _overlaps(funnel: Funnel, place: int, chain: list[Cell]) -> Iterator[Sum]:
    """The people of one count who are not in another that lies inside it: against, lost, alone, passing and sure.

    Who is excluded by a criterion alone is lost at its row; who is lost there is excluded by it; who is excluded by it is
    gone after every later row. The dead are gone before the first row, so that they are what is gone and not against it.
    """
    criterion = funnel.rows[place].criterion
    name = criterion.id
    against, passing = ("met", "not_met") if criterion.excludes else ("not_met", "met")
    before, after = chain[place], chain[place + 1]
    yield {(name, against): 1, (name, "alone"): -1}
    yield {before: 1, after: -1, (name, "alone"): -1}
    yield {(name, against): 1, before: -1, after: 1}
    yield {(name, passing): 1, (name, "sure"): -1}
    yield {("", "excluded"): 1, (name, against): -1}
    yield from ({PERSONS: 1, later: -1, (name, against): -1} for later in chain[place + 1 :])


class _Audit:
    """Hides counts until no small sum follows from the shown ones."""

    def __init__(self, values: Mapping[Cell, int], laws: tuple[Sum, ...], small: tuple[Sum, ...]) -> None:
        import numpy as np

        self._values = values
        self._place = {cell: place for place, cell in enumerate(values)}
        self._laws = np.array([self._vector(law) for law in laws])
        self._small = np.array([self._vector(people) for people in small]).reshape(len(small), len(values))

    def safe(self, shown: set[Cell]) -> set[Cell]:
        """The cells that can be shown: counts are hidden until nothing follows, then all that change nothing come back."""
        large = shown
        while (weights := self._exposed(shown)) is not None:
            shown = shown - {self._to_hide(weights)}
        for cell in sorted(large - shown, key=self._worth, reverse=True):
            if self._exposed(shown | {cell}) is None:
                shown = shown | {cell}
        return shown

    def _worth(self, cell: Cell) -> tuple[bool, bool, bool, int, int]:
        """How much a reader would miss a count: everybody's number most, then where people stand, then the large ones."""
        value = self._values[cell]
        return cell == PERSONS, not cell[0], value == 0, value, -self._place[cell]

    def _exposed(self, shown: set[Cell]) -> dict[Cell, float] | None:
        """The first small sum that is a combination of laws and shown counts: how often each shown count goes in."""
        import numpy as np

        if not len(self._small):
            return None
        order = [cell for cell in self._values if cell in shown]
        units = np.eye(len(self._values))[[self._place[cell] for cell in order]]
        known = np.vstack([self._laws, units])
        weights, *_ = np.linalg.lstsq(known.T, self._small.T, rcond=None)
        outside = np.abs(known.T @ weights - self._small.T).max(axis=0)
        follows = np.flatnonzero(outside < _CLOSE)
        if not len(follows):
            return None
        return dict(zip(order, weights[len(self._laws) :, follows[0]].tolist(), strict=True))

    def _to_hide(self, weights: Mapping[Cell, float]) -> Cell:
        """Of the counts that the sum is worked out from, the one that is missed least."""
        return min((cell for cell, weight in weights.items() if abs(weight) > _CLOSE), key=self._worth)

    def _vector(self, people: Sum) -> list[float]:
        vector = [0.0] * len(self._values)
        for cell, times in people.items():
            vector[self._place[cell]] = float(times)
        return vector
