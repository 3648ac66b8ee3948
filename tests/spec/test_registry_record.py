"""A record holds everything the registry states: what is read is written again, value by value."""

from __future__ import annotations

import json
from typing import Any

import pytest

from trialrun.errors import InputError
from trialrun.registry.compare import Difference, differences
from trialrun.registry.record import Record
from trialrun.registry.shipped import shipped_record, shipped_record_path

NUMBER = {"nctId": "NCT00000001"}


def study(**modules: Any) -> dict[str, Any]:
    return {"protocolSection": {"identificationModule": dict(NUMBER), **modules}}


def as_text(value: Any) -> str:
    """The JSON text of a value, which tells 41 from 41.0 and true from 1."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


WHOLE: list[tuple[str, dict[str, Any]]] = [
    ("nothing but the number", study()),
    ("an unknown module", study(brandNewModule={"a": [1, {"b": None}]})),
    ("an unknown field deep inside", study(designModule={"designInfo": {"maskingInfo": {"newField": "x"}}})),
    ("an unknown field in a list", study(armsInterventionsModule={"armGroups": [{"label": "A", "extra": [True, 2]}]})),
    ("an unknown top-level section", {**study(), "resultsSection": {"groups": [[1, 2], []]}, "hasResults": True}),
    ("empty modules and lists", study(statusModule={}, conditionsModule={"conditions": [], "keywords": []})),
    ("null", study(designModule={"enrollmentInfo": {"count": None}}, descriptionModule={"briefSummary": None})),
    ("whole and broken numbers", study(contactsLocationsModule={"locations": [{"geoPoint": {"lat": 41, "lon": -0.5}}]})),
    ("numbers of unknown fields", study(newModule={"a": 1, "b": 1.0, "c": True, "d": 10**30, "e": 1e-9})),
    ("escapes, signs and line ends", study(descriptionModule={"briefSummary": "1 \\> 0\n\t≥ µ 中文 😀 \u2028 \x7f"})),
    ("an empty text is no absent one", study(statusModule={"whyStopped": ""})),
    ("provenance", {**study(), "_provenance": {"kind": "x", "notes": ["a"], "deep": {"b": [1.5]}}}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "value"), WHOLE, ids=[what for what, _ in WHOLE])
def test_what_is_read_is_written_again(what: str, value: dict[str, Any]) -> None:
    assert as_text(Record.from_json(value).to_json()) == as_text(value)


def test_the_founding_record_is_written_again_as_it_ships() -> None:
    value = json.loads(shipped_record_path("NCT04062006").read_text(encoding="utf-8"))
    assert as_text(Record.from_json(value).to_json()) == as_text(value)


def test_reading_does_not_change_what_was_given() -> None:
    value = study(conditionsModule={"conditions": ["a"]})
    before = as_text(value)
    Record.from_json(value)
    assert as_text(value) == before


def test_absent_modules_are_empty_and_not_none() -> None:
    record = Record.from_json(study())
    assert record.arms.arm_groups == ()
    assert record.contacts.locations == ()
    assert record.status.overall_status is None
    assert record.design.enrollment_info.count is None
    assert record.title == "NCT00000001"


def test_a_snake_case_key_is_not_taken_for_the_field() -> None:
    assert Record.from_json(study(statusModule={"overall_status": "RECRUITING"})).status.overall_status is None


REFUSED: list[tuple[Any, str]] = [
    ([], "a record is a JSON object, not a list"),
    ("text", "a record is a JSON object, not text"),
    (None, "a record is a JSON object, not null"),
    (3, "a record is a JSON object, not a number"),
    ({"clinical_study": {}}, "no 'protocolSection'"),
    ({"protocolSection": {}}, "protocolSection.identificationModule is missing"),
    ({"protocolSection": {"identificationModule": {}}}, "protocolSection.identificationModule.nctId is missing"),
    ({"protocolSection": {"identificationModule": {"nctId": "NCT123"}}}, "'NCT123' is not an NCT number"),
    ({"protocolSection": {"identificationModule": {"nctId": "nct00000001"}}}, "'nct00000001' is not an NCT number"),
    ({"protocolSection": {"identificationModule": {"nctId": 4062006}}}, "identificationModule.nctId should be a valid string; found 4062006"),
    (study(statusModule=[]), "protocolSection.statusModule should be a valid dictionary"),
    (study(designModule={"phases": "PHASE2"}), "designModule.phases should be a valid tuple; found \"PHASE2\""),
    (study(designModule={"enrollmentInfo": {"count": "15"}}), "enrollmentInfo.count should be a valid integer; found \"15\""),
    (study(designModule={"enrollmentInfo": {"count": True}}), "enrollmentInfo.count should be a valid integer; found true"),
    (study(armsInterventionsModule={"armGroups": [{"label": "A"}, {"label": 7}]}), "armsInterventionsModule.armGroups[1].label should be a valid string; found 7"),
    (study(statusModule={"overallStatus": 1, "whyStopped": 2}), "(and 1 more)"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "words"), REFUSED, ids=[words[:50] for _, words in REFUSED])
def test_what_breaks_the_shape_is_refused_with_its_path_and_value(value: Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        Record.from_json(value)
    assert words in caught.value.message


def test_every_leaf_is_listed_with_its_path() -> None:
    value = study(conditionsModule={"conditions": ["a", "b"]}, designModule={"enrollmentInfo": {"count": 3}})
    assert list(Record.from_json(value).fields()) == [
        ("protocolSection.identificationModule.nctId", "NCT00000001"),
        ("protocolSection.conditionsModule.conditions[0]", "a"),
        ("protocolSection.conditionsModule.conditions[1]", "b"),
        ("protocolSection.designModule.enrollmentInfo.count", 3),
    ]


def test_the_digest_is_of_the_content_and_not_of_the_order_of_keys() -> None:
    one = study(statusModule={"overallStatus": "RECRUITING", "whyStopped": "x"})
    other = study(statusModule={"whyStopped": "x", "overallStatus": "RECRUITING"})
    changed = study(statusModule={"whyStopped": "y", "overallStatus": "RECRUITING"})
    assert Record.from_json(one).digest == Record.from_json(other).digest
    assert Record.from_json(one).digest != Record.from_json(changed).digest


PROCESSED: list[tuple[dict[str, Any], str | None]] = [
    ({"_provenance": {"source": "a file (processed 2020-07-28), converted"}}, "2020-07-28"),
    ({"_provenance": {"processed": "2023-02-03", "source": "of 2020-07-28"}}, "2023-02-03"),
    ({"derivedSection": {"miscInfoModule": {"versionHolder": "2025-12-09"}}}, "2025-12-09"),
    ({"_provenance": {"source": "no date"}}, None),
    ({"derivedSection": {"miscInfoModule": "odd"}}, None),
    ({}, None),
]


@pytest.mark.parametrize(("more", "wanted"), PROCESSED)
def test_the_date_of_processing_is_found_where_it_is_stated(more: dict[str, Any], wanted: str | None) -> None:
    assert Record.from_json({**study(), **more}).processed == wanted


COMPARED: list[tuple[str, dict[str, Any], dict[str, Any], list[Difference]]] = [
    ("a field only one states", study(statusModule={"overallStatus": "RECRUITING"}), study(), []),
    ("the same in another order", study(statusModule={"a": 1, "b": 2}), study(statusModule={"b": 2, "a": 1}), []),
    (
        "another value",
        study(statusModule={"overallStatus": "RECRUITING"}),
        study(statusModule={"overallStatus": "COMPLETED"}),
        [Difference("protocolSection.statusModule.overallStatus", "RECRUITING", "COMPLETED")],
    ),
    (
        "inside a list",
        study(armsInterventionsModule={"armGroups": [{"label": "A"}, {"label": "B"}]}),
        study(armsInterventionsModule={"armGroups": [{"label": "A", "type": "OTHER"}, {"label": "C"}]}),
        [Difference("protocolSection.armsInterventionsModule.armGroups[1].label", "B", "C")],
    ),
    (
        "lists of other lengths",
        study(conditionsModule={"conditions": ["a"]}),
        study(conditionsModule={"conditions": ["a", "b"]}),
        [Difference("protocolSection.conditionsModule.conditions", ["a"], ["a", "b"])],
    ),
    (
        "an unknown field",
        study(newModule={"x": 1}),
        study(newModule={"x": 2}),
        [Difference("protocolSection.newModule.x", 1, 2)],
    ),
    ("provenance", {**study(), "_provenance": {"kind": "a"}}, {**study(), "_provenance": {"kind": "b"}}, []),
]


@pytest.mark.parametrize(("what", "one", "other", "wanted"), COMPARED, ids=[case[0] for case in COMPARED])
def test_two_records_are_compared_where_both_state_a_field(
    what: str, one: dict[str, Any], other: dict[str, Any], wanted: list[Difference]
) -> None:
    first, second = Record.from_json(one), Record.from_json(other)
    assert list(differences(first, second)) == wanted
    assert list(differences(second, first)) == [Difference(it.path, it.second, it.first) for it in wanted]


def test_differences_come_in_the_order_of_the_first_record() -> None:
    names = [f"field{number}" for number in range(40)]
    one = Record.from_json(study(newModule=dict.fromkeys(names, 1)))
    other = Record.from_json(study(newModule=dict.fromkeys(reversed(names), 2)))
    assert [found.path.rpartition(".")[2] for found in differences(one, other)] == names


def test_a_record_does_not_differ_from_itself() -> None:
    record = shipped_record("NCT04062006")
    assert record is not None
    assert differences(record, record) == ()
