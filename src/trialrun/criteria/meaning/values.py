"""Values and their comparison with a limit, in every possible world."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from trialrun.criteria.formulas import formula_named
from trialrun.criteria.interval import Interval, censored, exactly, is_above, is_at_least, is_equal, three_digits
from trialrun.criteria.meaning.case import Case, projected_note
from trialrun.criteria.meaning.days import anchor_of
from trialrun.criteria.meaning.doses import dose_worlds
from trialrun.criteria.meaning.finding import Finding, Gap, Reason
from trialrun.criteria.meaning.history import Row
from trialrun.criteria.meaning.results import (
    all_there_is,
    limits_of,
    none_found,
    results_in,
    unread,
    world_of,
    worlds_of,
)
from trialrun.criteria.meaning.worlds import MOST_WORLDS, World, Worlds, missing
from trialrun.criteria.model import (
    Age,
    Compare,
    Comparison,
    Computed,
    DailyDose,
    Found,
    Level,
    Limit,
    Measured,
    Minus,
    Multiple,
    Number,
    Pick,
    Range,
    Reference,
    Value,
)
from trialrun.criteria.printing import print_value
from trialrun.criteria.truth import Truth, agreed, all_of, any_of, opposite
from trialrun.patients.person import Sex
from trialrun.vocabulary.calendar import completed_months, completed_years
from trialrun.vocabulary.formulas import AGE, Formula
from trialrun.vocabulary.results import finding

if TYPE_CHECKING:
    from datetime import date

_MOST_TOLD = 50
"""Results that are told in words; the evidence has all of them."""

_COMPARE: dict[Compare, Callable[[Interval, Interval], Truth]] = {
    Compare.GT: is_above,
    Compare.GE: is_at_least,
    Compare.LT: lambda left, right: is_above(right, left),
    Compare.LE: lambda left, right: is_at_least(right, left),
    Compare.EQ: is_equal,
}


def compared(rule: Comparison, case: Case) -> Finding:
    """Whether a value meets its limit: what every possible world agrees on."""
    if isinstance(rule.value, Measured) and rule.value.pick in (Pick.ANY, Pick.EVERY):
        unit = unit_asked(rule, case)
        other = worlds(rule.limit.value, unit, case) if isinstance(rule.limit, Multiple) else None
        each = _each_result(rule.value, case, lambda row: _result_meets(row, rule, other, case))
        return _beside(each, other, rule, case) if other is not None else each
    unit = unit_asked(rule, case)
    left = worlds(rule.value, unit, case)
    right = worlds(rule.limit.value, unit, case) if isinstance(rule.limit, Multiple) else None
    pairs = list(product(left.each, right.each if right else (None,)))
    if len(pairs) > MOST_WORLDS:
        return Finding(None, (Gap(Reason.PARTIAL_DATE, "too many results are possible"),), considered=left.considered)
    truths = [_meets(one, rule, other, case) for one, other in pairs]
    truth = agreed(answer for answer, _ in truths)
    if left.assumed and compared(rule, replace(case, silence_counts=False)).truth is truth:
        left = replace(left, assumed=())  # 15 mg are above 10 mg, whatever else was taken
    sides = (left, right) if right else (left,)
    return _told(truth, [gap for _, gaps in truths for gap in gaps], sides, rule)


def _told(truth: Truth, gaps: list[Gap], sides: Iterable[Worlds], rule: Comparison) -> Finding:
    sides = tuple(sides)
    rows = tuple(dict.fromkeys(row for side in sides for row in side.decided))
    gaps += [gap for side in sides for world in side.each for gap in world.gaps if gap.reason is Reason.UNREAD]
    if truth is None and not gaps and any(len(side.each) > 1 for side in sides):
        words = f"{print_value(rule.value)}: several results could count, and they do not agree"
        gaps = [Gap(Reason.CONFLICTING, words, row) for row in rows]
    notes = [_with_limit(world, rule) for side in sides for world in side.each if world.words]
    notes += [note for side in sides for note in side.notes]
    return Finding(
        truth,
        tuple(dict.fromkeys(gaps)),
        rows if truth is not None else (),
        tuple(dict.fromkeys(row for side in sides for row in side.considered)),
        tuple(dict.fromkeys(words for side in sides for words in side.assumed)),
        tuple(dict.fromkeys(notes)),
    )


def _with_limit(world: World, rule: Comparison) -> str:
    """A result with the limit it was held against, where that stands in its own report."""
    if isinstance(rule.value, Computed) and isinstance(rule.limit, Number) and world.value and world.value.is_exact:
        value, limit = world.value.low, rule.limit.value
        if value != limit and three_digits(value) == three_digits(limit):  # 2.67 would look like the limit 2.67
            return world.words.replace(f" {three_digits(value)} ", f" {value:g} ", 1)
    if not isinstance(rule.limit, Reference) or world.row is None:
        return world.words
    bound = limits_of(world.row, rule.limit.limit)
    if isinstance(bound, Gap):
        return world.words
    return f"{world.words} ({rule.limit.factor:g} x {rule.limit.limit} is {bound.times(rule.limit.factor)})"


def found(rule: Found, case: Case) -> Finding:
    """Whether the latest, any or every result of a test is positive (or negative)."""

    def says(row: Row) -> tuple[Truth, tuple[Gap, ...]]:
        said = finding(row.event.value_text, row.event.value_code)
        if said in ("positive", "negative"):
            return said == rule.finding, unread(row, rule.result.test)
        words = f"the {rule.result.test} result of {row.event.start or 'no date'} is neither positive nor negative"
        return None, (Gap(Reason.NO_VALUE, words, row.id),)

    if rule.result.pick in (Pick.ANY, Pick.EVERY):
        return _each_result(rule.result, case, says)
    side = worlds_of(rule.result, "", case)
    answers = [says(world.row) if world.row is not None else (None, world.gaps) for world in side.each]
    truth = agreed(answer for answer, _ in answers)
    gaps = [gap for _, own in answers for gap in own]
    if truth is None and not gaps:
        gaps = [Gap(Reason.CONFLICTING, f"{rule.result.test}: results that could count do not agree")]
    notes = tuple(dict.fromkeys([*(world.words for world in side.each if world.words), *side.notes]))
    decided = side.decided if truth is not None else ()
    return Finding(truth, tuple(dict.fromkeys(gaps)) if truth is None else (), decided, side.considered, (), notes)


def _each_result(value: Measured, case: Case, says: Callable[[Row], tuple[Truth, tuple[Gap, ...]]]) -> Finding:
    """`any` and `every`: at least one result must surely lie in the window, else nothing is known."""
    rows = results_in(value, case)
    if isinstance(rows, Finding):
        return rows
    notes = projected_note(anchor_of(value.window), case)
    if not rows:
        return Finding(None, (none_found(value, case),), notes=notes)
    answers = [(row, inside, *says(row)) for row, inside in rows]
    some = value.pick is Pick.ANY
    truths = [all_of((inside, truth if some else opposite(truth))) for _, inside, truth, _ in answers]
    truth = any_of(truths) if some else opposite(any_of(truths))
    if truth is not some and all(inside is None for _, inside in rows):
        truth = None
    assumed: tuple[str, ...] = ()
    if truth is not None and truth is not some:
        assumed = all_there_is(value, case)
        truth = truth if case.silence_counts else None
    ids = tuple(row.id for row, _ in rows)
    if truth is None:
        gaps = tuple(gap for _, _, said, own in answers if said is None for gap in own)
        gaps += tuple(_undated(row, value.test) for row, inside in rows if inside is None and value.test in row.names)
        gaps += tuple(gap for row, _ in rows for gap in unread(row, value.test))
        return Finding(None, tuple(dict.fromkeys(gaps)), (), ids, (), notes)
    carrying = [row for (row, *_), one in zip(answers, truths, strict=True) if one is True] if truth is some else []
    decisive = carrying[-1:] or [row for row, _ in rows]
    decided = tuple(row.id for row in decisive)
    words = tuple(_words(row, value.test, case) for row in decisive[-_MOST_TOLD:])
    return Finding(truth, (), decided, ids, assumed, (*words, *notes))


def _undated(row: Row, test: str) -> Gap:
    """What is missing of a result that may lie inside the window or outside."""
    if row.event.start is None:
        return Gap(Reason.NO_DATE, f"the {test} result has no date", row.id)
    return Gap(Reason.PARTIAL_DATE, f"the {test} result of {row.event.start}: inside the window?", row.id)


def _words(row: Row, test: str, case: Case) -> str:
    """A result as found, whatever its unit."""
    return world_of(row, test, row.event.unit or row.event.unit_source, case).words


# --- one world against a limit --------------------------------------------------------------------------------------


def unit_asked(rule: Comparison, case: Case) -> str:
    """The unit both sides are brought to: the limit's own, else the canonical one."""
    limit = rule.limit
    if isinstance(limit, Number | Range) and limit.unit:
        return limit.unit
    return canonical_unit(rule.value, case)


def canonical_unit(value: Value, case: Case) -> str:
    """The unit a value is kept in where no limit names another."""
    match value:
        case Measured(test=test):
            measure = case.history.vocabulary.get(test).measure
            return (measure.unit if measure else None) or ""
        case Computed(formula=name):
            return formula_named(name).unit
        case Minus(left=left):
            return canonical_unit(left, case)
        case _:
            return ""


def _result_meets(row: Row, rule: Comparison, other: Worlds | None, case: Case) -> tuple[Truth, tuple[Gap, ...]]:
    assert isinstance(rule.value, Measured)
    world = world_of(row, rule.value.test, unit_asked(rule, case), case)
    answers = [_meets(world, rule, one, case) for one in (other.each if other else (None,))]
    return agreed(truth for truth, _ in answers), tuple(gap for _, gaps in answers for gap in gaps)


def _beside(found: Finding, other: Worlds, rule: Comparison, case: Case) -> Finding:
    """The answer about any or every result with the rows and assumptions of the value they were held against."""
    assumed = other.assumed if found.truth is not None else ()
    if assumed and compared(rule, replace(case, silence_counts=False)).truth is found.truth:
        assumed = ()
    return replace(
        found,
        decided=tuple(dict.fromkeys((*found.decided, *other.decided))) if found.truth is not None else (),
        considered=tuple(dict.fromkeys((*found.considered, *other.considered))),
        assumed=tuple(dict.fromkeys((*found.assumed, *assumed))),
        notes=tuple(dict.fromkeys((*found.notes, *(world.words for world in other.each if world.words), *other.notes))),
    )


def _meets(world: World, rule: Comparison, other: World | None, case: Case) -> tuple[Truth, list[Gap]]:
    """Whether one possible value meets the limit, and what is missing where nobody can say."""
    if isinstance(rule.limit, Reference):
        return _meets_reference(world, rule.limit, rule.compare)
    if world.value is None:
        return None, list(world.gaps)
    if other is not None and other.value is None:
        return None, [*world.gaps, *other.gaps]
    truth = _within(world.value, rule, other, case)
    return truth, [*world.gaps, *(other.gaps if other else ())] if truth is None else []


def _within(value: Interval, rule: Comparison, other: World | None, case: Case) -> Truth:
    limit: Limit = rule.limit
    if isinstance(limit, Range):
        return all_of((is_at_least(value, exactly(limit.low)), is_at_least(exactly(limit.high), value)))
    if isinstance(limit, Level):
        assert isinstance(rule.value, Measured)
        measure = case.history.vocabulary.get(rule.value.test).measure
        assert measure is not None
        return _COMPARE[rule.compare](value, exactly(measure.levels.index(limit.name)))
    if isinstance(limit, Multiple):
        assert other is not None and other.value is not None
        return _COMPARE[rule.compare](value, other.value.times(limit.factor))
    assert isinstance(limit, Number)
    return _COMPARE[rule.compare](value, exactly(limit.value))


def _meets_reference(world: World, limit: Reference, compare: Compare) -> tuple[Truth, list[Gap]]:
    """A result against a multiple of its own report's limit: both stand in the report's unit, so none is converted."""
    row = world.row
    if row is None:
        return None, list(world.gaps)
    if row.event.value is None:
        return None, [Gap(Reason.NO_VALUE, f"the {row.name()} result of {row.event.start} has no value", row.id)]
    wrong = [gap for gap in world.gaps if gap.reason is Reason.OUT_OF_RANGE]
    if wrong:
        return None, wrong
    bound = limits_of(row, limit.limit)
    if isinstance(bound, Gap):
        return None, [bound]
    value = censored(row.event.value, row.event.comparator)
    truth = _COMPARE[compare](value, bound.times(limit.factor))
    return truth, [gap for gap in world.gaps if gap.reason is Reason.CENSORED] if truth is None else []


# --- the possible values --------------------------------------------------------------------------------------------


def worlds(value: Value, unit: str, case: Case) -> Worlds:
    """Every possible value, in a unit."""
    match value:
        case Age(anchor=anchor):
            return _age(value, case.anchors.date_of(anchor), unit, case)
        case Measured():
            return worlds_of(value, unit, case)
        case Computed():
            return _computed(value, unit, case)
        case DailyDose():
            return _in_unit(dose_worlds(value, case), unit)
        case Minus(left=left, right=right):
            return _difference(worlds(left, unit, case), worlds(right, unit, case))


def _age(value: Age, when: date | None, unit: str, case: Case) -> Worlds:
    birth = case.history.person.birth
    if when is None:
        return missing((Gap(Reason.NO_ANCHOR, f"{value.anchor.value} has no date yet"),))
    if birth is None:
        return missing((Gap(Reason.NO_BIRTH_DATE, "the birth date is not recorded"),))
    if birth.first > when:
        return missing((Gap(Reason.NO_BIRTH_DATE, f"the birth date {birth} lies after {when}"),))
    counted = completed_months if unit == "months" else completed_years
    low, high = counted(min(birth.last, when), when), counted(birth.first, when)
    gaps = () if birth.day else (Gap(Reason.PARTIAL_DATE, f"the birth date is only known as {birth}"),)
    span = Interval(low, high)
    words = f"born {birth}: {span} {unit or 'years'} on {when}"
    return Worlds((World(span, gaps=gaps, words=words),), notes=projected_note(value.anchor, case))


def _computed(value: Computed, unit: str, case: Case) -> Worlds:
    """A formula over the latest results in its window; its extremes lie at the corners of what is known."""
    formula = formula_named(value.formula)
    tests = [needed for needed in formula.inputs if needed.name != AGE]
    sides = [worlds_of(Measured(Pick.LATEST, needed.name, value.window), needed.unit, case) for needed in tests]
    considered = tuple(dict.fromkeys(row for side in sides for row in side.considered))
    notes = tuple(dict.fromkeys(note for side in sides for note in side.notes))
    combined = list(product(*(side.each for side in sides)))
    if len(combined) > MOST_WORLDS:
        gap = Gap(Reason.PARTIAL_DATE, f"too many results are possible for {value.formula}")
        return missing((gap,), considered, notes)
    each = tuple(
        _formula_world(formula, dict(zip((needed.name for needed in tests), given, strict=True)), value, unit, case)
        for given in combined
    )
    return Worlds(each, considered, (), notes)


def _formula_world(formula: Formula, given: dict[str, World], value: Computed, unit: str, case: Case) -> World:
    """One possible result: the given results, the age on the anchor's day, and the sex (either, where not recorded)."""
    if any(needed.name == AGE for needed in formula.inputs):
        anchor = anchor_of(value.window)
        given = {**given, AGE: _age(Age(anchor), case.anchors.date_of(anchor), "years", case).each[0]}
    rows = tuple(row for world in given.values() for row in world.rows)
    gaps = tuple(gap for world in given.values() if world.value is None for gap in world.gaps)
    if gaps:
        return World(None, rows, gaps)
    sex = case.history.person.sex
    sexes = (sex.value,) if sex in (Sex.FEMALE, Sex.MALE) and sex else ("female", "male")
    wide = tuple(gap for world in given.values() for gap in world.gaps)
    if formula.by_sex and len(sexes) > 1:
        wide = (*wide, Gap(Reason.NO_SEX, f"{formula.name} depends on the sex, which is not recorded"))
    ranges = {name: (max(0.0, world.value.low), world.value.high) for name, world in given.items() if world.value}
    found = formula.between(ranges, sexes)
    inputs = ", ".join(world.words for world in given.values())
    if found is None:
        words = f"{formula.name} has no value for {inputs}"
        return World(None, rows, (Gap(Reason.OUT_OF_RANGE, words, rows[0].id if rows else ""),))
    result = Interval(*found)
    told = f"{formula.name} {result.in_short()} {formula.unit} ({inputs})"
    return _converted(World(result, rows, wide, words=told), formula.unit, unit)


def _converted(world: World, source: str, target: str) -> World:
    from trialrun.vocabulary.units import convert

    if source == target or not target or world.value is None:
        return world
    factor = convert(1.0, source, target)
    assert factor is not None, "the unit was checked when the rule was read"
    return replace(world, value=world.value.times(factor))


def _in_unit(side: Worlds, unit: str) -> Worlds:
    """Doses, which are kept in mg, in the unit of the limit."""
    if unit in ("", "mg"):
        return side
    factor = {"g": 1e-3, "ug": 1e3, "ng": 1e6, "kg": 1e-6}[unit]
    each = tuple(
        world if world.value is None else replace(world, value=world.value.times(factor)) for world in side.each
    )
    return replace(side, each=each)


def _difference(left: Worlds, right: Worlds) -> Worlds:
    each = []
    for one, other in product(left.each, right.each):
        known = one.value is not None and other.value is not None
        value = one.value.minus(other.value) if known and one.value and other.value else None
        words = " minus ".join(world.words for world in (one, other))
        each.append(World(value, (*one.rows, *other.rows), (*one.gaps, *other.gaps), words=words))
    return Worlds(
        tuple(each),
        tuple(dict.fromkeys((*left.considered, *right.considered))),
        (*left.assumed, *right.assumed),
        tuple(dict.fromkeys((*left.notes, *right.notes))),
    )
