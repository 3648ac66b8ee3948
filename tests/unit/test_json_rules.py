"""A rule read from JSON is held to what a written one is held to: terms, units, levels, windows, questions."""

from __future__ import annotations

from typing import Any

import pytest

from trialrun.criteria.json_form import rule_from_json, rule_to_json
from trialrun.criteria.parsing import parse_rule
from trialrun.errors import InputError
from trialrun.vocabulary.shipped_terms import shipped

WITHIN = {"length": {"amount": 6, "unit": "month"}, "anchor": "screening", "kind": "within"}


def changed(rule: str, *path: str | int, to: object) -> dict[str, Any]:
    """The JSON form of a rule with one value changed."""
    document = rule_to_json(parse_rule(rule, shipped()))
    inner: Any = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return document


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (changed("took rituximab", "what", "any_of", 0, "name", to="rituximb"), "'rituximb' is not a drug"),
        (
            changed("diagnosed malignancy", "what", "any_of", 0, "name", to="rituximab"),
            "'rituximab' is not a diagnosis",
        ),
        (changed("took rituximab", "verb", to="underwent"), "'rituximab' is not a procedure"),
        (changed("latest ALT > 3 U/L", "limit", "unit", to="mg/dL"), "mg/dL does not measure ALT"),
        (changed("latest ALT > 3 U/L", "limit", "unit", to=""), "ALT without a unit"),
        (changed("latest ALT > 3 U/L", "limit", "unit", to="blips"), "'blips' is not a unit"),
        (changed("latest ALT > 3 U/L", "value", "test", to="HIV antibody"), "positive or negative, not a number"),
        (changed("latest NYHA class >= II", "limit", "name", to="V"), "'V' is not a level of NYHA class"),
        (changed("BMI > 30 kg/m2", "value", "formula", to="BMX"), "not a test"),
        (changed("any HIV antibody is positive", "result", "pick", to="lowest"), "does not go with positive"),
        (changed("latest ALT > 3 x ULN", "value", "pick", to="lowest"), "only a single result"),
        (changed("latest ALT > 3 x ULN", "limit", "factor", to=-3), "a multiple is not negative"),
        (changed("latest ALT > 3 U/L", "limit", "value", to=float("inf")), "this is no rule"),
        (changed("latest ALT > 3 U/L", "limit", "value", to=float("nan")), "this is no rule"),
        (changed("latest ALT > 3 U/L", "limit", "value", to=10**400), "this is no rule"),
        *(
            (changed(rule, *path, "length", "amount", to=large), "no duration is a number that large")
            for rule, path in (
                ("took rituximab within 6 months before screening", ("window",)),
                ("latest ALT within 2 weeks before screening > 3 U/L", ("value", "window")),
                ("dose of prednisone unchanged for 4 weeks before screening", ()),
            )
            for large in (10**400, -(10**400), 10**5000, 10**20, "9" * 400)
        ),
        (changed('investigator confirms "fit"', "words", to='fit" or sex is "male'), "this is no rule"),
        (changed('investigator confirms "fit"', "words", to=" "), "nothing stands between the quotes"),
        (changed("E1 and E2", "rules", 0, "id", to="E1 or E3"), "this is no rule"),
        (changed("hospitalised", "what", to={"any_of": [{"name": "stroke"}]}), "this is no rule"),
        (changed("took rituximab", "if_none", to="maybe"), "this is no rule: "),
        ({"kind": "took"}, "this is no rule: "),
        ([1, 2], "this is no rule: "),
        ({**rule_to_json(parse_rule("took rituximab", shipped())), "if_non": "no"}, "'if_non' is not a key here"),
    ],
)
def test_what_no_written_rule_may_say_is_refused(document: object, message: str) -> None:
    with pytest.raises(InputError) as caught:
        rule_from_json(document, shipped())
    assert message in caught.value.message


def test_other_names_for_a_term_are_told_with_the_canonical_wording() -> None:
    document = changed("latest hemoglobin < 9 g/dL", "value", "test", to="Hb")
    with pytest.raises(InputError, match="canonical form") as caught:
        rule_from_json(document, shipped())
    assert "latest hemoglobin < 9 g/dL" in (caught.value.hint or "")


def test_keys_with_a_default_may_be_left_out() -> None:
    document = {"verb": "took", "what": {"any_of": [{"name": "rituximab"}]}, "window": WITHIN, "kind": "happened"}
    assert rule_from_json(document, shipped()) == parse_rule(
        "took rituximab within 6 months before screening", shipped()
    )


def test_an_exclusion_does_not_ask_if() -> None:
    document = rule_to_json(parse_rule("if sex is female then E1", shipped()))
    assert rule_from_json(document, shipped())
    with pytest.raises(InputError, match="in an exclusion"):
        rule_from_json(document, shipped(), exclusion=True)


@pytest.mark.parametrize("deep", [101, 300, 5_000])
def test_rules_inside_rules_without_end_are_refused(deep: int) -> None:
    document: dict[str, Any] = {"sex": "male", "kind": "sex"}
    for _ in range(deep):
        document = {"rule": document, "kind": "not"}
    with pytest.raises(InputError, match="this is no rule"):
        rule_from_json(document, shipped())


def test_a_rule_whose_wording_is_longer_than_anybody_writes_is_read() -> None:
    rule = parse_rule(" or ".join(["took MTX within 6 mos before screening".replace("mos", "months")] * 70), shipped())
    assert rule_from_json(rule_to_json(rule), shipped()) == rule
