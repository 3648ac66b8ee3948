"""The whole grammar on one page: each form with its pattern, an example and how it is read aloud."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """A form of the language.

    Args:
        group: Under which heading it stands.
        pattern: What is fixed and what is filled in (in capitals).
        example: A rule of this form, in canonical words.
        aloud: How a clinician reads the example aloud.
        chapter: Where its cases stand.
    """

    group: str
    pattern: str
    example: str
    aloud: str
    chapter: str

    @property
    def is_promise(self) -> bool:
        """Whether the example is a promise."""
        return self.group == "Promises"


_PERSON, _EVENTS, _DRUGS, _VALUES, _ASK, _JOIN = (
    "The person",
    "What happened",
    "Drugs over time",
    "Values and limits",
    "Questions",
    "Joining rules",
)

FORMS = (
    Form(
        _PERSON,
        "age at ANCHOR SIGN NUMBER years",
        "age at screening >= 50 years",
        "Aged 50 years or older at screening.",
        "age-and-sex",
    ),
    Form(
        _PERSON,
        "age at ANCHOR between NUMBER and NUMBER years",
        "age at screening between 18 and 75 years",
        "Aged 18 to 75 years at screening, both included.",
        "age-and-sex",
    ),
    Form(_PERSON, "sex is female | male", "sex is female", "A woman.", "age-and-sex"),
    Form(
        _EVENTS,
        "diagnosed TERMS WINDOW",
        "diagnosed malignancy at least 5 years before screening",
        "A malignancy that was first diagnosed five years ago or earlier.",
        "diagnoses",
    ),
    Form(
        _EVENTS,
        "had TERMS except [TERM, …] WINDOW",
        "had malignancy except [non-melanoma skin cancer] within 5 years before day 1",
        "Any malignancy other than non-melanoma skin cancer, present at some time in the five years before day 1.",
        "diagnoses",
    ),
    Form(
        _EVENTS,
        "took ROUTE TERM WINDOW",
        "took intravenous antibiotic between 2 months and 2 weeks before enrolment",
        "An antibiotic by vein, two months to two weeks before enrolment.",
        "drugs",
    ),
    Form(
        _EVENTS,
        "took any [TERM, …] WINDOW",
        "took any [rituximab, monoclonal antibody] within 6 months before screening",
        "Rituximab or any other monoclonal antibody in the six months before screening.",
        "drugs",
    ),
    Form(
        _EVENTS,
        "on TERMS at ANCHOR",
        "on methotrexate at screening",
        "Taking methotrexate at screening.",
        "drugs",
    ),
    Form(
        _EVENTS,
        "vaccinated with TERMS WINDOW",
        "vaccinated with live vaccine within 3 months before day 1",
        "A live vaccine in the three months before day 1.",
        "events",
    ),
    Form(
        _EVENTS,
        "underwent TERMS WINDOW",
        "underwent major surgery within 4 weeks before screening",
        "Major surgery in the four weeks before screening.",
        "events",
    ),
    Form(
        _EVENTS,
        "hospitalised WINDOW",
        "hospitalised within 3 months before screening",
        "In hospital at some time in the three months before screening.",
        "events",
    ),
    Form(_EVENTS, "allergic to TERMS", "allergic to penicillin", "Allergic to a penicillin.", "events"),
    Form(
        _EVENTS,
        "not diagnosed, did not have, did not take, never took, not on, not vaccinated with, did not undergo, not "
        "hospitalised, not allergic to …",
        "not diagnosed giant cell arteritis",
        "Giant cell arteritis was never diagnosed.",
        "diagnoses",
    ),
    Form(
        _EVENTS,
        "RULE, if nothing recorded: no, within coverage | no | unknown",
        "took rituximab within 6 months before screening, if nothing recorded: no, within coverage",
        "Rituximab in the last six months; where the record is complete and shows none, no.",
        "nothing-recorded",
    ),
    Form(
        _DRUGS,
        "daily dose of TERMS as DRUG at ANCHOR SIGN NUMBER mg",
        "daily dose of systemic glucocorticoid as prednisone at enrolment <= 10 mg",
        "At enrolment no more than 10 mg of prednisone a day, or as much of other systemic glucocorticoids.",
        "daily-dose",
    ),
    Form(
        _DRUGS,
        "highest daily dose of TERMS as DRUG WINDOW SIGN NUMBER mg",
        "highest daily dose of systemic glucocorticoid as prednisone within 1 month before screening > 10 mg",
        "More than 10 mg of prednisone, or as much of others, on any day of the last month.",
        "daily-dose",
    ),
    Form(
        _DRUGS,
        "dose of any TERMS unchanged for LENGTH before ANCHOR",
        "dose of any NSAID unchanged for 4 weeks before enrolment",
        "The dose of each NSAID was the same for the four weeks before enrolment.",
        "stable",
    ),
    Form(
        _DRUGS,
        "last dose of TERMS at least LENGTH before ANCHOR",
        "last dose of rituximab at least 6 months before enrolment",
        "The last rituximab lies six months back or more at enrolment.",
        "stable",
    ),
    Form(
        _DRUGS,
        "each TERMS: WAY, or WAY (never taken; taken at, not taken at ANCHOR; unchanged for, stopped at least LENGTH "
        "before ANCHOR)",
        "each DMARD: never taken, or unchanged for 4 weeks before enrolment, or stopped at least 12 weeks before enrolment",
        "Each DMARD was never taken, or stable for four weeks, or stopped at least twelve weeks before enrolment.",
        "stable",
    ),
    Form(
        _VALUES,
        "PICK TEST WINDOW SIGN NUMBER UNIT (latest, first, lowest, highest, any, every)",
        "latest hemoglobin within 28 days before screening >= 9 g/dL",
        "The latest hemoglobin of the last 28 days is at least 9 g/dL.",
        "results",
    ),
    Form(
        _VALUES,
        "count of TEST WINDOW SIGN NUMBER",
        "count of CRP within 3 months before screening >= 2",
        "At least two CRP results in the last three months.",
        "results",
    ),
    Form(
        _VALUES,
        "PICK TEST WINDOW SIGN NUMBER x ULN | LLN",
        "any ALT within 28 days before screening > 3 x ULN",
        "Any ALT of the last 28 days above three times the upper limit of normal of its own report.",
        "results",
    ),
    Form(
        _VALUES,
        "PICK TEST WINDOW SIGN NUMBER x PICK TEST WINDOW",
        "latest creatinine at screening > 1.5 x first creatinine within 3 months before screening",
        "Creatinine at screening above one and a half times the first of the last three months.",
        "results",
    ),
    Form(
        _VALUES,
        "VALUE minus VALUE SIGN NUMBER UNIT",
        "first hemoglobin within 3 months before screening minus latest hemoglobin at screening >= 2 g/dL",
        "Hemoglobin has fallen by 2 g/dL or more within three months.",
        "results",
    ),
    Form(
        _VALUES,
        "FORMULA WINDOW SIGN NUMBER UNIT",
        "creatinine clearance by Cockcroft-Gault within 14 days before day 1 <= 30 mL/min",
        "Creatinine clearance by Cockcroft-Gault of 30 mL/min or less in the 14 days before day 1.",
        "formulas",
    ),
    Form(
        _VALUES,
        "PICK SCALE WINDOW SIGN LEVEL",
        "latest NYHA class >= III",
        "NYHA class III or IV at the latest assessment.",
        "scales",
    ),
    Form(
        _VALUES,
        "PICK TEST WINDOW is positive | negative",
        "any HIV antibody is positive",
        "An HIV antibody test was positive at any time.",
        "findings",
    ),
    Form(
        _ASK,
        'investigator | participant confirms | judges | expects | declines | agrees to | reports "…"',
        'investigator confirms "meets the 1986 Nancy recommendations"',
        "The investigator confirms that the 1986 Nancy recommendations are met.",
        "questions",
    ),
    Form(
        _JOIN,
        "RULE and RULE",
        "sex is female and had pregnancy at screening",
        "A woman who is pregnant at screening.",
        "combining",
    ),
    Form(
        _JOIN,
        "RULE or RULE",
        "latest ALT > 3 x ULN or latest AST > 3 x ULN",
        "ALT or AST above three times the upper limit of normal.",
        "combining",
    ),
    Form(_JOIN, "not RULE", "not E10.c", "E10.c does not hold.", "combining"),
    Form(
        _JOIN,
        "at least NUMBER of (RULE; RULE; …)",
        "at least 2 of (latest CRP > 10 mg/L; latest ESR > 40 mm/h; latest morning stiffness > 45 min)",
        "At least two of: CRP above 10 mg/L, ESR above 40 mm/h, morning stiffness above 45 minutes.",
        "combining",
    ),
    Form(
        _JOIN,
        "if RULE then RULE",
        "if on prednisone at enrolment then daily dose of prednisone at enrolment <= 10 mg",
        "Who takes prednisone at enrolment takes no more than 10 mg a day.",
        "combining",
    ),
    Form(_JOIN, "RULE except RULE", "E9.a except E9.b", "E9.a holds and E9.b does not.", "combining"),
    Form(
        _JOIN,
        "PART and (RULE or RULE)",
        "E12.c and (E12.a or E12.b)",
        "E12.c holds, and E12.a or E12.b.",
        "combining",
    ),
    Form(
        "Promises",
        "no TERMS from ANCHOR until LENGTH after ANCHOR",
        "no live vaccine from day 1 until 4 months after last dose",
        "No live vaccine from day 1 until four months after the last dose.",
        "promises",
    ),
    Form(
        "Promises",
        "no increase of TERMS from ANCHOR until ANCHOR",
        "no increase of immunosuppressant from enrolment until end of study",
        "No immunosuppressant is increased from enrolment to the end of the study.",
        "promises",
    ),
    Form(
        "Promises",
        '"…" from ANCHOR until LENGTH after ANCHOR',
        '"medically approved contraception" from day 1 until 12 months after last dose',
        "Medically approved contraception from day 1 until twelve months after the last dose.",
        "promises",
    ),
)
