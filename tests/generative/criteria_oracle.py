"""What a few rules mean, written from the words of the model for records without gaps, and without the program's helpers.

Every row has exact days, values and units; a drug's row is one drug by one name, with an amount in milligrams a day. Days
are counted along `oracle.calendar()`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from tests.generative import oracle
from tests.generative.oracle import moved
from trialrun.criteria.model import Anchor, At, Between, Compare, Earlier, Ever, Pick, Window, Within
from trialrun.patients.person import Event
from trialrun.vocabulary.calendar import Duration, Unit

LONG_AGO, FAR_AHEAD = date(1800, 1, 1), date(2300, 1, 1)

SIGNS: dict[Compare, Callable[[float, float], bool]] = {
    Compare.GT: lambda left, right: left > right,
    Compare.GE: lambda left, right: left >= right,
    Compare.LT: lambda left, right: left < right,
    Compare.LE: lambda left, right: left <= right,
    Compare.EQ: lambda left, right: left == right,
}


def before(when: date, length: Duration) -> date:
    """The day that long before another, in days, weeks, calendar months or years."""
    match length.unit:
        case Unit.DAY:
            return oracle.moved(when, -length.amount)
        case Unit.WEEK:
            return oracle.moved(when, -7 * length.amount)
        case Unit.MONTH:
            return oracle.months_later(when, -length.amount)
        case Unit.YEAR:
            return oracle.months_later(when, -12 * length.amount)
        case _:
            raise AssertionError(length)


def is_in(day: date, window: Window, anchors: dict[Anchor, date], on: date) -> bool:
    """Whether a day lies in a window: both edges are included, and nothing after the screening date is looked at."""
    if day > on:
        return False
    match window:
        case Ever():
            return True
        case Within(length=length, anchor=anchor):
            return before(anchors[anchor], length) <= day <= anchors[anchor]
        case Between(longer=longer, shorter=shorter, anchor=anchor):
            return before(anchors[anchor], longer) <= day <= before(anchors[anchor], shorter)
        case Earlier(length=length, anchor=anchor):
            return day <= before(anchors[anchor], length)
        case At(anchor=anchor):
            return day == min(anchors[anchor], on)


def years_old(birth: date, when: date) -> int:
    """Birthdays that have passed, counted one by one; one on 29 February is kept on the 28th where there is no 29th."""
    years = 0
    while oracle.months_later(birth, 12 * (years + 1)) <= when:
        years += 1
    return years


def result_meets(pick: Pick, rows: Sequence[Event], compare: Compare, limit: float) -> bool | None:
    """Whether the latest, first, lowest, highest, any or every one of some results meets a limit; None without a result.

    Results of one day are equally late: where they do not agree, nobody knows.
    """
    values = [(row.start.first, row.value) for row in rows if row.start is not None and row.value is not None]
    if not values:
        return None
    numbers = [value for _, value in values]
    match pick:
        case Pick.LOWEST:
            numbers = [min(numbers)]
        case Pick.HIGHEST:
            numbers = [max(numbers)]
        case Pick.LATEST:
            numbers = [value for day, value in values if day == max(when for when, _ in values)]
        case Pick.FIRST:
            numbers = [value for day, value in values if day == min(when for when, _ in values)]
        case _:
            pass
    answers = [SIGNS[compare](number, limit) for number in numbers]
    if pick is Pick.ANY:
        return any(answers)
    if pick is Pick.EVERY or all(answers):
        return all(answers)
    return None if any(answers) else False


def last_day(row: Event) -> date:
    """The day a stay ends; an active one without an end goes on."""
    return FAR_AHEAD if row.end is None else row.end.first


def first_day(row: Event) -> date:
    """The day it begins."""
    assert row.start is not None
    return row.start.first


def is_taken(row: Event, day: date) -> bool:
    """Whether a drug is taken on a day."""
    return first_day(row) <= day <= last_day(row)


def amount_on(day: date, rows: Sequence[Event], worth: dict[str, float]) -> float:
    """Milligrams taken on a day, each drug counted by what it is worth.

    A prescription that ends on the day on which another of the same drug begins is no longer counted that day.
    """
    total = 0.0
    for row in rows:
        follows = any(
            other is not row and other.source_text == row.source_text and first_day(other) == day for other in rows
        )
        handed_over = last_day(row) == day and first_day(row) < day and follows
        if is_taken(row, day) and not handed_over:
            assert row.dose is not None
            assert row.per_day is not None
            total += row.dose * row.per_day * worth[row.source_text]
    return total


def amount_of_week(day: date, rows: Sequence[Event], worth: dict[str, float]) -> float:
    """Milligrams taken in the seven days that end on a day, of drugs that are taken every day of their stay."""
    return sum(amount_on(one, rows, worth) for one in days_from(moved(day, -6), day))


def days_from(low: date, high: date) -> list[date]:
    """Every day from one to another."""
    return [oracle.moved(low, step) for step in range(oracle.distance(low, high) + 1)]
