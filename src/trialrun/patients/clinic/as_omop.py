"""Made-up people as OMOP CDM 5.4 tables in Parquet, written through DuckDB with little memory.

Standard concepts are those the project's terms know (ingredients of drugs, sex, kind of visit); everything else has concept
0 and its source code, which a local concept (numbers from 2,000,000,000 on, as OMOP reserves them) names with its
vocabulary. A drug with a stated dose is a local product with a row in DRUG_STRENGTH, because OMOP has no place for a dose:
quantity is the number of doses, and a treatment that goes on is supplied up to the day of the record.

What OMOP cannot say is lost here and only here: rows whose date is a year or a month have no date (a first day of it would be
an answer nobody gave), rows entered in error are left out, and what is still going on ends on the day of the record. The
model wants a start date in each row; NULL breaks that rule on purpose, and no reader can take it for a day.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialrun.errors import MachineError
from trialrun.patients.clinic.omop_concepts import Concepts
from trialrun.patients.clinic.omop_layout import LAYOUT
from trialrun.patients.person import Event, Person, Sex, Status
from trialrun.vocabulary.concepts import Domain

if TYPE_CHECKING:
    import duckdb

_BATCH = 500
_ROWS_A_PERSON = 10_000
"""Room for the rows of one person in the numbers of rows, so that any slice of people has the numbers it always has."""
_MEMORY = "256MB"
_SEXES = {Sex.MALE: 8507, Sex.FEMALE: 8532}
_VISITS = {"IMP": 9201, "AMB": 9202}
_NOTE = "MADE UP by trialrun clinic: no such persons exist"
_TABLES = {
    Domain.CONDITION: "condition_occurrence",
    Domain.DRUG: "drug_exposure",
    Domain.IMMUNISATION: "drug_exposure",
    Domain.MEASUREMENT: "measurement",
    Domain.PROCEDURE: "procedure_occurrence",
    Domain.OBSERVATION: "observation",
    Domain.ALLERGY: "observation",
    Domain.VISIT: "visit_occurrence",
}


def write_omop(folder: Path, people: Iterable[Person], on: date, seed: str) -> dict[str, int]:
    """Writes the tables of people into a folder.

    Returns:
        Rows of each table.

    Raises:
        MachineError: DuckDB cannot write, for want of space or memory.
    """
    import duckdb

    work = folder / "work"
    work.mkdir()
    try:
        with duckdb.connect(str(work / "rows.duckdb")) as connection:
            connection.execute(f"set memory_limit='{_MEMORY}'")
            connection.execute("set threads=1")
            connection.execute("set preserve_insertion_order=true")
            connection.execute(f"set temp_directory={_quoted(work / 'spill')}")
            tables = _Tables(connection, work)
            for person in people:
                tables.add(person, on)
            tables.end(on, seed)
            for name in LAYOUT:
                _copy(connection, name, folder / f"{name}.parquet")
    except duckdb.Error as error:
        raise MachineError(f"the tables cannot be written: {str(error).splitlines()[0]}") from None
    for left in sorted(work.rglob("*"), reverse=True):
        left.rmdir() if left.is_dir() else left.unlink()
    work.rmdir()
    return {name: tables.counts[name] for name in LAYOUT if tables.counts[name]}


def _copy(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    connection.execute(
        f"copy (select * from {name}) to {_quoted(path)} "
        f"(format parquet, compression zstd, kv_metadata {{made_up: '{_NOTE}'}})"
    )


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


class _Tables:
    """Rows on their way into the database: through CSV files of some hundred people, so that memory stays flat."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, work: Path) -> None:
        self._connection, self._work = connection, work
        self._rows: dict[str, list[Sequence[Any]]] = {name: [] for name in LAYOUT}
        self._people = 0
        self.counts: Counter[str] = Counter()
        self.concepts = Concepts()
        for name, columns in LAYOUT.items():
            connection.execute(f"create table {name} ({', '.join(f'{column} {kind}' for column, kind in columns)})")

    def add(self, person: Person, on: date) -> None:
        """Adds everything of a person."""
        number = int(person.id.rpartition("-")[2])
        made = _PersonRows(person, number, on, self.concepts)
        for name, row in made.rows():
            self._rows[name].append(row)
        self._people += 1
        if self._people % _BATCH == 0:
            self._store()

    def end(self, on: date, seed: str) -> None:
        """Adds the tables that are about all people."""
        self._rows["concept"] += self.concepts.rows()
        self._rows["drug_strength"] += self.concepts.strengths()
        about = (
            "MADE UP PEOPLE, trialrun virtual clinic", "made up", "nobody", f"{_NOTE}. Seed: {seed}", None, None,
            on, on, "5.4", 0, "local concepts of trialrun clinic",
        )  # fmt: skip
        self._rows["cdm_source"].append(about)
        self._store()

    def _store(self) -> None:
        for name, rows in self._rows.items():
            if not rows:
                continue
            path = self._work / f"{name}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
            columns = ", ".join(f"'{column}': '{kind}'" for column, kind in LAYOUT[name])
            self._connection.execute(
                f"insert into {name} select * from read_csv({_quoted(path)}, header=false, auto_detect=false, "
                f"delim=',', quote='\"', escape='\"', nullstr='', columns={{{columns}}})"
            )
            path.unlink()
            self.counts[name] += len(rows)
            rows.clear()


class _PersonRows:
    """The rows of one person, table by table."""

    def __init__(self, person: Person, number: int, on: date, concepts: Concepts) -> None:
        self._person, self._number, self._on, self._concepts = person, number, on, concepts
        self._made = 0

    def rows(self) -> Iterable[tuple[str, Sequence[Any]]]:
        """(table, row) in the order of the record."""
        person = self._person
        yield "person", self._who()
        for period in person.coverage:
            yield "observation_period", (self._next(), self._number, period.start, period.end, 0)
        if person.death is not None:
            yield "death", (self._number, person.death.first, None, 0, None, None, None)
        for event in person.events:
            if event.status is not Status.ENTERED_IN_ERROR and event.start is not None:
                yield _TABLES[event.domain], _MAKERS[event.domain](self, event)

    def _who(self) -> Sequence[Any]:
        person = self._person
        sex = _SEXES.get(person.sex) if person.sex is not None else None
        birth = person.birth
        return (
            self._number, self._concepts.standard(sex or 0), birth.year if birth else None,
            birth.month if birth else None, birth.day if birth else None, None, 0, 0, None, None, None, person.id,
            person.sex.value if person.sex is not None else None, 0, "made up", 0, "made up", 0,
        )  # fmt: skip

    def _next(self) -> int:
        self._made += 1
        return self._number * _ROWS_A_PERSON + self._made

    def condition(self, event: Event) -> Sequence[Any]:
        """A row of CONDITION_OCCURRENCE."""
        value, source = self._concepts.source(event)
        return (
            self._next(), self._number, 0, _first(event), None, _last(event), None, 0, 0, None, None, None, None, value,
            source, event.status.value,
        )  # fmt: skip

    def drug(self, event: Event) -> Sequence[Any]:
        """A row of DRUG_EXPOSURE, of a drug or a vaccine."""
        value, source = self._concepts.source(event)
        start, stated = _first(event), _last(event)
        end = stated if event.end is not None else max(start or self._on, self._on)
        days = None if start is None or end is None else (end - start).days + 1
        product = self._concepts.product(event)
        quantity: float | None = None
        if event.dose is not None:
            supplied = event.per_day * days if event.per_day is not None and days is not None else None
            quantity = 1.0 if event.per_day is None else supplied and round(supplied, 3)
        told = f"{event.dose:g} {event.dose_unit}" if event.dose is not None else None
        return (
            self._next(), self._number, product, start, None, end, None, stated, 0, None, None, quantity, days, told,
            0, None, None, None, None, value, source, event.route or None, event.dose_unit or None,
        )  # fmt: skip

    def measurement(self, event: Event) -> Sequence[Any]:
        """A row of MEASUREMENT."""
        value, source = self._concepts.source(event)
        found = event.value_text or (f"{event.value:g}" if event.value is not None else None)
        return (
            self._next(), self._number, 0, _first(event), None, None, 0, None, event.value, None, 0, event.low, event.high,
            None, None, None, value, source, event.unit_source or None, 0, found, None, None,
        )  # fmt: skip

    def procedure(self, event: Event) -> Sequence[Any]:
        """A row of PROCEDURE_OCCURRENCE."""
        value, source = self._concepts.source(event)
        return (
            self._next(), self._number, 0, _first(event), None, None, None, 0, 0, None, None, None, None, value, source,
            None,
        )  # fmt: skip

    def observation(self, event: Event) -> Sequence[Any]:
        """A row of OBSERVATION: a circumstance of life, or an allergy."""
        value, source = self._concepts.source(event)
        words = event.value_text or None
        if event.domain is Domain.ALLERGY:
            value, source, words = f"Allergy to {event.source_text}", 0, None
        return (
            self._next(), self._number, 0, _first(event), None, 0, None, words, None, None, None, None, None, None, value,
            source, None, None, words, None, None,
        )  # fmt: skip

    def visit(self, event: Event) -> Sequence[Any]:
        """A row of VISIT_OCCURRENCE."""
        kind = self._concepts.standard(_VISITS[event.source_code])
        return (
            self._next(), self._number, kind, _first(event), None, _last(event) or _first(event), None, 0, None, None,
            event.source_text, 0, None, None, None, None, None,
        )  # fmt: skip


_MAKERS = {
    Domain.CONDITION: _PersonRows.condition,
    Domain.DRUG: _PersonRows.drug,
    Domain.IMMUNISATION: _PersonRows.drug,
    Domain.MEASUREMENT: _PersonRows.measurement,
    Domain.PROCEDURE: _PersonRows.procedure,
    Domain.OBSERVATION: _PersonRows.observation,
    Domain.ALLERGY: _PersonRows.observation,
    Domain.VISIT: _PersonRows.visit,
}


def _first(event: Event) -> date | None:
    """The day a row begins; None where only the month or the year is known."""
    return event.start.first if event.start is not None and event.start.day is not None else None


def _last(event: Event) -> date | None:
    """The day a row ends, not before it begins; None where it goes on, or only the month or the year is known."""
    if event.end is None or event.end.day is None:
        return None
    return max(event.end.first, _first(event) or event.end.first)
