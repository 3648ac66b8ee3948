"""Doses in prose: `1 x 10~6 IU/m2`, `One million units`, `75 mg/m²`, `2-5 mg/kg`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from trialrun.protocol.prose.numbers import SMALL, scaled
from trialrun.vocabulary.dose import Amount, Basis, Dose, unit_of

_UNIT = (
    r"mcg|µg|μg|ug|micrograms?|ng|mgs?|milligrams?|grams?|gm|g|kg|mL|ml|cc|MIU|IU|I\.U\.|international units?|units?|U"
    r"|mmol|mEq|cGy|Gy|MBq|GBq|CFU|pfu|vg|cells"
)
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_DOSE = re.compile(
    rf"""(?<![\w.,^~/])
    (?:(?P<low>{_DIGITS})\s*(?:(?:{_UNIT})\s*)?(?:-|–|to)\s*)?
    (?:
        (?P<mantissa>\d+(?:\.\d+)?)\s*[x×*]\s*10\s?\\?[~^]?\s?\^?(?P<power>\d{{1,2}})
      | (?P<number>{_DIGITS}|(?:{SMALL})(?=\s+(?:thousand|million|billion)))(?:\s*(?P<scale>thousand|million|billion))?
    )
    (?:\s*-)?\s*(?P<unit>{_UNIT})(?![\w²³])
    (?P<basis>\s*(?:/|per\s+)\s*(?:m2|m²|m\^2|sq\.?\s?m|square\s+met(?:er|re)|kg(?![\w]))|\s*(?:/|\s+per\s+)\s*kilogram)?
    (?P<other>\s*(?:/|per\s+)\s*[A-Za-z0-9.]+(?:\s*/\s*[A-Za-z]+)?)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TIMES = re.compile(r"\s*(?:/|per\s+)\s*(?:d|day|daily|dose|injection|infusion)\b", re.IGNORECASE)
_TIMES_FOR_SIZE = re.compile(r"2\b|²|\^2|\s*/\s*(?:m2|m²|m\^2|kg)")
_BARE_UNIT = re.compile(r"international units?", re.IGNORECASE)
_THRESHOLD = re.compile(
    r"(?:[<>≤≥=]|exceed(?:ing|s)?|up to|maximum(?: of)?|max\.?|at least|less than|more than|requiring"
    r"|total dose(?: is| of)?|\d\s*(?:,\s*or|,|or|and|/)"
    r"|(?<![\w.-])\d{1,2}\s*[x×*]|\b(?:two|three|four|five|six))\s*$",
    re.IGNORECASE,
)
"""What stands before a limit, a total, the last of several values or a strength: none of them is one dose."""
_PIECES = re.compile(r"\s*[x×*]\s*\d{1,2}(?!\s*(?:day|week|month|dose|cycle|course|/))(?![\w.])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundDose:
    """A dose in a text.

    Args:
        dose: What is given; for a range its upper end.
        low: The lower end of a range.
        per_day: Whether the text says "per day".
        start, end: Its characters.
        text: The words.
    """

    dose: Dose
    low: Decimal | None
    per_day: bool
    start: int
    end: int
    text: str


def find_doses(text: str) -> tuple[FoundDose, ...]:
    """All doses in a text; concentrations, thresholds and laboratory units are not doses."""
    found = (_read(match, text) for match in _DOSE.finditer(text))
    return tuple(dose for dose in found if dose is not None)


def _read(match: re.Match[str], text: str) -> FoundDose | None:
    if _THRESHOLD.search(text, max(0, match.start() - 16), match.start()):
        return None
    other = match["other"]
    if other is not None and not _TIMES.match(other):
        return None  # mg/dL, mL/min, cells/mm3, mg per tablet: a measurement or a strength
    if _PIECES.match(text, match.end()) or _TIMES_FOR_SIZE.match(text, match.end()):
        return None  # 150 mg x 2: how much is given is not this number; mg/day/m2: the size stands last
    unit = unit_of("IU" if _BARE_UNIT.fullmatch(match["unit"]) else match["unit"])
    if unit is None or (match["unit"] == "g" and match["number"] is None):
        return None
    if match["mantissa"]:
        value = Decimal(match["mantissa"]) * 10 ** int(match["power"])
    else:
        value = scaled(match["number"], match["scale"])
    basis = Basis.FLAT
    if match["basis"]:
        basis = Basis.PER_KG if "k" in match["basis"].casefold() else Basis.PER_M2
    low = Decimal(match["low"].replace(",", "")) if match["low"] else None
    per_day = other is not None and bool(re.match(r"\s*(?:/|per\s+)\s*d(?!ose)", other, re.IGNORECASE))
    end = match.end("other") if other is not None else match.end()
    return FoundDose(Dose(Amount(value, unit), basis), low, per_day, match.start(), end, text[match.start() : end])
