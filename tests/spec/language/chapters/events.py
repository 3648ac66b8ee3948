"""Vaccines, procedures, hospital stays, allergies, pregnancy."""

from tests.spec.language.rows import allergy, diagnosis, procedure, vaccine, visit
from tests.spec.language.table import NO, YES, Case, Chapter, Table, Wording, Wordings
from trialrun.criteria.meaning.finding import Reason

_LIVE = "vaccinated with live vaccine within 3 months before day 1"

CHAPTER = Chapter(
    "events",
    "Vaccines, procedures, hospital stays, allergies, pregnancy",
    "other things that happen, each with its own verb",
    (
        "`vaccinated with`, `underwent`, `hospitalised` and `allergic to` ask as the rules for diagnoses and drugs do: "
        "something happened on a day of the window, or ever where there is none. A vaccination and a procedure are of one "
        "day; a stay in hospital lasts. Emergency and outpatient visits are no stays.",
        "An allergy without a date counts, because it is one whenever it was found. A pregnancy is a condition: `had "
        "pregnancy at screening`; a pregnancy test is a [finding](findings.md). What only a person can say, such as the "
        "wish for contraception, is a [question](questions.md).",
    ),
    (
        Table(
            "Vaccines",
            (
                Case([vaccine("MMR", "2026-08-25")], YES, "Live, exactly 3 months ago.", by=(1,)),
                Case([vaccine("MMR", "2026-08-24")], Reason.NO_ROW, "A day longer."),
                Case([vaccine("influenza, inactivated", "2026-10-01")], Reason.NO_ROW, "Not live."),
                Case([vaccine("MMR", "2026-10-01", status="not done")], Reason.NO_ROW, "Not given."),
                Case(
                    [vaccine("zoster vaccine, unspecified", "2026-10-01")],
                    YES,
                    "Whether it was live is not said; this rule takes both.",
                    rule="vaccinated with any [live vaccine, vaccine of unstated kind] within 3 months before day 1",
                    by=(1,),
                ),
            ),
            rule=_LIVE,
        ),
        Table(
            "Procedures",
            (
                Case(
                    [procedure("total hip replacement", "2026-11-01")],
                    YES,
                    "Major surgery.",
                    rule="underwent major surgery within 4 weeks before screening",
                    by=(1,),
                ),
                Case(
                    [procedure("total hip replacement", "2026-11-01", status="planned")],
                    Reason.NO_ROW,
                    "Planned is not done.",
                    rule="underwent major surgery within 4 weeks before screening",
                ),
                Case(
                    [procedure("CT of chest", "2026-10-01")],
                    NO,
                    "There is an image.",
                    rule="did not undergo chest imaging within 3 months before day 1",
                    by=(1,),
                ),
            ),
        ),
        Table(
            "Hospital stays",
            (
                Case([visit("inpatient", "2026-08-20 to 2026-08-25")], YES, "Its last day is the edge.", by=(1,)),
                Case([visit("inpatient", "2026-08-20 to 2026-08-24")], Reason.NO_ROW, "Over a day before."),
                Case([visit("inpatient", "2026-08-20 to ?")], Reason.NO_END, "Until when?"),
                Case([visit("inpatient", "2026-08-20 to now")], YES, "Still there."),
                Case([visit("emergency", "2026-10-20")], Reason.NO_ROW, "A visit, not a stay."),
            ),
            rule="hospitalised within 3 months before screening",
        ),
        Table(
            "Allergies",
            (
                Case([allergy("amoxicillin")], YES, "A penicillin; no date is needed.", by=(1,)),
                Case([allergy("peanut", "2010-01-01")], Reason.NO_ROW, "Another allergy says nothing of this one."),
                Case([allergy("penicillin", status="refuted")], Reason.NO_ROW, "Ruled out."),
                Case(
                    [],
                    YES,
                    "An empty list counts as no, because the rule says so.",
                    rule="not allergic to penicillin, if nothing recorded: no",
                    assumes=True,
                ),
            ),
            rule="allergic to penicillin",
        ),
        Table(
            "Pregnancy",
            (
                Case([diagnosis("pregnancy", "2026-08-01 to now")], YES, "Pregnant today.", by=(1,)),
                Case([diagnosis("pregnancy", "2025-01-10 to 2025-10-02")], Reason.NO_ROW, "Over."),
                Case([diagnosis("pregnancy", "2026-08-01 to ?")], Reason.NO_END, "Still, or not?"),
            ),
            rule="had pregnancy at screening",
        ),
        Wordings(
            "Other words",
            (
                Wording(
                    "never hospitalized within 3 months before screening",
                    "not hospitalised within 3 months before screening",
                    "Both spellings are read.",
                ),
                Wording("never vaccinated with MMR", "not vaccinated with measles mumps rubella vaccine", "Its name."),
                Wording("never underwent CABG", "did not undergo coronary artery bypass graft", "Its name."),
                Wording("vaccinated with BCG", "vaccinated with BCG vaccine", "Its name."),
            ),
        ),
    ),
)
