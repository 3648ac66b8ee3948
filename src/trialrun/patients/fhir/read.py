"""Files and folders of FHIR bundles, plain or gzipped; bulk exports are handed on to their reader."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from trialrun.errors import InputError, MachineError, did_you_mean, shortened
from trialrun.files import leads_out
from trialrun.json_text import JsonError, parse_json, text_of
from trialrun.packed import read_whole
from trialrun.patients.fhir.bundle import Tally, people_of
from trialrun.patients.fhir.export import find_in_export, is_export, read_export
from trialrun.patients.fhir.manifest import ENDINGS
from trialrun.patients.fhir.node import Notes, clean
from trialrun.patients.person import Person
from trialrun.patients.report import ReadReport, counted

MAX_BUNDLE = 64_000_000
"""Bytes of one bundle; a long life in Synthea is about 30 MB, and JSON takes up to twenty times its size in memory."""
MAX_ASKED = 50
"""Files that are read once more only to name the people they have."""

_ENDINGS = (".json", ".json.gz")


@dataclass(frozen=True, slots=True)
class Loaded:
    """People, and the account of how they were read."""

    people: tuple[Person, ...]
    report: ReadReport


def read_bundle(path: Path, *, strict: bool = False) -> tuple[Person, ...]:
    """The people of one FHIR R4 bundle.

    Args:
        path: JSON, plain or gzip: a Bundle, a list of resources, or a Patient alone.
        strict: Whether anything that cannot be understood is an error. Otherwise it stays unknown, see `load_bundle`.

    Raises:
        InputError: it is no bundle, or has no patient.
    """
    people, _, notes = _people(read_whole(path, MAX_BUNDLE), path.name)
    if strict and notes.problems:
        raise InputError("\n".join(notes.problems))
    return people


def load_bundle(path: Path, *, on: date | None = None) -> Loaded:
    """The people of one bundle with the account of what was not understood.

    Args:
        path: As in `read_bundle`.
        on: A date after which rows are counted as future.

    Raises:
        InputError: it is no bundle, or has no patient.
    """
    return load_content(read_whole(path, MAX_BUNDLE), path.name, on=on)


def load_content(content: bytes, file: str, *, on: date | None = None) -> Loaded:
    """The people of a bundle in memory; see `load_bundle`."""
    people, tally, notes = _people(content, file)
    return Loaded(people, _report(people, tally, notes, on))


def read_people(
    path: Path,
    *,
    on_report: Callable[[ReadReport], None] | None = None,
    on_error: Callable[[InputError], None] | None = None,
    on: date | None = None,
) -> Iterator[Person]:
    """Everybody of a bundle, a folder of bundles (one file at a time), or a bulk export (NDJSON).

    Args:
        path: A file; a folder with files ending in `.json` or `.json.gz`, read in the order of their names; or what
            `read_export` reads.
        on_report: Is given the account of each file, and of each that was rejected; of an export one account at its end.
        on_error: Is given the error of a file or a person that cannot be used; then reading goes on. Without it reading
            stops there.
        on: A date after which rows are counted as future.

    Raises:
        InputError: a file cannot be used, or a person is in two files: half a record is not a record.
    """
    if is_export(path):
        yield from read_export(path, on=on, on_report=on_report, on_error=on_error)
        return
    report = on_report or _nobody_asks
    files = list(_files(path))
    torn = _in_two_files(path, files)
    for person_id, names in torn.items():
        twice = InputError(
            f"The person '{person_id}' is in {' and in '.join(names)}; half a record is not a record",
            hint="Put everything about one person into one bundle.",
        )
        if on_error is None:
            raise twice
        on_error(twice)
        report(ReadReport(rejected_people=1, rejections=(twice.message,)))
    for file in files:
        try:
            people, tally, notes = _people(_content(path, file), file.name)
        except (InputError, MachineError) as error:
            if on_error is None:
                raise
            on_error(error if isinstance(error, InputError) else InputError(error.message, hint=error.hint))
            report(ReadReport(rejected_files=1, rejections=(error.message,)))
            continue
        kept = [person for person in people if person.id not in torn]
        if on_report is not None:
            on_report(_report(kept, tally, notes, on))
        yield from kept


def _in_two_files(path: Path, files: list[Path]) -> dict[str, list[str]]:
    """People of whom more than one file holds a Patient, with the files: each holds a part of a record.

    Every file is read once for its ids alone, before anybody is given out.
    """
    homes: dict[str, list[str]] = {}
    for file in files if len(files) > 1 else ():
        try:
            document = json.loads(_content(path, file))
        except (InputError, MachineError, ValueError, RecursionError):
            continue  # told when the file is read for its people
        for name in dict.fromkeys(_patient_ids(document)):
            homes.setdefault(name, []).append(clean(file.name))
    return {name: names for name, names in homes.items() if len(names) > 1}


def _patient_ids(document: object) -> Iterator[str]:
    entries = document.get("entry") if isinstance(document, dict) else document
    rows = [document, *(entries if isinstance(entries, list) else ())]
    for row in rows:
        resource = row.get("resource", row) if isinstance(row, dict) else None
        if (
            isinstance(resource, dict)
            and resource.get("resourceType") == "Patient"
            and isinstance(resource.get("id"), str)
        ):
            yield clean(resource["id"])


def find_person(path: Path, person_id: str) -> Person:
    """One person of a bundle, of a folder of bundles, or of a bulk export.

    Files of a folder that do not have the id in their text are not parsed.

    Raises:
        InputError: there is none of this id; the error names the others where they are few.
    """
    if is_export(path):
        return find_in_export(path, person_id)
    wanted = clean(person_id).removeprefix("Patient/").removeprefix("urn:uuid:")
    files = list(_files(path))
    found: list[Person] = []
    for file in files:
        content = _content(path, file)
        if len(files) == 1 or not wanted.isascii() or wanted.encode() in content:
            found += [person for person in _people(content, file.name)[0] if person.id == wanted]
    if len(found) > 1:
        raise InputError(f"The person '{wanted}' is in {' and in '.join(person.origin for person in found)}")
    if not found:
        known = [person.id for file in files for person in read_bundle(file)] if len(files) <= MAX_ASKED else []
        raise InputError(f"There is no person '{shortened(wanted)}' in '{path}'", hint=did_you_mean(wanted, known))
    return found[0]


def bundle_count(path: Path) -> int:
    """How many bundles a file or folder has.

    Raises:
        InputError: the folder has none.
    """
    return len(list(_files(path)))


def _people(content: bytes, file: str) -> tuple[tuple[Person, ...], Tally, Notes]:
    file = clean(file)
    document = _document(content, file)
    notes = Notes(file)
    people, tally = people_of(document, notes)
    return people, tally, notes


def _report(people: Iterable[Person], tally: Tally, notes: Notes, on: date | None) -> ReadReport:
    return replace(
        counted(people, on),
        files=1,
        read=dict(sorted(tally.read.items())),
        ignored=dict(sorted(tally.ignored.items())),
        repeated=tally.repeated,
        codes_left_out=tally.codes_left_out,
        unresolved=notes.unresolved,
        problem_count=notes.count,
        problems=tuple(notes.problems),
        lost_count=notes.lost_count,
        lost=tuple(notes.lost),
    )


def _nobody_asks(_report: ReadReport) -> None:
    """Takes an account that nobody wants."""


def _content(folder: Path, file: Path) -> bytes:
    if leads_out(folder, file):
        raise InputError(f"{clean(file.name)}: a symbolic link that leads out of the folder is not followed")
    return read_whole(file, MAX_BUNDLE)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    try:
        files = sorted(file for file in path.iterdir() if file.name.lower().endswith(_ENDINGS) and not file.is_dir())
    except OSError as error:
        raise MachineError(f"The folder '{path}' cannot be read: {error.strerror}") from None
    if not files:
        raise InputError(
            f"The folder '{path}' has no file ending in {', '.join(_ENDINGS)} or {' or '.join(ENDINGS)}",
            hint="Name the folder that holds the files; folders inside it are not searched.",
        )
    yield from files


def _document(content: bytes, file: str) -> object:
    try:
        text = text_of(content)
        start = text.lstrip()[:1]
        if not start:
            raise JsonError("the file is empty")
        if start == "<":
            raise JsonError("this is XML or HTML, not JSON; export the bundle as FHIR JSON")
        return parse_json(text)
    except JsonError as error:
        if "extra data" in error.reason:
            words = f"{error.reason}; if it has one resource a line, name it {file.partition('.')[0]}.ndjson"
            error = JsonError(words, error.line, error.column)
        raise error.at(file) from None
