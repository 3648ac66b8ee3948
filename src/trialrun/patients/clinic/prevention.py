"""Vaccines, tests for infections one may carry unknowingly, contraception, pregnancy and menopause."""

from __future__ import annotations

from datetime import date

from trialrun.patients.clinic.chance import Chance
from trialrun.patients.clinic.life import ADULT, INFLAMMATORY, YEAR, Life

_S = "prevention"


def vaccines(life: Life, chance: Chance) -> None:
    """Vaccines within the record."""
    record, body, course, p = life.record, life.body, life.course, life.p
    record.about("vaccine")
    _influenza(life, chance)
    length = record.on - body.since
    when = [body.since + int(chance.draw() * length) for _ in range(6)]
    drawn = [chance.draw() for _ in range(6)]
    age = [body.age(day) for day in when]  # what a vaccine is given for counts on its own day
    gap, kind = chance.whole(60, 180), chance.share(p.number(_S, "conjugate of the pneumococcal vaccines"))
    if age[0] >= 50 and drawn[0] < p.number(_S, "recombinant zoster vaccine"):
        record.vaccine("recombinant zoster vaccine", when[0])
        record.vaccine("recombinant zoster vaccine", when[0] + gap)
    if age[1] >= 50 and drawn[1] < p.number(_S, "live zoster vaccine"):
        record.vaccine("live zoster vaccine", when[1])
    if (age[2] >= 65 or course.csdmard) and drawn[2] < p.number(_S, "pneumococcal vaccine"):
        record.vaccine("pneumococcal conjugate vaccine" if kind else "pneumococcal polysaccharide vaccine", when[2])
    if drawn[3] < p.number(_S, "COVID-19 vaccine"):
        for dose in range(1 + int(chance.draw() * 3)):
            record.vaccine("mRNA COVID-19 vaccine", when[3] + dose * 150)
    if ADULT <= age[4] < 40 and drawn[4] < p.number(_S, "MMR vaccine as a young adult"):
        record.vaccine("measles mumps rubella vaccine", when[4])
    if drawn[5] < p.number(_S, "yellow fever vaccine"):
        record.vaccine("yellow fever vaccine", when[5])


def _influenza(life: Life, chance: Chance) -> None:
    record, body, p = life.record, life.body, life.p
    for year in range(date.fromordinal(body.since).year, date.fromordinal(record.on).year + 1):
        when = date(year, 10, 1).toordinal() + chance.whole(0, 60)
        if chance.share(p.number(_S, "influenza vaccine each year")) and when >= body.since:
            record.vaccine("inactivated influenza vaccine", when)


def serology(life: Life, chance: Chance) -> None:
    """HIV, hepatitis B and C, tuberculosis: at the first visit, before treatment with a biologic."""
    record, visits, course, health, p = life.record, life.visits, life.course, life.health, life.p
    record.about("serology")
    inflamed = 1.0 if course.diagnosis in INFLAMMATORY else 0.5
    tested, tuberculosis, past = chance.draw(), chance.draw(), chance.share(p.number(_S, "past hepatitis B"))
    if not visits:
        return
    when = visits[0]
    if course.biologic or tested < p.number(_S, "serology tested") * inflamed:
        record.finding("HIV antibody", when, _found(health.has("HIV infection", when)))
        record.finding("HCV antibody", when, _found(health.has("hepatitis C", when)))
        carrier = health.has("hepatitis B", when)
        record.finding("HBsAg", when, _found(carrier))
        record.finding("anti-HBc", when, _found(carrier or past))
    if course.biologic or tuberculosis < p.number(_S, "tuberculosis test") * inflamed:
        infected = health.has("latent tuberculosis", when) or health.has("tuberculosis", when)
        record.finding("IGRA", when, _found(infected))


def _found(positive: bool) -> str:
    return "positive" if positive else "negative"


def motherhood(life: Life, chance: Chance) -> None:
    """Contraception, pregnancy and its tests, menopause, hysterectomy."""
    record, body, visits, p = life.record, life.body, life.visits, life.p
    record.about("motherhood")
    age = body.age(record.on)
    drawn = [chance.draw() for _ in range(4)]
    how, week = chance.pick(p.weights(_S, "contraceptive of women of 18 to 49")), chance.whole(8, 38)
    if not body.female:
        return
    pregnant = 18 <= age < 45 and drawn[0] < p.number(_S, "pregnant of women of 18 to 44")
    if pregnant:
        record.condition("pregnancy", record.on - week * 7)
    if 18 <= age < 50:
        if not pregnant:
            _contraception(life, how)
        if visits and drawn[1] < p.number(_S, "pregnancy test of women of 18 to 49"):
            record.finding("pregnancy test", visits[-1], _found(pregnant and visits[-1] > record.on - week * 7 + 14))
    if age >= 52 and drawn[2] < p.number(_S, "menopause recorded"):
        record.condition("menopause", body.birth + int(51.5 * YEAR))
    if age >= 45 and drawn[3] < p.number(_S, "hysterectomy"):
        record.procedure("hysterectomy", body.birth + int(43 * YEAR))


def _contraception(life: Life, how: str) -> None:
    record, when = life.record, max(life.body.since, life.body.adult)
    if how == "hormonal":
        record.drug("levonorgestrel", when)
    elif how == "intrauterine device":
        record.procedure("intrauterine contraceptive device", when)
    elif how == "tubal ligation":
        record.procedure("tubal ligation", when)
