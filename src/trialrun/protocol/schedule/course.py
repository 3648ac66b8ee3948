"""What really happened to a participant: the events a schedule is re-planned with.

date,event,what,reason
2026-12-07,given,dose 1,
2026-12-09,missed,dose 3,fever
2026-12-21,visited,week 2,
2026-12-22,stopped treatment,,participant asks
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
class Course:
    """Everything that has happened to a participant, in the order of dates."""

    events: tuple[Event, ...] = ()

    def first(self, kind: Happening) -> Event | None:
        """The first event of a kind."""
        return next((event for event in self.events if event.kind is kind), None)

    def of(self, kind: Happening) -> tuple[Event, ...]:
        """All events of a kind."""
        return tuple(event for event in self.events if event.kind is kind)

    def dose(self, drug: str, number: int) -> Event | None:
        """What became of a dose: given or missed; None where it is still ahead."""
        keys = (f"dose {number}", f"{drug} dose {number}")
        kinds = (Happening.GIVEN, Happening.MISSED)
        return next((event for event in self.events if event.kind in kinds and event.what in keys), None)

    def visit(self, name: str) -> Event | None:
        """The visit that took place; None where it is still ahead."""
        return next((event for event in self.events if event.kind is Happening.VISITED and event.what == name), None)

    @property
    def on_hold(self) -> bool:
        """Whether treatment is on hold and may still go on."""
        return self.held_on(date.max) and not any(self.first(kind) for kind in _ENDS)

    def held_on(self, when: date) -> bool:
        """Whether treatment was on hold on a date."""
        held = False
        for event in self.events:
            if event.when > when:
                break
            if event.kind is Happening.HELD:
                held = True
            elif event.kind is Happening.RESTARTED:
                held = False
        return held


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


def parse_course(text: str, file: str, protocol: Protocol) -> Course:
    """Reads the text of a course.

    Raises:
        ProblemsError: with every problem of the text.
    """
    problems: list[Problem] = []
    placed: list[tuple[int, Event]] = []
    lines = text.splitlines()
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as error:
        raise ProblemsError([Problem(f"this is not CSV: {error}", Place(file, 1, 1))]) from None
    if not rows or tuple(cell.strip().casefold() for cell in rows[0]) != _COLUMNS:
        raise ProblemsError([Problem("the first line must be: date,event,what,reason", Place(file, 1, 1))])
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        line = lines[number - 1] if number <= len(lines) else None
        try:
            placed.append((number, _event(row, protocol)))
        except GrammarError as error:
            problems.append(Problem(error.message, Place(file, number, error.start + 1, error.width), line, error.hint))
    problems += _contradictions(placed, file, lines)
    problems += _not_planned(placed, protocol, file, lines)
    if problems:
        raise ProblemsError(problems)
    ordered = sorted((event for _, event in placed), key=lambda event: event.when)
    return Course(tuple(ordered))


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


def _contradictions(placed: list[tuple[int, Event]], file: str, lines: list[str]) -> Iterator[Problem]:
    """Events that cannot all be true: the same dose twice, two doses on one day, a dose after stopping."""
    done: dict[str, int] = {}
    days: dict[tuple[date, str], int] = {}
    limits = {event.kind: event.when for _, event in placed if event.kind in _ENDS}
    consent = min((event.when for _, event in placed if event.kind is Happening.CONSENTED), default=None)
    for number, event in sorted(placed, key=lambda item: item[1].when):
        text = lines[number - 1] if number <= len(lines) else None

        def say(message: str, number: int = number, text: str | None = text) -> Problem:
            return Problem(message, Place(file, number, 1), text)

        if event.kind in (Happening.GIVEN, Happening.MISSED, Happening.VISITED):
            if event.what in done:
                yield say(f"{event.what} is there already, in line {done[event.what]}")
            done.setdefault(event.what, number)
        if event.kind is Happening.GIVEN:
            drug = event.what.rpartition("dose")[0]
            if (event.when, drug) in days:
                yield say(f"two doses on {event.when}: the other is in line {days[event.when, drug]}")
            days.setdefault((event.when, drug), number)
            if consent is not None and event.when < consent:
                yield say(f"{event.what} was given before consent ({consent})")
            for kind, when in limits.items():
                if event.when > when:
                    yield say(f"{event.what} was given after '{kind}' ({when})")
        elif event.kind is Happening.VISITED:
            withdrew = limits.get(Happening.WITHDREW)
            if withdrew is not None and event.when > withdrew:
                yield say(f"{event.what} took place after consent was withdrawn ({withdrew})")


def _not_planned(placed: list[tuple[int, Event]], protocol: Protocol, file: str, lines: list[str]) -> Iterator[Problem]:
    """Doses that have no row in the schedule, which would be lost without a word."""
    missed = Counter(_drug_of(event, protocol) for _, event in placed if event.kind is Happening.MISSED)
    for number, event in placed:
        if event.kind not in (Happening.GIVEN, Happening.MISSED):
            continue
        key = _drug_of(event, protocol)
        drug = protocol.drugs[key]
        count = len(dosing_days(protocol, drug)[0]) if drug.days is not None else 0
        last = count + (missed[key] if drug.missed == "add at the end" else 0)
        if int(event.what.rpartition(" ")[2]) > last:
            text = lines[number - 1] if number <= len(lines) else None
            hint = f"The protocol plans {count} doses of {key}."
            yield Problem(f"there is no {event.what}", Place(file, number, 1), text, hint)


def _drug_of(event: Event, protocol: Protocol) -> str:
    return event.what.rpartition("dose")[0].strip() or next(iter(protocol.drugs))


_ENDS = (Happening.STOPPED, Happening.WITHDREW, Happening.ENDED)
