"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from trialrun.errors import InputError, MachineError


def write_text(path: Path, text: str, *, replace: bool) -> None:
    """Writes a text file as UTF-8; the old content stays until the new one is safely on disk.

    Raises:
        InputError: the file exists and may not be replaced, or is a folder.
        MachineError: no folder, no permission, no space.
    """
    write_bytes(path, text.encode("utf-8"), replace=replace)


def write_bytes(path: Path, content: bytes, *, replace: bool) -> None:
    """Writes a file of bytes; see `write_text`."""
    if path.is_dir():
        raise InputError(f"'{path}' is a folder", hint="Name a file inside it.")
    if path.exists() and not replace:
        raise InputError(f"'{path}' exists already and is left as it is", hint="Choose another name, or add --force.")
    folder = path.resolve().parent
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=folder)
    except OSError as error:
        raise MachineError(f"'{path}' cannot be written: {error.strerror}") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_mode(path))
        Path(temporary).replace(path.resolve())
    except OSError as error:
        raise MachineError(f"'{path}' cannot be written: {error.strerror}") from None
    finally:
        Path(temporary).unlink(missing_ok=True)


def _mode(path: Path) -> int:
    """The rights of the file that is replaced; those of a new file otherwise."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
