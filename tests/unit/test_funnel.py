"""Counting many people where a slip would send somebody to ask the wrong question first."""

from __future__ import annotations

import pytest

from trialrun.screening.funnel import Asked, Counting
from trialrun.screening.screened import Need, Screened
from trialrun.screening.verdicts import Standing

BLOOD, BIRTH, CONSENT = Need("the laboratory", "a"), Need("the record", "b"), Need("the investigator", "c")


def possible(person: str, *needs: Need) -> Screened:
    """Somebody who waits for these things."""
    return Screened(person, Standing.POSSIBLE, (None,), tuple((need, ("I1",)) for need in needs))


def test_what_settles_most_comes_before_what_more_people_wait_for() -> None:
    """Four wait for blood, each for something else too; one result settles nobody. The birth date settles one."""
    counting = Counting([Asked("I1", False, "adult")])
    for number in range(4):
        counting.add(possible(str(number), BLOOD, CONSENT))
    counting.add(possible("5", BIRTH))
    found = counting.funnel()
    assert [(one.need, one.waiting, one.settles) for one in found.levers] == [
        (BIRTH, 1, 1),
        (CONSENT, 4, 0),
        (BLOOD, 4, 0),
    ]
    assert found.suppliers[0].need.who == "the record"


def test_somebody_screened_against_other_criteria_is_refused() -> None:
    counting = Counting([Asked("I1", False, "adult")])
    with pytest.raises(ValueError, match="other criteria"):
        counting.add(Screened("007", Standing.ELIGIBLE, (True, True)))
