"""Many people screened as one HTML page: the answer, the funnel drawn, what it costs, what to find out, who might join.

Everything is readable without its script, which only narrows the list of people to what is typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib import resources

from trialrun.screening.crowd import Crowd, people
from trialrun.screening.crowd_page_people import people_section
from trialrun.screening.document import document
from trialrun.screening.funnel import Funnel, FunnelRow, Lever
from trialrun.screening.funnel_chart import ChartRow, bar, funnel_chart, link, number_cell, sentence
from trialrun.screening.verdicts import MEANINGS, Standing

_MOST_LEVERS = 10
_MOST_REJECTED = 20


def crowd_page(crowd: Crowd) -> str:
    """The page."""
    title = f"{crowd.trial}: {people(crowd.funnel.persons)} screened on {crowd.anchors.on}"
    script = (resources.files("trialrun.screening") / "crowd.js").read_text(encoding="utf-8")
    sections = (
        _top(crowd),
        _funnel(crowd.funnel),
        _costs(crowd.funnel),
        _levers(crowd.funnel),
        people_section(crowd.candidates),
        _unread(crowd),
        _foot(crowd),
    )
    return document(title, "\n".join(sections), styles=("crowd.css",), script=script if crowd.candidates else "")


def _tiles(counts: Sequence[tuple[Standing, str, str]]) -> str:
    """Where people stand, each count with its meaning.

    Args:
        counts: Standing, count as text, and what else is to be said of it.
    """
    each = "".join(
        f"<div class='{standing.value}'><dt><b>{escape(count)}</b> {standing.value}</dt>"
        f"<dd>{MEANINGS[standing]}{escape(more)}</dd></div>"
        for standing, count, more in counts
    )
    return f"<dl class='tiles'>{each}</dl>"


def chart_rows(funnel: Funnel) -> tuple[ChartRow, ...]:
    """The rows of the drawn funnel, with nothing hidden."""
    alive = funnel.persons - funnel.deceased
    start = ChartRow("", "alive on the day" if funnel.deceased else "everybody who was screened", alive, alive)
    return (start, *(_chart_row(row) for row in funnel.rows))


def _chart_row(row: FunnelRow) -> ChartRow:
    return ChartRow(
        row.criterion.id,
        row.criterion.says,
        row.remaining,
        row.sure,
        f"{row.against:,}",
        f"{row.passing:,}",
        f"{row.unknown:,}",
    )


def _top(crowd: Crowd) -> str:
    funnel = crowd.funnel
    dead = f"; {funnel.deceased:,} of them because they are recorded as dead" if funnel.deceased else ""
    counts = (
        (Standing.ELIGIBLE, f"{funnel.eligible:,}", ""),
        (Standing.POSSIBLE, f"{funnel.possible:,}", f"; of {funnel.asked_only:,} only what persons answer"),
        (Standing.EXCLUDED, f"{funnel.excluded:,}", dead),
    )
    rests = "".join(f"<p class='small'>{escape(words)}</p>" for words in (_source(crowd), *crowd.basis()))
    remarks = "".join(f"<p class='remark'>{escape(words)}</p>" for words in crowd.remarks)
    return (
        f"<header><p>{escape(crowd.trial)} &middot; screened on <b class='day'>{crowd.anchors.on}</b> &middot; protocol "
        f"<b>{escape(crowd.protocol_hash[:12])}</b></p>\n<h1 class='{_colour(funnel)}'>{_headline(funnel)}</h1>\n"
        f"{_tiles(counts)}{remarks}\n{rests}</header>"
    )


def _source(crowd: Crowd) -> str:
    return f"Read from the {crowd.source}: {people(crowd.report.people)} in {crowd.report.files:,} files."


def _headline(funnel: Funnel) -> str:
    return f"{funnel.eligible:,} of {people(funnel.persons)} may join, {funnel.possible:,} might"


def _colour(funnel: Funnel) -> str:
    standing = Standing.ELIGIBLE if funnel.eligible else Standing.POSSIBLE if funnel.possible else Standing.EXCLUDED
    return standing.value


def _funnel(funnel: Funnel) -> str:
    return (
        "<section><h2>The funnel, in the protocol's order</h2><p class='small'>Remaining: not excluded by this row or those "
        "above. Against, for and unknown count everybody, also who is excluded by another row.</p>"
        f"{funnel_chart(chart_rows(funnel))}</section>"
    )


def _costs(funnel: Funnel) -> str:
    costly = sorted((row for row in funnel.rows if row.alone), key=lambda row: -row.alone)
    if not costly:
        return ""
    most = costly[0].alone
    lines = "".join(_cost(row, most) for row in costly)
    heads = ("Id", "Criterion", "It alone excludes", "People", "Eligible without it", "Possible without it")
    return (
        "<section><h2>What each criterion costs</h2><p class='small'>People whom this criterion excludes and no other does: "
        f"who would be left without it.</p><table class='costs'>{_head(heads, numbers=3)}<tbody>{lines}</tbody></table>"
        "</section>"
    )


def _cost(row: FunnelRow, most: int) -> str:
    drawn = bar((("sure", row.would_join), ("left", row.would_stay)), most)
    return (
        f"<tr><th scope='row'>{link(row.criterion.id)}</th><td class='says'>{sentence(row.criterion.says)}</td>"
        f"<td class='drawn'>{drawn}</td>{number_cell('It alone excludes', f'{row.alone:,}')}"
        f"{number_cell('Eligible without it', f'{row.would_join:,}')}"
        f"{number_cell('Possible without it', f'{row.would_stay:,}')}</tr>"
    )


def _head(words: Sequence[str], *, numbers: int) -> str:
    """Heads of columns; the last `numbers` of them stand over counts."""
    plain = len(words) - numbers
    each = (f"<th scope='col'{' class=n' if place >= plain else ''}>{one}</th>" for place, one in enumerate(words))
    return f"<thead><tr>{''.join(each)}</tr></thead>"


def _levers(funnel: Funnel) -> str:
    if not funnel.levers:
        return ""
    shown, rest = funnel.levers[:_MOST_LEVERS], funnel.levers[_MOST_LEVERS:]
    fold = f"<details><summary>{len(rest):,} more</summary>{_lever_table(rest)}</details>" if rest else ""
    return (
        "<section><h2>What to find out</h2><p class='small'>Of those who might join. Waiting: they need it. Settled: they need "
        "nothing else, so that it says whether they may join.</p>"
        f"<h3>Everything that one of these can say</h3>{_supplier_table(funnel.suppliers)}"
        f"<h3>One by one</h3>{_lever_table(shown)}{fold}</section>"
    )


def _supplier_table(each: Sequence[Lever]) -> str:
    lines = "".join(f"<tr><th scope='row'>{escape(one.need.who)}</th>{_lever_cells(one)}</tr>" for one in each)
    heads = "<tr><th scope='col'>Who can say</th>" + _LEVER_HEADS
    return f"<table class='asks'><thead>{heads}</tr></thead><tbody>{lines}</tbody></table>"


def _lever_table(each: Sequence[Lever]) -> str:
    lines = "".join(
        f"<tr><th scope='row'>{escape(one.need.what)}</th>{_lever_cells(one)}<td>{escape(one.need.who)}</td></tr>"
        for one in each
    )
    heads = "<tr><th scope='col'>What</th>" + _LEVER_HEADS + "<th scope='col'>Who can say</th>"
    return f"<table class='asks'><thead>{heads}</tr></thead><tbody>{lines}</tbody></table>"


_LEVER_HEADS = "<th scope='col' class='n'>Waiting</th><th scope='col' class='n'>Settled</th><th scope='col'>For</th>"


def _lever_cells(one: Lever) -> str:
    items = ", ".join(link(name) for name in one.criteria)
    return f"{number_cell('Waiting', f'{one.waiting:,}')}{number_cell('Settled', f'{one.settles:,}')}<td>{items}</td>"


def _unread(crowd: Crowd) -> str:
    return f"<section><h2>What was read, and what was not</h2>{''.join(_unread_lines(crowd))}</section>"


def _unread_lines(crowd: Crowd) -> Iterator[str]:
    report = crowd.report
    rejected = report.rejected_files + report.rejected_people
    yield from (f"<p class='remark'>{words}</p>" for words in report.shortfall())
    if rejected:
        rows = "".join(f"<li>{escape(words)}</li>" for words in report.rejections[:_MOST_REJECTED])
        more = f"<li>… and {rejected - _MOST_REJECTED:,} more</li>" if rejected > _MOST_REJECTED else ""
        yield f"<ul>{rows}{more}</ul>"
    if report.problem_count:
        yield f"<p>{report.problem_count:,} things not understood.</p>"
    yield f"<details><summary>The whole account</summary><pre>{escape(report.in_words())}</pre></details>"


def _foot(crowd: Crowd) -> str:
    return (
        "<footer><p class='small'>The same for a program: <code>trialrun screen … --json --limit 0</code>. Every verdict with "
        "its evidence: <code>--out verdicts.parquet</code>. The questions to fill in: <code>--ask ask.csv</code>. One person "
        "in full: <code>--person ID</code>. This page names people: keep it where their records may be kept; "
        "<code>--share</code> writes one that is safe to pass on.</p>"
        f"<p class='small'>Protocol {escape(crowd.protocol_hash)}; terms {escape(crowd.vocabulary)}. For research; not "
        "clinically validated.</p></footer>"
    )
