"""FHIR drugs into rows: what was ordered, stated, dispensed or given; how much, how often, by which way, until when."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fhir_bundles import bundle, concept, loaded, problems, resource, rows

UCUM, RX = "http://unitsofmeasure.org", "http://www.nlm.nih.gov/research/umls/rxnorm"
PREDNISONE = concept("Prednisone", (RX, "8640"))
ROW: dict[str, object] = {
    "source_text": "Prednisone",
    "source_code": "8640",
    "std_system": "RXNORM",
    "std_code": "8640",
}


def mg(value: object) -> dict[str, Any]:
    return {"value": value, "unit": "mg", "system": UCUM, "code": "mg"}


def order(*dosage: dict[str, Any], **more: object) -> dict[str, Any]:
    members: dict[str, object] = {"status": "active", "intent": "order", "authoredOn": "2026-08-10"}
    return resource(
        "MedicationRequest", medicationCodeableConcept=PREDNISONE, dosageInstruction=list(dosage), **{**members, **more}
    )


def every(frequency: float, period: float, unit: str, **more: object) -> dict[str, Any]:
    return {"timing": {"repeat": {"frequency": frequency, "period": period, "periodUnit": unit, **more}}}


PER_DAY: dict[str, tuple[dict[str, Any], float | None]] = {
    "once a day": (every(1, 1, "d"), 1.0),
    "twice a day": (every(2, 1, "d"), 2.0),
    "every 8 hours": (every(1, 8, "h"), 3.0),
    "once a week": (every(1, 1, "wk"), 1 / 7),
    "every other day": (every(1, 2, "d"), 0.5),
    "every 2 months": (every(1, 2, "mo"), 12 / 365.25 / 2),
    "no frequency is once": ({"timing": {"repeat": {"period": 1, "periodUnit": "wk"}}}, 1 / 7),
    "on Mondays, once a week": (every(1, 1, "wk", dayOfWeek=["mon"]), 1 / 7),
    "once a day on three days": (every(1, 1, "d", dayOfWeek=["mon", "wed", "fri"]), 3 / 7),
    "on two days, nothing else": ({"timing": {"repeat": {"dayOfWeek": ["mon", "thu"]}}}, 2 / 7),
    "morning and evening": ({"timing": {"repeat": {"when": ["MORN", "EVE"]}}}, 2.0),
    "at two times of the day": ({"timing": {"repeat": {"timeOfDay": ["08:00:00", "20:00:00"]}}}, 2.0),
    "twice at times that are two": (every(2, 1, "d", timeOfDay=["08:00:00", "20:00:00"]), 2.0),
    "once at two times contradicts itself": (every(1, 1, "d", when=["MORN", "EVE"]), None),
    "an abbreviation": ({"timing": {"code": concept("", ("http://terminology.hl7.org/x", "BID"))}}, 2.0),
    "one to two times a day is no number": (every(1, 1, "d", frequencyMax=2), None),
    "a period without end of choices": (every(1, 4, "h", periodMax=6), None),
    "three times, nobody says in which time": ({"timing": {"repeat": {"frequency": 3}}}, None),
    "as needed": ({**every(4, 1, "d"), "asNeededBoolean": True}, None),
    "as needed for pain": ({**every(4, 1, "d"), "asNeededCodeableConcept": concept("pain")}, None),
    "not as needed": ({**every(4, 1, "d"), "asNeededBoolean": False}, 4.0),
    "never": (every(0, 1, "d"), None),
    "in no time": (every(1, 0, "d"), None),
    "in fortnights": (every(1, 1, "fortnight"), None),
    "in words": ({"text": "once a day"}, None),
}


@pytest.mark.parametrize("case", PER_DAY)
def test_times_a_day(case: str) -> None:
    instruction, wanted = PER_DAY[case]
    (row,) = rows(order(instruction))
    assert row.get("per_day") == (None if wanted is None else pytest.approx(wanted))


def ordered(code: str, value: object) -> dict[str, Any]:
    return {
        "type": concept("", ("http://terminology.hl7.org/CodeSystem/dose-rate-type", code)),
        "doseQuantity": mg(value),
    }


DOSES: dict[str, tuple[list[dict[str, Any]], tuple[float | None, str | None]]] = {
    "milligrams": ([{"doseQuantity": mg(7.5)}], (7.5, "mg")),
    "tablets": ([{"doseQuantity": {"value": 2, "unit": "tablet"}}], (2.0, "tablet")),
    "a number alone is not known to be milligrams": ([{"doseQuantity": {"value": 1}}], (1.0, None)),
    "a range is no dose": ([{"doseRange": {"low": mg(5), "high": mg(10)}}], (None, None)),
    "at most is no dose": ([{"doseQuantity": {**mg(5), "comparator": "<="}}], (None, None)),
    "negative": ([{"doseQuantity": mg(-5)}], (None, None)),
    "as text": ([{"doseQuantity": mg("5")}], (None, None)),
    "calculated and ordered: the ordered": ([ordered("calculated", 340), ordered("ordered", 300)], (300.0, "mg")),
    "two that nobody tells apart": ([{"doseQuantity": mg(5)}, {"doseQuantity": mg(10)}], (None, None)),
    "only a rate": ([{"rateQuantity": {"value": 1, "unit": "mL/h"}}], (None, None)),
}


@pytest.mark.parametrize("case", DOSES)
def test_doses(case: str) -> None:
    rates, wanted = DOSES[case]
    (row,) = rows(order({"doseAndRate": rates}))
    assert (row.get("dose"), row.get("dose_unit")) == wanted


def bounds(start: str | None = None, end: str | None = None) -> dict[str, Any]:
    period = {key: value for key, value in (("start", start), ("end", end)) if value}
    return every(1, 1, "d", boundsPeriod=period)


def for_length(value: float, unit: str) -> dict[str, Any]:
    return every(1, 1, "d", boundsDuration={"value": value, "system": UCUM, "code": unit})


TIMES: dict[str, tuple[dict[str, Any], tuple[str | None, str | None]]] = {
    "only the day it was written": (order({}), ("2026-08-10", None)),
    "no day at all": (order({}, authoredOn=None), (None, None)),
    "its own period": (order(bounds("2026-09-01", "2026-09-30")), ("2026-09-01", "2026-09-30")),
    "an end only": (order(bounds(None, "2026-09-30")), ("2026-08-10", "2026-09-30")),
    "14 days: the last is the 14th": (order(for_length(14, "d")), ("2026-08-10", "2026-08-23")),
    "2 weeks are 14 days": (order(for_length(2, "wk")), ("2026-08-10", "2026-08-23")),
    "a length from a month is no date": (order(for_length(14, "d"), authoredOn="2026-08"), ("2026-08", None)),
    "an end before the beginning": (order(bounds("2026-09-01"), authoredOn="2027-01-01"), ("2026-09-01", None)),
}


@pytest.mark.parametrize("case", TIMES)
def test_from_when_to_when(case: str) -> None:
    given, wanted = TIMES[case]
    (row,) = rows(given)
    assert (row.get("start"), row.get("end")) == wanted


def test_two_instructions_at_the_same_time_are_two_rows() -> None:
    def said(sequence: int | None, value: float, *when: str) -> dict[str, Any]:
        place = {} if sequence is None else {"sequence": sequence}
        return {**(bounds(*when) if when else every(1, 1, "d")), "doseAndRate": [{"doseQuantity": mg(value)}], **place}

    def doses(*instructions: dict[str, Any]) -> list[object]:
        return [(row.get("start"), row.get("dose")) for row in rows(order(*instructions))]

    assert doses(said(None, 10), said(None, 5)) == [("2026-08-10", 10.0), ("2026-08-10", 5.0)]
    assert doses(said(1, 10), said(1, 5)) == [("2026-08-10", 10.0), ("2026-08-10", 5.0)]
    # A taper with dates is a row for each step; one without says nothing of any day.
    assert doses(said(1, 10, "2026-08-10", "2026-08-31"), said(2, 5, "2026-09-01")) == [
        ("2026-08-10", 10.0),
        ("2026-09-01", 5.0),
    ]
    assert doses(said(1, 10), said(2, 5)) == [("2026-08-10", None)]


def test_rows_of_one_order_have_their_own_ids() -> None:
    (person,) = loaded(bundle(order(every(1, 1, "d"), every(2, 1, "d")))).people
    assert [event.id for event in person.events] == ["MedicationRequest/1.dosage[0]", "MedicationRequest/1.dosage[1]"]


ROUTES: dict[str, tuple[dict[str, Any], dict[str, Any], str | None]] = {
    "as stated": (concept("x"), {"route": concept("Oral route (qualifier value)")}, "Oral route (qualifier value)"),
    "stated goes before the form": (concept("x Oral Tablet"), {"route": concept("Nasogastric")}, "Nasogastric"),
    "Oral Tablet": (concept("predniSONE 5 MG Oral Tablet"), {}, "oral"),
    "a form in the display": ({"text": "x", "coding": [{"display": "x 1 MG Oral Capsule"}]}, {}, "oral"),
    "Topical Cream": (concept("x Topical Cream"), {}, "topical"),
    "Inhaler": (concept("x Metered Dose Inhaler"), {}, "inhalation"),
    "an injection may go anywhere": (concept("x 100 MG Injection"), {}, None),
    "an injection that says where": (concept("x Subcutaneous Injection"), {}, "subcutaneous"),
    "a tablet may go under the tongue": (concept("x Tablet"), {}, None),
    "two ways": (concept("x Oral or Rectal"), {}, None),
    "a word inside another": (concept("Choralone"), {}, None),
}


@pytest.mark.parametrize("case", ROUTES)
def test_routes(case: str) -> None:
    medication, instruction, wanted = ROUTES[case]
    given = order(instruction)
    (row,) = rows({**given, "medicationCodeableConcept": medication})
    assert row.get("route") == wanted


KINDS: dict[str, tuple[dict[str, Any], dict[str, object]]] = {
    "a plan is not an order": (order({}, intent="plan"), {"start": "2026-08-10", "status": "planned"}),
    "an order that it must not be taken": (order({}, doNotPerform=True), {"start": "2026-08-10", "status": "not done"}),
    "cancelled before it began": (order({}, status="cancelled"), {"start": "2026-08-10", "status": "not done"}),
    "stopped, nobody says when": (order({}, status="stopped"), {"start": "2026-08-10", "status": "stopped"}),
    "on hold is neither": (order({}, status="on-hold"), {"start": "2026-08-10"}),
    "stated as taken": (
        resource(
            "MedicationStatement",
            status="active",
            medicationCodeableConcept=PREDNISONE,
            effectivePeriod={"start": "2026-08"},
            dosage=[{**every(1, 1, "d"), "doseAndRate": [{"doseQuantity": mg(5)}]}],
        ),
        {"start": "2026-08", "status": "active", "dose": 5.0, "dose_unit": "mg", "per_day": 1.0},
    ),
    "stated as not taken": (
        resource("MedicationStatement", status="not-taken", medicationCodeableConcept=PREDNISONE),
        {"status": "not done"},
    ),
    "given at a moment": (
        resource(
            "MedicationAdministration",
            status="completed",
            medicationCodeableConcept=PREDNISONE,
            effectiveDateTime="2026-09-14T10:00:00+08:00",
            dosage={"dose": mg(300), "route": concept("Intravenous")},
        ),
        {
            "start": "2026-09-14",
            "end": "2026-09-14",
            "time": "10:00:00",
            "status": "completed",
            "dose": 300.0,
            "dose_unit": "mg",
            "route": "Intravenous",
        },
    ),
    "handed out": (
        resource(
            "MedicationDispense",
            status="completed",
            medicationCodeableConcept=PREDNISONE,
            whenPrepared="2026-09-13",
            whenHandedOver="2026-09-14",
        ),
        {"start": "2026-09-14", "status": "completed"},
    ),
}


@pytest.mark.parametrize("case", KINDS)
def test_kinds(case: str) -> None:
    given, wanted = KINDS[case]
    assert rows(given) == [{**ROW, **wanted}]


def referring(reference: str, *contained: dict[str, Any], **more: object) -> dict[str, Any]:
    return resource(
        "MedicationRequest",
        medicationReference={"reference": reference, **more},
        **({"contained": list(contained)} if contained else {}),
    )


def medication(name: str, **members: object) -> dict[str, Any]:
    return {"resourceType": "Medication", "id": name, **members}


PRODUCTS: dict[str, tuple[list[dict[str, Any]], list[dict[str, object]]]] = {
    "contained": ([referring("#m", medication("m", code=PREDNISONE))], [ROW]),
    "elsewhere in the bundle": ([referring("Medication/m"), medication("m", code=PREDNISONE)], [ROW]),
    "at an address, in a version": (
        [referring("https://x.example/fhir/Medication/m/_history/2"), medication("m", code=PREDNISONE)],
        [ROW],
    ),
    "its form states the way": (
        [referring("Medication/m"), medication("m", code=PREDNISONE, form=concept("Oral tablet"))],
        [{**ROW, "route": "oral"}],
    ),
    "named by its one ingredient": (
        [referring("Medication/m"), medication("m", ingredient=[{"itemCodeableConcept": PREDNISONE}])],
        [ROW],
    ),
    "two ingredients are two rows": (
        [
            referring("Medication/m"),
            medication(
                "m", ingredient=[{"itemCodeableConcept": PREDNISONE}, {"itemCodeableConcept": concept("Lidocaine")}]
            ),
        ],
        [ROW, {"source_text": "Lidocaine"}],
    ),
    "an ingredient that is a medication": (
        [
            referring("Medication/m"),
            medication("m", ingredient=[{"itemReference": {"reference": "Medication/n"}}]),
            medication("n", code=PREDNISONE),
        ],
        [ROW],
    ),
    "nowhere: its name in the reference is what is known": (
        [referring("Medication/m", display="Prednisone")],
        [{"source_text": "Prednisone"}],
    ),
    "nowhere at all: the row stays, and may be anything": ([referring("Medication/m")], [{}]),
    "made of itself": (
        [referring("Medication/m"), medication("m", ingredient=[{"itemReference": {"reference": "Medication/m"}}])],
        [{}],
    ),
    "made of one another": (
        [
            referring(
                "#m",
                medication("m", ingredient=[{"itemReference": {"reference": "#n"}}]),
                medication("n", ingredient=[{"itemReference": {"reference": "#m"}}]),
            ),
        ],
        [{}],
    ),
    "two medications of one id": (
        [referring("Medication/m"), medication("m", code=PREDNISONE), medication("m", code=concept("Other"))],
        [{}],
    ),
}


@pytest.mark.parametrize("case", PRODUCTS)
def test_products(case: str) -> None:
    resources, wanted = PRODUCTS[case]
    assert rows(*resources) == wanted


def test_references_that_lead_nowhere_are_told() -> None:
    given = [referring("Medication/m")]
    assert problems(*given) == [
        "b.json: entry[1].resource.medicationReference.reference: 'Medication/m' leads to no Medication of this bundle"
    ]
    assert loaded(bundle(*given)).report.unresolved == 1
    cyclic = [referring("Medication/m"), medication("m", ingredient=[{"itemReference": {"reference": "Medication/m"}}])]
    assert problems(*cyclic) == [
        "b.json: entry[2].resource.ingredient[0].itemReference.reference: 'Medication/m' leads back to itself"
    ]
