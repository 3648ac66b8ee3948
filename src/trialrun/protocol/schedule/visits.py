"""The visit rows: counted from their anchors, placed inside their range, then as they were lived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from graphlib import TopologicalSorter

from trialrun.errors import InputError
from trialrun.protocol.schedule.course import Course, Event, Happening
from trialrun.protocol.schedule.placing import place
from trialrun.protocol.schedule.rows import LONGEST_DELAY, DoseRow, Site, VisitRow
from trialrun.protocol.timing import OnDay, OnEvent, VisitTiming
from trialrun.vocabulary.calendar import StudyDay, shift
from trialrun.vocabulary.closed_days import ClosedDays

Anchors = dict[str, tuple[date, bool]]
"""Anchor -> its date, and whether it has really happened."""


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a visit should be before `not before` and closed days are looked at."""

    day: StudyDay
    last_day: StudyDay | None
    first: date
    last: date
    sure: bool


def anchors_of(day_1: date, course: Course, doses: list[DoseRow]) -> Anchors:
    """What visits are counted from before any visit is placed; last dose means the last that is given or ahead."""
    anchors: Anchors = {"day 1": (day_1, True)}
    for name, kind in (("consent", Happening.CONSENTED), ("enrolment", Happening.ENROLLED)):
        event = course.first(kind)
        if event is not None:
            anchors[name] = (event.when, True)
    anchors.setdefault("enrolment", (day_1, False))
    given = [row.planned for row in doses if row.state == "given"]
    perhaps = [row.planned for row in doses if _may_be_given(row, course)]
    if given or perhaps:
        first, last = min(given + perhaps), max(given + perhaps)
        anchors["first dose"] = (first, first in given)
        # A dose that is still ahead, or of which nobody knows, may yet turn out to be the last.
        anchors["last dose"] = anchors["end of treatment"] = (last, not perhaps or last > max(perhaps))
    return anchors


def _may_be_given(row: DoseRow, course: Course) -> bool:
    """Whether a dose is still ahead, or past with nothing known of it; one skipped by a hold is neither."""
    if row.state == "held":
        return course.on_hold and course.known_to is not None and row.planned >= course.known_to
    return row.state in ("planned", "conflict", "not recorded")


def visit_row(name: str, timing: VisitTiming, site: Site, anchors: Anchors) -> VisitRow:
    """One visit where its day or its anchor puts it; conditional where neither is known yet."""
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


def unscheduled_visit(event: Event) -> VisitRow:
    """A visit nobody had planned."""
    reasons = (event.reason,) if event.reason else ()
    return VisitRow(
        event.what or "unscheduled",
        None,
        None,
        event.when,
        event.when,
        None,
        None,
        "done",
        reasons=reasons,
        unscheduled=True,
    )


def _placed_visit(name: str, timing: VisitTiming, target: _Target, site: Site, anchors: Anchors) -> VisitRow:
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
    if target.last_day is not None:
        reasons.append("the last open day of the range; an earlier one leaves time for results")
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


def after_course(row: VisitRow, course: Course, timing: VisitTiming, site: Site) -> VisitRow:
    """A visit after what has happened: done, brought about by an event, or cancelled.

    Raises:
        InputError: it took place more than a year from its day.
    """
    if not course.events:
        return row
    done = course.visit(row.name)
    if done is not None:
        if row.nominal is not None and abs((done.when - row.nominal).days) > LONGEST_DELAY:
            raise InputError(
                f"{row.name} on {done.when} is more than a year from its planned day, {row.nominal}",
                hint="Check the year.",
            )
        return row._replace(state="done", planned=done.when, reasons=_visited_reasons(row, done.when))
    stopped = course.first(Happening.STOPPED)
    if isinstance(timing.when, OnEvent) and timing.when.event == "treatment stopped" and stopped is not None:
        row = _brought_about(row, stopped.when, timing, site)
    for kind in (Happening.WITHDREW, Happening.ENDED):
        end = course.first(kind)
        if end is not None and (row.planned is None or row.planned > end.when):
            return row._replace(state="cancelled", reasons=(f"{kind} {end.when}",))
    return row


def _brought_about(row: VisitRow, when: date, timing: VisitTiming, site: Site) -> VisitRow:
    """The visit that follows the end of treatment, on an open day within the time the protocol gives."""
    latest = shift(when, timing.within) if timing.within else None
    planned = place(when, when, latest or when, site.visit_policy, site.closed)
    reasons = [f"treatment stopped {when}", *_moved_reasons(when, planned, site.closed)]
    return row._replace(
        nominal=when,
        planned=when if planned is None else planned,
        earliest=when,
        latest=latest,
        state="planned",
        reasons=tuple(reasons),
    )


def _visited_reasons(row: VisitRow, when: date) -> tuple[str, ...]:
    if row.earliest is None or row.latest is None or row.earliest <= when <= row.latest:
        return ()
    return (f"{'after' if when > row.latest else 'before'} the window {row.earliest} to {row.latest}",)


def visit_order(visits: Mapping[str, VisitTiming]) -> tuple[str, ...]:
    """Visits so that each comes after those it is counted from."""
    graph = {name: [anchor for anchor in timing.anchors if anchor in visits] for name, timing in visits.items()}
    return tuple(TopologicalSorter(graph).static_order())
