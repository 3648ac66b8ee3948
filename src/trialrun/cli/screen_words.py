"""What `trialrun screen` prints of one person, for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trialrun.cli.terminal import counted, say, say_heading, say_wrapped
from trialrun.errors import shortened
from trialrun.screening.basis import basis
from trialrun.screening.lacking import Supplier, suppliers

if TYPE_CHECKING:
    from trialrun.screening.explanation import Explained, Explanation

_MOST_ROWS = 4


def say_explanation(found: Explanation) -> None:
    """Writes an explanation for reading: the verdict, what is against, what is unknown and who can say, every criterion."""
    say(f"{found.trial}, person {found.person} on {found.anchors.on}: {_headline(found)}")
    for remark in found.remarks:
        say_wrapped(f"! {remark}", indent="  ")
    for words in basis(found):
        say_wrapped(words, indent="  ")
    against, unknown = found.against(), suppliers(found)
    if against:
        say_heading("Against joining")
        for reason in against:
            _print_reason(reason)
    if unknown:
        say_heading("Still unknown, and who can say")
        if found.standing.value == "excluded":
            say("None of this changes the verdict.")
        for one in unknown:
            _print_supplier(one)
    say_heading("Every criterion")
    for criterion in found.criteria:
        _print_criterion(criterion, found, 0)
    _print_duties(found)
    _print_end(found)


def _headline(found: Explanation) -> str:
    if found.standing.value == "excluded":
        names = ", ".join(one.id for one in found.against())
        return f"MAY NOT JOIN ({names or 'recorded as deceased'})."
    if found.standing.value == "eligible":
        return "MAY JOIN, by everything recorded and answered."
    criteria = "criterion" if len(found.criteria) == 1 else "criteria"
    return f"UNKNOWN: nothing known is against it, {len(found.unknown())} of {len(found.criteria)} {criteria} open."


def _print_reason(one: Explained) -> None:
    kind = "exclusion applies" if one.excludes else "inclusion not met"
    say_wrapped(f"{one.id:4} {kind}: {shortened(one.says, 150)}", indent="     ", first="")
    for part in one.deciding():
        name = f"{part.id}: " if part is not one else ""
        say_wrapped(name + "; ".join(part.own_facts[:_MOST_ROWS]), indent="       ", first="     - ")


def _print_supplier(one: Supplier) -> None:
    say(f"{one.who[:1].upper()}{one.who[1:]}:")
    for question in one.questions:
        effect = f" (yes: {question.yes}; no: {question.no})"
        say_wrapped(
            _only_if(question.only_if) + question.words + effect, indent=" " * 11, first=f"  {question.item:8} "
        )
    for lack in one.lacks:
        say_wrapped(f"{_only_if(lack.only_if)}{lack.words} [{', '.join(lack.items)}]", indent="    ", first="  - ")


def _only_if(condition: str) -> str:
    return f"only if {condition}: " if condition else ""


def _print_criterion(one: Explained, found: Explanation, depth: int, *, needed: bool = True) -> None:
    pad = "  " * depth
    word = _word(one) if needed or one.verdict.value != "unknown" else "(unasked)"
    say_wrapped(f"{pad}{one.id:6} {word:9} {one.says}", indent=pad + " " * 17, first="")
    inner = pad + " " * 7
    if one.rule and not one.parts:
        say_wrapped(f"rule: {one.rule}", indent=inner + "      ", first=inner)
    for note in () if one.parts else one.own_facts[:_MOST_ROWS]:
        say_wrapped(f"because: {note}", indent=inner + "         ", first=inner)
    for words in () if one.parts else one.assumed:
        say_wrapped(f"assumed: {words}", indent=inner + "         ", first=inner)
    if one.assumes:
        say_wrapped(f"undecided: {', '.join(one.assumes)}", indent=inner + "           ", first=inner)
    if one.referral:
        say_wrapped(f"advice: {one.referral}", indent=inner + "        ", first=inner)
    for part in one.parts:
        _print_criterion(part, found, depth + 1, needed=one.verdict.value == "unknown")


def _word(one: Explained) -> str:
    """The verdict as it bears on joining: an exclusion that applies is said so."""
    if one.verdict.value == "unknown":
        return "unknown"
    if one.excludes:
        return "APPLIES" if one.verdict.value == "met" else "no"
    return "met" if one.verdict.value == "met" else "NOT MET"


def _print_duties(found: Explanation) -> None:
    if not found.duties:
        return
    say_heading("Promises after enrolment (watched, not judged here)")
    for duty in found.duties:
        say_wrapped(f"{duty.id:6} {duty.rule}", indent="       ", first="")


def _print_end(found: Explanation) -> None:
    say()
    if found.set_aside:
        say_wrapped(
            f"{counted(len(found.set_aside), 'row')} not looked at: "
            + "; ".join(f"{row.row}: {row.why}" for row in found.set_aside[:_MOST_ROWS])
        )
    say_wrapped(
        f"Protocol {found.protocol_hash[:12]}, terms {found.vocabulary[:12]}. For research; not clinically validated."
    )
