"""The five shared OMOP packs load whole, and the people who are there as FHIR too get the same answers from both."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from trialrun.criteria.meaning.case import Case
from trialrun.criteria.meaning.days import Anchors
from trialrun.criteria.meaning.finding import Finding
from trialrun.criteria.meaning.history import History
from trialrun.criteria.meaning.rules import evaluate
from trialrun.criteria.parsing import parse_rule
from trialrun.patients.fhir.read import read_people
from trialrun.patients.omop.read import find_omop_person, read_omop
from trialrun.patients.omop.vocabulary import with_own_tables
from trialrun.patients.person import Person, Status
from trialrun.patients.report import ReadReport
from trialrun.protocol.load import ProtocolFile
from trialrun.screening.explanation import explain
from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.shipped_terms import shipped

# The README of the shared patients: people, and rows of conditions, drugs, measurements, procedures, observations.
PACKS = {
    "smart615_omop": (615, 4_546, 12_101, 88_272, 14_081, 11_727),
    "tietai170_omop": (170, 30_600, 25_201, 207_912, 63_188, 96_244),
    "synthea27nj": (28, 470, 883, 10_040, 1_649, 8_099),
    "gibleed": (2_694, 65_332, 67_707, 44_053, 37_409, 1_477),
    "synpuf1k": (1_000, 99_855, 56_257, 34_556, 0, 19_339),
}
# The same README, "Deceased", and "People with …": persons with any vaccine, and with a zoster vaccine.
DEAD = {"smart615_omop": 124, "tietai170_omop": 61}
VACCINATED = {"smart615_omop": (614, 88), "tietai170_omop": (170, 139), "gibleed": (2_668, None)}
# Persons with a fact; those of synpuf1k are lower bounds there.
PERSONS = {
    "smart615_omop": {"methotrexate": 3, "heart failure": 49, "rheumatoid arthritis": 5},
    "tietai170_omop": {"methotrexate": 7, "heart failure": 4, "rheumatoid arthritis": 0},
    "gibleed": {"methotrexate": 14, "rheumatoid arthritis": 18},
    "synthea27nj": {"methotrexate": 0, "heart failure": 1},
}
TOLD = {
    "smart615_omop": [
        "drug_exposure.parquet: every end lies 29 days after its start; that is a convention, so ends are left empty",
        "4,712 ends of drugs were filled in by a program and are left empty",
    ],
    "tietai170_omop": [
        "drug_exposure.parquet: every end lies 29 days after its start; that is a convention, so ends are left empty",
        "11,923 ends of drugs were filled in by a program and are left empty",
    ],
    "synthea27nj": ["57 ends of drugs were filled in by a program and are left empty"],
    "gibleed": [
        "observation_period.parquet: 2,649 rows are of people who are not in person",
        "5,763 ends of drugs were filled in by a program and are left empty",
    ],
    "synpuf1k": [
        "person: everybody is born on the first of a month; births are kept to the month only",
        "condition_era.parquet: read instead of condition_occurrence, which is absent or empty; eras are put together by a "
        "program, and their ends are not when something ended",
        "drug_era.parquet: read instead of drug_exposure, which is absent or empty; eras are put together by a program from "
        "what was dispensed",
        "no concept table: a concept is known only where a term names its id, or by its source code",
    ],
}
# Tables that a pack does not have; eras stand in for two of synpuf1k.
ABSENT = {
    "smart615_omop": ["visit_occurrence"],
    "tietai170_omop": ["visit_occurrence"],
    "synpuf1k": ["procedure_occurrence", "visit_occurrence"],
}


@pytest.fixture(scope="module")
def packs(shared_data: Path) -> Path:
    folder = shared_data / "patients"
    if not (folder / "smart615_omop").is_dir():
        pytest.skip("the shared patients are absent")
    return folder


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_loads_whole(packs: Path, name: str) -> None:
    reports: list[ReadReport] = []
    dead, holders = 0, Counter[str]()
    vaccinated: set[str] = set()
    zoster: set[str] = set()
    vocabulary, previous = shipped(), 0
    for person in read_omop(packs / name, on_report=reports.append):
        assert int(person.id) > previous
        previous = int(person.id)
        dead += person.death is not None
        history = History(person, date(2030, 1, 1), vocabulary)
        named = {term for row in history.rows(Domain.DRUG, Domain.CONDITION) for term in row.names}
        holders.update(named & set(PERSONS.get(name, ())))
        for row in history.rows(Domain.IMMUNISATION):
            vaccinated.add(person.id)
            zoster |= {person.id} if any("zoster" in term for term in row.names) else set()
    (report,) = reports
    rows = report.rows
    found = (rows["condition"], rows["drug"] + rows.get("immunisation", 0), rows["measurement"])
    assert (report.people, *found, rows.get("procedure", 0), rows["observation"]) == PACKS[name]
    assert list(report.problems) == TOLD[name]
    assert [line.split(": there is no such table")[0] for line in report.lost] == ABSENT.get(name, [])
    assert report.no_date == 0
    assert dead == DEAD.get(name, dead)
    assert {term: holders[term] for term in PERSONS.get(name, ())} == PERSONS.get(name, {})
    if name in VACCINATED:
        every, of_zoster = VACCINATED[name]
        assert len(vaccinated) == every and of_zoster in (None, len(zoster))


def test_a_person_alone_is_the_same_person(packs: Path) -> None:
    for name, number in (("smart615_omop", 217), ("synpuf1k", 60), ("gibleed", 16)):
        whole = next(person for person in read_omop(packs / name) if person.id == str(number))
        assert find_omop_person(packs / name, str(number)) == whole


def test_the_tables_of_a_pack_widen_its_terms(packs: Path) -> None:
    base = shipped()
    widened = with_own_tables(base, packs / "gibleed")
    assert widened.layers == ("shipped", "OMOP tables of gibleed")
    added = {
        name: set(concept.codes["OMOP"]) - set(base.get(name).codes["OMOP"])
        for name, concept in widened.concepts.items()
        if concept.codes.get("OMOP")
    }
    assert any(added.values())
    assert with_own_tables(base, packs / "synpuf1k") is base  # it has no vocabulary


# --- the same people as FHIR and as OMOP ----------------------------------------------------------------------------

ON = (date(2012, 3, 31), date(2015, 6, 1), date(2018, 1, 1), date(2021, 3, 31))
RULES = (
    "diagnosed heart failure, if nothing recorded: no",
    "diagnosed malignancy, if nothing recorded: no",
    "diagnosed malignancy",
    "diagnosed rheumatoid arthritis, if nothing recorded: no",
    "diagnosed gout, if nothing recorded: no",
    "diagnosed hypertension within 10 years before screening, if nothing recorded: no",
    "latest ALT > 30 U/L",
    "latest AST within 5 years before screening > 1.5 x ULN",
    "latest total bilirubin within 5 years before screening > 1 mg/dL",
    "latest creatinine within 24 months before screening > 1.2 mg/dL",
    "highest creatinine within 5 years before screening > 100 umol/L",
    "latest hemoglobin < 12 g/dL",
    "latest HbA1c >= 6.5 %",
    "count of creatinine within 3 years before screening >= 2",
    "creatinine clearance by Cockcroft-Gault <= 30 mL/min",
    "latest systolic blood pressure >= 140 mmHg",
    "BMI > 30 kg/m2",
    "vaccinated with any vaccine within 12 months before screening, if nothing recorded: no",
    "vaccinated with influenza vaccine within 12 months before screening",
    "vaccinated with zoster vaccine, if nothing recorded: no",
    "vaccinated with live vaccine within 3 months before screening, if nothing recorded: no",
    "took methotrexate, if nothing recorded: no",
    "took methotrexate",
    "took prednisone, if nothing recorded: no",
    "took prednisone within 180 days before screening",
    "took any glucocorticoid",
    "underwent major surgery within 5 years before screening",
    "age at screening >= 50 years",
    "sex is female",
)
# What the OMOP form of these people does not have, and so cannot answer: whether a condition that has no end is still
# active. FHIR says so (`clinicalStatus`), and the tables have no column for it. Two people with cancer of the colon.
LOST = {(date(2021, 3, 31), "E9", "met", "unknown"): 2}


@pytest.fixture(scope="module")
def pairs(packs: Path) -> list[tuple[Person, Person]]:
    """Each person of the FHIR bundles with the same person of the OMOP tables."""
    with (packs / "fhir" / "people.csv").open(encoding="utf-8", newline="") as file:
        ids = {row["smart615_person_id"]: row["patient_id"] for row in csv.DictReader(file)}
    fhir = {person.id: person for person in read_people(packs / "fhir" / "r4_bundles")}
    found = [(fhir[ids[person.id]], person) for person in read_omop(packs / "smart615_omop") if person.id in ids]
    assert len(found) == len(fhir) == 40
    return found


def without_coverage(pair: tuple[Person, Person]) -> tuple[Person, Person]:
    """FHIR has no words for when a record is complete; the tables have (`observation_period`)."""
    return pair[0], replace(pair[1], coverage=())


def test_birth_sex_and_death_are_the_same(pairs: list[tuple[Person, Person]]) -> None:
    for one, other in pairs:
        assert (one.birth, one.sex, one.death) == (other.birth, other.sex, other.death)


def test_the_same_rows_stand_in_both(pairs: list[tuple[Person, Person]]) -> None:
    domains = (Domain.CONDITION, Domain.IMMUNISATION, Domain.DRUG)
    for one, other in pairs:
        for domain in domains:
            both = [
                Counter((event.source_code, event.start) for event in person.events if event.domain is domain)
                for person in (one, other)
            ]
            assert both[0] == both[1], (one.id, domain)


@pytest.mark.parametrize("on", ON)
def test_the_founding_criteria_have_the_same_verdicts(
    pairs: list[tuple[Person, Person]], founding: ProtocolFile, on: date
) -> None:
    anchors, differ, criteria = Anchors.screening(on), Counter[tuple[date, str, str, str]](), 0
    for one, other in map(without_coverage, pairs):
        both = [explain(founding, person, anchors, founding.vocabulary).criteria for person in (one, other)]
        for first, second in zip(*both, strict=True):
            criteria += 1
            if first.verdict is not second.verdict:
                differ[on, first.id, str(first.verdict), str(second.verdict)] += 1
                lost = {gap.row for gap in second.finding.gaps if gap.reason.value == "NO_END"}
                assert any(status_in(one, other, row) is Status.ACTIVE for row in lost)
    assert criteria == 40 * 19
    assert dict(differ) == {key: number for key, number in LOST.items() if key[0] == on}


def status_in(one: Person, other: Person, row: str) -> Status | None:
    """The status FHIR gives to the condition of a row of the tables."""
    event = next((event for event in other.events if event.id == row), None)
    same = [
        found for found in one.events if event and (found.source_code, found.start) == (event.source_code, event.start)
    ]
    return same[0].status if same else None


@pytest.mark.parametrize("words", RULES)
def test_other_rules_have_the_same_answers(pairs: list[tuple[Person, Person]], words: str) -> None:
    answers = Counter[bool | None]()
    for on in ON:
        for one, other in map(without_coverage, pairs):
            first, second = (answer(words, person, on) for person in (one, other))
            assert first.truth is second.truth, (one.id, on, first.gaps, second.gaps)
            answers[first.truth] += 1
    assert sum(answers.values()) == 160


def test_the_rules_tell_people_apart(pairs: list[tuple[Person, Person]]) -> None:
    """A comparison in which everybody is unknown compares nothing."""
    spread = {words: {answer(words, one, ON[-1]).truth for one, _ in pairs} for words in RULES}
    assert sum(len(truths) > 1 for truths in spread.values()) >= 20


@pytest.mark.parametrize("on", ON[:-1])
def test_coverage_only_answers_what_was_unknown(
    pairs: list[tuple[Person, Person]], founding: ProtocolFile, on: date
) -> None:
    anchors, changed = Anchors.screening(on), 0
    for pair in pairs:
        both = [
            explain(founding, person, anchors, founding.vocabulary).criteria
            for person in (pair[1], without_coverage(pair)[1])
        ]
        for covered, bare in zip(*both, strict=True):
            if covered.verdict is not bare.verdict:
                assert str(bare.verdict) == "unknown"
                changed += 1
    assert changed > 0


def answer(words: str, person: Person, on: date) -> Finding:
    vocabulary = shipped()
    rules = {"rule": parse_rule(words, vocabulary)}
    return evaluate("rule", Case(History(person, on, vocabulary), Anchors.screening(on), {}, rules))
