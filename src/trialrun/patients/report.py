"""What a reader read and what it did not: counts and sentences, for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from trialrun.errors import InputError
from trialrun.patients.mapping import Code, add_capped, code_of, is_mapped, most_frequent, unknown_unit
from trialrun.patients.person import Event, Person
from trialrun.vocabulary.concepts import Domain

MAX_SHOWN = 20
MAX_KEPT = 200
"""Sentences of each kind that a sum of accounts keeps; the others are counted."""

_CODES = ("unmapped_codes", "not_understood_codes")
_BY_FREQUENCY = (*_CODES, "unknown_units")


@dataclass(frozen=True, slots=True)
class ReadReport:
    """An account of one or several files.

    Args:
        files, people: How many were read.
        rejected_files, rejected_people: How many could not be used, or (a file of an export) not to their end.
        rejections: Why, in words, the first of them.
        read: Resources (or rows of a source) by type that became rows or people.
        ignored: Resources by type that are not read, and why where the type alone does not say it.
        rows: Rows by domain.
        mapped: Rows with a standard code.
        unmapped: Rows without one, visits apart.
        unmapped_codes: Their codes as found, the most frequent first.
        no_date, no_code, no_value, no_unit: Rows that lack it. A value is missed in measurements only.
        unknown_units: Units of numbers that nobody knows, as spelled, the most frequent first.
        partial_dates: Rows whose start is a year or a month.
        future: Rows that start after `on`; None where no date was given.
        on: The date that *future* refers to.
        meant: Rows that mean a term of a vocabulary; None where none was asked.
        not_understood: Rows whose codes and words tell no term and rule out none: rules take them as *unknown*.
        not_understood_codes: Their codes as found, the most frequent first.
        repeated: Resources listed twice with the same content, read once.
        duplicates: Rows that say the same as an earlier one (code, day, value); they are kept.
        codes_left_out: Codes beyond the two a row can carry.
        unresolved: References that lead nowhere.
        problem_count, problems: Everything that could not be read, and the first of it in words.
        lost_count, lost: What could not be made into rows, and the first of it in words. While there is any, no coverage
            is claimed for whom it may concern.
    """

    files: int = 0
    people: int = 0
    rejected_files: int = 0
    rejected_people: int = 0
    rejections: tuple[str, ...] = ()
    read: Mapping[str, int] = field(default_factory=dict)
    ignored: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    mapped: int = 0
    unmapped: int = 0
    unmapped_codes: Mapping[Code, int] = field(default_factory=dict)
    no_date: int = 0
    no_code: int = 0
    no_value: int = 0
    no_unit: int = 0
    unknown_units: Mapping[str, int] = field(default_factory=dict)
    partial_dates: int = 0
    future: int | None = None
    on: date | None = None
    meant: int | None = None
    not_understood: int = 0
    not_understood_codes: Mapping[Code, int] = field(default_factory=dict)
    repeated: int = 0
    duplicates: int = 0
    codes_left_out: int = 0
    unresolved: int = 0
    problem_count: int = 0
    problems: tuple[str, ...] = ()
    lost_count: int = 0
    lost: tuple[str, ...] = ()

    def __add__(self, other: ReadReport) -> ReadReport:
        """The account of both; see `RunningReport` for many.

        Raises:
            ValueError: the two count future rows from different dates.
        """
        both = RunningReport()
        both.add(self)
        both.add(other)
        return both.total()

    @property
    def row_count(self) -> int:
        """Rows of all domains."""
        return sum(self.rows.values())

    def shortfall(self) -> tuple[str, ...]:
        """A sentence where anything was rejected or lost: files and people apart, because they are counted apart."""
        parts = []
        if self.rejected_files:
            files = _count(self.rejected_files, "file", "files")
            parts.append(f"{files} could not be read, or not to the end; who could be read from there is counted")
        if self.rejected_people:
            be = "is" if self.rejected_people == 1 else "are"
            records = _count(self.rejected_people, "record of a person", "records of people")
            parts.append(f"{records} could not be used and {be} not counted")
        if self.lost_count:
            parts.append(
                f"{_count(self.lost_count, 'row', 'rows')} lost, so that those records do not count as complete"
            )
        return (f"Not everything was read: {'; '.join(parts)}.",) if parts else ()

    def as_json(self) -> dict[str, object]:
        """The account as JSON values, every field; codes as a list of system, code, text and count."""
        return {entry.name: _json(entry.name, getattr(self, entry.name)) for entry in fields(self)}

    def in_words(self) -> str:
        """The account as lines of text; what is zero is left out."""
        lines = [f"{_count(self.people, 'person', 'people')} in {_count(self.files, 'file', 'files')}"]
        lines += [f"{label}: {_listed(counts)}" for label, counts in self._lists() if counts]
        lines += [f"{words}: {number:,}" for words, number in self._counts() if number]
        for words, number, counts in self._codes():
            if counts:
                lines.append(f"{words} ({number:,}):")
                lines += _some([f"{count:,} × {_name(key)}" for key, count in counts.items()], len(counts))
        if self.rejections:
            lines.append(f"Rejected ({self._rejected()}):")
            lines += _some(self.rejections, self.rejected_files + self.rejected_people)
        if self.lost:
            lines.append("Lost, so that records do not count as complete:")
            lines += _some(self.lost, self.lost_count)
        if self.problems:
            lines.append(f"Not understood ({self.problem_count:,}):")
            lines += _some(self.problems, self.problem_count)
        return "\n".join(lines)

    def _lists(self) -> tuple[tuple[str, Mapping[str, int]], ...]:
        return (("Read", self.read), ("Rows", self.rows), ("Not read", self.ignored))

    def _counts(self) -> tuple[tuple[str, int], ...]:
        return (
            ("Rows with a standard code", self.mapped),
            ("Rows that mean a term of the vocabulary", self.meant or 0),
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

    def _codes(self) -> tuple[tuple[str, int, Mapping[Code, int] | Mapping[str, int]], ...]:
        return (
            ("Rows without a standard code", self.unmapped, self.unmapped_codes),
            ("Rows that no term can be read from or ruled out", self.not_understood, self.not_understood_codes),
            ("Numbers in units nobody knows", sum(self.unknown_units.values()), self.unknown_units),
        )

    def _rejected(self) -> str:
        parts = [(self.rejected_files, "file", "files"), (self.rejected_people, "person", "people")]
        return ", ".join(_count(*part) for part in parts if part[0])


@dataclass(slots=True)
class Rejected:
    """People who could not be used: how many, and why in words, the first of them."""

    people: int = 0
    reasons: list[str] = field(default_factory=list)

    def add(self, error: InputError) -> None:
        """Counts one."""
        self.people += 1
        if len(self.reasons) < MAX_KEPT:
            self.reasons.append(error.message)


class RunningReport:
    """A sum of accounts that costs the same for the last as for the first of a hundred thousand."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._maps: dict[str, Counter[Any]] = {}
        self._sentences: dict[str, list[str]] = {}
        self._on: date | None = None
        self._dated = False

    def add(self, report: ReadReport) -> None:
        """Takes in another account.

        Raises:
            ValueError: it counts future rows from another date than those before.
        """
        if report.files:
            if self._dated and self._on != report.on:
                raise ValueError("two reports with different dates")
            self._dated = True
        self._on = self._on or report.on
        for entry in fields(report):
            value = getattr(report, entry.name)
            if isinstance(value, int):
                self._counts[entry.name] += value
            elif isinstance(value, tuple):
                kept = self._sentences.setdefault(entry.name, [])
                kept += value[: max(0, MAX_KEPT - len(kept))]
            elif isinstance(value, Mapping) and value:
                counts = self._maps.setdefault(entry.name, Counter())
                for key, number in value.items():
                    add_capped(counts, key, number)

    def total(self) -> ReadReport:
        """The account of all that was added."""
        maps = {
            name: most_frequent(counts) if name in _BY_FREQUENCY else dict(sorted(counts.items()))
            for name, counts in self._maps.items()
        }
        sentences = {name: tuple(kept) for name, kept in self._sentences.items()}
        return ReadReport(**self._counts, **maps, **sentences, on=self._on)  # type: ignore[arg-type]


class PeopleCount:
    """Counts what can be counted from the people themselves, one after the other.

    Args:
        on: Rows that start after it are in the future.
    """

    def __init__(self, on: date | None = None) -> None:
        self._on = on
        self._counts: Counter[str] = Counter()
        self._rows: Counter[str] = Counter()
        self._unmapped: Counter[Code] = Counter()
        self._units: Counter[str] = Counter()

    def add(self, person: Person) -> None:
        """Takes in a person."""
        counts = self._counts
        counts["people"] += 1
        seen: set[object] = set()
        for event in person.events:
            start = event.start
            self._rows[event.domain.value] += 1
            counts["no_date"] += start is None
            counts["no_code"] += not event.source_code
            counts["no_value"] += event.domain is Domain.MEASUREMENT and _empty(event)
            counts["no_unit"] += event.value is not None and not event.unit_source
            counts["partial_dates"] += start is not None and start.day is None
            counts["future"] += self._on is not None and start is not None and start.first > self._on
            key = _meaning(event)
            counts["duplicates"] += key in seen
            seen.add(key)
            self._map(event)

    def _map(self, event: Event) -> None:
        if is_mapped(event):
            self._counts["mapped"] += bool(event.std_code)
        else:
            self._counts["unmapped"] += 1
            add_capped(self._unmapped, code_of(event))
        unit = unknown_unit(event)
        if unit:
            add_capped(self._units, unit)

    def report(self) -> ReadReport:
        """The account so far."""
        counts: dict[str, int | None] = {**self._counts, "future": None if self._on is None else self._counts["future"]}
        return ReadReport(
            **counts,  # type: ignore[arg-type]
            rows=dict(sorted(self._rows.items())),
            unmapped_codes=most_frequent(self._unmapped),
            unknown_units=most_frequent(self._units),
            on=self._on,
        )


def counted(people: Iterable[Person], on: date | None = None) -> ReadReport:
    """The part of an account that can be counted from the people themselves."""
    found = PeopleCount(on)
    for person in people:
        found.add(person)
    return found.report()


def _empty(event: Event) -> bool:
    return event.value is None and not event.value_text and not event.value_code


def _meaning(event: Event) -> object:
    """What makes two rows the same: code, day, value."""
    code = event.std_code or event.source_code or event.source_text
    value = (event.value, event.comparator, event.value_text, event.unit_source, event.dose, event.per_day)
    return event.domain, code, event.start, value


def _json(name: str, value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        if name in _CODES:
            return [{**key._asdict(), "count": number} for key, number in value.items()]
        return dict(value)
    return value


def _name(key: Code | str) -> str:
    return key.in_words() if isinstance(key, Code) else f"'{key}'"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in counts.items())


def _some(sentences: Iterable[str], count: int) -> list[str]:
    shown = [f"  {sentence}" for sentence in list(sentences)[:MAX_SHOWN]]
    return shown + ([f"  … and {count - len(shown):,} more"] if count > len(shown) else [])
