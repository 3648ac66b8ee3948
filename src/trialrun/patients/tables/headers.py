"""Columns of a file matched to fields: our own shape by its names, any other by its column map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from trialrun.errors import InputError, did_you_mean, shortened
from trialrun.files import leads_out
from trialrun.patients.tables.columns_file import read_columns_file
from trialrun.patients.tables.layout import EVENT_COLUMNS, OTHER_NAMES, PERSON_COLUMNS, FileMap, RowMap
from trialrun.patients.tables.lines import ending

MAP = "columns.yaml"
KINDS = ("patients", "events", "coverage")
_KEY = "patient_id"


def is_tables(path: Path) -> bool:
    """Whether a path is a folder of tables in our shape or with a column map, a map, or a file with a map beside it."""
    if path.is_dir():
        return (path / MAP).is_file() or bool(_own_files(path).get("patients"))
    return path.is_file() and (path.name == MAP or (bool(ending(path.name)) and (path.parent / MAP).is_file()))


def plan(path: Path) -> list[tuple[Path, FileMap | None]]:
    """The files to read and their maps; None for files in our own shape.

    Raises:
        InputError: nothing there can be read.
    """
    if not path.exists():
        raise InputError(f"There is no file or folder '{path}'")
    folder = path if path.is_dir() else path.parent
    map_file = path if path.name == MAP else folder / MAP
    if map_file.is_file():
        _refuse_link(folder, map_file)
        maps = read_columns_file(map_file)
        found: list[tuple[Path, FileMap | None]] = [(_inside(folder, one.file, map_file), one) for one in maps]
        if path.is_file() and path.name != MAP:
            found = [pair for pair in found if pair[0].name == path.name]
            if not found:
                raise InputError(f"{map_file.name} says nothing of '{path.name}'", hint="Add it below 'files:'.")
        return found
    if path.is_file():
        raise InputError(
            f"nothing says which column of '{path.name}' is what",
            hint=f"Put a {MAP} beside it, or give a folder with patients.csv and events.csv; see docs/patient-tables.md.",
        )
    own = _own_files(folder)
    if "patients" not in own:
        raise InputError(
            f"The folder '{path}' has neither patients.csv nor {MAP}", hint="See docs/patient-tables.md for both."
        )
    return [(own[kind], None) for kind in KINDS if kind in own]


def _own_files(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for file in sorted(folder.iterdir()):
        kind = file.name.lower().removesuffix(ending(file.name))
        if ending(file.name) and kind in KINDS and file.is_file():
            _refuse_link(folder, file)
            if kind in found:
                raise InputError(f"'{found[kind].name}' and '{file.name}' are both {kind}", hint="Keep one of them.")
            found[kind] = file
    return found


def beside(path: Path, read: Iterable[Path]) -> list[str]:
    """The names of tables in a folder that are not among those read; answers to questions are no records."""
    if not path.is_dir() and path.name != MAP:
        return []
    folder, known = path if path.is_dir() else path.parent, {file.name for file in read}
    return sorted(
        file.name
        for file in folder.iterdir()
        if ending(file.name)
        and file.is_file()
        and file.name not in known
        and not file.name.startswith((".", "answers"))
    )


def _refuse_link(folder: Path, file: Path) -> None:
    if leads_out(folder, file):
        raise InputError(f"'{file}' is a link to a file outside the folder", hint="Copy the file into the folder.")


def _inside(folder: Path, name: str, map_file: Path) -> Path:
    file = folder / name
    if not file.resolve().is_relative_to(folder.resolve()):
        raise InputError(f"{map_file.name}: '{shortened(name)}' lies outside the folder", hint="Put it beside the map.")
    if not file.is_file():
        known = [entry.name for entry in folder.iterdir() if ending(entry.name)]
        raise InputError(f"{map_file.name}: there is no file '{shortened(name)}'", hint=did_you_mean(name, known))
    return file


def own_map(file: Path, header: Sequence[str]) -> tuple[FileMap, list[str]]:
    """The map of a file in our own shape, and its columns by our names, in the order of the file.

    Raises:
        InputError: a column is not known, given twice, or missing.
    """
    kind = file.name.lower().removesuffix(ending(file.name))
    known = {"patients": PERSON_COLUMNS, "events": EVENT_COLUMNS, "coverage": {"start": "start", "end": "end"}}[kind]
    names = [OTHER_NAMES.get(cell.strip().casefold(), cell.strip().casefold()) for cell in header]
    for name, cell in zip(names, header, strict=True):
        if name != _KEY and name not in known:
            hint = did_you_mean(cell, [_KEY, *known]) or "Take it out, or describe the file in columns.yaml."
            raise InputError(f"{file.name}:1: there is no column '{shortened(cell)}'", hint=hint)
        if names.count(name) > 1:
            raise InputError(f"{file.name}:1: the column '{name}' is given twice")
    needed = {"patients": [_KEY], "events": [_KEY, "domain"], "coverage": [_KEY, "start", "end"]}[kind]
    missing = [name for name in needed if name not in names]
    if missing:
        raise InputError(
            f"{file.name}:1: no column {' and no column '.join(missing)}",
            hint=f"The columns are: {', '.join([_KEY, *known])}.",
        )
    fields = {known[name]: name for name in names if name in known}
    if kind == "patients":
        return FileMap(file.name, {"id": _KEY, **fields}), names
    if kind == "coverage":
        return FileMap(file.name, {"id": _KEY}, coverage=fields), names
    return FileMap(file.name, {"id": _KEY}, (RowMap(fields, is_own=True),)), names


def mapped_columns(one: FileMap, header: Sequence[str]) -> tuple[list[str], list[str]]:
    """The columns of a file with a map, and those that nobody reads.

    Raises:
        InputError: a column the map names is not there, or is there twice.
    """
    names = [cell.strip() for cell in header]
    for column in (*one.used, *one.ignore):
        if column not in names:
            raise InputError(
                f"{one.file}:1: there is no column '{shortened(column)}'", hint=did_you_mean(column, names)
            )
        if column in one.used and names.count(column) > 1:
            raise InputError(f"{one.file}:1: the column '{shortened(column)}' is there twice")
    return names, [name for name in names if name and name not in (*one.used, *one.ignore)]
