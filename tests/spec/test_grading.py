"""CTCAE grades, case by case: thresholds, baselines, circumstances, what is missing."""

from __future__ import annotations

from typing import Any

import pytest

from trialrun.vocabulary.analytes import analytes
from trialrun.vocabulary.concepts import Scale
from trialrun.vocabulary.grading import Grade, NotGraded, grade, terms

ALT = "Alanine aminotransferase increased"


@pytest.mark.parametrize(
    ("term", "value", "unit", "known", "number"),
    [
        # Multiples of the upper limit; exactly 3 × ULN is still grade 1.
        (ALT, 40, "U/L", {"high": 40}, 0),
        (ALT, 40.1, "U/L", {"high": 40}, 1),
        (ALT, 120, "U/L", {"high": 40}, 1),
        (ALT, 120.1, "U/L", {"high": 40}, 2),
        (ALT, 800.1, "IU/L", {"high": 40}, 4),
        # An abnormal baseline: its multiples, from 1.5 on.
        (ALT, 119, "U/L", {"high": 40, "baseline": 80}, 0),
        (ALT, 120, "U/L", {"high": 40, "baseline": 80}, 1),
        (ALT, 240.1, "U/L", {"high": 40, "baseline": 80}, 2),
        # A normal one: the upper limit.
        (ALT, 120.1, "U/L", {"high": 40, "baseline": 39}, 2),
        (ALT, 120.1, "U/L", {"high": 40, "baseline": 80, "baseline_abnormal": False}, 2),
        # Absolute thresholds, in each unit CTCAE prints.
        ("Anemia", 100, "g/L", {"low": 130}, 1),
        ("Anemia", 9.9, "g/dL", {}, 2),
        ("Anemia", 6.1, "mmol/L", {}, 2),
        ("Anemia", 79, "g/L", {}, 3),
        ("Cholesterol high", 300.5, "mg/dL", {}, 2),
        ("Cholesterol high", 7.76, "mmol/L", {}, 2),
        ("Neutrophil count decreased", 499, "/mm3", {}, 4),
        ("Platelet count decreased", 60, "G/L", {}, 2),
        ("Hemoglobin increased", 19.1, "g/dL", {"high": 17.0}, 2),
        ("Hypertriglyceridemia", 150, "mg/dL", {}, 1),
        ("Hyperkalemia", 5.6, "mEq/L", {}, 2),
        # Upper limit or baseline, whichever is worse.
        ("Creatinine increased", 1.6, "mg/dL", {"high": 1.2, "baseline": 1.0}, 2),
        ("Creatinine increased", 3.1, "mg/dL", {"high": 2.5, "baseline": 1.0}, 3),
        # Falls from baseline count only below the lower limit.
        ("Fibrinogen decreased", 100, "mg/dL", {"low": 120, "baseline": 400}, 4),
        ("Fibrinogen decreased", 130, "mg/dL", {"low": 120, "baseline": 400}, 0),
        ("Fibrinogen decreased", 49, "mg/dL", {}, 4),
        # Circumstances.
        ("Lipase increased", 150, "U/L", {"high": 60, "circumstance": False}, 2),
        ("Lipase increased", 150, "U/L", {"high": 60, "circumstance": True}, 3),
        ("INR increased", 2.0, "", {"circumstance": False}, 2),
        ("INR increased", 4.0, "", {"circumstance": True, "baseline": 2.5}, 2),
        ("Hyponatremia", 127, "mmol/L", {"circumstance": False}, 2),
        ("Hyponatremia", 127, "mmol/L", {"circumstance": True}, 3),
        ("Hyponatremia", 129.5, "mmol/L", {"low": 135}, 1),
    ],
)
def test_grade(term: str, value: float, unit: str, known: dict[str, Any], number: int) -> None:
    found = grade(term, value, unit, **known)
    assert isinstance(found, Grade)
    assert found.number == number
    assert found.missing == ()
    assert found.source.startswith("NCI CTCAE v5.0")


@pytest.mark.parametrize(
    ("term", "value", "unit", "known", "span", "missing"),
    [
        ("Anemia", 105, "g/L", {}, (0, 1), ["the lower limit of normal"]),
        ("Creatinine increased", 4, "mg/dL", {"baseline": 1}, (3, 4), ["the upper limit of normal"]),
        ("Creatinine increased", 4, "mg/dL", {"baseline": 1, "high": 0}, (3, 4), ["the upper limit of normal"]),
        ("Lipase increased", 150, "U/L", {"high": 60}, (2, 3), ["whether there were signs or symptoms"]),
        ("Hyponatremia", 127, "mmol/L", {}, (2, 3), ["whether there were symptoms"]),
    ],
)
def test_what_is_missing_makes_a_range(
    term: str, value: float, unit: str, known: dict[str, Any], span: tuple[int, int], missing: list[str]
) -> None:
    found = grade(term, value, unit, **known)
    assert isinstance(found, Grade)
    assert (found.low, found.high) == span
    assert found.number is None
    assert list(found.missing) == missing


def test_a_baseline_that_is_not_given_is_an_assumption_that_shows() -> None:
    found = grade(ALT, 130, "U/L", high=40)
    assert isinstance(found, Grade)
    assert (found.number, found.assumed) == (2, ("the baseline was normal",))
    told = grade(ALT, 130, "U/L", high=40, baseline=30)
    assert isinstance(told, Grade)
    assert told.assumed == ()


@pytest.mark.parametrize(
    ("term", "value", "unit", "known", "words"),
    [
        (ALT, 120, "U/L", {}, "needs to know the upper limit of normal"),
        (ALT, 120, "U/L", {"high": 40, "baseline_abnormal": True}, "needs to know the baseline value"),
        (ALT, float("nan"), "U/L", {"high": 40}, "not a number"),
        (ALT, 120, "U/L", {"high": float("inf")}, "not a number"),
        ("INR increased", 2, "", {}, "the baseline value, whether the person was on anticoagulation"),
        ("Anemia", 12, "U/L", {}, "'U/L' is not a unit in which Anemia has thresholds"),
        ("Anemia", 12, "", {}, "'' is not a unit"),
        ("Anemi", 12, "g/dL", {}, "Did you mean 'Anemia'?"),
        ("Anemia", 12, "g/dL", {"version": "6.0"}, "version '6.0' is not carried; known: 5.0"),
    ],
)
def test_no_grade_and_why(term: str, value: float, unit: str, known: dict[str, Any], words: str) -> None:
    found = grade(term, value, unit, **known)
    assert isinstance(found, NotGraded)
    assert words in found.reason


def test_terms_grade_tests_of_the_vocabulary() -> None:
    quantities = {concept.name for concept in analytes() if concept.measure and concept.measure.scale is Scale.QUANTITY}
    assert {term.test for term in terms()} <= quantities
    assert len({term.name for term in terms()}) == len(terms()) == 40
    assert terms("4.03") == ()
    anemia = grade(" anemia ", 70, "g/L")
    assert isinstance(anemia, Grade)
    assert anemia.clinical == {4: "life-threatening consequences", 5: "death"}
