"""A bundle into people: each resource goes to the person it is about, and what cannot go anywhere is accounted for.

A row is lost only where nothing tells what it is (an entry that is no object, a resource without a type) or whose it is.
Then no record of the bundle counts as complete, so that a missing row is never read as *no*.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from trialrun.errors import InputError
from trialrun.patients.fhir import drugs, rows
from trialrun.patients.fhir.node import Node, Notes, clean, shown
from trialrun.patients.fhir.patient import Facts, facts_of
from trialrun.patients.fhir.resources import Index, Resource, same
from trialrun.patients.fhir.rows import Context
from trialrun.patients.person import Event, Person

_REFUSED = {
    "history": "a history lists old versions of each resource beside the valid one",
    "transaction-response": "a response names what was stored and does not hold it",
}

_MAKERS: dict[str, Callable[[Resource, Context], Iterator[Event]]] = {
    "AllergyIntolerance": rows.allergies,
    "Condition": rows.conditions,
    "Encounter": rows.encounters,
    "Immunization": rows.immunizations,
    "MedicationAdministration": drugs.administrations,
    "MedicationDispense": drugs.dispenses,
    "MedicationRequest": drugs.requests,
    "MedicationStatement": drugs.statements,
    "Observation": rows.observations,
    "Procedure": rows.procedures,
}
READ = tuple(_MAKERS)
"""Types of resources that become rows."""
_MOST_TYPES = 500
"""Types of resources that are told apart; FHIR R4 has about 150."""
_OTHER_SUBJECTS = ("Group/", "Device/", "Location/", "Organization/", "Substance/", "Medication/")


@dataclass(slots=True)
class Tally:
    """What became of the resources."""

    read: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    codes_left_out: int = 0

    def ignore(self, kind: str) -> None:
        """Counts a resource of a type that is not read."""
        known = kind[:60] in self.ignored or len(self.ignored) < _MOST_TYPES
        self.ignored[kind[:60] if known else "of other types"] += 1


@dataclass(slots=True)
class _Open:
    """A person while rows are still coming."""

    facts: Facts
    resource: Resource
    events: list[Event] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    """Ids that are taken, and how far the numbers are used that others of the same id were given."""

    def add(self, event: Event) -> None:
        """Keeps a row; one whose id is taken gets another."""
        number, name = self.ids.get(event.id, 1), event.id
        while name in self.ids:
            number += 1
            name = f"{event.id}~{number}"
        self.ids[event.id] = number
        self.ids[name] = self.ids.get(name, 1)
        self.events.append(event if name == event.id else replace(event, id=name))


@dataclass(frozen=True, slots=True)
class _Placing:
    """What is needed to give a resource to its person.

    Args:
        alone: Whether what does not say whose it is can only be the one person's.
    """

    people: dict[str, _Open]
    index: Index
    tally: Tally
    alone: bool = False


def people_of(document: object, notes: Notes) -> tuple[tuple[Person, ...], Tally]:
    """The people of a bundle, of a list of resources, or of a Patient alone.

    Raises:
        InputError: it is none of these, or has no patient, or two different ones under one id.
    """
    tally = Tally()
    return people_in(_resources(document, notes, tally), Index(), notes, tally), tally


def people_in(found: Iterator[tuple[Resource, str]], index: Index, notes: Notes, tally: Tally) -> tuple[Person, ...]:
    """The people among resources.

    Args:
        found: Resources, each with its full URL or an empty one.
        index: Where they are made findable.
        notes, tally: Where it is kept what was wrong and what became of them.

    Raises:
        InputError: there is no patient, or two different ones under one id.
    """
    resources = []
    for resource, full_url in _once(found, tally):
        index.add(resource, full_url)
        resources.append(resource)
    people = _patients(resources, notes, tally)
    placing = _Placing(people, index, tally, alone=_alone(resources, people, index, notes))
    for resource in resources:
        if resource.type != "Patient":
            _place_all(resource, placing)
    complete = not notes.lost
    return tuple(_closed(name, person, complete) for name, person in people.items())


def account_for(resource: Resource, index: Index, tally: Tally) -> None:
    """Tells what a resource is that is nobody's."""
    _place_all(resource, _Placing({}, index, tally))


def _resources(document: object, notes: Notes, tally: Tally) -> Iterator[tuple[Resource, str]]:
    if isinstance(document, list):
        for number, item in enumerate(document):
            yield from _resource(item, notes, f"[{number}]", number=number)
        return
    if not isinstance(document, dict):
        raise InputError(f"{notes.file}: {shown(document)} where a FHIR bundle belongs")
    kind = document.get("resourceType")
    if kind == "Patient":
        yield from _resource(document, notes, "")
        return
    if kind != "Bundle":
        raise InputError(
            f"{notes.file}: resourceType: {shown(kind) if kind is not None else 'nothing'} where 'Bundle' belongs",
            hint="Export everything about the patient as one FHIR R4 bundle (Patient/$everything).",
        )
    yield from _entries(Node(document, notes), notes, tally)


def _entries(bundle: Node, notes: Notes, tally: Tally) -> Iterator[tuple[Resource, str]]:
    kind = bundle.text("type")
    if kind in _REFUSED:
        raise InputError(f"{notes.file}: type: a bundle of type '{kind}' is not read: {_REFUSED[kind]}")
    if any(link.text("relation") == "next" for link in bundle.nodes("link")):
        notes.lose("link", "this is one page of several; the others are not in this file")
    entries = bundle.value.get("entry", [])
    if not isinstance(entries, list):
        raise InputError(f"{notes.file}: entry: {shown(entries)} where a list belongs")
    for number, item in enumerate(entries):
        place = f"entry[{number}]"
        if not isinstance(item, dict):
            notes.lose(place, f"{shown(item)} where an object belongs")
            continue
        entry = Node(item, notes, bundle, place)
        if not entry.has("resource") and (entry.has("request") or entry.has("response")):
            tally.ignored["entry without a resource"] += 1
            continue
        url = entry.text("fullUrl")
        yield from _resource(item.get("resource"), notes, "resource", parent=entry, full_url=url, number=number)


def _resource(
    item: object, notes: Notes, key: str, *, parent: Node | None = None, full_url: str = "", number: int = 0
) -> Iterator[tuple[Resource, str]]:
    place = f"{parent.key}.{key}" if parent else key
    if not isinstance(item, dict):
        notes.lose(place, f"{shown(item) if item is not None else 'nothing'} where a resource belongs")
        return
    node = Node(item, notes, parent, key)
    kind = node.text("resourceType")
    if not kind:
        notes.lose(place, "a resource without a type")
        return
    name = node.text("id") or full_url.rstrip("/").replace(":", "/").rpartition("/")[2]
    if not name and kind == "Patient":
        raise InputError(f"{notes.file}: {place or 'Patient'}: this patient has no id")
    yield Resource(node, kind, name or f"entry-{number}"), full_url


def _once(found: Iterator[tuple[Resource, str]], tally: Tally) -> Iterator[tuple[Resource, str]]:
    """Leaves out a resource that is there already with the same content."""
    seen: dict[str, Resource] = {}
    for resource, full_url in found:
        other = seen.setdefault(resource.name, resource)
        if other is not resource and same(other.node.value, resource.node.value):
            tally.repeated += 1
            continue
        if other is not resource:
            resource.node.notes.problem(resource.node.path, f"another {resource.name} is there with other content")
        yield resource, full_url


def _patients(resources: list[Resource], notes: Notes, tally: Tally) -> dict[str, _Open]:
    people: dict[str, _Open] = {}
    for resource in resources:
        if resource.type != "Patient":
            continue
        if resource.id in people:
            said = f"two different patients have the id '{resource.id}'"
            raise InputError(resource.node.notes.sentence(resource.node.path, said))
        tally.read["Patient"] += 1
        if _changed_in_meaning(resource):
            notes.lose(resource.node.path, "a patient whose meaning an extension changes")
        person = people[resource.id] = _Open(facts_of(resource), resource)
        for event in person.facts.rows:
            person.add(event)
    if not people:
        raise InputError(
            f"{notes.file}: there is no Patient among {len(resources):,} resources",
            hint="Export the Patient resource with the others.",
        )
    return people


def _alone(resources: list[Resource], people: dict[str, _Open], index: Index, notes: Notes) -> bool:
    """Whether only one person can be meant: nobody else is named, and nothing is lost that may have been somebody else."""
    if len(people) != 1 or notes.lost_count:
        return False
    named = [resource for resource in resources if _patient_named(resource)]
    if len(named) == len(resources) - 1:
        return True  # everything says whose it is
    found = (index.person(_patient_named(resource), resource) for resource in named)
    return all(person is not None and person.id in people for person in found)


def _patient_named(resource: Resource) -> str:
    """The reference to a patient that a resource has as its subject; empty where it has none, or to something else."""
    link = resource.node.value.get(subject_key(resource))
    reference = link.get("reference") if isinstance(link, dict) else None
    named = clean(reference) if isinstance(reference, str) else ""
    return "" if named.startswith(_OTHER_SUBJECTS) else named


def _place_all(outer: Resource, placing: _Placing) -> None:
    for resource in _with_inner(outer):
        _place(resource, placing)


def _with_inner(outer: Resource) -> Iterator[Resource]:
    """A resource and those inside it that become rows, whatever holds them."""
    yield outer
    if not outer.node.has("contained"):
        return
    for inner in outer.inner():
        if inner.type in _MAKERS:
            yield inner
        if inner.node.has("contained"):
            inner.node.notes.lose(
                inner.node.at("contained"), "FHIR allows no resource inside a contained one; not read"
            )


def _place(resource: Resource, placing: _Placing) -> None:
    """Makes the rows of one resource and gives them to their person."""
    make, tally = _MAKERS.get(resource.type), placing.tally
    if make is None:
        tally.ignore(resource.type)
        if resource.type == "Bundle":
            resource.node.notes.lose(resource.node.path, "a bundle inside a bundle is not read")
        return
    if resource.node.has("focus"):
        tally.ignored[f"{resource.type} of something else than the person"] += 1
        return
    person = _person_of(resource, placing)
    if person is None:
        return
    tally.read[resource.type] += 1
    context = Context(placing.index, person.facts.sex, person.facts.birth)
    veiled = _changed_in_meaning(resource)
    for event in make(resource, context):
        person.add(_veiled(event) if veiled else event)
    tally.codes_left_out += _codes_left_out(resource.node)


def _person_of(resource: Resource, placing: _Placing) -> _Open | None:
    """Whose a resource is. Without a subject it is the person's of a bundle that can be about one only."""
    people, index, tally = placing.people, placing.index, placing.tally
    key = subject_key(resource)
    holder = resource
    if resource.container is not None and not resource.node.has(key):
        holder, key = resource.container, subject_key(resource.container)
    node, notes = holder.node, resource.node.notes
    link = node.node(key)
    reference = link.text("reference") if link else ""
    if reference:
        found = index.person(reference, holder)
        if found is not None and found.id in people:
            return people[found.id]
        if reference.startswith(_OTHER_SUBJECTS):
            tally.ignored[f"{resource.type} of something else than a person"] += 1
            return None
        notes.nowhere()
        notes.lose(node.at(f"{key}.reference"), f"'{reference[:80]}' leads to no Patient of this {index.whole}")
    elif placing.alone and not node.has(key):
        node.wrong(key, "nothing says whose this is; taken as the one patient's")
        return next(iter(people.values()))
    else:
        notes.lose(node.at(key), "nothing says whose this is")
    tally.ignored[f"{resource.type} of nobody in this {index.whole}"] += 1
    return None


def subject_key(resource: Resource) -> str:
    """The member of a resource that says whose it is."""
    return subject_member(resource.type, resource.node.value)


def subject_member(kind: str, value: Mapping[str, object]) -> str:
    """The member that says whose a resource of a type is; of types that are not read, whichever of the two they have."""
    if kind in READ:
        return "patient" if kind in ("AllergyIntolerance", "Immunization") else "subject"
    return "patient" if "patient" in value and "subject" not in value else "subject"


def _changed_in_meaning(resource: Resource) -> bool:
    """Whether FHIR forbids to use a resource without knowing an extension of it, which may even negate it."""
    node = resource.node
    found = [key for key in ("modifierExtension", "implicitRules") if node.has(key)]
    for key in found:
        node.wrong(key, "changes what the resource means in a way not known here; it may mean anything")
    return bool(found)


def _veiled(event: Event) -> Event:
    """A row of which only the day and the kind are certain: the evaluator cannot rule out that it is what it looks for."""
    return Event(event.id, event.domain, event.start, event.end, event.time, origin=event.origin)


def _codes_left_out(node: Node) -> int:
    for key in ("code", "medicationCodeableConcept", "vaccineCode"):
        concept = node.value.get(key)
        codings = concept.get("coding") if isinstance(concept, dict) else None
        if isinstance(codings, list):
            return max(0, len(codings) - 2)
    return 0


def _closed(name: str, person: _Open, complete: bool) -> Person:
    return Person(
        id=name,
        birth=person.facts.birth,
        sex=person.facts.sex,
        death=person.facts.death,
        events=tuple(person.events),
        coverage=person.facts.coverage if complete else (),
        origin=person.resource.node.notes.file,
    )
