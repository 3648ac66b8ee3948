"""Studies that ship with the program, usable by name wherever a protocol file is asked for."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from trialrun.errors import InputError, did_you_mean
from trialrun.protocol.load import ProtocolFile, load, load_text

_FOLDER = "studies"


def shipped_names() -> tuple[str, ...]:
    """The names of the studies that ship."""
    folder = resources.files("trialrun.protocol") / _FOLDER
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".yaml")))


def shipped_text(name: str) -> str:
    """The text of a shipped protocol file.

    Raises:
        KeyError: when no study of that name ships.
    """
    if name not in shipped_names():
        raise KeyError(name)
    return (resources.files("trialrun.protocol") / _FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def find_protocol(file_or_name: str) -> ProtocolFile:
    """A protocol by its path, or by the name of a study that ships.

    A path that exists wins over a name.

    Raises:
        InputError, ProblemsError, MachineError: as `load` does.
    """
    path = Path(file_or_name)
    if path.exists():
        return load(path)
    name = file_or_name.upper()
    if name in shipped_names():
        return load_text(shipped_text(name), f"{name}.yaml")
    hint = did_you_mean(file_or_name, shipped_names()) or "Draft one from a record: trialrun draft " + file_or_name
    raise InputError(f"There is no file and no shipped study '{file_or_name}'", hint=hint)
