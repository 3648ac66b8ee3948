"""Formulas: names, limits, missing inputs, exactness at a cut-off."""

from __future__ import annotations

from math import inf

import pytest

from trialrun.vocabulary.analytes import analytes
from trialrun.vocabulary.formulas import AGE, FORMULAS, Formula
from trialrun.vocabulary.units import convert, ucum

BY_ID = {formula.id: formula for formula in FORMULAS}
CLEARANCE = BY_ID["cockcroft-gault"]
UNITS = {concept.name: concept.measure.unit for concept in analytes() if concept.measure}
ORDINARY = {AGE: 60.0, "weight": 70.0, "height": 170.0, "creatinine": 1.0, "AST": 30.0, "ALT": 30.0, "platelets": 250.0}


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.id)
def test_inputs_are_tests_of_the_vocabulary_in_units_that_convert(formula: Formula) -> None:
    for needed in formula.inputs:
        if needed.name != AGE:
            assert convert(1.0, UNITS[needed.name] or "", needed.unit) is not None
    assert ucum(formula.unit) == formula.unit
    assert formula.value(ORDINARY, "female") is not None


def test_names_are_unique_and_no_test_has_them() -> None:
    words = [word.casefold() for formula in FORMULAS for word in (formula.name, *formula.aliases)]
    tests = {word.casefold() for concept in analytes() for word in (concept.name, *concept.aliases)}
    assert len(set(words)) == len(words)
    assert not tests & set(words)


@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan"), inf, -inf])
@pytest.mark.parametrize("formula", FORMULAS, ids=lambda formula: formula.id)
def test_no_number_outside_the_limits(formula: Formula, bad: float) -> None:
    for needed in formula.inputs:
        assert formula.value({**ORDINARY, needed.name: bad}, "male") is None
        assert formula.value({name: value for name, value in ORDINARY.items() if name != needed.name}, "male") is None


@pytest.mark.parametrize(
    ("name", "value"), [("weight", 0.9), ("weight", 501), (AGE, 17), (AGE, 121), ("creatinine", 0)]
)
def test_limits_of_the_clearance(name: str, value: float) -> None:
    assert CLEARANCE.value({**ORDINARY, name: value}, "male") is None


@pytest.mark.parametrize("sex", [None, "", "other", "unknown"])
def test_sex_must_be_known_where_it_counts(sex: str | None) -> None:
    assert CLEARANCE.value(ORDINARY, sex) is None
    assert BY_ID["bmi"].value(ORDINARY, sex) is not None


@pytest.mark.parametrize(
    ("age", "weight", "creatinine", "sex", "exactly"),
    [
        (65, 72, 2.5, "male", 30.0),
        (50, 54.0, 2.25, "male", 30.0),
        (60, 60, 1.8888888888888888, "female", 30.0),
        (80, 61.2, 1.7, "male", 30.0),
        (40, 43.2, 1.7, "female", 30.0),
    ],
)
def test_a_clearance_at_the_cut_off_is_the_cut_off(
    age: float, weight: float, creatinine: float, sex: str, exactly: float
) -> None:
    assert CLEARANCE.value({AGE: age, "weight": weight, "creatinine": creatinine}, sex) == exactly


def test_ranges_give_the_bounds_of_the_result() -> None:
    exact = {name: (value, value) for name, value in ORDINARY.items()}
    male, female = CLEARANCE.value(ORDINARY, "male"), CLEARANCE.value(ORDINARY, "female")
    assert CLEARANCE.between(exact) == (female, male)
    assert CLEARANCE.between(exact, ["male"]) == (male, male)
    # A creatinine below the limit of detection has no lowest value, one above the range no highest.
    low_creatinine = CLEARANCE.between({**exact, "creatinine": (0.0, 1.0)}, ["male"])
    assert low_creatinine == (male, inf)
    assert CLEARANCE.between({**exact, "creatinine": (1.0, inf)}, ["male"]) == (0.0, male)
    # No bound to either side and outside the limits: nothing is known.
    assert CLEARANCE.between({**exact, AGE: (17, 19)}) is None
    assert CLEARANCE.between({**exact, "weight": (0.0, 70.0)}) is None
    assert CLEARANCE.between({**exact, "creatinine": (-1.0, 1.0)}) is None
    assert CLEARANCE.between({AGE: (60, 60)}) is None
    assert CLEARANCE.between(exact, []) is None
    assert CLEARANCE.between({**exact, "creatinine": (2.0, 1.0)}) is None
    assert BY_ID["fib-4"].between({**exact, "AST": (0.0, 30.0), "ALT": (0.0, 30.0)}) == (0.0, inf)
