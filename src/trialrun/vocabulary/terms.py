"""The vocabulary: finds the term a rule names, and reads the codes and words of a row into terms."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property, lru_cache

from trialrun.errors import InputError
from trialrun.vocabulary.code_systems import KNOWN, WHOLE, code_system
from trialrun.vocabulary.concepts import Concept, Domain, Reading
from trialrun.vocabulary.phrases import Found, Phrases
from trialrun.vocabulary.term_index import READS, WORDS_OF, TermIndex, index_of
from trialrun.vocabulary.titles import bare_titles, telling_another, without_method
from trialrun.vocabulary.words import Token, folded, is_readable, key, says_nothing

__all__ = ["Vocabulary", "Wording", "code_system"]

LONGEST_TEXT = 2_000
"""Characters of a row that are read: a title or a product, not a note. What is longer may mean more than is read."""

LOINC = "LOINC"
_CELL_FREE = re.compile(r"\b(?:serum|plasma)\b", re.IGNORECASE)

UNSTATED = " of unstated kind"
"""How the name of a term ends that says no more than its class."""

_COMMON = frozenset(
    (
        *(
            "and",
            "for",
            "the",
            "with",
            "total",
            "count",
            "level",
            "rate",
            "test",
            "serum",
            "plasma",
            "blood",
            "absolute",
        ),
        *("number", "cell", "score", "status", "value", "time", "body", "high", "sensitivity", "low", "activity"),
    )
)
"""Words that many titles share, and that tell no test from another."""

_MOST_READINGS = 200_000
_NAMES_ONLY = (
    Domain.DRUG,
    Domain.IMMUNISATION,
    Domain.ALLERGY,
)  # no word of theirs is an abbreviation of something else


@dataclass(frozen=True, slots=True)
class Wording:
    """How words of rows are read, beside the names of terms.

    Args:
        silent: Domain → phrases that hold a term's name and mean something else.
        denials: Domain → words before a term that say the person does not, or not certainly, have it.
        endings: Domain → endings of words → the class they tell.
    """

    silent: Mapping[Domain, tuple[str, ...]] = field(default_factory=dict)
    denials: Mapping[Domain, tuple[str, ...]] = field(default_factory=dict)
    endings: Mapping[Domain, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All terms of a study: what ships, and what layers above it add or override.

    Args:
        concepts: By name.
        wording: How words of rows are read.
        layers: Names of the layers, lowest first.

    Raises:
        InputError: terms that contradict each other: one word twice, a circle, a class that does not exist.
    """

    concepts: Mapping[str, Concept]
    wording: Wording = field(default_factory=Wording)
    layers: tuple[str, ...] = ("shipped",)
    _readings: dict[tuple[Domain, tuple[tuple[str, str], ...], str], Reading] = field(default_factory=dict, repr=False)
    _phrases: dict[Domain, Phrases] = field(default_factory=dict, repr=False)
    _may_be: dict[tuple[str, str], bool] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        _ = self._index

    @classmethod
    def of(cls, concepts: Iterable[Concept], wording: Wording | None = None) -> Vocabulary:
        """A vocabulary of one layer.

        Raises:
            InputError: as above, and for one name given twice.
        """
        by_name: dict[str, Concept] = {}
        for concept in concepts:
            if concept.name in by_name:
                raise InputError(f"the term '{concept.name}' is given twice", hint="Join the two.")
            by_name[concept.name] = concept
        return cls(by_name, wording or Wording())

    def with_layer(self, concepts: Iterable[Concept], name: str) -> Vocabulary:
        """This vocabulary with another layer on top: a concept of a known name replaces the one below."""
        added = {concept.name: replace(concept, layer=name) for concept in concepts}
        return Vocabulary({**self.concepts, **added}, self.wording, (*self.layers, name))

    def get(self, name: str) -> Concept:
        """The concept of exactly this name.

        Raises:
            KeyError: there is none.
        """
        return self.concepts[name]

    def find(self, domains: Collection[Domain], words: str) -> Concept | None:
        """The concept a rule means by its name or another word for it; earlier domains first."""
        folded_words = key(words)
        for domain in _reach(domains, READS):
            name = self._index.by_key.get((domain, folded_words))
            if name is not None:
                return self.concepts[name]
        return None

    def nearest(self, domains: Collection[Domain], words: str) -> str | None:
        """The known word most like one that is not known, for "did you mean"."""
        known = {key(word): word for word in self._words(_reach(domains, READS))}
        wrong = key(words)
        near = get_close_matches(wrong, known, n=1, cutoff=0.88)  # a slip of the hand, never another disease
        return (
            known[near[0]] if near and near[0][:2] == wrong[:2] and ("hyper" in near[0]) == ("hyper" in wrong) else None
        )

    def narrower(self, name: str) -> frozenset[str]:
        """The concept itself and everything below it.

        Raises:
            KeyError: there is no such concept.
        """
        return self._index.below[name]

    def broader(self, name: str) -> frozenset[str]:
        """The concept itself and everything above it.

        Raises:
            KeyError: there is no such concept.
        """
        return self._index.above[name]

    def names(self, domains: Collection[Domain]) -> tuple[str, ...]:
        """Names of all concepts of these domains, sorted."""
        return tuple(sorted(name for name, concept in self.concepts.items() if concept.domain in domains))

    def read(self, domain: Domain, codings: tuple[tuple[str, str], ...], text: str) -> Reading:
        """What a row means: by its codes where one is known, else by its words.

        Args:
            domain: The row's domain; a drug row is also read for vaccines, an allergy for drugs.
            codings: (system, code) pairs, the standard code and the source code; systems in any spelling.
            text: The words of the row: a product name, a display.
        """
        asked = (domain, codings, text)
        reading = self._readings.get(asked)
        if reading is None:
            if len(self._readings) >= _MOST_READINGS:
                self._readings.clear()
            reading = self._read(domain, codings, text)
            if reading.names:
                reading = replace(reading, could=self._could_be(reading))
            self._readings[asked] = reading
        return reading

    @cached_property
    def identity(self) -> str:
        """A hash of everything that decides a reading; equal for equal meaning, whatever the order of the files."""
        facts = [sorted(map(_facts, self.concepts.values())), _wording_facts(self.wording)]
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()

    def identity_over(self, base: Vocabulary) -> str:
        """A hash of what this vocabulary adds to another or changes of it; the layout of a file makes no difference."""
        facts = sorted(_facts(concept) for concept in self.concepts.values() if not base.has(concept))
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def has(self, concept: Concept) -> bool:
        """Whether a concept of the same meaning is there."""
        known = self.concepts.get(concept.name)
        return known is not None and _facts(known) == _facts(concept)

    @cached_property
    def _index(self) -> TermIndex:
        return index_of(self.concepts)

    def _read(self, domain: Domain, codings: tuple[tuple[str, str], ...], text: str) -> Reading:
        systems = [(code_system(system), code) for system, code in codings if code.strip()]
        domains = READS.get(domain, (domain,))
        coded = [name for system, code in systems for name in self._index.coded(system, code)]
        coded = [name for name in coded if self.concepts[name].domain in domains]
        if coded:
            return self._reading(coded, "code")
        if domain is Domain.MEASUREMENT:
            return self._read_test(systems, text)
        named = [] if says_nothing(text) else self.named(domain, text)
        whole = len(text) <= LONGEST_TEXT
        if named:
            return replace(self._reading(named, "text"), understood=whole)
        return Reading(understood=self._tells_something_else(domain, systems, text))

    def _tells_something_else(self, domain: Domain, systems: list[tuple[str, str]], text: str) -> bool:
        """Whether a row that names no term is surely none: by its code, or by its words beside a code of a known system.

        Words alone may be a brand, a misspelling or another language ("Decortin H", "Riesenzellarteriitis"); unless they
        name a term and deny it: "family history of breast cancer".
        """
        if any(system in WHOLE for system, _ in systems):
            return True
        if len(text) > LONGEST_TEXT or not is_readable(text):
            return False
        # The title of an observation is a question and no diagnosis; a visit is told by its class.
        coded = domain in (Domain.VISIT, Domain.OBSERVATION) or any(system in KNOWN for system, _ in systems)
        return coded or bool(self.phrases(domain).find(text)[1])

    def _read_test(self, systems: list[tuple[str, str]], text: str) -> Reading:
        """A test by its title, which must be the test's name as a whole: creatinine in urine is another test.

        A LOINC code that no test has tells another test, unless the title is that of a test, measured in whatever way, or
        says nothing: then nobody knows, and where the test of the title has no code of its own, the title counts.
        """
        name = self._titled(text)
        foreign = any(system == LOINC for system, _ in systems)
        if name is not None and not (foreign and LOINC in self.concepts[name].codes):
            return self._reading([name], "text")
        by_method = foreign and name is None and self._titled(without_method(text)) is not None
        return Reading(understood=foreign and name is None and not by_method and is_readable(text))

    def _titled(self, text: str) -> str | None:
        """The test whose name or alias a title is, after words that change no test are taken off."""
        if says_nothing(text) or len(text) > LONGEST_TEXT:
            return None
        titles = (self._index.by_key.get((Domain.MEASUREMENT, key(bare))) for bare in bare_titles(text))
        name = next((name for name in titles if name is not None), None)
        # Free hemoglobin of serum or plasma is not that of blood.
        return None if name == "hemoglobin" and _CELL_FREE.search(text) else name

    def may_be_test(self, name: str, text: str) -> bool:
        """Whether a title that cannot be read may be that of a test: it says nothing, or shares a word with its names.

        Raises:
            KeyError: there is no such test.
        """
        asked = (name, text)
        if asked not in self._may_be:
            if len(self._may_be) >= _MOST_READINGS:
                self._may_be.clear()
            self._may_be[asked] = not is_readable(text) or self._resembles(name, text[:LONGEST_TEXT])
        return self._may_be[asked]

    def _resembles(self, name: str, text: str) -> bool:
        concept = self.concepts[name]
        own = {word for names in (concept.name, *concept.aliases) for word in folded(names)}
        if any(own.isdisjoint(folded(word)) for word in telling_another(text)):
            return False
        telling = [word for word in own if len(word) > 2 and word not in _COMMON]
        return any(_alike(word, other) for word in folded(text) for other in telling)

    def named(self, domain: Domain, text: str) -> list[str]:
        """The concepts a text names directly, in order; those it denies are left out."""
        words, found = self.phrases(domain).find(text[:LONGEST_TEXT])
        names = [hit.name for hit in found if hit.name is not None and not self._denied(domain, words, hit)]
        return list(dict.fromkeys(names))

    def phrases(self, domain: Domain) -> Phrases:
        """The index of words for rows of a domain."""
        if domain not in self._phrases:
            domains = WORDS_OF.get(domain, (domain,))
            named = [(word, name) for name in self.concepts for word in self._words_of(name, domains)]
            silent = [phrase for part in domains for phrase in self.wording.silent.get(part, ())]
            endings = [pair for part in domains for pair in self.wording.endings.get(part, {}).items()]
            self._phrases[domain] = Phrases.of(named, silent, endings, in_capitals=domain not in _NAMES_ONLY)
        return self._phrases[domain]

    def _denied(self, domain: Domain, words: tuple[Token, ...], hit: Found) -> bool:
        before = " ".join(word.folded for word in words[: hit.first])
        return bool(before) and any(f" {denial} " in f" {before} " for denial in _denials(self.wording, domain))

    def _reading(self, direct: list[str], via: str) -> Reading:
        names = frozenset().union(*(self._index.above[name] for name in direct))
        implied = {over for name in direct for over in self._index.above[name] if over != name}
        leaves = [name for name in direct if not self.concepts[name].is_class and name not in implied]
        layers = {self.concepts[name].layer for name in direct}
        layer = max(layers, key=lambda name: self.layers.index(name) if name in self.layers else -1)
        return Reading(names, tuple(dict.fromkeys(leaves)), layer, via)

    def _words(self, domains: Collection[Domain]) -> Iterator[str]:
        for name in self.concepts:
            yield from self._words_of(name, domains)

    def _could_be(self, reading: Reading) -> frozenset[str]:
        """The terms a row may be of besides those it names, where it names a class and nothing of it.

        "Zoster vaccine" may be a live vaccine, because a live zoster vaccine exists; "biologic" may be rituximab.
        """
        if any(not leaf.endswith(UNSTATED) for leaf in reading.leaves):
            return frozenset()
        said = {name for name in reading.names if not name.endswith(UNSTATED)}
        lowest = [name for name in said if not any(name in self._index.above[other] - {other} for other in said)]
        below = frozenset[str]().union(*(self._index.below[name] for name in lowest))
        return frozenset[str]().union(*(self._index.above[name] for name in below)) - reading.names

    def _words_of(self, name: str, domains: Collection[Domain]) -> Iterator[str]:
        concept = self.concepts[name]
        if concept.domain in domains:
            yield concept.name
            yield from concept.aliases


def _alike(word: str, other: str) -> bool:
    """Whether two words are one, or one is the other's beginning: `crea2`, `creatinin` and `creatinine`."""
    short, long = sorted((word.rstrip("0123456789"), other), key=len)
    return short == long or (len(short) > 3 and long.startswith(short))


def _reach(domains: Collection[Domain], reads: Mapping[Domain, tuple[Domain, ...]]) -> tuple[Domain, ...]:
    """The domains asked for, then those whose terms their rows may also name."""
    return tuple(dict.fromkeys([*domains, *(part for domain in domains for part in reads.get(domain, ()))]))


def _denials(wording: Wording, domain: Domain) -> tuple[str, ...]:
    return _folded_phrases(wording.denials.get(domain, ()))


@lru_cache(maxsize=32)
def _folded_phrases(phrases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(" ".join(folded(phrase)) for phrase in phrases)


def _facts(concept: Concept) -> str:
    measure = concept.measure
    return json.dumps(
        [
            concept.name,
            concept.domain,
            sorted(concept.aliases),
            sorted((system, sorted(codes)) for system, codes in concept.codes.items()),
            sorted(concept.broader),
            concept.is_class,
            [measure.scale, measure.unit, measure.molar_mass, measure.levels] if measure else None,
        ]
    )


def _wording_facts(wording: Wording) -> list[object]:
    phrases = [
        sorted((domain, sorted(words)) for domain, words in part.items()) for part in (wording.silent, wording.denials)
    ]
    return [*phrases, sorted((domain, sorted(part.items())) for domain, part in wording.endings.items())]
