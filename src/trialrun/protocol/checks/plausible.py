"""The check of limits that no result can reach: a slip of the unit or of a decimal point."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trialrun.criteria.model import Atom, Comparison, Measured, Number, Pick, Range, atoms
from trialrun.protocol.checks.findings import Case, Check, Remark, Severity
from trialrun.vocabulary.analytes import convert_result, facts, plausible_range
from trialrun.vocabulary.concepts import Concept
from trialrun.vocabulary.terms import Vocabulary


def l63(case: Case) -> Iterator[Remark]:
    """A limit outside of what its test can be, or smaller than anything that the test can tell."""
    for item in case.file.rules.items.values():
        if item.criterion.rule is None:
            continue
        for atom in atoms(case.file.rules.rules[item.id]):
            for number, message in _wrong(atom, case.file.vocabulary):
                hint = "Is the unit right, and the decimal point?"
                path = (*item.path, "rule")
                start = _limit_place(case.file.source.words(path), number)
                yield Remark(path, f"{item.id}: {message}", hint=hint, start=start)


def _limit_place(words: str, number: float) -> int:
    """Where a limit stands in the words of a rule: behind a sign or between; the beginning where it is not found."""
    for found in re.finditer(r"(?:[<>=≥≤]|\bbetween\b|\band\b)\s*(-?\d[\d,]*(?:\.\d+)?)", words, re.IGNORECASE):
        if float(found[1].replace(",", "")) == number:
            return found.start(1)
    return 0


def _wrong(atom: Atom, vocabulary: Vocabulary) -> Iterator[tuple[float, str]]:
    if not (isinstance(atom, Comparison) and isinstance(atom.value, Measured) and atom.value.pick is not Pick.COUNT):
        return
    if not isinstance(atom.limit, Number | Range):
        return
    concept = vocabulary.get(atom.value.test)
    numbers = (atom.limit.value,) if isinstance(atom.limit, Number) else (atom.limit.low, atom.limit.high)
    for number in numbers:
        message = _out_of_reach(concept, number, atom.limit.unit)
        if message is not None:
            yield number, message


def _out_of_reach(concept: Concept, number: float, unit: str) -> str | None:
    bounds = plausible_range(concept.name)
    canonical = concept.measure.unit if concept.measure is not None else None
    if bounds is None or canonical is None:
        return None
    value = convert_result(concept, number, unit, canonical)
    if value is None:
        return None
    limit = f"the limit {number:.10g} {unit}".rstrip()
    label = "" if canonical.startswith("{") else f" {canonical}"
    if not bounds[0] <= value <= bounds[1]:
        said = f"{bounds[0]:.10g} to {bounds[1]:.10g}{label}"
        return f"{limit} lies outside what {concept.name} can be ({said})"
    finest = facts(concept.name).finest
    if finest is not None and 0 < abs(value) < finest * (1 - 1e-9):
        return f"{limit} is less than the smallest amount of {concept.name} that can be told ({finest:.10g}{label})"
    return None


_E2 = "eligibility:\n  exclude:\n    E2:\n      says: Anaemia, haemoglobin below {limit}\n      rule: latest hemoglobin < {limit}\n"

CHECKS = (
    Check(
        "L63",
        "A limit that no result can reach",
        Severity.WARNING,
        "A limit in the wrong unit lets everybody in, or nobody. The bounds of each test are assumed and generous "
        "(docs/analytes.md): the extremes of living adults lie within.",
        l63,
        fails=_E2.format(limit="90 g/dL") + "activities:\n  hemoglobin: screening\n",
        passes=_E2.format(limit="9 g/dL") + "activities:\n  hemoglobin: screening\n",
    ),
)
