"""What a vocabulary looks up: names by their key, codes and the beginnings of codes, and everything above a concept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from trialrun.errors import InputError, did_you_mean
from trialrun.vocabulary.code_systems import plain_code
from trialrun.vocabulary.concepts import Concept, Domain
from trialrun.vocabulary.words import key

READS: Mapping[Domain, tuple[Domain, ...]] = {
    Domain.DRUG: (Domain.DRUG, Domain.IMMUNISATION),
    Domain.IMMUNISATION: (Domain.IMMUNISATION, Domain.DRUG),
    Domain.ALLERGY: (Domain.ALLERGY, Domain.DRUG, Domain.IMMUNISATION),
    Domain.CONDITION: (Domain.CONDITION, Domain.OBSERVATION),
    Domain.OBSERVATION: (Domain.OBSERVATION, Domain.CONDITION, Domain.MEASUREMENT),
}
"""Whose terms a row of a domain may name: OMOP keeps vaccines as drugs, some systems keep diagnoses as observations."""

WORDS_OF: Mapping[Domain, tuple[Domain, ...]] = {**READS, Domain.OBSERVATION: (Domain.OBSERVATION,)}
"""The same for words: the title of an observation ("HIV status") is a question and no diagnosis, only its code is."""

WIDER_SYSTEMS: Mapping[str, tuple[str, ...]] = {"ICD10": ("ICD10", "ICD10CM")}
"""Systems whose codes are also read by the codes of another: WHO's ICD-10 by ICD-10-CM."""


@dataclass(frozen=True, slots=True)
class TermIndex:
    """Look-ups over a set of concepts; see `index_of`.

    Args:
        by_key: Domain and key of a name or alias → name.
        exact, begins: System → code, or beginning of a code → names.
        above: Name → it and every broader concept.
        below: Name → it and every narrower concept.
    """

    by_key: Mapping[tuple[Domain, str], str]
    exact: Mapping[str, Mapping[str, tuple[str, ...]]]
    begins: Mapping[str, Mapping[str, tuple[str, ...]]]
    above: Mapping[str, frozenset[str]]
    below: Mapping[str, frozenset[str]]

    def coded(self, system: str, code: str) -> Iterator[str]:
        """The concepts that have a code, by the code itself or by its beginning."""
        for known in WIDER_SYSTEMS.get(system, (system,)):
            plain = plain_code(known, code)
            yield from self.exact.get(known, {}).get(plain, ())
            begins = self.begins.get(known)
            if begins:
                for length in range(len(plain), 0, -1):
                    yield from begins.get(plain[:length], ())


def index_of(concepts: Mapping[str, Concept]) -> TermIndex:
    """Builds the look-ups.

    Raises:
        InputError: one word for two concepts of a domain, a broader concept that does not exist, or a circle.
    """
    above = _closure(concepts)
    exact, begins = _codes(concepts.values())
    return TermIndex(_keys(concepts.values()), exact, begins, above, _below(above))


def _keys(concepts: Iterable[Concept]) -> dict[tuple[Domain, str], str]:
    keys: dict[tuple[Domain, str], str] = {}
    aliases: list[tuple[Domain, str, str, str]] = []
    for concept in concepts:
        _claim(keys, concept.domain, concept.name, concept.name)
        aliases += [(concept.domain, key(alias), alias, concept.name) for alias in concept.aliases]
    for domain, folded, alias, name in aliases:
        taken = keys.setdefault((domain, folded), name)
        if taken != name:
            raise InputError(f"'{alias}' is a word for both '{taken}' and '{name}'", hint="Take it out of one.")
    return keys


def _claim(keys: dict[tuple[Domain, str], str], domain: Domain, words: str, name: str) -> None:
    taken = keys.setdefault((domain, key(words)), name)
    if taken != name:
        raise InputError(f"'{words}' and '{taken}' are spelled alike", hint="Give one of them another name.")


def _codes(
    concepts: Iterable[Concept],
) -> tuple[dict[str, dict[str, tuple[str, ...]]], dict[str, dict[str, tuple[str, ...]]]]:
    exact: dict[str, dict[str, tuple[str, ...]]] = {}
    begins: dict[str, dict[str, tuple[str, ...]]] = {}
    for concept in concepts:
        for system, codes in concept.codes.items():
            for code in codes:
                table = (begins if code.endswith("*") else exact).setdefault(system, {})
                plain = plain_code(system, code.removesuffix("*"))
                table[plain] = (*table.get(plain, ()), concept.name)
    return exact, begins


def _closure(concepts: Mapping[str, Concept]) -> dict[str, frozenset[str]]:
    """Every concept with all that is broader; depth first, with the path kept so that a circle can be shown."""
    above: dict[str, frozenset[str]] = {}
    for name in concepts:
        _climb(name, concepts, above, ())
    return above


def _climb(
    name: str, concepts: Mapping[str, Concept], above: dict[str, frozenset[str]], path: tuple[str, ...]
) -> frozenset[str]:
    if name in above:
        return above[name]
    if name in path:
        circle = " → ".join((*path[path.index(name) :], name))
        raise InputError(f"terms stand above each other in a circle: {circle}", hint="Take one step out.")
    if len(path) > 50:
        raise InputError(f"'{path[0]}' has more than fifty steps above it")
    names = {name}
    for broader in concepts[name].broader:
        if broader not in concepts:
            message = f"'{name}' belongs to '{broader}', which is no term"
            raise InputError(message, hint=did_you_mean(broader, concepts))
        names |= _climb(broader, concepts, above, (*path, name))
    above[name] = frozenset(names)
    return above[name]


def _below(above: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    below: dict[str, set[str]] = {name: {name} for name in above}
    for name, broader in above.items():
        for over in broader:
            below[over].add(name)
    return {name: frozenset(names) for name, names in below.items()}
