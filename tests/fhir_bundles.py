"""Small bundles for tests: a patient and some resources, and the rows that become of them."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from trialrun.patients.fhir.read import Loaded, load_content
from trialrun.patients.person import Event
from trialrun.vocabulary.concepts import Domain

PATIENT: dict[str, Any] = {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1959-05-14"}
_EMPTY = Event("", Domain.OBSERVATION)


def bundle(*resources: object, patient: dict[str, Any] | None = None, **more: object) -> dict[str, Any]:
    """A collection of a patient and resources."""
    entries = [{"resource": resource} for resource in (PATIENT if patient is None else patient, *resources)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries, **more}


def loaded(document: object) -> Loaded:
    """A document as the reader reads it from a file."""
    return load_content(json.dumps(document).encode(), "b.json")


def resource(kind: str, **members: object) -> dict[str, Any]:
    """A resource about the patient."""
    subject = "patient" if kind in ("Immunization", "AllergyIntolerance") else "subject"
    return {"resourceType": kind, "id": "1", subject: {"reference": "Patient/p"}, **members}


def rows(*resources: object, patient: dict[str, Any] | None = None) -> list[dict[str, object]]:
    """The rows of a patient, each with only what it states; dates and words as text."""
    (person,) = loaded(bundle(*resources, patient=patient)).people
    return [stated(event) for event in person.events]


def stated(event: Event) -> dict[str, object]:
    """What a row states beside its id, source system, domain and place."""
    hidden = ("id", "domain", "origin", "source_system", "map_origin")
    found = {entry.name: getattr(event, entry.name) for entry in fields(event) if entry.name not in hidden}
    plain = {
        name: value if value is None or isinstance(value, float) else str(value)
        for name, value in found.items()
        if value is not None and value != "" and value != getattr(_EMPTY, name)
    }
    return dict(plain)


def problems(*resources: object, patient: dict[str, Any] | None = None) -> list[str]:
    """What the reader says it did not understand."""
    return list(loaded(bundle(*resources, patient=patient)).report.problems)


def concept(text: str = "", *codings: tuple[str, str]) -> dict[str, Any]:
    """A CodeableConcept of words and of codes with their systems."""
    coding = [{"system": system, "code": code} for system, code in codings]
    return {**({"text": text} if text else {}), **({"coding": coding} if coding else {})}
