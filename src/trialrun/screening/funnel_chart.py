"""The funnel drawn: a table with a bar in each row, so that it is read aloud, printed and copied as what it is.

Bars are widths in percent of the longest; each number stands beside its bar as text. Dark, light, dashed and hatched differ
without colour as well: blue and vermilion of Okabe and Ito's set, far apart in grey.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from trialrun.errors import shortened

HIDDEN = "hidden"
"""What stands in place of a count that is not shown."""

_LONG = 110
"""Characters of a sentence that stand beside a bar without being folded."""
_HEADS = ("Id", "Criterion", "Who is left", "Remaining", "Sure", "Lost here", "Against", "For", "Unknown")
_HATCH = (
    "<svg class='defs' width='0' height='0' aria-hidden='true'><defs><pattern id='hatch' width='7' height='7' "
    "patternUnits='userSpaceOnUse' patternTransform='rotate(45)'><rect class='gap' width='7' height='7'/>"
    "<rect class='line' width='2' height='7'/></pattern></defs></svg>"
)


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One bar of the funnel with what stands beside it.

    Args:
        id: The criterion, `I1`; empty for the row of everybody the funnel starts with.
        label: The criterion's sentence.
        remaining: How many are left after it; None where that is not shown.
        sure: How many of these have passed everything so far for certain; None where that is not shown.
        against, passing, unknown: Counts as text: `1,204`, `hidden`, or empty where the row has none.
    """

    id: str
    label: str
    remaining: int | None
    sure: int | None
    against: str = ""
    passing: str = ""
    unknown: str = ""


def funnel_chart(rows: Sequence[ChartRow]) -> str:
    """The funnel as a table with bars, and its key.

    A bar is as wide as its count is of the largest count shown. What is lost at a row is worked out from the counts that
    are shown and from nothing else: where one of the two is hidden, so is the loss.

    Args:
        rows: In the protocol's order; the first may be the one of everybody.
    """
    most = max((row.remaining for row in rows if row.remaining is not None), default=0)
    before: list[ChartRow | None] = [None, *rows[:-1]]
    lines = "".join(_line(row, previous, most) for row, previous in zip(rows, before, strict=False))
    heads = "".join(f"<th scope='col'>{head}</th>" for head in _HEADS)
    hidden = any(row.remaining is None or row.sure is None for row in rows)
    return (
        f"{_HATCH if hidden else ''}{_key(hidden)}<table class='funnel'><thead><tr>{heads}</tr></thead>"
        f"<tbody>{lines}</tbody></table>"
    )


def bar(parts: Sequence[tuple[str, int]], most: int) -> str:
    """A bar of parts side by side.

    Args:
        parts: The kind of each (a class of the style sheet) and its count; `hatched` takes all that is left.
        most: The count that is as wide as the bar can be.
    """
    drawn, at = "", 0.0
    for kind, count in parts:
        wide = 100.0 - at if kind == "hatched" else 100 * count / most if most else 0.0
        if wide > 0:
            drawn += f"<rect class='{kind}' x='{at:.2f}%' y='1' width='{wide:.2f}%' height='16'/>"
        at += wide
    return f"<svg class='bar' width='100%' height='18' aria-hidden='true' focusable='false'>{drawn}</svg>"


def sentence(text: str) -> str:
    """A registered sentence; a long one is folded to its beginning."""
    if len(text) <= _LONG:
        return escape(text)
    return f"<details><summary>{escape(shortened(text, _LONG))}</summary>{escape(text)}</details>"


def link(criterion: str) -> str:
    """A criterion's id that leads to its bar."""
    return f"<a href='#{escape(criterion)}'>{escape(criterion)}</a>"


def number_cell(label: str, text: str) -> str:
    """A cell of a count, named where the heads of the columns are out of sight."""
    return f"<td class='n' data-label='{label}'>{escape(text)}</td>"


def _line(row: ChartRow, before: ChartRow | None, most: int) -> str:
    name = escape(row.id)
    anchor = f" id='{name}'" if name else ""
    shown = (
        _shown(row.remaining),
        _shown(row.sure),
        _lost(row, before),
        row.against,
        row.passing,
        row.unknown,
    )
    numbers = "".join(number_cell(label, text) for label, text in zip(_HEADS[3:], shown, strict=True))
    return (
        f"<tr{anchor}><th scope='row'>{name or 'Start'}</th><td class='says'>{sentence(row.label)}</td>"
        f"<td class='drawn'>{_bar(row, before, most)}</td>{numbers}</tr>"
    )


def _bar(row: ChartRow, before: ChartRow | None, most: int) -> str:
    if row.remaining is None:
        return bar((("sure", row.sure or 0), ("hatched", 0)), most)
    sure = row.sure or 0
    parts = [("sure", sure), ("left", row.remaining - sure)]
    if before is not None and before.remaining is not None:
        parts.append(("lost", before.remaining - row.remaining))
    return bar(parts, most)


def _shown(count: int | None) -> str:
    return HIDDEN if count is None else f"{count:,}"


def _lost(row: ChartRow, before: ChartRow | None) -> str:
    if before is None:
        return ""
    if row.remaining is None or before.remaining is None:
        return HIDDEN
    lost = before.remaining - row.remaining
    return f"−{lost:,}" if lost else "0"


def _key(hidden: bool) -> str:
    kinds = [("sure", "sure: passed everything so far for certain"), ("left", "left, but something is unknown")]
    kinds += [("lost", "lost at this criterion")]
    kinds += [("hatched", "hidden: the count is not shown")] if hidden else []
    marks = "".join(
        f"<span><svg width='18' height='14' aria-hidden='true'><rect class='{kind}' x='1' y='1' width='16' height='12'/>"
        f"</svg> {words}</span>"
        for kind, words in kinds
    )
    return f"<p class='key'>{marks}</p>"
