"""Bulk exports: what a folder of NDJSON may hold, whose each line is, and what becomes of a line that is nobody's."""

from __future__ import annotations

import gzip
import json
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.fhir_bundles import concept
from tests.ndjson_exports import COVERED, PATIENT, line, plain, write_export
from trialrun.errors import InputError
from trialrun.patients.fhir.bundle import people_of
from trialrun.patients.fhir.export import find_in_export, read_export
from trialrun.patients.fhir.node import Notes
from trialrun.patients.fhir.read import find_person, read_people
from trialrun.patients.person import Person
from trialrun.patients.report import ReadReport

OTHER = {**PATIENT, "id": "q", "gender": "male"}


def about(kind: str, of: str = "Patient/p", **members: object) -> dict[str, Any]:
    """A resource about somebody."""
    subject = "patient" if kind in ("Immunization", "AllergyIntolerance") else "subject"
    return {"resourceType": kind, "id": "1", subject: {"reference": of}, **members}


COUGH = about("Condition", code=concept("Cough"), onsetDateTime="2020-01-02")
FEVER = about("Condition", "Patient/q", id="2", code=concept("Fever"))


def read(path: Path) -> tuple[dict[str, Person], ReadReport]:
    reports: list[ReadReport] = []
    people = {person.id: person for person in read_export(path, on_report=reports.append)}
    (report,) = reports
    return people, report


def open_files(end: str) -> list[str]:
    """Files this process has open whose names end so, where the machine tells."""
    found = []
    for entry in Path("/proc/self/fd").glob("*"):
        with suppress(FileNotFoundError):  # the listing itself is open only while it is made
            found.append(str(entry.readlink()))
    return [name for name in found if name.endswith(end)]


def texts(person: Person) -> list[str]:
    return [event.source_text for event in person.events]


def test_parts_packed_or_not_empty_files_logs_and_the_manifest(tmp_path: Path) -> None:
    files: dict[str, list[object]] = {
        "Patient.000.ndjson": [PATIENT],
        "Patient.001.ndjson.gz": [OTHER],
        "Condition.000.ndjson": [],
        "Condition.001.ndjson.GZ": [],
        "Condition.002.ndjson": [COUGH, b"", b"   "],
        "Condition.003.ndjson.gz": [FEVER],
        "log.ndjson": [{"exportId": "7", "eventId": "kickoff"}],
    }
    folder = write_export(tmp_path, files)
    (tmp_path / "Condition.001.ndjson.GZ").write_bytes(gzip.compress(b""))
    listed = [{"type": "Patient", "url": f"https://example.org/bulk/{name}"} for name in files if name[0].isupper()]
    (tmp_path / "manifest.json").write_text(json.dumps({"output": listed, "error": []}))
    people, report = read(folder)
    assert {name: texts(one) for name, one in people.items()} == {"p": ["Cough"], "q": ["Fever"]}
    assert (report.files, report.people, report.problem_count, report.lost_count) == (6, 2, 0, 0)
    assert report.read == {"Patient": 2, "Condition": 2}
    assert people["p"].origin == "Patient.000.ndjson:1"
    assert people["p"].events[0].origin == "Condition.002.ndjson:1"


def test_one_file_of_all_types_in_any_order(tmp_path: Path) -> None:
    write_export(tmp_path, {"all.ndjson": [FEVER, COUGH, OTHER, PATIENT]})
    people, report = read(tmp_path / "all.ndjson")
    assert list(people) == ["q", "p"]  # as the Patients stand
    assert texts(people["p"]) == ["Cough"] and report.files == 1


def test_the_common_reader_takes_exports_too(tmp_path: Path) -> None:
    folder = write_export(tmp_path, {"all.ndjson": [PATIENT, COUGH, OTHER]})
    assert [one.id for one in read_people(folder)] == ["p", "q"]
    assert texts(find_person(folder, "Patient/p")) == ["Cough"]


REFERENCES = {
    "type and id": "Patient/p",
    "with a server": "https://ehr.example.org/fhir/Patient/p",
    "with a version": "Patient/p/_history/3",
    "with both": "https://ehr.example.org/fhir/Patient/p/_history/3",
    "a uuid": "urn:uuid:p",
    "blanks around it": " Patient/p ",
}


@pytest.mark.parametrize("case", REFERENCES)
def test_ways_to_name_a_person(case: str, tmp_path: Path) -> None:
    write_export(tmp_path, {"a.ndjson": [PATIENT, OTHER, {**COUGH, "subject": {"reference": REFERENCES[case]}}]})
    people, report = read(tmp_path)
    assert texts(people["p"]) == ["Cough"] and report.problem_count == 0


NOBODYS: dict[str, tuple[object, str, str]] = {
    "somebody who is not here": (
        {**COUGH, "subject": {"reference": "Patient/r"}},
        "a.ndjson:3: subject.reference: 'Patient/r' leads to no Patient of this export",
        "Condition of nobody in this export",
    ),
    "an id without a type": (
        {**COUGH, "subject": {"reference": "p"}},
        "a.ndjson:3: subject.reference: 'p' leads to no Patient of this export",
        "Condition of nobody in this export",
    ),
    "a patient inside it": (
        {**COUGH, "subject": {"reference": "#p"}, "contained": [PATIENT]},
        "a.ndjson:3: subject.reference: '#p' leads to no Patient of this export",
        "Condition of nobody in this export",
    ),
    "no subject": (
        {"resourceType": "Condition", "id": "1"},
        "a.ndjson:3: subject: nothing says whose this is",
        "Condition of nobody in this export",
    ),
    "a subject in words": (
        {**COUGH, "subject": {"display": "Anna"}},
        "a.ndjson:3: subject: nothing says whose this is",
        "Condition of nobody in this export",
    ),
    "a bundle": ({"resourceType": "Bundle"}, "a.ndjson:3: a bundle inside a bundle is not read", "Bundle"),
    "no type": ({"id": "1"}, "a.ndjson:3: a resource without a type", ""),
    "a list": ([COUGH], "a.ndjson:3: a list where a resource belongs", ""),
    "a patient without an id": ({"resourceType": "Patient"}, "a.ndjson:3: this patient has no id", ""),
    "no JSON": (b'{"resourceType": "Condition",', "a.ndjson:3: this is not JSON", ""),
    "a key twice": (b'{"id": 1, "id": 2}', "a.ndjson:3: the key 'id' is given twice in one object", ""),
    "no number": (b'{"resourceType": "Observation", "x": NaN}', "a.ndjson:3: 'NaN' is no JSON value", ""),
    "Latin-1": (b'{"resourceType": "Gr\xf6sse"}', "a.ndjson:3: byte 0xf6 is not UTF-8 text", ""),
    "NUL": (b'{"resourceType": "Condition"}\x00', "a.ndjson:3: this is not UTF-8 text", ""),
    "deep": (b"[" * 50_000, "a.ndjson:3: this JSON is nested deeper than any record", ""),
}


@pytest.mark.parametrize("case", NOBODYS)
def test_what_is_nobodys_is_told_and_costs_everybody_their_coverage(case: str, tmp_path: Path) -> None:
    given, words, ignored = NOBODYS[case]
    patients = [{**PATIENT, **COVERED}, {**OTHER, **COVERED}]
    people, report = read(write_export(tmp_path, {"a.ndjson": [*patients, given, COUGH]}))
    assert report.lost_count == len(report.lost) == 1 and report.lost[0].startswith(words)
    assert list(report.ignored) == ([ignored] if ignored else [])
    assert texts(people["p"]) == ["Cough"]
    assert (people["p"].coverage, people["q"].coverage) == ((), ())


def test_without_loss_coverage_stays(tmp_path: Path) -> None:
    people, _ = read(write_export(tmp_path, {"a.ndjson": [{**PATIENT, **COVERED}, COUGH, OTHER]}))
    assert people["p"].coverage and not people["q"].coverage


def test_a_link_to_another_record_costs_that_person_only(tmp_path: Path) -> None:
    linked = {**PATIENT, **COVERED, "link": [{"type": "seealso", "other": {"reference": "Patient/r"}}]}
    people, report = read(write_export(tmp_path, {"a.ndjson": [linked, {**OTHER, **COVERED}]}))
    assert not people["p"].coverage and people["q"].coverage
    assert report.lost == ("a.ndjson:1: link[0]: another record of this person (seealso)",)


def test_what_is_about_something_else_is_counted_and_is_no_loss(tmp_path: Path) -> None:
    group = about("Observation", "Group/7")
    focused = {**about("Observation", id="2"), "focus": [{"reference": "Patient/child"}]}
    people, report = read(write_export(tmp_path, {"a.ndjson": [PATIENT, OTHER, group, focused]}))
    assert report.ignored == {
        "Observation of something else than a person": 1,
        "Observation of something else than the person": 1,
    }
    assert report.lost_count == 0 and not people["p"].events


def test_types_that_are_not_read_are_counted(tmp_path: Path) -> None:
    extra = [{"resourceType": "Claim"}, {"resourceType": "Claim"}, {"resourceType": "Zebra"}]
    _, report = read(write_export(tmp_path, {"a.ndjson": [PATIENT, *extra]}))
    assert report.ignored == {"Claim": 2, "Zebra": 1} and report.problem_count == 0


def test_what_says_of_nobody_is_the_one_persons_as_in_a_bundle(tmp_path: Path) -> None:
    lone = {"resourceType": "Condition", "id": "1", "code": concept("Cough")}
    people, report = read(write_export(tmp_path, {"a.ndjson": [lone, PATIENT]}))
    assert texts(people["p"]) == ["Cough"]
    assert report.problems == ("a.ndjson:1: subject: nothing says whose this is; taken as the one patient's",)
    assert texts(find_in_export(tmp_path, "p")) == ["Cough"]


ORDER = about("MedicationRequest", medicationReference={"reference": "Medication/m"})


def test_a_medication_in_a_file_of_its_own(tmp_path: Path) -> None:
    drug = {"resourceType": "Medication", "id": "m", "code": concept("Prednisone 5 mg")}
    made = {"resourceType": "Medication", "id": "m2", "ingredient": [{"itemReference": {"reference": "Medication/m"}}]}
    second = {**about("MedicationRequest", id="2"), "medicationReference": {"reference": "Medication/m2"}}
    files: dict[str, list[object]] = {
        "Medication.ndjson": [made, drug, drug],
        "a.ndjson": [PATIENT, ORDER, second, OTHER],
    }
    people, report = read(write_export(tmp_path, files))
    assert texts(people["p"]) == ["Prednisone 5 mg", "Prednisone 5 mg"]
    assert report.ignored == {"Medication": 3} and report.unresolved == 0
    assert texts(find_in_export(tmp_path, "p")) == texts(people["p"])


@pytest.mark.parametrize("drugs", [(), ("Prednisone", "Methotrexate")])
def test_a_medication_that_is_missing_or_two_is_unknown_and_told(drugs: tuple[str, ...], tmp_path: Path) -> None:
    listed = [{"resourceType": "Medication", "id": "m", "code": concept(name)} for name in drugs]
    people, report = read(write_export(tmp_path, {"a.ndjson": [PATIENT, ORDER, *listed]}))
    assert texts(people["p"]) == [""] and report.unresolved == 1
    assert report.problems == (
        "a.ndjson:2: medicationReference.reference: 'Medication/m' leads to no Medication of this export",
    )


def test_contained_observations_are_rows(tmp_path: Path) -> None:
    inner = {"resourceType": "Observation", "id": "i", "code": concept("ALT"), "valueQuantity": {"value": 7}}
    panel = about("DiagnosticReport", contained=[inner])
    bare = about("DiagnosticReport", id="2")
    people, report = read(write_export(tmp_path, {"a.ndjson": [PATIENT, OTHER, panel, bare]}))
    (event,) = people["p"].events
    assert (event.source_text, event.value, event.origin) == ("ALT", 7.0, "a.ndjson:3: contained[0]")
    assert report.ignored == {"DiagnosticReport": 2} and report.lost_count == 0


def test_contained_rows_of_somebody_else_are_lost_and_told(tmp_path: Path) -> None:
    inner = {**about("Observation", "Patient/q"), "code": concept("ALT")}
    people, report = read(
        write_export(
            tmp_path, {"a.ndjson": [{**PATIENT, **COVERED}, OTHER, about("DiagnosticReport", contained=[inner])]}
        )
    )
    assert not people["p"].coverage and not people["p"].events and not people["q"].events
    assert report.lost == ("a.ndjson:3: contained: about somebody else than what it is contained in; not read",)


def test_what_is_listed_twice_is_read_once_and_two_of_one_id_are_two(tmp_path: Path) -> None:
    other = {**COUGH, "code": concept("Fever")}
    people, report = read(write_export(tmp_path, {"a.ndjson": [PATIENT, COUGH], "b.ndjson": [COUGH, other, PATIENT]}))
    assert texts(people["p"]) == ["Cough", "Fever"] and report.repeated == 2
    assert report.problems == ("b.ndjson:2: another Condition/1 is there with other content",)


def test_two_different_patients_of_one_id_are_rejected_and_the_others_read(tmp_path: Path) -> None:
    folder = write_export(tmp_path, {"a.ndjson": [PATIENT, {**PATIENT, "gender": "male"}, OTHER]})
    errors: list[InputError] = []
    reports: list[ReadReport] = []
    people = list(read_export(folder, on_error=errors.append, on_report=reports.append))
    assert [one.id for one in people] == ["q"]
    assert [error.message for error in errors] == ["a.ndjson:2: two different patients have the id 'p'"]
    assert (reports[0].rejected_people, reports[0].people, reports[0].rejections) == (1, 1, (errors[0].message,))
    with pytest.raises(InputError, match="two different patients"):
        list(read_export(folder))


def test_a_file_that_the_manifest_lists_and_that_is_not_here(tmp_path: Path) -> None:
    folder = write_export(tmp_path, {"a.ndjson": [{**PATIENT, **COVERED}, OTHER]})
    urls = ["https://x/a.ndjson.gz", "https://x/b.ndjson?token=1", "https://x/7f3a", 7]
    (tmp_path / "manifest.json").write_text(json.dumps({"output": [{"url": url} for url in urls]}))
    people, report = read(folder)
    assert report.lost == ("manifest.json: 'b.ndjson' is listed and is not here",)
    assert people["p"].coverage == ()


def test_other_files_beside_are_told(tmp_path: Path) -> None:
    folder = write_export(tmp_path, {"a.ndjson": [PATIENT], "notes.csv": [], "bundle.json": [{}]})
    (tmp_path / "more").mkdir()
    _, report = read(folder)
    assert [words.split(": ")[0] for words in report.lost] == ["bundle.json", "more"]
    assert report.ignored == {"file beside the export": 1}


def test_nobody_is_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no Patient in this export"):
        read(write_export(tmp_path, {"a.ndjson": [COUGH]}))


def test_one_person_from_the_lines_that_name_them_is_the_same_as_from_all(tmp_path: Path) -> None:
    escaped = (
        b'{"resourceType":"Condition","id":"9","subject":{"reference":"Patient\\/\\u0070"},"code":{"text":"Fever"}}'
    )
    broken = b'{"resourceType": "Condition"'
    covered, other = {**PATIENT, **COVERED}, {**OTHER, **COVERED}
    folder = write_export(tmp_path, {"a.ndjson": [covered, other, COUGH, escaped, FEVER, broken]})
    people, _ = read(folder)
    assert texts(people["p"]) == ["Cough", "Fever"]
    assert find_in_export(folder, "p") == people["p"] and find_in_export(folder, "Patient/q") == people["q"]


def test_nobody_of_this_id(tmp_path: Path) -> None:
    folder = write_export(tmp_path, {"a.ndjson": [{**PATIENT, "id": "anna"}, {**OTHER, "id": "bert"}]})
    with pytest.raises(InputError) as near:
        find_in_export(folder, "ana")
    assert near.value.hint == "Did you mean 'anna'?"
    with pytest.raises(InputError) as far:
        find_in_export(folder, "007")
    assert far.value.hint == "Known: anna, bert."


def test_the_same_people_as_a_bundle_of_the_same_resources(tmp_path: Path) -> None:
    alt = about("Observation", id="3", code=concept("ALT", ("http://loinc.org", "1742-6")), valueQuantity={"value": 7})
    resources = [PATIENT, OTHER, COUGH, FEVER, alt]
    bundled, _ = people_of(resources, Notes("b.json"))
    people, _ = read(write_export(tmp_path, {"a.ndjson": resources}))
    assert [plain(one) for one in people.values()] == [plain(one) for one in bundled]


def test_the_file_of_our_own_has_no_name_and_is_gone_when_reading_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_export(tmp_path / "export", {"a.ndjson": [PATIENT, OTHER]})
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    people = read_export(folder)
    next(people)
    # No name is left while it is open: a killed process leaves nothing to read.
    assert list(scratch.iterdir()) == []
    assert open_files("spool (deleted)") or not Path("/proc/self/fd").is_dir()
    people.close()  # type: ignore[attr-defined]
    assert list(scratch.iterdir()) == []


NOBODY = {"resourceType": "Condition", "id": "n", "code": concept("Fever")}
LOST_OTHERS: dict[str, object] = {
    "a line that is cut": b'{"resourceType":"Patient","id":"q","gen',
    "a patient without an id": {"resourceType": "Patient"},
    "a row of somebody who is not here": about("Condition", "Patient/r", id="3"),
    "a resource without a type": {"id": "q"},
}


@pytest.mark.parametrize("case", LOST_OTHERS)
def test_what_says_of_nobody_is_not_the_only_ones_where_others_may_be_meant(case: str, tmp_path: Path) -> None:
    lines = [{**PATIENT, **COVERED}, LOST_OTHERS[case], COUGH, NOBODY]
    people, report = read(write_export(tmp_path, {"a.ndjson": lines}))
    assert texts(people["p"]) == ["Cough"] and people["p"].coverage == ()
    assert "a.ndjson:4: subject: nothing says whose this is" in report.lost
    assert find_in_export(tmp_path, "p") == people["p"]


def test_what_says_of_nobody_is_not_the_only_ones_where_a_file_was_rejected(tmp_path: Path) -> None:
    folder = write_export(tmp_path, {"a.ndjson": [PATIENT, NOBODY], "b.ndjson": [b"\x00\x01"]})
    (person,) = read_export(folder, on_error=lambda _error: None)
    assert person.events == ()


def test_one_person_sought_does_not_get_what_says_of_nobody(tmp_path: Path) -> None:
    # The quick way lays down only lines with the id in them, so that the one sought seems alone.
    lone = {**NOBODY, "note": [{"text": "p"}]}
    folder = write_export(tmp_path, {"a.ndjson": [PATIENT, OTHER, lone]})
    assert find_in_export(folder, "p").events == ()


@pytest.mark.parametrize("holder", ["Encounter", "CarePlan", "DiagnosticReport", "Claim"])
def test_rows_inside_any_holder_are_read(holder: str, tmp_path: Path) -> None:
    inner = {"resourceType": "MedicationStatement", "id": "i", "medicationCodeableConcept": concept("Prednisone")}
    held = {**about(holder), "contained": [inner]}
    if holder == "Claim":
        held["patient"] = held.pop("subject")
    people, report = read(write_export(tmp_path, {"a.ndjson": [{**PATIENT, **COVERED}, OTHER, held]}))
    assert "Prednisone" in texts(people["p"]) and people["p"].coverage and report.lost_count == 0
    (bundled, _other), _ = people_of([PATIENT, OTHER, held], Notes("b.json"))
    assert texts(bundled) == texts(people["p"])


def test_what_is_contained_in_something_contained_is_told(tmp_path: Path) -> None:
    inner = {**about("Observation", code=concept("ALT")), "contained": [about("Condition")]}
    people, report = read(
        write_export(tmp_path, {"a.ndjson": [{**PATIENT, **COVERED}, about("CarePlan", contained=[inner])]})
    )
    assert texts(people["p"]) == ["ALT"] and people["p"].coverage == () and report.lost_count == 1


FORMS_NOT_READ = (
    "Condition.ndjson.zst", "Condition.ndjson.bz2", "Condition.jsonl", "Condition.ndjson.txt", "condition.000.csv",
    "part-1.JSONL",
)  # fmt: skip


@pytest.mark.parametrize("name", FORMS_NOT_READ)
def test_records_in_a_form_that_is_not_read_cost_everybody_their_coverage(name: str, tmp_path: Path) -> None:
    folder = write_export(tmp_path, {"a.ndjson": [{**PATIENT, **COVERED}], "README.txt": [], "notes.md": []})
    (folder / name).write_bytes(line(COUGH))
    people, report = read(folder)
    assert report.lost == (f"{name}: not read: this is no NDJSON file; what it holds is missing",)
    assert people["p"].coverage == () and report.ignored == {"file beside the export": 2}


A = {"url": "https://x/a.ndjson"}
MANIFESTS: dict[str, tuple[bytes, str]] = {
    "a count that is larger": (
        json.dumps({"output": [{**A, "count": 50}]}).encode(),
        "'a.ndjson' has 50 resources as listed, and 2 here",
    ),
    "errors": (
        json.dumps({"output": [A], "error": [{"url": "https://x/e.ndjson"}]}).encode(),
        "the server tells of errors ('error'); what they are about may be missing",
    ),
    "deleted": (
        json.dumps({"output": [A], "deleted": [{"url": "https://x/d.ndjson"}]}).encode(),
        "the server tells of deleted resources ('deleted'), which may be here as if they were valid",
    ),
    "two addresses": (
        json.dumps({"output": [A, A, {"url": "https://x/2/a.ndjson", "count": 9}]}).encode(),
        "'a.ndjson' is listed with two addresses; only one of them can be here",
    ),
    "no JSON": (b"{", "this is not JSON: expecting property name"),
    "no list": (b"[]", "it has no list 'output'; whether all files are here is not known"),
    "gzip that is damaged": (b"\x1f\x8b\x08", "this gzip file is damaged"),
}


@pytest.mark.parametrize("case", MANIFESTS)
def test_a_manifest_that_tells_of_more_or_cannot_be_read(case: str, tmp_path: Path) -> None:
    content, words = MANIFESTS[case]
    folder = write_export(tmp_path, {"a.ndjson": [{**PATIENT, **COVERED}, COUGH]})
    (folder / "manifest.json").write_bytes(content)
    people, report = read(folder)
    assert report.lost_count == 1 and report.lost[0].lower().startswith(f"manifest.json: {words}".lower()), report.lost
    assert people["p"].coverage == () and find_in_export(folder, "p") == people["p"]


def test_a_manifest_that_is_right_costs_nothing(tmp_path: Path) -> None:
    folder = write_export(tmp_path, {"a.ndjson": [{**PATIENT, **COVERED}, b"", COUGH]})
    manifest = {"output": [{**A, "count": 2}], "error": [], "deleted": []}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    people, report = read(folder)
    assert people["p"].coverage and report.lost_count == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_file_name_that_is_no_utf_8(tmp_path: Path) -> None:
    folder = write_export(tmp_path, {"a.ndjson": [PATIENT]})
    for name in (b"Condition\xff.ndjson", b"more\xff"):
        (Path(os.fsdecode(os.fsencode(folder) + b"/" + name))).write_bytes(line(COUGH))
    people, report = read(folder)
    assert people["p"].events[0].origin == "Condition?.ndjson:1" and report.files == 2
    bundles = tmp_path / "bundles"
    bundles.mkdir()
    Path(os.fsdecode(os.fsencode(bundles) + b"/b\xff.json")).write_bytes(line(PATIENT))
    (person,) = read_people(bundles)
    assert person.origin == "b?.json"


def test_many_references_to_a_medication_that_is_given_many_times(tmp_path: Path) -> None:
    """Each reference once read all copies of what it names: 35 seconds here, a few tenths now."""
    drug = {"resourceType": "Medication", "id": "m", "code": concept("Prednisone"), "note": "y" * 500_000}
    orders = [{**ORDER, "id": str(number)} for number in range(300)]
    folder = write_export(tmp_path, {"a.ndjson": [PATIENT, *orders], "Medication.ndjson": [drug] * 100})
    began = time.process_time()
    people, _ = read(folder)
    assert texts(people["p"]) == ["Prednisone"] * 300 and time.process_time() - began < 15
