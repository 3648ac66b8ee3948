"""Folders of made-up people: FHIR bundles, a FHIR bulk export, OMOP tables. Each says everywhere that it is made up."""

from __future__ import annotations

import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trialrun.files import whole_folder
from trialrun.patients.clinic.as_fhir import TYPES, bundle, line, patient, resource
from trialrun.patients.clinic.parameters import Parameters, shipped_parameters
from trialrun.patients.person import Person

FORMS = ("fhir", "ndjson", "omop")
README = "README.txt"
MADE_UP = "MADE UP by trialrun clinic. No such persons exist."


@dataclass(frozen=True, slots=True)
class Source:
    """What a folder was made from, for those who find it.

    Args:
        seed, people, on: As asked for.
        parameters: As used; those that differ from the shipped ones are listed.
    """

    seed: str
    people: int
    on: date
    parameters: Parameters

    def changed(self) -> list[str]:
        """The parameters that are not the shipped ones, as `section: name: value`."""
        shipped = shipped_parameters().by_place
        return [
            f"{one.section}: {one.name}: {_shown(one.value)}"
            for place, one in self.parameters.by_place.items()
            if one.value != shipped[place].value
        ]

    def readme(self, form: str) -> str:
        """The text of the README."""
        changed = self.changed()
        lines = [
            MADE_UP,
            "",
            "These people come from a random number generator. Nothing here says how common anything is anywhere,",
            "and nothing here may be reported as data of patients.",
            "",
            f"form: {_FORM_WORDS[form]}",
            f"people: {self.people}",
            f"seed: {self.seed}",
            f"records as of: {self.on} (screen with --on {self.on})",
            "parameters: " + ("those that ship" if not changed else "those that ship, but for:"),
            *(f"  {one}" for one in changed),
        ]
        return "\n".join(lines) + "\n"


_FORM_WORDS = {
    "fhir": "FHIR R4, one bundle a person",
    "ndjson": "FHIR R4 bulk export, one file a type of resource, one resource a line",
    "omop": "OMOP Common Data Model 5.4, one Parquet file a table",
}


def _shown(value: object) -> str:
    """A value as a parameters file has it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{word}: {weight:g}" for word, weight in value.items()) + "}"
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return "{" + ", ".join(f"{age}: {_shown(row)}" for age, row in value) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(f"{one:g}" for one in value) + "]"
    return f"{value:g}"


def write_clinic(
    folder: Path,
    form: str,
    people: Iterable[Person],
    source: Source,
    *,
    packed: bool = False,
    lines_a_part: int | None = None,
    step: Callable[[], None] = lambda: None,
) -> dict[str, int]:
    """Writes people into a new folder.

    Args:
        folder: It must not exist, or be empty.
        form: `fhir`, `ndjson` or `omop`.
        people: In order; they are written as they come, and none is kept.
        source: What they were made from.
        packed: Whether NDJSON is gzipped. The packed bytes can differ between versions of zlib, the content cannot.
        lines_a_part: NDJSON in several files of at most so many lines.
        step: Called after each person.

    Returns:
        How many resources of each type, or rows of each table.

    Raises:
        InputError, MachineError: the folder cannot be written; nothing of it is left.
    """
    with whole_folder(folder) as inside:
        if form == "omop":
            from trialrun.patients.clinic.as_omop import write_omop

            counts = write_omop(inside, _watched(people, step), source.on, source.seed)
        elif form == "ndjson":
            counts = _write_ndjson(inside, _watched(people, step), packed, lines_a_part)
        else:
            counts = _write_bundles(inside, _watched(people, step))
        (inside / README).write_bytes(source.readme(form).encode())
    return counts


def _watched(people: Iterable[Person], step: Callable[[], None]) -> Iterator[Person]:
    for person in people:
        yield person
        step()


def _write_bundles(folder: Path, people: Iterable[Person]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for person in people:
        (folder / f"{person.id}.json").write_bytes((line(bundle(person)) + "\n").encode())
        counts["Patient"] += 1
        counts.update(event.id.partition("/")[0] for event in person.events)
    return {kind: counts[kind] for kind in TYPES if counts[kind]}


def _write_ndjson(folder: Path, people: Iterable[Person], packed: bool, lines_a_part: int | None) -> dict[str, int]:
    with ExitStack() as stack:
        files = {kind: stack.enter_context(_Parts(folder, kind, packed, lines_a_part)) for kind in TYPES}
        for person in people:
            files["Patient"].write(line(patient(person)))
            for event in person.events:
                files[event.id.partition("/")[0]].write(line(resource(event, person.id)))
    return {kind: file.lines for kind, file in files.items() if file.lines}


class _Parts:
    """The files of one type: opened with the first line, a new one after so many lines."""

    def __init__(self, folder: Path, kind: str, packed: bool, lines_a_part: int | None) -> None:
        self._folder, self._kind, self._packed, self._most = folder, kind, packed, lines_a_part
        self._file: io.BufferedIOBase | None = None
        self._raw: io.BufferedIOBase | None = None
        self.lines = 0

    def __enter__(self) -> _Parts:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def write(self, text: str) -> None:
        """Writes a line."""
        if self._file is None or (self._most is not None and self.lines % self._most == 0):
            self._close()
            self._open()
        assert self._file is not None
        self._file.write(text.encode() + b"\n")
        self.lines += 1

    def _open(self) -> None:
        part = f".{self.lines // self._most:03d}" if self._most is not None else ""
        name = f"{self._kind}{part}.ndjson" + (".gz" if self._packed else "")
        self._raw = (self._folder / name).open("wb")
        # No time and no name stand in the packed file, so that the same content gives the same bytes.
        self._file = gzip.GzipFile("", "wb", 6, self._raw, mtime=0) if self._packed else self._raw

    def _close(self) -> None:
        for one in (self._file, self._raw):
            if one is not None:
                one.close()
        self._file = self._raw = None
