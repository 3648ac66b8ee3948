"""The dose rows of one drug: laid on a calendar, and as they were lived."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from trialrun.errors import InputError
from trialrun.protocol.schedule.course import Course, Event, Happening, Hold
from trialrun.protocol.schedule.dosing import DosePlan, Order
from trialrun.protocol.schedule.placing import moves, place
from trialrun.protocol.schedule.rows import LONGEST_DELAY, DoseRow, Site
from trialrun.vocabulary.calendar import StudyDay


def dose_rows(dose: DosePlan, site: Site, order: Order, course: Course) -> list[DoseRow]:
    """The rows of one drug: each on its day, then as it was lived; make-up doses at the end."""
    if not course.events and not moves(site.dose_policy):
        # Nothing has happened and nothing moves: no row depends on another.
        rows = [_row(dose, index, site.day_1 + step, site, order) for index, step in enumerate(dose.steps)]
        return _spaced(dose, rows) if dose.crowded else rows
    life = _Life.of(dose, course)
    # A dose moved off a closed day takes neither the day of an earlier dose nor the open nominal day of another.
    nominal = () if dose.from_previous else (site.day_1 + step for step in dose.steps)
    taken = {day for day in nominal if not site.closed.is_closed(day)}
    rows = []
    for index, step in enumerate(dose.steps):
        counted = rows[-1].planned + step - dose.steps[index - 1] if dose.from_previous and rows else site.day_1 + step
        rows.append(_lived(_row(dose, index, counted, site, order, taken=taken), life))
        taken.add(rows[-1].planned)
    if dose.missed == "add at the end" and len(dose.steps) > 1:
        _make_up(dose, rows, site, order, life)
    return _spaced(dose, rows)


def _row(
    dose: DosePlan, index: int, nominal: date, site: Site, order: Order, *, taken: Collection[date] = ()
) -> DoseRow:
    """One administration on its nominal day, or moved or closed as the site's policy says."""
    before, after = dose.windows[index]
    earliest, latest = nominal - before, nominal + after
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
    day = StudyDay.of(nominal, site.day_1) if dose.from_previous else dose.days[index]
    return DoseRow(
        dose.drug,
        index + 1,
        day,
        nominal,
        planned,
        earliest,
        latest,
        state,
        order.amount,
        order.blocked_by,
        reasons,
    )


@dataclass(frozen=True, slots=True)
class _Life:
    """What has become of the doses of one drug.

    Args:
        events: Doses given or missed, by number.
        end: What ended treatment, if anything did.
        holds: Pauses of treatment.
        known_to: The date of the last event; None where nothing has happened.
        stops: From which date a hold was too long, and what that does to the doses after it.
    """

    events: dict[int, Event]
    end: Event | None
    holds: tuple[Hold, ...]
    known_to: date | None
    stops: TooLong | None

    @classmethod
    def of(cls, dose: DosePlan, course: Course) -> _Life:
        return cls(course.doses(dose.drug), course.end, course.holds, course.known_to, too_long(dose, course))

    def on_hold(self, when: date) -> bool:
        return any(hold.covers(when) for hold in self.holds)


@dataclass(frozen=True, slots=True)
class TooLong:
    """A hold that lasted longer than a hold rule allows.

    Args:
        since: The first day of the hold.
        days: The longest hold allowed.
        condition: What the hold must have been for; None where every rule of the drug has a limit, and all are passed.
    """

    since: date
    days: int
    condition: str | None

    @property
    def last_day(self) -> date:
        """The last day on which the hold was not too long."""
        return self.since + timedelta(days=self.days)

    def __str__(self) -> str:
        words = f"on hold for more than {self.days} days since {self.since}"
        return words if self.condition is None else f"{words}: treatment stops if it was for {self.condition}"


def too_long(dose: DosePlan, course: Course) -> TooLong | None:
    """The hold that has lasted longer than the drug's hold rules allow.

    Which rule a hold was for is not known from the course. So treatment has certainly stopped only where every rule
    has a limit and the longest is passed; a hold beyond the limit of some rules is said, and a person judges.
    """
    perhaps: TooLong | None = None
    for hold in course.holds:
        until = hold.restarted or course.known_to
        assert until is not None  # a hold is an event
        passed = [rule for rule in dose.hold_limits if rule[0] is not None and (until - hold.first).days > rule[0]]
        days = [limit for limit, _ in passed if limit is not None]
        if passed and len(passed) == len(dose.hold_limits):
            return TooLong(hold.first, max(days), None)
        if passed and perhaps is None:
            perhaps = TooLong(hold.first, min(days), " or ".join(condition for _, condition in passed))
    return perhaps


def _lived(row: DoseRow, life: _Life) -> DoseRow:
    """A dose after what has happened: given, missed, held, cancelled, or past without a word about it."""
    event = life.events.get(row.number)
    if event is not None:
        return _happened(row, event, life)
    if life.end is not None and row.planned >= life.end.when:
        return row._replace(state="cancelled", reasons=(f"{life.end.kind} {life.end.when}",))
    if life.stops is not None and row.planned > life.stops.last_day:
        if life.stops.condition is None:
            return row._replace(state="cancelled", reasons=(str(life.stops),))
        row = row._replace(reasons=(*row.reasons, f"after a hold of more than {life.stops.days} days"))
    if life.on_hold(row.planned):
        return row._replace(state="held", reasons=("treatment is on hold",))
    if row.state == "planned" and life.known_to is not None and row.planned < life.known_to:
        return row._replace(state="not recorded")
    return row


def _happened(row: DoseRow, event: Event, life: _Life) -> DoseRow:
    """A dose that was given, on the day it was; one that was missed stays on the day it was planned for.

    Raises:
        InputError: it was more than a year from its day.
    """
    if abs((event.when - row.nominal).days) > LONGEST_DELAY:
        raise InputError(
            f"{event.what} on {event.when} is more than a year from its planned day, {row.nominal}",
            hint="Check the year.",
        )
    own = (event.reason,) if event.reason else ()
    if event.kind is Happening.MISSED:
        when = () if event.when == row.planned else (f"recorded {event.when}",)
        return row._replace(state="missed", reasons=(*own, *when))
    reasons = _off_window(row, event.when)
    if life.on_hold(event.when):
        reasons = (*reasons, "given while treatment was on hold")
    if life.stops is not None and event.when > life.stops.last_day:
        reasons = (*reasons, f"after a hold of more than {life.stops.days} days")
    return row._replace(state="given", planned=event.when, reasons=reasons)


def _off_window(row: DoseRow, when: date) -> tuple[str, ...]:
    if row.earliest <= when <= row.latest:
        return ()
    days = (when - row.latest).days if when > row.latest else (row.earliest - when).days
    return (f"{days} day{'s' * (days != 1)} {'after' if when > row.latest else 'before'} the window",)


def _make_up(dose: DosePlan, rows: list[DoseRow], site: Site, order: Order, life: _Life) -> None:
    """Adds one more dose at the end for each that was missed, a make-up dose that is missed too among them."""
    last = len(dose.steps) - 1
    step = dose.steps[last] - dose.steps[last - 1]
    while len(rows) - len(dose.steps) < sum(row.state == "missed" for row in rows):
        nominal = (rows[-1].planned if dose.from_previous else rows[-1].nominal) + step
        row = _row(dose, last, nominal, site, order, taken={row.planned for row in rows})
        row = row._replace(
            number=len(rows) + 1,
            day=StudyDay.of(nominal, site.day_1),
            reasons=("in place of a missed dose", *row.reasons),
        )
        rows.append(_lived(row, life))


def _spaced(dose: DosePlan, rows: list[DoseRow]) -> list[DoseRow]:
    """Marks each dose that comes too soon after the one before it; two on one day always do.

    A dose that was given stays given and says so. One that is still planned is in conflict: it cannot be given on
    that day, and a person decides whether it is given on another or left out.
    """
    found: list[DoseRow] = []
    previous: date | None = None
    for row in sorted(rows, key=lambda row: (row.planned, row.state != "given", row.number)):
        if row.state in ("planned", "given"):
            why = None if previous is None else _too_soon(dose, row, (row.planned - previous).days)
            if why is not None:
                state = "given" if row.state == "given" else "conflict"
                row = row._replace(state=state, reasons=(*row.reasons, why))
            if row.state != "conflict":
                previous = row.planned
        found.append(row)
    return sorted(found, key=lambda row: row.number)


def _too_soon(dose: DosePlan, row: DoseRow, days: int) -> str | None:
    if days == 0:
        return "another dose is on this day; never two on one day"
    number = dose.days[min(row.number, len(dose.days)) - 1].number
    rule = dose.spacing.rule_for(number) if dose.spacing is not None else None
    if rule is None or days >= rule.least_days:
        return None
    return f"less than {rule.at_least} after the dose before"
