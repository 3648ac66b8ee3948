"""`trialrun check`: what is wrong in a protocol, what contradicts, what nobody has decided."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialrun.cli.options import Flag, day_or_today
from trialrun.cli.records import FoundRecord, record_for
from trialrun.cli.terminal import counted, say, say_heading, say_json, say_wrapped
from trialrun.errors import (
    EXIT_DONE,
    EXIT_FINDINGS,
    EXIT_INPUT,
    Problem,
    ProblemsError,
    shortened,
)

if TYPE_CHECKING:
    from trialrun.protocol.checks.findings import Finding
    from trialrun.protocol.load import ProtocolFile


def check(
    file: str,
    /,
    *,
    record: Path | None = None,
    strict: Flag = False,
    on: str | None = None,
    json: Flag = False,
    home: Path | None = None,
) -> int:
    """Check a protocol file, alone and against its record.

    The exit code is 1 when there are errors; with --strict also when anything is still open.

    Example: `trialrun check NCT04062006`

    Parameters
    ----------
    file
        A protocol file, or the name of a study that ships.
    record
        File with the record to compare with; the store's record of the trial unless given.
    strict
        Count open conflicts, questions and assumptions as errors.
    on
        Date that status and dates are judged on; today unless given.
    json
        Print the findings as JSON.
    home
        Folder of the store; the user's data folder unless given.
    """
    from trialrun.protocol.checks.catalogue import ALL
    from trialrun.protocol.checks.findings import Case, findings
    from trialrun.protocol.shipped import find_protocol

    today = day_or_today(on, "--on")
    try:
        protocol_file = find_protocol(file)
    except ProblemsError as error:
        if not json:
            raise
        say_json(_unloaded(file, error.problems))
        return EXIT_INPUT
    found_record = record_for(protocol_file.protocol.trial, record, home)
    case = Case(protocol_file, found_record.record if found_record else None, today)
    found = findings(case, ALL)
    errors = [one for one in found if one.is_error and not one.accepted]
    if json:
        say_json(_as_json(protocol_file, found, found_record, today))
    else:
        _print(protocol_file, found, found_record, today)
    is_open = strict and bool(protocol_file.open_items())
    return EXIT_FINDINGS if errors or is_open else EXIT_DONE


def _print(file: ProtocolFile, found: tuple[Finding, ...], record: FoundRecord | None, today: date) -> None:
    live = [one for one in found if not one.accepted]
    errors = [one for one in live if one.is_error]
    conflicts = [one for one in live if one.recorded_as is not None]
    warnings = [one for one in live if not one.is_error and one.recorded_as is None]
    say(
        f"{file.name}: {counted(len(errors), 'error')}, {counted(len(conflicts), 'recorded conflict')}, "
        f"{counted(len(warnings), 'warning')}, {counted(len(file.open_items()), 'item')} open."
    )
    compared = f"Compared with the {record.label}" if record else "Not compared with a registry record"
    say_wrapped(f"{compared}; judged on {today}.")
    if record and record.record.is_page:
        say_wrapped("A record page states no dates and no outcomes, so those are not compared.")
    for title, group in (("Errors", errors), ("Conflicts that are recorded", conflicts), ("Warnings", warnings)):
        if group:
            say_heading(title)
            for one in group:
                _print_finding(one, file)
    _print_open(file)
    _print_accepted(file, found)


def _print_finding(one: Finding, file: ProtocolFile) -> None:
    recorded = ""
    if one.recorded_as:
        row = file.protocol.decisions[one.recorded_as]
        recorded = f" ({one.recorded_as}, {'undecided' if row.is_open else f'decided by {row.decided_by}'})"
    say_wrapped(f"{one.id} {one.place}: {one.remark.message}{recorded}", indent="    ", first="")
    if one.remark.hint and one.recorded_as is None:
        say_wrapped(one.remark.hint, indent="    ")


def _print_open(file: ProtocolFile) -> None:
    rows = file.open_items()
    if not rows:
        return
    say_heading("Open until a named person decides (trialrun decide)")
    for key, row in rows.items():
        blocks = ", ".join(name for name in row.blocks if name != "none") or "nothing"
        question = row.asks or " / ".join(row.texts)
        say_wrapped(f"{key:4} {shortened(question, 220)} [blocks: {blocks}]", indent="     ", first="")


def _print_accepted(file: ProtocolFile, found: tuple[Finding, ...]) -> None:
    accepted = [one for one in found if one.accepted]
    if not accepted:
        return
    say_heading("Accepted")
    for one in accepted:
        rows = file.protocol.accepted
        row = rows.get(f"{one.id} {one.subject}") or rows[one.id]
        say_wrapped(f"{one.id} {one.remark.message} ({row.by}, {row.on}: {row.reason})", indent="    ", first="")


def _as_json(file: ProtocolFile, found: tuple[Finding, ...], record: FoundRecord | None, today: date) -> dict[str, Any]:
    from trialrun.protocol.checks.findings import open_row

    return {
        "file": file.name,
        "hash": file.hash,
        "compared_with": None if record is None else record.label,
        "on": today.isoformat(),
        "errors": [_finding_json(one) for one in found if one.is_error and not one.accepted],
        "warnings": [_finding_json(one) for one in found if not one.is_error or one.accepted],
        "open": [open_row(key, row) for key, row in file.open_items().items()],
    }


def _finding_json(one: Finding) -> dict[str, Any]:
    return {
        "id": one.id,
        "line": one.place.line,
        "column": one.place.column,
        "message": one.remark.message,
        "subject": one.subject,
        "texts": list(one.remark.texts),
        "hint": one.remark.hint,
        "recorded_as": one.recorded_as,
        "accepted": one.accepted,
    }


def _unloaded(file: str, problems: tuple[Problem, ...]) -> dict[str, Any]:
    """Problems that keep a file from loading, in the shape of the answer."""
    errors: list[dict[str, Any]] = [
        {
            "id": "LOAD",
            "line": problem.place.line if problem.place else 1,
            "column": problem.place.column if problem.place else 1,
            "message": problem.message,
            "subject": "",
            "texts": [],
            "hint": problem.hint,
            "recorded_as": None,
            "accepted": False,
        }
        for problem in problems
    ]
    empty: dict[str, Any] = {"hash": None, "compared_with": None, "on": None}
    return {"file": file, **empty, "errors": errors, "warnings": [], "open": []}
