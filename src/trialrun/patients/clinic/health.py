"""Other diseases by age and sex with the drugs that go with them, infections, examinations, pain relief, allergies."""

from __future__ import annotations

from trialrun.patients.clinic.chance import Chance
from trialrun.patients.clinic.life import YEAR, Life

CANCERS = (
    "breast cancer", "prostate cancer", "colorectal cancer", "lung cancer", "lymphoma", "melanoma",
    "non-melanoma skin cancer", "cervical cancer",
)  # fmt: skip
_TREATMENT = {
    "hypertension": "lisinopril",
    "type 2 diabetes": "metformin",
    "heart failure": "furosemide",
    "ischaemic heart disease": "aspirin",
    "atrial fibrillation": "apixaban",
    "hyperlipidaemia": "atorvastatin",
    "chronic obstructive pulmonary disease": "tiotropium",
    "asthma": "salbutamol",
    "osteoporosis": "alendronic acid",
    "hypothyroidism": "levothyroxine",
    "depression": "sertraline",
    "gastro-oesophageal reflux disease": "omeprazole",
    "stroke": "clopidogrel",
    "hepatitis B": "entecavir",
    "HIV infection": "dolutegravir",
    "multiple sclerosis": "interferon beta",
}
"""The drug that goes with a diagnosis. Who takes it is a parameter; that it is this drug is our choice."""
_NSAID_DOSES = {
    "ibuprofen": (200.0, 600.0),
    "naproxen": (250.0, 500.0),
    "diclofenac": (25.0, 75.0),
    "celecoxib": (100.0, 200.0),
}


def diseases(life: Life, chance: Chance) -> None:
    """The other diseases of a person. Each takes the same number of random numbers, had or not."""
    record, body, p = life.record, life.body, life.p
    record.about("other")
    health, s = life.health, "comorbidity"
    years, cancer_years = p.pair(s, "years since diagnosis"), p.pair(s, "years since a cancer")
    age = body.age(record.on)
    for name in p.names(s, "by age"):
        has = chance.draw() < p.at_age(s, name, age, female=body.female)
        ago = chance.skewed(cancer_years if name in CANCERS else years)
        treated, extra = chance.draw(), chance.draw()
        if has and name != life.course.diagnosis:  # the main disease is there already, with its own beginning
            start = record.on - round(min(ago, max(0.2, (age - 16) * 0.8)) * YEAR)
            health.since[name] = start
            _disease(life, name, start, treated < p.number(s, "treated"), extra)
    if body.weight / (body.height / 100) ** 2 >= 30:
        record.condition("obesity", max(body.since, body.adult))  # the limit of 30 is that of adults


def _disease(life: Life, name: str, start: int, treated: bool, extra: float) -> None:
    record, health, p = life.record, life.health, life.p
    if name == "chronic kidney disease":
        health.stage_4 = extra < p.number("comorbidity", "kidney disease of stage 4")
        name = "chronic kidney disease of stage 4" if health.stage_4 else name
    end = None
    if name == "tuberculosis":
        end = start + 270
    elif name in CANCERS:
        end = start + 200 + int(extra * 900) if extra < p.number("comorbidity", "cancer is over") else None
    elif name == "depression" and extra < p.number("comorbidity", "depression is over"):
        end = start + 200 + int(extra * 1500)
    elif name == "hepatitis C" and treated:
        end, health.cured_hepatitis_c = start + 400, True
    record.condition(name, start, end)
    if name == "breast cancer":
        record.procedure("mastectomy", start + 30)
    if name == "ischaemic heart disease" and extra < p.number("comorbidity", "percutaneous coronary intervention"):
        record.procedure("percutaneous coronary intervention", start + 5)
    if name == "latent tuberculosis" and treated:
        record.drug("isoniazid", start + 14, start + 14 + 180)
    if name == "osteoporosis" and extra < p.number("comorbidity", "denosumab"):
        for dose in range(start + 100, record.on + 1, 182):
            record.given("denosumab", dose)
    elif name in _TREATMENT and treated:
        record.drug(_TREATMENT[name], start + int(extra * 60), end)


def heart(life: Life, chance: Chance) -> None:
    """NYHA classes of people with heart failure."""
    record, health, visits, p = life.record, life.health, life.visits, life.p
    record.about("heart")
    level, recorded = chance.pick(p.weights("comorbidity", "NYHA class")), chance.draw()
    if "heart failure" in health.since and recorded < p.number("comorbidity", "NYHA class recorded"):
        for when in visits[-2:]:
            if health.has("heart failure", when):
                record.finding("NYHA class", when, level)


def infections(life: Life, chance: Chance) -> None:
    """Infections within the record; pneumonia in hospital, with ceftriaxone into a vein."""
    record, p = life.record, life.p
    record.about("infection")
    for name in ("pneumonia", "urinary tract infection", "herpes zoster", "COVID-19"):
        for when in _times(life, chance, p.number("events", f"{name} a year")):
            days = chance.whole(5, 20)
            record.condition(name, when, when + days)
            if name == "pneumonia":
                stay = chance.whole(3, 9)
                record.visit("IMP", when, when + stay)
                record.procedure("chest X-ray", when)
                record.drug("ceftriaxone", when, when + stay - 1)
            elif name == "urinary tract infection":
                record.drug("nitrofurantoin", when, when + 4)


def examinations(life: Life, chance: Chance) -> None:
    """Imaging, electrocardiograms, bone density, joint replacements."""
    record, body, p, health, course = life.record, life.body, life.p, life.health, life.course
    record.about("examination")
    for when in _times(life, chance, p.number("events", "chest imaging a year")):
        record.procedure(
            "chest CT" if chance.share(p.number("events", "computed tomography of the chest")) else "chest X-ray", when
        )
    for when in _times(life, chance, p.number("events", "electrocardiogram a year")):
        record.procedure("electrocardiogram", when)
    for when in _times(life, chance, p.number("events", "bone density scan a year")):
        if body.age(when) >= 50:
            record.procedure("bone density scan", when)
    replaced, hip, when = chance.draw(), chance.share(0.5), body.since + int(chance.draw() * (record.on - body.since))
    worn = course.diagnosis == "osteoarthritis" or health.has("osteoarthritis", when)
    if worn and body.age(when) >= 55 and replaced < p.number("events", "joint replacement"):
        record.procedure("hip replacement" if hip else "knee replacement", when)
        record.visit("IMP", when, when + 6)


def pain_relief(life: Life, chance: Chance) -> None:
    """An NSAID, some of it changed within the last month, and paracetamol."""
    record, course, p = life.record, life.course, life.p
    record.about("pain")
    s = "pain relief"
    drug, ago = chance.pick(p.weights(s, "NSAID")), chance.whole(60, 900)
    changed, when, how = chance.draw(), chance.whole(1, 27), chance.whole(0, 2)
    other = _NSAID_DOSES[drug][chance.whole(0, 1)]
    if chance.share(p.number(s, f"NSAID with {course.diagnosis}")):
        start = record.on - ago
        if changed >= p.number(s, "changed within a month"):
            record.drug(drug, start)
        elif how == 0:
            record.drug(drug, record.on - when)
        elif how == 1:
            record.drug(drug, start, record.on - when)
        else:
            record.drug(drug, start, record.on - when - 1)
            record.drug(drug, record.on - when, dose=other)
    if chance.share(p.number(s, "paracetamol")):
        record.drug("paracetamol", record.on - chance.whole(10, 700))


def allergies(life: Life, chance: Chance) -> None:
    """An allergy to a drug or to latex."""
    record, body, p = life.record, life.body, life.p
    record.about("allergy")
    what, when = chance.pick(p.weights("events", "drug of an allergy")), body.since - chance.whole(0, 3000)
    if chance.share(p.number("events", "drug allergy")):
        record.allergy(what, max(when, body.birth + 400))


def _times(life: Life, chance: Chance, a_year: float) -> list[int]:
    """Days within the record, so many a year on average: each of its 90-day pieces has one or none."""
    record, body = life.record, life.body
    found = []
    for start in range(body.since, record.on, 90):
        length = min(90, record.on - start)
        when, drawn = start + chance.whole(0, 89), chance.draw()
        if drawn < min(1.0, a_year * 90 / YEAR) and when <= start + length:
            found.append(when)
    return found
