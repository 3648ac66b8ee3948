"""An explanation as one HTML page to print and file: no script, no request to anywhere, readable without colour."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib import resources

from trialrun.screening.basis import basis
from trialrun.screening.evidence import evidence_rows
from trialrun.screening.explanation import Explained, Explanation
from trialrun.screening.verdicts import Standing, Verdict

_HEADLINES = {
    Standing.EXCLUDED: "May not join",
    Standing.ELIGIBLE: "May join, by everything recorded and answered",
    Standing.POSSIBLE: "Unknown: nothing known is against it",
}


def explanation_page(found: Explanation) -> str:
    """The page."""
    style = (resources.files("trialrun.screening") / "page.css").read_text(encoding="utf-8")
    title = f"{found.trial}: person {found.person} on {found.anchors.on}"
    body = "\n".join(
        [
            _top(found),
            _against(found),
            _open(found),
            "<h2>Every criterion</h2>",
            *(_section("Inclusions", [one for one in found.criteria if not one.excludes], found)),
            *(_section("Exclusions", [one for one in found.criteria if one.excludes], found)),
            _duties(found),
            _foot(found),
        ]
    )
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>\n{style}</style>\n</head>\n'
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _top(found: Explanation) -> str:
    rests = "".join(f"<p class='small'>{escape(words)}</p>" for words in basis(found))
    remarks = "".join(f'<p class="remark">{escape(remark)}</p>' for remark in found.remarks)
    return (
        f"<header><p>{escape(found.trial)} &middot; person <b>{escape(found.person)}</b> &middot; screened on "
        f"<b>{found.anchors.on}</b></p>\n<h1 class='{found.standing.value}'>{_HEADLINES[found.standing]}</h1>{remarks}\n"
        f"{rests}</header>"
    )


def _against(found: Explanation) -> str:
    rows = found.against()
    if not rows:
        return ""
    items = "".join(
        f"<li><a href='#{one.id}'><b>{one.id}</b></a> {escape(one.says)}{_reasons(one)}</li>" for one in rows
    )
    return f"<section><h2>Against joining</h2><ul>{items}</ul></section>"


def _reasons(one: Explained) -> str:
    lines = [(part.id if part is not one else "", "; ".join(part.facts)) for part in one.deciding()]
    return "".join(
        f"<br><span class='because'>{f'<a href=#{name}>{name}</a> ' if name else ''}{escape(words)}</span>"
        for name, words in lines
    )


def _open(found: Explanation) -> str:
    rows = found.unknown()
    if not rows:
        return ""
    lines = []
    for one in rows:
        lines += [
            f"<tr><td data-label='Criterion'><a href='#{name}'>{name}</a></td><td data-label='Missing'>{escape(gap.words)}</td>"
            f"<td data-label='Who has it'>{escape(gap.supplier)}</td><td data-label='Answer, name, date'></td></tr>"
            for name, gap in one.open_questions()
        ]
    return (
        "<section><h2>Still unknown</h2><table><caption>What is missing, and who can supply it</caption><thead><tr>"
        "<th scope='col'>Criterion</th><th scope='col'>Missing</th><th scope='col'>Who has it</th>"
        f"<th scope='col'>Answer, name, date</th></tr></thead><tbody>{''.join(lines)}</tbody></table></section>"
    )


def _section(title: str, rows: list[Explained], found: Explanation) -> Iterable[str]:
    if rows:
        yield f"<h3>{title}</h3>"
        yield from (_criterion(one, found, 4) for one in rows)


def _criterion(one: Explained, found: Explanation, level: int) -> str:
    word = _word(one)
    inner = "".join(_criterion(part, found, level + 1) for part in one.parts)
    heading = f"h{min(level, 6)}"
    return (
        f"<article id='{one.id}' class='{word.replace(' ', '-')}'><{heading}><span class='id'>{one.id}</span> "
        f"<span class='verdict'>{word}</span></{heading}><p class='says'>{escape(one.says)}</p>"
        f"{_rule(one)}{_evidence(one, found)}{_remarks(one)}{inner}</article>"
    )


def _word(one: Explained) -> str:
    if one.verdict is Verdict.UNKNOWN:
        return "unknown"
    if one.excludes:
        return "applies" if one.verdict is Verdict.MET else "does not apply"
    return one.verdict.value


def _rule(one: Explained) -> str:
    return f"<p class='rule'><span class='label'>Rule</span> {escape(one.rule)}</p>" if one.rule else ""


def _evidence(one: Explained, found: Explanation) -> str:
    if one.parts:
        return ""
    rows = evidence_rows(one.finding, found.events)
    notes = "".join(f"<p class='because'>{escape(note)}</p>" for note in one.facts)
    if not rows:
        return notes
    lines = "".join(
        f"<tr{' class=decided' if row.decided else ''}><td>{'decided' if row.decided else 'looked at'}</td>"
        f"<td>{escape(row.date)}</td><td>{escape(row.what)}</td><td>{escape(row.value)}</td>"
        f"<td class='small'>{escape(row.origin or row.row)}</td></tr>"
        for row in rows
    )
    return (
        f"{notes}<details{' open' if any(row.decided for row in rows) else ''}><summary>{_counted(len(rows))}</summary>"
        "<table><thead><tr><th scope='col'></th><th scope='col'>Date</th><th scope='col'>What</th>"
        f"<th scope='col'>Value</th><th scope='col'>Where</th></tr></thead><tbody>{lines}</tbody></table></details>"
    )


def _counted(number: int) -> str:
    return "1 row" if number == 1 else f"{number} rows"


def _remarks(one: Explained) -> str:
    said = [("Missing", f"{gap.words} ({gap.supplier})") for gap in one.missing] if not one.parts else []
    said += [("Assumed", words) for words in one.finding.assumed] if not one.parts else []
    said += [("Undecided", ", ".join(one.assumes))] if one.assumes else []
    said += [("Advice", one.referral)] if one.referral else []
    said += [("Note", one.note)] if one.note else []
    return "".join(f"<p class='small'><span class='label'>{kind}</span> {escape(words)}</p>" for kind, words in said)


def _duties(found: Explanation) -> str:
    if not found.duties:
        return ""
    items = "".join(f"<li><b>{duty.id}</b> {escape(duty.rule)}</li>" for duty in found.duties)
    return f"<section><h2>Promises after enrolment</h2><p>Watched during the study, not judged here.</p><ul>{items}</ul></section>"


def _foot(found: Explanation) -> str:
    aside = "".join(f"<li>{escape(row.row)}: {escape(row.why)}</li>" for row in found.set_aside)
    rows = (
        f"<details><summary>{_counted(len(found.set_aside))} not looked at</summary><ul>{aside}</ul></details>"
        if aside
        else ""
    )
    return (
        f"<footer>{rows}<p class='small'>Protocol {found.protocol_hash}; terms {found.vocabulary}. For research; "
        "not clinically validated.</p><p class='sign'>Reviewed by (name, role, date):</p></footer>"
    )
