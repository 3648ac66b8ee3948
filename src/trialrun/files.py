"""Files written whole or not at all, and never over something that is not ours to replace."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from trialrun.errors import InputError, MachineError, UsageError


def may_replace(path: Path, is_ours: Callable[[bytes], bool], what: str, inputs: Iterable[Path] = ()) -> None:
    """Refuses a target that is an input of the same command, or that exists and is not what the command writes.

    Args:
        path: The file that is to be written.
        is_ours: Whether the content of an earlier file is one that the command writes.
        what: What the command writes, in words: `picture made by trialrun`.
        inputs: Files the command reads or writes besides.

    Raises:
        InputError: the file must stay as it is.
        MachineError: it cannot be read.
    """
    refuse_inputs(path, inputs)
    if not path.is_file():
        return
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MachineError(f"'{path}' cannot be read: {error.strerror}") from None
    if not is_ours(content):
        raise InputError(f"'{path}' exists and is no {what}; it is left as it is", hint="Name another file.")


def refuse_inputs(path: Path, inputs: Iterable[Path]) -> None:
    """Refuses a target that the same command reads, or writes something else to.

    Raises:
        InputError: the file is one of them.
    """
    if any(path.resolve() == other.resolve() for other in inputs):
        raise InputError(
            f"'{path}' is a file this command uses already; it is left as it is", hint="Name another file."
        )


def leads_out(folder: Path, entry: Path) -> bool:
    """Whether an entry of a folder is a link to something outside it: what is read then is not what was handed over."""
    return entry.is_symlink() and not entry.resolve().is_relative_to(folder.resolve())


def write_text(path: Path, text: str, *, replace: bool, hint: str = "Choose another name.") -> None:
    """Writes a text file as UTF-8; the old content stays until the new one is safely on disk.

    Args:
        path: The file.
        text: What it is to hold.
        replace: Whether an earlier file may go.
        hint: What to do where it may not.

    Raises:
        InputError: the file exists and may not be replaced, or is a folder.
        MachineError: no folder, no permission, no space.
    """
    write_bytes(path, text.encode("utf-8"), replace=replace, hint=hint)


def write_bytes(path: Path, content: bytes, *, replace: bool, hint: str = "Choose another name.") -> None:
    """Writes a file of bytes; see `write_text`."""
    if path.is_dir():
        raise InputError(f"'{path}' is a folder", hint="Name a file inside it.")
    if path.exists() and not replace:
        raise InputError(f"'{path}' exists already and is left as it is", hint=hint)
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


def refuse_targets(paths: Iterable[Path]) -> None:
    """Refuses files of which one cannot be written, so that a command that writes several writes all or none.

    Raises:
        InputError: one exists already, or is a folder.
        UsageError: two are one.
        MachineError: there is no folder for one, or nothing may be written into it.
    """
    seen: set[Path] = set()
    for path in paths:
        if path.is_dir():
            raise InputError(f"'{path}' is a folder", hint="Name a file inside it.")
        if path.exists():
            raise InputError(f"'{path}' exists already and is left as it is", hint="Choose another name.")
        place = path.resolve()
        if place in seen:
            raise UsageError("two of the files to write have one name", hint="Give each its own.")
        seen.add(place)
        if not place.parent.is_dir():
            raise MachineError(f"'{path}' cannot be written: there is no folder '{path.parent}'", hint="Make it first.")
        if not os.access(place.parent, os.W_OK | os.X_OK):
            raise MachineError(f"'{path}' cannot be written: '{path.parent}' is not yours to write into")


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder that is filled beside its place and appears whole, or not at all.

    Yields the folder to write into. On any error, and when the user stops the program, it is removed.

    Args:
        path: Where it is to be: there must be nothing, or an empty folder.

    Raises:
        InputError: something is there already, or the folder it is to be in does not exist.
        MachineError: no permission, no space.
    """
    place = path.resolve()
    refuse_full(path)
    try:
        aside = Path(tempfile.mkdtemp(prefix=f".{place.name}.", dir=place.parent))
    except OSError as error:
        raise MachineError(f"'{path}' cannot be written: {error.strerror}") from None
    try:
        yield aside
        aside.chmod(_folder_mode())
        refuse_full(path)
        aside.replace(place)
    except OSError as error:
        raise MachineError(f"'{path}' cannot be written: {error.strerror}") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def refuse_full(path: Path) -> None:
    """Refuses a folder that holds anything, or that is to be in one that does not exist.

    Raises:
        InputError: so.
    """
    hint = "Name a new folder."
    place = path.resolve()
    if place.is_dir():
        if any(place.iterdir()):
            raise InputError(f"The folder '{path}' is not empty and is left as it is", hint=hint)
    elif place.exists():
        raise InputError(f"'{path}' is a file and is left as it is", hint=hint)
    elif not place.parent.is_dir():
        raise InputError(f"There is no folder '{path.parent}' to write into", hint="Make it first.")


def _folder_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o777 & ~mask


def _mode(path: Path) -> int:
    """The rights of the file that is replaced; those of a new file otherwise."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
