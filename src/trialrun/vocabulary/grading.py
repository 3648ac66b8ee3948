"""Grades of laboratory values by the Common Terminology Criteria for Adverse Events (CTCAE), version 5.0.

Source: National Cancer Institute, CTCAE v5.0, 27 November 2017, a work of the United States government. The thresholds
stand in `data/ctcae_5_0.yaml` in the notation explained there. Where a limit of normal, a baseline or a circumstance
is not known, the grade is a range and says what is missing; nothing is assumed in silence. Grade 5 is death and no
laboratory value decides it.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from importlib import resources
from math import isfinite

import yaml

from trialrun.errors import did_you_mean
from trialrun.vocabulary.analytes import analytes, convert_result, unit_of_result
from trialrun.vocabulary.concepts import Concept
from trialrun.vocabulary.units import conversion, exact_fraction

VERSION = "5.0"
VERSIONS = (VERSION,)

_NAMES = {"LLN": "the lower limit of normal", "ULN": "the upper limit of normal", "baseline": "the baseline value"}
_COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_LIMIT = re.compile(r"(<=?|>=?) (?:(\d+(?:\.\d+)?) )?(\S+)(?: \+ (\d+) (\S+))?")


@dataclass(frozen=True, slots=True)
class Grade:
    """A laboratory grade.

    Args:
        term, version: Of CTCAE.
        low, high: The lowest and highest grade it may be; 0 is no adverse event by this term.
        missing: What would narrow it: limits of normal, baseline, circumstance.
        assumed: What was taken for granted: that the baseline was normal, where none was given.
        clinical: Grades of this term that no laboratory value decides, with their words.
        source: Where the thresholds come from.
    """

    term: str
    version: str
    low: int
    high: int
    missing: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    clinical: Mapping[int, str] = field(default_factory=dict)
    source: str = ""

    @property
    def number(self) -> int | None:
        """The grade, or None where it is a range."""
        return self.low if self.low == self.high else None


@dataclass(frozen=True, slots=True)
class NotGraded:
    """Why a value has no grade."""

    reason: str


@dataclass(frozen=True, slots=True)
class Limit:
    """One threshold: `> 3.0 ULN`, `< 100 g/L`, `> ULN + 20 g/L`."""

    sign: str
    times: Fraction
    of: str
    plus: Fraction = Fraction(0)
    plus_unit: str = ""


Condition = tuple[tuple[tuple[Limit, ...], ...], ...]
"""Any of (all of (the same limit in one of several units))."""


@dataclass(frozen=True, slots=True)
class Term:
    """A laboratory term of CTCAE.

    Args:
        name: As CTCAE prints it.
        test: The analyte it grades, as the vocabulary names it.
        grades: Grade → when it is reached.
        abnormal: The same where the baseline was abnormal; empty where that does not matter.
        circumstance: What else decides: signs or symptoms, anticoagulation.
        under_circumstance: The grades then.
        clinical: Grades that no laboratory value decides.
        words, abnormal_words, circumstance_words: The grades as the data file writes them, for the docs.
    """

    name: str
    test: str
    grades: Mapping[int, Condition]
    abnormal: Mapping[int, Condition]
    circumstance: str
    under_circumstance: Mapping[int, Condition]
    clinical: Mapping[int, str]
    words: Mapping[int, str]
    abnormal_words: Mapping[int, str]
    circumstance_words: Mapping[int, str]


@dataclass(slots=True)
class _Case:
    """One value with all that is known of it; collects what was missed."""

    concept: Concept
    value: float
    unit: str
    known: Mapping[str, float | None]
    missing: set[str] = field(default_factory=set)


def terms(version: str = VERSION) -> tuple[Term, ...]:
    """The laboratory terms that are carried; none for a version that is not."""
    return tuple(_terms().values()) if version in VERSIONS else ()


def grade(
    term: str,
    value: float,
    unit: str,
    *,
    low: float | None = None,
    high: float | None = None,
    baseline: float | None = None,
    baseline_abnormal: bool | None = None,
    circumstance: bool | None = None,
    version: str = VERSION,
) -> Grade | NotGraded:
    """The grade of a laboratory value.

    Args:
        term: As CTCAE prints it: `Alanine aminotransferase increased`.
        value: The number, with its unit, in UCUM or as found.
        unit: The unit of the value, its limits and its baseline.
        low, high: Limits of normal of the same report.
        baseline: The value before treatment.
        baseline_abnormal: Whether that was above normal; without it, told by `high`.
        circumstance: Whether what the term names was so: symptomatic, on anticoagulation.
        version: Of CTCAE; only 5.0 is carried.

    Returns:
        A grade, a range of grades, or the reason why there is none.
    """
    if version not in VERSIONS:
        return NotGraded(f"CTCAE version '{version}' is not carried; known: {', '.join(VERSIONS)}")
    definition = _terms().get(term.strip().casefold())
    if definition is None:
        hint = did_you_mean(term, [known.name for known in _terms().values()])
        return NotGraded(f"'{term}' is no laboratory term of CTCAE {version}. {hint or ''}".strip())
    if not all(isfinite(number) for number in (value, low, high, baseline) if number is not None):
        return NotGraded("the value, a limit or the baseline is not a number")
    concept = _concepts()[definition.test]
    if not _fits(definition, concept, unit):
        return NotGraded(f"'{unit}' is not a unit in which {definition.name} has thresholds")
    # Multiples of nothing say nothing: an upper limit or a baseline of zero is as good as none.
    known = {
        "LLN": low,
        "ULN": high if high and high > 0 else None,
        "baseline": baseline if baseline and baseline > 0 else None,
    }
    case = _Case(concept, value, unit, known)
    return _graded(definition, case, baseline_abnormal, circumstance)


def _graded(term: Term, case: _Case, abnormal: bool | None, circumstance: bool | None) -> Grade | NotGraded:
    assumed: tuple[str, ...] = ()
    usual = term.grades
    if term.abnormal:
        abnormal = _baseline_abnormal(case) if abnormal is None else abnormal
        usual = term.abnormal if abnormal else term.grades
        assumed = ("the baseline was normal",) if abnormal is None else ()
    ways = [usual] if circumstance is not True or not term.circumstance else []
    if term.circumstance and circumstance is not False:
        ways.append(term.under_circumstance)
    spans = [_span(grades, case) for grades in ways]
    lowest, highest = min(low for low, _ in spans), max(high for _, high in spans)
    missing = sorted(_NAMES[name] for name in case.missing)
    if term.circumstance and circumstance is None and lowest < highest:
        missing.append(f"whether {term.circumstance}")
    everything = max(grade for grades in ways for grade in grades)
    if case.missing and lowest == 0 and highest == everything:
        return NotGraded(f"{term.name} needs to know {', '.join(missing)}")
    return Grade(
        term.name,
        VERSION,
        lowest,
        highest,
        tuple(missing) if lowest < highest else (),
        assumed,
        term.clinical,
        source(),
    )


def _baseline_abnormal(case: _Case) -> bool | None:
    baseline, high = case.known["baseline"], case.known["ULN"]
    return None if baseline is None or high is None else baseline > high


def _span(grades: Mapping[int, Condition], case: _Case) -> tuple[int, int]:
    """The highest grade that is reached, and the highest that may be; what lies below it does not matter."""
    possible = 0
    for number in sorted(grades, reverse=True):
        asked: set[str] = set()
        answer = _any(grades[number], case, asked)
        if answer:
            return number, max(number, possible)
        if answer is None:
            possible = max(possible, number)
            case.missing |= asked
    return 0, possible


def _any(condition: Condition, case: _Case, asked: set[str]) -> bool | None:
    """Kleene: true where one is, unknown where none is and one is unknown."""
    answers = [_all(part, case, asked) for part in condition]
    return True if True in answers else (None if None in answers else False)


def _all(parts: Iterable[tuple[Limit, ...]], case: _Case, asked: set[str]) -> bool | None:
    answers = [_reached(_in_unit(limits, case), case, asked) for limits in parts]
    return False if False in answers else (None if None in answers else True)


def _reached(limit: Limit, case: _Case, asked: set[str]) -> bool | None:
    if limit.of not in _NAMES:
        return _COMPARE[limit.sign](_converted(case, case.value, limit.of), limit.times)
    base = case.known[limit.of]
    if base is None:
        asked.add(limit.of)
        return None
    value, against = exact_fraction(case.value), exact_fraction(base)
    if limit.plus_unit:
        value, against = _converted(case, case.value, limit.plus_unit), _converted(case, base, limit.plus_unit)
    return _COMPARE[limit.sign](value, limit.times * against + limit.plus)


def _converted(case: _Case, value: float, unit: str) -> Fraction:
    found = convert_result(case.concept, value, case.unit, unit)
    if found is None:
        raise ValueError(f"{case.unit} does not convert to {unit}")  # _fits() has seen to it
    return exact_fraction(found)


def _in_unit(limits: tuple[Limit, ...], case: _Case) -> Limit:
    """Of one limit in several units, the one the result comes nearest to: CTCAE's rounded pairs are not equal."""
    unit = unit_of_result(case.concept, case.unit)
    direct = [limit for limit in limits if unit is not None and conversion(unit, limit.of) is not None]
    return (direct or list(limits))[0]


def _fits(term: Term, concept: Concept, unit: str) -> bool:
    """Whether a value in this unit can be held against every absolute threshold of a term."""
    needed = {
        limit.plus_unit or limit.of
        for grades in (term.grades, term.abnormal, term.under_circumstance)
        for condition in grades.values()
        for part in condition
        for limits in part
        for limit in limits
        if limit.plus_unit or limit.of not in _NAMES
    }
    return all(convert_result(concept, 1.0, unit, wanted) is not None for wanted in needed)


@lru_cache(maxsize=1)
def _concepts() -> dict[str, Concept]:
    return {concept.name: concept for concept in analytes()}


@lru_cache(maxsize=1)
def _data() -> dict[str, object]:
    path = resources.files("trialrun.vocabulary") / "data" / "ctcae_5_0.yaml"
    data: dict[str, object] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    return data


def source() -> str:
    """Where the thresholds come from."""
    return str(_data()["source"])


@lru_cache(maxsize=1)
def _terms() -> dict[str, Term]:
    rows = _data()["terms"]
    assert isinstance(rows, list)
    return {row["term"].casefold(): _term(row) for row in rows}


def _term(row: Mapping[str, object]) -> Term:
    words, abnormal, circumstance = (_numbered(row.get(name, {})) for name in ("grades", "abnormal", "with"))
    return Term(
        name=str(row["term"]),
        test=str(row["test"]),
        grades=_conditions(words),
        abnormal=_conditions(abnormal),
        circumstance=str(row.get("circumstance", "")),
        under_circumstance=_conditions(circumstance),
        clinical=_numbered(row.get("clinical", {})),
        words=words,
        abnormal_words=abnormal,
        circumstance_words=circumstance,
    )


def _numbered(block: object) -> dict[int, str]:
    assert isinstance(block, dict)
    return {int(number): str(words) for number, words in block.items()}


def _conditions(words: Mapping[int, str]) -> dict[int, Condition]:
    return {
        number: tuple(
            tuple(tuple(_limit(text) for text in same.split(" | ")) for same in part.split(" and "))
            for part in condition.split(" or ")
        )
        for number, condition in words.items()
    }


def _limit(text: str) -> Limit:
    match = _LIMIT.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is not a threshold")
    return Limit(match[1], Fraction(match[2] or "1"), match[3], Fraction(match[4] or "0"), match[5] or "")
