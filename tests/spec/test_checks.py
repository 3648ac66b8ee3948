"""Every check fails on its own example and passes the mended one; nothing else is found by it in the small study."""

from __future__ import annotations

import re
from datetime import date

import pytest

from trialrun.protocol.checks.catalogue import ALL, by_id
from trialrun.protocol.checks.example import TODAY, example_record, example_text
from trialrun.protocol.checks.findings import Case, Check, Finding, Severity, findings
from trialrun.protocol.load import load_text

ON = date.fromisoformat(TODAY)


def found(check: Check, blocks: str, changes: tuple[tuple[str, object], ...]) -> list[Finding]:
    file = load_text(example_text(blocks), "example.yaml")
    return [one for one in findings(Case(file, example_record(changes), ON), [check]) if one.id == check.id]


def test_there_are_at_least_thirty_and_no_id_is_used_twice() -> None:
    assert len({check.id for check in ALL}) == len(ALL) >= 30
    assert by_id("L17").id == "L17"


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_the_failing_example_fails_at_a_place(check: Check) -> None:
    rows = found(check, check.fails, check.record_fails)
    assert rows
    lines = example_text(check.fails).splitlines()
    for one in rows:
        assert 1 <= one.place.line <= len(lines)
        assert one.remark.message and one.remark.message[-1] not in ".:"
        assert one.is_error == (check.severity is not Severity.WARNING)


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.id)
def test_the_passing_example_passes(check: Check) -> None:
    assert found(check, check.passes, check.record_passes) == []


def test_the_small_study_has_no_finding_at_all() -> None:
    file = load_text(example_text(""), "example.yaml")
    assert findings(Case(file, example_record(()), ON), ALL) == ()


def test_checks_against_a_record_are_silent_without_one() -> None:
    file = load_text(example_text(""), "example.yaml")
    assert findings(Case(file, None, ON), ALL) == ()


def test_an_accepted_finding_stays_with_its_name_and_is_no_error() -> None:
    check = by_id("L27")
    accepted = '\naccepted:\n  L27:\n    by: Li Wei, investigator\n    on: 2026-11-24\n    reason: "the site takes adults of 21"\n'
    (one,) = found(check, check.fails + accepted, ())
    assert one.accepted


def test_accepting_one_subject_leaves_the_others() -> None:
    check = by_id("L27")
    accepted = "\naccepted:\n  L27 elsewhere:\n    by: Li Wei, investigator\n    on: 2026-11-24\n    reason: because\n"
    (one,) = found(check, check.fails + accepted, ())
    assert not one.accepted and one.is_error


def test_a_recorded_conflict_is_no_error_and_an_unrecorded_one_is() -> None:
    check = by_id("L28")
    (one,) = found(check, check.fails, ())
    assert one.is_error and one.recorded_as is None
    texts = "".join(f'      - "{text}"\n' for text in one.remark.texts)
    row = f"\ndecisions:\n  C1:\n    texts:\n{texts}    asks: Which window holds?\n    blocks: eligibility\n    decided by: nobody yet\n"
    (recorded,) = found(check, check.fails + row, ())
    assert recorded.recorded_as == "C1" and not recorded.is_error


def test_a_file_without_closed_days_is_said() -> None:
    (one,) = found(by_id("L14"), "calendar:\n  closed days: absent\n", ())
    assert one.remark.message.startswith("no closed days and no holidays are stated")
    said = found(by_id("L14"), "calendar:\n  closed days: absent\n  holidays: DE\n", ())
    assert not any("no closed days" in other.remark.message for other in said)


def test_every_reason_is_a_sentence() -> None:
    assert [check.id for check in ALL if not re.search(r"[.)]$", check.why.strip())] == []


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("latest ALT > 3000000 U/L", True),
        ("latest creatinine < 1.5 g/dL", True),
        ("latest creatinine < 1.5 mg/dL", False),
        ("latest creatinine > 130 umol/L", False),
        ("latest hemoglobin >= 90 g/dL", True),
        ("latest hemoglobin >= 90 g/L", False),
        ("latest platelets > 100 /uL", True),
        ("latest platelets > 100 10*9/L", False),
        ("latest platelets >= 0 10*9/L", False),
        ("latest CRP <= 0.0005 mg/L", True),
        ("latest CRP <= 0.5 mg/L", False),
        ("latest neutrophils >= 1500 10*9/L", True),
        ("latest neutrophils >= 1500 /uL", False),
        ("latest potassium between 3.5 and 55 mmol/L", True),
        ("count of ALT within 28 days before screening >= 90000", False),
        ("latest ALT > 100 x ULN", False),
        ("latest PHQ-9 >= 50", True),
    ],
)
def test_a_limit_that_no_result_can_reach_is_told(rule: str, wrong: bool) -> None:
    rows = found(by_id("L63"), f"eligibility:\n  exclude:\n    E2:\n      says: so\n      rule: {rule}\n", ())
    assert len(rows) == wrong


@pytest.mark.parametrize(
    ("check", "limit", "said"),
    [("L63", "90 g/dL", "so"), ("L62", "75 10*9/L", "Platelets at least 100 x 10^9/L")],
)
def test_a_number_of_a_rule_is_pointed_at_in_a_rule_of_several_lines(check: str, limit: str, said: str) -> None:
    test = "hemoglobin" if check == "L63" else "platelets"
    rule = f"rule: >-\n        sex is female and\n        latest {test} < {limit}\n"
    text = f"eligibility:\n  exclude:\n    E2:\n      says: {said}\n      {rule}"
    (row,) = found(by_id(check), text, ())
    line = example_text(text).splitlines()[row.place.line - 1]
    assert line[row.place.column - 1 :] == limit


_OPEN = (
    "decisions:\n  Q1:\n    asks: From which day is the window of E2 counted?\n    about:\n      - eligibility.exclude.E2\n"
    "    proposal: screening\n    blocks: eligibility\n"
)
_RULED = (
    "eligibility:\n  exclude:\n    E2:\n      says: Rituximab within 6 months.\n"
    "      rule: took rituximab within 6 months before screening{mark}\n"
)


@pytest.mark.parametrize(
    ("blocks", "hint"),
    [
        (_RULED.format(mark=""), "Its rule has an anchor that the sentence does not"),
        (_RULED.format(mark=" [Q1]") + _OPEN, "Q1 asks it: once it is decided, this is settled."),
        (_RULED.format(mark="") + _OPEN, "Q1 asks it: once it is decided, this is settled."),
        (
            _RULED.format(mark=" [Q1]")
            + _OPEN
            + "    use: screening\n    decided by: Chen Mei\n    decided on: 2026-11-20\n    reason: as usual\n",
            None,
        ),
    ],
    ids=["silent", "marked", "about", "decided"],
)
def test_a_missing_anchor_names_the_item_that_asks_for_it_until_it_is_decided(blocks: str, hint: str | None) -> None:
    rows = found(by_id("L33"), blocks, ())
    assert [(row.remark.hint or "").startswith(hint or "-") for row in rows] == ([] if hint is None else [True])


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("Platelets > 100 x 10^9/L", "Platelets > 100,000 x 10^9/L", None),
        ("White cells above 1.5 x 10^9/L", "White cells above 1,5 x 10^9/L", None),
        ("Hemoglobin < 10 g/dL", "Hemoglobin > 10 g/dL", None),
        (
            "Platelets high enough, by rule",
            "Platelets high enough (by rule).",
            "I8 has the sentence of I7, and another rule",
        ),
    ],
)
def test_a_sentence_is_the_same_only_with_the_same_numbers_and_signs(one: str, other: str, said: str | None) -> None:
    blocks = (
        f"eligibility:\n  include:\n    I7:\n      says: '{one}'\n      rule: latest platelets > 100 10*9/L\n"
        f"    I8:\n      says: '{other}'\n      rule: latest platelets > 1000 10*9/L\n"
    )
    assert [row.remark.message for row in found(by_id("L26"), blocks, ())] == ([said] if said else [])


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("not diagnosed asthma", ["E2: an exclusion that applies to everybody without a diagnosis of asthma: is that meant?"]),
        ("did not have heart failure", ["E2: an exclusion that applies to everybody without heart failure: is that meant?"]),
        ("diagnosed gout or did not take rituximab", ["E2: an exclusion that applies to everybody who did not take rituximab: is that meant?"]),
        ("diagnosed gout and not diagnosed asthma", []),
        ("diagnosed asthma", []),
        ("did not undergo chest imaging within 3 months before screening", []),
    ],
)  # fmt: skip
def test_an_inverted_exclusion_is_asked_about(rule: str, told: list[str]) -> None:
    blocks = f"eligibility:\n  exclude:\n    E2:\n      says: Something else\n      rule: {rule}\n"
    assert [row.remark.message for row in found(by_id("L64"), blocks, ())] == told
