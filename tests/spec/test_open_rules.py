"""Which questions still matter, when, and what each answer does: a table of rules about one person of whom nothing is known.

A criterion is written as its rules by id; a line of the answer is `item [only if condition]: yes / no`.
"""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest

from trialrun.criteria.meaning.case import Answered, Case
from trialrun.criteria.meaning.days import Anchors
from trialrun.criteria.meaning.history import History
from trialrun.criteria.meaning.rules import evaluate
from trialrun.criteria.model import AnyOf, Asked, Part, Rule, Who
from trialrun.criteria.parsing import parse_rule
from trialrun.patients.person import Person, Sex
from trialrun.screening.open_rules import open_rules
from trialrun.vocabulary.shipped_terms import shipped

ON = date(2026, 11, 23)
A, B, C = (f'investigator confirms "{letter}"' for letter in "abc")

CASES: dict[str, tuple[dict[str, str], dict[str, bool], list[str]]] = {
    "one question keeps out": ({"E1": A}, {}, ["E1: True / False"]),
    "one question lets in": ({"I1": A}, {}, ["I1: True / False"]),
    "any of several keeps out: all are asked": (
        {"E1": "E1.a or E1.b", "E1.a": A, "E1.b": B}, {}, ["E1.a: True / None", "E1.b: True / None"],
    ),
    "all of several keep out: the next matters only after a yes": (
        {"E1": "E1.a and E1.b", "E1.a": A, "E1.b": B}, {}, ["E1.a: None / False", "E1.b only if E1.a: True / False"],
    ),
    "the first is yes: the condition is gone": (
        {"E1": "E1.a and E1.b", "E1.a": A, "E1.b": B}, {"E1.a": True}, ["E1.b: True / False"],
    ),
    "the first is no: nothing is asked": ({"E1": "E1.a and E1.b", "E1.a": A, "E1.b": B}, {"E1.a": False}, []),
    "all are needed to join: all are asked": (
        {"I1": "I1.1 and I1.2", "I1.1": A, "I1.2": B}, {}, ["I1.1: None / False", "I1.2: None / False"],
    ),
    "one is enough to join: the next matters only after a no": (
        {"I1": "I1.1 or I1.2", "I1.1": A, "I1.2": B}, {}, ["I1.1: True / None", "I1.2 only if not I1.1: True / False"],
    ),
    "if then: the second only where the first holds": (
        {"I1": "if I1.1 then I1.2", "I1.1": A, "I1.2": B}, {}, ["I1.1: None / True", "I1.2 only if I1.1: True / False"],
    ),
    "except: the exception only where the rule holds": (
        {"E1": "E1.a except E1.b", "E1.a": A, "E1.b": B}, {}, ["E1.a: None / False", "E1.b only if E1.a: False / True"],
    ),
    "conditions add up": (
        {"E1": "E1.a and E1.b and E1.c", "E1.a": A, "E1.b": B, "E1.c": C}, {},
        ["E1.a: None / False", "E1.b only if E1.a: None / False", "E1.c only if E1.a, E1.b: True / False"],
    ),
    "a record that is silent is a condition too": (
        {"E1": "E1.a and E1.b", "E1.a": "took rituximab", "E1.b": B}, {},
        ["E1.a: None / False", "E1.b only if E1.a: True / False"],
    ),
    "a part that is named twice has no condition, because it may matter elsewhere": (
        {"E1": "(E1.a and E1.b) or (E1.b and E1.c)", "E1.a": A, "E1.b": B, "E1.c": C}, {},
        ["E1.a: None / None", "E1.b: None / False", "E1.c only if E1.b: True / None"],
    ),
    "at least two of three": (
        {"E1": "at least 2 of (E1.a; E1.b; E1.c)", "E1.a": A, "E1.b": B, "E1.c": C}, {"E1.a": True},
        ["E1.b: True / None", "E1.c: True / None"],
    ),
    "not": ({"E1": "not E1.a", "E1.a": A}, {}, ["E1.a: False / True"]),
    "what the record settles is not asked": ({"E1": "sex is female and E1.a", "E1.a": A}, {}, []),
}  # fmt: skip


NEXT: dict[str, tuple[dict[str, str], list[str]]] = {
    "all of several: the next one, unless one is no": (
        {"E1": "E1.a and E1.b", "E1.a": A, "E1.b": B}, ["E1.a: yes E1.b, no nothing", "E1.b: yes nothing, no nothing"],
    ),
    "any of several: all that are left": (
        {"E1": "E1.a or E1.b or E1.c", "E1.a": A, "E1.b": B, "E1.c": C},
        ["E1.a: yes nothing, no E1.b E1.c", "E1.b: yes nothing, no E1.a E1.c", "E1.c: yes nothing, no E1.a E1.b"],
    ),
    "one of two and a third: the third comes after the first yes": (
        {"E1": "(E1.a or E1.b) and E1.c", "E1.a": A, "E1.b": B, "E1.c": C},
        ["E1.a: yes E1.c, no E1.b", "E1.b: yes E1.c, no E1.a", "E1.c: yes nothing, no nothing"],
    ),
    "what the record does not say comes next too": (
        {"E1": "E1.a and E1.b", "E1.a": A, "E1.b": "took rituximab"},
        ["E1.a: yes E1.b, no nothing", "E1.b: yes nothing, no nothing"],
    ),
    "not": ({"E1": "not (E1.a or E1.b)", "E1.a": A, "E1.b": B}, ["E1.a: yes nothing, no E1.b", "E1.b: yes nothing, no nothing"]),
}  # fmt: skip


@pytest.mark.parametrize("case", NEXT)
def test_what_matters_next_after_an_answer(case: str) -> None:
    wordings, wanted = NEXT[case]
    rules = {name: parse_rule(words, shipped(), exclusion=True) for name, words in wordings.items()}
    one = Case(History(Person("007", sex=Sex.MALE), ON, shipped()), Anchors.screening(ON), {}, rules)
    found = open_rules("E1", rules, evaluate("E1", one), wanted=False)
    told = [
        f"{rule.item}: yes {' '.join(item for item, _ in rule.after_yes) or 'nothing'}, "
        f"no {' '.join(item for item, _ in rule.after_no) or 'nothing'}"
        for rule in found
    ]
    assert told == wanted


@pytest.mark.parametrize("case", CASES)
def test_what_is_open(case: str) -> None:
    wordings, answers, wanted = CASES[case]
    rules = {name: parse_rule(words, shipped(), exclusion=name.startswith("E")) for name, words in wordings.items()}
    given = {name: Answered(answer, "Li Wei, investigator", "2026-11-23") for name, answer in answers.items()}
    person = Person("007", sex=Sex.MALE)
    one = Case(History(person, ON, shipped()), Anchors.screening(ON), given, rules)
    top = next(iter(rules))
    found = open_rules(top, rules, evaluate(top, one), top.startswith("I"))
    told = [_line(rule.item, rule.only_if, rule.yes, rule.no) for rule in found]
    assert told == wanted


def test_a_criterion_of_thousands_of_questions_is_told_at_once() -> None:
    """What each answer does is left open then, and said to be; working it out for 5,000 took minutes."""
    names = [f"E1.p{number}" for number in range(5_000)]
    rules: dict[str, Rule] = {"E1": AnyOf(tuple(map(Part, names)))}
    rules |= {name: Asked(Who.INVESTIGATOR, "confirms", name) for name in names}
    case = Case(History(Person("007"), ON, shipped()), Anchors.screening(ON), {}, rules)
    finding = evaluate("E1", case)
    began = process_time()
    found = open_rules("E1", rules, finding, False)
    assert process_time() - began < 10
    assert len(found) == 5_000 and not any(one.foreseen for one in found)


def _line(item: str, only_if: tuple[str, ...], yes: bool | None, no: bool | None) -> str:
    condition = f" only if {', '.join(only_if)}" if only_if else ""
    return f"{item}{condition}: {yes} / {no}"
