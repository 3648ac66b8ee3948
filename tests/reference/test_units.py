"""The table of units against the unit library (ucumvert and pint), and the units of the shared people."""

from __future__ import annotations

import gzip
import json
from itertools import combinations
from pathlib import Path

import pytest
from ucumvert import PintUcumRegistry  # type: ignore[import-untyped]

from trialrun.vocabulary.units import conversion, ucum, unit_table


@pytest.fixture(scope="module")
def library() -> PintUcumRegistry:
    return PintUcumRegistry()


KINDS = sorted({kind for kind, _ in unit_table().kinds.values()})
ALONE = {"{T-score}", "{INR}", "{ratio}", "{index}", "{score}", "{titer}", "{count}", "[pH]"}


@pytest.mark.parametrize("kind", KINDS)
def test_factors_agree_with_the_library(kind: str, library: PintUcumRegistry) -> None:
    units = [unit for unit, (other, _) in unit_table().kinds.items() if other == kind and unit not in ALONE]
    for first, second in combinations(units, 2):
        source, target = library.from_ucum(first), library.from_ucum(second)
        assert source.dimensionality == target.dimensionality, (first, second)
        ratio = float(source.to_base_units().magnitude / target.to_base_units().magnitude)
        # UCUM and pint differ in the sixth digit of the density of mercury.
        close = 1e-5 if kind == "pressure" else 1e-9
        assert conversion(first, second) == pytest.approx(ratio, rel=close), (first, second)


def test_units_of_different_kinds_differ_in_the_library_too_or_are_kept_apart_on_purpose(
    library: PintUcumRegistry,
) -> None:
    on_purpose = {
        frozenset(pair)
        for pair in [
            ("substance concentration", "charge concentration"),
            ("substance concentration", "osmolarity"),
            ("charge concentration", "osmolarity"),
            ("number concentration", "copies per volume"),
            ("number concentration", "international units per volume"),
            ("number concentration", "arbitrary units per volume"),
            ("copies per volume", "international units per volume"),
            ("copies per volume", "arbitrary units per volume"),
            ("international units per volume", "arbitrary units per volume"),
            ("mass concentration", "fibrinogen equivalent units per volume"),
            ("mass concentration", "D-dimer units per volume"),
            ("fibrinogen equivalent units per volume", "D-dimer units per volume"),
            ("clearance", "clearance per 1.73 m²"),
            ("fraction", "mass ratio"),
            ("fraction", "substance ratio"),
            ("mass ratio", "substance ratio"),
        ]
    }
    first_of = {kind: unit for unit, (kind, _) in reversed(list(unit_table().kinds.items())) if unit not in ALONE}
    same = {
        frozenset((kind, other))
        for (kind, unit), (other, another) in combinations(first_of.items(), 2)
        if library.from_ucum(unit).dimensionality == library.from_ucum(another).dimensionality
    }
    assert same == on_purpose


def test_every_unit_of_the_shared_bundles_is_understood(shared_data: Path) -> None:
    bundles = sorted((shared_data / "patients" / "fhir" / "r4_bundles").glob("*.json.gz"))
    if not bundles:
        pytest.skip("the shared FHIR bundles are absent")
    found = set()
    for bundle in bundles:
        for entry in json.loads(gzip.decompress(bundle.read_bytes()))["entry"]:
            resource = entry["resource"]
            if resource["resourceType"] == "Observation":
                parts = [resource, *resource.get("component", [])]
                found |= {part["valueQuantity"]["unit"] for part in parts if "unit" in part.get("valueQuantity", {})}
    # `units` is what one questionnaire has: it says nothing.
    assert {unit for unit in found if ucum(unit) is None} == {"units"}
