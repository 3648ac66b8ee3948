"""The dose rows of one drug: laid on a calendar, then as they were lived."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from trialrun.protocol.schedule.course import Course, Happening
from trialrun.protocol.schedule.dosing import DosePlan
from trialrun.protocol.schedule.placing import place
from trialrun.protocol.schedule.rows import DoseRow, Site
from trialrun.vocabulary.calendar import DayOffset
from trialrun.vocabulary.closed_days import ClosedDays
from trialrun.vocabulary.dose import Amount


def dose_row(dose: DosePlan, index: int, site: Site, amount: Amount | None, blocked: tuple[str, ...]) -> DoseRow:
    """One administration on its nominal day, or moved or closed as the site's policy says."""
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


def lived_doses(dose: DosePlan, rows: list[DoseRow], course: Course, closed: ClosedDays) -> list[DoseRow]:
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
