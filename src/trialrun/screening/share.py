"""The page of many people that may be passed on: counts only, rounded so that no small group can be worked out."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from trialrun.screening.disclosure import Shared, shared
from trialrun.screening.document import document
from trialrun.screening.funnel_chart import ChartRow, funnel_chart
from trialrun.screening.verdicts import MEANINGS, Standing

if TYPE_CHECKING:
    from trialrun.screening.crowd import Crowd
    from trialrun.screening.funnel import FunnelRow


def share_page(crowd: Crowd) -> str:
    """The page: no ids, no source, nobody recorded as dead, and every count rounded.

    Raises:
        InputError: there are too few people.
    """
    told = shared(crowd.living)
    title = f"{crowd.trial}: people screened on {crowd.anchors.on}, to pass on"
    return document(
        title, "\n".join((_top(crowd, told), _funnel(crowd, told), _foot(crowd, told))), styles=("crowd.css",)
    )


def _top(crowd: Crowd, told: Shared) -> str:
    persons = told.get("", "persons")
    rests = "".join(f"<p class='small'>{escape(words)}</p>" for words in crowd.basis(passed_on=True))
    return (
        f"<header><p>{escape(crowd.trial)} &middot; screened on <b class='day'>{crowd.anchors.on}</b> &middot; protocol "
        f"<b>{escape(crowd.protocol_hash[:12])}</b></p>\n<h1>{persons:,} to {persons + told.base - 1:,} people screened</h1>\n"
        f"<p>{_rounding(told)}</p>{_tiles(crowd, told)}\n{rests}</header>"
    )


def _rounding(told: Shared) -> str:
    base = told.base
    return (
        f"Every count is rounded down to a multiple of {base}, so that no small group can be worked out: {2 * base} stands "
        f"for {2 * base} to {3 * base - 1} people, and “{_count(0, told)}” may be nobody. Sums need not add up. People "
        "recorded as dead are left out."
    )


def _tiles(crowd: Crowd, told: Shared) -> str:
    last = told.get(crowd.funnel.rows[-1].criterion.id, "remaining") if crowd.funnel.rows else told.get("", "persons")
    each = (
        (Standing.ELIGIBLE, told.get("", "eligible"), "eligible", MEANINGS[Standing.ELIGIBLE]),
        (Standing.POSSIBLE, last, "eligible or possible", "nothing known is against it"),
    )
    tiles = "".join(
        f"<div class='{standing.value}'><dt><b>{_count(count, told)}</b> {words}</dt><dd>{meaning}</dd></div>"
        for standing, count, words, meaning in each
    )
    return f"<dl class='tiles'>{tiles}</dl>"


def _funnel(crowd: Crowd, told: Shared) -> str:
    persons = told.get("", "persons")
    start = ChartRow("", "everybody who was screened and is alive", persons, shown=_count(persons, told))
    rows = (start, *(_row(row, told) for row in crowd.funnel.rows))
    return (
        "<section><h2>The funnel, in the protocol's order</h2><p class='small'>Remaining: not excluded by this row or those "
        "above. Against and unknown count everybody, also who is excluded by another row.</p>"
        f"{funnel_chart(rows, rounded=True)}</section>"
    )


def _row(row: FunnelRow, told: Shared) -> ChartRow:
    name = row.criterion.id
    remaining = told.get(name, "remaining")
    return ChartRow(
        name,
        row.criterion.says,
        remaining,
        against=_count(told.get(name, "against"), told),
        unknown=_count(told.get(name, "unknown"), told),
        shown=_count(remaining, told),
    )


def _count(count: int, told: Shared) -> str:
    return f"{count:,}" if count else f"under {told.base:,}"


def _foot(crowd: Crowd, told: Shared) -> str:
    return (
        f"<footer><p class='small'>Two such pages that differ by few people can give them away together: pass on one, or wait "
        f"until at least {told.base:,} people have changed.</p>"
        f"<p class='small'>Protocol {escape(crowd.protocol_hash)}; terms {escape(crowd.vocabulary)}. For research; not "
        "clinically validated.</p></footer>"
    )
