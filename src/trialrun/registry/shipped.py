"""The founding record and record page, which ship with the program."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

from trialrun.registry.record import Record

_FOLDER = "data"


def shipped_record(nct: str) -> Record | None:
    """The record of a study that ships; None for any other."""
    path = shipped_record_path(nct)
    return Record.from_json(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def shipped_record_path(nct: str) -> Path:
    """The file of a shipped record; it does not exist for a study that does not ship."""
    return _folder() / f"{nct.upper()}.record.json"


def shipped_page_path(nct: str) -> Path:
    """The file of a shipped record page."""
    return _folder() / f"{nct.upper()}.page.txt"


def _folder() -> Path:
    with resources.as_file(resources.files("trialrun.registry") / _FOLDER) as folder:
        return folder
