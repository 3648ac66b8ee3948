"""The drawn funnel: widths, what is hidden stays hidden, and words of the protocol stay words."""

from __future__ import annotations

import re

import pytest

from trialrun.screening.funnel_chart import HIDDEN, ChartRow, bar, funnel_chart

START = ChartRow("", "everybody", 200, 200)


def widths(drawn: str) -> dict[str, float]:
    """Kind of each part of a bar -> its width in percent."""
    return {kind: float(wide) for kind, wide in re.findall(r"class='(\w+)' x='[\d.]+%' y='1' width='([\d.]+)%'", drawn)}


def line(chart: str, name: str) -> str:
    return chart.partition(f"<tr id='{name}'>")[2].partition("</tr>")[0]


def cells(row: str) -> list[str]:
    return re.findall(r"<td class='n'[^>]*>(.*?)</td>", row)


def test_a_bar_shows_who_is_sure_who_is_left_and_who_is_lost() -> None:
    row = line(funnel_chart([START, ChartRow("I1", "adult", 150, 50, "50", "60", "90")]), "I1")
    assert widths(row) == {"sure": 25, "left": 50, "lost": 25}
    assert cells(row) == ["150", "50", "−50", "50", "60", "90"]


def test_what_is_hidden_cannot_be_read_from_the_bar_or_the_loss() -> None:
    chart = funnel_chart(
        [
            START,
            ChartRow("I1", "", None, None, HIDDEN),
            ChartRow("I2", "", 100, None, HIDDEN),
            ChartRow("I3", "", 100, 0),
        ]
    )
    first, second, third = (line(chart, name) for name in ("I1", "I2", "I3"))
    assert (widths(first), cells(first)[:4]) == ({"hatched": 100}, [HIDDEN] * 4)
    assert (widths(second), cells(second)[:3]) == ({"left": 50}, ["100", HIDDEN, HIDDEN])
    assert cells(third)[:3] == ["100", "0", "0"]
    assert chart.count("<pattern id='hatch'") == 1 and "hidden: the count is not shown" in chart
    assert "<pattern" not in funnel_chart([START])


def test_words_of_the_protocol_are_escaped() -> None:
    chart = funnel_chart([ChartRow("I1'><script>", "<script>alert(1)</script>" + "x" * 200, 1, 1, "<b>")])
    assert "<script" not in chart and "<b>" not in chart and "id='I1&#x27;&gt;" in chart


@pytest.mark.parametrize("rows", [[], [ChartRow("I1", "", 0, 0)], [ChartRow("I1", "", None, None)]])
def test_nobody_left_draws_no_bar_and_breaks_nothing(rows: list[ChartRow]) -> None:
    assert {"sure", "left", "lost"} & set(widths(funnel_chart(rows))) == set()


def test_a_bar_of_nothing_has_no_width() -> None:
    assert widths(bar((("sure", 0), ("left", 0)), 0)) == {}
