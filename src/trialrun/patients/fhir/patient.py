"""The Patient resource: who it is, when born, which sex, whether dead, and for when the record is said to be complete."""

from __future__ import annotations

from dataclasses import dataclass

from trialrun.patients.fhir import dates
from trialrun.patients.fhir.node import Node
from trialrun.patients.fhir.resources import Resource
from trialrun.patients.person import DEATH_WITHOUT_DATE, Event, Period, Sex, Status
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain

COVERAGE_URL = "urn:trialrun:coverage"
"""Extension of Patient with a valuePeriod: whoever made the bundle states that the record is complete in it.

FHIR has no such statement. Without it nothing is known to be complete.
"""

_SEXES = {"female": Sex.FEMALE, "male": Sex.MALE, "other": Sex.OTHER, "unknown": None}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a Patient resource states."""

    birth: PartialDate | None
    sex: Sex | None
    death: PartialDate | None
    coverage: tuple[Period, ...]
    rows: tuple[Event, ...]


def facts_of(patient: Resource) -> Facts:
    """Reads a Patient. What is wrong in it is noted and stays unknown."""
    node = patient.node
    birth, death = dates.moment(node, "birthDate"), dates.moment(node, "deceasedDateTime")
    if birth and death and death.day.last < birth.day.first:
        node.wrong("deceasedDateTime", f"died on {death.day}, before the birth on {birth.day}")
        death = None
    gender = node.text("gender")
    if gender and gender not in _SEXES:
        node.wrong("gender", f"'{gender[:40]}' is none of {', '.join(_SEXES)}")
    for number, link in enumerate(node.nodes("link")):
        node.notes.lose(node.at(f"link[{number}]"), f"another record of this person ({link.text('type') or 'linked'})")
    return Facts(
        birth=birth.day if birth else None,
        sex=_SEXES.get(gender),
        death=death.day if death else None,
        coverage=tuple(_coverage(node)),
        rows=_dead_without_date(patient) if death is None else (),
    )


def _dead_without_date(patient: Resource) -> tuple[Event, ...]:
    """A row that says the person died where no date does; the contract knows a death by its date only."""
    node = patient.node
    if not (node.flag("deceasedBoolean") or node.has("deceasedDateTime")):
        return ()
    return (
        Event(
            f"{patient.name}.deceased",
            Domain.OBSERVATION,
            source_text=DEATH_WITHOUT_DATE,
            status=Status.COMPLETED,
            origin=patient.place(),
        ),
    )


def _coverage(node: Node) -> list[Period]:
    found = []
    for extension in node.nodes("extension"):
        if extension.text("url") != COVERAGE_URL:
            continue
        period = extension.node("valuePeriod")
        start, end = (dates.whole_day(period, key) if period else None for key in ("start", "end"))
        if start and end and start <= end:
            found.append(Period(start, end))
        else:
            extension.wrong("valuePeriod", "a complete record needs a start and an end, both to the day")
    return found
