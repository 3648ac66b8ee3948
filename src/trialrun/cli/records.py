"""Finding the record a command is about: in the store, in a file, or among those that ship."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from trialrun.errors import InputError

if TYPE_CHECKING:
    from trialrun.registry.record import Record

API = "https://clinicaltrials.gov/api/v2/studies"
"""Where the registry hands out records as JSON."""
_NCT = re.compile(r"NCT\d{8}", re.IGNORECASE)
_NAMED = 5
"""Records of a file that a message names."""


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record and where it comes from, in words."""

    record: Record
    origin: str

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

    path, name = Path(name), name.strip()
    if path.exists():
        try:
            record = read_record(path)
        except InputError as error:
            raise _several(path) or error from None
        return FoundRecord(record, f"{'record page' if record.is_page else 'record'} {path.name}")
    found = stored_record(name, home)
    if found is not None:
        return found
    if not _NCT.fullmatch(name):
        raise InputError(f"There is no file '{name}', and it is no NCT number", hint="Example: NCT04062006")
    hint = f"Save {API}/{name.upper()} as a file, then: trialrun add FILE"
    raise InputError(f"{name.upper()} is not in the store", hint=hint)


def _several(path: Path) -> InputError | None:
    """The error for a file with more than one record, which names the first few; None for any other file."""
    from trialrun.registry.read import Taken, read_paths

    taken = (outcome.record.nct_id for outcome in read_paths([path]) if isinstance(outcome, Taken))
    first = list(islice(taken, _NAMED + 1))
    if len(first) < 2:
        return None
    more = ", …" if len(first) > _NAMED else ""
    return InputError(
        f"'{path}' holds several records: {', '.join(first[:_NAMED])}{more}",
        hint=f"Add them with: trialrun add {path}\n  Then name one by its number, such as {first[0]}.",
    )


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
