"""The traps of real exports, each as it was met: what becomes of it as a row, as a word of the account, or as an answer."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.fhir_bundles import PATIENT, bundle, concept, loaded, resource, rows
from tests.ndjson_exports import write_export
from trialrun.criteria.meaning.case import Case
from trialrun.criteria.meaning.days import Anchors
from trialrun.criteria.meaning.history import History
from trialrun.criteria.meaning.rules import evaluate
from trialrun.criteria.parsing import parse_rule
from trialrun.patients.fhir.export import read_export
from trialrun.patients.mapping import Code, TermCount
from trialrun.patients.person import Person
from trialrun.patients.report import ReadReport, counted
from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.shipped_terms import shipped

ON = date(2026, 11, 25)


def person(*resources: object, patient: dict[str, Any] | None = None) -> Person:
    (found,) = loaded(bundle(*resources, patient=patient)).people
    return found


def answer(words: str, of: Person) -> str:
    """What a rule answers for a person, on the date of these tests."""
    vocabulary = shipped()
    case = Case(History(of, ON, vocabulary), Anchors.screening(ON), {}, {"r": parse_rule(words, vocabulary)})
    return {True: "yes", False: "no", None: "unknown"}[evaluate("r", case).truth]


# 1 Future dates ------------------------------------------------------------------------------------------------------


def test_rows_of_the_future_are_counted_and_say_nothing() -> None:
    later = person(resource("Condition", code=concept("Heart failure"), onsetDateTime="2126-11-26"))
    report = counted([later], ON)
    assert (report.future, report.on) == (1, ON) and "Rows after 2026-11-25: 1" in report.in_words()
    assert counted([later]).future is None  # without a date nothing is compared with the clock
    rule = "diagnosed heart failure, if nothing recorded: no"
    today = person(resource("Condition", code=concept("Heart failure"), onsetDateTime="2026-11-25"))
    assert answer(rule, today) == "yes" and answer(rule, later) != "yes"


# 2 Birth by its year -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "said"), [("1975", "yes"), ("1976", "unknown"), ("1977", "no"), ("1976-11", "unknown")]
)
def test_a_birth_year_is_an_interval(born: str, said: str) -> None:
    assert answer("age at screening >= 50 years", person(patient={**PATIENT, "birthDate": born})) == said


# 3 Spellings of systems and codes ------------------------------------------------------------------------------------

SPELLINGS = {
    "as printed": ("http://hl7.org/fhir/sid/icd-10-cm", "M35.3"),
    "https": ("https://hl7.org/fhir/sid/icd-10-cm", "M35.3"),
    "no dot": ("http://hl7.org/fhir/sid/icd-10-cm", "M353"),
    "small letters": ("http://hl7.org/fhir/sid/icd-10-cm", "m35.3"),
    "blanks behind": ("http://hl7.org/fhir/sid/icd-10-cm ", "M35.3  "),
    "all at once": (" https://hl7.org/fhir/sid/icd-10-cm ", " m353 "),
}


@pytest.mark.parametrize("case", SPELLINGS)
def test_spellings_of_a_code_are_one_code(case: str) -> None:
    (row,) = rows(resource("Condition", code=concept("", SPELLINGS[case])))
    assert (row["std_system"], row["std_code"]) == ("ICD10CM", "M35.3")
    assert row["source_code"] == SPELLINGS[case][1].strip()


def test_icd_9_beside_icd_10_keeps_both() -> None:
    both = concept("", ("http://hl7.org/fhir/sid/icd-9-cm", "725"), ("http://hl7.org/fhir/sid/icd-10-cm", "M35.3"))
    (row,) = rows(resource("Condition", code=both))
    assert (row["source_code"], row["std_code"]) == ("725", "M35.3")


def test_an_ndc_alone_has_no_standard_code_and_is_listed() -> None:
    code = concept("", ("http://hl7.org/fhir/sid/ndc", "00054-4728-25"))
    found = person(resource("MedicationRequest", medicationCodeableConcept=code))
    report = counted([found])
    assert (report.mapped, report.unmapped) == (0, 1)
    assert report.unmapped_codes == {Code("http://hl7.org/fhir/sid/ndc", "00054-4728-25", ""): 1}


# 4, 5 Units and values -----------------------------------------------------------------------------------------------

UNITS = {
    "IU/L": False,
    "mmHg": False,
    "DEG C": False,
    "x10^9/L": False,
    "G/L": False,
    "arb. units": True,
    "furlong": True,
}


@pytest.mark.parametrize("unit", UNITS)
def test_units_in_any_spelling_are_known_or_listed(unit: str) -> None:
    found = person(resource("Observation", code=concept("ALT"), valueQuantity={"value": 7, "unit": unit}))
    report = counted([found])
    assert report.unknown_units == ({unit: 1} if UNITS[unit] else {}) and report.no_unit == 0


def test_a_number_without_a_unit_and_a_test_without_a_value_are_counted() -> None:
    bare = resource("Observation", id="1", code=concept("ALT"), valueQuantity={"value": 7})
    empty = resource("Observation", id="2", code=concept("ALT"))
    report = counted([person(bare, empty)])
    assert (report.no_unit, report.no_value) == (1, 1)
    assert answer("latest ALT <= 3 x ULN", person(bare)) == "unknown"


# 6 Components only ---------------------------------------------------------------------------------------------------


def test_blood_pressure_is_its_components() -> None:
    parts = [
        {"code": concept("Systolic blood pressure"), "valueQuantity": {"value": 150, "unit": "mmHg"}},
        {"code": concept("Diastolic blood pressure"), "valueQuantity": {"value": 90, "unit": "mmHg"}},
    ]
    found = rows(resource("Observation", code=concept("Blood pressure panel"), component=parts))
    assert [(row["source_text"], row["value"]) for row in found] == [
        ("Systolic blood pressure", 150.0),
        ("Diastolic blood pressure", 90.0),
    ]


# 9 Conditions that never end and are repeated --------------------------------------------------------------------------


def test_repeated_conditions_are_kept_and_counted_and_count_once() -> None:
    many = [
        resource("Condition", id=str(number), code=concept("Heart failure"), onsetDateTime="2020-01-02")
        for number in range(5)
    ]
    found = person(*many)
    report = counted([found])
    assert (len(found.events), report.duplicates) == (5, 4)
    assert all(event.end is None for event in found.events)
    assert answer("diagnosed heart failure", found) == "yes"


# 10 Local codes, facts as observations -------------------------------------------------------------------------------


def test_local_codes_are_listed_by_code_with_how_often() -> None:
    local = [
        resource("Observation", id=str(number), code=concept(text, ("http://openmrs.org/ciel", code)))
        for number, (text, code) in enumerate([("VL", "856"), ("VL", "856"), ("CD4", "5497")])
    ]
    report = counted([person(*local)])
    assert list(report.unmapped_codes.items()) == [
        (Code("http://openmrs.org/ciel", "856", "VL"), 2),
        (Code("http://openmrs.org/ciel", "5497", "CD4"), 1),
    ]
    assert "  2 × 'VL' (http://openmrs.org/ciel 856)" in report.in_words()
    assert report.as_json()["unmapped_codes"] == [
        {"system": "http://openmrs.org/ciel", "code": "856", "text": "VL", "count": 2},
        {"system": "http://openmrs.org/ciel", "code": "5497", "text": "CD4", "count": 1},
    ]


def test_a_bare_local_code_is_told_as_not_understood() -> None:
    terms = TermCount(shipped())
    terms.add(
        person(
            resource("Condition", id="1", code=concept("", ("http://local", "17"))),
            resource("Condition", id="2", code=concept("Heart failure")),
            resource("Condition", id="3", code=concept("Ingrowing toenail", ("http://snomed.info/sct", "1"))),
            resource("Condition", id="4", code=concept("Unguis incarnatus")),
        )
    )
    assert (terms.meant, terms.not_understood) == (1, 2)
    assert set(terms.most_frequent()) == {Code("http://local", "17", ""), Code("", "", "Unguis incarnatus")}


# 11 The dead, and everything on one day ------------------------------------------------------------------------------


@pytest.mark.parametrize("death", [{"deceasedDateTime": "2020-05-01"}, {"deceasedBoolean": True}])
def test_the_dead_are_read_and_said_to_be_dead(death: dict[str, Any]) -> None:
    found = person(patient={**PATIENT, **death})
    assert (found.death is not None) != bool(found.events)
    assert all(event.source_text == "Deceased, date not stated" for event in found.events)


def test_everything_on_one_day_has_no_latest_and_no_duplicate() -> None:
    values = [
        resource("Observation", id=str(value), code=concept("Hemoglobin"), effectiveDateTime="2026-11-20",
                 valueQuantity={"value": value, "unit": "g/dL"})
        for value in (9, 14)
    ]  # fmt: skip
    found = person(*values)
    assert counted([found]).duplicates == 0
    assert answer("latest hemoglobin >= 12 g/dL", found) == "unknown"  # which came last, nobody knows
    assert answer("latest hemoglobin >= 8 g/dL", found) == "yes"  # and here it makes no difference


# 12 Empty parts, 13 social findings, ids -----------------------------------------------------------------------------


def test_an_empty_part_among_others(tmp_path: Path) -> None:
    reports: list[ReadReport] = []
    folder = write_export(tmp_path, {"Patient.ndjson": [PATIENT], "Observation.ndjson": []})
    assert len(list(read_export(folder, on_report=reports.append))) == 1
    assert (reports[0].files, reports[0].problem_count) == (2, 0)


@pytest.mark.parametrize(
    "social", ["Refugee (person)", "Medication review due (situation)", "Full-time employment (finding)"]
)
def test_social_findings_are_conditions_that_rule_out_no_disease_and_mean_none(social: str) -> None:
    found = person(resource("Condition", code=concept(social, ("http://snomed.info/sct", "446654005"))))
    (event,) = found.events
    reading = shipped().read(event.domain, ((event.std_system, event.std_code),), event.source_text)
    assert event.domain is Domain.CONDITION and reading.understood
    assert reading.names <= {"social or administrative finding"}


IDS = ["a.b-c", "0", "x" * 64, "Patient", "null", "p/q", "p#q", "ümlaut", "..", "p%2Fq", "urn:uuid:p"]


@pytest.mark.parametrize("name", IDS)
def test_pathological_ids_in_a_bundle(name: str) -> None:
    patient = {**PATIENT, "id": name}
    document = json.loads(json.dumps(bundle(patient=patient)))
    (found,) = loaded(document).people
    assert found.id == name


@pytest.mark.parametrize("name", [name for name in IDS if "/" not in name and not name.startswith("urn")])
def test_pathological_ids_are_found_by_what_refers_to_them(name: str, tmp_path: Path) -> None:
    patient = {**PATIENT, "id": name}
    condition = {"resourceType": "Condition", "id": "1", "subject": {"reference": f"Patient/{name}"}}
    (bundled,) = loaded(bundle(condition, patient=patient)).people
    folder = write_export(tmp_path, {"a.ndjson": [patient, condition, {**PATIENT, "id": "other"}]})
    exported = next(read_export(folder))
    assert len(bundled.events) == len(exported.events) == 1 and exported.id == name
