"""FHIR bulk exports: a folder of NDJSON files by type of resource, or one NDJSON file of all types, one person at a time.

Everything is read once and sorted by person in a `Spool`; then each person's resources go the same way as those of a
bundle. What is lost of one person (a link to another record) costs that person's coverage. What may be anybody's (a line
that is no JSON, a resource of nobody, a file that cannot be read) costs everybody's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path

from trialrun.errors import InputError, MachineError, did_you_mean, shortened
from trialrun.files import leads_out
from trialrun.patients.fhir.bundle import READ, Tally, account_for, people_in, subject_member
from trialrun.patients.fhir.manifest import NAME, read_manifest
from trialrun.patients.fhir.ndjson import Line, export_files, is_log, is_ndjson, read_lines
from trialrun.patients.fhir.node import Node, Notes, clean
from trialrun.patients.fhir.patient import COVERAGE_URL
from trialrun.patients.fhir.resources import Index, Resource, type_and_id
from trialrun.patients.fhir.spool import Kept, Spool
from trialrun.patients.person import Person
from trialrun.patients.report import MAX_KEPT, PeopleCount, ReadReport
from trialrun.vocabulary.concepts import Domain

_WHOLE = "export"
_MOST_COMPARED = 5_000
"""Ids among which the nearest is looked for."""
_PATIENT = re.compile(rb'"resourceType"\s*:\s*"Patient"')


def is_export(path: Path) -> bool:
    """Whether a path is an NDJSON file, or a folder that has some.

    Raises:
        MachineError: the folder cannot be read.
    """
    if not path.is_dir():
        return is_ndjson(path)
    try:
        return any(is_ndjson(entry) and not is_log(entry) for entry in path.iterdir())
    except OSError as error:
        raise MachineError(f"The folder '{path}' cannot be read: {error.strerror}") from None


def read_export(
    path: Path,
    *,
    on: date | None = None,
    on_report: Callable[[ReadReport], None] | None = None,
    on_error: Callable[[InputError], None] | None = None,
) -> Iterator[Person]:
    """Everybody of a bulk export, in the order in which the Patient resources stand.

    Args:
        path: A folder with files ending in `.ndjson` or `.ndjson.gz`, or one such file.
        on: A date after which rows are counted as future.
        on_report: Is given the account of the whole export, once everybody has been read.
        on_error: Is given the error of each file and each person that cannot be used; then reading goes on. Without it
            reading stops there.

    Raises:
        InputError: a file or a person cannot be used, or nobody is there.
        MachineError: there is no room to sort the export.
    """
    with Spool() as spool:
        export = _Export(path, spool)
        export.lay_down(on_error)
        people = PeopleCount(on) if on_report is not None else None
        for person_id in spool.patients():
            try:
                person = export.person(person_id)
            except InputError as error:
                if on_error is None:
                    raise
                export.reject_person(error, on_error)
                continue
            if people is not None:
                people.add(person)
            yield person
        if on_report is not None and people is not None:
            on_report(export.report(people.report()))


def find_in_export(path: Path, person_id: str) -> Person:
    """One person of a bulk export.

    Lines that do not have the id in their text are not parsed, unless what they say can bear on this person: whether
    anything is lost decides whether a record counts as complete.

    Raises:
        InputError: there is nobody of this id; the error names the nearest.
    """
    wanted = clean(person_id).removeprefix("Patient/").removeprefix("urn:uuid:")
    quick = _quick(path, wanted)
    if quick is not None:
        return quick
    with Spool() as spool:
        export = _Export(path, spool)
        export.lay_down(None)
        if not spool.has(wanted):
            known = islice(spool.patients(), _MOST_COMPARED)
            raise InputError(f"There is no person '{shortened(wanted)}' in '{path}'", hint=did_you_mean(wanted, known))
        return export.person(wanted)


def _quick(path: Path, wanted: str) -> Person | None:
    """The person from the lines that name them; None where only the whole export can tell."""
    if not wanted or not wanted.isascii():
        return None
    sought, others = wanted.encode(), 0

    def names(line: bytes) -> bool:
        nonlocal others
        # An id may be written with escapes; a resource without a subject is somebody's where there is only one person.
        if sought in line or b"\\u" in line or b'"Medication"' in line:
            return True
        others += _PATIENT.search(line) is not None
        return False

    with Spool() as spool:
        export = _Export(path, spool)
        export.read_files(None, names)
        if not others or not spool.has(wanted):
            return None
        person = export.person(wanted)
        # Only an export that was read whole can say that nothing is lost.
        return None if person.coverage else person


_KINDS: dict[Domain, tuple[str, ...]] = {
    Domain.ALLERGY: ("AllergyIntolerance",),
    Domain.CONDITION: ("Condition",),
    Domain.DRUG: ("MedicationRequest", "MedicationStatement", "MedicationAdministration", "MedicationDispense"),
    Domain.IMMUNISATION: ("Immunization",),
    Domain.PROCEDURE: ("Procedure",),
    Domain.VISIT: ("Encounter",),
}
"""The types whose resources become rows of a domain."""


@dataclass(slots=True)
class _Export:
    """An export while it is read."""

    path: Path
    spool: Spool
    tally: Tally = field(default_factory=Tally)
    notes: Notes = field(init=False)
    files: int = 0
    rejected_files: int = 0
    rejected_people: int = 0
    rejections: list[str] = field(default_factory=list)
    _complete: bool = True
    _held: set[str] = field(default_factory=set)
    _covers: bool = False
    _alone: bool = False
    """Whether what does not say whose it is can only be the one person's: nobody and nothing else was in the export."""

    def __post_init__(self) -> None:
        self.notes = Notes(clean(self.path.name))

    # --- everything, once ---------------------------------------------------------------------------------------------

    def lay_down(self, on_error: Callable[[InputError], None] | None) -> None:
        """Reads all files, and accounts for what is nobody's.

        Raises:
            InputError: there is no Patient; or a file cannot be used and there is no `on_error`.
        """
        self.read_files(on_error, None)
        if not self.spool.people:
            raise InputError(
                f"{self.path}: there is no Patient in this export", hint="Export the Patient resources with the others."
            )
        index = self._index()
        for kept in self.spool.of_strangers():
            account_for(self._resource(kept, self.notes), index, self.tally)
        # What was lost may have been the Patient of somebody else, and what says nothing of whose it is, theirs.
        self._alone = self.spool.people == 1 and not self.notes.lost_count
        for kept in () if self._alone else self.spool.of_nobody():
            account_for(self._resource(kept, self.notes), index, self.tally)
        self._complete = not self.notes.lost_count
        for domain in sorted(self._silent) if self._covers else ():
            kinds = " or ".join(_KINDS[domain])
            self.notes.problem(
                "", f"there is no {kinds} of anybody, so coverage says nothing of rows of {domain.value}"
            )

    def read_files(self, on_error: Callable[[InputError], None] | None, wanted: Callable[[bytes], bool] | None) -> None:
        """Lays down the resources of all files, or of the lines that are wanted."""
        lines: dict[str, int] = {}
        for file in self._files():
            name = clean(file.name)
            lines.setdefault(name, 0)
            try:
                if leads_out(self.path, file):
                    raise InputError(f"{name}: a symbolic link that leads out of the folder is not followed")
                if not file.is_file():
                    raise InputError(f"{name}: this is not a file")
                for line in read_lines(file, wanted):
                    lines[name] += 1
                    self._take(line, name)
                self.files += 1
            except InputError as error:
                if on_error is None:
                    raise
                self.rejected_files += 1
                self._reject(error, on_error)
                self.notes.part(name).lose("", "rejected; what it holds, or its rest, is missing")
        self.spool.finish()
        if wanted is None and self.path.is_dir():
            self._compare(lines)

    def _compare(self, lines: dict[str, int]) -> None:
        """Tells what is not here of what the manifest lists."""
        manifest, notes = read_manifest(self.path), self.notes.part(NAME)
        for words in (*manifest.wrong, *manifest.missing(lines)):
            notes.lose("", words)

    def _files(self) -> list[Path]:
        if not self.path.is_dir():
            return [self.path]
        files, records, others = export_files(self.path)
        for name in records:
            self.notes.part(name).lose("", "not read: this is no NDJSON file; what it holds is missing")
        if others:
            self.tally.ignored["file beside the export"] += len(others)
        return files

    def _take(self, line: Line, file: str) -> None:
        place = f"{file}:{line.number}"
        if line.value is None:
            self.notes.part(place).lose("", line.wrong)
            return
        kind = _text(line.value.get("resourceType"))
        if not kind:
            self.notes.part(place).lose("", "a resource without a type")
        elif kind == "Patient":
            self._take_patient(line.value, place)
        elif kind in READ or any(_inner_rows(line.value)):
            self._take_row(line.value, kind, place)
        elif kind == "Bundle":
            account_for(self._resource(Kept(place, line.value), self.notes), self._index(), self.tally)
        else:
            self.tally.ignore(kind)
            if kind == "Medication":
                self.spool.add_named(f"Medication/{_text(line.value.get('id'))}", place, line.value)

    def _take_row(self, value: dict[str, object], kind: str, place: str) -> None:
        owner = _owner(value, kind)
        self._held |= {kind, *(_text(one.get("resourceType")) for one in _inner_rows(value))}
        inner = [_owner(one, _text(one.get("resourceType"))) for one in _inner_rows(value)]
        if any(other not in (None, owner) for other in inner):
            self.notes.part(place).lose("contained", "about somebody else than what it is contained in; not read")
            self.tally.ignored[f"{kind[:60]} about several people"] += 1
        else:
            self.spool.add(owner, place, value)

    def _take_patient(self, value: dict[str, object], place: str) -> None:
        person_id = _text(value.get("id"))
        self._covers |= COVERAGE_URL in json.dumps(value.get("extension"))
        if person_id:
            self.spool.add_patient(person_id, place, value)
        else:
            self.notes.part(place).lose("", "this patient has no id")

    # --- one person after the other -----------------------------------------------------------------------------------

    def person(self, person_id: str) -> Person:
        """A person with all their rows.

        Raises:
            InputError: two different Patient resources have this id, or there is too much of it.
        """
        notes = Notes(self.notes.file)
        kept = self.spool.of(person_id, alone=self._alone)
        resources = ((self._resource(one, notes), "") for one in kept)
        try:
            (person,) = people_in(resources, self._index(notes), notes, self.tally)
        finally:
            self.notes.take(notes)
        if not self._complete:
            return replace(person, coverage=())
        return replace(person, silent=self._silent) if person.coverage else person

    @property
    def _silent(self) -> frozenset[Domain]:
        """What no file of the export holds a resource of: whether it was exported at all is not known."""
        return frozenset(domain for domain, kinds in _KINDS.items() if self._held.isdisjoint(kinds))

    def reject_person(self, error: InputError, on_error: Callable[[InputError], None]) -> None:
        """Nobody comes of this id."""
        self.rejected_people += 1
        self._reject(error, on_error)

    def _reject(self, error: InputError, on_error: Callable[[InputError], None]) -> None:
        if len(self.rejections) < MAX_KEPT:
            self.rejections.append(error.message)
        on_error(error)

    def _index(self, notes: Notes | None = None) -> Index:
        def elsewhere(name: str) -> Resource | None:
            found = self.spool.named(name)
            return None if found is None else self._resource(found, notes or self.notes)

        return Index(whole=_WHOLE, elsewhere=elsewhere)

    def _resource(self, kept: Kept, notes: Notes) -> Resource:
        node = Node(kept.value, notes.part(kept.place))
        kind = node.text("resourceType")
        return Resource(node, kind, node.text("id") or kept.place)

    def report(self, people: ReadReport) -> ReadReport:
        """The account of the export."""
        return replace(
            people,
            files=self.files,
            rejected_files=self.rejected_files,
            rejected_people=self.rejected_people,
            rejections=tuple(self.rejections),
            read=dict(sorted(self.tally.read.items())),
            ignored=dict(sorted(self.tally.ignored.items())),
            repeated=self.tally.repeated,
            codes_left_out=self.tally.codes_left_out,
            unresolved=self.notes.unresolved,
            problem_count=self.notes.count,
            problems=tuple(self.notes.problems),
            lost_count=self.notes.lost_count,
            lost=tuple(self.notes.lost),
        )


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def _owner(value: dict[str, object], kind: str) -> str | None:
    """Id of the person a resource says it is about; None where it says nothing that could be an id."""
    link = value.get(subject_member(kind, value))
    reference = _text(link.get("reference")) if isinstance(link, dict) else ""
    if not reference:
        return None
    plain = reference.split("/_history/", maxsplit=1)[0]
    if plain.startswith("urn:"):
        return plain.rpartition(":")[2]
    kind_named, _, name = type_and_id(plain).rpartition("/")
    # What is about something else belongs to nobody here; cleaned ids have no control character, so none is like it.
    return name if kind_named == "Patient" else f"\x01{plain}"


def _inner_rows(value: dict[str, object]) -> Iterator[dict[str, object]]:
    """The contained resources that become rows; an object alone counts as a list of it, as `Node.nodes` reads it."""
    contained = value.get("contained")
    for inner in contained if isinstance(contained, list) else (contained,):
        if isinstance(inner, dict) and _text(inner.get("resourceType")) in READ:
            yield inner
