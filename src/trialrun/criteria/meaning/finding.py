"""What evaluating a rule finds: the answer, the rows behind it, and for unknown what is missing and who has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from trialrun.criteria.truth import Truth

_T = TypeVar("_T")


class Reason(StrEnum):
    """Why an answer is unknown."""

    NO_ROW = "NO_ROW"
    NO_COVERAGE = "NO_COVERAGE"
    UNREAD = "UNREAD"
    NO_DATE = "NO_DATE"
    PARTIAL_DATE = "PARTIAL_DATE"
    NO_VALUE = "NO_VALUE"
    CENSORED = "CENSORED"
    CONFLICTING = "CONFLICTING"
    NO_UNIT = "NO_UNIT"
    OTHER_UNIT = "OTHER_UNIT"
    NO_ULN = "NO_ULN"
    NO_LLN = "NO_LLN"
    NO_DOSE = "NO_DOSE"
    NO_EQUIVALENT = "NO_EQUIVALENT"
    NO_ROUTE = "NO_ROUTE"
    NO_KIND = "NO_KIND"
    NO_END = "NO_END"
    NO_SEX = "NO_SEX"
    NO_BIRTH_DATE = "NO_BIRTH_DATE"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    NO_ANCHOR = "NO_ANCHOR"
    NEEDS_PERSON = "NEEDS_PERSON"


WHO_HAS_IT: dict[Reason, str] = {
    Reason.NO_ROW: "the medical record, or the participant",
    Reason.NO_COVERAGE: "the medical record, or the participant",
    Reason.UNREAD: "a data manager, who maps the code",
    Reason.NO_DATE: "the medical record, or the participant",
    Reason.PARTIAL_DATE: "the medical record, or the participant",
    Reason.NO_VALUE: "the laboratory",
    Reason.CENSORED: "the laboratory",
    Reason.CONFLICTING: "the laboratory",
    Reason.NO_UNIT: "the laboratory",
    Reason.OTHER_UNIT: "the laboratory",
    Reason.NO_ULN: "the laboratory",
    Reason.NO_LLN: "the laboratory",
    Reason.NO_DOSE: "the prescriber, or the participant",
    Reason.NO_EQUIVALENT: "the investigator, who signs an equivalence",
    Reason.NO_ROUTE: "the prescriber, or the participant",
    Reason.NO_KIND: "the medical record, or the participant",
    Reason.NO_END: "the prescriber, or the participant",
    Reason.NO_SEX: "the participant",
    Reason.NO_BIRTH_DATE: "the participant",
    Reason.OUT_OF_RANGE: "the laboratory",
    Reason.NO_ANCHOR: "the schedule: screen again nearer to that day",
    Reason.NEEDS_PERSON: "the investigator",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing.

    Args:
        reason: Its kind.
        words: What is missing, as one would tell a colleague.
        row: The id of the row it is missing from; empty where there is no row.
        who: Who can supply it; by the reason unless given.
        about: The test it is a result of, where it is about one.
    """

    reason: Reason
    words: str
    row: str = ""
    who: str = ""
    about: str = ""

    @property
    def supplier(self) -> str:
        """Who can supply it."""
        return self.who or WHO_HAS_IT[self.reason]


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one rule.

    Args:
        truth: True, False, or None for unknown.
        gaps: What is missing. Also where the answer is known: then it did not matter.
        decided: Ids of the rows that decided, oldest first.
        considered: Ids of all rows looked at, oldest first.
        assumed: What was taken for granted because nothing is recorded, in words.
        notes: The numbers behind the answer, in words: `latest ALT 38 U/L on 2026-11-30; limit 3 x ULN 40`.
        parts: The answers inside, in the order of the rule.
        answered: Whether a person's answer stands in for what the record does not hold.
    """

    truth: Truth
    gaps: tuple[Gap, ...] = ()
    decided: tuple[str, ...] = ()
    considered: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    parts: tuple[Finding, ...] = ()
    answered: bool = False


def merged(truth: Truth, parts: Iterable[Finding]) -> Finding:
    """The answer of a rule made of others.

    Rows and assumptions come from the parts that agree with the answer, because those carry it; gaps come from the
    parts that are unknown.
    """
    inner = tuple(parts)
    carrying = [part for part in inner if part.truth is truth]
    unknown = [part for part in inner if part.truth is None]
    return Finding(
        truth,
        _once(gap for part in unknown for gap in part.gaps),
        _once(row for part in carrying for row in part.decided),
        _once(row for part in inner for row in part.considered),
        _once(words for part in carrying for words in part.assumed),
        _once(words for part in inner for words in part.notes),
        inner,
    )


def _once(items: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(items))
