"""Values as the record allows them: each *world* is one reading of it that cannot be ruled out.

A latest result is one of several when their days are known only to the month, or when two results of one day differ.
What holds in every world is known; what differs between them is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trialrun.criteria.interval import Interval
from trialrun.criteria.meaning.finding import Gap
from trialrun.criteria.meaning.history import Row

MOST_WORLDS = 64
"""More possible cases than this are not told apart; the answer is then unknown."""


@dataclass(frozen=True, slots=True)
class World:
    """One possible value.

    Args:
        value: Its bounds, in `unit`; None where it is missing in this world.
        rows: The rows it rests on.
        gaps: Why it is missing, or why its bounds are wide.
        row: The single result it is, where it is one: its own reference limits are used.
        words: The value in words.
    """

    value: Interval | None
    rows: tuple[Row, ...] = ()
    gaps: tuple[Gap, ...] = ()
    row: Row | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Worlds:
    """Every possible value of something, and what was looked at."""

    each: tuple[World, ...]
    considered: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def decided(self) -> tuple[str, ...]:
        """The rows that the values rest on."""
        return tuple(dict.fromkeys(row.id for world in self.each for row in world.rows))


def missing(gaps: Iterable[Gap], considered: tuple[str, ...] = (), notes: tuple[str, ...] = ()) -> Worlds:
    """A value that is missing altogether."""
    return Worlds((World(None, gaps=tuple(gaps)),), considered, (), notes)
