"""Numbers in prose, as digits or words."""

from __future__ import annotations

from decimal import Decimal

WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "fourteen": 14,
    "sixteen": 16,
    "eighteen": 18,
    "twenty": 20,
    "twenty-four": 24,
}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}

SMALL = "|".join(sorted(WORDS, key=len, reverse=True))
"""Alternatives for a regular expression: small numbers as words."""


def small(text: str) -> int:
    """A small number written in digits or as a word."""
    word = text.casefold()
    return WORDS[word] if word in WORDS else int(word)


def scaled(number: str, scale: str | None) -> Decimal:
    """A number with a scale word: `One` and `million`."""
    word = number.casefold()
    value = Decimal(WORDS[word]) if word in WORDS else Decimal(number.replace(",", ""))
    return value * SCALES[scale.casefold()] if scale else value
