"""The shipped list of tests holds together: names, units, codes."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain

import pytest

from trialrun.vocabulary.analytes import LOINC, analytes, facts, plausible_range
from trialrun.vocabulary.concepts import Concept, Domain, Scale
from trialrun.vocabulary.units import ucum

ALL = analytes()


def _measure_of(concept: Concept) -> Scale:
    assert concept.measure is not None
    return concept.measure.scale


def _bare(text: str) -> str:
    """As terms are looked up: without case, blanks and a plural s."""
    return text.casefold().replace(" ", "").removesuffix("s")


def test_names_and_aliases_mean_one_test() -> None:
    words = Counter(word for concept in ALL for word in {_bare(text) for text in (concept.name, *concept.aliases)})
    assert [word for word, times in words.items() if times > 1] == []


def test_a_code_means_one_test() -> None:
    codes = Counter(chain.from_iterable(concept.codes.get(LOINC, ()) for concept in ALL))
    assert [code for code, times in codes.items() if times > 1] == []


@pytest.mark.parametrize("concept", ALL, ids=lambda concept: concept.name)
def test_each_has_what_its_scale_needs(concept: Concept) -> None:
    measure = concept.measure
    assert measure is not None
    assert concept.domain is Domain.MEASUREMENT
    assert (measure.unit is not None) == (measure.scale is Scale.QUANTITY)
    assert bool(measure.levels) == (measure.scale is Scale.ORDINAL)
    if measure.unit is not None:
        assert ucum(measure.unit) == measure.unit
    if measure.molar_mass is not None:
        assert re.search(r"g/|mol/", measure.unit or "")
    assert set(facts(concept.name).recalled) <= set(concept.codes.get(LOINC, ()))
    assert all(number < len(measure.levels) for number in facts(concept.name).answers.values())


def _check_digit(body: str) -> int:
    """LOINC numbers end in a mod-10 (Luhn) check digit."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))]
    return -sum(number // 10 + number % 10 for number in doubled) % 10


@pytest.mark.parametrize("concept", ALL, ids=lambda concept: concept.name)
def test_loinc_codes_have_their_check_digit(concept: Concept) -> None:
    for code in concept.codes.get(LOINC, ()):
        body, _, digit = code.partition("-")
        assert _check_digit(body) == int(digit), code


def test_what_the_founding_study_needs_is_there() -> None:
    by_name = {concept.name: concept for concept in ALL}
    quantities = [
        "ALT",
        "AST",
        "total bilirubin",
        "creatinine",
        "creatinine clearance",
        "weight",
        "height",
        "CRP",
        "ESR",
    ]
    blood = [
        "hemoglobin",
        "white blood cells",
        "neutrophils",
        "lymphocytes",
        "eosinophils",
        "platelets",
        "Treg of CD4 cells",
    ]
    assert {_measure_of(by_name[name]) for name in [*quantities, *blood]} == {Scale.QUANTITY}
    assert {_measure_of(by_name[name]) for name in ("HIV antibody", "HCV antibody", "pregnancy test", "IGRA")} == {
        Scale.FINDING
    }
    assert _measure_of(by_name["NYHA class"]) is Scale.ORDINAL
    assert facts("no such test") == facts("another")


@pytest.mark.parametrize("concept", ALL, ids=lambda concept: concept.name)
def test_each_amount_has_a_plausible_range(concept: Concept) -> None:
    bounds, known = plausible_range(concept.name), facts(concept.name)
    assert (bounds is not None) == (_measure_of(concept) is Scale.QUANTITY)
    if bounds is not None:
        low, high = bounds
        assert low < high
        assert (known.finest is not None) == (low <= 0)
        if known.finest is not None:
            assert 0 < known.finest < high


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("ALT", 12_000),  # paracetamol poisoning
        ("creatinine", 30),
        ("potassium", 9.5),
        ("sodium", 100),
        ("hemoglobin", 2),
        ("platelets", 0),
        ("white blood cells", 700),  # leukaemia
        ("glucose", 1_800),
        ("ferritin", 150_000),
        ("ESR", 150),
        ("CRP", 600),
        ("weight", 300),
        ("body temperature", 42),
    ],
)
def test_extreme_patients_lie_within(name: str, seen: float) -> None:
    bounds = plausible_range(name)
    assert bounds is not None
    assert bounds[0] <= seen <= bounds[1]


@pytest.mark.parametrize(
    ("name", "slip"), [("ALT", 3_000_000), ("hemoglobin", 90), ("hemoglobin", 0), ("creatinine", 0)]
)
def test_slips_of_a_unit_lie_outside(name: str, slip: float) -> None:
    bounds = plausible_range(name)
    assert bounds is not None
    assert not bounds[0] <= slip <= bounds[1]


def test_a_name_that_does_not_ship_has_no_range() -> None:
    assert plausible_range("no such test") is None
