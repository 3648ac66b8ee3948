"""Body size: the formulas a dose or a laboratory value may be scaled with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import isfinite, sqrt

HEIGHT_CM = (40.0, 260.0)
WEIGHT_KG = (1.0, 500.0)
USUAL_BMI = (10.0, 70.0)
"""Outside it a slip is likelier than a person."""


class BsaFormula(StrEnum):
    """Published formulas for body surface area."""

    MOSTELLER = "Mosteller"
    DUBOIS = "DuBois"


@dataclass(frozen=True, slots=True)
class BodySize:
    """Height in centimetres and weight in kilograms.

    Raises:
        ValueError: outside what a person can measure or weigh; most often a mixed-up unit.
    """

    height_cm: float
    weight_kg: float

    @property
    def bmi(self) -> float:
        """Body mass index in kg/m²."""
        return self.weight_kg / (self.height_cm / 100) ** 2

    @property
    def doubt(self) -> str | None:
        """What makes one look twice: a body mass index that hardly anybody has; None where there is nothing."""
        low, high = USUAL_BMI
        if low <= self.bmi <= high:
            return None
        words = (
            f"height {self.height_cm:g} cm and weight {self.weight_kg:g} kg give a body mass index of {self.bmi:.0f}"
        )
        if low <= self.height_cm / (self.weight_kg / 100) ** 2 <= high:
            return f"{words}; the two look swapped"
        return f"{words}; please check both"

    def __post_init__(self) -> None:
        for name, value, (low, high), unit in (
            ("height", self.height_cm, HEIGHT_CM, "cm"),
            ("weight", self.weight_kg, WEIGHT_KG, "kg"),
        ):
            if not isfinite(value) or not low <= value <= high:
                raise ValueError(f"a {name} of {value:g} {unit} is outside {low:g} to {high:g} {unit}")


def body_surface_area(size: BodySize, formula: BsaFormula) -> float:
    """Body surface area in m².

    Mosteller: sqrt(height_cm * weight_kg / 3600). Mosteller RD, N Engl J Med 1987;317:1098.
    DuBois: 0.007184 * weight_kg^0.425 * height_cm^0.725. Du Bois D, Du Bois EF, Arch Intern Med 1916;17:863.
    """
    if formula is BsaFormula.MOSTELLER:
        return sqrt(size.height_cm * size.weight_kg / 3600)
    return float(0.007184 * size.weight_kg**0.425 * size.height_cm**0.725)


def exact(value: float) -> Decimal:
    """A measured number as a decimal with the digits it prints with."""
    return Decimal(repr(value))
