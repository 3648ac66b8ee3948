"""Time frames of outcomes: `week12 and 24`, `up to 24 weeks`, `baseline, 6 and 12 months`, `Day 28`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trialrun.protocol.prose.numbers import SMALL, small
from trialrun.vocabulary.calendar import Duration, Unit

_UNIT = r"hours?|hrs?|days?|weeks?|wks?|wee|months?|years?|yrs?"
_NUMBER = rf"\d{{1,4}}(?!\.\d|\d|/|%)|{SMALL}"
_LIST = rf"(?:{_NUMBER})(?:\s*(?:,|;|and|&|or|/|,\s*and|-|–|to)\s*(?:(?:{_UNIT})\s*)?(?:{_NUMBER}))*"
# "week 12", "weeks 12 and 24", "week12 and 24", "wee12": the unit stands first.
_UNIT_FIRST = re.compile(
    rf"\b(?P<unit>{_UNIT})(?:-|\s*)(?P<numbers>{_LIST})(?!\s*(?:{_UNIT}|mg|ml|g)\b)", re.IGNORECASE
)
# "12 weeks", "6 and 12 months", "12-week".
_NUMBER_FIRST = re.compile(rf"(?<![\w.,/-])(?P<numbers>{_LIST})[\s-]*(?P<unit>{_UNIT})\b", re.IGNORECASE)
_UP_TO = re.compile(r"\b(?:up to|through|until|within|over|during|throughout|for|maximum of|average of)\b[^,;]*$", re.I)
_AVERAGE = re.compile(r"\b(?:an?\s+)?(?:average|expected average|approximately|median)\b[^,;]*$", re.IGNORECASE)
_EVERY = re.compile(r"\b(?:every|each|per|once a|twice a)\s*$", re.IGNORECASE)
_BASELINE = re.compile(r"\bbaseline\b|\bweek 0\b|\bday 0\b|\bpre-?(?:dose|treatment)\b", re.IGNORECASE)
# Counted from something other than day 1, or backwards.
_ELSEWHERE = re.compile(
    r"\s*(?:(?:after|following|post|from|since)\s+(?:the\s+)?(?:last|final|end|completion|stop|discontinu|cessation)"
    r"|(?:before|prior to|preceding)\b)",
    re.IGNORECASE,
)
_ITEM = re.compile(rf"(?P<join>-|–|to)?\s*(?:(?P<unit>{_UNIT})\s*)?(?P<number>{_NUMBER})", re.IGNORECASE)
_LONGEST = 1_000
"""Characters; the registry takes 254. Lists in longer texts would take minutes to look through."""
_UNITS = {"h": Unit.HOUR, "d": Unit.DAY, "w": Unit.WEEK, "m": Unit.MONTH, "y": Unit.YEAR}


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: `week 12` is Moment(12, week)."""

    amount: int
    unit: Unit

    @property
    def duration(self) -> Duration:
        """The same as an amount of time."""
        return Duration(self.amount, self.unit)

    def __str__(self) -> str:
        return f"{self.unit} {self.amount}"


@dataclass(frozen=True, slots=True)
class TimeFrame:
    """What a registered time frame says.

    Args:
        points: Moments of measurement in the order of time.
        last: The end of a span ("up to 24 weeks"), which is no point of measurement by itself.
        baseline: Whether a baseline is named.
        is_number_only: Whether there is nothing but a number, without a unit.
    """

    points: tuple[Moment, ...]
    last: Moment | None
    baseline: bool
    is_number_only: bool

    @property
    def moments(self) -> tuple[Moment, ...]:
        """The points, or the end of the span where there are none."""
        return self.points or ((self.last,) if self.last else ())


def read_time_frame(text: str) -> TimeFrame:
    """Reads a time frame; what is said of averages ("an average of 1 year") is neither point nor end."""
    if len(text) > _LONGEST:
        return TimeFrame((), None, False, False)
    points: list[Moment] = []
    ends: list[Moment] = []
    taken: list[tuple[int, int]] = []
    for pattern in (_UNIT_FIRST, _NUMBER_FIRST):
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            if not _ELSEWHERE.match(text, match.end()):
                _sort(match, text[: match.start()], points, ends)
    unique = sorted(set(points), key=lambda moment: moment.duration.typical_days)
    last = max(ends, key=lambda moment: moment.duration.typical_days, default=None)
    number_only = bool(re.fullmatch(r"[\s\d.,;and]*\d[\s\d.,;and]*", text, re.IGNORECASE))
    return TimeFrame(tuple(unique), last, bool(_BASELINE.search(text)), number_only)


def _sort(match: re.Match[str], before: str, points: list[Moment], ends: list[Moment]) -> None:
    """Files the moments of one match as points or as the end of a span."""
    if _EVERY.search(before) or _AVERAGE.search(before):
        return
    unit = _UNITS[match["unit"][0].casefold()]
    moments: list[Moment] = []
    for item in _ITEM.finditer(match["numbers"]):
        unit = _UNITS[item["unit"][0].casefold()] if item["unit"] else unit
        amount = small(item["number"])
        if item["join"] and not item["unit"] and moments:
            ends.append(Moment(amount, unit))
            continue
        moments.append(Moment(amount, unit))
    found = [moment for moment in moments if _is_plausible(moment)]
    if _UP_TO.search(before) and len(found) == 1:
        ends += found
    else:
        points += [moment for moment in found if moment.amount > 0]


def _is_plausible(moment: Moment) -> bool:
    try:
        return moment.duration.typical_days <= 20 * 366
    except ValueError:
        return False
