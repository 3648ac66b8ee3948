"""Random numbers that are the same on every machine, one stream for each subject of each person.

Only two things are taken from Python's generator, both of which it promises not to change: seeding with a text, and
`random()`. Nothing is taken from the machine's mathematical library, whose last digits differ between machines:
logarithms are not needed, and the exponential is computed here from sums and products, which every machine rounds alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ldexp
from random import Random

_LN2 = 0.6931471805599453
_TERMS = 16


class Chance:
    """One stream of random numbers.

    Args:
        words: What it is for: seed, number of the person, subject. Equal words give equal numbers.
    """

    __slots__ = ("_name", "_next")

    def __init__(self, *words: object) -> None:
        self._name = "|".join(map(str, words))
        self._next = Random(self._name).random

    def branch(self, word: str) -> Chance:
        """Another stream for a part of the subject: what it draws changes nothing here."""
        return Chance(self._name, word)

    def draw(self) -> float:
        """A number from 0 up to 1, 1 excluded."""
        return self._next()

    def share(self, share: float) -> bool:
        """True in this share of cases."""
        return self._next() < share

    def hits(self, shares: Sequence[tuple[str, float]]) -> list[str]:
        """Which of several things happen, each by itself and each in its share of cases."""
        draw = self._next
        return [word for word, share in shares if draw() < share]

    def whole(self, low: int, high: int) -> int:
        """A whole number, each from `low` to `high` as likely."""
        return low + int(self._next() * (high - low + 1))

    def between(self, bounds: tuple[float, float]) -> float:
        """A number, each between two bounds as likely."""
        low, high = bounds
        return low + self._next() * (high - low)

    def pick(self, weights: Mapping[str, float]) -> str:
        """One of several words, as often as their weights say."""
        return picked(weights, self._next())

    def normal(self) -> float:
        """A number of mean 0 and variance 1, nearly normal: the sum of twelve uniform ones less six.

        It never passes 6, and is a little rarer beyond 3 than a normal one (Irwin and Hall's distribution).
        """
        draw = self._next
        return (
            draw() + draw() + draw() + draw() + draw() + draw()
            + draw() + draw() + draw() + draw() + draw() + draw() - 6.0
        )  # fmt: skip

    def gauss(self, mean_and_spread: tuple[float, float]) -> float:
        """A nearly normal number of this mean and standard deviation."""
        mean, spread = mean_and_spread
        return mean + spread * self.normal()

    def skewed(self, median_and_spread: tuple[float, float]) -> float:
        """A nearly log-normal number of this median; the second number is the standard deviation of its logarithm."""
        median, spread = median_and_spread
        return median * exponential(spread * self.normal())


def picked(weights: Mapping[str, float], draw: float) -> str:
    """The word a number from 0 to 1 falls on; the weights stand in the order of the parameters file."""
    left = draw * sum(weights.values())
    word = ""
    for name, weight in weights.items():
        if weight <= 0:
            continue
        word, left = name, left - weight
        if left < 0:
            break
    return word


def exponential(power: float) -> float:
    """e to a power between -500 and 500, from sums and products only."""
    halvings = round(power / _LN2)
    rest = power - halvings * _LN2
    total = 1.0
    for number in range(_TERMS, 0, -1):
        total = 1.0 + rest * total / number
    return ldexp(total, halvings)
