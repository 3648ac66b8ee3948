"""One slip in a protocol file: where it is said to be, in which words, and what to write instead."""

from __future__ import annotations

import pytest

from trialrun.errors import ProblemsError
from trialrun.protocol.load import load_text

STUDY = """\
format: trialrun/1
trial: NCT00000000
title: A study
version: "1"
arms:
  A:
    name: Arm
    drugs: examplin
    epochs:
      - treatment
drugs:
  examplin:
    name: Examplin
    route: oral
    dose: 100 mg
    days: 1-5
visits:
  screening: day -28..-1
  week 4: day 29, window -3..+3, epoch treatment
activities:
  informed consent: screening
  pain score: week 4
forms:
  pain:
    records: pain score
    items:
      pain: number 0..10
eligibility:
  include:
    I1:
      says: Adults
objectives:
  endpoints:
    P1:
      level: primary
      says: Pain
      at: week 4
      collected by: pain score
decisions:
  C1:
    asks: Flat or per body weight?
    options:
      flat: 100 mg
      per kg: 2 mg per kg
    sets: drugs.examplin.dose
    proposal: flat
    blocks: dose orders
    decided by: nobody yet
"""

# what is replaced, by what, line:column of the problem, words, hint (None: not looked at)
SLIPS = [
    ("route: oral", "ruote: oral", "14:5", "'ruote' is not a key here", "Did you mean 'route'?"),
    ("title: A study\n", "", "1:1", "'title' is missing", "Add a line 'title: …'."),
    ("format: trialrun/1", "format: trialrun/9", "1:9", "'trialrun/9' is not known here", None),
    ("    route: oral\n", "    route: oral\n    route: oral\n", "15:5", "'route' is given twice (first in line 14)", None),
    ("drugs: examplin", "drugs: {a: b}", "8:12", "an inline {…} hides", "Write one fact per line."),
    ("drugs: examplin", "drugs: [a]", "8:12", "an inline […] hides", None),
    ("name: Arm", "name: &x Arm", "7:11", "'&x' names a value for repeating", None),
    ("name: Arm", "name: !!str Arm", "7:11", "the tag", "Every value is plain text."),
    ("decisions:", "---\ndecisions:", "39:1", "a second document begins here", None),
    ("    route: oral", "\troute: oral", "14:1", "this is not YAML", "Indent with spaces; quote a value that begins with @, `, % or a tab."),
    ("title: A study", "title: A: study", "3:9", "this is not YAML", "Put quotes around a value that contains ': ', or write '>-' and the value on the next line, indented."),
    ("title: A study", "title:", "3:7", "nothing is written here", None),
    ("title: A study", "title:\n  - A", "4:3", "found a list where a line of text belongs", None),
    ("  A:\n    name: Arm\n    drugs: examplin\n    epochs:\n      - treatment\n", "  A: Arm\n", "6:6", "'Arm' stands where a block", None),
    ("    epochs:\n      - treatment\n", "    epochs: treatment\n", "9:13", "a list belongs here", None),
    ("days: 1-5", "days: 1-5, 0", "16:16", "there is no day 0", None),
    ("days: 1-5", 'days: "1-5, 4"', "16:17", "day 4 is given twice", None),
    ("dose: 100 mg", "dose: 100 mgs per cm2", "15:23", "'cm2' is not a body size", None),
    ("dose: 100 mg", "dose: 100 mg\n    cap: 5 IU", "16:10", "the dose is in mg, 'cap' in IU", "Write it in mg."),
    ("days: 1-5", "days: 1-5\n    cycles: 3", "17:5", "cycles need a length", "Add: cycle: 21 days"),
    ("days: 1-5", "days: 1-5\n    cycle: 3 days", "16:11", "days of a cycle lie between 1 and 3", None),
    ("days: 1-5", "days: 1-5\n    window:\n      day 9: 0..1", "18:14", "is not a window", None),
    ("days: 1-5", "days: 1-5\n    window:\n      sundays: 0", "18:7", "'sundays' does not say which days", None),
    ("drugs: examplin", "drugs: exampling", "8:12", "there is no drug 'exampling'", "Did you mean 'examplin'?"),
    ("epoch treatment", "epoch treatmnt", "19:11", "there is no epoch 'treatmnt'", "Did you mean 'treatment'?"),
    ("week 4: day 29", "week 4: 4 weeks after baselin", "19:11", "there is no anchor 'baselin'", None),
    ("week 4: day 29", "week 4: 2 days after week 4", "19:3", "wait for each other: week 4 → week 4", None),
    ("week 4: day 29", "week 4: day 29, window -99..+0", "19:35", "says again", None),
    ("window -3..+3", "window -60..+3", "19:11", "opens before the visit at which consent is given", None),
    ("week 4: day 29", "week 4: 1 day before consent", "19:11", "nothing of a study happens before consent", None),
    ("week 4: day 29", "week 4: 99 years after day 1", "19:11", "more than forty years from day 1", "Check the unit."),
    ("pain score: week 4", "pain score: week 5", "22:15", "there is no visit 'week 5'", "Did you mean 'week 4'?"),
    ("records: pain score", "records: pain scores", "25:14", "there is no activity 'pain scores'", None),
    ("pain: number 0..10", "pain: number 0..10, usual 0..11", "27:13", "reaches outside", None),
    ("    I1:", "    X1:", "30:5", "'X1' is not a criterion's id", "Write I1, I2, …"),
    ("      says: Adults", "      says: Adults\n      parts:\n        a:\n          says: x", "33:9", "'a' is not a part of I1", None),
    ("at: week 4\n      coll", "at: week 9\n      coll", "37:11", "there is no visit 'week 9'", None),
    ("level: primary", "level: main", "35:14", "'main' is not known here", "Known: primary, secondary, other."),
    ("  C1:", "  Conflict:", "40:3", "'Conflict' is not an id", None),
    ("blocks: dose orders", "blocks: dosing", "47:13", "there is no blockable thing", None),
    ("sets: drugs.examplin.dose", "sets: drugs.examplin.dosis", "45:11", "the file has no 'drugs.examplin.dosis'", None),
    ("proposal: flat", "proposal: half", "46:15", "there is no option of C1 'half'", None),
    ("dose: 100 mg", "dose: 200 mg", "15:11", "C1 says '100 mg', but here stands '200 mg'", "Write the value of C1."),
    ("dose: 100 mg", "dose: 100 mg [C2]", "15:11", "'decisions' has no C2", "Add C2 below decisions."),
    ("decided by: nobody yet", "decided by: Li Wei", "40:3", "C1 is decided without 'use' and 'reason' and 'decided on'", None),
    ("decided by: nobody yet", "decided by: nobody yet\n    use: flat", "49:10", "a choice but nobody who made it", None),
    ("decisions:", "accepted:\n  X1:\n    by: a\n    on: 2026-01-01\n    reason: b\ndecisions:", "40:3", "'X1' is not a finding", None),
    ("title: A study", "title: A\x07study", "3:9", "the character U+0007 cannot stand", None),
]  # fmt: skip


def test_the_study_itself_has_no_problem() -> None:
    assert load_text(STUDY).protocol.title == "A study"


@pytest.mark.parametrize(("old", "new", "place", "words", "hint"), SLIPS, ids=[slip[3][:40] for slip in SLIPS])
def test_a_slip(old: str, new: str, place: str, words: str, hint: str | None) -> None:
    assert STUDY.count(old) >= 1
    changed = STUDY.replace(old, new, 1)
    with pytest.raises(ProblemsError) as caught:
        load_text(changed, "study.yaml")
    found = [(str(problem.place), problem.message, problem.hint) for problem in caught.value.problems]
    match = next((one for one in found if words in one[1]), None)
    assert match is not None, found
    assert match[0] == f"study.yaml:{place}"
    if hint is not None:
        assert match[2] == hint


def test_all_problems_are_told_at_once_in_the_order_of_lines() -> None:
    changed = STUDY.replace("route: oral", "ruote: oral").replace("level: primary", "level: main")
    changed = changed.replace("days: 1-5", "days: 5-1")
    with pytest.raises(ProblemsError) as caught:
        load_text(changed, "study.yaml")
    lines = [problem.place.line for problem in caught.value.problems if problem.place]
    assert lines == [14, 16, 35]


def test_the_caret_stands_below_the_words() -> None:
    with pytest.raises(ProblemsError) as caught:
        load_text(STUDY.replace("days: 1-5", "days: 1-5, 4"), "study.yaml")
    said = caught.value.problems[0].render().splitlines()
    assert said[1:3] == ["        days: 1-5, 4", "                   ^"]


def test_a_long_line_is_shown_around_the_caret() -> None:
    long = "days: " + ", ".join(str(day) for day in range(1, 200)) + ", 5"
    with pytest.raises(ProblemsError) as caught:
        load_text(STUDY.replace("days: 1-5", long), "study.yaml")
    shown, caret = caught.value.problems[0].render().splitlines()[1:3]
    assert len(shown) <= 170
    assert shown[caret.index("^")] == "5"


def test_consent_may_be_given_inside_the_window_of_its_own_visit() -> None:
    load_text(STUDY.replace("screening: day -28..-1", "screening: day -28, window -3..+3"), "study.yaml")
