"""What rows of drugs amount to, day by day and over seven days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import ceil, floor, inf

from trialrun.criteria.interval import ABOVE_ZERO, NOT_NEGATIVE, Interval, exactly
from trialrun.criteria.meaning.days import Span
from trialrun.criteria.meaning.history import Row
from trialrun.criteria.meaning.taken import Taken
from trialrun.criteria.truth import Truth, all_of, any_of, opposite
from trialrun.vocabulary.dose import unit_kind, unit_of
from trialrun.vocabulary.equivalents import equivalence

_CLOSE = 1e-9
"""A seventh of a week is a day: what a product of decimals may miss."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """How the daily amount of a row is counted.

    Args:
        equivalent: The drug in whose milligrams it is counted; empty = its own.
        averaged: Whether what is not taken every day counts with its average alone.
    """

    equivalent: str = ""
    averaged: bool = False

    def of(self, row: Row) -> Interval:
        """The amount a day that a row states, in mg; above zero where it does not say.

        What is not taken every day has two: the average, and that of the day. An entry that stands several times may be
        one or several.
        """
        dose, often = self.dose(row), row.event.per_day
        if dose is None or often is None or often <= 0:
            return ABOVE_ZERO
        average = dose * max(often, 1.0) if is_single(row) else dose * often
        highest = (average if self.averaged else max(average, dose)) * (row.copies + 1)
        return Interval(average, highest) if 0 < average <= highest < inf else NOT_NEGATIVE

    def ordered(self, row: Row) -> Interval:
        """The average amount a day of one entry."""
        return Amounts(self.equivalent, averaged=True).of(replace(row, copies=0))

    def dose(self, row: Row) -> float | None:
        """The amount each time in mg; None where it is not stated, or its equivalent is not known."""
        milligrams, worth = _milligrams(row), factor(row, self.equivalent)
        return None if milligrams is None or worth is None else milligrams * worth


def is_single(row: Row) -> bool:
    """Whether a row is one day's dose and no more."""
    return row.start == row.end and row.start[0] == row.start[1]


def is_rare(row: Row) -> bool:
    """Whether a row is not taken every day: every other day, once a week."""
    often = row.event.per_day
    return often is not None and 0 < often < 1 and not is_single(row)


class Taking:
    """Rows of drugs, asked what was taken on a day or in a week.

    Args:
        rows: The rows, and whether each surely is of the drugs asked for.
        amounts: How they are counted.
    """

    def __init__(self, rows: Sequence[Taken], amounts: Amounts) -> None:
        self._rows = rows
        self._amounts = amounts
        self._daily = [amounts.of(row) for row, _ in rows]
        self._begins: dict[date, dict[str, set[str]]] = {}
        self._may_begin: list[Row] = []
        for row, truth in rows:
            if truth is True and row.start[0] == row.start[1]:
                for leaf in row.leaves:
                    self._begins.setdefault(row.start[0], {}).setdefault(leaf, set()).add(row.id)
            else:
                self._may_begin.append(row)

    def on(self, day: date) -> Interval:
        """The amount taken on a day, all rows added; a prescription that hands over that day is no longer counted."""
        total = exactly(0.0)
        for (row, truth), amount in zip(self._rows, self._daily, strict=True):
            active = self.active(row, truth, day)
            if active is not False:
                total = total.plus(amount if active is True else _perhaps(amount))
        return total

    def in_week(self, last: date) -> Interval:
        """The amount taken in the seven days that end on a day.

        What is not taken every day is taken a whole number of times in them, which need not be known; orders of one drug
        and rhythm that follow one another go on in one rhythm.
        """
        days = [last - timedelta(days=back) for back in range(7)]
        total = exactly(0.0)
        rare: dict[tuple[tuple[str, ...], float], list[tuple[Row, list[Truth]]]] = {}
        for (row, truth), amount in zip(self._rows, self._daily, strict=True):
            if row.start[0] > last or row.end[1] < days[-1]:
                continue
            active = [self.active(row, truth, day) for day in days]
            if is_rare(row) and row.event.per_day is not None:
                rare.setdefault((row.leaves, row.event.per_day), []).append((row, active))
                continue
            for inside in active:
                if inside is not False:
                    total = total.plus(amount if inside is True else _perhaps(amount))
        for (_, often), rows in rare.items():
            total = total.plus(self._rhythm(often, rows))
        return total

    def _rhythm(self, often: float, rows: list[tuple[Row, list[Truth]]]) -> Interval:
        """What orders of one rhythm come to in some days: one after the other, or each for itself where they overlap."""
        columns = list(zip(*(active for _, active in rows), strict=True))
        if len(rows) > 1 and any(sum(one is not False for one in column) > 1 for column in columns):
            total = exactly(0.0)
            for one in rows:
                total = total.plus(self._rhythm(often, [one]))
            return total
        truths = [any_of(column) for column in columns]
        times = (floor(truths.count(True) * often + _CLOSE), ceil((7 - truths.count(False)) * often - _CLOSE))
        doses = [
            (self._amounts.dose(row), row.copies + 1) for row, active in rows if any(one is not False for one in active)
        ]
        known = [dose for dose, _ in doses if dose is not None]
        if len(known) < len(doses):
            return NOT_NEGATIVE
        low = times[0] * min(known, default=0.0)
        return Interval(low, times[1] * max((dose * copies for dose, copies in doses if dose is not None), default=0.0))

    def active(self, row: Row, truth: Truth, day: date) -> Truth:
        """Whether a row is of the drugs and taken on a day, and does not hand over to another that day."""
        inside = all_of((truth, Span(day, day).overlaps(row.start, row.end)))
        return inside if inside is False else all_of((inside, opposite(self.handed_over(row, day))))

    def handed_over(self, row: Row, day: date) -> Truth:
        """Whether a row ends on the day on which another row of the same drug begins.

        Records write a taper or a refill so; both amounts together were never taken. Two administrations that begin on
        one day are two.
        """
        ends = Span(day, day).holds(*row.end)
        if ends is False or row.start[0] >= day:
            return False
        sure = self._begins.get(day, {})
        follows: Truth = any(len(sure.get(leaf, ())) > (row.id in sure.get(leaf, ())) for leaf in row.leaves)
        if not follows:
            follows = None if any(self._may_follow(row, other, day) for other in self._may_begin) else False
        return all_of((ends, True if row.start[1] < day else None, follows))

    @staticmethod
    def _may_follow(row: Row, other: Row, day: date) -> bool:
        begins = other.id != row.id and Span(day, day).holds(*other.start) is not False
        return begins and not set(row.leaves).isdisjoint(other.leaves)


def _perhaps(amount: Interval) -> Interval:
    return Interval(0.0, amount.high, high_open=amount.high_open)


def factor(row: Row, equivalent: str) -> float | None:
    """How many mg of the reference drug a mg of the row's drug is worth; None where nobody knows, or it is a mixture."""
    if not equivalent:
        return 1.0
    found = (equivalence(equivalent) or {}).get(row.leaves[0]) if len(row.leaves) == 1 else None
    return None if found is None else float(found)


def _milligrams(row: Row) -> float | None:
    """The amount each time in mg; None where it is not stated as a mass, or is no amount."""
    event = row.event
    unit = unit_of(event.dose_unit)
    if event.dose is None or not 0 < event.dose < inf or unit is None or unit_kind(unit) != "mass":
        return None
    return event.dose * {"kg": 1e6, "g": 1e3, "mg": 1.0, "ug": 1e-3, "ng": 1e-6}[unit]
