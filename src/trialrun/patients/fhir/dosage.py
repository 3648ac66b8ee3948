"""Dosage instructions: how much each time, how often a day, for how long, by which way.

Nothing is computed from the product's name, and nothing is guessed: as needed is not a frequency, and a range is not a dose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from trialrun.patients.fhir.codes import coded
from trialrun.patients.fhir.dates import NO_TIME, Span, bounds
from trialrun.patients.fhir.node import Node
from trialrun.patients.fhir.values import Value, quantity

_DAYS = {"s": 1 / 86_400, "min": 1 / 1_440, "h": 1 / 24, "d": 1.0, "wk": 7.0, "mo": 365.25 / 12, "a": 365.25}

_ABBREVIATIONS = {
    "QD": 1.0, "AM": 1.0, "PM": 1.0, "BED": 1.0, "BID": 2.0, "TID": 3.0, "QID": 4.0, "QOD": 0.5, "WK": 1 / 7,
    "MO": 12 / 365.25, "Q1H": 24.0, "Q2H": 12.0, "Q3H": 8.0, "Q4H": 6.0, "Q6H": 4.0, "Q8H": 3.0,
}  # fmt: skip
"""Codes of HL7 v3 GTSAbbreviation."""

_FORMS = (
    ("oral", r"oral|by mouth"),
    ("topical", r"topical|cutaneous"),
    ("ophthalmic", r"ophthalmic"),
    ("otic", r"otic"),
    ("nasal", r"nasal|intranasal"),
    ("inhalation", r"inhal\w*|metered dose inhaler|dry powder inhaler"),
    ("rectal", r"rectal"),
    ("vaginal", r"vaginal"),
    ("transdermal", r"transdermal"),
    ("sublingual", r"sublingual"),
    ("buccal", r"buccal"),
    ("subcutaneous", r"subcutaneous"),
    ("intravenous", r"intravenous"),
    ("intramuscular", r"intramuscular"),
    ("intra-articular", r"intra-?articular"),
)
_PATTERNS = tuple((route, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for route, words in _FORMS)


@dataclass(frozen=True, slots=True)
class Dosage:
    """One instruction; what it does not state is None or empty."""

    dose: float | None = None
    unit: str = ""
    per_day: float | None = None
    route: str = ""
    span: Span = NO_TIME
    days: float | None = None
    """For how many days, where that is stated instead of dates."""


NOTHING_STATED = Dosage()


def dosages(node: Node, key: str) -> tuple[Dosage, ...]:
    """The instructions of a prescription, one row each; never empty.

    Several instructions hold at the same time only where they say so (one sequence number) or each has its own dates; one
    after another without dates says nothing of any day, so that only what they share is kept.
    """
    nodes = list(node.nodes(key))
    found = tuple(dosage(item) for item in nodes)
    if len(found) < 2:
        return found or (NOTHING_STATED,)
    sequences = {item.number("sequence") for item in nodes}
    if len(sequences) == 1 or all(one.span.start for one in found):
        return found
    routes = {one.route for one in found}
    return (Dosage(route=routes.pop() if len(routes) == 1 else ""),)


def dosage(item: Node) -> Dosage:
    """One instruction."""
    amount = _amount(item)
    timing = item.node("timing")
    repeat = timing.node("repeat") if timing else None
    needed = item.flag("asNeededBoolean") or item.has("asNeededCodeableConcept")
    per_day = None if needed or timing is None else _per_day(timing, repeat)
    span = NO_TIME
    if repeat is not None and (period := repeat.node("boundsPeriod")) is not None:
        span = bounds(period, "boundsPeriod")
    dose, unit = dose_of(item, amount)
    return Dosage(dose, unit, per_day, coded(item, "route").text, span, _bound_days(repeat))


def dose_of(item: Node, amount: Value) -> tuple[float | None, str]:
    """A dose that can be one: not negative, not `less than`."""
    if amount.number is None or amount.comparator:
        return None, ""
    if amount.number < 0:
        item.notes.problem(item.path, f"a dose of {amount.number:g} is negative and is not kept")
        return None, ""
    return amount.number, amount.unit or amount.unit_source


def _amount(item: Node) -> Value:
    """The one amount stated; of several, the one that is ordered."""
    found: dict[Value, str] = {}
    for rate in item.nodes("doseAndRate"):
        amount = quantity(rate, "doseQuantity")
        if amount.number is not None or rate.has("doseRange"):
            found.setdefault(amount, coded(rate, "type").code)
    if len(found) > 1:
        found = {amount: kind for amount, kind in found.items() if kind == "ordered"}
    return next(iter(found)) if len(found) == 1 else Value()


def _per_day(timing: Node, repeat: Node | None) -> float | None:
    """Times a day; None where it is not one number."""
    if repeat is None:
        return _ABBREVIATIONS.get(coded(timing, "code").code.upper())
    if repeat.has("frequencyMax") or repeat.has("periodMax"):
        return None
    frequency, period = repeat.number("frequency"), repeat.number("period")
    days = len(set(repeat.texts("dayOfWeek")))
    times = max(len(set(repeat.texts("timeOfDay"))), len(set(repeat.texts("when"))))
    if period is None:
        if frequency is not None:
            return None
        named = (times or 1) * ((days or 7) / 7)
        return named if times or days else _ABBREVIATIONS.get(coded(timing, "code").code.upper())
    unit = repeat.text("periodUnit")
    if unit not in _DAYS or period <= 0 or (frequency is not None and frequency <= 0):
        repeat.notes.problem(repeat.path, "a frequency that is none; how often is not known")
        return None
    daily = (1.0 if frequency is None else frequency) / (period * _DAYS[unit])
    if times > 1 and times != frequency:
        return None
    # Days of the week narrow "once a day" down; beside "once a week" they only name the day.
    return daily * days / 7 if days and unit == "d" and period == 1 else daily


def _bound_days(repeat: Node | None) -> float | None:
    if repeat is None:
        return None
    duration = quantity(repeat, "boundsDuration")
    unit = {"day": "d", "days": "d", "week": "wk", "weeks": "wk"}.get(duration.unit_source, duration.unit)
    if duration.number is None or duration.comparator or unit not in ("d", "wk") or duration.number < 1:
        return None
    return min(duration.number * _DAYS[unit], 36_525.0)


def route_in(text: str) -> str:
    """The way a product's form states ("Oral Tablet"); empty where it states none ("Injection") or several."""
    found = [route for route, pattern in _PATTERNS if pattern.search(text)]
    return found[0] if len(found) == 1 else ""
