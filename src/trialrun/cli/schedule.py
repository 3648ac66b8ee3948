"""`trialrun schedule`: one participant's days."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from trialrun.cli.options import Flag, day
from trialrun.cli.terminal import say, say_heading, say_json, say_wrapped, warn
from trialrun.errors import EXIT_DONE, InputError, UsageError
from trialrun.files import may_replace, refuse_inputs, write_bytes, write_text
from trialrun.vocabulary.calendar import weekday_name

if TYPE_CHECKING:
    from datetime import date

    from trialrun.protocol.load import ProtocolFile
    from trialrun.protocol.model import Protocol
    from trialrun.protocol.schedule.rows import DoseRow, Schedule, VisitRow
    from trialrun.vocabulary.body import BodySize

_FIRST = ("Day 1 is ", "Check the body size")
"""Notes that make the whole plan doubtful: they stand above the calendar."""
_PARTICIPANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")


def schedule(
    file: str,
    /,
    *,
    start: str,
    arm: str | None = None,
    height: float | None = None,
    weight: float | None = None,
    course: Path | None = None,
    participant: str = "001",
    ics: Path | None = None,
    svg: Path | None = None,
    months: Flag = False,
    json: Flag = False,
    home: Annotated[Path | None, Parameter(show=False)] = None,
) -> int:
    """Print one participant's doses and visits.

    Example: `trialrun schedule NCT04062006 --start 2026-12-07 --ics visits-001.ics`

    Parameters
    ----------
    file
        A protocol file, or the name of a study that ships.
    start
        Date of day 1, as 2026-12-07.
    arm
        Arm, where the protocol has several.
    height
        Height in cm, for doses per body surface or weight; together with --weight.
    weight
        Weight in kg.
    course
        CSV file of what has happened so far: date,event,what,reason.
    participant
        Number of the participant, as it stands in the calendar file.
    ics
        Calendar file to write; an earlier one of the same participant is brought up to date.
    svg
        Picture of the plan to write.
    months
        Print a grid for each month, to pin to the wall, and no notes.
    json
        Print doses and visits as JSON.
    home
        Not used by this command; taken so that every command takes it.
    """
    from trialrun.cli.months import month_grids
    from trialrun.protocol.schedule.course import NOTHING_YET, read_course
    from trialrun.protocol.schedule.planner import plan
    from trialrun.protocol.shipped import find_protocol

    del home
    day_1, body = day(start, "--start"), _body(height, weight)
    if not _PARTICIPANT.fullmatch(participant):
        raise UsageError(f"'{participant}' is no participant's number", hint="Letters, digits and dashes: 001")
    protocol_file = find_protocol(file)
    protocol = protocol_file.protocol
    _one_arm(protocol, arm, file)
    lived = read_course(course, protocol) if course is not None else NOTHING_YET
    found = plan(protocol, day_1, course=lived, arm=arm, body=body)
    if body is not None and body.doubt is not None:
        found = replace(found, notes=(f"Check the body size: {body.doubt}.", *found.notes))
    inputs = [path for path in (Path(file), course) if path is not None]
    if ics is not None:
        refuse_inputs(ics, inputs)
    if svg is not None:
        may_replace(svg, _is_our_picture, "picture made by trialrun", [*inputs, *([ics] if ics else [])])
    if ics is not None:
        _write_calendar(ics, found, protocol.trial, participant)
    if svg is not None:
        _write_picture(svg, protocol, arm, found)
    if json:
        say_json(as_json(found, protocol_file, arm))
    elif months:
        _print_head(found, protocol_file, participant)
        for line in ("", *month_grids(found)):
            say(line)
    else:
        _print(found, protocol_file, participant)
    for path in (ics, svg):
        if path is not None:
            warn(f"Written: {path}")
    return EXIT_DONE


def as_json(found: Schedule, file: ProtocolFile, arm: str | None) -> dict[str, Any]:
    """The answer of `schedule --json`."""
    return {
        "trial": file.protocol.trial,
        "version": file.protocol.version,
        "hash": file.hash,
        "start": found.day_1.isoformat(),
        "arm": arm,
        "doses": [_dose_json(row) for row in found.doses],
        "visits": [_visit_json(row) for row in found.visits],
        "notes": list(found.notes),
        "assumes": list(found.assumes),
        "provisional_years": sorted(found.provisional_years),
    }


def _dose_json(row: DoseRow) -> dict[str, Any]:
    return {
        "drug": row.drug,
        "number": row.number,
        "day": row.day.number,
        "date": row.planned.isoformat(),
        "amount": None if row.amount is None else float(row.amount.value),
        "unit": None if row.amount is None else row.amount.unit,
        "blocked_by": list(row.blocked_by),
        "nominal_date": row.nominal.isoformat(),
        "earliest": row.earliest.isoformat(),
        "latest": row.latest.isoformat(),
        "state": row.state,
        "reasons": list(row.reasons),
    }


def _visit_json(row: VisitRow) -> dict[str, Any]:
    def iso(when: date | None) -> str | None:
        return None if when is None else when.isoformat()

    return {
        "name": row.name,
        "day": None if row.day is None else row.day.number,
        "last_day": None if row.last_day is None else row.last_day.number,
        "date": iso(row.planned),
        "earliest": iso(row.earliest),
        "latest": iso(row.latest),
        "nominal_date": iso(row.nominal),
        "state": row.state,
        "telephone": row.telephone,
        "provisional": row.provisional,
        "blocked_by": list(row.blocked_by),
        "reasons": list(row.reasons),
    }


def _body(height: float | None, weight: float | None) -> BodySize | None:
    from trialrun.vocabulary.body import BodySize

    if height is None and weight is None:
        return None
    if height is None or weight is None:
        raise UsageError("--height and --weight belong together", hint="Example: --height 165 --weight 62")
    try:
        return BodySize(height, weight)
    except ValueError as error:
        raise UsageError(str(error), hint="Height in cm, weight in kg.") from None


def _one_arm(protocol: Protocol, arm: str | None, file: str) -> None:
    """Asks for the arm where there are several, in words that can be pasted.

    Raises:
        UsageError: none is named.
    """
    if arm is None and len(protocol.arms) > 1:
        lines = "".join(f"\n    --arm {shlex.quote(name)}" for name in protocol.arms)
        raise UsageError(f"{file} has {len(protocol.arms)} arms", hint=f"Name one:{lines}")


def _write_calendar(path: Path, found: Schedule, trial: str, participant: str) -> None:
    from trialrun.protocol.schedule.ics import calendar_text

    try:
        text = calendar_text(found, trial, participant, datetime.now(UTC), _earlier(path))
    except InputError as error:
        raise InputError(f"{path}: {error.message}", hint=error.hint) from None
    write_bytes(path, text, replace=True)


def _write_picture(path: Path, protocol: Protocol, arm: str | None, found: Schedule) -> None:
    from trialrun.protocol.schedule.timeline import timeline_svg

    write_text(path, timeline_svg(protocol, arm, found), replace=True)


def _is_our_picture(content: bytes) -> bool:
    """Whether a file is an earlier picture, by the title the program gives it."""
    return content.lstrip().startswith(b"<svg") and b": study design</title>" in content


def _earlier(path: Path) -> bytes | None:
    may_replace(path, lambda content: content.lstrip().startswith(b"BEGIN:VCALENDAR"), "calendar file")
    return path.read_bytes() if path.is_file() else None


def _print_head(found: Schedule, file: ProtocolFile, participant: str) -> None:
    say_wrapped(f"{file.protocol.trial}, participant {participant}: day 1 is {_day(found.day_1)}")
    for line in _counts(found):
        say_wrapped(line)
    for note in found.notes:
        if note.startswith(_FIRST):
            say_wrapped(f"WARNING: {note}")
    for line in _amounts(found, file):
        say_wrapped(line)


def _print(found: Schedule, file: ProtocolFile, participant: str) -> None:
    _print_head(found, file, participant)
    say_heading("Calendar")
    for when, lines in sorted(_by_date(found).items()):
        say_wrapped(lines[0], first=f"{_day(when)}  day {_study_day(found, when):>4}  ", indent=" " * 26)
        for line in lines[1:]:
            say_wrapped(line, first=" " * 26, indent=" " * 26)
    others = [row for row in found.visits if row.planned is None]
    if others:
        say_heading("Without a date")
        for row in others:
            say_wrapped(f"{row.name}: {'; '.join(row.reasons) or row.state}", indent="  ")
    _print_notes(found, file)


def _counts(found: Schedule) -> list[str]:
    """How far the participant is: counts of doses and visits, what comes next, and what is not sure."""
    lines = [f"{_dose_counts(found)}; {sum(row.planned is not None for row in found.visits)} visits with a date"]
    coming = _next(found) if found.known_to is not None else None
    if coming is not None:
        lines.append(f"Next: {coming}")
    if found.provisional_years:
        years = ", ".join(str(year) for year in sorted(found.provisional_years))
        lines.append(f"Provisional: the public holidays of {years} are not known for sure.")
    return lines


_COUNTED = {
    "given": "given",
    "missed": "missed",
    "held": "held",
    "cancelled": "cancelled",
    "not recorded": "not recorded",
    "conflict": "in conflict",
    "closed": "on closed days",
}


def _dose_counts(found: Schedule) -> str:
    states = Counter(row.state for row in found.doses)
    counts = [f"{states[state]} {words}" for state, words in _COUNTED.items() if states[state]]
    if found.known_to is None:
        return ", ".join([f"{len(found.doses)} doses", *(f"{count.replace(' ', ' of them ', 1)}" for count in counts)])
    return f"{len(found.doses)} doses: " + ", ".join([*counts, f"{states['planned']} to come"])


def _next(found: Schedule) -> str | None:
    """The first dose and visit still to come."""
    known_to = found.known_to
    assert known_to is not None
    doses = sorted((row.planned, f"dose {row.number} of {row.drug}") for row in found.doses if row.state == "planned")
    visits = sorted(
        (row.planned, row.name)
        for row in found.visits
        if row.state == "planned" and row.planned is not None and row.planned >= known_to
    )
    words = [f"{name} on {_day(when)}" for when, name in (*doses[:1], *visits[:1])]
    return "; ".join(words) or None


def _print_notes(found: Schedule, file: ProtocolFile) -> None:
    say_heading("Notes")
    for note in found.notes:
        if not note.startswith(_FIRST):
            say_wrapped(note, first="- ", indent="  ")
    if found.assumes:
        say_wrapped("This plan rests on open questions and assumptions:", first="- ", indent="  ")
        for key in found.assumes:
            row = file.protocol.decisions[key]
            say_wrapped(
                f"{key}: {row.asks or '; '.join(row.texts)} Proposed: {row.proposal}.", first="    ", indent="        "
            )
    say_wrapped(f"Protocol version {file.protocol.version}, hash {file.hash[:12]}.", first="- ", indent="  ")


def _by_date(found: Schedule) -> dict[date, list[str]]:
    days: dict[date, list[str]] = {}
    for visit in found.visits:
        if visit.planned is not None:
            days.setdefault(visit.planned, []).append(_visit_line(visit, found))
    several = len({row.drug for row in found.doses}) > 1
    for dose in found.doses:
        days.setdefault(dose.planned, []).append(_dose_line(dose, found, several=several))
    return days


def _visit_line(row: VisitRow, found: Schedule) -> str:
    words = f"{row.name.upper()}" + (" by telephone" if row.telephone else "")
    if row.state != "planned":
        words += f" [{row.state}]"
    if row.earliest is not None and row.latest is not None and row.earliest != row.latest:
        words += f", allowed {row.earliest} to {row.latest}" + (" (provisional)" if row.provisional else "")
    undecided = tuple(f"{key} is undecided" for key in row.blocked_by)
    return words + _because((*row.reasons, *undecided, *_holidays(row, found)))


def _dose_line(row: DoseRow, found: Schedule, *, several: bool) -> str:
    words = f"dose {row.number}" + (f" of {row.drug}" if several else "")
    if row.state != "planned":
        words += f" [{row.state.upper() if row.state in ('closed', 'conflict') else row.state}]"
    return words + _because((*row.reasons, *_holidays(row, found)))


def _holidays(row: DoseRow | VisitRow, found: Schedule) -> tuple[str, ...]:
    """Said of each day to come that may turn out to be a holiday."""
    unsure = row.state in ("planned", "closed") and row.planned is not None and found.is_provisional(row.planned)
    return ("provisional: holidays",) * unsure


def _because(reasons: tuple[str, ...]) -> str:
    return f" ({'; '.join(reasons)})" if reasons else ""


def _amounts(found: Schedule, file: ProtocolFile) -> list[str]:
    """What is given each time, a line for each drug; which drug is said where there are several."""
    first = {row.drug: row for row in reversed(found.doses)}
    names = [drug for drug in file.protocol.drugs if drug in first]
    return [(f"{drug}: " if len(names) > 1 else "") + _amount(first[drug], found, file) for drug in names]


def _amount(row: DoseRow, found: Schedule, file: ProtocolFile) -> str:
    """The amount, or why there is none; what it would be is said as no more than that."""
    from trialrun.protocol.schedule.dosing import HEIGHT_AND_WEIGHT

    if row.amount is not None:
        return f"Each dose: {row.amount}" + (", under the open items listed below." if found.assumes else ".")
    undecided = [key for key in row.blocked_by if key in file.protocol.decisions]
    words = [f"{_listed(undecided)} {'is' if len(undecided) == 1 else 'are'} undecided"] if undecided else []
    for what in row.blocked_by:
        if what not in undecided:
            words.append("add --height and --weight" if what == HEIGHT_AND_WEIGHT else what)
    proposed = found.proposed.get(row.drug)
    would_be = f" It would be {proposed} if {_listed(undecided)} were decided as proposed." if proposed else ""
    return f"No amount shown: {'; '.join(words)}.{would_be}"


def _listed(words: list[str]) -> str:
    """`C1`, `C1 and Q22`, `C1, Q22 and A3`."""
    return " and ".join([", ".join(words[:-1])] * (len(words) > 1) + words[-1:])


def _day(when: date) -> str:
    return f"{weekday_name(when)} {when.isoformat()}"


def _study_day(found: Schedule, when: date) -> int:
    from trialrun.vocabulary.calendar import StudyDay

    return StudyDay.of(when, found.day_1).number
