"""The notation of dosing days: what it means, and what it refuses."""

from __future__ import annotations

import pytest

from trialrun.errors import GrammarError
from trialrun.protocol.days import DayList
from trialrun.vocabulary.calendar import StudyDay

FOUNDING = (*range(1, 6), *range(8, 13), *range(15, 20), *range(22, 27), *range(33, 83, 7))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1", (1,)),
        ("1-5", (1, 2, 3, 4, 5)),
        ("1-5, 8-12, 15-19, 22-26; 33, 40 ... 82", FOUNDING),
        ("33, 40 … 82", tuple(range(33, 83, 7))),
        ("-7, 1, 8", (-7, 1, 8)),
        ("-2-2", (-2, -1, 1, 2)),
        ("-1, 1 ... 3", (-1, 1, 2, 3)),
        ("every 14 from 1 to 57", (1, 15, 29, 43, 57)),
        ("every 7 days from 1 to 15", (1, 8, 15)),
        ("1,2 ;3", (1, 2, 3)),
    ],
)
def test_means(text: str, numbers: tuple[int, ...]) -> None:
    days = DayList.parse(text)
    assert days.numbers == numbers
    assert DayList.parse(str(days)) == days


@pytest.mark.parametrize(
    ("text", "last", "numbers"),
    [
        ("every 14 from 1", 29, (1, 15, 29)),
        ("every 14 from 1", 28, (1, 15)),
        ("1-3; every 7 from 8", 22, (1, 2, 3, 8, 15, 22)),
        ("every 7 from -6", 9, (-6, 2, 9)),
    ],
)
def test_a_series_without_an_end_goes_on_as_far_as_asked(text: str, last: int, numbers: tuple[int, ...]) -> None:
    assert DayList.parse(text).until(StudyDay(last)) == numbers


@pytest.mark.parametrize(
    ("text", "words", "start", "width"),
    [
        ("", "a day is missing", 0, 1),
        ("1-5,, 8", "a day is missing", 3, 1),
        ("1, 0, 2", "there is no day 0", 3, 1),
        ("1-5, 5-8", "day 5 is given twice", 5, 3),
        ("8, 1", "day 1 comes after day 8: out of order", 3, 1),
        ("5-1", "'5-1' is empty", 0, 3),
        ("33, 40 ... 80", "day 80 is not reached", 4, 9),
        ("40 ... 82", "needs a day before it", 0, 9),
        ("every 0 from 1", "never moves on", 0, 14),
        ("every 7 from 1, 9", "nothing can follow days without an end", 16, 1),
        ("1, monday", "'monday' is not a day", 3, 6),
        ("1-30000", "more than 20,000 dosing days", 0, 7),
        ("1-99999", "more than a hundred years", 0, 7),
    ],
)
def test_refuses_with_its_place(text: str, words: str, start: int, width: int) -> None:
    with pytest.raises(GrammarError, match=words) as caught:
        DayList.parse(text)
    assert (caught.value.start, caught.value.width) == (start, width)


def test_says_where_a_series_ends() -> None:
    with pytest.raises(GrammarError) as caught:
        DayList.parse("33, 40 ... 80")
    assert caught.value.hint == "The step ends on day 75"
