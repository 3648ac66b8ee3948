"""One participant's doses and visits: a pure function of the protocol and what has happened so far.

Three things are kept apart: the *nominal* day the protocol names, the *allowed* range around it, and the date it
is *planned* for (or happened on). Windows are inclusive whole days, narrowed by `not before`; a bound that hangs
on an anchor uses the actual anchor once it exists and the planned one before.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NoReturn

from trialrun.errors import InputError
from trialrun.protocol.model import Drug, Protocol
from trialrun.protocol.schedule.course import NOTHING_YET, Course, Event, Happening
from trialrun.protocol.schedule.doses import dose_rows, too_long
from trialrun.protocol.schedule.dosing import DosePlan, Order, dose_order, dose_plans
from trialrun.protocol.schedule.rows import DoseRow, Schedule, Site, VisitRow
from trialrun.protocol.schedule.visits import after_course, anchors_of, unscheduled_visit, visit_order, visit_row
from trialrun.protocol.timing import FromAnchor, OnDay
from trialrun.vocabulary.body import BodySize
from trialrun.vocabulary.calendar import LONGEST_STUDY, weekday_name
from trialrun.vocabulary.closed_days import ClosedDays, closed_days

_FIRST_YEAR, _LAST_YEAR = 1900, 9000


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
        self.blocked = _open_rows(protocol, "dose orders")
        self._visit_rows = {name: _open_rows(protocol, name) for name in protocol.visits}
        self.assumes = tuple(
            key
            for key, row in protocol.decisions.items()
            if row.is_open
            and not key.startswith("C")
            and any(name in ("calendar", "dose orders", *protocol.visits) for name in row.blocks)
        )
        self._anchors = _dosed_on_day_1(protocol, self.plans)
        self._order = visit_order(protocol.visits)
        self._reach = max([_reach(plan) for plan in self.plans] + [_last_offset(protocol), 0])
        self._back = -min(0, _first_offset(protocol))
        self._orders: dict[BodySize | None, dict[str, Order]] = {}
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
        self._check_course(day_1, course)
        policies = self.protocol.calendar.when_closed
        site = Site(day_1, self._closed_from(day_1, course), policies.dose, policies.visit)
        orders = self._orders_for(body)
        doses = self._doses(site, course, orders)
        visits = self._visits(site, course, doses)
        unsure = _years(doses, visits).intersection(site.closed.unannounced) if site.closed.unannounced else set()
        notes = self._notes(site, course, unsure)
        if course.events:
            notes = (*notes, *self._notes_of_course(course, doses))
        proposed = {drug: order.proposed for drug, order in orders.items() if order.proposed is not None}
        return Schedule(
            day_1, tuple(doses), tuple(visits), notes, self.assumes, proposed, frozenset(unsure), course.known_to
        )

    def _check_course(self, day_1: date, course: Course) -> None:
        """Refuses a course that day 1 contradicts."""
        far = next((event.when for event in course.events if abs((event.when - day_1).days) > LONGEST_STUDY), None)
        if far is not None:
            raise InputError(f"{far} is more than forty years from day 1 ({day_1})", hint="Check the year.")
        if not self.protocol.calendar.day_1.casefold().startswith("first dose"):
            return
        given = course.of(Happening.GIVEN)
        if given and given[0].when < day_1:
            self._refuse_day_1(day_1, given[0])
        for plan in self._anchors:
            first = course.doses(plan.drug).get(1)
            if first is not None and first.kind is Happening.GIVEN and first.when != day_1:
                self._refuse_day_1(day_1, first)

    def _refuse_day_1(self, day_1: date, first: Event) -> NoReturn:
        words = self.protocol.calendar.day_1
        raise InputError(
            f"day 1 is the {words}, and {first.what} was given on {first.when}, not on {day_1}",
            hint=f"Write: --start {first.when}",
        )

    def _closed_from(self, day_1: date, course: Course) -> ClosedDays:
        # A late course moves what hangs on its last dose, so the calendar reaches as far beyond its last event.
        latest = max([day_1, *(event.when for event in course.events[-1:])])
        key = ((day_1 - timedelta(days=self._back)).year, (latest + timedelta(days=self._reach + 60)).year)
        if key not in self._closed:
            calendar = self.protocol.calendar
            self._closed[key] = closed_days(calendar.closed_days, calendar.holidays, range(key[0], key[1] + 1))
        return self._closed[key]

    def _orders_for(self, body: BodySize | None) -> dict[str, Order]:
        if body not in self._orders:
            self._orders[body] = {key: dose_order(drug, body, self.blocked) for key, drug in self.drugs.items()}
        return self._orders[body]

    def _doses(self, site: Site, course: Course, orders: dict[str, Order]) -> list[DoseRow]:
        rows: list[DoseRow] = []
        for plan in self.plans:
            rows += dose_rows(plan, site, orders[plan.drug], course)
        return rows

    def _visits(self, site: Site, course: Course, doses: list[DoseRow]) -> list[VisitRow]:
        anchors = anchors_of(site.day_1, course, doses)
        found: dict[str, VisitRow] = {}
        for name in self._order:
            row = visit_row(name, self.protocol.visits[name], site, anchors)
            row = after_course(row, course, self.protocol.visits[name], site)
            if self._visit_rows[name]:
                row = row._replace(blocked_by=self._visit_rows[name])
            found[name] = row
            if row.planned is not None:
                anchors[name] = (row.planned, row.state == "done")
        rows = [found[name] for name in self.protocol.visits]
        rows += [unscheduled_visit(event) for event in course.of(Happening.UNSCHEDULED)]
        return sorted(rows, key=lambda row: row.planned or date.max)

    def _notes(self, site: Site, course: Course, years: set[int]) -> tuple[str, ...]:
        calendar, day_1, closed = self.protocol.calendar, site.day_1, site.closed
        notes: list[str] = []
        if calendar.start_on and weekday_name(day_1) not in calendar.start_on:
            wanted = " or ".join(calendar.start_on)
            notes.append(f"Day 1 is a {weekday_name(day_1)}; the protocol says {wanted}.")
        if closed.is_closed(day_1):
            notes.append(f"Day 1 is a closed day ({closed.why(day_1)}).")
        if not calendar.closed_days and not calendar.holidays:
            notes.append("The protocol states no closed days and no holidays: days may fall on any day of the week.")
        notes += closed.remarks(years)
        notes += [note for plan in self.plans for note in plan.notes]
        notes += [f"{drug.name}: no dosing days are stated." for drug in self.drugs.values() if drug.days is None]
        if course.first(Happening.ENROLLED) is None:
            notes.append("Consent and enrolment are projected from the planned visits until they have happened.")
        return tuple(notes)

    def _notes_of_course(self, course: Course, doses: list[DoseRow]) -> list[str]:
        notes: list[str] = []
        unknown = sum(row.state == "not recorded" for row in doses)
        if unknown:
            were = "1 dose is" if unknown == 1 else f"{unknown} doses are"
            notes.append(
                f"{were} past ({course.known_to} is the last date known) and not recorded: write whether they were "
                "given or missed. Until then any of them may have been the last dose."
            )
        late = {drug.drug: found for drug in self.plans if (found := too_long(drug, course)) is not None}
        notes += [f"{self.drugs[drug].name}: {found}." for drug, found in late.items()]
        if any(found.condition is None for found in late.values()) and course.end is None:
            notes.append("Write 'stopped treatment' into the course, or the date treatment went on.")
        return notes


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


def _open_rows(protocol: Protocol, blocked: str) -> tuple[str, ...]:
    """Ids of the conflicts, questions and assumptions that nobody has decided and that block something."""
    return tuple(key for key, row in protocol.decisions.items() if row.is_open and blocked in row.blocks)


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


def _dosed_on_day_1(protocol: Protocol, plans: tuple[DosePlan, ...]) -> tuple[DosePlan, ...]:
    """The drugs whose first dose makes day 1: the one the file names (`first dose of X`), or the only one of day 1."""
    named = protocol.calendar.day_1.casefold().removeprefix("first dose of ")
    first = [plan for plan in plans if plan.offsets[:1] == (0,)]
    own = [plan for plan in first if named in (plan.drug.casefold(), protocol.drugs[plan.drug].name.casefold())]
    return tuple(own or (first if len(first) == 1 else ()))


def _years(doses: list[DoseRow], visits: list[VisitRow]) -> set[int]:
    """The years in which a plan has days."""
    allowed = {day.year for row in visits for day in (row.planned, row.earliest, row.latest) if day is not None}
    return allowed | {row.planned.year for row in doses}


def _reach(plan: DosePlan) -> int:
    """How far from day 1 the doses may lie; each that is counted from a moved one before it drifts further."""
    drift = sum(after.days for _, after in plan.windows) if plan.from_previous else 0
    return max(plan.offsets, default=0) + min(drift, LONGEST_STUDY)


def _first_offset(protocol: Protocol) -> int:
    found = [0]
    for timing in protocol.visits.values():
        if isinstance(timing.when, OnDay):
            found.append(timing.when.day.offset.days - timing.window.before)
        elif isinstance(timing.when, FromAnchor) and timing.when.direction == -1:
            found.append(-int(timing.when.duration.typical_days) - 1 - timing.window.before)
    return min(found)


def _last_offset(protocol: Protocol) -> int:
    found = [0]
    for timing in protocol.visits.values():
        if isinstance(timing.when, OnDay):
            found.append((timing.when.last or timing.when.day).offset.days + timing.window.after)
        elif isinstance(timing.when, FromAnchor):
            found.append(int(timing.when.duration.typical_days) + timing.window.after)
    return max(found)
