"""Words written as YAML read back as the same words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialrun.protocol.source import parse_source
from trialrun.protocol.writing import scalar


@pytest.mark.parametrize("text", ["100 mg", "ALT > 3 x ULN", "≥ 50 years", "Phase 2"])
def test_plain_words_stay_plain(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "a: b",
        "a #b",
        "- a",
        "'a",
        '"a"',
        "[a]",
        "{a}",
        "a:",
        "x [C1]",
        "* a",
        "& a",
        "%a",
        "@a",
        "!a",
        "|",
        "",
        "a\\b",
    ],
)
def test_words_that_yaml_would_misread_are_quoted(text: str) -> None:
    assert scalar(text).startswith('"')


@given(
    st.text(
        alphabet=st.characters(exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="[]\u2028\u2029\ufeff"),
        max_size=80,
    )
)
def test_what_is_written_reads_back(text: str) -> None:
    tree = parse_source(f"a: {scalar(text)}\nb: x\n", "f.yaml").plain
    assert tree == {"a": " ".join(text.split()), "b": "x"}


def test_control_characters_are_left_out() -> None:
    assert parse_source(f"a: {scalar('x' + chr(0) + 'y')}\n", "f.yaml").plain == {"a": "x y"}
