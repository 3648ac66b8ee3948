"""Whether a limit fits its value: a unit that measures it, a level of its scale, a reference limit that it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trialrun.criteria.formulas import formula_named
from trialrun.criteria.model import (
    Age,
    Computed,
    DailyDose,
    Level,
    Limit,
    Measured,
    Minus,
    Multiple,
    Number,
    Per,
    Pick,
    Range,
    Reference,
    Value,
)
from trialrun.errors import GrammarError
from trialrun.vocabulary.analytes import convert_result, needs_unit
from trialrun.vocabulary.concepts import Concept, Measure, Scale
from trialrun.vocabulary.dose import unit_kind, unit_of
from trialrun.vocabulary.units import convert, ucum

if TYPE_CHECKING:
    from trialrun.vocabulary.terms import Vocabulary

AGE_UNITS = {"year": "years", "years": "years", "month": "months", "months": "months"}
_DOSES = {Per.DAY: "daily dose", Per.WEEK: "weekly dose"}
_DOSE_ENDINGS = {Per.DAY: ("/day", "/d", " per day"), Per.WEEK: ("/week", "/wk", " per week")}


@dataclass(frozen=True, slots=True)
class WrittenLimit:
    """A limit, and where its last word stands."""

    limit: Limit
    start: int
    width: int

    def wrong(self, message: str, hint: str | None = None) -> GrammarError:
        """A complaint that points at the limit."""
        return GrammarError(message, self.start, self.width, hint)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is: its name for messages, how it is compared, and its term where it is a test."""

    name: str
    measure: Measure
    concept: Concept | None = None


def fitted(value: Value, written: WrittenLimit, vocabulary: Vocabulary) -> Limit:
    """The limit in the spelling the model keeps.

    Raises:
        GrammarError: it does not measure the value.
    """
    limit = written.limit
    if isinstance(limit, Reference):
        return _reference(value, written, vocabulary)
    if isinstance(limit, Multiple):
        return _multiple(value, limit, written, vocabulary)
    if isinstance(value, Age):
        return _age(written)
    if isinstance(value, Measured) and value.pick is Pick.COUNT:
        return _count(written)
    kind = kind_of(value, vocabulary)
    if kind is None:
        raise written.wrong(
            "'minus' needs two amounts of one kind",
            "Both sides name one test, for example: latest ALT minus first ALT.",
        )
    if isinstance(value, DailyDose):
        return _dose(value.per, written)
    if kind.measure.scale is Scale.FINDING:
        raise written.wrong(f"{kind.name} is positive or negative, not a number", f"Write: any {kind.name} is positive")
    if kind.measure.scale is Scale.ORDINAL:
        return _level(kind, written)
    return _quantity(kind, written)


def kind_of(value: Value, vocabulary: Vocabulary) -> Kind | None:
    """What a value is; None for a difference of different things, or of things that are no amounts."""
    match value:
        case Measured(test=test):
            concept = vocabulary.get(test)
            assert concept.measure is not None
            return Kind(test, concept.measure, concept)
        case Computed(formula=name):
            return Kind(name, Measure(Scale.QUANTITY, formula_named(name).unit))
        case Minus(left=left, right=right):
            one, other = _amount(left, vocabulary), _amount(right, vocabulary)
            return one if one is not None and other is not None and one.measure == other.measure else None
        case Age():
            return Kind("age", Measure(Scale.QUANTITY, "a"))
        case DailyDose(per=per):
            return Kind(_DOSES[per], Measure(Scale.QUANTITY, "mg"))


def _amount(value: Value, vocabulary: Vocabulary) -> Kind | None:
    """What a value is, where it can be subtracted or multiplied: not a level, a finding, an age or a count."""
    if isinstance(value, Age) or (isinstance(value, Measured) and value.pick is Pick.COUNT):
        return None
    kind = kind_of(value, vocabulary)
    return kind if kind is not None and kind.measure.scale is Scale.QUANTITY else None


def _reference(value: Value, written: WrittenLimit, vocabulary: Vocabulary) -> Limit:
    fits = isinstance(value, Measured) and value.pick in (Pick.LATEST, Pick.FIRST, Pick.ANY, Pick.EVERY)
    kind = kind_of(value, vocabulary)
    if not fits or kind is None or kind.measure.scale is not Scale.QUANTITY:
        raise written.wrong(
            "only a single result has an upper or lower limit of normal",
            "Begin with any, every, latest or first, or write a number and a unit.",
        )
    return written.limit


def _multiple(value: Value, limit: Multiple, written: WrittenLimit, vocabulary: Vocabulary) -> Limit:
    one, other = _amount(value, vocabulary), _amount(limit.value, vocabulary)
    many = isinstance(limit.value, Measured) and limit.value.pick in (Pick.ANY, Pick.EVERY)
    if one is None or other is None or many or one.measure.unit != other.measure.unit:
        raise written.wrong("the two sides are different things", "Compare a value with a multiple of one of its kind.")
    return limit


def _age(written: WrittenLimit) -> Limit:
    limit = written.limit
    if isinstance(limit, Number | Range) and limit.unit.casefold() in AGE_UNITS:
        return _with_unit(limit, AGE_UNITS[limit.unit.casefold()])
    number = f"{limit_number(limit)} " if isinstance(limit, Number | Range) else ""
    raise written.wrong("an age is a number of years or months", f"Write here: {number}years")


def _count(written: WrittenLimit) -> Limit:
    limit = written.limit
    if isinstance(limit, Number | Range) and not limit.unit:
        return limit
    raise written.wrong("a count has no unit", "Leave the unit out.")


def _dose(per: Per, written: WrittenLimit) -> Limit:
    limit = written.limit
    if isinstance(limit, Number | Range):
        unit = limit.unit
        for ending in _DOSE_ENDINGS[per]:
            unit = unit.removesuffix(ending)
        known = unit_of(unit)
        if known is not None and unit_kind(known) == "mass":
            return _with_unit(limit, known)
        other = Per.DAY if per is Per.WEEK else Per.WEEK
        if limit.unit.endswith(_DOSE_ENDINGS[other]):
            raise written.wrong(
                f"a {_DOSES[per]} is no amount a {other.value}",
                f"Ask for the {_DOSES[other]}, or write the amount a {per.value}.",
            )
    raise written.wrong(f"a {_DOSES[per]} is an amount of mass", "Write it in mg.")


def _level(kind: Kind, written: WrittenLimit) -> Limit:
    limit, levels = written.limit, kind.measure.levels
    if isinstance(limit, Range):
        raise written.wrong(
            f"{kind.name} is a level, and a level is compared with one sign",
            f"Write: latest {kind.name} >= {limit.low:g} and latest {kind.name} <= {limit.high:g}",
        )
    said = limit.name if isinstance(limit, Level) else ""
    if isinstance(limit, Number):
        said = f"{limit.value:g}{limit.unit}"  # "3a" reads as a number and a unit
    level = next((name for name in levels if name.casefold() == said.casefold()), None)
    roman = isinstance(limit, Number) and not limit.unit and levels[0] == "I"
    if level is None and roman and isinstance(limit, Number) and 1 <= limit.value <= len(levels):
        level = levels[int(limit.value) - 1] if limit.value.is_integer() else None
    if level is None:
        raise written.wrong(f"'{said}' is not a level of {kind.name}", "Levels: " + ", ".join(levels) + ".")
    return Level(level)


def _quantity(kind: Kind, written: WrittenLimit) -> Limit:
    limit = written.limit
    if not isinstance(limit, Number | Range):
        raise written.wrong(f"{kind.name} is compared with a number and a unit", None)
    canonical = kind.measure.unit or ""
    if not limit.unit:
        if _needs_unit(kind):
            share = canonical == "%" and isinstance(limit, Number) and 0 < limit.value <= 1
            number = f"{limit.value * 100:g}" if share and isinstance(limit, Number) else limit_number(limit)
            raise written.wrong(f"{kind.name} without a unit", f"Write the unit: {number} {canonical}")
        return limit
    unit = ucum(limit.unit)
    if unit is None:
        raise written.wrong(
            f"'{limit.unit}' is not a unit that is known here", f"{kind.name} is measured in {canonical}."
        )
    if not _measures(kind, unit):
        raise written.wrong(f"{limit.unit} does not measure {kind.name}", f"Write it in {canonical}.")
    return _with_unit(limit, unit)


def _needs_unit(kind: Kind) -> bool:
    """Whether a number of it says nothing without a unit; an index such as FIB-4 has none."""
    if kind.concept is not None:
        return needs_unit(kind.concept)
    return not (kind.measure.unit or "").startswith("{")


def _measures(kind: Kind, unit: str) -> bool:
    canonical = kind.measure.unit or ""
    if kind.concept is None:
        return convert(1.0, unit, canonical) is not None
    return convert_result(kind.concept, 1.0, unit, canonical) is not None


def limit_number(limit: Number | Range) -> str:
    """The number of a limit, for messages."""
    return f"{limit.value:g}" if isinstance(limit, Number) else f"{limit.low:g} and {limit.high:g}"


def _with_unit(limit: Number | Range, unit: str) -> Limit:
    return Number(limit.value, unit) if isinstance(limit, Number) else Range(limit.low, limit.high, unit)
