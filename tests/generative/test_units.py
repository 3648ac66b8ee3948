"""What must hold for all units: there and back, no number across kinds, nothing read twice differently."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialrun.vocabulary.units import conversion, convert, ucum, unit_table

KINDS = unit_table().kinds
UNITS = st.sampled_from(sorted(KINDS))
VALUES = st.floats(-1e6, 1e6, allow_nan=False)
MASSES = st.floats(1, 1e6)


@given(value=VALUES, source=UNITS, target=UNITS, molar_mass=st.none() | MASSES)
def test_there_and_back(value: float, source: str, target: str, molar_mass: float | None) -> None:
    there = convert(value, source, target, molar_mass)
    if there is None:
        assert conversion(target, source, molar_mass) is None
    else:
        back = convert(there, target, source, molar_mass)
        assert back == pytest.approx(value, rel=1e-12, abs=1e-300)


@given(source=UNITS, target=UNITS, molar_mass=MASSES)
def test_only_mass_and_substance_need_a_molar_mass(source: str, target: str, molar_mass: float) -> None:
    (kind, _), (other, _) = KINDS[source], KINDS[target]
    assert (conversion(source, target) is not None) == (kind == other)
    if kind != other and conversion(source, target, molar_mass) is not None:
        assert {word for name in (kind, other) for word in name.split()} & {"mass", "substance"} == {
            "mass",
            "substance",
        }
        assert kind.replace("mass", "substance") == other.replace("mass", "substance")


@given(value=VALUES, scales=st.permutations(["Cel", "[degF]", "K"]))
def test_temperatures_go_round(value: float, scales: list[str]) -> None:
    turned = value
    for source, target in zip(scales, [*scales[1:], scales[0]], strict=True):
        moved = convert(turned, source, target)
        assert moved is not None
        turned = moved
    assert turned == pytest.approx(value, abs=1e-6)


@given(
    text=st.text(max_size=12)
    | st.from_regex(r"[mu]?(g|mol|L|l|U|\[IU\]|10\*9)[/.](dL|min|\{x\}|h|mm3|1\.73)", fullmatch=True)
)
def test_a_unit_that_was_read_is_read_the_same_again(text: str) -> None:
    unit = ucum(text)
    if unit is not None:
        assert ucum(unit) == unit
        assert conversion(text, unit) == 1.0
