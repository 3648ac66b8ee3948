"""The questions that only a person can answer: who is asked, when it matters, and what each answer does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trialrun.criteria.meaning.rules import question_ids
from trialrun.criteria.model import Asked, Rule
from trialrun.criteria.truth import Truth
from trialrun.screening.open_rules import OpenRule, open_rules
from trialrun.screening.verdicts import Standing

if TYPE_CHECKING:
    from trialrun.screening.explanation import Explanation


@dataclass(frozen=True, slots=True)
class Question:
    """A question to a person.

    Args:
        person: Id of the person it is about.
        item: The id its answer is given under: `I2.2`.
        who: Who is asked: `investigator` or `participant`.
        words: The question, with its verb: `confirms "the 1986 Nancy recommendations are met"`.
        only_if: What must hold before it matters, in words; empty where it always does.
        yes, no: What each answer does: `may not join`, `E4 does not apply`, `E10 stays open`, `then see E10.c`.
    """

    person: str
    item: str
    who: str
    words: str
    only_if: str
    yes: str
    no: str


def questions(found: Explanation) -> tuple[Question, ...]:
    """The questions that can still change where a person stands; none of a person who is excluded already."""
    return () if found.standing is Standing.EXCLUDED else all_questions(found)


def all_questions(found: Explanation) -> tuple[Question, ...]:
    """Every open question of a person, also of one who is excluded already."""
    told: dict[str, Question] = {}
    for one in opened(found):
        if isinstance(one.rule, Asked):
            question = _question(one, one.rule, found)
            told.setdefault(question.item, question)
    return tuple(told.values())


def opened(found: Explanation) -> Iterator[OpenRule]:
    """What is open inside every criterion that is unknown."""
    for one in found.unknown():
        if one.id in found.rules:
            yield from open_rules(one.id, found.rules, one.finding, not one.excludes)


def _question(one: OpenRule, rule: Asked, found: Explanation) -> Question:
    item = question_ids(found.rules[one.item], one.item)[rule]
    excludes = next(top.excludes for top in found.criteria if top.id == one.criterion)
    return Question(
        found.person,
        item,
        rule.who.value,
        f'{rule.verb} "{rule.words}"',
        " and ".join(one.only_if),
        _effect(one, excludes, one.yes, _named(one.after_yes, found)),
        _effect(one, excludes, one.no, _named(one.after_no, found)),
    )


def _named(places: tuple[tuple[str, Rule], ...], found: Explanation) -> tuple[str, ...]:
    """The ids of open rules: a question's own, else its item's."""
    return tuple(
        dict.fromkeys(
            question_ids(found.rules[item], item)[rule] if isinstance(rule, Asked) else item for item, rule in places
        )
    )


def _effect(one: OpenRule, excludes: bool, truth: Truth, after: tuple[str, ...]) -> str:
    """What an answer does to joining, in words; where one thing matters next in the criterion, that one."""
    if not one.foreseen:
        return f"not worked out: {one.criterion} has very many open rules"
    if truth is None:
        leads_on = len(after) == 1 and after[0] != one.criterion
        return f"then see {after[0]}" if leads_on else f"{one.criterion} stays open"
    if truth is excludes:
        return "may not join"
    return f"{one.criterion} does not apply" if excludes else f"{one.criterion} met"
