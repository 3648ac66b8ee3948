"""Drugs: ordered, stated, dispensed, given. One row for each instruction of each product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from trialrun.patients.fhir import dates
from trialrun.patients.fhir.codes import NOT_CODED, Coded, coded
from trialrun.patients.fhir.dates import NO_TIME, Span
from trialrun.patients.fhir.dosage import Dosage, dosages, dose_of, route_in
from trialrun.patients.fhir.node import Node
from trialrun.patients.fhir.resources import Resource
from trialrun.patients.fhir.rows import Context, row
from trialrun.patients.fhir.statuses import status_of
from trialrun.patients.fhir.values import quantity
from trialrun.patients.person import Event, Status
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain

_NOT_ORDERED = ("proposal", "plan", "option")
_DEEPEST = 5


@dataclass(frozen=True, slots=True)
class Product:
    """What was taken: its code or words, and its form."""

    what: Coded
    form: str = ""

    @property
    def route(self) -> str:
        """The way its form or its name states."""
        displays = [coding.display for coding in self.what.codings]
        return next(filter(None, map(route_in, [self.form, self.what.text, *displays])), "")


def requests(resource: Resource, context: Context) -> Iterator[Event]:
    """A MedicationRequest: an order, from the day its instruction begins, else from the day it was written."""
    node = resource.node
    status = status_of(node, "MedicationRequest")
    if node.text("intent") in _NOT_ORDERED and status.counts:
        status = Status.PLANNED
    if node.flag("doNotPerform"):
        status = Status.NOT_DONE
    written = dates.moment(node, "authoredOn")
    when = Span(written.day if written else None, None, written.clock if written else None)
    yield from _taken(resource, context, when, dosages(node, "dosageInstruction"), status=status, said="date written")


def statements(resource: Resource, context: Context) -> Iterator[Event]:
    """A MedicationStatement: when it is said to be taken."""
    node = resource.node
    when = dates.span(node, "effective") or NO_TIME
    status = status_of(node, "MedicationStatement")
    yield from _taken(resource, context, when, dosages(node, "dosage"), status=status)


def dispenses(resource: Resource, context: Context) -> Iterator[Event]:
    """A MedicationDispense: from the day it was handed out."""
    node = resource.node
    given = dates.moment(node, "whenHandedOver") or dates.moment(node, "whenPrepared")
    when = Span(given.day if given else None, None, given.clock if given else None)
    status = status_of(node, "MedicationDispense")
    yield from _taken(resource, context, when, dosages(node, "dosageInstruction"), status=status, said="date dispensed")


def administrations(resource: Resource, context: Context) -> Iterator[Event]:
    """A MedicationAdministration: given at a moment, or over a period."""
    node = resource.node
    when = dates.span(node, "effective") or NO_TIME
    if when.said_by == "effectiveDateTime":
        when = replace(when, end=when.start)
    given = node.node("dosage")
    dosage = Dosage()
    if given is not None:
        dose, unit = dose_of(given, quantity(given, "dose"))
        dosage = Dosage(dose, unit, None, coded(given, "route").text)
    status = status_of(node, "MedicationAdministration")
    yield from _taken(resource, context, when, (dosage,), status=status)


def _taken(
    resource: Resource, context: Context, when: Span, stated: tuple[Dosage, ...], *, status: Status, said: str = ""
) -> Iterator[Event]:
    products = _products(resource, context)
    for n, product in enumerate(products):
        for m, dosage in enumerate(stated):
            part = ".".join([f"product[{n}]"] * (len(products) > 1) + [f"dosage[{m}]"] * (len(stated) > 1))
            span, from_order = _when(when, dosage)
            bare = row(
                resource, Domain.DRUG, product.what, span, status=status, part=part, said=said if from_order else ""
            )
            # An amount of a mixture is not an amount of what is in it.
            whole = len(products) == 1
            yield replace(
                bare,
                dose=dosage.dose if whole else None,
                dose_unit=dosage.unit if whole else "",
                per_day=dosage.per_day,
                route=dosage.route or product.route,
            )


def _when(order: Span, dosage: Dosage) -> tuple[Span, bool]:
    """The dates of the instruction go before those of the order; a length of time is counted from a complete date only."""
    start, end = dosage.span.start or order.start, dosage.span.end or order.end
    if end is None and dosage.days is not None and start is not None and start.day is not None:
        last = min(start.first.toordinal() + round(dosage.days) - 1, date.max.toordinal())
        end = _day(date.fromordinal(last))
    if start and end and end.last < start.first:
        end = None
    from_order = dosage.span.start is None
    return Span(start, end, order.clock if from_order else dosage.span.clock), from_order and start is not None


def _day(when: date) -> PartialDate:
    return PartialDate(when.year, when.month, when.day)


def _products(resource: Resource, context: Context) -> tuple[Product, ...]:
    """What was taken; never empty, so that an order of something unreadable is still a row."""
    node = resource.node
    if node.has("medicationCodeableConcept"):
        return (Product(coded(node, "medicationCodeableConcept")),)
    return tuple(_referred(node, "medicationReference", resource, context, ())) or (Product(NOT_CODED),)


def _referred(node: Node, key: str, resource: Resource, context: Context, seen: tuple[str, ...]) -> Iterator[Product]:
    """The products a reference leads to. A medication that is made of itself is followed once."""
    link = node.node(key)
    if link is None:
        return
    reference = link.text("reference")
    found = context.index.find(reference, resource) if reference else None
    if found is None or found.type != "Medication":
        if reference:
            link.wrong("reference", f"'{reference[:80]}' leads to no Medication of this {context.index.whole}")
            node.notes.nowhere()
        yield Product(Coded(link.text("display")))
        return
    if found.name in seen or len(seen) >= _DEEPEST:
        link.wrong("reference", f"'{reference[:80]}' leads back to itself")
        return
    form = coded(found.node, "form").text
    what = coded(found.node, "code")
    if not what.empty:
        yield Product(what, form)
        return
    for ingredient in found.node.nodes("ingredient"):
        if ingredient.has("itemCodeableConcept"):
            yield Product(coded(ingredient, "itemCodeableConcept"), form)
        else:
            yield from _referred(ingredient, "itemReference", found, context, (*seen, found.name))
