"""The store: every version is kept, the latest and fullest is current, adding twice changes nothing."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from trialrun.registry.record import Record
from trialrun.registry.shipped import shipped_page_path, shipped_record_path
from trialrun.registry.store import Counts, Store

STUDY = "NCT04062006"


def version(updated: str | None = "2024-05-01", *, kind: str | None = None, status: str = "RECRUITING") -> Record:
    dates: dict[str, Any] = {} if updated is None else {"lastUpdateSubmitDate": updated}
    document: dict[str, Any] = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000001"},
            "statusModule": {"overallStatus": status, **dates},
        }
    }
    return Record.from_json({**document, "_provenance": {"kind": kind}} if kind else document)


OLD, NEW = version("2023-01-01"), version("2024-05-01")
UNKNOWN = version("2024-05-01", status="UNKNOWN")
PAGE = version(None, kind="record page text")


def put(home: Path, *records: Record) -> Counts:
    with Store(home) as store:
        return store.put((record, "test") for record in records)


def current(home: Path) -> Record | None:
    with Store(home) as store:
        return store.get("NCT00000001")


@pytest.mark.parametrize("order", list(itertools.permutations([OLD, NEW, UNKNOWN, PAGE])))
def test_the_latest_version_is_current_whatever_the_order(order: tuple[Record, ...], tmp_path: Path) -> None:
    put(tmp_path, *order)
    assert current(tmp_path) == UNKNOWN
    with Store(tmp_path) as store:
        assert store.earlier("NCT00000001") == (PAGE, OLD, NEW)
    assert put(tmp_path, *order) == Counts(unchanged=4)
    assert current(tmp_path) == UNKNOWN


def test_what_became_of_each_version_is_counted(tmp_path: Path) -> None:
    assert put(tmp_path, NEW) == Counts(added=1)
    assert put(tmp_path, OLD, PAGE) == Counts(older=2)
    assert put(tmp_path, UNKNOWN) == Counts(updated=1)


def test_of_two_that_state_the_same_dates_the_fuller_one_is_current(tmp_path: Path) -> None:
    document = NEW.to_json()
    document["protocolSection"]["identificationModule"]["briefTitle"] = "Fuller"
    fuller = Record.from_json(document)
    assert put(tmp_path, fuller) == Counts(added=1)
    assert put(tmp_path, NEW) == Counts(older=1)
    assert current(tmp_path) == fuller


def test_a_correction_of_equal_standing_is_taken_once(tmp_path: Path) -> None:
    one, other = version(status="RECRUITING"), version(status="COMPLETED")
    assert put(tmp_path, one) == Counts(added=1)
    assert put(tmp_path, other) == Counts(updated=1)
    assert put(tmp_path, one, other) == Counts(unchanged=2)
    assert current(tmp_path) == other


def test_a_page_does_not_stand_before_the_record_it_shows(tmp_path: Path) -> None:
    from trialrun.registry.read import read_record

    record = Record.from_json(json.loads(shipped_record_path(STUDY).read_text(encoding="utf-8")))
    page = read_record(shipped_page_path(STUDY))
    assert put(tmp_path, record, page) == Counts(added=1, older=1)
    with Store(tmp_path) as store:
        assert store.get(STUDY) == record
