"""Tables of verdicts on disk: CSV or Parquet, written line by line and put in place when they are whole."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from trialrun.csv_text import safe_cell
from trialrun.errors import MachineError, UsageError
from trialrun.files import refuse_targets
from trialrun.screening.verdict_rows import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable

    from trialrun.screening.verdict_rows import VerdictRow

    Write = Callable[[Iterable[VerdictRow]], None]

_ENDINGS = (".csv", ".parquet")


def check_target(path: Path) -> None:
    """Refuses a table that cannot be written, before anybody is screened.

    Raises:
        UsageError: its name says no kind of table.
        InputError: it exists, or is a folder.
        MachineError: it has no folder.
    """
    if path.suffix.lower() not in _ENDINGS:
        raise UsageError(f"'{path}' ends in neither {' nor '.join(_ENDINGS)}", hint="Name the table verdicts.parquet.")
    refuse_targets([path])


@contextmanager
def verdict_file(path: Path) -> Iterator[Write]:
    """Writes a table; it is in place only once everything is written. What goes wrong elsewhere meanwhile stays what it is.

    Args:
        path: Where; CSV or Parquet, as its name ends. CSV is made safe for spreadsheets, Parquet holds the words as found.

    Raises:
        MachineError: no permission, no room.
    """
    check_target(path)
    packed = path.suffix.lower() == ".parquet"
    folder = path.resolve().parent
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".csv", dir=folder)
    except OSError as error:
        raise MachineError(f"'{path}' cannot be written: {error.strerror}") from None
    lines, whole = Path(name), Path(f"{name}.parquet" if packed else name)
    stream = os.fdopen(descriptor, "w", encoding="utf-8", newline="")
    try:
        write = _lines(stream, path, safe=not packed)
        write([COLUMNS])  # type: ignore[list-item]
        yield write
        with _told(path):
            stream.close()
            if packed:
                _pack(lines, whole)
            _put_in_place(whole, path)
    finally:
        with suppress(OSError):  # what could not be written is still buffered, and has been told
            stream.close()
        lines.unlink(missing_ok=True)
        whole.unlink(missing_ok=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Says of which file it is that the disk refuses something."""
    try:
        yield
    except OSError as error:
        raise MachineError(f"'{path}' cannot be written: {error.strerror}") from None


def _put_in_place(whole: Path, path: Path) -> None:
    mask = os.umask(0)
    os.umask(mask)
    whole.chmod(0o666 & ~mask)
    whole.replace(path.resolve())


def _lines(stream: TextIO, path: Path, *, safe: bool) -> Write:
    writer = csv.writer(stream, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL if safe else csv.QUOTE_ALL)

    def write(rows: Iterable[VerdictRow]) -> None:
        for row in rows:  # finding the rows is no writing
            with _told(path):
                writer.writerow([safe_cell(cell) for cell in row] if safe else row)

    return write


def _pack(lines: Path, target: Path) -> None:
    """CSV into Parquet, all columns text, rows in their order. Every cell is quoted, and a quoted one is never null."""
    import duckdb

    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute(
                f"COPY (SELECT * FROM read_csv({_quoted(lines)}, header = true, all_varchar = true, delim = ',', quote = '\"',"
                " escape = '\"', null_padding = false, allow_quoted_nulls = false, hive_partitioning = false,"
                f" auto_detect = false, columns = {_columns()},"
                f" max_line_size = 100000000)) TO {_quoted(target)} (FORMAT parquet, COMPRESSION zstd)"
            )
    except duckdb.Error as error:
        raise MachineError(f"the table cannot be packed as Parquet: {str(error).splitlines()[0]}") from None


def _columns() -> str:
    return "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in COLUMNS) + "}"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
