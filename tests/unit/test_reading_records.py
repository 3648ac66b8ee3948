"""Records that are odd but JSON: read, kept as they are, shown without harm."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Answer
from trialrun.registry.compare import differences
from trialrun.registry.read import Rejected, Taken, read_paths
from trialrun.registry.record import Record
from trialrun.registry.status import status_on

SHIPPED = Path(__file__).resolve().parents[2] / "src/trialrun/registry/data/NCT04062006.record.json"


def changed(**modules: dict[str, Any]) -> dict[str, Any]:
    """The shipped record with fields of its modules replaced."""
    study: dict[str, Any] = copy.deepcopy(json.loads(SHIPPED.read_text(encoding="utf-8")))
    for name, fields in modules.items():
        study["protocolSection"].setdefault(name, {}).update(fields)
    return study


def outcomes(path: Path) -> list[str]:
    return [item.record.nct_id if isinstance(item, Taken) else item.reason for item in read_paths([path])]


@pytest.mark.parametrize(
    "first", ['{"protocolSection": {"identificationModule"', '{"x": 1}', '{"n": ' + "1" * 5_000 + "}"]
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_damaged_first_line_stops_no_other_record(first: str, packed: bool, tmp_path: Path) -> None:
    content = f"{first}\n{json.dumps(changed())}\n".encode()
    path = tmp_path / "records.ndjson"
    path.write_bytes(gzip.compress(content) if packed else content)
    found = list(read_paths([path]))
    assert [type(item) for item in found] == [Rejected, Taken]
    assert found[0].source.startswith(f"{path}:1")


@pytest.mark.parametrize(
    ("text", "reason"),
    [("1" * 5_000, "more digits than any record has"), ("1e999", "larger than any number")],
)
def test_a_number_no_record_has(text: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text(json.dumps(changed())[:-1] + f', "n": {text}}}', encoding="utf-8")
    (said,) = outcomes(path)
    assert reason in said


def test_a_whole_number_of_degrees_is_written_back_as_one() -> None:
    study = changed(contactsLocationsModule={"locations": [{"geoPoint": {"lat": 40, "lon": 116.25}}]})
    assert json.dumps(Record.from_json(study).to_json(), sort_keys=True) == json.dumps(study, sort_keys=True)


@pytest.mark.parametrize(("verified", "completion"), [("9998-01", "2021-06-30"), ("2019-09", "9999-12-31")])
def test_a_date_at_the_end_of_the_calendar_never_makes_a_status_unknown(verified: str, completion: str) -> None:
    dates = {"statusVerifiedDate": verified, "completionDateStruct": {"date": completion}}
    found = status_on(Record.from_json(changed(statusModule=dates)), date(2026, 11, 24))
    assert (found.derived, found.unknown_from) == ("NOT_YET_RECRUITING", None)


def test_a_title_with_half_a_character_and_escape_sequences(trialrun: Callable[..., Answer], tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text(
        json.dumps(changed(identificationModule={"briefTitle": "A \ud800 \x1b[31mtitle"})), encoding="utf-8"
    )
    assert trialrun("add", path).code == 0
    shown = trialrun("show", "NCT04062006")
    assert shown.code == 0
    assert "\x1b" not in shown.out and "[31mtitle" in shown.out


def test_a_page_does_not_take_the_place_of_the_record(trialrun: Callable[..., Answer]) -> None:
    page = SHIPPED.with_name("NCT04062006.page.txt")
    assert "1 added" in trialrun("add", page).out
    assert "1 updated" in trialrun("add", SHIPPED).out
    assert "0 updated, 2 unchanged" in trialrun("add", page, SHIPPED).out
    assert "since 2021-10-01" in trialrun("show", "NCT04062006").out


def test_a_protocol_is_not_held_to_outcomes_that_a_page_cannot_state(trialrun: Callable[..., Answer]) -> None:
    checked = trialrun("check", "NCT04062006", "--record", SHIPPED.with_name("NCT04062006.page.txt"))
    assert checked.code == 0, checked.out


def test_differences_come_in_the_order_of_the_record() -> None:
    first, second = changed(), changed()
    section = second["protocolSection"]
    section["identificationModule"]["briefTitle"] = section["identificationModule"]["officialTitle"] = "Another"
    section["statusModule"]["overallStatus"] = "COMPLETED"
    section["designModule"]["phases"] = ["PHASE3"]
    section["eligibilityModule"]["minimumAge"] = "40 Years"
    paths = [item.path for item in differences(Record.from_json(first), Record.from_json(second))]
    leaves = [path for path, _ in Record.from_json(first).fields()]
    assert paths == [path for path in leaves if path in paths] and len(paths) == 5
