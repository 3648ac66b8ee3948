"""The page of many people that may be passed on: counts only, and none of a small group."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from trialrun.screening.crowd_page import people, tiles
from trialrun.screening.disclosure import SMALLEST, Shared, shared
from trialrun.screening.document import document
from trialrun.screening.funnel_chart import HIDDEN, ChartRow, funnel_chart
from trialrun.screening.verdicts import Standing

if TYPE_CHECKING:
    from trialrun.screening.crowd import Crowd
    from trialrun.screening.funnel import FunnelRow


def share_page(crowd: Crowd) -> str:
    """The page: no ids, no source, no count from which a group of one to four people can be read or worked out.

    Raises:
        InputError: there are fewer than five people.
    """
    told = shared(crowd.funnel)
    title = f"{crowd.trial}: people screened on {crowd.anchors.on}, to pass on"
    return document(
        title, "\n".join((_top(crowd, told), _funnel(crowd, told), _foot(crowd, told))), styles=("crowd.css",)
    )


def _top(crowd: Crowd, told: Shared) -> str:
    persons = told.get("", "persons")
    who = people(persons) if persons is not None else "People"
    counts = [
        (standing, _count(told.get("", standing.value)), "")
        for standing in (Standing.ELIGIBLE, Standing.POSSIBLE, Standing.EXCLUDED)
    ]
    rests = "".join(f"<p class='small'>{escape(words)}</p>" for words in crowd.basis(passed_on=True))
    return (
        f"<header><p>{escape(crowd.trial)} &middot; screened on <b class='day'>{crowd.anchors.on}</b> &middot; protocol "
        f"<b>{escape(crowd.protocol_hash[:12])}</b></p>\n<h1>{who} screened</h1>\n{tiles(counts)}\n{rests}</header>"
    )


def _funnel(crowd: Crowd, told: Shared) -> str:
    persons = told.get("", "persons")
    start = ChartRow("", "everybody who was screened", persons, persons)
    rows = (start, *(_row(row, told) for row in crowd.funnel.rows))
    return (
        "<section><h2>The funnel, in the protocol's order</h2><p class='small'>Remaining: not excluded by this row or those "
        "above, and not recorded as dead. Against, for and unknown count everybody, also who is excluded by another row.</p>"
        f"{funnel_chart(rows)}</section>{_costs(crowd, told)}"
    )


def _row(row: FunnelRow, told: Shared) -> ChartRow:
    name, excludes = row.criterion.id, row.criterion.excludes
    against, passing = ("met", "not_met") if excludes else ("not_met", "met")
    return ChartRow(
        name,
        row.criterion.says,
        told.get(name, "remaining"),
        told.get(name, "sure"),
        _count(told.get(name, against)),
        _count(told.get(name, passing)),
        _count(told.get(name, "unknown")),
    )


def _costs(crowd: Crowd, told: Shared) -> str:
    counts = {row.criterion.id: told.get(row.criterion.id, "alone") for row in crowd.funnel.rows}
    lines = "".join(
        f"<tr><th scope='row'>{escape(name)}</th><td class='n'>{_count(count)}</td></tr>"
        for name, count in counts.items()
        if count != 0
    )
    if not lines:
        return ""
    heads = "<tr><th scope='col'>Criterion</th><th scope='col' class='n'>It alone excludes</th></tr>"
    return (
        "<section><h2>What each criterion costs</h2><p class='small'>People whom this criterion excludes and no other does."
        f"</p><table class='asks'><thead>{heads}</thead><tbody>{lines}</tbody></table></section>"
    )


def _count(count: int | None) -> str:
    return HIDDEN if count is None else f"{count:,}"


def _foot(crowd: Crowd, told: Shared) -> str:
    return (
        f"<footer><p class='small'>{told.hidden:,} counts are hidden: those below {SMALLEST}, and those from which one below "
        f"{SMALLEST} could be worked out. Zero is shown. Two such pages that differ by few people can give them away together: "
        "pass on one, or wait until at least that many have changed.</p>"
        f"<p class='small'>Protocol {escape(crowd.protocol_hash)}; terms {escape(crowd.vocabulary)}. For research; not "
        "clinically validated.</p></footer>"
    )
