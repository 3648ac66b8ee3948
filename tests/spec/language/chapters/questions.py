"""Questions to a person."""

from tests.spec.language.rows import diagnosis, drug
from tests.spec.language.table import NO, YES, Case, Chapter, Table
from trialrun.criteria.meaning.finding import Reason

_NANCY = 'investigator confirms "meets the 1986 Nancy recommendations"'
_TWO = 'investigator judges "uncontrolled mental disorder" and investigator judges "may hinder the study"'
_IMAGE = (
    'investigator confirms "the image shows a tumour" or did not undergo chest imaging within 3 months before screening'
)

CHAPTER = Chapter(
    "questions",
    "Questions to a person",
    "what the investigator or the participant has to say",
    (
        "Some criteria no record answers. A rule then quotes the question and says who is asked: the investigator or the "
        "participant confirms, judges, expects, declines, agrees to or reports it. Their answer (yes, no, unknown) comes "
        "from the answers file under the id of the criterion or part ([how](../criteria.md)). As long as nobody answers, "
        "the rule is unknown. Several questions of one rule are numbered: `I1/1`, `I1/2`; better, each gets a part of its "
        "own.",
        "An answer may also be given to a rule without a question. It fills what the record leaves unknown, and goes before "
        "what was only taken for no because nothing is recorded. It never overrides what rows decide; the explanation then "
        "says that the two differ. Where a rule asks one question beside the record, the id of the criterion answers the "
        "question, and `I1/whole` the whole rule.",
    ),
    (
        Table(
            "One question",
            (
                Case([], YES, "Answered.", answers={"I1": "yes"}),
                Case([], NO, "Answered.", answers={"I1": "no"}),
                Case([], Reason.NEEDS_PERSON, "Asked, and the investigator could not say.", answers={"I1": "unknown"}),
                Case([], Reason.NEEDS_PERSON, "Not asked yet."),
                Case([], Reason.NEEDS_PERSON, "An answer to another criterion.", answers={"I2": "yes"}),
                Case(
                    [],
                    YES,
                    "The participant declines, so a rule that asks whether they decline is true.",
                    rule='participant declines "medically approved contraception"',
                    answers={"I1": "yes"},
                ),
            ),
            rule=_NANCY,
        ),
        Table(
            "Several questions",
            (
                Case([], YES, "Both.", answers={"I1/1": "yes", "I1/2": "yes"}),
                Case([], NO, "One no is enough for a no.", answers={"I1/2": "no"}),
                Case([], Reason.NEEDS_PERSON, "The second is open.", answers={"I1/1": "yes"}),
            ),
            rule=_TWO,
        ),
        Table(
            "Questions beside the record",
            (
                Case(
                    [diagnosis("alcohol abuse", "2025-01-01 to ?")],
                    YES,
                    "The record alone is enough.",
                    rule='investigator confirms "drug or alcohol abuse" or had any [alcohol abuse, drug abuse]',
                    by=(1,),
                ),
                Case(
                    [],
                    YES,
                    "The birth date is not recorded; the investigator has seen the passport.",
                    rule="age at screening >= 50 years",
                    answers={"I1": "yes"},
                ),
                Case(
                    [],
                    YES,
                    "Silence gives way to a person who says yes.",
                    rule="took rituximab, if nothing recorded: no",
                    answers={"I1": "yes"},
                ),
                Case(
                    [drug("rituximab", "2026-05-01")],
                    YES,
                    "A row does not give way to a person who says no.",
                    rule="took rituximab, if nothing recorded: no",
                    answers={"I1": "no"},
                    by=(1,),
                ),
                Case(
                    [],
                    Reason.NO_ROW,
                    "The question is answered; whether there was an image is not.",
                    rule=_IMAGE,
                    answers={"I1": "no"},
                ),
                Case(
                    [],
                    NO,
                    "The whole rule is answered, the image seen.",
                    rule=_IMAGE,
                    answers={"I1/whole": "no"},
                ),
                Case(
                    [],
                    NO,
                    "The record says 40 years, and is followed.",
                    rule="age at screening >= 50 years",
                    birth="1986-01-01",
                    answers={"I1": "yes"},
                ),
            ),
        ),
    ),
)
