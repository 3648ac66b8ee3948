"""Resources into rows: conditions, allergies, procedures, vaccinations, stays, observations. Drugs have their own module."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from trialrun.patients.fhir import dates
from trialrun.patients.fhir.codes import NOT_CODED, Coded, coded, coded_of, first_coded
from trialrun.patients.fhir.dates import NO_TIME, Span
from trialrun.patients.fhir.node import Node
from trialrun.patients.fhir.resources import Index, Resource
from trialrun.patients.fhir.statuses import clinical_status, status_of
from trialrun.patients.fhir.values import limits, value_of
from trialrun.patients.person import Event, Sex, Status
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain

_LIFE = "social-history"


@dataclass(frozen=True, slots=True)
class Context:
    """What rows need to know besides their resource."""

    index: Index
    sex: Sex | None = None
    birth: PartialDate | None = None


def row(
    resource: Resource, domain: Domain, what: Coded, when: Span, *, status: Status, part: str = "", said: str = ""
) -> Event:
    """A row without values: codes, dates, status, and where it was read.

    Args:
        part: The part of the resource it is about, `component[0]`.
        said: What the date is, where it is not the date of the thing itself.
    """
    source = what.source
    system, code = what.mapped(domain)
    origin = resource.place(part) + (f" ({said})" if said else "")
    return Event(
        id=f"{resource.name}.{part}" if part else resource.name,
        domain=domain,
        start=when.start,
        end=when.end,
        time=when.clock,
        source_system=source.system,
        source_code=source.code,
        source_text=what.text,
        std_system=system,
        std_code=code,
        map_origin="source" if code else "",
        status=status,
        origin=origin,
    )


def conditions(resource: Resource, context: Context) -> Iterator[Event]:
    """A Condition: from its onset (else the day it was recorded) to its abatement."""
    node = resource.node
    when, said = _onset(node)
    over = dates.span(node, "abatement") or NO_TIME
    # A disease that abated during a period ended at the latest when the period did.
    end = over.start if over.said_by == "abatementDateTime" else over.end
    if end and when.start and end.last < when.start.first:
        node.wrong("abatement", f"ended on {end}, before it began on {when.start}")
        end = None
    what = coded(node, "code")
    yield row(
        resource, Domain.CONDITION, what, Span(when.start, end, when.clock), status=clinical_status(node), said=said
    )


def allergies(resource: Resource, context: Context) -> Iterator[Event]:
    """An AllergyIntolerance: its code, and each substance of a reaction that is another one."""
    node, status = resource.node, clinical_status(resource.node)
    when, said = _onset(node)
    when = Span(when.start, None, when.clock)
    what = coded(node, "code")
    seen = {what} if not what.empty else set()
    for number, reaction in enumerate(node.nodes("reaction")):
        substance = coded(reaction, "substance")
        if not substance.empty and substance not in seen:
            seen.add(substance)
            yield row(resource, Domain.ALLERGY, substance, when, status=status, part=f"reaction[{number}]", said=said)
    if not what.empty or not seen:
        yield row(resource, Domain.ALLERGY, what, when, status=status, said=said)


def _onset(node: Node) -> tuple[Span, str]:
    """When it began. An onset as an age or in words is not replaced by the day it was recorded, which may be years later."""
    onset = dates.span(node, "onset")
    if onset is not None:
        return Span(onset.start, None, onset.clock), ""
    recorded = None if dates.states_otherwise(node, "onset") else dates.moment(node, "recordedDate")
    return (Span(recorded.day, None, recorded.clock), "date recorded") if recorded else (NO_TIME, "")


def procedures(resource: Resource, context: Context) -> Iterator[Event]:
    """A Procedure, when it was performed."""
    node = resource.node
    when = dates.span(node, "performed") or NO_TIME
    yield row(resource, Domain.PROCEDURE, coded(node, "code"), when, status=status_of(node, "Procedure"))


def immunizations(resource: Resource, context: Context) -> Iterator[Event]:
    """An Immunization: an act of one day."""
    node = resource.node
    when = dates.span(node, "occurrence") or NO_TIME
    act = Span(when.start, when.start, when.clock)
    yield row(resource, Domain.IMMUNISATION, coded(node, "vaccineCode"), act, status=status_of(node, "Immunization"))


def encounters(resource: Resource, context: Context) -> Iterator[Event]:
    """An Encounter: its class (`IMP`, `EMER`, `AMB`) is the code; the words are its type, else the class."""
    node = resource.node
    period = node.node("period")
    when = dates.bounds(period, "period") if period else NO_TIME
    kind = node.node("class")
    # A class is a bare Coding; it is read like a concept that has only this one.
    what = coded_of(Node({"coding": [kind.value]}, node.notes, node, "class")) if kind else NOT_CODED
    words = first_coded(node, "type").text
    yield row(
        resource, Domain.VISIT, Coded(words or what.text, what.codings), when, status=status_of(node, "Encounter")
    )


def observations(resource: Resource, context: Context) -> Iterator[Event]:
    """An Observation: a row for its value and one for each of its components.

    A panel, which has components and no value of its own, is only its components.
    """
    node, status = resource.node, status_of(resource.node, "Observation")
    when = dates.span(node, "effective") or NO_TIME
    kinds = {coding.code for category in node.nodes("category") for coding in coded_of(category).codings}
    domain = Domain.OBSERVATION if _LIFE in kinds else Domain.MEASUREMENT
    own = _measured(node, row(resource, domain, coded(node, "code"), when, status=status), context)
    parts = [
        _measured(part, row(resource, domain, coded(part, "code"), when, status=status, part=part.key), context)
        for part in node.nodes("component")
    ]
    if not parts or own.value is not None or own.value_text or own.value_code:
        yield own
    yield from parts


def _measured(node: Node, bare: Event, context: Context) -> Event:
    value = value_of(node)
    low, high = limits(node, value, context.sex, context.birth, bare.start)
    return replace(
        bare,
        value=value.number,
        comparator=value.comparator,
        value_text=value.text,
        value_code=value.code,
        unit_source=value.unit_source,
        unit=value.unit,
        low=low,
        high=high,
    )
