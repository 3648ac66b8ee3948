"""Values of measurements and observations: numbers with their sign, words, units and limits.

Ids of concepts that stand here are those every CDM shares; a folder's own concept table goes first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from trialrun.patients.omop.codes import OmopConcept, cleaned
from trialrun.vocabulary.results import finding
from trialrun.vocabulary.units import conversion, ucum

COMPARATORS = {4171754: "<=", 4171755: ">=", 4171756: "<", 4172703: "", 4172704: ">"}
"""Concepts of operators: ≤, ≥, <, =, >."""

FINDINGS = {
    9189: "Negative",
    9191: "Positive",
    4126681: "Detected",
    4181412: "Present",
    45877985: "Detected",
    45878583: "Negative",
    45884084: "Positive",
}
"""Concepts of findings, where the folder has no concept table that names them."""

UNITS = {
    8504: "g", 8505: "h", 8510: "U", 8511: "wk", 8512: "d", 8519: "L", 8523: "{ratio}", 8541: "/min", 8554: "%",
    8555: "s", 8564: "pg", 8576: "mg", 8582: "cm", 8583: "fL", 8587: "mL", 8588: "mm", 8636: "g/L", 8645: "U/L",
    8647: "/uL", 8653: "Cel", 8713: "g/dL", 8718: "[IU]", 8719: "mU/mL", 8720: "ug/g", 8723: "mg/g", 8725: "ng/L",
    8734: "10*12/L", 8736: "nmol/L", 8748: "ug/L", 8749: "umol/L", 8751: "mg/L", 8752: "mm/h", 8753: "mmol/L",
    8763: "U/mL", 8784: "/uL", 8785: "/mm3", 8792: "10*3/uL", 8795: "mL/min", 8799: "{copies}/mL", 8815: "10*6/uL",
    8817: "ng/dL", 8837: "ug/dL", 8840: "mg/dL", 8842: "ng/mL", 8845: "pg/mL", 8848: "10*3/uL", 8859: "ug/mL",
    8861: "mg/mL", 8876: "mm[Hg]", 8923: "[IU]/L", 8961: "10*3/mm3", 8985: "[IU]/mL", 9040: "m[IU]/L",
    9093: "u[IU]/mL", 9117: "mL/min/{1.73_m2}", 9062: "mL/min/{1.73_m2}", 9289: "[degF]", 9327: "[in_i]",
    9444: "10*9/L", 9448: "a", 9529: "kg", 9531: "kg/m2", 9550: "m[IU]/mL", 9557: "meq/L", 9580: "mo", 9586: "mol/L",
    9655: "ug", 9665: "uL", 586323: "Cel",
}  # fmt: skip
"""Concept of a unit → UCUM. Each id and what it is stands in the concept tables of public data sets (Synthea27Nj, and
published subsets of the vocabulary), whose own spelling (`[U]/L`, `10*-3.[U]/mL`) is not always UCUM."""

_CENSORED = re.compile(r"(<=|>=|=<|=>|<|>|≤|≥|=)?\s*([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(.{0,40})")
_FILLS = frozenset(-float("9" * length) for length in range(3, 9))
"""-999 and longer: no test has such a result. -9 and -99 may be a base excess or an axis, and are left to the rules."""
_SIGNS = {"≤": "<=", "≥": ">=", "=<": "<=", "=>": ">=", "=": ""}


@dataclass(frozen=True, slots=True)
class Found:
    """A value as the contract holds it; `problem` says what was wrong with it."""

    value: float | None = None
    comparator: str = ""
    text: str = ""
    code: str = ""
    problem: str = ""


def value_of(
    concepts: Mapping[int, OmopConcept],
    number: float | None,
    operator: int | None,
    concept: int | None,
    *,
    written: str | None,
    words: str | None,
) -> Found:
    """The value of a row.

    Args:
        number: `value_as_number`, finite.
        operator: `operator_concept_id`.
        concept: `value_as_concept_id`; 0 and None are none.
        written: `value_source_value`: `<5`, `POSITIVE`.
        words: `value_as_string`.
    """
    if number in _FILLS:
        return Found(None, "", f"{number:g}", "", f"the value {number:g} is how programs write that there is none")
    if not (operator or concept or written or words):
        return Found(number)
    said, code = _concept(concepts, concept)
    source, spoken = cleaned(written or ""), cleaned(words or "")
    match = _CENSORED.fullmatch(source)
    if number is None and not said and match is not None and not _other(match[3]):
        return Found(float(match[2]), _sign(match)) if isfinite(float(match[2])) else Found(text=source)
    text = spoken or said or ("" if match is not None and number is not None else source)
    if number is None:
        return Found(None, "", text, code)
    if operator and operator not in COMPARATORS:
        return Found(None, "", f"operator {operator} {number:g}", "", f"operator_concept_id {operator} is not known")
    comparator = COMPARATORS.get(operator or 0, "")
    if match is not None and _differs(match, number, comparator):
        told = f"the value is {comparator}{number:g} and, as written, '{source}'"
        return Found(None, "", f"{comparator}{number:g} or {source}", "", told)
    # The sign is often only in what the laboratory wrote.
    if not comparator and match is not None:
        comparator = _sign(match)
    kept = text if said or spoken or (text and finding(text) is not None) else ""
    return Found(number, comparator, kept, code)


def _differs(match: re.Match[str], number: float, comparator: str) -> bool:
    """Whether what the laboratory wrote is another value than the number: another sign, or another amount.

    A rounded number is the same; so is one beside a unit of its own, from which it may have been converted.
    """
    sign, written = _sign(match), float(match[2])
    if sign:
        return written != number or comparator not in ("", sign)
    if match[3]:
        return False
    places = min(_places(match[2]), _places(f"{number:.12g}"))
    return abs(written - number) > 0.51 * 10.0**-places


def _places(digits: str) -> int:
    return 12 if "e" in digits.lower() else len(digits.partition(".")[2])


def _sign(match: re.Match[str]) -> str:
    sign = match[1] or ""
    return _SIGNS.get(sign, sign)


def _other(rest: str) -> bool:
    """Whether what stands behind a number is more than a unit: "5-10", "3 of 4"."""
    return bool(rest) and ucum(rest) is None


def _concept(concepts: Mapping[int, OmopConcept], concept: int | None) -> tuple[str, str]:
    if not concept:
        return "", ""
    known = concepts.get(concept)
    if known is not None:
        return known.name, known.code if known.system else ""
    return FINDINGS.get(concept, f"OMOP concept {concept}"), ""


def unit_of(concepts: Mapping[int, OmopConcept], concept: int | None, written: str | None) -> tuple[str, str, str]:
    """The unit as found, in UCUM, and what is wrong with it.

    A unit concept and a unit as written that are different quantities or sizes leave the unit open: nobody knows which
    is right.
    """
    source = cleaned(written or "")
    if not concept:
        return source, "", ""
    known = concepts.get(concept)
    unit = UNITS.get(concept) or (ucum(known.code) if known is not None else None) or ""
    name = known.name if known is not None else ""
    said = ucum(source) if source else None
    if not unit:
        return source or name or f"OMOP concept {concept}", "", ""
    if said is not None and said != unit and conversion(said, unit) != 1:
        return f"{source} or {unit}", "", f"the unit is '{source}' and, by its concept {concept}, {unit}"
    return source or unit, unit, ""


def limits_of(low: float | None, high: float | None) -> tuple[float | None, float | None, str]:
    """The limits of normal; 0 to 0 is how systems write that there are none."""
    if low == 0 and high == 0:
        return None, None, ""
    if low is not None and high is not None and low > high:
        return None, None, f"the lower limit {low:g} is above the upper {high:g}"
    return low, high, ""
