"""The dosing-day notation: `1-5, 8-12, 15-19, 22-26; 33, 40 ... 82` gives 28 study days.

    days := part (";" part)*
    part := item ("," item)*
    item := N | A "-" B | A "," B "..." Z | "every" K "from" A ["to" Z]

`A, B ... Z` goes on by the step from A to B and must reach Z exactly. `every 14 from 1` without an end is
open: it goes on until treatment stops. Day 0, repeated days, days out of order and empty ranges are errors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trialrun.errors import GrammarError, shortened
from trialrun.vocabulary.calendar import MAX_STUDY_DAY, StudyDay

MAX_DAYS = 20_000
"""More dosing days than any participant has; a longer list is a slip of the pen."""

_SEPARATOR = re.compile(r"\s*[,;]\s*")
_INTEGER = re.compile(r"-?\d{1,7}")
_RANGE = re.compile(r"(-?\d{1,7})\s*-\s*(-?\d{1,7})")
_SERIES = re.compile(r"(-?\d{1,7})\s*(?:\.\.\.|…)\s*(-?\d{1,7})")
_EVERY = re.compile(r"every\s+(\d{1,7})(?:\s+days?)?\s+from\s+(-?\d{1,7})(?:\s+to\s+(-?\d{1,7}))?")


@dataclass(frozen=True, slots=True)
class OpenSeries:
    """Days that go on every `step` days from `start` until treatment stops."""

    start: StudyDay
    step: int


@dataclass(frozen=True, slots=True)
class DayList:
    """Study days in rising order, and the notation they were written in.

    Args:
        text: The notation, white space folded; what prints again.
        numbers: Day numbers, strictly rising, none zero.
        open_series: What follows the numbers without an end, if anything does.
    """

    text: str
    numbers: tuple[int, ...]
    open_series: OpenSeries | None = None

    @classmethod
    def parse(cls, text: str) -> DayList:
        """Reads the notation above.

        Raises:
            GrammarError: with the position of the item at fault.
        """
        return _Reader(text).read()

    @property
    def days(self) -> tuple[StudyDay, ...]:
        """The days that are listed; an open series adds more, see `until`."""
        return tuple(StudyDay(number) for number in self.numbers)

    def until(self, last: StudyDay) -> tuple[int, ...]:
        """Day numbers up to a last day, with an open series played out."""
        listed = tuple(number for number in self.numbers if number <= last.number)
        if self.open_series is None:
            return listed
        start, step = self.open_series.start, self.open_series.step
        more = range(start.offset.days, last.offset.days + 1, step)
        return listed + tuple(offset + 1 if offset >= 0 else offset for offset in more)

    def __len__(self) -> int:
        return len(self.numbers)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, StudyDay) and day.number in self.numbers

    def __str__(self) -> str:
        return self.text


class _Reader:
    """Reads one notation from left to right, keeping where each item stands."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._numbers: list[int] = []
        self._open: OpenSeries | None = None

    def read(self) -> DayList:
        for start, item in self._items():
            if self._open is not None:
                raise GrammarError("nothing can follow days without an end", start, len(item))
            try:
                self._take(item)
            except ValueError as error:
                if isinstance(error, GrammarError):
                    raise error.shifted(start) from None
                raise GrammarError(str(error), start, len(item)) from None
        if not self._numbers and self._open is None:
            raise GrammarError("no day is given", 0, len(self._text), "Write days such as 1-5, 8-12; 33, 40 ... 82")
        return DayList(" ".join(self._text.split()), tuple(self._numbers), self._open)

    def _items(self) -> Iterator[tuple[int, str]]:
        position = 0
        for match in _SEPARATOR.finditer(self._text):
            yield self._item(position, match.start())
            position = match.end()
        yield self._item(position, len(self._text))

    def _item(self, start: int, end: int) -> tuple[int, str]:
        piece = self._text[start:end]
        item = piece.strip()
        if not item:
            raise GrammarError("a day is missing between two commas", max(0, start - 1), 1)
        return start + piece.index(item), item

    def _take(self, item: str) -> None:
        if _INTEGER.fullmatch(item):
            self._add(int(item))
        elif match := _RANGE.fullmatch(item):
            self._add_range(int(match[1]), int(match[2]), 1, item)
        elif match := _SERIES.fullmatch(item):
            self._add_series(int(match[1]), int(match[2]), item)
        elif match := _EVERY.fullmatch(item):
            self._add_every(match, item)
        else:
            raise GrammarError(
                f"'{shortened(item)}' is not a day",
                0,
                len(item),
                "Write 5, 1-5, 33, 40 ... 82, or every 14 from 1 to 85",
            )

    def _add_series(self, second: int, last: int, item: str) -> None:
        if not self._numbers:
            raise GrammarError(f"'{item}' needs a day before it, to know the step", 0, len(item), "33, 40 ... 82")
        step = StudyDay(second).offset.days - StudyDay(self._numbers[-1]).offset.days
        if step <= 0:
            raise GrammarError(f"day {second} does not come after day {self._numbers[-1]}", 0, len(item))
        self._add_range(second, last, step, item)

    def _add_every(self, match: re.Match[str], item: str) -> None:
        step, first = int(match[1]), StudyDay(int(match[2]))
        if step == 0:
            raise GrammarError("'every 0' never moves on", 0, len(item))
        if match[3] is not None:
            self._add_range(first.number, int(match[3]), step, item)
            return
        if self._numbers and first.number <= self._numbers[-1]:
            raise GrammarError(f"day {first} does not come after day {self._numbers[-1]}", 0, len(item))
        if step > MAX_STUDY_DAY:
            raise GrammarError(f"every {step} days is more than a hundred years", 0, len(item))
        self._open = OpenSeries(first, step)

    def _add_range(self, first: int, last: int, step: int, item: str) -> None:
        start, end = StudyDay(first).offset.days, StudyDay(last).offset.days
        if end < start:
            raise GrammarError(f"'{item}' is empty: day {last} is before day {first}", 0, len(item))
        if (end - start) % step:
            near = StudyDay(first).offset.days + (end - start) // step * step
            raise GrammarError(
                f"day {last} is not reached from day {first} in steps of {step}",
                0,
                len(item),
                f"The step ends on day {near + 1 if near >= 0 else near}",
            )
        if (end - start) // step + 1 + len(self._numbers) > MAX_DAYS:
            raise GrammarError(f"more than {MAX_DAYS:,} dosing days", 0, len(item))
        for offset in range(start, end + 1, step):
            self._add(offset + 1 if offset >= 0 else offset)

    def _add(self, number: int) -> None:
        day = StudyDay(number).number
        if self._numbers and day == self._numbers[-1]:
            raise ValueError(f"day {day} is given twice")
        if self._numbers and day < self._numbers[-1]:
            twice = day in self._numbers
            raise ValueError(
                f"day {day} is given twice" if twice else f"day {day} comes after day {self._numbers[-1]}: out of order"
            )
        if len(self._numbers) >= MAX_DAYS:
            raise ValueError(f"more than {MAX_DAYS:,} dosing days")
        self._numbers.append(day)
