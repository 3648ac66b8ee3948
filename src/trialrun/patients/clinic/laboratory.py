"""Results at each visit: they follow the activity of the disease, the drugs taken, age, sex and other diseases.

Every person has a level of their own for each test, and each visit varies around it; how much of the spread is the visit's
is the parameter *noise*.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from trialrun.patients.clinic.chance import Chance, exponential
from trialrun.patients.clinic.life import INFLAMMATORY, Course, Life
from trialrun.patients.clinic.parameters import Pair, Parameters

_S, _R = "results", "reference ranges"
_TOGETHER = (
    ("ALT of men", "ALT of women", 1.0),
    ("AST", "ALT of women", 0.7),
    ("GGT", "ALT of women", 0.5),
    ("ESR at rest", "CRP at rest", 0.6),
)
"""Tests whose lasting levels go together, and how closely (correlation of the levels): assumed."""


class Levels:
    """A person's own level of each test, and its changes from visit to visit."""

    def __init__(self, own: Chance, visit: Chance, p: Parameters) -> None:
        noise = p.number(_S, "noise")
        self._visit, self._p = visit, p
        self._lasting, self._passing = sqrt(1 - noise * noise), noise
        self._own = {one.name: own.normal() for one in p if one.section == _S and one.kind in ("normal", "skewed")}
        for name, other, share in _TOGETHER:
            self._own[name] = share * self._own[other] + sqrt(1 - share * share) * self._own[name]

    def skewed(self, name: str) -> float:
        """The level today of a log-normal parameter."""
        median, spread = self._p.pair(_S, name)
        return median * exponential(spread * self._today(name))

    def normal(self, name: str) -> float:
        """The level today of a normal parameter."""
        mean, spread = self._p.pair(_S, name)
        return mean + spread * self._today(name)

    def _today(self, name: str) -> float:
        return self._lasting * self._own[name] + self._passing * self._visit.normal()


def body_measures(life: Life, chance: Chance) -> None:
    """Height once; weight and blood pressure at each visit."""
    record, body, visits, health, p = life.record, life.body, life.visits, life.health, life.p
    record.about("body")
    for number, when in enumerate(visits):
        if number == 0:
            record.result("height", when, body.height)
        record.result("weight", when, body.weight * (1 + chance.gauss(p.pair(_S, "weight from visit to visit"))))
        raised = 12.0 if health.has("hypertension", when) else 0.0
        systolic = chance.gauss(p.pair(_S, "systolic blood pressure")) + raised + 0.2 * (body.age(when) - 50)
        record.result("systolic blood pressure", when, systolic)
        record.result("diastolic blood pressure", when, 0.35 * systolic + 34 + 5 * chance.normal())


def panels(life: Life, own: Chance, chance: Chance) -> None:
    """Blood count, inflammation, liver, kidney, salts and glucose at each visit."""
    record, body, course, visits, p = life.record, life.body, life.course, life.visits, life.p
    record.about("laboratory")
    levels = Levels(own, chance, p)
    gilbert, injured = (
        own.share(p.number(_S, "Gilbert syndrome")),
        own.share(p.number(_S, "liver injury at the last visit")),
    )
    bases = _inflammation(course, own, p)
    limits = _limits(body.female, p)
    for number, when in enumerate(visits):
        last = number == len(visits) - 1
        values = (
            *_count(life, levels, when),
            *_acute_phase(life, levels, bases, chance, when),
            *_liver(life, levels, when, gilbert=gilbert, injured=injured and last),
            *_kidney(life, levels, when),
            *_sugar(life, levels, when, with_hba1c=number % 3 == 0),
            *_urate(life, levels, when),
        )
        for name, value in values:
            record.result(name, when, max(0.0, value), limits.get(name))


def _limits(female: bool, p: Parameters) -> dict[str, Pair]:
    of_sex, of_other = (" of women", " of men") if female else (" of men", " of women")
    found = {}
    for one in p:
        if one.section == _R and not one.name.endswith(of_other):
            found[one.name.removesuffix(of_sex)] = p.pair(_R, one.name)
    return found


def _inflammation(course: Course, own: Chance, p: Parameters) -> tuple[float, float]:
    """CRP and ESR of this person in full activity."""
    places = {
        "polymyalgia rheumatica": ("polymyalgia", "at onset"),
        "giant cell arteritis": ("arteritis", "at onset"),
    }
    section, when = places.get(course.diagnosis, ("arthritis", "in a flare"))
    return own.skewed(p.pair(section, f"CRP {when}")), own.skewed(p.pair(section, f"ESR {when}"))


def _count(life: Life, levels: Levels, when: int) -> Iterator[tuple[str, float]]:
    body, course = life.body, life.course
    active, dose = course.activity(when, 2.0), course.prednisone(when)
    neutrophils = levels.skewed("neutrophils") + 0.12 * min(dose, 30.0) + 1.2 * active
    lymphocytes = levels.skewed("lymphocytes") * (1 - 0.01 * min(dose, 30.0))
    eosinophils = levels.skewed("eosinophils") * (1 - 0.02 * min(dose, 30.0))
    yield "hemoglobin", levels.normal("hemoglobin of women" if body.female else "hemoglobin of men") - 1.8 * active
    yield "white blood cells", round(neutrophils, 1) + round(lymphocytes, 1) + round(eosinophils, 2) + 0.5
    yield "neutrophils", neutrophils
    yield "lymphocytes", lymphocytes
    yield "eosinophils", eosinophils
    yield "platelets", levels.skewed("platelets") * (1 + 0.4 * active)


def _acute_phase(
    life: Life, levels: Levels, bases: tuple[float, float], chance: Chance, when: int
) -> Iterator[tuple[str, float]]:
    """CRP and ESR between rest and full activity; blocked interleukin-6 keeps both low whatever the disease does."""
    body, course = life.body, life.course
    flaring = course.diagnosis not in ("none", "osteoarthritis")
    crp, esr = levels.skewed("CRP at rest"), levels.skewed("ESR at rest") + 0.2 * max(0.0, body.age(when) - 50)
    quick, slow = (course.activity(when), course.activity(when, 2.0)) if flaring else (0.0, 0.0)
    crp += max(0.0, bases[0] - crp) * quick * exponential(0.2 * chance.normal())
    esr += max(0.0, bases[1] - esr) * slow * exponential(0.15 * chance.normal())
    if course.blocks_il6(when):
        crp, esr = crp * 0.1, esr * 0.3
    yield "CRP", crp
    yield "ESR", min(140.0, esr)


def _liver(life: Life, levels: Levels, when: int, *, gilbert: bool, injured: bool) -> Iterator[tuple[str, float]]:
    body, course = life.body, life.course
    factor = (1.15 if course.csdmard else 1.0) * (8.0 if injured else 1.0)
    yield "ALT", levels.skewed("ALT of women" if body.female else "ALT of men") * factor
    yield "AST", levels.skewed("AST") * factor
    yield "alkaline phosphatase", levels.skewed("alkaline phosphatase") * (1 + 0.3 * course.activity(when))
    yield "GGT", levels.skewed("GGT") * (3.0 if injured else 1.0)
    yield "total bilirubin", levels.skewed("total bilirubin") * (2.6 if gilbert else 1.0) * (2.5 if injured else 1.0)
    yield "albumin", levels.normal("albumin") - 0.6 * course.activity(when, 2.0)


def _kidney(life: Life, levels: Levels, when: int) -> Iterator[tuple[str, float]]:
    body, health, p = life.body, life.health, life.p
    usual = levels.skewed("creatinine of women" if body.female else "creatinine of men")
    creatinine = usual * max(0.8, 1 + 0.005 * (body.age(when) - 50))
    if health.has("chronic kidney disease", when):
        creatinine *= p.number(_S, f"creatinine in kidney disease of stage {4 if health.stage_4 else 3}")
    yield "creatinine", creatinine
    yield "urea nitrogen", levels.skewed("urea nitrogen") * (0.4 + 0.6 * creatinine / usual)
    yield "sodium", levels.normal("sodium")
    yield "potassium", levels.normal("potassium")


def _sugar(life: Life, levels: Levels, when: int, *, with_hba1c: bool) -> Iterator[tuple[str, float]]:
    course, health = life.course, life.health
    diabetic = health.has("type 2 diabetes", when)
    yield (
        "glucose",
        levels.skewed("glucose") * (1.5 if diabetic else 1.0) * (1 + 0.01 * min(30.0, course.prednisone(when))),
    )
    if diabetic and with_hba1c:
        yield "HbA1c", levels.normal("HbA1c") + 1.6


def _urate(life: Life, levels: Levels, when: int) -> Iterator[tuple[str, float]]:
    record, course = life.record, life.course
    if course.diagnosis != "gout":
        return
    lowered = any(
        event.source_text == "allopurinol" and event.start is not None and event.start.first.toordinal() + 30 < when
        for event in record.events
    )
    yield "urate", levels.normal("urate") + (0.4 if lowered else 2.4)


def assessments(life: Life, chance: Chance) -> None:
    """What patient and physician say: pain, stiffness, global activity; DAS28 in rheumatoid arthritis."""
    record, course, visits, p = life.record, life.course, life.visits, life.p
    record.about("assessment")
    inflamed = course.diagnosis in INFLAMMATORY
    for when in visits if inflamed else ():
        active = course.activity(when, 1.5)
        record.result("patient pain VAS", when, _scale(chance.gauss(p.pair(_S, "pain at rest")) + 7.0 * active))
        record.result("patient global VAS", when, _scale(0.9 + 6.5 * active + 1.1 * chance.normal()))
        record.result("physician global VAS", when, _scale(0.4 + 6.5 * active + 0.7 * chance.normal()))
        record.result("morning stiffness", when, max(0.0, 5 * round((3 + 90 * active + 9 * chance.normal()) / 5)))
        if course.diagnosis == "rheumatoid arthritis":
            record.result("DAS28", when, max(0.5, 2.3 + 3.4 * active + 0.5 * chance.normal()))
        elif course.diagnosis == "polymyalgia rheumatica":
            level = min(3, max(0, round(2.4 * active + 0.4 * chance.normal())))
            record.finding("upper limb elevation", when, str(level))


def _scale(value: float) -> float:
    return min(10.0, max(0.0, value))


def immune_subsets(life: Life, chance: Chance) -> None:
    """CD3, CD4 and CD8 cells and the share of regulatory T cells, once, from the lymphocytes of the last visit."""
    record, course, visits, p = life.record, life.course, life.visits, life.p
    record.about("immune")
    measured, total = chance.draw(), chance.normal()
    of_lymphocytes, of_cd3 = (
        chance.gauss(p.pair(_S, f"{name}")) for name in ("CD3 cells of lymphocytes", "CD4 cells of CD3 cells")
    )
    treg = chance.skewed(p.pair(_S, "Treg of CD4 cells"))
    if course.diagnosis not in ("polymyalgia rheumatica", "rheumatoid arthritis") or not visits:
        return
    if measured >= p.number(_S, "immune subsets measured"):
        return
    when = visits[-1]
    lymphocytes = next((e.value for e in reversed(record.events) if e.source_text == "Lymphocytes"), None)
    cd3 = 1000 * (lymphocytes or 1.8 + 0.2 * total) * min(0.9, max(0.4, of_lymphocytes))
    share = min(0.85, max(0.3, of_cd3))
    record.result("CD3 cells", when, cd3)
    record.result("CD4 cells", when, cd3 * share, p.pair(_R, "CD4 cells"))
    record.result("CD8 cells", when, cd3 * (0.95 - share))
    record.result("Treg of CD4 cells", when, min(40.0, treg))
