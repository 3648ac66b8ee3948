"""Files nobody means well with: a clear error with the file, in bounded time; what can be read of them is read."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.fhir_bundles import PATIENT, bundle, concept, loaded, resource
from trialrun.errors import InputError
from trialrun.patients.fhir.read import load_bundle

WHOLE = json.dumps(bundle(resource("Condition", code=concept("Cough")))).encode()

FILES: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "b.json: the file is empty"),
    "blanks": (b" \n ", "b.json: the file is empty"),
    "cut off": (WHOLE[:-40], "(the file may be cut off)"),
    "UTF-16": (WHOLE.decode().encode("utf-16"), "b.json:1: this is not UTF-8 text"),
    "Latin-1": (b'{\n"a": "gr\xf6\xdfer"}', "b.json:2: byte 0xf6 is not UTF-8 text; save it as UTF-8"),
    "binary": (b"PK\x03\x04\x00\x00", "b.json: this is binary: an Excel workbook, or another zip file"),
    "XML": (b"<Bundle xmlns='http://hl7.org/fhir'/>", "b.json: this is XML or HTML, not JSON"),
    "a resource a line": (WHOLE + b"\n" + WHOLE, "if it has one resource a line, name it b.ndjson"),
    "brackets without end": (b"[" * 100_000, "b.json: this JSON is nested deeper than any record"),
    "deep and closed": (
        b'{"resourceType": "Bundle", "entry": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "b.json: this JSON is nested deeper than any record",
    ),
    "not a number": (WHOLE.replace(b'"Cough"', b"NaN"), "b.json: 'NaN' is no JSON value"),
    "infinity": (WHOLE.replace(b'"Cough"', b"-Infinity"), "b.json: '-Infinity' is no JSON value"),
    "a number of 10,000 digits": (
        WHOLE.replace(b'"Cough"', b"1" * 10_000),
        "b.json: it holds a number with more digits than any record has",
    ),
    "a key twice": (b'{"resourceType": "Bundle", "resourceType": "Patient"}', "the key 'resourceType' is given twice"),
    "a damaged gzip": (gzip.compress(WHOLE)[:-12], "this gzip file is damaged"),
    "a gzip of something else": (b"\x1f\x8b" + b"x" * 100, "this gzip file is damaged"),
    "a gzip bomb": (gzip.compress(b" " * 50_000_000), "a gzip bomb"),
}


@pytest.mark.parametrize("case", FILES)
def test_files(case: str, tmp_path: Path) -> None:
    content, words = FILES[case]
    path = tmp_path / "b.json"
    path.write_bytes(content)
    began = time.monotonic()
    with pytest.raises(InputError) as error:
        load_bundle(path)
    assert words in error.value.message and "b.json" in error.value.message
    assert time.monotonic() - began < 5


def test_a_note_of_ten_megabytes_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    noted = resource("Condition", code=concept("Cough"), note=[{"text": "x" * 10_000_000}])
    path.write_text(json.dumps(bundle(noted)))
    found = load_bundle(path)
    assert [event.source_text for event in found.people[0].events] == ["Cough"]
    assert found.report.problem_count == 0


def test_words_cannot_command_the_terminal() -> None:
    (person,) = loaded(bundle(resource("Condition", code=concept("Co\x1b[31mugh\x07\u202e\n\ud800")))).people
    assert person.events[0].source_text == "Co[31mugh ?"


def test_thousands_of_problems_are_counted_and_the_first_are_said() -> None:
    found = loaded(bundle(*(resource("Condition", code=7) for _ in range(1_000))))
    # The same resource a thousand times is one; a thousand different ones are a thousand problems.
    assert (found.report.problem_count, found.report.repeated) == (1, 999)
    many = loaded(bundle(*({**resource("Condition", code=number), "id": str(number)} for number in range(1_000))))
    assert (many.report.problem_count, len(many.report.problems)) == (1_000, 200)
    assert len(many.people[0].events) == 1_000


def test_many_contained_resources_take_no_time() -> None:
    contained = [{"resourceType": "Medication", "id": f"m{number}", "code": concept("x")} for number in range(2_000)]
    orders = [
        {
            **resource("MedicationRequest", medicationReference={"reference": "#m1999"}, contained=contained),
            "id": str(n),
        }
        for n in range(20)
    ]
    began = time.monotonic()
    assert len(loaded(bundle(*orders)).people[0].events) == 20
    assert time.monotonic() - began < 10


WRONG_TYPES: list[Any] = [
    7,
    -1.5,
    True,
    None,
    "x",
    [],
    {},
    [[]],
    [None],
    {"coding": 7},
    {"reference": []},
    "\ud800",
    10**400,
]
KINDS = (
    "Condition", "AllergyIntolerance", "Procedure", "Immunization", "Encounter", "Observation", "MedicationRequest",
    "MedicationStatement", "MedicationAdministration", "MedicationDispense", "Medication", "Patient", "DiagnosticReport",
)  # fmt: skip
MEMBERS = (
    "id", "resourceType", "meta", "contained", "extension", "modifierExtension", "code", "status", "subject", "patient",
    "onsetDateTime", "onsetPeriod", "abatementDateTime", "recordedDate", "clinicalStatus", "verificationStatus", "category",
    "effectiveDateTime", "effectivePeriod", "effectiveInstant", "valueQuantity", "valueCodeableConcept", "valueRange",
    "valueRatio", "valueBoolean", "component", "referenceRange", "interpretation", "focus", "class", "type", "period",
    "reaction", "vaccineCode", "occurrenceDateTime", "performedPeriod", "medicationCodeableConcept", "medicationReference",
    "dosageInstruction", "dosage", "intent", "doNotPerform", "authoredOn", "ingredient", "form", "birthDate", "gender",
    "deceasedBoolean", "deceasedDateTime", "link",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_any_value_anywhere_is_read_or_told(kind: str) -> None:
    for member in MEMBERS:
        for value in WRONG_TYPES:
            given = {**resource(kind, medicationReference={"reference": "#1"}), member: value}
            try:
                found = loaded(bundle(given))
            except InputError as error:
                assert error.message.startswith("b.json: ")
            else:
                assert any(person.id == "p" for person in found.people)


def test_a_patient_of_nothing_but_an_id() -> None:
    (person,) = loaded({"resourceType": "Patient", "id": PATIENT["id"]}).people
    assert (person.birth, person.sex, person.death, person.events) == (None, None, None, ())


def test_many_rows_of_one_id_and_references_into_one_holder_take_time_in_proportion() -> None:
    """Both once took the square of their number: minutes, where this takes a second or two."""
    same_id = [resource("Condition", code=concept(f"x{number}")) for number in range(20_000)]
    orders = [
        {"resourceType": "MedicationRequest", "id": f"r{number}", "medicationReference": {"reference": f"#m{number}"}}
        for number in range(4_000)
    ]
    drugs = [{"resourceType": "Medication", "id": f"m{number}", "code": concept("x")} for number in range(4_000)]
    began = time.process_time()
    (person,) = loaded(bundle(*same_id, resource("DiagnosticReport", contained=[*orders, *drugs]))).people
    assert time.process_time() - began < 20
    assert len(person.events) == len({event.id for event in person.events}) == 24_000
