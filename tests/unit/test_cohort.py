"""Arrays of many schedules: shapes, and what is no list of dates."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from trialrun.errors import InputError
from trialrun.protocol.load import ProtocolFile
from trialrun.protocol.schedule.cohort import RowName, plan_cohort
from trialrun.protocol.schedule.planner import Planner


def test_columns_are_doses_then_visits(founding: ProtocolFile) -> None:
    cohort = plan_cohort(Planner(founding.protocol), [date(2026, 12, 7)])
    assert cohort.rows[0] == RowName("dose", "rhIL-2", 1)
    assert cohort.rows[28] == RowName("visit", "screening")
    assert cohort.planned.shape == (1, 28 + 10)
    early_end = [row.name for row in cohort.rows].index("early end")
    assert np.isnat(cohort.planned[0, early_end])


def test_nobody_is_a_cohort_too(founding: ProtocolFile) -> None:
    cohort = plan_cohort(Planner(founding.protocol), [])
    assert cohort.planned.shape == (0, 38)


def test_dates_may_come_as_an_array(founding: ProtocolFile) -> None:
    dates = np.array(["2026-12-07", "2026-12-07", "2025-01-06"], dtype="datetime64[D]")
    cohort = plan_cohort(Planner(founding.protocol), dates)
    assert (cohort.planned[0] == cohort.planned[1])[:28].all()
    assert cohort.planned[2, 0] == np.datetime64("2025-01-06")


def test_what_is_no_date_is_refused(founding: ProtocolFile) -> None:
    planner = Planner(founding.protocol)
    with pytest.raises(ValueError, match="no date of day 1"):
        plan_cohort(planner, np.array(["NaT"], dtype="datetime64[D]"))
    with pytest.raises(ValueError, match="shape"):
        plan_cohort(planner, np.zeros((2, 2), dtype="datetime64[D]"))
    with pytest.raises(InputError):
        plan_cohort(planner, [date(9999, 1, 1)])
