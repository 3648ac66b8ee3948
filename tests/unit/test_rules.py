"""Rules that name one another: a chain without end, a circle, and too many `not` are told and never end in a crash."""

from __future__ import annotations

from datetime import date

import pytest

from trialrun.criteria.meaning.days import Anchors
from trialrun.criteria.parsing import MAX_NESTING, parse_rule
from trialrun.errors import GrammarError, ProblemsError
from trialrun.patients.person import Person
from trialrun.protocol.load import load_text
from trialrun.screening.explanation import explain
from trialrun.vocabulary.shipped_terms import shipped

HEAD = "format: trialrun/1\ntrial: X\ntitle: X\nversion: 1\neligibility:\n  include:\n"


def chain(length: int, last: str) -> str:
    """A file of criteria each of which names the next."""
    rules = [*(f"I{number + 1}" for number in range(1, length)), last]
    rows = [f"    I{number}:\n      says: so\n      rule: {rule}\n" for number, rule in enumerate(rules, 1)]
    return HEAD + "".join(rows)


def test_a_chain_as_long_as_allowed_is_evaluated() -> None:
    file = load_text(chain(MAX_NESTING, "sex is male"))
    found = explain(file, Person("007"), Anchors.screening(date(2026, 11, 24)), file.vocabulary)
    assert len(found.unknown()) == MAX_NESTING


def test_a_chain_too_long_is_told_once_at_the_rule_that_is_too_much() -> None:
    with pytest.raises(ProblemsError) as caught:
        load_text(chain(3_000, "sex is male"))
    (problem,) = caught.value.problems
    assert problem.message == f"I{3_000 - MAX_NESTING}, rule: rules rest on one another more than {MAX_NESTING} deep"


def test_a_circle_is_told_at_each_of_its_rules_and_not_at_one_that_leads_into_it() -> None:
    text = chain(3, "I1") + "    I4:\n      says: so\n      rule: I1\n    I5:\n      says: so\n      rule: I9\n"
    with pytest.raises(ProblemsError) as caught:
        load_text(text)
    assert [problem.message for problem in caught.value.problems] == [
        "I1, rule: I2 leads back to I1",
        "I2, rule: I3 leads back to I2",
        "I3, rule: I1 leads back to I3",
        "I5, rule: there is no rule I9",
    ]


def test_a_circle_of_thousands_is_told() -> None:
    with pytest.raises(ProblemsError):
        load_text(chain(1_000, "I1"))


@pytest.mark.parametrize("words", ["not ", "if sex is male then "])
def test_rules_inside_rules_without_end(words: str) -> None:
    assert parse_rule(words * 40 + "sex is male", shipped())
    with pytest.raises(GrammarError, match=f"rules inside rules more than {MAX_NESTING} deep"):
        parse_rule(words * 180 + "sex is male", shipped())


def test_a_dose_is_counted_only_in_amounts_of_a_drug_that_others_equal() -> None:
    """Such a rule was read and stayed unknown for everybody."""
    with pytest.raises(GrammarError, match="no doses are known that equal ibuprofen") as caught:
        parse_rule("daily dose of NSAID as ibuprofen <= 10 mg", shipped())
    assert caught.value.start == len("daily dose of NSAID as ")
    assert parse_rule("daily dose of glucocorticoid as prednisolone <= 10 mg", shipped())


EXCLUDES = """    I2:
      says: so
      rule: I1
    I3:
      says: so
      parts:
        I3.1:
          says: so
          rule: if sex is female then age at screening >= 50 years
        I3.2:
          says: so
          rule: sex is male
  exclude:
    E1:
      says: so
      rule: {rule}
"""


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ("I3.1", "I3.1"),
        ("sex is male or I3", "I3"),
        ('investigator confirms "as I3.1 says" and I3.1', "I3.1"),
        ("I3.2 or I2 or not I3.1", "I3.1"),
    ],
)
def test_an_exclusion_reaches_no_if_by_naming_an_inclusion(rule: str, name: str) -> None:
    """The check of an exclusion's own words was escaped in this way."""
    text = chain(1, "sex is male") + EXCLUDES.format(rule=rule)
    with pytest.raises(ProblemsError) as caught:
        load_text(text)
    (problem,) = caught.value.problems
    assert problem.message.startswith(f"E1, rule: {name} asks 'if … then …': in an exclusion")
    assert problem.place is not None
    line = text.splitlines()[problem.place.line - 1]
    assert line[problem.place.column - 1 :].startswith(name)
    assert problem.place.column - 1 == line.rindex(name)


def test_an_exclusion_may_name_an_inclusion_that_does_not_ask_if() -> None:
    assert load_text(chain(1, "sex is male") + EXCLUDES.format(rule="I3.2 or I2"))


def test_an_if_reached_over_several_rules_is_told_once() -> None:
    text = chain(2, "if sex is male then sex is male") + (
        "  exclude:\n    E1:\n      says: so\n      rule: I1\n    E2:\n      says: so\n      rule: E1\n"
    )
    with pytest.raises(ProblemsError) as caught:
        load_text(text)
    assert [problem.message.partition(" asks")[0] for problem in caught.value.problems] == ["E1, rule: I1"]


@pytest.mark.parametrize(
    "rule",
    [
        'investigator confirms "asks if ill" and (if sex is female then E2)',
        "sex is male or (IF sex is female then E2)",
        "(took rituximab, if nothing recorded: no) or (if sex is female then E2)",
    ],
)
def test_the_if_of_an_exclusion_is_pointed_at_and_not_one_in_a_question(rule: str) -> None:
    with pytest.raises(GrammarError, match="in an exclusion") as caught:
        parse_rule(rule, shipped(), exclusion=True)
    assert caught.value.start == rule.casefold().index("(if sex") + 1
