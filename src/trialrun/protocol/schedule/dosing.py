"""Which days a drug is given on, within which windows, and how much each time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from trialrun.protocol.days import MAX_DAYS, DayList
from trialrun.protocol.model import Drug, Protocol
from trialrun.protocol.references import window_days
from trialrun.protocol.timing import FromAnchor, OnDay
from trialrun.protocol.windows import NO_WINDOW, Spacing
from trialrun.vocabulary.body import BodySize, body_surface_area, exact
from trialrun.vocabulary.calendar import DayOffset, StudyDay
from trialrun.vocabulary.dose import Amount, Basis

HEIGHT_AND_WEIGHT = "height and weight"
"""What blocks an amount that depends on a body nobody has measured."""

HORIZON = StudyDay(183)
"""How far dosing without an end is shown where no visit reaches further: 26 weeks."""


@dataclass(frozen=True, slots=True)
class DosePlan:
    """The dosing days of one drug, ready to be laid on a calendar.

    Args:
        drug: The drug's key.
        offsets: Whole days from day 1, rising.
        days: The same as study days.
        steps: The same as spans of time.
        windows: Days before and after each of them.
        spacing: The least time between two doses, if any is stated.
        missed: What happens to a missed dose.
        from_previous: Whether each dose is counted from the one before it, and so drifts with the actual dates.
        crowded: Whether the days themselves are closer than the spacing allows, before anything has moved.
        hold_limits: For each hold rule how many days it may last, None where it does not say; with its condition.
        notes: What a reader must know, such as where an open series was cut.
    """

    drug: str
    offsets: tuple[int, ...]
    days: tuple[StudyDay, ...]
    steps: tuple[timedelta, ...]
    windows: tuple[tuple[timedelta, timedelta], ...]
    spacing: Spacing | None
    missed: str
    from_previous: bool = False
    crowded: bool = False
    hold_limits: tuple[tuple[int | None, str], ...] = ()
    notes: tuple[str, ...] = ()


def dose_plans(protocol: Protocol, drugs: Mapping[str, Drug]) -> Iterator[DosePlan]:
    """The plans of all drugs whose days are stated."""
    for key, drug in drugs.items():
        if drug.days is None:
            continue
        numbers, notes = dosing_days(protocol, drug)
        days = tuple(StudyDay(number) for number in numbers)
        if drug.times_a_day > 1:
            notes = (*notes, f"{drug.name}: {drug.times_a_day} times on each dosing day.")
        yield DosePlan(
            key,
            tuple(day.offset.days for day in days),
            days,
            tuple(timedelta(days=day.offset.days) for day in days),
            _windows(drug, numbers),
            drug.spacing,
            drug.missed,
            drug.counted_from == "previous dose",
            _crowded(days, drug.spacing),
            tuple((rule.longest_days, rule.condition) for rule in drug.hold),
            tuple(notes),
        )


def dosing_days(protocol: Protocol, drug: Drug) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The day numbers a drug is given on, and what to say of them.

    An open series or open cycles are played out up to the last visit, or 26 weeks where no visit says more.
    """
    assert drug.days is not None
    last = _last_day(protocol)
    if drug.cycle is not None:
        return _cycle_days(drug, drug.days, last)
    if drug.days.open_series is None:
        return drug.days.numbers, ()
    return drug.days.until(last)[:MAX_DAYS], (f"{drug.name}: goes on until treatment stops; shown to day {last}.",)


@dataclass(frozen=True, slots=True)
class Order:
    """What is given each time, or what stands in the way of it.

    Args:
        amount: The dose times the body size where it depends on one, at most the cap, rounded to the step, halves
            up; None while anything blocks it.
        blocked_by: Ids of open rows of the decisions, and what is missing.
        proposed: The amount that would be given if everything open were decided as proposed.
    """

    amount: Amount | None
    blocked_by: tuple[str, ...]
    proposed: Amount | None


def dose_order(drug: Drug, body: BodySize | None, undecided: tuple[str, ...]) -> Order:
    """What to give each time of one drug; nothing while a row of the decisions blocks dose orders."""
    missing = _missing(drug, body)
    proposed = None if missing else _computed(drug, body)
    blocked = (*undecided, *missing)
    return Order(None if blocked else proposed, blocked, proposed)


def _missing(drug: Drug, body: BodySize | None) -> tuple[str, ...]:
    """What an amount needs and nobody has said."""
    if drug.dose is None:
        return ("dose not stated",)
    if drug.dose.basis is Basis.FLAT:
        return ()
    missing = () if body is not None else (HEIGHT_AND_WEIGHT,)
    if drug.dose.basis is Basis.PER_M2 and drug.body_size.formula is None:
        missing = (*missing, "body size formula")
    return missing


def _computed(drug: Drug, body: BodySize | None) -> Amount:
    assert drug.dose is not None
    amount = drug.dose.amount
    if drug.dose.basis is Basis.FLAT:
        return _finished(drug, amount)
    assert body is not None
    return _finished(drug, Amount(amount.value * _size(drug, body), amount.unit))


def _size(drug: Drug, body: BodySize) -> Decimal:
    assert drug.dose is not None
    if drug.dose.basis is Basis.PER_KG:
        return exact(body.weight_kg)
    assert drug.body_size.formula is not None
    return exact(body_surface_area(body, drug.body_size.formula))


def _finished(drug: Drug, amount: Amount) -> Amount:
    """At most the cap, then rounded; a rounded dose never exceeds the cap."""
    capped = amount
    if drug.cap is not None and amount.value > drug.cap.to(amount.unit).value:
        capped = drug.cap.to(amount.unit)
    if drug.round_to is None:
        return capped
    rounded = capped.rounded_to(drug.round_to)
    if drug.cap is not None and rounded.value > drug.cap.to(amount.unit).value:
        return Amount(rounded.value - drug.round_to.to(amount.unit).value, amount.unit)
    return rounded


def _crowded(days: tuple[StudyDay, ...], spacing: Spacing | None) -> bool:
    pairs = ((later.offset.days - earlier.offset.days, later.number) for earlier, later in itertools.pairwise(days))
    rules = ((gap, spacing.rule_for(number)) for gap, number in pairs) if spacing is not None else ()
    return any(rule is not None and gap < rule.least_days for gap, rule in rules)


def _windows(drug: Drug, numbers: tuple[int, ...]) -> tuple[tuple[timedelta, timedelta], ...]:
    rules = [(window_days(words), window) for words, window in drug.window.items()]
    found = []
    for number in numbers:
        window = next((window for days, window in rules if days is None or number in days.numbers), NO_WINDOW)
        found.append((timedelta(days=window.before), timedelta(days=window.after)))
    return tuple(found)


def _cycle_days(drug: Drug, days: DayList, last: StudyDay) -> tuple[tuple[int, ...], tuple[str, ...]]:
    assert drug.cycle is not None
    length = drug.cycle.whole_days
    assert length  # loading refuses cycles that are not counted in days
    notes: tuple[str, ...] = ()
    count = drug.cycles
    if count is None:
        count = max(1, last.offset.days // length + 1)
        notes = (f"{drug.name}: cycles go on until treatment stops; {count} are shown.",)
    numbers = tuple(start * length + number for start in range(count) for number in days.numbers)
    return tuple(number for number in numbers if number <= 36_000)[:MAX_DAYS], notes


def _last_day(protocol: Protocol) -> StudyDay:
    """The last day any visit names; 26 weeks where none reaches beyond the first day."""
    found = [
        (timing.when.last or timing.when.day).offset.days
        for timing in protocol.visits.values()
        if isinstance(timing.when, OnDay)
    ]
    found += [
        int(timing.when.duration.typical_days)
        for timing in protocol.visits.values()
        if isinstance(timing.when, FromAnchor) and timing.when.direction == 1
    ]
    furthest = max(found, default=0)
    return DayOffset(furthest).day if furthest > 0 else HORIZON
