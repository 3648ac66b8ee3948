"""Promises."""

from tests.spec.language.table import Chapter, Wording, Wordings

CHAPTER = Chapter(
    "promises",
    "Promises",
    "what must stay true after enrolment",
    (
        "A criterion may speak of the future: no live vaccine until 4 months after the last dose. Nobody can answer that at "
        "screening, so it is no rule but a *promise*. It stands below `on study:`, apart from `rule:`; screening lists the "
        "promises and does not judge them. They are to be watched while the study runs.",
        "A promise says what (no drug or vaccine of some kind, no increase of some drugs' doses, or words in quotes), from "
        "which anchor, and until which anchor or how long after it.",
    ),
    (
        Wordings(
            "The three kinds",
            (
                Wording(
                    "no live vaccine from day 1 until 4 months after last dose",
                    "no live vaccine from day 1 until 4 months after last dose",
                    "None of these drugs or vaccines.",
                ),
                Wording(
                    "no [live vaccine, rituximab] from enrollment until study end",
                    "no [live vaccine, rituximab] from enrolment until end of study",
                    "Any of a list.",
                ),
                Wording(
                    "no increase of [systemic glucocorticoid, immunosuppressant] from enrolment until end of study",
                    "no increase of [systemic glucocorticoid, immunosuppressant] from enrolment until end of study",
                    "Their daily doses do not rise.",
                ),
                Wording(
                    '"medically approved contraception" from first dose until 12 months after last dose',
                    '"medically approved contraception" from day 1 until 12 months after last dose',
                    "In words; a person watches it.",
                ),
            ),
            text="What is read, and how the program writes it back.",
            promises=True,
        ),
    ),
)
