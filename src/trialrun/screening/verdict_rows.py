"""Verdicts with their evidence as one table: a line for each row that was looked at, or one where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from trialrun.screening.evidence import evidence_rows
from trialrun.screening.explanation import with_parts

if TYPE_CHECKING:
    from trialrun.screening.explanation import Explained, Explanation


class VerdictRow(NamedTuple):
    """One line of the table; every cell is text, and empty where there is nothing to say.

    Args:
        person, standing: Who, and where they stand over the whole protocol.
        criterion, item: `E9` and, for a part of it, `E9.b`.
        verdict: met, not met or unknown.
        reason, missing, who: For unknown: the kind of what is missing, in words, and who can supply it.
        assumed: What was taken for granted because it is not recorded.
        row, decided: Id of a row that was looked at, and whether the verdict rests on it.
        date, what, value: The row in words.
        origin: File and line, or table and row, it was read from.
    """

    person: str
    standing: str
    criterion: str
    item: str
    verdict: str
    reason: str
    missing: str
    who: str
    assumed: str
    row: str
    decided: str
    date: str
    what: str
    value: str
    origin: str


COLUMNS = VerdictRow._fields


def verdict_rows(found: Explanation) -> Iterator[VerdictRow]:
    """The lines of one person, in the protocol's order."""
    for top in found.criteria:
        for one in with_parts(top):
            yield from _rows(one, top.id, found)


def _rows(one: Explained, criterion: str, found: Explanation) -> Iterator[VerdictRow]:
    gap = one.missing[0] if one.missing else None
    verdict = (
        found.person,
        found.standing.value,
        criterion,
        one.id,
        one.verdict.value,
        gap.reason.value if gap else "",
        gap.words if gap else "",
        gap.supplier if gap else "",
        "; ".join(one.assumed),
    )
    rows = evidence_rows(one.finding, found.events) if not one.parts else ()
    if not rows:
        yield VerdictRow(*verdict, "", "", "", "", "", "")
    for row in rows:
        decided = "yes" if row.decided else "no"
        yield VerdictRow(*verdict, row.row, decided, row.date, row.what, row.value, row.origin)
