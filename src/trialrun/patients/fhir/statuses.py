"""What each status of FHIR means in the contract. A status that is missing or not known is *unknown*."""

from __future__ import annotations

from trialrun.patients.fhir.codes import coded
from trialrun.patients.fhir.node import Node
from trialrun.patients.person import Status

_ACTS = {
    "preparation": Status.PLANNED,
    "in-progress": Status.ACTIVE,
    "not-done": Status.NOT_DONE,
    "on-hold": Status.UNKNOWN,
    "stopped": Status.STOPPED,
    "completed": Status.COMPLETED,
    "entered-in-error": Status.ENTERED_IN_ERROR,
    "unknown": Status.UNKNOWN,
}

STATUSES: dict[str, dict[str, Status]] = {
    "Observation": {
        "registered": Status.PLANNED,
        "preliminary": Status.ACTIVE,
        "final": Status.COMPLETED,
        "amended": Status.COMPLETED,
        "corrected": Status.COMPLETED,
        "cancelled": Status.NOT_DONE,
        "entered-in-error": Status.ENTERED_IN_ERROR,
        "unknown": Status.UNKNOWN,
    },
    "MedicationRequest": {
        "draft": Status.PLANNED,
        "active": Status.ACTIVE,
        "on-hold": Status.UNKNOWN,
        "cancelled": Status.NOT_DONE,
        "completed": Status.COMPLETED,
        "stopped": Status.STOPPED,
        "entered-in-error": Status.ENTERED_IN_ERROR,
        "unknown": Status.UNKNOWN,
    },
    "MedicationStatement": {
        "active": Status.ACTIVE,
        "completed": Status.COMPLETED,
        "entered-in-error": Status.ENTERED_IN_ERROR,
        "intended": Status.PLANNED,
        "stopped": Status.STOPPED,
        "on-hold": Status.UNKNOWN,
        "unknown": Status.UNKNOWN,
        "not-taken": Status.NOT_DONE,
    },
    "MedicationAdministration": _ACTS,
    "MedicationDispense": {**_ACTS, "cancelled": Status.NOT_DONE, "declined": Status.NOT_DONE},
    "Immunization": _ACTS,
    "Procedure": _ACTS,
    "Encounter": {
        "planned": Status.PLANNED,
        "arrived": Status.ACTIVE,
        "triaged": Status.ACTIVE,
        "in-progress": Status.ACTIVE,
        "onleave": Status.ACTIVE,
        "finished": Status.COMPLETED,
        "cancelled": Status.NOT_DONE,
        "entered-in-error": Status.ENTERED_IN_ERROR,
        "unknown": Status.UNKNOWN,
    },
}

_VERIFICATIONS = {
    "refuted": Status.REFUTED,
    "entered-in-error": Status.ENTERED_IN_ERROR,
    "unconfirmed": Status.UNKNOWN,
    "provisional": Status.UNKNOWN,
    "differential": Status.UNKNOWN,
    "confirmed": None,
}

_CLINICAL = {
    "active": Status.ACTIVE,
    "recurrence": Status.ACTIVE,
    "relapse": Status.ACTIVE,
    "inactive": Status.COMPLETED,
    "remission": Status.COMPLETED,
    "resolved": Status.COMPLETED,
}


def status_of(node: Node, kind: str) -> Status:
    """The status of a resource whose type has one code for it."""
    code = node.text("status")
    known = STATUSES[kind]
    if code and code not in known:
        node.wrong("status", f"'{code[:40]}' is no status of {kind}")
    return known.get(code, Status.UNKNOWN)


def clinical_status(node: Node) -> Status:
    """Of conditions and allergies: refuted and entered in error go before what is clinical."""
    verified, clinical = (coded(node, f"{kind}Status").code for kind in ("verification", "clinical"))
    if verified and verified not in _VERIFICATIONS:
        node.wrong("verificationStatus", f"'{verified[:40]}' is no verification status")
    if clinical and clinical not in _CLINICAL:
        node.wrong("clinicalStatus", f"'{clinical[:40]}' is no clinical status")
    if verified in _VERIFICATIONS and (sure := _VERIFICATIONS[verified]) is not None:
        return sure
    return _CLINICAL.get(clinical, Status.UNKNOWN)
