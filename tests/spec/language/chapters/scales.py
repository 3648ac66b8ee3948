"""Ordinal scales."""

from tests.spec.language.rows import result
from tests.spec.language.table import NO, YES, Case, Chapter, Table, Wording, Wordings
from trialrun.criteria.meaning.finding import Reason

CHAPTER = Chapter(
    "scales",
    "Ordinal scales",
    "NYHA, ECOG, Child-Pugh and other scales of levels",
    (
        "Some results are levels of a scale: NYHA I to IV, ECOG 0 to 5, Child-Pugh A to C. Levels are compared by their "
        "order. A result that names two levels is unknown where they fall on both sides of the limit, and one that names "
        "no level says nothing. The scales and their levels: [tests](../analytes.md).",
    ),
    (
        Table(
            "At least class III",
            (
                Case([result("NYHA class", "III", "2026-11-20")], YES, "That level.", by=(1,)),
                Case([result("NYHA class", "NYHA class II", "2026-11-20")], NO, "Below it.", by=(1,)),
                Case([result("NYHA class", "4", "2026-11-20")], YES, "The number of a level."),
                Case([result("NYHA class", "II-III", "2026-11-20")], Reason.NO_VALUE, "One of two levels."),
                Case([result("NYHA class", "I-II", "2026-11-20")], NO, "Both are below."),
                Case([result("NYHA class", "comfortable", "2026-11-20")], Reason.NO_VALUE, "No level."),
                Case([], Reason.NO_ROW, "Nobody assessed it."),
            ),
            rule="latest NYHA class >= III",
        ),
        Table(
            "Other scales",
            (
                Case(
                    [result("ECOG performance status", "1", "2026-11-20")],
                    YES,
                    "1.",
                    rule="latest ECOG performance status within 14 days before screening <= 1",
                ),
                Case(
                    [result("ECOG performance status", "0", "2026-11-01"), result("ECOG", "2", "2026-11-20")],
                    NO,
                    "The latest is 2.",
                    rule="latest ECOG performance status within 28 days before screening <= 1",
                    by=(2,),
                ),
                Case(
                    [result("Child-Pugh class", "Child-Pugh A", "2026-11-20")],
                    YES,
                    "A comes before B.",
                    rule="latest Child-Pugh class within 3 months before screening < B",
                ),
                Case(
                    [result("CKD stage", "stage 3", "2026-11-20")],
                    Reason.NO_VALUE,
                    "3a or 3b?",
                    rule="latest CKD stage within 3 months before screening <= 3a",
                ),
            ),
        ),
        Wordings(
            "Other words",
            (
                Wording(
                    "latest NYHA >= 3", "latest NYHA class >= III", "A number is read as the level of that number."
                ),
                Wording("ECOG <= 1", "latest ECOG performance status <= 1", "The latest, by its name."),
            ),
        ),
    ),
)
