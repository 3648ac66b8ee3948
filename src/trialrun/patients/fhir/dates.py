"""Dates and periods as written: no zone is applied, no missing part is filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

from trialrun.errors import GrammarError, shortened
from trialrun.patients.fhir.node import Node
from trialrun.vocabulary.calendar import PartialDate

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]|60)(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, and the time of day where it is stated."""

    day: PartialDate
    clock: time | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """When something was: from, to, and where that is said. Each may be missing."""

    start: PartialDate | None = None
    end: PartialDate | None = None
    clock: time | None = None
    said_by: str = ""


NO_TIME = Span()


def moment(node: Node, key: str) -> Moment | None:
    """A FHIR date, dateTime or instant.

    A time that cannot be read leaves the date.
    """
    text = node.text(key)
    if not text:
        return None
    written, _, clock = text.partition("T")
    try:
        if not written.isascii():
            raise GrammarError("digits of another script")
        day = PartialDate.parse(written)
    except GrammarError:
        node.wrong(key, f"'{shortened(text, 40)}' is no date")
        return None
    if not clock:
        return Moment(day)
    match = _TIME.fullmatch(clock)
    if match is None:
        node.wrong(key, f"'{shortened(clock, 40)}' is no time of day")
        return Moment(day)
    # FHIR allows a leap second; a day's values are ordered just as well by the second before.
    return Moment(day, time(int(match[1]), int(match[2]), min(59, int(match[3] or 0))))


def span(node: Node, name: str) -> Span | None:
    """A choice `name[x]` of dateTime, instant or Period; None where it has none of these."""
    for suffix in ("DateTime", "Instant"):
        if node.has(name + suffix):
            at = moment(node, name + suffix)
            return Span(at.day, None, at.clock, name + suffix) if at else NO_TIME
    period = node.node(f"{name}Period")
    return bounds(period, f"{name}Period") if period else None


def bounds(period: Node, said_by: str = "") -> Span:
    """A FHIR Period. One that ends before it starts says nothing."""
    start, end = moment(period, "start"), moment(period, "end")
    if start and end and end.day.last < start.day.first:
        period.wrong("end", f"ends on {end.day}, before it starts on {start.day}")
        return NO_TIME
    return Span(start.day if start else None, end.day if end else None, start.clock if start else None, said_by)


def states_otherwise(node: Node, name: str) -> bool:
    """Whether a choice is given in a form that is no date: an age, a range, words."""
    return any(node.has(name + suffix) for suffix in ("Age", "Range", "String", "Timing"))


def whole_day(node: Node, key: str) -> date | None:
    """A complete date; a year or a month alone is noted as a problem."""
    at = moment(node, key)
    if at is None:
        return None
    if at.day.day is None:
        node.wrong(key, f"'{at.day}' is not a complete date")
        return None
    return at.day.first
