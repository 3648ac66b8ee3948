"""Terms: what a rule may name (a drug, a class, a diagnosis, a test) and which codes and words mean it.

A *concept* has one name, the one rules print. Codes and words of a patient's row are *read* into the names of all
concepts they mean, broader ones included, so that `took monoclonal antibody` is a look at a set of names. Terms come
in layers: what ships, what a study or site adds or overrides, what a user's own terminology adds. Each reading
names the layer that gave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Domain(StrEnum):
    """What a row of a patient's record, and so a term, is about."""

    CONDITION = "condition"
    DRUG = "drug"
    MEASUREMENT = "measurement"
    PROCEDURE = "procedure"
    OBSERVATION = "observation"
    VISIT = "visit"
    IMMUNISATION = "immunisation"
    ALLERGY = "allergy"
    DEVICE = "device"


class Scale(StrEnum):
    """How values of a test are compared."""

    QUANTITY = "quantity"
    ORDINAL = "ordinal"
    FINDING = "finding"
    """Positive, negative, indeterminate."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is known of a test's values.

    Args:
        scale: Quantity, ordinal or finding.
        unit: The canonical unit of a quantity, in UCUM.
        molar_mass: In g/mol, where mass and amount of substance convert.
        levels: Names of an ordinal's levels, lowest first: I, II, III, IV.
    """

    scale: Scale
    unit: str | None = None
    molar_mass: float | None = None
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """A term and what means it.

    Args:
        name: Its one name, as rules print it.
        domain: What it is about. A drug's term also reads allergies to it; a vaccine is an immunisation.
        aliases: Other words for it; case, spaces and a plural s do not matter.
        codes: Code system → codes. A code that ends in `*` means every code that begins with what stands before it.
        broader: Names of the classes it belongs to directly.
        is_class: Whether it is a class of other terms rather than one drug, vaccine or test.
        measure: For tests, how their values are compared.
        source: Where these facts come from.
        layer: `shipped`, or the name of the file that added or overrode it.
    """

    name: str
    domain: Domain
    aliases: tuple[str, ...] = ()
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    broader: tuple[str, ...] = ()
    is_class: bool = False
    measure: Measure | None = None
    source: str = ""
    layer: str = "shipped"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the codes and words of a row mean.

    Args:
        names: Every concept meant, broader ones included; empty when none is known.
        leaves: Those of them that are not classes: the drug itself.
        layer: The layer that decided.
        via: `code` or `text`.
        understood: Whether the row can be ruled out of a set it is not in: it has a code of a known system or
            readable words. A row that is not understood may mean anything.
        could: Concepts it may mean besides, where it names a class and nothing of it: "biologic" may be rituximab.
    """

    names: frozenset[str] = frozenset()
    leaves: tuple[str, ...] = ()
    layer: str = ""
    via: str = ""
    understood: bool = True
    could: frozenset[str] = frozenset()
