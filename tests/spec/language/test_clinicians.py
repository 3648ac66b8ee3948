"""Mistaken rules as clinicians write them: the place, the real mistake, and a hint that is right or does not offer anything."""

from __future__ import annotations

import re

import pytest

from tests.spec.language.clinicians import SPOKEN, Spoken
from tests.spec.language.table import Slip
from tests.spec.language.test_language import SLIPS
from trialrun.criteria.parsing import parse_rule
from trialrun.errors import GrammarError
from trialrun.vocabulary.shipped_terms import shipped

_ASKED = re.compile(r'investigator confirms "[^"]*"$')


def _refused(text: str, *, exclusion: bool = False) -> GrammarError:
    with pytest.raises(GrammarError) as caught:
        parse_rule(text, shipped(), exclusion=exclusion)
    return caught.value


def _offered(hint: str | None) -> dict[str, str]:
    """The rules of a hint, by the reading they are for."""
    if hint is None:
        return {}
    if hint.startswith("Write: "):
        return {"": hint.removeprefix("Write: ")}
    parts = [part.partition(": ") for part in hint.split(" — ")]
    return {when: rule for when, _, rule in parts} if len(parts) > 1 else {}


@pytest.mark.parametrize("said", SPOKEN, ids=lambda said: said.text[:70])
def test_the_mistake_is_told_at_its_place_and_the_rule_that_was_meant_is_offered(said: Spoken) -> None:
    error = _refused(said.text)
    assert said.text[error.start : error.start + error.width] == said.at
    assert error.start + error.width <= len(said.text)
    assert error.message == said.message
    if len(said.rules) == 1:
        assert error.hint == f"Write: {said.rules[0]}"
    else:
        assert error.hint == (" — ".join(said.rules) or said.hint)


@pytest.mark.parametrize("said", SPOKEN, ids=lambda said: said.text[:70])
def test_what_is_offered_for_a_sentence_is_a_rule(said: Spoken) -> None:
    error = _refused(said.text)
    offered = _offered(error.hint)
    assert len(offered) == len(said.rules)
    assert all(offered) or len(offered) == 1, "of several rules, one does not say when it is meant"
    for rule in offered.values():
        parse_rule(rule, shipped())
    asked = _ASKED.search(error.hint or "")
    if asked:
        parse_rule(asked[0], shipped())


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.rule[:70])
def test_what_is_offered_for_a_mistake_of_the_reference_is_a_rule(slip: Slip) -> None:
    for rule in _offered(slip.hint).values():
        parse_rule(rule, shipped(), exclusion=slip.exclusion)


def test_sentences_are_many_and_each_is_there_once() -> None:
    assert len({said.text for said in SPOKEN}) == len(SPOKEN) >= 150
