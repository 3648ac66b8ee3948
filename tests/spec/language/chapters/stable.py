"""Unchanged, stopped, and each drug by some way."""

from tests.spec.language.rows import WEEKLY, drug
from tests.spec.language.table import NO, YES, Case, Chapter, Table
from trialrun.criteria.meaning.finding import Reason

_NSAID = "dose of any NSAID unchanged for 4 weeks before enrolment"
_RITUXIMAB = "last dose of rituximab at least 6 months before enrolment"
_EACH = (
    "each [methotrexate, leflunomide]: never taken, or unchanged for 4 weeks before enrolment, or stopped at least "
    "4 weeks before enrolment, if nothing recorded: no, within coverage"
)
_WHOLE = ("2016-01-01 to 2026-11-25",)

CHAPTER = Chapter(
    "stable",
    "Unchanged, stopped, each",
    "a dose that stayed the same; time since the last dose; each drug never, stable or washed out",
    (
        "`dose of any NSAID unchanged for 4 weeks before enrolment` asks of every drug of the class whether its daily dose "
        "was the same on each day of the window. A drug begun, ended, raised or lowered inside has changed. Who takes none "
        "passes, where the record lets that be known.",
        "`last dose of rituximab at least 6 months before enrolment` asks whether the last day of every such drug lies at "
        "least that far back. `each [methotrexate, leflunomide]: never taken, or unchanged for …, or stopped at least …` "
        "goes drug by drug: each drug on record has to pass by one of the ways, and one that does not is enough for a no. "
        "With `if nothing recorded: no, within coverage` the record has to be complete also where some drug is found, "
        "because there may be another.",
    ),
    (
        Table(
            "Unchanged",
            (
                Case(
                    [drug("ibuprofen", "2026-01-10 to now", "400 mg", times=3)],
                    YES,
                    "The same all through.",
                    by=(1,),
                    assumes=True,
                ),
                Case(
                    [
                        drug("ibuprofen", "2026-01-10 to 2026-11-09", "400 mg", times=2),
                        drug("ibuprofen", "2026-11-10 to now", "400 mg", times=3),
                    ],
                    NO,
                    "Raised inside the window.",
                    by=(1, 2),
                ),
                Case(
                    [
                        drug("ibuprofen", "2026-01-10 to 2026-10-27", "400 mg", times=2),
                        drug("ibuprofen", "2026-10-28 to now", "400 mg", times=3),
                    ],
                    YES,
                    "Raised on 28 October, the first day of the window: the same on each of its days.",
                    assumes=True,
                ),
                Case(
                    [
                        drug("ibuprofen", "2026-01-10 to 2026-10-28", "400 mg", times=2),
                        drug("ibuprofen", "2026-10-29 to now", "400 mg", times=3),
                    ],
                    NO,
                    "Raised on its second day.",
                ),
                Case(
                    [
                        drug("ibuprofen", "2026-01-10 to 2026-11-09", "400 mg", times=3),
                        drug("ibuprofen", "2026-11-10 to now", "600 mg", times=2),
                    ],
                    YES,
                    "1,200 mg a day before and after.",
                    assumes=True,
                ),
                Case([drug("ibuprofen", "2026-11-01 to now", "400 mg", times=3)], NO, "Begun inside."),
                Case([drug("ibuprofen", "2026-01-10 to 2026-11-09", "400 mg", times=3)], NO, "Ended inside."),
                Case(
                    [
                        drug("ibuprofen", "2026-01-10 to 2026-11-09", "400 mg", times=3),
                        drug("naproxen", "2026-11-10 to now", "500 mg", times=2),
                    ],
                    NO,
                    "One exchanged for another: both changed.",
                ),
                Case([drug("ibuprofen", "2026-01-10 to now")], Reason.NO_DOSE, "Taken, but how much?"),
                Case([drug("ibuprofen", "2026-11-01 to now")], NO, "From nothing to some amount: changed."),
                Case([drug("ibuprofen", "2026-01-10 to ?", "400 mg", times=3)], Reason.NO_END, "Perhaps stopped."),
                Case(
                    [drug("methotrexate", day, "15 mg") for day in ("2026-11-04", "2026-11-11", "2026-11-18")],
                    Reason.NO_DOSE,
                    "Weekly injections: an amount a day says nothing of them; a person has to say.",
                    rule="dose of any DMARD unchanged for 4 weeks before enrolment",
                ),
                Case([], Reason.NO_ROW, "Nobody said that none is taken."),
                Case(
                    [drug("ibuprofen", "2026-01-10 to 2026-02-10", "400 mg", times=3)],
                    YES,
                    "None in the window passes, where the rule takes silence for no.",
                    rule=_NSAID + ", if nothing recorded: no",
                    assumes=True,
                ),
            ),
            rule=_NSAID,
        ),
        Table(
            "Time since the last dose",
            (
                Case([drug("rituximab", "2026-05-25")], YES, "Exactly 6 months ago.", by=(1,), assumes=True),
                Case([drug("rituximab", "2026-05-26")], NO, "A day less.", by=(1,)),
                Case(
                    [drug("rituximab", "2025-05-01"), drug("rituximab", "2026-06-01")],
                    NO,
                    "The last one counts.",
                    by=(2,),
                ),
                Case([drug("rituximab", "2026-05")], Reason.PARTIAL_DATE, "Before or after 25 May?"),
                Case([drug("rituximab", "2025-05-01 to now")], NO, "Still given."),
                Case([drug("rituximab", "2025-05-01 to ?")], Reason.NO_END, "Nobody says until when."),
                Case([], Reason.NO_ROW, "Never, or not recorded?"),
                Case(
                    [],
                    YES,
                    "Never given passes, where silence counts as no.",
                    rule=_RITUXIMAB + ", if nothing recorded: no",
                    assumes=True,
                ),
                Case(
                    [drug("rituximab", "2026-05-25")],
                    YES,
                    "Exactly 6 months ago is also within 6 months: both edges belong to their windows.",
                    rule="took rituximab within 6 months before enrolment",
                    by=(1,),
                ),
            ),
            rule=_RITUXIMAB,
        ),
        Table(
            "Each drug by some way",
            (
                Case(
                    [drug("methotrexate", "2026-01-10 to now", "15 mg", times=WEEKLY)],
                    YES,
                    "Methotrexate is unchanged, and the record is complete, so there is no leflunomide.",
                    coverage=_WHOLE,
                    by=(1,),
                    assumes=True,
                ),
                Case(
                    [drug("methotrexate", "2026-01-10 to now", "15 mg", times=WEEKLY)],
                    Reason.NO_COVERAGE,
                    "Methotrexate passes; whether leflunomide is taken nobody knows.",
                ),
                Case(
                    [drug("methotrexate", "2025-01-10 to 2026-10-28", "15 mg")],
                    YES,
                    "Stopped 4 weeks ago.",
                    coverage=_WHOLE,
                    by=(1,),
                    assumes=True,
                ),
                Case([drug("methotrexate", "2025-01-10 to 2026-10-29", "15 mg")], NO, "A day later.", by=(1,)),
                Case(
                    [
                        drug("methotrexate", "2026-01-10 to now", "15 mg", times=WEEKLY),
                        drug("leflunomide", "2026-01-10 to 2026-11-10", "20 mg"),
                    ],
                    NO,
                    "Methotrexate passes; leflunomide does not.",
                    by=(2,),
                ),
                Case(
                    [drug("azathioprine", "2026-11-01 to now", "50 mg")],
                    YES,
                    "Not of the list, so it is not asked about.",
                    coverage=_WHOLE,
                    assumes=True,
                ),
                Case([], YES, "Neither is on record, and the record is complete.", coverage=_WHOLE, assumes=True),
                Case(
                    [],
                    YES,
                    "4 weeks of complete record are enough: older use would pass as stopped.",
                    coverage=("2026-10-28 to 2026-11-25",),
                    assumes=True,
                ),
                Case([], Reason.NO_COVERAGE, "Nothing says that the record is complete."),
                Case(
                    [drug("methotrexate", "2026-01-10 to now")],
                    Reason.NO_DOSE,
                    "Taken, with a dose that may have changed.",
                    coverage=_WHOLE,
                ),
            ),
            rule=_EACH,
        ),
        Table(
            "Taken or not taken at a day",
            (
                Case(
                    [drug("methotrexate", "2026-11-01 to now", "15 mg", times=WEEKLY)],
                    YES,
                    "Taken today, however short.",
                    rule="each methotrexate: taken at screening",
                    by=(1,),
                    assumes=True,
                ),
                Case(
                    [drug("methotrexate", "2026-01-10 to 2026-11-20", "15 mg", times=WEEKLY)],
                    YES,
                    "Not taken any more.",
                    rule="each DMARD: not taken at enrolment, or unchanged for 4 weeks before enrolment",
                    by=(1,),
                    assumes=True,
                ),
                Case(
                    [drug("methotrexate", "2026-11-10 to now", "15 mg", times=WEEKLY)],
                    NO,
                    "Taken, and not for 4 weeks.",
                    rule="each DMARD: not taken at enrolment, or unchanged for 4 weeks before enrolment",
                    by=(1,),
                ),
                Case(
                    [drug("methotrexate", "2010-01-10 to 2010-03-10", "15 mg")],
                    NO,
                    "Once is not never.",
                    rule="each methotrexate: never taken",
                    by=(1,),
                ),
            ),
        ),
    ),
)
