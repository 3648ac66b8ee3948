"""A table that is absent, unseen or cut short never lets silence count as an answer, and the account says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.omop_folders import PERSON, Rows, database, parquet, read
from trialrun.criteria.meaning.case import Case
from trialrun.criteria.meaning.days import Anchors
from trialrun.criteria.meaning.history import History
from trialrun.criteria.meaning.rules import evaluate
from trialrun.criteria.parsing import parse_rule
from trialrun.errors import InputError
from trialrun.patients.omop.read import find_omop_person
from trialrun.patients.person import Period, Person
from trialrun.patients.report import ReadReport
from trialrun.patients.tables.read import find_table_person, read_tables
from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.shipped_terms import shipped

ON = date(2020, 3, 4)
PERIODS: Rows = [
    {
        "observation_period_id": 1,
        "person_id": 1,
        "observation_period_start_date": date(1950, 1, 1),
        "observation_period_end_date": date(2020, 12, 31),
    }
]
COVERED = (Period(date(1950, 1, 1), date(2020, 12, 31)),)
RULES = {
    "condition_occurrence": "diagnosed gout, if nothing recorded: no, within coverage",
    "observation": "diagnosed gout, if nothing recorded: no, within coverage",
    "drug_exposure": "took methotrexate, if nothing recorded: no, within coverage",
    "procedure_occurrence": "underwent major surgery, if nothing recorded: no, within coverage",
    "visit_occurrence": "hospitalised, if nothing recorded: no, within coverage",
}


def event_tables(**more: Any) -> dict[str, Any]:
    """Each table of events with one row that means nothing."""
    names = {
        "condition_occurrence": ("condition", "condition_start_date"),
        "drug_exposure": ("drug", "drug_exposure_start_date"),
        "measurement": ("measurement", "measurement_date"),
        "procedure_occurrence": ("procedure", "procedure_date"),
        "observation": ("observation", "observation_date"),
        "visit_occurrence": ("visit", "visit_start_date"),
    }
    other = {
        name: [{f"{name}_id": 1, "person_id": 2, f"{what}_concept_id": 1, day: ON}]
        for name, (what, day) in names.items()
    }
    people = [PERSON, {**PERSON, "person_id": 2}]
    return {"person": people, "observation_period": PERIODS, **other, **more}


def truth(words: str, person: Person) -> bool | None:
    vocabulary = shipped()
    rules = {"rule": parse_rule(words, vocabulary)}
    return evaluate("rule", Case(History(person, ON, vocabulary), Anchors.screening(ON), {}, rules)).truth


@pytest.mark.parametrize("absent", RULES)
def test_omop_without_a_table_answers_no_rule_about_it(tmp_path: Path, absent: str) -> None:
    whole = read(parquet(tmp_path / "whole", **event_tables()))
    assert truth(RULES[absent], whole[0][0]) is False and whole[1].lost == ()
    tables = event_tables()
    del tables[absent]
    people, report, _ = read(parquet(tmp_path / "part", **tables))
    assert truth(RULES[absent], people[0]) is None and people[0].coverage == COVERED
    assert len(report.lost) == 1 and report.lost[0].startswith(f"{absent}: there is no such table, so no record is")
    assert find_omop_person(tmp_path / "part", "1") == people[0]
    others = [words for words in RULES.values() if words != RULES[absent]]
    assert [truth(words, people[0]) for words in others] == [False] * len(others)


def test_omop_has_no_table_of_allergies_so_silence_says_nothing_of_them(tmp_path: Path) -> None:
    person = read(parquet(tmp_path, **event_tables()))[0][0]
    words = "allergic to penicillin, if nothing recorded: no, within coverage"
    assert truth(words, person) is None
    assert truth(words, replace(person, silent=frozenset())) is False


NAMES = (
    "condition_occurrence_1.csv",
    "condition_occurrence.csv.zip",
    "drug_exposure.csv.bz2",
    "Death.xlsx",
    "person-2.parquet.old",
    "procedures_occurrence.feather",
    "measurement/year=2021/p.parquet",
    "visit_occurrence/p.csv.zip",
)


@pytest.mark.parametrize("name", NAMES)
def test_files_that_may_hold_rows_and_are_not_read_are_lost(tmp_path: Path, name: str) -> None:
    folder = parquet(tmp_path, **event_tables())
    table, _, inside = name.partition("/")
    if inside:
        (folder / table).mkdir()
        (folder / f"{table}.parquet").rename(folder / table / "part-0.parquet")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"PK")
    people, report, _ = read(folder)
    assert (len(report.lost), people[0].coverage) == (1, ())
    assert report.lost[0].startswith(name if not inside else "/".join(name.split("/")[:2]))


def test_files_beside_that_are_no_tables_of_people_take_nothing(tmp_path: Path) -> None:
    folder = parquet(tmp_path, **event_tables())
    for name in ("persons.csv.zip", "death.sql", "concept_synonym.zip", "observations.txt.zip", ".person.csv.crc"):
        (folder / name).write_bytes(b"PK")
    (folder / "measurement").mkdir()
    (folder / "measurement.parquet").rename(folder / "measurement" / "part-0.parquet")
    for name in ("_SUCCESS", ".part-0.parquet.crc"):
        (folder / "measurement" / name).write_bytes(b"")
    people, report, _ = read(folder)
    assert (report.lost, people[0].coverage) == ((), COVERED)


@pytest.mark.parametrize("other", ["death", "condition_occurrence", "condition_occurrence_2"])
def test_rows_of_a_database_in_another_schema_are_lost(tmp_path: Path, other: str) -> None:
    path = database(tmp_path / "cdm.duckdb", schema="cdm", **event_tables())
    assert read(path)[1].lost == ()
    database(path, schema="more", **{other: [{"person_id": 1}]})
    people, report, _ = read(path)
    assert people[0].coverage == () and [
        line.startswith(f"cdm.duckdb: more.{other}: 1 rows") for line in report.lost
    ] == [True]


def test_a_database_with_two_names_of_one_table_is_refused(tmp_path: Path) -> None:
    path = database(tmp_path / "cdm.duckdb", **event_tables(procedures_occurrence=[{"person_id": 1}]))
    with pytest.raises(
        InputError, match=r"has the table 'procedure_occurrence' twice: main\.procedure_occurrence and main"
    ):
        read(path)


PATIENTS = "patient_id,birth_date\n1,1959\n"
COVERAGE = "patient_id,start,end\n1,1950-01-01,2020-12-31\n"
EVENTS = "patient_id,domain,source_text\n"


def tables(folder: Path, **files: str) -> tuple[list[Person], ReadReport]:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
    reports: list[ReadReport] = []
    return list(read_tables(folder, on_report=reports.append)), reports[0]


def test_tables_without_events_answer_no_rule(tmp_path: Path) -> None:
    words = RULES["drug_exposure"]
    people, report = tables(tmp_path / "a", patients__csv=PATIENTS, coverage__csv=COVERAGE, events__csv=EVENTS)
    assert truth(words, people[0]) is False and report.lost == ()
    people, report = tables(tmp_path / "b", patients__csv=PATIENTS, coverage__csv=COVERAGE)
    assert truth(words, people[0]) is None and people[0].coverage == COVERED
    assert report.lost == ("no file has rows of anything, so no record is complete in them",)
    assert find_table_person(tmp_path / "b", "1") == people[0]


def test_a_map_of_one_kind_of_rows_says_nothing_of_others(tmp_path: Path) -> None:
    columns = (
        "files:\n- {file: p.csv, person: {id: id, birth: born}, coverage: {start: s, end: e}, rows: "
        "[{fixed: {domain: drug}, columns: {source_text: drug}}]}\n"
    )
    people, report = tables(tmp_path, columns__yaml=columns, p__csv="id,born,s,e,drug\n1,1959,1950-01-01,2020-12-31,\n")
    assert truth(RULES["drug_exposure"], people[0]) is False
    assert truth(RULES["condition_occurrence"], people[0]) is None
    assert people[0].silent == frozenset(Domain) - {Domain.DRUG} and "condition" in report.lost[0]


def test_domains_that_a_line_says_are_silent(tmp_path: Path) -> None:
    given = {"coverage__csv": COVERAGE, "events__csv": EVENTS}
    people, _ = tables(tmp_path, patients__csv="patient_id,birth_date,silent\n1,1959,drug visit\n", **given)
    assert people[0].silent == {Domain.DRUG, Domain.VISIT}
    people, report = tables(tmp_path, patients__csv="patient_id,birth_date,silent\n1,1959,drugs\n", **given)
    assert people[0].silent == frozenset(Domain) and len(report.problems) == 1
