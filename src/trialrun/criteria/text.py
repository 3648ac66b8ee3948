"""Eligibility prose as an ordered tree of sentences, each with the place it was read from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Section(StrEnum):
    """Which part of the eligibility text a sentence stands in."""

    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"
    OTHER = "other"


class Role(StrEnum):
    """What a sentence is: a criterion, the head of a group of criteria, or a remark."""

    CRITERION = "criterion"
    GROUP = "group"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class CriterionText:
    """One sentence of the eligibility text.

    Args:
        id: `I3`, `I3.a`, `E1`; `N1` where the text says neither inclusion nor exclusion.
        section: Where it stands.
        level: 0 for the top of its list, 1 for a part of a criterion, …
        parent: The id it is a part of.
        role: What it is.
        text: Its words with wrapping undone, markdown escapes and list marker taken off.
        start, end: The characters of the source that hold the words.
    """

    id: str
    section: Section
    level: int
    parent: str | None
    role: Role
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class EligibilityText:
    """A whole eligibility text, split.

    Args:
        source: The text as registered.
        items: Its sentences in order.
        heads: Spans of recognised headings and list markers.
        residue: Spans of everything else that is not white space.
    """

    source: str
    items: tuple[CriterionText, ...]
    heads: tuple[tuple[int, int], ...] = ()
    residue: tuple[tuple[int, int], ...] = ()

    @property
    def coverage(self) -> float:
        """Share of the characters (white space left out) that are part of a sentence, a heading or a marker."""
        total = sum(not character.isspace() for character in self.source)
        lost = sum(not character.isspace() for start, end in self.residue for character in self.source[start:end])
        return 1.0 if total == 0 else 1 - lost / total

    def section(self, section: Section) -> tuple[CriterionText, ...]:
        """The sentences of one section."""
        return tuple(item for item in self.items if item.section is section)
