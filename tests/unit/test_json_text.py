"""Strict JSON: what Python's own reader lets through or ends in other errors on is told, with line and column."""

from __future__ import annotations

import pytest

from trialrun.json_text import JsonError, parse_json, text_of


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        ('{"a": 1,\n "b" 2}', "this is not JSON: expecting ':' delimiter", 2, 6),
        ('{"a": 1', "(the file may be cut off)", 1, 8),
        ('{"a": NaN}', "'NaN' is no JSON value", None, None),
        ("[-Infinity]", "'-Infinity' is no JSON value", None, None),
        ('{"a": {"b": 1, "b": 1}}', "the key 'b' is given twice in one object", None, None),
        ("[" * 100_000, "nested deeper than any record", None, None),
        ("1" * 5_000, "more digits than any record has", None, None),
        ("[1e999]", "'1e999' is larger than any number of a record", None, None),
        ("{} {}", "extra data", 1, 4),
    ],
)
def test_what_is_no_json(text: str, reason: str, line: int | None, column: int | None) -> None:
    with pytest.raises(JsonError) as error:
        parse_json(text)
    assert reason in error.value.reason
    assert (error.value.line, error.value.column) == (line, column)


def test_what_is_json() -> None:
    assert parse_json(' {"a": [1, 2.5, "\\u00b5", null, true]} ') == {"a": [1, 2.5, "µ", None, True]}


def test_what_is_no_text() -> None:
    assert text_of(b"\xef\xbb\xbf\xc2\xb5") == "µ"
    with pytest.raises(JsonError) as error:
        text_of(b"one\ntwo \xb5")
    assert error.value.at("a.json").message == "a.json:2: byte 0xb5 is not UTF-8 text; save it as UTF-8"
    for content in (b"\xff\xfea\x00", b"a\x00b"):
        with pytest.raises(JsonError, match="not UTF-8 text"):
            text_of(content)
