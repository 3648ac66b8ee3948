"""Many people screened for the founding study a second, with the evidence kept as for `--out`, and the memory it takes.

The floor beside it is to make the same people and do nothing with them. How the evaluator does against another engine is
measured in `benchmarks.criteria`.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Any

FEW, MANY = 200, 1_000
_MEASURED = """
import resource, sys, time
from trialrun.criteria.meaning.days import Anchors
from trialrun.patients.answers import NO_ANSWERS
from trialrun.patients.clinic.people import DEFAULT_DAY, made_up_people
from trialrun.patients.report import ReadReport
from trialrun.protocol.shipped import find_protocol
from trialrun.screening.crowd import Gathering
from trialrun.screening.run import Run
from trialrun.screening.verdict_rows import verdict_rows
count, work = int(sys.argv[1]), sys.argv[2]
protocol = find_protocol("NCT04062006")
run = Run(protocol, Anchors.screening(DEFAULT_DAY), protocol.vocabulary, NO_ANSWERS)
gathering, rows = Gathering(run, "bench"), 0
start = time.process_time()
for person in made_up_people(count, "bench"):
    rows += len(person.events)
    if work == "screen":
        found = run.explained(person)
        gathering.add(found)
        sum(1 for row in verdict_rows(found))
if work == "screen":
    assert gathering.crowd(ReadReport()).funnel.persons == count
print(time.process_time() - start, rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def run() -> list[dict[str, Any]]:
    """Rows of name, value, unit and note: seconds are CPU time of a process of its own."""
    _, _, before = _measured(FEW, "screen")
    seconds, rows, memory = _measured(MANY, "screen")
    floor, _, _ = _measured(MANY, "make")
    note = f"{rows / MANY:.0f} rows each, made as they come; peak {memory:.0f} MB, {memory - before:+.0f} MB over {FEW} people"
    name = "screening many, founding study, with evidence"
    return [
        {"name": name, "value": MANY / seconds, "unit": "persons/s", "note": note},
        {
            "name": "screening many, without making the people",
            "value": MANY / (seconds - floor),
            "unit": "persons/s",
            "note": "",
        },
    ]


def _measured(count: int, work: str) -> tuple[float, float, float]:
    words = [sys.executable, "-c", _MEASURED, str(count), work]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    seconds, rows, memory = (float(word) for word in said.split())
    return seconds, rows, memory
