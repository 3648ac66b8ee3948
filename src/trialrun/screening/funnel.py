"""Many people against one protocol, counted: the funnel, what each criterion costs, and what would settle most people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trialrun.criteria.truth import Truth
from trialrun.screening.screened import Need, Screened
from trialrun.screening.verdicts import Standing, standing_of

ASKED = ("the investigator", "the participant")
"""Who answers questions; everybody else supplies records."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A criterion as the funnel names it.

    Args:
        id: `I1`, `E9`.
        excludes: Whether it is an exclusion.
        says: The registered sentence.
    """

    id: str
    excludes: bool
    says: str


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One criterion over all people. Nobody is left out of a row because of an earlier one.

    Args:
        criterion: Which.
        met, not_met, unknown: How many; they add up to everybody. An exclusion is met when it applies.
        remaining: How many are not excluded after this row, read from the first.
        sure: How many have passed every row so far for certain.
        alone: How many are excluded by this criterion and by nothing else.
        would_join: Of these, how many would be eligible without it.
        would_stay: Of these, how many would be possible without it.
    """

    criterion: Asked
    met: int
    not_met: int
    unknown: int
    remaining: int
    sure: int
    alone: int
    would_join: int
    would_stay: int

    @property
    def against(self) -> int:
        """How many it excludes."""
        return self.met if self.criterion.excludes else self.not_met

    @property
    def passing(self) -> int:
        """For how many it speaks."""
        return self.not_met if self.criterion.excludes else self.met


@dataclass(frozen=True, slots=True)
class Lever:
    """One thing that is not known of possible participants.

    Args:
        need: What, and who can supply it.
        waiting: How many possible participants wait for it.
        settles: Of these, how many wait for nothing else: knowing it says whether they may join.
        criteria: The criteria that wait for it, in the protocol's order.
    """

    need: Need
    waiting: int
    settles: int
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Funnel:
    """Many people against one protocol.

    Args:
        persons: Everybody who was screened.
        eligible, possible, excluded: How many stand where; they add up to `persons`.
        deceased: How many are excluded because they are recorded as dead; they are not in `remaining` and `sure`.
        asked_only: How many of the possible wait for nothing but answers of the investigator and the participant.
        rows: The criteria in the protocol's order.
        levers: What is not known of possible participants; what settles most comes first, then what most wait for.
        suppliers: The same by who can supply it: what a whole visit, or a whole set of tests, would settle.
    """

    persons: int
    eligible: int
    possible: int
    excluded: int
    deceased: int
    asked_only: int
    rows: tuple[FunnelRow, ...]
    levers: tuple[Lever, ...]
    suppliers: tuple[Lever, ...]


class Counting:
    """Counts people one by one; memory does not grow with their number.

    Args:
        criteria: The protocol's criteria, in order.
    """

    def __init__(self, criteria: Sequence[Asked]) -> None:
        self._criteria = tuple(criteria)
        width = len(self._criteria)
        self._standings: Counter[Standing] = Counter()
        self._deceased = self._asked_only = 0
        self._truths: tuple[Counter[Truth], ...] = tuple(Counter() for _ in range(width))
        self._remaining, self._sure = [0] * width, [0] * width
        self._without: tuple[Counter[Standing], ...] = tuple(Counter() for _ in range(width))
        order = {asked.id: place for place, asked in enumerate(self._criteria)}
        self._levers, self._suppliers = _Levers(order), _Levers(order)

    def add(self, one: Screened) -> None:
        """Counts a person.

        Raises:
            ValueError: the person was screened against other criteria.
        """
        if len(one.truths) != len(self._criteria):
            raise ValueError("screened against other criteria")
        self._standings[one.standing] += 1
        for counts, truth in zip(self._truths, one.truths, strict=True):
            counts[truth] += 1
        if one.deceased:
            self._deceased += 1
            return
        self._walk(one)
        if one.needs:
            self._asked_only += all(need.who in ASKED for need, _ in one.needs)
            self._levers.add(one.needs)
            self._suppliers.add(_by_supplier(one.needs))

    def _walk(self, one: Screened) -> None:
        against = []
        sure = True
        for place, (asked, truth) in enumerate(zip(self._criteria, one.truths, strict=True)):
            if truth is asked.excludes:
                against.append(place)
            sure = sure and truth is (not asked.excludes)
            self._remaining[place] += not against
            self._sure[place] += sure
        if len(against) == 1:
            rest = (
                (asked.excludes, truth)
                for place, (asked, truth) in enumerate(zip(self._criteria, one.truths, strict=True))
                if place != against[0]
            )
            self._without[against[0]][standing_of(rest)] += 1

    def funnel(self) -> Funnel:
        """What was counted so far."""
        return Funnel(
            self._standings.total(),
            self._standings[Standing.ELIGIBLE],
            self._standings[Standing.POSSIBLE],
            self._standings[Standing.EXCLUDED],
            self._deceased,
            self._asked_only,
            tuple(self._row(place, asked) for place, asked in enumerate(self._criteria)),
            self._levers.ranked(),
            self._suppliers.ranked(),
        )

    def _row(self, place: int, asked: Asked) -> FunnelRow:
        truths, without = self._truths[place], self._without[place]
        return FunnelRow(
            asked,
            truths[True],
            truths[False],
            truths[None],
            self._remaining[place],
            self._sure[place],
            without.total(),
            without[Standing.ELIGIBLE],
            without[Standing.POSSIBLE],
        )


class _Levers:
    """Counts who waits for what, and who waits for nothing else.

    Args:
        order: Place of each criterion in the protocol.
    """

    def __init__(self, order: Mapping[str, int]) -> None:
        self._order = order
        self._waiting: Counter[Need] = Counter()
        self._settles: Counter[Need] = Counter()
        self._criteria: dict[Need, set[str]] = {}

    def add(self, needs: Iterable[tuple[Need, tuple[str, ...]]]) -> None:
        each = tuple(needs)
        for need, items in each:
            self._waiting[need] += 1
            self._criteria.setdefault(need, set()).update(items)
        if len(each) == 1:
            self._settles[each[0][0]] += 1

    def ranked(self) -> tuple[Lever, ...]:
        each = (
            Lever(need, count, self._settles[need], tuple(sorted(self._criteria[need], key=self._order.__getitem__)))
            for need, count in self._waiting.items()
        )
        return tuple(sorted(each, key=lambda one: (-one.settles, -one.waiting, one.need)))


def _by_supplier(needs: Iterable[tuple[Need, tuple[str, ...]]]) -> tuple[tuple[Need, tuple[str, ...]], ...]:
    found: dict[str, dict[str, None]] = {}
    for need, items in needs:
        found.setdefault(need.who, {}).update(dict.fromkeys(items))
    return tuple((Need(who, "everything asked of them"), tuple(items)) for who, items in found.items())
