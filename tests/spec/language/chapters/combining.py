"""All, any, not, at least, if-then, except."""

from tests.spec.language.rows import diagnosis
from tests.spec.language.table import NO, YES, Case, Chapter, Table, Wording, Wordings
from trialrun.criteria.meaning.finding import Reason

_AND = "sex is female and age at screening >= 50 years"
_OR = "sex is female or age at screening >= 50 years"
_TWO = "at least 2 of (sex is female; age at screening >= 50 years; diagnosed polymyalgia rheumatica)"
_IF = "if sex is female then age at screening >= 50 years"
_EXCEPT = "sex is female except age at screening >= 50 years"
_OLD, _YOUNG = "1960-01-01", "1990-01-01"
_PMR = diagnosis("polymyalgia rheumatica", "2025-03-01 to ?")

CHAPTER = Chapter(
    "combining",
    "All, any, not, at least, if, except",
    "rules made of rules, with three values",
    (
        "Rules are joined by `and` (all of them), `or` (any of them), `not`, `at least 2 of (…; …; …)`, `if … then …` and "
        "`… except …`. `and` and `or` do not stand side by side without parentheses, because readers differ about which "
        "comes first. Unknown is carried through: one no makes `and` a no, one yes makes `or` a yes, and otherwise what is "
        "unknown keeps the whole unknown.",
        "`if A then B` asks B only of those for whom A holds; of the others it is a yes, so it is for inclusions alone and "
        "is refused among exclusions. `A except B` is A and not B. A part of the criteria is named by its id: `E9.a`.",
    ),
    (
        Table(
            "And",
            (
                Case([], YES, "Both.", sex="female", birth=_OLD),
                Case([], NO, "One is not.", sex="female", birth=_YOUNG),
                Case([], NO, "A no is enough, whatever the other is.", sex="male"),
                Case([], Reason.NO_BIRTH_DATE, "It depends on the age.", sex="female"),
            ),
            rule=_AND,
        ),
        Table(
            "Or",
            (
                Case([], YES, "A yes is enough, whatever the other is.", sex="female"),
                Case([], NO, "Neither.", sex="male", birth=_YOUNG),
                Case([], Reason.NO_BIRTH_DATE, "It depends on the age.", sex="male"),
            ),
            rule=_OR,
        ),
        Table(
            "Not, parentheses",
            (
                Case([], YES, "Not female.", rule="not sex is female", sex="male"),
                Case([], Reason.NO_SEX, "The opposite of unknown.", rule="not sex is female"),
                Case(
                    [],
                    YES,
                    "The parentheses come first.",
                    rule="sex is male and (age at screening >= 50 years or age at screening < 18 years)",
                    sex="male",
                    birth=_OLD,
                ),
                Case(
                    [],
                    NO,
                    "Not both; here both.",
                    rule="not (sex is female and age at screening >= 50 years)",
                    sex="female",
                    birth=_OLD,
                ),
            ),
        ),
        Table(
            "At least so many",
            (
                Case([_PMR], YES, "Two are true; the third does not matter.", sex="female"),
                Case(
                    [], (Reason.NO_BIRTH_DATE, Reason.NO_ROW), "One is true, one of the open two may be.", sex="female"
                ),
                Case([_PMR], NO, "Only one is true.", sex="male", birth=_YOUNG),
                Case([], NO, "One at most.", sex="male", birth=_YOUNG),
            ),
            rule=_TWO,
        ),
        Table(
            "If … then",
            (
                Case([], YES, "Not asked of men.", sex="male"),
                Case([], YES, "Asked, and it holds.", sex="female", birth=_OLD),
                Case([], NO, "Asked, and it does not hold.", sex="female", birth=_YOUNG),
                Case([], YES, "It holds, so it does not matter whether it is asked.", birth=_OLD),
                Case([], Reason.NO_SEX, "It does not hold; is it asked?", birth=_YOUNG),
            ),
            rule=_IF,
        ),
        Table(
            "Except",
            (
                Case([], YES, "The first, and not the second.", sex="female", birth=_YOUNG),
                Case([], NO, "The exception holds.", sex="female", birth=_OLD),
                Case([], NO, "The first does not hold.", sex="male"),
                Case([], Reason.NO_BIRTH_DATE, "Whether the exception holds is open.", sex="female"),
            ),
            rule=_EXCEPT,
        ),
        Table(
            "Parts by their id",
            (
                Case(
                    [diagnosis("cervical cancer", "2024-01-01 to 2024-06-01")],
                    NO,
                    "Cured, says the investigator.",
                    rule="E9.a except E9.b",
                    others={
                        "E9.a": "had malignancy within 5 years before day 1",
                        "E9.b": 'investigator confirms "cervical cancer cured by surgery"',
                    },
                    answers={"E9.b": "yes"},
                ),
                Case(
                    [diagnosis("cervical cancer", "2024-01-01 to 2024-06-01")],
                    Reason.NEEDS_PERSON,
                    "Nobody has answered E9.b.",
                    rule="E9.a except E9.b",
                    others={
                        "E9.a": "had malignancy within 5 years before day 1",
                        "E9.b": 'investigator confirms "cervical cancer cured by surgery"',
                    },
                ),
            ),
        ),
        Wordings(
            "Other words",
            (
                Wording(
                    "sex is female, and age at screening >= 50 years",
                    "sex is female and age at screening >= 50 years",
                    "A comma before and, or, then and except is read.",
                ),
                Wording(
                    "((sex is female))",
                    "sex is female",
                    "Parentheses that do nothing are left out.",
                ),
            ),
        ),
    ),
)
