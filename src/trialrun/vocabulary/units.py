"""Units of laboratory values and body measures: how they are written, and when one converts to another.

Units are UCUM. A conversion is a fact or it is None: arbitrary units (`[IU]`) never become a mass, `mL/min` and
`mL/min/{1.73_m2}` are different quantities, milliequivalents need the charge of the ion, and mass and moles meet only
where the molar mass is given. What the table of `data/units.yaml` holds is answered from there with exact fractions;
the rest asks pint and ucumvert, which are imported only then (0.6 s).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from importlib import resources
from math import isfinite
from typing import Any

import yaml

_LONGEST = 60
"""No unit is longer; keeps hostile text from the parser."""

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED = re.compile(r"10([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
# Words in braces that only name what is counted; every other annotation changes the quantity.
_NAMING = re.compile(r"\{(?:cells?|beats?|breaths?|rbc|wbc|creat|creatinine|cre|cr)\}", re.IGNORECASE)
_MICRO = re.compile(r"mc(?=g|l|mol|kat)", re.IGNORECASE)
_CUBIC = re.compile(r"/(?:mm\^?3|mm\*3|cumm|cmm)$", re.IGNORECASE)
_COUNT = re.compile(r"[x*]?(?:10(?:\^|\*\*?|e\+?0?|\()|1?e\+?0?)(3|6|9|12)\)?(?:cells?)?/([munpdf]?l)")
_LITRE = re.compile(r"(?<![A-Za-z\[])([munpfd]?)l(?![A-Za-z\]])")
_BARE_NUMBER = re.compile(r"\d+\.\d+|(?<![\d*^A-Za-z\]+-])\d{2,}(?!\*)")
_ANNOTATION = re.compile(r"\{[^{}]*\}")
_BRACKETED = re.compile(r"\[[^\[\]]*\]")
_WORD = re.compile(r"[A-Za-z]+")
# Square brackets whose units are fixed amounts. The others are arbitrary: they convert only to themselves.
_FIXED = frozenset({"[Hg]", "[H2O]", "[lb_av]", "[oz_av]", "[in_i]", "[ft_i]", "[degF]"})
# Amounts that share a dimension with another quantity: milliequivalents with moles, becquerel with a rate.
_APART = re.compile(r"m?(?:eq|osm)|[kMGm]?(?:Bq|Ci|Hz|Gy|Sv)")
_CATALYTIC = re.compile(r"[munpk]?(?:U|kat)")

_MOLAR_KINDS = {
    "mass concentration": "substance concentration",
    "mass": "substance",
    "mass per time": "substance per time",
}
# Kilograms are the base of mass, grams of the others.
_GRAMS = {"mass concentration": 1, "mass": 1000, "mass per time": 1}
# Kelvin = (value + first) * second.
_TEMPERATURES = {
    "K": (Fraction(0), Fraction(1)),
    "Cel": (Fraction("273.15"), Fraction(1)),
    "[degF]": (Fraction("459.67"), Fraction(5, 9)),
}


@dataclass(frozen=True, slots=True)
class UnitTable:
    """The units known without the library.

    Args:
        kinds: Unit → what it measures and the exact factor to the base unit of that kind.
        folded: Spelling in small letters → UCUM.
        exact: Spellings whose capitals matter → UCUM.
        counts: Spellings read so only where a test counts cells.
        ambiguous: Spellings with two readings far apart.
    """

    kinds: Mapping[str, tuple[str, Fraction]]
    folded: Mapping[str, str]
    exact: Mapping[str, str]
    counts: Mapping[str, str]
    ambiguous: frozenset[str]


@lru_cache(maxsize=1)
def unit_table() -> UnitTable:
    """The shipped table of units and spellings."""
    path = resources.files("trialrun.vocabulary") / "data" / "units.yaml"
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    kinds = {unit: (kind, _fraction(text)) for kind, units in data["kinds"].items() for unit, text in units.items()}
    known = [*kinds, *_TEMPERATURES]
    folded = {unit.casefold(): unit for unit in known} | dict(data["aliases"])
    return UnitTable(kinds, folded, data["exact"], data["counts"], frozenset(data["ambiguous"]))


def ucum(text: str, *, counts: bool = False) -> str | None:
    """The UCUM spelling of a unit as found.

    Args:
        text: `IU/L`, `mmHg`, `K/uL`, `x10^9/L`, `mcg/dL`, `mL/min/1.73 m²`, or UCUM itself.
        counts: Whether the test counts cells: only then is `G/L` giga a litre and not grams a litre.

    Returns:
        None where the unit is not understood, is empty, or can be read in two ways that are far apart.
    """
    # Before the cache, which would keep what is too long.
    return None if len(text) > _LONGEST else _read(text, counts)


@lru_cache(maxsize=4096)
def _read(text: str, counts: bool) -> str | None:
    table = unit_table()
    if text in table.kinds or text in _TEMPERATURES:
        return text
    compact = _compact(text)
    if counts and compact in table.counts:
        return table.counts[compact]
    if compact in table.ambiguous or not compact:
        return None
    if compact in table.exact:
        return table.exact[compact]
    return _folded(compact.casefold(), table) or _from_library(compact)


def _compact(text: str) -> str:
    """Without blanks and invisible characters; one sign for each of µ, ×, ³ and the slashes."""
    raised = _RAISED.sub(lambda match: "10^" + match[1].translate(_SUPERSCRIPTS), text)
    plain = unicodedata.normalize("NFKC", raised)
    shown = "".join(sign for sign in plain if not sign.isspace() and unicodedata.category(sign) != "Cf")
    for found, wanted in (("μ", "u"), ("×", "x"), ("∕", "/"), ("⁄", "/"), ("[iU]", "[IU]")):
        shown = shown.replace(found, wanted)
    return _MICRO.sub("u", _CUBIC.sub("/uL", _NAMING.sub("", shown)))


def _folded(key: str, table: UnitTable) -> str | None:
    known = table.folded.get(key) or table.folded.get(key.rstrip("."))
    if known is not None:
        return known
    counted = _COUNT.fullmatch(key)
    if counted is None:
        return None
    volume = counted[2][:-1] + "L"
    return f"10*{counted[1]}/{volume}"


def _from_library(text: str) -> str | None:
    """A unit that only the library knows, where it is UCUM beyond doubt."""
    spelled = _LITRE.sub(r"\1L", text)
    if spelled in unit_table().kinds:
        return spelled
    if spelled.startswith("{") and _ANNOTATION.fullmatch(spelled):
        return spelled
    # The library reads 1.73 as 1 times 73, so numbers other than powers of ten are not left to it.
    if _BARE_NUMBER.search(_ANNOTATION.sub("", spelled)) or _quantity(spelled) is None:
        return None
    return spelled


def conversion(source: str, target: str, molar_mass: float | None = None) -> float | None:
    """The factor from one unit to another.

    Args:
        source, target: Units, in UCUM or as found.
        molar_mass: In g/mol, where a mass and an amount of substance are to meet.

    Returns:
        None where the units measure different things, one is not understood, or the scales have different zeros
        (temperatures: see `convert`).
    """
    factor = _factor(source, target, molar_mass)
    return None if factor is None else float(factor)


def convert(value: float, source: str, target: str, molar_mass: float | None = None) -> float | None:
    """A value in another unit; temperatures (Cel, [degF], K) included.

    Computed as a fraction and rounded once, so that 3 mg/dL is exactly the 0.03 g/L a rule may name as its limit.

    Returns:
        None where `conversion` gives none, and for a value that is not finite.
    """
    if not isfinite(value):
        return None
    factor = _factor(source, target, molar_mass)
    if factor is not None:
        return float(exact_fraction(value) * factor)
    first, second = ucum(source), ucum(target)
    if first not in _TEMPERATURES or second not in _TEMPERATURES:
        return None
    (zero, step), (other_zero, other_step) = _TEMPERATURES[first], _TEMPERATURES[second]
    return float((exact_fraction(value) + zero) * step / other_step - other_zero)


def exact_fraction(value: float) -> Fraction:
    """A finite number as the fraction of the digits it prints with."""
    return Fraction(*Decimal(repr(float(value))).as_integer_ratio())  # faster than Fraction's own reading of digits


def _factor(source: str, target: str, molar_mass: float | None) -> Fraction | None:
    first, second = ucum(source), ucum(target)
    return None if first is None or second is None else _between(first, second, molar_mass)


@lru_cache(maxsize=4096)
def _between(first: str, second: str, molar_mass: float | None) -> Fraction | None:
    if first == second:
        return Fraction(1)
    if first in _TEMPERATURES or second in _TEMPERATURES:
        return None
    usable = molar_mass is not None and isfinite(molar_mass) and molar_mass > 0
    molar = exact_fraction(molar_mass) if molar_mass is not None and usable else None
    kinds = unit_table().kinds
    if first in kinds and second in kinds:
        return _by_table(kinds[first], kinds[second], molar)
    return _by_library(first, second, molar)


def _by_table(first: tuple[str, Fraction], second: tuple[str, Fraction], molar: Fraction | None) -> Fraction | None:
    (kind, factor), (other, other_factor) = first, second
    if kind == other:
        return factor / other_factor
    if molar is None:
        return None
    if _MOLAR_KINDS.get(kind) == other:
        return factor * _GRAMS[kind] / molar / other_factor
    if _MOLAR_KINDS.get(other) == kind:
        return factor * molar / _GRAMS[other] / other_factor
    return None


def _by_library(first: str, second: str, molar: Fraction | None) -> Fraction | None:
    """Asks the library, after what it does not look at: annotations and arbitrary units."""
    if _apart(first) != _apart(second):
        return None
    source, target = _quantity(first), _quantity(second)
    if source is None or target is None or source.dimensionless or target.dimensionless:
        return None
    if source.dimensionality == target.dimensionality:
        return _ratio(source, target)
    if molar is None or _CATALYTIC.search(first) or _CATALYTIC.search(second):
        return None
    return _by_molar_mass(source, target, molar)


def _by_molar_mass(source: Any, target: Any, molar: Fraction) -> Fraction | None:
    """Mass to substance or back, where each is the whole of what is measured: not `mg/mmol` of something else."""
    moles_per_gram = 1 / (_registry().from_ucum("g/mol") * float(molar))
    if _is_mass(source) and _is_substance(target):
        moles = source * moles_per_gram
        return _ratio(moles, target) if moles.dimensionality == target.dimensionality else None
    if _is_substance(source) and _is_mass(target):
        moles = target * moles_per_gram
        return _ratio(source, moles) if moles.dimensionality == source.dimensionality else None
    return None


def _is_mass(quantity: Any) -> bool:
    return bool(quantity.dimensionality.get("[mass]") == 1 and "[substance]" not in quantity.dimensionality)


def _is_substance(quantity: Any) -> bool:
    return bool(quantity.dimensionality.get("[substance]") == 1 and "[mass]" not in quantity.dimensionality)


def _ratio(first: Any, second: Any) -> Fraction:
    """The library computes in floating point; twelve digits are what it knows."""
    ratio = first.to_base_units().magnitude / second.to_base_units().magnitude
    return Fraction(f"{float(ratio):.12g}")


def _apart(unit: str) -> Counter[str]:
    """What must be the same on both sides, because the library takes it for nothing or for a plain number."""
    words = Counter(_ANNOTATION.findall(unit))
    bare = _ANNOTATION.sub("", unit)
    words.update(word for word in _BRACKETED.findall(bare) if word not in _FIXED)
    words.update(word.lstrip("mkMG") for word in _WORD.findall(_BRACKETED.sub(" ", bare)) if _APART.fullmatch(word))
    return words


@lru_cache(maxsize=1)
def _registry() -> Any:
    from ucumvert import PintUcumRegistry  # type: ignore[import-untyped]

    return PintUcumRegistry()


@lru_cache(maxsize=1024)
def _quantity(unit: str) -> Any | None:
    """A unit as the library reads it; None where it does not."""
    from lark.exceptions import LarkError
    from pint.errors import PintError
    from ucumvert import InvalidUcumError

    if not unit.isascii() or unit.startswith("{"):
        return None
    try:
        quantity: Any = _registry().from_ucum(unit)
    except (LarkError, PintError, InvalidUcumError, AttributeError):  # AttributeError: ucumvert on a bare annotation
        return None
    # Offset units cannot be multiplied: Cel/h is not an amount of warming here.
    return None if "degree_" in str(quantity.units) else quantity


def _fraction(text: str) -> Fraction:
    numerator, _, denominator = text.partition("/")
    return Fraction(numerator) / Fraction(denominator or "1")
