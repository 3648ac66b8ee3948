"""What a row is about: the code as found with its system, the words, and the standard concept beside it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from trialrun.vocabulary.code_systems import KNOWN, code_system, plain_code
from trialrun.vocabulary.concepts import Domain

OMOP = "OMOP"
_MOST = 200_000
_WORDS = re.compile(r"[^\W\d_]{2}")
_PREFIXED = re.compile(r"([A-Za-z0-9_-]{3,12}):\s*(\S+)")
_LOINC = re.compile(r"(\d{1,7})-(\d)")
_ICD10 = re.compile(r"[A-DF-UW-Z]\d[0-9AB]\.[0-9A-Z]{1,4}", re.IGNORECASE)
_FORMS = {
    "RXNORM": re.compile(r"\d{1,8}"),
    "CVX": re.compile(r"\d{1,3}"),
    "ICD10CM": re.compile(r"[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?", re.IGNORECASE),
    "ICD10": re.compile(r"[A-Z]\d\d(?:\.?[0-9A-Z]{1,4})?", re.IGNORECASE),
    "CPT4": re.compile(r"\d{4}[0-9FTU]"),
    "HCPCS": re.compile(r"[A-V]\d{4}"),
    "NDC": re.compile(r"\d{11}|[\d-]{12,13}"),
}
# Dihedral group of order 10 and its permutation: Verhoeff's check digit, as SNOMED CT identifiers have it.
_TURNS = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
]
_SHIFT = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
_VISITS = {9201: "Inpatient Visit", 9202: "Outpatient Visit", 9203: "Emergency Room Visit"}
"""Names of visits as the tables of two public data sets give them."""


@dataclass(frozen=True, slots=True)
class OmopConcept:
    """A row of the concept table.

    Args:
        name, code, domain: As found.
        vocabulary: As found: `RxNorm`.
    """

    name: str
    vocabulary: str
    code: str
    domain: str

    @property
    def system(self) -> str:
        """The code system in our words; empty where it is none we know."""
        name = code_system(self.vocabulary)
        return name if name in KNOWN else ""


@dataclass(frozen=True, slots=True)
class RowCode:
    """The codes and words of a row, as the contract holds them.

    Args:
        immunisation: Whether it is a vaccine.
        condition: Whether it names a disease.
        left_out: Codes beyond the two a row can carry.
    """

    source_system: str = ""
    source_code: str = ""
    source_text: str = ""
    std_system: str = ""
    std_code: str = ""
    map_origin: str = ""
    immunisation: bool = False
    condition: bool = False
    left_out: int = 0


class Coder:
    """Finds the codes of rows; equal rows are looked at once.

    Args:
        concepts: The concepts of the folder that its rows use.
        evidence: Domain → code systems in which the source codes of its table are written, where that was seen.
    """

    def __init__(self, concepts: Mapping[int, OmopConcept], evidence: Mapping[Domain, Collection[str]]) -> None:
        self.concepts = concepts
        self._evidence = evidence
        self._seen: dict[tuple[Domain, int | None, str | None, int | None], RowCode] = {}

    def code(self, domain: Domain, concept: int | None, value: str | None, source_concept: int | None) -> RowCode:
        """The codes of a row.

        Args:
            domain: The domain of its table.
            concept: The standard concept; 0 and None are none.
            value: The source value.
            source_concept: The source concept; 0 and None are none.
        """
        asked = (domain, concept, value, source_concept)
        found = self._seen.get(asked)
        if found is None:
            if len(self._seen) >= _MOST:
                self._seen.clear()
            found = self._seen[asked] = self._code(domain, concept or 0, cleaned(value or ""), source_concept or 0)
        return found

    def _code(self, domain: Domain, concept: int, value: str, source_concept: int) -> RowCode:
        known, source = self.concepts.get(concept), self.concepts.get(source_concept)
        system, code, words = self._source(domain, value, known, source)
        if not words:
            words = next((one.name for one in (source, known) if one is not None and one.name), "")
        if not words and domain is Domain.VISIT:
            words = _VISITS.get(concept, "")
        std_system, std_code, left_out = _standard(concept, known, source_concept, source, (system, code))
        pairs = tuple(pair for pair in ((std_system, std_code), (system, code)) if pair[1])
        names = _meant(domain, pairs, words) if domain in (Domain.DRUG, Domain.OBSERVATION) else frozenset()
        is_vaccine = domain is Domain.DRUG and (
            "CVX" in {code_system(system), std_system, known.system if known else ""} or Domain.IMMUNISATION in names
        )
        return RowCode(
            system, code, words, std_system, std_code, "OMOP tables" if std_code else "", is_vaccine,
            Domain.CONDITION in names or (known is not None and known.domain.casefold() == "condition"), left_out,
        )  # fmt: skip

    def _source(
        self, domain: Domain, value: str, known: OmopConcept | None, source: OmopConcept | None
    ) -> tuple[str, str, str]:
        """System, code and words of the source."""
        if is_words(value):
            return (source.vocabulary, source.code, value) if source else ("", "", value)
        if source is not None:
            return source.vocabulary, value or source.code, ""
        prefixed = _PREFIXED.fullmatch(value)
        if prefixed and code_system(prefixed[1]) in KNOWN:
            return prefixed[1], prefixed[2], ""
        if known is not None and value and _is_code_of(value, known):
            return known.vocabulary, value, ""
        return (self._by_form(domain, value), value, "") if value else ("", "", "")

    def _by_form(self, domain: Domain, value: str) -> str:
        """The system a code shows by itself: a check digit, or what the other codes of its table are."""
        seen = [system for system in self._evidence.get(domain, ()) if has_form(system, value)]
        if len(seen) == 1:
            return seen[0]
        if is_loinc(value):
            return "LOINC"
        if is_snomed(value) and (domain is not Domain.DRUG or len(value) > 8):
            return "SNOMED"
        return "ICD10" if domain is Domain.CONDITION and _ICD10.fullmatch(value) else ""


def _standard(
    concept: int, known: OmopConcept | None, source_concept: int, source: OmopConcept | None, found: tuple[str, str]
) -> tuple[str, str, int]:
    """The code that goes beside the source: the concept's own, or its id where the source carries that already.

    The third value is how many codes are left out.
    """
    if not concept:
        # A source concept that the tables do not explain can still be named by a term.
        return (OMOP, str(source_concept), 0) if source_concept and source is None else ("", "", 0)
    system, code = found
    own = known.system if known is not None else ""
    if known is None or not own:
        return OMOP, str(concept), 0
    if code_system(system) == own and plain_code(own, code) == plain_code(own, known.code):
        return OMOP, str(concept), 0
    return own, known.code, 1


def _is_code_of(value: str, known: OmopConcept) -> bool:
    system = known.system or known.vocabulary
    return bool(known.code) and plain_code(system, value) == plain_code(system, known.code)


def _meant(domain: Domain, pairs: tuple[tuple[str, str], ...], words: str) -> frozenset[Domain]:
    """The domains of the terms that ship which a row names."""
    from trialrun.vocabulary.shipped_terms import shipped

    vocabulary = shipped()
    return frozenset(vocabulary.get(name).domain for name in vocabulary.read(domain, pairs, words).names)


def cleaned(value: str) -> str:
    """A text in one line without invisible characters."""
    if value.isascii() and value.isprintable() and "  " not in value:
        return value.strip()
    shown = "".join(sign for sign in value if unicodedata.category(sign) != "Cf")
    return " ".join(shown.split())


def is_words(value: str) -> bool:
    """Whether a source value is words and no code: it has letters, and blanks or no digit."""
    if not _WORDS.search(value):
        return False
    return " " in value or not any(sign.isdigit() for sign in value)


def has_form(system: str, value: str) -> bool:
    """Whether a code can be one of a system by its looks."""
    if system == "LOINC":
        return is_loinc(value)
    if system == "SNOMED":
        return is_snomed(value)
    pattern = _FORMS.get(system)
    return pattern is not None and pattern.fullmatch(value) is not None


def is_loinc(value: str) -> bool:
    """Whether a code has the form of LOINC and its check digit (mod 10)."""
    match = _LOINC.fullmatch(value)
    if match is None or not value.isascii():
        return False
    doubled = [int(digit) * 2 if place % 2 == 0 else int(digit) for place, digit in enumerate(reversed(match[1]))]
    return (10 - sum(number // 10 + number % 10 for number in doubled) % 10) % 10 == int(match[2])


def is_snomed(value: str) -> bool:
    """Whether a code is an identifier of a SNOMED CT concept: 6 to 18 digits, its partition and its check digit."""
    if not (value.isascii() and value.isdigit() and 6 <= len(value) <= 18 and value[-3:-1] in ("00", "10")):
        return False
    check = 0
    for place, digit in enumerate(reversed(value)):
        turned = int(digit)
        for _ in range(place % 8):
            turned = _SHIFT[turned]
        check = _TURNS[check][turned]
    return check == 0
