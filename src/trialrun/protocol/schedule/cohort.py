"""Schedules of many participants at once, as arrays.

The plan of a participant to whom nothing has happened yet depends on the date of day 1 alone, and a calendar has few
days: each date is planned once, by the same `Planner` as a single participant, and its rows are handed to everybody
who starts on it. So the fast path cannot disagree with the plain one in its rules, only in its bookkeeping.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from trialrun.protocol.schedule.planner import Planner
from trialrun.protocol.schedule.rows import DoseRow, Schedule, VisitRow

Dates = npt.NDArray[np.datetime64]

STATES = ("planned", "closed", "conditional", "conflict")
"""States of rows before anything has happened; `CohortSchedule.state` holds their positions."""


@dataclass(frozen=True, slots=True)
class RowName:
    """Which dose or visit a column of a cohort's arrays is about.

    Args:
        kind: dose or visit.
        name: The drug's key, or the visit's name.
        number: 1 … n over the drug; None for a visit.
    """

    kind: str
    name: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class CohortSchedule:
    """Rows of many participants: all arrays have the shape (participants, rows).

    Args:
        rows: What each column is: the doses in the order of drugs and numbers, then the visits as the protocol
            lists them.
        nominal, planned, earliest, latest: Dates (datetime64[D]); NaT where the row has none yet.
        state: Positions in `STATES` (uint8).
    """

    rows: tuple[RowName, ...]
    nominal: Dates
    planned: Dates
    earliest: Dates
    latest: Dates
    state: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return int(self.planned.shape[0])


def plan_cohort(planner: Planner, day_1: Sequence[date] | Dates) -> CohortSchedule:
    """The schedules of participants of one arm to whom nothing has happened yet.

    Args:
        planner: The protocol, ready to plan.
        day_1: The date of day 1 of each participant, shape (participants,).

    Raises:
        InputError: a date outside the calendar.
        ValueError: `day_1` is no list of dates.
    """
    starts = np.asarray(day_1, dtype="datetime64[D]")
    if starts.ndim != 1:
        raise ValueError(f"one date for each participant, not an array of shape {starts.shape}")
    if np.isnat(starts).any():
        raise ValueError("a participant has no date of day 1")
    distinct, which = np.unique(starts, return_inverse=True)
    plans = [_in_order(planner, planner.plan(when)) for when in distinct.tolist()]
    names = _names(planner)
    shape = (len(plans), len(names))

    def column(field: str) -> Dates:
        dates = [[getattr(row, field) for row in rows] for rows in plans]
        return np.array(dates, dtype="datetime64[D]").reshape(shape)[which]

    states = np.array([[STATES.index(row.state) for row in rows] for rows in plans], dtype=np.uint8).reshape(shape)
    return CohortSchedule(
        names, column("nominal"), column("planned"), column("earliest"), column("latest"), states[which]
    )


def _in_order(planner: Planner, plan: Schedule) -> list[DoseRow | VisitRow]:
    """Doses, then visits as the protocol lists them: the same columns for every date."""
    visits = {row.name: row for row in plan.visits}
    return [*plan.doses, *(visits[name] for name in planner.protocol.visits)]


def _names(planner: Planner) -> tuple[RowName, ...]:
    doses = [RowName("dose", plan.drug, n) for plan in planner.plans for n in range(1, len(plan.offsets) + 1)]
    return (*doses, *(RowName("visit", name) for name in planner.protocol.visits))
