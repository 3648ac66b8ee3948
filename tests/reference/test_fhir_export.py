"""The forty people of Synthea as bundles and as a bulk export: the same rows, and the same verdicts, criterion by criterion."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.ndjson_exports import plain
from trialrun.criteria.meaning.case import Case
from trialrun.criteria.meaning.days import Anchors
from trialrun.criteria.meaning.history import History
from trialrun.criteria.meaning.rules import evaluate
from trialrun.criteria.parsing import parse_rule
from trialrun.patients.fhir.export import find_in_export, read_export
from trialrun.patients.fhir.read import read_people
from trialrun.patients.person import Person
from trialrun.patients.report import ReadReport
from trialrun.protocol.load import ProtocolFile
from trialrun.screening.explanation import explain
from trialrun.vocabulary.shipped_terms import shipped

# The README of the shared patients, row of `fhir/bulk_export`.
RESOURCES = {
    "Patient": 40, "Condition": 340, "MedicationRequest": 462, "Observation": 8_922, "Procedure": 664,
    "Immunization": 499, "Encounter": 1_551, "AllergyIntolerance": 44,
}  # fmt: skip
ON = date(2021, 3, 1)
RULES = {
    "age": "age at screening >= 50 years",
    "heart failure": "diagnosed heart failure, if nothing recorded: no",
    "arthritis": "diagnosed rheumatoid arthritis, if nothing recorded: no",
    "methotrexate": "took methotrexate, if nothing recorded: no",
    "alt": "latest ALT <= 40 U/L",
    "creatinine": "latest creatinine within 730 days before screening <= 1.5 mg/dL",
    "vaccine": "vaccinated with any vaccine within 365 days before screening, if nothing recorded: no",
}


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    found = shared_data / "patients" / "fhir"
    if not found.is_dir():
        pytest.skip("the shared patients are absent")
    return found


@pytest.fixture(scope="module")
def bundled(folder: Path) -> dict[str, Person]:
    return {person.id: person for person in read_people(folder / "r4_bundles")}


@pytest.fixture(scope="module")
def exported(folder: Path) -> tuple[dict[str, Person], ReadReport]:
    reports: list[ReadReport] = []
    people = {person.id: person for person in read_export(folder / "bulk_export", on_report=reports.append)}
    (report,) = reports
    return people, report


def test_the_same_people_row_by_row(bundled: dict[str, Person], exported: tuple[dict[str, Person], ReadReport]) -> None:
    people, _ = exported
    assert len(people) == 40 and people.keys() == bundled.keys()
    assert [name for name in people if plain(people[name]) != plain(bundled[name])] == []


def test_every_line_is_accounted_for(exported: tuple[dict[str, Person], ReadReport]) -> None:
    _, report = exported
    assert report.read == RESOURCES and report.ignored == {"DiagnosticReport": 685}
    assert (report.files, report.people, report.problem_count, report.lost_count) == (10, 40, 0, 0)
    assert report.unmapped == 0 and report.unknown_units == {"units": 5}  # "units" is what Synthea writes for pH


def test_the_founding_study_says_the_same_of_everybody(
    bundled: dict[str, Person], exported: tuple[dict[str, Person], ReadReport], founding: ProtocolFile
) -> None:
    people, _ = exported
    anchors = Anchors.screening(ON)
    said: set[str] = set()
    for name, person in people.items():
        one, other = (
            [(row.id, row.verdict) for row in explain(founding, found, anchors, founding.vocabulary).criteria]
            for found in (person, bundled[name])
        )
        assert one == other, name
        assert len(one) == 19
        said |= {verdict.value for _, verdict in one}
    assert said == {"met", "not met", "unknown"}  # equal, and not because nothing is known


def test_other_rules_say_the_same_of_everybody(
    bundled: dict[str, Person], exported: tuple[dict[str, Person], ReadReport]
) -> None:
    people, _ = exported
    vocabulary, anchors = shipped(), Anchors.screening(ON)
    rules = {name: parse_rule(words, vocabulary) for name, words in RULES.items()}

    def answers(person: Person) -> list[bool | None]:
        case = Case(History(person, ON, vocabulary), anchors, {}, rules)
        return [evaluate(name, case).truth for name in rules]

    found = {name: answers(person) for name, person in people.items()}
    assert found == {name: answers(person) for name, person in bundled.items()}
    # People by why they were chosen, as the README counts them: rheumatoid arthritis 5, heart failure 8.
    assert sum(row[2] is True for row in found.values()) >= 5
    assert sum(row[1] is True for row in found.values()) >= 8


def test_one_person_is_the_same_alone(folder: Path, exported: tuple[dict[str, Person], ReadReport]) -> None:
    people, _ = exported
    for name in sorted(people)[::13]:
        assert find_in_export(folder / "bulk_export", name) == people[name]
