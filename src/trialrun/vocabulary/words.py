"""Words as terms are compared: case, accents, hyphens, British or American spelling and a plural s do not matter."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Letters and digits; invisible characters inside a word, as some records have them, do not split it.
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u00ad\u200b-\u200d\ufeff])*(?:['’]s(?![^\W_]))?")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200d\ufeff]")
_SPELLINGS = (
    ("ae", "e"),
    ("oe", "e"),
    ("sulph", "sulf"),
    ("umour", "umor"),
    ("aviour", "avior"),
    ("isation", "ization"),
)
_READABLE = re.compile(r"[^\W\d_]{2}")
_SAYS_NOTHING = frozenset(
    {"no matching concept", "unmapped", "unknown", "not available", "not stated", "none", "null", "other", "nan"}
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: as compared, as written, and its characters."""

    folded: str
    written: str
    start: int
    end: int


def tokens(text: str) -> tuple[Token, ...]:
    """The words of a text in order; signs and spaces only separate them."""
    return tuple(Token(_fold(match[0]), match[0], match.start(), match.end()) for match in _WORD.finditer(text))


def folded(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared."""
    return tuple(_fold(word) for word in _WORD.findall(text))


def key(text: str) -> str:
    """What two spellings of one term have in common: `X-ray`, `X ray` and `xrays` are one."""
    return "".join(folded(text))


def is_readable(text: str) -> bool:
    """Whether a text says something: words, not only a code, and not "unknown" or "no matching concept"."""
    return _READABLE.search(text) is not None and not says_nothing(text)


def says_nothing(text: str) -> bool:
    """Whether a text is empty or one of the words that stand for no text: "unknown", "no matching concept"."""
    return not text or text.strip().casefold() in _SAYS_NOTHING


@lru_cache(maxsize=16_384)
def _fold(word: str) -> str:
    plain = word.casefold()
    if plain.endswith(("'s", "’s")):
        plain = plain[:-2]
    if not plain.isascii():
        letters = unicodedata.normalize("NFKD", _INVISIBLE.sub("", plain))
        plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    for british, american in _SPELLINGS:
        plain = plain.replace(british, american)
    return _singular(plain)


def _singular(word: str) -> str:
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1]
