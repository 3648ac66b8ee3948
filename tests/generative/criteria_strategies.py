"""Random rules and promises: every node of the model, terms from a small real part of what ships, units that fit.

What is drawn here is what the language can say: a rule of these strategies has a wording, and the wording reads back.
"""

from __future__ import annotations

from typing import Literal

from hypothesis import strategies as st

from trialrun.criteria.model import (
    VERBS_OF_SAYING,
    Age,
    AllOf,
    Anchor,
    AnyOf,
    Asked,
    At,
    AtLeast,
    Between,
    Compare,
    Comparison,
    Computed,
    DailyDose,
    Each,
    Earlier,
    Ever,
    Except,
    Found,
    Happened,
    IfNone,
    IfThen,
    Level,
    Measured,
    Minus,
    Multiple,
    Not,
    Number,
    Part,
    Per,
    Pick,
    Promise,
    Range,
    Reference,
    Route,
    Rule,
    SexIs,
    Stopped,
    Term,
    Terms,
    Unchanged,
    Value,
    Verb,
    Way,
    Who,
    Window,
    Within,
)
from trialrun.vocabulary.calendar import Duration, Unit
from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.shipped_terms import shipped

VOCABULARY = shipped()

# --- a small real part of the vocabulary ------------------------------------------------------------------------------

NAMES: dict[Domain, tuple[str, ...]] = {
    Domain.CONDITION: ("malignancy", "lung cancer", "non-melanoma skin cancer", "rheumatoid arthritis", "pregnancy"),
    Domain.DRUG: (
        "glucocorticoid", "prednisone", "dexamethasone", "budesonide", "NSAID", "ibuprofen", "naproxen", "DMARD",
        "methotrexate", "monoclonal antibody", "rituximab",
    ),
    Domain.IMMUNISATION: ("vaccine", "live vaccine", "yellow fever vaccine", "inactivated influenza vaccine"),
    Domain.PROCEDURE: ("surgery", "hip replacement", "colonoscopy"),
    Domain.ALLERGY: ("peanut allergy", "human albumin"),
    Domain.OBSERVATION: ("current smoker",),
}  # fmt: skip
ROUTES = ("systemic", "intravenous", "oral", "topical")
UNITS: dict[str, tuple[str, ...]] = {
    "ALT": ("U/L",),
    "creatinine": ("mg/dL", "umol/L"),
    "weight": ("kg",),
    "height": ("cm", "m"),
    "INR": ("",),
    "T-score": ("",),
    "HbA1c": ("%", "mmol/mol"),
    "calcium": ("mg/dL", "mmol/L"),
    "body temperature": ("Cel", "[degF]"),
    "CD4 cells": ("/uL", "10*9/L"),
    "lipoprotein(a)": ("mg/dL",),
}
LEVELS = {
    name: measure.levels
    for name in ("NYHA class", "ECOG performance status", "CKD stage", "KDIGO albuminuria category")
    if (measure := VOCABULARY.get(name).measure) is not None
}
FINDINGS = ("HIV antibody", "HIV antigen and antibody", "HBsAg")
FORMULA_UNITS = {
    "creatinine clearance by Cockcroft-Gault": "mL/min",
    "eGFR by CKD-EPI 2021": "mL/min/{1.73_m2}",
    "BMI": "kg/m2",
    "BSA by Mosteller": "m2",
}
VERBS: dict[Verb, tuple[Domain, ...]] = {
    Verb.DIAGNOSED: (Domain.CONDITION, Domain.OBSERVATION),
    Verb.HAD: (Domain.CONDITION, Domain.OBSERVATION),
    Verb.TOOK: (Domain.DRUG,),
    Verb.VACCINATED: (Domain.IMMUNISATION,),
    Verb.UNDERWENT: (Domain.PROCEDURE,),
    Verb.ALLERGIC: (Domain.ALLERGY, Domain.DRUG),
}

# --- windows ----------------------------------------------------------------------------------------------------------

DURATIONS = st.sampled_from(
    [
        Duration(amount, unit)
        for amount, unit in (
            (0, Unit.DAY), (1, Unit.DAY), (20, Unit.HOUR), (1, Unit.WEEK), (28, Unit.DAY), (1, Unit.MONTH), (6, Unit.MONTH),
            (12, Unit.MONTH), (1, Unit.YEAR), (5, Unit.YEAR), (100, Unit.YEAR),
        )
    ]
)  # fmt: skip
ANCHORS = st.sampled_from(
    [Anchor.SCREENING, Anchor.SCREENING, Anchor.ENROLMENT, Anchor.DAY_1, Anchor.CONSENT, Anchor.LAST_DOSE]
)
EVER = st.just(Ever())
WITHIN = st.builds(Within, DURATIONS, ANCHORS)
EARLIER = st.builds(Earlier, DURATIONS, ANCHORS)
AT = st.builds(At, ANCHORS)


@st.composite
def betweens(draw: st.DrawFn) -> Between:
    """Two lengths that differ, the longer first."""
    lengths = draw(st.tuples(DURATIONS, DURATIONS).filter(lambda pair: pair[0].typical_days != pair[1].typical_days))
    shorter, longer = sorted(lengths, key=lambda length: length.typical_days)
    return Between(longer, shorter, draw(ANCHORS))


WINDOWS: st.SearchStrategy[Window] = st.one_of(EVER, WITHIN, WITHIN, betweens(), EARLIER, AT)
POLICIES = st.sampled_from([IfNone.UNKNOWN, IfNone.UNKNOWN, IfNone.NO_WITHIN_COVERAGE, IfNone.NO])


def terms(*domains: Domain, routes: bool = False) -> st.SearchStrategy[Terms]:
    """One to three names, sometimes with exceptions; for drugs sometimes with a route."""
    names = st.sampled_from([name for domain in domains for name in NAMES[domain]])
    route = st.sampled_from(["", "", *ROUTES]) if routes else st.just("")
    one = st.builds(Term, names, route)
    many = st.lists(one, min_size=1, max_size=3).map(tuple)
    few = st.one_of(st.just(()), st.just(()), st.lists(one, min_size=1, max_size=2).map(tuple))
    return st.builds(Terms, many, few)


DRUGS = terms(Domain.DRUG, routes=True)

# --- values and limits ------------------------------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 40.0, 50.0, 75.0, 120.0, 1_500.0, 0.1 * 3, 1e-7]),
    st.integers(0, 200).map(float),
    st.floats(0, 1e9, allow_nan=False),
)
COMPARES = st.sampled_from(list(Compare))
FACTORS = st.sampled_from([0.0, 0.5, 1.0, 1.25, 2.0, 3.0])


def measured(test: str, *picks: Pick) -> st.SearchStrategy[Measured]:
    """A test's value by one of some ways to pick it."""
    return st.builds(Measured, st.sampled_from(picks), st.just(test), WINDOWS)


def singles(test: str) -> st.SearchStrategy[Measured]:
    """One value of a test."""
    return measured(test, Pick.LATEST, Pick.LATEST, Pick.FIRST, Pick.LOWEST, Pick.HIGHEST)


def computed(formula: str) -> st.SearchStrategy[Computed]:
    """A formula."""
    return st.builds(Computed, st.just(formula), WINDOWS)


@st.composite
def doses(draw: st.DrawFn) -> DailyDose:
    """A daily dose on a day, or the highest of several days."""
    equivalent = draw(st.sampled_from(["", "prednisone"]))
    return DailyDose(
        draw(DRUGS), draw(st.one_of(AT, WITHIN, betweens())), equivalent, draw(POLICIES), draw(st.sampled_from(Per))
    )


@st.composite
def numbers(draw: st.DrawFn, value: Value, *units: str) -> Comparison:
    """A value against a number, or between two."""
    unit = draw(st.sampled_from(units))
    if draw(st.integers(0, 4)) == 0:
        low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
        return Comparison(value, Compare.EQ, Range(low, high, unit))
    return Comparison(value, draw(COMPARES), Number(draw(NUMBERS), unit))


@st.composite
def quantities(draw: st.DrawFn) -> Comparison:
    """Results of a test against a number, its limits of normal, or another result."""
    test = draw(st.sampled_from(list(UNITS)))
    kind = draw(st.sampled_from(["number", "number", "count", "reference", "multiple", "minus"]))
    many = (Pick.ANY, Pick.EVERY, Pick.LATEST, Pick.FIRST)
    if kind == "count":
        return draw(numbers(draw(measured(test, Pick.COUNT)), ""))
    if kind == "reference":
        limit = Reference(draw(FACTORS), draw(st.sampled_from(["ULN", "LLN"])))
        return Comparison(draw(measured(test, *many)), draw(COMPARES), limit)
    if kind == "multiple":
        value = draw(st.one_of(measured(test, *many), singles(test)))
        return Comparison(value, draw(COMPARES), Multiple(draw(FACTORS), draw(singles(test))))
    if kind == "minus":
        return draw(numbers(Minus(draw(singles(test)), draw(singles(test))), *UNITS[test]))
    comparison: Comparison = draw(numbers(draw(st.one_of(measured(test, *many), singles(test))), *UNITS[test]))
    if test == "T-score" and isinstance(comparison.limit, Number):
        return Comparison(comparison.value, comparison.compare, Number(-comparison.limit.value or 0.0))
    return comparison


@st.composite
def formulas(draw: st.DrawFn) -> Comparison:
    """A formula against a number, or its change."""
    name = draw(st.sampled_from(list(FORMULA_UNITS)))
    value: Value = draw(computed(name))
    if draw(st.integers(0, 5)) == 0:
        value = Minus(value, draw(computed(name)))
    return draw(numbers(value, FORMULA_UNITS[name]))


@st.composite
def dose_limits(draw: st.DrawFn) -> Comparison:
    """A daily dose against an amount, another dose, or its change."""
    value: Value = draw(doses())
    kind = draw(st.integers(0, 7))
    if kind == 0:
        return Comparison(value, draw(COMPARES), Multiple(draw(FACTORS), unpoliced(draw(doses()))))
    if kind == 1:
        value = Minus(unpoliced(draw(doses())), unpoliced(draw(doses())))
    return draw(numbers(value, "mg", "mg", "g", "ug"))


def unpoliced(dose: DailyDose) -> DailyDose:
    """A dose inside a difference or a multiple, where no missing policy can be written."""
    return DailyDose(dose.drugs, dose.window, dose.equivalent, per=dose.per)


@st.composite
def ages(draw: st.DrawFn) -> Comparison:
    """An age against years or months."""
    return draw(numbers(Age(draw(ANCHORS)), "years", "years", "months"))


@st.composite
def levels(draw: st.DrawFn) -> Comparison:
    """A level of an ordinal scale."""
    test = draw(st.sampled_from(list(LEVELS)))
    value = draw(st.one_of(singles(test), measured(test, Pick.ANY, Pick.EVERY)))
    return Comparison(value, draw(COMPARES), Level(draw(st.sampled_from(LEVELS[test]))))


@st.composite
def found(draw: st.DrawFn) -> Found:
    """Positive or negative."""
    value = draw(measured(draw(st.sampled_from(FINDINGS)), Pick.ANY, Pick.EVERY, Pick.LATEST, Pick.FIRST))
    return Found(value, draw(st.sampled_from(["positive", "negative"])))


# --- atoms ------------------------------------------------------------------------------------------------------------


@st.composite
def happened(draw: st.DrawFn) -> Happened:
    """Something that happened, of every verb."""
    verb = draw(st.sampled_from([*VERBS, Verb.HOSPITALISED]))
    what = None if verb is Verb.HOSPITALISED else draw(terms(*VERBS[verb], routes=verb is Verb.TOOK))
    return Happened(verb, what, draw(WINDOWS), draw(POLICIES))


WAYS: st.SearchStrategy[Way] = st.one_of(
    st.just(Way(Route.NEVER)),
    st.builds(Way, st.sampled_from([Route.TAKEN, Route.NOT_TAKEN]), ANCHORS),
    st.builds(Way, st.sampled_from([Route.UNCHANGED, Route.STOPPED]), ANCHORS, DURATIONS),
)
WORDS = st.text(st.characters(exclude_characters='"\n', exclude_categories=["Cs", "Cc"]), min_size=1, max_size=25).map(
    lambda text: " ".join(text.split())
)
SENTENCES = st.one_of(st.sampled_from(["meets the 1986 Nancy criteria", "is in good health"]), WORDS.filter(bool))
PARTS = st.sampled_from([Part("E9"), Part("E9.a")])
LASTING: st.SearchStrategy[Rule] = st.one_of(
    st.builds(Unchanged, DRUGS, DURATIONS, ANCHORS, POLICIES),
    st.builds(Stopped, DRUGS, DURATIONS, ANCHORS, POLICIES),
    st.builds(Each, DRUGS, st.lists(WAYS, min_size=1, max_size=3).map(tuple), POLICIES),
)
ASKED = st.builds(Asked, st.sampled_from(list(Who)), st.sampled_from(VERBS_OF_SAYING), SENTENCES)
RESULTS: st.SearchStrategy[Rule] = st.one_of(quantities(), quantities(), levels(), found())
RECORDED: st.SearchStrategy[Rule] = st.one_of(
    RESULTS, RESULTS, formulas(), dose_limits(), ages(), st.builds(SexIs, st.sampled_from(["female", "male"])),
    happened(), happened(), LASTING, LASTING,
)  # fmt: skip
"""Atoms that the record answers."""
ATOMS: st.SearchStrategy[Rule] = st.one_of(RECORDED, RECORDED, RECORDED, ASKED, PARTS)

# --- rules ------------------------------------------------------------------------------------------------------------


@st.composite
def _joined(draw: st.DrawFn, inner: st.SearchStrategy[Rule]) -> Rule:
    kind = draw(st.sampled_from(["not", "all", "any", "at least", "if", "except"]))
    if kind == "not":
        return Not(draw(inner))
    if kind == "if":
        return IfThen(draw(inner), draw(inner))
    if kind == "except":
        return Except(draw(inner), draw(inner))
    rules = tuple(draw(st.lists(inner, min_size=2, max_size=3)))
    if kind == "at least":
        return AtLeast(draw(st.integers(1, len(rules))), rules)
    return AllOf(rules) if kind == "all" else AnyOf(rules)


def nested(atoms: st.SearchStrategy[Rule], leaves: int = 5) -> st.SearchStrategy[Rule]:
    """Rules of all shapes over some atoms."""
    return st.recursive(atoms, _joined, max_leaves=leaves)


RULES = nested(ATOMS)


@st.composite
def promises(draw: st.DrawFn) -> Promise:
    """Promises of the three duties."""
    duty: Literal["none", "no increase", "words"] = draw(st.sampled_from(["none", "no increase", "words"]))
    what, words = None, ""
    if duty == "none":
        what = draw(terms(Domain.DRUG, Domain.IMMUNISATION))
    elif duty == "no increase":
        what = draw(DRUGS)
    else:
        words = draw(SENTENCES)
    start, end = draw(st.sampled_from(list(Anchor))), draw(st.sampled_from(list(Anchor)))
    return Promise(duty, what, words, start, end, draw(st.one_of(st.none(), DURATIONS)))
