"""`trialrun add`: records into the store."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from trialrun.cli.options import Flag
from trialrun.cli.terminal import progress, say, say_json, warn
from trialrun.errors import EXIT_DONE, EXIT_INPUT, UsageError

if TYPE_CHECKING:
    from trialrun.registry.read import Rejected

_BATCH = 500
_SHOWN = 20


def add(*paths: Path, home: Path | None = None, json: Flag = False) -> int:
    """Add registry records to the store: JSON, NDJSON, gzip, folders, or the text of a record page.

    What cannot be read is listed with the reason; everything else is stored. Of several versions of a record the
    one that was updated last is current, and a page never stands before an API record. The exit code is 3 when
    anything was rejected.

    Example: `trialrun add records/ NCT04062006.page.txt`

    Parameters
    ----------
    paths
        Files and folders.
    home
        Folder of the store; the user's data folder unless given.
    json
        Print counts and rejections as JSON.
    """
    from trialrun.registry.home import home_folder
    from trialrun.registry.read import Rejected, Taken, read_paths
    from trialrun.registry.store import Store

    if not paths:
        raise UsageError("add needs a file or a folder", hint="Example: trialrun add records/")
    rejected: list[Rejected] = []
    batch: list[Taken] = []
    totals: Counter[str] = Counter()
    with Store(home_folder(home)) as store, progress("records read") as shown:

        def store_batch() -> None:
            counts = store.put((taken.record, taken.source) for taken in batch)
            totals.update(asdict(counts))
            batch.clear()

        for outcome in read_paths(paths):
            shown.step()
            if isinstance(outcome, Rejected):
                rejected.append(outcome)
                continue
            batch.append(outcome)
            if len(batch) >= _BATCH:
                store_batch()
        store_batch()
    _report(totals, rejected, as_json=json)
    return EXIT_INPUT if rejected else EXIT_DONE


def _report(totals: Counter[str], rows: list[Rejected], *, as_json: bool) -> None:
    added, updated, unchanged, older = (totals[name] for name in ("added", "updated", "unchanged", "older"))
    if as_json:
        reasons = [{"source": row.source, "reason": row.reason} for row in rows]
        say_json({"added": added, "updated": updated, "unchanged": unchanged, "older": older, "rejected": reasons})
        return
    say(f"{added} added, {updated} updated, {unchanged} unchanged, {len(rows)} rejected.")
    if older:
        say(f"{older} kept but not current: the store holds a later or fuller version.")
    for row in rows[:_SHOWN]:
        warn(f"  rejected {row.source}: {row.reason}")
    if len(rows) > _SHOWN:
        warn(f"  … and {len(rows) - _SHOWN} more; see all with --json")
