"""The status of a record, and the registry's rule that derives «Unknown» from it.

A study shows UNKNOWN when its last known status says that it goes on, its completion date has passed, and the
record was last verified more than two years ago. Reproduced on 100 of 100 API v2 records (data of 2025-12-05);
the *study* completion date counts, and enrolling by invitation becomes Unknown too. Where a record registers no
study completion, primary completion stands in; where it registers neither, verification alone decides (235 of 236
older records that go on without a study completion, data of 2023-02-03).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from trialrun.registry.record import Record, partial_date
from trialrun.vocabulary.calendar import add_months

GOES_ON = frozenset({"RECRUITING", "NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING", "ENROLLING_BY_INVITATION"})
UNKNOWN = "UNKNOWN"

_WORDS = {
    "ACTIVE_NOT_RECRUITING": "Active, not recruiting",
    "ENROLLING_BY_INVITATION": "Enrolling by invitation",
    "NOT_YET_RECRUITING": "Not yet recruiting",
    "NO_LONGER_AVAILABLE": "No longer available",
    "TEMPORARILY_NOT_AVAILABLE": "Temporarily not available",
    "APPROVED_FOR_MARKETING": "Approved for marketing",
}


@dataclass(frozen=True, slots=True)
class Status:
    """What the registry states and what its rule gives on a day.

    Args:
        stated: `overallStatus` as the record has it.
        last_known: What the sponsor last registered.
        derived: What the rule gives on the day; None where the dates it needs are not stated.
        unknown_from: The first day the rule gives UNKNOWN, if it ever does.
    """

    stated: str | None
    last_known: str | None
    derived: str | None
    unknown_from: date | None

    @property
    def agrees(self) -> bool | None:
        """Whether the stated status is the derived one; None where it cannot be recomputed."""
        return None if self.derived is None else self.derived == self.stated

    def __str__(self) -> str:
        stated = in_words(self.stated)
        if self.derived is None:
            lacks = "last known status" if self.last_known is None else "dates"
            return f"{stated} (as stated, not recomputable: the source gives no {lacks})"
        if self.derived == UNKNOWN:
            also = "" if self.stated in (UNKNOWN, self.last_known) else f"; the record still states {stated}"
            own = f"since {self.unknown_from}; last registered: {in_words(self.last_known)}"
            return f"Unknown (derived by the registry's rule {own}{also})"
        return stated if self.agrees else f"{in_words(self.derived)} (on that day; the record states {stated})"


def status_on(record: Record, today: date) -> Status:
    """The status of a record on a day."""
    stated = record.status.overall_status
    last_known = record.status.last_known_status or (stated if stated != UNKNOWN else None)
    if partial_date(record.status.status_verified_date) is None or last_known is None:
        return Status(stated, last_known, None, None)
    start = unknown_from(record)
    if start is not None and today >= start:
        return Status(stated, last_known, UNKNOWN, start)
    return Status(stated, last_known, last_known, start)


def unknown_from(record: Record) -> date | None:
    """The first day on which the rule gives UNKNOWN; None where it never does or cannot be computed.

    The completion (end of the month where only a month is stated) must lie before that day, and the end of the
    month of verification plus two years as well.
    """
    last_known = record.status.last_known_status or record.status.overall_status
    completion = record.status.completion_date_struct.partial or record.status.primary_completion_date_struct.partial
    verified = partial_date(record.status.status_verified_date)
    if last_known not in GOES_ON or verified is None:
        return None
    month_end = type(verified)(verified.year, verified.month).last
    try:
        stale = _end_of_month(add_months(month_end, 24))
        return max(stale, completion.last if completion else stale) + timedelta(days=1)
    except OverflowError:
        return None  # a slip of the pen, 9999 for 1999: that day never comes


def in_words(status: str | None) -> str:
    """A code of the registry in words: NOT_YET_RECRUITING → Not yet recruiting."""
    if status is None:
        return "not stated"
    return _WORDS.get(status, status.replace("_", " ").capitalize())


def _end_of_month(when: date) -> date:
    return add_months(when.replace(day=1), 1) - timedelta(days=1)
