"""Formulas."""

from tests.spec.language.rows import result
from tests.spec.language.table import NO, YES, Case, Chapter, Table, Wording, Wordings
from trialrun.criteria.meaning.finding import Reason

_CLEARANCE = "creatinine clearance by Cockcroft-Gault within 14 days before screening >= 60 mL/min"
_LOW = "creatinine clearance by Cockcroft-Gault within 14 days before screening <= 30 mL/min"
_WEIGHT, _CREATININE = result("weight", "72 kg", "2026-11-20"), result("creatinine", "1 mg/dL", "2026-11-20")

CHAPTER = Chapter(
    "formulas",
    "Formulas",
    "clearance, eGFR, BMI, body surface and FIB-4, computed from the latest results",
    (
        "A formula is named like a test and computed by the program from the latest results in the window, the age on the "
        "anchor's day and the sex. A word such as `latest` before it is wrong. What the laboratory computed itself is a "
        "test of its own (`eGFR`, `reported BMI`). Definitions, versions and valid inputs: [formulas](../formulas.md).",
        "An input that is missing makes the result unknown. One that is known within bounds gives bounds: a birth year "
        "gives two ages, an unknown sex two results. A creatinine of zero gives no number.",
    ),
    (
        Table(
            "Clearance by Cockcroft-Gault",
            (
                Case(
                    [_WEIGHT, _CREATININE],
                    YES,
                    "(140 - 70) × 72 / (72 × 1) = 70.",
                    birth="1956-11-25",
                    sex="male",
                    by=(1, 2),
                ),
                Case([_WEIGHT, _CREATININE], NO, "× 0.85 = 59.5 for a woman.", birth="1956-11-25", sex="female"),
                Case([_WEIGHT, _CREATININE], Reason.NO_SEX, "70 or 59.5.", birth="1956-11-25"),
                Case(
                    [_WEIGHT, _CREATININE],
                    YES,
                    "70 or 59.5: enough either way.",
                    birth="1956-11-25",
                    rule="creatinine clearance by Cockcroft-Gault within 14 days before screening >= 59 mL/min",
                ),
                Case([_CREATININE], Reason.NO_ROW, "No weight in the window.", birth="1956-11-25", sex="male"),
                Case([_WEIGHT, _CREATININE], Reason.NO_BIRTH_DATE, "No age.", sex="male"),
                Case(
                    [_WEIGHT, _CREATININE],
                    Reason.PARTIAL_DATE,
                    "69 or 70 years: 71 or 70.",
                    birth="1956",
                    sex="male",
                    rule="creatinine clearance by Cockcroft-Gault within 14 days before screening > 70 mL/min",
                ),
                Case(
                    [_WEIGHT, result("creatinine", "0 mg/dL", "2026-11-20")],
                    Reason.OUT_OF_RANGE,
                    "Nothing is divided by zero.",
                    birth="1956-11-25",
                    sex="male",
                ),
                Case(
                    [_WEIGHT, result("creatinine", "70.72 umol/L", "2026-11-20")],
                    YES,
                    "About 0.8 mg/dL, so 87.",
                    birth="1956-11-25",
                    sex="male",
                ),
                Case(
                    [result("weight", "36 kg", "2026-11-20"), _CREATININE],
                    YES,
                    "(140 - 80) × 36 / 72 = 30, exactly the limit.",
                    birth="1946-11-25",
                    sex="male",
                    rule=_LOW,
                ),
                Case(
                    [_WEIGHT, result("creatinine", "<0.5 mg/dL", "2026-11-20")],
                    YES,
                    "At least 140 for a creatinine below 0.5.",
                    birth="1956-11-25",
                    sex="male",
                ),
            ),
            rule=_CLEARANCE,
        ),
        Table(
            "The others",
            (
                Case(
                    [result("weight", "120 kg", "2026-11-20"), result("height", "200 cm", "2026-11-20")],
                    YES,
                    "120 / 2² = 30, exactly the limit.",
                    rule="BMI within 1 month before screening <= 30 kg/m2",
                    by=(1, 2),
                ),
                Case(
                    [result("weight", "120 kg", "2026-11-20"), result("height", "1.6 m", "2026-11-20")],
                    NO,
                    "Metres are converted: 46.9.",
                    rule="BMI within 1 month before screening <= 30 kg/m2",
                ),
                Case(
                    [result("weight", "80 kg", "2026-11-20"), result("height", "180 cm", "2026-11-20")],
                    YES,
                    "√(180 × 80 / 3600) = 2.",
                    rule="BSA by Mosteller within 1 month before screening >= 2 m2",
                ),
                Case(
                    [result("creatinine", "0.7 mg/dL", "2026-11-20")],
                    YES,
                    "142 × 0.9938⁵⁰ × 1.012 = 105.",
                    rule="eGFR by CKD-EPI 2021 within 3 months before screening between 105 and 106 mL/min/{1.73_m2}",
                    birth="1976-11-25",
                    sex="female",
                ),
                Case(
                    [
                        result("AST", "40 U/L", "2026-11-20"),
                        result("ALT", "25 U/L", "2026-11-20"),
                        result("platelets", "200 10*9/L", "2026-11-20"),
                    ],
                    YES,
                    "50 × 40 / (200 × √25) = 2; an index has no unit.",
                    rule="FIB-4 within 3 months before screening <= 2",
                    birth="1976-11-25",
                ),
            ),
        ),
        Wordings(
            "Other words",
            (
                Wording("body mass index <= 30 kg/m2", "BMI <= 30 kg/m2", "The short name."),
                Wording(
                    "CrCl by Cockcroft-Gault >= 60 ml/min",
                    "creatinine clearance by Cockcroft-Gault >= 60 mL/min",
                    "The full name, so that nobody takes it for a measured clearance.",
                ),
            ),
        ),
    ),
)
