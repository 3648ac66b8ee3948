"""Formulas that rules may name: versioned definitions with their inputs, units, limits and sources.

A formula is data: what it needs in which unit, how it moves with each input, where it holds, and the function itself.
Outside its limits it gives None and never a number. Because every input moves the result in one direction only, the
result of intervals is found at their corners (`Formula.between`): a birth year, a censored creatinine and an unknown
sex give bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from math import inf, isfinite, sqrt

from trialrun.vocabulary.body import HEIGHT_CM, WEIGHT_KG, BodySize, BsaFormula, body_surface_area
from trialrun.vocabulary.units import exact_fraction

AGE = "age"
"""The input that is no test: age in years."""


class Direction(IntEnum):
    """How a result moves when an input grows."""

    INCREASING = 1
    DECREASING = -1


@dataclass(frozen=True, slots=True)
class Input:
    """What a formula needs.

    Args:
        name: The analyte, as the vocabulary names it, or `age`.
        unit: The unit the function takes, in UCUM; `a` is a year.
        direction: How the result moves when it grows.
        low, high: The values it holds for, both included; 0 itself never is.
    """

    name: str
    unit: str
    direction: Direction
    low: float = 0.0
    high: float = inf

    def holds(self, value: float) -> bool:
        """Whether the formula is valid for a value."""
        return isfinite(value) and self.low <= value <= self.high and value > 0

    def has_no_bound_at(self, value: float) -> bool:
        """Whether an end of a range stands for "anything beyond": 0 or infinity, where the formula allows them."""
        return (value == 0 and self.low == 0) or value == self.high == inf


@dataclass(frozen=True, slots=True)
class Formula:
    """A versioned definition.

    Args:
        id: A short name for records: `cockcroft-gault`.
        version: Which form of it: the same id with another version may give another number.
        name: As rules print it.
        aliases: Other words for it.
        inputs: In the order the function takes them.
        unit: The unit of the result, in UCUM.
        by_sex: Whether the function also needs to know the sex.
        function: The inputs as floats in order; then, where `by_sex`, whether the person is female.
        expression: The formula as the docs print it.
        citation: Its source.
    """

    id: str
    version: str
    name: str
    aliases: tuple[str, ...]
    inputs: tuple[Input, ...]
    unit: str
    by_sex: bool
    function: Callable[..., float]
    expression: str
    citation: str

    def value(self, values: Mapping[str, float], sex: str | None = None) -> float | None:
        """The result for known inputs.

        Args:
            values: Input name → value in the input's unit.
            sex: `female` or `male`; anything else is unknown.

        Returns:
            None where an input is missing, not finite, zero, negative or outside the limits, or the sex is needed and
            not known.
        """
        given = [values.get(needed.name) for needed in self.inputs]
        known = [
            value for needed, value in zip(self.inputs, given, strict=True) if value is not None and needed.holds(value)
        ]
        if len(known) < len(self.inputs) or (self.by_sex and sex not in ("female", "male")):
            return None
        return self.function(*known, sex == "female") if self.by_sex else self.function(*known)

    def between(
        self, ranges: Mapping[str, tuple[float, float]], sexes: Iterable[str] = ("female", "male")
    ) -> tuple[float, float] | None:
        """The lowest and highest result for inputs that are only known to lie in a range.

        Args:
            ranges: Input name → lowest and highest value; 0 and infinity stand for "no bound" (`< 0.3`, `> 10`).
            sexes: The sexes it may be.

        Returns:
            None where an input is missing, its range is empty or part of it lies outside the limits. A range from 0 to 0
            holds no value: a creatinine of zero is none.
        """
        if any(needed.name not in ranges or not _holds_some(*ranges[needed.name]) for needed in self.inputs):
            return None
        possible = list(sexes) if self.by_sex else [""]
        ends: list[float] = []
        for side in (Direction.DECREASING, Direction.INCREASING):
            corner = {needed.name: ranges[needed.name][1 if needed.direction is side else 0] for needed in self.inputs}
            found = [self._at(corner, sex) for sex in possible]
            known = [value for value in found if value is not None]
            if not known or len(known) < len(found):
                return None
            ends.append(max(known) if side is Direction.INCREASING else min(known))
        return ends[0], ends[1]

    def _at(self, corner: Mapping[str, float], sex: str) -> float | None:
        """The result at a corner, or its limit where an input has no bound there.

        All formulas are products of powers of the inputs that may be unbounded, so the limit is 0 or infinity; and a
        corner lies on one side, so that two inputs without a bound there do not pull against each other.
        """
        unbounded = [needed for needed in self.inputs if needed.has_no_bound_at(corner[needed.name])]
        bounded = [needed for needed in self.inputs if needed not in unbounded]
        if not unbounded:
            return self.value(corner, sex)
        if not all(needed.holds(corner[needed.name]) for needed in bounded):
            return None
        first = unbounded[0]
        return inf if (corner[first.name] == inf) == (first.direction is Direction.INCREASING) else 0.0


def _holds_some(low: float, high: float) -> bool:
    """Whether a range holds a number that can be measured: positive and finite."""
    return low <= high and high > 0 and low < inf


def cockcroft_gault(age: float, weight: float, creatinine: float, female: bool) -> float:
    """Creatinine clearance in mL/min: (140 - age) × weight / (72 × creatinine), × 0.85 in women.

    The mg/dL form; the rounded SI constants (1.23, 1.04) differ from it by +0.16 % and -0.37 %. Computed as a fraction
    and rounded once, so that a clearance of exactly 30 is 30.

    Args:
        age: In years.
        weight: Actual body weight in kg.
        creatinine: Serum creatinine in mg/dL.
        female: Whether the person is female.
    """
    years, kilograms, milligrams = exact_fraction(age), exact_fraction(weight), exact_fraction(creatinine)
    clearance = (140 - years) * kilograms / (72 * milligrams)
    return float(clearance * Fraction("0.85") if female else clearance)


def ckd_epi_2021(age: float, creatinine: float, female: bool) -> float:
    """eGFR in mL/min/1.73 m²: 142 × min(S/κ, 1)^α × max(S/κ, 1)^-1.200 × 0.9938^age, × 1.012 in women.

    κ 0.7 and α -0.241 in women, 0.9 and -0.302 in men.

    Args:
        age: In years.
        creatinine: Serum creatinine in mg/dL (IDMS-traceable).
        female: Whether the person is female.
    """
    kappa, alpha, factor = (0.7, -0.241, 1.012) if female else (0.9, -0.302, 1.0)
    ratio = creatinine / kappa
    return float(142 * min(ratio, 1.0) ** alpha * max(ratio, 1.0) ** -1.2 * 0.9938**age * factor)


def fibrosis_4(age: float, ast: float, alt: float, platelets: float) -> float:
    """FIB-4 index: age × AST / (platelets × √ALT); age in years, AST and ALT in U/L, platelets in 10⁹/L."""
    return age * ast / (platelets * sqrt(alt))


def _bmi(weight: float, height: float) -> float:
    return BodySize(height, weight).bmi


def _mosteller(weight: float, height: float) -> float:
    return body_surface_area(BodySize(height, weight), BsaFormula.MOSTELLER)


def _dubois(weight: float, height: float) -> float:
    return body_surface_area(BodySize(height, weight), BsaFormula.DUBOIS)


_ADULT = Input(AGE, "a", Direction.DECREASING, 18.0, 120.0)
_CREATININE = Input("creatinine", "mg/dL", Direction.DECREASING)
_WEIGHT = Input("weight", "kg", Direction.INCREASING, *WEIGHT_KG)
_HEIGHT = Input("height", "cm", Direction.INCREASING, *HEIGHT_CM)

FORMULAS: tuple[Formula, ...] = (
    Formula(
        id="cockcroft-gault",
        version="1976, mg/dL form, actual weight",
        name="creatinine clearance by Cockcroft-Gault",
        aliases=("Cockcroft-Gault clearance", "CrCl by Cockcroft-Gault", "estimated creatinine clearance"),
        inputs=(_ADULT, _WEIGHT, _CREATININE),
        unit="mL/min",
        by_sex=True,
        function=cockcroft_gault,
        expression="(140 - age) × weight / (72 × creatinine) × 0.85 if female",
        citation="Cockcroft DW, Gault MH. Nephron 1976;16:31-41",
    ),
    Formula(
        id="ckd-epi-2021",
        version="2021, creatinine, without race",
        name="eGFR by CKD-EPI 2021",
        aliases=("CKD-EPI 2021", "eGFR by CKD-EPI"),
        inputs=(_ADULT, _CREATININE),
        unit="mL/min/{1.73_m2}",
        by_sex=True,
        function=ckd_epi_2021,
        expression="142 × min(S/κ, 1)^α × max(S/κ, 1)^-1.200 × 0.9938^age × 1.012 if female; "
        "κ 0.7 (female) or 0.9, α -0.241 (female) or -0.302",
        citation="Inker LA et al. N Engl J Med 2021;385:1737-1749",
    ),
    Formula(
        id="bmi",
        version="1",
        name="BMI",
        aliases=("body mass index", "Quetelet index"),
        inputs=(_WEIGHT, Input("height", "cm", Direction.DECREASING, *HEIGHT_CM)),
        unit="kg/m2",
        by_sex=False,
        function=_bmi,
        expression="weight / (height / 100)²",
        citation="WHO Technical Report Series 894, 2000",
    ),
    Formula(
        id="bsa-mosteller",
        version="1987",
        name="BSA by Mosteller",
        aliases=("body surface area by Mosteller",),
        inputs=(_WEIGHT, _HEIGHT),
        unit="m2",
        by_sex=False,
        function=_mosteller,
        expression="√(height × weight / 3600)",
        citation="Mosteller RD. N Engl J Med 1987;317:1098",
    ),
    Formula(
        id="bsa-dubois",
        version="1916",
        name="BSA by DuBois",
        aliases=("body surface area by DuBois", "BSA by Du Bois"),
        inputs=(_WEIGHT, _HEIGHT),
        unit="m2",
        by_sex=False,
        function=_dubois,
        expression="0.007184 × weight^0.425 × height^0.725",
        citation="Du Bois D, Du Bois EF. Arch Intern Med 1916;17:863-871",
    ),
    Formula(
        id="fib-4",
        version="2006",
        name="FIB-4",
        aliases=("FIB-4 index", "fibrosis-4 index"),
        inputs=(
            Input(AGE, "a", Direction.INCREASING, 18.0, 120.0),
            Input("AST", "U/L", Direction.INCREASING),
            Input("ALT", "U/L", Direction.DECREASING),
            Input("platelets", "10*9/L", Direction.DECREASING),
        ),
        unit="{index}",
        by_sex=False,
        function=fibrosis_4,
        expression="age × AST / (platelets × √ALT)",
        citation="Sterling RK et al. Hepatology 2006;43:1317-1325",
    ),
)
