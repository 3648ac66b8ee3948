"""Plain tables of people: our own shape, and any spreadsheet with a column map."""

from __future__ import annotations

import gzip
from datetime import date, time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from trialrun.errors import InputError, MachineError, ProblemsError
from trialrun.patients.person import DEATH_WITHOUT_DATE, Event, Period, Person, Sex, Status
from trialrun.patients.report import ReadReport
from trialrun.patients.tables.columns_file import parse_columns
from trialrun.patients.tables.headers import is_tables
from trialrun.patients.tables.read import find_table_person, read_tables
from trialrun.patients.tables.write import write_tables
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain

PATIENTS = "patient_id,birth_date,sex,death_date\n7,1959-05-14,female,\n8,1960,male,2020-01-01\n"
EVENTS = (
    "patient_id,event_id,domain,start,source_text,value,unit_source,high\n"
    "7,a,measurement,2026-10-01 08:30,ALT,<5,U/L,40\n"
    "8,b,condition,2019-05,Gout,,,\n"
    '7,c,drug,,"Prednisone, 5 mg",,,\n'
)
MAP = """\
files:
  - file: export.csv
    separator: ";"
    dates: DD.MM.YYYY
    decimal: ","
    empty: [k.A., "-"]
    person: {id: Patient, birth: geboren, sex: Geschlecht}
    sexes: {w: female}
    rows:
      - fixed: {domain: measurement, source_text: ALT, unit_source: U/L}
        columns: {start: Datum, value: GPT, high: GPT ONG}
      - fixed: {domain: measurement, source_text: CRP, unit_source: mg/L, status: completed}
        columns: {start: Datum, value: CRP}
    ignore: [Bemerkung]
"""
EXPORT = (
    "Patient;geboren;Geschlecht;Datum;GPT;GPT ONG;CRP;Bemerkung;Station\n"
    "12;14.05.1959;w;01.10.2026;41,5;40;<0,3;=cmd();3\n"
    "12;14.05.1959;w;2.10.2026 7:05;k.A.;-;negativ;;3\n"
    "13;1960;m;10.2026;-;-;-;;4\n"
)


def folder_of(path: Path, **files: str | bytes) -> Path:
    path.mkdir(exist_ok=True)
    for name, content in files.items():
        place = path / name.replace("_", ".")
        place.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, on: date | None = None) -> tuple[list[Person], ReadReport, list[InputError]]:
    reports: list[ReadReport] = []
    errors: list[InputError] = []
    people = list(read_tables(path, on=on, on_report=reports.append, on_error=errors.append))
    return people, reports[0], errors


def test_our_own_shape(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        patients_csv=PATIENTS,
        events_csv=EVENTS,
        coverage_csv="patient_id,start,end\n7,2016-01-01,2026-11-01\n",
    )
    people, report, errors = read(folder, on=date(2026, 1, 1))
    assert people == [
        Person(
            "7", PartialDate(1959, 5, 14), Sex.FEMALE, None,
            (
                Event(
                    "a", Domain.MEASUREMENT, PartialDate(2026, 10, 1), None, time(8, 30), source_text="ALT", value=5.0,
                    comparator="<", unit_source="U/L", high=40.0, origin="events.csv:2",
                ),
                Event("c", Domain.DRUG, source_text="Prednisone, 5 mg", origin="events.csv:4"),
            ),
            (Period(date(2016, 1, 1), date(2026, 11, 1)),), "patients.csv:2",
        ),
        Person(
            "8", PartialDate(1960), Sex.MALE, PartialDate(2020, 1, 1),
            (Event("b", Domain.CONDITION, PartialDate(2019, 5), source_text="Gout", origin="events.csv:3"),),
            origin="patients.csv:3",
        ),
    ]  # fmt: skip
    assert dict(report.read) == {"coverage.csv": 1, "events.csv": 3, "patients.csv": 2}
    assert (report.people, report.future, report.no_date, report.partial_dates, report.problems, errors) == (
        2,
        1,
        1,
        1,
        (),
        [],
    )
    assert find_table_person(folder, " 8 ") == people[1]


@pytest.mark.parametrize("form", ["tsv", "gzip", "bom", "crlf", "parquet", "semicolon", "capitals"])
def test_other_containers_of_the_same(tmp_path: Path, form: str) -> None:
    wanted = read(folder_of(tmp_path / "a", patients_csv=PATIENTS, events_csv=EVENTS))[0]
    folder = tmp_path / "b"
    folder.mkdir()
    for name, text in (("patients", PATIENTS), ("events", EVENTS)):
        tabs = (
            text.replace("Prednisone, 5 mg", "Prednisone§ 5 mg").replace('"', "").replace(",", "\t").replace("§", ",")
        )
        match form:
            case "tsv":
                (folder / f"{name}.tsv").write_text(tabs, encoding="utf-8")
            case "semicolon":
                (folder / f"{name}.csv").write_text(tabs.replace("\t", ";"), encoding="utf-8")
            case "gzip":
                (folder / f"{name}.csv.gz").write_bytes(gzip.compress(text.encode()))
            case "bom":
                (folder / f"{name}.csv").write_text(text, encoding="utf-8-sig")
            case "crlf":
                (folder / f"{name}.csv").write_bytes(text.replace("\n", "\r\n").encode())
            case "capitals":
                first, rest = text.split("\n", 1)
                (folder / f"{name.upper()}.CSV").write_text(f"{first.upper()}\n{rest}", encoding="utf-8")
            case "parquet":
                (folder / "x.csv").write_text(text, encoding="utf-8")
                duckdb.sql(
                    f"copy (select * from read_csv('{folder / 'x.csv'}', all_varchar=true)) to '{folder / name}.parquet' (format parquet)"
                )
                (folder / "x.csv").unlink()
    found = read(folder)[0]
    assert [one.id for one in found] == ["7", "8"]
    assert [event.source_text for one in found for event in one.events] == ["ALT", "Prednisone, 5 mg", "Gout"]
    assert [(one.birth, one.sex, one.death) for one in found] == [(one.birth, one.sex, one.death) for one in wanted]


def test_a_spreadsheet_with_a_column_map(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, columns_yaml=MAP, export_csv=EXPORT)
    people, report, errors = read(folder)
    first, second = people
    assert (first.id, str(first.birth), first.sex) == ("12", "1959-05-14", Sex.FEMALE)
    assert (second.id, str(second.birth), second.sex, second.events) == ("13", "1960", Sex.MALE, ())
    found = [
        (event.source_text, str(event.start), event.time, event.value, event.comparator, event.value_text, event.high)
        for event in first.events
    ]
    assert found == [
        ("ALT", "2026-10-01", None, 41.5, "", "", 40.0),
        ("CRP", "2026-10-01", None, 0.3, "<", "", None),
        ("CRP", "2026-10-02", time(7, 5), None, "", "negativ", None),
    ]
    assert [event.id for event in first.events] == ["export.csv:2.1", "export.csv:2.2", "export.csv:3.2"]
    assert {event.status for event in first.events if event.source_text == "CRP"} == {Status.COMPLETED}
    assert (dict(report.ignored), report.problems, errors) == ({"export.csv, column Station": 3}, (), [])
    for path in (folder / "export.csv", folder / "columns.yaml"):
        assert is_tables(path) and read(path)[0] == people


def test_people_may_stand_in_several_files(tmp_path: Path) -> None:
    columns = """\
files:
  - {file: who.csv, person: {id: nr, birth: born}}
  - file: labs.csv
    person: {id: patient}
    rows: [{fixed: {domain: measurement}, columns: {source_text: test, value: result, unit_source: unit, start: day}}]
"""
    labs = "patient,test,result,unit,day\n2,ALT,30,U/L,2026-01-01\n9,ALT,30,U/L,2026-01-01\n1,,,,2026-01-01\n"
    folder = folder_of(tmp_path, columns_yaml=columns, who_csv="nr,born\n1,1950\n2,1951\n", labs_csv=labs)
    people, report, _ = read(folder)
    assert [(one.id, len(one.events)) for one in people] == [("1", 0), ("2", 1)]
    assert report.lost == ("labs.csv: 1 rows are of people who are not in the list",)


# --- what cannot be read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "kept", "said"),
    [
        ("start=31.12.2020", {"start": None}, "column start: '31.12.2020' is no date. Write it as YYYY-MM-DD."),
        ("start=2020-02-31", {"start": None}, "column start: '2020-02-31' does not exist in the calendar"),
        ("start=20-02-01", {"start": None}, "column start: '20-02-01' is no date. Write it as YYYY-MM-DD."),
        ("high=forty", {"high": None}, "column high: 'forty' is no number. The decimal sign is '.'."),
        ("value=1,5", {"value": None, "value_text": "1,5"}, ""),
        ("value=1e999", {"value": None, "value_text": "1e999"}, ""),
        ("value=nan", {"value": None, "value_text": "nan"}, ""),
        ("value=5;comparator=~", {"value": None, "value_text": "~ 5"}, "column comparator: '~' is none of < <= > >="),
        ("status=finished", {"status": Status.UNKNOWN}, "column status: 'finished' is no status"),
        ("time=25:00", {"time": None}, "column time: '25:00' is no time of day. Write it as 08:30."),
        ("dose=-5", {"dose": None}, "column dose: -5 is negative"),
        ("start=2020-01-02;end=2020-01-01", {"end": None}, ": ends on 2020-01-01, before it begins on 2020-01-02"),
        ("low=5;high=1", {"low": None, "high": None}, ": the lower limit 5 is above the upper 1"),
        ("source_text==1+1", {"source_text": "=1+1"}, ""),
        ("source_text='=1+1", {"source_text": "=1+1"}, ""),
    ],
)
def test_a_cell_that_cannot_be_read_is_left_empty_and_told(
    tmp_path: Path, cells: str, kept: dict[str, Any], said: str
) -> None:
    given = dict(cell.split("=", 1) for cell in cells.split(";"))
    events = (
        f"patient_id,domain,{','.join(given)}\n"
        + "7,measurement,"
        + ",".join(f'"{cell}"' for cell in given.values())
        + "\n"
    )
    people, report, _ = read(folder_of(tmp_path, patients_csv="patient_id\n7\n", events_csv=events))
    (event,) = people[0].events
    assert {name: getattr(event, name) for name in kept} == kept
    assert len(report.problems) == bool(said)
    assert all(said in line and line.startswith("events.csv:2") for line in report.problems)


@pytest.mark.parametrize(
    ("form", "cell", "said"),
    [
        ("YYYYMMDD", "20201105", "2020-11-05"),
        ("YYYYMMDD", "202011", "2020-11"),
        ("YYYYMMDD", "1959", "1959"),
        ("YYYYMMDD", "1959111", "None"),
        ("YYYYMMDD", "20201", "None"),
        ("DD.MM.YYYY", "5.1.2020", "2020-01-05"),
    ],
)
def test_dates_without_separators_have_two_digits(tmp_path: Path, form: str, cell: str, said: str) -> None:
    columns = f"files:\n- {{file: p.csv, dates: {form}, person: {{id: id, birth: born}}}}\n"
    people, report, _ = read(folder_of(tmp_path, columns_yaml=columns, p_csv=f"id,born\n1,{cell}\n"))
    assert (str(people[0].birth), len(report.problems)) == (said, int(said == "None"))


@pytest.mark.parametrize(
    "rows",
    [
        '7,a,condition,2021-01-01,"x\n7,b,condition,2021-01-02,y"\n',
        '7,"a\n7,b",condition,2021-01-01,x\n',
        '7,a,condition,"2021-01-01\n2021-02-01",x\n',
    ],
)
def test_a_quote_that_swallows_a_line_is_told(tmp_path: Path, rows: str) -> None:
    coverage = "patient_id,start,end\n7,2016-01-01,2026-11-01\n"
    events = f"patient_id,event_id,domain,start,source_text\n{rows}"
    folder = folder_of(tmp_path, patients_csv=PATIENTS, events_csv=events, coverage_csv=coverage)
    people, report, _ = read(folder)
    assert (people[0].coverage, people[0].events, report.lost_count) == ((), (), 1)
    assert report.lost[0].startswith("events.csv:2: a cell holds a line end")


def test_words_may_run_over_lines(tmp_path: Path) -> None:
    events = 'patient_id,event_id,domain,start,source_text\n7,a,condition,2021-01-01,"first\nsecond, third"\n'
    people, report, _ = read(folder_of(tmp_path, patients_csv=PATIENTS, events_csv=events))
    assert (len(people[0].events), report.lost) == (1, ())


def test_ids_are_the_same_without_what_nobody_sees_and_strangers_may_be_anybody(tmp_path: Path) -> None:
    coverage = "patient_id,start,end\n7,2016-01-01,2026-11-01\n99,2016-01-01,2026-11-01\n"
    whole = "patient_id,event_id,domain\n7\u200b,a,condition\n \ufeff7 ,b,drug\n"
    files: dict[str, Any] = {"patients_csv": PATIENTS, "coverage_csv": coverage}
    people, report, _ = read(folder_of(tmp_path / "a", events_csv=whole, **files))
    assert [event.id for event in people[0].events] == ["a", "b"] and len(people[0].coverage) == 1
    assert report.lost == () and report.problems == ("coverage.csv: 1 rows are of people who are not in the list",)
    folder = folder_of(tmp_path / "b", events_csv=whole + "07,c,drug\n", **files)
    people, report, _ = read(folder)
    assert people[0].coverage == () and report.lost == ("events.csv: 1 rows are of people who are not in the list",)
    assert find_table_person(folder, "7\u200b") == people[0]


@pytest.mark.parametrize("name", ["patients.csv", "columns.yaml", "export.csv"])
def test_links_out_of_the_folder_are_not_followed(tmp_path: Path, name: str) -> None:
    files = {"patients.csv": PATIENTS} if name == "patients.csv" else {"columns.yaml": MAP, "export.csv": EXPORT}
    folder = tmp_path / "folder"
    folder.mkdir()
    for file, content in files.items():
        (folder / file).write_text(content, encoding="utf-8")
    (folder / name).rename(tmp_path / name)
    (folder / name).symlink_to(tmp_path / name)
    with pytest.raises(InputError, match="outside the folder"):
        list(read_tables(folder))


@pytest.mark.parametrize("own", [True, False])
def test_tables_beside_that_are_not_read_are_lost(tmp_path: Path, own: bool) -> None:
    files = {"patients.csv": PATIENTS} if own else {"columns.yaml": MAP, "export.csv": EXPORT}
    for file, content in {**files, "events_2.csv": EVENTS, "answers.csv": "", "notes.txt.bak": ""}.items():
        (tmp_path / file).write_text(content, encoding="utf-8")
    _, report, _ = read(tmp_path)
    assert report.lost == ("events_2.csv: this table is not read; what it holds is missing",)


def test_a_fixed_value_that_is_wrong_says_where_it_stands(tmp_path: Path) -> None:
    columns = MAP.replace("unit_source: U/L}", "unit_source: U/L, low: few}")
    _, report, _ = read(folder_of(tmp_path, columns_yaml=columns, export_csv=EXPORT))
    assert report.problems[0].startswith("export.csv:2, a value that is fixed in columns.yaml: 'few' is no number")


def test_names_of_folders_on_the_way_are_not_columns(tmp_path: Path) -> None:
    folder = tmp_path / "patient_id=2"
    folder.mkdir()
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select '7' as patient_id, '1959' as birth_date) to '{folder}/patients.parquet' (format parquet)"
        )
    assert [one.id for one in read(folder)[0]] == ["7"]


def test_a_row_of_nobody_knows_whom_or_what_takes_coverage_from_all(tmp_path: Path) -> None:
    coverage = "patient_id,start,end\n7,2016-01-01,2026-11-01\n"
    for number, line in enumerate((",condition", "7,conditoin", "7,")):
        folder = folder_of(
            tmp_path / str(number),
            patients_csv=PATIENTS,
            events_csv=f"patient_id,domain\n{line}\n",
            coverage_csv=coverage,
        )
        people, report, _ = read(folder)
        assert (people[0].coverage, people[0].events, len(report.lost), report.lost_count) == ((), (), 1, 1)
        assert report.lost[0].startswith("events.csv:2: ")
        assert find_table_person(folder, "7").coverage == ()


def test_two_lines_that_contradict_reject_that_person_only(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, patients_csv=PATIENTS + "7,1959-05-15,female,\n")
    people, report, errors = read(folder)
    assert [one.id for one in people] == ["8"]
    assert (report.rejected_people, report.rejections) == (1, (errors[0].message,))
    assert [error.message for error in errors] == ["The person '7' has birth 1959-05-14 and 1959-05-15"]
    with pytest.raises(InputError, match="The person '7' has birth"):
        list(read_tables(folder))


def test_dead_without_a_date(tmp_path: Path) -> None:
    people, report, _ = read(folder_of(tmp_path, patients_csv="patient_id,death_date\n7,yes\n"))
    assert (people[0].death, people[0].events[0].source_text) == (None, DEATH_WITHOUT_DATE)
    assert report.problems == ("patients.csv:2, column death_date: 'yes' is no date. Write it as YYYY-MM-DD.",)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("patients.csv", "patient_id,birthdate\n1,1950\n", r"patients.csv:1: there is no column 'birthdate'\n.*'birth_date'"),
        ("patients.csv", "birth_date\n1950\n", r"patients.csv:1: no column patient_id"),
        ("patients.csv", "patient_id,patient_id\n1,1\n", r"the column 'patient_id' is given twice"),
        ("patients.csv", "patient_id,sex\n1,male,x\n", r"patients.csv:2: 3 cells where 2 belong"),
        ("patients.csv", 'patient_id,sex\n1,"male\n', r"patients.csv:\d: this is no CSV"),
        ("patients.csv", "", r"'patients.csv' is empty"),
        ("patients.csv", b"patient_id,sex\n1,m\xe4nnlich\n", r"patients.csv:2: byte 0xe4 is not UTF-8 text"),
        ("patients.csv", "patient_id\n1\n".encode("utf-16"), r"patients.csv: this is not UTF-8 text"),
        ("patients.csv", b"PK\x03\x04\x00\x00", r"patients.csv: this is binary: an Excel workbook"),
        ("patients.csv", "patient_id\n" + "1" * 2_000_000, r"patients.csv:2: a line of more than 1 MB"),
        ("patients.csv.gz", gzip.compress(b"patient_id\n" + b"1\n" * 20_000_000), r"gzip bomb"),
        ("patients.parquet", b"no parquet", r"is no Parquet file"),
        ("people.csv", "patient_id\n1\n", r"has neither patients.csv nor columns.yaml"),
        ("columns.yaml", "files:\n  - {file: nowhere.csv, person: {id: x}}\n", r"columns.yaml: there is no file 'nowhere.csv'"),
        ("columns.yaml", "files:\n  - {file: ../x.csv, person: {id: x}}\n", r"'../x.csv' lies outside the folder"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_used(tmp_path: Path, name: str, content: str | bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=words):
        list(read_tables(tmp_path))


def test_an_unknown_person_names_the_nearest(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, patients_csv="patient_id\nMRN-17\nMRN-18\n")
    with pytest.raises(InputError, match="There is no person 'MRN-71'") as raised:
        find_table_person(folder, "MRN-71")
    assert raised.value.hint and raised.value.hint.startswith("Did you mean 'MRN-1")


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("files: [{file: a.csv}]", ["columns.yaml:1:9: 'person' has no 'id'"]),
        ("files: [{person: {id: x}}]", ["columns.yaml:1:9: the entry names no file"]),
        ("files: [{file: a.csv, person: {id: x, brith: y}}]", ["columns.yaml:1:39: 'brith' is not known here"]),
        ("files: [{file: a.csv, person: {id: x}, dates: DD.MM.YY}]", ["columns.yaml:1:47: 'DD.MM.YY' is none of"]),
        ("files: [{file: a.csv, person: {id: x}, rows: [{columns: {value: v}}]}]", ["columns.yaml:1:47: a row has no domain"]),
        (
            "files: [{file: a.csv, person: {id: x}, rows: [{fixed: {domain: lab}, columns: {value: v}}]}]",
            ["columns.yaml:1:55: 'lab' is no domain"],
        ),
        ("files: [{file: a.csv, person: {id: x}, sexes: {w: woman}}]", ["columns.yaml:1:47: 'woman' is none of female, male, other"]),
        ("fiels: []", ["columns.yaml:1:1: 'fiels' is not known here"]),
    ],
)  # fmt: skip
def test_problems_of_a_map_have_places(text: str, problems: list[str]) -> None:
    with pytest.raises(ProblemsError) as raised:
        parse_columns(text)
    found = [f"{problem.place}: {problem.message}" for problem in raised.value.problems]
    assert len(found) == len(problems)
    assert all(one.startswith(wanted) for one, wanted in zip(found, problems, strict=True))


def test_a_map_names_columns_that_are_there(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, columns_yaml=MAP, export_csv=EXPORT.replace("GPT ONG", "GPT OG"))
    with pytest.raises(InputError, match="there is no column 'GPT ONG'") as raised:
        list(read_tables(folder))
    assert raised.value.hint == "Did you mean 'GPT OG'?"


# --- writing --------------------------------------------------------------------------------------------------------


def test_nothing_is_written_over(tmp_path: Path) -> None:
    write_tables([Person("1")], tmp_path)
    with pytest.raises(InputError, match="exists already and is left as it is"):
        write_tables([Person("2")], tmp_path)
    assert [one.id for one in read_tables(tmp_path)] == ["1"]


def test_a_place_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MachineError, match="cannot be written"):
        write_tables([], tmp_path / "file" / "folder")


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    def people() -> Any:
        yield Person("1")
        raise InputError("the source ends here")

    with pytest.raises(InputError, match="the source ends here"):
        write_tables(people(), tmp_path)
    assert list(tmp_path.iterdir()) == []
