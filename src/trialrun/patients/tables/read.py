"""People of plain tables. Lines in any order: they are put together by person in a file beside, so that memory stays flat."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from trialrun.errors import InputError, did_you_mean, shortened
from trialrun.patients.fhir.node import clean
from trialrun.patients.person import DEATH_WITHOUT_DATE, Event, Person, Status
from trialrun.patients.report import ReadReport, Rejected, counted
from trialrun.patients.tables.cells import plain
from trialrun.patients.tables.headers import mapped_columns, own_map, plan
from trialrun.patients.tables.layout import FileMap
from trialrun.patients.tables.lines import header_and_lines, holds_lines
from trialrun.patients.tables.rows import Cells, Facts, Notes, add_facts, domain_of, event_of
from trialrun.vocabulary.concepts import Domain

_COUNTED = 200
_MOST_NAMED = 1_000
_LONGEST_ID = 200


def read_tables(
    path: Path,
    *,
    on: date | None = None,
    on_report: Callable[[ReadReport], None] | None = None,
    on_error: Callable[[InputError], None] | None = None,
) -> Iterator[Person]:
    """Everybody of a folder of tables, in the order in which they are first named.

    Args:
        path: A folder with `patients`, `events` and `coverage` as CSV, TSV or Parquet; or a folder, a file or the map
            itself where `columns.yaml` says what the columns are.
        on: A date after which rows are counted as future.
        on_report: Is given the account, once, when everybody was read.
        on_error: Is given the error of a person who cannot be used; then reading goes on. Without it reading stops there.

    Raises:
        InputError: a file or the map cannot be used, or a person cannot.
        MachineError: the machine does not give a file.
    """
    with _loaded(path) as loaded:
        total = ReadReport(on=on, future=None if on is None else 0)
        held: list[Person] = []
        for person_id in loaded.people():
            try:
                person = loaded.person(person_id)
            except InputError as error:
                if on_error is None:
                    raise
                loaded.rejected.add(error)
                on_error(error)
                continue
            held.append(person)
            if len(held) >= _COUNTED:
                total, held = total + counted(held, on), []
            yield person
        if on_report is not None:
            total = total + counted(held, on) if held else total
            on_report(total + loaded.report(on))


def find_table_person(path: Path, person_id: str) -> Person:
    """One person of a folder of tables, see `read_tables`.

    Raises:
        InputError: there is none of this id; the error names the nearest.
    """
    wanted = clean(person_id)
    with _loaded(path, wanted) as loaded:
        if wanted not in loaded.people():
            raise InputError(
                f"There is no person '{shortened(wanted)}' in '{path}'", hint=did_you_mean(wanted, loaded.named)
            )
        return loaded.person(wanted)


class _Loaded:
    """Lines put together by person."""

    def __init__(self, store: sqlite3.Connection) -> None:
        self.store = store
        self.maps: list[FileMap] = []
        self.columns: list[list[str]] = []
        self.notes = Notes()
        self.read: Counter[str] = Counter()
        self.rejected = Rejected()
        self.ignored: dict[str, int] = {}
        self.named: dict[str, None] = {}
        store.execute("create table line (id text, file integer, line integer, cells text)")

    def add(self, file: Path, given: FileMap | None, wanted: str | None) -> None:
        """Stores the lines of a file; where one person is wanted, of the others their ids alone."""
        lines = header_and_lines(file, given.separator if given is not None else "")
        _, header = next(lines)
        if given is None:
            one, columns = own_map(file, header)
            unread: list[str] = []
        else:
            one = given
            columns, unread = mapped_columns(one, header)
        number, place = len(self.maps), columns.index(one.person["id"])
        self.maps.append(one)
        self.columns.append(columns)
        self.store.executemany("insert into line values (?, ?, ?, ?)", self._kept(number, place, lines, wanted))
        self.ignored.update({f"{one.file}, column {name}": self.read[one.file] for name in unread})

    def _kept(
        self, number: int, place: int, lines: Iterator[tuple[int, list[str]]], wanted: str | None
    ) -> Iterator[tuple[str, int, int, str]]:
        one = self.maps[number]
        in_one_line = [self.columns[number].index(column) for column in one.in_one_line]
        for line, cells in lines:
            self.read[one.file] += 1
            person_id = clean(plain(cells[place]))
            if holds_lines(cells, len(cells) - 1) or any("\n" in cells[at] or "\r" in cells[at] for at in in_one_line):
                self.notes.lose(f"{one.file}:{line}", "a cell holds a line end: a quote that is not closed hides lines")
                continue
            if not person_id or len(person_id) > _LONGEST_ID:
                self.notes.lose(f"{one.file}:{line}", "whose row it is, is not said: the id is empty or too long")
                continue
            for column in (row.columns["domain"] for row in one.rows if "domain" in row.columns):
                word = plain(cells[self.columns[number].index(column)])
                if domain_of(word) is None and (one.rows[0].is_own or word):
                    self.notes.lose(
                        f"{one.file}:{line}", f"'{shortened(word)}' is no domain: what the row is, is not said"
                    )
            if len(self.named) < _MOST_NAMED:
                self.named[person_id] = None
            # Of the others the ids are kept alone: they say who there is, and whose rows are of nobody.
            yield person_id, number, line, json.dumps(cells) if wanted in (None, person_id) else ""

    def silent(self) -> frozenset[Domain]:
        """What no line of any file can be about; coverage says nothing of it."""
        rows = [row for one in self.maps for row in one.rows]
        if any("domain" in row.columns for row in rows):
            return frozenset()
        return frozenset(Domain).difference(domain_of(row.fixed["domain"]) for row in rows)

    def _told_silent(self) -> Iterator[str]:
        silent = self.silent()
        if silent and any(one.coverage for one in self.maps):
            about = "anything" if len(silent) == len(Domain) else ", ".join(sorted(domain.value for domain in silent))
            yield f"no file has rows of {about}, so no record is complete in them"

    def people(self) -> list[str]:
        """The ids, in the order in which they are first named; only files that say who there is make people."""
        makers = [number for number, one in enumerate(self.maps) if one.makes_people] or self._first_files()
        marks = ", ".join("?" * len(makers))
        rows = self.store.execute(
            f"select id from line where file in ({marks}) group by id order by min(rowid)", makers
        ).fetchall()
        return [row[0] for row in rows]

    def _first_files(self) -> list[int]:
        """Where no file has more of a person than the id: the one called patients, else all."""
        own = [number for number, one in enumerate(self.maps) if not one.rows and not one.coverage]
        return own or list(range(len(self.maps)))

    def person(self, person_id: str) -> Person:
        """Everything about one person.

        Raises:
            InputError: two lines say different things of them.
        """
        facts, events = Facts(), dict[str, Event]()
        rows = self.store.execute("select file, line, cells from line where id = ? order by rowid", (person_id,))
        for number, line, stored in rows:
            one = self.maps[number]
            cells = Cells(one, line, dict(zip(self.columns[number], json.loads(stored), strict=True)), self.notes)
            add_facts(facts, cells)
            for place, row in enumerate(one.rows):
                name = f"{one.file}:{line}" + (f".{place + 1}" if len(one.rows) > 1 else "")
                event = event_of(cells, row, name)
                if event is not None:
                    if event.id in events:  # an id given twice: both rows stay, and say so
                        event = replace(event, id=f"{event.id}#{name}")
                    events[event.id] = event
        said = facts.contradictions()
        if said:
            raise InputError(
                f"The person '{shortened(person_id)}' has {'; '.join(said)}", hint="Keep the one that is right."
            )
        silent = self.silent() | facts.silent if facts.coverage else frozenset()
        return _person(person_id, facts, events, silent, complete=not self.notes.lost_count)

    def settle(self) -> None:
        """Counts the rows of people whom no file names: an id that is mistyped may be anybody's.

        Coverage of a stranger takes nothing from anybody.
        """
        self.store.execute("create temp table known (id text primary key)")
        self.store.executemany("insert into known values (?)", ((one,) for one in self.people()))
        strangers = self.store.execute(
            "select file, count(*) from line where id not in (select id from known) group by file order by file"
        ).fetchall()
        for number, count in strangers:
            one = self.maps[number]
            note = self.notes.lose if one.rows else self.notes.problem
            note(one.file, f"{count:,} rows are of people who are not in the list")

    def report(self, on: date | None) -> ReadReport:
        """The part of the account that is not counted from the people."""
        silent = tuple(self._told_silent())
        return ReadReport(
            files=len(self.maps),
            rejected_people=self.rejected.people,
            rejections=tuple(self.rejected.reasons),
            read=dict(sorted(self.read.items())),
            ignored=dict(sorted(self.ignored.items())),
            problem_count=self.notes.count,
            problems=tuple(self.notes.problems),
            lost_count=self.notes.lost_count + len(silent),
            lost=(*silent, *self.notes.lost),
            on=on,
            future=None if on is None else 0,
        )


@contextmanager
def _loaded(path: Path, wanted: str | None = None) -> Iterator[_Loaded]:
    files = plan(path)
    with (
        tempfile.TemporaryDirectory(prefix="trialrun-tables-") as scratch,
        closing(sqlite3.connect(f"{scratch}/lines.sqlite", isolation_level=None)) as store,
    ):
        store.execute("pragma journal_mode = off")
        store.execute("pragma synchronous = off")
        store.execute("begin")
        loaded = _Loaded(store)
        for file, given in files:
            loaded.add(file, given, wanted)
        store.execute("create index by_person on line (id)")
        store.execute("commit")
        loaded.settle()
        yield loaded


def _person(
    person_id: str, facts: Facts, events: dict[str, Event], silent: frozenset[Domain], *, complete: bool
) -> Person:
    death = next(iter(facts.death), None)
    rows = tuple(events.values())
    if facts.dead_at and death is None:
        rows += (
            Event(
                "death", Domain.OBSERVATION, source_text=DEATH_WITHOUT_DATE, status=Status.COMPLETED,
                origin=facts.dead_at,
            ),
        )  # fmt: skip
    return Person(
        person_id,
        next(iter(facts.birth), None),
        next(iter(facts.sex), None),
        death,
        rows,
        tuple(facts.coverage) if complete else (),
        facts.origin or "",
        silent,
    )
