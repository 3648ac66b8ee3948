"""Dosing regimens in prose: on which days, how often, for how long."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trialrun.errors import GrammarError
from trialrun.protocol.days import DayList
from trialrun.protocol.prose.durations import find_durations
from trialrun.protocol.prose.numbers import SMALL, small

_N = rf"\d{{1,3}}|{SMALL}"
_DAY_LISTS = re.compile(
    r"\bdays?\s*(?P<days>\d{1,4}(?:\s*(?:-|–|to|through)\s*\d{1,4})?"
    r"(?:\s*(?:,\s*and|,|and|&)\s*(?:days?\s*)?\d{1,4}(?:\s*(?:-|–|to|through)\s*\d{1,4})?)*)",
    re.IGNORECASE,
)
_OF_CYCLE = re.compile(
    rf"\s*,?\s*(?:of|in|on)\s+(?:each|every|a|the)?\s*(?P<length>{_N})[\s-]*(?P<unit>day|week)s?\s*(?:treatment\s*)?cycles?",
    re.IGNORECASE,
)
_CYCLE_EVERY = re.compile(rf"cycles?\s+(?:of|every)\s+(?P<length>{_N})\s+(?P<unit>day|week)s?", re.IGNORECASE)
_CYCLES = re.compile(rf"(?:for|up to|total of|maximum of)?\s*\b(?P<count>{_N})\s+cycles\b", re.IGNORECASE)
_EVERY = re.compile(
    rf"\b(?:every|each|once every|q)\s*(?:(?P<other>other|second)\s+)?(?P<n>{_N})?\s*-?\s*(?P<unit>days?|weeks?|wks?|w|d)\b",
    re.IGNORECASE,
)
_DAILY = re.compile(
    rf"\b(?:(?P<times>once|twice|thrice|(?:{_N})\s*(?:times|x|×))\s*(?:-|\s)?(?:daily|(?:a|per|each|every)\s+day)"
    r"|(?P<code>BID|TID|QID|QD|b\.i\.d\.|t\.i\.d\.|q\.d\.)(?![\w])|(?P<plain>daily|every day|each day|per day))",
    re.IGNORECASE,
)
_WEEKLY = re.compile(
    rf"\b(?:(?P<times>once|twice|thrice|(?:{_N})\s+(?:times|days))\s*(?:-|\s)?(?:weekly|(?:a|per|each|every|in a)\s+week)"
    r"|(?P<plain>weekly|every week|each week))",
    re.IGNORECASE,
)
_FOR = re.compile(
    rf"\s*,?\s*(?:for|over|during|x|×)\s+(?:a\s+(?:total|period|duration)\s+of\s+|up to\s+|the (?:next|first)\s+)?"
    rf"(?P<n>{_N})\s*(?:consecutive\s+)?-?\s*(?P<unit>day|week|month|dose|cycle|course)s?\b",
    re.IGNORECASE,
)
_SEVERAL_PHASES = re.compile(
    r"\b(?:then|followed by|thereafter|subsequent|escalat|de-escalat|titrat|taper|loading|initial(?:ly)?|starting dose|first dose"
    r"|maintenance|until|courses?|induction|alternat|cross-?over|weeks? \d|days? \d|x \d|×\s?\d|q\s?\d|or\s+(?:once|twice|every))",
    re.IGNORECASE,
)
_UNCLEAR_REST = re.compile(
    r"\b(?:cycles?|single|one dose|as needed|prn|except|week(?:day|end)s?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
    rf"|(?:{_N})\s+doses|for\s+an?\s+(?:day|week|month|year))\b",
    re.IGNORECASE,
)
_SINGLE = re.compile(
    r"\b(?:single|one-time|one time|once only)\s+(?:\w+\s+){0,2}?(?:dose|injection|infusion|administration)",
    re.IGNORECASE,
)
_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_CODES = {"bid": 2, "tid": 3, "qid": 4, "qd": 1}


@dataclass(frozen=True, slots=True)
class Regimen:
    """Which days a text says something is given on.

    Args:
        days: The study days; days of each cycle where there is a cycle.
        cycle_days: Length of a cycle in days.
        cycles: How many cycles.
        times_a_day: Administrations on each of the days.
        explicit: Whether the days themselves are named, not only a frequency.
        words_count: How many days the words about frequency come to, where they can be counted.
        start, end: The characters read.
        text: The words.
    """

    days: DayList
    cycle_days: int | None
    cycles: int | None
    times_a_day: int
    explicit: bool
    words_count: int | None
    start: int
    end: int
    text: str


def read_regimen(text: str) -> Regimen | None:
    """The one regimen of a text; None where there is none, or where the words allow several readings."""
    for read in (_named_days, _single_dose, _frequency):
        found = read(text)
        if found is not None:
            return found
    return None


def count_in_words(text: str) -> int | None:
    """How many dosing days phrases such as `five days every week for 4 weeks` come to; None where unclear."""
    total = 0
    for match in _WEEKLY.finditer(text):
        length = _FOR.match(text, match.end())
        per_week = _per_period(match)
        if length is None or length["unit"].casefold() != "week" or per_week is None:
            return None
        total += per_week * small(length["n"])
    return total or None


def _named_days(text: str) -> Regimen | None:
    """`days 1, 8 and 15 of each 21-day cycle`, `(day1-5, 8-12 …) … (day33, 40 …)`."""
    matches = [match for match in _DAY_LISTS.finditer(text) if not _is_follow_up(text, match)]
    if not matches:
        return None
    lists = [_listed(match["days"]) for match in matches]
    if any(days is None for days in lists):
        return None
    numbers = [days for days in lists if days]
    joined = "; ".join(numbers)
    cycle = _OF_CYCLE.match(text, matches[-1].end()) or _CYCLE_EVERY.search(text)
    try:
        days = DayList.parse(joined)
    except GrammarError:
        return None
    if cycle is None and (len(days) < 2 or re.search(r"cycle|course|\bq\s?\d|repeat|\bor\b", text, re.IGNORECASE)):
        return None
    if cycle is None and re.match(r"\s*of\b", text[matches[-1].end() :], re.IGNORECASE):
        return None
    if cycle is None and (_EVERY.search(text) or re.search(r"from\s*$", text[: matches[0].start()], re.IGNORECASE)):
        return None
    daily = list(_DAILY.finditer(text))
    times = _per_period(daily[0]) if len(daily) == 1 else 1
    if len(daily) > 1 or times is None:
        return None
    length = None if cycle is None else small(cycle["length"]) * (7 if cycle["unit"].casefold() == "week" else 1)
    if length is not None and (not days.numbers or days.numbers[-1] > length or days.numbers[0] < 1):
        return None
    count = _CYCLES.search(text) if length is not None else None
    end = cycle.end() if cycle is not None else matches[-1].end()
    start = min(matches[0].start(), end)
    return Regimen(
        days,
        length,
        small(count["count"]) if count else None,
        times,
        True,
        None if length else count_in_words(text),
        start,
        max(start, end),
        text[start:end],
    )


def _is_follow_up(text: str, match: re.Match[str]) -> bool:
    """Days of assessments are no dosing days."""
    before = text[max(0, match.start() - 45) : match.start()]
    return bool(re.search(r"visit|assess|follow|measur|collect|sampl|evaluat|until|after|post", before, re.IGNORECASE))


def _listed(words: str) -> str | None:
    text = re.sub(r"\bdays?\b", "", words, flags=re.IGNORECASE)
    text = re.sub(r"\s*(?:–|to|through|-)\s*", "-", text, flags=re.IGNORECASE)
    text = re.sub(r"\s*(?:,\s*and|and|&|,)\s*", ", ", text, flags=re.IGNORECASE)
    return text.strip() or None


def _single_dose(text: str) -> Regimen | None:
    match = _SINGLE.search(text)
    if match is None or _EVERY.search(text) or _WEEKLY.search(text) or _DAILY.search(text):
        return None
    return Regimen(DayList.parse("1"), None, None, 1, False, None, match.start(), match.end(), match[0])


def _frequency(text: str) -> Regimen | None:
    """`every 2 weeks for 12 weeks`, `twice daily for 28 days`: one frequency, or it is not read."""
    found = [*_EVERY.finditer(text)]
    found = [match for match in found if match["n"] or match["other"]]
    daily, weekly = list(_DAILY.finditer(text)), list(_WEEKLY.finditer(text))
    if len(found) + len(daily) + len(weekly) != 1:
        return None
    regimen = _one_frequency(found, daily, weekly, text)
    if regimen is None:
        return None
    # Words before and behind that speak of another phase, a cycle or a range leave more than one reading.
    rest = text[: regimen.start] + " " + text[regimen.end :]
    unclear = _SEVERAL_PHASES.search(rest) or _UNCLEAR_REST.search(rest)
    longer = any(found.duration.whole_days or found.duration.whole_months for found in find_durations(rest))
    return None if unclear or longer else regimen


def _one_frequency(
    found: list[re.Match[str]], daily: list[re.Match[str]], weekly: list[re.Match[str]], text: str
) -> Regimen | None:
    if found:
        return _every(found[0], text)
    return _each_day(daily[0], text) if daily else _each_week(weekly[0], text)


def _every(match: re.Match[str], text: str) -> Regimen | None:
    step = (2 if match["other"] else small(match["n"])) * (7 if match["unit"][0].casefold() == "w" else 1)
    return _series(step, 1, match, text)


def _each_day(match: re.Match[str], text: str) -> Regimen | None:
    times = _per_period(match)
    return None if times is None or times > 12 else _series(1, times, match, text)


def _each_week(match: re.Match[str], text: str) -> Regimen | None:
    times = _per_period(match)
    if times != 1:
        return None  # which days of the week is not said
    return _series(7, 1, match, text)


def _series(step: int, times: int, match: re.Match[str], text: str) -> Regimen | None:
    if step == 0:
        return None
    length = _FOR.match(text, match.end())
    end = match.end()
    words = f"every {step} from 1"
    if length is not None:
        end = length.end()
        unit, n = length["unit"].casefold(), small(length["n"])
        if unit == "month" or n == 0:
            return None
        doses = n if unit in ("dose", "cycle", "course") else n * (7 if unit == "week" else 1) // step
        if doses < 1:
            return None
        words = f"every {step} from 1 to {1 + step * (doses - 1)}" if doses > 1 else "1"
    try:
        days = DayList.parse(words)
    except GrammarError:
        return None
    return Regimen(days, None, None, times, False, None, match.start(), end, text[match.start() : end])


def _per_period(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    if groups.get("plain"):
        return 1
    if groups.get("code"):
        return _CODES[groups["code"].casefold().replace(".", "")]
    times = groups.get("times")
    if times is None:
        return None
    word = times.split()[0].casefold()
    return _TIMES.get(word) or small(word)
