"""Forty people of Synthea as FHIR bundles: who they are and how much there is of them agrees with what was counted apart."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from trialrun.patients.fhir.read import find_person, load_bundle, read_people
from trialrun.patients.person import Person
from trialrun.patients.report import ReadReport
from trialrun.vocabulary.concepts import Domain

# The README of the shared patients, row of `fhir/bulk_export`: the same forty people by resource type.
RESOURCES = {
    "Condition": 340,
    "MedicationRequest": 462,
    "Observation": 8_922,
    "Procedure": 664,
    "Immunization": 499,
    "Encounter": 1_551,
    "AllergyIntolerance": 44,
    "Patient": 40,
}
NOT_READ = {"DiagnosticReport": 685}


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    found = shared_data / "patients" / "fhir"
    if not found.is_dir():
        pytest.skip("the shared patients are absent")
    return found


@pytest.fixture(scope="module")
def read(folder: Path) -> tuple[dict[str, Person], ReadReport]:
    reports: list[ReadReport] = []
    people = {person.id: person for person in read_people(folder / "r4_bundles", on_report=reports.append)}
    total = ReadReport()
    for report in reports:
        total += report
    return people, total


def test_birth_sex_and_death(folder: Path, read: tuple[dict[str, Person], ReadReport]) -> None:
    people, _ = read
    with (folder / "people.csv").open(encoding="utf-8", newline="") as file:
        listed = {row["patient_id"]: (row["birth_date"], row["sex"], row["death_date"]) for row in csv.DictReader(file)}
    found = {name: (str(one.birth), str(one.sex), str(one.death or "")) for name, one in people.items()}
    assert found == listed


def test_every_resource_is_accounted_for(read: tuple[dict[str, Person], ReadReport]) -> None:
    _, report = read
    assert dict(report.read) == RESOURCES
    assert {kind: report.ignored[kind] for kind in NOT_READ} == NOT_READ
    assert (report.files, report.people, report.problem_count, report.unresolved, report.lost) == (40, 40, 0, 0, ())


def test_rows_are_resources_and_blood_pressures_are_two(read: tuple[dict[str, Person], ReadReport]) -> None:
    people, report = read
    # 489 blood pressures have two components, one panel has five; none of the 490 has a value of its own.
    wanted = RESOURCES["Observation"] - 490 + 489 * 2 + 5
    assert report.rows["measurement"] + report.rows["observation"] == wanted
    systolic = [event for one in people.values() for event in one.events if event.std_code == "8480-6"]
    assert len(systolic) == 489 and all(event.value is not None for event in systolic)


def test_every_row_has_a_date_a_code_and_a_standard(read: tuple[dict[str, Person], ReadReport]) -> None:
    people, report = read
    assert (report.no_date, report.no_code, report.no_value, report.partial_dates) == (0, 0, 0, 0)
    systems = Counter(
        (event.domain, event.std_system)
        for one in people.values()
        for event in one.events
        if event.domain is not Domain.VISIT
    )
    assert {system for _, system in systems} == {"SNOMED", "RXNORM", "LOINC", "CVX"}
    assert {system for domain, system in systems if domain is Domain.DRUG} == {"RXNORM"}


def test_texts_have_no_invisible_characters(read: tuple[dict[str, Person], ReadReport]) -> None:
    people, _ = read
    texts = {event.source_text for one in people.values() for event in one.events}
    assert all(text.isprintable() and text == text.strip() and "\u200b" not in text for text in texts)


def test_one_file_holds_the_person_it_is_named_after(folder: Path, read: tuple[dict[str, Person], ReadReport]) -> None:
    people, _ = read
    name = min(people)
    (alone,) = load_bundle(folder / "r4_bundles" / f"{name}.json.gz").people
    assert alone == people[name] == find_person(folder / "r4_bundles", name)
