"""Which of two versions of a record is the current one: the later update, and never a page over an API record."""

from __future__ import annotations

from trialrun.registry.record import Record
from trialrun.registry.status import UNKNOWN


def standing(record: Record) -> tuple[bool, str, bool, str, int]:
    """What versions of a record are ordered by; the greatest is the current one.

    In turn: from the API; last updated; Unknown, which the registry makes of a record that nobody updates any
    more; processed; how much it states. A date that is not stated comes before every other.
    """
    status = record.status
    updated = status.last_update_submit_date or status.last_update_post_date_struct.date or ""
    is_unknown = status.overall_status == UNKNOWN
    return not record.is_page, updated, is_unknown, record.processed or "", sum(1 for _ in record.fields())
