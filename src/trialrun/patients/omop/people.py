"""Rows of person, death and observation_period into the facts about a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from trialrun.errors import InputError
from trialrun.patients.omop.conventions import Conventions
from trialrun.patients.omop.rows import Notes, day_of
from trialrun.patients.person import DEATH_WITHOUT_DATE, Event, Period, Person, Sex, Status
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain

_SEXES = {8507: Sex.MALE, 8532: Sex.FEMALE, 8521: Sex.OTHER}
"""Concepts of gender: male and female as the concept tables of public data sets name them, and OMOP's *other*."""
_WRITTEN = {"m": Sex.MALE, "male": Sex.MALE, "f": Sex.FEMALE, "female": Sex.FEMALE}


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands of a person outside the event tables."""

    birth: PartialDate | None
    sex: Sex | None
    death: PartialDate | None
    coverage: tuple[Period, ...]
    rows: tuple[Event, ...]


def facts_of(
    rows: Sequence[tuple[Any, ...]],
    deaths: Sequence[tuple[Any, ...]],
    periods: Sequence[tuple[Any, ...]],
    conventions: Conventions,
    notes: Notes,
) -> Facts:
    """The facts about one person.

    Args:
        rows: All rows of the person table with this id.
        deaths, periods: Their rows of the other two.

    Raises:
        InputError: the person stands in the table twice, with different facts.
    """
    if len(set(rows)) > 1:
        raise InputError(
            f"The person '{rows[0][0]}' stands {len(rows)} times in the person table, with different facts",
            hint="Nobody knows which is right; mend the table. Everybody else is read.",
        )
    person_id, gender, year, month, day, death, _, gender_written, moment, bad_death = rows[0]
    where = f"person {person_id}"
    if len(rows) > 1:
        notes.problem(where, f"stands {len(rows)} times in the person table, each time the same")
    birth = _birth((year, month, day), moment, conventions, where, notes)
    sex = _SEXES.get(gender) if gender else _WRITTEN.get((gender_written or "").casefold())
    said = {when for _, when, _ in deaths} | ({death} if death is not None else set())
    for bad in (bad_death, *(text for _, when, text in deaths if when is None)):
        if bad:
            notes.problem(where, f"the death date '{bad}' is no date")
    died = _death(said, birth, where, notes)
    is_dead = bool(said) or bool(bad_death)
    dead = (_dead(where),) if is_dead and died is None else ()
    return Facts(birth, sex, day_of(died), tuple(_coverage(periods, where, notes)), dead)


def person_of(
    person_id: int, facts: Facts, events: Sequence[Event], name: str, *, complete: bool, silent: frozenset[Domain]
) -> Person:
    """The person; without coverage where the tables are not complete, and with the domains that have no table."""
    return Person(
        str(person_id),
        facts.birth,
        facts.sex,
        facts.death,
        (*events, *facts.rows),
        facts.coverage if complete else (),
        f"{name}: person_id {person_id}",
        silent,
    )


def _birth(
    parts: tuple[int | None, int | None, int | None],
    moment: date | None,
    conventions: Conventions,
    where: str,
    notes: Notes,
) -> PartialDate | None:
    """A birth as precise as it is known; `birth_datetime` gives the year only, because its day is often filled in."""
    year, month, day = parts
    if year is None:
        return PartialDate(moment.year) if moment is not None else None
    if conventions.birth != "day":
        day = None
        month = None if conventions.birth == "year" else month
    try:
        return PartialDate(year, month, day if month is not None else None)
    except ValueError:
        notes.problem(where, f"born in year {year}, month {month}, day {day}: no such day")
        return PartialDate(year) if 1 <= year <= 9999 else None


def _death(said: set[date | None], birth: PartialDate | None, where: str, notes: Notes) -> date | None:
    dates = sorted(when for when in said if when is not None)
    if len(dates) > 1:
        notes.problem(where, f"died on {' and on '.join(map(str, dates))}: the date of death is left empty")
        return None
    if dates and birth is not None and dates[0] < birth.first:
        notes.problem(where, f"died on {dates[0]}, before the birth in {birth}")
        return None
    return dates[0] if dates else None


def _dead(where: str) -> Event:
    return Event(
        "death", Domain.OBSERVATION, source_text=DEATH_WITHOUT_DATE, status=Status.COMPLETED, origin=f"death: {where}"
    )


def _coverage(periods: Sequence[tuple[Any, ...]], where: str, notes: Notes) -> list[Period]:
    found = []
    for _, start, end in periods:
        if start is None or end is None or end < start:
            notes.problem(where, "an observation period without a start and an end that fit is left out")
        else:
            found.append(Period(start, end))
    return sorted(found, key=lambda period: (period.start, period.end))
