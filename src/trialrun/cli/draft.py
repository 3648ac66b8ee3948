"""`trialrun draft`: a protocol file from registry records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from trialrun.cli.options import Flag
from trialrun.cli.records import find_record
from trialrun.cli.terminal import counted, say, say_json, warn
from trialrun.errors import EXIT_DONE, UsageError

if TYPE_CHECKING:
    from trialrun.protocol.draft.assemble import Draft

_SHOWN = 12


def draft(
    *sources: str,
    out: Annotated[Path | None, Parameter(name=["--out", "-o"])] = None,
    force: Flag = False,
    json: Flag = False,
    home: Path | None = None,
) -> int:
    """Draft a protocol file from a registry record; several sources of one trial are merged.

    What the prose states is written with its source; what it does not state becomes a question or an assumption.

    Example: `trialrun draft NCT04062006 -o study.yaml`

    Parameters
    ----------
    sources
        Numbers of trials in the store, or files with a record or a record page.
    out
        File to write; printed unless given.
    force
        Replace the file if it exists.
    json
        Print problems, open items, coverage and provenance as JSON.
    home
        Folder of the store; the user's data folder unless given.
    """
    from trialrun.files import refuse_inputs, write_text
    from trialrun.protocol.draft.assemble import draft as make_draft
    from trialrun.protocol.draft.sources import Source

    if not sources:
        raise UsageError("draft needs a record", hint="Example: trialrun draft NCT04062006 -o study.yaml")
    if out is not None:
        refuse_inputs(out, (Path(name) for name in sources))
    found = [find_record(name, home) for name in sources]
    made = make_draft([Source(one.record, one.label) for one in found], str(out) if out else "draft.yaml")
    if out is not None:
        write_text(out, made.text, replace=force, hint="Choose another name, or add --force.")
    if json:
        say_json(_as_json(made, out))
    elif out is None:
        say(made.text.rstrip("\n"))
    _summarise(made, out, to_stdout=out is not None and not json)
    return EXIT_DONE


def _as_json(made: Draft, out: Path | None) -> dict[str, Any]:
    from trialrun.protocol.checks.findings import open_row

    return {
        "file": None if out is None else str(out),
        "text": made.text if out is None else None,
        "hash": made.file.hash,
        "problems": list(made.coverage.unread),
        "coverage": {"elements": made.coverage.elements, "read": made.coverage.read, "share": made.coverage.share},
        "open": [open_row(key, row) for key, row in made.file.open_items().items()],
        "provenance": [
            {"path": drawn.path, "source": drawn.source, "field": drawn.field, "text": drawn.text}
            for drawn in made.drawn
        ],
    }


def _summarise(made: Draft, out: Path | None, *, to_stdout: bool) -> None:
    """What was read and what was not: the answer where a file was written, a remark where it is printed."""
    tell = say if to_stdout else warn
    protocol, coverage = made.file.protocol, made.coverage
    rules = protocol.eligibility
    if out is not None:
        tell(f"Drafted: {out}")
    tell(
        f"{counted(len(protocol.arms), 'arm')}, {counted(len(protocol.drugs), 'treatment')}, "
        f"{counted(len(protocol.visits), 'visit')}, {counted(len(protocol.objectives.endpoints), 'endpoint')}, "
        f"{len(rules.include)} inclusion and "
        f"{len(rules.exclude)} exclusion criteria" + (f", {len(rules.other)} other" if rules.other else "") + "."
    )
    tell(
        f"Read: {coverage.read} of {coverage.elements} things looked for (arms, doses, routes, days, visits, criteria)."
    )
    for what in coverage.unread[:_SHOWN]:
        tell(f"  not read: {what}")
    if len(coverage.unread) > _SHOWN:
        tell(f"  … and {len(coverage.unread) - _SHOWN} more, in the file below 'unread'")
    kinds = [sum(key.startswith(letter) for key in made.file.open_items()) for letter in "CQA"]
    words = zip(kinds, ("conflict", "question", "assumption"), strict=True)
    tell(f"Open: {', '.join(counted(number, word) for number, word in words)}.")
    if out is not None:
        tell("This is no protocol yet: the check lists what no record states and a protocol needs.")
        tell(f"Next: trialrun check {out}")
