"""Amounts of time in prose, with the word that relates them: `within 6 months`, `for 4 weeks`, `-12 weeks`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trialrun.protocol.prose.numbers import SMALL, small
from trialrun.vocabulary.calendar import Duration, Unit

_DURATION = re.compile(
    rf"""(?<![\w.,/])
    (?P<number>\d{{1,4}}|{SMALL})(?:\s*-)?\s*
    (?P<unit>minutes?|hours?|hrs?|days?|weeks?|wks?|months?|mos?|years?|yrs?)(?![\w])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RELATION = re.compile(
    r"(?P<word>within|for at least|for|after|before|at least|during|over|past|last|previous|prior|in)"
    r"\s+(?:the\s+)?(?:past\s+|last\s+|previous\s+|at least\s+)?$",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(r"\s+(after|before|prior to|of|following)\b", re.IGNORECASE)
_UNITS = {"mi": Unit.MINUTE, "h": Unit.HOUR, "d": Unit.DAY, "w": Unit.WEEK, "m": Unit.MONTH, "y": Unit.YEAR}


@dataclass(frozen=True, slots=True)
class FoundDuration:
    """An amount of time in a text.

    Args:
        duration: The amount.
        relation: The word before it: within, for, after, before, at least, during, past; None without one.
        then: The word behind it: after, before, prior to, following; None without one.
        start, end: Its characters.
    """

    duration: Duration
    relation: str | None
    then: str | None
    start: int
    end: int
    text: str


def find_durations(text: str) -> tuple[FoundDuration, ...]:
    """All amounts of time in a text; ages ("18 years of age", "50 years old") are none."""
    found = []
    for match in _DURATION.finditer(text):
        if re.match(r"\s*(?:of age|old\b)", text[match.end() : match.end() + 8], re.IGNORECASE):
            continue
        before = _RELATION.search(text[max(0, match.start() - 40) : match.start()])
        after = _AFTERWARDS.match(text, match.end())
        unit = _unit(match["unit"])
        try:
            duration = Duration(small(match["number"]), unit)
        except ValueError:
            continue
        relation = before["word"].casefold() if before else None
        then = after[1].casefold() if after else None
        found.append(FoundDuration(duration, relation, then, match.start(), match.end(), match[0]))
    return tuple(found)


def _unit(word: str) -> Unit:
    text = word.casefold()
    return _UNITS["mi"] if text.startswith("mi") else _UNITS[text[0]]
