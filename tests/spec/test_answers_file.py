"""The answers file: one answer a line, every problem told with its place, the later answer replacing the earlier."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from trialrun.errors import InputError, ProblemsError
from trialrun.patients.answers import NO_ANSWERS, Said, parse_answers, read_answers

HEAD = "person,item,answer,by,on\n"


def test_an_answer() -> None:
    answers = parse_answers(HEAD + "007,I2.2,yes,Li Wei,2026-11-23\n")
    found = answers.get("007", "I2.2")
    assert found is not None
    assert (found.answer, found.by, found.on, found.line) == (Said.YES, "Li Wei", date(2026, 11, 23), 2)
    assert answers.get("007", "I3") is None and answers.get("008", "I2.2") is None
    assert NO_ANSWERS.get("007", "I2.2") is None


def test_columns_in_any_order_capitals_quotes_blank_lines_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    text = '\n On ,BY,answer,item,person\r\n2026-11-23,"Li, Wei", Unknown ,"says ""so""",007\r\n\r\n'
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    (found,) = read_answers(path).of("007")
    assert (found.item, found.answer, found.by, found.line) == ('says "so"', Said.UNKNOWN, "Li, Wei", 3)


def test_only_a_header_is_no_answer() -> None:
    assert parse_answers(HEAD).valid == {}


def test_the_later_answer_is_valid_wherever_it_stands() -> None:
    answers = parse_answers(HEAD + "007,I2,no,Li Wei,2026-11-24\n007,I2,yes,Chen Na,2026-11-23\n")
    found = answers.get("007", "I2")
    assert found is not None and found.answer is Said.NO
    assert [(old.answer, old.line) for old in answers.replaced] == [(Said.YES, 3)]


def test_the_same_answer_twice_is_one() -> None:
    answers = parse_answers(HEAD + "007,I2,yes,Li Wei,2026-11-23\n007,I2,yes,Li Wei,2026-11-23\n")
    assert len(answers.valid) == 1


def test_columns_for_the_reader_are_left_aside_and_a_question_without_an_answer_stays_open() -> None:
    text = (
        "person,item,answer,by,on,asked,question,only if,if yes,if no\n"
        '007,I2,yes,"Li Wei, investigator",2026-11-23,investigator,"confirms ""so""",,I2 met,may not join\n'
        "007,I3,,,,investigator,judges so,I2,I3 met,may not join\n"
    )
    answers = parse_answers(text)
    assert [(one.item, one.by) for one in answers.of("007")] == [("I2", "Li Wei, investigator")]


def test_an_apostrophe_before_a_formula_is_taken_off() -> None:
    answers = parse_answers(HEAD + "'-7,'=I2,yes,Li Wei,2026-11-23\n'007,I3,yes,Li Wei,2026-11-23\n")
    assert [(one.person, one.item) for one in answers.valid.values()] == [("-7", "=I2"), ("'007", "I3")]


PROBLEMS: dict[str, tuple[str, list[str]]] = {
    "nothing": ("", ["a.csv:1:1: the file is empty"]),
    "a column that is misspelt": (
        "persn,item,answer,by,on\n",
        ["a.csv:1:1: there is no column 'persn'", "a.csv:1:1: the column is missing: person"],
    ),
    "an unknown column": (HEAD[:-1] + ",why\n", ["a.csv:1:26: there is no column 'why'"]),
    "a column for the reader twice": (HEAD[:-1] + ",question,question\n", ["a.csv:1:35: the column 'question' is given twice"]),
    "a name and no answer": (HEAD + "007,I2,,Li Wei,2026-11-23\n", ["a.csv:2:8: 'answer' is empty"]),
    "a column twice": (HEAD[:-1] + ",on\n", ["a.csv:1:26: the column 'on' is given twice"]),
    "no header": ("007,I2,yes,Li Wei,2026-11-23\n", ["a.csv:1:1: there is no column '007'"]),
    "not an answer": (HEAD + "007,I2,yse,Li Wei,2026-11-23\n", ["a.csv:2:8: 'yse' is not an answer"]),
    "nobody's answer": (HEAD + "007,I2,yes,nobody,2026-11-23\n", ["a.csv:2:12: 'nobody' is not a name"]),
    "a number for a name": (HEAD + "007,I2,yes,7,2026-11-23\n", ["a.csv:2:12: '7' is not a name"]),
    "no such day": (HEAD + "007,I2,yes,Li Wei,2026-11-31\n", ["a.csv:2:19: 2026-11-31 does not exist in the calendar"]),
    "half a date": (HEAD + "007,I2,yes,Li Wei,2026-11\n", ["a.csv:2:19: '2026-11' is not a date"]),
    "empty cells": (HEAD + ",I2,,Li Wei,\n", ["a.csv:2:1: 'person' is empty", "a.csv:2:5: 'answer' is empty", "a.csv:2:13: 'on' is empty"]),
    "a cell too many": (HEAD + "007,I2,yes,Li, Wei,2026-11-23\n", ["a.csv:2:20: 6 cells where 5 belong"]),
    "a cell too few": (HEAD + "007,I2,yes,Li Wei\n", ["a.csv:2:1: 4 cells where 5 belong"]),
    "a quote without end": (HEAD + '007,"I2,yes,Li Wei,2026-11-23\n', ["a.csv:2:1: this is not CSV: unexpected end of data"]),
    "two answers of one day": (
        HEAD + "007,I2,yes,Li Wei,2026-11-23\n007,I2,no,Li Wei,2026-11-23\n",
        ["a.csv:3:1: 007 I2 is 'no' here and 'yes' in line 2, both on 2026-11-23"],
    ),
    "all at once": (
        HEAD + "007,I2,yse,Li Wei,2026-11-23\n007,I3,yes,7,2026-11-23\n",
        ["a.csv:2:8: 'yse' is not an answer", "a.csv:3:12: '7' is not a name"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PROBLEMS)
def test_problems(case: str) -> None:
    text, wanted = PROBLEMS[case]
    with pytest.raises(ProblemsError) as error:
        parse_answers(text, "a.csv")
    said = [f"{problem.place}: {problem.message}" for problem in error.value.problems]
    assert said[: len(wanted)] == wanted or sorted(said) == sorted(wanted)


def test_a_misspelt_word_is_helped() -> None:
    with pytest.raises(ProblemsError) as error:
        parse_answers("person,itm,answer,by,on\n")
    assert error.value.problems[0].hint in (
        "Did you mean 'item'?",
        "The first line names the columns: person,item,answer,by,on",
    )
    assert "Did you mean 'item'?" in str(error.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfep\x00", "not UTF-8"),
        (HEAD.encode() + b"007,I2,yes,M\xfcller,2026-11-23\n", "a.csv:2: byte 0xfc is not UTF-8 text"),
    ],
)
def test_what_is_not_text(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_answers(path)
    assert words in error.value.message


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file"):
        read_answers(tmp_path / "none.csv")


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_spreadsheets_own_separator_dates_and_small_ids_are_read(mark: str) -> None:
    lines = ("person,item,answer,by,on,,", '007,i2.2,Yes,"Li, Wei",23.11.2026,,', "007,E6.b.2,no,Chen Na,2026-11-23,,")
    head, *rows = (line.removesuffix(",,") for line in lines)
    text = (
        head.replace(",", mark)
        + "\n"
        + rows[0].replace(",", mark).replace(f"Li{mark} Wei", "Li, Wei")
        + f"{mark}{mark}\n"
    )
    found = parse_answers(text + rows[1].replace(",", mark) + "\n").get("007", "I2.2")
    assert found is not None
    assert (found.answer, found.by, found.on) == (Said.YES, "Li, Wei", date(2026, 11, 23))


@pytest.mark.parametrize("word", ["Y", "n", "ja", "nein", "maybe"])
def test_another_word_is_refused_with_the_words_there_are(word: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        parse_answers(HEAD + f"007,I2,{word},Li Wei,2026-11-23\n")
    (problem,) = caught.value.problems
    assert problem.message == f"'{word}' is not an answer"
    assert problem.hint == "Write yes, no or unknown."


@pytest.mark.parametrize("day", ["11/23/2026", "23/11/2026", "31.02.2026", "11.23.2026", "23.11.26"])
def test_a_date_that_has_two_readings_or_none_is_refused(day: str) -> None:
    with pytest.raises(ProblemsError):
        parse_answers(HEAD + f"007,I2,yes,Li Wei,{day}\n")


def test_one_wrong_value_in_many_lines_is_told_once() -> None:
    rows = "".join(f"007,I{n},ja,Li Wei,2026-11-23\n" for n in range(17))
    with pytest.raises(ProblemsError) as caught:
        parse_answers(HEAD + rows + "007,I99,nein,Li Wei,2026-11-23\n")
    first, second = caught.value.problems
    assert first.message == "'ja' is not an answer (and 16 times more, in line 3, 4, 5, 6, 7, …)"
    assert (first.place.line if first.place else 0, second.message) == (2, "'nein' is not an answer")


def test_an_excel_workbook_is_named_as_one(tmp_path: Path) -> None:
    path = tmp_path / "answers.xlsx"
    path.write_bytes(b"PK\x03\x04" + bytes(200))
    with pytest.raises(InputError, match=r"Excel workbook.* save it as CSV"):
        read_answers(path)
