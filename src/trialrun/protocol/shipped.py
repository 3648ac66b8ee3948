"""Studies that ship with the program, usable by name wherever a protocol file is asked for."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

from trialrun.errors import InputError, ProblemsError, did_you_mean
from trialrun.protocol.load import ProtocolFile, load, load_text
from trialrun.registry.page import looks_like_page

_FOLDER = "studies"
_NCT = re.compile(r"NCT\d{8}")
_LOOKED_AT = 100_000
"""Characters that show what a file is."""


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
        return _loaded(path)
    name = file_or_name.strip().upper()
    if name in shipped_names():
        return load_text(shipped_text(name), f"{name}.yaml")
    draft = f"Draft one from its record: trialrun draft {name} -o study.yaml"
    hint = draft if _NCT.fullmatch(name) else did_you_mean(file_or_name, shipped_names())
    raise InputError(f"There is no file and no shipped study '{file_or_name}'", hint=hint)


def _loaded(path: Path) -> ProtocolFile:
    """The protocol of a file; a record is called one instead of being read as a broken protocol.

    Raises:
        InputError, ProblemsError, MachineError: as `load` does.
    """
    try:
        return load(path)
    except ProblemsError:
        what = _record_kind(path)
        if what is None:
            raise
    raise InputError(
        f"'{path}' is {what}, not a protocol file", hint=f"Draft one from it: trialrun draft {path} -o study.yaml"
    )


def _record_kind(path: Path) -> str | None:
    """What kind of record a file holds that is no protocol; None where it holds none."""
    with path.open(encoding="utf-8", errors="replace") as file:
        text = file.read(_LOOKED_AT)
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[") and '"protocolSection"' in text:
        return "a registry record"
    return "the text of a record page" if looks_like_page(text) else None
