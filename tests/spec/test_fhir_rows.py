"""FHIR resources into rows: conditions, allergies, procedures, vaccinations, stays. Each case is a resource and its rows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fhir_bundles import bundle, concept, loaded, problems, resource, rows

SCT, ICD = "http://snomed.info/sct", "http://hl7.org/fhir/sid/icd-10-cm"
LOINC, RX = "http://loinc.org", "http://www.nlm.nih.gov/research/umls/rxnorm"
PMR = concept("PMR", (SCT, "65323003"))
PMR_ROW = {"source_code": "65323003", "source_text": "PMR", "std_system": "SNOMED", "std_code": "65323003"}


def clinical(code: str) -> dict[str, Any]:
    return concept("", ("http://terminology.hl7.org/CodeSystem/condition-clinical", code))


CONDITIONS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "onset to the day": ({"onsetDateTime": "2026-05-04"}, {"start": "2026-05-04"}),
    "onset to the month": ({"onsetDateTime": "2026-05"}, {"start": "2026-05"}),
    "onset to the year": ({"onsetDateTime": "2026"}, {"start": "2026"}),
    "onset with a time: both as written, no zone applied": (
        {"onsetDateTime": "2026-05-04T23:30:00-08:00"},
        {"start": "2026-05-04", "time": "23:30:00"},
    ),
    "onset within a period: it began when the period did": (
        {"onsetPeriod": {"start": "2026-05-04", "end": "2026-06-01"}},
        {"start": "2026-05-04"},
    ),
    "no onset: the day it was recorded": ({"recordedDate": "2026-05-09"}, {"start": "2026-05-09"}),
    "an onset as an age is not replaced by the day it was recorded": (
        {"onsetAge": {"value": 50, "code": "a"}, "recordedDate": "2026-05-09"},
        {},
    ),
    "an onset in words neither": ({"onsetString": "as a child", "recordedDate": "2026-05-09"}, {}),
    "ended": (
        {"onsetDateTime": "2020", "abatementDateTime": "2021-03", "clinicalStatus": clinical("resolved")},
        {"start": "2020", "end": "2021-03", "status": "completed"},
    ),
    "ended within a period: at its end": (
        {"onsetDateTime": "2020", "abatementPeriod": {"start": "2021", "end": "2022"}},
        {"start": "2020", "end": "2022"},
    ),
    "resolved without a date has no end": (
        {"onsetDateTime": "2020", "clinicalStatus": clinical("resolved")},
        {"start": "2020", "status": "completed"},
    ),
    "active": ({"clinicalStatus": clinical("active")}, {"status": "active"}),
    "relapse": ({"clinicalStatus": clinical("relapse")}, {"status": "active"}),
    "remission": ({"clinicalStatus": clinical("remission")}, {"status": "completed"}),
    "refuted goes before active": (
        {"clinicalStatus": clinical("active"), "verificationStatus": clinical("refuted")},
        {"status": "refuted"},
    ),
    "entered in error": ({"verificationStatus": clinical("entered-in-error")}, {"status": "entered in error"}),
    "a differential diagnosis is not certain": (
        {"clinicalStatus": clinical("active"), "verificationStatus": clinical("differential")},
        {},
    ),
    "an end before the beginning is not kept": (
        {"onsetDateTime": "2026-05-04", "abatementDateTime": "2025-01-01"},
        {"start": "2026-05-04"},
    ),
}


@pytest.mark.parametrize("case", CONDITIONS)
def test_conditions(case: str) -> None:
    members, wanted = CONDITIONS[case]
    assert rows(resource("Condition", code=PMR, **members)) == [{**PMR_ROW, **wanted}]


CODES: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "words only": (concept("PMR"), {"source_text": "PMR"}),
    "https and a blank": (
        concept("", ("https://snomed.info/sct/ ", " 65323003 ")),
        {"source_code": "65323003", "std_system": "SNOMED", "std_code": "65323003"},
    ),
    "ICD without its dot": (
        concept("", (ICD, "m353")),
        {"source_code": "m353", "std_system": "ICD10CM", "std_code": "M35.3"},
    ),
    "a local code first: the standard code stands beside it": (
        concept("PMR", ("urn:local", "17"), (ICD, "M35.3")),
        {"source_code": "17", "source_text": "PMR", "std_system": "ICD10CM", "std_code": "M35.3"},
    ),
    "two standard codes: both are kept": (
        concept("PMR", (SCT, "65323003"), (ICD, "M35.3")),
        {"source_code": "65323003", "source_text": "PMR", "std_system": "ICD10CM", "std_code": "M35.3"},
    ),
    "ICD-9 is kept and not taken as a standard": (
        concept("", ("http://hl7.org/fhir/sid/icd-9-cm", "725")),
        {"source_code": "725"},
    ),
    "a display with a zero-width space": (
        {"coding": [{"system": SCT, "code": "1", "display": "Poly\u200bmyalgia  rheumatica\u202e"}]},
        {"source_code": "1", "source_text": "Polymyalgia rheumatica", "std_system": "SNOMED", "std_code": "1"},
    ),
    "a coding without a code": ({"coding": [{"display": "PMR"}]}, {"source_text": "PMR"}),
    "nothing: the row stays, and may be anything": ({}, {}),
}


@pytest.mark.parametrize("case", CODES)
def test_codes(case: str) -> None:
    code, wanted = CODES[case]
    assert rows(resource("Condition", code=code)) == [wanted]


def test_codes_beyond_two_are_counted() -> None:
    three = concept("", ("urn:local", "1"), (SCT, "2"), (ICD, "M35.3"))
    assert loaded(bundle(resource("Condition", code=three))).report.codes_left_out == 1


def test_where_a_row_was_read_and_what_its_date_is() -> None:
    (person,) = loaded(bundle(resource("Condition", code=PMR, recordedDate="2026-05-09"))).people
    (event,) = person.events
    assert (event.id, event.origin) == ("Condition/1", "b.json: entry[1] (date recorded)")
    assert event.source_system == SCT and event.map_origin == "source"


def test_an_allergy_and_the_substances_of_its_reactions() -> None:
    penicillins, amoxicillin = concept("Penicillins", (SCT, "764146007")), concept("Amoxicillin", (RX, "723"))
    found = rows(
        resource(
            "AllergyIntolerance",
            code=penicillins,
            clinicalStatus=clinical("active"),
            reaction=[{"substance": penicillins}, {"substance": amoxicillin}, {"manifestation": [concept("Rash")]}],
            recordedDate="2013-09-19",
        )
    )
    assert [(row["source_text"], row["start"], row["status"]) for row in found] == [
        ("Amoxicillin", "2013-09-19", "active"),
        ("Penicillins", "2013-09-19", "active"),
    ]


OTHERS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "a procedure over a period": (
        resource(
            "Procedure",
            status="completed",
            code=concept("Biopsy"),
            performedPeriod={"start": "2026-01-02", "end": "2026-01-03"},
        ),
        {"source_text": "Biopsy", "start": "2026-01-02", "end": "2026-01-03", "status": "completed"},
    ),
    "a procedure on a day": (
        resource("Procedure", status="not-done", code=concept("Biopsy"), performedDateTime="2026-01-02"),
        {"source_text": "Biopsy", "start": "2026-01-02", "status": "not done"},
    ),
    "a procedure at an age": (
        resource("Procedure", status="preparation", code=concept("Biopsy"), performedAge={"value": 3, "code": "a"}),
        {"source_text": "Biopsy", "status": "planned"},
    ),
    "a vaccination is an act of one day": (
        resource(
            "Immunization",
            status="completed",
            vaccineCode=concept("Zoster", ("http://hl7.org/fhir/sid/cvx", "187")),
            occurrenceDateTime="2025-03-03",
        ),
        {
            "source_text": "Zoster",
            "source_code": "187",
            "std_system": "CVX",
            "std_code": "187",
            "start": "2025-03-03",
            "end": "2025-03-03",
            "status": "completed",
        },
    ),
    "a vaccination in words of time": (
        resource("Immunization", status="completed", vaccineCode=concept("BCG"), occurrenceString="at birth"),
        {"source_text": "BCG", "status": "completed"},
    ),
    "a stay in hospital": (
        resource(
            "Encounter",
            **{"class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"}},
            status="finished",
            type=[concept("Admission to ward")],
            period={"start": "2026-01-02T08:00:00Z", "end": "2026-01-05"},
        ),
        {
            "source_code": "IMP",
            "source_text": "Admission to ward",
            "start": "2026-01-02",
            "time": "08:00:00",
            "end": "2026-01-05",
            "status": "completed",
        },
    ),
    "an emergency that goes on": (
        resource("Encounter", **{"class": {"code": "EMER", "display": "emergency"}}, status="in-progress"),
        {"source_code": "EMER", "source_text": "emergency", "status": "active"},
    ),
}


@pytest.mark.parametrize("case", OTHERS)
def test_procedures_vaccinations_stays(case: str) -> None:
    given, wanted = OTHERS[case]
    assert rows(given) == [wanted]


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no date": ({"onsetDateTime": "2020-13-40"}, "entry[1].resource.onsetDateTime: '2020-13-40' is no date"),
    "a date of another calendar": ({"onsetDateTime": "04.05.2026"}, "onsetDateTime: '04.05.2026' is no date"),
    "a number for a date": ({"onsetDateTime": 2020}, "entry[1].resource.onsetDateTime: 2020 where text belongs"),
    "an impossible time": ({"onsetDateTime": "2020-01-01T25:00:00Z"}, "onsetDateTime: '25:00:00Z' is no time of day"),
    "a number for the code": ({"code": 7}, "entry[1].resource.code: 7 where an object belongs"),
    "words in the list of codes": (
        {"code": {"coding": ["M35.3"]}},
        "entry[1].resource.code.coding[0]: 'M35.3' where an object belongs",
    ),
    "one code without its list": (
        {"code": {"coding": {"code": "1"}}},
        "entry[1].resource.code.coding: an object where a list belongs; read as a list of one",
    ),
    "an unknown status": (
        {"clinicalStatus": clinical("cured")},
        "entry[1].resource.clinicalStatus: 'cured' is no clinical status",
    ),
    "a period backwards": (
        {"onsetPeriod": {"start": "2020-02-01", "end": "2020-01-01"}},
        "entry[1].resource.onsetPeriod.end: ends on 2020-01-01, before it starts on 2020-02-01",
    ),
    "a text of ten megabytes": (
        {"code": {"text": "x" * 10_000_000}},
        "entry[1].resource.code.text: a text of 10,000,000 characters is cut to 2,000",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_and_the_row_stays(case: str) -> None:
    members, words = WRONG[case]
    given = resource("Condition", **members)
    (said,) = problems(given)
    assert said == f"b.json: {words}" or said.endswith(words)
    assert len(rows(given)) == 1
