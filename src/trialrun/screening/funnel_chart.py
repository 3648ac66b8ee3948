"""The funnel drawn: a table with a bar in each row, so that it is read aloud, printed and copied as what it is.

Bars are widths in percent of the longest; each number stands beside its bar as text. Dark, light and dashed differ
without colour as well: blue and vermilion of Okabe and Ito's set, far apart in grey.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from trialrun.errors import shortened

_LONG = 110
"""Characters of a sentence that stand beside a bar without being folded."""
_HEADS = ("Id", "Criterion", "Who is left")
_NUMBERS = ("Remaining", "Sure", "Lost here", "Against", "For", "Unknown")
_ROUNDED = ("Remaining", "Against", "Unknown")


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One bar of the funnel with what stands beside it.

    Args:
        id: The criterion, `I1`; empty for the row of everybody the funnel starts with.
        label: The criterion's sentence.
        remaining: How many are left after it.
        sure: How many of these have passed everything so far for certain; None where counts are rounded.
        against, passing, unknown: Counts as text: `1,204`, or empty where the row has none.
        shown: The remaining as text where counts are rounded: `under 10`; empty for the number itself.
    """

    id: str
    label: str
    remaining: int
    sure: int | None = None
    against: str = ""
    passing: str = ""
    unknown: str = ""
    shown: str = ""


def funnel_chart(rows: Sequence[ChartRow], *, rounded: bool = False) -> str:
    """The funnel as a table with bars, and its key.

    A bar is as wide as its count is of the largest count.

    Args:
        rows: In the protocol's order; the first may be the one of everybody.
        rounded: Whether counts are rounded: who is sure, what is lost and for whom a row speaks are then left out.
    """
    most = max((row.remaining for row in rows), default=0)
    before: list[ChartRow | None] = [None, *rows[:-1]]
    columns = _ROUNDED if rounded else _NUMBERS
    lines = "".join(_line(row, previous, most, columns) for row, previous in zip(rows, before, strict=False))
    heads = "".join(f"<th scope='col'>{head}</th>" for head in (*_HEADS, *columns))
    return f"{_key(rounded)}<table class='funnel'><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"


def bar(parts: Sequence[tuple[str, int]], most: int) -> str:
    """A bar of parts side by side.

    Args:
        parts: The kind of each (a class of the style sheet) and its count.
        most: The count that is as wide as the bar can be.
    """
    drawn, at = "", 0.0
    for kind, count in parts:
        wide = 100 * count / most if most else 0.0
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


def _line(row: ChartRow, before: ChartRow | None, most: int, columns: Sequence[str]) -> str:
    name = escape(row.id)
    anchor = f" id='{name}'" if name else ""
    texts = {
        "Remaining": row.shown or f"{row.remaining:,}",
        "Sure": "" if row.sure is None else f"{row.sure:,}",
        "Lost here": "" if before is None else _lost(before.remaining - row.remaining),
        "Against": row.against,
        "For": row.passing,
        "Unknown": row.unknown,
    }
    numbers = "".join(number_cell(label, texts[label]) for label in columns)
    return (
        f"<tr{anchor}><th scope='row'>{name or 'Start'}</th><td class='says'>{sentence(row.label)}</td>"
        f"<td class='drawn'>{_bar(row, before, most)}</td>{numbers}</tr>"
    )


def _bar(row: ChartRow, before: ChartRow | None, most: int) -> str:
    sure = row.sure or 0
    parts = [("sure", sure), ("left", row.remaining - sure)]
    if before is not None:
        parts.append(("lost", before.remaining - row.remaining))
    return bar(parts, most)


def _lost(count: int) -> str:
    return f"−{count:,}" if count else "0"


def _key(rounded: bool) -> str:
    sure = ("sure", "sure: passed everything so far for certain")
    left = ("left", "left after this criterion, rounded" if rounded else "left, but something is unknown")
    kinds = [left] if rounded else [sure, left]
    kinds.append(("lost", "lost at this criterion, roughly" if rounded else "lost at this criterion"))
    marks = "".join(
        f"<span><svg width='18' height='14' aria-hidden='true'><rect class='{kind}' x='1' y='1' width='16' height='12'/>"
        f"</svg> {words}</span>"
        for kind, words in kinds
    )
    return f"<p class='key'>{marks}</p>"
