"""Tables of verdicts on disk: CSV or Parquet, written line by line and put in place when they are whole."""

from __future__ import annotations

import csv
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from trialrun.csv_text import safe_cell
from trialrun.errors import InputError, MachineError, UsageError
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
    """
    if path.suffix.lower() not in _ENDINGS:
        raise UsageError(f"'{path}' ends in neither {' nor '.join(_ENDINGS)}", hint="Name the table verdicts.parquet.")
    if path.exists():
        raise InputError(f"'{path}' exists already and is left as it is", hint="Choose another name.")


@contextmanager
def verdict_file(path: Path) -> Iterator[Write]:
    """Writes a table; it is in place only once everything is written.

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
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            write = _lines(stream, safe=not packed)
            write([COLUMNS])  # type: ignore[list-item]
            yield write
        if packed:
            _pack(lines, whole)
        mask = os.umask(0)
        os.umask(mask)
        whole.chmod(0o666 & ~mask)
        whole.replace(path.resolve())
    except OSError as error:
        raise MachineError(f"'{path}' cannot be written: {error.strerror}") from None
    finally:
        lines.unlink(missing_ok=True)
        whole.unlink(missing_ok=True)


def _lines(stream: TextIO, *, safe: bool) -> Write:
    writer = csv.writer(stream, lineterminator="\r\n")

    def write(rows: Iterable[VerdictRow]) -> None:
        writer.writerows([safe_cell(cell) for cell in row] for row in rows) if safe else writer.writerows(rows)

    return write


def _pack(lines: Path, target: Path) -> None:
    """CSV into Parquet, all columns text, rows in their order."""
    import duckdb

    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute(
                f"COPY (SELECT * FROM read_csv({_quoted(lines)}, header = true, all_varchar = true, delim = ',', quote = '\"',"
                f" escape = '\"', null_padding = false, hive_partitioning = false, nullstr = '\x01', auto_detect = false, columns = {_columns()},"
                f" max_line_size = 100000000)) TO {_quoted(target)} (FORMAT parquet, COMPRESSION zstd)"
            )
    except duckdb.Error as error:
        raise MachineError(f"the table cannot be packed as Parquet: {str(error).splitlines()[0]}") from None


def _columns() -> str:
    return "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in COLUMNS) + "}"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
