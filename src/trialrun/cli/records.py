"""Finding the record a command is about: in the store, in a file, or among those that ship."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trialrun.errors import InputError

if TYPE_CHECKING:
    from trialrun.registry.record import Record

_NCT = re.compile(r"NCT\d{8}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record and where it comes from, in words."""

    record: Record
    origin: str

    @property
    def is_page(self) -> bool:
        """Whether it was read from the text of a record page."""
        from trialrun.registry.versions import is_page

        return is_page(self.record)

    @property
    def label(self) -> str:
        """Origin and date of processing, as files and pages name a source."""
        when = self.record.processed
        return f"{self.origin}, processed {when}" if when else self.origin


def find_record(name: str, home: Path | None) -> FoundRecord:
    """The record of an NCT number or of a file.

    Raises:
        InputError: no such file, or no such record in the store.
    """
    from trialrun.registry.read import read_record
    from trialrun.registry.versions import is_page

    path = Path(name)
    if path.exists():
        record = read_record(path)
        return FoundRecord(record, f"{'record page' if is_page(record) else 'record'} {path.name}")
    found = stored_record(name, home)
    if found is not None:
        return found
    if not _NCT.fullmatch(name):
        raise InputError(f"There is no file '{name}', and it is no NCT number", hint="Example: NCT04062006")
    raise InputError(f"{name.upper()} is not in the store", hint="Add it first: trialrun add FILE")


def record_for(nct: str, file: Path | None, home: Path | None) -> FoundRecord | None:
    """The record to compare a protocol with: of a file that is named, else the stored one of its trial."""
    return find_record(str(file), home) if file is not None else stored_record(nct, home)


def stored_record(nct: str, home: Path | None) -> FoundRecord | None:
    """The record of an NCT number in the store, or of a study that ships; None where there is neither."""
    from trialrun.registry.home import home_folder
    from trialrun.registry.shipped import shipped_record
    from trialrun.registry.store import Store, has_store

    if not _NCT.fullmatch(nct):
        return None
    folder = home_folder(home)
    if has_store(folder):
        with Store(folder) as store:
            record = store.get(nct)
        if record is not None:
            return FoundRecord(record, f"record {nct.upper()} of the store")
    shipped = shipped_record(nct)
    return FoundRecord(shipped, f"record {nct.upper()} that ships with the program") if shipped else None
