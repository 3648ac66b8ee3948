"""Routes by which a drug is given: as records write them, and as rules ask for them."""

from __future__ import annotations

import re
from functools import lru_cache

_ROUTES: dict[str, str] = {
    "oral": r"oral(?:ly)?|per os|po|p\.o\.|by mouth|buccal|sublingual|26643006",
    "intravenous": r"intravenous(?:ly)?|iv|i\.v\.|intravenous infusion|47625008",
    "subcutaneous": r"subcutaneous(?:ly)?|sc|s\.c\.|subq|34206005",
    "intramuscular": r"intramuscular(?:ly)?|im|i\.m\.|78421000",
    "rectal": r"rectal(?:ly)?|per rectum|37161004",
    "transdermal": r"transdermal|patch|45890007",
    "intra-articular": r"intra-?articular(?:ly)?|12130007",
    "inhaled": r"inhal(?:ed|ation|er)|respiratory tract|pulmonary|447694001|18679011000001101",
    "nasal": r"nasal(?:ly)?|intranasal|46713006",
    "topical": r"topical(?:ly)?|cutaneous|dermal|6064005|448598008",
    "ophthalmic": r"ophthalmic|eye|ocular|54485002",
    "otic": r"otic|auricular|ear|10547007",
    "vaginal": r"vaginal(?:ly)?|16857009",
    "intravitreal": r"intravitreal|418401004",
}
_SYSTEMIC = frozenset({"oral", "intravenous", "subcutaneous", "intramuscular", "rectal", "transdermal"})
_GROUPS = {
    "systemic": _SYSTEMIC,
    "parenteral": frozenset({"intravenous", "subcutaneous", "intramuscular"}),
    "local": frozenset(_ROUTES) - _SYSTEMIC,
}
"""Routes asked for by a word that covers several. Systemic: by mouth, injection into vein, skin or muscle, rectal and
transdermal; an injection into a joint acts locally."""


def route_named(word: str) -> str:
    """The route or group of routes a rule asks for by a word; empty where the word is none."""
    folded = word.casefold()
    return folded if folded in _ROUTES or folded in _GROUPS else ""


def route_names() -> tuple[str, ...]:
    """All words a rule may ask by."""
    return (*_GROUPS, *_ROUTES)


@lru_cache(maxsize=1024)
def route_of(words: str) -> str:
    """The route a record states, in our words; empty where it is not understood."""
    text = " ".join(words.casefold().split())
    for name, pattern in _ROUTES.items():
        if re.fullmatch(rf"(?:{pattern})(?: route)?(?: \(qualifier value\))?", text):
            return name
    for name, pattern in _ROUTES.items():
        if re.search(rf"\b(?:{pattern})\b", text):
            return name
    return ""


def covers(asked: str, recorded: str) -> bool | None:
    """Whether a recorded route is the one asked for; None where the record does not say.

    Args:
        asked: A route or group, or empty for any route.
        recorded: The route as the record writes it.
    """
    if not asked:
        return True
    route = route_of(recorded) if recorded else ""
    if not route:
        return None
    return route in _GROUPS.get(asked, frozenset({asked}))
