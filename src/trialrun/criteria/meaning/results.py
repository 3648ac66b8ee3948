"""Results of tests: which count, which is the latest, and their values in the unit that is asked for."""

from __future__ import annotations

from dataclasses import replace
from itertools import dropwhile
from math import inf, isfinite

from trialrun.criteria.interval import UNBOUNDED, Interval, censored, exactly
from trialrun.criteria.meaning.case import Case, projected_note, span_or_gap
from trialrun.criteria.meaning.days import EARLIEST, LATEST, Span, anchor_of
from trialrun.criteria.meaning.finding import Finding, Gap, Reason
from trialrun.criteria.meaning.history import Row
from trialrun.criteria.meaning.worlds import MOST_WORLDS, World, Worlds, missing
from trialrun.criteria.model import Measured, Pick
from trialrun.criteria.printing import print_window
from trialrun.criteria.truth import Truth
from trialrun.vocabulary.analytes import convert_result, facts, needs_unit, plausible_range, unit_of_result
from trialrun.vocabulary.concepts import Concept, Measure, Scale
from trialrun.vocabulary.results import level
from trialrun.vocabulary.words import is_readable


def results_in(value: Measured, case: Case) -> list[tuple[Row, Truth]] | Finding:
    """The results of a test that lie, or may lie, in the window, oldest first."""
    span = span_or_gap(value.window, case)
    if isinstance(span, Finding):
        return span
    found: list[tuple[Row, Truth]] = []
    for row in case.history.results(value.test):
        inside = span.holds(*row.start) if value.test in row.names or _may_be(row, value.test, case) else False
        if inside is not False:
            found.append((row, inside if value.test in row.names else None))
    return found


def _may_be(row: Row, test: str, case: Case) -> bool:
    """Whether a row that nobody can read may be a result of a test: by its title, and by what it says."""
    if row.understood or row.names:
        return False
    vocabulary = case.history.vocabulary
    return vocabulary.may_be_test(test, row.event.words) and _could_say(row, vocabulary.get(test))


def _could_say(row: Row, concept: Concept) -> bool:
    """Whether a row may say what a result of a test says; an amount in a unit of something else does not."""
    event, measure = row.event, concept.measure
    assert measure is not None
    unit = event.unit or event.unit_source
    if measure.scale is Scale.FINDING and event.value is not None and not event.value_text:
        return is_readable(event.words)  # a number without words says neither positive nor negative
    if measure.scale is not Scale.QUANTITY or event.value is None or not unit:
        return True
    return unit_of_result(concept, unit) is None or convert_result(concept, 1.0, unit, measure.unit or "") is not None


def unread(row: Row, test: str) -> tuple[Gap, ...]:
    """What is missing where a row may be a result of a test and nobody can read it."""
    if test in row.names:
        return ()
    return (Gap(Reason.UNREAD, f"row {row.id} ('{row.name()}') cannot be read and may be {test}", row.id, about=test),)


def worlds_of(value: Measured, unit: str, case: Case) -> Worlds:
    """The possible values of the latest, first, lowest or highest result, or of their count, in a unit."""
    found = results_in(value, case)
    if isinstance(found, Finding):
        return missing(found.gaps)
    notes = projected_note(anchor_of(value.window), case)
    considered = tuple(row.id for row, _ in found)
    if value.pick is Pick.COUNT:
        return Worlds((_count(found, value, case),), considered, all_there_is(value, case), notes)
    if not found:
        return missing((none_found(value, case),), considered, notes)
    assumed: tuple[str, ...] = ()
    if value.pick in (Pick.LOWEST, Pick.HIGHEST):
        each = _extreme(value, found, unit, case)
        assumed = all_there_is(value, case)
    else:
        candidates = _latest(found) if value.pick is Pick.LATEST else _first(found)
        each = [world_of(row, value.test, unit, case) for row in candidates]
    if all(truth is None for _, truth in found):
        each = [*each, World(None, gaps=tuple(gap for row, _ in found for gap in _unsure(row, value.test)))]
    if len(each) > MOST_WORLDS:
        return missing((Gap(Reason.PARTIAL_DATE, f"too many {value.test} results could be the {value.pick.value}"),))
    return Worlds(tuple(each), considered, assumed, notes)


def all_there_is(value: Measured, case: Case) -> tuple[str, ...]:
    """What is assumed where a result that is not in the record could change the answer: the highest, any, their count."""
    if not case.silence_counts:
        return ()
    span = span_or_gap(value.window, case)
    days = f", {span}" if isinstance(span, Span) else ""
    return (f"the recorded results are taken as all there are: {value.test}{days}",)


def none_found(value: Measured, case: Case) -> Gap:
    """What to say where a test has no result in its window."""
    window = print_window(value.window)
    span = span_or_gap(value.window, case)
    days = f" ({span})" if isinstance(span, Span) and window else ""
    return Gap(
        Reason.NO_ROW,
        f"no result of {value.test} {window}".rstrip() + days,
        who="the laboratory, or the clinic",
        about=value.test,
    )


def _unsure(row: Row, test: str) -> tuple[Gap, ...]:
    if row.event.start is None:
        return (Gap(Reason.NO_DATE, f"the {test} result has no date", row.id, about=test), *unread(row, test))
    if row.event.start.day:
        return unread(row, test)
    words = f"the {test} result is dated {row.event.start}: inside the window?"
    return (Gap(Reason.PARTIAL_DATE, words, row.id, about=test), *unread(row, test))


# --- which result ---------------------------------------------------------------------------------------------------


def _latest(found: list[tuple[Row, Truth]]) -> list[Row]:
    """The results that may be the latest: none that surely lies in the window is surely later."""
    sure = [row for row, truth in found if truth is True]
    newest = max((row.start[0] for row in sure), default=EARLIEST)
    clocks = [row.event.time for row in sure if row.event.time and row.start == (newest, newest)]
    last = max(clocks, default=None)
    return [
        row
        for row, _ in found
        if row.start[1] >= newest
        and not (last and row.event.time and row.start == (newest, newest) and row.event.time < last)
    ]


def _first(found: list[tuple[Row, Truth]]) -> list[Row]:
    """The results that may be the first: none that surely lies in the window is surely earlier."""
    sure = [row for row, truth in found if truth is True]
    oldest = min((row.start[1] for row in sure), default=LATEST)
    clocks = [row.event.time for row in sure if row.event.time and row.start == (oldest, oldest)]
    earliest = min(clocks, default=None)
    return [
        row
        for row, _ in found
        if row.start[0] <= oldest
        and not (earliest and row.event.time and row.start == (oldest, oldest) and row.event.time > earliest)
    ]


def _count(found: list[tuple[Row, Truth]], value: Measured, case: Case) -> World:
    """How many; an entry that stands twice may be one result or two."""
    sure = [row for row, truth in found if truth is True]
    most = inf if not case.silence_counts else sum(1 + row.copies for row, _ in found)
    gaps = tuple(gap for row, truth in found if truth is None for gap in _unsure(row, value.test))
    gaps += tuple(_repeated(row, value.test) for row, _ in found if row.copies)
    rows = tuple(row for row, _ in found)
    return World(Interval(len(sure), most), rows, gaps, words=f"{len(sure)} {value.test} results")


def _repeated(row: Row, test: str) -> Gap:
    words = (
        f"the {test} result of {row.event.start} stands {row.copies + 1} times in the record: one result, or several?"
    )
    return Gap(Reason.CONFLICTING, words, row.id, about=test)


def _extreme(value: Measured, found: list[tuple[Row, Truth]], unit: str, case: Case) -> list[World]:
    """The lowest or highest value as one interval: rows that may be outside the window only widen it."""
    highest = value.pick is Pick.HIGHEST
    worlds = [(world_of(row, value.test, unit, case), truth) for row, truth in found]
    bounds = [(world.value or UNBOUNDED, truth) for world, truth in worlds]
    sign = 1 if highest else -1
    sure = [_signed(item, sign) for item, truth in bounds if truth is True]
    every = [_signed(item, sign) for item, _ in bounds]
    low = max(sure, key=lambda item: (item.low, item.low_open), default=Interval(-inf, -inf))
    if not sure:
        low = min(every, key=lambda item: (item.low, item.low_open))
    high = max(every, key=lambda item: (item.high, not item.high_open))
    if not case.silence_counts:
        high = UNBOUNDED
    joined = _signed(Interval(low.low, high.high, low.low_open, high.high_open), sign)
    gaps = tuple(gap for world, _ in worlds for gap in world.gaps)
    gaps += tuple(gap for row, truth in found if truth is None for gap in _unsure(row, value.test))
    rows = tuple(row for row, _ in found)
    return [World(joined, rows, gaps, words=f"{value.pick.value} {value.test} {joined} {unit}".rstrip())]


def _signed(interval: Interval, sign: int) -> Interval:
    if sign == 1:
        return interval
    return Interval(-interval.high, -interval.low, interval.high_open, interval.low_open)


# --- its value ------------------------------------------------------------------------------------------------------


def world_of(row: Row, test: str, unit: str, case: Case) -> World:
    """One result as a possible value in a unit; the levels of an ordinal scale count from 0."""
    concept = case.history.vocabulary.get(test)
    assert concept.measure is not None
    if concept.measure.scale is Scale.ORDINAL:
        world = _ordinal(row, test, concept.measure)
    elif concept.measure.scale is Scale.FINDING:
        text = row.event.value_text
        said = text.lower() if text[1:].islower() else text  # 'Negative' in a sentence; 'HBsAg' stays
        world = World(UNBOUNDED, (row,), row=row, words=f"{test} {said} on {row.event.start or 'no date'}")
    else:
        world = _quantity(row, concept, unit)
    doubt = unread(row, test)
    return replace(world, gaps=(*doubt, *world.gaps)) if doubt else world


def _quantity(row: Row, concept: Concept, unit: str) -> World:
    event, test = row.event, concept.name
    if event.value is None or not isfinite(event.value):
        gap = Gap(Reason.NO_VALUE, f"the {test} result of {event.start} has no value", row.id, about=test)
        return World(None, (row,), (gap,), row)
    unit_found = event.unit or event.unit_source
    words = f"{test} {event.comparator}{event.value:g} {event.unit_source or event.unit}".rstrip()
    words += f" on {event.start or 'no date'}"
    if _cannot_be(event.value, unit_found, concept):
        as_found = f"{event.value:g} {event.unit_source or event.unit}".rstrip()
        gap = Gap(
            Reason.OUT_OF_RANGE,
            f"the {test} result of {event.start} is {as_found}, which cannot be right",
            row.id,
            about=test,
        )
        return World(None, (row,), (gap,), row, words)
    if not unit_found and needs_unit(concept):
        gap = Gap(Reason.NO_UNIT, f"the {test} result of {event.start} has no unit", row.id, about=test)
        return World(None, (row,), (gap,), row, words)
    said = _converted(censored(event.value, event.comparator), unit_found, unit, concept)
    if said is None:
        reason = Reason.OTHER_UNIT if unit_of_result(concept, unit_found) else Reason.NO_UNIT
        gap = Gap(
            reason,
            f"the {test} result of {event.start} in '{unit_found}' is no {unit or 'plain number'}",
            row.id,
            about=test,
        )
        return World(None, (row,), (gap,), row, words)
    return World(said, (row,), _censored_gap(row, test), row, words)


def _cannot_be(value: float, unit: str, concept: Concept) -> bool:
    """Whether no living adult has such a result; what cannot be converted is only known not to be below zero."""
    bounds = plausible_range(concept.name)
    if bounds is None:
        return False
    canonical = (concept.measure.unit if concept.measure else None) or ""
    known = convert_result(concept, value, unit, canonical) if unit or not canonical else None
    return value < 0 <= bounds[0] if known is None else not bounds[0] <= known <= bounds[1]


def _converted(value: Interval, source: str, target: str, concept: Concept) -> Interval | None:
    """The bounds in another unit; every conversion rises, so bounds stay bounds."""

    def edge(number: float) -> float | None:
        return convert_result(concept, number, source, target) if isfinite(number) else number

    low, high = edge(value.low), edge(value.high)
    if low is None or high is None:
        return None
    return Interval(low, high, value.low_open, value.high_open)


def _censored_gap(row: Row, test: str) -> tuple[Gap, ...]:
    if not row.event.comparator:
        return ()
    return (
        Gap(
            Reason.CENSORED,
            f"{test} of {row.event.start} is only known as {row.event.comparator}{row.event.value:g}",
            row.id,
            about=test,
        ),
    )


def _ordinal(row: Row, test: str, measure: Measure) -> World:
    event = row.event
    span = level(measure, event.value_text, event.value, event.value_code, facts(test).answers)
    said = event.value_text or (
        f"{event.value:g}" if event.value is not None else event.value_code or "without a value"
    )
    words = f"{test} {without_its_name(said, test)} on {event.start}"
    if span is not None and event.comparator:
        words = f"{test} {event.comparator}{said} on {event.start}"
        span = _signed_level(span, event.comparator, len(measure.levels) - 1)
    if span is None:
        gap = Gap(Reason.NO_VALUE, f"the {test} of {event.start} names no level", row.id, about=test)
        return World(None, (row,), (gap,), row, words)
    gaps = () if span[0] == span[1] else (Gap(Reason.NO_VALUE, f"{words}: one of several levels", row.id, about=test),)
    return World(Interval(*span), (row,), gaps, row, words)


def without_its_name(said: str, test: str) -> str:
    """A level without the name of its scale before it: `II` of `NYHA class II`."""
    names, words = set(test.casefold().split()), said.split()
    level = list(dropwhile(lambda word: word.casefold() in names, words))
    return " ".join(level or words)


def _signed_level(span: tuple[int, int], sign: str, top: int) -> tuple[int, int] | None:
    """The levels that a number with a sign may be: `> 1`."""
    low, high = {">=": (span[0], top), ">": (span[1] + 1, top), "<=": (0, span[1]), "<": (0, span[0] - 1)}[sign]
    return (low, high) if low <= high else None


def limits_of(row: Row, which: str) -> Interval | Gap:
    """The upper or lower limit of normal of a result's own report, in the result's unit; an upper one is above zero."""
    event = row.event
    limit = event.high if which == "ULN" else event.low
    if limit is None or not isfinite(limit) or limit < 0 or (which == "ULN" and limit == 0):
        reason = Reason.NO_ULN if which == "ULN" else Reason.NO_LLN
        what = "upper" if which == "ULN" else "lower"
        words = f"the report of {row.name()} of {event.start} states no {what} limit of normal"
        return Gap(reason, words, row.id, about=row.name())
    return exactly(limit)
