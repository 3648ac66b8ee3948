"""Finding terms in a text: the longest phrase wins, and a phrase may say that it means nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from trialrun.vocabulary.words import Token, folded, tokens

_LONGEST_ABBREVIATION = 4
_SHORTEST_BY_ENDING = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in a text.

    Args:
        name: The concept it names; None where the phrase means nothing.
        first, last: Its words, counted from 0, the last one included.
        by_ending: Whether only the ending of the word told.
    """

    name: str | None
    first: int
    last: int
    by_ending: bool = False


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    name: str | None
    capitals: bool


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases by their first word, longest first, and endings that tell a class."""

    by_first: dict[str, list[_Phrase]] = field(default_factory=dict)
    endings: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(
        cls,
        named: Iterable[tuple[str, str]],
        silent: Iterable[str] = (),
        endings: Iterable[tuple[str, str]] = (),
        *,
        in_capitals: bool = False,
    ) -> Phrases:
        """Builds the index.

        Args:
            named: Words and the concept they name.
            silent: Phrases that mean nothing.
            endings: Endings of words and the concept they tell.
            in_capitals: Whether a short abbreviation is read in capitals only.
        """
        by_first: dict[str, list[_Phrase]] = {}
        for written, name in [*named, *((words, None) for words in silent)]:
            words = folded(written)
            if words:
                phrase = _Phrase(words, name, in_capitals and name is not None and _is_abbreviation(written))
                by_first.setdefault(words[0], []).append(phrase)
        for phrases in by_first.values():
            # A phrase that means nothing wins over a term of the same words.
            phrases.sort(key=lambda phrase: (-len(phrase.words), phrase.name is not None, phrase.capitals))
        return cls(by_first, tuple(sorted(endings, key=lambda pair: -len(pair[0]))))

    def find(self, text: str) -> tuple[tuple[Token, ...], tuple[Found, ...]]:
        """The words of a text, and the phrases in it from left to right without overlap."""
        words = tokens(text)
        found: list[Found] = []
        shouted = text.isupper()
        position = 0
        while position < len(words):
            hit = self._at(words, position, shouted) or self._by_ending(words[position], position)
            if hit is not None:
                found.append(hit)
                position = hit.last
            position += 1
        return words, tuple(found)

    def _at(self, words: tuple[Token, ...], position: int, shouted: bool) -> Found | None:
        for phrase in self.by_first.get(words[position].folded, ()):
            part = words[position : position + len(phrase.words)]
            if tuple(word.folded for word in part) != phrase.words:
                continue
            # In a text all in capitals an abbreviation cannot be told from a word: HEARING AIDS.
            if phrase.capitals and (not _in_capitals(part) or (shouted and len(part) < len(words))):
                continue
            return Found(phrase.name, position, position + len(part) - 1)
        return None

    def _by_ending(self, word: Token, position: int) -> Found | None:
        if len(word.folded) < _SHORTEST_BY_ENDING or not word.folded.isalpha():
            return None
        for ending, name in self.endings:
            if word.folded.endswith(ending):
                return Found(name, position, position, by_ending=True)
        return None


def _is_abbreviation(written: str) -> bool:
    """Whether a word is to be found in capitals only: AIDS is no hearing aid."""
    return written.isupper() and sum(letter.isalpha() for letter in written) <= _LONGEST_ABBREVIATION


def _in_capitals(part: tuple[Token, ...]) -> bool:
    return all(word.written.removesuffix("s").isupper() or word.written.isdigit() for word in part)
