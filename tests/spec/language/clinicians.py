"""Sentences as clinicians write them, none of them a rule: where the mistake is, what it is, and the rule that was meant.

The sentences are our own. A sentence without rules is one for which nothing can be offered: a day the language does not know,
a name it does not know, or words that would be lost.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spoken:
    """A sentence of a protocol.

    Args:
        text: As it is written.
        at: The words that are pointed at.
        message: What is said of them.
        rules: The rules that are offered: one; or one for each way to read the sentence, behind words that say which.
        hint: What is said where no rule is offered.
    """

    text: str
    at: str
    message: str
    rules: tuple[str, ...] = ()
    hint: str | None = None


SPOKEN = (
    Spoken(
        "took rituximab less than 6 months before",
        "less than",
        "how long ago is written with 'within' or 'at least'",
        ("took rituximab within 6 months before screening",),
    ),
    Spoken(
        "stable dose of methotrexate for 4 weeks",
        "stable dose",
        "a stable dose is written with 'unchanged for'",
        ("dose of methotrexate unchanged for 4 weeks before screening",),
    ),
    Spoken(
        "AST greater than 2.5 times the upper limit of normal",
        "upper limit of normal",
        "a limit of normal is written ULN or LLN, with a number and an x before it",
        ("latest AST > 2.5 x ULN",),
    ),
    Spoken(
        "history of stroke", "history of", "a diagnosis is written with 'diagnosed' or 'had'", ("diagnosed stroke",)
    ),
    Spoken(
        "taking warfarin",
        "taking",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        ("on warfarin at screening",),
    ),
    Spoken(
        "no history of stroke or TIA",
        "no history of",
        "an absence is written with 'not' or 'never' and a verb",
        ("not diagnosed any [stroke, TIA]",),
    ),
    Spoken("age 18 to 75 years", "age", "an age is counted on a day", ("age at screening between 18 and 75 years",)),
    Spoken("ECOG 0-1", "0-1", "a level is compared with a sign", ("latest ECOG <= 1",)),
    Spoken(
        "took rituximab within 4 weeks of screening",
        "of",
        "the language says 'before'",
        ("took rituximab within 4 weeks before screening",),
    ),
    Spoken(
        "took rituximab within 6 months prior to first dose",
        "prior to",
        "the language says 'before'",
        ("took rituximab within 6 months before first dose",),
    ),
    Spoken(
        "diagnosed malignancy within 5 years before screening except basal cell carcinoma",
        "except",
        "the names that are left out stand in brackets",
        ("diagnosed malignancy except [basal cell carcinoma] within 5 years before screening",),
    ),
    Spoken(
        "HIV positive",
        "positive",
        "a result is written with 'is positive' or 'is negative' behind the name of the test",
        (
            "By the latest test: latest HIV antibody is positive",
            "By any test so far: any HIV antibody is positive",
            "By the diagnosis: diagnosed HIV",
        ),
    ),
    Spoken(
        "allergy to rituximab", "allergy to", "an allergy is written with 'allergic to'", ("allergic to rituximab",)
    ),
    Spoken(
        "smokes",
        "smokes",
        "this is not said in the words of the language",
        hint='Ask in words: investigator confirms "smokes"',
    ),
    Spoken(
        "rituximab within 6 months",
        "6 months",
        "the window does not say before which day",
        ("took rituximab within 6 months before screening",),
    ),
    Spoken(
        "prior treatment with rituximab",
        "treatment with",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        ("took rituximab",),
    ),
    Spoken(
        "received rituximab or ocrelizumab in the past 12 months",
        "received",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        ("took any [rituximab, ocrelizumab] within 12 months before screening",),
    ),
    Spoken(
        "treated with cyclophosphamide within the last 6 months",
        "last",
        "a window says from which day it counts back",
        ("took cyclophosphamide within 6 months before screening",),
    ),
    Spoken(
        "previous exposure to abatacept",
        "exposure to",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        ("took abatacept",),
    ),
    Spoken(
        "on a stable dose of prednisone for at least 4 weeks prior to screening",
        "stable dose",
        "a stable dose is written with 'unchanged for'",
        ("dose of prednisone unchanged for 4 weeks before screening",),
    ),
    Spoken(
        "stable doses of hydroxychloroquine for 12 weeks before day 1",
        "stable doses",
        "a stable dose is written with 'unchanged for'",
        ("dose of hydroxychloroquine unchanged for 12 weeks before day 1",),
    ),
    Spoken(
        "methotrexate at a stable dose for at least 8 weeks",
        "stable dose",
        "a stable dose is written with 'unchanged for'",
        ("dose of methotrexate unchanged for 8 weeks before screening",),
    ),
    Spoken(
        "currently taking azathioprine",
        "taking",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        ("on azathioprine at screening",),
    ),
    Spoken(
        "current use of tofacitinib",
        "current use of",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        ("on tofacitinib at screening",),
    ),
    Spoken(
        "receiving hydroxychloroquine",
        "receiving",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        ("on hydroxychloroquine at screening",),
    ),
    Spoken(
        "prednisone more than 10 mg per day",
        "more than",
        "a comparison is written with a sign",
        ("daily dose of prednisone > 10 mg",),
    ),
    Spoken(
        "took oral glucocorticoids for more than 3 months",
        "for more than",
        "how long something lasted cannot be asked; when it happened can",
        (
            "At some time in those days: took oral glucocorticoids within 3 months before screening",
            'How long it lasted: investigator confirms "took oral glucocorticoids for more than 3 months"',
        ),
    ),
    Spoken(
        "diagnosed rheumatoid arthritis for at least 6 months",
        "for at least",
        "how long something lasted cannot be asked; when it happened can",
        (
            "First diagnosed so long ago: diagnosed rheumatoid arthritis at least 6 months before screening",
            'How long it lasted: investigator confirms "diagnosed rheumatoid arthritis for at least 6 months"',
        ),
    ),
    Spoken(
        "rheumatoid arthritis", "rheumatoid arthritis", "a name alone is no rule", ("diagnosed rheumatoid arthritis",)
    ),
    Spoken(
        "history of giant cell arteritis",
        "history of",
        "a diagnosis is written with 'diagnosed' or 'had'",
        ("diagnosed giant cell arteritis",),
    ),
    Spoken("DAS28 greater than 3.2", "greater than", "a comparison is written with a sign", ("latest DAS28 > 3.2",)),
    Spoken("CRP above 10 mg/L", "above", "a comparison is written with a sign", ("latest CRP > 10 mg/L",)),
    Spoken("ESR at least 28 mm/h", "at least", "a comparison is written with a sign", ("latest ESR >= 28 mm/h",)),
    Spoken(
        "CRP >= 5 mg/L or ESR >= 28 mm/h within 4 weeks before screening",
        "within",
        "the window stands before the sign",
        (
            "Where the time is meant for all: latest CRP within 4 weeks before screening >= 5 mg/L or latest ESR within 4 weeks before screening >= 28 mm/h",
            "Where the time is meant for the last alone: latest CRP >= 5 mg/L or latest ESR within 4 weeks before screening >= 28 mm/h",
        ),
    ),
    Spoken(
        "no prior use of a JAK inhibitor",
        "no",
        "an absence is written with 'not' or 'never' and a verb",
        ("never took JAK inhibitor",),
    ),
    Spoken(
        "never received rituximab",
        "received",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        ("never took rituximab",),
    ),
    Spoken(
        "not treated with tocilizumab within 3 months before day 1",
        "treated with",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        ("did not take tocilizumab within 3 months before day 1",),
    ),
    Spoken(
        "active infection",
        "active infection",
        "this is not said in the words of the language",
        hint='Ask in words: investigator confirms "active infection"',
    ),
    Spoken("latent tuberculosis", "latent tuberculosis", "a name alone is no rule", ("diagnosed latent tuberculosis",)),
    Spoken(
        "positive rheumatoid factor",
        "positive",
        "a result is written with 'is positive' or 'is negative' behind the name of the test",
        hint='Ask in words: investigator confirms "positive rheumatoid factor"',
    ),
    Spoken(
        "anti-CCP antibody positive",
        "positive",
        "a result is written with 'is positive' or 'is negative' behind the name of the test",
        hint='Ask in words: investigator confirms "anti-CCP antibody positive"',
    ),
    Spoken(
        "negative pregnancy test",
        "negative",
        "a result is written with 'is positive' or 'is negative' behind the name of the test",
        ("latest pregnancy test is negative",),
    ),
    Spoken("female patients only", "female patients only", "sex is asked with 'sex is'", ("sex is female",)),
    Spoken("male", "male", "sex is asked with 'sex is'", ("sex is male",)),
    Spoken(
        "women of childbearing potential",
        "women of childbearing potential",
        "this is not said in the words of the language",
        hint='Ask in words: investigator confirms "women of childbearing potential"',
    ),
    Spoken("age >= 18", ">", "an age is counted on a day", ("age at screening >= 18 years",)),
    Spoken("aged 18 years or older", "aged", "an age is counted on a day", ("age at screening >= 18 years",)),
    Spoken(
        "18 years of age or older", "18 years of age", "an age is counted on a day", ("age at screening >= 18 years",)
    ),
    Spoken("at least 18 years old", "18 years old", "an age is counted on a day", ("age at screening >= 18 years",)),
    Spoken(
        "between 18 and 80 years of age",
        "80 years of age",
        "an age is counted on a day",
        ("age at screening between 18 and 80 years",),
    ),
    Spoken("age over 65 years", "over", "a comparison is written with a sign", ("age at screening > 65 years",)),
    Spoken(
        "age < 18 years or > 75 years",
        "<",
        "an age is counted on a day",
        ("age at screening < 18 years or age at screening > 75 years",),
    ),
    Spoken(
        "adults aged 18-70 years", "aged", "an age is counted on a day", ("age at screening between 18 and 70 years",)
    ),
    Spoken(
        "younger than 50 years of age",
        "50 years of age",
        "an age is counted on a day",
        ("age at screening < 50 years",),
    ),
    Spoken(
        "ECOG performance status of 0 or 1",
        "0 or 1",
        "a level is compared with a sign",
        ("latest ECOG performance status <= 1",),
    ),
    Spoken("ECOG PS 0, 1 or 2", "0, 1", "a level is compared with a sign", ("latest ECOG PS <= 2",)),
    Spoken("ECOG 2 or higher", "2 or higher", "a level is compared with a sign", ("latest ECOG >= 2",)),
    Spoken(
        "ECOG performance status is less than 2",
        "less than",
        "a comparison is written with a sign",
        ("ECOG performance status < 2",),
    ),
    Spoken(
        "known brain metastases",
        "known brain metastases",
        "this is not said in the words of the language",
        ("diagnosed brain metastases",),
    ),
    Spoken(
        "malignancy other than non-melanoma skin cancer",
        "other than",
        "an exception is written with 'except'",
        ("diagnosed malignancy except [non-melanoma skin cancer]",),
    ),
    Spoken(
        "history of malignancy within 5 years except cervical carcinoma in situ or basal cell carcinoma",
        "except",
        "the names that are left out stand in brackets",
        hint="Write here: except [cervical carcinoma in situ or basal cell carcinoma]",
    ),
    Spoken(
        "malignancy in the last 5 years",
        "in",
        "a window begins with 'within'",
        (
            "First diagnosed in that time: diagnosed malignancy within 5 years before screening",
            "Present in that time: had malignancy within 5 years before screening",
        ),
    ),
    Spoken(
        "chemotherapy within 3 weeks of the first dose of study drug",
        "of",
        "the language says 'before'",
        ("took chemotherapy within 3 weeks before first dose",),
    ),
    Spoken(
        "prior chemotherapy or radiotherapy within 4 weeks",
        " or",
        "'or' is not expected here",
        (
            "Where the time is meant for all: took chemotherapy within 4 weeks before screening or underwent radiotherapy within 4 weeks before screening",
            "Where the time is meant for the last alone: took chemotherapy or underwent radiotherapy within 4 weeks before screening",
        ),
    ),
    Spoken(
        "received pembrolizumab or nivolumab",
        "received",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        ("took any [pembrolizumab, nivolumab]",),
    ),
    Spoken(
        "prior immune checkpoint inhibitor",
        "prior immune checkpoint inhibitor",
        "this is not said in the words of the language",
        ("took immune checkpoint inhibitor",),
    ),
    Spoken(
        "radiotherapy in the 2 weeks before day 1",
        "in",
        "a window begins with 'within'",
        ("underwent radiotherapy within 2 weeks before day 1",),
    ),
    Spoken(
        "absolute neutrophil count of at least 1.5 x 10^9/L",
        "x 10^9/L",
        "a power of ten is a part of the unit",
        ("latest absolute neutrophil count >= 1.5 10*9/L",),
    ),
    Spoken("ANC < 1.5 x 10^9/L", "x 10^9/L", "a power of ten is a part of the unit", ("latest ANC < 1.5 10*9/L",)),
    Spoken(
        "platelets less than 100 x 10^9/L",
        "x 10^9/L",
        "a power of ten is a part of the unit",
        ("latest platelets < 100 10*9/L",),
    ),
    Spoken(
        "haemoglobin below 9 g/dL", "below", "a comparison is written with a sign", ("latest haemoglobin < 9 g/dL",)
    ),
    Spoken(
        "hemoglobin 9 g/dL or more", "or more", "a comparison is written with a sign", ("latest hemoglobin >= 9 g/dL",)
    ),
    Spoken(
        "total bilirubin greater than 1.5 x ULN",
        "greater than",
        "a comparison is written with a sign",
        ("latest total bilirubin > 1.5 x ULN",),
    ),
    Spoken(
        "bilirubin > 1.5xULN", "x", "a multiple is written with an x between spaces", ("latest bilirubin > 1.5 x ULN",)
    ),
    Spoken(
        "ALT and AST <= 2.5 x ULN",
        "and",
        "each test has a comparison of its own",
        ("latest ALT <= 2.5 x ULN and latest AST <= 2.5 x ULN",),
    ),
    Spoken(
        "ALT or AST more than 3 times ULN",
        "times",
        "a multiple is written with an x between spaces",
        ("latest ALT > 3 x ULN or latest AST > 3 x ULN",),
    ),
    Spoken(
        "AST, ALT or alkaline phosphatase > 3 x ULN",
        ",",
        "',' is not expected here",
        ("latest AST > 3 x ULN or latest ALT > 3 x ULN or latest alkaline phosphatase > 3 x ULN",),
    ),
    Spoken(
        "creatinine clearance less than 60 mL/min",
        "less than",
        "a comparison is written with a sign",
        ("latest creatinine clearance < 60 mL/min",),
    ),
    Spoken(
        "creatinine > 1.5 times the upper limit of normal",
        "upper limit of normal",
        "a limit of normal is written ULN or LLN, with a number and an x before it",
        ("latest creatinine > 1.5 x ULN",),
    ),
    Spoken(
        "LDH above the upper limit of normal",
        "upper limit of normal",
        "a limit of normal is written ULN or LLN, with a number and an x before it",
        ("latest LDH > 1 x ULN",),
    ),
    Spoken(
        "INR > 1.5 within 7 days before first dose",
        "within",
        "the window stands before the sign",
        ("latest INR within 7 days before first dose > 1.5",),
    ),
    Spoken("LVEF below 50 %", "below", "a comparison is written with a sign", ("latest LVEF < 50 %",)),
    Spoken(
        "LVEF 40 to 60 %", "40 to 60", "a range is written with 'between … and …'", ("latest LVEF between 40 and 60 %",)
    ),
    Spoken(
        "BMI 18.5-30 kg/m2", "18.5-30", "a range is written with 'between … and …'", ("BMI between 18.5 and 30 kg/m2",)
    ),
    Spoken("BMI over 40 kg/m2", "over", "a comparison is written with a sign", ("BMI > 40 kg/m2",)),
    Spoken(
        "body weight at least 40 kg",
        "at least",
        "a comparison is written with a sign",
        ("latest body weight >= 40 kg",),
    ),
    Spoken(
        "myocardial infarction within 6 months",
        "6 months",
        "the window does not say before which day",
        (
            "First diagnosed in that time: diagnosed myocardial infarction within 6 months before screening",
            "Present in that time: had myocardial infarction within 6 months before screening",
        ),
    ),
    Spoken(
        "myocardial infarction or stroke within 6 months prior to randomization",
        "randomization",
        "this is no anchor",
        hint="Anchors: consent, screening, enrolment, day 1, last dose, end of study.",
    ),
    Spoken(
        "history of myocardial infarction, stroke or TIA within 3 months before screening",
        "history of",
        "a diagnosis is written with 'diagnosed' or 'had'",
        ("diagnosed any [myocardial infarction, stroke, TIA] within 3 months before screening",),
    ),
    Spoken(
        "NYHA class III or IV",
        "III or IV",
        "a level is compared with a sign",
        ("latest NYHA class >= III and latest NYHA class <= IV",),
    ),
    Spoken(
        "NYHA class III/IV",
        "III/IV",
        "a level is compared with a sign",
        ("latest NYHA class >= III and latest NYHA class <= IV",),
    ),
    Spoken("NYHA III-IV", "III-IV", "a level is compared with a sign", ("latest NYHA >= III and latest NYHA <= IV",)),
    Spoken("NYHA class II or higher", "II or higher", "a level is compared with a sign", ("latest NYHA class >= II",)),
    Spoken("NYHA class is > II", "is", "a sign needs no 'is'", ("NYHA class > II",)),
    Spoken(
        "heart failure NYHA class III or IV",
        "III or IV",
        "a level is compared with a sign",
        hint="Write a comparison with >= and one with <=.",
    ),
    Spoken("atrial fibrillation", "atrial fibrillation", "a name alone is no rule", ("diagnosed atrial fibrillation",)),
    Spoken(
        "uncontrolled hypertension",
        "uncontrolled hypertension",
        "this is not said in the words of the language",
        hint='Ask in words: investigator confirms "uncontrolled hypertension"',
    ),
    Spoken(
        "blood pressure > 160/100 mmHg",
        "/",
        "a blood pressure is two tests",
        ("latest systolic blood pressure > 160 mmHg or latest diastolic blood pressure > 100 mmHg",),
    ),
    Spoken(
        "systolic blood pressure greater than 180 mmHg or diastolic blood pressure greater than 110 mmHg",
        "greater than",
        "a comparison is written with a sign",
        ("latest systolic blood pressure > 180 mmHg or latest diastolic blood pressure > 110 mmHg",),
    ),
    Spoken(
        "systolic blood pressure < 90", "90", "systolic blood pressure without a unit", hint="Write the unit: 90 mm[Hg]"
    ),
    Spoken(
        "heart rate below 50 beats/min",
        "below",
        "a comparison is written with a sign",
        ("latest heart rate < 50 beats/min",),
    ),
    Spoken(
        "taking warfarin or apixaban",
        "taking",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        ("on any [warfarin, apixaban] at screening",),
    ),
    Spoken(
        "on anticoagulants",
        "on",
        "a drug that is being taken is asked for a day: 'on … at'",
        ("on anticoagulants at screening",),
    ),
    Spoken(
        "treatment with amiodarone within 3 months",
        "3 months",
        "the window does not say before which day",
        ("took amiodarone within 3 months before screening",),
    ),
    Spoken(
        "takes a beta blocker",
        "takes",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        ("on beta blocker at screening",),
    ),
    Spoken(
        "PCI within the past 12 months",
        "past",
        "a window says from which day it counts back",
        ("underwent PCI within 12 months before screening",),
    ),
    Spoken(
        "coronary artery bypass within 6 months prior to consent",
        "prior to",
        "the language says 'before'",
        ("underwent coronary artery bypass within 6 months before consent",),
    ),
    Spoken(
        "has a pacemaker",
        "a pacemaker",
        "'a pacemaker' is not a diagnosis that is known here",
        hint='Add it to the file\'s terms, or ask in words: investigator confirms "has a pacemaker"',
    ),
    Spoken(
        "hospitalization for heart failure within 3 months",
        "3 months",
        "the window does not say before which day",
        hint="Add the anchor: within 3 months before screening",
    ),
    Spoken(
        "hospitalised in the last 3 months",
        "in",
        "a window begins with 'within'",
        ("hospitalised within 3 months before screening",),
    ),
    Spoken(
        "hospitalization within 30 days before screening",
        "hospitalization",
        "a hospital stay is written with 'hospitalised'",
        ("hospitalised within 30 days before screening",),
    ),
    Spoken(
        "hepatitis B or C",
        "hepatitis B or C",
        "this is not said in the words of the language",
        ("diagnosed any [hepatitis B, hepatitis C]",),
    ),
    Spoken("HIV infection", "HIV infection", "a name alone is no rule", ("diagnosed HIV infection",)),
    Spoken(
        "HBsAg positive",
        "positive",
        "a result is written with 'is positive' or 'is negative' behind the name of the test",
        ("By the latest test: latest HBsAg is positive", "By any test so far: any HBsAg is positive"),
    ),
    Spoken(
        "positive for HBsAg or HCV antibody",
        "positive",
        "a result is written with 'is positive' or 'is negative' behind the name of the test",
        (
            "By the latest test: latest HBsAg is positive or latest HCV antibody is positive",
            "By any test so far: any HBsAg is positive or any HCV antibody is positive",
        ),
    ),
    Spoken(
        "known HIV or hepatitis B",
        "known HIV or hepatitis B",
        "this is not said in the words of the language",
        ("diagnosed any [HIV, hepatitis B]",),
    ),
    Spoken(
        "hepatitis B surface antigen is positive within 3 months before screening",
        "within",
        "'within' is not expected here",
        (
            "By the latest test: latest hepatitis B surface antigen within 3 months before screening is positive",
            "By any test in that time: any hepatitis B surface antigen within 3 months before screening is positive",
        ),
    ),
    Spoken("active tuberculosis", "active tuberculosis", "a name alone is no rule", ("diagnosed active tuberculosis",)),
    Spoken(
        "sepsis within 4 weeks",
        "4 weeks",
        "the window does not say before which day",
        (
            "First diagnosed in that time: diagnosed sepsis within 4 weeks before screening",
            "Present in that time: had sepsis within 4 weeks before screening",
        ),
    ),
    Spoken(
        "received a live vaccine within 4 weeks before screening",
        "received",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        ("vaccinated with live vaccine within 4 weeks before screening",),
    ),
    Spoken(
        "live vaccine in the past 30 days",
        "in",
        "a window begins with 'within'",
        ("vaccinated with live vaccine within 30 days before screening",),
    ),
    Spoken(
        "vaccination with BCG within 1 year",
        "1 year",
        "the window does not say before which day",
        ("vaccinated with BCG within 1 year before screening",),
    ),
    Spoken(
        "received intravenous antibiotics within 2 weeks before day 1",
        "received",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        ("took intravenous antibiotics within 2 weeks before day 1",),
    ),
    Spoken(
        "allergic reaction to penicillin",
        "allergic reaction to",
        "an allergy is written with 'allergic to'",
        ("allergic to penicillin",),
    ),
    Spoken(
        "known hypersensitivity to rituximab or murine proteins",
        "hypersensitivity to",
        "an allergy is written with 'allergic to'",
        hint='Ask in words: investigator confirms "known hypersensitivity to rituximab or murine proteins"',
    ),
    Spoken(
        "hypersensitivity to penicillin or sulfonamide",
        "hypersensitivity to",
        "an allergy is written with 'allergic to'",
        ("allergic to any [penicillin, sulfonamide]",),
    ),
    Spoken(
        "COVID-19 in the past 4 weeks",
        "in",
        "a window begins with 'within'",
        (
            "First diagnosed in that time: diagnosed COVID-19 within 4 weeks before screening",
            "Present in that time: had COVID-19 within 4 weeks before screening",
        ),
    ),
    Spoken(
        "fever",
        "fever",
        "this is not said in the words of the language",
        hint='Ask in words: investigator confirms "fever"',
    ),
    Spoken("pregnant", "pregnant", "this is written as a condition", ("had pregnancy at screening",)),
    Spoken(
        "pregnant or breastfeeding",
        "pregnant",
        "this is written as a condition",
        ('had pregnancy at screening or investigator confirms "lactating"',),
    ),
    Spoken("pregnant women", "pregnant", "this is written as a condition", ("had pregnancy at screening",)),
    Spoken(
        "currently breastfeeding",
        "breastfeeding",
        "this is asked of the investigator",
        ('investigator confirms "lactating"',),
    ),
    Spoken("not pregnant", "pregnant", "this is written as a condition", ("did not have pregnancy at screening",)),
    Spoken(
        "is not pregnant or lactating",
        "is not pregnant or lactating",
        "this is not said in the words of the language",
        ('not (had pregnancy at screening or investigator confirms "lactating")',),
    ),
    Spoken(
        "major surgery within 4 weeks prior to the first dose of study drug",
        "prior to",
        "the language says 'before'",
        ("underwent major surgery within 4 weeks before first dose",),
    ),
    Spoken(
        "had major surgery in the past month",
        "past",
        "a window says from which day it counts back",
        ("underwent major surgery within 1 month before screening",),
    ),
    Spoken(
        "planned surgery",
        "planned surgery",
        "this is not said in the words of the language",
        hint='Ask in words: investigator confirms "planned surgery"',
    ),
    Spoken("organ transplant", "organ transplant", "a name alone is no rule", ("underwent organ transplant",)),
    Spoken(
        "prior organ transplantation",
        "prior organ transplantation",
        "this is not said in the words of the language",
        ("underwent organ transplantation",),
    ),
    Spoken(
        "underwent stem cell transplant or kidney transplant",
        "t",
        "the rule ends too early",
        ("underwent any [stem cell transplant, kidney transplant]",),
    ),
    Spoken("dialysis", "dialysis", "a name alone is no rule", ("underwent dialysis",)),
    Spoken("diabetes", "diabetes", "a name alone is no rule", ("diagnosed diabetes",)),
    Spoken(
        "type 2 diabetes and HbA1c > 9 %",
        " and",
        "'and' is not expected here",
        ("diagnosed type 2 diabetes and latest HbA1c > 9 %",),
    ),
    Spoken(
        "type 1 or type 2 diabetes",
        " or",
        "'or' is not expected here",
        ("diagnosed any [type 1 diabetes, type 2 diabetes]",),
    ),
    Spoken(
        "cirrhosis, Child-Pugh class B or C",
        "B or C",
        "a level is compared with a sign",
        hint="Write a comparison with >= and one with <=.",
    ),
    Spoken(
        "Child-Pugh B or C",
        "B or C",
        "a level is compared with a sign",
        ("latest Child-Pugh >= B and latest Child-Pugh <= C",),
    ),
    Spoken("alcohol abuse", "alcohol abuse", "a name alone is no rule", ("diagnosed alcohol abuse",)),
    Spoken(
        "drug or alcohol dependence within 1 year",
        " or",
        "'or' is not expected here",
        (
            "First diagnosed in that time: diagnosed any [drug dependence, alcohol dependence] within 1 year before screening",
            "Present in that time: had any [drug dependence, alcohol dependence] within 1 year before screening",
        ),
    ),
    Spoken(
        "severe renal impairment",
        "severe renal impairment",
        "this is not said in the words of the language",
        hint='Ask in words: investigator confirms "severe renal impairment"',
    ),
    Spoken(
        "took rituximab within 6 months before baseline",
        "baseline",
        "this is no anchor",
        hint="Anchors: consent, screening, enrolment, day 1, last dose, end of study.",
    ),
    Spoken(
        "took rituximab within 6 months before randomization",
        "randomization",
        "this is no anchor",
        hint="Anchors: consent, screening, enrolment, day 1, last dose, end of study.",
    ),
    Spoken(
        "took rituximab > 12 months ago",
        ">",
        "'>' is not expected here",
        ("took rituximab at least 12 months before screening",),
    ),
    Spoken(
        "stroke more than 6 months before screening",
        "more than",
        "how long ago is written with 'within' or 'at least'",
        ("diagnosed stroke at least 6 months before screening",),
    ),
    Spoken(
        "stroke less than 3 months ago",
        "less than",
        "how long ago is written with 'within' or 'at least'",
        (
            "First diagnosed in that time: diagnosed stroke within 3 months before screening",
            "Present in that time: had stroke within 3 months before screening",
        ),
    ),
    Spoken(
        "last dose of rituximab more than 6 months before screening",
        "more than",
        "a last dose is 'at least' so long ago; what was taken since then is asked with 'took … within'",
        ("last dose of rituximab at least 6 months before screening",),
    ),
    Spoken(
        "last dose of rituximab less than 6 months before day 1",
        "less than",
        "a last dose is 'at least' so long ago; what was taken since then is asked with 'took … within'",
        ("took rituximab within 6 months before day 1",),
    ),
    Spoken(
        "last dose of rituximab within 12 months before screening",
        "within",
        "a last dose is 'at least' so long ago; what was taken since then is asked with 'took … within'",
        ("took rituximab within 12 months before screening",),
    ),
    Spoken(
        "the patient has asthma",
        "the patient",
        "a rule does not name the person: it is about one person anyway",
        ("diagnosed asthma",),
    ),
    Spoken(
        "patients who have received natalizumab within 6 months",
        "6 months",
        "the window does not say before which day",
        ("took natalizumab within 6 months before screening",),
    ),
    Spoken(
        "subjects with a history of hepatitis B or C",
        "history of",
        "a diagnosis is written with 'diagnosed' or 'had'",
        ("diagnosed any [hepatitis B, hepatitis C]",),
    ),
    Spoken(
        "participants with a diagnosis of multiple sclerosis",
        "with a diagnosis of",
        "a diagnosis is written with 'diagnosed' or 'had'",
        ("diagnosed multiple sclerosis",),
    ),
    Spoken(
        "asthma or COPD and FEV1 < 50 %",
        "and",
        "'and' and 'or' stand side by side, and it is not clear which comes first",
        hint="Put parentheses around what belongs together.",
    ),
    Spoken(
        "asthma and COPD or heart failure",
        "or",
        "'and' and 'or' stand side by side, and it is not clear which comes first",
        (
            "Where 'and' comes first: (diagnosed asthma and diagnosed COPD) or diagnosed heart failure",
            "Where 'or' comes first: diagnosed asthma and (diagnosed COPD or diagnosed heart failure)",
        ),
    ),
    Spoken(
        "diagnosed asthma, COPD",
        "COPD",
        "'COPD' is not expected here",
        (
            "Where one of them is enough: diagnosed any [asthma, COPD]",
            "Where all of them are needed: diagnosed asthma and diagnosed COPD",
        ),
    ),
    Spoken(
        "diagnosed asthma or COPD within 2 years before screening",
        "or",
        "several names stand in brackets",
        ("diagnosed any [asthma, COPD] within 2 years before screening",),
    ),
    Spoken(
        'investigator confirms "able to swallow" and age ≥ 18 years',
        "≥",
        "an age is counted on a day",
        ('investigator confirms "able to swallow" and age at screening >= 18 years',),
    ),
    Spoken(
        "the investigator confirms 'fit for surgery'",
        "fit for surgery",
        "a question stands in double quotes",
        ('investigator confirms "fit for surgery"',),
    ),
    Spoken(
        "willing to give informed consent",
        "willing to give informed consent",
        "this is not said in the words of the language",
        hint='Ask in words: investigator confirms "willing to give informed consent"',
    ),
    Spoken("latest ALT > 3 ULN", "ULN", "a multiple of a limit is written with an x", ("latest ALT > 3 x ULN",)),
    Spoken(
        "latest CRP > 1 mg/dL within 2 weeks before screening",
        "within",
        "the window stands before the sign",
        ("latest CRP within 2 weeks before screening > 1 mg/dL",),
    ),
    Spoken("latest haemoglobin is >= 9 g/dL", "is", "a sign needs no 'is'", ("latest haemoglobin >= 9 g/dL",)),
    Spoken(
        "potassium > 5.5 mmol/L at screening",
        "at screening",
        "the window stands before the sign",
        ("latest potassium at screening > 5.5 mmol/L",),
    ),
    Spoken(
        "took ritximab within 6 months before screening",
        "ritximab",
        "'ritximab' is not a drug or drug class that is known here",
        hint="Did you mean 'rituximab'?",
    ),
    Spoken(
        "took prednisone 20 mg daily",
        "prednisone 20 mg daily",
        "'prednisone 20 mg daily' is not a drug or drug class that is known here",
        hint='Add it to the file\'s terms, or ask in words: investigator confirms "took prednisone 20 mg daily"',
    ),
    Spoken(
        "prednisone > 20 mg daily",
        "mg daily",
        "an amount a day is written with 'daily dose of'",
        ("daily dose of prednisone > 20 mg",),
    ),
    Spoken(
        "dose of prednisone stable for 4 weeks",
        "stable for",
        "a stable dose is written with 'unchanged for'",
        ("dose of prednisone unchanged for 4 weeks before screening",),
    ),
    Spoken(
        "took six-month course of rituximab",
        "six-month course of rituximab",
        "'six-month course of rituximab' is not a drug or drug class that is known here",
        hint='Add it to the file\'s terms, or ask in words: investigator confirms "took six-month course of rituximab"',
    ),
    Spoken(
        "took rituximab within six months before screening",
        "six",
        "a number is written in digits",
        ("took rituximab within 6 months before screening",),
    ),
    Spoken(
        "took rituximab within 6 mo before screening",
        "mo",
        "units of time are written out",
        ("took rituximab within 6 months before screening",),
    ),
    Spoken(
        "latest neutrophil count between 1 and 2 x 10^9/L",
        "x 10^9/L",
        "a power of ten is a part of the unit",
        ("latest neutrophil count between 1 and 2 10*9/L",),
    ),
    Spoken(
        "seizure within 12 months",
        "12 months",
        "the window does not say before which day",
        (
            "First diagnosed in that time: diagnosed seizure within 12 months before screening",
            "Present in that time: had seizure within 12 months before screening",
        ),
    ),
    Spoken("depression", "depression", "a name alone is no rule", ("diagnosed depression",)),
    Spoken(
        "suicide attempt in the last year",
        "last",
        "a window says from which day it counts back",
        (
            "First diagnosed in that time: diagnosed suicide attempt within 1 year before screening",
            "Present in that time: had suicide attempt within 1 year before screening",
        ),
    ),
    Spoken(
        "no evidence of active tuberculosis",
        "no",
        "an absence is written with 'not' or 'never' and a verb",
        hint='Ask in words: investigator confirms "no evidence of active tuberculosis"',
    ),
    Spoken(
        "chemotherapy and radiotherapy within 4 weeks",
        " and",
        "'and' is not expected here",
        (
            "Where one of them is enough: took chemotherapy within 4 weeks before screening or underwent radiotherapy within 4 weeks before screening",
            "Where all of them are needed: took chemotherapy within 4 weeks before screening and underwent radiotherapy within 4 weeks before screening",
        ),
    ),
    Spoken(
        "asthma and COPD",
        "asthma and COPD",
        "this is not said in the words of the language",
        (
            "Where one of them is enough: diagnosed asthma or diagnosed COPD",
            "Where all of them are needed: diagnosed asthma and diagnosed COPD",
        ),
    ),
    Spoken(
        "male and female",
        "male and female",
        "this is not said in the words of the language",
        hint='Ask in words: investigator confirms "male and female"',
    ),
    Spoken(
        "younger than 18 years and older than 75 years",
        " and",
        "'and' is not expected here",
        hint="A rule begins for example: age at screening >= 50 years, or: latest ALT > 3 x ULN",
    ),
    Spoken(
        "no asthma or COPD",
        "no",
        "an absence is written with 'not' or 'never' and a verb",
        ("not diagnosed any [asthma, COPD]",),
    ),
    Spoken(
        "without prior exposure to adalimumab or infliximab",
        "without",
        "an absence is written with 'not' or 'never' and a verb",
        ("never took any [adalimumab, infliximab]",),
    ),
    Spoken(
        "weighing at least 50 kg",
        "at least",
        "a comparison is written with a sign",
        hint="Write here: > or >= or < or <=",
    ),
    Spoken(
        "prednisone at a dose above 20 mg/day", "a", "'a' is not expected here", ("daily dose of prednisone > 20 mg",)
    ),
)
