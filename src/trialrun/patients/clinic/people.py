"""People of the virtual clinic, one after the other, each a function of seed, number, day and parameters only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from trialrun.patients.clinic import health, laboratory, prevention
from trialrun.patients.clinic.chance import Chance
from trialrun.patients.clinic.disease import treated
from trialrun.patients.clinic.life import ADULT, ADULT_DAYS, INFLAMMATORY, YEAR, Body, Course, Life
from trialrun.patients.clinic.messiness import messed_up
from trialrun.patients.clinic.parameters import Parameters, shipped_parameters
from trialrun.patients.clinic.record import Record, day
from trialrun.patients.person import Period, Person, Sex

DEFAULT_DAY = date(2026, 11, 23)
"""The day the records are of where none is asked for; a fixed day, so that the same seed gives the same bytes any day."""
MOST_PEOPLE = 10_000_000
LONGEST_SEED = 20
"""Signs of a seed: it stands in the ids of resources, which FHIR limits to 64."""
_AGES = {
    "polymyalgia rheumatica": (50.0, 95.0, 12.0),
    "giant cell arteritis": (50.0, 95.0, 12.0),
    "rheumatoid arthritis": (18.0, 88.0, 25.0),
    "osteoarthritis": (35.0, 88.0, 25.0),
    "gout": (30.0, 88.0, 25.0),
}
"""The youngest and the oldest at onset, and the most years since then."""
_OLDEST = 101.0
_TRIES = 20


def made_up_people(
    count: int, seed: str | int, on: date = DEFAULT_DAY, parameters: Parameters | None = None, *, first: int = 1
) -> Iterator[Person]:
    """People of the clinic, made as they are asked for.

    Args:
        count: How many.
        seed: Any word or number; the same seed gives the same people.
        on: The day the records are of; nothing of a clean record lies after it.
        parameters: Those that ship unless given.
        first: The number of the first, so that any slice can be made again.
    """
    used = parameters or shipped_parameters()
    for number in range(first, first + count):
        yield made_up_person(number, seed, on, used)


def made_up_person(
    number: int, seed: str | int, on: date = DEFAULT_DAY, parameters: Parameters | None = None
) -> Person:
    """One person of the clinic with everything that is messy in their record."""
    used = parameters or shipped_parameters()
    return messed_up(clean_person(number, seed, on, used), Chance(seed, number, "messiness"), on, used)


def clean_person(number: int, seed: str | int, on: date = DEFAULT_DAY, parameters: Parameters | None = None) -> Person:
    """The same person with the record as it should be: what the messy one is made from."""
    p = parameters or shipped_parameters()
    name = person_id(seed, number)
    body, course = _who(number, seed, on.toordinal(), p)
    record = Record(name, on.toordinal())
    dead = _death(record, body, Chance(seed, number, "death"), p)
    if dead is not None:
        record.on = dead

    def chance(subject: str) -> Chance:
        return Chance(seed, number, subject)

    life = Life(record, body, course, p)
    treated(life, chance("main disease"))
    health.diseases(life, chance("other diseases"))
    life.visits = _visits(life, chance("visits"))
    health.heart(life, chance("heart"))
    health.infections(life, chance("infections"))
    health.examinations(life, chance("examinations"))
    health.pain_relief(life, chance("pain relief"))
    health.allergies(life, chance("allergies"))
    prevention.vaccines(life, chance("vaccines"))
    prevention.serology(life, chance("serology"))
    prevention.motherhood(life, chance("motherhood"))
    laboratory.body_measures(life, chance("body measures"))
    laboratory.panels(life, chance("own levels"), chance("laboratory"))
    laboratory.assessments(life, chance("assessments"))
    laboratory.immune_subsets(life, chance("immune subsets"))
    record.about("life")
    if life.visits:
        record.observation("smoking status", life.visits[0], chance("smoking").pick(p.weights("people", "smoking")))
    if dead is not None:
        record.close(dead)
    return Person(
        id=name,
        birth=day(body.birth),
        sex=Sex.FEMALE if body.female else Sex.MALE,
        death=None if dead is None else day(dead),
        events=tuple(record.events),
        coverage=(Period(date.fromordinal(body.since), date.fromordinal(record.on)),),
        origin="made up by trialrun clinic",
    )


def person_id(seed: str | int, number: int) -> str:
    """The id of a person; it says that they are made up. Seeds that differ only in odd signs share ids, not people."""
    word = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in str(seed))
    return f"made-up-{word}-{number:07d}"


def _who(number: int, seed: str | int, on: int, p: Parameters) -> tuple[Body, Course]:
    """Main diagnosis, age and sex together, because one depends on the other."""
    chance = Chance(seed, number, "person")
    diagnosis = chance.pick(p.weights("clinic", "main diagnosis"))
    female = chance.share(p.number("people", f"women with {diagnosis}"))
    years = chance.between(p.pair("clinic", "years of record"))
    if diagnosis == "none":
        age, ill = chance.between(p.pair("people", "age of people with none")), 0.0
    else:
        low, high, longest = _AGES[diagnosis]
        ill = min(longest, max(0.05, chance.skewed(p.pair("people", f"years with {diagnosis}"))))
        age = min(_OLDEST, _within(chance, p.pair("people", f"onset age of {diagnosis}"), low, high) + ill)
    size = Chance(seed, number, "body")
    height = round(size.gauss(p.pair("people", "height of women" if female else "height of men")))
    weight = size.skewed(p.pair("people", "body mass index")) * (height / 100) ** 2
    birth = on - int(age * YEAR) - 1
    since = on - int(years * YEAR)
    if age >= ADULT:
        # A clinic of adults: of those who have just grown up there is no record yet.
        since = max(since, min(birth + ADULT_DAYS, on - 1))
    half_life = p.number("results", "half-life of activity")
    body = Body(birth, female, since, float(height), weight)
    return body, Course(diagnosis, on - int(ill * YEAR), half_life)


def _within(chance: Chance, normal: tuple[float, float], low: float, high: float) -> float:
    """A normal number between two bounds: drawn again where it lies outside, at last put on the bound."""
    value = chance.gauss(normal)
    for _ in range(_TRIES):
        if low <= value <= high:
            break
        value = chance.gauss(normal)
    return min(high, max(low, value))


def _death(record: Record, body: Body, chance: Chance, p: Parameters) -> int | None:
    died, when = chance.share(p.number("clinic", "died")), chance.whole(1, record.on - body.since)
    return record.on - when if died else None


def _visits(life: Life, chance: Chance) -> list[int]:
    """The days of visits with blood tests, oldest first: backwards from the last, at the diagnosis and at each flare."""
    record, body, p = life.record, life.body, life.p
    record.about("visit")
    when = record.on - chance.whole(0, int(chance.pick(p.weights("clinic", "days since last visit"))))
    found: set[int] = set()
    while when >= body.since:
        found.add(when)
        when -= round(chance.between(p.pair("clinic", "days between visits")))
    course = life.course
    if course.diagnosis in INFLAMMATORY:
        found.update(flare for flare, _ in course.flares if body.since <= flare <= record.on)
    visits = sorted(found)
    for visit in visits:
        record.visit("AMB", visit)
    return visits
