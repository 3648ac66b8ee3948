"""The store of records: one SQLite file, records compressed, every version kept, the latest one current."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from trialrun.errors import MachineError
from trialrun.registry.home import made
from trialrun.registry.record import Record
from trialrun.registry.versions import standing

FILE_NAME = "registry.sqlite3"
APPLICATION_ID = 0x74726C72  # "trlr": says whose file it is
SCHEMA_VERSION = 1

_SCHEMA = """
CREATE TABLE record (
    nct TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    stored_at TEXT NOT NULL,
    content BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE earlier (
    nct TEXT NOT NULL,
    digest TEXT NOT NULL,
    source TEXT NOT NULL,
    stored_at TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (nct, stored_at, digest)
) WITHOUT ROWID;
"""
_LOCK_WAIT_SECONDS = 10


def has_store(home: Path) -> bool:
    """Whether a folder holds a store; looking does not make one."""
    return (home / FILE_NAME).exists()


@dataclass(frozen=True, slots=True)
class Counts:
    """What storing records changed.

    Args:
        added: Records that are new.
        updated: Records that became the current version.
        unchanged: Versions that are held already.
        older: Versions that are kept beside a later or fuller current one.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    older: int = 0


class Store:
    """Records by their NCT number. Use as a context manager.

    Raises:
        MachineError: the file cannot be opened, is damaged, is not a store, or is of a newer version.
    """

    def __init__(self, home: Path) -> None:
        self._path = made(home) / FILE_NAME
        try:
            self._db = sqlite3.connect(self._path, timeout=_LOCK_WAIT_SECONDS, isolation_level=None)
            self._prepare()
        except sqlite3.Error as error:
            raise self._failure(error) from None

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def put(self, records: Iterable[tuple[Record, str]]) -> Counts:
        """Stores records with their sources, all or none of them.

        Raises:
            MachineError: the file is locked, damaged, or the disk is full; nothing was stored then.
        """
        changes: Counter[str] = Counter()
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                for record, source in records:
                    changes[self._put(record, source)] += 1
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise self._failure(error) from None
        return Counts(**changes)

    def get(self, nct: str) -> Record | None:
        """The current version of a record; None where it is not stored."""
        try:
            row = self._db.execute("SELECT content FROM record WHERE nct = ?", (nct.upper(),)).fetchone()
        except sqlite3.Error as error:
            raise self._failure(error) from None
        return None if row is None else _unpacked(row[0])

    def earlier(self, nct: str) -> tuple[Record, ...]:
        """The versions of a record that are not current, oldest first."""
        rows = self._db.execute("SELECT content FROM earlier WHERE nct = ? ORDER BY stored_at", (nct.upper(),))
        return tuple(sorted((_unpacked(content) for (content,) in rows), key=standing))

    def __iter__(self) -> Iterator[Record]:
        for (content,) in self._db.execute("SELECT content FROM record ORDER BY nct"):
            yield _unpacked(content)

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM record").fetchone()[0])

    def _prepare(self) -> None:
        self._db.execute("PRAGMA synchronous = FULL")
        owner = self._db.execute("PRAGMA application_id").fetchone()[0]
        tables = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if owner == 0 and tables == 0:
            self._create()
        elif owner != APPLICATION_ID:
            raise MachineError(f"'{self._path}' is not a store of trialrun", hint="Name another folder: --home DIR")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise MachineError(
                f"'{self._path}' was written by a newer trialrun", hint="Use that version, or another --home."
            )

    def _create(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        # Two processes may come here at once: the second waits for the lock and finds the tables made.
        self._db.execute("BEGIN IMMEDIATE")
        if self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            for statement in _SCHEMA.split(";\n"):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        self._db.execute("COMMIT")

    def _put(self, record: Record, source: str) -> str:
        """Stores one version; the field of `Counts` it belongs to."""
        row = self._db.execute("SELECT digest, content FROM record WHERE nct = ?", (record.nct_id,)).fetchone()
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        version = (record.nct_id, record.digest, _storable(source), now, _packed(record))
        if row is None:
            self._make_current(version, record.title)
            return "added"
        if row[0] == record.digest:
            return "unchanged"
        known = (record.nct_id, record.digest)
        is_held = bool(self._db.execute("SELECT 1 FROM earlier WHERE nct = ? AND digest = ?", known).fetchone())
        own, current = standing(record), standing(_unpacked(row[1]))
        # Of two that stand equal the one that is new here is the later one; one held before is not.
        if own < current or (own == current and is_held):
            if is_held:
                return "unchanged"
            self._db.execute("INSERT INTO earlier VALUES (?, ?, ?, ?, ?)", version)
            return "older"
        self._db.execute("DELETE FROM earlier WHERE nct = ? AND digest = ?", known)
        self._db.execute(
            "INSERT INTO earlier SELECT nct, digest, source, stored_at, content FROM record WHERE nct = ?",
            (record.nct_id,),
        )
        self._make_current(version, record.title)
        return "updated"

    def _make_current(self, version: tuple[str, str, str, str, bytes], title: str) -> None:
        nct, digest, source, when, content = version
        self._db.execute(
            "INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?)",
            (nct, digest, _storable(title), source, when, content),
        )

    def _failure(self, error: sqlite3.Error) -> MachineError:
        text = str(error)
        if "locked" in text:
            return MachineError(f"'{self._path}' is in use by another trialrun", hint="Wait until it has finished.")
        if "not a database" in text or "malformed" in text:
            return MachineError(
                f"'{self._path}' is damaged or not a store of trialrun; it is left as it is",
                hint="Move it away and add the records again, or name another folder: --home DIR",
            )
        return MachineError(f"'{self._path}' cannot be used: {text}")


def _storable(text: str) -> str:
    """Text that SQLite takes: half a surrogate pair, in a title or a file's name, becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _packed(record: Record) -> bytes:
    text = json.dumps(record.to_json(), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 6)


def _unpacked(content: bytes) -> Record:
    return Record.from_json(json.loads(zlib.decompress(content).decode("utf-8", "surrogatepass")))
