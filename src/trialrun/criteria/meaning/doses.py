"""The amount of drugs a day or a week, on one day or its highest in a window, in milligrams or in an equivalent drug's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf

from trialrun.criteria.interval import ABOVE_ZERO, NOT_NEGATIVE, Interval, exactly
from trialrun.criteria.meaning.case import Case, projected_note, span_or_gap
from trialrun.criteria.meaning.days import EARLIEST, Span, anchor_of
from trialrun.criteria.meaning.finding import Finding, Gap, Reason
from trialrun.criteria.meaning.history import Row, unsure_what
from trialrun.criteria.meaning.taken import Taken, no_more, nothing, surely_any, taken, unsure_stay
from trialrun.criteria.meaning.worlds import World, Worlds, missing
from trialrun.criteria.model import DailyDose, Per
from trialrun.criteria.truth import Truth, all_of, any_of, opposite
from trialrun.vocabulary.dose import unit_kind, unit_of
from trialrun.vocabulary.equivalents import equivalence

_WEEK = timedelta(days=6)
"""From the first of seven days to the last."""


def dose_worlds(value: DailyDose, case: Case) -> Worlds:
    """The amount a day or a week, in mg (of the equivalent drug), at one day, or its highest in a window."""
    asked = span_or_gap(value.window, case)
    if isinstance(asked, Finding):
        return missing(asked.gaps)
    weekly = value.per is Per.WEEK
    span = Span(max(EARLIEST, asked.low - _WEEK), asked.high) if weekly else asked
    rows = [(row, truth) for row, truth in taken(value.drugs, case) if span.overlaps(row.start, row.end) is not False]
    notes = projected_note(anchor_of(value.window), case)
    if not rows:
        none = nothing(value, span, case)
        if none.truth is None:
            return Worlds((World(None, gaps=none.gaps),), none.considered, (), notes)
        return Worlds((World(exactly(0.0), words="nothing taken"),), (), none.assumed, notes)
    rest = no_more(value, span, case)
    total = _highest(rows, asked, Amounts(value.equivalent, value.per))
    if rest.truth is None:
        total = Interval(total.low, inf, total.low_open)
    gaps = (*dose_gaps(rows, span, value.equivalent), *_loose(rows, value.per), *rest.gaps)
    used = tuple(row for row, _ in rows)
    words = f"{total} mg/{value.per}" + (f" as {value.equivalent}" if value.equivalent else "")
    considered = (*(row.id for row in used), *rest.considered)
    each, assumed = [World(total, used, gaps, words=words)], rest.assumed
    if not surely_any(rows, span):
        none = nothing(value, span, case)
        each += [World(None, used, (*gaps, *none.gaps))] if none.truth is None else []
        assumed = tuple(dict.fromkeys((*assumed, *none.assumed)))
    return Worlds(tuple(each), considered, assumed, notes)


@dataclass(frozen=True, slots=True)
class Amounts:
    """How the amount of a row is counted.

    Args:
        equivalent: The drug in whose milligrams it is counted; empty = its own.
        per: A day, or a week.
        copies: How many of the entries that say the same are counted: none, all, or None where nobody knows.
        averaged: Whether what is not taken every day counts with its average alone.
    """

    equivalent: str = ""
    per: Per = Per.DAY
    copies: bool | None = None
    averaged: bool = False

    def of(self, row: Row) -> Interval:
        """The amount a day or a week that a row states, in mg; above zero where it does not say."""
        milligrams, factor, often = _milligrams(row), _factor(row, self.equivalent), row.event.per_day
        if milligrams is None or factor is None or often is None or often <= 0:
            return ABOVE_ZERO
        average = milligrams * often * factor
        highest = milligrams * factor
        if self.per is Per.WEEK and not is_single(row):
            average *= 7
        if self.per is Per.WEEK or self.averaged or highest < average:
            highest = average
        if not 0 < average <= highest < inf:
            return NOT_NEGATIVE
        most, least = row.copies + 1, row.copies + 1 if self.copies else 1
        return Interval(average * least, highest * (least if self.copies is False else most))


def is_single(row: Row) -> bool:
    """Whether a row is one day's dose and no more."""
    return row.start == row.end and row.start[0] == row.start[1]


def _highest(rows: Sequence[Taken], span: Span, amounts: Amounts) -> Interval:
    """The highest amount on any day of the span.

    The amount changes only where a row begins, so those days and the first day of the span are enough. A row that
    surely touches the span counts with its own amount even where no single day is sure.
    """
    days = {span.low if span.low != EARLIEST else span.high}
    days |= {day for row, _ in rows for day in row.start if span.low <= day <= span.high}
    totals = [_at(day, rows, amounts) for day in days]
    beginning = _beginning_on(span.low, rows)
    own = [
        amounts.of(row)
        for row, truth in rows
        if truth is True
        and span.overlaps(row.start, row.end) is True
        and handed_over(row, span.low, beginning) is False
    ]
    low = max([*totals, *own], key=lambda item: (item.low, item.low_open))
    high = max(totals, key=lambda item: (item.high, not item.high_open))
    highest = max(low.low, high.high)
    return Interval(low.low, highest, low.low_open, high.high_open and highest == high.high)


def _at(day: date, rows: Sequence[Taken], amounts: Amounts) -> Interval:
    """The amount a day on a day; or a week: what lasts as ordered, single days of the seven that end on the day added."""
    if amounts.per is Per.DAY:
        return total_on(day, rows, amounts)
    total = total_on(day, [(row, truth) for row, truth in rows if not is_single(row)], amounts)
    week = Span(day - _WEEK, day)
    for row, truth in rows:
        inside = all_of((truth, week.overlaps(row.start, row.end))) if is_single(row) else False
        if inside is not False:
            total = total.plus(amounts.of(row) if inside is True else _perhaps(amounts.of(row)))
    return total


def total_on(day: date, rows: Sequence[Taken], amounts: Amounts) -> Interval:
    """The amount taken on one day, all rows added; a prescription that hands over that day is no longer counted."""
    total = exactly(0.0)
    beginning = _beginning_on(day, rows)
    for row, truth in rows:
        inside = Span(day, day).overlaps(row.start, row.end)
        active = all_of((truth, inside, opposite(handed_over(row, day, beginning))))
        if active is not False:
            total = total.plus(amounts.of(row) if active is True else _perhaps(amounts.of(row)))
    return total


def _perhaps(amount: Interval) -> Interval:
    return Interval(0.0, amount.high, high_open=amount.high_open)


Beginning = Mapping[tuple[str, Truth], set[str]]
"""Drug, and whether it is sure → ids of the rows that begin on a day."""


def _beginning_on(day: date, rows: Iterable[Taken]) -> Beginning:
    found: dict[tuple[str, Truth], set[str]] = {}
    for row, truth in rows:
        begins = all_of((truth, Span(day, day).holds(*row.start)))
        for leaf in row.leaves if begins is not False else ():
            found.setdefault((leaf, begins), set()).add(row.id)
    return found


def handed_over(row: Row, day: date, beginning: Beginning) -> Truth:
    """Whether a row ends on the day on which another row of the same drug begins.

    Records write a taper or a refill so; both amounts together were never taken. Two administrations that begin on one
    day are two.
    """
    ends = Span(day, day).holds(*row.end)
    if ends is False or row.start[0] >= day:
        return False
    began = True if row.start[1] < day else None
    follows: Truth = False
    for leaf in row.leaves:
        sure, perhaps = beginning.get((leaf, True), set()), beginning.get((leaf, None), set())
        follows = any_of((follows, len(sure) > (row.id in sure), None if len(perhaps) > (row.id in perhaps) else False))
    return all_of((ends, began, follows))


def _factor(row: Row, equivalent: str) -> float | None:
    """How many mg of the reference drug a mg of the row's drug is worth; None where nobody knows, or it is a mixture."""
    if not equivalent:
        return 1.0
    table = equivalence(equivalent) or {}
    factor = table.get(row.leaves[0]) if len(row.leaves) == 1 else None
    return None if factor is None else float(factor)


def _milligrams(row: Row) -> float | None:
    """The amount each time in mg; None where it is not stated as a mass, or is no amount."""
    event = row.event
    unit = unit_of(event.dose_unit)
    if event.dose is None or not 0 < event.dose < inf or unit is None or unit_kind(unit) != "mass":
        return None
    return event.dose * {"kg": 1e6, "g": 1e3, "mg": 1.0, "ug": 1e-3, "ng": 1e-6}[unit]


def dose_gaps(rows: Sequence[Taken], span: Span, equivalent: str) -> Iterable[Gap]:
    """What is missing of the amounts and days of some rows."""
    for row, truth in rows:
        name = row.name()
        if truth is None:
            yield unsure_what(row)
        if row.start[0] != row.start[1] or row.end[0] != row.end[1]:
            yield unsure_stay(row, span)
        if not Amounts(copies=False, averaged=True).of(row).is_exact:
            yield Gap(Reason.NO_DOSE, f"the daily dose of {name} from {row.event.start} is not stated", row.id)
        elif _factor(row, equivalent) is None:
            yield Gap(Reason.NO_EQUIVALENT, f"how much {equivalent} {name} equals is not known", row.id)


def _loose(rows: Sequence[Taken], per: Per) -> Iterable[Gap]:
    """What leaves an amount open although it is stated: a prescription that stands twice, days without a dose."""
    for row, _ in rows:
        often, amount = row.event.per_day, f"{row.name()} {row.event.dose or 0:g} {row.event.dose_unit}"
        if row.copies:
            words = f"{amount} from {row.event.start} stands {row.copies + 1} times in the record: taken once, or each time?"
            yield Gap(Reason.CONFLICTING, words, row.id, "the prescriber, or the participant")
        if per is Per.DAY and often is not None and 0 < often < 1:
            words = f"{amount} from {row.event.start} is not taken every day: the average, or the day's dose?"
            yield Gap(Reason.NO_DOSE, words, row.id, "the investigator")
