"""Drafts per second over the shared records, with the records already read; the rival is reading them."""

from __future__ import annotations

import resource
import time
from pathlib import Path
from typing import Any

RECORDS = Path(__file__).resolve().parents[2] / "shared" / "data" / "registry" / "corpus.v2.jsonl.gz"


def run() -> list[dict[str, Any]]:
    """Rows of name, value, unit and note; a row that says so where the shared records are absent."""
    from trialrun.protocol.draft.assemble import draft
    from trialrun.protocol.draft.sources import Source
    from trialrun.registry.read import Taken, read_paths

    if not RECORDS.exists():
        return [{"name": "drafts", "value": 0, "unit": "1/s", "note": "not measured: the shared records are absent"}]
    start = time.perf_counter()
    records = [outcome.record for outcome in read_paths([RECORDS]) if isinstance(outcome, Taken)]
    reading = time.perf_counter() - start
    start = time.perf_counter()
    for record in records:
        draft([Source(record, "record")])
    drafting = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    note = f"{len(records)} records; each draft is read back; peak memory {memory:.0f} MB"
    return [
        {"name": "drafts", "value": len(records) / drafting, "unit": "1/s", "note": note},
        {
            "name": "reading and validating the same records",
            "value": len(records) / reading,
            "unit": "1/s",
            "note": "rival",
        },
    ]
