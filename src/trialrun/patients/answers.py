"""What the investigator or the person answered to questions no record answers.

person,item,answer,by,on
007,I2.2,yes,"Li Wei, investigator",2026-11-23

`trialrun screen --ask` writes such a file with the questions in further columns, and the answers left empty. A spreadsheet
may save it with semicolons or tabs instead, and with dates like 23.11.2026.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

from trialrun.csv_text import plain_cell
from trialrun.errors import GrammarError, Place, Problem, ProblemsError, did_you_mean, shortened
from trialrun.json_text import JsonError, text_of
from trialrun.packed import read_whole
from trialrun.vocabulary.calendar import parse_date

MAX_BYTES = 20_000_000
MAX_PROBLEMS = 200
_MOST_LINES = 5

COLUMNS = ("person", "item", "answer", "by", "on")
ASKING = ("asked", "question", "only if", "if yes", "if no")
"""Columns of a file of questions that are for the reader alone: who is asked, what, when it matters, what an answer does."""
_QUOTE = {
    ",": "Quote a cell that contains a comma.",
    ";": "Quote a cell that contains a semicolon.",
    "\t": "Quote a cell that contains a tab.",
}
_WRITE = "Write yes, no or unknown."
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_ITEM = re.compile(r"[a-z]\d+(?:\.[a-z0-9]+)*(?:/[a-z0-9]+)?", re.IGNORECASE)
_NOBODY = ("nobody", "nobody yet", "unknown", "n/a", "na", "none", "tbd", "me", "rehearsal")


class Said(StrEnum):
    """An answer. `unknown` is an answer too: somebody was asked and could not tell."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Args:
        person: The person's id in the source of the records.
        item: The criterion or part of one that was asked about: `I2.2`.
        answer: What was said.
        by: Who says so: a name, and after a comma the role (`patients.roles`).
        on: When.
        line: Where it stands in the file.
    """

    person: str
    item: str
    answer: Said
    by: str
    on: date
    line: int = 0


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers that are valid, and those that a later one replaced.

    Args:
        valid: By person and item.
        replaced: In the order of the file.
        file: Where they were read.
    """

    valid: Mapping[tuple[str, str], Answer] = field(default_factory=dict)
    replaced: tuple[Answer, ...] = ()
    file: str = ""

    def get(self, person: str, item: str) -> Answer | None:
        """The valid answer of a person to an item; None where nobody answered."""
        return self.valid.get((person, item))

    def of(self, person: str) -> tuple[Answer, ...]:
        """All valid answers of a person, in the order of the file."""
        return tuple(answer for answer in self.valid.values() if answer.person == person)


NO_ANSWERS = Answers()


def read_answers(path: Path) -> Answers:
    """Reads an answers file.

    Raises:
        ProblemsError: with every problem of the file, each with line and column.
        InputError, MachineError: it cannot be read at all.
    """
    try:
        return parse_answers(text_of(read_whole(path, MAX_BYTES)), str(path))
    except JsonError as error:
        raise error.at(str(path)) from None


def parse_answers(text: str, file: str = "answers.csv") -> Answers:
    """Reads the text of an answers file.

    Raises:
        ProblemsError: with every problem of the text.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    problems = _Problems(file, lines)
    start = next((number for number, line in enumerate(lines, 1) if line.strip()), 0)
    if not start:
        raise ProblemsError([Problem("the file is empty", Place(file, 1, 1), hint=f"Begin with: {','.join(COLUMNS)}")])
    try:
        separator = _separator(lines[start - 1])
        order = _header(lines[start - 1], separator)
    except _HeaderError as error:
        raise ProblemsError(_placed(found, file, start, lines) for found in error.found) from None
    answers: list[Answer] = []
    for number, line in enumerate(lines[start:], start + 1):
        if not line.strip():
            continue
        found, wrong = _answer(line, order, number, separator)
        answers += [found] if found else []
        problems.add(number, wrong)
        if len(problems.first) >= MAX_PROBLEMS:
            break
    valid, replaced, contradictions = _latest(answers)
    for number, contradiction in contradictions:
        problems.add(number, [contradiction])
    if problems.first:
        raise ProblemsError(problems.told())
    return Answers(valid, replaced, file)


class _Problems:
    """What is wrong in the lines of a file; the same thing in many of them is told once, with how often."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self.file, self.lines = file, lines
        self.first: dict[str, tuple[int, GrammarError]] = {}
        self.again: dict[str, list[int]] = {}

    def add(self, number: int, wrong: Iterable[GrammarError]) -> None:
        """Takes in what is wrong in a line."""
        for error in wrong:
            if error.message in self.first:
                self.again.setdefault(error.message, []).append(number)
            else:
                self.first[error.message] = (number, error)

    def told(self) -> Iterator[Problem]:
        """Each problem where it first stands."""
        for message, (number, error) in self.first.items():
            one = _placed(error, self.file, number, self.lines)
            again = self.again.get(message, [])
            lines = ", ".join(map(str, again[:_MOST_LINES])) + (", …" if len(again) > _MOST_LINES else "")
            more = f" (and {len(again):,} times more, in line {lines})" if again else ""
            yield replace(one, message=f"{message}{more}")


class _HeaderError(Exception):
    """All that is wrong in the first line."""

    def __init__(self, found: list[GrammarError]) -> None:
        super().__init__(found)
        self.found = found


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell and where it begins in its line, from 0."""

    text: str
    start: int
    width: int

    def wrong(self, message: str, hint: str | None = None) -> GrammarError:
        return GrammarError(message, self.start, self.width, hint)


def _header(line: str, separator: str) -> list[str]:
    try:
        cells = _cells(line, separator)
    except GrammarError as error:
        raise _HeaderError([error]) from None
    names = [cell.text.casefold() for cell in cells]
    found = [
        cell.wrong(f"there is no column '{shortened(cell.text)}'", did_you_mean(cell.text, COLUMNS))
        for cell, name in zip(cells, names, strict=True)
        if name not in COLUMNS + ASKING
    ]
    found += [
        cell.wrong(f"the column '{name}' is given twice")
        for number, (cell, name) in enumerate(zip(cells, names, strict=True))
        if name in names[:number] and name in COLUMNS + ASKING
    ]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        hint = f"The first line names the columns: {','.join(COLUMNS)}"
        words = "the column is missing" if len(missing) == 1 else "columns are missing"
        found.append(GrammarError(f"{words}: {', '.join(missing)}", 0, max(1, len(line)), hint))
    if found:
        raise _HeaderError(found)
    return names


def _answer(line: str, order: list[str], number: int, separator: str) -> tuple[Answer | None, list[GrammarError]]:
    try:
        cells = _cells(line, separator)
        if len(cells) > len(order) and not any(cell.text for cell in cells[len(order) :]):
            cells = cells[: len(order)]  # empty columns that a spreadsheet adds on the right
        if len(cells) != len(order):
            extra = cells[len(order)] if len(cells) > len(order) else _Cell("", 0, len(line))
            raise extra.wrong(f"{len(cells)} cells where {len(order)} belong", _QUOTE[separator])
    except GrammarError as error:
        return None, [error]
    row = dict(zip(order, cells, strict=True))
    if not any(row[name].text for name in ("answer", "by", "on")):
        return None, []  # a question that nobody has answered yet: it stays open
    wrong: list[GrammarError] = []
    for name in COLUMNS:
        if not row[name].text:
            wrong.append(row[name].wrong(f"'{name}' is empty"))
    said = row["answer"].text.casefold()
    if said and said not in set(Said):
        near = len(said) > 2 and get_close_matches(said, list(Said), n=1)  # 'n' is near 'no' and may be anything
        hint = did_you_mean(said, list(Said)) if near else _WRITE
        wrong.append(row["answer"].wrong(f"'{shortened(row['answer'].text)}' is not an answer", hint))
    by = row["by"].text
    if by and not _is_name(by):
        wrong.append(row["by"].wrong(f"'{shortened(by)}' is not a name", "Write who answers: Li Wei"))
    on = None
    try:
        on = _day(row["on"].text) if row["on"].text else None
    except GrammarError as error:
        wrong.append(row["on"].wrong(error.message, error.hint))
    if wrong or on is None:
        return None, wrong
    return Answer(row["person"].text, _item(row["item"].text), Said(said), by, on, number), []


def _day(text: str) -> date:
    """A date: `2026-11-23`, or `23.11.2026`, which has one reading; with slashes it has two and is refused.

    Raises:
        GrammarError: it is none.
    """
    dotted = _DOTTED.fullmatch(text)
    if dotted:
        day, month, year = map(int, dotted.groups())
        try:
            return date(year, month, day)
        except ValueError:
            hint = "With points it is day.month.year: 23.11.2026"
            raise GrammarError(f"{text} does not exist in the calendar", 0, len(text), hint) from None
    return parse_date(text)


def _item(text: str) -> str:
    """The id of an item as protocols write it, with one capital letter before the first number: `i2.2` is `I2.2`."""
    return f"{text[:1].upper()}{text[1:]}" if _ITEM.fullmatch(text) else text


def _is_name(text: str) -> bool:
    return sum(letter.isalpha() for letter in text) >= 2 and text.casefold() not in _NOBODY


def _separator(header: str) -> str:
    """What stands between the cells: a comma, or the semicolon or tab of a spreadsheet set to another country."""
    counts = {mark: header.count(mark) for mark in (",", ";", "\t")}
    return max(counts, key=lambda mark: counts[mark])


def _cells(line: str, separator: str) -> list[_Cell]:
    """The cells of one line with their places; a cell does not go over its line's end.

    Raises:
        GrammarError: the quotes do not match.
    """
    try:
        texts = next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error as error:
        raise GrammarError(f"this is not CSV: {error}", 0, max(1, len(line))) from None
    starts = _starts(line, separator)
    ends = [start - 1 for start in starts[1:]] + [len(line)]
    return [
        _Cell(" ".join(plain_cell(text).split()), start, max(1, end - start))
        for text, start, end in zip(texts, starts, ends, strict=True)
    ]


def _starts(line: str, separator: str) -> list[int]:
    """Where the cells of a line begin; only in a cell that begins with a quote do quotes mean anything."""
    starts, quoted = [0], False
    for position, letter in enumerate(line):
        if letter == '"' and line[starts[-1]] == '"':
            quoted = not quoted
        elif letter == separator and not quoted:
            starts.append(position + 1)
    return starts


def _latest(
    answers: list[Answer],
) -> tuple[dict[tuple[str, str], Answer], tuple[Answer, ...], list[tuple[int, GrammarError]]]:
    """The latest answer of each person to each item; two different ones of one day contradict each other."""
    valid: dict[tuple[str, str], Answer] = {}
    replaced: list[Answer] = []
    for answer in sorted(answers, key=lambda answer: (answer.on, answer.line)):
        key = (answer.person, answer.item)
        earlier = valid.get(key)
        if earlier is not None:
            replaced.append(earlier)
        valid[key] = answer
    contradictions = list(_contradictions(answers))
    ordered = sorted(valid.items(), key=lambda pair: pair[1].line)
    return dict(ordered), tuple(sorted(replaced, key=lambda answer: answer.line)), contradictions


def _contradictions(answers: list[Answer]) -> Iterator[tuple[int, GrammarError]]:
    first: dict[tuple[str, str, date], Answer] = {}
    for answer in answers:
        other = first.setdefault((answer.person, answer.item, answer.on), answer)
        if other.answer is not answer.answer:
            yield (
                answer.line,
                GrammarError(
                    f"{answer.person} {answer.item} is '{answer.answer}' here and '{other.answer}' in line "
                    f"{other.line}, both on {answer.on}",
                    hint="Keep the one that is valid, or give the later one its own date.",
                ),
            )


def _placed(error: GrammarError, file: str, number: int, lines: list[str]) -> Problem:
    return Problem(error.message, Place(file, number, error.start + 1, error.width), lines[number - 1], error.hint)
