"""Wording and rule are one: what is printed reads back, in words and as JSON; what cannot be read is pointed at."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.generative.criteria_strategies import RULES, VOCABULARY, promises
from trialrun.criteria.json_form import promise_to_json, rule_from_json, rule_schema, rule_to_json
from trialrun.criteria.model import (
    Compare,
    Comparison,
    Found,
    Happened,
    Level,
    Measured,
    Number,
    Pick,
    Promise,
    Rule,
    Term,
    Terms,
    Verb,
)
from trialrun.criteria.parsing import MAX_LENGTH, parse_promise, parse_rule
from trialrun.criteria.printing import print_promise, print_rule
from trialrun.errors import GrammarError
from trialrun.vocabulary.concepts import Domain, Scale

SCHEMA = Draft202012Validator(rule_schema())


@given(RULES)
def test_a_printed_rule_reads_back_as_itself(rule: Rule) -> None:
    words = print_rule(rule)
    read = parse_rule(words, VOCABULARY)
    assert read == rule
    assert print_rule(read) == words


@given(promises())
def test_a_printed_promise_reads_back_as_itself(promise: Promise) -> None:
    words = print_promise(promise)
    read = parse_promise(words, VOCABULARY)
    assert read == promise
    assert print_promise(read) == words
    assert json.loads(json.dumps(promise_to_json(promise))) == promise_to_json(promise)


@given(RULES)
def test_the_json_form_reads_back_as_the_same_rule(rule: Rule) -> None:
    document = json.loads(json.dumps(rule_to_json(rule), allow_nan=False))
    SCHEMA.validate(document)
    assert rule_from_json(document, VOCABULARY) == rule


def named_rules() -> Iterator[Rule]:
    """A rule for every name that ships, and for every level of an ordinal."""
    verbs = {
        Domain.CONDITION: Verb.DIAGNOSED, Domain.OBSERVATION: Verb.HAD, Domain.DRUG: Verb.TOOK, Domain.ALLERGY: Verb.ALLERGIC,
        Domain.IMMUNISATION: Verb.VACCINATED, Domain.PROCEDURE: Verb.UNDERWENT,
    }  # fmt: skip
    for concept in VOCABULARY.concepts.values():
        measure, latest = concept.measure, Measured(Pick.LATEST, concept.name)
        if measure is None:
            yield Happened(verbs[concept.domain], Terms((Term(concept.name),), (Term(concept.name),)))
        elif measure.scale is Scale.FINDING:
            yield Found(latest, "positive")
        elif measure.scale is Scale.ORDINAL:
            yield from (Comparison(latest, Compare.GE, Level(level)) for level in measure.levels)
        else:
            yield Comparison(latest, Compare.LT, Number(1.0, measure.unit or ""))


@pytest.mark.parametrize("initial", sorted({name[0].casefold() for name in VOCABULARY.concepts}))
def test_every_name_that_ships_can_be_written(initial: str) -> None:
    for rule in named_rules():
        words = print_rule(rule)
        name = rule.what.any_of[0].name if isinstance(rule, Happened) and rule.what else words.split(" ", 1)[1]
        if name[0].casefold() == initial:
            assert parse_rule(words, VOCABULARY) == rule


# --- what cannot be read ----------------------------------------------------------------------------------------------

INSERTS = st.sampled_from(
    [
        "and", "or", "not", "if", "then", "except", "except [", "(", ")", "[", "]", ",", ";", ":", '"', "any", "latest", "within",
        "within the last", "between", "before", "screening", "at", "6 months", "-3", "1e5", "9" * 400, "x", "× ULN", "3xULN", ">", "!=",
        "at least 5 of (", "at least 0 of (", "if nothing recorded: no", "minus", "as", "ALT", "prednisone", "I1", "E9.a.b", "mg", "IU/L",
        "∞", "\u0000", "\u202e", "٣", "²", "\u00a0", "\n", "\ud800", "investigator confirms", '" "', "III", "positive",
    ]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A printed rule or promise with words cut, doubled, put in, swapped, or letters lost."""
    words = draw(st.one_of(RULES.map(print_rule), promises().map(print_promise))).split(" ")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(words) - 1))
        match draw(st.sampled_from(["cut", "double", "insert", "swap", "letter"])):
            case "cut" if len(words) > 1:
                del words[at]
            case "double":
                words.insert(at, words[at])
            case "insert":
                words.insert(at, draw(INSERTS))
            case "swap":
                other = draw(st.integers(0, len(words) - 1))
                words[at], words[other] = words[other], words[at]
            case _:
                cut = draw(st.integers(0, len(words[at])))
                words[at] = words[at][:cut] + words[at][cut + 1 :]
    return " ".join(words)


def is_read_or_refused(text: str) -> None:
    """Reading ends with a rule that has a wording, or with a complaint whose place lies inside the text."""
    for parse in (parse_rule, parse_promise):
        try:
            read = parse(text, VOCABULARY)
        except GrammarError as error:
            assert error.message
            assert error.start >= 0
            assert error.start + error.width <= max(1, len(text))
        else:
            words = print_promise(read) if isinstance(read, Promise) else print_rule(read)
            assert parse(words, VOCABULARY) == read


@given(mutated())
@example('investigator confirms " "')
@example("latest ALT > " + "9" * 400 + " U/L")
@example("latest ALT > -3 x ULN")
@example("latest NYHA class minus first NYHA class >= II")
@example("daily dose of prednisone minus daily dose of prednisone > 1 oz")
def test_a_mutated_rule_is_read_or_refused_with_its_place(text: str) -> None:
    is_read_or_refused(text)


@given(
    st.one_of(
        st.text(max_size=60), st.lists(INSERTS, max_size=12).map(" ".join), st.text("()[]\",;: aI1x'\n", max_size=40)
    )
)
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    is_read_or_refused(text)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 1_000 + "sex is male" + ")" * 1_000,
        "(" * 1_000,
        ")" * 1_000,
        "not " * 990 + "sex is male",
        "if " * 1_300,
        "if sex is male then " * 190 + "sex is male",
        "sex is male and " * 249 + "sex is male",
        "a " * (MAX_LENGTH // 2),
        "x" * MAX_LENGTH,
        "x" * (MAX_LENGTH + 1),
        "[" * MAX_LENGTH,
        '"' * MAX_LENGTH,
        "1" * MAX_LENGTH,
        "took any [" + "prednisone, " * 300 + "prednisone]",
    ],
    ids=lambda text: f"{text[:12]}… {len(text)}",
)
def test_long_and_deep_texts_end(text: str) -> None:
    is_read_or_refused(text)
