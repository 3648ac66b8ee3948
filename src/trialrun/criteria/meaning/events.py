"""Whether something happened in a window: a diagnosis, a drug, a vaccine, a procedure, a hospital stay, an allergy."""

from __future__ import annotations

from dataclasses import dataclass

from trialrun.criteria.meaning.case import Case, nothing_recorded, projected_note, span_or_gap, words_of
from trialrun.criteria.meaning.days import LATEST, Span, anchor_of
from trialrun.criteria.meaning.finding import Finding, Gap, Reason
from trialrun.criteria.meaning.history import Row, of_terms, unsure_what
from trialrun.criteria.model import Happened, IfNone, Terms, Verb
from trialrun.criteria.truth import Truth, all_of
from trialrun.vocabulary.concepts import Domain


@dataclass(frozen=True, slots=True)
class Where:
    """Where rows of a verb are found, and whether they last (a stay) or happen on a day (a beginning)."""

    domains: tuple[Domain, ...]
    lasts: bool
    ever: bool = False


WHERE: dict[Verb, Where] = {
    Verb.DIAGNOSED: Where((Domain.CONDITION, Domain.OBSERVATION), lasts=False),
    Verb.HAD: Where((Domain.CONDITION, Domain.OBSERVATION), lasts=True),
    Verb.TOOK: Where((Domain.DRUG,), lasts=True),
    Verb.VACCINATED: Where((Domain.IMMUNISATION, Domain.DRUG), lasts=False),
    Verb.UNDERWENT: Where((Domain.PROCEDURE,), lasts=False),
    Verb.HOSPITALISED: Where((Domain.VISIT,), lasts=True),
    Verb.ALLERGIC: Where((Domain.ALLERGY,), lasts=False, ever=True),
}
INPATIENT = frozenset({"IMP", "ACUTE", "NONAC", "9201", "262", "inpatient"})
"""Codes of stays in hospital: HL7 ActCode, OMOP visit concepts 9201 and 262 (emergency, then inpatient)."""


def happened(rule: Happened, case: Case) -> Finding:
    """Whether a row of the terms lies in the window.

    One that surely does makes it true. One that may (its day, its end, its route or its kind is not known well enough)
    keeps it unknown. Where there is none, the rule's policy answers; under `no`, which leaves the matter to a person's
    word, a row that only names a class counts as none.
    """
    span = span_or_gap(rule.window, case)
    if isinstance(span, Finding):
        return span
    where = WHERE[rule.verb]
    rows = [(row, truth) for row, truth in _rows(rule.what, where, case)]
    placed = [(row, all_of((truth, _inside(row, span, where)))) for row, truth in rows]
    considered = tuple(row.id for row, _ in rows)
    notes = projected_note(anchor_of(rule.window), case)
    sure = [row for row, truth in placed if truth is True]
    if sure:
        row = sure[-1]
        return Finding(True, decided=(row.id,), considered=considered, notes=(_told(row), *notes))
    possible = [row for row, truth in placed if truth is None]
    if rule.if_none is IfNone.NO and rule.what is not None:
        possible = [row for row in possible if row.names_any(rule.what)]
    if possible:
        gaps = tuple(_why_unsure(row, rule.what, span, where) for row in possible)
        return Finding(None, gaps, considered=considered, notes=notes)
    none = nothing_recorded(rule.if_none, span, words_of(rule.what), case, where.domains)
    return Finding(none.truth, none.gaps, (), considered, none.assumed, notes)


def _rows(terms: Terms | None, where: Where, case: Case) -> list[tuple[Row, Truth]]:
    rows = case.history.rows(*where.domains)
    if terms is None:
        return [(row, True) for row in rows if row.event.source_code in INPATIENT or row.event.std_code in INPATIENT]
    return list(of_terms(rows, terms))


def _inside(row: Row, span: Span, where: Where) -> Truth:
    if where.ever and row.event.start is None:
        return True
    return span.overlaps(row.start, row.end) if where.lasts else span.holds(*row.start)


def _why_unsure(row: Row, terms: Terms | None, span: Span, where: Where) -> Gap:
    name = row.name()
    if terms is not None and row.means(terms) is None:
        return unsure_what(row)
    if row.event.start is None:
        return Gap(Reason.NO_DATE, f"{name} has no date", row.id)
    if where.lasts and row.start[0] == row.start[1] and row.end[1] == LATEST:
        return Gap(Reason.NO_END, f"{name} from {row.event.start}: the record does not say until when ({span})", row.id)
    return Gap(Reason.PARTIAL_DATE, f"{name} on {row.event.start}: inside or outside {span}?", row.id)


def _told(row: Row) -> str:
    event = row.event
    until = ", still marked active" if event.status.value == "active" and not event.end else ""
    if event.end and event.end != event.start:
        until = f" to {event.end}"
    return f"{row.name()}: {event.start or 'no date'}{until}"
