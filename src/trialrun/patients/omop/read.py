"""People of OMOP tables, one at a time in the order of their ids; and one person alone.

A person's id is `person_id`, the only key every table shares, as text. `find_omop_person` also takes the id of the source
(`person_source_value`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialrun.errors import InputError, shortened
from trialrun.patients.omop import cdm, queries
from trialrun.patients.omop import columns as c
from trialrun.patients.omop.cdm import EVENT_TABLES, EventTable
from trialrun.patients.omop.codes import Coder
from trialrun.patients.omop.concepts import concepts_of
from trialrun.patients.omop.conventions import Conventions, conventions_of
from trialrun.patients.omop.people import facts_of, person_of
from trialrun.patients.omop.rows import Notes, RowReader
from trialrun.patients.omop.source import Source, opened_source
from trialrun.patients.omop.strengths import strengths_of
from trialrun.patients.person import Event, Person
from trialrun.patients.report import ReadReport, Rejected, counted
from trialrun.vocabulary.concepts import Domain

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FETCHED = 2_000
"""Rows of a table held at a time."""
_COUNTED = 200
"""People counted together for the account."""
_FORMS = ("person_id:", "person_source_value:")

Row = tuple[Any, ...]


def read_omop(
    path: Path,
    *,
    on: date | None = None,
    on_report: Callable[[ReadReport], None] | None = None,
    on_error: Callable[[InputError], None] | None = None,
) -> Iterator[Person]:
    """Everybody of OMOP tables, in the order of `person_id`.

    Args:
        path: A folder of Parquet, CSV or TSV files named like the tables, or a DuckDB file.
        on: A date after which rows are counted as future.
        on_report: Is given the account, once, when everybody was read.
        on_error: Is given the error of a person who cannot be used; then reading goes on. Without it reading stops there.

    Raises:
        InputError: there are no such tables, one cannot be read, or a person cannot be used.
        MachineError: the machine does not give them.
    """
    with opened_source(path) as source:
        yield from _Reading(source, on).people(on_report, on_error)


def find_omop_person(path: Path, person_id: str) -> Person:
    """One person, by reading their rows only.

    Args:
        path: As in `read_omop`.
        person_id: `person_id` or `person_source_value`. Where a word is the one of one person and the other of another,
            it must be written `person_id:7` or `person_source_value:7`.

    Raises:
        InputError: there is no such person, several, or the tables cannot be read.
    """
    with opened_source(path) as source:
        wanted = _wanted(source, person_id.strip())
        return _Reading(source, None, wanted).only()


class _Reading:
    """One pass over the tables: what holds for all of them, and the streams of rows."""

    def __init__(self, source: Source, on: date | None, wanted: int | None = None) -> None:
        self.source, self.on, self.wanted = source, on, wanted
        self.specs = [spec for spec in EVENT_TABLES if spec.name in source.tables and not self._stood_in(spec)]
        conventions = conventions_of(source)
        self.notes = Notes()
        concepts, self.twice = concepts_of(source, wanted)
        coder = Coder(concepts, conventions.systems)
        self.rows = RowReader(coder, conventions, strengths_of(source), self.notes)
        self.strangers: dict[str, int] = {}
        self.incomplete = [*source.lost, *self._without_person()]
        self.lost = [*self.incomplete, *self._absent()]
        # The model has no table of allergies.
        self.silent = frozenset(Domain).difference(*(spec.domains for spec in self.specs))
        self.read: Counter[str] = Counter()
        self.rejected = Rejected()

    @property
    def conventions(self) -> Conventions:
        return self.rows.conventions

    def _stood_in(self, spec: EventTable) -> bool:
        """Whether a table of eras is not needed, because what it was derived from is there and has rows."""
        if not spec.instead_of:
            return False
        whole = next(other for other in EVENT_TABLES if other.domain is spec.domain and not other.instead_of)
        table = self.source.tables.get(whole.name)
        return table is not None and self._size(table.relation) > 0

    def _without_person(self) -> Iterator[str]:
        """Rows that may be anybody's: of nobody, or of somebody who is not in person (an id that was cut or mistyped).

        A period of a stranger takes nothing from anybody: it says no more than that others' records are complete.
        """
        people = self.source.tables["person"]
        known = f"select {c.whole(people, 'person_id')} as id from {people.relation} where id is not null"
        small = (name for name in cdm.PEOPLE_TABLES if name in self.source.tables)
        for name in (*small, *(spec.name for spec in self.specs)):
            table = self.source.tables[name]
            nobody, strange = self._two(
                f"with ids as (select {c.whole(table, 'person_id')} as id, count(*) as rows from {table.relation} "
                f"group by 1), known as ({known}) select coalesce(sum(rows) filter (id is null), 0), "
                "coalesce(sum(rows) filter (id is not null and id not in (from known)), 0) from ids"
            )
            if nobody:
                yield f"{table.file}: {nobody:,} rows have no person_id that is a whole number"
            if strange:
                self.strangers[name] = strange
                if name != "observation_period":
                    yield f"{table.file}: {strange:,} rows are of people who are not in person"

    def _two(self, query: str) -> tuple[int, int]:
        row = self.source.connection.execute(query).fetchone()
        return (int(row[0]), int(row[1])) if row is not None else (0, 0)

    def _absent(self) -> Iterator[str]:
        """Tables that are not there at all, where periods say that records are complete."""
        periods = self.source.tables.get("observation_period")
        if periods is None or not self._size(periods.relation):
            return
        read = {spec.domain for spec in self.specs}
        for spec in EVENT_TABLES:
            if not spec.instead_of and spec.domain not in read and spec.domain is not Domain.DEVICE:  # no rule asks
                about = " and ".join(sorted(domain.value for domain in spec.domains))
                yield f"{spec.name}: there is no such table, so no record is complete in rows of {about}"

    def people(
        self, on_report: Callable[[ReadReport], None] | None, on_error: Callable[[InputError], None] | None
    ) -> Iterator[Person]:
        total = ReadReport(on=self.on, future=None if self.on is None else 0)
        held: list[Person] = []
        for found in self._each():
            if isinstance(found, InputError):
                if on_error is None:
                    raise found
                self.rejected.add(found)
                on_error(found)
                continue
            held.append(found)
            if len(held) >= _COUNTED:
                total, held = _with(total, held, self.on), []
            yield found
        if on_report is not None:
            on_report(self._report(_with(total, held, self.on)))

    def only(self) -> Person:
        found = next(self._each())
        if isinstance(found, InputError):
            raise found
        return found

    def _each(self) -> Iterator[Person | InputError]:
        tables, wanted = self.source.tables, self.wanted
        people = _Stream(self._cursor(queries.person_query(tables["person"], None if wanted is None else (wanted,))))
        deaths, periods = (
            _Stream(self._cursor(query(tables[name], wanted)) if name in tables else None)
            for name, query in (("death", queries.death_query), ("observation_period", queries.period_query))
        )
        events = [
            (spec, tables[spec.name].file, _Stream(self._cursor(queries.events_query(spec, tables[spec.name], wanted))))
            for spec in self.specs
        ]
        while (person_id := people.next_person()) is not None:
            rows = people.take(person_id)
            dead, covered = deaths.take(person_id), periods.take(person_id)
            taken = [(spec, file, stream.take(person_id)) for spec, file, stream in events]
            try:
                facts = facts_of(rows, dead, covered, self.conventions, self.notes)
            except InputError as error:
                yield error
                continue
            self.read["person"] += 1
            self.read.update({"death": len(dead), "observation_period": len(covered)})
            self.read.update({spec.name: len(found) for spec, _, found in taken})
            yield person_of(
                person_id,
                facts,
                self._events(taken),
                self.source.name,
                complete=not self.incomplete,
                silent=self.silent,
            )

    def _events(self, taken: list[tuple[EventTable, str, list[Row]]]) -> list[Event]:
        events: list[Event] = []
        for spec, file, rows in taken:
            ids: set[str] = set()
            for number, row in enumerate(rows, 1):
                event = self.rows.event(spec, file, row, number)
                if event.id in ids:  # an id given twice: both rows stay, and say so
                    event = replace(event, id=f"{event.id}#{number}")
                ids.add(event.id)
                events.append(event)
        return events

    def _cursor(self, query: str) -> DuckDBPyConnection:
        return self.source.connection.cursor().execute(query)

    def _report(self, counts: ReadReport) -> ReadReport:
        told = [*self.conventions.told, *self.twice, *self._eras(), *self._strangers()]
        if "concept" not in self.source.tables:
            told.append("no concept table: a concept is known only where a term names its id, or by its source code")
        if self.notes.ends_left_out:
            told.append(f"{self.notes.ends_left_out:,} ends of drugs were filled in by a program and are left empty")
        known = ReadReport(
            files=len(self.source.tables),
            read=dict(sorted((name, number) for name, number in self.read.items() if number)),
            ignored=dict(sorted(self._ignored())),
            codes_left_out=self.notes.left_out,
            problem_count=self.notes.count + len(told),
            problems=(*told, *self.notes.problems),
            rejected_people=self.rejected.people,
            rejections=tuple(self.rejected.reasons),
            lost_count=len(self.lost),
            lost=tuple(self.lost),
            on=self.on,
            future=None if self.on is None else 0,
        )
        return counts + known

    def _eras(self) -> Iterator[str]:
        for spec in self.specs:
            if spec.instead_of:
                made = "put together by a program, and their ends are not when something ended"
                if spec.domain is Domain.DRUG:
                    made = "put together by a program from what was dispensed"
                file = self.source.tables[spec.name].file
                yield f"{file}: read instead of {spec.instead_of}, which is absent or empty; eras are {made}"

    def _strangers(self) -> Iterator[str]:
        number = self.strangers.get("observation_period")
        if number:
            file = self.source.tables["observation_period"].file
            yield f"{file}: {number:,} rows are of people who are not in person"

    def _ignored(self) -> Iterator[tuple[str, int]]:
        for spec in EVENT_TABLES:
            if spec.name in self.source.tables and spec not in self.specs:
                yield spec.name, self._size(self.source.tables[spec.name].relation)
        for name, relation in self.source.others.items():
            yield name, self._size(relation)

    def _size(self, relation: str) -> int:
        row = self.source.connection.execute(f"select count(*) from {relation}").fetchone()
        return int(row[0]) if row is not None else 0


class _Stream:
    """Rows of a table in the order of persons, a few at a time."""

    def __init__(self, cursor: DuckDBPyConnection | None) -> None:
        self._cursor = cursor
        self._rows: list[Row] = []
        self._at = 0

    def _more(self) -> bool:
        """Whether there is a row at hand."""
        if self._at < len(self._rows):
            return True
        self._rows = [] if self._cursor is None else self._cursor.fetchmany(_FETCHED)
        self._at = 0
        if not self._rows:
            self._cursor = None
        return bool(self._rows)

    def next_person(self) -> int | None:
        """The person of the next row; None at the end."""
        return int(self._rows[self._at][0]) if self._more() else None

    def take(self, person_id: int) -> list[Row]:
        """The rows of a person; those of people before them are passed over."""
        found: list[Row] = []
        while self._more():
            row = self._rows[self._at]
            if row[0] > person_id:
                break
            if row[0] == person_id:
                found.append(row)
            self._at += 1
        return found


def _with(total: ReadReport, people: list[Person], on: date | None) -> ReadReport:
    return total + counted(people, on) if people else total


def _wanted(source: Source, words: str) -> int:
    """The `person_id` that a word means.

    Raises:
        InputError: nobody, or several.
    """
    people = source.tables["person"]
    form = next((form for form in _FORMS if words.startswith(form)), "")
    word = words.removeprefix(form).strip()
    by_id: set[int] = set()
    if form != _FORMS[1] and word.isascii() and word.isdigit() and len(word) <= 18:
        query = queries.person_query(people, (int(word),))
        by_id = {row[0] for row in source.connection.execute(query).fetchall()}
    by_source: set[int] = set()
    if form != _FORMS[0]:
        query = queries.ids_by_source_value(people, word)
        by_source = {row[0] for row in source.connection.execute(query).fetchall()}
    found = by_id | by_source
    if not found:
        raise InputError(f"There is no person '{shortened(word)}' in '{source.name}'", hint=_known_ids(source))
    if len(found) > 1:
        raise InputError(
            f"'{shortened(word)}' is the id of {len(found)} persons: person_id {', '.join(map(str, sorted(found)[:5]))}",
            hint=f"Write {_FORMS[0]}{min(found)} for one of them.",
        )
    return found.pop()


def _known_ids(source: Source) -> str | None:
    people = source.tables["person"]
    key = c.whole(people, "person_id")
    row = source.connection.execute(f"select count(*), min({key}), max({key}) from {people.relation}").fetchone()
    if row is None or row[1] is None:
        return None
    return (
        f"There are {row[0]:,} persons, with person_id from {row[1]} to {row[2]}; person_source_value can be given too."
    )
