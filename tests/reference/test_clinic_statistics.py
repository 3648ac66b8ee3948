"""The clinic against its own parameters, on many people of a fixed seed.

Counts are held to exact binomial tails, means to normal ones. A right program fails one such comparison with a probability
of at most one in a million (two-sided); there are about 130, and the seed is fixed, so a failure is a fault, not bad luck.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from math import exp, lgamma, log, log1p, sqrt

import pytest

from trialrun.patients.clinic.chance import Chance, exponential
from trialrun.patients.clinic.parameters import shipped_parameters
from trialrun.patients.clinic.people import DEFAULT_DAY, clean_person, made_up_person
from trialrun.patients.person import Event, Person, Sex, Status
from trialrun.vocabulary.concepts import Domain

FALSE_ALARM = 1e-6
MANY = 3_000
P = shipped_parameters()
ON = DEFAULT_DAY.toordinal()


@lru_cache(maxsize=1)
def people() -> tuple[Person, ...]:
    """The clean people all comparisons share."""
    return tuple(clean_person(number, "statistics") for number in range(1, MANY + 1))


def tail(hits: int, of: int, share: float) -> float:
    """How likely a count at least as far out is, two-sided: twice the smaller exact binomial tail."""
    if share in (0.0, 1.0):
        return 1.0 if hits == of * share else 0.0

    def weight(k: int) -> float:
        ways = lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1)
        return exp(ways + k * log(share) + (of - k) * log1p(-share))

    below = sum(weight(k) for k in range(hits + 1))
    above = sum(weight(k) for k in range(hits, of + 1))
    return min(1.0, 2 * min(below, above))


def agrees(hits: int, of: int, share: float, what: str) -> None:
    """Fails where a count cannot come from a share."""
    assert of > 0, what
    assert tail(hits, of, share) > FALSE_ALARM, f"{what}: {hits} of {of}, {share:.3f} wanted"


def test_the_comparison_itself_notices() -> None:
    """It would not see a clinic that is a tenth off; so much it does see."""
    assert tail(50, 100, 0.5) > 0.9
    assert tail(900, 3000, 0.24) < FALSE_ALARM
    assert tail(0, 3000, 0.01) < FALSE_ALARM
    assert tail(3, 3, 1.0) == 1.0 and tail(2, 3, 1.0) == 0.0


def has(person: Person, code: str) -> bool:
    return any(event.source_code == code and event.domain is Domain.CONDITION for event in person.events)


def diagnosis(person: Person) -> str:
    """The main diagnosis, told by the codes of the rows about the main disease."""
    codes = {event.source_code for event in person.events if "-main-" in event.id and event.domain is Domain.CONDITION}
    known = {
        "M35.3": "polymyalgia rheumatica", "M31.6": "giant cell arteritis", "M05.9": "rheumatoid arthritis",
        "M06.9": "rheumatoid arthritis", "M17.9": "osteoarthritis", "M10.9": "gout",
    }  # fmt: skip
    return next((name for code, name in known.items() if code in codes), "none")


def of(name: str) -> list[Person]:
    return [person for person in people() if diagnosis(person) == name]


def age(person: Person, when: int = ON) -> float:
    assert person.birth is not None
    return (when - person.birth.first.toordinal()) / 365.25


def alive() -> list[Person]:
    return [person for person in people() if person.death is None]


def test_main_diagnoses() -> None:
    weights = P.weights("clinic", "main diagnosis")
    # A disease that begins on the day of a death or later is not recorded; so few die that the shares hold.
    counts = Counter(map(diagnosis, people()))
    for name, weight in weights.items():
        agrees(counts[name], MANY, weight / sum(weights.values()), name)


@pytest.mark.parametrize("name", list(P.weights("clinic", "main diagnosis")))
def test_women_of_each_diagnosis(name: str) -> None:
    women = [person for person in of(name) if person.sex is Sex.FEMALE]
    agrees(len(women), len(of(name)), P.number("people", f"women with {name}"), name)


def _normal_mean(values: list[float], mean: float, spread: float, what: str, *, slack: float = 0.0) -> None:
    bound = 4.9 * spread / sqrt(len(values)) + slack
    assert abs(sum(values) / len(values) - mean) < bound, (what, sum(values) / len(values), mean)


@pytest.mark.parametrize("name", ["polymyalgia rheumatica", "giant cell arteritis", "rheumatoid arthritis", "gout"])
def test_age_at_onset(name: str) -> None:
    mean, spread = P.pair("people", f"onset age of {name}")
    ages = []
    for person in of(name):
        onset = min(
            e.start.first.toordinal()
            for e in person.events
            if "-main-" in e.id and e.start and e.domain is Domain.CONDITION
        )
        ages.append(age(person, onset))
    if name in ("polymyalgia rheumatica", "giant cell arteritis"):
        assert min(ages) >= 50
    # Ages outside the bounds are drawn again; no distribution here has more than 3 in 1,000 of them on one side.
    _normal_mean(ages, mean, spread, name, slack=0.1)
    sd = sqrt(sum((a - sum(ages) / len(ages)) ** 2 for a in ages) / (len(ages) - 1))
    assert abs(sd - spread) < 4.9 * spread / sqrt(2 * len(ages)) + 0.3


@pytest.mark.parametrize("name", P.names("comorbidity", "by age"))
def test_other_diseases_by_age_and_sex(name: str) -> None:
    from trialrun.patients.clinic.catalogue import catalogue

    codes = {catalogue().conditions[name].code}
    if name == "chronic kidney disease":
        codes.add("N18.4")
    groups: dict[float, list[bool]] = {}
    for person in alive():
        if any(e.source_code in codes and "-main-" in e.id for e in person.events):
            continue  # their main disease is not another one beside it
        share = P.at_age("comorbidity", name, age(person), female=person.sex is Sex.FEMALE)
        ill = any(e.source_code in codes and "-other-" in e.id for e in person.events)
        groups.setdefault(share, []).append(ill)
    for share, found in groups.items():
        agrees(sum(found), len(found), share, f"{name} at {share}")


def glucocorticoids(person: Person) -> list[Event]:
    names = ("prednisone", "prednisolone", "methylprednisolone")
    return [e for e in person.events if "-main-" in e.id and e.source_text in names]


def as_prednisone(event: Event) -> float:
    assert event.dose is not None
    return round(event.dose / (0.8 if event.source_text == "methylprednisolone" else 1.0), 2)


def test_first_doses_in_polymyalgia() -> None:
    weights = P.weights("polymyalgia", "first dose")
    firsts = Counter(as_prednisone(glucocorticoids(person)[0]) for person in of("polymyalgia rheumatica"))
    number = sum(firsts.values())
    assert set(firsts) == {float(dose) for dose in weights}
    for dose, weight in weights.items():
        agrees(firsts[float(dose)], number, weight / sum(weights.values()), dose)


def test_drug_of_the_course_in_polymyalgia() -> None:
    weights = P.weights("polymyalgia", "glucocorticoid")
    drugs = Counter(glucocorticoids(person)[0].source_text for person in of("polymyalgia rheumatica"))
    for drug, weight in weights.items():
        agrees(drugs[drug], sum(drugs.values()), weight / sum(weights.values()), drug)


def test_tapers_go_down_step_by_step_and_up_only_in_a_relapse() -> None:
    relapses = steps = 0
    for person in of("polymyalgia rheumatica"):
        doses = [as_prednisone(event) for event in glucocorticoids(person)]
        courses = glucocorticoids(person)
        for one, other in pairwise(courses):
            assert one.end is not None and other.start is not None
            assert (other.start.first - one.end.first).days == 1, "a step follows the other without a gap"
        for dose, following in pairwise(doses):
            steps += dose <= 10
            if following > dose:
                relapses += 1
                assert dose <= 10 and following == min(25, dose + 5)
            else:
                assert following == dose - 1 if dose <= 10 else following < dose
    agrees(relapses, steps, _share_of_relapses(), "relapses at a step")


def _share_of_relapses() -> float:
    return P.number("polymyalgia", "relapse at a step")


@pytest.mark.parametrize(
    ("test", "section", "name"),
    [("CRP", "C reactive protein", "CRP at onset"), ("ESR", "Erythrocyte sedimentation rate", "ESR at onset")],
)
def test_inflammation_before_treatment(test: str, section: str, name: str) -> None:
    """Results of the two weeks before treatment lie around the parameter; the noise of the visit is added to its spread."""
    median, spread = P.pair("polymyalgia", name)
    logs = []
    for person in of("polymyalgia rheumatica"):
        onset = next(e for e in person.events if e.source_code == "M35.3").start
        assert onset is not None
        for event in person.events:
            if event.source_text == section and event.start and 0 <= (onset.first - event.start.first).days <= 14:
                assert event.value is not None
                logs.append(log(max(event.value, 0.5)))
                break
    assert len(logs) >= 20
    # What CRP and ESR are at rest is the least they can be, which lifts the low ones a little.
    bound = 4.9 * sqrt(spread**2 + 0.2**2) / sqrt(len(logs)) + 0.15
    assert abs(sum(logs) / len(logs) - log(median)) < bound


def _rank_correlation(pairs: list[tuple[float, float]]) -> float:
    def ranks(values: list[float]) -> list[float]:
        order = sorted(range(len(values)), key=values.__getitem__)
        found = [0.0] * len(values)
        for rank, place in enumerate(order):
            found[place] = float(rank)
        return found

    first, second = ranks([a for a, _ in pairs]), ranks([b for _, b in pairs])
    mean = (len(pairs) - 1) / 2
    up = sum((a - mean) * (b - mean) for a, b in zip(first, second, strict=True))
    return up / sum((a - mean) ** 2 for a in first)


def _last(person: Person, words: str) -> float | None:
    found = [event.value for event in person.events if event.source_text == words]
    return found[-1] if found else None


def _pairs(
    some: list[Person], one: Callable[[Person], float | None], other: Callable[[Person], float | None]
) -> list[tuple[float, float]]:
    return [(a, b) for a, b in ((one(person), other(person)) for person in some) if a is not None and b is not None]


def _clearance(person: Person) -> float | None:
    creatinine, weight = _last(person, "Creatinine"), _last(person, "Body weight")
    if creatinine is None or weight is None:
        return None
    return (140 - age(person)) * weight * (0.85 if person.sex is Sex.FEMALE else 1) / (72 * creatinine)


def test_what_belongs_together_goes_together() -> None:
    inflamed = [*of("polymyalgia rheumatica"), *of("rheumatoid arthritis")]

    def crp(person: Person) -> float | None:
        return _last(person, "C reactive protein")

    assert _rank_correlation(_pairs(inflamed, crp, lambda p: _last(p, "Erythrocyte sedimentation rate"))) > 0.3
    assert _rank_correlation(_pairs(inflamed, crp, lambda p: _last(p, "patient pain VAS"))) > 0.1
    assert _rank_correlation(_pairs(inflamed, crp, lambda p: _last(p, "Hemoglobin"))) < -0.05
    assert _rank_correlation(_pairs(list(people()), _clearance, age)) < -0.5
    assert (
        _rank_correlation(
            _pairs(
                list(people()),
                lambda p: _last(p, "Aspartate aminotransferase"),
                lambda p: _last(p, "Alanine aminotransferase"),
            )
        )
        > 0.3
    )


def test_tocilizumab_hides_inflammation() -> None:
    """CRP under interleukin-6 blockade is low whatever the disease does: the trap of CRP-based activity."""
    values = [
        event.value or 0.0
        for person in people()
        for event in person.events
        if event.source_text == "C reactive protein" and _on_tocilizumab(person, event)
    ]
    assert len(values) > 30 and sorted(values)[len(values) // 2] < 1.5


def _on_tocilizumab(person: Person, result: Event) -> bool:
    assert result.start is not None
    when = result.start.first
    return any(
        drug.source_text == "tocilizumab"
        and drug.start is not None
        and drug.start.first <= when
        and (drug.end is None or when <= drug.end.first)
        for drug in person.events
    )


RATES: dict[str, Callable[[Event], bool]] = {
    "unit missing": lambda e: e.value is not None and bool(e.unit_source),
    "reference range missing": lambda e: e.low is not None or e.high is not None,
    "dose not stated": lambda e: False,
    "drug in free text": lambda e: e.domain is Domain.DRUG,
    "date to the year": lambda e: e.domain in (Domain.CONDITION, Domain.DRUG, Domain.PROCEDURE),
    "duplicate": lambda e: True,
    "future row": lambda e: True,
    "entered in error": lambda e: e.value is not None,
    "condition never abated": lambda e: e.domain is Domain.CONDITION and e.end is not None,
    "local code": lambda e: bool(e.source_code) and e.domain in (Domain.MEASUREMENT, Domain.CONDITION),
}
HAPPENED: dict[str, Callable[[Event, Event, set[str]], bool]] = {
    "unit missing": lambda clean, messy, ids: not messy.unit_source,
    "reference range missing": lambda clean, messy, ids: messy.low is None and messy.high is None,
    "drug in free text": lambda clean, messy, ids: clean.source_text != messy.source_text,
    "date to the year": lambda clean, messy, ids: messy.start is not None and messy.start.month is None,
    "duplicate": lambda clean, messy, ids: f"{clean.id}-copy" in ids,
    "future row": lambda clean, messy, ids: f"{clean.id}-future" in ids,
    "entered in error": lambda clean, messy, ids: f"{clean.id}-error" in ids,
    "condition never abated": lambda clean, messy, ids: messy.end is None,
    "local code": lambda clean, messy, ids: messy.source_code.startswith("H-"),
}


def test_rates_of_messiness() -> None:
    could: Counter[str] = Counter()
    did: Counter[str] = Counter()
    born = gaps = long = 0
    for number, clean in enumerate(people()[:800], 1):
        messy = made_up_person(number, "statistics")
        assert messy.birth is not None
        born += messy.birth.month is None
        if all((period.end - period.start).days >= 200 for period in clean.coverage):
            long += 1
            gaps += len(messy.coverage) > 1
        recorded = {event.id: event for event in messy.events}
        for event in clean.events:
            for name, happened in HAPPENED.items():
                if RATES[name](event):
                    could[name] += 1
                    did[name] += (
                        happened(event, recorded[event.id], set())
                        if not name.startswith(("dup", "fut", "ent"))
                        else f"{event.id}-{ {'d': 'copy', 'f': 'future', 'e': 'error'}[name[0]] }" in recorded
                    )
    for name in HAPPENED:
        _near_share(did[name], could[name], P.number("messiness", name), name)
    agrees(born, 800, P.number("messiness", "birth to the year"), "birth to the year")
    agrees(gaps, long, P.number("messiness", "gap in coverage"), "gap in coverage")


def _near_share(hits: int, of: int, share: float, what: str) -> None:
    """As `agrees`, with the normal bound, for counts too large to sum up."""
    assert of > 0 and abs(hits - of * share) < 4.9 * sqrt(of * share * (1 - share)) + 1, (what, hits, of, share)


def test_vaccines_and_serology() -> None:
    tested = [p for p in alive() if diagnosis(p) == "polymyalgia rheumatica" and _visits(p) and not _biologic(p)]
    agrees(
        sum(any(e.source_text == "HIV 1 and 2 antibody" for e in p.events) for p in tested),
        len(tested),
        P.number("prevention", "serology tested"),
        "serology",
    )
    old = [p for p in alive() if age(p) >= 50]
    given = sum(any(e.source_code == "187" for e in p.events) for p in old)
    agrees(given, len(old), P.number("prevention", "recombinant zoster vaccine"), "recombinant zoster vaccine")
    live = sum(any(e.source_code == "121" for e in p.events) for p in old)
    agrees(live, len(old), P.number("prevention", "live zoster vaccine"), "live zoster vaccine")


def _visits(person: Person) -> bool:
    return any(e.source_code == "AMB" for e in person.events)


def _biologic(person: Person) -> bool:
    return any(e.source_text == "tocilizumab" for e in person.events)


def test_serology_tells_the_truth() -> None:
    for person in people():
        for event in person.events:
            if event.source_text == "Hepatitis C virus antibody" and event.value_text == "positive":
                assert has(person, "B18.2")


def test_status_of_what_goes_on_and_what_ended() -> None:
    for person in people()[:200]:
        for event in person.events:
            if event.domain in (Domain.CONDITION, Domain.DRUG):
                assert event.status is (Status.ACTIVE if event.end is None else Status.COMPLETED)


def test_nearly_normal_numbers() -> None:
    chance = Chance("normal")
    values = [chance.normal() for _ in range(40_000)]
    _normal_mean(values, 0, 1, "normal")
    assert abs(sum(v * v for v in values) / len(values) - 1) < 4.9 * sqrt(2 / len(values))


@pytest.mark.parametrize("power", [-300.0, -20.5, -1.0, -0.3465, 0.0, 1e-12, 0.5, 1.0, 2.302585, 50.0, 300.0])
def test_the_exponential_is_one(power: float) -> None:
    assert exponential(power) == pytest.approx(exp(power), rel=4e-14)
