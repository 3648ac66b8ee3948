"""The page of patients shows what is: every field of the contract, every resource, an answers file that reads."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from trialrun.patients.answers import parse_answers
from trialrun.patients.fhir import bundle, patient
from trialrun.patients.person import Event, Person, Status
from trialrun.patients.shipped import shipped_names

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "patients.md").read_text(encoding="utf-8")


def test_every_field_of_the_contract_is_on_the_page() -> None:
    named = {entry.name for kind in (Person, Event) for entry in fields(kind)}
    assert {name for name in named if f"`{name}`" not in PAGE} == set()
    assert all(status.value in PAGE for status in Status)


def test_every_resource_that_is_read_has_its_line() -> None:
    lines = set(re.findall(r"^\| ([A-Z][A-Za-z]+) \|", PAGE, re.MULTILINE))
    assert lines == {"Patient", *bundle.READ}


def test_the_answers_file_of_the_page_reads() -> None:
    (text,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    assert len(parse_answers(text).valid) == 3


def test_the_extension_and_the_made_up_people_are_named() -> None:
    assert f'"url": "{patient.COVERAGE_URL}"' in PAGE
    assert all(f"`{name}`" in PAGE for name in shipped_names())
