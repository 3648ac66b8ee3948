"""The JSON Schema for editors: valid, takes the files the program takes, and refuses what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from trialrun.protocol.schema import protocol_schema
from trialrun.protocol.shipped import shipped_text


def plain(text: str) -> Any:
    return yaml.load(text, Loader=yaml.CBaseLoader)


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = protocol_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_founding_study_is_valid(validator: Draft202012Validator) -> None:
    assert list(validator.iter_errors(plain(shipped_text("NCT04062006")))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("route: subcutaneous", "ruote: subcutaneous"),
        ("format: trialrun/1", "format: trialrun/2"),
        ("title: Low-dose Interleukin-2 Treatment on Polymyalgia Rheumatica\n", ""),
        ("level: primary", "level: main"),
        ("enrol: 15", "enrol: fifteen"),
    ],
)
def test_slips_are_underlined(validator: Draft202012Validator, old: str, new: str) -> None:
    text = shipped_text("NCT04062006")
    assert old in text
    assert list(validator.iter_errors(plain(text.replace(old, new, 1)))) != []
