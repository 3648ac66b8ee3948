"""Checks of the rules: against each other, against their sentences, the registry's fields and what screening collects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from trialrun.criteria.formulas import formula_named
from trialrun.criteria.model import (
    Age,
    AllOf,
    AnyOf,
    Asked,
    At,
    Compare,
    Comparison,
    Computed,
    Happened,
    Measured,
    Not,
    Number,
    Part,
    Rule,
    SexIs,
    Terms,
    Verb,
)
from trialrun.criteria.printing import print_rule, print_terms, print_value
from trialrun.criteria.walk import DrugWindow, drug_windows, numbers, values
from trialrun.errors import shortened
from trialrun.protocol.checks.eligibility import collected_before_treatment, registered_years
from trialrun.protocol.checks.findings import Case, Check, Remark, Severity
from trialrun.protocol.prose.numbers import WORDS
from trialrun.protocol.rules import Item
from trialrun.protocol.source import KeyPath
from trialrun.vocabulary.formulas import AGE
from trialrun.vocabulary.terms import Vocabulary

_HAVING = {
    Verb.DIAGNOSED: "without a diagnosis of",
    Verb.HAD: "without",
    Verb.TOOK: "who did not take",
    Verb.HOSPITALISED: "without",
    Verb.ALLERGIC: "who is not allergic to",
}
"""What is rarely asked of whom one keeps out; a vaccination or an examination may well be."""


def l58(case: Case) -> Iterator[Remark]:
    """Rules of two criteria that keep one drug out for different times."""
    rows = [(item, window) for item, rule in _written(case) for window in drug_windows(rule)]
    said: set[tuple[str, str]] = set()
    for (one, first), (other, second) in combinations(rows, 2):
        pair = (one.id, other.id)
        if _top(one) == _top(other) or first.length == second.length or pair in said:
            continue
        shared = _shared_drug(first, second, case.file.vocabulary)
        if shared is not None:
            said.add(pair)
            message = f"{_says(one, first, shared)}, {_says(other, second, shared)}"
            texts = tuple(f"{item.id}: {shortened(item.criterion.says, 100)}" for item in (one, other))
            yield Remark(_rule_path(other), message, texts, "Decide which window holds; the longer one is the safer.")


def l59(case: Case) -> Iterator[Remark]:
    """A rule on age or sex that is not the registry's."""
    if case.record is None:
        return
    eligibility = case.record.eligibility
    low, high = registered_years(eligibility.minimum_age), registered_years(eligibility.maximum_age)
    for item, rule in _written(case):
        if item.excludes:
            continue
        for part in _conjuncts(rule, case):
            wrong = _wrong_age(part, low, high)
            if wrong:
                yield Remark(_rule_path(item), f"{item.id}: {wrong}", hint="Make the two the same.")
            if isinstance(part, SexIs) and eligibility.sex not in (None, part.sex.upper()):
                message = f"{item.id} asks for {part.sex}, the registry says {str(eligibility.sex).lower()}"
                yield Remark(_rule_path(item), message, hint="Make the two the same.")


def l60(case: Case) -> Iterator[Remark]:
    """A test that a rule needs and nothing before treatment collects."""
    done = collected_before_treatment(case)
    if done is None:
        return
    needed: dict[str, list[str]] = {}
    for item, rule in _written(case):
        for test in _tests(rule):
            needed.setdefault(test, []).append(item.id)
    for test, items in needed.items():
        concept = case.file.vocabulary.get(test)
        if not any(_names(word, done) for word in (concept.name, *concept.aliases)):
            names = tuple(dict.fromkeys(items))
            need = "needs" if len(names) == 1 else "need"
            message = f"{', '.join(names)} {need} {test}, which no visit before treatment collects"
            yield Remark(("activities",), message, hint=f"Add '{test}' to the activities at screening.")


def l61(case: Case) -> Iterator[Remark]:
    """What one criterion asks and another excludes, and limits that leave nobody."""
    rules = case.file.rules
    asked = [(item, part) for item, rule in _written(case) if not item.excludes for part in _conjuncts(rule, case)]
    barred = [(item, part) for item, rule in _written(case) if item.excludes for part in _disjuncts(rule, case)]
    known = {part: item for item, part in barred}
    for item, part in asked:
        if part in known and not isinstance(part, Part | Asked):
            message = f"{item.id} asks for what {known[part].id} excludes: {print_rule(part)}"
            yield Remark(_rule_path(known[part]), message, hint="Nobody can join; mend one of the two.")
    for (one, first), (other, second) in combinations(asked, 2):
        if _leave_nobody(first, second):
            message = f"no value satisfies both {one.id} ({print_rule(first)}) and {other.id} ({print_rule(second)})"
            yield Remark(rules.items[other.id].path, message, hint="Nobody can join; mend one of the two.")


def l62(case: Case) -> Iterator[Remark]:
    """A number in a rule that neither its sentence has nor an item marked on it."""
    for item, rule in _written(case):
        stated = _numbers_said(" ".join([_sentences(item, case), *_marked_words(item, case)]))
        for number in dict.fromkeys(numbers(rule)):
            if number not in stated and number != 1:
                message = f"{item.id}: the rule says {number:g}, which its sentence does not"
                hint = "Mend the rule, or say the number in an assumption and mark it on the rule: [A1]."
                yield Remark(_rule_path(item), message, hint=hint, start=_number_place(item, number, case))


def l64(case: Case) -> Iterator[Remark]:
    """An exclusion that keeps out whoever does not have something: an inverted one, most often."""
    for item in case.file.rules.items.values():
        if not item.excludes or "." in item.id or item.id not in case.file.rules.rules:
            continue
        for part in _opened_disjuncts(case.file.rules.rules[item.id], case):
            if isinstance(part, Not) and isinstance(part.rule, Happened) and part.rule.verb in _HAVING:
                what = print_terms(part.rule.what) if part.rule.what is not None else "a stay in hospital"
                message = f"{item.id}: an exclusion that applies to everybody {_HAVING[part.rule.verb]} {what}: is that meant?"
                hint = f"An exclusion's rule says what keeps a person out: '{print_rule(part.rule)}'."
                yield Remark(_rule_path(item), message, hint=hint)


def l65(case: Case) -> Iterator[Remark]:
    """A result that is looked for on one single day."""
    for item, rule in _written(case):
        for value in dict.fromkeys(values(rule)):
            if isinstance(value, Measured | Computed) and isinstance(value.window, At):
                day = value.window.anchor.value
                name = value.test if isinstance(value, Measured) else value.formula
                latest = f"latest {name}" if isinstance(value, Measured) else name
                message = f"{item.id}: '{print_value(value)}' looks at results of that one day alone"
                hint = f"Write '{latest} within 28 days before {day}' if an earlier result counts."
                yield Remark(_rule_path(item), message, hint=hint)


def _number_place(item: Item, number: float, case: Case) -> int:
    """Where a number stands in the words of a rule; the beginning where it is not found."""
    words = case.file.source.words(_rule_path(item))
    places = (found for found in re.finditer(r"(?<![\w.*^\[])\d[\d,]*(?:\.\d+)?", words))
    return next((found.start() for found in places if float(found[0].replace(",", "")) == number), 0)


# --- the rules of a case --------------------------------------------------------------------------------------------


def _written(case: Case) -> Iterator[tuple[Item, Rule]]:
    """Items with a rule that somebody wrote, in the order of the file."""
    rules = case.file.rules
    for item in rules.items.values():
        if item.criterion.rule is not None:
            yield item, rules.rules[item.id]


def _rule_path(item: Item) -> KeyPath:
    return (*item.path, "rule")


def _top(item: Item) -> str:
    return item.id.split(".")[0]


def _conjuncts(rule: Rule, case: Case) -> Iterator[Rule]:
    """What must all hold for an inclusion."""
    if isinstance(rule, AllOf):
        for part in rule.rules:
            yield from _conjuncts(part, case)
    else:
        yield rule


def _disjuncts(rule: Rule, case: Case) -> Iterator[Rule]:
    """What excludes by itself."""
    if isinstance(rule, AnyOf):
        for part in rule.rules:
            yield from _disjuncts(part, case)
    else:
        yield rule


def _opened_disjuncts(rule: Rule, case: Case) -> Iterator[Rule]:
    """What excludes by itself, parts that are named opened; a part cannot name itself."""
    for inner in _disjuncts(rule, case):
        if isinstance(inner, Part):
            yield from _opened_disjuncts(case.file.rules.rules[inner.id], case)
        else:
            yield inner


def _sentences(item: Item, case: Case) -> str:
    """The words an item stands for: its own and those of the criteria around it."""
    names = [item.id]
    while "." in names[-1]:
        names.append(names[-1].rpartition(".")[0])
    return " ".join(case.file.rules.items[name].criterion.says for name in names if name in case.file.rules.items)


def _marked_words(item: Item, case: Case) -> Iterator[str]:
    """The words of the decisions marked on a rule: what they ask, quote, propose and decide."""
    for mark in item.marks:
        row = case.protocol.decisions.get(mark)
        if row is not None:
            yield from (row.asks or "", *row.texts, row.proposal or "", row.use or "", row.reason or "")


def _numbers_said(text: str) -> set[float]:
    digits = {float(found.replace(",", "")) for found in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)}
    words = {float(WORDS[word]) for word in re.findall(r"[a-z-]+", text.casefold()) if word in WORDS}
    return digits | words


def _tests(rule: Rule) -> Iterator[str]:
    for value in values(rule):
        if isinstance(value, Measured):
            yield value.test
        elif isinstance(value, Computed):
            yield from (needed.name for needed in formula_named(value.formula).inputs if needed.name != AGE)


def _names(word: str, done: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", done, re.IGNORECASE) is not None


# --- drugs, ages, limits --------------------------------------------------------------------------------------------


def _shared_drug(one: DrugWindow, other: DrugWindow, vocabulary: Vocabulary) -> str | None:
    """A drug that both windows are about: the first by name."""
    shared = _drugs(one.drugs, vocabulary) & _drugs(other.drugs, vocabulary)
    single = sorted(name for name in shared if not vocabulary.get(name).is_class)
    return single[0] if single else None


def _drugs(terms: Terms, vocabulary: Vocabulary) -> frozenset[str]:
    names = frozenset[str]().union(*(vocabulary.narrower(term.name) for term in terms.any_of))
    return names - frozenset[str]().union(*(vocabulary.narrower(term.name) for term in terms.but))


def _says(item: Item, window: DrugWindow, drug: str) -> str:
    if window.washout:
        return f"{item.id} lets {drug} in {window.length} after its last dose"
    return f"{item.id} looks back {window.length} for {drug}"


def _wrong_age(rule: Rule, low: int | None, high: int | None) -> str | None:
    match rule:
        case Comparison(value=Age(), compare=Compare.GE, limit=Number(value=years, unit="years")) if low not in (
            None,
            years,
        ):
            return f"the rule's youngest age is {years:g}, the registry's {low} years"
        case Comparison(value=Age(), compare=Compare.LE, limit=Number(value=years, unit="years")) if high not in (
            None,
            years,
        ):
            return f"the rule's oldest age is {years:g}, the registry's {high} years"
        case Comparison(value=Age(), compare=Compare.GT | Compare.LT, limit=Number(value=years, unit="years")) if (
            years
            in (
                low,
                high,
            )
        ):
            return f"the rule leaves out {years:g} years itself, the registry takes it in"
        case _:
            return None


def _leave_nobody(one: Rule, other: Rule) -> bool:
    """Whether two limits on one value shut out every number."""
    if not (isinstance(one, Comparison) and isinstance(other, Comparison) and one.value == other.value):
        return False
    if not (isinstance(one.limit, Number) and isinstance(other.limit, Number) and one.limit.unit == other.limit.unit):
        return False
    lower = {Compare.GT, Compare.GE}
    if (one.compare in lower) == (other.compare in lower) or Compare.EQ in (one.compare, other.compare):
        return one.compare is other.compare is Compare.EQ and one.limit.value != other.limit.value
    floor, ceiling = (one, other) if one.compare in lower else (other, one)
    assert isinstance(floor.limit, Number) and isinstance(ceiling.limit, Number)
    strict = floor.compare is Compare.GT or ceiling.compare is Compare.LT
    return floor.limit.value > ceiling.limit.value or (strict and floor.limit.value == ceiling.limit.value)


_I3 = "eligibility:\n  include:\n    I3:\n      says: {says}\n      rule: {rule}\n"

CHECKS = (
    Check(
        "L58",
        "Two rules give one drug different windows",
        Severity.CONFLICT,
        "A drug that one rule lets in after 12 weeks and another keeps out for 6 months decides who joins by who reads. "
        "Classes are opened: what counts is a drug that both rules are about.",
        l58,
        fails=(
            _I3.format(
                says="Biologics stopped for 12 weeks", rule="last dose of biologic at least 12 weeks before enrolment"
            )
            + "  exclude:\n    E2:\n      says: Antibodies in the last 6 months\n"
            "      rule: took monoclonal antibody within 6 months before screening\n"
        ),
        passes=(
            _I3.format(
                says="Etanercept stopped for 12 weeks",
                rule="last dose of etanercept at least 12 weeks before enrolment",
            )
            + "  exclude:\n    E2:\n      says: Antibodies in the last 6 months\n"
            "      rule: took monoclonal antibody within 6 months before screening\n"
        ),
    ),
    Check(
        "L59",
        "A rule on age or sex differs from the registry's field",
        Severity.ERROR,
        "Finders send people by the registry's fields; a rule that differs turns them away, or lets in others.",
        l59,
        fails="eligibility:\n  include:\n    I1:\n      says: Age 18 years or older\n      rule: age at screening > 18 years\n",
        passes="eligibility:\n  include:\n    I1:\n      says: Age 18 years or older\n      rule: age at screening >= 18 years\n",
    ),
    Check(
        "L60",
        "A rule needs a test that nobody collects",
        Severity.WARNING,
        "A rule without its result stays unknown, and unknown is never met.",
        l60,
        fails="eligibility:\n  exclude:\n    E2:\n      says: ALT above normal\n      rule: latest ALT > 1 x ULN\n",
        passes=(
            "eligibility:\n  exclude:\n    E2:\n      says: ALT above normal\n      rule: latest ALT > 1 x ULN\n"
            "activities:\n  ALT: screening\n"
        ),
    ),
    Check(
        "L61",
        "Nobody can join",
        Severity.ERROR,
        "What one rule asks another excludes, or two limits leave no value between them.",
        l61,
        fails=(
            _I3.format(says="Sex male", rule="sex is male")
            + "  exclude:\n    E2:\n      says: Men\n      rule: sex is male\n"
        ),
        passes=(
            _I3.format(says="Sex male", rule="sex is male")
            + "  exclude:\n    E2:\n      says: Women\n      rule: sex is female\n"
        ),
        record_fails=(("protocolSection.eligibilityModule.sex", "MALE"),),
        record_passes=(("protocolSection.eligibilityModule.sex", "MALE"),),
    ),
    Check(
        "L62",
        "A number of the rule does not stand in the sentence",
        Severity.WARNING,
        "A limit that was mistyped, or a window that somebody added, changes who joins. A number may also stand in the words "
        "of an item that is marked on the rule, such as [A1].",
        l62,
        fails=_I3.format(says="Platelets at least 100 x 10^9/L", rule="latest platelets >= 75 10*9/L"),
        passes=_I3.format(says="Platelets at least 100 x 10^9/L", rule="latest platelets >= 100 10*9/L"),
    ),
    Check(
        "L64",
        "An exclusion keeps out whoever does not have something",
        Severity.WARNING,
        "The rule of an exclusion says what keeps a person out. With a `not` before it, it keeps out everybody else: 'no asthma' "
        "among the exclusions bars the healthy. Where that is meant, accept the finding.",
        l64,
        fails="eligibility:\n  exclude:\n    E2:\n      says: No asthma\n      rule: not diagnosed asthma\n",
        passes="eligibility:\n  exclude:\n    E2:\n      says: Asthma\n      rule: diagnosed asthma\n",
    ),
    Check(
        "L65",
        "A result is looked for on one single day",
        Severity.WARNING,
        "'At screening' is the screening date alone. A result of the day before does not count then, and most people stay unknown.",
        l65,
        fails=(
            "eligibility:\n  exclude:\n    E2:\n      says: Hemoglobin below 10 g/dL\n"
            "      rule: hemoglobin at screening < 10 g/dL\nactivities:\n  hemoglobin: screening\n"
        ),
        passes=(
            "eligibility:\n  exclude:\n    E2:\n      says: Hemoglobin below 10 g/dL in the 28 days before screening\n"
            "      rule: latest hemoglobin within 28 days before screening < 10 g/dL\nactivities:\n  hemoglobin: screening\n"
        ),
    ),
)
