"""The real program, stopped by signals: it says so, cleans up, and leaves nothing of a patient on the disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.ndjson_exports import PATIENT, line

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
PEOPLE = 3_000
LONGEST = 60


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export that takes some seconds to read."""
    folder = tmp_path_factory.mktemp("export")
    (folder / "Patient.ndjson").write_bytes(
        b"".join(line({**PATIENT, "id": f"p{number}"}) + b"\n" for number in range(PEOPLE))
    )
    conditions = (
        line(
            {
                "resourceType": "Condition",
                "id": str(number),
                "subject": {"reference": f"Patient/p{number % PEOPLE}"},
                "code": {"text": f"secret {number}"},
            }
        )
        for number in range(PEOPLE * 100)
    )
    (folder / "Condition.ndjson").write_bytes(b"\n".join(conditions) + b"\n")
    return folder


def started(*words: object, scratch: Path) -> subprocess.Popen[str]:
    """The program with a temporary folder of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "trialrun", *map(str, words)],
        env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until_open(process: subprocess.Popen[str], end: str) -> None:
    """Waits until the process has a file open whose name ends so; where the machine does not tell, for a second."""
    opened = Path(f"/proc/{process.pid}/fd")
    if not opened.is_dir():
        time.sleep(1)
        return
    until = time.monotonic() + LONGEST
    while time.monotonic() < until and process.poll() is None:
        for entry in opened.glob("*"):
            try:
                if str(entry.readlink()).endswith(end):
                    return
            except FileNotFoundError:
                continue
        time.sleep(0.02)
    raise AssertionError(f"the program never opened {end}")


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_stopped_while_people_are_sorted_nothing_of_them_is_left(
    stop: signal.Signals, code: int, export: Path, tmp_path: Path
) -> None:
    process = started("patients", export, scratch=tmp_path)
    wait_until_open(process, "spool (deleted)")
    process.send_signal(stop)
    _, said = process.communicate(timeout=LONGEST)
    assert process.returncode == code
    assert said.endswith("trialrun: Stopped.\n") or stop is signal.SIGKILL
    assert "Traceback" not in said
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("form", ["fhir", "omop"])
def test_terminated_while_people_are_written_the_half_folder_is_removed(form: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    process = started("clinic", "--people", 50_000, "--seed", 7, "--as", form, "-o", out / "c", scratch=tmp_path)
    until = time.monotonic() + LONGEST
    while not any(path.is_file() for path in out.rglob("*")) and time.monotonic() < until:
        time.sleep(0.05)
    process.terminate()
    _, said = process.communicate(timeout=LONGEST)
    assert process.returncode == 143 and "trialrun: Stopped." in said and "Traceback" not in said
    assert list(out.iterdir()) == []


def test_terminated_within_a_query_of_duckdb(tmp_path: Path) -> None:
    """DuckDB raises a RuntimeError in place of what the signal raised."""
    tables = tmp_path / "tables"
    tables.mkdir()
    (tables / "person.csv").write_text("person_id,gender_concept_id,year_of_birth\n1,8507,1950\n")
    with (tables / "condition_occurrence.csv").open("w") as file:
        file.write("condition_occurrence_id,person_id,condition_concept_id,condition_start_date\n")
        file.writelines(f"{number},1,316139,2021-01-01\n" for number in range(1_500_000))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = started("patients", tables, scratch=scratch)
    time.sleep(2)
    process.terminate()
    _, said = process.communicate(timeout=LONGEST)
    assert process.returncode == 143 and said.endswith("trialrun: Stopped.\n"), said
    assert list(scratch.rglob("*")) == []
