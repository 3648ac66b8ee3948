"""OMOP tables in every container and in the disorder they are found in: the same people, and every row accounted for."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.omop_folders import (
    CONCEPTS,
    NO_CONCEPTS,
    PERSON,
    database,
    events,
    fill,
    lost,
    only,
    parquet,
    read,
    texts,
    told,
)
from trialrun.errors import InputError
from trialrun.patients.omop.cdm import layouts
from trialrun.patients.omop.read import find_omop_person, read_omop
from trialrun.patients.person import DEATH_WITHOUT_DATE, Period, Person, Sex
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain

DAY = date(2020, 3, 4)
CONDITION = {
    "condition_occurrence_id": 7,
    "person_id": 1,
    "condition_concept_id": 80809,
    "condition_start_date": DAY,
    "condition_end_date": None,
    "condition_source_value": "69896004",
}
MEASUREMENT = {
    "measurement_id": 9,
    "person_id": 1,
    "measurement_concept_id": 3006923,
    "measurement_date": DAY,
    "value_as_number": 41.5,
    "unit_concept_id": 8645,
    "measurement_source_value": "1742-6",
    "unit_source_value": "U/L",
    "range_high": 40.0,
}
TABLES: dict[str, Any] = {
    "person": [PERSON, {**PERSON, "person_id": 2, "gender_concept_id": 8507, "person_source_value": "MRN-2"}],
    "death": [{"person_id": 2, "death_date": date(2021, 1, 2)}],
    "observation_period": [
        {
            "observation_period_id": 1,
            "person_id": 1,
            "observation_period_start_date": date(2010, 1, 1),
            "observation_period_end_date": date(2020, 12, 31),
        }
    ],
    "condition_occurrence": [CONDITION],
    "measurement": [MEASUREMENT],
    "concept": CONCEPTS,
}


def in_cdm_order(version: int) -> dict[str, Any]:
    """The tables with all columns of the model in its order, as files without a header have them."""
    whole: dict[str, Any] = {}
    for name, rows in TABLES.items():
        columns = layouts(name)[-1 if version == 54 else 0]
        whole[name] = [{column: row.get(column) for column in columns} for row in rows]
    return whole


def without_places(people: list[Person]) -> list[Person]:
    return [replace(one, origin="", events=tuple(replace(event, origin="") for event in one.events)) for one in people]


def test_one_row_of_each_kind(tmp_path: Path) -> None:
    people, report, errors = read(parquet(tmp_path, **TABLES), on=date(2020, 1, 1))
    one, two = people
    assert (one.id, one.birth, one.sex, one.death) == ("1", PartialDate(1959, 5, 14), Sex.FEMALE, None)
    assert (two.id, two.sex, two.death) == ("2", Sex.MALE, PartialDate(2021, 1, 2))
    assert one.coverage == (Period(date(2010, 1, 1), date(2020, 12, 31)),)
    condition, result = one.events
    assert (condition.id, condition.domain, str(condition.start)) == (
        "condition_occurrence/7", Domain.CONDITION, "2020-03-04",
    )  # fmt: skip
    assert condition.origin == "condition_occurrence.parquet: condition_occurrence_id 7"
    assert (result.value, result.unit, result.unit_source, result.high) == (41.5, "U/L", "U/L", 40.0)
    assert dict(report.read) == {
        "person": 2, "death": 1, "observation_period": 1, "condition_occurrence": 1, "measurement": 1,
    }  # fmt: skip
    assert (report.people, report.future, report.problems, lost(report), errors) == (2, 2, (), (), [])


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt"])
@pytest.mark.parametrize("upper", [False, True])
def test_text_files_give_the_same_people(tmp_path: Path, ending: str, upper: bool) -> None:
    wanted = without_places(read(parquet(tmp_path / "p", **TABLES))[0])
    separator = "," if ".csv" in ending else "\t"
    folder = texts(tmp_path / "t", separator=separator, ending=ending, upper=upper, **TABLES)
    assert without_places(read(folder)[0]) == wanted


@pytest.mark.parametrize("version", [53, 54])
@pytest.mark.parametrize("separator", ["\t", ",", ";", "|"])
def test_files_without_a_header_are_read_in_the_order_of_the_model(
    tmp_path: Path, version: int, separator: str
) -> None:
    wanted = without_places(read(parquet(tmp_path / "p", **TABLES))[0])
    folder = texts(tmp_path / "t", separator=separator, header=False, **in_cdm_order(version))
    assert without_places(read(folder)[0]) == wanted


def test_a_file_without_a_header_of_another_width_asks_for_one(tmp_path: Path) -> None:
    folder = texts(tmp_path, header=False, person=[{"a": 1, "b": 8507}])
    with pytest.raises(
        InputError, match=r"person.csv:1: no line of column names, and 2 columns where the model has 18"
    ):
        list(read_omop(folder))


@pytest.mark.parametrize("schema", ["main", "cdm"])
def test_a_duckdb_file_gives_the_same_people(tmp_path: Path, schema: str) -> None:
    wanted = without_places(read(parquet(tmp_path / "p", **TABLES))[0])
    path = database(tmp_path / "cdm.duckdb", schema, **TABLES)
    before = path.read_bytes()
    assert without_places(read(path)[0]) == wanted
    assert path.read_bytes() == before


def test_a_database_finds_its_vocabulary_in_another_schema(tmp_path: Path) -> None:
    path = database(
        tmp_path / "cdm.duckdb", "cdm", **{name: rows for name, rows in TABLES.items() if name != "concept"}
    )
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema vocab; use vocab")
        fill(connection, "concept", CONCEPTS)
    assert read(path)[0][0].events[0].source_text == "Rheumatoid arthritis"


def test_a_view_of_a_foreign_database_reads_no_other_file(tmp_path: Path) -> None:
    secret = parquet(tmp_path / "p", person=[PERSON]) / "person.parquet"
    path = tmp_path / "bad.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create view person as select * from read_parquet('{secret}')")
    with pytest.raises(InputError, match="cannot be read"):
        list(read_omop(path))


def test_a_table_in_parts_is_one_table(tmp_path: Path) -> None:
    folder = parquet(tmp_path / "f", person=[PERSON])
    for number in (1, 2):
        part = parquet(tmp_path / f"part{number}", measurement=[{**MEASUREMENT, "measurement_id": number}])
        (folder / "measurement").mkdir(exist_ok=True)
        (part / "measurement.parquet").rename(folder / "measurement" / f"part-{number}.parquet")
    assert [event.id for event in only(folder).events] == ["measurement/1", "measurement/2"]


def test_names_with_signs_of_patterns_and_quotes_are_names(tmp_path: Path) -> None:
    folder = parquet(tmp_path / "it's [a] *?folder", person=[PERSON], measurement=[MEASUREMENT])
    assert only(folder).events[0].value == 41.5


# --- the traps of real data -----------------------------------------------------------------------------------------


def test_trap_1_future_dates_are_counted_from_a_stated_day(tmp_path: Path) -> None:
    folder = parquet(tmp_path, person=[PERSON], measurement=[{**MEASUREMENT, "measurement_date": date(2202, 1, 1)}])
    people, report, _ = read(folder, on=date(2026, 1, 1))
    assert (str(people[0].events[0].start), report.future) == ("2202-01-01", 1)
    assert read(folder)[1].future is None


@pytest.mark.parametrize(
    ("month", "day", "born"),
    [(None, None, "1959"), (5, None, "1959-05"), (5, 14, "1959-05-14"), (None, 3, "1959"), (2, 31, "1959")],
)
def test_trap_2_births_are_as_precise_as_stated(tmp_path: Path, month: int | None, day: int | None, born: str) -> None:
    row = {**PERSON, "month_of_birth": month, "day_of_birth": day, "birth_datetime": datetime(1959, 1, 1)}
    assert str(only(parquet(tmp_path, person=[row])).birth) == born


def test_trap_3_codes_in_many_writings_keep_what_was_found(tmp_path: Path) -> None:
    rows = [
        {
            **CONDITION,
            "condition_occurrence_id": number,
            "condition_concept_id": concept,
            "condition_source_value": code,
            "condition_source_concept_id": source,
        }
        for number, concept, code, source in (
            (1, 0, "M315", 45581118),
            (2, 0, "4011 ", 44831230),
            (3, 0, "ICD10CM:M35.3", 0),
            (4, 0, "M35.3", 0),
        )
    ]
    found = events(tmp_path, condition_occurrence=rows, concept=CONCEPTS)
    assert [(event.source_system, event.source_code) for event in found] == [
        ("ICD10CM", "M315"), ("ICD9CM", "4011"), ("ICD10CM", "M35.3"), ("ICD10", "M35.3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("concept", "written", "source", "unit", "wrong"),
    [
        (8840, "mg/dL", "mg/dL", "mg/dL", 0),
        (8840, None, "mg/dL", "mg/dL", 0),
        (8645, "IU/L", "IU/L or U/L", "", 1),  # international and enzyme units are two quantities until somebody says
        (8923, "IU/L", "IU/L", "[IU]/L", 0),
        (8876, "mmHg", "mmHg", "mm[Hg]", 0),
        (8653, "DEG C", "DEG C", "Cel", 0),
        (9117, "mL/min/{1.73_m2}", "mL/min/{1.73_m2}", "mL/min/{1.73_m2}", 0),
        (0, "K/uL", "K/uL", "", 0),
        (None, None, "", "", 0),
        (8753, "mg/dL", "mg/dL or mmol/L", "", 1),
        (9117, "mL/min", "mL/min or mL/min/{1.73_m2}", "", 1),
        (99999999, "", "OMOP concept 99999999", "", 0),
    ],
)
def test_trap_4_units(
    tmp_path: Path, concept: int | None, written: str | None, source: str, unit: str, wrong: int
) -> None:
    row = {**MEASUREMENT, "unit_concept_id": concept, "unit_source_value": written}
    people, report, _ = read(parquet(tmp_path, person=[PERSON], measurement=[row]))
    event = people[0].events[0]
    assert (event.unit_source, event.unit, len(told(report))) == (source, unit, wrong)


def test_trap_5_measurements_without_a_value_are_rows_and_counted(tmp_path: Path) -> None:
    row = {**MEASUREMENT, "value_as_number": None, "unit_source_value": None, "unit_concept_id": 0}
    people, report, _ = read(parquet(tmp_path, person=[PERSON], measurement=[row]))
    assert (people[0].events[0].value, people[0].events[0].high, report.no_value) == (None, None, 1)


def test_trap_7_odd_names(tmp_path: Path) -> None:
    row = {"device_exposure_id": 1, "person_id": 1, "device_concept_id": 0, "device_exposure_start_date": DAY}
    folder = texts(tmp_path, upper=True, person=[PERSON], devices_exposure=[row])
    assert only(folder).events[0].domain is Domain.DEVICE


def test_trap_8_eras_stand_in_for_what_is_absent_and_say_so(tmp_path: Path) -> None:
    era = {
        "condition_era_id": 1,
        "person_id": 1,
        "condition_concept_id": 80809,
        "condition_era_start_date": DAY,
        "condition_era_end_date": DAY,
    }
    drug = {
        "drug_era_id": 2,
        "person_id": 1,
        "drug_concept_id": 1551099,
        "drug_era_start_date": DAY,
        "drug_era_end_date": DAY,
    }
    folder = parquet(tmp_path / "a", person=[PERSON], condition_era=[era], drug_era=[drug])
    people, report, _ = read(folder)
    assert [(event.id, event.end) for event in people[0].events] == [
        ("condition_era/1", None), ("drug_era/2", PartialDate(2020, 3, 4)),
    ]  # fmt: skip
    assert [line.split(";")[0] for line in told(report)] == [
        "condition_era.parquet: read instead of condition_occurrence, which is absent or empty",
        "drug_era.parquet: read instead of drug_exposure, which is absent or empty",
    ]
    with duckdb.connect() as connection:
        connection.execute(f"create table c as select * from read_parquet('{folder}/condition_era.parquet') limit 0")
        connection.execute("alter table c rename condition_era_start_date to condition_start_date")
        connection.execute(f"copy c to '{folder}/condition_occurrence.parquet' (format parquet)")
    assert [event.id for event in only(folder).events] == [
        "condition_era/1",
        "drug_era/2",
    ]  # empty is as good as absent
    both = parquet(tmp_path / "b", person=[PERSON], condition_era=[era], condition_occurrence=[CONDITION])
    people, report, _ = read(both)
    assert ([event.id for event in people[0].events], dict(report.ignored)) == (
        ["condition_occurrence/7"],
        {"condition_era": 1},
    )


def test_trap_9_conditions_that_repeat_and_never_end_are_kept_and_counted(tmp_path: Path) -> None:
    rows = [{**CONDITION, "condition_occurrence_id": number} for number in (1, 2, 3)]
    people, report, _ = read(parquet(tmp_path, person=[PERSON], condition_occurrence=rows))
    assert ([event.end for event in people[0].events], report.duplicates) == ([None, None, None], 2)


def test_trap_11_the_dead(tmp_path: Path) -> None:
    people = [{**PERSON, "person_id": number} for number in (1, 2, 3, 4)]
    deaths: list[dict[str, Any]] = [
        {"person_id": 1, "death_date": DAY},
        {"person_id": 2, "death_date": None},
        {"person_id": 3, "death_date": DAY},
        {"person_id": 3, "death_date": date(2021, 1, 1)},
        {"person_id": 4, "death_date": date(1900, 1, 1)},
    ]
    found, report, _ = read(parquet(tmp_path, person=people, death=deaths))
    assert [str(one.death) for one in found] == ["2020-03-04", "None", "None", "None"]
    assert [[event.source_text for event in one.events] for one in found] == [[], *[[DEATH_WITHOUT_DATE]] * 3]
    assert told(report) == (
        "person 3: died on 2020-03-04 and on 2021-01-01: the date of death is left empty",
        "person 4: the death date '1900-01-01' is no date",
    )


def test_a_death_date_in_the_person_table_counts(tmp_path: Path) -> None:
    assert str(only(parquet(tmp_path, person=[{**PERSON, "death_date": DAY}])).death) == "2020-03-04"


def test_trap_12_tables_without_rows(tmp_path: Path) -> None:
    folder = parquet(tmp_path, person=[PERSON], measurement=[MEASUREMENT])
    with duckdb.connect() as connection:
        file = folder / "measurement.parquet"
        connection.execute(f"create table m as select * from read_parquet('{file}') limit 0")
        connection.execute(f"copy m to '{file}' (format parquet)")
    assert only(folder).events == ()
    (folder / "death.csv").write_bytes(b"")
    with pytest.raises(InputError, match=r"'death.csv' is empty"):
        list(read_omop(folder))


def test_trap_14_concept_0_keeps_a_source_code_that_can_be_matched(tmp_path: Path) -> None:
    row = {**CONDITION, "condition_concept_id": 0, "condition_source_value": "363406005"}
    (event,) = events(tmp_path, condition_occurrence=[row])
    assert (event.source_system, event.source_code, event.std_system, event.std_code) == ("SNOMED", "363406005", "", "")


@pytest.mark.parametrize(
    ("concept", "value", "name", "domain"),
    [
        (40213154, "140", "CVX", Domain.IMMUNISATION),
        (0, "CVX:140", "its prefix", Domain.IMMUNISATION),
        (0, "Zoster vaccine, live", "its words", Domain.IMMUNISATION),
        (1551099, "8640", "a drug", Domain.DRUG),
    ],
)
def test_trap_15_vaccines_among_drugs(tmp_path: Path, concept: int, value: str, name: str, domain: Domain) -> None:
    row = {
        "drug_exposure_id": 1,
        "drug_concept_id": concept,
        "drug_exposure_start_date": DAY,
        "drug_exposure_end_date": date(2020, 4, 2),
        "drug_source_value": value,
    }
    (event,) = events(tmp_path, drug_exposure=[row], concept=CONCEPTS)
    assert event.domain is domain, name
    if domain is Domain.IMMUNISATION:
        assert event.end == event.start  # an act of one day, whatever end a program filled in


# --- persons and rows that cannot be used ---------------------------------------------------------------------------


def test_one_rejected_person_does_not_stop_the_folder(tmp_path: Path) -> None:
    people = [PERSON, {**PERSON, "year_of_birth": 1960}, {**PERSON, "person_id": 2}]
    folder = parquet(tmp_path, person=people, measurement=[MEASUREMENT])
    found, report, errors = read(folder)
    assert ([one.id for one in found], report.people) == (["2"], 1)
    assert [error.message for error in errors] == [
        "The person '1' stands 2 times in the person table, with different facts"
    ]
    assert (report.rejected_people, report.rejections) == (1, (errors[0].message,))
    with pytest.raises(InputError, match="stands 2 times"):
        list(read_omop(folder))
    with pytest.raises(InputError, match="stands 2 times"):
        find_omop_person(folder, "1")


def test_a_person_who_stands_there_twice_with_the_same_facts_is_one(tmp_path: Path) -> None:
    people, report, errors = read(parquet(tmp_path, person=[PERSON, PERSON]))
    assert (len(people), errors, told(report)) == (
        1, [], ("person 1: stands 2 times in the person table, each time the same",),
    )  # fmt: skip


def test_rows_of_strangers_may_be_anybodys_and_nobody_gets_them(tmp_path: Path) -> None:
    rows = [{**MEASUREMENT, "person_id": number, "measurement_id": number} for number in (0, 1, 2, 3, 9)]
    people = [{**PERSON, "person_id": 1}, {**PERSON, "person_id": 3}]
    folder = parquet(
        tmp_path, **{**TABLES, "person": people, "measurement": rows, "death": [{"person_id": 3, "death_date": DAY}]}
    )
    found, report, _ = read(folder)
    assert [[event.id for event in one.events][-1] for one in found] == ["measurement/1", "measurement/3"]
    assert lost(report) == ("measurement.parquet: 3 rows are of people who are not in person",)
    assert found[0].coverage == () == find_omop_person(folder, "1").coverage


def test_a_period_of_a_stranger_takes_nothing_from_anybody(tmp_path: Path) -> None:
    periods = [{**TABLES["observation_period"][0], "person_id": number} for number in (1, 77)]
    people, report, _ = read(parquet(tmp_path, **{**TABLES, "observation_period": periods}))
    assert told(report) == ("observation_period.parquet: 1 rows are of people who are not in person",)
    assert lost(report) == () and len(people[0].coverage) == 1


@pytest.mark.parametrize("person_id", ["", "abc", "77"])
def test_a_death_of_nobody_known_may_be_anybodys(tmp_path: Path, person_id: str) -> None:
    deaths = [{"person_id": person_id, "death_date": DAY}]
    people, report, _ = read(texts(tmp_path, **{**TABLES, "death": deaths}))
    assert [one.coverage for one in people] == [(), ()]
    assert len(lost(report)) == 1 and lost(report)[0].startswith("death.csv: 1 rows ")


def test_a_period_without_a_person_may_be_anybodys(tmp_path: Path) -> None:
    periods = [*TABLES["observation_period"], {**TABLES["observation_period"][0], "person_id": None}]
    people, report, _ = read(parquet(tmp_path, **{**TABLES, "observation_period": periods}))
    assert (people[0].coverage, len(lost(report))) == ((), 1)


@pytest.mark.parametrize("person_id", ["1.4", "0.6", "1e0", "0x1", "1_0", "1,0", "١"])
def test_a_number_that_is_not_whole_is_nobodys_id(tmp_path: Path, person_id: str) -> None:
    rows = [CONDITION, {**CONDITION, "person_id": person_id, "condition_occurrence_id": 8}]
    people, report, _ = read(texts(tmp_path, **{**TABLES, "condition_occurrence": rows}))
    assert [event.id for one in people for event in one.events] == ["condition_occurrence/7", "measurement/9"]
    assert lost(report) == ("condition_occurrence.csv: 1 rows have no person_id that is a whole number",)


def test_concepts_years_and_values_are_not_rounded(tmp_path: Path) -> None:
    person = {**PERSON, "year_of_birth": "1950.6"}
    row = {**MEASUREMENT, "measurement_concept_id": "3006922.6", "value_as_number": "0x10", "unit_source_value": ""}
    found = only(texts(tmp_path, person=[person], measurement=[row]))
    assert (found.birth, found.events[0].std_code, found.events[0].value) == (None, "", None)
    whole = only(texts(tmp_path / "b", person=[{**PERSON, "person_id": " +1.0 "}], condition_occurrence=[CONDITION]))
    assert [event.id for event in whole.events] == ["condition_occurrence/7"]


@pytest.mark.parametrize("form", ["csv", "parquet", "parts"])
def test_names_of_folders_on_the_way_are_not_columns(tmp_path: Path, form: str) -> None:
    place = tmp_path / "person_id=2" / "year_of_birth=1900"
    place.mkdir(parents=True)
    folder = texts(place, person=[PERSON]) if form == "csv" else parquet(place, person=[PERSON])
    if form == "parts":
        (folder / "person").mkdir()
        (folder / "person.parquet").rename(folder / "person" / "person_id=3.parquet")
    person = only(folder)
    assert (person.id, str(person.birth)) == ("1", "1959-05-14")


def test_rows_without_a_person_may_be_anybodys_so_no_record_is_complete(tmp_path: Path) -> None:
    folder = parquet(tmp_path, **{**TABLES, "measurement": [MEASUREMENT, {**MEASUREMENT, "person_id": None}]})
    people, report, _ = read(folder)
    assert lost(report) == ("measurement.parquet: 1 rows have no person_id that is a whole number",)
    assert people[0].coverage == () == find_omop_person(folder, "1").coverage


def test_ids_given_twice_keep_both_rows(tmp_path: Path) -> None:
    rows = [MEASUREMENT, {**MEASUREMENT, "value_as_number": 50.0}]
    assert [event.id for event in events(tmp_path, measurement=rows)] == ["measurement/9", "measurement/9#2"]


def test_ids_kept_as_floats_are_whole_numbers(tmp_path: Path) -> None:
    rows = [
        {
            **MEASUREMENT,
            "person_id": 1.0,
            "measurement_id": 9.0,
            "measurement_concept_id": 3006923.0,
            "measurement_source_value": 17426.0,
        }
    ]
    (event,) = only(parquet(tmp_path, person=[{**PERSON, "person_id": 1.0}], measurement=rows)).events
    assert (event.id, event.std_code, event.source_code) == ("measurement/9", "3006923", "17426")


def test_words_in_columns_of_dates_and_numbers_are_told_and_the_row_stays(tmp_path: Path) -> None:
    rows = [
        {**MEASUREMENT, "measurement_id": 1, "measurement_date": "04/03/2020"},
        {**MEASUREMENT, "measurement_id": 2, "measurement_date": "2020-02-31"},
        {**MEASUREMENT, "measurement_id": 3, "measurement_date": "20200304", "value_as_number": "forty"},
        {**MEASUREMENT, "measurement_id": 4, "measurement_date": "2020-03-04T08:30:00", "value_as_number": "nan"},
        {**MEASUREMENT, "measurement_id": 5, "measurement_date": "", "value_as_number": "inf"},
    ]
    people, report, _ = read(texts(tmp_path, person=[PERSON], measurement=rows))
    found = people[0].events
    assert [str(event.start) for event in found] == ["None", "None", "2020-03-04", "2020-03-04", "None"]
    assert [(event.value, event.value_text) for event in found] == [
        (41.5, ""), (41.5, ""), (None, "forty"), (None, "nan"), (None, "inf"),
    ]  # fmt: skip
    assert told(report) == (
        "measurement.csv: measurement_id 1: '04/03/2020' is no date",
        "measurement.csv: measurement_id 2: '2020-02-31' is no date",
        "measurement.csv: measurement_id 3: the value 'forty' is no number",
        "measurement.csv: measurement_id 4: the value 'nan' is no number",
        "measurement.csv: measurement_id 5: the value 'inf' is no number",
    )


def test_days_that_stand_for_no_day_are_left_empty(tmp_path: Path) -> None:
    rows = [
        {**CONDITION, "condition_start_date": date(1900, 1, 1), "condition_end_date": date(9999, 12, 31)},
        {**CONDITION, "condition_occurrence_id": 8, "condition_end_date": date(2099, 12, 31)},
    ]
    people, report, _ = read(parquet(tmp_path, person=[PERSON], condition_occurrence=rows))
    assert [(str(event.start), event.end) for event in people[0].events] == [("None", None), ("2020-03-04", None)]
    assert report.no_date == 1


def test_times_of_day(tmp_path: Path) -> None:
    moments = (datetime(2020, 3, 4, 8, 30), datetime(2020, 3, 4), datetime(1900, 1, 1, 5, 0), None)
    rows = [{**MEASUREMENT, "measurement_id": n, "measurement_datetime": moment} for n, moment in enumerate(moments)]
    assert [str(event.time) for event in events(tmp_path, measurement=rows)] == ["08:30:00", "None", "None", "None"]


def test_an_end_before_the_start_is_told_and_left_out(tmp_path: Path) -> None:
    row = {**CONDITION, "condition_end_date": date(2019, 1, 1)}
    people, report, _ = read(parquet(tmp_path, person=[PERSON], condition_occurrence=[row]))
    assert people[0].events[0].end is None
    assert told(report) == (
        "condition_occurrence.parquet: condition_occurrence_id 7: ends on 2019-01-01, before it begins on 2020-03-04",
    )


def test_an_absent_concept_table_is_told(tmp_path: Path) -> None:
    assert NO_CONCEPTS in read(parquet(tmp_path / "a", person=[PERSON]))[1].problems
    assert NO_CONCEPTS not in read(parquet(tmp_path / "b", person=[PERSON], concept=CONCEPTS))[1].problems


# --- one person -----------------------------------------------------------------------------------------------------


def test_one_person_is_found_by_either_id(tmp_path: Path) -> None:
    folder = parquet(tmp_path, **TABLES)
    one, two = read(folder)[0]
    assert find_omop_person(folder, "1") == one == find_omop_person(folder, " MRN-1 ")
    assert find_omop_person(folder, "person_id:2") == two == find_omop_person(folder, "person_source_value:MRN-2")
    with pytest.raises(InputError, match=r"no person 'MRN-3'.*\n.*2 persons, with person_id from 1 to 2"):
        find_omop_person(folder, "MRN-3")
    with pytest.raises(InputError, match="no person 'x' or 1=1'"):
        find_omop_person(folder, "x' or 1=1")


def test_a_word_that_is_two_persons_must_be_told_apart(tmp_path: Path) -> None:
    folder = parquet(tmp_path, person=[{**PERSON, "person_source_value": "2"}, {**PERSON, "person_id": 2}])
    with pytest.raises(InputError, match=r"'2' is the id of 2 persons: person_id 1, 2") as raised:
        find_omop_person(folder, "2")
    assert raised.value.hint == "Write person_id:1 for one of them."
    assert (find_omop_person(folder, "person_id:2").id, find_omop_person(folder, "person_source_value:2").id) == (
        "2",
        "1",
    )


# --- files that are none --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("person.parquet", b"no parquet", "cannot be read"),
        ("person.csv", b"person_id,\xff\xfe\n1,2\n", "is not UTF-8 text"),
        ("person.csv", b"person_id,person_id\n1,2\n", "'person_id' is given twice"),
        ("person.csv.gz", b"\x1f\x8bnot gzip at all", "damaged"),
        ("person.csv.gz", gzip.compress(b"person_id\n" + b"0" * 30_000_000), "gzip bomb"),
        ("observation.csv", b"observation_id,person_id\n1,2\n", "has no table 'person'"),
    ],
)
def test_files_that_are_no_tables(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=words):
        list(read_omop(tmp_path))


def test_a_table_without_a_needed_column_names_the_nearest(tmp_path: Path) -> None:
    row = {"measurement_id": 1, "person_id": 1, "measurement_concept": 0, "measurement_date": DAY}
    with pytest.raises(InputError, match=r"'measurement.csv' has no column measurement_concept_id") as raised:
        list(read_omop(texts(tmp_path, person=[PERSON], measurement=[row])))
    assert raised.value.hint == "Did you mean 'measurement_concept'?"


def test_lines_that_are_no_rows_are_told_and_no_record_is_complete(tmp_path: Path) -> None:
    folder = texts(tmp_path, **TABLES)
    with (folder / "measurement.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("10,1,3006923,2020-03-04,41.5,8645,1742-6,U/L,40.0,and,more,than,belongs,here\r\n")
    people, report, _ = read(folder)
    assert len(people[0].events) == 2
    assert len(lost(report)) == 1 and lost(report)[0].startswith("measurement.csv:3: no row of the table")
    assert people[0].coverage == ()


def test_a_short_line_is_no_row(tmp_path: Path) -> None:
    folder = texts(tmp_path, **TABLES)
    with (folder / "measurement.csv").open("a", encoding="utf-8", newline="") as file:
        file.write("10,1,3006923,2020-03-04,1\r\n" * 30)
    people, report, _ = read(folder)
    assert ([event.id for event in people[0].events][-1], people[0].coverage) == ("measurement/9", ())
    assert lost(report)[0].startswith("measurement.csv:3: no row of the table")
    assert lost(report)[-1] == "measurement.csv: 10 more lines are no rows of the table"
    assert report.lost_count == len(report.lost)


@pytest.mark.parametrize("ending", [".csv", ".csv.gz"])
def test_a_last_line_without_an_end_may_be_cut(tmp_path: Path, ending: str) -> None:
    folder = texts(tmp_path, ending=ending, **TABLES)
    file = folder / f"measurement{ending}"
    content = file.read_bytes()
    whole = (gzip.decompress(content) if ending.endswith("gz") else content).removesuffix(b"\r\n")
    file.write_bytes(gzip.compress(whole) if ending.endswith("gz") else whole)
    people, report, _ = read(folder)
    assert people[0].coverage == () and len(people[0].events) == 2
    assert [line.startswith(f"{file.name}: the last line has no line end") for line in lost(report)] == [True]


def test_a_separator_at_the_end_of_each_line_makes_no_column(tmp_path: Path) -> None:
    wanted = without_places(read(texts(tmp_path / "a", **TABLES))[0])
    folder = texts(tmp_path / "b", **TABLES)
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes().replace(b"\r\n", b",\r\n"))
    assert without_places(read(folder)[0]) == wanted


def test_a_table_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    parquet(tmp_path, person=[PERSON])
    texts(tmp_path, person=[PERSON])
    with pytest.raises(InputError, match=r"'person' is there more than once: person.csv, person.parquet"):
        list(read_omop(tmp_path))


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    elsewhere = parquet(tmp_path / "elsewhere", person=[PERSON])
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "person.parquet").symlink_to(elsewhere / "person.parquet")
    with pytest.raises(InputError, match="a link to a file outside the folder"):
        list(read_omop(folder))


def test_no_such_place(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file or folder"):
        list(read_omop(tmp_path / "nowhere"))
    (tmp_path / "text.duckdb").write_text("words")
    with pytest.raises(InputError, match="is no DuckDB file"):
        list(read_omop(tmp_path / "text.duckdb"))
