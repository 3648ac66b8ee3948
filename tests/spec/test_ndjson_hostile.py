"""Exports nobody means well with: what cannot be read is told with its file, the rest is read, in bounded time and memory."""

from __future__ import annotations

import gzip
import io
import json
import os
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from tests.fhir_bundles import bundle, concept, resource
from tests.ndjson_exports import COVERED, PATIENT, line, write_export
from trialrun.errors import InputError, MachineError
from trialrun.patients.fhir import ndjson, spool
from trialrun.patients.fhir.export import read_export
from trialrun.patients.fhir.read import find_person, read_people
from trialrun.patients.person import Person
from trialrun.patients.report import ReadReport

GOOD = line(resource("Condition", code=concept("Cough"))) + b"\n"


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("../../Condition.ndjson", GOOD)
    return held.getvalue()


BAD_FILES: dict[str, tuple[bytes, str]] = {
    "UTF-16": (GOOD.decode().encode("utf-16"), "b.ndjson: this is not UTF-8 text"),
    "binary": (bytes([0x7F, 0x45, 0x4C, 0x46, 0, 1]) + bytes(range(256)) * 9, "b.ndjson: this is not UTF-8 text"),
    "a zip archive": (
        zipped(),
        "b.ndjson: this is binary: an Excel workbook, or another zip file; save it as CSV, or unpack it",
    ),
    "XML": (b"\n<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", "XML or HTML, not JSON"),
    "XML after a mark": (b"\xef\xbb\xbf<Bundle/>", "b.ndjson: this is XML or HTML, not JSON"),
    "a JSON list": (b"[" + GOOD + b"]", "b.ndjson: this is a JSON list; NDJSON has one resource a line"),
    "a damaged gzip": (gzip.compress(GOOD * 500)[:-12], "b.ndjson: this gzip file is damaged"),
    "a gzip of nothing": (b"\x1f\x8b", "b.ndjson: this gzip file is damaged"),
    "a gzip bomb of one line": (gzip.compress(b" " * 50_000_000), "a gzip bomb"),
    "a gzip bomb of lines": (gzip.compress(b"\n" * 10_000_000), "a gzip bomb"),
}


def read(folder: Path) -> tuple[list[Person], ReadReport, list[str]]:
    reports: list[ReadReport] = []
    errors: list[InputError] = []
    people = list(read_export(folder, on_report=reports.append, on_error=errors.append))
    return people, reports[0], [error.message for error in errors]


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_file_is_rejected_and_the_others_are_read(case: str, tmp_path: Path) -> None:
    content, words = BAD_FILES[case]
    write_export(tmp_path, {"a.ndjson": [{**PATIENT, **COVERED}], "c.ndjson": [GOOD.strip()]})
    (tmp_path / "b.ndjson").write_bytes(content)
    began = time.monotonic()
    people, report, errors = read(tmp_path)
    assert time.monotonic() - began < 10
    assert len(errors) == 1 and words in errors[0] and errors[0].startswith("b.ndjson")
    assert (report.files, report.rejected_files, report.rejections) == (2, 1, tuple(errors))
    assert "Cough" in [event.source_text for event in people[0].events]
    assert people[0].coverage == () and report.lost == ("b.ndjson: rejected; what it holds, or its rest, is missing",)
    with pytest.raises(InputError) as error:
        list(read_export(tmp_path))
    assert words in error.value.message


def test_marks_line_ends_and_blanks(tmp_path: Path) -> None:
    lines = [b"\xef\xbb\xbf" + line(PATIENT), b"", b"\t", GOOD.strip(), b""]
    (tmp_path / "a.ndjson").write_bytes(b"\r\n".join(lines))
    (tmp_path / "b.ndjson").write_bytes(line(resource("Condition", id="2", code=concept("Fever"))))  # no end of line
    (person,), report, _ = read(tmp_path)
    assert [event.source_text for event in person.events] == ["Cough", "Fever"] and report.problem_count == 0
    assert person.events[0].origin == "a.ndjson:4"


def test_a_line_beyond_the_limit_is_passed_over_without_being_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ndjson, "MAX_LINE", 1_000_000)
    with (tmp_path / "a.ndjson").open("wb") as file:
        file.write(line({**PATIENT, **COVERED}) + b"\n")
        file.write(b'{"resourceType": "Binary", "data": "')
        for _ in range(60):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n' + GOOD)
    tracemalloc.start()
    (person,), report, _ = read(tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert report.lost == ("a.ndjson:2: a line of more than 1 MB is not read",)
    assert [event.source_text for event in person.events] == ["Cough"] and person.coverage == ()
    assert person.events[0].origin == "a.ndjson:3" and peak < 20_000_000


def test_a_person_beyond_the_limit_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "MAX_PERSON", 2_000_000)
    notes = [{"text": "x" * 100_000}]
    many = [resource("Condition", id=str(number), note=notes) for number in range(30)]
    people, report, errors = read(write_export(tmp_path, {"a.ndjson": [PATIENT, {**PATIENT, "id": "q"}, *many]}))
    assert [one.id for one in people] == ["q"] and report.rejected_people == 1
    assert errors == ["The person 'p' has more than 2 MB of resources"]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    outside = write_export(tmp_path / "outside", {"secret.ndjson": [resource("Condition", code=concept("Secret"))]})
    folder = write_export(tmp_path / "in", {"a.ndjson": [PATIENT], "b.ndjson": [GOOD.strip()]})
    (folder / "c.ndjson").symlink_to(outside / "secret.ndjson")
    (folder / "d.ndjson").symlink_to(folder / "b.ndjson")
    (folder / "e.ndjson").symlink_to(folder / "nowhere.ndjson")
    (person,), report, errors = read(folder)
    assert errors == [
        "c.ndjson: a symbolic link that leads out of the folder is not followed",
        "e.ndjson: this is not a file",
    ]
    assert [event.source_text for event in person.events] == ["Cough"] and report.repeated == 1


def test_pipes_are_no_files(tmp_path: Path) -> None:
    folder = write_export(tmp_path, {"a.ndjson": [PATIENT]})
    os.mkfifo(folder / "b.ndjson")
    assert read(folder)[2] == ["b.ndjson: this is not a file"]


def test_ids_that_mean_harm_are_ids(tmp_path: Path) -> None:
    names = ["'; DROP TABLE kept; --", "../../etc/passwd", "=cmd|' /C calc'!A0", "%s", "\u202eevil", "p\x01"]
    patients = [{**PATIENT, "id": name} for name in names]
    rows = [{**GOOD_ROW, "subject": {"reference": f"Patient/{name}"}} for name in names]
    people, report, _ = read(write_export(tmp_path, {"a.ndjson": [*patients, *rows]}))
    assert [one.id for one in people] == [*names[:4], "evil", "p"]
    # A slash in an id is no id of FHIR, and a reference cannot say it.
    assert [len(one.events) for one in people] == [1, 0, 0, 1, 1, 1]
    assert report.lost_count == 2


GOOD_ROW = {"resourceType": "Condition", "id": "1", "code": concept("Cough")}


def test_thousands_of_bad_lines_are_counted_and_the_first_are_said(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_bytes(line(PATIENT) + b"\n" + b"{]\n" * 20_000 + GOOD)
    (person,), report, _ = read(tmp_path)
    assert len(person.events) == 1
    assert (report.problem_count, report.lost_count, len(report.problems), len(report.lost)) == (
        20_000,
        20_000,
        200,
        200,
    )
    assert "… and 19,980 more" in report.in_words()


def test_ten_thousand_types_are_not_told_apart(tmp_path: Path) -> None:
    made_up = [{"resourceType": f"T{number}"} for number in range(10_000)]
    _, report, _ = read(write_export(tmp_path, {"a.ndjson": [PATIENT, *made_up]}))
    assert len(report.ignored) == 501 and report.ignored["of other types"] == 9_500


def test_no_room_on_the_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_export(
        tmp_path, {"a.ndjson": [PATIENT, *(resource("Condition", id=str(n), note="x" * 9_000) for n in range(99))]}
    )
    monkeypatch.setattr(spool, "_TABLES", spool._TABLES + "PRAGMA max_page_count = 50;")
    with pytest.raises(MachineError) as error:
        list(read_export(tmp_path))
    assert "full" in error.value.message and "TMPDIR" in str(error.value.hint)


# --- folders of bundles ---------------------------------------------------------------------------------------------


def test_one_bad_bundle_never_stops_the_folder(tmp_path: Path) -> None:
    outside = tmp_path / "secret.json"
    outside.write_text(json.dumps(bundle()))
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.json").write_text(json.dumps(bundle(patient={**PATIENT, "id": name})))
    (folder / "a2.json").write_text(json.dumps([{**PATIENT, "id": "a"}, {**PATIENT, "id": "a3"}]))
    (folder / "b2.json").write_bytes(b"<Bundle/>")
    (folder / "b3.json").symlink_to(outside)
    (folder / "b4.json").symlink_to(folder / "nowhere")
    reports: list[ReadReport] = []
    errors: list[InputError] = []
    people = list(read_people(folder, on_report=reports.append, on_error=errors.append))
    assert [one.id for one in people] == ["a3", "b", "c"]
    total = sum(reports, ReadReport())
    assert (total.files, total.people, total.rejected_files, total.rejected_people) == (4, 3, 3, 1)
    assert [error.message.replace(f"'{folder}/b4.json'", "b4.json") for error in errors] == [
        "The person 'a' is in a.json and in a2.json; half a record is not a record",
        "b2.json: this is XML or HTML, not JSON; export the bundle as FHIR JSON",
        "b3.json: a symbolic link that leads out of the folder is not followed",
        "There is no file b4.json",
    ]
    assert len(total.rejections) == 4 and "Rejected (3 files, 1 person):" in total.in_words()


def test_a_link_is_not_followed_for_one_person_either(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text(json.dumps(bundle()))
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.json").symlink_to(tmp_path / "secret.json")
    with pytest.raises(InputError, match="leads out of the folder"):
        find_person(folder, "p")
