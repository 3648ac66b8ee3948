"""YAML read as plain words with positions: every scalar a string, every key and value with its place.

Only the block style is taken. Inline maps and lists, aliases, tags, duplicate keys and second documents are
problems, because each of them hides a slip that a reader of a protocol would not see. libyaml's events are
read one at a time, so that no nesting and no alias can make memory or the stack grow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from trialrun.errors import InputError, MachineError, Place, Problem, ProblemsError, shortened

MAX_BYTES = 4_000_000
MAX_DEPTH = 20
MAX_PROBLEMS = 200

KeyPath = tuple[str | int, ...]
"""The way to a value: keys of maps and positions in lists."""

Plain = str | dict[str, "Plain"] | list["Plain"]

_MARKS = re.compile(r"\s*\[((?:[CQA]\d+)(?:\s*,\s*[CQA]\d+)*)\]\s*$")
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLOCK_SIGN = re.compile(r"[>|][-+]?\d?")
_VERBATIM = frozenset({"says", "texts", "unread"})
"""Keys below which the registered words stand untouched, so nothing at their end is a mark."""
_RULINGS = frozenset({"decisions", "accepted"})
"""Blocks that hold the answers: what a person gives as a reason may end with the id of another row."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a value and its key begin and the value ends (1-based), and whether it begins with a quote."""

    line: int
    column: int
    key_line: int
    key_column: int
    quoted: bool = False
    end_line: int = 0
    end_column: int = 0

    @property
    def one_line(self) -> bool:
        """Whether the value ends on the line it begins on."""
        return self.end_line == self.line


@dataclass(frozen=True)
class SourceTree:
    """A protocol file as words with places.

    Args:
        file: Its name, as messages give it.
        text: The file itself.
        plain: Maps, lists and strings; marks such as `[C1]` taken off the end of values.
        spots: The place of each value by its path.
        marks: The ids marked on a value, by its path.
    """

    file: str
    text: str
    plain: dict[str, Plain]
    spots: dict[KeyPath, Spot] = field(repr=False)
    marks: dict[KeyPath, tuple[str, ...]] = field(repr=False)

    def problem(
        self,
        path: KeyPath,
        message: str,
        *,
        hint: str | None = None,
        start: int = 0,
        width: int = 1,
        key: bool = False,
    ) -> Problem:
        """A problem placed at a value (or its key), at a character of it."""
        spot = self._nearest(path)
        if spot is None:
            return Problem(message, Place(self.file, 1, 1), self._line(1), hint)
        line, column = (spot.key_line, spot.key_column) if key else self._inside(path, spot, start)
        return Problem(message, Place(self.file, line, column, max(1, width)), self._line(line), hint)

    def _inside(self, path: KeyPath, spot: Spot, start: int) -> tuple[int, int]:
        if spot.one_line:
            return spot.line, spot.column + start + (1 if spot.quoted else 0)
        return self._in_folded(path, spot, start)

    def _in_folded(self, path: KeyPath, spot: Spot, start: int) -> tuple[int, int]:
        """Where a character of a value stands that is written over several lines: its words are counted off."""
        text = self.words(path)  # lists hold no such values
        words_before = text[:start].count(" ")
        inside = start - (text.rfind(" ", 0, start) + 1)
        for number, line in enumerate(self.text.splitlines()[spot.line - 1 : spot.end_line], spot.line):
            begin = spot.column - 1 if number == spot.line else 0
            for word in re.finditer(r"\S+", line[begin:]):
                if number == spot.line and _BLOCK_SIGN.fullmatch(word[0]):
                    continue
                if words_before == 0:
                    return number, begin + word.start() + 1 + inside + (1 if spot.quoted and word[0][0] in "'\"" else 0)
                words_before -= 1
        return spot.line, spot.column

    def place(self, path: KeyPath, start: int = 0) -> Place:
        """The place of a value, or of a character of it; of the nearest value around it where it is absent."""
        spot = self._nearest(path)
        if spot is None:
            return Place(self.file, 1, 1)
        line, column = self._inside(path, spot, start) if start else (spot.line, spot.column)
        return Place(self.file, line, column)

    def words(self, path: KeyPath) -> str:
        """The words of a value, on one line; empty where it is none or has none."""
        value: Plain = self.plain
        for part in path:
            value = value.get(part, "") if isinstance(value, dict) and isinstance(part, str) else ""
        return " ".join(value.split()) if isinstance(value, str) else ""

    def _nearest(self, path: KeyPath) -> Spot | None:
        for length in range(len(path), 0, -1):
            if path[:length] in self.spots:
                return self.spots[path[:length]]
        return None

    def _line(self, number: int) -> str | None:
        lines = self.text.splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else None


def read_source(path: Path) -> SourceTree:
    """Reads a protocol file from disk.

    Raises:
        InputError: not a file, too large, not UTF-8.
        ProblemsError: with every problem of its YAML.
        MachineError: it cannot be opened.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(
            f"There is no file '{path}'", hint="Check the name, or draft one: trialrun draft NCT..."
        ) from None
    except IsADirectoryError:
        raise InputError(f"'{path}' is a folder", hint="Name the protocol file inside it.") from None
    except OSError as error:
        raise MachineError(f"'{path}' cannot be read: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise InputError(
            f"'{path}' is larger than {MAX_BYTES // 1_000_000} MB",
            hint="A protocol file is a few thousand lines.",
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError(
            f"{path}:{line}: byte {error.start} is not UTF-8 text (0x{raw[error.start]:02x})",
            hint="Save the file as UTF-8.",
        ) from None
    return parse_source(text, str(path))


def parse_source(text: str, file: str) -> SourceTree:
    """Reads the text of a protocol file.

    Raises:
        ProblemsError: with every problem of its YAML; the first only where the text cannot be read on.
    """
    bad = _FORBIDDEN.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - text.rfind("\n", 0, bad.start())
        raise ProblemsError(
            [
                Problem(
                    f"the character U+{ord(bad[0]):04X} cannot stand in a text file",
                    Place(file, line, column),
                )
            ]
        )
    builder = _Builder(text, file)
    plain = builder.build()
    return SourceTree(file, text, plain, builder.spots, builder.marks)


@dataclass(slots=True)
class _Open:
    """A map or list that is being read."""

    path: KeyPath
    into: dict[str, Plain] | list[Plain]
    key: str | None = None
    key_spot: tuple[int, int] = (1, 1)
    skip: bool = False


class _Builder:
    """Turns libyaml's events into plain words, noting places and problems."""

    def __init__(self, text: str, file: str) -> None:
        self._text, self._file = text, file
        self._lines = text.splitlines()
        self._problems: list[Problem] = []
        self._stack: list[_Open] = []
        self._documents = 0
        self._root: Plain | None = None
        self.spots: dict[KeyPath, Spot] = {}
        self.marks: dict[KeyPath, tuple[str, ...]] = {}

    def build(self) -> dict[str, Plain]:
        """The plain tree.

        Raises:
            ProblemsError: where anything was wrong.
        """
        for event in self._events():
            self._take(event)
            if len(self._problems) >= MAX_PROBLEMS:
                break
        if not self._problems and not isinstance(self._root, dict):
            found = "nothing" if self._root is None or self._root == "" else shortened(str(self._root), 30)
            self._problem(
                1, 1, f"a protocol file is a map of keys and values; found {found}", "Begin with: trial: NCT…"
            )
        if self._problems:
            raise ProblemsError(self._problems)
        assert isinstance(self._root, dict)
        return self._root

    def _events(self) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(self._text, Loader=yaml.CBaseLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            words = " ".join(part for part in (error.problem, error.context) if part)
            self._problem(line, column, f"this is not YAML: {words}", _yaml_hint(words))
        except yaml.YAMLError as error:
            self._problem(1, 1, f"this is not YAML: {shortened(str(error), 100)}", None)

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._at(event, "a second document begins here", "Keep one study in one file.")
        elif isinstance(event, yaml.AliasEvent):
            self._at(event, f"'*{event.anchor}' repeats another value", "Write the value out.")
            if self._expects_key():
                self._stack[-1].key, self._stack[-1].key_spot = f"*{event.anchor}", _start(event)
            else:
                self._value("", event, quoted=False)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        into: dict[str, Plain] | list[Plain] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._refuse_decorations(event)
        if event.flow_style:
            shape = "{…}" if isinstance(into, dict) else "[…]"
            self._at(
                event,
                f"an inline {shape} hides what a line of its own would show",
                "Write one fact per line.",
            )
        if len(self._stack) >= MAX_DEPTH:
            if len(self._stack) == MAX_DEPTH:
                self._at(event, f"nested more than {MAX_DEPTH} levels deep", None)
            self._stack.append(_Open((), into, skip=True))
            return
        if self._expects_key():
            self._at(event, "a key is a word, not a map or a list", None)
            self._stack.append(_Open((), into, skip=True))
            self._stack[-2].key = ""
            return
        path = self._value(into, event, quoted=False)
        self._stack.append(_Open(path, into, skip=bool(self._stack and self._stack[-1].skip)))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._refuse_decorations(event)
        if self._expects_key():
            self._key(event)
        else:
            self._value(event.value, event, quoted=event.style in ("'", '"'))

    def _expects_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].into, dict) and self._stack[-1].key is None

    def _key(self, event: yaml.ScalarEvent) -> None:
        top = self._stack[-1]
        key = " ".join(event.value.split())
        assert isinstance(top.into, dict)
        if not key:
            self._at(event, "a key is missing", None)
        if key in top.into and not top.skip:
            first = self.spots.get((*top.path, key))
            where = f" (first in line {first.key_line})" if first else ""
            self._at(event, f"'{key}' is given twice{where}", "Keep one of the two.", width=len(key))
        top.key = key
        top.key_spot = _start(event)

    def _value(self, value: Plain, event: yaml.Event, *, quoted: bool) -> KeyPath:
        line, column = _start(event)
        if not self._stack:
            self._root = value
            self.spots[()] = Spot(line, column, line, column, quoted, *_end(event))
            return ()
        top = self._stack[-1]
        if isinstance(top.into, dict):
            assert top.key is not None
            path, key_spot = (*top.path, top.key), top.key_spot
        else:
            path, key_spot = (*top.path, len(top.into)), (line, column)
        if isinstance(value, str):
            value = self._without_marks(value, path)
        if not top.skip:
            self.spots.setdefault(path, Spot(line, column, *key_spot, quoted, *_end(event)))
        if isinstance(top.into, dict):
            assert top.key is not None
            top.into[top.key] = value
            top.key = None
        else:
            top.into.append(value)
        return path

    def _without_marks(self, value: str, path: KeyPath) -> str:
        if path[:1] and path[0] in _RULINGS:
            return value
        if not _VERBATIM.isdisjoint(part for part in path if isinstance(part, str)):
            return value
        match = _MARKS.search(value)
        if match is None:
            return value
        self.marks[path] = tuple(mark.strip() for mark in match[1].split(","))
        return value[: match.start()]

    def _refuse_decorations(self, event: yaml.NodeEvent) -> None:
        if event.anchor:
            self._at(
                event,
                f"'&{event.anchor}' names a value for repeating",
                "Write the value out where it is needed.",
            )
        tag = getattr(event, "tag", None)
        if tag and tag != "!":
            self._at(event, f"the tag '{shortened(tag, 40)}' has no meaning here", "Every value is plain text.")

    def _at(self, event: yaml.Event, message: str, hint: str | None, *, width: int = 1) -> None:
        line, column = _start(event)
        self._problem(line, column, message, hint, width=width)

    def _problem(self, line: int, column: int, message: str, hint: str | None, *, width: int = 1) -> None:
        text = self._lines[line - 1] if 0 < line <= len(self._lines) else None
        self._problems.append(Problem(message, Place(self._file, line, column, width), text, hint))


def _start(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _end(event: yaml.Event) -> tuple[int, int]:
    mark = event.end_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _yaml_hint(words: str) -> str | None:
    if "mapping values are not allowed" in words:
        return "Put quotes around a value that contains ': ', or write '>-' and the value on the next line, indented."
    if "could not find expected ':'" in words:
        return "Every line is 'key: value', or '- ' and a list item."
    if "tab character" in words or "found character '\\t'" in words or "cannot start any token" in words:
        return "Indent with spaces; quote a value that begins with @, `, % or a tab."
    if "did not find expected key" in words or "did not find expected" in words:
        return "Check the indentation of this line and the one above."
    return None
