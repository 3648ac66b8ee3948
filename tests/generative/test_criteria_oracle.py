"""Single rules on records without gaps, against the slow definitions of `criteria_oracle`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generative import criteria_oracle as oracle
from tests.generative.people_strategies import DISTANCES, ONS, case_of, known_to
from trialrun.criteria.meaning.days import Anchors
from trialrun.criteria.meaning.rules import evaluate
from trialrun.criteria.model import (
    Age,
    Anchor,
    At,
    Between,
    Compare,
    Comparison,
    DailyDose,
    Earlier,
    Ever,
    Happened,
    IfNone,
    Measured,
    Number,
    Per,
    Pick,
    Rule,
    Stopped,
    Term,
    Terms,
    Unchanged,
    Verb,
    Window,
    Within,
)
from trialrun.criteria.truth import Truth
from trialrun.patients.person import Event, Person, Status
from trialrun.vocabulary.calendar import Duration, Unit
from trialrun.vocabulary.concepts import Domain

MORE = settings(max_examples=2 * (settings.default.max_examples if settings.default else 100))

MEANS: dict[str, tuple[str, ...]] = {
    "glucocorticoid": ("prednisone", "dexamethasone"),
    "NSAID": ("ibuprofen", "naproxen"),
    "malignancy": ("lung cancer", "breast cancer"),
    "surgery": ("hip replacement", "knee replacement"),
}
"""Terms and the words of rows that mean them; every other word means itself."""
WORTH = {"prednisone": 1.0, "dexamethasone": 5 / 0.75, "ibuprofen": 1.0, "naproxen": 1.0}

DURATIONS = st.sampled_from(
    [
        Duration(amount, unit)
        for amount, unit in (
            (0, Unit.DAY), (1, Unit.DAY), (1, Unit.WEEK), (28, Unit.DAY), (1, Unit.MONTH), (6, Unit.MONTH), (1, Unit.YEAR),
        )
    ]
)  # fmt: skip
ANCHORS = st.sampled_from([Anchor.SCREENING, Anchor.ENROLMENT, Anchor.DAY_1])
BETWEENS = st.sampled_from(
    [Between(Duration(6, Unit.MONTH), Duration(1, Unit.MONTH), Anchor.SCREENING),
     Between(Duration(8, Unit.DAY), Duration(1, Unit.WEEK), Anchor.DAY_1)]
)  # fmt: skip
WINDOWS: st.SearchStrategy[Window] = st.one_of(
    st.just(Ever()),
    st.builds(Within, DURATIONS, ANCHORS),
    BETWEENS,
    st.builds(Earlier, DURATIONS, ANCHORS),
    st.builds(At, ANCHORS),
)
POLICIES = st.sampled_from([IfNone.UNKNOWN, IfNone.NO])
COMPARES = st.sampled_from(list(Compare))


def without_copies(rows: Sequence[Event]) -> tuple[Event, ...]:
    """Different facts, numbered."""
    return tuple(
        Event(**{**{name: getattr(row, name) for name in Event.__slots__}, "id": f"r{number}"})
        for number, row in enumerate(dict.fromkeys(rows))
    )


@st.composite
def stays(draw: st.DrawFn, on: date, domain: Domain, words: tuple[str, ...]) -> Event:
    """Something with exact days: ended, on one day, or active and going on."""
    start = on - timedelta(days=draw(DISTANCES))
    kind = draw(st.sampled_from(["ended", "ended", "one day", "active"]))
    days = draw(st.one_of(st.sampled_from([0, 1, 7, 28, 30]), DISTANCES)) if kind == "ended" else 0
    return Event(
        "",
        domain,
        known_to(start, "day"),
        None if kind == "active" else known_to(start + timedelta(days=days), "day"),
        source_text=draw(st.sampled_from(words)),
        status=Status.ACTIVE if kind == "active" else Status.COMPLETED,
        dose=draw(st.sampled_from([1.5, 5.0, 10.0])) if domain is Domain.DRUG else None,
        dose_unit="mg" if domain is Domain.DRUG else "",
        per_day=draw(st.sampled_from([1.0, 2.0])) if domain is Domain.DRUG else None,
    )


@st.composite
def records(draw: st.DrawFn, *words: str, domain: Domain = Domain.DRUG) -> tuple[date, Anchors, tuple[Event, ...]]:
    """A day, its anchors, and rows about some words."""
    on = draw(ONS)
    start = draw(st.sampled_from([None, 0, 1, 40]))
    rows = draw(st.lists(stays(on, domain, words), max_size=5))
    return on, Anchors.screening(on, None if start is None else on + timedelta(days=start)), without_copies(rows)


def answer(rule: Rule, anchors: Anchors, person: Person) -> Truth:
    """What the program says."""
    return evaluate("I1", case_of(person, anchors, {}, {"I1": rule})).truth


def of(term: str, rows: Sequence[Event]) -> list[Event]:
    """The rows that mean a term."""
    return [row for row in rows if row.source_text in MEANS.get(term, (term,))]


@given(st.dates(date(1900, 1, 1), date(2024, 2, 29)), ONS, st.integers(0, 130), COMPARES, st.integers(0, 400))
def test_age(birth: date, on: date, limit: int, compare: Compare, ahead: int) -> None:
    anchors = Anchors.screening(on, on + timedelta(days=ahead))
    when = anchors.dates[Anchor.DAY_1]
    for years in (limit, oracle.years_old(birth, when)):
        rule = Comparison(Age(Anchor.DAY_1), compare, Number(float(years), "years"))
        wanted = oracle.SIGNS[compare](oracle.years_old(birth, when), years)
        assert answer(rule, anchors, Person("p", known_to(birth, "day"))) is wanted


@MORE
@given(
    st.data(),
    st.sampled_from(
        [
            (Verb.TOOK, Domain.DRUG, ("glucocorticoid", "NSAID", "ibuprofen"), True),
            (Verb.HAD, Domain.CONDITION, ("malignancy", "lung cancer"), True),
            (Verb.DIAGNOSED, Domain.CONDITION, ("malignancy", "lung cancer"), False),
            (Verb.UNDERWENT, Domain.PROCEDURE, ("surgery", "hip replacement"), False),
        ]
    ),
    WINDOWS,
    POLICIES,
)
def test_happened(
    data: st.DataObject, verb: tuple[Verb, Domain, tuple[str, ...], bool], window: Window, policy: IfNone
) -> None:
    """A stay counts when one of its days lies in the window, other things when their day does."""
    what, domain, terms, lasts = verb
    words = [word for term in terms for word in MEANS.get(term, (term,))]
    on, anchors, rows = data.draw(records(*words, domain=domain))
    term = data.draw(st.sampled_from(terms))
    dates = dict(anchors.dates)
    ahead = isinstance(window, Within | Between) and oracle.before(
        dates[window.anchor], window.length if isinstance(window, Within) else window.longer
    ) > on  # fmt: skip
    hit = False
    for row in of(term, rows):
        last = min(oracle.last_day(row), on) if lasts else oracle.first_day(row)
        hit = hit or any(oracle.is_in(day, window, dates, on) for day in oracle.days_from(oracle.first_day(row), last))
    wanted: Truth = hit or (False if policy is IfNone.NO else None)
    rule = Happened(what, Terms((Term(term),)), window, policy)
    assert answer(rule, anchors, Person("p", events=rows)) is (None if ahead else wanted)


@MORE
@given(
    st.data(),
    ONS,
    st.sampled_from([pick for pick in Pick if pick is not Pick.COUNT]),
    WINDOWS,
    COMPARES,
    st.sampled_from([20.0, 40.0, 41.0]),
)
def test_results(data: st.DataObject, on: date, pick: Pick, window: Window, compare: Compare, limit: float) -> None:
    anchors = Anchors.screening(on)
    days = data.draw(st.lists(st.tuples(DISTANCES, st.sampled_from([20.0, 39.0, 40.0, 60.0])), max_size=5))
    rows = without_copies(
        [
            Event(
                "",
                Domain.MEASUREMENT,
                known_to(on - timedelta(days=day), "day"),
                source_text="ALT",
                value=value,
                unit="U/L",
            )
            for day, value in days
        ]
    )
    inside = [row for row in rows if oracle.is_in(oracle.first_day(row), window, dict(anchors.dates), on)]
    rule = Comparison(Measured(pick, "ALT", window), compare, Number(limit, "U/L"))
    assert answer(rule, anchors, Person("p", events=rows)) is oracle.result_meets(pick, inside, compare, limit)


@MORE
@given(
    records("prednisone", "dexamethasone", "ibuprofen"),
    st.one_of(st.builds(At, ANCHORS), st.builds(Within, DURATIONS, ANCHORS)),
    POLICIES,
    COMPARES,
    st.sampled_from([5.0, 10.0, 20.0, 35.0, 70.0]),
    st.sampled_from(Per),
)
def test_dose(
    record: tuple[date, Anchors, tuple[Event, ...]],
    window: At | Within,
    policy: IfNone,
    compare: Compare,
    limit: float,
    per: Per,
) -> None:
    """On a day, or the highest of any day of a window; nothing taken is 0 only where the rule says so."""
    on, anchors, rows = record
    when = anchors.dates[window.anchor]
    first = min(when, on) if isinstance(window, At) else oracle.before(when, window.length)
    days = oracle.days_from(first, min(when, on)) if first <= min(when, on) else []
    some = of("glucocorticoid", rows)
    before = (
        oracle.days_from(oracle.before(days[0], Duration(6, Unit.DAY)), days[-1]) if days and per is Per.WEEK else days
    )
    taken = any(oracle.is_taken(row, day) for row in some for day in before)
    wanted: Truth = None
    if days and (taken or policy is IfNone.NO):
        amount = oracle.amount_on if per is Per.DAY else oracle.amount_of_week
        highest = max(round(amount(day, some, WORTH), 6) for day in days)
        wanted = oracle.SIGNS[compare](highest, limit)
    value = DailyDose(Terms((Term("glucocorticoid"),)), window, "prednisone", policy, per)
    assert answer(Comparison(value, compare, Number(limit, "mg")), anchors, Person("p", events=rows)) is wanted


@MORE
@given(records("ibuprofen", "naproxen", "prednisone"), DURATIONS, ANCHORS, POLICIES)
def test_unchanged(
    record: tuple[date, Anchors, tuple[Event, ...]], length: Duration, anchor: Anchor, policy: IfNone
) -> None:
    """Each drug taken in the window is taken in one amount on all its days; of three single days nobody can say."""
    on, anchors, rows = record
    when = anchors.dates[anchor]
    first = oracle.before(when, length)
    days = oracle.days_from(first, min(when, on)) if first <= on else []
    answers: list[Truth] = []
    for drug in MEANS["NSAID"]:
        inside = [row for row in of(drug, rows) if any(oracle.is_taken(row, day) for day in days)]
        amounts = {round(oracle.amount_on(day, inside, WORTH), 6) for day in days}
        singles = all(oracle.first_day(row) == oracle.last_day(row) for row in inside)
        if len(inside) >= 3 and singles and len({row.dose for row in inside}) == 1:
            answers.append(None)
        elif inside:
            answers.append(len(amounts) == 1)
    wanted: Truth = False if False in answers else None if None in answers else True
    if not answers:
        wanted = True if days and policy is IfNone.NO else None
    rule = Unchanged(Terms((Term("NSAID"),)), length, anchor, policy)
    assert answer(rule, anchors, Person("p", events=rows)) is wanted


@given(records("ibuprofen", "naproxen", "prednisone"), DURATIONS, ANCHORS, POLICIES)
def test_stopped(
    record: tuple[date, Anchors, tuple[Event, ...]], length: Duration, anchor: Anchor, policy: IfNone
) -> None:
    """Each drug's last day lies at least that long before the anchor."""
    _, anchors, rows = record
    limit = oracle.before(anchors.dates[anchor], length)
    wanted: Truth = all(oracle.last_day(row) <= limit for row in of("NSAID", rows))
    if not of("NSAID", rows):
        wanted = True if policy is IfNone.NO else None
    rule = Stopped(Terms((Term("NSAID"),)), length, anchor, policy)
    assert answer(rule, anchors, Person("p", events=rows)) is wanted
