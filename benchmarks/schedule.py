"""Schedule rows per second of the founding study: plain, and for a cohort; the rival writes the dates with dateutil."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

_PLAIN, _COHORT, _DAYS = 8_000, 100_000, 1_096


def run() -> list[dict[str, Any]]:
    """Rows of name, value, unit and note."""
    import numpy as np

    from trialrun.protocol.schedule.cohort import plan_cohort
    from trialrun.protocol.schedule.planner import Planner
    from trialrun.protocol.shipped import find_protocol

    protocol = find_protocol("NCT04062006").protocol
    starts = [date(2024, 1, 1) + timedelta(days=n) for n in range(_DAYS)]
    for year in (2024, 2025, 2026):
        Planner(protocol).plan(date(year, 1, 1))  # the holidays library reads its tables once a process

    def plain() -> int:
        planner = Planner(protocol)
        plans = (planner.plan(starts[n % _DAYS]) for n in range(_PLAIN))
        return sum(len(plan.doses) + len(plan.visits) for plan in plans)

    def cohort() -> int:
        many = np.array(starts, dtype="datetime64[D]")[np.random.default_rng(1).integers(0, _DAYS, _COHORT)]
        return int(plan_cohort(Planner(protocol), many).planned.size)

    return [
        _measured("schedule rows, plain", plain, f"{_PLAIN:,} participants"),
        _measured("schedule rows, cohort", cohort, f"{_COHORT:,} participants on {_DAYS:,} dates"),
        _measured("schedule dates by dateutil.rrule, no rules", _rival, "rival"),
    ]


def _measured(name: str, work: Callable[[], int], note: str) -> dict[str, Any]:
    start = time.perf_counter()
    rows = work()
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"name": name, "value": rows / seconds, "unit": "1/s", "note": f"{note}; peak memory {memory:.0f} MB"}


def _rival() -> int:
    """The 28 dosing dates and 8 visits alone: no windows, no closed days, no anchors."""
    from datetime import datetime

    from dateutil.relativedelta import relativedelta
    from dateutil.rrule import DAILY, WEEKLY, rrule, rruleset

    rows = 0
    for n in range(_PLAIN // 8):
        first = datetime(2024, 1, 1) + timedelta(days=n % _DAYS)
        doses = rruleset()
        for week in range(4):
            doses.rrule(rrule(DAILY, count=5, dtstart=first + timedelta(days=7 * week)))
        doses.rrule(rrule(WEEKLY, count=8, dtstart=first + timedelta(days=32)))
        visits = [first + relativedelta(days=days) for days in (-1, 0, 14, 28, 56, 84, 168)]
        rows += len(list(doses)) + len(visits) + len([first + relativedelta(months=3)])
    return rows
