"""What is offered to be answered in place of a record does what the file says it does, each answer by itself."""

from __future__ import annotations

from datetime import date

import pytest

from trialrun.criteria.meaning.case import Answered
from trialrun.criteria.meaning.days import Anchors
from trialrun.patients.shipped import shipped_people
from trialrun.protocol.load import ProtocolFile
from trialrun.protocol.shipped import find_protocol
from trialrun.screening.explanation import Explanation, explain
from trialrun.screening.questions import Question, in_place_of_record, questions
from trialrun.screening.verdicts import Verdict

ON = date(2026, 11, 23)


@pytest.fixture(scope="module")
def study() -> ProtocolFile:
    return find_protocol("NCT04062006")


def screened(study: ProtocolFile, person: str, answers: dict[str, Answered]) -> Explanation:
    return explain(study, shipped_people()[person], Anchors.screening(ON), study.vocabulary, answers)


def said(answer: bool) -> Answered:
    return Answered(answer, "Li Wei, investigator", ON.isoformat())


@pytest.mark.parametrize("person", ["may-join", "unknown"])
def test_each_answer_does_what_is_said(study: ProtocolFile, person: str) -> None:
    offered = [one for one in in_place_of_record(screened(study, person, {})) if not one.only_if]
    assert offered
    for one in offered:
        for answer, told in ((True, one.yes), (False, one.no)):
            found = screened(study, person, {one.item: said(answer)})
            top = next(row for row in found.criteria if row.id == one.item.partition(".")[0].partition("/")[0])
            settled = f"{top.id} does not apply" if top.excludes else f"{top.id} met"
            kept = (
                {f"{top.id} stays open"} | {f"then see {row.item}" for row in _still_open(found)}
                if top.verdict is Verdict.UNKNOWN
                else {"may not join" if top.is_against else settled}
            )
            assert told in kept, (one, answer)


def _still_open(found: Explanation) -> tuple[Question, ...]:
    return (*questions(found), *in_place_of_record(found))


def test_nobody_is_asked_in_place_of_a_record_that_cannot_change_anything(study: ProtocolFile) -> None:
    assert in_place_of_record(screened(study, "may-not-join", {})) == ()


def test_a_question_alone_is_no_record(study: ProtocolFile) -> None:
    found = screened(study, "may-join", {})
    asked = {one.item for one in questions(found)}
    assert asked.isdisjoint(one.item for one in in_place_of_record(found))
