"""Rows per second from FHIR: forty bundles, and a bulk export of 100 MB, with peak memory; beside them plainer readers.

The export is the shared one again and again, every id made new, until it has 100 MB unpacked. The rivals read the same
files and do less: `json.loads` of every line keeps nothing, DuckDB counts rows by person and code. Neither checks a line,
follows a reference, knows a unit, or says what it left out. Each side runs in a process of its own.
"""

from __future__ import annotations

import gzip
import json
import multiprocessing
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.criteria import peak_memory

FHIR = Path(__file__).resolve().parents[2] / "shared" / "data" / "patients" / "fhir"
SIZE = 100_000_000
"""Bytes of the export, unpacked."""

_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ROUNDS = 3

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """What one process found: the fastest round in seconds of CPU, what it counted, peak memory in MB."""

    seconds: float
    people: int
    rows: int
    memory: float


def run() -> list[Row]:
    """Rows of name, value, unit and note; a row that says so where the shared patients are absent."""
    if not FHIR.is_dir():
        note = "not measured: the shared patients are absent"
        return [{"name": "FHIR: rows", "value": 0, "unit": "1/s", "note": note}]
    with tempfile.TemporaryDirectory() as scratch:
        export = replicate(FHIR / "bulk_export", Path(scratch), SIZE)
        size = sum(file.stat().st_size for file in export.iterdir())
        return [
            _row("FHIR: 40 bundles, rows", _apart(ours, FHIR / "r4_bundles"), "half of each bundle is claims"),
            _row("the same, json.loads alone, rows", _apart(plain_bundles, FHIR / "r4_bundles"), "rival"),
            _row(
                f"FHIR: NDJSON of {size / 1e6:.0f} MB, rows",
                _apart(ours, export),
                "sorted by person, checked, in whole people",
            ),
            _row("the same, json.loads of every line, rows", _apart(plain_lines, export), "rival; gives no people"),
            _row("the same, DuckDB read_json, rows", _apart(duckdb_lines, export), "rival; rows by person and code"),
        ]


def replicate(export: Path, folder: Path, size: int) -> Path:
    """An export of about a size: another one as often as needed, its ids made new each time."""
    files = {file.name: _unpacked(file) for file in sorted(export.iterdir()) if ".ndjson" in file.name}
    times = max(1, round(size / sum(map(len, files.values()))))
    for name, content in files.items():
        with (folder / name.removesuffix(".gz")).open("wb") as written:
            for number in range(times):
                end = b"%04x" % number
                written.write(_UUID.sub(lambda found, end=end: found[0][:-4] + end, content))  # type: ignore[misc]
    return folder


def ours(folder: Path) -> Measured:
    """Everybody, as `trialrun screen` reads them, one after the other."""
    from trialrun.patients.fhir.read import read_people

    def once() -> tuple[int, int]:
        people = rows = 0
        for person in read_people(folder):
            people, rows = people + 1, rows + len(person.events)
        return people, rows

    return _measured(once)


def plain_bundles(folder: Path) -> Measured:
    """Each bundle parsed with the standard library; its entries of the types we read are counted."""
    from trialrun.patients.fhir.bundle import READ

    def once() -> tuple[int, int]:
        people = rows = 0
        for file in folder.iterdir():
            entries = json.loads(_unpacked(file))["entry"]
            people, rows = people + 1, rows + sum(entry["resource"]["resourceType"] in READ for entry in entries)
        return people, rows

    return _measured(once)


def plain_lines(folder: Path) -> Measured:
    """Each line parsed with the standard library and let go."""

    def once() -> tuple[int, int]:
        people = rows = 0
        for file in folder.iterdir():
            for line in file.open("rb"):
                kind = json.loads(line)["resourceType"]
                people, rows = people + (kind == "Patient"), rows + (kind not in ("Patient", "DiagnosticReport"))
        return people, rows

    return _measured(once)


def duckdb_lines(folder: Path) -> Measured:
    """Each line's type, person and first code, counted in DuckDB."""
    import duckdb

    query = """
        SELECT count(DISTINCT person), sum(rows) FROM (
            SELECT coalesce(json->>'$.subject.reference', json->>'$.patient.reference') AS person,
                   json->>'$.code.coding[0].code' AS code, count(*) AS rows
            FROM read_json_objects(?)
            WHERE json->>'$.resourceType' NOT IN ('Patient', 'DiagnosticReport')
            GROUP BY ALL)"""

    def once() -> tuple[int, int]:
        people, rows = duckdb.connect().execute(query, [str(folder / "*.ndjson")]).fetchall()[0]
        return int(people), int(rows)

    return _measured(once)


def _measured(once: Callable[[], tuple[int, int]]) -> Measured:
    best, people, rows = float("inf"), 0, 0
    for _ in range(_ROUNDS):
        start = time.process_time()
        people, rows = once()
        best = min(best, time.process_time() - start)
    return Measured(best, people, rows, peak_memory())


def _apart(work: Callable[[Path], Measured], folder: Path) -> Measured:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (folder,))


def _unpacked(file: Path) -> bytes:
    content = file.read_bytes()
    return gzip.decompress(content) if file.name.endswith(".gz") else content


def _row(name: str, found: Measured, note: str) -> Row:
    told = f"{found.people:,} people, {found.rows:,} rows, {found.seconds:.2f} s, peak memory {found.memory:.0f} MB; {note}"
    return {"name": name, "value": found.rows / found.seconds, "unit": "1/s", "note": told}
