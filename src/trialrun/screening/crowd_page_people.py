"""The people who might join, on the page of many: the nearest first, with what to ask for each."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from trialrun.screening.candidates import Candidate
from trialrun.screening.funnel_chart import link

_OPEN = 20
MOST_LISTED = 1_000
"""People on a page; a longer list is for a program."""
_MOST_SAID = 3
"""Things to ask for that are said at once; more are behind a fold."""


def people_section(found: Sequence[Candidate]) -> str:
    """The section of everybody who is not excluded."""
    if not found:
        return "<section><h2>Who might join</h2><p>Nobody: everybody is excluded by something known.</p></section>"
    first, rest, left = found[:_OPEN], found[_OPEN:MOST_LISTED], len(found) - MOST_LISTED
    fold = f"<details class='more'><summary>{len(rest):,} more people</summary>{_table(rest)}</details>" if rest else ""
    out = f"<p>… and {left:,} more, who are not on this page: --json --limit 0 lists all.</p>" if left > 0 else ""
    return (
        "<section id='candidates'><h2>Who might join, the nearest first</h2><p class='small'>The fewer criteria are unknown, "
        f"the nearer. --person ID explains one of them in full.</p>{_FILTER}{_table(first)}{fold}{out}</section>"
    )


_FILTER = (
    "<p class='filter' id='filter' hidden><label>Show people with: <input type='search' autocomplete='off' "
    "spellcheck='false' placeholder='id, criterion, laboratory, …'></label> <output></output></p>"
)


def _table(found: Sequence[Candidate]) -> str:
    lines = "".join(_row(one) for one in found)
    return (
        "<table class='people'><thead><tr><th scope='col'>Person</th><th scope='col'>Stands</th>"
        "<th scope='col' class='n'>Unknown</th><th scope='col'>Criteria</th><th scope='col'>What to ask</th></tr></thead>"
        f"<tbody>{lines}</tbody></table>"
    )


def _row(one: Candidate) -> str:
    items = ", ".join(link(name) for name in one.unknown)
    return (
        f"<tr><th scope='row'>{escape(one.person)}</th><td class='stands'>{one.standing.value}</td>"
        f"<td class='n' data-label='Unknown'>{len(one.unknown)}</td><td class='ids'>{items}</td>"
        f"<td class='asks'>{_asks(one)}</td></tr>"
    )


def _asks(one: Candidate) -> str:
    by_who: dict[str, list[str]] = {}
    for need, items in one.needs:
        by_who.setdefault(need.who, []).append(f"{need.what} [{', '.join(items)}]")
    lines = "".join(f"<p><b>{escape(who)}</b>: {escape('; '.join(whats))}</p>" for who, whats in by_who.items())
    if len(one.needs) <= _MOST_SAID:
        return lines
    short = ", ".join(f"{who} {len(whats)}" for who, whats in by_who.items())
    return f"<details><summary>{len(one.needs)} things: {escape(short)}</summary>{lines}</details>"
