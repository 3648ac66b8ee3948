"""Mistakes, and what the program says."""

from tests.spec.language.table import Chapter, Slip, Slips

_WITHIN = "Write: within 6 months before screening"
_X = "Write: 3 x ULN"
_TOOK = "a drug that was taken is written with 'took', one that is being taken with 'on … at'"
_TIME = "Write: years, months, weeks or days"
_SIGN = "Write > or >= or < or <="
_ANCHORS = "Anchors: consent, screening, enrolment, day 1, last dose, end of study."
_QUOTES = 'Write: investigator confirms "…"'

CHAPTER = Chapter(
    "mistakes",
    "Mistakes",
    "what the program says of a rule it cannot read",
    (
        "A rule that cannot be read is never guessed. The program points at the place and says what is wrong and what to "
        "write. In a protocol file every problem of every rule is told at once, with line and column. Common mistakes are "
        "recognised by their look; for the rest the program says what could stand at that place.",
    ),
    (
        Slips(
            "Windows",
            (
                Slip("took rituximab in the last 6 months", "in", "a window begins with 'within'", _WITHIN),
                Slip(
                    "took rituximab within the last 6 months",
                    "last",
                    "a window says from which day it counts back",
                    _WITHIN,
                ),
                Slip(
                    "took rituximab within 6 months and sex is female",
                    "and",
                    "the window does not say before which day",
                    "Add the anchor: within 6 months before screening",
                ),
                Slip(
                    "took rituximab within 6 months prior to screening",
                    "prior to",
                    "the language says 'before'",
                    _WITHIN,
                ),
                Slip(
                    "underwent surgery in the past 4 weeks",
                    "in",
                    "a window begins with 'within'",
                    "Write: within 4 weeks before screening",
                ),
                Slip("took rituximab within 6 months before baseline", "baseline", "this is no anchor", _ANCHORS),
                Slip(
                    "took rituximab within 6 months before screning",
                    "screning",
                    "'screning' is not expected here",
                    "Expected an anchor: consent, screening, enrolment, day 1, last dose or end of study.",
                ),
                Slip(
                    "took rituximab between 6 months and 12 months before screening",
                    "between",
                    "6 months is not longer than 12 months",
                    "Write: between 12 months and 6 months before screening",
                ),
                Slip(
                    "took rituximab within 1.5 years before screening",
                    "1.5",
                    "'1.5 years' is not a duration",
                    "Write a number and a unit: 3 months",
                ),
                Slip("took rituximab within 6 mo before screening", "mo", "units of time are written out", _TIME),
            ),
        ),
        Slips(
            "Values and limits",
            (
                Slip("age >= 50 years", ">=", "an age is counted on a day", "Write: age at screening >= 50 years"),
                Slip("age at screening >= 50 yrs", "yrs", "units of time are written out", _TIME),
                Slip(
                    "age at screening >= 50",
                    "50",
                    "an age is a number of years or months",
                    "Write: age at screening >= 50 years",
                ),
                Slip(
                    "age at screening between 75 and 18 years",
                    "75",
                    "nothing lies between 75 and 18",
                    "Write: between 18 and 75",
                ),
                Slip("latest ALT > 3 ULN", "ULN", "a multiple of a limit is written with an x", _X),
                Slip("latest ALT > ULN x 3", "ULN", "the factor comes first", _X),
                Slip("latest ALT > 3*ULN", "*", "a multiple is written with an x between spaces", _X),
                Slip("latest ALT greater than 3 x ULN", "greater than", "a comparison is written with a sign", _SIGN),
                Slip("latest ALT != 80 U/L", "!=", "this comparison is not known here", "Write > >= < <= or ="),
                Slip("latest ALT > 80", "80", "ALT without a unit", "Write the unit: 80 U/L"),
                Slip("latest ALT > 80 mg/dL", "mg/dL", "mg/dL does not measure ALT", "Write it in U/L."),
                Slip(
                    "latest ALT > 80 blips",
                    "blips",
                    "'blips' is not a unit that is known here",
                    "ALT is measured in U/L.",
                ),
                Slip("latest NYHA class >= V", "V", "'V' is not a level of NYHA class", "Levels: I, II, III, IV."),
                Slip(
                    "any HIV antibody >= 1",
                    "1",
                    "HIV antibody is positive or negative, not a number",
                    "Write: any HIV antibody is positive",
                ),
                Slip(
                    "latest ALT is positive",
                    "is",
                    "only a test that is positive or negative can be asked so",
                    "Write: any HIV antibody is …",
                ),
                Slip(
                    "lowest ALT within 28 days before screening > 3 x ULN",
                    "ULN",
                    "only a single result has an upper or lower limit of normal",
                    "Write: any ALT within … > 3 x ULN, or latest ALT …",
                ),
                Slip(
                    "count of ALT within 28 days before screening >= 2 U/L",
                    "U/L",
                    "a count has no unit",
                    "Write: count of ALT within 28 days before screening >= 2",
                ),
                Slip(
                    "latest BMI <= 30 kg/m2",
                    "BMI",
                    "'BMI' is computed from the latest values",
                    "Leave the word before it out.",
                ),
                Slip(
                    "latest creatinine > 1.5 x first ALT",
                    "1.5",
                    "the two sides are different things",
                    "Compare a value with a multiple of one of its kind.",
                ),
                Slip(
                    "every ALT minus first ALT > 2 U/L",
                    "minus",
                    "'every' is many values, and a difference needs one",
                    "Write: latest, first …",
                ),
            ),
        ),
        Slips(
            "Drugs and diagnoses",
            (
                Slip(
                    "took rituximb",
                    "rituximb",
                    "'rituximb' is not a drug or drug class that is known here",
                    "Did you mean 'rituximab'?",
                ),
                Slip(
                    "diagnosed polymyalgia",
                    "polymyalgia",
                    "'polymyalgia' is not a diagnosis that is known here",
                    'Add it to the file\'s terms, or ask in words: investigator confirms "…"',
                ),
                Slip(
                    "received rituximab within 6 months before screening",
                    "received",
                    _TOOK,
                    "Write: took rituximab within 6 months before screening",
                ),
                Slip(
                    "history of malignancy within 5 years before screening",
                    "history of",
                    "a diagnosis is written with 'diagnosed' or 'had'",
                    "Write: diagnosed malignancy within 5 years before screening",
                ),
                Slip(
                    "sex is female and is pregnant at screening",
                    "is pregnant",
                    "this is written as a condition",
                    "Write: had pregnancy at screening",
                ),
                Slip(
                    "no malignancy within 5 years before screening",
                    "no",
                    "an absence is written with 'not' or 'never' and a verb",
                    "Write: not diagnosed …, did not have …, never took …",
                ),
                Slip(
                    "the patient took rituximab",
                    "the patient",
                    "a rule does not name the person: it is about one person anyway",
                    "Begin with the verb: took rituximab within 6 months before screening",
                ),
                Slip(
                    "daily dose of prednisone within 1 month before screening <= 10 mg",
                    "daily dose of",
                    "the dose of which day of that window?",
                    "Write: highest daily dose of …",
                ),
                Slip(
                    "daily dose of prednisone at screening <= 10 mL",
                    "mL",
                    "a daily dose is an amount of mass",
                    "Write: daily dose of … <= 10 mg",
                ),
            ),
        ),
        Slips(
            "Words of protocols",
            (
                Slip(
                    "latest ECOG between 0 and 1",
                    "1",
                    "ECOG performance status is a level, and a level is compared with one sign",
                    "Write: latest ECOG performance status >= 0 and latest ECOG performance status <= 1",
                ),
                Slip(
                    "had broken heart",
                    "broken heart",
                    "'broken heart' is not a diagnosis that is known here",
                    'Add it to the file\'s terms, or ask in words: investigator confirms "…"',
                ),
                Slip(
                    "underwent thymectomy",
                    "thymectomy",
                    "'thymectomy' is not a procedure that is known here",
                    'Add it to the file\'s terms, or ask in words: investigator confirms "…"',
                ),
                Slip(
                    "lactating",
                    "lactating",
                    "this is asked of the investigator",
                    'Write: investigator confirms "lactating"',
                ),
                Slip(
                    "sex is female and lactating",
                    "lactating",
                    "this is asked of the investigator",
                    'Write: investigator confirms "lactating"',
                ),
                Slip(
                    "is breastfeeding at screening",
                    "is breastfeeding",
                    "this is asked of the investigator",
                    'Write: investigator confirms "lactating"',
                ),
                Slip(
                    "no history of cancer",
                    "no history of",
                    "an absence is written with 'not' or 'never' and a verb",
                    "Write: not diagnosed cancer",
                ),
                Slip(
                    "age >= 18 years at screening",
                    ">=",
                    "an age is counted on a day",
                    "Write: age at screening >= 18 years",
                ),
                Slip(
                    "last dose of rituximab less than 6 months before screening",
                    "less than",
                    "the last dose is 'at least' so long ago",
                    "Taken in the last 6 months: took … within 6 months before screening. "
                    "Stopped for at least 6 months: last dose of … at least 6 months before screening",
                ),
                Slip(
                    "took rituximab for less than 4 months",
                    "for less than",
                    "how long something lasted cannot be asked; when it happened can",
                    "For when it happened, in the last 4 months: … within 4 months before screening. "
                    'For how long it lasted, ask in words: investigator confirms "…"',
                ),
                Slip(
                    "took prednisone for 3 months",
                    "for",
                    "how long something lasted cannot be asked; when it happened can",
                    "For when it happened, in the last 3 months: … within 3 months before screening. "
                    'For how long it lasted, ask in words: investigator confirms "…"',
                ),
                Slip(
                    "diagnosed malignancy for at least 6 months",
                    "for at least",
                    "how long something lasted cannot be asked; when it happened can",
                    "For when it happened, in the last 6 months: … within 6 months before screening. "
                    'For how long it lasted, ask in words: investigator confirms "…"',
                ),
                Slip(
                    "dose of prednisone stable for 4 weeks",
                    "stable for",
                    "a stable dose is written with 'unchanged for'",
                    "Write: dose of … unchanged for 4 weeks before screening",
                ),
                Slip(
                    "dose of prednisone unchanged for at least 4 weeks before screening",
                    "unchanged for at least",
                    "a stable dose is written with 'unchanged for'",
                    "Write: dose of … unchanged for 4 weeks before screening",
                ),
                Slip(
                    "took rituximab within 3 months prior to screening",
                    "prior to",
                    "the language says 'before'",
                    "Write: within 3 months before screening",
                ),
                Slip(
                    "took warfarin or heparin within 6 months before screening",
                    " or",
                    "several names stand in brackets",
                    "Write: [warfarin, heparin] within",
                ),
                Slip(
                    "took warfarin, heparin within 6 months before screening",
                    ",",
                    "several names stand in brackets",
                    "Write: [warfarin, heparin] within",
                ),
                Slip(
                    "at least 2 of (sex is female, E1, E2)",
                    ",",
                    "the entries are divided by semicolons",
                    "Write: at least 2 of (…; …)",
                ),
                Slip(
                    "diagnosed stroke, unless E1",
                    "unless",
                    "an exception is written with 'except'",
                    "Write: … except …",
                ),
                Slip(
                    "latest CRP > 1 mg/dL within 2 weeks before screening",
                    "within",
                    "the window stands before the sign",
                    "Write: latest … within 2 weeks before screening > …",
                ),
                Slip(
                    "latest neutrophil count > 3.0 10^9/L",
                    "10^9/L",
                    "a power of ten is a part of the unit",
                    "Write: 3.0 10*9/L",
                ),
                Slip(
                    "latest neutrophil count > 1.5 x 10^9/L",
                    "x 10^9/L",
                    "a power of ten is a part of the unit",
                    "Write: 1.5 10*9/L",
                ),
                Slip(
                    "latest neutrophil count > 1.5 x 10*9/L",
                    "x 10*9/L",
                    "a power of ten is a part of the unit",
                    "Write: 1.5 10*9/L",
                ),
                Slip(
                    "ALT and AST <= 3 x ULN",
                    "and",
                    "each test has a comparison of its own",
                    "Write: ALT <= … and AST <= …",
                ),
                Slip(
                    "latest [ALT, AST] > 3 x ULN",
                    ",",
                    "one test has one comparison",
                    "Write: latest ALT > … or latest AST > …",
                ),
                Slip("latest haemoglobin is >= 9 g/dL", "is", "a sign needs no 'is'", "Write: >= without 'is'"),
                Slip("latest LVEF >= 0.5", "0.5", "LVEF without a unit", "Write the unit: 50 %"),
                Slip(
                    "latest NYHA class is II or III",
                    "is",
                    "a level is compared with a sign",
                    "Write: … >= II and … <= III",
                ),
                Slip("NYHA class is II or III", "is", "a level is compared with a sign", "Write: … >= II and … <= III"),
                Slip(
                    "took rituximab within 6 months before screening, if nothing recorded: none",
                    "none",
                    "this is no policy",
                    "Write: unknown, 'no, within coverage' or no",
                ),
                Slip(
                    "latest blood pressure > 160/100 mmHg",
                    "/",
                    "a blood pressure is two tests",
                    "Write for example: latest systolic blood pressure > 160 mmHg or latest diastolic blood pressure > 100 mmHg",
                ),
                Slip(
                    "diagnosed malignancy within 5 years before screening except non-melanoma skin cancer",
                    "except",
                    "the names that are left out stand in brackets",
                    "Write: except [non-melanoma skin cancer]",
                ),
                Slip(
                    "rheumatoid arthritis",
                    "rheumatoid arthritis",
                    "a name alone is no rule",
                    'Say what of it is asked, for example with diagnosed, took or latest; or in words: investigator confirms "rheumatoid arthritis"',
                ),
                Slip("male", "male", "sex is asked with 'sex is'", "Write: sex is male"),
                Slip(
                    "smoker",
                    "smoker",
                    "a name alone is no rule",
                    'Say what of it is asked, for example with diagnosed, took or latest; or in words: investigator confirms "smoker"',
                ),
                Slip(
                    "diagnosed stroke or had malignancy within 1 year before screening, if nothing recorded: no",
                    ", if nothing",
                    "one part of several has a policy",
                    "Put that part into parentheses: … or (had …, if nothing recorded: no)",
                ),
                Slip(
                    "E1 or had malignancy within 1 year before screening, if nothing recorded: no",
                    ", if nothing",
                    "one part of several has a policy",
                    "Put that part into parentheses: … or (had …, if nothing recorded: no)",
                ),
                Slip(
                    "no increase of prednisone until day 1",
                    "until",
                    "a promise says from which day it holds",
                    "Write: no … from day 1 until end of study",
                ),
            ),
        ),
        Slips(
            "Joining and asking",
            (
                Slip(
                    "sex is female and E1 or E2",
                    "or",
                    "'and' and 'or' stand side by side, and it is not clear which comes first",
                    "Put parentheses around what belongs together: (… or …) and …",
                ),
                Slip(
                    "if sex is female, age at screening >= 50 years",
                    ",",
                    "a condition goes on with 'then'",
                    "Write: if … then …",
                ),
                Slip(
                    "if sex is female then age at screening >= 50 years",
                    "if",
                    "in an exclusion 'if … then …' would exclude everybody for whom the condition does not hold",
                    "Write: … and …",
                    exclusion=True,
                ),
                Slip(
                    "at least 4 of (sex is female; sex is male)",
                    "at least 4 of",
                    "4 of 2 cannot be asked",
                    "Count the entries in the parentheses.",
                ),
                Slip(
                    "latest ALT > 3 x ULN, if nothing recorded: no",
                    "if nothing recorded:",
                    "only events and drugs can count as 'no' when nothing is recorded",
                    "A test without a result stays unknown; leave the words out.",
                ),
                Slip(
                    "investigator confirms “fit for the study”",
                    "“",
                    "a question stands in straight double quotes",
                    _QUOTES,
                ),
                Slip(
                    "investigator confirms 'fit for the study'",
                    "fit for the study",
                    "a question stands in double quotes",
                    _QUOTES,
                ),
                Slip(
                    'investigator thinks "fit for the study"',
                    "thinks",
                    "'thinks' is not expected here",
                    "Expected confirms, judges, expects, declines, agrees to or reports.",
                ),
                Slip("(sex is female", "e", "the rule ends too early", "Expected a closing parenthesis."),
                Slip("sex is woman", "woman", "'woman' is not expected here", "Expected female or male."),
            ),
        ),
    ),
)
