"""The founding study's days, and what becomes of them when life happens."""

from __future__ import annotations

import re
from datetime import date

import pytest

from trialrun.errors import InputError
from trialrun.protocol.load import ProtocolFile, load_text
from trialrun.protocol.schedule.course import Course, parse_course
from trialrun.protocol.schedule.planner import plan
from trialrun.protocol.schedule.rows import DoseRow, Schedule, VisitRow
from trialrun.protocol.shipped import shipped_text
from trialrun.vocabulary.body import BodySize

REGISTERED_DAYS = (
    *(1, 2, 3, 4, 5),
    *(8, 9, 10, 11, 12),
    *(15, 16, 17, 18, 19),
    *(22, 23, 24, 25, 26),
    *(33, 40, 47, 54, 61, 68, 75, 82),
)
MONDAY = date(2026, 12, 7)


def visit(found: Schedule, name: str) -> VisitRow:
    return next(row for row in found.visits if row.name == name)


def dose(found: Schedule, number: int) -> DoseRow:
    return next(row for row in found.doses if row.number == number)


def lived(founding: ProtocolFile, *lines: str) -> Schedule:
    return plan(founding.protocol, MONDAY, course=course(founding, *lines))


def course(file: ProtocolFile, *lines: str) -> Course:
    return parse_course("\n".join(["date,event,what,reason", *lines]), "course.csv", file.protocol)


def test_28_doses_on_the_registered_days(founding: ProtocolFile) -> None:
    found = plan(founding.protocol, MONDAY)
    assert tuple(row.day.number for row in found.doses) == REGISTERED_DAYS
    assert [row.number for row in found.doses] == list(range(1, 29))
    assert dose(found, 28).nominal == date(2027, 2, 26)


BODY = BodySize(165, 62)


def decided(text: str, key: str, use: str) -> str:
    """The file's text with one row of the decisions decided."""
    who = f'use: {use}\n    decided by: Li Wei, investigator\n    decided on: 2026-11-24\n    reason: "told"\n'
    start = text.index(f"\n  {key}:\n") + 1
    end = next((start + 5 + found.start() for found in re.finditer(r"^  \w", text[start + 5 :], re.M)), len(text))
    row = text[start:end].replace("    decided by: nobody yet\n", "").rstrip("\n")
    return f"{text[:start]}{row}\n    {who}{text[end:]}"


@pytest.mark.parametrize("still_open", [("C1", "Q22", "A3"), ("Q22", "A3"), ("Q22",), ("A3",)])
def test_every_open_row_that_blocks_dose_orders_keeps_the_amount_empty(still_open: tuple[str, ...]) -> None:
    text = shipped_text("NCT04062006")
    for key, use in (("C1", "per m2"), ("Q22", "as proposed"), ("A3", "as written")):
        text = text if key in still_open else decided(text, key, use)
    found = plan(load_text(text).protocol, MONDAY, body=BODY)
    assert {(row.amount, row.blocked_by) for row in found.doses} == {(None, still_open)}
    assert str(found.proposed["rhIL-2"]) == "1,700,000 IU"


def test_what_is_missing_is_named_beside_what_is_open(founding: ProtocolFile) -> None:
    found = plan(founding.protocol, MONDAY)
    assert found.doses[0].blocked_by == ("C1", "Q22", "A3", "height and weight")
    assert found.proposed == {}


@pytest.mark.parametrize(
    ("choice", "value", "amount"),
    [
        # Mosteller: sqrt(165 * 62 / 3600) = 1.68573… m2, so 1,685,725 IU, in steps of 50,000 IU 1,700,000.
        ("per m2", "1,000,000 IU per m2", "1,700,000 IU"),
        ("flat", "1,000,000 IU", "1,000,000 IU"),
    ],
)
def test_amount_once_a_person_has_decided(choice: str, value: str, amount: str) -> None:
    text = shipped_text("NCT04062006").replace("dose: 1,000,000 IU per m2 [C1]", f"dose: {value}")
    for key, use in (("C1", choice), ("Q22", "as proposed"), ("A3", "as written")):
        text = decided(text, key, use)
    found = plan(load_text(text).protocol, MONDAY, body=BODY)
    assert {str(row.amount) for row in found.doses} == {amount}
    assert {row.blocked_by for row in found.doses} == {()}


def test_closed_days_are_recorded_as_missed_and_said(founding: ProtocolFile) -> None:
    found = plan(founding.protocol, MONDAY)
    closed = {row.planned: row.reasons for row in found.doses if row.state == "closed"}
    assert closed == {
        date(2027, 1, 1): ("closed: New Year's Day",),
        date(2027, 2, 5): ("closed: Chinese New Year's Eve",),
    }


def test_a_year_that_is_not_announced_is_said(founding: ProtocolFile) -> None:
    notes = plan(founding.protocol, MONDAY).notes
    assert any(note.startswith("2027") and "table (to 2026)" in note and "not final" in note for note in notes)
    early = plan(founding.protocol, date(2025, 3, 3))
    assert not any("table" in note for note in early.notes)
    assert early.provisional_years == frozenset()


def test_days_of_such_a_year_are_provisional_until_they_are_past(founding: ProtocolFile) -> None:
    found = plan(founding.protocol, MONDAY)
    assert [found.is_provisional(dose(found, number).planned) for number in (19, 26)] == [False, True]
    past = lived(founding, "2027-02-26,missed,dose 28,")
    assert not past.is_provisional(dose(past, 26).planned)


def test_make_up_workdays_are_open(founding: ProtocolFile) -> None:
    # 2026: 4 January, 14 and 28 February are worked (notice of the State Council, 4 November 2025).
    found = plan(founding.protocol, date(2026, 2, 16))
    assert dose(found, 6).planned == date(2026, 2, 23)
    assert dose(found, 6).state == "closed"
    sunday = plan(founding.protocol, date(2026, 1, 5))
    assert visit(sunday, "screening").planned == date(2026, 1, 4)


def test_a_start_before_the_spring_festival_loses_a_week(founding: ProtocolFile) -> None:
    found = plan(founding.protocol, date(2026, 1, 26))
    lost = [row.planned for row in found.doses if row.state == "closed"]
    assert lost == [date(2026, 2, day) for day in (16, 17, 18, 19, 20)]


def test_a_start_on_another_weekday_is_said(founding: ProtocolFile) -> None:
    notes = plan(founding.protocol, date(2026, 12, 9)).notes
    assert "Day 1 is a Wed; the protocol says Mon." in notes


@pytest.mark.parametrize(
    ("start", "last_dose", "three_months_later", "day"),
    [
        # Day 82 is 81 days after day 1; three calendar months on, the day count depends on the months in between.
        (date(2026, 12, 7), date(2027, 2, 26), date(2027, 5, 26), 171),
        (date(2026, 3, 2), date(2026, 5, 22), date(2026, 8, 22), 174),
        (date(2026, 9, 7), date(2026, 11, 27), date(2027, 2, 27), 174),
    ],
)
def test_week_24_waits_for_three_months_after_the_last_dose(
    founding: ProtocolFile, start: date, last_dose: date, three_months_later: date, day: int
) -> None:
    found = plan(founding.protocol, start)
    row = visit(found, "week 24")
    assert dose(found, 28).nominal == last_dose
    assert row.earliest == three_months_later
    assert (three_months_later - start).days + 1 == day
    assert row.nominal == start.fromordinal(start.toordinal() + 168)
    assert row.planned is not None and row.planned >= three_months_later
    assert row.blocked_by == ("C3",)
    assert visit(found, "week 12").blocked_by == ("Q13",)
    assert row.provisional


def test_week_12_is_never_before_the_day_after_the_last_dose(founding: ProtocolFile) -> None:
    late = lived(founding, *given_all(founding, last=date(2027, 3, 2)))
    row = visit(late, "week 12")
    assert row.earliest == date(2027, 3, 3)
    assert row.planned == date(2027, 3, 3)
    assert not row.provisional


def given_all(file: ProtocolFile, last: date) -> list[str]:
    rows = plan(file.protocol, MONDAY).doses
    dates = [row.nominal for row in rows[:-1]] + [last]
    return [f"{when},given,dose {number}," for number, when in enumerate(dates, 1)]


def test_a_late_dose_says_how_late(founding: ProtocolFile) -> None:
    found = lived(founding, "2026-12-07,given,dose 1,", "2026-12-10,given,dose 2,late supply")
    assert dose(found, 2).state == "given"
    assert dose(found, 2).planned == date(2026, 12, 10)
    assert dose(found, 2).reasons == ("2 days after the window",)


def test_a_missed_dose_is_not_made_up_under_skip(founding: ProtocolFile) -> None:
    found = lived(founding, "2026-12-09,missed,dose 3,fever")
    assert (dose(found, 3).state, dose(found, 3).reasons) == ("missed", ("fever",))
    assert len(found.doses) == 28


def test_a_missed_dose_is_made_up_at_the_end_where_the_protocol_says_so() -> None:
    text = shipped_text("NCT04062006").replace("missed: skip [Q14]", "missed: add at the end")
    file = load_text(text)
    found = lived(file, "2026-12-09,missed,dose 3,fever")
    assert dose(found, 29).nominal == date(2027, 3, 5)
    assert "in place of a missed dose" in dose(found, 29).reasons
    assert visit(found, "week 24").earliest == date(2027, 6, 5)


def test_hold_and_restart(founding: ProtocolFile) -> None:
    found = lived(founding, "2026-12-15,held,,ALT", "2026-12-21,restarted,,")
    held = [row.number for row in found.doses if row.state == "held"]
    assert held == [7, 8, 9, 10]


def test_stopping_treatment_cancels_doses_and_keeps_follow_up(founding: ProtocolFile) -> None:
    found = lived(founding, "2026-12-07,given,dose 1,", "2026-12-10,stopped treatment,,wish")
    assert [row.number for row in found.doses if row.state == "cancelled"] == list(range(4, 29))
    early = visit(found, "early end")
    assert (early.state, early.planned, early.latest) == ("planned", date(2026, 12, 10), date(2026, 12, 17))
    assert visit(found, "week 12").state == "planned"


def test_withdrawn_consent_cancels_everything_after(founding: ProtocolFile) -> None:
    found = lived(founding, "2026-12-07,given,dose 1,", "2026-12-21,withdrew consent,,")
    assert {row.state for row in found.doses if row.planned >= date(2026, 12, 21)} == {"cancelled"}
    assert visit(found, "week 24").state == "cancelled"
    assert visit(found, "baseline").state == "planned"


def test_ending_the_study_early(founding: ProtocolFile) -> None:
    found = lived(founding, "2027-03-10,ended study,,moved away")
    assert visit(found, "week 16").state == "cancelled"
    assert visit(found, "week 16").reasons == ("ended study 2027-03-10",)


def test_a_visit_that_took_place_out_of_its_window_says_so(founding: ProtocolFile) -> None:
    found = lived(founding, "2027-01-12,visited,week 4,")
    row = visit(found, "week 4")
    assert (row.state, row.planned) == ("done", date(2027, 1, 12))
    assert row.reasons == ("after the window 2027-01-01 to 2027-01-07",)


def test_unscheduled_visits_keep_their_reason(founding: ProtocolFile) -> None:
    found = lived(founding, "2026-12-30,unscheduled,,fever")
    row = next(row for row in found.visits if row.planned == date(2026, 12, 30))
    assert (row.name, row.state, row.reasons) == ("unscheduled", "done", ("fever",))


def test_several_arms_must_be_named() -> None:
    text = """format: trialrun/1
trial: NCT00000001
title: Two arms
version: "1"
arms:
  A:
    name: a
    drugs: one
  B:
    name: b
drugs:
  one:
    name: One
    dose: 5 mg
    days: 1, 8
"""
    protocol = load_text(text).protocol
    with pytest.raises(InputError, match="several arms"):
        plan(protocol, MONDAY)
    assert [row.drug for row in plan(protocol, MONDAY, arm="A").doses] == ["one", "one"]
    assert plan(protocol, MONDAY, arm="B").doses == ()
    with pytest.raises(InputError, match="no arm 'C'"):
        plan(protocol, MONDAY, arm="C")


@pytest.mark.parametrize("start", [date(1, 1, 1), date(9999, 12, 31)])
def test_dates_at_the_edges_of_the_calendar_are_refused(founding: ProtocolFile, start: date) -> None:
    with pytest.raises(InputError, match="no date a study starts on"):
        plan(founding.protocol, start)


def test_a_dose_skipped_by_a_hold_is_not_the_last_dose(founding: ProtocolFile) -> None:
    given = [f"{row.nominal},given,dose {row.number}," for row in plan(founding.protocol, MONDAY).doses[:27]]
    held = [*given, "2027-02-24,held,,fever"]
    waiting = visit(lived(founding, *held), "week 24")
    assert (waiting.earliest, waiting.provisional) == (date(2027, 5, 26), True)  # dose 28 may still be given
    over = visit(lived(founding, *held, "2027-03-01,restarted,,"), "week 24")
    assert (over.earliest, over.provisional) == (date(2027, 5, 21), False)  # dose 27 on 19 February was the last


def test_a_dose_planned_for_the_day_of_a_late_one_is_in_conflict(founding: ProtocolFile) -> None:
    found = lived(founding, "2026-12-07,given,dose 1,", "2026-12-09,given,dose 2,")
    assert (dose(found, 2).state, dose(found, 3).state) == ("given", "conflict")
    assert dose(found, 3).reasons == ("another dose is on this day; never two on one day",)
    early = lived(founding, "2026-12-07,given,dose 1,", "2026-12-08,missed,dose 2,", "2026-12-09,given,dose 4,")
    assert (dose(early, 3).state, dose(early, 4).state) == ("conflict", "given")


def test_a_dose_too_soon_after_a_late_one_is_in_conflict(founding: ProtocolFile) -> None:
    found = lived(founding, "2027-01-13,given,dose 21,late")
    assert (dose(found, 22).state, dose(found, 23).state) == ("conflict", "planned")
    assert "less than 5 days after the dose before" in dose(found, 22).reasons


def test_days_closer_than_the_spacing_are_in_conflict_before_anything_has_happened() -> None:
    found = plan(small("days: 1, 3, 9\n    spacing: at least 5 days").protocol, MONDAY)
    assert [row.state for row in found.doses] == ["planned", "conflict", "planned"]


def small(drug: str, calendar: str = "") -> ProtocolFile:
    """A study of one drug."""
    return load_text(
        "format: trialrun/1\ntrial: NCT00000001\ntitle: Small\nversion: '1'\n"
        f"calendar:\n  day 1: first dose\n{calendar}drugs:\n  one:\n    name: One\n    dose: 5 mg\n    {drug}\n"
        "visits:\n  after: 3 months after last dose\n"
    )


def test_the_first_dose_makes_day_1(founding: ProtocolFile) -> None:
    with pytest.raises(InputError, match=r"day 1 is the first dose of rhIL-2, and dose 1 was given on 2026-12-01"):
        lived(founding, "2026-12-01,given,dose 1,")
    with pytest.raises(InputError, match="not on 2026-12-07"):
        lived(founding, "2026-12-08,given,dose 1,")
    with pytest.raises(InputError, match="dose 2 was given on 2026-12-04"):
        lived(founding, "2026-12-04,given,dose 2,")
    other = load_text(shipped_text("NCT04062006").replace("day 1: first dose of rhIL-2", "day 1: randomisation"))
    assert dose(lived(other, "2026-12-08,given,dose 1,"), 1).reasons == ("1 day after the window",)


def test_a_dose_of_another_year_is_refused(founding: ProtocolFile) -> None:
    with pytest.raises(InputError, match="dose 2 on 2030-12-08 is more than a year from its planned day, 2026-12-08"):
        lived(founding, "2030-12-08,given,dose 2,")
    with pytest.raises(InputError, match="week 2 on 2030-12-21 is more than a year"):
        lived(founding, "2030-12-21,visited,week 2,")


def test_a_missed_dose_stays_on_its_day(founding: ProtocolFile) -> None:
    found = lived(founding, "2027-01-20,missed,dose 2,fever")
    assert (dose(found, 2).planned, dose(found, 2).reasons) == (date(2026, 12, 8), ("fever", "recorded 2027-01-20"))


def test_a_dose_given_on_hold_says_so(founding: ProtocolFile) -> None:
    found = lived(founding, "2026-12-08,held,,", "2026-12-09,given,dose 3,")
    assert (dose(found, 3).state, dose(found, 3).reasons) == ("given", ("given while treatment was on hold",))


def test_past_doses_without_an_event_are_not_recorded_and_may_have_been_the_last(founding: ProtocolFile) -> None:
    found = lived(founding, "2026-12-07,given,dose 1,", "2026-12-10,stopped treatment,,")
    assert [dose(found, number).state for number in (1, 2, 3, 4)] == [
        "given",
        "not recorded",
        "not recorded",
        "cancelled",
    ]
    assert visit(found, "week 24").provisional  # dose 3 may have been given on 9 December
    assert any(note.startswith("2 doses are past (2026-12-10 is the last date known) and not") for note in found.notes)
    known = lived(founding, *(f"2026-12-0{n + 6},given,dose {n}," for n in (1, 2, 3)), "2026-12-10,stopped treatment,,")
    assert not visit(known, "week 24").provisional
    assert not any("not recorded" in note for note in known.notes)


def test_early_end_takes_place_on_an_open_day(founding: ProtocolFile) -> None:
    # 2027-02-06 is a Saturday, and the days after it are Spring Festival.
    row = visit(lived(founding, "2027-02-06,stopped treatment,,"), "early end")
    assert (row.earliest, row.planned, row.latest) == (date(2027, 2, 6), date(2027, 2, 11), date(2027, 2, 13))
    assert any(reason.startswith("moved from 2027-02-06") for reason in row.reasons)


HOLD = "days: 1, 8 ... 57\n    hold:\n      - if: fever\n        restart: {}"


@pytest.mark.parametrize(
    ("restart", "days"),
    [
        ("at the next planned day; stop if held > 14 days", 14),
        ("at the next planned day; stop if held more than 2 weeks", 14),
        ("stop if held > 1 day", 1),
        ("at the next planned day", None),
        ("stop if held too long", None),
    ],
)
def test_how_long_a_hold_may_last(restart: str, days: int | None) -> None:
    assert small(HOLD.format(restart)).protocol.drugs["one"].hold[0].longest_days == days


def test_a_hold_that_lasts_too_long_stops_treatment() -> None:
    file = small(HOLD.format("at the next planned day; stop if held > 14 days"))
    states = {n: row.state for n, row in enumerate(lived(file, "2026-12-14,held,,", "2026-12-28,restarted,,").doses, 1)}
    assert states == {1: "not recorded", 2: "held", 3: "held", **dict.fromkeys(range(4, 10), "planned")}
    found = lived(file, "2026-12-14,held,,", "2026-12-29,restarted,,")
    assert [row.state for row in found.doses] == ["not recorded", *["held"] * 3, *["cancelled"] * 5]
    assert dose(found, 5).reasons == ("on hold for more than 14 days since 2026-12-14",)
    assert "Write 'stopped treatment' into the course, or the date treatment went on." in found.notes
    still = lived(file, "2026-12-14,held,,", "2027-01-04,unscheduled,,")
    assert [row.state for row in still.doses[3:]] == ["held", *["cancelled"] * 5]


def test_a_hold_beyond_the_limit_of_one_of_several_rules_is_said(founding: ProtocolFile) -> None:
    found = lived(founding, "2026-12-15,held,,", "2027-01-05,restarted,,")
    assert {row.state for row in found.doses[20:24]} == {"planned"}
    assert dose(found, 21).reasons == ("after a hold of more than 14 days",)
    assert any("treatment stops if it was for ALT > 3 x ULN or AST > 3 x ULN" in note for note in found.notes)


def test_a_study_without_closed_days_says_so() -> None:
    assert any("no closed days" in note for note in plan(small("days: 1").protocol, MONDAY).notes)
    closed = small("days: 1", "  closed days: Sat, Sun\n")
    assert not any("no closed days" in note for note in plan(closed.protocol, MONDAY).notes)


def test_a_range_says_why_its_last_open_day_is_planned(founding: ProtocolFile) -> None:
    reasons = visit(plan(founding.protocol, MONDAY), "screening").reasons
    assert reasons[-1] == "the last open day of the range; an earlier one leaves time for results"


PREVIOUS = "days: 1, 8 ... 29\n    from: previous dose\n    window:\n      all days: -1..+3"


def test_doses_counted_from_the_previous_one_drift_with_it() -> None:
    found = lived(small(PREVIOUS), "2026-12-07,given,dose 1,", "2026-12-16,given,dose 2,", "2026-12-23,missed,dose 3,")
    assert [row.planned.isoformat()[5:] for row in found.doses] == ["12-07", "12-16", "12-23", "12-30", "01-06"]
    assert [row.day.number for row in found.doses] == [1, 8, 17, 24, 31]
    assert (dose(found, 4).earliest, dose(found, 4).latest) == (date(2026, 12, 29), date(2027, 1, 2))
    assert visit(found, "after").planned == date(2027, 4, 6)
    fixed = lived(
        small(PREVIOUS.replace("previous dose", "day 1")), "2026-12-07,given,dose 1,", "2026-12-16,given,dose 2,"
    )
    assert dose(fixed, 5).planned == date(2027, 1, 4)


def test_a_dose_moved_off_a_closed_day_carries_the_next_with_it() -> None:
    closed = "  closed days: Wed\n  when closed:\n    dose: next open day\n"
    found = plan(small(PREVIOUS.replace("1, 8 ... 29", "1, 3, 10"), closed).protocol, MONDAY)
    assert [row.planned.isoformat()[5:] for row in found.doses] == ["12-07", "12-10", "12-17"]


def test_a_made_up_dose_is_lived_too(founding: ProtocolFile) -> None:
    text = shipped_text("NCT04062006").replace("missed: skip [Q14]", "missed: add at the end [Q14]")
    file = load_text(text, "study.yaml")
    found = lived(file, "2026-12-08,missed,dose 2,fever", "2027-03-05,given,dose 29,")
    assert (dose(found, 29).state, dose(found, 29).planned) == ("given", date(2027, 3, 5))
    assert visit(found, "week 12").earliest == date(2027, 3, 6)
    assert [row.number for row in found.doses] == list(range(1, 30))


def test_a_year_is_said_to_be_open_only_where_the_plan_has_days_in_it(founding: ProtocolFile) -> None:
    def said(start: date, *lines: str) -> list[str]:
        found = plan(founding.protocol, start, course=course(founding, *lines))
        return [note[:4] for note in found.notes if "not in this version's table" in note]

    assert said(date(2026, 6, 1)) == []  # the last visit may be on 2026-11-30
    assert said(MONDAY) == ["2027"]
    assert said(date(2026, 6, 1), "2026-11-30,given,dose 28,") == ["2027"]


def test_a_course_of_another_century_is_refused(founding: ProtocolFile) -> None:
    with pytest.raises(InputError, match="forty years"):
        lived(founding, "9999-12-31,given,dose 28,")
