"""A made-up person as FHIR R4 resources, each of which says that it is made up.

The resources are written so that `trialrun.patients.fhir.read` gives back the person's rows, field by field; only the
origin of a row differs, because it names the file.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from trialrun.patients.fhir.patient import COVERAGE_URL
from trialrun.patients.person import Event, Person, Status
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain

Resource = dict[str, Any]

TAG = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    "code": "HTEST",
    "display": "test health data: made up by trialrun",
}
"""HL7's own code for data that are no health data of anybody."""
UCUM = "http://unitsofmeasure.org"
_META = {"tag": [TAG]}
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_ALLERGY_VERIFICATION = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
_ALLERGY_CLINICAL = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_VITAL = ("Body height", "Body weight", "Systolic blood pressure", "Diastolic blood pressure")


def bundle(person: Person) -> Resource:
    """Everything of a person as a collection; the bundle and its Patient carry the tag, the rest stands inside them."""
    return {
        "resourceType": "Bundle",
        "id": person.id,
        "meta": _META,
        "type": "collection",
        "entry": [
            {"fullUrl": f"urn:trialrun:made-up/{one['resourceType']}/{one['id']}", "resource": one}
            for one in (patient(person), *(_untagged(event, person.id) for event in person.events))
        ],
    }


def resource(event: Event, person: str) -> Resource:
    """A row as the resource its id names, with the tag: it may be found alone."""
    return {**_untagged(event, person), "meta": _META}


def _untagged(event: Event, person: str) -> Resource:
    kind, _, name = event.id.partition("/")
    return {"resourceType": kind, "id": name, **_MAKERS[kind](event, {"reference": f"Patient/{person}"})}


def line(one: Resource) -> str:
    """A resource as one line of JSON, the same bytes everywhere."""
    return _ENCODER.encode(one)


def patient(person: Person) -> Resource:
    """The Patient resource; its name says that it is made up."""
    found: Resource = {
        "resourceType": "Patient",
        "id": person.id,
        "meta": _META,
        "extension": [
            {
                "url": COVERAGE_URL,
                "valuePeriod": {"start": period.start.isoformat(), "end": period.end.isoformat()},
            }
            for period in person.coverage
        ],
        "name": [{"use": "anonymous", "text": f"Made-up {person.id}", "family": "Made-up", "given": [person.id]}],
    }
    if person.sex is not None:
        found["gender"] = person.sex.value
    if person.birth is not None:
        found["birthDate"] = str(person.birth)
    if person.death is not None:
        found["deceasedDateTime"] = str(person.death)
    return found


def _condition(event: Event, subject: Resource) -> Resource:
    return {
        "clinicalStatus": _coded(_CLINICAL, "active" if event.status is Status.ACTIVE else "resolved"),
        "verificationStatus": _coded(_VERIFICATION, "confirmed"),
        "code": _concept(event),
        "subject": subject,
        "onsetDateTime": _written(event.start),
        **({"abatementDateTime": _written(event.end)} if event.end is not None else {}),
    }


def _allergy(event: Event, subject: Resource) -> Resource:
    return {
        "clinicalStatus": _coded(_ALLERGY_CLINICAL, "active" if event.status is Status.ACTIVE else "inactive"),
        "verificationStatus": _coded(_ALLERGY_VERIFICATION, "confirmed"),
        "code": _concept(event),
        "patient": subject,
        "onsetDateTime": _written(event.start),
    }


def _statement(event: Event, subject: Resource) -> Resource:
    period = {"start": _written(event.start), **({"end": _written(event.end)} if event.end is not None else {})}
    found = {
        "status": event.status.value,
        "medicationCodeableConcept": _concept(event),
        "subject": subject,
        "effectivePeriod": period,
    }
    dosage: Resource = {}
    if event.per_day is not None:
        dosage["timing"] = {"repeat": _repeat(event.per_day)}
    if event.route:
        dosage["route"] = {"text": event.route}
    if event.dose is not None:
        dosage["doseAndRate"] = [{"doseQuantity": _quantity(event.dose, event.dose_unit, event.dose_unit)}]
    return found | ({"dosage": [dosage]} if dosage else {})


def _administration(event: Event, subject: Resource) -> Resource:
    dosage: Resource = {}
    if event.route:
        dosage["route"] = {"text": event.route}
    if event.dose is not None:
        dosage["dose"] = _quantity(event.dose, event.dose_unit, event.dose_unit)
    return {
        "status": "completed",
        "medicationCodeableConcept": _concept(event),
        "subject": subject,
        "effectiveDateTime": _written(event.start),
    } | ({"dosage": dosage} if dosage else {})


def _immunization(event: Event, subject: Resource) -> Resource:
    return {
        "status": "completed",
        "vaccineCode": _concept(event),
        "patient": subject,
        "occurrenceDateTime": _written(event.start),
    }


def _procedure(event: Event, subject: Resource) -> Resource:
    return {
        "status": "completed",
        "code": _concept(event),
        "subject": subject,
        "performedDateTime": _written(event.start),
    }


def _encounter(event: Event, subject: Resource) -> Resource:
    return {
        "status": "finished",
        "class": {"system": event.source_system, "code": event.source_code},
        "type": [{"text": event.source_text}],
        "subject": subject,
        "period": {"start": _written(event.start), **({"end": _written(event.end)} if event.end is not None else {})},
    }


def _observation(event: Event, subject: Resource) -> Resource:
    social = event.domain is Domain.OBSERVATION
    kind = "social-history" if social else "vital-signs" if event.source_text in _VITAL else "laboratory"
    found: Resource = {
        "status": "entered-in-error" if event.status is Status.ENTERED_IN_ERROR else "final",
        "category": [_coded(_CATEGORY, kind)],
        "code": _concept(event),
        "subject": subject,
        "effectiveDateTime": _written(event.start),
    }
    if event.value is not None:
        found["valueQuantity"] = _quantity(event.value, event.unit_source, event.unit)
        ends = {
            end: _quantity(limit, event.unit_source, event.unit)
            for end, limit in (("low", event.low), ("high", event.high))
            if limit is not None
        }
        if ends:
            found["referenceRange"] = [ends]
    elif event.value_text:
        found["valueString"] = event.value_text
    return found


_MAKERS = {
    "Condition": _condition,
    "AllergyIntolerance": _allergy,
    "MedicationStatement": _statement,
    "MedicationAdministration": _administration,
    "Immunization": _immunization,
    "Procedure": _procedure,
    "Encounter": _encounter,
    "Observation": _observation,
}
TYPES = ("Patient", *_MAKERS)
"""The types of resources, in the order they are written."""


@lru_cache(maxsize=50_000)
def _written(when: PartialDate | None) -> str:
    return str(when)


def _concept(event: Event) -> Resource:
    if not event.source_code:
        return {"text": event.source_text}
    coding = {"system": event.source_system, "code": event.source_code, "display": event.source_text}
    return {"coding": [coding], "text": event.source_text}


def _coded(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def _quantity(value: float, written: str, unit: str) -> Resource:
    """A number with its unit: as UCUM where it is known to be, as a word where it is not, without where none is given."""
    number = int(value) if value.is_integer() else value
    if not written:
        return {"value": number}
    return {"value": number, "unit": written, **({"system": UCUM, "code": unit} if unit else {})}


def _repeat(per_day: float) -> Resource:
    """So many times a day, or once in so many days; the reader divides in the same way, so the number comes back as it is."""
    if per_day >= 1:
        return {"frequency": round(per_day), "period": 1, "periodUnit": "d"}
    return {"frequency": 1, "period": round(1 / per_day), "periodUnit": "d"}
