"""Which days a site is closed: its weekdays off, a country's public holidays, and make-up workdays.

Holidays come from the `holidays` library. Some countries announce theirs year by year; the library answers later
years with the statutory days only, silently. Such years are *said*, never taken as final.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from trialrun.errors import InputError, did_you_mean
from trialrun.vocabulary.calendar import WEEKDAYS

# Countries whose days off and make-up workdays are set anew each year, and by whom.
_ANNOUNCED_YEARLY = {"CN": "the State Council's notice"}


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """Closed days of a site over some years.

    Args:
        weekdays: Weekdays off, as Mon … Sun.
        holidays: Public holidays with their names.
        workdays: Days of a weekend that are worked in place of a holiday.
        unannounced: Years whose holidays are not in the table this version has, or not known at all.
        country: The country's code, where there is one.
        table_to: The last year of that table; None where the days are the same law each year.
    """

    weekdays: frozenset[int]
    holidays: dict[date, str]
    workdays: frozenset[date]
    unannounced: tuple[int, ...] = ()
    country: str | None = None
    table_to: int | None = None

    def is_closed(self, when: date) -> bool:
        """Whether the site is closed on a date."""
        if when in self.workdays:
            return False
        return when.weekday() in self.weekdays or when in self.holidays

    def why(self, when: date) -> str | None:
        """Why the site is closed on a date, in words; None where it is open."""
        if not self.is_closed(when):
            return None
        return self.holidays.get(when) or WEEKDAYS[when.weekday()]

    def remarks(self, used: Collection[int]) -> tuple[str, ...]:
        """What a reader of a calendar must know about the years its days lie in."""
        unsure = [str(year) for year in self.unannounced if year in used]
        if not unsure:
            return ()
        years = ", ".join(unsure)
        by = _ANNOUNCED_YEARLY.get((self.country or "").split("-")[0], "the country's own calendar")
        known = f" (to {self.table_to})" if self.table_to else ""
        return (
            f"{years}: the public holidays of {self.country} are not in this version's table{known}. The holidays shown "
            f"are those to be expected, so this plan is not final: compare it with {by}.",
        )


def closed_days(weekdays: Iterable[str], country: str | None, years: Iterable[int]) -> ClosedDays:
    """The closed days of a site.

    Args:
        weekdays: Weekdays off: `("Sat", "Sun")`.
        country: Code of the country, `CN`, or with a part of it, `US-CA`; None without holidays.
        years: The years needed.

    Raises:
        InputError: the country is not known.
    """
    off = frozenset(WEEKDAYS.index(day) for day in weekdays)
    wanted = tuple(sorted(set(years)))
    if country is None:
        return ClosedDays(off, {}, frozenset())
    days: dict[date, str] = {}
    workdays: set[date] = set()
    unannounced: list[int] = []
    table_to: int | None = None
    for year in wanted:
        holidays, worked, known, table_to = _year(country, year)
        days.update(holidays)
        workdays |= worked
        if not known:
            unannounced.append(year)
    return ClosedDays(off, days, frozenset(workdays), tuple(unannounced), country, table_to)


def check_country(code: str) -> None:
    """Says whether holidays of a country are known.

    Raises:
        InputError: they are not.
    """
    import holidays

    supported = holidays.list_supported_countries(include_aliases=False)
    country, _, part = code.partition("-")
    if country not in supported:
        raise InputError(f"holidays of '{code}' are not known", hint=did_you_mean(country, supported))
    if part and part not in supported[country]:
        raise InputError(f"'{part}' is no part of {country}", hint=did_you_mean(part, supported[country]))


@lru_cache(maxsize=256)
def _year(code: str, year: int) -> tuple[dict[date, str], frozenset[date], bool, int | None]:
    """Holidays and make-up workdays of a year, whether they are in the library's table, and where that table ends."""
    import holidays

    check_country(code)
    country, _, part = code.partition("-")
    found: Any = holidays.country_holidays(country, subdiv=part or None, years=year, expand=False, language="en_US")
    names = {when: str(name) for when, name in found.items()}
    worked = frozenset(day for day in getattr(found, "weekend_workdays", ()) if day.year == year)
    within = found.start_year <= year <= found.end_year
    if country not in _ANNOUNCED_YEARLY:
        return names, worked, within, None
    # The days set for a year apart from those of the law are the announcement; the last year that has some ends the table.
    table_to = max(found.special_public_holidays, default=0)
    return names, worked, within and year <= table_to, table_to
