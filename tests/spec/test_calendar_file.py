"""The iCalendar file: valid, silent about the study, and updated by a second import."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar, Event

from trialrun.errors import InputError
from trialrun.protocol.load import ProtocolFile
from trialrun.protocol.schedule.course import NOTHING_YET, parse_course
from trialrun.protocol.schedule.ics import calendar_text
from trialrun.protocol.schedule.planner import plan

MONDAY = date(2026, 12, 7)
FIRST, SECOND = datetime(2026, 11, 24, 8, tzinfo=UTC), datetime(2026, 11, 25, 8, tzinfo=UTC)


def written(
    file: ProtocolFile, *lines: str, day_1: date = MONDAY, earlier: bytes | None = None, at: datetime = FIRST
) -> bytes:
    text = "\n".join(["date,event,what,reason", *lines])
    course = parse_course(text, "c.csv", file.protocol) if lines else NOTHING_YET
    return calendar_text(plan(file.protocol, day_1, course=course), file.protocol.trial, "007", at, earlier)


def events(content: bytes) -> dict[str, Event]:
    found = [event for event in Calendar.from_ical(content).walk("VEVENT") if isinstance(event, Event)]
    assert len({str(event["UID"]) for event in found}) == len(found)
    return {str(event["UID"]): event for event in found}


def test_lines_end_and_fold_as_rfc_5545_says(founding: ProtocolFile) -> None:
    content = written(founding)
    lines = content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR" and lines[-2] == b"END:VCALENDAR" and lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert b"VERSION:2.0" in lines
    assert any(line.startswith(b"PRODID:") for line in lines)
    assert all({"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(event) for event in events(content).values())


def test_one_event_for_each_day_a_participant_comes(founding: ProtocolFile) -> None:
    days = sorted(event.decoded("DTSTART") for event in events(written(founding)).values())
    schedule = plan(founding.protocol, MONDAY)
    wanted = {row.planned for row in schedule.doses if row.state == "planned"}
    wanted |= {row.planned for row in schedule.visits if row.planned is not None}
    assert days == sorted(wanted)


def test_nothing_in_it_tells_the_disease_the_drug_or_the_trial(founding: ProtocolFile) -> None:
    said = written(founding).decode().casefold()
    for word in (
        "nct",
        "interleukin",
        "il-2",
        "polymyalgia",
        "pmr",
        "dose",
        "peking",
        "injection",
        "screening",
        "week",
    ):
        assert word not in said
    assert "participant 007" in said


def test_a_second_import_updates_and_does_not_double(founding: ProtocolFile) -> None:
    first = written(founding)
    later = written(founding, day_1=date(2026, 12, 14), earlier=first, at=SECOND)
    before, after = events(first), events(later)
    # The same rows keep their UIDs; every one that moved has a higher SEQUENCE.
    moved = [uid for uid in before if before[uid].decoded("DTSTART") != after[uid].decoded("DTSTART")]
    assert moved and all(str(after[uid]["SEQUENCE"]) == "1" for uid in moved)
    live = {uid for uid, event in after.items() if event["STATUS"] == "CONFIRMED"}
    assert live == set(events(written(founding, day_1=date(2026, 12, 14))))


def test_writing_the_same_again_changes_nothing(founding: ProtocolFile) -> None:
    first = written(founding)
    assert written(founding, earlier=first, at=SECOND) == first


def test_cancelled_doses_stay_as_cancelled_events(founding: ProtocolFile) -> None:
    first = written(founding)
    stopped = written(founding, "2027-01-20,stopped treatment,,", earlier=first, at=SECOND)
    gone = [event for event in events(stopped).values() if event["STATUS"] == "CANCELLED"]
    # Doses 23 to 28 but number 25, which falls on a holiday and never was an event.
    assert len(gone) == 5
    assert all(str(event["SEQUENCE"]) == "1" for event in gone)
    assert written(founding, "2027-01-20,stopped treatment,,", earlier=stopped, at=SECOND) == stopped


def test_another_participant_has_other_uids(founding: ProtocolFile) -> None:
    schedule = plan(founding.protocol, MONDAY)
    one = events(calendar_text(schedule, "NCT04062006", "001", FIRST))
    two = events(calendar_text(schedule, "NCT04062006", "002", FIRST))
    assert not set(one) & set(two)


def test_events_stand_in_the_order_of_their_dates(founding: ProtocolFile) -> None:
    days = [event.decoded("DTSTART") for event in events(written(founding)).values()]
    assert days == sorted(days)


def test_a_calendar_of_another_program_is_not_replaced(founding: ProtocolFile) -> None:
    mine = written(founding)
    theirs = mine.replace(b"-//trialrun//schedule//EN", b"-//Example//Calendar//EN")
    with pytest.raises(InputError, match="did not write"):
        written(founding, earlier=theirs)


def test_a_calendar_of_another_trial_is_not_replaced(founding: ProtocolFile) -> None:
    schedule = plan(founding.protocol, MONDAY)
    earlier = calendar_text(schedule, "NCT04062006", "001", FIRST)
    with pytest.raises(InputError, match="belongs to another trial"):
        calendar_text(schedule, "NCT00000000", "001", SECOND, earlier)


def test_a_file_that_is_no_calendar_is_not_replaced(founding: ProtocolFile) -> None:
    with pytest.raises(InputError, match="no calendar"):
        written(founding, earlier=b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR")


def test_the_early_end_visit_keeps_its_uid_when_it_takes_place(founding: ProtocolFile) -> None:
    stopped = "2026-12-22,stopped treatment,,"
    planned = written(founding, stopped)
    done = written(founding, stopped, "2026-12-24,visited,early end,", earlier=planned, at=SECOND)
    moved = [uid for uid, event in events(done).items() if event.decoded("DTSTART") == date(2026, 12, 24)]
    assert len(moved) == 1 and moved[0] in events(planned)
    assert str(events(done)[moved[0]]["SEQUENCE"]) == "1"
    assert all(event["STATUS"] == "CONFIRMED" for event in events(done).values())


def test_two_unscheduled_visits_on_one_day_are_one_coming(founding: ProtocolFile) -> None:
    twice = written(founding, "2026-12-29,unscheduled,,rash", "2026-12-29,unscheduled,,rash again")
    assert len(events(twice)) == len(events(written(founding, "2026-12-29,unscheduled,,rash")))


def test_another_participants_calendar_is_not_cancelled(founding: ProtocolFile) -> None:
    other = calendar_text(plan(founding.protocol, MONDAY), "NCT04062006", "008", FIRST)
    with pytest.raises(InputError, match="belongs to participant 008"):
        written(founding, earlier=other)


def test_a_calendar_with_entries_of_others_is_not_replaced(founding: ProtocolFile) -> None:
    own = Event()
    own.add("uid", "birthday@example.org")
    own.add("dtstamp", FIRST)
    own.add("dtstart", MONDAY)
    calendar = Calendar.from_ical(written(founding))
    calendar.add_component(own)
    with pytest.raises(InputError, match="did not write"):
        written(founding, earlier=calendar.to_ical())


@pytest.mark.parametrize("sequence", [b"SEQUENCE:abc", b"SEQUENCE:0\r\nSEQUENCE:1"])
def test_a_calendar_with_a_broken_sequence_is_refused(founding: ProtocolFile, sequence: bytes) -> None:
    broken = written(founding).replace(b"SEQUENCE:0", sequence)
    with pytest.raises(InputError, match="no number"):
        written(founding, day_1=date(2026, 12, 14), earlier=broken)


def test_a_dose_in_conflict_is_taken_out(founding: ProtocolFile) -> None:
    first = written(founding)
    later = written(founding, "2027-01-13,given,dose 21,", earlier=first, at=SECOND)
    gone = [event.decoded("DTSTART") for event in events(later).values() if event["STATUS"] == "CANCELLED"]
    assert gone == [date(2027, 1, 15)]
