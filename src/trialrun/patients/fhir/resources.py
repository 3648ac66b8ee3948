"""Resources of a bundle, and how they find one another: by full URL, by type and id, or inside their container."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from trialrun.patients.fhir.node import Node


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource.

    Args:
        node: Its JSON.
        type: `Condition`, `Patient`, …
        id: Its id; of its full URL, or made from its place, where it has none.
        container: The resource it is contained in.
    """

    node: Node
    type: str
    id: str
    container: Resource | None = None

    @property
    def name(self) -> str:
        """`Condition/17`; what is contained is named after its container."""
        return f"{self.container.name}#{self.id}" if self.container else f"{self.type}/{self.id}"

    def place(self, part: str = "") -> str:
        """Where it was read, `bundle.json: entry[3]` or `Condition.ndjson:17`; with a part of it, `… component[0]`."""
        steps = (self.node.path.removesuffix("resource").removesuffix("."), part)
        path = ".".join(step for step in steps if step)
        return f"{self.node.notes.file}: {path}" if path else self.node.notes.file

    def inner(self) -> tuple[Resource, ...]:
        """The resources it contains."""
        return tuple(
            Resource(node, node.text("resourceType"), node.text("id").removeprefix("#") or f"contained-{number}", self)
            for number, node in enumerate(self.node.nodes("contained"), 1)
        )


@dataclass(slots=True)
class Index:
    """Every resource under every name it can be referred to by.

    Args:
        named, ambiguous: What names mean, and names that mean two resources.
        whole: What the resources are part of, in words.
        elsewhere: Finds a resource by `Type/id` that was not added here.
    """

    named: dict[str, Resource] = field(default_factory=dict)
    ambiguous: set[str] = field(default_factory=set)
    whole: str = "bundle"
    elsewhere: Callable[[str], Resource | None] | None = None
    _opened: tuple[Resource, dict[str, Resource | None]] | None = None

    def add(self, resource: Resource, full_url: str) -> None:
        """Makes a resource findable; a name that two different resources have finds neither."""
        names = {f"{resource.type}/{resource.id}", full_url} - {""}
        for name in names:
            other = self.named.setdefault(name, resource)
            if other is not resource and not same(other.node.value, resource.node.value):
                self.ambiguous.add(name)

    def find(self, reference: str, frm: Resource) -> Resource | None:
        """What a reference leads to; None where it leads nowhere or to two."""
        if reference.startswith("#"):
            return self._inside(frm.container or frm).get(reference[1:])
        plain = reference.split("/_history/", maxsplit=1)[0]
        name = type_and_id(plain)
        for known in (plain, name):
            if known in self.named:
                return None if known in self.ambiguous else self.named[known]
        return self.elsewhere(name) if self.elsewhere is not None else None

    def _inside(self, holder: Resource) -> dict[str, Resource | None]:
        """What a resource contains by its id, None where two have it; kept for the next that refers into the same."""
        if self._opened is None or self._opened[0] is not holder:
            found: dict[str, Resource | None] = {}
            for inner in holder.inner():
                found[inner.id] = None if inner.id in found else inner
            self._opened = holder, found
        return self._opened[1]

    def person(self, reference: str, frm: Resource) -> Resource | None:
        """The patient a reference leads to; `urn:uuid:` may stand before a plain id."""
        found = self.find(reference, frm)
        if found is None and reference.startswith("urn:"):
            found = self.find(f"Patient/{reference.rpartition(':')[2]}", frm)
        return found if found is not None and found.type == "Patient" else None


def type_and_id(reference: str) -> str:
    """`Patient/7` of a reference with a server's address and a version."""
    return "/".join(reference.split("/_history/", maxsplit=1)[0].split("/")[-2:])


def same(one: object, other: object) -> bool:
    """Whether two JSON values are equal; values too deep to compare are taken as different."""
    try:
        return one == other
    except RecursionError:
        return False
