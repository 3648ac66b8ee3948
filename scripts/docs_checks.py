"""The pages of the checks: an index, and one page each with an example that fails and one that passes."""

from __future__ import annotations

from datetime import date

from trialrun.protocol.checks.catalogue import ALL
from trialrun.protocol.checks.example import TODAY, example_record, example_text
from trialrun.protocol.checks.findings import Case, Check, Finding, Severity, findings
from trialrun.protocol.load import load_text

_INDEX = """# Checks

*Generated from the program; do not edit.*

`trialrun check FILE` looks at a protocol alone and, where its record is known, against the record. An *error* must be
mended. A *warning* is worth a look. A *conflict* is a contradiction that a person must decide: an error as long as no
row of `decisions` records it, because nothing would be blocked by it; a warning once a row does.

A finding that leaves a study that can be run is accepted by a named person: `trialrun decide FILE L14 --use accepted --by "Name, role" --reason "…"`, or
for one subject only: `trialrun decide FILE "L14 calendar" …`. It then stays in the list, with the name.
A conflict cannot be accepted, because nothing would be held back: record it and decide it.

The examples are laid over one small study; only what they change is shown.

| id | finds | severity |
|---|---|---|
"""


def pages() -> dict[str, str]:
    """Path under docs/ -> Markdown."""
    rows = "".join(f"| [{check.id}](checks/{check.id}.md) | {check.title} | {check.severity} |\n" for check in ALL)
    return {"checks.md": _INDEX + rows, **{f"checks/{check.id}.md": _page(check) for check in ALL}}


def _page(check: Check) -> str:
    parts = [
        f"# {check.id}: {check.title}\n",
        "*Generated from the program; do not edit.*\n",
        f"Severity: **{check.severity}**.\n",
        f"{check.why}\n",
        "## Fails\n",
        _example(check, fails=True),
        "The program says:\n",
        "```text\n" + "\n".join(_line(finding) for finding in _found(check, fails=True)) + "\n```\n",
        "## Passes\n",
        _example(check, fails=False),
        "## Mend or accept\n",
        _advice(check),
    ]
    return "\n".join(parts)


def _example(check: Check, *, fails: bool) -> str:
    blocks = check.fails if fails else check.passes
    record = check.record_fails if fails else check.record_passes
    shown = f"```yaml\n{blocks}```\n" if blocks else ""
    if record:
        shown += "Record:\n\n```text\n" + "".join(f"{path}: {value}\n" for path, value in record) + "```\n"
    return shown or "The small study as it is.\n"


def _found(check: Check, *, fails: bool) -> list[Finding]:
    blocks = check.fails if fails else check.passes
    record = check.record_fails if fails else check.record_passes
    file = load_text(example_text(blocks), "example.yaml")
    case = Case(file, example_record(record), date.fromisoformat(TODAY))
    return [finding for finding in findings(case, [check]) if finding.id == check.id]


def _line(finding: Finding) -> str:
    hint = "".join(f"\n    {line}" for line in (finding.remark.hint or "").splitlines())
    return f"{finding.id} {finding.remark.message}{hint}"


def _advice(check: Check) -> str:
    if check.severity is Severity.CONFLICT:
        return (
            "Record it below `decisions` with both texts and what it blocks, and let a named person decide it with "
            "`trialrun decide`.\n"
        )
    if not check.can_be_accepted:
        return "Change the file. It cannot be accepted: the study cannot be run as long as it stands.\n"
    return "Change the file (or the record). Where the finding is right and wanted, a named person accepts it.\n"
