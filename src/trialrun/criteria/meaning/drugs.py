"""Drugs over time: whether the amount stayed the same, when it ended; drug by drug where a rule says each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from trialrun.criteria.interval import Interval, is_equal
from trialrun.criteria.meaning.case import Case, projected_note, span_or_gap
from trialrun.criteria.meaning.days import EARLIEST, LATEST, Span, back
from trialrun.criteria.meaning.doses import dose_gaps, loose_gaps
from trialrun.criteria.meaning.finding import Finding, Gap, Reason, merged
from trialrun.criteria.meaning.history import Row
from trialrun.criteria.meaning.taken import Taken, doubts, no_more, nothing, or_none, surely_any, taken, unsure_stay
from trialrun.criteria.meaning.taking import Amounts, Taking, is_rare
from trialrun.criteria.model import Anchor, At, Each, Per, Route, Stopped, Unchanged, Way, Within
from trialrun.criteria.printing import print_way
from trialrun.criteria.truth import Truth, all_of, any_of
from trialrun.vocabulary.calendar import Duration

_REGULAR = 3
"""So many administrations in a window are taken for a course."""


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
        none = nothing(rule, span, case)
        return Finding(none.truth, none.gaps, (), none.considered, none.assumed, notes)
    rest = no_more(rule, span, case)
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
    name = rows[0][0].name()
    if _may_be_single_days(rows):
        words = f"{name} is recorded on single days: whether its dose stayed the same needs a person"
        return Finding(None, tuple(Gap(Reason.NO_DOSE, words, row.id) for row, _ in rows))
    rows = [(_once(row, truth, span), truth) for row, truth in rows]
    days = {span.low, span.high}
    for row, _ in rows:
        ends = [day + timedelta(days=1) for day in row.end if day != LATEST]
        days |= {day for day in (*row.start, *ends) if span.low <= day <= span.high}
    taking = Taking(rows, Amounts(averaged=True))
    totals = {day: taking.on(day) for day in sorted(days)}
    first, *others = totals.values()
    differs = [day for day, total in list(totals.items())[1:] if is_equal(first, total) is False]
    if differs:
        changed = differs[0]
        return Finding(
            False, notes=(f"{name}: {_amount(first)} on {span.low}, {_amount(totals[changed])} on {changed}",)
        )
    if not (all(is_equal(first, total) is True for total in others) and first.is_exact):
        return Finding(None, tuple(dict.fromkeys((*dose_gaps(rows, span, ""), *loose_gaps(rows, Per.WEEK)))))
    if _one_rhythm(rows):
        return Finding(True, notes=(f"{name}: {_amount(first)} from {span.low} to {span.high}",))
    words = f"{name} is the same on average, but not taken as often as before: is that the same dose?"
    return Finding(None, tuple(Gap(Reason.NO_DOSE, words, row.id, "the investigator") for row, _ in rows))


def _once(row: Row, truth: Truth, span: Span) -> Row:
    """A row whose copies do not matter, because it is taken on every day of the span: whatever the amount, it is the same."""
    steady = truth is True and row.start[1] <= span.low and row.end[0] > span.high
    return replace(row, copies=0) if steady else row


def _one_rhythm(rows: Sequence[Taken]) -> bool:
    """Whether all is taken every day, or everything in one amount as often."""
    orders = {(row.event.dose, row.event.dose_unit, row.event.per_day) for row, _ in rows}
    return len(orders) == 1 or not any(is_rare(row) for row, _ in rows)


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
    if not rows:
        none = nothing(rule, span, case)
        return Finding(none.truth, none.gaps, (), none.considered, none.assumed, notes)
    found = _ended(rows, back(when, rule.length), case.anchors.on)
    rest = no_more(rule, span, case)
    whole = or_none(merged(all_of((found.truth, rest.truth)), (found, rest)), rows, rule, span, case)
    return replace(whole, notes=(*whole.notes, *notes), parts=())


def _ended(rows: Sequence[Taken], cutoff: date, on: date) -> Finding:
    """Whether all rows ended by a day; a recorded end is taken as a stop."""
    truths = [(row, _ended_by(row, truth, cutoff, on)) for row, truth in rows]
    ids = tuple(row.id for row, _ in rows)
    truth = all_of(truth for _, truth in truths)
    if truth is None:
        gaps = tuple(unsure_stay(row, Span(EARLIEST, cutoff)) for row, ended in truths if ended is None)
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
    if not rows:
        none = nothing(rule, span, case)
        return Finding(none.truth, none.gaps, (), none.considered, none.assumed)
    rest = no_more(rule, span, case)
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
    return or_none(whole, rows, rule, span, case)


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
    if truth is False and not surely_any(rows, lifetime):
        return Finding(None, tuple(doubts(rows, lifetime)))
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
        return Finding(None, tuple(unsure_stay(row, span) for row, inside in truths if inside is None))
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
