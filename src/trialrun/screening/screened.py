"""One of many people: where they stand, the answer to each criterion, and what would have to be known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trialrun.criteria.model import (
    Age,
    Asked,
    Comparison,
    Computed,
    DailyDose,
    Each,
    Found,
    Happened,
    Measured,
    Minus,
    Multiple,
    Rule,
    SexIs,
    Stopped,
    Unchanged,
    Value,
    Verb,
)
from trialrun.criteria.printing import print_terms
from trialrun.criteria.truth import Truth
from trialrun.screening.questions import opened
from trialrun.screening.verdicts import Standing

if TYPE_CHECKING:
    from trialrun.screening.explanation import Explanation
    from trialrun.screening.open_rules import OpenRule

_RECORD_OF = {
    Verb.DIAGNOSED: "whether diagnosed",
    Verb.HAD: "whether diagnosed",
    Verb.TOOK: "whether taken",
    Verb.VACCINATED: "whether vaccinated with",
    Verb.UNDERWENT: "whether done",
    Verb.HOSPITALISED: "stays in hospital",
    Verb.ALLERGIC: "whether allergic to",
}


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """One thing that is not known of a person, in words that are the same for everybody.

    Args:
        who: Who can supply it: `the laboratory`.
        what: What it is: `result of HIV antibody`.
    """

    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Screened:
    """One person against one protocol.

    Args:
        person: The person's id.
        standing: Excluded, possible or eligible.
        truths: The answer to each criterion, in the protocol's order.
        needs: What keeps criteria unknown, with the criteria that wait for it; empty for who is excluded.
        deceased: Whether the person is recorded as dead.
    """

    person: str
    standing: Standing
    truths: tuple[Truth, ...]
    needs: tuple[tuple[Need, tuple[str, ...]], ...] = ()
    deceased: bool = False

    @property
    def unknown(self) -> int:
        """How many criteria are unknown."""
        return sum(truth is None for truth in self.truths)


def screened(found: Explanation) -> Screened:
    """What is kept of an explanation when many people are screened."""
    waiting: dict[Need, dict[str, None]] = {}
    if found.standing is Standing.POSSIBLE:
        for one in opened(found):
            for need in _needs(one):
                waiting.setdefault(need, {})[one.criterion] = None
    return Screened(
        found.person,
        found.standing,
        tuple(one.finding.truth for one in found.criteria),
        tuple((need, tuple(items)) for need, items in waiting.items()),
        found.deceased,
    )


def _needs(one: OpenRule) -> Iterator[Need]:
    if isinstance(one.rule, Asked):
        yield Need(f"the {one.rule.who.value}", f'{one.rule.verb} "{one.rule.words}"')
        return
    for gap in one.finding.gaps:
        whats = (f"result of {gap.about}",) if gap.about else _whats(one.rule)
        yield from (Need(gap.supplier, what) for what in whats)


def _whats(rule: Rule) -> Iterator[str]:
    match rule:
        case Found(result=result):
            yield f"result of {result.test}"
        case SexIs():
            yield "sex"
        case Happened(verb=verb, what=what):
            yield f"{_RECORD_OF[verb]} {print_terms(what)}" if what is not None else _RECORD_OF[verb]
        case Unchanged(drugs=drugs):
            yield f"whether the dose of {print_terms(drugs)} stayed the same"
        case Stopped(drugs=drugs) | Each(drugs=drugs):
            yield f"when {print_terms(drugs)} was taken"
        case Comparison(value=value, limit=limit):
            yield from _of_value(value)
            if isinstance(limit, Multiple):
                yield from _of_value(limit.value)


def _of_value(value: Value) -> Iterator[str]:
    match value:
        case Measured(test=test):
            yield f"result of {test}"
        case Computed(formula=formula):
            yield f"what {formula} is computed from"
        case DailyDose(drugs=drugs):
            yield f"the dose of {print_terms(drugs)}"
        case Age():
            yield "birth date"
        case Minus(left=left, right=right):
            yield from _of_value(left)
            yield from _of_value(right)
