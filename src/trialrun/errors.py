"""Errors as part of the interface: the user's words, where, what was received, what to do next.

    TrialrunError
    ├── UsageError           2  the command was called wrongly
    ├── InputError           3  a file or value cannot be used
    │   └── ProblemsError    3  several problems in one text, all at once
    └── MachineError      4  no disk, no server, no network, no permission

A *problem* is one finding in a text; it knows its line and column and shows the text with a caret.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

EXIT_DONE = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_INPUT = 3
EXIT_ENVIRONMENT = 4

_LONGEST_SHOWN = 160


class TrialrunError(Exception):
    """Anything a user can be told about; printed without a traceback.

    Args:
        message: What is wrong, in the user's words, naming the thing and the value received.
        hint: What to do next.
    """

    exit_code = EXIT_INPUT

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


class UsageError(TrialrunError):
    """The command was called wrongly."""

    exit_code = EXIT_USAGE


class InputError(TrialrunError):
    """A file or a value cannot be used."""

    exit_code = EXIT_INPUT


class MachineError(TrialrunError):
    """The machine lacks something: disk, permission, server, network."""

    exit_code = EXIT_ENVIRONMENT


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a text: 1-based line and column, and how many characters it covers."""

    file: str
    line: int
    column: int
    width: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a text.

    Args:
        message: What is wrong, with the text found.
        place: Where; None when the problem is about the file as a whole.
        line_text: The line itself, shown above a caret.
        hint: What to write instead.
    """

    message: str
    place: Place | None = None
    line_text: str | None = None
    hint: str | None = None

    def render(self) -> str:
        """The problem as a reader sees it: place, message, the line with a caret, the hint."""
        head = f"{self.place}: {self.message}" if self.place else self.message
        lines = [head]
        if self.place is not None and self.line_text is not None:
            text, column = _window(self.line_text, self.place.column)
            carets = "^" * max(1, min(self.place.width, len(text) - column + 1))
            lines += [f"    {text}", "    " + " " * (column - 1) + carets]
        if self.hint:
            lines.append(f"  {self.hint}")
        return "\n".join(lines)


class ProblemsError(InputError):
    """All problems of one text at once.

    Args:
        problems: At least one; sorted here by place.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=_order))
        if not self.problems:
            raise ValueError("ProblemsError needs at least one problem")
        super().__init__("\n".join(problem.render() for problem in self.problems))


class GrammarError(ValueError):
    """A word of a small grammar cannot be read; the caller turns it into a problem with a place.

    Args:
        message: What is wrong, quoting the text.
        start: Where in the text given, in characters.
        width: How many characters are wrong.
        hint: What to write instead.
    """

    def __init__(self, message: str, start: int = 0, width: int = 1, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.width = max(1, width)
        self.hint = hint

    def shifted(self, by: int) -> GrammarError:
        """The same error in a longer text in which the part that was read starts at `by`."""
        return GrammarError(self.message, self.start + by, self.width, self.hint)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """A sentence that suggests the nearest known word, or lists them when there are few."""
    words = list(known)
    folded = {candidate.casefold(): candidate for candidate in words}
    near = get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    if near:
        return f"Did you mean '{folded[near[0]]}'?"
    if words and len(words) <= 12:
        return "Known: " + ", ".join(words) + "."
    return None


def shortened(value: str, limit: int = 60) -> str:
    """A value as a message may quote it: one line, cut when long."""
    flat = " ".join(value.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def _order(problem: Problem) -> tuple[str, int, int]:
    place = problem.place
    return (place.file, place.line, place.column) if place else ("", 0, 0)


def _window(text: str, column: int) -> tuple[str, int]:
    """The part of a long line around a column, and the column inside that part."""
    text = text.replace("\t", " ")
    if len(text) <= _LONGEST_SHOWN:
        return text, column
    start = max(0, column - 1 - _LONGEST_SHOWN // 2)
    part = text[start : start + _LONGEST_SHOWN]
    return ("…" + part[1:] if start else part), column - start
