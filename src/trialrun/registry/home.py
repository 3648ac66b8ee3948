"""Where trialrun keeps what it is given: the store of records, later the studies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from trialrun.errors import MachineError


def home_folder(option: Path | None) -> Path:
    """The folder named by an option, by TRIALRUN_HOME, or the user's data folder; it may not exist yet."""
    return option or _from_environment() or _data_folder() / "trialrun"


def made(folder: Path) -> Path:
    """The folder, made where it is missing.

    Raises:
        MachineError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MachineError(
            f"the folder '{folder}' cannot be made: {error.strerror}", hint="Name another one: --home DIR"
        ) from None
    return folder


def _from_environment() -> Path | None:
    value = os.environ.get("TRIALRUN_HOME")
    return Path(value) if value else None


def _data_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
