"""Daily dose."""

from tests.spec.language.rows import drug
from tests.spec.language.table import NO, YES, Case, Chapter, Facts, Table, Wording, Wordings
from trialrun.criteria.meaning.finding import Reason
from trialrun.vocabulary.equivalents import equivalence

_LIMIT = "daily dose of systemic glucocorticoid as prednisone at screening <= 10 mg"
_HIGHEST = "highest daily dose of systemic glucocorticoid as prednisone within 1 month before screening > 10 mg"


def _equal(drug_name: str) -> str:
    table = equivalence("prednisone")
    assert table is not None
    return f"{float(5 / table[drug_name]):g} mg"


CHAPTER = Chapter(
    "daily-dose",
    "Daily dose",
    "the amount a day, in one drug's equivalents, on a day or at its highest; doses that are missing",
    (
        "A daily dose is the amount taken on one day: each time's amount, times how often a day, all rows added; a "
        "prescription counts up to the day it ends, but not on the day on which the next of the same drug begins. With "
        "`as prednisone` each drug is first turned into milligrams of prednisone. `daily dose of … at screening` is that "
        "day's; `highest daily dose of … within …` is the highest of any day of the window. Limits are in mg, g or "
        "µg; `mg/day` is read as mg.",
        "`weekly dose of …` is what is taken in the seven days that end on the day. What is ordered once a week is taken once "
        "in them; orders of one drug and rhythm that follow one another go on in one rhythm. Where fewer than seven days "
        "are known, whether a dose fell into them need not be. What is not taken every day has two daily doses, the average "
        "and that of the day: where a limit lies between them a person says which is meant.",
        "An amount that is not stated is some amount above zero: enough to say that the drug is taken, not enough for a "
        "limit, unless the rest already decides. Tablets without a strength, amounts below zero and drugs without an "
        "equivalent are amounts not stated.",
    ),
    (
        Table(
            "On one day",
            (
                Case(
                    [drug("prednisone", "2026-01-10 to now", "10 mg", route="oral")],
                    YES,
                    "Exactly the limit.",
                    by=(1,),
                    assumes=True,
                ),
                Case(
                    [drug("prednisone", "2026-01-10 to now", "7.5 mg", times=2, route="oral")],
                    NO,
                    "15 mg a day.",
                    by=(1,),
                ),
                Case(
                    [drug("prednisone", "2026-01-10 to now", "20 mg", times=0.5, route="oral")],
                    Reason.NO_DOSE,
                    "Every other day: 10 mg on average, 20 mg on the day. Which of them the limit means, a person says.",
                ),
                Case(
                    [drug("prednisone", "2026-01-10 to now", "10 mg", times=0.5, route="oral")],
                    YES,
                    "Every other day, and within the limit either way.",
                    by=(1,),
                    assumes=True,
                ),
                Case(
                    [
                        drug("prednisone", "2026-01-10 to now", "7.5 mg", route="oral"),
                        drug("prednisone", "2026-01-10 to now", "7.5 mg", route="oral"),
                    ],
                    Reason.CONFLICTING,
                    "The same entry twice: 7.5 mg sent twice, or 15 mg.",
                ),
                Case(
                    [
                        drug("prednisone", "2026-01-10 to now", "5 mg", route="oral"),
                        drug("prednisone", "2026-01-10 to now", "5 mg", route="oral"),
                    ],
                    YES,
                    "The same entry twice, and within the limit either way.",
                    by=(1,),
                    assumes=True,
                ),
                Case(
                    [drug("prednisone", "2026-01-10 to 2026-11-24", "20 mg", route="oral")],
                    Reason.NO_ROW,
                    "Stopped yesterday; nothing is recorded of today.",
                ),
                Case(
                    [],
                    YES,
                    "Nothing taken is 0 mg, where the rule takes silence for no.",
                    rule=_LIMIT + ", if nothing recorded: no",
                    assumes=True,
                ),
                Case(
                    [drug("hydrocortisone", "2026-01-10 to now", "50 mg", route="topical")],
                    YES,
                    "A cream is not counted.",
                    rule=_LIMIT + ", if nothing recorded: no",
                    assumes=True,
                ),
            ),
            rule=_LIMIT,
        ),
        Facts(
            "Equivalents",
            ("drug", "equals 5 mg of prednisone"),
            [(name, _equal(name)) for name in sorted(equivalence("prednisone") or {})],
            text="Factors are exact, so that a dose at the limit stays at the limit. To be checked by a clinician.",
        ),
        Table(
            "Equivalents added",
            (
                Case(
                    [drug("methylprednisolone", "2026-01-10 to now", "8 mg", route="oral")],
                    YES,
                    "Exactly 10 mg of prednisone.",
                    by=(1,),
                    assumes=True,
                ),
                Case(
                    [drug("dexamethasone", "2026-01-10 to now", "1.5 mg", route="oral")],
                    YES,
                    "Exactly 10 mg too.",
                    by=(1,),
                    assumes=True,
                ),
                Case(
                    [
                        drug("prednisone", "2026-01-10 to now", "5 mg", route="oral"),
                        drug("methylprednisolone", "2026-01-10 to now", "8 mg", route="oral"),
                    ],
                    NO,
                    "5 and 10: together 15 mg.",
                    by=(1, 2),
                ),
                Case(
                    [drug("budesonide", "2026-01-10 to now", "9 mg", route="oral")],
                    Reason.NO_EQUIVALENT,
                    "No factor is agreed on.",
                ),
                Case(
                    [drug("betamethasone / gentamicin", "2026-01-10 to now", "1 mg", route="intramuscular")],
                    Reason.NO_EQUIVALENT,
                    "A mixture: how much of the dose is betamethasone?",
                ),
            ),
            rule=_LIMIT,
        ),
        Table(
            "Doses not stated",
            (
                Case([drug("prednisone", "2026-01-10 to now", route="oral")], Reason.NO_DOSE, "No amount."),
                Case(
                    [drug("prednisone", "2026-01-10 to now", "5 mg", times=None, route="oral")],
                    Reason.NO_DOSE,
                    "How often is not stated.",
                ),
                Case(
                    [drug("prednisone", "2026-01-10 to now", "2 tablet", route="oral")],
                    Reason.NO_DOSE,
                    "Tablets of what strength?",
                ),
                Case(
                    [drug("prednisone", "2026-01-10 to now", "-5 mg", route="oral")],
                    Reason.NO_DOSE,
                    "An amount below zero is a slip.",
                ),
                Case(
                    [drug("prednisone", "2026-01-10 to now", route="oral")],
                    YES,
                    "It is taken, so it is more than nothing.",
                    rule="daily dose of systemic glucocorticoid as prednisone at screening > 0 mg",
                    by=(1,),
                ),
                Case(
                    [
                        drug("prednisone", "2026-01-10 to now", "15 mg", route="oral"),
                        drug("methylprednisolone", "2026-01-10 to now", route="oral"),
                    ],
                    NO,
                    "15 mg and something more: too much whatever it is.",
                ),
                Case(
                    [drug("prednisone", "2026-01-10 to now", "20 mg")],
                    (Reason.NO_ROUTE, Reason.NO_ROW),
                    "20 mg if by mouth; not systemic at all if not, and then nothing is recorded.",
                ),
                Case(
                    [drug("prednisone", "2026-01-10 to now", "5 mg")],
                    (Reason.NO_ROUTE, Reason.NO_ROW),
                    "5 mg if by mouth; if not, nothing is recorded, and that is unknown here.",
                ),
                Case(
                    [drug("prednisone", "2026-01-10 to now", "5 mg")],
                    YES,
                    "5 mg or nothing: within the limit either way, where the rule takes silence for no.",
                    rule=_LIMIT + ", if nothing recorded: no",
                    assumes=True,
                ),
                Case(
                    [drug("prednisone", "2026-01-10 to ?", "20 mg", route="oral")],
                    (Reason.NO_END, Reason.NO_ROW),
                    "Perhaps stopped.",
                ),
            ),
            rule=_LIMIT,
        ),
        Table(
            "There may be more",
            (
                Case(
                    [drug("prednisone", "2026-01-10 to now", "5 mg", route="oral")],
                    YES,
                    "The record is complete: nothing else is taken.",
                    coverage=("2026-11-01 to 2026-11-25",),
                    assumes=True,
                    by=(1,),
                ),
                Case(
                    [drug("prednisone", "2026-01-10 to now", "5 mg", route="oral")],
                    Reason.NO_COVERAGE,
                    "5 mg, and perhaps another that is not recorded.",
                ),
                Case(
                    [drug("prednisone", "2026-01-10 to now", "15 mg", route="oral")],
                    NO,
                    "Too much already.",
                    by=(1,),
                ),
            ),
            text="A rule that ends in `if nothing recorded: no, within coverage` asks the record to be complete also where "
            "something is found.",
            rule=_LIMIT + ", if nothing recorded: no, within coverage",
        ),
        Table(
            "The highest in a window",
            (
                Case(
                    [
                        drug("prednisone", "2026-10-01 to 2026-10-25", "20 mg", route="oral"),
                        drug("prednisone", "2026-10-26 to now", "5 mg", route="oral"),
                    ],
                    YES,
                    "20 mg on 25 October, the first day of the window.",
                ),
                Case(
                    [
                        drug("prednisone", "2026-10-01 to 2026-10-24", "20 mg", route="oral"),
                        drug("prednisone", "2026-10-25 to now", "5 mg", route="oral"),
                    ],
                    NO,
                    "5 mg all through the window.",
                    by=(2,),
                    assumes=True,
                ),
                Case(
                    [
                        drug("prednisone", "2026-10-01 to 2026-11-10", "7.5 mg", route="oral"),
                        drug("prednisone", "2026-11-10 to now", "5 mg", route="oral"),
                    ],
                    NO,
                    "A taper: on the day one prescription ends and the next of the same drug begins, the next alone counts.",
                    by=(1, 2),
                    assumes=True,
                ),
                Case(
                    [
                        drug("prednisone", "2026-10-01 to 2026-11-10", "7.5 mg", route="oral"),
                        drug("methylprednisolone", "2026-11-10 to now", "4 mg", route="oral"),
                    ],
                    YES,
                    "Two drugs on 10 November: 7.5 and 5 mg are 12.5 mg.",
                    by=(1, 2),
                ),
                Case(
                    [drug("prednisone", "2026-10-01 to now", "10 mg", route="oral")],
                    NO,
                    "Exactly 10 mg is not more than 10 mg.",
                    assumes=True,
                ),
                Case(
                    [drug("prednisone", "2026-06-01 to ?", "20 mg", route="oral")],
                    (Reason.NO_END, Reason.NO_ROW),
                    "Stopped before the window?",
                ),
            ),
            rule=_HIGHEST,
        ),
        Table(
            "Other drugs, other units",
            (
                Case(
                    [drug("ibuprofen", "2026-01-10 to now", "400 mg", times=3, route="oral")],
                    YES,
                    "1,200 mg.",
                    rule="daily dose of ibuprofen at screening >= 1.2 g",
                ),
                Case(
                    [drug("levothyroxine", "2026-01-10 to now", "0.1 mg", route="oral")],
                    YES,
                    "0.1 mg is 100 µg.",
                    rule="daily dose of levothyroxine at screening <= 100 ug",
                    assumes=True,
                ),
                Case(
                    [drug("ibuprofen", "2026-01-10 to now", "400 mg", times=2, route="oral")],
                    YES,
                    "800 mg.",
                    rule="daily dose of ibuprofen at screening between 600 and 1,200 mg",
                    assumes=True,
                ),
            ),
        ),
        Table(
            "A week",
            (
                Case(
                    [drug("methotrexate", "2026-01-10 to now", "15 mg", times=1 / 7, route="oral")],
                    YES,
                    "15 mg once a week.",
                    by=(1,),
                    assumes=True,
                ),
                Case(
                    [drug("methotrexate", "2026-01-10 to now", "25 mg", times=1 / 7, route="oral")],
                    NO,
                    "25 mg once a week.",
                    by=(1,),
                ),
                Case(
                    [drug("methotrexate", "2026-01-10 to now", "2.5 mg", route="oral")],
                    YES,
                    "2.5 mg each day are 17.5 mg a week.",
                    assumes=True,
                ),
                Case(
                    [
                        drug("methotrexate", "2026-11-19", "15 mg", route="subcutaneous"),
                        drug("methotrexate", "2026-11-25", "15 mg", route="subcutaneous"),
                    ],
                    NO,
                    "Injections on two of the last seven days: 30 mg.",
                    by=(1, 2),
                ),
                Case(
                    [
                        drug("methotrexate", "2026-11-18", "15 mg", route="subcutaneous"),
                        drug("methotrexate", "2026-11-25", "15 mg", route="subcutaneous"),
                    ],
                    YES,
                    "A week apart: 15 mg.",
                    assumes=True,
                ),
                Case(
                    [
                        drug("methotrexate", "2026-11-01 to 2026-11-20", "10 mg", times=1 / 7, route="oral"),
                        drug("methotrexate", "2026-11-20 to now", "15 mg", times=1 / 7, route="oral"),
                    ],
                    YES,
                    "The first order ends as the second begins.",
                    assumes=True,
                ),
                Case(
                    [drug("methotrexate", "2026-11-22", "25 mg", times=1 / 7, route="subcutaneous")],
                    NO,
                    "One injection, ordered once a week: 25 mg.",
                    by=(1,),
                ),
                Case(
                    [drug("methotrexate", "2026-11-23 to now", "25 mg", times=1 / 7, route="oral")],
                    Reason.NO_DOSE,
                    "Begun three days ago: the first dose may be still to come.",
                ),
                Case(
                    [drug("methotrexate", "2026-01-10 to 2026-11-23", "15 mg", times=1 / 7, route="oral")],
                    YES,
                    "Ended two days ago: one dose or none in the seven days.",
                    assumes=True,
                ),
                Case(
                    [drug("methotrexate", "2026-11-20 to 2026-11-21", "10 mg", route="oral")],
                    YES,
                    "Two days of 10 mg.",
                    assumes=True,
                ),
                Case(
                    [drug("methotrexate", "2026-11-19 to ?", "10 mg", route="oral")],
                    (Reason.NO_END,),
                    "10 mg a day since 19 November; until when is not stated: 10 to 70 mg.",
                ),
                Case(
                    [drug("methotrexate", "2026-11-01 to 2026-11-20", "25 mg", times=1 / 7, route="oral")],
                    YES,
                    "25 mg until 20 November.",
                    rule="highest weekly dose of methotrexate within 1 month before screening > 20 mg",
                    by=(1,),
                ),
            ),
            rule="weekly dose of methotrexate at screening <= 20 mg",
        ),
        Wordings(
            "Other words",
            (
                Wording(
                    "daily dose of prednisone <= 10 mg",
                    "daily dose of prednisone at screening <= 10 mg",
                    "Without a day it is the screening date.",
                ),
                Wording(
                    "daily dose of prednisone at enrolment <= 10 mg/day",
                    "daily dose of prednisone at enrolment <= 10 mg",
                    "`/day` is understood.",
                ),
                Wording(
                    "weekly dose of methotrexate <= 25 mg/week",
                    "weekly dose of methotrexate at screening <= 25 mg",
                    "`/week` is understood.",
                ),
            ),
        ),
    ),
)
