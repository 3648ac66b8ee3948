"""People of the virtual clinic made and written a second, and the memory it takes: flat, however many.

No rival runs beside it: Synthea needs a Java build. What a generator for Python took when it was measured once stands in
docs/benchmarks.md.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from typing import Any

FEW, MANY = 250, 1_500
_MEASURED = """
import resource, sys, time
from datetime import date
from pathlib import Path
from trialrun.patients.clinic.folders import Source, write_clinic
from trialrun.patients.clinic.parameters import shipped_parameters
from trialrun.patients.clinic.people import DEFAULT_DAY, made_up_people
form, count, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
people = made_up_people(count, "bench")
rows, start = 0, time.process_time()
if form == "none":
    rows = sum(len(person.events) for person in people)
else:
    counts = write_clinic(folder, form, people, Source("bench", count, DEFAULT_DAY, shipped_parameters()))
    rows = sum(counts.values())
print(time.process_time() - start, rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def run() -> list[dict[str, Any]]:
    """Rows of name, value, unit and note: seconds are CPU time of a process of its own."""
    found: list[dict[str, Any]] = []
    for form, name in (
        ("none", "made"),
        ("fhir", "as FHIR bundles"),
        ("ndjson", "as NDJSON"),
        ("omop", "as OMOP Parquet"),
    ):
        _, _, before = _measured(form, FEW)
        seconds, rows, memory = _measured(form, MANY)
        note = f"{rows / seconds:,.0f} rows/s; peak {memory:.0f} MB, {memory - before:+.0f} MB over {FEW} people"
        found.append(
            {"name": f"virtual clinic, people {name}", "value": MANY / seconds, "unit": "persons/s", "note": note}
        )
    return found


def _measured(form: str, count: int) -> tuple[float, float, float]:
    with tempfile.TemporaryDirectory() as folder:
        words = [sys.executable, "-c", _MEASURED, form, str(count), f"{folder}/clinic"]
        said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    seconds, rows, memory = (float(word) for word in said.split())
    return seconds, rows, memory
