"""The evaluator where a slip would let somebody in: what must stay unknown, and what must not take for ever."""

from __future__ import annotations

from datetime import date, time
from time import process_time

from tests.fhir_bundles import bundle, concept, loaded, resource
from trialrun.criteria.meaning.case import Case
from trialrun.criteria.meaning.days import Anchors
from trialrun.criteria.meaning.finding import Finding, Reason
from trialrun.criteria.meaning.history import History
from trialrun.criteria.meaning.rules import evaluate
from trialrun.criteria.parsing import parse_rule
from trialrun.patients.person import Event, Period, Person
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.terms import shipped

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
