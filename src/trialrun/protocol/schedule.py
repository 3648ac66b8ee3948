"""One participant's doses and visits: a pure function of the protocol and what has happened so far.

Three things are kept apart: the *nominal* day the protocol names, the *allowed* range around it, and the date it
is *planned* for (or happened on). Windows are inclusive whole days, narrowed by `not before`; a bound that hangs
on an anchor uses the actual anchor once it exists and the planned one before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from graphlib import TopologicalSorter

from trialrun.errors import InputError
from trialrun.protocol.course import NOTHING_YET, Course, Event, Happening
from trialrun.protocol.dosing import DosePlan, dose_plans, planned_amount
from trialrun.protocol.model import Drug, Protocol
from trialrun.protocol.timing import FromAnchor, OnDay, OnEvent, VisitTiming
from trialrun.vocabulary.body import BodySize
from trialrun.vocabulary.calendar import DayOffset, StudyDay, shift, weekday_name
from trialrun.vocabulary.closed_days import ClosedDays, closed_days
from trialrun.vocabulary.dose import Amount

_FIRST_YEAR, _LAST_YEAR = 1900, 9000


@dataclass(frozen=True, slots=True)
class DoseRow:
    """One planned administration.

    Args:
        drug: The drug's key in the protocol.
        number: 1 … n over the drug.
        day: The nominal study day.
        nominal: The nominal date.
        planned: The date it is planned for, or was given on.
        earliest, latest: The allowed range.
        state: planned, given, missed, closed (falls on a closed day), held, or cancelled.
        amount: What to give each time; None where something blocks it.
        blocked_by: Ids of open conflicts, or what is missing.
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


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One planned visit.

    Args:
        name: The visit's name in the protocol.
        day, last_day: The nominal study day, or range of days; None for visits that hang on an event.
        nominal: The nominal date; the first of a range.
        planned: The date it is planned for, or took place on; None while its event has not happened.
        earliest, latest: The allowed range.
        state: planned, done, conditional, or cancelled.
        provisional: Whether the range hangs on an anchor that is only planned yet.
        blocked_by: Open conflicts about this visit.
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


@dataclass(frozen=True, slots=True)
class Schedule:
    """All doses and visits of a participant.

    Args:
        day_1: The date of day 1.
        doses: In the order of drugs and numbers.
        visits: In the order of their dates; those that hang on an event last.
        notes: What is true of the whole plan.
        assumes: Open questions and assumptions the plan rests on.
    """

    day_1: date
    doses: tuple[DoseRow, ...]
    visits: tuple[VisitRow, ...]
    notes: tuple[str, ...]
    assumes: tuple[str, ...]


Anchors = dict[str, tuple[date, bool]]
"""Anchor -> its date, and whether it has really happened."""


@dataclass(frozen=True, slots=True)
class _Site:
    """What rows are laid on: the date of day 1, the closed days, and what happens to rows that fall on one."""

    day_1: date
    closed: ClosedDays
    dose_policy: str
    visit_policy: str


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a visit should be before `not before` and closed days are looked at."""

    day: StudyDay
    last_day: StudyDay | None
    first: date
    last: date
    sure: bool


class Planner:
    """A protocol made ready to plan any number of participants of one arm.

    Args:
        protocol: The protocol.
        arm: The arm's key; not needed where there is one arm or none.

    Raises:
        InputError: the arm does not exist, or has to be named.
    """

    def __init__(self, protocol: Protocol, arm: str | None = None) -> None:
        self.protocol = protocol
        self.drugs = arm_drugs(protocol, arm)
        self.plans = tuple(dose_plans(protocol, self.drugs))
        self.blocked = _open_conflicts(protocol, "dose orders")
        self._visit_conflicts = {name: _open_conflicts(protocol, name) for name in protocol.visits}
        self.assumes = tuple(
            key
            for key, row in protocol.decisions.items()
            if row.is_open
            and not key.startswith("C")
            and any(name in ("calendar", "dose orders", *protocol.visits) for name in row.blocks)
        )
        self._order = _visit_order(protocol.visits)
        self._reach = max([plan.offsets[-1] for plan in self.plans if plan.offsets] + [_last_offset(protocol), 0])
        self._amounts: dict[BodySize | None, dict[str, tuple[Amount | None, tuple[str, ...]]]] = {}
        self._closed: dict[tuple[int, int], ClosedDays] = {}

    def plan(self, day_1: date, course: Course = NOTHING_YET, body: BodySize | None = None) -> Schedule:
        """The schedule of one participant.

        Args:
            day_1: The date of day 1.
            course: What has happened so far.
            body: Height and weight, for doses that need them.

        Raises:
            InputError: a date outside the calendar.
        """
        if not _FIRST_YEAR <= day_1.year <= _LAST_YEAR:
            raise InputError(f"{day_1} is no date a study starts on", hint=f"Years {_FIRST_YEAR} to {_LAST_YEAR}.")
        policies = self.protocol.calendar.when_closed
        site = _Site(day_1, self._closed_from(day_1), policies.dose, policies.visit)
        doses = self._doses(site, course, body)
        visits = self._visits(site, course, doses)
        return Schedule(day_1, tuple(doses), tuple(visits), self._notes(day_1, site.closed, course), self.assumes)

    def _closed_from(self, day_1: date) -> ClosedDays:
        first, last = (day_1 - timedelta(days=400)).year, (day_1 + timedelta(days=self._reach + 60)).year
        key = (first + 1, last)
        if key not in self._closed:
            calendar = self.protocol.calendar
            self._closed[key] = closed_days(calendar.closed_days, calendar.holidays, range(key[0], last + 1))
        return self._closed[key]

    def _amount(self, body: BodySize | None) -> dict[str, tuple[Amount | None, tuple[str, ...]]]:
        if body not in self._amounts:
            self._amounts[body] = {key: planned_amount(drug, body, self.blocked) for key, drug in self.drugs.items()}
        return self._amounts[body]

    def _doses(self, site: _Site, course: Course, body: BodySize | None) -> list[DoseRow]:
        amounts = self._amount(body)
        rows: list[DoseRow] = []
        for plan in self.plans:
            amount, blocked = amounts[plan.drug]
            mine = [_dose_row(plan, index, site, amount, blocked) for index in range(len(plan.offsets))]
            rows += _lived(plan, mine, course, site.closed) if course.events else mine
        return rows

    def _visits(self, site: _Site, course: Course, doses: list[DoseRow]) -> list[VisitRow]:
        anchors = _anchors(site.day_1, course, doses)
        found: dict[str, VisitRow] = {}
        for name in self._order:
            row = _visit_row(name, self.protocol.visits[name], site, anchors)
            row = _after_course(row, course, self.protocol.visits[name])
            if self._visit_conflicts[name]:
                row = replace(row, blocked_by=self._visit_conflicts[name])
            found[name] = row
            if row.planned is not None:
                anchors[name] = (row.planned, row.state == "done")
        rows = [found[name] for name in self.protocol.visits]
        rows += [_unscheduled(event) for event in course.of(Happening.UNSCHEDULED)]
        return sorted(rows, key=lambda row: row.planned or date.max)

    def _notes(self, day_1: date, closed: ClosedDays, course: Course) -> tuple[str, ...]:
        calendar = self.protocol.calendar
        notes: list[str] = []
        if calendar.start_on and weekday_name(day_1) not in calendar.start_on:
            wanted = " or ".join(calendar.start_on)
            notes.append(f"Day 1 is a {weekday_name(day_1)}; the protocol says {wanted}.")
        if closed.is_closed(day_1):
            notes.append(f"Day 1 is a closed day ({closed.why(day_1)}).")
        notes += closed.remarks()
        notes += [note for plan in self.plans for note in plan.notes]
        notes += [f"{drug.name}: no dosing days are stated." for drug in self.drugs.values() if drug.days is None]
        if course.first(Happening.ENROLLED) is None:
            notes.append("Consent and enrolment are projected from the planned visits until they have happened.")
        return tuple(notes)


def plan(
    protocol: Protocol,
    day_1: date,
    *,
    course: Course = NOTHING_YET,
    arm: str | None = None,
    body: BodySize | None = None,
) -> Schedule:
    """The schedule of one participant; for many of them make one `Planner`.

    Raises:
        InputError: see `Planner` and its `plan`.
    """
    return Planner(protocol, arm).plan(day_1, course, body)


def _open_conflicts(protocol: Protocol, blocked: str) -> tuple[str, ...]:
    """Ids of the conflicts that nobody has decided and that block something."""
    rows = protocol.decisions.items()
    return tuple(key for key, row in rows if row.is_open and key.startswith("C") and blocked in row.blocks)


def arm_drugs(protocol: Protocol, arm: str | None) -> dict[str, Drug]:
    """The drugs of an arm; all drugs where the protocol has one arm or none.

    Raises:
        InputError: the arm does not exist, or there are several and none is named.
    """
    if arm is not None and arm not in protocol.arms:
        raise InputError(f"there is no arm '{arm}'", hint="Arms: " + (", ".join(protocol.arms) or "none") + ".")
    if arm is None and len(protocol.arms) > 1:
        raise InputError("the protocol has several arms", hint=f"Name one: --arm {'|'.join(protocol.arms)}")
    chosen = protocol.arms[arm] if arm is not None else next(iter(protocol.arms.values()), None)
    if chosen is None or (not chosen.drugs and len(protocol.arms) == 1):
        return dict(protocol.drugs)
    return {key: protocol.drugs[key] for key in chosen.drugs}


def place(target: date, earliest: date, latest: date, policy: str, closed: ClosedDays) -> date | None:
    """The date a policy gives for a target inside its allowed range; None where it gives none.

    Never outside the range: a policy that finds no open day in it gives none.
    """
    if policy in ("give anyway", "hold anyway") or not closed.is_closed(target):
        return target
    if policy == "record as missed":
        return None
    back, ahead = (target - earliest).days, (latest - target).days
    for step in steps(policy, back, ahead):
        moved = target + timedelta(days=step)
        if not closed.is_closed(moved):
            return moved
    return None


def steps(policy: str, back: int, ahead: int) -> list[int]:
    """Days to try around a closed target, in the policy's order, within `back` and `ahead` days."""
    if policy == "next open day":
        return list(range(1, ahead + 1))
    if policy == "previous open day":
        return list(range(-1, -back - 1, -1))
    first = -1 if policy.endswith("earlier first") else 1
    both = [first * sign * size for size in range(1, max(back, ahead, 0) + 1) for sign in (1, -1)]
    return [step for step in both if -back <= step <= ahead]


def _dose_row(dose: DosePlan, index: int, site: _Site, amount: Amount | None, blocked: tuple[str, ...]) -> DoseRow:
    before, after = dose.windows[index]
    nominal = site.day_1 + timedelta(days=dose.offsets[index])
    earliest = nominal - timedelta(days=before) if before else nominal
    latest = nominal + timedelta(days=after) if after else nominal
    state, planned = "planned", nominal
    reasons: tuple[str, ...] = ()
    if site.closed.is_closed(nominal):
        why = site.closed.why(nominal)
        moved = place(nominal, earliest, latest, site.dose_policy, site.closed)
        if moved is None:
            state, reasons = "closed", (f"closed: {why}",)
        elif moved != nominal:
            planned, reasons = moved, (f"moved from {nominal}: {why}",)
        else:
            reasons = (f"on a closed day: {why}",)
    return DoseRow(
        dose.drug, index + 1, dose.days[index], nominal, planned, earliest, latest, state, amount, blocked, reasons
    )


def _lived(dose: DosePlan, rows: list[DoseRow], course: Course, closed: ClosedDays) -> list[DoseRow]:
    """Rows of one drug after what has happened: given, missed, held, stopped; make-up doses at the end."""
    ends = [event for kind in (Happening.STOPPED, Happening.WITHDREW, Happening.ENDED) if (event := course.first(kind))]
    end = min(ends, key=lambda event: event.when, default=None)
    lived: list[DoseRow] = []
    for row in rows:
        event = course.dose(dose.drug, row.number)
        if event is not None and event.kind is Happening.GIVEN:
            lived.append(replace(row, state="given", planned=event.when, reasons=_given_reasons(row, event.when)))
        elif event is not None:
            reasons = (event.reason,) if event.reason else ()
            lived.append(replace(row, state="missed", planned=event.when, reasons=reasons))
        elif end is not None and row.planned >= end.when:
            lived.append(replace(row, state="cancelled", reasons=(f"{end.kind} {end.when}",)))
        elif course.held_on(row.planned):
            lived.append(replace(row, state="held", reasons=("treatment is on hold",)))
        else:
            lived.append(row)
    if dose.missed == "add at the end" and end is None:
        lived += _made_up(dose, lived, closed)
    return _spaced(dose, lived)


def _given_reasons(row: DoseRow, when: date) -> tuple[str, ...]:
    if row.earliest <= when <= row.latest:
        return ()
    days = (when - row.latest).days if when > row.latest else (row.earliest - when).days
    return (f"{days} day{'s' * (days != 1)} {'after' if when > row.latest else 'before'} the window",)


def _made_up(dose: DosePlan, rows: list[DoseRow], closed: ClosedDays) -> list[DoseRow]:
    """One more dose after the last for each that was missed, at the last interval."""
    missed = sum(row.state == "missed" for row in rows)
    if not missed or len(dose.offsets) < 2:
        return []
    step = dose.offsets[-1] - dose.offsets[-2]
    return [_made_up_row(rows[-1], count, timedelta(days=step * count), closed) for count in range(1, missed + 1)]


def _made_up_row(last: DoseRow, count: int, later: timedelta, closed: ClosedDays) -> DoseRow:
    nominal = last.nominal + later
    reasons = ["in place of a missed dose"] + [f"closed: {closed.why(nominal)}"] * closed.is_closed(nominal)
    return replace(
        last,
        number=last.number + count,
        day=DayOffset(last.day.offset.days + later.days).day,
        nominal=nominal,
        planned=nominal,
        earliest=last.earliest + later,
        latest=last.latest + later,
        state="planned",
        reasons=tuple(reasons),
    )


def _spaced(dose: DosePlan, rows: list[DoseRow]) -> list[DoseRow]:
    """Notes on each dose that comes too soon after the one before it."""
    if dose.spacing is None:
        return rows
    found: list[DoseRow] = []
    previous: date | None = None
    for row in sorted(rows, key=lambda row: (row.planned, row.number)):
        rule = dose.spacing.rule_for(row.day.number)
        if row.state in ("planned", "given"):
            if previous is not None and rule is not None and (row.planned - previous).days < rule.least_days:
                row = replace(row, reasons=(*row.reasons, f"less than {rule.at_least} after the dose before"))
            previous = row.planned
        found.append(row)
    return sorted(found, key=lambda row: row.number)


def _anchors(day_1: date, course: Course, doses: list[DoseRow]) -> Anchors:
    anchors: Anchors = {"day 1": (day_1, True)}
    for name, kind in (("consent", Happening.CONSENTED), ("enrolment", Happening.ENROLLED)):
        event = course.first(kind)
        if event is not None:
            anchors[name] = (event.when, True)
    anchors.setdefault("enrolment", (day_1, False))
    given = [row.planned for row in doses if row.state == "given"]
    ahead = [row.planned for row in doses if row.state in ("planned", "held")]
    first = min(given + ahead, default=None)
    if first is not None:
        anchors["first dose"] = (first, bool(given))
        anchors["last dose"] = anchors["end of treatment"] = (max(given + ahead), not ahead)
    return anchors


def _visit_row(name: str, timing: VisitTiming, site: _Site, anchors: Anchors) -> VisitRow:
    when = timing.when
    if isinstance(when, OnEvent):
        return _conditional(name, timing, str(when))
    if isinstance(when, OnDay):
        first = when.day.on(site.day_1)
        last = when.last.on(site.day_1) if when.last else first
        return _placed_visit(name, timing, _Target(when.day, when.last, first, last, True), site, anchors)
    anchor = anchors.get(when.anchor)
    if anchor is None:
        return _conditional(name, timing, f"waits for {when.anchor}")
    day = shift(anchor[0], when.duration, when.direction)
    target = _Target(StudyDay.of(day, site.day_1), None, day, day, anchor[1])
    return _placed_visit(name, timing, target, site, anchors)


def _conditional(name: str, timing: VisitTiming, reason: str) -> VisitRow:
    """A visit whose event or anchor has not come yet."""
    return VisitRow(
        name, None, None, None, None, None, None, "conditional", telephone=timing.by_telephone, reasons=(reason,)
    )


def _unscheduled(event: Event) -> VisitRow:
    """A visit nobody had planned."""
    reasons = (event.reason,) if event.reason else ()
    return VisitRow(
        event.what or "unscheduled", None, None, event.when, event.when, None, None, "done", reasons=reasons
    )


def _placed_visit(name: str, timing: VisitTiming, target: _Target, site: _Site, anchors: Anchors) -> VisitRow:
    """A visit inside its allowed range: window, then `not before`, then closed days."""
    earliest = target.first - timedelta(days=timing.window.before)
    latest = target.last + timedelta(days=timing.window.after)
    sure, reasons = target.sure, []
    for bound in timing.not_before:
        anchor = anchors.get(bound.anchor)
        if anchor is None:
            reasons.append(f"{bound}: {bound.anchor} is not known")
            continue
        sure = sure and anchor[1]
        earliest = max(earliest, shift(anchor[0], bound.duration) if bound.duration else anchor[0])
    if earliest > latest:
        reasons.append(f"no day is allowed: not before {earliest}, but not after {latest}")
    elif earliest > target.last:
        reasons.append(f"the nominal day is not allowed: not before {earliest}")
    # A range of days, such as screening, is planned for the last of them that is open.
    policy = site.visit_policy if target.last_day is None else "previous open day"
    wanted = max(target.last, earliest)
    planned = place(wanted, earliest, max(latest, earliest), policy, site.closed)
    reasons += _moved_reasons(wanted, planned, site.closed)
    return VisitRow(
        name,
        target.day,
        target.last_day,
        target.first,
        wanted if planned is None else planned,
        earliest,
        latest,
        "planned",
        timing.by_telephone,
        not sure,
        tuple(reasons),
    )


def _moved_reasons(wanted: date, planned: date | None, closed: ClosedDays) -> list[str]:
    if not closed.is_closed(wanted):
        return []
    why = closed.why(wanted)
    if planned is None:
        return [f"no open day in the window: {why}"]
    return [f"moved from {wanted}: {why}"] if planned != wanted else [f"on a closed day: {why}"]


def _after_course(row: VisitRow, course: Course, timing: VisitTiming) -> VisitRow:
    """A visit after what has happened: done, brought about by an event, or cancelled."""
    if not course.events:
        return row
    done = course.visit(row.name)
    if done is not None:
        return replace(row, state="done", planned=done.when, reasons=_visited_reasons(row, done.when))
    stopped = course.first(Happening.STOPPED)
    if isinstance(timing.when, OnEvent) and timing.when.event == "treatment stopped" and stopped is not None:
        latest = shift(stopped.when, timing.within) if timing.within else None
        row = replace(row, nominal=stopped.when, planned=stopped.when, earliest=stopped.when, latest=latest)
        row = replace(row, state="planned", reasons=(f"treatment stopped {stopped.when}",))
    for kind in (Happening.WITHDREW, Happening.ENDED):
        end = course.first(kind)
        if end is not None and (row.planned is None or row.planned > end.when):
            return replace(row, state="cancelled", reasons=(f"{kind} {end.when}",))
    return row


def _visited_reasons(row: VisitRow, when: date) -> tuple[str, ...]:
    if row.earliest is None or row.latest is None or row.earliest <= when <= row.latest:
        return ()
    return (f"{'after' if when > row.latest else 'before'} the window {row.earliest} to {row.latest}",)


def _visit_order(visits: Mapping[str, VisitTiming]) -> tuple[str, ...]:
    """Visits so that each comes after those it is counted from."""
    graph = {name: [anchor for anchor in timing.anchors if anchor in visits] for name, timing in visits.items()}
    return tuple(TopologicalSorter(graph).static_order())


def _last_offset(protocol: Protocol) -> int:
    found = [0]
    for timing in protocol.visits.values():
        if isinstance(timing.when, OnDay):
            found.append((timing.when.last or timing.when.day).offset.days + timing.window.after)
        elif isinstance(timing.when, FromAnchor):
            found.append(int(timing.when.duration.typical_days) + timing.window.after)
    return max(found)
