"""Results of tests."""

from tests.spec.language.rows import result
from tests.spec.language.table import NO, YES, Case, Chapter, Table, Wording, Wordings
from trialrun.criteria.meaning.finding import Reason

_LATEST = "latest ALT within 28 days before screening <= 80 U/L"
_ANY = "any ALT within 3 months before screening > 3 x ULN"
_EVERY = "every platelets within 3 months before screening >= 100 10*9/L"
_RISE = "latest creatinine within 14 days before screening > 1.5 x first creatinine within 3 months before screening"
_FALL = "first hemoglobin within 3 months before screening minus latest hemoglobin within 14 days before screening >= 2 g/dL"

CHAPTER = Chapter(
    "results",
    "Results of tests",
    "which result counts; units; limits of normal; results below or above something; change",
    (
        "A rule says which result counts: the `latest`, the `first`, the `lowest` or the `highest` of the window; `any` of "
        "them or `every` one; or the `count of` them. Without such a word the latest counts. Without any result in the "
        "window the answer is unknown; only a count is then 0, because it counts what is on record. A count, the highest, "
        "the lowest, `any` and `every` take the recorded results for all there are; where another result could change the "
        "answer, that is listed as an assumption. A result whose title nobody can read stays possible where the title "
        "shares a word with the test and its value could be one of it.",
        "A number is compared in the unit of the limit. It is converted where that is possible: mass into amount of "
        "substance by the molar mass of the test ([tests](../analytes.md), [units](../units.md)). A number without a unit, or in one "
        "that does not convert, decides nothing. Two numbers that agree to nine digits are equal, so that a conversion "
        "never pushes a result over a limit.",
    ),
    (
        Table(
            "Which result counts",
            (
                Case(
                    [result("ALT", "120 U/L", "2026-11-02"), result("ALT", "60 U/L", "2026-11-20")],
                    YES,
                    "The later one.",
                    by=(2,),
                ),
                Case(
                    [result("ALT", "60 U/L", "2026-11-20"), result("ALT", "120 U/L", "2026-11-02")],
                    YES,
                    "The order of the rows does not matter.",
                    by=(1,),
                ),
                Case([result("ALT", "60 U/L", "2026-10-27")], Reason.NO_ROW, "29 days old."),
                Case(
                    [result("ALT", "60 U/L", "2026-11-02"), result("ALT (bedside)", "160 U/L", "2026-11-20")],
                    Reason.UNREAD,
                    "Nobody can read the later title, and it may be ALT.",
                ),
                Case(
                    [result("ALT", "60 U/L", "2026-11-02"), result("ALT (bedside)", "70 U/L", "2026-11-20")],
                    YES,
                    "Whichever it is, the answer is the same.",
                    by=(1, 2),
                ),
                Case(
                    [result("ALT", "60 U/L", "2026-11-02"), result("ALT (bedside)", "160 g/L", "2026-11-20")],
                    YES,
                    "No unit of ALT: another test.",
                    by=(1,),
                ),
                Case(
                    [result("ALT", "60 U/L", "2026-11-02"), result("ALT by local method", "", "2026-11-20")],
                    (Reason.UNREAD, Reason.NO_VALUE),
                    "It may be ALT, and has no value.",
                ),
                Case(
                    [result("ALT", "60 U/L", "2026-11-02"), result("ALT, urine", "160 U/L", "2026-11-20")],
                    YES,
                    "The title says that it is another test.",
                    by=(1,),
                ),
                Case(
                    [result("ALT", "120 U/L", "2026-02-02"), result("ALT", "60 U/L", "2026-11-20")],
                    NO,
                    "The earlier one.",
                    rule="first ALT within 1 year before screening <= 80 U/L",
                    by=(1,),
                ),
                Case(
                    [result("platelets", "90 10*9/L", "2026-11-02"), result("platelets", "160 10*9/L", "2026-11-20")],
                    NO,
                    "90 is the lowest.",
                    rule="lowest platelets within 28 days before screening >= 100 10*9/L",
                ),
                Case(
                    [result("body temperature", "38.4 Cel", "2026-11-20")],
                    YES,
                    "The highest of one is that one.",
                    rule="highest body temperature within 7 days before screening >= 38 Cel",
                ),
            ),
            rule=_LATEST,
        ),
        Table(
            "Several results on one day",
            (
                Case(
                    [
                        result("ALT", "120 U/L", "2026-11-20", at="08:00"),
                        result("ALT", "60 U/L", "2026-11-20", at="14:00"),
                    ],
                    YES,
                    "The later hour counts.",
                    by=(2,),
                ),
                Case(
                    [result("ALT", "120 U/L", "2026-11-20"), result("ALT", "60 U/L", "2026-11-20")],
                    Reason.CONFLICTING,
                    "Which was later? They do not agree.",
                ),
                Case(
                    [result("ALT", "70 U/L", "2026-11-20"), result("ALT", "60 U/L", "2026-11-20")],
                    YES,
                    "Either is within the limit.",
                    by=(1, 2),
                ),
                Case(
                    [result("ALT", "120 U/L", "2026-11"), result("ALT", "60 U/L", "2026-11-10")],
                    Reason.CONFLICTING,
                    "The first may be later than the second, or not.",
                ),
            ),
            rule=_LATEST,
        ),
        Table(
            "Any, every, count",
            (
                Case(
                    [result("ALT", "130 U/L", "2026-09-02", uln=40), result("ALT", "60 U/L", "2026-11-20", uln=40)],
                    YES,
                    "One is enough.",
                    rule=_ANY,
                    by=(1,),
                ),
                Case(
                    [result("ALT", "130 U/L", "2026-09-02", uln=55), result("ALT", "60 U/L", "2026-11-20", uln=40)],
                    NO,
                    "Each is measured by its own report's limit.",
                    rule=_ANY,
                    assumes=True,
                ),
                Case([], Reason.NO_ROW, "None to look at.", rule=_ANY),
                Case(
                    [result("ALT", "60 U/L", "2026-08", uln=40), result("ALT", "130 U/L", "2026-08", uln=40)],
                    Reason.PARTIAL_DATE,
                    "In the window or before it?",
                    rule=_ANY,
                ),
                Case(
                    [result("platelets", "120 10*9/L", "2026-09-02"), result("platelets", "90 10*9/L", "2026-11-20")],
                    NO,
                    "One is too low.",
                    rule=_EVERY,
                    by=(2,),
                ),
                Case(
                    [result("platelets", "120 10*9/L", "2026-09-02"), result("platelets", "160 10*9/L", "2026-11-20")],
                    YES,
                    "All of them.",
                    rule=_EVERY,
                    by=(1, 2),
                    assumes=True,
                ),
                Case([], Reason.NO_ROW, "Every one of none says nothing.", rule=_EVERY),
                Case(
                    [result("ALT", "38 U/L", "2026-11-02"), result("ALT", "36 U/L", "2026-11-20")],
                    YES,
                    "Two on record.",
                    rule="count of ALT within 28 days before screening >= 2",
                    by=(1, 2),
                ),
                Case(
                    [],
                    NO,
                    "None on record is a count of 0.",
                    rule="count of ALT within 28 days before screening >= 2",
                    assumes=True,
                ),
            ),
        ),
        Table(
            "Units",
            (
                Case(
                    [result("creatinine", "132 umol/L", "2026-11-20")],
                    YES,
                    "1.49 mg/dL.",
                    rule="latest creatinine within 14 days before screening <= 1.5 mg/dL",
                ),
                Case(
                    [result("creatinine", "133 umol/L", "2026-11-20")],
                    NO,
                    "1.50 mg/dL, and a little more.",
                    rule="latest creatinine within 14 days before screening <= 1.5 mg/dL",
                ),
                Case(
                    [result("glucose", "120 mg/dL", "2026-11-20")],
                    YES,
                    "6.7 mmol/L.",
                    rule="latest glucose within 14 days before screening < 7 mmol/L",
                ),
                Case(
                    [result("hemoglobin", "120 g/L", "2026-11-20")],
                    YES,
                    "Exactly 12 g/dL.",
                    rule="latest hemoglobin within 14 days before screening >= 12 g/dL",
                ),
                Case(
                    [result("HbA1c", "52 mmol/mol", "2026-11-20")],
                    YES,
                    "6.9 % by the master equation.",
                    rule="latest HbA1c within 3 months before screening <= 7.0 %",
                ),
                Case(
                    [result("HbA1c", "53 mmol/mol", "2026-11-20")],
                    NO,
                    "0.09148 × 53 + 2.152 is 7.0004; nothing is rounded.",
                    rule="latest HbA1c within 3 months before screening <= 7.0 %",
                ),
                Case(
                    [result("ALT", "60 IU/L", "2026-11-20")],
                    YES,
                    "Of an enzyme, IU is U.",
                    rule=_LATEST,
                ),
                Case([result("ALT", "60", "2026-11-20")], Reason.NO_UNIT, "60 of what?", rule=_LATEST),
                Case([result("ALT", "60 mg/dL", "2026-11-20")], Reason.OTHER_UNIT, "No enzyme unit.", rule=_LATEST),
                Case([result("ALT", "60 blips", "2026-11-20")], Reason.NO_UNIT, "No unit at all.", rule=_LATEST),
                Case(
                    [result("eGFR", "62 mL/min", "2026-11-20")],
                    Reason.OTHER_UNIT,
                    "Per body surface is another quantity.",
                    rule="latest eGFR within 3 months before screening >= 60 mL/min/{1.73_m2}",
                ),
                Case(
                    [result("INR", "1.4", "2026-11-20")],
                    YES,
                    "A ratio needs no unit.",
                    rule="latest INR within 14 days before screening <= 1.5",
                ),
            ),
        ),
        Table(
            "Limits of normal",
            (
                Case(
                    [result("ALT", "120 U/L", "2026-11-20", uln=40)],
                    NO,
                    "Exactly three times is not more than three times.",
                    by=(1,),
                ),
                Case(
                    [result("ALT", "120 U/L", "2026-11-20", uln=40)],
                    YES,
                    "But it is at least three times.",
                    rule="latest ALT within 28 days before screening >= 3 x ULN",
                ),
                Case(
                    [result("total bilirubin", "0.3 mg/dL", "2026-11-20", uln=0.1)],
                    NO,
                    "Three times 0.1 is 0.3, whatever a computer's last digit says.",
                    rule="latest total bilirubin within 28 days before screening > 3 x ULN",
                ),
                Case([result("ALT", "130 U/L", "2026-11-20")], Reason.NO_ULN, "The report states none."),
                Case(
                    [result("ALT", "130", "2026-11-20", uln=40)],
                    YES,
                    "Result and limit stand in the same report: no unit is needed.",
                ),
                Case(
                    [result("neutrophils", "1.4 10*9/L", "2026-11-20", lln=1.8)],
                    YES,
                    "Below the lower limit.",
                    rule="latest neutrophils within 28 days before screening < 1 x LLN",
                ),
                Case(
                    [result("neutrophils", "1.4 10*9/L", "2026-11-20", uln=7.5)],
                    Reason.NO_LLN,
                    "Only the upper limit is stated.",
                    rule="latest neutrophils within 28 days before screening < 1 x LLN",
                ),
            ),
            rule="latest ALT within 28 days before screening > 3 x ULN",
        ),
        Table(
            "Below or above something, or nothing",
            (
                Case([result("CRP", "<5 mg/L", "2026-11-20")], YES, "Anything below 5 is below 10.", by=(1,)),
                Case(
                    [result("CRP", "<5 mg/L", "2026-11-20")],
                    Reason.CENSORED,
                    "4 or 2?",
                    rule="latest CRP within 28 days before screening < 3 mg/L",
                ),
                Case(
                    [result("CRP", "<5 mg/L", "2026-11-20")],
                    NO,
                    "Below 5 is never 5.",
                    rule="latest CRP within 28 days before screening >= 5 mg/L",
                ),
                Case(
                    [result("eGFR", ">60 mL/min/{1.73_m2}", "2026-11-20")],
                    YES,
                    "More than 60 is at least 60.",
                    rule="latest eGFR within 28 days before screening >= 60 mL/min/{1.73_m2}",
                ),
                Case(
                    [result("eGFR", ">60 mL/min/{1.73_m2}", "2026-11-20")],
                    Reason.CENSORED,
                    "70 or 100?",
                    rule="latest eGFR within 28 days before screening >= 90 mL/min/{1.73_m2}",
                ),
                Case([result("CRP", "", "2026-11-20")], Reason.NO_VALUE, "A row without a result."),
                Case([result("CRP", "haemolysed", "2026-11-20")], Reason.NO_VALUE, "Words are no number."),
                Case([result("CRP", "8 mg/L")], Reason.NO_DATE, "Without a date it may be of any day."),
            ),
            rule="latest CRP within 28 days before screening < 10 mg/L",
        ),
        Table(
            "Ranges",
            (
                Case([result("potassium", "3.5 mmol/L", "2026-11-20")], YES, "Both ends belong to it."),
                Case([result("potassium", "5.0 mmol/L", "2026-11-20")], YES, "The upper end too."),
                Case([result("potassium", "5.1 mmol/L", "2026-11-20")], NO, "Above it."),
                Case([result("potassium", "<4.0 mmol/L", "2026-11-20")], Reason.CENSORED, "3.8, or 3.2?"),
            ),
            rule="latest potassium within 7 days before screening between 3.5 and 5.0 mmol/L",
        ),
        Table(
            "Change",
            (
                Case(
                    [result("creatinine", "1.0 mg/dL", "2026-09-01"), result("creatinine", "1.6 mg/dL", "2026-11-20")],
                    YES,
                    "1.6 is more than 1.5.",
                    by=(1, 2),
                ),
                Case(
                    [result("creatinine", "1.0 mg/dL", "2026-09-01"), result("creatinine", "1.5 mg/dL", "2026-11-20")],
                    NO,
                    "Exactly 1.5 times.",
                ),
                Case(
                    [
                        result("creatinine", "88.4 umol/L", "2026-09-01"),
                        result("creatinine", "1.6 mg/dL", "2026-11-20"),
                    ],
                    YES,
                    "Each side is converted.",
                ),
                Case(
                    [result("creatinine", "1.6 mg/dL", "2026-11-20")],
                    NO,
                    "One result is the first and the latest.",
                    by=(1,),
                ),
                Case(
                    [result("creatinine", "1.0 mg/dL", "2026-09-01")],
                    Reason.NO_ROW,
                    "The latest one is missing.",
                ),
                Case(
                    [result("hemoglobin", "13 g/dL", "2026-09-01"), result("hemoglobin", "110 g/L", "2026-11-20")],
                    YES,
                    "13 minus 11.",
                    rule=_FALL,
                ),
                Case(
                    [result("hemoglobin", "11 g/dL", "2026-09-01"), result("hemoglobin", "13 g/dL", "2026-11-20")],
                    NO,
                    "It rose.",
                    rule=_FALL,
                ),
            ),
            rule=_RISE,
        ),
        Wordings(
            "Other words",
            (
                Wording(
                    "alanine aminotransferase within 28 days before screening > 3 × ULN",
                    "latest ALT within 28 days before screening > 3 x ULN",
                    "The latest, by its short name; × is x.",
                ),
                Wording("latest ALT ≤ 80 IU/L", "latest ALT <= 80 [IU]/L", "≤ is <=; units are written in UCUM."),
                Wording(
                    "latest Hgb >= 12 g/dl", "latest hemoglobin >= 12 g/dL", "Capitals of units do not matter here."
                ),
            ),
        ),
    ),
)
