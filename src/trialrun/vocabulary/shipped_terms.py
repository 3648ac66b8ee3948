"""Reads the data files that ship: one line a term, each with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from trialrun.vocabulary.analytes import analytes
from trialrun.vocabulary.concepts import Concept, Domain
from trialrun.vocabulary.terms import Vocabulary, Wording

FILES: Mapping[str, Mapping[str, Domain]] = {
    "drugs": {"classes": Domain.DRUG, "drugs": Domain.DRUG},
    "vaccines": {"classes": Domain.IMMUNISATION, "vaccines": Domain.IMMUNISATION},
    "conditions": {"conditions": Domain.CONDITION},
    "procedures": {"procedures": Domain.PROCEDURE},
    "observations": {"observations": Domain.OBSERVATION, "allergies": Domain.ALLERGY},
}
"""Data file → the blocks that hold terms, and their domain."""

CODE_KEYS: Mapping[str, str] = {
    "rxnorm": "RXNORM",
    "omop": "OMOP",
    "cvx": "CVX",
    "icd10": "ICD10CM",
    "icd9": "ICD9CM",
    "snomed": "SNOMED",
    "loinc": "LOINC",
}
RECALLED = " recalled"
"""Ending of a key whose codes no source at hand could confirm; they are used all the same."""


@lru_cache(maxsize=1)
def shipped() -> Vocabulary:
    """The terms that come with trialrun: the vocabulary of all data files."""
    concepts = [concept for name in FILES for concept in _concepts(name)]
    return Vocabulary.of([*concepts, *analytes()], _wording())


@lru_cache(maxsize=8)
def data_file(name: str) -> dict[str, Any]:
    """A data file as it stands, all values as text."""
    path = resources.files("trialrun.vocabulary") / "data" / f"{name}.yaml"
    # The C loader takes a third of the time of the Python one; base: no value is made a number or a date.
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    return loaded


def _concepts(file: str) -> Iterator[Concept]:
    data = data_file(file)
    for block, domain in FILES[file].items():
        for name, entry in data[block].items():
            source = data["sources"][entry.get("source", data["source"])]
            yield Concept(
                name,
                domain,
                aliases=tuple(dict.fromkeys((*_list(entry.get("also", "")), *_list(entry.get("epc", ""))))),
                codes=_codes(entry),
                broader=_list(entry.get("is", "")),
                is_class=block == "classes" or entry.get("class") == "yes",
                source=f"{source['name']} ({source['date']})",
            )


def _codes(entry: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    codes: dict[str, tuple[str, ...]] = {}
    for written, system in CODE_KEYS.items():
        found = (*entry.get(written, "").split(), *entry.get(written + RECALLED, "").split())
        if found:
            codes[system] = found
    return codes


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",")) if text else ()


def _wording() -> Wording:
    domains = {file: next(iter(blocks.values())) for file, blocks in FILES.items()}
    silent = {domain: tuple(data_file(file).get("silent", ())) for file, domain in domains.items()}
    denials = {domain: tuple(data_file(file).get("denials", ())) for file, domain in domains.items()}
    endings = {domain: data_file(file).get("stems", {}) for file, domain in domains.items()}
    return Wording(silent, denials, endings)
