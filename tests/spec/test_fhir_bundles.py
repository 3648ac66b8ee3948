"""Bundles into people: whose a resource is, what is lost, when a record counts as complete, and what the report says."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.fhir_bundles import PATIENT, bundle, concept, loaded, resource
from trialrun.errors import InputError
from trialrun.patients.fhir.patient import COVERAGE_URL
from trialrun.patients.fhir.read import find_person, load_bundle, read_bundle, read_people
from trialrun.patients.person import Period
from trialrun.patients.report import ReadReport
from trialrun.patients.shipped import shipped_bundle, shipped_names, shipped_people

COUGH = resource("Condition", code=concept("Cough"))
COVERED = {
    **PATIENT,
    "extension": [{"url": COVERAGE_URL, "valuePeriod": {"start": "2016-01-01", "end": "2026-11-23"}}],
}
PERIOD = (Period(date(2016, 1, 1), date(2026, 11, 23)),)


def write(path: Path, document: object) -> Path:
    content = json.dumps(document).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


PATIENTS: dict[str, tuple[dict[str, Any], tuple[str | None, str | None, str | None]]] = {
    "born on a day": ({"birthDate": "1959-05-14", "gender": "female"}, ("1959-05-14", "female", None)),
    "born in a month": ({"birthDate": "1959-05"}, ("1959-05", None, None)),
    "born in a year": ({"birthDate": "1976", "gender": "unknown"}, ("1976", None, None)),
    "born never": ({"birthDate": "1976-02-30", "gender": "male"}, (None, "male", None)),
    "another sex": ({"gender": "other"}, (None, "other", None)),
    "no sex of FHIR": ({"gender": "F"}, (None, None, None)),
    "died": ({"birthDate": "1915-07-03", "deceasedDateTime": "2020-07-13T01:00:00Z"}, ("1915-07-03", None, "2020-07-13")),
    "died before the birth": ({"birthDate": "1976", "deceasedDateTime": "1975"}, ("1976", None, None)),
}  # fmt: skip


@pytest.mark.parametrize("case", PATIENTS)
def test_patients(case: str) -> None:
    members, wanted = PATIENTS[case]
    (person,) = loaded({"resourceType": "Patient", "id": "p", **members}).people
    assert tuple(None if found is None else str(found) for found in (person.birth, person.sex, person.death)) == wanted


def test_a_death_without_a_date_is_a_row() -> None:
    (person,) = loaded({**PATIENT, "deceasedBoolean": True}).people
    assert person.death is None
    assert [event.source_text for event in person.events] == ["Deceased, date not stated"]
    assert loaded({**PATIENT, "deceasedBoolean": False}).people[0].events == ()


def test_a_record_is_complete_only_where_the_extension_says_so() -> None:
    assert loaded(bundle(COUGH)).people[0].coverage == ()
    assert loaded(bundle(COUGH, patient=COVERED)).people[0].coverage == PERIOD
    for period in (
        {"start": "2016"},
        {"start": "2016-01", "end": "2026-11-23"},
        {"start": "2026-01-02", "end": "2026-01-01"},
    ):
        extension = [{"url": COVERAGE_URL, "valuePeriod": period}]
        found = loaded({**PATIENT, "extension": extension})
        assert found.people[0].coverage == () and found.report.problems


LOST: dict[str, tuple[object, str]] = {
    "an entry that is a number": (7, "entry[2]: 7 where an object belongs"),
    "an entry with nothing": ({"fullUrl": "urn:uuid:1"}, "entry[2].resource: nothing where a resource belongs"),
    "a resource that is a list": ({"resource": []}, "entry[2].resource: a list where a resource belongs"),
    "a resource without a type": ({"resource": {"id": "1"}}, "entry[2].resource: a resource without a type"),
    "a bundle inside": ({"resource": {"resourceType": "Bundle"}}, "entry[2].resource: a bundle inside a bundle is not read"),
    "about somebody who is not there": (
        {"resource": {**COUGH, "id": "2", "subject": {"reference": "Patient/q"}}},
        "entry[2].resource.subject.reference: 'Patient/q' leads to no Patient of this bundle",
    ),
    "about a number": (
        {"resource": {**COUGH, "id": "2", "subject": 7}},
        "entry[2].resource.subject: nothing says whose this is",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LOST)
def test_while_anything_is_lost_no_record_is_complete(case: str) -> None:
    entry, words = LOST[case]
    document = bundle(COUGH, patient=COVERED)
    document["entry"].append(entry)
    found = loaded(document)
    assert found.report.lost == (f"b.json: {words}",)
    assert [event.source_text for event in found.people[0].events] == ["Cough"]
    assert found.people[0].coverage == ()


def test_one_page_of_a_search_is_not_a_complete_record() -> None:
    document = bundle(COUGH, patient=COVERED, type="searchset", link=[{"relation": "next", "url": "x"}])
    found = loaded(document)
    assert found.people[0].coverage == () and "one page of several" in found.report.lost[0]


def test_a_patient_with_another_record_elsewhere_is_not_complete() -> None:
    found = loaded({**COVERED, "link": [{"other": {"reference": "Patient/q"}, "type": "seealso"}]})
    assert found.people[0].coverage == ()


def test_what_is_not_read_costs_nothing() -> None:
    document = bundle(COUGH, {"resourceType": "Claim"}, {"resourceType": "DiagnosticReport"}, patient=COVERED)
    document["entry"].append({"request": {"method": "DELETE", "url": "Condition/9"}})
    found = loaded(document)
    assert found.people[0].coverage == PERIOD
    assert found.report.ignored == {"Claim": 1, "DiagnosticReport": 1, "entry without a resource": 1}


def test_observations_contained_in_a_report_are_read() -> None:
    report = resource(
        "DiagnosticReport",
        contained=[{"resourceType": "Observation", "id": "o", "code": concept("ALT"), "valueInteger": 3}],
    )
    (person,) = loaded(bundle(report)).people
    assert [(event.id, event.value) for event in person.events] == [("DiagnosticReport/1#o", 3.0)]


def test_a_transaction_refers_by_uuid() -> None:
    document = {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {"fullUrl": "urn:uuid:aa", "resource": {"resourceType": "Patient"}, "request": {"method": "POST"}},
            {"fullUrl": "urn:uuid:bb", "resource": {**COUGH, "subject": {"reference": "urn:uuid:aa"}}},
        ],
    }
    (person,) = loaded(document).people
    assert (person.id, len(person.events)) == ("aa", 1)


@pytest.mark.parametrize(
    "reference", ["Patient/q", "https://x.example/Patient/q", "Patient/q/_history/3", "urn:uuid:q"]
)
def test_each_resource_goes_to_its_person(reference: str) -> None:
    other = {"resourceType": "Patient", "id": "q"}
    theirs = {**COUGH, "subject": {"reference": reference}}
    people = loaded(bundle(other, theirs, {**COUGH, "id": "2"})).people
    assert [(person.id, [event.id for event in person.events]) for person in people] == [
        ("p", ["Condition/2"]),
        ("q", ["Condition/1"]),
    ]


def test_without_a_subject_it_is_the_only_patients_and_of_nobody_where_there_are_two() -> None:
    nobody = {key: value for key, value in COUGH.items() if key != "subject"}
    one = loaded(bundle(nobody, patient=COVERED))
    assert len(one.people[0].events) == 1 and one.people[0].coverage == PERIOD
    assert "taken as the one patient's" in one.report.problems[0]
    two = loaded(bundle(nobody, {"resourceType": "Patient", "id": "q"}))
    assert all(person.events == () for person in two.people)
    assert two.report.ignored == {"Condition of nobody in this bundle": 1}


def test_what_is_about_a_device_is_nobodys() -> None:
    found = loaded(bundle({**COUGH, "subject": {"reference": "Device/1"}}, patient=COVERED))
    assert found.people[0].events == () and found.people[0].coverage == PERIOD


def test_the_same_resource_twice_is_read_once_and_another_one_of_its_id_too() -> None:
    other = {**COUGH, "code": concept("Cold")}
    found = loaded(bundle(COUGH, COUGH, other))
    assert [(event.id, event.source_text) for event in found.people[0].events] == [
        ("Condition/1", "Cough"),
        ("Condition/1~2", "Cold"),
    ]
    assert found.report.repeated == 1
    assert found.report.problems == ("b.json: entry[3].resource: another Condition/1 is there with other content",)


def test_a_missing_id_is_made_from_the_place() -> None:
    (person,) = loaded(bundle({key: value for key, value in COUGH.items() if key != "id"})).people
    assert [event.id for event in person.events] == ["Condition/entry-1"]


def test_an_extension_that_changes_the_meaning_leaves_a_row_that_may_be_anything() -> None:
    found = loaded(bundle({**COUGH, "onsetDateTime": "2026", "modifierExtension": [{"url": "urn:x:not"}]}))
    (event,) = found.people[0].events
    assert (event.source_text, event.source_code, str(event.start)) == ("", "", "2026")
    assert "it may mean anything" in found.report.problems[0]


def test_a_list_of_resources_is_read_like_a_bundle() -> None:
    (person,) = loaded([PATIENT, COUGH]).people
    assert [event.origin for event in person.events] == ["b.json: [1]"]


REFUSED: dict[str, tuple[object, str]] = {
    "no patient": ({"resourceType": "Bundle", "entry": []}, "b.json: there is no Patient among 0 resources"),
    "another resource": ({"resourceType": "Observation"}, "b.json: resourceType: 'Observation' where 'Bundle' belongs"),
    "no type": ({}, "b.json: resourceType: nothing where 'Bundle' belongs"),
    "a word": ("bundle", "b.json: 'bundle' where a FHIR bundle belongs"),
    "a history": (bundle(type="history"), "b.json: type: a bundle of type 'history' is not read"),
    "entries that are an object": ({"resourceType": "Bundle", "entry": {}}, "b.json: entry: an object where a list belongs"),
    "a patient without an id": (bundle(patient={"resourceType": "Patient"}), "b.json: entry[0].resource: this patient has no id"),
    "two patients of one id": (
        bundle({**PATIENT, "gender": "male"}),
        "b.json: entry[1].resource: two different patients have the id 'p'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    document, words = REFUSED[case]
    with pytest.raises(InputError) as error:
        loaded(document)
    assert error.value.message.startswith(words)


def test_strict_reading_refuses_what_is_not_understood(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", bundle({**COUGH, "onsetDateTime": "2020-13-40"}))
    assert len(read_bundle(path)[0].events) == 1
    with pytest.raises(InputError, match=r"a\.json: entry\[1\]\.resource\.onsetDateTime: '2020-13-40' is no date"):
        read_bundle(path, strict=True)


def test_a_folder_is_read_in_the_order_of_names_and_one_by_one(tmp_path: Path) -> None:
    for name in ("b", "a"):
        write(tmp_path / f"{name}.json.gz", {**PATIENT, "id": name})
    write(tmp_path / "c.json", {"resourceType": "Bundle"})
    (tmp_path / "notes.txt").write_text("x")
    reading = read_people(tmp_path)
    assert [next(reading).id, next(reading).id] == ["a", "b"]
    with pytest.raises(InputError, match=r"c\.json: there is no Patient"):
        next(reading)
    errors: list[InputError] = []
    assert [person.id for person in read_people(tmp_path, on_error=errors.append)] == ["a", "b"]
    assert len(errors) == 1


def test_half_a_record_is_not_a_record(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(tmp_path / f"{name}.json", bundle(COUGH))
    with pytest.raises(InputError, match=r"The person 'p' is in a\.json and in b\.json"):
        list(read_people(tmp_path))
    with pytest.raises(InputError, match=r"The person 'p' is in a\.json and in b\.json"):
        find_person(tmp_path, "p")


def test_one_person_is_found_and_the_others_are_named(tmp_path: Path) -> None:
    for name in ("anna", "bert"):
        write(tmp_path / f"{name}.json", {**PATIENT, "id": name})
    assert find_person(tmp_path, "Patient/bert").id == "bert"
    assert find_person(tmp_path / "anna.json", "anna").id == "anna"
    with pytest.raises(InputError) as near:
        find_person(tmp_path, "ana")
    assert near.value.hint == "Did you mean 'anna'?"
    with pytest.raises(InputError) as far:
        find_person(tmp_path, "007")
    assert far.value.hint == "Known: anna, bert."


def test_an_empty_folder_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no file ending in"):
        list(read_people(tmp_path))
    with pytest.raises(InputError, match="There is no file"):
        read_bundle(tmp_path / "none.json")


def test_the_report(tmp_path: Path) -> None:
    alt = resource("Observation", code=concept("ALT", ("http://loinc.org", "1742-6")), effectiveDateTime="2027-01-01")
    path = write(
        tmp_path / "a.json",
        bundle(
            {**COUGH, "onsetDateTime": "2026"},
            {**COUGH, "id": "2", "onsetDateTime": "2026"},
            {**COUGH, "id": "3"},
            alt,
            {**alt, "id": "2", "valueQuantity": {"value": 1}},
            {"resourceType": "Claim"},
        ),
    )
    report = load_bundle(path, on=date(2026, 11, 23)).report
    assert report.in_words().splitlines() == [
        "1 person in 1 file",
        "Read: Condition 3, Observation 2, Patient 1",
        "Rows: condition 3, measurement 2",
        "Not read: Claim 1",
        "Rows with a standard code: 2",
        "Rows without a date: 1",
        "Rows with a year or a month only: 2",
        "Rows after 2026-11-23: 2",
        "Rows without a code: 3",
        "Measurements without a value: 1",
        "Numbers without a unit: 1",
        "Rows that repeat an earlier one: 1",
        "Rows without a standard code (3):",
        "  3 × 'Cough'",
    ]
    as_json = json.loads(json.dumps(report.as_json()))
    assert (as_json["on"], as_json["future"], as_json["read"]) == ("2026-11-23", 2, dict(report.read))
    both = report + report
    assert (both.files, both.future, both.read["Condition"], both.on) == (2, 4, 6, report.on)
    assert ReadReport() + report == report
    with pytest.raises(ValueError, match="different dates"):
        _ = report + load_bundle(path).report


def test_the_people_who_ship_are_made_up_and_understood_without_rest() -> None:
    assert list(shipped_people()) == ["may-join", "may-not-join", "unknown"]
    for name in shipped_names():
        document = json.loads(shipped_bundle(name))
        found = loaded(document)
        assert found.report.problem_count == 0 and not found.report.ignored
        assert found.people[0].id == f"made-up-{name}"
        patient = document["entry"][0]["resource"]
        assert patient["name"][0]["text"].startswith("Made-up person")
        assert patient["meta"]["tag"][0]["code"] == document["meta"]["tag"][0]["code"] == "made-up"


def test_what_the_people_who_ship_are_for() -> None:
    people = shipped_people()

    def drugs(name: str) -> list[tuple[str, float | None, float | None]]:
        events = people[name].events
        return [(event.source_text, event.dose, event.per_day) for event in events if event.domain == "drug"]

    assert drugs("may-join") == [("Prednisone", 12.5, 1.0), ("Prednisone", 7.5, 1.0), ("Methotrexate", 15.0, 1 / 7)]
    assert drugs("may-not-join") == [("Prednisone", 20.0, 1.0), ("Infliximab 100 MG Injection", 300.0, None)]
    alt = {
        name: next(event for event in person.events if event.source_text == "ALT") for name, person in people.items()
    }
    assert [(alt[name].value, alt[name].high) for name in people] == [(24.0, 33.0), (160.0, 40.0), (30.0, None)]
    assert str(people["unknown"].birth) == "1976"
    assert next(event.unit for event in people["unknown"].events if event.source_text == "Creatinine") == ""


def test_what_says_of_nobody_is_not_the_only_ones_where_somebody_else_may_be_meant() -> None:
    lone = {"resourceType": "Condition", "id": "n", "code": concept("Fever")}
    stranger = {"resourceType": "Condition", "id": "s", "subject": {"reference": "Patient/q"}}
    for other in ("no object", {"id": "no type"}, stranger):
        (person,) = loaded(bundle(lone, other)).people
        assert person.events == (), other


def test_nobody_of_whom_two_files_hold_a_part_is_given_out(tmp_path: Path) -> None:
    """Half a record would pass for a whole one: what the other half holds would be 'nothing recorded'."""
    for name, who in (("a", "p"), ("b", "p"), ("c", "q")):
        patient = {"resourceType": "Patient", "id": who, "birthDate": "1960-01-01"}
        (tmp_path / f"{name}.json").write_text(json.dumps(bundle(patient=patient)), encoding="utf-8")
    told, reports = list[InputError](), list[ReadReport]()
    people = read_people(tmp_path, on_error=told.append, on_report=reports.append)
    assert [one.id for one in people] == ["q"]
    assert [error.message.partition(";")[0] for error in told] == ["The person 'p' is in a.json and in b.json"]
    total = sum(reports, ReadReport())
    assert (total.people, total.rejected_people, total.files) == (1, 1, 3)
