"""Rows of a person's record, written compactly: what, when, and what else the row states.

When is `2026-05-25` for one day, `2026-01-10 to now` for what is recorded as going on, `2026-01-10 to ?` where the record
does not say until when, and empty for no date. Days may be months or years.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, time

from trialrun.patients.person import Event, Period, Status
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.units import ucum

_QUANTITY = re.compile(r"(?P<sign><=|>=|<|>)?\s*(?P<number>-?\d+(?:\.\d+)?)(?:\s+(?P<unit>.+))?")
WEEKLY = 1 / 7
_OFTEN = {WEEKLY: "once a week", 0.5: "every other day", 1.0: "once a day"}
_SYSTEMS = {"ICD-10-CM": "http://hl7.org/fhir/sid/icd-10-cm", "SNOMED": "http://snomed.info/sct"}


@dataclass(frozen=True)
class Row:
    """A row, and the words that show it."""

    event: Event
    words: str


def result(
    test: str, value: str = "", when: str = "", *, at: str = "", uln: float | None = None, lln: float | None = None
) -> Row:
    """A result: `result("ALT", "130 U/L", "2026-11-20", uln=40)`, `result("HIV antibody", "negative", …)`."""
    quantity = _QUANTITY.fullmatch(value)
    event = Event("", Domain.MEASUREMENT, source_text=test, time=time.fromisoformat(at) if at else None)
    if quantity is not None:
        unit = quantity["unit"] or ""
        event = replace(
            event,
            value=float(quantity["number"]),
            comparator=quantity["sign"] or "",
            unit_source=unit,
            unit=ucum(unit) or "",
            low=lln,
            high=uln,
        )
    else:
        event = replace(event, value_text=value)
    limits = [f"{name} {limit:g}" for name, limit in (("LLN", lln), ("ULN", uln)) if limit is not None]
    said = (value if value.startswith(test) else f"{test} {value}").rstrip() + ("" if value else " without a value")
    return _dated(event, f"{when} at {at}" if at else when, ", ".join([said, *limits]))


def drug(
    name: str, when: str = "", dose: str = "", *, times: float | None = 1.0, route: str = "", status: str = ""
) -> Row:
    """A drug: `drug("prednisone", "2026-01-10 to now", "5 mg", times=2, route="oral")`."""
    event = Event("", Domain.DRUG, source_text=name, route=route)
    said = [name]
    if dose:
        amount, _, unit = dose.partition(" ")
        event = replace(event, dose=float(amount), dose_unit=unit, per_day=times)
        said = [f"{name} {dose}", *([] if times is None else [_OFTEN.get(times, f"{times:g} a day")])]
    return _dated(event, when, ", ".join([*said, *([route] if route else [])]), status)


def diagnosis(name: str, when: str = "", *, code: str = "", status: str = "") -> Row:
    """A diagnosis: `diagnosis("breast cancer", "2019-04-01 to ?")`."""
    event = Event("", Domain.CONDITION, source_text=name)
    if code:
        system, _, number = code.partition(" ")
        event = replace(event, source_system=_SYSTEMS[system], source_code=number)
    return _dated(event, when, ", ".join(part for part in (name, code) if part), status)


def vaccine(name: str, when: str = "", *, status: str = "") -> Row:
    """A vaccination."""
    return _dated(Event("", Domain.IMMUNISATION, source_text=name), when, name, status)


def procedure(name: str, when: str = "", *, status: str = "") -> Row:
    """A procedure."""
    return _dated(Event("", Domain.PROCEDURE, source_text=name), when, name, status)


def visit(kind: str, when: str = "") -> Row:
    """A visit: `inpatient`, `emergency` or `outpatient`."""
    code = {"inpatient": "IMP", "emergency": "EMER", "outpatient": "AMB"}[kind]
    return _dated(Event("", Domain.VISIT, source_code=code), when, f"{kind} stay" if code == "IMP" else f"{kind} visit")


def allergy(name: str, when: str = "", *, status: str = "") -> Row:
    """An allergy."""
    return _dated(Event("", Domain.ALLERGY, source_text=name), when, f"allergy to {name}", status)


def periods(*words: str) -> tuple[Period, ...]:
    """Coverage: `periods("2016-01-01 to 2026-11-25")`."""
    edges = [word.split(" to ") for word in words]
    return tuple(Period(date.fromisoformat(first), date.fromisoformat(last)) for first, last in edges)


def _dated(event: Event, when: str, words: str, status: str = "") -> Row:
    """The row with its days; a status that is given goes before what "to now" says."""
    first, to, last = when.partition(" at ")[0].partition(" to ")
    lasts = event.domain in (Domain.DRUG, Domain.CONDITION, Domain.VISIT)
    end = last if last not in ("?", "now") else ""
    if not to and lasts:
        end = first
    dated = replace(
        event,
        start=PartialDate.parse(first) if first else None,
        end=PartialDate.parse(end) if end else None,
        status=Status(status) if status else Status.ACTIVE if last == "now" else Status.UNKNOWN,
    )
    return Row(dated, f"{when or 'no date'}: {words}" + (f" ({status})" if status else ""))
