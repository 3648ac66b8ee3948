"""Rows of event tables into rows of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from trialrun.errors import shortened
from trialrun.patients.fhir.dosage import route_in
from trialrun.patients.omop.cdm import EventTable
from trialrun.patients.omop.codes import Coder, RowCode, cleaned
from trialrun.patients.omop.conventions import Conventions
from trialrun.patients.omop.queries import COMMON
from trialrun.patients.omop.strengths import Strength, per_day
from trialrun.patients.omop.values import limits_of, unit_of, value_of
from trialrun.patients.person import Event, Status
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.results import finding

MAX_PROBLEMS = 200
_LONGEST = 2_000
_MOST_UNITS = 10_000
_ROUTES = {4132161: "Oral", 4142048: "Subcutaneous", 4171047: "Intravenous", 4262099: "Nasal", 4302612: "Intramuscular"}
"""Names of routes, where the folder has no concept table; as ETL documents of several projects give them."""
_FILLED = (0, 29, 30)
"""Days from start to end that programs fill in where no end is known."""
_NO = frozenset({"no", "false", "absent", "denied", "n"})


@dataclass(slots=True)
class Notes:
    """What could not be read, counted, and the first of it in words."""

    problems: list[str] = field(default_factory=list)
    count: int = 0
    left_out: int = 0
    ends_left_out: int = 0

    def problem(self, where: str, what: str) -> None:
        """Notes something that could not be read."""
        self.count += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(f"{where}: {what}")


@dataclass(frozen=True, slots=True)
class RowReader:
    """What rows need to know besides their columns."""

    coder: Coder
    conventions: Conventions
    strengths: Mapping[int, Strength]
    notes: Notes
    units: dict[tuple[int | None, str | None], tuple[str, str, str]] = field(default_factory=dict)

    def event(self, spec: EventTable, file: str, row: tuple[Any, ...], number: int) -> Event:
        """A row of a table.

        Args:
            spec: The table.
            file: Its file or table, for people.
            row: The columns of `events_query`.
            number: Its number among the rows of its person, for rows without an id.
        """
        _, key, concept, source, source_concept, start, clock, end, bad_start, bad_end = row[:COMMON]
        found = self.coder.code(spec.domain, concept, source, source_concept)
        self.notes.left_out += found.left_out
        where = f"{file}: {spec.key} {key}" if key else f"{file}: row {number} of the person"
        for said in (bad_start, bad_end):
            if said:
                self.notes.problem(where, f"'{shortened(said, 40)}' is no date")
        if start is not None and end is not None and end < start:
            self.notes.problem(where, f"ends on {end}, before it begins on {start}")
            end = None
        name = f"{spec.name}/{key or f'row {number}'}"
        if spec.domain in (Domain.MEASUREMENT, Domain.OBSERVATION):
            return self._measured(spec, found, row[COMMON:], name=name, where=where, start=start, clock=clock)
        if spec.domain is Domain.DRUG:
            return self._taken(
                spec, found, row[COMMON:], name=name, where=where, concept=concept, start=start, clock=clock, end=end
            )
        if spec.instead_of:
            end = None  # the last day of an era is that of the last entry, not of the disease
        status = Status.COMPLETED
        if spec.domain in (Domain.CONDITION, Domain.DEVICE) and end is None:
            status = Status.UNKNOWN
        return Event(
            name, spec.domain, day_of(start), day_of(end), clock, found.source_system, found.source_code,
            found.source_text, found.std_system, found.std_code, found.map_origin, status=status, origin=where,
        )  # fmt: skip

    def _measured(
        self,
        spec: EventTable,
        found: RowCode,
        more: tuple[Any, ...],
        *,
        name: str,
        where: str,
        start: date | None,
        clock: Any,
    ) -> Event:
        number, words, operator, concept, written, unit_concept, unit_written, low, high, bad = more
        concepts = self.coder.concepts
        said = value_of(concepts, number, operator, concept, written=written or bad, words=words)
        unit_source, unit, wrong_unit = self._unit(unit_concept, unit_written)
        low, high, wrong_limits = limits_of(low, high) if said.value is not None else (None, None, "")
        for wrong in (said.problem, wrong_unit, wrong_limits):
            if wrong:
                self.notes.problem(where, wrong)
        if bad:
            self.notes.problem(where, f"the value '{shortened(bad, 40)}' is no number")
        status = Status.COMPLETED
        if spec.domain is Domain.OBSERVATION and found.condition and _denied(said.text, said.code):
            status = Status.REFUTED  # the question about a disease, answered with no
        return Event(
            name, spec.domain, day_of(start), None, clock, found.source_system, found.source_code, found.source_text,
            found.std_system, found.std_code, found.map_origin, said.value, said.comparator, said.text[:_LONGEST],
            said.code, unit_source, unit, low, high, status=status, origin=where,
        )  # fmt: skip

    def _unit(self, concept: int | None, written: str | None) -> tuple[str, str, str]:
        asked = (concept, written)
        found = self.units.get(asked)
        if found is None:
            if len(self.units) >= _MOST_UNITS:
                self.units.clear()
            found = self.units[asked] = unit_of(self.coder.concepts, concept, written)
        return found

    def _taken(
        self,
        spec: EventTable,
        found: RowCode,
        more: tuple[Any, ...],
        *,
        name: str,
        where: str,
        concept: int | None,
        start: date | None,
        clock: Any,
        end: date | None,
    ) -> Event:
        verbatim, quantity, days, route_concept, route_written = more
        if found.immunisation:
            return Event(
                name, Domain.IMMUNISATION, day_of(start), day_of(start), clock, found.source_system, found.source_code,
                found.source_text, found.std_system, found.std_code, found.map_origin, status=Status.COMPLETED,
                origin=where,
            )  # fmt: skip
        if not spec.instead_of:
            known = self._end(start, end, verbatim, days)
            self.notes.ends_left_out += end is not None and known is None
            end = known
        strength = self.strengths.get(concept or 0)
        daily = per_day(quantity, days) if strength is not None else None
        return Event(
            name, Domain.DRUG, day_of(start), day_of(end), clock, found.source_system, found.source_code,
            found.source_text, found.std_system, found.std_code, found.map_origin,
            dose=strength.amount if strength is not None and daily is not None else None,
            dose_unit=strength.unit if strength is not None and daily is not None else "",
            per_day=daily, route=self._route(route_concept, route_written) or route_in(found.source_text),
            origin=where + (" (dose averaged over the supply)" if daily is not None else ""),
        )  # fmt: skip

    def _end(self, start: date | None, end: date | None, verbatim: date | None, days: float | None) -> date | None:
        """The end of a treatment as far as the tables know it: as written, as long as the supply, or as stated."""
        if verbatim is not None and (start is None or verbatim >= start):
            return verbatim
        if days is not None and 1 <= days <= 3_650:
            if end is not None or start is None:
                return end
            last = start.toordinal() + round(days) - 1
            return date.fromordinal(min(last, date.max.toordinal()))
        if end is None or start is None:
            return end
        length = end - start
        if self.conventions.drug_days is not None and length == timedelta(days=self.conventions.drug_days):
            return None
        if self.conventions.drug_ends_told and length.days in _FILLED:
            return None
        return end

    def _route(self, concept: int | None, written: str | None) -> str:
        known = self.coder.concepts.get(concept or 0)
        return cleaned(written or "") or (known.name if known is not None else _ROUTES.get(concept or 0, ""))


@lru_cache(maxsize=100_000)
def day_of(when: date | None) -> PartialDate | None:
    """A day as the contract holds it."""
    return None if when is None else PartialDate(when.year, when.month, when.day)


def _denied(text: str, code: str) -> bool:
    return text.casefold() in _NO or finding(text, code) == "negative"
