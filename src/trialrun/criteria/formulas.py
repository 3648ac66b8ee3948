"""The formulas a rule may name, found by their names."""

from __future__ import annotations

from functools import lru_cache

from trialrun.vocabulary.formulas import FORMULAS, Formula


def find_formula(words: str) -> Formula | None:
    """The formula of a name or another word for it; None where there is none."""
    return _by_words().get(" ".join(words.casefold().split()))


def formula_named(name: str) -> Formula:
    """The formula of exactly this name, as the model keeps it."""
    return next(formula for formula in FORMULAS if formula.name == name)


def formula_names() -> tuple[str, ...]:
    """All names, as rules print them."""
    return tuple(formula.name for formula in FORMULAS)


@lru_cache(maxsize=1)
def _by_words() -> dict[str, Formula]:
    return {words.casefold(): formula for formula in FORMULAS for words in (formula.name, *formula.aliases)}
