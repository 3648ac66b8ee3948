"""Tests, vital signs, body measures, serologies and scores: what ships of them, and how their values convert.

`analytes()` gives them as concepts; `convert_result` knows what a unit alone cannot: that an IU of ALT is an enzyme
unit, that a milliequivalent of calcium is half a millimole, that HbA1c in mmol/mol becomes % by an equation.

This module's data contain content from LOINC (https://loinc.org), copyright Regenstrief Institute, Inc. and the LOINC
Committee, available at no cost under the license at https://loinc.org/license.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from importlib import resources
from math import isfinite
from typing import Any

import yaml

from trialrun.vocabulary.concepts import Concept, Domain, Measure, Scale
from trialrun.vocabulary.units import convert, exact_fraction, ucum, unit_table

LOINC = "LOINC"
"""The name of the code system in `Concept.codes`."""

_SOURCE = "LOINC (codes, unaltered); UCUM (units); atomic weights IUPAC 2021 (molar masses)"
_ACTIVITY = re.compile(r"(?<![A-Za-z\[])([munpk]?)(U|\[IU\])(?![A-Za-z\]])")
_CHARGE = re.compile(r"(?<![A-Za-z])(m?)eq(?![A-Za-z])")
_UNITLESS = frozenset({"1", "[pH]"})


@dataclass(frozen=True, slots=True)
class Bridge:
    """A unit that leads to the canonical one by an equation: canonical = slope * value + intercept."""

    unit: str
    slope: Fraction
    intercept: Fraction


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an analyte beyond its concept.

    Args:
        recalled: LOINC codes that were not compared with a published name yet.
        same: The other word for its activity unit, `[IU]` or `U`; empty where they differ.
        charge: Of the ion.
        bridge: An equation from another unit.
        answers: Coded answer → number of the level, from 0.
        plausible: Lowest and highest result of a living adult in the canonical unit, both included; assumed.
        finest: The smallest amount above 0 that can sensibly be told, in the canonical unit; assumed.
        note: What a reader of the list should know.
    """

    recalled: tuple[str, ...] = ()
    same: str = ""
    charge: int | None = None
    bridge: Bridge | None = None
    answers: Mapping[str, int] = field(default_factory=dict)
    plausible: tuple[float, float] | None = None
    finest: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Table:
    concepts: tuple[Concept, ...]
    facts: Mapping[str, Facts]


def analytes() -> tuple[Concept, ...]:
    """Everything shipped of the measurement domain, each with a `Measure`."""
    return _table().concepts


def facts(name: str) -> Facts:
    """What is known of a shipped analyte beyond its concept; nothing for a name that does not ship."""
    return _table().facts.get(name, Facts())


def plausible_range(name: str) -> tuple[float, float] | None:
    """What a result of a living adult can be, generously: lowest and highest, both included, in the canonical unit.

    A number outside is a slip of the unit or of a decimal point. The bounds are assumed, as the head of
    `data/analytes.yaml` says; extreme patients lie within.

    Returns:
        None for a name that does not ship, and for levels and findings.
    """
    return facts(name).plausible


def unit_of_result(concept: Concept, found: str) -> str | None:
    """The UCUM spelling of a unit on a result of this test; `G/L` is giga a litre where cells are counted."""
    return ucum(found, counts=_counts_cells(concept))


def needs_unit(concept: Concept) -> bool:
    """Whether a value without a unit says nothing: not so for an INR, a pH, a score."""
    unit = concept.measure.unit if concept.measure else None
    return unit is not None and not _is_label(unit)


def convert_result(concept: Concept, value: float, source: str, target: str) -> float | None:
    """A result of a test in another unit.

    Args:
        concept: The test; its molar mass, the meaning of its activity unit and its own equations are used.
        value: The number.
        source, target: Units, in UCUM or as found; empty means none was given.

    Returns:
        None where a unit is missing or not understood, or the units do not convert for this test.
    """
    measure = concept.measure
    if measure is None or measure.scale is not Scale.QUANTITY or measure.unit is None or not isfinite(value):
        return None
    if _is_label(measure.unit):
        return float(value) if all(not unit or _is_label(ucum(unit) or "") for unit in (source, target)) else None
    if source == target:
        return float(value) if unit_of_result(concept, source) is not None else None
    known = facts(concept.name)
    given, given_factor = _meant(concept, known, source)
    wanted, wanted_factor = _meant(concept, known, target)
    if given is None or wanted is None:
        return None
    if given_factor == wanted_factor:
        return _through(known.bridge, measure, value, given, wanted)
    amount = float(exact_fraction(value) * given_factor)
    found = _through(known.bridge, measure, amount, given, wanted)
    return None if found is None else float(exact_fraction(found) / wanted_factor)


def _through(bridge: Bridge | None, measure: Measure, value: float, given: str, wanted: str) -> float | None:
    """Directly, or over the test's own equation; never directly from one side of the equation to the other."""
    if bridge is None or measure.unit is None:
        return convert(value, given, wanted, measure.molar_mass)
    before = convert(value, given, bridge.unit, None)
    after = convert(value, given, measure.unit, None)
    if before is not None and convert(1.0, wanted, measure.unit, None) is not None:
        crossed = float(exact_fraction(before) * bridge.slope + bridge.intercept)
        return convert(crossed, measure.unit, wanted, None)
    if after is not None and convert(1.0, wanted, bridge.unit, None) is not None:
        crossed = float((exact_fraction(after) - bridge.intercept) / bridge.slope)
        return convert(crossed, bridge.unit, wanted, None)
    return convert(value, given, wanted, measure.molar_mass)


def _meant(concept: Concept, known: Facts, found: str) -> tuple[str | None, Fraction]:
    """The unit as this test means it, and what a number in the unit found is multiplied with first."""
    unit = unit_of_result(concept, found)
    if unit is None:
        return None, Fraction(1)
    if known.same:
        own = "U" if known.same == "[IU]" else "[IU]"
        unit = _ACTIVITY.sub(lambda match: match[1] + own, unit)
    if known.charge and _CHARGE.search(unit):
        return _CHARGE.sub(r"\1mol", unit), Fraction(1, known.charge)
    return unit, Fraction(1)


def _counts_cells(concept: Concept) -> bool:
    unit = concept.measure.unit if concept.measure else None
    return unit is not None and unit_table().kinds.get(unit, ("",))[0] == "number concentration"


def _is_label(unit: str) -> bool:
    """Whether a unit is a mere word for "no unit"; a T-score is not an INR, but neither says otherwise than its test."""
    return unit in _UNITLESS or (unit.startswith("{") and unit.endswith("}"))


@lru_cache(maxsize=1)
def _table() -> _Table:
    path = resources.files("trialrun.vocabulary") / "data" / "analytes.yaml"
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    rows = [
        *((Scale.QUANTITY, row) for row in data["quantities"]),
        *((Scale.ORDINAL, row) for row in data["ordinals"]),
        *((Scale.FINDING, row) for row in data["findings"]),
    ]
    return _Table(
        tuple(_concept(scale, row) for scale, row in rows),
        {row["name"]: _facts(row) for _, row in rows},
    )


def _concept(scale: Scale, row: Mapping[str, Any]) -> Concept:
    codes = (*row.get("loinc", ()), *row.get("recalled", ()))
    molar_mass = row.get("molar_mass")
    return Concept(
        name=row["name"],
        domain=Domain.MEASUREMENT,
        aliases=tuple(row.get("aliases", ())),
        codes={LOINC: codes} if codes else {},
        broader=tuple(row.get("is", ())),
        measure=Measure(
            scale,
            unit=row.get("unit"),
            molar_mass=None if molar_mass is None else float(molar_mass),
            levels=tuple(row.get("levels", ())),
        ),
        source=_SOURCE,
    )


def _facts(row: Mapping[str, Any]) -> Facts:
    bridge = row.get("bridge")
    return Facts(
        recalled=tuple(row.get("recalled", ())),
        same=row.get("same", ""),
        charge=int(row["charge"]) if "charge" in row else None,
        bridge=None if bridge is None else Bridge(bridge[0], _number(bridge[1]), _number(bridge[2])),
        answers={code: int(level) for code, level in row.get("recalled_answers", {}).items()},
        plausible=None if "plausible" not in row else (float(row["plausible"][0]), float(row["plausible"][1])),
        finest=float(row["finest"]) if "finest" in row else None,
        note=row.get("note", ""),
    )


def _number(text: str) -> Fraction:
    numerator, _, denominator = text.partition("/")
    return Fraction(numerator) / Fraction(denominator or "1")
