"""Answers of the answers file in the form the evaluator reads, and whether the one who answered may answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from trialrun.criteria.meaning.case import Answered
from trialrun.criteria.meaning.rules import question_ids, whole_id
from trialrun.criteria.model import Asked, Rule, Who
from trialrun.patients.answers import Answers, Said
from trialrun.patients.roles import COUNT_AS_INVESTIGATOR, Role, role_of

_ASKED_OF = f"the investigator is asked. Roles that count: {', '.join(COUNT_AS_INVESTIGATOR)}."


@dataclass(frozen=True, slots=True)
class Accepted:
    """Answers held against who was asked.

    Args:
        answers: Those that count, by the id of the item.
        assumed: What was taken for granted of the role of the one who answered, by the id of the item.
        refused: Remarks on those that do not count.
    """

    answers: Mapping[str, Answered] = field(default_factory=dict)
    assumed: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[str, ...] = ()


def answered(answers: Answers, person: str, on: date) -> Mapping[str, Answered]:
    """What was answered about one person up to the screening date, by the id of the item."""
    truths = {Said.YES: True, Said.NO: False, Said.UNKNOWN: None}
    rows = [one for one in answers.of(person) if one.on <= on]
    return {one.item: Answered(truths[one.answer], one.by, one.on.isoformat()) for one in rows}


def accepted(answers: Mapping[str, Answered], rules: Mapping[str, Rule]) -> Accepted:
    """The answers that count, by the role of the one who gave them.

    What the investigator is asked, an investigator answers: a stated role that is another one does not count, and a role
    that is not stated is an assumption. What the participant is asked, the participant says; others write it down for
    them, and that is an assumption too. An answer to a rule that asks nobody states a fact, and may be anybody's.
    """
    asked = _asked(rules) if answers else {}
    kept: dict[str, Answered] = {}
    assumed: dict[str, str] = {}
    refused: list[str] = []
    for item, given in answers.items():
        who, role = asked.get(item), role_of(given.by)
        if who is Who.INVESTIGATOR and role in (Role.PARTICIPANT, Role.OTHER):
            refused.append(f"The answer to {item} by {given.by} was not used: {_ASKED_OF}")
            continue
        kept[item] = given
        words = _assumed(who, role, given.by)
        if words:
            assumed[item] = words
    return Accepted(kept, assumed, tuple(refused))


def _assumed(who: Who | None, role: Role, by: str) -> str:
    if who is Who.INVESTIGATOR and role is Role.NOT_STATED:
        return f"role not stated, {by} is taken to be an investigator"
    if who is Who.PARTICIPANT and role is Role.NOT_STATED:
        return f"role not stated, {by} is taken to be the participant or to speak for them"
    if who is Who.PARTICIPANT and role is not Role.PARTICIPANT:
        return f"{by} is taken to have written down what the participant said"
    return ""


def _asked(rules: Mapping[str, Rule]) -> dict[str, Who]:
    """Who is asked the question that is answered under an id; a rule with one question is theirs as a whole too."""
    asked: dict[str, Who] = {}
    for item, whole in rules.items():
        for rule, name in question_ids(whole, item).items():
            asked[name] = rule.who
            if name == item and not isinstance(whole, Asked):
                asked[str(whole_id(whole, item))] = rule.who
    return asked


def left_out(answers: Answers, person: str, on: date) -> tuple[str, ...]:
    """Remarks on answers that were not used: given after the screening date, or about other persons alone."""
    remarks = [*given_later(answers, person, on)]
    if answers.valid and not answers.of(person):
        others = sorted({one.person for one in answers.valid.values()})
        remarks.append(f"The answers file has no answer about {person}; it is about {', '.join(others[:5])}.")
    return tuple(remarks)


def given_later(answers: Answers, person: str, on: date) -> tuple[str, ...]:
    """A remark on answers about a person that were given after the screening date."""
    later = [one.item for one in answers.of(person) if one.on > on]
    return (f"Answered after {on} and not used: {', '.join(later)}.",) if later else ()
