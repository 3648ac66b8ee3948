"""What a path is: told by names and first lines, so that one door serves every kind of source."""

from __future__ import annotations

import inspect
import os
from importlib import import_module
from pathlib import Path

import pytest

from tests.ndjson_exports import PATIENT, line, write_export
from trialrun.errors import InputError
from trialrun.patients.report import ReadReport
from trialrun.patients.shipped import shipped_bundle, shipped_people
from trialrun.patients.sources import Kind, open_source

OMOP = b"person_id,gender_concept_id,year_of_birth\n1,8532,1959\n"
OURS = b"person,born,sex\n1,1959,female\n"

FOLDERS: dict[str, tuple[dict[str, bytes], Kind]] = {
    "bundles": ({"a.json": b"", "b.json.gz": b""}, Kind.BUNDLES),
    "bundles with answers beside": ({"a.json": b"", "answers.csv": b"", "people.csv": b""}, Kind.BUNDLES),
    "an export": ({"Patient.ndjson": b"", "manifest.json": b""}, Kind.EXPORT),
    "an export, packed": ({"Patient.000.NDJSON.GZ": b""}, Kind.EXPORT),
    "a log is no export": ({"log.ndjson": b"", "a.json": b""}, Kind.BUNDLES),
    "OMOP as Parquet": ({"person.parquet": b"", "concept.parquet": b""}, Kind.OMOP),
    "OMOP in capitals": ({"PERSON.CSV": OMOP.upper(), "CONCEPT.CSV": b""}, Kind.OMOP),
    "OMOP without a header": ({"person.csv": b"1\t8532\t1959\n"}, Kind.OMOP),
    "OMOP without a header, with words": (
        {"person.csv": b"7,8532,1959,5,14,,0,0,,,,MRN-abc,female,0,,0,,0\n"},
        Kind.OMOP,
    ),
    "OMOP in parts": ({"person/part-0.parquet": b"", "concept.parquet": b""}, Kind.OMOP),
    "OMOP, packed": ({"Person.csv.gz": b"\x1f\x8b", "a.json": b""}, Kind.OMOP),
    "tables of our own": ({"people.csv": OURS, "events.csv": b""}, Kind.TABLES),
    "a table named person of our own": ({"person.csv": OURS}, Kind.TABLES),
}
FILES: dict[str, tuple[str, bytes, Kind]] = {
    "a bundle": ("a.json", b"", Kind.BUNDLE),
    "a packed bundle": ("a.json.gz", b"", Kind.BUNDLE),
    "a bundle of any name": ("record", b"", Kind.BUNDLE),
    "NDJSON": ("a.ndjson", b"", Kind.EXPORT),
    "packed NDJSON": ("a.ndjson.gz", b"", Kind.EXPORT),
    "a database": ("cdm.duckdb", b"", Kind.OMOP),
    "a database by another name": ("x.db", b"", Kind.OMOP),
    "a table": ("rows.csv", OURS, Kind.TABLES),
}


@pytest.mark.parametrize("case", FOLDERS)
def test_folders(case: str, tmp_path: Path) -> None:
    files, kind = FOLDERS[case]
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    source = open_source(tmp_path)
    assert source.kind is kind and not source.single
    assert source.describe() == f"{kind.value} '{tmp_path}'"


@pytest.mark.parametrize("case", FILES)
def test_files(case: str, tmp_path: Path) -> None:
    name, content, kind = FILES[case]
    (tmp_path / name).write_bytes(content)
    assert open_source(tmp_path / name).kind is kind


REFUSED: dict[str, tuple[dict[str, bytes], str]] = {
    "nothing": ({}, "has nothing that is read"),
    "workbooks": ({"people.xlsx": b"PK"}, "holds Excel workbooks, which are not read"),
    "pictures": ({"a.png": b""}, "has nothing that is read"),
    "an export and our own tables": ({"patients.csv": OURS, "Patient.ndjson": b""}, "holds FHIR NDJSON and tables of"),
    "OMOP and a map": ({"person.csv": OMOP, "columns.yaml": b""}, "holds OMOP tables and tables of patients"),
    "OMOP and an export": ({"person.csv": OMOP, "a.ndjson": b""}, "holds FHIR NDJSON and OMOP tables"),
    "XML": ({"a.xml": b"<Bundle/>"}, "holds XML, which is not read"),
    "a database in a folder": ({"cdm.duckdb": b""}, "is a folder with a database"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, tmp_path: Path) -> None:
    files, words = REFUSED[case]
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=words) as error:
        open_source(tmp_path)
    assert error.value.hint


def test_a_pipe_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "person.csv")
    with pytest.raises(InputError, match="has neither"):
        list(open_source(tmp_path).people())
    with pytest.raises(InputError, match="is not a file"):
        open_source(tmp_path / "person.csv")


def test_archives_and_names_that_nobody_has(tmp_path: Path) -> None:
    (tmp_path / "export.zip").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match="is a zip archive"):
        open_source(tmp_path / "export.zip")
    with pytest.raises(InputError) as error:
        open_source(Path("may-jion"))
    assert error.value.hint == "Did you mean 'may-join'?"
    with pytest.raises(InputError) as error:
        open_source(Path("virtual-clinic"))
    assert error.value.hint == "Did you mean 'virtual-clinic:2000'?"


def test_made_up_people_by_name_and_by_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    person = shipped_people()["may-join"]
    source = open_source(Path("may-join"))
    reports: list[ReadReport] = []
    assert list(source.people(on_report=reports.append)) == [person]
    assert (reports[0].files, reports[0].people, source.count(), source.single) == (1, 1, 1, True)
    assert source.person(person.id) == source.person("may-join") == person
    with pytest.raises(InputError) as error:
        source.person("007")
    assert error.value.hint == f"Known: {person.id}."
    monkeypatch.chdir(tmp_path)  # a path that exists goes before a name
    (tmp_path / "may-join").write_bytes(shipped_bundle("unknown"))
    assert [one.id for one in open_source(Path("may-join")).people()] == ["made-up-unknown"]


def test_bundles_and_exports_through_the_door(tmp_path: Path) -> None:
    bundles, export = tmp_path / "bundles", write_export(tmp_path / "export", {"a.ndjson": [PATIENT]})
    bundles.mkdir()
    (bundles / "p.json").write_bytes(line(PATIENT))
    (bundles / "broken.json").write_bytes(b"{")
    for path, count, errors in ((bundles, 2, 1), (export, None, 0), (export / "a.ndjson", None, 0)):
        source, told, reports = open_source(path), list[InputError](), list[ReadReport]()
        people = list(source.people(on_report=reports.append, on_error=told.append))
        assert [one.id for one in people] == ["p"] and len(told) == errors and source.count() == count
        total = sum(reports, ReadReport())
        assert (total.people, total.rejected_files) == (1, errors)
        assert source.person("p").id == "p"


@pytest.mark.parametrize(
    ("room", "reader", "finder"),
    [("omop", "read_omop", "find_omop_person"), ("tables", "read_tables", "find_table_person")],
)
def test_readers_of_tables_keep_to_the_door(room: str, reader: str, finder: str) -> None:
    module = import_module(f"trialrun.patients.{room}.read")
    read, find = inspect.signature(getattr(module, reader)), inspect.signature(getattr(module, finder))
    assert {"path", "on", "on_report", "on_error"} <= set(read.parameters) and len(find.parameters) >= 2
