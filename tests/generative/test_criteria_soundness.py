"""What is decided stays decided: no completion of a record changes a verdict of met or not met."""

from __future__ import annotations

from hypothesis import given, note, settings
from hypothesis import strategies as st

from tests.generative.completions import completions, facts
from tests.generative.criteria_strategies import (
    ATOMS,
    RECORDED,
    ages,
    dose_limits,
    formulas,
    found,
    happened,
    levels,
    nested,
    quantities,
)
from tests.generative.criteria_strategies import LASTING as LASTING_RULES
from tests.generative.people_strategies import cases
from trialrun.criteria.meaning.case import Case
from trialrun.criteria.meaning.rules import evaluate
from trialrun.criteria.printing import print_rule

MORE = settings(max_examples=2 * (settings.default.max_examples if settings.default else 100))


def stays(case: Case, data: st.DataObject) -> None:
    """The verdict, where there is one, is that of its completions."""
    verdict = evaluate("I1", case).truth
    if verdict is None:
        return
    note(print_rule(case.rules["I1"]))
    for _ in range(3):
        completed = data.draw(completions(case))
        if len(facts(completed.history.person)) == len(facts(case.history.person)):
            assert evaluate("I1", completed).truth is verdict


@MORE
@given(cases(st.one_of(quantities(), levels(), found())), st.data())
def test_results(case: Case, data: st.DataObject) -> None:
    stays(case, data)


@MORE
@given(cases(st.one_of(formulas(), ages(), dose_limits())), st.data())
def test_formulas_ages_and_doses(case: Case, data: st.DataObject) -> None:
    stays(case, data)


@MORE
@given(cases(st.one_of(happened(), LASTING_RULES)), st.data())
def test_events_and_drugs_over_time(case: Case, data: st.DataObject) -> None:
    stays(case, data)


@given(cases(nested(ATOMS), RECORDED), st.data())
def test_rules_of_all_shapes(case: Case, data: st.DataObject) -> None:
    stays(case, data)
