"""Tables of people with bytes changed at random: read, or refused in the user's words, and never anything else."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.omop_folders import PERSON, texts
from trialrun.errors import TrialrunError
from trialrun.patients.omop.read import read_omop
from trialrun.patients.report import ReadReport
from trialrun.patients.tables.read import read_tables

_OMOP = {
    "person": [PERSON, {**PERSON, "person_id": 2}],
    "measurement": [
        {
            "measurement_id": number,
            "person_id": 1 + number % 2,
            "measurement_concept_id": 3006923,
            "measurement_date": "2020-03-04",
            "value_as_number": 41.5,
            "value_source_value": "<5 U/L",
        }
        for number in range(4)
    ],
}
_OWN = {
    "patients.csv": "patient_id,birth_date,sex\n1,1959-05-14,female\n2,1960,male\n",
    "events.csv": 'patient_id,domain,start,source_text,value\n1,drug,2020,"a, b",\n2,measurement,2020-01,ALT,<5\n',
    "columns.yaml": "files:\n  - {file: patients.csv, person: {id: patient_id, birth: birth_date}}\n",
}
_PIECES = st.sampled_from(
    [b"", b"\x00", b"\xff", b'"', b",", b"\n", b"\r", b"\t", b";", b"=", b"-", b"9" * 30, b"1e400", b"NaN", b"{", b"[", b": ", b"&a "]
)  # fmt: skip
_CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 6), _PIECES), min_size=1, max_size=4)


def changed(content: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for place, length, piece in changes:
        at = int(place * len(content))
        content = content[:at] + piece + content[at + length :]
    return content


@pytest.fixture(scope="module")
def omop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return texts(tmp_path_factory.mktemp("omop"), **_OMOP)  # type: ignore[arg-type]


@settings(max_examples=60)
@given(changes=_CHANGES, name=st.sampled_from(sorted(_OMOP)))
def test_omop(omop: Path, changes: list[tuple[float, int, bytes]], name: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(shutil.copytree(omop, Path(scratch, "omop")))
        file = folder / f"{name}.csv"
        file.write_bytes(changed(file.read_bytes(), changes))
        reports: list[ReadReport] = []
        try:
            people = list(read_omop(folder, on_report=reports.append, on_error=lambda _: None))
        except TrialrunError:
            return
        assert reports[0].people == len(people)


@given(changes=_CHANGES, name=st.sampled_from(sorted(_OWN)), with_map=st.booleans())
def test_own_tables(changes: list[tuple[float, int, bytes]], name: str, with_map: bool) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        for file, text in _OWN.items():
            if file != "columns.yaml" or with_map:
                Path(scratch, file).write_bytes(changed(text.encode(), changes) if file == name else text.encode())
        reports: list[ReadReport] = []
        try:
            people = list(read_tables(Path(scratch), on_report=reports.append, on_error=lambda _: None))
        except TrialrunError:
            return
        assert reports[0].people == len(people)
