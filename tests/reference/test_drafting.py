"""Real records draft into files that load. All 3,513 of them by `make drafts`, which writes the figures to the docs."""

from __future__ import annotations

import gzip
import hashlib
import json
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from trialrun.criteria.splitting import split
from trialrun.criteria.text import Role
from trialrun.protocol.draft.assemble import Draft, draft
from trialrun.protocol.draft.sources import Source
from trialrun.protocol.load import load_text
from trialrun.protocol.model import Criterion
from trialrun.registry.record import Record

COUNT = 300


@pytest.fixture(scope="module")
def records(shared_data: Path) -> list[Record]:
    """Three hundred records of the corpus: those whose numbers come first by their SHA-256."""
    path = shared_data / "registry" / "corpus.v2.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        values: list[dict[str, Any]] = [json.loads(row) for row in rows]

    def order(value: dict[str, Any]) -> str:
        number: str = value["protocolSection"]["identificationModule"]["nctId"]
        return hashlib.sha256(number.encode()).hexdigest()

    return [Record.from_json(value) for value in islice(sorted(values, key=order), COUNT)]


@pytest.fixture(scope="module")
def drafts(records: list[Record]) -> list[Draft]:
    return [draft([Source(record, "record")]) for record in records]


def test_the_choice_is_of_300_different_records(records: list[Record]) -> None:
    assert len({record.nct_id for record in records}) == COUNT


def test_every_draft_is_a_file_that_loads_to_the_same_meaning(records: list[Record], drafts: list[Draft]) -> None:
    for record, made in zip(records, drafts, strict=True):
        again = load_text(made.text, f"{record.nct_id}.yaml")
        assert again.protocol.trial == record.nct_id
        assert again.hash == made.file.hash


def test_every_criterion_arm_treatment_and_outcome_of_the_record_is_in_its_draft(
    records: list[Record], drafts: list[Draft]
) -> None:
    for record, made in zip(records, drafts, strict=True):
        protocol = made.file.protocol
        assert len(protocol.arms) == len(record.arms.arm_groups)
        assert len(protocol.drugs) == len(record.arms.interventions)
        outcomes = record.outcomes
        wanted = outcomes.primary_outcomes + outcomes.secondary_outcomes + outcomes.other_outcomes
        assert len(protocol.objectives.endpoints) == len(wanted)
        rules = protocol.eligibility
        found = _said([*rules.include.values(), *rules.exclude.values(), *rules.other.values()])
        items = split(record.eligibility.eligibility_criteria or "").items
        assert sorted(found) == sorted(item.text for item in items if item.role is not Role.NOTE)


def test_what_was_not_read_is_said_in_the_file(drafts: list[Draft]) -> None:
    for made in drafts:
        assert made.coverage.read + len(made.coverage.unread) == made.coverage.elements
        assert len(made.file.protocol.unread) == len(made.coverage.unread)


def _said(rows: list[Criterion]) -> list[str]:
    return [text for row in rows for text in (row.says, *_said(list(row.parts.values())))]
