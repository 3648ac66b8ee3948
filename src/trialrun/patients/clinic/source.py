"""The virtual clinic as a source: `virtual-clinic:2000` is two thousand made-up people, with nothing written anywhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from trialrun.errors import InputError, shortened
from trialrun.patients.clinic.people import DEFAULT_DAY, MOST_PEOPLE, made_up_people, person_id
from trialrun.patients.person import Person
from trialrun.patients.report import PeopleCount, ReadReport

_NAME = re.compile(r"virtual-clinic:(\d{1,9})(?::([\w.-]{1,40}))?")
SHAPE = "virtual-clinic:2000, or virtual-clinic:2000:SEED"
"""How it is named."""


def clinic_size(path: Path) -> int:
    """How many people it has.

    Raises:
        InputError: the name says no number, or too large a one.
    """
    return _asked(path)[0]


def read_clinic(
    path: Path,
    *,
    on: date | None = None,
    on_report: Callable[[ReadReport], None] | None = None,
    on_error: Callable[[InputError], None] | None = None,
) -> Iterator[Person]:
    """Its people, made as they are asked for.

    Args:
        path: Its name.
        on: The day the records are of: the screening date.
        on_report: Is given the account, at the end.
        on_error: Not used: what is made up can be read.

    Raises:
        InputError: the name says no number, or too large a one.
    """
    del on_error
    count, seed = _asked(path)
    counting = PeopleCount(on)
    for person in made_up_people(count, seed, on or DEFAULT_DAY):
        counting.add(person)
        yield person
    if on_report is not None:
        on_report(counting.report() + ReadReport(on=on))


def find_in_clinic(path: Path, wanted: str, /, on: date | None = None) -> Person:
    """One of its people, made alone; the record goes up to the day the people are made for.

    Raises:
        InputError: there is nobody of this id.
    """
    count, seed = _asked(path)
    digits = wanted.rpartition("-")[2]
    number = int(digits) if digits.isdecimal() and len(digits) < 10 else 0
    if not 1 <= number <= count or person_id(seed, number) != wanted:
        ids = f"{person_id(seed, 1)} to {person_id(seed, count)}"
        raise InputError(f"There is no person '{shortened(wanted)}' in '{path}'", hint=f"Ids there: {ids}")
    return next(made_up_people(1, seed, on or DEFAULT_DAY, first=number))


def _asked(path: Path) -> tuple[int, str]:
    found = _NAME.fullmatch(str(path))
    if found is None or not 1 <= int(found[1]) <= MOST_PEOPLE:
        raise InputError(f"'{path}' names no virtual clinic", hint=f"Write {SHAPE}; up to {MOST_PEOPLE:,} people.")
    return int(found[1]), found[2] or "1"
