"""Age and sex."""

from tests.spec.language.table import NO, YES, Case, Chapter, Table
from trialrun.criteria.meaning.finding import Reason

CHAPTER = Chapter(
    "age-and-sex",
    "Age and sex",
    "completed years or months on a day; sex as recorded",
    (
        "An age is counted on a day, in completed years or completed months: who turns 50 today is 50. A person born on "
        "29 February completes a year on 28 February where there is no 29th. A birth date known to the year or month "
        "gives two possible ages; where the limit lies between them the answer is unknown.",
        "The sex is the administrative sex as recorded. Where it is not recorded, or recorded as other, a rule that "
        "asks for it is unknown.",
    ),
    (
        Table(
            "At least so old",
            (
                Case([], YES, "50 today.", birth="1976-11-25"),
                Case([], NO, "50 tomorrow.", birth="1976-11-26"),
                Case([], Reason.PARTIAL_DATE, "49 or 50, by the month.", birth="1976"),
                Case([], Reason.PARTIAL_DATE, "49 or 50, by the day.", birth="1976-11"),
                Case([], YES, "Born in October: 50 whatever the day.", birth="1976-10"),
                Case([], NO, "49 at most.", birth="1977"),
                Case([], Reason.NO_BIRTH_DATE, "No birth date."),
                Case([], Reason.NO_BIRTH_DATE, "A birth date that lies ahead is a slip.", birth="2027-01-01"),
            ),
            rule="age at screening >= 50 years",
        ),
        Table(
            "Leap days",
            (
                Case([], YES, "There is no 29 February in 2026: 50 on the 28th.", birth="1976-02-29", on="2026-02-28"),
                Case([], NO, "Still 49 the day before.", birth="1976-02-29", on="2026-02-27"),
                Case(
                    [],
                    NO,
                    "In a leap year the birthday is on the 29th: still 51.",
                    birth="1976-02-29",
                    on="2028-02-28",
                    rule="age at screening >= 52 years",
                ),
            ),
            rule="age at screening >= 50 years",
        ),
        Table(
            "Ranges, months, other days",
            (
                Case([], YES, "18 today.", rule="age at screening between 18 and 75 years", birth="2008-11-25"),
                Case(
                    [],
                    YES,
                    "75, and 76 tomorrow: both numbers belong to the range.",
                    rule="age at screening between 18 and 75 years",
                    birth="1950-11-26",
                ),
                Case([], NO, "76 today.", rule="age at screening between 18 and 75 years", birth="1950-11-25"),
                Case([], YES, "6 months today.", rule="age at screening >= 6 months", birth="2026-05-25"),
                Case([], NO, "5 months.", rule="age at screening >= 6 months", birth="2026-05-26"),
                Case([], YES, "50 all through that year.", rule="age at screening = 50 years", birth="1976-03-01"),
                Case(
                    [],
                    YES,
                    "50 by the planned day 1, though not yet at screening.",
                    rule="age at day 1 >= 50 years and age at screening < 50 years",
                    birth="1976-12-01",
                    start="2026-12-07",
                ),
            ),
        ),
        Table(
            "Sex",
            (
                Case([], YES, "As recorded.", sex="female"),
                Case([], NO, "As recorded.", sex="male"),
                Case([], Reason.NO_SEX, "Not recorded."),
                Case([], Reason.NO_SEX, "Recorded as other: the rule does not say what then.", sex="other"),
                Case(
                    [],
                    NO,
                    "A man: the rest of the rule does not matter.",
                    rule='sex is female and investigator confirms "could become pregnant"',
                    sex="male",
                ),
            ),
            rule="sex is female",
        ),
    ),
)
