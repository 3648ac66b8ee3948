"""Windows and anchors."""

from tests.spec.language.rows import drug, result, vaccine
from tests.spec.language.table import NO, YES, Case, Chapter, Table, Wording, Wordings
from trialrun.criteria.meaning.finding import Reason

_SIX_MONTHS = "took rituximab within 6 months before screening, if nothing recorded: no"
_AHEAD = "latest ALT within 14 days before day 1 > 3 x ULN"

CHAPTER = Chapter(
    "windows",
    "Windows and anchors",
    "which days count: both edges included, calendar months and years, days that lie ahead",
    (
        "A window says which days count, and from which day they are counted back: `within 6 months before screening`. "
        "Both edges belong to it. Days and weeks are counted; months and years are those of the calendar, and where the "
        "month is too short its last day is taken. So 4 weeks are not 1 month, and 30 days are neither.",
        "The day that is counted from is the *anchor*: consent, screening, enrolment, day 1, last dose or end of study. At "
        "screening the others are not facts yet. Consent, enrolment and day 1 are *projected*: to the screening date, or "
        "day 1 to the planned start (`--start`). The answer says so, and is to be looked at again on the day. Nothing "
        "dated after the screening date is looked at. The rules of this chapter say `if nothing recorded: no`, so that a "
        "day outside shows as a no; [nothing recorded](nothing-recorded.md) tells what that assumes.",
    ),
    (
        Table(
            "Both edges belong to the window",
            (
                Case([drug("rituximab", "2026-05-25")], YES, "Exactly 6 months ago.", by=(1,)),
                Case([drug("rituximab", "2026-05-24")], NO, "A day longer.", assumes=True),
                Case([drug("rituximab", "2026-11-25")], YES, "On the screening date itself.", by=(1,)),
                Case([drug("rituximab", "2026-11-26")], NO, "After it: not looked at.", assumes=True),
            ),
            rule=_SIX_MONTHS,
        ),
        Table(
            "Months, weeks and days",
            (
                Case([result("ALT", "38 U/L", "2026-10-25")], YES, "From 25 October.", by=(1,)),
                Case(
                    [result("ALT", "38 U/L", "2026-10-25")],
                    NO,
                    "From 26 October.",
                    rule="count of ALT within 30 days before screening >= 1",
                    assumes=True,
                ),
                Case(
                    [result("ALT", "38 U/L", "2026-10-26")],
                    NO,
                    "From 28 October: 4 weeks are 28 days.",
                    rule="count of ALT within 4 weeks before screening >= 1",
                    assumes=True,
                ),
                Case(
                    [result("ALT", "38 U/L", "2026-10-28")],
                    YES,
                    "The first day of the 4 weeks.",
                    rule="count of ALT within 4 weeks before screening >= 1",
                    by=(1,),
                ),
            ),
            rule="count of ALT within 1 month before screening >= 1",
        ),
        Table(
            "Ends of months, leap days",
            (
                Case(
                    [vaccine("MMR", "2027-02-28")],
                    YES,
                    "There is no 31 February; its last day is taken.",
                    rule="vaccinated with live vaccine within 1 month before screening, if nothing recorded: no",
                    on="2027-03-31",
                ),
                Case(
                    [vaccine("MMR", "2027-02-27")],
                    NO,
                    "The day before is outside.",
                    rule="vaccinated with live vaccine within 1 month before screening, if nothing recorded: no",
                    on="2027-03-31",
                    assumes=True,
                ),
                Case(
                    [drug("rituximab", "2026-11-30")],
                    YES,
                    "6 months before 31 May is 30 November.",
                    rule=_SIX_MONTHS,
                    on="2027-05-31",
                ),
                Case(
                    [drug("rituximab", "2027-02-28")],
                    YES,
                    "A year before 29 February is 28 February.",
                    rule="took rituximab within 1 year before screening, if nothing recorded: no",
                    on="2028-02-29",
                ),
                Case(
                    [drug("rituximab", "2028-02-29")],
                    YES,
                    "And a year after a leap day counts from 28 February.",
                    rule="took rituximab within 1 year before screening, if nothing recorded: no",
                    on="2029-02-28",
                ),
            ),
        ),
        Table(
            "Windows that end earlier",
            (
                Case([drug("rituximab", "2025-11-25")], YES, "The far edge.", by=(1,)),
                Case([drug("rituximab", "2026-05-25")], YES, "The near edge.", by=(1,)),
                Case([drug("rituximab", "2026-05-26")], NO, "Later than the near edge.", assumes=True),
                Case(
                    [drug("rituximab", "2021-11-25")],
                    YES,
                    "Exactly 5 years ago is at least 5 years ago.",
                    rule="took rituximab at least 5 years before screening, if nothing recorded: no",
                ),
                Case(
                    [drug("rituximab", "2021-11-26")],
                    NO,
                    "A day less.",
                    rule="took rituximab at least 5 years before screening, if nothing recorded: no",
                    assumes=True,
                ),
            ),
            rule="took rituximab between 12 months and 6 months before screening, if nothing recorded: no",
        ),
        Table(
            "One day, and ever",
            (
                Case(
                    [result("ALT", "38 U/L", "2026-11-25", uln=40)],
                    NO,
                    "Measured on the day.",
                    rule="latest ALT at screening > 3 x ULN",
                    by=(1,),
                ),
                Case(
                    [result("ALT", "38 U/L", "2026-11-24", uln=40)],
                    Reason.NO_ROW,
                    "The day before is another day.",
                    rule="latest ALT at screening > 3 x ULN",
                ),
                Case(
                    [drug("rituximab", "2009-03-02")],
                    YES,
                    "No window: any day up to the screening date.",
                    rule="took rituximab",
                    by=(1,),
                ),
            ),
        ),
        Table(
            "Dates known to the month or year",
            (
                Case([drug("rituximab", "2026-06")], YES, "All of June lies inside.", by=(1,)),
                Case([drug("rituximab", "2026-05")], Reason.PARTIAL_DATE, "Before or after 25 May?"),
                Case([drug("rituximab", "2026")], Reason.PARTIAL_DATE, "Some days of 2026 lie outside."),
                Case([drug("rituximab", "2025")], NO, "All of 2025 lies outside.", assumes=True),
                Case([drug("rituximab")], Reason.NO_DATE, "No date may be any date."),
                Case(
                    [drug("rituximab", "2026-05"), drug("rituximab", "2026-09-01")],
                    YES,
                    "The second is enough.",
                    by=(2,),
                ),
            ),
            rule=_SIX_MONTHS,
        ),
        Table(
            "Anchors that lie ahead",
            (
                Case(
                    [result("ALT", "130 U/L", "2026-11-11", uln=40)],
                    YES,
                    "No start is planned: day 1 is projected to the screening date.",
                    by=(1,),
                ),
                Case(
                    [result("ALT", "130 U/L", "2026-11-23", uln=40)],
                    YES,
                    "Day 1 is planned for 7 December, 14 days after 23 November.",
                    start="2026-12-07",
                    by=(1,),
                ),
                Case(
                    [result("ALT", "130 U/L", "2026-11-22", uln=40)],
                    Reason.NO_ROW,
                    "Too old by the planned day 1.",
                    start="2026-12-07",
                ),
                Case(
                    [],
                    Reason.NO_ANCHOR,
                    "All 7 days lie ahead; nobody can know them.",
                    rule="latest ALT within 1 week before day 1 > 3 x ULN",
                    start="2026-12-07",
                ),
                Case(
                    [],
                    Reason.NO_ANCHOR,
                    "The end of the study has no date at screening.",
                    rule="age at end of study >= 50 years",
                    birth="1951-01-01",
                ),
                Case(
                    [drug("prednisone", "2026-01-10 to now", "5 mg", route="oral")],
                    YES,
                    "`at day 1` looks at the screening date while day 1 lies ahead.",
                    rule="on prednisone at day 1",
                    start="2026-12-07",
                    by=(1,),
                ),
            ),
            rule=_AHEAD,
        ),
        Wordings(
            "Other words",
            (
                Wording(
                    "took rituximab within 6 months before enrollment",
                    "took rituximab within 6 months before enrolment",
                    "American spelling is read.",
                ),
                Wording(
                    "took rituximab within 6 months before first dose",
                    "took rituximab within 6 months before day 1",
                    "The first dose is given on day 1.",
                ),
                Wording(
                    "age at study end >= 50 years",
                    "age at end of study >= 50 years",
                    "The study's end is the end of study.",
                ),
            ),
            text="What is read, and how the program writes it back.",
        ),
    ),
)
