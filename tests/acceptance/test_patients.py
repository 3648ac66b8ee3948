"""`trialrun patients`, as a coordinator calls it before anybody is screened; and `screen` on one person of an export."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Answer
from tests.fhir_bundles import concept
from tests.ndjson_exports import COVERED, PATIENT, write_export
from trialrun.cli.answers import ANSWERS
from trialrun.patients.shipped import shipped_bundle, shipped_names

Command = Callable[..., Answer]
ROW = {"resourceType": "Condition", "id": "1", "subject": {"reference": "Patient/p"}}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    rows = [
        {**ROW, "code": concept("", ("http://local", "17")), "onsetDateTime": "2030-01-01"},
        {**ROW, "id": "2", "code": concept("Heart failure", ("http://snomed.info/sct", "84114007"))},
        {"resourceType": "Claim"},
    ]
    return write_export(tmp_path / "export", {"Patient.ndjson": [{**PATIENT, **COVERED}], "rest.ndjson.gz": rows})


def account(answer: Answer) -> Any:
    value = json.loads(answer.out)
    ANSWERS["patients"].model_validate(value)
    return value


def test_what_is_there_and_what_is_not_understood(trialrun: Command, export: Path) -> None:
    said = trialrun("patients", export, "--on", "2026-11-25")
    assert said.code == 0 and said.err == ""
    lines = said.out.splitlines()
    assert lines[0].startswith("FHIR bulk export '") and lines[1] == "1 person in 2 files"
    for words in (
        "Read: Condition 2, Patient 1",
        "Not read: Claim 1",
        "Rows with a standard code: 1",
        "Rows that mean a term of the vocabulary: 1",
        "Rows after 2026-11-25: 1",
        "Rows without a standard code (1):",
        "  1 × http://local 17",
        "Rows that no term can be read from or ruled out (1):",
    ):
        assert words in lines
    assert "1 of 1 people" in lines[-1]


def test_as_json(trialrun: Command, export: Path) -> None:
    value = account(trialrun("patients", export, "--on", "2026-11-25", "--json"))
    assert (value["kind"], value["people"], value["covered"], value["future"]) == ("FHIR bulk export", 1, 1, 1)
    assert value["not_understood_codes"] == [{"system": "http://local", "code": "17", "text": "", "count": 1}]
    assert account(trialrun("patients", "may-join", "--json"))["unmapped_codes"] == []


def test_what_was_rejected_or_lost_is_told_and_is_the_exit_code(trialrun: Command, export: Path) -> None:
    (export / "broken.ndjson").write_bytes(b"<Bundle/>")
    said = trialrun("patients", export)
    assert said.code == 1
    assert said.err.startswith("rejected: broken.ndjson: this is XML or HTML, not JSON")
    assert "Rejected (1 file):" in said.out
    assert "Lost, so that records do not count as complete:" in said.out and "docs/patients.md" in said.out
    (export / "broken.ndjson").write_bytes(b"{]\n")
    assert trialrun("patients", export, "--json").code == 1


def test_tables_tell_what_they_lost_by_the_exit_code(trialrun: Command, tmp_path: Path) -> None:
    people = "person_id,gender_concept_id,year_of_birth\n1,8532,1959\n"
    rows = "condition_occurrence_id,person_id,condition_concept_id,condition_start_date\n"
    tables = {
        "omop": ({"person.csv": people, "condition_occurrence.csv": rows + "1,1,0,2020-01-01\n"}, "1,,0,2020-01-01\n"),
        "own": ({"patients.csv": "patient_id,sex\n1,f\n", "events.csv": "patient_id,domain\n1,drug\n"}, ",drug\n"),
    }
    for name, (files, row) in tables.items():
        folder = tmp_path / name
        folder.mkdir()
        for file, content in files.items():
            (folder / file).write_text(content, encoding="utf-8")
        first, last = (folder / file for file in files)
        assert trialrun("patients", folder).code == 0
        whole = last.read_text(encoding="utf-8")
        last.write_text(whole + row, encoding="utf-8")
        said = trialrun("patients", folder, "--json")
        assert said.code == 1 and account(said)["lost_count"] == len(account(said)["lost"]) == 1
        last.write_text(whole, encoding="utf-8")
        again = first.read_text(encoding="utf-8").splitlines()[-1].replace("8532", "8507").replace(",f", ",m")
        first.write_text(first.read_text(encoding="utf-8") + again + "\n", encoding="utf-8")
        said = trialrun("patients", folder, "--json")
        assert said.code == 1 and (account(said)["rejected_people"], account(said)["people"]) == (1, 0)
        assert len(account(said)["rejections"]) == 1


def test_a_hundred_rejected_files_do_not_fill_the_terminal(trialrun: Command, tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"{number}.json").write_bytes(b"{")
    (tmp_path / "good.json").write_bytes(json.dumps(PATIENT).encode())
    said = trialrun("patients", tmp_path)
    assert said.code == 1 and said.err.count("rejected: ") == 10 and "More were rejected" in said.err
    assert "Rejected (100 files):" in said.out and "… and 80 more" in said.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nowhere",), 3, "There is no file or folder 'nowhere'"),
        (("may-jion",), 3, "Did you mean 'may-join'?"),
        (("may-join", "--on", "tomorrow"), 2, "--on"),
        (("/dev/null",), 3, "'/dev/null' is not a file"),
        ((), 2, "patients needs"),
    ],
)
def test_errors(trialrun: Command, words: tuple[str, ...], code: int, said: str) -> None:
    answer = trialrun("patients", *words)
    assert answer.code == code and said in answer.err and answer.out == ""


def test_one_person_of_an_export_is_screened(trialrun: Command, tmp_path: Path) -> None:
    lines = [entry["resource"] for name in shipped_names() for entry in json.loads(shipped_bundle(name))["entry"]]
    export = write_export(tmp_path, {"all.ndjson": lines})
    screened = ("--on", "2026-11-23", "--person", "made-up-may-not-join")
    said = trialrun("screen", "NCT04062006", "--patients", export, *screened)
    alone = trialrun("screen", "NCT04062006", "--patients", "may-not-join", "--on", "2026-11-23")
    assert said.code == alone.code == 1
    assert said.out.splitlines()[0] == alone.out.splitlines()[0]
    all_of_it = trialrun("screen", "NCT04062006", "--patients", export, "--on", "2026-11-23")
    assert all_of_it.code == 0 and "3 people in the FHIR bulk export" in " ".join(all_of_it.out.split())
