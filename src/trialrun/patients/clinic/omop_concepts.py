"""The concepts that made-up OMOP tables use: a few standard ones, and local ones for everything with a source code.

Local concepts have numbers from 2,000,000,000 on. The number of each is fixed by its place in the catalogue and, for
products, by the amount, so that it is the same in every slice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from trialrun.patients.clinic.catalogue import Catalogue, catalogue
from trialrun.patients.clinic.messiness import LOCAL_CODES
from trialrun.patients.person import Event
from trialrun.vocabulary.concepts import Domain

_LOCAL = 2_000_000_000
_HOUSE = 2_001_000_000
_PRODUCTS = 2_010_000_000
_A_DRUG = 1_000_000
_FROM, _TO = date(1970, 1, 1), date(2099, 12, 31)
_VOCABULARIES = {"ICD10CM": "ICD10CM", "RXNORM": "RxNorm", "LOINC": "LOINC", "CVX": "CVX", "SNOMED": "SNOMED"}
_DOMAINS = {
    Domain.CONDITION: "Condition",
    Domain.DRUG: "Drug",
    Domain.IMMUNISATION: "Drug",
    Domain.MEASUREMENT: "Measurement",
    Domain.PROCEDURE: "Procedure",
    Domain.OBSERVATION: "Observation",
    Domain.ALLERGY: "Observation",
}
_STANDARD = {
    8507: ("MALE", "Gender", "Gender", "M"),
    8532: ("FEMALE", "Gender", "Gender", "F"),
    9201: ("Inpatient Visit", "Visit", "Visit", "IP"),
    9202: ("Outpatient Visit", "Visit", "Visit", "OP"),
    8576: ("milligram", "Unit", "UCUM", "mg"),
    9655: ("microgram", "Unit", "UCUM", "ug"),
}
"""As the concept tables of public data sets give them (Synthea27Nj, GiBleed)."""
_UNITS = {"mg": 8576, "ug": 9655}


class Concepts:
    """Gives concepts their numbers and remembers those that were used."""

    def __init__(self) -> None:
        self._used: dict[int, Sequence[Any]] = {}
        self._strengths: dict[int, Sequence[Any]] = {}
        self._sources: dict[tuple[str, str, str], tuple[str, int]] = {}

    def rows(self) -> list[Sequence[Any]]:
        """The rows of CONCEPT, by number."""
        return [self._used[number] for number in sorted(self._used)]

    def strengths(self) -> list[Sequence[Any]]:
        """The rows of DRUG_STRENGTH, by product."""
        return [self._strengths[number] for number in sorted(self._strengths)]

    def standard(self, number: int) -> int:
        """A standard concept, by its OMOP number; 0 stays 0."""
        if number in _STANDARD and number not in self._used:
            name, domain, vocabulary, code = _STANDARD[number]
            self._used[number] = (number, name, domain, vocabulary, domain, "S", code, _FROM, _TO, None)
        return number

    def source(self, event: Event) -> tuple[str, int]:
        """Source value and source concept of a row: its code with a local concept that names the system, or its words."""
        if not event.source_code:
            return event.source_text, 0
        asked = (event.source_system, event.source_code, event.source_text)
        found = self._sources.get(asked)
        if found is None:
            found = self._sources[asked] = event.source_code, self._local(event)
        return found

    def _local(self, event: Event) -> int:
        house = event.source_system == LOCAL_CODES
        code = event.source_code.removeprefix("H-") if house else event.source_code
        number = (_HOUSE if house else _LOCAL) + _places()[code]
        vocabulary = "Made-up house codes" if house else _VOCABULARIES[event.std_system]
        domain = _DOMAINS[event.domain]
        row = (number, event.source_text, domain, vocabulary, "Local", None, event.source_code, _FROM, _TO, None)
        self._used[number] = row
        return number

    def product(self, event: Event) -> int:
        """The concept of a drug: a local product where its dose is stated, else the ingredient the terms know, else 0."""
        drug = event.source_text
        if drug not in catalogue().drugs:
            return 0
        ingredient = ingredient_concept(drug)
        unit = _UNITS.get(event.dose_unit)
        if event.dose is None or unit is None:
            return self._ingredient(drug, ingredient)
        number = _PRODUCTS + list(catalogue().drugs).index(drug) * _A_DRUG + round(event.dose * 100)
        if number not in self._used:
            self._ingredient(drug, ingredient)
            self.standard(unit)
            name = f"{drug} {event.dose:g} {event.dose_unit}"
            self._used[number] = (
                number, name, "Drug", "Made-up products", "Local", None, name, _FROM, _TO, None,
            )  # fmt: skip
            self._strengths[number] = (
                number, ingredient, event.dose, unit, None, None, None, None, None, _FROM, _TO, None,
            )  # fmt: skip
        return number

    def _ingredient(self, drug: str, number: int) -> int:
        if number and number not in self._used:
            code = catalogue().drugs[drug].item.code
            self._used[number] = (number, drug, "Drug", "RxNorm", "Ingredient", "S", code, _FROM, _TO, None)
        return number


@lru_cache(maxsize=200)
def ingredient_concept(drug: str) -> int:
    """The OMOP number of an ingredient as the project's terms know it; 0 where they know none."""
    from trialrun.vocabulary.shipped_terms import shipped

    vocabulary = shipped()
    leaves = vocabulary.read(Domain.DRUG, (), drug).leaves
    codes = vocabulary.get(leaves[0]).codes.get("OMOP", ()) if len(leaves) == 1 else ()
    return int(codes[0]) if codes else 0


@lru_cache(maxsize=1)
def _places() -> dict[str, int]:
    """Each code of the catalogue with its place in it."""
    known: Catalogue = catalogue()
    items = [
        *known.conditions.values(),
        *(drug.item for drug in known.drugs.values()),
        *(test.item for test in known.tests.values()),
        *known.vaccines.values(),
        *known.procedures.values(),
        *known.allergies.values(),
    ]
    return {item.code: place for place, item in enumerate(items, 1) if item.code}
