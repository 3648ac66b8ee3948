"""Answers of the answers file in the form the evaluator reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from trialrun.criteria.meaning.case import Answered
from trialrun.patients.answers import Answers, Said


def answered(answers: Answers, person: str, on: date) -> Mapping[str, Answered]:
    """What was answered about one person up to the screening date, by the id of the item."""
    truths = {Said.YES: True, Said.NO: False, Said.UNKNOWN: None}
    rows = [one for one in answers.of(person) if one.on <= on]
    return {one.item: Answered(truths[one.answer], one.by, one.on.isoformat()) for one in rows}


def left_out(answers: Answers, person: str, on: date) -> tuple[str, ...]:
    """Remarks on answers that were not used: given after the screening date, or about other persons alone."""
    later = [one.item for one in answers.of(person) if one.on > on]
    remarks = [f"Answered after {on} and not used: {', '.join(later)}."] if later else []
    if answers.valid and not answers.of(person):
        others = sorted({one.person for one in answers.valid.values()})
        remarks.append(f"The answers file has no answer about {person}; it is about {', '.join(others[:5])}.")
    return tuple(remarks)
