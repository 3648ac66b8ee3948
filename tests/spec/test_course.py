"""The file of what happened to a participant: what it takes, and what it refuses."""

from __future__ import annotations

import pytest

from trialrun.errors import ProblemsError
from trialrun.protocol.load import ProtocolFile
from trialrun.protocol.schedule.course import Happening, parse_course

HEAD = "date,event,what,reason\n"


def test_events_in_the_order_of_dates(founding: ProtocolFile) -> None:
    text = HEAD + '2026-12-09,missed,dose 3,"fever, 39.1"\n\n2026-12-07,given,dose 1\n'
    found = parse_course(text, "c.csv", founding.protocol)
    assert [event.kind for event in found.events] == [Happening.GIVEN, Happening.MISSED]
    assert found.events[1].reason == "fever, 39.1"


@pytest.mark.parametrize(
    ("lines", "place", "words"),
    [
        ("2026-02-30,given,dose 1,", "c.csv:2:1", "does not exist"),
        ("07.12.2026,given,dose 1,", "c.csv:2:1", "not a date"),
        ("2026-12-07,gave,dose 1,", "c.csv:2:12", "not an event"),
        ("2026-12-07,given,injection,", "c.csv:2:18", "not a dose"),
        ("2026-12-07,given,aspirin dose 1,", "c.csv:2:18", "no drug 'aspirin'"),
        ("2026-12-07,visited,week 5,", "c.csv:2:20", "no visit 'week 5'"),
        ("2026-12-07,given,dose 1,\n2026-12-08,given,dose 1,", "c.csv:3:1", "there already, in line 2"),
        ("2026-12-07,given,dose 1,\n2026-12-08,given,rhIL-2 dose 1,", "c.csv:3:1", "there already, in line 2"),
        ("2026-12-07,given,dose 29,", "c.csv:2:1", "there is no dose 29"),
        ("2026-12-07,given,dose 1,\n2026-12-07,given,dose 2,", "c.csv:3:1", "two doses on 2026-12-07"),
        ("2026-12-07,given,dose 1,\n2026-12-08,consented,,", "c.csv:2:1", "before consent"),
        ("2026-12-08,stopped treatment,,\n2026-12-09,given,dose 1,", "c.csv:3:1", "after 'stopped treatment'"),
        (
            "2026-12-08,withdrew consent,,\n2026-12-09,visited,week 2,",
            "c.csv:3:1",
            "after 'withdrew consent' (2026-12-08)",
        ),
        ("2026-12-08,ended study,,\n2026-12-09,visited,week 2,", "c.csv:3:1", "after 'ended study'"),
        ("2026-12-01,visited,screening,\n2026-12-05,consented,,", "c.csv:2:1", "before consent (2026-12-05)"),
        ("2026-12-01,unscheduled,,\n2026-12-05,consented,,", "c.csv:2:1", "before consent (2026-12-05)"),
        ("2026-12-06,given,dose 3,\n2026-12-07,given,dose 1,", "c.csv:2:1", "dose 3 was given before dose 1"),
        ("2026-12-15,restarted,,", "c.csv:2:1", "without a hold"),
        ("2026-12-15,held,,\n2026-12-16,held,,", "c.csv:3:1", "on hold already, since line 2"),
        ("2026-12-05,enrolled,,\n2026-12-06,enrolled,,", "c.csv:3:1", "'enrolled' is there already, in line 2"),
        ("2026-12-05,ended study,,\n2026-12-06,ended study,,", "c.csv:3:1", "'ended study' is there already"),
        ("2026-12-07,given,dose 1,a,b", "c.csv:2:1", "5 columns"),
    ],
)
def test_what_cannot_be_true_is_refused_with_its_place(
    founding: ProtocolFile, lines: str, place: str, words: str
) -> None:
    with pytest.raises(ProblemsError) as caught:
        parse_course(HEAD + lines, "c.csv", founding.protocol)
    problem = caught.value.problems[0]
    assert str(problem.place) == place
    assert words in problem.message


def test_a_line_is_counted_in_the_file_where_a_reason_spans_two(founding: ProtocolFile) -> None:
    text = HEAD + '2026-12-07,given,dose 1,"fever,\nlater none"\n2026-12-08,gave,dose 2,\n2026-12-09,given,dose 99,\n'
    with pytest.raises(ProblemsError) as caught:
        parse_course(text, "c.csv", founding.protocol)
    found = caught.value.problems
    assert [str(problem.place) for problem in found] == ["c.csv:4:12", "c.csv:5:1"]
    assert [problem.line_text for problem in found] == ["2026-12-08,gave,dose 2,", "2026-12-09,given,dose 99,"]


def test_text_that_is_not_csv_is_refused_in_its_line(founding: ProtocolFile) -> None:
    with pytest.raises(ProblemsError) as caught:
        parse_course(HEAD + '2026-12-07,given,dose 1,\n2026-12-08,given,"dose" 2,\n', "c.csv", founding.protocol)
    assert str(caught.value.problems[0].place) == "c.csv:3:1"


def test_consent_may_be_given_again(founding: ProtocolFile) -> None:
    found = parse_course(HEAD + "2026-12-01,consented,,\n2027-01-05,consented,,new text\n", "c.csv", founding.protocol)
    assert len(found.of(Happening.CONSENTED)) == 2


@pytest.mark.parametrize("text", ["", "when,what\n", HEAD + '"2026-12-07,given\n'])
def test_a_file_that_is_no_course(founding: ProtocolFile, text: str) -> None:
    with pytest.raises(ProblemsError):
        parse_course(text, "c.csv", founding.protocol)


def test_all_problems_at_once(founding: ProtocolFile) -> None:
    with pytest.raises(ProblemsError) as caught:
        parse_course(HEAD + "x,given,dose 1,\n2026-12-07,gave,,\n", "c.csv", founding.protocol)
    assert [problem.place.line for problem in caught.value.problems if problem.place] == [2, 3]
