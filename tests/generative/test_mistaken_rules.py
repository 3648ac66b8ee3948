"""Whatever somebody writes: the complaint points into the text, and what it offers is a rule."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trialrun.criteria.parsing import parse_rule
from trialrun.errors import GrammarError
from trialrun.vocabulary.shipped_terms import shipped

_WORDS = [
    "took",
    "received",
    "on",
    "no",
    "not",
    "history",
    "of",
    "diagnosed",
    "prior",
    "stable",
    "dose",
    "for",
    "at",
    "least",
    "less",
    "than",
    "more",
    "within",
    "the",
    "last",
    "6",
    "4",
    "weeks",
    "months",
    "before",
    "prior_to",
    "screening",
    "first_dose",
    "rituximab",
    "methotrexate",
    "stroke",
    "TIA",
    "surgery",
    "ALT",
    "AST",
    "ECOG",
    "NYHA",
    "class",
    "III",
    "IV",
    "0",
    "1",
    ">",
    "<=",
    "greater_than",
    "3",
    "x",
    "ULN",
    "times",
    "upper_limit_of_normal",
    "age",
    "18",
    "to",
    "75",
    "years_of_age",
    "and",
    "or",
    ",",
    "except",
    "other_than",
    "HIV",
    "positive",
    "negative",
    "pregnant",
    "lactating",
    "sex",
    "is",
    "female",
    "if",
    "then",
    "unless",
    "(",
    ")",
    "[",
    "]",
    ":",
]
_SENTENCES = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=14).map(
    lambda words: " ".join(words).replace("_", " ")
)


@given(_SENTENCES)
def test_what_is_offered_is_a_rule_and_the_place_is_in_the_text(text: str) -> None:
    try:
        parse_rule(text, shipped())
    except GrammarError as error:
        assert 0 <= error.start < max(1, len(text))
        hint = error.hint or ""
        offered = [hint.removeprefix("Write: ")] if hint.startswith("Write: ") else []
        if " — " in hint:
            offered = [part.partition(": ")[2] for part in hint.split(" — ")]
        for rule in offered:
            parse_rule(rule, shipped())
