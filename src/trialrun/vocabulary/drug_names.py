"""Drugs and drug classes by the names prose gives them: what a criterion's words speak of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import yaml


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


@dataclass(frozen=True, slots=True)
class _Names:
    pattern: re.Pattern[str]
    nearest: dict[str, str]
    above: dict[str, str]
    stems: dict[str, str]
    class_words: frozenset[str]


def find_drugs(text: str) -> tuple[FoundDrug, ...]:
    """The drugs and classes a text names, in order."""
    names = _names()
    return tuple(_found(match, names) for match in names.pattern.finditer(text))


def _found(match: re.Match[str], names: _Names) -> FoundDrug:
    name = match[0].casefold()
    return FoundDrug(name, _classes(name, names), name in names.class_words, match.start(), match.end())


def _classes(name: str, names: _Names) -> tuple[str, ...]:
    nearest = names.nearest.get(name) or next(kind for stem, kind in names.stems.items() if name.endswith(stem))
    found = [nearest]
    while names.above.get(found[-1], "none") != "none":
        found.append(names.above[found[-1]])
    return tuple(found)


@lru_cache(maxsize=1)
def _names() -> _Names:
    path = resources.files("trialrun.vocabulary") / "data" / "drug_names.yaml"
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    nearest = {**data["words"], **data["drugs"]}
    words = "|".join(re.escape(name) for name in sorted(nearest, key=len, reverse=True))
    stems = "|".join(re.escape(stem) for stem in data["stems"])
    pattern = re.compile(rf"\b(?:{words}|[a-z]{{3,}}(?:{stems}))\b", re.IGNORECASE)
    return _Names(pattern, nearest, data["classes"], data["stems"], frozenset(data["words"]))
