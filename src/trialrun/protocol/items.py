"""One item of a form: what is captured, in which unit, within which limits.

item  := kind ("," clause)*
kind  := "number" [A ".." B] [unit] | "whole number" [A ".." B] [unit] | "choice of" a "|" b "|" …
       | "yes or no" | "date" | "partial date" | "date and time" | "text" | "signature" | "derived" [text]
clause := "usual" [A] ".." [B]      outside it a query is raised, the value is kept
        | "decimals" N | "below limit allowed" | "optional" | "not done allowed"
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from trialrun.errors import GrammarError, did_you_mean, shortened


class Kind(StrEnum):
    """What an item holds."""

    NUMBER = "number"
    WHOLE = "whole number"
    CHOICE = "choice of"
    YES_NO = "yes or no"
    DATE = "date"
    PARTIAL_DATE = "partial date"
    DATE_TIME = "date and time"
    TEXT = "text"
    SIGNATURE = "signature"
    DERIVED = "derived"


_BOUND = r"-?\d+(?:,\d{3})*(?:\.\d+)?"
_NUMERIC = re.compile(rf"(number|whole number)(?:\s+({_BOUND})\s*\.\.\s*({_BOUND}))?(?:\s+(\S.*))?")
_USUAL = re.compile(rf"usual\s+({_BOUND})?\s*\.\.\s*({_BOUND})?")
_DECIMALS = re.compile(r"decimals\s+(\d)")
_CLAUSE = re.compile(r",\s+(?=usual\b|decimals\b|below limit|optional|not done)")
_FLAGS = {"below limit allowed": "below_limit", "optional": "optional", "not done allowed": "not_done"}


@dataclass(frozen=True, slots=True)
class Limits:
    """A range with both ends included; None is open.

    Raises:
        ValueError: when it is empty.
    """

    low: Decimal | None
    high: Decimal | None

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ValueError(f"the range {self.low}..{self.high} is empty")

    def __contains__(self, value: Decimal) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def holds(self, other: Limits) -> bool:
        """Whether another range lies inside this one where both ends are given."""
        return (other.low is None or other.low in self) and (other.high is None or other.high in self)

    def __str__(self) -> str:
        return f"{'' if self.low is None else self.low}..{'' if self.high is None else self.high}"


@dataclass(frozen=True, slots=True)
class Item:
    """What a form captures in one field."""

    kind: Kind
    limits: Limits | None = None
    unit: str | None = None
    choices: tuple[str, ...] = ()
    formula: str | None = None
    usual: Limits | None = None
    decimals: int | None = None
    below_limit: bool = False
    optional: bool = False
    not_done: bool = False

    @classmethod
    def parse(cls, text: str) -> Item:
        """Reads the grammar above.

        Raises:
            GrammarError: with the position of the part at fault.
        """
        first, *clauses = _CLAUSE.split(text)
        fields = _kind(first)
        for clause in clauses:
            start = text.index(clause, len(first))
            try:
                name, value = _clause(clause.strip())
            except GrammarError as error:
                raise error.shifted(start) from None
            except ValueError as error:
                raise GrammarError(str(error), start, len(clause)) from None
            fields[name] = value
        item = cls(**fields)  # type: ignore[arg-type]
        if item.limits and item.usual and not item.limits.holds(item.usual):
            raise GrammarError(f"the usual range {item.usual} reaches outside {item.limits}", 0, len(text))
        return item

    def __str__(self) -> str:
        head = str(self.kind)
        if self.kind is Kind.CHOICE:
            head += " " + " | ".join(self.choices)
        head += "".join(f" {part}" for part in (self.limits, self.unit, self.formula) if part is not None)
        clauses = [f"usual {self.usual}"] if self.usual else []
        if self.decimals is not None:
            clauses.append(f"decimals {self.decimals}")
        clauses += [words for words, name in _FLAGS.items() if getattr(self, name)]
        return ", ".join([head, *clauses])


def _kind(text: str) -> dict[str, object]:
    words = " ".join(text.split())
    if match := _NUMERIC.fullmatch(words):
        limits = None
        if match[2] is not None:
            try:
                limits = Limits(_decimal(match[2]), _decimal(match[3]))
            except ValueError as error:
                raise GrammarError(str(error), match.start(2), match.end(3) - match.start(2)) from None
        return {"kind": Kind(match[1]), "limits": limits, "unit": match[4]}
    if words.startswith("choice of "):
        choices = tuple(choice.strip() for choice in words[len("choice of ") :].split("|"))
        if len(choices) < 2 or not all(choices) or len(set(choices)) < len(choices):
            raise GrammarError("a choice names two or more different values", 0, len(text), "choice of mild | severe")
        return {"kind": Kind.CHOICE, "choices": choices}
    if words.startswith("derived"):
        return {"kind": Kind.DERIVED, "formula": words[len("derived") :].strip() or None}
    if words in {kind.value for kind in Kind}:
        return {"kind": Kind(words)}
    hint = did_you_mean(words, [kind.value for kind in Kind])
    raise GrammarError(f"'{shortened(words)}' is not a kind of item", 0, len(text), hint)


def _clause(text: str) -> tuple[str, object]:
    if text in _FLAGS:
        return _FLAGS[text], True
    if match := _DECIMALS.fullmatch(text):
        return "decimals", int(match[1])
    if match := _USUAL.fullmatch(text):
        low, high = (_decimal(part) if part else None for part in match.groups())
        return "usual", Limits(low, high)
    known = [*_FLAGS, "usual 3..15", "decimals 1"]
    raise GrammarError(f"'{shortened(text)}' is not a clause of an item", 0, len(text), did_you_mean(text, known))


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
