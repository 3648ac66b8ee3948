"""Checks of decisions against the file they stand in."""

from __future__ import annotations

from collections.abc import Iterator

from trialrun.errors import shortened
from trialrun.protocol.checks.findings import Case, Check, Remark, Severity


def l57(case: Case) -> Iterator[Remark]:
    """Values that still carry the mark of an item that was decided otherwise than proposed."""
    for key, row in case.protocol.decisions.items():
        for path in case.file.still_as_proposed(key):
            message = f"{key} was decided as '{shortened(row.use or '')}', but this still carries its mark"
            hint = f"Write what was decided, and take [{key}] off."
            yield Remark(path, message, hint=hint)


_ROW = (
    "decisions:\n  Q1:\n    asks: Is week n day 7n or day 7n + 1?\n    proposal: {proposal}\n    blocks: calendar\n"
    '    use: day 7n\n    decided by: Li Wei, investigator\n    decided on: 2026-11-24\n    reason: "the site counts so"\n'
)

CHECKS = (
    Check(
        "L57",
        "A decision that the file does not follow",
        Severity.WARNING,
        "Where a choice is not the proposal, the file still says what was proposed until somebody changes it, and "
        "schedules are made from the file.",
        l57,
        fails="visits:\n  week 4: day 29, window -3..+3 [Q1]\n" + _ROW.format(proposal="day 7n + 1"),
        passes="visits:\n  week 4: day 29, window -3..+3 [Q1]\n" + _ROW.format(proposal="day 7n"),
    ),
)
