"""Drugs and drug classes in prose: what a criterion's words speak of."""

from __future__ import annotations

from dataclasses import dataclass

from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.shipped_terms import shipped
from trialrun.vocabulary.terms import Vocabulary


@dataclass(frozen=True, slots=True)
class FoundDrug:
    """A drug or a class in a text.

    Args:
        name: The name as written, lower case.
        classes: The classes it belongs to, nearest first; a class word begins with its own class.
        is_class: Whether it names a class (antibiotics) rather than a drug (penicillin).
        start, end: Its characters.
    """

    name: str
    classes: tuple[str, ...]
    is_class: bool
    start: int
    end: int


def find_drugs(text: str) -> tuple[FoundDrug, ...]:
    """The drugs and classes a text names, in order."""
    vocabulary = shipped()
    words, hits = vocabulary.phrases(Domain.DRUG).find(text)
    found: list[FoundDrug] = []
    for hit in hits:
        if hit.name is None:
            continue
        start, end = words[hit.first].start, words[hit.last].end
        is_class = vocabulary.get(hit.name).is_class and not hit.by_ending
        found.append(FoundDrug(text[start:end].casefold(), _classes(hit.name, vocabulary), is_class, start, end))
    return tuple(found)


def _classes(name: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The classes of a concept, step by step upwards; of a class, itself first."""
    order = [name]
    for reached in order:
        order += [over for over in vocabulary.get(reached).broader if over not in order]
    return tuple(over.casefold() for over in order if vocabulary.get(over).is_class)
