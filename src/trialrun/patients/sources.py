"""One door for every kind of source: says what a path is, and gives its people.

What a path is, is told by names and by the first line of a table, never by reading everything. Readers that need a
database are imported only when one of their files is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from trialrun.errors import InputError, MachineError, did_you_mean, shortened
from trialrun.patients.fhir.export import is_export
from trialrun.patients.fhir.ndjson import is_log, is_ndjson
from trialrun.patients.fhir.read import bundle_count, find_person, read_people
from trialrun.patients.omop.source import DATABASES, is_person_table
from trialrun.patients.person import Person
from trialrun.patients.report import PeopleCount, ReadReport
from trialrun.patients.shipped import shipped_names, shipped_people
from trialrun.patients.tables.headers import is_tables

OnReport = Callable[[ReadReport], None]
OnError = Callable[[InputError], None]

_CLINIC = "virtual-clinic:2000"
ACCEPTED = (
    "A FHIR R4 bundle (.json), a folder of bundles, a bulk export (.ndjson), OMOP tables (Parquet, CSV or .duckdb), "
    "a folder of CSV tables, a made-up person (" + ", ".join(shipped_names()) + f"), or made-up people: {_CLINIC}."
)
"""What is read, in words."""

_BUNDLES = (".json", ".json.gz")
_TABLES = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".parquet")


class Kind(StrEnum):
    """What a source is."""

    MADE_UP = "made-up person"
    BUNDLE = "FHIR bundle"
    BUNDLES = "folder of FHIR bundles"
    EXPORT = "FHIR bulk export"
    OMOP = "OMOP tables"
    TABLES = "CSV tables"
    CLINIC = "virtual clinic"


class _Reader(Protocol):
    """Reads everybody of a path."""

    def __call__(
        self, path: Path, *, on: date | None, on_report: OnReport | None, on_error: OnError | None
    ) -> Iterator[Person]: ...


class _Finder(Protocol):
    """Finds one person of a path."""

    def __call__(self, path: Path, person_id: str, /) -> Person: ...


@dataclass(frozen=True, slots=True)
class Source:
    """People somewhere, not read yet.

    Args:
        kind: What it is.
        path: Where it is; the name of a made-up person.
    """

    kind: Kind
    path: Path

    def describe(self) -> str:
        """What it is, in words: `folder of FHIR bundles 'bundles'`."""
        return f"{self.kind} '{self.path}'"

    @property
    def single(self) -> bool:
        """Whether it is one file of, as a rule, one person: small enough to read when nobody was named."""
        return self.kind in (Kind.BUNDLE, Kind.MADE_UP)

    def people(
        self, *, on: date | None = None, on_report: OnReport | None = None, on_error: OnError | None = None
    ) -> Iterator[Person]:
        """Everybody, one after the other; memory does not grow with their number.

        Args:
            on: A date after which rows are counted as future.
            on_report: Is given one or more accounts, which add up.
            on_error: Is given the error of each file and each person that cannot be used; then reading goes on. Without
                it reading stops there.

        Raises:
            InputError: something cannot be used.
            MachineError: the machine lacks something: permission, room on the disk.
        """
        read, _ = _READERS[self.kind]()
        return read(self.path, on=on, on_report=on_report, on_error=on_error)

    def person(self, person_id: str, *, on: date | None = None) -> Person:
        """One person, without reading everybody where the source allows.

        Args:
            person_id: The id.
            on: The screening date; the record of somebody who is made up goes up to it.

        Raises:
            InputError: there is nobody of this id; the error names the nearest.
        """
        if self.kind is Kind.CLINIC:
            from trialrun.patients.clinic.source import find_in_clinic

            return find_in_clinic(self.path, person_id, on=on)
        _, find = _READERS[self.kind]()
        return find(self.path, person_id)

    def count(self) -> int | None:
        """About how many people there are, where that is known without reading: a folder has one person a bundle."""
        if self.kind is Kind.MADE_UP:
            return 1
        if self.kind is Kind.CLINIC:
            from trialrun.patients.clinic.source import clinic_size

            return clinic_size(self.path)
        return bundle_count(self.path) if self.kind is Kind.BUNDLES else None

    def size(self) -> int:
        """Bytes of its files as they lie there; 0 for what has no file."""
        files = list(self.path.iterdir()) if self.path.is_dir() else [self.path]
        return sum(file.stat().st_size for file in files if file.is_file())


def open_source(path: Path) -> Source:
    """What a path is.

    Args:
        path: A file, a folder, or the name of a made-up person who ships; a path that exists goes before a name.

    Raises:
        InputError: there is nothing, or nothing that is read.
        MachineError: it cannot be looked at.
    """
    if not path.exists():
        if str(path) in shipped_names():
            return Source(Kind.MADE_UP, path)
        if str(path).startswith("virtual-clinic:"):
            return Source(Kind.CLINIC, path)
        raise InputError(
            f"There is no file or folder '{path}'", hint=did_you_mean(str(path), (*shipped_names(), _CLINIC))
        )
    kind = _kind_of_folder(path) if path.is_dir() else _kind_of_file(path)
    whole = path.parent if kind is Kind.OMOP and is_person_table(path) else path  # the other tables lie beside it
    return Source(kind, whole)


def _kind_of_file(path: Path) -> Kind:
    if not path.is_file():
        raise InputError(f"'{path}' is not a file", hint="Name a file or a folder.")
    name = path.name.lower()
    if name.endswith(".zip"):
        raise InputError(f"'{path}' is a zip archive; archives are not read", hint="Unpack it, and name the folder.")
    if name.endswith(DATABASES):
        return Kind.OMOP
    if is_tables(path):
        return Kind.TABLES
    if name.endswith(_TABLES):
        return Kind.OMOP if is_person_table(path) else Kind.TABLES
    return Kind.EXPORT if is_export(path) else Kind.BUNDLE


def _kind_of_folder(folder: Path) -> Kind:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise MachineError(f"The folder '{folder}' cannot be read: {error.strerror}") from None
    _refuse_mixtures(folder, entries)
    if is_tables(folder):
        return Kind.TABLES
    if is_export(folder):
        return Kind.EXPORT
    if any(is_person_table(entry) for entry in entries):
        return Kind.OMOP
    names = [entry.name.lower() for entry in entries]
    if any(name.endswith(_BUNDLES) for name in names):
        return Kind.BUNDLES
    if any(name.endswith(_TABLES) for name in names):
        return Kind.TABLES
    databases = [entry for entry in entries if entry.name.lower().endswith(DATABASES)]
    if databases:
        raise InputError(f"'{folder}' is a folder with a database", hint=f"Name the file itself: {databases[0]}")
    if any(name.endswith(".xml") for name in names):
        raise InputError(f"'{folder}' holds XML, which is not read", hint="Export the records as FHIR JSON.")
    if any(name.endswith((".xlsx", ".xls")) for name in names):
        raise InputError(f"'{folder}' holds Excel workbooks, which are not read", hint="Save each sheet as CSV.")
    raise InputError(f"The folder '{folder}' has nothing that is read", hint=ACCEPTED)


def _refuse_mixtures(folder: Path, entries: list[Path]) -> None:
    """Refuses records in two forms: read would be one of them, and the other would be missing without a word."""
    exported = [entry for entry in entries if is_ndjson(entry) and not is_log(entry)]
    found = {
        "FHIR NDJSON": exported,
        "OMOP tables": [entry for entry in entries if is_person_table(entry)],
        "tables of patients": [folder] if is_tables(folder) else [],
    }
    kinds = [name for name, files in found.items() if files]
    if len(kinds) > 1:
        raise InputError(
            f"The folder '{folder}' holds {' and '.join(kinds)}", hint="Put each into a folder of its own."
        )


# --- readers ----------------------------------------------------------------------------------------------------------


def _fhir() -> tuple[_Reader, _Finder]:
    return read_people, find_person


def _omop() -> tuple[_Reader, _Finder]:
    from trialrun.patients.omop.read import find_omop_person, read_omop

    return read_omop, find_omop_person


def _tables() -> tuple[_Reader, _Finder]:
    from trialrun.patients.tables.read import find_table_person, read_tables

    return read_tables, find_table_person


def _clinic() -> tuple[_Reader, _Finder]:
    from trialrun.patients.clinic.source import find_in_clinic, read_clinic

    return read_clinic, find_in_clinic


def _made_up() -> tuple[_Reader, _Finder]:
    return _read_made_up, _find_made_up


def _read_made_up(
    path: Path, *, on: date | None, on_report: OnReport | None, on_error: OnError | None
) -> Iterator[Person]:
    del on_error  # what ships can be read
    person = shipped_people()[str(path)]
    if on_report is not None:
        people = PeopleCount(on)
        people.add(person)
        on_report(ReadReport(files=1, on=on) + people.report())
    yield person


def _find_made_up(path: Path, person_id: str, /) -> Person:
    person = shipped_people()[str(path)]
    if person_id not in (person.id, str(path)):
        raise InputError(f"There is no person '{shortened(person_id)}' in '{path}'", hint=f"Known: {person.id}.")
    return person


_READERS: dict[Kind, Callable[[], tuple[_Reader, _Finder]]] = {
    Kind.MADE_UP: _made_up,
    Kind.BUNDLE: _fhir,
    Kind.BUNDLES: _fhir,
    Kind.EXPORT: _fhir,
    Kind.OMOP: _omop,
    Kind.TABLES: _tables,
    Kind.CLINIC: _clinic,
}
