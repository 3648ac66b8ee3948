"""What goes wrong with records, at the rates of the parameters. What is true of the person stays as it was.

A row that is changed keeps its id, and a row that is added has the id of the one it was copied from with `-copy`,
`-future` or `-error`, so that the clean record of the same person can be laid beside it. Each row takes the same number of
random numbers whatever happens to it, so that one rate changes nothing that another decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from trialrun.patients.clinic.catalogue import Test, catalogue
from trialrun.patients.clinic.chance import Chance
from trialrun.patients.clinic.parameters import Parameters
from trialrun.patients.clinic.record import day
from trialrun.patients.person import Event, Period, Person, Status
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain

_S = "messiness"
LOCAL_CODES = "urn:trialrun:made-up-local-codes"
"""The code system of a house that nobody else knows."""
_NO_UCUM = "IU/L"
_DATED = (Domain.CONDITION, Domain.DRUG, Domain.PROCEDURE)
_FUTURE = 400


def messed_up(person: Person, chance: Chance, on: date, p: Parameters) -> Person:
    """The person with a record as one may find it."""
    rates = [(name, p.number(_S, name)) for name in _OF_ROWS]
    streams: dict[str, _Mess] = {}
    to_year, gap, where = chance.draw(), chance.draw(), chance.draw()
    events: list[Event] = []
    for event in person.events:
        subject = event.id.split("-")[-2]
        mess = streams.get(subject)
        if mess is None:
            mess = streams[subject] = _Mess(chance.branch(subject), on.toordinal(), rates)
        events.extend(mess.rows(event))
    birth = person.birth
    if birth is not None and to_year < p.number(_S, "birth to the year"):
        birth = PartialDate(birth.year)
    coverage = person.coverage
    if gap < p.number(_S, "gap in coverage"):
        coverage = tuple(part for period in coverage for part in _with_gap(period, where))
    return replace(person, birth=birth, events=tuple(events), coverage=coverage)


def _with_gap(period: Period, where: float) -> tuple[Period, ...]:
    """A period with sixty days missing somewhere; a short one stays whole."""
    days = (period.end - period.start).days
    if days < 200:
        return (period,)
    first = period.start + timedelta(days=30 + int(where * (days - 120)))
    return Period(period.start, first), Period(first + timedelta(days=61), period.end)


class _Mess:
    """Changes the rows of one subject."""

    def __init__(self, chance: Chance, on: int, rates: list[tuple[str, float]]) -> None:
        self._chance, self._on, self._rates = chance, on, rates

    def rows(self, event: Event) -> Iterator[Event]:
        """The row as recorded, and what is added to it."""
        happens = self._chance.hits(self._rates)
        when = 1 + int(self._chance.draw() * _FUTURE)
        if not happens:
            yield event
            return
        result = event.domain is Domain.MEASUREMENT and event.value is not None
        if result:
            event = _result(event, happens)
        elif event.domain is Domain.DRUG:
            event = _drug(event, happens)
        elif event.domain is Domain.CONDITION and event.end is not None and "condition never abated" in happens:
            event = replace(event, end=None, status=Status.ACTIVE)
        if "local code" in happens and event.source_code and event.domain in (Domain.MEASUREMENT, Domain.CONDITION):
            event = _local(event)
        event = _dated(event, happens)
        yield event
        if "duplicate" in happens:
            yield replace(event, id=f"{event.id}-copy")
        if "future row" in happens:
            later = day(self._on + when)
            end = later if event.end is not None and event.end == event.start else None
            yield replace(event, id=f"{event.id}-future", start=later, end=end)
        if result and "entered in error" in happens and event.value is not None:
            wrong = round(event.value * 10 + 1, 2)
            yield replace(event, id=f"{event.id}-error", value=wrong, status=Status.ENTERED_IN_ERROR)


_OF_ROWS = (
    "unit missing", "other unit", "reference range missing", "date to the month", "date to the year",
    "drug in free text", "dose not stated", "duplicate", "future row", "entered in error", "condition never abated",
    "local code",
)  # fmt: skip


def _result(event: Event, happens: list[str]) -> Event:
    test = tests_by_words().get(event.source_text)
    if "other unit" in happens and test is not None and test.other:
        assert event.value is not None
        ends = [None if end is None else _converted(end, test) for end in (event.low, event.high)]
        event = replace(
            event,
            value=_converted(event.value, test),
            unit_source=test.other,
            unit="" if test.other == _NO_UCUM else test.other,
            low=ends[0],
            high=ends[1],
        )
    if "unit missing" in happens and event.unit_source:
        event = replace(event, unit_source="", unit="")
    if "reference range missing" in happens and (event.low is not None or event.high is not None):
        event = replace(event, low=None, high=None)
    return event


def _converted(value: float, test: Test) -> float:
    return float(round(value * test.factor, test.other_decimals))


@lru_cache(maxsize=1)
def tests_by_words() -> dict[str, Test]:
    """The tests of the catalogue by the words their rows have."""
    return {test.item.words: test for test in catalogue().tests.values()}


def _drug(event: Event, happens: list[str]) -> Event:
    if "drug in free text" in happens:
        amount = f" {event.dose:g} {event.dose_unit}" if event.dose is not None else ""
        words = f"{event.source_text.capitalize()}{amount}, see letter"
        return replace(
            event, source_system="", source_code="", source_text=words, std_system="", std_code="", map_origin="",
            dose=None, dose_unit="", per_day=None, route="",
        )  # fmt: skip
    if "dose not stated" in happens and event.dose is not None:
        return replace(event, dose=None, dose_unit="", per_day=None)
    return event


def _local(event: Event) -> Event:
    """The code of a house; the words stay, as they do in real exports."""
    return replace(
        event,
        source_system=LOCAL_CODES,
        source_code=f"H-{event.source_code}",
        std_system="",
        std_code="",
        map_origin="",
    )


def _dated(event: Event, happens: list[str]) -> Event:
    if event.start is None or event.domain not in _DATED:
        return event
    if "date to the year" in happens:
        less = PartialDate(event.start.year)
    elif "date to the month" in happens:
        less = PartialDate(event.start.year, event.start.month)
    else:
        return event
    once = event.end is not None and event.end == event.start
    # What was given once has one date, which is no more precise as an end than as a beginning.
    return replace(
        event, start=less, end=less if once and event.id.startswith("MedicationAdministration/") else event.end
    )
