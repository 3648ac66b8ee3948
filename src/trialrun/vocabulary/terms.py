from __future__ import annotations
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from trialrun.vocabulary.concepts import *
from trialrun.vocabulary.concepts import Concept, Domain, Measure, Reading, Scale


@dataclass(frozen=True)
class Vocabulary:
    concepts: tuple[Concept, ...]
    identity: str = "stub"

    def find(self, domains: Collection[Domain], words: str) -> Concept | None:
        w = words.casefold()
        for c in self.concepts:
            if c.domain in domains and w in [x.casefold() for x in (c.name, *c.aliases)] + [c.name.casefold() + "s"]:
                return c
        return None

    def nearest(self, domains, words):
        from difflib import get_close_matches

        n = get_close_matches(words, [c.name for c in self.concepts if c.domain in domains], 1)
        return n[0] if n else None

    def get(self, name: str) -> Concept:
        return next(c for c in self.concepts if c.name == name)

    def read(self, domain, codings, text) -> Reading:
        by = {c.name: c for c in self.concepts}
        names = set()
        leaves = []
        for c in self.concepts:
            hit = any((s, k) for s, k in codings if k in c.codes.get(s, ())) or any(
                re.search(rf"\b{re.escape(x)}\b", text, re.I) for x in (c.name, *c.aliases)
            )
            if hit:
                if not c.is_class:
                    leaves.append(c.name)
                todo = [c.name]
                while todo:
                    n = todo.pop()
                    names.add(n)
                    todo += by[n].broader
        return Reading(frozenset(names), tuple(leaves), "stub", "text", bool(text or codings))


D, M = Domain.DRUG, Domain.MEASUREMENT


def q(name, unit, mm=None, *al):
    return Concept(name, M, al, measure=Measure(Scale.QUANTITY, unit, mm))


@lru_cache
def shipped() -> Vocabulary:
    return Vocabulary(
        (
            Concept("glucocorticoid", D, is_class=True),
            Concept("prednisone", D, broader=("glucocorticoid",)),
            Concept("NSAID", D, is_class=True),
            Concept("ibuprofen", D, broader=("NSAID",)),
            Concept("monoclonal antibody", D, is_class=True),
            Concept("rituximab", D, broader=("monoclonal antibody",)),
            Concept("DMARD", D, is_class=True),
            Concept("methotrexate", D, broader=("DMARD",)),
            Concept("antibiotic", D, is_class=True),
            Concept("ceftriaxone", D, broader=("antibiotic",)),
            Concept("polymyalgia rheumatica", Domain.CONDITION),
            Concept("malignancy", Domain.CONDITION),
            Concept("non-melanoma skin cancer", Domain.CONDITION, broader=("malignancy",)),
            Concept("pregnancy", Domain.CONDITION),
            Concept("live vaccine", Domain.IMMUNISATION, is_class=True),
            Concept("chest imaging", Domain.PROCEDURE),
            q("ALT", "U/L"),
            q("creatinine", "umol/L", 113.12),
            q("weight", "kg"),
            q("height", "cm"),
            q("total bilirubin", "umol/L", 584.66),
            Concept("HIV antibody", M, measure=Measure(Scale.FINDING)),
            Concept("NYHA class", M, measure=Measure(Scale.ORDINAL, levels=("I", "II", "III", "IV"))),
            Concept("ECOG", M, measure=Measure(Scale.ORDINAL, levels=("0", "1", "2", "3", "4", "5"))),
        )
    )
