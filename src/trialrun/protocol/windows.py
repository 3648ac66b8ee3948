"""Windows around a planned day, and the least time between two doses.

window  := "0" | "-A..+B" ["days" | "hours" ...]
spacing := "at least" duration ["on days" days] ("," …)*
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from trialrun.errors import GrammarError
from trialrun.protocol.days import DayList
from trialrun.vocabulary.calendar import Duration, Unit

_WINDOW = re.compile(r"\s*(?:(0)|-(\d{1,4})\s*\.\.\s*\+(\d{1,4}))\s*(days?|weeks?)?\s*")
_RULE = re.compile(r"\s*at least\s+(\d+\s+[a-z]+)(?:\s+on\s+days?\s+(.*?))?\s*")
_NEXT_RULE = re.compile(r",\s*(?=at least\b)")


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days before and after a planned day, both ends included."""

    before: int = 0
    after: int = 0

    def __post_init__(self) -> None:
        if self.before < 0 or self.after < 0:
            raise ValueError("a window reaches zero or more days to each side")

    @classmethod
    def parse(cls, text: str) -> Window:
        """Reads `0`, `-3..+7`, `-1..+1 weeks`.

        Raises:
            GrammarError: for anything else.
        """
        match = _WINDOW.fullmatch(text)
        if match is None:
            raise GrammarError(
                f"'{text.strip()}' is not a window", 0, len(text), "Write 0, or days before and after: -3..+7"
            )
        if match[1]:
            return cls()
        factor = 7 if (match[4] or "").startswith("week") else 1
        return cls(int(match[2]) * factor, int(match[3]) * factor)

    @property
    def is_exact(self) -> bool:
        """Whether only the planned day itself is allowed."""
        return self.before == 0 and self.after == 0

    def __str__(self) -> str:
        return "0" if self.is_exact else f"-{self.before}..+{self.after}"


NO_WINDOW = Window()
"""Only the planned day itself."""


@dataclass(frozen=True, slots=True)
class SpacingRule:
    """The least time from one dose to the next, on some days or on all."""

    at_least: Duration
    days: DayList | None = None

    def applies_on(self, day_number: int) -> bool:
        """Whether the rule speaks of the dose planned on this study day."""
        return self.days is None or day_number in self.days.numbers

    @property
    def least_days(self) -> int:
        """The least difference between two dates that can satisfy the rule; 20 hours is the next day."""
        if self.at_least.unit in (Unit.MINUTE, Unit.HOUR):
            hours = self.at_least.amount / (60 if self.at_least.unit is Unit.MINUTE else 1)
            return int(-(-hours // 24)) if hours > 0 else 0
        return int(self.at_least.typical_days)

    def __str__(self) -> str:
        return f"at least {self.at_least}" + (f" on days {self.days}" if self.days else "")


@dataclass(frozen=True, slots=True)
class Spacing:
    """All spacing rules of a drug; the first that applies to a day counts."""

    rules: tuple[SpacingRule, ...]

    @classmethod
    def parse(cls, text: str) -> Spacing:
        """Reads `at least 20 hours on days 1-26, at least 5 days on days 33-82`.

        Raises:
            GrammarError: with the position of the rule at fault.
        """
        rules: list[SpacingRule] = []
        position = 0
        for part in _NEXT_RULE.split(text):
            start = text.index(part, position)
            position = start + len(part)
            rules.append(_rule(part, start))
        return cls(tuple(rules))

    def rule_for(self, day_number: int) -> SpacingRule | None:
        """The rule that applies to the dose planned on a study day."""
        return next((rule for rule in self.rules if rule.applies_on(day_number)), None)

    def __str__(self) -> str:
        return ", ".join(str(rule) for rule in self.rules)


def _rule(part: str, start: int) -> SpacingRule:
    match = _RULE.fullmatch(part)
    if match is None:
        raise GrammarError(
            f"'{part.strip()}' is not a spacing rule",
            start,
            len(part),
            "Write: at least 20 hours on days 1-26",
        )
    try:
        duration = Duration.parse(match[1])
    except GrammarError as error:
        raise error.shifted(start + match.start(1)) from None
    if match[2] is None:
        return SpacingRule(duration)
    try:
        return SpacingRule(duration, DayList.parse(match[2]))
    except GrammarError as error:
        raise error.shifted(start + match.start(2)) from None
