"""Windows, spacing, and the one line that says when a visit happens."""

from __future__ import annotations

import pytest

from trialrun.errors import GrammarError
from trialrun.protocol.timing import FromAnchor, NotBefore, OnDay, OnEvent, VisitTiming
from trialrun.protocol.windows import Spacing, Window
from trialrun.vocabulary.calendar import Duration, StudyDay, Unit


@pytest.mark.parametrize(
    ("text", "before", "after"), [("0", 0, 0), ("-3..+7", 3, 7), ("-1..+2 weeks", 7, 14), (" -0..+1 days ", 0, 1)]
)
def test_window(text: str, before: int, after: int) -> None:
    window = Window.parse(text)
    assert (window.before, window.after) == (before, after)
    assert Window.parse(str(window)) == window


@pytest.mark.parametrize("text", ["3", "+3..-3", "-3..3", "-3..+7 months", ""])
def test_no_window(text: str) -> None:
    with pytest.raises(GrammarError, match="is not a window"):
        Window.parse(text)


@pytest.mark.parametrize(
    ("text", "day", "least"),
    [
        ("at least 20 hours", 5, 1),
        ("at least 24 hours", 5, 1),
        ("at least 25 hours", 5, 2),
        ("at least 5 days", 5, 5),
        ("at least 20 hours on days 1-26, at least 5 days on days 33-82", 33, 5),
        ("at least 20 hours on days 1-26, at least 5 days on days 33-82", 28, None),
    ],
)
def test_spacing(text: str, day: int, least: int | None) -> None:
    rule = Spacing.parse(text).rule_for(day)
    assert (rule.least_days if rule else None) == least
    assert Spacing.parse(str(Spacing.parse(text))) == Spacing.parse(text)


@pytest.mark.parametrize(
    ("text", "start", "words"),
    [
        ("5 days", 0, "is not a spacing rule"),
        ("at least 5 dayz", 11, "'dayz' is not a unit of time"),
        ("at least 1 day on days 5-1", 23, "is empty"),
        ("at least 1 day, at least x", 16, "is not a spacing rule"),
    ],
)
def test_no_spacing(text: str, start: int, words: str) -> None:
    with pytest.raises(GrammarError, match=words) as caught:
        Spacing.parse(text)
    assert caught.value.start == start


MONTHS3 = Duration(3, Unit.MONTH)


@pytest.mark.parametrize(
    ("text", "timing"),
    [
        ("day 85", VisitTiming(OnDay(StudyDay(85)))),
        ("day -28..-1", VisitTiming(OnDay(StudyDay(-28), StudyDay(-1)))),
        ("day 85, window -3..+7", VisitTiming(OnDay(StudyDay(85)), Window(3, 7))),
        ("3 months after last dose", VisitTiming(FromAnchor(MONTHS3, 1, "last dose"))),
        ("2 weeks before day 1", VisitTiming(FromAnchor(Duration(2, Unit.WEEK), -1, "day 1"))),
        (
            "day 169, not before last dose + 3 months, not before week 12",
            VisitTiming(
                OnDay(StudyDay(169)),
                not_before=(NotBefore("last dose", MONTHS3), NotBefore("week 12")),
            ),
        ),
        (
            "when treatment stopped, within 7 days, then continue visits",
            VisitTiming(OnEvent("treatment stopped"), within=Duration(7, Unit.DAY), then_continue=True),
        ),
        (
            "day 1, before first dose, epoch treatment",
            VisitTiming(OnDay(StudyDay(1)), dose_order="before", epoch="treatment"),
        ),
        ("day 8, by telephone, optional", VisitTiming(OnDay(StudyDay(8)), by_telephone=True, optional=True)),
    ],
)
def test_visit(text: str, timing: VisitTiming) -> None:
    assert VisitTiming.parse(text) == timing
    assert VisitTiming.parse(str(timing)) == timing


@pytest.mark.parametrize(
    ("text", "start", "words", "hint"),
    [
        ("day 0", 0, "there is no day 0", None),
        ("day 5..3", 0, "day 3 is before day 5", None),
        (
            "someday",
            0,
            "does not say when",
            "Write: day 85, window -3..+7, not before last dose + 1 day, epoch treatment",
        ),
        ("day 8, window 3", 14, "is not a window", None),
        ("day 8, windw -1..+1", 7, "is not a clause", None),
        ("day 8, window 0, window 0", 17, "says again", None),
        ("day 8,, optional", 6, "a clause is missing", None),
        ("when treatment stoped", 5, "is not an event", "Did you mean 'treatment stopped'?"),
        ("day 8, not before last dose + 3 moons", 32, "is not a unit of time", None),
        ("day 9999999", 0, "more than a hundred years", None),
    ],
)
def test_no_visit(text: str, start: int, words: str, hint: str | None) -> None:
    with pytest.raises(GrammarError, match=words) as caught:
        VisitTiming.parse(text)
    assert caught.value.start == start
    if hint is not None:
        assert caught.value.hint == hint
