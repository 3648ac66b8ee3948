"""The registry's rule that derives «Unknown», day by day at its boundaries."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from trialrun.registry.record import Record
from trialrun.registry.status import status_on, unknown_from


def record(stated: str | None, last: str | None, verified: str | None, completion: str | None, primary: str | None = None) -> Record:  # fmt: skip
    module: dict[str, Any] = {
        "overallStatus": stated,
        "lastKnownStatus": last,
        "statusVerifiedDate": verified,
        "completionDateStruct": {"date": completion},
        "primaryCompletionDateStruct": {"date": primary},
    }
    section = {"identificationModule": {"nctId": "NCT00000001"}, "statusModule": module}
    return Record.from_json({"protocolSection": section})


# Verified, study completion, and the last day on which the study does not yet count as Unknown.
BOUNDARIES = [
    ("2019-09", "2021-06-30", date(2021, 9, 30)),
    ("2019-09", "2021-10-05", date(2021, 10, 5)),
    ("2019-09", "2021-09-30", date(2021, 9, 30)),
    ("2019-09", "2021-09", date(2021, 9, 30)),
    ("2019-09", "2021-10", date(2021, 10, 31)),
    ("2019-09", "2021", date(2021, 12, 31)),
    ("2019-09-03", "2021-06-30", date(2021, 9, 30)),  # a verified day counts as its month
    ("2020-02", "2020-01-01", date(2022, 2, 28)),  # from the end of a leap February to a common one
    ("2022-02", "2020-01-01", date(2024, 2, 29)),  # and from a common one to the end of a leap one
    ("2019-12", "2020-01-01", date(2021, 12, 31)),
    ("2019-04", "2024-02", date(2024, 2, 29)),
    ("2019-11", None, date(2021, 11, 30)),  # no completion registered: verification alone decides
]


@pytest.mark.parametrize(("verified", "completion", "last_day"), BOUNDARIES)
def test_a_study_becomes_unknown_the_day_after_both_dates_have_passed(
    verified: str, completion: str | None, last_day: date
) -> None:
    study = record("RECRUITING", None, verified, completion)
    assert unknown_from(study) == last_day + timedelta(days=1)
    before, after = status_on(study, last_day), status_on(study, last_day + timedelta(days=1))
    assert (before.derived, before.agrees) == ("RECRUITING", True)
    assert (after.derived, after.agrees) == ("UNKNOWN", False)


KNOWN = [
    ("RECRUITING", "UNKNOWN"),
    ("NOT_YET_RECRUITING", "UNKNOWN"),
    ("ACTIVE_NOT_RECRUITING", "UNKNOWN"),
    ("ENROLLING_BY_INVITATION", "UNKNOWN"),
    ("COMPLETED", "COMPLETED"),
    ("TERMINATED", "TERMINATED"),
    ("SUSPENDED", "SUSPENDED"),
    ("WITHDRAWN", "WITHDRAWN"),
    ("WITHHELD", "WITHHELD"),
    ("AVAILABLE", "AVAILABLE"),
    ("NO_LONGER_AVAILABLE", "NO_LONGER_AVAILABLE"),
    ("TEMPORARILY_NOT_AVAILABLE", "TEMPORARILY_NOT_AVAILABLE"),
    ("APPROVED_FOR_MARKETING", "APPROVED_FOR_MARKETING"),
]


@pytest.mark.parametrize(("last", "derived"), KNOWN)
def test_only_a_study_that_went_on_becomes_unknown(last: str, derived: str) -> None:
    long_after = date(2040, 1, 1)
    assert status_on(record(last, None, "2019-09", "2021-06-30"), long_after).derived == derived
    stated_unknown = status_on(record("UNKNOWN", last, "2019-09", "2021-06-30"), long_after)
    assert (stated_unknown.derived, stated_unknown.last_known) == (derived, last)


def test_study_completion_counts_and_primary_completion_only_stands_in() -> None:
    assert unknown_from(record("RECRUITING", None, "2019-09", "2025-06-30", "2020-01-01")) == date(2025, 7, 1)
    assert unknown_from(record("RECRUITING", None, "2019-09", None, "2025-06")) == date(2025, 7, 1)


NOT_RECOMPUTABLE = [
    ("a page states no dates", record("UNKNOWN", None, None, None), "Unknown (as stated, not recomputable: the source gives no last known status)"),
    ("no date of verification", record("RECRUITING", None, None, "2021-06-30"), "Recruiting (as stated, not recomputable: the source gives no dates)"),
    ("a date that is none", record("RECRUITING", None, "soon", "2021-06-30"), "Recruiting (as stated, not recomputable: the source gives no dates)"),
    ("Unknown without a last known status", record("UNKNOWN", None, "2019-09", "2021-06-30"), "Unknown (as stated, not recomputable: the source gives no last known status)"),
    ("no status at all", record(None, None, "2019-09", "2021-06-30"), "not stated (as stated, not recomputable: the source gives no last known status)"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "study", "words"), NOT_RECOMPUTABLE, ids=[case[0] for case in NOT_RECOMPUTABLE])
def test_a_status_whose_rule_lacks_something_is_shown_as_stated(what: str, study: Record, words: str) -> None:
    found = status_on(study, date(2030, 1, 1))
    assert (found.derived, found.agrees, found.unknown_from) == (None, None, None)
    assert str(found) == words


SHOWN = [
    ("COMPLETED", None, date(2030, 1, 1), "Completed"),
    ("UNKNOWN", "NOT_YET_RECRUITING", date(2030, 1, 1), "Unknown (derived by the registry's rule since 2021-10-01; last registered: Not yet recruiting)"),
    ("RECRUITING", None, date(2030, 1, 1), "Unknown (derived by the registry's rule since 2021-10-01; last registered: Recruiting)"),
    ("UNKNOWN", "RECRUITING", date(2020, 1, 1), "Recruiting (on that day; the record states Unknown)"),
    ("ACTIVE_NOT_RECRUITING", None, date(2020, 1, 1), "Active, not recruiting"),
]  # fmt: skip


@pytest.mark.parametrize(("stated", "last", "today", "words"), SHOWN)
def test_a_derived_status_is_said_to_be_derived(stated: str, last: str | None, today: date, words: str) -> None:
    assert str(status_on(record(stated, last, "2019-09", "2021-06-30"), today)) == words
