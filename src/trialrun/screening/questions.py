"""The questions that only a person can answer: who is asked, when it matters, and what each answer does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trialrun.criteria.meaning.finding import Gap, Reason
from trialrun.criteria.meaning.rules import question_ids, whole_id
from trialrun.criteria.model import Asked, Rule
from trialrun.criteria.printing import print_rule
from trialrun.criteria.truth import Truth
from trialrun.screening.open_rules import OpenRule, open_items, open_rules
from trialrun.screening.verdicts import Standing

if TYPE_CHECKING:
    from trialrun.screening.explanation import Explanation


@dataclass(frozen=True, slots=True)
class Question:
    """A question to a person.

    Args:
        person: Id of the person it is about.
        item: The id its answer is given under: `I2.2`.
        who: Who is asked: `investigator` or `participant`; in place of a record, who knows.
        words: The question, with its verb: `confirms "the 1986 Nancy recommendations are met"`; in place of a record,
            what is missing and the rule that is answered.
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


def in_place_of_record(found: Explanation) -> tuple[Question, ...]:
    """The open items that a person may answer in place of what the record lacks; none of who is excluded already.

    Such an answer is no answer to a question of the protocol: it fills what is unknown and never goes before rows
    (`meaning.rules`). What only a later day can tell is not offered.
    """
    if found.standing is Standing.EXCLUDED:
        return ()
    told: dict[str, Question] = {}
    for top in found.unknown():
        if top.id in found.rules:
            for one in open_items(top.id, found.rules, top.finding, not top.excludes):
                gaps = [gap for gap in one.finding.gaps if gap.reason not in (Reason.NO_ANCHOR, Reason.NEEDS_PERSON)]
                name = whole_id(found.rules[one.item], one.item)
                if gaps and name is not None:
                    told.setdefault(name, _in_place(one, name, gaps, found))
    return tuple(told.values())


def _in_place(one: OpenRule, name: str, gaps: list[Gap], found: Explanation) -> Question:
    lacks = "; ".join(dict.fromkeys(gap.words for gap in gaps))
    start = "" if lacks.startswith("nothing recorded") else "missing: "
    words = f"{start}{lacks}; answer in place of a record: {print_rule(found.rules[one.item])}"
    asked = next((rule.who for rule in question_ids(found.rules[one.item], one.item) if name != one.item), None)
    who = asked.value if asked else f"who knows: {' / '.join(dict.fromkeys(gap.supplier for gap in gaps))}"
    return _told(one, name, who, words, found)


def opened(found: Explanation) -> Iterator[OpenRule]:
    """What is open inside every criterion that is unknown."""
    for one in found.unknown():
        if one.id in found.rules:
            yield from open_rules(one.id, found.rules, one.finding, not one.excludes)


def _question(one: OpenRule, rule: Asked, found: Explanation) -> Question:
    item = question_ids(found.rules[one.item], one.item)[rule]
    return _told(one, item, rule.who.value, f'{rule.verb} "{rule.words}"', found)


def _told(one: OpenRule, item: str, who: str, words: str, found: Explanation) -> Question:
    excludes = next(top.excludes for top in found.criteria if top.id == one.criterion)
    return Question(
        found.person,
        item,
        who,
        words,
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
