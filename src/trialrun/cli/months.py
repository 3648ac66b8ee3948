"""A schedule as a wall calendar: one grid for each month, with what happens on each day and nothing else."""

from __future__ import annotations

import calendar
import itertools
import textwrap
from collections.abc import Iterator
from datetime import date

from trialrun.protocol.schedule.rows import Schedule
from trialrun.vocabulary.calendar import WEEKDAYS

_CELL = 13


def month_grids(found: Schedule) -> Iterator[str]:
    """The lines of all months from the first day of the plan to the last."""
    days = _words_by_day(found)
    if not days:
        return
    first, last = min(days), max(days)
    for index in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        year, month = index // 12, index % 12 + 1
        provisional = "  (provisional: holidays)" if year in found.provisional_years else ""
        yield f"{date(year, month, 1):%B %Y}{provisional}"
        yield "".join(f"{name:<{_CELL}}" for name in WEEKDAYS).rstrip()
        for week in calendar.Calendar().monthdatescalendar(year, month):
            cells = [_cell(day, days.get(day, [])) if day.month == month else [] for day in week]
            for line in itertools.zip_longest(*cells, fillvalue=""):
                yield "".join(f"{text:<{_CELL}}" for text in line).rstrip()
        yield ""


def _words_by_day(found: Schedule) -> dict[date, list[str]]:
    days: dict[date, list[str]] = {}
    for visit in found.visits:
        if visit.planned is not None and visit.state != "cancelled":
            days.setdefault(visit.planned, []).append(visit.name.upper() + " (call)" * visit.telephone)
    several = len({row.drug for row in found.doses}) > 1
    for dose in found.doses:
        if dose.state != "cancelled":
            words = f"{dose.drug} " * several + f"dose {dose.number}"
            days.setdefault(dose.planned, []).append(words + f" {dose.state}" * (dose.state != "planned"))
    return days


def _cell(day: date, words: list[str]) -> list[str]:
    """The day of the month with its words beside and below it."""
    lines = [line for text in words for line in textwrap.wrap(text, _CELL - 4)]
    first, *rest = lines or [""]
    return [f"{day.day:>2} {first}", *(f"   {line}" for line in rest)]
