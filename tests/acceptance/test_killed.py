"""A reader of tables that is killed while it gives people leaves nothing of any patient in the temporary folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows keeps the names of open files")
ROWS = 40_000
READ = """
import sys
from pathlib import Path
from trialrun.patients.sources import open_source

for person in open_source(Path(sys.argv[1])).people():
    print(person.id, flush=True)
    sys.stdin.readline()
"""


def omop(folder: Path) -> None:
    people = "".join(f"{number},8507,1950\n" for number in range(ROWS // 10))
    (folder / "person.csv").write_text("person_id,gender_concept_id,year_of_birth\n" + people, encoding="utf-8")
    names = "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_source_value\n"
    rows = "".join(f"{number},{number // 10},316139,2021-01-01,secret-{number}\n" for number in range(ROWS))
    (folder / "condition_occurrence.csv").write_text(names + rows, encoding="utf-8")


def tables(folder: Path) -> None:
    people = "".join(f"{number},1950\n" for number in range(ROWS // 10))
    (folder / "patients.csv").write_text("patient_id,birth_date\n" + people, encoding="utf-8")
    rows = "".join(f"{number // 10},condition,secret-{number},2021-01-01\n" for number in range(ROWS))
    (folder / "events.csv").write_text("patient_id,domain,source_text,start\n" + rows, encoding="utf-8")


@pytest.mark.parametrize("form", ["omop", "tables"])
def test_nothing_stays(tmp_path: Path, form: str) -> None:
    source, scratch = tmp_path / "source", tmp_path / "scratch"
    source.mkdir()
    scratch.mkdir()
    (omop if form == "omop" else tables)(source)
    with subprocess.Popen(
        [sys.executable, "-c", READ, str(source)],
        env={**os.environ, "TMPDIR": str(scratch)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == b"0\n"
        process.send_signal(signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL
    assert [file for file in scratch.rglob("*") if file.is_file()] == []
