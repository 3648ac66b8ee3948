"""What a reader read and what it did not: counts and sentences, for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from trialrun.patients.person import Event, Person
from trialrun.vocabulary.concepts import Domain

MAX_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ReadReport:
    """An account of one or several files.

    Args:
        files, people: How many.
        read: Resources by type that became rows or people.
        ignored: Resources by type that are not read, and why where the type alone does not say it.
        rows: Rows by domain.
        no_date, no_code, no_value, no_unit: Rows that lack it. A value is missed in measurements only.
        partial_dates: Rows whose start is a year or a month.
        future: Rows that start after `on`; None where no date was given.
        on: The date that *future* refers to.
        repeated: Resources listed twice with the same content, read once.
        duplicates: Rows that say the same as an earlier one (code, day, value); they are kept.
        codes_left_out: Codes beyond the two a row can carry.
        unresolved: References that lead nowhere.
        problem_count, problems: Everything that could not be read, and the first of it in words.
        lost: What could not be made into rows; while there is any, no coverage is claimed.
    """

    files: int = 0
    people: int = 0
    read: Mapping[str, int] = field(default_factory=dict)
    ignored: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    no_date: int = 0
    no_code: int = 0
    no_value: int = 0
    no_unit: int = 0
    partial_dates: int = 0
    future: int | None = None
    on: date | None = None
    repeated: int = 0
    duplicates: int = 0
    codes_left_out: int = 0
    unresolved: int = 0
    problem_count: int = 0
    problems: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    def __add__(self, other: ReadReport) -> ReadReport:
        """The account of both; dates must not differ.

        Raises:
            ValueError: the two count future rows from different dates.
        """
        if self.files and other.files and self.on != other.on:
            raise ValueError("two reports with different dates")
        summed: dict[str, object] = {}
        for entry in fields(self):
            one, two = getattr(self, entry.name), getattr(other, entry.name)
            if entry.name == "on" or one is None or two is None:
                summed[entry.name] = two if one is None else one
            elif isinstance(one, Mapping):
                summed[entry.name] = _sorted(Counter(one) + Counter(two))
            else:
                summed[entry.name] = one + two
        return ReadReport(**summed)  # type: ignore[arg-type]

    def as_json(self) -> dict[str, object]:
        """The account as JSON values, every field."""
        found: dict[str, object] = {}
        for entry in fields(self):
            value = getattr(self, entry.name)
            if isinstance(value, date):
                value = value.isoformat()
            elif isinstance(value, tuple):
                value = list(value)
            elif isinstance(value, Mapping):
                value = dict(value)
            found[entry.name] = value
        return found

    def in_words(self) -> str:
        """The account as lines of text; what is zero is left out."""
        lines = [f"{_count(self.people, 'person', 'people')} in {_count(self.files, 'file', 'files')}"]
        lines += [f"{label}: {_listed(counts)}" for label, counts in self._lists() if counts]
        lines += [f"{words}: {number:,}" for words, number in self._counts() if number]
        if self.lost:
            lines.append("Lost, so that no record counts as complete:")
            lines += _some(self.lost, len(self.lost))
        if self.problems:
            lines.append(f"Not understood ({self.problem_count:,}):")
            lines += _some(self.problems, self.problem_count)
        return "\n".join(lines)

    def _lists(self) -> tuple[tuple[str, Mapping[str, int]], ...]:
        return (("Read", self.read), ("Rows", self.rows), ("Not read", self.ignored))

    def _counts(self) -> tuple[tuple[str, int], ...]:
        return (
            ("Rows without a date", self.no_date),
            ("Rows with a year or a month only", self.partial_dates),
            (f"Rows after {self.on}", self.future or 0),
            ("Rows without a code", self.no_code),
            ("Measurements without a value", self.no_value),
            ("Numbers without a unit", self.no_unit),
            ("Rows that repeat an earlier one", self.duplicates),
            ("Resources listed twice", self.repeated),
            ("Codes left out (a row carries two)", self.codes_left_out),
            ("References that lead nowhere", self.unresolved),
        )


def counted(people: Iterable[Person], on: date | None = None) -> ReadReport:
    """The part of an account that can be counted from the people themselves."""
    rows: Counter[str] = Counter()
    number = no_date = no_code = no_value = no_unit = partial = future = duplicates = 0
    for person in people:
        number += 1
        seen: set[object] = set()
        for event in person.events:
            rows[event.domain.value] += 1
            no_date += event.start is None
            no_code += not event.source_code
            no_value += event.domain is Domain.MEASUREMENT and _empty(event)
            no_unit += event.value is not None and not event.unit_source
            partial += event.start is not None and event.start.day is None
            future += on is not None and event.start is not None and event.start.first > on
            key = _meaning(event)
            duplicates += key in seen
            seen.add(key)
    return ReadReport(
        people=number,
        rows=_sorted(rows),
        no_date=no_date,
        no_code=no_code,
        no_value=no_value,
        no_unit=no_unit,
        partial_dates=partial,
        future=None if on is None else future,
        on=on,
        duplicates=duplicates,
    )


def _empty(event: Event) -> bool:
    return event.value is None and not event.value_text and not event.value_code


def _meaning(event: Event) -> object:
    """What makes two rows the same: code, day, value."""
    code = event.std_code or event.source_code or event.source_text
    value = (event.value, event.comparator, event.value_text, event.unit_source, event.dose, event.per_day)
    return event.domain, code, event.start, value


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in counts.items())


def _some(sentences: tuple[str, ...], count: int) -> list[str]:
    shown = [f"  {sentence}" for sentence in sentences[:MAX_SHOWN]]
    return shown + ([f"  … and {count - len(shown):,} more"] if count > len(shown) else [])
