"""What an evaluation looks at: one person's history, the anchors, the answers that persons gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trialrun.criteria.meaning.days import Anchors, Span, anchor_of, span_of
from trialrun.criteria.meaning.finding import Finding, Gap, Reason
from trialrun.criteria.meaning.history import History
from trialrun.criteria.model import Anchor, IfNone, Rule, Terms, Window
from trialrun.criteria.printing import print_terms, print_window
from trialrun.criteria.truth import Truth
from trialrun.vocabulary.concepts import Domain

_NOTHING_ELSE = {
    IfNone.NO: "nothing else recorded counts as no",
    IfNone.NO_WITHIN_COVERAGE: "nothing else recorded within coverage counts as no",
    IfNone.UNKNOWN: "what is recorded is taken as all there is",
}
"""What is assumed, by a rule's missing policy, where there are rows and no more than these."""

PROJECTED = "; check again on the day"
"""How every remark on a projected day ends."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a person answered.

    Args:
        answer: Yes, no, or None for "I do not know".
        by: Who.
        on: When, as written.
    """

    answer: Truth
    by: str
    on: str


@dataclass(frozen=True, slots=True)
class Case:
    """One person on one day.

    Args:
        history: Their rows.
        anchors: The dates windows are counted from.
        answers: What persons answered, by the id of the item.
        rules: The rules that others refer to, by their id (`E9.a`).
        silence_counts: Whether nothing recorded may count as no where a rule says so.
    """

    history: History
    anchors: Anchors
    answers: Mapping[str, Answered] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    silence_counts: bool = True
    findings: dict[str, Finding] = field(default_factory=dict, repr=False, compare=False)
    """Answers already found, by the id of the item: a part is asked by its criterion and for itself."""


def span_or_gap(window: Window, case: Case) -> Span | Finding:
    """The days of a window; an unknown answer where the anchor has no date, or all of it lies ahead."""
    span = span_of(window, case.anchors)
    if span is not None:
        return span
    words = f"{print_window(window) or 'the window'}: {case.anchors.words(anchor_of(window))} is not reached yet"
    return Finding(None, (Gap(Reason.NO_ANCHOR, words),))


def nothing_recorded(
    policy: IfNone, span: Span, what: str, case: Case, domains: tuple[Domain, ...], *, when_none: Truth = False
) -> Finding:
    """The answer where no row is found, by the rule's missing policy.

    Args:
        policy: The policy.
        span: The days that were looked at.
        what: What was looked for, in words.
        case: The person.
        domains: Where it was looked for, the domain it belongs to first; a row there that nobody can read keeps the
            answer unknown.
        when_none: What the rule says of a person of whom none is true.
    """
    where = f"{what}, {span}"
    if policy is IfNone.UNKNOWN or not case.silence_counts:
        return Finding(None, (Gap(Reason.NO_ROW, f"nothing recorded: {where}"),))
    if policy is IfNone.NO:
        return Finding(when_none, assumed=(f"nothing recorded counts as no: {where}",))
    unread = _unread(span, what, case, domains)
    if unread.gaps:
        return unread
    if case.history.is_covered(span.low, span.high, domains):
        return Finding(when_none, assumed=(f"nothing recorded within coverage counts as no: {where}",))
    return Finding(None, (Gap(Reason.NO_COVERAGE, f"nothing recorded, and the record does not cover it: {where}"),))


def nothing_else(policy: IfNone, span: Span, what: str, case: Case, domains: tuple[Domain, ...]) -> Finding:
    """True where the rows found are all there are, by the rule's missing policy; else unknown.

    A row that nobody can read may be one more under any policy but `no`. Outside the days the record covers there may
    be more where the policy is `no, within coverage`.
    """
    where = f"{what}, {span}"
    if policy is not IfNone.NO:
        unread = _unread(span, what, case, domains)
        if unread.gaps:
            return unread
    if policy is IfNone.NO_WITHIN_COVERAGE and not case.history.is_covered(span.low, span.high, domains):
        gap = Gap(Reason.NO_COVERAGE, f"there may be more, because the record does not cover it: {where}")
        return Finding(None, (gap,))
    if not case.silence_counts:
        return Finding(None, (Gap(Reason.NO_ROW, f"nothing else recorded: {where}"),))
    return Finding(True, assumed=(f"{_NOTHING_ELSE[policy]}: {where}",))


def _unread(span: Span, what: str, case: Case, domains: tuple[Domain, ...]) -> Finding:
    """Unknown where rows that nobody can read may lie in the days; else true."""
    unread = [
        row
        for row in case.history.rows(*domains)
        if not row.understood and span.overlaps(row.start, row.end) is not False
    ]
    gaps = tuple(Gap(Reason.UNREAD, f"row {row.id} cannot be read and may be {what}", row.id) for row in unread)
    return Finding(None if gaps else True, gaps, considered=tuple(row.id for row in unread))


def projected_note(anchor: Anchor, case: Case) -> tuple[str, ...]:
    """A remark where a window is counted from a day that is not a fact yet."""
    if anchor not in case.anchors.projected:
        return ()
    return (f"{anchor.value} is projected to {case.anchors.date_of(anchor)}{PROJECTED}",)


def words_of(terms: Terms | None) -> str:
    """Terms as a rule words them."""
    return print_terms(terms) if terms is not None else "a stay in hospital"
