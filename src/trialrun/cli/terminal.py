"""What commands write: answers on standard output, everything else on standard error."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

_WIDEST = 100
_PROGRESS_AFTER = 1.0
_PROGRESS_EVERY = 0.2
_CONTROLS = {code: "\ufffd" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


def width() -> int:
    """Columns to write in: the terminal's, but no wider than reads well."""
    return max(40, min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns))


def say(text: str = "") -> None:
    """Writes a line of the answer."""
    sys.stdout.write(printable(text) + "\n")


def printable(text: str) -> str:
    """Text that cannot steer a terminal: a record or file may hold escape sequences."""
    return text.translate(_CONTROLS)


def say_wrapped(text: str, *, indent: str = "", first: str | None = None) -> None:
    """Writes a paragraph, wrapped; `first` indents its first line differently."""
    start = indent if first is None else first
    for paragraph in text.split("\n"):
        lines = textwrap.wrap(
            paragraph,
            width(),
            initial_indent=start,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        say("\n".join(lines) if lines else start.rstrip())
        start = indent


def counted(number: int, word: str) -> str:
    """A number with its word: 1 arm, 2 arms."""
    return f"{number:,} {word}" + ("" if number == 1 else "s")


def say_heading(text: str) -> None:
    """Writes a heading with a blank line before it."""
    say(f"\n{text}\n{'-' * len(text)}")


def say_table(header: tuple[str, ...], rows: list[tuple[str, ...]], *, numbers: Collection[int] = ()) -> None:
    """Writes a plain table; columns are as wide as their longest cell, the last one may run on.

    Args:
        header: Heads of the columns.
        rows: As wide as the header.
        numbers: Places of columns of numbers, which end under one another; not the last.
    """
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    for row in [header, (*("-" * w for w in widths[:-1]), "-" * len(header[-1])), *rows]:
        cells = [row[i].rjust(w) if i in numbers else row[i].ljust(w) for i, w in enumerate(widths[:-1])]
        say("  ".join([*cells, row[-1]]).rstrip())


def asked_in_words(questions: int, in_place: int, about: str = "") -> str:
    """How much a file to fill in holds: `17 questions about 2 candidates, 1 more to answer in place of a record`."""
    more = f", {in_place:,} more to answer in place of a record" if in_place else ""
    return f"{counted(questions, 'question')}{about}{more}"


def say_json(payload: Any) -> None:
    """Writes a JSON answer, indented, unescaped, one value."""
    sys.stdout.write(json.dumps(payload, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def warn(text: str) -> None:
    """Writes a remark that is not part of the answer."""
    sys.stderr.write(printable(text) + "\n")


class Progress:
    """Counts work done and shows it on a terminal once it has taken more than a second."""

    def __init__(self, label: str, total: int | None) -> None:
        self._label, self._total = label, total
        self._done = 0
        self._start = self._shown = time.monotonic()
        self._wrote = False

    def step(self, by: int = 1) -> None:
        """Says that `by` more units are done."""
        self._done += by
        now = time.monotonic()
        if now - self._start > _PROGRESS_AFTER and now - self._shown > _PROGRESS_EVERY:
            self._shown = now
            self._wrote = True
            of = f" of {self._total}" if self._total is not None else ""
            sys.stderr.write(f"\r{self._label}: {self._done}{of}")
            sys.stderr.flush()

    def close(self) -> None:
        """Ends the line that was written, if any."""
        if self._wrote:
            sys.stderr.write("\n")


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Progress]:
    """Shows how far long work is, on standard error and only where somebody watches."""
    shown = Progress(label, total)
    if not sys.stderr.isatty():
        shown._start = float("inf")
    try:
        yield shown
    finally:
        shown.close()
