"""Three values: true, false, unknown (`None`), combined as Kleene (1938) did; unknown never becomes one of the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Truth: TypeAlias = bool | None
"""True, False, or None for unknown."""


def all_of(truths: Iterable[Truth]) -> Truth:
    """False when any is false, else unknown when any is unknown."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def any_of(truths: Iterable[Truth]) -> Truth:
    """True when any is true, else unknown when any is unknown."""
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            result = None
    return result


def opposite(truth: Truth) -> Truth:
    """The opposite; unknown stays unknown."""
    return None if truth is None else not truth


def at_least(number: int, truths: Iterable[Truth]) -> Truth:
    """Whether at least so many are true, whatever the unknown ones turn out to be."""
    rows = tuple(truths)
    if sum(truth is True for truth in rows) >= number:
        return True
    return None if sum(truth is not False for truth in rows) >= number else False


def agreed(truths: Iterable[Truth]) -> Truth:
    """What all possible cases agree on; unknown where they differ, or where there is none."""
    rows = set(truths)
    return rows.pop() if len(rows) == 1 else None
