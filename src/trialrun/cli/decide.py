"""`trialrun decide`: a named person decides a conflict, question or assumption."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from trialrun.cli.options import day_or_today
from trialrun.cli.terminal import counted, say, say_json
from trialrun.errors import EXIT_DONE, UsageError

if TYPE_CHECKING:
    from trialrun.protocol.model import Protocol


def decide(
    file: str,
    item: str,
    *,
    use: str,
    by: str,
    reason: str,
    on: str | None = None,
    out: Annotated[Path | None, Parameter(name=["--out", "-o"])] = None,
    again: Annotated[bool, Parameter(negative="")] = False,
    json: Annotated[bool, Parameter(negative="")] = False,
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
    json
        Print the row as JSON.
    """
    from trialrun.files import write_text
    from trialrun.protocol.decide import Ruling
    from trialrun.protocol.decide import decide as write_decision
    from trialrun.protocol.shipped import find_protocol

    if out is None and not Path(file).exists() and find_protocol(file):
        raise UsageError(f"{file} ships with the program and is not changed", hint=f"Add: -o {file}.yaml")
    target = Path(file) if out is None else out
    changed = write_decision(find_protocol(file), item, Ruling(use, by, day_or_today(on, "--on"), reason), again=again)
    write_text(target, changed.source.text, replace=out is None)
    if json:
        say_json(_row(changed.protocol, item))
    else:
        verb = "accepted" if item.startswith("L") else "decided"
        still = len(changed.open_items())
        say(f"{item} {verb} in {target} by {by}. Hash of the protocol is now {changed.hash[:12]}.")
        say(f"{counted(still, 'item')} still open." if still else "Nothing is open any more.")
    return EXIT_DONE


def _row(protocol: Protocol, item: str) -> dict[str, Any]:
    from trialrun.protocol.checks.findings import open_row

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
        return {"id": item, **asked, **made}
    row = protocol.decisions[item]
    return {
        **open_row(item, row),
        "use": row.use,
        "decided_by": row.decided_by,
        "decided_on": str(row.decided_on),
        "reason": row.reason,
    }
