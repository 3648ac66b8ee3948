"""Positive and negative."""

from tests.spec.language.rows import result
from tests.spec.language.table import NO, YES, Case, Chapter, Table, Wording, Wordings
from trialrun.criteria.meaning.finding import Reason

CHAPTER = Chapter(
    "findings",
    "Positive and negative",
    "serology and other tests that are positive or negative",
    (
        "Tests such as HIV antibody or a pregnancy test are positive or negative. A result in words is read: reactive, "
        "detected, ++ are positive; non-reactive, not detected are negative. Indeterminate, borderline or anything else "
        "is neither, and the answer is unknown. Untested is unknown.",
        "`any … is positive` looks at every result of the window, `latest … is positive` at the last one.",
    ),
    (
        Table(
            "Any",
            (
                Case([result("HIV antibody", "positive", "2026-11-20")], YES, "Positive.", by=(1,)),
                Case(
                    [result("HIV antibody", "Non-reactive", "2026-11-20")],
                    NO,
                    "Negative in other words.",
                    by=(1,),
                    assumes=True,
                ),
                Case([result("HIV antibody", "indeterminate", "2026-11-20")], Reason.NO_VALUE, "Neither."),
                Case([result("HIV antibody", "see comment", "2026-11-20")], Reason.NO_VALUE, "Says nothing."),
                Case([], Reason.NO_ROW, "Untested."),
                Case(
                    [
                        result("HIV antibody", "negative", "2020-03-01"),
                        result("HIV antibody", "reactive", "2024-03-01"),
                    ],
                    YES,
                    "One is enough.",
                    by=(2,),
                ),
                Case(
                    [
                        result("HIV antibody", "indeterminate", "2020-03-01"),
                        result("HIV antibody", "negative", "2024-03-01"),
                    ],
                    Reason.NO_VALUE,
                    "The first may have been positive.",
                ),
            ),
            rule="any HIV antibody is positive",
        ),
        Table(
            "Latest, every",
            (
                Case(
                    [result("pregnancy test", "negative", "2026-11-20")],
                    YES,
                    "Negative.",
                    rule="latest pregnancy test within 28 days before screening is negative",
                    by=(1,),
                ),
                Case(
                    [result("pregnancy test", "negative", "2026-10-20")],
                    Reason.NO_ROW,
                    "Too old.",
                    rule="latest pregnancy test within 28 days before screening is negative",
                ),
                Case(
                    [result("HBsAg", "positive", "2020-03-01"), result("HBsAg", "not detected", "2026-11-20")],
                    NO,
                    "Only the latest is asked.",
                    rule="latest HBsAg is positive",
                    by=(2,),
                ),
                Case(
                    [result("HBsAg", "positive", "2026-11-20"), result("HBsAg", "negative", "2026-11-20")],
                    Reason.CONFLICTING,
                    "Two answers on one day.",
                    rule="latest HBsAg is positive",
                ),
                Case(
                    [result("IGRA", "negative", "2026-03-01"), result("IGRA", "positive", "2026-11-20")],
                    NO,
                    "Not every one.",
                    rule="every IGRA within 1 year before screening is negative",
                    by=(2,),
                ),
                Case(
                    [result("HCV antibody", "++", "2026-11-20")],
                    YES,
                    "Pluses are positive.",
                    rule="first HCV antibody is positive",
                ),
            ),
        ),
        Wordings(
            "Other words",
            (
                Wording("any anti-HIV is positive", "any HIV antibody is positive", "Another name of the test."),
                Wording("pregnancy test is negative", "latest pregnancy test is negative", "The latest counts."),
            ),
        ),
    ),
)
