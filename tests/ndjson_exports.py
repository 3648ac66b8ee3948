"""Small bulk exports for tests, and the people of a bundle and of an export made comparable."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from trialrun.patients.person import Person

PATIENT: dict[str, Any] = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1959-05-14"}
COVERED = {"extension": [{"url": "urn:trialrun:coverage", "valuePeriod": {"start": "2016-01-01", "end": "2026-11-23"}}]}


def line(resource: object) -> bytes:
    """A resource as a line without its end."""
    return json.dumps(resource, ensure_ascii=False).encode("utf-8", "surrogatepass")


def write_export(folder: Path, files: Mapping[str, Iterable[object]]) -> Path:
    """A folder of NDJSON files; bytes are written as they are, the rest as JSON. Names that end in .gz are packed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, resources in files.items():
        content = b"".join((one if isinstance(one, bytes) else line(one)) + b"\n" for one in resources)
        (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return folder


def plain(person: Person) -> tuple[object, ...]:
    """A person without what depends on where and in which order the rows stood."""
    rows = sorted(repr(replace(event, id="", origin="")) for event in person.events)
    return person.id, person.birth, person.sex, person.death, person.coverage, rows
