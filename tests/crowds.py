"""A folder of made-up people for tests of screening many: who ships, and variants of them that stand where it is said.

With the answers of `write_answers`, by hand, for the founding study on 2026-11-23:

| person | what differs | stands |
|---|---|---|
| made-up-may-join | nothing | eligible |
| young | may-join, born in 1990 | excluded by I1 and nothing else; eligible without it |
| dead | may-join, recorded as dead | excluded, and in no row's remaining |
| made-up-may-not-join | nothing | excluded by I3, E1, E2, E3 |
| made-up-unknown | nothing | possible |
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trialrun.patients.shipped import shipped_answers, shipped_bundle

STUDY = "NCT04062006"
ON = "2026-11-23"
PEOPLE = ("dead", "made-up-may-join", "made-up-may-not-join", "made-up-unknown", "young")

Change = Callable[[dict[str, Any]], object]


def write_crowd(folder: Path) -> Path:
    """The five people of the table above, a bundle each."""
    folder.mkdir()
    for name in ("may-join", "may-not-join", "unknown"):
        (folder / f"{name}.json").write_bytes(shipped_bundle(name))
    write_variant(folder, "may-join", "young", lambda patient: patient.update(birthDate="1990-01-01"))
    write_variant(folder, "may-join", "dead", lambda patient: patient.update(deceasedDateTime="2026-11-20"))
    return folder


def write_variant(folder: Path, name: str, person: str, change: Change = lambda patient: None) -> Path:
    """A made-up person under another id, the patient resource changed."""
    bundle = json.loads(shipped_bundle(name).decode().replace(f"made-up-{name}", person))
    change(next(row["resource"] for row in bundle["entry"] if row["resource"]["resourceType"] == "Patient"))
    file = folder / f"{len(list(folder.iterdir())):03}.json"
    file.write_text(json.dumps(bundle), encoding="utf-8")
    return file


def write_answers(file: Path) -> Path:
    """What was answered about the one who may join, and the same about the two who are that person but for one thing."""
    answers = shipped_answers("may-join")
    assert answers is not None
    head, *lines = answers.decode().splitlines()
    people = ("made-up-may-join", "young", "dead")
    rows = [line.replace("made-up-may-join", person) for person in people for line in lines]
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return file
