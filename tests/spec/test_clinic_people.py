"""People of the virtual clinic: rows are valid and understood, the truth survives the mess, FHIR brings everything back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date

import pytest

from trialrun.patients.clinic.as_fhir import bundle, line
from trialrun.patients.clinic.catalogue import catalogue
from trialrun.patients.clinic.messiness import LOCAL_CODES
from trialrun.patients.clinic.parameters import parse_parameters, shipped_parameters
from trialrun.patients.clinic.people import DEFAULT_DAY, clean_person, made_up_people, made_up_person
from trialrun.patients.fhir.read import load_content
from trialrun.patients.person import Event, Person, Status
from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.shipped_terms import shipped

MESS = "\n".join(f"  {name}: 0.4" for name in shipped_parameters().names("messiness", "share"))
VERY_MESSY = parse_parameters(f"messiness:\n{MESS}\n", "very.yaml")
NUMBERS = range(1, 61)


def _reads(event: Event) -> frozenset[str]:
    codes = tuple(
        pair for pair in ((event.std_system, event.std_code), (event.source_system, event.source_code)) if pair[1]
    )
    return shipped().read(event.domain, codes, event.source_text).names


@pytest.mark.parametrize("kind", ["conditions", "drugs", "tests", "vaccines", "procedures", "allergies"])
def test_everything_in_the_catalogue_is_known_to_the_terms(kind: str) -> None:
    domains = {
        "conditions": Domain.CONDITION,
        "drugs": Domain.DRUG,
        "tests": Domain.MEASUREMENT,
        "vaccines": Domain.IMMUNISATION,
        "procedures": Domain.PROCEDURE,
        "allergies": Domain.ALLERGY,
    }
    for name, entry in getattr(catalogue(), kind).items():
        item = getattr(entry, "item", entry)
        domain = Domain.OBSERVATION if name == "smoking status" else domains[kind]
        by_code = shipped().read(domain, ((item.system, item.code),), "") if item.code else None
        by_words = shipped().read(domain, (), item.words)
        meant = {
            "interleukin-2": "aldesleukin",
            "giant cell arteritis with polymyalgia rheumatica": "giant cell arteritis",
            "seropositive rheumatoid arthritis": "rheumatoid arthritis",
            "chronic kidney disease of stage 4": "chronic kidney disease",
        }.get(name, name)
        assert meant in (by_code or by_words).names, name


def test_a_clean_person_is_understood_and_valid() -> None:
    for number in NUMBERS:
        person = clean_person(number, "valid")
        assert person.birth is not None and person.birth.day is not None and person.sex is not None
        ids = Counter(event.id for event in person.events)
        assert max(ids.values()) == 1
        for event in person.events:
            assert event.domain is Domain.VISIT or _reads(event), event
            assert event.start is not None and event.start.day is not None
            assert person.birth.first < event.start.first <= DEFAULT_DAY, event
            assert event.end is None or event.start.first <= event.end.first <= DEFAULT_DAY
            if event.value is not None and event.low is not None and event.high is not None:
                assert event.low < event.high and event.unit


def test_nothing_happens_after_a_death() -> None:
    for person in _with_deaths():
        assert person.death is not None
        assert all(event.start is not None and event.start.first <= person.death.first for event in person.events)


def _with_deaths() -> list[Person]:
    p = parse_parameters("clinic: {died: 1}", "p.yaml")
    return [clean_person(number, "dead", DEFAULT_DAY, p) for number in range(20)]


@pytest.mark.parametrize(
    "make", [clean_person, made_up_person, lambda n, s: made_up_person(n, s, DEFAULT_DAY, VERY_MESSY)]
)
def test_fhir_brings_back_every_field_of_every_row(make: Callable[[int, str], Person]) -> None:
    for number in NUMBERS:
        person = make(number, "there and back")
        loaded = load_content(line(bundle(person)).encode(), "made-up.json")
        assert (loaded.report.problems, loaded.report.lost) == ((), ())
        (back,) = loaded.people
        for name in ("id", "birth", "sex", "death", "coverage"):
            assert getattr(back, name) == getattr(person, name), name
        for row, other in zip(person.events, back.events, strict=True):
            for field in fields(row):
                if field.name != "origin":
                    assert getattr(row, field.name) == getattr(other, field.name), (row.id, field.name)


def test_messiness_leaves_the_truth_as_it_was() -> None:
    """Every change is one of those allowed; every row that was added says what it was added to."""
    seen: Counter[str] = Counter()
    for number in NUMBERS:
        clean = clean_person(number, "truth")
        messy = made_up_person(number, "truth", DEFAULT_DAY, VERY_MESSY)
        truth = {event.id: event for event in clean.events}
        recorded = {event.id: event for event in messy.events}
        assert set(truth) <= set(recorded)
        for name, event in recorded.items():
            base, _, added = name, "", ""
            for ending in ("-copy", "-future", "-error"):
                if name.endswith(ending):
                    base, added = name.removesuffix(ending), ending
            if added:
                _added(recorded[base], event, added)
                seen[added] += 1
            else:
                seen.update(_changes(truth[name], event))
    assert set(seen) == {
        "-copy", "-future", "-error", "unit", "other unit", "range", "date", "words only", "no dose", "not abated", "local",
    }  # fmt: skip


def _added(base: Event, event: Event, how: str) -> None:
    if how == "-copy":
        assert replace(event, id=base.id) == base
    elif how == "-future":
        assert event.start is not None and event.start.first > DEFAULT_DAY
    else:
        assert event.status is Status.ENTERED_IN_ERROR and event.value != base.value


def _changes(truth: Event, event: Event) -> list[str]:
    found = []
    if event.unit_source != truth.unit_source:
        found.append("unit" if not event.unit_source else "other unit")
    if event.value != truth.value:
        test = next(test for test in catalogue().tests.values() if test.item.words == truth.source_text)
        assert truth.value is not None and event.value is not None
        assert event.value == pytest.approx(truth.value * test.factor, abs=0.51 * 10.0**-test.other_decimals)
    if (event.low, event.high) != (truth.low, truth.high) and event.low is None:
        found.append("range")
    if event.start != truth.start:
        assert (
            event.start is not None
            and truth.start is not None
            and event.start.first <= truth.start.first <= event.start.last
        )
        found.append("date")
    if event.source_code != truth.source_code:
        found.append("local" if event.source_system == LOCAL_CODES else "words only")
    elif event.dose != truth.dose:
        found.append("no dose")
    if event.end is None and truth.end is not None:
        assert truth.domain is Domain.CONDITION
        found.append("not abated")
    assert truth.source_text.casefold() in event.source_text.casefold()
    return found


def test_any_slice_can_be_made_again() -> None:
    whole = list(made_up_people(12, "slice"))
    assert list(made_up_people(4, "slice", first=5)) == whole[4:8]
    assert whole != list(made_up_people(12, "other"))


def test_the_day_is_the_last_of_every_clean_record() -> None:
    on = date(2019, 3, 1)
    for number in range(20):
        person = clean_person(number, "early", on)
        assert max(period.end for period in person.coverage) <= on
        assert all(event.start is not None and event.start.first <= on for event in person.events)


def test_a_patient_says_that_nobody_is_meant() -> None:
    made = bundle(made_up_person(1, "x"))
    patient = made["entry"][0]["resource"]
    for resource in (made, patient):
        assert resource["meta"]["tag"][0]["code"] == "HTEST"
    assert patient["name"][0]["family"] == "Made-up" and patient["id"].startswith("made-up-")


def test_nothing_goes_on_after_a_death() -> None:
    people = _with_deaths()
    assert any(event.domain is Domain.ALLERGY for person in people for event in person.events)
    for person in people:
        assert all(event.status is not Status.ACTIVE for event in person.events)
        assert all(
            event.end is None or event.end.first <= person.death.first for event in person.events if person.death
        )


def test_nobody_has_what_only_adults_have_before_they_are_grown_up() -> None:
    p = parse_parameters(
        "people:\n  age of people with none: [18, 22]\n  body mass index: [33, 0.1]\n"
        "prevention:\n  contraceptive of women of 18 to 49: {hormonal: 1, intrauterine device: 1, tubal ligation: 1, none recorded: 0}\n",
        "young.yaml",
    )
    seen: Counter[str] = Counter()
    procedures = catalogue().procedures
    methods = [procedures[name].words for name in ("intrauterine contraceptive device", "tubal ligation")]
    for number in range(1, 400):
        person = clean_person(number, "young", DEFAULT_DAY, p)
        assert person.birth is not None
        for event in person.events:
            assert event.start is not None
            age = (event.start.first - person.birth.first).days / 365.25
            if event.source_text.partition(",")[0] in ("levonorgestrel", "Obesity", "Body height", *methods):
                seen[event.source_text] += 1
                assert age > 17.99, (person.id, event)
            if event.domain is Domain.IMMUNISATION and "oster" in event.source_text:
                assert age >= 50, (person.id, event)
    assert len(seen) >= 4, seen


def test_the_main_disease_is_there_once() -> None:
    p = parse_parameters(
        "clinic:\n  main diagnosis: {osteoarthritis: 1, polymyalgia rheumatica: 0, giant cell arteritis: 0, "
        "rheumatoid arthritis: 0, gout: 0, none: 0}\n",
        "worn.yaml",
    )
    for number in range(1, 100):
        person = clean_person(number, "worn", DEFAULT_DAY, p)
        assert sum(event.source_code == "M17.9" for event in person.events) == 1, person.id
