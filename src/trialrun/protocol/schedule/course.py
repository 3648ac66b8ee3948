"""What really happened to a participant: the events a schedule is re-planned with.

date,event,what,reason
2026-12-07,given,dose 1,
2026-12-09,missed,dose 3,fever
2026-12-21,visited,week 2,
2026-12-22,stopped treatment,,participant asks

What contradicts itself is refused with its line; what departs from the protocol is kept, and marked in the schedule.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from trialrun.errors import GrammarError, InputError, MachineError, Place, Problem, ProblemsError, did_you_mean
from trialrun.protocol.model import Protocol
from trialrun.protocol.schedule.dosing import dosing_days
from trialrun.vocabulary.calendar import parse_date

MAX_BYTES = 5_000_000
_COLUMNS = ("date", "event", "what", "reason")
_DOSE = re.compile(r"(?:(?P<drug>.+)\s+)?dose\s+(?P<number>[1-9][0-9]{0,4})")


class Happening(StrEnum):
    """Kinds of events."""

    CONSENTED = "consented"
    ENROLLED = "enrolled"
    GIVEN = "given"
    MISSED = "missed"
    HELD = "held"
    RESTARTED = "restarted"
    VISITED = "visited"
    STOPPED = "stopped treatment"
    WITHDREW = "withdrew consent"
    UNSCHEDULED = "unscheduled"
    ENDED = "ended study"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: when, what kind, to which dose or visit, and why."""

    when: date
    kind: Happening
    what: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """A pause of treatment: its first day, and the day treatment went on, None while it has not."""

    first: date
    restarted: date | None

    def covers(self, when: date) -> bool:
        """Whether treatment was on hold on a date; the day it went on is not part of the hold."""
        return self.first <= when and (self.restarted is None or when < self.restarted)


@dataclass(frozen=True, slots=True)
class Course:
    """Everything that has happened to a participant, in the order of dates."""

    events: tuple[Event, ...] = ()

    def first(self, kind: Happening) -> Event | None:
        """The first event of a kind."""
        return next((event for event in self.events if event.kind is kind), None)

    def of(self, kind: Happening) -> tuple[Event, ...]:
        """All events of a kind."""
        return tuple(event for event in self.events if event.kind is kind)

    def doses(self, drug: str) -> dict[int, Event]:
        """What became of a drug's doses: given or missed, by number; those still ahead are not there."""
        events = (event for event in self.events if event.kind in (Happening.GIVEN, Happening.MISSED))
        named = ((event.what.rpartition("dose"), event) for event in events)
        return {int(number): event for (key, _, number), event in named if key.strip() in ("", drug)}

    def visit(self, name: str) -> Event | None:
        """The visit that took place; None where it is still ahead."""
        return next((event for event in self.events if event.kind is Happening.VISITED and event.what == name), None)

    @property
    def known_to(self) -> date | None:
        """The date of the last event: what was planned before it is past, what comes after it is still ahead."""
        return self.events[-1].when if self.events else None

    @property
    def end(self) -> Event | None:
        """The first event that ends treatment: stopped, withdrawn, or the study ended."""
        return next((event for event in self.events if event.kind in _ENDS), None)

    @property
    def on_hold(self) -> bool:
        """Whether treatment is on hold and may still go on."""
        return self.end is None and any(hold.restarted is None for hold in self.holds)

    @property
    def holds(self) -> tuple[Hold, ...]:
        """Every pause of treatment, in the order of dates."""
        found: list[Hold] = []
        for event in self.events:
            if event.kind is Happening.HELD:
                found.append(Hold(event.when, None))
            elif event.kind is Happening.RESTARTED and found:
                found[-1] = Hold(found[-1].first, event.when)
        return tuple(found)


NOTHING_YET = Course()


def read_course(path: Path, protocol: Protocol) -> Course:
    """Reads a course from a CSV file with the columns date, event, what, reason.

    Raises:
        ProblemsError: with every problem of the file.
        InputError, MachineError: it cannot be read at all.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise InputError(f"There is no file '{path}'") from None
        raise MachineError(f"'{path}' cannot be read: {error.strerror}") from None
    if len(raw) > MAX_BYTES:
        raise InputError(
            f"'{path}' is larger than {MAX_BYTES // 1_000_000} MB; one participant's course is a few lines"
        )
    try:
        return parse_course(raw.decode("utf-8-sig"), str(path), protocol)
    except UnicodeDecodeError:
        raise InputError(f"'{path}' is not UTF-8 text", hint="Save the table as CSV UTF-8.") from None


@dataclass(frozen=True, slots=True)
class _Line:
    """An event and the line of the file it begins in."""

    number: int
    event: Event
    text: str

    def problem(self, message: str, file: str, hint: str | None = None) -> Problem:
        """What is wrong with the line as a whole."""
        return Problem(message, Place(file, self.number, 1), self.text, hint)


def parse_course(text: str, file: str, protocol: Protocol) -> Course:
    """Reads the text of a course.

    Raises:
        ProblemsError: with every problem of the text.
    """
    problems: list[Problem] = []
    placed: list[_Line] = []
    lines = [line.rstrip("\r\n") for line in io.StringIO(text)]
    rows = _rows(text, file)
    _, header = next(rows, (1, []))
    if tuple(cell.strip().casefold() for cell in header) != _COLUMNS:
        raise ProblemsError([Problem("the first line must be: date,event,what,reason", Place(file, 1, 1))])
    for number, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        try:
            placed.append(_Line(number, _event(row, protocol), lines[number - 1]))
        except GrammarError as error:
            place = Place(file, number, error.start + 1, error.width)
            problems.append(Problem(error.message, place, lines[number - 1], error.hint))
    placed.sort(key=lambda line: line.event.when)
    problems += _contradictions(placed, protocol, file)
    problems += _not_planned(placed, protocol, file)
    if problems:
        raise ProblemsError(problems)
    return Course(tuple(line.event for line in placed))


def _rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line each begins in: a quoted reason may span several lines.

    Raises:
        ProblemsError: the text is not CSV.
    """
    reader = csv.reader(io.StringIO(text), strict=True)
    number = 1
    try:
        for row in reader:
            yield number, row
            number = reader.line_num + 1
    except csv.Error as error:
        raise ProblemsError([Problem(f"this is not CSV: {error}", Place(file, number, 1))]) from None


def _event(row: list[str], protocol: Protocol) -> Event:
    cells = [cell.strip() for cell in row] + [""] * (4 - len(row))
    if len(cells) > 4:
        raise GrammarError(f"{len(cells)} columns where four belong", 0, 1, "Quote a reason that contains a comma.")
    when = parse_date(cells[0])
    kinds = [kind.value for kind in Happening]
    if cells[1] not in kinds:
        start = len(row[0]) + 1
        raise GrammarError(f"'{cells[1]}' is not an event", start, len(cells[1]), did_you_mean(cells[1], kinds))
    kind = Happening(cells[1])
    return Event(when, kind, _what(kind, cells[2], protocol, len(row[0]) + len(row[1]) + 2), cells[3])


def _what(kind: Happening, text: str, protocol: Protocol, start: int) -> str:
    words = " ".join(text.split())
    if kind in (Happening.GIVEN, Happening.MISSED):
        match = _DOSE.fullmatch(words)
        if match is None:
            raise GrammarError(f"'{words}' is not a dose", start, len(text), "Write: dose 3")
        if match["drug"] is None and len(protocol.drugs) != 1:
            raise GrammarError(
                "say of which drug", start, len(text), f"Write: {next(iter(protocol.drugs), 'DRUG')} dose 3"
            )
        if match["drug"] is not None and match["drug"] not in protocol.drugs:
            hint = did_you_mean(match["drug"], protocol.drugs)
            raise GrammarError(f"there is no drug '{match['drug']}'", start, len(text), hint)
        # One name for one dose, so that `dose 1` and `rhIL-2 dose 1` cannot both be given.
        words = f"dose {match['number']}" if len(protocol.drugs) == 1 else words
    elif kind is Happening.VISITED and words not in protocol.visits:
        raise GrammarError(f"there is no visit '{words}'", start, len(text), did_you_mean(words, protocol.visits))
    return words


def _contradictions(lines: list[_Line], protocol: Protocol, file: str) -> Iterator[Problem]:
    """Events that cannot all be true; the lines are in the order of dates."""
    yield from _twice(lines, file)
    yield from _doses_out_of_order(lines, protocol, file)
    yield from _outside(lines, file)
    yield from _holds(lines, file)


_ENDS = (Happening.STOPPED, Happening.WITHDREW, Happening.ENDED)
_ONCE = (Happening.GIVEN, Happening.MISSED, Happening.VISITED, Happening.ENROLLED, *_ENDS)


def _twice(lines: list[_Line], file: str) -> Iterator[Problem]:
    """What happens once at most: a dose is given or missed once; consent may be given again to a new text."""
    done: dict[str, int] = {}
    for line in lines:
        if line.event.kind in _ONCE:
            what = line.event.what or f"'{line.event.kind}'"
            if what in done:
                yield line.problem(f"{what} is there already, in line {done[what]}", file)
            done.setdefault(what, line.number)


def _doses_out_of_order(lines: list[_Line], protocol: Protocol, file: str) -> Iterator[Problem]:
    """Two doses of one drug on one day, or a dose given before one of a lower number."""
    last: dict[str, _Line] = {}
    for line in lines:
        if line.event.kind is not Happening.GIVEN:
            continue
        drug = _drug_of(line.event, protocol)
        before = last.get(drug)
        if before is not None and before.event.when == line.event.when:
            yield line.problem(f"two doses on {line.event.when}: the other is in line {before.number}", file)
        elif before is not None and _number(before.event) > _number(line.event):
            message = f"{before.event.what} was given before {line.event.what}, which is in line {line.number}"
            yield before.problem(
                message, file, "Doses are numbered in the order they are given; a missed one is left out."
            )
        last[drug] = line


def _outside(lines: list[_Line], file: str) -> Iterator[Problem]:
    """Doses and visits before consent, doses after treatment stopped, anything after the study was left."""
    consent = next((line.event.when for line in lines if line.event.kind is Happening.CONSENTED), None)
    ends = {line.event.kind: line.event.when for line in reversed(lines) if line.event.kind in _ENDS}
    for line in lines:
        event = line.event
        if event.kind not in _COMES:
            continue
        words = f"{event.what or event.kind} {'was given' if event.kind is Happening.GIVEN else 'took place'}"
        if consent is not None and event.when < consent:
            yield line.problem(f"{words} before consent ({consent})", file)
        for kind in _ENDS if event.kind is Happening.GIVEN else _ENDS[1:]:
            if kind in ends and event.when > ends[kind]:
                yield line.problem(f"{words} after '{kind}' ({ends[kind]})", file)


_COMES = (Happening.GIVEN, Happening.VISITED, Happening.UNSCHEDULED)
"""Events for which a participant came."""


def _holds(lines: list[_Line], file: str) -> Iterator[Problem]:
    """Treatment that goes on without having been on hold, or is held while it is."""
    held: _Line | None = None
    for line in lines:
        if line.event.kind is Happening.HELD:
            if held is not None:
                yield line.problem(f"treatment is on hold already, since line {held.number}", file)
            held = line
        elif line.event.kind is Happening.RESTARTED:
            if held is None:
                yield line.problem("'restarted' without a hold before it", file, "Write the line 'held' too.")
            held = None


def _not_planned(lines: list[_Line], protocol: Protocol, file: str) -> Iterator[Problem]:
    """Doses that have no row in the schedule, which would be lost without a word."""
    doses = [line for line in lines if line.event.kind in (Happening.GIVEN, Happening.MISSED)]
    missed = Counter(_drug_of(line.event, protocol) for line in doses if line.event.kind is Happening.MISSED)
    planned = {
        key: len(dosing_days(protocol, drug)[0]) for key, drug in protocol.drugs.items() if drug.days is not None
    }
    for line in doses:
        key = _drug_of(line.event, protocol)
        count = planned.get(key, 0)
        made_up = missed[key] if protocol.drugs[key].missed == "add at the end" else 0
        if _number(line.event) > count + made_up:
            hint = f"The protocol plans {count} doses of {key}."
            yield line.problem(f"there is no {line.event.what}", file, hint)


def _drug_of(event: Event, protocol: Protocol) -> str:
    return event.what.rpartition("dose")[0].strip() or next(iter(protocol.drugs))


def _number(event: Event) -> int:
    return int(event.what.rpartition(" ")[2])
