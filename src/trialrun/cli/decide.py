"""`trialrun decide`: a named person decides a conflict, question or assumption."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from trialrun.cli.options import Flag, day_or_today
from trialrun.cli.records import record_for
from trialrun.cli.terminal import counted, say, say_json, say_wrapped
from trialrun.errors import EXIT_DONE, UsageError

if TYPE_CHECKING:
    from datetime import date

    from trialrun.protocol.checks.findings import Finding
    from trialrun.protocol.load import ProtocolFile


def decide(
    file: str,
    item: str,
    /,
    *,
    use: str,
    by: str,
    reason: str,
    on: str | None = None,
    out: Annotated[Path | None, Parameter(name=["--out", "-o"])] = None,
    again: Flag = False,
    record: Path | None = None,
    json: Flag = False,
    home: Path | None = None,
) -> int:
    """Write a decision into a protocol file; comments and layout stay as they are.

    Example: `trialrun decide study.yaml C1 --use "per m2" --by "Li Wei, investigator" --reason "arm text"`

    Parameters
    ----------
    file
        The protocol file, or the name of a study that ships (then with -o).
    item
        C1, Q12 or A3; or a finding of `trialrun check`, such as L14, to accept it.
    use
        The option or text chosen; `proposal` takes the proposal; `accepted` accepts a finding.
    by
        Name and role of who decides: "Li Wei, investigator".
    reason
        Why.
    on
        Date of the decision; today unless given.
    out
        Write the changed file here and leave FILE as it is.
    again
        Replace an earlier decision.
    record
        File with the record that findings rest on; the store's record of the trial unless given.
    json
        Print the row as JSON.
    home
        Folder of the store; the user's data folder unless given.
    """
    from trialrun.files import write_text
    from trialrun.protocol.checks.acceptance import refuse_unacceptable
    from trialrun.protocol.decide import ACCEPTED, Ruling, is_finding, item_id
    from trialrun.protocol.decide import decide as write_decision
    from trialrun.protocol.shipped import find_protocol

    if out is None and not Path(file).exists() and find_protocol(file):
        raise UsageError(f"{file} ships with the program and is not changed", hint=f"Add: -o {file}.yaml")
    target = Path(file) if out is None else out
    ruling = Ruling(use, by, day_or_today(on, "--on"), reason)
    before = find_protocol(file)
    item = item_id(item, before.protocol)
    if is_finding(item) and use == ACCEPTED:
        refuse_unacceptable(item, _findings(before, record, home, ruling.on))
    changed = write_decision(before, item, ruling, again=again)
    write_text(target, changed.source.text, replace=out is None)
    if json:
        say_json(_row(changed, item))
    else:
        _print(changed, item, target, by)
    return EXIT_DONE


def _findings(file: ProtocolFile, record: Path | None, home: Path | None, today: date) -> tuple[Finding, ...]:
    """What `trialrun check` finds in the file."""
    from trialrun.protocol.checks.catalogue import ALL
    from trialrun.protocol.checks.findings import Case, findings

    found = record_for(file.protocol.trial, record, home)
    return findings(Case(file, found.record if found else None, today), ALL)


def _print(file: ProtocolFile, item: str, target: Path, by: str) -> None:
    verb = "accepted" if item in file.protocol.accepted else "decided"
    say(f"{item} {verb} in {target} by {by}. Hash of the protocol is now {file.hash[:12]}.")
    for line in _consequences(file, item):
        say_wrapped(line)
    still = len(file.open_items())
    rest = f"{counted(still, 'item')} still open." if still else "No conflict, question or assumption is open any more."
    say(rest)


def _consequences(file: ProtocolFile, item: str) -> Iterator[str]:
    """What a person still has to write where a choice is not the proposal: the file goes on saying what it said."""
    row = file.protocol.decisions.get(item)
    if row is None or row.sets is not None or row.proposal in (None, row.use):
        return
    lines = _unchanged(file, item)
    if lines:
        where = "Line " if len(lines) == 1 else "Lines "
        yield (
            f"This is not the proposal. {where}{', '.join(map(str, lines))} with the mark [{item}] stay as they are: "
            "write there what was decided, and take the mark off."
        )
    else:
        yield "This is not the proposal, and nothing else in the file changes by it: write what follows from it."


def _unchanged(file: ProtocolFile, item: str) -> list[int]:
    """The lines that still say what was proposed."""
    if item not in file.protocol.decisions:
        return []
    return sorted(file.source.place(path).line for path in file.still_as_proposed(item))


def _row(file: ProtocolFile, item: str) -> dict[str, Any]:
    from trialrun.protocol.checks.findings import open_row

    protocol = file.protocol
    if item in protocol.accepted:
        accepted = protocol.accepted[item]
        asked: dict[str, Any] = {
            "kind": "finding",
            "asks": None,
            "texts": [],
            "options": {},
            "proposal": None,
            "blocks": [],
        }
        made = {"use": "accepted", "decided_by": accepted.by, "decided_on": str(accepted.on), "reason": accepted.reason}
        return {"id": item, **asked, **made, "unchanged": []}
    row = protocol.decisions[item]
    return {
        **open_row(item, row),
        "use": row.use,
        "decided_by": row.decided_by,
        "decided_on": str(row.decided_on),
        "reason": row.reason,
        "unchanged": _unchanged(file, item),
    }
