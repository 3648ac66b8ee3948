"""Cells into values: dates as precise as written, numbers with a sign, texts as they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from functools import lru_cache
from math import isfinite

from trialrun.csv_text import plain_cell
from trialrun.errors import GrammarError
from trialrun.vocabulary.calendar import PartialDate

MAX_TEXT = 2_000
_NUMBER = re.compile(r"(<=|>=|<|>|≤|≥)?\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)")
_SIGNS = {"≤": "<=", "≥": ">="}
_PARTS = {"YYYY": r"(?P<year>\d{4})", "MM": r"(?P<month>\d{1,2})", "DD": r"(?P<day>\d{1,2})"}
_PACKED = {"YYYY": r"(?P<year>\d{4})", "MM": r"(?P<month>\d{2})", "DD": r"(?P<day>\d{2})"}
"""Without separators 202011 could be the first of January or November: months and days have two digits there."""
_CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?")
DATE_FORMS = ("YYYY-MM-DD", "DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "YYYY/MM/DD", "YYYYMMDD")


@dataclass(frozen=True, slots=True)
class Number:
    """A number and the sign before it."""

    value: float
    comparator: str = ""


def plain(cell: str) -> str:
    """A text cell: without blanks around it, and without the apostrophe that keeps a spreadsheet from running it."""
    return plain_cell(cell.strip(" \t\r\n"))


def number(cell: str, decimal: str = ".") -> Number | None:
    """A number, with `<`, `<=`, `>` or `>=` before it; None for words.

    Thousands separators are not read: `1.234` is 1.234 unless the decimal sign is a comma, and then it is no number.
    """
    text = cell.strip()
    if decimal != ".":
        if "." in text:
            return None
        text = text.replace(decimal, ".")
    match = _NUMBER.fullmatch(text)
    if match is None or (not text.isascii() and match[1] not in _SIGNS):
        return None
    value = float(match[2])
    return Number(value, _SIGNS.get(match[1], match[1] or "")) if isfinite(value) else None


@lru_cache(maxsize=50_000)
def moment(cell: str, form: str) -> tuple[PartialDate, time | None]:
    """A date, and the time of day behind it.

    Args:
        cell: `14.05.1959`, `05.1959`, `1959`, `14.05.1959 08:30`.
        form: How dates are written: `DD.MM.YYYY`.

    Raises:
        GrammarError: it is no date.
    """
    text = cell.strip()
    written, _, clock = text.replace("T", " ", 1).partition(" ")
    for pattern in _patterns(form):
        match = pattern.fullmatch(written)
        if match is not None and written.isascii():
            parts = {name: int(found) for name, found in match.groupdict().items()}
            try:
                day = PartialDate(parts["year"], parts.get("month"), parts.get("day"))
            except ValueError:
                raise GrammarError(f"'{text[:40]}' does not exist in the calendar") from None
            return day, clock_of(clock)
    raise GrammarError(f"'{text[:40]}' is no date", hint=f"Write it as {form}.")


def clock_of(text: str) -> time | None:
    """A time of day, `08:30` or `08:30:15`; None where there is none that can be read. No zone is applied."""
    match = _CLOCK.match(text.strip())
    if match is None:
        return None
    found = match[0]
    return time.fromisoformat(found if found[1] != ":" else f"0{found}")


@lru_cache(maxsize=32)
def _patterns(form: str) -> tuple[re.Pattern[str], ...]:
    """The form itself, and what is left of it without the day, and without the month."""
    forms = [form]
    for part in ("DD", "MM"):
        shorter = re.sub(rf"{part}[^A-Z]?|[^A-Z]{part}$", "", forms[-1], count=1).strip("-./")
        forms.append(shorter)
    parts = _PACKED if form.isalpha() else _PARTS
    return tuple(re.compile(re.sub("YYYY|MM|DD", lambda part: parts[part[0]], re.escape(one))) for one in forms)
