"""The text of a record page, section by section: what each becomes, and that nothing on it vanishes."""

from __future__ import annotations

from typing import Any

import pytest

from trialrun.errors import InputError
from trialrun.registry.page import looks_like_page, read_page
from trialrun.registry.record import Record
from trialrun.registry.shipped import shipped_page_path

PAGE = """\
ClinicalTrials.Veeva

Menu

Examplin Against Placebo in Gout

E

Example Hospital

Status and phase

Recruiting
Phase 3

Conditions

Gout
Hyperuricemia

Treatments

Drug: Examplin
Dietary Supplement: Placebo

Study type

Interventional

Funder types

Industry

Identifiers

NCT01234567
EX-01
2020-000001-11

Details and patient eligibility

About

Does examplin help?

Full description

First paragraph.

Second paragraph.

Enrollment

1,200 estimated patients

Sex

Female

Ages

18 to 65 years old

Volunteers

No Healthy Volunteers

Inclusion criteria

  1. Gout, with one of

    • two flares within
      a year
    • a tophus

  2. Consent

Exclusion criteria

  * Renal failure
  * Pregnancy

Trial design

Primary purpose

Treatment

Allocation

Randomized

Interventional model

Parallel Assignment

Masking

Quadruple Blind

1,200 participants in 2 patient groups, including a placebo group

High dose
Experimental group
Description:
100 mg daily
for a year
Treatment:
Drug: Examplin

Placebo
Placebo Comparator group
Treatment:
Dietary Supplement: Placebo

Trial contacts and locations

0

Loading...

Data sourced from clinicaltrials.gov

Clinical trials

© Copyright 2025 Veeva Systems
"""

MODULES: dict[str, Any] = {
    "identificationModule": {
        "nctId": "NCT01234567",
        "orgStudyIdInfo": {"id": "EX-01"},
        "secondaryIdInfos": [{"id": "2020-000001-11"}],
        "briefTitle": "Examplin Against Placebo in Gout",
    },
    "statusModule": {"overallStatus": "RECRUITING"},
    "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Example Hospital", "class": "INDUSTRY"}},
    "descriptionModule": {
        "briefSummary": "Does examplin help?",
        "detailedDescription": "First paragraph.\n\nSecond paragraph.",
    },
    "conditionsModule": {"conditions": ["Gout", "Hyperuricemia"]},
    "designModule": {
        "studyType": "INTERVENTIONAL",
        "phases": ["PHASE3"],
        "designInfo": {
            "allocation": "RANDOMIZED",
            "interventionModel": "PARALLEL",
            "primaryPurpose": "TREATMENT",
            "maskingInfo": {"masking": "QUADRUPLE"},
        },
        "enrollmentInfo": {"count": 1200, "type": "ESTIMATED"},
    },
    "armsInterventionsModule": {
        "armGroups": [
            {
                "label": "High dose",
                "type": "EXPERIMENTAL",
                "description": "100 mg daily\n\nfor a year",
                "interventionNames": ["Drug: Examplin"],
            },
            {
                "label": "Placebo",
                "type": "PLACEBO_COMPARATOR",
                "interventionNames": ["Dietary Supplement: Placebo"],
            },
        ],
        "interventions": [
            {"type": "DRUG", "name": "Examplin", "armGroupLabels": ["High dose"]},
            {"type": "DIETARY_SUPPLEMENT", "name": "Placebo", "armGroupLabels": ["Placebo"]},
        ],
    },
    "eligibilityModule": {
        "eligibilityCriteria": "Inclusion Criteria:\n\n1. Gout, with one of\n\n   * two flares within a year\n"
        "   * a tophus\n2. Consent\n\nExclusion Criteria:\n\n* Renal failure\n* Pregnancy",
        "healthyVolunteers": False,
        "sex": "FEMALE",
        "minimumAge": "18 Years",
        "maximumAge": "65 Years",
    },
    "contactsLocationsModule": {"locations": []},
}


def unread(record: Record) -> list[str]:
    assert record.provenance is not None
    return list(record.provenance["unread"])


@pytest.mark.parametrize("module", MODULES)
def test_a_section_becomes_its_module(module: str) -> None:
    assert read_page(PAGE).to_json()["protocolSection"][module] == MODULES[module]


def test_the_page_becomes_these_modules_and_no_other() -> None:
    record = read_page(PAGE)
    assert set(record.to_json()["protocolSection"]) == set(MODULES)
    assert unread(record) == []
    assert record.provenance is not None
    assert record.provenance["kind"] == "record page text"
    assert record.provenance["sourceLine"] == "Data sourced from clinicaltrials.gov"


# A line of the page above, what stands there instead, and what the record then states at a path.
VARIANTS: list[tuple[str, str, str, Any]] = [
    ("Recruiting\n", "Active, not recruiting\n", "statusModule.overallStatus", "ACTIVE_NOT_RECRUITING"),
    ("Recruiting\n", "Enrolling by invitation\n", "statusModule.overallStatus", "ENROLLING_BY_INVITATION"),
    ("Recruiting\n", "Unknown\n", "statusModule.overallStatus", "UNKNOWN"),
    ("Phase 3\n", "Phase 1\nPhase 2\n", "designModule.phases", ["PHASE1", "PHASE2"]),
    ("Phase 3\n", "Phase 1/Phase 2\n", "designModule.phases", ["PHASE1", "PHASE2"]),
    ("Phase 3\n", "Phase 1/2\n", "designModule.phases", ["PHASE1", "PHASE2"]),
    ("Phase 3\n", "Phase 2 - 3\n", "designModule.phases", ["PHASE2", "PHASE3"]),
    ("Phase 3\n", "Early Phase 1\n", "designModule.phases", ["EARLY_PHASE1"]),
    ("Phase 3\n", "N/A\n", "designModule.phases", ["NA"]),
    ("Industry\n", "Other U.S. Federal agency\n", "sponsorCollaboratorsModule.leadSponsor.class", "FED"),
    ("Industry\n", "Other\n", "sponsorCollaboratorsModule.leadSponsor.class", "OTHER"),
    ("1,200 estimated patients", "15 actual patients", "designModule.enrollmentInfo", {"count": 15, "type": "ACTUAL"}),
    ("1,200 estimated patients", "1 participant", "designModule.enrollmentInfo", {"count": 1}),
    ("Female\n", "All\n", "eligibilityModule.sex", "ALL"),
    ("18 to 65 years old", "50+ years old", "eligibilityModule.minimumAge", "50 Years"),
    ("18 to 65 years old", "1+ year old", "eligibilityModule.minimumAge", "1 Year"),
    ("18 to 65 years old", "Under 18 years old", "eligibilityModule.maximumAge", "18 Years"),
    ("18 to 65 years old", "6 months to 17 years old", "eligibilityModule.minimumAge", "6 Months"),
    ("18 to 65 years old", "6 months to 17 years old", "eligibilityModule.maximumAge", "17 Years"),
    ("No Healthy Volunteers", "Accepts Healthy Volunteers", "eligibilityModule.healthyVolunteers", True),
    ("No Healthy Volunteers", "Does not accept healthy volunteers", "eligibilityModule.healthyVolunteers", False),
    ("Randomized\n", "N/A\n", "designModule.designInfo.allocation", "NA"),
    ("Randomized\n", "Non-randomized\n", "designModule.designInfo.allocation", "NON_RANDOMIZED"),
    ("Parallel Assignment", "Crossover Assignment", "designModule.designInfo.interventionModel", "CROSSOVER"),
    ("Quadruple Blind", "None (Open label)", "designModule.designInfo.maskingInfo.masking", "NONE"),
    ("Quadruple Blind", "Double Blind", "designModule.designInfo.maskingInfo.masking", "DOUBLE"),
    ("\nTreatment\n\nAllocation", "\nSupportive Care\n\nAllocation", "designModule.designInfo.primaryPurpose", "SUPPORTIVE_CARE"),
    ("Drug: Examplin\nDietary", "Drug: Examplin: new\nDietary", "armsInterventionsModule.interventions.0.name", "Examplin: new"),
    ("Experimental group", "Active Comparator group", "armsInterventionsModule.armGroups.0.type", "ACTIVE_COMPARATOR"),
]  # fmt: skip


def at(record: Record, path: str) -> Any:
    value: Any = record.to_json()["protocolSection"]
    for part in path.split("."):
        value = value[int(part)] if part.isdigit() else value[part]
    return value


@pytest.mark.parametrize(("old", "new", "path", "wanted"), VARIANTS, ids=[case[1].strip()[:40] for case in VARIANTS])
def test_words_of_a_page_become_codes(old: str, new: str, path: str, wanted: Any) -> None:
    assert old in PAGE
    record = read_page(PAGE.replace(old, new, 1))
    assert at(record, path) == wanted
    assert unread(record) == []


# A line that has no place in a record: it is listed, and nothing is made of it.
UNREADABLE = [
    ("Phase 3\n", "Phase three\n", "designModule.phases", "Phase three"),
    ("Industry\n", "A rich uncle\n", "sponsorCollaboratorsModule.leadSponsor.class", "A rich uncle"),
    ("1,200 estimated patients", "about a dozen", "designModule.enrollmentInfo", "about a dozen"),
    ("Female\n", "Everybody\n", "eligibilityModule.sex", "Everybody"),
    ("18 to 65 years old", "grown up", "eligibilityModule.minimumAge", "grown up"),
    ("No Healthy Volunteers", "ask us", "eligibilityModule.healthyVolunteers", "ask us"),
    ("Randomized\n", "by a coin\n", "designModule.designInfo.allocation", "by a coin"),
    ("Parallel Assignment", "side by side", "designModule.designInfo.interventionModel", "side by side"),
    ("Quadruple Blind", "in the dark", "designModule.designInfo.maskingInfo", "in the dark"),
    ("\n0\n", "\n3\n", "contactsLocationsModule", "3 locations, not named on the page"),
    ("Experimental group\n", "Experimental group\nA loose line\n", "armsInterventionsModule.loose", "A loose line"),
    ("Hospital\n", "Hospital\n\nA second sponsor\n", "sponsorCollaboratorsModule.other", "A second sponsor"),
    ("Clinical trials\n", "Clinical trials\n\nAn advertisement\n", "other", "An advertisement"),
]


@pytest.mark.parametrize(("old", "new", "path", "line"), UNREADABLE, ids=[case[3] for case in UNREADABLE])
def test_a_line_without_a_place_is_listed_as_unread_and_not_guessed(old: str, new: str, path: str, line: str) -> None:
    assert old in PAGE
    record = read_page(PAGE.replace(old, new, 1))
    assert unread(record) == [line]
    with pytest.raises(KeyError):
        at(record, path)


@pytest.mark.parametrize(
    ("heading", "path"),
    [
        ("Enrollment", "designModule.enrollmentInfo"),
        ("Sex", "eligibilityModule.sex"),
        ("Ages", "eligibilityModule.minimumAge"),
        ("Volunteers", "eligibilityModule.healthyVolunteers"),
        ("About", "descriptionModule.briefSummary"),
        ("Masking", "designModule.designInfo.maskingInfo"),
        ("Conditions", "conditionsModule"),
    ],
)
def test_what_a_page_does_not_state_stays_absent(heading: str, path: str) -> None:
    before, _, after = PAGE.partition(f"\n{heading}\n\n")
    shorter = before + "\n" + after.partition("\n\n")[2]
    at(read_page(PAGE), path)
    record = read_page(shorter)
    assert unread(record) == []
    with pytest.raises(KeyError):
        at(record, path)


def test_a_text_without_the_headings_is_no_page() -> None:
    assert looks_like_page(PAGE)
    assert not looks_like_page(PAGE.replace("Identifiers", "Numbers"))
    with pytest.raises(InputError, match="'Status and phase' and 'Identifiers' are missing"):
        read_page("Just a text.")


def test_a_page_without_a_number_is_refused() -> None:
    with pytest.raises(InputError, match="names no NCT number below 'Identifiers'"):
        read_page(PAGE.replace("NCT01234567", "NCT0123"))


def test_the_page_that_ships_is_read_whole() -> None:
    record = read_page(shipped_page_path("NCT04062006").read_text(encoding="utf-8"))
    assert unread(record) == []
    assert record.nct_id == "NCT04062006"
    assert record.title == "Low-dose Interleukin-2 Treatment on Polymyalgia Rheumatica"
    assert record.sponsors.lead_sponsor.name == "Peking University"
    assert record.status.overall_status == "UNKNOWN"
    assert record.design.phases == ("PHASE2",)
    assert (record.design.enrollment_info.count, record.design.enrollment_info.type) == (15, "ESTIMATED")
    assert record.identification.org_study_id_info.id == "2019-PHB089-03"
    assert (record.eligibility.minimum_age, record.eligibility.maximum_age) == ("50 Years", None)
    assert record.eligibility.healthy_volunteers is False
    (arm,) = record.arms.arm_groups
    assert (arm.label, arm.type, arm.intervention_names) == ("Interleukin-2", "EXPERIMENTAL", ("Drug: Interleukin-2",))
    assert arm.description is not None
    assert "1 x 10\\~6 IU/m2" in arm.description
    criteria = record.eligibility.eligibility_criteria
    assert criteria is not None
    assert "\n   * Rituximab - 6 months\n" in criteria
    assert record.contacts.locations == ()
