"""Who might join, the nearest first, and what to ask for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trialrun.screening.screened import Need, Screened
from trialrun.screening.verdicts import Standing


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom nothing known keeps out.

    Args:
        person: The person's id.
        standing: Eligible or possible.
        unknown: The criteria nobody can answer yet, in the protocol's order.
        needs: What would have to be known, with the criteria that wait for it.
    """

    person: str
    standing: Standing
    unknown: tuple[str, ...]
    needs: tuple[tuple[Need, tuple[str, ...]], ...]


def candidates(people: Iterable[Screened], criteria: tuple[str, ...]) -> tuple[Candidate, ...]:
    """The people who are not excluded: eligible first, then by how few criteria are unknown, and how few things.

    Args:
        people: Who was screened.
        criteria: Ids of the criteria, in the protocol's order.
    """
    each = (_candidate(one, criteria) for one in people if one.standing is not Standing.EXCLUDED)
    return tuple(sorted(each, key=lambda one: (len(one.unknown), len(one.needs), _natural(one.person))))


def _candidate(one: Screened, criteria: tuple[str, ...]) -> Candidate:
    unknown = tuple(name for name, truth in zip(criteria, one.truths, strict=True) if truth is None)
    return Candidate(one.person, one.standing, unknown, one.needs)


def _natural(person: str) -> tuple[int, str]:
    """Numbers in the order of numbers, other ids by their letters."""
    return (int(person), person) if person.isdecimal() and len(person) < 19 else (-1, person)
