"""Accounts add up: many of them one by one, in any order, and what grows with the people stays bounded."""

from __future__ import annotations

from datetime import date

import pytest

from trialrun.patients import mapping
from trialrun.patients.mapping import Code
from trialrun.patients.person import Event, Person
from trialrun.patients.report import PeopleCount, ReadReport, RunningReport, counted
from trialrun.vocabulary.concepts import Domain

ON = date(2026, 11, 25)


def person(number: int, *codes: str) -> Person:
    rows = [
        Event(f"{number}-{place}", Domain.CONDITION, source_system="local", source_code=code)
        for place, code in enumerate(codes)
    ]
    return Person(str(number), events=tuple(rows))


def test_the_sum_of_accounts_is_the_account_of_all() -> None:
    people = [person(number, *"abc"[: number % 4], "x") for number in range(50)]
    running = RunningReport()
    for one in people:
        running.add(counted([one], ON))
    assert running.total() == counted(people, ON)
    assert sum((counted([one], ON) for one in people), ReadReport()) == running.total()


def test_codes_come_by_how_often_then_by_name() -> None:
    report = counted([person(1, "b", "a", "c", "c")])
    assert [(code.code, count) for code, count in report.unmapped_codes.items()] == [("c", 2), ("a", 1), ("b", 1)]
    assert (report.unmapped, report.mapped, report.row_count) == (4, 0, 4)


def test_sentences_are_kept_up_to_a_limit_and_all_are_counted() -> None:
    running = RunningReport()
    for number in range(1_000):
        running.add(ReadReport(files=1, problem_count=2, problems=(f"{number}", "b"), lost_count=1, lost=("c",)))
    total = running.total()
    assert (total.files, total.problem_count, total.lost_count) == (1_000, 2_000, 1_000)
    assert (len(total.problems), len(total.lost), total.problems[0]) == (200, 200, "0")


def test_codes_that_differ_in_every_row_do_not_take_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "_MOST_COUNTED", 500)
    monkeypatch.setattr(mapping, "MOST_KEPT", 20)
    count = PeopleCount()
    for number in range(2_000):
        count.add(person(number, f"{number}", "often"))
    report = count.report()
    assert report.unmapped == 4_000 and len(report.unmapped_codes) == 20
    assert next(iter(report.unmapped_codes.items())) == (Code("local", "often", ""), 2_000)


def test_dates_must_be_the_same_and_none_is_none() -> None:
    with pytest.raises(ValueError, match="different dates"):
        _ = ReadReport(files=1, on=ON) + ReadReport(files=1)
    assert (ReadReport() + ReadReport()).future is None and (ReadReport(future=0, on=ON) + ReadReport()).future == 0
    assert (ReadReport(meant=3) + ReadReport(meant=4)).meant == 7 and ReadReport().meant is None
