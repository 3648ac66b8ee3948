"""The disease that brings a person to the clinic: when it began, how active it is on a day, and its treatment.

Activity is a number from 0 to about 1. A flare raises it; from the day treatment begins it halves again and again. What is
measured later (CRP, ESR, pain, stiffness, blood count) follows activity and the dose of glucocorticoid.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from trialrun.patients.clinic.chance import Chance, exponential
from trialrun.patients.clinic.parameters import Parameters
from trialrun.patients.clinic.record import Record

_LN2 = 0.6931471805599453
_YEAR = 365.25
_REST = 0.04
_STEPS_ABOVE_10 = (60.0, 50.0, 40.0, 30.0, 25.0, 20.0, 15.0, 12.5, 10.0)
_MOST_STEPS = 80
_METHYL = 0.8
"""Milligrams of methylprednisolone for one of prednisone (4 for 5; see the equivalents in vocabulary/data/drugs.yaml)."""
INFLAMMATORY = ("polymyalgia rheumatica", "giant cell arteritis", "rheumatoid arthritis")


@dataclass(slots=True)
class Course:
    """What the rest of the record needs to know of the main disease.

    Args:
        diagnosis: Its name; `none` where there is none.
        onset: The day treatment began, as an ordinal.
        flares: (day, strength), in order.
        glucocorticoid: (first day, last day or None, mg of prednisone a day).
        biologic, csdmard: Whether one was ever taken.
        il6: Spans in which interleukin-6 is blocked, and CRP with it.
    """

    diagnosis: str
    onset: int
    half_life: float
    flares: list[tuple[int, float]] = field(default_factory=list)
    glucocorticoid: list[tuple[int, int | None, float]] = field(default_factory=list)
    biologic: bool = False
    csdmard: bool = False
    il6: list[tuple[int, int | None]] = field(default_factory=list)

    def activity(self, when: int, slower: float = 1.0) -> float:
        """How active the disease is; ESR follows `slower` than CRP."""
        found = _REST if self.flares else 0.0
        for began, strength in self.flares:
            if began - 14 <= when <= began:
                found = max(found, strength)
            elif when > began:
                found = max(found, strength * exponential(-_LN2 * (when - began) / (self.half_life * slower)))
        return found

    def prednisone(self, when: int) -> float:
        """Milligrams a day as prednisone."""
        return sum(mg for first, last, mg in self.glucocorticoid if first <= when and (last is None or when <= last))

    def blocks_il6(self, when: int) -> bool:
        """Whether tocilizumab was on board."""
        return any(first <= when and (last is None or when <= last + 28) for first, last in self.il6)


def treated(record: Record, course: Course, chance: Chance, parameters: Parameters) -> None:
    """Adds the diagnosis of the main disease and its treatment to a record, and to the course."""
    record.about("main")
    makers = {
        "polymyalgia rheumatica": _polymyalgia,
        "giant cell arteritis": _arteritis,
        "rheumatoid arthritis": _arthritis,
        "gout": _gout,
    }
    if course.diagnosis in makers:
        makers[course.diagnosis](record, course, chance, parameters)
    elif course.diagnosis != "none":
        record.condition(course.diagnosis, course.onset)


# --- polymyalgia and giant cell arteritis ---------------------------------------------------------------------------


def _polymyalgia(record: Record, course: Course, chance: Chance, p: Parameters) -> None:
    s = "polymyalgia"
    record.condition("polymyalgia rheumatica", course.onset)
    if chance.share(p.number(s, "also giant cell arteritis")):
        record.condition("giant cell arteritis with polymyalgia rheumatica", course.onset + chance.whole(0, 200))
    drug = chance.pick(p.weights(s, "glucocorticoid"))
    first = float(chance.pick(p.weights(s, "first dose")))
    relapses = _taper(record, course, chance, p, drug, first)
    stop = p.number(s, "stopped by the day")
    sparing, blocked = chance.draw(), chance.draw()
    dose = float(chance.pick(p.weights(s, "methotrexate a week")))
    late = [relapse for relapse in relapses if relapse <= record.on]
    if late and sparing < p.number(s, "methotrexate after a relapse"):
        _sparing(record, course, chance, "methotrexate", late[0] + 7, stop, dose)
    if late and blocked < p.number(s, "tocilizumab after a relapse"):
        _sparing(record, course, chance, "tocilizumab", late[-1] + 30, stop)


def _arteritis(record: Record, course: Course, chance: Chance, p: Parameters) -> None:
    record.condition("giant cell arteritis", course.onset)
    record.procedure("temporal artery biopsy", course.onset + chance.whole(-3, 10))
    first = float(chance.pick(p.weights("arteritis", "first dose")))
    drug = chance.pick(p.weights("polymyalgia", "glucocorticoid"))
    _taper(record, course, chance, p, drug, first)
    if chance.share(p.number("arteritis", "tocilizumab")):
        _sparing(record, course, chance, "tocilizumab", course.onset + 21, p.number("polymyalgia", "stopped by the day"))


def _taper(record: Record, course: Course, chance: Chance, p: Parameters, drug: str, first: float) -> list[int]:
    """Steps down from the first dose; a relapse goes back up. Returns the days of relapses."""
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


def _sparing(
    record: Record, course: Course, chance: Chance, drug: str, start: int, stop: float, dose: float | None = None
) -> None:
    """Methotrexate with folic acid, or tocilizumab, for good or until some day."""
    end = start + chance.whole(120, 700) if chance.share(stop) else None
    record.drug(drug, start, end, dose=dose)
    if drug == "methotrexate":
        record.drug("folic acid", start, end)
        course.csdmard = course.csdmard or start <= record.on
    elif start <= record.on:
        course.il6.append((start, end))
        course.biologic = True


# --- rheumatoid arthritis -------------------------------------------------------------------------------------------


def _arthritis(record: Record, course: Course, chance: Chance, p: Parameters) -> None:
    s = "arthritis"
    positive = chance.share(p.number(s, "rheumatoid factor present"))
    record.condition("seropositive rheumatoid arthritis" if positive else "rheumatoid arthritis", course.onset)
    record.result("rheumatoid factor", course.onset, chance.between((25, 300)) if positive else chance.between((3, 13)))
    record.result("anti-CCP", course.onset, chance.between((30, 400)) if positive else chance.between((1, 9)))
    course.flares.append((course.onset, 1.0))
    _flares(record, course, chance, p.number(s, "flares a year"))
    if chance.share(p.number(s, "on prednisone")):
        dose = float(chance.pick(p.weights(s, "prednisone")))
        start = course.onset + chance.whole(0, 60)
        changed = record.on - chance.whole(5, 400)
        if changed > start + 60:
            course.glucocorticoid.append((start, changed - 1, 5.0))
            record.drug("prednisone", start, changed - 1, dose=5.0)
            start = changed
        course.glucocorticoid.append((start, None, dose))
        record.drug("prednisone", start, dose=dose)
    _conventional(record, course, chance, p)
    if chance.share(p.number(s, "biologic")):
        _biologics(record, course, chance, p)


def _flares(record: Record, course: Course, chance: Chance, a_year: float) -> None:
    for year in range(int((record.on - course.onset) / _YEAR) + 1):
        if chance.share(min(1.0, a_year)):
            when = course.onset + int(year * _YEAR) + chance.whole(60, 364)
            if when <= record.on:
                course.flares.append((when, 0.35 + 0.5 * chance.draw()))


def _conventional(record: Record, course: Course, chance: Chance, p: Parameters) -> None:
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


def _biologics(record: Record, course: Course, chance: Chance, p: Parameters) -> None:
    s = "arthritis"
    start = course.onset + chance.whole(200, 1500)
    for number in range(5):
        if start > record.on:
            return
        drug = chance.pick(p.weights(s, "biologic drug"))
        end = start + round(chance.skewed(p.pair(s, "days of a biologic")))
        _biologic(record, course, drug, start, end)
        course.biologic = True
        gap = round(chance.between(p.pair(s, "days of washout")))
        if chance.share(p.number(s, "biologic given up")) and number:
            return
        start = end + gap


def _biologic(record: Record, course: Course, drug: str, start: int, end: int) -> None:
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


def _gout(record: Record, course: Course, chance: Chance, p: Parameters) -> None:
    record.condition("gout", course.onset)
    if chance.share(p.number("gout", "allopurinol")):
        record.drug("allopurinol", course.onset + chance.whole(20, 400))
    course.flares.append((course.onset, 0.8))
    _flares(record, course, chance, p.number("gout", "flares a year"))
    for when, _ in course.flares[-6:]:
        record.drug("colchicine", when, when + 9)
