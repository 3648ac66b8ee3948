"""Routes of administration in prose."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ROUTES = {
    "subcutaneous": r"subcutaneous(?:ly)?|s\.c\.|\bSC\b|\bSQ\b|subcut\b",
    "intravenous": r"intravenous(?:ly)?|\bi\.v\.|\bIV\b",
    "intramuscular": r"intramuscular(?:ly)?|\bi\.m\.|\bIM\b",
    "oral": r"\borally\b|\boral\b(?!\s+(?:glucose|contracept|health|cavity|hygiene|mucos|cancer))|\bby mouth\b"
    r"|\bper os\b|\bp\.o\.|\bPO\b",
    "intradermal": r"intradermal(?:ly)?",
    "intravitreal": r"intravitreal(?:ly)?",
    "intrathecal": r"intrathecal(?:ly)?",
    "intranasal": r"intranasal(?:ly)?|nasal spray",
    "inhaled": r"\binhal(?:ed|ation|er)\b|nebuli[sz]ed",
    "topical": r"\btopical(?:ly)?\b",
    "transdermal": r"transdermal(?:ly)?",
    "sublingual": r"sublingual(?:ly)?",
    "rectal": r"\brectal(?:ly)?\b(?!\s+(?:cancer|carcinoma|tumou?r|bleed))",
    "vaginal": r"\bvaginal(?:ly)?\b(?!\s+(?:deliver|birth|bleed))",
    "intra-articular": r"intra-?articular(?:ly)?",
    "intraperitoneal": r"intraperitoneal(?:ly)?",
    "epidural": r"\bepidural(?:ly)?\b",
}
_ANY = re.compile("|".join(f"(?P<r{n}>{pattern})" for n, pattern in enumerate(_ROUTES.values())), re.IGNORECASE)
_NAMES = tuple(_ROUTES)
_UPPER_ONLY = frozenset({"SC", "SQ", "IV", "IM", "PO"})


@dataclass(frozen=True, slots=True)
class FoundRoute:
    """A route in a text."""

    route: str
    start: int
    end: int


def find_routes(text: str) -> tuple[FoundRoute, ...]:
    """All routes in a text. "Injection" alone names none; abbreviations count in capitals only."""
    found = []
    for match in _ANY.finditer(text):
        words = match[0]
        if words.upper() in _UPPER_ONLY and words != words.upper():
            continue
        if words.upper() == "IV" and re.search(
            r"(?:phase|stage|grade|class|type)s?\s*(?:[IV]+[AB]?\s*(?:/|-|–|,|or|and|to)\s*)*$",
            text[: match.start()][-30:],
            re.I,
        ):
            continue
        number = int(next(name for name, value in match.groupdict().items() if value is not None)[1:])
        found.append(FoundRoute(_NAMES[number], match.start(), match.end()))
    return tuple(found)
