"""Lines into facts about a person and rows of the contract; what cannot be read is left empty and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from trialrun.errors import GrammarError, did_you_mean, shortened
from trialrun.patients.person import Event, Period, Sex, Status
from trialrun.patients.tables.cells import MAX_TEXT, clock_of, moment, number, plain
from trialrun.patients.tables.layout import CONTENT, FileMap, RowMap
from trialrun.vocabulary.calendar import PartialDate
from trialrun.vocabulary.concepts import Domain

MAX_PROBLEMS = 200
_NUMBERS = ("value", "low", "high", "dose", "per_day")
_DATES = ("start", "end")
_COMPARATORS = ("<", "<=", ">", ">=")
_SEXES = {"female": Sex.FEMALE, "f": Sex.FEMALE, "male": Sex.MALE, "m": Sex.MALE, "other": Sex.OTHER}
_DOMAINS = {
    **{domain.value: domain for domain in Domain},
    "immunization": Domain.IMMUNISATION,
    "vaccine": Domain.IMMUNISATION,
}
_STATUSES = {status.value: status for status in Status}


@dataclass(slots=True)
class Notes:
    """What could not be read, counted, and the first of it in words; and what was lost."""

    problems: list[str] = field(default_factory=list)
    count: int = 0
    lost: list[str] = field(default_factory=list)
    lost_count: int = 0

    def problem(self, where: str, what: str, hint: str | None = None) -> None:
        """Notes something that could not be read."""
        self.count += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(f"{where}: {what}" + (f". {hint}" if hint else ""))

    def lose(self, where: str, what: str) -> None:
        """Notes a row of which nobody knows whose or what it is."""
        self.lost_count += 1
        if len(self.lost) < MAX_PROBLEMS:
            self.lost.append(f"{where}: {what}")


@dataclass(frozen=True, slots=True)
class Cells:
    """A line, by column."""

    one: FileMap
    line: int
    texts: Mapping[str, str]
    notes: Notes

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.one.file}:{self.line}"

    def text(self, column: str | None) -> str:
        """A cell without blanks; empty where it stands for nothing."""
        cell = self.texts.get(column or "", "").strip()
        return "" if cell in self.one.empty else cell

    def day(self, column: str | None, *, told: bool = True) -> tuple[PartialDate | None, time | None]:
        """A date and the time of day behind it."""
        cell = self.text(column)
        if not cell:
            return None, None
        try:
            return moment(cell, self.one.dates)
        except GrammarError as error:
            if told:
                self.wrong(column, error.message, error.hint)
            return None, None

    def wrong(self, column: str | None, what: str, hint: str | None = None) -> None:
        """Notes a cell that cannot be read."""
        self.notes.problem(f"{self.where}, column {column}", what, hint)


@dataclass(slots=True)
class Facts:
    """What lines say of a person; each field with all that was said of it."""

    birth: set[PartialDate] = field(default_factory=set)
    sex: set[Sex] = field(default_factory=set)
    death: set[PartialDate] = field(default_factory=set)
    dead_at: str = ""
    origin: str | None = None
    coverage: list[Period] = field(default_factory=list)
    silent: frozenset[Domain] = frozenset()

    def contradictions(self) -> list[str]:
        """The fields of which two different things are said."""
        said: tuple[tuple[str, set[Any]], ...] = (("birth", self.birth), ("sex", self.sex), ("death", self.death))
        return [f"{name} {' and '.join(sorted(map(str, values)))}" for name, values in said if len(values) > 1]


def add_facts(facts: Facts, cells: Cells) -> None:
    """What a line says of its person."""
    person = cells.one.person
    for name, found in (("birth", facts.birth), ("death", facts.death)):
        column = person.get(name)
        day, _ = cells.day(column)
        if day is not None:
            found.add(day)
        elif name == "death" and cells.text(column):
            facts.dead_at = cells.where
    word = plain(cells.text(person.get("sex"))).casefold()
    if word:
        sex = _SEXES.get(cells.one.sexes.get(word, word))
        if sex is None:
            cells.wrong(person["sex"], f"'{shortened(word)}' is no sex", "Name it below 'sexes:' in columns.yaml.")
        else:
            facts.sex.add(sex)
    if facts.origin is None and cells.one.makes_people:
        facts.origin = plain(cells.texts.get(person["origin"], "")) if "origin" in person else cells.where
    facts.silent |= _silent(cells)
    if cells.one.coverage:
        _add_period(facts, cells)


def _silent(cells: Cells) -> frozenset[Domain]:
    """The domains a line says its source holds nothing of; all of them where a word of it is none."""
    words = plain(cells.text(cells.one.person.get("silent"))).split()
    found = [domain_of(word) for word in words]
    if None in found:
        cells.wrong(cells.one.person["silent"], f"'{shortened(words[found.index(None)])}' is no domain")
        return frozenset(Domain)
    return frozenset(domain for domain in found if domain is not None)


def _add_period(facts: Facts, cells: Cells) -> None:
    start, end = (cells.day(cells.one.coverage[edge])[0] for edge in ("start", "end"))
    if start is None and end is None and not any(cells.text(column) for column in cells.one.coverage.values()):
        return
    if start is None or end is None or start.day is None or end.day is None or end.last < start.first:
        cells.notes.problem(cells.where, "a time of coverage needs a start and an end, both to the day")
        return
    facts.coverage.append(Period(start.first, end.first))


def event_of(cells: Cells, row: RowMap, name: str) -> Event | None:
    """The row a line makes; None where its columns are empty."""
    if not row.is_own and not any(cells.text(row.columns.get(part)) for part in CONTENT):
        return None
    texts = {part: plain(cells.text(column)) for part, column in row.columns.items()} | dict(row.fixed)
    domain = domain_of(texts.get("domain", ""))
    if domain is None:
        return None  # noted when the line was loaded
    values: dict[str, Any] = {}
    for part in _DATES:
        values[part], clock = cells.day(row.columns.get(part))
        if part == "start":
            values["time"] = clock
    if texts.get("time"):
        values["time"] = clock_of(texts["time"])
        if values["time"] is None:
            cells.wrong(
                row.columns.get("time"), f"'{shortened(texts['time'])}' is no time of day", "Write it as 08:30."
            )
    _numbers(cells, row, texts, values)
    _end_and_limits(cells, values)
    status = texts.get("status", "").casefold()
    if status and status not in _STATUSES:
        cells.wrong(row.columns.get("status"), f"'{shortened(status)}' is no status", did_you_mean(status, _STATUSES))
    for part, text in texts.items():
        if part not in (*_NUMBERS, *_DATES, "id", "domain", "time", "status", "comparator"):
            values.setdefault(part, _short(cells, row, part, text))
    if "origin" not in row.columns:
        values["origin"] = cells.where
    return Event(texts.get("id") or name, domain, status=_STATUSES.get(status, Status.UNKNOWN), **values)


def domain_of(word: str) -> Domain | None:
    """The domain a word names."""
    return _DOMAINS.get(word.casefold())


def _numbers(cells: Cells, row: RowMap, texts: Mapping[str, str], values: dict[str, Any]) -> None:
    comparator = texts.get("comparator", "")
    if comparator and comparator not in _COMPARATORS:
        cells.wrong(row.columns.get("comparator"), f"'{shortened(comparator)}' is none of {' '.join(_COMPARATORS)}")
    for part in _NUMBERS:
        text = texts.get(part, "")
        if not text:
            continue
        found = number(text, cells.one.decimal if part in row.columns else ".")
        if part == "value" and found is None and not texts.get("value_text"):
            values["value_text"] = _short(cells, row, part, text)  # a result in words
        elif found is None or (found.comparator and part != "value"):
            hint = f"The decimal sign is '{cells.one.decimal}'."
            cells.wrong(row.columns.get(part), f"'{shortened(text)}' is no number", hint)
        elif part in ("dose", "per_day") and found.value < 0:
            cells.wrong(row.columns.get(part), f"{found.value:g} is negative")
        else:
            values[part] = found.value
            if part == "value":
                values["comparator"] = comparator if comparator in _COMPARATORS else found.comparator
    if comparator and comparator not in _COMPARATORS and values.get("value") is not None:
        # A sign that nobody can read could mean anything: the number alone would be too much.
        values["value_text"] = f"{comparator} {values.pop('value'):g}"
        values["comparator"] = ""


def _end_and_limits(cells: Cells, values: dict[str, Any]) -> None:
    start, end = values.get("start"), values.get("end")
    if start is not None and end is not None and end.last < start.first:
        cells.notes.problem(cells.where, f"ends on {end}, before it begins on {start}")
        values["end"] = None
    low, high = values.get("low"), values.get("high")
    if low is not None and high is not None and low > high:
        cells.notes.problem(cells.where, f"the lower limit {low:g} is above the upper {high:g}")
        values["low"] = values["high"] = None


def _short(cells: Cells, row: RowMap, part: str, text: str) -> str:
    if len(text) > MAX_TEXT:
        cells.wrong(row.columns.get(part), f"a text of {len(text):,} characters is cut to {MAX_TEXT:,}")
    return text[:MAX_TEXT]
