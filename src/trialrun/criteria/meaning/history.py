"""A person's rows, read by the vocabulary and sorted by what they are about: what the evaluator looks at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from trialrun.criteria.meaning.days import EARLIEST, LATEST
from trialrun.criteria.meaning.finding import Gap, Reason
from trialrun.criteria.model import Term, Terms
from trialrun.criteria.truth import Truth, all_of, any_of, opposite
from trialrun.patients.person import Event, Person, Status
from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.routes import covers

if TYPE_CHECKING:
    from trialrun.vocabulary.calendar import PartialDate
    from trialrun.vocabulary.terms import Vocabulary

_ENTRY = ("id", "origin")
"""Fields in which two entries of one fact may differ."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row with what it means.

    Args:
        event: The row itself.
        names: Every term it means.
        leaves: Those that are single drugs.
        understood: Whether it can be ruled out of a set it is not in.
        start, end: Earliest and latest possible day of its beginning and its end.
        could: Terms it may mean as well, where it names a class and no more: "biologic" may be rituximab.
        copies: Further entries that say exactly the same: the same once more, or the same entry twice.
    """

    event: Event
    names: frozenset[str]
    leaves: tuple[str, ...]
    understood: bool
    start: tuple[date, date]
    end: tuple[date, date]
    could: frozenset[str] = frozenset()
    copies: int = 0

    @property
    def id(self) -> str:
        """The row's id."""
        return self.event.id

    def means(self, terms: Terms) -> Truth:
        """Whether the row is of some terms; unknown where the route is asked for and not stated, or the kind is not."""
        return all_of((any_of(map(self._is, terms.any_of)), opposite(any_of(map(self._is, terms.but)))))

    def names_any(self, terms: Terms) -> bool:
        """Whether the row says it is of one of some terms, and does not only leave it open ("biologic": rituximab?)."""
        return any(term.name in self.names for term in terms.any_of)

    def _is(self, term: Term) -> Truth:
        named = True if term.name in self.names else None if term.name in self.could else False
        return all_of((named, covers(term.route, self.event.route))) if named is not False else False

    def name(self) -> str:
        """What to call it: the drug or term, else the words found."""
        return self.leaves[0] if self.leaves else self.event.source_text or self.event.source_code or self.event.id


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that is not looked at, and why."""

    row: str
    why: str


@dataclass(frozen=True)
class History:
    """What is known of a person on a day.

    Args:
        person: The person.
        on: The screening date; later rows are set aside.
        vocabulary: What reads codes and words.
    """

    person: Person
    on: date
    vocabulary: Vocabulary
    _cache: dict[tuple[Domain, ...], tuple[Row, ...]] = field(default_factory=dict, repr=False, compare=False)

    def rows(self, *domains: Domain) -> tuple[Row, ...]:
        """The rows of some domains that count, oldest first."""
        if domains not in self._cache:
            wanted = set(domains)
            self._cache[domains] = tuple(row for row in self._counting if row.event.domain in wanted)
        return self._cache[domains]

    def results(self, test: str) -> list[Row]:
        """The rows that are results of a test, and those nobody can read, oldest first."""
        return self._results.get(test, self._results[""])

    @cached_property
    def _results(self) -> dict[str, list[Row]]:
        """Test → its rows with the unread ones; the unread ones alone under no name."""
        rows = self.rows(Domain.MEASUREMENT, Domain.OBSERVATION)
        found: dict[str, list[Row]] = {name: [] for row in rows for name in row.names}
        found[""] = []
        for row in rows:
            for name in row.names or (found if not row.understood else ()):
                found[name].append(row)
        return found

    @cached_property
    def set_aside(self) -> tuple[SetAside, ...]:
        """The rows that are not looked at."""
        return tuple(self._sorted_out[1])

    @property
    def _counting(self) -> tuple[Row, ...]:
        return self._sorted_out[0]

    @cached_property
    def _sorted_out(self) -> tuple[tuple[Row, ...], tuple[SetAside, ...]]:
        entries: dict[tuple[object, ...], list[Event]] = {}
        aside: list[SetAside] = []
        for event in sorted(self.person.events, key=lambda item: item.id):
            why = self._why_aside(event)
            if why:
                aside.append(SetAside(event.id, why))
                continue
            same = entries.setdefault(_facts_of(event), [])
            same.append(event)
            if len(same) > 1:
                aside.append(SetAside(event.id, f"the same as {same[0].id}"))
        rows = [self._row(event, len(copies)) for event, *copies in entries.values()]
        return tuple(sorted(rows, key=lambda row: (row.start, row.id))), tuple(aside)

    def _why_aside(self, event: Event) -> str:
        if not event.status.counts:
            return f"its status is '{event.status.value}'"
        if event.start is not None and event.start.first > self.on:
            return f"dated {event.start}, after {self.on}"
        return ""

    def _row(self, event: Event, copies: int) -> Row:
        codings = ((event.std_system, event.std_code), (event.source_system, event.source_code))
        reading = self.vocabulary.read(event.domain, tuple(pair for pair in codings if pair[1]), event.words)
        start = _bounds(event.start) or (EARLIEST, LATEST)
        return Row(
            event, reading.names, reading.leaves, reading.understood, start, _end(event, start), reading.could, copies
        )

    def is_covered(self, low: date, high: date, domains: Iterable[Domain]) -> bool:
        """Whether the record is said to be complete from low to high; before birth there is nothing to record.

        Args:
            low, high: The days.
            domains: What the record must be complete of; never of those for which its source has no table.
        """
        if not self.person.silent.isdisjoint(domains):
            return False
        birth = self.person.birth
        reached = low if birth is None or self._precedes(birth.first) else max(low, birth.first)
        for period in sorted(self.person.coverage, key=lambda item: item.start):
            if period.start <= reached <= period.end:
                if period.end >= high:
                    return True
                reached = date.fromordinal(period.end.toordinal() + 1)
        return False

    def _precedes(self, day: date) -> bool:
        """Whether something recorded ended before a day; a birth date that comes later is wrong."""
        return any(row.end[1] < day for row in self._counting)


_facts_of = attrgetter(*(item.name for item in fields(Event) if item.name not in _ENTRY))


def of_terms(rows: Iterable[Row], terms: Terms) -> Iterator[tuple[Row, Truth]]:
    """The rows that are, or may be, of some terms."""
    for row in rows:
        truth = row.means(terms)
        if truth is not False:
            yield row, truth


def unsure_what(row: Row) -> Gap:
    """What is missing where a row may be of some terms."""
    if row.could:
        return Gap(Reason.NO_KIND, f"which {row.name()} it is, is not stated", row.id)
    return Gap(Reason.NO_ROUTE, f"the route of {row.name()} is not stated", row.id)


def _bounds(when: PartialDate | None) -> tuple[date, date] | None:
    return None if when is None else (when.first, when.last)


def _end(event: Event, start: tuple[date, date]) -> tuple[date, date]:
    """When a row ended: as stated; lasting where it is active; some day from its start on where nobody says.

    An end before the start is a slip of the record, and says nothing.
    """
    stated = _bounds(event.end)
    if stated is not None and stated[1] >= start[0]:
        return stated
    if event.status is Status.ACTIVE and event.end is None:
        return LATEST, LATEST
    return start[0], LATEST
