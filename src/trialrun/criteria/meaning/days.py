"""Anchors as dates, windows as spans of days, and whether a day that is known only roughly lies inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from trialrun.criteria.model import Anchor, At, Between, Earlier, Ever, Window, Within
from trialrun.criteria.truth import Truth
from trialrun.vocabulary.calendar import Duration, shift

EARLIEST, LATEST = date.min, date.max
"""Bounds of a day nobody stated."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """The date of each anchor.

    Args:
        on: The screening date. Nothing after it is looked at.
        dates: Dates that are known or planned.
        projected: Anchors whose date is not a fact yet.
    """

    on: date
    dates: Mapping[Anchor, date] = field(default_factory=dict)
    projected: frozenset[Anchor] = frozenset()

    @classmethod
    def screening(cls, on: date, start: date | None = None) -> Anchors:
        """Anchors at screening: consent, enrolment and day 1 are projected to the screening date.

        Args:
            on: The screening date.
            start: The planned day 1, where there is one.
        """
        dates = dict.fromkeys((Anchor.CONSENT, Anchor.SCREENING, Anchor.ENROLMENT, Anchor.DAY_1), on)
        if start is not None:
            dates[Anchor.DAY_1] = start
        return cls(on, dates, frozenset({Anchor.CONSENT, Anchor.ENROLMENT, Anchor.DAY_1}))

    def date_of(self, anchor: Anchor) -> date | None:
        """The date of an anchor; None where it has none yet."""
        return self.dates.get(anchor)

    def words(self, anchor: Anchor) -> str:
        """An anchor with its date, for evidence."""
        when = self.date_of(anchor)
        projected = ", projected" if anchor in self.projected else ""
        return f"{anchor.value} ({when}{projected})" if when else f"{anchor.value} (no date yet)"


@dataclass(frozen=True, slots=True)
class Span:
    """Days of a window, both included.

    Args:
        low: Its first day; the earliest date there is where it has no beginning.
        high: Its last day, never after the screening date.
    """

    low: date
    high: date

    def holds(self, first: date, last: date) -> Truth:
        """Whether a day between first and last lies inside: surely, surely not, or it depends."""
        if self.low <= first and last <= self.high:
            return True
        return False if last < self.low or first > self.high else None

    def overlaps(self, start: tuple[date, date], end: tuple[date, date]) -> Truth:
        """Whether a stay from start to end touches the span; both are known between two days."""
        if start[0] > self.high or end[1] < self.low:
            return False
        surely_begun, surely_lasting = start[1] <= self.high, end[0] >= self.low
        return True if surely_begun and surely_lasting else None

    def __str__(self) -> str:
        return f"{self.low} to {self.high}" if self.low != EARLIEST else f"up to {self.high}"


def anchor_of(window: Window) -> Anchor:
    """The anchor a window is counted from."""
    return Anchor.SCREENING if isinstance(window, Ever) else window.anchor


def span_of(window: Window, anchors: Anchors) -> Span | None:
    """The days of a window; None where its anchor has no date, or where all of it lies after the screening date."""
    when = anchors.date_of(anchor_of(window))
    if when is None:
        return None
    match window:
        case Ever():
            low, high = EARLIEST, anchors.on
        case Within(length=length):
            low, high = back(when, length), when
        case Between(longer=longer, shorter=shorter):
            low, high = back(when, longer), back(when, shorter)
        case Earlier(length=length):
            low, high = EARLIEST, back(when, length)
        case At():
            low = high = min(when, anchors.on)
    high = min(high, anchors.on)
    return Span(low, high) if low <= high else None


def back(when: date, length: Duration) -> date:
    """The date that long before; the earliest date there is where the calendar ends."""
    try:
        return shift(when, length, -1)
    except OverflowError:
        return EARLIEST
