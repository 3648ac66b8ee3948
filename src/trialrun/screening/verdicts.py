"""Verdicts: met, not met or unknown for a criterion; excluded, possible or eligible for a person."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from trialrun.criteria.truth import Truth


class Verdict(StrEnum):
    """The answer to a criterion. An exclusion is met when it applies."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, truth: Truth) -> Verdict:
        """The verdict that a truth is."""
        return cls.UNKNOWN if truth is None else cls.MET if truth else cls.NOT_MET


class Standing(StrEnum):
    """Where a person stands. The three exclude one another and add up."""

    EXCLUDED = "excluded"
    """Some inclusion is not met, or some exclusion met."""
    ELIGIBLE = "eligible"
    """All inclusions are met and all exclusions not met."""
    POSSIBLE = "possible"
    """The rest: something is unknown, and nothing known is against it."""


MEANINGS = {
    Standing.ELIGIBLE: "everything is known and met",
    Standing.POSSIBLE: "nothing known is against it, something is unknown",
    Standing.EXCLUDED: "something known is against it",
}
"""What the three standings say, in words."""


def standing_of(answers: Iterable[tuple[bool, Truth]]) -> Standing:
    """Where a person stands.

    Args:
        answers: For each criterion whether it excludes, and its truth.
    """
    open_question = False
    for excludes, truth in answers:
        if truth is excludes:
            return Standing.EXCLUDED
        open_question |= truth is None
    return Standing.POSSIBLE if open_question else Standing.ELIGIBLE
