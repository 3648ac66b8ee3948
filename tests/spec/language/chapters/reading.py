"""Reading a rule."""

from tests.spec.language.rows import diagnosis, drug, result
from tests.spec.language.table import NO, YES, Case, Chapter, Facts, Table
from trialrun.criteria.meaning.finding import WHO_HAS_IT, Reason

_MEANS = {
    Reason.NO_ROW: "nothing is recorded of what the rule asks about",
    Reason.NO_COVERAGE: "nothing is recorded, and the record is not said to be complete over those days",
    Reason.UNREAD: "a row may be what the rule asks about, but nobody can read its code",
    Reason.NO_DATE: "a row has no date",
    Reason.PARTIAL_DATE: "a date is known to the month or year, and that is not enough here",
    Reason.NO_VALUE: "a result has no value, or one that says neither yes nor no",
    Reason.CENSORED: "a result is only known as below or above something",
    Reason.CONFLICTING: "several results could count, and they do not agree",
    Reason.NO_UNIT: "a number has no unit, or one that is not understood",
    Reason.OTHER_UNIT: "a number has a unit that cannot be converted",
    Reason.NO_ULN: "the report states no upper limit of normal",
    Reason.NO_LLN: "the report states no lower limit of normal",
    Reason.NO_DOSE: "the daily amount of a drug is not stated",
    Reason.NO_EQUIVALENT: "nobody knows how much of one drug equals another",
    Reason.NO_ROUTE: "the route of a drug is not stated",
    Reason.NO_KIND: "a row names a class and not which of it",
    Reason.NO_END: "the record does not say until when something lasted",
    Reason.NO_SEX: "the sex is not recorded, or recorded as other",
    Reason.NO_BIRTH_DATE: "the birth date is not recorded, or lies ahead",
    Reason.OUT_OF_RANGE: "a formula has no value for these numbers",
    Reason.NO_ANCHOR: "the day that a window is counted from has no date yet, or all of the window lies ahead",
    Reason.NEEDS_PERSON: "a person has to say, and has not",
}

CHAPTER = Chapter(
    "reading",
    "Reading a rule",
    "yes, no and unknown; what is looked at; why an answer is unknown",
    (
        "A rule is a sentence about one person on one day. It has three answers: **yes**, **no** and **unknown**. "
        "An inclusion that is answered yes is *met*; an exclusion that is answered yes *applies*. A person is excluded "
        "when an inclusion is answered no or an exclusion yes, and may join when every inclusion is answered yes and "
        "every exclusion no. With anything else open the person is possible, and the program says what is missing "
        "and who can supply it.",
        "Unknown is never taken for met, and never for not met. What nobody recorded is unknown, not absent, unless "
        "the rule itself says otherwise ([nothing recorded](nothing-recorded.md)). A yes or a no stands whatever the "
        "missing facts turn out to be.",
    ),
    (
        Table(
            "Three answers",
            (
                Case([result("ALT", "130 U/L", "2026-11-20", uln=40)], YES, "130 is more than 120.", by=(1,)),
                Case([result("ALT", "38 U/L", "2026-11-20", uln=40)], NO, "38 is not.", by=(1,)),
                Case([], Reason.NO_ROW, "Nobody measured it: that is no low result."),
                Case(
                    [result("ALT", "130 U/L", "2026-11-20")],
                    Reason.NO_ULN,
                    "The report has no upper limit of normal, and none is put in its place.",
                ),
            ),
            rule="latest ALT within 28 days before screening > 3 x ULN",
        ),
        Table(
            "Unknown stays unknown",
            (
                Case(
                    [],
                    Reason.NO_ROW,
                    "The opposite of unknown is unknown.",
                    rule="not latest ALT within 28 days before screening > 3 x ULN",
                ),
                Case([], Reason.NO_ROW, "No diagnosis is recorded; nobody said there is none.", rule="had malignancy"),
                Case([], Reason.NO_ROW, "Nor is its absence known.", rule="never had malignancy"),
            ),
        ),
        Table(
            "What is missing may not matter",
            (
                Case(
                    [result("AST", "130 U/L", "2026-11-20", uln=40)],
                    YES,
                    "The AST alone makes it true; the ALT is not needed.",
                    rule="latest ALT > 3 x ULN or latest AST > 3 x ULN",
                    by=(1,),
                ),
                Case(
                    [result("AST", "38 U/L", "2026-11-20", uln=40)],
                    Reason.NO_ROW,
                    "The AST is low; the ALT may be high.",
                    rule="latest ALT > 3 x ULN or latest AST > 3 x ULN",
                ),
                Case(
                    [],
                    YES,
                    "Born in 1970: 55 or 56 years, either is enough.",
                    rule="age at screening >= 50 years",
                    birth="1970",
                ),
            ),
        ),
        Table(
            "Rows that are not looked at",
            (
                Case(
                    [drug("rituximab", "2026-11-20", status="planned")],
                    Reason.NO_ROW,
                    "An order that is only planned is no intake.",
                    rule="took rituximab",
                ),
                Case(
                    [drug("rituximab", "2026-11-20", status="not done")],
                    Reason.NO_ROW,
                    "Not given.",
                    rule="took rituximab",
                ),
                Case(
                    [diagnosis("multiple sclerosis", "2020-02-01 to ?", status="refuted")],
                    Reason.NO_ROW,
                    "A diagnosis that was ruled out; that it was is no proof for ever.",
                    rule="diagnosed multiple sclerosis",
                ),
                Case(
                    [result("ALT", "130 U/L", "2026-11-20", uln=40), result("ALT", "130 U/L", "2026-11-20", uln=40)],
                    Reason.CONFLICTING,
                    "The same entry twice: one result sent twice, or two.",
                    rule="count of ALT within 28 days before screening >= 2",
                ),
                Case(
                    [result("ALT", "38 U/L", "2026-11-20", uln=40), result("ALT", "130 U/L", "2026-11-26", uln=40)],
                    NO,
                    "Dated after the screening date: not looked at, and listed as not looked at.",
                    rule="latest ALT > 3 x ULN",
                    by=(1,),
                ),
            ),
            text="They are listed at the end of an explanation with the reason.",
        ),
        Facts(
            "Why an answer is unknown",
            ("reason", "says", "who has it"),
            [(f"`{reason}`", words, WHO_HAS_IT[reason]) for reason, words in _MEANS.items()],
            text="Each unknown answer has one or more of these reasons, with the row it is about.",
        ),
    ),
)
