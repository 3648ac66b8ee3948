"""Items of forms, and where activities are done."""

from __future__ import annotations

from decimal import Decimal

import pytest

from trialrun.errors import GrammarError
from trialrun.protocol.activities import Span, Where, names_list
from trialrun.protocol.items import Item, Kind, Limits


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("text", Item(Kind.TEXT)),
        ("yes or no, optional", Item(Kind.YES_NO, optional=True)),
        ("partial date", Item(Kind.PARTIAL_DATE)),
        ("choice of female | male", Item(Kind.CHOICE, choices=("female", "male"))),
        ("whole number 0..50", Item(Kind.WHOLE, limits=Limits(Decimal(0), Decimal(50)))),
        (
            "number 34.0..42.0 Cel, usual 35.5..37.9, decimals 1",
            Item(
                Kind.NUMBER,
                limits=Limits(Decimal("34.0"), Decimal("42.0")),
                unit="Cel",
                usual=Limits(Decimal("35.5"), Decimal("37.9")),
                decimals=1,
            ),
        ),
        (
            "number 0..500 mg/L, usual ..5",
            Item(Kind.NUMBER, Limits(Decimal(0), Decimal(500)), "mg/L", usual=Limits(None, Decimal(5))),
        ),
        (
            "number mg/L, below limit allowed, not done allowed",
            Item(Kind.NUMBER, unit="mg/L", below_limit=True, not_done=True),
        ),
        ("derived completed years at screening", Item(Kind.DERIVED, formula="completed years at screening")),
    ],
)
def test_item(text: str, item: Item) -> None:
    assert Item.parse(text) == item
    assert Item.parse(str(item)) == item


@pytest.mark.parametrize(
    ("text", "start", "words"),
    [
        ("numbr 1..2", 0, "is not a kind of item"),
        ("number 5..1", 7, "is empty"),
        ("choice of one", 0, "two or more different values"),
        ("choice of a | a", 0, "two or more different values"),
        ("number 0..10, usual 0..11", 0, "reaches outside"),
        ("text, optional, usual x", 16, "is not a clause"),
    ],
)
def test_no_item(text: str, start: int, words: str) -> None:
    with pytest.raises(GrammarError, match=words) as caught:
        Item.parse(text)
    assert caught.value.start == start


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("screening, week 12", Where(("screening", "week 12"))),
        ("dosing days", Where(dosing_days=True)),
        ("as needed", Where(as_needed=True)),
        ("screening; only if could become pregnant", Where(("screening",), only_if="could become pregnant")),
        ("every contact consent..week 24", Where(spans=(Span("contact", "consent", "week 24"),))),
    ],
)
def test_where(text: str, where: Where) -> None:
    assert Where.parse(text) == where
    assert Where.parse(str(where)) == where


@pytest.mark.parametrize(
    ("text", "start", "words"),
    [("a,, b", 2, "a visit is missing"), ("a, a", 3, "given twice"), ("a; if x", 2, "is not a condition")],
)
def test_no_where(text: str, start: int, words: str) -> None:
    with pytest.raises(GrammarError, match=words) as caught:
        Where.parse(text)
    assert caught.value.start == start


def test_names() -> None:
    assert names_list("a b,  c") == ("a b", "c")
    with pytest.raises(GrammarError, match="given twice"):
        names_list("a, b, a")
