"""Tables of verdicts on disk: whole or not there, every cell as it is, and no other error made theirs."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from trialrun.errors import MachineError
from trialrun.screening.verdict_files import verdict_file
from trialrun.screening.verdict_rows import COLUMNS, VerdictRow

ODD = (
    "\x01",
    "",
    "NULL",
    "a,b",
    'say "so"',
    "two\nlines",
    "two\r\nlines",
    " ",
    "=1+1",
    "'",
    "\\N",
    "\ufeffx",
    "é",
    '"',
    "\t",
)


def row(cell: str) -> VerdictRow:
    return VerdictRow("p", *[cell] * (len(COLUMNS) - 1))


def test_every_cell_is_in_the_packed_table_as_it_is(tmp_path: Path) -> None:
    target = tmp_path / "verdicts.parquet"
    with verdict_file(target) as write:
        write(row(cell) for cell in ODD)
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM '{target}'").fetchall()
    assert found == [tuple(row(cell)) for cell in ODD]
    assert [path.name for path in tmp_path.iterdir()] == ["verdicts.parquet"]


@pytest.mark.parametrize("name", ["verdicts.parquet", "verdicts.csv"])
def test_what_goes_wrong_with_another_file_is_not_told_of_the_table(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError, match=r"records\.json"), verdict_file(tmp_path / name) as write:
        write([row("x")])
        (tmp_path / "records.json").read_bytes()
    assert list(tmp_path.iterdir()) == []


def test_rows_that_cannot_be_found_are_not_told_as_rows_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"records\.json"), verdict_file(tmp_path / "verdicts.csv") as write:
        write(row((tmp_path / "records.json").read_text()) for _ in range(1))
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_is_told_of_the_table(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    import signal

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        with (
            pytest.raises(MachineError, match=r"verdicts\.csv' cannot be written: "),
            verdict_file(tmp_path / "verdicts.csv") as write,
        ):
            write(row("x" * 100) for _ in range(1_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert list(tmp_path.iterdir()) == []


def test_a_table_for_a_spreadsheet_holds_no_formula(tmp_path: Path) -> None:
    target = tmp_path / "verdicts.csv"
    with verdict_file(target) as write:
        write([row("=1+1")])
    with target.open(newline="", encoding="utf-8") as file:
        assert [line[1] for line in csv.reader(file)] == ["standing", "'=1+1"]
