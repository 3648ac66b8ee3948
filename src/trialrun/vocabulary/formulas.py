from __future__ import annotations
from dataclasses import dataclass


@dataclass(frozen=True)
class Formula:
    name: str
    unit: str
    inputs: tuple[tuple[str, str], ...]
    uses_age: bool
    uses_sex: bool

    def compute(self, edges, *, female: bool) -> float | None:
        cr, w, age = edges
        if cr <= 0 or w <= 0:
            return None
        return (140 - age) * w / (72 * cr) * (0.85 if female else 1)


F = Formula(
    "creatinine clearance by Cockcroft-Gault", "mL/min", (("creatinine", "mg/dL"), ("weight", "kg")), True, True
)


def find_formula(text: str) -> Formula | None:
    return F if text.casefold() == F.name.casefold() else None


def formula_named(name: str) -> Formula:
    return F


def formula_names() -> tuple[str, ...]:
    return (F.name,)
