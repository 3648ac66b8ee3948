"""Nothing recorded."""

from tests.spec.language.rows import diagnosis, drug
from tests.spec.language.table import NO, YES, Case, Chapter, Table
from trialrun.criteria.meaning.finding import Reason

_TOOK = "took rituximab within 6 months before screening"
_COVERED = _TOOK + ", if nothing recorded: no, within coverage"
_SILENT = _TOOK + ", if nothing recorded: no"
_CANCER = "had malignancy within 5 years before screening, if nothing recorded: no, within coverage"

CHAPTER = Chapter(
    "nothing-recorded",
    "Nothing recorded",
    "unknown, no, or no where the record is complete",
    (
        "What is not recorded is unknown. A rule about events or drugs may say otherwise at its end: `if nothing recorded: "
        "no, within coverage` takes silence for no on days for which the record is said to be complete; `if nothing "
        "recorded: no` takes it for no anywhere. Either is an *assumption*: the answer that rests on it says so, and it is "
        "to be signed by somebody who may. Results of tests have no such ending: a test that nobody made has no result.",
        "*Coverage* is a statement of those who made the record ([patients](../patients.md)): from which day to which it "
        "holds everything. It has to cover the whole window. A row that nobody can read may be what the rule asks about, "
        "and keeps the answer unknown even inside: it has a code of an unknown system, or words that name no term here (a brand, "
        "another language) and no code. Where a source has no table of drugs at all, its silence about drugs says nothing.",
    ),
    (
        Table(
            "The three endings",
            (
                Case([], Reason.NO_ROW, "Nothing said: unknown.", rule=_TOOK),
                Case([], Reason.NO_ROW, "The same, written out.", rule=_TOOK + ", if nothing recorded: unknown"),
                Case([], NO, "Silence is no.", rule=_SILENT, assumes=True),
                Case([], Reason.NO_COVERAGE, "Nobody says that the record is complete.", rule=_COVERED),
                Case(
                    [drug("Decortin H", "2026-10-01", "20 mg")],
                    Reason.UNREAD,
                    "A brand nobody knows here, without a code: it may be the drug.",
                    rule=_COVERED,
                    coverage=("2016-01-01 to 2026-11-25",),
                ),
                Case(
                    [],
                    NO,
                    "Complete over the window.",
                    rule=_COVERED,
                    coverage=("2026-05-25 to 2026-11-25",),
                    assumes=True,
                ),
                Case(
                    [],
                    Reason.NO_ROW,
                    "A complete record changes nothing for a rule that does not ask.",
                    rule=_TOOK,
                    coverage=("2016-01-01 to 2026-11-25",),
                ),
            ),
        ),
        Table(
            "How far coverage reaches",
            (
                Case([], Reason.NO_COVERAGE, "The first day is missing.", coverage=("2026-05-26 to 2026-11-25",)),
                Case([], Reason.NO_COVERAGE, "The last day is missing.", coverage=("2026-01-01 to 2026-11-24",)),
                Case(
                    [],
                    NO,
                    "Two periods that join.",
                    coverage=("2026-01-01 to 2026-08-31", "2026-09-01 to 2026-11-25"),
                    assumes=True,
                ),
                Case(
                    [],
                    Reason.NO_COVERAGE,
                    "One day between them.",
                    coverage=("2026-01-01 to 2026-08-31", "2026-09-02 to 2026-11-25"),
                ),
                Case(
                    [drug("rituximab", "2026-09-01")],
                    YES,
                    "What is recorded needs no coverage.",
                    by=(1,),
                ),
                Case(
                    [drug("rituximab", "2025-09-01")],
                    NO,
                    "Outside the window, and nothing inside.",
                    coverage=("2016-01-01 to 2026-11-25",),
                    assumes=True,
                ),
                Case(
                    [],
                    Reason.NO_COVERAGE,
                    "Without a window the whole life is asked about; ten years are not all of it.",
                    rule="took rituximab, if nothing recorded: no, within coverage",
                    birth="1960-01-01",
                    coverage=("2016-01-01 to 2026-11-25",),
                ),
            ),
            rule=_COVERED,
        ),
        Table(
            "Rows nobody can read",
            (
                Case(
                    [diagnosis("", "2024-05-01 to ?", code="SNOMED 999999999999")],
                    Reason.UNREAD,
                    "A code that is not known may be a malignancy.",
                    coverage=("2016-01-01 to 2026-11-25",),
                ),
                Case(
                    [diagnosis("", "2010-05-01 to 2010-06-01", code="SNOMED 999999999999")],
                    NO,
                    "It was over before the window.",
                    coverage=("2016-01-01 to 2026-11-25",),
                    assumes=True,
                ),
                Case(
                    [diagnosis("sprain of ankle", "2024-05-01 to ?")],
                    NO,
                    "Words that are understood can be ruled out.",
                    coverage=("2016-01-01 to 2026-11-25",),
                    assumes=True,
                ),
            ),
            rule=_CANCER,
        ),
        Table(
            "Turned round, and inside longer rules",
            (
                Case(
                    [],
                    YES,
                    "None is recorded, so it did not happen.",
                    rule="not vaccinated with live vaccine within 3 months before day 1, if nothing recorded: no",
                    assumes=True,
                ),
                Case(
                    [],
                    NO,
                    "In parentheses, the ending belongs to that part alone.",
                    rule=f"({_SILENT}) and diagnosed multiple sclerosis",
                    assumes=True,
                ),
                Case(
                    [],
                    YES,
                    "Who takes none has a dose of 0 mg.",
                    rule="daily dose of prednisone at screening <= 10 mg, if nothing recorded: no",
                    assumes=True,
                ),
            ),
        ),
    ),
)
