"""Codes: what was found, and the standard code beside it."""

from __future__ import annotations

from dataclasses import dataclass

from trialrun.patients.fhir.node import Node
from trialrun.vocabulary.code_systems import KNOWN
from trialrun.vocabulary.code_systems import code_system as canonical_system
from trialrun.vocabulary.concepts import Domain

_DOTTED = ("ICD10CM", "ICD10")

_PREFERRED: dict[Domain, tuple[str, ...]] = {
    Domain.CONDITION: ("SNOMED", "ICD10CM", "ICD10"),
    Domain.DRUG: ("RXNORM", "SNOMED"),
    Domain.IMMUNISATION: ("CVX", "RXNORM", "SNOMED"),
    Domain.ALLERGY: ("RXNORM", "SNOMED"),
    Domain.MEASUREMENT: ("LOINC", "SNOMED"),
    Domain.OBSERVATION: ("LOINC", "SNOMED"),
    Domain.PROCEDURE: ("SNOMED", "CPT4"),
}


def code_system(uri: str) -> str:
    """The short name of a code system; empty where it is not known."""
    name = canonical_system(uri)
    return name if name in KNOWN else ""


def is_ucum(uri: str) -> bool:
    """Whether a system is that of units of measure."""
    return uri.strip().casefold().rstrip("/").split("://")[-1] == "unitsofmeasure.org"


@dataclass(frozen=True, slots=True)
class Coding:
    """One code as found."""

    system: str
    code: str
    display: str = ""

    @property
    def standard(self) -> tuple[str, str]:
        """Its short system and its code in the form that system prints; empty for other systems."""
        name = code_system(self.system)
        code = self.code
        if name in _DOTTED:
            code = code.upper()
            if len(code) > 3 and "." not in code:
                code = f"{code[:3]}.{code[3:]}"
        return (name, code) if name and code else ("", "")


@dataclass(frozen=True, slots=True)
class Coded:
    """A CodeableConcept: the words, the codes in the order found."""

    text: str = ""
    codings: tuple[Coding, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it says nothing at all."""
        return not self.text and not self.codings

    @property
    def source(self) -> Coding:
        """The first code; the first display where there is none."""
        return next((coding for coding in self.codings if coding.code), NO_CODING)

    def mapped(self, domain: Domain) -> tuple[str, str]:
        """System and code of the standard code that goes beside the source.

        Another coding than the source is taken where one is standard, so that a row carries two codes if it was given
        two; else the source itself in its printed form.
        """
        source, best = self.source, ("", "")
        wanted = _PREFERRED.get(domain, ())
        others = [coding.standard for coding in self.codings if coding is not source]
        for system in wanted:
            best = best if best[0] else next((found for found in others if found[0] == system), best)
        if best[0]:
            return best
        own = source.standard
        return own if own[0] in wanted else ("", "")

    @property
    def code(self) -> str:
        """The source's code, for fields that are one word."""
        return self.source.code


NO_CODING = Coding("", "")
NOT_CODED = Coded()


def coded(node: Node, key: str) -> Coded:
    """A member that is a CodeableConcept."""
    concept = node.node(key)
    return coded_of(concept) if concept else NOT_CODED


def first_coded(node: Node, key: str) -> Coded:
    """The first CodeableConcept of a list that says something."""
    return next((found for found in map(coded_of, node.nodes(key)) if not found.empty), NOT_CODED)


def coded_of(concept: Node) -> Coded:
    """A CodeableConcept: words as people see them, codes without blanks around them."""
    codings = tuple(
        Coding(coding.text("system"), coding.text("code"), coding.text("display")) for coding in concept.nodes("coding")
    )
    codings = tuple(coding for coding in codings if coding.code or coding.display)
    text = concept.text("text") or next((coding.display for coding in codings if coding.display), "")
    return Coded(text, codings)
