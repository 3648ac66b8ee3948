"""Bundles with anything changed anywhere: people come out, or an error that names the file; never another end."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from trialrun.errors import InputError
from trialrun.patients.fhir.read import load_content
from trialrun.patients.report import counted
from trialrun.patients.shipped import shipped_bundle, shipped_names

BUNDLES = {name: json.loads(shipped_bundle(name)) for name in shipped_names()}
WORDS = st.sampled_from(
    [
        "", " ", "2026", "2026-02-30", "2026-11-23T24:00:00Z", "0000", "9999-12-31", "#product", "#", "Patient/x", "urn:uuid:",
        "Medication/../../x", "\ud800", "\u202e", "active", "entered-in-error", "Bundle", "Patient", "http://loinc.org", "x" * 3_000,
    ]
)  # fmt: skip
NUMBERS = st.one_of(st.integers(-5, 5), st.sampled_from([1e308, -1e-308, 10**400, 0.1]))
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, WORDS, st.text(max_size=5))
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS | st.just("coding"), inner, max_size=3)),
    max_leaves=5,
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a JSON value but the whole."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*path, key)
        yield from places(inner, (*path, key))


PLACES = {name: list(places(document)) for name, document in BUNDLES.items()}


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    """What is at a place; None where it is gone."""
    for key in path:
        try:
            document = document[key]
        except (KeyError, IndexError, TypeError):
            return None
    return document


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A bundle with some members replaced, taken away, renamed, or put in twice."""
    name = draw(st.sampled_from(sorted(BUNDLES)))
    document = copy.deepcopy(BUNDLES[name])
    for _ in range(draw(st.integers(1, 4))):
        *above, key = draw(st.sampled_from(PLACES[name]))
        holder: Any = at(document, tuple(above))
        if isinstance(holder, str) or at(holder, (key,)) is None:
            continue
        how = draw(st.sampled_from(["replace", "remove", "rename", "copy"]))
        if how == "replace":
            holder[key] = draw(VALUES)
        elif how == "remove":
            del holder[key]
        elif isinstance(key, str):
            holder[draw(st.sampled_from(["contained", "code", "subject", "component", "x"]))] = copy.deepcopy(
                holder[key]
            )
        else:
            holder.append(copy.deepcopy(holder[key]))
    return document


@given(mutated())
def test_people_or_a_clear_error(document: Any) -> None:
    try:
        found = load_content(json.dumps(document).encode(), "b.json")
    except InputError as error:
        assert error.message.startswith("b.json")
        return
    for person in found.people:
        for event in person.events:
            numbers = (event.value, event.low, event.high, event.dose, event.per_day)
            assert all(number is None or math.isfinite(number) for number in numbers)
            assert event.dose is None or event.dose >= 0
            assert event.per_day is None or event.per_day > 0
            assert event.comparator in ("", "<", "<=", ">", ">=")
            assert event.low is None or event.high is None or event.low <= event.high
            assert event.origin.startswith("b.json: ")
        assert not (person.coverage and found.report.lost)
    assert json.loads(json.dumps(found.report.as_json()))["people"] == len(found.people)
    assert found.report.in_words()


@given(mutated(), st.integers(0, 400))
def test_a_file_cut_off_anywhere_is_told(document: Any, cut: int) -> None:
    content = json.dumps(document).encode()
    try:
        load_content(content[: -1 - cut], "b.json")
    except InputError as error:
        assert error.message.startswith("b.json")
    else:
        raise AssertionError("half a bundle was read as a whole one")


@given(st.sampled_from(sorted(BUNDLES)), st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_nothing_but_the_order_of_rows(name: str, random: Any) -> None:
    shuffled = copy.deepcopy(BUNDLES[name])
    random.shuffle(shuffled["entry"])

    def told(document: Any) -> set[tuple[object, ...]]:
        (person,) = load_content(json.dumps(document).encode(), "b.json").people
        facts = (person.birth, person.sex, person.death, person.coverage, counted([person]).rows.items())
        return {(event.id, event.start, event.std_code, event.value, event.dose, str(facts)) for event in person.events}

    assert told(shuffled) == told(BUNDLES[name])
