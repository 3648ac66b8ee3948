"""Decisions written into a file: only their lines change."""

from __future__ import annotations

from datetime import date

import pytest

from trialrun.errors import InputError, ProblemsError, UsageError
from trialrun.protocol.decide import Ruling, decide
from trialrun.protocol.load import ProtocolFile, load_text

TEXT = """\
format: trialrun/1   # first line
trial: NCT00000000
title: An example
version: 1
calendar:
  start on: Mon [Q1]            # day 1 a Monday
drugs:
  drug:
    name: Example
    dose: 100 mg [C1]           # what the arm says
decisions:
  # the dose
  C1:
    texts:
      - "summary: 50 mg"
      - "arm: 100 mg"
    options:
      arm: 100 mg
      summary: 50 mg
    sets: drugs.drug.dose
    proposal: arm
    blocks: dose orders
    decided by: nobody yet      # until a person signs
  Q1:
    asks: >-
      Which weekday
      is day 1?
    proposal: Mon
    blocks: calendar

# the end
"""

RULING = Ruling("summary", "Li Wei, investigator", date(2026, 11, 24), 'the "summary": newest')


def _file(text: str = TEXT) -> ProtocolFile:
    return load_text(text, "study.yaml")


def _changed_lines(before: str, after: str) -> list[str]:
    old = before.splitlines()
    return [line for line in after.splitlines() if line not in old]


def test_a_decision_changes_its_own_lines_and_the_value_it_sets() -> None:
    changed = decide(_file(), "C1", RULING)
    assert _changed_lines(TEXT, changed.source.text) == [
        "    dose: 50 mg [C1]           # what the arm says",
        "    decided by: Li Wei, investigator      # until a person signs",
        "    use: summary",
        "    decided on: 2026-11-24",
        '    reason: "the \\"summary\\": newest"',
    ]


def test_every_comment_stays() -> None:
    changed = decide(decide(_file(), "C1", RULING), "Q1", RULING)
    comments = [line.split("#", 1)[1] for line in TEXT.splitlines() if "#" in line]
    assert [line.split("#", 1)[1] for line in changed.source.text.splitlines() if "#" in line] == comments


def test_the_decided_item_is_no_longer_open_and_the_hash_is_another() -> None:
    before = _file()
    changed = decide(before, "C1", RULING)
    assert list(before.open_items()) == ["C1", "Q1"]
    assert list(changed.open_items()) == ["Q1"]
    assert changed.hash != before.hash
    row = changed.protocol.decisions["C1"]
    assert (row.use, row.decided_by, str(row.decided_on)) == ("summary", "Li Wei, investigator", "2026-11-24")
    assert row.reason == 'the "summary": newest'


def test_the_word_proposal_takes_the_proposal() -> None:
    changed = decide(_file(), "C1", Ruling("proposal", "Li Wei, investigator", date(2026, 11, 24), "as proposed"))
    assert changed.protocol.decisions["C1"].use == "arm"
    assert str(changed.protocol.drugs["drug"].dose) == "100 mg"


def test_deciding_twice_needs_to_be_said() -> None:
    once = decide(_file(), "C1", RULING)
    with pytest.raises(InputError, match=r"C1 was decided by Li Wei, investigator on 2026-11-24: summary"):
        decide(once, "C1", RULING)
    twice = decide(once, "C1", Ruling("arm", "Ann Bo, sponsor", date(2026, 11, 25), "second thoughts"), again=True)
    assert twice.protocol.decisions["C1"].decided_by == "Ann Bo, sponsor"
    assert twice.source.text.count("decided by: ") == 1


@pytest.mark.parametrize(
    ("item", "use", "words"),
    [
        ("C9", "arm", r"study.yaml has no 'C9'"),
        ("C1", "both", r"'both' is not an option of C1\n  Options: 'arm' \(100 mg\); 'summary' \(50 mg\)"),
        ("X", "arm", r"has no 'X'"),
    ],
)
def test_what_does_not_exist_is_said(item: str, use: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        decide(_file(), item, Ruling(use, "Li Wei, investigator", date(2026, 11, 24), "why"))


@pytest.mark.parametrize(
    ("use", "by", "reason"),
    [
        ("arm", "Li Wei", "why"),
        ("arm", ", investigator", "why"),
        ("arm", "REHEARSAL, program", "why"),
        ("arm", "nobody yet, nobody", "why"),
        ("arm", "Li Wei, investigator", " "),
        (" ", "Li Wei, investigator", "why"),
    ],
)
def test_a_decision_is_a_named_persons_with_a_reason(use: str, by: str, reason: str) -> None:
    with pytest.raises(UsageError):
        Ruling(use, by, date(2026, 11, 24), reason)


def test_a_finding_is_accepted_in_a_block_of_its_own() -> None:
    ruling = Ruling("accepted", "Li Wei, investigator", date(2026, 11, 24), "known")
    changed = decide(decide(_file(), "L23", ruling), "L14 drugs.drug", ruling)
    assert list(changed.protocol.accepted) == ["L23", "L14 drugs.drug"]
    assert changed.source.text.startswith(TEXT.rstrip("\n"))
    with pytest.raises(InputError, match="was accepted by Li Wei, investigator"):
        decide(changed, "L23", ruling)


def test_a_finding_can_only_be_accepted() -> None:
    with pytest.raises(UsageError, match="Write: --use accepted"):
        decide(_file(), "L23", RULING)


def test_a_decision_that_contradicts_the_file_does_not_load() -> None:
    decided = decide(_file(), "C1", RULING).source.text
    with pytest.raises(ProblemsError, match=r"C1 says '50 mg', but here stands '100 mg'"):
        load_text(decided.replace("dose: 50 mg", "dose: 100 mg"), "study.yaml")


def test_windows_line_ends_stay() -> None:
    changed = decide(_file(TEXT.replace("\n", "\r\n")), "C1", RULING)
    assert changed.source.text.count("\r\n") == changed.source.text.count("\n")


def test_a_reason_may_end_with_the_id_of_another_row() -> None:
    ruling = Ruling("summary", "Li Wei [site 1], investigator", date(2026, 11, 24), "follows from [Q1]")
    changed = decide(_file(), "C1", ruling)
    assert changed.protocol.decisions["C1"].reason == "follows from [Q1]"
    assert changed.marked("Q1") == (("calendar", "start on"),)
