"""The order of lines, the cut into files and what stands between them change nothing about the people of an export."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generative.test_fhir_mutations import mutated
from tests.ndjson_exports import plain, write_export
from trialrun.errors import InputError
from trialrun.patients.fhir.export import find_in_export, read_export
from trialrun.patients.fhir.read import load_content
from trialrun.patients.report import ReadReport
from trialrun.patients.shipped import shipped_bundle, shipped_names

LINES = [
    entry["resource"] for name in shipped_names() for entry in json.loads(shipped_bundle(name))["entry"]
]  # the three made-up people in one export
ENDINGS = (".ndjson", ".ndjson.gz", ".NDJSON")


def read(folder: Path) -> tuple[list[tuple[object, ...]], ReadReport]:
    reports: list[ReadReport] = []
    people = [plain(person) for person in read_export(folder, on_report=reports.append)]
    return sorted(people, key=str), reports[0]


def unlike(report: ReadReport) -> dict[str, object]:
    """The account without what tells of files and places."""
    told = report.as_json()
    return {key: told[key] for key in told if key not in ("files", "problems", "lost")}


with tempfile.TemporaryDirectory() as _folder:
    PEOPLE, REPORT = read(write_export(Path(_folder), {"all.ndjson": LINES}))


@settings(max_examples=60)
@given(st.permutations(LINES), st.integers(1, 5), st.randoms(use_true_random=False))
def test_any_order_in_any_parts(lines: list[Any], parts: int, random: Any) -> None:
    files: dict[str, list[object]] = {}
    for number in range(parts):
        files[f"part-{random.random()}{random.choice(ENDINGS[: 1 + number % 3])}"] = []
    for line in lines:
        files[random.choice(list(files))].append(line)
    for held in files.values():
        held.insert(random.randint(0, len(held)), b"")
    with tempfile.TemporaryDirectory() as folder:
        people, report = read(write_export(Path(folder), files))
        assert people == PEOPLE and unlike(report) == unlike(REPORT)
        one = random.choice(people)
        assert plain(find_in_export(Path(folder), str(one[0]))) == one


@settings(max_examples=100)
@given(mutated())
def test_whatever_is_in_a_bundle_gives_the_same_people_line_by_line(document: Any) -> None:
    entries = document.get("entry") if isinstance(document, dict) else None
    resources = (
        [entry.get("resource") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    )
    plain_ones = [
        one for one in resources if isinstance(one, dict) and isinstance(one.get("id"), str) and one["id"].strip()
    ]
    try:
        bundled = load_content(json.dumps(plain_ones).encode(), "b.json")
    except InputError:
        bundled = None
    with tempfile.TemporaryDirectory() as folder:
        write_export(Path(folder), {"a.ndjson": [json.dumps(one).encode() for one in plain_ones]})
        try:
            people, report = read(Path(folder))
        except InputError as error:
            assert bundled is None, error
            return
    assert bundled is not None
    assert people == sorted(map(plain, bundled.people), key=str)
    assert (report.read, report.lost_count) == (bundled.report.read, bundled.report.lost_count)
