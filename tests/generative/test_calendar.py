"""Day arithmetic against a calendar that is walked step by step: 400 years, leap days, ends of months."""

from __future__ import annotations

from datetime import date
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generative import oracle
from trialrun.vocabulary.calendar import DayOffset, Duration, PartialDate, StudyDay, Unit, add_months, shift

CASES = settings(max_examples=max(1_000, settings.default.max_examples if settings.default else 0))
HARD_DAYS = st.sampled_from(
    [date(y, m, d) for y in (1899, 1900, 1996, 2000, 2024, 2100, 2096) for m, d in ((1, 31), (2, 28), (3, 1), (12, 31))]
    + [date(y, 2, 29) for y in (1896, 1996, 2000, 2024, 2096, 2104)]
)
DATES = st.dates(date(1850, 1, 1), date(2250, 12, 31)) | HARD_DAYS
DIRECTIONS: st.SearchStrategy[Literal[1, -1]] = st.sampled_from([1, -1])


@CASES
@given(when=DATES, steps=st.integers(-4_000, 4_000))
def test_study_day_of_a_date_is_counted_without_day_0(when: date, steps: int) -> None:
    other = oracle.moved(when, steps)
    assert StudyDay.of(other, when).number == oracle.study_day(other, when)
    assert StudyDay.of(other, when).on(when) == other


@CASES
@given(number=st.integers(-4_000, 4_000).filter(bool), day_1=DATES)
def test_study_day_lies_where_counting_ends(number: int, day_1: date) -> None:
    lies = StudyDay(number).on(day_1)
    assert oracle.study_day(lies, day_1) == number
    assert StudyDay(number).offset.day == StudyDay(number)


@CASES
@given(when=DATES, months=st.integers(-600, 600))
def test_months_turn_pages(when: date, months: int) -> None:
    assert add_months(when, months) == oracle.months_later(when, months)


@CASES
@given(when=DATES, amount=st.integers(0, 400), unit=st.sampled_from(list(Unit)), direction=DIRECTIONS)
def test_shift_by_every_unit(when: date, amount: int, unit: Unit, direction: Literal[1, -1]) -> None:
    amount = min(amount, 40) if unit is Unit.YEAR else amount
    if unit in (Unit.MONTH, Unit.YEAR):
        wanted = oracle.months_later(when, direction * amount * (12 if unit is Unit.YEAR else 1))
    else:
        # The clock's units need as many whole days as hold them.
        minutes = amount * {Unit.MINUTE: 1, Unit.HOUR: 60, Unit.DAY: 1440, Unit.WEEK: 10080}[unit]
        days = 0
        while days * 1440 < minutes:
            days += 1
        wanted = oracle.moved(when, direction * days)
    assert shift(when, Duration(amount, unit), direction) == wanted


@CASES
@given(first=st.integers(-2_000, 2_000), second=st.integers(-2_000, 2_000), day_1=DATES)
def test_order_of_days_is_order_of_dates(first: int, second: int, day_1: date) -> None:
    one, other = DayOffset(first).day, DayOffset(second).day
    assert (one < other) == (oracle.distance(one.on(day_1), other.on(day_1)) > 0)


@given(when=DATES, known=st.sampled_from(["year", "month", "day"]))
def test_a_partial_date_is_the_interval_of_all_dates_it_can_be(when: date, known: str) -> None:
    parts = {"year": (when.year,), "month": (when.year, when.month), "day": (when.year, when.month, when.day)}[known]
    partial = PartialDate(*parts)
    matching = [day for day in oracle.calendar() if day[: len(parts)] == parts]
    assert (oracle.triple(partial.first), oracle.triple(partial.last)) == (matching[0], matching[-1])
    assert PartialDate.parse(str(partial)) == partial
