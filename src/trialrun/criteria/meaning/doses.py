"""The amount of drugs a day or a week, on one day or its highest in a window, in milligrams or in an equivalent drug's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import inf

from trialrun.criteria.interval import Interval, exactly
from trialrun.criteria.meaning.case import Case, projected_note, span_or_gap
from trialrun.criteria.meaning.days import EARLIEST, LATEST, Span, anchor_of
from trialrun.criteria.meaning.finding import Finding, Gap, Reason
from trialrun.criteria.meaning.history import Row, unsure_what
from trialrun.criteria.meaning.taken import Taken, no_more, nothing, surely_any, taken, unsure_stay
from trialrun.criteria.meaning.taking import Amounts, Taking, factor, is_rare
from trialrun.criteria.meaning.worlds import World, Worlds, missing
from trialrun.criteria.model import DailyDose, Per

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
    total = _highest(rows, asked, Amounts(value.equivalent), value.per)
    if rest.truth is None:
        total = Interval(total.low, inf, total.low_open)
    gaps = (*dose_gaps(rows, span, value.equivalent), *loose_gaps(rows, value.per), *rest.gaps)
    used = tuple(row for row, _ in rows)
    words = f"{total} mg/{value.per}" + (f" as {value.equivalent}" if value.equivalent else "")
    considered = (*(row.id for row in used), *rest.considered)
    each, assumed = [World(total, used, gaps, words=words)], rest.assumed
    if not surely_any(rows, span):
        none = nothing(value, span, case)
        each += [World(None, used, (*gaps, *none.gaps))] if none.truth is None else []
        assumed = tuple(dict.fromkeys((*assumed, *none.assumed)))
    return Worlds(tuple(each), considered, assumed, notes)


def _highest(rows: Sequence[Taken], span: Span, amounts: Amounts, per: Per) -> Interval:
    """The highest amount on any day of the span, or in any seven days that end in it.

    A day's amount changes only where a row begins or ends, a week's in the seven days after. A row that surely touches
    the span counts with the amount of one day even where no single day is sure.
    """
    taking = Taking(rows, amounts)
    total = taking.on if per is Per.DAY else taking.in_week
    totals = [total(day) for day in _days_of_change(rows, span, 0 if per is Per.DAY else 7)]
    own = [
        amounts.of(row)
        for row, truth in rows
        if truth is True and not (per is Per.WEEK and is_rare(row)) and _touches(row, span, taking)
    ]
    low = max([*totals, *own], key=lambda item: (item.low, item.low_open))
    high = max(totals, key=lambda item: (item.high, not item.high_open))
    highest = max(low.low, high.high)
    return Interval(low.low, highest, low.low_open, high.high_open and highest == high.high)


def _touches(row: Row, span: Span, taking: Taking) -> bool:
    """Whether a row is surely taken on some day of a span, and not handed over on its first."""
    return span.overlaps(row.start, row.end) is True and taking.handed_over(row, span.low) is False


def _days_of_change(rows: Sequence[Taken], span: Span, after: int) -> set[date]:
    """The first day of a span, and those on which an amount can change: a row's edges, and so many days after."""
    days = {span.low if span.low != EARLIEST else span.high}
    edges = {day for row, _ in rows for day in (*row.start, *row.end) if day not in (EARLIEST, LATEST)}
    for edge in edges if after else {day for row, _ in rows for day in row.start}:
        days |= {day for step in range(after + 1) if span.low <= (day := edge + timedelta(days=step)) <= span.high}
    return days


def dose_gaps(rows: Sequence[Taken], span: Span, equivalent: str) -> Iterable[Gap]:
    """What is missing of the amounts and days of some rows."""
    for row, truth in rows:
        name = row.name()
        if truth is None:
            yield unsure_what(row)
        if row.start[0] != row.start[1] or row.end[0] != row.end[1]:
            yield unsure_stay(row, span)
        if not Amounts().ordered(row).is_exact:
            yield Gap(Reason.NO_DOSE, f"the daily dose of {name} from {row.event.start} is not stated", row.id)
        elif factor(row, equivalent) is None:
            yield Gap(Reason.NO_EQUIVALENT, f"how much {equivalent} {name} equals is not known", row.id)


def loose_gaps(rows: Sequence[Taken], per: Per) -> Iterable[Gap]:
    """What leaves an amount open although it is stated: a prescription that stands twice, days without a dose."""
    for row, _ in rows:
        amount = f"{row.name()} {row.event.dose or 0:g} {row.event.dose_unit}"
        if row.copies:
            words = f"{amount} from {row.event.start} stands {row.copies + 1} times in the record: taken once, or each time?"
            yield Gap(Reason.CONFLICTING, words, row.id, "the prescriber, or the participant")
        if is_rare(row) and per is Per.DAY:
            words = f"{amount} from {row.event.start} is not taken every day: the average, or the day's dose?"
            yield Gap(Reason.NO_DOSE, words, row.id, "the investigator")
        elif is_rare(row):
            words = f"{amount} from {row.event.start} is not taken every day: how many doses fall into the seven days?"
            yield Gap(Reason.NO_DOSE, words, row.id)
