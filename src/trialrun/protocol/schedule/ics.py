"""A participant's calendar as an iCalendar file (RFC 5545) that a second import updates.

UIDs depend on the trial, the participant and the row only, so a moved visit keeps its UID; its SEQUENCE rises when
the file that is replaced held it otherwise, and rows no longer planned stay as cancelled events. A calendar is
read by employers and families: no text in it names a disease, a drug, a sponsor or the trial's title.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from trialrun.errors import InputError
from trialrun.protocol.schedule.rows import DoseRow, Schedule, VisitRow

_SHOWN_DOSES = ("planned", "given", "not recorded")
_SHOWN_VISITS = ("planned", "done")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One calendar day a participant comes or is called."""

    uid: str
    when: date
    telephone: bool
    earliest: date
    latest: date
    provisional: bool


def calendar_text(
    schedule: Schedule, trial: str, participant: str, stamp: datetime, earlier: bytes | None = None
) -> bytes:
    """The calendar file.

    Args:
        schedule: The participant's schedule.
        trial: The trial's number; only hashed into the UIDs.
        participant: The participant's number.
        stamp: When the file is made (DTSTAMP); aware.
        earlier: The file that is replaced, if there is one.

    Raises:
        InputError: the earlier file is no calendar, another program's, or another participant's or trial's.
    """
    known = _known(earlier) if earlier is not None else {}
    _refuse_others(known, _row_uids(schedule, trial, participant), participant)
    calendar = Calendar()
    calendar.add("prodid", _PROGRAM)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("calscale", "GREGORIAN")
    entries = sorted(_entries(schedule, trial, participant), key=lambda entry: entry.when)
    for entry in entries:
        calendar.add_component(_event(entry, participant, stamp, known.get(entry.uid)))
    now = {entry.uid for entry in entries}
    for uid, old in known.items():
        if uid not in now:
            calendar.add_component(_cancelled(old, stamp))
    return bytes(calendar.to_ical())


_DOMAIN = "@trialrun"
_PROGRAM = "-//trialrun//schedule//EN"
_PARTICIPANT = re.compile(r"participant (\S+)")


def _refuse_others(known: dict[str, Event], rows: set[str], participant: str) -> None:
    """Refuses to bring a calendar up to date that none of this participant's rows ever stood in.

    All its visits would be cancelled. The UIDs tell: they are made from trial and participant; the participant's
    number in the events only makes the message plainer.

    Raises:
        InputError: the calendar is another participant's or another trial's.
    """
    if not known or rows & known.keys():
        return
    named = (_PARTICIPANT.search(str(event.get("SUMMARY", ""))) for event in known.values())
    owner = next((found[1] for found in named if found), None)
    other = f"participant {owner}" if owner not in (None, participant) else "another trial"
    raise InputError(
        f"this calendar belongs to {other}; it is left as it is", hint="Give each participant a file of their own."
    )


def _row_uids(schedule: Schedule, trial: str, participant: str) -> set[str]:
    """The UIDs of all rows, whatever became of them."""
    keys = [*map(_visit_key, schedule.visits), *map(_dose_key, schedule.doses)]
    return {_uid(trial, participant, key) for key in keys}


def _entries(schedule: Schedule, trial: str, participant: str) -> Iterator[_Entry]:
    """Visits, and doses on days without a visit."""
    visited: set[date] = set()
    for visit in schedule.visits:
        if visit.unscheduled and visit.planned in visited:
            continue  # it is one coming, and what tells unscheduled visits apart is their date
        if visit.state in _SHOWN_VISITS and visit.planned is not None:
            visited.add(visit.planned)
            provisional = visit.state == "planned" and schedule.is_provisional(visit.planned)
            yield _visit_entry(visit, _uid(trial, participant, _visit_key(visit)), provisional)
    for dose in schedule.doses:
        if dose.state in _SHOWN_DOSES and dose.planned not in visited:
            visited.add(dose.planned)
            provisional = dose.state == "planned" and schedule.is_provisional(dose.planned)
            yield _dose_entry(dose, _uid(trial, participant, _dose_key(dose)), provisional)


def _visit_key(visit: VisitRow) -> str:
    """Unscheduled visits share a name, so their date tells them apart."""
    return f"visit/{visit.name}/{visit.planned}" if visit.unscheduled else f"visit/{visit.name}"


def _dose_key(dose: DoseRow) -> str:
    return f"{dose.drug}/dose/{dose.number}"


def _visit_entry(visit: VisitRow, uid: str, provisional: bool) -> _Entry:
    assert visit.planned is not None
    earliest, latest = visit.earliest or visit.planned, visit.latest or visit.planned
    return _Entry(uid, visit.planned, visit.telephone, earliest, latest, provisional)


def _dose_entry(dose: DoseRow, uid: str, provisional: bool) -> _Entry:
    return _Entry(uid, dose.planned, False, dose.earliest, dose.latest, provisional)


def _uid(trial: str, participant: str, key: str) -> str:
    return hashlib.sha256(f"{trial}\n{participant}\n{key}".encode()).hexdigest()[:32] + _DOMAIN


def _event(entry: _Entry, participant: str, stamp: datetime, old: Event | None) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("summary", f"{'Telephone visit' if entry.telephone else 'Visit'}, participant {participant}")
    event.add("dtstart", entry.when)
    event.add("dtend", entry.when + timedelta(days=1))  # the end of an all-day event is exclusive
    words = [f"Allowed from {entry.earliest} to {entry.latest}."] if entry.earliest != entry.latest else []
    words += ["Provisional: the public holidays of this year are not known for sure."] * entry.provisional
    if words:
        event.add("description", " ".join(words))
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return _stamped(event, stamp, old)


def _cancelled(old: Event, stamp: datetime) -> Event:
    event = Event()
    for name in ("uid", "summary", "dtstart", "dtend"):
        if name in old:
            event[name] = old[name]
    event.add("status", "CANCELLED")
    return _stamped(event, stamp, old)


def _stamped(event: Event, stamp: datetime, old: Event | None) -> Event:
    """The event with DTSTAMP and SEQUENCE; both stay where nothing changed."""
    if old is None:
        event.add("sequence", 0)
        event.add("dtstamp", stamp.astimezone(UTC))
    elif _content(event) == _content(old):
        event.add("sequence", int(old.get("sequence", 0)))
        event["dtstamp"] = old["dtstamp"]
    else:
        event.add("sequence", int(old.get("sequence", 0)) + 1)
        event.add("dtstamp", stamp.astimezone(UTC))
    return event


def _content(event: Event) -> tuple[object, ...]:
    names = ("dtstart", "dtend", "summary", "description", "status")
    return tuple(event[name].to_ical() if hasattr(event.get(name), "to_ical") else event.get(name) for name in names)


def _known(earlier: bytes) -> dict[str, Event]:
    """The events of an earlier file by their UID.

    Raises:
        InputError: it is no calendar, or holds what another program wrote; that would be lost.
    """
    try:
        calendar = Calendar.from_ical(earlier)
    except ValueError as error:
        raise InputError(
            f"the file to be replaced is no calendar: {error}", hint="Name another file, or move it away."
        ) from None
    parts = [part for part in calendar.walk() if part.name != "VCALENDAR"]
    events = [part for part in parts if isinstance(part, Event) and "UID" in part and "DTSTAMP" in part]
    ours = len(events) == len(parts) and all(str(event["UID"]).endswith(_DOMAIN) for event in events)
    if str(calendar.get("PRODID", "")) != _PROGRAM or not ours:
        raise InputError(
            "the calendar to be replaced holds entries that trialrun did not write", hint="Name another file."
        )
    if not all(isinstance(event.get("SEQUENCE", 0), int) for event in events):
        raise InputError("the calendar to be replaced has a SEQUENCE that is no number", hint="Name another file.")
    return {str(event["UID"]): event for event in events}
