"""The facts behind a verdict, as a coordinator reads them: value, unit, date and limit; drug, amount, days and limit."""

from __future__ import annotations

from datetime import date

import pytest

from trialrun.criteria.meaning.case import Case
from trialrun.criteria.meaning.days import Anchors
from trialrun.criteria.meaning.history import History
from trialrun.criteria.meaning.rules import evaluate
from trialrun.criteria.parsing import parse_rule
from trialrun.patients.person import Event, Person, Status
from trialrun.screening.facts import Facts
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.shipped_terms import shipped

ON = date(2026, 11, 23)
HIGHEST = "highest daily dose of systemic glucocorticoid as prednisone within 1 month before screening > 10 mg, if nothing recorded: no"


def drug(name: str, dose: float | None, since: str, until: str = "", status: Status = Status.ACTIVE) -> Event:
    end = PartialDate.parse(until) if until else None
    per_day = 1.0 if dose is not None else None
    return Event(
        f"{name} {since}", Domain.DRUG, PartialDate.parse(since), end, source_text=name, dose=dose, dose_unit="mg",
        per_day=per_day, route="oral", status=status,
    )  # fmt: skip


def result(test: str, value: float, unit: str, on: str, high: float | None = None) -> Event:
    return Event(
        f"{test} {on}", Domain.MEASUREMENT, PartialDate.parse(on), source_text=test, value=value, unit=unit, high=high
    )


CASES: list[tuple[str, tuple[Event, ...], tuple[str, ...]]] = [
    (HIGHEST, (drug("prednisone", 20, "2026-01-03"),), ("prednisone 20 mg/day since 2026-01-03, limit 10 mg/day",)),
    (
        HIGHEST,
        (drug("methylprednisolone", 16, "2026-11-01"),),
        ("methylprednisolone 16 mg/day since 2026-11-01: 20 mg/day as prednisone, limit 10 mg/day",),
    ),
    (
        HIGHEST,
        (drug("prednisone", 20, "2026-11-01", "2026-11-10"), drug("prednisone", 15, "2026-11-11")),
        (
            "prednisone 20 mg/day 2026-11-01 to 2026-11-10; prednisone 15 mg/day since 2026-11-11: "
            "20 mg/day as prednisone, limit 10 mg/day",
        ),
    ),
    (
        HIGHEST,
        (drug("prednisone", 20, "2026-11-05", "2026-11-05"),),
        ("prednisone 20 mg/day on 2026-11-05, limit 10 mg/day",),
    ),
    (
        HIGHEST,
        (drug("prednisone", None, "2026-11-01"),),
        ("prednisone daily dose not stated since 2026-11-01: > 0 mg/day as prednisone, limit 10 mg/day",),
    ),
    (
        HIGHEST,
        (drug("prednisone", 20, "2026-11-01", status=Status.COMPLETED),),
        ("prednisone 20 mg/day from 2026-11-01, end not stated, limit 10 mg/day",),
    ),
    (
        f"not ({HIGHEST})",
        (drug("prednisone", 20, "2026-01-03"),),
        ("prednisone 20 mg/day since 2026-01-03, limit 10 mg/day",),
    ),
    (
        "latest ALT > 60 U/L",
        (result("ALT", 38, "U/L", "2026-11-20"),),
        ("ALT 38 U/L on 2026-11-20, limit 60 U/L",),
    ),
    (
        "latest ALT > 3 x ULN",
        (result("ALT", 160, "U/L", "2026-11-20", high=40),),
        ("ALT 160 U/L on 2026-11-20 (3 x ULN is 120)",),
    ),
    (
        "latest ALT between 10 and 60 U/L and latest AST > 50 U/L",
        (result("ALT", 38, "U/L", "2026-11-20"), result("AST", 70, "U/L", "2026-11-20")),
        ("ALT 38 U/L on 2026-11-20, limit 10 to 60 U/L", "AST 70 U/L on 2026-11-20, limit 50 U/L"),
    ),
]


@pytest.mark.parametrize(("rule", "events", "wanted"), CASES)
def test_the_facts(rule: str, events: tuple[Event, ...], wanted: tuple[str, ...]) -> None:
    assert facts({"E1": rule}, "E1", *events) == wanted


def test_two_limits_of_one_amount_are_told_apart_and_a_criterion_tells_those_of_its_parts() -> None:
    rules = {"E1": "E1.a or E1.b", "E1.a": HIGHEST, "E1.b": HIGHEST.replace("> 10", "> 30")}
    row = drug("prednisone", 40, "2026-01-03")
    said = "prednisone 40 mg/day since 2026-01-03, limit"
    assert facts(rules, "E1.a", row) == (f"{said} 10 mg/day",)
    assert facts(rules, "E1", row) == (f"{said} 10 mg/day", f"{said} 30 mg/day")


def facts(wordings: dict[str, str], item: str, *events: Event) -> tuple[str, ...]:
    """The facts behind the verdict of an item of one person."""
    rules = {name: parse_rule(words, shipped(), exclusion=True) for name, words in wordings.items()}
    history = History(Person("007", events=events), ON, shipped())
    case = Case(history, Anchors.screening(ON), {}, rules)
    findings = {name: evaluate(name, case) for name in rules}
    return Facts(rules, findings, {row.id: row for row in history.rows(*Domain)}).of(item, findings[item])
