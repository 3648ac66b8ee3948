"""Slow and obvious definitions, written without the program's helpers and without `datetime` arithmetic.

A calendar is a list of (year, month, day); everything is counted by walking along it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

FIRST_YEAR, LAST_YEAR = 1790, 2310
Day = tuple[int, int, int]


def is_leap(year: int) -> bool:
    """The Gregorian rule in its own words: every fourth year, not the hundredth, but the four hundredth."""
    if year % 400 == 0:
        return True
    if year % 100 == 0:
        return False
    return year % 4 == 0


def month_length(year: int, month: int) -> int:
    """Thirty days hath September."""
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


@cache
def calendar() -> tuple[Day, ...]:
    """Every day from the first year to the last."""
    return tuple(_walk())


@cache
def position() -> dict[Day, int]:
    """Where each day stands in the calendar."""
    return {day: index for index, day in enumerate(calendar())}


def _walk() -> Iterator[Day]:
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for month in range(1, 13):
            for day in range(1, month_length(year, month) + 1):
                yield year, month, day


def triple(when: date) -> Day:
    """A date as the calendar has it."""
    return when.year, when.month, when.day


def moved(when: date, days: int) -> date:
    """So many steps along the calendar."""
    return date(*calendar()[position()[triple(when)] + days])


def distance(first: date, second: date) -> int:
    """Steps from the first to the second."""
    return position()[triple(second)] - position()[triple(first)]


def study_day(when: date, day_1: date) -> int:
    """Counts up or down from day 1, stepping over the day 0 that does not exist."""
    steps, number = distance(day_1, when), 1
    for _ in range(abs(steps)):
        number += 1 if steps > 0 else -1
        if number == 0:
            number = -1
    return number


def months_later(when: date, months: int) -> date:
    """Turns the page of the calendar month by month; a day that the page lacks becomes its last."""
    year, month = when.year, when.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    return date(year, month, min(when.day, month_length(year, month)))


def weekday(when: date) -> int:
    """Monday is 0, counted from Monday 1 January 2024."""
    return distance(date(2024, 1, 1), when) % 7


def chosen(target: date, earliest: date, latest: date, policy: str, is_closed: Callable[[date], bool]) -> date | None:
    """What a policy makes of a target: looks at every allowed open day and takes the best by the policy's words."""
    if not is_closed(target) or policy in ("give anyway", "hold anyway"):
        return target
    if policy == "record as missed":
        return None
    allowed = [moved(earliest, step) for step in range(max(0, distance(earliest, latest)) + 1)]
    open_days = [day for day in allowed if not is_closed(day) and day != target]
    after = [day for day in open_days if distance(target, day) > 0]
    before = [day for day in open_days if distance(target, day) < 0]
    if policy == "next open day":
        return after[0] if after else None
    if policy == "previous open day":
        return before[-1] if before else None
    earlier_first = policy.endswith("earlier first")

    def rank(day: date) -> tuple[int, bool]:
        steps = distance(target, day)
        return abs(steps), (steps > 0) == earlier_first

    return min(open_days, key=rank, default=None)
