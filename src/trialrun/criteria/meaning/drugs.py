"""Drugs over time: the amount a day, whether it stayed the same, when it ended; drug by drug where a rule says each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import inf

from trialrun.criteria.interval import ABOVE_ZERO, NOT_NEGATIVE, Interval, exactly, is_equal
from trialrun.criteria.meaning.case import Case, nothing_else, nothing_recorded, projected_note, span_or_gap
from trialrun.criteria.meaning.days import EARLIEST, LATEST, Span, anchor_of, back
from trialrun.criteria.meaning.finding import Finding, Gap, Reason, merged
from trialrun.criteria.meaning.history import Row, of_terms, unsure_what
from trialrun.criteria.meaning.worlds import World, Worlds, missing
from trialrun.criteria.model import Anchor, At, DailyDose, Each, Route, Stopped, Terms, Unchanged, Way, Within
from trialrun.criteria.printing import print_terms, print_way
from trialrun.criteria.truth import Truth, all_of, any_of, opposite
from trialrun.vocabulary.calendar import Duration
from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.dose import unit_kind, unit_of
from trialrun.vocabulary.equivalents import equivalence

DOMAINS = (Domain.DRUG,)

_REGULAR = 3
"""So many administrations in a window are taken for a course."""

Taken = tuple[Row, Truth]
"""A row of a drug, and whether it surely is of the drugs asked for."""


def taken(drugs: Terms, case: Case) -> list[Taken]:
    """The rows that are, or may be, of some drugs, oldest first."""
    return list(of_terms(case.history.rows(*DOMAINS), drugs))


# --- the amount a day -----------------------------------------------------------------------------------------------


def dose_worlds(value: DailyDose, case: Case) -> Worlds:
    """The amount a day, in mg (of the equivalent drug), on one day, or its highest in a window."""
    span = span_or_gap(value.window, case)
    if isinstance(span, Finding):
        return missing(span.gaps)
    rows = [(row, truth) for row, truth in taken(value.drugs, case) if span.overlaps(row.start, row.end) is not False]
    notes = projected_note(anchor_of(value.window), case)
    if not rows:
        none = nothing_recorded(value.if_none, span, print_terms(value.drugs), case, DOMAINS, when_none=True)
        if none.truth is None:
            return Worlds((World(None, gaps=none.gaps),), none.considered, (), notes)
        return Worlds((World(exactly(0.0), words="nothing taken"),), (), none.assumed, notes)
    rest = nothing_else(value.if_none, span, print_terms(value.drugs), case, DOMAINS)
    total = _highest(rows, span, value.equivalent)
    if rest.truth is None:
        total = Interval(total.low, inf, total.low_open)
    gaps = (*_dose_gaps(rows, span, value.equivalent), *rest.gaps)
    used = tuple(row for row, _ in rows)
    words = f"{total} mg/day" + (f" as {value.equivalent}" if value.equivalent else "")
    considered = (*(row.id for row in used), *rest.considered)
    each, assumed = [World(total, used, gaps, words=words)], rest.assumed
    if not _surely_any(rows, span):
        none = nothing_recorded(value.if_none, span, print_terms(value.drugs), case, DOMAINS, when_none=True)
        each += [World(None, used, (*gaps, *none.gaps))] if none.truth is None else []
        assumed = tuple(dict.fromkeys((*assumed, *none.assumed)))
    return Worlds(tuple(each), considered, assumed, notes)


def _surely_any(rows: Iterable[Taken], span: Span) -> bool:
    """Whether at least one row surely is of the drugs and surely touches the span; else all may turn out to be none."""
    return any(truth is True and span.overlaps(row.start, row.end) is True for row, truth in rows)


def _or_none(found: Finding, none: Finding, rows: Iterable[Taken], span: Span) -> Finding:
    """The answer where the rows may turn out to be none of the drugs: what holds with them and without them."""
    if found.truth is none.truth:
        return replace(found, assumed=tuple(dict.fromkeys((*found.assumed, *none.assumed))))
    gaps = tuple(dict.fromkeys((*found.gaps, *_doubts(rows, span), *none.gaps)))
    return replace(found, truth=None, gaps=gaps, decided=(), assumed=())


def _doubts(rows: Iterable[Taken], span: Span) -> Iterable[Gap]:
    """Why rows may turn out to be none of the drugs."""
    return (unsure_what(row) if truth is None else _unsure_stay(row, span) for row, truth in rows)


def _highest(rows: Sequence[Taken], span: Span, equivalent: str) -> Interval:
    """The highest amount on any day of the span.

    The amount changes only where a row begins, so those days and the first day of the span are enough. A row that
    surely touches the span counts with its own amount even where no single day is sure.
    """
    days = {span.low if span.low != EARLIEST else span.high}
    days |= {day for row, _ in rows for day in row.start if span.low <= day <= span.high}
    totals = [total_on(day, rows, equivalent) for day in days]
    own = [
        row_amount(row, equivalent)
        for row, truth in rows
        if truth is True and span.overlaps(row.start, row.end) is True and handed_over(row, rows, span.low) is False
    ]
    low = max([*totals, *own], key=lambda item: (item.low, item.low_open))
    high = max(totals, key=lambda item: (item.high, not item.high_open))
    highest = max(low.low, high.high)
    return Interval(low.low, highest, low.low_open, high.high_open and highest == high.high)


def total_on(day: date, rows: Sequence[Taken], equivalent: str) -> Interval:
    """The amount taken on one day, all rows added; a prescription that hands over that day is no longer counted."""
    total = exactly(0.0)
    for row, truth in rows:
        inside = Span(day, day).overlaps(row.start, row.end)
        active = all_of((truth, inside, opposite(handed_over(row, rows, day))))
        if active is False:
            continue
        amount = row_amount(row, equivalent)
        total = total.plus(amount if active is True else Interval(0.0, amount.high, high_open=amount.high_open))
    return total


def handed_over(row: Row, rows: Sequence[Taken], day: date) -> Truth:
    """Whether a row ends on the day on which another row of the same drug begins.

    Records write a taper or a refill so; both amounts together were never taken. Two administrations that begin on one
    day are two.
    """
    ends = Span(day, day).holds(*row.end)
    if ends is False or row.start[0] >= day:
        return False
    began = True if row.start[1] < day else None
    follows = any_of(
        all_of((truth, Span(day, day).holds(*other.start)))
        for other, truth in rows
        if other.id != row.id and set(other.leaves) & set(row.leaves)
    )
    return all_of((ends, began, follows))


def row_amount(row: Row, equivalent: str) -> Interval:
    """The amount a day that a row states, in mg (of the equivalent drug); above zero where it does not say."""
    event = row.event
    milligrams = _milligrams(row)
    factor = _factor(row, equivalent)
    if milligrams is None or event.per_day is None or event.per_day <= 0 or factor is None:
        return ABOVE_ZERO
    amount = milligrams * event.per_day * factor
    return exactly(amount) if 0 < amount < inf else NOT_NEGATIVE


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


def _dose_gaps(rows: Sequence[Taken], span: Span, equivalent: str) -> Iterable[Gap]:
    for row, truth in rows:
        name = row.name()
        if truth is None:
            yield unsure_what(row)
        if row.start[0] != row.start[1] or row.end[0] != row.end[1]:
            yield _unsure_stay(row, span)
        if row_amount(row, "").is_exact is False:
            yield Gap(Reason.NO_DOSE, f"the daily dose of {name} from {row.event.start} is not stated", row.id)
        elif _factor(row, equivalent) is None:
            yield Gap(Reason.NO_EQUIVALENT, f"how much {equivalent} {name} equals is not known", row.id)


def _unsure_stay(row: Row, span: Span) -> Gap:
    if row.event.start is not None and row.start[0] == row.start[1] and row.end[1] == LATEST:
        return Gap(Reason.NO_END, f"{row.name()} from {row.event.start}: the record does not say until when", row.id)
    return Gap(
        Reason.PARTIAL_DATE, f"{row.name()} on {row.event.start or 'no date'}: inside or outside {span}?", row.id
    )


# --- unchanged, stopped ---------------------------------------------------------------------------------------------


def unchanged(rule: Unchanged, case: Case) -> Finding:
    """Whether every drug of the set kept its daily dose all through the window; who takes none passes."""
    window = Within(rule.length, rule.anchor)
    span = span_or_gap(window, case)
    if isinstance(span, Finding):
        return span
    notes = projected_note(rule.anchor, case)
    rows = [(row, truth) for row, truth in taken(rule.drugs, case) if span.overlaps(row.start, row.end) is not False]
    if not rows:
        none = nothing_recorded(rule.if_none, span, print_terms(rule.drugs), case, DOMAINS, when_none=True)
        return Finding(none.truth, none.gaps, (), none.considered, none.assumed, notes)
    rest = nothing_else(rule.if_none, span, print_terms(rule.drugs), case, DOMAINS)
    findings = [*(_kept(group, span) for group in by_drug(rows).values()), rest]
    truth = all_of(finding.truth for finding in findings)
    ids = tuple(row.id for row, _ in rows)
    gaps = tuple(gap for finding in findings for gap in finding.gaps) if truth is None else ()
    told = tuple(note for finding in findings for note in finding.notes)
    assumed = rest.assumed if truth is True else ()
    return Finding(truth, gaps, ids if truth is not None else (), (*ids, *rest.considered), assumed, (*told, *notes))


def by_drug(rows: Iterable[Taken]) -> dict[str, list[Taken]]:
    """Rows by their single drug; a product of several drugs stands under each."""
    found: dict[str, list[Taken]] = {}
    for row, truth in rows:
        for leaf in row.leaves or (row.name(),):
            found.setdefault(leaf, []).append((row, truth))
    return dict(sorted(found.items()))


def _kept(rows: Sequence[Taken], span: Span) -> Finding:
    """Whether one drug's amount is the same on each day of the span. It can change only where a row begins or ends."""
    days = {span.low, span.high}
    for row, _ in rows:
        ends = [day + timedelta(days=1) for day in row.end if day != LATEST]
        days |= {day for day in (*row.start, *ends) if span.low <= day <= span.high}
    totals = {day: total_on(day, rows, "") for day in sorted(days)}
    first, *others = totals.values()
    name = rows[0][0].name()
    if _may_be_single_days(rows):
        words = f"{name} is recorded on single days: whether its dose stayed the same needs a person"
        return Finding(None, tuple(Gap(Reason.NO_DOSE, words, row.id) for row, _ in rows))
    differs = [day for day, total in list(totals.items())[1:] if is_equal(first, total) is False]
    if differs:
        changed = differs[0]
        return Finding(
            False, notes=(f"{name}: {_amount(first)} on {span.low}, {_amount(totals[changed])} on {changed}",)
        )
    if all(is_equal(first, total) is True for total in others) and first.is_exact:
        return Finding(True, notes=(f"{name}: {_amount(first)} from {span.low} to {span.high}",))
    return Finding(None, tuple(dict.fromkeys(_dose_gaps(rows, span, ""))))


def _may_be_single_days(rows: Sequence[Taken]) -> bool:
    """Whether a drug may have been given again and again on single days, with nothing that differs: a weekly injection.

    An amount a day says nothing of these. One or two single days are a beginning or an end, and that is a change.
    """
    events = [row.event for row, _ in rows]
    stated = {(event.dose, event.dose_unit) for event in events if event.dose and event.dose > 0 and event.dose_unit}
    return len(rows) >= _REGULAR and len(stated) <= 1 and all(row.end[0] <= row.start[1] for row, _ in rows)


def _amount(total: Interval) -> str:
    if total.is_exact:
        return f"{total.low:.3g} mg/day"
    return "an amount not stated" if total.low_open or total.low > 0 else f"{total} mg/day"


def stopped(rule: Stopped, case: Case) -> Finding:
    """Whether the last dose of every drug of the set lies at least so long before the anchor."""
    rows = taken(rule.drugs, case)
    when = case.anchors.date_of(rule.anchor)
    if when is None:
        return Finding(None, (Gap(Reason.NO_ANCHOR, f"{rule.anchor.value} has no date yet"),))
    span = Span(min(back(when, rule.length), case.anchors.on), case.anchors.on)
    notes = projected_note(rule.anchor, case)
    none = nothing_recorded(rule.if_none, span, print_terms(rule.drugs), case, DOMAINS, when_none=True)
    if not rows:
        return Finding(none.truth, none.gaps, (), none.considered, none.assumed, notes)
    found = _ended(rows, back(when, rule.length), case.anchors.on)
    rest = nothing_else(rule.if_none, span, print_terms(rule.drugs), case, DOMAINS)
    whole = merged(all_of((found.truth, rest.truth)), (found, rest))
    lifetime = Span(EARLIEST, case.anchors.on)
    if not _surely_any(rows, lifetime):
        whole = _or_none(whole, none, rows, lifetime)
    return replace(whole, notes=(*whole.notes, *notes), parts=())


def _ended(rows: Sequence[Taken], cutoff: date, on: date) -> Finding:
    """Whether all rows ended by a day; a recorded end is taken as a stop."""
    truths = [(row, _ended_by(row, truth, cutoff, on)) for row, truth in rows]
    ids = tuple(row.id for row, _ in rows)
    truth = all_of(truth for _, truth in truths)
    if truth is None:
        gaps = tuple(_unsure_stay(row, Span(EARLIEST, cutoff)) for row, ended in truths if ended is None)
        return Finding(None, gaps, (), ids)
    last = max(rows, key=lambda item: item[0].end)[0] if truth else next(row for row, ended in truths if ended is False)
    until = "ongoing" if last.end[0] == LATEST else f"last on {last.event.end or last.event.start}"
    return Finding(
        truth, (), ids if truth else (last.id,), ids, (), (f"{last.name()}: {until}; the limit is {cutoff}",)
    )


def _ended_by(row: Row, of_the_drugs: Truth, cutoff: date, on: date) -> Truth:
    """Whether a row ended by a day; one that may be of another drug, or may begin only after today, is no use yet."""
    if row.end[1] <= cutoff:
        return True
    surely_used = of_the_drugs is True and row.start[1] <= on
    return False if row.end[0] > cutoff and surely_used else None


# --- each drug by some way ------------------------------------------------------------------------------------------


def each(rule: Each, case: Case) -> Finding:
    """Whether every drug of the set that is on record passes by at least one of the ways."""
    rows = taken(rule.drugs, case)
    span = _days_that_matter(rule.ways, case)
    none = nothing_recorded(rule.if_none, span, print_terms(rule.drugs), case, DOMAINS, when_none=True)
    if not rows:
        return Finding(none.truth, none.gaps, (), none.considered, none.assumed)
    rest = nothing_else(rule.if_none, span, print_terms(rule.drugs), case, DOMAINS)
    findings = [*(_one_drug(name, group, rule.ways, case) for name, group in by_drug(rows).items()), rest]
    truth = all_of(finding.truth for finding in findings)
    carrying = [finding for finding in findings if finding.truth is truth] if truth is not None else findings
    ids = tuple(row.id for row, _ in rows)
    whole = Finding(
        truth,
        tuple(dict.fromkeys(gap for finding in findings if finding.truth is None for gap in finding.gaps)),
        tuple(dict.fromkeys(row for finding in carrying for row in finding.decided)) if truth is not None else (),
        (*ids, *rest.considered),
        rest.assumed if truth is True else (),
        tuple(dict.fromkeys(note for finding in findings for note in finding.notes)),
    )
    lifetime = Span(EARLIEST, case.anchors.on)
    return whole if _surely_any(rows, lifetime) else _or_none(whole, none, rows, lifetime)


def _days_that_matter(ways: tuple[Way, ...], case: Case) -> Span:
    """The days a record must cover so that none of the drugs in them passes: older use passes as stopped anyway.

    Without a way by stopping, or by not taking the drug at a day, all of life matters.
    """
    on = case.anchors.on
    lows = []
    for way in ways:
        when = case.anchors.date_of(way.anchor) if way.anchor else None
        if when is not None and way.length is not None and way.route is Route.STOPPED:
            lows.append(back(when, way.length))
        elif when is not None and way.route is Route.NOT_TAKEN:
            lows.append(min(when, on))
    return Span(min(max(lows, default=EARLIEST), on), on)


def _one_drug(name: str, rows: Sequence[Taken], ways: tuple[Way, ...], case: Case) -> Finding:
    """Whether a drug passes by a way. Rows that may not be of the set, or lie ahead, cannot make it fail."""
    tried = [(way, _way(way, rows, case)) for way in ways]
    lifetime = Span(EARLIEST, case.anchors.on)
    truth = any_of(finding.truth for _, finding in tried)
    if truth is False and not _surely_any(rows, lifetime):
        return Finding(None, tuple(_doubts(rows, lifetime)))
    ids = tuple(row.id for row, _ in rows)
    gaps = tuple(gap for _, finding in tried if finding.truth is None for gap in finding.gaps) if truth is None else ()
    passed = next((way for way, finding in tried if finding.truth is True), None)
    told = tuple(note for _, finding in tried if finding.truth is truth for note in finding.notes)
    notes = (f"{name}: {print_way(passed)}", *told) if passed else told
    return Finding(truth, gaps, ids if truth is not None else (), ids, (), notes)


def _way(way: Way, rows: Sequence[Taken], case: Case) -> Finding:
    if way.route is Route.NEVER:
        sure = any(
            truth is True and row.event.start is not None and row.start[1] <= case.anchors.on for row, truth in rows
        )
        gaps = tuple(
            Gap(Reason.PARTIAL_DATE, f"{row.name()} on {row.event.start or 'no date'}", row.id) for row, _ in rows
        )
        return Finding(False) if sure else Finding(None, gaps)
    assert way.anchor is not None
    if way.route in (Route.TAKEN, Route.NOT_TAKEN):
        return _taken_at(way.anchor, rows, case, wanted=way.route is Route.TAKEN)
    assert way.length is not None
    if way.route is Route.STOPPED:
        when = case.anchors.date_of(way.anchor)
        if when is None:
            return Finding(None, (Gap(Reason.NO_ANCHOR, f"{way.anchor.value} has no date yet"),))
        return _ended(rows, back(when, way.length), case.anchors.on)
    return _unchanged_drug(way.anchor, way.length, rows, case)


def _taken_at(anchor: Anchor, rows: Sequence[Taken], case: Case, *, wanted: bool) -> Finding:
    span = span_or_gap(At(anchor), case)
    if isinstance(span, Finding):
        return span
    truths = [(row, all_of((truth, span.overlaps(row.start, row.end)))) for row, truth in rows]
    truth = any_of(inside for _, inside in truths)
    if truth is None:
        return Finding(None, tuple(_unsure_stay(row, span) for row, inside in truths if inside is None))
    return Finding(truth is wanted)


def _unchanged_drug(anchor: Anchor, length: Duration, rows: Sequence[Taken], case: Case) -> Finding:
    """As `unchanged`, but a drug that is not taken in the window has not stayed the same: it was not there."""
    span = span_or_gap(Within(length, anchor), case)
    if isinstance(span, Finding):
        return span
    inside = [(row, truth) for row, truth in rows if span.overlaps(row.start, row.end) is not False]
    if not inside:
        return Finding(False, notes=(f"{rows[0][0].name()}: not taken in {span}",))
    return _kept(inside, span)
