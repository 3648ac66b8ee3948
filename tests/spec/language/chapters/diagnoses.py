"""Diagnoses."""

from tests.spec.language.rows import diagnosis
from tests.spec.language.table import NO, YES, Case, Chapter, Table, Wording, Wordings
from trialrun.criteria.meaning.finding import Reason

_CANCER = "had malignancy within 5 years before screening"
_EXCEPT = (
    "had malignancy except [non-melanoma skin cancer, cervical cancer] within 5 years before screening, "
    "if nothing recorded: no"
)

CHAPTER = Chapter(
    "diagnoses",
    "Diagnoses",
    "diagnosed or had; classes and exceptions; diagnoses that are over, undated or ruled out",
    (
        "`diagnosed` asks whether the diagnosis *began* in the window; `had` asks whether it was *present* at some time of "
        "it. Somebody treated for cancer from 2019 to 2022 was not diagnosed within 5 years before November 2026, but had "
        "cancer within them. A diagnosis of which nobody recorded an end may have lasted or not: `had` is then unknown, "
        "unless it is recorded as active.",
        "A name means itself and everything below it: breast cancer is a malignancy. A broader diagnosis is not a narrower "
        "one. Rows are read by code or by words ([terms](../terms.md)); what is ruled out, suspected, or said of the "
        "family is no diagnosis of the person.",
    ),
    (
        Table(
            "Diagnosed",
            (
                Case(
                    [diagnosis("polymyalgia rheumatica", "2025-03-01 to ?")],
                    YES,
                    "On record.",
                    rule="diagnosed polymyalgia rheumatica",
                    by=(1,),
                ),
                Case(
                    [diagnosis("", "2025-03-01 to ?", code="ICD-10-CM M35.3")],
                    YES,
                    "By its code.",
                    rule="diagnosed polymyalgia rheumatica",
                    by=(1,),
                ),
                Case(
                    [diagnosis("polymyalgia rheumatica")],
                    Reason.NO_DATE,
                    "Without a date it could be dated after the screening date.",
                    rule="diagnosed polymyalgia rheumatica",
                ),
                Case(
                    [diagnosis("breast cancer", "2019-04-01 to now")],
                    Reason.NO_ROW,
                    "It began before the window.",
                    rule="diagnosed malignancy within 5 years before screening",
                ),
                Case(
                    [diagnosis("breast cancer", "2022 to ?")],
                    YES,
                    "All of 2022 lies inside.",
                    rule="diagnosed malignancy within 5 years before screening",
                    by=(1,),
                ),
                Case(
                    [diagnosis("breast cancer", "2021 to ?")],
                    Reason.PARTIAL_DATE,
                    "Before or after 25 November 2021?",
                    rule="diagnosed malignancy within 5 years before screening",
                ),
                Case(
                    [diagnosis("breast cancer", "2021-11-25 to ?")],
                    YES,
                    "Exactly 5 years ago is also at least 5 years ago.",
                    rule="diagnosed malignancy at least 5 years before screening",
                    by=(1,),
                ),
            ),
        ),
        Table(
            "Had",
            (
                Case([diagnosis("breast cancer", "2019-04-01 to now")], YES, "Recorded as active.", by=(1,)),
                Case([diagnosis("breast cancer", "2019-04-01 to 2022-06-30")], YES, "Until 2022.", by=(1,)),
                Case([diagnosis("breast cancer", "2019-04-01 to 2021-11-25")], YES, "Its last day is the edge."),
                Case([diagnosis("breast cancer", "2019-04-01 to 2021-11-24")], Reason.NO_ROW, "Over a day before."),
                Case([diagnosis("breast cancer", "2019-04-01 to ?")], Reason.NO_END, "Nobody says until when."),
                Case([diagnosis("breast cancer", "2024-04-01 to ?")], YES, "It began inside; the end does not matter."),
                Case(
                    [diagnosis("breast cancer", "2019-04-01 to 2021")],
                    Reason.PARTIAL_DATE,
                    "Over before 25 November 2021, or after?",
                ),
            ),
            rule=_CANCER,
        ),
        Table(
            "Classes and exceptions",
            (
                Case(
                    [diagnosis("type 2 diabetes mellitus", "2018-05-01 to now")],
                    YES,
                    "A type of it.",
                    rule="had diabetes mellitus",
                    by=(1,),
                ),
                Case(
                    [diagnosis("diabetes mellitus", "2018-05-01 to now")],
                    Reason.NO_ROW,
                    "Which type is not said.",
                    rule="had type 2 diabetes",
                ),
                Case(
                    [diagnosis("basal cell carcinoma of skin", "2024-02-01 to ?")],
                    NO,
                    "Excepted.",
                    rule=_EXCEPT,
                    assumes=True,
                ),
                Case(
                    [
                        diagnosis("basal cell carcinoma of skin", "2024-02-01 to ?"),
                        diagnosis("breast cancer", "2024-04-01 to ?"),
                    ],
                    YES,
                    "The exception of one does not excuse the other.",
                    rule=_EXCEPT,
                    by=(2,),
                ),
                Case(
                    [diagnosis("rheumatoid arthritis", "2015-01-01 to now")],
                    YES,
                    "Any of the list.",
                    rule="had any [polymyalgia rheumatica, rheumatoid arthritis]",
                    by=(1,),
                ),
            ),
        ),
        Table(
            "What is no diagnosis of the person",
            (
                Case([diagnosis("family history of breast cancer", "2020-01-01 to ?")], Reason.NO_ROW, "A relative's."),
                Case([diagnosis("suspected breast cancer", "2020-01-01 to ?")], Reason.NO_ROW, "Only suspected."),
                Case(
                    [diagnosis("breast cancer", "2020-01-01 to ?", status="entered in error")],
                    Reason.NO_ROW,
                    "A slip of the record.",
                ),
                Case(
                    [diagnosis("history of breast cancer", "2020-01-01 to ?")],
                    YES,
                    "The person had one; the date may be that of the note.",
                    by=(1,),
                ),
            ),
            rule="diagnosed malignancy",
        ),
        Table(
            "Not diagnosed",
            (
                Case(
                    [diagnosis("giant cell arteritis", "2020-01-01 to ?")],
                    NO,
                    "It is on record.",
                    rule="not diagnosed giant cell arteritis",
                    by=(1,),
                ),
                Case([], Reason.NO_ROW, "Nobody said there is none.", rule="not diagnosed giant cell arteritis"),
                Case(
                    [],
                    YES,
                    "The rule takes silence for no, and says so.",
                    rule="not diagnosed giant cell arteritis, if nothing recorded: no",
                    assumes=True,
                ),
            ),
        ),
        Wordings(
            "Other words",
            (
                Wording(
                    "diagnosed with PMR", "diagnosed polymyalgia rheumatica", "`with` is filling; PMR is the same."
                ),
                Wording("never had malignancy", "did not have malignancy", "Never and not are one."),
                Wording("has cancer at screening", "had malignancy at screening", "`has` is read as `had`."),
            ),
        ),
    ),
)
