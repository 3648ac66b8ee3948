"""Answers of the answers file in the form the evaluator reads."""

from __future__ import annotations

from collections.abc import Mapping

from trialrun.criteria.meaning.case import Answered
from trialrun.patients.answers import Answers, Said


def answered(answers: Answers, person: str) -> Mapping[str, Answered]:
    """What was answered about one person, by the id of the item."""
    truths = {Said.YES: True, Said.NO: False, Said.UNKNOWN: None}
    return {one.item: Answered(truths[one.answer], one.by, one.on.isoformat()) for one in answers.of(person)}
