"""JSON objects of a bundle, looked at without trust: what has the wrong type is noted with its path and counts as absent.

A row is never lost because one of its fields is broken; the field stays empty, which the evaluator reads as *unknown*.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from trialrun.errors import shortened
from trialrun.vocabulary.terms import LONGEST_TEXT

MAX_TEXT = LONGEST_TEXT
"""Characters of a text that are kept; a name of a drug or a finding is far shorter."""
MAX_NOTES = 200
"""Problems that are kept in words; the others are counted."""

_INVISIBLE = dict.fromkeys(
    (
        *(code for code in range(0xA0) if not chr(code).isprintable() and not chr(code).isspace()),
        *(0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    )
)
"""Characters without a width, and those that command a terminal or turn the direction of writing."""


@dataclass(slots=True)
class Notes:
    """What a reader found wrong on its way.

    Args:
        file: The name of the file; with its line, where a line is a resource.
        problems: Sentences with file and path, the first of them.
        count: How many there were.
        lost: What could not be kept as a row, the first of it. While anything is lost, no record is complete.
        lost_count: How much that was.
        unresolved: References that lead nowhere.
        whole: The notes these are a part of; everything is kept there.
    """

    file: str
    problems: list[str] = field(default_factory=list)
    count: int = 0
    lost: list[str] = field(default_factory=list)
    lost_count: int = 0
    unresolved: int = 0
    whole: Notes | None = None

    def part(self, file: str) -> Notes:
        """Notes on one part; what is wrong in it is kept here, with the part's name."""
        return Notes(file, whole=self)

    def problem(self, path: str, message: str) -> None:
        """Something is wrong at a path."""
        kept = self.whole or self
        kept.count += 1
        if len(kept.problems) < MAX_NOTES:
            kept.problems.append(self.sentence(path, message))

    def lose(self, path: str, message: str) -> None:
        """Something at a path cannot be kept."""
        self.problem(path, message)
        kept = self.whole or self
        kept.lost_count += 1
        if len(kept.lost) < MAX_NOTES:
            kept.lost.append(self.sentence(path, message))

    def nowhere(self) -> None:
        """A reference leads nowhere."""
        (self.whole or self).unresolved += 1

    def take(self, other: Notes) -> None:
        """Adds what others found."""
        self.problems += other.problems[: MAX_NOTES - len(self.problems)]
        self.lost += other.lost[: MAX_NOTES - len(self.lost)]
        self.count += other.count
        self.lost_count += other.lost_count
        self.unresolved += other.unresolved

    def sentence(self, path: str, message: str) -> str:
        """A message as the user sees it."""
        return f"{self.file}: {path}: {message}" if path else f"{self.file}: {message}"


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON object and how one comes to it."""

    value: Mapping[str, object]
    notes: Notes
    parent: Node | None = None
    key: str = ""

    @property
    def path(self) -> str:
        """`entry[12].resource.code`, made only when it is needed."""
        steps, node = [], self
        while node.parent is not None:
            steps.append(node.key)
            node = node.parent
        return ".".join([*([node.key] if node.key else []), *reversed(steps)])

    def at(self, key: str) -> str:
        """The path of a member."""
        return f"{self.path}.{key}" if self.path else key

    def wrong(self, key: str, message: str) -> None:
        """Notes that a member is wrong."""
        self.notes.problem(self.at(key), message)

    def has(self, key: str) -> bool:
        """Whether a member is there and not null."""
        return self.value.get(key) is not None

    def node(self, key: str) -> Node | None:
        """A member that is an object."""
        value = self.value.get(key)
        if value is None:
            return None
        if isinstance(value, dict):
            return Node(value, self.notes, self, key)
        self.wrong(key, f"{shown(value)} where an object belongs")
        return None

    def nodes(self, key: str) -> Iterator[Node]:
        """The objects of a member that is a list; one object alone counts as a list of it."""
        value = self.value.get(key)
        if value is None:
            return
        if isinstance(value, dict):
            self.wrong(key, "an object where a list belongs; read as a list of one")
            yield Node(value, self.notes, self, key)
            return
        if not isinstance(value, list):
            self.wrong(key, f"{shown(value)} where a list belongs")
            return
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield Node(item, self.notes, self, f"{key}[{index}]")
            else:
                self.wrong(f"{key}[{index}]", f"{shown(item)} where an object belongs")

    def text(self, key: str) -> str:
        """A member that is text, as people see it; empty where absent."""
        value = self.value.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.wrong(key, f"{shown(value)} where text belongs")
            return ""
        value = clean(value)
        if len(value) > MAX_TEXT:
            self.wrong(key, f"a text of {len(value):,} characters is cut to {MAX_TEXT:,}")
            value = value[:MAX_TEXT] + "…"  # one more than is read, so that it is not taken for all there was
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A member that is a list of words."""
        value = self.value.get(key)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(clean(item[:MAX_TEXT]) for item in value)
        if value is not None:
            self.wrong(key, f"{shown(value)} where a list of words belongs")
        return ()

    def number(self, key: str) -> float | None:
        """A member that is a finite number. `"7.5"` is text, not a number: whoever wrote it may have meant more by it."""
        value = self.value.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.wrong(key, f"{shown(value)} where a number belongs")
            return None
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            self.wrong(key, "a number too large to be meant")
            return None
        return number

    def flag(self, key: str) -> bool | None:
        """A member that is true or false."""
        value = self.value.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.wrong(key, f"{shown(value)} where true or false belongs")
        return None


def clean(text: str) -> str:
    """Text without invisible characters, with single spaces; halves of broken characters become `?`."""
    if not (text.isascii() and text.isprintable()):
        text = text.translate(_INVISIBLE).encode("utf-8", "replace").decode("utf-8")
    return " ".join(text.split())


def shown(value: object) -> str:
    """A JSON value as a message may quote it."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{shortened(clean(value[:200]), 40)}'" if isinstance(value, str) else shortened(str(value), 40)
