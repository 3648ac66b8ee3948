"""Values of observations: numbers with their comparator and unit, words, and the limits of the same report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from trialrun.patients.fhir.codes import coded, coded_of, is_ucum
from trialrun.patients.fhir.node import Node
from trialrun.patients.person import Sex
from trialrun.vocabulary.calendar import PartialDate

_COMPARATORS = ("<", "<=", ">", ">=")

_FINDINGS = {
    "POS": "positive",
    "NEG": "negative",
    "IND": "indeterminate",
    "E": "equivocal",
    "DET": "detected",
    "ND": "not detected",
    "RR": "reactive",
    "WR": "weakly reactive",
    "NR": "non-reactive",
}
"""Interpretations (HL7 v3 ObservationInterpretation) that are findings of their own; H, L and N only rank a number."""

_SEX_CODES = {
    "248152002": Sex.FEMALE,
    "248153007": Sex.MALE,
    "f": Sex.FEMALE,
    "m": Sex.MALE,
    "female": Sex.FEMALE,
    "male": Sex.MALE,
    "females": Sex.FEMALE,
    "males": Sex.MALE,
    "women": Sex.FEMALE,
    "men": Sex.MALE,
}


@dataclass(frozen=True, slots=True)
class Value:
    """What an observation found."""

    number: float | None = None
    comparator: str = ""
    text: str = ""
    code: str = ""
    unit_source: str = ""
    unit: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was found."""
        return self.number is None and not self.text and not self.code


NO_VALUE = Value()


def units(quantity: Node) -> tuple[str, str]:
    """The unit as found, and in UCUM where the quantity says that its code is UCUM; else empty.

    Words such as `IU/L` or `G/L` are left to the evaluator, because their meaning can hang on the test.
    """
    word, code = quantity.text("unit"), quantity.text("code")
    return word or code, code if is_ucum(quantity.text("system")) else ""


def quantity(node: Node, key: str) -> Value:
    """A Quantity. A number that is written as text, or has a comparator nobody knows, is kept as words."""
    found = node.node(key)
    if found is None:
        return NO_VALUE
    unit_source, unit = units(found)
    number, comparator = found.number("value"), found.text("comparator")
    if isinstance(found.value.get("value"), str):
        return Value(text=found.text("value"), unit_source=unit_source, unit=unit)
    if number is not None and comparator and comparator not in _COMPARATORS:
        found.wrong("comparator", f"'{comparator}' is no comparator; the value is kept as words")
        return Value(text=f"{comparator} {number:g}", unit_source=unit_source, unit=unit)
    if number is None:
        return Value(unit_source=unit_source, unit=unit)
    return Value(number, comparator, "", "", unit_source, unit)


def value_of(node: Node) -> Value:
    """The `value[x]` of an observation or of one of its components, with findings from its interpretation."""
    for key, read in _FORMS.items():
        if node.has(key):
            found = read(node, key)
            break
    else:
        found = NO_VALUE
    if found.text or found.code:
        return found
    said = _finding(node)
    return Value(found.number, found.comparator, *said, found.unit_source, found.unit)


def _finding(node: Node) -> tuple[str, str]:
    for interpretation in node.nodes("interpretation"):
        for coding in coded_of(interpretation).codings:
            if coding.code.upper() in _FINDINGS:
                return _FINDINGS[coding.code.upper()], coding.code
    return "", ""


def _concept(node: Node, key: str) -> Value:
    found = coded(node, key)
    return Value(text=found.text, code=found.code)


def _words(node: Node, key: str) -> Value:
    return Value(text=node.text(key))


def _whole(node: Node, key: str) -> Value:
    return Value(node.number(key))


def _flag(node: Node, key: str) -> Value:
    flag = node.flag(key)
    return Value(text="" if flag is None else str(flag).lower())


def _range(node: Node, key: str) -> Value:
    found = node.node(key)
    ends = [_in_words(quantity(found, end)) for end in ("low", "high")] if found else []
    return Value(text=" to ".join(end or "?" for end in ends) if any(ends) else "")


def _ratio(node: Node, key: str) -> Value:
    found = node.node(key)
    parts = [_in_words(quantity(found, part)) for part in ("numerator", "denominator")] if found else []
    return Value(text=":".join(parts) if parts and all(parts) else "")


def _in_words(value: Value) -> str:
    number = value.text if value.number is None else f"{value.number:g}"
    return f"{value.comparator}{number} {value.unit_source}".strip() if number else ""


_FORMS: dict[str, Callable[[Node, str], Value]] = {
    "valueQuantity": quantity,
    "valueCodeableConcept": _concept,
    "valueString": _words,
    "valueInteger": _whole,
    "valueBoolean": _flag,
    "valueRange": _range,
    "valueRatio": _ratio,
    "valueDateTime": _words,
    "valueTime": _words,
}


def limits(
    node: Node, value: Value, sex: Sex | None, birth: PartialDate | None, on: PartialDate | None
) -> tuple[float | None, float | None]:
    """The normal limits that apply to this person; none where it is not certain which do.

    Ranges for the person's sex or age go before ranges for everybody. Two different ranges that both apply, a group that
    is not a sex, an age that is not certain, or another unit than the value's: no limits.
    """
    if value.number is None:
        return None, None
    special: set[tuple[float | None, float | None]] = set()
    general: set[tuple[float | None, float | None]] = set()
    for item in node.nodes("referenceRange"):
        found = _limits_of(item, value)
        if found is None or coded(item, "type").code.casefold() not in ("", "normal"):
            continue
        fits = _fits(item, sex, birth, on)
        if fits is None:
            return None, None
        if fits:
            (special if item.has("appliesTo") or item.has("age") else general).add(found)
    for group in (special, general):
        if group:
            return group.pop() if len(group) == 1 else (None, None)
    return None, None


def _limits_of(item: Node, value: Value) -> tuple[float | None, float | None] | None:
    low, high = quantity(item, "low"), quantity(item, "high")
    for end in (low, high):
        if end.number is not None and end.unit_source and not _same_unit(end, value):
            item.notes.problem(item.path, f"the limits are in '{end.unit_source}', the value in '{value.unit_source}'")
            return None
    if low.number is not None and high.number is not None and low.number > high.number:
        item.notes.problem(item.path, f"the lower limit {low.number:g} is above the upper {high.number:g}")
        return None
    return None if low.number is None and high.number is None else (low.number, high.number)


def _same_unit(one: Value, other: Value) -> bool:
    if one.unit and other.unit:
        return one.unit == other.unit
    return one.unit_source == other.unit_source


def _fits(item: Node, sex: Sex | None, birth: PartialDate | None, on: PartialDate | None) -> bool | None:
    """Whether a range is for this person; None where that is not certain."""
    answers: list[bool | None] = []
    for group in item.nodes("appliesTo"):
        meant = set(_sexes(group))
        answers.append(None if len(meant) != 1 or sex not in (Sex.FEMALE, Sex.MALE) else sex in meant)
    if item.has("age"):
        answers.append(_age_fits(item.node("age"), birth, on))
    if False in answers:
        return False
    return None if None in answers else True


def _sexes(group: Node) -> Iterator[Sex]:
    found = coded_of(group)
    words = [found.text, *(word for coding in found.codings for word in (coding.code, coding.display))]
    return (_SEX_CODES[word.casefold()] for word in words if word.casefold() in _SEX_CODES)


def _age_fits(age: Node | None, birth: PartialDate | None, on: PartialDate | None) -> bool | None:
    if age is None or birth is None or on is None:
        return None
    youngest = _years(birth.last, on.first)
    oldest = _years(birth.first, on.last)
    low, high = (quantity(age, end) for end in ("low", "high"))
    for end in (low, high):
        if end.number is not None and (end.unit or end.unit_source) not in ("a", "year", "years", "yr"):
            return None
    below = low.number is not None and oldest < low.number
    above = high.number is not None and youngest > high.number
    if below or above:
        return False
    inside = (low.number is None or youngest >= low.number) and (high.number is None or oldest <= high.number)
    return True if inside else None


def _years(birth: date, on: date) -> int:
    """Completed years, to choose a range only; the evaluator has its own rule for ages."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
