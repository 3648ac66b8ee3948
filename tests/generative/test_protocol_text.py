"""Broken protocol files are told, never a crash; every problem lies inside the text."""

from __future__ import annotations

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec.test_protocol_problems import STUDY
from trialrun.errors import ProblemsError
from trialrun.protocol.days import DayList
from trialrun.protocol.load import load_text

PIECES = st.sampled_from(
    [
        "\n",
        "  ",
        "\t",
        ":",
        "- ",
        "[",
        "{",
        "&a",
        "*a",
        "#",
        '"',
        "'",
        "|",
        ">",
        "0",
        "-1",
        "99999999",
        "day",
        ", ",
        "..",
        "\u2028",
        "é",
        "[C1]",
        "every 1 from 1",
        "...",
    ]
)


@st.composite
def broken(draw: st.DrawFn) -> str:
    """The study with some pieces cut out, put in, or doubled."""
    text = STUDY
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        text = text[:start] + draw(st.one_of(st.just(""), PIECES, st.just(text[start:end] * 2))) + text[end:]
    return text


@settings(max_examples=max(400, settings.default.max_examples if settings.default else 0))
@given(text=broken())
def test_problems_lie_inside_the_text(text: str) -> None:
    try:
        load_text(text, "study.yaml")
    except ProblemsError as error:
        lines = text.splitlines() or [""]
        for problem in error.problems:
            assert problem.place is not None
            assert 1 <= problem.place.line <= len(lines) + 1
            assert problem.place.column >= 1
            assert problem.message


@given(text=st.text(max_size=300))
def test_any_text_is_told(text: str) -> None:
    with contextlib.suppress(ProblemsError):
        load_text(text, "x.yaml")


@given(st.sets(st.integers(-300, 900).filter(bool), min_size=1, max_size=40), st.data())
def test_days_written_in_any_way_are_the_same_days(numbers: set[int], data: st.DataObject) -> None:
    wanted = tuple(sorted(numbers))
    words: list[str] = []
    left = list(wanted)
    while left:
        run = [left[0]]
        while len(run) < len(left) and left[len(run)] == _next(run[-1]):
            run.append(left[len(run)])
        together = len(run) > 1 and data.draw(st.booleans())
        words.append(f"{run[0]}-{run[-1]}" if together else str(run[0]))
        left = left[len(run) if together else 1 :]
    text = words[0] + "".join(data.draw(st.sampled_from([", ", ",", "; ", " ; "])) + word for word in words[1:])
    assert DayList.parse(text).numbers == wanted


def _next(day: int) -> int:
    return 1 if day == -1 else day + 1
