"""Whose answer counts: the role that stands beside a name, held against who is asked."""

from __future__ import annotations

import pytest

from trialrun.criteria.meaning.case import Answered
from trialrun.criteria.model import AllOf, Asked, Rule, SexIs, Who
from trialrun.patients.roles import Role, role_of
from trialrun.screening.given import accepted

ROLES = {
    "Li Wei, investigator": Role.INVESTIGATOR,
    "Li Wei (made up), investigator": Role.INVESTIGATOR,
    "Li Wei, principal investigator": Role.INVESTIGATOR,
    "Li Wei, Sub-Investigator": Role.INVESTIGATOR,
    "Li Wei, treating physician": Role.INVESTIGATOR,
    "Li Wei, MD, PhD": Role.INVESTIGATOR,
    "Li Wei, the principal investigator, MD": Role.INVESTIGATOR,
    "Li Wei, MD (sub-investigator)": Role.INVESTIGATOR,
    "The investigator": Role.INVESTIGATOR,
    "Li Wei (MD, investigator)": Role.INVESTIGATOR,
    "Li Wei (Paris, France), investigator": Role.INVESTIGATOR,
    "Li Wei (investigator)": Role.INVESTIGATOR,
    "the participant": Role.PARTICIPANT,
    "The participant (made up)": Role.PARTICIPANT,
    "Patient": Role.PARTICIPANT,
    "Chen Na, participant": Role.PARTICIPANT,
    "Chen Na, study nurse": Role.OTHER,
    "Chen Na, coordinator": Role.OTHER,
    "Chen Na, the participant's wife": Role.OTHER,
    "Chen Na, investigator's assistant": Role.OTHER,
    "Chen Na": Role.NOT_STATED,
    "Li Wei, PhD": Role.NOT_STATED,
    "Li Wei,": Role.NOT_STATED,
    "Mary Doctorow": Role.NOT_STATED,
    "Doctor Li": Role.NOT_STATED,
    "Ana Ruiz, sister": Role.OTHER,
    "Joe, interpreter": Role.OTHER,
    "Kim, sponsor": Role.OTHER,
    "Kim, MD, sponsor": Role.OTHER,
    "Joe (interpreter)": Role.OTHER,
    "Li Wei, astronomer": Role.OTHER,
    "Li, Wei": Role.OTHER,
    "Li, Wei, doctor": Role.OTHER,
    "Kim, patient navigator": Role.OTHER,
    "Kim, patient advocate": Role.OTHER,
    "Patient advocate": Role.OTHER,
    "Kim, not an investigator": Role.OTHER,
    "Not an investigator": Role.OTHER,
    "Kim, former investigator": Role.OTHER,
    "Kim, investigator (former)": Role.OTHER,
    "Kim, investigator and participant": Role.OTHER,
    "Kim, investigator, participant": Role.OTHER,
    "Kim - investigator": Role.OTHER,
    "The sister": Role.OTHER,
    "Patient Zhang": Role.OTHER,
}


@pytest.mark.parametrize("by", ROLES)
def test_the_role_beside_a_name(by: str) -> None:
    assert role_of(by) is ROLES[by]


CASES = [
    ("investigator", "Li Wei, investigator", True, ""),
    ("investigator", "Li Wei", True, "role not stated, Li Wei is taken to be an investigator"),
    ("investigator", "the participant", False, ""),
    ("investigator", "Chen Na, study nurse", False, ""),
    ("participant", "the participant", True, ""),
    ("participant", "Chen Na", True, "role not stated, Chen Na is taken to be the participant or to speak for them"),
    ("participant", "Li Wei, investigator", True, "Li Wei, investigator is taken to have written down what the participant said"),
    ("participant", "Chen Na, study nurse", True, "Chen Na, study nurse is taken to have written down what the participant said"),
    ("nobody", "the participant", True, ""),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "by", "counts", "assumed"), CASES)
def test_whose_answer_counts(asked: str, by: str, counts: bool, assumed: str) -> None:
    rule: Rule = SexIs("female") if asked == "nobody" else Asked(Who(asked), "confirms", "so")
    found = accepted({"I1": Answered(True, by, "2026-11-23")}, {"I1": rule})
    assert ("I1" in found.answers, len(found.refused)) == (counts, not counts)
    assert found.assumed.get("I1", "") == assumed


def test_an_answer_that_does_not_count_is_told() -> None:
    found = accepted(
        {"E4": Answered(False, "the participant", "2026-11-23")}, {"E4": Asked(Who.INVESTIGATOR, "judges", "x")}
    )
    assert found.refused == (
        "The answer to E4 by the participant was not used: the investigator is asked. "
        "Roles that count: investigator, sub-investigator, physician, doctor, MD.",
    )


def test_the_numbered_questions_of_one_rule_are_each_held_against_who_is_asked() -> None:
    rule = AllOf((Asked(Who.INVESTIGATOR, "judges", "a"), Asked(Who.PARTICIPANT, "reports", "b")))
    given = {f"E1/{number}": Answered(True, "the participant", "2026-11-23") for number in (1, 2)}
    assert list(accepted(given, {"E1": rule}).answers) == ["E1/2"]
