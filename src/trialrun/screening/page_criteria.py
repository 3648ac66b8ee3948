"""Every criterion on the page: compact rows for paper, with its parts where they matter; all there is behind a fold."""

from __future__ import annotations

import re
from html import escape

from trialrun.criteria.meaning.finding import Gap, Reason
from trialrun.screening.evidence import EvidenceRow, evidence_rows
from trialrun.screening.explanation import Explained, Explanation, all_assumed, with_parts
from trialrun.screening.questions import opened
from trialrun.screening.verdicts import Verdict

_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def criteria_tables(found: Explanation) -> str:
    """The section of all criteria: a table of inclusions and one of exclusions."""
    open_items = frozenset(one.item for one in opened(found))
    tables = (
        _table(title, [one for one in found.criteria if one.excludes is excludes], found, open_items)
        for title, excludes in (("Inclusions", False), ("Exclusions", True))
    )
    return f"<section class='criteria'><h2>Every criterion</h2>{''.join(tables)}</section>"


def rows_counted(number: int) -> str:
    """`1 row`, `2 rows`."""
    return "1 row" if number == 1 else f"{number} rows"


def told(text: str) -> str:
    """A text for the page; a date in it stays on one line."""
    return _DATE.sub(r"<span class='day'>\g<0></span>", escape(text))


def _table(title: str, rows: list[Explained], found: Explanation, open_items: frozenset[str]) -> str:
    if not rows:
        return ""
    lines = "".join(_criterion(one, found, open_items) for one in rows)
    return (
        f"<h3>{title}</h3><table class='rows'><thead><tr><th scope='col'>Id</th><th scope='col'>Verdict</th>"
        "<th scope='col'>Sentence and rule</th><th scope='col'>Evidence</th></tr></thead>"
        f"{lines}</table>"
    )


def _criterion(one: Explained, found: Explanation, open_items: frozenset[str]) -> str:
    parts = "".join(_row(part, _evidence(part), named=False) for part in _parts_that_matter(one, open_items))
    evidence = _evidence(one) if not one.parts else "" if parts else _of_parts(one)
    whole = _whole(one, found)
    fold = (
        f"<tr class='full'><td colspan='4'><details><summary>{one.id}: everything</summary>{whole}</details></td></tr>"
        if whole
        else ""
    )
    return f"<tbody>{_row(one, evidence, named=True)}{parts}{fold}</tbody>"


def _parts_that_matter(one: Explained, open_items: frozenset[str]) -> tuple[Explained, ...]:
    """Parts shown as rows of their own: those that keep the person out, and those that are open."""
    if one.is_against:
        return tuple(part for part in one.deciding() if part is not one)
    if one.verdict is Verdict.UNKNOWN:
        return tuple(part for part in with_parts(one) if part is not one and part.id in open_items)
    return ()


def _row(one: Explained, evidence: str, *, named: bool) -> str:
    word = verdict_word(one)
    anchor = f" id='{one.id}'" if named else ""
    name = one.id if named else f"<a href='#{one.id}'>{one.id}</a>"
    rule = f"<p class='rule'>{escape(one.rule)}</p>" if one.rule else ""
    marks = all_assumed(one) if named else one.assumes
    return (
        f"<tr{anchor} class='{word.replace(' ', '-')}{'' if named else ' part'}'><th scope='row'>{name}</th>"
        f"<td class='verdict'>{word}</td><td>{escape(one.says)}{rule}</td><td>{evidence}{_remarks(one, marks)}</td></tr>"
    )


def verdict_word(one: Explained) -> str:
    """The verdict as it bears on joining: an exclusion applies or does not."""
    if one.verdict is Verdict.UNKNOWN:
        return "unknown"
    if one.excludes:
        return "applies" if one.verdict is Verdict.MET else "does not apply"
    return one.verdict.value


def _evidence(one: Explained) -> str:
    """What a criterion without parts, or a part, rests on."""
    lines = [*one.own_facts, *dict.fromkeys(_missing(gap) for gap in one.missing)]
    lines += [f"assumed: {words}" for words in one.assumed]
    return "".join(f"<p>{told(words)}</p>" for words in lines)


def _missing(gap: Gap) -> str:
    """What is missing; a question is written out on the first sheet."""
    return f"to be asked: {gap.supplier}" if gap.reason is Reason.NEEDS_PERSON else f"missing: {gap.words}"


def _of_parts(one: Explained) -> str:
    """What a criterion that is settled in favour rests on: the parts that agree with it, in a line each."""
    return "".join(f"<p>{_part_name(part, one)}{told(_in_short(part))}</p>" for part in one.deciding())


def _part_name(part: Explained, one: Explained) -> str:
    return f"<b>{part.id}</b> " if part is not one else ""


def _in_short(part: Explained) -> str:
    return "; ".join((*part.own_facts, *(f"assumed: {words}" for words in part.assumed)))


def _remarks(one: Explained, marks: tuple[str, ...]) -> str:
    """The undecided items of the protocol it rests on, those of its parts included in a criterion's row, and advice."""
    said = [("Undecided", ", ".join(marks))] if marks else []
    said += [("Advice", one.referral)] if one.referral else []
    return "".join(f"<p class='small'><span class='label'>{kind}</span> {escape(words)}</p>" for kind, words in said)


# --- behind the fold ------------------------------------------------------------------------------------------------


def _whole(one: Explained, found: Explanation) -> str:
    note = f"<p class='small'><span class='label'>Note</span> {escape(one.note)}</p>" if one.note else ""
    rows = "" if one.parts else _rows(evidence_rows(one.finding, found.events))
    return note + rows + "".join(_part(part, found, 4) for part in one.parts)


def _part(one: Explained, found: Explanation, level: int) -> str:
    word = verdict_word(one)
    heading = f"h{min(level, 6)}"
    rule = f"<p class='rule'><span class='label'>Rule</span> {escape(one.rule)}</p>" if one.rule else ""
    note = f"<p class='small'><span class='label'>Note</span> {escape(one.note)}</p>" if one.note else ""
    inner = "".join(_part(part, found, level + 1) for part in one.parts)
    own = "" if one.parts else _evidence(one) + _rows(evidence_rows(one.finding, found.events))
    return (
        f"<article id='{one.id}' class='{word.replace(' ', '-')}'><{heading}><span class='id'>{one.id}</span> "
        f"<span class='verdict'>{word}</span></{heading}><p class='says'>{escape(one.says)}</p>"
        f"{rule}{own}{_remarks(one, one.assumes)}{note}{inner}</article>"
    )


def _rows(rows: tuple[EvidenceRow, ...]) -> str:
    if not rows:
        return ""
    lines = "".join(
        f"<tr{' class=decided' if row.decided else ''}><td>{'decided' if row.decided else 'looked at'}</td>"
        f"<td>{escape(row.date)}</td><td>{escape(row.what)}</td><td>{escape(row.value)}</td>"
        f"<td class='small'>{escape(row.origin or row.row)}</td></tr>"
        for row in rows
    )
    return (
        f"<table><caption>{rows_counted(len(rows))} of the record</caption><thead><tr><th scope='col'>Use</th>"
        "<th scope='col'>Date</th><th scope='col'>What</th><th scope='col'>Value</th><th scope='col'>Where</th></tr>"
        f"</thead><tbody>{lines}</tbody></table>"
    )
