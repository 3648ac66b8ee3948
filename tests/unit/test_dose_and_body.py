"""Amounts, units and body size."""

from __future__ import annotations

from decimal import Decimal

import pytest

from trialrun.errors import GrammarError
from trialrun.vocabulary.body import BodySize, BsaFormula, body_surface_area
from trialrun.vocabulary.dose import Amount, Basis, Dose


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("1,000,000 IU per m2", "1,000,000 IU per m2"),
        ("1e6 IU/m²", "1,000,000 IU per m2"),
        ("5 mg/kg", "5 mg per kg"),
        ("0.50 mcg", "0.5 ug"),
        ("2 tablets", "2 tablet"),
    ],
)
def test_dose_prints_in_one_way(text: str, printed: str) -> None:
    assert str(Dose.parse(text)) == printed
    assert Dose.parse(printed) == Dose.parse(text)


@pytest.mark.parametrize(
    ("text", "start", "words"),
    [
        ("mg", 0, "is not a dose"),
        ("5 mgg", 2, "is not a unit"),
        ("5 mg per cm", 9, "is not a body size"),
        ("-5 mg", 0, "not a dose"),
    ],
)
def test_no_dose(text: str, start: int, words: str) -> None:
    with pytest.raises(GrammarError, match=words) as caught:
        Dose.parse(text)
    assert caught.value.start == start


@pytest.mark.parametrize(
    ("amount", "unit", "wanted"),
    [("2 g", "mg", "2,000 mg"), ("1 MIU", "IU", "1,000,000 IU"), ("250 ug", "mg", "0.25 mg")],
)
def test_conversion(amount: str, unit: str, wanted: str) -> None:
    assert str(Amount.parse(amount).to(unit)) == wanted


@pytest.mark.parametrize(("amount", "unit"), [("1 IU", "mg"), ("1 mL", "g"), ("1 U", "IU")])
def test_what_does_not_convert(amount: str, unit: str) -> None:
    with pytest.raises(ValueError, match="measures"):
        Amount.parse(amount).to(unit)


@pytest.mark.parametrize(
    ("amount", "step", "wanted"),
    [
        ("1,685,725 IU", "50,000 IU", "1,700,000 IU"),
        ("125 mg", "50 mg", "150 mg"),
        ("124.9 mg", "50 mg", "100 mg"),
        ("1.2 g", "500 mg", "1 g"),
    ],
)
def test_rounding_to_the_nearest_step_halves_up(amount: str, step: str, wanted: str) -> None:
    assert str(Amount.parse(amount).rounded_to(Amount.parse(step))) == wanted


@pytest.mark.parametrize(
    ("formula", "height", "weight", "area"),
    [
        # Mosteller 1987: sqrt(170 * 70 / 3600) = sqrt(3.30556) = 1.81812
        (BsaFormula.MOSTELLER, 170, 70, 1.81812),
        # sqrt(150 * 45 / 3600) = sqrt(1.875) = 1.36931
        (BsaFormula.MOSTELLER, 150, 45, 1.36931),
        # Du Bois 1916: 0.007184 * 70^0.425 * 170^0.725 = 0.007184 * 6.08339 * 41.40521 = 1.80953
        (BsaFormula.DUBOIS, 170, 70, 1.80953),
    ],
)
def test_body_surface_area(formula: BsaFormula, height: float, weight: float, area: float) -> None:
    assert body_surface_area(BodySize(height, weight), formula) == pytest.approx(area, abs=2e-4)


@pytest.mark.parametrize(("height", "weight"), [(1.65, 62), (165, 0), (float("nan"), 62), (165, float("inf"))])
def test_sizes_no_person_has(height: float, weight: float) -> None:
    with pytest.raises(ValueError, match="is outside"):
        BodySize(height, weight)


def test_amounts_are_finite_and_not_negative() -> None:
    for value in (Decimal("NaN"), Decimal("Infinity"), Decimal(-1)):
        with pytest.raises(ValueError, match="zero or more"):
            Amount(value, "mg")
    assert Dose(Amount(Decimal(5), "mg")).basis is Basis.FLAT


@pytest.mark.parametrize(
    ("height", "weight", "words"),
    [
        (165, 62, None),
        (50, 3.5, None),
        (200, 250, None),
        (62, 165, "body mass index of 429; the two look swapped"),
        (165, 20, "body mass index of 7; please check both"),
    ],
)
def test_a_body_size_that_hardly_anybody_has_is_doubted(height: float, weight: float, words: str | None) -> None:
    doubt = BodySize(height, weight).doubt
    assert (doubt or "").endswith(words) if words else doubt is None
