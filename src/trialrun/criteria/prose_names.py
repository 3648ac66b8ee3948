"""Names in prose: which drugs, diagnoses and tests the words of a clause are, and how a rule lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trialrun.criteria import prose_forms as forms
from trialrun.criteria.formulas import find_formula
from trialrun.vocabulary.concepts import Concept, Domain, Scale
from trialrun.vocabulary.routes import route_named

if TYPE_CHECKING:
    from trialrun.vocabulary.terms import Vocabulary


@dataclass(frozen=True, slots=True)
class Names:
    """Finds the names of a clause.

    Args:
        vocabulary: The terms a rule may name.
    """

    vocabulary: Vocabulary

    def scale(self, name: str) -> tuple[str, ...]:
        """The levels of a scale, lowest first; none where the words name no scale."""
        concept = self.vocabulary.find((Domain.MEASUREMENT,), forms.scale_name(name))
        return concept.measure.levels if concept and concept.measure else ()

    def test(self, name: str) -> bool:
        """Whether words name a test or a formula."""
        name = forms.bare_test(name)
        return find_formula(name) is not None or self.vocabulary.find((Domain.MEASUREMENT,), name) is not None

    def found(self, name: str) -> str:
        """The words for a test that is positive or negative."""
        for words in (name, f"{name} antibody", f"{name} test"):
            concept = self.vocabulary.find((Domain.MEASUREMENT,), words)
            if concept and concept.measure and concept.measure.scale is Scale.FINDING:
                return words
        return ""

    def domain(self, names: str) -> Domain | None:
        """The one domain that all names belong to."""
        if whole := self.domain_of_one(names):
            return whole
        head = forms.BUT.split(names)[0]
        domains = {
            self.domain_of_one(name) for name in self.listed(head, forms.DOMAINS) or re.split(r",? and |, ", head)
        }
        return domains.pop() if len(domains) == 1 else None

    def domain_of_one(self, name: str) -> Domain | None:
        """The domain of one name."""
        concept = next((found for domain in forms.DOMAINS if (found := self.concept(name, domain))), None)
        return concept.domain if concept else None

    def concept(self, name: str, domain: Domain) -> Concept | None:
        """What a name of this very domain means, a drug also behind its route."""
        words = forms.plain(name)
        concept = self.vocabulary.find((domain,), words)
        route, _, drug = words.partition(" ")
        if concept is None and domain is Domain.DRUG and route_named(route):
            concept = self.vocabulary.find((domain,), drug)
        return concept if concept is not None and concept.domain is domain else None

    def names(self, words: str, domains: tuple[Domain, ...]) -> str:
        """The names as a rule lists them; empty where one is not known."""
        parts = forms.BUT.split(words)
        if len(parts) > 2:
            return ""
        listed = [self.listed(part, domains) for part in parts]
        if not all(listed):
            return ""
        text = listed[0][0] if len(listed[0]) == 1 else "any [" + ", ".join(listed[0]) + "]"
        return text + (" except [" + ", ".join(listed[1]) + "]" if len(listed) == 2 else "")

    def listed(self, words: str, domains: tuple[Domain, ...]) -> list[str]:
        """The names of a list, each whole; none where one is not known."""
        if self.known(forms.plain(words), domains):
            return [forms.plain(words)]
        names = list(forms.listed(words))
        if not all(names):
            return []
        for number, name in enumerate(names):
            if self.known(name, domains):
                continue
            shared = " ".join([*names[number - 1].split()[:-1], name]) if number else ""
            tail = f"{name} {names[-1].split()[-1]}"
            if " " not in name and shared and self.known(shared, domains):
                names[number] = shared  # hepatitis B or C
            elif number == 0 and len(names) == 2 and self.known(tail, domains):
                names[number] = tail  # type 1 or type 2 diabetes
            else:
                return []
        return names

    def known(self, name: str, domains: tuple[Domain, ...]) -> bool:
        """Whether a name is one of these domains."""
        return any(self.concept(name, domain) for domain in _reached(domains))


def _reached(domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
    """Where a name of these domains may be found: an allergy is to a drug."""
    return (*domains, Domain.DRUG, Domain.IMMUNISATION) if Domain.ALLERGY in domains else domains
