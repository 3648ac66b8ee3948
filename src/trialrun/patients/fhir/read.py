"""Files and folders of FHIR bundles, plain or gzipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from trialrun.errors import InputError, did_you_mean, shortened
from trialrun.json_text import JsonError, parse_json, text_of
from trialrun.packed import read_whole
from trialrun.patients.fhir.bundle import people_of
from trialrun.patients.fhir.node import Notes
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
    loaded = load_bundle(path)
    if strict and loaded.report.problems:
        raise InputError("\n".join(loaded.report.problems))
    return loaded.people


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
    document = _document(content, file)
    notes = Notes(file)
    people, tally = people_of(document, notes)
    report = replace(
        counted(people, on),
        files=1,
        read=dict(sorted(tally.read.items())),
        ignored=dict(sorted(tally.ignored.items())),
        repeated=tally.repeated,
        codes_left_out=tally.codes_left_out,
        unresolved=notes.unresolved,
        problem_count=notes.count,
        problems=tuple(notes.problems),
        lost=tuple(notes.lost),
    )
    return Loaded(people, report)


def read_people(
    path: Path,
    *,
    on_report: Callable[[ReadReport], None] | None = None,
    on_error: Callable[[InputError], None] | None = None,
    on: date | None = None,
) -> Iterator[Person]:
    """Everybody of a bundle or of a folder of bundles, one file at a time.

    Args:
        path: A file, or a folder with files ending in `.json` or `.json.gz`, read in the order of their names.
        on_report: Is given the account of each file.
        on_error: Is given the error of a file that cannot be used; then reading goes on. Without it reading stops there.
        on: A date after which rows are counted as future.

    Raises:
        InputError: a file cannot be used, or a person is in two files: half a record is not a record.
    """
    homes: dict[str, str] = {}
    for file in _files(path):
        try:
            loaded = load_bundle(file, on=on)
            for person in loaded.people:
                if person.id in homes:
                    raise InputError(
                        f"The person '{person.id}' is in {homes[person.id]} and in {file.name}",
                        hint="Put everything about one person into one bundle.",
                    )
        except InputError as error:
            if on_error is None:
                raise
            on_error(error)
            continue
        if on_report is not None:
            on_report(loaded.report)
        homes.update((person.id, file.name) for person in loaded.people)
        yield from loaded.people


def find_person(path: Path, person_id: str) -> Person:
    """One person of a bundle or of a folder of bundles.

    Files of a folder that do not have the id in their text are not parsed.

    Raises:
        InputError: there is none of this id; the error names the others where they are few.
    """
    wanted = person_id.strip().removeprefix("Patient/").removeprefix("urn:uuid:")
    files = list(_files(path))
    found: list[Person] = []
    for file in files:
        content = read_whole(file, MAX_BUNDLE)
        if len(files) == 1 or not wanted.isascii() or wanted.encode() in content:
            found += [person for person in load_content(content, file.name).people if person.id == wanted]
    if len(found) > 1:
        raise InputError(f"The person '{wanted}' is in {' and in '.join(person.origin for person in found)}")
    if not found:
        known = [person.id for file in files for person in load_bundle(file).people] if len(files) <= MAX_ASKED else []
        raise InputError(f"There is no person '{shortened(wanted)}' in '{path}'", hint=did_you_mean(wanted, known))
    return found[0]


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    files = sorted(file for file in path.iterdir() if file.name.lower().endswith(_ENDINGS) and file.is_file())
    if not files:
        raise InputError(f"The folder '{path}' has no file ending in {' or '.join(_ENDINGS)}")
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
            error = JsonError(f"{error.reason}; one resource a line (NDJSON) is not read yet", error.line, error.column)
        raise error.at(file) from None
