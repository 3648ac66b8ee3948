"""The disease that brings a person to the clinic: when it began, how active it is on a day, and its treatment.

Activity is a number from 0 to about 1. A flare raises it; from the day treatment begins it halves again and again. What is
measured later (CRP, ESR, pain, stiffness, blood count) follows activity and the dose of glucocorticoid.
"""

from __future__ import annotations

from trialrun.patients.clinic.chance import Chance
from trialrun.patients.clinic.life import YEAR, Life

_STEPS_ABOVE_10 = (60.0, 50.0, 40.0, 30.0, 25.0, 20.0, 15.0, 12.5, 10.0)
_MOST_STEPS = 80
_METHYL = 0.8
"""Milligrams of methylprednisolone for one of prednisone (4 for 5; see the equivalents in vocabulary/data/drugs.yaml)."""


def treated(life: Life, chance: Chance) -> None:
    """Adds the diagnosis of the main disease and its treatment to a record, and to the course."""
    record, course = life.record, life.course
    record.about("main")
    makers = {
        "polymyalgia rheumatica": _polymyalgia,
        "giant cell arteritis": _arteritis,
        "rheumatoid arthritis": _arthritis,
        "gout": _gout,
    }
    if course.diagnosis in makers:
        makers[course.diagnosis](life, chance)
    elif course.diagnosis != "none":
        record.condition(course.diagnosis, course.onset)


# --- polymyalgia and giant cell arteritis ---------------------------------------------------------------------------


def _polymyalgia(life: Life, chance: Chance) -> None:
    record, course, p = life.record, life.course, life.p
    s = "polymyalgia"
    record.condition("polymyalgia rheumatica", course.onset)
    also, later = chance.share(p.number(s, "also giant cell arteritis")), chance.whole(0, 200)
    if also:
        record.condition("giant cell arteritis with polymyalgia rheumatica", course.onset + later)
    drug = chance.pick(p.weights(s, "glucocorticoid"))
    first = float(chance.pick(p.weights(s, "first dose")))
    relapses = _taper(life, chance.branch("taper"), drug, first)
    sparing, blocked = chance.draw(), chance.draw()
    dose = float(chance.pick(p.weights(s, "methotrexate a week")))
    late = [relapse for relapse in relapses if relapse <= record.on]
    if late and sparing < p.number(s, "methotrexate after a relapse"):
        _sparing(life, chance.branch("methotrexate"), "methotrexate", late[0] + 7, dose)
    if late and blocked < p.number(s, "tocilizumab after a relapse"):
        _sparing(life, chance.branch("tocilizumab"), "tocilizumab", late[-1] + 30)


def _arteritis(life: Life, chance: Chance) -> None:
    record, course, p = life.record, life.course, life.p
    record.condition("giant cell arteritis", course.onset)
    record.procedure("temporal artery biopsy", course.onset + chance.whole(-3, 10))
    first = float(chance.pick(p.weights("arteritis", "first dose")))
    drug = chance.pick(p.weights("polymyalgia", "glucocorticoid"))
    _taper(life, chance.branch("taper"), drug, first)
    if chance.share(p.number("arteritis", "tocilizumab")):
        _sparing(life, chance.branch("tocilizumab"), "tocilizumab", course.onset + 21)


def _taper(life: Life, chance: Chance, drug: str, first: float) -> list[int]:
    """Steps down from the first dose; a relapse goes back up. Returns the days of relapses."""
    record, course, p = life.record, life.course, life.p
    s, factor = "polymyalgia", _METHYL if drug == "methylprednisolone" else 1.0
    course.flares.append((course.onset, 1.0))
    relapses, dose, start = [], first, course.onset
    stays = chance.share(p.number(s, "stays at a low dose"))
    low = float(chance.whole(2, 5))
    for _ in range(_MOST_STEPS):
        span = "days a step above 10 mg" if dose > 10 else "days a step from 10 mg"
        end = start + round(chance.between(p.pair(s, span)))
        relapsed = chance.share(p.number(s, "relapse at a step")) and dose <= 10
        if stays and dose <= low and not relapsed:
            end = record.on + 1
        course.glucocorticoid.append((start, None if end > record.on else end - 1, dose))
        record.drug(drug, start, end - 1, dose=round(dose * factor, 2))
        if end > record.on:
            break
        if relapsed:
            relapses.append(end)
            course.flares.append((end, 0.5 + 0.4 * chance.draw()))
            dose = min(25.0, dose + 5.0)
        else:
            dose = _next_step(dose)
        start = end
        if dose <= 0:
            break
    return relapses


def _next_step(dose: float) -> float:
    if dose > 10:
        return next(step for step in _STEPS_ABOVE_10 if step < dose)
    return max(0.0, dose - 1.0)


def _sparing(life: Life, chance: Chance, drug: str, start: int, dose: float | None = None) -> None:
    """Methotrexate with folic acid, or tocilizumab, for good or until some day."""
    record, course = life.record, life.course
    end = start + chance.whole(120, 700) if chance.share(life.p.number("polymyalgia", "stopped by the day")) else None
    record.drug(drug, start, end, dose=dose)
    if drug == "methotrexate":
        record.drug("folic acid", start, end)
        course.csdmard = course.csdmard or start <= record.on
    elif start <= record.on:
        course.il6.append((start, end))
        course.biologic = True


# --- rheumatoid arthritis -------------------------------------------------------------------------------------------


def _arthritis(life: Life, chance: Chance) -> None:
    record, course, p = life.record, life.course, life.p
    s = "arthritis"
    positive = chance.share(p.number(s, "rheumatoid factor present"))
    record.condition("seropositive rheumatoid arthritis" if positive else "rheumatoid arthritis", course.onset)
    record.result("rheumatoid factor", course.onset, chance.between((25, 300)) if positive else chance.between((3, 13)))
    record.result("anti-CCP", course.onset, chance.between((30, 400)) if positive else chance.between((1, 9)))
    course.flares.append((course.onset, 1.0))
    _flares(life, chance.branch("flares"), p.number(s, "flares a year"))
    if chance.share(p.number(s, "on prednisone")):
        _steady_prednisone(life, chance.branch("prednisone"))
    _conventional(life, chance.branch("csDMARDs"))
    if chance.share(p.number(s, "biologic")):
        _biologics(life, chance.branch("biologics"))


def _steady_prednisone(life: Life, chance: Chance) -> None:
    """A low dose for good, often 5 mg at first and another one later."""
    record, course = life.record, life.course
    dose = float(chance.pick(life.p.weights("arthritis", "prednisone")))
    start, changed = course.onset + chance.whole(0, 60), record.on - chance.whole(5, 400)
    if changed > start + 60:
        course.glucocorticoid.append((start, changed - 1, 5.0))
        record.drug("prednisone", start, changed - 1, dose=5.0)
        start = changed
    course.glucocorticoid.append((start, None, dose))
    record.drug("prednisone", start, dose=dose)


def _flares(life: Life, chance: Chance, a_year: float) -> None:
    record, course = life.record, life.course
    for year in range(int((record.on - course.onset) / YEAR) + 1):
        if chance.share(min(1.0, a_year)):
            when = course.onset + int(year * YEAR) + chance.whole(60, 364)
            if when <= record.on:
                course.flares.append((when, 0.35 + 0.5 * chance.draw()))


def _conventional(life: Life, chance: Chance) -> None:
    record, course, p = life.record, life.course, life.p
    start, taken = course.onset + chance.whole(0, 90), ""
    for _ in range(4):
        drug = chance.pick(p.weights("arthritis", "csDMARD"))
        days = round(chance.skewed(p.pair("arthritis", "days of a csDMARD")))
        if drug == taken:
            start += days  # the same drug again is one longer course
            continue
        if start > record.on:
            return
        record.drug(drug, start, start + days)
        if drug == "methotrexate":
            record.drug("folic acid", start, start + days)
        course.csdmard, taken = True, drug
        start += days + chance.whole(1, 60)


def _biologics(life: Life, chance: Chance) -> None:
    record, course, p = life.record, life.course, life.p
    s = "arthritis"
    start = course.onset + chance.whole(200, 1500)
    for number in range(5):
        if start > record.on:
            return
        drug = chance.pick(p.weights(s, "biologic drug"))
        end = start + round(chance.skewed(p.pair(s, "days of a biologic")))
        _biologic(life, drug, start, end)
        course.biologic = True
        gap = round(chance.between(p.pair(s, "days of washout")))
        if chance.share(p.number(s, "biologic given up")) and number:
            return
        start = end + gap


def _biologic(life: Life, drug: str, start: int, end: int) -> None:
    record, course = life.record, life.course
    if drug == "rituximab":
        for cycle in range(start, end, 182):
            record.given(drug, cycle)
            record.given(drug, cycle + 14)
    elif drug == "infliximab":
        for when in (start, start + 14, *range(start + 42, end, 56)):
            record.given(drug, when)
    else:
        record.drug(drug, start, end)
        if drug == "tocilizumab":
            course.il6.append((start, end))


# --- gout -----------------------------------------------------------------------------------------------------------


def _gout(life: Life, chance: Chance) -> None:
    record, course, p = life.record, life.course, life.p
    record.condition("gout", course.onset)
    if chance.share(p.number("gout", "allopurinol")):
        record.drug("allopurinol", course.onset + chance.whole(20, 400))
    course.flares.append((course.onset, 0.8))
    _flares(life, chance.branch("flares"), p.number("gout", "flares a year"))
    for when, _ in course.flares[-6:]:
        record.drug("colchicine", when, when + 9)
