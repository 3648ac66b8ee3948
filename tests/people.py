"""People for tables of cases: rows built by short words, and what the founding study says of them.

    case("E1", "infliximab exactly 6 months ago", "met", given("infliximab", "2026-05-24"))

A person is by default a woman born in 1960 whose record is said to be complete from 2000 to the screening date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time

from trialrun.criteria.meaning.case import Answered
from trialrun.criteria.meaning.days import Anchors
from trialrun.patients.person import Event, Period, Person, Sex, Status
from trialrun.protocol.load import ProtocolFile
from trialrun.screening.explanation import Explained, Explanation, explain
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.terms import shipped

ON = "2026-11-24"
"""The screening date of a case unless it names another; a Tuesday."""

WHOLE_RECORD = "2000-01-01"


def drug(
    name: str,
    since: str | None,
    until: str | None = None,
    *,
    dose: float | None = None,
    unit: str = "mg",
    per_day: float | None = 1,
    route: str = "oral",
    status: Status | None = None,
    code: tuple[str, str] = ("", ""),
) -> Event:
    """A prescription: still taken unless it names an end or another status."""
    return Event(
        "",
        Domain.DRUG,
        _day(since),
        _day(until),
        source_system=code[0],
        source_code=code[1],
        source_text=name,
        dose=dose,
        dose_unit=unit if dose is not None else "",
        per_day=per_day if dose is not None else None,
        route=route,
        status=status or (Status.COMPLETED if until else Status.ACTIVE),
    )


def given(name: str, on: str | None, *, route: str = "intravenous", dose: float | None = None) -> Event:
    """A drug given on one day."""
    return drug(name, on, on, dose=dose, route=route, status=Status.COMPLETED)


def lab(
    name: str,
    value: float | None,
    unit: str = "",
    *,
    on: str | None = "2026-11-20",
    high: float | None = None,
    sign: str = "",
    at: str = "",
    status: Status = Status.COMPLETED,
) -> Event:
    """A result that is a number."""
    return Event(
        "",
        Domain.MEASUREMENT,
        _day(on),
        time=time.fromisoformat(at) if at else None,
        source_text=name,
        value=value,
        comparator=sign,
        unit_source=unit,
        unit=unit,
        high=high,
        status=status,
    )


def result(name: str, words: str, on: str | None = "2026-11-20", status: Status = Status.COMPLETED) -> Event:
    """A result in words."""
    return Event("", Domain.MEASUREMENT, _day(on), source_text=name, value_text=words, status=status)


def diagnosis(
    what: str, since: str | None, until: str | None = None, status: Status | None = None, system: str = "ICD10CM"
) -> Event:
    """A diagnosis by a code with a digit (`M35.3`), else by words; ongoing unless it names an end or a status."""
    coded = any(letter.isdigit() for letter in what) and " " not in what
    return Event(
        "",
        Domain.CONDITION,
        _day(since),
        _day(until),
        source_system=system if coded else "",
        source_code=what if coded else "",
        source_text="" if coded else what,
        status=status or (Status.COMPLETED if until else Status.ACTIVE),
    )


def vaccine(name: str, on: str | None, *, cvx: str = "", status: Status = Status.COMPLETED) -> Event:
    """A vaccination."""
    system = "CVX" if cvx else ""
    return Event(
        "",
        Domain.IMMUNISATION,
        _day(on),
        _day(on),
        source_system=system,
        source_code=cvx,
        source_text=name,
        status=status,
    )


def procedure(name: str, on: str | None, status: Status = Status.COMPLETED) -> Event:
    """A procedure of one day."""
    return Event("", Domain.PROCEDURE, _day(on), _day(on), source_text=name, status=status)


def allergy(to: str, since: str | None = None, status: Status = Status.ACTIVE) -> Event:
    """An allergy."""
    return Event("", Domain.ALLERGY, _day(since), source_text=to, status=status)


def _day(written: str | None) -> PartialDate | None:
    return PartialDate.parse(written) if written else None


@dataclass(frozen=True, slots=True)
class Case:
    """A row of a table.

    Args:
        item: The criterion or part asked about.
        record: What the record says, in words.
        verdict: `met`, `not met` or `unknown`.
        reason: For unknown, what must be among its reasons.
        rows: The person's rows.
        birth, sex, covered, on, start, answers: As the person and the day are.
    """

    item: str
    record: str
    verdict: str
    reason: str
    rows: tuple[Event, ...]
    birth: str | None = "1960-05-17"
    sex: Sex | None = Sex.FEMALE
    covered: tuple[tuple[str, str], ...] = ()
    on: str = ON
    start: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.item}: {self.record} -> {self.verdict}"


def case(
    item: str,
    record: str,
    expected: str,
    *rows: Event,
    birth: str | None = "1960-05-17",
    sex: Sex | None = Sex.FEMALE,
    covered: tuple[tuple[str, str], ...] | None = None,
    on: str = ON,
    start: str | None = None,
    **answers: str,
) -> Case:
    """A row of a table; `expected` is `met`, `not met` or `unknown: REASON`; answers as `I2_2="yes"`.

    `covered` names the days over which the record is complete; by default all of them, `()` for none.
    """
    verdict, _, reason = expected.partition(": ")
    days = ((WHOLE_RECORD, on),) if covered is None else covered
    return Case(item, record, verdict, reason, rows, birth, sex, days, on, start, _items(answers))


def _items(answers: Mapping[str, str]) -> dict[str, str]:
    return {item.replace("_", "."): said for item, said in answers.items()}


def person_of(one: Case) -> Person:
    """The person a case tells of; rows are named in order, r1, r2, …"""
    rows = tuple(replace(row, id=f"r{number}") for number, row in enumerate(one.rows, 1))
    covered = tuple(Period(date.fromisoformat(start), date.fromisoformat(end)) for start, end in one.covered)
    return Person("p", _day(one.birth), one.sex, events=rows, coverage=covered)


def explained(one: Case, study: ProtocolFile) -> Explanation:
    """What the study says of a case."""
    truths = {"yes": True, "no": False, "unknown": None}
    answers = {item: Answered(truths[said], "Li Wei", one.on) for item, said in one.answers.items()}
    start = date.fromisoformat(one.start) if one.start else None
    anchors = Anchors.screening(date.fromisoformat(one.on), start)
    return explain(study, person_of(one), anchors, shipped(), answers)


def item_of(found: Explanation, name: str) -> Explained:
    """The criterion or part of that id."""
    return next(one for one in all_items(found.criteria) if one.id == name)


def all_items(criteria: Iterable[Explained]) -> Iterator[Explained]:
    """Every criterion and part."""
    for one in criteria:
        yield one
        yield from all_items(one.parts)


def check(one: Case, study: ProtocolFile) -> None:
    """Asserts that the study says what the case expects."""
    found = item_of(explained(one, study), one.item)
    told = [f"{gap.reason}: {gap.words}" for gap in found.finding.gaps]
    assert found.verdict.value == one.verdict, (found.rule, told, found.finding.notes, found.finding.assumed)
    if one.verdict == "unknown":
        assert one.reason, "an unknown of a table names its reason"
        assert one.reason in {gap.reason.value for gap in found.missing}, told
