"""Which findings a named person may accept: those that exist, and whose acceptance leaves a study that can be run."""

from __future__ import annotations

from collections.abc import Sequence

from trialrun.errors import InputError, did_you_mean
from trialrun.protocol.checks.catalogue import ALL
from trialrun.protocol.checks.findings import Finding, Severity
from trialrun.protocol.writing import scalar


def refuse_unacceptable(item: str, found: Sequence[Finding]) -> None:
    """Refuses to accept what no check finds, or what has to be mended or decided.

    Args:
        item: `L14`, or `L14 calendar` for one subject.
        found: What the checks find in the file.

    Raises:
        InputError: no such check, no such finding, or one that cannot be accepted.
    """
    identifier, _, subject = item.partition(" ")
    check = next((check for check in ALL if check.id == identifier), None)
    if check is None:
        hint = did_you_mean(identifier, [check.id for check in ALL])
        raise InputError(f"there is no check '{identifier}'", hint=hint or "trialrun check FILE lists what is found.")
    mine = [one for one in found if one.id == identifier]
    if not mine:
        raise InputError(f"{identifier} finds nothing here", hint="trialrun check FILE lists what is found.")
    subjects = list(dict.fromkeys(one.subject for one in mine))
    if subject and subject not in subjects:
        hint = did_you_mean(subject, subjects) or f"It finds something about: {'; '.join(subjects[:12])}."
        raise InputError(f"{identifier} finds nothing about '{subject}'", hint=hint)
    if check.can_be_accepted:
        return
    first = next(one for one in mine if subject in ("", one.subject))
    if check.severity is Severity.CONFLICT:
        raise InputError(
            f"{identifier} is a contradiction and cannot be accepted: {first.remark.message}", hint=_row(first)
        )
    hint = first.remark.hint or "Change the file."
    raise InputError(f"{identifier} has to be mended and cannot be accepted: {first.remark.message}", hint=hint)


def _row(one: Finding) -> str:
    """What to do about a contradiction: decide the row that records it, or write one."""
    if one.recorded_as is not None:
        return f"Decide the row that records it: {one.recorded_as}"
    texts = "".join(f"\n      - {scalar(text)}" for text in one.remark.texts)
    return (
        "Write it down below 'decisions', then decide it:\n  C9:                        # the next number that is free\n"
        f"    texts:{texts}\n    asks: Which one holds?\n    blocks: none             # what must wait for the answer"
    )
