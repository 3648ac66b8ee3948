"""Counts that are safe to pass on: no group of one to four people can be read from them or worked out.

Every count of the living is rounded down to a multiple of ten, so that each of them can be ten numbers; zero is treated as
any other. Nothing is picked out to be hidden, so that what stands on a page says no more than the numbers themselves.

Why that is enough: a reader knows that the number of people of every kind is zero or more, and of each count the lowest and
the highest number it can be. Suppose a group were known to be exactly c people, c > 0, whatever kinds of people it is made
of. Every proof of that adds up such facts (duality of linear programming); the facts of the first sort say "zero or more"
and alone prove no c but zero, so that the proof needs an end of some count, and then that count always lies at this end:
it is known exactly itself. So nothing is given away as long as no count is, and of every count at least five numbers must
be left by what joins it to the others (`leaves_enough`). Where that fails, all counts are rounded to a coarser number.

Terms: rounding as a method for tables of counts, Hundepool et al., Statistical Disclosure Control (2012), chapter 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from trialrun.errors import InputError

if TYPE_CHECKING:
    from trialrun.screening.funnel import Funnel

SMALLEST = 5
"""The smallest number of people that may be known exactly, and how many numbers each count must leave open."""
FINEST = 2 * SMALLEST
"""What counts are rounded to unless that would say too much; fewer people than this are not passed on."""

Cell: TypeAlias = tuple[str, str]
"""A count: the criterion's id (empty for the whole) and its name: `("E9", "unknown")`, `("", "eligible")`."""
Counts: TypeAlias = Mapping[Cell, int]

PERSONS: Cell = ("", "persons")
ELIGIBLE: Cell = ("", "eligible")
COLUMNS = ("remaining", "against", "unknown")
"""What is passed on of each criterion. For how many it speaks follows roughly; shown as well it would narrow the others."""

_NotMore: TypeAlias = Sequence[tuple[Cell, int]]
"""Counts with signs whose sum is never above zero, in any crowd of living people."""


@dataclass(frozen=True, slots=True)
class Shared:
    """The counts of a funnel that may be passed on.

    Args:
        base: What they are rounded down to: 10.
        cells: Every count by its cell, a multiple of the base; n stands for n to n + base - 1 people.
    """

    base: int
    cells: Counts

    def get(self, criterion: str, name: str) -> int:
        """A rounded count."""
        return self.cells[(criterion, name)]


def shared(living: Funnel) -> Shared:
    """The counts that may be passed on.

    Args:
        living: The funnel of the living alone: the dead leave before the first criterion, so that counts with them and
            counts without them would give their number away.

    Raises:
        InputError: there are too few people.
    """
    values = cells_of(living)
    base = FINEST
    while base <= living.persons:
        shown = {cell: count - count % base for cell, count in values.items()}
        if leaves_enough(shown, base, SMALLEST):
            return Shared(base, shown)
        base *= 2
    raise InputError(
        "These are too few people for a page to pass on: its counts would name somebody",
        hint=f"It needs at least {FINEST} who are not recorded as dead. Leave out --share.",
    )


def cells_of(living: Funnel) -> dict[Cell, int]:
    """Every count that is passed on, as it is."""
    values = {PERSONS: living.persons, ELIGIBLE: living.eligible}
    for row in living.rows:
        values.update({(row.criterion.id, name): getattr(row, name) for name in COLUMNS})
    return values


def leaves_enough(shown: Counts, base: int, least: int) -> bool:
    """Whether every count can still be so many numbers, once all that joins it to the others is used.

    Args:
        shown: Rounded counts.
        base: What they are rounded down to.
        least: How many numbers each must leave.
    """
    low, high = dict(shown), {cell: count + base - 1 for cell, count in shown.items()}
    rules = tuple(never_above_zero(list(shown)))
    narrowed = True
    while narrowed:
        narrowed = False
        for rule in rules:
            bottom = sum(sign * (low if sign > 0 else high)[cell] for cell, sign in rule)
            for cell, sign in rule:
                rest = bottom - sign * (low if sign > 0 else high)[cell]
                if sign > 0 and -rest < high[cell]:
                    high[cell], narrowed = -rest, True
                elif sign < 0 and rest > low[cell]:
                    low[cell], narrowed = rest, True
                if high[cell] - low[cell] + 1 < least:
                    return False
    return True


def never_above_zero(cells: Sequence[Cell]) -> Iterator[_NotMore]:
    """All that joins the counts of a crowd of living people: numbers that agree with it are those of some crowd."""
    names = list(dict.fromkeys(name for name, _ in cells if name))
    before = PERSONS
    for name in names:
        after, against, unknown = ((name, column) for column in COLUMNS)
        yield (after, 1), (before, -1)  # who remains did so before
        yield (before, 1), (after, -1), (against, -1)  # who is lost here is excluded by it
        yield (after, 1), (against, 1), (PERSONS, -1)  # and nobody whom it excludes remains
        yield (against, 1), (unknown, 1), (ELIGIBLE, 1), (PERSONS, -1)  # it speaks for all who are eligible
        before = after
    yield (ELIGIBLE, 1), (before, -1)
    # Who remains to the end and is not eligible is unknown to some criterion.
    yield (before, 1), (ELIGIBLE, -1), *(((name, "unknown"), -1) for name in names)
