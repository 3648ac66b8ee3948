"""The founding study as it ships: whole, honest about what is proposed, and its conflicts found without help."""

from __future__ import annotations

import re
from datetime import date

import pytest

from trialrun.protocol.checks.catalogue import ALL
from trialrun.protocol.checks.findings import Case, Finding, findings
from trialrun.protocol.load import ProtocolFile, load_text
from trialrun.protocol.model import NOBODY, Criterion
from trialrun.protocol.references import criterion_ids, resolve
from trialrun.protocol.schedule.dosing import dosing_days
from trialrun.protocol.shipped import shipped_text
from trialrun.registry.reading import outcomes_by_level, unescape
from trialrun.registry.shipped import shipped_record

ON = date(2026, 11, 24)


def found(file: ProtocolFile) -> tuple[Finding, ...]:
    return findings(Case(file, shipped_record("NCT04062006"), ON), ALL)


@pytest.fixture(scope="module")
def bare() -> ProtocolFile:
    """The founding study without a single decision, mark or remark: a file nobody has thought about yet."""
    text = shipped_text("NCT04062006")
    text = text[: text.index("\ndecisions:")] + "\n"
    return load_text(re.sub(r"\s*\[[CQA]\d+(?:, [CQA]\d+)*\]", "", text), "bare.yaml")


def test_registered_facts(founding: ProtocolFile) -> None:
    protocol = founding.protocol
    assert protocol.trial == "NCT04062006"
    assert protocol.size.enrol == 15
    assert list(protocol.arms) == ["IL2"]
    drug = protocol.drugs["rhIL-2"]
    assert len(dosing_days(protocol, drug)[0]) == 28
    assert drug.route == "subcutaneous"
    assert protocol.follow_up.after_last_dose is not None
    assert str(protocol.follow_up.after_last_dose) == "3 months"


def test_every_registered_outcome_is_an_endpoint_in_its_own_words(founding: ProtocolFile) -> None:
    record = shipped_record("NCT04062006")
    assert record is not None
    registered = {key: " ".join(unescape(outcome.measure or "").split()) for key, outcome in outcomes_by_level(record)}
    endpoints = founding.protocol.objectives.endpoints
    assert len(registered) == 8
    assert {key: endpoint.says for key, endpoint in endpoints.items()} == registered
    for endpoint in endpoints.values():
        assert endpoint.collected_by and endpoint.at


def test_all_criteria_in_the_registered_words(founding: ProtocolFile) -> None:
    record = shipped_record("NCT04062006")
    assert record is not None
    registered = _words(unescape(record.eligibility.eligibility_criteria or ""))
    rules = founding.protocol.eligibility
    assert [len(rules.include), len(rules.exclude)] == [6, 13]
    for key, criterion in {**rules.include, **rules.exclude}.items():
        for name, says in _said(key, criterion):
            assert _words(says) in registered, name


def _said(key: str, criterion: Criterion) -> list[tuple[str, str]]:
    own = [(key, criterion.says)]
    return own + [said for name, part in criterion.parts.items() for said in _said(name, part)]


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.casefold()))


def test_parts_carry_the_ids_of_the_study_notes(founding: ProtocolFile) -> None:
    ids = criterion_ids(founding.protocol)
    assert {"I3.4.a", "I3.4.b", "I3.4.e", "E11.d"} <= set(ids)


def test_every_decision_is_open_and_has_a_proposal(founding: ProtocolFile) -> None:
    rows = founding.protocol.decisions
    assert [key for key in rows if key[0] == "C"] == [f"C{n}" for n in range(1, 5)]
    assert [key for key in rows if key[0] == "Q"] == [f"Q{n}" for n in range(1, 27)]
    assert {row.decided_by for row in rows.values()} == {NOBODY}
    assert all(row.proposal and row.asks and row.blocks for row in rows.values())


def test_every_proposed_value_leads_to_its_decision(founding: ProtocolFile) -> None:
    for key, row in founding.protocol.decisions.items():
        about = [resolve(founding.source.plain, dotted) for dotted in row.about]
        assert founding.marked(key) or any(about) or row.sets, key


@pytest.mark.parametrize(
    ("block", "proposed_by"),
    [("forms", "A7"), ("activities", "A7"), ("rules", "A9")],
)
def test_whole_blocks_that_are_proposed_say_so(founding: ProtocolFile, block: str, proposed_by: str) -> None:
    assert block in founding.protocol.decisions[proposed_by].about


def test_hold_and_stop_rules_are_marked_as_proposed(founding: ProtocolFile) -> None:
    marks = founding.source.marks
    for number, rule in enumerate(founding.protocol.drugs["rhIL-2"].hold):
        assert marks[("drugs", "rhIL-2", "hold", number, "if")] == ("A5",), rule.condition
    for number in range(len(founding.protocol.drugs["rhIL-2"].stop)):
        assert marks[("drugs", "rhIL-2", "stop", number)] == ("A5",)


def test_every_visit_but_the_registered_weeks_is_marked(founding: ProtocolFile) -> None:
    marks = {name: founding.source.marks.get(("visits", name)) for name in founding.protocol.visits}
    assert all(marks.values()), marks


def test_every_endpoint_is_collected_by_a_form(founding: ProtocolFile) -> None:
    protocol = founding.protocol
    recorded = {activity for form in protocol.forms.values() for activity in form.records}
    for key, endpoint in protocol.objectives.endpoints.items():
        assert set(endpoint.collected_by) <= recorded, key


def test_nothing_is_an_error_because_every_conflict_is_recorded(founding: ProtocolFile) -> None:
    assert [one.remark.message for one in found(founding) if one.is_error] == []


@pytest.mark.parametrize(
    ("conflict", "check", "subject"),
    [
        ("C1", "L17", "drugs.rhIL-2.dose"),
        ("C2", "L58", "eligibility.exclude.E1.rule"),
        ("C2", "L58", "eligibility.exclude.E2.rule"),
        ("C3", "L13", "follow-up.says"),
        ("C4", "L25", "eligibility.exclude.E11"),
        ("C4", "L25", "eligibility.exclude.E12"),
        ("C4", "L25", "eligibility.exclude.E13"),
    ],
)
def test_conflicts_are_found_and_led_to_their_row(
    founding: ProtocolFile, conflict: str, check: str, subject: str
) -> None:
    rows = {(one.id, one.subject): one.recorded_as for one in found(founding)}
    assert rows[check, subject] == conflict


def test_without_the_list_the_same_conflicts_are_errors(bare: ProtocolFile) -> None:
    """They come from the record and the file, not from a list made for them."""
    errors = {(one.id, one.subject) for one in found(bare) if one.is_error}
    assert errors >= {
        ("L17", "drugs.rhIL-2.dose"),
        ("L58", "eligibility.exclude.E1.rule"),
        ("L58", "eligibility.exclude.E2.rule"),
        ("L13", "follow-up.says"),
        ("L25", "eligibility.exclude.E11"),
        ("L25", "eligibility.exclude.E12"),
        ("L25", "eligibility.exclude.E13"),
    }


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ("L26", "E9 names 'non-melanoma skin cancer' twice"),  # Q17
        ("L30", "E11 speaks of the past after screening"),  # Q18
        ("L33", "E1: 'within 6 months' does not say before what"),  # Q2
        ("L41", "detects a change of 0.78 standard deviations"),  # Q24
        ("L44", "no stopping rule is registered"),  # Q23
        (
            "L14",
            "on average 2.3 of 28 doses fall on a closed day (day 1 on Mon; 2.3 with Mon; mean of the starts in the first 36 weeks of 2026)",
        ),  # Q14
        ("L29", "I5 is worded as an exclusion"),
        ("L45", "the status is Unknown since 2021-10-01"),
    ],
)
def test_open_questions_of_the_study_notes_are_found_too(bare: ProtocolFile, check: str, words: str) -> None:
    assert any(one.id == check and words in one.remark.message for one in found(bare))


def test_a_mended_dose_text_is_no_conflict(bare: ProtocolFile) -> None:
    text = bare.source.text.replace("One million units of", "One million units per m2 of")
    rows = [one for one in findings(Case(load_text(text), None, ON), ALL) if one.id == "L17"]
    assert rows == []


def test_a_mistyped_limit_is_found_though_its_rule_carries_a_mark() -> None:
    text = shipped_text("NCT04062006").replace(
        "within 14 days before day 1 > 3 x ULN", "within 14 days before day 1 > 5 x ULN"
    )
    rows = [one.remark.message for one in findings(Case(load_text(text), None, ON), ALL) if one.id == "L62"]
    assert rows == ["E3.c: the rule says 5, which its sentence does not"]
