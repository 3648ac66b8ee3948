"""What a rule speaks of: its values, its drugs with their windows, its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trialrun.criteria.model import (
    Between,
    Comparison,
    Computed,
    DailyDose,
    Each,
    Earlier,
    Found,
    Happened,
    Measured,
    Minus,
    Multiple,
    Number,
    Range,
    Reference,
    Route,
    Rule,
    Stopped,
    Terms,
    Unchanged,
    Value,
    Verb,
    Window,
    Within,
    atoms,
    children,
)
from trialrun.vocabulary.calendar import Duration


@dataclass(frozen=True, slots=True)
class DrugWindow:
    """Drugs that a rule keeps out, or lets in, for a time.

    Args:
        drugs: The drugs.
        length: For how long.
        washout: Whether the rule lets them in once so long has passed since the last dose.
    """

    drugs: Terms
    length: Duration
    washout: bool


def depth(rule: Rule) -> int:
    """How many rules stand inside one another, itself included."""
    return 1 + max(map(depth, children(rule)), default=0)


def values(rule: Rule) -> Iterator[Value]:
    """Every value a rule compares, those inside differences and multiples too."""
    for atom in atoms(rule):
        if isinstance(atom, Found):
            yield atom.result
        elif isinstance(atom, Comparison):
            yield from _inside(atom.value)
            if isinstance(atom.limit, Multiple):
                yield from _inside(atom.limit.value)


def _inside(value: Value) -> Iterator[Value]:
    if isinstance(value, Minus):
        yield from _inside(value.left)
        yield from _inside(value.right)
    else:
        yield value


def drug_windows(rule: Rule) -> Iterator[DrugWindow]:
    """The drugs a rule keeps out for a time, or lets in after one."""
    for atom in atoms(rule):
        match atom:
            case Happened(verb=Verb.TOOK, what=Terms() as drugs, window=Within(length=length)):
                yield DrugWindow(drugs, length, washout=False)
            case Comparison(value=DailyDose(drugs=drugs, window=Within(length=length))):
                yield DrugWindow(drugs, length, washout=False)
            case Stopped(drugs=drugs, length=length):
                yield DrugWindow(drugs, length, washout=True)
            case Each(drugs=drugs, ways=ways):
                for way in ways:
                    if way.route is Route.STOPPED and way.length is not None:
                        yield DrugWindow(drugs, way.length, washout=True)


def numbers(rule: Rule) -> Iterator[float]:
    """Every number of a rule: limits, factors and lengths of time."""
    for atom in atoms(rule):
        match atom:
            case Comparison(limit=Number(value=number)):
                yield number
            case Comparison(limit=Range(low=low, high=high)):
                yield from (low, high)
            case Comparison(limit=Reference(factor=factor)) | Comparison(limit=Multiple(factor=factor)):
                yield factor
            case Unchanged(length=length) | Stopped(length=length):
                yield length.amount
            case Each(ways=ways):
                yield from (way.length.amount for way in ways if way.length is not None)
            case Happened(window=window):
                yield from _lengths(window)
    for value in values(rule):
        if isinstance(value, Measured | Computed | DailyDose):
            yield from _lengths(value.window)


def _lengths(window: Window) -> Iterator[float]:
    match window:
        case Within(length=length) | Earlier(length=length):
            yield length.amount
        case Between(longer=longer, shorter=shorter):
            yield from (longer.amount, shorter.amount)
