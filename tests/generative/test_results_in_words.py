"""Results in words: no text breaks the readers, and what is added around a result never turns it round."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialrun.vocabulary.analytes import analytes, convert_result
from trialrun.vocabulary.concepts import Concept, Scale
from trialrun.vocabulary.results import finding, level

ORDINALS = [c.measure for c in analytes() if c.measure and c.measure.scale is Scale.ORDINAL]
QUANTITIES = [c for c in analytes() if c.measure and c.measure.scale is Scale.QUANTITY]
WORDS = st.lists(
    st.sampled_from(
        [
            "not",
            "no",
            "non",
            "detected",
            "positive",
            "negative",
            "reactive",
            "HIV",
            "antibodies",
            "weakly",
            "+",
            "-",
            "to",
            "III",
            "II",
            "class",
            "NYHA",
            "3",
            "0",
            ">=",
            "/",
            "or",
            "higher",
            "Ⅳ",
            "阳性",
            "阴性",
            "b7",
            "present",
        ]
    ),
    max_size=6,
).map(" ".join)


@given(text=st.text(max_size=40) | WORDS)
def test_any_text_is_read_or_left(text: str) -> None:
    assert finding(text) in (None, "positive", "negative", "indeterminate")
    for ordinal in ORDINALS:
        span = level(ordinal, text)
        assert span is None or 0 <= span[0] <= span[1] < len(ordinal.levels)


@given(text=WORDS)
def test_a_denial_is_never_positive(text: str) -> None:
    words = text.split()
    if finding(text) == "positive":
        assert not {"not", "no", "non", "negative", "阴性"} & set(words), text


@given(
    concept=st.sampled_from(QUANTITIES),
    value=st.floats(-1e6, 1e6),
    source=st.text(max_size=8)
    | st.sampled_from(["mg/dL", "mmol/L", "IU/L", "U/L", "%", "meq/L", "G/L", "1", "", "mmol/mol"]),
)
def test_results_go_there_and_back(concept: Concept, value: float, source: str) -> None:
    unit = (concept.measure.unit if concept.measure else None) or ""
    there = convert_result(concept, value, source, unit)
    if there is not None:
        assert convert_result(concept, there, unit, source) == pytest.approx(value, rel=1e-9, abs=1e-9)
