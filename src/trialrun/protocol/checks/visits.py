"""Checks of the schedule: visits, windows, follow-up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from trialrun.protocol.checks.findings import Case, Check, Remark, Severity
from trialrun.protocol.model import Criterion
from trialrun.protocol.prose.durations import find_durations
from trialrun.protocol.prose.timeframes import read_time_frame
from trialrun.protocol.schedule.planner import Planner
from trialrun.protocol.schedule.rows import VisitRow
from trialrun.protocol.timing import FromAnchor, OnDay
from trialrun.registry.reading import unescape
from trialrun.vocabulary.calendar import StudyDay, add_months

# Starts over two years: months differ in length, so a bound in months is judged on several of them.
_STARTS = tuple(date(2025, 1, 6) + timedelta(days=7 * 5 * step) for step in range(21))


def l01(case: Case) -> Iterator[Remark]:
    """A window that reaches into the window of the next visit."""
    fixed = [
        (name, timing.when.day.offset.days, (timing.when.last or timing.when.day).offset.days, timing.window)
        for name, timing in case.protocol.visits.items()
        if isinstance(timing.when, OnDay)
    ]
    for (name, _, last, window), (after, first, _, its) in pairwise(sorted(fixed, key=lambda item: item[1])):
        if last + window.after >= first - its.before and last < first:
            message = f"the window of '{name}' reaches into the window of '{after}'"
            yield Remark(("visits", name), message, hint="Narrow one of the two windows.")


def l02(case: Case) -> Iterator[Remark]:
    """A visit whose nominal day is not allowed, or that has no allowed day at all."""
    empty: dict[str, int] = {}
    outside: dict[str, int] = {}
    for rows in _plans(case):
        for row in rows:
            empty[row.name] = empty.get(row.name, 0) + _has(row, "no day is allowed")
            outside[row.name] = outside.get(row.name, 0) + _has(row, "the nominal day is not allowed")
    for name, count in empty.items():
        if count:
            message = f"'{name}' has no allowed day for {count} of {len(_STARTS)} start dates"
            yield Remark(("visits", name), message, hint="Widen the window, or loosen 'not before'.")
        elif outside[name]:
            message = f"the nominal day of '{name}' is before its earliest allowed day ({outside[name]} of {len(_STARTS)} starts)"
            yield Remark(("visits", name), message, hint="Show participants the allowed range, or move the visit.")


def l09(case: Case) -> Iterator[Remark]:
    """An activity that no form records."""
    recorded = {activity for form in case.protocol.forms.values() for activity in form.records}
    if not case.protocol.forms:
        return
    for activity in case.protocol.activities:
        if activity not in recorded:
            yield Remark(
                ("activities", activity), f"no form records '{activity}'", hint="Name it under 'records' of a form."
            )


def l10(case: Case) -> Iterator[Remark]:
    """A visit at which nothing is done."""
    used = {name for where in case.protocol.activities.values() for name in where.names}
    for name, timing in case.protocol.visits.items():
        if name not in used and isinstance(timing.when, OnDay | FromAnchor) and not _covered(case, name):
            yield Remark(
                ("visits", name), f"nothing is done at '{name}'", hint="Name it in 'activities', or take it out."
            )


def l11(case: Case) -> Iterator[Remark]:
    """Visits listed in another order than that of their days."""
    fixed = [(name, t.when.day) for name, t in case.protocol.visits.items() if isinstance(t.when, OnDay)]
    for (name, day), (after, later) in pairwise(fixed):
        if later < day:
            message = f"'{after}' (day {later}) stands behind '{name}' (day {day})"
            yield Remark(("visits", after), message, hint="List visits in the order of their days.")


def l12(case: Case) -> Iterator[Remark]:
    """A registered time frame that reaches beyond the last visit."""
    last = _last_offset(case)
    for key, endpoint in case.protocol.objectives.endpoints.items():
        frame = read_time_frame(unescape(endpoint.time_frame or ""))
        for moment in frame.moments[-1:]:
            days = moment.duration.typical_days
            if last is not None and days > last + 4:
                path = ("objectives", "endpoints", key, "time frame")
                message = f"{key} is measured up to {moment}, but the last visit is on day {last + 1}"
                yield Remark(path, message, hint="Add a visit at the end of the time frame.")


def l13(case: Case) -> Iterator[Remark]:
    """Follow-up in words that ends on another day than the visit planned for it."""
    says, last = _follow_up(case), _last_fixed(case)
    if says is None or last is None:
        return
    words, path = says
    name, day = last
    for found in find_durations(words):
        if found.then != "after" or found.duration.whole_months is None:
            continue
        ends = {(_after_last_dose(case, start, found.duration.whole_months), start) for start in _STARTS}
        days = sorted(StudyDay.of(end, start).number for end, start in ends if end is not None)
        if days and not days[0] <= day.number <= days[-1] and abs(days[0] - day.number) <= 60:
            span = f"day {days[0]}" if days[0] == days[-1] else f"day {days[0]} to {days[-1]}"
            message = f"follow-up ends '{found.text} after treatment', {span}; '{name}' is on day {day}"
            yield Remark(path, message, (words, f"{name}, day {day}"), "Decide whether one visit meets both.")
            return


def l15(case: Case) -> Iterator[Remark]:
    """A visit called by a week that is not on that week's day."""
    for name, timing in case.protocol.visits.items():
        match = re.fullmatch(r"week (\d{1,4})", name)
        if match is None or not isinstance(timing.when, OnDay) or int(match[1]) == 0:
            continue
        wanted = case.protocol.calendar.day_of_week(int(match[1]))
        if timing.when.day != wanted:
            message = f"'{name}' is on day {timing.when.day}; by 'week n' of the calendar it is day {wanted}"
            yield Remark(("visits", name), message, hint="Use one convention for all weeks.")


def l16(case: Case) -> Iterator[Remark]:
    """A screening window too short for a washout that begins at screening."""
    screening = case.protocol.visits.get("screening")
    if screening is None or not isinstance(screening.when, OnDay):
        return
    reach = -screening.when.day.offset.days
    for key, criterion in _all_criteria(case):
        if not re.search(r"wash-?out|elution|discontinu|stop", criterion.says, re.IGNORECASE):
            continue
        parts = " ".join(part.says for part in _walk(criterion))
        longest = max(find_durations(parts), key=lambda found: found.duration.typical_days, default=None)
        if longest is not None and longest.duration.typical_days > reach:
            path = ("eligibility", "include" if key.startswith("I") else "exclude", key)
            message = f"{key} asks for up to {longest.duration} of washout; screening begins {reach} days before day 1"
            yield Remark(path, message, hint="A participant who stops at screening cannot be in time.")
            return


def _plans(case: Case) -> Iterator[tuple[VisitRow, ...]]:
    arm = next(iter(case.protocol.arms), None)
    planner = Planner(case.protocol, arm)
    for start in _STARTS:
        yield planner.plan(start).visits


def _has(row: VisitRow, words: str) -> int:
    return any(reason.startswith(words) for reason in row.reasons)


def _covered(case: Case, name: str) -> bool:
    """Whether a span such as `every contact A..B` covers a visit."""
    return any(where.spans for where in case.protocol.activities.values()) and name in case.protocol.visits


def _last_fixed(case: Case) -> tuple[str, StudyDay] | None:
    fixed = [
        (name, timing.when.last or timing.when.day)
        for name, timing in case.protocol.visits.items()
        if isinstance(timing.when, OnDay)
    ]
    return max(fixed, key=lambda item: item[1], default=None)


def _last_offset(case: Case) -> int | None:
    """The last allowed offset of any visit."""
    reach = [
        (t.when.last or t.when.day).offset.days + t.window.after
        if isinstance(t.when, OnDay)
        else round(t.when.duration.typical_days) + t.window.after
        for t in case.protocol.visits.values()
        if isinstance(t.when, OnDay | FromAnchor)
    ]
    return max(reach, default=None)


def _follow_up(case: Case) -> tuple[str, tuple[str, ...]] | None:
    """The words about follow-up: in the file, else in the record."""
    if case.protocol.follow_up.says:
        return case.protocol.follow_up.says, ("follow-up", "says")
    text = unescape((case.record.description.detailed_description or "") if case.record else "")
    match = re.search(r"[^.]*\bfollowed? ?-?up\b[^.]*\.", text, re.IGNORECASE)
    return (match[0].strip(), ()) if match else None


def _after_last_dose(case: Case, start: date, months: int) -> date | None:

    planner = Planner(case.protocol, next(iter(case.protocol.arms), None))
    last = max((plan.offsets[-1] for plan in planner.plans if plan.offsets), default=None)
    return None if last is None else add_months(start + timedelta(days=last), months)


def _all_criteria(case: Case) -> Iterator[tuple[str, Criterion]]:
    rules = case.protocol.eligibility
    yield from rules.include.items()
    yield from rules.exclude.items()
    yield from rules.other.items()


def _walk(criterion: Criterion) -> Iterator[Criterion]:
    yield criterion
    for part in criterion.parts.values():
        yield from _walk(part)


CHECKS = (
    Check(
        "L01",
        "The windows of two visits overlap",
        Severity.WARNING,
        "A contact on a day that belongs to two visits can be counted for either, and data land in the wrong one.",
        l01,
        fails="visits:\n  week 5: day 36, window -5..+3\n",
        passes="visits:\n  week 5: day 36, window -3..+3\n",
    ),
    Check(
        "L02",
        "A visit has no allowed day, or its nominal day is not allowed",
        Severity.WARNING,
        "`not before` can push the allowed range past the nominal day or past the window. The coordinator then books a day "
        "the protocol forbids, or finds none.",
        l02,
        fails="visits:\n  week 12: day 85, window -3..+3, not before last dose + 1 month\n",
        passes="visits:\n  week 12: day 85, window -3..+7, not before last dose + 1 day\n",
    ),
    Check(
        "L09",
        "An activity that no form records",
        Severity.WARNING,
        "What is done but written nowhere is lost.",
        l09,
        fails="activities:\n  blood pressure: baseline\n",
        passes=(
            "activities:\n  blood pressure: baseline\nforms:\n  vitals:\n    records: blood pressure\n    items:\n"
            "      systolic: number 60..260 mm[Hg]\n"
        ),
    ),
    Check(
        "L10",
        "A visit at which nothing is done",
        Severity.WARNING,
        "Participants travel for nothing, or an activity was forgotten.",
        l10,
        fails="visits:\n  week 8: day 57\n",
        passes="visits:\n  week 8: day 57\nactivities:\n  blood count: screening, baseline, week 4, week 8, week 12\n",
    ),
    Check(
        "L11",
        "Visits stand in another order than their days",
        Severity.WARNING,
        "Grids and calendars follow the file's order; a visit out of order is overlooked or its day is a slip.",
        l11,
        fails="visits:\n  week 2: day 15\nactivities:\n  blood count: screening, baseline, week 2\n",
        passes="visits:\n  week 16: day 113\nactivities:\n  blood count: screening, baseline, week 16\n",
    ),
    Check(
        "L12",
        "An outcome is measured after the last visit",
        Severity.ERROR,
        "A registered time frame that no visit reaches cannot be reported.",
        l12,
        fails="objectives:\n  endpoints:\n    P1:\n      time frame: weeks 12 and 24\n",
        passes="objectives:\n  endpoints:\n    P1:\n      time frame: week 12\n",
    ),
    Check(
        "L13",
        "Follow-up in words and the last visit differ",
        Severity.CONFLICT,
        "'Three months after treatment' and 'week 24' look alike and are days apart; consent and calendar then promise "
        "different things.",
        l13,
        fails="follow-up:\n  says: Participants are followed up for 1 month after treatment.\n",
        passes="follow-up:\n  says: Participants are followed up for 1 month after treatment.\nvisits:\n  week 16: day 109\n",
    ),
    Check(
        "L15",
        "A week is not on its day",
        Severity.WARNING,
        "Week 12 is day 84 for some and day 85 for others. One file uses one convention.",
        l15,
        fails="visits:\n  week 12: day 84, window -3..+3\n",
        passes="visits:\n  week 12: day 85, window -3..+3\n",
    ),
    Check(
        "L16",
        "Screening is shorter than a washout",
        Severity.WARNING,
        "A participant who must stop a drug at screening cannot wash it out before day 1.",
        l16,
        fails="eligibility:\n  exclude:\n    E2:\n      says: Rituximab must be stopped 6 months before day 1\n",
        passes="eligibility:\n  exclude:\n    E2:\n      says: Ibuprofen must be stopped 2 weeks before day 1\n",
    ),
)
