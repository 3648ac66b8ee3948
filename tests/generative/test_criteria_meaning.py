"""Laws of meaning: logic, order, copies, the future, evidence, windows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.generative.criteria_strategies import ATOMS, RECORDED, happened, measured, nested
from tests.generative.people_strategies import case_of, cases, known_to, with_person, with_rule
from trialrun.criteria.meaning.case import Answered, Case
from trialrun.criteria.meaning.finding import Finding
from trialrun.criteria.meaning.rules import evaluate, question_ids
from trialrun.criteria.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Compare,
    Comparison,
    Ever,
    Except,
    Happened,
    IfThen,
    Measured,
    Not,
    Number,
    Pick,
    Rule,
    Window,
    Within,
)
from trialrun.criteria.truth import Truth
from trialrun.patients.person import Event, Status
from trialrun.vocabulary.calendar import Duration

CASES = cases(nested(ATOMS), RECORDED)


def told(finding: Finding) -> tuple[object, ...]:
    """What must not depend on how a record is kept: the answer, what is missing, the rows."""
    return finding.truth, set(finding.gaps), set(finding.decided), set(finding.considered)


@given(CASES, st.data())
def test_the_order_of_rows_does_not_matter(case: Case, data: st.DataObject) -> None:
    person = case.history.person
    mixed = replace(
        person,
        events=tuple(data.draw(st.permutations(person.events))),
        coverage=tuple(data.draw(st.permutations(person.coverage))),
    )
    assert evaluate("I1", with_person(case, mixed)) == evaluate("I1", case)


@given(CASES, st.data())
def test_entries_of_the_same_fact_decide_nothing(case: Case, data: st.DataObject) -> None:
    """The same entry once more may be the same fact or another like it: what is known holds for both."""
    person = case.history.person
    chosen = data.draw(st.lists(st.sampled_from(person.events), max_size=3)) if person.events else []
    copies = [replace(row, id=f"~{number}", origin="again") for number, row in enumerate(chosen)]
    others = [replace(row, map_origin=row.id) for row in copies]

    def truth(*added: Event) -> Truth:
        return evaluate("I1", with_person(case, replace(person, events=(*person.events, *added)))).truth

    found = truth(*copies)
    if found is not None:
        assert truth() is found
        assert truth(*others) is found


@given(CASES, st.data())
def test_what_lies_ahead_or_never_was_does_not_matter(case: Case, data: st.DataObject) -> None:
    person, on = case.history.person, case.anchors.on
    chosen = data.draw(st.lists(st.sampled_from(person.events), max_size=3)) if person.events else []
    added = []
    for number, row in enumerate(chosen):
        ahead = known_to(on + timedelta(days=data.draw(st.integers(1, 800))), "day")
        never = data.draw(st.sampled_from([status for status in Status if not status.counts]))
        other = replace(row, id=f" {number}")
        added.append(data.draw(st.sampled_from([replace(other, start=ahead), replace(other, status=never)])))
    with_them = with_person(case, replace(person, events=(*added, *person.events)))
    assert evaluate("I1", with_them) == evaluate("I1", case)


@given(CASES)
def test_rows_of_the_evidence_alone_give_the_same_verdict(case: Case) -> None:
    """The rows that decided, with the same coverage; none where the verdict rests on nothing being recorded."""
    finding = evaluate("I1", case)
    if finding.truth is None:
        return
    person = case.history.person
    assert set(finding.decided) <= set(finding.considered) <= {row.id for row in person.events}
    for ids in (finding.decided, finding.considered):
        alone = replace(person, events=tuple(row for row in person.events if row.id in ids))
        assert evaluate("I1", with_person(case, alone)).truth is finding.truth


@given(CASES)
def test_unknown_says_what_is_missing(case: Case) -> None:
    finding = evaluate("I1", case)
    if finding.truth is None:
        assert finding.gaps
    ids = {row.id for row in case.history.person.events}
    for gap in finding.gaps:
        assert gap.words
        assert gap.supplier
        assert not gap.row or gap.row in ids


# --- logic ------------------------------------------------------------------------------------------------------------


def truth(rule: Rule, case: Case) -> Truth:
    """The answer to another rule for the same person."""
    asked = question_ids(rule, "I1")
    answers = {name: case.answers["I1"] for name in asked.values() if "I1" in case.answers}
    return evaluate("I1", replace(with_rule(case, rule), answers={**case.answers, **answers})).truth


@given(cases(RECORDED), RECORDED, RECORDED)
def test_laws_of_logic(case: Case, second: Rule, third: Rule) -> None:
    first = case.rules["I1"]

    def same(one: Rule, other: Rule) -> bool:
        return truth(one, case) is truth(other, case)

    rules = (first, second, third)
    opposites = tuple(Not(rule) for rule in rules)
    assert same(Not(Not(first)), first)
    assert same(Not(AllOf(rules)), AnyOf(opposites))
    assert same(Not(AnyOf(rules)), AllOf(opposites))
    assert same(AtLeast(1, rules), AnyOf(rules))
    assert same(AtLeast(3, rules), AllOf(rules))
    assert same(Not(AtLeast(2, rules)), AtLeast(2, opposites))
    assert same(IfThen(first, second), AnyOf((Not(first), second)))
    assert same(Except(first, second), AllOf((first, Not(second))))
    assert same(AnyOf((first, first)), first)


@given(cases(RECORDED), st.sampled_from([True, False, None]))
def test_an_answer_fills_what_is_unknown_and_overrides_only_silence(case: Case, said: Truth) -> None:
    recorded = evaluate("I1", case)
    person, answers = case.history.person, {"I1": Answered(said, "N. N.", "2026-11-24")}
    answered = evaluate("I1", case_of(person, case.anchors, answers, case.rules)).truth
    if recorded.truth is None:
        assert answered is said
    elif not recorded.assumed:
        assert answered is recorded.truth
    else:
        assert answered is recorded.truth or answered is said


# --- windows ----------------------------------------------------------------------------------------------------------


def window_of(rule: Rule) -> Window:
    """The window of a rule about what happened, or about any result."""
    holder = rule.value if isinstance(rule, Comparison) else rule
    assert isinstance(holder, Happened | Measured)
    return holder.window


def with_window(rule: Rule, window: Window) -> Rule:
    """The same in another window."""
    if isinstance(rule, Comparison):
        assert isinstance(rule.value, Measured)
        return replace(rule, value=replace(rule.value, window=window))
    assert isinstance(rule, Happened)
    return replace(rule, window=window)


def widened(length: Duration, more: int) -> Duration:
    """A longer time in the same unit."""
    return Duration(length.amount + more, length.unit)


@given(
    cases(
        st.one_of(
            happened(),
            st.builds(
                Comparison,
                st.sampled_from(["ALT", "creatinine", "INR"]).flatmap(lambda test: measured(test, Pick.ANY)),
                st.sampled_from(list(Compare)),
                st.sampled_from([Number(1.0, "U/L"), Number(40.0, "U/L")]),
            ),
        )
    ),
    st.integers(0, 12),
)
def test_a_wider_window_loses_nothing_that_was_found(case: Case, more: int) -> None:
    rule = case.rules["I1"]
    window = window_of(rule)
    if not isinstance(window, Within) or evaluate("I1", case).truth is not True:
        return
    longer = window.length.typical_days < 30_000
    wider: list[Window] = [Within(widened(window.length, more), window.anchor)] if longer else []
    for other in [*wider, Ever()]:
        assert evaluate("I1", with_rule(case, with_window(rule, other))).truth is True
