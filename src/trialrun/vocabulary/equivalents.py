"""Glucocorticoid doses of equal effect: how many milligrams of one a milligram of another is worth."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from trialrun.vocabulary.shipped_terms import data_file, shipped

_TABLE = "mg equal to 5 mg prednisone"


@lru_cache(maxsize=16)
def equivalence(reference: str = "prednisone") -> Mapping[str, Fraction] | None:
    """Drug → milligrams of the reference drug that one milligram of it is worth; None for an unknown reference.

    The factors are exact, so that 1.5 mg of dexamethasone is exactly 10 mg of prednisone. They hold for systemic routes.
    A glucocorticoid that is not among them (budesonide) has no factor: its dose is unknown, never guessed.
    """
    amounts = _amounts()
    if reference not in amounts:
        return None
    return MappingProxyType({drug: amounts[reference] / amount for drug, amount in amounts.items()})


def equivalence_source() -> str:
    """Where the factors come from and how far they are checked."""
    data = data_file("drugs")
    source = data["sources"][data["equivalents"]["source"]]
    return f"{source['name']} ({source['date']}); recalled, to be checked by a clinician"


def _amounts() -> dict[str, Fraction]:
    table = data_file("drugs")["equivalents"][_TABLE]
    known = shipped()
    return {known.get(drug).name: Fraction(amount) for drug, amount in table.items()}
