"""Exclusions E3 to E10 of the founding study, case by case: organs, infections, imaging, serology, cancer, abuse."""

from __future__ import annotations

import pytest

from tests.people import Case, allergy, case, check, diagnosis, drug, given, lab, procedure, result
from trialrun.patients.person import Sex, Status
from trialrun.protocol.load import ProtocolFile

HEART = [
    case("E3.a", "class III", "met", result("NYHA class", "III")),
    case("E3.a", "class IV", "met", result("NYHA class", "IV")),
    case("E3.a", "class II", "not met", result("NYHA class", "II")),
    case("E3.a", "'NYHA class III'", "met", result("NYHA class", "NYHA class III")),
    case("E3.a", "'Class 3'", "met", result("NYHA functional class", "Class 3")),
    case("E3.a", "the number 3", "met", lab("NYHA class", 3)),
    case("E3.a", "II-III: one of two", "unknown: NO_VALUE", result("NYHA class", "II-III")),
    case("E3.a", "III-IV: both exclude", "met", result("NYHA class", "III-IV")),
    case(
        "E3.a",
        "III last year, II now",
        "not met",
        result("NYHA class", "III", "2025-06-01"),
        result("NYHA class", "II"),
    ),
    case(
        "E3.a", "II and III on one day", "unknown: CONFLICTING", result("NYHA class", "II"), result("NYHA class", "III")
    ),
    case("E3.a", "heart failure without a class", "unknown: NO_ROW", diagnosis("I50.9", "2024-01-01")),
    case("E3.a", "nothing recorded", "unknown: NO_ROW"),
    case("E3.a", "nothing recorded, the investigator says no", "not met", E3_a="no"),
    case(
        "E3.a",
        "class III entered in error",
        "unknown: NO_ROW",
        result("NYHA class", "III", status=Status.ENTERED_IN_ERROR),
    ),
    case("E3.a", "class III dated tomorrow", "unknown: NO_ROW", result("NYHA class", "III", "2026-11-25")),
]

# A man of 68 who weighs 60 kg with 2 mg/dL of creatinine: (140 - 68) x 60 / (72 x 2) = 30 mL/min.
KIDNEY = [
    case(
        "E3.b",
        "exactly 30 mL/min excludes",
        "met",
        lab("creatinine", 2.0, "mg/dL"),
        lab("weight", 60, "kg"),
        birth="1958-05-17",
        sex=Sex.MALE,
    ),
    case(
        "E3.b",
        "30.2 mL/min",
        "not met",
        lab("creatinine", 1.99, "mg/dL"),
        lab("weight", 60, "kg"),
        birth="1958-05-17",
        sex=Sex.MALE,
    ),
    case(
        "E3.b",
        "29.9 mL/min",
        "met",
        lab("creatinine", 2.01, "mg/dL"),
        lab("weight", 60, "kg"),
        birth="1958-05-17",
        sex=Sex.MALE,
    ),
    case(
        "E3.b",
        "a woman, exactly 30 mL/min: x 0.85",
        "met",
        lab("creatinine", 1.7, "mg/dL"),
        lab("weight", 60, "kg"),
        birth="1958-05-17",
    ),
    case(
        "E3.b",
        "a woman, 30.2 mL/min",
        "not met",
        lab("creatinine", 1.69, "mg/dL"),
        lab("weight", 60, "kg"),
        birth="1958-05-17",
    ),
    case(
        "E3.b",
        "177 umol/L is 2.002 mg/dL",
        "met",
        lab("creatinine", 177, "umol/L"),
        lab("weight", 60, "kg"),
        birth="1958-05-17",
        sex=Sex.MALE,
    ),
    case(
        "E3.b",
        "176 umol/L is 1.991 mg/dL",
        "not met",
        lab("creatinine", 176, "umol/L"),
        lab("weight", 60, "kg"),
        birth="1958-05-17",
        sex=Sex.MALE,
    ),
    case(
        "E3.b",
        "a year older on day 1: the age of that day",
        "met",
        lab("creatinine", 2.0, "mg/dL"),
        lab("weight", 60.5, "kg"),
        birth="1957-12-01",
        sex=Sex.MALE,
        start="2026-12-02",
    ),
    case("E3.b", "no weight", "unknown: NO_ROW", lab("creatinine", 0.9, "mg/dL")),
    case(
        "E3.b",
        "no creatinine, eGFR is no clearance",
        "unknown: NO_ROW",
        lab("weight", 60, "kg"),
        lab("eGFR", 25, "mL/min/{1.73_m2}"),
    ),
    case("E3.b", "no unit", "unknown: NO_UNIT", lab("creatinine", 0.9), lab("weight", 60, "kg")),
    case(
        "E3.b", "zero is no creatinine", "unknown: OUT_OF_RANGE", lab("creatinine", 0, "mg/dL"), lab("weight", 60, "kg")
    ),
    case(
        "E3.b",
        "sex not recorded, healthy either way",
        "not met",
        lab("creatinine", 0.9, "mg/dL"),
        lab("weight", 60, "kg"),
        sex=None,
    ),
    case(
        "E3.b",
        "sex not recorded, and it decides",
        "unknown: NO_SEX",
        lab("creatinine", 1.9, "mg/dL"),
        lab("weight", 60, "kg"),
        birth="1958-05-17",
        sex=None,
    ),
    case(
        "E3.b",
        "sex recorded as other, and it decides",
        "unknown: NO_SEX",
        lab("creatinine", 1.9, "mg/dL"),
        lab("weight", 60, "kg"),
        birth="1958-05-17",
        sex=Sex.OTHER,
    ),
    case(
        "E3.b",
        "born some day of 1960: far from the limit",
        "not met",
        lab("creatinine", 0.9, "mg/dL"),
        lab("weight", 60, "kg"),
        birth="1960",
    ),
    case(
        "E3.b",
        "creatinine exactly 14 days old",
        "not met",
        lab("creatinine", 0.9, "mg/dL", on="2026-11-10"),
        lab("weight", 60, "kg"),
    ),
    case(
        "E3.b",
        "creatinine 15 days old",
        "unknown: NO_ROW",
        lab("creatinine", 0.9, "mg/dL", on="2026-11-09"),
        lab("weight", 60, "kg"),
    ),
    case(
        "E3.b",
        "10 days old, but day 1 is a week ahead",
        "unknown: NO_ROW",
        lab("creatinine", 0.9, "mg/dL", on="2026-11-14"),
        lab("weight", 60, "kg"),
        start="2026-12-01",
    ),
]

LIVER = [
    case(
        "E3.c",
        "ALT exactly 3 x ULN is not above",
        "not met",
        lab("ALT", 120, "U/L", high=40),
        lab("AST", 30, "U/L", high=35),
    ),
    case("E3.c", "ALT 121 with ULN 40", "met", lab("ALT", 121, "U/L", high=40)),
    case("E3.c", "AST exactly 3 x ULN", "not met", lab("ALT", 30, "U/L", high=40), lab("AST", 105, "U/L", high=35)),
    case("E3.c", "AST 105.1 with ULN 35", "met", lab("ALT", 30, "U/L", high=40), lab("AST", 105.1, "U/L", high=35)),
    case(
        "E3.c",
        "ULN 33.3: 99.9 is exactly three times",
        "not met",
        lab("ALT", 99.9, "U/L", high=33.3),
        lab("AST", 30, "U/L", high=35),
    ),
    case("E3.c", "ALT normal, no AST", "unknown: NO_ROW", lab("ALT", 30, "U/L", high=40)),
    case("E3.c", "ALT without ULN", "unknown: NO_ULN", lab("ALT", 500, "U/L"), lab("AST", 30, "U/L", high=35)),
    case("E3.c", "ALT without ULN, AST too high", "met", lab("ALT", 50, "U/L"), lab("AST", 130, "U/L", high=35)),
    case(
        "E3.c",
        "200 last week, 60 today",
        "not met",
        lab("ALT", 200, "U/L", high=40, on="2026-11-17"),
        lab("ALT", 60, "U/L", high=40),
        lab("AST", 30, "U/L", high=35),
    ),
    case("E3.c", "in katal, ULN of the same report", "met", lab("ALT", 2.5, "ukat/L", high=0.8)),
    case("E3.c", "only known as > 120", "met", lab("ALT", 120, "U/L", high=40, sign=">")),
    case(
        "E3.c",
        "only known as >= 120",
        "unknown: CENSORED",
        lab("ALT", 120, "U/L", high=40, sign=">="),
        lab("AST", 30, "U/L", high=35),
    ),
    case(
        "E3.c",
        "only known as < 10",
        "not met",
        lab("ALT", 10, "U/L", high=40, sign="<"),
        lab("AST", 30, "U/L", high=35),
    ),
    case(
        "E3.c",
        "two values of one day, no time",
        "unknown: CONFLICTING",
        lab("ALT", 60, "U/L", high=40),
        lab("ALT", 200, "U/L", high=40),
        lab("AST", 30, "U/L", high=35),
    ),
    case(
        "E3.c",
        "two values of one day, the later is 60",
        "not met",
        lab("ALT", 200, "U/L", high=40, at="08:00"),
        lab("ALT", 60, "U/L", high=40, at="17:00"),
        lab("AST", 30, "U/L", high=35),
    ),
    case(
        "E3.c",
        "the same row twice",
        "not met",
        lab("ALT", 60, "U/L", high=40),
        lab("ALT", 60, "U/L", high=40),
        lab("AST", 30, "U/L", high=35),
    ),
    case(
        "E3.c",
        "a result without a value",
        "unknown: NO_VALUE",
        lab("ALT", None, "U/L", high=40),
        lab("AST", 30, "U/L", high=35),
    ),
    case(
        "E3.c",
        "200 entered in error",
        "unknown: NO_ROW",
        lab("ALT", 200, "U/L", high=40, status=Status.ENTERED_IN_ERROR),
        lab("AST", 30, "U/L", high=35),
    ),
    case(
        "E3.c",
        "some day of November",
        "unknown: PARTIAL_DATE",
        lab("ALT", 60, "U/L", high=40, on="2026-11"),
        lab("AST", 30, "U/L", high=35),
    ),
    case(
        "E3.c",
        "200, dated tomorrow",
        "unknown: NO_ROW",
        lab("ALT", 200, "U/L", high=40, on="2026-11-25"),
        lab("AST", 30, "U/L", high=35),
    ),
    case("E3.d", "bilirubin exactly 1 x ULN is not above", "not met", lab("total bilirubin", 20, "umol/L", high=20)),
    case("E3.d", "bilirubin 20.1 with ULN 20", "met", lab("total bilirubin", 20.1, "umol/L", high=20)),
    case("E3.d", "in mg/dL with its own ULN", "met", lab("total bilirubin", 1.3, "mg/dL", high=1.2)),
    case("E3.d", "no ULN", "unknown: NO_ULN", lab("total bilirubin", 80, "umol/L")),
    case("E3.d", "direct bilirubin is another test", "unknown: NO_ROW", lab("direct bilirubin", 80, "umol/L", high=5)),
    case(
        "E3.d",
        "Gilbert syndrome is not exempt",
        "met",
        diagnosis("E80.4", "2001"),
        lab("total bilirubin", 30, "umol/L", high=20),
    ),
    case("E3.e", "the investigator judges another serious complication", "met", E3_e="yes"),
    case("E3.e", "nobody judged", "unknown: NEEDS_PERSON"),
    case("E3", "one part met decides, whatever is missing", "met", lab("ALT", 200, "U/L", high=40)),
    case(
        "E3",
        "all measured and normal, the investigator sees nothing else",
        "not met",
        result("NYHA class", "I"),
        lab("creatinine", 0.9, "mg/dL"),
        lab("weight", 60, "kg"),
        lab("ALT", 30, "U/L", high=40),
        lab("AST", 30, "U/L", high=35),
        lab("total bilirubin", 10, "umol/L", high=20),
        E3_e="no",
    ),
    case(
        "E3",
        "all normal, nobody judged the rest",
        "unknown: NEEDS_PERSON",
        result("NYHA class", "I"),
        lab("creatinine", 0.9, "mg/dL"),
        lab("weight", 60, "kg"),
        lab("ALT", 30, "U/L", high=40),
        lab("AST", 30, "U/L", high=35),
        lab("total bilirubin", 10, "umol/L", high=20),
    ),
]

JUDGED = [
    case("E4", "yes", "met", E4="yes"),
    case("E4", "no", "not met", E4="no"),
    case("E4", "does not know", "unknown: NEEDS_PERSON", E4="unknown"),
    case(
        "E4",
        "multiple sclerosis on record: still judged by a person",
        "unknown: NEEDS_PERSON",
        diagnosis("G35", "2019"),
    ),
    case("E5", "an empty list is no proof", "unknown: NEEDS_PERSON"),
    case("E5", "an empty list, the investigator says none", "not met", E5="no"),
    case("E5", "allergic to aldesleukin", "met", allergy("aldesleukin", "2020-02-01")),
    case("E5", "allergic to interleukin-2, no date, against the word", "met", allergy("interleukin-2"), E5="no"),
    case("E5", "intolerance reported by the investigator alone", "met", E5="yes"),
    case("E5", "allergic to penicillin", "not met", allergy("penicillin"), E5="no"),
    case("E5", "allergy to interleukin-2 refuted", "not met", allergy("interleukin-2", status=Status.REFUTED), E5="no"),
    case("E6.a", "serious infection", "met", E6_a="yes"),
    case("E6.a", "nobody judged", "unknown: NEEDS_PERSON", diagnosis("J18.9", "2026-10-01", "2026-10-14")),
]

# 2 months before 24 November is 24 September.
ANTIBIOTICS = [
    case("E6.b", "into a vein last month, for an infection", "met", given("ceftriaxone", "2026-10-20"), E6_b_2="yes"),
    case("E6.b", "into a vein last month, to prevent one", "not met", given("cefazolin", "2026-10-20"), E6_b_2="no"),
    case(
        "E6.b", "into a vein last month, nobody says why", "unknown: NEEDS_PERSON", given("ceftriaxone", "2026-10-20")
    ),
    case("E6.b", "exactly 2 months ago", "met", given("ceftriaxone", "2026-09-24"), E6_b_2="yes"),
    case("E6.b", "a day before that", "not met", given("ceftriaxone", "2026-09-23"), E6_b_2="yes"),
    case("E6.b", "by mouth", "not met", drug("amoxicillin", "2026-10-20", "2026-10-27", dose=500, per_day=3)),
    case("E6.b", "route not stated", "unknown: NO_ROUTE", given("ceftriaxone", "2026-10-20", route=""), E6_b_2="yes"),
    case("E6.b", "an antiviral into a vein", "not met", given("aciclovir", "2026-10-20")),
    case("E6.b", "none, and the record covers nothing", "unknown: NO_COVERAGE", covered=()),
    case("E6.b", "none on record, the participant had none", "not met", covered=(), E6_b_1="no"),
    case(
        "E6.b", "none on record, the participant had one elsewhere for an infection", "met", E6_b_1="yes", E6_b_2="yes"
    ),
    case(
        "E6",
        "no serious infection, antibiotic by mouth",
        "not met",
        drug("amoxicillin", "2026-10-20", "2026-10-27", dose=500, per_day=3),
        E6_a="no",
    ),
]

# 3 months before 24 November is 24 August.
CHEST = [
    case("E7", "an image last month, nothing found", "not met", procedure("chest X-ray", "2026-10-20"), E7="no"),
    case("E7", "an image last month, active tuberculosis", "met", procedure("CT of chest", "2026-10-20"), E7="yes"),
    case("E7", "an image last month, nobody read it", "unknown: NEEDS_PERSON", procedure("chest X-ray", "2026-10-20")),
    case("E7", "no image: unknown, not passed", "unknown: NO_ROW", E7="no"),
    case("E7", "an image exactly 3 months ago", "not met", procedure("chest X-ray", "2026-08-24"), E7="no"),
    case("E7", "an image a day before that", "unknown: NO_ROW", procedure("chest X-ray", "2026-08-23"), E7="no"),
    case(
        "E7",
        "recent at screening, too old on day 1",
        "unknown: NO_ROW",
        procedure("chest X-ray", "2026-08-30"),
        start="2026-12-07",
        E7="no",
    ),
    case(
        "E7",
        "an image that was not made",
        "unknown: NO_ROW",
        procedure("chest X-ray", "2026-10-20", status=Status.NOT_DONE),
        E7="no",
    ),
    case("E7", "an image of the abdomen", "unknown: NO_ROW", procedure("CT of abdomen", "2026-10-20"), E7="no"),
]

SEROLOGY = [
    case("E8.a", "positive", "met", result("HIV antibody", "Positive")),
    case("E8.a", "negative", "not met", result("HIV antibody", "Negative")),
    case("E8.a", "non-reactive", "not met", result("HIV 1/2 antibody", "Non-reactive")),
    case("E8.a", "indeterminate", "unknown: NO_VALUE", result("HIV antibody", "Indeterminate")),
    case("E8.a", "untested", "unknown: NO_ROW"),
    case(
        "E8.a",
        "positive once, negative later: any",
        "met",
        result("HIV antibody", "Positive", "2015-01-01"),
        result("HIV antibody", "Negative"),
    ),
    case(
        "E8.a",
        "positive, entered in error",
        "unknown: NO_ROW",
        result("HIV antibody", "Positive", status=Status.ENTERED_IN_ERROR),
    ),
    case(
        "E8.b",
        "antibody positive, virus not detected: cured excludes too",
        "met",
        result("HCV antibody", "Reactive"),
        result("HCV RNA detection", "Not detected"),
    ),
    case("E8.b", "virus alone is not the antibody", "unknown: NO_ROW", result("HCV RNA detection", "Detected")),
    case("E8", "both negative", "not met", result("HIV antibody", "Negative"), result("HCV antibody", "Negative")),
    case("E8", "one negative, one untested", "unknown: NO_ROW", result("HIV antibody", "Negative")),
    case("E8", "one positive, one untested", "met", result("HCV antibody", "Positive")),
]

# 5 years before 24 November 2026 is 24 November 2021.
CANCER = [
    case("E9", "none", "not met"),
    case("E9", "none, and the record covers nothing", "unknown: NO_COVERAGE", covered=()),
    case("E9.a", "breast cancer 2 years ago", "met", diagnosis("C50.911", "2024-05-01", "2025-01-01")),
    case("E9.a", "ended exactly 5 years ago", "met", diagnosis("C50.911", "2018-05-01", "2021-11-24")),
    case("E9.a", "ended a day before that", "not met", diagnosis("C50.911", "2018-05-01", "2021-11-23")),
    case("E9.a", "10 years old and still active", "met", diagnosis("C61", "2016-03-01")),
    case(
        "E9.a",
        "10 years old, nobody says until when",
        "unknown: NO_END",
        diagnosis("C61", "2016-03-01", status=Status.UNKNOWN),
    ),
    case("E9.a", "ended some day of 2021", "unknown: PARTIAL_DATE", diagnosis("C61", "2018-03-01", "2021")),
    case("E9.a", "basal cell carcinoma", "not met", diagnosis("C44.311", "2025-05-01", "2025-06-01")),
    case("E9.a", "melanoma is not exempt", "met", diagnosis("C43.59", "2024-05-01", "2024-06-01")),
    case("E9.a", "'skin cancer' and no more", "unknown: NO_KIND", diagnosis("skin cancer", "2025-05-01", "2025-06-01")),
    case("E9.a", "a benign tumour", "not met", diagnosis("D24.1", "2025-05-01")),
    case("E9.a", "lymphoma", "met", diagnosis("non-Hodgkin lymphoma", "2024-05-01")),
    case("E9.a", "family history", "not met", diagnosis("family history of breast cancer", "2024-05-01")),
    case("E9.a", "cervical cancer has its own clause", "not met", diagnosis("C53.9", "2024-05-01", "2024-07-01")),
    case(
        "E9.b",
        "cervical cancer, cured by surgery",
        "not met",
        diagnosis("C53.9", "2024-05-01", "2024-07-01"),
        E9_b_2="yes",
    ),
    case("E9.b", "cervical cancer, not so cured", "met", diagnosis("C53.9", "2024-05-01", "2024-07-01"), E9_b_2="no"),
    case(
        "E9.b", "cervical cancer, nobody says", "unknown: NEEDS_PERSON", diagnosis("C53.9", "2024-05-01", "2024-07-01")
    ),
    case("E9.b", "cervical cancer 8 years ago", "not met", diagnosis("C53.9", "2018-05-01", "2018-07-01")),
    case(
        "E9",
        "cervical cancer cured, breast cancer beside it",
        "met",
        diagnosis("C53.9", "2024-05-01", "2024-07-01"),
        diagnosis("C50.911", "2024-05-01"),
        E9_b_2="yes",
    ),
    case("E9", "no coverage, the participant had none", "not met", covered=(), E9_a="no", E9_b_1="no"),
    case("E9", "'history of malignancy', nobody says when", "unknown: NEEDS_PERSON", diagnosis("Z85.3", "2025-01-01")),
    case(
        "E9", "'history of malignancy', more than 5 years ago", "not met", diagnosis("Z85.3", "2025-01-01"), E9_c="no"
    ),
    case("E9", "'history of malignancy', 3 years ago", "met", diagnosis("Z85.3", "2025-01-01"), E9_c="yes"),
]

# 3 years before 24 November 2026 is 24 November 2023.
MIND = [
    case("E10", "uncontrolled, and may hinder completion", "met", E10_a="yes", E10_c="yes"),
    case("E10", "uncontrolled, but no hindrance", "not met", E10_a="yes", E10_c="no"),
    case("E10", "no hindrance decides, whatever is unknown", "not met", E10_c="no"),
    case("E10", "neither disorder nor abuse", "not met", E10_a="no", E10_b="no"),
    case("E10", "nobody asked about abuse", "unknown: NEEDS_PERSON", E10_a="no", E10_c="yes"),
    case(
        "E10",
        "alcohol dependence on record, may hinder",
        "met",
        diagnosis("F10.20", "2024-06-01"),
        E10_a="no",
        E10_c="yes",
    ),
    case("E10.b", "alcohol abuse on record against the word", "met", diagnosis("F10.10", "2024-06-01"), E10_b="no"),
    case(
        "E10.b", "opioid dependence until exactly 3 years ago", "met", diagnosis("F11.20", "2020-01-01", "2023-11-24")
    ),
    case(
        "E10.b",
        "until a day before that, none since",
        "not met",
        diagnosis("F11.20", "2020-01-01", "2023-11-23"),
        E10_b="no",
    ),
    case("E10.b", "nicotine is no drug abuse here", "not met", diagnosis("F17.210", "2020-01-01"), E10_b="no"),
]


@pytest.mark.parametrize(
    "one",
    [*HEART, *KIDNEY, *LIVER, *JUDGED, *ANTIBIOTICS, *CHEST, *SEROLOGY, *CANCER, *MIND],
    ids=str,
)
def test_health(one: Case, founding: ProtocolFile) -> None:
    check(one, founding)
