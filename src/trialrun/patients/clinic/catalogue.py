"""The codes, units and usual doses of what made-up people have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml

ICD10 = ("http://hl7.org/fhir/sid/icd-10-cm", "ICD10CM")
RXNORM = ("http://www.nlm.nih.gov/research/umls/rxnorm", "RXNORM")
LOINC = ("http://loinc.org", "LOINC")
CVX = ("http://hl7.org/fhir/sid/cvx", "CVX")
SNOMED = ("http://snomed.info/sct", "SNOMED")
VISIT = ("http://terminology.hl7.org/CodeSystem/v3-ActCode", "")
_SYSTEMS = {"RXNORM": RXNORM, "SNOMED": SNOMED, "": ("", "")}


@dataclass(frozen=True, slots=True)
class Item:
    """What a row is about: code system as records write it and by its short name, code, words."""

    address: str
    system: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug with its usual dose.

    Args:
        item: Its code and words.
        dose, unit: The usual amount each time.
        every: Days from one dose to the next; 0 = given once, in the clinic.
        route: As records write it.
    """

    item: Item
    dose: float
    unit: str
    every: float
    route: str


@dataclass(frozen=True, slots=True)
class Test:
    """A test.

    Args:
        item: Its code and words.
        unit: In UCUM; empty for findings and levels.
        decimals: Places after the point.
        other, factor, other_decimals: A second usual unit, what a value is multiplied with to be in it, its places.
    """

    item: Item
    unit: str
    decimals: int
    other: str
    factor: float
    other_decimals: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything a made-up person may have, by its name."""

    conditions: Mapping[str, Item]
    drugs: Mapping[str, Drug]
    tests: Mapping[str, Test]
    vaccines: Mapping[str, Item]
    procedures: Mapping[str, Item]
    allergies: Mapping[str, Item]


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """What ships."""
    file = resources.files("trialrun.patients.clinic") / "catalogue.yaml"
    data = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    return Catalogue(
        {name: _item(ICD10, code, words) for name, (code, words) in data["conditions"].items()},
        {
            name: Drug(_item(RXNORM, code, name), float(dose), unit, float(every), route)
            for name, (code, dose, unit, every, route) in data["drugs"].items()
        },
        {
            name: Test(_item(LOINC, code, words), unit, int(places), other, float(factor), int(other_places))
            for name, (code, unit, places, other, factor, other_places, words) in data["tests"].items()
        },
        {name: _item(CVX, code, words) for name, (code, words) in data["vaccines"].items()},
        {name: _item(SNOMED, code, words) for name, (code, words) in data["procedures"].items()},
        {name: _item(_SYSTEMS[system], code, words) for name, (system, code, words) in data["allergies"].items()},
    )


def _item(system: tuple[str, str], code: str, words: str) -> Item:
    return Item(*system, code, words) if code else Item("", "", "", words)
