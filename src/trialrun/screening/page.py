"""An explanation as one HTML page to print and file: no script, no request to anywhere, readable without colour.

On paper the first sheet is for signing: the verdict, what is against joining, what is unknown and who can say. The sheets
after it hold every criterion. On screen each criterion opens to its parts, rows and remarks.
"""

from __future__ import annotations

from html import escape

from trialrun.screening.basis import basis
from trialrun.screening.document import document
from trialrun.screening.explanation import Explained, Explanation
from trialrun.screening.lacking import Lack, Supplier, suppliers
from trialrun.screening.page_criteria import criteria_tables, rows_counted, told
from trialrun.screening.questions import Question
from trialrun.screening.verdicts import Standing

_HEADLINES = {
    Standing.EXCLUDED: "May not join",
    Standing.ELIGIBLE: "May join, by everything recorded and answered",
    Standing.POSSIBLE: "Unknown: nothing known is against it",
}


def explanation_page(found: Explanation) -> str:
    """The page."""
    body = "\n".join(
        [_top(found), _sign(), _against(found), _open(found), criteria_tables(found), _duties(found), _foot(found)]
    )
    return document(f"{found.trial}: person {found.person} on {found.anchors.on}", body)


def _top(found: Explanation) -> str:
    rests = "".join(f"<p class='small'>{escape(words)}</p>" for words in basis(found))
    remarks = "".join(f'<p class="remark">{escape(remark)}</p>' for remark in found.remarks)
    return (
        f"<header><p>{escape(found.trial)} &middot; person <b>{escape(found.person)}</b> &middot; screened on "
        f"<b>{found.anchors.on}</b></p>\n<h1 class='{found.standing.value}'>{_HEADLINES[found.standing]}</h1>{remarks}\n"
        f"{rests}</header>"
    )


def _sign() -> str:
    places = "".join(f"<div>{words}</div>" for words in ("Reviewed by: name, role", "Date", "Signature"))
    return f"<div class='sign'>{places}</div>"


def _against(found: Explanation) -> str:
    rows = found.against()
    if not rows:
        return ""
    items = "".join(
        f"<li><a href='#{one.id}'><b>{one.id}</b></a> {escape(one.says)}{_reasons(one)}</li>" for one in rows
    )
    return f"<section><h2>Against joining</h2><ul>{items}</ul></section>"


def _reasons(one: Explained) -> str:
    lines = [(part.id if part is not one else "", "; ".join(part.own_facts)) for part in one.deciding()]
    return "".join(
        f"<br><span class='because'>{f'{_link(name)} ' if name else ''}{told(words)}</span>" for name, words in lines
    )


def _link(name: str) -> str:
    return f"<a href='#{name.partition('/')[0]}'>{name}</a>"


def _open(found: Explanation) -> str:
    each = suppliers(found)
    if not each:
        return ""
    asked = "".join(_asked(one) for one in each if one.questions)
    missing = "".join(_missing(one) for one in each if one.lacks)
    note = "<p>None of this changes the verdict.</p>" if found.standing is Standing.EXCLUDED else ""
    return f"<section><h2>Still unknown</h2>{note}{asked}{missing}</section>"


def _asked(one: Supplier) -> str:
    lines = "".join(_question(question) for question in one.questions)
    return (
        f"<table><caption>Ask {escape(one.who)}</caption><thead><tr><th scope='col'>Id</th><th scope='col'>Question</th>"
        "<th scope='col'>Yes means</th><th scope='col'>No means</th><th scope='col'>Answer, name, date</th></tr></thead>"
        f"<tbody>{lines}</tbody></table>"
    )


def _question(one: Question) -> str:
    first = f"<i>Only if {escape(one.only_if)}:</i> " if one.only_if else ""
    return (
        f"<tr><td class='id' data-label='Id'>{_link(one.item)}</td>"
        f"<td data-label='Question'>{first}{told(one.words)}</td><td class='means' data-label='Yes means'>{escape(one.yes)}</td>"
        f"<td class='means' data-label='No means'>{escape(one.no)}</td><td class='answer' data-label='Answer, name, date'></td></tr>"
    )


def _missing(one: Supplier) -> str:
    lines = "".join(_lack(lack) for lack in one.lacks)
    return f"<h3>Missing; {escape(one.who)} can supply it</h3><ul>{lines}</ul>"


def _lack(one: Lack) -> str:
    first = f"<i>Only if {escape(one.only_if)}:</i> " if one.only_if else ""
    return f"<li>{first}{told(one.words)} ({', '.join(_link(name) for name in one.items)})</li>"


def _duties(found: Explanation) -> str:
    if not found.duties:
        return ""
    items = "".join(f"<li><b>{duty.id}</b> {escape(duty.rule)}</li>" for duty in found.duties)
    return f"<section><h2>Promises after enrolment</h2><p>Watched during the study, not judged here.</p><ul>{items}</ul></section>"


def _foot(found: Explanation) -> str:
    aside = "".join(f"<li>{escape(row.row)}: {escape(row.why)}</li>" for row in found.set_aside)
    rows = (
        f"<details><summary>{rows_counted(len(found.set_aside))} not looked at</summary><ul>{aside}</ul></details>"
        if aside
        else ""
    )
    return (
        f"<footer>{rows}<p class='small'>Protocol {found.protocol_hash}; terms {found.vocabulary}. For research; "
        "not clinically validated.</p></footer>"
    )
