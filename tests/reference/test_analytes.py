"""The list of tests against the shared people: codes that occur there, with the names and units that stand beside them."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from pathlib import Path

import pytest

from trialrun.vocabulary.analytes import LOINC, analytes, convert_result

BY_CODE = {code: concept for concept in analytes() for code in concept.codes.get(LOINC, ())}


def test_units_of_the_shared_bundles_convert_to_the_canonical_unit(shared_data: Path) -> None:
    folder = shared_data / "patients" / "fhir" / "r4_bundles"
    units: dict[str, set[str]] = defaultdict(set)
    for bundle in sorted(folder.glob("*.json.gz")):
        for entry in json.loads(gzip.decompress(bundle.read_bytes()))["entry"]:
            resource = entry["resource"]
            if resource["resourceType"] == "Observation":
                for part in [resource, *resource.get("component", [])]:
                    for coding in part["code"].get("coding", []):
                        if "unit" in part.get("valueQuantity", {}):
                            units[coding["code"]].add(part["valueQuantity"]["unit"])
    if not units:
        pytest.skip("the shared FHIR bundles are absent")
    known = {code: found for code, found in units.items() if code in BY_CODE}
    assert len(known) >= 40
    wrong = [
        (BY_CODE[code].name, unit)
        for code, found in known.items()
        for unit in found
        if (measure := BY_CODE[code].measure) and convert_result(BY_CODE[code], 1.0, unit, measure.unit or "") is None
    ]
    # Some of these people have their eGFR without the body surface: a different quantity, kept apart on purpose.
    assert wrong == [("eGFR", "mL/min")]
