"""The evaluator where a slip would let somebody in: what must stay unknown, and what must not take for ever."""

from __future__ import annotations

from datetime import date, time
from time import process_time

import pytest

from tests.fhir_bundles import bundle, concept, loaded, resource
from trialrun.criteria.interval import exactly
from trialrun.criteria.meaning.case import Case
from trialrun.criteria.meaning.days import Anchors
from trialrun.criteria.meaning.finding import Finding, Reason
from trialrun.criteria.meaning.history import History
from trialrun.criteria.meaning.rules import evaluate
from trialrun.criteria.parsing import parse_rule
from trialrun.patients.person import Event, Period, Person
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.shipped_terms import shipped

ON = date(2026, 11, 24)


def answer(rule: str, *events: Event) -> Finding:
    """The answer to a rule for a person of whom only these rows are known."""
    person = Person("007", events=events)
    case = Case(History(person, ON, shipped()), Anchors.screening(ON), rules={"E1": parse_rule(rule, shipped())})
    return evaluate("E1", case)


def drug(words: str, since: str, route: str = "") -> Event:
    """A row of a drug whose end nobody states."""
    return Event(f"{words} {since}", Domain.DRUG, PartialDate.parse(since), source_text=words, route=route)


def test_under_no_a_class_counts_as_none_only_of_what_is_narrower() -> None:
    """ "Biologic" need not be rituximab; that it is a biologic is certain, and only its day is not."""
    biologic = drug("biologic", "2026")
    ends = "within 6 months before screening, if nothing recorded: no"
    assert answer(f"took rituximab {ends}", biologic).truth is False
    assert answer(f"took biologic {ends}", biologic).truth is None
    assert answer(f"took any [rituximab, biologic] {ends}", biologic).truth is None
    steroid = drug("glucocorticoid", "2026-11-01")
    assert answer(f"took systemic glucocorticoid {ends}", steroid).truth is None


def test_the_latest_of_very_many_results_is_found_at_once() -> None:
    """Twenty thousand results of one test compared pair by pair took two minutes."""
    start = date(1960, 1, 1).toordinal()
    days = [date.fromordinal(start + number) for number in range(20_000)]
    rows = [
        Event(
            f"{number:05}",
            Domain.MEASUREMENT,
            PartialDate(day.year, day.month, day.day),
            source_text="ALT",
            value=number / 100,
            unit="U/L",
        )
        for number, day in enumerate(days)
    ]
    began = process_time()
    assert answer("latest ALT > 199.98 U/L", *rows).truth is True
    assert answer("first ALT < 0.01 U/L", *rows).truth is True
    assert process_time() - began < 10


def test_the_latest_of_a_day_is_told_by_the_clock_where_there_is_one() -> None:
    """A row without a time of day may be the latest; one that is surely earlier is not."""

    def alt(name: str, value: float, on: str, at: str = "") -> Event:
        clock = time.fromisoformat(at) if at else None
        return Event(
            name, Domain.MEASUREMENT, PartialDate.parse(on), time=clock, source_text="ALT", value=value, unit="U/L"
        )

    morning, evening = alt("a", 10, "2026-11-01", "08:00"), alt("b", 90, "2026-11-01", "20:00")
    assert answer("latest ALT > 50 U/L", morning, evening).truth is True
    assert answer("first ALT > 50 U/L", morning, evening).truth is False
    assert answer("latest ALT > 50 U/L", morning, evening, alt("c", 10, "2026-11-01")).truth is None
    assert answer("first ALT > 50 U/L", morning, evening, alt("c", 90, "2026-11-01")).truth is None
    assert answer("latest ALT > 50 U/L", morning, evening, alt("c", 10, "2026-11")).truth is None
    assert answer("latest ALT > 50 U/L", morning, evening, alt("c", 10, "2026-10")).truth is True
    assert answer("first ALT > 50 U/L", morning, alt("c", 90, "2026-12-01"), alt("d", 90, "2026-11-02")).truth is False


def test_what_stands_behind_the_part_of_a_text_that_is_read_is_not_ruled_out() -> None:
    """A bundle with a note where the name of a drug belongs: its reader cuts it, which is no reason to trust the rest."""
    note = "ibuprofen, " + "tolerated well, " * 200 + "rituximab"
    order = resource("MedicationStatement", medicationCodeableConcept=concept(note), effectiveDateTime="2026-11-01")
    (read,) = loaded(bundle(order)).people[0].events
    rule = "took rituximab within 6 months before screening, if nothing recorded: no, within coverage"
    person = Person("007", events=(read,), coverage=(Period(date(2000, 1, 1), ON),))
    case = Case(History(person, ON, shipped()), Anchors.screening(ON), rules={"E1": parse_rule(rule, shipped())})
    found = evaluate("E1", case)
    assert (found.truth, found.gaps[0].reason) == (None, Reason.UNREAD)
    assert answer("took NSAID within 6 months before screening", read).truth is not False


def test_the_dose_of_very_many_prescriptions_is_added_up_at_once() -> None:
    """Each prescription was held against each other one, for each day: two thousand took half a minute."""
    start = date(2015, 1, 1).toordinal()
    days = [date.fromordinal(start + number) for number in range(3_000)]
    rows = [
        Event(
            f"{number:05}",
            Domain.DRUG,
            PartialDate(day.year, day.month, day.day),
            source_text="prednisone",
            dose=5,
            dose_unit="mg",
            per_day=1,
            route="oral",
        )
        for number, day in enumerate(days)
    ]
    began = process_time()
    assert answer("dose of any glucocorticoid unchanged for 4 weeks before enrolment", *rows).truth is None
    assert answer("highest daily dose of glucocorticoid within 1 month before screening > 10 mg", *rows).truth is None
    assert process_time() - began < 10


def result(test: str, value: float | None, unit: str = "", text: str = "") -> Event:
    """A result of 1 November."""
    when = PartialDate.parse("2026-11-01")
    return Event(test, Domain.MEASUREMENT, when, source_text=test, value=value, unit=unit, value_text=text)


@pytest.mark.parametrize(
    ("value", "words"),
    [(68.9444, "68.9"), (68.0, "68"), (0.123456, "0.123"), (1234.5, "1234"), (2.674, "2.67")],
)
def test_a_computed_value_is_told_with_three_digits(value: float, words: str) -> None:
    assert exactly(value).in_short() == words


@pytest.mark.parametrize(("limit", "shown"), [("30", "BMI 24.7 kg/m2"), ("24.7", "BMI 24.6914 kg/m2")])
def test_a_computed_value_close_to_its_limit_is_told_in_full(limit: str, shown: str) -> None:
    found = answer(f"BMI > {limit} kg/m2", result("body weight", 80, "kg"), result("body height", 180, "cm"))
    assert shown in found.notes[0]


def test_what_lasted_a_day_is_told_with_one_date() -> None:
    day = PartialDate.parse("2026-09-14")
    given = Event("1", Domain.DRUG, day, end=day, source_text="infliximab")
    assert answer("took infliximab within 6 months before screening", given).notes == ("infliximab: 2026-09-14",)


def test_a_result_without_a_date_is_said_to_have_none() -> None:
    undated = Event("1", Domain.MEASUREMENT, None, source_text="ALT", value=90, unit="U/L")
    found = answer("any ALT within 28 days before screening > 40 U/L", undated)
    assert [(gap.reason, gap.words) for gap in found.gaps] == [(Reason.NO_DATE, "the ALT result has no date")]


@pytest.mark.parametrize(
    ("said", "told"), [("Negative", "negative"), ("POSITIVE", "POSITIVE"), ("positive", "positive")]
)
def test_a_finding_is_told_as_a_word_within_a_sentence(said: str, told: str) -> None:
    found = answer("latest HIV antibody is positive", result("HIV antibody", None, text=said))
    assert found.notes == (f"HIV antibody {told} on 2026-11-01",)


@pytest.mark.parametrize("said", ["NYHA class II", "class II", "II", "NYHA II"])
def test_a_level_is_told_without_the_name_of_its_scale_twice(said: str) -> None:
    found = answer("latest NYHA class >= III", result("NYHA class", None, text=said))
    assert found.notes == ("NYHA class II on 2026-11-01",)
