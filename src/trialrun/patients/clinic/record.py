"""A person's record while it is being made: rows of the contract, numbered within their subject.

Days are ordinals (`date.toordinal`). Nothing is ever recorded after the day the record is of: what would begin later is
left out, and what would end later is still going on.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache

from trialrun.patients.clinic.catalogue import VISIT, Item, catalogue
from trialrun.patients.person import Event, Status
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain

VISITS = {"AMB": "Outpatient visit", "IMP": "Hospital stay"}


@lru_cache(maxsize=50_000)
def day(ordinal: int) -> PartialDate:
    """A day as the contract holds it."""
    when = date.fromordinal(ordinal)
    return PartialDate(when.year, when.month, when.day)


class Record:
    """Collects the rows of one person.

    Args:
        person: The person's id.
        on: The day the record is of.
    """

    def __init__(self, person: str, on: int) -> None:
        self.person, self.on = person, on
        self.events: list[Event] = []
        self._numbers: dict[str, int] = {}
        self._subject = ""

    def about(self, subject: str) -> None:
        """Names the subject of the next rows; rows are numbered within it, so that others keep their ids."""
        self._subject = subject

    def condition(self, name: str, start: int, end: int | None = None) -> None:
        """A diagnosis, from its onset."""
        if start > self.on:
            return
        end = self._end(end)
        status = Status.ACTIVE if end is None else Status.COMPLETED
        self._add("Condition", Domain.CONDITION, catalogue().conditions[name], start, end, status=status)

    def drug(
        self,
        name: str,
        start: int,
        end: int | None = None,
        *,
        dose: float | None = None,
        every: float | None = None,
    ) -> None:
        """A course of a drug at one dose; the usual one unless given. `every` is days from one dose to the next."""
        if start > self.on or (end is not None and end < start):
            return
        what, end = catalogue().drugs[name], self._end(end)
        self._add(
            "MedicationStatement",
            Domain.DRUG,
            what.item,
            start,
            end,
            status=Status.ACTIVE if end is None else Status.COMPLETED,
            dose=what.dose if dose is None else dose,
            dose_unit=what.unit,
            per_day=1 / (every or what.every),
            route=what.route,
        )

    def given(self, name: str, when: int, dose: float | None = None) -> None:
        """A drug given once: an infusion."""
        if when > self.on:
            return
        what = catalogue().drugs[name]
        self._add(
            "MedicationAdministration",
            Domain.DRUG,
            what.item,
            when,
            when,
            status=Status.COMPLETED,
            dose=what.dose if dose is None else dose,
            dose_unit=what.unit,
            route=what.route,
        )

    def result(self, name: str, when: int, value: float, limits: tuple[float, float] | None = None) -> None:
        """A number, rounded as laboratories do."""
        test = catalogue().tests[name]
        rounded = round(value, test.decimals)
        low, high = limits or (None, None)
        self._measured(name, when, value=float(rounded), unit=test.unit, low=low, high=high)

    def finding(self, name: str, when: int, words: str) -> None:
        """A result in words: negative, II."""
        self._measured(name, when, words=words)

    def observation(self, name: str, when: int, words: str) -> None:
        """A circumstance of life, in words."""
        if when <= self.on:
            item = catalogue().tests[name].item
            self._add("Observation", Domain.OBSERVATION, item, when, None, status=Status.COMPLETED, value_text=words)

    def procedure(self, name: str, when: int) -> None:
        """A procedure that was done."""
        if when <= self.on:
            item = catalogue().procedures[name]
            self._add("Procedure", Domain.PROCEDURE, item, when, None, status=Status.COMPLETED)

    def vaccine(self, name: str, when: int) -> None:
        """A dose of a vaccine."""
        if when <= self.on:
            item = catalogue().vaccines[name]
            self._add("Immunization", Domain.IMMUNISATION, item, when, when, status=Status.COMPLETED)

    def allergy(self, name: str, when: int) -> None:
        """An allergy."""
        if when <= self.on:
            item = catalogue().allergies[name]
            self._add("AllergyIntolerance", Domain.ALLERGY, item, when, None, status=Status.ACTIVE)

    def visit(self, kind: str, start: int, end: int | None = None) -> None:
        """A visit (AMB) or a stay in hospital (IMP)."""
        if start <= self.on:
            item = Item(*VISIT, kind, VISITS[kind])
            end = start if end is None else min(end, self.on)
            self._add("Encounter", Domain.VISIT, item, start, end, status=Status.COMPLETED)

    def close(self, when: int) -> None:
        """Ends on a day whatever is still going on: the person died on it. An allergy is no longer one that counts."""
        for number, event in enumerate(self.events):
            if event.status is Status.ACTIVE:
                end = event.end if event.domain is Domain.ALLERGY else day(when)
                self.events[number] = replace(event, end=end, status=Status.COMPLETED)

    def _end(self, end: int | None) -> int | None:
        return None if end is None or end >= self.on else end

    def _measured(
        self,
        name: str,
        when: int,
        *,
        value: float | None = None,
        words: str = "",
        unit: str = "",
        low: float | None = None,
        high: float | None = None,
    ) -> None:
        if when > self.on:
            return
        self._add(
            "Observation",
            Domain.MEASUREMENT,
            catalogue().tests[name].item,
            when,
            None,
            status=Status.COMPLETED,
            value=value,
            value_text=words,
            unit_source=unit,
            unit=unit,
            low=low,
            high=high,
        )

    def _add(
        self,
        kind: str,
        domain: Domain,
        item: Item,
        start: int,
        end: int | None,
        *,
        status: Status,
        value: float | None = None,
        value_text: str = "",
        unit_source: str = "",
        unit: str = "",
        low: float | None = None,
        high: float | None = None,
        dose: float | None = None,
        dose_unit: str = "",
        per_day: float | None = None,
        route: str = "",
    ) -> None:
        number = self._numbers[self._subject] = self._numbers.get(self._subject, 0) + 1
        name = f"{kind}/{self.person}-{self._subject}-{number}"
        event = Event(
            id=name,
            domain=domain,
            start=day(start),
            end=None if end is None else day(end),
            source_system=item.address,
            source_code=item.code,
            source_text=item.words,
            std_system=item.system,
            std_code=item.code if item.system else "",
            map_origin="source" if item.system else "",
            value=value,
            value_text=value_text,
            unit_source=unit_source,
            unit=unit,
            low=low,
            high=high,
            dose=dose,
            dose_unit=dose_unit,
            per_day=per_day,
            route=route,
            status=status,
            origin=self.person,
        )
        self.events.append(event)
