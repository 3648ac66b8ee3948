"""A file of our own in which the resources of an export wait until their person's turn, so that memory does not grow.

An export is sorted by type of resource; a person is spread over all its files. Each line is read once, checked, and laid
down under whose it is; then one person after the other is taken out.

Kept in an SQLite file, made in a private folder (mode 0700); file and folder are unlinked as soon as the file is open. It
has no name anybody could open, and is gone when the process ends, however it ends. Values are kept in Python's `marshal`
form, which reads four times faster than JSON is checked; nobody but this process writes or reads it. Measured on 100 MB:
SQLite took a row in 4 µs with its index; DuckDB, which is made for columns and not for single rows, in 430.
"""

from __future__ import annotations

import marshal
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from trialrun.errors import InputError, MachineError
from trialrun.patients.fhir.resources import same

MAX_PERSON = 64_000_000
"""Bytes of one person's resources, as kept here; in memory they take up to twenty times as much."""
_CACHE_KB = 32_000
_AT_ONCE = 2_000
_REMEMBERED = 32_000_000
"""Bytes of named resources that are remembered, because many rows refer to the same few."""
_LEAST = 1_000
"""Bytes that remembering any takes."""

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA temp_store = FILE;
CREATE TABLE kept (number INTEGER PRIMARY KEY, owner TEXT, place TEXT, value BLOB);
CREATE TABLE named (name TEXT PRIMARY KEY, place TEXT, value BLOB) WITHOUT ROWID;
CREATE TABLE patient (id TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A resource as it was read.

    Args:
        place: File and line.
        value: Its JSON.
    """

    place: str
    value: dict[str, object]


class Spool:
    """Resources by the person they are about.

    Args:
        people: How many people there are, once all has been added.

    Raises:
        MachineError: there is no room for it, or it cannot be written.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[str | None, str, bytes]] = []
        self._remembered: dict[str, Kept | None] = {}
        self._room = _REMEMBERED
        self._patients = 0
        self.people = 0
        with _machine():
            self._folder = tempfile.TemporaryDirectory(prefix="trialrun-", ignore_cleanup_errors=True)
            path = Path(self._folder.name) / "spool"
            self._store = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._store.executescript(f"PRAGMA cache_size = -{_CACHE_KB};" + _TABLES)
            self._store.execute("BEGIN")
            with suppress(PermissionError):  # Windows does not unlink what is open; `close` does
                path.unlink()
                self._folder.cleanup()

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of everything."""
        self._store.close()
        self._folder.cleanup()

    def add(self, owner: str | None, place: str, value: dict[str, object]) -> None:
        """Keeps a resource.

        Args:
            owner: Id of the person; None where nothing says whose it is.
            place: File and line.
            value: Its JSON.
        """
        self._waiting.append((owner, place, marshal.dumps(value)))
        if len(self._waiting) >= _AT_ONCE:
            self._flush()

    def add_patient(self, person_id: str, place: str, value: dict[str, object]) -> None:
        """Keeps a Patient."""
        self.add(person_id, place, value)
        self._patients += 1
        with _machine():
            self._store.execute("INSERT OR IGNORE INTO patient VALUES (?, ?)", (person_id, self._patients))

    def add_named(self, name: str, place: str, value: dict[str, object]) -> None:
        """Keeps a resource that others refer to; a name that two different ones have is from then on nobody's.

        Args:
            name: `Medication/7`.
            place: File and line.
            value: Its JSON.
        """
        with _machine():
            found = self._store.execute("SELECT value FROM named WHERE name = ?", (name,)).fetchone()
            if found is None:
                row = (name, place, marshal.dumps(value))
                self._store.execute("INSERT INTO named (name, place, value) VALUES (?, ?, ?)", row)
            elif found[0] is not None and not same(marshal.loads(found[0]), value):
                self._store.execute("UPDATE named SET value = NULL WHERE name = ?", (name,))

    def finish(self) -> None:
        """Says that all has been added; only then can anything be asked."""
        self._flush()
        with _machine():
            self._store.execute("CREATE INDEX by_owner ON kept (owner)")
            (self.people,) = self._store.execute("SELECT count(*) FROM patient").fetchone()

    def patients(self) -> Iterator[str]:
        """Ids of everybody, in the order in which they were first found."""
        with _machine():
            for (person_id,) in self._store.execute("SELECT id FROM patient ORDER BY number"):
                yield person_id

    def has(self, person_id: str) -> bool:
        """Whether there is a Patient of this id."""
        with _machine():
            return self._store.execute("SELECT 1 FROM patient WHERE id = ?", (person_id,)).fetchone() is not None

    def of(self, person_id: str, *, alone: bool = False) -> list[Kept]:
        """Everything about a person, in the order it was read.

        Args:
            person_id: Whom it is about.
            alone: Whether what says nothing of whose it is is theirs too, because nobody else is there.

        Raises:
            InputError: it is more than memory is meant to hold.
        """
        theirs = f"(owner = ?{' OR owner IS NULL' if alone else ''})"
        with _machine():
            sizes = self._store.execute(f"SELECT sum(length(value)) FROM kept WHERE {theirs}", (person_id,))
            if (sizes.fetchone()[0] or 0) > MAX_PERSON:
                raise InputError(f"The person '{person_id}' has more than {MAX_PERSON // 1_000_000} MB of resources")
            rows = self._store.execute(f"SELECT place, value FROM kept WHERE {theirs} ORDER BY number", (person_id,))
            return [Kept(place, marshal.loads(value)) for place, value in rows]

    def of_strangers(self) -> Iterator[Kept]:
        """Resources about somebody who is not here."""
        yield from self._where("owner NOT IN (SELECT id FROM patient)")

    def of_nobody(self) -> Iterator[Kept]:
        """Resources that do not say whose they are."""
        yield from self._where("owner IS NULL")

    def _where(self, condition: str) -> Iterator[Kept]:
        with _machine():
            for place, value in self._store.execute(f"SELECT place, value FROM kept WHERE {condition}"):
                yield Kept(place, marshal.loads(value))

    def named(self, name: str) -> Kept | None:
        """What has a name; None where nothing or two different resources have it."""
        if name in self._remembered:
            return self._remembered[name]
        with _machine():
            row = self._store.execute("SELECT place, value FROM named WHERE name = ?", (name,)).fetchone()
        found = Kept(row[0], marshal.loads(row[1])) if row is not None and row[1] is not None else None
        self._room -= _LEAST + (len(row[1]) if found is not None else 0)
        if self._room < 0:
            self._remembered.clear()
            self._room = _REMEMBERED
        self._remembered[name] = found
        return found

    def _flush(self) -> None:
        with _machine():
            self._store.executemany("INSERT INTO kept (owner, place, value) VALUES (?, ?, ?)", self._waiting)
        self._waiting.clear()


@contextmanager
def _machine() -> Iterator[None]:
    """Full disks and the like, in the user's words."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise MachineError(
            f"The temporary file for sorting an export cannot be used: {error}",
            hint="It takes as much room as the export does unpacked; set TMPDIR to a folder on a larger disk.",
        ) from None
