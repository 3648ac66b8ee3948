"""Drugs taken."""

from tests.spec.language.rows import drug
from tests.spec.language.table import NO, YES, Case, Chapter, Table, Wording, Wordings
from trialrun.criteria.meaning.finding import Reason

_WEEKS = "took infliximab within 12 weeks before screening"
_IV = "took intravenous antibiotic within 2 months before screening"

CHAPTER = Chapter(
    "drugs",
    "Drugs taken",
    "by ingredient, class, list and route; open ends; on a drug at a day",
    (
        "`took` asks whether a drug was taken on some day of the window; `on … at` asks about one day. A drug is named by "
        "its ingredient (brand names are known), by its class, or in a list; a word such as `oral`, `intravenous` or "
        "`systemic` before it asks for the route. Systemic means by mouth, into a vein, muscle or skin, rectally, or "
        "through a patch; an injection into a joint acts where it is put.",
        "A drug row lasts from its start to its end, both days included. A row that is recorded as active lasts until "
        "today. Where the record does not say until when, the drug may have been stopped on its first day or never: what "
        "depends on that is unknown. A prescription counts as intake; one that is only planned does not.",
    ),
    (
        Table(
            "Ingredients, classes, lists",
            (
                Case(
                    [drug("Remicade 100 mg powder", "2026-10-01")],
                    YES,
                    "A brand of infliximab.",
                    rule="took infliximab",
                    by=(1,),
                ),
                Case(
                    [drug("infliximab", "2026-10-01")],
                    YES,
                    "Infliximab is one.",
                    rule="took TNF inhibitor within 6 months before screening",
                    by=(1,),
                ),
                Case(
                    [drug("adalimumab", "2026-10-01")],
                    YES,
                    "An antibody.",
                    rule="took any [rituximab, monoclonal antibody] within 6 months before screening",
                    by=(1,),
                ),
                Case(
                    [drug("etanercept", "2026-10-01")],
                    Reason.NO_ROW,
                    "A fusion protein is no antibody.",
                    rule="took any [rituximab, monoclonal antibody] within 6 months before screening",
                ),
                Case(
                    [drug("rituximab", "2026-10-01")],
                    Reason.NO_ROW,
                    "Excepted.",
                    rule="took biologic except [rituximab] within 12 weeks before screening",
                ),
                Case(
                    [drug("amoxicillin 250 mg / clavulanate 125 mg", "2026-10-01 to 2026-10-08")],
                    YES,
                    "A combination means each of its drugs.",
                    rule="took penicillin within 3 months before screening",
                    by=(1,),
                ),
            ),
        ),
        Table(
            "Rows that only name a class",
            (
                Case([drug("biologic", "2026-10-01")], YES, "A biologic is a biologic.", rule="took biologic", by=(1,)),
                Case([drug("biologic", "2026-10-01")], Reason.NO_KIND, "It may be rituximab.", rule="took rituximab"),
                Case(
                    [drug("biologic", "2026-10-01")],
                    NO,
                    "`no` takes what is not said for no; it leaves the matter to a person's word.",
                    rule="took rituximab, if nothing recorded: no",
                    assumes=True,
                ),
                Case(
                    [drug("biologic", "2026-10-01")],
                    Reason.NO_KIND,
                    "It may be the one that is excepted.",
                    rule="took biologic except [rituximab]",
                ),
            ),
        ),
        Table(
            "Routes",
            (
                Case([drug("ceftriaxone", "2026-10-01", route="intravenous")], YES, "By vein.", rule=_IV, by=(1,)),
                Case([drug("amoxicillin", "2026-10-01", route="oral")], Reason.NO_ROW, "By mouth.", rule=_IV),
                Case([drug("ceftriaxone", "2026-10-01")], Reason.NO_ROUTE, "Vein or muscle? Not stated.", rule=_IV),
                Case(
                    [drug("triamcinolone", "2026-11-20", route="intra-articular")],
                    Reason.NO_ROW,
                    "Into a joint is not systemic.",
                    rule="took systemic glucocorticoid within 1 month before screening",
                ),
                Case(
                    [drug("triamcinolone", "2026-11-20", route="intramuscular")],
                    YES,
                    "Into a muscle is.",
                    rule="took systemic glucocorticoid within 1 month before screening",
                    by=(1,),
                ),
                Case(
                    [drug("hydrocortisone", "2026-11-01 to now", route="topical")],
                    Reason.NO_ROW,
                    "A cream is not.",
                    rule="took systemic glucocorticoid within 1 month before screening",
                ),
            ),
        ),
        Table(
            "Beginnings and ends",
            (
                Case([drug("infliximab", "2025-01-10 to now")], YES, "Still taken.", by=(1,)),
                Case([drug("infliximab", "2025-01-10 to 2026-09-02")], YES, "The last day is the first of the window."),
                Case([drug("infliximab", "2025-01-10 to 2026-09-01")], Reason.NO_ROW, "Over a day before."),
                Case([drug("infliximab", "2025-01-10 to ?")], Reason.NO_END, "Nobody says until when."),
                Case([drug("infliximab", "2026-10-10 to ?")], YES, "Begun inside; the end does not matter.", by=(1,)),
                Case(
                    [drug("infliximab", "2026-01-10 to 2025-12-01")],
                    Reason.NO_END,
                    "An end before the start is a slip and says nothing.",
                ),
                Case([drug("infliximab", "2026-10-10 to now", status="planned")], Reason.NO_ROW, "Only planned."),
            ),
            rule=_WEEKS,
        ),
        Table(
            "On a drug at a day",
            (
                Case([drug("methotrexate", "2025-01-10 to now")], YES, "Still taken.", by=(1,)),
                Case([drug("methotrexate", "2025-01-10 to 2026-11-25")], YES, "The last day counts.", by=(1,)),
                Case([drug("methotrexate", "2025-01-10 to 2026-11-24")], Reason.NO_ROW, "Over yesterday."),
                Case([drug("methotrexate", "2026-11-25 to now")], YES, "Begun today.", by=(1,)),
                Case([drug("methotrexate", "2025-01-10 to ?")], Reason.NO_END, "Perhaps still."),
                Case(
                    [drug("methotrexate", "2025-01-10 to 2026-11-24")],
                    YES,
                    "Nothing recorded of that day counts as no.",
                    rule="not on methotrexate at screening, if nothing recorded: no",
                    assumes=True,
                ),
            ),
            rule="on methotrexate at screening",
        ),
        Table(
            "Never took",
            (
                Case([drug("rituximab", "2009-03-02")], NO, "Once, long ago.", by=(1,)),
                Case([], YES, "Nothing recorded counts as no.", assumes=True),
                Case([drug("rituximab", "2009-03")], NO, "The day does not matter.", by=(1,)),
            ),
            rule="never took rituximab, if nothing recorded: no",
        ),
        Wordings(
            "Other words",
            (
                Wording("took MTX at screening", "on methotrexate at screening", "At one day, `took` is `on`."),
                Wording("did not take rituximab", "never took rituximab", "Without a window, not is never."),
                Wording(
                    "took any systemic steroid within 1 month before screening",
                    "took systemic corticosteroid within 1 month before screening",
                    "`any` is filling before one name; a route that is written is always asked for.",
                ),
            ),
        ),
    ),
)
