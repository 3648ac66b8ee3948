"""Closed days: weekends, holidays, worked weekends, and years nobody has announced."""

from __future__ import annotations

from datetime import date

import pytest

from trialrun.errors import InputError
from trialrun.vocabulary.closed_days import check_country, closed_days

CHINA = closed_days(("Sat", "Sun"), "CN", range(2026, 2029))


@pytest.mark.parametrize(
    ("when", "why"),
    [
        (date(2026, 10, 1), "National Day"),
        (date(2026, 10, 8), None),
        (date(2026, 10, 10), None),  # a Saturday that is worked
        (date(2026, 9, 20), None),  # a Sunday that is worked
        (date(2026, 11, 28), "Sat"),
        (date(2026, 11, 24), None),
    ],
)
def test_chinas_days_of_2026(when: date, why: str | None) -> None:
    # Source: notice of the State Council on the holidays of 2026 (4 November 2025).
    assert CHINA.why(when) == why
    assert CHINA.is_closed(when) is (why is not None)


def test_years_without_a_notice_are_named() -> None:
    assert CHINA.unannounced == (2027, 2028)
    (remark,) = CHINA.remarks({2026, 2027, 2028})
    assert remark.startswith("2027, 2028: the public holidays of CN are not in this version's table (to 2026)")


def test_statutory_holidays_of_other_countries_need_no_notice() -> None:
    germany = closed_days(("Sat", "Sun"), "DE", [2027])
    assert germany.remarks({2027}) == ()
    assert germany.is_closed(date(2027, 10, 3))


def test_without_a_country_only_weekdays_are_closed() -> None:
    plain = closed_days(("Fri",), None, [2026])
    assert plain.is_closed(date(2026, 1, 2)) and not plain.is_closed(date(2026, 1, 1))


@pytest.mark.parametrize(("code", "words"), [("XX", "'XX' are not known"), ("US-ZZ", "'ZZ' is no part of US")])
def test_unknown_countries_are_refused(code: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_country(code)
