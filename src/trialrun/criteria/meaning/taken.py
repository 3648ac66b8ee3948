"""Rows of drugs: which are of the drugs asked for, whether surely any is, and whether they are all there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeAlias

from trialrun.criteria.meaning.case import Case, nothing_else, nothing_recorded
from trialrun.criteria.meaning.days import EARLIEST, LATEST, Span
from trialrun.criteria.meaning.finding import Finding, Gap, Reason
from trialrun.criteria.meaning.history import Row, of_terms, unsure_what
from trialrun.criteria.model import DailyDose, Each, Stopped, Terms, Unchanged
from trialrun.criteria.printing import print_terms
from trialrun.criteria.truth import Truth
from trialrun.vocabulary.concepts import Domain

DOMAINS = (Domain.DRUG,)

Taken = tuple[Row, Truth]
"""A row of a drug, and whether it surely is of the drugs asked for."""

AboutDrugs: TypeAlias = DailyDose | Unchanged | Stopped | Each
"""What asks about drugs and says what silence means."""


def taken(drugs: Terms, case: Case) -> list[Taken]:
    """The rows that are, or may be, of some drugs, oldest first."""
    return list(of_terms(case.history.rows(*DOMAINS), drugs))


def nothing(rule: AboutDrugs, span: Span, case: Case) -> Finding:
    """The answer where no row is of the drugs: none is taken, by the rule's missing policy."""
    return nothing_recorded(rule.if_none, span, print_terms(rule.drugs), case, DOMAINS, when_none=True)


def no_more(rule: AboutDrugs, span: Span, case: Case) -> Finding:
    """Whether the rows found are all there are, by the rule's missing policy."""
    return nothing_else(rule.if_none, span, print_terms(rule.drugs), case, DOMAINS)


def surely_any(rows: Iterable[Taken], span: Span) -> bool:
    """Whether at least one row surely is of the drugs and surely touches the span; else all may turn out to be none."""
    return any(truth is True and span.overlaps(row.start, row.end) is True for row, truth in rows)


def or_none(found: Finding, rows: Sequence[Taken], rule: AboutDrugs, span: Span, case: Case) -> Finding:
    """The answer, which must hold without the rows too where each may turn out to be none of the drugs, or to lie ahead."""
    lifetime = Span(EARLIEST, case.anchors.on)
    if surely_any(rows, lifetime):
        return found
    none = nothing(rule, span, case)
    if found.truth is none.truth:
        return replace(found, assumed=tuple(dict.fromkeys((*found.assumed, *none.assumed))))
    gaps = tuple(dict.fromkeys((*found.gaps, *doubts(rows, lifetime), *none.gaps)))
    return replace(found, truth=None, gaps=gaps, decided=(), assumed=())


def doubts(rows: Iterable[Taken], span: Span) -> Iterable[Gap]:
    """Why rows may turn out to be none of the drugs."""
    return (unsure_what(row) if truth is None else unsure_stay(row, span) for row, truth in rows)


def unsure_stay(row: Row, span: Span) -> Gap:
    """What is missing where a row may lie in the span or not."""
    if row.event.start is not None and row.start[0] == row.start[1] and row.end[1] == LATEST:
        return Gap(Reason.NO_END, f"{row.name()} from {row.event.start}: the record does not say until when", row.id)
    return Gap(
        Reason.PARTIAL_DATE, f"{row.name()} on {row.event.start or 'no date'}: inside or outside {span}?", row.id
    )
