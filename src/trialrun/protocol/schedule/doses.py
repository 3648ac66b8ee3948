"""The dose rows of one drug: laid on a calendar, then as they were lived."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from trialrun.protocol.schedule.course import Course, Event, Happening
from trialrun.protocol.schedule.dosing import DosePlan, Order
from trialrun.protocol.schedule.placing import moves, place
from trialrun.protocol.schedule.rows import DoseRow, Site
from trialrun.vocabulary.calendar import DayOffset
from trialrun.vocabulary.closed_days import ClosedDays


def planned_doses(dose: DosePlan, site: Site, order: Order) -> list[DoseRow]:
    """The rows of one drug before anything has happened; a dose moved off a closed day never joins another."""
    count = range(len(dose.offsets))
    if not moves(site.dose_policy):
        return [_dose_row(dose, index, site, order) for index in count]
    nominal = (site.day_1 + timedelta(days=offset) for offset in dose.offsets)
    taken = {day for day in nominal if not site.closed.is_closed(day)}
    rows: list[DoseRow] = []
    for index in count:
        rows.append(_dose_row(dose, index, site, order, taken=taken))
        taken.add(rows[-1].planned)
    return _spaced(dose, rows)


def _dose_row(
    dose: DosePlan,
    index: int,
    site: Site,
    order: Order,
    *,
    taken: Collection[date] = (),
) -> DoseRow:
    """One administration on its nominal day, or moved or closed as the site's policy says."""
    before, after = dose.windows[index]
    nominal = site.day_1 + timedelta(days=dose.offsets[index])
    earliest = nominal - timedelta(days=before) if before else nominal
    latest = nominal + timedelta(days=after) if after else nominal
    state, planned = "planned", nominal
    reasons: tuple[str, ...] = ()
    if site.closed.is_closed(nominal):
        why = site.closed.why(nominal)
        moved = place(nominal, earliest, latest, site.dose_policy, site.closed, taken=taken)
        if moved is None:
            state, reasons = "closed", (f"closed: {why}",)
        elif moved != nominal:
            planned, reasons = moved, (f"moved from {nominal}: {why}",)
        else:
            reasons = (f"on a closed day: {why}",)
    return DoseRow(
        dose.drug,
        index + 1,
        dose.days[index],
        nominal,
        planned,
        earliest,
        latest,
        state,
        order.amount,
        order.blocked_by,
        reasons,
    )


def lived_doses(dose: DosePlan, rows: list[DoseRow], course: Course, closed: ClosedDays) -> list[DoseRow]:
    """Rows of one drug after what has happened: given, missed, held, stopped; make-up doses at the end."""
    ends = [event for kind in (Happening.STOPPED, Happening.WITHDREW, Happening.ENDED) if (event := course.first(kind))]
    end = min(ends, key=lambda event: event.when, default=None)
    lived = [_lived_dose(row, course, end) for row in rows]
    if dose.missed == "add at the end" and len(dose.offsets) > 1:
        step, made = dose.offsets[-1] - dose.offsets[-2], 0
        while made < sum(row.state == "missed" for row in lived):
            made += 1
            lived.append(_lived_dose(_made_up_row(rows[-1], made, timedelta(days=step * made), closed), course, end))
    return _spaced(dose, lived)


def _lived_dose(row: DoseRow, course: Course, end: Event | None) -> DoseRow:
    event = course.dose(row.drug, row.number)
    if event is not None and event.kind is Happening.GIVEN:
        return row._replace(state="given", planned=event.when, reasons=_given_reasons(row, event.when))
    if event is not None:
        return row._replace(state="missed", planned=event.when, reasons=(event.reason,) if event.reason else ())
    if end is not None and row.planned >= end.when:
        return row._replace(state="cancelled", reasons=(f"{end.kind} {end.when}",))
    if course.held_on(row.planned):
        return row._replace(state="held", reasons=("treatment is on hold",))
    return row


def _given_reasons(row: DoseRow, when: date) -> tuple[str, ...]:
    if row.earliest <= when <= row.latest:
        return ()
    days = (when - row.latest).days if when > row.latest else (row.earliest - when).days
    return (f"{days} day{'s' * (days != 1)} {'after' if when > row.latest else 'before'} the window",)


def _made_up_row(last: DoseRow, count: int, later: timedelta, closed: ClosedDays) -> DoseRow:
    """One more dose after the last, for one that was missed."""
    nominal = last.nominal + later
    reasons = ["in place of a missed dose"] + [f"closed: {closed.why(nominal)}"] * closed.is_closed(nominal)
    return last._replace(
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
    """Notes on each dose that comes too soon after the one before it; two on one day always do."""
    found: list[DoseRow] = []
    previous: date | None = None
    for row in sorted(rows, key=lambda row: (row.planned, row.number)):
        if row.state in ("planned", "given"):
            why = None if previous is None else _too_soon(dose, row, (row.planned - previous).days)
            if why is not None:
                row = row._replace(reasons=(*row.reasons, why))
            previous = row.planned
        found.append(row)
    return sorted(found, key=lambda row: row.number)


def _too_soon(dose: DosePlan, row: DoseRow, days: int) -> str | None:
    if days == 0:
        return "a second dose on this day; never two on one day"
    rule = dose.spacing.rule_for(row.day.number) if dose.spacing is not None else None
    if rule is None or days >= rule.least_days:
        return None
    return f"less than {rule.at_least} after the dose before"
