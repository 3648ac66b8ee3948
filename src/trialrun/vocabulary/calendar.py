"""Calendar and study-day arithmetic: the one place where days are counted.

Two ways of naming a day are different types and never mix without a conversion:

* a *study day* is a label: day 1 is the anchor, the day before it is day -1, and **there is no day 0**
  (the SDTM convention of the --DY variables);
* a *day offset* is a distance in whole days from the anchor: day 1 is offset 0.

Weeks are seven days. Months and years are calendar months and years; where the day is missing, the last day
of the month is taken (31 January + 1 month = 28 February). That is not associative, so anchors are stored and
never chains of results.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import total_ordering
from typing import Literal

from trialrun.errors import GrammarError, did_you_mean

MAX_STUDY_DAY = 36_525
"""Hundred years: further than any follow-up, and small enough that no date overflows."""

LONGEST_STUDY = 14_610
"""Forty years: how far visits may be counted on from day 1, and again from what has happened by then."""

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@total_ordering
@dataclass(frozen=True, slots=True)
class DayOffset:
    """A distance in whole days from the anchor; 0 is the anchor itself."""

    days: int

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, DayOffset):
            return NotImplemented
        return self.days < other.days

    def __add__(self, other: DayOffset) -> DayOffset:
        return DayOffset(self.days + other.days) if isinstance(other, DayOffset) else NotImplemented

    @property
    def day(self) -> StudyDay:
        """The study day at this distance."""
        return StudyDay(self.days + 1 if self.days >= 0 else self.days)

    def date_from(self, day_1: date) -> date:
        """The date at this distance from the date of day 1."""
        return day_1 + timedelta(days=self.days)


@total_ordering
@dataclass(frozen=True, slots=True)
class StudyDay:
    """A day as the protocol names it: …, -2, -1, 1, 2, …

    Raises:
        ValueError: for day 0, which does not exist, and for days beyond a hundred years.
    """

    number: int

    def __post_init__(self) -> None:
        if self.number == 0:
            raise ValueError("there is no day 0: the day before day 1 is day -1")
        if abs(self.number) > MAX_STUDY_DAY:
            raise ValueError(f"day {self.number} is more than a hundred years from day 1")

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, StudyDay):
            return NotImplemented
        return self.number < other.number

    @property
    def offset(self) -> DayOffset:
        """The distance of this day from day 1."""
        return DayOffset(self.number - 1 if self.number > 0 else self.number)

    def on(self, day_1: date) -> date:
        """The date of this day when day 1 falls on `day_1`."""
        return self.offset.date_from(day_1)

    @classmethod
    def of(cls, when: date, day_1: date) -> StudyDay:
        """The study day of a date."""
        return DayOffset((when - day_1).days).day

    def __str__(self) -> str:
        return str(self.number)


class Unit(StrEnum):
    """Units of a duration."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}
_TYPICAL_DAYS = {
    Unit.MINUTE: 1 / 1440,
    Unit.HOUR: 1 / 24,
    Unit.DAY: 1.0,
    Unit.WEEK: 7.0,
    Unit.MONTH: 365.25 / 12,
    Unit.YEAR: 365.25,
}
_LARGEST_AMOUNT = 999_999
"""As many digits as are read; far more could not be counted with."""
_DURATION = re.compile(r"\s*(\d{1,6})\s+([A-Za-z]+)\s*")


@dataclass(frozen=True, slots=True)
class Duration:
    """An amount of time in the unit it was written in; months stay months."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if abs(self.amount) > _LARGEST_AMOUNT:
            raise ValueError("no duration is a number that large")
        if self.amount < 0:
            raise ValueError(f"a duration is not negative: {self.amount} {self.unit}")
        if self.typical_days > MAX_STUDY_DAY:
            raise ValueError(f"{self} is more than a hundred years")

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Reads `3 months`, `20 hours`, `1 day`.

        Raises:
            GrammarError: with the position of what cannot be read.
        """
        match = _DURATION.fullmatch(text)
        if match is None:
            raise GrammarError(
                f"'{text.strip()}' is not a duration",
                0,
                max(1, len(text)),
                "Write a number and a unit: 3 months",
            )
        word = match.group(2).lower()
        singular = word[:-1] if word.endswith("s") else word
        if singular not in {unit.value for unit in Unit}:
            hint = did_you_mean(word, [f"{unit}s" for unit in Unit])
            raise GrammarError(f"'{match.group(2)}' is not a unit of time", match.start(2), len(word), hint)
        try:
            return cls(int(match.group(1)), Unit(singular))
        except ValueError as error:
            raise GrammarError(str(error), 0, len(text)) from None

    @property
    def typical_days(self) -> float:
        """About how many days; for comparing and ordering only, never for dates."""
        return self.amount * _TYPICAL_DAYS[self.unit]

    @property
    def whole_days(self) -> int | None:
        """Exact days for days and weeks; None where the calendar or the clock decides."""
        factor = _DAYS.get(self.unit)
        return None if factor is None else self.amount * factor

    @property
    def whole_months(self) -> int | None:
        """Exact calendar months for months and years; None for the other units."""
        factor = _MONTHS.get(self.unit)
        return None if factor is None else self.amount * factor

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}" + ("" if self.amount == 1 else "s")


def add_months(when: date, months: int) -> date:
    """The date `months` calendar months later (earlier when negative), clipped to the end of the month.

    Raises:
        OverflowError: beyond the years 1 to 9999.
    """
    index = when.year * 12 + (when.month - 1) + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("the date leaves the calendar (years 1 to 9999)")
    return date(year, month + 1, min(when.day, monthrange(year, month + 1)[1]))


def shift(when: date, duration: Duration, direction: Literal[1, -1] = 1) -> date:
    """The date one duration after (or, with -1, before) another.

    Hours and minutes are rounded up to whole days when shifting dates: a dose at least 20 hours after the
    previous one may be on the next day at the earliest.

    Raises:
        OverflowError: beyond the years 1 to 9999.
    """
    months = duration.whole_months
    if months is not None:
        return add_months(when, direction * months)
    days = duration.whole_days
    if days is None:
        minutes = duration.amount * (60 if duration.unit is Unit.HOUR else 1)
        days = -(-minutes // 1440)
    return when + timedelta(days=direction * days)


def week_day(week: int, *, plus_one: bool) -> StudyDay:
    """The study day of `week n`: day 7n + 1 or day 7n, as the protocol declares.

    Raises:
        ValueError: when the convention puts week 0 on day 0.
    """
    return StudyDay(7 * week + 1 if plus_one else 7 * week)


def weekday_name(when: date) -> str:
    """Mon … Sun, independent of the machine's language."""
    return WEEKDAYS[when.weekday()]


def parse_date(text: str) -> date:
    """Reads a complete ISO date, `2026-12-07`.

    Raises:
        GrammarError: naming what is wrong (no such day in that month, or another form).
    """
    clean = text.strip()
    match = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", clean)
    if match is None:
        raise GrammarError(f"'{clean[:40]}' is not a date", 0, max(1, len(text)), "Write year-month-day: 2026-12-07")
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise GrammarError(
            f"{clean} does not exist in the calendar", 0, len(text), "Check the month and the day"
        ) from None


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the year, the month or the day: an interval of dates.

    Registries state `2019-09`; patients know `1951`.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise ValueError("a day without a month")
        self.first, self.last  # noqa: B018  (raises ValueError where no such date exists)

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Reads `2019`, `2019-09` or `2019-09-01`; a time of day after `T` is left out.

        Raises:
            GrammarError: for anything else, and for dates that do not exist.
        """
        clean = text.strip().split("T")[0]
        match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", clean)
        if match is None:
            raise GrammarError(
                f"'{text.strip()[:40]}' is not a date", 0, max(1, len(text)), "Write 2019-09-01 or 2019-09"
            )
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None
        try:
            return cls(year, month, day)
        except ValueError:
            raise GrammarError(f"{clean} does not exist in the calendar", 0, len(text)) from None

    @property
    def first(self) -> date:
        """The earliest date it can be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The latest date it can be."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def __str__(self) -> str:
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)


def completed_months(since: date, when: date) -> int:
    """Whole months that have passed.

    Raises:
        ValueError: `when` lies before `since`.
    """
    if when < since:
        raise ValueError(f"{when} lies before {since}")
    months = (when.year - since.year) * 12 + when.month - since.month
    return months - (add_months(since, months) > when)


def completed_years(since: date, when: date) -> int:
    """Whole years that have passed, as age is counted.

    Who was born on 29 February completes a year on 28 February where there is no 29th, as `add_months` does.

    Raises:
        ValueError: `when` lies before `since`.
    """
    return completed_months(since, when) // 12
