"""What a schedule consists of: dose rows, visit rows, and what they are laid on.

Rows are named tuples: a cohort or a benchmark makes hundreds of thousands of them a second, and a frozen dataclass
of as many fields takes four times as long to make.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from trialrun.vocabulary.calendar import StudyDay
from trialrun.vocabulary.closed_days import ClosedDays
from trialrun.vocabulary.dose import Amount

LONGEST_DELAY = 366
"""Days between a dose or a visit and its nominal day; further off is a slip in the year."""


class DoseRow(NamedTuple):
    """One planned administration.

    Args:
        drug: The drug's key in the protocol.
        number: 1 … n over the drug.
        day: The nominal study day.
        nominal: The nominal date.
        planned: The date it is planned for, or was given on.
        earliest, latest: The allowed range.
        state: planned, given, missed, closed (falls on a closed day), held, cancelled, conflict (too soon after
            another dose, or on its day), or not recorded (its day is past, and nothing is known of it).
        amount: What to give each time; None where something blocks it.
        blocked_by: Ids of open rows of the decisions, or what is missing.
        reasons: What a reader must know about this row.
    """

    drug: str
    number: int
    day: StudyDay
    nominal: date
    planned: date
    earliest: date
    latest: date
    state: str
    amount: Amount | None
    blocked_by: tuple[str, ...]
    reasons: tuple[str, ...] = ()


class VisitRow(NamedTuple):
    """One planned visit.

    Args:
        name: The visit's name in the protocol.
        day, last_day: The nominal study day, or range of days; None for visits that hang on an event.
        nominal: The nominal date; the first of a range.
        planned: The date it is planned for, or took place on; None while its event has not happened.
        earliest, latest: The allowed range.
        state: planned, done, conditional, or cancelled.
        provisional: Whether the range hangs on an anchor that is only planned yet.
        blocked_by: Open rows of the decisions that block this visit.
        unscheduled: Whether nobody had planned it, so that only its date tells it from others of its name.
    """

    name: str
    day: StudyDay | None
    last_day: StudyDay | None
    nominal: date | None
    planned: date | None
    earliest: date | None
    latest: date | None
    state: str
    telephone: bool = False
    provisional: bool = False
    reasons: tuple[str, ...] = ()
    blocked_by: tuple[str, ...] = ()
    unscheduled: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """All doses and visits of a participant.

    Args:
        day_1: The date of day 1.
        doses: In the order of drugs and numbers.
        visits: In the order of their dates; those that hang on an event last.
        notes: What is true of the whole plan.
        assumes: Open questions and assumptions the plan rests on.
        proposed: What a dose of each drug would be if all that is open were decided as proposed; never an order.
        provisional_years: Years of the plan whose public holidays are not known for sure.
        known_to: The date of the last thing that is known to have happened; None where nothing has.
    """

    day_1: date
    doses: tuple[DoseRow, ...]
    visits: tuple[VisitRow, ...]
    notes: tuple[str, ...]
    assumes: tuple[str, ...]
    proposed: Mapping[str, Amount]
    provisional_years: frozenset[int] = frozenset()
    known_to: date | None = None

    def is_provisional(self, when: date) -> bool:
        """Whether a day that is still to come may turn out to be a holiday."""
        return when.year in self.provisional_years and (self.known_to is None or when >= self.known_to)


@dataclass(frozen=True, slots=True)
class Site:
    """What rows are laid on: the date of day 1, the closed days, and what happens to rows that fall on one."""

    day_1: date
    closed: ClosedDays
    dose_policy: str
    visit_policy: str
