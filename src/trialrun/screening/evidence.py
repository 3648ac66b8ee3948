"""Rows as evidence: what a reader is shown of a row that was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trialrun.criteria.meaning.finding import Finding
from trialrun.patients.person import Event


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A row as a reader sees it.

    Args:
        row: Its id.
        decided: Whether the verdict rests on it.
        date: When, as recorded.
        what: The words found in the source.
        value: Value, dose or end, in words.
        origin: File and line, or table and row.
    """

    row: str
    decided: bool
    date: str
    what: str
    value: str
    origin: str


def evidence_rows(finding: Finding, events: Mapping[str, Event]) -> tuple[EvidenceRow, ...]:
    """The rows of a finding, those that decided first."""
    decided = set(finding.decided)
    ids = [*finding.decided, *(row for row in finding.considered if row not in decided)]
    return tuple(_row(events[name], name in decided) for name in ids)


def _row(event: Event, decided: bool) -> EvidenceRow:
    until = f" to {event.end}" if event.end else ""
    what = event.source_text or f"{event.source_system} {event.source_code}".strip() or event.domain.value
    return EvidenceRow(event.id, decided, f"{event.start or 'no date'}{until}", what, _value(event), event.origin)


def _value(event: Event) -> str:
    if event.value is not None:
        limits = [f"{name} {limit:g}" for name, limit in (("LLN", event.low), ("ULN", event.high)) if limit is not None]
        unit = event.unit_source or event.unit or "no unit"
        return f"{event.comparator}{event.value:g} {unit}" + (f" ({', '.join(limits)})" if limits else "")
    if event.dose is not None:
        often = f", {event.per_day:g} a day" if event.per_day is not None else ""
        return f"{event.dose:g} {event.dose_unit}{often}" + (f", {event.route}" if event.route else "")
    return " ".join(part for part in (event.value_text, event.route, event.status.value) if part and part != "unknown")
