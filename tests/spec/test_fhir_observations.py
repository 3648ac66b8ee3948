"""FHIR observations into rows: values, units, findings, components, reference limits."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fhir_bundles import PATIENT, bundle, concept, loaded, problems, resource, rows

UCUM, LOINC = "http://unitsofmeasure.org", "http://loinc.org"
NAME = {"source_text": "ALT"}


def mg(value: object, unit: str = "U/L", **more: object) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit, **more}


def interpretation(code: str) -> list[dict[str, Any]]:
    return [concept("", ("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", code))]


VALUES: dict[str, tuple[dict[str, Any], dict[str, object]]] = {
    "a quantity in UCUM": (
        {"valueQuantity": mg(24)},
        {"value": 24.0, "unit_source": "U/L", "unit": "U/L"},
    ),
    "a unit in words with its code": (
        {"valueQuantity": {"value": 1, "unit": "units per litre", "system": "https://unitsofmeasure.org/", "code": "U/L"}},
        {"value": 1.0, "unit_source": "units per litre", "unit": "U/L"},
    ),
    "a unit that is not said to be UCUM": ({"valueQuantity": {"value": 1, "unit": "IU/L"}}, {"value": 1.0, "unit_source": "IU/L"}),
    "no unit": ({"valueQuantity": {"value": 1}}, {"value": 1.0}),
    "censored": (
        {"valueQuantity": mg(5, comparator="<")},
        {"value": 5.0, "comparator": "<", "unit_source": "U/L", "unit": "U/L"},
    ),
    "a comparator nobody knows: words, not a number": (
        {"valueQuantity": mg(5, comparator="about")},
        {"value_text": "about 5", "unit_source": "U/L", "unit": "U/L"},
    ),
    "a number as text stays text": (
        {"valueQuantity": mg("24")},
        {"value_text": "24", "unit_source": "U/L", "unit": "U/L"},
    ),
    "zero is a value": ({"valueQuantity": mg(0)}, {"value": 0.0, "unit_source": "U/L", "unit": "U/L"}),
    "a number too large": ({"valueQuantity": mg(10**400)}, {"unit_source": "U/L", "unit": "U/L"}),
    "true is no number": ({"valueQuantity": mg(True)}, {"unit_source": "U/L", "unit": "U/L"}),
    "a concept": (
        {"valueCodeableConcept": concept("Negative", ("http://snomed.info/sct", "260385009"))},
        {"value_text": "Negative", "value_code": "260385009"},
    ),
    "words": ({"valueString": "not seen"}, {"value_text": "not seen"}),
    "a whole number": ({"valueInteger": 3}, {"value": 3.0}),
    "yes or no": ({"valueBoolean": False}, {"value_text": "false"}),
    "a range": ({"valueRange": {"low": mg(3), "high": mg(5)}}, {"value_text": "3 U/L to 5 U/L"}),
    "a titre": ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 64}}}, {"value_text": "1:64"}),
    "a finding beside a number": (
        {"valueQuantity": mg(0.1, "{s_co}"), "interpretation": interpretation("NEG")},
        {"value": 0.1, "unit_source": "{s_co}", "unit": "{s_co}", "value_text": "negative", "value_code": "NEG"},
    ),
    "high and low only rank a number": (
        {"valueQuantity": mg(99), "interpretation": interpretation("H")},
        {"value": 99.0, "unit_source": "U/L", "unit": "U/L"},
    ),
    "no value": ({"dataAbsentReason": concept("unknown")}, {}),
}  # fmt: skip


@pytest.mark.parametrize("case", VALUES)
def test_values(case: str) -> None:
    members, wanted = VALUES[case]
    assert rows(resource("Observation", code=concept("ALT"), **members)) == [{**NAME, **wanted}]


TIMES: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "a day": ({"effectiveDateTime": "2026-11-23"}, {"start": "2026-11-23"}),
    "an instant": ({"effectiveInstant": "2026-11-23T08:10:00.123Z"}, {"start": "2026-11-23", "time": "08:10:00"}),
    "a leap second": ({"effectiveDateTime": "2016-12-31T23:59:60Z"}, {"start": "2016-12-31", "time": "23:59:59"}),
    "a period": (
        {"effectivePeriod": {"start": "2026-11-23", "end": "2026-11-24"}},
        {"start": "2026-11-23", "end": "2026-11-24"},
    ),
    "the day of release is not the day of measuring": ({"issued": "2026-11-23T08:10:00Z"}, {}),
}


@pytest.mark.parametrize("case", TIMES)
def test_times(case: str) -> None:
    members, wanted = TIMES[case]
    assert rows(resource("Observation", code=concept("ALT"), **members)) == [{**NAME, **wanted}]


STATUSES = {
    "registered": "planned",
    "preliminary": "active",
    "final": "completed",
    "amended": "completed",
    "corrected": "completed",
    "cancelled": "not done",
    "entered-in-error": "entered in error",
    "unknown": "unknown",
    "whatever": "unknown",
}


@pytest.mark.parametrize("status", STATUSES)
def test_statuses(status: str) -> None:
    (row,) = rows(resource("Observation", code=concept("ALT"), status=status))
    assert row.get("status", "unknown") == STATUSES[status]


def test_a_panel_is_only_its_components() -> None:
    panel = resource(
        "Observation",
        status="final",
        code=concept("Blood pressure", (LOINC, "55284-4")),
        effectiveDateTime="2026-11-23T08:10:00Z",
        component=[
            {"code": concept("Systolic", (LOINC, "8480-6")), "valueQuantity": mg(120, "mm[Hg]")},
            {"code": concept("Diastolic", (LOINC, "8462-4")), "valueQuantity": mg(80, "mm[Hg]")},
        ],
    )
    (person,) = loaded(bundle(panel)).people
    assert [(event.id, event.value, str(event.start), event.status.value) for event in person.events] == [
        ("Observation/1.component[0]", 120.0, "2026-11-23", "completed"),
        ("Observation/1.component[1]", 80.0, "2026-11-23", "completed"),
    ]
    panel["valueString"] = "normal"
    assert [row["source_text"] for row in rows(panel)] == ["Blood pressure", "Systolic", "Diastolic"]


def test_what_is_told_of_a_life_is_an_observation_and_all_else_a_measurement() -> None:
    def domain(kind: str) -> str:
        category = [concept("", ("http://terminology.hl7.org/CodeSystem/observation-category", kind))]
        (person,) = loaded(bundle(resource("Observation", code=concept("x"), category=category))).people
        return person.events[0].domain.value

    assert [domain(kind) for kind in ("social-history", "laboratory", "survey", "exam")] == [
        "observation",
        "measurement",
        "measurement",
        "measurement",
    ]


def test_an_observation_of_something_else_than_the_person_is_not_theirs() -> None:
    found = loaded(bundle(resource("Observation", code=concept("ALT"), focus=[{"reference": "Patient/child"}])))
    assert found.people[0].events == ()
    assert found.report.ignored == {"Observation of something else than the person": 1}


WOMEN = [concept("", ("http://snomed.info/sct", "248152002"))]
MEN = [concept("Men")]
YEARS = {"system": UCUM, "code": "a", "unit": "a"}
LIMITS: dict[str, tuple[list[dict[str, Any]], tuple[float | None, float | None]]] = {
    "both": ([{"low": mg(7), "high": mg(33)}], (7.0, 33.0)),
    "upper only": ([{"high": mg(33)}], (None, 33.0)),
    "without a unit: the value's": ([{"high": {"value": 33}}], (None, 33.0)),
    "in another unit: none": ([{"high": mg(0.5, "ukat/L")}], (None, None)),
    "in words: none": ([{"text": "0 - 33"}], (None, None)),
    "low above high: none": ([{"low": mg(33), "high": mg(7)}], (None, None)),
    "a therapeutic range is not normal": (
        [{"type": concept("", ("x", "treatment")), "low": mg(1), "high": mg(2)}, {"high": mg(33)}],
        (None, 33.0),
    ),
    "the range of her sex": ([{"appliesTo": MEN, "high": mg(45)}, {"appliesTo": WOMEN, "high": mg(33)}], (None, 33.0)),
    "her own range goes before everybody's": ([{"high": mg(45)}, {"appliesTo": WOMEN, "high": mg(33)}], (None, 33.0)),
    "only a range for men: none": ([{"appliesTo": MEN, "high": mg(45)}], (None, None)),
    "two different ranges for everybody: none": ([{"high": mg(45)}, {"high": mg(33)}], (None, None)),
    "the same range twice": ([{"high": mg(33)}, {"high": mg(33)}], (None, 33.0)),
    "a group that is no sex: none": ([{"appliesTo": [concept("Pregnant")], "high": mg(33)}], (None, None)),
    "the range of her age": (
        [
            {"age": {"high": {"value": 60, **YEARS}}, "high": mg(40)},
            {"age": {"low": {"value": 61, **YEARS}}, "high": mg(33)},
        ],
        (None, 33.0),
    ),
}


def limits(ranges: object, patient: dict[str, Any] | None = None) -> tuple[float | None, float | None]:
    given = resource(
        "Observation", code=concept("ALT"), effectiveDateTime="2026-11-23", valueQuantity=mg(24), referenceRange=ranges
    )
    (person,) = loaded(bundle(given, patient=patient)).people
    return person.events[0].low, person.events[0].high


@pytest.mark.parametrize("case", LIMITS)
def test_limits_of_a_woman_of_67(case: str) -> None:
    ranges, wanted = LIMITS[case]
    assert limits(ranges) == wanted


def test_limits_for_a_sex_say_nothing_of_somebody_whose_sex_is_not_known() -> None:
    ranges = [{"appliesTo": MEN, "high": mg(45)}, {"appliesTo": WOMEN, "high": mg(33)}]
    assert limits(ranges, {"resourceType": "Patient", "id": "p"}) == (None, None)
    assert limits(ranges, {**PATIENT, "gender": "other"}) == (None, None)
    assert limits(ranges, {**PATIENT, "gender": "male"}) == (None, 45.0)


def test_limits_for_an_age_say_nothing_where_the_age_is_not_certain() -> None:
    ranges = [{"age": {"high": {"value": 66, **YEARS}}, "high": mg(40)}]
    assert limits(ranges, {**PATIENT, "birthDate": "1959"}) == (None, None)
    assert limits(ranges, {**PATIENT, "birthDate": "1961"}) == (None, 40.0)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"valueQuantity": mg("24")}, "valueQuantity.value: '24' where a number belongs"),
        ({"valueQuantity": mg(10**400)}, "valueQuantity.value: a number too large to be meant"),
        ({"valueQuantity": 24}, "valueQuantity: 24 where an object belongs"),
        (
            {"valueQuantity": mg(5, comparator="about")},
            "comparator: 'about' is no comparator; the value is kept as words",
        ),
        ({"component": [7]}, "component[0]: 7 where an object belongs"),
        ({"status": "done"}, "status: 'done' is no status of Observation"),
    ],
)
def test_what_is_wrong_is_told(members: dict[str, Any], words: str) -> None:
    (said,) = problems(resource("Observation", code=concept("ALT"), **members))
    assert said.startswith("b.json: entry[1].resource.") and said.endswith(words)
