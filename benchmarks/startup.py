"""CPU time of `trialrun --help`, beside an empty Python and a bare cyclopts import in the same run."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from typing import Any

_RUNS = 7


def run() -> list[dict[str, Any]]:
    """Rows of name, value, unit and note."""
    ours = _cpu([sys.executable, "-m", "trialrun", "--help"])
    empty = _cpu([sys.executable, "-c", "pass"])
    bare = _cpu([sys.executable, "-c", "import cyclopts"])
    note = f"median of {_RUNS}; aim < 0.3"
    return [
        {"name": "trialrun --help, CPU", "value": ours, "unit": "s", "note": note},
        {"name": "python -c 'import cyclopts', CPU", "value": bare, "unit": "s", "note": "the parser alone"},
        {"name": "python -c pass, CPU", "value": empty, "unit": "s", "note": "the floor"},
    ]


def _cpu(command: list[str]) -> float:
    times = []
    for _ in range(_RUNS + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(times[1:])
