"""What is missing from records, by who can supply it: one sentence for one thing, with all criteria that wait for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trialrun.criteria.meaning.finding import Gap, Reason
from trialrun.criteria.model import Asked, Comparison, DailyDose, Each, Happened, Rule, Stopped, Unchanged, Verb
from trialrun.screening.questions import Question, all_questions, opened

if TYPE_CHECKING:
    from trialrun.screening.explanation import Explanation
    from trialrun.screening.open_rules import OpenRule

_KINDS = {
    Verb.DIAGNOSED: "diagnoses",
    Verb.HAD: "diagnoses",
    Verb.TOOK: "drugs",
    Verb.VACCINATED: "vaccinations",
    Verb.UNDERWENT: "procedures",
    Verb.HOSPITALISED: "hospital stays",
    Verb.ALLERGIC: "allergies",
}
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing.

    Args:
        who: Who can supply it: `the laboratory`.
        words: What, as one would tell a colleague.
        items: The criteria and parts that wait for it, in the protocol's order.
        only_if: What must hold before it matters, where that is so for all of them.
    """

    who: str
    words: str
    items: tuple[str, ...]
    only_if: str = ""


@dataclass(frozen=True, slots=True)
class Supplier:
    """Somebody who can say something, with what they are asked and what is missing from them."""

    who: str
    questions: tuple[Question, ...] = ()
    lacks: tuple[Lack, ...] = ()


def suppliers(found: Explanation) -> tuple[Supplier, ...]:
    """What is still unknown, by who can say: investigator, participant, laboratory, record, others."""
    asked, lacks = all_questions(found), lacking(found)
    names = dict.fromkeys([*(f"the {one.who}" for one in asked), *(one.who for one in lacks)])
    each = (
        Supplier(
            who,
            tuple(one for one in asked if f"the {one.who}" == who),
            tuple(one for one in lacks if one.who == who),
        )
        for who in names
    )
    return tuple(sorted(each, key=lambda one: _rank(one.who)))


def _rank(who: str) -> int:
    starts = ("the investigator", "the participant", "the laboratory", "the medical record")
    return next((number for number, start in enumerate(starts) if who.startswith(start)), len(starts))


def lacking(found: Explanation) -> tuple[Lack, ...]:
    """What records lack, grouped by supplier in the order they first come up; questions to persons stand elsewhere.

    That a record is not said to be complete is told once for drugs, once for vaccinations and so on, over all days that
    any criterion looks at.
    """
    rows: dict[tuple[str, str], list[tuple[OpenRule, Gap]]] = {}
    for one, gap in _gaps(found):
        rows.setdefault((gap.supplier, _kind(one.rule) if gap.reason is Reason.NO_COVERAGE else gap.words), []).append(
            (one, gap)
        )
    lacks = [_lack(who, datum, members) for (who, datum), members in rows.items()]
    order = list(dict.fromkeys(one.who for one in lacks))
    return tuple(sorted(lacks, key=lambda one: order.index(one.who)))


def _gaps(found: Explanation) -> Iterator[tuple[OpenRule, Gap]]:
    for one in opened(found):
        if not isinstance(one.rule, Asked):
            for gap in one.finding.gaps:
                yield one, gap


def _kind(rule: Rule) -> str:
    match rule:
        case Happened(verb=verb):
            return _KINDS[verb]
        case Each() | Unchanged() | Stopped() | Comparison(value=DailyDose()):
            return "drugs"
        case _:
            return "what is asked for"


def _lack(who: str, datum: str, members: list[tuple[OpenRule, Gap]]) -> Lack:
    items = tuple(dict.fromkeys(one.item for one, _ in members))
    conditions = {" and ".join(one.only_if) for one, _ in members}
    only_if = conditions.pop() if len(conditions) == 1 else ""
    if members[0][1].reason is not Reason.NO_COVERAGE:
        return Lack(who, datum, items, only_if)
    days = sorted(day for _, gap in members for day in _DATE.findall(gap.words))
    when = "" if not days else f", up to {days[-1]}" if _lifelong(members) else f", {days[0]} to {days[-1]}"
    return Lack(who, f"the record does not cover all {datum}{when}", items, only_if)


def _lifelong(members: list[tuple[OpenRule, Gap]]) -> bool:
    """Whether any looks back without end; its words name the last day alone."""
    return any(len(_DATE.findall(gap.words)) == 1 for _, gap in members)
