"""What rows could not be mapped to, by code and by spelling: the part of an account a site can mend.

A code that nothing maps, and a unit nobody knows, are listed as they were found, with how often, so that a table of local
codes or a question to the laboratory can follow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.units import ucum

if TYPE_CHECKING:
    from trialrun.patients.person import Event, Person
    from trialrun.vocabulary.terms import Vocabulary

MOST_KEPT = 1_000
"""Different codes or spellings of one account that are kept, the most frequent; of the others only the rows are counted."""
_MOST_COUNTED = 50_000
"""Different codes that are counted at the same time; free text can be different in every row."""
_LONGEST = 200


class Code(NamedTuple):
    """A code as a row carries it.

    Args:
        system: As found; empty where none was.
        code: As found; empty where the row has words only.
        text: Its words, the first 200 characters.
    """

    system: str
    code: str
    text: str

    def in_words(self) -> str:
        """`'Cough' (local 17)`; what is missing is left out."""
        place = " ".join(part for part in (self.system, self.code) if part)
        if not self.text:
            return place or "no code and no words"
        return f"'{self.text}' ({place})" if place else f"'{self.text}'"


Key = TypeVar("Key", str, Code)


def code_of(event: Event) -> Code:
    """A row's source code with its words."""
    return Code(event.source_system, event.source_code, event.source_text[:_LONGEST])


def is_mapped(event: Event) -> bool:
    """Whether a row carries a standard code. A visit needs none: its class is the whole of it."""
    return bool(event.std_code) or event.domain is Domain.VISIT


def unknown_unit(event: Event) -> str:
    """The unit of a row as it is spelled, where nobody knows it; empty where it is known or there is none."""
    spelled = event.unit or event.unit_source
    if event.value is None or not spelled:
        return ""
    # A test that counts cells reads some spellings as no other test does; they are known.
    known = ucum(spelled) is not None or ucum(spelled, counts=True) is not None
    return "" if known else event.unit_source or event.unit


def add_capped(counts: Counter[Key], key: Key, by: int = 1) -> None:
    """Counts a code or spelling, unless there are so many different ones that they would take the memory."""
    if key in counts or len(counts) < _MOST_COUNTED:
        counts[key] += by


def most_frequent(counts: Mapping[Key, int]) -> dict[Key, int]:
    """The most frequent, at most `MOST_KEPT`; equal ones in the order of the alphabet."""
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_KEPT])


class TermCount:
    """Counts what a vocabulary makes of rows: those that mean a term, and those whose meaning nobody can rule out."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.meant = 0
        self.not_understood = 0
        self.codes: Counter[Code] = Counter()

    def add(self, person: Person) -> None:
        """Takes in the rows of a person that say something was so."""
        for event in person.events:
            if not event.status.counts or event.domain is Domain.VISIT:
                continue
            codings = ((event.std_system, event.std_code), (event.source_system, event.source_code))
            reading = self._vocabulary.read(event.domain, tuple(pair for pair in codings if pair[1]), event.words)
            if reading.names:
                self.meant += 1
            elif not reading.understood:
                self.not_understood += 1
                add_capped(self.codes, code_of(event))

    def most_frequent(self) -> dict[Code, int]:
        """The codes that are not understood, the most frequent first."""
        return most_frequent(self.codes)
