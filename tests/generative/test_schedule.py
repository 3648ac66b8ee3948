"""Whole schedules against a definition that looks at every allowed day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generative import oracle
from trialrun.protocol.load import ProtocolFile, load_text
from trialrun.protocol.model import COUNTED_FROM, WHEN_CLOSED_DOSE, WHEN_CLOSED_VISIT
from trialrun.protocol.schedule.cohort import STATES, RowName, plan_cohort
from trialrun.protocol.schedule.course import parse_course
from trialrun.protocol.schedule.placing import place
from trialrun.protocol.schedule.planner import Planner, plan
from trialrun.protocol.schedule.rows import DoseRow, VisitRow
from trialrun.vocabulary.calendar import WEEKDAYS
from trialrun.vocabulary.closed_days import ClosedDays

CASES = settings(max_examples=max(600, settings.default.max_examples if settings.default else 0))
STARTS = st.dates(date(1950, 1, 1), date(2100, 12, 31))
DAYS_OFF = st.sets(st.integers(0, 6), max_size=6)
POLICIES = sorted({*WHEN_CLOSED_DOSE, *WHEN_CLOSED_VISIT})


@st.composite
def closed_around(draw: st.DrawFn, day: date) -> ClosedDays:
    """Weekdays off, holidays near a day, and worked days among them."""
    near = st.integers(-15, 15).map(lambda step: oracle.moved(day, step))
    holidays = dict.fromkeys(draw(st.sets(near, max_size=8)), "a holiday")
    return ClosedDays(frozenset(draw(DAYS_OFF)), holidays, frozenset(draw(st.sets(near, max_size=4))))


def slowly_closed(closed: ClosedDays, when: date) -> bool:
    return when not in closed.workdays and (when in closed.holidays or oracle.weekday(when) in closed.weekdays)


@settings(max_examples=max(2_000, settings.default.max_examples if settings.default else 0))
@given(data=st.data(), target=STARTS, back=st.integers(0, 14), ahead=st.integers(0, 14))
def test_a_policy_takes_the_best_allowed_open_day(data: st.DataObject, target: date, back: int, ahead: int) -> None:
    closed = data.draw(closed_around(target))
    policy = data.draw(st.sampled_from(POLICIES))
    earliest, latest = oracle.moved(target, -back), oracle.moved(target, ahead)
    wanted = oracle.chosen(target, earliest, latest, policy, lambda when: slowly_closed(closed, when))
    assert place(target, earliest, latest, policy, closed) == wanted


@dataclass(frozen=True)
class Facts:
    """The numbers a small study is made from."""

    offsets: tuple[int, ...]
    dose_window: tuple[int, int]
    visit_window: tuple[int, int]
    visit_day: int
    months: int
    bound: int
    off: tuple[int, ...]
    dose_policy: str
    visit_policy: str
    counted_from: str

    def is_closed(self, when: date) -> bool:
        return oracle.weekday(when) in self.off

    def file(self) -> ProtocolFile:
        """The study as a protocol file: one drug and three visits."""
        closed = f"  closed days: {', '.join(WEEKDAYS[day] for day in self.off)}\n" if self.off else ""
        visit = "window -{}..+{}".format(*self.visit_window)
        return load_text(f"""format: trialrun/1
trial: NCT00000001
title: A small study
version: "1"
calendar:
{closed}  when closed:
    dose: {self.dose_policy}
    visit: {self.visit_policy}
drugs:
  drug:
    name: Drug
    dose: 5 mg
    days: {", ".join(str(offset + 1) for offset in self.offsets)}
    from: {self.counted_from}
    window:
      all days: -{self.dose_window[0]}..+{self.dose_window[1]}
visits:
  look: day {self.visit_day}, {visit}, not before last dose + {self.bound} days
  later: {self.months} months after last dose, {visit}
  after look: 2 weeks after look
""")


GAPS = st.lists(st.integers(1, 9), min_size=1, max_size=8)
STUDIES = st.builds(
    Facts,
    offsets=GAPS.map(lambda gaps: tuple(accumulate(gaps, initial=0))),
    dose_window=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    visit_window=st.tuples(st.integers(0, 9), st.integers(0, 9)),
    visit_day=st.integers(1, 120),
    months=st.integers(0, 14),
    bound=st.integers(0, 12),
    off=DAYS_OFF.map(lambda days: tuple(sorted(days))),
    dose_policy=st.sampled_from(WHEN_CLOSED_DOSE),
    visit_policy=st.sampled_from(WHEN_CLOSED_VISIT),
    counted_from=st.sampled_from(COUNTED_FROM),
)


@CASES
@given(study=STUDIES, start=STARTS)
def test_doses_lie_where_the_words_say(study: Facts, start: date) -> None:
    before, after = study.dose_window
    drifts = study.counted_from == "previous dose"
    nominal_days = [] if drifts else [oracle.moved(start, offset) for offset in study.offsets]
    taken = [day for day in nominal_days if not study.is_closed(day)]
    last, last_offset = start, 0
    for row, offset in zip(plan(study.file().protocol, start).doses, study.offsets, strict=True):
        nominal = oracle.moved(last, offset - last_offset) if drifts else oracle.moved(start, offset)
        earliest, latest = oracle.moved(nominal, -before), oracle.moved(nominal, after)
        planned: date | None = nominal
        if nominal not in taken:
            planned = oracle.chosen(
                nominal, earliest, latest, study.dose_policy, lambda when: study.is_closed(when) or when in taken
            )
        last, last_offset = planned or nominal, offset
        taken.append(last)
        assert row.day.number == oracle.study_day(nominal, start)
        assert (row.nominal, row.earliest, row.latest) == (nominal, earliest, latest)
        assert row.state == ("closed" if planned is None else "planned")
        assert row.planned == last


@CASES
@given(data=st.data(), study=STUDIES, start=STARTS)
def test_doses_counted_from_the_previous_one_drift_with_what_was_given(
    data: st.DataObject, study: Facts, start: date
) -> None:
    """Each dose given some days late: the next stands its own distance after it, under the policy."""
    study = replace(study, counted_from="previous dose", dose_policy="give anyway")
    late = [0, *data.draw(st.lists(st.integers(0, 5), max_size=len(study.offsets) - 1))]
    given_on, events = start, []
    for number, days in enumerate(late):
        gap = study.offsets[number] - study.offsets[number - 1] if number else 0
        given_on = oracle.moved(given_on, gap + days)
        events.append(f"{given_on},given,dose {number + 1},")
    protocol = study.file().protocol
    course = parse_course("\n".join(["date,event,what,reason", *events]), "course.csv", protocol)
    rows = plan(protocol, start, course=course).doses
    wanted = given_on
    for index in range(len(late), len(study.offsets)):
        wanted = oracle.moved(wanted, study.offsets[index] - study.offsets[index - 1])
        assert (rows[index].planned, rows[index].state) == (wanted, "planned")
    assert rows[len(late) - 1].planned == given_on


@CASES
@given(study=STUDIES, start=STARTS)
def test_never_two_doses_on_one_day(study: Facts, start: date) -> None:
    days = [row.planned for row in plan(study.file().protocol, start).doses if row.state == "planned"]
    assert len(set(days)) == len(days)


@CASES
@given(study=STUDIES, start=STARTS)
def test_visits_keep_window_not_before_and_closed_days(study: Facts, start: date) -> None:
    found = plan(study.file().protocol, start)
    visits = {row.name: row for row in found.visits}
    last = max((row.planned for row in found.doses if row.state == "planned"), default=None)
    not_before = None if last is None else oracle.moved(last, study.bound)
    _agrees(visits["look"], study, oracle.moved(start, study.visit_day - 1), study.visit_window, not_before)
    looked = visits["look"].planned
    assert looked is not None
    _agrees(visits["after look"], study, oracle.moved(looked, 14), (0, 0), None)
    if last is None:
        assert visits["later"].state == "conditional"
    else:
        _agrees(visits["later"], study, oracle.months_later(last, study.months), study.visit_window, None)


def _agrees(row: VisitRow, study: Facts, target: date, window: tuple[int, int], not_before: date | None) -> None:
    earliest, latest = oracle.moved(target, -window[0]), oracle.moved(target, window[1])
    if not_before is not None and oracle.distance(earliest, not_before) > 0:
        earliest = not_before
    wanted = target if oracle.distance(earliest, target) >= 0 else earliest
    last = latest if oracle.distance(earliest, latest) >= 0 else earliest
    planned = oracle.chosen(wanted, earliest, last, study.visit_policy, study.is_closed)
    assert row.nominal == target
    assert (row.earliest, row.latest) == (earliest, latest)
    assert row.planned == (wanted if planned is None else planned)


@settings(max_examples=60)
@given(study=STUDIES, starts=st.lists(STARTS, min_size=0, max_size=6))
def test_a_cohort_is_its_participants(study: Facts, starts: list[date]) -> None:
    _same_as_plain(Planner(study.file().protocol), starts)


@settings(max_examples=25)
@given(starts=st.lists(st.dates(date(2018, 1, 1), date(2027, 12, 31)), min_size=1, max_size=8))
def test_a_cohort_of_the_founding_study_is_its_participants(founding: ProtocolFile, starts: list[date]) -> None:
    _same_as_plain(Planner(founding.protocol), starts + starts[:2])


def _same_as_plain(planner: Planner, starts: list[date]) -> None:
    cohort = plan_cohort(planner, starts)
    assert len(cohort) == len(starts)
    for person, start in enumerate(starts):
        alone = planner.plan(start)
        rows: dict[RowName, DoseRow | VisitRow] = {RowName("dose", row.drug, row.number): row for row in alone.doses}
        rows |= {RowName("visit", visit.name): visit for visit in alone.visits}
        assert set(cohort.rows) == set(rows)
        for column, name in enumerate(cohort.rows):
            row = rows[name]
            for field in ("nominal", "planned", "earliest", "latest"):
                wanted = np.datetime64(getattr(row, field), "D")
                found = getattr(cohort, field)[person, column]
                assert found == wanted or (np.isnat(found) and np.isnat(wanted))
            assert STATES[cohort.state[person, column]] == row.state
