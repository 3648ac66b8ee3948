"""Random people, dates and answers for random rules: rows of every domain, as full of holes as records are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, time, timedelta

from hypothesis import strategies as st

from tests.generative.criteria_strategies import LEVELS, NAMES, UNITS, VERBS, VOCABULARY
from trialrun.criteria.meaning.case import Answered, Case
from trialrun.criteria.meaning.days import Anchors
from trialrun.criteria.meaning.history import History
from trialrun.criteria.meaning.rules import question_ids
from trialrun.criteria.model import (
    Age,
    Anchor,
    Comparison,
    Computed,
    DailyDose,
    Each,
    Found,
    Happened,
    Measured,
    Minus,
    Multiple,
    Rule,
    Stopped,
    Terms,
    Unchanged,
    Value,
    Verb,
    atoms,
)
from trialrun.patients.person import Event, Period, Person, Sex, Status
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.formulas import AGE, FORMULAS

Theme = tuple[Domain, tuple[str, ...]]
"""What rows may be about: a domain, and the words of such rows."""

ONS = st.sampled_from([date(2026, 11, 25), date(2024, 2, 29), date(2026, 3, 31), date(2026, 1, 1)])
_NEAR = (0, 1, 2, 6, 7, 8, 27, 28, 29, 30, 31, 32, 180, 183, 184, 185, 364, 365, 366, 367, 1826, 1827, 4_000, 20_000)
DISTANCES = st.one_of(st.sampled_from(_NEAR), st.sampled_from(_NEAR), st.integers(0, 400))

# --- dates ------------------------------------------------------------------------------------------------------------


def known_to(when: date, precision: str) -> PartialDate:
    """A date known to the day, the month or the year."""
    if precision == "year":
        return PartialDate(when.year)
    return PartialDate(when.year, when.month, when.day if precision == "day" else None)


@st.composite
def starts(draw: st.DrawFn, on: date) -> PartialDate | None:
    """A beginning: exact, to the month, to the year or not stated."""
    precision = draw(st.sampled_from(["day", "day", "day", "day", "month", "year", "none"]))
    return None if precision == "none" else known_to(on - timedelta(days=draw(DISTANCES)), precision)


@st.composite
def ends(draw: st.DrawFn, on: date, start: PartialDate | None) -> PartialDate | None:
    """An end: mostly not before the beginning, at times a slip, partial, ahead, or not stated."""
    precision = draw(st.sampled_from(["none", "none", "same", "day", "day", "day", "month", "year"]))
    if precision in ("none", "same"):
        return start if precision == "same" else None
    first = start.first if start is not None else on - timedelta(days=draw(DISTANCES))
    return known_to(first + timedelta(days=draw(st.one_of(st.integers(-3, 60), DISTANCES))), precision)


# --- what rows are about ----------------------------------------------------------------------------------------------


def themes(rule: Rule) -> Iterator[Theme]:
    """What the rows must be about so that the rule finds something."""
    for atom in atoms(rule):
        match atom:
            case Happened(verb=Verb.HOSPITALISED):
                yield Domain.VISIT, ("IMP", "AMB")
            case Happened(verb=verb, what=Terms() as what):
                yield from ((domain, _below(what, domain)) for domain in VERBS[verb])
            case Unchanged(drugs=drugs) | Stopped(drugs=drugs) | Each(drugs=drugs):
                yield Domain.DRUG, _below(drugs, Domain.DRUG)
            case Found(result=result):
                yield Domain.MEASUREMENT, (result.test,)
            case Comparison(value=value, limit=limit):
                yield from _value_themes(value)
                yield from _value_themes(limit.value) if isinstance(limit, Multiple) else ()
            case _:
                pass


def _value_themes(value: Value) -> Iterator[Theme]:
    match value:
        case Measured(test=test):
            yield Domain.MEASUREMENT, (test,)
        case Computed(formula=name):
            formula = next(item for item in FORMULAS if item.name == name)
            yield from ((Domain.MEASUREMENT, (needed.name,)) for needed in formula.inputs if needed.name != AGE)
        case DailyDose(drugs=drugs):
            yield Domain.DRUG, _below(drugs, Domain.DRUG)
        case Minus(left=left, right=right):
            yield from _value_themes(left)
            yield from _value_themes(right)
        case Age():
            pass


def _below(terms: Terms, domain: Domain) -> tuple[str, ...]:
    names = [
        name
        for name in NAMES.get(domain, ())
        if any(name in VOCABULARY.narrower(term.name) for term in (*terms.any_of, *terms.but))
    ]
    return tuple(names) or NAMES.get(domain, ("unknown",))


# --- rows -------------------------------------------------------------------------------------------------------------

STATUSES = st.sampled_from([*[Status.COMPLETED, Status.UNKNOWN, Status.ACTIVE] * 4, *Status])
_VALUES = st.one_of(
    st.sampled_from([0.0, 0.4, 0.9, 1.0, 1.2, 2.5, 5.0, 6.5, 10.0, 36.6, 40.0, 60.0, 75.0, 120.0, 160.0, 170.0, 300.0]),
    st.integers(0, 200).map(float),
)
_LIMITS = st.sampled_from([None, 0.0, 1.0, 10.0, 40.0])
_SAYINGS = ("Positive", "Negative", "indeterminate", "")


@st.composite
def results(draw: st.DrawFn, test: str, row: Event) -> Event:
    """A row with a result: censored, without unit, value, time or limits, as it comes."""
    row = replace(row, end=None, time=draw(st.sampled_from([None, None, time(8), time(9, 30)])))
    levels = LEVELS.get(test)
    if levels is not None:
        said = st.one_of(
            st.sampled_from(levels), st.just(""), st.just(f"{levels[0]}-{levels[1]}"), st.just("≥ " + levels[1])
        )
        number = draw(st.sampled_from([None, None, None, 1.0, 2.0]))
        sign = draw(st.sampled_from(["", "", "<", "<=", ">", ">="])) if number is not None else ""
        return replace(row, value=number, comparator=sign, value_text="" if number is not None else draw(said))
    units = UNITS.get(test)
    if units is None:
        return replace(
            row, value_text=draw(st.sampled_from(_SAYINGS)), value_code=draw(st.sampled_from(["", "", "POS"]))
        )
    value = draw(st.one_of(_VALUES, _VALUES, _VALUES, st.none(), st.just(-1.5)))
    unit = draw(st.sampled_from([*units * 4, "", "tablespoons"]))
    return replace(
        row,
        value=value,
        comparator=draw(st.sampled_from(["", "", "", "", "<", "<=", ">", ">="])) if value is not None else "",
        unit=unit,
        unit_source=draw(st.sampled_from([unit, ""])) if unit else "",
        low=draw(st.sampled_from([None, 0.0, 1.0])),
        high=draw(_LIMITS),
    )


@st.composite
def drug_rows(draw: st.DrawFn, row: Event) -> Event:
    """A row with a dose: in mass or not, negative, without times a day, without route, as it comes."""
    return replace(
        row,
        dose=draw(st.sampled_from([None, 5.0, 5.0, 10.0, 0.01, 0.0, -5.0, 100.0])),
        dose_unit=draw(st.sampled_from(["mg", "mg", "mg", "g", "tablet", ""])),
        per_day=draw(st.sampled_from([1.0, 1.0, 2.0, 1 / 7, None, 0.0])),
        route=draw(st.sampled_from(["", "", "oral", "oral", "intravenous", "topical", "as told"])),
    )


@st.composite
def rows(draw: st.DrawFn, number: int, on: date, about: tuple[Theme, ...]) -> Event:
    """One row, mostly of what the rule is about."""
    others: tuple[Theme, ...] = (*NAMES.items(), (Domain.MEASUREMENT, tuple(UNITS)), (Domain.VISIT, ("IMP", "AMB")))
    domain, words = draw(st.sampled_from([*about * 12, *others] if about else others))
    text = draw(st.sampled_from([*words * 8, "", "other"]))
    start = draw(starts(on))
    row = Event(
        f"r{number:02}",
        domain,
        start,
        draw(ends(on, start)),
        source_text=text,
        status=draw(STATUSES),
        origin=f"line {number}",
    )
    if not text:
        row = replace(row, source_system="urn:oid:1.2.3", source_code="4711")
    if domain is Domain.VISIT:
        return replace(row, source_text="", source_code=text or "IMP")
    if domain is Domain.DRUG:
        return draw(drug_rows(row))
    return draw(results(text, row)) if domain is Domain.MEASUREMENT else row


# --- people -----------------------------------------------------------------------------------------------------------

BIRTHS = st.one_of(st.none(), st.builds(known_to, st.dates(date(1910, 1, 1), date(2023, 1, 1)), st.sampled_from(["day", "day", "month", "year"])))  # fmt: skip


@st.composite
def coverages(draw: st.DrawFn, on: date) -> tuple[Period, ...]:
    """None, all of life, or some years of it."""
    whole = Period(date.min, on)
    lately = Period(on - timedelta(days=draw(DISTANCES)), on + timedelta(days=draw(st.integers(0, 40))))
    earlier = Period(date(1990, 1, 1), lately.start - timedelta(days=draw(st.integers(1, 3))))
    return draw(st.sampled_from([(), (whole,), (lately,), (lately, earlier) if earlier.start <= earlier.end else ()]))


@st.composite
def people(draw: st.DrawFn, on: date, rule: Rule, most: int = 6) -> Person:
    """A person whose rows are mostly about the rule, some of them entered twice, some dated ahead."""
    about = tuple(dict.fromkeys(themes(rule)))
    events = [draw(rows(number, on, about)) for number in range(draw(st.integers(0, most)))]
    if events and draw(st.integers(0, 3)) == 0:
        events.append(replace(draw(st.sampled_from(events)), id="z98", origin="line 98"))
    if events and draw(st.integers(0, 3)) == 0:
        ahead = known_to(on + timedelta(days=draw(st.integers(1, 500))), "day")
        events.append(replace(draw(st.sampled_from(events)), id="z99", start=ahead, end=None))
    sex = draw(st.sampled_from([Sex.FEMALE, Sex.MALE, Sex.OTHER, None]))
    return Person("p", draw(BIRTHS), sex, None, tuple(events), draw(coverages(on)))


@st.composite
def anchors(draw: st.DrawFn, on: date) -> Anchors:
    """At screening with or without a planned start, or later, when consent and last dose are facts too."""
    start = draw(st.sampled_from([None, None, 0, 1, 40, 400]))
    given = Anchors.screening(on, None if start is None else on + timedelta(days=start))
    if draw(st.integers(0, 3)):
        return given
    facts = {Anchor.CONSENT: on - timedelta(days=3), Anchor.LAST_DOSE: on + timedelta(days=draw(st.integers(-5, 200)))}
    return Anchors(on, {**given.dates, **facts}, given.projected - {Anchor.CONSENT})


@st.composite
def answers(draw: st.DrawFn, rules: Mapping[str, Rule]) -> dict[str, Answered]:
    """Answers to some of the questions that the rules ask."""
    asked = [name for item, rule in rules.items() for name in question_ids(rule, item).values()]
    answered = [name for name in asked if draw(st.booleans())]
    return {name: Answered(draw(st.sampled_from([True, False, None])), "N. N.", "2026-11-24") for name in answered}


@st.composite
def cases(draw: st.DrawFn, rules: st.SearchStrategy[Rule], parts: st.SearchStrategy[Rule] | None = None) -> Case:
    """A rule `I1` and a person it is about; the parts `E9` and `E9.a` that it may refer to."""
    on = draw(ONS)
    rule = draw(rules)
    named = {"I1": rule} if parts is None else {"I1": rule, "E9": draw(parts), "E9.a": draw(parts)}
    person = draw(people(on, rule))
    return case_of(person, draw(anchors(on)), draw(answers(named)), named)


def case_of(person: Person, given: Anchors, said: Mapping[str, Answered], rules: Mapping[str, Rule]) -> Case:
    """A case of its parts."""
    return Case(History(person, given.on, VOCABULARY), given, said, rules)


def with_person(case: Case, person: Person) -> Case:
    """The same rules, dates and answers for another record of the person."""
    return case_of(person, case.anchors, case.answers, case.rules)


def with_rule(case: Case, rule: Rule) -> Case:
    """The same person under another rule."""
    return case_of(case.history.person, case.anchors, case.answers, {**case.rules, "I1": rule})
