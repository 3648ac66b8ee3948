"""What *every completion* of a record means: the ways in which what is missing or partial in it may turn out.

A verdict of met or not met is sound when each of these leaves it as it is:

* a date known to the year or the month becomes any day of it, also a day after the screening date, which sets the row
  aside; a row without a date becomes one of any day, but an allergy without a date is one the person has, so its day is
  not after the screening date;
* an end that is not stated becomes any day from the start on. An end that lies before its start is a slip and counts as
  not stated; a row that is active and has no end goes on, and that is no gap;
* an end never comes before its start, whichever of the two was filled;
* a value, unit, time, limit of normal, dose, unit of a dose, times a day or route that is not stated becomes any that the
  field can hold. A dose or number of times a day that is not above zero is none, and counts as not stated, as do a route
  and a unit nobody understands;
* a value with a sign (`< 5`) becomes a number that fits it, above zero where one does, and that differs from 5 within
  nine digits; a level that may be one of several becomes one of them;
* a question nobody answered, or answered with "I do not know", is answered;
* a birth date becomes a day of its year or month, up to the earliest anchor; a sex that is not recorded, or recorded as
  other, becomes female or male.

What a row *is* (its codes and words) and its status are not filled in, no row is added (that nothing is recorded is judged
by the rule's missing policy), and rows that differ stay different: only entries equal in every field are one fact.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, time, timedelta

from hypothesis import strategies as st

from tests.generative.criteria_strategies import LEVELS, UNITS
from tests.generative.people_strategies import case_of, known_to
from trialrun.criteria.meaning.case import Answered, Case
from trialrun.criteria.meaning.rules import question_ids
from trialrun.patients.person import Event, Person, Sex, Status
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain

_FIRST, _LAST = date(1900, 1, 1), date(2060, 12, 31)
_SIDES = {"<": -1, "<=": -1, ">": 1, ">=": 1}


@st.composite
def _days(draw: st.DrawFn, low: date, high: date, near: date) -> date:
    """A day between two, often one of the two or close to the screening date."""
    close = [near + timedelta(days=step) for step in (-366, -184, -31, -30, -28, -7, -1, 0, 1, 30)]
    return draw(
        st.one_of(st.sampled_from([low, high, *(day for day in close if low <= day <= high)]), st.dates(low, high))
    )


def _stated(end: PartialDate | None, start: PartialDate | None) -> PartialDate | None:
    """The end, unless it is a slip."""
    return None if end is not None and start is not None and end.last < start.first else end


@st.composite
def dated(draw: st.DrawFn, row: Event, on: date) -> Event:
    """The row with days for its start, its end, or both."""
    start, end = row.start, _stated(row.end, row.start)
    lasting = row.status is Status.ACTIVE and row.end is None
    if draw(st.booleans()):
        latest = end.last if end is not None else _LAST
        if row.domain is Domain.ALLERGY and start is None:
            latest = min(latest, on)
        low, high = (start.first, min(start.last, latest)) if start is not None else (min(_FIRST, latest), latest)
        start = known_to(draw(_days(low, high, on)), "day")
    if not lasting and draw(st.booleans()):
        low = max(start.first if start is not None else _FIRST, end.first if end is not None else _FIRST)
        end = known_to(draw(_days(low, max(low, end.last if end is not None else _LAST), on)), "day")
        if start is not None and start.last > end.last:
            start = known_to(draw(_days(start.first, end.last, on)), "day")
    return replace(row, start=start, end=end if end is not None else row.end)


@st.composite
def measured(draw: st.DrawFn, row: Event) -> Event:
    """The result with its number, unit, time and limits."""
    units = UNITS.get(row.source_text, ())
    value, sign, unit = row.value, row.comparator, row.unit
    if value is None:
        value, sign = draw(st.sampled_from([0.0, 0.5, 1.0, 5.0, 40.0, 75.0, 170.0, 1e6])), ""
    elif sign:
        value, sign = draw(fitting(value, sign)), ""
    if (not unit and "" not in units) or unit == "tablespoons":
        unit = draw(st.sampled_from(units or ("mg",)))
    return replace(
        row,
        value=value,
        comparator=sign,
        unit=unit,
        unit_source=row.unit_source if unit == row.unit else unit,
        time=row.time or draw(st.sampled_from([None, time(7), time(9), time(23)])),
        low=row.low if row.low is not None else draw(st.sampled_from([0.0, 0.5, 20.0])),
        high=row.high if row.high is not None else draw(st.sampled_from([0.0, 1.0, 35.0, 1e6])),
    )


@st.composite
def fitting(draw: st.DrawFn, value: float, sign: str) -> float:
    """A number that a sign allows."""
    if "=" in sign and draw(st.booleans()):
        return value
    step = draw(st.sampled_from([1e-6, 0.1, 0.5, 0.999, 10.0, 1e6]))
    if _SIDES[sign] > 0:
        return value + step * max(abs(value), 1.0)
    return value * (1 - step) if value > 0 and step < 1 else value / 1e6 if value > 0 else value - step


@st.composite
def levelled(draw: st.DrawFn, row: Event) -> Event:
    """The level in words: one of those it may be."""
    levels = LEVELS[row.source_text]
    possible: list[str] = list(levels)
    if row.value_text:
        at = levels.index(row.value_text) if row.value_text in levels else -1
        possible = [levels[at]] if at >= 0 else list(levels[1:]) if "≥" in row.value_text else list(levels[:2])
    elif row.value is not None:
        possible = [level for level in levels if _is_level(levels, level, row)]
    if not possible:
        return row
    return replace(row, value=None, comparator="", value_text=draw(st.sampled_from(possible)))


def _is_level(levels: tuple[str, ...], level: str, row: Event) -> bool:
    """Whether a number with its sign may be this level; Roman levels count from I, the others are their digit."""
    number = levels.index(level) + 1.0 if levels[0] == "I" else float(level[0]) if level[0].isdigit() else None
    assert row.value is not None
    if number is None:
        return True
    return {
        "": number == row.value, "<": number < row.value, "<=": number <= row.value, ">": number > row.value,
        ">=": number >= row.value,
    }[row.comparator]  # fmt: skip


@st.composite
def dosed(draw: st.DrawFn, row: Event) -> Event:
    """The drug with its dose, its unit, how often a day, and its route."""
    return replace(
        row,
        dose=row.dose if row.dose is not None and row.dose > 0 else draw(st.sampled_from([0.001, 5.0, 10.0, 500.0])),
        dose_unit=row.dose_unit or draw(st.sampled_from(["mg", "g", "tablet"])),
        per_day=row.per_day
        if row.per_day is not None and row.per_day > 0
        else draw(st.sampled_from([1.0, 2.0, 1 / 7])),
        route=row.route
        if row.route not in ("", "as told")
        else draw(st.sampled_from(["oral", "intravenous", "topical"])),
    )


@st.composite
def completed_rows(draw: st.DrawFn, row: Event, on: date) -> Event:
    """A row with some or all of its gaps filled."""
    row = draw(dated(row, on))
    if not draw(st.booleans()):
        return row
    if row.domain is Domain.DRUG:
        return draw(dosed(row))
    if row.domain is Domain.MEASUREMENT and row.source_text in LEVELS:
        return draw(levelled(row))
    if row.domain is Domain.MEASUREMENT and row.source_text in UNITS:
        return draw(measured(row))
    if row.domain is Domain.MEASUREMENT and not row.value_text and not row.value_code:
        return replace(row, value_text=draw(st.sampled_from(["Positive", "Negative"])))
    return row


@st.composite
def completions(draw: st.DrawFn, case: Case) -> Case:
    """A case with some or all of its gaps filled."""
    person, on = case.history.person, case.anchors.on
    birth, sex = person.birth, person.sex
    latest = min(on, *case.anchors.dates.values())
    if birth is None or birth.first <= latest:
        low, high = (birth.first, min(birth.last, latest)) if birth is not None else (date(1910, 1, 1), latest)
        birth = draw(st.sampled_from([birth, known_to(draw(_days(low, high, on)), "day")]))
    if sex in (None, Sex.OTHER):
        sex = draw(st.sampled_from([sex, Sex.FEMALE, Sex.MALE]))
    filled: dict[tuple[object, ...], Event] = {}
    for row in person.events:  # two entries of one fact turn out alike
        if fact(row) not in filled:
            filled[fact(row)] = draw(completed_rows(row, on))
    events = tuple(replace(filled[fact(row)], id=row.id, origin=row.origin) for row in person.events)
    answers = dict(case.answers)
    for name in [name for item, rule in case.rules.items() for name in question_ids(rule, item).values()]:
        if name not in answers or answers[name].answer is None:
            answers[name] = Answered(draw(st.booleans()), "N. N.", "2026-11-25")
    return case_of(replace(person, birth=birth, sex=sex, events=events), case.anchors, answers, case.rules)


def facts(person: Person) -> set[tuple[object, ...]]:
    """The different facts of a record: entries equal in all but id and origin are one."""
    return {fact(row) for row in person.events}


_FACTS = [field.name for field in fields(Event) if field.name not in ("id", "origin")]


def fact(row: Event) -> tuple[object, ...]:
    """What a row states."""
    return tuple(getattr(row, name) for name in _FACTS)
