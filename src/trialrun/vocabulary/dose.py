"""Amounts of drug: number, unit, and the basis (per m², per kg) that needs a body size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from trialrun.errors import GrammarError, did_you_mean


class Basis(StrEnum):
    """What an amount is multiplied with."""

    FLAT = "flat"
    PER_M2 = "m2"
    PER_KG = "kg"


# Unit as written in files -> (kind, factor to the kind's base unit). International units are defined per
# substance and convert to nothing else. Masses in gram, volumes in litre, activities in becquerel.
_UNITS: dict[str, tuple[str, Decimal]] = {
    "g": ("mass", Decimal(1)),
    "mg": ("mass", Decimal("1e-3")),
    "ug": ("mass", Decimal("1e-6")),
    "ng": ("mass", Decimal("1e-9")),
    "kg": ("mass", Decimal("1e3")),
    "L": ("volume", Decimal(1)),
    "mL": ("volume", Decimal("1e-3")),
    "IU": ("biological activity", Decimal(1)),
    "MIU": ("biological activity", Decimal("1e6")),
    "U": ("activity unit", Decimal(1)),
    "mmol": ("substance", Decimal("1e-3")),
    "mEq": ("charge", Decimal("1e-3")),
    "Gy": ("radiation dose", Decimal(1)),
    "cGy": ("radiation dose", Decimal("1e-2")),
    "MBq": ("radioactivity", Decimal("1e6")),
    "GBq": ("radioactivity", Decimal("1e9")),
    "CFU": ("colony forming units", Decimal(1)),
    "cells": ("cells", Decimal(1)),
    "vg": ("vector genomes", Decimal(1)),
    "pfu": ("plaque forming units", Decimal(1)),
    "tablet": ("pieces", Decimal(1)),
    "capsule": ("pieces", Decimal(1)),
    "drop": ("pieces", Decimal(1)),
    "puff": ("pieces", Decimal(1)),
    "patch": ("pieces", Decimal(1)),
    "%": ("percent", Decimal(1)),
}
_ALIASES = {
    "µg": "ug",
    "μg": "ug",
    "mcg": "ug",
    "microgram": "ug",
    "micrograms": "ug",
    "milligram": "mg",
    "milligrams": "mg",
    "mgs": "mg",
    "gram": "g",
    "grams": "g",
    "gm": "g",
    "ml": "mL",
    "cc": "mL",
    "l": "L",
    "iu": "IU",
    "i.u.": "IU",
    "ius": "IU",
    "miu": "MIU",
    "u": "U",
    "units": "U",
    "unit": "U",
    "gy": "Gy",
    "cgy": "cGy",
    "mbq": "MBq",
    "gbq": "GBq",
    "cfu": "CFU",
    "cell": "cells",
    "meq": "mEq",
    "tablets": "tablet",
    "capsules": "capsule",
    "drops": "drop",
    "puffs": "puff",
    "patches": "patch",
    "percent": "%",
}
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:[eE]\d{1,2})?"
_AMOUNT = re.compile(rf"\s*({_NUMBER})\s*([^\s\d]\S*)\s*")
_DOSE = re.compile(rf"\s*({_NUMBER})\s*([^\s\d]\S*?)(?:\s*(?:/|\bper\b)\s*(\S+))?\s*")
_BASES = {"m2": Basis.PER_M2, "m²": Basis.PER_M2, "m^2": Basis.PER_M2, "kg": Basis.PER_KG}


def unit_of(word: str) -> str | None:
    """The unit as files write it, or None where the word is no unit of a dose."""
    if word in _UNITS:
        return word
    return _ALIASES.get(word) or _ALIASES.get(word.casefold())


def unit_kind(unit: str) -> str:
    """What a unit measures: mass, volume, biological activity, …"""
    return _UNITS[unit][0]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with a unit.

    Raises:
        ValueError: for an unknown unit, a number that is not finite, or a negative one.
    """

    value: Decimal
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in _UNITS:
            raise ValueError(f"'{self.unit}' is not a unit of a dose")
        if not self.value.is_finite() or self.value < 0:
            raise ValueError(f"an amount is a number of zero or more, not {self.value}")

    @classmethod
    def parse(cls, text: str) -> Amount:
        """Reads `50,000 IU` or `2.5 mg`.

        Raises:
            GrammarError: with the position of what cannot be read.
        """
        match = _AMOUNT.fullmatch(text)
        if match is None:
            raise GrammarError(
                f"'{text.strip()}' is not an amount", 0, len(text), "Write a number and a unit: 50,000 IU"
            )
        return cls(_number(match[1]), _unit(match[2], match.start(2)))

    def to(self, unit: str) -> Amount:
        """The same amount in another unit of the same kind.

        Raises:
            ValueError: where the two units measure different things.
        """
        (kind, factor), (other_kind, other_factor) = _UNITS[self.unit], _UNITS[unit]
        if kind != other_kind:
            raise ValueError(f"{self.unit} measures {kind}, {unit} measures {other_kind}")
        return Amount(self.value * factor / other_factor, unit)

    def rounded_to(self, step: Amount) -> Amount:
        """This amount rounded to the nearest multiple of a step, halves up."""
        size = step.to(self.unit).value
        if size == 0:
            return self
        steps = (self.value / size).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return Amount(steps * size, self.unit)

    def __str__(self) -> str:
        return f"{plain_number(self.value)} {self.unit}"


@dataclass(frozen=True, slots=True)
class Dose:
    """An amount for each administration, flat or per body size."""

    amount: Amount
    basis: Basis = Basis.FLAT

    @classmethod
    def parse(cls, text: str) -> Dose:
        """Reads `100 mg`, `1,000,000 IU per m2`, `5 mg/kg`.

        Raises:
            GrammarError: with the position of what cannot be read.
        """
        match = _DOSE.fullmatch(text)
        if match is None:
            raise GrammarError(
                f"'{text.strip()}' is not a dose",
                0,
                len(text),
                "Write a number, a unit and, where it depends on body size, the basis: 1,000,000 IU per m2",
            )
        amount = Amount(_number(match[1]), _unit(match[2], match.start(2)))
        if match[3] is None:
            return cls(amount)
        basis = _BASES.get(match[3])
        if basis is None:
            raise GrammarError(
                f"'{match[3]}' is not a body size", match.start(3), len(match[3]), "Write per m2 or per kg"
            )
        return cls(amount, basis)

    def __str__(self) -> str:
        return str(self.amount) if self.basis is Basis.FLAT else f"{self.amount} per {self.basis}"


def plain_number(value: Decimal) -> str:
    """A number without exponent or trailing zeros, thousands separated: 1,000,000 or 0.5."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _unit(word: str, start: int) -> str:
    unit = unit_of(word)
    if unit is None:
        raise GrammarError(f"'{word}' is not a unit of a dose", start, len(word), did_you_mean(word, _UNITS))
    return unit
