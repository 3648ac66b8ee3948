"""People written as tables in our own shape, so that reading them gives the same people.

A text that a spreadsheet could run as a formula gets an apostrophe before it; reading takes it away again.
"""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import time
from enum import Enum
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from trialrun.csv_text import safe_cell
from trialrun.errors import InputError, MachineError
from trialrun.patients.person import Person
from trialrun.patients.tables.layout import EVENT_COLUMNS, PERSON_COLUMNS

if TYPE_CHECKING:
    from _csv import Writer

FILES = ("patients.csv", "events.csv", "coverage.csv")


def write_tables(people: Iterable[Person], folder: Path) -> int:
    """Writes patients.csv, events.csv and coverage.csv, one person at a time.

    Args:
        people: Any number.
        folder: Is made if it is not there; none of the three files may be in it.

    Returns:
        How many people were written.

    Raises:
        InputError: a file is there already.
        MachineError: no permission, no space.
    """
    for name in FILES:
        if (folder / name).exists():
            raise InputError(f"'{folder / name}' exists already and is left as it is", hint="Choose another folder.")
    number = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (
            _written(folder / FILES[0]) as persons,
            _written(folder / FILES[1]) as events,
            _written(folder / FILES[2]) as covered,
        ):
            persons.writerow(PERSON_COLUMNS)
            persons_of = attrgetter(*(field for field in PERSON_COLUMNS.values() if field != "id"))
            events.writerow(["patient_id", *EVENT_COLUMNS])
            events_of = attrgetter(*EVENT_COLUMNS.values())
            covered.writerow(["patient_id", "start", "end"])
            for person in people:
                number += 1
                key = safe_cell(person.id)
                persons.writerow([key, *map(_cell, persons_of(person))])
                events.writerows([key, *map(_cell, events_of(event))] for event in person.events)
                covered.writerows([key, str(period.start), str(period.end)] for period in person.coverage)
    except OSError as error:
        raise MachineError(f"'{folder}' cannot be written: {error.strerror}") from None
    return number


@contextmanager
def _written(path: Path) -> Iterator[Writer]:
    """A table that is there as a whole or not at all."""
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield csv.writer(file, lineterminator="\r\n")
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, frozenset):
        return " ".join(sorted(domain.value for domain in value))
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    return safe_cell(str(value))
