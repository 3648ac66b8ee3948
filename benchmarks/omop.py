"""Rows a second and memory of reading a million OMOP rows; the rival fetches the same rows, sorted, and makes nothing of them.

The rows are those of 615 synthetic people, repeated with other ids. Each side runs in a process of its own, so that its peak
memory is its own; seconds are of CPU time, on all cores, because other work on the machine slows both.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks.criteria import peak_memory

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "patients" / "smart615_omop"

Row = dict[str, Any]

_COPIES = 8
_ROUNDS = 2
_EVENTS = ("condition_occurrence", "drug_exposure", "measurement", "procedure_occurrence", "observation")
_PEOPLE = ("person", "observation_period")


def run() -> list[Row]:
    """Rows of name, value, unit and note."""
    if not DATA.is_dir():
        return [_row("OMOP Parquet into people", 0, "rows/s", "not measured: the shared patients are absent")]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        rows = _repeat(DATA, folder)
        ours = [_apart(_read, folder) for _ in range(_ROUNDS)]
        rival = [_apart(_fetch, folder) for _ in range(_ROUNDS)]
        one, _ = _apart(_find, folder)
    return list(_table(rows, ours, rival, one))


def _table(rows: int, ours: list[tuple[float, float]], rival: list[tuple[float, float]], one: float) -> Iterable[Row]:
    seconds, memory = min(ours)
    theirs, their_memory = min(rival)
    what = f"{615 * _COPIES:,} people, {rows:,} rows of events; CPU time, fastest of {_ROUNDS} runs"
    yield _row("OMOP Parquet into people", rows / seconds, "rows/s", f"{what}; {memory:.0f} MB at the peak")
    note = f"rival; the same columns, sorted by person, as tuples; {their_memory:.0f} MB"
    yield _row("DuckDB fetching the same rows", rows / theirs, "rows/s", note)
    yield _row("times the rival's time", seconds / theirs, "", "aim <= 10")
    yield _row("one person of the same folder", one, "s", "CPU time")


def _repeat(data: Path, folder: Path) -> int:
    """The tables of a pack with its people repeated; how many rows of events there are."""
    import duckdb

    rows = 0
    with duckdb.connect() as connection:
        for name in (*_PEOPLE, *_EVENTS):
            key = "" if name == "person" else f", {name}_id + copy * 10000000 as {name}_id"
            connection.execute(
                f"copy (select * replace (person_id + copy * 1000 as person_id{key}) from '{data / name}.parquet', "
                f"range({_COPIES}) copies(copy)) to '{folder / name}.parquet' (format parquet)"
            )
            if name in _EVENTS:
                counted = connection.execute(f"select count(*) from '{folder / name}.parquet'").fetchone()
                rows += counted[0] if counted else 0
        connection.execute(
            f"copy (from '{data / 'concept'}.parquet') to '{folder / 'concept'}.parquet' (format parquet)"
        )
    return rows


def _read(folder: Path) -> tuple[float, float]:
    from trialrun.patients.omop.read import read_omop

    start = time.process_time()
    for _ in read_omop(folder):
        pass
    return time.process_time() - start, peak_memory()


def _find(folder: Path) -> tuple[float, float]:
    from trialrun.patients.omop.read import find_omop_person

    start = time.process_time()
    find_omop_person(folder, "4217")
    return time.process_time() - start, peak_memory()


def _fetch(folder: Path) -> tuple[float, float]:
    """The same rows in the same order with the same limits on memory and cores; nothing but tuples is made of them."""
    import duckdb

    start = time.process_time()
    with duckdb.connect(config={"memory_limit": "1GB", "threads": "2"}) as connection:
        for name in (*_PEOPLE, *_EVENTS):
            cursor = connection.cursor().execute(f"select * from '{folder / name}.parquet' order by person_id")
            while cursor.fetchmany(10_000):
                pass
    return time.process_time() - start, peak_memory()


def _apart(work: Callable[[Path], tuple[float, float]], folder: Path) -> tuple[float, float]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (folder,))


def _row(name: str, value: float, unit: str, note: str) -> Row:
    return {"name": name, "value": value, "unit": unit, "note": note}
