"""Lines of CSV, TSV and Parquet files as cells of text, one at a time, with the number of each line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from trialrun.errors import InputError, MachineError, shortened
from trialrun.json_text import looks_binary
from trialrun.packed import Limited, PackedError, opened

MAX_LINE = 1_000_000
ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".parquet")
_SEPARATORS = ("\t", ";", ",", "|")

Line = tuple[int, list[str]]


def holds_lines(cells: list[str], separator_count: int) -> bool:
    """Whether a cell holds a line end and enough separators for it to be a line that a stray quote swallowed."""
    return any(
        ("\n" in cell or "\r" in cell) and max(map(cell.count, _SEPARATORS)) >= separator_count for cell in cells
    )


def ending(name: str) -> str:
    """The ending of a file we read; empty for others."""
    lower = name.lower()
    return next((found for found in sorted(ENDINGS, key=len, reverse=True) if lower.endswith(found)), "")


def header_and_lines(path: Path, separator: str = "") -> Iterator[Line]:
    """The header (line 1 of text, 0 of Parquet) and then each line with as many cells as the header.

    Args:
        path: The file.
        separator: Empty where the first line tells.

    Raises:
        InputError: it is no such table; the first line that is wrong is named.
        MachineError: it cannot be opened.
    """
    if not path.is_file():
        raise InputError(f"There is no file '{path}'")
    if path.name.lower().endswith(".parquet"):
        yield from _parquet(path)
        return
    try:
        with opened(path) as stream:
            first = stream.peek(MAX_LINE)
            if looks_binary(first):
                raise InputError(
                    f"{path.name}: this is not UTF-8 text (UTF-16, or a spreadsheet file)",
                    hint="Save it as CSV UTF-8.",
                )
            yield from _read(path.name, stream, separator or _separator(first))
    except PackedError as error:
        raise (MachineError if error.of_machine else InputError)(f"{path.name}: {error.reason}") from None


def _read(name: str, stream: Limited, separator: str) -> Iterator[Line]:
    reader = csv.reader(_texts(name, stream), delimiter=separator, strict=True)
    width, before = 0, 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not width:
                width = len(cells)
            # Spreadsheets leave off empty cells at the end of a line.
            if len(cells) > width and any(cell.strip() for cell in cells[width:]):
                raise InputError(
                    f"{name}:{line}: {len(cells)} cells where {width} belong",
                    hint="Quote a cell that contains the separator.",
                )
            yield line, [*cells[:width], *[""] * (width - len(cells))]
    except csv.Error as error:
        raise InputError(f"{name}:{reader.line_num}: this is no CSV: {error}") from None
    if not width:
        raise InputError(f"'{name}' is empty", hint="The first line names the columns.")


def _texts(name: str, stream: Limited) -> Iterator[str]:
    number = 0
    while line := stream.line(MAX_LINE):
        number += 1
        if len(line) > MAX_LINE:
            raise InputError(f"{name}:{number}: a line of more than {MAX_LINE // 1_000_000} MB")
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise InputError(
                f"{name}:{number}: byte 0x{line[error.start]:02x} is not UTF-8 text", hint="Save it as CSV UTF-8."
            ) from None


def _separator(first: bytes) -> str:
    text = first.decode("utf-8", errors="replace")
    return max(_SEPARATORS, key=lambda sign: (text.count(sign), -_SEPARATORS.index(sign)))


def _parquet(path: Path) -> Iterator[Line]:
    import duckdb

    escaped = "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path)).replace("'", "''")
    try:
        with duckdb.connect(config={"memory_limit": "1GB", "threads": "1"}) as connection:
            described = connection.execute(
                f"describe select * from read_parquet('{escaped}', hive_partitioning=false)"
            ).fetchall()
            names = [str(row[0]) for row in described]
            yield 0, names
            cursor = connection.execute(
                f"select columns(*)::varchar from read_parquet('{escaped}', hive_partitioning=false)"
            )
            line = 0
            while rows := cursor.fetchmany(10_000):
                for row in rows:
                    line += 1
                    yield line, ["" if cell is None else str(cell) for cell in row]
    except duckdb.Error as error:
        raise InputError(f"'{path.name}' is no Parquet file: {shortened(str(error), 120)}") from None
