"""The language reference is what the program does: every case of every chapter, through the real parser and evaluator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import get_args

import pytest

from tests.spec.language.chapters import CHAPTERS
from tests.spec.language.chapters.reading import CHAPTER as READING
from tests.spec.language.forms import FORMS, Form
from tests.spec.language.table import Case, Document, Documents, Facts, Slip, Slips, Wording, Wordings
from trialrun.criteria import model
from trialrun.criteria.common_mistakes import ALONE, ELSEWHERE, MISTAKES, NOT_OURS
from trialrun.criteria.json_form import rule_from_json, rule_to_json
from trialrun.criteria.meaning.finding import Reason
from trialrun.criteria.parsing import parse_promise, parse_rule
from trialrun.criteria.printing import print_promise, print_rule
from trialrun.errors import GrammarError
from trialrun.vocabulary.shipped_terms import shipped

CASES = [
    pytest.param(case, id=f"{chapter.name}-{number}")
    for chapter in CHAPTERS
    for number, case in enumerate(chapter.cases(), 1)
]
WORDINGS = [
    (case, part.promises)
    for chapter in CHAPTERS
    for part in chapter.parts
    if isinstance(part, Wordings)
    for case in part.cases
]
SLIPS = [case for chapter in CHAPTERS for part in chapter.parts if isinstance(part, Slips) for case in part.cases]
DOCUMENTS = [
    case for chapter in CHAPTERS for part in chapter.parts if isinstance(part, Documents) for case in part.cases
]


@pytest.mark.parametrize("case", CASES)
def test_the_answer_is_what_the_reference_says(case: Case) -> None:
    finding = case.run()
    if isinstance(case.expect, bool):
        assert finding.truth is case.expect, finding
    else:
        reasons = case.expect if isinstance(case.expect, tuple) else (case.expect,)
        assert finding.truth is None, finding
        assert {gap.reason for gap in finding.gaps} == set(reasons)
    assert bool(finding.assumed) == case.assumes, finding.assumed
    if case.by is not None:
        assert set(finding.decided) == {str(number) for number in case.by}
    assert len(finding.decided) <= len(case.rows)


@pytest.mark.parametrize("case", CASES)
def test_wording_and_json_form_read_back_as_the_same_rule(case: Case) -> None:
    rule = parse_rule(case.rule, shipped())
    printed = print_rule(rule)
    assert parse_rule(printed, shipped()) == rule
    assert print_rule(parse_rule(printed, shipped())) == printed
    assert rule_from_json(rule_to_json(rule), shipped()) == rule


@pytest.mark.parametrize(("case", "is_promise"), WORDINGS, ids=lambda item: getattr(item, "written", ""))
def test_other_words_are_written_back_in_the_canonical_ones(case: Wording, is_promise: bool) -> None:
    for words in (case.written, case.canonical):
        said = (
            print_promise(parse_promise(words, shipped())) if is_promise else print_rule(parse_rule(words, shipped()))
        )
        assert said == case.canonical


@pytest.mark.parametrize("case", SLIPS, ids=lambda slip: slip.rule[:60])
def test_a_mistake_is_told_at_its_place(case: Slip) -> None:
    with pytest.raises(GrammarError) as caught:
        parse_rule(case.rule, shipped(), exclusion=case.exclusion)
    error = caught.value
    assert (error.message, error.hint) == (case.message, case.hint)
    assert case.rule[error.start : error.start + error.width] == case.at


@pytest.mark.parametrize("case", DOCUMENTS, ids=lambda case: case.rule)
def test_the_json_form_is_what_the_reference_shows(case: Document) -> None:
    rule = parse_rule(case.rule, shipped())
    assert rule_to_json(rule) == case.document
    assert rule_from_json(case.document, shipped()) == rule


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.pattern)
def test_the_examples_of_the_cheat_sheet_are_read(form: Form) -> None:
    if form.is_promise:
        assert print_promise(parse_promise(form.example, shipped())) == form.example
    else:
        assert print_rule(parse_rule(form.example, shipped())) == form.example
    assert form.chapter in {chapter.name for chapter in CHAPTERS}


# --- the reference leaves nothing out -------------------------------------------------------------------------------


def _within(node: object) -> Iterator[object]:
    """A tree's objects: nodes and members of enumerations."""
    if isinstance(node, tuple):
        for item in node:
            yield from _within(item)
    elif isinstance(node, Enum):
        yield node
    elif is_dataclass(node):
        yield node
        for field in fields(node):
            yield from _within(getattr(node, field.name))


def test_every_form_of_the_language_has_a_case() -> None:
    """Each class of the model, each verb, pick, sign, way, anchor and missing policy."""
    rules = [parse_rule(case.rule, shipped()) for chapter in CHAPTERS for case in chapter.cases()]
    seen = [item for rule in rules for item in _within(rule)]
    classes = {*get_args(model.Rule), *get_args(model.Value), *get_args(model.Limit), *get_args(model.Window)}
    assert {item.__name__ for item in classes} - {type(item).__name__ for item in seen} == set()
    members = {
        member
        for kind in (model.Verb, model.Pick, model.Compare, model.Route, model.IfNone, model.Who)
        for member in kind
    }
    assert members - {item for item in seen if isinstance(item, Enum)} == set()


def test_every_form_of_the_language_is_on_the_cheat_sheet() -> None:
    rules = [parse_rule(form.example, shipped()) for form in FORMS if not form.is_promise]
    seen = {type(item).__name__ for rule in rules for item in _within(rule)}
    classes = {*get_args(model.Rule), *get_args(model.Value), *get_args(model.Limit), *get_args(model.Window)}
    assert {item.__name__ for item in classes} - seen == set()


def test_every_common_mistake_has_an_example() -> None:
    known = {mistake.message for mistake in (*MISTAKES, *ELSEWHERE, ALONE)} | {NOT_OURS}
    assert known - {slip.message for slip in SLIPS} == set()


def test_every_reason_of_an_unknown_answer_has_a_case_and_a_meaning() -> None:
    shown = {
        reason
        for chapter in CHAPTERS
        for case in chapter.cases()
        if not isinstance(case.expect, bool)
        for reason in (case.expect if isinstance(case.expect, tuple) else (case.expect,))
    }
    listed = {row[0].strip("`") for part in READING.parts if isinstance(part, Facts) for row in part.rows}
    assert shown == set(Reason)
    assert listed == set(shown)


def test_cases_of_one_chapter_are_not_written_twice() -> None:
    for chapter in CHAPTERS:
        shown = [(case.rule, tuple(row.words for row in case.rows), case.on, case.start, case.birth, case.sex,
                  tuple(case.coverage), tuple(case.answers.items()), tuple(case.others)) for case in chapter.cases()]  # fmt: skip
        assert len(set(shown)) == len(shown), chapter.name
