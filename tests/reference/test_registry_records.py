"""Real records: nothing is lost in reading, two readers agree, and the Unknown rule gives what the registry stated.

Records: ClinicalTrials.gov, in the shared test data (3,479 of the corpus, most converted from XML of 2023-02-03; 30
exactly as API v2 gave them on 2025-12-09; the IL-2 trials of 2020-07-28).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from trialrun.registry.compare import differences
from trialrun.registry.read import Rejected, read_paths, read_record
from trialrun.registry.reading import unescape
from trialrun.registry.record import Record
from trialrun.registry.status import GOES_ON, UNKNOWN, status_on

FILES = [("corpus.v2.jsonl.gz", 3_479), ("genuine_v2.json", 30), ("il2.v2.jsonl", 3), ("NCT04062006.v2.json", 1)]


def values(path: Path) -> Iterator[Any]:
    """The JSON values of a file, read without trialrun."""
    packed = path.suffix == ".gz"
    text = gzip.decompress(path.read_bytes()).decode() if packed else path.read_text(encoding="utf-8")
    if ".jsonl" in path.name:
        yield from (json.loads(line) for line in text.split("\n") if line.strip())
    else:
        whole = json.loads(text)
        yield from whole if isinstance(whole, list) else [whole]


def as_text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


@pytest.mark.parametrize(("name", "count"), FILES)
def test_every_record_is_read_and_written_back_identically(name: str, count: int, shared_data: Path) -> None:
    path = shared_data / "registry" / name
    read = list(read_paths([path]))
    assert [outcome for outcome in read if isinstance(outcome, Rejected)] == []
    written = [as_text(outcome.record.to_json()) for outcome in read if not isinstance(outcome, Rejected)]
    assert len(written) == count
    for found, wanted in zip(written, values(path), strict=True):
        assert found == as_text(wanted)


def test_page_and_record_agree_except_for_the_sponsor_and_the_escaped_power(shared_data: Path) -> None:
    page = read_record(shared_data / "seed" / "NCT04062006.page.txt")
    record = read_record(shared_data / "registry" / "NCT04062006.v2.json")
    sponsor, dose = differences(page, record)
    assert sponsor.path == "protocolSection.sponsorCollaboratorsModule.leadSponsor.name"
    assert (sponsor.first, sponsor.second) == ("Peking University", "Peking University People's Hospital")
    assert dose.path == "protocolSection.armsInterventionsModule.armGroups[0].description"
    assert r"1 x 10\~6 IU/m2" in dose.first
    assert dose.first.replace(r"10\~6", "10~6") == dose.second
    assert unescape(dose.first) == unescape(dose.second)


def test_the_page_states_no_field_that_the_record_lacks(shared_data: Path) -> None:
    page = read_record(shared_data / "seed" / "NCT04062006.page.txt")
    record = read_record(shared_data / "registry" / "NCT04062006.v2.json")
    stated, registered = ({path for path, _ in one.fields() if path.startswith("p")} for one in (page, record))
    assert stated - registered == set()
    assert len(stated) == 28


def test_page_and_the_record_as_of_2020_differ_in_the_status_too(shared_data: Path) -> None:
    page = read_record(shared_data / "seed" / "NCT04062006.page.txt")
    older = read_record(shared_data / "registry" / "NCT04062006.asof-2020-07-28.v2.json")
    status = [found for found in differences(page, older) if found.path.endswith("overallStatus")]
    assert [(found.first, found.second) for found in status] == [("UNKNOWN", "NOT_YET_RECRUITING")]
    assert status_on(older, date(2020, 7, 28)).derived == "NOT_YET_RECRUITING"
    assert status_on(older, date(2025, 1, 1)).derived == "UNKNOWN"


def test_the_unknown_rule_gives_the_stated_status_of_every_genuine_record(shared_data: Path) -> None:
    records = [Record.from_json(value) for value in values(shared_data / "registry" / "genuine_v2.json")]
    found = [status_on(record, date(2025, 12, 9)) for record in records]
    assert [status.agrees for status in found] == [True] * 30
    assert sum(status.derived == UNKNOWN for status in found) == 5
    assert sum(status.last_known in GOES_ON for status in found) == 16


def test_the_unknown_rule_gives_the_stated_status_of_the_corpus(shared_data: Path) -> None:
    """XML of 2023-02-03, unless a record says on which other day it was processed.

    NCT00002462, verified in 2021-02, was stated Unknown in the month in which two years passed. NCT04062006 carries the
    status that pages showed later than its XML, as its provenance says.
    """
    wrong, unknown = {}, 0
    for value in values(shared_data / "registry" / "corpus.v2.jsonl.gz"):
        record = Record.from_json(value)
        found = status_on(record, date.fromisoformat(record.processed or "2023-02-03"))
        unknown += found.derived == UNKNOWN
        if found.agrees is not True:
            wrong[record.nct_id] = (found.stated, found.unknown_from)
    assert wrong == {
        "NCT00002462": ("UNKNOWN", date(2023, 3, 1)),
        "NCT04062006": ("UNKNOWN", date(2021, 10, 1)),
    }
    assert unknown > 200
